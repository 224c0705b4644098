"""From the slices of a series to groups, stacks and the order of Frames.

A *group* is what can share one header: same Series, class, Transfer Syntax and pixel format.
A *stack* is a group's slices of one orientation. Where several slices lie at one location
(time points, echoes, b-values) the stack gets one more dimension for each attribute that tells
them apart. Nothing is dropped here: every slice is in exactly one stack.
"""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from isocenter.dicom.frames import FrameSpan
from isocenter.dicom.geometry import (
    LOCATION_TOLERANCE_MM,
    Orientation,
    Vector,
    dot,
    find_gaps,
    group_by_orientation,
    is_evenly_spaced,
    is_straight,
    median_spacing_mm,
    slice_normal,
)

# Attributes that may tell Frames at one location apart, most telling first.
DIMENSION_TAGS = (
    0x00180081,  # EchoTime
    0x00180086,  # EchoNumbers
    0x00189087,  # DiffusionBValue
    0x00180082,  # InversionTime
    0x00181314,  # FlipAngle
    0x00200100,  # TemporalPositionIdentifier
    0x00181060,  # TriggerTime
    0x00541300,  # FrameReferenceTime
    0x00080008,  # ImageType
    0x00200012,  # AcquisitionNumber
)
_LATERAL_TOLERANCE_MM = 1.0
# Of stacks side by side; so that a crafted series of 100,000 takes seconds, not hours.
_LINES_COMPARED = 128


class GroupKey(NamedTuple):
    """What the slices of one output share.

    ``pixel_format`` holds the raw elements of DESIGN 7, then the bytes of a native Frame, which
    those of YBR_FULL_422 do not tell, and the plane of a biplane X-ray system; ``target_uid`` is
    the class of the output.
    """

    patient_id: bytes
    study_instance_uid: bytes
    series_instance_uid: bytes
    sop_class_uid: str
    transfer_syntax_uid: str
    pixel_format: tuple[bytes, ...]
    target_uid: str = ""

    @property
    def series(self) -> tuple[bytes, bytes, bytes]:
        """Patient, Study and Series, which the stacks made of one Series share."""
        return self.patient_id, self.study_instance_uid, self.series_instance_uid


@dataclass(frozen=True, slots=True)
class Slice:
    """What grouping and order need to know of one single-frame Instance.

    Attributes
    ----------
    source_index
        Place in the list of inputs, from 0.
    digest
        SHA-256 of the complete input.
    position_mm, orientation
        Image Position and Image Orientation (Patient); None where missing or no numbers.
    location_hint
        Slice Location, for slices without a position.
    distinctions
        Values of ``DIMENSION_TAGS``, as text.
    pixels
        Where its one Frame lies in the input.
    moment
        Acquisition date and time, trigger time, content date and time: order of last resort.
    """

    source_index: int
    digest: bytes
    group: GroupKey
    sop_instance_uid: str
    position_mm: Vector | None
    orientation: Orientation | None
    location_hint: float | None
    frame_of_reference_uid: str
    pixels: FrameSpan
    instance_number: int
    distinctions: tuple[str, ...]
    moment: tuple[str, ...]


class PlacedFrame(NamedTuple):
    """One Frame of a stack: 1-based indices into each extra dimension, 1-based location."""

    slice: Slice
    dimension_indices: tuple[int, ...]
    location_index: int


@dataclass(frozen=True, slots=True)
class Stack:
    """Frames in order, outermost dimension first, along the slice normal last.

    Attributes
    ----------
    dimensions
        Tag of each extra dimension; 0 where only an order in time is known.
    is_placed
        Whether the slices have positions in the patient; else they are ordered by number.
    spacing_mm
        Median distance along the normal; None below two locations or without positions.
    notes
        Sentences for the report: gaps, uneven spacing, slices that nothing tells apart.
    """

    group: GroupKey
    frames: tuple[PlacedFrame, ...]
    dimensions: tuple[int, ...]
    spacing_mm: float | None
    is_regular: bool
    has_one_frame_of_reference: bool
    is_placed: bool
    notes: tuple[str, ...] = field(default=())


def find_stacks(slices: Sequence[Slice]) -> list[Stack]:
    """Return the stacks of all groups, series by series in order of their first input.

    Within a series nothing depends on the order of the inputs. Identical inputs (equal digest)
    must have been taken out before.
    """
    groups: dict[GroupKey, list[Slice]] = defaultdict(list)
    for one in _in_stable_order(slices):
        groups[one.group].append(one)
    return [
        _stack(group, cluster)
        for group, members in groups.items()
        for cluster in _clusters(members)
    ]


def _in_stable_order(slices: Sequence[Slice]) -> list[Slice]:
    first_of: dict[tuple[bytes, ...], int] = {}
    for one in slices:
        first_of.setdefault(one.group.series, one.source_index)

    def key(one: Slice) -> tuple[int, int, tuple[str, ...], bytes]:
        return first_of[one.group.series], one.instance_number, one.moment, one.digest

    return sorted(slices, key=key)


def _clusters(members: list[Slice]) -> list[list[Slice]]:
    """Return sets of slices that share orientation, line of positions and Frame of Reference."""
    placed: list[Slice] = []
    orientations: list[Orientation] = []
    unplaced: list[Slice] = []
    for one in members:
        if one.orientation is None or one.position_mm is None:
            unplaced.append(one)
        else:
            placed.append(one)
            orientations.append(one.orientation)
    clusters: list[list[Slice]] = []
    for alike in group_by_orientation(orientations):
        orientation = orientations[alike[0]]
        for part in _by_frame_of_reference([placed[at] for at in alike], orientation):
            clusters.extend(_by_line(part, orientation))
    if unplaced:
        clusters.append(unplaced)
    return clusters


def _by_frame_of_reference(cluster: list[Slice], orientation: Orientation) -> list[list[Slice]]:
    """Return the cluster whole if its positions form one stack, else by Frame of Reference.

    Some real series carry a Frame of Reference UID of its own in every slice: where most slices
    have one of their own, and more than there could be volumes, the UIDs tell nothing.
    """
    parts: dict[str, list[Slice]] = defaultdict(list)
    for one in cluster:
        parts[one.frame_of_reference_uid].append(one)
    locations = _locations(cluster, orientation)
    most = max(len(members) for members in locations)
    if len(parts) == 1 or most < len(parts) > len(cluster) // 2:
        return [cluster]
    along = _along_normal(cluster, orientation)
    gaps = find_gaps([along[members[0]] for members in locations])
    uids = [cluster[members[0]].frame_of_reference_uid for members in locations]
    if most == 1 and all(uids[before] == uids[before + 1] for before, _ in gaps):
        return [cluster]
    return list(parts.values())


def _by_line(cluster: list[Slice], orientation: Orientation) -> list[list[Slice]]:
    """Return stacks that lie beside one another separately.

    A tilted gantry shifts slices sideways too: by less than the step along the normal.
    """
    corners = [_lateral_mm(one, orientation) for one in cluster]
    along = _along_normal(cluster, orientation)
    by_location = _locations(cluster, orientation)
    sideways = any(
        _distance(corners[a], corners[b]) > _LATERAL_TOLERANCE_MM
        for members in by_location
        for a, b in itertools.pairwise(members)
    )
    if not sideways:
        return [cluster]
    lines: list[list[int]] = []
    for at in itertools.chain.from_iterable(by_location):
        latest = lines[-_LINES_COMPARED:]
        nearest = min(
            latest, key=lambda line: _distance(corners[line[-1]], corners[at]), default=[]
        )
        if nearest:
            step = along[at] - along[nearest[-1]]
            if _distance(corners[nearest[-1]], corners[at]) <= max(_LATERAL_TOLERANCE_MM, step):
                nearest.append(at)
                continue
        lines.append([at])
    return [[cluster[at] for at in sorted(line)] for line in sorted(lines, key=min)]


def _lateral_mm(one: Slice, orientation: Orientation) -> tuple[float, float]:
    assert one.position_mm is not None, "only slices with a position are compared"
    row, column = orientation[:3], orientation[3:]
    return dot(one.position_mm, row), dot(one.position_mm, column)


def _distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    return max(abs(a[0] - b[0]), abs(a[1] - b[1]))


def _locations(cluster: list[Slice], orientation: Orientation) -> list[list[int]]:
    """Return indices into ``cluster`` by location, ascending along the normal."""
    along = _along_normal(cluster, orientation)
    order = sorted(range(len(cluster)), key=along.__getitem__)
    locations: list[list[int]] = []
    for index in order:
        if locations and along[index] - along[locations[-1][0]] <= LOCATION_TOLERANCE_MM:
            locations[-1].append(index)
        else:
            locations.append([index])
    return locations


def _along_normal(cluster: list[Slice], orientation: Orientation) -> list[float]:
    normal = slice_normal(orientation)
    assert normal is not None, "summaries keep no orientation that spans no plane"
    positions = [one.position_mm for one in cluster]
    return [dot(position, normal) for position in positions if position is not None]


def _stack(group: GroupKey, cluster: list[Slice]) -> Stack:
    orientation = cluster[0].orientation
    if orientation is None or cluster[0].position_mm is None:
        return _unplaced_stack(group, cluster)
    locations = _locations(cluster, orientation)
    along = _along_normal(cluster, orientation)
    marks = [along[members[0]] for members in locations]
    dimensions, frames, notes = _order_frames(cluster, locations)
    is_told_apart = not notes  # an order by numbers alone is no order in time
    spacing = median_spacing_mm(marks)
    gaps = find_gaps(marks)
    for index, missing in gaps:
        notes.append(
            f"gap: about {missing} slice(s) missing between locations {index + 1} and {index + 2}"
        )
    even = is_evenly_spaced(marks)
    if not even and not gaps:
        notes.append("the slices are not evenly spaced; every position is kept as it is")
    straight = is_straight([_lateral_mm(cluster[at[0]], orientation) for at in locations], spacing)
    if not straight:
        notes.append("the slices do not lie on one line; every position is kept as it is")
    per_location = {len(members) for members in locations}
    if len(per_location) > 1:
        notes.append(
            f"locations hold between {min(per_location)} and {max(per_location)} slices each"
        )
    frames_of_reference = {one.frame_of_reference_uid for one in cluster}
    return Stack(
        group=group,
        frames=tuple(frames),
        dimensions=dimensions,
        spacing_mm=spacing,
        is_regular=(
            even and straight and is_told_apart and len(per_location) == 1 and len(marks) > 1
        ),
        has_one_frame_of_reference=len(frames_of_reference) == 1 and "" not in frames_of_reference,
        is_placed=True,
        notes=tuple(notes),
    )


def _unplaced_stack(group: GroupKey, cluster: list[Slice]) -> Stack:
    """Order slices without a position by Slice Location, then number, then time."""
    if all(one.location_hint is not None for one in cluster):
        cluster = sorted(cluster, key=lambda one: one.location_hint or 0.0)
    frames = [PlacedFrame(one, (), index) for index, one in enumerate(cluster, 1)]
    uids = {one.frame_of_reference_uid for one in cluster}
    return Stack(
        group=group,
        frames=tuple(frames),
        dimensions=(),
        spacing_mm=None,
        is_regular=False,
        has_one_frame_of_reference=len(uids) == 1 and "" not in uids,
        is_placed=False,
    )


def _order_frames(
    cluster: list[Slice], locations: list[list[int]]
) -> tuple[tuple[int, ...], list[PlacedFrame], list[str]]:
    """Return the extra dimensions, the Frames in order and notes."""
    place = {member: index for index, members in enumerate(locations, 1) for member in members}
    most = max(len(members) for members in locations)
    if most == 1:
        ordered = sorted(place, key=place.__getitem__)
        return (), [PlacedFrame(cluster[at], (), place[at]) for at in ordered], []
    columns = _telling_columns(cluster, locations, most)
    indices: dict[int, tuple[int, ...]] = dict.fromkeys(place, ())
    for column in columns:
        ranks = _ranks({cluster[at].distinctions[column] for at in place})
        for at in place:
            indices[at] += (ranks[cluster[at].distinctions[column]],)
    dimensions = tuple(DIMENSION_TAGS[column] for column in columns)
    notes: list[str] = []
    if not _all_differ(locations, indices):
        alike = _rank_by_time(cluster, locations, indices)
        dimensions += (0,)
        if alike and len({len(members) for members in locations}) == 1:
            notes.append(f"{most} slices at every location, told apart by their numbers alone")
        elif alike:
            notes.append(f"{alike} slice(s) lie where another does and only their numbers differ")
    ordered = sorted(place, key=lambda at: (indices[at], place[at]))
    return dimensions, [PlacedFrame(cluster[at], indices[at], place[at]) for at in ordered], notes


def _telling_columns(cluster: list[Slice], locations: list[list[int]], most: int) -> list[int]:
    """Return the columns of ``distinctions`` that tell Frames at one location apart.

    A column counts only if it has no more values than the fullest location has slices (so not
    the times of single slices), and if it separates slices that earlier columns did not.
    """
    columns: list[int] = []
    distinct = len(locations)
    for column in range(len(DIMENSION_TAGS)):
        values = {one.distinctions[column] for one in cluster}
        if not 1 < len(values) <= most:
            continue
        tried = [*columns, column]
        classes = {
            (number, *(cluster[at].distinctions[c] for c in tried))
            for number, members in enumerate(locations)
            for at in members
        }
        if len(classes) > distinct:
            distinct, columns = len(classes), tried
    return columns


def _ranks(values: set[str]) -> dict[str, int]:
    """Return 1-based ranks, in numeric order where all values are numbers."""
    try:
        ordered = sorted(values, key=lambda text: (float(text) if text else float("-inf"), text))
    except ValueError:
        ordered = sorted(values)
    return {value: rank for rank, value in enumerate(ordered, 1)}


def _all_differ(locations: list[list[int]], indices: dict[int, tuple[int, ...]]) -> bool:
    return all(len({indices[at] for at in members}) == len(members) for members in locations)


def _rank_by_time(
    cluster: list[Slice], locations: list[list[int]], indices: dict[int, tuple[int, ...]]
) -> int:
    """Append a rank in time to the indices; return how many slices differ by number alone."""
    alike = 0
    for members in locations:
        by_class: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for at in members:
            by_class[indices[at]].append(at)
        for prefix, same in by_class.items():
            same.sort(key=lambda at: (cluster[at].moment, cluster[at].instance_number, at))
            for rank, at in enumerate(same, 1):
                indices[at] = (*prefix, rank)
            alike += len(same) - len({cluster[at].moment for at in same})
    return alike
