"""People: registered, signed in, throttled, and given other passwords; nothing of them is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.access.audit import Audit
from isocenter.access.principal import USUAL_SCOPES, Principal
from isocenter.access.server_secret import ServerSecret
from isocenter.access.signed_tokens import SignedTokens
from isocenter.access.tokens import Tokens
from isocenter.errors import (
    FieldsError,
    LimitReachedError,
    NotAuthenticatedError,
    NotFoundError,
    NotSupportedError,
)
from isocenter.limits import Limits
from isocenter.services.people import People, make_reset
from isocenter.store.database import Database
from isocenter.store.tables import audit_events
from tests.mail_server import mail_server
from tests.stores import Clock, sqlite_database

EMAIL = "user5@example.com"
PASSWORD = "securepassword123"  # noqa: S105 -- that of the document
TRIES = 3


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = sqlite_database(tmp_path)
    opened.migrate()
    yield opened
    opened.close()


def nobody(_: str) -> Principal:
    return Principal("account:nobody", USUAL_SCOPES, "nobody")


@pytest.fixture
def tokens(database: Database, clock: Clock) -> Tokens:
    return Tokens(database, ServerSecret(b"s" * 64), clock, nobody)


@pytest.fixture
def people(database: Database, tokens: Tokens, clock: Clock) -> People:
    audit = Audit(ServerSecret(b"s" * 64), clock)
    limits = Limits(account_sign_ins_per_minute=TRIES)
    return People(database, audit, tokens, clock, limits)


def test_who_registers_can_sign_in_and_the_audit_says_so(
    people: People, tokens: Tokens, database: Database
) -> None:
    account = people.register(f" {EMAIL.upper()}", PASSWORD, "Jane", "Roe")
    pair = people.sign_in(EMAIL, PASSWORD)

    assert tokens.verify(pair.access).account_id == account.id
    assert account.name == "Jane Roe"
    with database.read() as connection:
        rows = connection.execute(select(audit_events)).all()
    assert [row.action for row in rows] == ["account.create", "account.sign-in"]
    assert EMAIL not in str(rows)


def test_who_has_no_name_is_called_by_the_address(people: People) -> None:
    assert people.register(EMAIL, PASSWORD).name == EMAIL


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [(EMAIL, PASSWORD, "email"), ("nobody", PASSWORD, "email"), ("a@b", "short", "password")],
)
def test_wrong_fields_are_named(people: People, email: str, password: str, field: str) -> None:
    people.register(EMAIL, PASSWORD)

    with pytest.raises(FieldsError) as caught:
        people.register(email, password)

    assert list(caught.value.reasons) == [field]


def test_an_address_is_taken_by_one_of_two_who_register_at_once(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.register(EMAIL, PASSWORD)
    monkeypatch.setattr("isocenter.services.people.has_account", lambda *_: False)

    with pytest.raises(FieldsError) as caught:
        people.register(EMAIL, PASSWORD)

    assert caught.value.reasons == {"email": ["user with this email already exists."]}


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com", "no address", "\udcff@b"])
def test_wrong_passwords_are_counted_for_accounts_that_are_there_and_for_others(
    people: People, clock: Clock, email: str
) -> None:
    people.register(EMAIL, PASSWORD)
    for _ in range(TRIES):
        with pytest.raises(NotAuthenticatedError):
            people.check(email, "wrong password")

    with pytest.raises(LimitReachedError):
        people.check(email.upper(), PASSWORD)

    people.register("other@example.com", PASSWORD)
    people.check("other@example.com", PASSWORD)
    clock.now_ms += 60_000
    with pytest.raises(NotAuthenticatedError):
        people.check(email, "wrong password")


def test_right_passwords_are_not_counted(people: People) -> None:
    people.register(EMAIL, PASSWORD)
    for _ in range(TRIES + 1):
        people.check(EMAIL, PASSWORD)


def test_a_code_of_a_mail_gives_another_password_once(
    database: Database, tokens: Tokens, clock: Clock
) -> None:
    secret = ServerSecret(b"s" * 64)
    with mail_server() as server:
        reset = make_reset(server.url, "us@example.org", SignedTokens(secret, clock))
        people = People(database, Audit(secret, clock), tokens, clock, Limits(), reset)
        people.register(EMAIL, PASSWORD)
        pair = people.sign_in(EMAIL, PASSWORD)
        people.send_code("nobody@example.com")
        people.send_code("no address")
        people.send_code(EMAIL)
        with pytest.raises(LimitReachedError):
            people.send_code(EMAIL)
        recipients, message = server.mails.get(timeout=20)
        assert server.mails.empty()
    (code,) = [line for line in message.get_content().split() if line.count(".") == 2]

    assert recipients == [EMAIL]
    assert "http" not in message.get_content()
    for email, wrong in (("nobody@example.com", code), (EMAIL, code[:-1]), ("x", code)):
        with pytest.raises(FieldsError):
            people.reset_password(email, wrong, "another password")
    people.reset_password(EMAIL.upper(), code, "another password")
    people.check(EMAIL, "another password")
    with pytest.raises(NotAuthenticatedError):
        tokens.verify(pair.access)
    with pytest.raises(FieldsError):
        people.reset_password(EMAIL, code, "a third password")


def test_without_a_mail_server_there_is_no_code(people: People) -> None:
    assert make_reset("", "", SignedTokens(ServerSecret(b"s" * 64), Clock())) is None
    assert not people.may_reset
    with pytest.raises(NotSupportedError):
        people.send_code(EMAIL)
    with pytest.raises(NotSupportedError):
        people.reset_password(EMAIL, "code", PASSWORD)


def test_another_password_ends_what_was_begun_with_the_old_one(
    people: People, tokens: Tokens
) -> None:
    account = people.register(EMAIL, PASSWORD)
    pair = people.sign_in(EMAIL, PASSWORD)

    with pytest.raises(FieldsError) as caught:
        people.change_password(account.id, "not my password", "another password")
    assert list(caught.value.reasons) == ["old_password"]
    tokens.verify(pair.access)
    with pytest.raises(FieldsError):
        people.change_password(account.id, PASSWORD, "short")

    people.change_password(account.id, PASSWORD, "another password")
    with pytest.raises(NotAuthenticatedError):
        tokens.verify(pair.access)
    people.check(EMAIL, "another password")
    with pytest.raises(NotFoundError):
        people.change_password("nobody", PASSWORD, PASSWORD)
