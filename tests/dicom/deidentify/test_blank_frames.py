from dataclasses import replace

import numpy as np
import pytest

from isocenter.dicom.codecs import DECODERS, ENCODERS, decode_frame, encode_frame
from isocenter.dicom.codestreams import parse_jpeg, parse_jpeg_2000
from isocenter.dicom.deidentify.blank_frames import Blanker, codec_to_change_to
from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.errors import CorruptPixelDataError, NotSupportedError
from tests.coded import Array, frame, pixel_format
from tests.dicom.deidentify.test_blanking import EMPTY

REGIONS = [Region(10, 5, 20, 9), Region(0, 36, 50, 1)]
FAMILY = "1.2.840.10008.1.2.4."
FORMATS = {
    "8": pixel_format(bits_stored=8, bits_allocated=8),
    "12": pixel_format(),
    "16 signed": pixel_format(bits_stored=16, is_signed=True),
    "12 signed": pixel_format(is_signed=True),
    "inverse": pixel_format(photometric="MONOCHROME1"),
    "colour": pixel_format(bits_stored=8, bits_allocated=8, samples=3),
    "full": pixel_format(bits_stored=8, bits_allocated=8, samples=3, photometric="YBR_FULL"),
}
BLACK: dict[str, int | list[int]] = {
    "16 signed": -32768,
    "12 signed": -2048,
    "inverse": 4095,
    "full": [0, 128, 128],
}


def blanker(uid: str, pixels: PixelFormat) -> Blanker:
    return Blanker(uid, pixels, EMPTY, REGIONS)


def expected(kind: str, before: Array) -> Array:
    after = before.copy()
    after[5:14, 10:30] = after[36:] = BLACK.get(kind, 0)
    return after


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", ENCODERS)
def test_a_frame_keeps_its_encoding_and_its_other_samples(name: str, kind: str) -> None:
    codec, pixels = ENCODERS[name], FORMATS[kind]
    before = frame(pixels)
    data = encode_frame(codec, before, pixels)

    made = blanker(codec.lossless_uid, pixels).encoded(data)

    assert np.array_equal(decode_frame(codec, made, pixels), expected(kind, before))
    assert blanker(codec.lossless_uid, pixels).encoded(made) is made


@pytest.mark.parametrize(
    ("name", "loss", "uid"),
    [("j2k", 40, "91"), ("jpegls", -3, "81"), ("jpegxl", -1, "112"), ("htj2k", 8, "203")],
)
def test_a_lossy_frame_keeps_what_it_decodes_to(name: str, loss: float, uid: str) -> None:
    codec, pixels = ENCODERS[name], FORMATS["colour"]
    data = encode_frame(codec, frame(pixels), pixels, loss)
    before = decode_frame(codec, data, pixels)
    assert not np.array_equal(before, frame(pixels))

    made = blanker(FAMILY + uid, pixels).encoded(data)

    assert np.array_equal(decode_frame(codec, made, pixels), expected("colour", before))


@pytest.mark.parametrize("photometric", ["YBR_RCT", "YBR_ICT"])
def test_the_colours_that_a_decoder_gives_are_blanked(photometric: str) -> None:
    codec, pixels = ENCODERS["j2k"], FORMATS["colour"]
    data = encode_frame(codec, frame(pixels), pixels)

    made = blanker(FAMILY + "91", pixels.with_colours(photometric)).encoded(data)

    assert np.array_equal(decode_frame(codec, made, pixels), expected("colour", frame(pixels)))
    assert parse_jpeg_2000(made).has_colour_transform


def test_a_frame_without_a_colour_transform_gets_none() -> None:
    codec, pixels = ENCODERS["j2k"], FORMATS["colour"]
    data = encode_frame(codec, frame(pixels), pixels.with_colours("YBR_FULL"))

    made = blanker(FAMILY + "90", pixels).encoded(data)

    assert np.array_equal(decode_frame(codec, made, pixels), expected("colour", frame(pixels)))
    assert not parse_jpeg_2000(made).has_colour_transform


def test_the_frame_decides_about_its_depth_and_sign() -> None:
    """The header says 12 bits, signed; the Frame has 16 and no sign, as some archives have it."""
    inside = pixel_format(bits_stored=16)
    header = pixel_format(is_signed=True)
    data = encode_frame(ENCODERS["jpegls"], frame(inside), inside)

    made = blanker(FAMILY + "80", header).encoded(data)

    assert parse_jpeg(made).bits == 16
    after = decode_frame(ENCODERS["jpegls"], made, inside)
    wanted = frame(inside)
    wanted[5:14, 10:30] = wanted[36:] = 0xF800  # -2048
    assert np.array_equal(after, wanted)


def test_a_deep_unsigned_frame_of_a_signed_codestream_is_black_too() -> None:
    inside = pixel_format(is_signed=True)
    header = pixel_format(photometric="MONOCHROME1")
    data = encode_frame(ENCODERS["j2k"], frame(inside), inside)

    made = blanker(FAMILY + "90", header).encoded(data)

    after = decode_frame(ENCODERS["j2k"], made, header)
    assert np.all(after[5:14, 10:30] == 4095)


def test_cells_with_high_bits_are_blanked_as_cells() -> None:
    shifted = replace(pixel_format(photometric="MONOCHROME1"), high_bit=15)
    data = encode_frame(ENCODERS["rle"], frame(shifted), shifted)

    made = blanker(ENCODERS["rle"].lossless_uid, shifted).encoded(data)

    after = decode_frame(ENCODERS["rle"], made, shifted)
    assert np.all(after[5:14, 10:30] == 0xFFF0)


def test_what_cannot_be_encoded_without_loss_goes_elsewhere() -> None:
    plain, bit = FORMATS["8"], pixel_format(bits_stored=1, bits_allocated=1)
    told = {uid: codec_to_change_to(uid, plain) for uid in DECODERS}

    assert {uid: name for uid, name in told.items() if name} == {
        FAMILY + "50": "j2k",
        FAMILY + "51": "j2k",
        FAMILY + "53": "j2k",
        FAMILY + "55": "j2k",
        FAMILY + "111": "jpegxl",
        FAMILY + "202": "htj2k",
    }
    assert codec_to_change_to(FAMILY + "112", plain.with_colours("XYB")) == "jpegxl"
    assert codec_to_change_to(FAMILY + "90", bit) == "rle"
    assert codec_to_change_to(ENCODERS["rle"].lossless_uid, bit) == ""


def test_other_frames_are_refused() -> None:
    with pytest.raises(NotSupportedError):
        blanker("1.2.3", FORMATS["8"]).encoded(b"")
    with pytest.raises(NotSupportedError):
        blanker(FAMILY + "50", FORMATS["8"]).encoded(b"")
    with pytest.raises(CorruptPixelDataError):
        blanker(FAMILY + "90", FORMATS["8"]).encoded(b"CANARY")
    data = encode_frame(ENCODERS["j2k"], frame(FORMATS["8"]), FORMATS["8"])
    with pytest.raises(CorruptPixelDataError, match="header says"):
        blanker(FAMILY + "90", replace(FORMATS["8"], rows=9)).encoded(data)
