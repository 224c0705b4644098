"""When each Frame is shown: the rate of a multi-frame object, from its header.

References
----------
PS3.3 C.7.6.5 (Cine), C.7.6.6.1.1 (Frame Increment Pointer), C.7.6.3.1.7 (Pixel Aspect Ratio).
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import isfinite

from isocenter.dicom.frame_increment import FRAME_TIME, FRAME_TIME_VECTOR
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.values import floats
from isocenter.errors import InvalidInputError

DEFAULT_RATE = Fraction(30)

_FRAME_INCREMENT_POINTER = 0x00280009
_CINE_RATE, _DISPLAY_RATE = 0x00180040, 0x00082144
_PIXEL_SPACING, _ASPECT_RATIO = 0x00280030, 0x00280034
_IMAGER_SPACING = 0x00181164
_EVEN = 0.01
# Slower ones are times of acquisition that nobody would watch, faster ones nobody could.
_SLOWEST, _FASTEST = Fraction(1, 10), Fraction(1000)
_DENOMINATOR_MAX = 1001
_SQUARE = Fraction(1)
_ASPECT_MAX = 20


@dataclass(frozen=True, slots=True)
class Timing:
    """When Frames are shown.

    Attributes
    ----------
    rate
        Frames a second, the mean where the steps are uneven.
    steps_ms
        From each Frame to the next where they are uneven, else empty.
    is_said
        Whether the header says so.
    """

    rate: Fraction
    steps_ms: tuple[float, ...] = ()
    is_said: bool = True

    def starts(self, frames: int, ticks_per_second: int) -> list[int]:
        """Return when each Frame is shown, in ticks; every one later than the one before it."""
        if not self.steps_ms:
            return [round(index * ticks_per_second / self.rate) for index in range(frames)]
        ticks = [max(1, round(step * ticks_per_second / 1000)) for step in self.steps_ms]
        return [0, *accumulate(ticks[: frames - 1])]


def read_timing(dataset: DataSetIndex, frames: int) -> Timing:
    """Return when the Frames of an object are shown.

    Of several statements the first counts that makes sense: what the Frame Increment Pointer
    names, Frame Time, Frame Time Vector, Cine Rate, Recommended Display Frame Rate; else 30 a
    second.
    """
    pointed = _pointed(dataset)
    order = [FRAME_TIME, FRAME_TIME_VECTOR]
    if FRAME_TIME_VECTOR in pointed and FRAME_TIME not in pointed:
        order.reverse()
    for tag in order:
        timing = _of_time(dataset) if tag == FRAME_TIME else _of_vector(dataset, frames)
        if timing is not None:
            return timing
    for tag in (_CINE_RATE, _DISPLAY_RATE):
        rate = _sensible(_first(dataset, tag))
        if rate is not None:
            return Timing(rate)
    return Timing(DEFAULT_RATE, is_said=False)


def parse_rate(text: str) -> Fraction:
    """Return the rate that a caller wants, in Frames a second.

    Raises
    ------
    InvalidInputError
        If it is no number from 0.1 to 1000.
    """
    try:
        rate = _sensible(float(text))
    except ValueError:
        rate = None
    if rate is None:
        raise InvalidInputError("fps is a number of frames a second, from 0.1 to 1000")
    return rate


def pixel_shape(dataset: DataSetIndex) -> Fraction:
    """Return width by height of a pixel, 1 where nothing sensible is said."""
    vertical, horizontal = _pair(dataset, _ASPECT_RATIO)
    if not vertical:
        for tag in (_PIXEL_SPACING, _IMAGER_SPACING):
            vertical, horizontal = _pair(dataset, tag)
            if vertical:
                break
    if not vertical or not 1 / _ASPECT_MAX < horizontal / vertical < _ASPECT_MAX:
        return _SQUARE
    shape = Fraction(horizontal / vertical).limit_denominator(_DENOMINATOR_MAX)
    return _SQUARE if abs(shape - 1) < Fraction(1, 500) else shape


def _pointed(dataset: DataSetIndex) -> set[int]:
    raw = dataset.value(_FRAME_INCREMENT_POINTER)
    words = [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw) // 4 * 4, 2)]
    return {group << 16 | element for group, element in zip(words[::2], words[1::2], strict=True)}


def _of_time(dataset: DataSetIndex) -> Timing | None:
    time_ms = _first(dataset, FRAME_TIME)
    rate = _sensible(1000 / time_ms) if time_ms > 0 else None
    return None if rate is None else Timing(rate)


def _of_vector(dataset: DataSetIndex, frames: int) -> Timing | None:
    """Return what the vector says: its first value is 0, the others are steps (C.7.6.5)."""
    steps = _floats(dataset, FRAME_TIME_VECTOR)[1:]
    if len(steps) != frames - 1 or not steps or min(steps) < 0:
        return None
    mean = sum(steps) / len(steps)
    rate = _sensible(1000 / mean) if mean > 0 else None
    if rate is None:
        return None
    if all(abs(step - mean) <= _EVEN * mean for step in steps):
        return Timing(rate)
    return Timing(rate, tuple(steps))


def _sensible(rate: float) -> Fraction | None:
    """Return the rate as a fraction, near to one of video where it is one, if it makes sense."""
    if not isfinite(rate) or not _SLOWEST <= rate <= _FASTEST:
        return None
    # Headers round their times to 33.33 or 33.37 ms.
    for base in (24, 30, 48, 60, 120):
        for exact in (Fraction(base), Fraction(base * 1000, 1001)):
            if abs(rate - exact) < 0.0002 * exact:
                return exact
    return Fraction(rate).limit_denominator(_DENOMINATOR_MAX)


def _first(dataset: DataSetIndex, tag: int) -> float:
    values = _floats(dataset, tag)
    return values[0] if values else 0.0


def _pair(dataset: DataSetIndex, tag: int) -> tuple[float, float]:
    """Return vertical and horizontal size, zeros where there is no sensible pair."""
    values = _floats(dataset, tag)
    if len(values) != 2 or min(values) <= 0:
        return 0.0, 0.0
    return values[0], values[1]


def _floats(dataset: DataSetIndex, tag: int) -> list[float]:
    try:
        return floats(dataset, tag)
    except InvalidInputError:
        return []
