from collections.abc import Mapping
from fractions import Fraction

import pytest

from isocenter.dicom.frame_timing import Timing, parse_rate, pixel_shape, read_timing
from isocenter.dicom.header_index import DataSetIndex
from isocenter.errors import InvalidInputError
from tests.rendering import Value, image, indexed


def dataset_of(elements: Mapping[str, Value]) -> DataSetIndex:
    dataset = image([[0]])
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return indexed(dataset)[0].dataset


def timing_of(**elements: Value) -> Timing:
    return read_timing(dataset_of(elements), 4)


def shape_of(**elements: Value) -> Fraction:
    return pixel_shape(dataset_of(elements))


@pytest.mark.parametrize(
    ("elements", "rate"),
    [
        ({"FrameTime": "40"}, Fraction(25)),
        ({"FrameTime": "33.33"}, Fraction(30)),
        ({"FrameTime": "33.367"}, Fraction(30000, 1001)),
        ({"FrameTime": "66.7"}, Fraction(10000, 667)),
        ({"FrameTimeVector": ["0", "50", "50", "50.01"]}, Fraction(20)),
        ({"CineRate": "15"}, Fraction(15)),
        ({"RecommendedDisplayFrameRate": "12"}, Fraction(12)),
        ({"FrameTime": "40", "CineRate": "15", "RecommendedDisplayFrameRate": "12"}, Fraction(25)),
        ({"CineRate": "15", "RecommendedDisplayFrameRate": "12"}, Fraction(15)),
        ({"FrameTime": "0", "CineRate": "15"}, Fraction(15)),
        ({"FrameTime": "300000", "CineRate": "15"}, Fraction(15)),
        ({"FrameTimeVector": ["0", "50"], "CineRate": "15"}, Fraction(15)),
        ({"FrameTimeVector": ["0", "0", "0", "0"], "CineRate": "15"}, Fraction(15)),
    ],
)
def test_the_first_statement_that_makes_sense_counts(
    elements: dict[str, Value], rate: Fraction
) -> None:
    timing = timing_of(**elements)

    assert abs(timing.rate - rate) < rate / 2000
    assert not timing.steps_ms
    assert timing.is_said


def test_without_any_there_are_30_a_second() -> None:
    timing = timing_of()

    assert timing.rate == 30
    assert not timing.steps_ms
    assert not timing.is_said


def test_what_the_pointer_names_goes_before_the_rest() -> None:
    elements: dict[str, Value] = {"FrameTime": "40", "FrameTimeVector": ["0", "50", "50", "50"]}

    assert timing_of(**elements).rate == 25
    assert timing_of(**elements, FrameIncrementPointer=0x00181065).rate == 20


def test_uneven_steps_stay_uneven() -> None:
    timing = timing_of(FrameTimeVector=["0", "10", "20", "60"])

    assert float(timing.rate) == pytest.approx(100 / 3)
    assert list(timing.steps_ms) == [10, 20, 60]
    assert timing.starts(4, 1000) == [0, 10, 30, 90]


def test_two_frames_are_never_shown_at_once() -> None:
    starts = timing_of(FrameTimeVector=["0", "0", "0", "300"]).starts(4, 1000)

    assert starts == [0, 1, 2, 302]


def test_even_frames_start_where_the_rate_says() -> None:
    assert Timing(Fraction(30000, 1001)).starts(3, 90000) == [0, 3003, 6006]


@pytest.mark.parametrize("broken", ["x", "1e999", "-4"])
def test_broken_numbers_are_as_if_they_were_absent(broken: str) -> None:
    dataset = image([[0]], CineRate="15")
    dataset.add_new(0x00181063, "LO", broken)
    header, _ = indexed(dataset)

    assert read_timing(header.dataset, 4).rate == 15


@pytest.mark.parametrize(
    ("elements", "shape"),
    [
        ({}, Fraction(1)),
        ({"PixelSpacing": ["0.75", "0.5"]}, Fraction(2, 3)),
        ({"PixelSpacing": ["0.5", "0.5"]}, Fraction(1)),
        ({"PixelAspectRatio": ["5", "6"]}, Fraction(6, 5)),
        ({"PixelAspectRatio": ["5", "6"], "PixelSpacing": ["0.75", "0.5"]}, Fraction(6, 5)),
        ({"PixelAspectRatio": ["0", "6"], "PixelSpacing": ["1", "1000"]}, Fraction(1)),
        ({"ImagerPixelSpacing": ["0.2", "0.1"]}, Fraction(1, 2)),
    ],
)
def test_pixels_are_as_wide_as_the_header_says(elements: dict[str, Value], shape: Fraction) -> None:
    assert shape_of(**elements) == shape


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "nan", "inf", "0.01", "5000"])
def test_a_rate_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="frames a second"):
        parse_rate(text)


def test_a_rate_is_a_number() -> None:
    assert parse_rate("12.5") == Fraction(25, 2)
