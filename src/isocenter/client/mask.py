"""One mask as the wire takes it, and how callers name the values of a segmentation."""

from collections.abc import Mapping
from typing import NamedTuple

# One name for all values, or a name for each value, ``"default"`` for the others.
Names = str | Mapping[int, str] | None


class Mask(NamedTuple):
    """What one value marks in one frame; ``png`` is RGB of 0 and 255, as the contract has it."""

    name: str
    frame_index: int
    png: bytes
