"""A database with the tables of the server, a clock that stands still, a secret."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from isocenter.access.accounts import create_service
from isocenter.access.api_keys import ApiKeys
from isocenter.access.principal import Principal
from isocenter.access.server_secret import ServerSecret
from isocenter.store.database import Database
from tests.stores import Clock, sqlite_database


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


class Account(NamedTuple):
    """An account with a key: who its bearer is, and what ends the key."""

    principal: Principal
    revoke: Callable[[], None]


@pytest.fixture
def account(database: Database, secret: ServerSecret, clock: Clock) -> Account:
    """Give an account whose key may read and upload, for a day."""
    keys = ApiKeys(database, secret, clock)
    with database.begin() as connection:
        made = create_service(connection, "somebody", clock())
        key = keys.create(
            connection, made.id, "k", ["read", "upload"], expires_ms=clock() + 86_400_000
        )

    def revoke() -> None:
        with database.begin() as connection:
            keys.revoke(connection, key.id)

    return Account(keys.verify(key.text), revoke)
