"""Structured reports as plain HTML: the tree of their content as nested lists, every text escaped.

There are no styles, scripts, links or pictures in it: what a report names is told by its UID.

References
----------
PS3.3 C.17.3 (SR Document Content Module), PS3.18 8.7.4 (rendered media types).
"""

import re
from collections.abc import Iterator, Mapping
from html import escape

from isocenter.dicom.json_model import JSON, JSONObject, first_value

# How the UIDs of structured reports begin; key object selections are among them.
REPORTS = "1.2.840.10008.5.1.4.1.1.88."

_VALUE_TYPE, _NAME, _CONTENT = 0x0040A040, 0x0040A043, 0x0040A730
_MEANING, _CODE_VALUE = 0x00080104, 0x00080100
_MEASURED, _NUMBER, _UNIT = 0x0040A300, 0x0040A30A, 0x004008EA
_QUALIFIER = 0x0040A301
_CODE, _REFERENCED = 0x0040A168, 0x00081199
_GRAPHIC_TYPE, _FRAMES = 0x00700023, 0x00081160
_SOP_INSTANCE_UID = 0x00081155
_LINE_END = re.compile(r"\r\n|\n\r|\r|\n")  # files have all of them
# Value types with one value of their own.
_PLAIN = {
    "TEXT": 0x0040A160,
    "DATE": 0x0040A121,
    "TIME": 0x0040A122,
    "DATETIME": 0x0040A120,
    "PNAME": 0x0040A123,
    "UIDREF": 0x0040A124,
    "SCOORD": _GRAPHIC_TYPE,
    "SCOORD3D": _GRAPHIC_TYPE,
    "TCOORD": 0x0040A130,
}
_HEAD = (
    ("Patient", 0x00100010),
    ("ID", 0x00100020),
    ("Birth date", 0x00100030),
    ("Study date", 0x00080020),
    ("Content date", 0x00080023),
    ("Completion", 0x0040A491),
    ("Verification", 0x0040A493),
)


def report_html(document: Mapping[str, JSON]) -> str:
    """Return a structured report, as DICOM JSON tells it, as a page."""
    title = escape(_coded(document, _NAME) or "Report")
    return "".join(
        (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
            f"<title>{title}</title></head>\n<body><h1>{title}</h1>\n",
            *_head(document),
            *_items(document),
            "</body></html>\n",
        )
    )


def _head(document: Mapping[str, JSON]) -> Iterator[str]:
    yield "<dl>\n"
    for name, tag in _HEAD:
        text = _text(first_value(document, tag))
        if text:
            yield f"<dt>{name}</dt><dd>{escape(text)}</dd>\n"
    yield "</dl>\n"


def _items(item: Mapping[str, JSON]) -> Iterator[str]:
    """Yield the content of an Item as a list, if there is any."""
    children = _sequence(item, _CONTENT)
    if not children:
        return
    yield "<ul>\n"
    for child in children:
        name, value = escape(_coded(child, _NAME)), escape(_value(child))
        between = ": " if name and value else ""
        yield f"<li><b>{name}</b>{between}{_with_lines(value)}\n"
        yield from _items(child)
        yield "</li>\n"
    yield "</ul>\n"


def _value(item: Mapping[str, JSON]) -> str:
    """Return the value of a content item, ``""`` for what only contains others."""
    kind = first_value(item, _VALUE_TYPE)
    if kind == "CODE":
        return _coded(item, _CODE)
    if kind == "NUM":
        return _number(item)
    if kind in {"IMAGE", "COMPOSITE", "WAVEFORM"}:
        return "; ".join(filter(None, map(_reference, _sequence(item, _REFERENCED))))
    return _text(first_value(item, _PLAIN[kind])) if kind in _PLAIN else ""


def _number(item: Mapping[str, JSON]) -> str:
    for measured in _sequence(item, _MEASURED):
        unit = next(iter(_sequence(measured, _UNIT)), {})
        # The value of a code of UCUM is how the unit is written.
        written = _text(first_value(unit, _CODE_VALUE))
        number = _text(first_value(measured, _NUMBER))
        return number if written == "1" else f"{number} {written}".strip()
    return _coded(item, _QUALIFIER)


def _reference(item: JSONObject) -> str:
    uid, frame = _text(first_value(item, _SOP_INSTANCE_UID)), _text(first_value(item, _FRAMES))
    return f"{uid}, frame {frame}" if frame else uid


def _coded(item: Mapping[str, JSON], tag: int) -> str:
    """Return the meaning of the first code of a sequence."""
    code = next(iter(_sequence(item, tag)), {})
    return _text(first_value(code, _MEANING)) or _text(first_value(code, _CODE_VALUE))


def _sequence(item: Mapping[str, JSON], tag: int) -> list[JSONObject]:
    element = item.get(f"{tag:08X}")
    values = element.get("Value") if isinstance(element, dict) else None
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _text(value: JSON) -> str:
    if isinstance(value, dict):
        return " / ".join(str(group) for group in value.values())
    return "" if value is None else str(value)


def _with_lines(text: str) -> str:
    return _LINE_END.sub("<br>", text)
