"""Pictures as video samples, luma and half-size chroma planes of even size, and back.

Done here rather than by FFmpeg's scaler, because its range and matrix for grey and RGB depend on
flags that differ between versions; grey costs one lookup table.

References
----------
ITU-R BT.601-7 2.5, BT.709-6 3 and 4 (matrices, quantisation), ITU-T H.264 Annex E (chroma sample
location), JFIF 1.02 (full range).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]
_Values = npt.NDArray[np.floating[Any]]

# Weights of red and blue in luma.
_WEIGHTS = {
    "bt601": (0.299, 0.114),
    "bt709": (0.2126, 0.0722),
    "bt2020": (0.2627, 0.0593),
    "smpte240m": (0.212, 0.087),
}
_NEUTRAL = 128
_STRIP_PIXELS = 1 << 17
# From here on players that look at the size only expect BT.709.
_HD_ROWS, _HD_COLUMNS = 720, 1280


class Quantisation(NamedTuple):
    """How colours become numbers.

    Attributes
    ----------
    matrix
        ``bt601``, ``bt709``, ``bt2020`` or ``smpte240m``.
    is_full
        Whether black is 0 and white 255, as in JPEG, rather than 16 and 235.
    """

    matrix: str
    is_full: bool


def usual_quantisation(rows: int, columns: int) -> Quantisation:
    """Return that of video of a size."""
    is_hd = rows >= _HD_ROWS or columns >= _HD_COLUMNS
    return Quantisation("bt709" if is_hd else "bt601", is_full=False)


def even(picture: Plane) -> Plane:
    """Return the picture with an even number of rows and columns, its border repeated.

    Chroma has one sample for two rows and columns. Nothing is scaled or cut off.
    """
    rows, columns = picture.shape[:2]
    if rows % 2 == columns % 2 == 0:
        return picture
    widths = [(0, rows % 2), (0, columns % 2), (0, 0)][: picture.ndim]
    padded: Plane = np.pad(picture, widths, mode="edge")
    return padded


def to_planes(picture: Plane, how: Quantisation) -> tuple[Plane, Plane, Plane]:
    """Return luma, blue and red difference of a picture of even size.

    Parameters
    ----------
    picture
        ``(rows, columns)`` grey or ``(rows, columns, 3)`` red, green and blue.

    Returns
    -------
    planes
        ``(rows, columns)`` and twice half of both; chroma lies between the rows and, unless the
        range is full, on the even columns.
    """
    rows, columns = picture.shape[:2]
    assert rows % 2 == columns % 2 == 0
    if picture.ndim == 2:
        neutral = np.full((rows // 2, columns // 2), _NEUTRAL, np.uint8)
        return picture if how.is_full else _LIMITED[picture], neutral, neutral
    luma = np.empty((rows, columns), np.uint8)
    blue_difference, red_difference = np.empty((2, rows // 2, columns // 2), np.uint8)
    for first, last in _strips(rows, columns):
        half = slice(first // 2, last // 2)
        luma[first:last], blue_difference[half], red_difference[half] = _colours_to_planes(
            picture[first:last], how
        )
    return luma, blue_difference, red_difference


def _strips(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Yield first and last row of parts with an even number of rows.

    Floats of a whole Frame would take ten times its memory, and leave the processor's cache.
    """
    step = max(2, _STRIP_PIXELS // columns // 2 * 2)
    for first in range(0, rows, step):
        yield first, min(first + step, rows)


def _colours_to_planes(picture: Plane, how: Quantisation) -> tuple[Plane, Plane, Plane]:
    red, blue = _WEIGHTS[how.matrix]
    weights = np.array([red, 1 - red - blue, blue], np.float32)
    black, luma_scale, chroma_scale = (0, 1.0, 1.0) if how.is_full else (16, 219 / 255, 224 / 255)
    luma: _Values = picture.astype(np.float32) @ (weights * np.float32(luma_scale))
    halved = _halved(picture, is_centred=how.is_full)
    grey: _Values = halved @ weights
    # Each difference reaches half of the range on either side.
    blue_difference = (halved[:, :, 2] - grey) * np.float32(chroma_scale / (2 * (1 - blue)))
    red_difference = (halved[:, :, 0] - grey) * np.float32(chroma_scale / (2 * (1 - red)))
    return (
        _rounded(luma + np.float32(black)),
        _rounded(blue_difference + np.float32(_NEUTRAL)),
        _rounded(red_difference + np.float32(_NEUTRAL)),
    )


def to_rgb(planes: Plane, how: Quantisation) -> Plane:
    """Return ``(rows, columns, 3)`` red, green and blue of luma and both differences.

    Parameters
    ----------
    planes
        ``(3, rows, columns)``, all of full size.
    """
    _, rows, columns = planes.shape
    rgb = np.empty((rows, columns, 3), np.uint8)
    for first, last in _strips(rows, columns):
        _planes_to_colours(planes[:, first:last], how, rgb[first:last])
    return rgb


def _planes_to_colours(planes: Plane, how: Quantisation, rgb: Plane) -> None:
    red, blue = _WEIGHTS[how.matrix]
    black, luma_scale, chroma_scale = (0, 1.0, 1.0) if how.is_full else (16, 219 / 255, 224 / 255)
    luma, blue_difference, red_difference = planes.astype(np.float32)
    luma = (luma - np.float32(black)) * np.float32(1 / luma_scale)
    blue_difference = (blue_difference - _NEUTRAL) * np.float32(2 * (1 - blue) / chroma_scale)
    red_difference = (red_difference - _NEUTRAL) * np.float32(2 * (1 - red) / chroma_scale)
    rgb[:, :, 0] = _rounded(luma + red_difference)
    rgb[:, :, 2] = _rounded(luma + blue_difference)
    # Luma is the weighted sum of all three.
    green = red * red_difference + blue * blue_difference
    rgb[:, :, 1] = _rounded(luma - green / np.float32(1 - red - blue))


def _halved(picture: Plane, *, is_centred: bool) -> _Values:
    """Return colours for each two rows and columns."""
    pairs: _Values = picture[0::2].astype(np.float32) + picture[1::2]
    if is_centred:
        return np.asarray((pairs[:, 0::2] + pairs[:, 1::2]) * np.float32(0.25))
    before: _Values = np.concatenate((pairs[:, :1], pairs[:, 1:-1:2]), axis=1)
    return np.asarray((before + 2 * pairs[:, 0::2] + pairs[:, 1::2]) * np.float32(0.125))


def _rounded(values: _Values) -> Plane:
    rounded: Plane = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return rounded


_LIMITED: Plane = np.rint(16 + np.arange(256) * (219 / 255)).astype(np.uint8)
