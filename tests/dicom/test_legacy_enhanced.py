import shutil
import subprocess
from pathlib import Path

import pytest
from pydicom import Dataset

from tests.builders import OBLIQUE, add_private, series, to_bytes, vary_rescale
from tests.in_memory import assert_given_back, merged_stack, three
from tests.raw_instance import (
    CT,
    MR,
    PET,
    Elements,
    ct_slice,
    part10,
    sequence,
    text,
    us,
)

FRAME_TYPES = {CT: "CTImageFrameType", MR: "MRImageFrameType", PET: "PETFrameType"}


def merged(*changes: Elements, sop_class: str = CT) -> Dataset:
    streams = [
        part10({**ct_slice(index, sop_class=sop_class), **change})
        for index, change in enumerate(changes)
    ]
    return merged_stack(streams).dataset


def shared_of(dataset: Dataset) -> Dataset:
    shared: Dataset = dataset.SharedFunctionalGroupsSequence[0]
    return shared


@pytest.mark.parametrize("sop_class", [CT, MR, PET])
@pytest.mark.parametrize(
    ("image_type", "expected"),
    [
        ("", "ORIGINAL"),
        ("ORIGINAL", "ORIGINAL"),
        ("DERIVED\\SECONDARY", "DERIVED"),
        ("ORIGINAL\\PRIMARY\\AXIAL", "ORIGINAL"),
        ("DERIVED\\PRIMARY\\M\\ND", "DERIVED"),
        ("ORIGINAL\\PRIMARY\\M\\ND\\A\\B", "ORIGINAL"),
        ("junk\\PRIMARY", "ORIGINAL"),
    ],
)
def test_image_type_has_four_values_whatever_the_source_has(
    sop_class: str, image_type: str, expected: str
) -> None:
    """PS3.3 C.8.16.1."""
    change: Elements = {0x00080008: text("CS", image_type)}

    dataset = merged(change, change, sop_class=sop_class)

    four = [expected, "PRIMARY", "VOLUME", "NONE"]
    assert dataset.ImageType == four
    frame_type = shared_of(dataset)[f"{FRAME_TYPES[sop_class]}Sequence"].value[0]
    assert frame_type.FrameType == four
    for item in (dataset, frame_type):
        assert item.PixelPresentation == "MONOCHROME"
        assert item.VolumetricProperties == "VOLUME"
        assert item.VolumeBasedCalculationTechnique == "NONE"


def test_image_types_that_differ_are_mixed_and_stand_per_frame() -> None:
    dataset = merged(
        {0x00080008: text("CS", "ORIGINAL\\PRIMARY")}, {0x00080008: text("CS", "DERIVED\\PRIMARY")}
    )

    assert dataset.ImageType == ["MIXED", "PRIMARY", "VOLUME", "NONE"]
    kinds = [
        item.CTImageFrameTypeSequence[0].FrameType[0]
        for item in dataset.PerFrameFunctionalGroupsSequence
    ]
    assert kinds == ["ORIGINAL", "DERIVED"]
    assert "CTImageFrameTypeSequence" not in shared_of(dataset)


def test_localizers_say_so() -> None:
    change: Elements = {0x00080008: text("CS", "ORIGINAL\\PRIMARY\\LOCALIZER")}

    assert merged(change).ImageType[2] == "LOCALIZER"


@pytest.mark.parametrize(("sop_class", "unit"), [(CT, "HU"), (MR, "US"), (PET, "US")])
def test_the_unit_of_rescaled_values_is_named(sop_class: str, unit: str) -> None:
    rescale: Elements = {0x00281052: text("DS", "0"), 0x00281053: text("DS", "2")}

    dataset = merged(rescale, rescale, sop_class=sop_class)
    varying = merged(rescale, {**rescale, 0x00281053: text("DS", "3")}, sop_class=sop_class)
    own = merged({**rescale, 0x00281054: text("LO", "OWN")}, sop_class=sop_class)

    assert shared_of(dataset).PixelValueTransformationSequence[0].RescaleType == unit
    assert [
        item.PixelValueTransformationSequence[0].RescaleType
        for item in varying.PerFrameFunctionalGroupsSequence
    ] == [unit, unit]
    assert shared_of(own).PixelValueTransformationSequence[0].RescaleType == "OWN"
    assert "PixelValueTransformationSequence" not in shared_of(merged({}))


@pytest.mark.parametrize("spacing", ["7", "-5", "", "abc"])
def test_the_computed_spacing_replaces_that_of_the_source(spacing: str) -> None:
    """Scanners write it negative, or as the gap between slices; readers scale by it."""
    change: Elements = {0x00180088: text("DS", spacing)}
    streams = three(change, change, change)

    result = merged_stack(streams)

    assert shared_of(result.dataset).PixelMeasuresSequence[0].SpacingBetweenSlices == 5
    assert_given_back(streams, result.stream)


def test_the_spacing_is_there_though_the_source_has_no_measures_at_all() -> None:
    streams = []
    for index in range(3):
        bare = ct_slice(index)
        del bare[0x00280030]
        streams.append(part10(bare))

    result = merged_stack(streams)

    assert shared_of(result.dataset).PixelMeasuresSequence[0].SpacingBetweenSlices == 5
    assert_given_back(streams, result.stream)


def test_measures_that_vary_carry_the_spacing_in_every_frame() -> None:
    streams = three({0x00180050: text("DS", "4")}, {0x00180050: text("DS", "6")})

    result = merged_stack(streams)

    measures = [
        item.PixelMeasuresSequence[0] for item in result.dataset.PerFrameFunctionalGroupsSequence
    ]
    assert [item.SpacingBetweenSlices for item in measures] == [5, 5, 5]
    assert [item.get("SliceThickness") for item in measures] == [4, 6, None]
    assert_given_back(streams, result.stream)


def test_one_slice_keeps_its_own_spacing() -> None:
    dataset = merged({0x00180088: text("DS", "7")})

    assert shared_of(dataset).PixelMeasuresSequence[0].SpacingBetweenSlices == 7


FOREIGN_STRUCTURE: Elements = {
    0x00200242: text("UI", "1.9"),
    0x00209128: us(1),
    0x00209161: text("UI", "1.9"),
    0x00209162: us(1),
    0x00209172: sequence({0x00081155: text("UI", "1.9")}),
    0x00209221: sequence({0x00209164: text("UI", "1.9")}),
    0x00209222: sequence({0x00209164: text("UI", "1.9")}),
    0x00209228: us(0),
    0x00209311: text("CS", "TILED_FULL"),
    0x00280008: text("IS", "1"),
    0x52009229: sequence({0x00289110: sequence()}),
    0x52009230: sequence({0x00209113: sequence()}),
}
OWN_VALUES: Elements = {
    0x00089205: text("CS", "COLOR"),
    0x00089206: text("CS", "SAMPLED"),
    0x00089207: text("CS", "MAX_IP"),
    0x00189004: text("CS", "PRODUCT"),
    0x0018A001: sequence({0x00080070: text("LO", "SOMEBODY")}),
    0x00400555: sequence({0x0040A040: text("CS", "TEXT")}),
    0x20500020: text("CS", "INVERSE"),
}


@pytest.mark.parametrize("tag", sorted({**FOREIGN_STRUCTURE, **OWN_VALUES}))
@pytest.mark.parametrize("holders", [(0, 1, 2), (0,), (1, 2)])
def test_what_a_source_has_of_the_structure_comes_back(tag: int, holders: tuple[int, ...]) -> None:
    raw = {**FOREIGN_STRUCTURE, **OWN_VALUES}[tag]
    streams = three(*({tag: raw} if index in holders else {} for index in range(3)))

    assert_given_back(streams, merged_stack(streams).stream)


@pytest.mark.parametrize("holders", [(0, 1, 2), (0, 2)])
def test_what_a_source_has_of_the_structure_is_not_taken_for_ours(
    holders: tuple[int, ...],
) -> None:
    streams = three(*(FOREIGN_STRUCTURE if index in holders else {} for index in range(3)))

    dataset = merged_stack(streams).dataset

    assert dataset.NumberOfFrames == 3
    assert len(dataset.PerFrameFunctionalGroupsSequence) == 3
    assert dataset.DimensionOrganizationType == "3D"
    assert len(dataset.DimensionIndexSequence) == 2
    for keyword in (
        "ConcatenationUID",
        "InConcatenationNumber",
        "ConcatenationFrameOffsetNumber",
        "SOPInstanceUIDOfConcatenationSource",
        "TemporalPositionIndex",
        "ConversionSourceAttributesSequence",
    ):
        assert keyword not in dataset
    for item in dataset.PerFrameFunctionalGroupsSequence:
        assert (
            "PerFrameFunctionalGroupsSequence"
            not in (item.UnassignedPerFrameConvertedAttributesSequence[0])
        )


def test_presentation_and_context_of_the_source_are_taken_over() -> None:
    dataset = merged(OWN_VALUES, OWN_VALUES)

    assert dataset.PresentationLUTShape == "INVERSE"
    assert dataset.AcquisitionContextSequence[0].ValueType == "TEXT"
    assert dataset.ContentQualification == "PRODUCT"
    assert dataset.VolumetricProperties == "VOLUME"
    assert [item.Manufacturer for item in dataset.ContributingEquipmentSequence] == ["Isocenter"]
    unassigned = shared_of(dataset).UnassignedSharedConvertedAttributesSequence[0]
    assert unassigned.ContributingEquipmentSequence[0].Manufacturer == "SOMEBODY"


def test_pet_claims_no_clinical_use_that_the_source_does_not_claim() -> None:
    assert merged({}, sop_class=PET).ContentQualification == "RESEARCH"
    claimed: Elements = {0x00189004: text("CS", "PRODUCT")}
    assert merged(claimed, sop_class=PET).ContentQualification == "PRODUCT"
    assert "ContentQualification" not in merged({}, sop_class=CT)


def test_signatures_creation_and_history_are_about_the_source() -> None:
    change: Elements = {
        0x00080012: text("DA", "20240131"),
        0x00080014: text("UI", "1.2.3"),
        0x04000561: sequence({0x04000563: text("LO", "x")}),
        0xFFFAFFFA: sequence({0x04000005: us(1)}),
    }

    dataset = merged(change, change)

    assert not {0x00080012, 0x00080014, 0x04000561, 0xFFFAFFFA} & {*dataset.keys()}
    unassigned = shared_of(dataset).UnassignedSharedConvertedAttributesSequence[0]
    assert unassigned.InstanceCreationDate == "20240131"
    assert unassigned.DigitalSignaturesSequence[0].MACIDNumber == 1


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize("modality", ["CT", "MR", "PT"])
def test_a_validator_finds_no_error(modality: str, tmp_path: Path) -> None:
    def vary(index: int, dataset: Dataset) -> None:
        vary_rescale(index, dataset)
        dataset.RescaleIntercept = "0"
        add_private(dataset, index)
        dataset.NumberOfFrames = 1
        dataset.PresentationLUTShape = "IDENTITY"
        if index:
            dataset.SeriesDescription = f"number {index}"
            dataset.ImageType = ["DERIVED", "SECONDARY", *dataset.ImageType[2:]]

    streams = [
        to_bytes(dataset)
        for dataset in series(4, modality=modality, orientation=OBLIQUE, vary=vary)
    ]
    path = tmp_path / "merged.dcm"
    path.write_bytes(merged_stack(streams).stream)

    judge = shutil.which("dciodvfy")
    assert judge is not None
    done = subprocess.run([judge, path], capture_output=True, text=True, check=False)

    errors = [line for line in (done.stdout + done.stderr).splitlines() if "Error" in line]
    assert not errors
