from isocenter.dicom.functional_groups import PIXEL_MEASURES, Groups
from isocenter.dicom.grouped import add_spacing, frame_type, name_charset, pixels_of_stack
from isocenter.dicom.part10 import element_text, encode_text
from tests.in_memory import merged_stack
from tests.raw_instance import Elements, ct_slice, part10, text

IMAGE_TYPE = 0x00080008


def streams(*image_types: str) -> list[bytes]:
    changes: list[Elements] = [{IMAGE_TYPE: text("CS", one)} for one in image_types]
    return [part10({**ct_slice(index), **change}) for index, change in enumerate(changes)]


def test_the_frame_type_has_four_values() -> None:
    """PS3.3 C.8.16.1."""
    element = encode_text(IMAGE_TYPE, "DERIVED\\SECONDARY\\LOCALIZER", is_implicit=True)

    item = frame_type({IMAGE_TYPE: element}, is_implicit=True)

    found = element_text(item[0x00089007], is_implicit=True)
    assert found == "DERIVED\\PRIMARY\\LOCALIZER\\NONE"


def test_pixels_of_a_stack_are_of_one_kind_or_mixed() -> None:
    assert pixels_of_stack(merged_stack(streams("ORIGINAL", "ORIGINAL")).stack) == "ORIGINAL"
    assert pixels_of_stack(merged_stack(streams("DERIVED", "DERIVED")).stack) == "DERIVED"
    assert pixels_of_stack(merged_stack(streams("ORIGINAL", "DERIVED")).stack) == "MIXED"


def test_spacing_stands_in_pixel_measures() -> None:
    stack = merged_stack(streams("ORIGINAL", "ORIGINAL")).stack
    groups = Groups()

    add_spacing(groups, stack, is_implicit=True)

    (raw,) = groups.macros[PIXEL_MEASURES].values()
    assert float(element_text(raw, is_implicit=True)) == stack.spacing_mm


def test_only_items_with_foreign_text_name_their_character_set() -> None:
    charset = encode_text(0x00080005, "ISO_IR 100", is_implicit=True)
    ascii_only = {0x00080050: encode_text(0x00080050, "1", is_implicit=True)}
    other = {0x00080050: encode_text(0x00080050, "\xe9", is_implicit=True)}
    groups = Groups({1: dict(ascii_only)}, original=dict(other))

    name_charset(groups, charset, is_implicit=True)

    assert 0x00080005 not in groups.macros[1]
    assert groups.original[0x00080005] == charset
