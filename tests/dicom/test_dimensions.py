import itertools

import pytest
from pydicom import Dataset
from pydicom.dataelem import RawDataElement

from isocenter.dicom.part10 import element_text
from tests.in_memory import merged_stack
from tests.raw_instance import Elements, as_un, ct_slice, encode, part10, text

FRAME_CONTENT, UNASSIGNED = 0x00209111, 0x00209171
TEMPORAL_INDEX = 0x00209128


def merged(*changes: Elements) -> Dataset:
    """Return what pydicom reads from slices two to a location, each with its changes."""
    streams = [
        part10({**ct_slice(index, position=(0, 0, float(index // 2))), **change})
        for index, change in enumerate(changes)
    ]
    return merged_stack(streams).dataset


def pointers(dataset: Dataset) -> list[tuple[int, int]]:
    return [
        (int(item.DimensionIndexPointer), int(item.FunctionalGroupPointer))
        for item in dataset.DimensionIndexSequence
    ]


def contents(dataset: Dataset) -> list[Dataset]:
    return [item.FrameContentSequence[0] for item in dataset.PerFrameFunctionalGroupsSequence]


def test_a_plain_stack_has_the_dimensions_stack_and_position() -> None:
    dataset = merged_stack([part10(ct_slice(index)) for index in range(3)]).dataset

    assert pointers(dataset) == [(0x00209056, FRAME_CONTENT), (0x00209057, FRAME_CONTENT)]
    assert dataset.DimensionOrganizationType == "3D"
    (organization,) = dataset.DimensionOrganizationSequence
    for item in dataset.DimensionIndexSequence:
        assert item.DimensionOrganizationUID == organization.DimensionOrganizationUID
    assert [content.StackID for content in contents(dataset)] == ["1"] * 3
    assert [content.InStackPositionNumber for content in contents(dataset)] == [1, 2, 3]
    assert [content.DimensionIndexValues for content in contents(dataset)] == [
        [1, 1],
        [1, 2],
        [1, 3],
    ]


@pytest.mark.parametrize(
    ("tag", "vr", "values"),
    [
        (0x00180081, "DS", ("10", "20")),
        (0x00080008, "CS", ("ORIGINAL\\PRIMARY\\M", "ORIGINAL\\PRIMARY\\P")),
        (0x00200012, "IS", ("70000", "70001")),
        (0x00200012, "IS", ("-1", "1")),
    ],
)
def test_a_dimension_points_at_the_attribute_that_is_there(
    tag: int, vr: str, values: tuple[str, str]
) -> None:
    """Not at Frame Type or Frame Acquisition Number, which may not tell the same apart."""
    changes: list[Elements] = [{tag: text(vr, value)} for value in values * 2]

    dataset = merged(*changes)

    assert pointers(dataset)[1] == (tag, UNASSIGNED)
    for frame, content in zip(
        dataset.PerFrameFunctionalGroupsSequence, contents(dataset), strict=True
    ):
        held = frame.UnassignedPerFrameConvertedAttributesSequence[0]
        stored = held.get_item(tag)
        assert isinstance(stored, RawDataElement)
        rank = 1 + values.index((stored.value or b"").decode().strip())
        assert content.DimensionIndexValues[1] == rank
    assert "DimensionOrganizationType" not in dataset


def test_time_points_are_a_temporal_dimension() -> None:
    dataset = merged(*({0x00200100: text("IS", time)} for time in ("5", "9") * 2))

    assert pointers(dataset)[1] == (TEMPORAL_INDEX, FRAME_CONTENT)
    assert [content.TemporalPositionIndex for content in contents(dataset)] == [1, 1, 2, 2]
    assert dataset.DimensionOrganizationType == "3D_TEMPORAL"


def test_time_points_that_leave_slices_alike_are_two_different_dimensions() -> None:
    """Four slices a location, two time points: what is left is told apart by order in time."""
    streams = [
        part10({**ct_slice(index, position=(0, 0, z)), 0x00200100: text("IS", time)})
        for index, (z, time, _) in enumerate(itertools.product((0, 1), "12", "ab"))
    ]

    dataset = merged_stack(streams).dataset

    assert pointers(dataset)[1:3] == [(0x00200100, UNASSIGNED), (TEMPORAL_INDEX, FRAME_CONTENT)]
    values = [list(content.DimensionIndexValues) for content in contents(dataset)]
    assert values == [[1, *rest] for rest in itertools.product((1, 2), (1, 2), (1, 2))]
    assert [content.TemporalPositionIndex for content in contents(dataset)] == [1, 1, 2, 2] * 2


@pytest.mark.parametrize(
    ("elements", "moment"),
    [
        ({0x0008002A: text("DT", "20240131101500.123456+0100")}, "20240131101500.123456+0100"),
        ({0x0008002A: text("DT", "20240131")}, "20240131"),
        ({0x0008002A: text("DT", "2024013110.5")}, None),
        ({0x0008002A: text("DT", "2024")}, None),
        ({0x00080022: text("DA", "20240131"), 0x00080032: text("TM", "1015")}, "202401311015"),
        ({0x00080022: text("DA", "20240131"), 0x00080032: text("TM", "10:15")}, None),
        ({0x00080022: text("DA", "2024.1.31"), 0x00080032: text("TM", "10")}, None),
        ({0x00080022: text("DA", "20240131")}, None),
        (
            {0x0008002A: text("DT", "junk"), 0x00080022: text("DA", "20240131")}
            | {0x00080032: text("TM", "101500.5")},
            "20240131101500.5",
        ),
        ({}, None),
    ],
)
def test_the_moment_of_acquisition_is_written_where_it_is_valid(
    elements: Elements, moment: str | None
) -> None:
    content = content_of(elements)

    assert content.get("FrameAcquisitionDateTime") == moment


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("7", 7),
        (" 65535 ", 65535),
        ("65536", None),
        ("-1", None),
        ("1.5", None),
        ("9" * 5000, None),
    ],
)
def test_the_acquisition_number_is_written_where_it_fits(value: str, number: int | None) -> None:
    assert content_of({0x00200012: text("IS", value)}).get("FrameAcquisitionNumber") == number
    unknown = content_of({0x00200012: as_un(text("IS", value))})
    assert unknown.get("FrameAcquisitionNumber") == number


def content_of(elements: Elements) -> Dataset:
    dataset = merged_stack([part10({**ct_slice(), **elements})]).dataset
    (content,) = contents(dataset)
    return content


@pytest.mark.parametrize("is_implicit", [True, False])
def test_text_is_read_behind_either_header(is_implicit: bool) -> None:
    for raw in (text("CS", "AB C"), as_un(text("CS", "AB C")), text("UI", "AB C")):
        encoded = encode({0x00080008: raw}, is_implicit=is_implicit)
        assert element_text(encoded, is_implicit=is_implicit) == "AB C"
    assert element_text(None, is_implicit=is_implicit) == ""
