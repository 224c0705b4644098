"""Split Enhanced objects: what the functional groups say of a Frame goes into its root.

Every attribute of every group is kept. The macros of the table are flattened; others, and those
with several Items, stay sequences. Then ``classic_attributes`` adds what the classic class calls
otherwise.

References
----------
PS3.3 C.7.6.16 (functional groups), A.36, A.38, A.47, A.48, A.56, A.59, A.70 - A.72 (the IODs that
use them), C.7.6.16.2.25 and .26 (unassigned converted attributes).
"""

from collections.abc import Iterator, Mapping

from isocenter.dicom.classic_attributes import add_classic, complete
from isocenter.dicom.classic_pet import PetSeries
from isocenter.dicom.conversion import (
    INSTANCE_NUMBER,
    SERIES_INSTANCE_UID,
    SPECIFIC_CHARACTER_SET,
    depends_on_charset,
)
from isocenter.dicom.dictionary import is_private
from isocenter.dicom.extraction import (
    PER_FRAME_GROUPS,
    SHARED_GROUPS,
    Extraction,
    Origin,
    class_of,
)
from isocenter.dicom.functional_groups import (
    CONVERSION_SOURCE,
    UNASSIGNED_PER_FRAME,
    UNASSIGNED_SHARED,
    item_elements,
)
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.instance_root import InstanceRoot
from isocenter.dicom.legacy_enhanced import LEGACY_CLASSES
from isocenter.dicom.part10 import Elements, element_text
from isocenter.dicom.private_blocks import add_private
from isocenter.dicom.split_classic import FrameCut
from isocenter.dicom.uids import LEGACY_ENHANCED_CT, PET

_DIMENSION_INDEX_VALUES = 0x00209157
_REFERENCED_CLASS, _REFERENCED_INSTANCE = 0x00081150, 0x00081155
_RESCALE_TYPE = 0x00281054
_UNASSIGNED = frozenset({UNASSIGNED_SHARED, UNASSIGNED_PER_FRAME})
# Of an Instance that was converted, more than the Frame's place is known.
_RECORDED = frozenset({SERIES_INSTANCE_UID, INSTANCE_NUMBER})
# Macros whose attributes mean the same in the root: those of the classic modules, and those that
# only the Enhanced classes have but that describe the image as a whole.
_FLATTENED = frozenset(
    {
        *(0x00209111, 0x00289110, 0x00209113, 0x00209116, 0x00289145, 0x00289132),  # every class
        *(0x0020930E, 0x0020930F, 0x00189477, 0x00209071, 0x00209310, 0x00209450),
        *(0x00189118, 0x00209253, 0x00089124, 0x00189472),
        *(0x00189006, 0x00189042, 0x00189049, 0x00189112, 0x00189114, 0x00189115),  # MR
        *(0x00189117, 0x00189119, 0x00189125, 0x00189152, 0x00189197, 0x00189226, 0x00189621),
        *(0x00189301, 0x00189304, 0x00189308, 0x00189312, 0x00189314, 0x00189321),  # CT
        *(0x00189325, 0x00189326, 0x00189329),
        *(0x00189732, 0x00189733, 0x00189734, 0x00189735, 0x00189736, 0x00189737),  # PET
        *(0x00189749, 0x00189751, 0x00189771),
        *(0x00189806, 0x00189807),  # US
        *(0x00189401, 0x00189405, 0x00189406, 0x00189407, 0x00189412, 0x00189417),  # XA, XRF
        *(0x00189432, 0x00189434, 0x00189451, 0x00189455, 0x00189456, 0x00189462),
        *(0x00189476, 0x00189555, 0x00189556, 0x00289443),
    }
)
# Macro -> sequence in it whose attributes readers look for in the root of a classic image as well.
_LIFTED = {0x00189117: 0x00189076}  # MR Diffusion -> Diffusion Gradient Direction


def enhanced_origins(extraction: Extraction) -> Iterator[Origin]:
    """Yield what the functional groups say of each Frame; nothing where there are none."""
    dataset = extraction.header.dataset
    is_implicit = extraction.is_implicit
    cut = FrameCut(extraction)
    pet = PetSeries(dataset) if extraction.target.sop_class_uid == PET else None
    base = extraction.base()
    shared: Elements = {}
    for common in dataset.each_item(SHARED_GROUPS):
        _add_groups(base, common, base, is_implicit=is_implicit)
        shared = _unassigned(common, is_implicit=is_implicit)
    for frame_number, item in enumerate(_frame_items(extraction), 1):
        root = InstanceRoot(base, is_implicit=is_implicit)
        unassigned, source = dict(shared), {}
        if item is not None:
            _add_groups(root.elements, item, base, is_implicit=is_implicit)
            unassigned.update(_unassigned(item, is_implicit=is_implicit))
            source = _first_item(item, CONVERSION_SOURCE, is_implicit=is_implicit)
        cut.apply(root, frame_number)
        if pet is not None:
            pet.place(root, frame_number)
        target_uid = element_text(source.get(_REFERENCED_CLASS), is_implicit=is_implicit)
        if target_uid not in LEGACY_CLASSES:
            target_uid = extraction.target.sop_class_uid
        notes = _make_classic(extraction, root, target_uid, unassigned)
        uid = element_text(source.get(_REFERENCED_INSTANCE), is_implicit=is_implicit)
        is_original = extraction.keeps_uids and bool(uid)
        extraction.identify(root, frame_number, is_original=is_original)
        for tag in _RECORDED & unassigned.keys():
            root.elements[tag] = unassigned[tag]
        yield Origin(root.elements, target_uid, uid, (*extraction.notes, *notes))


def _make_classic(
    extraction: Extraction, root: InstanceRoot, target_uid: str, unassigned: Elements
) -> tuple[str, ...]:
    """Turn flattened groups into a root of the classic class; return notes for the report."""
    root.remove(_DIMENSION_INDEX_VALUES)
    if class_of(extraction.header) == LEGACY_ENHANCED_CT and root.text(_RESCALE_TYPE) == "US":
        # Converters write "unspecified" where the slices had nothing, which in CT means HU.
        root.remove(_RESCALE_TYPE)
    add_classic(root, target_uid)
    _add_elements(root.elements, unassigned, is_implicit=root.is_implicit)
    return complete(root, target_uid)


def _frame_items(extraction: Extraction) -> Iterator[DataSetIndex | None]:
    """Yield the Item of each Frame, as often None as there are Frames without groups.

    An archive or a de-identifier may have dropped the sequence; the root is then all there is.
    """
    dataset = extraction.header.dataset
    if PER_FRAME_GROUPS in dataset:
        yield from dataset.each_item(PER_FRAME_GROUPS)
        return
    for _ in range(extraction.frames):
        yield None


def _add_groups(
    elements: Elements, item: DataSetIndex, base: Mapping[int, bytes], *, is_implicit: bool
) -> None:
    """Put the functional groups of one Item into a root, unassigned attributes aside."""
    outside: Elements = {}
    for tag, raw in item_elements(item, is_implicit=is_implicit).items():
        if tag in _UNASSIGNED or tag == CONVERSION_SOURCE:
            continue
        if tag in _FLATTENED:
            inner = _only_item(item, tag, is_implicit=is_implicit)
            if inner is not None and not _has_other_charset(inner, base, is_implicit=is_implicit):
                inner.pop(SPECIFIC_CHARACTER_SET, None)
                _add_elements(elements, inner, is_implicit=is_implicit)
                if _LIFTED.get(tag) in inner:
                    _lift(elements, item, tag, is_implicit=is_implicit)
                continue
        outside[tag] = raw
    outside.pop(SPECIFIC_CHARACTER_SET, None)
    _add_elements(elements, outside, is_implicit=is_implicit)


def _lift(elements: Elements, item: DataSetIndex, tag: int, *, is_implicit: bool) -> None:
    for held in item.each_item(tag):
        inner = _only_item(held, _LIFTED[tag], is_implicit=is_implicit)
        _add_elements(elements, inner or {}, is_implicit=is_implicit)


def _add_elements(elements: Elements, more: Mapping[int, bytes], *, is_implicit: bool) -> None:
    elements.update({tag: raw for tag, raw in more.items() if not is_private(tag)})
    add_private(elements, more, is_implicit=is_implicit)


def _only_item(item: DataSetIndex, tag: int, *, is_implicit: bool) -> Elements | None:
    """Return the elements of a sequence with exactly one Item."""
    items = item.each_item(tag)
    first = next(items, None)
    if first is None or next(items, None) is not None:
        return None
    return item_elements(first, is_implicit=is_implicit)


def _first_item(item: DataSetIndex, tag: int, *, is_implicit: bool) -> Elements:
    for first in item.each_item(tag):
        return item_elements(first, is_implicit=is_implicit)
    return {}


def _unassigned(item: DataSetIndex, *, is_implicit: bool) -> Elements:
    found: Elements = {}
    for tag in _UNASSIGNED:
        found.update(_first_item(item, tag, is_implicit=is_implicit))
    return found


def _has_other_charset(
    item: Mapping[int, bytes], base: Mapping[int, bytes], *, is_implicit: bool
) -> bool:
    """Return whether text of an Item would be read otherwise in the root (PS3.3 C.12.1.1.2)."""
    charset = item.get(SPECIFIC_CHARACTER_SET)
    if charset is None or charset == base.get(SPECIFIC_CHARACTER_SET):
        return False
    return any(depends_on_charset(tag, raw, is_implicit=is_implicit) for tag, raw in item.items())
