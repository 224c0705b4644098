"""Search of a folder for markers, in every disguise: independent of the code that it judges.

Each file is read as it is, without its NULs, as UTF-16, inflated wherever a deflated stream may
begin, with the base64 in it decoded, and with the bits above those that pixels use put together.
Names of files and folders, and texts such as what a program printed, are searched too.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.privacy import markers as shapes
from tests.privacy.markers import Marker

_SHAPES = {
    "text": re.compile(shapes.TEXT_PATTERN),
    "word": re.compile(rb"(?=(" + shapes.WORD_PATTERN + rb"))"),
    "uid": re.compile(shapes.UID_PATTERN),
    "date": re.compile(shapes.DATE_PATTERN),
    "time": re.compile(shapes.TIME_PATTERN),
    "integer": re.compile(shapes.INTEGER_PATTERN),
    "decimal": re.compile(shapes.DECIMAL_PATTERN),
}
_BASE64 = re.compile(rb"[A-Za-z0-9+/\r\n]{12,}={0,2}")
_INFLATED_MAX = 1 << 26


class Scanner:
    """What is searched for; `in_bytes`, `in_file` and `in_folder` return what they find."""

    def __init__(self, markers: Iterable[Marker]) -> None:
        self._plain: dict[bytes, Marker] = {}
        self._foreign: list[tuple[bytes, Marker]] = []
        for marker in markers:
            if marker.form in _SHAPES:
                self._plain[marker.value] = marker
            elif marker.form == "bytes":
                self._foreign.append((marker.value, marker))
            else:
                self._foreign += [(form, marker) for form in _spellings(marker)]

    def in_bytes(self, data: bytes) -> set[Marker]:
        """Return the markers in the bytes, in whatever disguise."""
        found: set[Marker] = set()
        for reading in readings(data):
            found |= self._in_reading(reading)
        for form, marker in self._foreign:
            if form in data:
                found.add(marker)
        return found

    def in_text(self, text: str) -> set[Marker]:
        """Return the markers in a text, for example in what a program printed."""
        return self.in_bytes(text.encode(errors="surrogateescape"))

    def in_file(self, path: Path) -> set[Marker]:
        """Return the markers in a file, not those in its name."""
        return self.in_bytes(path.read_bytes())

    def in_folder(self, folder: Path) -> dict[Path, set[Marker]]:
        """Return the markers in every file and in every name below a folder."""
        found = {}
        for path in sorted(folder.rglob("*")):
            here = self.in_text(path.name)
            if path.is_file():
                here |= self.in_file(path)
            if here:
                found[path] = here
        return found

    def _in_reading(self, reading: bytes) -> set[Marker]:
        small = reading.lower()
        return {
            self._plain[match]
            for pattern in _SHAPES.values()
            for match in pattern.findall(small)
            if match in self._plain
        }


def _spellings(marker: Marker) -> set[bytes]:
    text = marker.value.decode()
    codecs = ("utf-8", "utf-16-le", "utf-16-be", marker.form)
    spellings = {text.encode(codec) for codec in codecs}
    # Between its escape sequences, which may stand elsewhere, it is the same.
    return spellings | {spelling.removeprefix(b"\x1b$B") for spelling in spellings}


def readings(data: bytes) -> Iterator[bytes]:
    """Yield the bytes in each way that they can be read."""
    plain = [data, *_inflated(data)]
    for one in plain:
        yield one
        for disguise in _DISGUISES:
            yield disguise(one)


def _without_nuls(data: bytes) -> bytes:
    return data.replace(b"\0", b"")


def _decoded_base64(data: bytes) -> bytes:
    parts = []
    for run in _BASE64.findall(data):
        letters = b"".join(run.split()).rstrip(b"=")
        for start in range(4):  # other letters may stand before it
            cut = letters[start:]
            cut = cut[: len(cut) - (len(cut) % 4 == 1)]
            try:
                parts.append(base64.b64decode(cut + b"=" * (-len(cut) % 4)))
            except binascii.Error:
                continue
    decoded = b"\n".join(parts)
    return decoded + b"\n" + _without_nuls(decoded)


def _high_nibbles(data: bytes) -> bytes:
    """Return the upper four bits of every second byte, two together a byte, in either phase."""
    parts = []
    for start in (0, 1):
        high = [byte >> 4 for byte in data[start::2]]
        for phase in (0, 1):
            pairs = zip(high[phase::2], high[phase + 1 :: 2], strict=False)
            parts.append(bytes(first << 4 | second for first, second in pairs))
    return b"\n".join(parts)


_DISGUISES: tuple[Callable[[bytes], bytes], ...] = (_without_nuls, _decoded_base64, _high_nibbles)


def _inflated(data: bytes) -> Iterator[bytes]:
    """Yield what zlib and gzip streams hold, wherever they begin, and deflated Data Sets."""
    for start in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b\x08"):
        at = data.find(start)
        while at >= 0:
            yield from _inflate(data[at:], 32 + zlib.MAX_WBITS)
            at = data.find(start, at + 1)
    if data[128:132] == b"DICM" and b"1.2.840.10008.1.2.1.99" in data[:1024]:
        length = int.from_bytes(data[140:144], "little")
        yield from _inflate(data[144 + length :], -zlib.MAX_WBITS)


def _inflate(data: bytes, window_bits: int) -> Iterator[bytes]:
    try:
        yield zlib.decompressobj(window_bits).decompress(data, _INFLATED_MAX)
    except zlib.error:
        return
