"""Things looked up by UIDs, and whether they changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.store.catalog import remove_instances
from isocenter.store.database import Database
from isocenter.store.lookup import CatalogPlace, list_instances, state_of
from tests.catalogs import NOW_MS, OWNER, add, facts
from tests.stores import sqlite_database

PLACE = CatalogPlace(OWNER, "1.1")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = sqlite_database(tmp_path)
    made.migrate()
    yield made
    made.close()


def state(database: Database) -> tuple[int, int, int]:
    with database.read() as connection:
        return state_of(connection, PLACE)


def test_state_changes_with_everything_that_is_stored_replaced_or_removed(
    database: Database,
) -> None:
    seen = [state(database)]
    add(database, facts())
    seen.append(state(database))
    add(database, facts())
    assert state(database) == seen[-1]
    add(database, facts(content="other"), policy="replace")
    seen.append(state(database))
    add(database, facts(instance="1.1.1.2"))
    seen.append(state(database))
    with database.begin() as connection:
        remove_instances(
            connection, OWNER, study_uid="1.1", sop_instance_uid="1.1.1.2", now_ms=NOW_MS + 1
        )
    seen.append(state(database))

    assert len(set(seen)) == 5
    assert seen[0][0] == 0


def test_instances_come_in_the_order_of_their_numbers(database: Database) -> None:
    add(database, *(facts(instance=f"1.1.1.{n}", number=n) for n in (3, 1, 10, 2)))
    add(database, facts(instance="1.1.1.99", number=None))

    with database.read() as connection:
        rows = list_instances(connection, PLACE)

    assert [row.instance_number for row in rows] == [1, 2, 3, 10, None]
