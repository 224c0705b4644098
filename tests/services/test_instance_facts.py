"""What the catalog keeps of an Instance."""

import json
import struct

import pytest
from pydicom import Dataset

from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.limits import DEFAULT
from isocenter.services.instance_facts import Bytes, InvalidIdentityError, bulk_path, read_facts
from isocenter.store.catalog_facts import InstanceFacts, SearchValue
from tests.builders import instance, to_bytes


def facts_of(dataset: Dataset | bytes) -> InstanceFacts:
    source = BytesSource(dataset if isinstance(dataset, bytes) else to_bytes(dataset))
    kept = Bytes("0" * 64, source.size, "1.2.840.10008.1.2.1", is_plain=True)
    return read_facts(index_header(source), source, kept, DEFAULT)


def test_levels_have_their_uids_columns_and_values() -> None:
    dataset = instance()
    dataset.PatientName = "Doe^Jane"
    found = facts_of(dataset)

    assert found.study.uid == dataset.StudyInstanceUID
    assert found.series.columns == {"modality": "CT", "series_number": dataset.SeriesNumber}
    assert found.instance.columns == {"instance_number": 1}
    assert SearchValue("00100010", "a", "doe^jane") in found.study.values
    assert SearchValue("00100010", "w", "jane") in found.study.values
    assert (found.frames, found.patient_id) == (1, dataset.PatientID)


def test_metadata_is_whole_and_in_utf_8() -> None:
    dataset = instance()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.PatientName = "Äneas"
    found = json.loads(facts_of(dataset).metadata)

    assert found["00080005"]["Value"] == ["ISO_IR 192"]
    assert found["00100010"]["Value"] == [{"Alphabetic": "Äneas"}]
    assert found["7FE00010"]["BulkDataURI"].endswith("/bulkdata/7FE00010")
    assert list(found) == sorted(found)


@pytest.mark.parametrize("is_empty", [False, True])
def test_identity_from_the_file_meta_is_in_the_metadata(*, is_empty: bool) -> None:
    dataset = instance()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    expected = dataset.SOPClassUID, dataset.SOPInstanceUID
    stored = to_bytes(dataset)
    for keyword, uid in zip(("SOPClassUID", "SOPInstanceUID"), expected, strict=True):
        group, element, vr = dataset[keyword].tag.group, dataset[keyword].tag.element, b"UI"
        head = struct.pack("<HH2s", group, element, vr)
        value = uid.encode() + b"\0" * (len(uid) % 2)
        encoded = head + struct.pack("<H", len(value)) + value
        assert stored.count(encoded) == 1
        stored = stored.replace(encoded, head + b"\0\0" if is_empty else b"")

    found = json.loads(facts_of(stored).metadata)

    assert (found["00080016"]["Value"], found["00080018"]["Value"]) == tuple([u] for u in expected)


@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID"])
def test_uid_that_is_missing_is_named(keyword: str) -> None:
    dataset = instance()
    tag = int(dataset[keyword].tag)
    del dataset[keyword]

    with pytest.raises(InvalidIdentityError) as caught:
        facts_of(dataset)

    assert caught.value.tag == tag


def test_pixels_that_contradict_the_header_have_no_frames() -> None:
    dataset = instance()
    dataset.Rows = 5000

    assert facts_of(dataset).frames == 0


def test_places_of_bulk_data_name_items_from_zero() -> None:
    assert bulk_path((), 0x7FE00010) == "7FE00010"
    assert bulk_path((0x00081140, 0, 0x00409096, 12), 0x00420011) == (
        "00081140/0/00409096/12/00420011"
    )
