"""Big endian turned into little endian, against pydicom's writer and views."""

import io
from struct import pack

import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from isocenter.dicom.byte_order import swap_data_set
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import Limits
from tests.builders import instance


def encoded(dataset: Dataset, *, is_little_endian: bool) -> bytes:
    """Return the Data Set alone as pydicom writes it in one of the two orders."""
    stream = io.BytesIO()
    plain = Dataset()
    plain.update(dataset)
    dcmwrite(stream, plain, implicit_vr=False, little_endian=is_little_endian)
    return stream.getvalue()


def swapped(data: bytes, limits: Limits | None = None) -> bytes:
    target = io.BytesIO()
    swap_data_set(io.BytesIO(data), target, limits or Limits())
    return target.getvalue()


def numbers_of_each_vr() -> Dataset:
    """Return a Data Set with every VR that has a byte order, also nested, and text."""
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = "Jörg"
    block = dataset.private_block(0x0009, "ORDER", create=True)
    values: list[tuple[str, object]] = [
        ("US", [1, 0x1234]),
        ("SS", [-2, 3]),
        ("UL", [0x12345678, 1]),
        ("SL", -5),
        ("FL", 1.5),
        ("FD", [2.25, -1e300]),
        ("UV", 0x123456789ABCDEF0),
        ("SV", -9),
        ("AT", [0x00100020, 0x7FE00010]),
        ("OB", b"\1\2\3\4"),
        ("LO", "text"),
    ]
    for number, (vr, value) in enumerate(values):
        block.add_new(number, vr, value)
    item = Dataset()
    item.Rows = 0x0102
    item.FrameIncrementPointer = 0x00181063
    inner = Dataset()
    inner.Columns = 0x0304
    item.ReferencedImageSequence = [inner, Dataset()]
    dataset.ReferencedStudySequence = [item, item]
    dataset.Rows = 7
    return dataset


@pytest.mark.parametrize("is_undefined", [False, True])
def test_every_number_is_turned_round_as_pydicom_turns_it(is_undefined: bool) -> None:
    dataset = numbers_of_each_vr()
    sequence = dataset["ReferencedStudySequence"]
    sequence.is_undefined_length = is_undefined
    for item in sequence.value:
        item.is_undefined_length_sequence_item = is_undefined

    assert swapped(encoded(dataset, is_little_endian=False)) == encoded(
        dataset, is_little_endian=True
    )


@pytest.mark.parametrize("vr", ["OW", "OL", "OF", "OD", "OV"])
def test_arrays_of_numbers_are_turned_round(vr: str) -> None:
    number_bytes = {"OW": 2, "OL": 4, "OF": 4, "OD": 8, "OV": 8}[vr]
    value = bytes(range(16))
    turned = b"".join(value[k : k + number_bytes][::-1] for k in range(0, len(value), number_bytes))
    big = pack(">HH2sHI", 0x0009, 0x1001, vr.encode(), 0, 16) + value

    assert swapped(big) == pack("<HH2sHI", 0x0009, 0x1001, vr.encode(), 0, 16) + turned


def pixels_in_big_endian(bits_allocated: int, vr: bytes, value: bytes) -> bytes:
    bits = pack(">HH2sHH", 0x0028, 0x0100, b"US", 2, bits_allocated)
    return bits + pack(">HH2sHI", 0x7FE0, 0x0010, vr, 0, len(value)) + value


@pytest.mark.parametrize(
    ("bits_allocated", "vr", "expected"),
    [
        (8, b"OB", b"\0\1\2\3\4\5\6\7"),
        (8, b"OW", b"\1\0\3\2\5\4\7\6"),
        (1, b"OW", b"\1\0\3\2\5\4\7\6"),
        (16, b"OW", b"\1\0\3\2\5\4\7\6"),
        (32, b"OW", b"\3\2\1\0\7\6\5\4"),
        (64, b"OW", b"\7\6\5\4\3\2\1\0"),
        (16, b"OB", b"\1\0\3\2\5\4\7\6"),
        (12, b"OW", b"\1\0\3\2\5\4\7\6"),
    ],
)
def test_pixel_data_is_turned_round_by_its_samples(
    bits_allocated: int, vr: bytes, expected: bytes
) -> None:
    big = pixels_in_big_endian(bits_allocated, vr, bytes(range(8)))

    assert swapped(big).endswith(expected)


def test_an_icon_does_not_change_how_the_pixels_of_the_root_are_turned() -> None:
    icon_bits = pack(">HH2sHH", 0x0028, 0x0100, b"US", 2, 8)
    icon = icon_bits + pack(">HH2sHI", 0x7FE0, 0x0010, b"OB", 0, 2) + b"ab"
    item = pack(">HHI", 0xFFFE, 0xE000, len(icon)) + icon
    sequence = pack(">HH2sHI", 0x0088, 0x0200, b"SQ", 0, len(item)) + item
    root = pixels_in_big_endian(32, b"OW", bytes(range(8)))

    little = swapped(root[:10] + sequence + root[10:])

    assert little.endswith(b"\3\2\1\0\7\6\5\4")
    assert b"ab" in little


def test_long_pixel_data_is_turned_round_across_its_chunks() -> None:
    value = bytes(range(256)) * 10_000

    little = swapped(pixels_in_big_endian(16, b"OW", value))

    assert little[-len(value) :: 2] == value[1::2]
    assert little[-len(value) + 1 :: 2] == value[::2]


def test_a_whole_instance_reads_like_the_one_written_in_little_endian() -> None:
    dataset = instance()
    big = io.BytesIO()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dcmwrite(big, dataset, enforce_file_format=True)
    start = big.getvalue().index(b"\0\x08\0\x05CS")

    little = dcmread(
        io.BytesIO(swapped(big.getvalue()[start:])), force=True, stop_before_pixels=True
    )

    little.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    del dataset.PixelData
    assert little == dataset


def test_un_stays_as_it_is() -> None:
    big = pack(">HH2sHI", 0x0009, 0x1001, b"UN", 0, 4) + b"\1\2\3\4"

    assert swapped(big).endswith(b"\1\2\3\4")


def test_a_cut_is_passed_on() -> None:
    whole = encoded(numbers_of_each_vr(), is_little_endian=False)
    little = swapped(whole)

    for length in range(len(whole)):
        cut = swapped(whole[:length])
        assert len(cut) == length
        # The bytes of a number or header that is itself cut may stand in either order.
        assert little.startswith(cut[: max(0, length - 12)])


@pytest.mark.parametrize(
    "data",
    [
        pack(">HH2sH", 0x0008, 0x0005, b"ZZ", 0),
        pack(">HH2sHI", 0x0009, 0x1001, b"UN", 0, 0xFFFFFFFF),
        pack(">HH2sHI", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF),
        pack(">HHI", 0xFFFE, 0xE00D, 0),
    ],
)
def test_what_big_endian_cannot_have_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError):
        swapped(data)


def test_depth_and_elements_are_bounded() -> None:
    opening = pack(">HH2sHI", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    opening += pack(">HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    empty = pack(">HH2sH", 0x0008, 0x0060, b"CS", 0)

    with pytest.raises(TooLargeError, match="header_depth"):
        swapped(opening * 100)
    with pytest.raises(TooLargeError, match="header_elements"):
        swapped(empty * 101, Limits(header_elements=100))
    assert len(swapped(opening * 64)) == len(opening * 64)
