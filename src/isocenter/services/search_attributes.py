"""Which attributes belong to which level, and how their values are found: one table.

Storing and searching use the same rows, so that whatever is kept can be asked for.

References
----------
PS3.18 10.6 (required matching keys and returned attributes), PS3.3 A.1 (levels).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from isocenter.dicom.dictionary import vr_of
from isocenter.dicom.matching import (
    date_span,
    date_time_span,
    name_groups,
    name_words,
    plain_text,
    time_span,
)
from isocenter.store.catalog_facts import INSTANCE, SERIES, STUDY, SearchValue

Document = Mapping[str, Any]

# How a value is searched: which of the texts of one value a condition is held against.
VALUE, WORD = "v", "w"
NAME_PARTS = ("a", "i", "p")
MODALITIES_IN_STUDY = "00080061"
SOP_CLASSES_IN_STUDY = "00080062"
MODALITY, SOP_CLASS_UID = "00080060", "00080016"


def tags(text: str) -> frozenset[str]:
    """Return the words of a text: tables are written here as the standard writes them."""
    return frozenset(text.split())


# Attributes that a Study gives back when they are asked for: Patient and Study modules.
STUDY_ATTRIBUTES = tags(
    """
    00080005 00080020 00080030 00080050 00080051 00080090 00080096 0008009C 00081030 00081032
    00081048 00081049 00081060 00081062 00081080 00081084 00081110 00081120 00100010 00100020
    00100021 00100022 00100024 00100030 00100032 00100033 00100040 00101000 00101001 00101002
    00101005 00101010 00101020 00101021 00101030 00101040 00101060 00102000 00102110 00102154
    00102160 00102180 001021A0 001021B0 001021C0 001021D0 001021F0 00102201 00102202 00102203
    00102292 00102293 00102294 00102296 00102297 00104000 00120010 00120020 00120021 00120030
    00120031 00120040 00120042 00120050 00120051 00120060 00120062 00120063 00120064 0020000D
    00200010 00321032 00321033 00321060 00324000 00380010 00380500 00400001
    """
)
SERIES_ATTRIBUTES = tags(
    """
    00080005 00080021 00080031 00080060 00080064 00080068 00080070 00080080 00080081 00081010
    0008103E 0008103F 00081040 00081050 00081052 00081070 00081072 00081090 00081111 00081250
    00180015 00181000 00181016 00181018 00181019 00181020 00181030 00185100 0020000E 00200011
    00200052 00200060 00201040 00280108 00280109 00321064 00400241 00400244 00400245 00400250
    00400251 00400253 00400254 00400260 00400275 00400280 00540400
    """
)
# What is given back of an Instance without asking; everything else is in its metadata.
INSTANCE_ATTRIBUTES = tags(
    """
    00080005 00080012 00080013 00080016 00080018 00080023 00080033 00200012 00200013 00280008
    00280010 00280011 00280100
    """
)
# What is searched by values of its own, besides the columns of the tables.
_STUDY_SEARCHED = tags(
    """
    00080090 00081030 00081048 00081060 00100010 00100021 00100030 00100032 00100040 00101000
    00101001 00101010 00102160 00102180 001021B0 00104000 00120010 00120040 00321060 00380010
    00081032.00080100 00321032
    """
)
_SERIES_SEARCHED = tags(
    """
    00080021 00080031 00080070 00080080 0008103E 00081010 00081040 00081050 00081070 00081090
    00180015 00181000 00181030 00185100 00200052 00200060 00201040 00400244 00400245 00400253
    00400254 00400275.00400007 00400275.00400009 00400275.00401001 00400275.00080050
    """
)
SEARCHED: dict[int, frozenset[str]] = {
    STUDY: _STUDY_SEARCHED,
    SERIES: _SERIES_SEARCHED,
    INSTANCE: frozenset(),
}


@lru_cache(maxsize=4096)
def vr_of_path(path: str) -> str:
    """Return the VR of the last attribute of a path such as ``00400275.00400009``."""
    return vr_of(int(path.rpartition(".")[2], 16)).partition(" ")[0]


def values_at(document: Document, path: str) -> Iterator[object]:
    """Yield the values of DICOM JSON at a path of sequences, in all Items."""
    tag, _, rest = path.partition(".")
    element = document.get(tag)
    # An ABC would cost half of the time here, for every attribute of every Instance.
    values = element.get("Value", ()) if isinstance(element, dict) else ()
    for value in values:
        if not rest:
            yield value
        elif isinstance(value, dict):
            yield from values_at(value, rest)


def search_values(document: Document, paths: Iterable[str]) -> tuple[SearchValue, ...]:
    """Return what a Data Set is found by at these paths."""
    return tuple(
        SearchValue(path, part, text)
        for path in paths
        if path[:8] in document
        for value in values_at(document, path)
        for part, text in texts_of(value, vr_of_path(path))
        if text
    )


def texts_of(value: object, vr: str) -> list[tuple[str, str]]:
    """Return the texts by which one value is found, each with its part."""
    if value is None:
        return []
    if vr == "PN":
        groups = name_groups(value)
        words = [word for text in groups.values() for word in name_words(text)]
        return [*groups.items(), *((WORD, word) for word in words)]
    if vr in _SPANS:
        span = _SPANS[vr](str(value))
        return [(VALUE, span.first)] if span else []
    return [(VALUE, plain_text(value))]


_SPANS = {"DA": date_span, "TM": time_span, "DT": date_time_span}
