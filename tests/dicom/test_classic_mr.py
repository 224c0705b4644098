import struct

import pytest

from isocenter.dicom.classic_mr import add_mr
from isocenter.dicom.dictionary import tag_of, vr_of
from isocenter.dicom.instance_root import InstanceRoot
from tests.raw_instance import Raw, encode, text

NEGATIVE = {
    "SegmentedKSpaceTraversal": "SINGLE",
    "MagnetizationTransfer": "NONE",
    "SteadyStatePulseSequence": "NONE",
    "Spoiling": "NONE",
    "T2Preparation": "NO",
    "OversamplingPhase": "NONE",
}


def tag(keyword: str) -> int:
    found = tag_of(keyword)
    assert found is not None
    return found


def classic_of(**values: str | Raw) -> InstanceRoot:
    """Return a root with the attributes given by keyword, made classic."""
    elements = {}
    for keyword, value in values.items():
        raw = value if isinstance(value, Raw) else text(vr_of(tag(keyword)), value)
        elements[tag(keyword)] = encode({tag(keyword): raw})
    root = InstanceRoot(elements, is_implicit=False)
    add_mr(root)
    return root


def terms(keyword: str, **values: str) -> list[str]:
    return classic_of(**values).texts(tag(keyword))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"EchoPulseSequence": "SPIN"}, ["SE"]),
        ({"EchoPulseSequence": "GRADIENT", "EchoPlanarPulseSequence": "YES"}, ["GR", "EP"]),
        ({"EchoPulseSequence": "BOTH", "InversionRecovery": "YES"}, ["SE", "GR", "IR"]),
        ({"EchoPulseSequence": "GRADIENT", "InversionRecovery": "NO"}, ["GR"]),
        ({}, []),
    ],
)
def test_the_scanning_sequence_follows_from_the_echoes(
    values: dict[str, str], expected: list[str]
) -> None:
    assert terms("ScanningSequence", **values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"SegmentedKSpaceTraversal": "PARTIAL"}, ["SK"]),
        ({"SegmentedKSpaceTraversal": "FULL"}, ["NONE"]),
        ({"MagnetizationTransfer": "ON_RESONANCE"}, ["MTC"]),
        ({"SteadyStatePulseSequence": "FREE_PRECESSION"}, ["SS"]),
        ({"SteadyStatePulseSequence": "TIME_REVERSED"}, ["TRSS"]),
        ({"Spoiling": "RF_AND_GRADIENT", "OversamplingPhase": "2D_3D"}, ["SP", "OSP"]),
        ({"T2Preparation": "YES"}, ["MP"]),
        ({}, ["NONE"]),
    ],
)
def test_the_sequence_variant_follows_from_the_pulse_sequence(
    values: dict[str, str], expected: list[str]
) -> None:
    assert terms("SequenceVariant", **{**NEGATIVE, **values}) == expected


@pytest.mark.parametrize("unknown", sorted(NEGATIVE))
def test_none_is_not_claimed_where_something_is_unknown(unknown: str) -> None:
    known = {keyword: value for keyword, value in NEGATIVE.items() if keyword != unknown}

    assert terms("SequenceVariant", **known) == []


def test_spin_echoes_have_no_spoiling_to_be_asked_for() -> None:
    """PS3.3 C.8.13.5.5: Spoiling is required with gradient echoes only."""
    known = {key: NEGATIVE[key] for key in NEGATIVE if "Spoil" not in key and "Steady" not in key}

    assert terms("SequenceVariant", EchoPulseSequence="SPIN", **known) == ["NONE"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"RespiratoryMotionCompensationTechnique": "PHASE_ORDERING"}, ["PER"]),
        ({"RespiratoryMotionCompensationTechnique": "GATING"}, ["RG"]),
        ({"RespiratoryMotionCompensationTechnique": "BREATH_HOLD"}, []),
        (
            {"CardiacSynchronizationTechnique": "PROSPECTIVE", "CardiacSignalSource": "ECG"},
            ["CG"],
        ),
        (
            {"CardiacSynchronizationTechnique": "RETROSPECTIVE", "CardiacSignalSource": "PP"},
            ["PPG"],
        ),
        ({"CardiacSynchronizationTechnique": "NONE", "CardiacSignalSource": "ECG"}, []),
        ({"CardiacSynchronizationTechnique": "PROSPECTIVE"}, []),
        ({"FlowCompensation": "VELOCITY"}, ["FC"]),
        ({"FlowCompensation": "NONE"}, []),
        ({"PartialFourier": "YES", "PartialFourierDirection": "PHASE"}, ["PFP"]),
        ({"PartialFourier": "YES", "PartialFourierDirection": "FREQUENCY"}, ["PFF"]),
        ({"PartialFourier": "YES", "PartialFourierDirection": "COMBINATION"}, []),
        ({"PartialFourier": "NO", "PartialFourierDirection": "PHASE"}, []),
        ({"SpatialPresaturation": "SLAB"}, ["SP"]),
        ({"SpectrallySelectedSuppression": "FAT_AND_WATER"}, ["FS"]),
        ({"SpectrallySelectedSuppression": "WATER"}, []),
    ],
)
def test_the_scan_options_follow_from_what_was_compensated(
    values: dict[str, str], expected: list[str]
) -> None:
    assert terms("ScanOptions", **values) == expected


def test_what_the_source_has_itself_is_not_replaced() -> None:
    assert terms("ScanningSequence", ScanningSequence="RM", EchoPulseSequence="SPIN") == ["RM"]


def test_times_and_frequencies_get_their_classic_names() -> None:
    root = classic_of(
        EffectiveEchoTime=Raw("FD", struct.pack("<d", 12.46)),
        InversionTimes=Raw("FD", struct.pack("<d", 900.0)),
        TransmitterFrequency=Raw("FD", struct.pack("<d", 123.262377)),
        MRAcquisitionPhaseEncodingStepsInPlane=Raw("US", struct.pack("<H", 72)),
    )

    assert root.text(tag("EchoTime")) == "12.46"
    assert root.text(tag("InversionTime")) == "900"
    assert root.text(tag("ImagingFrequency")) == "123.262377"
    assert root.text(tag("NumberOfPhaseEncodingSteps")) == "72"


def test_several_inversion_times_do_not_fit_into_one() -> None:
    root = classic_of(InversionTimes=Raw("FD", struct.pack("<2d", 900.0, 100.0)))

    assert not root.has_value(tag("InversionTime"))


@pytest.mark.parametrize(
    ("direction", "expected"), [("COLUMN", "COL"), ("ROW", "ROW"), ("OTHER", "")]
)
def test_the_phase_direction_is_written_as_the_classic_class_has_it(
    direction: str, expected: str
) -> None:
    root = classic_of(InPlanePhaseEncodingDirection=direction)

    assert root.text(tag("InPlanePhaseEncodingDirection")) == expected
