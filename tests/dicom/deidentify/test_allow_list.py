import re

from pydicom.datadict import dictionary_description, dictionary_is_retired, dictionary_VR

from isocenter.dicom.deidentify.allow_list import allowed
from isocenter.dicom.deidentify.allow_table import ALLOWED
from isocenter.dicom.deidentify.table import ROWS

NAMING = re.compile(r"\bName\b|Address|Telephone|Patient ID|\bIssuer|Serial Number|Birth|Comment")
# Their values are judged word by word, or are names of things.
OF_THINGS = re.compile(
    "Model Name|Sequence Name|Coil|Algorithm Name|View Name|Stage Name|Window Name|Grid Name"
    "|Detector|Drug|Application|Dose Mode|Device Name|Applicator Name|Shield Name|Block Name"
    "|RT Image Name|Comment Type"
    "|Font Name|Eponymous|Segment Name|grid Name|Column Names|Timer|Isotope|Implant Name"
    "|Concept Name|Subsystem"
)


def tags() -> list[int]:
    return [int(line[:8], 16) for text in ALLOWED.values() for line in text.splitlines()]


def test_nothing_stands_in_the_table_of_the_standard_and_on_the_list() -> None:
    assert not {f"{tag:08X}" for tag in tags()} & ROWS.keys()
    assert len(tags()) == len(set(tags()))


def test_only_attributes_of_the_standard_are_on_the_list() -> None:
    for tag in tags():
        assert dictionary_description(tag)
        assert not tag >> 16 & 1


def test_no_person_date_or_free_text_is_on_the_list() -> None:
    vrs = {vr for tag in tags() for vr in dictionary_VR(tag).split(" or ")}

    assert vrs.isdisjoint({"PN", "DA", "TM", "DT", "LT", "ST", "UT", "UR", "AE", "AS", "UN"})


def test_no_attribute_that_is_called_a_name_of_somebody_is_on_the_list() -> None:
    called = [dictionary_description(tag) for tag in tags()]

    assert [name for name in called if NAMING.search(name) and not OF_THINGS.search(name)] == []


def test_retired_attributes_are_numbers_code_strings_and_sequences_of_images() -> None:
    kinds = {found.kind for tag in tags() if dictionary_is_retired(tag) and (found := allowed(tag))}

    assert kinds <= {"number", "enumerated", "sequence", "uid", "bulk", "tag"}


def test_planes_of_overlays_are_allowed_and_their_text_is_not() -> None:
    rows_of_overlay = allowed(0x60020010)

    assert rows_of_overlay is not None
    assert rows_of_overlay.kind == "number"
    assert allowed(0x60020022) is None  # Overlay Description
    assert allowed(0x60204000) is None
    assert allowed(0x60200010) is None  # there are sixteen planes


def test_what_nobody_knows_is_not_allowed() -> None:
    assert allowed(0x00091001) is None
    assert allowed(0x0018FFFE) is None
    assert allowed(0x00100010) is None
