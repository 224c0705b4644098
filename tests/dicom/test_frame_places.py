import pytest
from pydicom import Dataset

from tests.multi_frame import classic, item, notes_of, split_datasets

XA, NM = "1.2.840.10008.5.1.4.1.1.12.1", "1.2.840.10008.5.1.4.1.1.20"


def moving(primary: object, secondary: object) -> Dataset:
    return classic(
        XA,
        3,
        modality="XA",
        PositionerMotion="DYNAMIC",
        PositionerPrimaryAngle=10,
        PositionerSecondaryAngle="-5",
        PositionerPrimaryAngleIncrement=primary,
        PositionerSecondaryAngleIncrement=secondary,
    )


def reconstruction(orientation: list[float], **values: object) -> Dataset:
    detector = item(
        ImagePositionPatient=[10, 20, 30], ImageOrientationPatient=orientation, StartAngle=0
    )
    return classic(
        NM,
        3,
        modality="NM",
        **{
            "ImageType": ["ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION"],
            "FrameIncrementPointer": 0x00540080,
            "SliceVector": [1, 2, 3],
            "NumberOfSlices": 3,
            "SpacingBetweenSlices": 4,
            "DetectorInformationSequence": [detector],
            **values,
        },
    )


def positions(dataset: Dataset) -> list[list[float]]:
    return [
        [float(value) for value in one.DetectorInformationSequence[0].ImagePositionPatient]
        for one in split_datasets(dataset)
    ]


def test_offsets_from_the_first_angle_are_added_to_it() -> None:
    """PS3.3 C.8.7.5.1.3: a vector has offsets from the initial angle, one value is a step."""
    made = split_datasets(moving([0, 1.5, 4], 2))

    assert [one.PositionerPrimaryAngle for one in made] == [10, 11.5, 14]
    assert [one.PositionerSecondaryAngle for one in made] == [-5, -3, -1]
    assert {one.PositionerMotion for one in made} == {"STATIC"}
    assert not any("PositionerPrimaryAngleIncrement" in one for one in made)


def test_increments_of_another_number_are_left_as_they_are() -> None:
    made = split_datasets(moving([0, 1.5], [0, 1, 2]))

    assert [one.PositionerPrimaryAngle for one in made] == [10, 10, 10]
    assert made[2].PositionerPrimaryAngleIncrement == [0, 1.5]
    assert made[2].PositionerSecondaryAngle == -3
    assert {one.PositionerMotion for one in made} == {"DYNAMIC"}


@pytest.mark.parametrize(("spacing", "last"), [(4, 38), (-4, 22)])
def test_slices_of_a_volume_get_their_own_position(spacing: int, last: int) -> None:
    """PS3.3 C.8.4.15: the sign of the spacing tells to which side of the first slice they lie."""
    dataset = reconstruction([1, 0, 0, 0, 1, 0], SpacingBetweenSlices=spacing)

    assert positions(dataset) == [[10, 20, 30], [10, 20, (30 + last) / 2], [10, 20, last]]
    (*_, third) = split_datasets(dataset)
    assert [float(value) for value in third.ImagePositionPatient] == [10, 20, last]
    assert third.ImageOrientationPatient == [1, 0, 0, 0, 1, 0]
    assert third.DetectorInformationSequence[0].StartAngle == 0


def test_the_normal_decides_where_slices_lie() -> None:
    """Coronal: rows to the left, columns to the feet; row x column points to the back."""
    assert positions(reconstruction([1, 0, 0, 0, 0, -1]))[2] == [10, 28, 30]


@pytest.mark.parametrize("change", [{"SpacingBetweenSlices": None}, {"SliceVector": [1, 2]}])
def test_unknown_places_are_reported(change: dict[str, object]) -> None:
    dataset = reconstruction([1, 0, 0, 0, 1, 0], **change)

    assert positions(dataset) == [[10, 20, 30]] * 3
    assert any("nothing tells where the others are" in note for note in notes_of(dataset))


@pytest.mark.parametrize(
    "change",
    [
        {"ImageType": ["ORIGINAL", "PRIMARY", "TOMO", "EMISSION"]},
        {"DetectorInformationSequence": [item(StartAngle=0)]},
        {"DetectorInformationSequence": []},
    ],
)
def test_what_has_no_slices_in_space_is_left_alone(change: dict[str, object]) -> None:
    dataset = reconstruction([1, 0, 0, 0, 1, 0], **change)

    assert not notes_of(dataset)
    assert "ImagePositionPatient" not in split_datasets(dataset)[2]


def test_a_broken_plane_stays_as_it_is() -> None:
    assert positions(reconstruction([1, 0, 0, 1, 0, 0])) == [[10, 20, 30]] * 3
