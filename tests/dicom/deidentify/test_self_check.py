import base64
import gzip
import io
import zlib
from collections.abc import Callable

import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian

from isocenter.dicom.deidentify.identifiers import Identifiers, collect
from isocenter.dicom.deidentify.identifying_tokens import Kind
from isocenter.dicom.deidentify.self_check import Hit, check, check_name
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.errors import IsocenterError
from tests.builders import instance, to_bytes

KEPT = {"CS", "DS", "IS", "US", "OW"}
MANUFACTURER, MODEL = 0x00080070, 0x00081090


def action_of(tag: int, vr: str) -> str:
    return "K" if vr in KEPT or tag in {MANUFACTURER, MODEL} else "X"


def source() -> Dataset:
    dataset = instance()
    dataset.PatientName = "SCHMIDT^ANNA"
    dataset.PatientID = "MRN-7712345"
    dataset.StudyDate = dataset.SeriesDate = "20240131"
    dataset.AccessionNumber = "4711"
    dataset.StudyID = "7"
    dataset.InstitutionName = "ST VITUS HOSPITAL"
    return dataset


def identifiers() -> Identifiers:
    return collect(index_header(BytesSource(to_bytes(source()))), action_of)


def clean() -> Dataset:
    """Return the source without what is to go."""
    dataset = source()
    for element in list(dataset):
        if action_of(int(element.tag), element.VR) != "K" and element.keyword != "PixelData":
            del dataset[element.tag]
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    dataset.SOPInstanceUID = "2.25.1234567890"
    dataset.file_meta.MediaStorageSOPInstanceUID = UID("2.25.1234567890")
    return dataset


def hits(dataset: Dataset, *allowed: str) -> tuple[Hit, ...]:
    return check(BytesSource(to_bytes(dataset)), identifiers(), allowed=allowed)


def test_a_result_without_the_values_passes() -> None:
    assert hits(clean()) == ()


def test_the_source_itself_does_not_pass() -> None:
    found = {(hit.where, hit.kind) for hit in hits(source())}

    assert ("PatientName", Kind.NAME) in found
    assert ("PatientID", Kind.IDENTIFIER) in found
    assert ("StudyDate", Kind.DATE) in found
    assert ("SOPInstanceUID", Kind.UID) in found
    assert ("StudyID", Kind.TEXT) in found


def test_a_hit_never_tells_the_value() -> None:
    text = " ".join(str(hit) for hit in hits(source())).lower()

    assert text
    assert not any(word in text for word in ("schmidt", "7712345", "4711", "vitus"))


@pytest.mark.parametrize(
    "value",
    [
        "seen by Schmidt",
        "SCHMIDT01",
        "acc. 4711",
        "on 31.01.2024",
        "on 2024-01-31",
        "01/31/2024",
        "x20240131",
        "St. Vitus Hospital",
        "uid 2024013110150000",
        base64.b64encode(b"the patient Schmidt").decode(),
    ],
)
def test_values_are_found_in_text_that_was_kept(value: str) -> None:
    dataset = clean()
    dataset.ManufacturerModelName = value

    assert [hit.where for hit in hits(dataset)] == ["ManufacturerModelName"]


@pytest.mark.parametrize("value", ["MODEL 20240132", "SCHMID", "47110", "VITUS", "ANNABEL"])
def test_what_only_resembles_a_value_passes(value: str) -> None:
    dataset = clean()
    dataset.ManufacturerModelName = value

    assert hits(dataset) == ()


def test_short_numbers_mean_nothing_in_numeric_elements() -> None:
    dataset = clean()
    dataset.SeriesNumber = "4711"
    dataset.KVP = "4711"

    assert hits(dataset) == ()


def _utf_16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _utf_16_odd(text: str) -> bytes:
    return b"\1" + text.encode("utf-16-be")


def _gzipped(text: str) -> bytes:
    return b"\1\2" + gzip.compress(text.encode())


def _zipped(text: str) -> bytes:
    return zlib.compress(text.encode())


def _wide(text: str) -> bytes:
    return text.encode("utf-32-le")


@pytest.mark.parametrize("encode", [str.encode, _utf_16, _utf_16_odd, _gzipped, _zipped, _wide])
def test_values_are_found_in_binary_elements(encode: Callable[[str], bytes]) -> None:
    dataset = clean()
    value = encode("name Schmidt, id MRN-7712345")
    dataset.add_new(0x00420011, "OB", value + bytes(len(value) % 2))

    assert {hit.where for hit in hits(dataset)} == {"EncapsulatedDocument"}


@pytest.mark.parametrize("codec", ["ascii", "utf-16-le", "utf-16-be"])
def test_values_are_found_in_pixels(codec: str) -> None:
    dataset = clean()
    value = "mrn-7712345".encode(codec)
    dataset.PixelData = b"\3" + value + dataset.PixelData[len(value) + 1 :]

    assert hits(dataset) == (Hit("PixelData", Kind.IDENTIFIER),)


def test_values_are_found_behind_the_last_element_and_in_the_preamble() -> None:
    data = to_bytes(clean())
    preamble = b"MRN-7712345".ljust(128, b"\0") + data[128:]

    assert check(BytesSource(preamble), identifiers()) == (Hit("byte 0", Kind.IDENTIFIER),)


def test_values_are_found_in_a_deflated_result() -> None:
    dataset = clean()
    dataset.ManufacturerModelName = "SCHMIDT"
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian

    assert [hit.where for hit in hits(dataset)] == ["ManufacturerModelName"]


def test_names_are_found_in_another_character_set() -> None:
    original = source()
    original.SpecificCharacterSet = "ISO_IR 100"
    original.PatientName = "JÄGER^JÖRG"
    found_in = collect(index_header(BytesSource(to_bytes(original))), action_of)
    dataset = clean()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.ManufacturerModelName = "von Jäger"

    found = check(BytesSource(to_bytes(dataset)), found_in)

    assert [hit.kind for hit in found] == [Kind.NAME]


def test_chinese_and_japanese_names_are_found_without_blanks_around() -> None:
    original = source()
    original.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    original.PatientName = "Yamada^Tarou=山田^太郎"
    found_in = collect(index_header(BytesSource(to_bytes(original))), action_of)
    dataset = clean()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.ManufacturerModelName = "先生山田太郎様"

    assert check(BytesSource(to_bytes(dataset)), found_in)


def test_values_that_the_caller_set_pass() -> None:
    dataset = clean()
    dataset.PatientName = "SCHMIDT^ANNA"
    dataset.StudyDate = "20240131"

    assert hits(dataset, "SCHMIDT^ANNA", "20240131") == ()


def test_a_harmless_word_is_no_hit_although_somebody_is_named_so() -> None:
    original = source()
    original.PatientName = "HEAD^CHEST"
    found_in = collect(index_header(BytesSource(to_bytes(original))), action_of)
    dataset = clean()
    dataset.BodyPartExamined = "HEAD"

    assert check(BytesSource(to_bytes(dataset)), found_in) == ()


def test_a_removed_text_that_a_kept_element_also_has_is_no_hit() -> None:
    original = source()
    original.Manufacturer = "QUORVEX LTD"
    original.StudyDescription = "QUORVEX LTD"
    found_in = collect(index_header(BytesSource(to_bytes(original))), action_of)
    dataset = clean()
    dataset.Manufacturer = "QUORVEX LTD"

    assert check(BytesSource(to_bytes(dataset)), found_in) == ()


def test_a_short_value_left_in_its_place_is_a_hit() -> None:
    dataset = clean()
    dataset.StudyID = "7"

    assert hits(dataset) == (Hit("StudyID", Kind.TEXT),)
    assert hits(dataset, "7") == ()


def test_a_result_that_cannot_be_parsed_does_not_pass() -> None:
    data = to_bytes(clean())

    with pytest.raises(IsocenterError):
        check(BytesSource(data[: len(data) // 3]), identifiers())


def test_names_of_files_are_checked() -> None:
    assert not check_name("Schmidt_CT_0001.dcm", identifiers())
    assert not check_name("mrn-7712345.dcm", identifiers())
    assert check_name("instance0001.dcm", identifiers())


def test_pydicom_reads_what_the_tests_call_clean() -> None:
    assert dcmread(io.BytesIO(to_bytes(clean()))).get("PatientName") is None
