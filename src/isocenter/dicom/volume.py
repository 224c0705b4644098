"""Where Frames lie in space, and together the grid of a volume: its axes, order and affine.

Positions are those of the standard, LPS: millimetres to the left, posterior, superior. A volume is
``(z, y, x)``: Frames along the normal, rows, columns; where several Frames lie at each location
(time points, echoes) the locations are gone through once for each of them.

References
----------
PS3.3 C.7.6.2.1.1 (position and orientation), C.7.6.16.2.1, .3, .4 (the same of multi-frame
objects), 10.7.1.3 (pixel spacing).
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isocenter.dicom.frames import number_of_frames
from isocenter.dicom.functional_groups import PIXEL_MEASURES, PLANE_ORIENTATION, PLANE_POSITION
from isocenter.dicom.geometry import (
    LOCATION_TOLERANCE_MM,
    Orientation,
    Vector,
    dot,
    group_by_orientation,
    is_evenly_spaced,
    slice_normal,
)
from isocenter.dicom.header_index import DataSetIndex, HeaderIndex
from isocenter.dicom.image_facts import PER_FRAME_GROUPS, SHARED_GROUPS
from isocenter.dicom.values import first_string, floats, integer
from isocenter.errors import InvalidInputError, MissingElementError

_ROWS, _COLUMNS = 0x00280010, 0x00280011
_POSITION, _ORIENTATION = 0x00200032, 0x00200037
_PIXEL_SPACING, _THICKNESS, _STEP = 0x00280030, 0x00180050, 0x00180088
# Of projections, where no Pixel Spacing says it: at the detector, on the film, of the scanner.
_OTHER_SPACINGS = (0x00181164, 0x00182010)
_INSTANCE_NUMBER, _FRAME_OF_REFERENCE = 0x00200013, 0x00200052
_SOP_CLASS, _SOP_INSTANCE = 0x00080016, 0x00080018
_AXIAL: Orientation = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class FramePlace:
    """One Frame and where it lies.

    Attributes
    ----------
    frame_index
        0-based; 0 of a single-frame Instance.
    position_mm, orientation
        None where the Instance does not say it.
    spacing_mm
        Between rows, between columns; None where nothing says it.
    step_mm
        Slice Thickness or Spacing Between Slices; of a single slice nothing else tells the depth.
    """

    sop_class_uid: str
    sop_instance_uid: str
    frame_index: int
    is_multi_frame: bool
    rows: int
    columns: int
    position_mm: Vector | None
    orientation: Orientation | None
    spacing_mm: tuple[float, float] | None
    step_mm: float | None
    instance_number: int
    frame_of_reference_uid: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The voxels of a volume.

    Attributes
    ----------
    columns, rows, locations, times
        Its size; ``times`` is how many Frames lie at each location.
    affine
        From ``(column, row, location)`` indices to millimetres, LPS; three rows of four numbers.
    is_placed
        Whether the Instances say where they lie; else the affine is only a scale.
    is_regular
        Whether the locations are evenly spaced; else the affine is the mean.
    """

    columns: int
    rows: int
    locations: int
    times: int
    affine: tuple[tuple[float, float, float, float], ...]
    is_placed: bool
    is_regular: bool

    @property
    def matrix(self) -> npt.NDArray[np.float64]:
        """The affine as an array ``(4, 4)``, LPS."""
        return np.array([*self.affine, (0.0, 0.0, 0.0, 1.0)])

    @property
    def matrix_ras(self) -> npt.NDArray[np.float64]:
        """The affine as NIfTI has it: right, anterior, superior."""
        return np.diag([-1.0, -1.0, 1.0, 1.0]) @ self.matrix


@dataclass(frozen=True, slots=True)
class Volume:
    """A grid and its Frames: all locations of the first time, then of the next."""

    grid: Grid
    frames: tuple[FramePlace, ...]


def read_places(header: HeaderIndex) -> list[FramePlace]:
    """Return where each Frame of an Instance lies, in their order.

    Raises
    ------
    MissingElementError
        If it has no Rows or Columns.
    InvalidInputError
        If a number is none.
    """
    dataset = header.dataset
    rows, columns = integer(dataset, _ROWS), integer(dataset, _COLUMNS)
    if rows < 1 or columns < 1:
        raise MissingElementError("Rows")
    count = number_of_frames(dataset)
    sop_class = first_string(dataset, _SOP_CLASS) or first_string(header.meta, 0x00020002)
    sop_instance = first_string(dataset, _SOP_INSTANCE) or first_string(header.meta, 0x00020003)
    number = integer(dataset, _INSTANCE_NUMBER, 0)
    reference = first_string(dataset, _FRAME_OF_REFERENCE)
    is_multi_frame = 0x00280008 in dataset
    places = []
    for index, (position, orientation, measures) in enumerate(_planes(dataset, count)):
        places.append(
            FramePlace(
                sop_class_uid=sop_class,
                sop_instance_uid=sop_instance,
                frame_index=index,
                is_multi_frame=is_multi_frame,
                rows=rows,
                columns=columns,
                position_mm=_position(position),
                orientation=_orientation(orientation),
                spacing_mm=_spacing(measures, dataset),
                step_mm=_step(measures),
                instance_number=number,
                frame_of_reference_uid=reference,
            )
        )
    return places


def build_volume(places: Sequence[FramePlace]) -> Volume:
    """Return the volume that Frames make.

    Frames that say where they lie are ordered along the normal, row x column, and those at one
    location by Instance Number and Frame; others only by these.

    Raises
    ------
    InvalidInputError
        If they make no single volume: of several sizes or orientations, or locations with
        different numbers of Frames.
    """
    if not places:
        raise InvalidInputError("there are no frames")
    if len({(one.rows, one.columns) for one in places}) > 1:
        raise InvalidInputError("the images have several sizes and make no single volume")
    ordered = sorted(places, key=lambda one: (one.instance_number, one.frame_index))
    orientations = [one.orientation for one in ordered if one.orientation and one.position_mm]
    # Several Frames at one and the same position of the root are a cine, not a stack.
    is_cine = (
        any(one.frame_index for one in places) and len({one.position_mm for one in places}) == 1
    )
    if len(orientations) < len(places) or is_cine:
        return _unplaced(ordered)
    if len(group_by_orientation(orientations)) > 1:
        raise InvalidInputError("the images have several orientations and make no single volume")
    return _placed(ordered, orientations[0])


def picture_grid(rows: int, columns: int, frames: int) -> Grid:
    """Return the grid of pictures that are no Instances: indices and nothing else."""
    affine = _affine_of(_AXIAL, (1.0, 1.0), (0.0, 0.0, 1.0), (0.0, 0.0, 0.0))
    return Grid(columns, rows, frames, 1, affine, is_placed=False, is_regular=True)


def _placed(ordered: Sequence[FramePlace], orientation: Orientation) -> Volume:
    normal = slice_normal(orientation)
    assert normal is not None, "an orientation spans a plane"
    locations, marks = _locations(ordered, normal)
    times = len(locations[0])
    if any(len(one) != times for one in locations):
        counts = sorted({len(one) for one in locations})
        raise InvalidInputError(
            f"the locations have between {counts[0]} and {counts[-1]} images each "
            "and make no single volume"
        )
    by_time = [[ordered[at] for at in one] for one in zip(*locations, strict=True)]
    line = [_of(one) for one in by_time[0]]
    steps = len(line) - 1
    if steps:
        step = [(b - a) / steps for a, b in zip(line[0], line[-1], strict=True)]
    else:
        step = [(ordered[0].step_mm or 1.0) * one for one in normal]
    grid = Grid(
        columns=ordered[0].columns,
        rows=ordered[0].rows,
        locations=len(line),
        times=times,
        affine=_affine(ordered[0], orientation, step, line[0]),
        is_placed=True,
        is_regular=is_evenly_spaced(marks) and _is_on_line(line, step),
    )
    return Volume(grid, tuple(itertools.chain.from_iterable(by_time)))


def _unplaced(ordered: Sequence[FramePlace]) -> Volume:
    first = ordered[0]
    grid = Grid(
        columns=first.columns,
        rows=first.rows,
        locations=len(ordered),
        times=1,
        affine=_affine(first, _AXIAL, (0.0, 0.0, first.step_mm or 1.0), (0.0, 0.0, 0.0)),
        is_placed=False,
        is_regular=True,
    )
    return Volume(grid, tuple(ordered))


def _locations(
    ordered: Sequence[FramePlace], normal: Vector
) -> tuple[list[list[int]], list[float]]:
    """Return the Frames at each location, each in the order given, and how far along it is."""
    locations: list[list[int]] = []
    marks: list[float] = []
    for mark, at in sorted((dot(_of(one), normal), at) for at, one in enumerate(ordered)):
        if marks and mark - marks[-1] <= LOCATION_TOLERANCE_MM:
            locations[-1].append(at)
        else:
            locations.append([at])
            marks.append(mark)
    return [sorted(one) for one in locations], marks


def _is_on_line(line: Sequence[Vector], step: Sequence[float]) -> bool:
    """Return whether each position is where equal steps lead, within 1 % or 0.01 mm of one."""
    tolerance = max(LOCATION_TOLERANCE_MM, 0.01 * float(np.linalg.norm(step)))
    steps = np.arange(len(line))[:, None] * np.asarray(step)
    return bool(np.abs(np.asarray(line) - line[0] - steps).max() <= tolerance)


def _affine(
    one: FramePlace, orientation: Orientation, step: Sequence[float], origin: Vector
) -> tuple[tuple[float, float, float, float], ...]:
    return _affine_of(orientation, one.spacing_mm or (1.0, 1.0), step, origin)


def _affine_of(
    orientation: Orientation, spacing_mm: tuple[float, float], step: Sequence[float], origin: Vector
) -> tuple[tuple[float, float, float, float], ...]:
    between_rows, between_columns = spacing_mm
    return tuple(
        (
            orientation[axis] * between_columns,
            orientation[3 + axis] * between_rows,
            float(step[axis]),
            origin[axis],
        )
        for axis in range(3)
    )


def _of(one: FramePlace) -> Vector:
    assert one.position_mm is not None, "only placed frames are asked where they lie"
    return one.position_mm


def _planes(
    dataset: DataSetIndex, count: int
) -> Iterator[tuple[DataSetIndex, DataSetIndex, DataSetIndex]]:
    """Yield for each Frame what holds its position, its orientation and its measures."""
    if PER_FRAME_GROUPS not in dataset:
        # Without functional groups nothing says how several Frames lie to one another.
        yield from itertools.repeat((dataset, dataset, dataset), count)
        return
    shared = next(iter(dataset.each_item(SHARED_GROUPS)), dataset)
    wanted = (PLANE_POSITION, PLANE_ORIENTATION, PIXEL_MEASURES)
    usual = [_inside(shared, tag) for tag in wanted]
    found = 0
    for group in itertools.islice(dataset.each_item(PER_FRAME_GROUPS), count):
        position, orientation, measures = (
            _inside(group, tag) or other or dataset
            for tag, other in zip(wanted, usual, strict=True)
        )
        found += 1
        yield position, orientation, measures
    if found < count:
        raise InvalidInputError(f"{count} frames have functional groups for {found}")


def _inside(group: DataSetIndex, tag: int) -> DataSetIndex | None:
    return next(iter(group.each_item(tag)), None)


def _vector(dataset: DataSetIndex, tag: int, count: int) -> list[float] | None:
    """Return so many numbers, None where there are others or none."""
    try:
        values = floats(dataset, tag)
    except InvalidInputError:
        return None
    return values if len(values) == count else None


def _position(dataset: DataSetIndex) -> Vector | None:
    values = _vector(dataset, _POSITION, 3)
    return (values[0], values[1], values[2]) if values else None


def _orientation(dataset: DataSetIndex) -> Orientation | None:
    values = _vector(dataset, _ORIENTATION, 6)
    if values is None:
        return None
    a, b, c, d, e, f = values
    orientation = (a, b, c, d, e, f)
    return orientation if slice_normal(orientation) is not None else None


def _spacing(measures: DataSetIndex, root: DataSetIndex) -> tuple[float, float] | None:
    for dataset, tag in ((measures, _PIXEL_SPACING), *((root, tag) for tag in _OTHER_SPACINGS)):
        values = _vector(dataset, tag, 2)
        if values and min(values) > 0:
            return values[0], values[1]
    return None


def _step(measures: DataSetIndex) -> float | None:
    for tag in (_STEP, _THICKNESS):
        values = _vector(measures, tag, 1)
        if values and values[0] > 0:
            return values[0]
    return None
