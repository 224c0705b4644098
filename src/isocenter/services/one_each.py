"""One result of each file: what compress, modify, convert, de-identify and the like have in common.

The files are found, opened and worked on several at once; what comes out stands beside the input
with the documented suffix, under ``out`` by its own name, or in the input's place. Each result
appears as a whole or not at all, and the report tells in the order of the files.
"""

import contextlib
import os
import queue
import re
import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from isocenter.dicom.streams import ByteRange, Piece
from isocenter.errors import (
    CancelledError,
    InvalidInputError,
    IsocenterError,
    UnusualEncodingError,
)
from isocenter.jobs.sandbox import Sandbox
from isocenter.services.durability import forcing_threads
from isocenter.services.files import FileSource, FileStamp, find_files
from isocenter.services.leftovers import remove_old
from isocenter.services.outputs import Batch, folder_for, force, make_folder
from isocenter.services.pieces import OpenSource
from isocenter.services.reports import FileOutcome, Output, Report, Work
from isocenter.services.scratch import scratch_folder
from isocenter.services.sources import OpenedFile, open_dicom, open_rewritten

_AHEAD = 4  # files that wait for each worker, so that none has to
_NAMED_TOGETHER = 8  # whose folder is forced onto the disk once


class Plan(NamedTuple):
    """What one action does with every file.

    Attributes
    ----------
    suffix
        What is added to the stem of outputs that stand beside their input.
    own_stem
        What only outputs are called that stand there under a name of their own; such inputs
        are not counted, so that a second run gives the same numbers.
    """

    action: str
    label: str
    suffix: str
    own_stem: re.Pattern[str] | None = None


class Made(NamedTuple):
    """What came of one file.

    Attributes
    ----------
    discard
        Is called when it was written, or could not be.
    hides_name
        Whether the name of the input may not show in that of the output.
    """

    pieces: Sequence[Piece]
    open_source: OpenSource
    frames: int = 0
    warnings: tuple[str, ...] = ()
    discard: Callable[[], None] | None = None
    hides_name: bool = False


class Skipped(NamedTuple):
    """A file of which nothing is made; ``is_unchanged``: because it is what would be made of it.

    ``services/reports.py`` says what counts as that.
    """

    reason: str
    is_unchanged: bool = False


class Maker(Protocol):
    """Makes the results; each worker has its own, so that children can be kept."""

    def make(self, opened: OpenedFile) -> Made | Skipped:
        """Return what comes of one file, which stays open until it was written.

        Raises
        ------
        IsocenterError
            If nothing comes of it; an ``UnusualEncodingError`` lets it be called again with
            the file as pydicom reads it.
        """

    def kill(self) -> None:
        """Let a call that is under way in another thread end soon, whatever it does."""


class Bench(NamedTuple):
    """What a maker works with.

    Attributes
    ----------
    stack
        Ends with the action; children that a maker starts are entered here.
    scratch
        Folder for temporary files.
    threads
        How many threads this maker may keep busy.
    """

    stack: contextlib.ExitStack
    scratch: Path
    threads: int


# Called once for each worker.
NewMaker = Callable[[Bench], Maker]


class Name(NamedTuple):
    """Where an output goes: ``folder / (stem + suffix)``, the stem numbered where it is taken."""

    folder: Path
    stem: str
    suffix: str


# Names an output by its input, the input's number in the order, from 1, and what came of it.
Namer = Callable[[Path, int, Made], Name]


class _Result(NamedTuple):
    """What became of one file."""

    outcome: FileOutcome
    output: Output | None = None
    warnings: tuple[str, ...] = ()


class _Written(NamedTuple):
    """A complete file without a name yet.

    Attributes
    ----------
    name
        None: the place of the input, which was as ``stamp`` says when it was read.
    """

    path: Path
    batch: Batch
    name: Name | None
    stamp: FileStamp
    size_bytes: int
    frames: int = 0
    warnings: tuple[str, ...] = ()
    unchanged_because: str = ""


def make_one_each(
    work: Work,
    plan: Plan,
    new_maker: NewMaker,
    *,
    workers: int | None = None,
    name: Namer | None = None,
) -> Report:
    """Make one file of each; report what became of every input.

    Options that are looked at here: ``in_place``.

    Parameters
    ----------
    workers
        How many files are worked on at once; ``work.jobs`` by default, never more than files.
    name
        Where the input's own name and folder are not what counts.

    Raises
    ------
    InvalidInputError
        If the options contradict each other.
    TooLargeError
        If there are more files than ``limits`` allow.
    CancelledError
        If the caller stops it; outputs that are complete stay.
    """
    if work.options.get("in_place") and work.out is not None:
        raise InvalidInputError("outputs go into a folder or in place of the inputs, not both")
    report = Report(plan.action)
    problems: list[FileOutcome] = []
    files = find_files(
        work.paths, recursive=work.recursive, limits=work.limits, on_problem=problems.append
    )
    work.progress.start(len(files), plan.label)
    with scratch_folder() as scratch:
        run = _Run(work, plan, scratch, name or _usual_name(work, plan), files)
        wanted = max(1, min(workers or work.jobs, len(files)))
        with contextlib.closing(run.results(new_maker, wanted)) as results:
            for result in results:
                _add(report, result)
                work.progress.advance()
                work.progress.check_cancelled()
    work.progress.finish()
    if work.options.get("in_place"):
        for folder in {path.parent for path in files}:
            remove_old(folder, work.limits.leftover_seconds)
    report.files.extend(problems)
    return report


def _add(report: Report, result: _Result) -> None:
    report.files.append(result.outcome)
    report.warnings.extend(f"{result.outcome.path.name}: {one}" for one in result.warnings)
    if result.output is not None:
        report.outputs.append(result.output)


def made_by_earlier_run(path: Path, suffix: str, files: Collection[Path]) -> Path | None:
    """Return the file that this one was made of, if its name says so and that file is there too.

    Without this, running an action again would work on its own outputs.
    """
    found = re.fullmatch(rf"(.+){re.escape(suffix)}(_\d+)?", path.stem) if suffix else None
    if found is None:
        return None
    source = path.with_name(found[1] + path.suffix)
    return source if source in files else None


def _usual_name(work: Work, plan: Plan) -> Namer:
    def name(path: Path, _: int, __: Made) -> Name:
        stem = f"{path.stem}{plan.suffix}" if work.is_beside else path.stem
        return Name(folder_for(path, work.paths, work.out), stem, path.suffix)

    return name


@dataclass(slots=True)
class _Run:
    """One run of an action over its files."""

    work: Work
    plan: Plan
    scratch: Path
    name: Namer
    files: list[Path]

    def results(self, new_maker: NewMaker, workers: int) -> Generator[_Result]:
        """Yield the results in the order of the files, worked on by several threads."""
        known = frozenset(self.files)
        idle: queue.SimpleQueue[Maker] = queue.SimpleQueue()
        with contextlib.ExitStack() as stack:
            rewriter = stack.enter_context(Sandbox(self.work.limits))
            bench = Bench(stack, self.scratch, max(1, self.work.jobs // workers))
            makers = [new_maker(bench) for _ in range(workers)]
            for maker in makers:
                idle.put(maker)
            publisher = stack.enter_context(_Publisher(self.work))
            threads = stack.enter_context(ThreadPoolExecutor(workers))

            def one(path: Path, number: int) -> _Result | _Written:
                maker = idle.get()
                try:
                    return self._one(path, number, maker, rewriter, publisher)
                finally:
                    idle.put(maker)

            pending: deque[Future[_Result | _Written]] = deque()
            try:
                number = 0
                for path in self.files:
                    earlier = self._skip_own(path, known)
                    number += earlier is None and not self._is_own(path)
                    self.work.progress.check_cancelled()
                    if len(pending) == _AHEAD * workers:
                        yield from self._settled(pending, publisher)
                    pending.append(
                        _known(earlier) if earlier else threads.submit(one, path, number)
                    )
                while pending:
                    self.work.progress.check_cancelled()
                    yield from self._settled(pending, publisher)
            except BaseException:
                # Nobody waits for what is left: the threads end when their makers do.
                for future in pending:
                    future.cancel()
                for maker in makers:
                    maker.kill()
                raise

    def _settled(
        self, pending: "deque[Future[_Result | _Written]]", publisher: "_Publisher"
    ) -> list[_Result]:
        """Wait for the first file; give names to it and to those behind it that are ready too."""
        ready = [pending.popleft().result()]
        while pending and pending[0].done() and len(ready) < _NAMED_TOGETHER:
            ready.append(pending.popleft().result())
        return publisher.publish(ready)

    def _is_own(self, path: Path) -> bool:
        own = self.plan.own_stem
        return own is not None and self.work.is_beside and own.fullmatch(path.stem) is not None

    def _skip_own(self, path: Path, known: Collection[Path]) -> _Result | None:
        if not self.work.is_beside or self.work.options.get("in_place") or path in self.work.paths:
            return None
        source = made_by_earlier_run(path, self.plan.suffix, known)
        if source is None:
            return None
        return _Result(FileOutcome(path, "skipped", "made of another input by an earlier run"))

    def _one(
        self, path: Path, number: int, maker: Maker, rewriter: Sandbox, publisher: "_Publisher"
    ) -> _Result | _Written:
        try:
            with FileSource(path) as found:
                stamp = found.stamp
            opened = open_dicom(path, rewriter, self.scratch, self.work.limits)
        except IsocenterError as error:
            return _Result(self.work.refused(path, error))
        try:
            try:
                return self._written(opened, number, stamp, maker.make(opened), publisher)
            except UnusualEncodingError:
                if opened.source.path != path:
                    raise
                # Opening looks at the root only; what is nested can be odd inside.
                opened.close()
                opened = open_rewritten(path, rewriter, self.scratch, self.work.limits)
                return self._written(opened, number, stamp, maker.make(opened), publisher)
        except CancelledError:
            raise
        except IsocenterError as error:
            return _Result(FileOutcome(path, "failed", str(error)))
        finally:
            opened.close()
            if opened.source.path != path:
                opened.source.path.unlink(missing_ok=True)

    def _written(
        self,
        opened: OpenedFile,
        number: int,
        stamp: FileStamp,
        made: Made | Skipped,
        publisher: "_Publisher",
    ) -> _Result | _Written:
        path = opened.path
        reason = ""
        if isinstance(made, Skipped):
            if not made.is_unchanged:
                return _Result(FileOutcome(path, "skipped", made.reason))
            reason = made.reason
            if self.work.is_beside:
                return _Result(FileOutcome(path, "unchanged", reason))
            # A folder of results gets a copy, so that none lacks.
            with FileSource(path) as source:
                pieces = [ByteRange(0, 0, source.size)]
            made = Made(pieces, lambda _: FileSource(path))
        name = None if self.work.options.get("in_place") else self.name(path, number, made)
        try:
            batch, size_bytes = publisher.write(path, name, made)
        finally:
            if made.discard is not None:
                made.discard()
        warnings = () if reason else (*opened.warnings, *made.warnings)
        return _Written(path, batch, name, stamp, size_bytes, made.frames, warnings, reason)


class _Publisher:
    """Writes files side by side, and gives them their names in one thread, several at once.

    So two files never fight for one name, and the folder is forced onto the disk once for many.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._threads = forcing_threads() if work.durable else None
        self._open: set[Batch] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for batch in self._open:
            batch.close()
        if self._threads is not None:
            self._threads.shutdown()

    def write(self, path: Path, name: Name | None, made: Made) -> tuple[Batch, int]:
        """Write a file without giving it a name; return it and its length in bytes."""
        batch = Batch(durable=self._work.durable, threads=self._threads)
        with self._lock:
            self._open.add(batch)
        try:
            if name is None:
                target = Path(os.path.realpath(path))
                size_bytes = batch.write(target, made.pieces, made.open_source)
                batch.check_last(made.pieces, made.open_source, target)
            else:
                make_folder(name.folder)
                target = name.folder / f"{name.stem}{name.suffix}"
                size_bytes = batch.write(target, made.pieces, made.open_source)
        except BaseException:
            self._close(batch)
            raise
        return batch, size_bytes

    def publish(self, ready: Sequence[_Result | _Written]) -> list[_Result]:
        """Give the files their names, durably; return what became of each."""
        folders: set[Path] = set()
        results = [
            one if isinstance(one, _Result) else self._publish(one, folders) for one in ready
        ]
        if self._work.durable:
            for folder in folders:
                force(folder)
        return results

    def _publish(self, written: _Written, folders: set[Path]) -> _Result:
        path, batch, name = written.path, written.batch, written.name
        try:
            if name is None:
                placed = path
                FileSource(path, written.stamp).close()
                batch.publish(overwrite=True, folders=folders)
            else:
                placed, _ = batch.name_last(name.folder, name.stem, name.suffix)
                batch.publish(folders=folders)
        except IsocenterError as error:
            return _Result(FileOutcome(path, "failed", str(error)))
        finally:
            self._close(batch)
        output = Output(placed, written.size_bytes, written.frames)
        reason = written.unchanged_because
        outcome = FileOutcome(path, "unchanged" if reason else "done", reason, (placed,))
        return _Result(outcome, output, written.warnings)

    def _close(self, batch: Batch) -> None:
        batch.close()
        with self._lock:
            self._open.discard(batch)


def _known(result: _Result) -> "Future[_Result | _Written]":
    future: Future[_Result | _Written] = Future()
    future.set_result(result)
    return future
