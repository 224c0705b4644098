"""Words of a file that name its people, to be searched for in what would otherwise be harmless.

A patient may be called Chest, and a case number be the last word of a description. Whatever the
table of PS3.15 takes out of a file because of what it says is not left in another element.
The search of the finished output for such values is ``self_check.py``; this list is shorter.
"""

import re
from contextlib import suppress
from functools import lru_cache
from itertools import islice

from isocenter.dicom.deidentify.core_codes import MODALITIES
from isocenter.dicom.deidentify.profile import Option
from isocenter.dicom.deidentify.rules import row_of
from isocenter.dicom.dictionary import keyword_of, vr_of
from isocenter.dicom.header_index import DataSetIndex
from isocenter.errors import TruncatedError, UnusualEncodingError

_WORDS = re.compile(rb"[A-Za-z0-9]{3,}")
# Names of two letters are common in China.
_NAMES = re.compile(rb"[A-Za-z]{2,}|[0-9]{3,}")
_MODALITIES = frozenset(modality.decode() for modality in MODALITIES if len(modality) < 3)
_NOBODY = frozenset({"NONE", "UNKNOWN", "OTHER", "N/A", "YES", "NO"})
_TEXT_VRS = frozenset({"LO", "SH", "PN", "UT", "UC", "CS", "AE"})
_VALUE_BYTES_MAX = 1024
_ITEMS_MAX = 16
# Identifiers, whose parts identify as well; of other text only the whole does.
_IDENTIFIER = re.compile(r"ID(s|List)?$|Number|Identifier")


def own_words(dataset: DataSetIndex) -> frozenset[str]:
    """Return identifying words and values of a Data Set in capitals, of three characters or more.

    Persons and identifiers give each of their words, other text that the table removes gives its
    whole value. The root and the first Items of its listed sequences are read.
    """
    found: set[str] = set()
    _collect(dataset, found)
    for tag, entry in dataset.elements.items():
        if entry[0] == "SQ" and row_of(tag) is not None:
            with suppress(UnusualEncodingError, TruncatedError):  # what cannot be read is left out
                for item in islice(dataset.each_item(tag), _ITEMS_MAX):
                    _collect(item, found)
    # A phantom is called CT; a person whose name has two letters and no more is not found so.
    return frozenset(found) - _MODALITIES - _NOBODY


def _collect(dataset: DataSetIndex, found: set[str]) -> None:
    for tag, entry in dataset.elements.items():
        form = _names_whom(tag, entry[0]) if not tag >> 16 & 1 else ""
        if not form:
            continue
        value = dataset.value_part(tag, 0, _VALUE_BYTES_MAX).upper()
        if form != "whole":
            words = _NAMES if form == "person" else _WORDS
            found.update(word.decode() for word in words.findall(value))
        whole = value.strip(b"\0 ").decode("latin-1")
        if len(whole) > 2:
            found.add(whole)


@lru_cache(maxsize=8192)
def _names_whom(tag: int, vr: str) -> str:
    """Return ``person``, ``identifier``, ``whole``, or ``""`` where the value names nobody."""
    known = vr_of(tag)
    if "PN" in (vr, known):
        return "person"
    row = row_of(tag)
    if row is None or Option.CLEAN_DESCRIPTORS in row.options:
        return ""
    if vr not in _TEXT_VRS and known not in _TEXT_VRS:
        return ""
    return "identifier" if _IDENTIFIER.search(keyword_of(tag)) else "whole"
