import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.dicom.geometry import (
    Orientation,
    dot,
    find_gaps,
    group_by_orientation,
    is_evenly_spaced,
    is_same_orientation,
    is_straight,
    median_spacing_mm,
    slice_normal,
)
from tests.builders import AXIAL, CORONAL, OBLIQUE, SAGITTAL
from tests.builders import Orientation as Built

angles = st.floats(-math.pi, math.pi)


def rotated(a: float, b: float, c: float) -> npt.NDArray[np.float64]:
    cos, sin = np.cos, np.sin
    x = np.array([[1, 0, 0], [0, cos(a), -sin(a)], [0, sin(a), cos(a)]])
    y = np.array([[cos(b), 0, sin(b)], [0, 1, 0], [-sin(b), 0, cos(b)]])
    z = np.array([[cos(c), -sin(c), 0], [sin(c), cos(c), 0], [0, 0, 1]])
    return np.asarray(x @ y @ z)


def six(values: list[float]) -> Orientation:
    a, b, c, d, e, f = values
    return a, b, c, d, e, f


@given(angles, angles, angles)
def test_the_normal_is_the_cross_product_of_row_and_column(a: float, b: float, c: float) -> None:
    matrix = rotated(a, b, c)
    row, column = matrix[:, 0], matrix[:, 1]

    normal = slice_normal(six([*row, *column]))

    assert normal is not None
    np.testing.assert_allclose(normal, np.cross(row, column), atol=1e-12)
    assert dot(normal, normal) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("built", "expected"),
    [(AXIAL, (0, 0, 1)), (SAGITTAL, (-1, 0, 0)), (CORONAL, (0, 1, 0)), (OBLIQUE, (0, -0.6, 0.8))],
)
def test_normals_of_the_usual_planes(built: Built, expected: tuple[float, float, float]) -> None:
    assert slice_normal(six([*built.row, *built.column])) == pytest.approx(expected)


@pytest.mark.parametrize(
    "cosines",
    [[0.0] * 6, [1, 0, 0, 1, 0, 0], [2, 0, 0, 0, 2, 0], [0.5, 0, 0, 0, 0.5, 0]],
)
def test_cosines_that_span_no_plane_have_no_normal(cosines: list[float]) -> None:
    assert slice_normal(six(cosines)) is None


def test_orientations_are_the_same_up_to_rounding() -> None:
    axial = six([1, 0, 0, 0, 1, 0])

    assert is_same_orientation(axial, six([1, 0.0009, 0, 0, 0.9995, 0]))
    assert not is_same_orientation(axial, six([1, 0.002, 0, 0, 1, 0]))
    assert not is_same_orientation(axial, six([-1, 0, 0, 0, 1, 0]))


@given(st.lists(st.tuples(*[st.sampled_from([0, 0.0009, 0.0011, 0.0025, 0.6, 1, -1])] * 6)))
def test_groups_are_those_of_comparing_each_with_the_first_of_every_group(
    orientations: list[Orientation],
) -> None:
    expected: list[list[int]] = []
    for index, orientation in enumerate(orientations):
        for group in expected:
            if is_same_orientation(orientations[group[0]], orientation):
                group.append(index)
                break
        else:
            expected.append([index])

    assert group_by_orientation(orientations) == expected


def test_the_spacing_is_the_median_step() -> None:
    assert median_spacing_mm([0.0, 2.0, 4.0, 10.0]) == 2.0
    assert median_spacing_mm([-3.5, -1.0]) == 2.5
    assert median_spacing_mm([7.0]) is None
    assert median_spacing_mm([]) is None


@pytest.mark.parametrize(
    ("locations", "gaps"),
    [
        ([], []),
        ([1.0], []),
        ([0.0, 5.0], []),
        ([0.0, 1.0, 2.0, 4.0, 5.0], [(2, 1)]),
        ([0.0, 1.0, 2.0, 6.0, 7.0, 8.0, 10.0], [(2, 3), (5, 1)]),
        ([0.0, 1.0, 2.4, 3.4], []),
    ],
)
def test_gaps_are_found_where_a_step_is_too_long(
    locations: list[float], gaps: list[tuple[int, int]]
) -> None:
    assert find_gaps(locations) == gaps


def test_spacing_is_even_within_a_hundredth() -> None:
    assert is_evenly_spaced([0.0, 5.0, 10.04, 15.0])
    assert not is_evenly_spaced([0.0, 5.0, 10.2, 15.0])
    assert is_evenly_spaced([0.0, 0.1, 0.209])
    assert is_evenly_spaced([3.0])


def test_a_tilted_gantry_is_straight_and_a_shifted_table_is_not() -> None:
    tilted = [(0.0, 1.25 * index) for index in range(6)]
    shifted = [(0.0, 0.0)] * 3 + [(0.0, 40.0)] * 3

    assert is_straight([(0.0, 0.0)] * 4, 2.5)
    assert is_straight(tilted, 2.5)
    assert not is_straight(shifted, 2.5)
    assert is_straight([(0.0, 0.0)], None)
