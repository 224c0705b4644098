"""What legacy converted and true Enhanced objects have in common: both have functional groups.

References
----------
PS3.3 C.8.16.1 (image type and frame type), C.7.6.16 (functional groups), C.12.1.1.2 (character
sets in Items).
"""

from collections.abc import Mapping

from isocenter.dicom.conversion import (
    CONTRIBUTING_EQUIPMENT,
    IMAGE_TYPE,
    SPECIFIC_CHARACTER_SET,
    Identity,
    add_content_moment,
    add_identity,
    depends_on_charset,
    equipment,
)
from isocenter.dicom.dimensions import dimension_elements
from isocenter.dicom.functional_groups import (
    PIXEL_MEASURES,
    UNASSIGNED_SHARED,
    Groups,
    encode_groups,
)
from isocenter.dicom.part10 import (
    Elements,
    decimal_string,
    element_values,
    encode_sequence,
    encode_text,
)
from isocenter.dicom.stacks import DIMENSION_TAGS, Stack

SHARED_GROUPS, PER_FRAME_GROUPS = 0x52009229, 0x52009230
PIXEL_PRESENTATION, VOLUMETRIC, TECHNIQUE = 0x00089205, 0x00089206, 0x00089207
_FRAME_TYPE, _ACQUISITION_CONTEXT = 0x00089007, 0x00400555
_SPACING_BETWEEN_SLICES = 0x00180088
_IMAGE_TYPE_COLUMN = DIMENSION_TAGS.index(IMAGE_TYPE)


def frame_type(elements: Mapping[int, bytes], *, is_implicit: bool) -> Elements:
    """Return the Item of the frame type group for one slice."""
    values = element_values(elements.get(IMAGE_TYPE), is_implicit=is_implicit)
    return _type_elements(_FRAME_TYPE, _four_values([values]), is_implicit=is_implicit)


def pixels_of_stack(stack: Stack) -> str:
    """Return value 1 of the Image Type: ORIGINAL, DERIVED or MIXED."""
    return _four_values(_image_types(stack)).partition("\\")[0]


def _image_types(stack: Stack) -> list[list[str]]:
    texts = {one.slice.distinctions[_IMAGE_TYPE_COLUMN] for one in stack.frames}
    return [text.split("\\") for text in texts]


def _four_values(types: list[list[str]]) -> str:
    """Return the four values of Image Type or Frame Type (PS3.3 C.8.16.1)."""
    pixels = {"DERIVED" if "DERIVED" in values[:1] else "ORIGINAL" for values in types}
    first = pixels.pop() if len(pixels) == 1 else "MIXED"
    flavour = "LOCALIZER" if all("LOCALIZER" in values for values in types) else "VOLUME"
    return f"{first}\\PRIMARY\\{flavour}\\NONE"


def _type_elements(tag: int, four_values: str, *, is_implicit: bool) -> Elements:
    texts = {
        tag: four_values,
        PIXEL_PRESENTATION: "MONOCHROME",
        VOLUMETRIC: "VOLUME",
        TECHNIQUE: "NONE",
    }
    return {at: encode_text(at, text, is_implicit=is_implicit) for at, text in texts.items()}


def add_own_root(
    root: Elements,
    stack: Stack,
    sop_class_uid: str,
    identity: Identity,
    first: Mapping[int, bytes],
    *,
    is_implicit: bool,
) -> None:
    """Set what is the new object's own: type, identity, moment, dimensions, equipment."""
    four_values = _four_values(_image_types(stack))
    root.update(_type_elements(IMAGE_TYPE, four_values, is_implicit=is_implicit))
    add_identity(root, identity, sop_class_uid, len(stack.frames), is_implicit=is_implicit)
    root.setdefault(
        _ACQUISITION_CONTEXT, encode_sequence(_ACQUISITION_CONTEXT, [], is_implicit=is_implicit)
    )
    add_content_moment(root, first, is_implicit=is_implicit)
    root.update(
        dimension_elements(stack, identity.dimension_organization_uid, is_implicit=is_implicit)
    )
    root[CONTRIBUTING_EQUIPMENT] = equipment(is_implicit=is_implicit)


def add_spacing(groups: Groups, stack: Stack, *, is_implicit: bool) -> None:
    """Set Spacing Between Slices to the computed one: readers scale tilted stacks by it."""
    if stack.spacing_mm is not None:
        groups.macros.setdefault(PIXEL_MEASURES, {})[_SPACING_BETWEEN_SLICES] = encode_text(
            _SPACING_BETWEEN_SLICES, decimal_string(stack.spacing_mm), is_implicit=is_implicit
        )


def name_charset(groups: Groups, charset: bytes, *, is_implicit: bool) -> None:
    """Give Items with text that depends on it the character set of their own slice.

    The root has that of the first slice; an Item may have another (PS3.3 C.12.1.1.2).
    """
    for item in (*groups.macros.values(), groups.original):
        if any(depends_on_charset(tag, raw, is_implicit=is_implicit) for tag, raw in item.items()):
            item[SPECIFIC_CHARACTER_SET] = charset


def add_shared_groups(root: Elements, shared: Groups, *, is_implicit: bool) -> None:
    """Put the shared functional groups into the root."""
    item = encode_groups(shared, is_implicit=is_implicit, unassigned_tag=UNASSIGNED_SHARED)
    root[SHARED_GROUPS] = encode_sequence(SHARED_GROUPS, [item], is_implicit=is_implicit)
