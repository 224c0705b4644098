"""Annotations by all the names that clients have for one thing."""

from dataclasses import replace

import pytest

from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.http.resources.annotation_json import (
    annotation_json,
    read_drafts,
    read_search,
    segment_names_of,
)
from isocenter.services.annotations import Draft
from isocenter.store.annotation_rows import Annotation, AnnotationQuery

ONE = Annotation(
    number=1,
    id="a",
    resource_number=2,
    project_number=None,
    name="size",
    kind="line",
    frame_index=None,
    value=2.5,
    geometry=None,
    about={"units": "mm", "model_id": "m"},
    status="new",
    file_key=None,
    file_name=None,
    file_type=None,
    file_bytes=None,
    segment_names=None,
    created_ms=0,
    created_by="eve",
    changed_ms=0,
    approved_ms=None,
    approved_by=None,
    resource_id="r",
    resource_name="x.dcm",
    resource_modality="CT",
    project_id=None,
)


def test_drafts_are_read_by_old_and_new_names() -> None:
    old = {"name": "a", "annotation_type": "label", "index": 3, "text_value": "x"}
    new = {"identifier": "a", "type": "label", "scope": "frame", "frame_index": 3, "value": "x"}

    (first,), (second,) = read_drafts(old, 5), read_drafts([new], 5)

    assert first == second
    assert (first.name, first.kind, first.frame_index, first.value) == ("a", "label", 3, "x")
    (whole,) = read_drafts({**new, "scope": "image"}, 5)
    assert whole.frame_index is None
    assert isinstance(whole, Draft)


@pytest.mark.parametrize(
    "wrong",
    [
        {"identifier": "a", "type": "label", "scope": "frame"},
        {"identifier": 5, "type": "label"},
        {"identifier": "a", "type": "label", "frame_index": "x"},
        {"identifier": "a", "type": "label", "geometry": 5},
        {"identifier": "a", "type": "label", "units": {}},
        None,
    ],
)
def test_drafts_that_are_none_are_refused(wrong: object) -> None:
    with pytest.raises(InvalidInputError):
        read_drafts([wrong], 5)


def test_at_most_so_many_at_once() -> None:
    with pytest.raises(TooLargeError):
        read_drafts([{}] * 3, 2)


def test_searches_are_read_with_numbers_as_texts() -> None:
    said = {"resource_id": "r", "type": "label", "status": "approved", "offset": "2", "limit": "3"}

    query = read_search(said, 100)

    assert query == AnnotationQuery(("r",), kind="label", status="published", offset=2, limit=3)
    assert read_search({}, 100).limit == 100
    for wrong in ({"limit": 101}, {"status": "lost"}, {"scope": "x"}, {"from": "soon"}):
        with pytest.raises(InvalidInputError):
            read_search(wrong, 100)


def test_values_are_told_as_numbers_or_texts() -> None:
    number = annotation_json(ONE, "http://host")
    text = annotation_json(replace(ONE, value="II", file_key="0" * 64), "http://host")

    assert (number["numeric_value"], number["text_value"], number["file"]) == (2.5, None, None)
    assert (text["numeric_value"], text["text_value"]) == (None, "II")
    assert text["file"] == "http://host/annotations/r/annotations/a/file"
    assert (number["units"], number["scope"], number["created_by_model"]) == ("mm", "image", "m")
    assert "error" not in number


def test_names_of_segments_come_as_an_object_or_a_list() -> None:
    assert segment_names_of(["liver", "spleen"]) == {"1": "liver", "2": "spleen"}
    assert segment_names_of({"3": "a"}) == {"3": "a"}
    for wrong in (5, {"1": 2}, [None]):
        with pytest.raises(InvalidInputError):
            segment_names_of(wrong)
