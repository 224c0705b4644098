"""One Data Set, cleaned to its depth: each element as its rule says, the rest left out.

``Cleaner`` holds what is the same for all Items of an Instance. Bytes that stay are copied as they
were; sequences are written anew with known lengths, so that nothing hides between their Items.
"""

from collections.abc import Callable
from typing import NamedTuple

from isocenter.dicom.deidentify import codes, pseudonyms
from isocenter.dicom.deidentify.actions import (
    dummy_element,
    empty_element,
)
from isocenter.dicom.deidentify.dates import shifted_date, shifted_date_time
from isocenter.dicom.deidentify.forms import has_form
from isocenter.dicom.deidentify.icc import cleaned_icc_profile
from isocenter.dicom.deidentify.iod_types import (
    OPTIONAL,
    REQUIRED,
    type_in_items,
    type_in_root,
)
from isocenter.dicom.deidentify.rules import DENIED, Action, Rule, Rules
from isocenter.dicom.deidentify.vocabulary import harmless_words
from isocenter.dicom.dictionary import LONG_VRS, vr_of
from isocenter.dicom.header_index import UNDEFINED, DataSetIndex
from isocenter.dicom.part10 import Elements, encode_element, encode_sequence

ISSUER = 0x00100021
_CHARACTER_SET = 0x00080005
_ICC_PROFILE = 0x00282000
_TEXT_VRS = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "CS", "PN", "AE", "UR"})
_PARSED_VRS = frozenset({"IS", "DS", "CS", "UI", "AS", "DA", "TM", "DT"})
_BULK_VRS = frozenset({"OB", "OW", "OF", "OD", "OL", "OV"})
_NUMBER_VRS = frozenset({"US", "SS", "UL", "SL", "FL", "FD", "UV", "SV", "AT"})
# Code strings that say what the object is: taken by their form, whoever is called so.
_CORE_CODES = frozenset(
    {0x00080060, 0x00080061, 0x00080064, 0x00185100, 0x00280004, 0x0040A010, 0x0040A040}
)
_IMAGE_TYPES = frozenset({0x00080008, 0x00089007})
# Concept names of content items that describe a person (PS3.16 TID 1001 and following).
_CHARACTERISTICS = frozenset({b"121032", b"121033", b"121034", b"121035"})
_CONCEPT_NAMES = 0x0040A043
_AGE_YEARS_MAX = 89


class Place(NamedTuple):
    """Where an element stands: its Data Set, the sequence around it (0: none), what keeps it."""

    dataset: DataSetIndex
    sequence_tag: int = 0
    is_retained: bool = False


class Identity(NamedTuple):
    """What makes pseudonyms of one patient: key, issuer of the root, shift of dates."""

    key: bytes
    issuer: str
    shift_days: int


class Cleaner:
    """Cleans the Data Sets of one Instance; counts and remembers what was replaced."""

    __slots__ = (
        "_handlers",
        "identity",
        "is_implicit",
        "kept",
        "overlays",
        "own",
        "removed",
        "replaced",
        "rules",
        "sop_class_uid",
        "uids",
        "values",
    )

    def __init__(
        self,
        rules: Rules,
        identity: Identity,
        own: frozenset[str],
        sop_class_uid: str,
        *,
        is_implicit: bool,
    ) -> None:
        self.rules = rules
        self.identity = identity
        self.own = own
        self.sop_class_uid = sop_class_uid
        self.is_implicit = is_implicit
        self.kept = self.replaced = self.removed = 0
        self.uids: dict[str, str] = {}
        # (tag of what was replaced, original) -> replacement, for the crosswalk
        self.values: dict[tuple[int, str], str] = {}
        self.overlays: list[int] = []
        self._handlers: dict[Action, Callable[[Place, int, Rule], bytes | None]] = {
            Action.REMOVE: self._remove,
            Action.EMPTY: self._empty,
            Action.DUMMY: self._dummy,
            Action.BY_TYPE: self._by_type,
            Action.UID: self._uid,
            Action.RETAIN: self._retain,
            Action.RECURSE: self._recurse,
            Action.SHIFT: self._shift,
            Action.WORDS: self._words,
            Action.ENTITY: self._entity,
            Action.OVERLAY: self._overlay,
            Action.PATIENT_ID: self._patient_id,
            Action.PATIENT_NAME: self._patient_name,
            Action.ALLOWED: self._allowed,
        }

    def clean(self, place: Place, left_out: frozenset[int] = frozenset()) -> Elements:
        """Return what stays of a Data Set, by tag."""
        found: Elements = {}
        is_code = any(tag in place.dataset.elements for tag in codes.CODE_TAGS)
        of, handlers = self.rules.of, self._handlers
        for tag in place.dataset.elements:
            if tag in left_out:
                continue
            rule = of(tag)
            if is_code and tag >> 8 == 0x000801 and place.sequence_tag:
                continue  # the code is taken as a whole, by ``items``
            made = handlers[rule.action](place, tag, rule)
            if made is None:
                self.removed += 1
            else:
                found[tag] = made
        return found

    def items(self, place: Place, tag: int, rule: Rule) -> list[Elements]:
        """Return the Items of a sequence that stay, cleaned."""
        kept = []
        is_retained = rule.is_retained or place.is_retained
        for item in place.dataset.each_item(tag):
            inside = Place(item, tag, is_retained)
            code: Elements = {}
            if any(code_tag in item.elements for code_tag in codes.CODE_TAGS):
                found = self._code(inside)
                if found is None:
                    self.removed += len(item.elements)
                    continue
                code = found
            elif self._describes_patient(item):
                self.removed += len(item.elements)
                continue
            kept.append({**self.clean(inside), **code})
        return kept

    # --- one handler for each action --------------------------------------------------------------

    def _remove(self, place: Place, tag: int, rule: Rule) -> None:
        """X."""

    def _empty(self, place: Place, tag: int, rule: Rule) -> bytes:
        """Z, which may be a dummy: it is one where the IOD asks for a value."""
        if self._type(place, tag) == REQUIRED:
            return self._dummy(place, tag, rule)
        self.replaced += 1
        return empty_element(tag, is_implicit=self.is_implicit)

    def _dummy(self, place: Place, tag: int, rule: Rule) -> bytes:
        if vr_of(tag) == "UI":
            return self._uid(place, tag, rule)
        self.replaced += 1
        return dummy_element(tag, is_implicit=self.is_implicit)

    def _by_type(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        """Return the weakest of the choices that the type of the attribute permits."""
        kind = self._type(place, tag)
        choices = rule.choices
        if kind == OPTIONAL and "X" in choices:
            return None
        if "Z" in choices and (kind != REQUIRED or "D" not in choices):
            return self._empty(place, tag, rule)
        return self._dummy(place, tag, rule)

    def _denied(self, place: Place, tag: int) -> bytes | None:
        return self._by_type(place, tag, DENIED)

    def _uid(self, place: Place, tag: int, rule: Rule) -> bytes:
        del rule
        value = self._value(place, tag)
        uids = [self.mapped_uid(one) for one in _texts(value)] if value.strip(b"\0 ") else []
        self.replaced += 1
        return self._encode(tag, "\\".join(uids).encode())

    def _retain(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        del rule
        vr = vr_of(tag).partition(" ")[0]
        value = self._value(place, tag)
        if vr == "AS":
            value = _capped_ages(value)
        is_form_known = vr in _PARSED_VRS and vr != "CS"
        if is_form_known and not has_form(vr, value):
            return self._denied(place, tag)
        return self._copied(place, tag, vr, value)

    def _recurse(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        entry = place.dataset.elements[tag]
        if entry[0] not in ("SQ", "UN"):
            return self._denied(place, tag)
        items = self.items(place, tag, rule)
        if not items and entry[4] > entry[2] + 8:
            return self._denied(place, tag)  # it had Items, and none of them stays
        self.kept += 1
        return encode_sequence(tag, items, is_implicit=self.is_implicit)

    def _shift(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        del rule
        move = shifted_date if vr_of(tag) == "DA" else shifted_date_time
        value = self._value(place, tag)
        if not value.strip(b"\0 "):
            return self._copied(place, tag, vr_of(tag), value)
        moved = [move(one, self.identity.shift_days) for one in _texts(value)]
        if not all(moved):
            return self._denied(place, tag)
        self.replaced += 1
        return self._encode(tag, "\\".join(moved).encode())

    def _words(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        del rule
        value = self._value(place, tag)
        if not self.is_harmless(value):
            return self._denied(place, tag)
        return self._copied(place, tag, vr_of(tag), value)

    def _entity(self, place: Place, tag: int, rule: Rule) -> bytes:
        del rule
        value = self._value(place, tag).strip(b"\0 ")
        names = [pseudonyms.application_entity(self.identity.key, one) for one in _texts(value)]
        self.replaced += 1
        return self._encode(tag, "\\".join(names).encode() if value else b"")

    def _overlay(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        del rule
        if place.sequence_tag or place.dataset.vr(tag) not in ("OW", "OB", "OB or OW"):
            return None
        self.overlays.append(tag >> 16)
        return self._copied(place, tag, place.dataset.vr(tag), self._value(place, tag))

    def _patient_id(self, place: Place, tag: int, rule: Rule) -> bytes:
        del rule
        made = self._pseudonym(place, tag)
        return self._encode(tag, made.encode())

    def _patient_name(self, place: Place, tag: int, rule: Rule) -> bytes:
        """Return the pseudonym of the Patient ID, so that a name stands for one patient."""
        del rule
        original = _text(self._value(place, tag))
        id_of = PATIENT_ID_TAG if PATIENT_ID_TAG in place.dataset else tag
        made = self._pseudonym(place, id_of, is_name=True) if original else ""
        if original:
            self.values[tag, original] = made
        return self._encode(tag, made.encode())

    def _pseudonym(self, place: Place, tag: int, *, is_name: bool = False) -> str:
        original = _text(self._value(place, tag))
        self.replaced += 1
        if not original and not is_name:
            return ""
        issuer = _text(place.dataset.value(ISSUER)) or self.identity.issuer
        if not original:
            original = _text(place.dataset.value(PATIENT_NAME_TAG))
        made = pseudonyms.patient_id(self.identity.key, original, issuer)
        if not is_name:
            self.values[tag, original] = made
        return made

    def _allowed(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        """Return an element of the allow-list if it meets the condition of its class."""
        found = rule.allowed
        assert found is not None, "only allowed attributes come here"
        kind, vrs = found.kind, found.vrs
        if kind == "sequence":
            return self._recurse(place, tag, rule)
        entry = place.dataset.elements[tag]
        vr = _vr_to_read(entry[0], vrs)
        if not vr or entry[3] == UNDEFINED:
            return self._denied(place, tag)
        value = self._value(place, tag)
        if kind == "number":
            is_good = has_form(vr, value, found.values_max)
        elif kind == "enumerated":
            return self._enumerated(place, tag, value)
        elif kind == "uid":
            return self._class_uid(place, tag, value)
        elif kind == "text":
            is_good = self.is_harmless(value)
        elif kind == "tag":
            is_good = has_form("AT", value) and _points_at_standard(value)
        elif kind == "bulk":
            is_good = vr in _BULK_VRS or has_form(vr, value)
        else:
            return self._special(place, tag, value)
        return self._copied(place, tag, vr, value) if is_good else self._denied(place, tag)

    # --- conditions -------------------------------------------------------------------------------

    def is_harmless(self, value: bytes) -> bool:
        """Return whether each word is of the vocabulary and none of them names this patient."""
        words = harmless_words(value)
        if words is None:
            return False
        return self.own.isdisjoint(words) and _text(value).upper() not in self.own

    def _enumerated(self, place: Place, tag: int, value: bytes) -> bytes | None:
        parts = value.rstrip(b"\0 ").split(b"\\")
        if tag in _CORE_CODES:
            are_good = [harmless_words(part) is not None for part in parts]
        else:
            are_good = [self.is_harmless(part) for part in parts]
        if all(are_good):
            return self._copied(place, tag, "CS", value)
        if tag not in _IMAGE_TYPES:
            return self._denied(place, tag)
        # The place of each value counts: those that cannot stay are replaced one by one.
        self.replaced += 1
        pairs = zip(parts, are_good, strict=True)
        return self._encode(tag, b"\\".join(part if good else b"OTHER" for part, good in pairs))

    def _class_uid(self, place: Place, tag: int, value: bytes) -> bytes:
        uids = _texts(value)
        if all(pseudonyms.is_of_standard(uid) for uid in uids):
            return self._copied(place, tag, "UI", value)
        self.replaced += 1
        made = [uid if pseudonyms.is_of_standard(uid) else self.mapped_uid(uid) for uid in uids]
        return self._encode(tag, "\\".join(made).encode())

    def _special(self, place: Place, tag: int, value: bytes) -> bytes | None:
        if tag == _CHARACTER_SET:
            return self._copied(place, tag, "CS", value) if _is_repertoire(value) else None
        if tag == _ICC_PROFILE:
            cleaned = cleaned_icc_profile(value)
            if cleaned:
                return self._copied(place, tag, "OB", cleaned)
        return self._denied(place, tag)

    def _code(self, place: Place) -> Elements | None:
        """Return the elements of a code; ``{}`` for none, None where it may not stay."""
        dataset = place.dataset
        parts = {
            tag: dataset.value(tag).strip(b"\0 ")
            for tag in dataset.elements
            if tag >> 8 == 0x000801
        }
        value = parts.get(codes.CODE_VALUE) or parts.get(codes.LONG_CODE_VALUE, b"")
        scheme = parts.get(codes.CODING_SCHEME, b"")
        if not any(parts.values()):
            return {}
        if place.is_retained:
            kept = (*codes.CODE_TAGS, codes.SCHEME_VERSION, codes.CODE_MEANING)
            return {tag: self._encode(tag, parts[tag]) for tag in kept if tag in parts}
        if not codes.is_published(scheme, value) or _text(value).upper() in self.own:
            return None
        if not self.is_harmless(codes.annotations(scheme, value)):
            return None
        meaning = parts.get(codes.CODE_MEANING, b"")
        if not self.is_harmless(meaning):
            meaning = value
            self.replaced += 1
        value_tag = codes.CODE_VALUE if len(value) <= 16 else codes.LONG_CODE_VALUE
        found = {value_tag: value, codes.CODING_SCHEME: scheme, codes.CODE_MEANING: meaning}
        version = parts.get(codes.SCHEME_VERSION, b"")
        if version and codes.is_version(version):
            found[codes.SCHEME_VERSION] = version
        self.kept += len(found)
        return {tag: self._encode(tag, part) for tag, part in found.items()}

    def _describes_patient(self, item: DataSetIndex) -> bool:
        """Return whether a content item says sex, age, size or weight of the patient."""
        if _CONCEPT_NAMES not in item.elements:
            return False
        names = item.items(_CONCEPT_NAMES)
        code = names[0].value(codes.CODE_VALUE).strip(b"\0 ") if names else b""
        return code in _CHARACTERISTICS

    def mapped_uid(self, original: str) -> str:
        """Return what stands for a UID of an object; registered UIDs stand for themselves."""
        if not original or pseudonyms.is_registered(original):
            return original
        found = self.uids.get(original)
        if found is None:
            found = self.uids[original] = pseudonyms.uid(self.identity.key, original)
        return found

    # --- bytes ------------------------------------------------------------------------------------

    def _type(self, place: Place, tag: int) -> int:
        if place.sequence_tag:
            return type_in_items(tag, place.sequence_tag)
        return type_in_root(tag, self.sop_class_uid)

    def _value(self, place: Place, tag: int) -> bytes:
        return place.dataset.value(tag)

    def _copied(self, place: Place, tag: int, vr: str, value: bytes) -> bytes:
        """Return the element with this value; in short, as it stands in the source."""
        self.kept += 1
        dataset = place.dataset
        if dataset.is_implicit == self.is_implicit and vr not in LONG_VRS:
            entry = dataset.elements[tag]
            if self.is_implicit or entry[0] == vr:
                return dataset.raw(tag)
        return encode_element(tag, value, is_implicit=self.is_implicit, vr=vr)

    def _encode(self, tag: int, value: bytes) -> bytes:
        return encode_element(tag, value, is_implicit=self.is_implicit)


PATIENT_ID_TAG = 0x00100020
PATIENT_NAME_TAG = 0x00100010


def _vr_to_read(stored: str, vrs: tuple[str, ...]) -> str:
    """Return the VR by which a value is read, ``""`` where the stored one cannot be right."""
    if stored in vrs:
        return stored
    first = vrs[0]
    if stored in ("UN", " or ".join(vrs)):
        return first
    is_text = first in _TEXT_VRS or first in _PARSED_VRS
    if is_text and (stored in _TEXT_VRS or stored in _PARSED_VRS):
        return first
    if first in _BULK_VRS and stored in _BULK_VRS:
        return stored
    return ""


def _points_at_standard(value: bytes) -> bool:
    for start in range(0, len(value), 4):
        group, element = value[start : start + 2], value[start + 2 : start + 4]
        tag = int.from_bytes(group, "little") << 16 | int.from_bytes(element, "little")
        if vr_of(tag) == "UN" and tag:
            return False
    return True


def _is_repertoire(value: bytes) -> bool:
    parts = value.rstrip(b"\0 ").split(b"\\")
    return all(
        part.strip() in (b"", b"GB18030", b"GBK")
        or (part.strip().startswith((b"ISO_IR ", b"ISO 2022 ")) and len(part) <= 16)
        for part in parts
    )


def _capped_ages(value: bytes) -> bytes:
    ages = value.rstrip(b"\0 ").split(b"\\")
    return b"\\".join(
        b"090Y" if age[-1:] == b"Y" and age[:3].isdigit() and int(age[:3]) > _AGE_YEARS_MAX else age
        for age in ages
    )


def _text(value: bytes) -> str:
    return value.decode("latin-1").strip(" \0")


def _texts(value: bytes) -> list[str]:
    return [part.strip(" \0") for part in _text(value).split("\\")]
