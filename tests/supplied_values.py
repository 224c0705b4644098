"""What a user has to set before the generated series of `tests/builders.py` become Enhanced ones.

Exactly what the slices do not say and the class requires; `{...}` takes a value of the same slice.
"""

from collections.abc import Iterable

from isocenter.dicom.dictionary import vr_of
from isocenter.dicom.enhanced_ct import CT_TABLE
from isocenter.dicom.enhanced_mr import MR_TABLE
from isocenter.dicom.enhanced_pet import PET_TABLE
from isocenter.dicom.enhanced_values import tag_by
from isocenter.dicom.supplied import Supplied, parse_supplied

_EVERY_CLASS = (
    "AcquisitionDuration=10",
    "BurnedInAnnotation=NO",
    "ContentQualification=RESEARCH",
    "LossyImageCompression=00",
)
# What decides which others are required; known first, so that the rest is a fixed list.
DECIDING = frozenset(
    {
        "AcquisitionType",
        *("GeometryOfKSpaceTraversal", "FlowCompensation", "PartialFourier", "ReceiveCoilType"),
        *("ParallelAcquisition", "PhaseContrast", "Tagging", "AcquisitionContrast"),
        *("SpatialPresaturation", "LossyImageCompression"),
        *("AcquisitionStartCondition", "AcquisitionTerminationCondition", "TypeOfDetectorMotion"),
        *("TableMotion", "IterativeReconstructionMethod", "DiffusionDirectionality"),
    }
)
SETS: dict[str, tuple[str, ...]] = {
    "CT": (
        *_EVERY_CLASS,
        "AcquisitionType=SPIRAL",
        "ConstantVolumeFlag=NO",
        "ConvolutionKernelGroup=SOFT_TISSUE",
        "DataCollectionCenterPatient={ImagePositionPatient}",
        "DataCollectionDiameter=500",
        "DistanceSourceToDataCollectionCenter=541",
        "DistanceSourceToDetector=949",
        "ExposureInmAs=100",
        "ExposureModulationType=NONE",
        "FilterMaterial=ALUMINUM",
        "FilterType=FLAT",
        "FluoroscopyFlag=NO",
        "FocalSpots=1.2",
        "FrameAcquisitionDuration=500",
        "FrameReferenceDateTime={FrameAcquisitionDateTime}",
        "GantryDetectorTilt=0",
        "ImageFilter=NONE",
        "IrradiationEventUID=2.25.1",
        "ReconstructionAlgorithm=FILTER_BACK_PROJ",
        "ReconstructionAngle=360",
        "ReconstructionDiameter=300",
        "ReconstructionTargetCenterPatient={ImagePositionPatient}",
        "RevolutionTime=0.5",
        "RotationDirection=CW",
        "SingleCollimationWidth=0.6",
        "SpiralPitchFactor=1.2",
        "TableFeedPerRotation=23",
        "TableHeight=120",
        "TablePosition={SliceLocation}",
        "TableSpeed=46",
        "TotalCollimationWidth=19.2",
    ),
    "MR": (
        *_EVERY_CLASS,
        "AcquisitionContrast=DIFFUSION",
        "ApplicableSafetyStandardAgency=IEC",
        "BloodSignalNulling=NO",
        "DiffusionBValue=1000",
        "DiffusionDirectionality=DIRECTIONAL",
        "DiffusionGradientOrientation=0\\0.6\\0.8",
        "FlowCompensation=VELOCITY",
        "FlowCompensationDirection=PHASE",
        "FrameAcquisitionDuration=1000",
        "FrameReferenceDateTime={FrameAcquisitionDateTime}",
        "GeometryOfKSpaceTraversal=RECTILINEAR",
        "GradientEchoTrainLength=1",
        "InPlanePhaseEncodingDirection=ROW",
        "KSpaceFiltering=NONE",
        "MRAcquisitionFrequencyEncodingSteps=256",
        "MRAcquisitionPhaseEncodingStepsInPlane=192",
        "MidSlabPosition=0\\0\\0",
        "MultiCoilElementName=E1",
        "MultiCoilElementUsed=YES",
        "MultiPlanarExcitation=NO",
        "NumberOfAverages=1",
        "NumberOfKSpaceTrajectories=1",
        "OperatingMode=IEC_NORMAL",
        "OperatingModeType=STATIC FIELD",
        "OversamplingPhase=NONE",
        "ParallelAcquisition=YES",
        "ParallelAcquisitionTechnique=SENSE",
        "ParallelReductionFactorInPlane=2",
        "ParallelReductionFactorOutOfPlane=1",
        "ParallelReductionFactorSecondInPlane=1",
        "PartialFourier=YES",
        "PartialFourierDirection=PHASE",
        "PercentPhaseFieldOfView=100",
        "PercentSampling=100",
        "PhaseContrast=YES",
        "PixelBandwidth=200",
        "PulseSequenceName=ep2d",
        "QuadratureReceiveCoil=YES",
        "RFEchoTrainLength=0",
        "ReceiveCoilName=Head",
        "ReceiveCoilType=MULTICOIL",
        "RectilinearPhaseEncodeReordering=LINEAR",
        "ResonantNucleus=1H",
        "SaturationRecovery=NO",
        "SegmentedKSpaceTraversal=SINGLE",
        "SlabOrientation=0\\0\\1",
        "SlabThickness=40",
        "SpatialPresaturation=SLAB",
        "SpecificAbsorptionRateDefinition=IEC_WHOLE_BODY",
        "SpecificAbsorptionRateValue=0.5",
        "SpectrallySelectedExcitation=NONE",
        "SpectrallySelectedSuppression=FAT",
        "Spoiling=RF",
        "T2Preparation=NO",
        "TagAngleFirstAxis=0",
        "TagAngleSecondAxis=90",
        "TagSpacingFirstDimension=8",
        "TagSpacingSecondDimension=8",
        "TagThickness=2",
        "Tagging=GRID",
        "TimeOfFlightContrast=NO",
        "TransmitCoilName=Body",
        "TransmitCoilType=BODY",
        "TransmitterFrequency=123.2",
        "VelocityEncodingDirection=0\\0\\1",
        "VelocityEncodingMaximumValue=150",
        "VelocityEncodingMinimumValue=0",
    ),
    "PT": (
        *_EVERY_CLASS,
        "AcquisitionStartCondition=DENS",
        "AcquisitionTerminationCondition=TIME",
        "AdministrationRouteCodeSequence=47625008^SCT^Intravenous route",
        "AttenuationCorrectionSource=CT",
        "AttenuationCorrectionTemporalRelationship=CONCURRENT",
        "AxialDetectorDimension=160",
        "CoincidenceWindowWidth=4.5",
        "DataCollectionCenterPatient={ImagePositionPatient}",
        "DataCollectionDiameter=700",
        "DeadTimeFactor=1",
        "DecayCorrectionDateTime=20240131101500",
        "EnergyWindowLowerLimit=435",
        "EnergyWindowUpperLimit=650",
        "GantryDetectorSlew=0",
        "GantryDetectorTilt=0",
        "IterativeReconstructionMethod=YES",
        "NumberOfIterations=4",
        "NumberOfSubsets=8",
        "PrimaryPromptsCountsAccumulated=1000000",
        "RadionuclideCodeSequence=77004003^SCT^^18^Fluorine",
        "RadionuclideHalfLife=6586.2",
        "RadionuclidePositronFraction=0.97",
        "RadiopharmaceuticalCodeSequence=35321007^SCT^Fluorodeoxyglucose F^18^",
        "RadiopharmaceuticalStartDateTime=20240131091500",
        "ReconstructionAlgorithm=FILTER_BACK_PROJ",
        "ReconstructionDiameter=700",
        "ReconstructionTargetCenterPatient={ImagePositionPatient}",
        "ReconstructionType=3D",
        "RevolutionTime=2",
        "RotationDirection=CW",
        "ScatterFractionFactor=0.3",
        "SliceSensitivityFactor=1",
        "StartDensityThreshold=1",
        "TableHeight=150",
        "TableMotion=DYNAMIC",
        "TablePosition={SliceLocation}",
        "TableSpeed=1",
        "TerminationTimeThreshold=180",
        "TimeOfFlightInformationUsed=TRUE",
        "TransverseDetectorSeparation=840",
        "TypeOfDetectorMotion=CONTINUOUS",
        "ViewCodeSequence=62824007^SCT^Transverse",
    ),
}


def supplied_for(modality: str) -> Supplied:
    """Return the whole list, parsed."""
    return parse_supplied(SETS[modality])


# One value of each VR; what it says does not matter.
_ANY = {
    **dict.fromkeys(("DS", "FD", "FL", "IS", "SS", "SL", "US", "UL"), "1"),
    "CS": "OTHER",
    "SH": "X",
    "LO": "X",
    "UI": "2.25.1",
    "SQ": "1^99TEST^any",
    "DA": "20240131",
    "TM": "10",
    "DT": "20240131",
}


def anything_for(missing: Iterable[str]) -> list[str]:
    """Return a `Keyword=value` for each keyword that a refusal names."""
    rows = {
        row.keyword: row
        for table in (CT_TABLE, MR_TABLE, PET_TABLE)
        for rows in (table.root, *(group.rows for group in table.groups))
        for outer in rows
        for row in (outer, *outer.items)
    }
    texts = []
    for keyword in missing:
        row = rows[keyword]
        value = row.values[0] if row.values else _ANY[vr_of(tag_by(keyword))]
        texts.append("=".join((keyword, "\\".join([value] * max(1, row.count)))))
    return texts
