"""Compress and decompress files, several at once, each in a child process with limits.

Outputs stand beside their input with the documented suffix, under ``out`` by their own name, or
take the input's place. What a child wrote was verified there, Frame by Frame, before it comes here.
"""

import contextlib
import math
import queue
import tempfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.streams import ByteRange
from isocenter.errors import CancelledError, InvalidInputError, IsocenterError, NotDicomError
from isocenter.jobs.sandbox import JSON, TRANSCODE_CHILD, Sandbox
from isocenter.limits import Limits
from isocenter.services.files import FileSource, find_files
from isocenter.services.outputs import Batch, folder_for, make_folder, replace_file
from isocenter.services.reports import FileOutcome, Output, Report, Status, Work
from isocenter.services.sources import OpenedFile, open_dicom

_FUNCTION = "isocenter.jobs.transcode_child:transcode_in_threads"
_DEFAULT_PSNR_DB = 50.0  # dicom/lossy.py says why
_AHEAD = 4  # files that wait for each child, so that none has to


class _Plan(NamedTuple):
    """What one action does with every file."""

    action: str
    label: str
    suffix: str
    options: dict[str, str | int | bool]


class _Result(NamedTuple):
    """What became of one file."""

    outcome: FileOutcome
    output: Output | None = None
    warnings: tuple[str, ...] = ()


def compress_lossless(work: Work) -> Report:
    """Compress without loss; report what became of every input.

    Options: ``codec`` (default ``j2k``), ``in_place``, ``recompress``.

    Raises
    ------
    TooLargeError
        If there are more files than ``limits`` allow.
    CancelledError
        If the caller stops it; outputs that are complete stay.
    """
    options: dict[str, str | int | bool] = {"codec": _codec(work)}
    return _run(work, _Plan("compress_lossless", "Compressing", "_jll", options))


def compress_lossy(work: Work) -> Report:
    """Compress with loss, to a quality that is measured; report what became of every input.

    Options: as ``compress_lossless``, and one of ``quality`` (0 to 100), ``psnr`` (dB over the
    range of values that a Frame uses) and ``ratio`` (at least so many times smaller).

    Raises
    ------
    InvalidInputError
        If an option is no number or out of range.
    TooLargeError, CancelledError
        As ``compress_lossless``.
    """
    options: dict[str, str | int | bool] = {"codec": _codec(work), "goal": _goal(work)}
    return _run(work, _Plan("compress_lossy", "Compressing", "_jl", options))


def decompress(work: Work) -> Report:
    """Decode pixels to native ones; report what became of every input.

    Options: ``in_place``.

    Raises
    ------
    TooLargeError, CancelledError
        As ``compress_lossless``.
    """
    return _run(work, _Plan("decompress", "Decompressing", "_unc", {"codec": ""}))


def _codec(work: Work) -> str:
    return str(work.options.get("codec") or "j2k")


def _goal(work: Work) -> str:
    """Return the goal in the words of the child."""
    given = {name: str(work.options.get(name) or "") for name in ("quality", "psnr", "ratio")}
    if sum(map(bool, given.values())) > 1:
        raise InvalidInputError("only one of quality, psnr and ratio can be chosen")
    if given["ratio"]:
        return f"ratio {_number('ratio', given['ratio'], 1, 1000):g}"
    if given["quality"]:
        # 30 dB are visibly worse, 60 dB hardly to be told from the original: in between, evenly.
        return f"psnr_db {30 + 0.3 * _number('quality', given['quality'], 0, 100):g}"
    if given["psnr"]:
        return f"psnr_db {_number('psnr', given['psnr'], 20, 120):g}"
    return f"psnr_db {_DEFAULT_PSNR_DB:g}"


def _number(name: str, text: str, lowest: float, highest: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not lowest <= number <= highest:
        raise InvalidInputError(f"{name} must be a number from {lowest:g} to {highest:g}")
    return number


def _run(work: Work, plan: _Plan) -> Report:
    if work.options.get("in_place") and work.out is not None:
        raise InvalidInputError("outputs go into a folder or in place of the inputs, not both")
    report = Report(plan.action)
    problems: list[FileOutcome] = []
    files = find_files(
        work.paths, recursive=work.recursive, limits=work.limits, on_problem=problems.append
    )
    work.progress.start(len(files), plan.label)
    with tempfile.TemporaryDirectory(prefix="isocenter-") as scratch:
        for result in _results(work, plan, files, Path(scratch)):
            report.files.append(result.outcome)
            report.warnings.extend(f"{result.outcome.path.name}: {one}" for one in result.warnings)
            if result.output is not None:
                report.outputs.append(result.output)
            work.progress.advance()
    work.progress.finish()
    report.files.extend(problems)
    return report


def _results(work: Work, plan: _Plan, files: list[Path], scratch: Path) -> Iterator[_Result]:
    """Yield the results in the order of the files, worked on by several children at once."""
    children = max(1, min(work.jobs, len(files)))
    plan.options["threads"] = max(1, work.jobs // children)
    plan.options["recompress"] = bool(work.options.get("recompress", False))
    limits = _child_limits(work.limits)
    idle: queue.SimpleQueue[Sandbox] = queue.SimpleQueue()
    with contextlib.ExitStack() as stack:
        rewriter = stack.enter_context(Sandbox(work.limits))
        sandboxes = [
            stack.enter_context(Sandbox(limits, child=TRANSCODE_CHILD)) for _ in range(children)
        ]
        for sandbox in sandboxes:
            idle.put(sandbox)
        threads = stack.enter_context(ThreadPoolExecutor(children))

        def one(path: Path) -> _Result:
            sandbox = idle.get()
            try:
                return _transcode_file(work, plan, path, sandbox, rewriter, scratch)
            finally:
                idle.put(sandbox)

        pending: deque[Future[_Result]] = deque()
        try:
            for path in files:
                work.progress.check_cancelled()
                if len(pending) == _AHEAD * children:
                    yield pending.popleft().result()
                pending.append(threads.submit(one, path))
            while pending:
                work.progress.check_cancelled()
                yield pending.popleft().result()
        except BaseException:
            # Nobody waits for what is left: the threads end when their children do.
            for future in pending:
                future.cancel()
            for sandbox in sandboxes:
                sandbox.kill()
            raise


def _child_limits(limits: Limits) -> Limits:
    """Return the bounds of a child that works on pixels rather than on a header."""
    return replace(
        limits,
        child_seconds=limits.transcode_seconds,
        child_memory_bytes=limits.transcode_memory_bytes,
        inflated_bytes=max(limits.inflated_bytes, limits.instance_pixel_bytes),
    )


def _transcode_file(
    work: Work, plan: _Plan, path: Path, sandbox: Sandbox, rewriter: Sandbox, scratch: Path
) -> _Result:
    try:
        with FileSource(path) as found:
            stamp = found.stamp
        opened = open_dicom(path, rewriter, scratch, work.limits)
    except NotDicomError as error:
        # A folder may hold anything; a file that was asked for by name must be DICOM.
        status: Status = "failed" if path in work.paths else "skipped"
        return _Result(FileOutcome(path, status, str(error)))
    except IsocenterError as error:
        return _Result(FileOutcome(path, "failed", str(error)))
    opened.close()
    made = scratch / f"{stamp.device}-{stamp.inode}-{plan.action}"
    try:
        facts = sandbox.transform(_FUNCTION, opened.source.path, made, **plan.options)
        skipped = facts.get("skipped")
        if skipped:
            return _Result(FileOutcome(path, "skipped", str(skipped)))
        if work.options.get("in_place"):
            size_bytes = replace_file(path, stamp, made, durable=work.durable)
            placed = path
        else:
            placed, size_bytes = _place(work, plan, path, made)
    except CancelledError:
        raise
    except IsocenterError as error:
        return _Result(FileOutcome(path, "failed", str(error)))
    finally:
        made.unlink(missing_ok=True)
        if opened.source.path != path:
            opened.source.path.unlink(missing_ok=True)
    output = Output(placed, size_bytes, _frames(facts))
    return _Result(FileOutcome(path, "done", outputs=(placed,)), output, _warnings(opened, facts))


def _place(work: Work, plan: _Plan, path: Path, made: Path) -> tuple[Path, int]:
    folder = folder_for(path, work.paths, work.out)
    make_folder(folder)
    stem = f"{path.stem}{plan.suffix}" if work.is_beside else path.stem

    def open_source(_: int) -> FileSource:
        return FileSource(made)

    with FileSource(made) as source:
        pieces = [ByteRange(0, 0, source.size)]
    with Batch(durable=work.durable) as batch:
        placed = batch.place(folder, stem, path.suffix, pieces, open_source)
        batch.publish()
    return placed.path, placed.size_bytes


def _frames(facts: dict[str, JSON]) -> int:
    frames = facts.get("frames")
    return frames if isinstance(frames, int) else 0


def _warnings(opened: OpenedFile, facts: dict[str, JSON]) -> tuple[str, ...]:
    found = facts.get("warnings")
    return (*opened.warnings, *(str(one) for one in (found if isinstance(found, list) else ())))
