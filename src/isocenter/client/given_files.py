"""What callers give to be uploaded, as files with a name that can be read more than once.

Paths, patterns, folders, bytes, open files, pydicom Data Sets, and any iterable of these.
"""

import contextlib
import glob
import io
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, runtime_checkable

import isocenter.client as doors
from isocenter.client.scratch import new_scratch
from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.system_errors import safe_error

Reader = contextlib.AbstractContextManager[BinaryIO]

_DIGITS = re.compile(r"(\d+)")


@runtime_checkable
class _Stream(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@runtime_checkable
class DicomDataset(Protocol):
    """A pydicom Data Set, recognised without importing pydicom."""

    def save_as(self, filename: BinaryIO, /) -> None:
        """Write it."""

    def to_json_dict(self) -> dict[str, object]:
        """Return it in the JSON model."""


class GivenFile(NamedTuple):
    """One file.

    Attributes
    ----------
    name
        As the caller calls it, folders included; data, never a path of ours.
    open
        Gives it from its beginning, as often as wished, one after the other.
    """

    name: str
    open: Callable[[], Reader]


def find_items(given: object) -> tuple[Iterable[object], bool]:
    """Return the things that are meant, and whether it is one thing alone.

    Folders and patterns become their files, in natural order, those in their folders included.

    Raises
    ------
    InvalidInputError
        If it is none of the kinds above.
    NotFoundError
        If nothing fits a pattern or lies in a folder.
    """
    if isinstance(given, str | os.PathLike):
        found = _paths(given)
        return (found, False) if found is not None else ([given], True)
    if isinstance(given, bytes | bytearray | _Stream | DicomDataset):
        return [given], True
    if isinstance(given, Iterable):
        return _each(given), False
    raise InvalidInputError(
        "files are paths, folders, patterns, bytes, open files or Data Sets, one or many"
    )


def open_item(item: object, stack: contextlib.ExitStack) -> GivenFile:
    """Return one thing as a file; what it holds in the meantime goes with ``stack``.

    Raises
    ------
    InvalidInputError
        If it is nothing that can be uploaded.
    NotFoundError, UnavailableError
        If it cannot be read.
    """
    if isinstance(item, str | os.PathLike):
        return _of_path(Path(item).expanduser())
    if isinstance(item, bytes | bytearray):
        data = bytes(item)
        return GivenFile("file", lambda: io.BytesIO(data))
    if isinstance(item, DicomDataset):
        encoded = doors.encode_dataset(item)
        name = getattr(item, "filename", None)
        named = os.fspath(name) if isinstance(name, str | os.PathLike) else "instance.dcm"
        return GivenFile(named, lambda: io.BytesIO(encoded))
    if isinstance(item, _Stream):
        return _of_stream(item, stack)
    raise InvalidInputError(f"a {type(item).__name__} cannot be uploaded")


def _each(given: Iterable[object]) -> Iterator[object]:
    for one in given:
        found = _paths(one) if isinstance(one, str | os.PathLike) else None
        if found is None:
            yield one
        else:
            yield from found


def _paths(given: str | os.PathLike[str]) -> list[Path] | None:
    """Return the files of a folder or a pattern; ``None`` where it is one path."""
    path = Path(given).expanduser()
    if path.is_dir():
        found = [one for one in path.rglob("*") if one.is_file() and not _is_hidden(one, path)]
    elif not path.exists() and glob.has_magic(str(path)):
        named = glob.iglob(str(path), recursive=True)  # noqa: PTH207 - of any root, also absolute
        found = [one for one in map(Path, named) if one.is_file()]
    else:
        return None
    if not found:
        raise NotFoundError("there is no file in this folder or with such a name")
    return sorted(found, key=_natural)


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _natural(path: Path) -> list[tuple[bool, int, str]]:
    parts = _DIGITS.split(str(path))
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def _of_path(path: Path) -> GivenFile:
    def open_path() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as error:
            raise safe_error(error) from None

    return GivenFile(str(path), open_path)


def _of_stream(stream: _Stream, stack: contextlib.ExitStack) -> GivenFile:
    """Return what is left of a stream, kept so that it can be read again."""
    kept = new_scratch(stack)
    try:
        shutil.copyfileobj(stream, kept)
    except TypeError:
        raise InvalidInputError("the file is open as text: open it as bytes, mode 'rb'") from None

    def again() -> Reader:
        kept.seek(0)
        return contextlib.nullcontext(kept)

    name = getattr(stream, "name", "")
    return GivenFile(name if isinstance(name, str) and name else "file", again)
