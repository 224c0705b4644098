"""Text by Specific Character Set (0008,0005): bytes to ``str``, never an exception.

The decoding equals pydicom's on valid text, without importing it. Bad bytes become U+FFFD, as
there. Where pydicom departs from PS3.5 6.1.2.5, this module follows the standard:

- In a person name ``^`` and ``=`` end a code extension, and so does the backslash between values
  (6.1.2.5.3); pydicom lets the extension run on.
- The escape sequence of GB 2312 (ISO 2022 IR 58) is taken out of the text; pydicom keeps it.
- ISO_IR 203 (Latin alphabet No. 9) is known; spaces around a defined term do not count (CS).

References
----------
PS3.3 C.12.1.1.2 (defined terms), PS3.5 6.1 (repertoires), 6.1.2.5 (code extensions, ISO 2022).
"""

import codecs
import re
from functools import lru_cache

from isocenter.dicom.header_index import DataSetIndex

SPECIFIC_CHARACTER_SET = 0x00080005

# Python codecs in the order of the defined terms; the first one is active at the start of a value.
Encodings = tuple[str, ...]

# Without Specific Character Set bytes above 7F are undefined; Latin-1 shows them one by one.
DEFAULT: Encodings = ("latin-1",)

_TERMS = {
    "": "latin-1",
    "6": "latin-1",
    "13": "shift_jis",
    "58": "gb2312",
    "87": "iso2022_jp",
    "100": "latin-1",
    "101": "iso8859_2",
    "109": "iso8859_3",
    "110": "iso8859_4",
    "126": "iso8859_7",
    "127": "iso8859_6",
    "138": "iso8859_8",
    "144": "iso8859_5",
    "148": "iso8859_9",
    "149": "euc_kr",
    "159": "iso2022_jp_2",
    "166": "tis_620",
    "192": "utf-8",
    "203": "iso8859_15",
}
_OTHER_TERMS = {"GB18030": "gb18030", "GBK": "gbk", "ISO 2022 GBK": "gbk", "ISO 2022 58": "gb2312"}
_STAND_ALONE = frozenset({"utf-8", "gb18030", "gbk"})
# ``ISO_IR 100``, ``ISO 2022 IR 100``, and misspellings seen in files, such as ``ISO-IR 100``.
_TERM = re.compile(r"ISO(?:[^0-9]IR|.2022.IR)[ _-](\d{1,3})\Z")

# Escape sequence (PS3.3 tables C.12-3 and C.12-4) -> codec. Python's ISO 2022 codecs want to see
# their own sequence; from the other fragments it is taken off.
_ESCAPES = {
    b"\x1b(B": "latin-1",
    b"\x1b-A": "latin-1",
    b"\x1b)I": "shift_jis",
    b"\x1b(J": "shift_jis",
    b"\x1b$B": "iso2022_jp",
    b"\x1b-B": "iso8859_2",
    b"\x1b-C": "iso8859_3",
    b"\x1b-D": "iso8859_4",
    b"\x1b-F": "iso8859_7",
    b"\x1b-G": "iso8859_6",
    b"\x1b-H": "iso8859_8",
    b"\x1b-L": "iso8859_5",
    b"\x1b-M": "iso8859_9",
    b"\x1b-T": "tis_620",
    b"\x1b-b": "iso8859_15",
    b"\x1b$)C": "euc_kr",
    b"\x1b$(D": "iso2022_jp_2",
    b"\x1b$)A": "gb2312",
}
_KEEPS_ITS_ESCAPE = frozenset({"iso2022_jp", "iso2022_jp_2"})

_ESC = b"\x1b"
_FRAGMENTS = re.compile(rb"\x1b?[^\x1b]*")
# The bytes that end a code extension: control characters, and what separates values and names.
_TEXT_DELIMITERS = re.compile(rb"[\t\n\f\r]")
_VALUE_DELIMITERS = re.compile(rb"[\t\n\f\r\\]")
_NAME_DELIMITERS = re.compile(rb"[\t\n\f\r\\^=]")


def encodings_of(dataset: DataSetIndex, inherited: Encodings = DEFAULT) -> Encodings:
    """Return the encodings of a Data Set or Item: its own, else its parent's (PS3.5 7.5.3)."""
    if SPECIFIC_CHARACTER_SET not in dataset.elements:
        return inherited
    return encodings(dataset.value(SPECIFIC_CHARACTER_SET))


@lru_cache(maxsize=256)
def encodings(value: bytes) -> Encodings:
    """Return the Python codecs for a value of Specific Character Set; never empty.

    Unknown terms count as the default repertoire. UTF-8, GB18030 and GBK stand alone: a first
    one hides what follows, a later one is ignored (PS3.3 C.12.1.1.2).
    """
    terms = value.decode("latin-1").split("\\")
    codecs_in_order = [_codec(term.strip(" \0")) for term in terms]
    first = codecs_in_order[0]
    if first in _STAND_ALONE:
        return (first,)
    return (first, *(codec for codec in codecs_in_order[1:] if codec not in _STAND_ALONE))


def _codec(term: str) -> str:
    known = _OTHER_TERMS.get(term)
    if known is not None:
        return known
    match = _TERM.match(term)
    if match:
        return _TERMS.get(match[1], "latin-1")
    return _python_codec(term) if term else "latin-1"


def _python_codec(name: str) -> str:
    """Return the codec that some writers name in Python's or IANA's way, if it is a safe one.

    Stateful and escape codecs (UTF-7, IDNA, ``unicode_escape``) are no character sets of DICOM
    and could raise, or take long, on hostile bytes.
    """
    try:
        canonical = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "latin-1"
    is_safe = canonical in _SAFE or re.match(r"iso8859-|cp\d", canonical)
    return canonical if is_safe else "latin-1"


_SAFE = frozenset({"utf-8", "ascii", "gb18030", "gbk", "gb2312", "big5", "euc_kr", "shift_jis"})


def decode(value: bytes, encodings: Encodings) -> str:
    """Return the text of an LT, ST or UT value, padding kept."""
    return _decode(value, encodings, _TEXT_DELIMITERS)


def decode_values(value: bytes, encodings: Encodings) -> list[str]:
    """Return the values of an LO, SH or UC element, trailing padding removed from each.

    Values are separated after decoding, because 5C may be the second byte of a character.
    """
    if value.isascii() and _ESC not in value:
        text = value.decode("ascii")  # the same in every codec; most values end here
    else:
        text = _decode(value, encodings, _VALUE_DELIMITERS)
    if "\\" in text:
        return [part.rstrip("\0 ") for part in text.split("\\")]
    return [text.rstrip("\0 ")]


def decode_names(value: bytes, encodings: Encodings) -> list[str]:
    """Return the values of a PN element as text, component groups still joined by ``=``."""
    value = value.rstrip(b"\0 ")
    if value.isascii() and _ESC not in value:
        return value.decode("ascii").split("\\")
    return _decode(value, encodings, _NAME_DELIMITERS).split("\\")


def _decode(value: bytes, encodings: Encodings, delimiters: re.Pattern[bytes]) -> str:
    if _ESC not in value:
        return value.decode(encodings[0], "replace")
    return "".join(
        _fragment(fragment, encodings, delimiters) for fragment in _FRAGMENTS.findall(value)
    )


def _fragment(fragment: bytes, encodings: Encodings, delimiters: re.Pattern[bytes]) -> str:
    """Decode bytes up to the next escape sequence; an undeclared sequence stays visible."""
    initial = encodings[0]
    length = 4 if fragment[:3] in (b"\x1b$(", b"\x1b$)") else 3
    codec = _ESCAPES.get(fragment[:length], "")
    if codec not in encodings and codec != "latin-1":
        return fragment.decode(initial, "replace")
    if codec in _KEEPS_ITS_ESCAPE:
        return _strict_or_replaced(fragment, codec, fragment, initial)
    text = fragment[length:]
    end = delimiters.search(text)
    if end is None:
        return _strict_or_replaced(text, codec, fragment, initial)
    at = end.start()
    head = _strict_or_replaced(text[:at], codec, fragment[: length + at], initial)
    return head + text[at:].decode(initial, "replace")


def _strict_or_replaced(text: bytes, codec: str, fragment: bytes, initial: str) -> str:
    """Return the text by its codec; what that cannot read is shown by the initial one."""
    try:
        return text.decode(codec)
    except UnicodeError:
        return fragment.decode(initial, "replace")
