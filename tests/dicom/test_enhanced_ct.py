from isocenter.dicom.enhanced_ct import CT_TABLE
from tests.dicom.enhanced_tables import assert_table_is_the_standards

# Conditional on what single-energy, ungated classic slices have not; they keep it privately.
LEFT_OUT = (
    *("ReferencedImageSequence", "DerivationImageSequence", "CardiacSynchronizationSequence"),
    "RespiratorySynchronizationSequence",
    *("CTAdditionalXRaySourceSequence", "MultienergyCTProcessingSequence"),
    *("MultienergyCTCharacteristicsSequence", "TemporalPositionSequence"),
    "RealWorldValueMappingSequence",
)


def test_the_table_is_that_of_the_standard() -> None:
    assert_table_is_the_standards(CT_TABLE, "CT", LEFT_OUT)
    assert CT_TABLE.bits_stored == (12, 16)
