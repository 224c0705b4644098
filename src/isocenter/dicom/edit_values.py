"""Values that a person typed, checked and encoded for their VR (PS3.5 6.2).

Several values are parted by a backslash; LT, ST, UT and UR have only one. Numbers of the binary
VRs are decimal or ``0x`` hexadecimal; bytes and words (OB, UN, OW, OL, OV) are hexadecimal, AT is
``(gggg,eeee)``. A sequence is empty or one code, ``value^scheme^meaning``.
"""

import re
import struct
from collections.abc import Callable
from datetime import date
from math import isfinite
from struct import pack

from isocenter.dicom.supplied import is_value

# VR -> format of one number.
_INTEGERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q"}
_FLOATS = {"FL": "f", "FD": "d", "OF": "f", "OD": "d"}
# VR -> hexadecimal digits of one number.
_WORDS = {"OB": 2, "UN": 2, "OW": 4, "OL": 8, "OV": 16}
_WORD_FORMATS = {2: "B", 4: "H", 8: "I", 16: "Q"}
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,20}|0[xX][0-9A-Fa-f]{1,16}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_TAG = re.compile(r"\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\)?")
# VR -> most characters of one value (PS3.5 Table 6.2-1); of a person name in a component group.
_CHARACTERS_MAX = {"LO": 64, "SH": 16, "PN": 64, "LT": 10240, "ST": 1024}
_ONE_VALUE = frozenset({"LT", "ST", "UR", "UT"})
# What may stand in a text: no control characters but ends of lines and tabs, and these only in
# the long ones (PS3.5 6.1.3); ESC would be taken for a code extension.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_LONG = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_LONG = frozenset({"LT", "ST", "UT"})
_PERSON_NAME_GROUPS_MAX = 3
_PERSON_NAME_COMPONENTS_MAX = 5


def check_value(text: str, vr: str) -> str:
    """Return what is wrong with a value of several values, as the end of a sentence, or ``""``."""
    if not text:
        return ""
    for value in split_values(text, vr):
        problem = _problem(value, vr)
        if problem:
            return problem
    return ""


def split_values(text: str, vr: str) -> list[str]:
    """Return the single values of a text."""
    if vr in _ONE_VALUE:
        return [text]
    if vr == "SQ":
        return [text]
    return [value.strip(" ") for value in text.split("\\")]


def encode_binary(text: str, vr: str) -> bytes:
    """Return the value of a binary VR, little endian; ``text`` has passed ``check_value``."""
    if not text:
        return b""
    values = split_values(text, vr)
    if vr == "AT":
        return b"".join(_encode_tag(value) for value in values)
    if vr in _INTEGERS:
        return b"".join(pack(f"<{_INTEGERS[vr]}", int(value, 0)) for value in map(_plain, values))
    if vr in _FLOATS:
        return b"".join(pack(f"<{_FLOATS[vr]}", float(value)) for value in values)
    code = _WORD_FORMATS[_WORDS[vr]]
    return b"".join(pack(f"<{code}", int(value, 16)) for value in values)


def is_binary(vr: str) -> bool:
    """Return whether the value of the VR is made of numbers or bytes, not of characters."""
    return vr == "AT" or vr in _INTEGERS or vr in _FLOATS or vr in _WORDS


def _problem(value: str, vr: str) -> str:
    if vr == "SQ":
        return "" if is_value(value, vr) else "is no code^scheme^meaning"
    if not value:
        # An empty value among several is one of unknown value; numbers have no such thing.
        return "has an empty number" if is_binary(vr) else ""
    if vr in _CHARACTERS_MAX or vr in _LONG or vr == "UC":
        return _text_problem(value, vr)
    check = _CHECKS.get(vr, is_value)
    return "" if check(value, vr) else f"is none of its VR, {vr}"


def _text_problem(value: str, vr: str) -> str:
    control = _CONTROL_IN_LONG if vr in _LONG else _CONTROL
    if control.search(value):
        return "holds control characters"
    most = _CHARACTERS_MAX.get(vr)
    if vr == "PN":
        groups = value.split("=")
        if len(groups) > _PERSON_NAME_GROUPS_MAX:
            return "has more than three component groups"
        if any(group.count("^") >= _PERSON_NAME_COMPONENTS_MAX for group in groups):
            return "has more than five components"
        value = max(groups, key=len)
    if most is not None and len(value) > most:
        return f"is longer than the {most} characters of its VR, {vr}"
    return ""


def _is_date(value: str, vr: str) -> bool:
    if not is_value(value, vr):
        return False
    try:
        date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return False
    return True


def _is_time(value: str, vr: str) -> bool:
    if not is_value(value, vr):
        return False
    # 60 is a leap second.
    limits = zip((0, 2, 4), (23, 59, 60), strict=True)
    return all(int(value[at : at + 2] or 0) <= most for at, most in limits)


def _is_date_time(value: str, vr: str) -> bool:
    if not is_value(value, vr):
        return False
    digits = re.split(r"[.+-]", value, maxsplit=1)[0]
    if len(digits) % 2:
        return False
    day = (digits[:8] + "00000101"[len(digits[:8]) :]) if len(digits) >= 4 else ""
    return _is_date(day, "DA") and (len(digits) <= 8 or _is_time(digits[8:], "TM"))


def _is_number(value: str, vr: str) -> bool:
    if vr in _FLOATS:
        if _NUMBER.fullmatch(value) is None:
            return False
        try:
            pack(f"<{_FLOATS[vr]}", float(value))
        except (OverflowError, struct.error):
            return False
        return isfinite(float(value))
    if _WHOLE_NUMBER.fullmatch(value) is None:
        return False
    try:
        pack(f"<{_INTEGERS[vr]}", int(_plain(value), 0))
    except (OverflowError, struct.error):
        return False
    return True


def _plain(value: str) -> str:
    """Return a whole number as Python reads it: no leading zeros, which it takes for octal."""
    if value[:2] in ("0x", "0X"):
        return value
    sign = "-" if value.startswith("-") else ""
    return sign + (value.lstrip("+-").lstrip("0") or "0")


def _is_decimal(value: str, vr: str) -> bool:
    return _NUMBER.fullmatch(value) is not None and is_value(value, vr)


def _is_word(value: str, vr: str) -> bool:
    return re.fullmatch(rf"[0-9A-Fa-f]{{{_WORDS[vr]}}}", value) is not None


def _is_tag(value: str, vr: str) -> bool:
    assert vr == "AT"
    return _TAG.fullmatch(value) is not None


def _is_address(value: str, vr: str) -> bool:
    assert vr == "UR"
    return re.fullmatch(r"[!-~]+", value) is not None


def _encode_tag(value: str) -> bytes:
    found = _TAG.fullmatch(value)
    assert found is not None, "a value is checked before it is encoded"
    return pack("<HH", int(found[1], 16), int(found[2], 16))


_CHECKS: dict[str, Callable[[str, str], bool]] = {
    "AT": _is_tag,
    "DA": _is_date,
    "DS": _is_decimal,
    "DT": _is_date_time,
    "TM": _is_time,
    "UR": _is_address,
    **dict.fromkeys(_INTEGERS, _is_number),
    **dict.fromkeys(_FLOATS, _is_number),
    **dict.fromkeys(_WORDS, _is_word),
}
