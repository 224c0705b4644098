"""Values in the form in which they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.dicom.matching import (
    CHARACTERS_MAX,
    Span,
    date_span,
    date_time_span,
    fold_name,
    name_groups,
    name_words,
    number_text,
    plain_text,
    time_span,
)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("20240131", ("20240131", "20240131")),
        ("2024.01.31", ("20240131", "20240131")),
        ("202402", ("20240201", "20240231")),
        ("2024", ("20240101", "20241231")),
        ("today", None),
        ("", None),
    ],
)
def test_dates_mean_days(text: str, span: tuple[str, str] | None) -> None:
    assert date_span(text) == (Span(*span) if span else None)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("10", ("100000.000000", "105959.999999")),
        ("1015", ("101500.000000", "101559.999999")),
        ("10:15:30", ("101530.000000", "101530.999999")),
        ("101530.25", ("101530.250000", "101530.259999")),
        ("1", None),
        ("", None),
    ],
)
def test_times_mean_all_that_is_within_their_precision(
    text: str, span: tuple[str, str] | None
) -> None:
    assert time_span(text) == (Span(*span) if span else None)


def test_moments_with_an_offset_are_compared_in_utc() -> None:
    here = date_time_span("20240131013000+0200")
    there = date_time_span("20240130233000+0000")

    assert here == there == Span("20240130233000.000000", "20240130233000.999999")
    assert date_time_span("20249931013000+0200") is not None


def test_names_are_equal_whatever_case_width_and_composition() -> None:
    assert fold_name("MÜLLER^Jörg^^^") == fold_name("Mu\u0308ller^jo\u0308rg")
    assert fold_name("ﾔﾏﾀﾞ") == fold_name("ヤマダ")
    assert fold_name("Straße") == fold_name("STRASSE")
    assert fold_name("Doe ^ Jane ") == "doe^jane"


def test_words_have_no_accents_and_syllables_stay_whole() -> None:
    assert name_words("Müller-Lüdenscheidt^Jörg") == ["muller", "ludenscheidt", "jorg"]
    assert name_words("홍^길동") == ["홍", "길동"]


def test_groups_are_those_that_have_a_name() -> None:
    name = {"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": ""}

    assert name_groups(name) == {"a": "yamada^tarou", "i": "山田^太郎"}
    assert name_groups("text") == {}


@pytest.mark.parametrize(
    ("text", "expected"), [("1", "1"), ("1.0", "1"), ("+7", "7"), ("1.50", "1.5"), ("x", "x")]
)
def test_numbers_are_compared_as_numbers(text: str, expected: str) -> None:
    assert number_text(text) == expected


@given(st.text(max_size=400))
def test_whatever_comes_out_can_be_kept(text: str) -> None:
    for found in (plain_text(text), fold_name(text), number_text(text[:20]), *name_words(text)):
        assert "\0" not in found or found == number_text(text[:20])
        assert len(found) <= CHARACTERS_MAX
    assert fold_name(fold_name(text)) == fold_name(text)
