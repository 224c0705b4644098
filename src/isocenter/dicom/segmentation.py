"""Masks to a DICOM Segmentation that refers to the Frames they were drawn on.

Only Frames with something in them are stored, one for each segment, one bit a pixel. Written with
the encoders of this package: the object of 400 slices takes a tenth of a second and the memory of
its pixels, and sources need no more than a header that the index reads.

References
----------
PS3.3 A.51 (Segmentation IOD), C.8.20 (its modules), C.7.6.16.2.1, .2, .3, .4, .6 (functional
groups), C.7.6.17 (dimensions), C.12.2 (Common Instance Reference), C.10.7.1.1 (CIELab values);
PS3.5 8.1.1 (packed bits).
"""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from isocenter.dicom.enhanced_rules import CODE_SEPARATOR
from isocenter.dicom.enhanced_values import encode_code, encode_values
from isocenter.dicom.functional_groups import (
    FRAME_CONTENT,
    PIXEL_MEASURES,
    PLANE_ORIENTATION,
    PLANE_POSITION,
)
from isocenter.dicom.geometry import slice_normal
from isocenter.dicom.given_identity import (
    GivenIdentity,
    NewInstance,
    identity_elements,
    template_of_dataset,
)
from isocenter.dicom.header_index import PIXEL_DATA, HeaderIndex
from isocenter.dicom.image_facts import PER_FRAME_GROUPS, SHARED_GROUPS
from isocenter.dicom.label_volumes import Labels
from isocenter.dicom.nifti import values_in
from isocenter.dicom.part10 import (
    Elements,
    decimal_string,
    element_header,
    encode_data_set,
    encode_element,
    encode_sequence,
    encode_text,
    file_meta,
)
from isocenter.dicom.text import SPECIFIC_CHARACTER_SET
from isocenter.dicom.uids import EXPLICIT, IMPLEMENTATION_VERSION, derived_uid
from isocenter.dicom.values import first_string
from isocenter.dicom.volume import FramePlace, Volume
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT, Limits

SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
SEGMENT_SEQUENCE, SEGMENT_NUMBER, SEGMENT_LABEL = 0x00620002, 0x00620004, 0x00620005
ALGORITHM_TYPE, ALGORITHM_NAME, DISPLAY_COLOUR = 0x00620008, 0x00620009, 0x0062000D
SEGMENT_IDENTIFICATION, REFERENCED_SEGMENT = 0x0062000A, 0x0062000B
SEGMENTATION_TYPE = 0x00620001
DERIVATION_IMAGE, SOURCE_IMAGE = 0x00089124, 0x00082112
REFERENCED_CLASS, REFERENCED_INSTANCE, REFERENCED_FRAME = 0x00081150, 0x00081155, 0x00081160
ALGORITHM_TYPES = ("MANUAL", "SEMIAUTOMATIC", "AUTOMATIC")

_CATEGORY_SEQUENCE, _TYPE_SEQUENCE = 0x00620003, 0x0062000F
_TISSUE = "85756007^SCT^Tissue"
_SEGMENTED = "113076^DCM^Segmentation"
_PURPOSE = "121322^DCM^Source image for image processing operation"
_SERIES_UID, _FRAME_OF_REFERENCE, _LATERALITY = 0x0020000E, 0x00200052, 0x00200060
_TEMPORAL_INDEX, _INDEX_VALUES, _POSITION = 0x00209128, 0x00209157, 0x00200032
_IN_STACK_POSITION, _STACK_ID = 0x00209057, 0x00209056
_ORGANIZATION_UID = 0x00209164
# Changes when the same inputs give other bytes (DESIGN 7).
_VERSION = b"isocenter segmentation 1"
_LABEL_CHARACTERS = 64
_NUMBER_MAX = 0xFFFF
# So many Frames of any size end with a whole byte.
_PACKED_AT_ONCE = 8
# D65, as sRGB and the profile connection space of DICOM have it here (PS3.3 C.10.7.1.1).
_WHITE = (0.9505, 1.0, 1.089)
_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


@dataclass(frozen=True, slots=True)
class Segment:
    """What the pixels of one number are.

    Attributes
    ----------
    number
        Their value in labels, from 1.
    colour
        Red, green, blue from 0 to 255; None leaves it to the viewer.
    algorithm_type
        One of ``ALGORITHM_TYPES``; all but the first have an ``algorithm_name``.
    category, kind
        ``value^scheme^meaning``: what sort of thing it is, and what it is.

    Raises
    ------
    InvalidInputError
        If one of them is none.
    """

    number: int
    label: str
    colour: tuple[int, int, int] | None = None
    algorithm_type: str = "MANUAL"
    algorithm_name: str = ""
    category: str = _TISSUE
    kind: str = _TISSUE

    def __post_init__(self) -> None:
        if not 1 <= self.number <= _NUMBER_MAX:
            raise InvalidInputError("a segment has a number from 1 to 65535")
        for text in (self.label, self.algorithm_name):
            if len(text) > _LABEL_CHARACTERS or "\\" in text or not text.isprintable():
                raise InvalidInputError(
                    "the name of a segment has at most 64 printable characters, no backslash"
                )
        if not self.label.strip():
            raise InvalidInputError("a segment has a name")
        if self.colour and not all(0 <= one <= 255 for one in self.colour):
            raise InvalidInputError("a colour is red, green and blue from 0 to 255")
        if self.algorithm_type not in ALGORITHM_TYPES:
            raise InvalidInputError(f"a segment is one of {', '.join(ALGORITHM_TYPES)}")
        if self.algorithm_type != "MANUAL" and not self.algorithm_name.strip():
            raise InvalidInputError("a segment that was computed names its algorithm")
        for code in (self.category, self.kind):
            parts = code.split(CODE_SEPARATOR)
            is_long = max(map(len, parts)) > _LABEL_CHARACTERS
            if len(parts) != 3 or not all(parts) or is_long or not code.isascii():
                raise InvalidInputError("a code is value^scheme^meaning, in ASCII")


class Made(NamedTuple):
    """When a segmentation was made, as DA and TM, and what it is called."""

    date: str
    time: str
    description: str = "Segmentation"
    series_number: int = 300


class _Cut(NamedTuple):
    """The Frame of one segment: which Frame of the volume it lies on, from 0."""

    segment: Segment
    frame: int


def make_segmentation(
    header: HeaderIndex,
    volume: Volume,
    labels: Labels,
    segments: Sequence[Segment],
    made: Made,
    limits: Limits = DEFAULT,
) -> Iterator[bytes]:
    """Return a file, part by part: a Segmentation of labels on the Frames of one Series.

    Parameters
    ----------
    header
        Of one of the Instances: patient, study and Series are those of the new one.
    labels
        ``(frames, rows, columns)`` in the order of ``volume.frames``.
    segments
        One for each number in the labels; more may be there.

    Raises
    ------
    InvalidInputError
        If the labels are not of this volume or a number has no segment.
    TooLargeError
        If it would have more Frames than ``limits.header_fragments``, or more pixels than
        ``limits.instance_pixel_bytes``.
    """
    cuts = _cuts(volume, labels, segments)
    if len(cuts) > limits.header_fragments:
        raise TooLargeError("header_fragments", limits.header_fragments, len(cuts), "frames")
    bits = len(cuts) * volume.grid.rows * volume.grid.columns
    length = (bits + 15) // 16 * 2
    if length > limits.instance_pixel_bytes:
        raise TooLargeError("instance_pixel_bytes", limits.instance_pixel_bytes, length, "bytes")
    group = hashlib.sha256(repr((volume.frames, segments, made)).encode())
    group.update(labels.tobytes())
    given = GivenIdentity(template_of_dataset(header.dataset))
    new = NewInstance(SEGMENTATION, group.digest(), group.digest(), modality="SEG")
    root = identity_elements(given, new)
    root.pop(_LATERALITY, None)  # the segments say what they are of
    root |= _series(header, volume, made)
    root |= _image(volume, len(cuts))
    root |= _segments(segments)
    root |= _dimensions(volume, derived_uid(_VERSION, group.digest()))
    root |= _references(header, volume, cuts)
    root[SHARED_GROUPS] = _sequence(SHARED_GROUPS, _shared_groups(volume))
    root[PER_FRAME_GROUPS] = _sequence(
        PER_FRAME_GROUPS, *(_frame_groups(volume, one, segments) for one in cuts)
    )
    texts = [made.description, *(one.label + one.algorithm_name for one in segments)]
    if not all(map(str.isascii, texts)):
        root[SPECIFIC_CHARACTER_SET] = _text(SPECIFIC_CHARACTER_SET, "ISO_IR 192")
    meta = file_meta(SEGMENTATION, root[0x00080018][8:].decode("ascii").rstrip("\0"), EXPLICIT)
    pixels = element_header(PIXEL_DATA, length, is_implicit=False, vr="OB")
    before, behind = meta + encode_data_set(root) + pixels, bytes(length - (bits + 7) // 8)
    return itertools.chain([before], _packed(labels, cuts), [behind])


def cielab(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return an sRGB colour as Recommended Display CIELab Value has it (PS3.3 C.10.7.1.1)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (one / 255 for one in colour)
    ]
    x, y, z = (
        _root(sum(a * b for a, b in zip(row, linear, strict=True)) / white)
        for row, white in zip(_TO_XYZ, _WHITE, strict=True)
    )
    light, a, b = 116 * y - 16, 500 * (x - y), 200 * (y - z)
    scaled = (light * 65535 / 100, (a + 128) * 65535 / 255, (b + 128) * 65535 / 255)
    first, second, third = (min(65535, max(0, round(one))) for one in scaled)
    return first, second, third


def rgb(value: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return the sRGB colour of a Recommended Display CIELab Value, the nearest there is."""
    light = value[0] * 100 / 65535
    a, b = (one * 255 / 65535 - 128 for one in value[1:])
    middle = (light + 16) / 116
    parts = (middle + a / 500, middle, middle - b / 200)
    found = [
        white * (part**3 if part > 6 / 29 else 3 * (6 / 29) ** 2 * (part - 4 / 29))
        for part, white in zip(parts, _WHITE, strict=True)
    ]
    linear = np.linalg.solve(np.array(_TO_XYZ), np.array(found)).tolist()
    red, green, blue = (
        round(
            255
            * min(1.0, max(0.0, 12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055))
        )
        for x in linear
    )
    return red, green, blue


def _root(part: float) -> float:
    return part ** (1 / 3) if part > (6 / 29) ** 3 else part / (3 * (6 / 29) ** 2) + 4 / 29


def _cuts(volume: Volume, labels: Labels, segments: Sequence[Segment]) -> list[_Cut]:
    """Return what is stored, segment by segment; of no label at all one empty Frame."""
    grid = volume.grid
    if labels.shape != (len(volume.frames), grid.rows, grid.columns):
        raise InvalidInputError("the masks are not those of these images")
    by_number = {one.number: one for one in segments}
    if not segments or len(by_number) < len(segments):
        raise InvalidInputError("there is no segment, or two have the same number")
    present = [values_in(one).tolist() for one in labels]
    unknown = sorted({number for one in present for number in one} - {0, *by_number})
    if unknown:
        raise InvalidInputError(f"nothing is told about the segment of number {unknown[0]}")
    cuts = [
        _Cut(segment, frame)
        for segment in segments
        for frame, numbers in enumerate(present)
        if segment.number in numbers
    ]
    return cuts or [_Cut(segments[0], 0)]


def _packed(labels: Labels, cuts: Sequence[_Cut]) -> Iterator[bytes]:
    for at in range(0, len(cuts), _PACKED_AT_ONCE):
        masks = [labels[one.frame] == one.segment.number for one in cuts[at : at + _PACKED_AT_ONCE]]
        yield np.packbits(np.stack(masks).reshape(-1), bitorder="little").tobytes()


def _series(header: HeaderIndex, volume: Volume, made: Made) -> Elements:
    elements: Elements = {
        0x00080008: _text(0x00080008, "DERIVED\\PRIMARY"),
        0x00080023: _text(0x00080023, made.date),
        0x00080033: _text(0x00080033, made.time),
        0x00080070: _text(0x00080070, "Isocenter"),
        0x00081090: _text(0x00081090, "Isocenter"),
        0x00181000: _text(0x00181000, "0"),
        0x00181020: _text(0x00181020, IMPLEMENTATION_VERSION),
        0x0008103E: encode_element(0x0008103E, made.description.encode(), is_implicit=False),
        0x00200011: _text(0x00200011, str(made.series_number)),
        0x00700080: _text(0x00700080, "SEGMENTATION"),
        0x00700081: _text(0x00700081, ""),
        0x00700084: _text(0x00700084, ""),
    }
    if volume.grid.is_placed:
        # Some real series have positions and no Frame of Reference, which the standard demands.
        series = first_string(header.dataset, _SERIES_UID).encode("latin-1")
        uid = volume.frames[0].frame_of_reference_uid or derived_uid(_VERSION, b"space", series)
        elements[_FRAME_OF_REFERENCE] = _text(_FRAME_OF_REFERENCE, uid)
        elements[0x00201040] = _text(0x00201040, "")
    else:
        elements[0x00200020] = _text(0x00200020, "")
    return elements


def _image(volume: Volume, count: int) -> Elements:
    return {
        SEGMENTATION_TYPE: _text(SEGMENTATION_TYPE, "BINARY"),
        0x00620013: _text(0x00620013, "NO"),
        0x00280002: _values(0x00280002, 1),
        0x00280004: _text(0x00280004, "MONOCHROME2"),
        0x00280008: _text(0x00280008, str(count)),
        0x00280010: _values(0x00280010, volume.grid.rows),
        0x00280011: _values(0x00280011, volume.grid.columns),
        0x00280100: _values(0x00280100, 1),
        0x00280101: _values(0x00280101, 1),
        0x00280102: _values(0x00280102, 0),
        0x00280103: _values(0x00280103, 0),
        0x00282110: _text(0x00282110, "00"),
    }


def _segments(segments: Sequence[Segment]) -> Elements:
    items = []
    for one in segments:
        item: Elements = {
            SEGMENT_NUMBER: _values(SEGMENT_NUMBER, one.number),
            SEGMENT_LABEL: encode_element(SEGMENT_LABEL, one.label.encode(), is_implicit=False),
            ALGORITHM_TYPE: _text(ALGORITHM_TYPE, one.algorithm_type),
            _CATEGORY_SEQUENCE: _code(_CATEGORY_SEQUENCE, one.category),
            _TYPE_SEQUENCE: _code(_TYPE_SEQUENCE, one.kind),
        }
        if one.algorithm_name:
            item[ALGORITHM_NAME] = encode_element(
                ALGORITHM_NAME, one.algorithm_name.encode(), is_implicit=False
            )
        if one.colour:
            item[DISPLAY_COLOUR] = _values(DISPLAY_COLOUR, *cielab(one.colour))
        items.append(item)
    return {SEGMENT_SEQUENCE: _sequence(SEGMENT_SEQUENCE, *items)}


def _dimensions(volume: Volume, uid: str) -> Elements:
    """Return the dimensions: the segment, where it lies, and of several times which one."""
    pointers = [(REFERENCED_SEGMENT, SEGMENT_IDENTIFICATION)]
    if volume.grid.is_placed:
        pointers.append((_POSITION, PLANE_POSITION))
    else:
        pointers.append((_IN_STACK_POSITION, FRAME_CONTENT))
    if volume.grid.times > 1:
        pointers.append((_TEMPORAL_INDEX, FRAME_CONTENT))
    organization = {_ORGANIZATION_UID: _text(_ORGANIZATION_UID, uid)}
    items = [
        {**organization, 0x00209165: _tag(0x00209165, tag), 0x00209167: _tag(0x00209167, group)}
        for tag, group in pointers
    ]
    return {
        0x00209221: _sequence(0x00209221, organization),
        0x00209222: _sequence(0x00209222, *items),
    }


def _references(header: HeaderIndex, volume: Volume, cuts: Sequence[_Cut]) -> Elements:
    """Return the Common Instance Reference: all Instances that Frames refer to."""
    places = {volume.frames[one.frame].sop_instance_uid: volume.frames[one.frame] for one in cuts}
    series = {
        _SERIES_UID: _text(_SERIES_UID, first_string(header.dataset, _SERIES_UID)),
        0x0008114A: _sequence(0x0008114A, *map(_reference, places.values())),
    }
    return {0x00081115: _sequence(0x00081115, series)}


def _reference(place: FramePlace) -> Elements:
    return {
        REFERENCED_CLASS: _text(REFERENCED_CLASS, place.sop_class_uid),
        REFERENCED_INSTANCE: _text(REFERENCED_INSTANCE, place.sop_instance_uid),
    }


def _shared_groups(volume: Volume) -> Elements:
    grid, first = volume.grid, volume.frames[0]
    groups: Elements = {}
    if first.spacing_mm:
        measures = {0x00280030: _decimals(0x00280030, *first.spacing_mm)}
        if grid.is_placed and first.orientation:
            normal = slice_normal(first.orientation) or (0.0, 0.0, 1.0)
            step = abs(float(np.dot(grid.matrix[:3, 2], normal)))
            measures[0x00180050] = _decimals(0x00180050, first.step_mm or step)
            if grid.locations > 1:
                measures[0x00180088] = _decimals(0x00180088, step)
        groups[PIXEL_MEASURES] = _sequence(PIXEL_MEASURES, measures)
    if grid.is_placed and first.orientation:
        plane = {0x00200037: _decimals(0x00200037, *first.orientation)}
        groups[PLANE_ORIENTATION] = _sequence(PLANE_ORIENTATION, plane)
    return groups


def _frame_groups(volume: Volume, cut: _Cut, segments: Sequence[Segment]) -> Elements:
    place = volume.frames[cut.frame]
    time, location = divmod(cut.frame, volume.grid.locations)
    index = [segments.index(cut.segment) + 1, location + 1]
    content: Elements = {}
    if not volume.grid.is_placed:
        content[_STACK_ID] = _text(_STACK_ID, "1")
        content[_IN_STACK_POSITION] = _values(_IN_STACK_POSITION, location + 1)
    if volume.grid.times > 1:
        index.append(time + 1)
        content[_TEMPORAL_INDEX] = _values(_TEMPORAL_INDEX, time + 1)
    content[_INDEX_VALUES] = _values(_INDEX_VALUES, *index)
    source = _reference(place) | {
        0x0028135A: _text(0x0028135A, "YES"),
        0x0040A170: _code(0x0040A170, _PURPOSE),
    }
    if place.is_multi_frame:
        source[REFERENCED_FRAME] = _text(REFERENCED_FRAME, str(place.frame_index + 1))
    derivation = {
        0x00089215: _code(0x00089215, _SEGMENTED),
        SOURCE_IMAGE: _sequence(SOURCE_IMAGE, source),
    }
    number = {REFERENCED_SEGMENT: _values(REFERENCED_SEGMENT, cut.segment.number)}
    groups = {
        FRAME_CONTENT: _sequence(FRAME_CONTENT, content),
        DERIVATION_IMAGE: _sequence(DERIVATION_IMAGE, derivation),
        SEGMENT_IDENTIFICATION: _sequence(SEGMENT_IDENTIFICATION, number),
    }
    if volume.grid.is_placed and place.position_mm:
        plane = {_POSITION: _decimals(_POSITION, *place.position_mm)}
        groups[PLANE_POSITION] = _sequence(PLANE_POSITION, plane)
    return groups


def _sequence(tag: int, *items: Elements) -> bytes:
    return encode_sequence(tag, items, is_implicit=False)


def _code(tag: int, code: str) -> bytes:
    return _sequence(tag, encode_code(code, is_implicit=False))


def _text(tag: int, text: str) -> bytes:
    return encode_text(tag, text, is_implicit=False)


def _values(tag: int, *values: int) -> bytes:
    return encode_values(tag, tuple(map(str, values)), is_implicit=False)


def _decimals(tag: int, *values: float) -> bytes:
    return _text(tag, "\\".join(map(decimal_string, values)))


def _tag(tag: int, target: int) -> bytes:
    raw = (target >> 16).to_bytes(2, "little") + (target & 0xFFFF).to_bytes(2, "little")
    return encode_element(tag, raw, is_implicit=False, vr="AT")
