"""Frames to encode: noise and slopes over the whole stored range, in every format."""

from typing import Any

import numpy as np
import numpy.typing as npt

from isocenter.dicom.pixel_format import PixelFormat

Array = npt.NDArray[np.integer[Any]]


def pixel_format(
    *,
    bits_stored: int = 12,
    bits_allocated: int = 16,
    is_signed: bool = False,
    samples: int = 1,
    photometric: str = "",
    rows: int = 37,
    columns: int = 50,
) -> PixelFormat:
    """Return a pixel description; MONOCHROME2 or RGB unless said otherwise."""
    return PixelFormat(
        rows=rows,
        columns=columns,
        samples=samples,
        photometric=photometric or ("MONOCHROME2" if samples == 1 else "RGB"),
        bits_allocated=bits_allocated,
        bits_stored=bits_stored,
        high_bit=bits_stored - 1,
        is_signed=is_signed,
    )


def frame(pixels: PixelFormat, seed: int = 0) -> Array:
    """Return samples with both ends of the stored range in them."""
    highest = (1 << pixels.bits_stored) - 1
    generator = np.random.Generator(np.random.PCG64(seed))
    down, across = np.mgrid[: pixels.rows, : pixels.columns]
    slope = (down + across) / (pixels.rows + pixels.columns)
    if pixels.samples > 1:
        slope = np.stack([np.roll(slope, 5 * k, 1) for k in range(pixels.samples)], -1)
    values = np.clip(slope + generator.normal(0, 0.02, slope.shape), 0, 1) * highest
    values = np.round(values).astype("i8")
    values.flat[0], values.flat[-1] = 0, highest
    if pixels.is_signed:
        values -= 1 << (pixels.bits_stored - 1)
    made: Array = values.astype(pixels.dtype)
    return made
