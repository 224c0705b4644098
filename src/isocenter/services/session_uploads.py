"""The files of one upload: written while they come, stored together in one transaction.

Each file goes into the blob store as it streams in; its header is read when it is whole, and an
archive is expanded. Nothing is visible until ``finish``, and nothing is left without it.
"""

import contextlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

from sqlalchemy import Connection

from isocenter.access.audit import Audit
from isocenter.errors import InvalidInputError, TooLargeError, TooManyFilesError
from isocenter.limits import Limits
from isocenter.services.intake import HEAD_BYTES, expand, guess_facts, is_archive, read_facts
from isocenter.services.session_files import (
    Naming,
    NewFile,
    SessionFile,
    add_files,
    files_named,
    list_names,
    next_number,
    size_of_session,
)
from isocenter.services.session_names import harmless_name
from isocenter.services.session_rows import find_session
from isocenter.store.blob_rows import keep
from isocenter.store.blobs import BlobStore, BlobWriter, StagedBlob
from isocenter.store.database import Database

_MS = 1000


class Engines(NamedTuple):
    """What sessions stand on."""

    database: Database
    blobs: BlobStore
    audit: Audit
    clock: Callable[[], int]
    new_id: Callable[[], str]
    limits: Limits


class Part:
    """One file of an upload; written by one thread at a time, then closed."""

    def __init__(self, upload: "Upload", name: str, writer: BlobWriter) -> None:
        self._upload = upload
        self._name = name
        self._writer = writer
        self._head = bytearray()

    @property
    def size_bytes(self) -> int:
        """How many bytes were written so far."""
        return self._writer.size_bytes

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes; the buffer may be used again afterwards.

        Raises
        ------
        TooLargeError
            If the session would hold more bytes than ``limits.session_bytes``.
        UnavailableError
            If the disk is full.
        """
        if len(self._head) < HEAD_BYTES:
            self._head += memoryview(data).cast("B")[: HEAD_BYTES - len(self._head)]
        self._upload.count_bytes(len(data))
        self._writer.write(data)

    def close(self) -> None:
        """End the file: its header is read; an archive is expanded.

        Raises
        ------
        InvalidInputError
            If it is an archive that cannot be read, or is encrypted.
        TooManyFilesError
            If it holds more files than a session may.
        TooLargeError
            If it expands to more than ``limits`` allow.
        """
        staged = self._writer.finish()
        if is_archive(self._name, bytes(self._head)):
            self._upload.take_archive(staged)
        else:
            self._upload.take(self._name, staged)

    def discard(self) -> None:
        """Forget the file; does nothing after ``close``."""
        self._writer.discard()


class Upload:
    """The files of one request: all of them are stored by ``finish``, or none.

    Leaving its ``with`` block without ``finish`` leaves nothing behind. Used by one thread at a
    time.
    """

    def __init__(self, engines: Engines, owner: str, session_id: str) -> None:
        self._engines = engines
        self._owner = owner
        self._session_id = session_id
        self._part: Part | None = None
        self._staged: list[StagedBlob] = []
        self._files: list[NewFile] = []
        self._size_bytes = 0
        self._reading_ms = 0

    def add_part(self, name: str) -> Part:
        """Begin the next file; the one before must be closed.

        Parameters
        ----------
        name
            The client's name for it, decoded, otherwise untouched.

        Raises
        ------
        TooManyFilesError
            If the request alone has more files than a session may have.
        """
        self._check_count()
        self._part = Part(self, name, self._engines.blobs.new_writer())
        return self._part

    def finish(self) -> list[SessionFile]:
        """Store all files in one transaction and return them in their order, durable.

        A file that was there already with the same bytes stands in the list as it was.

        Raises
        ------
        InvalidInputError
            If there was no file.
        TooManyFilesError
            If the session would have more than ``limits.session_files``; nothing is stored.
        TooLargeError
            If it would have more than ``limits.session_bytes``; likewise.
        NotFoundError
            If the session went meanwhile.
        """
        engines = self._engines
        if not self._files:
            self.discard()
            raise InvalidInputError("no files were sent: the field is called files")
        try:
            with engines.database.begin() as connection:
                find_session(connection, self._owner, self._session_id, engines.clock())
                stored = self._store(connection)
                subject = ("session", self._session_id)
                engines.audit.record(connection, self._owner, "session.upload", subject)
        finally:
            # What was published is no longer staged; the rest was there before, or failed.
            self.discard()
        return stored

    def discard(self) -> None:
        """Forget everything; does nothing after ``finish``."""
        if self._part is not None:
            self._part.discard()
        staged, self._staged = self._staged, []
        if staged:
            self._engines.blobs.discard(*staged)
        self._files.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def take(self, name: str, staged: StagedBlob) -> None:
        """Take a file that is whole."""
        self._staged.append(staged)
        self._check_count()
        limits = self._engines.limits
        with self._engines.blobs.open_staged(staged) as source:
            started_ms = self._engines.clock()
            # Headers that are made to be slow must not hold the answer back for minutes.
            is_late = self._reading_ms > limits.intake_seconds * _MS
            facts = guess_facts(source) if is_late else read_facts(source, limits)
            self._reading_ms += self._engines.clock() - started_ms
        self._files.append(NewFile(harmless_name(name), staged, facts))

    def take_archive(self, staged: StagedBlob) -> None:
        """Take the files of an archive in its stead."""
        blobs = self._engines.blobs
        with contextlib.ExitStack() as stack:
            stack.callback(blobs.discard, staged)
            source = stack.enter_context(blobs.open_staged(staged))
            for entry in expand(source, self._engines.limits):
                with blobs.new_writer() as writer:
                    for chunk in entry.chunks:
                        self.count_bytes(len(chunk))
                        writer.write(chunk)
                    file = writer.finish()
                self.take(entry.name, file)

    def count_bytes(self, size_bytes: int) -> None:
        """Count bytes of this upload.

        Raises
        ------
        TooLargeError
            If it alone has more than a session may have.
        """
        self._size_bytes += size_bytes
        most = self._engines.limits.session_bytes
        if self._size_bytes > most:
            raise TooLargeError("session_bytes", most, self._size_bytes, "bytes")

    def _check_count(self) -> None:
        most = self._engines.limits.session_files
        if len(self._files) >= most:
            raise TooManyFilesError(most)

    def _store(self, connection: Connection) -> list[SessionFile]:
        """Name the files, check that there is room, and add their rows and bytes."""
        engines, session_id = self._engines, self._session_id
        present = list_names(connection, session_id, "input")
        naming = Naming(present)
        names: list[str] = []
        new: list[tuple[SessionFile, StagedBlob]] = []
        number = next_number(connection, session_id, "input")
        for file in self._files:
            name, is_there = naming.name_input(file.name, file.staged.key)
            names.append(name)
            if not is_there:
                new.append((self._row(file, name, number + len(new)), file.staged))
        if len(present) + len(new) > engines.limits.session_files:
            raise TooManyFilesError(engines.limits.session_files)
        rows = [row for row, _ in new]
        self._check_room(connection, rows)
        keep(connection, engines.blobs, [staged for _, staged in new], engines.clock())
        add_files(connection, session_id, rows)
        known = {row.name: row for row in rows}
        older = [name for name in dict.fromkeys(names) if name not in known]
        known |= files_named(connection, session_id, "input", older)
        return [known[name] for name in names]

    def _row(self, file: NewFile, name: str, number: int) -> SessionFile:
        return SessionFile(
            id=self._engines.new_id(),
            kind="input",
            number=number,
            name=name,
            blob_key=file.staged.key,
            size_bytes=file.staged.size_bytes,
            facts=file.facts,
            job_id=None,
            created_ms=self._engines.clock(),
        )

    def _check_room(self, connection: Connection, rows: Sequence[SessionFile]) -> None:
        size_bytes = size_of_session(connection, self._session_id)
        size_bytes += sum(row.size_bytes for row in rows)
        most = self._engines.limits.session_bytes
        if size_bytes > most:
            raise TooLargeError("session_bytes", most, size_bytes, "bytes")
