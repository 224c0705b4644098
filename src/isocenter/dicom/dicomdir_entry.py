"""What a DICOMDIR says of one Instance: four levels of keys, read from its header.

Text goes in as it stands in the Instance, with the Instance's Specific Character Set, so that no
name is changed. Where that character set is missing, unknown, or does not fit the bytes, the text
is written anew in UTF-8, as it is shown elsewhere.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from isocenter.dicom.dicomdir_records import (
    BLENDING,
    CONTENT_SEQUENCE,
    INSTANCE_KEYS,
    INSTEAD,
    MADE_UP,
    MEDIA_STORAGE_DIRECTORY,
    NUMBERED,
    PATIENT_ID,
    PATIENT_KEYS,
    PATIENT_NAME,
    REFERENCED_SERIES,
    ROOT_TYPES,
    SERIES_KEYS,
    SERIES_UID,
    STUDY_KEYS,
    STUDY_UID,
    VERIFICATION_DATE_TIME,
    Key,
    Keys,
    record_type,
)
from isocenter.dicom.dictionary import keyword_of, vr_of
from isocenter.dicom.explicit import explicit_element, explicit_items
from isocenter.dicom.header_index import DataSetIndex, FileMeta, HeaderIndex
from isocenter.dicom.json_model import Scope
from isocenter.dicom.part10 import Elements, encode_element, encode_sequence, transfer_syntax_of
from isocenter.dicom.text import (
    SPECIFIC_CHARACTER_SET,
    decode,
    decode_names,
    decode_values,
    encodings,
)
from isocenter.errors import InvalidInputError, MissingElementError, NotSupportedError

_SOP_CLASS, _SOP_INSTANCE = 0x00080016, 0x00080018
_META_CLASS, _META_INSTANCE, _META_SYNTAX = 0x00020002, 0x00020003, 0x00020010
_RELATIONSHIP, _VERIFYING_OBSERVERS = 0x0040A010, 0x0040A073
_PIXELS = (0x7FE00010, 0x7FE00008, 0x7FE00009, 0x00280010)
_UID = re.compile(r"[0-9.]{1,64}\Z")
_UTF_8 = b"ISO_IR 192"
# A PN has at most 3 x 64 characters, an ST 1024; what is longer is no key.
_VALUE_BYTES_MAX = 8192
_SEQUENCE_BYTES_MAX = 1 << 20


class Level(NamedTuple):
    """The keys of one record.

    Attributes
    ----------
    elements
        Tag and whole element in Explicit VR, in order of tag.
    missing
        Type 1 keys that are to be numbered.
    made_up
        Type 1 keys that have a value which the Instance does not have.
    """

    elements: tuple[tuple[int, bytes], ...]
    missing: tuple[int, ...] = ()
    made_up: tuple[int, ...] = ()

    def value(self, tag: int) -> bytes:
        """Return the value of a key of short length, padding kept; ``b""`` where it is absent."""
        return next((element[8:] for known, element in self.elements if known == tag), b"")


class Entry(NamedTuple):
    """What the directory says of one Instance.

    Attributes
    ----------
    patient_id, patient_name
        As text, ``""`` where missing; the name in small letters, to compare.
    study_uid, series_uid
        ``""`` where the Instance belongs to nobody, as a Hanging Protocol does.
    notes
        Sentences about what is odd.
    """

    record_type: str
    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    patient_id: str
    patient_name: str
    study_uid: str
    series_uid: str
    patient: Level
    study: Level
    series: Level
    instance: Level
    notes: tuple[str, ...] = ()


def read_entry(header: HeaderIndex, meta: FileMeta | None = None) -> Entry:
    """Return what a DICOMDIR says of one Instance.

    Parameters
    ----------
    meta
        That of the file as it is, where ``header`` is that of a rewritten copy.

    Raises
    ------
    NotSupportedError
        If no record type takes its SOP Class.
    MissingElementError
        If a UID is missing, or a key of type 1 that cannot be made up.
    InvalidInputError
        If a UID is none, or a key far too long.
    UnusualEncodingError, TruncatedError, TooLargeError
        If a sequence among the keys cannot be read.
    """
    dataset = header.dataset
    meta_elements = header.meta if meta is None else meta.elements
    sop_class_uid, class_note = _uid_of_both(meta_elements, _META_CLASS, dataset, _SOP_CLASS)
    sop_instance_uid, instance_note = _uid_of_both(
        meta_elements, _META_INSTANCE, dataset, _SOP_INSTANCE
    )
    has_pixels = any(tag in dataset for tag in _PIXELS)
    kind = record_type(sop_class_uid, has_pixels=has_pixels)
    if not kind:
        raise NotSupportedError("no directory record takes its SOP Class (PS3.3 F.5)")
    character_set = dataset.value(SPECIFIC_CHARACTER_SET)
    nobody = kind in ROOT_TYPES
    patient, patient_id, patient_name = (
        _EMPTY_PATIENT if nobody else _patient(_raw(dataset, PATIENT_KEYS), character_set)
    )
    return Entry(
        kind,
        sop_class_uid,
        sop_instance_uid,
        _checked(
            _meta_uid(meta_elements, _META_SYNTAX) or transfer_syntax_of(header), _META_SYNTAX
        ),
        patient_id,
        patient_name,
        "" if nobody else _uid(dataset, STUDY_UID),
        "" if nobody else _uid(dataset, SERIES_UID),
        patient,
        _EMPTY if nobody else _level(STUDY_KEYS, _raw(dataset, STUDY_KEYS), character_set),
        _EMPTY if nobody else _level(SERIES_KEYS, _raw(dataset, SERIES_KEYS), character_set),
        _instance_level(dataset, INSTANCE_KEYS[kind], character_set),
        tuple(note for note in (class_note, instance_note) if note),
    )


def is_directory(meta: DataSetIndex) -> bool:
    """Return whether a file is a DICOMDIR, by its file meta."""
    return _meta_uid(meta, _META_CLASS) == MEDIA_STORAGE_DIRECTORY


def has_whole_meta(header: HeaderIndex, meta: FileMeta | None = None) -> bool:
    """Return whether a file has what a file of a File-set must begin with (PS3.10 7.1)."""
    elements = header.meta if meta is None else meta.elements
    has_preamble = header.has_preamble if meta is None else meta.has_preamble
    needed = (_META_CLASS, _META_INSTANCE, _META_SYNTAX)
    return has_preamble and all(_meta_uid(elements, tag) for tag in needed)


_EMPTY = Level(())
_EMPTY_PATIENT = (_EMPTY, "", "")


def _meta_uid(meta: DataSetIndex, tag: int) -> str:
    return meta.value(tag).rstrip(b"\0 ").decode("latin-1") if tag in meta else ""


def _uid_of_both(
    meta: DataSetIndex, meta_tag: int, dataset: DataSetIndex, tag: int
) -> tuple[str, str]:
    """Return a UID by the file meta, else by the Data Set, and what is to be said about it.

    Directories name what stands in the meta (PS3.3 table F.3-3: "in File").
    """
    stated = _meta_uid(meta, meta_tag)
    own = dataset.value(tag).strip(b"\0 ").decode("latin-1")
    if not stated:
        return _checked(own, tag), ""
    if own and own != stated:
        return _checked(stated, tag), f"{keyword_of(tag)} is another one in the file meta"
    return _checked(stated, tag), ""


def _uid(dataset: DataSetIndex, tag: int) -> str:
    return _checked(dataset.value(tag).strip(b"\0 ").decode("latin-1"), tag)


def _checked(uid: str, tag: int) -> str:
    if not uid:
        raise MissingElementError(keyword_of(tag))
    if not _UID.match(uid):
        raise InvalidInputError(f"{keyword_of(tag)} is no UID")
    return uid


# Values as they stand in the file: files of a Series have the same, which are encoded once.
_Raw = tuple[bytes, ...]


def _raw(dataset: DataSetIndex, keys: Keys) -> _Raw:
    """Return the values of the keys, then of what may stand in for the missing ones."""
    values = [_short_value(dataset, key.tag) for key in keys]
    missing = [
        key.tag
        for key, value in zip(keys, values, strict=True)
        if key.tag in INSTEAD and not _clean(key.tag, value)
    ]
    stand_ins = [_stand_in(dataset, tag) for tag in missing]
    return (*values, *stand_ins)


def _stand_in(dataset: DataSetIndex, tag: int) -> bytes:
    for other in INSTEAD[tag]:
        value = _clean(other, _short_value(dataset, other))
        if value:
            return value
    return b""


def _short_value(dataset: DataSetIndex, tag: int) -> bytes:
    entry = dataset.elements.get(tag)
    if entry is None:
        return b""
    if entry[3] > _VALUE_BYTES_MAX:
        raise _too_long(tag)
    return dataset.value(tag)


@lru_cache(maxsize=1024)
def _patient(raw: _Raw, character_set: bytes) -> tuple[Level, str, str]:
    """Return the keys of the patient; the ID and the name as text."""
    by_tag = dict(zip((key.tag for key in PATIENT_KEYS), raw, strict=False))
    known = encodings(character_set)
    patient_id = decode_values(by_tag[PATIENT_ID], known)[0].strip()
    name = decode_names(by_tag[PATIENT_NAME], known)[0]
    shown = re.sub(r"[\s^=]+", " ", name).strip().casefold()
    if not patient_id:
        raw = tuple(
            b"" if key.tag == PATIENT_ID else one
            for key, one in zip(PATIENT_KEYS, raw, strict=False)
        )
    return _level(PATIENT_KEYS, raw, character_set), patient_id, shown


@lru_cache(maxsize=4096)
def _level(keys: Keys, raw: _Raw, character_set: bytes) -> Level:
    """Return keys that are no sequences, encoded; equal ones are one object."""
    values = [_clean(key.tag, value) for key, value in zip(keys, raw, strict=False)]
    stand_ins = iter(raw[len(keys) :])
    missing: list[int] = []
    made_up: list[int] = []
    kept: dict[int, bytes] = {}
    for key, found in zip(keys, values, strict=True):
        value = found
        if not value and key.tag in INSTEAD:
            value = next(stand_ins)
        if not value and key.type == "1":
            if key.tag in NUMBERED:
                missing.append(key.tag)
            elif key.tag in MADE_UP:
                value = MADE_UP[key.tag]
                made_up.append(key.tag)
            else:
                raise MissingElementError(keyword_of(key.tag))
        if value or key.type != "1C":
            kept[key.tag] = value
    return Level(_encoded(kept, character_set), tuple(missing), tuple(made_up))


def _instance_level(dataset: DataSetIndex, keys: Keys, character_set: bytes) -> Level:
    """Return the keys of the Instance itself, sequences included."""
    plain = tuple(key for key in keys if vr_of(key.tag) != "SQ")
    level = _level(plain, _raw(dataset, plain), character_set)
    if len(plain) == len(keys):
        return level
    elements = dict(level.elements)
    verified = _verified(dataset) if any(key.tag == VERIFICATION_DATE_TIME for key in keys) else b""
    if verified:
        elements[VERIFICATION_DATE_TIME] = encode_element(
            VERIFICATION_DATE_TIME, verified, is_implicit=False
        )
    scope = Scope().inside(dataset)
    for key in keys:
        if vr_of(key.tag) != "SQ":
            continue
        items = _items(dataset, key, scope)
        if items or key.type == "2":
            elements[key.tag] = encode_sequence(key.tag, items, is_implicit=False)
        elif key.type == "1":
            raise MissingElementError(keyword_of(key.tag))
        if len(elements.get(key.tag, b"")) > _SEQUENCE_BYTES_MAX:
            raise _too_long(key.tag)
    if character_set.strip(b"\0 ") and SPECIFIC_CHARACTER_SET not in elements:
        # Text may stand anywhere in the sequences.
        elements[SPECIFIC_CHARACTER_SET] = encode_element(
            SPECIFIC_CHARACTER_SET, character_set, is_implicit=False, vr="CS"
        )
    return level._replace(elements=tuple(sorted(elements.items())))


# What the keys of a PRESENTATION name of each Item (PS3.3 table F.5-23).
_KEPT_IN_ITEMS = {
    REFERENCED_SERIES: frozenset({SERIES_UID, 0x00081140}),
    BLENDING: frozenset({STUDY_UID, REFERENCED_SERIES}),
}


def _items(dataset: DataSetIndex, key: Key, scope: Scope) -> list[Elements]:
    """Return the Items of a key, as far as a directory has them."""
    entry = dataset.elements.get(key.tag)
    if entry is None:
        return []
    if key.tag == CONTENT_SEQUENCE:
        return _modifiers(dataset, scope)
    if entry[4] - entry[2] > _SEQUENCE_BYTES_MAX:
        raise _too_long(key.tag)
    kept = _KEPT_IN_ITEMS.get(key.tag)
    return [
        {tag: element for tag, element in item.items() if kept is None or tag in kept}
        for item in explicit_items(dataset, key.tag, scope)
    ]


def _modifiers(dataset: DataSetIndex, scope: Scope) -> list[Elements]:
    """Return the content items that modify the concept name (PS3.3 tables F.5-25 and F.5-26)."""
    items: list[Elements] = []
    size_bytes = 0
    for item in dataset.each_item(CONTENT_SEQUENCE):
        if item.value(_RELATIONSHIP).strip(b"\0 ") != b"HAS CONCEPT MOD":
            continue
        size_bytes += sum(entry[4] - entry[1] for entry in item.elements.values())
        if size_bytes > _SEQUENCE_BYTES_MAX:
            raise _too_long(CONTENT_SEQUENCE)
        inner = scope.inside(item)
        items.append({tag: explicit_element(item, tag, inner) for tag in item.elements})
    return items


def _verified(dataset: DataSetIndex) -> bytes:
    """Return when a document was verified last (PS3.3 table F.5-25), which its observers say."""
    found = (
        item.value(VERIFICATION_DATE_TIME).strip(b"\0 ")
        for item in dataset.each_item(_VERIFYING_OBSERVERS)
    )
    return max((one for one in found if _DATE_TIME.match(one)), default=b"")


def _too_long(tag: int) -> InvalidInputError:
    return InvalidInputError(f"{keyword_of(tag)} is too long for a directory")


_OLD_DATE = re.compile(rb"(\d{4})[.](\d\d)[.](\d\d)\Z")
_DATE = re.compile(rb"\d{8}\Z")
_DATE_TIME = re.compile(rb"\d{4,14}([.]\d{1,6})?([+-]\d{4})?\Z")
_TIME = re.compile(rb"\d\d(\d\d(\d\d([.]\d{1,6})?)?)?\Z")
_NUMBER = re.compile(rb"[+-]?\d{1,11}\Z")
_CODE = re.compile(rb"[A-Z0-9_ ]{1,16}(\\[A-Z0-9_ ]{0,16})*\Z")


def _clean(tag: int, value: bytes) -> bytes:
    """Return a value without padding, ``b""`` where it is none of its VR."""
    vr = vr_of(tag)
    if vr in ("US", "UL"):
        return value
    value = value.rstrip(b"\0 ") if vr == "PN" else value.strip(b"\0 ")
    check = _CHECKS.get(vr)
    return check(value) if check is not None and value else value


def _date(value: bytes) -> bytes:
    value = _OLD_DATE.sub(rb"\1\2\3", value)
    return value if _DATE.match(value) else b""


def _time(value: bytes) -> bytes:
    value = value.replace(b":", b"")[:13]
    return value if _TIME.match(value) else b""


def _number(value: bytes) -> bytes:
    value = value.split(b"\\")[0].strip()
    return value if _NUMBER.match(value) else b""


def _code(value: bytes) -> bytes:
    value = value.upper()
    return value if _CODE.match(value) else b""


_CHECKS = {"DA": _date, "TM": _time, "IS": _number, "CS": _code}

_TEXT_VRS = frozenset({"LO", "SH", "PN", "ST", "LT", "UT", "UC"})
_STANDARD_TERM = re.compile(
    r"ISO(_| 2022 )IR (6|13|58|87|100|101|109|110|126|127|138|144|148|149|159|166|203)\Z"
)


def _encoded(values: dict[int, bytes], character_set: bytes) -> tuple[tuple[int, bytes], ...]:
    """Return the elements in order, Specific Character Set among them where it is needed."""
    texts = {tag: value for tag, value in values.items() if vr_of(tag) in _TEXT_VRS and value}
    needed = b""
    if not all(_is_plain(value, character_set) for value in texts.values()):
        shown = {tag: _decoded(tag, value, character_set) for tag, value in texts.items()}
        if _is_standard(character_set) and not any("\ufffd" in text for text in shown.values()):
            needed = character_set.strip(b"\0 ")
        else:
            needed = _UTF_8
            values = values | {tag: text.encode() for tag, text in shown.items()}
    elements = {
        tag: encode_element(tag, value, is_implicit=False, vr=vr_of(tag))
        for tag, value in values.items()
    }
    if needed:
        elements[SPECIFIC_CHARACTER_SET] = encode_element(
            SPECIFIC_CHARACTER_SET, needed, is_implicit=False, vr="CS"
        )
    return tuple(sorted(elements.items()))


def _is_plain(value: bytes, character_set: bytes) -> bool:
    """Return whether a text is the same in the default repertoire (PS3.5 6.1.2.1)."""
    # JIS X 0201 has a yen sign and an overline in the place of backslash and tilde.
    is_roman = character_set.split(b"\\")[0].rstrip(b"\0 ").endswith(b"IR 13")
    return value.isascii() and b"\x1b" not in value and not (is_roman and b"~" in value)


def _decoded(tag: int, value: bytes, character_set: bytes) -> str:
    known = encodings(character_set)
    vr = vr_of(tag)
    if vr == "PN":
        return "\\".join(decode_names(value, known))
    if vr in ("ST", "LT", "UT"):
        return decode(value, known)
    return "\\".join(decode_values(value, known))


def _is_standard(character_set: bytes) -> bool:
    """Return whether all terms are defined ones (PS3.3 C.12.1.1.2), so that every reader knows."""
    terms = [term.strip(" \0") for term in character_set.decode("latin-1").split("\\")]
    if len(terms) == 1 and terms[0] in ("ISO_IR 192", "GB18030", "GBK"):
        return True
    if not any(terms):
        return False
    has_extensions = len(terms) > 1
    return all(
        (not term and has_extensions and number == 0)
        or (_STANDARD_TERM.match(term) is not None and (not has_extensions or "2022" in term))
        for number, term in enumerate(terms)
    )
