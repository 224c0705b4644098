"""The data dictionary as the developer API tells it: keywords in tag order, filtered, typed.

Patterns come from callers. They run on RE2, whose time is linear in the text; a pattern that
would need a large program is refused, because linear times large is long too.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import re2

from isocenter.dicom.dictionary import keyword_of
from isocenter.dicom.dictionary_table import EDITION, ELEMENTS
from isocenter.errors import InvalidInputError
from isocenter.limits import Limits

# A constant of the documented API: it named a version of a library there, and clients compare it.
DICOM_VERSION = "3.0.1"
STANDARD_EDITION = EDITION
# What a pattern may compile to: some thousand instructions (measured: 20 ms for all keywords).
_PROGRAM_BYTES = 64 * 1024
# With room for the states of its automaton, RE2 stays ten times as fast.
_MATCHING_BYTES = 8 * 1024 * 1024
_TEXT = "<class 'str'>"
_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("US", "UL", "SS", "SL", "UV", "SV"), "<class 'int'>"),
    **dict.fromkeys(("FL", "FD"), "<class 'float'>"),
    **dict.fromkeys(("OB", "OW", "OD", "OF", "OL", "OV", "UN"), "<class 'bytes'>"),
    "DS": "<class 'pydicom.valuerep.DSfloat'>",
    "IS": "<class 'pydicom.valuerep.IS'>",
    "PN": "<class 'pydicom.valuerep.PersonName'>",
    "UI": "<class 'pydicom.uid.UID'>",
    "AT": "<class 'tuple'>",
}


@dataclass(frozen=True, slots=True)
class FieldFilters:
    """What keywords must have; each kind may be given several times, and all must hold."""

    contains: tuple[str, ...] = ()
    startswith: tuple[str, ...] = ()
    endswith: tuple[str, ...] = ()
    regex: tuple[str, ...] = ()


def allowed_fields(filters: FieldFilters, limits: Limits) -> list[str]:
    """Return the keywords that pass all filters, in the order of their tags.

    A regular expression matches at the beginning of a keyword.

    Raises
    ------
    InvalidInputError
        If a regular expression is none, or too long or too large.
    """
    patterns = [_compile(pattern, limits) for pattern in filters.regex]
    found: Iterable[str] = keywords()
    for text in filters.contains:
        found = [keyword for keyword in found if text in keyword]
    for text in filters.startswith:
        found = [keyword for keyword in found if keyword.startswith(text)]
    for text in filters.endswith:
        found = [keyword for keyword in found if keyword.endswith(text)]
    for pattern in patterns:
        found = [keyword for keyword in found if pattern.match(keyword)]
    return list(found)


@functools.cache
def keywords() -> tuple[str, ...]:
    """Return all keywords of the data dictionary, in the order of their tags (PS3.6)."""
    return tuple(keyword for tag in sorted(ELEMENTS) if (keyword := keyword_of(tag)))


@functools.cache
def required_types() -> Mapping[str, str]:
    """Return the type of each keyword's value in Python, in the same order.

    Elements that may have one of several VRs count as text, as in the documented API.
    """
    return {
        keyword: _TYPES.get(vr, _TEXT) for _, (vr, keyword) in sorted(ELEMENTS.items()) if keyword
    }


def _compile(pattern: str, limits: Limits) -> "re2._Regexp":
    bound = limits.pattern_characters
    if len(pattern) > bound:
        raise InvalidInputError(f"it has {len(pattern)} characters, more than the {bound} allowed")
    try:
        re2.compile(pattern, _options(_PROGRAM_BYTES))
        return re2.compile(pattern, _options(_MATCHING_BYTES))
    except re2.error as error:
        said = error.args[0] if error.args else b""
        words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise InvalidInputError(words or "it is not understood") from None
    except UnicodeEncodeError:
        raise InvalidInputError("it has characters that are none") from None
    finally:
        # The library keeps compiled patterns of all callers, of up to 8 MiB each.
        re2.purge()


def _options(memory_bytes: int) -> "re2.Options":
    options = re2.Options()
    options.max_mem = memory_bytes
    options.log_errors = False  # otherwise it writes the pattern to stderr
    options.never_capture = True
    return options
