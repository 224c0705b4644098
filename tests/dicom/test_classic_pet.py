from typing import Any

import pytest
from pydicom import Dataset

from tests.multi_frame import enhanced, groups_of, item, notes_of, split_datasets


def pet(frames: int = 2, **values: object) -> Dataset:
    dataset = enhanced("PT", frames)
    dataset.DecayCorrected = "YES"
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def first(dataset: Dataset) -> Dataset:
    return split_datasets(dataset)[0]


def measured_in(unit: str) -> Dataset:
    dataset = pet()
    code = item(CodeValue=unit, CodingSchemeDesignator="UCUM", CodeMeaning=unit)
    groups_of(dataset).RealWorldValueMappingSequence = [item(MeasurementUnitsCodeSequence=[code])]
    return dataset


def test_corrections_become_terms() -> None:
    dataset = pet(
        AttenuationCorrected="YES",
        ScatterCorrected="NO",
        RandomsCorrected="YES",
        DetectorNormalizationCorrection="YES",
    )

    assert first(dataset).CorrectedImage == ["DECY", "ATTN", "RAN", "NORM"]


@pytest.mark.parametrize(
    ("unit", "term"), [("Bq/ml", "BQML"), ("g/ml{SUVbw}", "GML"), ("{counts}/s", "CPS")]
)
def test_units_are_those_of_the_real_world_values(unit: str, term: str) -> None:
    assert first(measured_in(unit)).Units == term


def test_units_without_a_term_are_reported() -> None:
    dataset = measured_in("furlong")

    assert "Units" not in first(dataset)
    (note,) = notes_of(dataset)
    assert "Units" in note
    assert "CountsSource" in note


@pytest.mark.parametrize(
    ("flavour", "expected"),
    [
        ("STATIC", ["STATIC", "IMAGE"]),
        ("WHOLE_BODY", ["WHOLE BODY", "IMAGE"]),
        ("DYNAMIC", ["DYNAMIC", "IMAGE"]),
        ("CARDIAC_GATED", ["GATED", "IMAGE"]),
        ("VOLUME", None),
    ],
)
def test_the_series_type_follows_from_the_kind_of_frame(
    flavour: str, expected: list[str] | None
) -> None:
    dataset = pet()
    frame_type = groups_of(dataset).PETFrameTypeSequence[0]
    frame_type.FrameType = ["ORIGINAL", "PRIMARY", flavour, "NONE"]

    assert first(dataset).get("SeriesType") == expected


@pytest.mark.usefixtures("odd_values_allowed")
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"DecayCorrected": "NO"}, "NONE"),
        ({"DecayCorrectionDateTime": "20240131101500.0"}, "START"),
        ({"DecayCorrectionDateTime": "20240131090000"}, "ADMIN"),
        ({"DecayCorrectionDateTime": "20240131080000"}, None),
        ({"DecayCorrectionDateTime": "2024"}, None),
        ({"DecayCorrectionDateTime": "20241331090000"}, None),
        ({}, None),
    ],
)
def test_decay_correction_names_the_event_that_is_known(
    values: dict[str, Any], expected: str | None
) -> None:
    drug = item(RadiopharmaceuticalStartDateTime="20240131090000+0100")
    dataset = pet(RadiopharmaceuticalInformationSequence=[drug], **values)

    assert first(dataset).get("DecayCorrection") == expected


def test_times_of_a_frame_count_from_the_series() -> None:
    """Series 10:15:00, frames at 10:15:10.75 and 10:15:11.75, of 250 ms each."""
    one, two = split_datasets(pet())

    assert (one.FrameReferenceTime, two.FrameReferenceTime) == (10750, 11750)
    assert (one.AcquisitionDate, one.AcquisitionTime) == ("20240131", "101510.5")
    assert one.ActualFrameDuration == 250


def test_without_a_time_of_the_series_no_time_is_invented() -> None:
    dataset = pet()
    del dataset.SeriesTime

    assert "FrameReferenceTime" not in first(dataset)


def test_images_are_numbered_slice_by_slice_within_each_time() -> None:
    dataset = pet(4)
    for index, (time, z) in enumerate([(1, 0), (1, 2), (2, 0), (2, 2)]):
        groups = groups_of(dataset, index)
        groups.FrameContentSequence[0].TemporalPositionIndex = time
        groups.PlanePositionSequence[0].ImagePositionPatient = [0, 0, z]

    made = split_datasets(dataset)

    assert [one.ImageIndex for one in made] == [1, 2, 3, 4]
    assert {one.NumberOfSlices for one in made} == {2}


def test_frames_that_share_place_and_time_have_no_index() -> None:
    dataset = pet(2)
    for index in range(2):
        groups_of(dataset, index).PlanePositionSequence[0].ImagePositionPatient = [0, 0, 0]

    made = split_datasets(dataset)

    assert not any("ImageIndex" in one or "NumberOfSlices" in one for one in made)


def test_frames_without_a_position_have_no_index() -> None:
    dataset = pet(2)
    del groups_of(dataset, 1).PlanePositionSequence

    assert not any("ImageIndex" in one for one in split_datasets(dataset))


@pytest.mark.parametrize(
    ("position", "relationship", "posture"),
    [("HFS", "headfirst", "supine"), ("FFDL", "feet-first", "left lateral decubitus")],
)
def test_how_the_patient_lay_is_said_by_codes(
    position: str, relationship: str, posture: str
) -> None:
    one = first(pet(PatientPosition=position))

    (orientation,) = one.PatientOrientationCodeSequence
    assert orientation.CodeMeaning == "recumbent"
    assert orientation.PatientOrientationModifierCodeSequence[0].CodeMeaning == posture
    assert one.PatientGantryRelationshipCodeSequence[0].CodeMeaning == relationship
    assert "PatientPosition" not in one


def test_codes_of_the_source_are_kept() -> None:
    code = item(CodeValue="1", CodingSchemeDesignator="99X", CodeMeaning="hanging")

    one = first(pet(PatientOrientationCodeSequence=[code]))

    assert one.PatientOrientationCodeSequence[0].CodeMeaning == "hanging"
    assert one.PatientPosition == "HFS"


def test_a_position_without_codes_stays_as_it_is() -> None:
    one = first(pet(PatientPosition="LFP"))

    assert one.PatientPosition == "LFP"
    assert one["PatientOrientationCodeSequence"].is_empty


def test_a_decay_that_was_corrected_wants_its_factor() -> None:
    dataset = pet(DecayCorrectionDateTime="20240131101500")

    assert "DecayFactor" in next(iter(notes_of(dataset)))
    groups_of(dataset).PETFrameCorrectionFactorsSequence = [item(DecayFactor="1.25")]
    assert first(dataset).DecayFactor == 1.25
    assert "DecayFactor" not in next(iter(notes_of(dataset)))
