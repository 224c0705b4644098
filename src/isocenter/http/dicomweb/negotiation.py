"""Which form of an answer a client takes: ``Accept`` with types, qualities and transfer syntaxes.

References
----------
PS3.18 8.7 (media types), 8.3.3.1 (``accept`` as a query parameter); RFC 9110 section 12.5.1.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from starlette.requests import Request

from isocenter.http.errors import StatusError
from isocenter.http.part_headers import read_parameters

RELATED = "multipart/related"
JSON = "application/dicom+json"
PLAIN_JSON = "application/json"
XML = "application/dicom+xml"
STORED = "*"
"""Transfer syntax of a wish for the bytes as they are kept."""

# Commas separate ranges, but not in a quoted string.
_RANGES = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_RANGES_MAX = 64
_KEPT, _KEPT_CHARACTERS = 256, 512  # headers that are remembered, and how long they may be
_UID = re.compile(r"[0-9]+(\.[0-9]+)*")
_UID_CHARACTERS = 64
_UTF8 = frozenset({"", "utf-8", "utf8", "us-ascii", "*"})


class MediaRange(NamedTuple):
    """One thing that a client takes.

    Attributes
    ----------
    media_type
        In lower case; may be ``*/*`` or ``image/*``.
    related_type
        Of the parts of ``multipart/related``; empty where nothing is said.
    transfer_syntax_uid
        Empty where nothing is said, ``*`` for what is kept.
    quality
        From 0 to 1.
    """

    media_type: str
    related_type: str = ""
    transfer_syntax_uid: str = ""
    quality: float = 1.0
    charset: str = ""

    @property
    def generality(self) -> int:
        """How much it leaves open: the exact one is preferred among equals."""
        return 2 * self.media_type.count("*") + self.related_type.count("*")


class Form(NamedTuple):
    """One form of an answer: a media type, and the type of its parts where it is multipart."""

    media_type: str
    related_type: str = ""


class Wish(NamedTuple):
    """A form that a client takes, and the transfer syntax that it asks for, if any."""

    form: Form
    transfer_syntax_uid: str = ""


def wishes(request: Request, forms: Sequence[Form]) -> list[Wish]:
    """Return which of the forms a client takes, the best first.

    Parameters
    ----------
    forms
        What can be given, the usual one first.

    Raises
    ------
    StatusError
        406 if it takes none of them.
    InvalidInputError
        If a transfer syntax is no UID.
    """
    text = request.query_params.get("accept") or ", ".join(request.headers.getlist("accept"))
    charset = request.query_params.get("charset", "")
    find = _wishes if len(text) <= _KEPT_CHARACTERS else _wishes.__wrapped__
    found = list(find(text, tuple(forms)))
    if not found:
        raise not_acceptable(forms)
    if charset.lower() not in _UTF8:
        raise StatusError(406, "the only charset is utf-8")
    return found


@functools.lru_cache(_KEPT)
def _wishes(text: str, forms: tuple[Form, ...]) -> tuple[Wish, ...]:
    """Return what a header takes of some forms; a client sends the same one again and again."""
    ranges = read_accept(text) if text.strip() else [MediaRange("*/*")]
    return tuple(dict.fromkeys(_matching(ranges, forms)))


def read_accept(text: str) -> list[MediaRange]:
    """Return the ranges of an ``Accept`` header, the best first; what is none is left out.

    >>> read_accept('image/png; q=0.5, multipart/related; type="image/jpeg"')[0].related_type
    'image/jpeg'
    """
    ranges = []
    for given in _RANGES.findall(text)[:_RANGES_MAX]:
        media_type, parameters = read_parameters(given)
        if media_type.count("/") != 1:
            continue
        uid = parameters.get("transfer-syntax", "").strip()
        if uid and uid != STORED and not is_uid(uid):
            continue
        ranges.append(
            MediaRange(
                media_type,
                parameters.get("type", "").strip().lower(),
                uid,
                _quality(parameters.get("q", "1")),
                parameters.get("charset", "").lower(),
            )
        )
    return sorted(ranges, key=lambda one: (-one.quality, one.generality))


def is_uid(text: str) -> bool:
    """Whether a text is formed as a UID."""
    return len(text) <= _UID_CHARACTERS and _UID.fullmatch(text) is not None


def not_acceptable(forms: Iterable[Form], reason: str = "") -> StatusError:
    """Return the refusal that says what could be had instead."""
    said = ", ".join(
        f'{form.media_type}; type="{form.related_type}"' if form.related_type else form.media_type
        for form in forms
    )
    return StatusError(406, f"{reason}; available: {said}" if reason else f"available: {said}")


def _matching(ranges: Sequence[MediaRange], forms: Sequence[Form]) -> Iterator[Wish]:
    refused = [one for one in ranges if one.quality == 0]
    for wanted in ranges:
        if wanted.quality == 0 or wanted.charset not in _UTF8:
            continue
        for form in forms:
            # An exact refusal beats a general wish, and not the other way round.
            is_refused = any(
                _takes(one, form) and one.generality < wanted.generality for one in refused
            )
            if _takes(wanted, form) and not is_refused:
                yield Wish(form, wanted.transfer_syntax_uid)


def _takes(wanted: MediaRange, form: Form) -> bool:
    if not _matches(wanted.media_type, form.media_type):
        return False
    return not wanted.related_type or _matches(wanted.related_type, form.related_type)


def _matches(pattern: str, media_type: str) -> bool:
    kind, _, subtype = pattern.partition("/")
    if subtype == "*":
        return kind == "*" or media_type.startswith(f"{kind}/")
    return pattern == media_type


def _quality(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 1.0
    return min(1.0, max(0.0, quality)) if quality == quality else 0.0  # noqa: PLR0124 - NaN
