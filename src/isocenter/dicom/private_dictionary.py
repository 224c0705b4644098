"""VR and name of private elements that are publicly known, by their private creator (PS3.5 7.8).

Kept apart from ``dictionary``: only JSON and printed headers ask for private elements.
"""

from functools import lru_cache

from isocenter.dicom.dictionary import is_private_creator
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.private_table import PRIVATE_ELEMENTS
from isocenter.dicom.text import Encodings, decode_values


def private_creator(dataset: DataSetIndex, tag: int, encodings: Encodings) -> str:
    """Return the private creator of a private element, ``""`` where none reserved its block.

    (gggg,bbee) belongs to the creator named in (gggg,00bb) of the same Data Set (PS3.5 7.8.1).
    """
    block = (tag & 0xFF00) >> 8
    if block < 0x10:
        return ""
    return decode_values(dataset.value(tag & 0xFFFF0000 | block), encodings)[0]


def private_vr(dataset: DataSetIndex, tag: int, encodings: Encodings) -> str:
    """Return the VR of a private element, ``UN`` where it is not known."""
    if is_private_creator(tag):
        return "LO"
    creator = private_creator(dataset, tag, encodings)
    return private_entry(creator, tag)[0] if creator else "UN"


def private_entry(creator: str, tag: int) -> tuple[str, str]:
    """Return VR and name of the element of a private creator, ``("UN", "")`` if not known."""
    elements = _elements(creator)
    text = f"{tag:08X}"
    for mask in (text, f"{text[:4]}xx{text[6:]}", f"{text[:2]}xxxx{text[6:]}"):
        if mask in elements:
            return elements[mask]
    return "UN", ""


@lru_cache(maxsize=64)
def _elements(creator: str) -> dict[str, tuple[str, str]]:
    """Return mask -> (VR, name) of one creator; the mask has x for any digit."""
    elements = {}
    for line in PRIVATE_ELEMENTS.get(creator, "").splitlines()[1:]:
        mask, vr, name = f"{line} ".split(" ", 2)
        elements[mask] = (vr.replace("_", " "), name.rstrip())
    return elements
