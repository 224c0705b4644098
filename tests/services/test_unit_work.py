import os
import shutil
from pathlib import Path

import pytest
from pydicom import Dataset

from isocenter.errors import CancelledError
from isocenter.services.actions import resolve
from isocenter.services.locks import FolderLock
from isocenter.services.looks import Entry, take_look
from isocenter.services.markers import find_journal, find_marker
from isocenter.services.merge import merge
from isocenter.services.reports import NoProgress, Work
from isocenter.services.unit_work import work_on
from isocenter.services.units import Reason, Task, same_inputs
from tests.builders import series, write, write_series
from tests.conftest import Mounted
from tests.watching import (
    MERGE,
    add,
    assert_is_done,
    hidden_in,
    merged_in,
    numbered,
    verdict,
    work,
)

EVERYTHING: frozenset[Reason] = frozenset({"copying", "unfinished", "short"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "patient"
    write_series(series(4), folder)
    return folder


def test_only_one_works_in_a_folder(folder: Path) -> None:
    with FolderLock(folder):
        assert work(folder).status == "busy"
    assert merged_in(folder) == {}


def test_what_changed_since_the_look_waits(folder: Path) -> None:
    look = take_look(folder)
    add(folder, 7)

    assert work_on(folder, look, MERGE).status == "changing"
    assert merged_in(folder) == {}


def test_a_folder_that_went_away_is_no_failure(folder: Path, tmp_path: Path) -> None:
    look = take_look(folder)
    folder.rename(tmp_path / "elsewhere")

    assert work_on(folder, look, MERGE).status == "changing"


def test_a_text_that_grows_is_no_change(folder: Path) -> None:
    log = folder / "app.log"
    log.write_text("a line\n" * 30)
    before = take_look(folder)
    log.write_text("a line\n" * 40)

    assert same_inputs(folder, before, take_look(folder))
    assert work_on(folder, before, MERGE).status == "processed"


@pytest.mark.parametrize("name", ["a.dcm.part", ".a.dcm.Xy12Zz", "a.tmp"])
def test_a_copy_under_way_holds_a_folder_until_it_was_waited_for(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"half")

    outcome = work(folder)
    assert (outcome.status, outcome.held_for) == ("held", "copying")
    assert name in outcome.reason

    assert work(folder, MERGE, "copying").status == "processed"
    assert_is_done(folder)
    assert (folder / name).exists()


def test_a_file_that_was_cut_holds_a_folder_until_it_was_waited_for(folder: Path) -> None:
    add(folder, 7, cut=10)

    outcome = work(folder)
    assert (outcome.status, outcome.held_for) == ("held", "unfinished")
    assert outcome.reason.startswith("add7.dcm: the file ends inside element")
    assert merged_in(folder) == {}

    outcome = work(folder, MERGE, "unfinished")
    assert (outcome.status, outcome.done_count) == ("failed", 4)
    assert outcome.reason.startswith("1 of 5 file(s) failed: add7.dcm: the file ends inside")
    assert sum(merged_in(folder).values()) == 4
    assert find_marker(folder, "merge") is None
    assert find_journal(folder, "merge") is not None

    add(folder, 7)
    assert work(folder).status == "processed"
    assert_is_done(folder)
    assert find_journal(folder, "merge") is None


def test_a_part_that_lacks_nothing_takes_the_place_of_a_whole(folder: Path) -> None:
    work(folder)
    add(folder, 7, cut=10)
    add(folder, 8)

    assert work(folder, MERGE, "unfinished").status == "failed"
    assert sum(merged_in(folder).values()) == 5
    assert len(list(folder.glob("*_multiframe*.dcm"))) == 1
    add(folder, 7)
    assert work(folder).status == "processed"
    assert_is_done(folder)


def test_a_part_that_lacks_something_changes_nothing(folder: Path) -> None:
    work(folder)
    before = merged_in(folder)
    os.truncate(folder / "0002.dcm", 900)
    add(folder, 8)

    outcome = work(folder, MERGE, "unfinished")

    assert (outcome.status, outcome.outputs) == ("failed", ())
    assert merged_in(folder) == before
    assert find_journal(folder, "merge") is None
    write(numbered(2), folder / "0002.dcm")
    assert work(folder).status == "processed"
    assert_is_done(folder)


def test_a_note_that_goes_is_no_loss(folder: Path) -> None:
    (folder / "note.txt").write_text("hello")
    (folder / "x.dcm.part").write_text("half")
    work(folder, MERGE, "copying")
    (folder / "note.txt").unlink()
    (folder / "x.dcm.part").unlink()
    assert verdict(folder) == "done"

    add(folder, 7)
    outcome = work(folder)

    assert len(outcome.notes) == 1  # the gap before the late slice
    assert_is_done(folder)


def test_an_empty_file_is_waited_for_and_then_left_out(folder: Path) -> None:
    (folder / "new.dcm").touch()

    assert work(folder).held_for == "unfinished"
    assert work(folder, MERGE, "unfinished").status == "processed"


def claim(_: int, dataset: Dataset) -> None:
    dataset.NumberOfSeriesRelatedInstances = 5


def test_a_claimed_size_holds_a_folder_until_it_was_waited_for(tmp_path: Path) -> None:
    write_series(series(4, vary=claim), tmp_path)

    outcome = work(tmp_path)
    assert (outcome.status, outcome.held_for) == ("held", "short")
    assert outcome.reason == "4 of 5 instances of a series are there"

    outcome = work(tmp_path, MERGE, "short")
    assert outcome.status == "processed"
    assert outcome.shortages == ("4 of 5 instances of a series are there",)
    write(series(5, vary=claim)[4], tmp_path / "0004.dcm")
    outcome = work(tmp_path)
    assert (outcome.status, outcome.shortages) == ("processed", ())
    assert_is_done(tmp_path)


def test_a_full_disk_is_no_fault_of_the_folder(tmp_path: Path, mounted: Mounted) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    with mounted(folder, "size=96k"):
        write_series(series(6, rows=64, columns=64), folder)

        outcome = work(folder, MERGE, *EVERYTHING)

        assert outcome.status == "unavailable"
        assert outcome.reason.endswith("the disk is full")
        assert hidden_in(folder) == []
        assert merged_in(folder) == {}


def test_a_folder_that_cannot_be_written_is_told(folder: Path, mounted: Mounted) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with mounted(folder, "size=1m"):
        for name, content in before.items():
            (folder / name).write_bytes(content)
        os.system(f"mount -o remount,ro '{folder}'")  # noqa: S605 - a folder of the test's own

        outcome = work(folder)

        assert (outcome.status, outcome.reason) == ("unavailable", "the file system is read-only")


def test_copies_that_cannot_be_made_leave_the_folder_for_later(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    task = Task("merge", output_dir=tmp_path / "out", durable=False)

    outcome = work(folder, task)

    assert outcome.status == "unavailable"
    assert find_marker(folder, "merge") is None
    (tmp_path / "out").unlink()
    assert work(folder, task).status == "processed"
    assert_is_done(folder)
    assert len(list((tmp_path / "out").iterdir())) == 1


class Stopping(NoProgress):
    """Stops the work after so many questions."""

    def __init__(self, questions: int) -> None:
        self.left = questions

    def check_cancelled(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise CancelledError("stopped")


@pytest.mark.parametrize("questions", [0, 2, 5])
def test_work_that_is_stopped_leaves_nothing(folder: Path, questions: int) -> None:
    before = sorted(folder.iterdir())

    outcome = work(folder, Task("merge", progress=Stopping(questions)))

    assert outcome.status == "cancelled"
    assert sorted(folder.iterdir()) == before


def test_an_input_that_changes_during_the_work_stops_it(folder: Path) -> None:
    class Touching(NoProgress):
        def finish(self) -> None:
            os.utime(folder / "0002.dcm", ns=(1, 1))

    outcome = work(folder, Task("merge", progress=Touching()))

    assert outcome.status == "changing"
    assert merged_in(folder) == {}
    assert hidden_in(folder) == []


def test_what_a_killed_run_left_in_staging_goes(folder: Path) -> None:
    left = folder / ".isocenter-12.staging"
    left.mkdir()
    (left / "x").write_text("half")

    work(folder)

    assert hidden_in(folder) == []


def test_a_journal_after_the_marker_is_tidied_up(folder: Path) -> None:
    work(folder, Task("merge", durable=False))
    (folder / ".isocenter-merge.journal").write_text("{}")
    assert verdict(folder) == "untidy"

    assert work(folder).status == "skipped"

    assert verdict(folder) == "done"


def test_links_are_no_inputs(folder: Path, tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("links as in POSIX")
    other = write(numbered(9), tmp_path / "other.dcm")
    (folder / "link.dcm").symlink_to(other)

    outcome = work(folder)

    assert outcome.done_count == 4
    assert Entry("link.dcm", 0, 0).name not in {entry.name for entry in take_look(folder).entries}


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Return a folder with slices and a multi-frame object that nobody calls a result."""
    folder = tmp_path / "images"
    write_series(series(3), folder)
    merge(Work(paths=(folder,), out=folder, durable=False))
    return folder


@pytest.mark.parametrize(
    ("action", "options", "made"),
    [
        ("split", {}, 3),
        ("headers", {}, 4),
        ("compress_lossless", {"codec": "rle"}, 4),
        ("export", {"type": "png"}, 6),
    ],
)
def test_every_writing_action_makes_what_it_makes_beside_its_inputs(
    images: Path, tmp_path: Path, action: str, options: dict[str, object], made: int
) -> None:
    task = Task(action, options, output_dir=tmp_path / "out", durable=False)
    before = {path.name: path.read_bytes() for path in images.iterdir()}
    plain = tmp_path / "plain"
    shutil.copytree(images, plain)
    resolve(action)(Work(paths=(plain,), options={**options, "write": True}, durable=False))

    outcome = work(images, task)

    assert (outcome.status, len(outcome.outputs)) == ("processed", made)
    # The names are those of a plain run beside the inputs.
    assert {path.name for path in images.glob("[!.]*")} == {path.name for path in plain.iterdir()}
    assert {name: (images / name).read_bytes() for name in before} == before
    assert len(list((tmp_path / "out").iterdir())) == made
    assert verdict(images, task) == "done"
    assert hidden_in(tmp_path) == []


def test_results_in_place_of_their_inputs_are_marked_and_come_once(
    images: Path, tmp_path: Path
) -> None:
    task = Task("compress_lossless", {"in_place": True}, output_dir=tmp_path / "out", durable=False)
    before = sorted(path.name for path in images.iterdir())

    outcome = work(images, task)

    assert (outcome.status, outcome.done_count) == ("processed", 4)
    assert sorted(path.name for path in images.glob("[!.]*")) == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == before
    assert verdict(images, task) == "done"
    assert hidden_in(tmp_path) == []

    add(images, 9)
    assert verdict(images, task) == "late"
    outcome = work(images, task)
    assert (outcome.status, outcome.done_count) == ("processed", 1)
    assert len(list((tmp_path / "out").iterdir())) == 5
    assert verdict(images, task) == "done"


def test_a_failure_in_place_leaves_no_marker(images: Path) -> None:
    task = Task("compress_lossless", {"in_place": True}, durable=False)
    add(images, 9, cut=10)

    first = work(images, task, "unfinished")
    second = work(images, task, "unfinished")

    assert (first.status, first.done_count) == ("failed", 4)
    assert (second.status, second.done_count) == ("failed", 0)
    assert verdict(images, task) == "new"
    assert hidden_in(images) == []
