"""Pictures of other formats, made by PIL and imagecodecs: small, the same in every run.

    (folder / "a.png").write_bytes(encoded(colours(), "PNG"))

What is identifying in them holds the token CANARY.
"""

import io
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from tests.builders import CANARY

ROWS, COLUMNS = 18, 27
ORIENTATION, ARTIST = 274, 315

Array = npt.NDArray[Any]


def grey(*, bits: int = 8) -> Array:
    """Return (rows, columns) samples that use the whole range."""
    top = (1 << bits) - 1
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    values = (x * COLUMNS + y * 31) * 37 % (top + 1)
    values[0, 0], values[-1, -1] = 0, top
    found: Array = values.astype("u1" if bits <= 8 else "<u2")
    return found


def colours(*, bits: int = 8) -> Array:
    """Return (rows, columns, 3) samples, smooth enough for JPEG."""
    top = (1 << bits) - 1
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    planes = [x * top // COLUMNS, y * top // ROWS, (x + y) * top // (COLUMNS + ROWS)]
    return np.stack(planes, -1).astype("u1" if bits <= 8 else "<u2")


def with_opacity(opacity: int = 255) -> Array:
    """Return colours with an opacity that is `opacity` in the right half, full in the left."""
    alpha = np.full((ROWS, COLUMNS, 1), 255, "u1")
    alpha[:, COLUMNS // 2 :] = opacity
    return np.concatenate([colours(), alpha], -1)


def encoded(samples: Array, kind: str, **options: object) -> bytes:
    """Return a picture file as PIL writes it."""
    target = io.BytesIO()
    Image.fromarray(samples).save(target, kind, **options)
    return target.getvalue()


def animated(kind: str, frames: int, milliseconds: int | list[int] = 80) -> bytes:
    """Return an animation whose pictures are shifted from one to the next."""
    steps = [Image.fromarray(np.roll(colours(), 3 * number, 1)) for number in range(frames)]
    target = io.BytesIO()
    steps[0].save(
        target, kind, save_all=True, append_images=steps[1:], duration=milliseconds, loop=0
    )
    return target.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Return Exif with an orientation and an identifying artist."""
    found = Image.Exif()
    found[ORIENTATION], found[ARTIST] = orientation, f"{CANARY} artist"
    return found


def srgb_profile() -> bytes:
    """Return a display profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def png_bomb(rows: int, columns: int) -> bytes:
    """Return a grey PNG of some bytes that claims so many pixels."""
    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(bytes(columns + 1))),
            (b"IEND", b""),
        )
    )
