"""The tables as the program sees them are those that migrations make."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from isocenter import store
from isocenter.store.database import Database
from isocenter.store.tables import blobs, metadata
from tests.stores import postgres_database, sqlite_database

for module in pkgutil.iter_modules(store.__path__):
    if module.name.endswith("_tables"):
        importlib.import_module(f"{store.__name__}.{module.name}")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = sqlite_database(tmp_path)
    made.migrate()
    yield made
    made.close()


def definitions(connection: Connection) -> dict[str, list[str]]:
    """Return columns, constraints and indexes by name; their order in a table means nothing.

    Triggers are made by migrations alone.
    """
    query = text(
        "SELECT name, sql FROM sqlite_master"
        " WHERE sql IS NOT NULL AND name <> 'alembic_version' AND type <> 'trigger'"
    )
    # SQLAlchemy writes each of them on a line of its own.
    return {
        name: sorted(line.strip(" \t,") for line in sql.splitlines())
        for name, sql in connection.execute(query)
    }


def test_migrations_make_exactly_these_tables(database: Database, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'expected.sqlite3'}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        expected = definitions(connection)
    engine.dispose()

    with database.read() as connection:
        made = definitions(connection)

    assert made == expected


def test_alembic_finds_no_difference(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_alembic_finds_no_difference_in_postgresql(tmp_path: Path) -> None:
    database = postgres_database(tmp_path)
    database.migrate()

    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []

    database.close()


def test_every_constraint_has_a_name() -> None:
    for table in metadata.sorted_tables:
        assert all(constraint.name for constraint in table.constraints), table.name
        assert all(index.name for index in table.indexes), table.name


def test_every_reference_to_bytes_is_indexed() -> None:
    references = [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if column.references(blobs.c.key)
    ]

    assert references
    assert all(column.index for column in references)


def test_tables_can_be_written_for_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in metadata.sorted_tables:
        assert f"CREATE TABLE {table.name}" in str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert " INDEX " in str(CreateIndex(index).compile(dialect=dialect))
