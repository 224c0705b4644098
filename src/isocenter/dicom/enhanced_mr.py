"""What the Enhanced MR Image IOD requires, and where classic MR slices have it.

References
----------
PS3.3 A.36, C.8.13.1 (Enhanced MR Image), C.8.13.4 (MR Pulse Sequence), C.8.13.5 (MR functional
groups), C.8.3.1 (MR Image).
"""

import re

from isocenter.dicom.enhanced_rules import (
    COMMON_ROOT,
    CONTRAST_GROUP,
    CONTRAST_ROW,
    FRAME_ANATOMY_GROUP,
    PIXEL_MEASURES_GROUP,
    PLANE_GROUPS,
    WINDOW_GROUP,
    YES_NO,
    EnhancedTable,
    Group,
    Row,
    Source,
    Texts,
    When,
    contains,
    frame_content_group,
    of,
    transformation_group,
)

# Value 3 of the classic Image Type, as all makers write it.
_COMPONENTS = {"M": "MAGNITUDE", "P": "PHASE", "R": "REAL", "I": "IMAGINARY"}
_COMPONENT_NAMES = (*_COMPONENTS.values(),)
_CONTRASTS = (
    *("DIFFUSION", "FLOW_ENCODED", "FLUID_ATTENUATED", "PERFUSION", "PROTON_DENSITY", "STIR"),
    *("TAGGING", "T1", "T2", "T2_STAR", "TOF", "UNKNOWN"),
)
_FLOW_DIRECTIONS = (
    *("PHASE", "FREQUENCY", "SLICE_SELECT", "SLICE_AND_FREQ", "SLICE_FREQ_PHASE"),
    "PHASE_AND_FREQ",
    "SLICE_AND_PHASE",
    "OTHER",
)
_NUCLEUS = re.compile(r"([0-9]+)([A-Z]+)|([A-Z]+)([0-9]+)")
_RECTILINEAR = (When("GeometryOfKSpaceTraversal", ("RECTILINEAR",)),)
_PARALLEL = (When("ParallelAcquisition", ("YES",)),)
_TAGGED = (When("Tagging", ("GRID", "LINE")),)
_GRID = (When("Tagging", ("GRID",)),)
_3D = (When("MRAcquisitionType", ("3D",)),)


def _component(texts: Texts) -> tuple[str, ...]:
    flavour = texts("ImageType")[2:3]
    return tuple(_COMPONENTS[value] for value in flavour if value in _COMPONENTS)


def _nucleus(texts: Texts) -> tuple[str, ...]:
    """Return the nucleus with the mass first, as ``1H``: makers also write ``H1``."""
    for text in texts("ImagedNucleus"):
        found = _NUCLEUS.fullmatch(text.upper())
        if found:
            return ((found[1] or found[4]) + (found[2] or found[3]),)
    return ()


def _echo_pulse_sequence(texts: Texts) -> tuple[str, ...]:
    """Return what kind of echo; research mode and EPI or IR alone do not tell it."""
    kinds = set(texts("ScanningSequence"))
    if "RM" in kinds or not kinds & {"SE", "GR"}:
        return ()
    return ("BOTH" if {"SE", "GR"} <= kinds else "SPIN" if "SE" in kinds else "GRADIENT",)


def _unless_research(value: str) -> Source:
    """Return whether Scanning Sequence names something; it is complete but for research mode."""

    def convert(texts: Texts) -> tuple[str, ...]:
        kinds = texts("ScanningSequence")
        if not kinds or "RM" in kinds:
            return ()
        return ("YES" if value in kinds else "NO",)

    return convert


def _steady_state(texts: Texts) -> tuple[str, ...]:
    """Return the kind of steady state; SS alone does not say which one."""
    variants = texts("SequenceVariant")
    if "TRSS" in variants:
        return ("TIME_REVERSED",)
    return () if "SS" in variants or not variants else ("NONE",)


def _no_magnetization_transfer(texts: Texts) -> tuple[str, ...]:
    """Return NONE where Sequence Variant does not name it; MTC alone does not say which kind."""
    variants = texts("SequenceVariant")
    return () if "MTC" in variants or not variants else ("NONE",)


def _partial_fourier_direction(texts: Texts) -> tuple[str, ...]:
    options = {"PFF", "PFP"} & set(texts("ScanOptions"))
    if not options:
        return ()
    if len(options) > 1:
        return ("COMBINATION",)
    return ("FREQUENCY" if "PFF" in options else "PHASE",)


def _matrix(first: int) -> Source:
    """Return the frequency (0) or phase (2) steps of Acquisition Matrix, of which one is 0."""

    def convert(texts: Texts) -> tuple[str, ...]:
        steps = [value for value in texts("AcquisitionMatrix")[first : first + 2] if value != "0"]
        return tuple(steps) if len(steps) == 1 else ()

    return convert


_ROOT = (
    *COMMON_ROOT,
    CONTRAST_ROW,
    Row("ResonantNucleus", sources=(_nucleus,)),
    Row("KSpaceFiltering"),
    Row("MagneticFieldStrength"),
    Row("ApplicableSafetyStandardAgency", "always"),
    Row(
        "ComplexImageComponent",
        "always",
        sources=(_component,),
        values=(*_COMPONENT_NAMES, "MIXED"),
        differing="mixed",
    ),
    Row("AcquisitionContrast", "always", values=(*_CONTRASTS, "MIXED"), differing="mixed"),
    Row("PulseSequenceName", sources=(of("SequenceName"),)),
    Row("MRAcquisitionType"),
    Row("EchoPulseSequence", sources=(_echo_pulse_sequence,), values=("SPIN", "GRADIENT", "BOTH")),
    Row(
        "MultipleSpinEcho",
        values=YES_NO,
        when=(When("EchoPulseSequence", ("SPIN", "BOTH")),),
    ),
    Row("MultiPlanarExcitation", values=YES_NO),
    Row("PhaseContrast", values=YES_NO),
    Row("TimeOfFlightContrast", values=YES_NO),
    Row("SteadyStatePulseSequence", sources=(_steady_state,)),
    Row("EchoPlanarPulseSequence", sources=(_unless_research("EP"),), values=YES_NO),
    Row("SaturationRecovery", values=YES_NO),
    Row("SpectrallySelectedSuppression", sources=(contains("ScanOptions", "FS", "FAT"),)),
    Row("OversamplingPhase", values=("2D", "3D", "2D_3D", "NONE")),
    Row("GeometryOfKSpaceTraversal"),
    Row("RectilinearPhaseEncodeReordering", when=_RECTILINEAR),
    Row("SegmentedKSpaceTraversal", values=("SINGLE", "PARTIAL", "FULL")),
    Row("CoverageOfKSpace", when=_3D),
    Row("NumberOfKSpaceTrajectories"),
    Row(
        "VelocityEncodingAcquisitionSequence",
        when=(When("PhaseContrast", ("YES",)),),
        items=(Row("VelocityEncodingDirection", count=3),),
    ),
)
_FRAME_TYPE = Group(
    "MRImageFrameTypeSequence",
    (
        Row("ComplexImageComponent", "always", sources=(_component,), values=_COMPONENT_NAMES),
        Row("AcquisitionContrast", "always", values=_CONTRASTS),
    ),
    "always",
)
_TIMING = Group(
    "MRTimingAndRelatedParametersSequence",
    (
        Row("RepetitionTime"),
        Row("FlipAngle"),
        Row("EchoTrainLength"),
        Row("RFEchoTrainLength"),
        Row("GradientEchoTrainLength"),
        Row(
            "SpecificAbsorptionRateSequence",
            items=(
                Row("SpecificAbsorptionRateDefinition"),
                Row("SpecificAbsorptionRateValue", sources=(of("SAR"),)),
            ),
        ),
        Row("OperatingModeSequence", items=(Row("OperatingModeType"), Row("OperatingMode"))),
        Row("GradientOutputType", "optional"),
        Row("GradientOutput", when=(When("GradientOutputType"),)),
    ),
)
_GEOMETRY = Group(
    "MRFOVGeometrySequence",
    (
        Row(
            "InPlanePhaseEncodingDirection",
            sources=(contains("InPlanePhaseEncodingDirection", "COL", "COLUMN"),),
            values=("COLUMN", "ROW", "OTHER"),
        ),
        Row("MRAcquisitionFrequencyEncodingSteps", sources=(_matrix(0),)),
        Row(
            "MRAcquisitionPhaseEncodingStepsInPlane",
            sources=(of("NumberOfPhaseEncodingSteps"), _matrix(2)),
        ),
        Row("MRAcquisitionPhaseEncodingStepsOutOfPlane", when=_3D),
        Row("PercentSampling"),
        Row("PercentPhaseFieldOfView"),
    ),
    when=_RECTILINEAR,
)
_MODIFIER = Group(
    "MRModifierSequence",
    (
        Row("InversionRecovery", sources=(_unless_research("IR"),), values=YES_NO),
        Row(
            "InversionTimes",
            when=(When("InversionRecovery", ("YES",)),),
            sources=(of("InversionTime"),),
            count=0,
        ),
        Row("FlowCompensation"),
        Row(
            "FlowCompensationDirection",
            when=(When("FlowCompensation", ("NONE",), is_not=True),),
            values=_FLOW_DIRECTIONS,
        ),
        Row(
            "Spoiling",
            when=(When("EchoPulseSequence", ("GRADIENT", "BOTH")),),
            values=("RF", "GRADIENT", "RF_AND_GRADIENT", "NONE"),
        ),
        Row("T2Preparation", values=YES_NO),
        Row("SpectrallySelectedExcitation", values=("WATER", "FAT", "NPLANE", "NONE", "SILICON")),
        Row(
            "SpatialPresaturation",
            sources=(contains("ScanOptions", "SP", "SLAB"),),
            values=("SLAB", "NONE"),
        ),
        Row(
            "PartialFourier",
            sources=(
                contains("ScanOptions", "PFF", "YES"),
                contains("ScanOptions", "PFP", "YES"),
            ),
            values=YES_NO,
        ),
        Row(
            "PartialFourierDirection",
            when=(When("PartialFourier", ("YES",)),),
            sources=(_partial_fourier_direction,),
            values=("PHASE", "FREQUENCY", "SLICE_SELECT", "COMBINATION"),
        ),
        Row("ParallelAcquisition", values=YES_NO),
        Row("ParallelAcquisitionTechnique", when=_PARALLEL),
        Row("ParallelReductionFactorInPlane", when=_PARALLEL),
        Row("ParallelReductionFactorOutOfPlane", when=_PARALLEL),
        Row("ParallelReductionFactorSecondInPlane", when=_PARALLEL),
    ),
)
_IMAGING_MODIFIER = Group(
    "MRImagingModifierSequence",
    (
        Row(
            "MagnetizationTransfer",
            sources=(_no_magnetization_transfer,),
            values=("ON_RESONANCE", "OFF_RESONANCE", "NONE"),
        ),
        Row("BloodSignalNulling", values=YES_NO),
        Row("Tagging", values=("GRID", "LINE", "NONE")),
        Row("TagSpacingFirstDimension", when=_TAGGED),
        Row("TagSpacingSecondDimension", when=_GRID),
        Row("TagAngleFirstAxis", when=_TAGGED),
        Row("TagAngleSecondAxis", when=_GRID),
        Row("TagThickness", when=_TAGGED),
        Row("TaggingDelay", "optional"),
        # In MHz both.
        Row("TransmitterFrequency", sources=(of("ImagingFrequency"),)),
        Row("PixelBandwidth"),
    ),
)
_COILS = (
    Group(
        "MRReceiveCoilSequence",
        (
            Row("ReceiveCoilName"),
            Row("ReceiveCoilManufacturerName", "empty"),
            Row("ReceiveCoilType"),
            Row("QuadratureReceiveCoil", values=YES_NO),
            Row(
                "MultiCoilDefinitionSequence",
                when=(When("ReceiveCoilType", ("MULTICOIL",)),),
                items=(
                    Row("MultiCoilElementName"),
                    Row("MultiCoilElementUsed", values=YES_NO),
                ),
            ),
            Row("MultiCoilConfiguration", "optional"),
        ),
    ),
    Group(
        "MRTransmitCoilSequence",
        (
            Row("TransmitCoilName"),
            Row("TransmitCoilManufacturerName", "empty"),
            Row("TransmitCoilType"),
        ),
    ),
)
_DIFFUSION = Group(
    "MRDiffusionSequence",
    (
        Row("DiffusionBValue"),
        Row("DiffusionDirectionality", values=("DIRECTIONAL", "BMATRIX", "ISOTROPIC", "NONE")),
        Row(
            "DiffusionGradientDirectionSequence",
            when=(When("DiffusionDirectionality", ("DIRECTIONAL", "BMATRIX")),),
            items=(Row("DiffusionGradientOrientation", count=3),),
        ),
        Row(
            "DiffusionBMatrixSequence",
            when=(When("DiffusionDirectionality", ("BMATRIX",)),),
            items=tuple(
                Row(f"DiffusionBValue{axes}") for axes in ("XX", "XY", "XZ", "YY", "YZ", "ZZ")
            ),
        ),
        Row(
            "DiffusionAnisotropyType",
            "optional",
            values=("FRACTIONAL", "RELATIVE", "VOLUME_RATIO"),
        ),
    ),
    when=(When("AcquisitionContrast", ("DIFFUSION",)),),
)
_SATURATION = Group(
    "MRSpatialSaturationSequence",
    (
        Row("SlabThickness", "always"),
        Row("SlabOrientation", "always", count=3),
        Row("MidSlabPosition", "always", count=3),
    ),
    when=(When("SpatialPresaturation", ("SLAB",)),),
)
_VELOCITY = Group(
    "MRVelocityEncodingSequence",
    (
        Row("VelocityEncodingDirection", count=3),
        Row("VelocityEncodingMinimumValue"),
        Row("VelocityEncodingMaximumValue"),
    ),
    when=(When("PhaseContrast", ("YES",)),),
)
MR_TABLE = EnhancedTable(
    root=_ROOT,
    groups=(
        _FRAME_TYPE,
        frame_content_group(),
        PIXEL_MEASURES_GROUP,
        *PLANE_GROUPS,
        FRAME_ANATOMY_GROUP,
        WINDOW_GROUP,
        transformation_group("US", is_identity=True),
        CONTRAST_GROUP,
        _TIMING,
        _GEOMETRY,
        Group("MREchoSequence", (Row("EffectiveEchoTime", sources=(of("EchoTime"),)),)),
        _MODIFIER,
        _IMAGING_MODIFIER,
        *_COILS,
        _DIFFUSION,
        Group("MRAveragesSequence", (Row("NumberOfAverages"),)),
        _SATURATION,
        _VELOCITY,
    ),
    bits_stored=(8, 12, 16),
)
