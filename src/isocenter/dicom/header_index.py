"""Header index: a Part 10 stream as ``element -> VR, offset, length``, without objects.

The walker reads implicit and explicit little endian (PS3.5 section 7) and keeps one tuple per
element. Sequences are opened on demand, level by level. Whatever breaks a rule of the encoding,
and big endian and deflated streams, raise ``UnusualEncodingError``: pydicom reads those
(``dicom/rewrite.py``), and on everything that is accepted here the two agree.
No function of this module recurses; depth, elements and fragments are bounded by ``limits``.
"""

from collections.abc import Iterator
from typing import NamedTuple

from isocenter.dicom.header_walker import (
    ITEM,
    ITEM_DELIMITER,
    PIXEL_DATA,
    SEQUENCE_DELIMITER,
    UNDEFINED,
    Entry,
    Fragment,
    HeaderWalker,
    looks_like_vr,
)
from isocenter.dicom.streams import ByteSource, BytesSource
from isocenter.dicom.uids import BIG_ENDIAN, IMPLICIT, INFLATED
from isocenter.errors import NotDicomError, TruncatedError, UnusualEncodingError
from isocenter.limits import DEFAULT, Limits

__all__ = [
    "ITEM",
    "ITEM_DELIMITER",
    "PIXEL_DATA",
    "SEQUENCE_DELIMITER",
    "TRANSFER_SYNTAX_UID",
    "UNDEFINED",
    "DataSetIndex",
    "Entry",
    "FileMeta",
    "Fragment",
    "HeaderIndex",
    "index_elements",
    "index_header",
    "index_meta",
    "is_implicit_after",
    "looks_big_endian",
    "looks_like_big_acr_nema",
    "walk",
]

TRANSFER_SYNTAX_UID = 0x00020010

_PREFIX_OFFSET = 128
_NOT_PLAIN = frozenset({BIG_ENDIAN, *INFLATED})


class DataSetIndex:
    """The elements of one Data Set or Item, in file order, with access to their bytes.

    A tag that stands twice keeps its last value, as in pydicom.
    """

    __slots__ = ("_walker", "elements", "is_implicit", "level")

    def __init__(
        self, walker: HeaderWalker, elements: dict[int, Entry], *, is_implicit: bool, level: int
    ) -> None:
        self._walker = walker
        self.elements = elements
        self.is_implicit = is_implicit
        self.level = level

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

    def value_part(self, tag: int, start: int, length: int) -> bytes:
        """Return some bytes of a value, for those that are too large to hold; fewer at its end."""
        _, _, offset, _, end = self.elements[tag]
        first = min(offset + start, end)
        return self._walker.read(first, min(first + length, end))

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
            If the nesting is deeper than ``limits.header_depth``, or all Items together hold
            more elements than ``limits.header_held_elements``.
        """
        items = []
        held = 0
        for item in self.each_item(tag):
            items.append(item)
            held += 1 + len(item.elements)
            self._walker.check_held(held)
        return items

    def each_item(self, tag: int) -> Iterator["DataSetIndex"]:
        """Yield the Items of a sequence one at a time, for sequences that would fill memory.

        Raises
        ------
        UnusualEncodingError, TruncatedError, TooLargeError
            As ``items`` does.
        """
        entry = self.elements.get(tag)
        if entry is None:
            return
        level = self.level + 1
        items = self._walker.each_item(entry, is_implicit=self.is_implicit, level=level)
        for is_implicit, elements in items:
            yield DataSetIndex(self._walker, elements, is_implicit=is_implicit, level=level)


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


class FileMeta(NamedTuple):
    """What stands before the Data Set.

    Attributes
    ----------
    elements
        File Meta Information (group 0002), empty where missing.
    end
        Offset of the Data Set.
    transfer_syntax_uid, has_preamble
        As in ``HeaderIndex``.
    """

    elements: DataSetIndex
    end: int
    transfer_syntax_uid: str
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
    walker = HeaderWalker(source, limits)
    meta = _index_meta(walker)
    is_implicit = is_implicit_after(source, meta)
    dataset = DataSetIndex(walker, {}, is_implicit=is_implicit, level=0)
    walker.scan(meta.end, source.size, dataset.elements, is_implicit=is_implicit, level=0)
    if not meta.has_preamble and not _is_plausible(dataset):
        raise NotDicomError
    pixel_data = dataset.elements.get(PIXEL_DATA)
    # Where Pixel Data stands twice the last one counts.
    has_fragments = pixel_data is not None and pixel_data[2] == walker.fragments_offset
    fragments = walker.fragments if has_fragments else []
    return HeaderIndex(
        meta.elements, dataset, meta.transfer_syntax_uid, fragments, meta.has_preamble
    )


def index_elements(raw: bytes, *, is_implicit: bool, limits: Limits = DEFAULT) -> DataSetIndex:
    """Return the index of encoded elements without anything around them.

    Raises
    ------
    UnusualEncodingError, TruncatedError, TooLargeError
        As ``index_header``.
    """
    walker = HeaderWalker(BytesSource(raw), limits)
    dataset = DataSetIndex(walker, {}, is_implicit=is_implicit, level=0)
    walker.scan(0, len(raw), dataset.elements, is_implicit=is_implicit, level=0)
    return dataset


def index_meta(source: ByteSource, limits: Limits = DEFAULT) -> FileMeta:
    """Return what stands before the Data Set, of whatever encoding that is.

    Raises
    ------
    NotDicomError, UnusualEncodingError, TruncatedError, TooLargeError
        As ``index_header``, as far as it comes.
    """
    return _index_meta(HeaderWalker(source, limits))


def _index_meta(walker: HeaderWalker) -> FileMeta:
    head = walker.head
    has_preamble = head[_PREFIX_OFFSET : _PREFIX_OFFSET + 4] == b"DICM"
    if looks_like_big_acr_nema(head):
        raise UnusualEncodingError("ACR-NEMA in big endian", 0)
    is_big_endian = head[:2] == b"\0\x08" and looks_big_endian(head)
    if not (has_preamble or head[:4] in _PLAUSIBLE_STARTS or is_big_endian):
        raise NotDicomError
    elements = DataSetIndex(walker, {}, is_implicit=False, level=0)
    end = walker.scan_meta(_PREFIX_OFFSET + 4 if has_preamble else 0, elements.elements)
    uid = elements.value(TRANSFER_SYNTAX_UID).rstrip(b"\0 ").decode("ascii", "replace")
    return FileMeta(elements, end, uid, has_preamble)


def is_implicit_after(source: ByteSource, meta: FileMeta) -> bool:
    """Return whether the Data Set is Implicit VR; where the meta is silent, by its look.

    Raises
    ------
    UnusualEncodingError
        If it is big endian or deflated, or looks otherwise than the meta says.
    TruncatedError
        If it has fewer bytes than the header of an element.
    """
    if meta.transfer_syntax_uid in _NOT_PLAIN:
        raise UnusualEncodingError("big endian or deflated transfer syntax", meta.end)
    if meta.end >= source.size:
        return meta.transfer_syntax_uid == IMPLICIT
    first = source.read_at(meta.end, 8)
    if len(first) < 8:
        raise TruncatedError(int.from_bytes(first[:2], "little") << 16, 8, len(first))
    looks_explicit = looks_like_vr(first[4:6])
    if int.from_bytes(first[:2], "little") in (0, 0xFFFE):
        raise UnusualEncodingError("Data Set starts with a command group or an item", meta.end)
    if not meta.transfer_syntax_uid:
        if looks_big_endian(first):
            raise UnusualEncodingError("no transfer syntax, looks like big endian", meta.end)
        return not looks_explicit
    if looks_explicit == (meta.transfer_syntax_uid == IMPLICIT):
        raise UnusualEncodingError("the Data Set is not encoded as the meta says", meta.end)
    return not looks_explicit


def looks_big_endian(first: bytes) -> bool:
    """Return whether a Data Set that starts so is big endian, which is always Explicit VR.

    Groups that begin a Data Set are low: read the wrong way round they are 0400 or more.
    """
    return looks_like_vr(first[4:6]) and int.from_bytes(first[:2], "little") >= 0x0400


def looks_like_big_acr_nema(first: bytes) -> bool:
    """Return whether a file starts with a length of group 0008 in big endian, without a VR."""
    return first[:8] in (b"\0\x08\0\0\0\0\0\4", b"\0\x08\0\1\0\0\0\4")


def walk(
    dataset: DataSetIndex, path: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], DataSetIndex, int]]:
    """Yield ``(path, level, tag)`` of every element at every depth, parents before children.

    The path alternates tag and 0-based number of the Item: ``(0x00081140, 0)``.
    """
    pending = [_Visit(path, dataset)]
    while pending:
        visit = pending[-1]
        child = next(visit.items, None)
        if child is not None:
            visit.number += 1
            pending.append(_Visit((*visit.path, visit.tag, visit.number), child))
            continue
        tag = next(visit.tags, None)
        if tag is None:
            pending.pop()
            continue
        yield visit.path, visit.dataset, tag
        if visit.dataset.elements[tag][0] == "SQ":
            visit.tag, visit.number = tag, -1
            visit.items = visit.dataset.each_item(tag)


class _Visit:
    """Where a walk stands in one Data Set: at an element, or among the Items of ``tag``."""

    __slots__ = ("dataset", "items", "number", "path", "tag", "tags")

    def __init__(self, path: tuple[int, ...], dataset: DataSetIndex) -> None:
        self.path = path
        self.dataset = dataset
        self.tags = iter(dataset.elements)
        self.items: Iterator[DataSetIndex] = iter(())
        self.tag = 0
        self.number = -1


# Without a preamble: group 0002 (meta) or 0008 (Data Set), element numbers that begin a file.
_PLAUSIBLE_STARTS = frozenset(
    group + element.to_bytes(2, "little")
    for group, elements in ((b"\x02\0", (0, 1, 2, 3, 16)), (b"\x08\0", (0, 1, 5, 6, 8, 16, 18, 22)))
    for element in elements
)


def _is_plausible(dataset: DataSetIndex) -> bool:
    """Return whether headerless bytes look like a Data Set: several tags, ascending."""
    tags = list(dataset.elements)
    return len(tags) > 1 and tags == sorted(tags)
