"""Instances that are told as DICOM JSON, with values that stand elsewhere, as Part 10.

The reverse of ``json_model``. The result is in Explicit VR Little Endian; what JSON has no place
for, the encoding of Pixel Data, ``bulk_pixels`` finds out. Text is written in UTF-8 where it is
not ASCII; Specific Character Set then says so at the root, and Items take it over.

References
----------
PS3.18 F.2 (DICOM JSON Model), 10.5.2 (what storing makes of it); PS3.5 6.2 (value
representations).
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from struct import error as StructError  # noqa: N812  # it is an exception, named as one here
from struct import pack

from isocenter.dicom.bulk_pixels import BulkPart, ElementError, Pixels, pixels_of
from isocenter.dicom.dictionary import LONG_VRS, SHORT_VRS, TEXT_VRS, vr_of
from isocenter.dicom.header_index import PIXEL_DATA
from isocenter.dicom.json_model import JSON, LUT_DESCRIPTORS, JSONObject, first_value
from isocenter.dicom.part10 import (
    ITEM_START,
    decimal_string,
    element_header,
    encode_element,
    encode_text,
    file_meta,
)
from isocenter.dicom.streams import ByteSource, Piece, piece_length
from isocenter.dicom.text import SPECIFIC_CHARACTER_SET
from isocenter.dicom.uids import EXPLICIT
from isocenter.errors import InvalidInputError
from isocenter.limits import Limits

# BulkDataURI -> the parts that have it, in order; none where nothing has.
FindBulk = Callable[[str], Sequence[BulkPart]]

_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_UID = re.compile(r"(?=.{1,64}\Z)[0-9]+(\.[0-9]+)*\Z")
_SOP_CLASS_UID, _SOP_INSTANCE_UID = 0x00080016, 0x00080018
_TRANSFER_SYNTAX_UID = 0x00020010
_EXTENDED_TABLES = ("7FE00001", "7FE00002")
_UTF_8 = "ISO_IR 192"
_NAME_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")
_INTEGERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q"}
_FLOATS = {"FL": "f", "FD": "d"}
_NOT_FINITE = {"NaN": "nan", "Infinity": "inf", "INF": "inf", "-Infinity": "-inf", "-INF": "-inf"}
_BYTES = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_ONE_VALUE = frozenset({"LT", "ST", "UR", "UT"})
# ESC would be taken for a code extension; lines end in the long texts only (PS3.5 6.1.3).
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ELEMENT_BYTES_MAX = 0xFFFFFFFE


def instance_pieces(
    document: Mapping[str, JSON], find: FindBulk, source: ByteSource, limits: Limits
) -> list[Piece]:
    """Return the pieces of a Part 10 file; their ranges are of ``source``.

    Parameters
    ----------
    document
        One object of the DICOM JSON Model. Transfer Syntax UID in it says how Pixel Data is
        encoded where its media type does not; nothing else of the file meta counts.
    find
        Gives the parts of a BulkDataURI, whose bytes are in ``source``.

    Raises
    ------
    ElementError
        With the tag of the element that cannot be stored.
    TooLargeError
        If Items nest too deeply.
    """
    told: JSONObject = {key.upper(): value for key, value in document.items()}
    if len(told) != len(document):
        raise InvalidInputError("an attribute is told twice")
    pixels = _pixels(told, find, source, limits)
    if pixels is not None:
        told = {**{key: value for key, value in pixels.told.items() if key not in told}, **told}
        if not pixels.keeps_tables:
            told = {key: value for key, value in told.items() if key not in _EXTENDED_TABLES}
    writer = _Writer(find, limits)
    elements = writer.data_set(told, 0)
    syntax = EXPLICIT
    if pixels is not None:
        syntax, elements[PIXEL_DATA] = pixels.transfer_syntax_uid, pixels.pieces
    if not writer.is_ascii:
        declared = encode_text(SPECIFIC_CHARACTER_SET, _UTF_8, is_implicit=False)
        elements[SPECIFIC_CHARACTER_SET] = [declared]
    meta = file_meta(_uid(told, _SOP_CLASS_UID), _uid(told, _SOP_INSTANCE_UID), syntax)
    return [meta, *(piece for tag in sorted(elements) for piece in elements[tag])]


def _uid(told: JSONObject, tag: int) -> str:
    uid = first_value(told, tag)
    if not isinstance(uid, str) or not _UID.match(uid):
        raise ElementError(tag, "is missing or no UID")
    return uid


def _pixels(told: JSONObject, find: FindBulk, source: ByteSource, limits: Limits) -> Pixels | None:
    """Return Pixel Data that stands elsewhere; ``None`` where it does not."""
    element = told.get(f"{PIXEL_DATA:08X}")
    if not isinstance(element, dict) or "BulkDataURI" not in element:
        return None
    parts = _parts(PIXEL_DATA, element, find)
    stated = first_value(told, _TRANSFER_SYNTAX_UID)
    return pixels_of(told, parts, source, stated if isinstance(stated, str) else "", limits)


def _parts(tag: int, element: Mapping[str, JSON], find: FindBulk) -> Sequence[BulkPart]:
    uri = element["BulkDataURI"]
    parts = find(uri) if isinstance(uri, str) else ()
    if not parts:
        raise ElementError(tag, "names bulk data that no part has as its Content-Location")
    return parts


class _Writer:
    """Encodes Data Sets; ``is_ascii`` says whether all text so far was."""

    def __init__(self, find: FindBulk, limits: Limits) -> None:
        self._find = find
        self._limits = limits
        self.is_ascii = True

    def data_set(self, told: Mapping[str, JSON], depth: int) -> dict[int, list[Piece]]:
        """Return each element with its header."""
        elements: dict[int, list[Piece]] = {}
        for key, element in told.items():
            if _TAG.fullmatch(key) is None or not isinstance(element, dict):
                raise InvalidInputError(
                    "metadata has a key that is no tag, or what is no attribute"
                )
            tag = int(key, 16)
            # File meta and group lengths are made anew; JSON is UTF-8 whatever an Item declares.
            if tag >> 16 == 0x0002 or not tag & 0xFFFF:
                continue
            if depth and tag == SPECIFIC_CHARACTER_SET:
                continue
            if tag >> 16 in {0x0000, 0xFFFE}:
                raise ElementError(tag, "has no place in an instance")
            if tag in elements:
                raise ElementError(tag, "is told twice")
            elements[tag] = self._element(tag, element, depth)
        return elements

    def _element(self, tag: int, element: Mapping[str, JSON], depth: int) -> list[Piece]:
        vr = _vr(tag, element)
        given = [key for key in ("Value", "InlineBinary", "BulkDataURI") if key in element]
        if len(given) > 1:
            raise ElementError(tag, "has more than one of Value, InlineBinary and BulkDataURI")
        if not given:
            return [encode_element(tag, b"", is_implicit=False, vr=vr)]
        if given == ["BulkDataURI"]:
            if tag == PIXEL_DATA and not depth:
                return []  # it is written by those who know its encoding
            return self._bulk(tag, vr, element)
        if given == ["InlineBinary"]:
            return [encode_element(tag, _inline(tag, element), is_implicit=False, vr=vr)]
        values = element["Value"]
        if not isinstance(values, list):
            raise ElementError(tag, "has a Value that is no list")
        if vr == "SQ":
            return self._sequence(tag, values, depth)
        raw = self._encoded(tag, vr, values)
        return [encode_element(tag, raw, is_implicit=False, vr=vr)]

    def _sequence(self, tag: int, values: Sequence[JSON], depth: int) -> list[Piece]:
        if depth >= self._limits.header_depth:
            raise ElementError(tag, "nests too deeply")
        items: list[Piece] = []
        for value in values:
            if value is not None and not isinstance(value, dict):
                raise ElementError(tag, "has an item that is no object")
            elements = self.data_set(value or {}, depth + 1)
            content = [piece for one in sorted(elements) for piece in elements[one]]
            length = sum(map(piece_length, content))
            if length > _ELEMENT_BYTES_MAX:
                raise ElementError(tag, "is too long")
            items += [ITEM_START + length.to_bytes(4, "little"), *content]
        return _element_pieces(tag, "SQ", items)

    def _bulk(self, tag: int, vr: str, element: Mapping[str, JSON]) -> list[Piece]:
        if vr == "SQ":
            raise ElementError(tag, "is a sequence, whose value cannot be bulk data")
        parts = _parts(tag, element, self._find)
        if len(parts) > 1:
            raise ElementError(tag, "names bulk data that several parts have")
        if vr in TEXT_VRS:
            self.is_ascii = False  # nobody looks whether it is
        content = parts[0].content
        pad = b" " if vr in TEXT_VRS else b"\0"
        return _element_pieces(tag, vr, [content, pad * (content.length % 2)])

    def _encoded(self, tag: int, vr: str, values: Sequence[JSON]) -> bytes:
        if vr in _BYTES:
            raise ElementError(tag, f"has a Value, which the VR {vr} does not have")
        try:
            if vr in _INTEGERS:
                return b"".join(_integer(tag, vr, value) for value in values)
            if vr in _FLOATS:
                return b"".join(pack(f"<{_FLOATS[vr]}", _number(value)) for value in values)
            if vr == "AT":
                return b"".join(_tag_bytes(value) for value in values)
            texts = [_text(vr, value) for value in values]
        except (ValueError, TypeError, OverflowError, StructError):
            raise ElementError(tag, f"has a value that is none of its VR, {vr}") from None
        if vr in _ONE_VALUE and len(texts) > 1:
            raise ElementError(tag, f"has several values, and its VR {vr} only one")
        text = "\\".join(texts)
        if not text.isascii():
            if vr not in TEXT_VRS:
                raise ElementError(tag, f"has a value that is none of its VR, {vr}")
            self.is_ascii = False
        return text.encode("utf-8")


def _element_pieces(tag: int, vr: str, pieces: list[Piece]) -> list[Piece]:
    length = sum(map(piece_length, pieces))
    if length > _ELEMENT_BYTES_MAX:
        raise ElementError(tag, "is too long")
    return [element_header(tag, length, is_implicit=False, vr=vr), *pieces]


def _vr(tag: int, element: Mapping[str, JSON]) -> str:
    vr = element.get("vr")
    if vr is None:
        vr = vr_of(tag)
    if not isinstance(vr, str) or (vr not in LONG_VRS and vr not in SHORT_VRS):
        raise ElementError(tag, "has no VR of the standard")
    return vr


def _inline(tag: int, element: Mapping[str, JSON]) -> bytes:
    text = element["InlineBinary"]
    if isinstance(text, list) and len(text) == 1:
        text = text[0]  # as early editions of PS3.18 had it
    if not isinstance(text, str):
        raise ElementError(tag, "has an InlineBinary that is no text")
    try:
        return b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ElementError(tag, "has an InlineBinary that is no base64") from None


def _integer(tag: int, vr: str, value: JSON) -> bytes:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    number = int(value)
    if vr == "SS" and tag in LUT_DESCRIPTORS and number > 0x7FFF:
        number -= 0x10000  # JSON has it unsigned, as PS3.3 C.7.6.3.1.5 reads it
    return pack(f"<{_INTEGERS[vr]}", number)


def _number(value: JSON) -> float:
    if isinstance(value, str):
        return float(_NOT_FINITE.get(value, value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _tag_bytes(value: JSON) -> bytes:
    if not isinstance(value, str) or _TAG.fullmatch(value) is None:
        raise TypeError
    return pack("<HH", int(value[:4], 16), int(value[4:], 16))


def _text(vr: str, value: JSON) -> str:
    """Return one value as text."""
    if value is None:
        return ""
    if vr == "PN" and isinstance(value, dict):
        if not value.keys() <= set(_NAME_GROUPS):
            raise ValueError
        groups = [_text("", value.get(group)) for group in _NAME_GROUPS]
        if any("=" in group for group in groups):
            raise ValueError
        return "=".join(groups).rstrip("=")
    if vr in {"DS", "IS"} and isinstance(value, int | float) and not isinstance(value, bool):
        return _decimal(vr, value)
    if not isinstance(value, str):
        raise TypeError
    if _CONTROL.search(value) or (vr not in {"LT", "ST", "UT"} and "\\" in value):
        raise ValueError
    return value


def _decimal(vr: str, value: float) -> str:
    if vr == "IS" or isinstance(value, int):
        if value != int(value):
            raise ValueError
        return str(int(value))
    return decimal_string(value)
