"""The table of attributes: every row is a tag of the standard, at one level."""

import pytest

from isocenter.dicom.dictionary import keyword_of
from isocenter.services.search_attributes import (
    INSTANCE_ATTRIBUTES,
    SEARCHED,
    SERIES_ATTRIBUTES,
    STUDY_ATTRIBUTES,
    search_values,
    texts_of,
    values_at,
)
from isocenter.store.catalog_facts import SearchValue

DOCUMENT = {
    "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Doe^Jane"}, None]},
    "00400275": {
        "vr": "SQ",
        "Value": [{"00400009": {"vr": "SH", "Value": ["a"]}}, {}, {"00400009": {"vr": "SH"}}],
    },
}


@pytest.mark.parametrize("attributes", [STUDY_ATTRIBUTES, SERIES_ATTRIBUTES, INSTANCE_ATTRIBUTES])
def test_every_tag_is_one_of_the_standard(attributes: frozenset[str]) -> None:
    assert all(keyword_of(int(tag, 16)) for tag in attributes)


def test_no_attribute_is_searched_at_two_levels() -> None:
    paths = [path for level in SEARCHED.values() for path in level]

    assert len(paths) == len(set(paths))
    assert all(keyword_of(int(tag, 16)) for path in paths for tag in path.split("."))


def test_values_in_sequences_are_found() -> None:
    assert list(values_at(DOCUMENT, "00400275.00400009")) == ["a"]
    assert list(values_at(DOCUMENT, "00400275.00400007")) == []
    assert search_values(DOCUMENT, ["00400275.00400009", "00100040"]) == (
        SearchValue("00400275.00400009", "v", "a"),
    )


@pytest.mark.parametrize(
    ("value", "vr", "expected"),
    [
        (None, "LO", []),
        ("20240131", "DA", [("v", "20240131")]),
        ("nonsense", "DA", []),
        ("1015", "TM", [("v", "101500.000000")]),
        (1.0, "DS", [("v", "1")]),
        ({"Ideographic": "山田"}, "PN", [("i", "山田"), ("w", "山田")]),
        ("text", "PN", []),
    ],
)
def test_texts_of_a_value(value: object, vr: str, expected: list[tuple[str, str]]) -> None:
    assert texts_of(value, vr) == expected
