"""Values of single elements, read from the header index (PS3.5 6.2).

For text that depends on Specific Character Set see ``dicom/text.py``; here are numbers, code
strings and UIDs, whose repertoire is the default one.
"""

from math import isfinite
from struct import unpack

from isocenter.dicom.dictionary import keyword_of, vr_of
from isocenter.dicom.header_index import DataSetIndex
from isocenter.errors import InvalidInputError, MissingElementError

_BINARY = {
    "US": ("H", 2),
    "SS": ("h", 2),
    "UL": ("I", 4),
    "SL": ("i", 4),
    "UV": ("Q", 8),
    "SV": ("q", 8),
    "FL": ("f", 4),
    "FD": ("d", 8),
    "US or SS": ("H", 2),
}


def strings(dataset: DataSetIndex, tag: int) -> list[str]:
    """Return the values of a CS, UI, DS, IS, DA, TM, DT, AS or AE element without padding.

    ``[]`` where it is absent or empty; an empty value among several stays as ``""``.
    """
    if tag not in dataset.elements:
        return []
    text = dataset.value(tag).decode("latin-1").rstrip("\0 ")
    return [part.strip(" \0") for part in text.split("\\")] if text.strip() else []


def first_string(dataset: DataSetIndex, tag: int) -> str:
    """Return the first value as text, ``""`` where there is none."""
    values = strings(dataset, tag)
    return values[0] if values else ""


def floats(dataset: DataSetIndex, tag: int) -> list[float]:
    """Return the values of a DS, IS, FL or FD element.

    Raises
    ------
    InvalidInputError
        If a value is no finite decimal number.
    """
    try:
        if _vr(dataset, tag) in _BINARY:
            values = [float(number) for number in numbers(dataset, tag)]
        else:
            # Python reads 1_0 as 10; DICOM does not.
            values = [float(text.replace("_", "?")) for text in strings(dataset, tag)]
    except ValueError:
        raise InvalidInputError(f"{_name(tag)} is not a decimal number") from None
    if not all(isfinite(value) for value in values):
        raise InvalidInputError(f"{_name(tag)} is not a finite number")
    return values


def numbers(dataset: DataSetIndex, tag: int) -> list[int] | list[float]:
    """Return the values of a binary number element (US, SS, UL, SL, UV, SV, FL, FD).

    Raises
    ------
    InvalidInputError
        If the length is no multiple of the VR's size, or the VR is another one.
    """
    if tag not in dataset.elements:
        return []
    code, size = _BINARY.get(_vr(dataset, tag), ("", 0))
    raw = dataset.value(tag)
    if not size or len(raw) % size:
        raise InvalidInputError(f"{_name(tag)} has a length or VR that does not fit")
    return list(unpack(f"<{len(raw) // size}{code}", raw))


def integer(dataset: DataSetIndex, tag: int, default: int | None = None) -> int:
    """Return the first value of a US, UL, IS ... element as an integer.

    Raises
    ------
    MissingElementError
        If it is absent or empty and there is no default.
    InvalidInputError
        If it is no whole number.
    """
    if tag in dataset.elements and _vr(dataset, tag) not in _BINARY:
        values = floats(dataset, tag)
    else:
        values = list(numbers(dataset, tag))
    if not values:
        if default is None:
            raise MissingElementError(_name(tag))
        return default
    if not isfinite(values[0]) or values[0] != int(values[0]):
        raise InvalidInputError(f"{_name(tag)} is not a whole number")
    return int(values[0])


def _vr(dataset: DataSetIndex, tag: int) -> str:
    """Return the VR by which to read a value; an UN one is encoded as PS3.6 says (PS3.5 6.2.2)."""
    vr = dataset.vr(tag) if tag in dataset.elements else ""
    return vr_of(tag) if vr == "UN" else vr


def _name(tag: int) -> str:
    return keyword_of(tag) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
