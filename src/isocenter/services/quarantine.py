"""What was rejected lies here with its reason, until its owner tries it again or deletes it."""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection

from isocenter.access.audit import SYSTEM, Act, Audit
from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.limits import Limits
from isocenter.store.blob_rows import drop_unused
from isocenter.store.blobs import BlobReader, BlobStore
from isocenter.store.catalog import POLICIES
from isocenter.store.database import Database
from isocenter.store.ingest_tables import tickets
from isocenter.store.tickets import (
    Listed,
    Ticket,
    find_tickets,
    list_tickets,
    remove_tickets,
    settle_tickets,
)

DELETED = "deleted"
_SUBJECT = "upload"
_DAY_MS = 86_400_000
_AT_ONCE = 200


class Opened(NamedTuple):
    """A rejected content; the caller closes its bytes."""

    ticket: Ticket
    reader: BlobReader


class Quarantine:
    """Rejected contents of all owners; safe for any number of threads.

    Parameters
    ----------
    want
        Asks, in a transaction, for the registration of what an owner's tickets wait with.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        audit: Audit,
        want: Callable[[Connection, str], None],
        *,
        clock: Callable[[], int],
        limits: Limits,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._audit = audit
        self._want = want
        self._clock = clock
        self._limits = limits

    def listed(self, owner: str, *, limit: int, before: int = 0) -> Listed:
        """Return an owner's rejected contents, newest first."""
        with self._database.read() as connection:
            found = list_tickets(connection, _lying(owner), limit=limit, before=before)
        self._note(Act(owner, "quarantine.list", (_SUBJECT, "")))
        return found

    def open(self, owner: str, ticket_id: str) -> Opened:
        """Return a rejected content.

        Raises
        ------
        NotFoundError
            If the owner has no such content here.
        """
        with self._database.read() as connection:
            ticket = _find(connection, owner, ticket_id)
        assert ticket.blob_key is not None
        reader = self._blobs.open(ticket.blob_key)
        self._note(Act(owner, "quarantine.read", (_SUBJECT, ticket_id)))
        return Opened(ticket, reader)

    def release(self, owner: str, ticket_id: str, policy: str = "") -> Ticket:
        """Have a content registered once more, and return its ticket.

        Parameters
        ----------
        policy
            What happens to other bytes under a UID that is there; ``""``: as the server is set.

        Raises
        ------
        InvalidInputError
            If there is no such policy.
        NotFoundError
            If the owner has no such content here.
        """
        if policy and policy not in POLICIES:
            raise InvalidInputError(f"the policy is one of {', '.join(POLICIES)}")
        changed = {
            "ticket_id": ticket_id,
            "state": "received",
            "policy": policy,
            "received_ms": self._clock(),
            "finished_ms": None,
            "reason": None,
            "detail": None,
        }
        with self._database.begin() as connection:
            _find(connection, owner, ticket_id, lock=True)
            settle_tickets(connection, [changed])
            self._want(connection, owner)
            act = Act(owner, "quarantine.release", (_SUBJECT, ticket_id))
            self._audit.record_all(connection, [act])
            return find_tickets(connection, [ticket_id])[ticket_id]

    def delete(self, owner: str, ticket_id: str) -> None:
        """Remove the bytes of a rejected content; its ticket tells so.

        Raises
        ------
        NotFoundError
            If the owner has no such content here.
        """
        with self._database.begin() as connection:
            ticket = _find(connection, owner, ticket_id, lock=True)
            self._empty(connection, owner, [ticket], "its owner deleted it")
        self._drop([ticket])

    def expire(self) -> int:
        """Remove what lies here too long, and tickets that say nothing any more."""
        now_ms = self._clock()
        lying_ms = now_ms - self._limits.quarantine_days * _DAY_MS
        conditions = [*_lying(None), tickets.c.finished_ms < lying_ms]
        with self._database.begin() as connection:
            old = list_tickets(connection, conditions, limit=_AT_ONCE).tickets
            self._empty(connection, SYSTEM, old, "nobody looked at it in time")
            remove_tickets(
                connection,
                unused_before_ms=now_ms - _DAY_MS,
                ended_before_ms=now_ms - self._limits.ticket_days * _DAY_MS,
            )
        self._drop(old)
        return len(old)

    def _empty(self, connection: Connection, principal: str, gone: list[Ticket], why: str) -> None:
        rows = [
            {"ticket_id": one.id, "blob_key": None, "reason": DELETED, "detail": why}
            for one in gone
        ]
        settle_tickets(connection, rows)
        if gone:
            acts = [Act(principal, "quarantine.delete", (_SUBJECT, one.id)) for one in gone]
            self._audit.record_all(connection, acts)

    def _drop(self, gone: list[Ticket]) -> None:
        keys = [one.blob_key for one in gone if one.blob_key is not None]
        drop_unused(self._database, self._blobs, keys)

    def _note(self, act: Act) -> None:
        with self._database.begin() as connection:
            self._audit.record_all(connection, [act])


def _lying(owner: str | None) -> list[ColumnElement[bool]]:
    conditions = [tickets.c.state == "rejected", tickets.c.blob_key.is_not(None)]
    return conditions if owner is None else [tickets.c.owner == owner, *conditions]


def _find(connection: Connection, owner: str, ticket_id: str, *, lock: bool = False) -> Ticket:
    ticket = find_tickets(connection, [ticket_id], owner=owner, lock=lock).get(ticket_id)
    if ticket is None or ticket.state != "rejected" or ticket.blob_key is None:
        raise NotFoundError("nothing of this key lies in the quarantine")
    return ticket
