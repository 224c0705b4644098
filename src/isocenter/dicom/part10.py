"""Writing Part 10: elements, sequences and file meta as bytes, untouched bytes copied as they are.

A Data Set to be written is a ``dict`` from tag to the whole encoded element (tag, VR, length,
value), because most elements come from a source in the same Transfer Syntax and go out as they
came in.
"""

from collections.abc import Iterable, Mapping
from struct import pack

from isocenter.dicom.dictionary import LONG_VRS, vr_of
from isocenter.dicom.header_index import HeaderIndex
from isocenter.dicom.uids import (
    EXPLICIT,
    IMPLEMENTATION_CLASS,
    IMPLEMENTATION_VERSION,
    IMPLICIT,
)
from isocenter.errors import InvalidInputError

# tag -> whole element as encoded
Elements = dict[int, bytes]

UNDEFINED_LENGTH = b"\xff\xff\xff\xff"
ITEM_START = b"\xfe\xff\x00\xe0"
SEQUENCE_END = b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
_TEXT_PAD_VRS = frozenset(
    {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UR", "UT"}
)
_SHORT_LENGTH_MAX = 0xFFFF
_LONG_VRS = frozenset(vr.encode() for vr in LONG_VRS)


def encode_element(tag: int, value: bytes, *, is_implicit: bool, vr: str = "") -> bytes:
    """Return one element, its value padded to even length (PS3.5 7.1).

    Parameters
    ----------
    vr
        Empty: the VR of PS3.6. In Explicit VR a value too long for a 16-bit length is written
        as UN (PS3.5 6.2.2 note 2).

    Raises
    ------
    InvalidInputError
        If the value has 4 GiB or more.
    """
    vr = vr or vr_of(tag)
    if len(value) % 2:
        value += b" " if vr in _TEXT_PAD_VRS else b"\0"
    if len(value) >= 0xFFFFFFFF:
        raise InvalidInputError("a value of 4 GiB or more cannot be encoded")
    return element_header(tag, len(value), is_implicit=is_implicit, vr=vr) + value


def element_header(tag: int, length: int, *, is_implicit: bool, vr: str) -> bytes:
    """Return tag, VR and length; ``length`` 0xFFFFFFFF stands for undefined."""
    if is_implicit:
        return pack("<HHI", tag >> 16, tag & 0xFFFF, length)
    if vr not in LONG_VRS and length > _SHORT_LENGTH_MAX:
        vr = "UN"
    if vr in LONG_VRS:
        return pack("<HH2sHI", tag >> 16, tag & 0xFFFF, vr.encode(), 0, length)
    return pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr.encode(), length)


def element_value(raw: bytes, *, is_implicit: bool) -> bytes:
    """Return the value of a whole element of known length, padding kept."""
    has_long_header = not is_implicit and raw[4:6] in _LONG_VRS
    return raw[12:] if has_long_header else raw[8:]


def element_text(raw: bytes | None, *, is_implicit: bool) -> str:
    """Return the text of a whole CS, DA, TM, DT, IS or UI element, ``""`` for None."""
    if not raw:
        return ""
    return element_value(raw, is_implicit=is_implicit).decode("latin-1").strip(" \0")


def element_values(raw: bytes | None, *, is_implicit: bool) -> list[str]:
    """Return the values of such an element, ``[]`` for None and where it is empty."""
    text = element_text(raw, is_implicit=is_implicit)
    return [part.strip() for part in text.split("\\")] if text else []


def decimal_string(value: float) -> str:
    """Return a DS value of at most 16 characters (PS3.5 6.2)."""
    for digits in range(15, 0, -1):
        text = f"{value:.{digits}g}"
        if len(text) <= 16:
            return text
    raise AssertionError("one digit always fits")


def encode_data_set(elements: Mapping[int, bytes]) -> bytes:
    """Return the elements in ascending order of tag (PS3.5 7.1)."""
    return b"".join([elements[tag] for tag in sorted(elements)])


def encode_sequence(tag: int, items: Iterable[Mapping[int, bytes]], *, is_implicit: bool) -> bytes:
    """Return a sequence of known length with Items of known length (PS3.5 7.5)."""
    content = b"".join([encode_item(item) for item in items])
    return element_header(tag, len(content), is_implicit=is_implicit, vr="SQ") + content


def encode_item(elements: Mapping[int, bytes]) -> bytes:
    """Return one Item of known length."""
    content = encode_data_set(elements)
    return ITEM_START + len(content).to_bytes(4, "little") + content


def encode_uid(tag: int, uid: str, *, is_implicit: bool) -> bytes:
    """Return a UI element; what a source has in place of a UID comes out as it was read."""
    return encode_element(tag, uid.encode("latin-1"), is_implicit=is_implicit, vr="UI")


def encode_text(tag: int, text: str, *, is_implicit: bool, vr: str = "") -> bytes:
    """Return an element of text (CS, DS, IS ...), ASCII unless a source has something else."""
    return encode_element(tag, text.encode("latin-1"), is_implicit=is_implicit, vr=vr)


def encode_us(tag: int, *values: int, is_implicit: bool) -> bytes:
    """Return a US element."""
    raw = b"".join(value.to_bytes(2, "little") for value in values)
    return encode_element(tag, raw, is_implicit=is_implicit, vr="US")


def encode_ul(tag: int, *values: int, is_implicit: bool) -> bytes:
    """Return a UL element."""
    raw = b"".join(value.to_bytes(4, "little") for value in values)
    return encode_element(tag, raw, is_implicit=is_implicit, vr="UL")


def file_meta(sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str) -> bytes:
    """Return preamble, prefix and File Meta Information, rebuilt (PS3.10 7.1)."""
    elements: Elements = {
        0x00020001: encode_element(0x00020001, b"\0\1", is_implicit=False, vr="OB"),
        0x00020002: encode_uid(0x00020002, sop_class_uid, is_implicit=False),
        0x00020003: encode_uid(0x00020003, sop_instance_uid, is_implicit=False),
        0x00020010: encode_uid(0x00020010, transfer_syntax_uid, is_implicit=False),
        0x00020012: encode_uid(0x00020012, IMPLEMENTATION_CLASS, is_implicit=False),
        0x00020013: encode_text(0x00020013, IMPLEMENTATION_VERSION, is_implicit=False),
    }
    content = encode_data_set(elements)
    length = encode_ul(0x00020000, len(content), is_implicit=False)
    return bytes(128) + b"DICM" + length + content


def transfer_syntax_of(header: HeaderIndex) -> str:
    """Return the Transfer Syntax UID; without a file meta, that of the encoding found.

    Raises
    ------
    InvalidInputError
        If the file meta has something else in its place.
    """
    if not header.transfer_syntax_uid.isascii():
        raise InvalidInputError("the Transfer Syntax UID is no UID")
    if header.transfer_syntax_uid:
        return header.transfer_syntax_uid
    return IMPLICIT if header.dataset.is_implicit else EXPLICIT
