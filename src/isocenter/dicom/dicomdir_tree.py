"""The Instances of a DICOMDIR as a tree: which patient, Study and Series each belongs to.

The tree is the same in whatever order the Instances come, as long as none of them contradict one
another: patients, Studies, Series and Instances are sorted.

References
----------
PS3.3 F.4 (Basic Directory information model), F.5.1 - F.5.3 (what is unique), PS3.10 8.2
(File IDs), PS3.11 (profiles).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from isocenter.dicom.dicomdir_entry import Entry, Level
from isocenter.dicom.dicomdir_records import (
    INSTANCE_NUMBER,
    SERIES_NUMBER,
    STUDY_DATE,
    STUDY_TIME,
)
from isocenter.dicom.dictionary import keyword_of
from isocenter.dicom.uids import BIG_ENDIAN, DEFLATED, EXPLICIT, IMPLICIT, VIDEO, derived_uid
from isocenter.errors import TooLargeError

_NUMBERS_MAX = 1_000_000

FileId = tuple[str, ...]


class Refused(NamedTuple):
    """An Instance that the directory cannot have, and because of which other one."""

    reason: str
    other: int
    is_duplicate: bool = False


@dataclass(slots=True)
class Series:
    """A Series and the numbers of its Instances, in order."""

    uid: str
    instances: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Study:
    """A Study and its Series by UID, in order."""

    uid: str
    series: dict[str, Series] = field(default_factory=dict)


@dataclass(slots=True)
class Patient:
    """A patient, by the ID in the directory, and the Studies by UID, in order."""

    patient_id: str
    studies: dict[str, Study] = field(default_factory=dict)


@dataclass(slots=True)
class Arrangement:
    """Instances in the order of the directory.

    Attributes
    ----------
    entries
        As they were given; numbers of Instances are indices of this list.
    refused
        Instances that have no place, by number.
    alone
        Instances that belong to nobody.
    warnings
        Sentences about what does not fit together, and what was made up.
    """

    entries: Sequence[Entry]
    patients: list[Patient] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)
    refused: dict[int, Refused] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def arrange(entries: Sequence[Entry]) -> Arrangement:
    """Return the Instances by patient, Study and Series, each of them once.

    A Study belongs to one Patient ID and a Series to one Study (PS3.3 F.5.1 - F.5.3), those of
    the first Instance that names one; whatever contradicts it is refused, because it would
    appear under a wrong patient. Without any Patient ID a Study gets one that is made up.
    """
    arranged = Arrangement(entries)
    owners = _owners(entries)
    instances: dict[str, int] = {}
    series_of: dict[str, int] = {}
    patients: dict[str, Patient] = {}
    for number, entry in enumerate(entries):
        refused = _refusal(entry, owners, instances, series_of, entries)
        if refused is not None:
            arranged.refused[number] = refused
            continue
        instances[entry.sop_instance_uid] = number
        if not entry.study_uid:
            arranged.alone.append(number)
            continue
        series_of.setdefault(entry.series_uid, number)
        owner = owners.get(entry.study_uid)
        patient_id = entries[owner].patient_id if owner is not None else _no_id(entry.study_uid)
        patient = patients.setdefault(patient_id, Patient(patient_id))
        study = patient.studies.setdefault(entry.study_uid, Study(entry.study_uid))
        series = study.series.setdefault(entry.series_uid, Series(entry.series_uid))
        series.instances.append(number)
    arranged.patients = list(patients.values())
    _sort(arranged)
    arranged.warnings = _warnings(arranged)
    return arranged


def _owners(entries: Sequence[Entry]) -> dict[str, int]:
    """Return for each Study the first Instance that has a Patient ID."""
    owners: dict[str, int] = {}
    for number, entry in enumerate(entries):
        if entry.patient_id:
            owners.setdefault(entry.study_uid, number)
    return owners


def _refusal(
    entry: Entry,
    owners: Mapping[str, int],
    instances: Mapping[str, int],
    series_of: Mapping[str, int],
    entries: Sequence[Entry],
) -> Refused | None:
    other = instances.get(entry.sop_instance_uid)
    if other is not None:
        return Refused("another file has the same SOP Instance UID", other, is_duplicate=True)
    if not entry.study_uid:
        return None
    owner = owners.get(entry.study_uid)
    if owner is not None and entry.patient_id not in ("", entries[owner].patient_id):
        return Refused("its Study belongs to another Patient ID", owner)
    first = series_of.get(entry.series_uid)
    if first is not None and entries[first].study_uid != entry.study_uid:
        return Refused("its Series belongs to another Study", first)
    return None


def _no_id(study_uid: str) -> str:
    """Return a Patient ID for a Study that has none: never shared with another Study."""
    digits = derived_uid(b"patient id", study_uid.encode())[len("2.25.") :]
    return f"NO_ID_{digits[:12]}"


def _sort(arranged: Arrangement) -> None:
    """Put patients by name, Studies by date, Series and Instances by number, then all by UID."""
    entries = arranged.entries
    for patient in arranged.patients:
        for study in patient.studies.values():
            for series in study.series.values():
                series.instances.sort(key=lambda number: _by_number(entries[number]))
            study.series = {
                one.uid: one
                for one in sorted(
                    study.series.values(),
                    key=lambda one: (_number(series_level(arranged, one), SERIES_NUMBER), one.uid),
                )
            }
        patient.studies = {
            one.uid: one
            for one in sorted(
                patient.studies.values(),
                key=lambda one: (*_when(study_level(arranged, one)), one.uid),
            )
        }
    arranged.patients.sort(
        key=lambda patient: (_entry_of(arranged, patient).patient_name, patient.patient_id)
    )
    arranged.alone.sort(
        key=lambda number: (entries[number].record_type, entries[number].sop_instance_uid)
    )


def _by_number(entry: Entry) -> tuple[int, str]:
    return _number(entry.instance, INSTANCE_NUMBER), entry.sop_instance_uid


def _number(level: Level, tag: int) -> int:
    """Return a number, after all others where it is missing."""
    text = level.value(tag).strip(b" ")
    return int(text) if text else 1 << 62


def _when(level: Level) -> tuple[bytes, bytes]:
    return level.value(STUDY_DATE), level.value(STUDY_TIME)


# Instances of a Study can differ in what they say of it: the directory takes the one that says
# most, so that nothing is made up that another one knows; then the first.


def _numbers_of(holder: Patient | Study | Series) -> Iterator[int]:
    if isinstance(holder, Series):
        yield from holder.instances
        return
    below = holder.studies if isinstance(holder, Patient) else holder.series
    for one in below.values():
        yield from _numbers_of(one)


def _entry_of(arranged: Arrangement, patient: Patient) -> Entry:
    entries = (arranged.entries[number] for number in sorted(_numbers_of(patient)))
    return min(entries, key=lambda entry: (len(entry.patient.missing), not entry.patient_name))


def patient_level(arranged: Arrangement, patient: Patient) -> Level:
    """Return what the directory says of a patient."""
    return _entry_of(arranged, patient).patient


def study_level(arranged: Arrangement, study: Study) -> Level:
    """Return what the directory says of a Study."""
    return _fullest(arranged.entries[number].study for number in sorted(_numbers_of(study)))


def series_level(arranged: Arrangement, series: Series) -> Level:
    """Return what the directory says of a Series."""
    return _fullest(arranged.entries[number].series for number in sorted(series.instances))


def _fullest(levels: Iterable[Level]) -> Level:
    return min(levels, key=lambda level: len(level.missing) + len(level.made_up))


def _warnings(arranged: Arrangement) -> list[str]:
    warnings = []
    renamed = 0
    for patient in arranged.patients:
        names = {arranged.entries[number].patient_name for number in _numbers_of(patient)}
        renamed += len(names - {""}) > 1
    if renamed:
        warnings.append(
            f"{renamed} Patient ID(s) have several names; the directory shows one name for each"
        )
    made_up: Counter[int] = Counter()
    for number, entry in enumerate(arranged.entries):
        if number not in arranged.refused:
            for level in (entry.patient, entry.study, entry.series, entry.instance):
                made_up.update((*level.missing, *level.made_up))
    if made_up:
        counts = ", ".join(f"{keyword_of(tag)} of {made_up[tag]}" for tag in sorted(made_up))
        warnings.append(
            "a directory must have values that some files do not have, "
            f"they were made up for it: {counts} file(s)"
        )
    return warnings


# The folders and files of a copy are named as other writers name them.
_PREFIXES = {
    "IMAGE": "IM",
    "RT DOSE": "RD",
    "RT STRUCTURE SET": "RS",
    "RT PLAN": "RP",
    "RT TREAT RECORD": "RX",
    "PRESENTATION": "PR",
    "WAVEFORM": "WV",
    "SR DOCUMENT": "SR",
    "KEY OBJECT DOC": "KY",
    "SPECTROSCOPY": "SP",
    "RAW DATA": "RW",
    "REGISTRATION": "RG",
    "FIDUCIAL": "FD",
    "HANGING PROTOCOL": "HG",
    "ENCAP DOC": "ED",
    "VALUE MAP": "VM",
    "STEREOMETRIC": "SX",
    "PALETTE": "PA",
    "IMPLANT": "IP",
    "IMPLANT ASSY": "IA",
    "IMPLANT GROUP": "IG",
    "PLAN": "PL",
    "MEASUREMENT": "MX",
    "SURFACE": "SF",
    "SURFACE SCAN": "SS",
    "TRACT": "TR",
    "ASSESSMENT": "AS",
    "RADIOTHERAPY": "RT",
    "ANNOTATION": "AN",
}


def name_files(arranged: Arrangement) -> dict[int, FileId]:
    """Return legal File IDs by number of the Instance: ``PT000000/ST000000/SE000000/IM000000``.

    Raises
    ------
    TooLargeError
        If there is no seventh digit for so many.
    """
    ids: dict[int, FileId] = {}
    for patient_number, patient in enumerate(arranged.patients):
        for study_number, study in enumerate(patient.studies.values()):
            for series_number, series in enumerate(study.series.values()):
                folder = (
                    _name("PT", patient_number),
                    _name("ST", study_number),
                    _name("SE", series_number),
                )
                for place, number in enumerate(series.instances):
                    prefix = _PREFIXES[arranged.entries[number].record_type]
                    ids[number] = (*folder, _name(prefix, place))
    for place, number in enumerate(arranged.alone):
        ids[number] = (_name(_PREFIXES[arranged.entries[number].record_type], place),)
    return ids


def _name(prefix: str, number: int) -> str:
    if number >= _NUMBERS_MAX:
        raise TooLargeError("File IDs", _NUMBERS_MAX, number + 1, "names")
    return f"{prefix}{number:06d}"


# Transfer Syntaxes that general purpose profiles take beside Explicit VR Little Endian (PS3.11
# Annexes D, H, J and M); discs for every reader have STD-GEN-CD, which takes nothing else.
_JPEG_FAMILY = "1.2.840.10008.1.2.4."
_JPEG = frozenset({f"{_JPEG_FAMILY}50", f"{_JPEG_FAMILY}51", f"{_JPEG_FAMILY}70"})
_JPEG_2000 = frozenset({f"{_JPEG_FAMILY}90", f"{_JPEG_FAMILY}91"})
_NAMES = {
    IMPLICIT: "Implicit VR Little Endian",
    BIG_ENDIAN: "Explicit VR Big Endian",
    DEFLATED: "Deflated Explicit VR Little Endian",
    "1.2.840.10008.1.2.5": "RLE Lossless",
}


def profile_warnings(arranged: Arrangement) -> list[str]:
    """Return for which Transfer Syntaxes few readers of media are made; valid are all."""
    counts: Counter[str] = Counter()
    for number, entry in enumerate(arranged.entries):
        uid = entry.transfer_syntax_uid
        if number in arranged.refused or uid == EXPLICIT:
            continue
        if uid in _JPEG:
            counts["JPEG, which STD-GEN-DVD-JPEG, -USB-JPEG and -BD-JPEG take, STD-GEN-CD not"] += 1
        elif uid in _JPEG_2000:
            counts[
                "JPEG 2000, which STD-GEN-DVD-J2K, -USB-J2K and -BD-J2K take, STD-GEN-CD not"
            ] += 1
        elif uid.startswith(VIDEO):
            counts["video, which at most the MPEG profiles of STD-GEN-BD take"] += 1
        else:
            counts[f"{_NAMES.get(uid, uid)}, which no general purpose profile takes"] += 1
    return [f"{counts[what]} file(s) are in {what} (PS3.11)" for what in sorted(counts)]
