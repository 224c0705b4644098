import struct

import pytest

from isocenter.dicom.instance_root import InstanceRoot, retagged
from tests.raw_instance import Elements, Raw, encode, sequence, text, us


def root_of(elements: Elements, *, is_implicit: bool = False) -> InstanceRoot:
    return InstanceRoot(
        {tag: encode({tag: raw}, is_implicit=is_implicit) for tag, raw in elements.items()},
        is_implicit=is_implicit,
    )


@pytest.mark.parametrize("is_implicit", [False, True])
def test_values_are_read_as_their_vr_says(is_implicit: bool) -> None:
    root = root_of(
        {
            0x00080008: text("CS", "ORIGINAL\\PRIMARY"),
            0x00180081: text("DS", "12.5\\3"),
            0x00189082: Raw("FD", struct.pack("<d", 4.25)),
            0x00209128: Raw("UL", struct.pack("<I", 70000)),
            0x00540080: us(1, 2, 3),
        },
        is_implicit=is_implicit,
    )

    assert root.texts(0x00080008) == ["ORIGINAL", "PRIMARY"]
    assert root.text(0x00080008) == "ORIGINAL"
    assert root.numbers(0x00180081) == [12.5, 3]
    assert root.numbers(0x00189082) == [4.25]
    assert root.numbers(0x00209128) == [70000]
    assert root.numbers(0x00540080) == [1, 2, 3]


def test_what_is_absent_or_empty_has_no_value() -> None:
    root = root_of({0x00180081: text("DS", "")})

    assert not root.has_value(0x00180081)
    assert not root.has_value(0x00180080)
    assert not root.texts(0x00180081)
    assert not root.numbers(0x00180080)
    assert not root.items(0x00081140)
    assert root.text(0x00180080) == ""


@pytest.mark.parametrize("value", ["x", "1_0", "1\\", "inf", "nan"])
def test_what_is_no_number_is_not_taken_for_one(value: str) -> None:
    assert root_of({0x00180081: text("DS", value)}).numbers(0x00180081) == []


def test_numbers_of_unknown_vr_are_read_as_the_standard_says() -> None:
    raw = Raw("UN", struct.pack("<d", 2.5))

    assert root_of({0x00189082: raw}).numbers(0x00189082) == [2.5]


def test_a_cut_binary_value_gives_its_whole_numbers() -> None:
    raw = Raw("FD", struct.pack("<d", 2.5) + b"\1\2")

    assert root_of({0x00189082: raw}).numbers(0x00189082) == [2.5]


@pytest.mark.parametrize("is_undefined", [False, True])
def test_items_of_an_encoded_sequence_are_read(is_undefined: bool) -> None:
    held = sequence({0x00080100: text("SH", "A")}, {}, is_undefined=is_undefined)

    items = root_of({0x0040A170: held}).items(0x0040A170)

    assert [one.value(0x00080100) for one in items] == [b"A ", b""]


@pytest.mark.parametrize("is_implicit", [False, True])
def test_elements_are_set_as_the_root_is_encoded(is_implicit: bool) -> None:
    root = InstanceRoot({}, is_implicit=is_implicit)

    root.set_text(0x00080008, "A", "B")
    root.set_decimal(0x00280030, 0.1 + 0.2, -1e-20)
    root.set_us(0x00280010, 512)
    root.set_empty(0x00180022)
    root.set_empty(0x00280106)

    expected: Elements = {
        0x00080008: text("CS", "A\\B"),
        0x00280030: text("DS", "0.3\\-1e-20"),
        0x00280010: us(512),
        0x00180022: Raw("CS", b""),
        0x00280106: Raw("US", b""),
    }
    assert root.elements == root_of(expected, is_implicit=is_implicit).elements


def test_elements_are_copied_and_removed() -> None:
    root = root_of({0x00209158: text("LT", "late"), 0x00080008: text("CS", "A")})

    root.copy_as(0x00209158, 0x00204000)
    root.remove(0x00080008, 0x00080016)

    assert (
        root.elements
        == root_of({0x00209158: text("LT", "late"), 0x00204000: text("LT", "late")}).elements
    )


def test_another_tag_leaves_the_rest_of_an_element_alone() -> None:
    assert retagged(encode({0x00280106: us(3)}), 0x00280108) == encode({0x00280108: us(3)})
