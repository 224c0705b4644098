"""ACR-NEMA 2.0 both ways: real files of that time, and what DCMTK, GDCM and pydicom see."""

import io
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import CTImageStorage, SecondaryCaptureImageStorage

from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.nema2 import Converted, is_nema2, is_whole_nema2, to_dicom3, to_nema2
from isocenter.dicom.streams import BytesSource, read_pieces
from isocenter.errors import CorruptPixelDataError, NotSupportedError
from tests.builders import instance, set_fragments, to_bytes
from tests.judges import errors_of, run

# Dates with points are those of ACR-NEMA.
pytestmark = pytest.mark.usefixtures("odd_values_allowed")
REAL = ("barre/MR-MONO2-12-an2.dcm", "barre/OT-MONO2-8-hip.dcm", "pydicom-data/OT-PAL-8-face.dcm")
IDENTITY = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")


def header_of(data: bytes) -> HeaderIndex:
    return index_header(BytesSource(data))


def nema2(data: bytes) -> tuple[bytes, Converted]:
    source = BytesSource(data)
    result = to_nema2(index_header(source), source)
    return b"".join(read_pieces(result.pieces, [source])), result


def dicom3(data: bytes) -> tuple[Dataset, Converted]:
    source = BytesSource(data)
    result = to_dicom3(index_header(source), source)
    return dcmread(io.BytesIO(b"".join(read_pieces(result.pieces, [source])))), result


def bare(dataset: Dataset) -> bytes:
    """Return the Data Set in Implicit VR, without preamble and file meta, as pydicom writes it."""
    stream = io.BytesIO()
    Dataset(dataset).save_as(stream, implicit_vr=True, little_endian=True)
    return stream.getvalue()


def anonymous() -> Dataset:
    """Return a CT image of which only what ACR-NEMA had is left."""
    dataset = instance()
    for keyword in (*IDENTITY, "SpecificCharacterSet", "FrameOfReferenceUID", "ImageType"):
        delattr(dataset, keyword)
    dataset.add_new(0x00080010, "SH", "ACR-NEMA 2.0")
    dataset.PatientName = "DOE JANE"
    dataset.StudyDate, dataset.StudyTime = "1994.06.13", "15:32:26.392000"
    return dataset


def test_a_file_says_itself_that_it_is_acr_nema() -> None:
    data, _ = nema2(to_bytes(instance()))
    header = header_of(data)

    assert not header.has_preamble
    assert not header.meta.elements
    assert header.dataset.is_implicit
    assert header.dataset.value(0x00080010) == b"ACR-NEMA 2.0"
    assert header.dataset.value(0x00280200) == b"\xe0\x7f"
    assert is_whole_nema2(header)
    assert not is_nema2(header_of(to_bytes(instance())))


def test_every_group_begins_with_its_length() -> None:
    data, _ = nema2(to_bytes(instance()))
    elements = header_of(data).dataset.elements

    ends = {tag >> 16: entry[4] for tag, entry in elements.items()}
    for group, end in ends.items():
        assert next(tag for tag in elements if tag >> 16 == group) == group << 16
        length = header_of(data).dataset.value(group << 16)
        assert elements[group << 16][4] + int.from_bytes(length, "little") == end
    to_end = int.from_bytes(header_of(data).dataset.value(0x00080001), "little")
    assert elements[0x00080001][4] + to_end == len(data)


def test_dates_have_points_and_times_have_colons() -> None:
    dataset = instance()
    dataset.StudyTime, dataset.SeriesTime = "1015", "10"
    header = header_of(nema2(to_bytes(dataset))[0])

    assert header.dataset.value(0x00080020) == b"2024.01.31"
    assert header.dataset.value(0x00080030) == b"10:15 "
    assert header.dataset.value(0x00080031) == b"10"
    assert header.dataset.value(0x00080032) == b"10:15:00.000000 "


def test_there_and_back_keeps_pixels_and_all_but_sequences() -> None:
    before = instance()

    data, result = nema2(to_bytes(before))
    after, _ = dicom3(data)

    assert result.warnings[0] == (
        "ACR-NEMA has no sequences, 1 were left out: RequestAttributesSequence"
    )
    del before.RequestAttributesSequence
    assert {element.tag for element in before} <= {element.tag for element in after}
    assert all(after[element.tag].value == element.value for element in before)
    assert after.file_meta.MediaStorageSOPInstanceUID == before.SOPInstanceUID


def test_several_frames_are_planes_and_come_back() -> None:
    dataset = instance(rows=8)
    dataset.Rows, dataset.NumberOfFrames = 4, 2

    data, result = nema2(to_bytes(dataset))
    bare_header = header_of(data)
    after, _ = dicom3(data)

    assert any("first frame" in warning for warning in result.warnings)
    assert bare_header.dataset.value(0x00280005) == b"\3\0"
    assert bare_header.dataset.value(0x00280012) == b"\2\0"
    assert after.NumberOfFrames == 2
    assert "Planes" not in after


@pytest.mark.judge("dcmdump")
@pytest.mark.judge("gdcmdump")
def test_others_read_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.acr"
    path.write_bytes(nema2(to_bytes(instance()))[0])

    assert "ACR-NEMA 2.0" in run("dcmdump", path)
    assert "ACR-NEMA 2.0" in run("gdcmdump", path)
    dataset = dcmread(path, force=True)
    assert dataset.PixelData == instance().PixelData
    assert dataset.PatientID == instance().PatientID


@pytest.mark.parametrize("name", REAL)
def test_real_files_become_dicom_with_their_identity_and_pixels(
    name: str, shared_data: Path
) -> None:
    data = (shared_data / "dicom" / name).read_bytes()
    before = dcmread(io.BytesIO(data), force=True)

    after, result = dicom3(data)

    assert all(after.get(keyword) == before.get(keyword) for keyword in IDENTITY)
    assert after.PixelData == before.PixelData
    assert all("." not in element.value for element in after if element.VR == "DA")
    assert result.warnings == ()
    assert after.PatientBirthDate == after.PatientID == ""


def test_missing_uids_follow_from_what_identifies_study_and_series() -> None:
    first, second, other = anonymous(), anonymous(), anonymous()
    second.InstanceNumber = 2
    other.SeriesNumber = 77

    ours = [dicom3(bare(dataset))[0] for dataset in (first, second, other)]

    assert len({one.StudyInstanceUID for one in ours}) == 1
    assert ours[0].SeriesInstanceUID == ours[1].SeriesInstanceUID
    assert len({one.SeriesInstanceUID for one in ours}) == 2
    assert len({one.SOPInstanceUID for one in ours}) == 3
    assert dicom3(bare(first))[0].SOPInstanceUID == ours[0].SOPInstanceUID


def test_files_that_say_nothing_of_a_patient_are_never_put_together() -> None:
    first, second = anonymous(), anonymous()
    for number, dataset in enumerate((first, second)):
        dataset.PatientName = dataset.PatientID = dataset.PatientBirthDate = ""
        dataset.InstanceNumber = number

    ours = [dicom3(bare(dataset))[0] for dataset in (first, second)]

    assert len({one.StudyInstanceUID for one in ours}) == 2


@pytest.mark.judge("dciodvfy")
def test_what_lacks_the_place_of_a_slice_is_a_valid_secondary_capture(tmp_path: Path) -> None:
    dataset = anonymous()
    for keyword in ("ImagePositionPatient", "SamplesPerPixel", "PhotometricInterpretation"):
        delattr(dataset, keyword)

    after, result = dicom3(bare(dataset))

    assert after.SOPClassUID == SecondaryCaptureImageStorage
    assert (after.ConversionType, after.Modality) == ("DI", "CT")
    assert (after.SamplesPerPixel, after.PhotometricInterpretation) == (1, "MONOCHROME2")
    assert len(result.warnings) == 2
    path = tmp_path / "a.dcm"
    after.save_as(path)
    assert [one.line for one in errors_of(path)] == []


@pytest.mark.judge("dciodvfy")
def test_what_has_all_that_its_class_requires_becomes_that(tmp_path: Path) -> None:
    dataset = anonymous()
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]

    after, result = dicom3(bare(dataset))

    assert after.SOPClassUID == CTImageStorage
    assert result.warnings == ()
    assert np.array_equal(after.pixel_array, instance().pixel_array)
    path = tmp_path / "a.dcm"
    after.save_as(path)
    assert [one.line for one in errors_of(path)] == []


def test_pixels_are_found_where_image_location_says() -> None:
    dataset = anonymous()
    dataset.add_new(0x00280200, "US", 0x7FE1)
    dataset.add_new(0x7FE10010, "OW", dataset.PixelData)
    del dataset.PixelData

    assert dicom3(bare(dataset))[0].PixelData == instance().PixelData


def test_what_is_no_native_image_is_refused() -> None:
    document = instance()
    del document.PixelData
    short = instance()
    short.Rows = 99
    odd = instance()
    odd.BitsAllocated = 12
    compressed = set_fragments(instance(), [b"\1\2"], "1.2.840.10008.1.2.4.90")

    for dataset, said in (
        (document, "no Pixel Data"),
        (odd, "12 bits"),
        (compressed, "decompress"),
    ):
        with pytest.raises(NotSupportedError, match=said):
            nema2(to_bytes(dataset))
    with pytest.raises(CorruptPixelDataError):
        nema2(to_bytes(short))


def test_colours_and_character_sets_are_warned_about() -> None:
    dataset = instance(rows=6, columns=8, bits_stored=8)
    dataset.SamplesPerPixel, dataset.Rows, dataset.Columns = 3, 4, 4
    dataset.PhotometricInterpretation, dataset.PlanarConfiguration = "RGB", 0

    _, result = nema2(to_bytes(dataset))

    assert [warning.split(" ")[1] for warning in result.warnings] == ["has", "2.0", "knows"]
