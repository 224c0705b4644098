import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.datadict import keyword_for_tag
from pydicom.uid import ImplicitVRLittleEndian, UltrasoundImageStorage

from isocenter.dicom.enhanced import check_keywords
from isocenter.dicom.slices import is_worth_merging
from isocenter.dicom.supplied import parse_supplied
from isocenter.errors import IncompleteError, InvalidInputError, NotSupportedError
from tests.builders import Vary, add_private, series, to_bytes
from tests.in_memory import assert_given_back, merged_stack
from tests.judges import errors_of
from tests.supplied_values import DECIDING, SETS, supplied_for

MODALITIES = sorted(SETS)


def streams(modality: str, count: int = 3, *, vary: Vary | None = None) -> list[bytes]:
    return [to_bytes(one) for one in series(count, modality=modality, vary=vary)]


def enhanced(modality: str, slices: list[bytes], *more: str, without: str = "") -> Dataset:
    texts = [text for text in SETS[modality] if text.partition("=")[0] != without]
    supplied = parse_supplied((*texts, *more))
    return merged_stack(slices, sop_class="enhanced", supplied=supplied).dataset


def keywords_of(texts: Iterable[str]) -> set[str]:
    return {text.partition("=")[0] for text in texts}


def refusal(slices: list[bytes], *texts: str) -> IncompleteError:
    with pytest.raises(IncompleteError) as caught:
        merged_stack(slices, sop_class="enhanced", supplied=parse_supplied(texts))
    return caught.value


def frames_of(dataset: Dataset) -> list[Dataset]:
    return list(dataset.PerFrameFunctionalGroupsSequence)


def shared_of(dataset: Dataset) -> Dataset:
    shared: Dataset = dataset.SharedFunctionalGroupsSequence[0]
    return shared


@pytest.mark.parametrize("modality", MODALITIES)
def test_the_refusal_names_all_that_is_missing_at_once(modality: str) -> None:
    deciding = [text for text in SETS[modality] if text.partition("=")[0] in DECIDING]

    error = refusal(streams(modality), *deciding)

    assert set(error.missing) == keywords_of(SETS[modality]) - DECIDING
    assert not error.unfit
    for keyword in error.missing:
        assert keyword in str(error)


@pytest.mark.parametrize("modality", MODALITIES)
def test_the_refusal_names_what_depends_on_what_is_missing(modality: str) -> None:
    error = refusal(streams(modality))

    assert {*error.missing, *error.depending} >= keywords_of(SETS[modality])
    assert set(error.missing) <= keywords_of(SETS[modality])
    for keyword in error.depending:
        assert keyword in str(error)


@pytest.mark.parametrize("modality", MODALITIES)
def test_the_refusal_names_what_is_missing_in_one_slice_only(modality: str) -> None:
    def vary(index: int, dataset: Dataset) -> None:
        if index == 1:
            del dataset.SliceThickness

    error = refusal(streams(modality, vary=vary), *SETS[modality])

    assert error.missing == ("SliceThickness",)


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize("modality", MODALITIES)
def test_a_validator_finds_no_error(modality: str, tmp_path: Path) -> None:
    slices = streams(modality, vary=lambda index, dataset: void(add_private(dataset, index)))
    merged = merged_stack(slices, sop_class="enhanced", supplied=supplied_for(modality))
    path = tmp_path / "merged.dcm"
    path.write_bytes(merged.stream)

    assert [one.line for one in errors_of(path)] == []
    assert not [note for note in merged.notes if "set" in note]


# Required by PS3.3, where the program has no condition to ask for it.
UNASKED = {
    *("RotationDirection", "RevolutionTime", "TableSpeed", "TableFeedPerRotation"),
    "SpiralPitchFactor",
    *("Spoiling", "DiffusionBValue"),
}


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize("modality", MODALITIES)
def test_a_validator_would_miss_each_attribute_that_the_refusal_names(
    modality: str, tmp_path: Path
) -> None:
    every = keywords_of(SETS[modality])
    for keywords in (every - DECIDING, every & DECIDING):
        dataset = enhanced(modality, streams(modality))
        for item in every_item(dataset):
            for keyword in keywords & set(item.dir()):
                delattr(item, keyword)
        path = tmp_path / "stripped.dcm"
        dataset.save_as(path)

        complaints = {one.about for one in errors_of(path)}

        unasked = sorted(keywords - complaints - UNASKED)
        assert not unasked, sorted(complaints)


def every_item(dataset: Dataset) -> Iterator[Dataset]:
    yield dataset
    for element in dataset:
        if element.VR == "SQ" and not element.tag.is_private:
            for item in element.value:
                yield from every_item(item)


def void(_: object) -> None:
    return None


@pytest.mark.parametrize("modality", MODALITIES)
def test_split_gives_every_slice_back(modality: str) -> None:
    slices = streams(modality, vary=lambda index, dataset: void(add_private(dataset, index)))

    merged = merged_stack(slices, sop_class="enhanced", supplied=supplied_for(modality))

    assert_given_back(slices, merged.stream)


@pytest.mark.parametrize("modality", MODALITIES)
def test_split_gives_implicit_slices_back(modality: str) -> None:
    sources = series(3, modality=modality)
    for dataset in sources:
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    slices = [to_bytes(dataset) for dataset in sources]

    merged = merged_stack(slices, sop_class="enhanced", supplied=supplied_for(modality))

    assert dcmread(io.BytesIO(merged.stream)).ContentQualification == "RESEARCH"
    assert_given_back(slices, merged.stream)


def test_nothing_unassigned_is_left_in_an_enhanced_object() -> None:
    dataset = enhanced("CT", streams("CT"))

    for item in (shared_of(dataset), *frames_of(dataset)):
        assert "UnassignedSharedConvertedAttributesSequence" not in item
        assert "UnassignedPerFrameConvertedAttributesSequence" not in item
    assert "InstanceNumber" in {
        keyword_for_tag(element.tag)
        for element in frames_of(dataset)[1].private_block(0x0075, "ISOCENTER")[0x01].value[0]
    }


def test_attributes_of_other_units_are_converted() -> None:
    def vary(index: int, dataset: Dataset) -> None:
        dataset.XRayTubeCurrentInuA = str(150_500 + index)
        del dataset.XRayTubeCurrent
        dataset.ExposureTime = "750"

    dataset = enhanced("CT", streams("CT", vary=vary))

    exposures = [item.CTExposureSequence[0] for item in frames_of(dataset)]
    assert [item.XRayTubeCurrentInmA for item in exposures] == [150.5, 150.501, 150.502]
    assert {item.ExposureTimeInms for item in exposures} == {750.0}
    assert shared_of(dataset).CTXRayDetailsSequence[0].KVP == 120


def test_a_group_that_is_the_same_everywhere_is_shared() -> None:
    dataset = enhanced("CT", streams("CT"))

    assert "CTXRayDetailsSequence" in shared_of(dataset)
    assert "CTExposureSequence" not in shared_of(dataset)  # the tube current is modulated
    for item in frames_of(dataset):
        assert set(item.keys()).isdisjoint(shared_of(dataset).keys() - {0x00750010, 0x00751002})


def test_what_the_slices_say_is_not_overruled() -> None:
    slices = streams("CT")

    merged = merged_stack(
        slices, sop_class="enhanced", supplied=parse_supplied((*SETS["CT"], "KVP=80"))
    )

    assert shared_of(merged.dataset).CTXRayDetailsSequence[0].KVP == 120
    assert any("KVP" in note for note in merged.notes)


def test_text_in_the_pixels_cannot_be_denied() -> None:
    slices = streams("CT", vary=lambda _, dataset: setattr(dataset, "BurnedInAnnotation", "YES"))

    error = refusal(slices, *SETS["CT"])

    assert error.unfit == ("BurnedInAnnotation",)
    assert not error.missing


def test_attributes_depend_on_the_kind_of_acquisition() -> None:
    texts = [text for text in SETS["CT"] if not text.startswith("AcquisitionType")]

    still = refusal(streams("CT"), "AcquisitionType=CONSTANT_ANGLE")
    spiral = refusal(streams("CT"), "AcquisitionType=SPIRAL")

    assert "TubeAngle" in still.missing
    assert {"RotationDirection", "RevolutionTime", "SpiralPitchFactor"}.isdisjoint(still.missing)
    assert {"RotationDirection", "RevolutionTime", "SpiralPitchFactor"} <= set(spiral.missing)
    assert "TubeAngle" not in spiral.missing
    sequenced = merged_stack(
        streams("CT"),
        sop_class="enhanced",
        supplied=parse_supplied((*texts, "AcquisitionType=SEQUENCED")),
    )
    assert "TableSpeed" not in shared_of(sequenced.dataset).CTTableDynamicsSequence[0]


def test_derived_images_may_lack_how_they_were_acquired() -> None:
    def vary(_: int, dataset: Dataset) -> None:
        dataset.ImageType = ["DERIVED", "SECONDARY", "MPR"]

    error = refusal(streams("CT", vary=vary))

    assert set(error.missing) == {
        *("BurnedInAnnotation", "ContentQualification", "LossyImageCompression"),
        "IrradiationEventUID",
    }
    merged = enhanced("CT", streams("CT", vary=vary))
    assert merged.ImageType[0] == "DERIVED"


@pytest.mark.judge("dciodvfy")
def test_a_validator_finds_no_error_in_a_derived_image(tmp_path: Path) -> None:
    def vary(_: int, dataset: Dataset) -> None:
        dataset.ImageType = ["DERIVED", "SECONDARY", "MPR"]

    supplied = parse_supplied(
        (
            *("BurnedInAnnotation=NO", "ContentQualification=RESEARCH", "LossyImageCompression=00"),
            "IrradiationEventUID=2.25.1",
        )
    )
    slices = streams("CT", vary=vary)
    merged = merged_stack(slices, sop_class="enhanced", supplied=supplied)
    path = tmp_path / "merged.dcm"
    path.write_bytes(merged.stream)

    assert [one.line for one in errors_of(path)] == []
    assert_given_back(slices, merged.stream)


def test_of_mixed_images_only_the_original_frames_need_their_acquisition() -> None:
    def vary(index: int, dataset: Dataset) -> None:
        if index == 1:
            dataset.ImageType = ["DERIVED", "SECONDARY", "MPR"]
            del dataset.KVP

    dataset = enhanced("CT", streams("CT", vary=vary))

    assert dataset.ImageType[0] == "MIXED"
    details = [item.CTXRayDetailsSequence[0] for item in frames_of(dataset)]
    assert ["KVP" in item for item in details] == [True, False, True]


def test_the_body_part_gives_code_and_laterality() -> None:
    """PS3.16 Annex L; the chest is no paired part."""
    anatomy = shared_of(enhanced("CT", streams("CT"))).FrameAnatomySequence[0]

    assert anatomy.FrameLaterality == "U"
    code = anatomy.AnatomicRegionSequence[0]
    assert (code.CodeValue, code.CodingSchemeDesignator) == ("816094009", "SCT")


def test_a_paired_body_part_needs_a_side() -> None:
    def vary(_: int, dataset: Dataset) -> None:
        dataset.BodyPartExamined = "KNEE"

    assert "FrameLaterality" in refusal(streams("CT", vary=vary)).missing


def test_an_unknown_body_part_can_be_given_as_a_code() -> None:
    def vary(_: int, dataset: Dataset) -> None:
        dataset.BodyPartExamined = "HAND AND ELBOW"

    slices = streams("CT", vary=vary)
    error = refusal(slices, *SETS["CT"])

    assert set(error.missing) == {"FrameLaterality", "AnatomicRegionSequence"}
    dataset = enhanced(
        "CT", slices, "FrameLaterality=R", "AnatomicRegionSequence=85562004^SCT^Hand"
    )
    code = shared_of(dataset).FrameAnatomySequence[0].AnatomicRegionSequence[0]
    assert (code.CodeValue, code.CodeMeaning) == ("85562004", "Hand")


def test_spacing_is_the_computed_one() -> None:
    measures = shared_of(enhanced("CT", streams("CT"))).PixelMeasuresSequence[0]

    assert measures.SpacingBetweenSlices == 1.5


def test_root_values_that_differ_take_the_earliest_or_count_as_missing() -> None:
    def vary(index: int, dataset: Dataset) -> None:
        dataset.AcquisitionDateTime = f"2024013110150{3 - index}"
        dataset.AcquisitionDuration = float(index + 1)

    slices = streams("CT", vary=vary)
    texts = [text for text in SETS["CT"] if not text.startswith("AcquisitionDuration")]

    assert refusal(slices, *texts).missing == ("AcquisitionDuration",)
    dataset = enhanced("CT", slices)
    assert dataset.AcquisitionDateTime == "20240131101501"
    assert dataset.AcquisitionDuration == 10


def test_other_values_make_other_instances() -> None:
    slices = streams("CT")

    one = enhanced("CT", slices)
    same = enhanced("CT", slices)
    other = enhanced("CT", slices, "TableHeight=121", without="TableHeight")

    assert one.SOPInstanceUID == same.SOPInstanceUID
    assert one.SOPInstanceUID != other.SOPInstanceUID


def test_bits_that_the_class_does_not_take_are_refused() -> None:
    slices = [to_bytes(one) for one in series(2, bits_stored=14)]

    with pytest.raises(NotSupportedError, match="12 or 16 bits stored"):
        merged_stack(slices, sop_class="enhanced")


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("PatientName=X", "PatientName"),
        ("RotationDirection=LEFT", "RotationDirection"),
        ("DataCollectionCenterPatient=1", "DataCollectionCenterPatient"),
    ],
)
def test_what_no_enhanced_class_takes_is_refused_by_name(text: str, keyword: str) -> None:
    with pytest.raises(InvalidInputError, match=keyword):
        check_keywords(parse_supplied([text]))


def test_text_of_another_character_set_is_kept_per_frame() -> None:
    def vary(index: int, dataset: Dataset) -> None:
        dataset.SpecificCharacterSet = "ISO_IR 100" if index == 1 else "ISO_IR 192"
        dataset.PatientName = dataset.ProtocolName = "Schädel"

    slices = streams("CT", vary=vary)

    merged = merged_stack(slices, sop_class="enhanced", supplied=supplied_for("CT"))

    assert_given_back(slices, merged.stream)


def test_a_moment_is_taken_where_the_content_has_none() -> None:
    def vary(_: int, dataset: Dataset) -> None:
        dataset.ContentTime = ""

    dataset = enhanced("CT", streams("CT", vary=vary))

    assert (dataset.ContentDate, dataset.ContentTime) == ("20240131", "101500.000000")


def test_a_side_that_is_named_stands_in_the_frames_alone() -> None:
    """PS3.3 C.7.3.1: Laterality shall not stand beside Frame Laterality."""

    def vary(_: int, dataset: Dataset) -> None:
        dataset.BodyPartExamined, dataset.Laterality = "KNEE", "L"

    slices = streams("CT", vary=vary)
    merged = merged_stack(slices, sop_class="enhanced", supplied=supplied_for("CT"))

    assert "Laterality" not in merged.dataset
    assert shared_of(merged.dataset).FrameAnatomySequence[0].FrameLaterality == "L"
    assert_given_back(slices, merged.stream)


def test_one_slice_alone_becomes_an_enhanced_object() -> None:
    merged = merged_stack(streams("MR", 1), sop_class="enhanced", supplied=supplied_for("MR"))

    assert merged.dataset.NumberOfFrames == 1
    assert is_worth_merging(merged.stack)


def test_other_modalities_have_no_true_enhanced_class() -> None:
    dataset = series(1)[0]
    dataset.SOPClassUID = UltrasoundImageStorage

    with pytest.raises(NotSupportedError, match="CT, MR and PET"):
        merged_stack([to_bytes(dataset)], sop_class="enhanced")


CONTRAST = (
    "ContrastBolusAgentSequence=109219003^SCT^Iohexol",
    "ContrastBolusAdministrationRouteSequence=47625008^SCT^Intravenous route",
    "ContrastBolusIngredientCodeSequence=44588005^SCT^Iodine",
    "ContrastBolusAgentAdministered=YES",
)


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_contrast_media_must_be_named_by_codes(modality: str, tmp_path: Path) -> None:
    """PS3.3 C.7.6.4b, required where contrast was applied."""
    slices = streams(modality, vary=lambda _, dataset: setattr(dataset, "ContrastBolusAgent", "X"))
    error = refusal(slices, *SETS[modality])

    assert set(error.missing) == keywords_of(CONTRAST)
    supplied = parse_supplied((*SETS[modality], *CONTRAST))
    merged = merged_stack(slices, sop_class="enhanced", supplied=supplied)
    (tmp_path / "merged.dcm").write_bytes(merged.stream)
    assert [one.line for one in errors_of(tmp_path / "merged.dcm")] == []
    assert shared_of(merged.dataset).ContrastBolusUsageSequence[0].ContrastBolusAgentNumber == 1
    assert_given_back(slices, merged.stream)


def test_no_contrast_needs_no_code() -> None:
    slices = streams("CT", vary=lambda _, dataset: setattr(dataset, "ContrastBolusAgent", "NONE"))

    merged = merged_stack(slices, sop_class="enhanced", supplied=supplied_for("CT"))

    assert "ContrastBolusAgentSequence" not in merged.dataset
