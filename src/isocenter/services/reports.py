"""What an action is given and what it gives back: the work, its progress, what became of it.

Paths stand here because the caller asked about them by name; errors of the tree hold none.

Every input ends in one of four ways:

- ``done``: the action made something of it.
- ``unchanged``: it is what the action would make of it, so that a second run of a finished job is
  a success like the first. That must be certain from the file itself.
- ``skipped``: it is none of the action's business (no DICOM file, no image), or the action does
  not do this to such a file unless asked (compressing once more what lost something before).
- ``failed``: it should have been processed and was not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from isocenter.errors import IsocenterError, NotDicomError
from isocenter.limits import DEFAULT, Limits

Status = Literal["done", "unchanged", "skipped", "failed"]
Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one input; ``reason`` says why it is not done."""

    path: Path
    status: Status
    reason: str = ""
    outputs: tuple[Path, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return path, status, reason and outputs as JSON values."""
        return {
            "path": str(self.path),
            "status": self.status,
            "reason": self.reason,
            "outputs": [str(path) for path in self.outputs],
        }


@dataclass(frozen=True, slots=True)
class Output:
    """One file that was written."""

    path: Path
    size_bytes: int
    frames: int

    def to_json(self) -> dict[str, Json]:
        """Return path, size and number of frames as JSON values."""
        return {"path": str(self.path), "size_bytes": self.size_bytes, "frames": self.frames}


@dataclass(slots=True)
class Report:
    """What one action did with all its inputs.

    Attributes
    ----------
    files
        Every input that was found, in order, with what became of it.
    outputs
        What was written, in order.
    warnings
        Whole sentences for the user; none of them means that something is lost.
    text
        What describing actions print.
    data
        The same as a JSON value, for ``--json``.
    """

    action: str
    files: list[FileOutcome] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    text: str = ""
    data: Json = None

    def count(self, status: Status) -> int:
        """Return how many inputs ended like this."""
        return sum(outcome.status == status for outcome in self.files)

    @property
    def done(self) -> int:
        """Number of inputs that were processed."""
        return self.count("done")

    @property
    def unchanged(self) -> int:
        """Number of inputs that were before as the action would make them."""
        return self.count("unchanged")

    @property
    def settled(self) -> int:
        """Number of inputs that are as the caller wants them, by this run or from before."""
        return self.done + self.unchanged

    @property
    def skipped(self) -> int:
        """Number of inputs that are none of this action's business."""
        return self.count("skipped")

    @property
    def failed(self) -> int:
        """Number of inputs that should have been processed and were not."""
        return self.count("failed")

    def to_json(self) -> dict[str, Json]:
        """Return everything but ``text`` and ``data`` as JSON values."""
        return {
            "action": self.action,
            "done": self.done,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "failed": self.failed,
            "files": [outcome.to_json() for outcome in self.files],
            "outputs": [output.to_json() for output in self.outputs],
            "warnings": list(self.warnings),
        }


class Progress(Protocol):
    """Is told how far an action is; may stop it between two steps."""

    def start(self, total: int, label: str) -> None:
        """Begin a stretch of ``total`` steps; a later call begins the next stretch."""

    def advance(self, steps: int = 1) -> None:
        """Count steps of the present stretch as done."""

    def finish(self) -> None:
        """End the present stretch."""

    def check_cancelled(self) -> None:
        """Raise ``CancelledError`` if the caller wants the action to stop."""


class NoProgress:
    """A ``Progress`` that nobody watches and nobody stops."""

    def start(self, total: int, label: str) -> None:
        """Begin a stretch of steps."""

    def advance(self, steps: int = 1) -> None:
        """Count steps as done."""

    def finish(self) -> None:
        """End the present stretch."""

    def check_cancelled(self) -> None:
        """Never raise."""


@dataclass(frozen=True, slots=True)
class Work:
    """What an action shall do.

    Attributes
    ----------
    paths
        Files and folders, as the caller named them.
    recursive
        Whether folders inside folders are meant too.
    out
        Folder for the outputs, relative names kept; ``None`` means beside the input.
    is_staging
        Whether ``out`` is only where outputs wait before they are put beside the inputs.
    options
        The action's own options, as its row in ``services/actions.py`` names them.
    jobs
        How many things may run at once, at least 1.
    durable
        Whether outputs are forced onto the disk before they get their names.
    """

    paths: tuple[Path, ...]
    recursive: bool = True
    out: Path | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    progress: Progress = field(default_factory=NoProgress)
    jobs: int = 1
    limits: Limits = DEFAULT
    durable: bool = True
    is_staging: bool = False

    def refused(self, path: Path, error: IsocenterError) -> FileOutcome:
        """Return what becomes of an input that cannot be read, for a reason of our tree.

        A folder may hold anything; a file that was asked for by name must be DICOM.
        """
        is_none_of_ours = isinstance(error, NotDicomError) and path not in self.paths
        return FileOutcome(path, "skipped" if is_none_of_ours else "failed", str(error))

    @property
    def is_beside(self) -> bool:
        """Whether outputs come to stand beside their inputs, so that their names must differ."""
        return self.out is None or self.is_staging

    def __post_init__(self) -> None:
        if self.jobs < 1:
            msg = "jobs must be at least 1"
            raise ValueError(msg)
