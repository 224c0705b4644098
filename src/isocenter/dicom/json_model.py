"""DICOM JSON Model (PS3.18 Annex F) straight from the header index.

The result equals pydicom's ``Dataset.to_json_dict``, with the same types, except where pydicom
departs from the standard or gives up:

- Group Lengths are left out and attributes are in ascending order (F.2.2).
- An empty value among several is ``null``, an empty sequence has no ``Value`` (F.2.5).
- Empty component groups of a person name are left out (F.2.2).
- IS and DS values stay strings where they are no number of JSON (F.2.3): a fraction in an IS,
  which pydicom cuts off, more than 64 bits, ``NaN``, plain text.
- FL and FD values that JSON has no number for are the strings ``NaN``, ``Infinity`` and
  ``-Infinity``, as other DICOMweb software writes them; ``json.dumps`` makes invalid JSON of them.
- The first and third value of an implicit LUT Descriptor are unsigned (PS3.3 C.7.6.3.1.5).
- An ambiguous VR is always resolved, also where PS3.6 has retired the element or what it depends
  on is missing (then unsigned, and words).
- A value whose length or content does not fit its VR is given as UN.
"""

from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from math import isfinite
from struct import Struct, unpack
from typing import NamedTuple, TypeAlias

import orjson

from isocenter.dicom.dictionary import is_private, vr_of
from isocenter.dicom.dictionary_table import ELEMENTS
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED, DataSetIndex
from isocenter.dicom.private_dictionary import private_vr
from isocenter.dicom.text import (
    DEFAULT,
    Encodings,
    decode,
    decode_names,
    decode_values,
    encodings_of,
)
from isocenter.errors import TruncatedError, UnusualEncodingError

JSON: TypeAlias = str | int | float | list["JSON"] | dict[str, "JSON"] | None
JSONObject: TypeAlias = dict[str, JSON]

# (path to the Item, tag, VR, offset and length of the value in bytes) -> BulkDataURI
BulkData: TypeAlias = Callable[[tuple[int, ...], int, str, int, int], str]

_LUT_DATA = 0x00283006
_LUT_DESCRIPTOR = 0x00283002
LUT_DESCRIPTORS = frozenset({0x00281101, 0x00281102, 0x00281103, _LUT_DESCRIPTOR})
_PIXEL_REPRESENTATION = 0x00280103
# "OB or OW" -> the element whose bits decide in Explicit VR: Bits Allocated of pixels or waveform.
_BITS_DECIDE = {
    PIXEL_DATA: 0x00280100,
    0x54000110: 0x54001004,
    0x54000112: 0x54001004,
    0x5400100A: 0x54001004,
    0x54001010: 0x54001004,
}
_DELIMITER_BYTES = 8
_KEYS = {tag: f"{tag:08X}" for tag in ELEMENTS}
# A public element in UN from this length on keeps its VR: it may not be what PS3.6 says.
_KNOWN_VR_BYTES = 0xFFFF


class Scope(NamedTuple):
    """What an Item takes over from the Data Sets around it, and where it stands.

    ``path`` alternates tag and 0-based number of the Item; it is empty at the top.
    """

    encodings: Encodings = DEFAULT
    pixel_representation: int | None = None
    path: tuple[int, ...] = ()

    def inside(self, dataset: DataSetIndex) -> "Scope":
        """Return the scope for the elements of a Data Set or Item that lies in this one."""
        signed = dataset.value(_PIXEL_REPRESENTATION)
        return Scope(
            encodings_of(dataset, self.encodings),
            signed[0] if len(signed) == 2 else self.pixel_representation,
            self.path,
        )


class _Options(NamedTuple):
    bulk_data: BulkData | None
    inline_bytes_max: int
    exclude: frozenset[int]


def to_json(
    dataset: DataSetIndex,
    *,
    bulk_data: BulkData | None = None,
    bulk_threshold: int = 1024,
    exclude: Collection[int] = (),
) -> JSONObject:
    """Return the Data Set as a DICOM JSON Model object.

    Parameters
    ----------
    bulk_data
        Names the place of a binary value that is not given inline; None: everything is inline.
        For encapsulated Pixel Data the length ends before the Sequence Delimitation Item.
    bulk_threshold
        Characters of base64 above which a value goes to `bulk_data`.
    exclude
        Tags that are left out at the top level, for example Pixel Data.

    Raises
    ------
    UnusualEncodingError, TruncatedError
        If a sequence cannot be opened (``DataSetIndex.items``).
    TooLargeError
        If a value inline, or the nesting, passes a bound of ``limits``.
    """
    options = _Options(bulk_data, (bulk_threshold // 4) * 3, frozenset(exclude))
    return _to_json(dataset, options, Scope())


def json_bytes(
    dataset: DataSetIndex,
    *,
    bulk_data: BulkData | None = None,
    bulk_threshold: int = 1024,
    exclude: Collection[int] = (),
) -> bytes:
    """Return ``to_json`` as compact UTF-8."""
    return orjson.dumps(
        to_json(dataset, bulk_data=bulk_data, bulk_threshold=bulk_threshold, exclude=exclude)
    )


def first_value(document: Mapping[str, JSON], tag: int) -> JSON:
    """Return the first value of an element in DICOM JSON, ``None`` where there is none."""
    element = document.get(f"{tag:08X}")
    values = element.get("Value") if isinstance(element, dict) else None
    return values[0] if isinstance(values, list) and values else None


def element_vr(dataset: DataSetIndex, tag: int, scope: Scope) -> str:
    """Return the one VR of an element: UN where known and "US or SS" where possible resolved.

    References
    ----------
    PS3.5 6.2.2 (UN), Annex A (OB or OW), PS3.3 C.7.6.3.1, C.10.9.1.4.5, C.11.1.1.1.
    """
    vr, _, start, _, end = dataset.elements[tag]
    if vr == "UN":
        if is_private(tag):
            vr = private_vr(dataset, tag, scope.encodings)
        elif end - start < _KNOWN_VR_BYTES:
            vr = vr_of(tag)
    if vr == "US or SS":
        return "SS" if scope.pixel_representation else "US"
    return _bytes_or_words(dataset, tag) if " or " in vr else vr


def _bytes_or_words(dataset: DataSetIndex, tag: int) -> str:
    if tag == _LUT_DATA:
        return "US" if _first_us(dataset, _LUT_DESCRIPTOR) == 1 else "OW"
    if tag == PIXEL_DATA and dataset.elements[tag][3] == UNDEFINED:
        return "OB"
    decided_by = _BITS_DECIDE.get(tag)
    if decided_by is None or dataset.is_implicit:
        return "OW"
    return "OW" if _first_us(dataset, decided_by) > 8 else "OB"


def _first_us(dataset: DataSetIndex, tag: int) -> int:
    return int.from_bytes(dataset.value(tag)[:2], "little")


def _to_json(dataset: DataSetIndex, options: _Options, parent: Scope) -> JSONObject:
    scope = parent.inside(dataset)
    elements, encodings = dataset.elements, scope.encodings
    excluded = options.exclude if not scope.path else frozenset()
    head, head_bytes = dataset.head, len(dataset.head)
    result: JSONObject = {}
    # This loop decides the speed (benchmarks/json_model.py): most elements take the last branch.
    for tag in sorted(elements):
        if not tag & 0xFFFF or tag in excluded:
            continue
        vr, _, start, _, end = elements[tag]
        key = _KEYS.get(tag) or f"{tag:08X}"
        convert = _CONVERTERS.get(vr)
        if convert is None or end > head_bytes or tag in LUT_DESCRIPTORS:
            result[key] = _special(dataset, tag, options, scope)
            continue
        try:
            values = convert(head[start:end], encodings)
        except ValueError:
            result[key] = _inline("UN", head[start:end])
        else:
            result[key] = {"vr": vr, "Value": values} if values else {"vr": vr}
    return result


def _converted(tag: int, vr: str, raw: bytes, encodings: Encodings) -> JSONObject:
    try:
        values = _CONVERTERS[vr](raw, encodings)
    except ValueError:
        return _inline("UN", raw)
    if tag in LUT_DESCRIPTORS:
        values[::2] = [v % 0x10000 if isinstance(v, int) else v for v in values[::2]]
    return {"vr": vr, "Value": values} if values else {"vr": vr}


def _special(dataset: DataSetIndex, tag: int, options: _Options, scope: Scope) -> JSONObject:
    """Return an element that is binary, a sequence, far away, or of a VR that must be found."""
    vr = element_vr(dataset, tag, scope)
    if vr == "SQ":
        try:
            return _sequence(dataset.items(tag), tag, options, scope)
        except (UnusualEncodingError, TruncatedError):
            if dataset.vr(tag) == "SQ":
                raise
            vr = "UN"  # only a dictionary called it a sequence
    if vr in _CONVERTERS:
        return _converted(tag, vr, dataset.value(tag), scope.encodings)
    _, _, start, length, end = dataset.elements[tag]
    size = end - start - (_DELIMITER_BYTES if length == UNDEFINED else 0)
    if options.bulk_data is not None and size > options.inline_bytes_max:
        return {"vr": vr, "BulkDataURI": options.bulk_data(scope.path, tag, vr, start, size)}
    return _inline(vr, dataset.value(tag)[:size])


def _sequence(items: list[DataSetIndex], tag: int, options: _Options, scope: Scope) -> JSONObject:
    if not items:
        return {"vr": "SQ"}
    path = scope.path
    return {
        "vr": "SQ",
        "Value": [
            _to_json(item, options, scope._replace(path=(*path, tag, number)))
            for number, item in enumerate(items)
        ],
    }


def _inline(vr: str, raw: bytes) -> JSONObject:
    return {"vr": vr, "InlineBinary": b64encode(raw).decode("ascii")} if raw else {"vr": vr}


# Each converter returns the values of one element, [] where it is empty. A ValueError says that
# the bytes do not fit the VR.


def _strings(raw: bytes, _: Encodings) -> list[JSON]:
    text = raw.decode("latin-1").rstrip(" \0")
    if "\\" in text:
        return [part or None for part in text.split("\\")]
    return [text] if text else []


def _stripped_strings(raw: bytes, _: Encodings) -> list[JSON]:
    text = raw.decode("latin-1").strip(" \0\t\r\n")
    if "\\" in text:
        return [part.strip(" \0\t\r\n") or None for part in text.split("\\")]
    return [text] if text else []


def _texts(raw: bytes, encodings: Encodings) -> list[JSON]:
    values = decode_values(raw, encodings)
    if len(values) > 1:
        return [value or None for value in values]
    return [*values] if values[0] else []


def _text(raw: bytes, encodings: Encodings) -> list[JSON]:
    text = decode(raw, encodings).rstrip("\0 ")
    return [text] if text else []


def _uri(raw: bytes, _: Encodings) -> list[JSON]:
    text = raw.decode("latin-1").rstrip(" \0\t\r\n")
    return [text] if text else []


def _names(raw: bytes, encodings: Encodings) -> list[JSON]:
    names = [_name(text) for text in decode_names(raw, encodings)]
    return names if names != [None] else []


def _name(text: str) -> JSON:
    if "=" not in text:
        return {"Alphabetic": text} if text else None
    groups = zip(("Alphabetic", "Ideographic", "Phonetic"), text.split("="), strict=False)
    return {key: group for key, group in groups if group} or None


def _decimals(raw: bytes, _: Encodings) -> list[JSON]:
    text = raw.decode("latin-1").rstrip(" \0")
    if "\\" in text:
        return [_decimal(part) for part in text.split("\\")]
    return [_decimal(text)] if text else []


def _decimal(text: str) -> JSON:
    try:
        number = float(text)
    except ValueError:
        return text.strip() or None
    return number if isfinite(number) and "_" not in text else text.strip()


def _integers(raw: bytes, _: Encodings) -> list[JSON]:
    text = raw.decode("latin-1").rstrip(" \0")
    if "\\" in text:
        return [_integer(part) for part in text.split("\\")]
    return [_integer(text)] if text else []


def _integer(text: str) -> JSON:
    try:
        number = int(text)
    except ValueError:
        decimal = _decimal(text)
        if not isinstance(decimal, float) or not decimal.is_integer():
            return text.strip() or None
        number = int(decimal)
    fits = -(2**63) <= number < 2**64  # what JSON writers and readers can be expected to hold
    return number if fits and "_" not in text else text.strip()


def _tags(raw: bytes, _: Encodings) -> list[JSON]:
    if 0 < len(raw) < 4:
        raise ValueError
    words = unpack(f"<{len(raw) // 4 * 2}H", raw[: len(raw) // 4 * 4])
    return [f"{group:04X}{word:04X}" for group, word in zip(words[::2], words[1::2], strict=True)]


def _numbers(code: str) -> Callable[[bytes, Encodings], list[JSON]]:
    one, size = Struct(f"<{code}").unpack, Struct(f"<{code}").size

    def convert(raw: bytes, _: Encodings) -> list[JSON]:
        if len(raw) == size:
            return list(one(raw))
        if len(raw) % size:
            raise ValueError
        return list(unpack(f"<{len(raw) // size}{code}", raw))

    return convert


def _floats(code: str) -> Callable[[bytes, Encodings], list[JSON]]:
    convert_numbers = _numbers(code)

    def convert(raw: bytes, encodings: Encodings) -> list[JSON]:
        return [
            number if not isinstance(number, float) or isfinite(number) else _non_finite(number)
            for number in convert_numbers(raw, encodings)
        ]

    return convert


def _non_finite(number: float) -> str:
    if number != number:  # noqa: PLR0124 - only NaN is unequal to itself
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


_CONVERTERS: dict[str, Callable[[bytes, Encodings], list[JSON]]] = {
    **dict.fromkeys(("AS", "CS", "DA", "DT", "TM"), _strings),
    **dict.fromkeys(("AE", "UI"), _stripped_strings),
    **dict.fromkeys(("LO", "SH", "UC"), _texts),
    **dict.fromkeys(("LT", "ST", "UT"), _text),
    "AT": _tags,
    "DS": _decimals,
    "FD": _floats("d"),
    "FL": _floats("f"),
    "IS": _integers,
    "PN": _names,
    "SL": _numbers("i"),
    "SS": _numbers("h"),
    "SV": _numbers("q"),
    "UL": _numbers("I"),
    "UR": _uri,
    "US": _numbers("H"),
    "UV": _numbers("Q"),
}
