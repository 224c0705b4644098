import io

import pydicom
import pytest
from pydicom import Dataset
from pydicom.uid import ImplicitVRLittleEndian

from isocenter.dicom.streams import BytesSource, read_pieces
from isocenter.errors import InvalidInputError
from tests.builders import to_bytes
from tests.multi_frame import (
    STORAGE,
    enhanced,
    groups_of,
    item,
    notes_of,
    split_datasets,
    split_stream,
)

LEGACY_CT, LEGACY_MR = f"{STORAGE}2.2", f"{STORAGE}4.4"
CT = f"{STORAGE}2"
STRUCTURE = {
    *("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence", "NumberOfFrames"),
    *("DimensionOrganizationSequence", "DimensionIndexSequence", "DimensionIndexValues"),
    *("FrameContentSequence", "PlanePositionSequence", "ConversionSourceAttributesSequence"),
    *("UnassignedPerFrameConvertedAttributesSequence",),
}


def every_keyword(dataset: Dataset) -> set[str]:
    """Return the keywords of all elements at any depth."""
    return {element.keyword for element in dataset.iterall()}


@pytest.mark.parametrize("is_implicit", [False, True])
def test_what_the_groups_say_stands_in_the_root(is_implicit: bool) -> None:
    dataset = enhanced("CT", 3)
    if is_implicit:
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian

    made = split_datasets(dataset)

    assert {one.SOPClassUID for one in made} == {CT}
    assert [one.ImagePositionPatient[2] for one in made] == [0, 2, 4]
    assert [one.WindowCenter for one in made] == [40, 41, 42]
    for one in made:
        assert one.ImageOrientationPatient == [1, 0, 0, 0, 1, 0]
        assert (one.PixelSpacing, one.SliceThickness) == ([0.5, 0.75], 2)
        assert (one.RescaleIntercept, one.RescaleSlope, one.RescaleType) == (-1024, 1, "HU")
        assert not STRUCTURE & every_keyword(one)
        assert one.FrameOfReferenceUID == dataset.FrameOfReferenceUID
        assert one.PixelData == bytes([made.index(one)]) * 12


def test_every_attribute_of_every_group_is_kept() -> None:
    dataset = enhanced("MR", 2)
    groups_of(dataset).MRModifierSequence = [item(Spoiling="RF", ParallelAcquisition="NO")]
    groups_of(dataset).MRFOVGeometrySequence = [item(PercentSampling=80)]
    coil = item(ReceiveCoilName="HEAD", MultiCoilDefinitionSequence=[item(), item()])
    groups_of(dataset).MRReceiveCoilSequence = [coil]
    wanted = {
        element.keyword
        for groups in (groups_of(dataset), groups_of(dataset, 1))
        for sequence in groups
        for held in sequence.value
        for element in held
    }

    one = split_datasets(dataset)[1]

    assert wanted - set(one.dir()) == {"DimensionIndexValues"}
    assert len(one.MultiCoilDefinitionSequence) == 2


def test_what_a_frame_says_goes_before_what_all_share_and_both_before_the_root() -> None:
    dataset = enhanced("CT", 2)
    dataset.SliceThickness = 9
    dataset.PixelSpacing = [9, 9]
    groups_of(dataset, 1).PixelMeasuresSequence = [item(SliceThickness=3)]

    one, two = split_datasets(dataset)

    assert (one.SliceThickness, two.SliceThickness) == (2, 3)
    assert two.PixelSpacing == [0.5, 0.75]


def test_macros_of_several_items_and_unknown_ones_stay_sequences() -> None:
    dataset = enhanced("MR", 1)
    slabs = [item(SlabThickness=10.0), item(SlabThickness=20.0)]
    groups_of(dataset).MRSpatialSaturationSequence = slabs
    mapping = item(LUTLabel="SUV", RealWorldValueSlope=2.0)
    groups_of(dataset, 0).RealWorldValueMappingSequence = [mapping]
    groups_of(dataset, 0).MRMetaboliteMapSequence = []

    (one,) = split_datasets(dataset)

    assert [slab.SlabThickness for slab in one.MRSpatialSaturationSequence] == [10, 20]
    assert one.RealWorldValueMappingSequence[0].LUTLabel == "SUV"
    assert len(one.MRMetaboliteMapSequence) == 0


def test_the_direction_of_a_diffusion_gradient_is_lifted_into_the_root() -> None:
    dataset = enhanced("MR", 1)
    direction = item(DiffusionGradientOrientation=[0.0, 0.6, 0.8])
    groups_of(dataset, 0).MRDiffusionSequence = [
        item(DiffusionBValue=1000.0, DiffusionGradientDirectionSequence=[direction])
    ]

    (one,) = split_datasets(dataset)

    assert one.DiffusionBValue == 1000
    assert one.DiffusionGradientOrientation == [0, 0.6, 0.8]
    assert len(one.DiffusionGradientDirectionSequence) == 1


def test_the_sources_of_a_derived_frame_stay_beside_its_own() -> None:
    dataset = enhanced("MR", 1)
    source = item(ReferencedSOPClassUID="1.2", ReferencedSOPInstanceUID="1.3")
    groups_of(dataset, 0).DerivationImageSequence = [
        item(DerivationDescription="mean", SourceImageSequence=[source])
    ]

    (one,) = split_datasets(dataset)

    assert one.DerivationDescription == "mean"
    found = [reference.ReferencedSOPInstanceUID for reference in one.SourceImageSequence]
    assert found == ["1.3", dataset.SOPInstanceUID]


def test_private_groups_go_into_blocks_of_their_creators() -> None:
    dataset = enhanced("MR", 2)
    dataset.private_block(0x21, "ROOT", create=True).add_new(1, "LO", "root")
    shared = groups_of(dataset).private_block(0x21, "SHARED", create=True)
    shared.add_new(0xFE, "SQ", [item(ImageComments="shared")])
    for index in range(2):
        block = groups_of(dataset, index).private_block(0x21, "FRAME", create=True)
        block.add_new(0xFE, "SQ", [item(ImageComments=f"frame {index}")])

    two = split_datasets(dataset)[1]

    assert two.private_block(0x21, "ROOT")[1].value == "root"
    assert two.private_block(0x21, "SHARED")[0xFE].value[0].ImageComments == "shared"
    assert two.private_block(0x21, "FRAME")[0xFE].value[0].ImageComments == "frame 1"


def test_text_in_another_character_set_keeps_its_item() -> None:
    dataset = enhanced("MR", 1)
    comment = item(SpecificCharacterSet="ISO_IR 192", FrameComments="große Mühe")
    anatomy = item(SpecificCharacterSet="ISO_IR 192", FrameLaterality="L")
    same = item(SpecificCharacterSet="ISO_IR 100", WindowCenterWidthExplanation="größer")
    groups_of(dataset, 0).FrameContentSequence = [comment]
    groups_of(dataset, 0).FrameAnatomySequence = [anatomy]
    groups_of(dataset, 0).FrameVOILUTSequence = [same]

    (one,) = split_datasets(dataset)

    assert one.SpecificCharacterSet == "ISO_IR 100"
    assert one.FrameContentSequence[0].FrameComments == "große Mühe"
    assert "FrameComments" not in one
    assert one.FrameLaterality == "L"
    assert one.WindowCenterWidthExplanation == "größer"


def test_an_object_without_functional_groups_gives_what_its_root_has() -> None:
    """De-identifiers leave such objects."""
    dataset = enhanced("MR", 3)
    del dataset.PerFrameFunctionalGroupsSequence
    del dataset.SharedFunctionalGroupsSequence

    made = split_datasets(dataset)

    assert len(made) == 3
    assert {one.SOPClassUID for one in made} == {f"{STORAGE}4"}
    assert any("ImagePositionPatient" in note for note in notes_of(dataset))


@pytest.mark.parametrize("frames", [2, 4])
def test_groups_that_do_not_match_the_frames_are_refused(frames: int) -> None:
    dataset = enhanced("CT", 3)
    groups = enhanced("CT", frames).PerFrameFunctionalGroupsSequence
    dataset.PerFrameFunctionalGroupsSequence = groups

    with pytest.raises(InvalidInputError, match="as many"):
        split_datasets(dataset)


def converted() -> Dataset:
    """Return a Legacy Converted Enhanced CT as others write it."""
    dataset = enhanced("CT", 2, sop_class_uid=LEGACY_CT)
    groups_of(dataset).PixelValueTransformationSequence[0].RescaleType = "US"
    for index in range(2):
        groups = groups_of(dataset, index)
        groups.UnassignedPerFrameConvertedAttributesSequence = [
            item(InstanceNumber=40 + index, ConvolutionKernel="B30f")
        ]
        groups.ConversionSourceAttributesSequence = [
            item(ReferencedSOPClassUID=CT, ReferencedSOPInstanceUID=f"1.2.{index}")
        ]
    groups_of(dataset).UnassignedSharedConvertedAttributesSequence = [
        item(ImageType=["ORIGINAL", "PRIMARY", "AXIAL"], KVP="120")
    ]
    return dataset


def test_what_others_converted_gets_back_all_that_is_recorded() -> None:
    dataset = converted()

    made = split_datasets(dataset, keep_original_uids=True)

    assert [one.SOPInstanceUID for one in made] == ["1.2.0", "1.2.1"]
    assert [one.InstanceNumber for one in made] == [40, 41]
    for one in made:
        assert one.ImageType == ["ORIGINAL", "PRIMARY", "AXIAL"]
        assert (one.KVP, one.ConvolutionKernel) == (120, "B30f")
        assert one.AcquisitionDate == "20240131"
        assert not STRUCTURE & every_keyword(one)
        # The original does not come from its own conversion.
        assert "SourceImageSequence" not in one
        assert "RescaleType" not in one
    assert not notes_of(dataset)


def test_new_instances_of_a_converted_object_name_it() -> None:
    dataset = converted()

    one, _ = split_datasets(dataset)

    assert one.SourceImageSequence[0].ReferencedSOPInstanceUID == dataset.SOPInstanceUID
    assert one.SeriesInstanceUID != dataset.SeriesInstanceUID


def test_a_series_that_is_recorded_is_given_back() -> None:
    dataset = converted()
    unassigned = groups_of(dataset).UnassignedSharedConvertedAttributesSequence[0]
    unassigned.SeriesInstanceUID = "1.2.99"

    assert {one.SeriesInstanceUID for one in split_datasets(dataset)} == {"1.2.99"}


def test_one_frame_becomes_one_image() -> None:
    (one,) = split_datasets(enhanced("MR", 1))

    assert one.InstanceNumber == 1
    assert one.file_meta.MediaStorageSOPClassUID == f"{STORAGE}4"


def test_an_enhanced_x_ray_run_becomes_images_with_their_angles() -> None:
    dataset = enhanced("XA", 2)
    dataset.RadiationSetting = "GR"
    properties = groups_of(dataset).FramePixelDataPropertiesSequence[0]
    properties.PixelIntensityRelationship = "LIN"
    for index in range(2):
        groups = groups_of(dataset, index)
        groups.PositionerPositionSequence = [
            item(PositionerPrimaryAngle=30 + index, PositionerSecondaryAngle=-10)
        ]
        groups.FrameAcquisitionSequence = [item(KVP=70, XRayTubeCurrentInmA=10.0)]

    one, two = split_datasets(dataset)

    assert one.SOPClassUID == f"{STORAGE}12.1"
    assert (one.PositionerPrimaryAngle, two.PositionerPrimaryAngle) == (30, 31)
    assert (one.KVP, one.XRayTubeCurrent, one.PixelIntensityRelationship) == (70, 10, "LIN")
    assert not notes_of(dataset)


def test_an_ultrasound_volume_becomes_images_with_their_places() -> None:
    dataset = enhanced("US", 2)
    for index in range(2):
        groups_of(dataset, index).PlanePositionVolumeSequence = [
            item(ImagePositionVolume=[0.0, 0.0, float(index)])
        ]

    _, two = split_datasets(dataset)

    assert two.SOPClassUID == f"{STORAGE}6.1"
    assert two.ImagePositionVolume == [0, 0, 1]
    assert two.PixelData == b"\1" * 6


def test_secondary_captures_may_have_functional_groups() -> None:
    dataset = enhanced("CT", 2, sop_class_uid=f"{STORAGE}7.3")
    dataset.PageNumberVector = [3, 4]
    dataset.FrameIncrementPointer = 0x00182001

    _, two = split_datasets(dataset)

    assert two.SOPClassUID == f"{STORAGE}7"
    assert two.ImagePositionPatient == [-10, -20, 2]
    assert two.PageNumberVector == 4


def test_frames_are_read_one_at_a_time() -> None:
    stream = to_bytes(enhanced("CT", 3))
    source = BytesSource(stream)

    frame = split_stream(stream)[2]

    one = pydicom.dcmread(io.BytesIO(b"".join(read_pieces(frame.pieces, [source]))))
    assert one.SOPInstanceUID == frame.sop_instance_uid
    assert frame.frame_number == 3
