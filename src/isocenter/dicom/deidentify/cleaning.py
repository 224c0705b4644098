"""One Data Set, cleaned to its depth: each element as its rule says, the rest left out.

``Cleaner`` holds what is the same for all Items of an Instance. Bytes that stay are copied as they
were; sequences are written anew with known lengths, so that nothing hides between their Items.
"""

from collections.abc import Callable
from typing import NamedTuple

from isocenter.dicom.deidentify import codes, pseudonyms
from isocenter.dicom.deidentify.actions import dummy_element, empty_element
from isocenter.dicom.deidentify.allowed_values import (
    CHARACTER_SET,
    Judge,
    texts_of,
    vr_to_read,
)
from isocenter.dicom.deidentify.dates import capped_ages, shifted_date, shifted_date_time
from isocenter.dicom.deidentify.forms import has_form
from isocenter.dicom.deidentify.iod_types import OPTIONAL, REQUIRED, type_in_items, type_in_root
from isocenter.dicom.deidentify.profile import Option
from isocenter.dicom.deidentify.rules import DENIED, PATIENT_ID, Action, Rule, Rules
from isocenter.dicom.dictionary import LONG_VRS, vr_of
from isocenter.dicom.header_index import UNDEFINED, DataSetIndex
from isocenter.dicom.part10 import Elements, encode_element, encode_sequence
from isocenter.dicom.text import DEFAULT, Encodings, decode_values, encodings_of
from isocenter.errors import TruncatedError, UnusualEncodingError

ISSUER = 0x00100021
# VRs whose form is checked even where an option retains the value.
_CHECKED_VRS = frozenset({"IS", "DS", "UI", "AS", "DA", "TM", "DT"})
# Concept names of content items that say sex, age, size and weight of the patient (TID 1007).
_CHARACTERISTICS = frozenset({b"121032", b"121033", b"8302-2", b"29463-7"})
_CONCEPT_NAMES = 0x0040A043
_OVERLAY_TYPE, _OVERLAY_DATA = 0x0040, 0x3000


class Place(NamedTuple):
    """Where an element stands.

    Attributes
    ----------
    dataset, sequence_tag
        Its Data Set or Item, and the sequence around it; 0: the root.
    is_retained
        An option retains what is around it, whatever the scheme of codes is.
    """

    dataset: DataSetIndex
    sequence_tag: int = 0
    is_retained: bool = False


class Identity(NamedTuple):
    """What pseudonyms of one patient are made of.

    Attributes
    ----------
    key, issuer, shift_days
        The project's key, Issuer of Patient ID in the root, by how many days dates move.
    encodings
        Of the root's text.
    """

    key: bytes
    issuer: str
    shift_days: int
    encodings: Encodings = DEFAULT


class Cleaner:
    """Cleans the Data Sets of one Instance; counts and remembers what was replaced."""

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
        self.judge = Judge(own, self.mapped_uid)
        self.sop_class_uid = sop_class_uid
        self.is_implicit = is_implicit
        self.kept = self.replaced = self.removed = 0
        self.uids: dict[str, str] = {}
        # (tag of what was replaced, original) -> replacement, for the crosswalk
        self.values: dict[tuple[int, str], str] = {}
        # Groups of overlays that lost their data; what is left of them is no plane.
        self.lost_planes: set[int] = set()
        self.warnings: set[str] = set()
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
        of, handlers = self.rules.of, self._handlers
        for tag in place.dataset.elements:
            if tag in left_out:
                continue
            rule = of(tag)
            made = handlers[rule.action](place, tag, rule)
            if made is None:
                self.removed += 1
            else:
                found[tag] = made
        return found

    def mapped_uid(self, original: str) -> str:
        """Return what stands for a UID of an object; registered UIDs stand for themselves."""
        if not original or pseudonyms.is_registered(original):
            return original
        found = self.uids.get(original)
        if found is None:
            found = self.uids[original] = pseudonyms.uid(self.identity.key, original)
        return found

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
        """D."""
        if vr_of(tag) == "UI":
            return self._uid(place, tag, rule)
        self.replaced += 1
        return dummy_element(tag, is_implicit=self.is_implicit)

    def _by_type(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        """X/Z, X/D, Z/D, X/Z/D: the weakest of them that the type of the attribute permits."""
        kind = self._type(place, tag)
        if kind == OPTIONAL and "X" in rule.choices:
            return None
        if "Z" in rule.choices and (kind != REQUIRED or "D" not in rule.choices):
            return self._empty(place, tag, rule)
        return self._dummy(place, tag, rule)

    def _denied(self, place: Place, tag: int) -> bytes | None:
        """Leave out what may not stay, as far as the type of the attribute permits."""
        return self._by_type(place, tag, DENIED)

    def _uid(self, place: Place, tag: int, rule: Rule) -> bytes:
        """U."""
        del rule
        value = place.dataset.value(tag)
        uids = [self.mapped_uid(one) for one in texts_of(value)]
        return self._replaced(tag, "\\".join(uids))

    def _retain(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        """K of anything but sequences."""
        del rule
        vr = vr_of(tag).partition(" ")[0]
        value = place.dataset.value(tag)
        if vr in _CHECKED_VRS and not has_form(vr, value):
            return self._denied(place, tag)
        if vr == "AS" and capped_ages(value) != value:
            return self._replaced(tag, capped_ages(value).decode())
        return self._copied(place, tag, vr, value)

    def _recurse(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        """K and C of sequences: their Items are judged element by element."""
        entry = place.dataset.elements[tag]
        if entry[0] not in ("SQ", "UN"):
            return self._denied(place, tag)
        try:
            items = self._items(place, tag, rule)
        except (UnusualEncodingError, TruncatedError):
            self.warnings.add("a sequence that cannot be read was left out")
            return self._denied(place, tag)
        if not items and entry[4] > entry[2] + 8:
            return self._denied(place, tag)  # it had Items, and none of them stays
        self.kept += 1
        return encode_sequence(tag, items, is_implicit=self.is_implicit)

    def _shift(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        """C of dates; what is no date goes."""
        del rule
        move = shifted_date if vr_of(tag) == "DA" else shifted_date_time
        value = place.dataset.value(tag)
        days = self.identity.shift_days
        moved = [move(one, days) if one else "" for one in texts_of(value)]
        if value.strip(b"\0 ") and not all(moved):
            return self._denied(place, tag)
        return self._replaced(tag, "\\".join(moved))

    def _words(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        """C of text: it stays where every word is harmless."""
        del rule
        value = place.dataset.value(tag)
        if not self.judge.is_harmless(value):
            return self._denied(place, tag)
        return self._copied(place, tag, vr_of(tag), value)

    def _entity(self, place: Place, tag: int, rule: Rule) -> bytes:
        """C of application entities."""
        del rule
        key = self.identity.key
        names = [
            pseudonyms.application_entity(key, one) if one else ""
            for one in texts_of(place.dataset.value(tag))
        ]
        return self._replaced(tag, "\\".join(names))

    def _overlay(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        """C of Overlay Data, of the root only: regions stay, graphics can be text (C.9.2)."""
        del rule
        vr = place.dataset.vr(tag)
        is_region = place.dataset.value(tag - _OVERLAY_DATA + _OVERLAY_TYPE).strip(b" \0") == b"R"
        if place.sequence_tag or vr not in ("OW", "OB", "OB or OW") or not is_region:
            self.lost_planes.add(tag >> 16)
            return None
        return self._copied(place, tag, "OW" if " " in vr else vr, place.dataset.value(tag))

    def _patient_id(self, place: Place, tag: int, rule: Rule) -> bytes:
        del rule
        original = self._decoded(place, tag)
        made = self._pseudonym(place, original) if original else ""
        self.values[tag, original] = made
        return self._replaced(tag, made)

    def _patient_name(self, place: Place, tag: int, rule: Rule) -> bytes:
        """Return the pseudonym of the Patient ID, so that the name stands for the patient."""
        del rule
        original = self._decoded(place, tag)
        patient = self._decoded(place, PATIENT_ID) or original
        made = self._pseudonym(place, patient) if original else ""
        self.values[tag, original] = made
        return self._replaced(tag, made)

    def _pseudonym(self, place: Place, original: str) -> str:
        issuer = self._decoded(place, ISSUER) or self.identity.issuer
        return pseudonyms.patient_id(self.identity.key, original, issuer)

    def _decoded(self, place: Place, tag: int) -> str:
        """Return a text by its character set, so that it is the same text in every other one."""
        encodings = encodings_of(place.dataset, self.identity.encodings)
        return decode_values(place.dataset.value(tag), encodings)[0].strip()

    def _allowed(self, place: Place, tag: int, rule: Rule) -> bytes | None:
        """Return an element of the allow-list if it meets the condition of its class."""
        found = rule.allowed
        assert found is not None, "only allowed attributes come here"
        if found.kind == "sequence":
            return self._recurse(place, tag, rule)
        stored, _, _, length, _ = place.dataset.elements[tag]
        vr = vr_to_read(stored, found.vrs)
        if not vr or length == UNDEFINED:
            return self._denied(place, tag)
        value = place.dataset.value(tag)
        stays = self.judge.value_that_stays(tag, found, vr, value)
        if stays is None:
            # What names no character set is of no use to anybody, not even as a dummy.
            return None if tag == CHARACTER_SET else self._denied(place, tag)
        if stays is value:
            return self._copied(place, tag, vr, value)
        self.replaced += 1
        return encode_element(tag, stays, is_implicit=self.is_implicit, vr=vr)

    # --- Items ------------------------------------------------------------------------------------

    def _items(self, place: Place, tag: int, rule: Rule) -> list[Elements]:
        """Return the Items of a sequence that stay, cleaned."""
        kept = []
        is_retained = rule.is_retained or place.is_retained
        for item in place.dataset.each_item(tag):
            inside = Place(item, tag, is_retained)
            is_code = any(code_tag in item.elements for code_tag in codes.CODE_TAGS)
            code = self._code(inside) if is_code else {}
            if code is None or self._describes_patient(item):
                self.removed += len(item.elements)
                continue
            # A code is taken as a whole; what else its Item has is judged as everywhere.
            left_out = codes.PARTS if is_code else frozenset[int]()
            kept.append({**self.clean(inside, left_out), **code})
        return kept

    def _code(self, place: Place) -> Elements | None:
        """Return the elements of a code, ``{}`` where they are empty, None where it goes."""
        elements = place.dataset.elements.keys() & codes.PARTS
        parts = {tag: place.dataset.value(tag).strip(b"\0 ") for tag in elements}
        if not any(parts.values()):
            found: dict[int, bytes] | None = {}
        elif place.is_retained:
            found = parts
        else:
            found = codes.code_that_stays(parts, self.judge.own, self.judge.is_harmless)
        if found is None:
            return None
        self.kept += len(found)
        is_implicit = self.is_implicit
        return {
            tag: encode_element(tag, one, is_implicit=is_implicit) for tag, one in found.items()
        }

    def _describes_patient(self, item: DataSetIndex) -> bool:
        """Return whether a content item says what the patient is like, and may not."""
        retains = Option.RETAIN_PATIENT_CHARACTERISTICS in self.rules.profile.options
        if retains or _CONCEPT_NAMES not in item.elements:
            return False
        names = item.items(_CONCEPT_NAMES)
        return bool(names) and names[0].value(codes.CODE_VALUE).strip(b"\0 ") in _CHARACTERISTICS

    # --- bytes ------------------------------------------------------------------------------------

    def _type(self, place: Place, tag: int) -> int:
        if place.sequence_tag:
            return type_in_items(tag, place.sequence_tag)
        return type_in_root(tag, self.sop_class_uid)

    def _copied(self, place: Place, tag: int, vr: str, value: bytes) -> bytes:
        """Return the element with this value; where it is short, as it stands in the source."""
        self.kept += 1
        dataset = place.dataset
        if dataset.is_implicit == self.is_implicit and vr not in LONG_VRS:
            stored, start, _, _, end = dataset.elements[tag]
            if self.is_implicit or stored == vr:
                head = dataset.head
                return head[start:end] if end <= len(head) else dataset.raw(tag)
        return encode_element(tag, value, is_implicit=self.is_implicit, vr=vr)

    def _replaced(self, tag: int, text: str) -> bytes:
        self.replaced += 1
        return encode_element(tag, text.encode(), is_implicit=self.is_implicit)
