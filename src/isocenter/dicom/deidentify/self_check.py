"""The self-check: search a result for the identifying values of its source.

The result is parsed anew. The words of its texts, decoded, inflated and freed of NULs and base64,
are compared with words of the source; every byte of it, Pixel Data included, is searched for
values of eight bytes and more; values too short for that are compared element by element.
A hit tells where and what kind, never the value.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from isocenter.dicom.deidentify import flags
from isocenter.dicom.deidentify.byte_search import ByteSearch
from isocenter.dicom.deidentify.harmless_words import is_harmless
from isocenter.dicom.deidentify.identifiers import Identifiers, Path
from isocenter.dicom.deidentify.identifying_tokens import (
    FORM_BYTES_MIN,
    Kind,
    Token,
    find_words,
    folded,
    is_text,
    phrase_of,
)
from isocenter.dicom.deidentify.profile import BASIC_PROFILE_CODE, OPTION_CODES
from isocenter.dicom.dictionary import TEXT_VRS, keyword_of
from isocenter.dicom.header_index import (
    PIXEL_DATA,
    DataSetIndex,
    Fragment,
    HeaderIndex,
    index_elements,
    index_header,
    index_meta,
)
from isocenter.dicom.streams import ByteSource, BytesSource
from isocenter.dicom.text import DEFAULT as DEFAULT_ENCODINGS
from isocenter.dicom.text import Encodings, decode, encodings_of
from isocenter.dicom.uids import IMPLEMENTATION_VERSION, INFLATED
from isocenter.errors import InvalidInputError
from isocenter.limits import DEFAULT, Limits

DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"

# Texts of any words, and texts of a narrower repertoire, where short numbers mean nothing.
_FREE = frozenset({"AE", "UR", *TEXT_VRS})
_CODED = frozenset({"AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI"})
_BINARY = frozenset({"OB", "UN"})
_BINARY_BYTES_MAX = 1 << 24
_BINARY_PLAIN_BYTES = 2  # such as the version of the file meta
_NOT_PLAIN = re.compile(rb"[\x00\x1b]")
_EMPTY = b"\0 .\\"
_ZLIB_STARTS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b\x08")
_ANY_WINDOW = 32 + zlib.MAX_WBITS  # zlib or gzip, whichever the first bytes say
_RAW_DEFLATE = -zlib.MAX_WBITS
_INFLATED_BYTES_MAX = 1 << 26
_STARTS_MAX = 64
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4}[\r\n]{0,2}){4,}[A-Za-z0-9+/]{0,3}={0,2}")
_DATE = re.compile(rb"\d{8}")
# What stands for an unknown day, here and in other programs.
_NO_DAYS = frozenset({"19000101", "1900 01 01", "01 01 1900"})
# What a result says of itself; a source may have said the same.
_OWN_TEXT = " ".join(
    phrase_of(text)
    for text in (
        IMPLEMENTATION_VERSION,
        BASIC_PROFILE_CODE[1],
        *(meaning for _, meaning in OPTION_CODES.values()),
    )
)
_UIDS = re.compile(r"[0-9]+(?:\.[0-9]+)+")
# Words of which only a part is letters or digits, as SMITH01.
_RUNS = re.compile(r"[a-z]{4,}|[0-9]{6,}")


class Hit(NamedTuple):
    """One identifying value of the source that the result still holds.

    Attributes
    ----------
    where
        Tags and numbers of Items down to the element, ``Pixel Data``, or ``byte N``.
    kind
        What sort of value it is; never the value.
    """

    where: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.kind} in {self.where}"


class _Text(NamedTuple):
    """A text of the result: where it stands, its folded form, whether any words may be there."""

    where: Path
    text: str
    is_free: bool = False


def check(
    output: ByteSource,
    identifiers: Identifiers,
    *,
    allowed: Iterable[str] = (),
    limits: Limits = DEFAULT,
) -> tuple[Hit, ...]:
    """Return where the result still holds values of its source; ``()`` lets it pass.

    Parameters
    ----------
    output
        The whole file as it is to be released.
    identifiers
        Of its source, by ``collect`` under the same profile.
    allowed
        Values that may be there although the source has them: what the caller set, dummies.

    Raises
    ------
    InvalidInputError, TooLargeError
        If the output cannot be parsed to its depth: it is as little released as with a hit.
    """
    plain, header = _parsed(output, limits)
    values = [*allowed, *_shifted_dates(header.dataset, identifiers)]
    permitted = f" {' '.join(phrase_of(value) for value in values)} "
    tokens = [token for token in identifiers.tokens.values() if f" {token.words} " not in permitted]
    search = ByteSearch(tokens)
    in_texts = list(_in_texts(header, tokens, identifiers, limits))
    hits = [hit for _, hit in in_texts]
    named = {token.words for token, _ in in_texts}
    found = search.in_source(plain)
    if plain is not output:
        found += search.in_source(output)
    hits += [
        Hit(_place(header, offset), token.kind)
        for token, offset in found
        if token.words not in named and not _is_dismissed(token, identifiers)
    ]
    if header.transfer_syntax_uid == DEFLATED_FRAMES:
        hits += _in_deflated_frames(plain, header.fragments, search, identifiers, limits)
    hits += _unchanged(header.dataset, identifiers, permitted)
    return tuple(dict.fromkeys(hits))


def check_name(name: str, identifiers: Identifiers) -> bool:
    """Return whether the name of a file or folder holds no identifying value."""
    text = _Text((), folded(name), is_free=True)
    tokens = list(identifiers.tokens.values())
    if any(not _is_dismissed(token, identifiers) for _, token in _hits_in([text], tokens)):
        return False
    small = name.encode(errors="replace").lower()
    return not any(
        form in small and not _is_dismissed(token, identifiers)
        for token in tokens
        for form in token.forms
    )


def _parsed(output: ByteSource, limits: Limits) -> tuple[ByteSource, HeaderIndex]:
    """Return the index of the output, and the output itself or its inflated twin."""
    meta = index_meta(output, limits)
    if meta.transfer_syntax_uid not in INFLATED:
        return output, index_header(output, limits)
    data = _inflated(
        output.read_at(meta.end, output.size - meta.end), _RAW_DEFLATE, limits.inflated_bytes
    )
    if data is None:
        raise InvalidInputError("the deflated result cannot be inflated again")
    dataset = index_elements(data, is_implicit=False, limits=limits)
    index = HeaderIndex(meta.elements, dataset, meta.transfer_syntax_uid, [], meta.has_preamble)
    return BytesSource(data), index


def _in_texts(
    header: HeaderIndex, tokens: list[Token], identifiers: Identifiers, limits: Limits
) -> Iterator[tuple[Token, Hit]]:
    """Yield what is found among the words of the texts; none, the common case, is fast."""
    joined = _plain_texts(header)
    if joined is None:
        texts = list(_texts(header, limits))
        joined = [
            _Text(
                (), " \n ".join([text.text for text in texts if text.is_free is is_free]), is_free
            )
            for is_free in (True, False)
        ]
    suspects = [
        token for _, token in _hits_in(joined, tokens) if not _is_dismissed(token, identifiers)
    ]
    if suspects:
        for text, token in _hits_in(list(_texts(header, limits)), suspects):
            yield token, Hit(_name(text.where), token.kind)


def _plain_texts(header: HeaderIndex) -> list[_Text] | None:
    """Return all free and all coded texts, None where one of them can be read in several ways.

    Nearly every file is plain ASCII, and one search of all its texts is several times as fast.
    """
    free: list[bytes] = []
    coded: list[bytes] = []
    pending = [header.meta, header.dataset]
    while pending:
        level = pending.pop()
        for tag, (vr, _, _, length, _) in level.elements.items():
            if vr in _CODED:
                coded.append(level.value(tag))
            elif vr in _FREE:
                free.append(level.value(tag).rstrip(b"\0"))
            elif vr == "SQ":
                pending += level.each_item(tag)
            elif vr in _BINARY and tag != PIXEL_DATA and length > _BINARY_PLAIN_BYTES:
                return None
    everything = b" \n ".join(free)
    if not everything.isascii() or _NOT_PLAIN.search(everything):
        return None
    hidden = [folded(_from_base64(run)) for run in _BASE64.findall(everything)]
    return [
        _Text((), " \n ".join([everything.decode("ascii").lower(), *hidden]), is_free=True),
        _Text((), b" \n ".join(coded).decode("latin-1").lower()),
    ]


def _hits_in(texts: list[_Text], tokens: list[Token]) -> Iterator[tuple[_Text, Token]]:
    by_key: dict[str, list[Token]] = {}
    for token in tokens:
        by_key.setdefault(token.key, []).append(token)
    unspaced = [token for token in tokens if not token.words.isascii()]
    for text in texts:
        words = find_words(text.text)
        present = {*words, *_RUNS.findall(text.text), *_UIDS.findall(text.text)}
        spaced = ""
        for key in present & by_key.keys():
            spaced = spaced or f" {' '.join(words)} "
            for token in by_key[key]:
                if _stands_in(token, spaced) and (text.is_free or not _is_ordinary(token)):
                    yield text, token
        if unspaced and not text.text.isascii():
            # Chinese and Japanese have no blanks between words.
            yield from ((text, token) for token in unspaced if token.words in text.text)


def _stands_in(token: Token, spaced: str) -> bool:
    if token.kind is Kind.UID or " " not in token.words:
        return True
    return f" {token.words} " in spaced


def _is_ordinary(token: Token) -> bool:
    """Return whether it is a number as numeric elements are full of them."""
    return token.words.isdigit() and len(token.words) < FORM_BYTES_MIN


def _is_dismissed(token: Token, identifiers: Identifiers) -> bool:
    """Return whether finding it means nothing: a harmless word, or the profile keeps the same."""
    if is_harmless(token.words):
        return True
    retained = identifiers.retained_text
    if token.kind is Kind.DATE:  # makers write dates into UIDs
        return token.words in _NO_DAYS or (bool(retained) and token.words in retained)
    if f" {phrase_of(token.words)} " in retained:
        return True
    if token.kind is Kind.UID:
        return False
    is_own = token.words in _OWN_TEXT or token.words in identifiers.kept_text
    return not token.is_strong and is_own


def _texts(header: HeaderIndex, limits: Limits) -> Iterator[_Text]:
    """Yield every text of the result, folded, in each way that it can be read."""
    pending: list[tuple[Path, DataSetIndex, Encodings]] = [
        ((), header.meta, DEFAULT_ENCODINGS),
        ((), header.dataset, DEFAULT_ENCODINGS),
    ]
    while pending:
        path, level, inherited = pending.pop()
        encodings = encodings_of(level, inherited)
        for tag, (vr, _, _, length, _) in level.elements.items():
            if vr == "SQ":
                for number, item in enumerate(level.each_item(tag)):
                    pending.append(((*path, tag, number), item, encodings))
            elif vr in _CODED:
                yield _Text((*path, tag), level.value(tag).decode("latin-1").lower())
            elif vr in _FREE:
                yield from _readings((*path, tag), level.value(tag), encodings)
            elif vr in _BINARY and tag != PIXEL_DATA and length <= _BINARY_BYTES_MAX:
                yield from _in_binary((*path, tag), level.value(tag), encodings, limits)


def _readings(where: Path, raw: bytes, encodings: Encodings) -> Iterator[_Text]:
    """Yield a text as its character set says, without NULs, as UTF-8, and what base64 hides."""
    if raw.isascii() and b"\x1b" not in raw:
        yield _Text(where, raw.decode("ascii").lower(), is_free=True)
    else:
        yield _Text(where, folded(decode(raw, encodings)), is_free=True)
        yield _Text(where, folded(raw.decode("utf-8", "replace")), is_free=True)
        yield _Text(where, folded(raw.decode("latin-1")), is_free=True)
    if b"\0" in raw[:-1]:
        yield _Text(where, folded(raw.replace(b"\0", b"").decode("latin-1")), is_free=True)
        for codec in ("utf-16-le", "utf-16-be"):
            yield _Text(where, folded(raw.decode(codec, "replace")), is_free=True)
    if len(raw) >= 2 * FORM_BYTES_MIN:
        for run in _BASE64.findall(raw):
            yield _Text(where, folded(_from_base64(run)), is_free=True)


def _from_base64(run: bytes) -> str:
    letters = b"".join(run.split()).rstrip(b"=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        raw = base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return ""
    return raw.replace(b"\0", b"").decode("utf-8", "replace")


def _in_binary(where: Path, raw: bytes, encodings: Encodings, limits: Limits) -> Iterator[_Text]:
    if is_text(raw):
        yield from _readings(where, raw, encodings)
    for start in _ZLIB_STARTS:
        at = raw.find(start)
        for _ in range(_STARTS_MAX):
            if at < 0:
                break
            bound = min(limits.inflated_bytes, _INFLATED_BYTES_MAX)
            inflated = _inflated(raw[at:], _ANY_WINDOW, bound)
            if inflated:
                yield _Text(where, folded(inflated.decode("utf-8", "replace")), is_free=True)
            at = raw.find(start, at + 1)


def _inflated(data: bytes, window_bits: int, bytes_max: int) -> bytes | None:
    """Return what the data inflate to, at most so much of it; None where they do not."""
    try:
        return zlib.decompressobj(window_bits).decompress(data, bytes_max)
    except zlib.error:
        return None


def _in_deflated_frames(
    source: ByteSource,
    fragments: list[Fragment],
    search: ByteSearch,
    identifiers: Identifiers,
    limits: Limits,
) -> Iterator[Hit]:
    for fragment in fragments:
        stored = source.read_at(fragment.offset, fragment.length)
        inflated = _inflated(stored, _RAW_DEFLATE, limits.frame_bytes)
        for found in search.in_bytes(inflated or b""):
            if not _is_dismissed(found.token, identifiers):
                yield Hit("Pixel Data", found.token.kind)


def _unchanged(dataset: DataSetIndex, identifiers: Identifiers, permitted: str) -> Iterator[Hit]:
    """Yield elements that still have the source's own short value."""
    for path, tag, raw in identifiers.short:
        value = raw.strip(_EMPTY + b"0")
        level = _level_at(dataset, path)
        if not value or level is None or tag not in level.elements:
            continue
        if not path and tag in flags.FLAGS:
            continue
        is_same = level.value(tag).strip(_EMPTY + b"0") == value
        if is_same and f" {phrase_of(value.decode('latin-1'))} " not in permitted:
            yield Hit(_name((*path, tag)), Kind.TEXT)


def _shifted_dates(dataset: DataSetIndex, identifiers: Identifiers) -> Iterator[str]:
    """Yield the days that the result has where the profile shifts them.

    One of them may be another day of the source by chance; whether each was shifted is seen
    element by element.
    """
    shifted = [(path, tag) for path, tag, raw in identifiers.short if _DATE.match(raw)]
    for path, tag in shifted:
        level = _level_at(dataset, path)
        if level is not None and tag in level:
            for value in level.value(tag).decode("latin-1").split("\\"):
                yield value[:8]
                if _DATE.match(value.encode()):
                    yield f"{value[:4]} {value[4:6]} {value[6:8]}"


def _level_at(dataset: DataSetIndex, path: Path) -> DataSetIndex | None:
    level: DataSetIndex | None = dataset
    for tag, number in zip(path[::2], path[1::2], strict=True):
        items = level.items(tag) if level is not None and _is_sequence(level, tag) else []
        level = items[number] if number < len(items) else None
    return level


def _is_sequence(level: DataSetIndex, tag: int) -> bool:
    return tag in level and level.vr(tag) == "SQ"


def _place(header: HeaderIndex, offset: int) -> str:
    for level in (header.meta, header.dataset):
        for tag, (_, start, _, _, end) in level.elements.items():
            if start <= offset < end:
                return _name((tag,))
    return f"byte {offset}"


def _name(path: Path) -> str:
    """Return the keyword of each tag, or its number, with the numbers of Items from 1."""
    if not path:
        return "the texts"
    parts: list[str] = []
    for at, part in enumerate(path):
        if at % 2:
            parts[-1] += f"[{part + 1}]"
        else:
            parts.append(keyword_of(part) or f"({part >> 16:04X},{part & 0xFFFF:04X})")
    return ".".join(parts)
