"""Pixel Data made of parts: the Transfer Syntax of real codestreams, and what they say."""

from struct import pack

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.encaps import generate_frames

from isocenter.dicom.bulk_pixels import BulkPart, ElementError, Pixels, pixels_of
from isocenter.dicom.json_model import JSONObject
from isocenter.dicom.streams import ByteRange, BytesSource, read_pieces
from isocenter.limits import DEFAULT

JPEG = "1.2.840.10008.1.2.4"
OCTETS = "application/octet-stream"


def _pixels(*parts: tuple[str, bytes], uid: str = "", stated: str = "", **told: object) -> Pixels:
    data = b"".join(content for _, content in parts)
    found, offset = [], 0
    for media_type, content in parts:
        found.append(BulkPart(media_type, uid, ByteRange(0, offset, len(content))))
        offset += len(content)
    document: JSONObject = {
        tag[1:]: {"vr": "US", "Value": [value]}  # type: ignore[list-item]  # as JSON is
        for tag, value in told.items()
    }
    return pixels_of(document, found, BytesSource(data), stated, DEFAULT)


def _frame(name: str) -> tuple[Dataset, bytes]:
    dataset = dcmread(str(get_testdata_file(name)))
    return dataset, next(generate_frames(dataset.PixelData, number_of_frames=1))


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("JPEGLSNearLossless_16.dcm", "image/jls"),
        ("MR_small_jpeg_ls_lossless.dcm", "image/jls"),
        ("JPEG2000.dcm", "image/jp2"),
        ("GDCMJ2K_TextGBR.dcm", "image/jp2"),
        ("SC_rgb_jpeg_gdcm.dcm", "image/jpeg"),
        ("SC_rgb_dcmtk_+eb+cr.dcm", "image/jpeg"),
        ("JPEG-lossy.dcm", "image/jpeg"),
        ("SC_rgb_rle.dcm", "image/dicom-rle"),
    ],
)
def test_a_codestream_says_what_it_is(name: str, media_type: str) -> None:
    dataset, frame = _frame(name)
    pixels = _pixels((media_type, frame))
    assert pixels.transfer_syntax_uid == dataset.file_meta.TransferSyntaxUID
    for tag in pixels.told.keys() & {"00280002", "00280010", "00280011", "00280004", "00280100"}:
        assert pixels.told[tag]["Value"] == [dataset[tag].value]  # type: ignore[index, call-overload]
    assert ("00280010" in pixels.told) == (media_type != "image/dicom-rle")
    assert ("00282110" in pixels.told) == (
        pixels.transfer_syntax_uid[-2:] in {"50", "51", "81", "91"}
    )


def test_what_the_metadata_says_must_not_contradict_it() -> None:
    _, frame = _frame("JPEG-lossy.dcm")
    with pytest.raises(ElementError) as raised:
        _pixels(("image/jpeg", frame), _00280010=5)
    assert raised.value.tag == 0x00280010
    with pytest.raises(ElementError) as raised:
        _pixels(("image/jpeg", frame), ("image/jpeg", frame), _00280008=3)
    assert raised.value.tag == 0x00280008


def test_several_frames_have_a_table_and_a_number() -> None:
    _, frame = _frame("JPEG-lossy.dcm")
    pixels = _pixels(("image/jpeg", frame), ("image/jpeg", frame))
    assert pixels.told["00280008"] == {"vr": "IS", "Value": [2]}
    data = b"".join(read_pieces(pixels.pieces, [BytesSource(frame * 2)]))
    padded = len(frame) + len(frame) % 2
    assert data[12:28] == pack("<HHIII", 0xFFFE, 0xE000, 8, 0, padded + 8)


def test_jpeg_2000_comes_out_of_its_boxes() -> None:
    _, frame = _frame("MR_small_jp2klossless.dcm")
    codestream = frame[: frame.rfind(b"\xff\xd9") + 2]
    boxes = b"\0\0\0\x0cjP  \r\n\x87\n" + pack(">I4s", 8 + len(codestream), b"jp2c") + codestream
    pixels = _pixels(("image/jp2", boxes))
    assert pixels.transfer_syntax_uid == f"{JPEG}.90"
    assert b"jp2c" not in b"".join(read_pieces(pixels.pieces, [BytesSource(boxes)]))


def test_bytes_are_native_unless_something_else_is_said() -> None:
    assert _pixels((OCTETS, b"\1\2\3")).transfer_syntax_uid == "1.2.840.10008.1.2.1"
    frame = _frame("MR_small_jp2klossless.dcm")[1]
    stated = f"{JPEG}.90"
    assert _pixels((OCTETS, frame), stated=stated).transfer_syntax_uid == stated
    with pytest.raises(ElementError):
        _pixels((OCTETS, b"\1\2\3"), stated=stated)


def test_items_are_taken_as_they_are() -> None:
    value = dcmread(str(get_testdata_file("SC_rgb_rle_2frame.dcm"))).PixelData
    pixels = _pixels((OCTETS, value), uid="1.2.840.10008.1.2.5")
    data = b"".join(read_pieces(pixels.pieces, [BytesSource(value)]))
    assert data[12 : 12 + len(value)] == value
    assert pixels.keeps_tables


@pytest.mark.parametrize(
    ("media_type", "data", "uid"),
    [
        ("image/jpeg", b"no JPEG", ""),
        ("image/jpeg", b"\xff\xd8\xff\xc2\0\x0b\x08\0\1\0\1\1\1\x11\0", ""),
        ("image/jp2", b"no JPEG 2000", ""),
        ("image/png", b"\x89PNG", ""),
        ("text/html", b"x", ""),
        (OCTETS, b"x", "1.2.840.10008.1.2.2"),
        (OCTETS, b"x", "1.2.3"),
        (OCTETS, b"x", f"{JPEG}.50"),
    ],
)
def test_what_pixels_cannot_be_made_of_is_refused(media_type: str, data: bytes, uid: str) -> None:
    with pytest.raises(ElementError) as raised:
        _pixels((media_type, data), uid=uid)
    assert raised.value.tag == 0x7FE00010


def test_frames_have_one_transfer_syntax() -> None:
    _, lossy = _frame("JPEG-lossy.dcm")
    _, lossless = _frame("SC_rgb_jpeg_gdcm.dcm")
    with pytest.raises(ElementError, match="several"):
        _pixels(("image/jpeg", lossy), ("image/jpeg", lossless))
    with pytest.raises(ElementError, match="video"):
        _pixels(("video/mp4", b"a"), ("video/mp4", b"b"))
    assert _pixels(("video/mp4", b"a")).transfer_syntax_uid == f"{JPEG}.102"
