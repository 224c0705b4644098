"""Functional groups: where a slice's attributes go in a multi-frame object, and the way back.

Both directions stand on the one table ``MACROS``. ``merge`` puts attributes into groups and asks
``restored`` what ``split`` would give back; what differs from the source goes into one private
block per frame (creator ``ISOCENTER``). So nothing is lost whatever the source holds.

References
----------
PS3.3 C.7.6.16 (Multi-frame Functional Groups), C.7.6.16.2.25 and .26 (unassigned converted
attributes), PS3.5 7.8 (private elements).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from struct import pack, unpack
from typing import NamedTuple

from isocenter.dicom.dictionary import is_private, vr_of
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.part10 import Elements, encode_element, encode_sequence

UNASSIGNED_SHARED = 0x00209170
UNASSIGNED_PER_FRAME = 0x00209171
CONVERSION_SOURCE = 0x00209172
FRAME_CONTENT = 0x00209111
PIXEL_MEASURES = 0x00289110
PLANE_POSITION = 0x00209113
PLANE_ORIENTATION = 0x00209116
PIXEL_VALUE_TRANSFORMATION = 0x00289145
FRAME_VOI_LUT = 0x00289132
IRRADIATION_EVENT = 0x00189477

# The private block: creator, then one Item with the source's own elements, then a list of tags
# that the source does not have (AT, PS3.5 6.2).
PRIVATE_CREATOR_TAG = 0x00750010
PRIVATE_CREATOR = b"ISOCENTER "
PRIVATE_ORIGINAL = 0x00751001
PRIVATE_ABSENT = 0x00751002
# In classes without functional groups: a sequence in the root with such an Item for each Frame.
PRIVATE_FRAMES = 0x00751003
# PRIVATE_ORIGINAL of what all Frames share: no sequence may stand in the shared and in the
# per-frame functional groups (PS3.3 C.7.6.16).
PRIVATE_SHARED = 0x00751004
# The whole block: what another creator has there in a source would be taken for ours.
PRIVATE_TAGS = frozenset({PRIVATE_CREATOR_TAG, *range(0x00751000, 0x00751100)})


class Macro(NamedTuple):
    """One functional group whose attributes stand in the root of a single-frame Instance."""

    sequence: int
    attributes: frozenset[int]


MACROS = (
    Macro(PIXEL_MEASURES, frozenset({0x00280030, 0x00180050, 0x00180088})),
    Macro(PLANE_POSITION, frozenset({0x00200032})),
    Macro(PLANE_ORIENTATION, frozenset({0x00200037})),
    Macro(PIXEL_VALUE_TRANSFORMATION, frozenset({0x00281052, 0x00281053, 0x00281054})),
    Macro(FRAME_VOI_LUT, frozenset({0x00281050, 0x00281051, 0x00281055, 0x00281056})),
    Macro(IRRADIATION_EVENT, frozenset({0x00083010})),
)
# tag -> sequence of the functional group that holds it
GROUP_OF = {tag: macro.sequence for macro in MACROS for tag in macro.attributes}


@dataclass(slots=True)
class Groups:
    """One Item of the shared or per-frame functional groups, sequences with one Item each.

    Attributes
    ----------
    macros
        Sequence tag -> elements of its Item, for every group but the unassigned one.
    unassigned
        Elements of the Unassigned (Shared or Per-Frame) Converted Attributes Item.
    original, absent
        Content of the private block: elements as the source has them, tags it does not have.
    """

    macros: dict[int, Elements] = field(default_factory=dict)
    unassigned: Elements = field(default_factory=dict)
    original: Elements = field(default_factory=dict)
    absent: tuple[int, ...] = ()


def encode_groups(groups: Groups, *, is_implicit: bool, unassigned_tag: int) -> Elements:
    """Return the elements of the functional groups Item."""
    elements = {
        tag: encode_sequence(tag, [item], is_implicit=is_implicit)
        for tag, item in groups.macros.items()
    }
    if groups.unassigned or unassigned_tag == UNASSIGNED_PER_FRAME:
        # The per-frame sequence is type 2: there, empty where nothing is left (C.7.6.16.2.26).
        items = [groups.unassigned] if groups.unassigned else []
        elements[unassigned_tag] = encode_sequence(unassigned_tag, items, is_implicit=is_implicit)
    is_shared = unassigned_tag == UNASSIGNED_SHARED
    elements.update(encode_private(groups, is_implicit=is_implicit, is_shared=is_shared))
    return elements


def encode_private(groups: Groups, *, is_implicit: bool, is_shared: bool = False) -> Elements:
    """Return the elements of the private block, none where nothing is in it."""
    original_tag = PRIVATE_SHARED if is_shared else PRIVATE_ORIGINAL
    elements: Elements = {}
    if groups.original or groups.absent:
        elements[PRIVATE_CREATOR_TAG] = encode_element(
            PRIVATE_CREATOR_TAG, PRIVATE_CREATOR, is_implicit=is_implicit, vr="LO"
        )
    if groups.original:
        elements[original_tag] = encode_sequence(
            original_tag, [groups.original], is_implicit=is_implicit
        )
    if groups.absent:
        tags = b"".join(pack("<HH", tag >> 16, tag & 0xFFFF) for tag in groups.absent)
        elements[PRIVATE_ABSENT] = encode_element(
            PRIVATE_ABSENT, tags, is_implicit=is_implicit, vr="AT"
        )
    return elements


def read_groups(item: DataSetIndex, *, is_implicit: bool) -> Groups:
    """Return the groups of an Item of the shared or per-frame sequence; first Items only.

    ``is_implicit`` says how the root is encoded; the elements come encoded as it is.
    """
    groups = Groups()
    for tag, entry in item.elements.items():
        if tag in (UNASSIGNED_SHARED, UNASSIGNED_PER_FRAME):
            groups.unassigned = _first_item(item, tag, is_implicit=is_implicit)
        elif tag not in PRIVATE_TAGS and (entry[0] == "SQ" or vr_of(tag) == "SQ"):
            # The second condition is for gateways that write UN.
            groups.macros[tag] = _first_item(item, tag, is_implicit=is_implicit)
    private = read_private(item, is_implicit=is_implicit)
    groups.original, groups.absent = private.original, private.absent
    return groups


def is_own_block(item: DataSetIndex) -> bool:
    """Return whether the private block of a root or an Item is ours."""
    return item.value(PRIVATE_CREATOR_TAG).rstrip(b" \0") == PRIVATE_CREATOR.rstrip()


def read_private(item: DataSetIndex, *, is_implicit: bool) -> Groups:
    """Return what the private block of a root or an Item holds, nothing where it is not ours.

    Raises
    ------
    UnusualEncodingError
        As ``read_groups`` does.
    """
    groups = Groups()
    if not is_own_block(item):
        return groups
    for tag in (PRIVATE_SHARED, PRIVATE_ORIGINAL):
        groups.original.update(_first_item(item, tag, is_implicit=is_implicit))
    raw = item.value(PRIVATE_ABSENT)
    words = unpack(f"<{len(raw) // 2}H", raw[: len(raw) // 2 * 2])
    pairs = zip(words[::2], words[1::2], strict=False)
    groups.absent = tuple(group << 16 | element for group, element in pairs)
    return groups


def flattened(groups: Groups) -> Elements:
    """Return the attributes that a single-frame Instance has in its root, private block aside."""
    flat: Elements = {}
    for macro in MACROS:
        held = groups.macros.get(macro.sequence)
        if held:
            flat.update({tag: held[tag] for tag in macro.attributes if tag in held})
    flat.update(groups.unassigned)
    return flat


def restored(base: Mapping[int, bytes], shared: Groups, frame: Groups) -> Elements:
    """Return the elements of one Frame's Instance: root, then shared, then its own groups.

    ``base`` are the root elements that are no part of the multi-frame structure.
    """
    elements = dict(base)
    elements.update(flattened(shared))
    elements.update(flattened(frame))
    for groups in (shared, frame):
        for tag in groups.absent:
            elements.pop(tag, None)
        elements.update(groups.original)
    return elements


def private_creator_of(tag: int) -> int | None:
    """Return the tag of the creator that a private element belongs to, None of other elements.

    PS3.5 7.8.1: (gggg,xx00-xxFF) of an odd group belongs to (gggg,00xx).
    """
    if not is_private(tag) or tag & 0xFFFF < 0x1000:
        return None
    return tag & 0xFFFF0000 | (tag >> 8 & 0xFF)


def item_elements(item: DataSetIndex, *, is_implicit: bool) -> Elements:
    """Return the elements of an Item, encoded as the root is, whatever the Item's own encoding."""
    if item.is_implicit and not is_implicit:
        return {tag: _explicit(item, tag) for tag in item.elements}
    return {tag: item.raw(tag) for tag in item.elements}


def _first_item(item: DataSetIndex, tag: int, *, is_implicit: bool) -> Elements:
    for first in item.each_item(tag):
        return item_elements(first, is_implicit=is_implicit)
    return {}


def _explicit(item: DataSetIndex, tag: int) -> bytes:
    """Return an element of an implicit Item in Explicit VR.

    Archives that write an implicit object as an explicit one leave what they do not know as UN,
    its content implicit (PS3.5 6.2.2): our private block, for one.
    """
    vr = item.vr(tag)
    if vr == "SQ":
        items = [
            {inner: _explicit(held, inner) for inner in held.elements}
            for held in item.each_item(tag)
        ]
        return encode_sequence(tag, items, is_implicit=False)
    if " or " in vr:
        vr = "OW" if "OW" in vr else "US"
    return encode_element(tag, item.value(tag), is_implicit=False, vr=vr)
