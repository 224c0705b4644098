"""What a client searches for: names and values of a query as conditions on the catalog.

References
----------
PS3.18 8.3.4 (query parameters), 10.6.1 (QIDO-RS), PS3.4 C.2.2.2 (matching).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from isocenter.dicom.dictionary import keyword_of, tag_of
from isocenter.dicom.matching import (
    GROUPS,
    Span,
    date_span,
    date_time_span,
    fold_name,
    name_words,
    number_text,
    plain_text,
    time_span,
)
from isocenter.errors import InvalidInputError
from isocenter.limits import Limits
from isocenter.services.search_attributes import (
    MODALITIES_IN_STUDY,
    MODALITY,
    NAME_PARTS,
    SEARCHED,
    SOP_CLASS_UID,
    SOP_CLASSES_IN_STUDY,
    VALUE,
    WORD,
    vr_of_path,
)
from isocenter.store.catalog_facts import INSTANCE, SERIES, STUDY
from isocenter.store.query import COLUMNS, Between, Condition, Equal, Missing, Pattern, Test

_TAG = re.compile(r"[0-9A-Fa-f]{8}\Z")
_DIGITS = re.compile(r"[0-9]{1,18}\Z")
_PATH_PARTS_MAX = 8
_VALUE_CHARACTERS_MAX = 1024
_EMPTY = '""'
_EVERYTHING = "all"
_NUMBERS = frozenset({"IS", "DS", "US", "SS", "UL", "SL", "FL", "FD", "UV", "SV"})
_SPANS = {"DA": date_span, "TM": time_span, "DT": date_time_span}
# What is asked for at one level is kept at another one.
_ELSEWHERE = {
    MODALITIES_IN_STUDY: (SERIES, MODALITY),
    SOP_CLASSES_IN_STUDY: (INSTANCE, SOP_CLASS_UID),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What a client searches for.

    Attributes
    ----------
    conditions
        All of them must hold.
    ignored
        Attributes that cannot be searched, as the client named them.
    include
        Tags (eight hexadecimal digits) that results shall have besides the usual ones.
    include_all
        Whether results shall have everything that is known at their level.
    """

    conditions: tuple[Condition, ...] = ()
    ignored: tuple[str, ...] = ()
    include: frozenset[str] = frozenset()
    include_all: bool = False
    limit: int = 0
    offset: int = 0


def parse_query(
    pairs: Sequence[tuple[str, str]], limits: Limits, extra: dict[int, frozenset[str]] | None = None
) -> Query:
    """Return the query that decoded names and values of a URL say.

    Parameters
    ----------
    extra
        Attributes of each level that are searched besides the usual ones.

    Raises
    ------
    InvalidInputError
        If a name is no attribute, or a value is none of its kind.
    """
    options = _options(pairs)
    is_fuzzy = _flag(options, "fuzzymatching")
    has_empty = _flag(options, "emptyvaluematching")
    conditions: list[Condition] = []
    ignored: list[str] = []
    for name, value in pairs:
        if name in _OPTIONS:
            continue
        path = parse_path(name)
        # Lists of UIDs are looked up one by one; patterns and names are what costs.
        if len(value) > _VALUE_CHARACTERS_MAX and vr_of_path(path) != "UI":
            raise InvalidInputError("a value to search for is too long")
        level = _level_of(path, extra or {})
        if level is None:
            ignored.append(name)
        else:
            conditions += _conditions(level, path, value, is_fuzzy=is_fuzzy, has_empty=has_empty)
    fields = [
        field.strip() for name, text in pairs if name == "includefield" for field in text.split(",")
    ]
    return Query(
        conditions=tuple(conditions),
        ignored=tuple(dict.fromkeys(ignored)),
        include=frozenset(parse_path(f).partition(".")[0] for f in fields if _is_attribute(f)),
        include_all=_EVERYTHING in {field.lower() for field in fields},
        limit=min(_number(options, "limit", limits.search_results), limits.search_results),
        offset=_number(options, "offset", 0),
    )


_OPTIONS = frozenset(
    {
        *("limit", "offset", "fuzzymatching", "includefield"),
        *("emptyvaluematching", "multiplevaluematching", "accept", "charset"),
    }
)


def parse_path(name: str) -> str:
    """Return the path of an attribute as tags: ``00400275.00400009``.

    Parameters
    ----------
    name
        Keywords or tags, joined by dots where they lie in sequences.

    Raises
    ------
    InvalidInputError
        If one of them is neither.
    """
    parts = name.split(".")
    if len(parts) > _PATH_PARTS_MAX:
        raise InvalidInputError("the path of an attribute is too long")
    return ".".join(_tag(part) for part in parts)


def _tag(name: str) -> str:
    if _TAG.match(name):
        return name.upper()
    tag = tag_of(name)
    if tag is None:
        raise InvalidInputError("a parameter of the query is neither a keyword nor a tag")
    return f"{tag:08X}"


def _is_attribute(field: str) -> bool:
    return bool(field) and field.lower() != _EVERYTHING


def _options(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {name: value.strip() for name, value in pairs if name in _OPTIONS}


def _flag(options: dict[str, str], name: str) -> bool:
    text = options.get(name, "false").lower()
    if text not in {"true", "false", ""}:
        raise InvalidInputError(f"{name} is true or false")
    return text == "true"


def _number(options: dict[str, str], name: str, default: int) -> int:
    text = options.get(name, "")
    if not text:
        return default
    if not _DIGITS.match(text):
        raise InvalidInputError(f"{name} must be a whole number")
    return int(text)


def _level_of(path: str, extra: dict[int, frozenset[str]]) -> int | None:
    """Return the level that an attribute is searched at, ``None`` where it is not."""
    if path in _ELSEWHERE:
        return _ELSEWHERE[path][0]
    for level in (STUDY, SERIES, INSTANCE):
        known = path in SEARCHED[level] or path in extra.get(level, ())
        if known or (level, path) in COLUMNS:
            return level
    return None


def _conditions(
    level: int, path: str, value: str, *, is_fuzzy: bool, has_empty: bool
) -> list[Condition]:
    """Return the conditions of one parameter; none for one that everything matches."""
    if value == _EMPTY:
        # Without the option it is a value like others, which nobody has (PS3.18 8.3.4.4).
        return [_condition(level, path, Missing())] if has_empty else []
    if not value.strip("*").strip() and "?" not in value:
        return []  # universal matching: whatever it is, and also nothing (PS3.4 C.2.2.2.3)
    vr = vr_of_path(path)
    if vr == "PN":
        return _name_conditions(level, path, value, is_fuzzy=is_fuzzy)
    return [_condition(level, path, _test(vr, value))]


def _test(vr: str, value: str) -> Test:
    if vr in _SPANS:
        return _range(vr, value)
    if vr == "UI":
        return Equal(tuple(_list(value)))
    if vr in _NUMBERS:
        return Equal(tuple(map(number_text, _list(value))))
    return _text_test(value)


def _condition(level: int, path: str, test: Test) -> Condition:
    attribute = _ELSEWHERE.get(path, (level, path))[1]
    parts = NAME_PARTS if vr_of_path(attribute) == "PN" else (VALUE,)
    return Condition(level, attribute, test, parts)


def _list(value: str) -> list[str]:
    """Return the values of a list, which clients separate in either way (PS3.4 C.2.2.2.2)."""
    return [part.strip() for part in re.split(r"[\\,]", value) if part.strip()] or [value]


def _text_test(value: str) -> Test:
    text = plain_text(value)
    if "*" in text or "?" in text:
        return Pattern(text)
    values = tuple(part.strip() for part in text.split("\\") if part.strip())
    return Equal(values or (text,))


def _name_conditions(level: int, path: str, value: str, *, is_fuzzy: bool) -> list[Condition]:
    """Return conditions on component groups, or on words that names begin with.

    A value with ``=`` says which groups are meant; one without may match any of them.
    """
    groups = value.split("=")[: len(GROUPS)]
    if is_fuzzy:
        words = name_words(value.replace("*", " ").replace("?", " "))
        return [Condition(level, path, Pattern(f"{_literal(word)}*"), (WORD,)) for word in words]
    asked = zip(NAME_PARTS, groups, strict=False)
    meant = [(NAME_PARTS, value)] if len(groups) == 1 else [((part,), one) for part, one in asked]
    return [
        Condition(level, path, _name_test(group), parts)
        for parts, group in meant
        if fold_name(group).strip("*")  # what is empty, or any name, asks for nothing
    ]


def _name_test(text: str) -> Test:
    folded = fold_name(text)
    return Pattern(folded) if "*" in folded or "?" in folded else Equal((folded,))


def _literal(word: str) -> str:
    return word.replace("*", "").replace("?", "")


def _range(vr: str, value: str) -> Test:
    """Return the test of one moment or of a range; moments of less precision mean all within.

    A hyphen also begins the offset of a DT: what follows decides (PS3.4 C.2.2.2.5).
    """
    text = value.strip()
    if vr == "DA" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        text = text.replace("-", "")  # as many clients write a date
    single = _SPANS[vr](text) if not text.endswith("-") else None
    if single is not None:
        return _exactly(single)
    for at in (match.start() for match in re.finditer("-", text)):
        low, high = text[:at].strip(), text[at + 1 :].strip()
        first = _SPANS[vr](low) if low else Span("", "")
        last = _SPANS[vr](high) if high else Span("", "")
        if first is not None and last is not None and (low or high):
            return Between(first.first, last.last)
    raise InvalidInputError("a date or a time to search for is none, nor a range of them")


def _exactly(span: Span) -> Test:
    return Equal((span.first,)) if span.first == span.last else Between(span.first, span.last)


def sentence_of_ignored(ignored: Sequence[str]) -> str:
    """Return what a client is told of attributes that cannot be searched."""
    names = [keyword_of(int(parse_path(name)[-8:], 16)) or name for name in ignored]
    return f"not searched by: {', '.join(names)}" if names else ""
