"""Frames as raw numbers in one file: written once by many threads, read into batches.

Each Frame lies in one piece, so that reading it is one call of the system into where it is
wanted; any number of processes share the file and the system's memory of it.
"""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from isocenter.errors import ConflictError, CorruptPixelDataError
from isocenter.system_errors import safe_error

Array = npt.NDArray[Any]

KINDS = (np.dtype(np.uint8), np.dtype(np.int16), np.dtype(np.float32))

_ALIGNMENT_BYTES = 64
_INT16 = np.iinfo(np.int16)
_BINARY = getattr(os, "O_BINARY", 0)


class Place(NamedTuple):
    """Where a Frame lies: its kind is a place in ``KINDS``."""

    offset: int
    shape: tuple[int, ...]
    kind: int


def kind_needed(values: Array) -> int:
    """Return the narrowest kind that holds these values exactly; floats become float32."""
    dtype = values.dtype
    if dtype.kind == "b" or dtype == np.uint8:
        return 0
    if dtype.kind == "f":
        return 2
    if dtype.itemsize == 1 or dtype == np.int16 or not values.size:
        return 1
    fits = _INT16.min <= int(values.min()) and int(values.max()) <= _INT16.max
    return 1 if fits else 2


class PackWriter:
    """Appends Frames to a new file; for any number of threads; a context manager."""

    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY
        self._descriptor = os.open(path, flags, 0o600)
        self._end = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)

    def append(self, data: Array) -> int:
        """Write the bytes of a C-contiguous array; return their offset.

        Raises
        ------
        UnavailableError
            If the disk is full.
        """
        view = data.data.cast("B") if data.size else memoryview(b"")
        with self._lock:
            offset = self._end
            self._end += -(-len(view) // _ALIGNMENT_BYTES) * _ALIGNMENT_BYTES
            if not hasattr(os, "pwrite"):
                os.lseek(self._descriptor, offset, os.SEEK_SET)
                _write_all(self._descriptor, view, None)
                return offset
        _write_all(self._descriptor, view, offset)
        return offset


def _write_all(descriptor: int, view: memoryview, offset: int | None) -> None:
    done = 0
    try:
        while done < len(view):
            if offset is None:
                done += os.write(descriptor, view[done:])
            else:
                done += os.pwrite(descriptor, view[done:], offset + done)
    except OSError as error:
        raise safe_error(error) from None


class PackReader:
    """Reads from a file of Frames; pickled as its path, opened in each process when needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type["PackReader"], tuple[Path]]:
        """Leave the open file behind."""
        return type(self), (self._path,)

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; reading opens it again."""
        descriptor, self._descriptor = getattr(self, "_descriptor", None), None
        if descriptor is not None:
            os.close(descriptor)

    def read_bytes(self, offset: int, length: int) -> bytes:
        """Return some bytes.

        Raises
        ------
        ConflictError, CorruptPixelDataError
            As ``read_frames`` does.
        """
        buffer = bytearray(length)
        self._fill(memoryview(buffer), offset)
        return bytes(buffer)

    def read_frames(self, places: Sequence[Place]) -> list[Array]:
        """Return Frames in the order of the places: views into one buffer for each kind and shape.

        Frames of the same shape and kind that are asked for one after the other lie in one
        C-contiguous, writable array, whose first axis is theirs.

        Raises
        ------
        ConflictError
            If another process replaced the files by those of another version.
        CorruptPixelDataError
            If the file was cut off.
        """
        found: list[Array] = []
        start = 0
        for end in range(1, len(places) + 1):
            alike = end < len(places) and places[end][1:] == places[start][1:]
            if alike:
                continue
            _, shape, kind = places[start]
            buffer = np.empty((end - start, *shape), KINDS[kind])
            for frame, place in zip(buffer, places[start:end], strict=True):
                self._fill(memoryview(frame).cast("B"), place.offset)
            found.extend(buffer)
            start = end
        return found

    def _fill(self, view: memoryview, offset: int) -> None:
        descriptor = self._descriptor if self._descriptor is not None else self._open()
        done = 0
        while done < len(view):
            count = self._read_into(descriptor, view[done:], offset + done)
            if not count:
                raise CorruptPixelDataError("the cache of the dataset is cut off: delete it")
            done += count

    def _read_into(self, descriptor: int, view: memoryview, offset: int) -> int:
        try:
            if hasattr(os, "preadv"):
                return os.preadv(descriptor, [view], offset)
            with self._lock:
                os.lseek(descriptor, offset, os.SEEK_SET)
                data = os.read(descriptor, len(view))
        except OSError as error:
            raise safe_error(error) from None
        view[: len(data)] = data
        return len(data)

    def _open(self) -> int:
        with self._lock:
            if self._descriptor is None:
                try:
                    self._descriptor = os.open(self._path, os.O_RDONLY | _BINARY)
                except FileNotFoundError:
                    raise ConflictError(
                        "another process brought this dataset to another version: make it anew"
                    ) from None
                except OSError as error:
                    raise safe_error(error) from None
            return self._descriptor
