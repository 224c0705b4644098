import pytest

from isocenter.dicom.enhanced_mr import MR_TABLE
from isocenter.dicom.enhanced_values import FrameValues, encode_values, fill, tag_by
from tests.dicom.enhanced_tables import assert_table_is_the_standards

# Conditional on what classic slices do not say in words of the standard; they keep it privately.
LEFT_OUT = (
    *("ReferencedImageSequence", "DerivationImageSequence", "CardiacSynchronizationSequence"),
    "RespiratorySynchronizationSequence",
    *("TemporalPositionSequence", "RealWorldValueMappingSequence"),
    *("MRMetaboliteMapSequence", "MRArterialSpinLabelingSequence", "FunctionalMRSequence"),
)


def test_the_table_is_that_of_the_standard() -> None:
    assert_table_is_the_standards(MR_TABLE, "MR", LEFT_OUT)
    assert MR_TABLE.bits_stored == (8, 12, 16)


_FREQUENCY = "MRAcquisitionFrequencyEncodingSteps"
_PHASE = "MRAcquisitionPhaseEncodingStepsInPlane"


def told(keyword: str, **values: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the table makes of a slice, for one attribute."""
    elements = {
        tag_by(name): encode_values(tag_by(name), texts, is_implicit=False)
        for name, texts in values.items()
    }
    frame = FrameValues(elements, {}, is_implicit=False, is_original=True)
    fill(MR_TABLE.root, frame)
    for group in MR_TABLE.groups:
        fill(group.rows, frame)
    return frame.found.get(keyword, ())


@pytest.mark.parametrize(
    ("keyword", "source", "texts", "expected"),
    [
        ("EchoPulseSequence", "ScanningSequence", ("SE",), "SPIN"),
        ("EchoPulseSequence", "ScanningSequence", ("GR", "EP"), "GRADIENT"),
        ("EchoPulseSequence", "ScanningSequence", ("SE", "GR"), "BOTH"),
        ("EchoPulseSequence", "ScanningSequence", ("EP",), ""),
        ("EchoPulseSequence", "ScanningSequence", ("RM", "GR"), ""),
        ("EchoPlanarPulseSequence", "ScanningSequence", ("EP",), "YES"),
        ("EchoPlanarPulseSequence", "ScanningSequence", ("GR",), "NO"),
        ("EchoPlanarPulseSequence", "ScanningSequence", ("RM",), ""),
        ("InversionRecovery", "ScanningSequence", ("SE", "IR"), "YES"),
        ("SteadyStatePulseSequence", "SequenceVariant", ("SK", "SP"), "NONE"),
        ("SteadyStatePulseSequence", "SequenceVariant", ("TRSS",), "TIME_REVERSED"),
        ("SteadyStatePulseSequence", "SequenceVariant", ("SS",), ""),
        ("MagnetizationTransfer", "SequenceVariant", ("SP",), "NONE"),
        ("MagnetizationTransfer", "SequenceVariant", ("MTC",), ""),
        ("PartialFourier", "ScanOptions", ("PFP",), "YES"),
        ("PartialFourierDirection", "ScanOptions", ("PFP",), "PHASE"),
        ("PartialFourierDirection", "ScanOptions", ("PFP", "PFF"), "COMBINATION"),
        ("PartialFourier", "ScanOptions", ("FC",), ""),
        ("SpectrallySelectedSuppression", "ScanOptions", ("FS",), "FAT"),
        ("SpatialPresaturation", "ScanOptions", ("SP",), "SLAB"),
        ("ResonantNucleus", "ImagedNucleus", ("1H",), "1H"),
        ("ResonantNucleus", "ImagedNucleus", ("H1",), "1H"),
        ("ResonantNucleus", "ImagedNucleus", ("Na23",), "23NA"),
        ("ResonantNucleus", "ImagedNucleus", ("PROTON",), ""),
        ("ComplexImageComponent", "ImageType", ("ORIGINAL", "PRIMARY", "P", "ND"), "PHASE"),
        ("ComplexImageComponent", "ImageType", ("ORIGINAL", "PRIMARY", "OTHER"), ""),
        (_FREQUENCY, "AcquisitionMatrix", ("0", "256", "192", "0"), "256"),
        (_PHASE, "AcquisitionMatrix", ("0", "256", "192", "0"), "192"),
        (_FREQUENCY, "AcquisitionMatrix", ("64", "64", "64", "0"), ""),
        ("InPlanePhaseEncodingDirection", "InPlanePhaseEncodingDirection", ("COL",), "COLUMN"),
        ("EffectiveEchoTime", "EchoTime", ("30.5",), "30.5"),
        ("TransmitterFrequency", "ImagingFrequency", ("123.2",), "123.2"),
        ("PulseSequenceName", "SequenceName", ("*ep_b0",), "*ep_b0"),
    ],
)
def test_classic_words_are_read_as_far_as_they_tell(
    keyword: str, source: str, texts: tuple[str, ...], expected: str
) -> None:
    """PS3.3 C.8.3.1.1: Scanning Sequence, Sequence Variant, Scan Options, Acquisition Matrix."""
    assert told(keyword, **{source: texts}) == ((expected,) if expected else ())


def test_an_inversion_time_counts_with_inversion_only() -> None:
    assert told("InversionTimes", ScanningSequence=("SE", "IR"), InversionTime=("900",)) == ("900",)
    assert told("InversionTimes", ScanningSequence=("SE",), InversionTime=("900",)) == ()
