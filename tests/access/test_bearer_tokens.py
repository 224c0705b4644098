"""A token stands for its key for an hour, and never for more than the key may."""

import pytest

from isocenter.access.accounts import create_service
from isocenter.access.api_keys import ApiKeys, NewKey
from isocenter.access.bearer_tokens import TOKEN_SECONDS, BearerTokens
from isocenter.access.server_secret import ServerSecret
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import InvalidInputError, NotAuthenticatedError
from isocenter.store.database import Database
from tests.stores import Clock


@pytest.fixture
def keys(database: Database, secret: ServerSecret, clock: Clock) -> ApiKeys:
    return ApiKeys(database, secret, clock)


@pytest.fixture
def key(database: Database, keys: ApiKeys) -> NewKey:
    with database.begin() as connection:
        account = create_service(connection, "account", 1)
        return keys.create(connection, account.id, "key", ["read", "upload"])


@pytest.fixture
def bearers(keys: ApiKeys, secret: ServerSecret, clock: Clock) -> BearerTokens:
    return BearerTokens(keys, SignedTokens(secret, clock))


def test_token_is_its_key(bearers: BearerTokens, keys: ApiKeys, key: NewKey) -> None:
    token = bearers.make(key.text)

    assert (token.seconds, token.scopes) == (TOKEN_SECONDS, ("read", "upload"))
    assert bearers.verify(token.text) == keys.verify(key.text) == bearers.verify(key.text)


def test_token_may_be_good_for_less(bearers: BearerTokens, key: NewKey) -> None:
    token = bearers.make(key.text, ["upload"])

    assert bearers.verify(token.text).scopes == {"upload"}
    with pytest.raises(InvalidInputError, match="has not all"):
        bearers.make(key.text, ["upload", "write"])


def test_token_ends_with_its_hour(bearers: BearerTokens, key: NewKey, clock: Clock) -> None:
    token = bearers.make(key.text)
    clock.now_ms += TOKEN_SECONDS * 1000

    with pytest.raises(NotAuthenticatedError, match="expired"):
        bearers.verify(token.text)


def test_token_ends_with_its_key(
    bearers: BearerTokens, database: Database, keys: ApiKeys, key: NewKey
) -> None:
    token = bearers.make(key.text)
    with database.begin() as connection:
        keys.revoke(connection, key.id)

    with pytest.raises(NotAuthenticatedError, match="revoked"):
        bearers.verify(token.text)


def test_token_cannot_be_changed_into_another(
    bearers: BearerTokens, secret: ServerSecret, clock: Clock, key: NewKey
) -> None:
    token = bearers.make(key.text)
    of_others = SignedTokens(secret, clock).make("view", f"{key.id}:upload", 60)

    for text in (token.text[:-1] + "_", of_others, token.text.replace(".", "..", 1), "x.1.y"):
        with pytest.raises(NotAuthenticatedError):
            bearers.verify(text)
