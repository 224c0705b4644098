import io
from dataclasses import replace
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.encaps import encapsulate_extended, generate_frames

from isocenter.dicom.frames import (
    FrameIndex,
    FrameSpan,
    index_frames,
    number_of_frames,
    read_frame,
)
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.errors import (
    CorruptPixelDataError,
    FrameNotFoundError,
    InvalidInputError,
    MissingElementError,
    TooLargeError,
)
from isocenter.limits import DEFAULT
from tests.builders import instance, set_fragments, to_bytes
from tests.raw_instance import (
    IMPLICIT,
    JPEG_2000,
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

JPEG, EOI = b"\xff\xd8\xff\xe0", b"\xff\xd9"


def indexed(stream: bytes) -> FrameIndex:
    source = BytesSource(stream)
    return index_frames(index_header(source), source)


def frames_of(stream: bytes) -> list[bytes]:
    source = BytesSource(stream)
    index = index_frames(index_header(source), source)
    return [read_frame(source, index, number) for number in range(1, len(index.spans) + 1)]


def multi_frame(frames: int, pixel_data: Raw, *, bits: int = 16) -> Elements:
    return {
        **ct_slice(),
        0x00280008: text("IS", str(frames)),
        0x00280100: us(bits),
        PIXEL_DATA: pixel_data,
    }


@pytest.mark.parametrize("transfer_syntax_uid", ["1.2.840.10008.1.2.1", IMPLICIT])
def test_native_frames_follow_one_another(transfer_syntax_uid: str) -> None:
    data = bytes(range(36))
    stream = part10(multi_frame(3, Raw("OW", data)), transfer_syntax_uid)

    assert frames_of(stream) == [data[:12], data[12:24], data[24:]]
    assert indexed(stream).extra_bytes == 0
    assert not indexed(stream).is_encapsulated


def test_the_pad_byte_of_odd_frames_is_no_pixel() -> None:
    """PS3.5 8.1.1: 3 frames of 3 bytes, and one to make the length even."""
    elements = multi_frame(3, Raw("OB", b"aaabbbccc\0"), bits=8)
    elements[0x00280010] = us(1)

    assert frames_of(part10(elements)) == [b"aaa", b"bbb", b"ccc"]
    assert indexed(part10(elements)).extra_bytes == 0


@pytest.mark.parametrize(("more", "extra"), [(b"", 0), (b"\0\0", 2), (bytes(12), 12)])
def test_bytes_after_the_last_frame_are_counted(more: bytes, extra: int) -> None:
    stream = part10(multi_frame(1, Raw("OW", bytes(12) + more)))

    assert indexed(stream).extra_bytes == extra


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "YBR_PARTIAL_422"])
def test_subsampled_colours_take_two_thirds(photometric: str) -> None:
    """PS3.3 C.7.6.3.1.2: two pixels are Y Y Cb Cr; the same name over whole colours is found."""
    colours = {0x00280002: us(3), 0x00280004: text("CS", photometric), 0x00280011: us(2)}
    subsampled = {**multi_frame(2, Raw("OB", b"YYbrYYbryybryybr"), bits=8), **colours}
    whole = {**subsampled, PIXEL_DATA: Raw("OB", b"Y" * 12 + b"y" * 12)}

    assert frames_of(part10(subsampled)) == [b"YYbrYYbr", b"yybryybr"]
    assert frames_of(part10(whole)) == [b"Y" * 12, b"y" * 12]
    with pytest.raises(CorruptPixelDataError):
        indexed(part10({**subsampled, PIXEL_DATA: Raw("OB", bytes(14))}))


def test_frames_of_bits_share_bytes() -> None:
    """PS3.5 8.1.1: six bits a frame, not padded; each comes with every byte that holds its bits."""
    stream = part10(multi_frame(3, Raw("OB", b"\x01\x02\x03\x00"), bits=1))

    assert frames_of(stream) == [b"\x01", b"\x01\x02", b"\x02\x03"]
    assert indexed(stream).extra_bytes == 0


@pytest.mark.parametrize(
    ("tag", "raw", "error"),
    [
        (PIXEL_DATA, Raw("OW", bytes(10)), CorruptPixelDataError),
        (PIXEL_DATA, Raw("OW", b""), CorruptPixelDataError),
        (0x00280010, us(0), CorruptPixelDataError),
        (0x00280010, Raw("US", b""), MissingElementError),
        (0x00280008, text("IS", "2"), CorruptPixelDataError),
        (0x00280008, text("IS", "many"), InvalidInputError),
        (0x00280008, text("IS", "1" * 5000), InvalidInputError),
    ],
)
def test_headers_that_contradict_the_pixels_are_refused(
    tag: int, raw: Raw, error: type[Exception]
) -> None:
    with pytest.raises(error):
        indexed(part10({**ct_slice(), tag: raw}))


@pytest.mark.parametrize("tag", [PIXEL_DATA, 0x00280010, 0x00280011, 0x00280100])
def test_missing_elements_are_named(tag: int) -> None:
    elements = ct_slice()
    del elements[tag]

    with pytest.raises(MissingElementError, match=r"PixelData|Rows|Columns|BitsAllocated"):
        indexed(part10(elements))


@pytest.mark.parametrize(("value", "count"), [("", 1), ("0", 1), ("1", 1), (" 2", 2), ("+2", 2)])
def test_number_of_frames_is_at_least_one(value: str, count: int) -> None:
    stream = part10({**ct_slice(), 0x00280008: text("IS", value)})

    assert number_of_frames(index_header(BytesSource(stream)).dataset) == count


def test_more_frames_than_the_bound_are_refused_before_memory_fills() -> None:
    elements = multi_frame(25, Raw("OB", bytes(50)), bits=8)
    elements[0x00280010] = elements[0x00280011] = us(1)
    source = BytesSource(part10(elements))

    with pytest.raises(TooLargeError):
        index_frames(index_header(source), source, replace(DEFAULT, header_fragments=24))


@given(
    frames=st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=4),
    per_frame=st.integers(1, 3),
    has_offset_table=st.booleans(),
)
def test_encapsulated_frames_are_those_of_pydicom(
    frames: list[bytes], per_frame: int, has_offset_table: bool
) -> None:
    # Without a table both find Frames by the markers of JPEG: start of image, end of image.
    encoded = [JPEG + frame + b"\0" * (len(frame) % 2) + bytes(6) + EOI for frame in frames]
    dataset = instance()
    dataset.NumberOfFrames = len(encoded)
    set_fragments(
        dataset,
        encoded,
        JPEG_2000,
        fragments_per_frame=per_frame,
        has_offset_table=has_offset_table,
    )
    stream = to_bytes(dataset)

    expected = generate_frames(dcmread(io.BytesIO(stream)).PixelData, number_of_frames=len(encoded))

    assert indexed(stream).is_encapsulated
    assert frames_of(stream) == list(expected) == encoded


def test_the_span_of_a_frame_holds_its_items() -> None:
    stream = part10(multi_frame(1, fragments(b"abcd", b"ef")), RLE)

    (span,) = indexed(stream).spans

    assert stream[span.offset : span.offset + span.length] == (
        b"\xfe\xff\x00\xe0\4\0\0\0abcd\xfe\xff\x00\xe0\2\0\0\0ef"
    )
    assert len(span.fragments) == 2


def test_an_extended_offset_table_decides() -> None:
    """PS3.3 C.7.6.3.1.8."""
    encoded = [b"no signature", b"none here either"]
    data, offsets, lengths = encapsulate_extended(encoded)
    raw = Raw("OB", data + b"\xfe\xff\xdd\xe0\0\0\0\0", is_undefined=True)
    elements = multi_frame(2, raw)
    elements[0x7FE00001], elements[0x7FE00002] = Raw("OV", offsets), Raw("OV", lengths)

    assert frames_of(part10(elements, JPEG_2000)) == encoded


def test_an_extended_offset_table_assigns_several_fragments() -> None:
    elements = multi_frame(2, fragments(b"aa", b"bb", b"cc"))
    elements[0x7FE00001] = Raw("OV", pack("<2Q", 0, 20))

    assert frames_of(part10(elements, JPEG_2000)) == [b"aabb", b"cc"]


@pytest.mark.parametrize(
    "table",
    [pack("<2I", 0, 10), pack("<2I", 0, 21), pack("<2I", 10, 0), pack("<2I", 0, 0), pack("<I", 4)],
)
def test_an_offset_table_either_points_at_fragments_or_is_refused(table: bytes) -> None:
    stream = part10(multi_frame(2, fragments(b"aa", b"bb", b"cc", table=table)), RLE)

    if table == pack("<2I", 0, 10):
        assert frames_of(stream) == [b"aa", b"bbcc"]
    else:
        with pytest.raises(CorruptPixelDataError):
            indexed(stream)


@pytest.mark.parametrize(
    "pixel_data",
    [
        fragments(b"aa", b"bb", b"cc"),  # no table, nothing that starts a frame
        fragments(b"aa", JPEG, JPEG),  # the first fragment starts none
        fragments(b"aa"),  # one fragment for two frames
        fragments(),  # the table alone
        Raw("OB", b"\xfe\xff\xdd\xe0\0\0\0\0", is_undefined=True),  # not even the table
    ],
)
def test_fragments_that_fit_no_frames_are_refused(pixel_data: Raw) -> None:
    with pytest.raises(CorruptPixelDataError):
        indexed(part10(multi_frame(2, pixel_data), JPEG_2000))


@pytest.mark.parametrize("number", [-1, 0, 2])
def test_there_is_no_frame_outside_the_index(number: int) -> None:
    source = BytesSource(part10(ct_slice()))
    index = indexed(part10(ct_slice()))

    with pytest.raises(FrameNotFoundError):
        read_frame(source, index, number)


def test_a_source_that_ends_early_is_noticed() -> None:
    index = FrameIndex((FrameSpan(2, 4),), is_encapsulated=False)

    with pytest.raises(CorruptPixelDataError):
        read_frame(BytesSource(b"12345"), index, 1)
