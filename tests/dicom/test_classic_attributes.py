import pytest
from pydicom import Dataset

from tests.multi_frame import enhanced, groups_of, item, notes_of, split_datasets


def first(dataset: Dataset) -> Dataset:
    return split_datasets(dataset)[0]


def test_ct_exposure_gets_its_classic_names_and_keeps_the_exact_ones() -> None:
    dataset = enhanced("CT", 1)
    groups_of(dataset).CTExposureSequence = [
        item(ExposureTimeInms=500.4, XRayTubeCurrentInmA=149.6, ExposureInmAs=75.0)
    ]
    groups_of(dataset).CTXRayDetailsSequence = [item(KVP=120)]

    one = first(dataset)

    assert (one.ExposureTime, one.XRayTubeCurrent, one.Exposure) == (500, 150, 75)
    assert (one.ExposureTimeInms, one.XRayTubeCurrentInmA) == (500.4, 149.6)
    assert one.KVP == 120


def test_a_fraction_does_not_become_nothing() -> None:
    dataset = enhanced("CT", 1)
    groups_of(dataset).CTExposureSequence = [
        item(ExposureTimeInms=0.4, XRayTubeCurrentInmA=0.0, ExposureInmAs=1e12)
    ]

    one = first(dataset)

    assert "ExposureTime" not in one
    assert one.XRayTubeCurrent == 0
    assert "Exposure" not in one


def test_values_of_two_sources_do_not_become_one() -> None:
    """A dual-source CT has an Item for each tube: the sequence stays."""
    dataset = enhanced("CT", 1)
    tubes = [item(ExposureInmAs=75.0), item(ExposureInmAs=50.0)]
    groups_of(dataset).CTExposureSequence = tubes

    one = first(dataset)

    assert [tube.ExposureInmAs for tube in one.CTExposureSequence] == [75, 50]
    assert "Exposure" not in one


def test_the_image_has_the_type_and_the_moment_of_its_frame() -> None:
    dataset = enhanced("CT", 2)
    dataset.ImageType = ["MIXED", "PRIMARY", "VOLUME", "NONE"]

    one, two = split_datasets(dataset)

    assert one.ImageType == ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    assert (two.AcquisitionDate, two.AcquisitionTime) == ("20240131", "101511.5")
    assert two.AcquisitionDateTime == two.FrameAcquisitionDateTime == "20240131101511.5"
    assert (one.AcquisitionNumber, two.AcquisitionNumber) == (1, 2)


@pytest.mark.parametrize(
    ("frame", "whole", "expected"),
    [
        (None, "20240131101500.25+0100", ("20240131", "101500.25")),
        ("2024", "20240131", ("20240131", None)),
        ("2024", "", (None, None)),
        ("20240201", "20240131101500", ("20240201", None)),
    ],
)
def test_moments_are_taken_as_far_as_they_are_valid(
    frame: str | None, whole: str, expected: tuple[str | None, str | None]
) -> None:
    dataset = enhanced("CT", 1)
    dataset.AcquisitionDateTime = whole
    content = groups_of(dataset, 0).FrameContentSequence[0]
    del content.FrameAcquisitionDateTime
    if frame is not None:
        content.FrameAcquisitionDateTime = frame

    one = first(dataset)

    assert (one.get("AcquisitionDate"), one.get("AcquisitionTime")) == expected


def test_a_date_of_the_root_stays_where_the_frame_has_none() -> None:
    dataset = enhanced("CT", 1)
    dataset.AcquisitionDate, dataset.AcquisitionTime = "20230101", "1200"
    del groups_of(dataset, 0).FrameContentSequence[0].FrameAcquisitionDateTime

    one = first(dataset)

    assert (one.AcquisitionDate, one.AcquisitionTime) == ("20230101", "1200")


def test_cardiac_times_sides_and_comments_get_their_classic_names() -> None:
    dataset = enhanced("MR", 1)
    groups = groups_of(dataset, 0)
    groups.FrameContentSequence[0].FrameComments = "breath hold failed"
    groups.FrameContentSequence[0].TemporalPositionIndex = 3
    groups.CardiacSynchronizationSequence = [
        item(NominalCardiacTriggerDelayTime=40.5, RRIntervalTimeNominal=812.0)
    ]
    groups.FrameAnatomySequence = [item(FrameLaterality="L")]

    one = first(dataset)

    assert one.ImageComments == "breath hold failed"
    assert one.TemporalPositionIdentifier == 3
    assert (one.TriggerTime, one.NominalInterval) == (40.5, 812)
    assert one.ImageLaterality == "L"


def test_comments_of_the_root_are_not_replaced() -> None:
    dataset = enhanced("MR", 1)
    dataset.ImageComments = "of the series"
    groups_of(dataset, 0).FrameContentSequence[0].FrameComments = "of the frame"

    one = first(dataset)

    assert (one.ImageComments, one.FrameComments) == ("of the series", "of the frame")


@pytest.mark.parametrize(
    ("modality", "empty", "missing"),
    [
        ("CT", {"KVP"}, set()),
        (
            "MR",
            {"ScanOptions", "MRAcquisitionType", "RepetitionTime", "EchoTime", "EchoTrainLength"},
            {"ScanningSequence", "SequenceVariant"},
        ),
        (
            "PT",
            {"CollimatorType", "CorrectedImage", "RadiopharmaceuticalInformationSequence"},
            {"Units", "CountsSource", "SeriesType", "DecayCorrection"},
        ),
        (
            "XA",
            {"KVP", "PositionerPrimaryAngle", "PositionerSecondaryAngle"},
            {"RadiationSetting", "PixelIntensityRelationship"},
        ),
        ("US", set(), set()),
    ],
)
def test_what_nobody_knows_is_empty_where_that_is_allowed_else_reported(
    modality: str, empty: set[str], missing: set[str]
) -> None:
    dataset = enhanced(modality, 1)

    one = first(dataset)

    assert {keyword for keyword in empty if one[keyword].is_empty} == empty
    assert not missing & set(one.dir())
    reported = {word.strip(",") for note in notes_of(dataset) for word in note.split()}
    assert reported & {"ScanningSequence", *missing} == missing


def test_an_empty_value_that_must_be_there_is_left_out_and_reported() -> None:
    dataset = enhanced("CT", 1)
    groups_of(dataset).PixelMeasuresSequence[0].PixelSpacing = None

    assert "PixelSpacing" not in first(dataset)
    assert "PixelSpacing" in next(iter(notes_of(dataset)))


def test_ultrasound_keeps_two_values_of_its_type() -> None:
    """The third and fourth mean something else there (PS3.3 C.8.5.6.1.1)."""
    one = first(enhanced("US", 1))

    assert one.ImageType == ["ORIGINAL", "PRIMARY"]
    assert one.FrameType == ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]


def test_an_x_ray_image_without_time_or_current_has_an_empty_exposure() -> None:
    """PS3.3 C.8.7.2: type 2C, each required where another is not there."""
    dataset = enhanced("XA", 1)
    assert first(dataset)["Exposure"].is_empty

    groups_of(dataset).FrameAcquisitionSequence = [
        item(KVP=70, XRayTubeCurrentInmA=10.0, ExposureTimeInms=5.0)
    ]
    assert "Exposure" not in first(dataset)
