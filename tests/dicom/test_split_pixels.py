import io

import pytest
from pydicom import dcmread

from isocenter.dicom.header_index import index_header
from isocenter.dicom.split_pixels import cut_bits, has_pixels, index_pixels, pixel_pieces
from isocenter.dicom.streams import ByteRange, BytesSource
from isocenter.errors import CorruptPixelDataError, MissingElementError
from tests.raw_instance import (
    EXPLICIT,
    IMPLICIT,
    PIXEL_DATA,
    RLE,
    Elements,
    Raw,
    ct_slice,
    fragments,
    part10,
    text,
    us,
)

FLOAT, DOUBLE = 0x7FE00008, 0x7FE00009


def image(pixels: Raw, frames: int, *, bits: int = 8, tag: int = PIXEL_DATA) -> Elements:
    """Return 1 row by 3 columns."""
    elements = ct_slice() | {
        0x00280008: text("IS", str(frames)),
        0x00280010: us(1),
        0x00280100: us(bits),
    }
    del elements[PIXEL_DATA]
    return {**elements, tag: pixels}


def elements_of(stream: bytes) -> list[bytes]:
    """Return the encoded element of each Frame."""
    source = BytesSource(stream)
    header = index_header(source)
    index = index_pixels(header, source)
    made = []
    for frame_number in range(1, len(index.frames.spans) + 1):
        pieces = pixel_pieces(index, source, frame_number, is_implicit=header.dataset.is_implicit)
        made.append(
            b"".join(
                source.read_at(piece.offset, piece.length)
                if isinstance(piece, ByteRange)
                else piece
                for piece in pieces
            )
        )
    return made


def value_of(element: bytes) -> bytes:
    """Return what pydicom finds in an explicit element."""
    dataset = dcmread(io.BytesIO(element), force=True)
    (only,) = dataset
    assert isinstance(only.value, bytes)
    return only.value


def test_frames_of_whole_bytes_are_ranges_of_the_source() -> None:
    source = BytesSource(part10(image(Raw("OB", b"\1\2\3\4\5\6"), 2)))
    index = index_pixels(index_header(source), source)

    pieces = list(pixel_pieces(index, source, 2, is_implicit=False))

    (span,) = [piece for piece in pieces if isinstance(piece, ByteRange)]
    assert source.read_at(span.offset, span.length) == b"\4\5\6"
    assert pieces[-1] == b"\0"


@pytest.mark.parametrize("transfer_syntax_uid", [EXPLICIT, IMPLICIT])
def test_bits_are_cut_out_and_begin_at_the_first_byte(transfer_syntax_uid: str) -> None:
    """Five frames of three bits: 101 110 011 000 111, the first bit of each in the lowest place."""
    bits = "101110011000111"
    number = int("".join(reversed(bits)), 2)
    stream = part10(image(Raw("OB", number.to_bytes(2, "little")), 5, bits=1), transfer_syntax_uid)

    made = elements_of(stream)

    assert [element[-2:] for element in made] == [
        bytes([one, 0]) for one in (0b101, 0b011, 0b110, 0b000, 0b111)
    ]


def test_bits_that_end_on_bytes_are_ranges_too() -> None:
    elements = image(Raw("OB", b"\x81\x42"), 2, bits=1) | {0x00280011: us(8)}
    source = BytesSource(part10(elements))
    index = index_pixels(index_header(source), source)

    pieces = list(pixel_pieces(index, source, 2, is_implicit=False))

    assert [piece.length for piece in pieces if isinstance(piece, ByteRange)] == [1]


def test_cut_bits_masks_what_follows() -> None:
    assert cut_bits(b"\xff\xff", 3, 5) == b"\x1f"
    assert cut_bits(b"\xf0\x0f", 4, 8) == b"\xff"
    assert cut_bits(b"\xff\xff\x03", 1, 17) == b"\xff\xff\x01"


@pytest.mark.parametrize(("tag", "bits", "vr"), [(FLOAT, 32, "OF"), (DOUBLE, 64, "OD")])
def test_float_pixels_are_found_and_keep_their_element(tag: int, bits: int, vr: str) -> None:
    frames = [bytes([value]) * (3 * bits // 8) for value in (1, 2)]
    stream = part10(image(Raw(vr, b"".join(frames)), 2, bits=bits, tag=tag))

    made = elements_of(stream)

    assert [value_of(element) for element in made] == frames
    assert made[0][:6] == bytes([0xE0, 0x7F, tag & 0xFF, 0, *vr.encode()])
    assert has_pixels(index_header(BytesSource(stream)).dataset)


def test_fragments_of_a_frame_stay_as_they_are() -> None:
    table = (0).to_bytes(4, "little") + (20).to_bytes(4, "little")
    stream = part10(image(fragments(b"ab", b"cd", b"ef", table=table), 2), RLE)

    first, second = elements_of(stream)

    empty_table, end = b"\xfe\xff\x00\xe0\0\0\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0"
    item = b"\xfe\xff\x00\xe0\2\0\0\0"
    head = b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff"
    assert first == head + empty_table + item + b"ab" + item + b"cd" + end
    assert second == head + empty_table + item + b"ef" + end


@pytest.mark.parametrize(
    ("pixels", "transfer_syntax_uid"),
    [(fragments(b"ab", b"cd"), EXPLICIT), (Raw("OB", bytes(6)), RLE)],
)
def test_pixels_that_contradict_the_transfer_syntax_are_refused(
    pixels: Raw, transfer_syntax_uid: str
) -> None:
    source = BytesSource(part10(image(pixels, 2), transfer_syntax_uid))

    with pytest.raises(CorruptPixelDataError, match="Transfer Syntax"):
        index_pixels(index_header(source), source)


def test_an_object_without_pixels_is_told_so() -> None:
    elements = image(Raw("OB", b""), 1)
    del elements[PIXEL_DATA]
    source = BytesSource(part10(elements))
    header = index_header(source)

    assert not has_pixels(header.dataset)
    with pytest.raises(MissingElementError):
        index_pixels(header, source)
