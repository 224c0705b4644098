"""Sessions as rows: found for their owner while they live, counted, removed whole."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from isocenter.errors import FullError, NotFoundError
from isocenter.limits import DEFAULT
from isocenter.services.session_rows import (
    Session,
    add_session,
    expired_sessions,
    find_session,
    lane_of,
    list_sessions,
    remove_session,
)
from isocenter.store.database import Database, open_database
from isocenter.store.tables import jobs, sessions
from tests.sessions import OWNER, STRANGER

LIMITS = replace(DEFAULT, sessions=2)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(f"sqlite:///{tmp_path / 'd.sqlite3'}")
    made.migrate()
    yield made
    made.close()


def session(number: int, *, owner: str = OWNER, created_ms: int = 1000) -> Session:
    return Session(str(uuid.UUID(int=number)), owner, created_ms, created_ms + 5000)


def add(database: Database, *made: Session) -> None:
    with database.begin() as connection:
        for one in made:
            add_session(connection, one, LIMITS)


def add_job(database: Database, one: Session, state: str) -> None:
    with database.begin() as connection:
        connection.execute(
            insert(jobs).values(
                id=str(uuid.uuid4()),
                kind="session",
                owner=one.owner,
                lane=lane_of(one.id),
                payload={},
                state=state,
                created_ms=0,
            )
        )


def test_a_session_is_found_by_its_owner_until_it_expires(database: Database) -> None:
    one = session(1)
    add(database, one)

    with database.read() as connection:
        assert find_session(connection, OWNER, one.id, 5999) == one
        for owner, session_id, now_ms in (
            (STRANGER, one.id, 5999),
            (OWNER, one.id, 6000),
            (OWNER, str(uuid.UUID(int=2)), 0),
            (OWNER, one.id.upper() + "x", 0),
            (OWNER, "\0", 0),
        ):
            with pytest.raises(NotFoundError, match="no such session"):
                find_session(connection, owner, session_id, now_ms)


@pytest.mark.parametrize(("state", "is_found"), [("running", True), ("queued", False)])
def test_a_running_job_keeps_an_expired_session(
    database: Database, state: str, *, is_found: bool
) -> None:
    one, other = session(1), session(2)
    add(database, one, other)
    add_job(database, one, state)

    with database.read() as connection:
        expired = {each.id for each in expired_sessions(connection, 9000, most=10)}
        assert expired == {other.id} | (set() if is_found else {one.id})
        with pytest.raises(NotFoundError):
            find_session(connection, OWNER, one.id, 9000)
        if is_found:
            assert find_session(connection, OWNER, one.id, 9000, may_run=True) == one
        else:
            with pytest.raises(NotFoundError):
                find_session(connection, OWNER, one.id, 9000, may_run=True)


def test_only_so_many_sessions_are_there_at_once(database: Database) -> None:
    add(database, session(1), session(2, created_ms=2500))

    with pytest.raises(FullError) as refused:
        add(database, session(3, created_ms=3000))
    assert refused.value.retry_after_seconds == 3

    add(database, session(3, created_ms=6000))


def test_sessions_are_listed_newest_first(database: Database) -> None:
    first, second = session(1), session(2, created_ms=1001)
    add(database, first, second)

    with database.read() as connection:
        assert list_sessions(connection, OWNER, 2000) == [second, first]
        assert list_sessions(connection, OWNER, 6000) == [second]
        assert list_sessions(connection, STRANGER, 2000) == []


def test_removing_leaves_other_sessions(database: Database) -> None:
    one, other = session(1), session(2)
    add(database, one, other)

    with database.begin() as connection:
        assert remove_session(connection, one.id) == []

    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(sessions)) == 1
        assert find_session(connection, OWNER, other.id, 2000) == other
