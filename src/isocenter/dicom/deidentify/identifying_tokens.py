"""Identifying values as tokens: the words to look for in text, the bytes to look for anywhere.

A value that is too short to be searched for (``TOKEN_LETTERS_MIN``) gives no token; the self-check
compares such values element by element instead.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from isocenter.dicom.deidentify.pseudonyms import is_registered
from isocenter.dicom.text import Encodings, decode, decode_names, decode_values

# Bytes of UTF-8 without blanks: two Chinese characters say as much as a name of six letters.
TOKEN_LETTERS_MIN = 4
# Where nothing separates words, chance must be ruled out: pixels, codestreams, numbers.
FORM_BYTES_MIN = 8
FORM_BYTES_MAX = 64
# Shorter numbers are ordinary: a Patient ID of 1000 is no reason to suspect a model of 1000.
DIGITS_STRONG_MIN = 6
_DISTINCT_MIN = 4
_PHRASES_MAX = 200
_PHRASE_WORDS_MAX = 12
_NAME_COMPONENTS = 5
_UNICODE = ("utf-8", "utf-16-le", "utf-16-be")

find_words = re.compile(r"[^\W_]+").findall
_LINES = re.compile(r"[\r\n\f\t;|]+")
_DATE = re.compile(r"\d{8}")


class Kind(StrEnum):
    """What a token stands for; all that a hit tells of it."""

    NAME = "a person's name"
    UID = "a UID"
    DATE = "a date"
    IDENTIFIER = "an identifier or address"
    TEXT = "a text that was to be removed"


class Role(StrEnum):
    """How the value of an element is taken apart."""

    SKIPPED = "skipped"
    NAME = "PN"
    UID = "UI"
    DATE = "DA, DT"
    IDENTIFIER = "identifier"
    TEXT = "values"
    LONG_TEXT = "text"
    BYTES = "bytes"
    SHORT = "compared only"


class Token(NamedTuple):
    """One value to look for.

    Attributes
    ----------
    words
        Folded words, one blank between them; a UID as it is.
    key
        The longest of the words: texts without it need no closer look.
    is_strong
        Counts wherever it is found; a weak token does not count where what the profile keeps of
        the source says the same.
    forms, foreign
        The value as bytes of at least ``FORM_BYTES_MIN``: ASCII in small letters; other encodings.
    """

    words: str
    kind: Kind
    is_strong: bool
    key: str
    forms: tuple[bytes, ...] = ()
    foreign: tuple[bytes, ...] = ()


def folded(text: str) -> str:
    """Return the text without case, accents and differences of width."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join([letter for letter in decomposed if not unicodedata.combining(letter)])


def phrase_of(text: str) -> str:
    """Return the words of the text, folded, one blank between them."""
    return " ".join(find_words(folded(text)))


@lru_cache(maxsize=8192)
def tokens_of(role: Role, raw: bytes, encodings: Encodings) -> tuple[Token, ...]:
    """Return what to look for; ``()`` where the value is too short or holds nothing.

    Parameters
    ----------
    raw
        The value as stored.
    encodings
        Of text, as ``dicom/text.py`` returns them.
    """
    if role is Role.NAME:
        found = [
            token
            for name in decode_names(raw, encodings)
            for token in _name_tokens(name, encodings)
        ]
    elif role is Role.UID:
        uids = [uid for uid in _plain_values(raw) if not is_registered(uid)]
        found = [_uid_token(uid) for uid in uids]
    elif role is Role.DATE:
        found = [token for text in _plain_values(raw) for token in _date_tokens(text)]
    elif role is Role.IDENTIFIER:
        texts = decode_values(raw, encodings)
        found = [_text_token(text, Kind.IDENTIFIER, encodings) for text in _parts(texts)]
    elif role is Role.TEXT:
        texts = decode_values(raw, encodings)
        found = [_text_token(text, Kind.TEXT, encodings) for text in texts]
    elif role is Role.LONG_TEXT or (role is Role.BYTES and is_text(raw)):
        lines = _LINES.split(decode(raw, encodings).replace("\0", " "))
        found = [_text_token(text, Kind.TEXT, encodings) for text in lines[:_PHRASES_MAX]]
    else:
        found = []
    tokens = {token.words: token for token in found if _is_long_enough(token)}
    return tuple(tokens.values())


def is_text(raw: bytes) -> bool:
    """Return whether bytes of no declared repertoire look like text from end to end."""
    plain = raw.replace(b"\0", b"")
    return bool(plain) and plain.translate(None, _CONTROL) == plain


_CONTROL = bytes([*(code for code in range(32) if code not in {9, 10, 12, 13, 27}), 127])


def _plain_values(raw: bytes) -> list[str]:
    values = raw.decode("latin-1").replace("\0", " ").split("\\")
    return [value.strip() for value in values if value.strip()]


def _parts(texts: list[str]) -> list[str]:
    """Return the values and, of an address, its lines and the parts between commas."""
    parts = list(texts)
    for text in texts:
        pieces = [piece for line in _LINES.split(text) for piece in line.split(",")]
        if len(pieces) > 1:
            parts += pieces
    return parts[:_PHRASES_MAX]


def _is_long_enough(token: Token) -> bool:
    letters = token.words.replace(" ", "")
    if token.kind is Kind.TEXT and letters.isdigit():
        return False  # measurements in private elements, which stand in public ones as well
    minimum = FORM_BYTES_MIN if token.kind is Kind.UID else TOKEN_LETTERS_MIN
    # 0000 and XXXX stand for nothing.
    return len(letters.encode(errors="replace")) >= minimum and len(set(letters)) > 1


def _uid_token(uid: str) -> Token:
    return Token(uid, Kind.UID, is_strong=True, key=uid, forms=_forms(uid))


def _date_tokens(text: str) -> list[Token]:
    """Return the usual ways to write the date that a DA or DT value begins with.

    Six digits, as in 240131, are left out: times of day look the same.
    """
    digits = text.replace(".", "")[:8] if text[4:5] == "." else text[:8]
    if not _DATE.fullmatch(digits):
        return []
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return [_text_token(text, Kind.TEXT, ())]
    year, month, number = digits[:4], digits[4:6], digits[6:]
    written = [
        (digits, _forms(digits)),
        (f"{year} {month} {number}", _forms(day.isoformat())),
        (f"{number} {month} {year}", ()),
        (f"{month} {number} {year}", ()),
    ]
    return [
        Token(words, Kind.DATE, is_strong=True, key=year if " " in words else words, forms=forms)
        for words, forms in written
    ]


def _name_tokens(name: str, encodings: Encodings) -> list[Token]:
    """Return components of every group, their words, and family and given name in both orders."""
    texts = []
    for group in name.split("="):
        components = group.split("^")[:_NAME_COMPONENTS]
        texts += [group, *components, *(word for part in components for word in part.split())]
        if len(components) > 1:
            texts.append(f"{components[1]} {components[0]}")
    return [_text_token(text, Kind.NAME, encodings) for text in dict.fromkeys(texts)]


def _text_token(text: str, kind: Kind, encodings: Encodings) -> Token:
    text = text.strip(" \0")
    words = phrase_of(text)
    if kind is Kind.TEXT:
        words = " ".join(words.split()[:_PHRASE_WORDS_MAX])
    is_number = words.replace(" ", "").isdigit()
    is_strong = kind is not Kind.TEXT and not (is_number and len(words) < DIGITS_STRONG_MIN)
    key = max(words.split(), key=len, default="")
    return Token(words, kind, is_strong, key, _forms(text), _foreign(text, encodings))


def _forms(text: str) -> tuple[bytes, ...]:
    """Return the ASCII bytes to look for where nothing separates words.

    Equal neighbours, periods and ramps (``00000000``, ``12345678``) are left out: pictures and
    lookup tables are full of them.
    """
    if not text.isascii():
        return ()
    form = text.lower().encode("ascii")[:FORM_BYTES_MAX]
    steps = {(second - first) for first, second in pairwise(form)}
    if len(form) < FORM_BYTES_MIN or len(set(form)) < _DISTINCT_MIN or len(steps) == 1:
        return ()
    return (form,)


def _foreign(text: str, encodings: Encodings) -> tuple[bytes, ...]:
    """Return the value in Unicode and as it was stored, as written, in small and large letters."""
    if text.isascii():
        return ()
    forms = set()
    for written in {text, text.lower(), text.upper()}:
        for codec in {*_UNICODE, *encodings}:
            try:
                forms.add(written.encode(codec)[:FORM_BYTES_MAX])
            except UnicodeError:
                continue
    return tuple(sorted(form for form in forms if len(form) >= FORM_BYTES_MIN))
