"""Who and what a new Instance is about: values and a template that the caller gives.

Pictures and videos hold pixels and nothing else that an Instance needs. ``Keyword=value`` and a
template fill patient, study and series in; the rest is empty where the standard lets it be
(type 2), or derived from the content (UIDs). No clock is read: a date is there only if it is given.

References
----------
PS3.3 C.7.1.1 (Patient), C.7.2.1, C.7.2.2 (Study, Patient Study), C.7.3.1 (Series),
C.12.1 (SOP Common); PS3.5 6.2 (value representations), PS3.18 F.2 (DICOM JSON Model).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from isocenter.dicom.dictionary import TEXT_VRS, is_private, keyword_of, tag_of, vr_of
from isocenter.dicom.enhanced_values import encode_code, encode_values
from isocenter.dicom.explicit import explicit_element
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.json_model import Scope, element_vr
from isocenter.dicom.part10 import (
    Elements,
    decimal_string,
    element_text,
    element_value,
    encode_element,
    encode_sequence,
    encode_text,
    encode_uid,
)
from isocenter.dicom.supplied import is_value
from isocenter.dicom.text import SPECIFIC_CHARACTER_SET, decode, decode_names, decode_values
from isocenter.dicom.uids import derived_uid
from isocenter.errors import InvalidInputError
from isocenter.limits import DEFAULT

SOP_CLASS_UID, SOP_INSTANCE_UID = 0x00080016, 0x00080018
STUDY_INSTANCE_UID, SERIES_INSTANCE_UID = 0x0020000D, 0x0020000E
MODALITY, INSTANCE_NUMBER = 0x00080060, 0x00200013
_LATERALITY, _IMAGE_LATERALITY, _ANATOMIC_REGION = 0x00200060, 0x00200062, 0x00082218

# Changes when the same inputs give other bytes (DESIGN 7).
_VERSION = b"isocenter generate 1"
_UTF_8 = "ISO_IR 192"
# Patient, Clinical Trial Subject, General Study, Patient Study, Clinical Trial Study.
_PATIENT_AND_STUDY = (
    *("PatientName", "PatientID", "IssuerOfPatientID", "IssuerOfPatientIDQualifiersSequence"),
    *(
        "TypeOfPatientID",
        "PatientBirthDate",
        "PatientBirthTime",
        "PatientSex",
        "QualityControlSubject",
    ),
    *("PatientBirthDateInAlternativeCalendar", "PatientDeathDateInAlternativeCalendar"),
    *("PatientAlternativeCalendar", "OtherPatientIDsSequence", "OtherPatientNames"),
    *("ReferencedPatientSequence", "EthnicGroup", "EthnicGroupCodeSequence", "PatientComments"),
    *("PatientSpeciesDescription", "PatientSpeciesCodeSequence", "PatientBreedDescription"),
    *("PatientBreedCodeSequence", "BreedRegistrationSequence", "StrainDescription"),
    *("StrainNomenclature", "StrainCodeSequence", "ResponsiblePerson", "ResponsiblePersonRole"),
    *("ResponsibleOrganization", "PatientIdentityRemoved", "DeidentificationMethod"),
    *("DeidentificationMethodCodeSequence", "ClinicalTrialSponsorName", "ClinicalTrialProtocolID"),
    *("ClinicalTrialProtocolName", "ClinicalTrialSiteID", "ClinicalTrialSiteName"),
    *("ClinicalTrialSubjectID", "ClinicalTrialSubjectReadingID", "ClinicalTrialTimePointID"),
    *("ClinicalTrialTimePointDescription", "LongitudinalTemporalInformationModified"),
    *("StudyInstanceUID", "StudyDate", "StudyTime", "ReferringPhysicianName", "StudyID"),
    *("ReferringPhysicianIdentificationSequence", "ConsultingPhysicianName", "AccessionNumber"),
    *("ConsultingPhysicianIdentificationSequence", "IssuerOfAccessionNumberSequence"),
    *("StudyDescription", "PhysiciansOfRecord", "PhysiciansOfRecordIdentificationSequence"),
    *("NameOfPhysiciansReadingStudy", "PhysiciansReadingStudyIdentificationSequence"),
    *("RequestingServiceCodeSequence", "ReferencedStudySequence", "ProcedureCodeSequence"),
    *("ReasonForPerformedProcedureCodeSequence", "AdmittingDiagnosesDescription"),
    *("AdmittingDiagnosesCodeSequence", "PatientAge", "PatientSize", "PatientWeight"),
    *("PatientBodyMassIndex", "MeasuredAPDimension", "MeasuredLateralDimension"),
    *("PatientSizeCodeSequence", "MedicalAlerts", "Allergies", "SmokingStatus", "PregnancyStatus"),
    *("LastMenstrualDate", "PatientState", "Occupation", "AdditionalPatientHistory"),
    *("AdmissionID", "IssuerOfAdmissionIDSequence", "ServiceEpisodeID", "PatientSexNeutered"),
    *("ServiceEpisodeDescription", "IssuerOfServiceEpisodeIDSequence"),
    "TimezoneOffsetFromUTC",
)
# What every Instance must have, and may have empty (type 2).
_EMPTY = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime"),
    *("ReferringPhysicianName", "StudyID", "AccessionNumber", "SeriesNumber"),
)
# What may not be given empty.
_NEVER_EMPTY = frozenset(
    {SOP_INSTANCE_UID, STUDY_INSTANCE_UID, SERIES_INSTANCE_UID, MODALITY, INSTANCE_NUMBER}
)
# What follows from the content and from how it is written.
_FOLLOWS = frozenset(
    {
        *(SPECIFIC_CHARACTER_SET, SOP_CLASS_UID, 0x00083001),
        *(0x00181063, 0x00181065, 0x00182001, 0x00280008, 0x00280009, 0x00282000, 0x20500020),
        *range(0x00280002, 0x00280008),
        *(0x00280010, 0x00280011, 0x00280014, 0x00280034),
        *range(0x00280100, 0x00280122),
        *range(0x00281101, 0x00281222),
        *(0x00282110, 0x00282112, 0x00282114),
    }
)
_LENGTHS = {"LO": 64, "SH": 16, "ST": 1024, "LT": 10240}
_NAME_GROUPS, _NAME_COMPONENTS, _NAME_CHARACTERS = 3, 5, 64
_MULTI_VALUED_TEXT = frozenset({"LO", "SH", "PN", "UC"})
_JSON_KEY = re.compile(r"[0-9A-Fa-f]{8}")
_NAME_KEYS = ("Alphabetic", "Ideographic", "Phonetic")


@dataclass(frozen=True, slots=True)
class GivenIdentity:
    """What the caller says about new Instances.

    Attributes
    ----------
    elements
        Of the root, in Explicit VR Little Endian; text is UTF-8, Specific Character Set is absent.
    """

    elements: Mapping[int, bytes]

    def text(self, tag: int) -> str:
        """Return a UID, code string or number as text, ``""`` where it is not given."""
        return element_text(self.elements.get(tag), is_implicit=False)


class NewInstance(NamedTuple):
    """What tells one new Instance from others.

    Attributes
    ----------
    content
        Digest of the inputs it is made of, and of the options.
    group
        Digest of all inputs whose Instances share Study and Series.
    """

    sop_class_uid: str
    content: bytes
    group: bytes
    instance_number: int = 1
    modality: str = "OT"


def given_identity(
    supplied: Iterable[str] = (), template: Mapping[int, bytes] | None = None
) -> GivenIdentity:
    """Return what is given by ``Keyword=value`` and, where that says nothing, by a template.

    Several values are parted by a backslash, a code is ``value^scheme^meaning``, nothing after
    the equals sign makes the attribute empty.

    Raises
    ------
    InvalidInputError
        If a keyword is unknown, stands twice or follows from the content, or a value is none of
        its VR.
    """
    own: Elements = {}
    for text in supplied:
        keyword, equals, value = text.partition("=")
        tag = _tag_of(keyword)
        if not equals:
            raise InvalidInputError(f"{keyword} is set to nothing: write {keyword}=VALUE")
        if tag in own:
            raise InvalidInputError(f"{keyword} is set twice")
        own[tag] = _encoded(tag, _values(tag, value))
    return GivenIdentity({**(template or {}), **own})


def template_of_dataset(dataset: DataSetIndex) -> Elements:
    """Return the attributes of patient and study, which let a new Instance join that study.

    Raises
    ------
    UnusualEncodingError, TruncatedError, TooLargeError
        If a sequence cannot be opened.
    """
    tags = {tag_of(keyword) for keyword in _PATIENT_AND_STUDY}
    scope = Scope().inside(dataset)
    return {tag: _in_utf_8(dataset, tag, scope) for tag in sorted(dataset.elements) if tag in tags}


def template_of_json(text: bytes) -> Elements:
    """Return what a JSON object says: by tag as in the DICOM JSON Model, or by keyword.

    The object of a whole Instance gives its patient and study only, as a DICOM file does. Of an
    array, which queries answer with, the first object counts.

    Raises
    ------
    InvalidInputError
        If it is no such object, or a value is none of its VR.
    """
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidInputError("the template is no JSON") from None
    if isinstance(found, list) and found:
        found = found[0]
    if not isinstance(found, dict):
        raise InvalidInputError("the template is no JSON object")
    tags = {_json_tag(key): value for key, value in found.items()}
    if SOP_INSTANCE_UID in tags:
        wanted = {tag_of(keyword) for keyword in _PATIENT_AND_STUDY}
        tags = {tag: value for tag, value in tags.items() if tag in wanted}
    tags.pop(SPECIFIC_CHARACTER_SET, None)  # JSON is UTF-8
    return {tag: _from_json(_settable(tag), value) for tag, value in tags.items()}


def identity_elements(given: GivenIdentity, new: NewInstance) -> Elements:
    """Return the elements of patient, study, series and SOP Common of a new Instance.

    What was given is there as it was; of the rest what must be there, in Explicit VR. Whoever
    adds non-ASCII text to it sets Specific Character Set ISO_IR 192.
    """
    study_uid = given.text(STUDY_INSTANCE_UID) or derived_uid(_VERSION, b"study", new.group)
    series_uid = given.text(SERIES_INSTANCE_UID) or derived_uid(
        _VERSION, b"series", study_uid.encode("latin-1"), new.group
    )
    number = str(new.instance_number)
    told = b"".join(given.elements[tag] for tag in sorted(given.elements))
    parts = (series_uid.encode("latin-1"), new.content, number.encode(), told)
    instance_uid = given.text(SOP_INSTANCE_UID) or derived_uid(_VERSION, b"instance", *parts)
    elements = {
        tag: encode_element(tag, b"", is_implicit=False) for tag in map(_tag_of, _EMPTY)
    } | dict(given.elements)
    if not elements.keys() & {_IMAGE_LATERALITY, _ANATOMIC_REGION}:
        # Type 2C: nobody told whether the body part is one of a pair; a code for it would.
        elements.setdefault(_LATERALITY, encode_element(_LATERALITY, b"", is_implicit=False))
    uids = {
        SOP_CLASS_UID: new.sop_class_uid,
        SOP_INSTANCE_UID: instance_uid,
        STUDY_INSTANCE_UID: study_uid,
        SERIES_INSTANCE_UID: series_uid,
    }
    elements.update({tag: encode_uid(tag, uid, is_implicit=False) for tag, uid in uids.items()})
    for tag, text in ((MODALITY, new.modality), (INSTANCE_NUMBER, number)):
        elements.setdefault(tag, encode_text(tag, text, is_implicit=False))
    if not all(_is_ascii(tag, raw) for tag, raw in elements.items()):
        elements[SPECIFIC_CHARACTER_SET] = encode_text(
            SPECIFIC_CHARACTER_SET, _UTF_8, is_implicit=False
        )
    return elements


def group_digest(contents: Sequence[bytes]) -> bytes:
    """Return the digest of all inputs that share Study and Series, from theirs in order."""
    digest = hashlib.sha256()
    for content in contents:
        digest.update(len(content).to_bytes(8, "little") + content)
    return digest.digest()


def _is_ascii(tag: int, raw: bytes) -> bool:
    vr = _vr_of(tag)
    if vr == "SQ":
        # Its lengths are bytes too; one above 127 only costs a declaration.
        return raw[8:].isascii()
    return vr not in TEXT_VRS or element_value(raw, is_implicit=False).isascii()


def _tag_of(keyword: str) -> int:
    tag = tag_of(keyword)
    if tag is None:
        # One word that the caller typed; it cannot be an element's value.
        raise InvalidInputError(f"no attribute has the keyword {keyword[:64]!r}")
    return _settable(tag)


def _settable(tag: int) -> int:
    keyword = keyword_of(tag) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
    if tag in _FOLLOWS or tag >> 16 in (0x0000, 0x0002, 0x7FE0) or tag >> 16 >= 0xFFFA:
        raise InvalidInputError(f"{keyword} follows from the content and cannot be set")
    if is_private(tag) or not keyword_of(tag):
        raise InvalidInputError(f"{keyword} is no attribute of the standard")
    return tag


def _values(tag: int, value: str) -> tuple[str, ...]:
    """Return the values in a text; none for an empty one."""
    if not value:
        return ()
    vr = _vr_of(tag)
    is_one = vr == "SQ" or (vr in TEXT_VRS and vr not in _MULTI_VALUED_TEXT)
    return (value,) if is_one or vr == "UR" else tuple(value.split("\\"))


def _vr_of(tag: int) -> str:
    """Return the VR, the first where the standard names two: such values are unsigned here."""
    return vr_of(tag).partition(" ")[0]


def _encoded(tag: int, values: tuple[str, ...]) -> bytes:
    """Return a checked element."""
    vr = _vr_of(tag)
    if not any(values):
        if tag in _NEVER_EMPTY:
            raise InvalidInputError(f"{keyword_of(tag)} cannot be empty")
        return encode_element(tag, b"", is_implicit=False, vr=vr)
    for one in values:
        if not (_is_text(one, vr) if vr in TEXT_VRS else is_value(one, vr)):
            what = "is no code^scheme^meaning" if vr == "SQ" else f"is none of its VR, {vr}"
            raise InvalidInputError(f"the value given for {keyword_of(tag)} {what}")
    if vr == "SQ":
        items = [encode_code(one, is_implicit=False) for one in values]
        return encode_sequence(tag, items, is_implicit=False)
    if vr in TEXT_VRS:
        return encode_element(tag, "\\".join(values).encode(), is_implicit=False, vr=vr)
    return encode_values(tag, values, is_implicit=False, vr=vr)


def _is_text(text: str, vr: str) -> bool:
    """Return whether a text, of any language, is one value of a VR (PS3.5 6.2)."""
    may_break = vr in ("LT", "ST", "UT")
    if not all(c.isprintable() or (may_break and c in "\t\n\f\r") for c in text):
        return False
    if vr == "PN":
        groups = text.split("=")
        return len(groups) <= _NAME_GROUPS and all(
            len(group) <= _NAME_CHARACTERS and group.count("^") < _NAME_COMPONENTS
            for group in groups
        )
    return len(text) <= _LENGTHS.get(vr, len(text))


def _in_utf_8(dataset: DataSetIndex, tag: int, scope: Scope) -> bytes:
    """Return a whole element in Explicit VR, its text in UTF-8."""
    vr = element_vr(dataset, tag, scope)
    if vr == "SQ":
        items = []
        for item in dataset.each_item(tag):
            inner = scope.inside(item)
            kept = (one for one in item.elements if one & 0xFFFF and one != SPECIFIC_CHARACTER_SET)
            items.append({one: _in_utf_8(item, one, inner) for one in kept})
        return encode_sequence(tag, items, is_implicit=False)
    raw = explicit_element(dataset, tag, scope)
    if vr not in TEXT_VRS or (raw[8:].isascii() and b"\x1b" not in raw):
        return raw
    value = dataset.value(tag)
    if vr == "PN":
        text = "\\".join(decode_names(value, scope.encodings))
    elif vr in _MULTI_VALUED_TEXT:
        text = "\\".join(decode_values(value, scope.encodings))
    else:
        text = decode(value, scope.encodings).rstrip(" \0")
    return encode_element(tag, text.encode(), is_implicit=False, vr=vr)


def _json_tag(key: str) -> int:
    if _JSON_KEY.fullmatch(key):
        return int(key, 16)
    tag = tag_of(key)
    if tag is None:
        raise InvalidInputError(f"no attribute has the keyword {key[:64]!r}")
    return tag


def _from_json(tag: int, attribute: object, level: int = 0) -> bytes:
    """Return the element of one attribute: an object with vr and Value, or plain values."""
    if level > DEFAULT.header_depth:
        raise InvalidInputError("the template is nested too deeply")
    plain = attribute
    if isinstance(attribute, dict) and ("vr" in attribute or not attribute):
        if "InlineBinary" in attribute or "BulkDataURI" in attribute:
            raise InvalidInputError(f"{keyword_of(tag)}: a template gives no binary values")
        plain = attribute.get("Value", [])
    values = plain if isinstance(plain, list) else [plain]
    objects = [value for value in values if isinstance(value, dict)]
    if vr_of(tag) == "SQ" and len(objects) == len(values):
        items = [
            {
                _json_tag(key): _from_json(_json_tag(key), nested, level + 1)
                for key, nested in one.items()
                if _json_tag(key) != SPECIFIC_CHARACTER_SET
            }
            for one in objects
        ]
        return encode_sequence(tag, items, is_implicit=False)
    return _encoded(tag, tuple(_json_text(tag, value) for value in values))


def _json_text(tag: int, value: object) -> str:
    """Return one JSON value as the text of its VR."""
    vr = _vr_of(tag)
    if value is None:
        return ""
    if isinstance(value, dict) and vr == "PN" and set(value) <= set(_NAME_KEYS):
        return "=".join(str(value.get(key, "")) for key in _NAME_KEYS).rstrip("=")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidInputError(f"the value given for {keyword_of(tag)} is none of its VR, {vr}")
    if isinstance(value, float):
        is_whole = value.is_integer() and abs(value) < 1 << 53
        return str(int(value)) if is_whole else decimal_string(value)
    return str(value)
