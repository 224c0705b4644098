from collections.abc import Callable

import pytest

from isocenter.dicom.enhanced_rules import (
    acquisition_moment,
    contains,
    laterality_of_body_part,
    reference_moment,
    region_of_body_part,
    renamed,
    scaled,
)


def told(**values: str) -> Callable[[str], tuple[str, ...]]:
    return lambda keyword: tuple(values.get(keyword, "").split("\\")) if values.get(keyword) else ()


def test_the_acquisition_moment_is_one_value_or_two_put_together() -> None:
    date_and_time = {"AcquisitionDate": "20240131", "AcquisitionTime": "1015"}

    assert acquisition_moment(told(**date_and_time)) == ("202401311015",)
    assert acquisition_moment(told(AcquisitionDateTime="2024", **date_and_time)) == ("2024",)
    assert acquisition_moment(told(AcquisitionDate="20240131")) == ()
    assert acquisition_moment(told(AcquisitionDate="2024.01.31", AcquisitionTime="10")) == ()


def test_the_reference_moment_is_that_of_the_series_and_an_offset_in_ms() -> None:
    """PS3.3 C.8.9.4.1.5, over midnight."""
    start = {"SeriesDate": "20240131", "SeriesTime": "235959.5"}

    assert reference_moment(told(FrameReferenceTime="1500.25", **start)) == (
        "20240201000001.000250",
    )
    assert reference_moment(told(FrameReferenceTime="soon", **start)) == ()
    assert reference_moment(told(FrameReferenceTime="1e300", **start)) == ()
    assert reference_moment(told(FrameReferenceTime="1")) == ()


def test_lists_that_are_complete_answer_with_no() -> None:
    complete = contains("CorrectedImage", "DECY", "YES", "NO")

    assert complete(told(CorrectedImage="ATTN\\DECY")) == ("YES",)
    assert complete(told(CorrectedImage="ATTN")) == ("NO",)
    assert complete(told()) == ()


def test_lists_that_may_not_be_complete_answer_with_yes_only() -> None:
    open_list = contains("ScanOptions", "FS", "FAT")

    assert open_list(told(ScanOptions="FS\\FC")) == ("FAT",)
    assert open_list(told(ScanOptions="FC")) == ()


def test_numbers_are_scaled_where_they_are_numbers() -> None:
    assert scaled("ExposureInuAs", 1e-3)(told(ExposureInuAs="2500")) == ("2.5",)
    assert scaled("ExposureInuAs", 1e-3)(told(ExposureInuAs="much")) == ()


def test_names_that_are_not_in_the_table_tell_nothing() -> None:
    source = renamed("ImagedNucleus", {"H1": "1H"})

    assert source(told(ImagedNucleus="H1")) == ("1H",)
    assert source(told(ImagedNucleus="HE")) == ()


@pytest.mark.parametrize(
    ("part", "region", "laterality"),
    [
        ("CHEST", ("816094009^SCT^Chest",), ("U",)),
        ("KNEE", ("72696002^SCT^Knee",), ()),
        ("NOWHERE", (), ()),
        ("", (), ()),
    ],
)
def test_body_parts_have_codes(
    part: str, region: tuple[str, ...], laterality: tuple[str, ...]
) -> None:
    """PS3.16 Annex L; a knee is left or right."""
    assert region_of_body_part(told(BodyPartExamined=part)) == region
    assert laterality_of_body_part(told(BodyPartExamined=part)) == laterality
