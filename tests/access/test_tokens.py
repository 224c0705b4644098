"""Tokens: checked against another implementation's reading, rotated, and ended as a family."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
from sqlalchemy import func, select

from isocenter.access.accounts import Person, create_user, set_names
from isocenter.access.audit import Audit
from isocenter.access.principal import USUAL_SCOPES, Principal
from isocenter.access.server_secret import ServerSecret
from isocenter.access.tokens import TokenPair, Tokens, end_all
from isocenter.errors import NotAuthenticatedError
from isocenter.store.database import Database
from isocenter.store.developer_tables import token_families
from isocenter.store.tables import audit_events
from tests.stores import DATABASES, Clock

DAY_MS = 24 * 3600 * 1000
OTHER = Principal("account:other", USUAL_SCOPES, "other")


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    opened = DATABASES[request.param](tmp_path)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def tokens(database: Database, secret: ServerSecret, clock: Clock) -> Tokens:
    return Tokens(database, secret, clock, lambda _: OTHER)


@pytest.fixture
def person(database: Database) -> Person:
    with database.begin() as connection:
        account = create_user(connection, "jane@example.org", "hash", "Jane Roe", 1)
        person = Person(account.id, "Jane", "Roe")
        set_names(connection, person)
    return person


@pytest.fixture
def pair(database: Database, tokens: Tokens, person: Person) -> TokenPair:
    with database.begin() as connection:
        return tokens.begin(connection, person)


def claims_of(token: str) -> dict[str, object]:
    part = token.split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert isinstance(said, dict)
    return said


def families(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(token_families)) or 0


def test_an_access_token_says_who_it_is_and_is_signed_with_hs256(
    pair: TokenPair, person: Person, clock: Clock, secret: ServerSecret
) -> None:
    head, said, signature = pair.access.split(".")

    assert head == "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"  # that of the document
    claims = claims_of(pair.access)
    assert claims["user_id"] == person.account_id
    assert (claims["first_name"], claims["last_name"]) == ("Jane", "Roe")
    assert claims["exp"] == clock() // 1000 + 15 * 60
    expected = hmac.digest(secret.sign("json web token"), f"{head}.{said}".encode(), "sha256")
    assert base64.urlsafe_b64decode(signature + "=") == expected
    assert "eyJ" not in repr(pair)


def test_its_bearer_is_the_account(tokens: Tokens, pair: TokenPair, person: Person) -> None:
    principal = tokens.verify(pair.access)

    assert principal.id == f"account:{person.account_id}"
    assert principal.scopes == USUAL_SCOPES
    assert (principal.name, principal.key_id) == ("Jane Roe", None)
    assert tokens.verify("a.key") is OTHER


def test_tokens_are_good_for_their_purpose_and_time_only(
    tokens: Tokens, pair: TokenPair, clock: Clock
) -> None:
    for wrong in (pair.refresh, pair.cookie):
        with pytest.raises(NotAuthenticatedError):
            tokens.verify(wrong)
    with pytest.raises(NotAuthenticatedError):
        tokens.refresh(pair.access)

    clock.now_ms += 15 * 60 * 1000
    with pytest.raises(NotAuthenticatedError):
        tokens.verify(pair.access)
    clock.now_ms += 29 * DAY_MS
    tokens.refresh(pair.refresh)
    clock.now_ms += DAY_MS
    with pytest.raises(NotAuthenticatedError):
        tokens.refresh(pair.refresh)


def test_tokens_that_others_made_are_refused(tokens: Tokens, pair: TokenPair) -> None:
    said = claims_of(pair.access)
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    wrong = hashlib.sha256(b"guess").digest()
    forged = [
        f"{head}.{pair.access.split('.')[1]}.",
        jwt.encode(said, wrong, algorithm="HS256"),
        pair.access[:-2],
        "eyJ",
        "eyJ.eyJ.eyJ",
        "eyJ" * 5000,
        "eyJ\udcff",
        base64.urlsafe_b64encode(b'{"' + b"[" * 2000).decode() + ".e30.e30",
    ]
    for text in forged:
        with pytest.raises(NotAuthenticatedError):
            tokens.verify(text)
        with pytest.raises(NotAuthenticatedError):
            tokens.refresh(text)


def test_a_token_without_a_claim_is_none(
    tokens: Tokens, pair: TokenPair, secret: ServerSecret
) -> None:
    key = secret.sign("json web token")
    for claim in ("exp", "family", "user_id", "token_type", "jti", "iat"):
        said = {name: value for name, value in claims_of(pair.access).items() if name != claim}
        with pytest.raises(NotAuthenticatedError):
            tokens.verify(jwt.encode(said, key, algorithm="HS256"))


def test_the_token_of_a_body_stays_good(tokens: Tokens, pair: TokenPair) -> None:
    for _ in range(3):
        refreshed = tokens.refresh(pair.refresh)
        assert refreshed.cookie is None
        tokens.verify(refreshed.access)


def test_the_token_of_a_cookie_is_replaced_and_a_copy_ends_all(
    database: Database, tokens: Tokens, pair: TokenPair, clock: Clock, secret: ServerSecret
) -> None:
    first = tokens.refresh(pair.cookie)
    assert first.cookie is not None
    assert first.cookie != pair.cookie
    # An answer was lost: the same token again gives what is good now.
    again = tokens.refresh(pair.cookie)
    assert again.cookie is not None
    second = tokens.refresh(again.cookie)
    assert second.cookie is not None
    tokens.refresh(pair.refresh)

    clock.now_ms += 10_001
    with pytest.raises(NotAuthenticatedError):
        tokens.refresh(first.cookie)
    for dead in (second.cookie, pair.refresh):
        with pytest.raises(NotAuthenticatedError):
            tokens.refresh(dead)
    with pytest.raises(NotAuthenticatedError):
        tokens.verify(second.access)

    with database.read() as connection:
        noted = connection.execute(select(audit_events.c.action, audit_events.c.result)).all()
        assert noted[-1] == ("token.reuse", "denied")
        assert Audit(secret, clock).verify_chain(connection).broken is None


def test_signing_out_ends_one_sign_in_and_a_new_password_all(
    database: Database, tokens: Tokens, pair: TokenPair, person: Person
) -> None:
    with database.begin() as connection:
        other = tokens.begin(connection, person)

    tokens.end(pair.refresh)
    with pytest.raises(NotAuthenticatedError):
        tokens.verify(pair.access)
    with pytest.raises(NotAuthenticatedError):
        tokens.end(pair.refresh)
    tokens.verify(other.access)

    with database.begin() as connection:
        end_all(connection, person.account_id)
    with pytest.raises(NotAuthenticatedError):
        tokens.verify(other.access)


def test_families_that_expired_go_when_somebody_signs_in(
    database: Database, tokens: Tokens, pair: TokenPair, person: Person, clock: Clock
) -> None:
    assert pair.access
    with database.begin() as connection:
        tokens.begin(connection, person)
    assert families(database) == 2

    clock.now_ms += 30 * DAY_MS
    with database.begin() as connection:
        tokens.begin(connection, person)
    assert families(database) == 1
