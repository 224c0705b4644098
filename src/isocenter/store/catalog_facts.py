"""What the catalog is told of Instances: values that the services read and the tables keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

STUDY, SERIES, INSTANCE = 1, 2, 3


class SearchValue(NamedTuple):
    """One value that something is found by: the attribute's path, a part of it, normalised."""

    attribute: str
    part: str
    value: str


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """What an Instance says of its Study, its Series or itself.

    Attributes
    ----------
    uid
        The UID of the level.
    columns
        Values of those columns of the table that searches use.
    document
        DICOM JSON of the attributes that searches give back.
    values
        What it is found by besides the columns.
    """

    uid: str
    columns: Mapping[str, str | int | None]
    document: bytes
    values: tuple[SearchValue, ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceFacts:
    """What the catalog keeps of one Instance.

    Attributes
    ----------
    frames, frame_offsets
        How many Frames can be given out, and where they lie, as the services write it.
    is_plain
        Whether the offsets are those of the bytes themselves, not of a form made from them.
    metadata
        Its whole DICOM JSON, without bulk values.
    """

    study: LevelFacts
    series: LevelFacts
    instance: LevelFacts
    patient_id: str
    issuer: str
    sop_class_uid: str
    transfer_syntax_uid: str
    blob_key: str
    size_bytes: int
    frames: int
    frame_offsets: bytes
    is_plain: bool
    metadata: bytes
