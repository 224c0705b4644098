"""What the catalog keeps of an Instance, read from its header once, when it comes in.

References
----------
PS3.18 F (DICOM JSON Model), 10.5.3 (reasons why an Instance is not stored).
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import orjson

from isocenter.dicom.frame_table import count_frames, pack_frames
from isocenter.dicom.header_index import PIXEL_DATA, DataSetIndex, HeaderIndex
from isocenter.dicom.image_facts import DOUBLE_PIXEL_DATA, FLOAT_PIXEL_DATA
from isocenter.dicom.json_model import JSONObject, to_json
from isocenter.dicom.matching import CHARACTERS_MAX
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.values import first_string
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import Limits
from isocenter.services.search_attributes import (
    INSTANCE_ATTRIBUTES,
    MODALITY,
    SEARCHED,
    SERIES_ATTRIBUTES,
    STUDY_ATTRIBUTES,
    VALUE,
    search_values,
    texts_of,
    values_at,
    vr_of_path,
)
from isocenter.store.catalog_facts import INSTANCE, SERIES, STUDY, InstanceFacts, LevelFacts

STUDY_INSTANCE_UID, SERIES_INSTANCE_UID = 0x0020000D, 0x0020000E
SOP_CLASS_UID, SOP_INSTANCE_UID = 0x00080016, 0x00080018
PATIENT_ID, ISSUER = "00100020", "00100021"

_META_SOP_CLASS, _META_SOP_INSTANCE = 0x00020002, 0x00020003
_CHARACTER_SET = "00080005"
_UID = re.compile(r"[0-9]+(\.[0-9]+)*\Z")
_UID_CHARACTERS_MAX = 64
# Values that are shorter are cheaper to give at once than to be asked for.
_INLINE_CHARACTERS = 256
_INTEGER_MAX = 1 << 62
_PIXELS = (PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA)


class Identity(NamedTuple):
    """The UIDs of an Instance, ``""`` where there is none."""

    study_uid: str
    series_uid: str
    sop_instance_uid: str
    sop_class_uid: str


class InvalidIdentityError(InvalidInputError):
    """A UID that every Instance must have is missing or no UID."""

    def __init__(self, tag: int) -> None:
        self.tag = tag
        super().__init__(f"({tag >> 16:04X},{tag & 0xFFFF:04X}) is missing or no UID")


def read_identity(header: HeaderIndex) -> Identity:
    """Return the UIDs; those of the SOP from the file meta where the Data Set has none."""
    dataset, meta = header.dataset, header.meta
    return Identity(
        first_string(dataset, STUDY_INSTANCE_UID),
        first_string(dataset, SERIES_INSTANCE_UID),
        first_string(dataset, SOP_INSTANCE_UID) or first_string(meta, _META_SOP_INSTANCE),
        first_string(dataset, SOP_CLASS_UID) or first_string(meta, _META_SOP_CLASS),
    )


def check_identity(identity: Identity) -> None:
    """Return if all four are UIDs; the form of their components is nobody's business here.

    Raises
    ------
    InvalidIdentityError
        With the tag of the first that is not.
    """
    for tag, uid in (
        (SOP_CLASS_UID, identity.sop_class_uid),
        (SOP_INSTANCE_UID, identity.sop_instance_uid),
        (STUDY_INSTANCE_UID, identity.study_uid),
        (SERIES_INSTANCE_UID, identity.series_uid),
    ):
        if not is_uid(uid):
            raise InvalidIdentityError(tag)


def is_uid(text: str) -> bool:
    """Whether a text is formed as a UID; the form of its components is nobody's business here."""
    return len(text) <= _UID_CHARACTERS_MAX and _UID.match(text) is not None


class Bytes(NamedTuple):
    """The bytes that an Instance is kept as; ``transfer_syntax_uid`` is theirs."""

    blob_key: str
    size_bytes: int
    transfer_syntax_uid: str
    is_plain: bool


def read_facts(
    header: HeaderIndex,
    source: ByteSource,
    kept: Bytes,
    limits: Limits,
    searched: Mapping[int, frozenset[str]] = SEARCHED,
) -> InstanceFacts:
    """Return the facts of an Instance.

    Parameters
    ----------
    header, source
        Of its plain form, where that is another than what is kept.
    searched
        Attributes of each level that it is found by.

    Raises
    ------
    InvalidInputError, TooLargeError
        If its header cannot be told in JSON; an ``InvalidIdentityError`` if a UID is missing.
    """
    identity = read_identity(header)
    check_identity(identity)
    document = _document(header.dataset, identity)
    try:
        frames = pack_frames(header, source, limits)
    except (InvalidInputError, TooLargeError):
        frames = b""  # no image, or one that contradicts itself: its bytes are kept as they are
    patient_id, issuer = _text(document, PATIENT_ID), _text(document, ISSUER)
    return InstanceFacts(
        study=_study(document, identity, patient_id, searched[STUDY]),
        series=_series(document, identity, searched[SERIES]),
        instance=LevelFacts(
            identity.sop_instance_uid,
            {"instance_number": _integer(document, "00200013")},
            _chosen(document, INSTANCE_ATTRIBUTES),
            search_values(document, searched[INSTANCE]),
        ),
        patient_id=patient_id,
        issuer=issuer,
        sop_class_uid=identity.sop_class_uid,
        transfer_syntax_uid=kept.transfer_syntax_uid,
        blob_key=kept.blob_key,
        size_bytes=kept.size_bytes,
        frames=count_frames(frames),
        frame_offsets=frames,
        is_plain=kept.is_plain,
        metadata=orjson.dumps(document),
    )


def bulk_path(path: tuple[int, ...], tag: int) -> str:
    """Return the place of a value in its Instance: tags, and numbers of Items from 0."""
    parts = [f"{part:08X}" if at % 2 == 0 else str(part) for at, part in enumerate(path)]
    return "/".join((*parts, f"{tag:08X}"))


def _document(dataset: DataSetIndex, identity: Identity) -> JSONObject:
    """Return its DICOM JSON; places of bulk data are told within the Series.

    PS3.18 8.7.3.2: JSON is UTF-8, whatever the Data Set was encoded in.
    """

    def bulk_data(path: tuple[int, ...], tag: int, _vr: str, _offset: int, _length: int) -> str:
        return f"instances/{identity.sop_instance_uid}/bulkdata/{bulk_path(path, tag)}"

    found = to_json(dataset, bulk_data=bulk_data, bulk_threshold=_INLINE_CHARACTERS)
    for tag in _PIXELS:
        key = f"{tag:08X}"
        element = found.get(key)
        # Pixels are never inline, however few they are: clients look for their place.
        if isinstance(element, dict) and "InlineBinary" in element:
            found[key] = {"vr": element["vr"], "BulkDataURI": bulk_data((), tag, "", 0, 0)}
    # What was taken from the file meta stands where readers look for it.
    found["00080016"] = {"vr": "UI", "Value": [identity.sop_class_uid]}
    found["00080018"] = {"vr": "UI", "Value": [identity.sop_instance_uid]}
    if _CHARACTER_SET in found:
        found[_CHARACTER_SET] = {"vr": "CS", "Value": ["ISO_IR 192"]}
    return {key: found[key] for key in sorted(found)}


def _study(
    document: JSONObject, identity: Identity, patient_id: str, searched: frozenset[str]
) -> LevelFacts:
    columns: dict[str, str | int | None] = {
        "study_date": _text(document, "00080020"),
        "study_time": _text(document, "00080030"),
        "accession_number": _text(document, "00080050"),
        "study_id": _text(document, "00200010"),
        "patient_id": patient_id,
    }
    values = search_values(document, searched)
    return LevelFacts(identity.study_uid, columns, _chosen(document, STUDY_ATTRIBUTES), values)


def _series(document: JSONObject, identity: Identity, searched: frozenset[str]) -> LevelFacts:
    columns: dict[str, str | int | None] = {
        "modality": _text(document, MODALITY),
        "series_number": _integer(document, "00200011"),
    }
    values = search_values(document, searched)
    return LevelFacts(identity.series_uid, columns, _chosen(document, SERIES_ATTRIBUTES), values)


def _chosen(document: JSONObject, attributes: frozenset[str]) -> bytes:
    return orjson.dumps({tag: value for tag, value in document.items() if tag in attributes})


def _text(document: JSONObject, tag: str) -> str:
    """Return the first value as it is searched, ``""`` where there is none."""
    for value in values_at(document, tag):
        for part, text in texts_of(value, vr_of_path(tag)):
            if part == VALUE:
                return text[:CHARACTERS_MAX]
    return ""


def _integer(document: JSONObject, tag: str) -> int | None:
    for value in values_at(document, tag):
        if isinstance(value, int) and abs(value) < _INTEGER_MAX:
            return value
    return None
