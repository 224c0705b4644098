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
    add_content_moment,
    add_identity,
    add_private_creators,
    conversion_source,
    depends_on_charset,
    equipment,
    keep_differences,
    represent,
)
from isocenter.dicom.dictionary import is_private
from isocenter.dicom.dimensions import dimension_elements, frame_content
from isocenter.dicom.functional_groups import (
    CONVERSION_SOURCE,
    FRAME_CONTENT,
    GROUP_OF,
    PIXEL_MEASURES,
    PIXEL_VALUE_TRANSFORMATION,
    UNASSIGNED_PER_FRAME,
    UNASSIGNED_SHARED,
    Groups,
    encode_groups,
)
from isocenter.dicom.legacy_modules import COMMON_ROOT_TAGS, OWN_ROOT_TAGS
from isocenter.dicom.part10 import (
    Elements,
    decimal_string,
    element_values,
    encode_sequence,
    encode_text,
)
from isocenter.dicom.stacks import DIMENSION_TAGS, PlacedFrame, Stack
from isocenter.dicom.uids import (
    CT,
    LEGACY_ENHANCED_CT,
    LEGACY_ENHANCED_MR,
    LEGACY_ENHANCED_PET,
    MR,
    PET,
)

_SHARED_GROUPS, _PER_FRAME_GROUPS = 0x52009229, 0x52009230
_FRAME_TYPE = 0x00089007
_PIXEL_PRESENTATION, _VOLUMETRIC, _TECHNIQUE = 0x00089205, 0x00089206, 0x00089207
_POSITION_REFERENCE, _PRESENTATION_LUT_SHAPE = 0x00201040, 0x20500020
_ACQUISITION_CONTEXT, _CONTENT_QUALIFICATION = 0x00400555, 0x00189004
_RESCALE_TYPE, _SPACING_BETWEEN_SLICES = 0x00281054, 0x00180088
_IMAGE_TYPE_COLUMN = DIMENSION_TAGS.index(IMAGE_TYPE)


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
        *(NUMBER_OF_FRAMES, 0x52009229, 0x52009230, 0x00209221, 0x00209222, 0x00209311),
        *(_PIXEL_PRESENTATION, _VOLUMETRIC, _TECHNIQUE, _PRESENTATION_LUT_SHAPE),
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
            self._name_charset(groups, elements[SPECIFIC_CHARACTER_SET])
        return groups

    def _name_charset(self, groups: Groups, charset: bytes) -> None:
        """Give Items with text that depends on it the character set of their own slice.

        The root has that of the first slice; an Item may have another (PS3.3 C.12.1.1.2).
        """
        for item in (*groups.macros.values(), groups.original):
            if any(
                depends_on_charset(tag, raw, is_implicit=self.is_implicit)
                for tag, raw in item.items()
            ):
                item[SPECIFIC_CHARACTER_SET] = charset

    def _complete_macros(self, groups: Groups, elements: Mapping[int, bytes]) -> None:
        if self._legacy.frame_type_sequence in self._frame_macros:
            groups.macros[self._legacy.frame_type_sequence] = _frame_type(
                elements, is_implicit=self.is_implicit
            )
        _add_rescale_type(groups, self._legacy, is_implicit=self.is_implicit)
        if PIXEL_MEASURES in self._frame_macros:
            _add_spacing(groups, self._stack, is_implicit=self.is_implicit)


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
        shared.macros[legacy.frame_type_sequence] = _frame_type(first, is_implicit=is_implicit)
    _add_rescale_type(shared, legacy, is_implicit=is_implicit)
    if PIXEL_MEASURES not in frame_macros:
        _add_spacing(shared, stack, is_implicit=is_implicit)
    represent(root, first)
    _add_own_elements(root, stack, legacy, identity, first, is_implicit=is_implicit)
    base = {tag: raw for tag, raw in root.items() if tag not in STRUCTURE_TAGS}
    for tag in (SOP_CLASS_UID, SOP_INSTANCE_UID):
        base.pop(tag, None)
    keep_differences(shared, base, Groups(), shared_elements, varying, only_shared=True)
    _add_shared_groups(root, shared, is_implicit=is_implicit)
    return LegacyLayout(
        root=root,
        shared=shared,
        is_implicit=is_implicit,
        streamed_tag=_PER_FRAME_GROUPS,
        _base=base,
        _shared_elements=shared_elements,
        _varying=varying,
        _frame_macros=frozenset(frame_macros),
        _stack=stack,
        _legacy=legacy,
    )


def _add_shared_groups(root: Elements, shared: Groups, *, is_implicit: bool) -> None:
    item = encode_groups(shared, is_implicit=is_implicit, unassigned_tag=UNASSIGNED_SHARED)
    root[_SHARED_GROUPS] = encode_sequence(_SHARED_GROUPS, [item], is_implicit=is_implicit)


def _frame_type(elements: Mapping[int, bytes], *, is_implicit: bool) -> Elements:
    values = element_values(elements.get(IMAGE_TYPE), is_implicit=is_implicit)
    return _type_elements(_FRAME_TYPE, _four_values([values]), is_implicit=is_implicit)


def _four_values(types: list[list[str]]) -> str:
    """Return the four values of Image Type or Frame Type (PS3.3 C.8.16.1)."""
    pixels = {"DERIVED" if "DERIVED" in values[:1] else "ORIGINAL" for values in types}
    first = pixels.pop() if len(pixels) == 1 else "MIXED"
    flavour = "LOCALIZER" if all("LOCALIZER" in values for values in types) else "VOLUME"
    return f"{first}\\PRIMARY\\{flavour}\\NONE"


def _type_elements(tag: int, four_values: str, *, is_implicit: bool) -> Elements:
    texts = {
        tag: four_values,
        _PIXEL_PRESENTATION: "MONOCHROME",
        _VOLUMETRIC: "VOLUME",
        _TECHNIQUE: "NONE",
    }
    return {at: encode_text(at, text, is_implicit=is_implicit) for at, text in texts.items()}


def _add_rescale_type(groups: Groups, legacy: LegacyClass, *, is_implicit: bool) -> None:
    """Name the output units where the source leaves them to the standard.

    CT without Rescale Type is in Hounsfield units (PS3.3 C.8.2.1), others are unspecified.
    """
    held = groups.macros.get(PIXEL_VALUE_TRANSFORMATION)
    if held and _RESCALE_TYPE not in held and 0x00281053 in held:
        held[_RESCALE_TYPE] = encode_text(
            _RESCALE_TYPE, legacy.rescale_type, is_implicit=is_implicit
        )


def _add_spacing(groups: Groups, stack: Stack, *, is_implicit: bool) -> None:
    """Set Spacing Between Slices to the computed one: readers scale tilted stacks by it."""
    if stack.spacing_mm is not None:
        groups.macros.setdefault(PIXEL_MEASURES, {})[_SPACING_BETWEEN_SLICES] = encode_text(
            _SPACING_BETWEEN_SLICES, decimal_string(stack.spacing_mm), is_implicit=is_implicit
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
    image_types = {
        tuple(one.slice.distinctions[_IMAGE_TYPE_COLUMN].split("\\")) for one in stack.frames
    }
    root.update(
        _type_elements(
            IMAGE_TYPE,
            _four_values([list(values) for values in image_types]),
            is_implicit=is_implicit,
        )
    )
    add_identity(root, identity, legacy.sop_class_uid, len(stack.frames), is_implicit=is_implicit)
    added = {_POSITION_REFERENCE: "", _PRESENTATION_LUT_SHAPE: "IDENTITY"}
    if legacy.modality == "PT":
        # Type 1 there; the one value that claims no clinical use (PS3.3 C.8.13.2.1.2).
        added[_CONTENT_QUALIFICATION] = "RESEARCH"
    for tag, text in added.items():
        root.setdefault(tag, encode_text(tag, text, is_implicit=is_implicit))
    root.setdefault(
        _ACQUISITION_CONTEXT, encode_sequence(_ACQUISITION_CONTEXT, [], is_implicit=is_implicit)
    )
    add_content_moment(root, first, is_implicit=is_implicit)
    root.update(
        dimension_elements(
            stack,
            identity.dimension_organization_uid,
            is_implicit=is_implicit,
        )
    )
    root[CONTRIBUTING_EQUIPMENT] = equipment(is_implicit=is_implicit)
