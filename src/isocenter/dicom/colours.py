"""Colour spaces of Pixel Data, and what is shown of them: red, green and blue.

References
----------
PS3.3 C.7.6.3.1.2 (Photometric Interpretation).
"""

import numpy as np

from isocenter.dicom.pixel_format import Samples
from isocenter.errors import NotSupportedError

PALETTE = "PALETTE COLOR"

_Matrix = tuple[tuple[float, float, float], ...]
# ITU-R BT.601 over the full range, and over 16 to 235 and 16 to 240 as in video.
_FULL: _Matrix = ((1, 0, 1.402), (1, -0.344136, -0.714136), (1, 1.772, 0))
_PARTIAL: _Matrix = (
    (1.164384, 0, 1.596027),
    (1.164384, -0.391762, -0.812968),
    (1.164384, 2.017232, 0),
)
_MATRICES = {
    "YBR_FULL": (_FULL, 0),
    "YBR_FULL_422": (_FULL, 0),
    "YBR_ICT": (_FULL, 0),
    "YBR_PARTIAL_422": (_PARTIAL, 16),
    "YBR_PARTIAL_420": (_PARTIAL, 16),
}


def is_colour(photometric: str) -> bool:
    """Return whether Frames of it have three colours, a palette aside."""
    return photometric in {"RGB", "YBR_RCT"} or photometric in _MATRICES


def to_rgb(samples: Samples, photometric: str, bits_stored: int) -> Samples:
    """Return ``(rows, columns, 3)`` samples of red, green and blue, of the same depth.

    Raises
    ------
    NotSupportedError
        If the colour space is retired and unknown here (HSV, ARGB, CMYK).
    """
    if photometric == "RGB":
        return samples
    if photometric == "YBR_RCT":
        return _from_reversible(samples, bits_stored)
    if photometric not in _MATRICES:
        raise NotSupportedError("the Photometric Interpretation cannot be shown")
    matrix, black = _MATRICES[photometric]
    scale = 1 << max(0, bits_stored - 8)
    top = (1 << bits_stored) - 1
    luma = samples[..., 0].astype(np.float32) - black * scale
    blue = samples[..., 1].astype(np.float32) - (1 << bits_stored - 1)
    red = samples[..., 2].astype(np.float32) - (1 << bits_stored - 1)
    rgb = np.empty(samples.shape, samples.dtype)
    for channel, (of_luma, of_blue, of_red) in enumerate(matrix):
        mixed = luma * np.float32(of_luma)
        if of_blue:
            mixed += blue * np.float32(of_blue)
        if of_red:
            mixed += red * np.float32(of_red)
        mixed += np.float32(0.5)
        np.clip(mixed, 0, top, out=mixed)
        rgb[..., channel] = mixed
    return rgb


def _from_reversible(samples: Samples, bits_stored: int) -> Samples:
    """Undo the reversible transform of JPEG 2000 (PS3.5 8.2.4) where it was left undone."""
    luma, blue, red = (samples[..., channel].astype(np.int64) for channel in range(3))
    half = 1 << bits_stored - 1
    blue, red = blue - half, red - half
    green = luma - ((blue + red) >> 2)
    rgb = np.stack((red + green, green, blue + green), axis=-1)
    shown: Samples = np.clip(rgb, 0, (1 << bits_stored) - 1).astype(samples.dtype)
    return shown
