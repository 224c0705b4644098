import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import ImplicitVRLittleEndian

from isocenter.errors import InvalidInputError
from tests.multi_frame import classic, split_datasets

SC_BYTE = "1.2.840.10008.5.1.4.1.1.7.2"


def with_overlay(frames: int, planes: int, *, origin: int | None = None) -> Dataset:
    """Return an object whose Overlay has 3 rows by 5 columns: plane n is the binary of n + 1."""
    dataset = classic(SC_BYTE, frames)
    block = {"60000010": 3, "60000011": 5, "60000100": 1, "60000102": 0}
    for tag, value in block.items():
        dataset.add_new(int(tag, 16), "US", value)
    dataset.add_new(0x60000040, "CS", "G")
    dataset.add_new(0x60000050, "SS", [1, 1])
    if planes:
        dataset.add_new(0x60000015, "IS", str(planes))
    if origin is not None:
        dataset.add_new(0x60000051, "US", origin)
    bits = np.zeros((max(planes, 1), 15), np.uint8)
    for plane in range(len(bits)):
        bits[plane] = [(plane + 1) >> place & 1 for place in range(15)]
    data = np.packbits(bits, bitorder="little").tobytes()
    dataset.add_new(0x60003000, "OW", data + b"\0" * (len(data) % 2))
    return dataset


def plane_of(dataset: Dataset) -> int:
    """Return the number that a plane shows."""
    bits = np.unpackbits(np.frombuffer(dataset[0x60003000].value, np.uint8), bitorder="little")
    assert not bits[15:].any()
    return int(sum(int(bit) << place for place, bit in enumerate(bits[:15])))


@pytest.mark.parametrize("is_implicit", [False, True])
def test_each_frame_gets_its_own_plane(is_implicit: bool) -> None:
    """Planes of 15 bits do not end on bytes."""
    dataset = with_overlay(5, 5)
    if is_implicit:
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian

    made = split_datasets(dataset)

    assert [plane_of(one) for one in made] == [1, 2, 3, 4, 5]
    assert all(one[0x60000040].value == "G" for one in made)
    assert not any(0x60000015 in one for one in made)
    assert made[0].overlay_array(0x6000).tolist() == [[1, 0, 0, 0, 0], [0] * 5, [0] * 5]


def test_an_overlay_that_begins_later_leaves_other_frames_without_it() -> None:
    made = split_datasets(with_overlay(4, 2, origin=2))

    assert [plane_of(one) if 0x60003000 in one else None for one in made] == [None, 1, 2, None]
    assert not any(element.tag.group == 0x6000 for element in made[0])
    assert 0x60000051 not in made[1]


def test_an_overlay_of_one_plane_lies_over_every_frame() -> None:
    made = split_datasets(with_overlay(2, 0))

    assert [plane_of(one) for one in made] == [1, 1]


def test_an_overlay_that_is_too_short_is_refused() -> None:
    dataset = with_overlay(3, 3)
    dataset[0x60003000].value = b"\0\0"

    with pytest.raises(InvalidInputError, match="Overlay Data is shorter"):
        split_datasets(dataset)


def test_an_overlay_in_unused_bits_of_the_pixels_is_cut_with_them() -> None:
    dataset = with_overlay(2, 2, origin=1)
    del dataset[0x60003000]

    for one in split_datasets(dataset):
        assert one[0x60000040].value == "G"
        assert not {0x60000015, 0x60000051} & {*one.keys()}
