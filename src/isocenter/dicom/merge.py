"""Merge: the slices of a stack become one multi-frame Instance, pixels copied as they are.

The work is done in passes over the headers, so that memory does not grow with the number of
slices: ``summarise`` each input once, ``find_stacks`` (``dicom/stacks.py``), then for each stack
``merge_stack`` reads every header twice more, first to find what all slices share, then to write
the Frame's own part. The result is a stream of pieces: bytes, and ranges of the inputs.

References
----------
PS3.3 A.70-A.72 (Legacy Converted Enhanced IODs), PS3.5 A.4 (encapsulation).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from struct import pack
from typing import NamedTuple

from isocenter.dicom import classic, enhanced, legacy_enhanced
from isocenter.dicom.conversion import (
    INSTANCE_NUMBER,
    NUMBER_OF_FRAMES,
    PIXEL_FORMAT_TAGS,
    SOP_INSTANCE_UID,
    SPECIFIC_CHARACTER_SET,
    Identity,
    Layout,
    depends_on_charset,
)
from isocenter.dicom.functional_groups import private_creator_of
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED
from isocenter.dicom.part10 import (
    ITEM_START,
    SEQUENCE_END,
    Elements,
    element_header,
    encode_item,
    encode_text,
    encode_uid,
    encode_ul,
    encode_us,
    file_meta,
)
from isocenter.dicom.stacks import PlacedFrame, Slice, Stack
from isocenter.dicom.streams import ByteRange, Piece
from isocenter.dicom.supplied import Supplied
from isocenter.dicom.uids import IMPLICIT, NATIVE, derived_uid
from isocenter.errors import NotSupportedError
from isocenter.limits import DEFAULT, Limits

# Goes into every derived UID: changes whenever the same inputs give other output bytes.
CONVERSION_VERSION = b"isocenter-merge-1"

_BITS_ALLOCATED = 0x00280100
_CONCATENATION_UID, _PART_NUMBER, _PARTS = 0x00209161, 0x00209162, 0x00209163
_PART_OFFSET, _CONCATENATION_SOURCE = 0x00209228, 0x00200242
_LEGACY_UIDS = frozenset(legacy.sop_class_uid for legacy in legacy_enhanced.LEGACY_CLASSES.values())
_ENHANCED_UIDS = frozenset(enhanced.ENHANCED_CLASSES.values())
# Classes with functional groups: they have a place for each Frame's position, and Concatenations.
_GROUPED_UIDS = _LEGACY_UIDS | _ENHANCED_UIDS

# The length of native Pixel Data has 32 bits, is even, and is not the undefined one (PS3.5 7.1).
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


def series_uid_of(slices: Sequence[Slice]) -> str:
    """Return the Series Instance UID for everything that is made of these slices."""
    return derived_uid(CONVERSION_VERSION, b"series", *sorted(one.digest for one in slices))


def merge_stack(
    stack: Stack,
    elements_of: ElementsOf,
    *,
    series_instance_uid: str,
    instance_number: int,
    limits: Limits = DEFAULT,
    supplied: Supplied | None = None,
) -> list[Merged]:
    """Return the multi-frame Instance made of a stack, or the parts of a Concatenation.

    Parameters
    ----------
    elements_of
        Gives ``source_elements`` of an input by its index; called twice for each slice, for the
        true Enhanced classes three times.
    instance_number
        Number of the new Instance in its new Series, from 1.
    limits
        ``instance_pixel_bytes`` bounds the native Pixel Data of one part.
    supplied
        What the true Enhanced classes require and the slices do not say.

    Raises
    ------
    IncompleteError
        If a true Enhanced class requires what neither slices nor ``supplied`` say.
    NotSupportedError
        If the class cannot hold the stack: too large for one that has no Concatenations, or
        without what tells its Frames apart.

    References
    ----------
    PS3.3 C.7.6.16.2.2.4 (Concatenation).
    """
    supplied = supplied or {}
    is_grouped = stack.group.target_uid in _GROUPED_UIDS
    parts = _parts(stack, limits.instance_pixel_bytes)
    if len(parts) > 1 and not is_grouped:
        raise NotSupportedError(
            "the pixels do not fit into one instance, and this class has no parts"
        )
    identity, notes = _identify(stack, series_instance_uid, instance_number, supplied)
    is_implicit = stack.group.transfer_syntax_uid == IMPLICIT
    first, shared, varying = _compare(stack, elements_of, is_implicit=is_implicit)
    layout: Layout
    if stack.group.target_uid in _ENHANCED_UIDS:
        survey = enhanced.Survey(stack, elements_of, supplied, is_implicit=is_implicit)
        layout = enhanced.lay_out(survey, identity, first, shared, varying)
        notes.extend(layout.notes)
    elif is_grouped:
        layout = legacy_enhanced.lay_out(
            stack, identity, first, shared, varying, is_implicit=is_implicit
        )
    else:
        layout = classic.lay_out(stack, identity, first, shared, varying, is_implicit=is_implicit)
        notes.extend(layout.notes)
    if len(parts) == 1:
        pieces = _pieces(stack, stack.frames, layout, layout.root, identity, elements_of)
        return [Merged(identity.sop_instance_uid, len(stack.frames), pieces, tuple(notes))]
    notes.append(f"written as a Concatenation of {len(parts)} parts")
    return [
        _part(
            stack,
            frames,
            layout,
            identity,
            elements_of,
            _Place(number, len(parts), (number - 1) * len(parts[0])),
            tuple(notes),
        )
        for number, frames in enumerate(parts, 1)
    ]


def _identify(
    stack: Stack, series_instance_uid: str, instance_number: int, supplied: Supplied
) -> tuple[Identity, list[str]]:
    is_grouped = stack.group.target_uid in _GROUPED_UIDS
    digests = [frame.slice.digest for frame in stack.frames]
    derived = (
        CONVERSION_VERSION,
        stack.group.target_uid.encode(),
        *(f"{keyword}={supply}".encode() for keyword, supply in sorted(supplied.items())),
    )
    notes = list(stack.notes)
    frame_of_reference_uid = ""
    if is_grouped and not stack.is_placed:
        notes.append("no position or orientation in the patient: ordered by location and number")
    if is_grouped and not stack.has_one_frame_of_reference:
        frame_of_reference_uid = derived_uid(*derived, b"frame of reference", *digests)
        notes.append(
            "Frame of Reference UIDs differ or are missing: one was derived, "
            "those of the slices are kept per frame"
        )
    identity = Identity(
        sop_instance_uid=derived_uid(*derived, b"instance", *digests),
        series_instance_uid=series_instance_uid,
        frame_of_reference_uid=frame_of_reference_uid,
        dimension_organization_uid=derived_uid(*derived, b"dimensions", *digests),
        instance_number=instance_number,
    )
    return identity, notes


def _parts(stack: Stack, bytes_max: int) -> list[tuple[PlacedFrame, ...]]:
    """Return the Frames of each part; encapsulated Pixel Data has no length that could end."""
    if stack.group.transfer_syntax_uid not in NATIVE:
        return [stack.frames]
    bytes_max = min(bytes_max, _NATIVE_BYTES_MAX)
    per_part = max(1, bytes_max // max(1, stack.frames[0].slice.pixels.length))
    return [
        stack.frames[start : start + per_part] for start in range(0, len(stack.frames), per_part)
    ]


class _Place(NamedTuple):
    """Which part of a Concatenation: its number from 1, of how many, after how many Frames."""

    number: int
    parts: int
    frames_before: int


def _part(
    stack: Stack,
    frames: tuple[PlacedFrame, ...],
    layout: Layout,
    identity: Identity,
    elements_of: ElementsOf,
    place: _Place,
    notes: tuple[str, ...],
) -> Merged:
    """Return one part of a Concatenation."""
    number = place.number
    is_implicit = stack.group.transfer_syntax_uid == IMPLICIT
    whole = identity.sop_instance_uid.encode()
    uid = derived_uid(CONVERSION_VERSION, b"part", whole, str(number).encode())
    concatenation_uid = derived_uid(CONVERSION_VERSION, b"concatenation", whole)
    root = dict(layout.root)
    uids = {
        SOP_INSTANCE_UID: uid,
        _CONCATENATION_UID: concatenation_uid,
        _CONCATENATION_SOURCE: identity.sop_instance_uid,
    }
    root.update({tag: encode_uid(tag, text, is_implicit=is_implicit) for tag, text in uids.items()})
    root[_PART_NUMBER] = encode_us(_PART_NUMBER, number, is_implicit=is_implicit)
    root[_PARTS] = encode_us(_PARTS, place.parts, is_implicit=is_implicit)
    root[_PART_OFFSET] = encode_ul(_PART_OFFSET, place.frames_before, is_implicit=is_implicit)
    root[NUMBER_OF_FRAMES] = encode_text(
        NUMBER_OF_FRAMES, str(len(frames)), is_implicit=is_implicit
    )
    own = replace(identity, sop_instance_uid=uid)
    pieces = _pieces(stack, frames, layout, root, own, elements_of)
    return Merged(uid, len(frames), pieces, notes if number == 1 else ())


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
    shared.pop(INSTANCE_NUMBER, None)
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
    stack: Stack,
    frames: tuple[PlacedFrame, ...],
    layout: Layout,
    root: Elements,
    identity: Identity,
    elements_of: ElementsOf,
) -> Iterator[Piece]:
    transfer_syntax_uid = stack.group.transfer_syntax_uid
    is_implicit = transfer_syntax_uid == IMPLICIT
    streamed_tag = layout.streamed_tag
    yield file_meta(stack.group.target_uid, identity.sop_instance_uid, transfer_syntax_uid)
    ordered = sorted(root)
    yield b"".join([root[tag] for tag in ordered if tag < streamed_tag])
    yield element_header(streamed_tag, UNDEFINED, is_implicit=is_implicit, vr="SQ")
    for frame in frames:
        yield encode_item(layout.frame_item(frame, elements_of(frame.slice.source_index)))
    yield SEQUENCE_END
    yield b"".join([root[tag] for tag in ordered if streamed_tag < tag < PIXEL_DATA])
    if transfer_syntax_uid in NATIVE:
        yield from _native_pixels(stack, frames, is_implicit=is_implicit)
    else:
        yield from _encapsulated_pixels(frames)
    yield b"".join([root[tag] for tag in ordered if tag > PIXEL_DATA])


def _native_pixels(
    stack: Stack, frames: tuple[PlacedFrame, ...], *, is_implicit: bool
) -> Iterator[Piece]:
    total = sum(frame.slice.pixels.length for frame in frames)
    bits = stack.group.pixel_format[PIXEL_FORMAT_TAGS.index(_BITS_ALLOCATED)]
    vr = "OW" if int.from_bytes(bits, "little") > 8 else "OB"
    yield element_header(PIXEL_DATA, total + total % 2, is_implicit=is_implicit, vr=vr)
    for frame in frames:
        span = frame.slice.pixels
        yield ByteRange(frame.slice.source_index, span.offset, span.length)
    if total % 2:
        yield b"\0"


def _encapsulated_pixels(frames: tuple[PlacedFrame, ...]) -> Iterator[Piece]:
    """Yield the fragments of all slices with a Basic Offset Table (PS3.5 A.4)."""
    offsets: list[int] = []
    position = 0
    for frame in frames:
        offsets.append(position)
        position += frame.slice.pixels.length
    table = b""
    if offsets[-1] <= 0xFFFFFFFF:
        table = pack(f"<{len(offsets)}I", *offsets)
    yield element_header(PIXEL_DATA, UNDEFINED, is_implicit=False, vr="OB")
    yield ITEM_START + len(table).to_bytes(4, "little") + table
    for frame in frames:
        span = frame.slice.pixels
        yield ByteRange(frame.slice.source_index, span.offset, span.length)
    yield SEQUENCE_END
