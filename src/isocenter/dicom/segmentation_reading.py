"""A DICOM Segmentation back to labels on the Frames that it was drawn on.

Which Frame one of the segmentation lies on is told by its position, else by the image that it was
derived from. Binary, fractional (from half on) and label map segmentations are read.

References
----------
PS3.3 A.51, A.88 (Segmentation, Label Map Segmentation IOD), C.8.20.2 (Segmentation Image).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from isocenter.dicom.enhanced_rules import CODE_SEPARATOR
from isocenter.dicom.geometry import Vector, is_same_orientation
from isocenter.dicom.header_index import DataSetIndex, HeaderIndex
from isocenter.dicom.image_facts import PER_FRAME_GROUPS, SHARED_GROUPS
from isocenter.dicom.label_volumes import Labels, check_label_bytes
from isocenter.dicom.segmentation import (
    ALGORITHM_NAME,
    ALGORITHM_TYPE,
    ALGORITHM_TYPES,
    DERIVATION_IMAGE,
    DISPLAY_COLOUR,
    REFERENCED_FRAME,
    REFERENCED_INSTANCE,
    REFERENCED_SEGMENT,
    SEGMENT_IDENTIFICATION,
    SEGMENT_LABEL,
    SEGMENT_NUMBER,
    SEGMENT_SEQUENCE,
    SEGMENTATION,
    SEGMENTATION_TYPE,
    SOURCE_IMAGE,
    Segment,
    rgb,
)
from isocenter.dicom.text import decode, encodings_of
from isocenter.dicom.values import first_string, integer, numbers
from isocenter.dicom.volume import FramePlace, Volume, read_places
from isocenter.errors import CorruptPixelDataError, InvalidInputError, NotSupportedError
from isocenter.limits import DEFAULT, Limits

LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
CLASSES = frozenset({SEGMENTATION, LABEL_MAP})

_CATEGORY_SEQUENCE, _TYPE_SEQUENCE, _MAXIMUM = 0x00620003, 0x0062000F, 0x0062000E
_CODE_TAGS = (0x00080100, 0x00080102, 0x00080104)
_REFERENCED_SERIES, _SERIES_UID = 0x00081115, 0x0020000E
_UNKNOWN = "unknown"
_NO_SEGMENT = "the segmentation has pixels of a segment that it does not tell about"
_SHORT = "a frame of the segmentation is too short"
# In voxels: half of one would be as near to the next.
_TOLERANCE = 0.3


class CutFrame(NamedTuple):
    """One Frame of a segmentation.

    Attributes
    ----------
    number
        Of its segment; 0 in a label map, whose pixels tell.
    sources
        SOP Instance UID and 0-based Frame of the images that it was derived from.
    """

    place: FramePlace
    number: int
    sources: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Segmentation:
    """What a header says.

    Attributes
    ----------
    kind
        ``BINARY``, ``FRACTIONAL`` or ``LABELMAP``.
    maximum
        The value of a fractional pixel that is all inside.
    series_uids
        Series that it refers to.
    """

    kind: str
    rows: int
    columns: int
    maximum: int
    segments: tuple[Segment, ...]
    frames: tuple[CutFrame, ...]
    series_uids: tuple[str, ...]


class FoundLabels(NamedTuple):
    """Labels on the Frames of a volume; where segments overlap the later ones are seen."""

    labels: Labels
    has_overlaps: bool


def read_segmentation(header: HeaderIndex) -> Segmentation:
    """Return what a segmentation says about its segments and Frames.

    Raises
    ------
    NotSupportedError
        If it is no segmentation of a kind that is read here.
    InvalidInputError
        If it contradicts itself.
    """
    dataset = header.dataset
    kind = first_string(dataset, SEGMENTATION_TYPE)
    if kind not in ("BINARY", "FRACTIONAL", "LABELMAP"):
        raise NotSupportedError("it is no segmentation that is binary, fractional or a label map")
    places = read_places(header)
    frames = tuple(_frames(dataset, places, kind))
    # Number 0 is the background of a label map.
    segments = tuple(
        _segment(dataset, one)
        for one in dataset.items(SEGMENT_SEQUENCE)
        if integer(one, SEGMENT_NUMBER)
    )
    if not {one.number for one in frames} <= {0, *(one.number for one in segments)}:
        raise InvalidInputError(_NO_SEGMENT)
    series = [first_string(one, _SERIES_UID) for one in dataset.items(_REFERENCED_SERIES)]
    return Segmentation(
        kind=kind,
        rows=places[0].rows,
        columns=places[0].columns,
        maximum=integer(dataset, _MAXIMUM, 255),
        segments=segments,
        frames=frames,
        series_uids=tuple(dict.fromkeys(one for one in series if one)),
    )


def read_labels(
    segmentation: Segmentation,
    pixels: Iterable[bytes],
    volume: Volume,
    *,
    segment_number: int = 0,
    limits: Limits = DEFAULT,
) -> FoundLabels:
    """Return the labels of a segmentation on the Frames of a volume.

    Parameters
    ----------
    pixels
        The native Frames of the segmentation, in order; packed bits begin with a whole byte.
    segment_number
        Take this segment alone, of which overlaps hide nothing; 0 takes all.

    Raises
    ------
    InvalidInputError
        If a Frame lies on none of the volume; ``CorruptPixelDataError`` if one is too short.
    TooLargeError
        If the labels would need more than ``limits.label_bytes``.
    """
    grid = volume.grid
    if (segmentation.rows, segmentation.columns) != (grid.rows, grid.columns):
        raise InvalidInputError("the segmentation has another size than the images")
    check_label_bytes(grid, limits)
    largest = max([one.number for one in segmentation.segments], default=0)
    dtype = np.uint8 if largest < 256 else np.uint16
    labels: Labels = np.zeros((len(volume.frames), grid.rows, grid.columns), dtype)
    finder = _Finder(volume)
    has_overlaps = False
    for frame, data in zip(segmentation.frames, pixels, strict=True):
        values: Labels | int = frame.number
        if segmentation.kind == "LABELMAP":
            values = _label_map(segmentation, data)
            mask = values == segment_number if segment_number else values != 0
            if values.max() > np.iinfo(labels.dtype).max:
                raise InvalidInputError(_NO_SEGMENT)
        elif segment_number not in (0, frame.number):
            continue
        else:
            mask = _mask(segmentation, data)
        if not mask.any():
            continue
        for at in finder.find(frame):
            has_overlaps |= bool(labels[at][mask].any())
            np.copyto(labels[at], values, where=mask, casting="unsafe")
    return FoundLabels(labels, has_overlaps)


class _Finder:
    """Finds the Frames of a volume that one of a segmentation lies on."""

    def __init__(self, volume: Volume) -> None:
        self._volume = volume
        self._by_source: Mapping[tuple[str, int], int] = {
            (one.sop_instance_uid, one.frame_index): at for at, one in enumerate(volume.frames)
        }
        self._inverse = np.linalg.inv(volume.grid.matrix)
        self._positions = np.array([one.position_mm or (0.0, 0.0, 0.0) for one in volume.frames])

    def find(self, frame: CutFrame) -> list[int]:
        """Return the Frames, those of every time where nothing tells which.

        Raises
        ------
        InvalidInputError
            If there is none.
        """
        sources = [self._by_source[one] for one in frame.sources if one in self._by_source]
        if not self._volume.grid.is_placed or frame.place.position_mm is None:
            found = sources[:1]
        else:
            near = self._near(frame.place, frame.place.position_mm)
            found = [at for at in near if at in sources] or near
        if not found:
            raise InvalidInputError("a frame of the segmentation lies on none of the images")
        return found

    def _near(self, place: FramePlace, position: Vector) -> list[int]:
        grid, first = self._volume.grid, self._volume.frames[0]
        is_turned = not (
            place.orientation
            and first.orientation
            and is_same_orientation(place.orientation, first.orientation)
        )
        is_scaled = bool(
            place.spacing_mm
            and first.spacing_mm
            and not np.allclose(place.spacing_mm, first.spacing_mm, rtol=0.01)
        )
        if is_turned or is_scaled:
            return []
        apart = np.abs((np.array(position) - self._positions) @ self._inverse[:3, :3].T)
        # The depth of a single slice is no distance to a next one.
        counted = apart if grid.locations > 1 else apart[:, :2]
        return [int(at) for at in np.flatnonzero((counted <= _TOLERANCE).all(axis=1))]


def _label_map(segmentation: Segmentation, data: bytes) -> Labels:
    count = segmentation.rows * segmentation.columns
    if len(data) < count:
        raise CorruptPixelDataError(_SHORT)
    wide = len(data) >= 2 * count
    cells = np.frombuffer(data, "<u2" if wide else "u1", count)
    return cells.reshape(segmentation.rows, segmentation.columns)


def _mask(segmentation: Segmentation, data: bytes) -> npt.NDArray[np.bool_]:
    """Return where the segment of one Frame is."""
    count = segmentation.rows * segmentation.columns
    if len(data) >= count:
        raw = np.frombuffer(data, np.uint8, count)
        least = max(1, segmentation.maximum / 2) if segmentation.kind == "FRACTIONAL" else 1
        mask = raw >= least
    elif segmentation.kind == "BINARY" and len(data) >= (count + 7) // 8:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), count=count, bitorder="little")
        mask = bits.view(np.bool_)
    else:
        raise CorruptPixelDataError(_SHORT)
    return mask.reshape(segmentation.rows, segmentation.columns)


def _frames(dataset: DataSetIndex, places: Sequence[FramePlace], kind: str) -> Iterator[CutFrame]:
    shared = next(iter(dataset.each_item(SHARED_GROUPS)), None)
    usual = _segment_of(shared) if shared else None
    groups = dataset.each_item(PER_FRAME_GROUPS)
    for place, group in zip(places, groups, strict=False):
        number = _segment_of(group) or usual
        if number is None and kind != "LABELMAP":
            raise InvalidInputError("a frame of the segmentation names no segment")
        sources = tuple(_sources(group)) or (tuple(_sources(shared)) if shared else ())
        yield CutFrame(place, number or 0, sources)


def _segment_of(group: DataSetIndex) -> int | None:
    for item in group.each_item(SEGMENT_IDENTIFICATION):
        return integer(item, REFERENCED_SEGMENT)
    return None


def _sources(group: DataSetIndex) -> Iterator[tuple[str, int]]:
    for derivation in group.each_item(DERIVATION_IMAGE):
        for source in derivation.each_item(SOURCE_IMAGE):
            number = integer(source, REFERENCED_FRAME, 1)
            yield first_string(source, REFERENCED_INSTANCE), number - 1


def _segment(dataset: DataSetIndex, item: DataSetIndex) -> Segment:
    """Return a segment; what it does not say, or says wrongly, gets a plain value."""
    number = integer(item, SEGMENT_NUMBER)
    label = _text(dataset, item, SEGMENT_LABEL)
    algorithm = first_string(item, ALGORITHM_TYPE)
    colour = numbers(item, DISPLAY_COLOUR)
    is_known = algorithm in ALGORITHM_TYPES
    return Segment(
        number=number,
        label=label or f"Segment {number}",
        colour=rgb((int(colour[0]), int(colour[1]), int(colour[2]))) if len(colour) == 3 else None,
        algorithm_type=algorithm if is_known else ALGORITHM_TYPES[0],
        algorithm_name=_text(dataset, item, ALGORITHM_NAME)
        or (_UNKNOWN if is_known and algorithm != ALGORITHM_TYPES[0] else ""),
        **_codes(dataset, item),
    )


def _codes(dataset: DataSetIndex, item: DataSetIndex) -> dict[str, str]:
    found = {}
    for name, tag in (("category", _CATEGORY_SEQUENCE), ("kind", _TYPE_SEQUENCE)):
        for code in item.items(tag)[:1]:
            parts = [_text(dataset, code, one).replace(CODE_SEPARATOR, " ") for one in _CODE_TAGS]
            if all(part.isascii() and part for part in parts):
                found[name] = CODE_SEPARATOR.join(parts)
    return found


def _text(dataset: DataSetIndex, item: DataSetIndex, tag: int) -> str:
    text = decode(item.value(tag), encodings_of(item, encodings_of(dataset))).strip(" \0")
    return "".join(one for one in text if one.isprintable() and one != "\\")[:64]
