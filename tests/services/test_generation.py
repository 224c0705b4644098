"""Pictures made Instances for programmers; dciodvfy, DCMTK and pydicom are the judges."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from isocenter.errors import FieldsError, InvalidInputError
from isocenter.limits import DEFAULT
from isocenter.services.generation import Generation, parse_attributes
from isocenter.services.reading import Reading
from tests.judges import errors_of, frames_by_dcmtk


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    with Reading(tmp_path_factory.mktemp("reading"), 1, DEFAULT) as made:
        yield made


def _picture(kind: str, samples: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(samples).save(stream, kind)
    return stream.getvalue()


def _made(reading: Reading, data: bytes, attributes: Mapping[str, str], out: Path) -> Path:
    desk = reading.begin()
    file = desk.new_file()
    file.write(data)
    file.close()
    made = Generation(reading).make(desk, file.path, parse_attributes(attributes))
    out.write_bytes(made.read_at(0, made.size))
    made.close()
    desk.close()
    return out


GREY = np.arange(48, dtype=np.uint8).reshape(8, 6)
DEEP = (np.arange(48, dtype=np.uint16) * 1000).reshape(8, 6)
COLOUR = np.arange(144, dtype=np.uint8).reshape(8, 6, 3)
CLEAR = np.concatenate([COLOUR, np.full((8, 6, 1), 255, np.uint8)], axis=2)


@pytest.mark.judge("dciodvfy", "dcmdump")
@pytest.mark.parametrize(
    ("samples", "wanted"),
    [(GREY, GREY), (DEEP, DEEP), (COLOUR, COLOUR), (CLEAR, COLOUR)],
    ids=["grey", "16 bits", "colour", "alpha"],
)
def test_pictures_become_valid_instances_with_their_pixels(
    reading: Reading,
    tmp_path: Path,
    samples: np.ndarray,
    wanted: np.ndarray,
) -> None:
    path = _made(reading, _picture("PNG", samples), {"PatientName": "John Doe"}, tmp_path / "a.dcm")

    dataset = pydicom.dcmread(path)
    assert errors_of(path) == ()
    assert np.array_equal(dataset.pixel_array, wanted)
    assert frames_by_dcmtk(path, tmp_path / "raw")[0][: wanted.nbytes] == wanted.tobytes()
    assert dataset.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
    assert dataset.PatientName == "John Doe"


@pytest.mark.judge("dciodvfy")
def test_a_jpeg_stays_as_it_is_compressed(reading: Reading, tmp_path: Path) -> None:
    data = _picture("JPEG", GREY)

    path = _made(reading, data, {}, tmp_path / "a.dcm")

    assert errors_of(path) == ()
    assert pydicom.dcmread(path).file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.50"
    assert data[2:-2] in path.read_bytes()


@pytest.mark.judge("dciodvfy")
def test_attributes_are_set_with_their_vrs(reading: Reading, tmp_path: Path) -> None:
    given = {
        "PatientName": "Müller^Jörg",
        "PatientBirthDate": "1970-05-31",
        "StudyDate": "2024-10-13",
        "StudyTime": "09:30:15",
        "AcquisitionDateTime": "2024-10-13T09:30:15.5+02:00",
        "Modality": "CT",
        "PatientSize": "1.75",
        "PixelSpacing": "0.5\\0.25",
        "ImageType": "['DERIVED', 'SECONDARY', 'OTHER']",
        "StudyInstanceUID": "1.2.3",
        "SeriesInstanceUID": "1.2.3.4",
        "SeriesNumber": "7",
        "RequestAttributesSequence": '[{"RequestedProcedureID": "P1", "ScheduledProcedureStepID": '
        '"S1", "ScheduledProtocolCodeSequence": [{"CodeValue": "C", "CodingSchemeDesignator": '
        '"99X", "CodeMeaning": "Head"}]}]',
    }

    path = _made(reading, _picture("PNG", GREY), given, tmp_path / "a.dcm")

    dataset = pydicom.dcmread(path)
    assert str(dataset.PatientName) == "Müller^Jörg"
    assert (dataset.PatientBirthDate, dataset.StudyDate, dataset.StudyTime) == (
        "19700531",
        "20241013",
        "093015",
    )
    assert dataset.AcquisitionDateTime == "20241013093015.5+0200"
    assert dataset.PixelSpacing == [0.5, 0.25]
    assert dataset.ImageType == ["DERIVED", "SECONDARY", "OTHER"]
    assert (dataset.StudyInstanceUID, dataset.SeriesInstanceUID) == ("1.2.3", "1.2.3.4")
    code = dataset.RequestAttributesSequence[0].ScheduledProtocolCodeSequence[0]
    assert code.CodeMeaning == "Head"
    assert errors_of(path) == ()


def test_the_same_request_makes_the_same_file(reading: Reading, tmp_path: Path) -> None:
    data = _picture("PNG", GREY)

    one = _made(reading, data, {"PatientID": "1"}, tmp_path / "one.dcm")
    same = _made(reading, data, {"PatientID": "1"}, tmp_path / "same.dcm")
    other = _made(reading, data, {"PatientID": "2"}, tmp_path / "other.dcm")

    assert one.read_bytes() == same.read_bytes()
    assert pydicom.dcmread(one).SOPInstanceUID != pydicom.dcmread(other).SOPInstanceUID


@pytest.mark.parametrize(
    ("keyword", "text", "reason"),
    [
        ("PatientSize", "error", "PatientSize: A valid number is required."),
        ("SeriesNumber", "1.5", "SeriesNumber: A valid integer is required."),
        ("PixelSpacing", "0.5\\x", "PixelSpacing: A valid number is required."),
        ("Tadam", "x", "Tadam: This is no keyword of the standard."),
        (
            "PixelData",
            "text",
            "PixelData: The submitted data was not a file. Check the encoding type on the form.",
        ),
        ("Rows", "5", "Rows: Rows follows from the content and cannot be set"),
        ("RequestAttributesSequence", "[{", "A sequence is written as JSON."),
        ("StudyDate", "2024-13-45", "none of its VR, DA"),
    ],
)
def test_what_is_no_value_is_refused_by_name(keyword: str, text: str, reason: str) -> None:
    with pytest.raises(FieldsError) as caught:
        parse_attributes({keyword: text, "PatientName": "A"})

    (said,) = caught.value.reasons["non_field_errors"]
    assert reason in said


@pytest.mark.parametrize("data", [b"", b"text", _picture("GIF", GREY), _picture("PNG", GREY)[:-40]])
def test_what_is_no_picture_is_refused(reading: Reading, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InvalidInputError):
        _made(reading, data, {}, tmp_path / "a.dcm")
