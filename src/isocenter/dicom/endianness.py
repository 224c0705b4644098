"""Whole native instances in Explicit VR Little or Big Endian; numbers are turned round, not text.

Big endian is retired, but old archives speak it. Words are turned round as PS3.5 A.3 has it:
OW by 16 bits whatever the samples are, other VRs by the size of their numbers; UN is opaque.
Samples of 32 bits in OW are read otherwise by some (``dicom/byte_order.py``), which is warned of.
Pixels are never held: they are turned round where they are read, chunk by chunk.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from struct import pack
from typing import NamedTuple, overload

from isocenter.dicom.byte_order import NUMBER_BYTES, swap_data_set, swapped_chunk
from isocenter.dicom.dictionary import LONG_VRS, is_private
from isocenter.dicom.header_index import (
    PIXEL_DATA,
    UNDEFINED,
    DataSetIndex,
    HeaderIndex,
)
from isocenter.dicom.json_model import Scope, element_vr
from isocenter.dicom.modify import joined
from isocenter.dicom.part10 import (
    Elements,
    element_header,
    encode_sequence,
    transfer_syntax_of,
)
from isocenter.dicom.streams import ByteRange, ByteSource, Piece
from isocenter.dicom.transcoded_header import meta_bytes
from isocenter.dicom.uids import BIG_ENDIAN, EXPLICIT, NATIVE
from isocenter.errors import InvalidInputError, NotSupportedError

_BITS_ALLOCATED = 0x00280100
_DIRECTORY_RECORDS = 0x00041220
# Longer values are not held but read, and turned round, when they are written; a whole number of
# numbers of any size.
_CHUNK_BYTES = 1 << 20
_LONG_BYTES = 1 << 16
_VR_BEFORE_VALUE = 8
_WORDS_WARNING = (
    "samples of more than 16 bits are in words of 16 bits, as PS3.5 A.3 says; "
    "some readers take them for whole numbers"
)


class _Large(NamedTuple):
    """An element of the root whose value stays in the source until it is written."""

    tag: int
    vr: str
    offset: int
    length: int


class _SwappedRange(NamedTuple):
    """At most ``_CHUNK_BYTES`` of the source, each number of so many bytes turned round."""

    offset: int
    length: int
    number_bytes: int


class ReorderedPieces(Sequence[Piece]):
    """Pieces of which some are read and turned round each time they are asked for."""

    def __init__(self, parts: Sequence[Piece | _SwappedRange], source: ByteSource) -> None:
        self._parts = parts
        self._source = source

    def __len__(self) -> int:
        """Return how many pieces there are."""
        return len(self._parts)

    @overload
    def __getitem__(self, index: int) -> Piece: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Piece]: ...

    def __getitem__(self, index: int | slice) -> Piece | Sequence[Piece]:
        """Return one piece, in the order of the target."""
        if isinstance(index, slice):
            return ReorderedPieces(self._parts[index], self._source)
        part = self._parts[index]
        if not isinstance(part, _SwappedRange):
            return part
        return swapped_chunk(self._source.read_at(part.offset, part.length), part.number_bytes)


class Reordered(NamedTuple):
    """The new file: its bytes, ranges counting in the source, and sentences for the user."""

    pieces: Sequence[Piece]
    warnings: tuple[str, ...]


def is_compressed(header: HeaderIndex) -> bool:
    """Return whether the pixels are encapsulated, which is always little endian (PS3.5 A.4)."""
    return transfer_syntax_of(header) not in NATIVE or bool(header.fragments)


def to_little_endian(header: HeaderIndex, source: ByteSource) -> Reordered:
    """Return a native instance, indexed as little endian, in Explicit VR Little Endian.

    Raises
    ------
    NotSupportedError
        If it is a DICOMDIR or compressed.
    UnusualEncodingError, TruncatedError, TooLargeError
        If a sequence cannot be opened, or a value is too long to be read.
    """
    check_native(header)
    pieces: list[Piece] = [meta_bytes(header, EXPLICIT)]
    for part in _explicit_parts(header, _reencoded_for_little(header)):
        if isinstance(part, _Large):
            pieces.append(element_header(part.tag, part.length, is_implicit=False, vr=part.vr))
            pieces.append(ByteRange(0, part.offset, part.length))
        else:
            pieces.append(part)
    return Reordered(list(joined(pieces, source)), ())


def to_big_endian(header: HeaderIndex, source: ByteSource) -> Reordered:
    """Return a native instance, indexed as little endian, in Explicit VR Big Endian.

    Raises
    ------
    NotSupportedError, UnusualEncodingError, TruncatedError, TooLargeError
        As ``to_little_endian``.
    """
    check_native(header)
    parts: list[Piece | _SwappedRange] = [meta_bytes(header, BIG_ENDIAN)]
    held: list[bytes] = []
    for part in _explicit_parts(header, _reencoded_for_big(header)):
        if not isinstance(part, _Large):
            held.append(
                part if isinstance(part, bytes) else source.read_at(part.offset, part.length)
            )
            continue
        parts.append(_swapped(b"".join(held)) + _big_header(part))
        held = []
        parts += _large_value(part)
    parts.append(_swapped(b"".join(held)))
    bits_allocated = int.from_bytes(header.dataset.value(_BITS_ALLOCATED)[:2], "little")
    has_long_samples = bits_allocated > 16 and PIXEL_DATA in header.dataset
    warnings = (_WORDS_WARNING,) if has_long_samples else ()
    return Reordered(ReorderedPieces(parts, source), warnings)


def check_native(header: HeaderIndex) -> None:
    """Refuse what cannot be encoded anew without decoding or losing something.

    Raises
    ------
    NotSupportedError
        If it is a DICOMDIR or compressed.
    """
    if _DIRECTORY_RECORDS in header.dataset:
        raise NotSupportedError("a DICOMDIR holds offsets into itself, which would no longer fit")
    entry = header.dataset.elements.get(PIXEL_DATA)
    if is_compressed(header) or (entry is not None and entry[3] == UNDEFINED):
        raise NotSupportedError("compressed pixels cannot be converted: decompress them first")


def _explicit_parts(
    header: HeaderIndex, reencoded: Mapping[int, bytes | _Large | None]
) -> Iterator[bytes | ByteRange | _Large]:
    """Yield the elements of the root in ascending order, untouched neighbours as one range."""
    elements = header.dataset.elements
    start = end = 0
    for tag in sorted(elements):
        if tag in reencoded:
            if end > start:
                yield ByteRange(0, start, end - start)
            start = end = 0
            part = reencoded[tag]
            if part is not None:
                yield part
            continue
        entry = elements[tag]
        if entry[1] != end:
            if end > start:
                yield ByteRange(0, start, end - start)
            start = entry[1]
        end = entry[4]
    if end > start:
        yield ByteRange(0, start, end - start)


def _reencoded_for_little(header: HeaderIndex) -> dict[int, bytes | _Large | None]:
    """Return what is not in Explicit VR yet."""
    dataset = header.dataset
    if not dataset.is_implicit:
        return {}
    scope = Scope().inside(dataset)
    return {tag: _reencoded(dataset, tag, scope) for tag in dataset.elements}


def _reencoded_for_big(header: HeaderIndex) -> dict[int, bytes | _Large | None]:
    """Return what is not in Explicit VR yet, is UN without need, or is long."""
    dataset = header.dataset
    scope = Scope().inside(dataset)
    reencoded: dict[int, bytes | _Large | None] = {}
    is_longer = dataset.is_implicit
    for tag, entry in dataset.elements.items():
        is_plain = not dataset.is_implicit and _is_plain(dataset, tag, scope)
        is_longer = is_longer or not is_plain
        is_long = tag == PIXEL_DATA or entry[4] - entry[2] > _LONG_BYTES
        if not is_plain or (is_long and entry[0] != "SQ"):
            reencoded[tag] = _reencoded(dataset, tag, scope)
    if is_longer:
        # Group Lengths (retired) would no longer be right.
        reencoded |= {tag: None for tag in dataset.elements if not tag & 0xFFFF}
    return reencoded


def _reencoded(dataset: DataSetIndex, tag: int, scope: Scope) -> bytes | _Large | None:
    vr, _, offset, length, end = dataset.elements[tag]
    if not tag & 0xFFFF and dataset.is_implicit:
        return None
    if tag != PIXEL_DATA and (end - offset <= _LONG_BYTES or vr == "SQ"):
        return _explicit(dataset, tag, scope)
    known = _vr(dataset, tag, scope)
    if tag == PIXEL_DATA and known in ("OB", "UN"):
        bits_allocated = int.from_bytes(dataset.value(_BITS_ALLOCATED)[:2], "little")
        known = "OW" if bits_allocated > 8 else "OB"
    if known not in LONG_VRS or known == "SQ":
        return _explicit(dataset, tag, scope)
    assert length != UNDEFINED, "compressed pixels are refused, sequences encoded anew"
    return _Large(tag, known, offset, length)


def _is_plain(dataset: DataSetIndex, tag: int, scope: Scope) -> bool:
    """Return whether an element of an explicit Data Set has its true VR, at every depth."""
    vr = dataset.vr(tag)
    if vr == "UN":
        return _vr(dataset, tag, scope) == "UN"
    if vr != "SQ":
        return dataset.elements[tag][3] != UNDEFINED
    if dataset.value_part(tag, -_VR_BEFORE_VALUE, 2) != b"SQ":
        return False  # UN of undefined length holds Items in implicit VR
    for item in dataset.each_item(tag):
        inner = scope.inside(item)
        if item.is_implicit or not all(_is_plain(item, one, inner) for one in item.elements):
            return False
    return True


def _explicit(dataset: DataSetIndex, tag: int, scope: Scope) -> bytes:
    """Return a whole element in Explicit VR, also where it was UN and its VR is known."""
    vr = _vr(dataset, tag, scope)
    if vr == "SQ":
        try:
            return encode_sequence(tag, _explicit_items(dataset, tag, scope), is_implicit=False)
        except InvalidInputError:
            # A dictionary may err about a private element; a true sequence must be one.
            if dataset.vr(tag) == "SQ":
                raise
            vr = "UN"
    if dataset.elements[tag][3] == UNDEFINED:
        raise NotSupportedError("an icon is compressed, which has one byte order only")
    value = dataset.value(tag)
    if len(value) % NUMBER_BYTES.get(vr, 1):
        vr = "UN"
    return element_header(tag, len(value), is_implicit=False, vr=vr) + value


def _vr(dataset: DataSetIndex, tag: int, scope: Scope) -> str:
    """Return the one VR of an element; what is private and UN stays opaque."""
    if is_private(tag) and not dataset.is_implicit and dataset.vr(tag) == "UN":
        return "UN"
    return element_vr(dataset, tag, scope)


def _explicit_items(dataset: DataSetIndex, tag: int, scope: Scope) -> list[Elements]:
    items = []
    for item in dataset.each_item(tag):
        inner = scope.inside(item)
        items.append({one: _explicit(item, one, inner) for one in item.elements if one & 0xFFFF})
    return items


def _swapped(elements: bytes) -> bytes:
    target = io.BytesIO()
    swap_data_set(io.BytesIO(elements), target, to_big_endian=True, word_by_word=True)
    return target.getvalue()


def _big_header(large: _Large) -> bytes:
    return pack(">HH2sHI", large.tag >> 16, large.tag & 0xFFFF, large.vr.encode(), 0, large.length)


def _large_value(large: _Large) -> Iterator[Piece | _SwappedRange]:
    number_bytes = NUMBER_BYTES.get(large.vr, 1)
    if number_bytes == 1:
        yield ByteRange(0, large.offset, large.length)
        return
    for start in range(0, large.length, _CHUNK_BYTES):
        length = min(_CHUNK_BYTES, large.length - start)
        yield _SwappedRange(large.offset + start, length, number_bytes)
