"""What `benchmarks/archive.py` stores: slices under ever new UIDs, a multi-frame, small studies."""

import dataclasses
import functools
import io
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID
from sqlalchemy import Connection, insert, select

from benchmarks.archive_client import Request, request
from benchmarks.servers import Server
from isocenter.access.principal import account_owner
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.limits import DEFAULT
from isocenter.services.instance_facts import Bytes, read_facts
from isocenter.store.catalog import add_instances
from isocenter.store.catalog_facts import InstanceFacts
from isocenter.store.database import open_database
from isocenter.store.tables import api_keys, blobs

STUDIES = "/dicom-web/studies"
BOUNDARY = "isocenter-benchmark"
RELATED = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'
SMALL_STUDIES, SMALL_INSTANCES = 50, 20
FRAMES = 200
_CT = UID("1.2.840.10008.5.1.4.1.1.2")
_MULTI_FRAME = UID("1.2.840.10008.5.1.4.1.1.7.3")
_EXPLICIT = UID("1.2.840.10008.1.2.1")
_STUDIES_AT_ONCE = 50
_IMAGE = (
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "RescaleSlope",
    "RescaleIntercept",
    "WindowCenter",
    "WindowWidth",
)

_random = random.Random()  # noqa: S311 - UIDs that nobody used before, no secrets


class Slices:
    """CT slices, given out under new UIDs as often as wanted."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._slices = [path.read_bytes() for path in paths]
        first = pydicom.dcmread(paths[0], stop_before_pixels=True)
        self._study_uid = str(first.StudyInstanceUID)
        self._series_uid = str(first.SeriesInstanceUID)
        self._uids = [
            str(pydicom.dcmread(path, specific_tags=["SOPInstanceUID"]).SOPInstanceUID)
            for path in paths
        ]

    def study(self, count: int) -> tuple["Place", list[bytes]]:
        """Return a new Study of one Series: where it is, and its Instances."""
        place = Place(_new_uid(len(self._study_uid)), _new_uid(len(self._series_uid)), [])
        instances = []
        for at in range(count):
            uid = self._uids[at % len(self._uids)]
            new = _new_uid(len(uid))
            data = self._slices[at % len(self._uids)]
            for before, after in (
                (self._study_uid, place.study_uid),
                (self._series_uid, place.series_uid),
                (uid, new),
            ):
                data = data.replace(before.encode(), after.encode())
            place.instance_uids.append(new)
            instances.append(data)
        return place, instances


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """A Series and its Instances."""

    study_uid: str
    series_uid: str
    instance_uids: list[str]

    @property
    def study(self) -> str:
        """Its Study's path."""
        return f"{STUDIES}/{self.study_uid}"

    @property
    def series(self) -> str:
        """Its path."""
        return f"{self.study}/series/{self.series_uid}"

    def instance(self, at: int) -> str:
        """Return the path of an Instance."""
        return f"{self.series}/instances/{self.instance_uids[at]}"


def store(server: Server, *instances: bytes) -> Request:
    """Return the request that stores Instances."""
    parts = [
        f"--{BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n".encode() + data + b"\r\n"
        for data in instances
    ]
    body = b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
    return request(
        server, "POST", STUDIES, body, Content_Type=RELATED, Accept="application/dicom+json"
    )


def multi_frame(paths: Sequence[Path]) -> tuple[Place, bytes]:
    """Return a multi-frame Instance of some 105 MB: the pixels of slices as they are."""
    first = pydicom.dcmread(paths[0])
    frames = [pydicom.dcmread(path).PixelData for path in paths[:FRAMES]]
    made = _base(first, _MULTI_FRAME)
    for keyword in _IMAGE:
        if keyword in first:
            made[keyword] = first[keyword]
    made.NumberOfFrames = len(frames)
    made.PixelData = b"".join(frames)
    place = Place(made.StudyInstanceUID, made.SeriesInstanceUID, [made.SOPInstanceUID])
    return place, _written(made)


def small_instances() -> Iterator[list[bytes]]:
    """Yield the Instances of each of some small Studies."""
    for study in range(SMALL_STUDIES):
        template = _small(study)
        series = []
        for number in range(SMALL_INSTANCES):
            template.SOPInstanceUID = _new_uid()
            template.InstanceNumber = number + 1
            template.file_meta.MediaStorageSOPInstanceUID = template.SOPInstanceUID
            series.append(_written(template))
        yield series


def fill_catalog(server: Server, studies: int) -> None:
    """Add rows for small Studies to a server of ours, without bytes: as many as are wanted."""
    database = open_database(server.folder / "database.sqlite3")
    try:
        with database.read() as connection:
            owner = account_owner(str(connection.scalar(select(api_keys.c.account_id))))
        for start in range(0, studies, _STUDIES_AT_ONCE):
            numbers = range(start, min(start + _STUDIES_AT_ONCE, studies))
            facts = [one for number in numbers for one in _facts(number)]
            with database.begin() as connection:
                add_instances(
                    connection,
                    owner,
                    facts,
                    policy="reject",
                    now_ms=0,
                    keep=functools.partial(_add_blobs, connection, facts),
                )
    finally:
        database.close()


def _add_blobs(connection: Connection, facts: Sequence[InstanceFacts], _: Sequence[int]) -> None:
    rows = [{"key": one.blob_key, "size_bytes": one.size_bytes, "created_ms": 0} for one in facts]
    connection.execute(insert(blobs), rows)


def _facts(study: int) -> list[InstanceFacts]:
    data = _written(_small(study))
    source = BytesSource(data)
    header = index_header(source, DEFAULT)
    kept = Bytes("0" * 64, len(data), _EXPLICIT, is_plain=True)
    facts = read_facts(header, source, kept, DEFAULT)
    found = []
    for number in range(SMALL_INSTANCES):
        uid = _new_uid()
        instance = dataclasses.replace(
            facts.instance,
            uid=uid,
            columns={"instance_number": number + 1},
            document=facts.instance.document.replace(facts.instance.uid.encode(), uid.encode()),
        )
        key = f"{_random.getrandbits(256):064x}"
        metadata = facts.metadata.replace(facts.instance.uid.encode(), uid.encode())
        found.append(dataclasses.replace(facts, instance=instance, blob_key=key, metadata=metadata))
    return found


def _small(study: int) -> pydicom.Dataset:
    """Return the first Instance of a small Study; 64 x 64 pixels."""
    made = _base(None, _CT)
    made.PatientName = f"Phantom{study:05d}^Bench"
    made.PatientID = f"BENCH{study:05d}"
    made.StudyDate = f"20{study % 24:02d}{study % 12 + 1:02d}{study % 28 + 1:02d}"
    made.StudyTime = "120000"
    made.AccessionNumber = f"A{study:06d}"
    made.StudyDescription = "Benchmark"
    made.Modality = "CT"
    made.InstanceNumber = 1
    made.Rows = made.Columns = 64
    made.BitsAllocated = made.BitsStored = 16
    made.HighBit = 15
    made.PixelRepresentation = 0
    made.SamplesPerPixel = 1
    made.PhotometricInterpretation = "MONOCHROME2"
    made.PixelData = bytes(64 * 64 * 2)
    return made


def _base(patient: pydicom.Dataset | None, sop_class_uid: UID) -> pydicom.Dataset:
    made = pydicom.Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = _EXPLICIT
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = sop_class_uid
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = _new_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID = _new_uid(), _new_uid()
    made.PatientName = "Phantom^Bench" if patient is None else patient.PatientName
    made.PatientID = "BENCH" if patient is None else patient.PatientID
    made.SeriesNumber = 1
    made.StudyDate, made.StudyTime, made.Modality = "20240101", "120000", "OT"
    return made


def _written(dataset: pydicom.Dataset) -> bytes:
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _new_uid(length: int = 44) -> UID:
    """Return a UID of exactly so many characters."""
    first = str(_random.randrange(1, 3 if length == 44 else 10))
    digits = length - len("2.25.") - 1
    return UID(f"2.25.{first}{_random.randrange(10**digits):0{digits}d}")
