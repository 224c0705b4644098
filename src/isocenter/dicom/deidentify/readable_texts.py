"""The texts of an Instance in every way that they can be read.

As their character set says, as Unicode, without NULs, freed of base64 and of deflation, also in
elements whose VR says nothing of text.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from isocenter.dicom.deidentify.identifying_tokens import FORM_BYTES_MIN, folded, is_text
from isocenter.dicom.dictionary import TEXT_VRS
from isocenter.dicom.header_index import PIXEL_DATA, DataSetIndex, HeaderIndex
from isocenter.dicom.text import DEFAULT, Encodings, decode, encodings_of
from isocenter.limits import Limits

Path = tuple[int, ...]

RAW_DEFLATE = -zlib.MAX_WBITS
ANY_WINDOW = 32 + zlib.MAX_WBITS  # zlib or gzip, whichever the first bytes say

# Texts of any words, and texts of a narrower repertoire, where short numbers mean nothing.
_FREE = frozenset({"AE", "UR", *TEXT_VRS})
_CODED = frozenset({"AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI"})
_BINARY = frozenset({"OB", "UN"})
_BINARY_BYTES_MAX = 1 << 24
_BINARY_PLAIN_BYTES = 2  # such as the version of the file meta
_NOT_PLAIN = re.compile(rb"[\x00\x1b]")
_ZLIB_STARTS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b\x08")
_INFLATED_BYTES_MAX = 1 << 26
_STARTS_MAX = 64
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4}[\r\n]{0,2}){4,}[A-Za-z0-9+/]{0,3}={0,2}")


class Text(NamedTuple):
    """A text of the result: where it stands, its folded form, whether any words may be there."""

    where: Path
    text: str
    is_free: bool = False


def plain_texts(header: HeaderIndex) -> list[Text] | None:
    """Return all free and all coded texts, None where one of them can be read in several ways.

    Nearly every file is plain ASCII, and one search of all its texts is several times as fast.
    """
    free: list[bytes] = []
    coded: list[bytes] = []
    pending = [header.meta, header.dataset]
    while pending:
        level = pending.pop()
        for tag, (vr, _, _, length, _) in level.elements.items():
            if vr in _CODED:
                coded.append(level.value(tag))
            elif vr in _FREE:
                free.append(level.value(tag).rstrip(b"\0"))
            elif vr == "SQ":
                pending += level.each_item(tag)
            elif vr in _BINARY and tag != PIXEL_DATA and length > _BINARY_PLAIN_BYTES:
                return None
    everything = b" \n ".join(free)
    if not everything.isascii() or _NOT_PLAIN.search(everything):
        return None
    hidden = [folded(_from_base64(run)) for run in _BASE64.findall(everything)]
    return [
        Text((), " \n ".join([everything.decode("ascii").lower(), *hidden]), is_free=True),
        Text((), b" \n ".join(coded).decode("latin-1").lower()),
    ]


def texts(header: HeaderIndex, limits: Limits) -> Iterator[Text]:
    """Yield every text of the result, folded, in each way that it can be read."""
    pending: list[tuple[Path, DataSetIndex, Encodings]] = [
        ((), header.meta, DEFAULT),
        ((), header.dataset, DEFAULT),
    ]
    while pending:
        path, level, inherited = pending.pop()
        encodings = encodings_of(level, inherited)
        for tag, (vr, _, _, length, _) in level.elements.items():
            if vr == "SQ":
                for number, item in enumerate(level.each_item(tag)):
                    pending.append(((*path, tag, number), item, encodings))
            elif vr in _CODED:
                yield Text((*path, tag), level.value(tag).decode("latin-1").lower())
            elif vr in _FREE:
                yield from _readings((*path, tag), level.value(tag), encodings)
            elif vr in _BINARY and tag != PIXEL_DATA and length <= _BINARY_BYTES_MAX:
                yield from _in_binary((*path, tag), level.value(tag), encodings, limits)


def _readings(where: Path, raw: bytes, encodings: Encodings) -> Iterator[Text]:
    """Yield a text as its character set says, without NULs, as UTF-8, and what base64 hides."""
    if raw.isascii() and b"\x1b" not in raw:
        yield Text(where, raw.decode("ascii").lower(), is_free=True)
    else:
        yield Text(where, folded(decode(raw, encodings)), is_free=True)
        yield Text(where, folded(raw.decode("utf-8", "replace")), is_free=True)
        yield Text(where, folded(raw.decode("latin-1")), is_free=True)
    if b"\0" in raw[:-1]:
        yield Text(where, folded(raw.replace(b"\0", b"").decode("latin-1")), is_free=True)
        for codec in ("utf-16-le", "utf-16-be"):
            yield Text(where, folded(raw.decode(codec, "replace")), is_free=True)
    if len(raw) >= 2 * FORM_BYTES_MIN:
        for run in _BASE64.findall(raw):
            yield Text(where, folded(_from_base64(run)), is_free=True)


def _from_base64(run: bytes) -> str:
    letters = b"".join(run.split()).rstrip(b"=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        raw = base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return ""
    return raw.replace(b"\0", b"").decode("utf-8", "replace")


def _in_binary(where: Path, raw: bytes, encodings: Encodings, limits: Limits) -> Iterator[Text]:
    if is_text(raw):
        yield from _readings(where, raw, encodings)
    for start in _ZLIB_STARTS:
        at = raw.find(start)
        for _ in range(_STARTS_MAX):
            if at < 0:
                break
            bound = min(limits.inflated_bytes, _INFLATED_BYTES_MAX)
            found = inflate(raw[at:], ANY_WINDOW, bound)
            if found:
                yield Text(where, folded(found.decode("utf-8", "replace")), is_free=True)
            at = raw.find(start, at + 1)


def inflate(data: bytes, window_bits: int, bytes_max: int) -> bytes | None:
    """Return what the data inflate to, at most so much of it; None where they do not."""
    try:
        return zlib.decompressobj(window_bits).decompress(data, bytes_max)
    except zlib.error:
        return None
