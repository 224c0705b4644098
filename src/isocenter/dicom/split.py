"""Split: each Frame of a multi-frame Instance becomes a single-frame Instance again.

The exact reverse of ``merge``: attributes come from the root, the functional groups and our
private block; pixels are copied as they are. ``dicom/functional_groups.py`` holds the one table
that both directions use.

References
----------
PS3.3 C.7.6.16 (functional groups), A.3, A.4, A.21 (CT, MR, PET Image IOD), PS3.5 A.4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from isocenter.dicom import classic
from isocenter.dicom.conversion import SOP_CLASS_UID, SOP_INSTANCE_UID
from isocenter.dicom.enhanced import ENHANCED_CLASSES
from isocenter.dicom.frames import FrameSpan, index_frames, number_of_frames
from isocenter.dicom.functional_groups import (
    CONVERSION_SOURCE,
    PRIVATE_FRAMES,
    Groups,
    is_own_block,
    read_groups,
    read_private,
    restored,
)
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED, HeaderIndex
from isocenter.dicom.legacy_enhanced import LEGACY_CLASSES, STRUCTURE_TAGS
from isocenter.dicom.part10 import (
    ITEM_START,
    SEQUENCE_END,
    Elements,
    element_header,
    element_text,
    encode_uid,
    file_meta,
    transfer_syntax_of,
)
from isocenter.dicom.streams import ByteRange, ByteSource, Piece
from isocenter.dicom.uids import NATIVE, derived_uid
from isocenter.dicom.values import first_string, integer
from isocenter.errors import (
    CorruptPixelDataError,
    InvalidInputError,
    IsocenterError,
    MissingElementError,
    NotSupportedError,
)

# Goes into every derived UID: changes whenever the same input gives other output bytes.
CONVERSION_VERSION = b"isocenter-split-1"

_SHARED_GROUPS, _PER_FRAME_GROUPS = 0x52009229, 0x52009230
_BITS_ALLOCATED = 0x00280100
_TRAILING_PADDING = 0xFFFCFFFC
_REFERENCED_CLASS, _REFERENCED_INSTANCE = 0x00081150, 0x00081155
_SINGLE_CLASS_OF = {
    **{legacy.sop_class_uid: uid for uid, legacy in LEGACY_CLASSES.items()},
    **{enhanced_uid: uid for uid, enhanced_uid in ENHANCED_CLASSES.items()},
}


@dataclass(frozen=True, slots=True)
class SplitFrame:
    """One output, not yet written; its pieces refer to the input as source 0."""

    frame_number: int
    sop_instance_uid: str
    pieces: tuple[Piece, ...]


class _Origin(NamedTuple):
    """What the Instance of one Frame was before the merge; the UID is ``""`` if not recorded."""

    elements: Elements
    sop_class_uid: str
    sop_instance_uid: str


def reason_to_skip(header: HeaderIndex) -> str:
    """Return why a DICOM file is none of split's business, ``""`` if it is."""
    dataset = header.dataset
    if _PER_FRAME_GROUPS in dataset.elements or PRIVATE_FRAMES in dataset.elements:
        return ""
    if number_of_frames(dataset) > 1:
        return ""
    return "already a single-frame instance" if PIXEL_DATA in dataset.elements else "no image"


def split_frames(
    header: HeaderIndex, source: ByteSource, *, keep_original_uids: bool
) -> Iterator[SplitFrame]:
    """Yield the Frames in order, each as a whole Part 10 file.

    Parameters
    ----------
    keep_original_uids
        Give the Instances the SOP Instance UIDs that they had before the merge; otherwise new
        ones, derived from the input's UID and the frame number.

    Raises
    ------
    NotSupportedError
        If it is no Legacy Converted Enhanced CT, MR or PET Instance, or if original UIDs are
        wished and not recorded.
    InvalidInputError
        If functional groups and Frames do not match.
    """
    dataset = header.dataset
    own_uid = first_string(dataset, SOP_INSTANCE_UID) or first_string(header.meta, 0x00020003)
    if not own_uid:
        raise MissingElementError("SOPInstanceUID")
    origins = _origins(header)
    frames = index_frames(header, source)
    if frames.is_encapsulated == (transfer_syntax_of(header) in NATIVE):
        raise CorruptPixelDataError("Pixel Data is not encoded as the Transfer Syntax says")
    number_of_frames = len(frames.spans)
    frame_number = 0
    for frame_number, origin in enumerate(origins, 1):
        if frame_number > number_of_frames:
            break
        uid = origin.sop_instance_uid
        if not keep_original_uids:
            uid = derived_uid(CONVERSION_VERSION, own_uid.encode(), str(frame_number).encode())
        elif not uid:
            raise NotSupportedError("the original UIDs are not recorded in this instance")
        pieces = _pieces(header, origin, uid, frames.span(frame_number))
        yield SplitFrame(frame_number, uid, tuple(pieces))
    if frame_number != number_of_frames:
        raise InvalidInputError(
            f"there are not as many descriptions of frames as frames ({number_of_frames})"
        )


def frame_uids(header: HeaderIndex, source: ByteSource) -> list[str]:
    """Return the UIDs that ``split_frames`` derives for the Frames of an object, in order.

    ``[]`` for what cannot be split. As many as there are Frames, whatever their number says.
    """
    own_uid = first_string(header.dataset, SOP_INSTANCE_UID)
    try:
        _origins(header)
        frames = len(index_frames(header, source).spans) if own_uid else 0
    except IsocenterError:
        return []
    return [
        derived_uid(CONVERSION_VERSION, own_uid.encode(), str(number).encode())
        for number in range(1, frames + 1)
    ]


def _origins(header: HeaderIndex) -> Iterator[_Origin]:
    """Return what the Instance of each Frame was, in order."""
    dataset = header.dataset
    if is_own_block(dataset) and PRIVATE_FRAMES in dataset.elements:
        return _classic_origins(header)
    sop_class_uid = first_string(dataset, SOP_CLASS_UID) or first_string(header.meta, 0x00020002)
    # Of an Enhanced object that merge made, the private block brings the slices' Series back.
    is_foreign = sop_class_uid in ENHANCED_CLASSES.values() and not any(
        is_own_block(item) for item in dataset.each_item(_SHARED_GROUPS)
    )
    if sop_class_uid in _SINGLE_CLASS_OF and not is_foreign:
        return _grouped_origins(header, sop_class_uid)
    raise NotSupportedError("objects of this class are not split")


def _grouped_origins(header: HeaderIndex, sop_class_uid: str) -> Iterator[_Origin]:
    """Yield what the functional groups say."""
    dataset = header.dataset
    is_implicit = dataset.is_implicit
    base = _base_elements(header, STRUCTURE_TAGS)
    shared = Groups()
    for item in dataset.each_item(_SHARED_GROUPS):
        shared = read_groups(item, is_implicit=is_implicit)
    for item in dataset.each_item(_PER_FRAME_GROUPS):
        groups = read_groups(item, is_implicit=is_implicit)
        recorded = groups.macros.get(CONVERSION_SOURCE, {})
        single_class = element_text(recorded.get(_REFERENCED_CLASS), is_implicit=is_implicit)
        if single_class not in LEGACY_CLASSES:
            single_class = _SINGLE_CLASS_OF[sop_class_uid]
        uid = element_text(recorded.get(_REFERENCED_INSTANCE), is_implicit=is_implicit)
        yield _Origin(restored(base, shared, groups), single_class, uid)


def _classic_origins(header: HeaderIndex) -> Iterator[_Origin]:
    """Yield what our private block says, in classes without functional groups."""
    dataset = header.dataset
    is_implicit = dataset.is_implicit
    base = _base_elements(header, classic.STRUCTURE_TAGS)
    shared = read_private(dataset, is_implicit=is_implicit)
    own_class = first_string(dataset, SOP_CLASS_UID)
    fallback = classic.SINGLE_KIND.get(own_class, own_class)
    sources = dataset.each_item(classic.SOURCE_IMAGES)
    for item in dataset.each_item(PRIVATE_FRAMES):
        groups = read_private(item, is_implicit=is_implicit)
        source = next(sources, None)
        single_class, uid = "", ""
        if source is not None:
            single_class = first_string(source, _REFERENCED_CLASS)
            uid = first_string(source, _REFERENCED_INSTANCE)
        elements = restored(base, shared, groups)
        yield _Origin(elements, single_class or fallback, uid)


def _base_elements(header: HeaderIndex, structure_tags: frozenset[int]) -> Elements:
    dataset = header.dataset
    return {
        tag: dataset.raw(tag)
        for tag in dataset.elements
        if tag & 0xFFFF and tag not in structure_tags and tag != _TRAILING_PADDING
    }


def _pieces(header: HeaderIndex, origin: _Origin, uid: str, span: FrameSpan) -> Iterator[Piece]:
    is_implicit = header.dataset.is_implicit
    root = dict(origin.elements)
    sop_class_uid = origin.sop_class_uid
    root[SOP_CLASS_UID] = encode_uid(SOP_CLASS_UID, sop_class_uid, is_implicit=is_implicit)
    root[SOP_INSTANCE_UID] = encode_uid(SOP_INSTANCE_UID, uid, is_implicit=is_implicit)
    ordered = sorted(root)
    transfer_syntax_uid = transfer_syntax_of(header)
    yield file_meta(sop_class_uid, uid, transfer_syntax_uid) + b"".join(
        [root[tag] for tag in ordered if tag < PIXEL_DATA]
    )
    if header.dataset.elements[PIXEL_DATA][3] == UNDEFINED:
        yield element_header(PIXEL_DATA, UNDEFINED, is_implicit=False, vr="OB")
        yield ITEM_START + bytes(4)
        yield ByteRange(0, span.offset, span.length)
        yield SEQUENCE_END
    else:
        bits = integer(header.dataset, _BITS_ALLOCATED)
        if bits % 8:
            raise CorruptPixelDataError("frames of bits cannot be cut at bytes")
        vr = "OW" if bits > 8 else "OB"
        padded = span.length + span.length % 2
        yield element_header(PIXEL_DATA, padded, is_implicit=is_implicit, vr=vr)
        yield ByteRange(0, span.offset, span.length)
        yield bytes(padded - span.length)
    yield b"".join([root[tag] for tag in ordered if tag > PIXEL_DATA])
