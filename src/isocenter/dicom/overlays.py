"""Overlay Planes of groups 6000 to 601E: bit masks over the image.

References
----------
PS3.3 C.9.2 (Overlay Plane), C.9.3 (Multi-frame Overlay), PS3.5 8.1.2 (retired: overlay bits in
unused bits of Pixel Data).
"""

import numpy as np
import numpy.typing as npt

from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.pixel_format import PixelFormat, Samples
from isocenter.dicom.values import integer, numbers
from isocenter.errors import CorruptPixelDataError, IsocenterError

Mask = npt.NDArray[np.bool_]

_GROUPS = range(0x6000, 0x6020, 2)
_ROWS, _COLUMNS, _FRAMES, _ORIGIN, _FRAME_ORIGIN = 0x10, 0x11, 0x15, 0x50, 0x51
_BITS, _POSITION, _DATA = 0x100, 0x102, 0x3000


def overlay_groups(dataset: DataSetIndex) -> list[int]:
    """Return the groups of the overlays that there are."""
    return [group for group in _GROUPS if (group << 16 | _ROWS) in dataset]


def overlay_mask(
    dataset: DataSetIndex, layout: PixelFormat, frame_index: int, cells: Samples
) -> tuple[Mask | None, list[str]]:
    """Return what the overlays cover of one Frame, and sentences about those that are broken.

    Parameters
    ----------
    frame_index
        0-based.
    cells
        The cells of the Frame with all bits, in which retired overlays lie.

    Returns
    -------
    mask
        ``(rows, columns)``, or ``None`` where nothing is covered.
    """
    mask: Mask | None = None
    problems = []
    for group in overlay_groups(dataset):
        try:
            plane = _plane(dataset, group << 16, frame_index, layout, cells)
        except IsocenterError as error:
            problems.append(f"overlay {group:04X}: {error}")
            continue
        if plane is None:
            continue
        if mask is None:
            mask = np.zeros((layout.rows, layout.columns), np.bool_)
        _paint(mask, plane, _origin(dataset, group << 16))
    return mask, problems


def _plane(
    dataset: DataSetIndex,
    base: int,
    frame_index: int,
    layout: PixelFormat,
    cells: Samples,
) -> Mask | None:
    """Return the bits of one overlay for a Frame, ``None`` where it does not apply to it."""
    rows, columns = integer(dataset, base | _ROWS), integer(dataset, base | _COLUMNS)
    if rows < 1 or columns < 1:
        raise CorruptPixelDataError("it has no rows or columns")
    if base | _DATA not in dataset:
        position = integer(dataset, base | _POSITION, 0)
        if integer(dataset, base | _BITS, 1) == 1 or not _is_unused(position, layout):
            raise CorruptPixelDataError("it has no data")
        bits: Mask = (cells >> position & 1).astype(np.bool_)
        return bits
    overlay_frames = integer(dataset, base | _FRAMES, 1)
    index = frame_index - (integer(dataset, base | _FRAME_ORIGIN, 1) - 1)
    if overlay_frames == 1 and base | _FRAME_ORIGIN not in dataset:
        index = 0  # one plane for all Frames
    if not 0 <= index < overlay_frames:
        return None
    data = dataset.value(base | _DATA)
    first, last = rows * columns * index, rows * columns * (index + 1)
    if last > len(data) * 8:
        raise CorruptPixelDataError("its data end early")
    own = np.frombuffer(data, np.uint8)[first // 8 : (last + 7) // 8]
    flat = np.unpackbits(own, bitorder="little")[first % 8 :][: rows * columns]
    return flat.reshape(rows, columns).astype(np.bool_)


def _is_unused(position: int, layout: PixelFormat) -> bool:
    used = range(layout.high_bit + 1 - layout.bits_stored, layout.high_bit + 1)
    return position < layout.bits_allocated and position not in used and layout.samples == 1


def _origin(dataset: DataSetIndex, base: int) -> tuple[int, int]:
    """Return row and column of the first bit, 1-based; values below 1 lie outside the image."""
    found = [int(number) for number in numbers(dataset, base | _ORIGIN)]
    return (found[0], found[1]) if len(found) >= 2 else (1, 1)


def _paint(mask: Mask, plane: Mask, origin: tuple[int, int]) -> None:
    """Add the part of a plane that lies inside the image."""
    top, left = origin[0] - 1, origin[1] - 1
    bottom, right = top + plane.shape[0], left + plane.shape[1]
    inside = mask[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    rows, columns = inside.shape
    inside |= plane[max(0, -top) :, max(0, -left) :][:rows, :columns]
