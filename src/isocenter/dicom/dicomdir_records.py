"""What stands in a record of a DICOMDIR: its type by SOP Class, its keys by type.

References
----------
PS3.3 F.4 (which record below which), F.5 (the keys of each type), PS3.4 B.5 (SOP Classes).
"""

from collections.abc import Mapping
from typing import NamedTuple

from isocenter.dicom.uids import STANDARD_STORAGE

MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10"

CONCEPT_NAME = 0x0040A043
CONTENT_SEQUENCE = 0x0040A730
VERIFICATION_DATE_TIME = 0x0040A030
REFERENCED_SERIES = 0x00081115
BLENDING = 0x00700402
MODALITY = 0x00080060
PATIENT_NAME, PATIENT_ID = 0x00100010, 0x00100020
STUDY_DATE, STUDY_TIME, STUDY_ID = 0x00080020, 0x00080030, 0x00200010
STUDY_UID, SERIES_UID = 0x0020000D, 0x0020000E
SERIES_NUMBER, INSTANCE_NUMBER = 0x00200011, 0x00200013
_CONTENT_DATE, _CONTENT_TIME = 0x00080023, 0x00080033


class Key(NamedTuple):
    """One key of a record.

    Attributes
    ----------
    type
        ``1``, ``2`` or ``1C``; here 1C means: present if the Instance has it.
    """

    tag: int
    type: str


Keys = tuple[Key, ...]


def _keys(
    *, one: tuple[int, ...] = (), two: tuple[int, ...] = (), one_c: tuple[int, ...] = ()
) -> Keys:
    keys = [Key(tag, "1") for tag in one]
    keys += [Key(tag, "2") for tag in two]
    keys += [Key(tag, "1C") for tag in one_c]
    return tuple(sorted(keys))


# Content Identification Macro (PS3.3 table 10-12).
_LABELLED = {"one": (INSTANCE_NUMBER, 0x00700080), "two": (0x00700081, 0x00700084)}
_CONTENT = _keys(
    one=(_CONTENT_DATE, _CONTENT_TIME, *_LABELLED["one"]),
    two=_LABELLED["two"],
)

PATIENT_KEYS = _keys(one=(PATIENT_ID,), two=(PATIENT_NAME,))
# Study Instance UID: readers expect it (PS3.3 table F.5-2, note).
STUDY_KEYS = _keys(one=(STUDY_DATE, STUDY_TIME, STUDY_ID, STUDY_UID), two=(0x00081030, 0x00080050))
SERIES_KEYS = _keys(one=(MODALITY, SERIES_UID, SERIES_NUMBER))

# Records that stand alone in the root, without patient (PS3.3 table F.4-1).
ROOT_TYPES = frozenset({"HANGING PROTOCOL", "PALETTE", "IMPLANT", "IMPLANT ASSY", "IMPLANT GROUP"})

# Record type -> its keys (PS3.3 F.5.4 - F.5.47).
INSTANCE_KEYS: Mapping[str, Keys] = {
    "IMAGE": _keys(one=(INSTANCE_NUMBER,)),
    "RT DOSE": _keys(one=(INSTANCE_NUMBER, 0x3004000A)),
    "RT STRUCTURE SET": _keys(one=(INSTANCE_NUMBER, 0x30060002), two=(0x30060008, 0x30060009)),
    "RT PLAN": _keys(one=(INSTANCE_NUMBER, 0x300A0002), two=(0x300A0006, 0x300A0007)),
    "RT TREAT RECORD": _keys(one=(INSTANCE_NUMBER,), two=(0x30080250, 0x30080251)),
    "PRESENTATION": _keys(
        one=(0x00700082, 0x00700083, *_LABELLED["one"]),
        two=_LABELLED["two"],
        one_c=(REFERENCED_SERIES, BLENDING),
    ),
    "WAVEFORM": _keys(one=(INSTANCE_NUMBER, _CONTENT_DATE, _CONTENT_TIME)),
    "SR DOCUMENT": _keys(
        one=(INSTANCE_NUMBER, 0x0040A491, 0x0040A493, _CONTENT_DATE, _CONTENT_TIME, CONCEPT_NAME),
        one_c=(VERIFICATION_DATE_TIME, CONTENT_SEQUENCE),
    ),
    "KEY OBJECT DOC": _keys(
        one=(INSTANCE_NUMBER, _CONTENT_DATE, _CONTENT_TIME, CONCEPT_NAME),
        one_c=(CONTENT_SEQUENCE,),
    ),
    "SPECTROSCOPY": _keys(
        one=(
            *(0x00080008, _CONTENT_DATE, _CONTENT_TIME, INSTANCE_NUMBER),
            *(0x00280008, 0x00280010, 0x00280011, 0x00289001, 0x00289002),
        ),
        one_c=(0x00089092,),
    ),
    "RAW DATA": _keys(one=(_CONTENT_DATE, _CONTENT_TIME), two=(INSTANCE_NUMBER,)),
    "REGISTRATION": _CONTENT,
    "FIDUCIAL": _CONTENT,
    "HANGING PROTOCOL": _keys(
        one=(
            *(0x00720002, 0x00720004, 0x00720006, 0x00720008),
            *(0x0072000A, 0x0072000C, 0x00720014),
        ),
        two=(0x0072000E,),
    ),
    "ENCAP DOC": _keys(
        one=(INSTANCE_NUMBER, 0x00420012),
        two=(_CONTENT_DATE, _CONTENT_TIME, 0x00420010, CONCEPT_NAME),
        one_c=(0x0040E001,),
    ),
    "VALUE MAP": _CONTENT,
    "STEREOMETRIC": (),
    "PALETTE": _keys(one=(0x00700080,), two=(0x00700081,)),
    "IMPLANT": _keys(one=(0x00080070, 0x00221095, 0x00221097), one_c=(0x00686210,)),
    "IMPLANT ASSY": _keys(one=(0x00760001, 0x00080070, 0x00760020)),
    "IMPLANT GROUP": _keys(one=(0x00780001, 0x00780020)),
    "PLAN": (),
    "MEASUREMENT": _CONTENT,
    "SURFACE": _CONTENT,
    "SURFACE SCAN": _keys(one=(_CONTENT_DATE, _CONTENT_TIME)),
    "TRACT": _CONTENT,
    "ASSESSMENT": _keys(one=(INSTANCE_NUMBER, 0x00080012), two=(0x00080013,)),
    "RADIOTHERAPY": _keys(
        one=(INSTANCE_NUMBER,), two=_LABELLED["two"], one_c=(0x30100033, 0x30100034)
    ),
    "ANNOTATION": _CONTENT,
}

# Record type -> ends of the UIDs of its SOP Classes, after 1.2.840.10008.5.1.4.1.1.
_CLASSES: Mapping[str, tuple[str, ...]] = {
    "RT DOSE": ("481.2",),
    "RT STRUCTURE SET": ("481.3",),
    "RT PLAN": ("481.5", "481.8"),
    "RT TREAT RECORD": ("481.4", "481.6", "481.7", "481.9"),
    "PRESENTATION": (*(f"11.{end}" for end in range(1, 13)), "131"),
    "WAVEFORM": (
        *("9.1.1", "9.1.2", "9.1.3", "9.1.4", "9.2.1", "9.3.1", "9.4.1", "9.4.2", "9.5.1"),
        *("9.6.1", "9.6.2", "9.7.1", "9.7.2", "9.7.3", "9.7.4", "9.8.1"),
    ),
    "SR DOCUMENT": (
        *("88.11", "88.22", "88.33", "88.34", "88.35", "88.40", "88.50", "88.65"),
        *(f"88.{end}" for end in range(67, 78)),
        *("78.6", "79.1"),
    ),
    "KEY OBJECT DOC": ("88.59",),
    "SPECTROSCOPY": ("4.2",),
    "RAW DATA": ("66",),
    "REGISTRATION": ("66.1", "66.3"),
    "FIDUCIAL": ("66.2",),
    "ENCAP DOC": tuple(f"104.{end}" for end in range(1, 6)),
    "VALUE MAP": ("67",),
    "STEREOMETRIC": ("77.1.5.3",),
    "MEASUREMENT": ("78.1", "78.2", "78.3", "78.4", "78.5", "78.7", "78.8", "80.1"),
    "SURFACE": ("66.5",),
    "SURFACE SCAN": ("68.1", "68.2"),
    "TRACT": ("66.6",),
    "ASSESSMENT": ("90.1",),
    "RADIOTHERAPY": (*(f"481.{end}" for end in range(10, 23)), "481.25"),
    "ANNOTATION": ("91.1",),
}
_OTHER_ROOTS = {
    "1.2.840.10008.5.1.4.34.7": "PLAN",
    "1.2.840.10008.5.1.4.34.10": "PLAN",
    "1.2.840.10008.5.1.4.38.1": "HANGING PROTOCOL",
    "1.2.840.10008.5.1.4.39.1": "PALETTE",
    "1.2.840.10008.5.1.4.43.1": "IMPLANT",
    "1.2.840.10008.5.1.4.44.1": "IMPLANT ASSY",
    "1.2.840.10008.5.1.4.45.1": "IMPLANT GROUP",
}
_TYPES = {
    **{STANDARD_STORAGE + end: name for name, ends in _CLASSES.items() for end in ends},
    **_OTHER_ROOTS,
}


# Storage classes that are no images and have no record: retired overlays, curves, lookup tables
# and trials; protocols; inventories, which PS3.3 F.5.48 puts into the root with what only an
# archive knows; waveform presentation states, whose record type F.5.49 (2025a) does not name.
_NO_RECORD = (
    *("8", "9", "9.1", "9.100.1", "9.100.2", "10", "11", "88.1", "88.2", "88.3", "88.4", "129"),
    *("200.1", "200.2", "200.3", "200.7", "200.8", "201.1"),
)
_WITHOUT = frozenset(STANDARD_STORAGE + end for end in _NO_RECORD)


def record_type(sop_class_uid: str, *, has_pixels: bool) -> str:
    """Return the type of the record that refers to an Instance, ``""`` where there is none.

    All other storage classes of the standard are IMAGE, and what is of no class of the standard
    if it has pixels.
    """
    known = _TYPES.get(sop_class_uid)
    if known is not None:
        return known
    is_image = has_pixels or sop_class_uid.startswith(STANDARD_STORAGE)
    return "IMAGE" if is_image and sop_class_uid not in _WITHOUT else ""


# Type 1 keys that an Instance need not have -> where else their value may stand in it. What is
# found nowhere is made up, as other writers of DICOMDIRs do: numbers in order, a date that
# nobody takes for one.
_DATES = (0x00080021, 0x00080022, 0x00080023, 0x00080012, 0x00080020)
_TIMES = (0x00080031, 0x00080032, 0x00080033, 0x00080013, 0x00080030)
INSTEAD: Mapping[int, tuple[int, ...]] = {
    STUDY_DATE: _DATES,
    STUDY_TIME: _TIMES,
    _CONTENT_DATE: _DATES,
    _CONTENT_TIME: _TIMES,
    0x00700082: _DATES,
    0x00700083: _TIMES,
    0x00080012: _DATES,
}
MADE_UP: Mapping[int, bytes] = {
    STUDY_DATE: b"19000101",
    STUDY_TIME: b"000000",
    _CONTENT_DATE: b"19000101",
    _CONTENT_TIME: b"000000",
    0x00700082: b"19000101",
    0x00700083: b"000000",
    0x00080012: b"19000101",
    MODALITY: b"OT",
    0x00700080: b"UNNAMED",
    0x30060002: b"UNNAMED",
    0x300A0002: b"UNNAMED",
}
# These are made up once it is known what stands beside them.
NUMBERED = frozenset({PATIENT_ID, STUDY_ID, SERIES_NUMBER, INSTANCE_NUMBER})
