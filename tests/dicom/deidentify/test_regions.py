import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.dicom.deidentify.regions import (
    Region,
    decode_regions,
    encode_regions,
    is_rectangle_line,
    outside_of,
    parse_rectangle_line,
    parse_region,
    regions_of_image,
)
from isocenter.errors import InvalidInputError

REGION = st.builds(
    Region,
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(1, 30),
    st.integers(1, 30),
    st.sampled_from(["", "single", "multi"]),
)


def test_a_region_is_left_top_width_height() -> None:
    assert parse_region("0,10, 300,40") == Region(0, 10, 300, 40)


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "1,2,3,4,5", "-1,2,3,4", "1,2,0,4", "a,b,c,d", "1.5,2,3,4"]
)
def test_what_is_no_region_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="region"):
        parse_region(text)


def test_a_documented_rectangle_includes_its_last_row_and_column() -> None:
    assert parse_rectangle_line("r 10 20 19 29") == Region(10, 20, 10, 10)
    assert parse_rectangle_line("ri 0 0 0 0") == Region(0, 0, 1, 1, "single")
    assert parse_rectangle_line("rv 1 2 3 4") == Region(1, 2, 3, 3, "multi")
    assert is_rectangle_line("rv 1 2 3 4")
    assert not is_rectangle_line("(0010,0010)=x")


@pytest.mark.parametrize("line", ["r 1 2 3", "rx 1 2 3 4", "r 9 2 3 4", "r 1 2 3 -4", "r 1 2 3 ⁴"])
def test_a_broken_rectangle_is_refused(line: str) -> None:
    with pytest.raises(InvalidInputError, match="rectangle"):
        parse_rectangle_line(line)


def test_regions_are_cut_to_the_image_and_named_where_they_miss_it() -> None:
    found, warnings = regions_of_image(
        [Region(90, 0, 50, 5), Region(100, 0, 5, 5), Region(90, 0, 99, 5)], 50, 100, 1
    )

    assert found == [Region(90, 0, 10, 5)]
    assert warnings == ["region 100,0,5,5 is outside of the 100 x 50 pixels"]


def test_a_rectangle_of_other_files_does_not_count() -> None:
    regions = [Region(0, 0, 1, 1, "single"), Region(1, 1, 1, 1, "multi"), Region(2, 2, 1, 1)]

    assert regions_of_image(regions, 9, 9, 1)[0] == [Region(0, 0, 1, 1), Region(2, 2, 1, 1)]
    assert regions_of_image(regions, 9, 9, 2)[0] == [Region(1, 1, 1, 1), Region(2, 2, 1, 1)]


@given(st.lists(REGION, max_size=8), st.integers(1, 40), st.integers(1, 40))
def test_the_outside_is_exactly_what_no_region_covers(
    regions: list[Region], rows: int, columns: int
) -> None:
    inside, _ = regions_of_image(regions, rows, columns, 1)
    count = np.zeros((rows, columns), int)
    for one in outside_of(inside, rows, columns):
        count[one.top : one.bottom, one.left : one.right] += 1
    covered = np.zeros((rows, columns), bool)
    for one in inside:
        covered[one.top : one.bottom, one.left : one.right] = True

    assert np.array_equal(count, (~covered).astype(int))


@given(st.lists(REGION, max_size=8))
def test_regions_survive_the_way_into_a_child(regions: list[Region]) -> None:
    assert decode_regions(encode_regions(regions)) == regions


@pytest.mark.parametrize("line", ["x:1,2,3,4", "1,2,3,4", ":1,2,3", ":1,1,1,1 " * 10_001])
def test_a_child_refuses_other_lines(line: str) -> None:
    with pytest.raises(InvalidInputError):
        decode_regions(line)
