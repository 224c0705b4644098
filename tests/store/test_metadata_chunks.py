"""Documents of a Series lie together, whether they came at once or one by one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from isocenter.store.database import Database
from isocenter.store.lookup import CatalogPlace, find_instance
from isocenter.store.metadata_chunks import DOCUMENTS_MAX, Place, read_documents, read_series
from isocenter.store.tables import metadata_chunks
from tests.catalogs import OWNER, add, facts
from tests.stores import sqlite_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = sqlite_database(tmp_path)
    made.migrate()
    yield made
    made.close()


@pytest.mark.parametrize("at_once", [1, 7, 100])
def test_chunks_are_filled_however_documents_come(database: Database, at_once: int) -> None:
    wanted = [facts(instance=f"1.1.1.{n}", content=f"c{n}") for n in range(1, 101)]
    for start in range(0, 100, at_once):
        add(database, *wanted[start : start + at_once])

    with database.read() as connection:
        chunks = connection.scalar(select(func.count()).select_from(metadata_chunks))
        texts = list(read_series(connection, 1))
        whole = b"[" + b",".join(texts) + b"]"
    assert chunks == -(-100 // DOCUMENTS_MAX)
    assert b"[" + b",\n".join(one.metadata for one in wanted) + b"]" == whole.replace(
        b',{"00080018"', b',\n{"00080018"'
    ).replace(b",\n\n", b",\n")


def test_large_documents_have_chunks_of_their_own(database: Database) -> None:
    wanted = [facts(instance=f"1.1.1.{n}", content="x" * 200_000) for n in range(1, 4)]
    add(database, *wanted)

    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(metadata_chunks)) == 3
        for one in wanted:
            place = CatalogPlace(OWNER, "1.1", "1.1.1", one.instance.uid)
            row = find_instance(connection, place)
            assert row is not None
            spot = Place(row.chunk_number, row.chunk_position)
            assert read_documents(connection, [spot]) == [one.metadata]
