"""Orders and reports of analyses as rows: found, added, moved on. Every query has an owner."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from isocenter.store.analysis_tables import analysis_orders, analysis_reports
from isocenter.store.ingest_tables import tickets
from isocenter.store.tables import archive_owners, jobs, series, studies

_AT_ONCE = 200
_FINISHED = ("done", "failed")


class Order(NamedTuple):
    """One analysis of one Study; ``state`` is waiting, queued, done or failed."""

    id: str
    owner: str
    study_uid: str
    analysis: str
    study_changed_ms: int
    run: int
    state: str
    attempts: int
    job_id: str | None
    error: str
    log: str
    created_ms: int
    finished_ms: int | None
    acknowledged_ms: int | None


class Report(NamedTuple):
    """Something that an analysis made."""

    id: str
    order_id: str
    name: str
    report_type: str
    blob_key: str
    size_bytes: int


class RestingStudy(NamedTuple):
    """A Study that did not change for a while."""

    owner: str
    study_uid: str
    changed_ms: int


_COLUMNS = tuple(analysis_orders.c[name] for name in Order._fields)


def find_resting(
    connection: Connection,
    analysis: str,
    modalities: Collection[str],
    *,
    since_ms: int,
    until_ms: int,
) -> list[RestingStudy]:
    """Return Studies that changed last in a span of time and have no such order yet, some."""
    orders = analysis_orders.c
    has_order = exists().where(
        orders.owner == archive_owners.c.owner,
        orders.study_uid == studies.c.uid,
        orders.analysis == analysis,
        orders.study_changed_ms == studies.c.changed_ms,
        orders.run == 0,
    )
    query = (
        select(archive_owners.c.owner, studies.c.uid, studies.c.changed_ms)
        .join(archive_owners, archive_owners.c.number == studies.c.owner)
        .where(studies.c.changed_ms > since_ms, studies.c.changed_ms <= until_ms, ~has_order)
        .order_by(studies.c.changed_ms)
        .limit(_AT_ONCE)
    )
    if modalities:
        fits = exists().where(
            series.c.study_number == studies.c.number, series.c.modality.in_(sorted(modalities))
        )
        query = query.where(fits)
    return [RestingStudy(*row) for row in connection.execute(query)]


def study_changed_ms(connection: Connection, owner: str, study_uid: str) -> int | None:
    """Return when a Study changed last; ``None`` where the owner has none."""
    changed: int | None = connection.scalar(
        select(studies.c.changed_ms)
        .join(archive_owners, archive_owners.c.number == studies.c.owner)
        .where(archive_owners.c.owner == owner, studies.c.uid == study_uid)
    )
    return changed


def add_order(connection: Connection, order: Order, due_ms: int) -> None:
    """Add an order that waits."""
    connection.execute(insert(analysis_orders).values(**order._asdict(), due_ms=due_ms))


def next_run(connection: Connection, order: Order) -> int:
    """Return the number of the next run of an analysis of a Study as it is now, from 1."""
    orders = analysis_orders.c
    last = connection.scalar(
        select(func.max(orders.run)).where(
            orders.owner == order.owner,
            orders.study_uid == order.study_uid,
            orders.analysis == order.analysis,
            orders.study_changed_ms == order.study_changed_ms,
        )
    )
    return (last or 0) + 1


def has_due(connection: Connection, now_ms: int) -> bool:
    """Whether ``due_orders`` gives any; locks nothing."""
    is_due = exists().where(
        analysis_orders.c.state == "waiting", analysis_orders.c.due_ms <= now_ms
    )
    return bool(connection.scalar(select(is_due)))


def due_orders(connection: Connection, now_ms: int) -> list[Order]:
    """Return orders whose time has come, some, those of longest ago first."""
    query = (
        select(*_COLUMNS)
        .where(analysis_orders.c.state == "waiting", analysis_orders.c.due_ms <= now_ms)
        .order_by(analysis_orders.c.due_ms, analysis_orders.c.number)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return _orders(connection, query)


def lost_orders(connection: Connection) -> list[tuple[Order, str]]:
    """Return orders whose job ended without telling what became of them, and its error."""
    query = (
        select(*_COLUMNS, jobs.c.error.label("job_error"), jobs.c.state.label("job_state"))
        .join(jobs, jobs.c.id == analysis_orders.c.job_id, isouter=True)
        .where(
            analysis_orders.c.state == "queued",
            jobs.c.id.is_(None) | jobs.c.state.in_(("done", "failed", "cancelled")),
        )
        .limit(_AT_ONCE)
    )
    return [
        (_order(row), row.job_error or f"its job was {row.job_state or 'removed'}")
        for row in connection.execute(query)
    ]


def move_order(connection: Connection, order: Order, **values: object) -> bool:
    """Change an order that is still as it was; false where somebody was faster."""
    changed = connection.execute(
        update(analysis_orders)
        .where(
            analysis_orders.c.id == order.id,
            analysis_orders.c.state == order.state,
            analysis_orders.c.attempts == order.attempts,
        )
        .values(**values)
    )
    return bool(changed.rowcount)


def find_order(connection: Connection, order_id: str, owner: str | None) -> Order | None:
    """Return an order of an owner (``None``: of anybody) whose Study is still there."""
    query = _present(select(*_COLUMNS)).where(analysis_orders.c.id == order_id)
    if owner is not None:
        query = query.where(analysis_orders.c.owner == owner)
    return next(iter(_orders(connection, query)), None)


def orders_of_study(connection: Connection, owner: str, study_uid: str) -> list[Order]:
    """Return the orders of a Study, the newest first."""
    query = (
        _present(select(*_COLUMNS))
        .where(analysis_orders.c.owner == owner, analysis_orders.c.study_uid == study_uid)
        .order_by(analysis_orders.c.number.desc())
    )
    return _orders(connection, query)


def studies_of_batch(connection: Connection, owner: str, batch: str) -> list[str]:
    """Return the UIDs of the Studies that came with a batch of uploads, in order."""
    query = (
        select(tickets.c.study_uid)
        .where(tickets.c.owner == owner, tickets.c.batch == batch, tickets.c.study_uid.is_not(None))
        .distinct()
        .order_by(tickets.c.study_uid)
    )
    return list(connection.scalars(query))


def unacknowledged_orders(connection: Connection, owner: str, most: int) -> list[Order]:
    """Return orders that ended and whose end was not acknowledged, the oldest first."""
    query = (
        _present(select(*_COLUMNS))
        .where(
            analysis_orders.c.owner == owner,
            analysis_orders.c.acknowledged_ms.is_(None),
            analysis_orders.c.state.in_(_FINISHED),
        )
        .order_by(analysis_orders.c.number)
        .limit(most)
    )
    return _orders(connection, query)


def note_listed(connection: Connection, orders: Sequence[Order], now_ms: int) -> None:
    """Note that an owner was told of the end of orders."""
    for begin in range(0, len(orders), _AT_ONCE):
        ids = [order.id for order in orders[begin : begin + _AT_ONCE]]
        connection.execute(
            update(analysis_orders)
            .where(analysis_orders.c.id.in_(ids), analysis_orders.c.listed_ms.is_(None))
            .values(listed_ms=now_ms)
        )


def acknowledge_orders(
    connection: Connection, owner: str, order_ids: Sequence[str] | None, now_ms: int
) -> int:
    """Note that an owner has these orders, or all that were listed; return how many are new."""
    orders = analysis_orders.c
    change = update(analysis_orders).where(
        orders.owner == owner, orders.acknowledged_ms.is_(None), orders.state.in_(_FINISHED)
    )
    if order_ids is None:
        change = change.where(orders.listed_ms.is_not(None))
    else:
        change = change.where(orders.id.in_(order_ids))
    return connection.execute(change.values(acknowledged_ms=now_ms)).rowcount


def add_reports(connection: Connection, reports: Iterable[Report], now_ms: int) -> None:
    """Add the reports of an order, in their order."""
    rows = [
        {**report._asdict(), "number": number, "created_ms": now_ms}
        for number, report in enumerate(reports, 1)
    ]
    if rows:
        connection.execute(insert(analysis_reports), rows)


def reports_of(connection: Connection, order_ids: Sequence[str]) -> list[Report]:
    """Return the reports of orders, in their order."""
    query = (
        select(*(analysis_reports.c[name] for name in Report._fields))
        .where(analysis_reports.c.order_id.in_(order_ids))
        .order_by(analysis_reports.c.order_id, analysis_reports.c.number)
    )
    return [Report(*row) for row in connection.execute(query)]


def remove_orphans(connection: Connection) -> tuple[int, list[str]]:
    """Remove orders whose Study is gone, some; return how many, and keys of bytes they had."""
    gone = select(analysis_orders.c.id).where(~_has_study()).limit(_AT_ONCE)
    ids = list(connection.scalars(gone))
    keys = select(analysis_reports.c.blob_key).where(analysis_reports.c.order_id.in_(ids))
    dropped = list(connection.scalars(keys))
    connection.execute(delete(analysis_reports).where(analysis_reports.c.order_id.in_(ids)))
    connection.execute(delete(analysis_orders).where(analysis_orders.c.id.in_(ids)))
    return len(ids), dropped


def _has_study() -> Any:  # noqa: ANN401 - a condition of SQLAlchemy
    return exists(literal(1)).where(
        and_(
            archive_owners.c.owner == analysis_orders.c.owner,
            studies.c.owner == archive_owners.c.number,
            studies.c.uid == analysis_orders.c.study_uid,
        )
    )


def _present(query: Select[Any]) -> Select[Any]:
    return query.where(_has_study())


def _orders(connection: Connection, query: Select[Any]) -> list[Order]:
    return [_order(row) for row in connection.execute(query)]


def _order(row: "Row[*tuple[Any, ...]]") -> Order:
    values = {name: getattr(row, name) for name in Order._fields}
    return Order(**{**values, "error": values["error"] or "", "log": values["log"] or ""})
