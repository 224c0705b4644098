"""The bytes of a zip archive around files that are sent as they are: headers and directory.

Nothing is compressed (DICOM hardly shrinks, and speed is what counts), sizes and check sums stand
in front of each file, so that every program can unpack the archive while it arrives. ZIP64 is
used where a number needs it. The same files give the same archive.

References
----------
APPNOTE.TXT of PKWARE, version 6.3.10, sections 4.3 and 4.5.3.
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple

_MAX_16 = 0xFFFF
_MAX_32 = 0xFFFFFFFF
_PLAIN, _ZIP64 = 20, 45  # versions needed to unpack
_UTF8_NAMES = 1 << 11
_DATE = (1 << 5) | 1  # 1 January 1980, the first day that the format knows
_REGULAR_FILE = 0o100600 << 16
_MADE_BY_UNIX = 3 << 8
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END_64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR_64 = struct.Struct("<4sIQI")


class ZipEntry(NamedTuple):
    """One file of an archive: name, length, CRC-32, and where its header begins."""

    name: str
    size_bytes: int
    crc: int
    offset: int


def local_header(entry: ZipEntry) -> bytes:
    """Return what stands before the bytes of a file."""
    name = entry.name.encode()
    is_large = entry.size_bytes >= _MAX_32
    extra = struct.pack("<HHQQ", 1, 16, entry.size_bytes, entry.size_bytes) if is_large else b""
    size = _MAX_32 if is_large else entry.size_bytes
    header = _LOCAL.pack(
        b"PK\x03\x04",
        _ZIP64 if is_large else _PLAIN,
        _UTF8_NAMES,
        0,
        0,
        _DATE,
        entry.crc,
        size,
        size,
        len(name),
        len(extra),
    )
    return header + name + extra


def directory(entries: Sequence[ZipEntry], offset: int) -> bytes:
    """Return the directory of all files, which begins at an offset, and the end."""
    records = b"".join(_central_record(entry) for entry in entries)
    count, size = len(entries), len(records)
    end_64 = b""
    if count >= _MAX_16 or size >= _MAX_32 or offset >= _MAX_32:
        end_64 = _END_64.pack(
            b"PK\x06\x06",
            _END_64.size - 12,
            _MADE_BY_UNIX | _ZIP64,
            _ZIP64,
            0,
            0,
            count,
            count,
            size,
            offset,
        )
        end_64 += _LOCATOR_64.pack(b"PK\x06\x07", 0, offset + size, 1)
    end = _END.pack(
        b"PK\x05\x06",
        0,
        0,
        min(count, _MAX_16),
        min(count, _MAX_16),
        min(size, _MAX_32),
        min(offset, _MAX_32),
        0,
    )
    return records + end_64 + end


def archive_size(files: Sequence[tuple[str, int]]) -> int:
    """Return the length in bytes of the archive of files with these names and sizes."""
    entries: list[ZipEntry] = []
    offset = 0
    for name, size_bytes in files:
        entry = ZipEntry(name, size_bytes, 0, offset)
        entries.append(entry)
        offset += len(local_header(entry)) + size_bytes
    return offset + len(directory(entries, offset))


def _central_record(entry: ZipEntry) -> bytes:
    name = entry.name.encode()
    large = [number for number in (entry.size_bytes,) * 2 if number >= _MAX_32]
    large += [entry.offset] if entry.offset >= _MAX_32 else []
    extra = b""
    if large:
        extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large)
    version = _ZIP64 if large else _PLAIN
    size = min(entry.size_bytes, _MAX_32)
    record = _CENTRAL.pack(
        b"PK\x01\x02",
        _MADE_BY_UNIX | version,
        version,
        _UTF8_NAMES,
        0,
        0,
        _DATE,
        entry.crc,
        size,
        size,
        len(name),
        len(extra),
        0,
        0,
        0,
        _REGULAR_FILE,
        min(entry.offset, _MAX_32),
    )
    return record + name + extra
