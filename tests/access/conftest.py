"""A database with the tables of the server, a clock that stands still, a secret."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
