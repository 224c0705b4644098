"""The series among the files of a session, told from what intake read in their headers.

A series here is what somebody looks through as one stack: the single-frame files of one Series of
one size, or one multi-frame file. Nothing is read again for it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from isocenter.services.reports import Json
from isocenter.services.session_files import Files, SessionFile

_NO_DICOM = "not a DICOM file"
_NO_IMAGE = "no image"
_ID_CHARACTERS = 16


class Series(NamedTuple):
    """One series, with its files in the order in which somebody would look through them."""

    id: str
    kind: str
    files: tuple[SessionFile, ...]

    def to_json(self) -> dict[str, Json]:
        """Return what the web tool shows of it; window and spacing are those of its middle."""
        facts = self.files[(len(self.files) - 1) // 2].facts
        return {
            "id": self.id,
            "kind": self.kind,
            "title": _title(facts, self.files[0].name),
            "action": _text(facts, "action"),
            "modality": _text(facts, "modality"),
            "rows": _number(facts, "rows"),
            "columns": _number(facts, "columns"),
            "size": sum(file.size_bytes for file in self.files),
            "window": _window(facts),
            "spacing": facts.get("pixel_spacing"),
            "files": [[file.name, _frames(file.facts)] for file in self.files],
        }


class Other(NamedTuple):
    """A file that is in no series, and why."""

    file: SessionFile
    reason: str

    def to_json(self) -> dict[str, Json]:
        """Return what the web tool shows of it."""
        return {"name": self.file.name, "size": self.file.size_bytes, "reason": self.reason}


def find_series(files: Files) -> tuple[list[Series], list[Other]]:
    """Return the series of inputs, then those of outputs, and the inputs that are in none."""
    series: dict[tuple[str, ...], list[SessionFile]] = {}
    others: list[Other] = []
    for file in [*files.inputs, *files.outputs]:
        reason = _why_not(file.facts)
        if not reason:
            series.setdefault(_key(file), []).append(file)
        elif file.kind == "input":
            others.append(Other(file, reason))
    found = [
        Series(_series_id(key), key[0], tuple(_in_order(members)))
        for key, members in series.items()
    ]
    return found, others


def _why_not(facts: Mapping[str, Json]) -> str:
    """Return why a file has no picture to show; an empty text where it has one."""
    if not facts.get("is_dicom"):
        return _NO_DICOM
    if "problem" in facts:
        return str(facts["problem"])
    return "" if _number(facts, "rows") and _number(facts, "columns") else _NO_IMAGE


def _key(file: SessionFile) -> tuple[str, ...]:
    facts = file.facts
    uid = _text(facts, "series_uid")
    # A multi-frame file is a stack by itself, and so is what names no series.
    alone = file.id if not uid or _frames(facts) > 1 else ""
    size = f"{_number(facts, 'rows')}x{_number(facts, 'columns')}"
    # Results of different actions are not one stack, though of one series.
    action = _text(facts, "action") if file.kind == "output" else ""
    return (file.kind, action, uid, size, alone)


def _series_id(key: Iterable[str]) -> str:
    """Return an id that stays while files come, and says nothing of the UID in it."""
    return hashlib.sha256("\n".join(key).encode()).hexdigest()[:_ID_CHARACTERS]


def _in_order(files: Sequence[SessionFile]) -> list[SessionFile]:
    """Return files by Instance Number; where that does not tell them apart, along the normal."""
    numbers = [_text(file.facts, "instance_number") for file in files]
    if len(set(numbers)) == len(files) and all(_is_integer(number) for number in numbers):
        return sorted(files, key=lambda file: int(_text(file.facts, "instance_number")))
    places = [_along_normal(file.facts) for file in files]
    if any(place is None for place in places):
        return list(files)
    return [file for _, file in sorted(zip(places, files, strict=True), key=_place_and_number)]


def _place_and_number(placed: tuple[float | None, SessionFile]) -> tuple[float, int]:
    place, file = placed
    return (place or 0.0, file.number)


def _along_normal(facts: Mapping[str, Json]) -> float | None:
    """Return how far a slice lies along its normal, in millimetres (PS3.3 C.7.6.2.1.1)."""
    position, orientation = _numbers(facts, "position", 3), _numbers(facts, "orientation", 6)
    if position is None or orientation is None:
        return None
    (a, b, c), (d, e, f) = orientation[:3], orientation[3:]
    normal = (b * f - c * e, c * d - a * f, a * e - b * d)
    return sum(one * other for one, other in zip(position, normal, strict=True))


def _title(facts: Mapping[str, Json], name: str) -> str:
    described = _text(facts, "series_description") or _text(facts, "study_description")
    number = _text(facts, "series_number")
    return described or (f"Series {number}" if number else name)


def _window(facts: Mapping[str, Json]) -> list[Json] | None:
    center, width = facts.get("window_center"), facts.get("window_width")
    if not isinstance(center, int | float) or not isinstance(width, int | float) or width <= 0:
        return None
    return [center, width]


def _frames(facts: Mapping[str, Json]) -> int:
    return max(1, _number(facts, "num_frames"))


def _text(facts: Mapping[str, Json], key: str) -> str:
    value = facts.get(key)
    return value if isinstance(value, str) else ""


def _number(facts: Mapping[str, Json], key: str) -> int:
    value = facts.get(key)
    return value if isinstance(value, int) else 0


def _numbers(facts: Mapping[str, Json], key: str, count: int) -> list[float] | None:
    value = facts.get(key)
    if not isinstance(value, list) or len(value) != count:
        return None
    return [float(one) for one in value if isinstance(one, int | float)]


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()
