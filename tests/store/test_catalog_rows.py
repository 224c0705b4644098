"""Rows of the archive with what follows from them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.store.catalog_facts import STUDY, SearchValue
from isocenter.store.catalog_rows import add_values, batches, owner_number_of
from isocenter.store.database import Database
from isocenter.store.tables import search_values
from tests.stores import sqlite_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = sqlite_database(tmp_path)
    made.migrate()
    yield made
    made.close()


def test_owner_keeps_the_number(database: Database) -> None:
    with database.begin() as connection:
        numbers = [owner_number_of(connection, owner) for owner in ("a", "b", "a")]

    assert numbers[0] == numbers[2] != numbers[1]


def test_equal_values_become_one_row(database: Database) -> None:
    value = SearchValue("00100010", "w", "doe")
    with database.begin() as connection:
        owner = owner_number_of(connection, "a")
        add_values(connection, owner, STUDY, {1: [value, value]})
        assert len(connection.execute(select(search_values)).all()) == 1


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1234])
def test_batches_hold_everything_once(count: int) -> None:
    parts = list(batches(range(count)))

    assert [value for part in parts for value in part] == list(range(count))
    assert all(0 < len(part) <= 500 for part in parts)
