"""How often an account may have a kind of work done in a month: counted before the work.

One statement compares and counts, so that of any number of requests at once, on any number of
machines, exactly as many get through as are left. What was counted for work that failed is given
back. A process that is killed in the middle leaves its one count behind.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, text

from isocenter.store.developer_tables import usage_days, usage_months

_MS = 1000
# Both engines understand it: https://sqlite.org/lang_upsert.html, PostgreSQL 16 "INSERT".
_TAKE = text(
    "INSERT INTO usage_months (account_id, kind, month, count)"
    " VALUES (:account_id, :kind, :month, 1)"
    " ON CONFLICT (account_id, kind, month)"
    " DO UPDATE SET count = usage_months.count + 1 WHERE usage_months.count < :quota"
    " RETURNING count"
)
_TAKE_DAY = text(
    "INSERT INTO usage_days (account_id, day, kind, key_id, count)"
    " VALUES (:account_id, :day, :kind, :key_id, 1)"
    " ON CONFLICT (account_id, day, kind, key_id)"
    " DO UPDATE SET count = usage_days.count + 1"
)
_GIVE_BACK = text(
    "UPDATE usage_months SET count = count - 1"
    " WHERE account_id = :account_id AND kind = :kind AND month = :month AND count > 0"
)
_GIVE_BACK_DAY = text(
    "UPDATE usage_days SET count = count - 1 WHERE account_id = :account_id"
    " AND day = :day AND kind = :kind AND key_id = :key_id AND count > 0"
)


class Use(NamedTuple):
    """One piece of work of a kind, on a day such as ``2026-11-20``, with a key or none (``""``)."""

    account_id: str
    kind: str
    key_id: str
    day: str

    @property
    def month(self) -> str:
        """The month whose quota it counts for."""
        return self.day[:7]


class Counted(NamedTuple):
    """So many pieces of work of a kind on a day with a key."""

    day: str
    kind: str
    key_id: str
    times: int


def day_of(time_ms: int) -> str:
    """Return the day of a time, in UTC.

    >>> day_of(0)
    '1970-01-01'
    """
    return datetime.fromtimestamp(time_ms / _MS, UTC).strftime("%Y-%m-%d")


def seconds_to_next_month(time_ms: int) -> int:
    """Return after how many seconds the next month begins, in UTC, rounded up.

    >>> seconds_to_next_month(0) == 31 * 24 * 3600
    True
    """
    now = datetime.fromtimestamp(time_ms / _MS, UTC)
    year, month = (now.year + 1, 1) if now.month == 12 else (now.year, now.month + 1)
    left_ms = int(datetime(year, month, 1, tzinfo=UTC).timestamp()) * _MS - time_ms
    return -(-left_ms // _MS)


def take(connection: Connection, use: Use, quota: int) -> bool:
    """Count a piece of work in the caller's transaction; false if the quota is used up."""
    values = {**use._asdict(), "month": use.month, "quota": quota}
    if connection.execute(_TAKE, values).scalar_one_or_none() is None:
        return False
    connection.execute(_TAKE_DAY, use._asdict())
    return True


def give_back(connection: Connection, use: Use) -> None:
    """Count a piece of work no more, because it failed."""
    connection.execute(_GIVE_BACK, {**use._asdict(), "month": use.month})
    connection.execute(_GIVE_BACK_DAY, use._asdict())


def used_in_month(connection: Connection, account_id: str, month: str) -> dict[str, int]:
    """Return how many of each kind count for a month's quota; kinds with none are not in it."""
    query = select(usage_months.c.kind, usage_months.c.count).where(
        usage_months.c.account_id == account_id, usage_months.c.month == month
    )
    return {kind: count for kind, count in connection.execute(query) if count}


def counted(connection: Connection, account_id: str, days: tuple[str, str]) -> list[Counted]:
    """Return what was done from the first day to the last one, both included, oldest first."""
    columns = (usage_days.c.day, usage_days.c.kind, usage_days.c.key_id, usage_days.c.count)
    query = (
        select(*columns)
        .where(usage_days.c.account_id == account_id, usage_days.c.day.between(*days))
        .where(usage_days.c.count > 0)
        .order_by(*columns)
    )
    return [Counted(*row) for row in connection.execute(query)]
