from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from isocenter.access.accounts import check_password
from isocenter.access.api_keys import ApiKeys
from isocenter.access.principal import USUAL_SCOPES
from isocenter.access.server_secret import ServerSecret
from isocenter.access.sign_ins import SignIns
from isocenter.errors import ConflictError, InvalidInputError, NotAuthenticatedError, NotFoundError
from isocenter.limits import DEFAULT
from isocenter.services.administration import COMMAND_LINE, Administration
from isocenter.store.database import Database
from isocenter.store.developer_tables import token_families
from isocenter.store.tables import accounts, audit_events, sign_ins
from tests.stores import Clock, sqlite_database

DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secret() -> ServerSecret:
    return ServerSecret(b"s" * 64)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = sqlite_database(tmp_path)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def keys(database: Database, secret: ServerSecret, clock: Clock) -> ApiKeys:
    return ApiKeys(database, secret, clock)


@pytest.fixture
def administration(database: Database, secret: ServerSecret, clock: Clock) -> Administration:
    return Administration(database, secret, clock)


def acts(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(audit_events).order_by(audit_events.c.number)).all()
    assert {row.principal for row in rows} <= {COMMAND_LINE}
    return [(row.action, row.object_id) for row in rows]


def test_a_key_without_an_account_gets_a_service_of_its_own(
    administration: Administration, keys: ApiKeys, database: Database
) -> None:
    first = keys.verify(administration.create_key("one").text)
    second = keys.verify(administration.create_key("one").text)

    assert first.id != second.id
    assert first.name == second.name == "one"
    assert first.scopes == USUAL_SCOPES
    assert acts(database) == [
        ("account.create", first.account_id),
        ("key.create", first.key_id),
        ("account.create", second.account_id),
        ("key.create", second.key_id),
    ]


def test_keys_of_a_person_are_that_person(administration: Administration, keys: ApiKeys) -> None:
    account = administration.create_account("Ann@example.org", "correct horse")

    owners = {
        keys.verify(administration.create_key("k", ["read"], email="ann@EXAMPLE.org").text).id
        for _ in range(2)
    }

    assert owners == {f"account:{account.id}"}
    assert account.name == "Ann@example.org"


def test_a_key_ends_after_so_many_days(
    administration: Administration, keys: ApiKeys, clock: Clock
) -> None:
    key = administration.create_key("k", expires_days=2)

    clock.now_ms += 2 * DAY_MS - 1
    keys.verify(key.text)
    clock.now_ms += 1
    with pytest.raises(NotAuthenticatedError, match="expired"):
        keys.verify(key.text)


@pytest.mark.parametrize("days", [0, -1, 36_501, 10**18])
def test_days_that_make_no_sense_are_refused(administration: Administration, days: int) -> None:
    with pytest.raises(InvalidInputError, match="days"):
        administration.create_key("k", expires_days=days)


def test_a_key_that_cannot_be_made_leaves_no_account(
    administration: Administration, database: Database
) -> None:
    with pytest.raises(InvalidInputError):
        administration.create_key("k", ["everything"])
    with pytest.raises(NotFoundError):
        administration.create_key("k", email="nobody@example.org")

    with database.read() as connection:
        assert connection.execute(select(accounts)).all() == []
    assert acts(database) == []


def test_the_first_start_makes_one_key_and_later_ones_none(
    administration: Administration, keys: ApiKeys
) -> None:
    made = administration.create_first_key("first")

    assert made is not None
    first, _ = made
    assert keys.verify(first.text).scopes == USUAL_SCOPES
    assert administration.create_first_key("first") is None
    administration.revoke_key(first.id)
    assert administration.create_first_key("first") is None


def test_codes_sign_in_with_the_first_key_and_with_any_other(
    administration: Administration,
    keys: ApiKeys,
    database: Database,
    secret: ServerSecret,
    clock: Clock,
) -> None:
    sign_ins = SignIns(database, secret, clock, DEFAULT)
    made = administration.create_first_key("first")
    assert made is not None
    first, code = made
    other = administration.create_key("other")

    for key, given in ((first, code), (other, administration.create_sign_in_code(other.id))):
        found = sign_ins.begin_by_code(given, "browser").principal
        assert found == replace(keys.verify(key.text), is_browser=True)
    administration.revoke_key(other.id)
    for key_id in (other.id, "none"):
        with pytest.raises(NotFoundError):
            administration.create_sign_in_code(key_id)


def test_a_revoked_key_is_listed_with_its_end(
    administration: Administration, keys: ApiKeys, clock: Clock, database: Database
) -> None:
    key = administration.create_key("k")
    administration.revoke_key(key.id)

    (facts,) = administration.list_keys()

    assert facts.revoked_ms == clock.now_ms
    with pytest.raises(NotAuthenticatedError):
        keys.verify(key.text)
    assert acts(database)[-1] == ("key.revoke", key.id)
    with pytest.raises(NotFoundError):
        administration.revoke_key("none")


def test_two_people_have_two_addresses(administration: Administration) -> None:
    administration.create_account("ann@example.org", "correct horse")

    with pytest.raises(ConflictError):
        administration.create_account("ann@example.org", "another horse")


def test_another_password_ends_what_was_begun_with_the_old_one(
    administration: Administration, database: Database
) -> None:
    account = administration.create_account("ann@example.org", "correct horse")
    with database.begin() as connection:
        row = {"account_id": account.id, "created_ms": 1, "expires_ms": 2}
        connection.execute(
            insert(token_families).values(id="family", generation=1, rotated_ms=1, **row)
        )
        connection.execute(insert(sign_ins).values(id="sign-in", browser="b", **row))

    assert administration.set_password("Ann@example.org", "another horse").id == account.id

    with database.read() as connection:
        assert check_password(connection, "ann@example.org", "another horse") == account
        for table in (token_families, sign_ins):
            assert connection.execute(select(table)).all() == []
    assert acts(database)[-1] == ("account.password", account.id)
    with pytest.raises(NotFoundError):
        administration.set_password("bob@example.org", "another horse")


def test_a_changed_audit_is_found(administration: Administration, database: Database) -> None:
    administration.create_key("k")
    assert administration.verify_audit().rows == 2

    with database.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_events_unchanged")
        connection.execute(update(audit_events).values(result="failed"))

    assert administration.verify_audit().broken == 1
