"""Samples of a Frame to what is shown of it: grey or red, green and blue, 8 or 16 bits.

The chain of PS3.4 N.2: Modality LUT, VOI LUT or window, polarity. What is constant for a Frame is
gathered in a ``Display``; applying it to samples is arithmetic on arrays.

References
----------
PS3.3 C.11.1 (Modality LUT), C.11.2 (VOI LUT), C.7.5.1.1.2 (Pixel Padding Value).
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from isocenter.dicom.colours import to_rgb
from isocenter.dicom.display import Display, Rescale
from isocenter.dicom.luts import Lut
from isocenter.dicom.pixel_format import PixelFormat, Samples
from isocenter.dicom.samples import Array, FloatFormat, stored_range
from isocenter.dicom.windows import SIGMOID, Window, spanning

Picture = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

# Beyond this many bits a table of all values would be larger than most Frames.
_TABLE_BITS = 16
# float32 holds whole numbers up to 24 bits.
_SINGLE_BITS = 16


def value_range(samples: Array, display: Display) -> tuple[float, float] | None:
    """Return the smallest and largest value in the units of the modality, padding left out.

    ``None`` where nothing but padding and what is no number is there.
    """
    if display.padding is not None:
        samples = samples[~_is_between(samples, display.padding)]
    if samples.dtype.kind == "f":
        samples = samples[np.isfinite(samples)]
    if samples.size == 0:
        return None
    if isinstance(display.modality, Rescale):
        ends = display.modality.apply(np.array([samples.min(), samples.max()]))
    else:
        ends = display.modality.apply(samples).astype(np.float64)
    return float(ends.min()), float(ends.max())


def full_range(samples: Array, display: Display) -> tuple[float, float]:
    """Return the range in the units of the modality that the cells can hold.

    Those of floating point can hold nearly everything: the range of the values instead.
    """
    if isinstance(display.layout, FloatFormat):
        return value_range(samples, display) or (0.0, 1.0)
    if isinstance(display.modality, Lut):
        return 0.0, float((1 << display.modality.bits) - 1)
    ends = display.modality.apply(np.array(stored_range(display.layout), np.float64))
    return float(ends.min()), float(ends.max())


def render(samples: Array, display: Display, *, bits: int = 8) -> Picture:
    """Return what is shown of one Frame.

    Parameters
    ----------
    samples
        ``(rows, columns[, samples])`` stored values, in the colour space of ``display.layout``.
    bits
        8 or 16, of each value that is returned.

    Returns
    -------
    ndarray
        ``(rows, columns)`` grey, 0 black, or ``(rows, columns, 3)`` red, green and blue.
    """
    assert bits in (8, 16)
    assert samples.shape == display.layout.shape
    if display.palette is not None and not display.is_grey:
        return _deep(display.palette.apply(samples), display.palette.bits, bits)
    if not display.is_grey:
        rgb = to_rgb(samples, display.layout.photometric, display.layout.bits_stored)
        return _deep(rgb, display.layout.bits_stored, bits)
    if display.voi is None:
        display = replace(display, voi=spanning(*full_range(samples, display)))
    picture = _grey(samples, display, bits)
    if display.padding is not None:
        _blacken(picture, samples, display)
    if display.palette is not None:
        return _supplemented(picture, samples, display.palette, bits)
    return picture


def apply_window(window: Window, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return brightness from 0 to 1 (PS3.3 C.11.2.1.2 and C.11.2.1.3)."""
    if window.function == SIGMOID:
        exponent = np.clip(-4 * (values - window.center) / window.width, -700, 700)
        return 1 / (1 + np.exp(exponent))
    low, high = window.edges
    if high <= low:
        return (values > low).astype(np.float64)
    return np.clip((values - low) / (high - low), 0, 1)


def _grey(samples: Array, display: Display, bits: int) -> Picture:
    window = display.voi
    if isinstance(display.modality, Rescale) and isinstance(window, Window) and window.is_straight:
        return _straight(samples, display.modality, window, display, bits)
    low, high = (
        stored_range(display.layout) if not isinstance(display.layout, FloatFormat) else (0, 0)
    )
    if isinstance(display.layout, FloatFormat) or display.layout.bits_stored > _TABLE_BITS:
        return _curve(samples, display, bits)
    table = _curve(np.arange(low, high + 1), display, bits)
    return table[samples.astype(np.intp) - low]


def _straight(
    samples: Array, modality: Rescale, window: Window, display: Display, bits: int
) -> Picture:
    """Apply rescale, window and polarity as one straight line, which costs two passes.

    The black edge is subtracted before anything is multiplied, so that single precision is exact
    enough for 16 bits; benchmark "pictures".
    """
    low, high = window.edges
    if display.is_inverted:
        low, high = high, low
    top = (1 << bits) - 1
    if modality.slope == 0:
        return _curve(samples, display, bits)
    scale = top * modality.slope / (high - low)
    # y = (x * slope + intercept - low) * top / (high - low), and a half to round by truncation
    black = (low - modality.intercept) / modality.slope - 0.5 / scale
    kind = np.float32 if _fits_single(display.layout) else np.float64
    values = np.subtract(samples, kind(black), dtype=kind, casting="unsafe")
    np.multiply(values, kind(scale), out=values)
    np.clip(values, 0, top, out=values)
    if values.dtype == np.float64:
        np.nan_to_num(values, copy=False, nan=0.0)
    return _of_depth(values, bits)


def _fits_single(layout: PixelFormat) -> bool:
    return not isinstance(layout, FloatFormat) and layout.bits_stored <= _SINGLE_BITS


def _curve(samples: Array, display: Display, bits: int) -> Picture:
    """Apply the chain step by step, in double precision."""
    values = display.modality.apply(samples).astype(np.float64)
    if isinstance(display.voi, Lut):
        brightness = display.voi.apply(values) / ((1 << display.voi.bits) - 1)
    else:
        assert display.voi is not None
        brightness = apply_window(display.voi, values)
    if display.is_inverted:
        brightness = 1 - brightness
    shown = np.rint(np.nan_to_num(brightness, nan=0.0) * ((1 << bits) - 1))
    return _of_depth(shown, bits)


def _deep(values: Samples, from_bits: int, bits: int) -> Picture:
    """Return colours with another number of bits: white stays white, black stays black."""
    if from_bits == bits:
        return _of_depth(values, bits)
    if from_bits > bits:
        return _of_depth(values >> (from_bits - bits), bits)
    top = (1 << from_bits) - 1
    scaled = values.astype(np.uint32) * ((1 << bits) - 1) + top // 2
    return _of_depth(scaled // top, bits)


def _of_depth(values: Array, bits: int) -> Picture:
    """Return whole numbers, or others rounded down, in the type of a picture."""
    if bits == 8:
        return values.astype(np.uint8, copy=False)
    return values.astype(np.uint16, copy=False)


def _supplemented(grey: Picture, samples: Array, palette: Lut, bits: int) -> Picture:
    """Return grey with colours where the values are those of a Supplemental Palette."""
    shown = _of_depth(np.repeat(grey[:, :, np.newaxis], 3, axis=2), bits)
    last = palette.first + len(palette.entries) - 1
    is_coloured = _is_between(samples, (palette.first, last))
    shown[is_coloured] = _deep(palette.apply(samples[is_coloured]), palette.bits, bits)
    return shown


def _blacken(picture: Picture, samples: Array, display: Display) -> None:
    """Show padding as black, whatever the window and the polarity make of it."""
    assert display.padding is not None
    picture[_is_between(samples, display.padding)] = 0


def _is_between(samples: Array, ends: tuple[float, float]) -> npt.NDArray[np.bool_]:
    first, last = ends
    if first == last:
        return np.equal(samples, first)
    return np.greater_equal(samples, first) & np.less_equal(samples, last)
