"""Files read for programmers: values and pictures, held against pydicom, Pillow and DCMTK."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom import Dataset

from isocenter.errors import InvalidInputError, TooLargeError, TooManyFilesError
from isocenter.limits import DEFAULT
from isocenter.services.reading import (
    Desk,
    FailedFile,
    Range,
    ReadFile,
    Reading,
    Wish,
    parse_fields,
)
from tests.builders import instance, to_bytes
from tests.judges import run

PYDICOM_FILES = Path(pydicom.__file__).parent / "data/test_files"


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    with Reading(tmp_path_factory.mktemp("reading"), 2, DEFAULT) as made:
        yield made


@pytest.fixture
def desk(reading: Reading) -> Iterator[Desk]:
    made = reading.begin()
    yield made
    made.close()


def _read(desk: Desk, data: bytes, wish: Wish | None = None, name: str = "a.dcm") -> ReadFile:
    (found,) = _read_all(desk, data, wish, name)
    assert isinstance(found, ReadFile)
    return found


def _read_all(
    desk: Desk, data: bytes, wish: Wish | None = None, name: str = "a.dcm"
) -> list[ReadFile | FailedFile]:
    path = desk.new_path()
    path.write_bytes(data)
    return desk.read(path, name, wish or Wish())


def _bytes(place: Range) -> bytes:
    return place.path.read_bytes()[place.offset :][: place.length]


def _picture(place: Range) -> Image.Image:
    return Image.open(io.BytesIO(_bytes(place)))


def _multi_frame(frames: int) -> Dataset:
    dataset = instance(rows=8, columns=6)
    del dataset.WindowCenter, dataset.WindowWidth
    dataset.BitsStored, dataset.HighBit = 16, 15
    dataset.NumberOfFrames = frames
    dataset.PixelData = np.arange(frames * 48, dtype="<i2").tobytes()
    return dataset


def test_values_and_one_picture_of_the_documented_kind(desk: Desk) -> None:
    dataset = instance(rows=12, columns=20)

    found = _read(desk, to_bytes(dataset))

    assert found.values["PatientName"] == str(dataset.PatientName)
    assert str(found.values["PixelData"]).startswith("b'")
    assert found.pictures is not None
    (picture,) = found.pictures
    assert (_picture(picture).format, _picture(picture).size) == ("PNG", (20, 12))


@pytest.mark.judge("dcmj2pnm")
def test_pictures_are_those_of_dcmtk(desk: Desk, tmp_path: Path) -> None:
    path = PYDICOM_FILES / "CT_small.dcm"
    run("dcmj2pnm", "+Wm", "+on", path, tmp_path / "theirs.png")

    found = _read(desk, path.read_bytes())

    assert found.pictures is not None
    ours = np.asarray(_picture(found.pictures[0]), dtype=int)
    theirs = np.asarray(Image.open(tmp_path / "theirs.png").convert("L"), dtype=int)
    assert ours.shape == theirs.shape == (128, 128)
    assert abs(ours - theirs).max() <= 1


def test_every_frame_is_a_picture_in_its_order(desk: Desk) -> None:
    found = _read(desk, to_bytes(_multi_frame(150)))

    assert found.pictures is not None
    assert len(found.pictures) == 150
    assert all(_picture(one).size == (6, 8) for one in found.pictures)
    # Stored values grow from frame to frame, and all are shown with one window.
    shades = [np.asarray(_picture(one)).mean() for one in found.pictures]
    assert shades == sorted(shades)
    assert shades[0] < shades[-1]


@pytest.mark.parametrize(("kind", "count"), [("jpeg", 3), ("gif", 1)])
def test_other_kinds_of_pictures(desk: Desk, kind: str, count: int) -> None:
    wish = Wish(kind=kind)  # type: ignore[arg-type]  # the kinds of this test

    found = _read(desk, to_bytes(_multi_frame(3)), wish)

    assert found.pictures is not None
    assert len(found.pictures) == count
    picture = _picture(found.pictures[0])
    assert picture.format == kind.upper()
    assert getattr(picture, "n_frames", 1) == 3 // count


def test_a_file_without_an_image_has_no_pictures(desk: Desk) -> None:
    found = _read(desk, (PYDICOM_FILES / "rtplan.dcm").read_bytes())

    assert found.pictures is None
    assert found.values["Modality"] == "RTPLAN"


def test_only_wanted_fields_come_back_and_absent_ones_are_unknown(desk: Desk) -> None:
    dataset = instance()
    dataset.Manufacturer = ""
    tags = parse_fields("Manufacturer, PatientID,PatientMotherBirthName,TransferSyntaxUID")

    found = _read(desk, to_bytes(dataset), Wish(tags))
    native = _read(desk, to_bytes(dataset), Wish(tags, values="native"))

    assert found.values == {
        "Manufacturer": "",
        "PatientID": dataset.PatientID,
        "PatientMotherBirthName": "Unknown",
        "TransferSyntaxUID": "1.2.840.10008.1.2.1",
    }
    assert native.values["PatientMotherBirthName"] is None


def test_unknown_fields_are_named_in_order() -> None:
    with pytest.raises(InvalidInputError, match="Invalid fields: Balabla, FakeField, Tadam"):
        parse_fields("FakeField,Tadam,PatientName,Balabla")


def test_pixel_data_is_given_whole_where_that_is_wanted(desk: Desk) -> None:
    dataset = instance()

    found = _read(desk, to_bytes(dataset), Wish(pixel_data="base64", has_pictures=False))

    assert found.pictures is None
    assert found.pixels is not None
    assert _bytes(found.pixels.value) == dataset.PixelData
    assert "PixelData" not in found.values


@pytest.mark.parametrize("name", ["ExplVR_BigEnd.dcm", "image_dfl.dcm", "ExplVR_LitEndNoMeta.dcm"])
def test_odd_files_are_read_too(desk: Desk, name: str) -> None:
    found = _read(desk, (PYDICOM_FILES / name).read_bytes(), name="no suffix")

    assert found.values["SOPInstanceUID"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"just text", "not a DICOM file"),
        (b"", "not a DICOM file"),
        ((PYDICOM_FILES / "CT_small.dcm").read_bytes()[:9000], "the file ends inside"),
        ((PYDICOM_FILES / "badVR.dcm").read_bytes(), "NumberOfFrames is not a decimal number"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(desk: Desk, data: bytes, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        _read(desk, data)


def _archive(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_every_file_of_an_archive_is_read(desk: Desk) -> None:
    data = _archive(one=to_bytes(instance()), text=b"none", two=to_bytes(_multi_frame(2)))

    one, text, two = _read_all(desk, data, name="all.zip")

    assert isinstance(one, ReadFile)
    assert isinstance(two, ReadFile)
    assert two.pictures is not None
    assert len(two.pictures) == 2
    assert text == FailedFile("text", "not a DICOM file: no DICOM prefix and no readable Data Set")


def test_an_archive_without_dicom_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="no file that can be read: not a DICOM"):
        _read_all(desk, _archive(text=b"none"), name="all.zip")


def test_archives_and_pictures_are_bounded(tmp_path: Path) -> None:
    limits = replace(DEFAULT, read_files=1, read_picture_bytes=100)
    with Reading(tmp_path, 1, limits) as reading:
        desk = reading.begin()
        with pytest.raises(TooManyFilesError):
            _read_all(desk, _archive(one=b"1", two=b"2"), name="all.zip")
        with pytest.raises(TooLargeError, match="read_picture_bytes"):
            _read(desk, to_bytes(instance()))
        desk.close()

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
