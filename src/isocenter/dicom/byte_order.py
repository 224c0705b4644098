"""Data Sets in the other byte order, element by element, without holding Pixel Data.

Explicit VR big and little endian give every header the same length, so the two streams have the
same layout: each number is turned round where it stands, and nothing has to be counted anew.
"""

from dataclasses import dataclass
from struct import pack, unpack
from typing import BinaryIO, NamedTuple

import numpy as np

from isocenter.dicom.dictionary import LONG_VRS, SHORT_VRS, vr_of
from isocenter.dicom.header_walker import ITEM, ITEM_DELIMITER, PIXEL_DATA, UNDEFINED
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT, Limits

# Bytes of one number of the VR (PS3.5 6.2, 7.3); all other VRs are bytes or text.
NUMBER_BYTES = {
    **dict.fromkeys(("AT", "OW", "SS", "US"), 2),
    **dict.fromkeys(("FL", "OF", "OL", "SL", "UL"), 4),
    **dict.fromkeys(("FD", "OD", "OV", "SV", "UV"), 8),
}

_BITS_ALLOCATED = 0x00280100
_CHUNK_BYTES = 1 << 20
_AMBIGUOUS = "big endian samples of more than 16 bits were read as whole numbers, not as words"
_VRS = SHORT_VRS | LONG_VRS


class _Order(NamedTuple):
    """How numbers are read and how they are written: ``<`` and ``>``, as in ``struct``."""

    read: str
    write: str
    word_by_word: bool


@dataclass(slots=True)
class _OpenDataSet:
    """The root or an Item that is being read: where it ends if that is known, and its pixels."""

    end: int | None
    bits_allocated: int = 0


def swap_data_set(
    source: BinaryIO,
    target: BinaryIO,
    limits: Limits = DEFAULT,
    *,
    to_big_endian: bool = False,
    word_by_word: bool = False,
) -> list[str]:
    """Write the Data Set that starts at the source's position in the other byte order.

    The source is big endian, or little endian with Explicit VR. One that ends inside an element
    gives a target that ends there, too. UN is opaque and stays as it is (PS3.5 6.2.2 note 2).
    Pixel Data is turned round by Bits Allocated, and by words of 16 bits where OW holds samples
    of 8 bits or fewer.

    Parameters
    ----------
    to_big_endian
        The target is big endian, otherwise little endian.
    word_by_word
        Samples of more than 16 bits are turned round by words of 16 bits, too.

    Returns
    -------
    list of str
        What may have been meant otherwise. PS3.5 A.3 orders OW by words of 16 bits, and DCMTK
        writes samples of 32 bits so; others write them as whole numbers, and pydicom reads
        them so. Nothing in the header tells the two apart.

    Raises
    ------
    InvalidInputError
        If a VR is unknown or has an undefined length that big endian cannot have.
    TooLargeError
        If there are more elements or levels than ``limits`` allow.
    """
    order = _Order("<", ">", word_by_word) if to_big_endian else _Order(">", "<", word_by_word)
    open_data_sets = [_OpenDataSet(None)]
    warnings: list[str] = []
    for _ in range(limits.header_elements):
        position = source.tell()
        while (end := open_data_sets[-1].end) is not None and position >= end:
            open_data_sets.pop()
        head = source.read(8)
        if len(head) < 8:
            target.write(head)
            return warnings
        group, element = unpack(f"{order.read}HH", head[:4])
        if group == 0xFFFE:
            (length,) = unpack(f"{order.read}I", head[4:])
            target.write(pack(f"{order.write}HHI", group, element, length))
            _open_or_close(open_data_sets, group << 16 | element, position + 8, length)
            if len(open_data_sets) > limits.header_depth + 1:
                allowed = limits.header_depth
                raise TooLargeError("header_depth", allowed, allowed + 1, "levels")
        else:
            _swap_element(source, target, head, open_data_sets[-1], order, warnings)
    allowed = limits.header_elements
    raise TooLargeError("header_elements", allowed, allowed + 1, "elements")


def swap_acr_nema(source: BinaryIO, target: BinaryIO, limits: Limits = DEFAULT) -> None:
    """Write an ACR-NEMA Data Set in big endian, which has no VRs and no sequences, as little.

    Samples are words of 16 bits there; elements that PS3.6 does not know stay as they are.

    Raises
    ------
    InvalidInputError
        If a length is undefined.
    TooLargeError
        If there are more elements than ``limits`` allow.
    """
    source.seek(0)
    for _ in range(limits.header_elements):
        head = source.read(8)
        if len(head) < 8:
            target.write(head)
            return
        group, element, length = unpack(">HHI", head)
        if length == UNDEFINED:
            raise InvalidInputError("ACR-NEMA with an undefined length")
        target.write(pack("<HHI", group, element, length))
        # "US or SS" and "OB or OW" are two bytes, whichever it is.
        vr = vr_of(group << 16 | element).rpartition(" or ")[2]
        _copy_swapped(source, target, length, NUMBER_BYTES.get(vr, 1))
    allowed = limits.header_elements
    raise TooLargeError("header_elements", allowed, allowed + 1, "elements")


def swapped_chunk(chunk: bytes, number_bytes: int) -> bytes:
    """Return bytes with each number turned round; what is left over at the end stays as it is."""
    if number_bytes == 1:
        return chunk
    whole = len(chunk) - len(chunk) % number_bytes
    numbers = np.frombuffer(chunk, f"u{number_bytes}", whole // number_bytes)
    return numbers.byteswap().tobytes() + chunk[whole:]


def _open_or_close(levels: list[_OpenDataSet], tag: int, value: int, length: int) -> None:
    if tag == ITEM:
        levels.append(_OpenDataSet(None if length == UNDEFINED else value + length))
    elif tag == ITEM_DELIMITER:
        if len(levels) == 1:
            raise InvalidInputError("the end of an item stands outside of any item")
        levels.pop()


def _swap_element(
    source: BinaryIO,
    target: BinaryIO,
    head: bytes,
    data_set: _OpenDataSet,
    order: _Order,
    warnings: list[str],
) -> None:
    group, element = unpack(f"{order.read}HH", head[:4])
    tag = group << 16 | element
    vr = head[4:6].decode("latin-1")
    if vr not in _VRS:
        raise InvalidInputError("big endian with a VR that PS3.5 6.2 does not know")
    if vr in SHORT_VRS:
        (length,) = unpack(f"{order.read}H", head[6:])
        target.write(pack(f"{order.write}HH2sH", group, element, head[4:6], length))
    else:
        rest = source.read(4)
        if len(rest) < 4:
            target.write(pack(f"{order.write}HH", group, element) + head[4:] + rest)
            return
        (length,) = unpack(f"{order.read}I", rest)
        target.write(pack(f"{order.write}HH2sHI", group, element, head[4:6], 0, length))
    if vr == "SQ":
        return  # its Items follow and are read like elements
    if length == UNDEFINED:
        raise InvalidInputError("big endian with an undefined length that is no sequence")
    if tag == PIXEL_DATA:
        if vr == "OW" and data_set.bits_allocated in (32, 64) and not order.word_by_word:
            warnings.append(_AMBIGUOUS)
        number_bytes = _sample_bytes(vr, data_set.bits_allocated)
        _copy_swapped(
            source, target, length, min(2, number_bytes) if order.word_by_word else number_bytes
        )
    elif tag == _BITS_ALLOCATED and length == 2:
        value = source.read(2)
        data_set.bits_allocated = int.from_bytes(value, "big" if order.read == ">" else "little")
        target.write(value[::-1])
    else:
        _copy_swapped(source, target, length, NUMBER_BYTES.get(vr, 1))


def _sample_bytes(vr: str, bits_allocated: int) -> int:
    if bits_allocated in (16, 32, 64):
        return bits_allocated // 8
    return 2 if vr == "OW" else 1


def _copy_swapped(source: BinaryIO, target: BinaryIO, length: int, number_bytes: int) -> None:
    """Copy so many bytes, each number turned round; what is left over stays as it is."""
    while length > 0:
        chunk = source.read(min(length, _CHUNK_BYTES))
        if not chunk:
            return
        length -= len(chunk)
        target.write(swapped_chunk(chunk, number_bytes))
