"""The catalog decides before it writes (tests/contracts holds every database to its promises)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError
from isocenter.store.catalog import remove_instances
from isocenter.store.database import Database
from tests.catalogs import NOW_MS, OWNER, STRANGER, add, facts
from tests.stores import sqlite_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = sqlite_database(tmp_path)
    made.migrate()
    yield made
    made.close()


def test_bytes_are_kept_only_for_what_is_stored(database: Database) -> None:
    add(database, facts())
    wanted = [facts(), facts(content="x"), facts(instance="1.1.1.2"), facts(instance="1.1.1.2")]

    states = [one.state for one in add(database, *wanted).outcomes]

    assert states == ["present", "conflict", "stored", "present"]


def test_twins_of_one_request_that_differ_are_a_conflict(database: Database) -> None:
    outcomes = add(database, facts(), facts(content="x"), policy="replace").outcomes

    assert [one.state for one in outcomes] == ["stored", "conflict"]


def test_what_is_equal_in_the_metadata_differs_in_its_pixels(database: Database) -> None:
    first = facts()
    add(database, first)
    same = facts(content="x")
    object.__setattr__(same, "metadata", first.metadata)

    assert add(database, same).outcomes[0].tag == "7FE00010"


def test_unknown_policy_is_refused(database: Database) -> None:
    with pytest.raises(InvalidInputError):
        add(database, facts(), policy="other")  # type: ignore[arg-type]


def test_removing_what_is_not_there_changes_nothing(database: Database) -> None:
    add(database, facts())

    for owner, study in ((STRANGER, "1.1"), (OWNER, "1.9")):
        with database.begin() as connection:
            removed = remove_instances(connection, owner, study_uid=study, now_ms=NOW_MS)
        assert removed.instances == 0
