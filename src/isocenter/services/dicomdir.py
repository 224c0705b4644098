"""Make a DICOMDIR: in a folder whose names are legal, or in a copy with legal names.

No file of the folder is touched but the DICOMDIR itself. Everything is decided before anything is
written: a copy appears with all its files, or not at all.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import path as os_path
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.dicomdir import NAME, directory_pieces, is_file_id
from isocenter.dicom.dicomdir_entry import Entry, has_whole_meta, is_directory, read_entry
from isocenter.dicom.dicomdir_tree import (
    Arrangement,
    FileId,
    arrange,
    name_files,
    profile_warnings,
)
from isocenter.dicom.header_index import FileMeta, index_meta
from isocenter.dicom.part10 import file_meta
from isocenter.dicom.streams import ByteRange, Piece
from isocenter.errors import (
    ConflictError,
    InvalidInputError,
    IsocenterError,
    NotFoundError,
    UnusualEncodingError,
)
from isocenter.jobs.sandbox import Sandbox
from isocenter.services.files import FileSource, FileStamp, find_files
from isocenter.services.leftovers import remove_old
from isocenter.services.locks import FolderLock
from isocenter.services.outputs import Batch, is_same, make_folder
from isocenter.services.reports import FileOutcome, Output, Report, Work
from isocenter.services.scratch import scratch_folder
from isocenter.services.sources import OpenedFile, open_dicom, open_rewritten

_CHUNK_FILES = 32
_COMPARED_BYTES = 1 << 20
_NO_META = (
    "it has no complete File Meta Information, as a file that a DICOMDIR refers to must have "
    "(PS3.10 7.1)"
)
_ILLEGAL = (
    "its name cannot stand in a DICOMDIR, which takes at most 8 levels of at most 8 characters "
    "A-Z, 0-9 and _ (PS3.10 8.2): make a copy with legal names by isocenter dicomdir --copy DIR"
)
_UNWRITTEN = "no DICOMDIR was made, because of other files"


def dicomdir(work: Work) -> Report:
    """Make a DICOMDIR of all Instances that the paths mean; report what became of each file.

    Options: ``copy`` or an ``out`` folder, where copies of the files get legal names
    (``PT000000/ST000000/SE000000/IM000000``) and the DICOMDIR; without, the DICOMDIR is made
    in the folder itself, or with ``parent`` in the folder above it, if all names are legal.

    Raises
    ------
    InvalidInputError
        If the options contradict one another.
    ConflictError
        If the folder for copies holds other files, or a file named DICOMDIR is none.
    UnavailableError, NotFoundError
        If the folder cannot be written; then nothing is left in it.
    TooLargeError
        If there are more files than ``limits`` or a DICOMDIR allow.
    CancelledError
        If the caller stops it; then nothing was written.
    """
    copies = _folder_for_copies(work)
    report = Report("dicomdir")
    problems: list[FileOutcome] = []
    files = find_files(
        work.paths, recursive=work.recursive, limits=work.limits, on_problem=problems.append
    )
    root = _root(work) if copies is None else copies
    below = copies is not None and any(_inside(copies, folder) for folder in work.paths)
    files = [path for path in files if not _is_ours(path, root, is_below=below)]
    work.progress.start(len(files), "Reading")
    found = _read_files(work, files, needs_meta=copies is None)
    work.progress.finish()
    usable = [one for one in found if one.entry is not None]
    arranged = arrange([one.entry for one in usable if one.entry is not None])
    outcomes = _refusals(usable, arranged)
    if len(outcomes) < len(usable):
        if copies is None:
            _write_in_place(work, root, usable, arranged, outcomes, report)
        else:
            _write_copies(work, root, usable, arranged, outcomes, report)
    by_path = {usable[number].path: outcome for number, outcome in outcomes.items()}
    report.files = [one.outcome or by_path[one.path] for one in found]
    report.files.extend(problems)
    notes = Counter(note for one in usable for note in one.notes)
    report.warnings.extend(f"{notes[note]} file(s): {note}" for note in sorted(notes))
    return report


def _folder_for_copies(work: Work) -> Path | None:
    chosen = str(work.options.get("copy") or "")
    out = None if work.is_staging else work.out
    if chosen and out is not None:
        raise InvalidInputError("copies go into one folder: give --copy or --out, not both")
    if work.options.get("parent") and (chosen or out is not None):
        raise InvalidInputError("a copy has its DICOMDIR in its own folder, not in the one above")
    if work.options.get("parent") and work.is_staging:
        raise InvalidInputError("a watched folder has its DICOMDIR in itself, not in the one above")
    return Path(chosen) if chosen else out


def _root(work: Work) -> Path:
    """Return the folder of the DICOMDIR: the one that was named, or that of the files named."""
    folders = [path if path.is_dir() else path.parent for path in work.paths]
    if len(folders) == 1:
        root = folders[0]
    else:
        try:
            root = Path(os_path.commonpath([_absolute(folder) for folder in folders]))
        except ValueError:
            raise InvalidInputError("the files lie on several drives: use --copy DIR") from None
    if work.options.get("parent"):
        return _absolute(root).parent
    return root


def _is_ours(path: Path, root: Path, *, is_below: bool) -> bool:
    """Return whether a file is an earlier result that lies among the inputs.

    Parameters
    ----------
    is_below
        Whether ``root`` is for copies and lies in a folder that was named.
    """
    if is_below and _inside(path, root) is not None:
        return True
    return path.name == NAME and _inside(path, root) == (NAME,) and _is_a_directory(path)


def _absolute(path: Path) -> Path:
    """Return a path without dots; links stay what they are, as the names are what counts."""
    return Path(os_path.normpath(path.absolute()))


def _inside(path: Path, folder: Path) -> FileId | None:
    """Return the names from a folder down to a path, ``None`` where it lies elsewhere."""
    try:
        return _absolute(path).relative_to(_absolute(folder)).parts
    except ValueError:
        return None


def _is_a_directory(path: Path) -> bool:
    """Return whether a file is a DICOMDIR and may be replaced by another one."""
    try:
        with FileSource(path) as source:
            return is_directory(index_meta(source).elements)
    except IsocenterError:
        return False


class _Found(NamedTuple):
    """One file and what the directory says of it, or why it says nothing.

    Attributes
    ----------
    data_offset
        Where the Data Set starts if a copy needs another file meta, else ``None``.
    """

    path: Path
    stamp: FileStamp | None = None
    entry: Entry | None = None
    data_offset: int | None = None
    outcome: FileOutcome | None = None
    notes: tuple[str, ...] = ()


def _read_files(work: Work, files: Sequence[Path], *, needs_meta: bool) -> list[_Found]:
    """Return what is to be said of each file, in order; several are read at once."""
    found: list[_Found] = []
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder())
        sandbox = stack.enter_context(Sandbox(work.limits))
        threads = ThreadPoolExecutor(max(1, min(work.jobs, len(files))))
        stack.callback(threads.shutdown, cancel_futures=True)
        reader = _Reader(work, sandbox, scratch, needs_meta=needs_meta)
        chunks = [files[at : at + _CHUNK_FILES] for at in range(0, len(files), _CHUNK_FILES)]
        try:
            for some in threads.map(reader.read, chunks):
                found.extend(some)
                work.progress.advance(len(some))
                work.progress.check_cancelled()
        except BaseException:
            reader.is_stopped = True
            sandbox.kill()
            raise
    return found


class _Reader:
    """Reads files in the words of the directory."""

    def __init__(self, work: Work, sandbox: Sandbox, scratch: Path, *, needs_meta: bool) -> None:
        self._work = work
        self._sandbox = sandbox
        self._scratch = scratch
        self._needs_meta = needs_meta
        self.is_stopped = False

    def read(self, paths: Sequence[Path]) -> list[_Found]:
        """Return what is to be said of some files."""
        return [self._read_one(path) for path in paths if not self.is_stopped]

    def _read_one(self, path: Path) -> _Found:
        try:
            opened = open_dicom(path, self._sandbox, self._scratch, self._work.limits)
            try:
                return self._read_opened(opened)
            except UnusualEncodingError:
                # Opening looks at the root only; a sequence among the keys can be odd inside.
                limits = self._work.limits
                opened = open_rewritten(path, self._sandbox, self._scratch, limits)
                return self._read_opened(opened)
        except IsocenterError as error:
            return _Found(path, outcome=self._work.refused(path, error))

    def _read_opened(self, opened: OpenedFile) -> _Found:
        try:
            if opened.source.path == opened.path:
                return self._judge(opened, None, opened.source)
            with FileSource(opened.path) as original:
                return self._judge(opened, index_meta(original, self._work.limits), original)
        finally:
            opened.close()
            if opened.source.path != opened.path:
                opened.source.path.unlink(missing_ok=True)

    def _judge(self, opened: OpenedFile, meta: FileMeta | None, source: FileSource) -> _Found:
        """Return what is to be said; ``meta`` is that of the file where a copy was indexed."""
        if is_directory(opened.header.meta if meta is None else meta.elements):
            reason = "a DICOMDIR, which refers to files and is none of them"
            return _Found(opened.path, outcome=FileOutcome(opened.path, "skipped", reason))
        entry = read_entry(opened.header, meta)
        data_offset = None
        if not has_whole_meta(opened.header, meta):
            if self._needs_meta:
                raise InvalidInputError(f"{_NO_META}: make a copy by isocenter dicomdir --copy DIR")
            if meta is not None:
                raise InvalidInputError(f"{_NO_META}, and its encoding is odd")
            data_offset = index_meta(source, self._work.limits).end
        return _Found(opened.path, source.stamp, entry, data_offset, None, entry.notes)


def _refusals(usable: Sequence[_Found], arranged: Arrangement) -> dict[int, FileOutcome]:
    """Return what became of the files that the directory cannot have."""
    outcomes = {}
    for number, refused in arranged.refused.items():
        path, other = usable[number].path, usable[refused.other].path
        if refused.is_duplicate and is_same(path, other):
            outcomes[number] = FileOutcome(path, "skipped", "the same bytes as another file")
        else:
            outcomes[number] = FileOutcome(path, "failed", f"{refused.reason}: {other}")
    return outcomes


def _write_in_place(
    work: Work,
    root: Path,
    usable: Sequence[_Found],
    arranged: Arrangement,
    outcomes: dict[int, FileOutcome],
    report: Report,
) -> None:
    """Write a DICOMDIR that refers to the files as they lie there, if all names are legal."""
    ids: dict[int, FileId] = {}
    illegal = []
    for number, one in enumerate(usable):
        if number not in outcomes:
            parts = _inside(one.path, root)
            if parts is None or not is_file_id(parts):
                illegal.append(number)
            else:
                ids[number] = parts
    if illegal:
        for number in (*illegal, *ids):
            path = usable[number].path
            outcomes[number] = (
                FileOutcome(path, "skipped", _UNWRITTEN)
                if number in ids
                else FileOutcome(path, "failed", _ILLEGAL)
            )
        return
    target = (work.out if work.is_staging and work.out is not None else root) / NAME
    remove_old(target.parent, work.limits.leftover_seconds)
    pieces = directory_pieces(arranged, ids)
    work.progress.check_cancelled()
    with Batch(durable=work.durable) as batch:
        is_new = _write_directory(batch, target, pieces)
        batch.publish(overwrite=True)
    _tell(report, target, pieces, arranged)
    for number in ids:
        outcomes[number] = _outcome(usable[number].path, target, is_new=is_new)


def _write_directory(batch: Batch, target: Path, pieces: Sequence[bytes]) -> bool:
    """Write a DICOMDIR that will replace an earlier one; return whether it differs from that."""
    if os_path.lexists(target):
        if not _is_a_directory(target):
            raise ConflictError("there is something named DICOMDIR already that is none")
        if _holds(target, pieces, None):
            return False
    batch.write(target, pieces, _no_source)
    return True


def _outcome(path: Path, output: Path, *, is_new: bool) -> FileOutcome:
    if is_new:
        return FileOutcome(path, "done", outputs=(output,))
    return FileOutcome(path, "unchanged", "it is in the DICOMDIR already", outputs=(output,))


def _write_copies(
    work: Work,
    root: Path,
    usable: Sequence[_Found],
    arranged: Arrangement,
    outcomes: dict[int, FileOutcome],
    report: Report,
) -> None:
    """Copy the files to legal names and write the DICOMDIR beside them."""
    ids = name_files(arranged)
    targets = {number: root.joinpath(*parts) for number, parts in ids.items()}
    _check_folder(root, set(targets.values()) | {root / NAME}, work)
    pieces = directory_pieces(arranged, ids)
    outputs: list[Output] = []
    is_new = False
    work.progress.start(len(targets), "Copying")
    with (
        _new_folders(root, {target.parent for target in targets.values()}),
        _alone_in(root),
        Batch(durable=work.durable) as directory,
        Batch(durable=work.durable, on_bytes=lambda _: work.progress.check_cancelled()) as copies,
    ):
        for number, target in targets.items():
            work.progress.check_cancelled()
            output, is_new_copy = _copy(copies, usable[number], target)
            outputs.append(output)
            is_new = is_new or is_new_copy
            work.progress.advance()
        is_new = _write_directory(directory, root / NAME, pieces) or is_new
        _publish(copies, directory, root / NAME, pieces)
    work.progress.finish()
    _tell(report, root / NAME, pieces, arranged)
    report.outputs.extend(outputs)
    for number, target in targets.items():
        outcomes[number] = _outcome(usable[number].path, target, is_new=is_new)


def _publish(copies: Batch, directory: Batch, target: Path, pieces: Sequence[bytes]) -> None:
    """Give the copies their names, then the directory its own, or none of them."""
    named = copies.publish()
    try:
        directory.publish(overwrite=True)
    except BaseException:
        # An interrupt may come when all is done: then nothing may be taken back.
        if not _holds(target, pieces, None):
            for path in named:
                path.unlink(missing_ok=True)
        raise


def _check_folder(root: Path, expected: set[Path], work: Work) -> None:
    """Refuse a folder with files that would lie in the File-set and be no part of it."""
    if not os_path.lexists(root):
        return
    if not root.is_dir():
        raise ConflictError("the folder for the copies is no folder")
    for path in find_files([root], recursive=True, limits=work.limits):
        if path not in expected:
            raise ConflictError("the folder for the copies holds other files: name a new one")


@contextlib.contextmanager
def _new_folders(root: Path, folders: set[Path]) -> Iterator[None]:
    """Make folders; if what follows fails, those that are new and empty go away again."""
    made: list[Path] = []
    try:
        for folder in sorted({*folders, root}):
            missing = [one for one in (folder, *folder.parents) if not one.exists()]
            made.extend(reversed(missing))
            make_folder(folder)
        yield
    except BaseException:
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


@contextlib.contextmanager
def _alone_in(root: Path) -> Iterator[None]:
    """Keep other runs out of a folder for copies; remove what killed ones left hidden in it.

    The folder may go to somebody else as a whole, and with it whatever lies in it.
    """
    with FolderLock(root) as lock:
        if not lock.is_held:
            raise ConflictError("another run is making copies in this folder")
        for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
            remove_old(folder, 0)
        yield


def _copy(batch: Batch, one: _Found, target: Path) -> tuple[Output, bool]:
    """Write the copy of one file, unless it is there; return it and whether it is new."""

    def open_source(_: int) -> FileSource:
        return FileSource(one.path, expected=one.stamp)

    assert one.entry is not None
    assert one.stamp is not None
    start = one.data_offset or 0
    pieces: list[Piece] = [ByteRange(0, start, one.stamp.size_bytes - start)]
    if one.data_offset is not None:
        entry = one.entry
        meta = file_meta(entry.sop_class_uid, entry.sop_instance_uid, entry.transfer_syntax_uid)
        pieces.insert(0, meta)
    if os_path.lexists(target):
        with open_source(0) as source:
            if not _holds(target, pieces, source):
                raise ConflictError("the folder for the copies holds another File-set")
        return Output(target, target.stat().st_size, 0), False
    return Output(target, batch.write(target, pieces, open_source), 0), True


def _holds(target: Path, pieces: Sequence[Piece], source: FileSource | None) -> bool:
    """Return whether a file holds exactly these pieces."""
    try:
        with FileSource(target) as there:
            offset = 0
            for data in _blocks(pieces, source):
                if there.read_at(offset, len(data)) != data:
                    return False
                offset += len(data)
            return offset == there.size
    except (InvalidInputError, NotFoundError):
        return False


def _blocks(pieces: Sequence[Piece], source: FileSource | None) -> Iterator[bytes]:
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
            continue
        assert source is not None
        for at in range(0, piece.length, _COMPARED_BYTES):
            length = min(_COMPARED_BYTES, piece.length - at)
            yield source.read_at(piece.offset + at, length)


def _tell(report: Report, target: Path, pieces: Sequence[bytes], arranged: Arrangement) -> None:
    report.outputs.append(Output(target, sum(map(len, pieces)), 0))
    report.warnings.extend(arranged.warnings)
    report.warnings.extend(profile_warnings(arranged))


def _no_source(_: int) -> FileSource:
    raise AssertionError("only bytes are written here")
