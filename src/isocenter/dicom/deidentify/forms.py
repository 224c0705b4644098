"""Whether a stored value has the form of its VR: numbers are numbers, UIDs are UIDs.

A name in an element that should hold a number is a name: what has not the form goes.

References
----------
PS3.5 6.2 (value representations).
"""

import re
from struct import unpack

# Bytes of one number (PS3.5 6.2).
NUMBER_BYTES = {
    **dict.fromkeys(("US", "SS", "OW"), 2),
    **dict.fromkeys(("UL", "SL", "FL", "AT", "OF", "OL"), 4),
    **dict.fromkeys(("FD", "UV", "SV", "OD", "OV"), 8),
}
# Forms of one value; spaces around it, and a NUL that pads it, do not count.
_VALUES = {
    "IS": rb"[+-]?[0-9]{1,12}",
    # 16 characters are the limit; writers of more digits are many, and digits say nothing.
    "DS": rb"[+-]?(?:[0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})(?:[Ee][+-]?[0-9]{1,3})?",
    "UI": rb"[0-9]{1,40}(?:\.[0-9]{1,40}){0,30}",
    "AS": rb"[0-9]{3}[DWMY]",
    "DA": rb"[0-9]{4}\.?[0-9]{2}\.?[0-9]{2}",
    "TM": rb"[0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:\.[0-9]{1,6})?)?)?",
    "DT": rb"[0-9]{4,14}(?:\.[0-9]{1,6})?(?:[+-][0-9]{4})?",
}
_FORMS = {
    vr: re.compile(rb" *(?:%b)? *(?:\\ *(?:%b)? *)*[ \0]*" % (form, form))
    for vr, form in _VALUES.items()
}
# Numbers that all read as letters are letters; fewer than so many bytes may be by chance.
_LETTERS_BYTES_MIN = 8
# 38.55 reads as letters, too; but letters as floating point numbers are mostly beyond all measure.
_FLOATS = {"FL": "f", "FD": "d", "OF": "f", "OD": "d"}
_PLAUSIBLE_MAX, _PLAUSIBLE_MIN = 1e12, 1e-12
_LETTERS = re.compile(rb"[ -~\0]+")
_HAS_LETTER = re.compile(rb"[A-Za-z]{3}")


def has_form(vr: str, value: bytes, values_max: int = 0) -> bool:
    """Return whether these bytes are values of the VR, binary ones at most so many; 0: any number.

    VRs without a form of their own (text, CS, bytes of OB and UN) have none of these here.
    """
    size = NUMBER_BYTES.get(vr)
    if size is not None:
        count, rest = divmod(len(value), size)
        if rest or (values_max and count > values_max):
            return False
        return not reads_as_letters(value) or (vr in _FLOATS and _are_plausible(vr, value))
    form = _FORMS.get(vr)
    if form is None:
        return False
    return form.fullmatch(value) is not None


def reads_as_letters(value: bytes) -> bool:
    """Return whether bytes that should be numbers are text from the first to the last one."""
    return (
        len(value) >= _LETTERS_BYTES_MIN
        and _LETTERS.fullmatch(value) is not None
        and _HAS_LETTER.search(value) is not None
    )


def _are_plausible(vr: str, value: bytes) -> bool:
    numbers = unpack(f"<{len(value) // NUMBER_BYTES[vr]}{_FLOATS[vr]}", value)
    return all(not one or _PLAUSIBLE_MIN < abs(one) < _PLAUSIBLE_MAX for one in numbers)
