import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Delete, Update, delete, insert, select, update

from isocenter.access.audit import FIRST_HASH, SYSTEM, Audit, Chain
from isocenter.access.server_secret import ServerSecret
from isocenter.errors import ConflictError
from isocenter.store.database import Database
from isocenter.store.tables import audit_events
from tests.stores import Clock

ROWS = 12


@pytest.fixture
def audit(secret: ServerSecret, clock: Clock) -> Audit:
    return Audit(secret, clock)


def fill(database: Database, audit: Audit) -> None:
    for number in range(1, ROWS + 1):
        with database.begin() as connection:
            assert (
                audit.record(connection, "account:1", "session.create", ("session", f"id-{number}"))
                == number
            )


def open_the_file(database: Database) -> None:
    """Do as somebody would who can write to the database: what guards the rows is no obstacle."""
    with database.begin() as connection:
        for trigger in ("audit_events_unchanged", "audit_events_kept"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")


def verify(database: Database, audit: Audit) -> Chain:
    with database.read() as connection:
        return audit.verify_chain(connection)


def test_rows_fit_and_the_last_hash_is_told(database: Database, audit: Audit) -> None:
    assert verify(database, audit) == Chain(0, FIRST_HASH)
    fill(database, audit)

    with database.read() as connection:
        rows = connection.execute(select(audit_events).order_by(audit_events.c.number)).all()

    assert verify(database, audit) == Chain(ROWS, rows[-1].hash)
    assert [row.previous_hash for row in rows] == [FIRST_HASH, *(row.hash for row in rows[:-1])]


def test_an_act_that_is_taken_back_leaves_no_row(database: Database, audit: Audit) -> None:
    fill(database, audit)

    with contextlib.suppress(ZeroDivisionError), database.begin() as connection:
        audit.record(connection, SYSTEM, "session.expire", ("session", "x"))
        raise ZeroDivisionError
    with database.begin() as connection:
        assert audit.record(connection, SYSTEM, "session.expire", ("session", "x")) == ROWS + 1

    assert verify(database, audit).rows == ROWS + 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at_ms", 5),
        ("principal", "account:2"),
        ("action", "session.delete"),
        ("object_kind", "study"),
        ("object_id", "id-x"),
        ("result", "denied"),
        ("previous_hash", FIRST_HASH),
        ("hash", FIRST_HASH),
        ("hash", "ü"),
        ("hash", ""),
    ],
)
@pytest.mark.parametrize("number", [2, 7, ROWS])
def test_the_first_changed_row_is_named(
    database: Database, audit: Audit, column: str, value: object, number: int
) -> None:
    fill(database, audit)
    open_the_file(database)
    with database.begin() as connection:
        connection.execute(
            update(audit_events).where(audit_events.c.number == number).values({column: value})
        )

    chain = verify(database, audit)

    assert (chain.rows, chain.broken) == (number - 1, number)


@pytest.mark.parametrize("change", [update(audit_events).values(result="x"), delete(audit_events)])
def test_the_database_itself_refuses_to_change_rows(
    database: Database, audit: Audit, change: Update | Delete
) -> None:
    fill(database, audit)

    with pytest.raises(ConflictError), database.begin() as connection:
        connection.execute(change)

    assert verify(database, audit).rows == ROWS


@pytest.mark.parametrize("number", [1, 5, ROWS - 1])
def test_the_row_after_a_removed_one_is_named(
    database: Database, audit: Audit, number: int
) -> None:
    fill(database, audit)
    open_the_file(database)
    with database.begin() as connection:
        connection.execute(delete(audit_events).where(audit_events.c.number == number))
        for later in range(number + 1, ROWS + 1):
            connection.execute(
                update(audit_events).where(audit_events.c.number == later).values(number=later - 1)
            )

    assert verify(database, audit).broken == number


def test_whoever_has_the_database_alone_cannot_add_a_row(
    database: Database, audit: Audit, clock: Clock
) -> None:
    fill(database, audit)
    with database.begin() as connection:
        Audit(ServerSecret(b"t" * 64), clock).record(connection, SYSTEM, "a", ("b", "c"))

    assert verify(database, audit).broken == ROWS + 1


def test_a_machine_with_another_secret_sees_that_the_rows_are_not_its_own(
    database: Database, audit: Audit, clock: Clock
) -> None:
    other = Audit(ServerSecret(b"o" * 32), clock)
    with database.read() as connection:
        assert audit.is_ours(connection)
        assert other.is_ours(connection)
    fill(database, audit)

    with database.read() as connection:
        assert audit.is_ours(connection)
        assert not other.is_ours(connection)


def test_many_rows_are_checked_some_at_a_time(database: Database, audit: Audit) -> None:
    with database.begin() as connection:
        for _ in range(2500):
            audit.record(connection, SYSTEM, "a", ("b", "c"))
        connection.execute(insert(audit_events).values(_row(9000)))

    assert verify(database, audit).rows == 2500
    assert verify(database, audit).broken == 9000


def _row(number: int) -> dict[str, object]:
    names = ("principal", "action", "object_kind", "object_id", "result")
    texts = dict.fromkeys((*names, "previous_hash", "hash"), "x")
    return {**texts, "number": number, "at_ms": 1}


@given(
    name=st.sampled_from(["principal", "action", "kind", "object_id", "result"]),
    value=st.sampled_from(["DOE^JOHN", "a b", "ä", "x" * 200, "a\n", "scan.dcm?"]),
)
def test_only_words_and_ids_get_in(database: Database, name: str, value: str) -> None:
    audit = Audit(ServerSecret(b"s" * 64), Clock())
    words = {"principal": SYSTEM, "action": "a", "kind": "b", "object_id": "c", "result": "ok"}
    words[name] = value

    with pytest.raises(AssertionError), database.begin() as connection:
        audit.record(
            connection,
            words["principal"],
            words["action"],
            (words["kind"], words["object_id"]),
            words["result"],
        )
