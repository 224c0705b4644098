"""Merge: the slices of a stack become one multi-frame Instance, pixels copied as they are.

The work is done in passes over the headers, so that memory does not grow with the number of
slices: ``summarise`` each input once, ``find_stacks`` (``dicom/stacks.py``), then for each stack
``merge_stack`` reads every header twice more, first to find what all slices share, then to write
the Frame's own part. The result is a stream of pieces: bytes, and ranges of the inputs.

References
----------
PS3.3 A.70-A.72 (Legacy Converted Enhanced IODs), PS3.5 A.4 (encapsulation).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from struct import pack

from isocenter.dicom.conversion import (
    PIXEL_FORMAT_TAGS,
    SPECIFIC_CHARACTER_SET,
    Identity,
    Layout,
    depends_on_charset,
)
from isocenter.dicom.dictionary import vr_of
from isocenter.dicom.frames import index_frames, number_of_frames
from isocenter.dicom.functional_groups import private_creator_of
from isocenter.dicom.geometry import Orientation, slice_normal
from isocenter.dicom.header_index import (
    PIXEL_DATA,
    UNDEFINED,
    DataSetIndex,
    HeaderIndex,
)
from isocenter.dicom.legacy_enhanced import LEGACY_CLASSES, lay_out
from isocenter.dicom.part10 import (
    ITEM_START,
    SEQUENCE_END,
    Elements,
    element_header,
    encode_item,
    file_meta,
    transfer_syntax_of,
)
from isocenter.dicom.stacks import DIMENSION_TAGS, GroupKey, Slice, Stack
from isocenter.dicom.streams import ByteRange, ByteSource, Piece
from isocenter.dicom.uids import CT, IMPLICIT, MR, NATIVE, PET, derived_uid
from isocenter.dicom.values import first_string, floats, integer, strings
from isocenter.errors import CorruptPixelDataError, InvalidInputError, NotSupportedError

# Goes into every derived UID: changes whenever the same inputs give other output bytes.
CONVERSION_VERSION = b"isocenter-merge-1"

_MODALITY = 0x00080060
_PHOTOMETRIC, _SAMPLES, _BITS_ALLOCATED = 0x00280004, 0x00280002, 0x00280100
_TRIGGER_TIME, _INSTANCE_NUMBER = 0x00181060, 0x00200013
_COMPARED_BYTES_MAX = 64
_BITS_ALLOCATED_OF = {CT: (16,), MR: (8, 16), PET: (16,)}
_CLASS_OF_MODALITY = {legacy.modality: uid for uid, legacy in LEGACY_CLASSES.items()}
_MULTI_FRAME_CLASSES = frozenset(legacy.sop_class_uid for legacy in LEGACY_CLASSES.values())
# Pixel Data and how it is encapsulated, Data Set Trailing Padding.
_NOT_ATTRIBUTES = frozenset({PIXEL_DATA, 0x7FE00001, 0x7FE00002, 0x7FE00003, 0xFFFCFFFC})
_NATIVE_BYTES_MAX = 0xFFFFFFFE

ElementsOf = Callable[[int], Elements]


@dataclass(frozen=True, slots=True)
class Merged:
    """One output, not yet written.

    Attributes
    ----------
    pieces
        The whole Part 10 file, to be consumed once; ranges refer to the inputs by index.
    notes
        Sentences for the report.
    """

    sop_instance_uid: str
    number_of_frames: int
    pieces: Iterator[Piece]
    notes: tuple[str, ...]


def summarise(
    source_index: int, digest: bytes, header: HeaderIndex, source: ByteSource
) -> tuple[Slice, tuple[str, ...]]:
    """Return what grouping and order need to know of one input, and notes about it.

    Raises
    ------
    NotSupportedError
        If it is no single-frame CT, MR or PET Instance that a multi-frame class can hold.
    InvalidInputError
        If elements that decide are broken, or Pixel Data is missing or too short.
    """
    dataset = header.dataset
    notes: list[str] = []
    sop_class_uid = _sop_class(header, notes)
    _check_fits(dataset, sop_class_uid)
    frames = index_frames(header, source)
    if len(frames.spans) > 1:
        raise NotSupportedError("only single-frame images are merged")
    transfer_syntax_uid = transfer_syntax_of(header)
    if frames.is_encapsulated == (transfer_syntax_uid in NATIVE):
        raise CorruptPixelDataError("Pixel Data is not encoded as the Transfer Syntax says")
    if frames.extra_bytes:
        notes.append(f"{frames.extra_bytes} byte(s) after the pixels are no pixels, left out")
    position, orientation = _plane(dataset, notes)
    group = GroupKey(
        patient_id=dataset.value(0x00100020).rstrip(b" \0"),
        study_instance_uid=dataset.value(0x0020000D).rstrip(b" \0"),
        series_instance_uid=dataset.value(0x0020000E).rstrip(b" \0"),
        sop_class_uid=sop_class_uid,
        transfer_syntax_uid=transfer_syntax_uid,
        pixel_format=tuple(_comparable(dataset, tag) for tag in PIXEL_FORMAT_TAGS),
    )
    one = Slice(
        source_index=source_index,
        digest=digest,
        group=group,
        sop_instance_uid=first_string(dataset, 0x00080018) or first_string(header.meta, 0x00020003),
        position_mm=position,
        orientation=orientation,
        location_hint=_number(dataset, 0x00201041),
        frame_of_reference_uid=first_string(dataset, 0x00200052),
        pixels=frames.span(1),
        instance_number=int(_number(dataset, _INSTANCE_NUMBER) or 0),
        distinctions=tuple("\\".join(_texts(dataset, tag)) for tag in DIMENSION_TAGS),
        moment=_moment(dataset),
    )
    return one, tuple(notes)


def reason_to_skip(header: HeaderIndex) -> str:
    """Return why a DICOM file is none of merge's business, ``""`` if it is.

    Objects without pixels and multi-frame ones (our own outputs among them) stay as they are.
    """
    dataset = header.dataset
    frames = number_of_frames(dataset)
    if frames > 1:
        return f"already a multi-frame instance ({frames} frames)"
    uid = first_string(dataset, 0x00080016) or first_string(header.meta, 0x00020002)
    if uid in _MULTI_FRAME_CLASSES:
        return "already a multi-frame instance"
    if PIXEL_DATA not in dataset.elements and uid not in LEGACY_CLASSES:
        return "no image"
    return ""


def source_elements(dataset: DataSetIndex) -> Elements:
    """Return the attributes of a slice as encoded: no pixels, group lengths or padding."""
    return {
        tag: dataset.raw(tag)
        for tag in dataset.elements
        if tag & 0xFFFF and tag not in _NOT_ATTRIBUTES
    }


def series_uid_of(slices: Sequence[Slice]) -> str:
    """Return the Series Instance UID for everything that is made of these slices."""
    return derived_uid(CONVERSION_VERSION, b"series", *sorted(one.digest for one in slices))


def merge_stack(
    stack: Stack, elements_of: ElementsOf, *, series_instance_uid: str, instance_number: int
) -> Merged:
    """Return one multi-frame Instance made of a stack.

    Parameters
    ----------
    elements_of
        Gives ``source_elements`` of an input by its index; called twice for each slice.
    instance_number
        Number of the new Instance in its new Series, from 1.

    Raises
    ------
    NotSupportedError
        If native Pixel Data would have 4 GiB or more.
    """
    is_native = stack.group.transfer_syntax_uid in NATIVE
    pixel_bytes = sum(frame.slice.pixels.length for frame in stack.frames)
    if is_native and pixel_bytes > _NATIVE_BYTES_MAX:
        raise NotSupportedError(
            f"{pixel_bytes} bytes of pixels do not fit into one instance of at most 4 GiB"
        )
    digests = [frame.slice.digest for frame in stack.frames]
    notes = list(stack.notes)
    frame_of_reference_uid = ""
    if not stack.has_one_frame_of_reference:
        frame_of_reference_uid = derived_uid(CONVERSION_VERSION, b"frame of reference", *digests)
        notes.append(
            "Frame of Reference UIDs differ or are missing: one was derived, "
            "those of the slices are kept per frame"
        )
    identity = Identity(
        sop_instance_uid=derived_uid(CONVERSION_VERSION, b"instance", *digests),
        series_instance_uid=series_instance_uid,
        frame_of_reference_uid=frame_of_reference_uid,
        dimension_organization_uid=derived_uid(CONVERSION_VERSION, b"dimensions", *digests),
        instance_number=instance_number,
    )
    is_implicit = stack.group.transfer_syntax_uid == IMPLICIT
    first, shared, varying = _compare(stack, elements_of, is_implicit=is_implicit)
    layout = lay_out(stack, identity, first, shared, varying, is_implicit=is_implicit)
    return Merged(
        sop_instance_uid=identity.sop_instance_uid,
        number_of_frames=len(stack.frames),
        pieces=_pieces(stack, layout, identity, elements_of),
        notes=tuple(notes),
    )


def _sop_class(header: HeaderIndex, notes: list[str]) -> str:
    uid = first_string(header.dataset, 0x00080016)
    if uid:
        return uid
    uid = first_string(header.meta, 0x00020002)
    if uid:
        notes.append("SOP Class UID is missing, taken from the file meta")
        return uid
    uid = _CLASS_OF_MODALITY.get(first_string(header.dataset, _MODALITY), "")
    if not uid:
        raise NotSupportedError("no SOP Class UID, and the modality does not tell it")
    notes.append("SOP Class UID is missing, taken from the modality")
    return uid


def _check_fits(dataset: DataSetIndex, sop_class_uid: str) -> None:
    if sop_class_uid not in LEGACY_CLASSES:
        raise NotSupportedError("only CT, MR and PET images are merged")
    photometric = first_string(dataset, _PHOTOMETRIC)
    samples = integer(dataset, _SAMPLES, 1)
    bits = integer(dataset, _BITS_ALLOCATED)
    allowed = _BITS_ALLOCATED_OF[sop_class_uid]
    if photometric != "MONOCHROME2" or samples != 1 or bits not in allowed:
        raise NotSupportedError(
            "the multi-frame class takes MONOCHROME2 with "
            f"{' or '.join(map(str, allowed))} bits allocated only"
        )


def _plane(
    dataset: DataSetIndex, notes: list[str]
) -> tuple[tuple[float, float, float] | None, Orientation | None]:
    try:
        position = floats(dataset, 0x00200032)
        cosines = floats(dataset, 0x00200037)
    except InvalidInputError as error:
        notes.append(f"position in the patient not used: {error}")
        return None, None
    if len(position) != 3 or len(cosines) != 6:
        return None, None
    a, b, c, d, e, f = cosines
    orientation = (a, b, c, d, e, f)
    if slice_normal(orientation) is None:
        notes.append("Image Orientation (Patient) spans no plane, not used")
        return None, None
    return (position[0], position[1], position[2]), orientation


def _number(dataset: DataSetIndex, tag: int) -> float | None:
    try:
        values = floats(dataset, tag)
    except InvalidInputError:
        return None
    return values[0] if values else None


def _texts(dataset: DataSetIndex, tag: int) -> list[str]:
    if vr_of(tag) != "FD":
        return strings(dataset, tag)
    try:
        return [repr(value) for value in floats(dataset, tag)]
    except InvalidInputError:
        return [dataset.value(tag).hex()]


def _comparable(dataset: DataSetIndex, tag: int) -> bytes:
    """Return the value without padding; of a palette a digest, as there is one in every slice."""
    value = dataset.value(tag)
    if vr_of(tag) == "CS":
        return value.rstrip(b" \0")
    return value if len(value) <= _COMPARED_BYTES_MAX else hashlib.sha256(value).digest()


def _moment(dataset: DataSetIndex) -> tuple[str, ...]:
    trigger = _number(dataset, _TRIGGER_TIME) or 0.0
    texts = [
        first_string(dataset, tag)
        for tag in (0x00080022, 0x00080032, 0x0008002A, 0x00080023, 0x00080033)
    ]
    return (*texts[:3], f"{trigger:020.6f}", *texts[3:])


def _compare(
    stack: Stack, elements_of: ElementsOf, *, is_implicit: bool
) -> tuple[Elements, Elements, frozenset[int]]:
    """Return the first slice's elements, those equal in all slices, and the other tags."""
    first = elements_of(stack.frames[0].slice.source_index)
    shared = dict(first)
    seen = set(first)
    for frame in stack.frames[1:]:
        elements = elements_of(frame.slice.source_index)
        for tag in [tag for tag, raw in shared.items() if elements.get(tag) != raw]:
            del shared[tag]
        seen.update(elements)
    for tag in _of_other_meaning(shared, seen, is_implicit=is_implicit):
        del shared[tag]
    # Kept per frame, so that every Frame has an unassigned attribute, also that of a stack of
    # one: the sequence has one Item (PS3.3 C.7.6.16.2.26).
    shared.pop(_INSTANCE_NUMBER, None)
    return first, shared, frozenset(seen - shared.keys())


def _of_other_meaning(shared: Elements, seen: set[int], *, is_implicit: bool) -> list[int]:
    """Return the tags whose bytes are the same in all slices, but do not mean the same."""
    tags = []
    if SPECIFIC_CHARACTER_SET in seen and SPECIFIC_CHARACTER_SET not in shared:
        tags = [
            tag
            for tag, raw in shared.items()
            if depends_on_charset(tag, raw, is_implicit=is_implicit)
        ]
    for tag in shared.keys() - tags:
        creator = private_creator_of(tag)
        if creator in seen and creator not in shared:
            tags.append(tag)
    return tags


def _pieces(
    stack: Stack, layout: Layout, identity: Identity, elements_of: ElementsOf
) -> Iterator[Piece]:
    is_implicit = stack.group.transfer_syntax_uid == IMPLICIT
    root, streamed_tag = layout.root, layout.streamed_tag
    legacy = LEGACY_CLASSES[stack.group.sop_class_uid]
    yield file_meta(
        legacy.sop_class_uid, identity.sop_instance_uid, stack.group.transfer_syntax_uid
    )
    ordered = sorted(root)
    yield b"".join([root[tag] for tag in ordered if tag < streamed_tag])
    yield element_header(streamed_tag, UNDEFINED, is_implicit=is_implicit, vr="SQ")
    for frame in stack.frames:
        yield encode_item(layout.frame_item(frame, elements_of(frame.slice.source_index)))
    yield SEQUENCE_END
    yield b"".join([root[tag] for tag in ordered if streamed_tag < tag < PIXEL_DATA])
    if stack.group.transfer_syntax_uid in NATIVE:
        yield from _native_pixels(stack, is_implicit=is_implicit)
    else:
        yield from _encapsulated_pixels(stack)
    yield b"".join([root[tag] for tag in ordered if tag > PIXEL_DATA])


def _native_pixels(stack: Stack, *, is_implicit: bool) -> Iterator[Piece]:
    total = sum(frame.slice.pixels.length for frame in stack.frames)
    bits = stack.group.pixel_format[PIXEL_FORMAT_TAGS.index(_BITS_ALLOCATED)]
    vr = "OW" if int.from_bytes(bits, "little") > 8 else "OB"
    yield element_header(PIXEL_DATA, total + total % 2, is_implicit=is_implicit, vr=vr)
    for frame in stack.frames:
        span = frame.slice.pixels
        yield ByteRange(frame.slice.source_index, span.offset, span.length)
    if total % 2:
        yield b"\0"


def _encapsulated_pixels(stack: Stack) -> Iterator[Piece]:
    """Yield the fragments of all slices with a Basic Offset Table (PS3.5 A.4)."""
    offsets: list[int] = []
    position = 0
    for frame in stack.frames:
        offsets.append(position)
        position += frame.slice.pixels.length
    table = b""
    if offsets[-1] <= 0xFFFFFFFF:
        table = pack(f"<{len(offsets)}I", *offsets)
    yield element_header(PIXEL_DATA, UNDEFINED, is_implicit=False, vr="OB")
    yield ITEM_START + len(table).to_bytes(4, "little") + table
    for frame in stack.frames:
        span = frame.slice.pixels
        yield ByteRange(frame.slice.source_index, span.offset, span.length)
    yield SEQUENCE_END
