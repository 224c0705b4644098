"""The archive takes Instances in and removes them: bytes as they came, rows of what is in them.

Each Instance streams into the blob store; when it is whole its header is read, and what many
threads hand in at the same time is committed together. What was acknowledged is durable.

References
----------
PS3.18 10.5 (Store Transaction), PS3.4 B.2.3 and PS3.7 C (status codes).
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from sqlalchemy import Connection

from isocenter.access.audit import Act, Audit
from isocenter.dicom.dictionary import keyword_of
from isocenter.errors import (
    ConflictError,
    DeadlineExceededError,
    InvalidInputError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)
from isocenter.limits import Limits
from isocenter.services.group_commit import GroupCommit
from isocenter.services.instance_facts import (
    SOP_INSTANCE_UID,
    STUDY_INSTANCE_UID,
    Bytes,
    Identity,
    InvalidIdentityError,
    read_facts,
    read_identity,
)
from isocenter.services.plain_forms import PlainForm, PlainForms
from isocenter.services.query_tags import QueryTags
from isocenter.services.search_attributes import SEARCHED
from isocenter.store.blob_rows import drop_unused, keep
from isocenter.store.blobs import BlobStore, BlobWriter, StagedBlob
from isocenter.store.catalog import (
    POLICIES,
    Added,
    Outcome,
    Policy,
    State,
    add_instances,
    remove_instances,
)
from isocenter.store.catalog_facts import InstanceFacts
from isocenter.store.database import Database
from isocenter.store.resource_rows import remove_of_place

# Failure and warning reasons of PS3.18 10.5.3.
MISMATCH, CANNOT_UNDERSTAND, PROCESSING_FAILURE = 0xA900, 0xC000, 0x0110
DUPLICATE, OUT_OF_RESOURCES = 0x0111, 0xA700
DATA_SET_ODD = 0xB007

_NOBODY = Identity("", "", "", "")
# So many Instances of one request are committed together, which bounds what it holds in memory.
_COMMITTED_AT_ONCE = 256
_LEFT = frozenset({"present", "conflict"})  # states of Instances whose bytes are not published
_CUT = "the file ends too early; it was stored as it is"


@dataclass(frozen=True, slots=True)
class StoredInstance:
    """An Instance that is in the archive now.

    Attributes
    ----------
    state
        ``stored``; ``present``: the same bytes were there; ``replaced``: others were; ``kept``:
        others are there and these are beside them.
    warning_reason, warning
        Why the Instance is odd, ``None`` and ``""`` where it is not.
    """

    study_uid: str
    series_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    state: State
    warning_reason: int | None = None
    warning: str = ""


@dataclass(frozen=True, slots=True)
class FailedInstance:
    """An Instance that was not stored: why, and which attribute is the cause where one is.

    UIDs are ``""`` where they are not known; ``part_number`` counts what was handed in from 1.
    """

    sop_class_uid: str
    sop_instance_uid: str
    reason: int
    tag: int | None
    sentence: str
    part_number: int = 0


@dataclass(frozen=True, slots=True)
class StoreResult:
    """What became of all parts, in their order."""

    stored: tuple[StoredInstance, ...]
    failed: tuple[FailedInstance, ...]


class _Ready(NamedTuple):
    """An Instance that waits for being committed."""

    facts: InstanceFacts
    staged: StagedBlob
    is_cut: bool
    part_number: int


class _Batch(NamedTuple):
    """Instances that somebody wants to be committed."""

    owner: str
    policy: Policy
    ready: Sequence[_Ready]


class Studies:
    """Stores and removes Instances; safe for any number of threads.

    Parameters
    ----------
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        audit: Audit,
        plain_forms: PlainForms,
        tags: QueryTags,
        clock: Callable[[], int],
        limits: Limits,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._audit = audit
        self._clock = clock
        self.limits = limits
        self._plain_forms = plain_forms
        self._tags = tags
        self._commits: GroupCommit[_Batch, list[Outcome]] = GroupCommit(self._commit_all)

    def begin(self, owner: str, *, policy: str = "reject", study_uid: str = "") -> "Intake":
        """Return the Instances of one request, to be filled.

        Parameters
        ----------
        policy
            What happens to other bytes under a UID that is there: ``reject``, ``replace`` or
            ``keep-both``.
        study_uid
            The Study that all of them must belong to, if any.

        Raises
        ------
        InvalidInputError
            If there is no such policy.
        """
        for known in POLICIES:
            if policy == known:
                return Intake(self, owner, known, study_uid)
        raise InvalidInputError(f"the policy is one of {', '.join(POLICIES)}")

    def delete(
        self, owner: str, study_uid: str, series_uid: str = "", sop_instance_uid: str = ""
    ) -> int:
        """Remove a Study, a Series or an Instance; return how many Instances are gone.

        What was made from them goes, too, and Resources that are these Instances. Bytes that the
        store does not remove now, because it cannot be reached, are removed by a sweep.

        Raises
        ------
        NotFoundError
            If the owner has no such thing.
        """
        now_ms = self._clock()
        with self._database.begin() as connection:
            removed = remove_instances(
                connection,
                owner,
                study_uid=study_uid,
                series_uid=series_uid,
                sop_instance_uid=sop_instance_uid,
                now_ms=now_ms,
            )
            if not removed.instances:
                raise NotFoundError("there is no such study, series or instance")
            keys = remove_of_place(
                connection, owner, study_uid, series_uid, sop_instance_uid, now_ms
            )
            subject = ("study", str(removed.study_number))
            self._audit.record(connection, owner, "study.delete", subject)
        self.drop([*removed.dropped, *keys])
        return removed.instances

    def new_writer(self) -> BlobWriter:
        """Return a writer for the bytes of an Instance."""
        return self._blobs.new_writer()

    def discard(self, staged: Sequence[StagedBlob]) -> None:
        """Remove staged bytes that were not kept."""
        if staged:
            self._blobs.discard(*staged)

    @contextlib.contextmanager
    def open_plain(self, staged: StagedBlob) -> Iterator[PlainForm]:
        """Give the plain form of staged bytes, as ``PlainForms.open`` does."""
        with (
            self._blobs.open_staged(staged) as source,
            self._plain_forms.open(staged.key, source) as plain,
        ):
            yield plain

    @contextlib.contextmanager
    def open_kept(self, key: str) -> Iterator[PlainForm]:
        """Give the plain form of bytes that the store has, as ``PlainForms.open`` does."""
        with self._blobs.open(key) as source, self._plain_forms.open(key, source) as plain:
            yield plain

    def searched(self) -> dict[int, frozenset[str]]:
        """Return the attributes of each level that Instances are found by."""
        extra = self._tags.by_level()
        return {level: usual | extra[level] for level, usual in SEARCHED.items()}

    def commit(self, batch: _Batch) -> list[Outcome]:
        """Commit Instances together with those of others; return what became of them.

        Raises
        ------
        UnavailableError
            If disk or database fail; nothing of the batch is stored then.
        """
        return self._commits.submit(batch)

    def _commit_all(self, batches: Sequence[_Batch]) -> list[list[Outcome]]:
        """Commit batches in one transaction, those of one owner and policy as if they were one."""
        groups: dict[tuple[str, Policy], list[int]] = {}
        for at, batch in enumerate(batches):
            groups.setdefault((batch.owner, batch.policy), []).append(at)
        results: list[list[Outcome]] = [[] for _ in batches]
        dropped: list[str] = []
        with self._database.begin() as connection:
            for (owner, policy), members in groups.items():
                ready = [one for at in members for one in batches[at].ready]
                added = self._add(connection, owner, policy, ready)
                dropped += added.dropped
                outcomes = iter(added.outcomes)
                for at in members:
                    results[at] = [next(outcomes) for _ in batches[at].ready]
        if dropped:
            self.drop(dropped)
        return results

    def drop(self, keys: Sequence[str]) -> None:
        """Remove bytes that nothing refers to any more, and what was made from them."""
        self._database.note_removal()
        self._plain_forms.forget(frozenset(keys))
        # What the transaction before did is durable, and is what the caller is told.
        with contextlib.suppress(UnavailableError):
            drop_unused(self._database, self._blobs, keys)

    def _add(
        self, connection: Connection, owner: str, policy: Policy, ready: Sequence[_Ready]
    ) -> Added:
        now_ms = self._clock()

        def keep_bytes(indices: Sequence[int]) -> None:
            keep(connection, self._blobs, [ready[at].staged for at in indices], now_ms)

        facts = [one.facts for one in ready]
        added = add_instances(
            connection, owner, facts, policy=policy, now_ms=now_ms, keep=keep_bytes
        )
        subjects = [("study", str(number)) for number in sorted(added.study_numbers)]
        if subjects:
            acts = [Act(owner, "study.store", subject) for subject in subjects]
            self._audit.record_all(connection, acts)
        return added


class Intake:
    """The Instances of one request; used by one thread at a time.

    What was handed in is stored by ``finish``, and some of it before, when there is much. Leaving
    the ``with`` block without it leaves no bytes behind that are not in the archive.
    ``part_number`` is that of the latest part, from 1.
    """

    def __init__(self, studies: Studies, owner: str, policy: Policy, study_uid: str) -> None:
        self._studies = studies
        self._owner = owner
        self._policy = policy
        self._study_uid = study_uid
        self._part: Part | None = None
        self.part_number = 0
        self._ready: list[_Ready] = []
        self._stored: list[StoredInstance] = []
        self._failed: list[FailedInstance] = []

    def add_part(self, name: str = "") -> "Part":
        """Begin the next Instance; the one before must be closed.

        ``name`` is what a client calls it, which is of no use here.
        """
        del name
        self.part_number += 1
        self._part = Part(self, self._studies.new_writer(), self._studies.limits)
        return self._part

    def finish(self) -> StoreResult:
        """Store what is left and return what became of every Instance, durable.

        Raises
        ------
        UnavailableError
            If disk or database fail; what was not acknowledged may be sent again.
        """
        self._flush()
        return StoreResult(tuple(self._stored), tuple(self._failed))

    def fail(
        self,
        reason: int,
        sentence: str,
        *,
        uids: tuple[str, str] = ("", ""),
        tag: int | None = None,
        part_number: int = 0,
    ) -> None:
        """Add a failure for what never became an Instance; ``uids`` are of class and Instance."""
        self._failed.append(FailedInstance(*uids, reason, tag, sentence, part_number))

    def take(self, staged: StagedBlob) -> None:
        """Take an Instance that is whole; what is wrong with it becomes a failure."""
        identity = _NOBODY
        try:
            with self._studies.open_plain(staged) as plain:
                identity = read_identity(plain.header)
                facts = self._read(plain, staged)
                is_cut = plain.is_cut
        except (InvalidInputError, TooLargeError, DeadlineExceededError, ConflictError) as error:
            self._studies.discard([staged])
            failed = _failure(identity, error)
            self._failed.append(replace(failed, part_number=self.part_number))
            return
        except BaseException:
            self._studies.discard([staged])
            raise
        self._ready.append(_Ready(facts, staged, is_cut, self.part_number))
        if len(self._ready) >= _COMMITTED_AT_ONCE:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._part is not None:
            self._part.discard()
        self._studies.discard([one.staged for one in self._ready])
        self._ready.clear()

    def _read(self, plain: PlainForm, staged: StagedBlob) -> InstanceFacts:
        kept = Bytes(staged.key, staged.size_bytes, plain.transfer_syntax_uid, plain.is_same)
        studies = self._studies
        facts = read_facts(plain.header, plain.source, kept, studies.limits, studies.searched())
        if self._study_uid and facts.study.uid != self._study_uid:
            raise _OtherStudyError
        return facts

    def _flush(self) -> None:
        """Commit what waits, and note what became of it."""
        if not self._ready:
            return
        outcomes = self._studies.commit(_Batch(self._owner, self._policy, self._ready))
        # What was published is no longer staged; the rest was there before, or is a conflict.
        settled = list(zip(self._ready, outcomes, strict=True))
        self._studies.discard([one.staged for one, told in settled if told.state in _LEFT])
        for one, outcome in settled:
            self._note(one, outcome)
        self._ready.clear()

    def _note(self, ready: _Ready, outcome: Outcome) -> None:
        facts = ready.facts
        if outcome.state == "conflict":
            failed = conflict_of(facts, int(outcome.tag, 16))
            self._failed.append(replace(failed, part_number=ready.part_number))
            return
        self._stored.append(
            StoredInstance(
                facts.study.uid,
                facts.series.uid,
                facts.instance.uid,
                facts.sop_class_uid,
                outcome.state,
                DATA_SET_ODD if ready.is_cut else None,
                _CUT if ready.is_cut else "",
            )
        )


class Part:
    """The bytes of one Instance; written by one thread at a time, then closed."""

    def __init__(self, intake: Intake, writer: BlobWriter, limits: Limits) -> None:
        self._intake = intake
        self._writer = writer
        self._bytes_max = limits.stored_instance_bytes
        self._is_too_large = False

    @property
    def size_bytes(self) -> int:
        """How many bytes were written so far."""
        return self._writer.size_bytes

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes; the buffer may be used again afterwards. Too many of them are dropped.

        Raises
        ------
        UnavailableError
            If the disk is full.
        """
        if self._is_too_large:
            return
        if self._writer.size_bytes + len(data) > self._bytes_max:
            self._is_too_large = True
            self._writer.discard()
            return
        self._writer.write(data)

    def close(self) -> None:
        """End the Instance: its header is read.

        Raises
        ------
        UnavailableError
            If disk or database fail.
        """
        if self._is_too_large:
            sentence = f"it has more than {self._bytes_max} bytes"
            self._intake.fail(OUT_OF_RESOURCES, sentence, part_number=self._intake.part_number)
            return
        self._intake.take(self._writer.finish())

    def discard(self) -> None:
        """Forget the bytes; does nothing after ``close``."""
        self._writer.discard()


class _OtherStudyError(InvalidInputError):
    """An Instance belongs to another Study than the one that it was sent to."""

    def __init__(self) -> None:
        super().__init__("it belongs to another study than it was sent to")


def _failure(identity: Identity, error: Exception) -> FailedInstance:
    tag: int | None = None
    reason = CANNOT_UNDERSTAND
    match error:
        case InvalidIdentityError():
            tag = error.tag
        case _OtherStudyError():
            tag, reason = STUDY_INSTANCE_UID, MISMATCH
        case TooLargeError():
            reason = OUT_OF_RESOURCES
        case DeadlineExceededError() | ConflictError():
            reason = PROCESSING_FAILURE
        case _:
            pass
    sop_class_uid, sop_instance_uid = identity.sop_class_uid, identity.sop_instance_uid
    return FailedInstance(sop_class_uid, sop_instance_uid, reason, tag, str(error))


def conflict_of(facts: InstanceFacts, tag: int) -> FailedInstance:
    """Return what it means that an element contradicts the archive."""
    name = keyword_of(tag) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
    sentence = f"another instance with this UID is there; {name} differs"
    assert tag != SOP_INSTANCE_UID, "they have the same one"
    return FailedInstance(facts.sop_class_uid, facts.instance.uid, DUPLICATE, tag, sentence)
