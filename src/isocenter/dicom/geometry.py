"""Planes in the patient: positions and directions in millimetres, patient coordinates (LPS).

Plain tuples of three floats instead of arrays: merging a series needs a few hundred products,
and importing an array library would take longer than the merge.

References
----------
PS3.3 C.7.6.2 (Image Plane Module), C.7.6.16.2.3 and C.7.6.16.2.4 (plane position, orientation).
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import floor, sqrt
from statistics import median

Vector = tuple[float, float, float]
# Direction cosines of a row (first three) and of a column (last three), as in (0020,0037).
Orientation = tuple[float, float, float, float, float, float]

# Cosines that differ less belong to one orientation: DS values are rounded to 4-8 digits.
ORIENTATION_TOLERANCE = 1e-3
# Slices closer together than this lie at one location.
LOCATION_TOLERANCE_MM = 0.01
_UNIT_TOLERANCE = 0.05
# Wider than twice the tolerance, so that neighbours of a cell need not be looked at.
_CELL = 2.5 * ORIENTATION_TOLERANCE


def dot(a: Vector, b: Vector) -> float:
    """Return the scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def slice_normal(orientation: Orientation) -> Vector | None:
    """Return the unit normal, row x column; None where the cosines span no plane."""
    r, c = orientation[:3], orientation[3:]
    n = (r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0])
    length = sqrt(dot(n, n))
    if abs(length - 1.0) > _UNIT_TOLERANCE:
        return None
    return (n[0] / length, n[1] / length, n[2] / length)


def is_same_orientation(a: Orientation, b: Orientation) -> bool:
    """Return whether all six cosines agree within ``ORIENTATION_TOLERANCE``."""
    return all(abs(x - y) <= ORIENTATION_TOLERANCE for x, y in zip(a, b, strict=True))


def group_by_orientation(orientations: Sequence[Orientation]) -> list[list[int]]:
    """Return groups of indices, in order of the first of each; every index is in one group.

    A group holds what is the same orientation as its first member, and as no earlier group's.
    The first members are found through a grid, so that the time does not grow with their number.
    """
    groups: list[list[int]] = []
    by_cell: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for index, orientation in enumerate(orientations):
        near = {at for cell in _cells_around(orientation) for at in by_cell.get(cell, ())}
        for at in sorted(near):
            if is_same_orientation(orientations[groups[at][0]], orientation):
                groups[at].append(index)
                break
        else:
            by_cell[tuple(map(_cell, orientation))].append(len(groups))
            groups.append([index])
    return groups


def _cell(cosine: float) -> int:
    # 0 and 1, 0.6 and 0.8 lie in the middle of a cell.
    return floor(cosine / _CELL + 0.5)


def _cells_around(orientation: Orientation) -> Iterator[tuple[int, ...]]:
    """Yield the cells of everything that could be the same orientation: mostly one."""
    reach = ORIENTATION_TOLERANCE * 1.001  # more than rounding can take away
    ends = [{_cell(cosine - reach), _cell(cosine + reach)} for cosine in orientation]
    yield from itertools.product(*ends)


def median_spacing_mm(locations_mm: list[float]) -> float | None:
    """Return the median distance between neighbours of ascending locations; None below two."""
    if len(locations_mm) < 2:
        return None
    return median(b - a for a, b in itertools.pairwise(locations_mm))


def find_gaps(locations_mm: list[float]) -> list[tuple[int, int]]:
    """Return ``(index of the slice before the gap, number of slices missing)`` for each gap.

    A gap is a step of more than 1.5 times the median spacing.
    """
    spacing = median_spacing_mm(locations_mm)
    if not spacing:
        return []
    steps = itertools.pairwise(locations_mm)
    return [
        (index, max(1, round((b - a) / spacing) - 1))
        for index, (a, b) in enumerate(steps)
        if b - a > 1.5 * spacing
    ]


def is_evenly_spaced(locations_mm: list[float]) -> bool:
    """Return whether every step is the median one within 1 % or 0.01 mm."""
    spacing = median_spacing_mm(locations_mm)
    return spacing is None or _has_equal_steps(locations_mm, spacing)


def is_straight(corners_mm: list[tuple[float, float]], spacing_mm: float | None) -> bool:
    """Return whether slices lie on one line, along the normal or sheared as by a tilted gantry.

    Parameters
    ----------
    corners_mm
        Where each slice lies in its plane, in order along the normal.
    spacing_mm
        Their distance along the normal, of which 1 % (or 0.01 mm) is tolerated.
    """
    if spacing_mm is None:
        return True
    return all(
        _has_equal_steps(list(values), spacing_mm) for values in zip(*corners_mm, strict=True)
    )


def _has_equal_steps(values_mm: list[float], spacing_mm: float) -> bool:
    tolerance = max(LOCATION_TOLERANCE_MM, 0.01 * spacing_mm)
    steps = [b - a for a, b in itertools.pairwise(values_mm)]
    middle = median(steps)
    return all(abs(step - middle) <= tolerance for step in steps)
