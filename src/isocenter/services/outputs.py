"""Names of outputs, and writing them so that no half object is ever visible (DESIGN 4).

Everything is written to a hidden temporary file in the target's own folder, forced onto the disk,
and only then given its name, never over a file that is there already. Bulk bytes are copied by
the kernel.
"""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import NamedTuple, Self

from isocenter.dicom.streams import ByteRange, Piece
from isocenter.errors import ConflictError, IsocenterError
from isocenter.services.durability import Forcing, force_folder
from isocenter.services.files import FileSource
from isocenter.services.pieces import NOT_THIS_WAY, OnBytes, OpenSource, PieceWriter
from isocenter.system_errors import safe_error

TEMPORARY_PREFIX = ".isocenter-"
TEMPORARY_SUFFIX = ".part"

_COMPARED_BYTES = 1 << 20
_USUAL_MODE = 0o666
_IS_WINDOWS = os.name == "nt"
_WRITE_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)
# What file systems without links answer.
_NO_LINKS_HERE = NOT_THIS_WAY | {errno.EMLINK, errno.EACCES}


class Placed(NamedTuple):
    """The name that a file gets; not ``is_new`` where that file was there already."""

    path: Path
    size_bytes: int
    is_new: bool


class _Written(NamedTuple):
    """A complete temporary file and the name that it shall get."""

    temporary: str
    target: Path


def write_pieces(
    target: Path,
    pieces: Iterable[Piece],
    open_source: OpenSource,
    *,
    overwrite: bool = False,
    durable: bool = True,
    on_bytes: OnBytes | None = None,
) -> int:
    """Write one file as a whole or not at all; return its length in bytes.

    Parameters
    ----------
    target
        The final name; its folder exists.
    pieces
        Bytes, and ranges of sources that are copied untouched.
    open_source
        Gives an open source for a ``source_index``; it is closed here after use.
    overwrite
        Whether a file of this name may be replaced.
    durable
        Whether to wait until the file and its name are on the disk.
    on_bytes
        Is told how many bytes were added; whatever it raises stops the writing.

    Raises
    ------
    ConflictError
        If the name is taken, or a source ends before its range does.
    UnavailableError, NotFoundError
        If the disk is full, the folder read-only or missing, and the like.
    """
    with Batch(durable=durable, on_bytes=on_bytes) as batch:
        size_bytes = batch.write(target, pieces, open_source)
        batch.publish(overwrite=overwrite)
    return size_bytes


def write_bytes(
    target: Path,
    data: bytes,
    *,
    overwrite: bool = True,
    durable: bool = True,
    mode: int = _USUAL_MODE,
) -> None:
    """Write a small file as a whole or not at all, in place of an older one by default.

    Parameters
    ----------
    mode
        Permissions of the file from its first byte on, less what the user's mask takes away.

    Raises
    ------
    ConflictError, UnavailableError, NotFoundError
        As ``write_pieces`` does.
    """
    with Batch(durable=durable, mode=mode) as batch:
        batch.write(target, [data], _no_source)
        batch.publish(overwrite=overwrite)


def possible_paths(folder: Path, stem: str, suffix: str) -> Iterator[Path]:
    """Yield ``stem.suffix``, ``stem_1.suffix``, ``stem_2.suffix``, ... without end."""
    yield folder / f"{stem}{suffix}"
    for number in count(1):
        yield folder / f"{stem}_{number}{suffix}"


def folder_for(source: Path, roots: Iterable[Path], out: Path | None) -> Path:
    """Return the folder for the outputs of one file: beside it, or in ``out`` by relative name.

    Parameters
    ----------
    source
        A file as ``find_files`` gave it.
    roots
        The files and folders that the caller named.
    out
        The caller's folder for outputs, ``None`` for beside the input.
    """
    if out is None:
        return source.parent
    for root in roots:
        if source != root and source.is_relative_to(root):
            return out / source.parent.relative_to(root)
    return out


def make_folder(folder: Path) -> None:
    """Make a folder and its parents where they are missing.

    Raises
    ------
    UnavailableError
        If that is not possible.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise safe_error(error) from None


class Batch:
    """Several files that get their names together, after the last one is complete.

    On leaving the ``with`` block, whatever was not published is removed; if publishing fails or
    is interrupted, the names that were already given are taken back (not with ``overwrite``,
    where the old file is gone).
    """

    def __init__(
        self,
        *,
        durable: bool = True,
        on_bytes: OnBytes | None = None,
        mode: int = _USUAL_MODE,
        threads: ThreadPoolExecutor | None = None,
    ) -> None:
        self._mode = mode
        self._forcing = Forcing(threads) if durable else None
        self._on_bytes = on_bytes
        self._written: list[_Written] = []
        self._named: list[_Written] = []
        self._targets: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove whatever was not published."""
        if self._forcing is not None:
            self._forcing.stop()
        for written in self._named:
            if _has_its_name(written):
                _remove(written.target)
        for written in self._written:
            _remove(written.temporary)
        self._named.clear()
        self._written.clear()

    def write(self, target: Path, pieces: Iterable[Piece], open_source: OpenSource) -> int:
        """Write a temporary file for ``target``; return its length in bytes.

        Raises
        ------
        ConflictError, UnavailableError, NotFoundError
            As ``write_pieces`` does.
        """
        name = f"{TEMPORARY_PREFIX}{os.urandom(8).hex()}{TEMPORARY_SUFFIX}"
        temporary = os.path.join(target.parent, name)  # noqa: PTH118 - once per output
        # It is remembered before it exists, so that no interrupt can leave it behind.
        self._written.append(_Written(temporary, target))
        try:
            fd = os.open(temporary, _WRITE_FLAGS, self._mode)
            if self._forcing is None:
                try:
                    return PieceWriter(fd, open_source, self._on_bytes).write(pieces)
                finally:
                    os.close(fd)
            return self._write_and_force(fd, pieces, open_source, self._forcing)
        except OSError as error:
            raise safe_error(error) from None

    def _write_and_force(
        self, fd: int, pieces: Iterable[Piece], open_source: OpenSource, forcing: Forcing
    ) -> int:
        """Write to a file that is forced onto the disk meanwhile, and closed in the end."""

        def tell(size_bytes: int) -> None:
            forcing.wrote(fd, size_bytes)
            if self._on_bytes is not None:
                self._on_bytes(size_bytes)

        try:
            size_bytes = PieceWriter(fd, open_source, tell).write(pieces)
        except BaseException:
            forcing.abandon(fd)
            raise
        forcing.finish(fd)
        return size_bytes

    def place(
        self,
        folder: Path,
        stem: str,
        suffix: str,
        pieces: Iterable[Piece],
        open_source: OpenSource,
    ) -> Placed:
        """Write a file under the first of ``possible_paths`` that nothing else has or will have.

        Where a file of one of these names holds exactly these bytes already, that one is the
        output and nothing is written: so the same action can be run again and again.

        Raises
        ------
        ConflictError, UnavailableError, NotFoundError
            As ``write_pieces`` does.
        """
        size_bytes = self.write(folder / f"{stem}{suffix}", pieces, open_source)
        path, is_new = self.name_last(folder, stem, suffix)
        return Placed(path, size_bytes, is_new)

    def name_last(self, folder: Path, stem: str, suffix: str) -> tuple[Path, bool]:
        """Choose the name of the last file as ``place`` does; return it and whether it is new."""
        temporary = self._written[-1].temporary
        for path in possible_paths(folder, stem, suffix):
            if path in self._targets:
                continue
            if not os.path.lexists(path):
                break
            if is_same(Path(temporary), path):
                _remove(temporary)
                self._written.pop()
                return path, False
        self._targets.add(path)
        self._written[-1] = _Written(temporary, path)
        return path, True

    def check_last(self, pieces: Iterable[Piece], open_source: OpenSource, model: Path) -> None:
        """Compare the last file with what it was made of; give it the permissions of ``model``.

        Raises
        ------
        ConflictError
            If they differ.
        """
        temporary = Path(self._written[-1].temporary)
        try:
            shutil.copymode(model, temporary)
        except OSError as error:
            raise safe_error(error) from None
        if not _holds(temporary, pieces, open_source):
            raise ConflictError("what was written is not what was made")

    def publish(self, *, overwrite: bool = False, folders: set[Path] | None = None) -> list[Path]:
        """Give all files their names, durably if so wished; return the names.

        Parameters
        ----------
        overwrite
            Whether files of these names may be replaced.
        folders
            Is told the folders whose names the caller will force onto the disk itself, once for
            several of these.

        Raises
        ------
        ConflictError
            If a name is taken.
        UnavailableError
            If the disk fails.
        """
        try:
            if self._forcing is not None:
                self._forcing.wait()
            for written in self._written:
                if overwrite:
                    os.replace(written.temporary, written.target)  # noqa: PTH105
                else:
                    # Remembered first: an interrupt may come right after the name is given.
                    self._named.append(written)
                    name_new(written.temporary, written.target)
                    _remove(written.temporary)
            changed = {written.target.parent for written in self._written}
            if folders is not None:
                folders |= changed
            elif self._forcing is not None:
                for folder in changed:
                    force_folder(folder)
        except FileExistsError:
            raise ConflictError("a file of this name exists already") from None
        except OSError as error:
            raise safe_error(error) from None
        names = [written.target for written in self._written]
        self._named.clear()
        self._written.clear()
        return names


def _no_source(_: int) -> FileSource:
    raise AssertionError


def is_same(first: Path, second: Path) -> bool:
    """Return whether two files hold the same bytes; what cannot be read is not the same."""
    try:
        with FileSource(first) as ours, FileSource(second) as theirs:
            if ours.size != theirs.size:
                return False
            return all(
                ours.read_at(offset, _COMPARED_BYTES) == theirs.read_at(offset, _COMPARED_BYTES)
                for offset in range(0, ours.size, _COMPARED_BYTES)
            )
    except IsocenterError:
        return False


def _holds(path: Path, pieces: Iterable[Piece], open_source: OpenSource) -> bool:
    """Return whether a file holds exactly these pieces."""
    offset = 0
    with contextlib.ExitStack() as stack:
        written = stack.enter_context(FileSource(path))
        sources: dict[int, FileSource] = {}
        for piece in pieces:
            if not isinstance(piece, ByteRange):
                if written.read_at(offset, len(piece)) != piece:
                    return False
                offset += len(piece)
                continue
            if piece.source_index not in sources:
                opened = stack.enter_context(open_source(piece.source_index))
                sources[piece.source_index] = opened
            if not _is_same_range(written, offset, sources[piece.source_index], piece):
                return False
            offset += piece.length
        return offset == written.size


def _is_same_range(written: FileSource, offset: int, source: FileSource, piece: ByteRange) -> bool:
    for start in range(0, piece.length, _COMPARED_BYTES):
        length = min(_COMPARED_BYTES, piece.length - start)
        if written.read_at(offset + start, length) != source.read_at(piece.offset + start, length):
            return False
    return True


def force(folder: Path) -> None:
    """Make the names in a folder durable.

    Raises
    ------
    UnavailableError
        If the disk fails.
    """
    try:
        force_folder(folder)
    except OSError as error:
        raise safe_error(error) from None


def name_new(temporary: str | Path, target: Path) -> None:
    """Give a file its name, but never that of another; the temporary name may stay.

    Raises
    ------
    OSError
        ``FileExistsError`` if the name is taken.
    """
    if _IS_WINDOWS:
        os.rename(temporary, target)  # noqa: PTH104 - refuses an existing target there
        return
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS_HERE:
            raise
        # FAT and some network file systems have no links; a look before comes close.
        if os.path.lexists(target):
            raise FileExistsError from None
        os.rename(temporary, target)  # noqa: PTH104


def _has_its_name(written: _Written) -> bool:
    """Return whether the file that now has the name is ours."""
    try:
        ours = os.lstat(written.temporary)
    except FileNotFoundError:
        return True  # it was renamed
    try:
        return os.path.samestat(ours, os.lstat(written.target))
    except OSError:
        return False


def _remove(path: str | Path) -> None:
    """Remove a file that may be gone; what cannot be removed is hidden and never an input."""
    try:
        os.unlink(path)  # noqa: PTH108
    except OSError:
        return
