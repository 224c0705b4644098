"""A DICOMDIR: the bytes of the file, from the tree of Instances and their File IDs.

The same Instances under the same File IDs give the same bytes: the UID of the directory is derived
from its records.

References
----------
PS3.3 Annex F (Basic Directory), PS3.10 section 8 (File IDs, DICOMDIR).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from struct import pack

from isocenter.dicom.dicomdir_entry import Entry, Level
from isocenter.dicom.dicomdir_records import (
    INSTANCE_NUMBER,
    MEDIA_STORAGE_DIRECTORY,
    PATIENT_ID,
    SERIES_NUMBER,
    STUDY_ID,
)
from isocenter.dicom.dicomdir_tree import (
    Arrangement,
    FileId,
    Patient,
    Series,
    patient_level,
    series_level,
    study_level,
)
from isocenter.dicom.dictionary import vr_of
from isocenter.dicom.part10 import (
    ITEM_START,
    element_header,
    encode_element,
    encode_text,
    encode_uid,
    encode_ul,
    encode_us,
    file_meta,
)
from isocenter.dicom.uids import EXPLICIT, derived_uid
from isocenter.errors import TooLargeError

_COMPONENT = re.compile(r"[A-Z0-9_]{1,8}\Z")
_COMPONENTS_MAX = 8
NAME = "DICOMDIR"

_FILE_SET_ID, _FIRST, _LAST, _CONSISTENCY, _RECORDS = (
    *(0x00041130, 0x00041200, 0x00041202, 0x00041212),
    0x00041220,
)
_NEXT, _IN_USE, _LOWER, _TYPE = 0x00041400, 0x00041410, 0x00041420, 0x00041430
_FILE, _CLASS, _INSTANCE, _SYNTAX = 0x00041500, 0x00041510, 0x00041511, 0x00041512
_USED = 0xFFFF
_OFFSET_MAX = 0xFFFFFFFE


def is_file_id(parts: Sequence[str]) -> bool:
    """Return whether the parts of a relative path can stand in a DICOMDIR (PS3.10 8.2, 8.5).

    DICOMDIR itself is the name of the directory and of nothing else.
    """
    if not 1 <= len(parts) <= _COMPONENTS_MAX or tuple(parts) == (NAME,):
        return False
    return all(_COMPONENT.match(part) for part in parts)


@dataclass(slots=True)
class _Record:
    """One directory record without its offsets; ``next`` and ``lower`` are places in the list."""

    content: bytes
    next: int = -1
    lower: int = -1


def directory_pieces(arranged: Arrangement, ids: Mapping[int, FileId]) -> list[bytes]:
    """Return a DICOMDIR that refers to all Instances that were not refused, in pieces.

    Parameters
    ----------
    ids
        The File ID of each Instance by its number.

    Raises
    ------
    TooLargeError
        If the directory would have 4 GiB or more.
    """
    records: list[_Record] = []
    root = _Chain(records)
    for patient in arranged.patients:
        _add_patient(arranged, patient, ids, root)
    for number in arranged.alone:
        root.add(_leaf(arranged.entries[number], ids[number], arranged.entries[number].instance))
    uid = derived_uid(b"dicomdir", *(record.content for record in records))
    meta = file_meta(MEDIA_STORAGE_DIRECTORY, uid, EXPLICIT)
    sizes = [_OFFSETS_BYTES + len(record.content) for record in records]
    total = sum(sizes)
    start = len(meta) + len(_root(0, 0, 0))
    if start + total > _OFFSET_MAX:
        raise TooLargeError("DICOMDIR", _OFFSET_MAX, start + total, "bytes")
    offsets = [start]
    for size in sizes:
        offsets.append(offsets[-1] + size)
    first, last = (offsets[root.first], offsets[root.last]) if records else (0, 0)
    pieces = [meta, _root(first, last, total)]
    for record, size in zip(records, sizes, strict=True):
        following = offsets[record.next] if record.next >= 0 else 0
        lower = offsets[record.lower] if record.lower >= 0 else 0
        pieces.append(_offsets(following, lower, size) + record.content)
    return pieces


def _root(first: int, last: int, records_bytes: int) -> bytes:
    """Return everything before the first record (PS3.3 F.3.2); the File-set has no ID."""
    return b"".join(
        (
            encode_text(_FILE_SET_ID, "", is_implicit=False),
            encode_ul(_FIRST, first, is_implicit=False),
            encode_ul(_LAST, last, is_implicit=False),
            encode_us(_CONSISTENCY, 0, is_implicit=False),
            element_header(_RECORDS, records_bytes, is_implicit=False, vr="SQ"),
        )
    )


def _offsets(following: int, lower: int, size: int) -> bytes:
    """Return what every record of ``size`` bytes begins with."""
    return b"".join(
        (
            ITEM_START + pack("<I", size - 8),
            encode_ul(_NEXT, following, is_implicit=False),
            encode_us(_IN_USE, _USED, is_implicit=False),
            encode_ul(_LOWER, lower, is_implicit=False),
        )
    )


_OFFSETS_BYTES = len(_offsets(0, 0, 8))


class _Chain:
    """The records of one directory entity, each of which points to the next."""

    def __init__(self, records: list[_Record]) -> None:
        self._records = records
        self.first = self.last = -1

    def add(self, content: bytes) -> _Record:
        """Append a record."""
        place = len(self._records)
        record = _Record(content)
        self._records.append(record)
        if self.last >= 0:
            self._records[self.last].next = place
        else:
            self.first = place
        self.last = place
        return record

    def below(self, record: _Record) -> "_Chain":
        """Return the entity to which a record that was just added points."""
        record.lower = len(self._records)
        return _Chain(self._records)


def _add_patient(
    arranged: Arrangement, patient: Patient, ids: Mapping[int, FileId], root: _Chain
) -> None:
    level = patient_level(arranged, patient)
    content = _content("PATIENT", level, {PATIENT_ID: patient.patient_id})
    studies = root.below(root.add(content))
    for study_place, study in enumerate(patient.studies.values(), 1):
        level = study_level(arranged, study)
        series_chain = studies.below(
            studies.add(_content("STUDY", level, {STUDY_ID: str(study_place)}))
        )
        levels = {uid: series_level(arranged, one) for uid, one in study.series.items()}
        numbers = _Numbers(levels.values(), SERIES_NUMBER)
        for uid, series in study.series.items():
            content = _content("SERIES", levels[uid], numbers.of(levels[uid]))
            _add_instances(arranged, series, ids, series_chain.below(series_chain.add(content)))


def _add_instances(
    arranged: Arrangement, series: Series, ids: Mapping[int, FileId], chain: _Chain
) -> None:
    entries = [arranged.entries[number] for number in series.instances]
    numbers = _Numbers((entry.instance for entry in entries), INSTANCE_NUMBER)
    for number, entry in zip(series.instances, entries, strict=True):
        chain.add(_leaf(entry, ids[number], entry.instance, numbers.of(entry.instance)))


class _Numbers:
    """Gives numbers to what has none, beginning after the highest one."""

    def __init__(self, levels: Iterable[Level], tag: int) -> None:
        self._tag = tag
        found = (level.value(tag).strip(b" ") for level in levels)
        self._last = max((int(text) for text in found if text), default=0)

    def of(self, level: Level) -> dict[int, str]:
        """Return the number that is made up for a level, nothing where it has one."""
        if self._tag not in level.missing:
            return {}
        self._last += 1
        return {self._tag: str(self._last)}


def _leaf(
    entry: Entry, file_id: FileId, level: Level, numbered: Mapping[int, str] | None = None
) -> bytes:
    assert is_file_id(file_id)
    reference = b"".join(
        (
            encode_text(_FILE, "\\".join(file_id), is_implicit=False),
            encode_uid(_CLASS, entry.sop_class_uid, is_implicit=False),
            encode_uid(_INSTANCE, entry.sop_instance_uid, is_implicit=False),
            encode_uid(_SYNTAX, entry.transfer_syntax_uid, is_implicit=False),
        )
    )
    return _content(entry.record_type, level, numbered or {}, reference)


def _content(
    record_type: str, level: Level, numbered: Mapping[int, str], reference: bytes = b""
) -> bytes:
    """Return type, reference and keys of a record, in order of tag."""
    elements = dict(level.elements)
    for tag in level.missing:
        value = numbered[tag].encode()
        elements[tag] = encode_element(tag, value, is_implicit=False, vr=vr_of(tag))
    keys = b"".join([elements[tag] for tag in sorted(elements)])
    return encode_text(_TYPE, record_type, is_implicit=False) + reference + keys
