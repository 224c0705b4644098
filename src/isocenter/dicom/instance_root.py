"""The root of an Instance while it is put together: encoded elements, read and set as values.

Elements come encoded from a source (``part10.Elements``) and most go out as they came; this class
reads those few that decide about others, and sets what follows from them.
"""

from collections.abc import Mapping
from math import isfinite
from struct import unpack

from isocenter.dicom.dictionary import vr_of
from isocenter.dicom.header_index import DataSetIndex, index_elements
from isocenter.dicom.part10 import (
    Elements,
    decimal_string,
    element_value,
    element_values,
    encode_element,
    encode_text,
    encode_us,
)

_BINARY = {
    "US": ("H", 2),
    "SS": ("h", 2),
    "UL": ("I", 4),
    "SL": ("i", 4),
    "FL": ("f", 4),
    "FD": ("d", 8),
}


class InstanceRoot:
    """Elements of one root, by tag; ``elements`` may be changed from outside."""

    __slots__ = ("elements", "is_implicit")

    def __init__(self, elements: Mapping[int, bytes], *, is_implicit: bool) -> None:
        self.elements: Elements = dict(elements)
        self.is_implicit = is_implicit

    def vr(self, tag: int) -> str:
        """Return the VR as encoded, that of PS3.6 in Implicit VR and of UN."""
        if self.is_implicit or self.elements[tag][4:6] == b"UN":
            return vr_of(tag)
        return self.elements[tag][4:6].decode("latin-1")

    def texts(self, tag: int) -> list[str]:
        """Return the values of a CS, DS, IS, DA, TM, DT or UI element, ``[]`` where it is empty."""
        return element_values(self.elements.get(tag), is_implicit=self.is_implicit)

    def text(self, tag: int) -> str:
        """Return the first value as text, ``""`` where there is none."""
        values = self.texts(tag)
        return values[0] if values else ""

    def numbers(self, tag: int) -> list[float]:
        """Return the values as finite numbers, ``[]`` where one is none or the element is empty."""
        raw = self.elements.get(tag)
        if raw is None:
            return []
        binary = _BINARY.get(self.vr(tag))
        if binary is None:
            values = _decimals(self.texts(tag))
        else:
            code, size = binary
            data = element_value(raw, is_implicit=self.is_implicit)
            values = [
                float(one) for one in unpack(f"<{len(data) // size}{code}", _whole(data, size))
            ]
        return values if all(isfinite(value) for value in values) else []

    def has_value(self, tag: int) -> bool:
        """Return whether the element is there and not empty."""
        raw = self.elements.get(tag)
        return raw is not None and bool(element_value(raw, is_implicit=self.is_implicit))

    def items(self, tag: int) -> list[DataSetIndex]:
        """Return the Items of a sequence, ``[]`` where it is absent or empty.

        Raises
        ------
        UnusualEncodingError, TooLargeError
            As ``DataSetIndex.items`` does.
        """
        raw = self.elements.get(tag)
        return index_elements(raw, is_implicit=self.is_implicit).items(tag) if raw else []

    def set_text(self, tag: int, *values: str) -> None:
        """Set an element of text."""
        self.elements[tag] = encode_text(tag, "\\".join(values), is_implicit=self.is_implicit)

    def set_decimal(self, tag: int, *values: float) -> None:
        """Set a DS element."""
        self.set_text(tag, *(decimal_string(value) for value in values))

    def set_us(self, tag: int, value: int) -> None:
        """Set a US element."""
        self.elements[tag] = encode_us(tag, value, is_implicit=self.is_implicit)

    def set_empty(self, tag: int) -> None:
        """Set an element without a value: type 2, not known (PS3.5 7.4.3)."""
        self.elements[tag] = encode_element(
            tag, b"", is_implicit=self.is_implicit, vr=vr_of(tag).partition(" ")[0]
        )

    def remove(self, *tags: int) -> None:
        """Leave elements out, whether they are there or not."""
        for tag in tags:
            self.elements.pop(tag, None)

    def copy_as(self, source_tag: int, tag: int) -> None:
        """Give the value of one element to another of the same VR."""
        raw = self.elements[source_tag]
        self.elements[tag] = retagged(raw, tag)


def retagged(raw: bytes, tag: int) -> bytes:
    """Return a whole element under another tag."""
    return (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") + raw[4:]


def _whole(data: bytes, size: int) -> bytes:
    return data[: len(data) // size * size]


def _decimals(texts: list[str]) -> list[float]:
    try:
        # Python reads 1_0 as 10; DICOM does not.
        return [float(text.replace("_", "?")) for text in texts]
    except ValueError:
        return []
