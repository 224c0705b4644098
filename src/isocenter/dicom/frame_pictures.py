"""Frames of a whole file as picture files, one after the other in one stream.

The functions that take streams run in a child process with limits (``jobs/picture_child.py``):
they read what nobody has checked. They take plain little-endian files only; others are rewritten
first (``dicom/rewrite.py``). Codecs are handed in (``dicom/any_pictures.py``), so that whoever has
native Frames does not wait for them to load.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from isocenter.dicom.display import Display, frame_groups, read_display, shared_groups
from isocenter.dicom.frames import read_frame
from isocenter.dicom.header_index import DataSetIndex, index_header
from isocenter.dicom.image_facts import PER_FRAME_GROUPS
from isocenter.dicom.overlays import overlay_groups, overlay_mask
from isocenter.dicom.pictures import encode_picture
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.dicom.render import Picture, render, value_range
from isocenter.dicom.samples import (
    Array,
    index_pixels,
    native_cells,
    read_sample_format,
    stored_values,
)
from isocenter.dicom.streams import ByteSource, StreamSource
from isocenter.dicom.uids import VIDEO
from isocenter.dicom.windows import FULL, OWN, parse_window, spanning
from isocenter.errors import NotSupportedError
from isocenter.limits import DEFAULT, Limits

Decode = Callable[[str, bytes, PixelFormat], tuple[Array, PixelFormat]]
Annotator = Callable[[DataSetIndex, int, int], Callable[[Picture], Picture] | None]


@dataclass(frozen=True, slots=True)
class Tools:
    """What takes long to load, where it is loaded.

    Attributes
    ----------
    decode
        Transfer Syntax UID, encoded Frame and its description to samples and their description.
    encode
        Picture and kind to the bytes of a file.
    annotator
        Data Set, rows and columns to what writes into pictures.
    """

    decode: Decode | None = None
    encode: Callable[[Picture, str], bytes] = encode_picture
    annotator: Annotator | None = None


NATIVE_TOOLS = Tools()


@dataclass(frozen=True, slots=True)
class Shown:
    """How Frames are shown: as the options of ``export_native_frames`` say."""

    window: str = OWN
    bits: int = 8
    overlays: bool = False
    annotations: bool = False


def export_native_frames(  # noqa: PLR0913 - the options of a request, by keyword only
    source: BinaryIO,
    target: BinaryIO,
    limits: Limits = DEFAULT,
    *,
    first_frame: int,
    frames: int,
    kind: str,
    window: str = OWN,
    bits: int = 8,
    overlays: bool = False,
    annotations: bool = False,
    tools: Tools = NATIVE_TOOLS,
) -> Mapping[str, object]:
    """Write Frames as pictures, one after the other; return their lengths in bytes.

    Parameters
    ----------
    first_frame, frames
        The first one, 1-based, and how many.
    kind, bits
        As ``encode_picture`` knows them.
    window
        ``own``: as the header says for each Frame, or all its values; ``full``: the range that
        the cells can hold; ``CENTER,WIDTH[,FUNCTION]``.
    overlays, annotations
        Whether overlays are drawn in white; whether name, ID and date are written.

    Returns
    -------
    facts
        ``lengths``: bytes of each picture; ``warnings``: sentences.

    Raises
    ------
    InvalidInputError, NotSupportedError, TooLargeError
        If a Frame cannot be decoded or shown.
    """
    warnings: dict[str, None] = {}
    shown = Shown(window, bits, overlays=overlays, annotations=annotations)
    pictures = rendered_frames(
        source, limits, first_frame, frames, shown, tools=tools, warnings=warnings
    )
    lengths = [target.write(tools.encode(picture, kind)) for picture in pictures]
    return {"lengths": lengths, "warnings": list(warnings)}


def rendered_frames(
    source: BinaryIO,
    limits: Limits,
    first_frame: int,
    frames: int,
    shown: Shown,
    *,
    tools: Tools,
    warnings: dict[str, None],
) -> Iterator[Picture]:
    """Yield Frames as they are shown, one at a time; add what was odd to ``warnings``.

    Raises
    ------
    InvalidInputError, NotSupportedError, TooLargeError
        If a Frame cannot be decoded or shown.
    """
    image = _Image(StreamSource(source), limits, tools)
    window = shown.window
    voi = parse_window(window) if window not in (OWN, FULL) else None
    annotate = None
    if shown.annotations and tools.annotator is not None:
        annotate = tools.annotator(image.dataset, image.layout.rows, image.layout.columns)
    has_overlays = shown.overlays and bool(overlay_groups(image.dataset))
    for frame_number, display in image.displays(first_frame, frames):
        frame = image.decode(frame_number, display)
        chosen = _own(frame) if window == OWN else replace(frame.display, voi=voi)
        picture = render(frame.samples, chosen, bits=shown.bits)
        if has_overlays:
            picture, problems = _with_overlays(picture, image, frame, frame_number)
            warnings.update(dict.fromkeys(problems))
        if annotate is not None:
            picture = annotate(picture)
        yield picture


def measure_native_frames(
    source: BinaryIO,
    target: BinaryIO,  # noqa: ARG001 - every function of a child is given one
    limits: Limits = DEFAULT,
    *,
    first_frame: int,
    frames: int,
    tools: Tools = NATIVE_TOOLS,
) -> Mapping[str, object]:
    """Return the smallest and largest value of Frames in units of the modality, without padding.

    Returns
    -------
    facts
        ``low`` and ``high``; nothing where there is nothing but padding.

    Raises
    ------
    InvalidInputError, NotSupportedError, TooLargeError
        If a Frame cannot be decoded.
    """
    image = _Image(StreamSource(source), limits, tools)
    ends: list[float] = []
    for frame_number, display in image.displays(first_frame, frames):
        frame = image.decode(frame_number, display)
        ends += value_range(frame.samples, frame.display) or ()
    return {"low": min(ends), "high": max(ends)} if ends else {}


@dataclass(frozen=True, slots=True)
class _Frame:
    """One decoded Frame: stored values, cells with all their bits, how it is shown."""

    samples: Array
    cells: Array
    display: Display


class _Image:
    """A plain file whose header is indexed."""

    def __init__(self, source: ByteSource, limits: Limits, tools: Tools) -> None:
        self._source = source
        self._tools = tools
        self._header = index_header(source, limits)
        self.dataset = self._header.dataset
        if self._header.transfer_syntax_uid.startswith(VIDEO):
            raise NotSupportedError("video is not shown as pictures")
        self._index = index_pixels(self._header, source, limits)
        self.layout = read_sample_format(self.dataset, limits)

    def displays(self, first_frame: int, frames: int) -> Iterator[tuple[int, Display]]:
        """Yield the numbers of Frames, 1-based, and how the header says that each is shown."""
        shared = shared_groups(self.dataset)
        if PER_FRAME_GROUPS not in self.dataset:
            display = read_display(self.dataset, self.layout, shared)
            for frame_number in range(first_frame, first_frame + frames):
                yield frame_number, display
            return
        for at, own in enumerate(frame_groups(self.dataset, first_frame, frames)):
            groups = (own, *shared) if own is not None else shared
            yield first_frame + at, read_display(self.dataset, self.layout, groups)

    def decode(self, frame_number: int, display: Display) -> _Frame:
        """Return one Frame decoded."""
        data = read_frame(self._source, self._index, frame_number)
        if not self._index.is_encapsulated:
            cells, layout = native_cells(data, self.layout, frame_number - 1), self.layout
        elif self._tools.decode is None:
            raise NotSupportedError("compressed Frames where native ones are expected")
        else:
            uid = self._header.transfer_syntax_uid
            cells, layout = self._tools.decode(uid, data, self.layout)
        return _Frame(stored_values(cells, layout), cells, replace(display, layout=layout))


def _own(frame: _Frame) -> Display:
    """Return a display with the window of the header, or from the smallest to the largest value."""
    display = frame.display
    if display.voi is not None or not display.is_grey or display.is_plain:
        return display
    ends = value_range(frame.samples, display)
    return display if ends is None else replace(display, voi=spanning(*ends))


def _with_overlays(
    picture: Picture, image: _Image, frame: _Frame, frame_number: int
) -> tuple[Picture, list[str]]:
    """Return a picture with its overlays in white, and sentences about broken ones."""
    mask, problems = overlay_mask(image.dataset, image.layout, frame_number - 1, frame.cells)
    if mask is not None:
        picture = picture.copy()  # what was rendered may be the source's own memory
        picture[mask] = (1 << picture.dtype.itemsize * 8) - 1
    return picture, problems
