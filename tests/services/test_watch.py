import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from pydicom import Dataset

from isocenter.services.locks import FolderLock
from isocenter.services.markers import find_marker, marker_path
from isocenter.services.watch import PassResult, Watcher
from tests.builders import series, to_bytes, write, write_series
from tests.watching import (
    INTERVAL_SECONDS,
    Notes,
    SimulatedTime,
    assert_is_done,
    hidden_in,
    merged_in,
    numbered,
    plan,
    watch,
)

HALF_AN_HOUR = 1800


@pytest.fixture
def time() -> SimulatedTime:
    return SimulatedTime()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "patients"
    root.mkdir()
    return root


def put(folder: Path, *indices: int) -> None:
    for index in indices:
        write(numbered(index), folder / f"{index:04d}.dcm")


def later(folder: Path, *indices: int) -> Callable[[], None]:
    return lambda: put(folder, *indices)


def test_a_folder_that_is_complete_at_the_start_is_taken_in_the_first_pass(
    root: Path, time: SimulatedTime, notes: Notes
) -> None:
    put(root / "p1" / "s1", 1, 2, 3)
    started = time.now

    result = watch(root, time, notes).run_pass()

    assert result == PassResult(1, processed=1, skipped=0, failed=0)
    assert time.now - started == 5
    assert_is_done(root / "p1" / "s1")


def test_two_looks_are_never_further_apart_than_passes(root: Path, time: SimulatedTime) -> None:
    put(root / "p1", 1, 2)
    chosen = replace(plan(root), interval_seconds=2)

    watch(root, time, chosen=chosen).run_pass()

    assert time.now == 1002


def test_passes_begin_at_even_intervals(root: Path, time: SimulatedTime, notes: Notes) -> None:
    starts: list[float] = []
    for number in range(5):
        time.at(number * INTERVAL_SECONDS + 1, lambda: starts.append(time.now))
        time.at(number * INTERVAL_SECONDS + 30, later(root / f"p{number}", number))

    time.run_for(5 * INTERVAL_SECONDS, watch(root, time, notes))

    assert [result.processed for result in notes.passes] == [0, 1, 1, 1, 1]
    assert len(notes.passes) == 5


def test_a_pass_that_took_long_is_followed_at_once(root: Path, time: SimulatedTime) -> None:
    class Slow(Notes):
        def pass_ended(self, result: PassResult) -> None:
            super().pass_ended(result)
            time.wait(3 * INTERVAL_SECONDS)

    notes = Slow()
    time.run_for(10 * INTERVAL_SECONDS, watch(root, time, notes))

    assert len(notes.passes) == 4


def test_loose_files_in_the_root_hide_nothing(root: Path, time: SimulatedTime) -> None:
    put(root, 1, 2)
    watcher = watch(root, time)
    watcher.run_pass()
    put(root / "p1" / "s1", 3, 4)
    put(root / "p1", 5, 6)

    watcher.run_pass()
    put(root / "p1" / "s1" / "inner", 7, 8)
    watcher.run_pass()

    for folder in (root, root / "p1", root / "p1" / "s1", root / "p1" / "s1" / "inner"):
        assert_is_done(folder)


def test_folders_are_visited_depth_first(root: Path, time: SimulatedTime, notes: Notes) -> None:
    for number, inside in enumerate(["", "b", "a10", "a9/x", "a9"]):
        put(root / inside, number)

    watch(root, time, notes).run_pass()

    visited = [outcome.folder.relative_to(root).as_posix() for outcome in notes.outcomes]
    assert visited == [".", "a9", "a9/x", "a10", "b"]


def test_without_recursion_only_the_root_is_watched(root: Path, time: SimulatedTime) -> None:
    put(root, 1, 2)
    put(root / "p1", 3, 4)

    watch(root, time, chosen=replace(plan(root), recursive=False)).run_pass()

    assert_is_done(root)
    assert find_marker(root / "p1", "merge") is None


def test_hidden_and_linked_folders_are_not_followed(
    root: Path, tmp_path: Path, time: SimulatedTime
) -> None:
    put(root / ".hidden", 1, 2)
    put(tmp_path / "elsewhere", 3, 4)
    (root / "link").symlink_to(tmp_path / "elsewhere")
    (root / "circle").symlink_to(root)

    assert watch(root, time).run_pass().processed == 0


def test_several_roots_are_watched_and_no_folder_twice(
    root: Path, tmp_path: Path, time: SimulatedTime, notes: Notes
) -> None:
    put(root / "p1", 1, 2)
    put(tmp_path / "more" / "p2", 3, 4)
    chosen = replace(plan(root), roots=(root, tmp_path / "more", root / "p1"))

    watch(root, time, notes, chosen=chosen).run_pass()

    assert [outcome.folder.name for outcome in notes.outcomes] == ["p1", "p2"]


def test_a_slow_copy_delays_only_its_folder(root: Path, time: SimulatedTime, notes: Notes) -> None:
    put(root / "fast", 1, 2, 3)
    slow = root / "slow" / "0009.dcm"
    whole = to_bytes(numbered(9))
    put(root / "slow", 7, 8)

    def grow(length: int) -> Callable[[], int]:
        return lambda: slow.write_bytes(whole[:length])

    for second in range(0, 200, 2):
        time.at(second, grow(len(whole) * second // 200))
    time.at(200, lambda: slow.write_bytes(whole))

    time.run_for(2 * INTERVAL_SECONDS, watch(root, time, notes))
    assert_is_done(root / "fast")
    assert merged_in(root / "slow") == {}
    assert "failed" not in notes.statuses()

    time.run_for(4 * INTERVAL_SECONDS, watch(root, time, notes))
    assert_is_done(root / "slow")
    assert notes.statuses(root / "slow") == ["processed"]


def test_bursts_end_in_one_result(root: Path, time: SimulatedTime) -> None:
    for burst in range(5):
        time.at(burst * 100 + 3, later(root / "p", *range(burst * 10, burst * 10 + 10)))

    time.run_for(12 * INTERVAL_SECONDS, watch(root, time))

    assert_is_done(root / "p")
    assert sum(merged_in(root / "p").values()) == 50


def test_a_file_that_was_cut_is_told_once_and_taken_when_it_is_whole(
    root: Path, time: SimulatedTime, notes: Notes
) -> None:
    put(root / "p", 1, 2)
    whole = to_bytes(numbered(3))
    cut = root / "p" / "0003.dcm"
    cut.write_bytes(whole[:-9])
    watcher = watch(root, time, notes)

    time.run_for(5 * INTERVAL_SECONDS, watcher)
    assert notes.statuses() == ["held"]
    assert [result.failed for result in notes.passes] == [1, 0, 0, 0, 0]
    assert merged_in(root / "p") == {}

    cut.write_bytes(whole)
    time.run_for(2 * INTERVAL_SECONDS, watcher)
    assert notes.statuses() == ["held", "processed"]
    assert_is_done(root / "p")


def test_a_file_that_stays_cut_does_not_hold_the_others_for_ever(
    root: Path, time: SimulatedTime, notes: Notes
) -> None:
    put(root / "p", 1, 2)
    (root / "p" / "0003.dcm").write_bytes(to_bytes(numbered(3))[:-9])

    time.run_for(HALF_AN_HOUR + 3 * INTERVAL_SECONDS, watch(root, time, notes))

    assert notes.statuses() == ["held", "failed"]
    assert sum(merged_in(root / "p").values()) == 2
    assert find_marker(root / "p", "merge") is None


def test_a_file_at_first_without_content_is_not_forgotten(root: Path, time: SimulatedTime) -> None:
    # The time of the folder does not change when the file in it grows.
    (root / "p").mkdir()
    path = root / "p" / "0001.dcm"
    path.write_bytes(bytes(len(to_bytes(numbered(1)))))
    watcher = watch(root, time)
    time.run_for(3 * INTERVAL_SECONDS, watcher)

    with path.open("r+b") as stream:
        stream.write(to_bytes(numbered(1)))
    time.run_for(2 * INTERVAL_SECONDS, watcher)

    assert_is_done(root / "p")


def test_a_foreign_file_that_becomes_a_slice_is_noticed_even_long_after(
    root: Path, tmp_path: Path, time: SimulatedTime
) -> None:
    (root / "p").mkdir()
    path = root / "p" / "0001.dcm"
    path.write_text("not yet" * 400)
    state = tmp_path / "state.json"
    time.run_for(3 * HALF_AN_HOUR, watch(root, time, state=state))
    watcher = watch(root, time, state=state)
    time.run_for(3 * HALF_AN_HOUR, watcher)

    with path.open("r+b") as stream:
        stream.write(to_bytes(numbered(1)))
        stream.truncate()
    time.run_for(2 * HALF_AN_HOUR + INTERVAL_SECONDS, watcher)

    assert_is_done(root / "p")


def claim(_: int, dataset: Dataset) -> None:
    dataset.NumberOfSeriesRelatedInstances = 5


def test_a_claimed_size_delays_at_most_half_an_hour(
    root: Path, time: SimulatedTime, notes: Notes
) -> None:
    write_series(series(3, vary=claim), root / "p")
    watcher = watch(root, time, notes)

    time.run_for(HALF_AN_HOUR - INTERVAL_SECONDS, watcher)
    assert notes.statuses() == ["held"]
    assert merged_in(root / "p") == {}

    time.run_for(2 * INTERVAL_SECONDS, watcher)
    assert notes.statuses() == ["held", "processed"]
    assert list(notes.outcomes[-1].shortages) == ["3 of 5 instances of a series are there"]

    write_series(series(5, vary=claim), root / "p")
    time.run_for(2 * INTERVAL_SECONDS, watcher)
    assert list(notes.outcomes[-1].shortages) == []
    assert_is_done(root / "p")


def test_a_claimed_size_that_is_reached_ends_the_wait(
    root: Path, time: SimulatedTime, notes: Notes
) -> None:
    write_series(series(3, vary=claim), root / "p")
    time.at(90, lambda: write_series(series(5, vary=claim), root / "p"))

    time.run_for(3 * INTERVAL_SECONDS, watch(root, time, notes))

    assert notes.statuses() == ["held", "processed"]
    assert_is_done(root / "p")


def test_slices_that_keep_coming_do_not_stretch_the_half_hour(
    root: Path, time: SimulatedTime, notes: Notes
) -> None:
    def vary(_: int, dataset: Dataset) -> None:
        dataset.NumberOfSeriesRelatedInstances = 1000

    for index, dataset in enumerate(series(40, vary=vary)):
        time.at(index * 100, partial(write, dataset, root / "p" / f"{index}.dcm"))

    time.run_for(HALF_AN_HOUR + 3 * INTERVAL_SECONDS, watch(root, time, notes))

    assert "processed" in notes.statuses()


def test_late_slices_come_into_the_result(root: Path, time: SimulatedTime, notes: Notes) -> None:
    put(root / "p", 1, 2)
    time.at(200, later(root / "p", 3))
    time.at(400, later(root / "p", 4))

    time.run_for(10 * INTERVAL_SECONDS, watch(root, time, notes))

    assert notes.statuses() == ["processed"] * 3
    assert_is_done(root / "p")
    assert len(list((root / "p").glob("*_multiframe*.dcm"))) == 1


def test_a_folder_without_its_marker_is_processed_again(
    root: Path, time: SimulatedTime, notes: Notes
) -> None:
    put(root / "p", 1, 2)
    watcher = watch(root, time, notes)
    time.run_for(3 * HALF_AN_HOUR, watcher)
    marker_path(root / "p", "merge").unlink()

    time.run_for(2 * INTERVAL_SECONDS, watcher)

    assert notes.statuses() == ["processed"] * 2
    assert_is_done(root / "p")


def test_failures_of_the_machine_are_tried_again_each_pass(
    root: Path, tmp_path: Path, time: SimulatedTime, notes: Notes
) -> None:
    put(root / "p", 1, 2)
    out = tmp_path / "out"
    out.write_text("in the way")
    chosen = plan(root, output_dir=out)
    time.at(170, out.unlink)

    time.run_for(5 * INTERVAL_SECONDS, watch(root, time, notes, chosen=chosen))

    assert notes.statuses() == ["unavailable"] * 3 + ["processed"]
    assert [result.failed for result in notes.passes] == [1, 1, 1, 0, 0]
    assert_is_done(root / "p")
    assert len(list(out.iterdir())) == 1


def test_a_root_that_is_away_is_told_and_comes_back(
    root: Path, tmp_path: Path, time: SimulatedTime, notes: Notes
) -> None:
    put(root / "p", 1, 2)
    watcher = watch(root, time, notes)
    watcher.run_pass()
    away = root.rename(tmp_path / "away")

    assert watcher.run_pass().failed == 1
    assert notes.outcomes[-1].reason == "there is no such file or folder"
    away.rename(root)
    assert watcher.run_pass() == PassResult(1, processed=0, skipped=1, failed=0)


def test_the_folder_for_copies_is_not_watched(root: Path, time: SimulatedTime) -> None:
    put(root / "p", 1, 2)
    out = root / "merged"
    out.mkdir()
    split = plan(root, "headers", output_dir=out)
    watcher = watch(root, time, chosen=split)

    time.run_for(5 * INTERVAL_SECONDS, watcher)

    assert sorted(path.name for path in out.iterdir()) == ["0001.txt", "0002.txt"]
    assert len(list((root / "p").glob("*.txt"))) == 2


def test_actions_on_one_tree_do_not_feed_one_another(
    root: Path, time: SimulatedTime, notes: Notes
) -> None:
    put(root / "p", 1, 2, 3)
    watchers = [
        watch(root, time, notes, chosen=plan(root, action))
        for action in ("merge", "split", "headers")
    ]
    for _ in range(4):
        for watcher in watchers:
            watcher.run_pass()

    names = sorted(path.name for path in (root / "p").glob("[!.]*"))
    assert len(names) == 3 + 1 + 3
    assert sorted(notes.statuses()) == ["empty", "processed", "processed"]


def test_a_log_in_the_root_that_grows_all_the_time_delays_nothing(
    root: Path, time: SimulatedTime, notes: Notes
) -> None:
    log = root / "watch.log"
    for second in range(0, 900, 3):
        time.at(second, lambda: log.write_text("a line\n" * int(time.now)))
    put(root, 1, 2)

    time.run_for(14 * INTERVAL_SECONDS, watch(root, time, notes))

    assert notes.statuses() == ["processed"]
    assert_is_done(root)


def test_a_folder_in_other_hands_is_left_for_the_next_pass(
    root: Path, time: SimulatedTime, notes: Notes
) -> None:
    put(root / "p1", 1, 2)
    put(root / "p2", 3, 4)
    watcher = watch(root, time, notes)

    with FolderLock(root / "p1"):
        watcher.run_pass()
    watcher.run_pass()

    assert notes.statuses(root / "p1") == ["busy", "processed"]
    assert notes.statuses(root / "p2") == ["processed"]


def test_two_watchers_give_one_result(root: Path, tmp_path: Path) -> None:
    for number in range(12):
        put(root / f"p{number}", 3 * number, 3 * number + 1, 3 * number + 2)
    both = Notes(), Notes()
    out = tmp_path / "out"
    out.mkdir()
    chosen = replace(plan(root, output_dir=out), jobs=2)
    watchers = [watch(root, SimulatedTime(), notes, chosen=chosen) for notes in both]

    def run(watcher: Watcher) -> None:
        for _ in range(3):
            watcher.run_pass()

    threads = [threading.Thread(target=run, args=(watcher,)) for watcher in watchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    processed = [outcome.folder for notes in both for outcome in notes.outcomes if outcome.outputs]
    assert len(processed) == len(set(processed)) == 12
    for number in range(12):
        assert_is_done(root / f"p{number}")
    assert len(list(out.iterdir())) == 12
    assert hidden_in(root) == []


def test_several_folders_are_worked_on_side_by_side(root: Path, time: SimulatedTime) -> None:
    for number in range(8):
        put(root / f"p{number}", number)
    notes = Notes()

    result = watch(root, time, notes, chosen=replace(plan(root), jobs=4)).run_pass()

    assert result.processed == 8
    assert {outcome.status for outcome in notes.outcomes} == {"processed"}
