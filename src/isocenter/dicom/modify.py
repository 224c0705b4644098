"""A whole instance with edits: a new header, the rest byte for byte where it was.

Pixel Data is never read, whatever its Transfer Syntax; a new SOP Instance or SOP Class UID is
taken over into the file meta, which is written anew (PS3.10 7.1).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from isocenter.dicom.edited import apply_edits
from isocenter.dicom.edits import Edit, name_of
from isocenter.dicom.header_index import HeaderIndex
from isocenter.dicom.part10 import element_text, transfer_syntax_of
from isocenter.dicom.streams import ByteRange, ByteSource, Piece
from isocenter.dicom.transcoded_header import meta_bytes
from isocenter.errors import InvalidInputError, NotSupportedError

_SOP_CLASS_UID, _SOP_INSTANCE_UID = 0x00080016, 0x00080018
_DIRECTORY_RECORDS = 0x00041220
_DIGITAL_SIGNATURES = 0xFFFAFFFA
# What says how the samples of Pixel Data are stored (PS3.3 C.7.6.3).
_PIXEL_DESCRIPTION = (
    *(0x00280002, 0x00280004, 0x00280006, 0x00280008, 0x00280010, 0x00280011),
    *(0x00280100, 0x00280101, 0x00280102, 0x00280103),
)
# Shorter runs of untouched elements are held as bytes: each range costs a call of the system.
_HELD_BYTES = 1 << 16


class Modified(NamedTuple):
    """The new file.

    Attributes
    ----------
    pieces
        Its bytes; ranges count in the source.
    is_same
        Whether every element was so before.
    warnings
        Whole sentences for the user.
    """

    pieces: list[Piece]
    is_same: bool
    warnings: tuple[str, ...]


def modify(header: HeaderIndex, source: ByteSource, edits: Sequence[Edit]) -> Modified:
    """Return the instance after the edits, in the Transfer Syntax of the source.

    Raises
    ------
    InvalidInputError
        If an edit cannot be made in this instance.
    NotSupportedError
        If it is a DICOMDIR.
    UnusualEncodingError, TruncatedError, TooLargeError
        If a sequence on the way cannot be opened, or a value is too long to be read.
    """
    if _DIRECTORY_RECORDS in header.dataset:
        raise NotSupportedError("a DICOMDIR holds offsets into itself, which would no longer fit")
    changed = apply_edits(header.dataset, edits)
    changes = changed.elements
    class_uid = _new_uid(header, changes, _SOP_CLASS_UID)
    instance_uid = _new_uid(header, changes, _SOP_INSTANCE_UID)
    head: list[Piece] = []
    if header.has_preamble or header.meta.elements or _SOP_CLASS_UID in header.dataset:
        head.append(meta_bytes(header, transfer_syntax_of(header), instance_uid, class_uid))
    pieces = list(joined(chain(head, _data_set(header, changes)), source))
    is_same = all(_is_same(header, tag, raw) for tag, raw in changes.items())
    return Modified(pieces, is_same, (*changed.warnings, *_warnings(header, changes)))


def joined(pieces: Iterable[Piece], source: ByteSource) -> Iterator[Piece]:
    """Yield the same bytes in as few pieces as can be; short ranges are read."""
    held: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, ByteRange) and piece.length > _HELD_BYTES:
            if held:
                yield b"".join(held)
                held = []
            yield piece
        elif isinstance(piece, ByteRange):
            held.append(source.read_at(piece.offset, piece.length))
        else:
            held.append(piece)
    if held:
        yield b"".join(held)


def _new_uid(header: HeaderIndex, changes: Mapping[int, bytes | None], tag: int) -> str:
    """Return the new UID of the instance or of its class, ``""`` where it stays."""
    if tag not in changes:
        return ""
    uid = element_text(changes[tag], is_implicit=header.dataset.is_implicit)
    if not uid:
        raise InvalidInputError(f"{name_of(tag)} cannot be removed: every instance has one")
    return uid


def _is_same(header: HeaderIndex, tag: int, raw: bytes | None) -> bool:
    dataset = header.dataset
    return raw == (dataset.raw(tag) if tag in dataset else None)


def _data_set(header: HeaderIndex, changes: Mapping[int, bytes | None]) -> Iterator[Piece]:
    """Yield the elements in ascending order of tag; untouched neighbours are one range."""
    elements = header.dataset.elements
    start = end = 0
    for tag in sorted(elements.keys() | changes.keys()):
        if tag not in changes:
            entry = elements[tag]
            if entry[1] != end:
                if end > start:
                    yield ByteRange(0, start, end - start)
                start = entry[1]
            end = entry[4]
            continue
        if end > start:
            yield ByteRange(0, start, end - start)
        start = end = 0
        raw = changes[tag]
        if raw is not None:
            yield raw
    if end > start:
        yield ByteRange(0, start, end - start)


def _warnings(header: HeaderIndex, changes: Mapping[int, bytes | None]) -> Iterator[str]:
    for tag in _PIXEL_DESCRIPTION:
        if tag in changes:
            yield f"{name_of(tag)} was changed, which says how the pixels are stored; they stay"
    if _DIGITAL_SIGNATURES in header.dataset and changes:
        yield "the digital signatures of the file no longer fit its content"
