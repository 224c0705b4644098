"""Snapshots of learning sets: what was in them at one time, as an archive that never changes.

Preparing one reads every byte once, for the check sums of the archive; what an earlier snapshot
knows is not read again. Only a directory and ``dataset.json`` are written: files lie in the store
already, and whoever downloads gets them from there, from any byte on.
"""

import contextlib
import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson
from isal import isal_zlib

from isocenter.dicom.zip_stream import ZipEntry, directory, local_header
from isocenter.errors import ConflictError, FullError, InvalidInputError, NotFoundError
from isocenter.services.learning_engines import LearningEngines
from isocenter.services.resource_uploads import name_of
from isocenter.services.snapshot_document import NAME, entry_of, iso_time
from isocenter.store.annotation_rows import annotations_by_resource
from isocenter.store.blob_rows import keep
from isocenter.store.blobs import BlobReader, StagedBlob
from isocenter.store.learning_rows import LearningSet, find_set, member_pages, split_names
from isocenter.store.snapshot_rows import (
    Snapshot,
    SnapshotFile,
    add_snapshot,
    files_from,
    find_snapshot,
    known_crcs,
    list_snapshots,
    snapshot_of_version,
)

_PAGE = 200
_STEP_BYTES = 1 << 20
_TURN_BYTES = 1 << 26  # so much is read before whoever waits is told how far it is
_ROWS_AHEAD = 500
_RETRY_SECONDS = 30
_CHANGED = "the dataset changed while it was prepared: prepare it again"


class Progress(NamedTuple):
    """How many of the resources are ready."""

    done: int
    total: int


@dataclass(slots=True)
class _Draft:
    """A snapshot that is being made: names, keys and lengths of its files in order."""

    found: LearningSet
    who: str
    names: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    resource_ends: list[int] = field(default_factory=list)
    splits: dict[str, int] = field(default_factory=dict)
    digest: str = ""


class SnapshotArchive:
    """The bytes of a snapshot's archive, at any place; used by one thread at a time."""

    def __init__(self, engines: LearningEngines, snapshot: Snapshot) -> None:
        self._engines = engines
        self.snapshot = snapshot
        self.size = snapshot.size_bytes
        self._ahead: list[SnapshotFile] = []
        self._open: tuple[str, BlobReader] | None = None
        self._lock = threading.Lock()

    @property
    def key(self) -> str:
        """What tells this archive from all others: the SHA-256 of its directory."""
        return self.snapshot.directory_key

    def read_at(self, offset: int, length: int, /) -> bytes:
        """Return bytes of the archive, fewer at its end."""
        wanted = min(length, self.size - offset)
        pieces: list[bytes] = []
        with self._lock:
            while wanted > 0:
                piece = self._piece(offset, wanted)
                if not piece:
                    break  # the caller sees that a file ends early
                pieces.append(piece)
                offset += len(piece)
                wanted -= len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            if self._open is not None:
                self._open[1].close()
                self._open = None

    def _piece(self, offset: int, wanted: int) -> bytes:
        snapshot = self.snapshot
        if offset >= snapshot.directory_offset:
            return self._reader(snapshot.directory_key).read_at(
                offset - snapshot.directory_offset, wanted
            )
        file = self._file_at(offset)
        header = local_header(ZipEntry(file.name, file.size_bytes, file.crc, file.place))
        within = offset - file.place
        if within < len(header):
            return header[within : within + wanted]
        within -= len(header)
        left = min(wanted, file.size_bytes - within)
        return self._reader(file.blob_key).read_at(within, left)

    def _file_at(self, offset: int) -> SnapshotFile:
        """Return the file whose header or bytes are there; rows are read some at a time."""
        for index, file in enumerate(self._ahead):
            if file.place <= offset < _end_of(file):
                del self._ahead[:index]
                return file
        with self._engines.database.read() as connection:
            self._ahead = files_from(connection, self.snapshot.number, offset, _ROWS_AHEAD)
        if not self._ahead:
            raise NotFoundError("the dataset was deleted")
        return self._ahead[0]

    def _reader(self, key: str) -> BlobReader:
        if self._open is None or self._open[0] != key:
            if self._open is not None:
                self._open[1].close()
                self._open = None
            self._open = (key, self._engines.blobs.open(key))
        return self._open[1]


class Snapshots:
    """All snapshots; safe for any number of threads."""

    def __init__(self, engines: LearningEngines) -> None:
        self._engines = engines
        self._turns = threading.BoundedSemaphore(engines.limits.preparations_at_once)

    def versions(self, owner: str, set_id: str) -> list[Snapshot]:
        """Return the snapshots of a learning set, the newest first.

        Raises
        ------
        NotFoundError
            If the owner has no such set.
        """
        with self._engines.database.read() as connection:
            return list_snapshots(connection, find_set(connection, owner, set_id).number)

    def open(self, owner: str, snapshot_id: str) -> SnapshotArchive:
        """Return the archive of a snapshot; the caller closes it.

        Raises
        ------
        NotFoundError
            If the owner has no such one.
        """
        with self._engines.database.begin() as connection:
            found = find_snapshot(connection, owner, snapshot_id)
            self._engines.audit.record(
                connection, owner, "dataset.download", ("snapshot", snapshot_id)
            )
        return SnapshotArchive(self._engines, found)

    def prepare(
        self, owner: str, set_id: str, version: int | None = None
    ) -> Iterator[Progress | Snapshot]:
        """Make a snapshot of what a learning set is now; the last value is the snapshot.

        Where nothing changed since the last one, it is that one.

        Parameters
        ----------
        version
            That of an earlier snapshot, which is given as it is.

        Raises
        ------
        NotFoundError
            If the owner has no such set, or it has no such version.
        ConflictError
            If resources are deleted meanwhile.
        FullError
            If as many are prepared as may be.
        """
        if not self._turns.acquire(blocking=False):
            most = self._engines.limits.preparations_at_once
            raise FullError("preparations", most, _RETRY_SECONDS)
        try:
            yield from self._prepare(owner, set_id, version)
        finally:
            self._turns.release()

    def _prepare(
        self, owner: str, set_id: str, version: int | None
    ) -> Iterator[Progress | Snapshot]:
        with self._engines.database.read() as connection:
            found = find_set(connection, owner, set_id)
            wanted = found.next_version if version is None else version
            there = snapshot_of_version(connection, found.number, wanted)
        yield Progress(0, found.resource_count)
        if there is None and wanted == found.next_version:
            for made in self._make(owner, set_id):
                if isinstance(made, Snapshot):
                    there = made
                else:
                    yield made
        if there is None:
            raise NotFoundError(f"the dataset has no version {wanted}")
        yield Progress(there.resource_count, there.resource_count)
        yield there

    def _make(self, owner: str, set_id: str) -> Iterator[Progress | Snapshot]:
        engines = self._engines
        with contextlib.ExitStack() as stack:
            staged: list[StagedBlob] = []
            stack.callback(lambda: engines.blobs.discard(*staged))
            draft, document = self._describe(owner, set_id)
            staged.append(document)
            crcs: dict[str, int] = {}
            for done in self._check_sums(draft, document, crcs):
                yield Progress(done, len(draft.resource_ends))
            sums = [crcs[key] for key in draft.keys]
            files, end = _layout(draft, sums)
            listed = directory(
                [ZipEntry(one.name, one.size_bytes, one.crc, one.place) for one in files], end
            )
            with engines.blobs.new_writer() as writer:
                writer.write(listed)
                staged.append(writer.finish())
            yield self._keep(owner, draft, staged, files, end)

    def _describe(self, owner: str, set_id: str) -> tuple[_Draft, StagedBlob]:
        """Write ``dataset.json`` from one view of the database; it is the first of the files."""
        engines = self._engines
        digest = hashlib.sha256()
        with engines.database.read() as connection, engines.blobs.new_writer() as writer:
            found = find_set(connection, owner, set_id)
            draft = _Draft(found, name_of(connection, owner))
            splits = split_names(connection, found.number)
            images: list[bytes] = []
            writer.write(b'{"resources":[')
            for page in member_pages(connection, found.number, _PAGE):
                notes = annotations_by_resource(connection, [one.number for one in page])
                for one in page:
                    split = splits.get(one.number)
                    entry = entry_of(one, notes.get(one.number, []), split)
                    told = orjson.dumps(entry.told)
                    digest.update(hashlib.sha256(told).digest())
                    writer.write(b"," + told if images else told)
                    images.append(orjson.dumps(entry.image))
                    _note_files(draft, entry.files)
                    if split is not None:
                        draft.splits[split] = draft.splits.get(split, 0) + 1
            writer.write(b'],"images":[')
            for number, image in enumerate(images):
                writer.write(b"," + image if number else image)
            draft.digest = digest.hexdigest()
            about = {
                "id": found.id,
                "name": found.name,
                "description": found.description,
                "version": found.next_version,
                "updated_at": iso_time(found.changed_ms),
                "sha256": draft.digest,
                "resource_count": len(images),
                "splits": draft.splits,
            }
            writer.write(b"]," + orjson.dumps(about)[1:])
            document = writer.finish()
        draft.names.insert(0, NAME)
        draft.keys.insert(0, document.key)
        draft.sizes.insert(0, document.size_bytes)
        return draft, document

    def _check_sums(
        self, draft: _Draft, document: StagedBlob, crcs: dict[str, int]
    ) -> Iterator[int]:
        """Fill in the check sum of each key; yield how many resources are ready."""
        blobs = self._engines.blobs
        with self._engines.database.read() as connection:
            crcs |= known_crcs(connection, sorted(set(draft.keys)))
        turn = 0
        done = 0
        for number, key in enumerate(draft.keys):
            if key not in crcs:
                try:
                    is_new = key == document.key
                    opened = blobs.open_staged(document) if is_new else blobs.open(key)
                except NotFoundError:
                    raise ConflictError(_CHANGED) from None
                with opened as reader:
                    crc = 0
                    for offset in range(0, reader.size, _STEP_BYTES):
                        crc = isal_zlib.crc32(reader.read_at(offset, _STEP_BYTES), crc)
                        turn += _STEP_BYTES
                        if turn >= _TURN_BYTES:
                            turn = 0
                            yield done
                    crcs[key] = crc
            while done < len(draft.resource_ends) and draft.resource_ends[done] <= number:
                done += 1

    def _keep(
        self,
        owner: str,
        draft: _Draft,
        staged: Sequence[StagedBlob],
        files: Sequence[SnapshotFile],
        end: int,
    ) -> Snapshot:
        engines = self._engines
        found = draft.found
        now_ms = engines.clock()
        snapshot_id = engines.new_id()
        values = {
            "id": snapshot_id,
            "set_number": found.number,
            "version": found.next_version,
            "set_changed_ms": found.changed_ms,
            "digest": draft.digest,
            "resource_count": len(draft.resource_ends),
            "splits": draft.splits,
            "size_bytes": end + staged[-1].size_bytes,
            "directory_offset": end,
            "directory_key": staged[-1].key,
            "created_ms": now_ms,
            "created_by": draft.who,
        }
        try:
            with engines.database.begin() as connection:
                keep(connection, engines.blobs, staged, now_ms)
                add_snapshot(connection, values, files)
                engines.audit.record(
                    connection, owner, "dataset.prepare", ("snapshot", snapshot_id)
                )
        except ConflictError:
            # Somebody else made this version meanwhile, or bytes are gone.
            with engines.database.read() as connection:
                there = snapshot_of_version(connection, found.number, found.next_version)
            if there is None:
                raise ConflictError(_CHANGED) from None
            return there
        with engines.database.read() as connection:
            return find_snapshot(connection, owner, snapshot_id)


def parse_version(text: str) -> int | None:
    """Return the number of a version; ``None`` for the latest.

    Raises
    ------
    InvalidInputError
        If it is neither.
    """
    if text in {"", "latest"}:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInputError("version is a number or latest")
    return int(text)


def _note_files(draft: _Draft, files: Sequence[tuple[str, str, int]]) -> None:
    for name, key, size_bytes in files:
        draft.names.append(name)
        draft.keys.append(key)
        draft.sizes.append(size_bytes)
    # The document will stand before all.
    draft.resource_ends.append(len(draft.names))


def _layout(draft: _Draft, crcs: Sequence[int]) -> tuple[list[SnapshotFile], int]:
    """Return the files with their places, and where the directory begins."""
    files = []
    place = 0
    for name, key, size_bytes, crc in zip(draft.names, draft.keys, draft.sizes, crcs, strict=True):
        file = SnapshotFile(place, name, key, size_bytes, crc)
        files.append(file)
        place = _end_of(file)
    return files, place


def _end_of(file: SnapshotFile) -> int:
    header = local_header(ZipEntry(file.name, file.size_bytes, file.crc, file.place))
    return file.place + len(header) + file.size_bytes
