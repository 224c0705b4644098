"""Frames as numbers to compute with: exact values in the units of the modality, right colours.

Grey samples have the Modality LUT applied (CT: Hounsfield units) and no window; MONOCHROME1 stays
as it is. Colours and palettes become red, green and blue. Nothing is cut to fewer bits: whole
numbers stay whole, what is no whole number becomes floating point.

References
----------
PS3.3 C.7.6.3 (Image Pixel), C.11.1 (Modality LUT), C.7.6.16.2.9 (Pixel Value Transformation).
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from isocenter.dicom.colours import to_rgb
from isocenter.dicom.decoding import decode_compressed
from isocenter.dicom.display import (
    Display,
    Rescale,
    frame_groups,
    read_display,
    shared_groups,
)
from isocenter.dicom.fragment_stream import open_fragments
from isocenter.dicom.frames import read_frame
from isocenter.dicom.header_index import HeaderIndex
from isocenter.dicom.image_facts import PER_FRAME_GROUPS
from isocenter.dicom.luts import Lut
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.dicom.samples import (
    Array,
    FloatFormat,
    index_pixels,
    native_cells,
    read_sample_format,
    stored_range,
    stored_values,
)
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.uids import VIDEO
from isocenter.dicom.video_stream import decode_video
from isocenter.limits import DEFAULT, Limits

_INT16 = np.iinfo(np.int16)
# A straight line of whole numbers below this stays exact in 64 bits.
_WHOLE_MAX = 1 << 30


def modality_frames(
    header: HeaderIndex, source: ByteSource, limits: Limits = DEFAULT
) -> Iterator[Array]:
    """Yield all Frames in order: ``(rows, columns)``, or ``(rows, columns, 3)`` of RGB.

    Returns
    -------
    frames
        Whole numbers of any type in native byte order, or float64 where values are none.

    Raises
    ------
    MissingElementError
        If there are no pixels.
    InvalidInputError, NotSupportedError, TooLargeError
        If a Frame cannot be decoded.
    """
    uid = header.transfer_syntax_uid
    if uid.startswith(VIDEO):
        with open_fragments(header, source) as stream:
            yield from decode_video(stream)
        return
    index = index_pixels(header, source, limits)
    layout = read_sample_format(header.dataset, limits)
    for frame_number, display in _displays(header, layout, len(index.spans)):
        data = read_frame(source, index, frame_number)
        if index.is_encapsulated:
            cells, decoded = decode_compressed(uid, data, layout)
        else:
            cells, decoded = native_cells(data, layout, frame_number - 1), layout
        yield modality_values(stored_values(cells, decoded), replace(display, layout=decoded))


def modality_values(samples: Array, display: Display) -> Array:
    """Return the stored values of one Frame in units of the modality, or as RGB."""
    if display.layout.photometric == "PALETTE COLOR" and display.palette is not None:
        entries = display.palette.apply(samples)
        return entries.astype(np.uint8) if display.palette.bits <= 8 else _eight_bits(entries)
    if not display.is_grey:
        return _native_order(
            to_rgb(samples, display.layout.photometric, display.layout.bits_stored)
        )
    if isinstance(display.modality, Lut):
        return display.modality.apply(samples)
    return _rescaled(samples, display.modality, display.layout)


def _eight_bits(entries: Array) -> Array:
    """Return palette colours as screens show them; entries of 16 bits are usual, and only these."""
    return (entries >> 8).astype(np.uint8)


def _rescaled(samples: Array, rescale: Rescale, layout: PixelFormat) -> Array:
    if isinstance(layout, FloatFormat):
        return rescale.apply(samples)
    slope, intercept = rescale.slope, rescale.intercept
    if rescale == Rescale():
        return _native_order(samples)
    is_whole = slope.is_integer() and intercept.is_integer()
    low, high = sorted(slope * end + intercept for end in stored_range(layout))
    if not is_whole or max(-low, high) >= _WHOLE_MAX:
        return rescale.apply(samples)
    if slope == 1 and _INT16.min <= low and high <= _INT16.max:
        # All there can be fits, so that wrapping on the way there is undone.
        return np.add(samples, np.int16(intercept), dtype=np.int16, casting="unsafe")
    return samples.astype(np.int64) * int(slope) + int(intercept)


def _native_order(samples: Array) -> Array:
    return samples.astype(samples.dtype.newbyteorder("="), copy=False)


def _displays(
    header: HeaderIndex, layout: PixelFormat, frames: int
) -> Iterator[tuple[int, Display]]:
    """Yield the numbers of Frames, 1-based, and what the header says of each."""
    shared = shared_groups(header.dataset)
    if PER_FRAME_GROUPS not in header.dataset:
        display = read_display(header.dataset, layout, shared)
        for frame_number in range(1, frames + 1):
            yield frame_number, display
        return
    for at, own in enumerate(frame_groups(header.dataset, 1, frames)):
        groups = (own, *shared) if own is not None else shared
        yield at + 1, read_display(header.dataset, layout, groups)
