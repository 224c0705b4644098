import logging
from dataclasses import replace
from pathlib import Path

import pytest

from isocenter.services.scan_state import ScanState
from tests.builders import to_bytes, write
from tests.watching import (
    INTERVAL_SECONDS,
    Notes,
    SimulatedTime,
    assert_is_done,
    hidden_in,
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


def test_what_rests_is_not_processed_again_after_a_restart(
    root: Path, tmp_path: Path, time: SimulatedTime, notes: Notes
) -> None:
    put(root / "p", 1, 2)
    (root / "junk").mkdir()
    (root / "junk" / "a.txt").write_text("hello")
    state = tmp_path / "state.json"
    time.run_for(2 * INTERVAL_SECONDS, watch(root, time, state=state))

    time.run_for(2 * INTERVAL_SECONDS, watch(root, time, notes, state=state))

    assert notes.outcomes == []


def test_a_damaged_state_is_told_and_does_no_harm(
    root: Path, tmp_path: Path, time: SimulatedTime, caplog: pytest.LogCaptureFixture
) -> None:
    put(root / "p", 1, 2)
    state = tmp_path / "state.json"
    state.write_bytes(b"\0garbage")

    with caplog.at_level(logging.WARNING, "isocenter"):
        watch(root, time, state=state).run_pass()

    assert "the scan state file is damaged" in caplog.text
    assert_is_done(root / "p")


def test_a_state_that_cannot_be_written_is_told_once(
    root: Path, tmp_path: Path, time: SimulatedTime, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    watcher = watch(root, time, state=tmp_path / "file" / "state.json")

    with caplog.at_level(logging.WARNING, "isocenter"):
        for number in range(3):
            put(root / f"p{number}", number)
            watcher.run_pass()

    assert caplog.text.count("the scan state is not written") == 1
    assert_is_done(root / "p2")


def test_leftovers_of_killed_runs_go_after_the_grace(
    root: Path, tmp_path: Path, time: SimulatedTime
) -> None:
    put(root / "p", 1, 2)
    out = tmp_path / "out"
    out.mkdir()
    left = [folder / ".isocenter-12.part" for folder in (root, root / "p", out)]
    for path in left:
        path.write_bytes(b"half")
    chosen = plan(root, output_dir=out)

    watcher = watch(root, time, chosen=chosen)
    time.run_for(3600 - INTERVAL_SECONDS, watcher)
    assert all(path.exists() for path in left)
    time.run_for(3 * INTERVAL_SECONDS, watcher)
    assert not any(path.exists() for path in left)


def test_one_folder_never_ends_the_watch(
    root: Path, time: SimulatedTime, notes: Notes, caplog: pytest.LogCaptureFixture
) -> None:
    put(root / "p1", 1, 2)
    put(root / "p2", 3, 4)

    class Broken(dict[str, object]):
        def get(self, *_: object) -> object:
            message = "secret"
            raise RuntimeError(message)

    chosen = plan(root)
    chosen = replace(chosen, task=replace(chosen.task, options=Broken()))
    with caplog.at_level(logging.ERROR, "isocenter"):
        result = watch(root, time, notes, chosen=chosen).run_pass()

    assert result.failed == 2
    assert notes.outcomes[0].reason == "internal error: RuntimeError"
    assert "secret" not in caplog.text


def test_a_stop_ends_a_pass_and_begins_nothing(root: Path, notes: Notes) -> None:
    time = SimulatedTime()
    for number in range(4):
        put(root / f"p{number}", number)
    time.at(2, time.stop)

    watch(root, time, notes).run()

    assert notes.outcomes == []
    assert notes.passes == []
    assert hidden_in(root) == []


def test_a_listener_that_fails_ends_the_watch_cleanly(root: Path, time: SimulatedTime) -> None:
    class Failing(Notes):
        def folder_ended(self, _: object) -> None:
            raise BrokenPipeError

    for number in range(6):
        put(root / f"p{number}", number)
    with pytest.raises(BrokenPipeError):
        watch(root, time, Failing(), chosen=replace(plan(root), jobs=3)).run()

    assert hidden_in(root) == []


def test_each_folder_has_one_line_in_the_log(
    root: Path, time: SimulatedTime, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        put(root / f"p{number}", 2 * number, 2 * number + 1)

    with caplog.at_level(logging.INFO, "isocenter"):
        time.run_for(5 * INTERVAL_SECONDS, watch(root, time))

    assert [record.getMessage() for record in caplog.records] == [
        f"{root / f'p{number}'}: 2 file(s) done, 1 written" for number in range(3)
    ]


def test_a_state_is_only_about_what_rests(root: Path, tmp_path: Path, time: SimulatedTime) -> None:
    put(root / "p", 1, 2)
    put(root / "cut", 3)
    (root / "cut" / "x.dcm").write_bytes(to_bytes(numbered(4))[:-9])
    state = tmp_path / "state.json"

    time.run_for(3 * INTERVAL_SECONDS, watch(root, time, state=state))

    folders, problem = ScanState(state, (root,), "merge").read()
    assert problem == ""
    assert {path: entry.is_done for path, entry in folders.items()} == {
        str(root): False,
        str(root / "p"): True,
    }
