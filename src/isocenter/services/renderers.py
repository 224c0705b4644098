"""Child processes that render, as many at once as the caller allows, each started when needed."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Self

from isocenter.errors import InvalidInputError, UnusualEncodingError
from isocenter.jobs.sandbox import DECODING_CHILD, JSON, PICTURE_CHILD, Sandbox, told_warnings
from isocenter.limits import DEFAULT, Limits
from isocenter.services.sources import REWRITE

Option = str | int | bool

_NATIVE = "isocenter.dicom.frame_pictures:{}_native_frames"
_ANY = "isocenter.dicom.any_pictures:{}_frames"


class _Slot:
    """What one thing at a time needs: none of these processes runs before its first call."""

    def __init__(self, limits: Limits) -> None:
        self.pictures = Sandbox(limits, child=PICTURE_CHILD)
        self.decoding = Sandbox(limits, child=DECODING_CHILD)
        self.odd = Sandbox(limits)

    def close(self) -> None:
        """End the processes."""
        for sandbox in (self.pictures, self.decoding, self.odd):
            sandbox.close()


class Renderers:
    """Runs functions of ``dicom/`` on files, each in a process with limits; a context manager.

    Calls may come from any thread; more than ``jobs`` at once wait for one another.

    Parameters
    ----------
    scratch
        Folder for what is rendered and for odd files made plain.
    """

    def __init__(self, jobs: int, scratch: Path, limits: Limits = DEFAULT) -> None:
        self._scratch = scratch
        self._slots = [_Slot(limits) for _ in range(jobs)]
        self._free: SimpleQueue[_Slot] = SimpleQueue()
        for slot in self._slots:
            self._free.put(slot)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for slot in self._slots:
            slot.close()

    def start(self, *, is_simple: bool) -> None:
        """Start one process ahead of its first call; call it once for each of ``jobs``."""
        slot = self._free.get()
        try:
            (slot.pictures if is_simple else slot.decoding).start()
        finally:
            self._free.put(slot)

    def new_scratch(self) -> Path:
        """Return the name of a file that is not there."""
        return self._scratch / os.urandom(8).hex()

    def measure(
        self, path: Path, *, is_native: bool, first_frame: int, frames: int
    ) -> tuple[float, float] | None:
        """Return the smallest and largest value of Frames, ``None`` where there is none.

        Raises
        ------
        IsocenterError
            If it cannot be read or decoded.
        """
        target = self.new_scratch()
        options: dict[str, Option] = {"first_frame": first_frame, "frames": frames}
        try:
            facts = self._call("measure", path, target, options, is_simple=is_native)
        finally:
            _remove(target)
        return measured_ends(facts)

    def export(
        self, path: Path, target: Path, *, is_simple: bool, options: dict[str, Option]
    ) -> tuple[list[int], list[str]]:
        """Write pictures one after the other; return their lengths and what was odd.

        Parameters
        ----------
        is_simple
            Whether neither codecs nor Pillow are needed.
        options
            As ``export_native_frames`` takes them.

        Raises
        ------
        IsocenterError
            If it cannot be read, decoded or shown.
        """
        facts = self._call("export", path, target, options, is_simple=is_simple)
        lengths = [length for length in _list(facts.get("lengths")) if isinstance(length, int)]
        if sum(lengths) != target.stat().st_size or min(lengths, default=0) < 1:
            raise InvalidInputError("the reader process gave no usable answer")
        return lengths, [*told_warnings(facts)]

    def _call(
        self, verb: str, path: Path, target: Path, options: dict[str, Option], *, is_simple: bool
    ) -> dict[str, JSON]:
        slot = self._free.get()
        try:
            sandbox = slot.pictures if is_simple else slot.decoding
            function = (_NATIVE if is_simple else _ANY).format(verb)
            try:
                return sandbox.transform(function, path, target, **options)
            except UnusualEncodingError:
                plain = self.new_scratch()
                slot.odd.transform(REWRITE, path, plain)
                try:
                    return sandbox.transform(function, plain, target, **options)
                finally:
                    _remove(plain)
        finally:
            self._free.put(slot)


def measured_ends(facts: Mapping[str, JSON]) -> tuple[float, float] | None:
    """Return the smallest and largest value that a child tells of; ``None`` where it told none."""
    low, high = facts.get("low"), facts.get("high")
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    return float(low), float(high)


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
