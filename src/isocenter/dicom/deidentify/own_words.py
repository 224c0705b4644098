"""Words of a file that name its people, to be searched for in what would otherwise be harmless.

A patient may be called Chest, and a case number be the last word of a description. Whatever the
table of PS3.15 takes out of a file because of what it says is not left in another element.
The search of the finished output for such values is ``self_check.py``; this list is shorter.
"""

import re

from isocenter.dicom.deidentify.profile import Option
from isocenter.dicom.deidentify.rules import row_of
from isocenter.dicom.dictionary import keyword_of, vr_of
from isocenter.dicom.header_index import DataSetIndex

_WORDS = re.compile(rb"[A-Za-z0-9]{3,}")
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
            for number, item in enumerate(dataset.each_item(tag)):
                if number == _ITEMS_MAX:
                    break
                _collect(item, found)
    return frozenset(found)


def _collect(dataset: DataSetIndex, found: set[str]) -> None:
    for tag, entry in dataset.elements.items():
        vr = entry[0]
        if vr not in _TEXT_VRS and vr_of(tag) not in _TEXT_VRS:
            continue
        row = None if tag >> 16 & 1 else row_of(tag)
        is_person = vr == "PN" or vr_of(tag) == "PN"
        if row is None and not is_person:
            continue
        if row is not None and Option.CLEAN_DESCRIPTORS in row.options:
            continue
        value = dataset.value_part(tag, 0, _VALUE_BYTES_MAX)
        if is_person or _IDENTIFIER.search(keyword_of(tag)):
            found.update(word.decode().upper() for word in _WORDS.findall(value))
        whole = value.strip(b"\0 ").decode("latin-1").upper()
        if len(whole) > 2:
            found.add(whole)
