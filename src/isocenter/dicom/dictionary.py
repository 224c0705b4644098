"""VR and keyword of an element, and tag of a keyword (PS3.6), without pydicom.

Private elements have no entry; their VR in Implicit VR is ``UN`` here.
"""

from functools import cache

from isocenter.dicom.dictionary_table import ELEMENTS, REPEATING

# VRs whose explicit form has a 32-bit length after two reserved bytes (PS3.5 7.1.2).
LONG_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
SHORT_VRS = frozenset(
    {
        *("AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO"),
        *("LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"),
    }
)
# VRs whose text depends on Specific Character Set (PS3.5 6.1.2.3).
TEXT_VRS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})


def is_private(tag: int) -> bool:
    """Return whether the group of the tag is odd (PS3.5 7.8)."""
    return bool(tag & 0x00010000)


def is_private_creator(tag: int) -> bool:
    """Return whether the tag is (gggg,0010-00FF) of a private group (PS3.5 7.8.1)."""
    return is_private(tag) and 0x0010 <= tag & 0xFFFF <= 0x00FF


def vr_of(tag: int) -> str:
    """Return the VR that Implicit VR gives the tag: PS3.6, ``UN`` where nothing is known.

    Several VRs come as PS3.6 writes them, for example ``"US or SS"``.
    """
    entry = ELEMENTS.get(tag)
    if entry is not None:
        return entry[0]
    if tag & 0xFFFF == 0:
        return "UL"
    if is_private(tag):
        return "LO" if is_private_creator(tag) else "UN"
    entry = _repeating(tag)
    return entry[0] if entry else "UN"


def keyword_of(tag: int) -> str:
    """Return the keyword of the tag, ``""`` where PS3.6 has none."""
    entry = ELEMENTS.get(tag) or _repeating(tag)
    return entry[1] if entry else ""


def tag_of(keyword: str) -> int | None:
    """Return the tag of a keyword, None where PS3.6 has none."""
    return _tags().get(keyword)


@cache
def _tags() -> dict[str, int]:
    return {keyword: tag for tag, (_, keyword) in ELEMENTS.items() if keyword}


@cache
def _masks() -> tuple[tuple[int, int, tuple[str, str]], ...]:
    masks = []
    for text, entry in REPEATING.items():
        fixed = int("".join("0" if c == "x" else "F" for c in text), 16)
        masks.append((fixed, int(text.replace("x", "0"), 16), entry))
    return tuple(masks)


def _repeating(tag: int) -> tuple[str, str] | None:
    if is_private(tag):
        return None
    for fixed, wanted, entry in _masks():
        if tag & fixed == wanted:
            return entry
    return None
