"""Names and values of a query as conditions (tests/services/test_search.py searches with them)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.errors import InvalidInputError
from isocenter.limits import DEFAULT
from isocenter.services.search_terms import parse_path, parse_query, sentence_of_ignored
from isocenter.store.catalog_facts import SERIES, STUDY
from isocenter.store.query import Between, Condition, Equal, Pattern

NAMES = ["PatientName", "StudyDate", "StudyTime", "PatientID", "StudyInstanceUID", "InstanceNumber"]


def test_attributes_are_named_by_keyword_tag_or_path() -> None:
    assert parse_path("PatientName") == parse_path("00100010") == "00100010"
    assert parse_path("RequestAttributesSequence.0040100A".replace("0040100A", "00401001")) == (
        "00400275.00401001"
    )
    with pytest.raises(InvalidInputError):
        parse_path("PatientName.")


def test_conditions_belong_to_the_level_of_their_attribute() -> None:
    pairs = [("ModalitiesInStudy", "CT"), ("StudyDate", "20240101-"), ("PatientName", "Doe*=山*")]

    assert parse_query(pairs, DEFAULT).conditions == (
        Condition(SERIES, "00080060", Equal(("CT",))),
        Condition(STUDY, "00080020", Between("20240101", "")),
        Condition(STUDY, "00100010", Pattern("doe*"), ("a",)),
        Condition(STUDY, "00100010", Pattern("山*"), ("i",)),
    )


def test_page_is_bounded() -> None:
    query = parse_query([("limit", "999999"), ("offset", "7")], DEFAULT)

    assert (query.limit, query.offset) == (DEFAULT.search_results, 7)
    assert parse_query([], DEFAULT).limit == DEFAULT.search_results


def test_ignored_attributes_are_told_by_their_keyword() -> None:
    assert sentence_of_ignored(["00180060"]) == "not searched by: KVP"
    assert sentence_of_ignored([]) == ""


@given(st.sampled_from(NAMES), st.text(max_size=40), st.booleans())
def test_any_value_is_a_condition_or_refused(name: str, value: str, fuzzy: bool) -> None:
    pairs = [(name, value), ("fuzzymatching", str(fuzzy).lower())]
    try:
        query = parse_query(pairs, DEFAULT)
    except InvalidInputError:
        return
    assert all(isinstance(one, Condition) for one in query.conditions)
