"""What tells the Frames of a classic multi-frame object apart: time, page, or NM vectors.

References
----------
PS3.3 C.7.6.6.1.1 (Frame Increment Pointer), C.7.6.5 (Frame Time), C.8.6.3 (Page Number Vector),
C.8.4.8 (NM vectors), C.8.7.1.1.3 (X-Ray: Frame Time or Frame Time Vector only).
"""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from isocenter.dicom.part10 import (
    Elements,
    decimal_string,
    element_text,
    element_value,
    encode_element,
    encode_text,
    encode_us,
)
from isocenter.dicom.stacks import Slice, Stack
from isocenter.dicom.uids import NM, RF, XA
from isocenter.errors import NotSupportedError

FRAME_TIME, FRAME_TIME_VECTOR, PAGE_NUMBER_VECTOR = 0x00181063, 0x00181065, 0x00182001
FRAME_INCREMENT_POINTER, NUMBER_OF_SLICES, SLICE_VECTOR = 0x00280009, 0x00540081, 0x00540080
NM_VECTORS = frozenset(
    {
        *(0x00540010, 0x00540020, 0x00540030, 0x00540050, 0x00540060),
        *(0x00540070, SLICE_VECTOR, 0x00540090, 0x00540100),
    }
)
INCREMENT_TAGS = NM_VECTORS | {
    *(FRAME_INCREMENT_POINTER, FRAME_TIME_VECTOR, PAGE_NUMBER_VECTOR, 0x00182002, 0x00182003),
}
_EVEN = 0.01
_VALUE_BYTES_MAX = 0xFFFE


def frame_increment(
    stack: Stack,
    shared_elements: Mapping[int, bytes],
    *,
    is_implicit: bool,
) -> Elements:
    """Return Frame Increment Pointer and what it points at.

    A Frame Time above 0 that the slices share is kept; else their own times give it; else the
    Frames are numbered as pages, where the class allows that.

    Raises
    ------
    NotSupportedError
        If an X-Ray series has no times, or the vectors of NM slices do not tell them apart.
    """
    if stack.group.target_uid == NM:
        return _nm_vectors(stack, shared_elements, is_implicit=is_implicit)
    if _is_positive(element_text(shared_elements.get(FRAME_TIME), is_implicit=is_implicit)):
        return {FRAME_INCREMENT_POINTER: _pointer(FRAME_TIME, is_implicit=is_implicit)}
    steps = _steps_ms([frame.slice for frame in stack.frames])
    if steps:
        return _timed(steps, is_implicit=is_implicit)
    if stack.group.target_uid in (XA, RF):
        raise NotSupportedError(
            "X-Ray frames are told apart by time, which these slices do not say"
        )
    pages = "\\".join(str(number) for number in range(1, len(stack.frames) + 1))
    return _vector(PAGE_NUMBER_VECTOR, pages, is_implicit=is_implicit)


def _is_positive(text: str) -> bool:
    """Return whether a Frame Time says something; a single frame may have 0 (C.7.6.6.1.1)."""
    try:
        return float(text) > 0
    except ValueError:
        return False


def _timed(steps: list[float], *, is_implicit: bool) -> Elements:
    """Return Frame Time where the steps are even, else Frame Time Vector, in milliseconds."""
    mean = sum(steps) / len(steps)
    if all(abs(step - mean) <= _EVEN * mean for step in steps):
        return {
            FRAME_TIME: encode_text(FRAME_TIME, decimal_string(mean), is_implicit=is_implicit),
            FRAME_INCREMENT_POINTER: _pointer(FRAME_TIME, is_implicit=is_implicit),
        }
    texts = ["0", *(decimal_string(step) for step in steps)]
    return _vector(FRAME_TIME_VECTOR, "\\".join(texts), is_implicit=is_implicit)


def _vector(tag: int, text: str, *, is_implicit: bool) -> Elements:
    if len(text) > _VALUE_BYTES_MAX:
        raise NotSupportedError("too many frames: their vector does not fit into one value")
    return {
        tag: encode_text(tag, text, is_implicit=is_implicit),
        FRAME_INCREMENT_POINTER: _pointer(tag, is_implicit=is_implicit),
    }


def _pointer(*tags: int, is_implicit: bool) -> bytes:
    raw = b"".join(
        (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") for tag in tags
    )
    return encode_element(FRAME_INCREMENT_POINTER, raw, is_implicit=is_implicit, vr="AT")


def _steps_ms(slices: list[Slice]) -> list[float]:
    """Return the times between Frames, ``[]`` where the slices do not tell or time runs back."""
    for date_at, time_at in ((0, 1), (4, 5)):
        if len({bool(one.moment[date_at]) for one in slices}) > 1:
            continue
        times = [_milliseconds(one.moment[date_at], one.moment[time_at]) for one in slices]
        known = [time for time in times if time is not None]
        if len(known) < len(times) or len(known) < 2:
            continue
        steps = [after - before for before, after in pairwise(known)]
        if min(steps) >= 0 and max(steps) > 0:
            return steps
    return []


def _milliseconds(day: str, time: str) -> float | None:
    whole, _, fraction = time.partition(".")
    if len(whole) != 6 or not (whole + fraction + day).isdecimal():
        return None
    try:
        days = date(int(day[:4]), int(day[4:6]), int(day[6:8])).toordinal() if day else 0
    except ValueError:
        return None
    seconds = int(whole[:2]) * 3600 + int(whole[2:4]) * 60 + int(whole[4:6])
    return (days * 86400 + seconds) * 1000 + float(f"0.{fraction or 0}") * 1000


def _nm_vectors(
    stack: Stack, shared_elements: Mapping[int, bytes], *, is_implicit: bool
) -> Elements:
    """Return the vector that the shared pointer names, counting the slices."""
    raw = shared_elements.get(FRAME_INCREMENT_POINTER)
    words = element_value(raw, is_implicit=is_implicit) if raw else b""
    pointers = [
        int.from_bytes(words[at : at + 2], "little") << 16
        | int.from_bytes(words[at + 2 : at + 4], "little")
        for at in range(0, len(words) // 4 * 4, 4)
    ]
    if pointers != [SLICE_VECTOR]:
        raise NotSupportedError("only NM slices of one reconstructed volume are merged")
    count = len(stack.frames)
    if 2 * count > _VALUE_BYTES_MAX:
        raise NotSupportedError("too many frames: their vector does not fit into one value")
    return {
        FRAME_INCREMENT_POINTER: _pointer(SLICE_VECTOR, is_implicit=is_implicit),
        SLICE_VECTOR: encode_us(SLICE_VECTOR, *range(1, count + 1), is_implicit=is_implicit),
        NUMBER_OF_SLICES: encode_us(NUMBER_OF_SLICES, count, is_implicit=is_implicit),
    }
