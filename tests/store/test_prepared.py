"""Prepared statements do what SQLAlchemy would have done, and fail as it would have failed."""

from collections.abc import Iterator

import pytest
from sqlalchemy import bindparam, insert, select, update

from isocenter.errors import ConflictError
from isocenter.store.database import Database
from isocenter.store.prepared import Prepared, PreparedList
from isocenter.store.tables import blobs
from tests.stores import DATABASES

_INSERT = Prepared(insert(blobs).inline(), blobs.columns.keys())
_ALL = Prepared(select(blobs.c.key, blobs.c.size_bytes).order_by(blobs.c.key))
_SOME = PreparedList(lambda keys: select(blobs.c.key).where(blobs.c.key.in_(keys)))


@pytest.fixture(scope="module", params=sorted(DATABASES))
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    opened = DATABASES[request.param](tmp_path_factory.mktemp("prepared"))
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _empty(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(blobs.delete())


def _row(number: int) -> dict[str, str | int | bytes | None]:
    return {"key": f"{number:064x}", "size_bytes": number, "created_ms": 5}


def test_rows_are_those_that_sqlalchemy_reads(database: Database) -> None:
    with database.begin() as connection:
        _INSERT.run_many(connection, [_row(number) for number in range(3)])
        assert _INSERT.run(connection, _row(3)) == []
    with database.read() as connection:
        expected = connection.execute(select(blobs.c.key, blobs.c.size_bytes)).all()
        assert _ALL.run(connection, {}) == [tuple(row) for row in expected]


def test_a_value_that_is_given_by_name_is_bound_by_name(database: Database) -> None:
    statement = Prepared(
        update(blobs)
        .where(blobs.c.key == bindparam("wanted"))
        .values(created_ms=bindparam("now_ms"), size_bytes=blobs.c.size_bytes + bindparam("more"))
    )
    with database.begin() as connection:
        _INSERT.run(connection, _row(1))
        statement.run(connection, {"more": 7, "wanted": f"{1:064x}", "now_ms": 9})
        found = connection.execute(select(blobs.c.size_bytes, blobs.c.created_ms)).one()
    assert tuple(found) == (8, 9)


@pytest.mark.parametrize("count", [0, 1, 2, 8, 9, 65, 1100])
def test_a_list_may_be_as_long_as_it_likes(database: Database, count: int) -> None:
    with database.begin() as connection:
        _INSERT.run_many(connection, [_row(number) for number in range(1200)])
        found = list(_SOME.run(connection, {}, [f"{number:064x}" for number in range(count)]))
    assert sorted(found) == [(f"{number:064x}",) for number in range(count)]


def test_what_a_row_contradicts_is_a_conflict_and_undoes_everything(database: Database) -> None:
    with pytest.raises(ConflictError), database.begin() as connection:
        _INSERT.run_many(connection, [_row(1), _row(2), _row(1)])
    with database.read() as connection:
        assert _ALL.run(connection, {}) == []
