"""Who and when, written into a picture: name, ID and date of a patient in its upper left corner.

The caller asks for that in so many words: pictures with annotations identify the patient.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.render import Picture
from isocenter.dicom.text import decode_names, decode_values, encodings_of
from isocenter.dicom.values import first_string

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_NAME, _ID = 0x00100010, 0x00100020
# The first one that is there is when the image was made.
_DATES = (0x00080023, 0x00080022, 0x00080021, 0x00080020)
_LINE_CHARACTERS = 64
_ROWS_PER_LINE = 36
_SMALLEST, _LARGEST = 8, 96


@dataclass(frozen=True, slots=True)
class Annotation:
    """Lines of text, drawn once for pictures of one size.

    Attributes
    ----------
    ink, halo
        ``(rows, columns)`` from 0 to 1: how much of a pixel is white text, or its black border.
    """

    ink: npt.NDArray[np.float32]
    halo: npt.NDArray[np.float32]

    def burn(self, picture: Picture) -> Picture:
        """Return the picture with the text over it."""
        top = (1 << picture.dtype.itemsize * 8) - 1
        rows, columns = self.ink.shape
        shape = (rows, columns, 1) if picture.ndim == 3 else (rows, columns)
        ink, halo = self.ink.reshape(shape), self.halo.reshape(shape)
        burnt = picture.copy()
        corner = picture[:rows, :columns] * (1 - halo) * (1 - ink) + top * ink
        burnt[:rows, :columns] = np.rint(corner)
        return burnt


def annotator(
    dataset: DataSetIndex, rows: int, columns: int
) -> Callable[[Picture], Picture] | None:
    """Return what burns an Instance's annotations into pictures of a size, ``None`` for none."""
    annotation = draw_annotation(annotation_lines(dataset), rows, columns)
    return None if annotation is None else annotation.burn


def annotation_lines(dataset: DataSetIndex) -> list[str]:
    """Return name, ID and date of an Instance, those that it has."""
    encodings = encodings_of(dataset)
    names = decode_names(dataset.value(_NAME), encodings)
    # The first group is the alphabetic one (PS3.5 6.2.1.1).
    name = " ".join(names[0].partition("=")[0].replace("^", " ").split()) if names else ""
    identifier = decode_values(dataset.value(_ID), encodings)[0].strip()
    date = next((text for text in (first_string(dataset, tag) for tag in _DATES) if text), "")
    if len(date) == 8 and date.isdigit():
        date = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    return [_drawable(line) for line in (name, identifier, date) if line]


def draw_annotation(lines: list[str], rows: int, columns: int) -> Annotation | None:
    """Return lines drawn for pictures of a size; ``None`` where there is nothing to draw."""
    if not lines:
        return None
    text = "\n".join(lines)
    font = _fitting_font(text, rows, columns)
    margin = max(2, rows // 100)
    halo = _mask(text, font, rows, columns, margin, stroke=1)
    ink = _mask(text, font, rows, columns, margin, stroke=0)
    used_rows = np.flatnonzero(halo.any(axis=1))
    used_columns = np.flatnonzero(halo.any(axis=0))
    if not used_rows.size:
        return None
    last_row, last_column = used_rows[-1] + 1, used_columns[-1] + 1
    return Annotation(ink[:last_row, :last_column], halo[:last_row, :last_column])


def _drawable(line: str) -> str:
    """Return a line with what the font has; the rest are question marks."""
    shown = "".join(c if c.isprintable() else "?" for c in line[:_LINE_CHARACTERS])
    return shown.encode("latin-1", "replace").decode("latin-1")


def _fitting_font(text: str, rows: int, columns: int) -> Font:
    """Return the font in a size that suits the picture, smaller if the text is too wide."""
    size = min(max(rows // _ROWS_PER_LINE, _SMALLEST), _LARGEST)
    while True:
        font = ImageFont.load_default(size)
        width = ImageDraw.Draw(Image.new("L", (1, 1))).textbbox((0, 0), text, font)[2]
        if width <= columns - 4 or size <= _SMALLEST:
            return font
        size = max(_SMALLEST, int(size * 0.8))


def _mask(
    text: str,
    font: Font,
    rows: int,
    columns: int,
    margin: int,
    *,
    stroke: int,
) -> npt.NDArray[np.float32]:
    canvas = Image.new("L", (columns, rows), 0)
    ImageDraw.Draw(canvas).text((margin, margin), text, 255, font, stroke_width=stroke)
    return np.asarray(canvas, np.float32) / np.float32(255)
