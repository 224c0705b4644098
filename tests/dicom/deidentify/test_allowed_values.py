from struct import pack

import pytest
from pydicom.datadict import tag_for_keyword

from isocenter.dicom.deidentify.allow_list import allowed
from isocenter.dicom.deidentify.allowed_values import Judge, text_of, texts_of, vr_to_read

OWN = frozenset({"XANTHIPPE", "CHEST", "CT", "4711"})


def stays(keyword: str, value: bytes, own: frozenset[str] = OWN) -> bytes | None:
    tag = tag_for_keyword(keyword)
    assert tag is not None
    found = allowed(tag)
    assert found is not None
    return Judge(own, lambda uid: f"mapped {uid}").value_that_stays(tag, found, found.vrs[0], value)


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("SliceThickness", b"1.25"),
        ("Rows", pack("<H", 512)),
        ("ImageType", b"ORIGINAL\\PRIMARY\\AXIAL "),
        ("Modality", b"CT"),  # whoever is called so
        ("BodyPartExamined", b"CHEST "),
        ("PatientPosition", b"HFS "),
        ("PhotometricInterpretation", b"YBR_FULL_422"),
        ("LossyImageCompressionMethod", b"ISO_15444_1"),
        ("ConvolutionKernel", b"B30f"),
        ("SoftwareVersions", b"syngo CT VA48A\\5.00.02"),
        ("SpecificCharacterSet", b"\\ISO 2022 IR 87"),
        ("SOPClassUID", b"1.2.840.10008.5.1.4.1.1.2\0"),
        ("DimensionIndexPointer", pack("<2H", 0x20, 0x32)),
        ("RedPaletteColorLookupTableData", b"\0\1any bytes"),
        ("PatientPosition", b""),
        ("SliceThickness", b"  "),
    ],
)
def test_what_meets_its_condition_stays_as_it_is(keyword: str, value: bytes) -> None:
    assert stays(keyword, value, OWN - {"CT"} if keyword == "SoftwareVersions" else OWN) is value


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("SliceThickness", b"Xanthippe"),
        ("Rows", b"Xanthippe "),
        ("Rows", pack("<2H", 512, 512)),
        ("Modality", b"XANTHIPPE"),
        ("PatientPosition", b"XANTHIPPE"),
        ("BodyPartExamined", b"XANTHIPPE"),
        ("ScanOptions", b"CHEST"),  # a word of the vocabulary that names somebody here
        ("ScanOptions", b"SOMEBODY ELSE XY"),
        ("ConvolutionKernel", b"Xanthippe"),
        ("SoftwareVersions", b"release 4711"),  # the number of this case
        ("SpecificCharacterSet", b"XANTHIPPE"),
        ("DimensionIndexPointer", b"XANT"),
        ("DimensionIndexPointer", pack("<2H", 0x0009, 0x1001)),
        ("CodeMeaning", b"outside of a code"),
        ("CodeMeaning", b""),
        ("ICCProfile", b"Xanthippe"),
        ("RedPaletteColorLookupTableData", b"Xanthippe"),
        ("PixelData", b"nested"),
    ],
)
def test_what_does_not_goes(keyword: str, value: bytes) -> None:
    assert stays(keyword, value) is None


def test_the_number_of_the_case_goes_wherever_it_stands() -> None:
    own = frozenset({"7712345", "512"})

    assert stays("AcquisitionNumber", b"7712345 ", own) is None
    assert stays("SliceThickness", b"1.5\\7712345", own) is None
    assert stays("AcquisitionNumber", b"512 ", own) == b"512 "  # it may be so by chance


def test_a_misspelled_character_set_is_put_right() -> None:
    assert stays("SpecificCharacterSet", b"ISO-IR 100") == b"ISO_IR 100"


def test_unknown_values_of_an_image_type_are_replaced_in_their_place() -> None:
    assert stays("ImageType", b"DERIVED\\XANTHIPPE\\MPR\\CHEST") == b"DERIVED\\OTHER\\MPR\\OTHER"


def test_classes_that_are_none_of_the_standard_are_mapped_like_instances() -> None:
    mixed = b"1.2.840.10008.5.1.4.1.1.2\\1.2.3"

    assert stays("SOPClassesInStudy", mixed) == b"1.2.840.10008.5.1.4.1.1.2\\mapped 1.2.3"


@pytest.mark.parametrize(
    ("stored", "vrs", "read_as"),
    [
        ("DS", ("DS",), "DS"),
        ("UN", ("US",), "US"),
        ("LO", ("DS",), "DS"),
        ("OB", ("US",), ""),
        ("LO", ("US",), ""),
        ("US or SS", ("US", "SS"), "US"),
        ("SS", ("US", "SS"), "SS"),
        ("OB", ("OW",), "OB"),
        ("SQ", ("LO",), ""),
    ],
)
def test_a_wrong_vr_is_read_as_the_right_one_or_not_at_all(
    stored: str, vrs: tuple[str, ...], read_as: str
) -> None:
    assert vr_to_read(stored, vrs) == read_as


def test_texts_come_without_padding() -> None:
    assert text_of(b" a\0") == "a"
    assert texts_of(b"1.2\\1.3\0") == ["1.2", "1.3"]
    assert texts_of(b"") == [""]
