"""What the Enhanced PET Image IOD requires, and where classic PET slices have it.

References
----------
PS3.3 A.56, C.8.22 (Enhanced PET modules and functional groups), C.8.9 (PET modules).
"""

from isocenter.dicom.enhanced_rules import (
    COMMON_ROOT,
    FRAME_ANATOMY_GROUP,
    ITEM_NUMBER,
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
    renamed,
    transformation_group,
)

# Corrected Image of the classic PET Series names every correction that was made (C.8.9.1).
_CORRECTIONS = {
    "DecayCorrected": "DECY",
    "AttenuationCorrected": "ATTN",
    "ScatterCorrected": "SCAT",
    "DeadTimeCorrected": "DTIM",
    "GantryMotionCorrected": "MOTN",
    "PatientMotionCorrected": "PMOT",
    "CountLossNormalizationCorrected": "CLN",
    "RandomsCorrected": "RAN",
    "NonUniformRadialSamplingCorrected": "RADL",
    "SensitivityCalibrated": "DCAL",
    "DetectorNormalizationCorrection": "NORM",
}
_START_THRESHOLDS = {
    "StartDensityThreshold": "DENS",
    "StartRelativeDensityDifferenceThreshold": "RDD",
    "StartCardiacTriggerCountThreshold": "CARD_TRIG",
    "StartRespiratoryTriggerCountThreshold": "RESP_TRIG",
}
_TERMINATION_THRESHOLDS = {
    "TerminationCountsThreshold": "CNTS",
    "TerminationDensityThreshold": "DENS",
    "TerminationRelativeDensityThreshold": "RDD",
    "TerminationTimeThreshold": "TIME",
    "TerminationCardiacTriggerCountThreshold": "CARD_TRIG",
    "TerminationRespiratoryTriggerCountThreshold": "RESP_TRIG",
}
# Units of the classic PET Series (C.8.9.1.1.3) as units of UCUM.
_UNITS = {
    "NONE": "1^UCUM^no units",
    "PCNT": "%^UCUM^percent",
    "CNTS": "{counts}^UCUM^Counts",
    "CPS": "{counts}/s^UCUM^Counts per second",
    "BQML": "Bq/ml^UCUM^Becquerels/milliliter",
    "GML": "g/ml^UCUM^grams/milliliter",
    "CM2": "cm2^UCUM^square centimeters",
    "CM2ML": "cm2/ml^UCUM^square centimeters/milliliter",
    "1CM": "/cm^UCUM^per centimeter",
    "MLG": "ml/g^UCUM^milliliters/gram",
    "MLML": "ml/ml^UCUM^milliliters/milliliter",
    "MLMING": "ml/min/g^UCUM^milliliters/minute/gram",
    "MLMINML": "ml/min/ml^UCUM^milliliters/minute/milliliter",
    "MGMINML": "mg/min/ml^UCUM^milligrams/minute/milliliter",
    "UMOLML": "umol/ml^UCUM^micromoles/milliliter",
    "UMOLMINML": "umol/min/ml^UCUM^micromoles/minute/milliliter",
}
_MOTIONS = ("STATIONARY", "STEP_AND_SHOOT", "CONTINUOUS", "WOBBLE", "CLAMSHELL")
_STATIONARY = When("TypeOfDetectorMotion", ("STATIONARY",))
_ITERATIVE = (When("IterativeReconstructionMethod", ("YES",)),)

_ISOTOPE = Row(
    "RadiopharmaceuticalInformationSequence",
    "always",
    items=(
        Row("RadiopharmaceuticalAgentNumber", "always", sources=(of(ITEM_NUMBER),)),
        Row("RadionuclideCodeSequence", "always", is_code=True),
        Row("AdministrationRouteCodeSequence", "always", is_code=True),
        Row("RadiopharmaceuticalStartDateTime", "always"),
        Row("RadionuclideTotalDose", "empty"),
        Row("RadionuclideHalfLife", "always"),
        Row("RadionuclidePositronFraction", "always"),
        Row("RadiopharmaceuticalCodeSequence", "always", is_code=True),
    ),
    differing="first",
)
_ACQUISITION = (
    Row("AcquisitionStartCondition"),
    *(
        Row(keyword, when=(When("AcquisitionStartCondition", (value,)),))
        for keyword, value in _START_THRESHOLDS.items()
    ),
    Row("AcquisitionTerminationCondition"),
    *(
        Row(keyword, when=(When("AcquisitionTerminationCondition", (value,)),))
        for keyword, value in _TERMINATION_THRESHOLDS.items()
    ),
    Row(
        "TypeOfDetectorMotion",
        sources=(
            renamed(
                "TypeOfDetectorMotion",
                {"NONE": "STATIONARY", "STEP AND SHOOT": "STEP_AND_SHOOT"},
            ),
        ),
        values=_MOTIONS,
    ),
    Row("DetectorGeometry", when=(_STATIONARY,)),
    Row("TransverseDetectorSeparation"),
    Row("AxialDetectorDimension"),
    Row("CollimatorType"),
    Row("CoincidenceWindowWidth"),
    Row(
        "EnergyWindowRangeSequence",
        items=(Row("EnergyWindowLowerLimit"), Row("EnergyWindowUpperLimit")),
    ),
    Row("TableMotion", "always", values=("STATIC", "DYNAMIC")),
    Row("TimeOfFlightInformationUsed", "always", values=("TRUE", "FALSE")),
    Row("ViewCodeSequence", "always", is_code=True),
)
_CORRECTED = (
    Row("CountsSource", "always", values=("EMISSION", "TRANSMISSION")),
    *(
        Row(
            keyword,
            "always",
            sources=(contains("CorrectedImage", value, "YES", "NO"),),
            values=YES_NO,
        )
        for keyword, value in _CORRECTIONS.items()
    ),
    Row("RandomsCorrectionMethod", "always", when=(When("RandomsCorrected", ("YES",)),)),
    Row("AttenuationCorrectionSource", "always", when=(When("AttenuationCorrected", ("YES",)),)),
    Row(
        "AttenuationCorrectionTemporalRelationship",
        "always",
        when=(When("AttenuationCorrected", ("YES",)),),
    ),
    Row("ScatterCorrectionMethod", "always", when=(When("ScatterCorrected", ("YES",)),)),
    Row("DecayCorrectionDateTime", "always", when=(When("DecayCorrected", ("YES",)),)),
)
_ACQUISITION_GROUPS = (
    Group(
        "PETFrameAcquisitionSequence",
        (
            Row("TableHeight", "always"),
            Row("GantryDetectorTilt", "always"),
            Row("GantryDetectorSlew", "always"),
            Row("DataCollectionDiameter", "always"),
        ),
    ),
    Group(
        "PETDetectorMotionDetailsSequence",
        (
            Row("RotationDirection", "always", values=("CW", "CC")),
            Row("RevolutionTime", "always"),
        ),
        when=(_STATIONARY._replace(is_not=True),),
    ),
    Group(
        "PETPositionSequence",
        (
            Row("TablePosition"),
            Row("DataCollectionCenterPatient", count=3),
            Row("ReconstructionTargetCenterPatient", count=3),
        ),
    ),
    Group(
        "PETFrameCorrectionFactorsSequence",
        (
            Row("PrimaryPromptsCountsAccumulated"),
            Row("SliceSensitivityFactor"),
            Row("DecayFactor", when=(When("DecayCorrected", ("YES",)),)),
            Row("ScatterFractionFactor"),
            Row("DeadTimeFactor"),
        ),
    ),
    Group(
        "PETReconstructionSequence",
        (
            Row("ReconstructionType"),
            Row("ReconstructionAlgorithm"),
            Row("IterativeReconstructionMethod", "always", values=YES_NO),
            Row("NumberOfIterations", when=_ITERATIVE),
            Row("NumberOfSubsets", when=_ITERATIVE),
            Row("ReconstructionFieldOfView", "optional", count=2),
            Row("ReconstructionDiameter", when=(When("ReconstructionFieldOfView", is_not=True),)),
        ),
    ),
    Group(
        "PETTableDynamicsSequence",
        (Row("TableSpeed", "always"),),
        when=(When("TableMotion", ("DYNAMIC",)),),
    ),
)


def _bound(*, is_last: bool) -> Source:
    """Return the least or the greatest value that the pixels can hold."""

    def find(texts: Texts) -> tuple[str, ...]:
        bits, sign = texts("BitsStored"), texts("PixelRepresentation")
        if not bits or not sign:
            return ()
        least = -(1 << int(bits[0]) - 1) if sign[0] == "1" else 0
        return (str(least + (1 << int(bits[0])) - 1 if is_last else least),)

    return find


_REAL_WORLD = Group(
    "RealWorldValueMappingSequence",
    (
        Row("LUTExplanation", "always", sources=(of("Units"),)),
        Row("LUTLabel", "always", sources=(of("Units"),)),
        Row(
            "MeasurementUnitsCodeSequence",
            "always",
            sources=(renamed("Units", _UNITS),),
            is_code=True,
        ),
        Row("RealWorldValueFirstValueMapped", sources=(_bound(is_last=False),)),
        Row("RealWorldValueLastValueMapped", sources=(_bound(is_last=True),)),
        Row("RealWorldValueIntercept", sources=(of("RescaleIntercept"),)),
        Row("RealWorldValueSlope", sources=(of("RescaleSlope"),)),
    ),
    "optional",
)
PET_TABLE = EnhancedTable(
    root=(*COMMON_ROOT, _ISOTOPE, *_ACQUISITION, *_CORRECTED),
    groups=(
        Group("PETFrameTypeSequence", (), "always"),
        frame_content_group(
            # Type 1 there; without time points there is one position.
            Row("TemporalPositionIndex", "always", default="1"),
            duration_sources=(of("ActualFrameDuration"),),
        ),
        PIXEL_MEASURES_GROUP,
        *PLANE_GROUPS,
        FRAME_ANATOMY_GROUP,
        WINDOW_GROUP,
        transformation_group("US"),
        _REAL_WORLD,
        Group(
            "RadiopharmaceuticalUsageSequence",
            (
                Row(
                    "RadiopharmaceuticalAgentNumber",
                    "always",
                    # Of several agents nothing says which one a Frame shows.
                    sources=(of("RadiopharmaceuticalInformationSequence"),),
                ),
            ),
            "always",
        ),
        *_ACQUISITION_GROUPS,
    ),
    bits_stored=(16,),
)
