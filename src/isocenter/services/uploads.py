"""Tickets and what comes for them: the leave to send one content, its bytes, its report.

A ticket is good for one content, for some minutes and so many bytes. What came is durable before
it is acknowledged, whatever it is: whether it is DICOM is decided later (``registration``), so
that a client that sends a whole folder is not stopped by one file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection

from isocenter.access.audit import Act, Audit
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import (
    FullError,
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
    TicketError,
    TooLargeError,
)
from isocenter.limits import Limits
from isocenter.services.group_commit import GroupCommit
from isocenter.store.blob_rows import keep
from isocenter.store.blobs import BlobStore, BlobWriter, StagedBlob, is_key, is_token
from isocenter.store.database import Database
from isocenter.store.ingest_tables import tickets
from isocenter.store.tickets import (
    Arrival,
    Listed,
    Ticket,
    add_tickets,
    batch_tickets,
    count_open,
    find_tickets,
    known_contents,
    list_tickets,
    note_arrivals,
)

STATES = ("issued", "received", "stored", "rejected", "expired")
NAME_CHARACTERS_MAX = 1024
_PURPOSE = "upload.put"
_SUBJECT = "upload"
_RETRY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Announced:
    """What a client says of a file that it wants to send; ``None``: it does not say."""

    name: str | None = None
    size_bytes: int | None = None
    sha256: str | None = None

    def __post_init__(self) -> None:
        name, size_bytes, sha256 = self.name, self.size_bytes, self.sha256
        if name is not None and not 1 <= len(name) <= NAME_CHARACTERS_MAX:
            raise InvalidInputError(f"a name has 1 to {NAME_CHARACTERS_MAX} characters")
        if size_bytes is not None and size_bytes < 0:
            raise InvalidInputError("a size is a number of bytes")
        if sha256 is not None and not is_key(sha256):
            raise InvalidInputError("a sha256 has 64 lower-case hexadecimal digits")


class Came(NamedTuple):
    """Content that is durable: its SHA-256; ``is_new``: not the same once more."""

    ticket_id: str
    sha256: str
    is_new: bool


class _Wish(NamedTuple):
    """Tickets that somebody wants."""

    owner: str
    announced: Sequence[Announced]
    batch: str | None


class _Delivery(NamedTuple):
    """Content that waits for being kept."""

    ticket_id: str
    staged: StagedBlob


class Uploads:
    """Gives out tickets, takes contents, reports; safe for any number of threads.

    Parameters
    ----------
    want
        Asks, in the transaction that keeps contents, for the registration of those of an owner.
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(  # noqa: PLR0913 - what it stands on
        self,
        database: Database,
        blobs: BlobStore,
        audit: Audit,
        tokens: SignedTokens,
        want: Callable[[Connection, str], None],
        *,
        clock: Callable[[], int],
        new_id: Callable[[], str],
        limits: Limits,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._audit = audit
        self._tokens = tokens
        self._want = want
        self._clock = clock
        self._new_id = new_id
        self._limits = limits
        self._issues: GroupCommit[_Wish, list[Ticket]] = GroupCommit(self._issue_all)
        self._arrivals: GroupCommit[_Delivery, Came] = GroupCommit(self._take_all)
        self._acts: GroupCommit[Act, None] = GroupCommit(self._note_all)

    def issue(self, owner: str) -> Ticket:
        """Return a ticket for a content of which nothing is known.

        Raises
        ------
        FullError
            If the owner has too many that were not used.
        """
        return self._issues.submit(_Wish(owner, [Announced()], None))[0]

    def issue_batch(self, owner: str, announced: Sequence[Announced]) -> list[Ticket]:
        """Return a ticket for each content, in their order.

        Those of contents that the owner's archive has are stored from the beginning.

        Raises
        ------
        InvalidInputError
            If there is none, or too many for one batch.
        TooLargeError
            If one of them has more bytes than are taken.
        FullError
            As ``issue`` does.
        """
        most = self._limits.ticket_batch
        if not 1 <= len(announced) <= most:
            raise InvalidInputError(f"a batch has 1 to {most} files")
        for one in announced:
            bound = self._limits.ticket_bytes
            if one.size_bytes is not None and one.size_bytes > bound:
                raise TooLargeError("ticket_bytes", bound, one.size_bytes, "bytes")
        return self._issues.submit(_Wish(owner, announced, self._new_id()))

    def token(self, ticket: Ticket, media_type: str) -> str:
        """Return what signs the address of a PUT to us: for this ticket, method and type alone."""
        seconds = max(1, (ticket.expires_ms - self._clock()) // 1000)
        bound_to = _bound_to(ticket.id, media_type)
        return self._tokens.make(_PURPOSE, ticket.id, seconds, bound_to=bound_to)

    def begin(self, ticket_id: str, token: str, media_type: str) -> "Receiving":
        """Return what takes the content of a ticket, for who has the signed address.

        Raises
        ------
        TicketError
            If it is not signed by us, not for this, or not any more.
        NotFoundError
            If the ticket is gone.
        """
        try:
            subject = self._tokens.check(token, _PURPOSE, bound_to=_bound_to(ticket_id, media_type))
        except NotAuthenticatedError as error:
            raise TicketError(f"this address is not good for this request: {error}") from None
        assert subject == ticket_id, "it is signed together with it"
        return Receiving(self, self._find(ticket_id), self._limits)

    def report(self, owner: str, ticket_id: str) -> Ticket:
        """Return what became of an owner's ticket.

        Raises
        ------
        NotFoundError
            If the owner has no such ticket.
        """
        found = self._find(ticket_id, owner)
        self.note(owner, "upload.report", ticket_id)
        return found

    def reports(self, owner: str, ids: Sequence[str], *, is_first: bool = True) -> list[Ticket]:
        """Return what became of an owner's tickets in the order asked for, without unknown ones.

        Parameters
        ----------
        is_first
            False where somebody who waits asks once more, which is no new reading.
        """
        with self._database.read() as connection:
            found = find_tickets(connection, ids, owner=owner)
        if is_first:
            self.note(owner, "upload.report", "")
        return [found[one] for one in dict.fromkeys(ids) if one in found]

    def batch(self, owner: str, batch: str, *, is_first: bool = True) -> list[Ticket]:
        """Return what became of the tickets of a batch, in their order; see ``reports``.

        Raises
        ------
        NotFoundError
            If the owner has no such batch.
        """
        with self._database.read() as connection:
            found = batch_tickets(connection, owner, batch, self._limits.ticket_batch)
        if not found:
            raise NotFoundError("there is no such batch of uploads")
        if is_first:
            self.note(owner, "upload.report", batch)
        return found

    def listed(
        self, owner: str, *, state: str = "", batch: str = "", limit: int = 100, before: int = 0
    ) -> Listed:
        """Return an owner's tickets, newest first.

        Raises
        ------
        InvalidInputError
            If there is no such state.
        """
        conditions = [tickets.c.owner == owner]
        if state:
            conditions += self._in_state(state)
        if batch:
            conditions.append(tickets.c.batch == batch)
        with self._database.read() as connection:
            found = list_tickets(connection, conditions, limit=limit, before=before)
        self.note(owner, "upload.report", "")
        return found

    def state(self, ticket: Ticket) -> str:
        """Return the state of a ticket now: one that was not used in time has expired."""
        if ticket.state == "issued" and ticket.expires_ms <= self._clock():
            return "expired"
        return ticket.state

    def note(self, principal: str, action: str, ticket_id: str, result: str = "ok") -> None:
        """Add a row to the audit about a ticket; what is no id is not written down."""
        known = ticket_id if is_token(ticket_id) else ""
        self._acts.submit(Act(principal, action, (_SUBJECT, known), result))

    def new_writer(self) -> BlobWriter:
        """Return a writer for a content."""
        return self._blobs.new_writer()

    def discard(self, staged: StagedBlob) -> None:
        """Remove bytes that are not kept."""
        self._blobs.discard(staged)

    def take(self, ticket_id: str, staged: StagedBlob) -> Came:
        """Keep a content, together with those of others; it is durable then.

        Raises
        ------
        TicketError
            If another content came for the ticket before.
        NotFoundError
            If the ticket is gone.
        UnavailableError
            If disk or database fail.
        """
        try:
            return self._arrivals.submit(_Delivery(ticket_id, staged))
        finally:
            self.discard(staged)  # unless it was published

    def _find(self, ticket_id: str, owner: str | None = None) -> Ticket:
        with self._database.read() as connection:
            found = find_tickets(connection, [ticket_id], owner=owner)
        if ticket_id not in found:
            raise NotFoundError("there is no such upload")
        return found[ticket_id]

    def _in_state(self, state: str) -> list[ColumnElement[bool]]:
        if state not in STATES:
            raise InvalidInputError(f"the states are: {', '.join(STATES)}")
        now_ms = self._clock()
        if state == "expired":
            return [tickets.c.state == "issued", tickets.c.expires_ms <= now_ms]
        if state == "issued":
            return [tickets.c.state == state, tickets.c.expires_ms > now_ms]
        return [tickets.c.state == state]

    def _issue_all(self, wishes: Sequence[_Wish]) -> list[list[Ticket]]:
        now_ms = self._clock()
        made: list[list[Ticket]] = []
        acts: list[Act] = []
        left: dict[str, int] = {}
        with self._database.begin() as connection:
            for wish in wishes:
                mine = self._make(connection, wish, now_ms)
                made.append(mine)
                subject = mine[0].id if wish.batch is None else wish.batch
                acts.append(Act(wish.owner, "upload.issue", (_SUBJECT, subject)))
                if wish.owner not in left:
                    used = count_open(connection, wish.owner, now_ms)
                    left[wish.owner] = self._limits.open_tickets - used
                left[wish.owner] -= len(mine)
                if left[wish.owner] < 0:
                    raise FullError("upload tickets", self._limits.open_tickets, _RETRY_SECONDS)
            add_tickets(connection, [ticket for some in made for ticket in some])
            self._audit.record_all(connection, acts)
        return made

    def _make(self, connection: Connection, wish: _Wish, now_ms: int) -> list[Ticket]:
        digests = [one.sha256 for one in wish.announced if one.sha256 is not None]
        known = known_contents(connection, wish.owner, digests) if digests else {}
        expires_ms = now_ms + self._limits.ticket_seconds * 1000
        return [self._ticket(wish, one, known, now_ms, expires_ms) for one in wish.announced]

    def _ticket(
        self,
        wish: _Wish,
        announced: Announced,
        known: Mapping[str, tuple[str, str, str, str]],
        now_ms: int,
        expires_ms: int,
    ) -> Ticket:
        ticket = Ticket(
            id=self._new_id(),
            owner=wish.owner,
            batch=wish.batch,
            name=announced.name,
            state="issued",
            policy="",
            announced_bytes=announced.size_bytes,
            announced_sha256=announced.sha256,
            size_bytes=None,
            sha256=None,
            blob_key=None,
            created_ms=now_ms,
            expires_ms=expires_ms,
        )
        uids = known.get(announced.sha256 or "")
        if uids is None:
            return ticket
        study, series, instance, sop_class = uids
        return replace(
            ticket,
            state="stored",
            outcome="present",
            size_bytes=announced.size_bytes,
            sha256=announced.sha256,
            finished_ms=now_ms,
            study_uid=study,
            series_uid=series,
            sop_instance_uid=instance,
            sop_class_uid=sop_class,
        )

    def _take_all(self, deliveries: Sequence[_Delivery]) -> list[Came]:
        now_ms = self._clock()
        acts: list[Act] = []
        came: list[Came] = []
        new: list[_Delivery] = []
        with self._database.begin() as connection:
            ids = [one.ticket_id for one in deliveries]
            found = find_tickets(connection, ids, lock=True)
            digests = {one.id: one.sha256 for one in found.values()}
            for one in deliveries:
                if one.ticket_id not in digests:
                    raise NotFoundError("there is no such upload")
                before = digests[one.ticket_id]
                if before is not None and before != one.staged.key:
                    raise TicketError("another content came for this ticket before; get a new one")
                came.append(Came(one.ticket_id, one.staged.key, before is None))
                if before is None:
                    digests[one.ticket_id] = one.staged.key
                    new.append(one)
                owner = found[one.ticket_id].owner
                result = "ok" if before is None else "same"
                acts.append(Act(owner, "upload.receive", (_SUBJECT, one.ticket_id), result))
            keep(connection, self._blobs, [one.staged for one in new], now_ms)
            arrivals = [
                Arrival(one.ticket_id, one.staged.key, one.staged.size_bytes) for one in new
            ]
            if arrivals:
                note_arrivals(connection, arrivals, now_ms)
            for owner in sorted({found[one.ticket_id].owner for one in new}):
                self._want(connection, owner)
            self._audit.record_all(connection, acts)
        return came

    def _note_all(self, acts: Sequence[Act]) -> list[None]:
        with self._database.begin() as connection:
            self._audit.record_all(connection, acts)
        return [None] * len(acts)


class Receiving:
    """The content of one ticket while it comes; used by one thread at a time."""

    def __init__(self, uploads: Uploads, ticket: Ticket, limits: Limits) -> None:
        self.ticket = ticket
        announced = ticket.announced_bytes
        self.bytes_max = limits.ticket_bytes if announced is None else announced
        self._uploads = uploads
        self._writer: BlobWriter | None = None

    @property
    def is_open(self) -> bool:
        """Whether bytes came that are neither kept nor discarded."""
        return self._writer is not None

    def write(self, data: bytes) -> None:
        """Add bytes.

        Raises
        ------
        TooLargeError
            If they are more than the ticket is good for.
        UnavailableError
            If the disk is full.
        """
        writer = self._opened()
        if writer.size_bytes + len(data) > self.bytes_max:
            raise TooLargeError(
                "ticket_bytes", self.bytes_max, writer.size_bytes + len(data), "bytes"
            )
        writer.write(data)

    def finish(self) -> Came:
        """Keep what came.

        Raises
        ------
        InvalidInputError
            If it is not what was announced.
        TicketError, NotFoundError, UnavailableError
            As ``Uploads.take`` does.
        """
        writer = self._opened()
        announced_bytes = self.ticket.announced_bytes
        if announced_bytes is not None and writer.size_bytes != announced_bytes:
            raise InvalidInputError(
                f"{writer.size_bytes} bytes came, {announced_bytes} were announced"
            )
        staged = writer.finish()
        self._writer = None
        announced = self.ticket.announced_sha256
        if announced is not None and staged.key != announced:
            self._uploads.discard(staged)
            raise InvalidInputError("the bytes that came have another sha256 than was announced")
        return self._uploads.take(self.ticket.id, staged)

    def discard(self) -> None:
        """Forget what was not kept."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.discard()

    def _opened(self) -> BlobWriter:
        if self._writer is None:
            self._writer = self._uploads.new_writer()
        return self._writer


def _bound_to(ticket_id: str, media_type: str) -> str:
    return f"PUT\n{ticket_id}\n{media_type}"
