import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom.datadict import dictionary_keyword, dictionary_VR, repeater_has_tag
from pydicom.datadict import keyword_for_tag as pydicom_keyword
from pydicom.valuerep import EXPLICIT_VR_LENGTH_16, EXPLICIT_VR_LENGTH_32

from isocenter.dicom.dictionary import (
    LONG_VRS,
    SHORT_VRS,
    is_private,
    is_private_creator,
    keyword_of,
    tag_of,
    vr_of,
)
from tools import make_dictionary


def test_vr_and_keyword_of_every_element_are_those_of_ps3_6() -> None:
    ours = {tag: (vr_of(tag), keyword_of(tag)) for tag in DicomDictionary}

    assert ours == {tag: (entry[0], entry[4]) for tag, entry in DicomDictionary.items()}


@given(st.integers(0, 0xFFFFFFFF) | st.integers(0x50000000, 0x60FFFFFF))
def test_any_public_tag_is_looked_up_as_pydicom_does(tag: int) -> None:
    if is_private(tag) or tag & 0xFFFF == 0:
        return

    assert keyword_of(tag) == pydicom_keyword(tag)
    if keyword_of(tag):
        assert vr_of(tag) == dictionary_VR(tag)


@pytest.mark.parametrize("mask", RepeatersDictionary)
def test_repeating_elements_are_found_in_each_of_their_groups(mask: str) -> None:
    tag = int(mask.replace("x", "2"), 16)

    assert repeater_has_tag(tag)
    assert (vr_of(tag), keyword_of(tag)) == (dictionary_VR(tag), dictionary_keyword(tag))


def test_a_keyword_leads_back_to_its_tag() -> None:
    keywords = [entry[4] for entry in DicomDictionary.values() if entry[4]]

    assert all(keyword_of(tag_of(keyword) or 0) == keyword for keyword in keywords)
    assert tag_of("NoSuchKeyword") is None


@pytest.mark.parametrize(
    ("tag", "vr", "is_creator"),
    [
        (0x00090010, "LO", True),
        (0x000900FF, "LO", True),
        (0x0009000F, "UN", False),
        (0x00091010, "UN", False),
        (0x00090000, "UL", False),
        (0x00080000, "UL", False),
        (0x00084321, "UN", False),
    ],
)
def test_private_and_unknown_elements_have_the_vr_of_implicit_encoding(
    tag: int, vr: str, *, is_creator: bool
) -> None:
    assert (vr_of(tag), is_private_creator(tag)) == (vr, is_creator)


def test_every_vr_has_the_length_field_of_ps3_5() -> None:
    assert {str(vr) for vr in EXPLICIT_VR_LENGTH_32} == LONG_VRS
    assert {str(vr) for vr in EXPLICIT_VR_LENGTH_16} == SHORT_VRS


@pytest.mark.parametrize("name", ["dictionary_table", "names_table", "private_table"])
def test_the_generated_tables_are_what_the_generator_writes(name: str) -> None:
    written = (make_dictionary.TARGET / f"{name}.py").read_text(encoding="utf-8")

    assert getattr(make_dictionary, name)() == written
