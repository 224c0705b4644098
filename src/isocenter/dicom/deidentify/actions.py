"""Values that stand for nothing: dummies by VR, and Items that hold just what they must.

References
----------
PS3.15 E.1.1 (D: a dummy value of the VR; Z: no value), PS3.3 8.8 (codes).
"""

from isocenter.dicom.deidentify import codes, pseudonyms
from isocenter.dicom.deidentify.iod_types import MAY_BE_EMPTY, required_in_items
from isocenter.dicom.dictionary import vr_of
from isocenter.dicom.part10 import Elements, encode_element, encode_sequence

# Text that says what happened to the value.
REMOVED_TEXT = b"REMOVED"
UNKNOWN_CODE = (b"261665006", b"SCT", b"Unknown")
_TEXTS = {
    **dict.fromkeys(("LO", "SH", "ST", "LT", "UT", "UC", "PN", "AE"), REMOVED_TEXT),
    "CS": b"UNKNOWN",
    "DA": b"19000101",
    "TM": b"000000",
    "DT": b"19000101000000",
    "AS": b"000D",
    "IS": b"0",
    "DS": b"0",
    "UR": b"urn:removed",
}
_NUMBERS = {
    **dict.fromkeys(("US", "SS", "OW", "OB", "UN"), 2),
    **dict.fromkeys(("UL", "SL", "FL", "AT", "OF", "OL"), 4),
    **dict.fromkeys(("FD", "UV", "SV", "OD", "OV"), 8),
}
# Where only certain values are valid.
_FIXED = {
    0x0040A010: b"CONTAINS",
    0x0040A040: b"TEXT",
    0x00081150: b"1.2.840.10008.5.1.4.1.1.7",
    0x00700022: b"DISPLAY",
    0x00080201: b"+0000",
}
_DEPTH_MAX = 4
_CONTENT_SEQUENCE = 0x0040A730


def dummy_value(tag: int, vr: str) -> bytes:
    """Return a value of a VR, not a sequence, that stands for nothing."""
    fixed = _FIXED.get(tag)
    if fixed is not None:
        return fixed
    text = _TEXTS.get(vr)
    if text is not None:
        return text
    if vr == "UI":
        # The same everywhere: it stands for no object.
        return pseudonyms.uid(b"", f"removed {tag:08X}").encode()
    return bytes(_NUMBERS[vr])


def dummy_element(tag: int, *, is_implicit: bool, depth: int = 0) -> bytes:
    """Return an element with a dummy value; a sequence gets one Item of what it must hold."""
    vr = vr_of(tag).partition(" ")[0]
    if vr != "SQ":
        return encode_element(tag, dummy_value(tag, vr), is_implicit=is_implicit, vr=vr)
    item = _dummy_item(tag, is_implicit=is_implicit, depth=depth)
    return encode_sequence(tag, [item], is_implicit=is_implicit)


def empty_element(tag: int, *, is_implicit: bool) -> bytes:
    """Return an element without a value."""
    return encode_element(tag, b"", is_implicit=is_implicit, vr=vr_of(tag).partition(" ")[0])


def code_item(code: tuple[bytes, bytes, bytes], *, is_implicit: bool) -> Elements:
    """Return an Item that is a code: value, scheme, meaning."""
    tags = (codes.CODE_VALUE, codes.CODING_SCHEME, codes.CODE_MEANING)
    return {
        tag: encode_element(tag, value, is_implicit=is_implicit)
        for tag, value in zip(tags, code, strict=True)
    }


def _dummy_item(sequence_tag: int, *, is_implicit: bool, depth: int) -> Elements:
    required = required_in_items(sequence_tag)
    item: Elements = {}
    if sequence_tag == _CONTENT_SEQUENCE:
        required = {0x0040A010: 1, 0x0040A040: 1, 0x0040A043: 1, 0x0040A160: 1}
    elif codes.CODE_MEANING in required:
        item = code_item(UNKNOWN_CODE, is_implicit=is_implicit)
        required = {tag: kind for tag, kind in required.items() if tag >> 8 != 0x000801}
    for tag, kind in required.items():
        if kind == MAY_BE_EMPTY:
            item[tag] = empty_element(tag, is_implicit=is_implicit)
        elif depth < _DEPTH_MAX:
            item[tag] = dummy_element(tag, is_implicit=is_implicit, depth=depth + 1)
    return item
