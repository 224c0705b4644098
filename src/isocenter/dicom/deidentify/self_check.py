"""The self-check: search a result for the identifying values of its source.

The result is parsed anew. The words of its texts, decoded, inflated and freed of NULs and base64,
are compared with words of the source; every byte of it, Pixel Data included, is searched for
values of eight bytes and more; values too short for that are compared element by element.
A hit tells where and what kind, never the value.
"""

import re
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
    phrase_of,
)
from isocenter.dicom.deidentify.profile import BASIC_PROFILE_CODE, OPTION_CODES
from isocenter.dicom.deidentify.readable_texts import RAW_DEFLATE, Text, inflate, plain_texts, texts
from isocenter.dicom.dictionary import keyword_of
from isocenter.dicom.header_index import (
    DataSetIndex,
    Fragment,
    HeaderIndex,
    index_elements,
    index_header,
    index_meta,
)
from isocenter.dicom.streams import ByteSource, BytesSource
from isocenter.dicom.uids import DEFLATED_FRAMES, IMPLEMENTATION_VERSION, INFLATED
from isocenter.errors import InvalidInputError
from isocenter.limits import DEFAULT, Limits

_EMPTY = b"\0 .\\"
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
    text = Text((), folded(name), is_free=True)
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
    data = inflate(
        output.read_at(meta.end, output.size - meta.end), RAW_DEFLATE, limits.inflated_bytes
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
    joined = plain_texts(header)
    if joined is None:
        found = list(texts(header, limits))
        joined = [
            Text((), " \n ".join([text.text for text in found if text.is_free is is_free]), is_free)
            for is_free in (True, False)
        ]
    suspects = [
        token for _, token in _hits_in(joined, tokens) if not _is_dismissed(token, identifiers)
    ]
    if suspects:
        for text, token in _hits_in(list(texts(header, limits)), suspects):
            yield token, Hit(_name(text.where), token.kind)


def _hits_in(searched: list[Text], tokens: list[Token]) -> Iterator[tuple[Text, Token]]:
    by_key: dict[str, list[Token]] = {}
    for token in tokens:
        by_key.setdefault(token.key, []).append(token)
    unspaced = [token for token in tokens if not token.words.isascii()]
    for text in searched:
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


def _in_deflated_frames(
    source: ByteSource,
    fragments: list[Fragment],
    search: ByteSearch,
    identifiers: Identifiers,
    limits: Limits,
) -> Iterator[Hit]:
    for fragment in fragments:
        stored = source.read_at(fragment.offset, fragment.length)
        inflated = inflate(stored, RAW_DEFLATE, limits.frame_bytes)
        for found in search.in_bytes(inflated or b""):
            if not _is_dismissed(found.token, identifiers):
                yield Hit("Pixel Data", found.token.kind)


def _unchanged(dataset: DataSetIndex, identifiers: Identifiers, permitted: str) -> Iterator[Hit]:
    """Yield elements that still have the source's own short value."""
    for path, level, tag, raw in _same_places(dataset, identifiers):
        value = raw.strip(_EMPTY + b"0")
        if not value or (not path and tag in flags.FLAGS):
            continue
        is_same = level.value(tag).strip(_EMPTY + b"0") == value
        if is_same and f" {phrase_of(value.decode('latin-1'))} " not in permitted:
            yield Hit(_name((*path, tag)), Kind.TEXT)


def _shifted_dates(dataset: DataSetIndex, identifiers: Identifiers) -> Iterator[str]:
    """Yield the days that the result has where the profile shifts them.

    One of them may be another day of the source by chance; whether each was shifted is seen
    element by element.
    """
    for _, level, tag, raw in _same_places(dataset, identifiers):
        if _DATE.match(raw):
            for value in level.value(tag).decode("latin-1").split("\\"):
                yield value[:8]
                if _DATE.match(value.encode()):
                    yield f"{value[:4]} {value[4:6]} {value[6:8]}"


def _same_places(
    dataset: DataSetIndex, identifiers: Identifiers
) -> Iterator[tuple[Path, DataSetIndex, int, bytes]]:
    """Yield path, Data Set, tag and the source's value of elements to compare that are there.

    Each Item of the result is opened at most once, however many elements of it are compared.
    """
    wanted: dict[Path, list[tuple[int, bytes]]] = {}
    for path, tag, raw in identifiers.short:
        wanted.setdefault(path, []).append((tag, raw))
    sequences = {path[:end] for path in wanted for end in range(1, len(path), 2)}
    pending: list[tuple[Path, DataSetIndex]] = [((), dataset)]
    while pending:
        path, level = pending.pop()
        for tag, raw in wanted.get(path, ()):
            if tag in level:
                yield path, level, tag, raw
        for tag, entry in level.elements.items():
            if entry[0] == "SQ" and (*path, tag) in sequences:
                for number, item in enumerate(level.each_item(tag)):
                    pending.append(((*path, tag, number), item))


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
