"""What the database promises, whichever it is."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Delete, Update, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from isocenter.errors import ConflictError
from isocenter.store.database import Database
from isocenter.store.tables import accounts, api_keys, audit_events, jobs, sessions
from tests.stores import DATABASES

ADDER = """
import sys
from sqlalchemy import select, update
from isocenter.store.database import open_database
from isocenter.store.tables import sessions
database = open_database(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with database.begin() as connection:
        value = connection.scalar(select(sessions.c.expires_ms))
        connection.execute(update(sessions).values(expires_ms=value + 1))
database.close()
"""
MIGRATOR = """
import sys
from isocenter.store.database import open_database
database = open_database(sys.argv[1])
database.migrate()
database.close()
"""


@pytest.fixture(params=sorted(DATABASES))
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    database = DATABASES[request.param](tmp_path)
    yield database
    database.close()


@pytest.fixture
def database(empty: Database) -> Database:
    empty.migrate()
    return empty


def add_session(database: Database, name: str, expires_ms: int = 0) -> None:
    with database.begin() as connection:
        connection.execute(
            insert(sessions).values(id=name, owner="me", created_ms=0, expires_ms=expires_ms)
        )


def key_of(account_id: str) -> dict[str, object]:
    row: dict[str, object] = {"id": "k", "account_id": account_id, "name": "n"}
    return {**row, "secret_hash": "h", "scopes": ["read"], "created_ms": 0}


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(sessions)) or 0


def run_all(script: str, arguments: list[str], processes: int) -> list[str]:
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(processes)
    ]
    said = [process.communicate(timeout=120)[0] for process in running]
    return [text for text, process in zip(said, running, strict=True) if process.returncode]


def test_committed_rows_are_there_and_others_are_not(database: Database) -> None:
    add_session(database, "kept")

    def fail() -> None:
        with database.begin() as connection:
            connection.execute(
                insert(sessions).values(id="lost", owner="me", created_ms=0, expires_ms=0)
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with database.read() as connection:
        assert list(connection.scalars(select(sessions.c.id))) == ["kept"]


def test_reader_sees_the_state_of_its_first_query(database: Database) -> None:
    add_session(database, "before")
    query = select(func.count()).select_from(sessions)
    with database.read() as connection:
        assert connection.scalar(query) == 1
        add_session(database, "after")
        assert connection.scalar(query) == 1

    assert count(database) == 2


def test_reader_does_not_wait_for_a_writer(database: Database) -> None:
    add_session(database, "before")
    with database.begin() as connection:
        connection.execute(
            insert(sessions).values(id="now", owner="me", created_ms=0, expires_ms=0)
        )
        with ThreadPoolExecutor(1) as threads:
            assert threads.submit(count, database).result(timeout=5) == 1


def test_nothing_is_written_through_a_reader(database: Database) -> None:
    add_session(database, "kept")

    with database.read() as connection, pytest.raises((DBAPIError, Exception), match="read"):
        connection.execute(update(sessions).values(owner="you"))

    with database.read() as connection:
        assert connection.scalar(select(sessions.c.owner)) == "me"


def test_rows_that_contradict_a_key_are_a_conflict(database: Database) -> None:
    add_session(database, "twice")

    with pytest.raises(ConflictError) as caught:
        add_session(database, "twice")

    assert "twice" not in str(caught.value)
    assert "twice" not in str(caught.value.__cause__)


def test_rows_that_refer_to_nothing_are_a_conflict(database: Database) -> None:
    with pytest.raises(ConflictError), database.begin() as connection:
        connection.execute(insert(api_keys).values(key_of("nobody")))


def test_values_out_of_their_list_are_a_conflict(database: Database) -> None:
    with pytest.raises(ConflictError), database.begin() as connection:
        connection.execute(insert(accounts).values(id="a", kind="robot", name="n", created_ms=0))


def test_rows_of_an_account_go_with_it(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(insert(accounts).values(id="a", kind="user", name="n", created_ms=0))
        connection.execute(insert(api_keys).values(key_of("a")))
        connection.execute(accounts.delete())

    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(api_keys)) == 0


def test_documents_texts_and_large_numbers_come_back(database: Database) -> None:
    payload = {"text": "J\u00fcrgen \u5c71\u7530 \U0001f600", "list": [1, 2.5, None, True]}
    with database.begin() as connection:
        connection.execute(
            insert(jobs).values(
                id="j", kind="k", owner="o", payload=payload, state="queued", created_ms=2**53
            )
        )

    with database.read() as connection:
        job = connection.execute(select(jobs)).one()
    assert job.payload == payload
    assert job.created_ms == 2**53
    assert (job.result, job.lane, job.attempts, job.cancel_requested) == (None, "", 0, False)


def test_transaction_within_a_transaction_is_a_mistake(database: Database) -> None:
    with database.begin(), pytest.raises(AssertionError), database.begin():
        pass

    add_session(database, "afterwards")


def test_threads_that_read_and_write_lose_nothing(database: Database) -> None:
    add_session(database, "counter")

    def work(_: int) -> None:
        for _ in range(25):
            with database.begin() as connection:
                value = connection.scalar(select(sessions.c.expires_ms))
                assert value is not None
                connection.execute(update(sessions).values(expires_ms=value + 1))
            count(database)

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(work, range(12)))

    with database.read() as connection:
        assert connection.scalar(select(sessions.c.expires_ms)) == 300


def test_waiting_threads_get_their_turn(database: Database) -> None:
    turns: list[int] = []

    def work(number: int) -> None:
        for _ in range(10):
            with database.begin():
                turns.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(turns) == sorted(list(range(4)) * 10)


@pytest.mark.slow
def test_processes_that_read_and_write_lose_nothing(database: Database) -> None:
    add_session(database, "counter")

    failed = run_all(ADDER, [str(database.url), "100"], 5)

    assert failed == []
    with database.read() as connection:
        assert connection.scalar(select(sessions.c.expires_ms)) == 500


@pytest.mark.slow
def test_processes_that_start_at_once_all_migrate(empty: Database) -> None:
    failed = run_all(MIGRATOR, [str(empty.url)], 4)

    assert failed == []
    assert count(empty) == 0


def test_migrating_again_changes_nothing(database: Database) -> None:
    add_session(database, "kept")

    database.migrate()

    assert count(database) == 1


def test_many_rows_in_one_transaction_are_fast(database: Database) -> None:
    rows = [
        {
            "number": number,
            "at_ms": 1,
            "principal": "p" * 40,
            "action": "a",
            "object_kind": "k",
            "object_id": "o" * 36,
            "result": "ok",
            "previous_hash": "0" * 64,
            "hash": "1" * 64,
        }
        for number in range(20_000)
    ]
    begun = time.perf_counter()
    with database.begin() as connection:
        connection.execute(insert(audit_events), rows)

    # It takes 0.1-0.4 s; a commit for each row would take a minute.
    assert time.perf_counter() - begun < 15


@pytest.mark.parametrize(
    "statement", [update(audit_events).values(action="b"), delete(audit_events)]
)
def test_rows_of_the_audit_are_only_added(database: Database, statement: Update | Delete) -> None:
    row: dict[str, object] = {"number": 1, "at_ms": 1, "principal": "p", "action": "a"}
    row |= {"object_kind": "k", "object_id": "o", "result": "ok"}
    with database.begin() as connection:
        connection.execute(insert(audit_events).values(**row, previous_hash="0", hash="1"))

    with pytest.raises(ConflictError), database.begin() as connection:
        connection.execute(statement)

    with database.read() as connection:
        assert connection.scalar(select(audit_events.c.action)) == "a"


def test_closed_database_opens_again(database: Database) -> None:
    add_session(database, "kept")

    database.close()

    assert count(database) == 1
