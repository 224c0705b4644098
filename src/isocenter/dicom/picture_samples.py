"""Samples of foreign pictures: their modes, opacity, orientation and colour profiles.

References
----------
Exif 2.32 4.6.4 (Orientation), ICC.1 7.2 (profile header), PS3.3 C.11.15.1.1 (ICC Profile).
"""

import numpy as np
from PIL import Image

from isocenter.dicom.pixel_format import Samples
from isocenter.errors import CorruptPixelDataError, NotSupportedError, TooLargeError
from isocenter.limits import Limits

_BITS = {"1": 1, "I;16": 16, "I;16L": 16, "I;16B": 16}
_SIDE_MAX = 0xFFFF
_CMYK = "a CMYK picture: DICOM has no such colours, convert it to RGB first"
_REFUSED = {
    "CMYK": _CMYK,
    "F": "a picture of floats: Secondary Capture holds whole numbers only",
    "I": "a picture of signed or 32-bit samples: Secondary Capture holds 1 to 16 unsigned bits",
    "LAB": "a CIELab picture: DICOM has no such colours, convert it to RGB first",
}
# Display and colour space profiles have the tags of an input profile, and may say so.
_AS_INPUT = frozenset({b"scnr", b"mntr", b"spac"})
_ICC_HEADER_BYTES = 128


def check_size(rows: int, columns: int, sample_bytes: int, limits: Limits) -> None:
    """Refuse a picture by what its header claims, before anything is decoded.

    Raises
    ------
    CorruptPixelDataError
        If it has no pixels.
    NotSupportedError
        If Rows or Columns could not tell its size.
    TooLargeError
        If it is larger than ``limits.picture_bytes``.
    """
    if rows < 1 or columns < 1:
        raise CorruptPixelDataError("the picture has no pixels")
    if max(rows, columns) > _SIDE_MAX:
        raise NotSupportedError(f"a picture of {columns} x {rows} pixels: DICOM ends at 65535")
    used = rows * columns * sample_bytes
    if used > limits.picture_bytes:
        raise TooLargeError("picture_bytes", limits.picture_bytes, used, "bytes")


def sample_bytes_of(image: Image.Image) -> int:
    """Return how many bytes a pixel takes once it is decoded to what it becomes here."""
    if image.mode in _BITS:
        return 2
    return {"L": 1, "LA": 2, "La": 2}.get(image.mode, 4)


def pillow_samples(image: Image.Image) -> tuple[Samples, int]:
    """Return the samples of a loaded picture, (rows, columns[, channels]), and their bits.

    Channels are grey and opacity, red, green and blue, or these and opacity.

    Raises
    ------
    NotSupportedError
        If DICOM has no place for such samples.
    """
    if image.mode in _REFUSED:
        raise NotSupportedError(_REFUSED[image.mode])
    if image.mode in _BITS:
        bits = _BITS[image.mode]
        return np.asarray(image).astype("u1" if bits == 1 else "<u2"), bits
    has_opacity = image.mode in ("PA", "RGBA", "RGBa", "LA", "La") or "transparency" in image.info
    is_grey = image.mode in ("L", "LA", "La")
    wanted = ("LA" if is_grey else "RGBA") if has_opacity else ("L" if is_grey else "RGB")
    samples: Samples = np.asarray(image if image.mode == wanted else image.convert(wanted))
    return samples, 8


def on_black(samples: Samples) -> tuple[Samples, bool]:
    """Return the samples without opacity, and whether some pixels were not opaque.

    A viewer shows what lies beside an image in black; so what is transparent becomes black.
    """
    if samples.ndim == 2 or samples.shape[2] not in (2, 4):
        return samples, False
    most = int(np.iinfo(samples.dtype).max)
    opacity = samples[..., -1:]
    colours = samples[..., :-1]
    is_changed = bool((opacity != most).any())
    if is_changed:
        product = colours.astype("u4") * opacity
        colours = ((product + most // 2) // most).astype(samples.dtype)
    return (colours[..., 0] if colours.shape[2] == 1 else colours), is_changed


def turned(samples: Samples, orientation: int) -> Samples:
    """Return the picture as it is to be seen: first row at the top, first column at the left."""
    if orientation in (5, 6, 7, 8):
        samples = samples.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        samples = samples[::-1]
    if orientation in (2, 3, 6, 7):
        samples = samples[:, ::-1]
    return samples


def as_icc_input_profile(profile: bytes) -> bytes:
    """Return an ICC profile as DICOM takes it, ``b""`` where it cannot.

    DICOM wants the class "input" (PS3.3 C.11.15.1.1). A display profile such as sRGB describes
    the same transformation with the same tags, so its class is restated and its identifier, a
    digest over the class too, left out (ICC.1 7.2.18: zero means not calculated).
    """
    if len(profile) < _ICC_HEADER_BYTES or profile[36:40] != b"acsp":
        return b""
    is_fit = profile[12:16] in _AS_INPUT and profile[16:20] == b"RGB "
    if not is_fit or profile[20:24] not in (b"XYZ ", b"Lab "):
        return b""
    if profile[12:16] == b"scnr":
        return profile
    return profile[:12] + b"scnr" + profile[16:84] + bytes(16) + profile[100:]
