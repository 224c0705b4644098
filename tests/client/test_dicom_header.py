"""A header is parsed when it is looked into, and is a pydicom Data Set in all else."""

import copy
import io
import pickle

import pytest
from pydicom import Dataset, dcmread

from isocenter.client.dicom_header import DicomHeader
from tests.builders import instance, to_bytes


def raw_header() -> bytes:
    data = to_bytes(instance())
    return data[: data.rindex(b"\xe0\x7f\x10\x00") + 12]


def test_it_has_all_that_pydicom_reads_before_the_pixels() -> None:
    header = DicomHeader(raw_header())
    truth = dcmread(io.BytesIO(to_bytes(instance())), stop_before_pixels=True)
    assert isinstance(header, Dataset)
    assert header.to_json() == truth.to_json()
    assert header.file_meta == truth.file_meta
    assert "PixelData" not in header


def test_it_is_pickled_as_its_bytes_before_and_as_values_after() -> None:
    header = DicomHeader(raw_header())
    assert len(pickle.dumps(header)) < len(raw_header()) + 200
    header.PatientName = "CHANGED^NAME"
    again = pickle.loads(pickle.dumps(header))  # noqa: S301 - our own
    assert again.PatientName == "CHANGED^NAME"
    assert again == header


def test_copies_are_independent() -> None:
    header = DicomHeader(raw_header())
    other = copy.deepcopy(header)
    other.PatientID = "other"
    assert header.PatientID != "other"
    assert copy.copy(other).PatientID == "other"


def test_missing_elements_that_may_be_empty_read_as_empty() -> None:
    dataset = instance()
    del dataset.PatientSex
    header = DicomHeader(to_bytes(dataset))
    assert header.PatientSex == ""
    assert "PatientSex" not in header
    with pytest.raises(AttributeError, match="ProtocolName"):
        _ = header.ProtocolName


def test_of_other_files_it_is_empty() -> None:
    header = DicomHeader()
    assert len(header) == 0
    assert header.PatientSex == ""
