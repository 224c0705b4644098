"""Stored samples of one native Frame: exact values, also of odd cells and of floating point.

References
----------
PS3.3 C.7.6.3.1 (Image Pixel), C.7.6.24 and C.7.6.25 (Floating Point and Double Floating Point
Image Pixel), PS3.5 8.1 (cells).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from isocenter.dicom.frames import FrameIndex, index_frames, native_frames, number_of_frames
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED, DataSetIndex, HeaderIndex
from isocenter.dicom.image_facts import DOUBLE_PIXEL_DATA, FLOAT_PIXEL_DATA
from isocenter.dicom.pixel_format import (
    COLUMNS,
    PHOTOMETRIC_INTERPRETATION,
    ROWS,
    PixelFormat,
    read_pixel_format,
    to_samples,
)
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.values import first_string, integer
from isocenter.errors import CorruptPixelDataError, MissingElementError, TooLargeError
from isocenter.limits import DEFAULT, Limits

# Whole numbers or IEEE numbers of any size: the header decides at run time.
Array = npt.NDArray[Any]

_FLOAT_BITS = {FLOAT_PIXEL_DATA: 32, DOUBLE_PIXEL_DATA: 64}
_WHOLE_BITS = (8, 16, 32, 64)
_CELL_BITS_MAX = 64


@dataclass(frozen=True, slots=True)
class FloatFormat(PixelFormat):
    """The pixel description of Float or Double Float Pixel Data: IEEE numbers."""


def read_sample_format(dataset: DataSetIndex, limits: Limits = DEFAULT) -> PixelFormat:
    """Return the pixel description of an Instance; a ``FloatFormat`` for floating point.

    Raises
    ------
    MissingElementError
        If there is no Pixel Data, or no Rows, Columns or Bits Allocated.
    CorruptPixelDataError
        If the attributes contradict one another.
    TooLargeError
        If a Frame is larger than ``limits.frame_bytes``.
    """
    element = pixel_element(dataset)
    if element == PIXEL_DATA:
        layout = read_pixel_format(dataset, limits)
        if layout.bits_allocated > _CELL_BITS_MAX:
            raise CorruptPixelDataError(f"{layout.bits_allocated} bits allocated")
        return layout
    bits = _FLOAT_BITS[element]
    layout = FloatFormat(
        rows=integer(dataset, ROWS),
        columns=integer(dataset, COLUMNS),
        samples=1,
        photometric=first_string(dataset, PHOTOMETRIC_INTERPRETATION) or "MONOCHROME2",
        bits_allocated=bits,
        bits_stored=bits,
        high_bit=bits - 1,
        is_signed=True,
    )
    if layout.frame_bytes > limits.frame_bytes:
        raise TooLargeError("frame_bytes", limits.frame_bytes, layout.frame_bytes, "bytes")
    return layout


def pixel_element(dataset: DataSetIndex) -> int:
    """Return the tag of the element that holds the Frames.

    Raises
    ------
    MissingElementError
        If there is none.
    """
    for tag in (PIXEL_DATA, *_FLOAT_BITS):
        if tag in dataset:
            return tag
    raise MissingElementError("PixelData")


def index_pixels(header: HeaderIndex, source: ByteSource, limits: Limits = DEFAULT) -> FrameIndex:
    """Return where the Frames lie, also those of floating point samples.

    Raises
    ------
    MissingElementError, CorruptPixelDataError, TooLargeError
        As ``index_frames`` does.
    """
    dataset = header.dataset
    element = pixel_element(dataset)
    if element == PIXEL_DATA:
        return index_frames(header, source, limits)
    layout = read_sample_format(dataset, limits)
    frames = number_of_frames(dataset)
    if frames > limits.header_fragments:
        raise TooLargeError("header_fragments", limits.header_fragments, frames, "frames")
    _, _, offset, length, _ = dataset.elements[element]
    if length == UNDEFINED:
        raise CorruptPixelDataError("floating point samples in fragments")
    return native_frames(offset, length, layout.frame_bits, frames)


def native_cells(data: bytes, layout: PixelFormat, frame_index: int = 0) -> Array:
    """Return the cells of one native Frame with all their bits.

    Parameters
    ----------
    data
        The Frame as ``frames.read_frame`` gives it, little endian.
    frame_index
        0-based; decides on which bit a Frame of packed cells begins.

    Returns
    -------
    ndarray
        ``(rows, columns)`` or ``(rows, columns, samples)``; colours that two pixels share are
        repeated.

    Raises
    ------
    CorruptPixelDataError
        If there are too few bytes.
    """
    if isinstance(layout, FloatFormat):
        if len(data) != layout.frame_bytes:
            raise CorruptPixelDataError(f"a frame has {len(data)} bytes")
        return np.frombuffer(data, f"<f{layout.bits_allocated // 8}").reshape(layout.shape)
    first_bit = layout.frame_bits * frame_index % 8
    if layout.is_packed or layout.bits_allocated in _WHOLE_BITS:
        return to_samples(data, layout, first_bit)
    return _unpacked(data, layout, first_bit)


def stored_values(cells: Array, layout: PixelFormat) -> Array:
    """Return the values of cells: only the stored bits, the sign extended."""
    if isinstance(layout, FloatFormat):
        return cells
    size = cells.dtype.itemsize
    # A packed cell of 12 bits lies in a word of 16 here, whose other bits are zeros.
    above = size * 8 - 1 - layout.high_bit
    below = layout.high_bit + 1 - layout.bits_stored
    bits: npt.NDArray[np.integer[npt.NBitBase]] = cells.view(f"u{size}")
    if layout.is_signed:
        bits = cells.view(f"i{size}")
        return (bits << above) >> (above + below) if above or below else bits
    if below:
        return (bits << above) >> (above + below)
    return bits & np.asarray((1 << layout.bits_stored) - 1, bits.dtype) if above else bits


def native_samples(data: bytes, layout: PixelFormat, frame_index: int = 0) -> Array:
    """Return the stored values of one native Frame: both steps above in one.

    Raises
    ------
    CorruptPixelDataError
        If there are too few bytes.
    """
    return stored_values(native_cells(data, layout, frame_index), layout)


def stored_range(layout: PixelFormat) -> tuple[int, int]:
    """Return the smallest and the largest value that a sample of whole numbers can have."""
    if layout.is_signed:
        return -(1 << layout.bits_stored - 1), (1 << layout.bits_stored - 1) - 1
    return 0, (1 << layout.bits_stored) - 1


def _unpacked(data: bytes, layout: PixelFormat, first_bit: int) -> Array:
    """Return cells that are packed without regard to bytes, the least significant bit first."""
    bits = layout.bits_allocated
    stream = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[first_bit:]
    if stream.size < layout.frame_bits:
        raise CorruptPixelDataError(f"a frame has {len(data)} bytes")
    cells = stream[: layout.frame_bits].reshape(-1, bits)
    width = next(width for width in _WHOLE_BITS if width >= bits)
    padded = np.zeros((len(cells), width), np.uint8)
    padded[:, :bits] = cells
    words = np.packbits(padded, bitorder="little").view(f"<u{width // 8}")
    if layout.planar_configuration and layout.samples > 1:
        planes = words.reshape(layout.samples, layout.rows, layout.columns)
        return np.ascontiguousarray(np.moveaxis(planes, 0, -1))
    return words.reshape(layout.shape)
