"""What every multi-frame object made of slices has in common, whatever its class.

Identity, moment and equipment of the new object; the values that the root shows where slices
differ; and the differences that only the private block can keep.

References
----------
PS3.3 C.12.1 (SOP Common), C.12.1.1.5 (contributing equipment), PS3.5 7.8.1 (private creators).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from isocenter.dicom.dictionary import TEXT_VRS, vr_of
from isocenter.dicom.functional_groups import Groups, private_creator_of, restored
from isocenter.dicom.part10 import (
    Elements,
    element_value,
    element_values,
    encode_sequence,
    encode_text,
    encode_uid,
)
from isocenter.dicom.stacks import PlacedFrame, Stack

IMAGE_TYPE, SOP_CLASS_UID, SOP_INSTANCE_UID = 0x00080008, 0x00080016, 0x00080018
CONTENT_DATE, CONTENT_TIME = 0x00080023, 0x00080033
SERIES_INSTANCE_UID, INSTANCE_NUMBER = 0x0020000E, 0x00200013
FRAME_OF_REFERENCE_UID, NUMBER_OF_FRAMES = 0x00200052, 0x00280008
SPECIFIC_CHARACTER_SET, CONTRIBUTING_EQUIPMENT = 0x00080005, 0x0018A001
# UIDs that have a place of their own: Conversion Source Attributes.
IDENTITY_TAGS = frozenset({SOP_CLASS_UID, SOP_INSTANCE_UID})
# DESIGN 7: slices that differ in one of these cannot be Frames of one object.
PIXEL_FORMAT_TAGS = (
    *(0x00280010, 0x00280011, 0x00280002, 0x00280004, 0x00280006, 0x00280100, 0x00280101),
    *(0x00280102, 0x00280103, 0x00281101, 0x00281102, 0x00281103, 0x00281201, 0x00281202),
    *(0x00281203, 0x00282110, 0x00280120, 0x00280121),
)
# Type 1 and 2 of the root: where slices differ, the root shows the first one's value. Those by
# which slices are grouped can differ in VR and padding only.
_REPRESENTED_TAGS = (
    *PIXEL_FORMAT_TAGS,
    *(0x0020000D, FRAME_OF_REFERENCE_UID),
    *(SPECIFIC_CHARACTER_SET, 0x00080020, 0x00080030, 0x00080050, 0x00080060, 0x00080070),
    *(0x00080090, 0x00100010, 0x00100020, 0x00100030, 0x00100040, 0x00200010, 0x00200011),
    *(0x00200060, 0x00185100, 0x00282112, 0x00282114, 0x00201040),
)
_MOMENT_PAIRS = (
    (CONTENT_DATE, CONTENT_TIME),
    (0x00080022, 0x00080032),
    (0x00080021, 0x00080031),
    (0x00080020, 0x00080030),
)
# 1995.05.01 and 16:22:53.77
_SEPARATED = re.compile(r"\d{4}\.\d\d\.\d\d|\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)


class Layout(Protocol):
    """Where the attributes of a stack go in one class of multi-frame objects.

    ``root`` are the elements of the root but one: the sequence ``streamed_tag``, of which
    ``frame_item`` gives the Item of each Frame. What ``split`` makes of both is exactly what the
    slices had, SOP Class and Instance UID aside.
    """

    @property
    def root(self) -> Elements:
        """Elements of the root by tag."""

    @property
    def streamed_tag(self) -> int:
        """Tag of the sequence with one Item per Frame."""

    def frame_item(self, frame: PlacedFrame, elements: Mapping[int, bytes]) -> Elements:
        """Return the Item for the slice that has ``elements``."""


@dataclass(frozen=True, slots=True)
class Identity:
    """UIDs and number of the new object."""

    sop_instance_uid: str
    series_instance_uid: str
    frame_of_reference_uid: str  # empty: the sources' own
    dimension_organization_uid: str
    instance_number: int


def add_identity(
    root: Elements, identity: Identity, sop_class_uid: str, frames: int, *, is_implicit: bool
) -> None:
    """Set class, UIDs, Instance Number and Number of Frames of the new object."""
    uids = {
        SOP_CLASS_UID: sop_class_uid,
        SOP_INSTANCE_UID: identity.sop_instance_uid,
        SERIES_INSTANCE_UID: identity.series_instance_uid,
    }
    if identity.frame_of_reference_uid:
        uids[FRAME_OF_REFERENCE_UID] = identity.frame_of_reference_uid
    root.update({tag: encode_uid(tag, uid, is_implicit=is_implicit) for tag, uid in uids.items()})
    texts = {INSTANCE_NUMBER: str(identity.instance_number), NUMBER_OF_FRAMES: str(frames)}
    for tag, text in texts.items():
        root[tag] = encode_text(tag, text, is_implicit=is_implicit)


def represent(root: Elements, first: Mapping[int, bytes], also: tuple[int, ...] = ()) -> None:
    """Let the root show the first slice's value where it must have one and slices differ."""
    for tag in (*_REPRESENTED_TAGS, *also):
        if tag not in root and tag in first:
            root[tag] = first[tag]


def add_content_moment(root: Elements, first: Mapping[int, bytes], *, is_implicit: bool) -> None:
    """Set Content Date and Time (type 1) to the first pair that the first slice has."""
    for date_tag, time_tag in _MOMENT_PAIRS:
        date = element_values(first.get(date_tag), is_implicit=is_implicit)
        time = element_values(first.get(time_tag), is_implicit=is_implicit)
        if date and time:
            moment = {CONTENT_DATE: _without(".", date[0]), CONTENT_TIME: _without(":", time[0])}
            for tag, text in moment.items():
                root[tag] = encode_text(tag, text, is_implicit=is_implicit)
            return
    for tag in (CONTENT_DATE, CONTENT_TIME):
        if tag in first:
            root[tag] = first[tag]


def _without(separator: str, text: str) -> str:
    """Return a date or time without the separators of ACR-NEMA, which PS3.5 6.2 lets one read."""
    return text.replace(separator, "") if _SEPARATED.fullmatch(text) else text


def conversion_source(stack: Stack, frame: PlacedFrame, *, is_implicit: bool) -> Elements:
    """Return the reference to the Instance that a Frame was made of."""
    uids = {0x00081150: stack.group.sop_class_uid, 0x00081155: frame.slice.sop_instance_uid}
    return {tag: encode_uid(tag, uid, is_implicit=is_implicit) for tag, uid in uids.items()}


def equipment(*, is_implicit: bool) -> bytes:
    """Say which equipment converted (PS3.3 C.12.1.1.5); the sources' own goes to their groups."""
    purpose = {
        0x00080100: encode_text(0x00080100, "109106", is_implicit=is_implicit),
        0x00080102: encode_text(0x00080102, "DCM", is_implicit=is_implicit),
        0x00080104: encode_text(
            0x00080104, "Enhanced Multi-frame Conversion Equipment", is_implicit=is_implicit
        ),
    }
    item = {
        0x00080070: encode_text(0x00080070, "Isocenter", is_implicit=is_implicit),
        0x00081090: encode_text(0x00081090, "Isocenter merge", is_implicit=is_implicit),
        0x0040A170: encode_sequence(0x0040A170, [purpose], is_implicit=is_implicit),
    }
    return encode_sequence(CONTRIBUTING_EQUIPMENT, [item], is_implicit=is_implicit)


def keep_differences(
    groups: Groups,
    base: Mapping[int, bytes],
    shared: Groups,
    elements: Mapping[int, bytes],
    varying: frozenset[int],
    *,
    only_shared: bool = False,
) -> None:
    """Fill the private block so that the way back ends at ``elements``."""
    if only_shared:
        back = restored(base, groups, Groups())
        differing = [tag for tag in {*back, *elements} if tag not in varying]
    else:
        back = restored(base, shared, groups)
        if all(back.get(tag) == raw for tag, raw in elements.items() if tag not in IDENTITY_TAGS):
            differing = [tag for tag in back if tag not in elements]
        else:
            differing = list({*back, *elements})
    absent = []
    for tag in differing:
        if tag in IDENTITY_TAGS or back.get(tag) == elements.get(tag):
            continue
        if tag in elements:
            groups.original[tag] = elements[tag]
        else:
            absent.append(tag)
    groups.absent = tuple(sorted(absent))
    add_private_creators(groups.original, elements)


def add_private_creators(item: Elements, elements: Mapping[int, bytes]) -> None:
    """Give an Item the creators of the private elements in it (PS3.5 7.8.1)."""
    for tag in list(item):
        creator = private_creator_of(tag)
        if creator is not None and creator in elements:
            item[creator] = elements[creator]


def depends_on_charset(tag: int, raw: bytes, *, is_implicit: bool) -> bool:
    """Return whether the bytes of an element are text that is not ASCII, or may hold such text."""
    value = element_value(raw, is_implicit=is_implicit)
    if value.isascii() and b"\x1b" not in value:
        return False
    vr = vr_of(tag) if is_implicit else raw[4:6].decode("latin-1")
    return vr in TEXT_VRS or vr in ("SQ", "UN")
