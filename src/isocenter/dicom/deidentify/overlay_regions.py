"""Overlay planes without what they draw over blanked regions.

Overlays go with the Basic Profile; Clean Graphics may keep them, and then they must not write
again what is blanked in the pixels.

References
----------
PS3.3 C.9.2 (Overlay Plane), C.9.3 (Multi-frame Overlay); PS3.5 8.1.2.
"""

from collections.abc import Sequence

import numpy as np

from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.part10 import Elements, encode_element
from isocenter.dicom.values import integer, numbers
from isocenter.errors import CorruptPixelDataError

_OVERLAYS = 0x60
_ROWS, _COLUMNS, _FRAMES, _ORIGIN, _DATA = 0x10, 0x11, 0x15, 0x50, 0x3000


def blanked_overlay(dataset: DataSetIndex, group: int, regions: Sequence[Region]) -> bytes:
    """Return Overlay Data with zeros over the regions, in every Frame of the overlay.

    Bits behind the last Frame are zeros as well.

    Parameters
    ----------
    group
        ``0x6000`` to ``0x60FE``, even.
    regions
        In pixels of the image.

    Raises
    ------
    CorruptPixelDataError
        If the data are shorter than the planes.
    InvalidInputError
        If the attributes of the overlay are missing or broken.
    """
    base = group << 16
    rows, columns = integer(dataset, base | _ROWS), integer(dataset, base | _COLUMNS)
    frames = integer(dataset, base | _FRAMES, 1)
    data = dataset.value(base | _DATA)
    wanted = rows * columns * frames
    if min(rows, columns, frames) < 1 or wanted > 8 * len(data):
        raise CorruptPixelDataError(f"overlay {group:04X} is shorter than its planes")
    origin = [int(number) for number in numbers(dataset, base | _ORIGIN)] or [1, 1]
    top, left = origin[0] - 1, origin[-1] - 1
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[:wanted]
    planes = bits.reshape(frames, rows, columns)
    for one in regions:
        first, last = max(0, one.top - top), max(0, one.bottom - top)
        planes[:, first:last, max(0, one.left - left) : max(0, one.right - left)] = 0
    made = np.packbits(planes, bitorder="little").tobytes()
    return made + b"\0" * (len(made) % 2)


def blanked_overlays(
    dataset: DataSetIndex, elements: Elements, regions: Sequence[Region], *, is_implicit: bool
) -> Elements:
    """Return the Overlay Data that are still there, encoded anew with zeros over the regions.

    Parameters
    ----------
    dataset
        The source, from which the overlays come unchanged.
    elements
        What is left of its root.

    Raises
    ------
    CorruptPixelDataError, InvalidInputError
        As ``blanked_overlay`` does.
    """
    kept = [tag for tag in elements if tag >> 24 == _OVERLAYS and tag & 0xFFFF == _DATA and regions]
    return {
        tag: encode_element(
            tag, blanked_overlay(dataset, tag >> 16, regions), is_implicit=is_implicit, vr="OW"
        )
        for tag in kept
        if tag in dataset
    }
