"""Rectangles of an image: read from what the caller wrote, cut to the image, subtracted.

Rows and columns count from 0; the first pixel is at the top on the left.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from isocenter.errors import InvalidInputError

Kind = Literal["", "single", "multi"]

_NUMBERS = re.compile(r" *,".join([" *([0-9]{1,9})"] * 4) + " *")
# The documented rectangles: of every file, of single-frame files, of multi-frame files.
_KINDS: dict[str, Kind] = {"r": "", "ri": "single", "rv": "multi"}
_REGIONS_MAX = 10_000
_SIDE_MAX = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of pixels.

    Attributes
    ----------
    left, top
        Column and row of its first pixel, from 0.
    width, height
        In pixels, at least 1.
    kind
        ``single``: counts in files of one Frame only; ``multi``: in all others; empty: in all.
    """

    left: int
    top: int
    width: int
    height: int
    kind: Kind = ""

    def __post_init__(self) -> None:
        if min(self.left, self.top) < 0 or max(self.left, self.top) > _SIDE_MAX:
            raise InvalidInputError("a region begins outside of every image")
        if not (1 <= self.width <= _SIDE_MAX and 1 <= self.height <= _SIDE_MAX):
            raise InvalidInputError("a region has no pixels")

    @property
    def right(self) -> int:
        """The first column behind it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.height


def parse_region(text: str) -> Region:
    """Return the region that ``X,Y,WIDTH,HEIGHT`` names.

    Raises
    ------
    InvalidInputError
        If the text is something else.
    """
    found = _NUMBERS.fullmatch(text)
    if found is None:
        raise InvalidInputError("a region is X,Y,WIDTH,HEIGHT in pixels")
    left, top, width, height = (int(number) for number in found.groups())
    return Region(left, top, width, height)


def is_rectangle_line(line: str) -> bool:
    """Return whether a line of parameters begins as a rectangle does."""
    words = line.split(maxsplit=1)
    return bool(words) and words[0] in _KINDS


def parse_rectangle_line(line: str) -> Region:
    """Return the region of a documented line ``r|ri|rv LEFT TOP RIGHT BOTTOM``.

    Right and bottom are blanked as well: a pixel too many is better than one too few.

    Raises
    ------
    InvalidInputError
        If the line is something else.
    """
    words = line.split()
    if len(words) != 5 or words[0] not in _KINDS or not all(_is_number(word) for word in words[1:]):
        raise InvalidInputError("a rectangle is r, ri or rv and LEFT TOP RIGHT BOTTOM in pixels")
    left, top, right, bottom = (int(word) for word in words[1:])
    if right < left or bottom < top:
        raise InvalidInputError("a rectangle ends before it begins")
    return Region(left, top, right - left + 1, bottom - top + 1, _KINDS[words[0]])


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 9


def encode_regions(regions: Iterable[Region]) -> str:
    """Return regions as one line, for a child process."""
    return " ".join(f"{one.kind}:{one.left},{one.top},{one.width},{one.height}" for one in regions)


def decode_regions(line: str) -> list[Region]:
    """Return the regions of such a line.

    Raises
    ------
    InvalidInputError
        If it is none, or has too many of them.
    """
    words = line.split()
    if len(words) > _REGIONS_MAX:
        raise InvalidInputError("too many regions")
    regions = []
    for word in words:
        kind, _, numbers = word.partition(":")
        if kind not in ("", "single", "multi"):
            raise InvalidInputError("a region is of no known kind")
        plain = parse_region(numbers)
        name: Kind = "single" if kind == "single" else "multi" if kind == "multi" else ""
        regions.append(Region(plain.left, plain.top, plain.width, plain.height, name))
    return regions


def regions_of_image(
    regions: Sequence[Region], rows: int, columns: int, frames: int
) -> tuple[list[Region], list[str]]:
    """Return the regions that count in an image, cut to it, and sentences about the others.

    A region of another kind of file is left out without a word.
    """
    other: Kind = "multi" if frames == 1 else "single"
    found: list[Region] = []
    warnings = []
    for region in regions:
        if region.kind == other:
            continue
        right, bottom = min(region.right, columns), min(region.bottom, rows)
        if region.left >= right or region.top >= bottom:
            warnings.append(
                f"region {region.left},{region.top},{region.width},{region.height} "
                f"is outside of the {columns} x {rows} pixels"
            )
            continue
        cut = Region(region.left, region.top, right - region.left, bottom - region.top)
        if cut not in found:
            found.append(cut)
    return found, warnings


def outside_of(regions: Sequence[Region], rows: int, columns: int) -> list[Region]:
    """Return rectangles that cover exactly what no region covers.

    Parameters
    ----------
    regions
        Inside the image, as ``regions_of_image`` gives them.
    """
    edges = sorted({0, rows, *(one.top for one in regions), *(one.bottom for one in regions)})
    outside: list[Region] = []
    open_bands: dict[tuple[int, int], int] = {}
    for top, bottom in pairwise(edges):
        covered = [one for one in regions if one.top <= top and one.bottom >= bottom]
        gaps = _gaps(sorted((one.left, one.right) for one in covered), columns)
        # A gap that goes on from the band above makes one higher rectangle.
        for (left, right), start in list(open_bands.items()):
            if (left, right) not in gaps:
                outside.append(Region(left, start, right - left, top - start))
                del open_bands[left, right]
        for gap in gaps:
            open_bands.setdefault(gap, top)
    for (left, right), start in open_bands.items():
        outside.append(Region(left, start, right - left, rows - start))
    return sorted(outside, key=lambda one: (one.top, one.left))


def _gaps(spans: Iterable[tuple[int, int]], columns: int) -> list[tuple[int, int]]:
    """Return the columns that no span covers, from and up to."""
    gaps = []
    position = 0
    for left, right in spans:
        if left > position:
            gaps.append((position, left))
        position = max(position, right)
    if position < columns:
        gaps.append((position, columns))
    return gaps
