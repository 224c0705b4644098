"""Bodies of ``multipart/related``: read as a stream, part by part, and written so.

The reader is our own: python-multipart knows forms only, without text before the first part.

References
----------
RFC 2387; RFC 2046 section 5.1; PS3.18 8.6.1.2.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.http.dicomweb.negotiation import RELATED
from isocenter.http.multipart import PartWriter
from isocenter.http.part_headers import read_parameters
from isocenter.limits import Limits

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_LINE = b"\r\n"
_HEADERS_END = b"\r\n\r\n"
# Blanks that may follow a delimiter on its line.
_PADDING_BYTES = 64
# So much is looked at for the head of a part, and copied for it.
_HEAD_BYTES = 1024


class Related(NamedTuple):
    """What a Content-Type says about the body: the type of its root part, and the boundary."""

    media_type: str
    boundary: bytes


class PartHead(NamedTuple):
    """The headers of one part: its type in lower case with parameters, and how it is named."""

    media_type: str
    parameters: Mapping[str, str]
    location: str
    content_id: str = ""


OpenPart = Callable[[PartHead], PartWriter]


def read_related(content_type: str) -> Related | None:
    """Return what a Content-Type says; ``None`` where it is no ``multipart/related``.

    Raises
    ------
    InvalidInputError
        If the boundary is missing or is none that RFC 2046 allows.
    """
    media_type, parameters = read_parameters(content_type)
    if media_type != RELATED:
        return None
    boundary = parameters.get("boundary", "")
    if _BOUNDARY.fullmatch(boundary) is None:
        raise InvalidInputError("the boundary of the multipart body is missing or not a legal one")
    return Related(parameters.get("type", "").strip().lower(), boundary.encode("ascii"))


class RelatedReader:
    """Splits a body into parts while it arrives; used by one thread at a time.

    Parameters
    ----------
    open_part
        Gives the writer of a part as soon as its headers are there.

    Raises
    ------
    InvalidInputError
        By ``feed`` and ``finish``, if the body is not what it should be.
    TooLargeError
        By ``feed``, if there are too many parts or headers.
    """

    def __init__(self, boundary: bytes, open_part: OpenPart, limits: Limits) -> None:
        self._delimiter = b"\r\n--" + boundary
        self._open_part = open_part
        self._limits = limits
        # As if a line ended before the body: then the first delimiter is like the others.
        self._held = bytearray(_LINE)
        self._step: Callable[[], bool] = self._skip_preamble
        self._writer: PartWriter | None = None
        self._parts = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        at = 0
        while at < len(data) and self._step != self._skip_epilogue:
            if self._step == self._take_data:
                at = self._pass_on(data, at)
            else:
                self._held += data[at : at + _HEAD_BYTES]
                at = min(at + _HEAD_BYTES, len(data))
            while self._step():
                pass

    def finish(self) -> None:
        """Check that the last delimiter was there: otherwise the body was cut off."""
        if self._step != self._skip_epilogue:
            raise InvalidInputError("the multipart body ends early")

    def _skip_preamble(self) -> bool:
        at = self._held.find(self._delimiter)
        if at < 0:
            del self._held[: max(0, len(self._held) - len(self._delimiter) + 1)]
            return False
        del self._held[: at + len(self._delimiter)]
        self._step = self._end_delimiter
        return True

    def _end_delimiter(self) -> bool:
        """Read what follows a boundary: two hyphens at the end, else the rest of its line."""
        if self._held.startswith(b"--"):
            self._held.clear()
            self._step = self._skip_epilogue
            return False
        at = self._held.find(_LINE)
        if at < 0:
            if len(self._held) > _PADDING_BYTES:
                raise InvalidInputError("a line of the multipart body is no delimiter")
            return False
        if self._held[:at].strip(b" \t"):
            raise InvalidInputError("a line of the multipart body is no delimiter")
        self._parts += 1
        bound = self._limits.stow_parts
        if self._parts > bound:
            raise TooLargeError("multipart parts", bound, self._parts, "parts")
        # The line end stays: headers may be missing altogether.
        del self._held[:at]
        self._step = self._read_headers
        return True

    def _read_headers(self) -> bool:
        at = self._held.find(_HEADERS_END)
        bound = self._limits.multipart_header_bytes
        if at > bound or (at < 0 and len(self._held) > bound):
            raise TooLargeError("multipart headers", bound, len(self._held), "bytes")
        if at < 0:
            return False
        head = _read_head(bytes(self._held[:at]))
        # The blank line ends with what a delimiter begins with: a part may be empty.
        del self._held[: at + len(_LINE)]
        self._writer = self._open_part(head)
        self._step = self._begin_data
        return True

    def _begin_data(self) -> bool:
        if len(self._held) < len(self._delimiter):
            return False
        self._step = self._take_data
        if not self._held.startswith(self._delimiter):
            del self._held[: len(_LINE)]
        return True

    def _pass_on(self, data: bytes, at: int) -> int:
        """Give bytes of a part to its writer as they lie here; return where those are that follow.

        Only what may hold a delimiter is copied.
        """
        assert self._writer is not None
        assert len(self._held) < len(self._delimiter)
        longest = len(self._delimiter) - 1  # of its begins that are not all of it
        if self._delimiter in self._held + data[at : at + longest]:
            end = at
        else:
            found = data.find(self._delimiter, at)
            end = found if found >= 0 else len(data) - longest
        if end <= at:
            self._held += data[at : at + longest]
            return min(at + longest, len(data))
        with memoryview(data) as view, view[at:end] as plain:
            if self._held:
                self._writer.write(memoryview(bytes(self._held)))
                self._held.clear()
            self._writer.write(plain)
        return end

    def _take_data(self) -> bool:
        assert self._writer is not None
        at = self._held.find(self._delimiter)
        # What may be the begin of a delimiter waits for the rest of it.
        ready = at if at >= 0 else max(0, len(self._held) - len(self._delimiter) + 1)
        if ready:
            with memoryview(self._held) as view, view[:ready] as data:
                self._writer.write(data)
            del self._held[:ready]
        if at < 0:
            return False
        del self._held[: len(self._delimiter)]
        self._writer.close()
        self._writer = None
        self._step = self._end_delimiter
        return True

    def _skip_epilogue(self) -> bool:
        return False


def part_header(boundary: str, content_type: str, length: int, location: str = "") -> bytes:
    """Return what stands before the bytes of a part."""
    lines = [f"--{boundary}", f"Content-Type: {content_type}", f"Content-Length: {length}"]
    if location:
        lines.append(f"Content-Location: {location}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def last_delimiter(boundary: str) -> bytes:
    """Return what stands after the line end behind the last part."""
    return f"--{boundary}--\r\n".encode("ascii")


def _read_head(block: bytes) -> PartHead:
    headers: dict[str, str] = {}
    for line in block.decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(":")
        if line and not colon:
            raise InvalidInputError("a header of a multipart part has no colon")
        headers.setdefault(name.strip().lower(), value.strip())
    media_type, parameters = read_parameters(headers.get("content-type", ""))
    return PartHead(
        media_type,
        parameters,
        headers.get("content-location", ""),
        headers.get("content-id", ""),
    )
