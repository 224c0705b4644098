"""Text to bytes by Specific Character Set, or not at all: nothing is replaced, nothing is lost.

What comes out is decoded again by ``dicom/text.py`` and compared, so that no codec of Python can
put a character of its own choice in place of another.

References
----------
PS3.3 C.12.1.1.2 (defined terms), PS3.5 6.1.2.5 (code extensions: every run of characters begins
with its escape sequence and ends, at the latest, at a delimiter).
"""

import re
from functools import lru_cache

from isocenter.dicom.text import decode, decode_names, decode_values, encodings

UTF_8 = "ISO_IR 192"

_ESCAPES = {
    "shift_jis": b"\x1b)I",
    "iso8859_2": b"\x1b-B",
    "iso8859_3": b"\x1b-C",
    "iso8859_4": b"\x1b-D",
    "iso8859_7": b"\x1b-F",
    "iso8859_6": b"\x1b-G",
    "iso8859_8": b"\x1b-H",
    "iso8859_5": b"\x1b-L",
    "iso8859_9": b"\x1b-M",
    "iso8859_15": b"\x1b-b",
    "tis_620": b"\x1b-T",
    "euc_kr": b"\x1b$)C",
    "gb2312": b"\x1b$)A",
    "latin-1": b"\x1b-A",
}
# These codecs write escape sequences themselves, but may write only the one of their own set.
_OWN_ESCAPES = {"iso2022_jp": b"\x1b$B", "iso2022_jp_2": b"\x1b$(D"}
_BACK_TO_ASCII, _BACK_TO_ROMAJI = b"\x1b(B", b"\x1b(J"
_DELIMITERS = {
    "PN": re.compile(r"([\^=\\\t\n\f\r])"),
    "": re.compile(r"([\\\t\n\f\r])"),
}
_TEXT_VRS = frozenset({"LT", "ST", "UT"})


@lru_cache(maxsize=512)
def encode_text(text: str, vr: str, character_set: bytes) -> bytes | None:
    """Return the value of a text element, without padding, None where it cannot be written.

    Parameters
    ----------
    text
        Values parted by a backslash, component groups by ``=``.
    vr
        One of ``dictionary.TEXT_VRS``; others get ASCII only.
    character_set
        Value of Specific Character Set that is in force, ``b""`` for none.
    """
    if text.isascii() and "\x1b" not in text:
        return text.encode("ascii")
    codecs = encodings(character_set)
    declared = [_declared(term) for term in character_set.decode("latin-1").split("\\")]
    try:
        if len(codecs) == 1 or codecs[0] in ("utf-8", "gb18030", "gbk"):
            raw = _encode_run(text, codecs[0], is_declared=declared[0])
        else:
            raw = _encode_extended(text, vr, codecs, is_declared=declared[0])
    except UnicodeEncodeError:
        return None
    return raw if raw is not None and _decoded(raw, vr, character_set) == text else None


def decoded_text(raw: bytes, vr: str, character_set: bytes) -> str | None:
    """Return the text of an element without padding, None where some of it cannot be read."""
    text = _decoded(raw, vr, character_set)
    return None if "\ufffd" in text or "\x1b" in text else text


def _decoded(raw: bytes, vr: str, character_set: bytes) -> str:
    codecs = encodings(character_set)
    if vr == "PN":
        return "\\".join(decode_names(raw, codecs))
    if vr in _TEXT_VRS:
        return decode(raw, codecs).rstrip("\0 ")
    return "\\".join(decode_values(raw, codecs))


def _declared(term: str) -> bool:
    """Return whether a term names more than the default repertoire, which is ASCII."""
    term = term.strip(" \0")
    return encodings(term.encode("latin-1"))[0] != "latin-1" or term.endswith(" 100")


def _encode_run(text: str, codec: str, *, is_declared: bool) -> bytes | None:
    """Return text in a codec that is in force from the start; None where it has other bytes."""
    raw = text.encode(codec if is_declared else "ascii")
    if codec == "shift_jis" and len(raw) != len(text):
        return None  # JIS X 0201 has single bytes only
    return raw


def _encode_extended(
    text: str, vr: str, codecs: tuple[str, ...], *, is_declared: bool
) -> bytes | None:
    parts = []
    for part in _DELIMITERS["PN" if vr == "PN" else ""].split(text):
        rest = part
        while rest:
            run, rest = _longest_run(rest, codecs, is_declared=is_declared)
            if not run:
                return None
            parts.append(run)
    return b"".join(parts)


def _longest_run(text: str, codecs: tuple[str, ...], *, is_declared: bool) -> tuple[bytes, str]:
    """Return the longest start of a text that one codec can write, and the rest of the text."""
    best, taken = b"", 0
    for number, codec in enumerate(codecs):
        for length in range(len(text), taken, -1):
            raw = (
                _initial(text[:length], codec, is_declared=is_declared)
                if number == 0
                else _escaped(text[:length], codec, codecs[0])
            )
            if raw:
                best, taken = raw, length
                break
    return best, text[taken:]


def _initial(text: str, codec: str, *, is_declared: bool) -> bytes | None:
    try:
        return _encode_run(text, codec, is_declared=is_declared)
    except UnicodeEncodeError:
        return None


def _escaped(text: str, codec: str, initial: str) -> bytes | None:
    """Return text with the escape sequence of its codec before it."""
    try:
        raw = text.encode(codec)
    except UnicodeEncodeError:
        return None
    own = _OWN_ESCAPES.get(codec)
    if own is None:
        if codec not in _ESCAPES or (codec == "shift_jis" and len(raw) != len(text)):
            return None
        return _ESCAPES[codec] + raw
    escapes = re.findall(rb"\x1b(?:\$\(.|\$.|..)", raw)
    if not raw.startswith(own) or set(escapes) - {own, _BACK_TO_ASCII}:
        return None
    if initial == "shift_jis" and raw.endswith(_BACK_TO_ASCII):
        return raw[: -len(_BACK_TO_ASCII)] + _BACK_TO_ROMAJI
    return raw
