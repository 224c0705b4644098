"""Rows of tickets: what is asked of them that services do not show."""

from dataclasses import replace
from pathlib import Path

from isocenter.store.database import Database
from isocenter.store.tickets import (
    Ticket,
    add_tickets,
    batch_tickets,
    count_open,
    count_states,
    find_tickets,
    oldest_waiting_ms,
    owners_waiting,
    recent_lags_ms,
    remove_tickets,
    unused_tickets,
)
from tests.stores import sqlite_database

TICKET = Ticket(
    id="0",
    owner="account:1",
    batch=None,
    name=None,
    state="issued",
    policy="",
    announced_bytes=None,
    announced_sha256=None,
    size_bytes=None,
    sha256=None,
    blob_key=None,
    created_ms=0,
    expires_ms=100,
)


def filled(folder: Path) -> Database:
    """Return a database with a ticket of each kind."""
    database = sqlite_database(folder)
    database.migrate()
    with database.begin() as connection:
        add_tickets(
            connection,
            [
                replace(TICKET, id="issued"),
                replace(TICKET, id="later", expires_ms=200, batch="b"),
                replace(TICKET, id="waits", state="received", received_ms=50, batch="b"),
                replace(TICKET, id="fast", state="stored", received_ms=10, finished_ms=13),
                replace(TICKET, id="slow", state="stored", received_ms=10, finished_ms=60),
                replace(TICKET, id="known", state="stored", finished_ms=60),
                replace(TICKET, id="other", owner="account:2", state="received", received_ms=70),
            ],
        )
    return database


def test_rows_are_counted_and_measured(tmp_path: Path) -> None:
    database = filled(tmp_path)
    with database.read() as connection:
        assert count_open(connection, "account:1", 100) == 1
        assert count_open(connection, "account:1", 99) == 2
        assert count_states(connection) == {"issued": 2, "received": 2, "stored": 3}
        assert oldest_waiting_ms(connection) == 50
        assert recent_lags_ms(connection, 10) == [3, 50]
        assert sorted(owners_waiting(connection)) == ["account:1", "account:2"]
        assert (unused_tickets(connection, 199), unused_tickets(connection, 200)) == (True, False)
        of_batch = batch_tickets(connection, "account:1", "b", 10)
        assert [ticket.id for ticket in of_batch] == ["later", "waits"]
        assert find_tickets(connection, ["fast", "other"], owner="account:1").keys() == {"fast"}
    database.close()


def test_old_rows_are_removed_and_those_that_wait_never(tmp_path: Path) -> None:
    database = filled(tmp_path)
    with database.begin() as connection:
        assert remove_tickets(connection, unused_before_ms=150, ended_before_ms=50) == 2
    with database.begin() as connection:
        assert remove_tickets(connection, unused_before_ms=999, ended_before_ms=999) == 3
    with database.read() as connection:
        assert count_states(connection) == {"received": 2}
    database.close()
