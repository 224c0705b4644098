"""Developers: profiles, keys and quotas, each for one account alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.access.accounts import Person, create_user, set_names
from isocenter.access.api_keys import ApiKeys
from isocenter.access.audit import Audit
from isocenter.access.principal import USUAL_SCOPES, Principal
from isocenter.access.server_secret import ServerSecret
from isocenter.errors import (
    FieldsError,
    InvalidInputError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    QuotaReachedError,
)
from isocenter.limits import Limits
from isocenter.services.developers import GENERATE, READ, Developers, Profile
from isocenter.store.database import Database
from isocenter.store.tables import audit_events
from tests.stores import DATABASES, Clock

SECRET = ServerSecret(b"s" * 64)
VISITOR = Principal("cookie:x", USUAL_SCOPES, is_browser=True)
PROFILE = Profile("testing", "My Organization")
QUOTA = 3


@pytest.fixture
def clock() -> Clock:
    return Clock(int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() * 1000))


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    opened = DATABASES[request.param](tmp_path)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def keys(database: Database, clock: Clock) -> ApiKeys:
    return ApiKeys(database, SECRET, clock)


@pytest.fixture
def developers(database: Database, keys: ApiKeys, clock: Clock) -> Developers:
    limits = Limits(monthly_reads=QUOTA, account_keys=3)
    return Developers(database, Audit(SECRET, clock), keys, clock, limits)


def new_person(database: Database, email: str, first_name: str = "Jane") -> Principal:
    with database.begin() as connection:
        account = create_user(connection, email, "hash", "Jane Roe", 1)
        set_names(connection, Person(account.id, first_name, "Roe"))
    return Principal(f"account:{account.id}", USUAL_SCOPES, account.id)


@pytest.fixture
def jane(database: Database, developers: Developers) -> Principal:
    person = new_person(database, "jane@example.org")
    developers.set_profile(person, PROFILE)
    return person


@pytest.fixture
def stranger(database: Database, developers: Developers) -> Principal:
    person = new_person(database, "eve@example.org")
    developers.set_profile(person, Profile(None, None))
    return person


def test_a_profile_is_made_and_changed(
    database: Database, developers: Developers, stranger: Principal
) -> None:
    person = new_person(database, "a@b")
    with pytest.raises(NotFoundError, match="Developer profile does not exist"):
        developers.profile(person)

    for profile in (PROFILE, Profile("research", None)):
        assert developers.set_profile(person, profile) == profile
        assert developers.profile(person) == profile

    assert developers.profile(stranger) == Profile(None, None)


def test_without_a_profile_there_are_no_keys_and_no_activity(
    database: Database, developers: Developers
) -> None:
    person = new_person(database, "a@b")
    with pytest.raises(NotAllowedError):
        developers.list_keys(person)
    with pytest.raises(NotAllowedError):
        developers.create_key(person, "k")
    with pytest.raises(NotAllowedError):
        developers.delete_key(person, "1")
    with pytest.raises(NotAllowedError):
        developers.activity(person)


def test_keys_are_numbered_listed_without_secrets_and_ended_at_once(
    developers: Developers, keys: ApiKeys, jane: Principal, stranger: Principal
) -> None:
    first, name = developers.create_key(jane, "New API Key")
    second, usual = developers.create_key(jane)
    developers.create_key(stranger)

    assert (first.number, name) == (1, "New API Key")
    assert (second.number, usual) == (2, "Jane-developer-key")
    listed = developers.list_keys(jane)
    assert [one.number for one in listed] == [1, 2]
    assert first.text.partition(".")[2] not in str(listed)

    developers.delete_key(jane, "2")
    with pytest.raises(NotAuthenticatedError):
        keys.verify(second.text)
    developers.delete_key(jane, first.id)
    with pytest.raises(NotAuthenticatedError):
        keys.verify(first.text)
    assert developers.list_keys(jane) == []
    third, _ = developers.create_key(jane)
    assert third.number == 3


@pytest.mark.parametrize("named", ["2", "0", "-1", "1.5", "x", "", "9" * 40, "\u0661"])
def test_keys_that_are_not_there_are_not_found(
    developers: Developers, jane: Principal, named: str
) -> None:
    developers.create_key(jane)
    with pytest.raises(NotFoundError):
        developers.delete_key(jane, named)


def test_keys_of_others_are_not_found(
    developers: Developers, keys: ApiKeys, jane: Principal, stranger: Principal
) -> None:
    key, _ = developers.create_key(jane)
    for named in ("1", key.id):
        with pytest.raises(NotFoundError):
            developers.delete_key(stranger, named)
    assert keys.verify(key.text).account_id == jane.account_id


def test_an_account_has_so_many_keys_and_no_more(developers: Developers, jane: Principal) -> None:
    for _ in range(3):
        developers.create_key(jane)
    with pytest.raises(FieldsError, match="at most 3 keys"):
        developers.create_key(jane)
    developers.delete_key(jane, "1")
    developers.create_key(jane)
    with pytest.raises(InvalidInputError):
        developers.create_key(jane, "x" * 501)


def test_a_key_does_not_make_keys_and_a_visitor_has_no_account(
    developers: Developers, keys: ApiKeys, jane: Principal
) -> None:
    key, _ = developers.create_key(jane)
    with pytest.raises(NotAllowedError):
        developers.create_key(keys.verify(key.text))
    with pytest.raises(NotAllowedError):
        developers.set_profile(keys.verify(key.text), PROFILE)
    assert developers.profile(keys.verify(key.text)) == PROFILE
    with pytest.raises(NotAuthenticatedError):
        developers.profile(VISITOR)
    with pytest.raises(NotAuthenticatedError):
        developers.take(VISITOR, READ)


def test_the_quota_is_counted_before_the_work_and_ends_with_the_month(
    database: Database, developers: Developers, clock: Clock
) -> None:
    person = new_person(database, "a@b")  # has no profile, and a quota all the same
    for _ in range(QUOTA):
        developers.take(person, READ)

    with pytest.raises(QuotaReachedError) as caught:
        developers.take(person, READ)

    assert (caught.value.kind, caught.value.limit_value) == (READ, QUOTA)
    assert caught.value.retry_after_seconds == 10 * 86_400 + 12 * 3600
    assert developers.usage(person).used == {READ: QUOTA, GENERATE: 0}
    developers.take(person, GENERATE)
    clock.now_ms += caught.value.retry_after_seconds * 1000
    developers.take(person, READ)
    assert developers.usage(person).used == {READ: 1, GENERATE: 0}


def test_work_that_fails_is_not_counted(developers: Developers, jane: Principal) -> None:
    with developers.counted(jane, READ):
        pass
    with pytest.raises(ZeroDivisionError), developers.counted(jane, READ):
        raise ZeroDivisionError

    assert developers.usage(jane).used == {READ: 1, GENERATE: 0}
    assert sum(one.times for one in developers.activity(jane)) == 1


def test_activity_is_that_of_the_month_that_is_asked_for(
    developers: Developers, keys: ApiKeys, jane: Principal, stranger: Principal, clock: Clock
) -> None:
    key, _ = developers.create_key(jane)
    now_ms = clock.now_ms
    clock.now_ms -= 31 * 86_400_000
    developers.take(jane, READ)
    clock.now_ms = now_ms
    developers.take(keys.verify(key.text), READ)
    developers.take(jane, GENERATE)

    assert [(one.day, one.kind, one.key_id) for one in developers.activity(jane)] == [
        ("2026-11-20", GENERATE, ""),
        ("2026-11-20", READ, key.id),
    ]
    assert [one.day for one in developers.activity(jane, month=10)] == ["2026-10-20"]
    assert len(developers.activity(jane, year=2026)) == 3
    assert developers.activity(jane, year=2025, month=11) == []
    assert developers.activity(stranger) == []
    for wrong in ({"month": 13}, {"month": 0}, {"year": 0}, {"year": 123_456}):
        with pytest.raises(FieldsError):
            developers.activity(jane, **wrong)


def test_each_change_is_in_the_audit(
    database: Database, developers: Developers, jane: Principal
) -> None:
    developers.create_key(jane, "a name")
    developers.delete_key(jane, "1")
    with database.read() as connection:
        rows = connection.execute(select(audit_events)).all()
    assert [row.action for row in rows] == ["profile.update", "key.create", "key.revoke"]
    assert {row.principal for row in rows} == {jane.id}
    assert "a name" not in str(rows)
