"""Regions of one Frame made black, whatever its cells are; everything else stays bit by bit.

Black is what the Photometric Interpretation shows as darkest, never a colour of the picture
itself: that may be part of the text that has to go.

References
----------
PS3.3 C.7.6.3.1.2 (Photometric Interpretation), PS3.5 8.1 and 8.2 (native cells).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from isocenter.dicom.colours import PALETTE
from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.luts import read_palette
from isocenter.dicom.pixel_format import SUBSAMPLED, PixelFormat
from isocenter.dicom.samples import Array, FloatFormat, stored_range
from isocenter.errors import CorruptPixelDataError

# Stored values of one pixel, one for each sample.
Colour = tuple[int, ...]

_WHOLE_BITS = (8, 16, 32, 64)
# How much red, green and blue add to brightness (ITU-R BT.601).
_BRIGHTNESS = np.array([0.299, 0.587, 0.114])


def black_of(layout: PixelFormat, dataset: DataSetIndex) -> Colour:
    """Return the stored values that are shown as black, or as dark as can be.

    Parameters
    ----------
    layout
        Of the samples that will be blanked: the colours that come out of a decoder, for example.
    dataset
        Holds the palette, if there is one.
    """
    if isinstance(layout, FloatFormat):
        return (0,)
    lowest, highest = stored_range(layout)
    photometric = layout.photometric
    if photometric == "MONOCHROME1":
        return (highest,)
    if photometric == PALETTE:
        return (_darkest_index(layout, dataset),)
    if layout.samples == 3 and photometric in ("YBR_FULL", "YBR_FULL_422", "YBR_ICT"):
        middle = 1 << (layout.bits_stored - 1)
        return 0, middle, middle
    if layout.samples == 3 and photometric.startswith("YBR_PARTIAL"):
        middle = 1 << (layout.bits_stored - 1)
        return middle >> 3, middle, middle
    return (lowest,) * layout.samples


def _darkest_index(layout: PixelFormat, dataset: DataSetIndex) -> int:
    """Return the index whose colour is darkest; 0 where the palette cannot be read."""
    lowest, highest = stored_range(layout)
    try:
        palette = read_palette(dataset, is_signed=layout.is_signed)
    except CorruptPixelDataError:
        return 0
    indices = np.arange(palette.first, palette.first + len(palette.entries))
    usable = (indices >= lowest) & (indices <= highest)
    if not usable.any():
        return 0
    brightness = palette.entries[usable] @ _BRIGHTNESS
    return int(indices[usable][int(np.argmin(brightness))])


def blank_samples(samples: Array, regions: Sequence[Region], colour: Colour) -> Array:
    """Return decoded samples with the regions in that colour; the same object if they are so.

    Parameters
    ----------
    samples
        ``(rows, columns)`` or ``(rows, columns, samples)``.
    regions
        Inside the image.
    """
    value = np.asarray(colour if samples.ndim == 3 else colour[0]).astype(samples.dtype)
    if all(np.all(samples[_where(one)] == value) for one in regions):
        return samples
    changed = samples.copy()
    for one in regions:
        changed[_where(one)] = value
    return changed


def _where(region: Region) -> tuple[slice, slice]:
    return slice(region.top, region.bottom), slice(region.left, region.right)


def is_made_of_bytes(layout: PixelFormat) -> bool:
    """Return whether every cell is whole bytes, so that Frames do not share one."""
    return layout.bits_allocated in _WHOLE_BITS


def blank_native(
    data: bytes, layout: PixelFormat, regions: Sequence[Region], colour: Colour
) -> bytes:
    """Return a native Frame of whole bytes with the regions in that colour.

    Where two pixels share their colours both are blanked.

    Raises
    ------
    CorruptPixelDataError
        If the Frame has another length than it must have.
    """
    assert is_made_of_bytes(layout)
    cells = np.frombuffer(data, f"<u{layout.bits_allocated // 8}").copy()
    values = np.array([cell_of(value, layout) for value in colour], cells.dtype)
    rows, columns, samples = layout.rows, layout.columns, layout.samples
    if len(data) == layout.frame_bytes:
        if layout.planar_configuration == 1 and samples > 1:
            planes = cells.reshape(samples, rows, columns)
            for one in regions:
                planes[:, *_where(one)] = values[:, None, None]
        else:
            pixels = cells.reshape(rows, columns, samples)
            for one in regions:
                pixels[_where(one)] = values
    elif layout.photometric in SUBSAMPLED and 3 * len(data) == 2 * layout.frame_bytes:
        if columns % 2:
            raise CorruptPixelDataError("colours are shared by two pixels, but Columns is odd")
        pairs = cells.reshape(rows, columns // 2, 4)
        for one in regions:
            pairs[one.top : one.bottom, one.left // 2 : (one.right + 1) // 2] = values[[0, 0, 1, 2]]
    else:
        raise CorruptPixelDataError(f"a frame has {len(data)} bytes")
    return cells.tobytes()


def cell_of(value: int, layout: PixelFormat) -> int:
    """Return the cell, as an unsigned number, that holds a stored value and nothing else."""
    if isinstance(layout, FloatFormat):
        return 0
    below = layout.high_bit + 1 - layout.bits_stored
    # The sign goes on into the bits above, as most writers have it.
    return (value << below) & ((1 << layout.bits_allocated) - 1)


def blank_bits(
    data: bytes, layout: PixelFormat, first_bit: int, regions: Sequence[Region], colour: Colour
) -> npt.NDArray[np.uint8]:
    """Return the bits of a native Frame whose cells are no whole bytes, the lowest first.

    Parameters
    ----------
    first_bit
        Of the first byte, with which the Frame begins.

    Raises
    ------
    CorruptPixelDataError
        If there are too few.
    """
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[first_bit:]
    if bits.size < layout.frame_bits:
        raise CorruptPixelDataError(f"a frame has {len(data)} bytes")
    bits = bits[: layout.frame_bits].copy()
    size = layout.bits_allocated
    values = np.array(
        [[cell_of(value, layout) >> bit & 1 for bit in range(size)] for value in colour], np.uint8
    )
    if layout.planar_configuration == 1 and layout.samples > 1:
        planes = bits.reshape(layout.samples, layout.rows, layout.columns, size)
        for one in regions:
            planes[:, *_where(one)] = values[:, None, None]
    else:
        pixels = bits.reshape(layout.rows, layout.columns, layout.samples, size)
        for one in regions:
            pixels[_where(one)] = values
    return bits
