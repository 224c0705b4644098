"""Rows of resources, on both databases."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from isocenter.errors import NotFoundError
from isocenter.store.database import Database
from isocenter.store.resource_rows import (
    WHOLE,
    FrameLabel,
    add_labels,
    add_row,
    change_rows,
    labels_of,
    remove_labels,
    remove_resources,
    row_of_retry,
    rows_of,
)
from isocenter.store.resource_tables import resource_labels
from isocenter.store.tables import blobs
from tests.stores import DATABASES

OWNER, STRANGER = "account:1", "account:2"
KEY = "a" * 64


@pytest.fixture(params=sorted(DATABASES))
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = DATABASES[request.param](tmp_path)
    made.migrate()
    with made.begin() as connection:
        connection.execute(insert(blobs).values(key=KEY, size_bytes=3, created_ms=1))
    yield made
    made.close()


def add(connection: Connection, owner: str = OWNER, **values: object) -> tuple[int, str]:
    """Add a Resource with usual values; return its number and id."""
    row = {
        "id": str(uuid.uuid4()),
        "owner": owner,
        "name": "a.png",
        "mimetype": "image/png",
        "size_bytes": 3,
        "blob_key": KEY,
        "status": "inbox",
        "frames": 0,
        "brought_version": False,
        "upload_mechanism": "api",
        "created_ms": 5,
        "created_by": "test",
        "changed_ms": 5,
        **values,
    }
    return add_row(connection, row), str(row["id"])


def test_rows_come_in_the_order_of_their_ids_with_their_labels(database: Database) -> None:
    with database.begin() as connection:
        first, first_id = add(connection, metadata={"site": "Ω"})
        _, second_id = add(connection, name="b.png")
        add_labels(connection, first, [FrameLabel(2, "gap"), FrameLabel(WHOLE, "b")])
        add_labels(connection, first, [FrameLabel(WHOLE, "a"), FrameLabel(WHOLE, "a")])

    with database.read() as connection:
        found = rows_of(connection, OWNER, [second_id, first_id, second_id])

    assert [one.id for one in found] == [second_id, first_id]
    assert found[1].labels == ("a", "b")
    assert found[1].frame_labels == (FrameLabel(2, "gap"),)
    assert found[1].metadata == {"site": "Ω"}
    assert not found[1].is_dicom


def test_what_somebody_else_has_does_not_exist(database: Database) -> None:
    with database.begin() as connection:
        _, resource_id = add(connection, idempotency_key="k")

    with database.read() as connection:
        with pytest.raises(NotFoundError):
            rows_of(connection, STRANGER, [resource_id])
        assert row_of_retry(connection, STRANGER, "k") is None
        found = row_of_retry(connection, OWNER, "k")

    assert found is not None
    assert found.id == resource_id


@pytest.mark.parametrize("odd", ["", "\x00", "x" * 36, "\ud800", "../secret", "%"])
def test_what_is_no_id_is_not_asked_for(database: Database, odd: str) -> None:
    with database.read() as connection, pytest.raises(NotFoundError):
        rows_of(connection, OWNER, [odd])


def test_labels_of_frames_and_of_the_whole_are_removed_apart(database: Database) -> None:
    with database.begin() as connection:
        number, _ = add(connection)
        add_labels(connection, number, [FrameLabel(0, "x"), FrameLabel(WHOLE, "y")])
        remove_labels(connection, [number], of_frames=True)
        assert labels_of(connection, [number]) == {number: [FrameLabel(WHOLE, "y")]}
        remove_labels(connection, [number], of_frames=False)
        assert labels_of(connection, [number]) == {}


def test_removing_takes_the_labels_along_and_names_the_bytes(database: Database) -> None:
    with database.begin() as connection:
        number, resource_id = add(connection)
        add_labels(connection, number, [FrameLabel(WHOLE, "y")])
        change_rows(connection, [number], status="archived")
        gone = rows_of(connection, OWNER, [resource_id])
        keys = remove_resources(connection, gone, now_ms=6)
        left = connection.execute(select(resource_labels)).all()

    assert [one.status for one in gone] == ["archived"]
    assert keys == [KEY]
    assert left == []
