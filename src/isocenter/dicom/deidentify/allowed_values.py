"""Whether the value of an attribute of the allow-list may stay, and what it then is.

Each class of the list has its condition (``allow_list.py``). A value that does not meet it comes
back as None, a value that stays as the very same bytes object.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from isocenter.dicom.deidentify import pseudonyms
from isocenter.dicom.deidentify.allow_list import Allowed
from isocenter.dicom.deidentify.core_codes import (
    BODY_PARTS,
    MODALITIES,
    PATIENT_POSITIONS,
    PHOTOMETRIC_INTERPRETATIONS,
    RELATIONSHIP_TYPES,
    VALUE_TYPES,
    is_standard_number,
)
from isocenter.dicom.deidentify.forms import has_form, reads_as_letters
from isocenter.dicom.deidentify.icc import cleaned_icc_profile
from isocenter.dicom.deidentify.vocabulary import harmless_words
from isocenter.dicom.dictionary import vr_of

CHARACTER_SET = 0x00080005
_ICC_PROFILE = 0x00282000
_TEXT_VRS = frozenset(
    {
        *("LO", "SH", "ST", "LT", "UT", "UC", "CS", "PN", "AE", "UR"),
        *("IS", "DS", "UI", "AS", "DA", "TM", "DT"),
    }
)
_BULK_VRS = frozenset({"OB", "OW", "OF", "OD", "OL", "OV"})
# Code strings that say what the object is: taken from a list, whoever is called so.
_CORE_CODES = {
    0x00080060: MODALITIES,
    0x00080061: MODALITIES,
    0x00280004: PHOTOMETRIC_INTERPRETATIONS,
    0x00185100: PATIENT_POSITIONS,
    0x0040A040: VALUE_TYPES,
    0x0040A010: RELATIONSHIP_TYPES,
}
_BODY_PART = 0x00180015
# The place of each value counts: those that cannot stay are replaced one by one.
_IMAGE_TYPES = frozenset({0x00080008, 0x00089007})
_OTHER = b"OTHER"
_IDENTIFIER_DIGITS_MIN = 5
_MISSPELLED = re.compile(rb"ISO.IR.([0-9]{1,3})")
_REPERTOIRE = re.compile(rb"|GB18030|GBK|ISO_IR [0-9]{1,3}|ISO 2022 (?:IR [0-9]{1,3}|GBK)")


class Judge(NamedTuple):
    """What values of one file are judged by: the words that name its people, its new UIDs."""

    own: frozenset[str]
    mapped_uid: Callable[[str], str]

    def is_harmless(self, value: bytes) -> bool:
        """Return whether each word is of the vocabulary and none of them names somebody here."""
        words = harmless_words(value)
        if words is None:
            return False
        return self.own.isdisjoint(words) and text_of(value).upper() not in self.own

    def value_that_stays(self, tag: int, found: Allowed, vr: str, value: bytes) -> bytes | None:
        """Return the value as it may stay, the same object where it is unchanged, else None."""
        kind = found.kind
        if not value.strip(b"\0 "):
            return value if kind != "code" else None
        if kind == "number":
            is_good = has_form(vr, value, found.values_max) and not self._identifies(vr, value)
            return value if is_good else None
        if kind == "enumerated":
            return self._enumerated(tag, value)
        if kind == "text":
            return value if self.is_harmless(value) else None
        if kind == "uid":
            return self._class_uids(value)
        return self._of_bytes(tag, kind, vr, value)

    def _identifies(self, vr: str, value: bytes) -> bool:
        """Return whether a number is that of this patient or case, and not by chance."""
        if vr not in ("IS", "DS") or len(value) < _IDENTIFIER_DIGITS_MIN:
            return False
        numbers = texts_of(value)
        return any(len(one) >= _IDENTIFIER_DIGITS_MIN and one in self.own for one in numbers)

    def _of_bytes(self, tag: int, kind: str, vr: str, value: bytes) -> bytes | None:
        if kind == "tag":
            return value if has_form("AT", value) and _points_at_standard(value) else None
        if kind == "bulk":
            is_opaque = vr in _BULK_VRS and vr not in ("OF", "OD")
            is_good = not reads_as_letters(value) if is_opaque else has_form(vr, value)
            return value if is_good else None
        if tag == CHARACTER_SET:
            return _repertoires(value)
        if tag == _ICC_PROFILE:
            return cleaned_icc_profile(value) or None
        return None

    def _enumerated(self, tag: int, value: bytes) -> bytes | None:
        parts = value.rstrip(b"\0 ").split(b"\\")
        core = _CORE_CODES.get(tag)
        if core is not None:
            return value if all(part.strip() in core for part in parts if part) else None
        if tag == _BODY_PART and all(part.strip() in BODY_PARTS for part in parts):
            return value
        are_good = [self.is_harmless(part) or is_standard_number(part) for part in parts]
        if all(are_good):
            return value
        if tag not in _IMAGE_TYPES:
            return None
        pairs = zip(parts, are_good, strict=True)
        return b"\\".join(part if is_good else _OTHER for part, is_good in pairs)

    def _class_uids(self, value: bytes) -> bytes:
        """Return UIDs that are no instance's: those of the standard stay."""
        uids = texts_of(value)
        if all(pseudonyms.is_of_standard(uid) for uid in uids):
            return value
        made = [uid if pseudonyms.is_of_standard(uid) else self.mapped_uid(uid) for uid in uids]
        return "\\".join(made).encode()


def vr_to_read(stored: str, vrs: tuple[str, ...]) -> str:
    """Return the VR by which a value is read, ``""`` where the stored one cannot be right.

    UN is encoded as PS3.6 says (PS3.5 6.2.2), and one form of text may stand for another one.
    """
    if stored in vrs:
        return stored
    first = vrs[0]
    if stored in ("UN", " or ".join(vrs)):
        return first
    if first in _TEXT_VRS and stored in _TEXT_VRS:
        return first
    return stored if first in _BULK_VRS and stored in _BULK_VRS else ""


def text_of(value: bytes) -> str:
    """Return a value as text, byte by byte, without padding."""
    return value.decode("latin-1").strip(" \0")


def texts_of(value: bytes) -> list[str]:
    """Return several values, of an empty one one empty text."""
    return [part.strip(" \0") for part in text_of(value).split("\\")]


def _points_at_standard(value: bytes) -> bool:
    for start in range(0, len(value), 4):
        group, element = value[start : start + 2], value[start + 2 : start + 4]
        tag = int.from_bytes(group, "little") << 16 | int.from_bytes(element, "little")
        if tag and vr_of(tag) == "UN":
            return False
    return True


def _repertoires(value: bytes) -> bytes | None:
    """Return Specific Character Set, spelled as the standard does, None where it is none."""
    parts = [part.strip() for part in value.rstrip(b"\0 ").split(b"\\")]
    if all(_REPERTOIRE.fullmatch(part) for part in parts):
        return value
    spelled = [_MISSPELLED.sub(rb"ISO_IR \1", part) for part in parts]
    return b"\\".join(spelled) if all(_REPERTOIRE.fullmatch(part) for part in spelled) else None
