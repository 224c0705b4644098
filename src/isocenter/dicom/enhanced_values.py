"""Fill in the rows of an Enhanced IOD from a classic slice.

A value comes from the attribute itself, else from another one that tells it, else from what the
caller supplies. What stays open is reported by keyword; nothing is invented.

References
----------
PS3.5 6.2 (value representations), PS3.3 8.8 (code sequences).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from math import inf, isfinite
from struct import error as StructError  # noqa: N812  # it is an exception, named as one here
from struct import pack, unpack

from isocenter.dicom.dictionary import LONG_VRS, tag_of, vr_of
from isocenter.dicom.enhanced_rules import CODE_SEPARATOR, ITEM_NUMBER, Row, When
from isocenter.dicom.functional_groups import item_elements
from isocenter.dicom.header_index import index_elements
from isocenter.dicom.part10 import (
    Elements,
    decimal_string,
    element_value,
    encode_element,
    encode_sequence,
    encode_text,
)
from isocenter.dicom.supplied import WHOLE_NUMBERS, Supplied, is_value
from isocenter.errors import InvalidInputError

_NUMBERS = {
    "US": ("H", 2),
    "SS": ("h", 2),
    "UL": ("I", 4),
    "SL": ("i", 4),
    "FL": ("f", 4),
    "FD": ("d", 8),
}
_CODE_TAGS = (0x00080100, 0x00080102, 0x00080104)


@dataclass(slots=True)
class FrameValues:
    """One slice, and what was found for the new object so far.

    Attributes
    ----------
    found
        Keyword -> values, of every attribute that was filled in.
    missing
        Keywords that the class requires and nothing tells.
    unfit
        Keywords of which the slice has a value that the class does not take.
    depending
        Keywords that it may require too, depending on what is missing.
    used
        Keywords for which a supplied value was taken.
    """

    elements: Mapping[int, bytes]
    supplied: Supplied
    is_implicit: bool
    is_original: bool
    item_number: int = 0
    found: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    unfit: set[str] = field(default_factory=set)
    depending: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def texts(self, keyword: str) -> tuple[str, ...]:
        """Return the values that the slice has for an attribute."""
        tag = tag_by(keyword)
        return element_texts(tag, self.elements.get(tag, b""), is_implicit=self.is_implicit)

    def told(self, keyword: str) -> tuple[str, ...]:
        """Return the values that the slice has, or that were found for the new object."""
        if keyword == ITEM_NUMBER:
            return (str(self.item_number),)
        return self.texts(keyword) or self.found.get(keyword, ())

    def taken_over(self, keyword: str, reference: str) -> tuple[str, ...]:
        """Return the values of another attribute, none where they are no values for this one."""
        values = self.told(reference) if reference else ()
        vr = vr_of(tag_by(keyword))
        return values if all(is_value(value, vr) for value in values) else ()

    def encode(self, tag: int, values: tuple[str, ...]) -> bytes:
        """Return an element of the VR of PS3.6; where that is US or SS, the pixels decide."""
        vr = vr_of(tag)
        if vr == "US or SS":
            vr = "SS" if self.texts("PixelRepresentation") == ("1",) else "US"
        return encode_values(tag, values, is_implicit=self.is_implicit, vr=vr)

    def is_undecided(self, conditions: Iterable[When]) -> bool:
        """Return whether a condition looks at what is missing."""
        return not self.missing.isdisjoint(condition.keyword for condition in conditions)

    def holds(self, conditions: Iterable[When]) -> bool:
        """Return whether all conditions hold, by what was found before."""
        return all(
            any(
                not condition.values or value in condition.values
                for value in self._looked_at(condition)
            )
            != condition.is_not
            for condition in conditions
        )

    def _looked_at(self, condition: When) -> tuple[str, ...]:
        if condition.of_slice:
            return self.texts(condition.keyword)
        return self.found.get(condition.keyword, ())


@cache
def tag_by(keyword: str) -> int:
    """Return the tag of a keyword of our own tables."""
    tag = tag_of(keyword)
    assert tag is not None, f"{keyword} is in PS3.6"
    return tag


def fill(rows: Iterable[Row], frame: FrameValues, *, is_needed: bool = True) -> Elements:
    """Return the elements that the rows ask for; report what is missing to the frame.

    Parameters
    ----------
    is_needed
        False: of a group that may be left out. It then counts as incomplete as if the Frame were
        an ORIGINAL one, so that what stands in an object is whole.
    """
    filled: Elements = {}
    for row in rows:
        if frame.is_undecided(row.when):
            frame.depending.update(item.keyword for item in row.items or (row,))
            continue
        if not frame.holds(row.when):
            continue
        raw = _filled(row, frame, is_needed=is_needed)
        if raw is not None:
            filled[tag_by(row.keyword)] = raw
    return filled


def _filled(row: Row, frame: FrameValues, *, is_needed: bool) -> bytes | None:
    tag = tag_by(row.keyword)
    raw = frame.elements.get(tag, b"")
    if vr_of(tag) == "SQ":
        made = _sequence(row, frame, raw, is_needed=is_needed)
        if made is not None:
            return made
    else:
        own = element_texts(tag, raw, is_implicit=frame.is_implicit)
        if own and _fits(row, tag, own):
            frame.found[row.keyword] = own
            return _as_standard(tag, raw, own, is_implicit=frame.is_implicit)
        for values in _candidates(row, frame, own):
            if values and _fits(row, tag, values):
                frame.found[row.keyword] = values
                return frame.encode(tag, values)
        if own and row.need != "optional":
            frame.unfit.add(row.keyword)
            return None
    if row.need == "empty":
        return encode_text(tag, "", is_implicit=frame.is_implicit, vr=vr_of(tag))
    if _is_required(row, frame, is_needed=is_needed) and (row.is_code or not row.items):
        frame.missing.add(row.keyword)
    return None


def _is_required(row: Row, frame: FrameValues, *, is_needed: bool) -> bool:
    if row.need == "original":
        return frame.is_original or not is_needed
    return row.need == "always"


def _candidates(row: Row, frame: FrameValues, own: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield what may stand for a value that the slice has not; supplied ones overrule nothing."""
    for source in row.sources:
        yield source(frame.told)
    if own:
        return
    supply = frame.supplied.get(row.keyword)
    if supply is not None:
        values = frame.taken_over(row.keyword, supply.reference) or supply.texts
        if values:
            frame.used.add(row.keyword)
        yield values
    if row.default:
        yield (row.default,)


def _sequence(row: Row, frame: FrameValues, raw: bytes, *, is_needed: bool) -> bytes | None:
    tag = tag_by(row.keyword)
    items = _items(tag, raw, is_implicit=frame.is_implicit)
    if row.is_code and not items:
        code = next(filter(None, _candidates(row, frame, ())), None)
        if code is None:
            if _is_required(row, frame, is_needed=is_needed):
                # So that all is named at once; the Item to come will be the first one.
                fill(row.items, replace(frame, elements={}, item_number=1))
                frame.found[row.keyword] = ("1",)
            return None
        items = [encode_code(code[0], is_implicit=frame.is_implicit)]
    elif not items:
        is_required = _is_required(row, frame, is_needed=is_needed)
        if not is_required and not any(item.keyword in frame.supplied for item in row.items):
            return None
        items = [{}]
    frame.found[row.keyword] = tuple(str(number) for number in range(1, len(items) + 1))
    for number, item in enumerate(items, 1):
        inner = replace(frame, elements=item, item_number=number, found=dict(frame.found))
        item.update(fill(row.items, inner, is_needed=is_needed))
    return encode_sequence(tag, items, is_implicit=frame.is_implicit)


def _items(tag: int, raw: bytes, *, is_implicit: bool) -> list[Elements]:
    """Return the Items of a sequence, none where they cannot be read."""
    try:
        index = index_elements(raw, is_implicit=is_implicit)
        return [item_elements(item, is_implicit=is_implicit) for item in index.each_item(tag)]
    except InvalidInputError:
        return []


def encode_code(text: str, *, is_implicit: bool) -> Elements:
    """Return the Item for ``value^scheme^meaning`` (PS3.3 8.8)."""
    parts = text.split(CODE_SEPARATOR, 2)
    return {
        tag: encode_text(tag, part, is_implicit=is_implicit)
        for tag, part in zip(_CODE_TAGS, parts, strict=True)
    }


def _fits(row: Row, tag: int, values: tuple[str, ...]) -> bool:
    if row.count and len(values) != row.count:
        return False
    if row.values and not set(values) <= set(row.values):
        return False
    vr = vr_of(tag)
    if vr in _NUMBERS or vr in ("DS", "IS"):
        return all(_is_number(value, vr) for value in values)
    return all(values)


def _is_number(text: str, vr: str) -> bool:
    """Return whether a text is a number, and one that the VR can hold."""
    try:
        number = float(text.replace("_", "?"))
    except ValueError:
        return False
    low, high = WHOLE_NUMBERS.get(vr, (-inf, inf))
    is_whole = vr not in WHOLE_NUMBERS or number.is_integer()
    return isfinite(number) and is_whole and low <= number <= high


def element_texts(tag: int, raw: bytes, *, is_implicit: bool) -> tuple[str, ...]:
    """Return the values of a whole element as text, none where it is empty or unreadable."""
    if not raw:
        return ()
    vr = vr_of(tag) if is_implicit else raw[4:6].decode("latin-1")
    if vr == "UN":
        vr = vr_of(tag)
    value = element_value(raw, is_implicit=is_implicit)
    if vr in _NUMBERS:
        code, size = _NUMBERS[vr]
        try:
            return tuple(map(repr, unpack(f"<{len(value) // size}{code}", value)))
        except StructError:
            return ()
    if vr in LONG_VRS:
        return ()
    text = value.decode("latin-1").strip(" \0")
    return tuple(part.strip(" ") for part in text.split("\\")) if text else ()


def encode_values(tag: int, values: tuple[str, ...], *, is_implicit: bool, vr: str = "") -> bytes:
    """Return an element of the VR, or that of PS3.6; the values fit it."""
    vr = vr or vr_of(tag)
    if vr in _NUMBERS:
        code, _ = _NUMBERS[vr]
        numbers = [float(value) if code in "fd" else int(float(value)) for value in values]
        return encode_element(
            tag, pack(f"<{len(numbers)}{code}", *numbers), is_implicit=is_implicit, vr=vr
        )
    if vr == "DS":
        values = tuple(
            value if len(value) <= 16 else decimal_string(float(value)) for value in values
        )
    if vr == "UI":
        return encode_element(tag, "\\".join(values).encode(), is_implicit=is_implicit, vr=vr)
    return encode_text(tag, "\\".join(values), is_implicit=is_implicit, vr=vr)


def _as_standard(tag: int, raw: bytes, texts: tuple[str, ...], *, is_implicit: bool) -> bytes:
    """Return the element as it is, or encoded anew where its VR is not the standard's."""
    if is_implicit or raw[4:6].decode("latin-1") == vr_of(tag):
        return raw
    return encode_values(tag, texts, is_implicit=is_implicit)
