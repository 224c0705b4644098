"""What comes in: whether it is DICOM, what its header says, and the files of an archive.

Bytes of strangers are only walked here, by the header index within bounds, never decoded
(DESIGN 5). What the index leaves to pydicom is noted as such and read by the actions, in a child
process. Archives are expanded stream by stream; names in them are data.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from isocenter.dicom.describe import read_info
from isocenter.dicom.header_index import DataSetIndex, HeaderIndex, index_header
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.text import decode_values, encodings_of
from isocenter.dicom.values import first_string, floats
from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    NotDicomError,
    TooLargeError,
    TooManyFilesError,
)
from isocenter.limits import DEFAULT, Limits
from isocenter.services.reports import Json

# How much of a file must be there before `is_archive` can tell.
HEAD_BYTES = 132

_CHUNK_BYTES = 1 << 20
_TEXT_CHARACTERS_MAX = 256
_VALUE_BYTES_MAX = 1 << 20  # of a value that is read; those of pixels are stepped over
_NAME_BYTES_EXPECTED = 1024  # of an entry in the directory of an archive, generously
_PREFIX, _PREFIX_AT = b"DICM", 128
_LOCAL_HEADER = b"PK\x03\x04"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# Below this, no ratio is suspicious: a few black slices compress a thousandfold.
_FREE_BYTES = 64 << 20
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
_POSITION, _ORIENTATION, _SPACING = 0x00200032, 0x00200037, 0x00280030
_TEXTS = {
    "series_description": 0x0008103E,
    "study_description": 0x00081030,
    "image_type": 0x00080008,
}
_STRINGS = {
    "sop_instance_uid": 0x00080018,
    "frame_of_reference_uid": 0x00200052,
    "series_number": 0x00200011,
    "instance_number": 0x00200013,
    "body_part": 0x00180015,
}
_NUMBERS = {
    "position": (_POSITION, 3),
    "orientation": (_ORIENTATION, 6),
    "pixel_spacing": (_SPACING, 2),
    "window_center": (0x00281050, 1),
    "window_width": (0x00281051, 1),
}


class Entry(NamedTuple):
    """One file of an archive; ``chunks`` are read before the next entry is asked for."""

    name: str
    chunks: Iterator[bytes]


def read_facts(source: ByteSource, limits: Limits = DEFAULT) -> dict[str, Json]:
    """Return what the header says, as far as it can be read within the bounds.

    Returns
    -------
    dict
        ``is_dicom`` always. For DICOM the documented keys of ``info`` except the path, and
        those of geometry that a list of slices needs; or ``problem``, a sentence, where the
        index leaves the file to pydicom or it is damaged.
    """
    bounded = replace(
        limits,
        header_elements=min(limits.header_elements, limits.intake_elements),
        header_value_bytes=min(limits.header_value_bytes, _VALUE_BYTES_MAX),
    )
    try:
        header = index_header(source, bounded)
        return {"is_dicom": True, **_facts(header)}
    except NotDicomError:
        return {"is_dicom": False}
    except IsocenterError as error:
        return {"is_dicom": True, "problem": str(error)}


def guess_facts(source: ByteSource) -> dict[str, Json]:
    """Return what can be told without reading a header."""
    if source.read_at(_PREFIX_AT, len(_PREFIX)) != _PREFIX:
        return {"is_dicom": False}
    return {"is_dicom": True, "problem": "its header was not read, as the upload had many to read"}


def is_archive(name: str, head: bytes) -> bool:
    """Return whether a file is a zip archive that shall be expanded.

    Parameters
    ----------
    name
        The client's name: documents that are zip archives inside have other suffixes.
    head
        Its first ``HEAD_BYTES`` bytes, or all. A DICOM preamble may look like an archive.
    """
    if not head.startswith(_LOCAL_HEADER) or head[_PREFIX_AT:HEAD_BYTES] == _PREFIX:
        return False
    last = name.replace("\\", "/").rpartition("/")[2].lower()
    return last.endswith(".zip") or "." not in last


def expand(source: ByteSource, limits: Limits = DEFAULT) -> Iterator[Entry]:
    """Yield the files of an archive; folders, hidden files and those of macOS are left out.

    Archives within are files like others and not expanded.

    Raises
    ------
    InvalidInputError
        If it cannot be read, is encrypted, or packed in an unusual way.
    TooManyFilesError
        If there are more than ``limits.session_files``.
    TooLargeError
        If it expands to more than ``limits.archive_bytes``, or ``limits.archive_ratio``
        times its own size.
    """
    allowed = max(_FREE_BYTES, min(source.size * limits.archive_ratio, limits.archive_bytes))
    budget = _Budget(min(allowed, limits.archive_bytes))
    stream = _BoundedStream(source, limits.session_files * _NAME_BYTES_EXPECTED)
    try:
        archive = zipfile.ZipFile(stream)
    except _BROKEN:
        raise InvalidInputError("the archive cannot be read") from None
    with archive:
        entries = [one for one in archive.infolist() if not one.is_dir() and _is_meant(one)]
        if len(entries) > limits.session_files:
            raise TooManyFilesError(limits.session_files)
        for entry in entries:
            yield Entry(entry.filename, _read(archive, entry, budget))


class _Budget:
    """How many bytes an archive may still become."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._used_bytes = 0

    def use(self, size_bytes: int) -> None:
        self._used_bytes += size_bytes
        if self._used_bytes > self._bytes_max:
            raise TooLargeError("archive_bytes", self._bytes_max, self._used_bytes, "bytes")


class _BoundedStream:
    """What ``zipfile`` reads from: it reads the whole directory of an archive into memory."""

    def __init__(self, source: ByteSource, read_bytes_max: int) -> None:
        self._source = source
        self._at = 0
        self._read_bytes_max = max(read_bytes_max, 2 * _CHUNK_BYTES)

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._source.size}[whence]
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._at = start + offset
        return self._at

    def read(self, length: int = -1) -> bytes:
        available = max(0, self._source.size - self._at)
        wanted = available if length < 0 else min(length, available)
        if wanted > self._read_bytes_max:
            raise zipfile.BadZipFile("its directory is too long")
        data = self._source.read_at(self._at, wanted)
        self._at += len(data)
        return data

    def close(self) -> None:
        """Do nothing: the source belongs to the caller."""


def _is_meant(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.replace("\\", "/").split("/")
    return not parts[-1].startswith(".") and "__MACOSX" not in parts


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    if entry.flag_bits & _ENCRYPTED:
        raise InvalidInputError("the archive is encrypted")
    if entry.compress_type not in _METHODS:
        raise InvalidInputError("the archive is packed in another way than zip usually is")
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                budget.use(len(chunk))
                yield chunk
    except _BROKEN:
        raise InvalidInputError("the archive is damaged") from None


def _facts(header: HeaderIndex) -> dict[str, Json]:
    """Return the facts of a file that the index read."""
    dataset = header.dataset
    info = read_info(header, "", header.transfer_syntax_uid).to_json()
    del info["filepath"]
    facts: dict[str, Json] = {
        key: _cut(value) if isinstance(value, str) else value for key, value in info.items()
    }
    encodings = encodings_of(dataset)
    for key, tag in _TEXTS.items():
        facts[key] = _cut("\\".join(decode_values(dataset.value(tag), encodings)).strip())
    for key, tag in _STRINGS.items():
        facts[key] = _cut(first_string(dataset, tag))
    for key, (tag, count) in _NUMBERS.items():
        numbers = _numbers(dataset, tag, count)
        if numbers:
            facts[key] = numbers[0] if count == 1 else [*numbers]
    return facts


def _cut(text: str) -> str:
    """Return text that JSON can tell, of limited length."""
    return text[:_TEXT_CHARACTERS_MAX].encode("utf-8", "replace").decode()


def _numbers(dataset: DataSetIndex, tag: int, count: int) -> list[float]:
    """Return exactly so many numbers (of a window, the first), or none."""
    try:
        found = floats(dataset, tag)
    except InvalidInputError:
        return []
    if count == 1:
        return found[:1]
    return found if len(found) == count else []
