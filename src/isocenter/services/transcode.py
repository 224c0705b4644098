"""Compress and decompress files, several at once, each in a child process with limits.

Outputs stand beside their input with the documented suffix, under ``out`` by their own name, or
take the input's place. What a child wrote was verified there, Frame by Frame, before it comes here.
"""

import math
import os
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.streams import ByteRange
from isocenter.errors import InvalidInputError
from isocenter.jobs.sandbox import JSON, TRANSCODE_CHILD, Sandbox, pixel_limits, told_warnings
from isocenter.services.files import FileSource
from isocenter.services.one_each import Bench, Made, Maker, Plan, Skipped, make_one_each
from isocenter.services.reports import Report, Work
from isocenter.services.sources import OpenedFile

_FUNCTION = "isocenter.jobs.transcode_child:transcode_in_threads"
_DEFAULT_PSNR_DB = 50.0  # dicom/lossy.py says why

_Option = str | int | bool


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
    options: dict[str, _Option] = {"codec": _codec(work)}
    return _run(work, Plan("compress_lossless", "Compressing", "_jll"), options)


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
    options: dict[str, _Option] = {"codec": _codec(work), "goal": _goal(work)}
    return _run(work, Plan("compress_lossy", "Compressing", "_jl"), options)


def decompress(work: Work) -> Report:
    """Decode pixels to native ones; report what became of every input.

    Options: ``in_place``.

    Raises
    ------
    TooLargeError, CancelledError
        As ``compress_lossless``.
    """
    return _run(work, Plan("decompress", "Decompressing", "_unc"), {"codec": ""})


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


def _run(work: Work, plan: Plan, options: dict[str, _Option]) -> Report:
    options["recompress"] = bool(work.options.get("recompress", False))

    def new_maker(bench: Bench) -> Maker:
        limits = pixel_limits(work.limits)
        sandbox = bench.stack.enter_context(Sandbox(limits, child=TRANSCODE_CHILD))
        return _Transcoder(sandbox, bench.scratch, {**options, "threads": bench.threads})

    return make_one_each(work, plan, new_maker)


class _Transcoder(NamedTuple):
    """Lets one child encode files anew, one after the other."""

    sandbox: Sandbox
    scratch: Path
    options: dict[str, _Option]

    def make(self, opened: OpenedFile) -> Made | Skipped:
        """Return what the child made of the file and verified."""
        made = self.scratch / f"{os.urandom(8).hex()}.made"

        def discard() -> None:
            made.unlink(missing_ok=True)

        def open_source(_: int) -> FileSource:
            return FileSource(made)

        try:
            facts = self.sandbox.transform(_FUNCTION, opened.source.path, made, **self.options)
            skipped = facts.get("skipped")
            if skipped:
                discard()
                return Skipped(str(skipped), is_unchanged=bool(facts.get("unchanged")))
            with open_source(0) as source:
                pieces = [ByteRange(0, 0, source.size)]
        except BaseException:
            discard()
            raise
        return Made(pieces, open_source, _frames(facts), told_warnings(facts), discard)

    def kill(self) -> None:
        """End the child."""
        self.sandbox.kill()


def _frames(facts: dict[str, JSON]) -> int:
    frames = facts.get("frames")
    return frames if isinstance(frames, int) else 0
