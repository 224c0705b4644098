"""Frames as web clients ask for them: a part of the picture, in a size, of a quality, animated.

It runs in a child process with limits (``jobs/decoding_child.py``).

References
----------
PS3.18 8.3.5 (rendering parameters), 8.7.4 (rendered media types).
"""

import io
import math
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

import numpy as np
from PIL import Image

from isocenter.dicom.any_pictures import ANY_TOOLS
from isocenter.dicom.frame_pictures import Shown, rendered_frames
from isocenter.dicom.frame_timing import read_timing
from isocenter.dicom.frames import number_of_frames
from isocenter.dicom.header_index import index_header
from isocenter.dicom.render import Picture
from isocenter.dicom.streams import StreamSource
from isocenter.dicom.windows import OWN
from isocenter.errors import InvalidInputError
from isocenter.limits import DEFAULT, Limits

KINDS = frozenset({"jpeg", "png", "gif"})

_USUAL_QUALITY = 90
_SIDE_MAX = 8192
_SHORTEST_MS = 20  # browsers slow down what claims to be faster


class Viewport(NamedTuple):
    """A size to fit into, and the part of the source that is shown; flipped where negative."""

    width: int
    height: int
    left: float = 0
    top: float = 0
    part_width: float = 0
    part_height: float = 0


def parse_viewport(text: str) -> Viewport:
    """Return the viewport that ``vw,vh[,sx,sy,sw,sh]`` tells; empty numbers have their default.

    Raises
    ------
    InvalidInputError
        If it tells none.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in {2, 6}:
        raise InvalidInputError("a viewport is written WIDTH,HEIGHT[,LEFT,TOP,WIDTH,HEIGHT]")
    try:
        numbers = [float(part) if part else 0.0 for part in parts]
    except ValueError:
        raise InvalidInputError("a viewport is made of numbers") from None
    width, height = numbers[:2]
    if not (1 <= width <= _SIDE_MAX and 1 <= height <= _SIDE_MAX):
        raise InvalidInputError(f"a viewport has 1 to {_SIDE_MAX} pixels each way")
    if not all(abs(number) < 1e6 for number in numbers):
        raise InvalidInputError("the part of the source is outside of it")
    return Viewport(int(width), int(height), *numbers[2:])


class Region(NamedTuple):
    """Edges of a part of a picture, from 0 at its left and top to 1 at its right and bottom."""

    left: float
    top: float
    right: float
    bottom: float


def parse_region(text: str) -> Region:
    """Return the region that ``left,top,right,bottom`` tells (PS3.18 9.1.2.2.7).

    Raises
    ------
    InvalidInputError
        If it tells none.
    """
    try:
        region = Region(*(float(part) for part in text.split(",")))
    except (ValueError, TypeError):
        raise InvalidInputError("a region is written LEFT,TOP,RIGHT,BOTTOM, from 0 to 1") from None
    if not (0 <= region.left < region.right <= 1 and 0 <= region.top < region.bottom <= 1):
        raise InvalidInputError("a region lies within 0 and 1, its left and top edges first")
    return region


def export_web_pictures(  # noqa: PLR0913 - the options of a request, by keyword only
    source: BinaryIO,
    target: BinaryIO,
    limits: Limits = DEFAULT,
    *,
    first_frame: int,
    frames: int = 1,
    kind: str,
    window: str = OWN,
    viewport: str = "",
    quality: int = 0,
    region: str = "",
    annotations: bool = False,
) -> Mapping[str, object]:
    """Write a Frame as a picture, or several as an animation.

    Parameters
    ----------
    kind
        One of ``KINDS``; only ``gif`` holds more than one Frame.
    viewport
        As ``parse_viewport`` reads it; ``""`` for the whole picture in its own size.
    quality
        1 to 100 for JPEG; 0 for the usual one.
    region
        As ``parse_region`` reads it, cut out first; ``""`` for the whole picture.
    annotations
        Whether name, ID and date are written into it.

    Raises
    ------
    InvalidInputError, NotSupportedError, TooLargeError
        If a Frame cannot be decoded or shown.
    """
    if kind not in KINDS or (frames > 1 and kind != "gif"):
        raise InvalidInputError("there is no such kind of picture")
    wanted = parse_viewport(viewport) if viewport else None
    part = parse_region(region) if region else None
    warnings: dict[str, None] = {}
    shown = Shown(window, annotations=annotations)
    pictures = rendered_frames(
        source, limits, first_frame, frames, shown, tools=ANY_TOOLS, warnings=warnings
    )
    images = (_fitted(_cut(picture, part), wanted) for picture in pictures)
    if kind == "gif":
        _write_gif(target, images, _step_ms(source, limits, frames))
    elif kind == "png":
        target.write(ANY_TOOLS.encode(np.asarray(next(images)), "png"))
    else:
        next(images).save(target, "JPEG", quality=quality or _USUAL_QUALITY)
    return {"warnings": list(warnings)}


def _cut(picture: Picture, part: Region | None) -> Picture:
    """Return the pixels that a region touches, at least one."""
    if part is None:
        return picture
    rows, columns = picture.shape[:2]
    left, top = int(part.left * columns), int(part.top * rows)
    right, bottom = math.ceil(part.right * columns), math.ceil(part.bottom * rows)
    return picture[min(top, rows - 1) : bottom, min(left, columns - 1) : right]


def _fitted(picture: Picture, wanted: Viewport | None) -> Image.Image:
    image = Image.fromarray(picture)
    if wanted is None:
        return image
    part_width = abs(wanted.part_width) or image.width - wanted.left
    part_height = abs(wanted.part_height) or image.height - wanted.top
    box = (wanted.left, wanted.top, wanted.left + part_width, wanted.top + part_height)
    is_inside = box[0] >= 0 and box[1] >= 0 and box[2] <= image.width and box[3] <= image.height
    if not is_inside or part_width < 1 or part_height < 1:
        raise InvalidInputError("the part of the source is outside of it")
    scale = min(wanted.width / part_width, wanted.height / part_height)
    size = max(1, round(part_width * scale)), max(1, round(part_height * scale))
    # Shrinking averages all pixels: a thin line of a film must not vanish from a thumbnail.
    image = image.resize(size, Image.Resampling.BICUBIC, box)
    if wanted.part_width < 0:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if wanted.part_height < 0:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return image


def _step_ms(source: BinaryIO, limits: Limits, frames: int) -> int:
    dataset = index_header(StreamSource(source), limits).dataset
    rate = read_timing(dataset, max(frames, number_of_frames(dataset))).rate
    return max(_SHORTEST_MS, round(1000 / float(rate)))


def _write_gif(target: BinaryIO, images: Iterator[Image.Image], step_ms: int) -> None:
    stream = io.BytesIO()
    first = next(images)
    first.save(stream, "GIF", save_all=True, append_images=images, duration=step_ms, loop=0)
    target.write(stream.getvalue())
