"""Windows exactly as PS3.3 C.11.2.1.2 and C.11.2.1.3 define them."""

from math import exp

import numpy as np
import pytest

from isocenter.dicom.render import apply_window
from isocenter.dicom.windows import (
    LINEAR_EXACT,
    SIGMOID,
    Window,
    middle,
    parse_window,
    read_window,
    spanning,
)
from isocenter.errors import InvalidInputError
from tests.rendering import image, indexed


def brightness(window: Window, value: float) -> float:
    return float(apply_window(window, np.array([value]))[0])


def test_linear_is_the_formula_of_the_standard() -> None:
    # The standard's own example: c = 2048, w = 4096 leaves 0 to 4095 as they are.
    window = Window(2048, 4096)

    assert window.edges == (0.0, 4095.0)
    assert brightness(window, 0) == 0
    assert brightness(window, 4095) == 1
    assert brightness(window, 1000) == pytest.approx(1000 / 4095)


def test_linear_of_width_one_is_a_step() -> None:
    window = Window(100, 1)

    assert brightness(window, 99.5) == 0
    assert brightness(window, 99.6) == 1


def test_linear_exact_has_no_half_steps() -> None:
    window = Window(2048, 4096, LINEAR_EXACT)

    assert window.edges == (0.0, 4096.0)
    assert brightness(window, 1024) == 0.25


def test_sigmoid_is_the_formula_of_the_standard() -> None:
    window = Window(50, 20, SIGMOID)

    assert brightness(window, 50) == 0.5
    assert brightness(window, 60) == pytest.approx(1 / (1 + exp(-4 * 10 / 20)))
    assert brightness(window, -1e300) == pytest.approx(0)


@pytest.mark.parametrize(
    ("width", "function"), [(0, "LINEAR"), (0.5, "LINEAR"), (0, LINEAR_EXACT), (-3, SIGMOID)]
)
def test_windows_that_are_too_narrow_are_refused(width: float, function: str) -> None:
    with pytest.raises(InvalidInputError):
        Window(0, width, function)


@pytest.mark.parametrize("text", ["40,400", "40, 400", "40,400,LINEAR", "4e1,400.0"])
def test_a_window_is_read_from_text(text: str) -> None:
    assert parse_window(text) == Window(40, 400)


@pytest.mark.parametrize("text", ["", "40", "a,b", "40,0", "1,2,3,4", "nan,5", "1,inf", "1,2,ODD"])
def test_text_that_tells_no_window_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_window(text)


@pytest.mark.parametrize("window", [Window(40, 400), Window(-0.5, 0.25, LINEAR_EXACT)])
def test_the_text_of_a_window_reads_back(window: Window) -> None:
    assert parse_window(str(window)) == window


def test_the_first_window_of_a_header_is_taken() -> None:
    dataset = image([[1]], WindowCenter=["40", "-600"], WindowWidth=["400", "1500"])

    assert read_window(indexed(dataset)[0].dataset) == Window(40, 400)


def test_the_function_of_a_header_is_taken() -> None:
    dataset = image([[1]], WindowCenter="40", WindowWidth="400", VOILUTFunction="SIGMOID")

    assert read_window(indexed(dataset)[0].dataset) == Window(40, 400, SIGMOID)


@pytest.mark.parametrize("width", ["", "0", "-5"])
def test_an_impossible_window_of_a_header_is_none(width: str) -> None:
    dataset = image([[1]], WindowCenter="40", WindowWidth=width)

    assert read_window(indexed(dataset)[0].dataset) is None


def test_spanning_shows_its_ends_as_black_and_white() -> None:
    assert spanning(-3, 7).edges == (-3, 7)
    assert brightness(spanning(5, 5), 5) == 0


def test_the_middle_of_equal_windows_is_that_window() -> None:
    assert middle([Window(40, 400, SIGMOID)] * 3) == Window(40, 400, SIGMOID)


def test_the_middle_of_windows_is_their_median() -> None:
    windows = [Window(40, 400), Window(50, 300), Window(9999, 9)]

    assert middle(windows) == Window(50, 300)


def test_the_middle_of_windows_of_several_functions_spans_their_edges() -> None:
    assert middle([Window(5.5, 11), Window(50, 100, LINEAR_EXACT)]).edges == (0, 55)
