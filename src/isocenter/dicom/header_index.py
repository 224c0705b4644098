"""Header index: a Part 10 stream as ``element -> VR, offset, length``, without objects.

The walker reads implicit and explicit little endian (PS3.5 section 7) and keeps one tuple per
element. Sequences are opened on demand, level by level. Whatever breaks a rule of the encoding,
and big endian and deflated streams, raise ``UnusualEncodingError``: pydicom reads those
(``dicom/rewrite.py``), and on everything that is accepted here the two agree.
No function of this module recurses; depth, elements and fragments are bounded by ``limits``.
"""

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from isocenter.dicom.dictionary import LONG_VRS, SHORT_VRS, is_private, vr_of
from isocenter.dicom.dictionary_table import ELEMENTS
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.uids import BIG_ENDIAN, DEFLATED, IMPLICIT
from isocenter.errors import NotDicomError, TooLargeError, TruncatedError, UnusualEncodingError
from isocenter.limits import DEFAULT, Limits

UNDEFINED = 0xFFFFFFFF
PIXEL_DATA = 0x7FE00010
ITEM = 0xFFFEE000
ITEM_DELIMITER = 0xFFFEE00D
SEQUENCE_DELIMITER = 0xFFFEE0DD
TRANSFER_SYNTAX_UID = 0x00020010

# (VR, offset of the tag, offset of the value, length, offset of the next element).
# ``length`` is UNDEFINED where the encoding says so; the value then ends with its delimiter.
Entry = tuple[str, int, int, int, int]

_WINDOW_BYTES = 16384
_PREFIX_OFFSET = 128
_HEADER_EXPLICIT = Struct("<HH2sH").unpack_from
_HEADER_IMPLICIT = Struct("<HHI").unpack_from
_LENGTH_LONG = Struct("<I").unpack_from
_SHORT = {vr.encode(): vr for vr in SHORT_VRS}
_LONG = {vr.encode(): vr for vr in LONG_VRS}
_IMPLICIT_VR = {tag: vr for tag, (vr, _) in ELEMENTS.items()}


class Fragment(NamedTuple):
    """One Item of encapsulated Pixel Data: offset of its value in the source, length in bytes."""

    offset: int
    length: int


class DataSetIndex:
    """The elements of one Data Set or Item, in file order, with access to their bytes.

    A tag that stands twice keeps its last value, as in pydicom.
    """

    __slots__ = ("_walker", "elements", "is_implicit", "level")

    def __init__(self, walker: "_Walker", *, is_implicit: bool, level: int) -> None:
        self._walker = walker
        self.is_implicit = is_implicit
        self.level = level
        self.elements: dict[int, Entry] = {}

    def __contains__(self, tag: int) -> bool:
        return tag in self.elements

    def vr(self, tag: int) -> str:
        """Return the VR: as written (explicit) or as PS3.6 says (implicit, may be "US or SS")."""
        return self.elements[tag][0]

    def value(self, tag: int) -> bytes:
        """Return the value of the element as stored, padding kept, ``b""`` where it is absent.

        Raises
        ------
        TooLargeError
            If it is longer than ``limits.header_value_bytes``.
        """
        entry = self.elements.get(tag)
        if entry is None:
            return b""
        return self._walker.read(entry[2], entry[4])

    @property
    def head(self) -> bytes:
        """The first bytes of the source, from which fast loops slice the values that lie there."""
        return self._walker.head

    def raw(self, tag: int) -> bytes:
        """Return the whole element as stored: tag, VR, length, value, delimiter."""
        entry = self.elements[tag]
        return self._walker.read(entry[1], entry[4])

    def items(self, tag: int) -> list["DataSetIndex"]:
        """Return the Items of a sequence in order, ``[]`` where it is absent or empty.

        Raises
        ------
        UnusualEncodingError, TruncatedError
            If the bytes are no sequence of Items (PS3.5 7.5).
        TooLargeError
            If the nesting is deeper than ``limits.header_depth``.
        """
        entry = self.elements.get(tag)
        if entry is None:
            return []
        return self._walker.items(entry, is_implicit=self.is_implicit, level=self.level + 1)


class HeaderIndex(NamedTuple):
    """The index of one Part 10 stream.

    Attributes
    ----------
    meta, dataset
        File Meta Information (group 0002, empty where missing) and the Data Set.
    transfer_syntax_uid
        As the meta says; ``""`` where it says nothing (the encoding was then guessed).
    fragments
        Items of encapsulated Pixel Data in order, the Basic Offset Table first; empty if native.
    has_preamble
        Whether the 128 bytes and ``DICM`` of PS3.10 7.1 are there.
    """

    meta: DataSetIndex
    dataset: DataSetIndex
    transfer_syntax_uid: str
    fragments: list[Fragment]
    has_preamble: bool


def index_header(source: ByteSource, limits: Limits = DEFAULT) -> HeaderIndex:
    """Return the index of a Part 10 stream; Pixel Data is stepped over, not read.

    Raises
    ------
    NotDicomError
        If neither the prefix nor a first element of group 0002 or 0008 is found.
    UnusualEncodingError
        If pydicom has to read it: big endian, deflated, broken rules.
    TruncatedError
        If the stream ends inside an element.
    TooLargeError
        If a bound of ``limits`` is passed.

    References
    ----------
    PS3.10 section 7.1 (preamble, meta), PS3.5 section 7 and Annex A (encoding).
    """
    walker = _Walker(source, limits)
    head = walker.buffer
    has_preamble = head[_PREFIX_OFFSET : _PREFIX_OFFSET + 4] == b"DICM"
    start = _PREFIX_OFFSET + 4 if has_preamble else 0
    if not has_preamble and head[:4] not in _PLAUSIBLE_STARTS:
        raise NotDicomError
    meta = DataSetIndex(walker, is_implicit=False, level=0)
    start = walker.scan_meta(start, meta.elements)
    uid = meta.value(TRANSFER_SYNTAX_UID).rstrip(b"\0 ").decode("ascii", "replace")
    is_implicit = walker.root_is_implicit(start, uid)
    dataset = DataSetIndex(walker, is_implicit=is_implicit, level=0)
    walker.scan_root(start, dataset)
    if not has_preamble and not _is_plausible(dataset):
        raise NotDicomError
    return HeaderIndex(meta, dataset, uid, walker.fragments, has_preamble)


def walk(
    dataset: DataSetIndex, path: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], DataSetIndex, int]]:
    """Yield ``(path, level, tag)`` of every element at every depth, parents before children.

    The path alternates tag and 0-based number of the Item: ``(0x00081140, 0)``.
    """
    pending: list[tuple[tuple[int, ...], DataSetIndex, Iterator[int]]] = [
        (path, dataset, iter(dataset.elements))
    ]
    while pending:
        here, level, tags = pending[-1]
        tag = next(tags, None)
        if tag is None:
            pending.pop()
            continue
        yield here, level, tag
        if level.elements[tag][0] == "SQ":
            children = level.items(tag)
            pending.extend(
                ((*here, tag, number), child, iter(child.elements))
                for number, child in reversed(list(enumerate(children)))
            )


# Without a preamble: group 0002 (meta) or 0008 (Data Set), element numbers that begin a file.
_PLAUSIBLE_STARTS = frozenset(
    group + element.to_bytes(2, "little")
    for group, elements in ((b"\x02\0", (0, 1, 2, 3, 16)), (b"\x08\0", (0, 1, 5, 6, 8, 16, 18, 22)))
    for element in elements
)


def _is_plausible(dataset: DataSetIndex) -> bool:
    """Return whether headerless bytes look like a Data Set: ascending, and more than a stray tag."""
    tags = list(dataset.elements)
    return len(tags) > 1 and tags == sorted(tags)


class _Walker:
    """Reads headers through one window of the source and counts what it spends."""

    __slots__ = ("_elements_left", "_limits", "base", "buffer", "fragments", "head", "source")

    def __init__(self, source: ByteSource, limits: Limits) -> None:
        self.source = source
        self._limits = limits
        self._elements_left = limits.header_elements
        self.fragments: list[Fragment] = []
        self.base = 0
        self.buffer = b""
        self._load(0)
        self.head = self.buffer

    def _load(self, position: int) -> None:
        self.base = position
        self.buffer = self.source.read_at(position, _WINDOW_BYTES)
        if position + len(self.buffer) >= self.source.size:
            self.buffer += bytes(12)  # so that a header can be unpacked at the last byte

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes between two offsets, from the first window if it holds them."""
        length = end - start
        if end <= len(self.head):
            return self.head[start:end]
        if length > self._limits.header_value_bytes:
            raise TooLargeError(
                "header_value_bytes", self._limits.header_value_bytes, length, "bytes"
            )
        value = self.source.read_at(start, length)
        if len(value) != length:
            raise UnusualEncodingError("the source shrank while it was read", start)
        return value

    def _spend(self, elements: int) -> None:
        self._elements_left -= elements
        if self._elements_left < 0:
            allowed = self._limits.header_elements
            raise TooLargeError("header_elements", allowed, allowed + 1, "elements")

    def scan_meta(self, start: int, elements: dict[int, Entry]) -> int:
        """Index group 0002, always explicit little endian; return where the Data Set starts."""
        position = start
        while position + 8 <= self.source.size:
            if not self.base <= position <= self.base + len(self.buffer) - 12:
                self._load(position)
            group, _, _, _ = _HEADER_EXPLICIT(self.buffer, position - self.base)
            if group != 0x0002:
                break
            position = self._meta_element(position, elements)
        return position

    def _meta_element(self, position: int, elements: dict[int, Entry]) -> int:
        tag, vr, value, length = self._header(position, is_implicit=False)
        if length == UNDEFINED:
            raise UnusualEncodingError("undefined length in the file meta", position)
        end = value + length
        if end > self.source.size:
            raise TruncatedError(tag, length, max(0, self.source.size - value))
        self._spend(1)
        elements[tag] = (vr, position, value, length, end)
        return end

    def root_is_implicit(self, start: int, transfer_syntax_uid: str) -> bool:
        """Return whether the Data Set is Implicit VR; where the meta is silent, by its look."""
        if transfer_syntax_uid in (BIG_ENDIAN, DEFLATED):
            raise UnusualEncodingError("big endian or deflated transfer syntax", start)
        if start >= self.source.size:
            return transfer_syntax_uid == IMPLICIT
        first = self.source.read_at(start, 6)
        looks_explicit = _looks_like_vr(first[4:6])
        if int.from_bytes(first[:2], "little") in (0, 0xFFFE):
            raise UnusualEncodingError("Data Set starts with a command group or an item", start)
        if not transfer_syntax_uid:
            if looks_explicit and int.from_bytes(first[:2], "little") >= 0x0400:
                raise UnusualEncodingError("no transfer syntax, looks like big endian", start)
            return not looks_explicit
        if looks_explicit == (transfer_syntax_uid == IMPLICIT):
            raise UnusualEncodingError("the Data Set is not encoded as the meta says", start)
        return not looks_explicit

    def scan_root(self, start: int, dataset: DataSetIndex) -> None:
        """Index the Data Set from ``start`` to the end of the source."""
        if start < self.source.size:
            self.scan(start, self.source.size, dataset)

    def scan(self, start: int, end: int, dataset: DataSetIndex) -> None:
        """Index the elements between two offsets into ``dataset``."""
        if dataset.is_implicit:
            self._scan_implicit(start, end, dataset)
        else:
            self._scan_explicit(start, end, dataset)

    # The two loops below decide the speed of everything (benchmarks/header_index.py): names are
    # local, one tuple per element, one look at the window per element.

    def _scan_explicit(self, start: int, end: int, dataset: DataSetIndex) -> None:
        elements = dataset.elements
        position = start
        buffer, base = self.buffer, self.base
        last = base + len(buffer) - 12
        counted = 0
        while position < end:
            if position > last or position < base:
                self._spend(len(elements) - counted)
                counted = len(elements)
                self._load(position)
                buffer, base = self.buffer, self.base
                last = base + len(buffer) - 12
            at = position - base
            group, element, vr_bytes, length = _HEADER_EXPLICIT(buffer, at)
            vr = _SHORT.get(vr_bytes)
            if vr is not None:
                value = position + 8
            else:
                vr = _LONG.get(vr_bytes)
                if vr is None:
                    raise UnusualEncodingError("no VR of PS3.5 6.2 where one must be", position)
                (length,) = _LENGTH_LONG(buffer, at + 8)
                value = position + 12
            tag = group << 16 | element
            following = value + length
            if following > end:
                following = self._unusual_length(position, end, tag, vr, dataset)
                if vr == "UN":
                    vr = "SQ"  # UN of undefined length holds Items (PS3.5 6.2.2 note 4)
                buffer, base = self.buffer, self.base
                last = base + len(buffer) - 12
            elements[tag] = (vr, position, value, length, following)
            position = following
        self._spend(len(elements) - counted)

    def _scan_implicit(self, start: int, end: int, dataset: DataSetIndex) -> None:
        elements = dataset.elements
        position = start
        buffer, base = self.buffer, self.base
        last = base + len(buffer) - 12
        counted = 0
        while position < end:
            if position > last or position < base:
                self._spend(len(elements) - counted)
                counted = len(elements)
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
            if following > end:
                following = self._unusual_length(position, end, tag, vr, dataset)
                if length == UNDEFINED and tag != PIXEL_DATA:
                    vr = "SQ"
                buffer, base = self.buffer, self.base
                last = base + len(buffer) - 12
            elements[tag] = (vr, position, value, length, following)
            position = following
        self._spend(len(elements) - counted)

    def _unusual_length(
        self, position: int, end: int, tag: int, vr: str, dataset: DataSetIndex
    ) -> int:
        """Return the end of an element of undefined length; refuse one that is too long."""
        _, _, value, length = self._header(position, is_implicit=dataset.is_implicit)
        if value > end:
            raise TruncatedError(tag, 8, max(0, end - position))
        if length != UNDEFINED:
            if end == self.source.size:
                raise TruncatedError(tag, length, end - value)
            raise UnusualEncodingError("an element is longer than its item", position)
        following = self._end_of_undefined(value, tag, vr, dataset)
        if following > end:
            raise UnusualEncodingError("a sequence is longer than its item", position)
        return following

    def _end_of_undefined(self, value: int, tag: int, vr: str, dataset: DataSetIndex) -> int:
        if tag == PIXEL_DATA and not dataset.is_implicit and vr in ("OB", "OW"):
            return self._walk_fragments(value, keep=dataset.level == 0)
        is_sequence = vr in ("SQ", "UN") if not dataset.is_implicit else vr == "SQ"
        if dataset.is_implicit and vr == "UN" and (is_private(tag) or tag not in _IMPLICIT_VR):
            following = self._tag_at(value)[0]
            is_sequence = following in (ITEM, SEQUENCE_DELIMITER)
        if not is_sequence:
            raise UnusualEncodingError("undefined length on a VR that has none", value)
        return self._skip_sequence(value, is_implicit=dataset.is_implicit, level=dataset.level)

    def _header(self, position: int, *, is_implicit: bool) -> tuple[int, str, int, int]:
        """Return tag, VR, offset of the value, length of the element at ``position``."""
        if not self.base <= position <= self.base + len(self.buffer) - 12:
            self._load(position)
        at = position - self.base
        if len(self.buffer) - at < 12:
            raise TruncatedError(0, 8, 0)
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

    def _tag_at(self, position: int) -> tuple[int, int]:
        """Return tag and length of the Item or delimiter at ``position`` (PS3.5 7.5)."""
        if not self.base <= position <= self.base + len(self.buffer) - 12:
            self._load(position)
        at = position - self.base
        if position + 8 > self.source.size:
            raise TruncatedError(ITEM, 8, max(0, self.source.size - position))
        group, element, length = _HEADER_IMPLICIT(self.buffer, at)
        return group << 16 | element, length

    def _item_is_implicit(self, position: int, *, parent_is_implicit: bool) -> bool:
        """Return whether an Item is Implicit VR; inside explicit ones, by the look of its VR.

        Some writers switch to implicit inside sequences, and UN requires it (PS3.5 6.2.2).
        """
        if parent_is_implicit:
            return True
        if not self.base <= position <= self.base + len(self.buffer) - 12:
            self._load(position)
        at = position - self.base
        if self.buffer[at : at + 4] == b"\xfe\xff\x0d\xe0":
            return False
        return not _looks_like_vr(self.buffer[at + 4 : at + 6])

    def _walk_fragments(self, position: int, *, keep: bool) -> int:
        fragments: list[Fragment] = []
        while True:
            tag, length = self._tag_at(position)
            position += 8
            if tag == SEQUENCE_DELIMITER:
                if keep:
                    self.fragments.extend(fragments)
                return position
            if tag != ITEM or length == UNDEFINED:
                raise UnusualEncodingError("no Item where a fragment must be", position - 8)
            if position + length > self.source.size:
                raise TruncatedError(PIXEL_DATA, length, self.source.size - position)
            fragments.append(Fragment(position, length))
            if len(fragments) > self._limits.header_fragments:
                allowed = self._limits.header_fragments
                raise TooLargeError("header_fragments", allowed, len(fragments), "fragments")
            position += length

    def _skip_sequence(self, position: int, *, is_implicit: bool, level: int) -> int:
        """Return the offset after a sequence of undefined length; Items of known length are jumped.

        ``open_levels`` holds one (kind, encoding) per open sequence or Item.
        """
        open_levels: list[tuple[bool, bool]] = [(True, is_implicit)]
        while open_levels:
            self._spend(1)
            in_sequence, implicit = open_levels[-1]
            self._check_depth(level + len(open_levels) // 2)
            tag, length = self._tag_at(position)
            if in_sequence:
                position += 8
                if tag == SEQUENCE_DELIMITER:
                    open_levels.pop()
                elif tag != ITEM:
                    raise UnusualEncodingError("no Item where one must be", position - 8)
                elif length == UNDEFINED:
                    item = self._item_is_implicit(position, parent_is_implicit=implicit)
                    open_levels.append((False, item))
                else:
                    position = self._jump(tag, position, length)
            elif tag == ITEM_DELIMITER:
                open_levels.pop()
                position += 8
            else:
                position = self._skip_element(position, open_levels, is_implicit=implicit)
        return position

    def _skip_element(
        self, position: int, open_levels: list[tuple[bool, bool]], *, is_implicit: bool
    ) -> int:
        tag, vr, value, length = self._header(position, is_implicit=is_implicit)
        if length != UNDEFINED:
            return self._jump(tag, value, length)
        if tag >> 16 == 0xFFFE:
            raise UnusualEncodingError("an item or delimiter between elements", position)
        if tag == PIXEL_DATA and not is_implicit and vr in ("OB", "OW"):
            return self._walk_fragments(value, keep=False)
        if vr == "SQ" or (vr == "UN" and self._tag_at(value)[0] in (ITEM, SEQUENCE_DELIMITER)):
            open_levels.append((True, is_implicit))
            return value
        raise UnusualEncodingError("undefined length on a VR that has none", position)

    def _jump(self, tag: int, value: int, length: int) -> int:
        if value + length > self.source.size:
            raise TruncatedError(tag, length, max(0, self.source.size - value))
        return value + length

    def _check_depth(self, depth: int) -> None:
        if depth > self._limits.header_depth:
            raise TooLargeError("header_depth", self._limits.header_depth, depth, "levels")

    def items(self, entry: Entry, *, is_implicit: bool, level: int) -> list[DataSetIndex]:
        """Return the Items of the sequence at ``entry``."""
        self._check_depth(level)
        _, _, position, length, end = entry
        items: list[DataSetIndex] = []
        while position < end:
            tag, item_length = self._tag_at(position)
            if tag == SEQUENCE_DELIMITER:
                if length != UNDEFINED:
                    raise UnusualEncodingError("a delimiter in a sequence of known length", position)
                break
            if tag != ITEM:
                raise UnusualEncodingError("no Item where one must be", position)
            start = position + 8
            implicit = is_implicit or (
                item_length != 0
                and self._item_is_implicit(start, parent_is_implicit=is_implicit)
            )
            item = DataSetIndex(self, is_implicit=implicit, level=level)
            position = self._scan_item(start, item_length, end, item)
            items.append(item)
            self._spend(1)
        return items

    def _scan_item(self, start: int, length: int, end: int, item: DataSetIndex) -> int:
        if length != UNDEFINED:
            if start + length > end:
                raise UnusualEncodingError("an item is longer than its sequence", start)
            self.scan(start, start + length, item)
            return start + length
        position = start
        while True:
            tag, _ = self._tag_at(position)
            if tag == ITEM_DELIMITER:
                return position + 8
            following = self._end_of_element(position, item)
            if following > end:
                raise UnusualEncodingError("an element is longer than its sequence", position)
            self.scan(position, following, item)
            position = following

    def _end_of_element(self, position: int, item: DataSetIndex) -> int:
        tag, vr, value, length = self._header(position, is_implicit=item.is_implicit)
        if tag >> 16 == 0xFFFE:
            raise UnusualEncodingError("an item or delimiter between elements", position)
        if length == UNDEFINED:
            return self._end_of_undefined(value, tag, vr, item)
        return self._jump(tag, value, length)


def _looks_like_vr(two: bytes) -> bool:
    return len(two) == 2 and 0x41 <= two[0] <= 0x5A and 0x41 <= two[1] <= 0x5A
