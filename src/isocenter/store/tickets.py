"""Rows of tickets: made, found, filled and settled, within the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from isocenter.store.catalog_rows import batches
from isocenter.store.ingest_tables import tickets
from isocenter.store.tables import archive_owners, instances, series, studies

State = Literal["issued", "received", "stored", "rejected"]

_COLUMNS = [column for column in tickets.columns if column is not tickets.c.number]
# Made once: building a statement takes longer than running it.
_FIND = (
    select(*_COLUMNS)
    .where(tickets.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(tickets.c.number)
)
_FIND_AND_LOCK = _FIND.with_for_update()
_COUNT_OPEN = select(func.count()).where(
    tickets.c.owner == bindparam("by"),
    tickets.c.state == "issued",
    tickets.c.expires_ms > bindparam("now_ms"),
)
_NOTE_ARRIVAL = (
    update(tickets)
    .where(tickets.c.id == bindparam("ticket_id"))
    .values(
        state="received",
        received_ms=bindparam("now_ms"),
        size_bytes=bindparam("came_bytes"),
        sha256=bindparam("key"),
        blob_key=bindparam("key"),
    )
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """The leave to send one content, and what became of it; columns as in ``ingest_tables``."""

    id: str
    owner: str
    batch: str | None
    name: str | None
    state: State
    policy: str
    announced_bytes: int | None
    announced_sha256: str | None
    size_bytes: int | None
    sha256: str | None
    blob_key: str | None
    created_ms: int
    expires_ms: int
    received_ms: int | None = None
    finished_ms: int | None = None
    outcome: str | None = None
    reason: str | None = None
    detail: str | None = None
    study_uid: str | None = None
    series_uid: str | None = None
    sop_instance_uid: str | None = None
    sop_class_uid: str | None = None

    def row(self) -> dict[str, object]:
        """Return the values of its row."""
        return {column.name: getattr(self, column.name) for column in _COLUMNS}


class Arrival(NamedTuple):
    """What came for a ticket."""

    ticket_id: str
    blob_key: str
    size_bytes: int


class Listed(NamedTuple):
    """Some tickets, newest first, and where to go on; 0: there are no more."""

    tickets: list[Ticket]
    before: int


def add_tickets(connection: Connection, made: Sequence[Ticket]) -> None:
    """Add rows."""
    connection.execute(insert(tickets), [ticket.row() for ticket in made])


def count_open(connection: Connection, owner: str, now_ms: int) -> int:
    """Return how many tickets of an owner may still be used."""
    return connection.scalar(_COUNT_OPEN, {"by": owner, "now_ms": now_ms}) or 0


def find_tickets(
    connection: Connection, ids: Iterable[str], *, owner: str | None = None, lock: bool = False
) -> dict[str, Ticket]:
    """Return tickets by their id: of an owner, or of anybody. Those that are not there are not.

    Parameters
    ----------
    lock
        Whether nobody else may change them before the transaction ends.
    """
    found: dict[str, Ticket] = {}
    statement = _FIND_AND_LOCK if lock else _FIND
    for some in batches(sorted(set(ids))):
        for row in connection.execute(statement, {"ids": some}):
            if owner is None or row.owner == owner:
                found[row.id] = _ticket(row)
    return found


def batch_tickets(connection: Connection, owner: str, batch: str, most: int) -> list[Ticket]:
    """Return the tickets of a batch in their order."""
    query = (
        select(*_COLUMNS)
        .where(tickets.c.batch == batch, tickets.c.owner == owner)
        .order_by(tickets.c.number)
        .limit(most)
    )
    return [_ticket(row) for row in connection.execute(query)]


def list_tickets(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    *,
    limit: int,
    before: int = 0,
) -> Listed:
    """Return the newest tickets that fulfil conditions, of those before a number."""
    query = select(*_COLUMNS, tickets.c.number).where(*conditions)
    if before:
        query = query.where(tickets.c.number < before)
    rows = list(connection.execute(query.order_by(tickets.c.number.desc()).limit(limit + 1)))
    shown = rows[:limit]
    has_more = len(rows) > limit
    return Listed([_ticket(row) for row in shown], shown[-1].number if has_more else 0)


def note_arrivals(connection: Connection, arrivals: Sequence[Arrival], now_ms: int) -> None:
    """Write down that bytes are there, which were published in this transaction."""
    rows = [
        {
            "ticket_id": one.ticket_id,
            "came_bytes": one.size_bytes,
            "key": one.blob_key,
            "now_ms": now_ms,
        }
        for one in arrivals
    ]
    connection.execute(_NOTE_ARRIVAL, rows)


def received_tickets(connection: Connection, owner: str, most: int) -> list[Ticket]:
    """Return what waits for being registered, oldest first."""
    query = (
        select(*_COLUMNS)
        .where(tickets.c.owner == owner, tickets.c.state == "received")
        .order_by(tickets.c.number)
        .limit(most)
    )
    return [_ticket(row) for row in connection.execute(query)]


def owners_waiting(connection: Connection) -> list[str]:
    """Return whose content waits for being registered."""
    query = select(tickets.c.owner).where(tickets.c.state == "received").distinct()
    return [str(owner) for owner in connection.scalars(query)]


def settle_tickets(connection: Connection, settled: Sequence[Mapping[str, object]]) -> None:
    """Write down what became of tickets: rows with ``ticket_id`` and all other columns that change.

    All rows have the same columns.
    """
    if not settled:
        return
    changed = [name for name in settled[0] if name != "ticket_id"]
    statement = (
        update(tickets)
        .where(tickets.c.id == bindparam("ticket_id"))
        .values({name: bindparam(f"new_{name}") for name in changed})
    )
    rows = [
        {"ticket_id": one["ticket_id"], **{f"new_{name}": one[name] for name in changed}}
        for one in settled
    ]
    connection.execute(statement, rows)


def remove_tickets(connection: Connection, *, unused_before_ms: int, ended_before_ms: int) -> int:
    """Remove tickets that nobody used, or whose content ended long ago; return how many.

    What lies in quarantine is not among them.
    """
    unused = (tickets.c.state == "issued") & (tickets.c.expires_ms < unused_before_ms)
    ended = (
        tickets.c.state.in_(("stored", "rejected"))
        & tickets.c.blob_key.is_(None)
        & (tickets.c.finished_ms < ended_before_ms)
    )
    return connection.execute(delete(tickets).where(unused | ended)).rowcount


def known_contents(
    connection: Connection, owner: str, digests: Iterable[str]
) -> dict[str, tuple[str, str, str, str]]:
    """Return UIDs of Study, Series, Instance and class of contents that the owner's archive has."""
    found: dict[str, tuple[str, str, str, str]] = {}
    for some in batches(sorted(set(digests))):
        query = (
            select(
                instances.c.blob_key,
                studies.c.uid.label("study_uid"),
                series.c.uid.label("series_uid"),
                instances.c.uid,
                instances.c.sop_class_uid,
            )
            .join(series, series.c.number == instances.c.series_number)
            .join(studies, studies.c.number == series.c.study_number)
            .join(archive_owners, archive_owners.c.number == instances.c.owner)
            .where(archive_owners.c.owner == owner, instances.c.blob_key.in_(some))
        )
        for row in connection.execute(query):
            found[row.blob_key] = (row.study_uid, row.series_uid, row.uid, row.sop_class_uid)
    return found


def unused_tickets(connection: Connection, since_ms: int) -> bool:
    """Whether somebody may still send something: tickets that end after a time and are unused."""
    query = select(tickets.c.id).where(tickets.c.state == "issued", tickets.c.expires_ms > since_ms)
    return connection.scalar(query.limit(1)) is not None


def count_states(connection: Connection) -> dict[str, int]:
    """Return how many tickets of each state there are."""
    query = select(tickets.c.state, func.count()).group_by(tickets.c.state)
    return {str(state): int(count) for state, count in connection.execute(query)}


def oldest_waiting_ms(connection: Connection) -> int | None:
    """Return since when the oldest content waits for being registered, if one does."""
    query = select(func.min(tickets.c.received_ms)).where(tickets.c.state == "received")
    since_ms: int | None = connection.scalar(query)
    return since_ms


def recent_lags_ms(connection: Connection, most: int) -> list[int]:
    """Return how long the contents that were registered last had waited, sorted."""
    query = (
        select(tickets.c.finished_ms - tickets.c.received_ms)
        .where(tickets.c.state == "stored", tickets.c.received_ms.is_not(None))
        .order_by(tickets.c.number.desc())
        .limit(most)
    )
    return sorted(connection.scalars(query))


def _ticket(row: Any) -> Ticket:  # noqa: ANN401 - a row of any select
    """Return the ticket of a row that begins with its columns, in the order of its fields."""
    return Ticket(*row[: len(_COLUMNS)])
