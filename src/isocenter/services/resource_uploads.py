"""One upload becomes one Resource: bytes as they come, rows when they are whole.

A DICOM file goes into the archive as an Instance in the transaction that adds its Resource;
uploads that end at the same time share one. What the archive cannot take as an Instance, because
a UID is missing or contradicts what is there, is a file like any other, with a note that says why.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, select

from isocenter.access.audit import Act, Audit
from isocenter.access.principal import principal_of
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.text import decode_values, encodings_of
from isocenter.dicom.values import first_string
from isocenter.errors import ConflictError, InvalidInputError, TooLargeError
from isocenter.limits import Limits
from isocenter.services.group_commit import GroupCommit
from isocenter.services.instance_facts import Bytes, InvalidIdentityError, read_facts
from isocenter.services.resource_kinds import (
    DICOM,
    HEAD_BYTES,
    checked_labels,
    checked_text,
    claims_dicom,
    display_name,
    is_dicom_by_prefix,
    mimetype_of,
    plain_text,
)
from isocenter.services.studies import Studies
from isocenter.store.blob_rows import keep
from isocenter.store.blobs import BlobStore, StagedBlob, is_key
from isocenter.store.catalog import Outcome, add_instances
from isocenter.store.catalog_facts import InstanceFacts
from isocenter.store.database import Database
from isocenter.store.resource_rows import (
    WHOLE,
    FrameLabel,
    Resource,
    add_labels,
    add_row,
    check_has_bytes,
    row_of_retry,
)
from isocenter.store.tables import accounts

_MODALITY, _PATIENT_ID = 0x00080060, 0x00100020
_KEY_CHARACTERS_MAX = 200
_SOURCE_CHARACTERS_MAX = 64
_NOT_ARCHIVED = "it is kept as a file, and is not in DICOMweb: {}"
_CONTRADICTS = "its series belongs to another study, or its instance to another series"


class Engines(NamedTuple):
    """What resources stand on."""

    database: Database
    blobs: BlobStore
    studies: Studies
    audit: Audit
    clock: Callable[[], int]
    new_id: Callable[[], str]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Told:
    """What a client says of its file.

    ``types`` are what it says of its type, the best first; ``sha256`` what its bytes must have.
    """

    name: str
    types: tuple[str, ...] = ()
    channel: str | None = None
    modality: str | None = None
    labels: Sequence[str] = ()
    source_path: str | None = None
    metadata: Mapping[str, object] | None = None
    publish: bool = False
    upload_mechanism: str = "api"
    idempotency_key: str | None = None
    sha256: str = ""


class _Read(NamedTuple):
    """What is in a file: facts of an Instance, or why there are none, or neither."""

    mimetype: str
    facts: InstanceFacts | None = None
    note: str | None = None
    modality: str | None = None
    patient_id: str | None = None


class _Content(NamedTuple):
    """Bytes that are whole: staged, or in the store, where the owner has them already."""

    key: str
    size_bytes: int
    staged: StagedBlob | None = None


@dataclass(frozen=True, slots=True)
class _New:
    """An upload that is whole."""

    owner: str
    told: Told
    content: _Content
    read: _Read


class Uploads:
    """Takes uploads in; safe for any number of threads."""

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        self._commits: GroupCommit[_New, Resource] = GroupCommit(self.commit)

    def begin(self, owner: str) -> "ResourceUpload":
        """Return an upload, to be filled."""
        return ResourceUpload(self, owner)

    def add_known(self, owner: str, told: Told) -> Resource:
        """Add a Resource of bytes that the owner has, named by ``told.sha256``.

        Raises
        ------
        NotFoundError
            If the owner has no Resource and no Instance of these bytes.
        InvalidInputError, ConflictError, TooLargeError, DeadlineExceededError, UnavailableError
            As ``ResourceUpload.finish`` does.
        """
        told, engines = _checked(told), self.engines
        with engines.database.read() as connection:
            check_has_bytes(connection, owner, told.sha256)
        with engines.blobs.open(told.sha256) as source:
            content, head = _Content(told.sha256, source.size), source.read_at(0, HEAD_BYTES)
        return self._commits.submit(_New(owner, told, content, self.read(content, head, told)))

    def read(self, content: _Content, head: bytes, told: Told) -> _Read:
        """Return what a whole file is.

        Raises
        ------
        InvalidInputError
            If it is said to be DICOM, or begins so, and nothing can read it; if it has another
            SHA-256 than was told.
        TooLargeError, DeadlineExceededError
            If reading it passes a bound.
        """
        if told.sha256 not in {"", content.key}:
            raise InvalidInputError("the bytes do not have the sha256 that was told")
        name = display_name(told.name)
        if not is_dicom_by_prefix(head) and not claims_dicom(name, *told.types):
            return _Read(mimetype_of(head, name, *told.types))
        studies = self.engines.studies
        staged, key = content.staged, content.key
        with studies.open_plain(staged) if staged else studies.open_kept(key) as plain:
            header = plain.header
            read = _Read(
                DICOM,
                modality=plain_text(first_string(header.dataset, _MODALITY)),
                patient_id=_patient_id(header.dataset),
            )
            kept = Bytes(key, content.size_bytes, plain.transfer_syntax_uid, plain.is_same)
            limits = self.engines.limits
            try:
                facts = read_facts(header, plain.source, kept, limits, studies.searched())
            except InvalidIdentityError as error:
                return read._replace(note=_NOT_ARCHIVED.format(error))
        return read._replace(facts=facts)

    def commit(self, wanted: Sequence[_New]) -> list[Resource]:
        """Add what several uploads brought, in one transaction."""
        engines = self.engines
        with engines.database.begin() as connection:
            earlier = [_earlier(connection, one) for one in wanted]
            fresh = [one for one, before in zip(wanted, earlier, strict=True) if before is None]
            made = iter(self._add(connection, fresh) if fresh else [])
        return [next(made) if before is None else before for before in earlier]

    def submit(self, new: _New) -> Resource:
        """Return the Resource of an upload when it is durable.

        Raises
        ------
        ConflictError
            If its Idempotency-Key was used for other bytes.
        UnavailableError
            If disk or database fail; nothing is stored then.
        """
        try:
            return self._commits.submit(new)
        finally:
            # What was published is no longer staged; the rest was there before, or failed.
            if new.content.staged:
                self.engines.blobs.discard(new.content.staged)

    def _add(self, connection: Connection, wanted: Sequence[_New]) -> list[Resource]:
        engines, now_ms = self.engines, self.engines.clock()
        for one in wanted:
            if one.content.staged is None:
                check_has_bytes(connection, one.owner, one.content.key)
        outcomes = _add_instances(connection, engines.blobs, wanted, now_ms)
        files = [one.content for one, told in zip(wanted, outcomes, strict=True) if told is None]
        keep(connection, engines.blobs, _staged(files), now_ms)
        names: dict[str, str] = {}
        made = []
        for one, outcome in zip(wanted, outcomes, strict=True):
            if one.owner not in names:
                names[one.owner] = name_of(connection, one.owner)
            made.append(self._insert(connection, one, outcome, names[one.owner], now_ms))
        acts = [Act(one.owner, "resource.create", ("resource", one.id)) for one in made]
        engines.audit.record_all(connection, acts)
        return made

    def _insert(
        self,
        connection: Connection,
        new: _New,
        outcome: Outcome | None,
        by: str,
        now_ms: int,
    ) -> Resource:
        told, read = new.told, new.read
        facts = read.facts if outcome is not None else None
        values: dict[str, Any] = {
            "id": self.engines.new_id(),
            "owner": new.owner,
            "name": display_name(told.name),
            "mimetype": read.mimetype,
            "size_bytes": new.content.size_bytes,
            "blob_key": new.content.key,
            "status": "published" if told.publish else "inbox",
            "channel": told.channel,
            "modality": told.modality or read.modality,
            "source_path": told.source_path,
            "study_uid": facts and facts.study.uid,
            "series_uid": facts and facts.series.uid,
            "sop_instance_uid": facts and facts.instance.uid,
            "patient_id": read.patient_id,
            "frames": read.facts.frames if read.facts else 0,
            "brought_key": None,
            "brought_version": False,
            "note": read.note,
            "metadata": told.metadata,
            "upload_mechanism": told.upload_mechanism,
            "idempotency_key": told.idempotency_key,
            "created_ms": now_ms,
            "created_by": by,
            "changed_ms": now_ms,
            "published_ms": now_ms if told.publish else None,
            "published_by": by if told.publish else None,
        }
        if outcome is not None:
            values["brought_key"] = new.content.key if outcome.state == "stored" else None
            values["brought_version"] = outcome.state == "kept"
        elif read.facts is not None:
            values["note"] = _NOT_ARCHIVED.format(_CONTRADICTS)
        number = add_row(connection, values)
        add_labels(connection, number, [FrameLabel(WHOLE, one) for one in told.labels])
        return Resource(number=number, **values, labels=tuple(sorted(told.labels)))


class ResourceUpload:
    """The bytes of one upload; used by one thread at a time.

    Leaving its ``with`` block without ``finish`` leaves nothing behind.
    """

    def __init__(self, uploads: Uploads, owner: str) -> None:
        self._uploads = uploads
        self._owner = owner
        self._writer = uploads.engines.blobs.new_writer()
        self._bytes_max = uploads.engines.limits.stored_instance_bytes
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
            If there are more than ``limits.stored_instance_bytes``.
        UnavailableError
            If the disk is full.
        """
        if len(self._head) < HEAD_BYTES:
            self._head += memoryview(data).cast("B")[: HEAD_BYTES - len(self._head)]
        size_bytes = self._writer.size_bytes + len(data)
        if size_bytes > self._bytes_max:
            raise TooLargeError("stored_instance_bytes", self._bytes_max, size_bytes, "bytes")
        self._writer.write(data)

    def finish(self, told: Told) -> Resource:
        """Store the file and return its Resource, durable.

        The same ``idempotency_key`` and bytes again give the Resource that is there.

        Raises
        ------
        InvalidInputError
            If something that is told cannot be kept, or a DICOM file cannot be read.
        ConflictError, TooLargeError, DeadlineExceededError, UnavailableError
            If the key was used for other bytes; if a bound is passed; if the disk fails.
        """
        told = _checked(told)
        staged = self._writer.finish()
        content = _Content(staged.key, staged.size_bytes, staged)
        try:
            read = self._uploads.read(content, bytes(self._head), told)
        except BaseException:
            self._uploads.engines.blobs.discard(staged)
            raise
        return self._uploads.submit(_New(self._owner, told, content, read))

    def discard(self) -> None:
        """Forget the bytes; does nothing after ``finish``."""
        self._writer.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


def name_of(connection: Connection, owner: str) -> str:
    """Return what an owner is called: an address where there is one, ``""`` without account."""
    query = select(accounts.c.email, accounts.c.name).where(
        accounts.c.id == principal_of(owner, frozenset()).account_id
    )
    row = connection.execute(query).one_or_none()
    return "" if row is None else row.email or row.name


def _patient_id(dataset: DataSetIndex) -> str | None:
    if _PATIENT_ID not in dataset.elements:
        return None
    values = decode_values(dataset.value(_PATIENT_ID), encodings_of(dataset))
    return plain_text(values[0]) if values else None


def _checked(told: Told) -> Told:
    """Return what a client says, as it is kept."""
    key = told.idempotency_key
    if told.sha256 and not is_key(told.sha256):
        raise InvalidInputError("sha256 has 64 hexadecimal digits in lower case")
    if key is not None and not 1 <= len(key) <= _KEY_CHARACTERS_MAX:
        raise InvalidInputError(f"an Idempotency-Key has 1 to {_KEY_CHARACTERS_MAX} characters")
    return replace(
        told,
        channel=checked_text(told.channel, "channel") if told.channel else None,
        modality=checked_text(told.modality, "modality") if told.modality else None,
        labels=checked_labels(told.labels),
        source_path=display_name(told.source_path) if told.source_path else None,
        upload_mechanism=checked_text(told.upload_mechanism, "source")[:_SOURCE_CHARACTERS_MAX],
    )


def _earlier(connection: Connection, new: _New) -> Resource | None:
    """Return what a request with the same key made before."""
    key = new.told.idempotency_key
    found = row_of_retry(connection, new.owner, key) if key is not None else None
    if found is not None and found.blob_key != new.content.key:
        raise ConflictError("this Idempotency-Key was used for other bytes")
    return found


def _add_instances(
    connection: Connection, blobs: BlobStore, wanted: Sequence[_New], now_ms: int
) -> list[Outcome | None]:
    """Add what is DICOM to the archive; ``None``: it is not, or contradicts what is there."""
    outcomes: list[Outcome | None] = [None] * len(wanted)
    for owner, members in _waves(wanted):
        contents = [wanted[at].content for at in members]
        facts = [one for at in members if (one := wanted[at].read.facts) is not None]

        def publish(indices: Sequence[int], contents: Sequence[_Content] = contents) -> None:
            keep(connection, blobs, _staged([contents[at] for at in indices]), now_ms)

        added = add_instances(
            connection, owner, facts, policy="keep-both", now_ms=now_ms, keep=publish
        )
        for at, outcome in zip(members, added.outcomes, strict=True):
            outcomes[at] = None if outcome.state == "conflict" else outcome
    return outcomes


def _staged(contents: Sequence[_Content]) -> list[StagedBlob]:
    return [one.staged for one in contents if one.staged is not None]


def _waves(wanted: Sequence[_New]) -> list[tuple[str, list[int]]]:
    """Return owners with indices of what can be added at once: a UID has one content in each."""
    waves: list[tuple[str, list[int], dict[str, str]]] = []
    for at, one in enumerate(wanted):
        if one.read.facts is None:
            continue
        uid, key = one.read.facts.instance.uid, one.content.key
        for owner, members, keys in waves:
            if owner == one.owner and keys.setdefault(uid, key) == key:
                members.append(at)
                break
        else:
            waves.append((one.owner, [at], {uid: key}))
    return [(owner, members) for owner, members, _ in waves]
