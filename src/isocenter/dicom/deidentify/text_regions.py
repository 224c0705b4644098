"""Where a program for reading text found some: candidates for regions, for a reviewer to judge.

A help, never a guarantee: small, coloured, slanted or handwritten text is often not found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from isocenter.dicom.deidentify.regions import Region
from isocenter.errors import InvalidInputError

_COLUMNS = ("level", "left", "top", "width", "height", "conf", "text")
_WORD_LEVEL = "5"
_LINES_MAX = 100_000
_SIDE_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class FoundText:
    """One word that may be text.

    Attributes
    ----------
    region
        Where it stands in the picture, without a margin.
    confidence
        0 to 100, as the program says.
    characters
        How many it has; the word itself may name a patient and is not kept.
    """

    region: Region
    confidence: float
    characters: int


def parse_found_text(table: str) -> list[FoundText]:
    """Return the words of the table that Tesseract writes with ``tsv``.

    Raises
    ------
    InvalidInputError
        If it is no such table.
    """
    lines = table.splitlines()
    names = lines[0].split("\t") if lines else []
    if not set(_COLUMNS) <= set(names) or len(lines) > _LINES_MAX:
        raise InvalidInputError("the program for reading text gave no table")
    at = {name: names.index(name) for name in _COLUMNS}
    found = []
    for line in lines[1:]:
        values = line.split("\t")
        if len(values) != len(names) or values[at["level"]] != _WORD_LEVEL:
            continue
        characters = len(values[at["text"]].strip())
        if characters:
            found.append(_word(values, at, characters))
    return found


def _word(values: Sequence[str], at: dict[str, int], characters: int) -> FoundText:
    try:
        left, top, width, height = (
            int(values[at[name]]) for name in ("left", "top", "width", "height")
        )
        confidence = float(values[at["conf"]])
    except ValueError:
        raise InvalidInputError("the program for reading text gave a broken table") from None
    if max(left, top, width, height) > _SIDE_MAX:
        raise InvalidInputError("the program for reading text found text outside of the picture")
    return FoundText(Region(left, top, width, height), confidence, characters)


def candidate_regions(
    words: Sequence[FoundText], rows: int, columns: int, *, confidence_min: float, margin: int
) -> list[Region]:
    """Return regions around the words, those that touch joined, from top to bottom.

    Parameters
    ----------
    rows, columns
        Of the image.
    confidence_min
        Words of less are left out.
    margin
        Pixels added on each side.
    """
    boxes: list[tuple[int, int, int, int]] = []
    for word in words:
        one = word.region
        if word.confidence < confidence_min or one.left >= columns or one.top >= rows:
            continue
        box = (
            max(0, one.left - margin),
            max(0, one.top - margin),
            min(columns, one.right + margin),
            min(rows, one.bottom + margin),
        )
        boxes = _joined(boxes, box)
    return [
        Region(left, top, right - left, bottom - top)
        for left, top, right, bottom in sorted(boxes, key=lambda box: (box[1], box[0]))
    ]


def _joined(
    boxes: list[tuple[int, int, int, int]], new: tuple[int, int, int, int]
) -> list[tuple[int, int, int, int]]:
    """Return the boxes with one more, which swallows those that it touches."""
    apart = list(boxes)
    while touching := [box for box in apart if _touch(box, new)]:
        apart = [box for box in apart if box not in touching]
        lefts, tops, rights, bottoms = zip(*touching, new, strict=True)
        new = (min(lefts), min(tops), max(rights), max(bottoms))
    return [*apart, new]


def _touch(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> bool:
    return one[0] <= two[2] and two[0] <= one[2] and one[1] <= two[3] and two[1] <= one[3]
