"""Conditions and ranges of a request for a file (RFC 9110 sections 13 and 14)."""

import re
from typing import NamedTuple

from starlette.datastructures import Headers

from isocenter.http.errors import StatusError

_RANGE = re.compile(r"bytes[ \t]*=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.IGNORECASE)


class Span(NamedTuple):
    """Bytes from ``start``, up to and without ``stop``."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        """How many."""
        return self.stop - self.start


def wanted_span(headers: Headers, size: int, etag: str) -> Span | None:
    """Return the part of a file that is asked for; ``None``: the whole.

    Several ranges at once, and whatever is no range, are answered with the whole, as RFC 9110
    section 14.2 allows; nobody but attackers asks for many.

    Raises
    ------
    StatusError
        416 if the range lies behind the end.
    """
    given = headers.get("range")
    if given is None:
        return None
    condition = headers.get("if-range")
    if condition is not None and condition.strip() != etag:
        return None
    matched = _RANGE.fullmatch(given)
    if matched is None or matched.groups() == ("", ""):
        return None
    first, last = matched.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= size or start >= stop:
        raise StatusError(416, Content_Range=f"bytes */{size}")
    return Span(start, stop)


def is_unchanged(headers: Headers, etag: str) -> bool:
    """Whether the caller has these bytes already (``If-None-Match``).

    Raises
    ------
    StatusError
        412 if it wants other bytes than there are (``If-Match``).
    """
    if "if-match" in headers and not _names(headers["if-match"], etag, weakly=False):
        raise StatusError(412)
    return "if-none-match" in headers and _names(headers["if-none-match"], etag, weakly=True)


def _names(given: str, etag: str, *, weakly: bool) -> bool:
    tags = [tag.strip() for tag in given.split(",")]
    if weakly:
        tags = [tag.removeprefix("W/") for tag in tags]
    return "*" in tags or etag in tags
