"""Searches: narrow ones begin with what they name, broad ones stop when they have enough."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from isocenter.store.catalog_facts import SERIES, STUDY
from isocenter.store.database import Database
from isocenter.store.query import Condition, Equal, Pattern, Scope, find, modalities_of
from isocenter.store.tables import search_values
from tests.catalogs import OWNER, add, facts
from tests.stores import sqlite_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = sqlite_database(tmp_path)
    made.migrate()
    yield made
    made.close()


def test_broad_and_narrow_conditions_give_the_same(database: Database) -> None:
    add(database, *(facts(f"1.{n}", f"1.{n}.1", f"1.{n}.1.1", name=f"n{n}") for n in range(1, 9)))
    condition = Condition(STUDY, "00100010", Pattern("n*"), ("a",))
    with database.read() as connection:
        narrow = [
            row.uid for row in find(connection, STUDY, Scope(OWNER), [condition], limit=9, offset=0)
        ]
    rows = [
        {
            "owner": 1,
            "level": STUDY,
            "item": 100 + n,
            "attribute": "00100010",
            "part": "a",
            "value": f"n{n}",
        }
        for n in range(3000)
    ]
    with database.begin() as connection:
        connection.execute(insert(search_values), rows)
    with database.read() as connection:
        broad = [
            row.uid for row in find(connection, STUDY, Scope(OWNER), [condition], limit=9, offset=0)
        ]

    assert narrow == broad == [f"1.{n}" for n in range(8, 0, -1)]


@pytest.mark.parametrize("text", ["x", "", "-", "1.5", "9" * 30, "\u0661"])
def test_number_that_is_none_is_never_found(database: Database, text: str) -> None:
    add(database, facts())
    condition = Condition(SERIES, "00200011", Equal((text,)))

    with database.read() as connection:
        assert find(connection, SERIES, Scope(OWNER), [condition], limit=9, offset=0) == []


def test_modalities_of_studies_are_listed_once_and_sorted(database: Database) -> None:
    for number, modality in enumerate(("PT", "CT", "CT", "")):
        add(database, facts(series=f"1.1.{number}", instance=f"1.1.{number}.1", modality=modality))

    with database.read() as connection:
        assert modalities_of(connection, [1]) == {1: ["CT", "PT"]}
