"""What the Enhanced CT Image IOD requires, and where classic CT slices have it.

References
----------
PS3.3 A.38, C.8.15.2 (Enhanced CT Image), C.8.15.3 (CT functional groups), C.8.2.1 (CT Image).
"""

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
    When,
    frame_content_group,
    of,
    scaled,
    transformation_group,
)

_ROTATES = (When("AcquisitionType", ("CONSTANT_ANGLE",), is_not=True),)
_TABLE_MOVES = (When("AcquisitionType", ("SPIRAL", "CONSTANT_ANGLE")),)
_MILLI = 1e-3

_ACQUISITION_GROUPS = (
    Group(
        "CTAcquisitionTypeSequence",
        (
            Row("AcquisitionType"),
            Row("TubeAngle", when=(When("AcquisitionType", ("CONSTANT_ANGLE",)),)),
            Row("ConstantVolumeFlag", values=YES_NO),
            Row("FluoroscopyFlag", values=YES_NO),
        ),
    ),
    Group(
        "CTAcquisitionDetailsSequence",
        (
            Row("RotationDirection", when=_ROTATES, values=("CW", "CC")),
            Row("RevolutionTime", when=_ROTATES),
            Row("SingleCollimationWidth"),
            Row("TotalCollimationWidth"),
            Row("TableHeight"),
            Row("GantryDetectorTilt"),
            Row("DataCollectionDiameter"),
        ),
    ),
    Group(
        "CTTableDynamicsSequence",
        (
            Row("TableSpeed", when=_TABLE_MOVES),
            Row("TableFeedPerRotation", when=(When("AcquisitionType", ("SPIRAL",)),)),
            Row("SpiralPitchFactor", when=(When("AcquisitionType", ("SPIRAL",)),)),
        ),
    ),
    Group(
        "CTPositionSequence",
        (
            Row("TablePosition"),
            Row("DataCollectionCenterPatient", count=3),
            Row("ReconstructionTargetCenterPatient", count=3),
        ),
    ),
    Group(
        "CTGeometrySequence",
        (
            Row("DistanceSourceToDetector"),
            # The classic attribute is the distance to the isocenter (PS3.3 C.8.2.1).
            Row("DistanceSourceToDataCollectionCenter", sources=(of("DistanceSourceToPatient"),)),
        ),
    ),
    Group(
        "CTReconstructionSequence",
        (
            Row("ReconstructionAlgorithm"),
            Row("ConvolutionKernel", count=0),
            Row("ConvolutionKernelGroup", "always", when=(When("ConvolutionKernel"),)),
            Row("ReconstructionFieldOfView", "optional", count=2),
            Row("ReconstructionDiameter", when=(When("ReconstructionFieldOfView", is_not=True),)),
            # Of ORIGINAL pixels, which nobody has resampled since.
            Row("ReconstructionPixelSpacing", sources=(of("PixelSpacing"),), count=2),
            Row("ReconstructionAngle"),
            Row("ImageFilter"),
        ),
    ),
    Group(
        "CTExposureSequence",
        (
            Row(
                "ExposureTimeInms",
                sources=(of("ExposureTime"), scaled("ExposureTimeInuS", _MILLI)),
            ),
            Row(
                "XRayTubeCurrentInmA",
                sources=(of("XRayTubeCurrent"), scaled("XRayTubeCurrentInuA", _MILLI)),
            ),
            Row("ExposureInmAs", sources=(of("Exposure"), scaled("ExposureInuAs", _MILLI))),
            Row("ExposureModulationType"),
            Row("CTDIvol", "optional"),
            Row("CTDIPhantomTypeCodeSequence", "optional", is_code=True),
            Row("ImageAndFluoroscopyAreaDoseProduct", "optional"),
        ),
    ),
    Group(
        "CTXRayDetailsSequence",
        (
            Row("KVP"),
            Row("FocalSpots", count=0),
            Row("FilterType"),
            Row("FilterMaterial", count=0),
            Row("CalciumScoringMassFactorPatient", "optional"),
            Row("CalciumScoringMassFactorDevice", "optional", count=3),
        ),
    ),
)
CT_TABLE = EnhancedTable(
    root=(*COMMON_ROOT, CONTRAST_ROW),
    groups=(
        Group("CTImageFrameTypeSequence", (), "always"),
        frame_content_group(),
        PIXEL_MEASURES_GROUP,
        *PLANE_GROUPS,
        FRAME_ANATOMY_GROUP,
        WINDOW_GROUP,
        transformation_group("HU", only="HU"),
        Group(
            "IrradiationEventIdentificationSequence",
            (Row("IrradiationEventUID", "always"),),
            "always",
        ),
        CONTRAST_GROUP,
        *_ACQUISITION_GROUPS,
    ),
    bits_stored=(12, 16),
)
