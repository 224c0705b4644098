"""One Frame as an Instance of its own has the same pixels."""

import io

import pydicom
import pytest
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

from isocenter.dicom.header_index import index_header
from isocenter.dicom.single_frame import single_frame
from isocenter.dicom.streams import BytesSource
from tests.builders import instance, to_bytes


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_native_frame_is_read_alone(syntax: str) -> None:
    dataset = instance(transfer_syntax_uid=syntax)
    frame = dataset.PixelData
    dataset.NumberOfFrames = 2
    dataset.PixelData = bytes(len(frame)) + frame
    header = index_header(BytesSource(to_bytes(dataset)))

    alone = pydicom.dcmread(io.BytesIO(single_frame(header, frame)))

    assert alone.file_meta.TransferSyntaxUID == syntax
    assert (alone.pixel_array == instance().pixel_array).all()
    assert "PatientName" not in alone


def test_compressed_frame_is_read_alone() -> None:
    dataset = instance()
    expected = dataset.pixel_array
    dataset.compress(RLELossless, generate_instance_uid=False)
    header = index_header(BytesSource(to_bytes(dataset)))
    frame = pydicom.encaps.get_frame(dataset.PixelData, 0, number_of_frames=1)

    alone = pydicom.dcmread(io.BytesIO(single_frame(header, frame)))

    assert alone.file_meta.TransferSyntaxUID == RLELossless
    assert (alone.pixel_array == expected).all()
