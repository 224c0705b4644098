"""Expected samples come from PIL and imagecodecs, called directly."""

import io
from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image, ImageOps

from isocenter.dicom.deidentify.jpeg_comments import without_jpeg_comments
from isocenter.dicom.foreign_pictures import read_picture
from isocenter.dicom.picture_files import PictureFacts, icc_range, read_facts
from isocenter.dicom.uids import EXPLICIT
from isocenter.errors import InvalidInputError, NotSupportedError, TooLargeError
from isocenter.limits import DEFAULT, Limits
from tests.builders import CANARY
from tests.foreign import (
    COLUMNS,
    ROWS,
    Array,
    animated,
    colours,
    encoded,
    exif,
    grey,
    png_bomb,
    srgb_profile,
    with_opacity,
)

FAMILY = "1.2.840.10008.1.2.4"


def read(
    data: bytes, limits: Limits = DEFAULT, *, multi_frame: bool = False
) -> tuple[PictureFacts, list[bytes]]:
    """Return the facts and the bytes of each Frame."""
    target = io.BytesIO()
    facts: Any = read_picture(io.BytesIO(data), target, limits, multi_frame=multi_frame)
    written = target.getvalue()
    profiles = []
    for one in facts["formats"]:
        place = icc_range(one)
        profiles.append(written[place.offset : place.offset + place.length])
    found = read_facts(facts, profiles)
    frames = [
        written[frame.content.offset : frame.content.offset + frame.content.length]
        for _, frame in found.frames
    ]
    return found, frames


def samples_of(found: PictureFacts, frames: list[bytes], number: int = 0) -> Array:
    """Return native samples."""
    picture = found.formats[found.frames[number][0]]
    assert picture.transfer_syntax_uid == EXPLICIT
    shape = (picture.rows, picture.columns, picture.samples)[: 2 if picture.samples == 1 else 3]
    if picture.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(frames[number], "u1"), bitorder="little")
        return bits[: picture.rows * picture.columns].reshape(shape)
    return np.frombuffer(frames[number], f"<u{picture.bits_allocated // 8}").reshape(shape)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "PPM"])
@pytest.mark.parametrize(
    ("samples", "bits"), [(grey(), 8), (colours(), 8), (grey() > 77, 1)], ids=["8", "rgb", "bit"]
)
def test_samples_stay_what_they_are(kind: str, samples: Array, bits: int) -> None:
    found, frames = read(encoded(samples, kind))

    assert np.array_equal(samples_of(found, frames), samples)
    assert found.formats[0].bits_stored == bits
    assert found.formats[0].photometric == ("RGB" if samples.ndim == 3 else "MONOCHROME2")
    assert found.warnings == ()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_grey_of_16_bits_stays(kind: str) -> None:
    found, frames = read(encoded(grey(bits=16), kind))

    assert np.array_equal(samples_of(found, frames), grey(bits=16))
    assert found.formats[0].bits_stored == 16


def test_colours_of_16_bits_stay() -> None:
    deep = colours(bits=16)
    for data in (imagecodecs.png_encode(deep), imagecodecs.tiff_encode(deep)):
        found, frames = read(bytes(data))

        assert np.array_equal(samples_of(found, frames), deep)
        assert found.formats[0].bits_allocated == 16


def test_palettes_become_exactly_their_colours() -> None:
    image = Image.fromarray(colours()).quantize(17)
    for kind in ("PNG", "GIF", "BMP", "TIFF"):
        target = io.BytesIO()
        image.save(target, kind)

        found, frames = read(target.getvalue())

        assert np.array_equal(samples_of(found, frames), np.asarray(image.convert("RGB")))


def test_transparency_lies_on_black_and_is_told() -> None:
    opaque, frames = read(encoded(with_opacity(), "PNG"))
    assert np.array_equal(samples_of(opaque, frames), colours())
    assert opaque.warnings == ()

    found, frames = read(encoded(with_opacity(0), "PNG"))

    assert found.warnings == ("transparent pixels are shown on black",)
    assert not samples_of(found, frames)[:, COLUMNS // 2 :].any()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_pictures_are_turned_back(kind: str, orientation: int) -> None:
    found, frames = read(encoded(colours(), kind, exif=exif(orientation), dpi=(100, 200)))
    upright, _ = read(encoded(colours(), "PNG", dpi=(100, 200)))

    from_pil = Image.open(io.BytesIO(encoded(colours(), "PNG", exif=exif(orientation))))
    assert np.array_equal(samples_of(found, frames), np.asarray(ImageOps.exif_transpose(from_pil)))
    across, down = upright.formats[0].density
    expected = (down, across) if orientation > 4 else (across, down)
    assert found.formats[0].density == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("options", [{}, {"subsampling": 0}, {"quality": 100}])
def test_baseline_jpeg_stays_byte_for_byte(options: dict[str, object]) -> None:
    data = encoded(colours(), "JPEG", exif=exif(), comment=CANARY.encode(), **options)
    data += data + CANARY.encode()  # as phones append a second picture

    found, frames = read(data)

    picture = found.formats[0]
    assert frames == [without_jpeg_comments(data)]
    assert CANARY.encode() not in frames[0]
    assert picture.transfer_syntax_uid == f"{FAMILY}.50"
    assert (picture.photometric, picture.lossy_method) == ("YBR_FULL_422", "ISO_10918_1")
    assert found.frames[0][1].lossy_bytes == len(frames[0])
    assert (picture.rows, picture.columns) == (ROWS, COLUMNS)


def test_grey_jpeg_and_12_bits_stay_compressed() -> None:
    found, _ = read(encoded(grey(), "JPEG"))
    assert found.formats[0].photometric == "MONOCHROME2"

    deep, frames = read(bytes(imagecodecs.jpeg_encode(grey(bits=12), bitspersample=12)))

    assert deep.formats[0].transfer_syntax_uid == f"{FAMILY}.51"
    assert (deep.formats[0].bits_allocated, deep.formats[0].bits_stored) == (16, 12)
    assert frames[0].startswith(b"\xff\xd8")


def test_jpeg_that_must_be_decoded_loses_nothing_more() -> None:
    for options in ({"progressive": True}, {"exif": exif(3)}):
        data = encoded(colours(), "JPEG", **options)

        found, frames = read(data)

        with Image.open(io.BytesIO(data)) as image:
            expected = np.asarray(image)
        if "exif" in options:
            expected = expected[::-1, ::-1]
        assert np.array_equal(samples_of(found, frames), expected)
        assert found.formats[0].lossy_method == "ISO_10918_1"
        assert found.frames[0][1].lossy_bytes > 0


def test_rgb_jpeg_stays_but_not_among_frames() -> None:
    data = bytes(imagecodecs.jpeg8_encode(colours(), colorspace="rgb", outcolorspace="rgb"))

    single, frames = read(data)
    assert single.formats[0].photometric == "RGB"
    assert np.array_equal(imagecodecs.jpeg8_decode(frames[0]), imagecodecs.jpeg8_decode(data))

    several, frames = read(data, multi_frame=True)
    assert np.array_equal(samples_of(several, frames), imagecodecs.jpeg8_decode(data))


@pytest.mark.parametrize(
    ("data", "syntax", "method"),
    [
        (imagecodecs.jpegls_encode(grey(bits=16)), "80", ""),
        (imagecodecs.jpegls_encode(colours(), level=2), "81", "ISO_14495_1"),
        (imagecodecs.jpeg8_encode(grey(), lossless=True, predictor=1), "70", ""),
        (imagecodecs.jpeg8_encode(grey(), lossless=True, predictor=5), "57", ""),
        (imagecodecs.jpeg2k_encode(grey(bits=16), codecformat="j2k", level=0), "90", ""),
        (imagecodecs.jpeg2k_encode(colours(), level=40, reversible=False), "91", "ISO_15444_1"),
        (imagecodecs.htj2k_encode(grey()), "201", ""),
    ],
    ids=["ls", "near", "lossless", "predictor 5", "j2k", "lossy j2k", "htj2k"],
)
def test_other_codestreams_stay_compressed(data: bytes, syntax: str, method: str) -> None:
    found, _ = read(bytes(data))

    assert found.formats[0].transfer_syntax_uid == f"{FAMILY}.{syntax}"
    assert found.formats[0].lossy_method == method


def test_colours_of_jpeg_2000_are_called_by_their_transform() -> None:
    for mct, single in ((True, "YBR_RCT"), (False, "RGB")):
        data = bytes(imagecodecs.jpeg2k_encode(colours(), level=0, mct=mct))

        assert read(data)[0].formats[0].photometric == single

    found, frames = read(data, multi_frame=True)

    assert np.array_equal(samples_of(found, frames), colours())


def test_opacity_of_jpeg_2000_lies_on_black() -> None:
    found, frames = read(bytes(imagecodecs.jpeg2k_encode(with_opacity(0), level=0)))

    assert not samples_of(found, frames)[:, COLUMNS // 2 :].any()
    assert np.array_equal(
        samples_of(found, frames)[:, : COLUMNS // 2], colours()[:, : COLUMNS // 2]
    )


@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_steps_of_an_animation_are_frames_with_times(kind: str) -> None:
    data = animated(kind, 4, [80, 80, 200, 40])

    found, frames = read(data)

    assert [frame.milliseconds for _, frame in found.frames] == [80, 80, 200, 40]
    assert len(found.formats) == 1
    with Image.open(io.BytesIO(data)) as image:
        for number in range(4):
            image.seek(number)
            expected = np.asarray(image.convert("RGB"))
            assert np.array_equal(samples_of(found, frames, number), expected)


def test_pages_of_a_tiff_are_frames() -> None:
    pages = [Image.fromarray(one) for one in (colours(), colours()[::-1], grey())]
    target = io.BytesIO()
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:])

    found, frames = read(target.getvalue())

    assert [number for number, _ in found.frames] == [0, 0, 1]
    assert np.array_equal(samples_of(found, frames, 1), colours()[::-1])
    assert np.array_equal(samples_of(found, frames, 2), grey())


def test_a_tiff_with_jpeg_inside_says_that_it_lost_something() -> None:
    found, _ = read(encoded(colours(), "TIFF", compression="jpeg"))

    assert found.formats[0].lossy_method == "ISO_10918_1"
    assert found.frames[0][1].lossy_bytes > 0


def test_white_is_zero_is_turned_around() -> None:
    fax, frames = read(encoded(grey() > 77, "TIFF", compression="group4"))

    assert np.array_equal(samples_of(fax, frames), grey() > 77)


def test_bits_that_would_meet_inside_a_byte_become_bytes_among_frames() -> None:
    bits = grey()[:3, :5] > 77

    found, frames = read(encoded(bits, "PNG"), multi_frame=True)

    assert found.formats[0].bits_allocated == 8
    assert np.array_equal(samples_of(found, frames), bits * 255)


def test_profiles_of_colours_are_kept() -> None:
    found, _ = read(encoded(colours(), "PNG", icc_profile=srgb_profile()))
    jpeg, _ = read(encoded(colours(), "JPEG", icc_profile=srgb_profile()))

    assert found.formats[0].icc == jpeg.formats[0].icc
    assert len(found.formats[0].icc) == len(srgb_profile())
    assert read(encoded(grey(), "PNG", icc_profile=srgb_profile()))[0].warnings == (
        "its colour profile has no place in DICOM and is left out",
    )


def test_what_dicom_cannot_hold_is_refused() -> None:
    cmyk = io.BytesIO()
    Image.fromarray(colours()).convert("CMYK").save(cmyk, "JPEG")
    for data in (
        cmyk.getvalue(),
        encoded(np.ones((4, 4), "f4"), "TIFF"),
        encoded(np.ones((4, 4), "i4"), "TIFF"),
    ):
        with pytest.raises(NotSupportedError):
            read(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "GIF", "JPEG2000", "PPM"])
def test_what_is_cut_off_is_refused(kind: str) -> None:
    data = encoded(colours(), kind)

    for length in (20, len(data) // 2):
        with pytest.raises(InvalidInputError):
            read(data[:length])


def test_what_is_no_picture_is_refused() -> None:
    for data in (b"", b"hello", bytes(1000)):
        with pytest.raises(InvalidInputError):
            read(data)


def test_bombs_are_refused_before_decoding() -> None:
    for data in (png_bomb(30000, 30000), encoded(colours(), "PNG")):
        with pytest.raises(TooLargeError):
            read(data, DEFAULT if len(data) > 30000 else Limits(picture_bytes=1000))
    with pytest.raises(TooLargeError):
        read(png_bomb(30000, 30000))
    with pytest.raises(TooLargeError):
        read(animated("GIF", 4), Limits(picture_frames=3))
