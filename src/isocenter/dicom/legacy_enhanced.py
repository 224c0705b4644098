"""The Legacy Converted Enhanced CT, MR and PET IODs: what goes where.

``lay_out`` turns what all slices of a stack share into the root and the shared functional groups;
``Layout.frame_groups`` does the same for what one slice has of its own. Nothing is invented: the
values that are added say what the conversion itself knows (dimensions, spacing, source).

References
----------
PS3.3 A.70, A.71, A.72 (the IODs), C.7.6.16 (functional groups), C.8.16.1 (image type),
C.12.1.1.5 (contributing equipment).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from isocenter.dicom.conversion import (
    CONTENT_DATE,
    CONTENT_TIME,
    CONTRIBUTING_EQUIPMENT,
    IDENTITY_TAGS,
    IMAGE_TYPE,
    INSTANCE_NUMBER,
    NUMBER_OF_FRAMES,
    SERIES_INSTANCE_UID,
    SOP_CLASS_UID,
    SOP_INSTANCE_UID,
    SPECIFIC_CHARACTER_SET,
    Identity,
    add_private_creators,
    conversion_source,
    keep_differences,
    represent,
)
from isocenter.dicom.dictionary import is_private
from isocenter.dicom.dimensions import frame_content
from isocenter.dicom.functional_groups import (
    CONVERSION_SOURCE,
    FRAME_CONTENT,
    GROUP_OF,
    PIXEL_MEASURES,
    PIXEL_VALUE_TRANSFORMATION,
    UNASSIGNED_PER_FRAME,
    Groups,
    encode_groups,
)
from isocenter.dicom.grouped import (
    PER_FRAME_GROUPS,
    PIXEL_PRESENTATION,
    SHARED_GROUPS,
    TECHNIQUE,
    VOLUMETRIC,
    add_own_root,
    add_shared_groups,
    add_spacing,
    frame_type,
    name_charset,
)
from isocenter.dicom.legacy_modules import COMMON_ROOT_TAGS, OWN_ROOT_TAGS
from isocenter.dicom.part10 import (
    Elements,
    encode_text,
)
from isocenter.dicom.stacks import PlacedFrame, Stack
from isocenter.dicom.uids import (
    CT,
    LEGACY_ENHANCED_CT,
    LEGACY_ENHANCED_MR,
    LEGACY_ENHANCED_PET,
    MR,
    PET,
)

_POSITION_REFERENCE, _PRESENTATION_LUT_SHAPE = 0x00201040, 0x20500020
_ACQUISITION_CONTEXT, _CONTENT_QUALIFICATION = 0x00400555, 0x00189004
_RESCALE_TYPE = 0x00281054


@dataclass(frozen=True, slots=True)
class LegacyClass:
    """One row of the table below."""

    sop_class_uid: str
    modality: str
    frame_type_sequence: int
    rescale_type: str


# Single-frame class -> its Legacy Converted Enhanced class.
LEGACY_CLASSES = {
    CT: LegacyClass(LEGACY_ENHANCED_CT, "CT", 0x00189329, "HU"),
    MR: LegacyClass(LEGACY_ENHANCED_MR, "MR", 0x00189226, "US"),
    PET: LegacyClass(LEGACY_ENHANCED_PET, "PT", 0x00189751, "US"),
}
# Root attributes of the multi-frame structure: split takes them away again. Where a source has
# one of them itself, the private block brings it back.
STRUCTURE_TAGS = frozenset(
    {
        *(NUMBER_OF_FRAMES, SHARED_GROUPS, PER_FRAME_GROUPS, 0x00209221, 0x00209222, 0x00209311),
        *(PIXEL_PRESENTATION, VOLUMETRIC, TECHNIQUE, _PRESENTATION_LUT_SHAPE),
        *(_ACQUISITION_CONTEXT, _CONTENT_QUALIFICATION),
        *(0x00209161, 0x00209162, 0x00209163, 0x00209228, 0x00200242, 0x00209128),
        *(CONVERSION_SOURCE, 0x7FE00001, 0x7FE00002, 0x7FE00003, 0x7FE00010),
    }
)
# Those of them that mean the same in a single-frame Instance: the root takes over the source's.
_COMMON_STRUCTURE_TAGS = frozenset(
    {_PRESENTATION_LUT_SHAPE, _ACQUISITION_CONTEXT, _CONTENT_QUALIFICATION}
)
_FOREIGN_TAGS = STRUCTURE_TAGS - _COMMON_STRUCTURE_TAGS
# Root values that are the new object's own; the sources' values go to the unassigned groups.
_OWN_TAGS = frozenset(
    {
        *(IMAGE_TYPE, INSTANCE_NUMBER, CONTENT_DATE, CONTENT_TIME, CONTRIBUTING_EQUIPMENT),
        SERIES_INSTANCE_UID,
        *(0x00080012, 0x00080013, 0x00080014, 0x00080015),  # creation: of the source, not ours
        *(0x04000561, 0xFFFAFFFA, 0x4FFE0001),  # signatures and history are about the source
        *(0x00540410, 0x00540414),  # their Enhanced module forbids Patient Position beside them
    }
)
# What would be taken for the structure of the new object stands in the private block alone.
_NOWHERE_TAGS = IDENTITY_TAGS | _FOREIGN_TAGS


@dataclass(frozen=True, slots=True)
class LegacyLayout:
    """Root and shared groups of one stack; gives the groups of each Frame (a ``Layout``)."""

    root: Elements
    shared: Groups
    is_implicit: bool
    streamed_tag: int
    _base: Elements
    _shared_elements: Mapping[int, bytes]
    _varying: frozenset[int]
    _frame_macros: frozenset[int]
    _stack: Stack
    _legacy: LegacyClass

    def frame_item(self, frame: PlacedFrame, elements: Mapping[int, bytes]) -> Elements:
        """Return the Item of the per-frame functional groups."""
        return encode_groups(
            self.frame_groups(frame, elements),
            is_implicit=self.is_implicit,
            unassigned_tag=UNASSIGNED_PER_FRAME,
        )

    def frame_groups(self, frame: PlacedFrame, elements: Mapping[int, bytes]) -> Groups:
        """Return the per-frame groups of the slice that has ``elements``.

        ``restored`` of the result gives back exactly ``elements``, SOP Class and Instance UID
        aside.
        """
        groups = Groups()
        groups.macros[FRAME_CONTENT] = frame_content(
            self._stack, frame, elements, is_implicit=self.is_implicit
        )
        if frame.slice.sop_instance_uid:
            groups.macros[CONVERSION_SOURCE] = conversion_source(
                self._stack, frame, is_implicit=self.is_implicit
            )
        for tag, raw in elements.items():
            sequence = GROUP_OF.get(tag)
            if sequence is not None:
                if sequence in self._frame_macros:
                    groups.macros.setdefault(sequence, {})[tag] = raw
            elif tag in self._varying and tag not in _NOWHERE_TAGS:
                groups.unassigned[tag] = raw
        add_private_creators(groups.unassigned, elements)
        self._complete_macros(groups, elements)
        keep_differences(groups, self._base, self.shared, elements, self._varying)
        if SPECIFIC_CHARACTER_SET in self._varying and SPECIFIC_CHARACTER_SET in elements:
            name_charset(groups, elements[SPECIFIC_CHARACTER_SET], is_implicit=self.is_implicit)
        return groups

    def _complete_macros(self, groups: Groups, elements: Mapping[int, bytes]) -> None:
        if self._legacy.frame_type_sequence in self._frame_macros:
            groups.macros[self._legacy.frame_type_sequence] = frame_type(
                elements, is_implicit=self.is_implicit
            )
        _add_rescale_type(groups, self._legacy, is_implicit=self.is_implicit)
        if PIXEL_MEASURES in self._frame_macros:
            add_spacing(groups, self._stack, is_implicit=self.is_implicit)


def lay_out(
    stack: Stack,
    identity: Identity,
    first: Mapping[int, bytes],
    shared_elements: Mapping[int, bytes],
    varying: frozenset[int],
    *,
    is_implicit: bool,
) -> LegacyLayout:
    """Return root and shared groups for a stack.

    Parameters
    ----------
    first
        All elements of the first Frame's slice.
    shared_elements
        Elements that are the same in every slice.
    varying
        Tags that are not the same everywhere, or not everywhere.
    """
    legacy = LEGACY_CLASSES[stack.group.sop_class_uid]
    root_tags = COMMON_ROOT_TAGS | OWN_ROOT_TAGS[legacy.modality]
    frame_macros = {GROUP_OF[tag] for tag in varying if tag in GROUP_OF}
    root: Elements = {}
    shared = Groups()
    for tag, raw in shared_elements.items():
        sequence = GROUP_OF.get(tag)
        if sequence is not None:
            if sequence not in frame_macros:
                shared.macros.setdefault(sequence, {})[tag] = raw
        elif tag in _NOWHERE_TAGS:
            continue
        elif tag not in _OWN_TAGS and (tag in root_tags or is_private(tag)):
            root[tag] = raw
        else:
            shared.unassigned[tag] = raw
    if IMAGE_TYPE in varying:
        frame_macros.add(legacy.frame_type_sequence)
    else:
        shared.macros[legacy.frame_type_sequence] = frame_type(first, is_implicit=is_implicit)
    _add_rescale_type(shared, legacy, is_implicit=is_implicit)
    if PIXEL_MEASURES not in frame_macros:
        add_spacing(shared, stack, is_implicit=is_implicit)
    represent(root, first)
    _add_own_elements(root, stack, legacy, identity, first, is_implicit=is_implicit)
    base = {tag: raw for tag, raw in root.items() if tag not in STRUCTURE_TAGS}
    for tag in (SOP_CLASS_UID, SOP_INSTANCE_UID):
        base.pop(tag, None)
    keep_differences(shared, base, Groups(), shared_elements, varying, only_shared=True)
    add_shared_groups(root, shared, is_implicit=is_implicit)
    return LegacyLayout(
        root=root,
        shared=shared,
        is_implicit=is_implicit,
        streamed_tag=PER_FRAME_GROUPS,
        _base=base,
        _shared_elements=shared_elements,
        _varying=varying,
        _frame_macros=frozenset(frame_macros),
        _stack=stack,
        _legacy=legacy,
    )


def _add_rescale_type(groups: Groups, legacy: LegacyClass, *, is_implicit: bool) -> None:
    """Name the output units where the source leaves them to the standard.

    CT without Rescale Type is in Hounsfield units (PS3.3 C.8.2.1), others are unspecified.
    """
    held = groups.macros.get(PIXEL_VALUE_TRANSFORMATION)
    if held and _RESCALE_TYPE not in held and 0x00281053 in held:
        held[_RESCALE_TYPE] = encode_text(
            _RESCALE_TYPE, legacy.rescale_type, is_implicit=is_implicit
        )


def _add_own_elements(
    root: Elements,
    stack: Stack,
    legacy: LegacyClass,
    identity: Identity,
    first: Mapping[int, bytes],
    *,
    is_implicit: bool,
) -> None:
    added = {_POSITION_REFERENCE: "", _PRESENTATION_LUT_SHAPE: "IDENTITY"}
    if legacy.modality == "PT":
        # Type 1 there; the one value that claims no clinical use (PS3.3 C.8.13.2.1.2).
        added[_CONTENT_QUALIFICATION] = "RESEARCH"
    for tag, text in added.items():
        root.setdefault(tag, encode_text(tag, text, is_implicit=is_implicit))
    add_own_root(root, stack, legacy.sop_class_uid, identity, first, is_implicit=is_implicit)
