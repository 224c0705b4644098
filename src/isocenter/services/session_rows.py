"""Sessions as rows: found for their owner, made within bounds, removed with all they had."""

import math
import re
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    String,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
)

from isocenter.errors import FullError, NotFoundError
from isocenter.limits import Limits
from isocenter.store.tables import jobs, session_files, sessions

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GONE = "there is no such session"
_LANE = "session:"
_MS = 1000


@dataclass(frozen=True, slots=True)
class Session:
    """One session; times are milliseconds since 1970 UTC."""

    id: str
    owner: str
    created_ms: int
    expires_ms: int


def lane_of(session_id: str) -> str:
    """Return the lane of the jobs of a session: one of them runs at a time."""
    return f"{_LANE}{session_id}"


def find_session(
    connection: Connection, owner: str, session_id: str, now_ms: int, *, may_run: bool = False
) -> Session:
    """Return a session of an owner that has not expired.

    Parameters
    ----------
    may_run
        Whether one that has expired is found too, while a job of it runs.

    Raises
    ------
    NotFoundError
        If there is none; likewise for an id that can be none.
    """
    if not _ID.fullmatch(session_id):
        raise NotFoundError(_GONE)
    query = select(sessions).where(sessions.c.id == session_id, sessions.c.owner == owner)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(_GONE)
    session = _session(row)
    if session.expires_ms > now_ms:
        return session
    if may_run and connection.scalar(select(_runs(session_id))):
        return session
    raise NotFoundError(_GONE)


def list_sessions(connection: Connection, owner: str, now_ms: int) -> list[Session]:
    """Return the sessions of an owner that have not expired, newest first."""
    query = (
        select(sessions)
        .where(sessions.c.owner == owner, sessions.c.expires_ms > now_ms)
        .order_by(sessions.c.created_ms.desc(), sessions.c.id)
    )
    return [_session(row) for row in connection.execute(query)]


def add_session(connection: Connection, session: Session, limits: Limits) -> None:
    """Add a session.

    Raises
    ------
    FullError
        If as many as may be are there.
    """
    now_ms = session.created_ms
    query = select(func.count(), func.min(sessions.c.expires_ms)).where(
        sessions.c.expires_ms > now_ms
    )
    count, first_ms = connection.execute(query).one()
    if count >= limits.sessions:
        seconds = max(1, math.ceil((first_ms - now_ms) / _MS))
        raise FullError("sessions", limits.sessions, seconds)
    connection.execute(
        insert(sessions).values(
            id=session.id,
            owner=session.owner,
            created_ms=session.created_ms,
            expires_ms=session.expires_ms,
        )
    )


def expired_sessions(connection: Connection, now_ms: int, *, most: int) -> list[Session]:
    """Return sessions that have expired and have no running job, the oldest first."""
    query = (
        select(sessions)
        .where(sessions.c.expires_ms <= now_ms, ~_runs(sessions.c.id))
        .order_by(sessions.c.expires_ms)
        .limit(most)
    )
    return [_session(row) for row in connection.execute(query)]


def remove_session(connection: Connection, session_id: str) -> list[str]:
    """Remove a session with its files and return the keys of their bytes."""
    mine = session_files.c.session_id == session_id
    keys = list(connection.scalars(select(session_files.c.blob_key).where(mine)))
    connection.execute(delete(sessions).where(sessions.c.id == session_id))
    return keys


def _runs(session_id: ColumnElement[str] | str) -> ColumnElement[bool]:
    """Return whether a job of a session runs, as a condition."""
    lane = literal(_LANE, String) + session_id
    return exists().where(jobs.c.lane == lane, jobs.c.state == "running")


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(row.id, row.owner, row.created_ms, row.expires_ms)
