import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.dicom.deidentify.unused_bits import has_unused_bits, without_unused_bits
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.dicom.samples import FloatFormat, stored_values
from isocenter.errors import NotSupportedError
from tests.coded import frame, pixel_format


def layout(allocated: int, stored: int, high_bit: int, *, is_signed: bool) -> PixelFormat:
    return PixelFormat(4, 4, 1, "MONOCHROME2", allocated, stored, high_bit, is_signed)


@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize("bits", [(16, 12), (16, 16), (8, 8), (8, 5), (32, 20)])
def test_cells_that_hold_their_samples_alone_stay(bits: tuple[int, int], is_signed: bool) -> None:
    pixels = pixel_format(bits_allocated=bits[0], bits_stored=bits[1], is_signed=is_signed)
    data = frame(pixels).tobytes()

    assert without_unused_bits(data, pixels) is data


def test_negative_samples_without_their_sign_above_stay() -> None:
    pixels = pixel_format(is_signed=True)
    data = (frame(pixels).view("<u2") & 0xFFF).tobytes()

    assert without_unused_bits(data, pixels) is data


def test_an_overlay_in_the_high_bits_goes() -> None:
    pixels = pixel_format()
    plain = frame(pixels)
    overlaid = plain.copy()
    overlaid[3:9, 4:8] |= 0x8000

    assert without_unused_bits(overlaid.tobytes(), pixels) == plain.tobytes()


@given(
    st.binary(min_size=64, max_size=64),
    st.sampled_from([8, 16, 32]),
    st.integers(1, 32),
    st.integers(0, 31),
    st.booleans(),
)
def test_samples_stay_and_nothing_else_does(
    noise: bytes, allocated: int, stored: int, shift: int, is_signed: bool
) -> None:
    stored = min(stored, allocated)
    high_bit = min(allocated - 1, stored - 1 + shift)
    pixels = layout(allocated, stored, high_bit, is_signed=is_signed)
    before = np.frombuffer(noise, f"<u{allocated // 8}")

    after = np.frombuffer(without_unused_bits(noise, pixels), before.dtype)

    assert np.array_equal(stored_values(after, pixels), stored_values(before, pixels))
    below, above = high_bit + 1 - stored, allocated - 1 - high_bit
    assert not np.any(after & np.asarray((1 << below) - 1, after.dtype))
    rest = after >> (high_bit + 1) if above else np.zeros_like(after)
    sign = after >> high_bit & 1 if is_signed else np.zeros_like(after)
    assert np.all((rest == 0) | ((rest == (1 << above) - 1) & (sign == 1)))


def test_floats_have_no_unused_bits() -> None:
    assert not has_unused_bits(FloatFormat(4, 4, 1, "MONOCHROME2", 32, 32, 31, is_signed=True))


def test_unused_bits_in_odd_cells_are_refused() -> None:
    with pytest.raises(NotSupportedError, match="12 bits"):
        without_unused_bits(bytes(24), layout(12, 10, 9, is_signed=False))
