"""Values in the one form in which they are compared when something is searched.

What is stored and what is asked for go through the same functions, so that a search is a comparison
of texts: dates and times have a fixed width and sort in their order, names are folded.

References
----------
PS3.4 C.2.2.2 (attribute matching), PS3.5 6.2 (DA, TM, DT, PN).
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

# Longer texts are compared by their beginning: an index entry has a bounded size.
CHARACTERS_MAX = 256
GROUPS = ("Alphabetic", "Ideographic", "Phonetic")

_DATE = re.compile(r"(\d{4})[.\-]?(\d{2})?[.\-]?(\d{2})?\Z")
_TIME = re.compile(r"(\d{2}):?(\d{2})?:?(\d{2})?(?:\.(\d{1,6}))?\Z")
_DATE_TIME = re.compile(
    r"(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:\.(\d{1,6}))?([+-]\d{4})?\Z"
)
_WORDS = re.compile(r"[\s^=,.;'\-]+")


class Span(NamedTuple):
    """The first and the last moment that a value of limited precision means, normalised."""

    first: str
    last: str


def date_span(text: str) -> Span | None:
    """Return the days of a DA value, also of a year or a month alone; ``None`` if it is none."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    year, month, day = match.groups()
    return Span(f"{year}{month or '01'}{day or '01'}", f"{year}{month or '12'}{day or '31'}")


def time_span(text: str) -> Span | None:
    """Return the moments of a TM value as ``HHMMSS.ffffff``; ``None`` if it is none."""
    match = _TIME.match(text.strip())
    if match is None:
        return None
    hour, minute, second, fraction = match.groups()
    first = f"{hour}{minute or '00'}{second or '00'}.{(fraction or '').ljust(6, '0')}"
    last = f"{hour}{minute or '59'}{second or '59'}.{(fraction or '').ljust(6, '9')}"
    return Span(first, last)


def date_time_span(text: str) -> Span | None:
    """Return the moments of a DT value, in UTC where it says its offset; ``None`` if it is none."""
    match = _DATE_TIME.match(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    date = f"{year}{month or '01'}{day or '01'}", f"{year}{month or '12'}{day or '31'}"
    clock = (
        f"{hour or '00'}{minute or '00'}{second or '00'}.{(fraction or '').ljust(6, '0')}",
        f"{hour or '23'}{minute or '59'}{second or '59'}.{(fraction or '').ljust(6, '9')}",
    )
    first, last = date[0] + clock[0], date[1] + clock[1]
    return Span(_in_utc(first, offset), _in_utc(last, offset)) if offset else Span(first, last)


def name_groups(name: object) -> dict[str, str]:
    """Return the component groups of a person name of DICOM JSON, folded, by their first letter."""
    if not isinstance(name, dict):
        return {}
    found = {key[0].lower(): fold_name(str(name.get(key) or "")) for key in GROUPS}
    return {key: text for key, text in found.items() if text}


def fold_name(text: str) -> str:
    """Return a component group so that equal names are equal texts, whatever case and width."""
    components = [" ".join(part.split()) for part in _folded(text).split("^")]
    return "^".join(components).rstrip("^")[:CHARACTERS_MAX]


def name_words(text: str) -> list[str]:
    """Return the words of a name without accents, for searches that need not be exact."""
    plain = unicodedata.normalize("NFKD", _folded(text))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    # Syllables of Korean were taken apart, too, and are put together again.
    words = _WORDS.split(unicodedata.normalize("NFKC", letters))
    return [word[:CHARACTERS_MAX] for word in dict.fromkeys(words) if word]


def plain_text(value: object) -> str:
    """Return a value of DICOM JSON as text; numbers in their shortest form."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:
        value = int(value)
    return str(value).replace("\0", "").strip()[:CHARACTERS_MAX]


def number_text(text: str) -> str:
    """Return a number that somebody wrote in the form of ``plain_text``; other text as it is."""
    try:
        return plain_text(int(text))
    except ValueError:
        pass
    try:
        return plain_text(float(text))
    except ValueError:
        return text.strip()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text.replace("\0", "")).casefold().strip()


def _in_utc(moment: str, offset: str) -> str:
    """Return a moment with its offset taken off; one that is no date stays as it is."""
    minutes = int(offset[0] + "1") * (int(offset[1:3]) * 60 + int(offset[3:5]))
    try:
        local = datetime.strptime(moment, "%Y%m%d%H%M%S.%f").replace(tzinfo=UTC)
        return (local - timedelta(minutes=minutes)).strftime("%Y%m%d%H%M%S.%f")
    except (ValueError, OverflowError):
        return moment
