"""A server with bad days, and folders to be sent to it."""

from collections.abc import Iterator

import pytest

from tests.faulty_store import FaultyStore, faulty_store


@pytest.fixture
def store() -> Iterator[FaultyStore]:
    with faulty_store() as server:
        yield server
