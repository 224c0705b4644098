"""Odd Part 10 streams as plain ones: what the header index refuses, in a form that it reads.

Deflated Data Sets are inflated, big endian ones turned round, cut ones mended, all without
holding Pixel Data. What breaks other rules is read by pydicom, which stays the truth, and
written with its values as they were. Call it in a limited process (``jobs/sandbox.py``).
"""

import contextlib
import io
import zlib
from typing import BinaryIO

from isocenter.dicom.byte_order import swap_acr_nema, swap_data_set
from isocenter.dicom.dictionary import keyword_of
from isocenter.dicom.header_index import (
    TRANSFER_SYNTAX_UID,
    FileMeta,
    index_header,
    index_meta,
    is_implicit_after,
    looks_big_endian,
    looks_like_big_acr_nema,
    walk,
)
from isocenter.dicom.header_walker import looks_like_vr
from isocenter.dicom.mend import mend
from isocenter.dicom.part10 import encode_data_set, encode_element, encode_uid, encode_ul
from isocenter.dicom.salvage import salvage
from isocenter.dicom.streams import StreamSource
from isocenter.dicom.uids import (
    BIG_ENDIAN,
    EXPLICIT,
    IMPLEMENTATION_CLASS,
    IMPLICIT,
    INFLATED,
    NATIVE,
)
from isocenter.errors import (
    InvalidInputError,
    TooLargeError,
    TruncatedError,
    UnusualEncodingError,
)
from isocenter.limits import DEFAULT, Limits

_CHUNK_BYTES = 1 << 20
_PREFIX_OFFSET = 128
_IMPLEMENTATION_CLASS_UID = 0x00020012
_RAW_DEFLATE = -zlib.MAX_WBITS


def rewrite(source: BinaryIO, target: BinaryIO, limits: Limits = DEFAULT) -> dict[str, object]:
    """Write the stream as plain little endian Part 10 that ``index_header`` reads to its depth.

    Parameters
    ----------
    source, target
        Both seekable; the target empty and readable.

    Returns
    -------
    dict
        ``transfer_syntax_uid`` as it was, by its look where the meta is silent; ``warnings``,
        sentences about what was odd beyond a legal encoding.

    Raises
    ------
    NotDicomError, InvalidInputError
        If it is no DICOM stream, or nothing can read it.
    TooLargeError
        If a bound of ``limits`` is passed.
    """
    stored = StreamSource(source)
    warnings: list[str] = []
    if looks_like_big_acr_nema(stored.read_at(0, 8)):
        swap_acr_nema(source, target, limits)
        problem = _problem(target, limits)
        if problem is not None:
            raise problem
        return {"transfer_syntax_uid": "", "warnings": ["it is ACR-NEMA in big endian"]}
    try:
        meta = index_meta(stored, limits)
    except UnusualEncodingError as error:
        uid = _salvage(source, target, str(error), warnings, limits)
        return {"transfer_syntax_uid": uid, "warnings": warnings}
    first = stored.read_at(meta.end, 6)
    uid = meta.transfer_syntax_uid or _by_look(first)
    if uid in INFLATED:
        target.write(_head(stored, meta, INFLATED[uid]))
        _inflate(source, meta.end, target, warnings, limits)
    elif uid == BIG_ENDIAN and (_can_be_big_endian(first) or not first):
        target.write(_head(stored, meta, EXPLICIT))
        source.seek(meta.end)
        # Our own big endian files are as PS3.5 A.3 has them (dicom/endianness.py).
        writer = meta.elements.value(_IMPLEMENTATION_CLASS_UID).rstrip(b"\0 ")
        is_ours = writer == IMPLEMENTATION_CLASS.encode()
        warnings += swap_data_set(source, target, limits, word_by_word=is_ours)
    else:
        _copy_little_endian(source, target, meta, warnings)
    _settle(source, target, meta, warnings, limits)
    return {"transfer_syntax_uid": uid, "warnings": warnings}


def _can_be_big_endian(first: bytes) -> bool:
    """Return whether a Data Set that is said to be big endian starts as one.

    Its first group is low, or its first tag is one of the standard in this order of bytes.
    """
    has_low_group = first[:1] <= first[1:2]
    is_known = keyword_of(int.from_bytes(first[:4], "big")) != ""
    return looks_like_vr(first[4:6]) and (has_low_group or is_known)


def _by_look(first: bytes) -> str:
    """Return the Transfer Syntax of a Data Set that starts so."""
    if looks_big_endian(first):
        return BIG_ENDIAN
    return EXPLICIT if looks_like_vr(first[4:6]) else IMPLICIT


def _copy_little_endian(
    source: BinaryIO, target: BinaryIO, meta: FileMeta, warnings: list[str]
) -> None:
    """Copy the stream; a native Transfer Syntax that the Data Set contradicts is set right."""
    stored = StreamSource(source)
    first = stored.read_at(meta.end, 6)
    said, seen = meta.transfer_syntax_uid, _by_look(first)
    if said in NATIVE and len(first) == 6 and seen not in (said, BIG_ENDIAN):
        warnings.append("the data set is not in the transfer syntax that the file meta names")
        target.write(_head(stored, meta, seen))
        source.seek(meta.end)
    else:
        source.seek(0)
    while chunk := source.read(_CHUNK_BYTES):
        target.write(chunk)


def _settle(
    source: BinaryIO, target: BinaryIO, meta: FileMeta, warnings: list[str], limits: Limits
) -> None:
    """Mend or salvage the target until the index reads it to its depth."""
    problem = _problem(target, limits)
    if isinstance(problem, TruncatedError):
        warnings.append(str(problem))
        _mend(target, limits)
        problem = _problem(target, limits)
    if isinstance(problem, UnusualEncodingError) and _is_empty_from(target, problem.offset):
        warnings.append("zeros that follow the last element were left out")
        target.truncate(problem.offset)
        problem = _problem(target, limits)
    if problem is None:
        return
    if meta.transfer_syntax_uid in (*INFLATED, BIG_ENDIAN):
        target.seek(0)
        source = io.BytesIO(target.read())  # pydicom knows less of these than was done here
    target.seek(0)
    target.truncate()
    _salvage(source, target, str(problem), warnings, limits)


def _salvage(
    source: BinaryIO,
    target: BinaryIO,
    reason: str,
    warnings: list[str],
    limits: Limits,
) -> str:
    """Let pydicom read the source; return the Transfer Syntax UID that it saw."""
    warnings.append(reason)
    uid = salvage(source, target, limits)
    if _problem(target, limits) is not None:
        raise InvalidInputError(f"it cannot be read: {reason}")
    return uid


def _problem(target: BinaryIO, limits: Limits) -> InvalidInputError | None:
    """Return what keeps the index from reading the stream to its depth."""
    target.flush()
    try:
        header = index_header(StreamSource(target), limits)
        for _ in walk(header.dataset):
            pass
    except (UnusualEncodingError, TruncatedError) as error:
        return error
    return None


def _is_empty_from(target: BinaryIO, offset: int) -> bool:
    """Return whether only zeros follow: some archives fill files up to whole blocks."""
    target.seek(offset)
    while chunk := target.read(_CHUNK_BYTES):
        if chunk.count(0) != len(chunk):
            return False
    return True


def _mend(target: BinaryIO, limits: Limits) -> None:
    stored = StreamSource(target)
    meta = index_meta(stored, limits)
    if stored.size - meta.end < 8:
        target.truncate(meta.end)  # less than the header of an element
        return
    try:
        mend(target, meta.end, is_implicit=is_implicit_after(stored, meta), limits=limits)
    except UnusualEncodingError:
        return  # also broken otherwise: the caller finds the problem again and salvages


def _head(stored: StreamSource, meta: FileMeta, transfer_syntax_uid: str) -> bytes:
    """Return preamble, prefix and file meta as they were, but for the Transfer Syntax."""
    preamble = stored.read_at(0, _PREFIX_OFFSET) if meta.has_preamble else bytes(_PREFIX_OFFSET)
    elements = {tag: meta.elements.raw(tag) for tag in meta.elements.elements}
    elements.pop(0x00020000, None)
    elements.setdefault(0x00020001, encode_element(0x00020001, b"\0\1", is_implicit=False))
    elements[TRANSFER_SYNTAX_UID] = encode_uid(
        TRANSFER_SYNTAX_UID, transfer_syntax_uid, is_implicit=False
    )
    content = encode_data_set(elements)
    return preamble + b"DICM" + encode_ul(0x00020000, len(content), is_implicit=False) + content


def _inflate(
    source: BinaryIO, start: int, target: BinaryIO, warnings: list[str], limits: Limits
) -> None:
    """Write what the deflated stream from ``start`` holds, in bounded steps (PS3.5 A.5)."""
    inflater = zlib.decompressobj(_RAW_DEFLATE)
    source.seek(start)
    read_bytes = written_bytes = 0
    is_damaged = False
    while not (inflater.eof or is_damaged):
        data = inflater.unconsumed_tail
        if not data:
            data = source.read(_CHUNK_BYTES)
            read_bytes += len(data)
        before = inflater.copy()
        try:
            inflated = inflater.decompress(data, _CHUNK_BYTES) if data else inflater.flush()
        except zlib.error:
            inflated = _up_to_the_damage(before, data)
            is_damaged = True
        target.write(inflated)
        written_bytes += len(inflated)
        _check_inflated(read_bytes, written_bytes, limits)
        if not data:
            break
    if written_bytes == 0 and not inflater.eof:
        raise InvalidInputError("the deflated data set cannot be inflated")
    if not inflater.eof:
        how = "damaged" if is_damaged else "cut off"
        warnings.append(f"the deflated data set is {how}; what comes before is there")


def _up_to_the_damage(inflater: "zlib._Decompress", data: bytes) -> bytes:
    """Return what can be inflated of a chunk; zlib forgets it where a whole chunk fails."""
    inflated = bytearray()
    with contextlib.suppress(zlib.error):
        for place in range(len(data)):
            inflated += inflater.decompress(data[place : place + 1])
            if len(inflated) > _CHUNK_BYTES:
                break
    return bytes(inflated)


def _check_inflated(read_bytes: int, written_bytes: int, limits: Limits) -> None:
    allowed = limits.inflated_bytes
    if written_bytes > allowed:
        raise TooLargeError("inflated_bytes", allowed, written_bytes, "bytes")
    ratio = written_bytes // max(read_bytes, 1)
    if written_bytes > _CHUNK_BYTES and ratio > limits.inflate_ratio:
        raise TooLargeError("inflate_ratio", limits.inflate_ratio, ratio, "times")
