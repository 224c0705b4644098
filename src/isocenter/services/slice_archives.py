"""Volumes as zip archives of their slices, made when a viewer asks and kept for a while.

The archives hold images, so they end with their session, some minutes after they were last asked
for, and with the process. Whoever asks has been let in by the caller of this module.
"""

import contextlib
import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Self

from isocenter.errors import IsocenterError, UnusualEncodingError
from isocenter.jobs.sandbox import TRANSCODE_CHILD, Sandbox, pixel_limits
from isocenter.limits import DEFAULT, Limits
from isocenter.services.sources import REWRITE
from isocenter.store.blobs import BlobReader
from isocenter.store.blobs_local import LocalBlobReader

COUNT = "isocenter.dicom.slice_archive:count_slices"
SPLIT = "isocenter.dicom.slice_archive:write_slices"
DECODE = "isocenter.jobs.transcode_child:transcode_in_threads"

_CHILD = ("-m", "isocenter.jobs.split_child")
_KEEP_MS = 10 * 60 * 1000
_REMEMBERED = 10_000


class Volume(NamedTuple):
    """A file that may be a volume: the session it is of, and its bytes, which ``key`` names.

    What is of no session has an empty ``session_id``.
    """

    session_id: str
    key: str
    reader: BlobReader


@dataclass(frozen=True, slots=True)
class SliceArchive:
    """An open archive; ``key`` is the SHA-256 of its bytes. Close ``source``."""

    key: str
    source: LocalBlobReader


@dataclass(frozen=True, slots=True)
class _Kept:
    path: Path
    digest: str
    size_bytes: int
    used_ms: int


class SliceArchives:
    """Makes archives, one at a time, and keeps them; for any number of threads.

    Parameters
    ----------
    folder
        For us alone; what is in it goes when this is closed.
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(self, folder: Path, clock: Callable[[], int], limits: Limits = DEFAULT) -> None:
        self._folder = folder
        self._clock = clock
        self._limits = limits
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._turn = threading.Lock()
        # Looking takes milliseconds and must not wait for the cutting of another volume.
        self._looking = Sandbox(limits, child=_CHILD)
        output = replace(limits, child_seconds=limits.process_seconds)
        self._cutting = Sandbox(output, child=_CHILD)
        self._rewriting = Sandbox(limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child processes and remove all archives."""
        for sandbox in (self._looking, self._cutting, self._rewriting):
            sandbox.close()
        with self._turn:
            for found in list(self._kept):
                self._remove(found)

    def count(self, volume: Volume) -> int:
        """Return how many slices a file has; 0 if it is no volume, or nothing we can read."""
        known = self._counts.get(volume.key)
        if known is not None:
            return known
        try:
            with contextlib.ExitStack() as stack:
                path = stack.enter_context(volume.reader.as_file())
                slices = self._look(path, stack).get("slices")
        except IsocenterError:
            slices = 0  # what is wrong with it, viewing it as it is will show
        count = slices if isinstance(slices, int) else 0
        self._counts[volume.key] = count
        while len(self._counts) > _REMEMBERED:
            self._counts.popitem(last=False)
        return count

    def open(self, volume: Volume) -> SliceArchive:
        """Return the archive of a volume, made where it is not there.

        Raises
        ------
        NotSupportedError
            If the file is no volume.
        IsocenterError
            As ``Sandbox.transform`` raises them.
        """
        name = volume.session_id, volume.key
        with self._turn:
            self._remove_old()
            kept = self._kept.get(name)
            if kept is None:
                kept = self._make(volume)
            self._kept[name] = replace(kept, used_ms=self._clock())
            return SliceArchive(kept.digest, LocalBlobReader(kept.path))

    def sweep(self, is_there: Callable[[str], bool]) -> None:
        """Remove what nobody asked for lately, and what came of sessions that are gone.

        Parameters
        ----------
        is_there
            Whether a session is still there.
        """
        with self._turn:
            self._remove_old()
            sessions = {session_id for session_id, _ in self._kept if session_id}
            gone = {session_id for session_id in sessions if not is_there(session_id)}
            for found in [name for name in self._kept if name[0] in gone]:
                self._remove(found)

    def _make(self, volume: Volume) -> _Kept:
        path = self._new_path()
        with contextlib.ExitStack() as stack:
            source = stack.enter_context(volume.reader.as_file())
            if self._look(source, stack).get("is_readable") is False:
                source = self._decoded(source, stack)
            self._call(self._cutting, SPLIT, source, path)
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return _Kept(path, digest, path.stat().st_size, self._clock())

    def _look(self, path: Path, stack: contextlib.ExitStack) -> dict[str, object]:
        return self._call(self._looking, COUNT, path, self._temporary(stack))

    def _decoded(self, path: Path, stack: contextlib.ExitStack) -> Path:
        """Return a file with native pixels, for viewers that cannot decode these."""
        decoded = self._temporary(stack)
        with Sandbox(pixel_limits(self._limits), child=TRANSCODE_CHILD) as sandbox:
            sandbox.transform(DECODE, path, decoded, codec="", threads=os.cpu_count() or 1)
        return decoded

    def _call(self, sandbox: Sandbox, function: str, path: Path, target: Path) -> dict[str, object]:
        """Return what a function says of a file; odd files are rewritten first."""
        try:
            return dict(sandbox.transform(function, path, target))
        except UnusualEncodingError:
            with contextlib.ExitStack() as stack:
                rewritten = self._temporary(stack)
                self._rewriting.transform(REWRITE, path, rewritten)
                return dict(sandbox.transform(function, rewritten, target))

    def _temporary(self, stack: contextlib.ExitStack) -> Path:
        """Return the path of a file that may be made and goes with the stack."""
        path = self._new_path()
        stack.callback(path.unlink, missing_ok=True)
        return path

    def _new_path(self) -> Path:
        return self._folder / os.urandom(16).hex()

    def _remove_old(self) -> None:
        """Remove what is too old, then the oldest while all together are too large."""
        earliest_ms = self._clock() - _KEEP_MS
        by_age = sorted(self._kept, key=lambda name: self._kept[name].used_ms)
        total_bytes = sum(kept.size_bytes for kept in self._kept.values())
        for name in by_age:
            kept = self._kept[name]
            if kept.used_ms < earliest_ms or total_bytes > self._limits.slice_archive_bytes:
                total_bytes -= kept.size_bytes
                self._remove(name)

    def _remove(self, name: tuple[str, str]) -> None:
        # Windows keeps a file that is being sent; then the folder's owner removes it.
        with contextlib.suppress(OSError):
            self._kept.pop(name).path.unlink()
