"""Values that the caller supplies for attributes that no slice has: ``Keyword=value``.

A value is text, several are parted by a backslash; a code is ``value^scheme^meaning``.
``{Keyword}`` takes over, slice by slice, what another attribute says.

References
----------
PS3.5 6.2 (value representations), PS3.3 8.8 (code sequences).
"""

import re
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import NamedTuple

from isocenter.dicom.dictionary import keyword_of, tag_of, vr_of
from isocenter.dicom.enhanced_rules import CODE_SEPARATOR
from isocenter.errors import InvalidInputError

_REFERENCE = re.compile(r"\{([A-Za-z0-9]+)\}")
# VR -> least and greatest value.
WHOLE_NUMBERS = {
    "US": (0, 0xFFFF),
    "UL": (0, 0xFFFFFFFF),
    "SS": (-0x8000, 0x7FFF),
    "SL": (-0x80000000, 0x7FFFFFFF),
    "IS": (-0x80000000, 0x7FFFFFFF),
}
_PATTERNS = {
    "AE": re.compile(r"[ -\[\]-~]{1,16}"),
    "AS": re.compile(r"[0-9]{3}[DWMY]"),
    "CS": re.compile(r"[A-Z0-9_ ]{1,16}"),
    "DA": re.compile(r"[0-9]{8}"),
    "DT": re.compile(r"[0-9]{4,14}(\.[0-9]{1,6})?([+-][0-9]{4})?"),
    "LO": re.compile(r"[ -~]{1,64}"),
    "SH": re.compile(r"[ -~]{1,16}"),
    "TM": re.compile(r"[0-9]{2}([0-9]{2}([0-9]{2}(\.[0-9]{1,6})?)?)?"),
    "UI": re.compile(r"(?=.{1,64}$)(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+"),
}
_DECIMAL_CHARACTERS_MAX = 16


class Supply(NamedTuple):
    """The values for one attribute, or the keyword of the one that has them."""

    texts: tuple[str, ...]
    reference: str = ""


Supplied = Mapping[str, Supply]


def parse_supplied(texts: Iterable[str]) -> dict[str, Supply]:
    """Return what each ``Keyword=value`` supplies, by keyword.

    Raises
    ------
    InvalidInputError
        If a keyword is unknown or stands twice, or a value is none of its VR.
    """
    supplied: dict[str, Supply] = {}
    for text in texts:
        keyword, equals, value = text.partition("=")
        tag = _tag_of(keyword)
        if not equals or not value:
            raise InvalidInputError(f"{keyword} is set to nothing: write {keyword}=VALUE")
        if keyword in supplied:
            raise InvalidInputError(f"{keyword} is set twice")
        reference = _REFERENCE.fullmatch(value)
        if reference:
            source = _tag_of(reference[1])
            if "SQ" in (vr_of(tag), vr_of(source)):
                raise InvalidInputError(f"{keyword}: sequences cannot be taken over")
            supplied[keyword] = Supply((), reference[1])
            continue
        vr = vr_of(tag)
        values = (value,) if vr == "SQ" else tuple(value.split("\\"))
        for one in values:
            if not is_value(one, vr):
                what = "is no code^scheme^meaning" if vr == "SQ" else f"is none of its VR, {vr}"
                raise InvalidInputError(f"the value set for {keyword} {what}")
        supplied[keyword] = Supply(values)
    return supplied


def _tag_of(keyword: str) -> int:
    tag = tag_of(keyword)
    if tag is None:
        # One word that the caller typed; it cannot be an element's value.
        raise InvalidInputError(f"no attribute has the keyword {keyword[:64]!r}")
    assert keyword_of(tag) == keyword, "the dictionary has one keyword for a tag"
    return tag


def is_value(text: str, vr: str) -> bool:
    """Return whether an ASCII text is one value of a VR (PS3.5 6.2), of a sequence one code."""
    pattern = _PATTERNS.get(vr)
    if pattern is not None:
        return pattern.fullmatch(text) is not None
    if vr == "SQ":
        parts = text.split(CODE_SEPARATOR, 2)
        vrs = ("SH", "SH", "LO")
        return len(parts) == len(vrs) and all(map(is_value, parts, vrs))
    try:
        return _is_number(text, vr)
    except ValueError:
        return False


def _is_number(text: str, vr: str) -> bool:
    if vr in WHOLE_NUMBERS:
        low, high = WHOLE_NUMBERS[vr]
        return "_" not in text and low <= int(text) <= high
    if vr == "DS" and len(text) > _DECIMAL_CHARACTERS_MAX:
        return False
    return vr in ("DS", "FD", "FL") and "_" not in text and isfinite(float(text))
