import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from isocenter.limits import Limits
from isocenter.services.folders import process
from isocenter.services.leftovers import Leftovers
from isocenter.services.reports import Work
from isocenter.services.scan import Scanner
from isocenter.services.scan_state import Remembered
from isocenter.services.units import Outcome, Reason, Status, Task
from tests.builders import to_bytes, write
from tests.conftest import Unprivileged
from tests.watching import numbered

HALF_AN_HOUR = 1800.0
START = 5000.0


class Passes:
    """A scanner and its passes at chosen times."""

    def __init__(self, root: Path, task: Task | None = None, **remembered: Remembered) -> None:
        self.scanner = Scanner(
            [root],
            task or Task("merge", durable=False),
            Leftovers(3600),
            recursive=True,
            patience_seconds=HALF_AN_HOUR,
            remembered={str(root / name): entry for name, entry in remembered.items()},
        )
        self.root = root
        self.problems: list[Outcome] = []

    def at(self, seconds: float) -> list[str]:
        """Return the names of folders that may be worked on so many seconds after the start."""
        candidates, self.problems = self.scanner.scan(START + seconds, lambda: False)
        return [os.path.relpath(candidate.path, self.root) for candidate in candidates]


@pytest.fixture
def done(tmp_path: Path) -> Path:
    """Return a root with one folder that was done."""
    root = tmp_path / "patients"
    write(numbered(1), root / "p" / "0001.dcm")
    process("merge", Work(paths=(root / "p",), recursive=False, durable=False), skip_if_done=True)
    return root


def settle(passes: Passes) -> None:
    for seconds in (0, 60, HALF_AN_HOUR, HALF_AN_HOUR + 60):
        assert passes.at(seconds) == []


def grow(path: Path) -> None:
    """Change a file in such a way that its folder does not look any different."""
    with path.open("r+b") as stream:
        stream.write(to_bytes(numbered(2)))


def test_a_folder_that_rests_is_known_by_its_time_and_its_number_of_names(done: Path) -> None:
    passes = Passes(done)
    settle(passes)
    status = (done / "p").stat()

    write(numbered(2), done / "p" / "0002.dcm")
    # As on file systems that do not change the time of a folder.
    os.utime(done / "p", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert passes.at(HALF_AN_HOUR + 120) == ["p"]


def test_a_file_that_grew_in_a_folder_that_rests_is_noticed_within_the_hour(done: Path) -> None:
    passes = Passes(done)
    settle(passes)
    grow(done / "p" / "0001.dcm")

    # When exactly depends on the path, which is another one in each run.
    found = [passes.at(HALF_AN_HOUR + 60 * minute) for minute in range(2, 63)]

    assert ["p"] in found


def test_a_file_that_grew_is_noticed_at_once_in_a_folder_that_changed_lately(done: Path) -> None:
    passes = Passes(done)
    assert passes.at(0) == passes.at(60) == []
    grow(done / "p" / "0001.dcm")

    assert passes.at(120) == ["p"]


def test_a_candidate_stays_one_until_something_is_told(done: Path) -> None:
    write(numbered(3), done / "q" / "0003.dcm")
    passes = Passes(done)

    assert passes.at(0) == passes.at(60) == ["q"]
    passes.scanner.changing(str(done / "q"))
    assert passes.at(120) == ["q"]
    passes.scanner.remember(Outcome(done / "q", "empty", "a digest"))
    assert passes.at(180) == []


@pytest.mark.parametrize(("status", "again"), [("failed", []), ("unavailable", ["q"])])
def test_only_failures_of_the_machine_are_tried_again(
    done: Path, status: Status, again: list[str]
) -> None:
    write(numbered(3), done / "q" / "0003.dcm")
    passes = Passes(done)
    assert passes.at(0) == ["q"]

    passes.scanner.remember(Outcome(done / "q", status))

    assert passes.at(60) == again
    grow(done / "q" / "0003.dcm")
    assert passes.at(120) == ["q"]


@pytest.mark.parametrize("reason", ["copying", "unfinished", "short"])
def test_what_is_held_is_due_after_the_patience(done: Path, reason: Reason) -> None:
    write(numbered(3), done / "q" / "0003.dcm")
    passes = Passes(done)
    assert passes.at(0) == ["q"]
    assert passes.scanner.over(str(done / "q")) == frozenset()

    passes.scanner.remember(Outcome(done / "q", "held", held_for=reason))

    assert passes.at(60) == passes.at(HALF_AN_HOUR - 1) == []
    assert passes.at(HALF_AN_HOUR) == ["q"]
    assert reason in passes.scanner.over(str(done / "q"))


def test_a_folder_that_goes_and_comes_back_is_new(done: Path, tmp_path: Path) -> None:
    write(numbered(3), done / "q" / "0003.dcm")
    passes = Passes(done)
    assert passes.at(0) == ["q"]
    passes.scanner.remember(Outcome(done / "q", "failed"))
    (done / "q").rename(tmp_path / "away")
    assert passes.at(60) == []
    (tmp_path / "away").rename(done / "q")

    assert passes.at(120) == ["q"]


def test_a_folder_that_cannot_be_read_is_told_and_not_forgotten(
    done: Path, unprivileged: Unprivileged
) -> None:
    write(numbered(3), done / "q" / "inner" / "0003.dcm")
    passes = Passes(done)
    assert passes.at(0) == ["q/inner"]
    passes.scanner.remember(Outcome(done / "q" / "inner", "failed"))
    (done / "q").chmod(0)

    with unprivileged(done):
        assert passes.at(60) == []
        assert [(one.folder, one.reason) for one in passes.problems] == [
            (done / "q", "no permission")
        ]
    (done / "q").chmod(0o755)
    assert passes.at(120) == []


def test_too_many_folders_are_told(done: Path) -> None:
    passes = Passes(done, Task("merge", limits=Limits(folder_files=1)))
    passes.at(0)

    assert [one.status for one in passes.problems] == ["unavailable"]
    assert "folder_files" in passes.problems[0].reason


def test_what_was_empty_before_is_not_looked_into_again(done: Path) -> None:
    write(numbered(3), done / "q" / "0003.dcm")
    first = Passes(done)
    first.at(0)
    empty = Outcome(done / "q", "empty", digest=_digest(first, "q"))
    first.scanner.remember(empty)
    first.at(60)
    remembered = first.scanner.rest()
    assert remembered[str(done / "p")].is_done
    assert remembered[str(done / "q")].is_empty

    again = Passes(done, q=remembered[str(done / "q")])
    assert again.at(0) == []
    grow(done / "q" / "0003.dcm")
    assert again.at(60) == ["q"]


def _digest(passes: Passes, name: str) -> str:
    return passes.scanner._known[str(passes.root / name)].digest


def test_inputs_that_are_gone_are_told_once(done: Path, caplog: pytest.LogCaptureFixture) -> None:
    passes = Passes(done)
    passes.at(0)
    (done / "p" / "0001.dcm").unlink()

    with caplog.at_level(logging.INFO, "isocenter"):
        assert passes.at(60) == passes.at(120) == []

    assert caplog.messages == [f"{done / 'p'}: 1 input(s) are gone; their results stay"]


def test_a_scan_that_is_stopped_finds_nothing(done: Path) -> None:
    passes = Passes(done)
    stop: Callable[[], bool] = lambda: True  # noqa: E731 - named for its type

    assert passes.scanner.scan(START, stop) == ([], [])
