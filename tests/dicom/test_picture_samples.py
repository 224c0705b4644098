import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from isocenter.dicom.picture_samples import (
    as_icc_input_profile,
    check_size,
    on_black,
    pillow_samples,
    turned,
)
from isocenter.errors import CorruptPixelDataError, NotSupportedError, TooLargeError
from isocenter.limits import DEFAULT
from tests.foreign import colours, encoded, exif, grey, srgb_profile, with_opacity


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_as_pil_turns_them(orientation: int) -> None:
    data = encoded(colours(), "PNG", exif=exif(orientation))

    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))

    assert np.array_equal(turned(colours(), orientation), expected)


def test_unknown_orientations_turn_nothing() -> None:
    assert np.array_equal(turned(grey(), 9), grey())


def test_opaque_pixels_keep_their_values_and_others_lie_on_black() -> None:
    assert np.array_equal(on_black(with_opacity())[0], colours())
    assert not on_black(with_opacity())[1]

    found, is_changed = on_black(with_opacity(51))

    with Image.open(io.BytesIO(encoded(with_opacity(51), "PNG"))) as image:
        black = Image.new("RGBA", image.size, (0, 0, 0, 255))
        expected = np.asarray(Image.alpha_composite(black, image).convert("RGB"))
    assert is_changed
    assert np.abs(found.astype(int) - expected.astype(int)).max() <= 1
    assert np.array_equal(found[:, 0], colours()[:, 0])


def test_opacity_of_grey_and_of_16_bits() -> None:
    deep = np.array([[[65535, 65535], [65535, 0], [1000, 32768]]], "u2")

    assert on_black(deep)[0].tolist() == [[65535, 0, 500]]


def test_modes_of_pil_become_samples() -> None:
    for samples, bits in ((grey(), 8), (grey(bits=16), 16), (grey() > 9, 1), (colours(), 8)):
        with Image.fromarray(samples) as image:
            found = pillow_samples(image)
        assert np.array_equal(found[0], samples)
        assert found[1] == bits


@pytest.mark.parametrize("mode", ["CMYK", "F", "I", "LAB"])
def test_what_dicom_cannot_hold_is_refused(mode: str) -> None:
    with pytest.raises(NotSupportedError):
        pillow_samples(Image.new(mode, (2, 2)))


def test_sizes_are_checked_before_decoding() -> None:
    check_size(65535, 8192, 1, DEFAULT)
    with pytest.raises(CorruptPixelDataError):
        check_size(0, 5, 1, DEFAULT)
    with pytest.raises(NotSupportedError):
        check_size(65536, 1, 1, DEFAULT)
    with pytest.raises(TooLargeError):
        check_size(30000, 30000, 1, DEFAULT)


def test_display_profiles_say_that_they_are_input_profiles() -> None:
    profile = srgb_profile()

    found = as_icc_input_profile(profile)

    assert profile[12:16] == b"mntr"
    assert found[12:16] == b"scnr"
    assert found[84:100] == bytes(16)
    assert found[:12] + found[16:84] + found[100:] == profile[:12] + profile[16:84] + profile[100:]
    assert as_icc_input_profile(found) == found


@pytest.mark.parametrize("at", [12, 16, 20, 36])
def test_other_profiles_have_no_place(at: int) -> None:
    profile = srgb_profile()

    assert as_icc_input_profile(profile[:at] + b"XXXX" + profile[at + 4 :]) == b""
    assert as_icc_input_profile(b"") == b""
