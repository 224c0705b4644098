"""The engine of the header index: steps from element to element through a window of bytes.

It knows the encodings (PS3.5 section 7) and nothing of Data Sets: it fills plain dictionaries.
Each byte is stepped over at most twice, however deep it lies: the ends of undefined lengths are
remembered. No function recurses; depth, elements and fragments are bounded by ``limits``.
"""

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from isocenter.dicom.dictionary import LONG_VRS, SHORT_VRS, is_private, vr_of
from isocenter.dicom.dictionary_table import ELEMENTS
from isocenter.dicom.streams import ByteSource
from isocenter.errors import TooLargeError, TruncatedError, UnusualEncodingError
from isocenter.limits import Limits

UNDEFINED = 0xFFFFFFFF
PIXEL_DATA = 0x7FE00010
ITEM = 0xFFFEE000
ITEM_DELIMITER = 0xFFFEE00D
SEQUENCE_DELIMITER = 0xFFFEE0DD

# (VR, offset of the tag, offset of the value, length, offset of the next element).
# ``length`` is UNDEFINED where the encoding says so; the value then ends with its delimiter.
Entry = tuple[str, int, int, int, int]
Elements = dict[int, Entry]

_WINDOW_BYTES = 16384
_FRAGMENT_WINDOW_BYTES = 1024
_HEADER_BYTES = 12
_HEADER_EXPLICIT = Struct("<HH2sH").unpack_from
_HEADER_IMPLICIT = Struct("<HHI").unpack_from
_LENGTH_LONG = Struct("<I").unpack_from
_SHORT = {vr.encode(): vr for vr in SHORT_VRS}
_LONG = {vr.encode(): vr for vr in LONG_VRS}
_DELIMITER_GROUP = 0xFFFE
_IMPLICIT_VR = {tag: vr for tag, (vr, _) in ELEMENTS.items() if tag >> 16 != _DELIMITER_GROUP}
_DELIMITERS = frozenset({ITEM, ITEM_DELIMITER, SEQUENCE_DELIMITER})


class Fragment(NamedTuple):
    """One Item of encapsulated Pixel Data: offset of its value in the source, length in bytes."""

    offset: int
    length: int


class HeaderWalker:
    """Reads headers through one window of the source and counts what it spends."""

    __slots__ = (
        "_ends",
        "_indexed_left",
        "_is_paid",
        "_limits",
        "_opened",
        "_skipped_left",
        "base",
        "buffer",
        "fragments",
        "fragments_offset",
        "head",
        "source",
    )

    def __init__(self, source: ByteSource, limits: Limits) -> None:
        self.source = source
        self._limits = limits
        self._indexed_left = self._skipped_left = limits.header_elements
        # Offset of the value of an undefined length -> offset after its delimiter.
        self._ends: dict[int, int] = {}
        # Sequences that were opened before: opening them again costs nothing of the bound.
        self._opened: set[int] = set()
        self._is_paid = False
        self.fragments: list[Fragment] = []
        self.fragments_offset = -1
        self.base = 0
        self.buffer = b""
        self._load(0)
        self.head = self.buffer

    def _load(self, position: int, window_bytes: int = _WINDOW_BYTES) -> None:
        buffer = self.source.read_at(position, window_bytes)
        if len(buffer) < window_bytes:
            if position + len(buffer) < self.source.size:
                raise UnusualEncodingError("the source shrank while it was read", position)
            buffer += bytes(_HEADER_BYTES)  # so that a header can be unpacked at the last byte
        self.base = position
        self.buffer = buffer

    def _at(self, position: int) -> int:
        """Return the index of ``position`` in the window, moved if no header fits behind it."""
        at = position - self.base
        if not 0 <= at <= len(self.buffer) - _HEADER_BYTES:
            self._load(position)
            at = 0
        return at

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes between two offsets, from the first window if it holds them."""
        length = end - start
        if end <= len(self.head):
            return self.head[start:end]
        if length > self._limits.header_value_bytes:
            allowed = self._limits.header_value_bytes
            raise TooLargeError("header_value_bytes", allowed, length, "bytes")
        value = self.source.read_at(start, length)
        if len(value) != length:
            raise UnusualEncodingError("the source shrank while it was read", start)
        return value

    # What the bound on elements counts: elements and Items that are indexed, each once, but at
    # least one for 256 bytes of header, so that a tag repeated a million times is not free.

    def _spend(self, elements: int, header_bytes: int = 0) -> None:
        if self._is_paid:
            return
        self._indexed_left -= max(elements, header_bytes >> 8)
        if self._indexed_left < 0:
            self._refuse_more_elements()

    def _refuse_more_elements(self) -> None:
        allowed = self._limits.header_elements
        raise TooLargeError("header_elements", allowed, allowed + 1, "elements")

    def check_held(self, elements: int) -> None:
        """Refuse to hold more elements of one Data Set or sequence in memory than allowed."""
        allowed = self._limits.header_held_elements
        if elements > allowed:
            raise TooLargeError("header_held_elements", allowed, elements, "elements")

    def _check_depth(self, depth: int) -> None:
        if depth > self._limits.header_depth:
            raise TooLargeError("header_depth", self._limits.header_depth, depth, "levels")

    def scan_meta(self, start: int, elements: Elements) -> int:
        """Index group 0002, always explicit little endian; return where the Data Set starts."""
        position, size = start, self.source.size
        while position < size:
            at = position - self.base
            if at > len(self.buffer) - _HEADER_BYTES:
                at = self._at(position)
            group, element, vr_bytes, length = _HEADER_EXPLICIT(self.buffer, at)
            if group != 0x0002:
                break
            value = position + 8
            vr = _SHORT.get(vr_bytes)
            if vr is None:
                _, vr, value, length = self.header_at(position, is_implicit=False)
                if length == UNDEFINED:
                    raise UnusualEncodingError("undefined length in the file meta", position)
            if value + length > size:
                raise TruncatedError(group << 16 | element, length, max(0, size - value))
            following = value + length
            elements[group << 16 | element] = (vr, position, value, length, following)
            position = following
            self._spend(1)
        return position

    def scan(
        self, start: int, end: int, elements: Elements, *, is_implicit: bool, level: int
    ) -> None:
        """Index the elements between two offsets, those of one Data Set or Item."""
        if is_implicit:
            self._scan_implicit(start, end, elements, level)
        else:
            self._scan_explicit(start, end, elements, level)

    # The two loops below decide the speed of everything (benchmarks/header_index.py): names are
    # local, one tuple per element, one look at the window per element.

    def _scan_explicit(self, start: int, end: int, elements: Elements, level: int) -> None:
        position = start
        buffer, base = self.buffer, self.base
        last = base + len(buffer) - 12
        counted, counted_to = 0, start
        while position < end:
            if position > last or position < base:
                self._spend(len(elements) - counted, min(position, last) - counted_to)
                self.check_held(len(elements))
                counted, counted_to = len(elements), position
                self._load(position)
                buffer, base = self.buffer, self.base
                last = base + len(buffer) - 12
            at = position - base
            group, element, vr_bytes, length = _HEADER_EXPLICIT(buffer, at)
            vr = _SHORT.get(vr_bytes)
            if vr is not None:
                value = position + 8
                following = value + length
            else:
                vr = _LONG.get(vr_bytes)
                if vr is None:
                    if level == 0 and position + 8 > end:  # the source ends inside this header
                        raise TruncatedError(group << 16 | element, 8, end - position)
                    raise UnusualEncodingError("no VR of PS3.5 6.2 where one must be", position)
                (length,) = _LENGTH_LONG(buffer, at + 8)
                value = position + 12
                # In a source of more than 4 GiB the undefined length could pass for a length.
                following = value + length if length != 0xFFFFFFFF else end + 1
            if following > end:
                self._spend(len(elements) - counted, position - counted_to)
                following = self._end_of_unusual(position, end, is_implicit=False, level=level)
                counted, counted_to = len(elements), following
                if vr == "UN":
                    vr = "SQ"  # UN of undefined length holds Items (PS3.5 6.2.2 note 4)
                buffer, base = self.buffer, self.base
                last = base + len(buffer) - 12
            elements[group << 16 | element] = (vr, position, value, length, following)
            position = following
        if not elements.keys().isdisjoint(_DELIMITERS):
            raise UnusualEncodingError("an item or delimiter between elements", start)
        self._spend(len(elements) - counted, min(end, last) - counted_to)

    def _scan_implicit(self, start: int, end: int, elements: Elements, level: int) -> None:
        position = start
        buffer, base = self.buffer, self.base
        last = base + len(buffer) - 12
        counted, counted_to = 0, start
        while position < end:
            if position > last or position < base:
                self._spend(len(elements) - counted, min(position, last) - counted_to)
                self.check_held(len(elements))
                counted, counted_to = len(elements), position
                self._load(position)
                buffer, base = self.buffer, self.base
                last = base + len(buffer) - 12
            group, element, length = _HEADER_IMPLICIT(buffer, position - base)
            tag = group << 16 | element
            vr = _IMPLICIT_VR.get(tag)
            if vr is None:
                if group == 0xFFFE:
                    raise UnusualEncodingError("an item or delimiter between elements", position)
                vr = vr_of(tag)
            value = position + 8
            following = value + length
            if following > end or length == 0xFFFFFFFF:
                self._spend(len(elements) - counted, position - counted_to)
                following = self._end_of_unusual(position, end, is_implicit=True, level=level)
                counted, counted_to = len(elements), following
                vr = "SQ"
                buffer, base = self.buffer, self.base
                last = base + len(buffer) - 12
            elements[tag] = (vr, position, value, length, following)
            position = following
        self._spend(len(elements) - counted, min(end, last) - counted_to)

    def _end_of_unusual(self, position: int, end: int, *, is_implicit: bool, level: int) -> int:
        """Return the end of an element of undefined length; refuse one that is too long."""
        tag, vr, value, length = self.header_at(position, is_implicit=is_implicit)
        if length != UNDEFINED or value > end:
            if level == 0 and value > end:  # the header itself is cut
                raise TruncatedError(tag, value - position, end - position)
            if level == 0:
                raise TruncatedError(tag, length, end - value)
            raise UnusualEncodingError("an element is longer than its item", position)
        if self.holds_fragments(tag, vr, is_implicit=is_implicit):
            following = self._walk_fragments(value, is_kept=level == 0)
        elif self.holds_items(tag, vr, value, is_implicit=is_implicit):
            following = self._skip(value, end, is_implicit=is_implicit, level=level)
        else:
            raise UnusualEncodingError("undefined length on a VR that has none", position)
        if following > end:
            raise UnusualEncodingError("a sequence is longer than its item", position)
        return following

    @staticmethod
    def holds_fragments(tag: int, vr: str, *, is_implicit: bool) -> bool:
        """Return whether an undefined length here means encapsulated Pixel Data (PS3.5 A.4)."""
        return tag == PIXEL_DATA and not is_implicit and vr in ("OB", "OW")

    def holds_items(self, tag: int, vr: str, value: int, *, is_implicit: bool) -> bool:
        """Return whether an undefined length here means a sequence of Items (PS3.5 7.5)."""
        if vr == "SQ":
            return True
        if vr != "UN" or tag == PIXEL_DATA:
            return False
        if is_implicit and not is_private(tag) and tag in _IMPLICIT_VR:
            return False
        return self.tag_at(value)[0] in (ITEM, SEQUENCE_DELIMITER)

    def header_at(self, position: int, *, is_implicit: bool) -> tuple[int, str, int, int]:
        """Return tag, VR, offset of the value, length of the element at ``position``."""
        at = self._at(position)
        if is_implicit:
            group, element, length = _HEADER_IMPLICIT(self.buffer, at)
            tag = group << 16 | element
            return tag, vr_of(tag), position + 8, length
        group, element, vr_bytes, length = _HEADER_EXPLICIT(self.buffer, at)
        tag = group << 16 | element
        if vr_bytes in _SHORT:
            return tag, _SHORT[vr_bytes], position + 8, length
        if vr_bytes not in _LONG:
            raise UnusualEncodingError("no VR of PS3.5 6.2 where one must be", position)
        return tag, _LONG[vr_bytes], position + 12, _LENGTH_LONG(self.buffer, at + 8)[0]

    def tag_at(self, position: int) -> tuple[int, int]:
        """Return tag and length of the Item or delimiter at ``position`` (PS3.5 7.5)."""
        if position + 8 > self.source.size:
            raise TruncatedError(ITEM, 8, max(0, self.source.size - position))
        at = self._at(position)
        group, element, length = _HEADER_IMPLICIT(self.buffer, at)
        return group << 16 | element, length

    def item_is_implicit(self, position: int, *, parent_is_implicit: bool) -> bool:
        """Return whether an Item is Implicit VR; inside explicit ones, by the look of its VR.

        Some writers switch to implicit inside sequences, and UN requires it (PS3.5 6.2.2).
        """
        if parent_is_implicit:
            return True
        at = self._at(position)
        if self.buffer[at : at + 4] == b"\xfe\xff\x0d\xe0":
            return False
        return not looks_like_vr(self.buffer[at + 4 : at + 6])

    def _jump(self, tag: int, value: int, length: int) -> int:
        if value + length > self.source.size:
            raise TruncatedError(tag, length, max(0, self.source.size - value))
        return value + length

    def _walk_fragments(self, position: int, *, is_kept: bool) -> int:
        """Return the offset after encapsulated Pixel Data; that of the root is kept."""
        fragments: list[Fragment] = []
        start = position
        allowed = self._limits.header_fragments
        while True:
            # Fragments are long: a full window at each would read the whole Pixel Data.
            if not 0 <= position - self.base <= len(self.buffer) - _HEADER_BYTES:
                self._load(position, _FRAGMENT_WINDOW_BYTES)
            tag, length = self.tag_at(position)
            position += 8
            if tag == SEQUENCE_DELIMITER:
                if is_kept:
                    self.fragments, self.fragments_offset = fragments, start
                return position
            if tag != ITEM or length == UNDEFINED:
                raise UnusualEncodingError("no Item where a fragment must be", position - 8)
            following = self._jump(PIXEL_DATA, position, length)
            fragments.append(Fragment(position, length))
            if len(fragments) > allowed:
                raise TooLargeError("header_fragments", allowed, len(fragments), "fragments")
            position = following

    def _skip(
        self, start: int, end: int, *, is_implicit: bool, level: int, in_item: bool = False
    ) -> int:
        """Return the offset after a sequence of undefined length, or after such an Item.

        ``open_levels`` holds (offset of the value, is an Item, encoding) of each open sequence
        and Item; ``level`` is that of the innermost Data Set. Known lengths are jumped.
        """
        known = self._ends.get(start)
        if known is not None:
            return known
        position = start
        open_levels = [(start, in_item, is_implicit)]
        while open_levels:
            self._skipped_left -= 1
            if self._skipped_left < 0:
                self._refuse_more_elements()
            if position > end:
                raise UnusualEncodingError("a sequence is longer than its item", start)
            opened, is_item, implicit = open_levels[-1]
            tag, length = self.tag_at(position)
            if tag == (ITEM_DELIMITER if is_item else SEQUENCE_DELIMITER):
                position += 8
                self._ends[opened] = position
                open_levels.pop()
                level -= is_item
            elif is_item:
                position = self._skip_element(position, open_levels, is_implicit=implicit)
            elif tag != ITEM:
                raise UnusualEncodingError("no Item where one must be", position)
            elif length == UNDEFINED:
                position += 8
                level += 1
                self._check_depth(level)
                item = self.item_is_implicit(position, parent_is_implicit=implicit)
                open_levels.append((position, True, item))
            else:
                position = self._jump(tag, position + 8, length)
        return position

    def _skip_element(
        self, position: int, open_levels: list[tuple[int, bool, bool]], *, is_implicit: bool
    ) -> int:
        """Return where to go on: after the element, or inside it where its length is undefined."""
        tag, vr, value, length = self.header_at(position, is_implicit=is_implicit)
        if tag >> 16 == _DELIMITER_GROUP:
            raise UnusualEncodingError("an item or delimiter between elements", position)
        if length != UNDEFINED:
            return self._jump(tag, value, length)
        if self.holds_fragments(tag, vr, is_implicit=is_implicit):
            return self._walk_fragments(value, is_kept=False)
        if self.holds_items(tag, vr, value, is_implicit=is_implicit):
            open_levels.append((value, False, is_implicit))
            return value
        raise UnusualEncodingError("undefined length on a VR that has none", position)

    def each_item(
        self, entry: Entry, *, is_implicit: bool, level: int
    ) -> Iterator[tuple[bool, Elements]]:
        """Yield encoding and elements of each Item of the sequence at ``entry``, in order."""
        self._check_depth(level)
        _, _, position, length, end = entry
        is_paid = position in self._opened
        while position < end:
            tag, item_length = self.tag_at(position)
            if tag == SEQUENCE_DELIMITER and length == UNDEFINED:
                break
            if tag != ITEM:
                raise UnusualEncodingError("no Item where one must be", position)
            start = position + 8
            implicit = is_implicit or (
                item_length != 0 and self.item_is_implicit(start, parent_is_implicit=is_implicit)
            )
            stop = position = start + item_length
            if item_length == UNDEFINED:
                position = self._skip(start, end, is_implicit=implicit, level=level, in_item=True)
                stop = position - 8
            if position > end:
                raise UnusualEncodingError("an item is longer than its sequence", start)
            elements: Elements = {}
            self._is_paid = is_paid
            self.scan(start, stop, elements, is_implicit=implicit, level=level)
            self._spend(1)
            yield implicit, elements
        self._opened.add(entry[2])


def looks_like_vr(two: bytes) -> bool:
    """Return whether two bytes are capital letters, as in every VR."""
    return len(two) == 2 and 0x41 <= two[0] <= 0x5A and 0x41 <= two[1] <= 0x5A
