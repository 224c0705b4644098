"""Big endian and back, judged by pydicom's writer, DCMTK and the shape of the standard's VRs."""

import io
from pathlib import Path
from struct import pack

import numpy as np
import pytest
from pydicom import DataElement, Dataset, dcmread
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
)

from isocenter.dicom.endianness import (
    ReorderedPieces,
    is_compressed,
    to_big_endian,
    to_little_endian,
)
from isocenter.dicom.header_index import index_header
from isocenter.dicom.rewrite import rewrite
from isocenter.dicom.streams import ByteRange, BytesSource, read_pieces
from isocenter.errors import NotSupportedError
from tests.builders import add_private, instance, set_fragments, to_bytes
from tests.judges import frames_by_dcmtk, run


def big(data: bytes) -> bytes:
    source = BytesSource(data)
    result = to_big_endian(index_header(source), source)
    return b"".join(read_pieces(result.pieces, [source]))


def little(data: bytes) -> bytes:
    """Return the file in little endian, rewritten first as the services do."""
    plain = io.BytesIO()
    rewrite(io.BytesIO(data), plain)
    source = BytesSource(plain.getvalue())
    result = to_little_endian(index_header(source), source)
    return b"".join(read_pieces(result.pieces, [source]))


def read(data: bytes) -> Dataset:
    return dcmread(io.BytesIO(data))


def numbers_of_each_vr() -> Dataset:
    """Return an instance with every VR that has a byte order, at the top and nested."""
    dataset = instance()
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
        ("LO", "text"),
    ]
    for owner in (dataset, dataset.RequestAttributesSequence[0]):
        block = owner.private_block(0x0009, "ORDER", create=True)
        for number, (vr, value) in enumerate(values):
            block.add_new(number, vr, value)
    return dataset


def test_numbers_of_every_vr_read_the_same_in_big_endian() -> None:
    dataset = numbers_of_each_vr()

    result = read(big(to_bytes(dataset)))

    assert result.file_meta.TransferSyntaxUID == ExplicitVRBigEndian
    for element in dataset:
        if element.keyword != "PixelData":
            assert result[element.tag] == element
    assert np.array_equal(result.pixel_array, dataset.pixel_array)


@pytest.mark.parametrize(
    ("vr", "size"), [("OB", 1), ("UN", 1), ("OW", 2), ("OF", 4), ("OL", 4), ("OD", 8), ("OV", 8)]
)
def test_bulk_bytes_are_turned_round_by_the_size_of_their_numbers(vr: str, size: int) -> None:
    value = bytes(range(16))
    dataset = instance()
    dataset.private_block(0x0009, "BULK", create=True).add_new(1, vr, value)

    result = read(big(to_bytes(dataset)))

    expected = b"".join(value[at : at + size][::-1] for at in range(0, 16, size))
    assert result[0x00091001].value == expected


@pytest.mark.parametrize("bits", [8, 16])
def test_long_values_are_turned_round_in_chunks(bits: int) -> None:
    dataset = instance(rows=1500, columns=1001, bits_stored=bits)

    data = to_bytes(dataset)
    source = BytesSource(data)
    pieces = to_big_endian(index_header(source), source).pieces

    assert isinstance(pieces, ReorderedPieces)
    assert all(isinstance(one, ByteRange) or len(one) <= 1 << 20 for one in pieces)
    assert list(pieces[:2]) == [pieces[0], pieces[1]]
    assert np.array_equal(read(big(data)).pixel_array, dataset.pixel_array)


def test_there_and_back_gives_the_same_bytes() -> None:
    data = little(to_bytes(add_private(numbers_of_each_vr())))

    assert little(big(data)) == data
    assert little(data) == data
    assert big(little(big(data))) == big(data)


def test_undefined_lengths_and_group_lengths_survive() -> None:
    dataset = instance()
    dataset["RequestAttributesSequence"].is_undefined_length = True
    dataset.RequestAttributesSequence[0].is_undefined_length_sequence_item = True
    data = little(to_bytes(dataset))
    at = data.index(b"\x10\0\x10\0PN")
    data = data[:at] + b"\x10\0\0\0UL\4\0" + pack("<I", 99) + data[at:]

    assert little(big(data)) == data


def test_implicit_vr_comes_out_explicit_in_either_order() -> None:
    dataset = instance()
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    data = to_bytes(add_private(dataset))

    for result in (read(little(data)), read(big(data))):
        assert not result.original_encoding[0]
        assert result[0x00091001].VR == "UN"
        assert result.PatientName == dataset.PatientName
        assert result.RequestAttributesSequence == dataset.RequestAttributesSequence
        assert np.array_equal(result.pixel_array, dataset.pixel_array)
    assert read(little(data)).file_meta.TransferSyntaxUID == ExplicitVRLittleEndian


def test_words_of_8_bit_samples_are_turned_round() -> None:
    dataset = instance(bits_stored=8)
    dataset["PixelData"].VR = "OW"

    result = read(big(to_bytes(dataset)))

    assert result["PixelData"].VR == "OW"
    assert result.PixelData[:2] == dataset.PixelData[:2][::-1]


def test_bytes_that_hold_16_bit_samples_become_words() -> None:
    dataset = instance()
    dataset["PixelData"].VR = "OB"

    result = read(big(to_bytes(dataset)))

    assert result["PixelData"].VR == "OW"
    assert np.array_equal(result.pixel_array, dataset.pixel_array)


def wide() -> Dataset:
    """Return an instance with samples of 32 bits."""
    dataset = instance()
    dataset.BitsAllocated = dataset.BitsStored = 32
    dataset.HighBit = 31
    dataset.PixelData = np.arange(48, dtype="<u4").tobytes() * 1
    dataset.Rows, dataset.Columns = 6, 8
    dataset["PixelData"].VR = "OW"
    return dataset


def test_samples_of_32_bits_are_words_and_come_back() -> None:
    data = little(to_bytes(wide()))
    source = BytesSource(data)

    assert "words of 16 bits" in to_big_endian(index_header(source), source).warnings[0]
    assert little(big(data)) == data


@pytest.mark.judge("dcmconv")
@pytest.mark.judge("dcmdump")
@pytest.mark.parametrize("make", [wide, numbers_of_each_vr])
def test_dcmtk_writes_and_reads_the_same(tmp_path: Path, make: object) -> None:
    assert callable(make)
    source, ours, theirs = (tmp_path / name for name in ("a.dcm", "ours.dcm", "theirs.dcm"))
    source.write_bytes(to_bytes(make()))
    ours.write_bytes(big(source.read_bytes()))
    run("dcmconv", "+tb", source, theirs)

    assert "E:" not in run("dcmdump", ours)
    assert Dataset(dcmread(ours)) == Dataset(dcmread(theirs))
    assert frames_by_dcmtk(ours, tmp_path / "1") == frames_by_dcmtk(source, tmp_path / "2")


def test_public_elements_in_un_get_their_vr_and_private_ones_stay() -> None:
    dataset = instance()
    dataset[0x00281101] = DataElement(0x00281101, "UN", b"\0\1\0\0\x10\0")
    dataset[0x00091001] = DataElement(0x00091001, "UN", b"\1\2\3\4")

    result = read(big(to_bytes(dataset)))

    assert result[0x00281101].value == [256, 0, 16]
    assert result[0x00091001].value == b"\1\2\3\4"


def test_items_in_implicit_vr_inside_un_become_a_sequence() -> None:
    item = b"\x28\0\x10\0\2\0\0\0\7\0"
    value = b"\xfe\xff\0\xe0" + pack("<I", len(item)) + item + b"\xfe\xff\xdd\xe0\0\0\0\0"
    raw = b"\x99\0\x10\0LO\2\0X \x99\0\1\x10UN\0\0\xff\xff\xff\xff" + value
    data = to_bytes(instance())
    at = data.index(b"\xe0\x7f\x10\0OW")

    result = read(big(data[:at] + raw + data[at:]))

    assert result[0x00991001].VR == "SQ"
    assert result[0x00991001].value[0].Rows == 7


def test_what_has_one_byte_order_only_is_refused() -> None:
    compressed = to_bytes(set_fragments(instance(), [b"\1\2"], JPEG2000Lossless))
    directory = instance()
    directory.DirectoryRecordSequence = []
    icon = Dataset()
    icon.add_new(0x7FE00010, "OB", b"\xfe\xff\0\xe0\0\0\0\0\xfe\xff\0\xe0\2\0\0\0\1\2")
    icon["PixelData"].is_undefined_length = True
    with_icon = instance()
    with_icon.IconImageSequence = [icon]

    assert is_compressed(index_header(BytesSource(compressed)))
    with pytest.raises(NotSupportedError, match="decompress"):
        big(compressed)
    with pytest.raises(NotSupportedError, match="DICOMDIR"):
        big(to_bytes(directory))
    with pytest.raises(NotSupportedError, match="icon"):
        big(to_bytes(with_icon))


def test_the_transfer_syntax_is_named_where_no_meta_did() -> None:
    data = to_bytes(instance())
    headerless = data[data.index(b"\x08\0\x05\0CS") :]

    assert UID(read(big(headerless)).file_meta.TransferSyntaxUID) == ExplicitVRBigEndian
    assert read(big(headerless)).file_meta.MediaStorageSOPClassUID == instance().SOPClassUID
