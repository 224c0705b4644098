import pytest
from pydicom import Dataset

from isocenter.dicom.enhanced_pet import PET_TABLE
from isocenter.dicom.supplied import parse_supplied
from isocenter.errors import IncompleteError
from tests.builders import series, to_bytes
from tests.dicom.enhanced_tables import assert_table_is_the_standards
from tests.in_memory import assert_given_back, merged_stack
from tests.supplied_values import SETS

# Conditional on what ungated classic slices do not say; they keep it in the private block.
LEFT_OUT = (
    *("ReferencedImageSequence", "DerivationImageSequence", "CardiacSynchronizationSequence"),
    *("RespiratorySynchronizationSequence", "PatientPhysiologicalStateSequence"),
)


def test_the_table_is_that_of_the_standard() -> None:
    assert_table_is_the_standards(PET_TABLE, "PT", LEFT_OUT)
    assert PET_TABLE.bits_stored == (16,)


def agent(**values: str) -> Dataset:
    item = Dataset()
    item.Radiopharmaceutical = "FDG"
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


def streams(*agents: Dataset) -> list[bytes]:
    sources = series(2, modality="PT")
    for dataset in sources:
        dataset.RadiopharmaceuticalInformationSequence = list(agents)
    return [to_bytes(dataset) for dataset in sources]


def test_the_agent_of_the_slices_is_completed() -> None:
    slices = streams(agent(RadionuclideHalfLife="100"))

    merged = merged_stack(slices, sop_class="enhanced", supplied=parse_supplied(SETS["PT"]))

    (item,) = merged.dataset.RadiopharmaceuticalInformationSequence
    assert item.Radiopharmaceutical == "FDG"
    assert item.RadionuclideHalfLife == 100
    assert item.RadionuclidePositronFraction == 0.97
    assert item.RadiopharmaceuticalAgentNumber == 1
    assert item.RadionuclideTotalDose is None
    assert_given_back(slices, merged.stream)


def test_of_several_agents_somebody_must_say_which_one() -> None:
    slices = streams(agent(), agent())

    with pytest.raises(IncompleteError) as caught:
        merged_stack(slices, sop_class="enhanced", supplied=parse_supplied(SETS["PT"]))
    assert caught.value.missing == ("RadiopharmaceuticalAgentNumber",)


def test_corrections_that_are_not_named_were_not_made() -> None:
    """PS3.3 C.8.9.1: Corrected Image lists what was applied."""
    merged = merged_stack(streams(), sop_class="enhanced", supplied=parse_supplied(SETS["PT"]))

    dataset = merged.dataset
    assert (dataset.DecayCorrected, dataset.AttenuationCorrected) == ("YES", "YES")
    assert (dataset.ScatterCorrected, dataset.DetectorNormalizationCorrection) == ("NO", "NO")


def test_times_of_a_frame_come_from_its_offset_in_the_series() -> None:
    merged = merged_stack(streams(), sop_class="enhanced", supplied=parse_supplied(SETS["PT"]))

    contents = [
        item.FrameContentSequence[0] for item in merged.dataset.PerFrameFunctionalGroupsSequence
    ]
    assert [item.FrameReferenceDateTime for item in contents] == [
        "20240131101500.000000",
        "20240131101501.000000",
    ]
    assert {item.FrameAcquisitionDuration for item in contents} == {180000.0}
    assert {item.TemporalPositionIndex for item in contents} == {1}


@pytest.mark.parametrize(("signed", "bounds"), [(False, (0, 65535)), (True, (-32768, 32767))])
def test_units_are_mapped_to_real_world_values(
    signed: bool,  # a parameter of the test
    bounds: tuple[int, int],
) -> None:
    """PS3.3 C.7.6.16.2.11; classic PET has one rescale and one unit per slice."""
    slices = [to_bytes(one) for one in series(2, modality="PT", signed=signed)]
    merged = merged_stack(slices, sop_class="enhanced", supplied=parse_supplied(SETS["PT"]))

    for index, item in enumerate(merged.dataset.PerFrameFunctionalGroupsSequence):
        (mapping,) = item.RealWorldValueMappingSequence
        assert mapping.MeasurementUnitsCodeSequence[0].CodeValue == "Bq/ml"
        assert mapping.RealWorldValueSlope == 1 + 0.125 * index
        first, last = mapping.RealWorldValueFirstValueMapped, mapping.RealWorldValueLastValueMapped
        assert (first, last) == bounds
        assert ("SS" if signed else "US") == mapping["RealWorldValueLastValueMapped"].VR
