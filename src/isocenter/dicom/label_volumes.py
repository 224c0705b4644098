"""Labels of a NIfTI file put on the Frames of a volume, and back: axes turned, nothing resampled.

A file that says where it lies is laid over the images by that: whichever way its axes run, each
voxel must fall onto one of theirs. One that says nothing goes by its indices: x is the column, y
the row, z the Frame. Which axis became which is told in a few characters (``Placement``), by which
the same array can be made again.
"""

import itertools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from isocenter.dicom.nifti import Affine, Nifti, label_values, read_nifti, write_nifti
from isocenter.dicom.volume import Grid
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT, Limits

Labels = npt.NDArray[Any]  # uint8 or uint16
MatchedBy = Literal["space", "direction", "index"]

# A voxel may lie so far from ours, in voxels: half of one would be as near to the next.
_TOLERANCE = 0.3
_PARALLEL = 0.99
_PERPENDICULAR = 0.9995
# No other axis can be so near; gantries tilt by 30 degrees at most, whose cosine is 0.87.
_SAME_WAY = 0.75
_PLACEMENT = re.compile(r"([+-][012]){3}/[1-7]/[iuf][1248]")


class Axis(NamedTuple):
    """The axis of an array that runs along one of the grid, and whether it runs backwards."""

    number: int
    is_reversed: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Which axes of an array became columns, rows and locations; its dimensions and its kind."""

    axes: tuple[Axis, Axis, Axis]
    dimensions: int
    kind: str

    def __str__(self) -> str:
        """Return it in a few characters: ``+0-1+2/3/u1``."""
        axes = "".join(f"{'-' if one.is_reversed else '+'}{one.number}" for one in self.axes)
        return f"{axes}/{self.dimensions}/{self.kind}"


@dataclass(frozen=True, slots=True)
class PlacedLabels:
    """Labels as the Frames of a volume have them.

    Attributes
    ----------
    labels
        ``(frames, rows, columns)``, in the order of ``Volume.frames``.
    values
        The different values except 0, ascending.
    """

    labels: Labels
    values: tuple[int, ...]
    placement: Placement
    matched_by: MatchedBy


def parse_placement(text: str) -> Placement:
    """Return what ``str`` of a placement told.

    Raises
    ------
    InvalidInputError
        If it is no such text.
    """
    if not _PLACEMENT.fullmatch(text) or len(set(text[1:6:2])) < 3:
        raise InvalidInputError("it is no placement of a volume")
    first, second, third = (Axis(int(text[at + 1]), text[at] == "-") for at in (0, 2, 4))
    return Placement((first, second, third), int(text[7]), text[9:])


def check_label_bytes(grid: Grid, limits: Limits) -> None:
    """Return if the labels of a grid may be held, at most two bytes each.

    Raises
    ------
    TooLargeError
        If they would need more than ``limits.label_bytes``.
    """
    needed = 2 * grid.columns * grid.rows * grid.locations * grid.times
    if needed > limits.label_bytes:
        raise TooLargeError("label_bytes", limits.label_bytes, needed, "bytes")


def place_labels(nifti: Nifti, grid: Grid) -> PlacedLabels:
    """Return the labels of a file on the Frames of a grid.

    Labels without a time are those of every time.

    Raises
    ------
    InvalidInputError
        If it holds no labels, or its voxels are not those of the grid.
    """
    values = label_values(nifti.data)
    if values is None:
        raise InvalidInputError(
            "the NIfTI file holds no labels: those are whole numbers from 0 to 65535, "
            "at most 256 different ones"
        )
    shape = _four(nifti.data.shape)
    if shape[3] not in (1, grid.times):
        raise InvalidInputError(
            f"the NIfTI file has {shape[3]} times, the images have {grid.times}"
        )
    axes, matched_by = _axes(shape[:3], nifti.affine, grid)
    data = nifti.data.reshape(shape, order="A" if nifti.data.ndim == 4 else "F")
    data = data.transpose(3, axes[2].number, axes[1].number, axes[0].number)
    data = data[(slice(None), *(_step(one) for one in reversed(axes)))]
    dtype = np.uint8 if not values or values[-1] < 256 else np.uint16
    labels: Labels = np.ascontiguousarray(data, dtype)
    if grid.times > shape[3]:
        labels = np.repeat(labels, grid.times, axis=0)
    kind = f"{nifti.data.dtype.kind}{nifti.data.dtype.itemsize}"
    return PlacedLabels(
        labels.reshape(-1, grid.rows, grid.columns),
        tuple(values),
        Placement(axes, nifti.data.ndim, kind),
        matched_by,
    )


def labels_to_nifti(labels: Labels, grid: Grid, placement: Placement | None = None) -> bytes:
    """Return a compressed NIfTI file of the labels of a grid's Frames.

    Parameters
    ----------
    labels
        ``(frames, rows, columns)``, as ``place_labels`` gives them.
    placement
        Axes, dimensions and kind of numbers of the file that they came from; by default x is the
        column, y the row, z the location, and the numbers are as they are.

    Raises
    ------
    InvalidInputError
        If they are not of this grid.
    """
    if labels.shape != (grid.times * grid.locations, grid.rows, grid.columns):
        raise InvalidInputError("the masks are not those of these images")
    data = labels.reshape(grid.times, grid.locations, grid.rows, grid.columns).T
    wanted = placement or Placement((Axis(0), Axis(1), Axis(2)), 3, "")
    if grid.times > 1 and wanted.dimensions < 4 and (data == data[..., :1]).all():
        data = data[..., :1]
    turned = np.diag([0.0, 0.0, 0.0, 1.0])
    for at, (number, is_reversed) in enumerate(wanted.axes):
        turned[at, number] = -1.0 if is_reversed else 1.0
        turned[at, 3] = data.shape[at] - 1 if is_reversed else 0.0
    data = data[tuple(_step(one) for one in wanted.axes)]
    data = data.transpose(*np.argsort([one.number for one in wanted.axes]), 3)
    dimensions = max(wanted.dimensions, _needed(data.shape))
    shape = (*data.shape, 1, 1, 1)[:dimensions]
    kind = np.dtype(wanted.kind) if wanted.kind else data.dtype
    return write_nifti(
        data.reshape(shape, order="F").astype(kind, copy=False), grid.matrix_ras @ turned
    )


def write_placed_labels(
    source: BinaryIO, target: BinaryIO, limits: Limits = DEFAULT, *, grid: str = ""
) -> Mapping[str, object]:
    """Write the labels of a NIfTI file as the Frames of a grid have them, frame by frame.

    Parameters
    ----------
    grid
        As ``told_grid`` tells it.

    Returns
    -------
    dict
        ``bytes_per_label``, 1 or 2, little endian; ``values``, ``placement``, ``matched_by``.

    Raises
    ------
    IsocenterError
        As ``read_nifti`` and ``place_labels`` do.
    """
    placed = place_labels(read_nifti(source, limits), _grid(grid))
    little = placed.labels.dtype.newbyteorder("<")
    target.write(placed.labels.astype(little, copy=False).data)
    return {
        "bytes_per_label": placed.labels.dtype.itemsize,
        "values": list(placed.values),
        "placement": str(placed.placement),
        "matched_by": placed.matched_by,
    }


def told_grid(grid: Grid) -> str:
    """Return a grid as text for ``write_placed_labels``."""
    return json.dumps(asdict(grid))


def _grid(text: str) -> Grid:
    told = json.loads(text)
    rows = [tuple(map(float, row)) for row in told.pop("affine")]
    affine = tuple((a, b, c, d) for a, b, c, d in rows)
    return Grid(affine=affine, **told)


def _four(shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Return x, y, z, t.

    Raises
    ------
    InvalidInputError
        If there are more axes than that.
    """
    if any(size != 1 for size in shape[4:]):
        raise InvalidInputError("the NIfTI file has more axes than three of space and one of time")
    x, y, z, t = (*shape, 1, 1, 1)[:4]
    return x, y, z, t


def _needed(shape: Iterable[int]) -> int:
    """Return how many axes are needed, which are longer than 1 or before one that is."""
    return max([1, *(at for at, size in enumerate(shape, 1) if size > 1)])


def _step(axis: Axis) -> slice:
    return slice(None, None, -1 if axis.is_reversed else 1)


def _axes(
    shape: tuple[int, ...], affine: Affine | None, grid: Grid
) -> tuple[tuple[Axis, Axis, Axis], MatchedBy]:
    size = (grid.columns, grid.rows, grid.locations)
    is_told = affine is not None and not np.array_equal(affine, np.eye(4))
    if not is_told or affine is None or not grid.is_placed:
        return _axes_by_index(shape, affine if is_told else None, size), "index"
    best: tuple[float, tuple[Axis, Axis, Axis]] | None = None
    for axes in _all_axes(size):
        if tuple(shape[one.number] for one in axes) == size:
            distance = _distance(axes, affine, grid)
            if best is None or distance < best[0] - 1e-6:
                best = distance, axes
    if best is None:
        raise InvalidInputError(
            f"the NIfTI file has {_times(shape)} voxels, the images have {_times(size)}"
        )
    if best[0] > _TOLERANCE and _is_tilted(grid):
        # Scans with a tilted gantry are told in several ways: ITK and dcm2niix straighten the axes
        # about a corner and leave the voxels as they are.
        along = [axes for axes in _all_axes(size) if _is_along(axes, shape, affine, grid)]
        if along:
            return along[0], "direction"
    if best[0] > _TOLERANCE:
        raise InvalidInputError(
            "the NIfTI file lies elsewhere than the images, "
            f"{best[0]:.1f} voxels away: put its masks onto their grid first"
        )
    return best[1], "space"


def _axes_by_index(
    shape: tuple[int, ...], affine: Affine | None, size: tuple[int, int, int]
) -> tuple[Axis, Axis, Axis]:
    """Return the axes of a file, or for images, that says nothing about where it lies.

    Images without a position are written with their rows upwards by some programs, which then
    say so: y goes to the anterior, although x goes to the left as in the picture.
    """
    is_upwards = affine is not None and affine[0, 0] < 0 < affine[1, 1]
    straight = (Axis(0), Axis(1, is_reversed=is_upwards), Axis(2))
    turned = (Axis(1), Axis(0), Axis(2))
    for axes in (straight, turned):
        if tuple(shape[one.number] for one in axes) == size:
            return axes
    raise InvalidInputError(
        f"the NIfTI file has {_times(shape)} voxels, the images have {_times(size)}"
    )


def _all_axes(size: tuple[int, int, int]) -> Iterable[tuple[Axis, Axis, Axis]]:
    """Yield all 48 ways, the usual one first; an axis of one voxel runs in no direction."""
    directions = [(False, True) if length > 1 else (False,) for length in size]
    for indices in itertools.permutations(range(3)):
        for reversals in itertools.product(*directions):
            first, second, third = map(Axis, indices, reversals)
            yield first, second, third


def _distance(axes: tuple[Axis, Axis, Axis], affine: Affine, grid: Grid) -> float:
    """Return how far the corners of the file lie from those of the grid, in voxels of the grid.

    Where the locations are uneven, programs disagree about the step: one end and the direction
    count then.
    """
    distances = _corner_distances(axes, affine, grid)
    number, is_reversed = axes[2]
    direction = affine[:3, number] * (-1 if is_reversed else 1)
    if grid.is_regular or _cosine(direction, grid.matrix_ras[:3, 2]) < _PARALLEL:
        return float(distances.max())
    return float(distances.max(axis=(0, 1)).min())


def _corner_distances(axes: tuple[Axis, Axis, Axis], affine: Affine, grid: Grid) -> Affine:
    """Return the same for each corner: ends of columns, of rows, of locations."""
    size = (grid.columns, grid.rows, grid.locations)
    corners = np.array(list(itertools.product(*((0, length - 1) for length in size))), float)
    theirs = np.zeros_like(corners)
    for at, (number, is_reversed) in enumerate(axes):
        theirs[:, number] = size[at] - 1 - corners[:, at] if is_reversed else corners[:, at]
    found = theirs @ affine[:3, :3].T + affine[:3, 3]
    expected = corners @ grid.matrix_ras[:3, :3].T + grid.matrix_ras[:3, 3]
    spacing = np.linalg.norm(grid.matrix[:3, :3], axis=0)
    counted = [one for one, length in zip(spacing, size, strict=True) if length > 1]
    smallest = min(counted or spacing[:2])
    apart: Affine = np.linalg.norm(found - expected, axis=1) / smallest
    return apart.reshape(2, 2, 2)


def _is_tilted(grid: Grid) -> bool:
    """Return whether the locations do not follow one another along the normal."""
    columns, rows, step = grid.matrix[:3, :3].T
    normal = np.cross(columns, rows)
    return grid.locations > 1 and _cosine(normal, step) < _PERPENDICULAR


def _is_along(
    axes: tuple[Axis, Axis, Axis], shape: tuple[int, ...], affine: Affine, grid: Grid
) -> bool:
    """Return whether each axis of a file goes the way of the grid's, and a corner is the same."""
    if tuple(shape[one.number] for one in axes) != (grid.columns, grid.rows, grid.locations):
        return False
    directions = [affine[:3, number] * (-1 if back else 1) for number, back in axes]
    ways = [_cosine(one, grid.matrix_ras[:3, at]) for at, one in enumerate(directions)]
    distance = float(_corner_distances(axes, affine, grid).min())
    return min(ways) >= _SAME_WAY and distance <= _TOLERANCE


def _cosine(first: Affine, second: Affine) -> float:
    return float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second)))


def _times(shape: Iterable[int]) -> str:
    return " x ".join(map(str, shape))
