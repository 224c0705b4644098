import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.deidentify.text_regions import (
    FoundText,
    candidate_regions,
    parse_found_text,
)
from isocenter.errors import InvalidInputError

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\t"
    "left\ttop\twidth\theight\tconf\ttext\n"
)
# As Tesseract 5 writes it for a picture of 640 x 480.
TABLE = (
    HEAD
    + "1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t\n"
    + "2\t1\t1\t0\t0\t0\t14\t10\t200\t16\t-1\t\n"
    + "5\t1\t1\t1\t1\t1\t14\t10\t90\t16\t96.063751\tBAPTIST\n"
    + "5\t1\t1\t1\t1\t2\t112\t10\t42\t16\t91.2\tMED\n"
    + "5\t1\t1\t1\t1\t3\t300\t300\t10\t10\t95\t \n"
    + "5\t1\t2\t1\t1\t1\t600\t470\t40\t10\t12.5\t~~\n"
)


def test_words_are_found_without_what_they_say() -> None:
    assert parse_found_text(TABLE) == [
        FoundText(Region(14, 10, 90, 16), 96.063751, 7),
        FoundText(Region(112, 10, 42, 16), 91.2, 3),
        FoundText(Region(600, 470, 40, 10), 12.5, 2),
    ]


def test_words_that_touch_become_one_region_inside_the_image() -> None:
    words = parse_found_text(TABLE)

    assert candidate_regions(words, 480, 640, confidence_min=30, margin=4) == [
        Region(10, 6, 148, 24)
    ]
    assert candidate_regions(words, 480, 640, confidence_min=0, margin=2) == [
        Region(12, 8, 94, 20),
        Region(110, 8, 46, 20),
        Region(598, 468, 42, 12),
    ]


@pytest.mark.parametrize(
    "table",
    ["", "level\tleft\n", HEAD + "5\t1\t1\t1\t1\t1\tx\t1\t1\t1\t9\tword\n",
     HEAD + "5\t1\t1\t1\t1\t1\t1\t1\t0\t1\t9\tword\n",
     HEAD + "5\t1\t1\t1\t1\t1\t1\t1\t9999999\t1\t9\tword\n",
     HEAD + "5\n" * 100_001],
)  # fmt: skip
def test_other_tables_are_refused(table: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_found_text(table)


WORDS = st.builds(
    FoundText,
    st.builds(
        Region, st.integers(0, 60), st.integers(0, 60), st.integers(1, 30), st.integers(1, 30)
    ),
    st.floats(0, 100),
    st.integers(1, 9),
)


@given(st.lists(WORDS, max_size=12), st.integers(0, 9))
def test_every_word_is_inside_of_a_candidate(words: list[FoundText], margin: int) -> None:
    regions = candidate_regions(words, 50, 70, confidence_min=0, margin=margin)

    assert all(one.right <= 70 and one.bottom <= 50 for one in regions)
    for word in words:
        one = word.region
        right, bottom = min(one.right, 70), min(one.bottom, 50)
        if one.left < right and one.top < bottom:
            assert any(
                r.left <= one.left and r.top <= one.top and r.right >= right and r.bottom >= bottom
                for r in regions
            )
