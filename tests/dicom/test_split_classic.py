import pytest
from pydicom import Dataset
from pydicom.uid import ImplicitVRLittleEndian

from tests.multi_frame import STORAGE, classic, item, notes_of, split_datasets

US_MULTI, US = f"{STORAGE}3.1", f"{STORAGE}6.1"
XA, NM, SC = f"{STORAGE}12.1", f"{STORAGE}20", f"{STORAGE}7"
SC_WORD = f"{SC}.3"


@pytest.mark.parametrize("is_implicit", [False, True])
def test_vectors_keep_the_value_of_the_frame(is_implicit: bool) -> None:
    dataset = classic(
        SC_WORD,
        3,
        FrameIncrementPointer=0x00182001,
        PageNumberVector=[4, 5, 9],
        FrameLabelVector=["a", "b", "c"],
        SliceLocationVector=[1.5, 2.5, 3.5],
        FramePrimaryAngleVector=[0, 90],
    )
    if is_implicit:
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian

    made = split_datasets(dataset)

    assert [one.PageNumberVector for one in made] == [4, 5, 9]
    assert [one.FrameLabelVector for one in made] == ["a", "b", "c"]
    assert [one.SliceLocation for one in made] == [1.5, 2.5, 3.5]
    assert made[0].FramePrimaryAngleVector == [0, 90]
    assert not any({"NumberOfFrames", "FrameIncrementPointer"} & set(one.dir()) for one in made)


def test_a_slice_location_that_is_there_is_not_replaced() -> None:
    dataset = classic(SC_WORD, 2, SliceLocationVector=[1, 2], SliceLocation=7)

    assert [one.SliceLocation for one in split_datasets(dataset)] == [7, 7]


@pytest.mark.parametrize(
    ("values", "delays"),
    [
        ({"FrameIncrementPointer": 0x00181063, "FrameTime": 40}, [0, 40, 80]),
        ({"FrameIncrementPointer": 0x00181063, "FrameTime": 40, "FrameDelay": 5}, [5, 45, 85]),
        ({"FrameIncrementPointer": 0x00181065, "FrameTimeVector": [0, 30, 50]}, [0, 30, 80]),
        ({"FrameIncrementPointer": 0x00181065, "FrameTimeVector": [0, 30]}, [None] * 3),
        ({"FrameIncrementPointer": 0x00182001, "FrameTime": 40}, [None] * 3),
        ({"FrameIncrementPointer": 0x00181065}, [None] * 3),
    ],
)
def test_the_time_of_a_frame_is_its_delay(
    values: dict[str, object], delays: list[float | None]
) -> None:
    """PS3.3 C.7.6.5.1.1 and C.7.6.5.1.2: relative time from Content Time."""
    made = split_datasets(classic(US_MULTI, 3, modality="US", **values))

    assert [one.get("FrameDelay") for one in made] == delays


def test_nm_frames_stay_multi_frame_objects_of_one() -> None:
    dataset = classic(
        NM,
        4,
        modality="NM",
        ImageType=["ORIGINAL", "PRIMARY", "STATIC", "EMISSION"],
        FrameIncrementPointer=[0x00540010, 0x00540020],
        EnergyWindowVector=[1, 1, 2, 2],
        DetectorVector=[1, 2, 1, 2],
        NumberOfEnergyWindows=2,
        NumberOfDetectors=2,
    )

    made = split_datasets(dataset)

    assert [one.EnergyWindowVector for one in made] == [1, 1, 2, 2]
    assert [one.DetectorVector for one in made] == [1, 2, 1, 2]
    assert {one.NumberOfFrames for one in made} == {1}
    assert made[3].FrameIncrementPointer == [0x00540010, 0x00540020]
    assert {one.NumberOfDetectors for one in made} == {2}


def test_frames_of_interest_speak_of_the_frame_itself() -> None:
    dataset = classic(
        US_MULTI,
        3,
        FrameNumbersOfInterest=[2, 3],
        FrameOfInterestDescription=["systole", "diastole"],
        FrameOfInterestType="OTHER",
        StartTrim=1,
        StopTrim=3,
        RepresentativeFrameNumber=2,
    )

    made = split_datasets(dataset)

    assert [one.get("FrameNumbersOfInterest") for one in made] == [None, 1, 1]
    assert [one.get("FrameOfInterestDescription") for one in made] == [None, "systole", "diastole"]
    for one in made:
        assert not {"StartTrim", "StopTrim", "RepresentativeFrameNumber"} & set(one.dir())
        assert "FrameOfInterestType" not in one


@pytest.mark.parametrize(("mode", "kept"), [("SUB", False), ("NAT", True)])
def test_masks_name_other_frames_and_are_left_out_with_a_note(mode: str, kept: bool) -> None:
    mask = item(MaskOperation="AVG_SUB", MaskFrameNumbers=1)
    dataset = classic(XA, 2, MaskSubtractionSequence=[mask], RecommendedViewingMode=mode)

    for one in split_datasets(dataset):
        assert "MaskSubtractionSequence" not in one
        assert ("RecommendedViewingMode" in one) == kept
    assert notes_of(dataset) == {"Mask Subtraction names other frames: left out"}


def test_presentation_stays_as_it_is() -> None:
    def paletted(dataset: Dataset) -> Dataset:
        dataset.PhotometricInterpretation = "PALETTE COLOR"
        for tag in (0x00281101, 0x00281102, 0x00281103):
            dataset.add_new(tag, "US", [2, 0, 8])
            dataset.add_new(tag + 0x100, "OW", b"\1\2")
        dataset.ICCProfile = b"profile."
        dataset.PresentationLUTShape = "IDENTITY"
        dataset.WindowCenter, dataset.WindowWidth = [40, 50], [400, 500]
        return dataset

    source = paletted(classic(US_MULTI, 2))

    for one in split_datasets(source):
        for tag in (0x00281101, 0x00281203, 0x00282000, 0x20500020, 0x00281050, 0x00280004):
            assert one[tag] == source[tag]


def test_an_object_of_one_frame_is_not_cut() -> None:
    """Only our own or an Enhanced one comes so far; a vector of one is that of the Frame."""
    (one,) = split_datasets(classic(US_MULTI, 1, FrameTimeVector=[0], PositionerPrimaryAngle=3))

    assert one.FrameTimeVector == 0
    assert one.PositionerPrimaryAngle == 3
    assert one.SOPClassUID == US
