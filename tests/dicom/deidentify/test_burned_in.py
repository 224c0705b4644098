from pathlib import Path

import pytest
from pydicom import Dataset
from pydicom.uid import UID

from isocenter.dicom.deidentify.burned_in import (
    PixelPlan,
    cleaned_element,
    plan_pixels,
    reason_to_hold_back,
)
from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.errors import HeldBackError, IsocenterError
from tests.builders import instance
from tests.dicom.deidentify.test_ultrasound import declared
from tests.pictures import pictures
from tests.rendering import image, indexed

REGION = Region(0, 0, 5, 2)
ABOVE, BELOW = Region(0, 0, 80, 10), Region(0, 50, 80, 10)


def reason(dataset: Dataset) -> str:
    return reason_to_hold_back(indexed(dataset)[0])


def changed(dataset: Dataset, **elements: object) -> Dataset:
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.mark.parametrize(
    "dataset",
    [
        pytest.param(instance(), id="CT"),
        pytest.param(instance(modality="MR"), id="MR"),
        pytest.param(changed(instance(), ImageType=["DERIVED", "SECONDARY", "MPR"]), id="MPR"),
        pytest.param(pictures("SC", 1)[0], id="SC that says NO"),
        pytest.param(pictures("XA", 1)[0], id="XA"),
        pytest.param(pictures("CR", 1)[0], id="CR"),
        pytest.param(
            changed(
                instance(),
                Modality="SM",
                SOPClassUID=UID("1.2.840.10008.5.1.4.1.1.77.1.6"),
                ImageType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
            ),
            id="slide",
        ),
    ],
)
def test_images_of_scanners_pass(dataset: Dataset) -> None:
    assert plan_pixels(indexed(dataset)[0]) == PixelPlan()


def sop_class(end: str, **elements: object) -> Dataset:
    return changed(instance(), SOPClassUID=UID(f"1.2.840.10008.5.1.4.1.1.{end}"), **elements)


def capture() -> Dataset:
    (dataset,) = pictures("SC", 1)
    del dataset.BurnedInAnnotation
    return dataset


@pytest.mark.parametrize(
    ("dataset", "about"),
    [
        (changed(instance(), BurnedInAnnotation="YES"), "says that text"),
        (changed(instance(), SpecimenLabelInImage="YES", BurnedInAnnotation="NO"), "label"),
        (capture(), "secondary capture"),
        (sop_class("7.4"), "secondary capture"),
        (changed(instance(), ConversionType="WSD"), "captured"),
        (sop_class("77.1.4", Modality="XC"), "photograph"),
        (sop_class("77.1.1.1", Modality="ES"), "photograph"),
        (pictures("US", 1)[0], "ultrasound"),
        (changed(instance(), Modality="OT"), "unknown kind"),
        (changed(instance(), Modality="DOC"), "unknown kind"),
        (changed(instance(), Modality="IVUS"), "ultrasound"),
        (changed(instance(), ImageType=["DERIVED", "SECONDARY", "SCREEN SAVE"]), "Image Type"),
        (changed(instance(), ImageType=["DERIVED", "PRIMARY", "OTHER", "DOSE_INFO"]), "Image Type"),
        (changed(instance(), ImageType=["DERIVED", "PRIMARY", "LABEL"]), "Image Type"),
        (changed(instance(bits_stored=8), ImageType=["DERIVED", "SECONDARY"]), "8 bits"),
    ],
)
def test_pictures_that_may_have_text_are_held_back(dataset: Dataset, about: str) -> None:
    header = indexed(dataset)[0]

    with pytest.raises(HeldBackError, match=about):
        plan_pixels(header)
    accepted = plan_pixels(header, accepts_burned_in=True)
    assert (accepted.regions, accepted.is_cleaned) == ((), False)
    assert about in accepted.warnings[0]
    blanked = plan_pixels(header, [REGION])
    assert blanked == PixelPlan((REGION,), is_cleaned=True)


def test_colours_of_a_grey_modality_are_held_back() -> None:
    dataset = image([[[1, 2, 3]]], Modality="CT")
    dataset.SOPClassUID = instance().SOPClassUID
    del dataset.ConversionType, dataset.BurnedInAnnotation

    assert "colours" in reason(dataset)


def test_a_secondary_slice_without_a_position_is_held_back() -> None:
    dataset = changed(instance(), ImageType=["DERIVED", "SECONDARY"])
    del dataset.ImagePositionPatient

    assert "position" in reason(dataset)


def test_regions_that_miss_the_image_are_none() -> None:
    header = indexed(capture())[0]

    for region in (Region(900, 0, 5, 5), Region(0, 0, 2, 2, "multi")):
        with pytest.raises(HeldBackError):
            plan_pixels(header, [region])


def test_ultrasound_is_blanked_outside_of_what_it_declares() -> None:
    header = indexed(declared((0, 10, 79, 49)))[0]

    plan = plan_pixels(header)

    assert plan.regions == (ABOVE, BELOW)
    # What is written inside nobody looked for, so the result does not claim that nothing is.
    assert not plan.is_cleaned
    assert plan_pixels(header, cleans_pixel_data=True).is_cleaned
    assert plan_pixels(header, [REGION]).is_cleaned
    assert "text inside was not looked for" in plan.warnings[0]
    # Who names regions, or accepts the image as it is, knows more than the device.
    assert plan_pixels(header, [REGION]).regions == (REGION,)
    assert plan_pixels(header, accepts_burned_in=True).regions == ()
    both = plan_pixels(header, [REGION], cleans_pixel_data=True)
    assert both.regions == (REGION, ABOVE, BELOW)


def test_ultrasound_that_says_no_is_blanked_where_pixels_are_to_be_cleaned() -> None:
    header = indexed(changed(declared((0, 10, 79, 49)), BurnedInAnnotation="NO"))[0]

    assert plan_pixels(header).regions == ()
    assert plan_pixels(header, cleans_pixel_data=True).regions == (ABOVE, BELOW)


def test_ultrasound_without_regions_of_its_own_is_held_back() -> None:
    with pytest.raises(HeldBackError, match="regions do not fit"):
        plan_pixels(indexed(declared((0, 10, 500, 49)))[0])


def test_objects_without_pixels_have_no_text_in_them() -> None:
    dataset = changed(instance(), BurnedInAnnotation="YES")
    del dataset.PixelData

    assert plan_pixels(indexed(dataset)[0]) == PixelPlan()


def test_a_recognisable_patient_is_named_as_such() -> None:
    plan = plan_pixels(indexed(changed(instance(), RecognizableVisualFeatures="YES"))[0])

    assert plan.warnings == ("the image says that the patient can be recognised in it",)


def test_the_result_says_that_no_text_is_burnt_in() -> None:
    assert cleaned_element(is_implicit=False) == b"\x28\0\x01\x03CS\x02\0NO"


def test_scanners_pass_and_captures_do_not(shared_data: Path) -> None:
    """Of the real files: every slice of CT, MR and PET but three scanned or captured ones."""
    passed: dict[str, int] = {}
    held: dict[str, int] = {}
    for path in sorted((shared_data / "dicom").rglob("*")):
        if not path.is_file() or "series" in path.parts:
            continue
        try:
            header = index_header(BytesSource(path.read_bytes()))
            modality = header.dataset.value(0x00080060).decode("latin-1").strip(" \0")
            plan_pixels(header)
        except HeldBackError:
            held[modality] = held.get(modality, 0) + 1
        except IsocenterError:
            continue
        else:
            passed[modality] = passed.get(modality, 0) + 1
    assert held.get("CT", 0) + held.get("MR", 0) + held.get("PT", 0) <= 6, held
    assert passed["CT"] + passed["MR"] > 100
