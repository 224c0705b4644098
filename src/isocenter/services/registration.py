"""Contents that came become Instances of the archive, or are rejected with a reason.

What waits is in the rows of tickets; a job only says that some of an owner's do. One transaction
holds the Instances, what became of each ticket, the audit and the end of the job together, so that
a process may be killed at any moment and nothing is registered twice or forgotten.
"""

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from isocenter.access.audit import SYSTEM, Act, Audit
from isocenter.errors import (
    CancelledError,
    ConflictError,
    DeadlineExceededError,
    InvalidInputError,
    IsocenterError,
    NotDicomError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)
from isocenter.jobs.queue import ENDED, Job, JobQueue
from isocenter.jobs.worker import Finish
from isocenter.limits import Limits
from isocenter.logs import log_event, where_of
from isocenter.services.instance_facts import (
    Bytes,
    Identity,
    InvalidIdentityError,
    is_uid,
    read_facts,
    read_identity,
)
from isocenter.services.studies import Studies, conflict_of
from isocenter.store.blob_rows import drop_unused
from isocenter.store.blobs import BlobStore
from isocenter.store.catalog import POLICIES, Outcome, Policy, add_instances
from isocenter.store.catalog_facts import InstanceFacts
from isocenter.store.database import Database
from isocenter.store.tables import jobs
from isocenter.store.tickets import (
    Ticket,
    owners_waiting,
    received_tickets,
    settle_tickets,
)

logger = logging.getLogger(__name__)

KIND = "ingest"
_AT_ONCE = 200
_CUT = "the file ends too early; it was stored as it is"
_NOBODY = Identity("", "", "", "")
_QUEUED = (
    select(jobs.c.id)
    .where(jobs.c.lane == bindparam("named"), jobs.c.state == "queued")
    .limit(1)
    .with_for_update()
)


class _Rejected(NamedTuple):
    """Why a content is no Instance of the archive."""

    reason: str
    detail: str
    identity: Identity


class _Read(NamedTuple):
    """A content and what is in it."""

    ticket: Ticket
    found: InstanceFacts | _Rejected
    is_cut: bool = False


class Registration:
    """Registers contents; safe for any number of threads and processes.

    Parameters
    ----------
    policy
        What happens to other bytes under a UID that is there, where the ticket says nothing.
    """

    def __init__(  # noqa: PLR0913 - what it stands on
        self,
        database: Database,
        blobs: BlobStore,
        studies: Studies,
        queue: JobQueue,
        audit: Audit,
        *,
        clock: Callable[[], int],
        limits: Limits,
        policy: Policy = "replace",
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._studies = studies
        self._queue = queue
        self._audit = audit
        self._clock = clock
        self._limits = limits
        self._policy = policy

    def want(self, connection: Connection, owner: str) -> None:
        """Ask for the registration of what an owner's tickets wait with, in this transaction."""
        lane = _lane(owner)
        # One that is queued is taken after this transaction, and finds what it added.
        if connection.scalar(_QUEUED, {"named": lane}) is None:
            self._queue.add(connection, KIND, owner, {}, lane=lane)

    def want_missed(self) -> int:
        """Ask for what waits and has no job any more; return for how many owners."""
        with self._database.read() as connection:
            owners = set(owners_waiting(connection))
            alive = jobs.c.kind.in_((KIND,)) & jobs.c.state.not_in(ENDED)
            owners -= set(connection.scalars(select(jobs.c.owner).where(alive)))
        if owners:
            with self._database.begin() as connection:
                for owner in sorted(owners):
                    self.want(connection, owner)
        return len(owners)

    def work(self, job: Job, finish: Finish) -> None:
        """Register what an owner's tickets wait with: some of it, and ask for the rest.

        Raises
        ------
        UnavailableError
            If store or database fail; everything waits then.
        """
        # After a failure nobody knows whose it was: one by one, it hits nobody else.
        is_careful = job.attempts > 1
        with self._database.read() as connection:
            waiting = received_tickets(connection, job.owner, 1 if is_careful else _AT_ONCE)
        read = _one_of_each([self._read(ticket) for ticket in waiting])
        try:
            dropped = self._register(job, read, finish)
        except (UnavailableError, CancelledError):
            raise
        except Exception as error:
            # If it is the lease that is lost, what follows comes to nothing, too.
            if not is_careful or not read:
                raise
            one = read[0]
            broken = _Rejected("unreadable", _failed(error), _NOBODY)
            dropped = self._register(job, [one._replace(found=broken)], finish)
        if dropped:
            drop_unused(self._database, self._blobs, dropped)

    def _read(self, ticket: Ticket) -> _Read:
        """Return what is in the content of a ticket."""
        key = ticket.blob_key
        assert key is not None, "what waits has bytes"
        identity = _NOBODY
        if not ticket.size_bytes:
            return _Read(ticket, _Rejected("empty", "the file is empty", identity))
        try:
            with self._studies.open_kept(key) as plain:
                identity = read_identity(plain.header)
                kept = Bytes(key, ticket.size_bytes, plain.transfer_syntax_uid, plain.is_same)
                searched = self._studies.searched()
                facts = read_facts(plain.header, plain.source, kept, self._limits, searched)
                return _Read(ticket, facts, plain.is_cut)
        except (
            InvalidInputError,
            TooLargeError,
            DeadlineExceededError,
            ConflictError,
            NotFoundError,
        ) as error:
            return _Read(ticket, _Rejected(_reason_of(error), str(error), identity))
        except IsocenterError:
            raise  # the machine failed, not the file
        except Exception as error:  # noqa: BLE001 - the mistake is ours; other files go on
            log_event(
                logger,
                "ingest.failed",
                level=logging.ERROR,
                error=type(error).__name__,
                where=where_of(error),
            )
            return _Read(ticket, _Rejected("unreadable", _failed(error), identity))

    def _register(self, job: Job, read: Sequence[_Read], finish: Finish) -> list[str]:
        """Commit what becomes of contents; return keys that may be unused now."""
        now_ms = self._clock()
        dropped: list[str] = []
        with self._database.begin() as connection:
            settled: list[dict[str, object]] = []
            acts: list[Act] = []
            good = [one for one in read if isinstance(one.found, InstanceFacts)]
            for policy in {one.ticket.policy for one in good}:
                mine = [one for one in good if one.ticket.policy == policy]
                outcomes = self._add(connection, job.owner, policy, mine, dropped)
                settled += [
                    _settled(one, outcome, now_ms)
                    for one, outcome in zip(mine, outcomes, strict=True)
                ]
            settled += [
                _rejected(one.ticket, one.found, now_ms)
                for one in read
                if isinstance(one.found, _Rejected)
            ]
            for row in settled:
                result = str(row["outcome"] or "rejected")
                subject = ("upload", str(row["ticket_id"]))
                acts.append(Act(SYSTEM, "upload.register", subject, result))
            settle_tickets(connection, settled)
            if acts:
                self._audit.record_all(connection, acts)
            # Those that have ended say nothing any more.
            connection.execute(delete(jobs).where(jobs.c.lane == job.lane, jobs.c.state.in_(ENDED)))
            dropped += [str(one.ticket.blob_key) for one in read if not one.ticket.size_bytes]
            rejected = sum(1 for row in settled if row["outcome"] is None)
            finish(connection, {"stored": len(settled) - rejected, "rejected": rejected})
            if received_tickets(connection, job.owner, 1):
                self.want(connection, job.owner)
        return dropped

    def _add(
        self,
        connection: Connection,
        owner: str,
        policy: str,
        read: Sequence[_Read],
        dropped: list[str],
    ) -> list[Outcome]:
        chosen = next((one for one in POLICIES if one == policy), self._policy)
        facts = [one.found for one in read if isinstance(one.found, InstanceFacts)]
        added = add_instances(
            connection,
            owner,
            facts,
            policy=chosen,
            now_ms=self._clock(),
            keep=lambda _: None,  # the ticket has kept the bytes
        )
        for number in sorted(added.study_numbers):
            self._audit.record(connection, owner, "study.store", ("study", str(number)))
        dropped += added.dropped
        return added.outcomes


def _one_of_each(read: Sequence[_Read]) -> list[_Read]:
    """Leave later contents under a UID to the next job: they replace what this one adds."""
    first: dict[str, str] = {}
    kept: list[_Read] = []
    for one in read:
        facts = one.found
        if isinstance(facts, InstanceFacts):
            key = first.setdefault(facts.instance.uid, facts.blob_key)
            if key != facts.blob_key:
                continue
        kept.append(one)
    return kept


def _lane(owner: str) -> str:
    return f"{KIND}:{owner}"


def _reason_of(error: Exception) -> str:
    match error:
        case NotDicomError():
            return "not_dicom"
        case InvalidIdentityError():
            return "missing_identity"
        case TooLargeError():
            return "too_large"
        case _:
            return "unreadable"


def _failed(error: Exception) -> str:
    return f"the server failed with {type(error).__name__}"


def _settled(one: _Read, outcome: Outcome, now_ms: int) -> dict[str, object]:
    facts = one.found
    assert isinstance(facts, InstanceFacts)
    identity = Identity(facts.study.uid, facts.series.uid, facts.instance.uid, facts.sop_class_uid)
    if outcome.state == "conflict":
        detail = conflict_of(facts, int(outcome.tag, 16)).sentence
        return _rejected(one.ticket, _Rejected("conflict", detail, identity), now_ms)
    return {
        "ticket_id": one.ticket.id,
        "state": "stored",
        "finished_ms": now_ms,
        # From now on the Instance refers to the bytes, if it needs them.
        "blob_key": None,
        "outcome": outcome.state,
        "reason": None,
        "detail": _CUT if one.is_cut else None,
        **_uids(identity),
    }


def _rejected(ticket: Ticket, why: _Rejected, now_ms: int) -> dict[str, object]:
    return {
        "ticket_id": ticket.id,
        "state": "rejected",
        "finished_ms": now_ms,
        # Its bytes stay where somebody can look at them; an empty file has none worth it.
        "blob_key": ticket.blob_key if ticket.size_bytes else None,
        "outcome": None,
        "reason": why.reason,
        "detail": why.detail,
        **_uids(why.identity),
    }


def _uids(identity: Identity) -> dict[str, object]:
    names = ("study_uid", "series_uid", "sop_instance_uid", "sop_class_uid")
    # What is no UID is a value of the file, and stays in it.
    return {name: uid if is_uid(uid) else None for name, uid in zip(names, identity, strict=True)}
