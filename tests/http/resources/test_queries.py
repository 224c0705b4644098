"""What addresses and bodies say, in the ways of all generations of clients."""

import datetime as dt

import pytest

from isocenter.errors import InvalidInputError
from isocenter.http.resources.queries import (
    Filter,
    read_filter,
    read_ids,
    read_labels,
    read_listing,
    read_time,
    read_truth,
)
from isocenter.store.resource_query import ResourceQuery
from isocenter.store.resource_rows import FrameLabel

DAY_MS = 24 * 3600 * 1000
JANUARY_MS = round(dt.datetime(2024, 1, 31, tzinfo=dt.UTC).timestamp() * 1000)


def test_without_anything_it_is_the_first_page_of_all() -> None:
    listing = read_listing([("status", ""), ("unknown", "x")], 5000)

    assert listing.query == ResourceQuery(limit=50)
    assert not listing.is_flat
    assert not listing.ids_only
    assert listing.projects == ()


def test_everything_that_release_0_7_sends() -> None:
    listing = read_listing(
        [
            ("status", "inbox"),
            ("from", "2024-01-31"),
            ("to", "2024-01-31"),
            ("modality", "CT"),
            ("mimetype", "application/dicom"),
            ("ids", "True"),
            ("order_field", "filename"),
            ("order_by_asc", "True"),
            ("channel_name", "CT scans"),
            ("labels[0]", "a"),
            ("labels[1]", "b,c"),
            ("offset", "50"),
            ("limit", "10"),
        ],
        5000,
    )

    assert listing.is_flat
    assert listing.ids_only
    assert listing.query == ResourceQuery(
        statuses=("inbox",),
        from_ms=JANUARY_MS,
        to_ms=JANUARY_MS + DAY_MS,
        modality="CT",
        mimetype="application/dicom",
        channel="CT scans",
        labels=("a", "b,c"),
        order_field="filename",
        is_ascending=True,
        offset=50,
        limit=10,
    )


def test_everything_that_release_2_sends() -> None:
    listing = read_listing(
        [
            ("tags", '{"items": ["a", "b"], "filterType": "intersection"}'),
            ("project", '{"items": ["One", "Two"], "filterType": "union"}'),
            ("projectId", "3"),
            ("filename", "x.dcm"),
            ("status", "inbox,archived"),
            ("limit", "5000"),
        ],
        5000,
    )

    assert listing.query.labels == ("a", "b")
    assert listing.query.all_labels
    assert listing.query.filename == "x.dcm"
    assert listing.query.statuses == ("inbox", "archived")
    assert (listing.projects, listing.all_projects) == (("One", "Two", "3"), False)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", Filter()),
        ("one, two", Filter(("one, two",))),
        ('["a"]', Filter(("a",))),
        ('{"items": "a"}', Filter(("a",))),
        ('{"items": []}', Filter()),
        ('{"items": ["a"], "filterType": "intersection"}', Filter(("a",), is_all=True)),
    ],
)
def test_filters_are_read_however_they_are_written(text: str, read: Filter) -> None:
    assert read_filter(text, "tags") == read


@pytest.mark.parametrize(
    "text", ["{", "[1]", '["\\u0000"]', '{"items": [1]}', '{"items": [], "filterType": 1}']
)
def test_filters_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^tags is"):
        read_filter(text, "tags")


@pytest.mark.parametrize(
    ("text", "is_end", "ms"),
    [
        ("", False, None),
        ("2024-01-31", False, JANUARY_MS),
        ("2024-01-31", True, JANUARY_MS + DAY_MS),
        ("2024-01-31T00:00:00", True, JANUARY_MS),
        ("2024-01-31T01:00:00+01:00", False, JANUARY_MS),
        ("2024-01-31T00:00:00.250Z", False, JANUARY_MS + 250),
    ],
)
def test_days_are_whole_and_times_exact(text: str, is_end: bool, ms: int | None) -> None:
    assert read_time(text, "from", is_end=is_end) == ms


@pytest.mark.parametrize("text", ["31.1.2024", "2024-02-30", "x", "9999-12-31"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^to is a day"):
        read_time(text, "to", is_end=True)


def test_truth_is_written_in_many_ways() -> None:
    assert [read_truth(word, "x") for word in ("True", "1", "YES", "false", "0")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    with pytest.raises(InvalidInputError, match=r"^x is true or false"):
        read_truth("", "x")


def test_ids_are_a_list_or_separated_by_commas() -> None:
    assert read_ids("a, b,", 2) == ["a", "b"]
    assert read_ids(["a"], 2) == ["a"]
    for wrong in ("", " , ", [], ["a", "b", "c"], [1], None, {"a": 1}):
        with pytest.raises(InvalidInputError, match="a list of 1 to 2 ids"):
            read_ids(wrong, 2)


def test_labels_of_the_whole_and_of_frames() -> None:
    frames = [{"frame": 1, "labels": ["a", "b"]}, {"index": 0, "label": "c"}]

    assert read_labels({"labels": ["x"], "frame_labels": []}) == (["x"], [])
    assert read_labels({"tags": []}) == ([], None)
    assert read_labels({"frame_labels": frames}) == (
        None,
        [FrameLabel(1, "a"), FrameLabel(1, "b"), FrameLabel(0, "c")],
    )


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"labels": "a"},
        {"labels": [1]},
        {"frame_labels": {}},
        {"frame_labels": ["a"]},
        {"frame_labels": [{"label": "a"}]},
        {"frame_labels": [{"frame": -1, "label": "a"}]},
        {"frame_labels": [{"frame": True, "label": "a"}]},
        {"frame_labels": [{"frame": 1 << 40, "label": "a"}]},
        {"frame_labels": [{"frame": 1, "label": 2}]},
    ],
)
def test_labels_that_are_none_are_refused(said: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        read_labels(said)
