"""Finding resources: each filter alone, pages of a thousand, channels; on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from isocenter.errors import InvalidInputError
from isocenter.store.database import Database
from isocenter.store.resource_query import ORDERS, ResourceQuery, find_resources, list_channels
from isocenter.store.resource_rows import WHOLE, FrameLabel, add_labels
from isocenter.store.resource_tables import resources
from isocenter.store.tables import blobs
from tests.store.test_resource_rows import KEY, OWNER, STRANGER, add
from tests.stores import DATABASES

COUNT = 1000


@pytest.fixture(scope="module", params=sorted(DATABASES))
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("query")
    made = DATABASES[request.param](folder)
    made.migrate()
    with made.begin() as connection:
        connection.execute(insert(blobs).values(key=KEY, size_bytes=3, created_ms=1))
        for index in range(COUNT):
            number, _ = add(
                connection,
                name=f"slice_{index:04d}.dcm" if index % 2 else f"50%_{index}.PNG",
                mimetype="application/dicom" if index % 2 else "image/png",
                modality=("CT", "MR", None)[index % 3],
                channel=f"channel {index % 4}" if index % 5 else None,
                status=("inbox", "published", "archived", "inbox")[index % 4],
                created_ms=index * 10,
                changed_ms=index * 10 + 1,
            )
            if index % 10 == 0:
                labels = [FrameLabel(WHOLE, "tenth"), FrameLabel(3, "hidden")]
                more = [FrameLabel(WHOLE, "hundredth")] if index % 100 == 0 else []
                add_labels(connection, number, [*labels, *more])
        add(connection, STRANGER, channel="secret")
    yield made
    made.close()


def found(database: Database, **wanted: object) -> list[int]:
    """Return which of the thousand fit, by when they came; pages must know how many there are."""
    with database.read() as connection:
        page = find_resources(connection, OWNER, ResourceQuery(**wanted))  # type: ignore[arg-type]  # passed on
    assert "limit" in wanted or "offset" in wanted or page.total == len(page.resources)
    return [one.created_ms // 10 for one in page.resources]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, lambda _: True),
        ({"statuses": ("inbox",)}, lambda at: at % 4 in {0, 3}),
        ({"statuses": ("published", "archived")}, lambda at: at % 4 in {1, 2}),
        ({"from_ms": 5000, "to_ms": 6000}, lambda at: 500 <= at < 600),
        ({"modality": "MR"}, lambda at: at % 3 == 1),
        ({"mimetype": "image/png"}, lambda at: at % 2 == 0),
        ({"mimetype": "image/*"}, lambda at: at % 2 == 0),
        ({"channel": "channel 2"}, lambda at: at % 4 == 2 and at % 5 > 0),
        ({"labels": ("hundredth",)}, lambda at: at % 100 == 0),
        ({"labels": ("hundredth", "tenth")}, lambda at: at % 10 == 0),
        ({"labels": ("hundredth", "tenth"), "all_labels": True}, lambda at: at % 100 == 0),
        ({"labels": ("hidden",)}, lambda _: False),
        ({"filename": "slice_0777.dcm"}, lambda at: at == 777),
        ({"filename": "slice_077"}, lambda _: False),
        ({"filename": "SLICE_07*"}, lambda at: at % 2 == 1 and 700 <= at < 800),
        ({"filename": "50%_*"}, lambda at: at % 2 == 0),
        ({"filename": "5%0*"}, lambda _: False),
        (
            {"modality": "CT", "labels": ("tenth",), "statuses": ("inbox",)},
            lambda at: at % 3 == 0 and at % 10 == 0 and at % 4 in {0, 3},
        ),
    ],
)
def test_every_filter_gives_exactly_what_fits(
    database: Database, wanted: dict[str, object], expected: object
) -> None:
    assert callable(expected)
    assert found(database, **wanted) == [at for at in reversed(range(COUNT)) if expected(at)]


def test_a_selection_of_others_narrows_the_search(database: Database) -> None:
    within = select(resources.c.number).where(resources.c.created_ms < 300)
    assert found(database, within=within, mimetype="image/png") == list(range(28, -1, -2))
    assert found(database, without=within) == list(range(COUNT - 1, 29, -1))


@pytest.mark.parametrize("size", [1, 10, 50, 333, 1000, 5000])
def test_pages_of_a_thousand_have_each_once(database: Database, size: int) -> None:
    read: list[int] = []
    offsets = range(0, COUNT, size) if size > 1 else range(5)
    for offset in offsets:
        page = found(database, offset=offset, limit=size, order_field="status")
        assert len(page) == min(size, COUNT - offset)
        read += page
    assert len(set(read)) == len(read) == (COUNT if size > 1 else 5)
    assert found(database, offset=COUNT, limit=size) == []


@pytest.mark.parametrize("order_field", sorted(ORDERS))
@pytest.mark.parametrize("is_ascending", [True, False])
def test_every_order_is_whole(database: Database, order_field: str, is_ascending: bool) -> None:
    ordered = found(database, order_field=order_field, is_ascending=is_ascending)
    assert len(ordered) == COUNT
    if order_field == "created_at":
        assert ordered == sorted(ordered, reverse=not is_ascending)
    if order_field == "modality":
        # Those without one are last, whichever way.
        assert all(at % 3 == 2 for at in ordered[-333:])


@pytest.mark.parametrize(
    "wanted",
    [
        {"filename": "\x00"},
        {"labels": ("a", "\x00")},
        {"statuses": ("gone",)},
        {"order_field": "owner"},
        {"offset": -1},
        {"limit": -1},
    ],
)
def test_what_cannot_be_asked_is_refused(wanted: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        ResourceQuery(**wanted)  # type: ignore[arg-type]  # passed on


def test_channels_have_their_latest_resources_and_a_count(database: Database) -> None:
    with database.read() as connection:
        channels = list_channels(connection, OWNER, 0, 10, 3).channels
        second = list_channels(connection, OWNER, 1, 1, 0)

    assert [one.name for one in channels] == [f"channel {number}" for number in range(4)]
    assert [one.count for one in channels] == [200] * 4
    assert [one.created_ms // 10 for one in channels[2].resources] == [998, 994, 986]
    assert (channels[2].created_ms, channels[2].changed_ms) == (20, 9981)
    assert [(one.name, one.resources) for one in second.channels] == [("channel 1", ())]
    assert second.total == 4
