"""Native cells without what lies in bits that are no part of a sample.

Overlays of old lie there (PS3.5 8.1.2, retired), and whatever else somebody put there: the values
that the standard sees are the same before and after.

References
----------
PS3.5 8.1.1 (Bits Allocated, Bits Stored, High Bit).
"""

import numpy as np

from isocenter.dicom.pixel_format import PixelFormat, Samples
from isocenter.dicom.samples import FloatFormat
from isocenter.errors import NotSupportedError

_WHOLE_BITS = (8, 16, 32, 64)


def has_unused_bits(layout: PixelFormat) -> bool:
    """Return whether a cell has bits that are no part of a sample."""
    return not isinstance(layout, FloatFormat) and layout.bits_stored < layout.bits_allocated


def without_unused_bits(data: bytes, layout: PixelFormat) -> bytes:
    """Return native cells whose unused bits are zeros or the sign; the same object where they are.

    Parameters
    ----------
    data
        Whole cells, whatever their colours and planes.

    Raises
    ------
    NotSupportedError
        If cells are no whole bytes.
    """
    if not has_unused_bits(layout):
        return data
    if layout.bits_allocated not in _WHOLE_BITS:
        raise NotSupportedError(f"unused bits in cells of {layout.bits_allocated} bits")
    size = layout.bits_allocated // 8
    cells: Samples = np.frombuffer(data, f"<u{size}")
    used = (1 << layout.bits_stored) - 1 << layout.high_bit + 1 - layout.bits_stored
    unused = np.asarray(~used & (1 << layout.bits_allocated) - 1, cells.dtype)
    if not cells.size or not int(np.bitwise_or.reduce(cells)) & int(unused):
        return data
    if not layout.is_signed:
        return (cells & ~unused).tobytes()
    below = np.asarray((1 << layout.high_bit + 1 - layout.bits_stored) - 1, cells.dtype)
    free = layout.bits_allocated - 1 - layout.high_bit
    extended = ((cells & ~below).view(f"<i{size}") << free) >> free
    settled = extended.view(cells.dtype)
    # Both are in use for negative samples: the sign in all bits above, and zeros.
    is_settled = (cells == settled) | (cells & unused == 0)
    return data if bool(is_settled.all()) else np.where(is_settled, cells, settled).tobytes()
