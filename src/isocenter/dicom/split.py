"""Split: each Frame of a multi-frame Instance becomes a single-frame Instance.

Of what ``merge`` made it is the exact reverse: attributes come from the root, the functional
groups and our private block. What others made goes to ``split_enhanced``, ``split_classic`` or
``split_grouped``, by its class (``extraction.target_of``). Pixels are copied as they are.

References
----------
PS3.3 C.7.6.16 (functional groups), A.3, A.4, A.21 (CT, MR, PET Image IOD), PS3.5 A.4.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from isocenter.dicom import classic
from isocenter.dicom.conversion import SERIES_INSTANCE_UID, SOP_CLASS_UID, SOP_INSTANCE_UID
from isocenter.dicom.extraction import (
    CONVERSION_VERSION,
    ENHANCED_KIND,
    PER_FRAME_GROUPS,
    SHARED_GROUPS,
    Extraction,
    Origin,
    class_of,
    target_of,
    uid_of,
)
from isocenter.dicom.frames import number_of_frames
from isocenter.dicom.functional_groups import (
    CONVERSION_SOURCE,
    PRIVATE_FRAMES,
    Groups,
    is_own_block,
    read_groups,
    read_private,
    restored,
)
from isocenter.dicom.header_index import DataSetIndex, HeaderIndex
from isocenter.dicom.legacy_enhanced import LEGACY_CLASSES, STRUCTURE_TAGS
from isocenter.dicom.part10 import (
    Elements,
    element_text,
    encode_uid,
    file_meta,
    transfer_syntax_of,
)
from isocenter.dicom.split_classic import classic_origins
from isocenter.dicom.split_enhanced import enhanced_origins
from isocenter.dicom.split_grouped import grouped_origins
from isocenter.dicom.split_pixels import has_pixels, index_pixels, pixel_pieces
from isocenter.dicom.streams import ByteSource, Piece
from isocenter.dicom.uids import derived_uid
from isocenter.dicom.values import first_string
from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    MissingElementError,
    NotSupportedError,
)

_TRAILING_PADDING = 0xFFFCFFFC
_REFERENCED_CLASS, _REFERENCED_INSTANCE = 0x00081150, 0x00081155


@dataclass(frozen=True, slots=True)
class SplitFrame:
    """One output, not yet written; its pieces refer to the input as source 0.

    ``notes`` are sentences for the report; most are the same for all Frames.
    """

    frame_number: int
    sop_instance_uid: str
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...] = ()


def reason_to_skip(header: HeaderIndex) -> str:
    """Return why a DICOM file is none of split's business, ``""`` if it is.

    One Frame alone is split only where it becomes an Instance of another class.
    """
    dataset = header.dataset
    if not has_pixels(dataset):
        return "no image"
    if number_of_frames(dataset) > 1 or PRIVATE_FRAMES in dataset:
        return ""
    is_converted = class_of(header) in ENHANCED_KIND and PER_FRAME_GROUPS in dataset
    return "" if is_converted else "already a single-frame instance"


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
        If its Frames cannot be Instances of their own, or if original UIDs are wished and not
        recorded.
    InvalidInputError
        If functional groups and Frames do not match.
    """
    dataset = header.dataset
    own_uid = uid_of(header)
    if not own_uid:
        raise MissingElementError("SOPInstanceUID")
    origins = _origins(header, keep_original_uids=keep_original_uids)
    pixels = index_pixels(header, source)
    number_of_frames = len(pixels.frames.spans)
    frame_number = 0
    for frame_number, origin in enumerate(origins, 1):
        if frame_number > number_of_frames:
            break
        uid = origin.sop_instance_uid
        if not keep_original_uids:
            uid = derived_uid(CONVERSION_VERSION, own_uid.encode(), str(frame_number).encode())
        elif not uid:
            raise NotSupportedError("the original UIDs are not recorded in this instance")
        own = pixel_pieces(pixels, source, frame_number, is_implicit=dataset.is_implicit)
        pieces = _pieces(header, origin, uid, pixels.tag, own)
        yield SplitFrame(frame_number, uid, tuple(pieces), origin.notes)
    if frame_number != number_of_frames:
        raise InvalidInputError(
            f"there are not as many descriptions of frames as frames ({number_of_frames})"
        )


def frame_uids(header: HeaderIndex, source: ByteSource) -> list[str]:
    """Return the UIDs that ``split_frames`` derives for the Frames of an object, in order.

    ``[]`` for what cannot be split. As many as there are Frames, whatever their number says.
    """
    own_uid = uid_of(header)
    try:
        _origins(header, keep_original_uids=False)
        frames = len(index_pixels(header, source).frames.spans) if own_uid else 0
    except IsocenterError:
        return []
    return [
        derived_uid(CONVERSION_VERSION, own_uid.encode(), str(number).encode())
        for number in range(1, frames + 1)
    ]


def _origins(header: HeaderIndex, *, keep_original_uids: bool) -> Iterator[Origin]:
    """Return what the Instance of each Frame was, in order."""
    dataset = header.dataset
    if is_own_block(dataset) and PRIVATE_FRAMES in dataset.elements:
        return _merged_classic_origins(header)
    sop_class_uid = class_of(header)
    if sop_class_uid in ENHANCED_KIND and _is_own(dataset):
        return _merged_origins(header, sop_class_uid)
    target = target_of(header)
    extraction = Extraction(header, target, keep_original_uids=keep_original_uids)
    if target.keeps_groups:
        return grouped_origins(extraction)
    if SHARED_GROUPS in dataset or PER_FRAME_GROUPS in dataset or sop_class_uid in ENHANCED_KIND:
        return enhanced_origins(extraction)
    return classic_origins(extraction)


def _is_own(dataset: DataSetIndex) -> bool:
    """Return whether ``merge`` made the functional groups: then they name the slices' Series."""
    is_implicit = dataset.is_implicit
    for sequence in (SHARED_GROUPS, PER_FRAME_GROUPS):
        item = next(dataset.each_item(sequence), None)
        if item is not None:
            groups = read_groups(item, is_implicit=is_implicit)
            if SERIES_INSTANCE_UID in {*groups.unassigned, *groups.original, *groups.absent}:
                return True
    return False


def _merged_origins(header: HeaderIndex, sop_class_uid: str) -> Iterator[Origin]:
    """Yield what the functional groups say."""
    dataset = header.dataset
    is_implicit = dataset.is_implicit
    base = _base_elements(header, STRUCTURE_TAGS)
    shared = Groups()
    for item in dataset.each_item(SHARED_GROUPS):
        shared = read_groups(item, is_implicit=is_implicit)
    for item in dataset.each_item(PER_FRAME_GROUPS):
        groups = read_groups(item, is_implicit=is_implicit)
        recorded = groups.macros.get(CONVERSION_SOURCE, {})
        single_class = element_text(recorded.get(_REFERENCED_CLASS), is_implicit=is_implicit)
        if single_class not in LEGACY_CLASSES:
            single_class = ENHANCED_KIND[sop_class_uid]
        uid = element_text(recorded.get(_REFERENCED_INSTANCE), is_implicit=is_implicit)
        yield Origin(restored(base, shared, groups), single_class, uid)


def _merged_classic_origins(header: HeaderIndex) -> Iterator[Origin]:
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
        yield Origin(elements, single_class or fallback, uid)


def _base_elements(header: HeaderIndex, structure_tags: frozenset[int]) -> Elements:
    dataset = header.dataset
    return {
        tag: dataset.raw(tag)
        for tag in dataset.elements
        if tag & 0xFFFF and tag not in structure_tags and tag != _TRAILING_PADDING
    }


def _pieces(
    header: HeaderIndex, origin: Origin, uid: str, pixel_tag: int, pixels: Iterable[Piece]
) -> Iterator[Piece]:
    is_implicit = header.dataset.is_implicit
    root = dict(origin.elements)
    sop_class_uid = origin.sop_class_uid
    root[SOP_CLASS_UID] = encode_uid(SOP_CLASS_UID, sop_class_uid, is_implicit=is_implicit)
    root[SOP_INSTANCE_UID] = encode_uid(SOP_INSTANCE_UID, uid, is_implicit=is_implicit)
    ordered = sorted(root)
    transfer_syntax_uid = transfer_syntax_of(header)
    yield file_meta(sop_class_uid, uid, transfer_syntax_uid) + b"".join(
        [root[tag] for tag in ordered if tag < pixel_tag]
    )
    yield from pixels
    yield b"".join([root[tag] for tag in ordered if tag > pixel_tag])
