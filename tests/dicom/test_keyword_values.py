"""Values by keyword, held against what pydicom prints of the same elements."""

import warnings
from pathlib import Path

import pydicom
import pytest
from pydicom import Dataset
from pydicom.dataelem import DataElement
from pydicom.sequence import Sequence

from isocenter.dicom.describe import PIXEL_DATA_TAGS
from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.keyword_values import (
    dicom_values,
    native_values,
    preview,
    text_values,
)
from isocenter.dicom.streams import BytesSource
from isocenter.errors import NotDicomError, TruncatedError, UnusualEncodingError
from tests.builders import add_private, instance, to_bytes

PYDICOM_FILES = sorted((Path(pydicom.__file__).parent / "data/test_files").glob("*.dcm"))
BYTES = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})


def _index(dataset: Dataset) -> HeaderIndex:
    return index_header(BytesSource(to_bytes(dataset)))


def _printed(element: DataElement) -> str | None:
    """Return what pydicom prints of a value; None where it cannot read it."""
    try:
        return "" if element.value is None else str(element.value)
    except ValueError:
        return None


@pytest.mark.parametrize("path", PYDICOM_FILES, ids=lambda path: path.name)
def test_text_is_what_pydicom_prints(path: Path) -> None:
    try:
        found = text_values(index_header(BytesSource(path.read_bytes())).dataset)
    except (UnusualEncodingError, NotDicomError, TruncatedError):
        return  # left to pydicom itself, which writes it anew, or cut off
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(path, force=True)
        wanted = {
            dataset[tag].keyword: _printed(dataset[tag])
            for tag in dataset.keys()  # noqa: SIM118 - a Data Set iterates over its elements
            if not dataset[tag].tag.is_private
            and dataset[tag].keyword
            and dataset[tag].VR not in {*BYTES, "SQ"}
        }

    assert {name: found[name] for name, text in wanted.items() if text is not None} == {
        name: text for name, text in wanted.items() if text is not None
    }


def test_text_has_neither_pixels_nor_private_elements_and_is_in_order() -> None:
    dataset = _index(add_private(instance())).dataset

    found = text_values(dataset)

    assert "PixelData" not in found
    assert [*found] == [
        element.keyword
        for element in pydicom.dcmread(pydicom_file(add_private(instance())))
        if not element.tag.is_private and element.tag not in PIXEL_DATA_TAGS
    ]


def pydicom_file(dataset: Dataset) -> pydicom.filebase.DicomBytesIO:
    return pydicom.filebase.DicomBytesIO(to_bytes(dataset))


def test_a_sequence_is_lines_of_its_items_and_empty_is_nothing() -> None:
    dataset = instance()
    item = Dataset()
    item.ReferencedSOPInstanceUID = "1.2.3"
    dataset.ReferencedImageSequence = Sequence([item, item])
    dataset.RequestAttributesSequence = Sequence([])

    found = text_values(_index(dataset).dataset)

    lines = found["ReferencedImageSequence"].splitlines()
    assert [line for line in lines if "Item" in line] == ["Item 1", "Item 2"]
    assert sum("1.2.3" in line for line in lines) == 2
    assert found["RequestAttributesSequence"] == ""


def test_bytes_are_a_preview() -> None:
    dataset = instance()
    dataset.EncapsulatedDocument = bytes(range(200))

    found = text_values(_index(dataset).dataset)["EncapsulatedDocument"]

    assert found.startswith(r"b'\x00\x01")
    assert found.endswith("...")
    assert len(found) < 300


def test_preview_of_pixels_begins_as_pydicom_prints_them() -> None:
    dataset = instance()

    found = preview(_index(dataset).dataset, 0x7FE00010)

    assert str(dataset.PixelData).startswith(found.removesuffix("..."))


def test_repeating_groups_keep_their_numbers_apart() -> None:
    dataset = instance()
    for group, rows in ((0x6000, 5), (0x6002, 7)):
        dataset.add_new((group, 0x0010), "US", rows)

    found = text_values(_index(dataset).dataset)

    assert (found["OverlayRows"], found["OverlayRows_6002"]) == ("5", "7")


def test_native_values_have_types_of_json() -> None:
    dataset = add_private(instance())
    dataset.PatientName = "Yamada^Tarou=山田^太郎"
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientBirthDate = ""
    dataset.PixelSpacing = [0.5, 0.25]
    item = Dataset()
    item.CodeMeaning = "Head"
    dataset.AnatomicRegionSequence = Sequence([item])

    found = native_values(_index(dataset).dataset)

    assert found["PatientName"] == "Yamada^Tarou=山田^太郎"
    assert found["Rows"] == dataset.Rows
    assert found["PixelSpacing"] == [0.5, 0.25]
    assert found["PatientBirthDate"] is None
    assert found["AnatomicRegionSequence"] == [{"CodeMeaning": "Head"}]
    assert any(len(name) == 8 and int(name[:4], 16) % 2 for name in found if name[0] in "01")


def test_dicom_values_are_the_json_model_of_pydicom() -> None:
    dataset = instance()
    wanted = pydicom.dcmread(pydicom_file(dataset)).to_json_dict()

    found = dicom_values(_index(dataset).dataset)

    assert found == {
        name: value for name, value in wanted.items() if int(name, 16) not in PIXEL_DATA_TAGS
    }


@pytest.mark.parametrize("read", [text_values, native_values, dicom_values])
def test_only_what_is_wanted_is_read(read: object) -> None:
    assert callable(read)
    assert len(read(_index(instance()).dataset, {0x00100010, 0x00080060, 0x7FE00010})) == 2
