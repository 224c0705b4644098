"""Known private elements by private creator: generated, do not edit.

Made by ``tools/make_dictionary.py`` from pydicom 3.0.2.
"""

# ruff: noqa: E501, RUF001
# private creator -> lines of: mask of the tag (x for any digit), VR, name;
# text, so that loading it costs nothing and only asked-for creators are parsed
PRIVATE_ELEMENTS: dict[str, str] = {
    "1.2.840.113663.1": """
0029xx00 US Unknown
0029xx01 US Unknown
""",
    "1.2.840.113681": """
0019xx10 ST CR Image Params Common
0019xx11 ST CR Image IP Params Single
0019xx12 ST CR Image IP Params Left
0019xx13 ST CR Image IP Params Right
""",
    "1.2.840.113708.794.1.1.2.0": """
0087xx10 CS Media Type
0087xx20 CS Media Location
0087xx30 ST Storage File ID
0087xx40 DS Study or Image Size in MB
0087xx50 IS Estimated Retrieve Time
""",
    "2.16.840.1.114059.1.1.6.1.50.1": """
0029xx20 LT Description
0029xx21 ST Orientation
0029xx22 ST Parameter 1
0029xx23 ST Parameter 2
0029xx24 LO Teeth
0029xx25 LO Jaw
0029xx26 LO Quadrant
0029xx27 LO CRC
""",
    "A.L.I. Technologies, Inc.": """
3711xx01 LO Filename
3711xx02 OB Data Blob of a Visit
3711xx03 US Revision Number
3711xx04 UL Unix Timestamp
3711xx05 IS Bag ID
3711xx0C UI Original Study UID
3711xx0D US Overlay Grayscale Value
3711xx0E CS Anonymization Status
""",
    "ACUSON": """
0009xx00 IS Unknown
0009xx01 IS Unknown
0009xx02 UN Unknown
0009xx03 UN Unknown
0009xx04 UN Unknown
0009xx05 UN Unknown
0009xx06 UN Unknown
0009xx07 UN Unknown
0009xx08 LT Unknown
0009xx09 LT Unknown
0009xx0A IS Unknown
0009xx0B IS Unknown
0009xx0C IS Unknown
0009xx0D IS Unknown
0009xx0E IS Unknown
0009xx0F UN Unknown
0009xx10 IS Unknown
0009xx11 UN Unknown
0009xx12 IS Unknown
0009xx13 IS Unknown
0009xx14 LT Unknown
0009xx15 UN Unknown
""",
    "ACUSON: 1.2.840.11386.1.0": """
7FDFxx00 IS Lossy Compression Ratio
7FDFxx01 US Image Format
7FDFxx02 US Acuson Region Type
7FDFxx0B UL Acuson Image Apex X
7FDFxx0C UL Acuson Image Apex Y
7FDFxx0D IS B-Color-On Flag
""",
    "ACUSON:1.2.840.113680.1.0:0921": """
0009xx20 UN View Name
0009xx2A UN View List
""",
    "ACUSON:1.2.840.113680.1.0:7f10": """
7FDFxx00 UN Lossy Compression Ratio
7FDFxx01 UN Image Format
7FDFxx02 UN Acuson Region Type
7FDFxx0B UN Acuson Image Apex X
7FDFxx0C UN Acuson Image Apex Y
7FDFxx0D UN B-Color-On Flag
7FDFxx0E UN Acuson Mechanical Apex X
7FDFxx0F UN Acuson Mechanical Apex Y
7FDFxx10 UN Acquisition Type:
7FDFxx18 UN Transformation Matrix Sequence
7FDFxx20 UN Left angle
7FDFxx22 UN Right angle
7FDFxx24 UN Color Map Family
7FDFxx25 UN Full Colormap.
7FDFxx26 UN Color Invert
7FDFxx27 UN Color Baseline
7FDFxx28 UN CD Color Mix Points X1
7FDFxx29 UN CD Color Mix Points Y1
7FDFxx2A UN CD Color Mix Points X2
7FDFxx2B UN CD Color Mix Points Y2
7FDFxx2C UN Color Accent
7FDFxx30 UN Persistence SQ
7FDFxx31 UN Persistence Mode
7FDFxx32 UN Persistence Coefficient Mode
7FDFxx33 UN Alpha coefficient
7FDFxx34 UN Gamma coefficient
7FDFxx35 UN Persistence Time Flag
7FDFxx36 UN Persistence adaptive flag
7FDFxx37 UN Persistence Frame Rate
7FDFxx38 UN Persistence ID
7FDFxx40 UN Observation Date Time SQ
7FDFxx50 UN Capture Type Name
7FDFxx52 UN Capture Type Number
7FDFxx54 UN Number of Capture Types
7FDFxx60 UN CD Steering Angle
7FDFxx61 UN CD PRI
7FDFxx62 UN CD Dynamic Range
7FDFxx63 UN CD Velocity Scale Min
7FDFxx64 UN CD Velocity Scale Max
7FDFxx65 UN CD Color Mode
7FDFxx66 UN CD Frequency
7FDFxx67 UN CD Balance
7FDFxx68 UN CD Delta
7FDFxx69 UN CD Pan Box Min X0
7FDFxx6A UN CD Pan Box Min Y0
7FDFxx6B UN CD Pan Box Min X1
7FDFxx6C UN CD Pan Box Min Y1
7FDFxx6D UN CPS Map Type
7FDFxx6E UN CPS Map Data
7FDFxx6F UN CPS Balance Setting
7FDFxx70 UN 3DCard Step Angle
7FDFxx71 UN 3DCard Xdcr Angle
7FDFxx72 UN B-mode Frequency
7FDFxx73 UN B-mode Dynamic Range
7FDFxx74 UN B-mode Frame Rate
7FDFxx75 UN B-mode Space Time
7FDFxx76 UN B-mode Persistence
7FDFxx77 UN B-mode Display Depth Start
7FDFxx78 UN B-mode Display Depth End
7FDFxx79 UN B-mode Res Mode
7FDFxx7A UN B-mode Preset Application
7FDFxx7B UN Image Spec Name
7FDFxx7C UN B Preset Image Look
7FDFxx7D UN B-mode Post Processing
7FDFxx7E UN B Edge
7FDFxx7F UN B Delta
7FDFxx80 UN B-mode 1D Post Processing Curve
7FDFxx81 UN B-mode Delta (ECRI) Map Diagonal
7FDFxx82 UN Bytes Per Timestamp
7FDFxx83 UN Microseconds in unit timestamp
7FDFxx84 UN Start Stopwatch Timestamp
7FDFxx85 UN Acoustic Frame Timestamp
7FDFxx86 UN R-Wave Timestamp
7FDFxx87 UN Last Destruction Timestamp
7FDFxx88 UN Pixels Per Second
7FDFxx89 UN ECG Reference Timestamp
7FDFxx8A UN ECG Sampling Interval (milliseconds)
7FDFxx8B UN ECG Sample Count
7FDFxx8C UN ECG Sample Size
7FDFxx8D UN ECG Data Value
7FDFxx8E UN Contrast/Active Image Indicator
7FDFxx8F UN Live Dual Mode Indicator
7FDFxx90 UN 3DCard Clipset ID
7FDFxx91 UN 3DCard HRWave Min
7FDFxx92 UN 3DCard HRWave Max
7FDFxx93 UN Perspective Capture Type
7FDFxxF1 UN Trigger Mask.
7FDFxxF2 UN Study Directory
7FDFxxF3 UN Last Modify Date
7FDFxxF4 UN Last Modify Time
7FDFxxF5 UN Teaching Study
7FDFxxF6 UN Series Base UID
""",
    "ACUSON:1.2.840.113680.1.0:7ffe": """
7FDFxx00 UN Data Padding
""",
    "ADAC_IMG": """
0019xx02 IS Ver200 ADAC Pegasys File Size
0019xx10 LO ADAC Header Signature
0019xx11 US Number of ADAC Headers
0019xx12 IS ADAC Header/Image Sizes
0019xx20 OB ADAC Pegasys Headers
0019xx21 US Ver200 Number of ADAC Headers
0019xx41 IS Ver200 ADAC Header/Image Size
0019xx61 OB Ver200 ADAC Pegasys Headers
7043xx00 SH Cardiac Stress State
7043xx10 LO Philips NM Private Group
""",
    "AEGIS_DICOM_2.00": """
0003xx00 US Unknown
0005xx00 US Unknown
0009xx00 US Unknown
0019xx00 US Unknown
0029xx00 US Unknown
1369xx00 US Unknown
""",
    "AGFA": """
0009xx10 LO Unknown
0009xx11 LO Unknown
0009xx13 LO Unknown
0009xx14 LO Unknown
0009xx15 LO Unknown
0019xx10 SH Private Identification Code
0019xx11 LO Identification Data (Note 2)
0019xx13 LO Sensitometry Name
0019xx14 ST Window/Level List (Note 3)
0019xx15 LO Dose Monitoring List
0019xx16 LO Other Info (Note 5)
0019xx1A LO Clipped Exposure Deviation
0019xx1B LO Logarithmic PLT Full Scale
0019xx60 US Total number of series
0019xx61 SH Session Number
0019xx62 SH ID Station name
0019xx65 US Number of images in study to be transmitted (only sent with autoverify: on)
0019xx70 US Total number of images
0019xx80 ST Geometrical Transformations
0019xx81 ST Roam Origin
0019xx82 US Zoom factor
0019xx93 CS Status
""",
    "AGFA PACS Archive Mirroring 1.0": """
0031xx00 CS Unknown
0031xx01 UL Unknown
""",
    "AGFA-AG_HPState": """
0071xx18 SQ Unknown
0071xx19 SQ Unknown
0071xx1A SQ Unknown
0071xx1C SQ Unknown
0071xx1E SQ Unknown
0071xx20 FL Unknown
0071xx21 FD Unknown
0071xx22 FD Unknown
0071xx23 FD Unknown
0071xx24 FD Unknown
0073xx23 SH Unknown
0073xx24 SQ Unknown
0073xx28 SQ Unknown
0073xx80 FL Unknown
0075xx10 LO Unknown
0087xx01 LO Unknown
0087xx02 LO Unknown
""",
    "AGFA_ADC_Compact": """
0019xx05 ST Data stream from cassette
0019xx10 LO Private Identification Code
0019xx30 ST Set of destination types
0019xx40 ST Set of destination Ids
0019xx50 ST Set of processing codes
0019xx60 US Number of series in study
0019xx61 US Session Number
0019xx62 SH ID station name
0019xx70 US Number of images in series
0019xx71 US Break condition
0019xx72 US Wait (or Hold) flag
0019xx73 US ScanRes flag
0019xx74 SH Operation code
0019xx95 CS Image quality
""",
    "ALOKA:1.2.392.200039.103.2": """
0009xx00 SH Unknown
0009xx04 US Unknown
0009xx06 US Unknown
0009xx0A SH Unknown
0009xx20 CS Unknown
0009xx22 CS Unknown
0009xx24 CS Unknown
0009xx26 IS Unknown
0009xx28 IS Unknown
0009xx2A DS Unknown
0009xx30 FD Unknown
0009xx32 DS Unknown
0009xx34 CS Unknown
0019xx08 FD Unknown
0019xx0C CS Unknown
0019xx0E DS Unknown
0019xx18 SL Unknown
0019xx1A SL Unknown
0019xx40 SS Unknown
0019xx46 US Unknown
0019xx50 SL Unknown
0019xx52 DS Unknown
0019xx54 DS Unknown
0019xx56 FD Unknown
""",
    "AMI Annotations_01": """
3101xx10 SQ AMI Annotation Sequence (RET)
""",
    "AMI Annotations_02": """
3101xx20 SQ AMI Annotation Sequence (RET)
""",
    "AMI ImageContextExt_01": """
3107xxA0 CS AMI Window Function (RET)
3107xxB0 DS AMI Window Slope (RET)
""",
    "AMI ImageContext_01": """
3109xx10 CS AMI Window Invert (RET)
3109xx20 IS AMI Window Center (RET)
3109xx30 IS AMI Window Widith (RET)
3109xx40 CS AMI Pixel Aspect Ratio Swap (RET)
3109xx50 CS AMI Enable Averaging (RET)
3109xx60 CS AMI Quality (RET)
3109xx70 CS AMI Viewport Annotation Level (RET)
3109xx80 CS AMI Show Image Annotation (RET)
3109xx90 CS AMI Show Image Overlay (RET)
""",
    "AMI ImageTransform_01": """
3107xx10 DS AMI Transformation Matrix (RET)
3107xx20 DS AMI Center Offset (RET)
3107xx30 DS AMI Magnification (RET)
3107xx40 CS AMI Magnification Type (RET)
3107xx50 DS AMI Displayed Area (RET)
3107xx60 DS AMI Calibration Factor (RET)
""",
    "AMI Sequence AnnotElements_01": """
3105xx10 DS AMI Annotation Element Position
3105xx20 LT AMI Annotation Element Text
""",
    "AMI Sequence Annotations_01": """
3103xx10 CS AMI Annotation Sequence (RET)
3103xx20 UI AMI Annotation UID (RET)
3103xx30 US AMI Annotation Color (RET)
3103xx40 FD FontSize
3103xx50 CS AMI Annotation Line Style (RET)
3103xx60 SQ AMI Annotation Elements (RET)
3103xx70 SH AMI Annotation Label (RET)
3103xx80 PN AMI Annotation Creator (RET)
3103xx90 PN AMI Annotation Modifiers (RET)
3103xxA0 DA AMI Annotation Creation Date (RET)
3103xxB0 TM AMI Annotation Creation Time (RET)
3103xxC0 DA AMI Annotation Modification Dates (RET)
3103xxD0 TM AMI Annotation Modification Times (RET)
3103xxE0 US AMI Annotation Frame Number (RET)
""",
    "AMI Sequence Annotations_02": """
3103xx10 CS AMI Annotation Sequence (RET)
3103xx20 UI AMI Annotation UID (RET)
3103xx30 US AMI Annotation Color (RET)
3103xx50 CS AMI Annotation Line Style (RET)
3103xx60 SQ AMI Annotation Elements (RET)
3103xx70 SH AMI Annotation Label (RET)
3103xx80 PN AMI Annotation Creator (RET)
3103xx90 PN AMI Annotation Modifiers (RET)
3103xxA0 DA AMI Annotation Creation Date (RET)
3103xxB0 TM AMI Annotation Creation Time (RET)
3103xxC0 DA AMI Annotation Modification Dates (RET)
3103xxD0 TM AMI Annotation Modification Times (RET)
3103xxE0 US AMI Annotation Frame Number (RET)
""",
    "AMI StudyExtensions_01": """
3111xx01 UL AMI Last Released Annot Label (RET)
""",
    "AMICAS0": """
0023xx01 UI
0023xx08 US
0023xx10 US
0023xx16 SL
""",
    "APEX_PRIVATE": """
0027xx10 LO Private Creator
0027xx11 DS Bed Position
""",
    "ATL HDI V1.0": """
0009xx00 UN Private
0009xx10 UN Private
0009xx20 UN Private
0009xx30 UN Private
0009xx40 UN Private
0009xx50 UN Private
0009xx60 UN Private
0009xx70 UN Private
0009xx80 UN Private
0009xx90 UN Private
0009xx91 UN Private
0029xx30 UN Loop Mode
0029xx31 UN Trigger mode
0029xx32 UN Number of Loops
0029xx33 UN Loop Indexes
0029xx34 UN Loop Heart Rates
0029xx35 UN Medications
""",
    "ATL PRIVATE TAGS": """
0029xx30 UL Loop Mode
0029xx31 UL Trigger mode
0029xx32 UL Number of Loops
0029xx33 DS Loop Indexes
0029xx34 DS Loop Heart Rates
0029xx35 LO Medications
""",
    "Acuson X500": """
0009xx20 UN (a)View Name
0009xx2A UN View List
0011xx10 UN Siemens Medical
0011xx11 UN DIMAQ Software
0011xx20 UN Private Data
0011xx21 UN Private Data
0013xx10 UN Siemens Medical
0013xx11 UN DIMAQ Software
0013xx20 UN Private Data
0015xx10 UN Siemens Medical
0015xx11 UN DIMAQ Software
0015xx20 UN Private Data
0017xx10 UN Siemens Medical
0017xx11 UN DIMAQ Software
0017xx20 UN Private Data
0019xx20 UN Import Structured
""",
    "Agfa ADC NX": """
0019xx09 SQ Unknown
0019xxF5 CS Cassette Orientation
0019xxF6 DS Plate Sensitivity
0019xxF7 DS Plate Erasability
0019xxF8 IS Unknown
0019xxFE CS Unknown
""",
    "AgilityRuntime": """
0029xx11 CS Unknown
0029xx12 US Unknown
0029xx13 US Unknown
0029xx14 US Unknown
0029xx1F US Unknown
""",
    "Applicare/Centricity Radiology Web/Version 1.0": """
4109xx01 SH Mammography Laterality
4109xx02 SH Mammography View Name
4109xx03 SH Mammography View Modifier
""",
    "Applicare/Centricity Radiology Web/Version 2.0": """
4111xx01 CS Secondary Spine Label
4111xx02 IS Additional tags for Presentation State
""",
    "Applicare/Print/Version 5.1": """
4101xx01 UL <internal
4101xx02 SQ <internal
4101xx03 LO <internal
4101xx04 UL <internal
4101xx05 FD <internal
4101xx06 US <internal
4101xx07 US <internal
4101xx08 US <internal
4101xx09 US <internal
""",
    "Applicare/RadStore/Version 1.0": """
3113xx01 SL OBSOLETE
3113xx02 SL Id1
3113xx03 SL Id2
3113xx04 SL Id3
3113xx11 LO OBSOLETE
3113xx12 CS State
3113xx13 DT DateLastModified
3113xx14 DT DateLastAccessed
3113xx15 CS OBSOLETE
3113xx16 FD ByteSize
3113xx17 LO LibraryId
3113xx18 LO Pathnames
3113xx19 LO DriverPath
3113xx1A LO Source
3113xx1B LO Destination
3113xx1C SL MediumId
3113xx1D LO ArchiveId
3113xx1E LO Origin
3113xx21 SL Version
3113xx22 SL OBSOLETE
3113xx23 ST InstanceFileLocation
3113xx31 IS OBSOLETE
3113xx32 IS OBSOLETE
3113xx33 IS OBSOLETE
3113xx35 LO ImageMediumLocation
3113xx36 LO ImageMediumLabel
3113xx37 CS ImageMediumState
3113xx38 LO SeriesMediumLocation
3113xx39 LO SeriesMediumLabel
3113xx3A CS SeriesMediumState
3113xx3B LO StudyMediumLocation
3113xx3C LO StudyMediumLabel
3113xx3D CS StudyMediumState
3113xx52 CS StudyState
3113xx53 CS SeriesState
3113xx55 CS ImageStateText
3113xx56 CS SeriesStateText
3113xx57 CS StudyStateText
3113xx60 DT Expiration
3113xx69 AT DeletedTags
""",
    "Applicare/RadWorks/Version 5.0": """
3109xx01 ST <internal
3109xx02 SH NEW/SEEN Status
3109xx03 CS Delete Lock
3109xx04 CS <internal
3109xx05 CS <internal
3109xx06 CS <internal
3109xx07 UL <internal
3109xx08 LO Receive Origin
3109xx09 LO Folder
3109xx0A DA Receive Date
3109xx0B TM Receive Time
3109xx0C CS Prior
3109xx0D CS STAT Study
3109xx0E CS <internal
3109xx10 CS <internal
3109xx11 LO <internal
3109xx12 LO <internal
3109xx13 DA <internal
3109xx14 TM <internal
3109xx19 LO <internal
3109xx20 UI <internal
3109xx21 CS <internal
3109xx22 AE <internal
3109xx23 US <internal
3109xx24 LO <internal
3109xx25 LO <internal
3109xx26 UI <internal
3109xx27 SQ <internal
3109xx28 LO <internal
3109xx29 LO <internal
3109xx2A LO Send Flag
3109xx2B LO Print Flag
3109xx2C LO Archive Flag
3109xx30 LO <internal
3109xx31 CS <internal
3109xx32 CS <internal
3109xx33 CS Request Storage Commitment
3109xx34 CS Requested Compression
3109xx35 SQ <internal
3109xx36 LO <internal
3109xx37 UI <internal
3109xx38 SH <internal
3109xx39 SH <internal
3109xx40 IS <internal
3109xx41 CS <internal
3109xx42 CS <internal
3109xx43 CS Archive Status
3109xxEE UI <internal
3109xxEF CS <internal
""",
    "Applicare/RadWorks/Version 6.0": """
4103xx01 AT Internal: non-existent tags
4103xx02 UI Internal: non-existent objects
4105xx01 CS Annotation Type
4105xx02 DS Annotation Value
4105xx03 UI Cutline Image UID
4105xx04 UI Cutline Set UID
4105xx05 US Annotation Color
4105xx06 CS Annotation Line Style
4105xx07 SH Annotation Label
4105xx08 PN Annotation Creator
4105xx09 DA Annotation Creation Date
4105xx0A TM Annotation Creation Time
4105xx0B SQ Annotation Modification Sequence
4105xx0C PN Annotation Modifier
4105xx0D DA Annotation Modification Date
4105xx0E TM Annotation Modification Time
4105xx0F LO Palette Color LUT Name
4105xx10 US Annotation Number
4107xx01 SQ Requested Palette Color LUT
""",
    "Applicare/RadWorks/Version 6.0/Summary": """
3109xx11 ST Receive Origin Description
3109xx12 ST Receive Origin Description
""",
    "Applicare/Workflow/Version 1.0": """
3113xx01 CS <internal
3113xx10 SH <internal
3113xx11 SH <internal
3113xx12 LO <internal
3113xx15 SH <internal
3113xx16 SH <internal
3113xx17 LO <internal
3113xx20 SH <internal
3113xx21 SH <internal
3113xx22 LO <internal
3113xx25 SH <internal
3113xx26 SH <internal
3113xx27 LO <internal
3113xx30 UI <internal
3113xx31 UI <internal
3113xxE0 CS <internal
3113xxE1 CS <internal
3113xxE2 CS <internal
""",
    "BRIT Systems, Inc.": """
0021xx00 SQ Person Information Sequence
0021xx01 LO Person ID
0021xx02 PN Person Name
0021xx03 LO Person Role
0021xx04 SH Person Home Phone
0021xx05 SH Person Work Phone
0021xx06 SH Person Cell Phone
0021xx07 SH Person Pager Phone
0021xx08 SH Person Fax Phone
0021xx09 LO Person EMail
0021xx0A ST Person Address
0021xx0B LO Person Password
0021xx0C SH Person Emergency Phone
0021xx0D LO Physician ID
0021xx11 LO Original Patient ID
0021xx12 UI Original Study Instance UID
0021xx13 UI Original Series Instance UID
0021xx14 LO Master Accession Number
0021xx15 LO Order Category
0021xx16 LO Patient ICN
0021xx17 LO Patient DFS
0021xx18 LO Patient Class
0021xx19 LO Patient Type
0021xx1F LT Generic String
0021xx20 LO QC Study Assigned By
0021xx21 LO QC Study Split By
0021xx22 LO QC Study Moved By
0021xx23 LO QC Study Edited By
0021xx24 LO QC Series Split By
0021xx25 LO QC Series Moved By
0021xx26 LO QC Series Edited By
0021xx27 LO QC Image Moved By
0021xx28 LO QC Image Edited By
0021xx30 LO QC Done Time
0021xx31 LO QC Last Modification Time
0021xx32 LO QC Image Accepted By
0021xx33 LO QC Image Rejected By
0021xx34 DA QC Done Date
0021xx50 LO QC Deletion Requested
0021xx90 AE Original Sender AE Title
0021xx91 LO Software Title
0021xx92 SH Software Version
0021xx93 LO Serial Number
0021xxA0 SQ Object Action Sequence
0021xxA1 ST Object Action
0021xxA2 DA Object Action Date
0021xxA3 TM Object Action Time
0021xxA5 AE Local AE Title
0021xxA6 SH Local IP Address
0021xxA7 AE Remote AE Title
0021xxA8 SH Remote IP Address
""",
    "BioPri": """
0009xx00 LO Unknown
0009xx01 UN Unknown
0009xx02 UN Unknown
0009xx03 LO Unknown
0009xx04 LO Unknown
0009xx05 LO Unknown
0009xx07 LO Unknown
0009xx08 LO Unknown
0009xx09 LO Unknown
0009xx10 UN Unknown
""",
    "BioPri3D": """
001110xx UN Private Segmentation Data
006310xx UN Private Creator
""",
    "BrainLAB_BeamProfile": """
3411xx01 SQ Beam Profile Sequence
3411xx02 IS Beam Profile Number
3411xx03 SQ Beam Parameter Sequence
3411xx04 UT Parameter Description
3411xx05 OB Parameter Data
3411xx06 IS Referenced Beam Profile Number
""",
    "BrainLAB_Conversion": """
0009xx01 LO Export Platform Name
0009xx02 OB Export Platform Data
""",
    "BrainLAB_PatientSetup": """
3273xx00 DS Isocenter Position
3273xx01 CS Patient Position
""",
    "CAMTRONICS": """
0029xx10 LT Commentline
0029xx20 DS Edge Enhancement Coefficient
0029xx50 LT Scene Text
0029xx60 LT Image Text
0029xx70 IS Pixel Shift Horizontal
0029xx80 IS Pixel Shift Vertical
0029xx90 IS Unknown
""",
    "CAMTRONICS IP": """
0029xx10 LT Unknown
0029xx20 UN Unknown
0029xx30 UN Unknown
0029xx40 UN Unknown
""",
    "CANON_MEC_MR3": """
00290001 SQ Other Private Data
00290089 LO Unknown
00290090 OB Reversed EVRLE DataSet
700D0000 DS Scale Factor
700D0005 DS FOV
700D000C CS Receiver Gain Correction Check Flag
700D0020 SH Identification Flag of 3D GDC
""",
    "CANON_MEC_MR3^10": """
00090002 SH Unknown
00110003 US Unknown
00110004 SQ Unknown
00110005 US Unknown
00110006 US Unknown
00110007 UL Unknown
00110008 SH Unknown
0011000C SS Unknown
0011000E US Unknown
00190001 UL Unknown
00190002 SL Unknown
00190003 US Unknown
00190004 SL Unknown
00190005 FL Unknown
00190006 SL Unknown
00190007 FL Unknown
00190008 US Unknown
00190009 FL Unknown
0019000A FL Unknown
0019000B FL Unknown
0019000C US Unknown
0019000D SL Unknown
0019000E SL Unknown
0019000F SL Unknown
00190010 US Unknown
00190011 SL Unknown
00190012 US Unknown
00190013 SL Unknown
00190014 US Unknown
00190015 SL Unknown
00190016 FL Unknown
00190017 SL Unknown
00190018 US Unknown
00190019 SL Unknown
0019001A US Unknown
0019001B SL Unknown
0019001C SL Unknown
0019001D SL Unknown
0019001E US Unknown
00190027 SL Unknown
00190028 SL Unknown
00190029 SH Unknown
0019002A SL Unknown
0019002B SH Unknown
0019002C SL Unknown
0019002D SL Unknown
0019002E US Unknown
0019002F FL Unknown
00190030 UL Unknown
00190031 OF Unknown
00190032 FL Unknown
00190033 SL Unknown
00190034 SL Unknown
00190035 SL Unknown
00190036 SQ Unknown
00190038 SL Unknown
00190039 SL Unknown
0019003A SL Unknown
0019003B SL Unknown
0019003C SL Unknown
0019003D SL Unknown
0019003E SL Unknown
0019003F SL Unknown
00190042 US Unknown
00190043 US Unknown
00190044 SL Unknown
00190045 SS Unknown
00190046 US Unknown
00190047 FL Unknown
00190048 US Unknown
00190049 US Unknown
0019004B US Unknown
0019004C US Unknown
0019004E US Unknown
0019004F US Unknown
00190050 SL Unknown
00190051 SL Unknown
00190052 LO Unknown
00190054 US Unknown
00190055 US Unknown
00190056 FL Unknown
00190057 FL Unknown
00190058 FL Unknown
00190059 SL Unknown
0019005A FL Unknown
0019005D FL Unknown
0019005E SL Unknown
0019005F FL Unknown
00190060 US Unknown
00190061 US Unknown
00190062 US Unknown
00190063 FL Unknown
00190065 SL Unknown
0019006B SL Unknown
0019006D SL Unknown
0019006E FL Unknown
0019006F SL Unknown
00190070 LO Unknown
00190071 LO Unknown
00190073 LO Unknown
00190075 LO Unknown
00190076 LO Unknown
00190078 LO Unknown
0019007B LO Unknown
0019007C FL Unknown
0019007D FL Unknown
0019007E SL Unknown
0019007F SL Unknown
00190085 FL Unknown
00190086 SL Unknown
00190087 FL Unknown
00190088 LO Unknown
00190089 FL Unknown
0019008A SL Unknown
0019008C UL Unknown
0019008D TM Unknown
0019008E SL Unknown
00190092 SL Unknown
00190093 FL Unknown
00190096 US Unknown
0019009B FL Unknown
0019009C SL Unknown
001900A0 SL Unknown
001900A1 DS Unknown
001900A2 SL Unknown
001900A3 SL Unknown
001900A4 FL Unknown
001900A5 FL Unknown
001900A6 SL Unknown
001900A8 FL Unknown
001900A9 SL Unknown
001900AB FL Unknown
001900AC US Unknown
001900AD FL Unknown
001900AE FL Unknown
001900AF SL Unknown
001900B0 SL Unknown
001900B1 SL Unknown
001900B4 SL Unknown
001900B5 SL Unknown
001900B6 SL Unknown
001900B7 FL Unknown
001900BA FL Unknown
001900BB FL Unknown
001900BC FL Unknown
001900BD SL Unknown
001900BE SL Unknown
001900C1 SL Unknown
001900C3 SL Unknown
001900C6 FL Unknown
001900C9 SL Unknown
001900CA LO Unknown
001900CB UL Unknown
001900CC UL Unknown
001900CD SL Unknown
001900CE SL Unknown
001900CF SL Unknown
001900D0 US Unknown
001900D1 SL Unknown
001900D2 SL Unknown
001900D3 SL Unknown
001900D4 SL Unknown
001900D8 US Unknown
001900D9 SQ Unknown
001900DA US Unknown
001900DB SL Unknown
001900DC SL Unknown
001900E1 SL Unknown
001900E4 SL Unknown
001900E5 SQ Unknown
001900E6 SQ Unknown
001900E9 SL Unknown
001900EA UI Unknown
001900EB SL Unknown
001900EC US Unknown
001900EE FL Unknown
001900EF FL Unknown
001900F0 SL Unknown
001900F1 FL Unknown
001900F2 FL Unknown
001900F3 SL Unknown
001900F4 FD Unknown
001900F5 SL Unknown
001900F6 UI Unknown
001900F8 US Unknown
001900F9 SL Unknown
001900FA FL Unknown
001900FB UL Unknown
001900FC FL Unknown
001900FD FL Unknown
001900FE SL Unknown
001900FF SL Unknown
00210002 SL Unknown
00210003 SL Unknown
00210004 US Unknown
00210008 DS Unknown
00210009 DS Unknown
0021000A DS Unknown
0021000B US Unknown
0021000C US Unknown
0021000D FL Unknown
0021000F US Unknown
00210012 DS Unknown
00210014 SQ Unknown
00210015 FL Unknown
00210016 FL Unknown
00210018 US Unknown
0021001D IS Unknown
0021001F US Unknown
00210022 US Unknown
00210023 SS Unknown
00290001 SL Unknown
00290005 SQ Unknown
00290006 FL Unknown
00290007 FL Unknown
0029001C FL Unknown
00290021 SL Unknown
0029004E SL Unknown
00290050 LO Unknown
00290051 LO Unknown
00290052 LO Unknown
00290054 LO Unknown
00290067 FD Unknown
00290068 SS Unknown
0029006E OB Unknown
700D0010 DS 2nd Flip Angle [degree]
700D0011 US Acquisition Inner Matrix
700D0012 US MP2RAGE Flag
700D0013 FL Inversion efficiency of inversion recovery pulse
700D0014 SL Number of dummy shot
700D0015 FL FFE total repetition time[s]
700D0016 LO PAS Name
700D0017 LT Intended Processing
700D0018 SS Scanned Orientation IDs
700D0019 OB PAS Reproduct Information
700D001A DS ASTAR Inversion Time
700D001B DS Saturation Recovery Time
E2010002 US Unknown
E3010000 SH Unknown
E4010000 US Unknown
E4010001 US Unknown
E4010002 US Unknown
E4010003 US Unknown
E4010004 US Unknown
E4010005 OB Unknown
E4010007 FL Unknown
E4010008 FL Unknown
E4010012 FL Unknown
E4010013 OB Unknown
E4010020 SQ Unknown
E4010021 SQ Unknown
E4010022 LO Unknown
E4010023 SH Unknown
E4010024 OB Unknown
E4030000 SQ Unknown
EE010000 US Unknown
EE010001 OB Unknown
EE010002 US Unknown
""",
    "CANON_MEC_MR3^11": """
00190001 OB Unknown
00190002 SL Unknown
00190003 SL Unknown
00190004 SL Unknown
00190008 SH Unknown
00190009 SL Unknown
0019000A SL Unknown
0019000C SL Unknown
00190019 SQ Unknown
0019001A FL Unknown
00190024 SL Unknown
00190025 SL Unknown
00190026 SL Unknown
00190028 SL Unknown
00190029 SL Unknown
0019002A FL Unknown
0019002B FL Unknown
0019002C SL Unknown
0019002D SL Unknown
0019002E SL Unknown
00190030 SL Unknown
00190031 SL Unknown
00190032 SL Unknown
00190034 FL Unknown
00190035 SL Unknown
00190036 FL Unknown
00190037 SL Unknown
00190038 SL Unknown
00190039 FL Unknown
0019003A FL Unknown
0019003D SL Unknown
0019003E FL Unknown
0019003F UI Unknown
00190040 US Unknown
00190041 US Unknown
00190042 SL Unknown
00190043 SL Unknown
00190044 SL Unknown
00190046 FL Unknown
00190048 LT Unknown
00190049 LT Unknown
0019004C SL Unknown
0019004D SL Unknown
0019004E SL Unknown
00190055 LO Unknown
00190057 FL Unknown
00190058 US Unknown
00190059 US Unknown
0019005D SL Unknown
0019005E US Unknown
0019005F FL Unknown
00190060 SL Unknown
00190061 FL Unknown
00190062 FL Unknown
00190063 SL Unknown
00190065 SL Unknown
00190066 SL Unknown
00190068 SL Unknown
00190069 SL Unknown
0019006A SL Unknown
0019006B SL Unknown
0019006D SH Unknown
0019006E SH Unknown
0019006F FL Unknown
00190071 SL Unknown
00190072 FL Unknown
00190073 FL Unknown
00190077 FL Unknown
00190078 SL Unknown
00190079 FL Unknown
0019007A SL Unknown
0019007C FL Unknown
0019007D SL Unknown
0019007E SL Unknown
0019007F SL Unknown
00190080 FL Unknown
00190083 FL Unknown
00190087 SL Unknown
0019008A US Unknown
0019008F SL Unknown
00190092 SL Unknown
00190093 SL Unknown
00190094 FL Unknown
0019009A SL Unknown
0019009B US Unknown
0019009C FL Unknown
0019009D SL Unknown
0019009E SL Unknown
0019009F SL Unknown
001900A1 SL Unknown
001900A2 SL Unknown
001900A3 SL Unknown
001900A5 US Unknown
001900A6 US Unknown
001900A8 SL Unknown
001900AD SL Unknown
001900AE SL Unknown
001900B0 FL Unknown
001900B1 SL Unknown
001900B2 US Unknown
001900B3 US Unknown
001900B4 US Unknown
001900B5 FL Unknown
001900B6 SL Unknown
001900B7 US Unknown
001900B9 US Unknown
001900BB FL Unknown
001900BC SL Unknown
001900BD SL Unknown
001900BE FL Unknown
001900BF SL Unknown
001900C0 SL Unknown
001900C1 US Unknown
001900C2 SL Unknown
001900C3 FL Unknown
001900C4 SL Unknown
001900CD SL Unknown
001900E1 FL Unknown
001900E3 SL Unknown
001900E4 DS Unknown
001900E5 SQ Unknown
001900E6 SQ Unknown
001900F1 SL Unknown
001900F2 FL Unknown
001900F3 SL Unknown
001900F4 SL Unknown
001900F5 SQ Unknown
001900F6 SL Unknown
001900F7 SL Unknown
001900F8 SL Unknown
001900F9 SL Unknown
001900FA SL Unknown
001900FB FL Unknown
001900FC FL Unknown
001900FD SL Unknown
001900FE SL Unknown
001900FF SL Unknown
""",
    "CANON_MEC_MR3^12": """
00190000 SL Unknown
00190001 SL Unknown
00190002 SL Unknown
00190003 SL Unknown
00190004 SL Unknown
00190005 SH Unknown
00190006 FL Unknown
00190007 UL Unknown
00190008 UL Unknown
00190009 SL Unknown
0019000A SL Unknown
0019000B SL Unknown
0019000C UL Unknown
0019000D SQ Unknown
0019000E US Unknown
00190010 SL Unknown
00190011 SL Unknown
00190012 SL Unknown
00190013 FL Unknown
00190014 FL Unknown
00190018 UL Unknown
00190028 DS Unknown
0019002A DS Unknown
0019002B SQ Unknown
00190032 SH Unknown
00190034 SL Unknown
00190052 FL Unknown
00190076 OB Unknown
00190079 SQ Unknown
00190080 FD Unknown
00190086 LO Unknown
00190087 SQ Unknown
00190088 US Unknown
00190089 SL Unknown
0019008A US Unknown
0019008B US Unknown
00190093 SL Unknown
00190094 UI Unknown
00190095 UI Unknown
00190097 FL Unknown
00190098 FL Unknown
00190099 LO Unknown
0019009A DS Unknown
0019009B IS Unknown
0019009C DS Unknown
0019009D US Unknown
0019009E FL Unknown
0019009F FL Unknown
001900A0 FL Unknown
001900A1 FL Unknown
001900A2 FL Unknown
001900A3 FL Unknown
001900A4 FL Unknown
001900A5 FL Unknown
001900A6 FL Unknown
001900A7 FL Unknown
001900A8 FL Unknown
001900AA FL Unknown
001900AB FL Unknown
001900AC FL Unknown
001900AD FL Unknown
001900AE FL Unknown
001900AF FL Unknown
001900B3 FD Unknown
001900C2 US Unknown
001900C3 FL Unknown
001900C4 SL Unknown
001900C5 SL Unknown
001900C6 SL Unknown
001900C7 FL Unknown
001900CD LO Unknown
001900CE UL Unknown
001900CF FL Unknown
001900D1 FL Unknown
001900D2 US Unknown
001900D3 SS Unknown
001900D4 US Unknown
001900D5 FL Unknown
001900D6 FL Unknown
001900D7 US Unknown
001900DE US Unknown
001900DF US Unknown
001900E0 US Unknown
001900E1 FL Unknown
001900E2 FL Unknown
001900E3 TM Unknown
001900E4 US Unknown
001900EB US Unknown
001900EC US Unknown
001900EF DS Unknown
001900F0 LO Unknown
001900F1 LO Unknown
001900FA LT Unknown
001900FB FL Unknown
001900FC FL Unknown
001900FD SL Unknown
001900FE SL Unknown
""",
    "CANON_MEC_MR3^13": """
00190002 US Unknown
00190003 SL Unknown
00190004 US Unknown
00190005 SL Unknown
00190008 SL Unknown
00190009 SQ Unknown
0019000A FD Unknown
0019000B FD Unknown
0019000C FD Unknown
0019000F SH Unknown
00190014 SH Unknown
00190019 US Unknown
0019001B US Unknown
0019001F US Unknown
00190022 SL Unknown
E4030000 SH Unknown
E4030001 OB Unknown
E4030002 OB Unknown
E4030003 OB Unknown
""",
    "CARDIO-D.R. 1.0": """
0009xx00 UL File Location
0009xx01 UL File Size
0009xx40 SQ Alternate Image Sequence
0019xx00 CS Image Blanking Shape
0019xx02 IS Image Blanking Left Vertical Edge
0019xx04 IS Image Blanking Right Vertical Edge
0019xx06 IS Image Blanking Upper Horizontal Edge
0019xx08 IS Image Blanking Lower Horizontal Edge
0019xx10 IS Center Of Circular Image Blanking
0019xx12 IS Radius Of Circular Image Blanking
0019xx30 UL Maximum Frame Size
0021xx13 IS Image Sequence Number
0029xx00 SQ Standard Edge Enhancement Sequence
0029xx01 US Convolution Kernel Size
0029xx02 US Convolution Kernel Coefficients
0029xx03 FL Edge Enhancement Gain
""",
    "CARDIO-SMS 1.0": """
0009xx02 OB Private Data
0009xx03 OB Private Data
0009xx04 OB Private Data
0009xx05 OB Private Data
0009xx06 OB Private Data
0009xx08 OB ACOM flags
0009xx0A UN Private Data
0009xx0B UN Private Data
0009xx0C UN Private Data
0029xx80 SQ Private Data
0031xx01 UN Private Data stream
""",
    "CEMAX-ICON": """
0019xx00 LT CR Processing Parameters
0019xx10 LO CR Exposure Menu Code
0019xx20 LO CR Exposure Menu String
0019xx30 LO CR EDR Mode
0019xx40 LO CR Latitude
0019xx50 LO CR Group Number
0019xx60 LO CR Equipment ID
0019xx70 LO CR Image Serial Number
0019xx80 LO CR Bar Code Number
0019xx90 LO CR Film Output Exposure
0029xx00 LO Key Image
0029xx10 LT Note
0029xx20 SQ Annotation Sequence
0029xx30 IS X Start Position
0029xx40 IS Y Start Position
0029xx50 IS X End Position
0029xx60 IS Y End Position
0029xx70 LO Annotation Text
0029xx80 IS Which Marker
0029xx90 SQ Annotation Sequence
0029xx91 IS X Coordinates
0029xx92 IS Y Coordinates
0029xx93 IS Annotation Type
0029xx94 IS Number of points
0029xx95 IS Fill Type
3033xx00 CS Study Priority Status
""",
    "Canon Inc.": """
0019xx10 OB Canon Internal Data 1
0019xx13 UN Unknown
0019xx15 DS Unknown
0019xx16 UN Unknown
0019xx17 DS Unknown
0019xx18 UN Unknown
0019xx19 UN Unknown
0019xx1A UN Unknown
0019xx1B LO Unknown
0019xx1C IS Unknown
0019xx1E IS Unknown
0019xx1F UN Unknown
0019xx21 IS Unknown
0019xx60 US Performed number of series
0019xx70 US Performed number of images
0019xx7F OB Canon Internal Data 111
""",
    "DIDI TO PCR 1.1": """
0019xx00 LT Post Mode String
0019xx01 LT Post Data
0019xx10 LT Image Header
0019xx22 LO Route AET
0019xx23 DS PCR Print Scale
0019xx24 ST PCR Print Job End
0019xx25 IS PCR No Film Copies
0019xx26 IS PCR Film Layout Position
0019xx27 ST PCR Print Report Name
0019xx70 ST RAD Protocol Printer
0019xx71 ST RAD Protocol Medium
0019xx80 LO Original Filename
0019xx81 SH Filter Type
0019xx82 LT Stitching
0019xx89 IS Exposure Index
0019xx8A IS Collimator X
0019xx8B IS Collimator Y
0019xx8C LO Print Marker
0019xx8D LO RGDV Name
0019xx8E LO Acqd Sensitivity
0019xx8F LO Processing Category
0019xx90 LO Unprocessed Flag
0019xx91 DS Key Values
0019xx92 LO Destination Postprocessing Function
0019xxA0 LO Version
0019xxA1 LO Ranging Mode
0019xxA2 DS Abdomen Brightness
0019xxA3 DS Fixed Brightness
0019xxA4 DS Detail Contrast
0019xxA5 DA Contrast Balance
0019xxA6 DS Structure Boost
0019xxA7 DS Structure Preference
0019xxA8 DS Noise Robustness
0019xxA9 DS Noise Dose Limit
0019xxAA DS Noise Dose Step
0019xxAB DS Noise Frequency Limit
0019xxAC DS Weak Contrast Limit
0019xxAD DS Strong Contrast Limit
0019xxAE DS Structure Boost Offset
0019xxAF LO Smooth Gain
0019xxB0 LO Measure Field 1
0019xxB1 LO Measure Field 2
0019xxB2 IS Key Percentile 1
0019xxB3 IS Key Percentile 2
0019xxB4 IS Density LUT
0019xxB5 DS Brightness
0019xxB6 DS Gamma
0089xx10 SQ Stamp Image Sequence
""",
    "DIGISCAN IMAGE": """
0029xx31 US Unknown
0029xx32 US Unknown
0029xx33 LO Unknown
0029xx34 LO Unknown
""",
    "DLX_ANNOT_01": """
70xxxx04 ST Text_annotation
70xxxx05 IS Box
70xxxx07 IS Arrow end
""",
    "DLX_EXAMS_01": """
0015xx01 DS Stenos_calibr_ratio;
0015xx02 DS Stenos_magnification;
0015xx03 DS Cardiac_calibr_ratio;
""",
    "DLX_LKUP_01": """
60xxxx01 LT Gray Palette color lookup table descriptor
60xxxx02 LT Gray Palette color lookup table data
""",
    "DLX_PATNT_01": """
0011xx01 LT patient DOB
""",
    "DLX_SERIE_01": """
0019xx01 DS Angle Value 1
0019xx02 DS Angle Value 2
0019xx03 DS Angle Value 3
0019xx04 CS Angle Label 1
0019xx05 CS Angle Label 2
0019xx06 CS Angle Label 3
0019xx07 ST Adx Procedure Name
0019xx08 ST Adx Exam Name
0019xx09 SH Adx Patient Size
0019xx0A IS Adx Record View
0019xx10 DS Adx Injector Delay
0019xx11 CS Adx Auto Inject
0019xx14 IS Adx Acq Mode
0019xx15 CS Adx Camera Rotation Enable
0019xx16 CS Adx Reverse Sweep
0019xx17 IS User Spatial Filter Strength
0019xx18 IS User Zoom Factor
0019xx19 IS X Zoom
0019xx1A IS Y Zoom
0019xx1B DS Adx Focus
0019xx1C CS Adx Dose
0019xx1D IS Side Mark
0019xx1E IS Percent Landscape
0019xx1F DS Adx Exposure Duration
0019xx20 SH Ip Address
0019xx21 DS Table Vertical Position
0019xx22 DS Table Longitudinal Position
0019xx23 DS Table Lateral Position
0019xx24 DS Lambda cm Pincushion Distortion
0019xx25 DS Slope LV Regression
0019xx26 DS Intercept LV Regression
0019xx27 DS Image chain FWHM psf mm min
0019xx28 DS Image chain FWHM psf mm max
""",
    "DL_INTERNAL_USE": """
0015xx8F IS Unknown
""",
    "DR Systems, Inc.": """
4453xx01 LO DR Exam ID
4453xx02 LO DR Image Type
4453xx04 LO DR File Type
4453xx05 LO DR File Suffix
4453xx0A UN DR Annotation Type
4453xx0C SQ DR Original Instance UID Sequence
""",
    "DicomUtils 20100512": """
00090001 SQ DICOMUTILS_PROCESSING_METHODS
""",
    "ELGEMS_XPERT": """
7FA1xx00 OB XPert Composite Report Item buffer
7FA1xx10 OB Xpert Composite Report Item Identificator
""",
    "ELSCINT1": """
0003xx01 OW Offset List Structure
00E10046 OB Unknown
00E100E1 UN Unknown
00E100EC UN Unknown
00E11021 DS DLP
00E11037 DS Total Saving Dose
00E1103E IS Split Is Dual Surview
00E11050 DS Acquisition Duration
00E110C4 DS Abs Bed Pos
00E1xx01 US Data Dictionary Version
00E1xx05 IS Unknown
00E1xx06 IS Unknown
00E1xx07 IS Unknown
00E1xx14 CS Unknown
00E1xx18 OB Unknown
00E1xx21 DS Unknown
00E1xx22 DS Presentation Relative Center
00E1xx23 DS Presentation Relative Part
00E1xx24 CS Presentation Horizontal Invert
00E1xx25 CS Unknown
00E1xx2A DS Unknown
00E1xx30 UI Unknown
00E1xx31 CS Unknown
00E1xx32 US Unknown
00E1xx37 DS Unknown
00E1xx39 SQ Unknown
00E1xx3F CS Unknown
00E1xx40 SH Image Label
00E1xx41 DS Unknown
00E1xx42 LO Unknown
00E1xx43 IS Unknown
00E1xx50 DS Acquisition Duration
00E1xx51 SH Unknown
00E1xx60 CS Unknown
00E1xx61 LO Protocol File Name
00E1xx62 CS Unknown
00E1xx63 SH Patient Language
00E1xx65 LO Patient Data Modification Date
00E1xx6A IS Unknown
00E1xx6B IS Unknown
00E1xxA0 LO Unknown
00E1xxC2 UI Unknown
00E3xx00 OB Unknown
00E3xx18 OB Unknown
00E3xx1F OB Unknown
01E10040 UN Unknown
01E11017 UI ECG Reference UID
01E11026 CS Phantom Type
01E1xx18 OB Unknown
01E1xx21 ST Unknown
01E1xx34 IS Unknown
01F1000F UN Unknown
01F11001 CS Acquisition Type
01F11002 CS Resolution
01F11004 CS Angular Sampling
01F11008 DS Scan Length
01F1100C DS Scanner Relative Center
01F1100E FL Recon Enhancement
01F11026 FD Pitch
01F11027 DS Rotation Time
01F11028 DS Table Increment
01F11032 CS View Convention
01F11033 DS Cycle Time
01F11041 LO Gating Delay
01F11045 IS Initial Heart Rate
01F11049 DS Planned mAs
01F1104B SH Collimation
01F1104C SH DOSE Right DOM
01F1104D SH Adaptive Filter
01F1104E SH Scan Type
01F1xx01 CS Acquisition Type
01F1xx02 CS Unknown
01F1xx03 CS Concurrent Slices Generation
01F1xx04 CS Angular Sampling Density
01F1xx05 DS Reconstruction Arc
01F1xx06 DS Unknown
01F1xx07 DS Table Velocity
01F1xx08 DS Acquisition Length
01F1xx0A US Edge Enhancement Weight
01F1xx0B CS Unknown
01F1xx0C DS Scanner Relative Center
01F1xx0D DS Rotation Angle
01F1xx0E FL Unknown
01F1xx26 DS Pitch
01F1xx27 DS Rotation Time
01F1xx28 DS Unknown
01F1xx30 US Unknown
01F1xx32 CS Image View Convention
01F1xx33 DS Unknown
01F1xx36 CS Unknown
01F1xx37 DS Unknown
01F1xx38 LO Unknown
01F1xx39 LO Unknown
01F1xx40 CS Unknown
01F1xx42 SH Unknown
01F1xx43 LO Unknown
01F1xx44 OW Unknown
01F1xx45 IS Unknown
01F1xx46 FL Unknown
01F1xx47 SH Unknown
01F1xx49 DS Unknown
01F1xx4A SH Unknown
01F1xx4B SH Unknown
01F1xx4C SH Unknown
01F1xx4D SH Unknown
01F1xx4E LO Unknown
01F1xx53 SH Unknown
01F3xx01 SQ Unknown
01F3xx02 SS Unknown
01F3xx03 FL Unknown
01F3xx04 FL Unknown
01F3xx11 SQ PS Sequence
01F3xx12 SS Unknown
01F3xx13 FL Unknown
01F3xx14 FL Unknown
01F3xx15 US Unknown
01F3xx16 FL Unknown
01F3xx17 FL Unknown
01F3xx18 SH Unknown
01F3xx19 FL Unknown
01F3xx23 US Unknown
01F3xx24 IS Unknown
01F70097 UN Unknown
01F70099 UN Unknown
01F7009B IS iDose Level
01F7109B IS iDose Level
01F7xx10 OB Unknown
01F7xx11 OW Unknown
01F7xx13 OW Unknown
01F7xx14 OW Unknown
01F7xx15 OW Unknown
01F7xx16 OW Unknown
01F7xx17 OW Unknown
01F7xx18 OW Unknown
01F7xx19 OW Unknown
01F7xx1A OW Unknown
01F7xx1B OW Unknown
01F7xx1C OW Unknown
01F7xx1E OW Unknown
01F7xx1F OW Unknown
01F7xx22 UI Unknown
01F7xx23 OW Unknown
01F7xx25 OW Unknown
01F7xx26 OW Unknown
01F7xx27 OW Unknown
01F7xx28 OW Unknown
01F7xx29 OW Unknown
01F7xx2B OW Unknown
01F7xx2C OW Unknown
01F7xx2D OW Unknown
01F7xx2E OW Unknown
01F7xx30 OW Unknown
01F7xx31 OW Unknown
01F7xx70 OW Unknown
01F7xx73 OW Unknown
01F7xx74 OW Unknown
01F7xx75 OW Unknown
01F91001 LO Mar Filter
01F91002 DS Recon Increment
01F91003 DS CTDIw
01F91004 IS Couch Direction
01F91005 IS Series No In Acquisition
01F91007 SH Dose Right ACS
01F91008 DS Left DMS Tmp Diff
01F91009 DS Right DMS Tmp Diff
01F91010 LO Dose Right Noise
01F91011 DS Zero Position
01F91012 DS Show Couch Position
01F91013 IS Recon Mode
01F91014 DS Water Size
01F91015 DS Digital Tilt
01F91016 DS Scan Arc
0601xx00 SH Implementation Version
0601xx20 DS Relative Table Position
0601xx21 DS Relative Table Height
0601xx30 SH Surview Direction
0601xx31 DS Surview Length
0601xx50 SH Image View Type
0601xx70 DS Batch Number
0601xx71 DS Batch Size
0601xx72 DS Batch Slice Number
07A1xx01 UL number of series in study
07A1xx02 UL number of images in series
07A1xx03 UL last update time
07A1xx04 UL last update date
07A1xx07 US Unknown
07A1xx08 DS Unknown
07A1xx09 OW Unknown
07A1xx0A OB Tamar Compressed Pixel Data
07A1xx0C US Unknown
07A1xx10 LO Tamar Software Version
07A1xx11 CS Tamar Compression Type
07A1xx12 FL Unknown
07A1xx13 UL Unknown
07A1xx14 LO protection flag
07A1xx16 FL Unknown
07A1xx18 SQ Unknown
07A1xx19 FL Unknown
07A1xx1C FL Unknown
07A1xx2A CS Tamar Study Status
07A1xx2B CS Unknown
07A1xx36 AE Tamar Source Ae
07A1xx40 CS Tamar Study Body Part
07A1xx43 IS Unknown
07A1xx50 US Tamar Site Id
07A1xx56 US Unknown
07A1xx5A CS Unknown
07A1xx75 LO Unknown
07A1xx85 UL Tamar Translate Flags
07A1xx9F CS Unknown
07A3xx01 LO Tamar Exe Software Version
07A3xx03 CS Tamar Study Has Sticky Note
07A3xx05 CS Unknown
07A3xx06 CS Unknown
07A3xx10 LO Tamar Original Curve Desc
07A3xx34 SH Tamar Study Age
07A3xx43 DS Unknown
07A3xx55 SH Unknown
07A3xx61 LT Unknown
07A3xx62 SQ Unknown
07A3xx63 SQ Unknown
07A3xx64 IS Unknown
07A3xx66 IS Unknown
07A3xx99 CS Unknown
07A3xx9C CS Unknown
07A3xx9F CS Unknown
5001xx70 SQ Unknown
5001xx71 SH Unknown
5001xx80 SQ Unknown
5001xx81 SH Unknown
5001xx82 US Unknown
5001xx83 FL Unknown
5001xx84 SQ Unknown
6001xx10 CS Text Overlay Flag
7FDFxxF0 OB Unknown
7FDFxxFF SH Unknown
""",
    "EMAGEON JPEG2K INFO": """
0009xx00 SQ Unknown
0009xx01 DT Unknown
""",
    "EMAGEON STUDY HOME": """
0009xx00 LO Unknown
0009xx01 LO Unknown
""",
    "Eclipse 60": """
0029xx30 UL Private data
0029xx31 UL Private data
0029xx32 UL Private data
0029xx33 DS Private data
0029xx34 DS Private data
0029xx36 SL Private data
0029xx40 CS Private data
0029xx50 CS Private data
0029xx51 UL Private data
0029xx52 UL Private data
0029xx53 DS Private data
0029xx54 UL Private data
0029xx55 FL Private data
0029xx56 US Private data
0029xx60 LO Private data
0031xx30 UL Private data
0031xx31 UL Private data
0031xx32 LO Private data
0031xx33 UL Private data
0031xx34 UL Private data
0031xx35 UL Private data
200Dxx01 LO Private data
200Dxx02 LO Private data
200Dxx03 LO Private data
200Dxx04 LO Private data
200Dxx05 LO Private data
200Dxx06 LO Private data
200Dxx07 LO Private data
200Dxx08 LO Private data
200Dxx09 LO Private data
200Dxx0A IS Private data
200Dxx0B OB Private data
200Dxx0C IS Private data
200Dxx0D UL Private data
200Dxx0E IS Private data
200Dxx0F IS Private data
200Dxx10 IS Private data
200Dxx11 IS Private data
200Dxx12 OB Private data
200Dxx13 IS Private data
200Dxx14 IS Private data
200Dxx15 IS Private data
200Dxx1A IS Private data
200Dxx1B IS Private data
200Dxx20 SQ Private data
200Dxx27 FD Private data
200Dxx28 FD Private data
200Dxx30 LO Private data
200Dxx31 LO Private data
200Dxx32 LO Private data
200Dxx33 LO Private data
200Dxx34 LO Private data
200Dxx35 LO Private data
200Dxx36 LO Private data
200Dxx37 LO Private data
200Dxx38 LO Private data
200Dxx39 LO Private data
200Dxx3A LO Private data
200Dxx50 CS Private data
200Dxx51 CS Private data
200Dxx52 FD Private data
200Dxx53 CS Private data
200Dxx54 CS Private data
200Dxx55 FD Private data
200Dxx56 FD Private data
200Dxx57 FD Private data
200Dxx58 IS Private data
200Dxx59 FD Private data
200Dxx5A FD Private data
200Dxx5D CS Private data
200Dxx5E CS Private data
200DxxFF IS Private data
7777xx01 DA Private data
7777xx02 CS Private data
7777xx03 LO Private data
7777xx10 LO Private data
7777xx14 LT Private data
""",
    "FDMS 1.0": """
0009xx04 SH Image Control Unit
0009xx05 OW Image UID
0009xx06 OW Route Image UID
0009xx08 UL Image Display Information Version No.
0009xx09 UL Patient Information Version No.
0009xx0C OW Film UID
0009xx10 CS Exposure Unit Type Code
0009xx80 LO Kanji Hospital Name
0009xx90 ST Distribution Code
0009xx92 SH Kanji Department Name
0009xxF0 CS Blackening Process Flag
0009xxF1 ST Processing Information Flag
0019xx15 LO Kanji Body Part for Exposure
0019xx30 LO Menu Character String
0019xx32 LO Kanji Menu Name
0019xx40 CS Image Processing Type
0019xx50 CS EDR Mode
0019xx60 SH Radiographer's Code
0019xx70 IS Split Exposure Format
0019xx71 IS No. of Split Exposure Frames
0019xx80 IS Reading Position Specification
0019xx81 IS Reading Sensitivity Center
0019xx90 SH Film Annotation Character String 1
0019xx91 SH Film Annotation Character String 2
0019xxA0 SQ Exposure Status Sequence
0019xxA1 CS Exposure Status
0019xxA2 CS Exposure Kind
0021xx10 CS FCR Image ID
0021xx30 CS Set No.
0021xx40 IS Image No. in the Set
0021xx50 CS Pair Processing Information
0021xx70 IS Film Number within the Series
0021xx80 OB Equipment Type-Specific Information
0021xx90 CS LUT Number
0023xx10 SQ Left-image Processing Parameter Sequence
0023xx20 SQ Right-image Processing Parameter Sequence
0023xx30 SQ Single-image Processing Parameter Sequence
0025xx10 US Relative Light Emission Amount Sk
0025xx11 US Term of Correction for Each IP Type St
0025xx12 US Reading Gain Gp
0025xx13 US Latitude
0025xx15 CS Image Processing Selection Flag
0025xx16 US Min
0025xx17 US Max
0025xx20 US Sensitivity Shift (S-SHFT)
0025xx21 US Contrast Shift (C-SHIFT)
0025xx30 US GT
0025xx31 SS GA
0025xx32 US GC
0025xx33 SS GS
0025xx34 SS tan θ
0025xx40 US RT
0025xx41 US RN
0025xx42 US RE
0025xx43 US N
0025xx50 US DRT
0025xx51 US DRN
0025xx52 US DRE
0025xx53 US DN
0025xx60 US ORN
0025xx61 US ORE
0025xx62 US ON
0025xx63 CS ORD
0025xx70 US MDT
0025xx71 US MDB
0025xx72 US MDE
0025xx73 US MFP-DRC Suppression Characteristics Parameters
0025xx74 US MFP-DRC Frequency Characteristics Parameters
0025xx80 US MRT
0025xx81 US MRB
0025xx82 US MRE
0025xx83 US MFP-USM Suppression Characteristics Parameters
0025xx84 US MFP-USM Frequency Characteristics Parameters
0025xx90 US PTE (α edge)
0025xx91 US PTR (α calc)
0025xx92 US PRN
0025xx93 US PRE
0025xx94 US PEM Sstd
0025xx95 US PEM Lstd
0025xx96 CS PEM Unsharp Mask Value N
0025xxA0 US MFP GT
0025xxA1 SS MFP GA
0025xxA2 US MFP GC
0025xxA3 SS MFP GS
0027xx10 SQ γ Raw Data Table Sequence
0027xx20 SQ β Raw Data Table Sequence
0027xx30 SQ DRC Raw Data Table Sequence
0027xx40 SQ MFP-DRC Raw Data Table Sequence
0027xx50 SQ MFP-USM Raw Data Table Sequence
0027xx60 SQ PEM α Edge Raw Data Table Sequence
0027xx70 SQ PEM α Calc Raw Data Table Sequence
0027xx80 SQ MFP γ Raw Data Table Sequence
0027xxA0 IS No. of Data
0027xxA1 CS Data Input Type
0027xxA2 CS Data Output Type
0027xxA3 US_or_SS Raw Data
0029xx20 CS Image Scanning Direction
0029xx25 CS Image Rotation/Reversal Information
0029xx30 CS Extended Reading Size Value
0029xx34 US Mag./Reduc. Ratio
0029xx44 CS Line Density Code
0029xx50 CS Data Compression Code
0032xx32 PN Requesting Physician
0032xx33 LO Requesting Service
2011xx00 CS Trim Density
2011xx01 IS Trim Width
2011xx02 CS Image Mag./Reduc. Range
2011xx10 CS Image Display Format
2011xx11 CS Image Position Specifying Flag
2011xx20 OW Interpolation A-VRS System Format
50F1xx06 CS Energy Subtraction Param.
50F1xx07 CS Subtraction Registration Result
50F1xx08 CS Energy Subtraction Param. 2
50F1xx09 SL Afin Conversion Coefficient
50F1xx0A SH FNC Parameters
50F1xx10 CS Film Output Format
50F1xx20 CS Image Processing Modification Flag
""",
    "FFP DATA": """
0009xx01 UN CR Header Information
""",
    "GDCM CONFORMANCE TESTS": """
4D4Dxx01 SQ Array Container Sequence
4D4Dxx02 OB 0-Filled Array
""",
    "GE ??? From Adantage Review CS": """
0019xx30 LO CR EDR Mode
0019xx40 LO CR Latitude
0019xx50 LO CR Group Number
0019xx70 LO CR Image Serial Number
0019xx80 LO CR Bar Code Number
0019xx90 LO CR Film Output Exposures
""",
    "GE LUT Asymmetry Parameter": """
0045xx67 DS LUT Asymmetry
""",
    "GEHC_CT_ADVAPP_001": """
0053xx20 IS ShuttleFlag
0053xx21 IS TableSpeedNotReachesTargetFlag
0053xx40 SH IterativeReconAnnotation
0053xx41 SH IterativeReconMode
0053xx42 LO IterativeReconConfiguration
0053xx43 SH IterativeReconLevel
0053xx60 SH reconFlipRotateAnno
0053xx61 SH highResolutionFlag
0053xx62 SH RespiratoryFlag
""",
    "GEIIS": """
0009xx10 SQ GE IIS Thumbnail Sequence
0009xx12 IS Unknown
0029xx10 UL Shift Count
0029xx12 UL Offset
0029xx14 UL Actual Frame Number
004Bxx13 IS Unknown
004Bxx15 LT Unknown
0905xx30 LO Assigning Authority For Patient ID
0907xx10 UI Original Study Instance UID
0907xx20 UI Original Series Instance UID
0907xx30 UI Original SOP Instance UID
7FD1xx10 UL GE IIS Compression ID
7FD1xx20 UL GE IIS Multiframe Offsets
7FD1xx30 UL Unknown
7FD1xx40 UL Unknown
7FD1xx50 UL Unknown
7FD1xx60 UL Unknown
""",
    "GEIIS PACS": """
0903xx10 US Reject Image Flag
0903xx11 US Significant Flag
0903xx12 US Confidential Flag
0903xx20 CS Unknown
0907xx21 US GEIIS_PREFETCH_ALGORITHM
0907xx22 US GEIIS_LIMIT_RECENT_STUDIES
0907xx23 US GEIIS_LIMIT_OLDEST_STUDIES
0907xx24 US GEIIS_LIMIT_RECENT_MONTHS
0907xx31 UI GEIIS_EXCLUDE_STUDY_UIDS
""",
    "GEMS-IT/Centricity RA600/7.0": """
4113xx10 UI Number of images in study
""",
    "GEMS_0039": """
0039xx95 LO Unknown
""",
    "GEMS_3DSTATE_001": """
0047xxD6 ST General Description
0047xxD7 CS TDRT
0047xxD8 US NVRP
0047xxD9 US CVRPN
0047xxDA SQ Volume Rendering Presets Sequence
0047xxDB LO Preset Name
0047xxDC SS Opacity Curve X
0047xxDD FL Opacity Curve Y
0047xxDE US NOCP
0047xxDF SS Color Curve X
0047xxE1 US NCCP
0047xxE2 CS GSA
0047xxE3 CS VRSF
0047xxE4 FL AF
0047xxE5 FL DF
0047xxE6 FL SCF
0047xxE7 FL SPF
0047xxE8 FL Orthogonal Clipping Planes
0047xxE9 FL CP
0047xxEA DS CFP
0047xxEB DS CVU
0047xxEC FL RFOV
0047xxED CS PPRP
0047xxEE DS 3DWW
0047xxEF DS 3DWL
0047xxF0 CS BBV
0047xxF1 CS ERF
0047xxF2 US TDRMS
0047xxF3 FL TDSSS
""",
    "GEMS_ACQU_01": """
0009xx24 DS Unknown
0009xx25 US Unknown
0009xx3E US Unknown
0009xx3F US Unknown
0009xx42 US Unknown
0009xx43 US Unknown
0009xxF8 US Unknown
0009xxFB IS Unknown
001910xx LO Private Element Creator
0019xx01 LT Unknown
0019xx02 SL Detector Channel
0019xx03 DS Cell number at Theta
0019xx04 DS Cell spacing
0019xx05 LT Unknown
0019xx06 UN Unknown
0019xx0E US Unknown
0019xx0F DS Horiz. Frame of ref.
0019xx11 SS Series contrast
0019xx12 SS Last pseq
0019xx13 SS Start number for baseline
0019xx14 SS End number for baseline
0019xx15 SS Start number for enhanced scans
0019xx16 SS End number for enhanced scans
0019xx17 SS Series plane
0019xx18 LO First scan ras
0019xx19 DS First scan location
0019xx1A LO Last scan ras
0019xx1B DS Last scan loc
0019xx1E DS Display field of view
0019xx20 DS Unknown
0019xx22 DS Unknown
0019xx23 DS Table Speed [mm/rotation]
0019xx24 DS Mid Scan Time [sec]
0019xx25 SS Mid scan flag
0019xx26 SL Tube Azimuth [degree]
0019xx27 DS Rotation Speed [msec]
0019xx2A DS x-ray On position
0019xx2B DS x-ray Off position
0019xx2C SL Number of triggers
0019xx2D US Unknown
0019xx2E DS Angle of first view
0019xx2F DS Trigger frequency
0019xx39 SS SFOV Type
0019xx3A IS Unknown
0019xx3B LT Unknown
0019xx3C UN Unknown
0019xx3E UN Unknown
0019xx3F UN Unknown
0019xx40 SS Stat recon flag
0019xx41 SS Compute type
0019xx42 SS Segment Number
0019xx43 SS Total Segments Required
0019xx44 DS Interscan delay
0019xx47 SS View compression factor
0019xx48 US Unknown
0019xx49 US Unknown
0019xx4A SS Total no. of ref channels
0019xx4B SL Data size for scan data
0019xx52 SS Recon post proc. Flag
0019xx54 UN Unknown
0019xx57 SS CT water number
0019xx58 SS CT bone number
0019xx5A FL Acquisition Duration
0019xx5D US Unknown
0019xx5E SL Number of channels (1...512)
0019xx5F SL Increment between channels
0019xx60 SL Starting view
0019xx61 SL Number of views
0019xx62 SL Increment between views
0019xx6A SS Dependent on #views processed
0019xx6B SS Field of view in detector cells
0019xx70 SS Value of back projection button
0019xx71 SS Set if fatq estimates were used
0019xx72 DS Z chan avg over views
0019xx73 DS Avg of left ref chans over views
0019xx74 DS Max left chan over views
0019xx75 DS Avg of right ref chans over views
0019xx76 DS Max right chan over views
0019xx7D DS Second echo
0019xx7E SS Number of echoes
0019xx7F DS Table delta
0019xx81 SS Contiguous
0019xx82 US Unknown
0019xx83 DS Unknown
0019xx84 DS Peak SAR
0019xx85 SS Monitor SAR
0019xx86 US Unknown
0019xx87 DS Cardiac repetition time
0019xx88 SS Images per cardiac cycle
0019xx8A SS Actual receive gain analog
0019xx8B SS Actual receive gain digital
0019xx8D DS Delay after trigger
0019xx8F SS Swappf
0019xx90 SS Pause Interval
0019xx91 DS Pause Time
0019xx92 SL Slice offset on freq axis
0019xx93 DS Auto Prescan Center Frequency
0019xx94 SS Auto Prescan Transmit Gain
0019xx95 SS Auto Prescan Analog receiver gain
0019xx96 SS Auto Prescan Digital receiver gain
0019xx97 SL Bitmap defining CVs
0019xx98 SS Center freq. Method
0019xx99 US Unknown
0019xx9B SS Pulse Sequence Mode
0019xx9C LO Pulse Sequence Name
0019xx9D DT Pulse Sequence Date
0019xx9E LO Internal Pulse Sequence Name
0019xx9F SS Transmitting Coil Type
0019xxA0 SS Surface Coil Type
0019xxA1 SS Extremity Coil flag
0019xxA2 SL Raw data run number
0019xxA3 UL Calibrated Field strength
0019xxA4 SS SAT fat/water/bone
0019xxA5 DS Receive bandwidth
0019xxA7 DS User data 0
0019xxA8 DS User data 1
0019xxA9 DS User data 2
0019xxAA DS User data 3
0019xxAB DS User data 4
0019xxAC DS User data 5
0019xxAD DS User data 6
0019xxAE DS User data 7
0019xxAF DS User data 8
0019xxB0 DS User data 9
0019xxB1 DS User data 10
0019xxB2 DS User data 11
0019xxB3 DS User data 12
0019xxB4 DS User data 13
0019xxB5 DS User data 14
0019xxB6 DS User data 15
0019xxB7 DS User data 16
0019xxB8 DS User data 17
0019xxB9 DS User data 18
0019xxBA DS User data 19
0019xxBB DS User data 20
0019xxBC DS User data 21
0019xxBD DS User data 22
0019xxBE DS Projection angle
0019xxC0 SS Saturation planes
0019xxC1 SS Surface coil intensity
0019xxC2 SS SAT location R
0019xxC3 SS SAT location L
0019xxC4 SS SAT location A
0019xxC5 SS SAT location P
0019xxC6 SS SAT location H
0019xxC7 SS SAT location F
0019xxC8 SS SAT thickness R/L
0019xxC9 SS SAT thickness A/P
0019xxCA SS SAT thickness H/F
0019xxCB SS Phase Contrast flow axis
0019xxCC SS Velocity encoding
0019xxCD SS Thickness disclaimer
0019xxCE SS Prescan type
0019xxCF SS Prescan status
0019xxD0 SH Raw data type
0019xxD2 SS Projection Algorithm
0019xxD3 SH Projection Algorithm Name
0019xxD4 US Unknown
0019xxD5 SS Fractional echo
0019xxD6 SS Prep pulse
0019xxD7 SS Cardiac phase number
0019xxD8 SS Variable echoflag
0019xxD9 DS Concatenated SAT {# DTI Diffusion Dir., release 9.0 & below}
0019xxDA SS Reference channel used
0019xxDB DS Back projector coefficient
0019xxDC SS Primary speed correction used
0019xxDD SS Overrange correction used
0019xxDE DS Dynamic Z alpha value
0019xxDF DS User data 23 {# DTI Diffusion Dir., release 9.0 & below}
0019xxE0 DS User data 24 {# DTI Diffusion Dir., release 10.0 & above}
0019xxE1 DS Unknown
0019xxE2 DS Velocity Encode Scale
0019xxE3 LT Unknown
0019xxE4 LT Unknown
0019xxE5 IS Unknown
0019xxE6 US Unknown
0019xxE8 DS Unknown
0019xxE9 DS Unknown
0019xxEB DS Unknown
0019xxEC US Unknown
0019xxF0 UN Unknown
0019xxF1 LT Unknown
0019xxF2 SS Fast phases
0019xxF3 LT Unknown
0019xxF4 LT Unknown
0019xxF9 DS Transmit gain
""",
    "GEMS_ACRQA_1.0 BLOCK1": """
0023xx00 LO CR Exposure Menu Code
0023xx10 LO CR Exposure Menu String
0023xx20 LO CR EDR Mode
0023xx30 LO CR Latitude
0023xx40 LO CR Group Number
0023xx50 US CR Image Serial Number
0023xx60 LO CR Bar Code Number
0023xx70 LO CR Film Output Exposure
0023xx80 LO CR Film Format
0023xx90 LO CR S-Shift String
""",
    "GEMS_ACRQA_1.0 BLOCK2": """
0023xx00 US CR S-Shift
0023xx10 DS CR C-Shift
0023xx20 DS CR GT
0023xx30 DS CR GA
0023xx40 DS CR GC
0023xx50 DS CR GS
0023xx60 DS CR RT
0023xx70 DS CR RE
0023xx80 US CR RN
0023xx90 DS CR DRT
""",
    "GEMS_ACRQA_1.0 BLOCK3": """
0023xx00 DS CR DRE
0023xx10 US CR DRN
0023xx20 DS CR ORE
0023xx30 US CR ORN
0023xx40 US CR ORD
0023xx50 LO CR Cassette Size
0023xx60 LO CR Machine ID
0023xx70 LO CR Machine Type
0023xx80 LO CR Technician Code
0023xx90 LO CR ES Parameters
""",
    "GEMS_ACRQA_2.0 BLOCK1": """
0023xx00 LO CR Exposure Menu Code
0023xx10 LO CR Exposure Menu String
0023xx20 LO CR EDR Mode
0023xx30 LO CR Latitude
0023xx40 LO CR Group Number
0023xx50 US CR Image Serial Number
0023xx60 LO CR Bar Code Number
0023xx70 LO CR Film Output Exposure
0023xx80 LO CR Film Format
0023xx90 LO CR S Shift String
""",
    "GEMS_ACRQA_2.0 BLOCK2": """
0023xx00 US CR S Shift
0023xx10 LO CR C Shift
0023xx20 LO CR GT
0023xx30 DS CR GA
0023xx40 DS CR GC
0023xx50 DS CR GS
0023xx60 LO CR RT
0023xx70 DS CR RE
0023xx80 US CR RN
0023xx90 DS CR DRT
""",
    "GEMS_ACRQA_2.0 BLOCK3": """
0023xx00 DS CR DRE
0023xx10 US CR DRN
0023xx20 DS CR ORE
0023xx30 US CR ORN
0023xx40 US CR ORD
0023xx50 LO CR Cassette Size
0023xx60 LO CR Machine ID
0023xx70 LO CR Machine Type
0023xx80 LO CR Technician Code
0023xx90 LO CR Energy Subtraction Parameters
0023xxF0 LO CR Distribution Code
0023xxFF US CR Shutters Applied
""",
    "GEMS_ADWSoft_3D1": """
0047xx01 SQ Reconstruction Parameters Sequence
0047xx49 UL Volume Color
0047xx50 UL Volume Voxel Count
0047xx51 UL Volume Segment Count
0047xx53 US Volume Slice Size
0047xx54 US Volume Slice Count
0047xx55 SL Volume Threshold Value
0047xx57 DS Volume Voxel Ratio
0047xx58 DS Volume Voxel Size
0047xx59 US Volume Z Position Size
0047xx60 DS Volume Base Line
0047xx61 DS Volume Center Point
0047xx63 SL Volume Skew Base
0047xx64 DS Volume Registration Transform Rotation Matrix
0047xx65 DS Volume Registration Transform Translation Vector
0047xx66 DS Volume Tilt
0047xx70 DS KPV List
0047xx71 IS X-Ray Tube Current List
0047xx72 IS Exposure List
0047xx80 LO Acquisition DLX Identifier
0047xx81 IS Acquisition DLX 2D Series Count
0047xx85 SQ Acquisition DLX 2D Series Sequence
0047xx89 DS Contrast Agent Volume List
0047xx8A US Number Of Injections
0047xx8B US Frame Count
0047xx91 LO XA 3D Reconstruction Algorithm Name
0047xx92 CS XA 3D Reconstruction Algorithm Version
0047xx93 DA DLX Calibration Date
0047xx94 TM DLX Calibration Time
0047xx95 CS DLX Calibration Status
0047xx96 IS Used Frames
0047xx98 US Transform Count
0047xx99 SQ Transform Sequence
0047xx9A DS Transform Rotation Matrix
0047xx9B DS Transform Translation Vector
0047xx9C LO Transform Label
0047xxB0 SQ Wireframe List
0047xxB1 US Wireframe Count
0047xxB2 US Location System
0047xxB5 LO Wireframe Name
0047xxB6 LO Wireframe Group Name
0047xxB7 LO Wireframe Color
0047xxB8 SL Wireframe Attributes
0047xxB9 SL Wireframe Point Count
0047xxBA SL Wireframe Timestamp
0047xxBB SQ Wireframe Point List
0047xxBC DS Wireframe Points Coordinates
0047xxC0 DS Volume Upper Left High Corner RAS
0047xxC1 DS Volume Slice To RAS Rotation Matrix
0047xxC2 DS Volume Upper Left High Corner TLOC
0047xxD1 OB Volume Segment List
0047xxD2 OB Volume Gradient List
0047xxD3 OB Volume Density List
0047xxD4 OB Volume Z Position List
0047xxD5 OB Volume Original Index List
0047xxF4 LO Volume Name(s)
0047xxF5 DS Min original density
0047xxF6 DS Max original density
0047xxF7 DS Min Converted Density
0047xxF8 DS Max Converted Density
0047xxF9 LO Protocol Film Name
0047xxFA US Protocol Resolution
0047xxFB US Phase Number (percent)
0047xxFC OB Volume midscan times list
0047xxFD OB Volume Registered Phases List
0047xxFE LO Protocol Name
0047xxFF LO Protocol Title
""",
    "GEMS_ADWSoft_3D2": """
0057xx01 OB Cardiac Reconstruction Algorithm List
0057xx02 OB Average Heart Rate for Image List
0057xx03 OB Temporal Resolution List
0057xx04 LT Layout View Preset
""",
    "GEMS_ADWSoft_DPO": """
0039xx80 IS Private Entity Number
0039xx85 DA Private Entity Date
0039xx90 TM Private Entity Time
0039xx95 LO Private Entity Launch Command
0039xxAA CS Private Entity Type
""",
    "GEMS_ADWSoft_DPO1": """
0039xx80 IS Private Entity Number
0039xx85 DA Private Entity Date
0039xx90 TM Private Entity Time
0039xx95 LO Private Entity Launch Command
0039xxAA CS Private Entity Type
""",
    "GEMS_AWSOFT_CD1": """
0039xx65 UI Reference to Study UID
0039xx70 UI Reference to Series UID
0039xx75 IS Reference to Original Instance
0039xx80 IS DPO Number
0039xx85 DA DPO Date
0039xx90 TM DPO Time
0039xx95 LO DPO Invocation String
0039xxAA CS DPO type
0039xxFF OB DPO data
""",
    "GEMS_AWSoft_SB1": """
0039xx50 UI Reference to Study UID
0039xx51 UI Reference to Series UID
0039xx52 IS Reference to Original Instance Number
0039xx95 LO Private Entity Launch Command
""",
    "GEMS_CTHD_01": """
0033xx02 UN Unknown
""",
    "GEMS_CT_CARDIAC_001": """
0049xx01 SQ CT Cardiac Sequence
0049xx02 CS HeartRateAtConfirm
0049xx03 FL AvgHeartRatePriorToConfirm
0049xx04 CS MinHeartRatePriorToConfirm
0049xx05 CS MaxHeartRatePriorToConfirm
0049xx06 FL StdDevHeartRatePriorToConfirm
0049xx07 US NumHeartRateSamplesPriorToConfirm
0049xx08 CS AutoHeartRateDetectPredict
0049xx09 CS SystemOptimizedHeartRate
0049xx0A ST EkgMonitorType
0049xx0B CS NumReconSectors
0049xx0C FL RpeakTimeStamps
""",
    "GEMS_CT_HINO_01": """
004Bxx01 DS Beam Thickess
004Bxx02 DS R Time
004Bxx03 IS HBC Number
""",
    "GEMS_CT_VES_01": """
0051xx01 SQ CTVESSequence
""",
    "GEMS_DLX_DOSE_01": """
0027xx01 SQ Private Radiation Dose Sequence
0027xx02 IS Run Number
0027xx03 TM Run Time
0027xx04 IS Number of Frames
0027xx05 DS Frames per Second
0027xx06 CS Plane
0027xx07 DS KV
0027xx08 DS MA
0027xx09 DS Mas
0027xx10 DS Ms
0027xx11 DS Angulation
0027xx12 DS Rotation
0027xx13 DS Focal Distance
0027xx14 DS Image Intensifier Mode
""",
    "GEMS_DL_FRAME_01": """
0025xx02 IS Frame Id
0025xx03 DS Distance Source To Detector
0025xx04 DS Distance Source To Patient
0025xx05 DS Distance Source To Skin
0025xx06 DS Positioner Primary Angle
0025xx07 DS Positioner Secondary Angle
0025xx08 IS Beam Orientation
0025xx09 DS Larm Angle
0025xx0A SQ Frame Sequence
0025xx0B DS Target Cnr
0025xx10 DS Pivot Angle
0025xx1A DS Arc Angle
0025xx1B DS Table Vertical Position
0025xx1C DS Table Longitudinal Position
0025xx1D DS Table Lateral Position
0025xx1E IS Beam Cover Area
0025xx1F DS Kvp Actual
0025xx20 DS Mas Actual
0025xx21 DS Pw Actual
0025xx22 DS Kvp Commanded
0025xx23 DS Mas Commanded
0025xx24 DS Pw Commanded
0025xx25 CS Grid
0025xx26 DS Sensor Feedback
0025xx27 DS Target Entrance Dose
0025xx28 DS Cnr Commanded
0025xx29 DS Contrast Commanded
0025xx2A DS Ept Actual
0025xx2B IS Spectral Filter Znb
0025xx2C DS Spectral Filter Weight
0025xx2D DS Spectral Filter Density
0025xx2E IS Spectral Filter Thickness
0025xx2F IS Spectral Filter Status
0025xx30 IS Fov Dimension
0025xx33 IS Fov Origin
0025xx34 IS Collimator Left Vertical Edge
0025xx35 IS Collimator Right Vertical Edge
0025xx36 IS Collimator Up Horizontal Edge
0025xx37 IS Collimator Low Horizontal Edge
0025xx38 IS Vertices Polygonal Collimator
0025xx39 IS Contour Filter Distance
0025xx3A UL Contour Filter Angle
0025xx3B CS Table Rotation Status
0025xx3C CS Internal Label Frame
""",
    "GEMS_DL_IMG_01": """
0019xx0B DS Fov Dimension Double
0019xx0C FL LV Diastolic contour
0019xx0D FL LV Systolic contour
0019xx2B FL Distance to table top
0019xx30 LO Image File Name
0019xx31 IS Default Spatial Filter Family
0019xx32 IS Default Spatial Filter Strength
0019xx33 DS Min Saturation Dose
0019xx34 DS Detector Gain
0019xx35 DS Patient Dose Limit
0019xx36 DS Preproc Image Rate Max
0019xx37 CS Sensor Roi Shape
0019xx38 DS Sensor Roi x Position
0019xx39 DS Sensor Roi y Position
0019xx3A DS Sensor Roi x Size
0019xx3B DS Sensor Roi y Size
0019xx3D DS Noise Sensitivity
0019xx3E DS Sharp Sensitivity
0019xx3F DS Contrast Sensitivity
0019xx40 DS Lag Sensitivity
0019xx41 CS Tube
0019xx42 US Detector Size Rows
0019xx43 US Detector Size Columns
0019xx44 DS Min Object Size
0019xx45 DS Max Object Size
0019xx46 DS Max Object Speed
0019xx47 CS Object Back Motion
0019xx48 UL Exposure Trajectory Family
0019xx49 DS Window Time Duration
0019xx4A CS Positioner Angle Display Mode
0019xx4B IS Detector Origin
0019xx4C CS Unknown
0019xx4E DS Default Brightness Contrast
0019xx4F DS User Brightness Contrast
0019xx50 IS Source Series Number
0019xx51 IS Source Image Number
0019xx52 IS Source Frame Number
0019xx53 UI Source Series Item Id
0019xx54 UI Source Image Item Id
0019xx55 UI Source Frame Item Id
0019xx80 DS Image Dose
0019xx81 US Calibration Frame
0019xx82 CS Calibration Object
0019xx83 DS Calibration Object Size mm
0019xx84 FL Calibration Factor
0019xx85 DA Calibration Date
0019xx86 TM Calibration Time
0019xx87 US Calibration Accuracy
0019xx88 CS Calibration Extended
0019xx89 US Calibration Image Original
0019xx8A US Calibration Frame Original
0019xx8B US Calibration Number Of Points Uif
0019xx8C US Calibration Points Row
0019xx8D US Calibration Points Column
0019xx8E FL Calibration Magnification Ratio
0019xx8F LO Calibration Sw Version
0019xx90 LO Extend Calibration Sw Version
0019xx91 IS Calibration Return Code
0019xx92 DS Detector Rotation Angle
0019xx93 CS Spatial Change
0019xx94 CS Inconsistent Flag
0019xx95 CS Image Sweep
0019xx96 CS Internal Label Image
0019xx97 DS Angle 1 Increment
0019xx98 DS Angle 2 Increment
0019xx99 DS Angle 3 Increment
0019xx9A DS Sensor Feedback
0019xx9B CS Grid
0019xx9C FL Default Mask Pixel Shift
0019xx9D CS Applicable Review Mode
0019xx9E DS Log Lut Control Points
0019xx9F DS Exp Lut Control Points
0019xxA0 DS ABD Value
0019xxA1 DS Sub Window Center
0019xxA2 DS Sub Window Width
0019xxA3 DS Image Rotation
0019xxA4 CS Auto Injection Enabled
0019xxA5 CS Injection Phase
0019xxA6 DS Injection Delay
0019xxA7 IS Reference Injection Frame Number
0019xxA8 DS Injection Duration
0019xxA9 DS EPT
0019xxAA CS Can Downscan 512
0019xxAB IS Current Spatial Filter Strength
0019xxAC DS Brightness Sensitivity
0019xxAD DS Exp Lut NOSUB Control Points
0019xxAE LO SUB operator LUTs names
0019xxAF DS kVp actual vector
0019xxB0 DS mAs actual vector
0019xxB1 LO Acquisition Mode Description
0019xxB2 LO Acquisition Mode Display Label
0019xxB3 LO Acquisition Protocol User Name
0019xxB8 FL Recommended display frame rate float
0019xxB9 FL ABD Vector
0019xxBA CS Acquisition region
0019xxBB CS Acquisition SUB mode
0019xxBC FL Unknown
0019xxBD CS Table rotation status vector
0019xxBE FL Source to image distance per frame vector
0019xxC2 DS pw actual vector
0019xxC4 IS Spectral filter thickness
0019xxC5 FL Preselected pivot rotation speed
0019xxC7 CS Patient position per image
0019xxC8 CS 3D structure of interest
0019xxC9 CS 3D calibration out of date flag
0019xxCA IS 3Dspin expected number of frames
0019xxD4 FL Detection gain value
0019xxD5 FL mR mAs calibration value
0019xxDC LO DRM LUT file name
0019xxDD DS DRM Strength
0019xxDE CS Acquisition Plane
0019xxDF FL LP off longitudinal position Z
0019xxE0 FL DAP of current record
0019xxE1 FL Pivot Lateral Angle
0019xxE2 FL Carm Lateral Angle
0019xxE3 FL Pivot Lateral Angle increment
0019xxE4 FL Carm Lateral Angle increment
0019xxE7 FL LP off long pos Z first frame
0019xxE8 FL LP off long pos Z increment
0019xxE9 FL Source to detector distance per frame vector
0019xxEA FL Unknown
0019xxEB FL Unknown
0019xxEC FL Unknown
0019xxED FL Unknown
""",
    "GEMS_DL_PATNT_01": """
0011xx80 UI Patient Instance Uid
0011xx81 IS Last Study Number
0011xx82 CS Patient Repaired
0011xx83 CS Lock Demographics
""",
    "GEMS_DL_SERIES": """
0015xx87 IS Number of images
0019xx0B DS fov dimension double
0019xx31 IS default spatial filter family
0019xx32 IS default spatial filter strength
0019xx4B IS Detector origin
0019xx4E DS def_bright_contr
0019xx4F DS user_bright_contr
0019xx81 US Calibration frame
0019xx82 CS Calibration object
0019xx83 DS Calibration object size mm
0019xx84 FL Calibration factor
0019xx85 DA Calibration date
0019xx86 TM Calibration time
0019xx87 US Calibration accuracy
0019xx88 CS Calibration extended
0019xx89 US Calibration image original
0019xx8A US Calibration frame original
0019xx8B US Calibration nb points uif
0019xx8C US Calibration points row
0019xx8D US Calibration points column
0019xx8E FL Calibration mag ratio
0019xx8F LO Calibration sw version
0019xx90 LO Extend calib sw version
0019xx91 IS Calibration return code
0019xx92 DS detector_rot_angle
0019xx93 CS Spatial change
0019xx95 CS Image sweep
0019xx97 DS Angle 1 increment
0019xx98 DS Angle 2 increment
0019xx99 DS Angle 3 increment
0019xx9A DS sensor feedback
0019xx9D CS applicable review mode
0019xx9E DS log LUT control points
0019xx9F DS exp LUT SUB control points
0019xxA0 DS ABD value
0019xxA1 DS Sub window center
0019xxA2 DS Sub window width
0019xxA4 CS Auto injection enabled
0019xxA5 CS injection phase
0019xxA6 DS injection delay
0019xxA7 IS reference injection frame number
0019xxA9 DS EPT
0019xxAA CS can downscan 512
0019xxAB IS current spatial filter strength
0019xxAD DS exp LUT NOSUB control points
0019xxAE LO SUB operator LUTs names
0019xxC4 IS Default spatial filter family
0019xxC5 FL Preselected pivot rotation speed
0019xxC7 CS Patient position per image
0019xxC8 CS 3D structure of interest
0019xxC9 CS 3D calibration out of date flag
0019xxCA IS 3Dspin expected number of frames
0019xxD4 FL Detection gain value
0019xxD5 FL mR mAs calibration value
0019xxDC LO DRM LUT file name
0019xxDD DS DRM Strength
""",
    "GEMS_DL_SERIES_01": """
0015xx85 LO Series File Name
0015xx87 IS Number Of Images
0015xx8C CS Sent Flag
0015xx8D US Item Locked
0019xx4C CS internal label
0019xx4D CS browser hide
""",
    "GEMS_DL_STUDY_01": """
0015xx80 DS Study Dose
0015xx81 DS Study Total Dap
0015xx82 DS Study Fluoro Dap
0015xx83 IS Study Fluoro Time
0015xx84 DS Study Record Dap
0015xx85 IS Study Record Time
0015xx86 IS Last Xa Number
0015xx88 PN Default Operator Name
0015xx89 PN Default Performing Physician Name
0015xx8A CS Default Patient Orientation
0015xx8B IS Last Sc Number
0015xx8E UI Common Series Instance Uid
0015xx8F IS Study Number
0015xx92 FL Study dose Frontal
0015xx93 FL Study total dap Frontal
0015xx94 FL Study fluoro dap frontal
0015xx95 IS Study fluoro time frontal
0015xx96 FL Study record dap frontal
0015xx97 IS Study record time frontal
0015xx98 FL Study dose lateral
0015xx99 FL Study total dap lateral
0015xx9A FL Study fluoro dap lateral
0015xx9B IS Study fluoro time lateral
0015xx9C FL Study record dap leteral
0015xx9D IS Study record time lateral
""",
    "GEMS_DRS_1": """
0037xx10 LO Referring Department
0037xx20 US Screen Number
0037xx40 SH Left Orientation
0037xx42 SH Right Orientation
0037xx50 CS Inversion
0037xx60 US DSA
""",
    "GEMS_FALCON_03": """
0045xx55 DS A_Coefficients
0045xx62 IS User Window Center
0045xx63 IS User Window Width
0045xx65 IS Requested Detector Entrance Dose
0045xx67 DS VOI LUT Asymmetry parameter beta
0045xx69 IS Collimator rotation
0045xx72 DS Collimator Width
0045xx73 DS Collimator Height
""",
    "GEMS_FUNCTOOL_01": """
0051xx01 LO Functional Proc Group Name
0051xx02 LO Functional Processing Name
0051xx03 SL Bias of Functional Image
0051xx04 FL Scale of Functional Image
0051xx05 SL Length of Parameters String
0051xx06 LT Store Parameters string, delimited by character ESC=0x1B (27)
0051xx07 LO Functional Image Version
0051xx08 SL Store Color Ramp
0051xx09 SL Store Width of Functional Image
0051xx0A SL Store level of Functional Image
0051xx0B FL Store B-Value with Functional Image
0051xx0C LO Analysis Package
0051xx0E UN Unknown
""",
    "GEMS_GDXE_ATHENAV2_INTERNAL_USE": """
7FDFxx10 LT PPS Stream
7FDFxx11 LT Pixel Data References (temporary)
7FDFxx20 SS Auto Push Tag
7FDFxx25 CS PPS Status
""",
    "GEMS_GDXE_FALCON_04": """
0011xx03 UI Processed Series UID
0011xx04 CS Acquisition Type
0011xx05 UI Acquisition UID
0011xx06 DS Image Dose
0011xx07 FL Study Dose
0011xx08 FL Study DAP
0011xx09 SL Non-Digital Exposures
0011xx10 SL Total Exposures
0011xx11 LT ROI
0011xx12 LT Patient Size String
0011xx13 UI SPS UID
0011xx14 UI Unknown
0011xx15 DS Detector ARC Gain
0011xx16 LT Processing Debug Info
0011xx17 CS Override mode
0011xx19 DS Film Speed Selection
0011xx27 UN Unknown
0011xx28 UN Unknown
0011xx29 UN Unknown
0011xx30 UN Unknown
0011xx31 IS Detected Field of View
0011xx32 IS Adjusted Field of View
0011xx33 DS Detected Exposure Index
0011xx34 DS Compensated Detector Exposure
0011xx35 DS Uncompensated Detector Exposure
0011xx36 DS Median Anatomy Count Value
0011xx37 DS DEI lower and upper limit values
0011xx38 SL Shift Vector for Pasting
0011xx39 CS Image Number in Pasting
0011xx40 SL Pasting Overlap
0011xx41 IS Sub-image Collimator Vertices
0011xx42 LO View IP
0011xx43 IS Key-stone Coordinates
0011xx44 CS Receptor Type
0011xx46 LO Unknown
0011xx47 DS Unknown
""",
    "GEMS_GENIE_1": """
0009xx01 SH Unknown
0009xx10 LO Study Name
0009xx11 SL Study Flags
0009xx12 SL Study Type
0009xx1E UI Dataset UID
0009xx20 LO Series Object Name
0009xx21 SL Series Flags
0009xx22 SH User Orientation
0009xx23 SL Initiation Type
0009xx24 SL Initiation Delay
0009xx25 SL Initiation Count Rate
0009xx26 SL Number Energy Sets
0009xx27 SL Number Detectors
0009xx28 SL Number RR Windows
0009xx29 SL Number MG Time Slots
0009xx2A SL Number View Sets
0009xx2B LO Trigger History UID
0009xx2C LO Series Comments
0009xx2D SL Track Beat Average
0009xx2E FD Distance Prescribed
0009xx2F SL Table Direction
0009xx30 LO Unknown
0009xx33 FD Rotational Continuous Speed
0009xx34 SL Gantry Motion Type (retired)
0009xx35 SL Gantry Locus Type
0009xx37 SL Starting Heart Rate
0009xx38 SL RR Window Width
0009xx39 SL RR Window Offset
0009xx3A SL Percent Cycle Imaged
0009xx40 PN Patient Object Name
0009xx41 SL Patient Flags
0009xx42 DA Patient Creation Date
0009xx43 TM Patient Creation Time
0009xx44 SL Num Views Acquired (retired)
0009xx45 LT Unknown
0011xx0A SL Series Type
0011xx0B SL Effective Series Duration
0011xx0C SL Num Beats
0011xx0D LO Radio Nuclide Name
0011xx10 LO Dataset Object Name
0011xx11 IS Dataset Modified
0011xx12 LO Dataset Name
0011xx13 SL Dataset Type
0011xx14 SH Completion Time
0011xx15 SL Detector Number
0011xx16 SL Energy Number
0011xx17 SL RR Interval Window Number
0011xx18 SL MG Bin Number
0011xx19 FD Radius Of Rotation
0011xx1A SL Detector Count Zone
0011xx1B SL Num Energy Windows
0011xx1C SL Energy Offset
0011xx1D SL Energy Range
0011xx1E SL Energy Width (retired)
0011xx1F SL Image Orientation
0011xx21 DS Acq Zoom (retired)
0011xx22 DS Acq Pan (retired)
0011xx23 SL Use FOV Mask
0011xx24 SL FOV Mask Y Cutoff Distance
0011xx25 SL FOV Mask Cutoff Angle
0011xx26 SL Table Orientation
0011xx27 SL ROI Top Left
0011xx28 SL ROI Bottom Right
0011xx29 SL Uniformity Mean
0011xx2A FD Phase Duration (retired)
0011xx2C FD View X Adjustment
0011xx2D FD View Y Adjustment
0011xx2E SL Pixel Overflow Flag
0011xx2F SL Overflow Level
0011xx30 LO Picture Object Name
0011xx31 LO Acquisition Parent UID
0011xx32 LO Processing Parent UID
0011xx33 LO Energy Correct Name
0011xx34 LO Spatial Correct Name
0011xx35 LO Tuning Calib Name
0011xx36 LO Uniformity Correct Name
0011xx37 LT Acquisition Specific Correction Name
0011xx38 SL Byte Order
0011xx39 SL Compression Type
0011xx3A SL Picture Format
0011xx3B FD Pixel Scale
0011xx3C FD Pixel Offset
0011xx3D SL Energy Peak (retired)
0011xx3E SL FOV Shape
0011xx3F SL Dataset Flags
0011xx40 LO Viewing Object Name
0011xx41 SL Orientation Angle
0011xx42 FD Rotation Angle
0011xx43 SL Window Inverse Flag
0011xx44 FD Threshold Center
0011xx45 FD Threshold Width
0011xx46 SL Interpolation Type
0011xx50 LO Where Object Name
0011xx55 FD Period
0011xx56 FD Elapsed Time
0011xx57 FD FOV
0011xx61 SL Image Size
0011xx62 FD Linear FOV
0011xx63 FD Spatial Offset
0011xx64 FD Spatial Orientation
0011xx65 LO Reference Dataset UID
0011xx66 SH Starcam Reference Dataset
0011xx67 SL Reference Frame Number
0011xx68 SL Cursor Length
0011xx69 SL Number of Cursors
0011xx6A SL Cursor Coordinates
0011xx6B SL Recon Options Flag
0011xx6C FD Motion Threshold
0011xx6D UI Motion Curve UID
0011xx6E SL Recon Type
0011xx6F SL Pre Filter Type
0011xx71 SL Back Proj Filter Type
0011xx72 SL Recon Arc
0011xx73 FD Recon Pan AP Offset
0011xx74 FD Recon Pan LR Offset
0011xx75 FD Recon Area
0011xx76 SL Start View
0011xx77 SL Attenuation Type
0011xx78 SL Dual Energy Processing
0011xx79 SH Pre Filter Param
0011xx7A SH Pre Filter Param 2
0011xx7B SH Back Proj Filter Param
0011xx7C SH Back Proj Filter Param 2
0011xx7D SH Attenuation Coef
0011xx7E SL Ref Slice Width
0011xx7F FD Ref Trans Pixel Volume
0011xx81 SH Attenuation Threshold
0011xx82 FD Interpolation Distance
0011xx83 FD Interpolation Center X
0011xx84 FD Interpolation Center Y
0011xx85 SL Quant Filter Flag
0011xx86 SL Head Conversion
0011xx87 SL Slice Width Pixels
0011xx88 SL Rfmtr Trans Ref
0011xx89 FD Rfmtr Trans Ref mm
0011xx8A SL Two Line Trans Ref
0011xx8B SL Three-D Zero
0011xx8C SL Three-D Zero Length
0011xx8D SL Three-D Zero In
0013xx10 FD Digital FOV
0013xx11 SL Source Translator
0013xx12 UL RAL Flags
0013xx13 SQ Xeleris Frame Sequence
0013xx14 SL Original Image Num
0013xx15 FD Fscalar
0013xx16 SL AutoTrack Peak
0013xx17 SL AutoTrack Width
0013xx18 FD Transmission Scan Time
0013xx19 FD Transmission Mask Width
0013xx1A FD Copper Attenuator Thickness
0013xx1B FD Det Ang Separation
0013xx1C SL Axial Acceptance Angle
0013xx1D SL Theta Acceptance Value
0013xx1E FD Tomo View Offset
0013xx20 FD Accepted Beats Time
0013xx21 FD Threshold
0013xx22 FD Linear Depth
0013xx23 LO Unif Date Time
0013xx24 SL Series Accepted Beats
0013xx25 SL Series Rejected Beats
0013xx26 LT Study Comments
0015xx10 SL Frame Termination Condition
0015xx11 SL Frame Termination Value
0015xx12 SL Num ECT Phases
0015xx13 SL Num WB Scans
0015xx14 SL ECT Phase Num
0015xx15 SL WB Scan Num
0015xx16 SL Comb Head Number
0015xx17 UL Preceding Beat
0019xx5F SQ Unknown
0033xx07 SQ Orig SOP Instance UID
0033xx08 CS Xeleris Data Object Type
0033xx10 SL Modified
0033xx11 LO Name
0033xx16 LO ProtocolDataUID
0033xx17 SH Date
0033xx18 SH Time
0033xx19 UL ProtocoldataFlags
0033xx1A UL ProtocolName
0033xx1B LO RelevantDataUID
0033xx1C LO BulkData
0033xx1D SL IntData
0033xx1E FD DoubleData
0033xx1F OB StringData
0033xx20 LT BulkDataFormat
0033xx21 LT IntDataFormat
0033xx22 LT DoubleDataFormat
0033xx23 LT StringDataFormat
0033xx24 LT Description
0033xx30 UL Allocate trigger buffer
0033xx33 UL Number of triggers
0033xx34 UL Trigger size
0033xx35 UL Trigger data size
0033xx36 OB Trigger data
0035xx01 FD Start Angle
0055xx12 SQ Xeleris Energy Window Information Sequence
0055xx13 SQ Xeleris Energy Window Range Sequence
0055xx22 SQ Xeleris Detector Information Sequence
0055xx52 SQ Xeleris Rotation Information Sequence
0055xx62 SQ Xeleris Gated Information Sequence
0055xx63 SQ Xeleris Data Information Sequence
0055xx64 SQ SDODoubleData SQ
0055xx65 SQ Unknown
5001xx01 SL Modified
5001xx02 LO Name
5001xx03 SL Cid
5001xx04 SL Srid
5001xx05 LO SOPClassUID
5001xx06 LO SOPInstanceUID
5001xx07 SL CurveType
5001xx08 SL GraphType
5001xx09 LO Legend
5001xx0A LO XUnits
5001xx0B LO YUnits
5001xx0C SL Edit
5001xx0D SL Suspend
5001xx0E SL StyleLine
5001xx0F SL StyleFill
5001xx10 LO StyleColour
5001xx11 SL StyleWidth
5001xx12 SL StylePoint
5001xx13 LO StylePColour
5001xx14 SL StylePSize
5001xx15 SL Segments
5001xx16 SL SegType
5001xx17 FD SegStart
5001xx18 FD SegEnd
5001xx19 SL SegStyleLine
5001xx1A SL SegStyleFill
5001xx1B LO SegStyleColour
5001xx1C SL SegStyleWidth
5001xx1D SL SegStylePoint
5001xx1E SL SegStylePColour
5001xx1F SL SegStylePSize
5001xx20 LO SegName
5001xx21 SL SegAllowDirInt
5001xx22 SL TextAnnots
5001xx23 FD TxtX
5001xx24 FD TxtY
5001xx25 LO TxtText
5001xx26 LO TxtName
5001xx30 LO ROIName
5001xx31 LO DerivedFromImageUID
5001xx32 SL DerivedFromImages
5001xx33 UL CurveFlags
5001xx34 LO CurveName
5001xx35 LO DatasetName
5001xx36 LO CurveUID
5001xx37 FD ROIArea
5001xx38 SL Modified
5001xx39 LO Name
5001xx3A LO Software version
5001xx3B SH StartDate
5001xx3C SH CompletionDate
5001xx3D LO DetectorName
5001xx41 SL Modified
5001xx42 LO Name
5001xx43 SL Name
5001xx44 SL Name
5001xx45 LO SOPClassUID
5001xx46 LO SOPInstanceUID
5001xx47 LO NormalColor
5001xx48 LT NameFont
5001xx49 SL FillPattern
5001xx4A SL LineStyle
5001xx4B SL LineDashLength
5001xx4C SL LineThickness
5001xx4D SL Interactivity
5001xx4E SL NamePos
5001xx4F SL NameDisplay
5001xx50 LO Label
5001xx51 SL BpSeg
5001xx52 US BpSegPairs
5001xx53 SL SeedSpace
5001xx54 FD Seeds
5001xx55 SL Shape
5001xx56 FD ShapeTilt
5001xx59 SL ShapePtsSpace
5001xx5A SL ShapeCtrlPtsCounts
5001xx5B FD ShapeCtrlPts
5001xx5C SL ShapeCPSpace
5001xx5D SL ROIFlags
5001xx5E SL FrameNumber
5001xx5F SL Id
5001xx60 LO DatasetROIMapping
""",
    "GEMS_GNHD_01": """
0033xx01 UN Unknown
0033xx02 UN Unknown
""",
    "GEMS_HELIOS_01": """
0045xx01 SS Number of Macro Rows in Detector
0045xx02 FL Macro width at ISO Center
0045xx03 SS DAS type
0045xx04 SS DAS gain
0045xx05 SS DAS Temperature
0045xx06 CS Table Direction
0045xx07 FL Z smoothing Factor
0045xx08 SS View Weighting Mode
0045xx09 SS Sigma Row number
0045xx0A FL Minimum DAS value
0045xx0B FL Maximum Offset Value
0045xx0C SS Number of Views shifted
0045xx0D SS Z tracking Flag
0045xx0E FL Mean Z error
0045xx0F FL Z tracking Error
0045xx10 SS Start View 2A
0045xx11 SS Number of Views 2A
0045xx12 SS Start View 1A
0045xx13 SS Sigma Mode
0045xx14 SS Number of Views 1A
0045xx15 SS Start View 2B
0045xx16 SS Number Views 2B
0045xx17 SS Start View 1B
0045xx18 SS Number of Views 1B
0045xx19 SS Air Calibration Date
0045xx1A SS Air Calibration Time
0045xx1B SS Phantom Calibration Date
0045xx1C SS Phantom Calibration Time
0045xx1D SS Z Slope Calibration Date
0045xx1E SS Z Slope Calibration Time
0045xx1F SS Cross Talk Calibration Date
0045xx20 SS Cross Talk Calibration Time
0045xx21 SS Iterbone Flag
0045xx22 SS Peristaltic Flag
0045xx30 CS CardiacReconAlgorithm
0045xx31 CS AvgHeartRateForImage
0045xx32 FL Temporal Resolution
0045xx33 CS PctRpeakDelay
0045xx34 CS ActualPctRpeakDelay
0045xx36 CS EkgFullMaStartPhase
0045xx37 CS EkgFullMaEndPhase
0045xx38 CS EkgModulationMaxMa
0045xx39 CS EkgModulationMinMa
0045xx3B LO Noise Reduction Image Filter Description
0045xx3F IS RPeakTimeDelay
0045xx44 IS ActualRPeakTimeDelay
0045xx45 ST CardiacScanOptions
0045xx50 FD Temporal Center View Angle
0045xx51 FD Recon Center View Angle
0045xx52 CS WideCone Masking
0045xx53 FD WideCone Corner Blending Radius
0045xx54 FD WideCone Corner Blending Radius Offset
0045xx55 CS Internal Recon Algorithm
""",
    "GEMS_HINO_CT_01": """
004Bxx01 DS Beam Thickness
004Bxx02 DS R Time
004Bxx03 IS HBC number
""",
    "GEMS_IDEN_01": """
000910xx LO Private Element Creator
0009xx01 LO Full fidelity
0009xx02 SH Suite id
0009xx04 SH Product id
0009xx17 LT Series Description
0009xx1A US Unknown
0009xx20 US Unknown
0009xx27 SL Image actual date
0009xx2F SH Unknown
0009xx30 SH Service id
0009xx31 SH Mobile location number
0009xxE2 LT Image Type (ORIGINAL\\PROSPECTIVE ...)
0009xxE3 UI Equipment UID
0009xxE6 SH Genesis Version - now
0009xxE7 UL Exam Record checksum
0009xxE8 SH Series Suite Id
0009xxE9 SL Actual series data time stamp
""",
    "GEMS_IMAG_01": """
002710xx LO Private Element Creator
0027xx06 SL Image archive flag
0027xx10 SS Scout Type
0027xx1C SL Vma mamp
0027xx1D SS Vma phase
0027xx1E SL Vma mod
0027xx1F SL Vma clip
0027xx20 SS Smart scan ON/OFF flag
0027xx30 SH Foreign Image Revision
0027xx31 SS Imaging Mode
0027xx32 SS Pulse Sequence
0027xx33 SL Imaging Options
0027xx35 SS Plane Type
0027xx36 SL Oblique Plane
0027xx40 SH RAS letter of image location
0027xx41 FL Image location
0027xx42 FL Center R coord of plane image
0027xx43 FL Center A coord of plane image
0027xx44 FL Center S coord of plane image
0027xx45 FL Normal R coord
0027xx46 FL Normal A coord
0027xx47 FL Normal S coord
0027xx48 FL R Coord of Top Right Corner
0027xx49 FL A Coord of Top Right Corner
0027xx4A FL S Coord of Top Right Corner
0027xx4B FL R Coord of Bottom Right Corner
0027xx4C FL A Coord of Bottom Right Corner
0027xx4D FL S Coord of Bottom Right Corner
0027xx50 FL Scan Start Location
0027xx51 FL Scan End Location
0027xx52 SH RAS letter for side of image
0027xx53 SH RAS letter for anterior/posterior
0027xx54 SH RAS letter for scout start loc
0027xx55 SH RAS letter for scout end loc
0027xx60 FL Image dimension - X
0027xx61 FL Image dimension - Y
0027xx62 FL Number of Excitations
0029xx15 SL Lower range of Pixels1
0029xx16 SL Lower range of Pixels1
0029xx17 SL Lower range of Pixels2
0029xx18 SL Upper range of Pixels2
0029xx1A SL Len of tot hdr in bytes No longer supported
0029xx26 SS Version of the hdr struct
0029xx34 SL Advantage comp. Overflow
0029xx35 SL Advantage comp. Underflow
""",
    "GEMS_IMPS_01": """
002910xx LO Private Element Creator
0029xx04 SL Lower range of Pixels1
0029xx05 DS Lower range of Pixels1
0029xx06 DS Lower range of Pixels1
0029xx07 SL Lower range of Pixels1
0029xx08 SH Lower range of Pixels1
0029xx09 SH Lower range of Pixels1
0029xx0A SS Lower range of Pixels1
0029xx15 SL Lower range of Pixels1
0029xx16 SL Upper range of Pixels1
0029xx17 SL Lower range of Pixels2
0029xx18 SL Upper range of Pixels2
0029xx1A SL Len of tot hdr in bytes
0029xx26 SS Version of the hdr struct
0029xx34 SL Advantage comp. Overflow
0029xx35 SL Advantage comp. Underflow
0043xx13 SS Decon kernel parameters
""",
    "GEMS_IQTB_IDEN_47": """
0047xx01 SH Image Path
0047xx02 UL Image Date/Time
0047xx03 UL Queue Sequence Number
0047xx04 UL Recon Sequence ID
""",
    "GEMS_IT_US_REPORT": """
0045xx11 OW Vivid excel file
0045xx12 OW Vivid CHM file
0045xx13 OW Vivid PDF file
""",
    "GEMS_LUNAR_RAW": """
7003xx01 ST enCORE File Name
7003xx02 OB enCORE File Data
7003xx03 UL enCORE File Length
7003xx04 LO enCORE File Modified Time
""",
    "GEMS_MR_RAW_01": """
7001xx01 OB rdb_hdr_rec
7001xx02 OB rdb_hdr_per_pass_tab
7001xx03 OB rdb_hdr_unlock_raw
7001xx04 OB rdb_hdr_data_acq_tab
7001xx05 OB rdb_hdr_nex_tab
7001xx06 OB rdb_hdr_nex_abort_tab
7001xx07 OB rdb_hdr_tool
7001xx08 OB rdb_raw_data
7001xx09 OB SSP save
7001xx0A OB UDA save
7001xx0B OB rdb_chemsat_data
""",
    "GEMS_PARM_01": """
004310xx LO Private Element Creator
0043xx01 SS Bitmap of prescan options
0043xx02 SS Gradient offset in X
0043xx03 SS Gradient offset in Y
0043xx04 SS Gradient offset in Z
0043xx05 SS Img is original or unoriginal
0043xx06 SS Number of EPI shots
0043xx07 SS Views per segment
0043xx08 SS Respiratory rate, bpm
0043xx09 SS Respiratory trigger point
0043xx0A SS Type of receiver used
0043xx0B DS DB/dt Peak rate of change of gradient field
0043xx0C DS dB/dt Limits in units of percent
0043xx0D DS PSD estimated limit
0043xx0E DS PSD estimated limit in tesla per second
0043xx0F DS Saravghead
0043xx10 US Window value
0043xx11 US Total input views
0043xx12 SS X-ray chain
0043xx13 SS Decon kernel parameters
0043xx14 SS Calibration parameters
0043xx15 SS Total output views
0043xx16 SS Number of overranges
0043xx17 DS IBH image scale factors
0043xx18 DS BBH coefficients
0043xx19 SS Number of BBH chains to blend
0043xx1A SL Starting channel number
0043xx1B SS Ppscan parameters
0043xx1C SS GE image integrity
0043xx1D SS Level value
0043xx1E DS Delta Start Time [msec]
0043xx1F SL Max overranges in a view
0043xx20 DS Avg overranges all views
0043xx21 SS Corrected after glow terms
0043xx25 SS Reference channels
0043xx26 US No views ref chans blocked
0043xx27 SH Scan Pitch Ratio
0043xx28 OB Unique image iden
0043xx29 OB Histogram tables
0043xx2A OB User defined data
0043xx2B SS Private Scan Options
0043xx2C SS Effective echo spacing
0043xx2D SH Filter Mode (String slop field 1 in legacy GE MR
0043xx2E SH String slop field 2
0043xx2F SS Image Type (real, imaginary, phase, magnitude)
0043xx30 SS Vas collapse flag
0043xx31 DS Recon Center Coordinates
0043xx32 SS Vas flags
0043xx33 FL Neg_scanspacing
0043xx34 IS Offset Frequency
0043xx35 UL User_usage_tag
0043xx36 UL User_fill_map_MSW
0043xx37 UL User_fill_map_LSW
0043xx38 FL User data 25...User data 48 {User48=Effective Resolution for spiral}
0043xx39 IS Slop_int_6... slop_int_9
0043xx40 FL Trigger on position
0043xx41 FL Degree of rotation
0043xx42 SL DAS trigger source
0043xx43 SL DAS fpa gain
0043xx44 SL DAS output source
0043xx45 SL DAS ad input
0043xx46 SL DAS cal mode
0043xx47 SL DAS cal frequency
0043xx48 SL DAS reg xm
0043xx49 SL DAS auto zero
0043xx4A SS Starting channel of view
0043xx4B SL DAS xm pattern
0043xx4C SS TGGC trigger mode
0043xx4D FL Start scan to X-ray on delay
0043xx4E FL Duration of X-ray on
0043xx60 IS Slop_int_10...slop_int_17
0043xx61 UI Scanner Study Entity UID
0043xx62 SH Scanner Study ID
0043xx63 SH Raw Data ID
0043xx64 CS Image Filter
0043xx65 US Motion Correction Indicator
0043xx66 US Helical Correction Indicator
0043xx67 US IBO Correction Indicator
0043xx68 US XT Correction Indicator
0043xx69 US Q-cal Correction Indicator
0043xx6A US AV Correction Indicator
0043xx6B US L-MDK Correction Indicator
0043xx6C IS Detector Row
0043xx6D IS Area Size
0043xx6E SH Auto mA Mode
0043xx6F DS Scanner Table Entry (single gradient coil systems only)/Scanner Table Entry + Gradient Coil Selected
0043xx70 LO Paradigm Name
0043xx71 ST Paradigm Description
0043xx72 UI Paradigm UID
0043xx73 US Experiment Type
0043xx74 US #rest volumes
0043xx75 US #active volumes
0043xx76 US #dummy scans
0043xx77 SH Application Name
0043xx78 SH Application Version
0043xx79 US Slices Per Volume
0043xx7A US Expected Time Points
0043xx7B FL Regressor Values
0043xx7C FL Delay after slice group
0043xx7D US Recon mode flag word
0043xx7E LO PACC specific information
0043xx7F DS Reserved
0043xx80 LO Coil ID Data
0043xx81 LO GE Coil Name
0043xx82 LO System Configuration Information
0043xx83 DS Asset R Factors
0043xx84 LO Additional Asset Data
0043xx85 UT Debug Data (text format)
0043xx86 OB Debug Data (binary format)
0043xx87 UT Reserved
0043xx88 UI PURE Acquisition Calibration Series UID
0043xx89 LO Governing Body, dB/dt, and SAR definition
0043xx8A CS Private In-Plane Phase Encoding Direction
0043xx8B OB FMRI Binary Data Block
0043xx8C DS Voxel Location
0043xx8D DS SAT Band Locations
0043xx8E DS Spectro Prescan Values
0043xx8F DS Spectro Parameters
0043xx90 LO SAR Definition
0043xx91 DS SAR value
0043xx92 LO Image Error Text
0043xx93 DS Spectro Quantitation Values
0043xx94 DS Spectro Ratio Values
0043xx95 LO Prescan Reuse String
0043xx96 CS Content Qualification
0043xx97 LO Image Filtering Parameters
0043xx98 UI ASSET Acquisition Calibration Series UID
0043xx99 LO Extended Options
0043xx9A IS Rx Stack Identification
0043xx9B DS NPW factor
0043xx9C OB Research Tag 1
0043xx9D OB Research Tag 2
0043xx9E OB Research Tag 3
0043xx9F OB Research Tag 4
0043xxA0 SQ Spectroscopy Pixel Sequence
0043xxA1 SQ Spectroscopy Default Display Sequence
0043xxA2 DS MEG Data
0043xxA3 CS ASL Contrast technique
0043xxA4 LO Detailed text for ASL labeling technique
0043xxA5 IS Duration of the label or control pulse
0051xx0A SL Store level of Functional Image
0051xx0B FL Store B-Value with Functional Image
2001xx10 UI DICOM Implementation UID
2001xx11 SH DICOM Implementation Version
2001xx12 UI Within-DICOM-Implementation SOP Instance UID
2001xx13 SH Application Name
2001xx14 SH Application Version
2001xx15 SH Compatibility Version
2001xx21 UI Referenced Series UID
2001xx31 US Number of Objects Averaged
2001xx41 US Number of Expected Time Points
2001xx51 US Number of Slices Per Volume
2001xx60 US BW Image Type
2001xx61 US Experiment Type
2001xx71 UI Paradigm UID
2001xx72 LO Paradigm Name
2001xx73 ST Paradigm Description
2001xx80 OB Contrast
2001xx81 FL Regressor Values
2001xx86 US Number of Degrees of Freedom
2001xx8A FL Z Threshold
2001xx8B FL p Threshold
2001xx90 OB Processing parameters
2001xx91 OB Motion Plot
2001xx92 OB ROIs
2001xx93 OB Tracts
2001xx94 OB Report
2001xx95 OB Response Data
2001xxA0 FL Motion Parameters
2001xxA1 FL Registration Parameters
2001xxA2 FL Subject Data
2001xxB0 OB DTI Parameters
2001xxC0 OB Paradigm Info
""",
    "GEMS_PATI_01": """
001110xx LO Private Element Creator
0011xx10 SS Patient Status
""",
    "GEMS_PETD_01": """
0009xx01 LO GE Discovery PET Implementation Version Name
0009xx02 LO PET patient_id
0009xx03 SH PET compatible_version
0009xx04 SH GE Advance Patient.software_version
0009xx05 DT PET patient_datetime
0009xx06 SL PET type
0009xx07 UI PET exam_id
0009xx08 SH PET compatible_version
0009xx09 SH PET software_version
0009xx0A UI PET scan_id
0009xx0B SH PET compatible_version
0009xx0C SH PET software_version
0009xx0D DT PET scan_datetime
0009xx0E DT PET scan_ready
0009xx0F ST PET scan_description
0009xx10 LO PET hospital_name
0009xx11 LO PET scanner_desc
0009xx12 LO PET manufacturer
0009xx13 UI PET for_identifier
0009xx14 LO PET landmark_name
0009xx15 SH PET landmark_abbrev
0009xx16 SL PET patient_position
0009xx17 SL PET scan_perspective
0009xx18 SL PET scan_type
0009xx19 SL PET scan_mode
0009xx1A SL PET start_condition
0009xx1B SL PET start_cond_data
0009xx1C SL PET sel_stop_cond
0009xx1D SL PET sel_stop_cond_data
0009xx1E SL PET collect_deadtime
0009xx1F SL PET collect_singles
0009xx20 SL PET collect_countrate
0009xx21 SL PET countrate_period
0009xx22 SL PET delayed_events
0009xx23 SL PET delayed_bias
0009xx24 SL PET word_size
0009xx25 SL PET axial_acceptance
0009xx26 SL PET axial_angle_3d
0009xx27 SL PET theta_compression
0009xx28 SL PET axial_compression
0009xx29 FL PET gantry_tilt_angle
0009xx2A SL PET collimation
0009xx2B SL PET scan_fov
0009xx2C SL PET axial_fov
0009xx2D SL PET event_separation
0009xx2E SL PET mask_width
0009xx2F SL PET binning_mode
0009xx30 SL PET trig_rej_method
0009xx31 SL PET number_for_reject
0009xx32 SL PET lower_reject_limit
0009xx33 SL PET upper_reject_limit
0009xx34 SL PET triggers_acquired
0009xx35 SL PET triggers_rejected
0009xx36 LO PET tracer_name
0009xx37 LO PET batch_description
0009xx38 FL PET tracer_activity
0009xx39 DT PET meas_datetime
0009xx3A FL PET pre_inj_volume
0009xx3B DT PET admin_datetime
0009xx3C FL PET post_inj_activity
0009xx3D DT PET post_inj_datetime
0009xx3E SH PET radionuclide_name
0009xx3F FL PET half_life
0009xx40 FL PET positron_fraction
0009xx41 SL PET source1_holder
0009xx42 FL PET source1_activity
0009xx43 DT PET source1_meas_dt
0009xx44 SH PET source1_radnuclide
0009xx45 FL PET source1_half_life
0009xx46 SL PET source2_holder
0009xx47 FL PET source2_activity
0009xx48 DT PET source2_meas_dt
0009xx49 SH PET source2_radnuclide
0009xx4A FL PET source2_half_life
0009xx4B SL PET source_speed
0009xx4C FL PET source_location
0009xx4D SL PET emission_present
0009xx4E SL PET lower_axial_acc
0009xx4F SL PET upper_axial_acc
0009xx50 SL PET lower_coinc_limit
0009xx51 SL PET upper_coinc_limit
0009xx52 SL PET coinc_delay_offset
0009xx53 SL PET coinc_output_mode
0009xx54 SL PET upper_energy_limit
0009xx55 SL PET lower_energy_limit
0009xx56 UI PET normal_cal_id
0009xx57 UI PET normal_2d_cal_id
0009xx58 UI PET blank_cal_id
0009xx59 UI PET wc_cal_id
0009xx5A SL PET derived
0009xx5B LO PET contrast_agent
0009xx5C UI PET frame_id
0009xx5D UI PET scan_id
0009xx5E UI PET exam_id
0009xx5F LO PET patient_id
0009xx60 SH PET compatible_version
0009xx61 SH PET software_version
0009xx62 ST PET where_is_frame
0009xx63 SL PET frame_size
0009xx64 SL PET file_exists
0009xx65 SL PET patient_entry
0009xx66 FL PET table_height
0009xx67 FL PET table_z_position
0009xx68 DT PET landmark_datetime
0009xx69 SL PET slice_count
0009xx6A FL PET start_location
0009xx6B SL PET acq_delay
0009xx6C DT PET acq_start
0009xx6D SL PET acq_duration
0009xx6E SL PET acq_bin_dur
0009xx6F SL PET acq_bin_start
0009xx70 SL PET actual_stop_cond
0009xx71 FD PET total_prompts
0009xx72 FD PET total_delays
0009xx73 SL PET frame_valid
0009xx74 SL PET validity_info
0009xx75 SL PET archived
0009xx76 SL PET compression
0009xx77 SL PET uncompressed_size
0009xx78 SL PET accum_bin_dur
0009xx79 SH PET compatible_version
0009xx7A SH PET software_version
0009xx7B DT PET is_datetime
0009xx7C SL PET is_source
0009xx7D SL PET is_contents
0009xx7E SL PET is_type
0009xx7F DS PET is_reference
0009xx80 SL PET multi_patient
0009xx81 SL PET number_of_normals
0009xx82 UI PET color_map_id
0009xx83 SL PET window_level_type
0009xx84 FL PET rotate
0009xx85 SL PET flip
0009xx86 FL PET zoom
0009xx87 SL PET pan_x
0009xx88 SL PET pan_y
0009xx89 FL PET window_level_min
0009xx8A FL PET window_level_max
0009xx8B SL PET recon_method
0009xx8C SL PET attenuation
0009xx8D FL PET atten_coefficient
0009xx8E SL PET bp_filter
0009xx8F FL PET bp_filter_cutoff
0009xx90 SL PET bp_filter_order
0009xx91 FL PET bp_center_l
0009xx92 FL PET bp_center_p
0009xx93 SL PET atten_smooth
0009xx94 SL PET atten_smooth_param
0009xx95 SL PET angle_smooth_param
0009xx96 UI PET wellcountercal_id
0009xx97 UI PET trans_scan_id
0009xx98 UI PET norm_cal_id
0009xx99 UI PET blnk_cal_id
0009xx9A FL PET cac_edge_threshold
0009xx9B FL PET cac_skull_offset
0009xx9C UI PET emiss_sub_id
0009xx9D SL PET radial_filter_3d
0009xx9E FL PET radial_cutoff_3d
0009xx9F SL PET axial_filter_3d
0009xxA0 FL PET axial_cutoff_3d
0009xxA1 FL PET axial_start
0009xxA2 FL PET axial_spacing
0009xxA3 SL PET axial_angles_used
0009xxA4 SH PET compatible_version
0009xxA5 SH PET software_version
0009xxA6 SL PET slice_number
0009xxA7 FL PET total_counts
0009xxA8 OB PET other_atts
0009xxA9 SL PET other_atts_size
0009xxAA SL PET archived
0009xxAB FL PET bp_center_x
0009xxAC FL PET bp_center_y
0009xxAD UI PET trans_frame_id
0009xxAE UI PET tpluse_frame_id
0009xxB1 FL PET profile_spacing
0009xxB2 SL PET ir_num_iterations
0009xxB3 SL PET ir_num_subsets
0009xxB4 FL PET ir_recon_fov
0009xxB5 SL PET ir_corr_model
0009xxB6 SL PET ir_loop_filter
0009xxB7 FL PET ir_pre_filt_parm
0009xxB8 SL PET ir_loop_filt_parm
0009xxB9 FL PET response_filt_parm
0009xxBA SL PET post_filter
0009xxBB FL PET post_filt_parm
0009xxBC SL PET ir_regularize
0009xxBD FL PET regularize_parm
0009xxBE SL PET ac_bp_filter
0009xxBF FL PET ac_bp_filt_cut_off
0009xxC0 SL PET ac_bp_filt_order
0009xxC1 SL PET ac_img_smooth
0009xxC2 FL PET ac_img_smooth_parm
0009xxC3 SL PET scatter_method
0009xxC4 SL PET scatter_num_iter
0009xxC5 FL PET scatter_parm
0009xxC6 FL PET seg_qc_parm
0009xxC7 SL PET overlap
0009xxC8 UI PET ovlp_frm_id
0009xxC9 UI PET ovlp_trans_frm_id
0009xxCA UI PET ovlp_tpulse_frm_id
0009xxCB FL PET vqc_x_axis_trans
0009xxCC FL PET vqc_x_axis_tilt
0009xxCD FL PET vqc_y_axis_trans
0009xxCE FL PET vqc_y_axis_swivel
0009xxCF FL PET vqc_z_axis_trans
0009xxD0 FL PET vqc_z_axis_roll
0009xxD1 LO PET ctac_conv_scale
0009xxD2 UI PET image_set_id
0009xxD3 SL PET constrast_route
0009xxD4 LO PET ctac_conv_scale
0009xxD5 FL PET loop_filter_parm
0009xxD6 FL PET image_one_loc
0009xxD7 FL PET image_index_loc
0009xxD8 SL PET frame_number
0009xxD9 SL PET list_file_exists
0009xxDA ST PET where_is_list_frame
0009xxDB SL PET ir_z_filter_flag
0009xxDC FL PET ir_z_filter_ratio
0009xxDD US PET num_of_rr_interval
0009xxDE US PET num_of_time_slots
0009xxDF US PET num_of_slices
0009xxE0 US PET num_of_time_slices
0009xxE1 SL PET unlisted_scan
0009xxE2 SL PET rest_stress
0009xxE3 FL PET phase percentage
0009xxE4 ST Recon Protocol
0009xxE5 FL PET left shift
0009xxE6 FL PET posterior shift
0009xxE7 FL PET superior shift
0009xxE8 SL PET acq_bin_num
0009xxE9 FL PET acq_bin_dur_percent
0009xxEA SL 3D Filter flag
0009xxEB FL 3D Filter cutoff
0009xxEC SL 3D Filter order
0009xxF0 UI Reformat group
0011xx01 SQ GE Advance ROI Sequence
0011xx02 UI GE Advance ROI.roi_id
0011xx03 UI GE Advance ROI.image_id
0011xx04 SH GE Advance ROI.compatible_version
0011xx05 SH GE Advance ROI.software_version
0011xx06 LO GE Advance ROI.roi_name
0011xx07 DT GE Advance ROI.roi_datetime
0011xx08 SL GE Advance ROI.roi_type
0011xx09 FL GE Advance ROI.center_x
0011xx0A FL GE Advance ROI.center_y
0011xx0B FL GE Advance ROI.width
0011xx0C FL GE Advance ROI.height
0011xx0D FL GE Advance ROI.angle
0011xx0E SL GE Advance ROI.number_of_points
0011xx0F OB GE Advance ROI.roi_data
0011xx10 SL GE Advance ROI.roi_size
0011xx11 LO GE Advance ROI.color
0011xx12 SL GE Advance ROI.line_type
0011xx13 SL GE Advance ROI.line_width
0011xx14 SL GE Advance ROI.roi_number
0011xx15 SL GE Advance ROI.convex
0011xx16 SL GE Advance ROI.atten_corr_flag
0011xx18 OB Unknown
0013xx01 SQ GE Advance Annotation Sequence
0013xx02 UI GE Advance Annotation.annotation_id
0013xx03 UI GE Advance Annotation.image_id
0013xx04 SH GE Advance Annotation.compatible_version
0013xx05 SH GE Advance Annotation.software_version
0013xx06 SL GE Advance Annotation.type
0013xx07 LO GE Advance Annotation.font_name
0013xx08 SH GE Advance Annotation.font_size
0013xx09 LO GE Advance Annotation.foreground_color
0013xx0A LO GE Advance Annotation.background_color
0013xx0B SL GE Advance Annotation.coordinate_system
0013xx0C FL GE Advance Annotation.start_x
0013xx0D FL GE Advance Annotation.start_y
0013xx0E FL GE Advance Annotation.end_x
0013xx0F FL GE Advance Annotation.end_y
0013xx10 SL GE Advance Annotation.start_symbol
0013xx11 SL GE Advance Annotation.end_symbol
0013xx12 OB GE Advance Annotation.annotation_data
0013xx13 SL GE Advance Annotation.annotation_size
0013xx14 LO GE Advance Annotation.label_id
0017xx01 UI PET correction_cal_id
0017xx02 SH PET compatible_version
0017xx03 SH PET software_version
0017xx04 DT PET cal_datetime
0017xx05 LO PET cal_description
0017xx06 SL PET cal_type
0017xx07 ST PET where_is_corr
0017xx08 SL PET corr_file_size
0017xx09 LO PET scan_id
0017xx0A DT PET scan_datetime
0017xx0B LO PET norm_2d_cal_id
0017xx0C SH PET hosp_identifier
0017xx0D SL PET archived
0019xx01 UI PET wc_cal_id
0019xx02 SH PET compatible_version
0019xx03 SH PET software_version
0019xx04 DT PET cal_datetime
0019xx05 SL PET cal_type
0019xx06 LO PET cal_description
0019xx07 LO PET cal_hardware
0019xx08 OB PET coefficients
0019xx09 FL PET activity_factor_hr
0019xx0A FL PET activity_factor_hs
0019xx0B FL PET activity_factor_3d
0019xx0C LO PET scan_id
0019xx0D DT PET scan_datetime
0019xx0E SH PET hosp_identifier
0019xx0F FL PET meas_activity
0019xx10 DT PET meas_datetime
0019xx11 SL PET axial_filter_3d
0019xx12 FL PET axial_cutoff_3d
0019xx13 SL PET default_flag
0019xx14 SL PET archived
0019xx15 SL PET wc_cal_rec_method
0019xx16 SL PET activity_factor_2d
0019xx17 SL PET isotope
0021xx01 US PET raw_data_type
0021xx02 UL PET raw_data_size
0023xx01 OB raw_data_blob
0023xx02 OB PET raw_data_blob
5001xx01 UI GE Advance Curve.curve_id
5001xx02 SH GE Advance Curve.compatible_version
5001xx03 SH GE Advance Curve.software_version
5001xx04 SL GE Advance Curve.statistics_type
5001xx05 LT GE Advance Curve.how_derived
5001xx06 SL GE Advance Curve.how_derived_size
5001xx07 SL GE Advance Curve.multi_patient
5001xx08 SL GE Advance Curve.deadtime
5003xx01 SQ GE Advance Graph Sequence
5003xx02 UI GE Advance Graph.graph_id
5003xx03 SH GE Advance Graph.compatible_version
5003xx04 SH GE Advance Graph.software_version
5003xx05 LO GE Advance Graph.title
5003xx06 DT GE Advance Graph.graph_datetime
5003xx07 ST GE Advance Graph.graph_description
5003xx08 LO GE Advance Graph.title_font_name
5003xx09 SH GE Advance Graph.title_font_size
5003xx0A LO GE Advance Graph.footer
5003xx0B SH GE Advance Graph.footer_font_size
5003xx0C LO GE Advance Graph.foreground_color
5003xx0D LO GE Advance Graph.background_color
5003xx0E SL GE Advance Graph.graph_border
5003xx0F SL GE Advance Graph.graph_width
5003xx10 SL GE Advance Graph.graph_height
5003xx11 SL GE Advance Graph.grid
5003xx12 LO GE Advance Graph.label_font_name
5003xx13 SH GE Advance Graph.label_font_size
5003xx14 LO GE Advance Graph.axes_color
5003xx15 LO GE Advance Graph.x_axis_label
5003xx16 SL GE Advance Graph.x_axis_units
5003xx17 FL GE Advance Graph.x_major_tics
5003xx18 FL GE Advance Graph.x_axis_min
5003xx19 FL GE Advance Graph.x_axis_max
5003xx1A LO GE Advance Graph.y_axis_label
5003xx1B SL GE Advance Graph.y_axis_units
5003xx1C FL GE Advance Graph.y_major_tics
5003xx1D FL GE Advance Graph.y_axis_min
5003xx1E FL GE Advance Graph.y_axis_max
5003xx1F LO GE Advance Graph.legend_font_name
5003xx20 SH GE Advance Graph.legend_font_size
5003xx21 SL GE Advance Graph.legend_location_x
5003xx22 SL GE Advance Graph.legend_location_y
5003xx23 SL GE Advance Graph.legend_width
5003xx24 SL GE Advance Graph.legend_height
5003xx25 SL GE Advance Graph.legend_border
5003xx26 SL GE Advance Graph.multi_patient
5005xx01 SQ GE Advance CurvePresentation Sequence
5005xx02 UI GE Advance CurvePresentation.curvepresent_id
5005xx03 UI GE Advance CurvePresentation.graph_id
5005xx04 UI GE Advance CurvePresentation.curve_id
5005xx05 SH GE Advance CurvePresentation.compatible_version
5005xx06 SH GE Advance CurvePresentation.software_version
5005xx07 LO GE Advance CurvePresentation.curve_label
5005xx08 LO GE Advance CurvePresentation.color
5005xx09 SL GE Advance CurvePresentation.line_type
5005xx0A SL GE Advance CurvePresentation.line_width
5005xx0B SL GE Advance CurvePresentation.point_symbol
5005xx0C SL GE Advance CurvePresentation.point_symbol_dim
5005xx0D LO GE Advance CurvePresentation.point_color
""",
    "GEMS_QVA_PHOTO_01": """
0009xx60 FL Dodge End Diastolic Volume ml
0009xx61 FL Dodge End Systolic Volume ml
0009xx62 FL Dodge Stroke Volume ml
0009xx63 IS Dodge Ejection Fraction
0009xx64 FL Simpson End Diastolic Volume ml
0009xx65 FL Simpson End Systolic Volume ml
0009xx66 FL Simpson Stroke Volume ml
0009xx67 IS Simpson Ejection Fraction
0009xx68 FL CFX Single Hypokinesia in Region
0009xx69 FL CFX Single Hyperkinesia in Opposite Region
0009xx6A IS CFX Single Total LV contour Percent
0009xx6B FL CFX Multiple Hypokinesia in Region
0009xx6C FL CFX Multiple Hyperkinesia in Opposite Region
0009xx6D IS CFX Multiple Total LV contour Percent
0009xx6E FL RCA Single Hypokinesia in Region
0009xx6F FL RCA Single Hyperkinesia in Opposite Region
0009xx70 IS RCA Single Total LV contour Percent
0009xx71 FL RCA Multiple Hypokinesia in Region
0009xx72 FL RCA Multiple Hyperkinesia in Opposite Region
0009xx73 IS RCA Multiple Total LV contour Percent
0009xx74 FL LAD Single Hypokinesia in Region
0009xx75 FL LAD Single Hyperkinesia in Opposite Region
0009xx76 IS LAD Single Total LV contour Percent
0009xx77 FL LAD Multiple Hypokinesia in Region
0009xx78 FL LAD Multiple Hyperkinesia in Opposite Region
0009xx79 IS LAD Multiple Total LV contour Percent
0009xx7A FL Dodge End Diastolic Volume ml/m2
0009xx7C FL Dodge End Systolic Volume ml/m2
0009xx7E FL Dodge Stroke Volume ml/m2
0009xx80 FL Simpson End Diastolic Volume ml/m2
0009xx82 FL Simpson End Systolic Volume ml/m2
0009xx84 FL Simpson Stroke Volume ml/m2
""",
    "GEMS_RELA_01": """
002110xx LO Private Element Creator
0021xx03 SS Series from which Prescribed
0021xx05 SH Genesis Version - now
0021xx07 UL Series Record checksum
0021xx15 US Unknown
0021xx16 SS Unknown
0021xx18 SH Genesis version - Now
0021xx19 UL Acq recon record checksum
0021xx20 DS Table start location
0021xx35 SS Series from which prescribed
0021xx36 SS Image from which prescribed
0021xx37 SS Screen Format
0021xx4A LO Anatomical reference for scout
0021xx4E US Unknown
0021xx4F SS Locations in acquisition
0021xx50 SS Graphically prescribed
0021xx51 DS Rotation from source x rot
0021xx52 DS Rotation from source y rot
0021xx53 DS Rotation from source z rot
0021xx54 SH Image position
0021xx55 SH Image orientation
0021xx56 SL Num 3D slabs
0021xx57 SL Locs per 3D slab
0021xx58 SL Overlaps
0021xx59 SL Image Filtering 0.5/0.2T
0021xx5A SL Diffusion direction
0021xx5B DS Tagging Flip Angle
0021xx5C DS Tagging Orientation
0021xx5D DS Tag Spacing
0021xx5E DS RTIA_timer
0021xx5F DS Fps
0021xx70 LT Unknown
0021xx71 LT Unknown
0021xx81 DS Auto window/level alpha
0021xx82 DS Auto window/level beta
0021xx83 DS Auto window/level window
0021xx84 DS Auto window/level level
0021xx90 SS Tube focal spot position
0021xx91 SS Biopsy position
0021xx92 FL Biopsy T location
0021xx93 FL Biopsy ref location
""",
    "GEMS_RTEN_01": """
0249xx11 DA Plan Creation Date
0249xx13 TM Plan Creation Time
0249xx14 PN Operator Name
0249xx16 LO Plan Comment
0249xx18 SQ Plan Image Sequence
0249xx1A LO Exam/Series/Image Identifier
0249xx1B IS Additional Image Identifier
0249xx1C CS Build Resolution
0249xx20 SQ Structure Sequence
0249xx22 SH Structure Name
0249xx24 CS Structure Type
0249xx28 CS Structure Color
0249xx30 SQ Slab Sequence
0249xx32 SQ Slab Image Sequence
0249xx36 DS Z Plus Thickness
0249xx38 DS Z Minus Thickness
0249xx3A DS Slab Shape
0249xx40 SQ Marker Sequence
0249xx42 SH Marker Name
0249xx44 CS Marker Color
0249xx46 DS Marker Position
0249xx50 SQ Beam Group Sequence
0249xx51 SH Group Name
0249xx52 CS Group Properties
0249xx54 SQ Beam Sequence
0249xx60 SQ Machine Reference Sequence
0249xx62 SH Machine Name
0249xx64 SH Beam Name
0249xx66 CS Particle Type
0249xx68 DS Nominal Particle Energy
0249xx70 SQ Block Sequence
0249xx72 LO Block Name
0249xx74 DS Block Shape
0249xx80 SQ Cutout Sequence
0249xx82 LO Cutout Name
0249xx84 DS Cutout Shape
0249xx90 SH Collimator Name
0249xx92 CS Collimator Type
0249xxA0 SQ Dynamic Segment Sequence
0249xxA2 DS Table Angle
0249xxA4 DS Gantry Angle
0249xxA6 DS Collimator Angle
0249xxA8 DS Isocenter Position
0249xxA9 DS Source-Surface Distance
0249xxAA DS X Symmetric Opening
0249xxAC DS Y Symmetric Opening
0249xxAE DS X Positive Jaw Position
0249xxB0 DS X Negative Jaw Position
0249xxB2 DS Y Positive Jaw Position
0249xxB4 DS Y Negative Jaw Position
0249xxB6 DS Leaf Positions
0249xxD0 CS Treatment Position
""",
    "GEMS_SENO_02": """
0045xx04 CS AES
0045xx06 DS Stereo angle
0045xx09 DS Real Magnification Factor
0045xx0B CS Senograph Type
0045xx0C DS Integration Time
0045xx0D DS ROI Origin X and Y
0045xx11 DS Receptor Size cm X and Y
0045xx12 IS Receptor Size Pixels X and Y
0045xx13 ST Screen
0045xx14 DS Pixel Pitch Microns
0045xx15 IS Pixel Depth Bits
0045xx16 IS Binning Factor X and Y
0045xx1B LO Clinical View
0045xx1D DS Mean Of Raw Gray Levels
0045xx1E DS Mean Of Offset Gray Levels
0045xx1F DS Mean Of Corrected Gray Levels
0045xx20 DS Estimated Anat mean
0045xx21 DS Mean Of Log Region Gray Levels
0045xx22 DS Standard Deviation Of Raw Gray Levels
0045xx23 DS Standard Deviation Of Corrected Gray Levels
0045xx24 DS Standard Deviation Of Region Gray Levels
0045xx25 DS Standard Deviation Of Log Region Gray Levels
0045xx26 OB MAO Buffer
0045xx27 IS Set Number
0045xx28 CS WindowingType (LINEAR or GAMMA)
0045xx29 DS Windowing parameters
0045xx2A IS 2DLocX
0045xx2B IS 2DLocY
0045xx39 US Vignette Rows
0045xx3A US Vignette Columns
0045xx3B US Vignette Bits Allocated
0045xx3C US Vignette Bits Stored
0045xx3D US Vignette High Bit
0045xx3E US Vignette Pixel Representation
0045xx3F OB Vignette Pixel Data
0045xx49 DS Radiological Thickness
0045xx50 UI SC Instance UID
0045xx51 UI SC series UID
0045xx52 IS Raw Diagnostic Low
0045xx53 IS Raw Diagnostic High
0045xx54 DS Exponent
0045xx55 IS A Coefficients
0045xx56 DS Noise Reduction Sensitivity
0045xx57 DS Noise Reduction Threshold
0045xx58 DS mu
0045xx59 IS Threshold
0045xx60 IS Breast ROI X
0045xx61 IS Breast ROI Y
0045xx62 IS User Window Center
0045xx63 IS User Window Width
0045xx64 IS Segm Threshold
0045xx65 IS Detector Entrance Dose
0045xx66 IS Asymmetrical Collimation Information
0045xx71 OB STX buffer
0045xx72 DS Image Crop point
""",
    "GEMS_SERS_01": """
002510xx LO Private Element Creator
0025xx06 SS Last pulse sequence used
0025xx07 SL Images in Series
0025xx10 SL Landmark Counter
0025xx11 SS Number of Acquisitions
0025xx14 SL Indicates no. of updates to header
0025xx17 SL Series Complete Flag
0025xx18 SL Number of images archived
0025xx19 SL Last image number used
0025xx1A SH Primary Receiver Suite and Host
0025xx1B OB Protocol Data Block (compressed)
""",
    "GEMS_STDY_01": """
002310xx LO Private Element Creator
0023xx01 SL Number of series in Study
0023xx02 SL Number of unarchived Series
0023xx10 SS Reference image field
0023xx50 SS Summary image
0023xx70 FD Start time(secs) in first axial
0023xx74 SL No. of updates to header
0023xx7D SS Indicates study has complete info (DICOM/genesis)
""",
    "GEMS_Ultrasound_ImageGroup_001": """
6003xx10 SQ Unknown
6003xx11 OB Unknown
""",
    "GEMS_Ultrasound_MovieGroup_001": """
7FE1xx01 SQ Unknown
7FE1xx02 LO Unknown
7FE1xx03 UL Unknown
7FE1xx08 SQ Unknown
7FE1xx10 SQ Unknown
7FE1xx12 LO Unknown
7FE1xx18 SQ Unknown
7FE1xx20 SQ Unknown
7FE1xx24 SH Unknown
7FE1xx26 SQ Unknown
7FE1xx36 SQ Unknown
7FE1xx37 UL Unknown
7FE1xx43 OB Unknown
7FE1xx48 FD Unknown
7FE1xx49 UL Unknown
7FE1xx51 FL Unknown
7FE1xx52 FD Unknown
7FE1xx53 UL Unknown
7FE1xx54 SL Unknown
7FE1xx55 OB Unknown
7FE1xx57 LT Unknown
7FE1xx60 OB Unknown
7FE1xx61 OW Unknown
7FE1xx70 SQ Unknown
7FE1xx71 UL Unknown
7FE1xx72 LO Unknown
7FE1xx73 SQ Unknown
7FE1xx74 LO Unknown
7FE1xx75 SQ Unknown
7FE1xx77 FD Unknown
7FE1xx79 SL Unknown
7FE1xx83 SQ Unknown
7FE1xx84 LO Unknown
7FE1xx85 SQ Unknown
7FE1xx86 SL Unknown
7FE1xx87 FD Unknown
7FE1xx88 FD Unknown
""",
    "GEMS_VXTLSTATE_001": """
0057xx05 SQ Volumes_info
0057xx06 SQ Image_UIDs
0057xx07 DT SUV_ScanTime
0057xx08 DT SUV_AdministredTime
0057xx09 DT SUV_MeasuredTime
0057xx10 DT SUV_PostInjectedTime
0057xx11 FL SUV_TracerActivity
0057xx12 FL SUV_PostInjectedActivity
0057xx13 FL SUV_HalfLife
0057xx14 LO SState_Version
0057xx15 SQ SegList_Seq
0057xx16 IS SegList_Count
0057xx17 OB SegList_List
0057xx18 LO SegList_Name
0057xx19 LO Volume_Filename
0057xx20 LO SegList_Label
0057xx21 SQ Bookmark_Seq
0057xx22 LT Bookmark
0057xx23 FL Cursor_position
0057xx24 UL Color_Value_Field
0057xx25 IS Count
0057xx26 SQ Views_info
0057xx27 LT View_Slot
0057xx28 IS Wireframe_Size
0057xx29 UT Wireframe
0057xx30 IS Annotation_Size
0057xx31 LT Annotation
0057xx32 IS Slider_State
0057xx33 LO Proto_Name
0057xx34 LO Proto_Title
0057xx35 LO Proto_FilmName
0057xx36 LO Proto_Step
0057xx38 LT SegList_Slots
0057xx39 IS VT_Points_Size
0057xx40 LT VT_Points
0057xx41 IS VT_Meas_Size
0057xx42 LT VT_Meas
0057xx43 IS VT_Tree_Size
0057xx44 UT VT_Tree
0057xx46 IS VT_Preset_Size
0057xx47 LT VT_Preset
0057xx48 IS VT_State_Size
0057xx49 LT VT_State
0057xx50 IS Preferences_Size
0057xx51 LT Preferences
0057xx52 IS Volume_ZComb_Filter
0057xx53 IS HTML_Page_Size
0057xx54 LT HTML_Page
0057xx55 FL Camera_Position
0057xx56 IS Slider_Size
0057xx57 LT Slider
0057xx58 LO SegList_Pretty_Name
""",
    "GEMS_VXTL_USERDATA_01": """
0047xx11 LT Unknown
""",
    "GEMS_XELPRV_01": """
0033xx08 CS Object Type
0033xx10 SL Modified
0033xx11 LO Name
0033xx14 LO StudyId
0033xx16 LO ProtocolDataUID
0033xx17 SH Date
0033xx18 SH Time
0033xx19 UL ProtocoldataFlags
0033xx1A LO ProtocolName
0033xx1B LO StudyId
0033xx1C OB BulkData
0033xx1D SL IntData
0033xx1E FD DoubleData
0033xx1F OB StringData
0033xx20 OB BulkDataFormat
0033xx21 OB IntDataFormat
0033xx22 OB DoubleDataFormat
0033xx23 OB StringDataFormat
0033xx24 LT Description
0033xx28 LO RTName
0033xx29 LT RTSpecification
0033xx2A UL ReviewTemplatesFlags
0033xx2B LT DataValidationSpec
0033xx2C LT Description
0033xx2D LT IconDescription
0033xx50 SQ ProtocoldataSQ
0033xx51 UI PDOSOPClassUID
0033xx52 UI PDOSOPInstanceUID
0033xx60 SQ ReviewtemplateSQ
0033xx61 UI RTOSOPClassUID
0033xx62 UI RTOSOPInstanceUID
0033xx70 SQ SeriesdataSQ
0033xx71 UI SDOSOPClassUID
0033xx72 UI SDOSOPInstanceUID
0033xx73 SQ SDODoubleDataSQ
0057xx01 SQ ROISQ
0057xx02 UI SOPClassUID
0057xx03 UI SOPInstanceUID
0057xx10 IS ROINumber
0057xx11 UI Dimensions
0057xx12 UI Points
0057xx13 UI Type
0057xx14 UI Description
0057xx15 UI Data value Representation
0057xx16 UI Label
0057xx17 UI Data
0057xx41 SL Modified
0057xx42 LO Name
0057xx43 SL Rid
0057xx45 LO SOPClassUID
0057xx46 LO SOPInstanceUID
0057xx47 LO Normal Colour
0057xx48 LT NameFont
0057xx49 SL FillPattern
0057xx4A SL LineStyle
0057xx4B SL LineDashLength
0057xx4C SL LineThickness
0057xx4D SL Interactivity
0057xx4E SL NamePos
0057xx4F SL NameDisplay
0057xx50 LO Label
0057xx51 SL BpSeg
0057xx52 US BpSegpairs
0057xx53 SL SeedSpace
0057xx54 FD Seeds
0057xx55 SL Shape
0057xx56 FD ShapeTilt
0057xx59 SL ShapePtsSpace
0057xx5A SL ShapeCtrlPtsCount
0057xx5B FD Shap CtrlPts
0057xx5C SL ShapeCPSpace
0057xx5D UL ROIFlags
0057xx5E UL FrameNumber
0057xx60 LO DatasetROIMapping
""",
    "GEMS_XR3DCAL_01": """
0021xx01 IS 3Dcal image rows
0021xx02 IS 3Dcal image columns
0021xx03 FL 3Dcal field of view
0021xx04 DA 3Dcal acquisition date
0021xx05 TM 3Dcal acquisition time
0021xx06 DA 3Dcal calibration processing date
0021xx07 TM 3Dcal calibration processing time
0021xx08 FL 3Dcal L arm angle
0021xx09 FL 3Dcal Pivot angle vector
0021xx0A FL 3Dcal C arm angle
0021xx0B SQ 3Dcal matrix sequence
0021xx0C LO 3Dcal matrix elements
0021xx0D LO 3Dcal algorithm version
0021xx0E FL 3Dcal 3D frame unit size
0021xx0F LO 3Dcal calibration mode
0021xx10 FL 3Dcal image frame origin row
0021xx11 FL 3Dcal image frame origin column
0021xx12 IS 3Dcal positioner pivot rotation speed
0021xx13 IS 3Dcal number of images
0021xx14 UI 3Dcal Instance UID
0021xx15 FL 3Dcal image pixel spacing
0021xx16 CS 3Dcal centering mode
""",
    "GEMS_YMHD_01": """
0033xx05 UN Unknown
0033xx06 UN Unknown
""",
    "GE_GENESIS_REV3.0": """
0019xx39 SS Axial Type
0019xx8F SS Swap Phase / Frequency Axis
0019xx9C SS Pulse Sequence Name
0019xx9F SS Coil Type
0019xxA4 SS SAT fat/water/none
0019xxC0 SS Bitmap of SAT Selections
0019xxC1 SS Surfacel Coil Iintensity Correction Flag
0019xxCB SS Phase Contrast Flow Axis
0019xxCC SS Phase Contrast Velocity Encoding
0019xxD5 SS Fractional Echo
0019xxD8 SS Variable Echo Flag
0019xxD9 DS Concatenated Sat
0019xxF2 SS Number of Phases
0043xx1E DS Delta Start Time
0043xx27 SH Pitch Ratio
""",
    "GE_GROUP": """
6005xx10 UT Unknown
""",
    "HMC - CT - ID": """
0009xx00 UN Image ID Information (e.g. Patient Name, Patient ID)
0009xx01 UN Image ID Information (e.g. Patient Comment)
""",
    "HOLOGIC": """
0011xx00 LO Hx Questionnaire
0021xx01 LT Image Analysis Data in XML
0023xx00 LO Encoding Scheme Version
0023xx01 LO P File Name
0023xx02 OB P File Data
0023xx03 UL P File Length
0023xx04 OB R File Data
0023xx05 UL R File Length
""",
    "HOLOGIC, Inc.": """
0019xx06 LO Unknown
0019xx07 SH Unknown
0019xx08 LO Unknown
0019xx16 DS Unknown
0019xx26 LO Unknown
0019xx27 SH Unknown
0019xx28 LO Unknown
0019xx29 LO Unknown
0019xx30 US Unknown
0019xx31 US Unknown
0019xx32 US Unknown
0019xx33 US Unknown
0019xx34 US Unknown
0019xx35 US Unknown
0019xx37 LO Unknown
0019xx40 DS Unknown
0019xx41 DS Unknown
0019xx42 DS Unknown
0019xx43 DS Unknown
0019xx44 IS Unknown
0019xx45 IS Unknown
0019xx46 IS Unknown
0019xx70 DS Unknown
0019xx85 IS Unknown
0019xx90 DS Unknown
7E01xx01 LO Unknown
7E01xx02 LO Unknown
7E01xx10 SQ Unknown
7E01xx11 SQ Unknown
7E01xx12 OB Unknown
7F01xx01 LO Unknown
7F01xx02 SH Unknown
7F01xx10 SQ Unknown
7F01xx12 OB Unknown
""",
    "Hologic": """
0011xx00 LO Hx Questionnaire
0021xx01 LT Image Analysis Data in XML
0023xx00 LO Encoding Scheme Version
0023xx01 LO P File Name
0023xx02 OB P File Data
0023xx03 UL P File Length
0023xx04 OB R File Data
0023xx05 UL R File Length
""",
    "IDEXX": """
0011xx00 LO Breed Name
0011xx01 LO Species Name
0011xx02 PN Owner
""",
    "IMPAC": """
300Bxx02 FL Unknown
300Bxx04 FL Unknown
300Bxx0E FL Unknown
""",
    "IMS s.r.l. Biopsy Private Code": """
1269xx01 IS Biopsy Image
1269xx10 IS Biopsy Markers X
1269xx11 IS Biopsy Markers Y
1269xx12 IS Biopsy Markers Number
1269xx20 IS Biopsy Area Left Border
1269xx21 IS Biopsy Area Right Border
1269xx22 IS Biopsy Area Top Border
1269xx23 IS Biopsy Area Bottom Border
""",
    "IMS s.r.l. Mammography Private Code": """
1271xx01 IS Unknown
1271xx02 IS Unknown
1271xx10 IS Unknown
1271xx11 IS Unknown
1271xx12 IS Unknown
1271xx13 IS Unknown
1271xx20 IS Unknown
1271xx21 IS Unknown
1271xx22 IS Unknown
1271xx38 LO Unknown
1271xx39 US Unknown
1271xx40 US Unknown
1271xx41 LO Unknown
1271xx42 LT Unknown
1271xx45 IS Unknown
1271xx46 IS Unknown
1271xx47 IS Unknown
1271xx48 IS Unknown
1271xx49 IS Unknown
1271xx50 IS Unknown
1271xx51 IS Unknown
1271xx52 IS Unknown
1271xx53 LO Unknown
1271xx54 IS Unknown
""",
    "INFINITT_FMX": """
0015xx10 LO Unknown
0015xx11 LO Unknown
""",
    "INTEGRIS 1.0": """
0009xx08 CS Exposure Channel
0009xx32 TM Exposure Start Time
0019xx00 LO APR Name
0019xx40 DS Frame Rate
0021xx12 IS Exposure Number
0029xx00 SQ Edge Enhancement Sequence
0029xx01 US Convolution Kernel Size
0029xx02 US Convolution Kernel Coefficients
0029xx03 FL Edge Enhancement Gain
0029xx08 IS Number of Exposure Results
0041xx20 DS Accumulated Fluoroscopy Dose
0041xx30 DS Accumulated Exposure Dose
0041xx40 DS Total Dose
0041xx41 US Total Number of Frames
0041xx50 SQ Exposure Information Sequence
""",
    "INTELERAD MEDICAL SYSTEMS": """
3F01xx01 LO Institution Code
3F01xx02 LO Routed Transfer AE
3F01xx03 LO Source AE
3F01xx04 LO Deferred Validation
3F01xx05 LO Series Owner
""",
    "ISG Image": """
0065xx11 UL Unknown
""",
    "ISG shadow": """
0029xx70 IS Unknown
0029xx80 IS Unknown
0029xx90 IS Unknown
""",
    "ISI": """
0009xx01 SQ SIENET General Purpose IMGF
""",
    "Image (ID, Version, Size, Dump, GUID)": """
8003xx00 LO ID
8003xx10 LO Version
8003xx20 UL Size
8003xx30 OB Dump
8003xx40 LO GUID
""",
    "Imaging Dynamics Company Ltd.": """
4321xx05 UN Custom Tag
4321xx10 UN Custom Tag
4321xx41 CS Unknown
4321xx42 US Unknown
4321xx50 DS Custom Tag
4321xx51 DS Custom Tag
4321xx64 LO Custom Tag
""",
    "KINETDX": """
0021xxA5 US Unknown
0021xxA8 LO Unknown
0021xxAA OB Unknown
""",
    "KINETDX_GRAPHICS": """
0021xxA4 LT Unknown
""",
    "KRETZ_US": """
7FE1xx01 OB Unknown
""",
    "Kodak Image Information": """
0029xx15 LO Unknown
0029xx16 LO Unknown
0029xx17 LO Unknown
0029xx18 UT Unknown
0029xx19 IS Unknown
0029xx1A IS Unknown
""",
    "LODOX_STATSCAN": """
0019xx01 IS Unknown
0019xx02 IS Unknown
0019xx03 DS Unknown
0019xx04 DS Unknown
0019xx05 DS Unknown
0019xx06 DS Unknown
0019xx07 DS Unknown
0019xx08 DS Unknown
""",
    "LORAD Selenia": """
0019xx06 OB Paddle ID
0019xx07 OB Paddle Position
0019xx08 OB Collimation Size
0019xx26 OB Unknown
0019xx27 OB Unknown
0019xx28 OB Unknown
0019xx29 OB Unknown
0019xx30 OB Unknown
0019xx31 OB Unknown
0019xx32 OB Unknown
0019xx33 OB Unknown
0019xx34 OB Unknown
0019xx35 OB Unknown
0019xx40 OB Unknown
0019xx41 OB Unknown
0019xx50 OB Unknown
0019xx51 OB Unknown
0019xx52 OB Unknown
0019xx53 OB Unknown
0019xx70 OB Unknown
0019xx71 OB Unknown
""",
    "MAROTECH Inc.": """
0037xx01 LO Some kind of version number
0037xx21 US Icon Row
0037xx22 US Icon Col
0037xx23 OB JPEG Compressed Icon
""",
    "MDS NORDION OTP ANATOMY MODELLING": """
3005xx00 SQ Unknown
3005xx02 CS Unknown
3005xx04 DS Unknown
3005xx06 DS Unknown
3005xx08 DS Unknown
3005xx0A CS Unknown
3005xx0C CS Unknown
3005xx0E CS Unknown
3005xx10 DS Unknown
3005xx12 DS Unknown
""",
    "MEDIFACE": """
0021xx01 UN Unknown
0021xx10 UN Unknown
0021xx11 UN Unknown
0021xx12 UN Unknown
0021xx21 UN Unknown
0021xx22 UN Unknown
0021xx30 UN Unknown
0021xx31 UN Unknown
0021xx40 UN Unknown
0021xx41 UN Unknown
0021xx42 UN Unknown
0021xx50 UN Unknown
0021xx51 UN Unknown
0021xx52 UN Unknown
0021xx60 UN Unknown
0021xxF1 UN Unknown
0021xxF2 UN Unknown
0029xx01 UL Unknown
0029xx10 DS Window Center
0029xx11 DS Window Width
0029xx20 DS Unknown
0029xx21 UL Unknown
0029xx22 DS Unknown
0029xx30 LT Unknown
""",
    "MERGE TECHNOLOGIES, INC.": """
0009xx00 OB Unknown
""",
    "MITRA LINKED ATTRIBUTES 1.0": """
0031xx20 LO Global Patient ID
""",
    "MITRA OBJECT ATTRIBUTES 1.0": """
0033xx02 LO Unknown
0033xx04 LO Unknown
0033xx06 LO Unknown
0033xx08 LO Unknown
0033xx0A LO Unknown
""",
    "MITRA OBJECT DOCUMENT 1.0": """
0029xx00 OB Unknown
""",
    "MITRA OBJECT UTF8 ATTRIBUTES 1.0": """
0033xx02 PN Patient's Name
0033xx04 CS Study Description
0033xx06 PN Referring Physician's Name
0033xx08 PN Requesting Physician's Name
0033xx0A PN Performing Physician's Name
0033xx0C LO Reason for Study
0033xx0E LT Study Comments
0033xx13 PN Patient's Name Single Byte
0033xx14 PN Patient's Name Ideographic
0033xx15 PN Patient's Name Phonetic
0033xx16 PN Referring Physician's Name Single Byte
0033xx17 PN Referring Physician's Name Ideographic
0033xx18 PN Referring Physician's Name Phonetic
0033xx19 PN Requesting Physician's Name Single Byte
0033xx1A PN Requesting Physician's Name Ideographic
0033xx1B PN Requesting Physician's Name Phonetic
0033xx1C PN Performing Physician's Name Single Byte
0033xx1D PN Performing Physician's Name Ideographic
0033xx1E PN Performing Physician's Name Phonetic
""",
    "MITRA PRESENTATION 1.0": """
0029xx00 CS Mitra Rotation
0029xx01 LO Mitra Window Width
0029xx02 LO Mitra Window Centre
0029xx03 IS Mitra Invert
0029xx04 IS Mitra Has Tabstop
0029xx05 CS Smooth Rotation
0029xx10 CS Breast Box x0
0029xx11 CS Breast Box y0
0029xx12 CS Breast Box x1
0029xx13 CS Breast Box y1
""",
    "MMCPrivate": """
0009xx00 LO Private Creator
0009xx01 LO Technologist
0009xx02 LO ScheduledStudyDateTime
0009xx03 OB StudyAppData
0009xx04 UI ProtocolObjectID
0009xx05 LO Name
0009xx06 IS Frequency
0009xx07 SH UpdateFlag
0009xx08 SH Directory
0009xx09 LO Comments
0009xx0A LO Region
0009xx0B SH Laterality
0009xx0C TM TotalScanTime
0009xx0D LO ContrastMedium
0009xx0E LO CreateDateTime
0009xx0F LO Creator
0009xx10 LO SiteName
0009xx11 LO ReferringPhysician
0009xx12 LO Radiologist
0009xx13 LO Technologist
0009xx14 UI ProtocolUid
0009xx15 SH IsInLibrary
0009xx16 LO Gating
0009xx17 ST Note
0009xx18 IS NumberOfTasks
0009xx19 SH IsFlagRaised
0009xx1A SH IsArchived
0009xx1B SH IsDefault
0009xx1C OB ProtocolAppData
0009xx1D SH IsAllowCascadeSave
0009xx1E SH IsAllowCascadeProtect
0009xx1F SQ TaskInfo
0009xx20 UI TaskInfoObjectID
0009xx21 LO Name
0009xx22 SH TaskStatus
0009xx23 SH TaskPriority
0009xx24 SH Leaf
0009xx25 LO TaskID
0009xx26 IS Frequency
0009xx27 SH UpdateFlag
0009xx28 SH Directory
0009xx29 LO Comments
0009xx2A SH Category
0009xx2B LO Region
0009xx2C SH Laterality
0009xx2D TM ScanTime
0009xx2E LO ContrastMedium
0009xx2F LO CreateDateTime
0009xx30 LO Creator
0009xx31 LO SiteName
0009xx32 LO ReferringPhysician
0009xx33 LO Radiologist
0009xx34 LO Technologist
0009xx35 UI TaskUid
0009xx36 UI TaskInfoUid
0009xx37 SH IsInLibrary
0009xx38 IS TaskOrder
0009xx39 LO Gating
0009xx3A SH Plane
0009xx3B LO SequenceType
0009xx3C SH IsExecutive
0009xx3D ST Note
0009xx3E SH AutoStart
0009xx3F SH AutoSave
0009xx40 SH AutoArchive
0009xx41 IS QueueGroupID
0009xx42 SH IsFlagRaised
0009xx43 SH IsArchived
0009xx44 SH IsDefault
0009xx45 OB TaskInfoAppData
0009xx46 SH IsAllowCascadeSave
0009xx47 SH IsAllowCascadeProtect
0009xx48 LO ProtocolName
0009xx4E LO Cms_BodyPartExamined
0009xx4F LO IsProtected
0009xx50 OB ?StudyReservationInfo
0009xx51 LO Cmi_contrastBolusAgent
0009xx52 LO Cms_institutionName
0009xx53 LO Cms_institutionalDepartmentName
0009xx54 LO Cms_seriesDescription
0009xx55 LO Cms_operatorsName
0009xx56 LO Cms_PerformingPhysiciansName
0009xx57 ST Cms_institutionAddress
0009xx58 LO Cmi_imageComments
0009xx59 LO Cmi_instanceCreationDateTime
0009xx5A LO MppsStepStatus
0009xx5B IS FilmedCount
0009xx5C LO IsAllowCascadeSave
0009xx5D LO IsAllowCascadeProtect
0009xx5E LO IsDeleted
0009xx5F UI ProtocolObjectID
0009xx60 OB TaskInfoAppData
0009xx72 UI ProtocolTaskInfoObjectID
0009xx73 IS ProtocolTaskOrder
0009xx74 UI ProtocolTaskUid
0009xx75 OB ProtocolTaskAppData
0009xx76 SH ProtocolTaskIsAllowCascadeSave
0009xx77 SH ProtocolTaskIsAllowCascadeProtect
0011xx00 LO Private Creator
0011xx01 LO IsRapidRegistration
0011xx02 LO IsProtected
0011xx03 IS FilmedCount
0011xx04 OB ApplicationData
0011xx05 LO IsAllowCascadeSave
0011xx06 LO IsAllowCascadeProtect
0011xx07 LO IsDeleted
0019xx00 LO Private Creator
0019xx01 LO ProcType
0019xx02 LO Plane
0019xx03 SH IsSnapShotSeries
0019xx04 DS MaxFsColor
0019xx05 LO SeriesCategoryType
0019xx07 LO ImageContrastBolusAgent
0019xx08 DS ImageSliceThickness
0019xx09 DS ImageReconstructionDiameter
0019xx0A LO ImageEchoTime
0019xx0B DS ImageRepetitionTime
0019xx0C LO SequenceType
0019xx0D LO TaskUid
0019xx0E OB SeriesAppData
0019xx0F IS MultiSliceNumber
0019xx10 LO ImageScanTime
0019xx11 LO IsProtected
0019xx12 IS ImageIncrement
0019xx13 LO MppsStepStatus
0019xx14 IS StorageCommittedCount
0019xx15 IS ArchivedCount
0019xx16 IS TransferredCount
0019xx17 LO IsAllowCascadeSave
0019xx18 LO IsAllowCascadeProtect
0019xx19 LO IsDeleted
0019xx1A UI CharacterizedImageInstanceUid
0019xx1B IS CharacterizedImageCount
0019xx1C LO InternalWindowWidth
0019xx1D LO InternalWindowLevel
0019xx1E LO ?FlipAngle?
0019xx1F LO ?InversionTime?
0019xx20 UI MultiFrameSopInstanceUid
0019xx21 OB ?ScanInterface.GroupParamArchive
0029xx00 LO Private Creator
0029xx01 IS SliceNumber
0029xx02 IS PhaseNumber
0029xx03 LO ProcType
0029xx04 LO StopwatchTime
0029xx05 LO Plane
0029xx06 LO ScanTime
0029xx08 LO DualSliceFlag
0029xx09 LO SspRatio
0029xx0A LO GatingSignalSource
0029xx0B LO Rephase
0029xx0C LO HalfEcho
0029xx0D LO RectFOVRatio
0029xx0E LO HalfScan
0029xx0F LO NumShots
0029xx10 LO ContrastAgent
0029xx11 LO EchoAllocation
0029xx12 LO NumEchoShift
0029xx13 LO FatSat
0029xx14 LO MTC
0029xx15 LO NumPreSat
0029xx16 LO TargetVelocity
0029xx17 LO VENCAxis
0029xx18 LO NumVENCDirection
0029xx1C LO IsScalableWindowLevel
0029xx1D LO ThreeDSettingLineAngle
0029xx1E LO MPGTotalAxis
0029xx1F LO MPGAxisNumber
0029xx20 IS MultiEchoNumber
0029xx21 DS NaviAverageGateWidth
0029xx22 ST ShimCompensateValue
0029xx23 LO GCOffset
0029xx24 DS NaviMaxGateWidth
0029xx25 DS NaviMinGateWidth
0029xx26 DS NaviMaxGatePosition
0029xx27 DS NaviMinGatePosition
0029xx28 DS TimeDuration
0029xx29 DS TablePosition
0029xx2A DS NaviInitialGateWidth
0029xx2B DS NaviFinalGateWidth
0029xx2C DS NaviInitialGatePosition
0029xx2D DS NaviFinalGatePosition
0029xx2E DS NaviAverageGatePosition
0029xx2F OB ImageAppData
0029xx30 FD DiffusionBValue
0029xx31 SQ SharedFunctionalGroupsSequence
0029xx32 SQ PerFrameFunctionalGroupsSequence
0029xx33 DS LossyImageCompressionRatio
0029xx34 UI InstanceCreatorUID
0029xx35 UI RelatedGeneralSOPClassUID
0029xx36 UI OriginalSpecializedSOPClassUID
0029xx37 SH TimezoneOffsetFromUTC
0029xx38 CS SOPInstanceStatus
0029xx39 DT SOPAuthorizationDateandTime
0029xx3A LT SOPAuthorizationComment
0029xx3B LO AuthorizationEquipmentCertificationNumber
0029xx3C UL ConcatenationFrameOffsetNumber
0029xx3D US RepresentativeFrameNumber
0029xx3E UI ConcatenationUID
0029xx3F US InConcatenationNumber
0029xx40 CS CardiacSynchronizationTechnique
0029xx41 CS CardiacSignalSource
0029xx42 FD CardiacRRIntervalSpecified
0029xx43 CS CardiacBeatRejectionTechnique
0029xx44 IS LowRRValue
0029xx45 IS HighRRValue
0029xx46 IS IntervalsAcquired
0029xx47 IS IntervalsRejected
0029xx48 CS RespiratoryMotionCompensationTechnique
0029xx49 CS RespiratorySignalSource
0029xx4A CS BulkMotionCompensationTechnique
0029xx4B CS BulkMotionSignalSource
0029xx4C CS PixelPresentation
0029xx4D CS VolumetricProperties
0029xx4E CS VolumeBasedCalculationTechnique
0029xx4F ST AcquisitionContextDescription
0029xx50 SQ ModalityLUTSequence
0029xx51 LO LUTDescriptor
0029xx52 LO LUTExplanation
0029xx53 LO LUTData
0029xx54 CS PresentationLUTShape
0029xx55 SQ FrameAnatomySequence
0029xx56 CS FrameLaterality
0029xx57 SQ AnatomicRegionSequence
0029xx58 SH AnatomicRegionCodeValue
0029xx59 SH AnatomicRegionCodingSchemeDesignator
0029xx5A SH AnatomicRegionCodingSchemeVersion
0029xx5B LO AnatomicRegionCodeMeaning
0029xx5C SQ PixelValueTransformationSequence
0029xx5D LO RescaleType
0029xx5E SQ CardiacTriggerSequence
0029xx5F FD TriggerDelayTime
0029xx60 SQ FrameVOILUTSequence
0029xx61 LO WindowCenterAndWidthExplanation
0029xx62 CS AcquisitionContrast
0029xx63 SQ MRModifierSequence
0029xx64 CS ParallelAcquisitionTechnic
0029xx65 FD ParallelReductionFactorSecIn
0029xx66 CS InversionRecovery
0029xx67 CS FlowCompensation
0029xx68 CS FlowCompensationDirection
0029xx69 CS SpatialPreSaturation
0029xx6A CS PartialFourier
0029xx6B CS PartialFourierDirection
0029xx6C CS ResonantNucleus
0029xx6D CS KSpaceFiltering
0029xx6E CS ApplicableSafetyStandardAgency
0029xx6F LO ApplicableSafetyStandardDescription
0029xx70 SQ MRReceiveCoilSequence
0029xx71 LO ReceiveCoilManufacturerName
0029xx72 CS ReceiveCoilType
0029xx73 CS QuadratureReceiveCoil
0029xx74 LO MultiCoilConfiguration
0029xx75 CS ComplexImageComponent
0029xx76 SH PulseSequenceName
0029xx77 CS EchoPulseSequence
0029xx78 CS MultipleSpinEcho
0029xx79 CS MultiPlanarExcitation
0029xx7A CS PhaseContrast
0029xx7B CS TimeOfFlightContrast
0029xx7C CS SteadyStatePulseSequence
0029xx7D CS EchoPlanarPulseSequence
0029xx7E CS SpectrallySelectedSuppression
0029xx7F CS OversamplingPhase
0029xx80 CS SegmentedKSpaceTraversal
0029xx81 CS CoverageOfKSpace
0029xx82 SQ MRTimingAndRelatedParametersSequence
0029xx83 US RFEchoTrainLength
0029xx84 US GradientEchoTrainLength
0029xx85 CS GradientOutputType
0029xx86 FD GradientOutput
0029xx87 SQ MRFOVGeometrySequence
0029xx88 US MRAcquisitionFrequencyEncodingSteps
0029xx89 US MRAcquisitionPhaseEncodingStepsInPlane
0029xx8A US MRAcquisitionPhaseEncodingStepsOutOfPlane
0029xx8B SQ MRTransmitCoilSequence
0029xx8C SH TransmitCoilName
0029xx8D LO TransmitCoilManufacturerName
0029xx8E CS TransmitCoilType
0029xx8F SQ MREchoSequence
0029xx90 FD EffectiveEchoTime
0029xx91 SQ MRMetaboliteMapSequence
0029xx92 ST MetaboliteMapDescription
0029xx93 SQ MetaboliteMapCodeSequence
0029xx94 SH MetaboliteMapCodeValue
0029xx95 SH MetaboliteMapCodingSchemeDesignator
0029xx96 SH MetaboliteMapCodingSchemeVersion
0029xx97 LO MetaboliteMapCodeMeaning
0029xx98 SQ MRImagingModifierSequence
0029xx99 CS MagnetizationTransfer
0029xx9A CS BloodSignalNulling
0029xx9B CS Tagging
0029xx9C FD TagSpacingFirstDimension
0029xx9D FD TagSpacingSecondDimension
0029xx9E FD TagAngleFirstAxis
0029xx9F SS TagAngleSecondAxis
0029xxA0 FD TagThickness
0029xxA1 FD TaggingDelay
0029xxA2 FD TransmitterFrequency
0029xxA3 DS PixelBandwidth
0029xxA4 SQ MRVelocityEncodingSequence
0029xxA5 FD VelocityEncodingDirection
0029xxA6 FD VelocityEncodingMinimumValue
0029xxA7 FD VelocityEncodingMaximumValue
0029xxA8 SQ MRImageFrameTypeSequence
0029xxA9 CS FrameType
0029xxAA CS PixelPresentation
0029xxAB CS VolumetricProperties
0029xxAC CS VolumeBasedCalculationTechnique
0029xxAD IS FilmedCount
0029xxAE LO IsTransferred
0029xxAF LO IsArchived
0029xxB0 LO MppsStepStatus
0029xxB1 LO CommitmentStatus
0029xxB2 LO IsStorageCommitted
0029xxB3 LO IsDicom
0029xxB4 LO IsAllowCascadeSave
0029xxB5 LO IsAllowCascadeProtect
0029xxB6 LO IsDeleted
0029xxB7 OB ApplicationData
0029xxB8 LO IsAllowCascadeSave
0029xxB9 LO IsAllowCascadeProtect
0029xxBA LO IsDeleted
0029xxBB IS VOI1
0029xxBC IS VOI2
0029xxBD UI BackgroundImageInstanceUID
0029xxBE LO IsStoredToPortableMedia
0029xxBF DS Voi1
0029xxC0 FD SelectiveIRColumn
0029xxC1 DS Voi2
0029xxC2 DS MixingTime
0029xxC3 DS SelectiveIRPosition
0029xxC4 DS SelectiveIRRow
0029xxC5 DS SelectiveIRColumn
0029xxC6 DS SelectiveIROrientation
0029xxC7 LO SelectiveIRThickness
0029xxC8 SH RephaseOrderSlice
0029xxC9 SH RephaseOrderPhase
0029xxCA SH RephaseOrderFreq
0029xxCB ST MetaboliteMapDescription
0029xxCC SQ volumeLocalizationSeq
0029xxCD FD SlabThickness
0029xxCE FD SlabOrientation
0029xxCF FD MidSlabPosition
0029xxD0 LO AcqModeSliceDir
0029xxD1 LO IRThicknessRatio
0029xxD2 LO BBIRThicknessRatio
0029xxD3 LO DeltaAngle
0029xxD4 IS MultiFrameFrameNumber
0029xxD5 UI EnhancedSopInstanceUid
0029xxD6 LO PolarityOfPhaseEncoding
0029xxD7 OB PresentationStates
0029xxD9 DS Magnetic Field Direction
0041xx01 OB RawDataAppData
0041xx02 SQ RawDataIndex
0041xx03 LO ChannelNumber
0041xx04 LO AxisDirection
0041xx05 LO SlabNumbe
0041xx06 LO CardiacPhaseNumbe
0041xx07 LO EchoNumber
0041xx08 LO SliceEncodeNumber
0041xx09 LO NsaNumber
0041xx0A OB RawData
0041xx0B SS RawDataMRInfo
0041xx0C IS NumberOfVoxels
0041xx0D DS MixingTime
0041xx0E DS ADDiff
0041xx0F LO ScanTime
0041xx10 LO NumPreSat
0041xx11 LO IsStoredToPortableMedia
0041xx12 DS Voi1
0041xx13 DS Voi2
0041xx14 DS VoxelSize
0041xx15 IS FreqPoint
0041xx16 SH LowOrderShim
0041xx17 SH EccLevel
0041xx18 FL FwhmHz
0041xx19 FL FwhmPpm
0041xx1A FL WaterSupRate
0071xx01 FL ForegroundTransparency
0071xx02 LO IsDisplayBackgroundImage
0071xx03 FL ForegroundHorizontalShift
0071xx04 FL ForegroundVerticalShift
0071xx05 FL ForegroundRotationAngle
0071xx06 FL ForegroundMagnification
0071xx07 OB ApplicationData
""",
    "Mayo/IBM Archive Project": """
0021xx01 UN Unknown
0021xx10 UN Unknown
0021xx11 UN Unknown
0021xx12 UN Unknown
0021xx13 UN Unknown
0021xx14 UN Unknown
0021xx15 UN Unknown
0021xx16 UN Unknown
0021xx17 UN Unknown
0021xx18 UN Unknown
0021xx19 UN Unknown
0021xx1A UN Unknown
0021xx1B UN Unknown
0021xx1C UN Unknown
0021xx1D UN Unknown
0021xx1E UN Unknown
0021xx1F UN Unknown
0021xx20 UN Unknown
0021xx40 UN Unknown
0021xx41 UN Unknown
0021xx50 UN Unknown
0021xx60 UN Unknown
0021xx65 UN Unknown
""",
    "MeVis BreastCare": """
0019xx01 LO Unknown
0071xx01 LO Unknown
""",
    "MeVis eD: Geometry Information": """
0009xx11 UN GeoScannerOrigin
0009xx21 UN SlicesID
""",
    "MeVis eD: Slice Information": """
0009xx10 UN SlicesSOPInstanceUID
""",
    "MeVis eD: Timepoint Information": """
0009xx10 UN TPDateTime
0009xx11 UN TPDateTimeType
0009xx12 UN TPSeriesDescription
0009xx13 UN TPGradientDirections
0009xx21 UN GeometryID
""",
    "MeVis eatDicom": """
0009xx10 UN EatDicomVersion
0009xx11 UN EatDicomOptions
0009xx21 UN TimepointsID
""",
    "MedIns HP Extensions": """
5473xx03 LO Unknown
""",
    "Mitra Markup 1.0": """
0029xx00 OB Markup1
0029xx01 OB Markup2
0029xx02 OB Markup3
0029xx03 OB Markup4
0029xx04 OB Markup5
0029xx05 OB Markup6
0029xx06 OB Markup7
0029xx07 OB Markup8
0029xx08 OB Markup9
0029xx09 OB Markup10
0029xx10 OB Markup11
0029xx11 OB Markup12
0029xx12 OB Markup13
0029xx13 OB Markup14
0029xx14 OB Markup15
""",
    "Mitra Object Document 1.0": """
0029xx00 OB IMPAX object document
0029xx10 OB IMPAX markup XML stored
""",
    "Mitra Presentation 1.0": """
0029xx00 CS Mitra Rotation
0029xx01 LO Mitra Window Width
0029xx02 LO Mitra Window Centre
0029xx03 IS Mitra Invert
0029xx04 IS Mitra Has Tabstop
0029xx05 CS Smooth Rotation
""",
    "Mortara_Inc": """
1455xx00 OW ELI Interpretation Vector
1455xx01 UN Custom ID
1455xx02 UT Race
1455xx03 UT Social Security Number
1455xx04 UT Attending Physician
1455xx05 UT Procedural Diagnosis
1455xx06 UT Note1
1455xx07 UT Note2
1455xx08 LO Order Request Number
1455xx10 LO Manufacturer Name
""",
    "NUD_PRIVATE": """
7777xx02 UT Interfile
7777xx05 IS Unknown
""",
    "ObjectModel (ID, Version, Place, PlaceDescription)": """
8101xx00 LO ID
8101xx10 LO Version
""",
    "PAPYRUS": """
0009xx00 LT Original File Name
0009xx10 LT Original File Location
0009xx18 LT Data Set Identifier
0041xx00 LT Papyrus Comments
0041xx10 US Folder Type
0041xx11 LT Patient Folder Data Set ID
0041xx20 LT Folder Name
0041xx30 DA Creation Date
0041xx32 TM Creation Time
0041xx34 DA Modified Date
0041xx36 TM Modified Time
0041xx40 LT Owner Name
0041xx50 LT Folder Status
0041xx60 UL Number of Images
0041xx62 UL Number of Other
0041xxA0 LT External Folder Element DSID
0041xxA1 US External Folder Element Data Set Type
0041xxA2 LT External Folder Element File Location
0041xxA3 UL External Folder Element Length
0041xxB0 LT Internal Folder Element DSID
0041xxB1 US Internal Folder Element Data Set Type
0041xxB2 UL Internal Offset To Data Set
0041xxB3 UL Internal Offset To Image
""",
    "PAPYRUS 3.0": """
0041xx00 LT Comments
0041xx10 SQ Pointer Sequence
0041xx11 UL Image Pointer
0041xx12 UL Pixel Offset
0041xx13 SQ Image Identifier Sequence
0041xx14 SQ External PAPYRUS-File Reference Sequence
0041xx15 US Number of images
0041xx21 UI Referenced SOP Class UID
0041xx22 UI Referenced SOP Instance UID
0041xx31 LO Referenced File Name
0041xx32 LO Referenced File Path
0041xx41 UI Referenced Image SOP Class UID
0041xx42 UI Referenced Image SOP Instance UID
0041xx50 SQ Image Sequence
60xxxx00 IS Overlay ID
60xxxx01 LT Linked Overlays
60xxxx10 US Overlay Rows
60xxxx11 US Overlay Columns
60xxxx40 LO Overlay Type
60xxxx50 US Overlay Origin
60xxxx60 LO Editable
60xxxx70 LO Overlay Font
60xxxx72 LO Overlay Style
60xxxx74 US Overlay Font Size
60xxxx76 LO Overlay Color
60xxxx78 US Shadow Size
60xxxx80 LO Fill Pattern
60xxxx82 US Overlay Pen Size
60xxxxA0 LO Label
60xxxxA2 LT Post It Text
60xxxxA4 US Anchor Point
60xxxxB0 LO ROI Type
60xxxxB2 LT Attached Annotation
60xxxxBA US Contour Points
60xxxxBC US Mask Data
60xxxxC0 SQ UIN Overlay Sequence
""",
    "PHILIPS MR": """
0009xx10 LO SPI Release
0009xx12 LO Unknown
""",
    "PHILIPS MR R5.5/PART": """
0019xx00 DS Field of View
""",
    "PHILIPS MR R5.6/PART": """
0019xx00 DS Field of View
""",
    "PHILIPS MR SPECTRO;1": """
0019xx01 US Unknown
0019xx02 US Unknown
0019xx03 US Unknown
0019xx04 US Unknown
0019xx05 US Unknown
0019xx06 US Unknown
0019xx07 IS Unknown
0019xx08 IS Unknown
0019xx09 IS Unknown
0019xx10 IS Unknown
0019xx12 IS Unknown
0019xx13 IS Unknown
0019xx14 US Unknown
0019xx15 US Unknown
0019xx16 IS Unknown
0019xx17 IS Unknown
0019xx18 UN Unknown
0019xx20 IS Unknown
0019xx21 IS Unknown
0019xx22 IS Unknown
0019xx23 IS Unknown
0019xx24 IS Unknown
0019xx25 IS Unknown
0019xx26 IS Unknown
0019xx27 IS Unknown
0019xx28 IS Unknown
0019xx29 IS Unknown
0019xx31 US Unknown
0019xx32 US Unknown
0019xx41 LT Unknown
0019xx42 IS Unknown
0019xx43 IS Unknown
0019xx45 US Unknown
0019xx46 US Unknown
0019xx47 IS Unknown
0019xx48 IS Unknown
0019xx49 US Unknown
0019xx50 UN Unknown
0019xx60 US Unknown
0019xx61 US Unknown
0019xx70 UN Unknown
0019xx71 IS Unknown
0019xx72 US Unknown
0019xx73 US Unknown
0019xx74 US Unknown
0019xx76 US Unknown
0019xx77 US Unknown
0019xx78 US Unknown
0019xx79 US Unknown
0019xx80 IS Unknown
""",
    "PHILIPS MR/LAST": """
0019xx09 DS Main Magnetic Field
0019xx0E IS Flow Compensation
0019xxB1 IS Minimum RR Interval
0019xxB2 IS Maximum RR Interval
0019xxB3 IS Number of Rejections
0019xxB4 IS Number of RR Intervals
0019xxB5 IS Arrhythmia Rejection
0019xxB7 IS Unknown
0019xxC0 DS Unknown
0019xxC6 IS Cycled Multiple Slice
0019xxCE IS REST
0019xxD5 DS Unknown
0019xxD6 IS Fourier Interpolation
0019xxD9 IS Unknown
0019xxE0 IS Prepulse
0019xxE1 DS Prepulse Delay
0019xxE2 IS Unknown
0019xxE3 DS Unknown
0019xxE4 IS Unknown
0019xxE5 DS Unknown
0019xxF0 LT WS Protocol String 1
0019xxF1 LT WS Protocol String 2
0019xxF2 LT WS Protocol String 3
0019xxF3 LT WS Protocol String 4
0021xx00 IS Unknown
0021xx10 IS Unknown
0021xx20 IS Unknown
0021xx21 DS Slice Gap
0021xx22 DS Stack Radial Angle
0027xx00 US Unknown
0027xx11 US Unknown
0027xx12 DS Unknown
0027xx13 DS Unknown
0027xx14 DS Unknown
0027xx15 DS Unknown
0027xx16 LO Unknown
0029xx10 DS FP Min
0029xx20 DS FP Max
0029xx30 DS Scaled Minimum
0029xx40 DS Scaled Maximum
0029xx50 DS Window Minimum
0029xx60 DS Window Maximum
0029xx61 IS Unknown
0029xx62 IS Unknown
0029xx70 DS Unknown
0029xx71 DS Unknown
0029xx72 IS Unknown
0029xx80 IS View Center
0029xx81 IS View Size
0029xx82 IS View Zoom
0029xx83 IS View Transform
0041xx07 LO Unknown
0041xx09 DS Unknown
6001xx00 LT Unknown
""",
    "PHILIPS MR/PART": """
0019xx00 DS Field of View
0019xx01 IS Stack Type
0019xx02 IS Unknown
0019xx03 DS Unknown
0019xx05 DS CC Angulation
0019xx06 DS AP Angulation
0019xx07 DS LR Angulation
0019xx08 IS Patient Orientation 1
0019xx09 IS Patient Orientation
0019xx0A IS Slice Orientation
0019xx0B DS LR Offcenter
0019xx0C DS CC Offcenter
0019xx0D DS AP Offcenter
0019xx0E DS Unknown
0019xx0F IS Number of Slices
0019xx10 DS Slice Factor
0019xx11 DS Echo Times
0019xx14 CS Unknown
0019xx15 IS Dynamic Study
0019xx18 DS Heartbeat Interval
0019xx19 DS Repetition Time FFE
0019xx1A DS FFE Flip Angle
0019xx1B IS Number of Scans
0019xx1C CS Unknown
0019xx1D CS Unknown
0019xx1E DS Unknown
0019xx21 DS Unknown
0019xx22 DS Dynamic Scan Time Begin
0019xx23 DS Unknown
0019xx24 IS Unknown
0019xx25 DS Unknown
0019xx26 DS Unknown
0019xx27 DS Unknown
0019xx28 CS Unknown
0019xx29 DS Unknown
0019xx30 LO Unknown
0019xx31 DS Unknown
0019xx40 US Unknown
0019xx45 IS Reconstruction Resolution
0019xx50 IS Unknown
0019xx51 DS Unknown
0019xx52 DS Unknown
0019xx53 IS Unknown
0019xx54 DS Unknown
0019xx55 DS Unknown
0019xx56 DS Unknown
0019xx57 US Unknown
0019xx58 DS Unknown
0019xx59 US Unknown
0019xx60 DS Unknown
0019xx61 DS Unknown
0019xx62 DS Unknown
0019xx63 DS Unknown
0019xx64 DS Repetition Time SE
0019xx65 DS Repetition Time IR
0019xx66 US Unknown
0019xx67 US Unknown
0019xx69 IS Number of Phases
0019xx6A IS Cardiac Frequency
0019xx6B DS Inversion Delay
0019xx6C DS Gate Delay
0019xx6D DS Gate Width
0019xx6E DS Trigger Delay Time
0019xx70 DS Unknown
0019xx80 IS Number of Chemical Shifts
0019xx81 DS Chemical Shift
0019xx84 IS Number of Rows
0019xx85 IS Number of Samples
0019xx8A CS Unknown
0019xx8B CS Unknown
0019xx8C CS Unknown
0019xx8D CS Unknown
0019xx8E CS Unknown
0019xx8F CS Unknown
0019xx94 LO Magnetization Transfer Contrast
0019xx95 LO Spectral Presaturation With Inversion Recovery
0019xx96 IS Unknown
0019xx97 LO Unknown
0019xx99 LO Unknown
0019xxA0 IS Unknown
0019xxA1 DS Unknown
0019xxA3 DS Unknown
0019xxA4 CS Unknown
0019xxB4 DS Unknown
0019xxB5 DS Unknown
0019xxB6 DS Unknown
0019xxC0 DS Trigger Delay Times
0019xxC8 IS Unknown
0019xxC9 IS Foldover Direction Transverse
0019xxCA IS Foldover Direction Sagittal
0019xxCB IS Foldover Direction Coronal
0019xxCC IS Unknown
0019xxCD IS Unknown
0019xxCE IS Unknown
0019xxCF IS Number of Echoes
0019xxD0 IS Scan Resolution
0019xxD1 US Unknown
0019xxD2 LO Water Fat Shift
0019xxD3 DS Unknown
0019xxD4 IS Artifact Reduction
0019xxD5 IS Unknown
0019xxD6 IS Unknown
0019xxD7 DS Scan Percentage
0019xxD8 IS Halfscan
0019xxD9 IS EPI Factor
0019xxDA IS Turbo Factor
0019xxDB IS Unknown
0019xxE0 IS Percentage of Scan Completed
0019xxE1 DS Prepulse Delay
0019xxE3 DS Phase Contrast Velocity
0019xxF0 IS Unknown
0019xxF6 CS Unknown
0019xxF7 CS Unknown
0019xxF8 CS Unknown
0019xxF9 CS Unknown
0019xxFA CS Unknown
0019xxFB CS Unknown
0019xxFC IS Resonance Frequency
0021xx00 IS Scan Date
0021xx06 LO Unknown
0021xx07 DT Unknown
0021xx08 LO Unknown
0021xx09 CS Unknown
0021xx0A CS Unknown
0021xx0F LO Unknown
0021xx10 IS Image Type
0021xx13 CS Unknown
0021xx14 LO Unknown
0021xx15 US Unknown
0021xx20 IS Slice Number
0021xx21 IS Slice Gap
0021xx30 IS Echo Number
0021xx31 DS Patient Reference ID
0021xx35 IS Chemical Shift Number
0021xx40 IS Phase Number
0021xx50 IS Dynamic Scan Number
0021xx60 IS Number of Rows In Object
0021xx61 IS Row Number
0021xx62 IS Unknown
0029xx00 DS Unknown
0029xx04 US Unknown
0029xx10 DS Unknown
0029xx11 DS Unknown
0029xx20 LO Unknown
0029xx31 DS Unknown
0029xx32 DS Unknown
0029xx50 DS Unknown
0029xx51 DS Unknown
0029xx52 DS Unknown
0029xx53 DS Unknown
0029xxC3 IS Scan Resolution
0029xxC4 IS Field of View
0029xxD5 LT Slice Thickness
""",
    "PHILIPS MR/PART 12": """
0009xx10 US Unknown
""",
    "PHILIPS MR/PART 6": """
0019xx10 IS Unknown
""",
    "PHILIPS MR/PART 7": """
0019xx00 IS Unknown
""",
    "PHILIPS NM -Private": """
7051xx00 US Current Segment
7051xx01 US Number of Segments
7051xx02 FL Segment Start Position
7051xx03 FL Segment Stop Position
7051xx04 FL Rel. COR offset - X dir.
7051xx05 FL Rel. COR offset - Z dir.
7051xx06 US Current Rotation Number
7051xx07 US Number of Rotations
7051xx10 DS Alignment Translations
7051xx11 DS Alignment Rotations
7051xx12 DS Alignment Timestamp
""",
    "PHILIPS UNDOCUMENTED": """
5503xx12 SL Slice Thickness
5503xx24 UT Plane
5503xx30 SS Number of Slices
5503xxA5 UT Prepulse
5503xxAE SS Contrast Agent Flag
5503xxBB SL Coil ID
5503xxC2 UT Anatomy
5503xxC3 UT Indication
""",
    "PHILIPS UNKNOWN": """
2001xx01 UN MRSeriesNrOfEchoes
2001xx02 UN MRSeriesScanningTechniqueDescription
2001xx05 UN StackSequence
2001xx06 UN Examination Source
2001xx07 UN MRSeriesAcquisitionNumber
2001xx08 UN MRSeriesNrOfDynamicScans
2005xx02 UN MRSeriesNrOfChemicalShifts
2005xx03 UN MRSeriesRepetitionTime
2005xx36 UN MRVolumeSelection
""",
    "PHILIPS-MR-1": """
0019xx11 IS Chemical Shift Number
0019xx12 IS Phase Number (Philips)
0021xx01 IS Reconstruction Number
0021xx02 IS Slice Number
""",
    "PMOD_1": """
0055xx01 FD Frame Start Times Vector
0055xx02 FD Frame Positions Vector
0055xx03 FD Frame Orientations Vector
0055xx04 FD Frame Durations (ms) Vector
0055xx05 FD Frame Rescale Slope Vector
""",
    "PMOD_GENPET": """
7FE1xx01 UT Slices Names
7FE1xx02 UT Gene Codes
7FE1xx03 UT Gene Labels
""",
    "PMS-THORA-5.1": """
0089xx20 SQ Stamp Image Sequence
""",
    "PMTF INFORMATION DATA": """
00290089 LO Unknown
0029xx01 SQ Unknown
0029xx31 LO PMTF Information 1
0029xx32 UL PMTF Information 2
0029xx33 UL PMTF Information 3
0029xx34 CS PMTF Information 4
0029xx89 LO Unknown
0029xx90 OB Unknown
7015xx73 SQ Unknown
""",
    "PMTF INFORMATION DATA^10": """
00090002 SH Unknown
00110003 US Unknown
00110004 SQ Unknown
00110005 US Unknown
00110006 US Unknown
00110007 US Unknown
00110008 SH Unknown
00190001 UL Unknown
00190002 SL Unknown
00190003 US Unknown
00190004 SL Unknown
00190005 FL Unknown
00190006 SL Unknown
00190007 FL Unknown
00190008 US Unknown
00190009 FL Unknown
0019000A FL Unknown
0019000B FL Unknown
0019000C US Unknown
0019000D SL Unknown
0019000E SL Unknown
0019000F SL Unknown
00190010 US Unknown
00190011 SL Unknown
00190012 US Unknown
00190013 SL Unknown
00190014 US Unknown
00190015 SL Unknown
00190016 FL Unknown
00190017 SL Unknown
00190018 US Unknown
00190019 SL Unknown
0019001A US Unknown
0019001B SL Unknown
0019001C SL Unknown
0019001D SL Unknown
0019001E US Unknown
0019001F SL Unknown
00190020 FL Unknown
00190021 US Unknown
00190022 SL Unknown
00190023 FL Unknown
00190024 FL Unknown
00190025 FL Unknown
00190026 SL Unknown
00190027 SL Unknown
00190028 SL Unknown
00190029 SH Unknown
0019002A SL Unknown
0019002B SH Unknown
0019002C SL Unknown
0019002D SL Unknown
0019002E US Unknown
0019002F FL Unknown
00190030 UL Unknown
00190031 OF Unknown
00190032 FL Unknown
00190033 SL Unknown
00190034 SL Unknown
00190035 SL Unknown
00190036 SQ Unknown
00190038 SL Unknown
00190039 SL Unknown
0019003A SL Unknown
0019003B SL Unknown
0019003C SL Unknown
0019003D SL Unknown
0019003E SL Unknown
0019003F SL Unknown
00190042 US Unknown
00190043 US Unknown
00190044 SL Unknown
00190045 SS Unknown
00190046 US Unknown
00190047 FL Unknown
00190048 US Unknown
00190049 US Unknown
0019004B US Unknown
0019004C US Unknown
0019004D SL Unknown
0019004E US Unknown
0019004F US Unknown
00190050 SL Unknown
00190051 SL Unknown
00190052 LO Unknown
00190054 US Unknown
00190055 US Unknown
00190056 FL Unknown
00190057 FL Unknown
00190058 FL Unknown
00190059 SL Unknown
0019005A FL Unknown
0019005D FL Unknown
0019005E SL Unknown
0019005F FL Unknown
00190060 US Unknown
00190061 US Unknown
00190062 US Unknown
00190063 FL Unknown
00190064 FL Unknown
00190065 SL Unknown
00190069 FL Unknown
0019006A US Unknown
0019006B SL Unknown
0019006D SL Unknown
0019006E FL Unknown
0019006F SL Unknown
00190070 LO Unknown
00190071 LO ?Sequence Options?
00190073 LO ?Sequence Options?
00190075 LO Unknown
00190076 LO Unknown
00190078 LO Unknown
0019007B LO Unknown
0019007C FL Unknown
0019007D FL Unknown
0019007E SL Unknown
0019007F SL Unknown
00190085 FL Unknown
00190086 SL Unknown
00190087 FL Unknown
00190088 LO ?RxGain?
0019008A SL Unknown
0019008C UL Unknown
0019008D TM Unknown
0019008E SL Unknown
00190092 SL Unknown
00190093 FL Unknown
00190096 US Unknown
0019009B FL Unknown
0019009C SL Unknown
001900A0 SL Unknown
001900A1 DS Unknown
001900A2 SL Unknown
001900A3 SL Unknown
001900A4 FL Unknown
001900A5 FL Unknown
001900A6 SL Unknown
001900A8 FL ?Repetition Time (/100)
001900A9 SL Unknown
001900AB FL Unknown
001900AC US Unknown
001900AD FL Unknown
001900AE FL Unknown
001900AF SL Unknown
001900B0 SL Unknown
001900B1 SL Unknown
001900B4 SL Unknown
001900B5 SL Unknown
001900B6 SL Unknown
001900B7 FL Unknown
001900BA FL Unknown
001900BB FL Unknown
001900BC FL Unknown
001900BD SL Unknown
001900BE SL Acquisition Duration
001900C1 SL Unknown
001900C3 SL Unknown
001900C6 FL Unknown
001900C9 SL Unknown
001900CA LO Sequence Name
001900CB UL Unknown
001900CC UL Unknown
001900CD SL Unknown
001900CE SL Unknown
001900CF SL ?acquired series (vs postproc)?
001900D0 US Unknown
001900D1 SL Unknown
001900D2 SL Unknown
001900D3 SL Unknown
001900D4 SL Unknown
001900D8 US Unknown
001900D9 SQ Unknown
001900DA US Unknown
001900DB SL Unknown
001900DC SL Unknown
001900E1 SL Unknown
001900E4 SL Unknown
001900E5 SQ Unknown
001900E6 SQ Unknown
001900E9 SL Unknown
001900EA UI Unknown
001900EB SL Unknown
001900EC US Unknown
001900EE FL Unknown
001900EF FL Unknown
001900F0 SL Unknown
001900F1 FL Unknown
001900F2 FL Unknown
001900F3 SL Unknown
001900F4 FD Unknown
001900F5 SL Unknown
001900F6 UI Unknown
001900F8 US Unknown
001900F9 SL Unknown
001900FA FL Unknown
001900FB UL Unknown
001900FC FL Unknown
001900FD FL Unknown
001900FE SL Unknown
001900FF SL Unknown
00210002 SL ?num?
00210003 SL ?num?
00210004 US ?num?
00210008 DS ?vect1?
00210009 DS ?vect2?
0021000A DS ?vect3?
0021000B US Unknown
0021000C US Unknown
0021000D FL Unknown
0021000F US Unknown
00210012 DS ?vect4?
00210014 SQ Unknown
00210015 FL Unknown
00210016 FL Unknown
00210018 US Unknown
0021001A US Unknown
0021001D IS Unknown
0021001F US Unknown
00290001 SL Unknown
00290005 SQ Unknown
00290006 FL Unknown
00290007 FL Unknown
0029001C FL Unknown
00290021 SL Unknown
0029004E SL Unknown
00290050 LO Unknown
00290051 LO Unknown
00290052 LO Unknown
00290054 LO Unknown
00290067 FD Unknown
00290068 SS Unknown
0029006E OB Unknown
E2010002 US Unknown
E3010000 SH Unknown
E4010000 US Unknown
E4010001 US Unknown
E4010002 US Unknown
E4010003 US Unknown
E4010004 US Unknown
E4010005 OB Unknown
E4010007 FL Unknown
E4010008 FL Unknown
E4010012 FL Unknown
E4010013 OB Unknown
E4010020 SQ Unknown
E4010021 SQ Unknown
E4010022 LO Unknown
E4010023 SH Unknown
E4010024 OB Unknown
E4030000 SQ Unknown
EE010000 US Unknown
EE010001 OB Unknown
EE010002 US Unknown
""",
    "PMTF INFORMATION DATA^11": """
00190001 OB ?character set?
00190002 SL Unknown
00190003 SL Unknown
00190004 SL Unknown
00190007 OB Unknown
00190008 SH Unknown
00190009 SL Unknown
0019000A SL Unknown
0019000B OB Unknown
0019000C SL Unknown
00190019 SQ Unknown
0019001A FL Unknown
00190024 SL Unknown
00190025 SL Unknown
00190026 SL Unknown
00190028 SL Unknown
00190029 SL Unknown
0019002A FL Unknown
0019002B FL Unknown
0019002C SL Unknown
0019002D SL Unknown
0019002E SL Unknown
00190030 SL Unknown
00190031 SL Unknown
00190032 SL Unknown
00190034 FL Unknown
00190035 SL Unknown
00190036 FL Unknown
00190037 SL Unknown
00190038 SL Unknown
00190039 FL Unknown
0019003A FL Repetition Time (/100)
0019003C FL Unknown
0019003D SL Unknown
0019003E FL Unknown
0019003F UI Unknown
00190040 US Unknown
00190041 US Unknown
00190042 SL Unknown
00190043 SL Unknown
00190044 SL Unknown
00190046 FL Unknown
00190048 LT ?QD Whole Body?
00190049 LT ?Atlas Head?
0019004C SL Unknown
0019004D SL ?postproc series?
0019004E SL Unknown
00190055 LO Unknown
00190057 FL Unknown
00190058 US Unknown
00190059 US Unknown
0019005C SL Unknown
0019005D SL Unknown
0019005F FL Unknown
00190060 SL Unknown
00190061 FL Unknown
00190062 FL Unknown
00190063 SL Unknown
00190065 SL Unknown
00190067 FL Unknown
00190068 SL Unknown
0019006C FL Unknown
0019006D SH Unknown
0019006E SH Sequence Name
0019006F FL Unknown
00190070 FL Unknown
00190071 SL Unknown
00190072 FL Unknown
00190078 SL Unknown
0019007A SL Unknown
0019007C FL Unknown
0019007D SL Unknown
0019007E SL Unknown
0019007F SL Unknown
00190080 FL Unknown
00190084 SL Unknown
00190087 SL Unknown
0019008A US Unknown
0019008B SL Unknown
0019008C SL Unknown
0019008F SL Unknown
00190090 SL Unknown
00190091 SL Unknown
00190092 SL Unknown
00190093 SL Unknown
00190094 FL Unknown
0019009A SL Unknown
0019009B US Unknown
0019009C FL Unknown
0019009D SL Unknown
0019009E SL Unknown
0019009F SL Unknown
001900A0 SL Unknown
001900A1 SL Unknown
001900A5 US Unknown
001900A6 US Unknown
001900A8 SL Unknown
001900AB US Unknown
001900AD SL Unknown
001900AE SL Unknown
001900B0 FL Unknown
001900B1 SL Unknown
001900B2 US Unknown
001900B3 US Unknown
001900B4 US Unknown
001900B5 FL Unknown
001900B6 SL Unknown
001900B7 US Unknown
001900B9 US Unknown
001900BB FL Unknown
001900BC SL Unknown
001900BD SL Unknown
001900BE FL Unknown
001900BF SL Unknown
001900C0 SL Unknown
001900C1 US Unknown
001900C3 FL Unknown
001900C4 SL Unknown
001900CD SL Unknown
001900E0 FL Unknown
001900E1 FL Unknown
001900E3 SL Unknown
001900E4 DS Unknown
001900E5 SQ Unknown
001900E6 SQ Unknown
001900F0 SL Unknown
001900F1 SL Diffusion b-value x Toshiba Orientation
001900F2 FL Specific Absorption Rate Values
001900F3 SL Unknown
001900F4 SL Unknown
001900F5 SQ Unknown
001900F6 SL Unknown
001900F7 SL Unknown
001900F8 SL Unknown
001900F9 SL Unknown
001900FA SL Unknown
001900FB FL Unknown
001900FC FL Unknown
001900FD SL Unknown
001900FE SL Unknown
001900FF SL Unknown
""",
    "PMTF INFORMATION DATA^12": """
00190000 SL Unknown
00190001 SL Unknown
00190002 SL Unknown
00190003 SL Unknown
00190004 SL Unknown
00190005 SH ?Sequence Variant?
00190006 FL Unknown
00190007 UL Unknown
00190008 UL Unknown
00190009 SL Unknown
0019000A SL Unknown
0019000B SL Unknown
0019000C UL Unknown
0019000D SQ Unknown
0019000E US Unknown
00190010 SL Unknown
00190011 SL Unknown
00190012 SL Unknown
00190013 FL Unknown
00190014 FL Unknown
00190018 UL Unknown
00190028 DS Unknown
0019002A DS Unknown
0019002B SQ Unknown
00190032 SH Sequence Name
00190034 SL Unknown
00190052 FL Unknown
00190076 OB Unknown
00190079 SQ Unknown
00190080 FD Acquisition Duration
00190085 US Unknown
00190086 LO Unknown
00190087 SQ Unknown
00190088 US Series Number Global
00190089 SL Unknown
0019008A US Series Number Global
0019008B US Unknown
0019008F OB Unknown
00190093 SL ?num?
00190094 UI Referenced SOP Instance UID
00190095 UI Unknown
00190096 LO ?PASTA?
00190098 FL Unknown
00190099 LO Sequence Name
0019009A DS Series Number Local
0019009B DS Unknown
0019009C DS ?num?
0019009D US Unknown
0019009E FL Unknown
0019009F FL Unknown
001900A0 FL Unknown
001900A1 FL Unknown
001900A2 FL Unknown
001900A3 FL Unknown
001900A4 FL Unknown
001900A5 FL Unknown
001900A6 FL Unknown
001900A7 FL Unknown
001900A8 FL Unknown
001900A9 FL Unknown
001900AA FL Unknown
001900AB FL Unknown
001900AC FL Unknown
001900AD FL Unknown
001900AE FL Unknown
001900AF FL Unknown
001900B3 FD Acquisition Duration
001900B4 LO Unknown
001900C2 US Unknown
001900C3 FL Unknown
001900C4 SL Unknown
001900C5 SL Unknown
001900C6 SL Unknown
001900C7 FL Unknown
001900CC SS Unknown
001900CD LO Unknown
001900CE UL Unknown
001900CF FL Unknown
001900D1 FL Unknown
001900D2 US Unknown
001900D3 SS Unknown
001900D4 US Unknown
001900D5 FL Unknown
001900D6 FL Unknown
001900D7 US ?vect2?
001900D8 FL Unknown
001900DE US ?num?
001900DF US Unknown
001900E0 US Unknown
001900E1 FL ?vect3?
001900E2 FL ?vect3?
001900E3 TM ?time?
001900E4 US ?vect2?
001900EB US ?num?
001900EC US ?num?
001900EF DS Unknown
001900F0 LO Unknown
001900F1 LO Unknown
001900FC FL Unknown
001900FD SL Unknown
001900FE SL Unknown
""",
    "PMTF INFORMATION DATA^13": """
E4030000 SH Unknown
E4030001 OB Unknown
E4030002 OB Unknown
E4030003 OB Unknown
""",
    "POLYTRON-SMS 2.5": """
0009xx02 UN Private Data 1
0009xx03 UN Private Data 2
0009xx04 UN Private Data 3
0009xx06 UN Private Data 3
0009xx10 UN Private Data 4
0009xx11 UN Private Data 5
0009xx12 UN Private Data 6
0089xx10 UN Private Data
""",
    "PRIVATE ORIGINAL ATTRIBUTES": """
0021xx01 SQ Private Original Attribute Sequence
0021xx05 DT Replacement Date and Time
0021xx10 LO Replacement Originator Name
0021xx12 LO Replacement Reason
0021xx70 PN Original Operators' Name
""",
    "Philips EV Imaging DD 017": """
2007xxC1 UI ? SOP Instance UID ?
2007xxC2 DA Unknown
2007xxC3 TM Unknown
2007xxC4 UL Unknown
""",
    "Philips EV Imaging DD 019": """
2007xx00 LO Unknown
2007xx01 UT Unknown
""",
    "Philips EV Imaging DD 021": """
2007xx04 SL Vol Seg Edit Connectivity
""",
    "Philips EV Imaging DD 022": """
2007xx00 ST
2007xx12 UN Volume Sequence Capture
2007xx17 UN Original SOP Instance
2007xx33 LO
2007xx34 CS
""",
    "Philips EnVisor": """
7777xx01 DA Date 3D/PanView internal 'dataset' file was acquired
7777xx02 CS Type of 3D or PanView
7777xx03 LO Internal 3D/PanView software version number
7777xx14 LT Private string
""",
    "Philips Imaging DD 001": """
2001xx01 FL Chemical Shift
2001xx02 IS Chemical Shift Number MR
2001xx03 FL Diffusion B-Factor
2001xx04 CS Diffusion Direction
2001xx05 SS Unknown
2001xx06 CS Image Enhanced
2001xx07 CS Image Type ED ES
2001xx08 IS Phase Number
2001xx09 FL Unknown
2001xx0A IS Slice Number MR
2001xx0B CS Slice Orientation
2001xx0C CS Unknown
2001xx0E CS Unknown
2001xx0F SS Unknown
2001xx10 CS Cardiac Sync
2001xx11 FL Diffusion Echo Time
2001xx12 CS Dynamic Series
2001xx13 SL EPI Factor
2001xx14 SL Number of Echoes
2001xx15 SS Number of Locations
2001xx16 SS Number of PC Directions
2001xx17 SL Number of Phases MR
2001xx18 SL Number of Slices MR
2001xx19 CS Partial Matrix Scanned
2001xx1A FL PC Velocity
2001xx1B FL Prepulse Delay
2001xx1C CS Prepulse Type
2001xx1D IS Reconstruction Number MR
2001xx1E CS Unknown
2001xx1F CS Respiration Sync
2001xx20 LO Scanning Technique Description MR
2001xx21 CS SPIR
2001xx22 FL Water Fat Shift
2001xx23 DS Flip Angle Philips
2001xx24 CS Interactive
2001xx25 SH Echo Time Display MR
2001xx26 CS Presentation State Subtraction Active
2001xx28 FL Edge Enhancement Gain Factor Sub
2001xx29 FL Edge Enhancement Gain Factor Non Sub
2001xx2A CS Edge Enhancement Taste Adapt Sub
2001xx2B CS Edge Enhancement Taste Non Sub
2001xx2C FL Harmonization Factor
2001xx2D SS Number of Stack Slices
2001xx2F FL Harmonization Gain
2001xx30 UL Log Subtraction Gain Step
2001xx31 US Mixing NR of Mask Image Numbers
2001xx32 FL Stack Radial Angle
2001xx33 CS Stack Radial Axis
2001xx34 CS Mixing Mask Operation
2001xx35 SS Stack Slice Number
2001xx36 CS Stack Type
2001xx37 CS Mixing Operation Type
2001xx39 FL Unknown
2001xx3A CS Pixel Shift
2001xx3D UL Unknown
2001xx3F CS Interpolation Method
2001xx42 CS Subtraction Land Marking Active
2001xx46 CS Graphic Line Style
2001xx47 FL Graphic Line Width
2001xx48 SS Graphic Annotation ID
2001xx4B CS Poly Line Interpolation Method
2001xx4C CS Poly Line Begin Point Style
2001xx4D CS Poly Line End Point Style
2001xx4E CS Window Smoothing Taste
2001xx4F FD Harmonization Offset
2001xx50 LO Unknown
2001xx52 UI Unknown
2001xx53 CS Window Invert
2001xx55 CS Graphic Line Color
2001xx56 CS Graphic Type (Private)
2001xx5A ST Graphic Annotation Model
2001xx5D ST Measurement Text Units
2001xx5E ST Measurement Text Type
2001xx5F SQ Stack Sequence
2001xx60 SL Number of Stacks
2001xx61 CS Unknown
2001xx62 CS Unknown
2001xx63 CS Examination Source
2001xx64 SH Text Type
2001xx65 SQ Unknown
2001xx67 CS Unknown
2001xx68 SQ Unknown
2001xx69 SQ Display Shutter Sequence
2001xx6A SQ Unknown
2001xx6B SQ Has Edge Enhancement Sequence
2001xx6D LO Text Font
2001xx6E SH Series Type
2001xx6F SQ Mixing Sequence
2001xx71 CS Unknown
2001xx73 SQ Referenced Mask Image Sequence
2001xx74 DS Window Center Sub
2001xx75 DS Window Width Sub
2001xx76 UL Unknown
2001xx77 CS GL TrafoType
2001xx79 SQ Harmonisation Sequence
2001xx7A FL Unknown
2001xx7B IS Acquisition Number
2001xx7E US Edge Enhancement Gain Taste
2001xx7F US Edge Enhancement Gain Taste Sub
2001xx80 LO Text Anchor Point Alignment
2001xx81 IS Number of Dynamic Scans
2001xx82 IS Echo Train Length
2001xx83 DS Imaging Frequency
2001xx84 DS Inversion Time
2001xx85 DS Magnetic Field Strength
2001xx86 IS Unknown
2001xx87 SH Imaged Nucleus
2001xx88 DS Number of Averages
2001xx89 DS Phase FOV Percent
2001xx8A DS Sampling Percent
2001xx8B SH Unknown
2001xx93 LO Text Style
2001xx94 LO Processing Order Specialization
2001xx97 SH Nucleus
2001xx9A SQ Graphic Number Sequence
2001xx9B UL Graphic Number
2001xx9C LO Unknown
2001xx9D LO PIIM Subtraction Type
2001xx9F US Pixel Processing Kernel Size
2001xxA1 CS Is Raw Image
2001xxA2 US LOG Subtraction Curve Taste
2001xxA3 UL Text Color Foreground
2001xxA4 UL Text Color Background
2001xxA5 UL Text Color Shadow
2001xxC1 LO Nested Object Type Name
2001xxCC ST Unknown
2001xxDA CS Unknown
2001xxF1 FL Prospective Motion Correction
2001xxF2 FL Retrospective Motion Correction
2005xx14 CS Diffusion
2005xx20 SL Number of Chemical Shifts
2005xx30 FL Repetition Time
2005xx33 FL Scan Duration
2005xx35 CS Data Type
2005xx8B SH Transmitting Coil
2005xx9F CS Spectral Selective Excitation Pulse
2005xxA1 CS Syncra Scan Type
""",
    "Philips Imaging DD 002": """
2001xx01 US Unknown
2001xx02 FD Unknown
2001xx13 SS Unknown
2001xx14 FD Unknown
2001xx15 FD Unknown
2001xx16 FD Unknown
2001xx17 FD Unknown
2001xx18 CS Unknown
2001xx19 FD Unknown
2001xx1A FD Unknown
2001xx1B FD Unknown
2001xx1C FD Unknown
2001xx1D FD Unknown
2001xx1E FD Unknown
2001xx1F FD Unknown
2001xx20 FD Unknown
2001xx21 FD Unknown
2001xx22 FD Unknown
2001xx23 FD Unknown
2001xx24 FD Unknown
2001xx25 FD Unknown
2001xx26 FD Unknown
2001xx27 FD Unknown
2001xx28 US Unknown
2001xx29 US Unknown
2001xx2A US Unknown
2001xx2B SS Unknown
2001xx2C FD Unknown
2001xx2D FD Unknown
2001xx2E SS Unknown
2001xx2F SS Unknown
2001xx30 SS Unknown
2001xx31 SS Unknown
2001xx32 SS Unknown
2001xx33 SS Unknown
2001xx34 SS Unknown
2001xx35 FD Unknown
2001xx36 FD Unknown
2001xx37 FD Unknown
2001xx39 CS Unknown
2001xx3A SQ Unknown
2001xx3B SQ Unknown
2001xx3C SQ Unknown
2001xx3D SQ Unknown
2001xx3E SS Unknown
2001xx3F SS Unknown
2001xx40 SS Unknown
""",
    "Philips Imaging DD 065": """
4007xx00 CS Unknown
""",
    "Philips Imaging DD 067": """
4001xx00 SQ Unknown
4001xx01 CS Unknown
4001xx08 CS Unknown
""",
    "Philips Imaging DD 070": """
4001xx10 SQ Unknown
4001xx11 SQ Unknown
4001xx12 SQ Unknown
4001xx16 ST Unknown
4001xx17 ST Unknown
4001xx18 ST Unknown
4001xx1C SQ Unknown
4001xx1D LT Unknown
""",
    "Philips Imaging DD 073": """
4007xx48 FL Unknown
""",
    "Philips Imaging DD 129": """
2001xx00 SQ Unknown
2001xx01 SQ Unknown
""",
    "Philips MR Imaging DD 001": """
2005xx00 FL Unknown
2005xx01 FL Unknown
2005xx02 FL Unknown
2005xx04 CS Unknown
2005xx05 CS Synergy Reconstruction Type
2005xx08 FL Unknown
2005xx09 FL Unknown
2005xx0A FL Unknown
2005xx0B FL Unknown
2005xx0C FL Unknown
2005xx0D FL Unknown
2005xx0E FL Unknown
2005xx0F DS Window Center
2005xx10 DS Window Width
2005xx11 CS Unknown
2005xx12 CS Unknown
2005xx13 CS Unknown
2005xx14 CS Unknown
2005xx15 CS Unknown
2005xx16 CS Unknown
2005xx17 CS Unknown
2005xx18 LO Unknown
2005xx19 CS Unknown
2005xx1A SS Unknown
2005xx1B CS Unknown
2005xx1C CS Unknown
2005xx1D SS Unknown
2005xx1E SH Unknown
2005xx1F SH Unknown
2005xx20 SL Number of Chemical Shift
2005xx21 SS Unknown
2005xx22 IS Unknown
2005xx23 SS Unknown
2005xx25 SS Unknown
2005xx26 CS Unknown
2005xx27 CS Unknown
2005xx28 CS Unknown
2005xx29 CS Unknown
2005xx2A IS Unknown
2005xx2B SS Unknown
2005xx2C CS Unknown
2005xx2D IS Unknown
2005xx2E CS Unknown
2005xx2F CS Unknown
2005xx30 FL Repetition Time
2005xx31 CS Unknown
2005xx32 CS Unknown
2005xx33 FL Acquisition Duration
2005xx34 CS Unknown
2005xx35 CS Unknown
2005xx36 CS Unknown
2005xx37 CS Unknown
2005xx38 CS Unknown
2005xx39 CS Unknown
2005xx3A SH Unknown
2005xx3B CS Unknown
2005xx3C CS Unknown
2005xx3D SS Unknown
2005xx3E SL Unknown
2005xx48 IS Unknown
2005xx49 IS Unknown
2005xx4A IS Unknown
2005xx4B IS Unknown
2005xx4C CS Unknown
2005xx4D CS Unknown
2005xx4E FL Unknown
2005xx4F FL Unknown
2005xx50 FL Unknown
2005xx51 FL Unknown
2005xx52 CS Unknown
2005xx53 CS Unknown
2005xx54 FL Unknown
2005xx55 FL Unknown
2005xx56 FL Unknown
2005xx57 FL Unknown
2005xx58 FL Unknown
2005xx59 FL Unknown
2005xx5A FL Unknown
2005xx5B FL Unknown
2005xx5C FL Unknown
2005xx5D CS Unknown
2005xx5E CS Unknown
2005xx5F CS Unknown
2005xx60 IS Unknown
2005xx61 CS Unknown
2005xx63 SS Unknown
2005xx64 IS Unknown
2005xx65 IS Unknown
2005xx66 CS Unknown
2005xx67 IS Unknown
2005xx68 CS Unknown
2005xx69 FL Unknown
2005xx6A FL Unknown
2005xx6B FL Unknown
2005xx6C FL Unknown
2005xx6D FL Unknown
2005xx6E CS Unknown
2005xx6F CS Unknown
2005xx70 LO Unknown
2005xx71 FL Unknown
2005xx72 FL Unknown
2005xx73 FL Unknown
2005xx74 FL Unknown
2005xx75 FL Unknown
2005xx76 FL Unknown
2005xx78 FL Unknown
2005xx79 FL Unknown
2005xx7A FL Unknown
2005xx7B CS Unknown
2005xx7E FL Unknown
2005xx80 SQ Unknown
2005xx81 CS Unknown
2005xx83 SQ Unknown
2005xx84 SQ Unknown
2005xx85 SQ Unknown
2005xx86 SS Unknown
2005xx9E SQ Unknown
2005xx9F CS Unknown
2005xxA0 FL Unknown
2005xxA1 CS Syncra Scan Type
2005xxA2 CS Unknown
2005xxA3 IS Unknown
2005xxA4 IS Unknown
2005xxA5 IS Unknown
2005xxA6 IS Unknown
2005xxA7 CS Unknown
2005xxA8 DS Unknown
2005xxA9 CS Unknown
2005xxB0 FL Diffusion Direction RL
2005xxB1 FL Diffusion Direction AP
2005xxB2 FL Diffusion Direction FH
2005xxC0 CS Unknown
""",
    "Philips MR Imaging DD 002": """
2005xx32 SQ Unknown
2005xx37 LO Unknown
2005xx38 LO Unknown
2005xx39 LO Unknown
2005xx40 LO Unknown
2005xx41 LO Unknown
2005xx43 SL Unknown
2005xx44 OW Unknown
2005xx47 CS Unknown
2005xx99 UL Unknown
""",
    "Philips MR Imaging DD 003": """
2005xx00 UL Unknown
2005xx01 UL Unknown
2005xx13 UL Unknown
2005xx34 SL Unknown
2005xx45 SS Unknown
2005xx49 SS Unknown
2005xx51 SS Unknown
2005xx52 SS Unknown
2005xx53 SS Unknown
2005xx56 SS Unknown
2005xx57 SS Unknown
2005xx81 UI Unknown
2005xx82 CS Unknown
""",
    "Philips MR Imaging DD 004": """
2005xx00 SS Unknown
2005xx01 SS Unknown
2005xx02 SS Unknown
2005xx03 SS Unknown
2005xx04 SS Unknown
2005xx05 SS Unknown
2005xx06 SS Unknown
2005xx07 FL Unknown
2005xx08 FL Unknown
2005xx09 FL Unknown
2005xx10 FL Unknown
2005xx12 FL Unknown
2005xx13 SS Unknown
2005xx14 SS Unknown
2005xx15 SS Unknown
2005xx16 SS Unknown
2005xx17 SS Unknown
2005xx25 CS Unknown
2005xx26 FL Unknown
2005xx27 CS Unknown
2005xx28 CS Unknown
2005xx29 FL Unknown
2005xx30 CS Unknown
2005xx31 SS Unknown
2005xx33 FL Unknown
2005xx34 CS Unknown
2005xx35 CS Unknown
2005xx36 FL Unknown
2005xx37 FL Unknown
2005xx38 FL Unknown
2005xx39 SS Unknown
2005xx40 CS Unknown
2005xx41 CS Unknown
2005xx42 CS Unknown
2005xx43 CS Unknown
2005xx44 SS Unknown
2005xx45 CS Unknown
2005xx46 CS Unknown
2005xx47 FL Unknown
2005xx48 CS Unknown
2005xx49 FL Unknown
2005xx50 FL Unknown
2005xx51 SS Unknown
2005xx52 SS Unknown
2005xx53 LO Unknown
2005xx54 CS Unknown
2005xx55 FL Unknown
2005xx56 CS Unknown
2005xx57 SS Unknown
2005xx58 LO Unknown
2005xx59 FL Unknown
2005xx60 FL Unknown
2005xx61 FL Unknown
2005xx62 FL Unknown
2005xx63 FL Unknown
2005xx64 CS Unknown
2005xx70 SS Unknown
2005xx71 SQ Unknown
2005xx72 SS Unknown
2005xx73 SS Unknown
2005xx74 SS Unknown
2005xx75 SS Unknown
2005xx76 SS Unknown
2005xx77 SS Unknown
2005xx78 SS Unknown
2005xx79 SS Unknown
2005xx81 IS Unknown
2005xx82 UL Unknown
2005xx89 SQ Unknown
2005xx90 CS Unknown
2005xx91 PN Unknown
2005xx92 IS Unknown
2005xx93 IS Unknown
2005xx95 UI Unknown
2005xx96 CS Unknown
2005xx97 LO Unknown
2005xx98 CS Unknown
2005xx99 CS Unknown
""",
    "Philips MR Imaging DD 005": """
2005xx00 CS Unknown
2005xx01 UL Unknown
2005xx02 SQ Unknown
2005xx03 UL Unknown
2005xx06 SS Unknown
2005xx07 SS Unknown
2005xx09 DS Unknown
2005xx0A DS Unknown
2005xx0B LO Unknown
2005xx0E SQ Unknown
2005xx0F SQ Unknown
2005xx10 IS Unknown
2005xx11 UI Unknown
2005xx12 IS Unknown
2005xx13 IS Unknown
2005xx14 SL Unknown
2005xx15 SL Unknown
2005xx16 CS Unknown
2005xx18 CS Unknown
2005xx19 CS Unknown
2005xx1A CS Unknown
2005xx1B IS Unknown
2005xx1C IS Unknown
2005xx1D IS Unknown
2005xx1E UL Unknown
2005xx1F UL Unknown
2005xx20 UL Unknown
2005xx21 UL Unknown
2005xx22 UL Unknown
2005xx23 UL Unknown
2005xx24 UL Unknown
2005xx25 UL Unknown
2005xx26 CS Unknown
2005xx27 CS Unknown
2005xx28 SL Unknown
2005xx2A CS Unknown
2005xx2B CS Unknown
2005xx2C CS Unknown
2005xx2D CS Unknown
2005xx2E FL Unknown
2005xx2F FL Unknown
2005xx30 FL Unknown
2005xx31 FL Unknown
2005xx32 CS Unknown
2005xx35 CS Unknown
2005xx36 UI Unknown
2005xx37 CS Unknown
2005xx38 LT Unknown
2005xx39 LT Unknown
2005xx3A LT Unknown
2005xx3B CS Unknown
2005xx3C FL Unknown
2005xx3D FL Unknown
2005xx3E FL Unknown
2005xx3F CS Unknown
2005xx40 FL Unknown
2005xx41 FL Unknown
2005xx42 FL Unknown
2005xx43 FL Unknown
2005xx44 IS Unknown
2005xx45 CS Unknown
2005xx46 FL Unknown
2005xx47 FL Unknown
2005xx48 FL Unknown
2005xx49 FL Unknown
2005xx4A FL Unknown
2005xx4B FL Unknown
2005xx4C FL Unknown
2005xx4D CS Unknown
2005xx4E CS Unknown
2005xx4F CS Unknown
2005xx50 SS Unknown
""",
    "Philips MR Imaging DD 006": """
20050053 FL Unknown
20050054 FL Unknown
20050055 FL Unknown
20050056 FL Unknown
20050057 CS Unknown
20050058 FL Unknown
20050059 FL Unknown
20050060 IS Unknown
20050061 FL Unknown
20050062 LT Unknown
20050063 CS Unknown
20050064 CS Unknown
20050065 CS Unknown
20050066 CS Unknown
20050067 IS Unknown
20050068 IS Unknown
20050071 IS Unknown
20050072 FL Unknown
20050073 IS Unknown
20050074 DS Unknown
20050075 DS Unknown
20050076 LT Unknown
20050078 CS Unknown
20050079 CS Unknown
20050081 CS Unknown
20050082 IS Unknown
20050083 LT Unknown
20050085 DS Unknown
20050086 LT Unknown
20050087 DS Unknown
20050095 CS Unknown
20050096 IS Unknown
20050097 CS Unknown
20050099 SL Unknown
""",
    "Philips MR Imaging DD 007": """
20050000 CS Unknown
20050001 FL Unknown
20050002 FL Unknown
20050003 FL Unknown
""",
    "Philips NM Private Group": """
7043xx00 SH Unknown
""",
    "Philips PET Private Group": """
0511xx00 US Unknown
0511xx01 US Unknown
0511xx02 OB Unknown
0511xx03 OB Unknown
0511xx32 DS Unknown
0511xx50 DS Unknown
7053xx00 DS SUV Scale Factor
7053xx01 OB Private
7053xx02 OB Private
7053xx03 ST Original image file name
7053xx04 OB File Data
7053xx05 LO Worklist Info File Name
7053xx06 OB Unknown
7053xx07 SQ Acquisition File Sequence
7053xx08 SQ Unknown
7053xx09 DS Activity Concentration Scale Factor
7053xx0B UN Unknown
7053xx0C UN Unknown
7053xx0D UN Unknown
7053xx0E UN Unknown
7053xx0F UL Segment Size
7053xx10 US Segment Number
7053xx11 US Number of Segments
7053xx12 SQ File Data Sequence
7053xx13 SS Unknown
7053xx14 SS Unknown
7053xx15 SS Unknown
7053xx16 SS Unknown
7053xx17 SS Unknown
7053xx18 SS Unknown
7053xx50 UN Unknown
7053xx51 UN Unknown
7053xx52 UN Unknown
7053xx53 UN Unknown
7053xx54 UN Unknown
7053xx55 UN Unknown
7053xx56 UN Unknown
7053xx57 UN Unknown
7053xx58 UN Unknown
7053xx59 UN Unknown
7053xx5A UN Unknown
7053xx5B UN Unknown
7053xx5C UN Unknown
7053xx5D UN Unknown
7053xx5E UN Unknown
7053xx5F UN Unknown
7053xx60 UN Unknown
7053xx61 UN Unknown
7053xx62 UN Unknown
7053xx63 UN Unknown
7053xx64 UN Unknown
7053xx65 UN Unknown
7053xx66 UN Unknown
7053xx67 UN Unknown
7053xx68 UN Unknown
7053xx69 UN Unknown
7053xx6A UN Unknown
7053xx6B UN Unknown
7053xx6C UN Unknown
7053xx6D UN Unknown
7053xx6E UN Unknown
7053xx6F UN Unknown
7053xx70 UN Unknown
7053xx71 UN Unknown
7053xx72 UN Unknown
7053xx73 UN Unknown
7053xx74 UN Unknown
7053xx75 UN Unknown
7053xx76 UN Unknown
7053xx77 UN Unknown
7053xx78 UN Unknown
7053xxC2 UI Unknown
7053xxD0 UN Unknown
7053xxD1 UN Unknown
7053xxD2 UN Unknown
7053xxD3 UN Unknown
7053xxD5 UN Unknown
7053xxD6 UN Unknown
7053xxD7 UN Unknown
7053xxD8 UN Unknown
7053xxD9 UN Unknown
""",
    "Philips RAD Imaging DD 001": """
200Bxx00 PN Unknown
200Bxx01 US Unknown
200Bxx02 US Unknown
200Bxx05 IS Unknown
200Bxx11 LO Unknown
200Bxx27 DT Unknown
200Bxx28 DS Unknown
200Bxx29 DS Unknown
200Bxx2A UL Unknown
200Bxx2B DA Unknown
200Bxx2C TM Unknown
200Bxx2D LO Unknown
200Bxx3B LO Unknown
200Bxx40 SH Unknown
200Bxx41 SH Unknown
200Bxx42 UI Unknown
200Bxx43 UI Unknown
200Bxx47 DA Unknown
200Bxx48 SH Unknown
200Bxx4C SH Unknown
200Bxx4D SH Unknown
200Bxx4F DT Unknown
200Bxx52 CS Unknown
""",
    "Philips RAD Imaging DD 097": """
200Bxx00 ST Unknown
200Bxx01 CS Unknown
200Bxx02 SS Unknown
200Bxx50 SS Unknown
200Bxx51 SS Unknown
200Bxx52 SS Unknown
200Bxx53 SS Unknown
200Bxx54 ST Unknown
200Bxx60 LT Unknown
200Bxx63 LT Unknown
200Bxx65 SS Unknown
200Bxx6E US Unknown
200Bxx72 FD Unknown
200Bxx73 SS Unknown
200Bxx74 IS Unknown
200Bxx75 CS Unknown
200Bxx76 SH Unknown
200Bxx78 IS Unknown
200Bxx79 IS Unknown
200Bxx7A IS Unknown
200Bxx7B US Unknown
200Bxx7C US Unknown
200Bxx7D IS Unknown
200Bxx7E UI Unknown
200Bxx81 LO Unknown
200Bxx82 LO Unknown
200Bxx85 IS Unknown
200Bxx86 CS Unknown
200Bxx88 CS Unknown
200Bxx89 LT Unknown
200Bxx90 DS Unknown
200Bxx96 SH Unknown
200Bxx99 SH Unknown
200Bxx9A FD Unknown
200Bxx9B FD Unknown
200BxxA0 LT Unknown
""",
    "Philips US Imaging 60": """
0031xx30 UL Private data
0031xx31 UL Private data
""",
    "Philips US Imaging DD 017": """
200Dxx05 LO Unknown
""",
    "Philips US Imaging DD 023": """
200Dxx37 DA Unknown
200Dxx38 TM Unknown
""",
    "Philips US Imaging DD 033": """
200Dxx01 LO Unknown
200Dxx02 LO Unknown
200Dxx03 LO Unknown
200Dxx04 LO Unknown
200Dxx05 LO Unknown
200Dxx06 LO Unknown
200Dxx07 LO Unknown
200Dxx08 LO Unknown
200Dxx09 LO Unknown
200Dxx0A LO Unknown
200Dxx0B OB Raw Data US
200Dxx14 IS Unknown
""",
    "Philips US Imaging DD 034": """
200Dxx01 LO Unknown
200Dxx02 LO Unknown
200Dxx03 LO Unknown
200Dxx04 LO Unknown
200Dxx05 LO Unknown
200Dxx06 LO Unknown
200Dxx07 LO Unknown
200Dxx08 LO Unknown
200Dxx09 LO Unknown
200Dxx0A LO Unknown
200Dxx0B LO Unknown
200Dxx0C LO Unknown
200Dxx0D LO Unknown
200Dxx0E LO Unknown
200Dxx0F LO Unknown
200Dxx10 LO Unknown
200Dxx21 LO Unknown
200Dxx22 LO Unknown
200Dxx23 LO Unknown
200Dxx24 LO Unknown
""",
    "Philips US Imaging DD 035": """
200Dxx01 LO Unknown
200Dxx02 LO Unknown
200Dxx03 LO Unknown
200Dxx04 LO Unknown
200Dxx05 LO Unknown
200Dxx07 LO Unknown
200Dxx08 LO Unknown
200Dxx09 LO Unknown
200Dxx0A LO Unknown
200Dxx0B LO Unknown
200Dxx0C LO Unknown
200Dxx0D LO Unknown
""",
    "Philips US Imaging DD 036": """
200Dxx01 LO Cols/Rows/Frames
200Dxx02 LO Cols/Rows/Frames
200Dxx03 LO Voxel Spacing
200Dxx04 LO Unknown
""",
    "Philips US Imaging DD 038": """
200Dxx01 LO Unknown
""",
    "Philips US Imaging DD 039": """
200Dxx01 LO Unknown
200Dxx04 LO Unknown
200Dxx05 LO Unknown
200Dxx06 LO Unknown
200Dxx07 LO Unknown
200Dxx08 LO Unknown
200Dxx09 LO Unknown
200Dxx0A LO Unknown
200Dxx0B LO Unknown
200Dxx0C LO Unknown
200Dxx0D LO Unknown
""",
    "Philips US Imaging DD 040": """
200Dxx01 LO Unknown
200Dxx02 LO Unknown
200Dxx03 LO Unknown
200Dxx04 LO Unknown
200Dxx05 LO Unknown
200Dxx06 LO Unknown
200Dxx07 LO Unknown
200Dxx20 LO Unknown
""",
    "Philips US Imaging DD 041": """
200Dxx1E LO Unknown
""",
    "Philips US Imaging DD 042": """
200Dxx50 LO Unknown
200Dxx51 LO Unknown
200Dxx52 LO Unknown
200Dxx53 LO Unknown
200Dxx54 LO Unknown
200Dxx55 LO Unknown
200Dxx56 LO Unknown
200Dxx57 LO Unknown
200Dxx58 LO Unknown
200Dxx59 LO Unknown
200Dxx5A LO Unknown
200Dxx5B LO Unknown
200Dxx5C LO Unknown
200Dxx5D LO Unknown
200Dxx5E LO Unknown
200Dxx5F LO Unknown
200Dxx60 LO Unknown
200Dxx70 LO Unknown
200Dxx71 LO Unknown
200Dxx72 LO Unknown
200Dxx73 LO Unknown
200Dxx74 LO Unknown
200Dxx75 LO Unknown
200Dxx76 LO Unknown
200Dxx77 LO Unknown
""",
    "Philips US Imaging DD 043": """
200Dxx05 SH Unknown
""",
    "Philips US Imaging DD 109": """
200Dxx00 US Unknown
200Dxx01 SQ Unknown
200Dxx02 ST Unknown
200Dxx03 CS Unknown
200Dxx04 SL Unknown
200Dxx05 UL Unknown
200Dxx06 UL Unknown
200Dxx07 CS Unknown
200Dxx08 CS Unknown
200Dxx09 OB Unknown
200Dxx0A UL Unknown
200Dxx0B OB Unknown
200Dxx0C UL Unknown
200Dxx0D SQ Unknown
200Dxx0E CS Unknown
200Dxx0F LO Unknown
200Dxx10 SL Unknown
200Dxx11 LO Unknown
200Dxx12 SL Unknown
""",
    "Philips US Imaging DD 113": """
200Dxx01 LO Unknown
200Dxx02 UL Unknown
200Dxx03 UL Unknown
200Dxx04 UL Unknown
200Dxx05 UL Unknown
200Dxx06 UL Unknown
200Dxx07 CS Unknown
200Dxx09 UL Unknown
200Dxx0B CS Unknown
200Dxx0C UL Unknown
200Dxx0D UL Unknown
200Dxx0E UL Unknown
200Dxx0F DS Unknown
200Dxx10 DS Unknown
200Dxx11 SL Unknown
200Dxx12 UL Unknown
200Dxx13 FL Unknown
200Dxx14 US Unknown
200Dxx15 UL Unknown
200Dxx17 FD Unknown
200Dxx18 FD Unknown
200Dxx19 FD Unknown
200Dxx1A FD Unknown
200Dxx1B FD Unknown
200Dxx1C FD Unknown
200Dxx1D UL Unknown
200Dxx1E UL Unknown
200Dxx1F FD Unknown
200Dxx20 FD Unknown
200Dxx21 FD Unknown
""",
    "Philips US Private 3D": """
200Dxx02 IS Threedpr Echo Vision Setting
200Dxx03 IS Threedpr Color Vision Setting
200Dxx04 IS Threedpr Transparency
200Dxx06 FD Threedpr Vision Vol Brightness
200Dxx08 IS Threedpr Low Threshold
200Dxx09 IS Threedpr Image Layout
200Dxx0A IS Threedpr Xres Filtering Enabled
200Dxx0B IS Threedpr Echo Twod Chroma Map Enabled
200Dxx0C IS Threedpr Box Outlined Enabled
200Dxx0D IS Threedpr Smoothing Enabled
200Dxx0E IS Threedpr Reference Graphic Enabled
200Dxx0F IS Threedpr Map Inverted
200Dxx10 IS Threedpr Color Stream Display Enabled
200Dxx11 IS Threedpr Echo Stream Display Enabled
200Dxx12 LO Vdb Param Color 3d Estimate Scale(2)
200Dxx13 LO Vdb Param Color 3d Estimate Apex Position (1)
200Dxx14 LO Vdb Param Color 3d Estimate Color Offset
200Dxx15 LO Vdb Param Echo 3d Estimate Dimension(2)
200Dxx16 SQ Private Native Threed Data Sequence(1)
200Dxx17 IS Threedpr Basic Vol Brightness
200Dxx18 LO Vdb Param Echo 3d Estimate Apex Position (2)
200Dxx1A IS Threedpr Echo Smoothing
200Dxx1B IS Threedpr Color Smoothing
200Dxx1E IS Threedpr Num Completed Trim Planes
200Dxx1F IS Threedpr Depth
200Dxx20 SQ Private Native Data Stream Array
200Dxx21 IS Threedpr Wall Filter
200Dxx23 FD Threedpr Baseline
200Dxx24 FD Threedpr Gain
200Dxx25 FD Threedpr Compress
200Dxx26 FD Threedpr Light Brightness
200Dxx27 FD Threedpr Elevation Scale Factor
200Dxx28 FD Threedpr Zoom Factor
200Dxx29 FD Threedpr Color Write Priority
200Dxx2A FD Threedpr Rotation Angle X
200Dxx2B FD Threedpr Rotation Angle Y
200Dxx2C FD Threedpr Data Voi Center
200Dxx2D FD Threedpr View Translation
200Dxx2E FD Threedpr Data Voi Min Point
200Dxx2F FD Threedpr Data Voi Max Point
200Dxx30 FD Threedpr Box Crop Min Point
200Dxx31 FD Threedpr Box Crop Max Point
200Dxx32 FD Threedpr Mpr Rotation Matrix
200Dxx33 FD Threedpr Vol Rotation Matrix
200Dxx34 FD Threedpr Trim Plane Equation
200Dxx35 IS Threedpr Subpage Data Version
200Dxx36 IS Threedpr Is Arbitrary Crop
200Dxx37 IS Threedpr Arbitrary Crop Dist From Center
200Dxx38 FD Threedpr Arbitrary Crop Rotation Matrix
200Dxx39 FD Threedpr Color Gain
200Dxx40 IS Threedpr Color Wall Filter Index
200Dxx41 IS Threedpr Cursor Enabled
200Dxx42 IS Threedpr Bondbox Graphic Enabled
""",
    "Philips X-ray Imaging DD 001": """
2003xx00 CS Unknown
2003xx01 LO Unknown
2003xx02 FD Unknown
2003xx03 LO Unknown
2003xx04 SQ Private enhanced Table Sequence
2003xx06 SL Unknown
2003xx09 SL Unknown
2003xx10 LO Unknown
2003xx11 SL Unknown
2003xx12 SL Unknown
2003xx13 SL Unknown
2003xx14 FD Unknown
2003xx15 FD Unknown
2003xx16 SL Unknown
2003xx17 SL Unknown
2003xx18 SL Unknown
2003xx19 SL Unknown
2003xx22 SL Unknown
2003xx24 FD Unknown
2003xx25 SL Unknown
2003xx26 SL Unknown
2003xx27 SH Unknown
2003xx28 SH Unknown
2003xx29 FD Unknown
2003xx2A LO Unknown
2003xx2B FD Unknown
2003xx2C SH Unknown
2003xx2D SL Unknown
2003xx2E SQ Unknown
2003xx2F CS IsResolvePatientMixApplied
2003xx30 CS Unknown
2003xx31 CS Unknown
2003xx32 UI Unknown
""",
    "Picker MR Private Group": """
7101xx00 OB Unknown
7101xx01 SL Unknown
7101xx02 OB Unknown
7101xx03 SL Unknown
7101xx04 SH Unknown
7101xx05 SH Unknown
7101xx06 SH Unknown
7101xx10 DS Unknown
""",
    "Picker NM Private Group": """
7001xx01 UI Private
7001xx02 OB Private
7001xx03 OB Private
7001xx04 OB Private
7001xx05 OB Private
7001xx06 OB Private
7001xx07 OB Private
7001xx08 OB Private
7001xx09 OB Private
7001xx10 SQ Private
7001xx11 LO Private
7001xx12 OB Private
7001xx13 US Private
7001xx14 OB Private
7001xx15 OB Private
7001xx16 OB Private
7001xx17 LO Contains a text string that includes some of the same information that appears on the Odyssey Clinical Index (image directory) for this Image.
7043xx00 SH Private.
""",
    "QCA": """
0009xx00 CS Analysis Type
0009xx04 LO Segment Name
0009xx12 DS Pre Catheter size
0009xx13 DS Pre Reference Diameter
0009xx14 DS Pre Minimum Lumen Diameter
0009xx15 DS Pre Average Diameter
0009xx16 DS Pre Stenosis Length
0009xx17 DS Pre Stenosis %
0009xx18 DS Pre Geometric Area Reduction %
0009xx22 DS Post Catheter Size
0009xx23 DS Post Reference Diameter
0009xx24 DS Post Minimum Lumen Diameter
0009xx25 DS Post Average Diameter
0009xx26 DS Post Stenosis Length
0009xx27 DS Post Stenosis %
0009xx28 DS Post Geometric Area Reduction %
""",
    "QCA_RESULTS": """
0009xx00 CS Analysis Views
0009xx10 LO Segment
0009xx11 LO Pre Catheter Name
0009xx12 DS Pre Catheter Size
0009xx13 DS Pre Reference Diameter
0009xx14 DS Pre Minimum Lumen Diameter
0009xx15 DS Pre Average Diameter
0009xx16 DS Pre Stenosis Length
0009xx17 IS Pre Stenosis %
0009xx18 IS Pre Geometric Area Reduction %
0009xx21 LO Post Catheter Name
0009xx22 DS Post Catheter Size
0009xx23 DS Post Reference Diameter
0009xx24 DS Post Minimum Lumen Diameter
0009xx25 DS Post Average Diameter
0009xx26 DS Post Stenosis Length
0009xx27 IS Post Stenosis %
0009xx28 IS Post Geometric Area Reduction %
0009xx40 IS Calibration Frame
0009xx41 IS End Diastolic Frame
0009xx42 IS End Systolic Frame
0009xx43 DS End Diastolic Volume
0009xx44 DS End Systolic Volume
0009xx45 DS Stroke Volume
0009xx47 DS Ejection Fraction
0009xx48 DS Body Surface Area
0009xx49 SH Artery Territory Region
0009xx50 IS Number of Diseased Vessels
0009xx51 DS Hypokinesis in Region
0009xx52 DS Hyperkinesis in Opposite Region
0009xx53 IS Percent Total LV Hypokinesis
0009xx55 DS Calibration Factor
""",
    "QUASAR_INTERNAL_USE": """
0009xx01 UL Rate Vector
0009xx02 UL Count Vector
0009xx03 UL Time Vector
0009xx07 US Angle Vector
0009xx08 US Camera Shape
0009xx10 US WholeBody Spots
0009xx11 US Worklist Flag
0009xx12 LO Unknown
0009xx13 ST Sequence Type
0009xx14 ST Sequence Name
0009xx15 UL Avr RR Time Vector
0009xx16 UL Low Limit Vector
0009xx17 UL High Limit Vector
0009xx18 UL Begin Index Vector
0009xx19 UL End Index Vector
0009xx1A UL Raw Time Vector
0009xx1B LO Image Type String
0009xx1D US Unknown
0009xx1E ST Unknown
0009xx22 FL Unknown
0009xx23 US Unknown
0009xx39 UI Unknown
0009xx40 DA Unknown
0009xx41 TM Unknown
0009xx42 LO Unknown
0009xx44 SH Unknown
0037xx10 SQ Unknown
0037xx1B LO Unknown
0037xx30 LO Unknown
0037xx40 LO Unknown
0037xx50 LO Unknown
0037xx60 LO Unknown
0037xx70 LO Unknown
""",
    "QVA": """
0009xx40 IS Calibration Frame
0009xx41 IS End Diastolic Frame
0009xx42 IS End Systolic Frame
0009xx43 DS End Diastolic Volume
0009xx44 DS End Systolic Volume
0009xx45 DS Stroke Volume
0009xx46 DS Cardiac Output
0009xx47 DS Ejection Fraction
0009xx48 DS Body Surface Area
0009xx49 SH Artery Territory Region
0009xx50 IS Number of Diseased Vessels
0009xx51 DS Hypokinesis in Region
0009xx52 DS Hyperkinesis in Region
0009xx53 IS percent of chords with hyperkinesis <- 2 SD
0009xx54 IS percent of chords with alkinesis/dyskinesis
0009xx55 DS Calibration Factor
""",
    "REPORT_FROM_APP": """
0039xx95 LO Unknown
""",
    "RadWorksMarconi": """
0029xx24 US <internal
""",
    "RadWorksTBR": """
3111xx02 CS AMI Compression Type (RET)
3111xxFF SQ <internal
""",
    "SCHICK TECHNOLOGIES - Change Item Creator ID": """
0021xx01 UI Change List Item UID
0021xx02 US Operation
0021xx03 DT Date
0021xx04 PN User Name
0021xx05 OB Additional Change Data
""",
    "SCHICK TECHNOLOGIES - Change List Creator ID": """
0021xx01 UI Reference Image Instance UID
0021xx02 SQ Sequence
""",
    "SCHICK TECHNOLOGIES - Image Security Creator ID": """
0029xx01 UL Image Checksum
""",
    "SCHICK TECHNOLOGIES - Note Item Creator ID": """
0021xx01 ST Text
0021xx02 DT Date
0021xx03 PN User Name
0021xx04 US Coordinates (X, Y)
""",
    "SCHICK TECHNOLOGIES - Note List Creator ID": """
0021xx01 UI Reference Image Instance UID
0021xx02 SQ Item
""",
    "SCHICK TECHNOLOGIES - Viewset Creator ID": """
0009xx01 UI Instance UID
0009xx02 LO Name
0009xx03 SQ Sequence
0009xx04 UL Mode
0009xx05 UL Type
""",
    "SCHICK TECHNOLOGIES - Viewset Item Creator ID": """
0009xx01 UI Image Instance UID
0009xx02 US Number
0009xx03 US Order
0009xx04 US Type
0009xx05 US Orientation
0009xx06 US Rect (Left, Top, Width, Height)
0009xx07 US Caption Height
0009xx08 US Source
0009xx09 US Default Width
0009xx0A US Default Height
""",
    "SECTRA_Ident_01": """
0009xx01 LO Request number
0009xx02 LO Examination number
0009xx04 LO Series ID
0009xx05 LO Series Order
0009xx06 LO File Name
0009xx07 LO Image Data ID
""",
    "SECTRA_ImageInfo_01": """
0029xx01 OB Image info
0029xx02 CS Marking
0029xx03 LO No Decompression
0029xx04 OB Image Info new
""",
    "SECTRA_OverlayInfo_01": """
6001xx01 LO Sectra Overlay
""",
    "SEGAMI MIML": """
0031xx98 OW ?Binary XML with PHI?
""",
    "SEGAMI__MEMO": """
0035xx97 SH Unknown
0035xx98 LT Unknown
""",
    "SET WINDOW": """
0019xx00 UN Set Window Image Filter
0019xx01 UN Set Window Magnification Power
""",
    "SHS MagicView 300": """
0029xx01 FD Zoom Factor
0029xx02 FD Pan Factor X
0029xx03 FD Pan Factor Y
0029xx04 LO NmPalette
""",
    "SIEMENS CM VA0  ACQU": """
0019xx10 LO Parameter File Name
0019xx11 LO Sequence File Name
0019xx12 LO Sequence File Owner
0019xx13 LO Sequence Description
0019xx14 LO EPI File Name
0019xx20 LO Mode File Name
0019xx30 LO Convolution Kernel Comment 1
0019xx31 LO Convolution Kernel Comment 2
0019xx32 LO Convolution Kernel Comment 3
0019xx33 LO Convolution Kernel Comment 4
0019xx34 LO Convolution Kernel Comment 5
0019xx35 LO Convolution Kernel Comment 6
0019xx36 LO Convolution Kernel Comment 7
0019xx37 LO Convolution Kernel Comment 8
0019xx38 LO Convolution Kernel Comment 9
0019xx39 LO Convolution Kernel Comment 10
0019xx3A LO Reading Code RZ1 Comment 1
0019xx3B LO Reading Code RZ1 Comment 2
0019xx3C LO Reading Code RZ2 Comment 1
""",
    "SIEMENS CM VA0  CMS": """
0009xx00 IS Number of Measurements
0009xx10 CS Storage Mode
0009xx12 UL Evaluation Mask Image
0009xx26 DA Table Zero Date
0009xx27 TM Table Zero Time
0011xx0A LO Unknown
0011xx10 DA Registration Date
0011xx11 TM Registration Time
0011xx22 LO Unknown
0011xx23 DS Used Patient Weight
0011xx40 IS Organ Code
0013xx00 PN Modifying Physician
0013xx10 DA Modification Date
0013xx12 TM Modification Time
0013xx20 PN Patient Name
0013xx22 LO Patient Id
0013xx30 DA Patient Birthdate
0013xx31 DS Patient Weight
0013xx32 PN Patient Maiden Name
0013xx33 PN Referring Physician
0013xx34 LO Admitting Diagnosis
0013xx35 CS Patient Sex
0013xx40 LO Procedure Description
0013xx42 CS Rest Direction
0013xx44 CS Patient Position
0013xx46 SH View Direction
0013xx50 LO Unknown
0013xx51 LO Unknown
0013xx52 LO Unknown
0013xx53 LO Unknown
0013xx54 LO Unknown
0013xx55 LO Unknown
0013xx56 LO Unknown
0019xx10 IS Net Frequency
0019xx20 CS Measurement Mode
0019xx30 CS Calculation Mode
0019xx50 IS Noise Level
0019xx60 IS Number of Data Bytes
0019xx70 DS Unknown
0019xx80 LO Unknown
0021xx20 DS Field of View
0021xx22 DS Image Magnification Factor
0021xx24 DS Image Scroll Offset
0021xx26 IS Image Pixel Offset
0021xx30 CS View Direction
0021xx32 CS Rest Direction
0021xx60 DS Image Position
0021xx61 DS Image Normal
0021xx63 DS Image Distance
0021xx65 US Image Positioning History Mask
0021xx6A DS Image Row
0021xx6B DS Image Column
0021xx70 CS Patient Orientation Set 1
0021xx71 CS Patient Orientation Set 2
0021xx80 LO Study Name
0021xx82 SH Study Type
0029xx10 CS Window Style
0029xx11 CS Window Look
0029xx12 UL Window Table Index
0029xx13 CS Window Scale
0029xx20 CS Pixel Quality Code
0029xx22 IS Pixel Quality Value
0029xx50 CS Archive Code
0029xx51 CS Exposure Code
0029xx52 IS Sort Code
0029xx53 CS Remote Copy Code
0029xx60 IS Splash
0051xx10 LO Image Text
6021xx00 CS Image Graphics Format Code
6021xx10 OB Image Graphics
7FE1xx00 OB Binary Data
""",
    "SIEMENS CM VA0  COAD": """
0019xx3D LO Reading Code RZ2 Comment 2
""",
    "SIEMENS CM VA0  LAB": """
0009xx10 LO Generator Identification Label
0009xx11 LO Gantry Identification Label
0009xx12 LO XRay Tube Identification Label
0009xx13 LO Detector Identification Label
0009xx14 LO DAS Identification Label
0009xx15 LO SMI Identification Label
0009xx16 LO CPU Identification Label
0009xx20 SH Header Version
""",
    "SIEMENS CM VA0  OST": """
6023xx00 LO Osteo Contour Comment
6023xx10 SS Osteo Contour Buffer
""",
    "SIEMENS CSA ENVELOPE": """
0029xx10 OB syngo Report Data
0029xx11 OB syngo Report Presentation
""",
    "SIEMENS CSA HEADER": """
0029xx08 CS CSA Image Header Type
0029xx09 LO CSA Image Header Version
0029xx10 OB CSA Image Header Info
0029xx18 CS CSA Series Header Type
0029xx19 LO CSA Series Header Version
0029xx20 OB CSA Series Header Info
""",
    "SIEMENS CSA NON-IMAGE": """
0029xx08 CS CSA Data Type
0029xx09 LO CSA Data Version
0029xx10 OB CSA Data Info
7FE1xx10 OB CSA Data
""",
    "SIEMENS CSA REPORT": """
0029xx08 CS syngo Report Type
0029xx09 LO syngo Report
0029xx15 US SR Variant
0029xx17 UI SC SOP Instance UID
""",
    "SIEMENS CT VA0  COAD": """
0019xx10 IS Distance Source to SourceSide Collimator
0019xx11 IS Distance Source to DetectorSide Collimator
0019xx20 IS Number of Possible Channels
0019xx21 IS Mean Channel Number
0019xx22 DS Detector Spacing
0019xx23 DS Detector Center
0019xx24 DS Reading Integration Time
0019xx50 DS Detector Alignment
0019xx52 DS Table Feed
0019xx54 DS Rotation Time
0019xx60 DS Focus Alignment
0019xx65 UL Focal Spot Deflection Amplitude
0019xx66 UL Focal Spot Deflection Phase
0019xx67 UL Focal Spot Deflection Offset
0019xx70 DS Water Scaling Factor
0019xx71 DS Interpolation Factor
0019xx80 CS Patient Region
0019xx82 CS Patient Phase of Life
0019xx90 DS Osteo Offset
0019xx92 DS Osteo Regression Line Slope
0019xx93 DS Osteo Regression Line Intercept
0019xx94 IS Osteo Standardization Code
0019xx96 IS Osteo Phantom Number
0019xxA0 DS Spiral Location Begin
0019xxA1 DS Spiral Location End
0019xxA2 CS Spiral z Profile
0019xxA3 CS Spiral Reconstruction Direction
0019xxA4 DS Spiral Reconstruction Increment
0019xxA5 DS Scan Tilt Plane Distance
0019xxA6 UL Mode Processing Step Mask
0019xxA7 UL Mode Processing Control Mask
0019xxA8 UL Mode Master Mask
0019xxA9 IS Mode Store Step
0019xxAA CS Focus Size Type
0019xxAB IS Mode Adaptive Filter Kind
0019xxAC IS Mode MBH Kind
0019xxAD IS Mode Balancing Kind
0019xxAE IS Number of Readings per Rotation
0019xxAF DS Correction Table Reference Time
0019xxB0 DS Feed per Rotation
0019xxB1 UN Unknown
0019xxBD IS Pulmo Trigger Level
0019xxBE DS Expiratoric Reserve
0019xxBF DS Vital Capacity
0019xxC0 DS Pulmo Water
0019xxC1 DS Pulmo Air
0019xxC2 DA Pulmo Date
0019xxC3 TM Pulmo Time
0019xxC4 UL Unknown
0019xxC5 IS Unknown
""",
    "SIEMENS CT VA0  GEN": """
0019xx10 DS Source Side Collimator Aperture
0019xx11 DS Detector Side Collimator Aperture
0019xx20 IS Exposure Time current
0019xx21 IS Exposure current
0019xx25 DS Generator Power current
0019xx26 DS Generator Voltage current
0019xx40 UL Master Control Mask
0019xx42 US Processing Mask
0019xx44 UL IRS Data Number
0019xx45 UL IRS Data Length
0019xx62 IS Number of Virtual Channels
0019xx70 IS Number of Reading
0019xx71 CS Reading Code
0019xx74 IS Number of Projections
0019xx75 IS Number of Bytes
0019xx80 IS Reconstruction Algorithm Set
0019xx81 IS Reconstruction Algorithm Index
0019xx82 LO Regeneration Software Version
0019xx84 IS Multiscan Reconstruction Increment
0019xx85 IS Multiscan Reconstruction Width
0019xx88 IS Range Number
0021xx10 IS Rotation Angle
0021xx11 IS Start Angle
0021xx20 IS Scan
0021xx30 IS Tube Position
0021xx32 DS Length of Topogram
0021xx34 DS Correction Factor
0021xx36 DS Maximum Table Position
0021xx40 IS Table Move Direction Code
0021xx45 IS VOI Start Row
0021xx46 IS VOI Stop Row
0021xx47 IS VOI Start Column
0021xx48 IS VOI Stop Column
0021xx49 IS VOI Start Slice
0021xx4A IS VOI Stop Slice
0021xx50 IS Vector Start Row
0021xx51 IS Vector Row Step
0021xx52 IS Vector Start Column
0021xx53 IS Vector Column Step
0021xx60 IS Range Type Code
0021xx62 IS Reference Type Code
0021xx70 DS Object Orientation
0021xx72 DS Light Orientation
0021xx75 DS Light Brightness
0021xx76 DS Light Contrast
0021xx7A IS Overlay Threshold
0021xx7B IS Surface Threshold
0021xx7C IS Grey Scale Threshold
0021xxA0 IS Field of Interest
0021xxA1 CS Image Filter Label
0021xxA2 CS Exemplary Element 1
0021xxA3 IS Exemplary Element 2
0021xxA4 LO Exemplary Element 3
0021xxA5 IS Reference Data Set 1
0021xxA6 IS Reference Data Set 2
0021xxA7 LO Window Program Name
""",
    "SIEMENS CT VA0  IDE": """
0009xx10 LO SOMATOM Software Name
0009xx30 CS Data Set Subtype 1
0009xx31 SH Data Set Subtype 2
0009xx32 SH Data Set Subtype 3
0009xx33 SH Data Set Subtype 4
0009xx34 SH Data Set Subtype 5
0009xx40 LO Directory Text
0009xx42 LO Exposure Time Text
0009xx50 DA Scan Date
0009xx51 TM Scan Time
""",
    "SIEMENS CT VA0  ORI": """
0009xx20 LO Original Data Set Owner
0009xx30 SH Original Modality
""",
    "SIEMENS CT VA0  ORMR": """
0021xx80 DS Repetition Time
0021xx81 DS Echo Time
0021xx82 DS Inversion Time
0021xx83 IS Number of Averages
0021xx84 DS Imaging Frequency
0021xx85 LO Imaged Nucleus
0021xx86 IS Echo Number
0021xx90 DS Flip Angle
""",
    "SIEMENS CT VA0  OST": """
6021xx00 LO Osteo Contour Comment
6021xx10 US Osteo Contour Buffer
""",
    "SIEMENS CT VA0  RAW": """
0021xx10 UL Creation Mask service
0021xx20 UL Evaluation Mask service
0021xx30 US Extended Processing Mask
0021xx40 UL Manipulation Mask
0021xx41 UL Composition Mask
0021xx42 UL Alteration Mask
0021xx43 UL Generation Mask
0021xx44 UL Function Mask
0021xx50 CS Mode Mirroring Code
""",
    "SIEMENS DFR.01": """
0021xx10 US Graphic Evaluation Mask
0021xx11 US Type 1st Graphic Element
0021xx12 LO Description 1st Graphic Element
0021xx13 US Type 2nd Graphic Element
0021xx14 LO Description 2nd Graphic Element
0021xx15 US Type 3rd Graphic Element
0021xx16 LO Description 3rd Graphic Element
0021xx17 US Type 4th Graphic Element
0021xx18 LO Description 4th Graphic Element
0021xx19 US Type 5th Graphic Element
0021xx20 LO Description 5th Graphic Element
0021xx21 US Type 6th Graphic Element
0021xx22 LO Description 6th Graphic Element
0021xx23 US Type 7th Graphic Element
0021xx24 LO Description 7th Graphic Element
0021xx25 US Type 8th Graphic Element
0021xx26 LO Description 8th Graphic Element
0021xx27 US Type 9th Graphic Element
0021xx28 LO Description 9th Graphic Element
0021xx29 US Type 10th Graphic Element
0021xx30 LO Description 10th Graphic Element
""",
    "SIEMENS DFR.01 MANIPULATED": """
0017xx11 US Window Width Native Current
0017xx12 US Window Center Native
0017xx14 US Window Width Subtraction Current
0017xx15 US Window Center Subtraction Current
0017xx25 DS Edge Enhancement Native Current
0017xx27 DS Edge Enhancement Subtraction Current
0017xx29 IS Edge Enhancement %
0017xx30 IS Harmonization %
0017xx31 US DSA Representation Current
0017xx32 US Number of Mask Current
0017xx33 US RightLeft Mark Current
0017xx35 US Number of Series Representative
0017xx37 US Rectangle Shutter Horizontal Current
0017xx38 US Rectangle Shutter Vertical Aktuell
0017xx71 LO Landmark Current
0017xx72 US Zoom Factor
0017xx73 US Roam Horizontal
0017xx74 US Roam Vertical
0017xx77 IS Pixel Shift Horizontal
0017xx78 IS Pixel Shift Vertical
0017xx79 US Image Flip
0017xx7A US Invers Current
0017xx80 US Unknown
0017xx83 SH Documentation Flag
0017xx84 LO Right Marker
0017xx91 US Summation Count Filling
0017xx92 US Summation Count Mask
0017xx93 US PeakOp Start
0017xx94 US PeakOp End
0017xxA0 IS Cine Rate
0017xxA1 LO Image Name
0017xxA2 LO Image Name Extension 1
0017xxA3 LO Image Name Extension 2
""",
    "SIEMENS DFR.01 ORIGINAL": """
0017xx10 CS Image Type
0017xx11 US Window Width Native Original
0017xx12 US Window Center Native
0017xx14 US Window Width Subtraction Original
0017xx15 US Window Center Subtraction Original
0017xx16 US LUT Number for Autowindow
0017xx18 US Unknown
0017xx21 US Edge Enhancement Kernelsize Original
0017xx22 US Edge Enhancement Mode Original
0017xx23 US Edge Enhancement LUTs Original
0017xx24 US Filter Type Native Original
0017xx25 DS Edge Enhancement Native Original
0017xx26 US Filter Type Subtraction Original
0017xx27 DS Edge Enhancement Subtraction Original
0017xx2A US Unknown
0017xx30 IS Unknown
0017xx31 US DSA Representation Original
0017xx32 US Number of Maske Original
0017xx33 US RightLeft Mark Original
0017xx34 DS Slice Position
0017xx37 US Rectangle Shutter Horizontal Original
0017xx38 US Rectangle Vertical Original
0017xx41 DS Dose
0017xx42 DS Dose Area Product
0017xx43 US Focus
0017xx44 US SDM
0017xx45 DS Image Intensifer Format
0017xx46 DS Density Correction
0017xx47 LO Exposure Curves
0017xx48 IS Unknown
0017xx49 LO Organ Program Name
0017xx4A IS Count of Images in Series
0017xx51 US Image Intensifier Zoom
0017xx52 UL ROSA Receiver ErrCount
0017xx61 US Table Position Peri
0017xx62 US Series Numbers of Petri
0017xx71 LO Landmark Original
0017xx72 US Unknown
0017xx73 US Unknown
0017xx74 US Unknown
0017xx79 US Unknown
0017xx7A US Invers Original
0017xx7B IS Unknown
0017xxA0 IS Unknown
0017xxB1 CS L2 Image
0017xxB2 IS L2 Acquisition Monitor
0017xxC1 LO Folder UID
0017xxC2 LO Series UID
0017xxC3 LO Subseries UID
""",
    "SIEMENS DFR.01 SERVICE": """
0021xx10 US 1 Plot
0021xx11 US Width 1 Plot
0021xx12 US 2 Plot
0021xx13 US Width 2 Plot
0021xx20 US xCoordinate Region of Interest
0021xx21 US yCoordinate Region of Interest
0021xx22 US Width Region of Interest
0021xx23 US Height Region of Interest
""",
    "SIEMENS DICOM": """
0009xx10 UN Unknown
0009xx12 LO Unknown
""",
    "SIEMENS DLR.01": """
0019xx10 LO Measurement Mode
0019xx11 LO Image Type
0019xx15 LO Software Version
0019xx20 LO MPM Code
0019xx21 LO Latitude
0019xx22 LO Sensitivity
0019xx23 LO EDR
0019xx24 LO l fix
0019xx25 LO s fix
0019xx26 LO Preset Mode
0019xx27 LO Region
0019xx28 LO Subregion
0019xx30 LO Orientation
0019xx31 LO Mark on Film
0019xx32 LO Rotation on DRC
0019xx40 LO Reader Type
0019xx41 LO Sub Modality
0019xx42 LO Reader Serial Number
0019xx50 LO Cassette Scale
0019xx51 LO Cassette Matrix
0019xx52 LO Cassette Submatrix
0019xx53 LO Barcode
0019xx60 LO GT Contrast Type
0019xx61 LO GA Rotation Amount
0019xx62 LO GC Rotation Center
0019xx63 LO GS Density Shift
0019xx64 US RN Frequency Rank
0019xx65 LO RE Frequency Enhancement
0019xx66 LO RT Frequency Type
0019xx67 LO Kernel Length
0019xx68 UL Kernel Mode
0019xx69 UL Convulsion Mode
0019xx70 LO PLA Source
0019xx71 LO PLA Destination
0019xx75 LO UID Original Image
0019xx76 LO Filterset
0019xx80 LO Reader Header
0019xx90 LO PLA of Secondary Destination
0019xxA0 DS Unknown
0019xxA1 DS Unknown
0041xx10 US Number of Hardcopies
0041xx20 CS Film Format
0041xx30 LO Film Size
0041xx31 LO Full Film Format
""",
    "SIEMENS ISI": """
0003xx08 US ISI Command Field
0003xx11 US Attach ID Application Code
0003xx12 UL Attach ID Message Count
0003xx13 DA Attach ID Date
0003xx14 TM Attach ID Time
0003xx20 US Message Type
0003xx30 DA Max Waiting Date
0003xx31 TM Max Waiting Time
0009xx01 UN RIS Patient Info IMGEF
0009xx14 SQ RIS Patient Info IMGEF
0011xx03 LO Patient UID
0011xx04 LO Patient ID
0011xx0A LO Case ID
0011xx22 LO Request ID
0011xx23 LO Examination UID
0011xx41 LO Medical Alerts
0011xx42 LO Contrast Allergy
0011xxA1 DA Patient Registration Date
0011xxA2 TM Patient Registration Time
0011xxB0 LO Patient Last Name
0011xxB2 LO Patient First Name
0011xxB4 CS Patient Hospital Status
0011xxBC LO Current Location Time
0011xxC0 CS Patient Insurance Status
0011xxD0 LO Patient Billing Type
0011xxD2 LO Patient Billing Address
0031xx12 LO Examination Reason
0031xx30 DA Requested Date
0031xx32 TM Worklist Request Start Time
0031xx33 TM Worklist Request End Time
0031xx4A TM Requested Time
0031xx80 LO Requested Location
0055xx46 PN Current Ward
0193xx02 LO RIS Key
0307xx01 SQ RIS Worklist IMGEF
0309xx01 SQ RIS Report IMGEF
4009xx01 LO Report ID
4009xx20 CS Report Status
4009xx30 DA Report Creation Date
4009xx70 PN Report Approving Physician
4009xxE0 LO Report Text
4009xxE1 LO Report Author
4009xxE2 PN Report Transcriber
4009xxE3 PN Reporting Radiologist
""",
    "SIEMENS MED": """
0009xx10 LO Recognition Code
0009xx30 US Byte Offset of Original Header
0009xx31 US Length of Original Header
0009xx40 US Byte Offset of Pixel Matrix
0009xx41 UL Length of Pixel Matrix
0009xx50 LO Unknown
0009xx51 LO Unknown
0009xx80 ST
0009xxF5 LO PDM EFID Placeholder
0009xxF6 LO PDM Data Object Type Extension
0011xx10 ST
0017xx00 ST
0017xx20 ST
0017xx60 LO
0017xx80 ST
0019xx01 SS
0019xx02 SS
0019xx03 SS
0019xx04 ST
0019xx05 ST
0019xx06 SL
0019xx07 SL
0019xx08 SS
0019xx09 SS
0019xx0A ST
0019xx0B ST
0019xx0C SS
0019xx0D ST
0019xx0E ST
0019xx0F SL
0019xx11 ST
0019xx12 ST
0019xx13 SS
0019xx14 SS
0019xx15 SS
0019xx16 SS
0019xx17 SS
0019xx18 SS
0019xx19 SS
0019xx1A SS
0019xx1B SS
0019xx1C SS
0019xx1D SS
0019xx20 SL
0019xx21 SL
0019xx22 SL
0019xx23 SS
0019xx24 SL
0019xx25 SL
0019xx26 SL
0019xx27 SL
0019xx30 SL
0019xx31 SL
0019xx32 SL
0019xx41 SS
0019xx42 SS
0019xx43 SS
0019xx44 SS
0019xx45 SL
0019xx47 SL
0019xx48 ST
0019xx49 SL
0019xx4A SS
0019xx4B SS
0019xx4C SL
0019xx4E SS
0019xx4F SS
0019xx50 SS
0019xx51 SS
0019xx52 SS
0019xx53 SS
0019xx54 ST
0019xx55 SS
0019xx56 SS
0019xx57 SS
0019xx58 SS
0019xx59 SS
0019xx5A ST
0019xx5B SS
0019xx5C SS
0019xx5D SS
0019xx5E SS
0019xx5F SS
0019xx60 SS
0019xx61 SS
0019xx62 SS
0019xx63 SS
0019xx64 SS
0019xx65 SS
0019xx66 SS
0019xx67 SS
0019xx68 SL
0019xx69 SS
0019xx6A SS
0019xx6B SL
0019xx6C SL
0019xx6D SS
0019xx6E SS
0019xx6F SS
0019xx70 ST
0019xx71 ST
0019xx72 SL
0019xx73 SL
0019xx74 SS
0019xx75 SS
0019xx76 SS
0019xx77 SS
0019xx78 SS
0019xx7F SS
0019xx80 SS
0019xx81 SS
0019xx82 SL
0019xx83 SS
0019xx84 SS
0019xx85 SS
0019xx86 SS
0019xx87 SS
0019xx88 SL
0019xx89 SS
0019xx8A SL
0019xx8D SL
0019xx8E SL
0019xx91 SL
0019xx92 SL
0019xx93 SL
0019xx94 SS
0019xx95 SS
0019xx96 SL
0019xx97 SS
0019xxA0 SS
0019xxA1 SS
0019xxA2 SL
0019xxA3 SL
0019xxA4 SL
0019xxC0 SL
0019xxC1 SS
0019xxC2 SS
0019xxF0 SL
001Fxx00 LO
001Fxx02 LO
001Fxx50 LO
001Fxx70 LO
0021xx10 DS Zoom
0021xx11 DS Target
0021xx12 IS Tube Angle During Topogram
0021xx20 US ROI Mask
0031xx01 ST
0031xx03 SL
0031xx04 ST
0031xx05 SS
0031xx06 SL
0031xx07 SS
0031xx08 ST
0031xx09 SS
0031xx0A SS
0031xx0B SS
0031xx0C SS
0031xx0D SS
0031xx0E SS
0031xx0F SL
0031xx10 SL
0031xx11 SS
0041xx12 SL
0041xx13 SL
0041xx21 ST
0041xx30 ST
0041xx32 ST
0041xx34 ST
0041xx36 ST
0041xx40 ST
0041xx50 SS
0041xx52 SS
0041xx60 ST
0041xx70 SL
0041xx71 SL
0051xx10 SS
0051xx11 SS
0051xx12 SS
0051xx13 SS
0051xx14 SS
0051xx15 SL
0051xx18 SL
0053xx01 SS
0053xx02 SS
0053xx03 SS
0053xx10 SS
0053xx11 SL
0053xx12 SS
0053xx13 SL
0053xx14 SS
0053xx15 SL
0053xx16 SS
0053xx17 SS
0053xx18 SL
0053xx19 SS
0053xx1A SS
0053xx1B SL
0053xx1C SS
0053xx1D SL
0053xx30 SS
0053xx31 SS
0053xx32 SS
0053xx33 SL
0053xx40 SS
0053xx41 SL
0053xx42 SS
0053xx43 SL
0053xx44 SS
0055xx01 SS
0055xx02 SS
0055xx03 SL
0055xx20 SS
0055xx21 ST
0055xx22 SS
0055xx23 ST
0055xx24 SS
0055xx25 ST
0055xx29 SL
0055xx2A SL
0055xx30 SS
0055xx31 ST
0055xx32 SS
0055xx33 ST
0055xx34 SS
0055xx35 ST
0055xx38 SL
0055xx39 SL
0055xx3A SL
0055xx40 SS
0055xx48 SL
0055xx50 SS
0055xx51 SS
0055xx52 SS
0055xx53 ST
0055xx54 SL
0055xx55 SL
0055xx56 SS
0055xx57 SS
0055xx58 SL
0055xx59 ST
0055xx5A SL
0055xx5B SS
0055xx5C ST
0055xx5D SS
0055xx5E SS
0055xx5F SL
0055xx60 SS
0055xx61 SS
0055xx64 SS
0055xx65 SS
0055xx66 SS
0055xx67 SS
0055xx68 SS
0055xx69 SS
0055xx6A SS
0055xx6B SS
0055xx6C SS
0055xx6D SS
0055xx70 SL
0055xx71 SL
0055xx72 SL
0055xx73 SL
0055xx74 SL
0055xx75 SL
0055xx76 SL
0055xx77 SL
0055xx78 SL
0055xx80 SS
0055xx81 SS
0055xx82 SS
0055xx83 SS
0055xx84 SS
0055xx85 SS
0055xx86 SL
0055xx87 SL
0055xx88 SL
0055xx89 ST
0055xx8A SS
0055xx8B SL
0055xx8C SS
0055xx8D SL
0055xx8E SL
0055xx8F SL
0055xx90 SL
0055xx91 SS
0055xx92 ST
0055xx93 SL
0055xx94 SL
0055xx95 SL
0055xx96 SL
0055xx97 SL
0055xx98 SS
0055xx99 SS
0055xx9A SS
0055xx9B SS
0055xx9C SS
0055xx9D SL
0055xx9E SL
0055xx9F SL
0055xxA0 SL
0055xxA1 SL
0055xxA2 SL
0055xxA3 SL
0055xxA4 SS
0055xxA5 SL
0055xxA6 SL
0055xxA7 SS
0055xxA8 SS
0055xxA9 SS
0055xxB0 SS
0055xxB1 SS
0057xx10 SS
0057xx20 SL
5001xx01 SS
5001xx02 SL
5001xx03 SL
5001xx04 SL
5001xx05 SL
5001xx06 SL
5001xx07 ST
5001xx08 ST
5001xx09 ST
5001xx0A ST
5001xx0B SL
7001xx10 SS
7003xx10 SL
7005xx10 SS
7FE1xx10 SS
7FE3xx14 SL
7FE3xx15 SL
7FE3xx16 SL
7FE3xx17 SL
7FE3xx18 SL
7FE3xx19 ST
7FE3xx1A SL
7FE3xx1B SS
7FE3xx1C SS
7FE3xx1E SL
7FE3xx1F SL
7FE3xx20 SL
7FE3xx21 SL
7FE3xx22 SL
7FE3xx23 SL
7FE3xx24 ST
7FE3xx25 SS
""",
    "SIEMENS MED DISPLAY": """
0029xx04 CS Photometric Interpretation
0029xx10 US Rows
0029xx11 US Columns
0029xx20 US Unknown
0029xx21 US Unknown
0029xx50 US Origin
0029xx80 US Unknown
0029xx99 LO Shutter Type
0029xxA0 US Rows of Rectangular Shutter
0029xxA1 US Columns of Rectangular Shutter
0029xxA2 US Origin of Rectangular Shutter
0029xxB0 US Radius of Circular Shutter
0029xxB2 US Origin of Circular Shutter
0029xxC1 US Contour of Irregular Shutter
""",
    "SIEMENS MED DISPLAY 0000": """
0029xx99 LO Unknown
0029xxC1 US Unknown
""",
    "SIEMENS MED ECAT FILE INFO": """
0021xx00 OB ECAT_Main_Header
0021xx01 OB ECAT_Image_Subheader
""",
    "SIEMENS MED HG": """
0029xx10 US List of Group Numbers
0029xx15 LO List of Shadow Owner Codes
0029xx20 US List of Element Numbers
0029xx30 US List of Total Display Length
0029xx40 LO List of Display Prefix
0029xx50 LO List of Display Postfix
0029xx60 US List of Text Position
0029xx70 LO List of Text Concatenation
""",
    "SIEMENS MED MAMMO": """
0029xx5A CS Unknown
""",
    "SIEMENS MED MG": """
0029xx10 US List of Group Numbers
0029xx15 LO List of Shadow Owner Codes
0029xx20 US List of Element Numbers
0029xx30 US List of Total Display Length
0029xx40 LO List of Display Prefix
0029xx50 LO List of Display Postfix
0029xx60 US List of Text Position
0029xx70 LO List of Text Concatenation
""",
    "SIEMENS MED NM": """
0009xx80 LO Main Acquisition View
0011xx10 CS Organ System
0017xx00 ST Unknown 0017 0000
0017xx20 CS Scanning Sequence
0017xx60 DS KVP
0017xx70 ST Unknown
0017xx80 ST Unknown 0017 0080
0019xx01 SS Number of detectors
0019xx02 SS Number of scalers
0019xx03 SS Scaler Index
0019xx04 DS Radionuclide Units
0019xx05 DS Radiopharmaceutical
0019xx06 FL Display Magnification
0019xx07 SL Scaler Counts
0019xx08 SS Processed Flag 0 Raw 1 Process
0019xx09 SS MicroDELTA Parameter Blocks
0019xx0A LO MicroDELTA File Extension
0019xx0B LO MicroDELTA Write ID
0019xx0C SS MicroDELTA Write Version
0019xx0D CS MicroDELTA Mode
0019xx0E LO MicroDELTA ESFR
0019xx0F SL Siemens ICON Data Type
0019xx10 OW MicroDELTA Expansion Blocks
0019xx11 CS MicroDELTA Version
0019xx12 LO MicroDELTA Trend
0019xx13 SS MicroDELTA Number of Overlays
0019xx14 SS MicroDELTA Overlay Block
0019xx15 SS MicroDELTA Color Table Extra
0019xx16 SS Number of Views
0019xx17 SS MicroDELTA Thyroid Markers
0019xx18 SS MicroDELTA Color Table Used
0019xx19 SS Save Screen Flag 1 SaveScreen
0019xx1A SS MicroDELTA Overlay Map
0019xx1B SS SGI Converted LookUp Table
0019xx1C SS MicroDELTA Mystery1
0019xx1D SS MicroDELTA Mystery2
0019xx20 FL Time of Lasix Administration
0019xx21 FL Lasix Dose mg
0019xx22 FL Bladder Esidual Volume cc
0019xx23 SS Bladder Image Extension
0019xx24 FL Serum Creatinine mg/dl
0019xx25 FL TER
0019xx26 FL TER Lower Limit
0019xx27 FL Body Surface Area m2
0019xx30 FL CTQ Normal Margin
0019xx31 FL CTQ Abnormal Sagittal Margin
0019xx32 FL CTQ Abnormal Oblique Margin
0019xx41 SS Accepted Beats
0019xx42 SS Rejected Beats
0019xx43 SS Percent of R-R Interval Framed
0019xx44 SS Beats Rejected Post PVC
0019xx45 FL Trigger Source
0019xx47 FL Beat Rejection Parameter
0019xx48 SH Rejection Scheme
0019xx49 FL PVC Threshold msec
0019xx4A SS Framing Mode 1 Forward 2 F/B
0019xx4B SS Autobeat Window 0 No 1 Yes
0019xx4C FL MicroDELTA Acquisition Time per Window msec
0019xx4E SS CTQ Unknown Entry Count
0019xx4F SS CTQ Matrix Size
0019xx50 SS CTQ has been used
0019xx51 SS CTQ Male Entry Count
0019xx52 SS CTQ Female Entry Count
0019xx53 SS CTQ Stress/Rest Time Delay
0019xx54 CS CTQ Time Delay Units
0019xx55 SS CTQ Min Oblique Stack Count
0019xx56 SS CTQ Max Oblique Stack Count
0019xx57 SS CTQ Min Sagittal Stack Count
0019xx58 SS CTQ Max Sagittal Stack Count
0019xx59 SS CTQ Min Radius Percent
0019xx5A UL CTQ Find Max or Average Flag
0019xx5B SS CTQ Basal Slice Index Offset
0019xx5C SS CTQ Starting Line Index
0019xx5D SS CTQ Line Counts
0019xx5E SS CTQ Radii Counts
0019xx5F SS CTQ Radial Angle Increment
0019xx60 SS Whole Body Processed Flag 0:Raw 1:Img1-Img2 2:Im
0019xx61 SS Whole Body View
0019xx62 SS WB Display Field Length in cm
0019xx63 SS WB Scan Length in cm
0019xx64 SS WB Scan Speed cm/min
0019xx65 SS WB Scan Speed Mode 0 Manual 1 Auto
0019xx66 SS WB Scan Start 0 Head 1 Feet
0019xx67 SS WB Scan Direction 0 Lt to Rt 1 Rt to Lt
0019xx68 FL WB Aperature Width in cm
0019xx69 SS WB Number of Passes
0019xx6A SS WB Scan Time msec
0019xx6B FL WB Anterior kCounts View 1
0019xx6C FL WB Anterior kCounts View 2
0019xx6D FL WB Count Density
0019xx6E SS WB Reference View Flag 1 Ref
0019xx6F FL WB Coun Density Speed cm/min
0019xx70 CS WB Scan Type
0019xx71 LO WB IRIS Corr. File Name
0019xx72 FL WB Posterior kCounts View 1
0019xx73 FL WB Posterior kCounts View 2
0019xx74 SS WB Ant View Status No Img 1 Complete 2 Aborted
0019xx75 SS WB Post View Status No Img 1 Complete 2 Aborted
0019xx76 SS WB Post Scan Time msec
0019xx77 SS WB Ant Pixel Overflow 1 Yes
0019xx78 SS WB Post Pixel Overflow 1 Yes
0019xx7F SS Segment Type 0 Segments 2 Time/Segment
0019xx80 SS Number of Segments
0019xx81 SS PVC Rejection Flag 1 Reject
0019xx82 SL Total Counts Framed
0019xx83 SS Total Beats Framed
0019xx84 SS Present Time of Day
0019xx85 SS Framed Counts
0019xx86 SS Time per Segment msec
0019xx87 LT BBA Miscellaneous Info
0019xx88 SL Tolerance %
0019xx89 SS SWG
0019xx8A SL R-R Interval msec
0019xx8D SL Total Counts in Acquisition
0019xx8E SL Rejection Type
0019xx91 FL Phase Total Counts
0019xx92 SL Phase Pause msec
0019xx93 SL Phase Start msec
0019xx94 SS Window Center Method 0 Avg 1 Peak
0019xx95 SS Number of Beats to Average
0019xx96 FL Histogram Bin Interval msec
0019xx97 SS Counts in Peak Bin
0019xxA0 SS VPDs Detected
0019xxA1 SS Number of Phases
0019xxA2 SL Requested Frame Duration msec
0019xxA3 SL Frames per Phase
0019xxA4 SL Frame Pause msec
0019xxA5 SS Number of repeats per phase
0019xxA6 SS Cycles per repeat
0019xxA7 SL Repeat start time
0019xxA8 SL Repeat stop time
0019xxA9 SL Effective repeat time
0019xxAA SS Acquired cycles per repeat
0019xxC0 FL Head Tilt degrees
0019xxC1 SS Uniformity Correction Flag
0019xxC2 SS Overflow Flag
0019xxC3 ST Unknown
0019xxF0 FL Pixel Dimensions
001Fxx50 DS Location RET
0021xx00 OB ECAT File Menu Header
0021xx01 OB ECAT File Subheader
0021xx10 ST Unknown
0031xx01 LO Camera Name
0031xx02 SS Unknown Element 0031 02
0031xx03 FL External Zoom
0031xx04 FL CCD Energy Level
0031xx05 SS CCD Window Width
0031xx06 FL CCD Window Offset
0031xx07 SS CCD Peaking Mode
0031xx08 LO CCD Autopeak Function
0031xx09 SS CCD Count Rate Mode
0031xx0A SS Analog Output Device
0031xx0B SS Communication Type
0031xx0C SS Control Unit 1 ICON 2 DOT 3 ScintiView
0031xx0D SS WAM Mode
0031xx0E SS Event Control Mode
0031xx0F FL Zoom X Offset 0.1 mm
0031xx10 FL Zoom Y Offset 0.1 mm
0031xx11 SS Gantry Zero Position
0031xx12 SS Unknown
0031xx13 ST Unknown
0031xx14 ST Unknown
0031xx15 SL Unknown
0031xx16 SL Unknown
0031xx17 SS Unknown
0031xx20 ST Unknown
0031xx21 SS Unknown
0033xx00 FL Flood correction Matrix Det 1 up to SR 2.0
0033xx01 FL Flood correction Matrix Det 2 up to SR 2.0
0033xx10 FL COR Data for Detector 1
0033xx11 FL COR Data for Detector 2
0033xx14 FL MHR ( Y-Shift) data for detector 1
0033xx15 FL MHR ( Y-Shift) data for detector 2
0033xx18 FL NCO Data for detector 1
0033xx19 FL NCO Data for detector 2
0033xx20 FL Bed correction angle
0033xx21 FL Gantry correction angle
0033xx22 SS Bed U/D correction data
0033xx23 SS Unknown
0033xx24 FL Backprojection angle head 1
0033xx25 FL Backprojection angle head 2
0033xx28 SL Number of point sources used for NCO and MHR
0033xx29 FL Crystal thickness
0033xx30 LO Preset name used for acquisition
0033xx31 FL Camera config angle
0033xx32 LO Crystal type Startburst or not
0033xx33 SL Gantry step for COIN acquisitions
0033xx34 FL Bed step for wholebody or Coin acquisitions
0033xx35 FL Weight factor table for coincidence acquisitions
0033xx36 FL Transaxial acceptance width for coincidence
0033xx37 SL Starburst flags
0033xx38 FL Pixel scale factor
0035xx00 LO Specialized tomo type
0035xx01 LO Energy window type
0035xx02 SS Start and end row illuminated by wind position
0035xx03 LO Blank scan image for profile
0035xx04 SS Repeat number of the original dynamic SPECT
0035xx05 SS Phase number of the original dynamic SPECT
0037xx00 OW Flood correction matrix Detector 1
0037xx80 OW Flood correction matrix Detector 2
0039xx00 LT Toshiba CBF activity results
0041xx01 SL Unknown
0041xx02 SL Unknown
0041xx05 FD Unknown
0041xx06 FD Unknown
0041xx07 FD Unknown
0041xx08 FD Unknown
0041xx11 FL Unknown
0041xx21 LO Text Relating to Data Object
0041xx30 DA Folder Creation Date
0041xx32 TM Folder Creation Time
0041xx34 DA Folder Modification Date
0041xx36 TM Folder Modification Time
0041xx40 LO Folder Owner Name
0041xx50 SS Folder Status
0041xx70 SL Number of Images in Folder
0041xx71 SL Number of Non-Image Objects
0043xx01 FL Unknown
0043xx03 FL Unknown
0043xx04 FL Unknown
0051xx10 SS Number of Windows
0051xx11 SS Average Heart Rate BPM
0051xx12 SS Accepted Beats in Window
0051xx13 SS Average R-R Interval msec
0051xx14 SS Window Width %
0051xx15 SL Hottest Pixel in Window
0051xx18 SL Total Counts in Window
0053xx01 SS Terminate on Pixel Overflow Flag 1 Terminate
0053xx02 SS Terminate on List Buffer Overflow Flag
0053xx03 SS First Frame by Counts
0053xx10 SS Elapsed Time Start Condition 0 None 1 Any 2 All
0053xx11 SL Elapsed Time Start msec
0053xx12 SS Count Rate Start Condition 0 None 1 Any 2 All
0053xx13 SL Count Rate Start
0053xx14 SS Start Heart Beat Count Condition 0 None 1 Any 2
0053xx15 SL Start Heart Beat Count
0053xx16 SS Start Heart Rate Threshold Condition
0053xx17 SS Start Heart Rate Increasing Flag
0053xx18 SL Start Heart Rate
0053xx19 SL Manual Stop Flag 0 No 1 Yes
0053xx1A SS Elapsed Time Stop Condition 0 None 1 Any 2 All
0053xx1B SL Elapsed Time Stop
0053xx1C SS Stop Heart Beat Count Condition 0 None 1 Any 2 A
0053xx1D SL Stop Heart Beat Count
0053xx30 SS Info Density Stop Condition
0053xx31 SS Info Density Stop Scaler
0053xx32 SS Info Density Stop Region
0053xx33 SL Info Density Stop Count
0053xx40 SS Stop Condition Status 0 None 1 Any 2 All
0053xx41 SL Stop Count
0053xx42 SS Stop Count Condition Status 0 None 1 Any 2 All
0053xx43 SL Stop Time
0053xx44 SS Stop Time Condition Status 0 None 1 Any 2 All
0055xx02 SS Unknown 55-02
0055xx04 SS Prompt window width
0055xx05 SS Random window width
0055xx20 SS Flood Corr. Flag 1 Corr
0055xx21 DS Flood Acquisition Date
0055xx30 SS COR Corr. Flag 1 Corr
0055xx31 DA COR Acquisition Date
0055xx38 OW COR Data
0055xx40 SS Noncircular Orbit Flag 1 NCO
0055xx48 FL NCO Values
0055xx4C SL Unknown
0055xx4D SL Unknown
0055xx50 SS Prone Flag 0 Supine 1 Prone
0055xx51 SS Orbit 0 Circular 1 Elliptical
0055xx52 SS Total Rotation in Degrees
0055xx53 CS Zero Location (T=Top B=Bottom)
0055xx54 FL Angular Step
0055xx55 FL Start Angle
0055xx56 SS Decay Corr. Flag 1 Corr
0055xx57 SS Scatter Corr. Flag 1 Corr
0055xx58 FL Radial Map Info in 0.1 mm Inc.
0055xx59 CS Direction H HeadIn F FeetIn
0055xx5A FL Table Traverse cm
0055xx5B SS Multiplexor Flag 1 Multiplexed
0055xx5C DS Pixel Acquisition Date
0055xx5D SS Angle Type 1 360o 2 128 Steps
0055xx5E SL Orbit Definition
0055xx5F FL Arm Length in cm
0055xx60 SS Auto Window Beats
0055xx61 SS Non-gated File Extension
0055xx64 SS TIC Error Values
0055xx65 SS X1
0055xx66 SS Y1
0055xx67 SS X2
0055xx68 SS Y2
0055xx69 SS X3
0055xx6A SS Y3
0055xx6B SS X4
0055xx6C SS Y4
0055xx6D SS Pixel Size Flag 1 Valid Size
0055xx70 FL X Focal Length
0055xx71 FL Y Focal Length
0055xx72 FL X Gains
0055xx73 FL Y Gains
0055xx74 FL X Offset
0055xx75 FL Y Offset
0055xx76 FL X Principal Ray
0055xx77 FL Y Principal Ray
0055xx78 FL Total Flood Counts
0055xx7E FL Collimator thickness
0055xx7F FL Collimator angular resolution
0055xx80 SS File Altered Flag 1 Altered
0055xx81 SS Raw Data Extension
0055xx82 SS Sagittal Extension
0055xx83 SS Coronal Extension
0055xx84 SS Transverse Extension
0055xx85 SS Volume Rendered Extension
0055xx86 SL Plane of Transverse Bottom Slice
0055xx87 SL Plane of Transverse Top Slice
0055xx88 SL Slice Step in Pixels
0055xx8A SL Y-Axis Smooth Slice Weights
0055xx8B SL Number of Transverse Slices
0055xx8C SS Attenuation Flag 1 Chang 2 Sorenson
0055xx8D SS Sagittal Right Limit
0055xx8E SS Sagittal Left Limit
0055xx8F SS Coronal Posterior Limit
0055xx90 SS Coronal Anterior Limit
0055xx91 SS Isotope Used in Reconstruction
0055xx93 FL Filter Cutoff Frequency
0055xx94 FL Filter Alpha Coefficient
0055xx95 FL Filter Order
0055xx96 FL Attenuation Coefficient
0055xx97 SS Percent Ray
0055xx98 SS Astigmatic Collimator 1 Neuro 2 Cardiac
0055xx99 SS XP0
0055xx9A SS ZP0
0055xx9B SS XP1
0055xx9C SS ZP1
0055xx9D FL Rotation Matrix
0055xx9E FL X0
0055xx9F FL X1
0055xxA0 FL Y0
0055xxA1 FL Y1
0055xxA2 FL Z0
0055xxA3 FL Z1
0055xxA4 SS Transverse Scale
0055xxA5 FL Pixel Size X Direction mm
0055xxA6 FL Pixel Size Y Direction mm
0055xxA7 SS Regions File Extension
0055xxA8 SS Gated SPECT Bins Reconstructed
0055xxA9 SS Vertical Oblique Image
0055xxB0 SS Oblique Region First Slice
0055xxB1 SS Oblique Region Last Slice
0055xxC0 SS Unknown
0055xxC2 SS Unknown
0055xxC3 SS Unknown
0055xxC4 SS Unknown
0055xxD0 SS Unknown
0057xx01 LO e.soft DICOM original image type
0057xx02 FL Dose calibration factor
0057xx03 LO Units
0057xx04 LO Decay correction
0057xx05 SL Radio nuclide half life
0057xx06 FL Rescale intercept
0057xx07 FL Rescale Slope
0057xx08 FL Frame reference time
0057xx09 SL Number of Radiopharmaceutical information seq
0057xx0A FL Decay factor
0057xx0B LO Counts source
0057xx0C SL Radio Nuclide positron fraction
0057xx10 SS Low Count
0057xx20 SS Vertical Oblique Image
5001xx02 SL Number of Points
5001xx03 FL Minimal Value on X-Axis
5001xx04 FL Maximal Value on X-Axis
5001xx05 FL Minimal Value on Y-Axis
5001xx06 FL Maximal Value on Y-Axis
5001xx07 LO Curve Name
5001xx08 LO Curve Function Label
5001xx09 SH X Axis Label
5001xx0A SH Y Axis Label
5001xx0B OW Curve Data
7FE1xx10 OW Compressed Pixel Data
7FE3xx00 UL Length of Group 0x7FE3
7FE3xx14 SL Lowest Pixel Value in THIS Frame
7FE3xx15 SL Highest Pixel Value in THIS Frame
7FE3xx16 SL Total Counts in THIS Frame
7FE3xx17 SL Duration of THIS Frame msec
7FE3xx18 FL Frame Angle
7FE3xx19 LO Frame Name
7FE3xx1A FL View Number
7FE3xx1B SS Pixel Overflow Flag 1 Pixel Overflow
7FE3xx1C SS Buffer Overflow Flag 1 Buffer Overflow
7FE3xx1E SL Start Time of THIS Frame From Start of Study
7FE3xx1F SL ROI Maximum Pixel Value
7FE3xx20 SL ROI Average Pixel Value
7FE3xx21 SL ROI Total Counts
7FE3xx22 SL ROI Total Pixels
7FE3xx23 SL ROI Center Coordinates
7FE3xx24 LO ROI Name
7FE3xx25 SS ROI Data
7FE3xx26 OW Unknown
7FE3xx27 OW Unknown
7FE3xx28 OW Unknown
7FE3xx29 OW Unknown
""",
    "SIEMENS MED OCS ACKNOWLEDGE FLAG": """
0039xx81 IS Acknowledge Flag
""",
    "SIEMENS MED OCS AE TITLE": """
0039xx79 CS AE Title
""",
    "SIEMENS MED OCS CALIBRATION DATE": """
0039xx81 CS Calibration Date
""",
    "SIEMENS MED OCS CBT ARC INCREMENT": """
0039xx84 IS Arc Increment
""",
    "SIEMENS MED OCS CBT ENDING GANTRY ANGLE": """
0039xx83 DS Ending Projection Angle
""",
    "SIEMENS MED OCS CBT MISSING PROJECTION FRAMES": """
0039xx91 IS Missing Projection Frames
""",
    "SIEMENS MED OCS CBT PATIENT_ORIENTATION": """
0039xx93 CS Patient Orientation
""",
    "SIEMENS MED OCS CBT PROJECTION GANTRY POSITIONS": """
0039xx86 DS Gantry Positions
""",
    "SIEMENS MED OCS CBT RECON FILTER TYPE": """
0039xx90 IS Reconstruction Filter Type
""",
    "SIEMENS MED OCS CBT RECON NUM OF SLICES": """
0039xx89 IS Number of Reconstruction Slices
""",
    "SIEMENS MED OCS CBT RECON SLICE HEIGHT": """
0039xx88 IS Reconstruction Slice Height
""",
    "SIEMENS MED OCS CBT RECON SLICE WIDTH": """
0039xx87 IS Reconstruction Slice Width
""",
    "SIEMENS MED OCS CBT ROTATION DIRECTION": """
0039xx85 CS Gantry Rotation Direction
""",
    "SIEMENS MED OCS CBT STARTING GANTRY ANGLE": """
0039xx82 DS Starting Projection Angle
""",
    "SIEMENS MED OCS CBT TOTAL_MU": """
0039xx96 DS Total MU delivered during Cone Beam
""",
    "SIEMENS MED OCS COMMON EDGE": """
0039xx83 IS Common Edge
""",
    "SIEMENS MED OCS FIELD ID": """
0039xx80 CS Field ID
""",
    "SIEMENS MED OCS FIELD NAME": """
0039xx79 CS Field Name
""",
    "SIEMENS MED OCS FP Alignment Calibration Date / Time": """
0039xx95 DT Flat Panel Alignment last calibration Date and Time
""",
    "SIEMENS MED OCS I0 MU SCALE FACTOR": """
0039xx97 IS I0-MU Scale Factor
""",
    "SIEMENS MED OCS ICC MATRIX": """
0039xx82 DS Image Center in Image Coordinates
""",
    "SIEMENS MED OCS NUMBER OF FRAMES": """
0039xx76 IS Number of Frames
""",
    "SIEMENS MED OCS NUMBER OF SUB FRAMES": """
0039xx77 IS Number of Sub-Frames
""",
    "SIEMENS MED OCS PI ALIGNMENT IMAGE": """
0039xx94 IS Alignment Offset Valid Flag
""",
    "SIEMENS MED OCS PI VALID PIXEL MAP": """
0039xx92 IS Valid Pixel Map Flag
""",
    "SIEMENS MED OCS REFERENCE IMAGE": """
0039xx76 UI Reference Image
""",
    "SIEMENS MED OCS REFERENCE LOCKED": """
0039xx88 IS Locked Flag
""",
    "SIEMENS MED OCS SC IMG PIX SPC": """
0039xx87 DS Non-RT Image Pixel Spacing
""",
    "SIEMENS MED OCS SC IMG SAD": """
0039xx86 DS Non-RT Image SAD
""",
    "SIEMENS MED OCS SC IMG SID": """
0039xx85 DS Non-RT Image SID
""",
    "SIEMENS MED OCS SCALED IMG PIX SPC": """
0039xx84 DS Scaled Image Pixel Spacing
""",
    "SIEMENS MED OCS SITE NAME": """
0039xx78 CS Site Name
""",
    "SIEMENS MED OCS TABLE LATERAL POSITION": """
0039xx98 DS Lateral Table Position
""",
    "SIEMENS MED OCS TABLE LONGITUDINAL POSITION": """
0039xx99 DS Longitudinal Table Position
""",
    "SIEMENS MED OCS TABLE OFFSET": """
0039xx78 DS Offset
""",
    "SIEMENS MED OCS TABLE VERTICAL POSITION": """
0039xx75 DS vertical Table Position
""",
    "SIEMENS MED OCS TRANS MATRIX": """
0039xx80 DS Transformation Matrix
""",
    "SIEMENS MED SMS USG ANTARES": """
0019xx00 SH Private Creator Version
0019xx03 UN Frame Rate
0019xx0C US Burned in Graphics
0019xx0D UN SieClear Index
0019xx20 UN B-Mode Submode
0019xx21 UN B-Mode Dynamic Range
0019xx22 UN B-Mode Overall Gain
0019xx23 UN B-Mode Res/Speed Index
0019xx24 UN B-Mode Edge Enhance Index
0019xx25 UN B-Mode Persistence Index
0019xx26 UN B-Mode Map Index
0019xx27 US ???
0019xx28 US ???
0019xx29 US ???
0019xx2A US B-Mode Tint Type
0019xx2D UN B-Mode Tint Index
0019xx2E UN ClarifyVE Index
0019xx31 US Unknown
0019xx3A UN Image Flag
0019xx3B LT Unknown
0019xx40 UN Color Flow state
0019xx41 UN Color Flow Wall Filter Index
0019xx42 UN Color Flow Submode
0019xx43 UN Color Flow Overall Gain
0019xx44 UN Color Flow Res/Speed Index
0019xx46 UN Color Flow Smooth Index
0019xx47 UN Color Flow Persistence Index
0019xx48 UN Color Flow Map Index
0019xx49 UN Color Flow Priority Index
0019xx54 UN Color Flow Maximum Velocity
0019xx60 UN Doppler Dynamic Range
0019xx61 UN Doppler Overall Gain
0019xx62 UN Doppler Wall Filter
0019xx63 UN Doppler Gate Size
0019xx65 UN Doppler Map Index
0019xx66 UN Doppler Submode
0019xx67 US Unknown
0019xx69 UN Doppler Time/Freq Res Index
0019xx6A US Doppler Trace Inverted
0019xx6C US Doppler Tint Type
0019xx72 UN Doppler Tint Index
0019xx80 UN M-Mode Dynamic Range
0019xx81 UN M-Mode Overall Gain
0019xx82 UN M-Mode Edge Enhance Index
0019xx83 UN M-Mode Map Index
0019xx86 UN M-Mode Tint Type
0019xx87 UN M-Mode Submode
0019xx88 UN M-Mode Tint Index
0019xxA0 LT Unknown
""",
    "SIEMENS MED SMS USG ANTARES 3D VOLUME": """
0039xx00 UN Release Version
0039xx03 UN VolumeAcquisitionDuration
0039xx04 UN VolumeRawDataType
0039xx05 UN ScanType
0039xx06 UN ZlateralMin
0039xx07 UN ZlateralSpan
0039xx08 UN ZRadiusOfCurvature
0039xx09 UN WobbleCorrection
0039xx10 UN ScaleAlongWidth
0039xx11 UN ScaleAlongHeight
0039xx12 UN ScaleAlongDepth
0039xx13 UN BufferSize
0039xx14 UN AcquisitionRate
0039xx15 UN DepthMinCm
0039xx16 UN IsLeftRightFlippedEn
0039xx17 UN IsUpDownFlippedEn
0039xx18 UN IsVolumeGeomAccurate
0039xx19 UN BByteMaskOffset
0039xx20 UN BByteMaskSize
0039xx21 UN DepthMaxCm
0039xx22 UN AcqPlaneRotationDeg
0039xx23 UN BeamAxialSpan
0039xx24 UN BeamLateralMin
0039xx25 UN BeamLateralSpan
0039xx26 UN BeamAxialMin
0039xx27 UN NumDisplaySamples
0039xx28 UN DVolumeWidth
0039xx29 UN DVolumeDepth
0039xx30 UN DVolumeHeight
0039xx31 UN DVolumePosX
0039xx32 UN DVolumePosY
0039xx33 UN DVolumePosZ
0039xx34 UN DBeamAxialMin
0039xx35 UN DBeamAxialSpan
0039xx36 UN DBeamLateralMin
0039xx37 UN DBeamLateralSpan
0039xx38 UN NumOfVolumesInSequence
0039xx39 UN DByteMaskOffset
0039xx40 UN DByteMaskSize
0039xx50 UN PrivateCreatorVersionOfBookmark
0039xx51 UN BCutPlaneEnable
0039xx52 UN BMprColorMapIndex
0039xx53 UN BMprDynamicRangeDb
0039xx54 UN BMprGrayMapIndex
0039xx55 UN BVolumeRenderMode
0039xx56 UN BVrBrightness
0039xx57 UN BVrContrast
0039xx58 UN BVrColorMapIndex
0039xx59 UN BVrDynamicRangeDb
0039xx5A UN BVrGrayMapIndex
0039xx5B UN BVrOpacity
0039xx5C UN BVrThresholdHigh
0039xx5D UN BVrThresholdLow
0039xx5E UN BPreProcessFilterMix
0039xx5F UN CCutPlaneEnable
0039xx60 UN CFrontClipMode
0039xx61 UN CMprColorMapIndex
0039xx62 UN CMprColorFlowPriorityIndex
0039xx63 UN CVolumeRenderMode
0039xx64 UN CVrColorMapIndex
0039xx65 UN CVrColorFlowPriorityIndex
0039xx66 UN CVrOpacity
0039xx67 UN CVrThresholdHigh
0039xx68 UN CVrThresholdLow
0039xx69 UN VoiMode
0039xx6A UN VoiRotationOffsetDeg
0039xx6B UN VoiSizeRatioX
0039xx6C UN VoiSizeRatioY
0039xx6D UN VoiSizeRatioZ
0039xx6E UN VoiSyncPlane
0039xx6F UN VoiViewMode
0039xx70 UN VrOrientationA
0039xx71 UN MprOrientationA
0039xx72 UN VrOffsetVector
0039xx73 UN BlendingRatio
0039xx74 UN FusionBlendMode
0039xx75 UN QualityFactor
0039xx76 UN RendererType
0039xx77 UN SliceMode
0039xx78 UN ActiveQuad
0039xx79 UN ScreenMode
0039xx7A UN CutPlaneSide
0039xx7B UN WireframeMode
0039xx7C UN CrossmarkMode
0039xx7D UN MprDisplayType
0039xx7E UN VolumeDisplayType
0039xx7F UN LastReset
0039xx80 UN LastNonFullScreenMode
0039xx81 UN MprToolIndex
0039xx82 UN VoiToolIndex
0039xx83 UN ToolLoopMode
0039xx84 UN VolumeArbMode
0039xx85 UN MprZoomEn
0039xx86 UN IsVolumeZoomEn
0039xx87 UN ZoomLevelMpr
0039xx88 UN ZoomLevelVolume
0039xx89 UN IsAutoRotateEn
0039xx8A UN AutoRotateAxis
0039xx8B UN AutoRotateRangeIndex
0039xx8C UN AutoRotateSpeedIndex
0039xx8D UN CVrBrightness
0039xx8E UN CFlowStateIndex
0039xx8F UN BSubmodeIndex
0039xx90 UN CSubmodeIndex
0039xx91 UN DICOMAttrNameCutPlane
0039xx92 UN BookmarkChunkId
0039xx93 UN SequenceMinChunkId
0039xx94 UN SequenceMaxChunkId
0039xx95 UN VolumeRateHz
0039xx9A UN VoiPositionOffsetX
0039xx9B UN VoiPositionOffsetY
0039xx9C UN VoiPositionOffsetZ
0039xx9D UN VrToolIndex
0039xx9E UN ShadingPercent
0039xx9F UN VolumeType
0039xxA0 UN DICOMAttrNameVrQuadDisplayType
0039xxA1 UN DICOMAttrNameMprCenterLocation
0039xxE0 UN DICOMAttrNameSliceRangeType
0039xxE1 UN DICOMAttrNameSliceMPRPlane
0039xxE2 UN DICOMAttrNameSliceLayout
0039xxE3 UN DICOMAttrNameSliceSpacing
0039xxE4 UN DICOMAttrNameThinVrMode
0039xxE5 UN DICOMAttrNameThinVrThickness
0039xxE6 UN DICOMAttrNameVoiPivotX
0039xxE7 UN DICOMAttrNameVoiPivotY
0039xxE8 UN DICOMAttrNameVoiPivotZ
0039xxE9 UN DICOMAttrNameCTopVoiQuad
""",
    "SIEMENS MED SMS USG S2000": """
0019xx00 UN Private Creator Version
0019xx03 FD Frame Rate
0019xx0C US Burned in Graphics
0019xx0D SH SieClear Index
0019xx20 SH B-Mode Submode
0019xx21 FD B-Mode Dynamic Range
0019xx22 FD B-Mode Overall Gain
0019xx23 US B-Mode Res/Speed Index
0019xx24 US B-Mode Edge Enhance Index
0019xx25 US B-Mode Persistence Index
0019xx26 US B-Mode Map Index
0019xx27 US ??
0019xx28 US ??
0019xx29 US ??
0019xx2A US B-Mode Tint Type
0019xx2D US B-Mode Tint Index
0019xx2E SH ClarifyVE Index
0019xx3A UN Image Flag
0019xx3B LT IPDA/MDA Data
0019xx3C UT Thumbnail Data
0019xx40 UN Color Flow state
0019xx41 UN Color Flow Wall Filter Index
0019xx42 UN Color Flow Submode
0019xx43 UN Color Flow Overall Gain
0019xx44 UN Color Flow Res/Speed Index
0019xx46 UN Color Flow Smooth Index
0019xx47 UN Color Flow Persistence Index
0019xx48 UN Color Flow Map Index
0019xx49 UN Color Flow Priority Index
0019xx54 UN Color Flow Maximum Velocity
0019xx60 UN Doppler Dynamic Range
0019xx61 UN Doppler Overall Gain
0019xx62 UN S2000 Private Doppler Wall Filter
0019xx63 UN Attributes Doppler Gate Size
0019xx65 UN Doppler Map Index
0019xx66 UN Doppler Submode
0019xx69 UN Doppler Time/Freq Res Index
0019xx6A UN Doppler Trace Inverted
0019xx6C UN Doppler Tint Type
0019xx72 UN Doppler Tint Index
0019xx80 UN M-Mode Dynamic Range
0019xx81 UN M-Mode Overall Gain
0019xx82 UN M-Mode Edge Enhance Index
0019xx83 UN M-Mode Map Index
0019xx86 UN M-Mode Tint Type
0019xx87 UN M-Mode Submode
0019xx88 UN M-Mode Tint Index
""",
    "SIEMENS MED SP DXMG WH AWS 1": """
0019xx01 UL Unknown
0019xx02 US Unknown
0041xx02 SH Reason for the Requested Procedure
0055xx01 LO Projection View Display String
""",
    "SIEMENS MEDCOM HEADER": """
0029xx08 CS MedCom Header Type
0029xx09 LO MedCom Header Version
0029xx10 OB MedCom Header Info
0029xx20 OB MedCom History Information
0029xx31 LO PMTF Information 1
0029xx32 UL PMTF Information 2
0029xx33 UL PMTF Information 3
0029xx34 CS PMTF Information 4
0029xx35 UL PMTF Information 5
0029xx40 SQ Application Header Sequence
0029xx41 CS Application Header Type
0029xx42 LO Application Header ID
0029xx43 LO Application Header Version
0029xx44 OB Application Header Info
0029xx50 LO Workflow Control Flags
0029xx51 CS Arch. Management Flag Keep Online
0029xx52 CS Arch. Mgmnt Flag Do Not Archive
0029xx53 CS Image Location Status
0029xx54 DS Estimated Retrieve Time
0029xx55 DS Data Size of Retrieved Images
0029xx70 SQ Siemens Link Sequence
0029xx71 AT Referenced Tag
0029xx72 CS Referenced Tag Type
0029xx73 UL Referenced Value Length
0029xx74 CS Referenced Object Device Type
0029xx75 OB Referenced Object Device Location
0029xx76 OB Referenced Object ID
""",
    "SIEMENS MEDCOM HEADER2": """
0029xx60 LO Series Workflow Status
""",
    "SIEMENS MEDCOM OOG": """
0029xx08 CS MedCom OOG Type
0029xx09 LO MedCom OOG Version
0029xx10 OB MedCom OOG Info
""",
    "SIEMENS MR EXTRACTED CSA HEADER": """
00250001 SQ Unknown
00250002 LO Unknown
00250003 AT Unknown
00250004 SS Unknown
""",
    "SIEMENS MR FMRI": """
00210010 SQ Unknown
00210011 LO Unknown
00210012 SQ Unknown
00210013 US Unknown
00210014 SQ Unknown
00210015 US Unknown
00210016 LO Unknown
00210017 US Unknown
00210018 UL Unknown
00210019 FL Unknown
00210031 SQ Unknown
00210040 SQ Unknown
00210041 LO Unknown
00210042 SQ Unknown
00210043 LO Unknown
00210044 US Unknown
00210045 LO Unknown
00210046 SQ Unknown
00210047 UL Unknown
00210048 LO Unknown
00210049 FD Unknown
0021004A FD Unknown
0021004B FL Unknown
""",
    "SIEMENS MR HEADER": """
0019xx08 CS CSA Image Header Type
0019xx09 LO CSA Image Header Version ??
0019xx0A US NumberOfImagesInMosaic
0019xx0B DS SliceMeasurementDuration
0019xx0C IS B_value
0019xx0D CS DiffusionDirectionality
0019xx0E FD DiffusionGradientDirection
0019xx0F SH GradientMode
0019xx11 SH FlowCompensation
0019xx12 SL TablePositionOrigin
0019xx13 SL ImaAbsTablePosition
0019xx14 IS ImaRelTablePosition
0019xx15 FD SlicePosition_PCS
0019xx16 DS TimeAfterStart
0019xx17 DS SliceResolution
0019xx18 IS RealDwellTime
0019xx23 IS FMRIStimulInfo
0019xx25 FD RBMoCoTrans
0019xx26 FD RBMoCoRot
0019xx27 FD B_matrix
0019xx28 FD BandwidthPerPixelPhaseEncode
0019xx29 FD MosaicRefAcqTimes
0051xx08 CS CSA Image Header Type
0051xx09 LO CSA Image Header Version ??
0051xx0A SH Unknown
0051xx0B SH AcquisitionMatrixText
0051xx0C SH Unknown
0051xx0D SH Unknown
0051xx0E SH Unknown
0051xx0F LO CoilString
0051xx11 LO PATModeText
0051xx12 SH Unknown
0051xx13 SH PositivePCSDirections
0051xx15 SH Unknown
0051xx16 LO Unknown
0051xx17 SH Unknown
0051xx18 SH Unknown
0051xx19 LO Unknown
""",
    "SIEMENS MR SDI 02": """
00210023 UN Unknown
00210046 UN Unknown
00210067 UN Unknown
00210068 UN Unknown
00210089 UN Unknown
""",
    "SIEMENS MR SDS 01": """
0021003F UN Unknown
""",
    "SIEMENS MR VA0  COAD": """
0019xx12 DS Magnetic Field Strength
0019xx14 DS ADC Voltage
0019xx16 DS ADC Offset
0019xx20 DS Transmitter Amplitude
0019xx21 IS Number of Transmitter Amplitudes
0019xx22 DS Transmitter Attenuator
0019xx24 DS Transmitter Calibration
0019xx26 DS Transmitter Reference
0019xx50 DS Receiver Total Gain
0019xx51 DS Receiver Amplifier Gain
0019xx52 DS Receiver Preamplifier Gain
0019xx54 DS Receiver Cable Attenuation
0019xx55 DS Receiver Reference Gain
0019xx56 IS Receiver Filter Frequency
0019xx60 DS Reconstruction Scale Factor
0019xx62 DS Reference Scale Factor
0019xx70 DS Phase Gradient Amplitude
0019xx71 DS Readout Gradient Amplitude
0019xx72 DS Selection Gradient Amplitude
0019xx80 DS Gradient Delay Time
0019xx82 DS Total Gradient Delay Time
0019xx90 LO Sensitivity Correction Label
0019xx91 DS Saturation Phase Encoding Vector Coronal Component
0019xx92 DS Saturation Readout Vector Coronal Component
0019xxA0 IS RF Watchdog Mask
0019xxA1 DS EPI Reconstruction Slope
0019xxA2 DS RF Power Error Indicator
0019xxA5 DS Specific Absorption Rate SAR
0019xxA6 DS Specific Energy Dose SED
0019xxB0 UL Adjustment Status Mask
0019xxC1 DS EPI Capacity
0019xxC2 DS EPI Inductance
0019xxC3 IS EPI Switch Configuration Code
0019xxC4 IS EPI Switch Hardware Code
0019xxC5 DS EPI Switch Delay Time
0019xxD1 DS Flow Sensitivity
0019xxD2 CS Calculation Submode
0019xxD3 DS Field of View Ratio
0019xxD4 IS Base Raw Matrix Size
0019xxD5 IS 2D Phase Oversampling Lines
0019xxD6 IS 3D Phase Oversampling Part
0019xxD7 IS Echo Line Position
0019xxD8 IS Echo Column Position
0019xxD9 IS Lines per Segment
0019xxDA CS Phase Coding Direction
""",
    "SIEMENS MR VA0  GEN": """
0019xx10 DS Total Measurement Time nominal
0019xx11 DS Total Measurement Time current
0019xx12 DS Start Delay Time
0019xx13 DS Dwell Time
0019xx14 IS Number of Phases
0019xx16 UL Sequence Control Mask
0019xx18 UL Measurement Status Mask
0019xx20 IS Number of Fourier Lines nominal
0019xx21 IS Number of Fourier Lines current
0019xx26 IS Number of Fourier Lines after Zero
0019xx28 IS First Measured Fourier Line
0019xx30 IS Acquisition Columns
0019xx31 IS Reconstruction Columns
0019xx40 IS AC Element Number
0019xx41 UL AC Element Select Mask
0019xx42 UL AC Element Data Mask
0019xx43 IS AC Element To ADC Connect
0019xx44 IS AC Element Noise Level
0019xx45 IS AC ADC Pair Number
0019xx46 UL AC Combination Mask
0019xx50 IS Number of Averages current
0019xx60 DS Flip Angle
0019xx70 IS Number of Prescans
0019xx81 CS Filter Type for Raw Data
0019xx82 DS Filter Parameter for Raw Data
0019xx83 CS Filter Type for Image Data
0019xx84 DS Filter Parameter for Image Data
0019xx85 CS Filter Type for Phase Correction
0019xx86 DS Filter Parameter for Phase Correction
0019xx87 CS Normalization Filter Type for Image Data
0019xx88 DS Normalization Filter Parameter for Image Data
0019xx90 IS Number of Saturation Regions
0019xx91 DS Saturation Phase Encoding Vector Sagittal Compo...
0019xx92 DS Saturation Readout Vector Sagittal Component
0019xx93 IS EPI Stimulation Monitor Mode
0019xx94 DS Image Rotation Angle
0019xx96 UL Coil ID Mask
0019xx97 UL Coil Class Mask
0019xx98 DS Coil Position
0019xxA0 DS EPI Reconstruction Phase
0019xxA1 DS EPI Reconstruction Slope
0021xx20 IS Phase Corrections Rows sequence
0021xx21 IS Phase Corrections Columns sequence
0021xx22 IS Phase Corrections Rows reconstruction
0021xx24 IS Phase Corrections Columns reconstruction
0021xx30 IS Number of 3D Raw Partitions nominal
0021xx31 IS Number of 3D Raw Partitions current
0021xx34 IS Number of 3D Image Partitions
0021xx36 IS Actual 3D Image Partition Number
0021xx39 DS Slab Thickness
0021xx40 IS Number of Slices nominal
0021xx41 IS Number of Slices current
0021xx42 IS Current Slice Number
0021xx43 IS Current Group Number
0021xx44 DS Current Slice Distance Factor
0021xx45 IS MIP Start Row
0021xx46 IS MIP Stop Row
0021xx47 IS MIP Start Column
0021xx48 IS MIP Stop Column
0021xx49 IS MIP Start Slice
0021xx4A IS MIP Stop Slice
0021xx4F CS Order of Slices
0021xx50 UL Signal Mask
0021xx52 IS Delay after Trigger
0021xx53 IS RRInterval
0021xx54 DS Number of Trigger Pulses
0021xx56 DS Repetition Time effective
0021xx57 CS Gate Phase
0021xx58 DS Gate Threshold
0021xx59 DS Gated Ratio
0021xx60 IS Number of Interpolated Images
0021xx70 IS Number of Echoes
0021xx72 DS Second Echo Time
0021xx73 DS Second Repetition Time
0021xx80 IS Cardiac Code
0021xx91 DS Saturation Phase Encoding Vector Transversal Co...
0021xx92 DS Saturation Readout Vector Transversal Component
0021xx93 DS EPI Change Value of Magnitude
0021xx94 DS EPI Change Value of X Component
0021xx95 DS EPI Change Value of Y Component
0021xx96 DS EPI Change Value of Z Component
""",
    "SIEMENS MR VA0  RAW": """
0021xx00 CS Sequence Type
0021xx01 IS Vector Size original
0021xx02 IS Vector Size extended
0021xx03 DS Acquired Spectral Range
0021xx04 DS VOI Position
0021xx05 DS VOI Size
0021xx06 IS CSI Matrix Size original
0021xx07 IS CSI Matrix Size extended
0021xx08 DS Spatial Grid Shift
0021xx09 DS Signal Limits Minimum
0021xx10 DS Signal Limits Maximum
0021xx11 DS Spec Info Mask
0021xx12 DS EPI Time Rate of Change of Magnitude
0021xx13 DS EPI Time Rate of Change of X Component
0021xx14 DS EPI Time Rate of Change of Y Component
0021xx15 DS EPI Time Rate of Change of Z Component
0021xx16 DS EPI Time Rate of Change Legal Limit 1
0021xx17 IS EPI Operation Mode Flag
0021xx18 DS EPI Field Calculation Safety Factor
0021xx19 DS EPI Legal Limit 1 of Change Value
0021xx20 DS EPI Legal Limit 2 of Change Value
0021xx21 DS EPI Rise Time
0021xx30 DS AC ADC Offset
0021xx31 DS AC Preamplifier Gain
0021xx50 CS Saturation Type
0021xx51 DS Saturation Normal Vector
0021xx52 DS Saturation Position Vector
0021xx53 DS Saturation Thickness
0021xx54 DS Saturation Width
0021xx55 DS Saturation Distance
""",
    "SIEMENS NUMARIS II": """
7FE3xx00 LO Image Graphics Format Code
7FE3xx10 OB Image Graphics
7FE3xx20 OB Image Graphics Dummy
""",
    "SIEMENS RA GEN": """
0011xx20 UL Total Fluoro TimePatient
0011xx25 UL Dose Area ProductPatient
0011xx30 LO Patient DOB
0011xx35 LO Patient Initial Puck Counter
0011xx40 CS Patient Initial Position
0019xx15 CS Acquired Plane
0019xx20 UL Scene Flag
0019xx22 UL ReferencePhotofile Flag
0019xx24 LO Scene Name
0019xx26 US Acquisition Index
0019xx28 US Mixed Pulse Mode
0019xx2A US Number of Positions
0019xx2C US Number of Phases
0019xx2E US Framerate for 8 Positions
0019xx30 US FramesPhase
0019xx32 US Stepping Direction
0019xx34 US Unknown
0019xx36 US Unknown
0019xx38 US Unknown
0019xx3A US Unknown
0019xx3C US Unknown
0019xx3E US Unknown
0019xx40 US Unknown
0019xx42 US Unknown
0019xx44 US Image Transfer Delay
0019xx46 UL InversNot Invers
0019xx48 US Unknown
0019xx4A US Unknown
0019xx4C US Blanking Circle Diameter
0019xx50 US Stand Data Valid
0019xx52 US Table Tilt
0019xx54 US Table Axis Rotation
0019xx56 US Table Longitudinal Position
0019xx58 US Table Side Offset
0019xx5A US Table Isocenter Height
0019xx5C UN Unknown
0019xx5E UL Collimation Data Valid
0019xx60 UL PERI Sequence Number
0019xx62 UL PERI Total Scenes
0019xx64 US PERI Overlap Top
0019xx66 UL PERI Overlap Bottom
0019xx68 UL Raw Image Number
0019xx6A UL XRay Data Valid
0019xx70 US Unknown
0019xx72 US Unknown
0019xx74 US Unknown
0019xx76 UL Filling Average Factor
0019xx78 US Unknown
0019xx7A US Unknown
0019xx7C US Unknown
0019xx7E US Unknown
0019xx80 US Unknown
0019xx82 US Unknown
0019xx84 US Unknown
0019xx86 US Unknown
0019xx88 US Unknown
0019xx8A US Unknown
0019xx8C US Unknown
0019xx8E US Unknown
0019xx92 US Unknown
0019xx94 US Unknown
0019xx96 US Unknown
0019xx98 US Unknown
0019xx9A US Unknown
0019xx9C UL II Level CalibrationFactor
0019xx9E UL Nativ Review Flag
0021xx15 US Images in Study
0021xx20 US Scenes in Study
0021xx25 US Images in Photofile
0021xx30 US Images in All Scenes
0021xx40 US Unknown
""",
    "SIEMENS RA PLANE A": """
0019xx20 UL System Calibration Factor Plane A
0019xx22 US XRay Parameter Set Number
0019xx24 US XRay System
0019xx26 US Unknown
0019xx28 US Acquired Display Mode
0019xx2A US Unknown
0019xx2C US Acquisition Framerate
0019xx2E US Maximum Frame Limit
0019xx30 US Native Filter Type
0019xx32 US Subtracted Filter Type
0019xx34 US Filter Factor Native
0019xx36 US Anatomic Blackground Factor
0019xx38 US Window Upper Limit Native
0019xx3A US Window Lower Limit Native
0019xx3C US Window Brightness Phase 1 Sub
0019xx3E US Window Brightness Phase 2 Sub
0019xx40 US Window Contrast Phase 1 Sub
0019xx42 US Window Contrast Phase 2 Sub
0019xx44 US Filter Factor Subtraction
0019xx46 US Peak Opacified
0019xx48 UL Mask Frame
0019xx4A UL BIH Frame
0019xx4C US Center Beam Angulation CaudCran
0019xx4E US Center Beam Angulation LR Anterior
0019xx50 US Longitudinal Position
0019xx52 US Side Offset
0019xx54 US Isocenter Height
0019xx56 US Image Twist
0019xx58 US SourceImage Distance
0019xx5A US Mechanical Magnet Factor
0019xx5C UL Calibration Flag
0019xx5E UL Calibration Angle CranCaud
0019xx60 UL Calibration Angle RAOLAO
0019xx62 UL Calibration Table to Floor Distance
0019xx64 UL Calibration Isocenter to Floor Distance
0019xx66 UL Calibration Isocenter to Source Distance
0019xx68 UL Calibration Source to II Distance
0019xx6A UL Calibration II Zoom
0019xx6C UL Calibration II Field
0019xx6E UL Calibration Factor
0019xx70 UL Calibration Object to Image Distance
0019xx72 UL Calibration System Factor
0019xx74 UL Calibration System Correction
0019xx76 UL Calibration System II Formats
0019xx78 UL Calibration Gantry Data Valid
0019xx7A US Collimator Square Breadth
0019xx7C US Collimator Square Height
0019xx7E US Collimator Square Diameter
0019xx80 US Collimator Finger Turn Angle
0019xx82 US Collimator Finger Position
0019xx84 US Collimator Diaphragm Turn Angle
0019xx86 US Collimator Diagphragm Position 1
0019xx88 US Collimator Diaphragm Position 2
0019xx8A US Collimator Diaphragm Mode
0019xx8C US Collimator Beam Limit Breadth
0019xx8E US Collimator Beam Limit Height
0019xx90 US Collimator Beam Limit Diameter
0019xx92 US XRay Control Mode
0019xx94 US XRay System
0019xx96 US Focal Spot
0019xx98 US Exposure Control
0019xx9A US XRay Voltage
0019xx9C US XRay Current
0019xx9E UL XRay Current Time Product
0019xxA0 US Pulse Time
0019xxA2 US Scene Time Fluoro Clock
0019xxA4 US Maximum PulseRate
0019xxA6 US Pulses per Scene
0019xxA8 UL Dose Area Product of Scene
0019xxAA US Dose
0019xxAC US Dose Rate
""",
    "SIEMENS RA PLANE B": """
0019xx20 UL System Calibration Factor Plane B
0019xx22 US XRay Parameter Set Number
0019xx24 US XRay System
0019xx26 US Unknown
0019xx28 US Acquired Display Mode
0019xx2A US Unknown
0019xx2C US Acquisition Framerate
0019xx2E US Maximum Frame Limit
0019xx30 US Native Filter Type
0019xx32 US Subtracted Filter Type
0019xx34 US Filter Factor Native
0019xx36 US Anatomic Blackground Factor
0019xx38 US Window Upper Limit Native
0019xx3A US Window Lower Limit Native
0019xx3C US Window Brightness Phase 1 Sub
0019xx3E US Window Brightness Phase 2 Sub
0019xx40 US Window Contrast Phase 1 Sub
0019xx42 US Window Contrast Phase 2 Sub
0019xx44 US Filter Factor Subtraction
0019xx46 US Peak Opacified
0019xx48 UL Mask Frame
0019xx4A UL BIH Frame
0019xx4C US Center Beam Angulation CaudCran
0019xx4E US Center Beam Angulation LR Anterior
0019xx50 US Longitudinal Position
0019xx52 US Side Offset
0019xx54 US Isocenter Height
0019xx56 US Image Twist
0019xx58 US SourceImage Distance
0019xx5A US Mechanical Magnet Factor
0019xx5C UL Calibration Flag
0019xx5E UL Calibration Angle CranCaud
0019xx60 UL Calibration Angle RAOLAO
0019xx62 UL Calibration Table to Floor Distance
0019xx64 UL Calibration Isocenter to Floor Distance
0019xx66 UL Calibration Isocenter to Source Distance
0019xx68 UL Calibration Source to II Distance
0019xx6A UL Calibration II Zoom
0019xx6C UL Calibration II Field
0019xx6E UL Calibration Factor
0019xx70 UL Calibration Object to Image Distance
0019xx72 UL Calibration System Factor
0019xx74 UL Calibration System Correction
0019xx76 UL Calibration System II Formats
0019xx78 UL Calibration Gantry Data Valid
0019xx7A US Collimator Square Breadth
0019xx7C US Collimator Square Height
0019xx7E US Collimator Square Diameter
0019xx80 US Collimator Finger Turn Angle
0019xx82 US Collimator Finger Position
0019xx84 US Collimator Diaphragm Turn Angle
0019xx86 US Collimator Diagphragm Position 1
0019xx88 US Collimator Diaphragm Position 2
0019xx8A US Collimator Diaphragm Mode
0019xx8C US Collimator Beam Limit Breadth
0019xx8E US Collimator Beam Limit Height
0019xx90 US Collimator Beam Limit Diameter
0019xx92 US XRay Control Mode
0019xx94 US XRay System
0019xx96 US Focal Spot
0019xx98 US Exposure Control
0019xx9A US XRay Voltage
0019xx9C US XRay Current
0019xx9E UL XRay Current Time Product
0019xxA0 US Pulse Time
0019xxA2 US Scene Time Fluoro Clock
0019xxA4 US Maximum PulseRate
0019xxA6 US Pulses per Scene
0019xxA8 UL Dose Area Product of Scene
0019xxAA US Dose
0019xxAC US Dose Rate
""",
    "SIEMENS RIS": """
0011xx10 LO Patient UID
0011xx11 LO Patient ID
0011xx20 DA Patient Registration Date
0011xx21 TM Patient Registration Time
0011xx30 PN Patient NameRIS
0011xx31 PN Patient Prename
0011xx40 LO Patient Hospital Status
0011xx41 LO Medical Alerts
0011xx42 LO Contrast Allergy
0031xx10 LO Request UID
0031xx45 LO Requesting Physician
0031xx50 LO Requested Physician
0033xx10 LO Patient Study UID
""",
    "SIEMENS SIENET": """
0019xx01 DS Unknown
""",
    "SIEMENS SMS-AX  ACQ 1.0": """
0021xx00 US Acquisition Type
0021xx01 US Acquisition Mode
0021xx02 US Footswitch Index
0021xx03 US Acquisition Room
0021xx04 SL Current Time Product
0021xx05 SL Dose
0021xx06 SL Skin Dose Percent
0021xx07 SL Skin Dose Accumulation
0021xx08 SL Skin Dose Rate
0021xx09 UL Impac Filename
0021xx0A UL Copper Filter
0021xx0B US Measuring Field
0021xx0C SS Post Blanking Circle
0021xx0D SS Dyna Angles
0021xx0E SS Total Steps
0021xx0F SL Dyna X-Ray Info
0021xx10 US Modality LUT Input Gamma
0021xx11 US Modality LUT Output Gamma
0021xx12 OB SH_STPAR
0021xx13 US Acquisition Zoom
0021xx14 SS Dyna Angulation Step Width
0021xx15 US Harmonization
0021xx16 US DR Single Flag
0021xx17 SL Source to Isocenter
0021xx18 US Pressure Data
0021xx19 SL ECG Index Array
0021xx1A US FD Flag
0021xx1B OB SH_ZOOM
0021xx1C OB SH_COLPAR
0021xx1D US K-Factor
0021xx1E US EVE
0021xx1F SL Total Scene Time
0021xx20 US Restore Flag
0021xx21 US Stand Movement Flag
0021xx22 US FD Rows
0021xx23 US FD Columns
0021xx24 US Table Movement Flag
0021xx25 LO Original Organ Program Name
0021xx26 DS Crispy XPI Filter
0021xx28 SQ Unknown
0021xx30 OB Unknown
0021xx40 US Unknown
0021xx41 LO Unknown
0021xx42 US Unknown
0021xx57 SS Unknown
0021xx58 DS Unknown
0021xx71 DS Unknown
""",
    "SIEMENS SMS-AX  ORIGINAL IMAGE INFO 1.0": """
0025xx00 US View Native
0025xx01 US Original Series Number
0025xx02 US Original Image Number
0025xx03 US Win Center
0025xx04 US Win Width
0025xx05 US Win Brightness
0025xx06 US Win Contrast
0025xx07 US Original Frame Number
0025xx08 US Original Mask Frame Number
0025xx09 US Opac
0025xx0A US Original Number of Frames
0025xx0B DS Original Scene Duration
0025xx0C LO Identifier LOID
0025xx0D SS Original Scene VFR Info
0025xx0E SS Original Frame ECG Position
0025xx0F SS Original ECG 1st Frame Offset (retired)
0025xx10 SS Zoom Flag
0025xx11 US Flex
0025xx12 US Number of Mask Frames
0025xx13 US Number of Fill Frames
0025xx14 IS Series Number
0025xx15 IS Image Number
0025xx16 IS Unknown
""",
    "SIEMENS SMS-AX  QUANT 1.0": """
0023xx00 DS Horizontal Calibration Pixel Size
0023xx01 DS Vertical Calibration Pixel Size
0023xx02 LO Calibration Object
0023xx03 DS Calibration Object Size
0023xx04 LO Calibration Method
0023xx05 ST Filename
0023xx06 IS Frame Number
0023xx07 IS Calibration Factor Multiplicity
0023xx08 IS Calibration TOD Value
""",
    "SIEMENS SMS-AX  VIEW 1.0": """
0019xx00 US Review Mode
0019xx01 US Anatomical Background Percent
0019xx02 US Number of Phases
0019xx03 US Apply Anatomical Background
0019xx04 SS Pixel Shift Array
0019xx05 US Brightness
0019xx06 US Contrast
0019xx07 US Enabled
0019xx08 US Native Edge Enh. Percent Gain
0019xx09 SS Native Edge Enh. LUT Index
0019xx0A SS Native Edge Enh. Kernel Size
0019xx0B US Subtr. Edge Enh. Percent Gain
0019xx0C SS Subtr. Edge Enh. LUT Index
0019xx0D SS Subtr. Edge Enh. Kernel Size
0019xx0E US Fade Percent
0019xx0F US Flipped Before Laterality Applied
0019xx10 US Apply Fade
0019xx11 US RefImages Taken
0019xx12 US Zoom
0019xx13 SS Pan X
0019xx14 SS Pan Y
0019xx15 SS Native Edge Enh. Adv Perc. Gain
0019xx16 SS Subtr. Edge Enh. Adv Perc. Gain
0019xx17 US Invert Flag
0019xx1A OB Quant 1K Overlay
0019xx1B US Original Resolution
0019xx1C DS Auto Window Center
0019xx1D DS Auto Window Width
""",
    "SIEMENS Selma": """
0019xx06 IS Unknown
0019xx07 IS Unknown
0019xx08 IS Unknown
0019xx26 LO Unknown
0019xx29 LO Unknown
0019xx30 US Unknown
0019xx31 US Unknown
0019xx32 US Unknown
0019xx33 US Unknown
0019xx34 US Unknown
0019xx35 US Unknown
""",
    "SIEMENS WH SR 1.0": """
0071xx01 LO Unknown
0071xx02 LO Unknown
""",
    "SIEMENS_FLCOMPACT_VA01A_PROC": """
0017xx0A SS Internal Data
0017xx0B SS Internal Data
0017xx0C SS Internal Data
0017xx0D FL Internal Data
0017xx0E LO Internal Data
0017xx0F LO Internal Data
0017xx14 US Internal Data
0017xx16 US Internal Data
0017xx17 US Internal Data
0017xx18 US Internal Data
0017xx19 US Internal Data
0017xx1A US Internal Data
0017xx1B US Internal Data
0017xx1C US Internal Data
0017xx1E US Internal Data
0017xx1F SS Internal Data
0017xx20 SS Internal Data
0017xx21 US Internal Data
0017xx22 US Internal Data
0017xx23 US Internal Data
0017xx24 US Internal Data
0017xx25 US Internal Data
0017xx26 US Internal Data
0017xx27 US Internal Data
0017xx28 FL Internal Data
0017xx29 FL Internal Data
0017xx48 SS Internal Data
0017xx49 SS Internal Data
0017xx4A SS Internal Data
0017xx4B SS Internal Data
0017xx4C LO Internal Data
0017xx4D SS Internal Data
0017xx4E LO Internal Data
0017xx4F LO Internal Data
0017xx50 SS Internal Data
0017xx51 FL Internal Data
0017xx52 SS Internal Data
0017xx53 SS Internal Data
0017xx54 SS Internal Data
0017xx55 SS Internal Data
0017xx5A OW Internal Data
0017xx5B OW Internal Data
0017xx5C OW Internal Data
0017xx64 US Internal Data
0017xx66 US Internal Data
0017xx67 US Internal Data
0017xx68 US Internal Data
0017xx85 US Internal Data
0017xx86 US Internal Data
0017xx87 US Internal Data
0017xx88 US Internal Data
0017xx89 US Internal Data
0017xx8A US Internal Data
0017xx8B US Internal Data
0017xx8C FL Internal Data
0017xx8D FL Internal Data
0017xx8E US Internal Data
0017xx8F US Internal Data
0017xxA0 US Internal Data
0017xxA1 US Internal Data
0017xxA2 US Internal Data
0017xxA3 US Internal Data
0017xxA4 US Internal Data
0017xxA5 US Internal Data
0017xxA6 US Internal Data
0017xxB0 DS Internal Data
0017xxC0 LO Internal Data
""",
    "SIENET": """
0009xx01 US SIENET Command Field
0009xx14 LO Receiver PLA
0009xx16 US Transfer Priority
0009xx29 LO Actual User
0009xx70 DS Unknown
0009xx71 DS Unknown
0009xx72 LO Unknown
0009xx73 LO Unknown
0009xx74 LO Unknown
0009xx75 LO Unknown
0091xx20 PN Patient Name
0095xx01 LO Examination Folder ID
0095xx04 SL Folder Reported Status
0095xx05 LO Folder Reporting Radiologist
0095xx07 LO SIENET ISA PLA
0095xx0C SL Folder Rebuild Status
0095xx20 UN Unknown
0095xxFB ST Unknown
0099xx02 UL Key Images
0099xx05 SL Image Number
""",
    "SPI": """
0009xx10 LO Comments
0009xx15 LO Unique Identifier
0009xx40 US Data Object Type
0009xx41 SH Data Object Subtype
0011xx10 LO Organ
0011xx15 LO Allergy Indication
0011xx20 CS Pregnancy
0029xx60 LO Compression Algorithm
""",
    "SPI RELEASE 1": """
0009xx10 LO Comments
0009xx15 LO Unique Identifier
0009xx40 US Data Object Type
0009xx41 SH Data Object Subtype
0011xx10 LO Organ
0011xx15 LO Allergy Indication
0011xx20 CS Pregnancy
0029xx60 LO Compression Algorithm
""",
    "SPI Release 1": """
0009xx08 CS Unknown
0009xx10 LO Comments
0009xx15 LO UID
0009xx40 US Data Object Type
0009xx41 SH Data Object Subtype
0011xx10 LO Organ
0011xx15 LO Allergy Indication
0011xx20 LO Pregnancy
0029xx60 LO Compression Algorithm
""",
    "SPI-P Release 1": """
0009xx00 LT Data Object Recognition Code
0009xx04 LO Image Data Consistency
0009xx08 US Unknown
0009xx12 LO Unknown
0009xx15 LO Unique Identifier
0009xx16 LO Unknown
0009xx18 LO Unknown
0009xx21 LT Unknown
0009xx22 LO Unknown
0009xx31 LO PACS Unique Identifier
0009xx34 LO Cluster Unique Identifier
0009xx38 LO System Unique Identifier
0009xx39 LO Unknown
0009xx40 LO Unknown
0009xx41 LO Unknown
0009xx51 LO Study Unique Identifier
0009xx61 LO Series Unique Identifier
0009xx91 LT Unknown
0009xxA0 UN Unknown
0009xxF2 LT Unknown
0009xxF3 UN Unknown
0009xxF4 LT Unknown
0009xxF5 UN Unknown
0009xxF7 LT Unknown
0011xx10 LT Patient Entry ID
0011xx20 UN Unknown
0011xx21 UN Unknown
0011xx22 UN Unknown
0011xx30 UN Unknown
0011xx31 UN Unknown
0011xx32 UN Unknown
0019xx00 LO Unknown
0019xx01 LO Unknown
0019xx02 UN Unknown
0019xx10 US Mains Frequency
0019xx25 LO Original Pixel Data Quality
0019xx30 US ECG Triggering
0019xx31 UN ECG 1 Offset
0019xx32 UN ECG 2 Offset 1
0019xx33 UN ECG 2 Offset 2
0019xx50 US Video Scan Mode
0019xx51 US Video LineRate
0019xx60 US Xray Technique
0019xx61 DS Image Identifier Format
0019xx62 US Iris Diaphragm
0019xx63 CS Filter
0019xx64 CS Cine Parallel
0019xx65 CS Cine Master
0019xx70 US Exposure Channel
0019xx71 UN Exposure Channel First Image
0019xx72 US Processing Channel
0019xx80 DS Acquisition Delay
0019xx81 UN Relative Image Time
0019xx90 CS Video White Compression
0019xxA0 US Angulation
0019xxA1 US Rotation
0021xx12 LT Series Unique Identifier
0021xx14 LT Unknown
0029xx00 DS Unknown
0029xx20 DS Pixel Aspect Ratio
0029xx25 LO Processed Pixel Data Quality
0029xx30 LT Unknown
0029xx38 US Unknown
0029xx60 LT Unknown
0029xx61 LT Unknown
0029xx67 LT Unknown
0029xx70 LT Window ID
0029xx71 CS Video Invert Subtracted
0029xx72 CS Video Invert Nonsubtracted
0029xx77 CS Window Select Status
0029xx78 LT ECG Display Printing ID
0029xx79 CS ECG Display Printing
0029xx7E CS ECG Display Printing Enable Status
0029xx7F CS ECG Display Printing Select Status
0029xx80 LT Physiological Display ID
0029xx81 US Preferred Physiological Channel Display
0029xx8E CS Physiological Display Enable Status
0029xx8F CS Physiological Display Select Status
0029xx90 DS Unknown
0029xx91 US Unknown
0029xx9F CS Unknown
0029xxA0 DS Unknown
0029xxA1 US Unknown
0029xxAF CS Unknown
0029xxB0 DS Unknown
0029xxB1 US Unknown
0029xxBF CS Unknown
0029xxC0 LT Functional Shutter ID
0029xxC1 US Field Of Shutter
0029xxC5 LT Field Of Shutter Rectangle
0029xxCE CS Shutter Enable Status
0029xxCF CS Shutter Select Status
7FE1xx10 UN Pixel Data
""",
    "SPI-P Release 1;1": """
0009xxC0 LT Unknown
0009xxC1 LT Unknown
0019xx00 UN Physiological Data Type
0019xx01 UN Physiological Data Channel And Kind
0019xx02 US Sample Bits Allocated
0019xx03 US Sample Bits Stored
0019xx04 US Sample High Bit
0019xx05 US Sample Representation
0019xx06 UN Smallest Sample Value
0019xx07 UN Largest Sample Value
0019xx08 UN Number Of Samples
0019xx09 UN Sample Data
0019xx0A UN Sample Rate
0019xx10 UN Physiological Data Type 2
0019xx11 UN Physiological Data Channel And Kind 2
0019xx12 US Sample Bits Allocated 2
0019xx13 US Sample Bits Stored 2
0019xx14 US Sample High Bit 2
0019xx15 US Sample Representation 2
0019xx16 UN Smallest Sample Value 2
0019xx17 UN Largest Sample Value 2
0019xx18 UN Number Of Samples 2
0019xx19 UN Sample Data 2
0019xx1A UN Sample Rate 2
0021xx41 LO Unknown
0021xx42 US Unknown
0021xx43 US Unknown
0021xx44 DS Unknown
0021xx45 LO Unknown
0021xx50 US Unknown
0021xx51 US Unknown
0021xx52 US Unknown
0021xx60 IS Unknown
0021xx61 IS Unknown
0021xx67 LO Unknown
0021xx6A DS Unknown
0021xx6B DS Unknown
0021xx6C US Unknown
0021xx6D DS Unknown
0021xx6E US Unknown
0021xx6F DS Unknown
0029xx00 LT Zoom ID
0029xx01 DS Zoom Rectangle
0029xx03 DS Zoom Factor
0029xx04 US Zoom Function
0029xx0E CS Zoom Enable Status
0029xx0F CS Zoom Select Status
0029xx40 LT Magnifying Glass ID
0029xx41 DS Magnifying Glass Rectangle
0029xx43 DS Magnifying Glass Factor
0029xx44 US Magnifying Glass Function
0029xx4E CS Magnifying Glass Enable Status
0029xx4F CS Magnifying Glass Select Status
""",
    "SPI-P Release 1;2": """
0029xx00 LT Subtraction Mask ID
0029xx04 UN Masking Function
0029xx0C UN Proprietary Masking Parameters
0029xx1E CS Subtraction Mask Enable Status
0029xx1F CS Subtraction Mask Select Status
""",
    "SPI-P Release 1;3": """
0029xx00 LT Image Enhancement ID
0029xx01 LT Image Enhancement
0029xx02 LT Convolution ID
0029xx03 LT Convolution Type
0029xx04 LT Convolution Kernel Size ID
0029xx05 US Convolution Kernel Size
0029xx06 US Convolution Kernel
0029xx0C DS Enhancement Gain
0029xx1E CS Image Enhancement Enable Status
0029xx1F CS Image Enhancement Select Status
""",
    "SPI-P Release 2;1": """
0011xx18 LT Unknown
0023xx0D UI Unknown
0023xx0E UI Unknown
""",
    "SPI-P-CTBE Release 1": """
0019xx00 IS Unknown
0019xx02 IS Unknown
0019xx03 DS Unknown
0019xx04 IS Unknown
0019xx05 DS Unknown
0019xx0B DS Unknown
0019xx0C IS Unknown
0019xx14 IS Unknown
0019xx18 IS Unknown
0019xx19 IS Unknown
0019xx1A DS Unknown
0019xx1B IS Unknown
0019xx1C IS Unknown
0019xx1D DS Unknown
""",
    "SPI-P-CTBE-Private Release 1": """
0021xx00 DS Unknown
""",
    "SPI-P-GV-CT Release 1": """
0009xx00 LO Unknown
0009xx10 LO Unknown
0009xx20 LO Unknown
0009xx30 LO Unknown
0009xx40 LO Unknown
0009xx50 LO Unknown
0009xx60 LO Unknown
0009xx70 LO Unknown
0009xx75 LO Unknown
0009xx80 LO Unknown
0009xx90 LO Unknown
0019xx08 IS Unknown
0019xx09 IS Unknown
0019xx0A IS Unknown
0019xx10 LO Unknown
0019xx20 TM Unknown
0019xx50 LO Unknown
0019xx60 DS Unknown
0019xx61 US Unknown
0019xx63 LO Unknown
0019xx64 US Unknown
0019xx65 IS Unknown
0019xx70 LT Unknown
0019xx80 LO Unknown
0019xx81 LO Unknown
0019xx90 LO Unknown
0019xxA0 LO Unknown
0019xxA1 US Unknown
0019xxA2 US Unknown
0019xxA3 US Unknown
0019xxB0 LO Unknown
0019xxB1 LO Unknown
0021xx20 LO Unknown
0021xx30 DS Unknown
0021xx40 LO Unknown
0021xx50 LO Unknown
0021xx60 DS Unknown
0021xx70 DS Unknown
0021xx80 DS Unknown
0021xx90 DS Unknown
0021xxA0 US Unknown
0021xxA1 DS Unknown
0021xxA2 DS Unknown
0021xxA3 LT Unknown
0021xxA4 LT Unknown
0021xxB0 LO Unknown
0021xxC0 LO Unknown
0029xx10 LO Unknown
0029xx30 UL Unknown
0029xx31 UL Unknown
0029xx32 UL Unknown
0029xx33 UL Unknown
0029xx80 LO Unknown
0029xx90 LO Unknown
0029xxD0 IS Unknown
0029xxD1 IS Unknown
""",
    "SPI-P-PCR Release 2": """
0019xx10 US Reader Mode
0019xx20 ST MRM Code
0019xx30 US Unknown
0019xx40 DS Latitude
0019xx60 ST View Name
0019xx80 US Unknown
0019xxA1 ST Unknown
0019xxA3 DS Unknown
0019xxA4 DS Unknown
0019xxA5 DS Unknown
0019xxA6 DS Unknown
0019xxA7 DS Unknown
0019xxA8 DS Unknown
0019xxA9 DS Unknown
0019xxAA DS Unknown
0019xxAB DS Unknown
0019xxAC DS Unknown
0019xxAD DS Unknown
0019xxAE DS Unknown
0019xxAF ST Unknown
0019xxB0 ST Unknown
0019xxB1 ST Unknown
0019xxB2 IS Unknown
0019xxB3 IS Unknown
0019xxB4 IS Unknown
0019xxB5 DS Unknown
0019xxB6 DS Unknown
0019xxB7 ST Unknown
0019xxB8 DS Unknown
0019xxB9 ST Unknown
0019xxBA ST Unknown
""",
    "SPI-P-Private-CWS Release 1": """
0021xx00 LT Window Of Images ID
0021xx01 CS Window Of Images Type
0021xx02 IS WindowOfImagesScope
""",
    "SPI-P-Private-DCI Release 1": """
0019xx10 UN Unknown
0019xx11 UN Unknown
0019xx12 UN Unknown
0019xx13 UN Unknown
0019xx14 UN Unknown
0019xx15 UN Unknown
0019xx16 UN Unknown
0019xx17 UN Unknown
""",
    "SPI-P-Private-DiDi Release 1": """
0019xx00 LT Post Mode String
0019xx01 LT Post Data
0019xx10 LT Image Header
0019xx20 LT SCPreName
0019xx21 IS SCPostNo
0019xx22 LT SCSOPInstanceUID
0019xx23 LT SCCreationDate
0019xx24 LT SCProcessingCategory
0019xx25 LT SCPostMethod
0019xx26 LT SCPostString
0019xx27 LT SCPostString2
0019xx28 LT SCMode
0019xx29 IS SCStCommit
0019xx2A IS SCExported
0019xx2B IS SCPrinted
0019xx2C LT SCOperator
0019xx40 LT SCPreName
0019xx41 IS SCPreType
""",
    "SPI-P-Private_CDS Release 1": """
0021xx40 IS Unknown
0029xx00 UN Unknown
0029xx10 OB Unknown
""",
    "SPI-P-Private_ICS Release 1": """
0019xx30 DS Unknown
0019xx31 LO Unknown
0029xx07 SQ Unknown
0029xx08 SQ Unknown
0029xx0C SQ Unknown
0029xx0D SQ Unknown
0029xx0E SQ Unknown
0029xx0F SQ Unknown
0029xx10 SQ Unknown
0029xx18 FD Unknown
0029xx1B SQ Unknown
0029xx1C SQ Unknown
0029xx1D SQ Unknown
0029xx1E SQ Unknown
0029xx20 UN Unknown
0029xx21 SQ Unknown
0029xx4C SQ Unknown
0029xx4D SQ Unknown
0029xx4E UN Unknown
0029xx4F UN Unknown
0029xx50 UN Unknown
0029xx51 UN Unknown
0029xx66 DS Unknown
0029xx67 LO Unknown
0029xx68 US Unknown
0029xx6A LO Unknown
0029xx6B US Unknown
0029xx72 SQ Unknown
0029xx91 IS Unknown
0029xx93 LO Unknown
0029xx94 LO Unknown
""",
    "SPI-P-Private_ICS Release 1;1": """
0029xx00 SL Unknown
0029xx05 FL Unknown
0029xx06 FL Unknown
0029xx20 FL Unknown
0029xx21 FL Unknown
0029xx22 US Unknown
0029xx23 FD Unknown
0029xx24 FD Unknown
0029xx25 FD Unknown
0029xx26 FD Unknown
0029xx30 ST Unknown
0029xx6B FD Unknown
0029xxC1 US Unknown
0029xxCB FD Unknown
0029xxCC FD Unknown
0029xxCD SQ Unknown
0029xxD4 FL Unknown
0029xxD5 FL Unknown
0029xxD6 ST Unknown
""",
    "SPI-P-Private_ICS Release 1;2": """
0029xx00 FD Unknown
0029xx01 FD Unknown
0029xx02 FD Unknown
0029xx03 SL Unknown
0029xx04 SL Unknown
0029xx05 SL Unknown
0029xx30 LT Unknown
0029xxA0 SL Unknown
0029xxA1 FD Unknown
0029xxA2 SL Unknown
0029xxA3 SL Unknown
0029xxA5 SQ Unknown
0029xxA6 SL Unknown
0029xxD9 SQ Unknown
""",
    "SPI-P-Private_ICS Release 1;3": """
0029xx00 ST Unknown
0029xx01 ST Unknown
0029xx60 US Unknown
0029xxB0 SL Unknown
0029xxB1 FL Unknown
0029xxB2 FL Unknown
0029xxB4 FL Unknown
0029xxB9 FL Unknown
0029xxC0 SQ Unknown
0029xxC1 SQ Unknown
0029xxC2 SQ Unknown
0029xxC3 SQ Unknown
0029xxC4 SQ Unknown
0029xxC5 SQ Unknown
""",
    "SPI-P-Private_ICS Release 1;4": """
0029xx00 UL Unknown
0029xx01 FL Unknown
0029xx02 SQ Unknown
0029xx06 UL Unknown
0029xx07 SL Unknown
0029xx08 US Unknown
0029xx09 FL Unknown
0029xx0A FL Unknown
0029xx0B FL Unknown
0029xx0C FL Unknown
0029xx0E US Unknown
0029xx0F US Unknown
0029xx10 SL Unknown
0029xx90 SL Unknown
0029xx9A SQ Unknown
0029xx9C SQ Unknown
0029xxA0 US Unknown
0029xxA1 US Unknown
0029xxB1 US Unknown
0029xxB2 US Unknown
0029xxB3 SL Unknown
0029xxB5 FL Unknown
0029xxB6 SL Unknown
0029xxBC SL Unknown
0029xxBD SL Unknown
0029xxBE US Unknown
0029xxD6 FD Unknown
0029xxD7 FD Unknown
0029xxD8 UN Unknown
0029xxD9 UN Unknown
0029xxDA UN Unknown
0029xxDC FD Unknown
0029xxDD FD Unknown
0029xxE0 SQ Unknown
""",
    "SPI-P-Private_ICS Release 1;5": """
0029xx50 CS Unknown
0029xx55 CS Unknown
""",
    "SPI-P-Private_ICS Release 1;6": """
0029xx01 FL Unknown
0029xx02 LO Unknown
0029xx03 UL Unknown
0029xx04 LO Unknown
0029xx06 SQ Unknown
0029xx07 SQ Unknown
0029xx08 US Unknown
0029xx0A US Unknown
0029xx0B US Unknown
0029xx0C US Unknown
0029xx0D US Unknown
0029xx0F LO Unknown
0029xx10 US Unknown
0029xx14 SQ Unknown
0029xx15 UL Unknown
0029xx16 FL Unknown
0029xx17 FL Unknown
0029xx1A UL Unknown
0029xx1D US Unknown
0029xx1F FL Unknown
0029xx20 FL Unknown
0029xx21 UL Unknown
0029xx23 US Unknown
0029xx24 UL Unknown
0029xx2A UL Unknown
0029xx2B SQ Unknown
0029xx2C UL Unknown
0029xx2D SQ Unknown
0029xx2E SQ Unknown
0029xx2F SQ Unknown
0029xx32 SQ Unknown
0029xx34 SQ Unknown
0029xx35 SQ Unknown
0029xx36 SQ Unknown
0029xx37 SQ Unknown
0029xx38 SQ Unknown
0029xx39 FL Unknown
0029xx3D SQ Unknown
0029xx43 US Unknown
0029xx44 US Unknown
0029xx48 UL Unknown
0029xx4F SQ Unknown
0029xx5C SQ Unknown
0029xx5D UL Unknown
0029xx5E UL Unknown
0029xx5F US Unknown
0029xx63 US Unknown
0029xx65 SQ Unknown
0029xx66 UL Unknown
0029xx67 UL Unknown
0029xx68 UL Unknown
0029xx69 UL Unknown
0029xx6D SQ Unknown
""",
    "SPI-P-XSB-DCI Release 1": """
0019xx10 LT Video Beam Boost
0019xx11 US Channel Generating Video Sync
0019xx12 US Video Gain
0019xx13 US Video Offset
0019xx20 DS RTD Data Compression Factor
""",
    "SPI-P-XSB-VISUB Release 1": """
0019xx00 UN Unknown
0019xx10 UN Unknown
0019xx11 UN Unknown
0019xx12 UN Unknown
0019xx20 LO Unknown
0019xx40 UN Unknown
0019xx50 LO Unknown
0029xx00 LO Unknown
0029xx01 DS Unknown
0029xx02 CS Unknown
0029xx0F CS Unknown
0029xx10 LO Unknown
0029xx11 DS Unknown
0029xx12 CS Unknown
0029xx1F CS Unknown
0029xx20 LO Unknown
0029xx21 DS Unknown
0029xx22 CS Unknown
0029xx2F CS Unknown
0029xx30 LO Unknown
0029xx31 DS Unknown
0029xx32 CS Unknown
0029xx3F CS Unknown
""",
    "STENTOR": """
0073xx01 ST Unknown
0073xx02 LT Private Creator
0073xx03 UT Stentor Remote AETitle Element
0073xx04 UT Stentor Local AETitle Element
0073xx06 UT Stentor Transfer Syntax Value
""",
    "SVISION": """
0017xx00 LO Extended Body Part
0017xx10 LO Extended View Position
0017xx20 SQ Scheduled Procedure Step
0017xxA0 IS Fixed Grid System
0017xxF0 IS Images SOP Class
0019xx00 IS AEC Field
0019xx01 IS AEC Film Screen
0019xx02 IS AEC Density
0019xx10 IS Patient Thickness
0019xx16 IS Unknown
0019xx18 IS Beam Distance
0019xx20 IS Workstation Number
0019xx28 IS Tube Number
0019xx30 IS Bucky Grid
0019xx34 IS Focus
0019xx38 IS Age Group
0019xx40 IS Collimator Distance X
0019xx41 IS Collimator Distance Y
0019xx50 IS Bucky Height
0019xx60 IS Bucky Angle
0019xx68 IS C-Arm Angle
0019xx69 IS Collimator Angle
0019xx70 IS Filter Number
0019xx74 LO Filter Material 1
0019xx75 LO Filter Material 2
0019xx78 DS Filter Thickness 1
0019xx79 DS Filter Thickness 2
0019xx80 IS Bucky Format
0019xx81 IS Object Position
0019xx90 LO Desk Command
0019xx91 IS Central Beam X
0019xx92 IS Central Beam Y
0019xx93 IS Tube Turn Angle
0019xx94 IS Stand drive level
0019xxA0 DS Extended Exposure Time
0019xxA1 DS Actual Exposure Time
0019xxA8 DS Extended X-ray Tube Current
0019xxB0 IS Dose Indicator
0019xxB1 IS Shift Reference Value
0019xxF0 IS Unknown
0021xx00 DS Noise Reduction
0021xx01 DS Contrast Amplification
0021xx02 DS Edge Contrast Boosting
0021xx03 DS Latitude Reduction
0021xx10 LO Find Range Algorithm
0021xx11 DS Threshold C-Algorithm
0021xx20 LO Sensometric Curve
0021xx30 DS Lower Window Offset
0021xx31 DS Upper Window Offset
0021xx40 DS Min. Printable Density
0021xx41 DS Max. Printable Density
0021xx50 DS Min. Window Latitude
0021xx51 DS Max. Window Latitude
0021xx52 DS Rel. Window Alignment
0021xx60 DS Decomposition Layer
0021xx90 DS Brightness
0021xx91 DS Contrast
0021xx92 DS Shape Factor
0023xx00 LO Image Laterality
0023xx01 IS Letter Position
0023xx02 IS Burned In Annotation
0023xx03 LO Unknown
0023xxF0 IS Image SOP Class
0025xx00 IS Original Image
0025xx01 IS Not Processed Image
0025xx02 IS Cut Out Image
0025xx03 IS Duplicated Image
0025xx04 IS Stored Image
0025xx05 IS Retrieved Image
0025xx06 IS New Image
0025xx07 IS Media Stored Image
0025xx08 IS Image State
0025xx09 IS Image Stitched Manually
0025xx0A IS Image Stitched Automatically
0025xx20 LO Source Image File
0025xx21 LO Source UID
0027xx00 IS Number of Series
0027xx01 IS Number of Studies
0027xx10 DT Oldest Series
0027xx11 DT Newest Series
0027xx12 DT Oldest Study
0027xx13 DT Newest Study
0029xx00 IS Key Note Instance UID
0029xx01 IS Storage State
0029xx02 IS Referenced Image SOP Class
0029xx03 LO Ref. Image Instance UID
0029xx04 IS Rel. Presentation State Number
0029xx05 LO Rel. Presentation State UID
""",
    "Siemens Ultrasound Miscellaneous": """
0019xx20 SH Unknown
""",
    "Siemens: Thorax/Multix FD Image Stamp": """
0023xx00 US Unknown
0023xx01 US Unknown
0023xx02 US Unknown
0023xx03 US Unknown
0023xx04 US Unknown
""",
    "Siemens: Thorax/Multix FD Lab Settings": """
0019xx00 LT Internal Value
0019xx02 LO Total Area Dose Product
0019xx04 LO Unknown
0019xx05 US Cassette Image
0019xx06 FD Table Object Distance
0019xx07 FD Table Detector Distance
0019xx08 US Ortho Step Distance
0021xx08 US Auto Window Flag
0021xx09 SL Auto Window Center
0021xx0A SL Auto Window Width
0021xx0B SS Filter ID
0021xx14 US Anatomic Correct View
0021xx15 SS Auto Window Shift
0021xx16 DS Auto Window Expansion
0021xx17 LO System Type
0021xx30 SH Anatomic Sort Number
0021xx31 SH Acquisition Sort Number
""",
    "Siemens: Thorax/Multix FD Post Processing": """
0021xx00 US Label Left
0021xx01 SS Label Left Orientation
0021xx02 FL Label Left Percentage X
0021xx03 FL Label Left Percentage X
0021xx04 US Label Right
0021xx05 SS Label Right Orientation
0021xx06 FL Label Right Percentage X
0021xx07 FL Label Right Percentage X
0021xx08 US Auto Window Flag
0021xx09 SL Auto Window Center
0021xx0A SL Auto Window Width
0021xx0B SS Filter ID
0021xx0C FL Degree of Edge Enhancement
0021xx0D SS Half Kernel Size
0021xx0E US Dose Control Value
0021xx0F US Deleted Image Flag
0021xx10 US Same Size Support
0021xx11 SS Label Left Init Position
0021xx12 SS Label Right Init Position
0021xx13 SS Patient Rotation
0021xx14 US Anatomic Correct View Flag
0021xx15 SS Auto Window Shift
0021xx16 DS Auto Window Expansion
""",
    "Siemens: Thorax/Multix FD Raw Image Settings": """
0025xx00 SS Raw Image Amplification
0025xx01 SS Gamma LUT
0025xx02 US Collimator Manual
0025xx03 FL Collimator Up Left X Percentage
0025xx04 FL Collimator Up Right X Percentage
0025xx05 FL Collimator Low Left X Percentage
0025xx06 FL Collimator Low Right X Percentage
0025xx07 FL Collimator Up Left Y Percentage
0025xx08 FL Collimator Up Right Y Percentage
0025xx09 FL Collimator Low Left Y Percentage
0025xx0A FL Collimator Low Right Y Percentage
0025xx0B US Set Gray
0025xx0C SS Harmonization Kernel
0025xx0D FL Harmonization Gain
0025xx0E SS Edge Enhancement Kernel
0025xx0F FL Edge Enhancement Gain
0025xx10 LT Raw Image File Name
0025xx11 SS Global Offset
0025xx12 SS Image Columns
0025xx13 SS Image Rows
0025xx14 SS Image Alignment
0025xx15 SS Active Image Columns
0025xx16 SS Active Image Rows
0025xx17 LO System Type
0025xx18 US Auto Gain
0025xx19 US Ortho Sub Sampling
0025xx1A US Image Crop Upper Left
0025xx1B US Image Crop Upper Right
0025xx1C US Image Crop Lower Left
0025xx1D US Image Crop Lower Right
0025xx30 US Manual Cropping
0025xx31 SS Gamma LUT Parameter 1
0025xx32 DS Gamma LUT Parameter 2
0025xx33 SS Gamma LUT Parameter 3
0025xx34 SS Gamma LUT Parameter 4
""",
    "Siemens: Thorax/Multix FD Version": """
0017xx00 LO Build Date
0017xx01 LO IOD Version
""",
    "Silhouette Annot V1.0": """
0029xx11 IS Annotation Name
0029xx12 LT Annotation Font
0029xx13 LT Annotation Text Foreground Color
0029xx14 LT Annotation Text Background Color
0029xx15 UL Annotation Text Backing Mode
0029xx16 UL Annotation Text Justification
0029xx17 UL Annotation Text Location
0029xx18 LT Annotation Text String
0029xx19 UL Annotation Text Attach Mode
0029xx20 UL Annotation Text Cursor Mode
0029xx21 UL Annotation Text Shadow Offset X
0029xx22 UL Annotation Text Shadow Offset Y
0029xx23 LT Annotation Line Color
0029xx24 UL Annotation Line Thickness
0029xx25 UL Annotation Line Type
0029xx26 UL Annotation Line Style
0029xx27 UL Annotation Line Dash Length
0029xx28 UL Annotation Line Attach Mode
0029xx29 UL Annotation Line Point Count
0029xx30 FD Annotation Line Points
0029xx31 UL Annotation Line Control Size
0029xx32 LT Annotation Marker Color
0029xx33 UL Annotation Marker Type
0029xx34 UL Annotation Marker Size
0029xx35 FD Annotation Marker Location
0029xx36 UL Annotation Marker Attach Mode
0029xx37 LT Annotation Geom Color
0029xx38 UL Annotation Geom Thickness
0029xx39 UL Annotation Geom Line Style
0029xx40 UL Annotation Geom Dash Length
0029xx41 UL Annotation Geom Fill Pattern
0029xx42 UL Annotation Interactivity
0029xx43 FD Annotation Arrow Length
0029xx44 FD Annotation Arrow Angle
0029xx45 UL Annotation Don't Save
""",
    "Silhouette Graphics Export V1.0": """
0029xx00 UI Unknown
""",
    "Silhouette Line V1.0": """
0029xx11 IS Line Name
0029xx12 LT Line Name Font
0029xx13 UL Line Name Display
0029xx14 LT Line Normal Color
0029xx15 UL Line Type
0029xx16 UL Line Thickness
0029xx17 UL Line Style
0029xx18 UL Line Dash Length
0029xx19 UL Line Interactivity
0029xx20 LT Line Measurement Color
0029xx21 LT Line Measurement Font
0029xx22 UL Line Measurement Dash Length
0029xx23 UL Line Point Space
0029xx24 FD Line Points
0029xx25 UL Line Control Point Size
0029xx26 UL Line Control Point Space
0029xx27 FD Line Control Points
0029xx28 LT Line Label
0029xx29 UL Line Don't Save
""",
    "Silhouette ROI V1.0": """
0029xx11 IS ROI Name
0029xx12 LT ROI Name Font
0029xx13 LT ROI Normal Color
0029xx14 UL ROI Fill Pattern
0029xx15 UL ROI Bp Seg
0029xx16 UN ROI Bp Seg Pairs
0029xx17 UL ROI Seed Space
0029xx18 UN ROI Seeds
0029xx19 UL ROI Line Thickness
0029xx20 UL ROI Line Style
0029xx21 UL ROI Line Dash Length
0029xx22 UL ROI Interactivity
0029xx23 UL ROI Name Position
0029xx24 UL ROI Name Display
0029xx25 LT ROI Label
0029xx26 UL ROI Shape
0029xx27 FD ROI Shape Tilt
0029xx28 UL ROI Shape Points Count
0029xx29 UL ROI Shape Points Space
0029xx30 FD ROI Shape Points
0029xx31 UL ROI Shape Control Points Count
0029xx32 UL ROI Shape Control Points Space
0029xx33 FD ROI Shape Control Points
0029xx34 UL ROI Don't Save
""",
    "Silhouette Sequence Ids V1.0": """
0029xx41 SQ Unknown
0029xx42 SQ Unknown
0029xx43 SQ Unknown
""",
    "Silhouette V1.0": """
0029xx13 UL Unknown
0029xx14 UL Unknown
0029xx17 UN Unknown
0029xx18 UN Unknown
0029xx19 UL Unknown
0029xx1A UN Unknown
0029xx1B UL Unknown
0029xx1C UL Unknown
0029xx1D UN Unknown
0029xx1E UN Unknown
0029xx21 US Unknown
0029xx22 US Unknown
0029xx23 US Unknown
0029xx24 US Unknown
0029xx25 US Unknown
0029xx27 UN Unknown
0029xx28 UN Unknown
0029xx29 UN Unknown
0029xx30 UN Unknown
0029xx52 US Unknown
0029xx53 LT Unknown
0029xx54 UN Unknown
0029xx55 LT Unknown
0029xx56 LT Unknown
0029xx57 UN Unknown
""",
    "Silhouette VRS 3.0": """
0029xx13 UL Unknown
0029xx14 UL Unknown
0029xx17 FD Unknown
0029xx18 FD Unknown
0029xx19 UL Unknown
0029xx1A FD Unknown
0029xx1B UL Unknown
0029xx1C UL Unknown
0029xx1D UL Unknown
0029xx1E UL Unknown
0029xx27 US Unknown
0029xx28 OB Unknown
0029xx30 US Unknown
0029xx32 US Unknown
0029xx34 LO Unknown
0029xx35 CS Unknown
0029xx36 US Unknown
""",
    "Sound Technologies": """
F001xx00 CS Patient Species
F001xx01 CS Patient Breed
F001xx02 CS Patient Category Size
F001xx03 CS Patient Sex Extended (including spay/neuter)
F001xx04 CS Image View
F001xx05 CS Anatomy Imaged
F001xx06 CS Image enhancements
F001xx07 CS Detector Settings
F001xx08 CS Application Version
F001xx09 LO Image Laterality Extended
F001xx0A PN Client Name
F001xx0B UI Reference Study Instance Uid
F001xx0C UI Reference Series Instance Uid
F001xx0D LO Exam Ref Id
F001xx0E ST Physician Of Record Address
F001xx0F SH Physician Of Record Phone Numbers
F001xx10 LT Reason For Study
F001xx11 LO Protocol
F001xx12 LO CaptureInputType
F001xx13 LT Exam Complaint
F001xx14 LO Exam Web Code
F001xx15 LO Exam Category
F001xx16 SH Exam Diagnosis
F001xx17 PN Exam Created By
F001xx18 LO Exam Created By Group
F001xx19 DT Exam Required By DateTime
F001xx1A LO Capture Type
F001xx1B IS Telemed Exam ID
F001xx1C LO Exam Created By Guid
F001xx1D LO Client Name Guid
""",
    "TMDTK": """
7EFFxx21 SQ Unknown
7EFFxx2E LT Unknown
""",
    "TOSHIBA COMAPL HEADER": """
0029xx08 CS COMAPL Header Type
0029xx09 LO COMAPL Header Version
0029xx10 LO
0029xx20 OB COMAPL History Information
0029xx31 LO
0029xx32 UL
0029xx33 UL
0029xx34 CS
""",
    "TOSHIBA COMAPL OOG": """
0029xx08 CS COMAPL OOG Type
0029xx09 LO COMAPL OOG Version
0029xx10 LO
0029xx31 LO
0029xx32 UL
0029xx33 UL
0029xx34 CS
""",
    "TOSHIBA ENCRYPTED SR DATA": """
7015xx00 OB Toshiba US Private Data
""",
    "TOSHIBA MDW HEADER": """
0029xx08 CS Application Header Type
0029xx09 LO Application Header Version
0029xx10 CS Image Header Type
0029xx11 LO Image Header Version
0029xx12 OB Image Header Info
0029xx18 CS Series Header Type
0029xx19 LO Series Header Version
0029xx20 OB Series Header Info
0029xx31 LO PMTF Information 1
0029xx32 UL PMTF Information 2
0029xx33 UL PMTF Information 3
0029xx34 CS PMTF Information 4
""",
    "TOSHIBA MDW NON-IMAGE": """
0029xx08 CS Application Header Type
0029xx09 LO Application Header Version
0029xx10 OB Application Header Data
0029xx20 OB Application Header Data
7FE1xx10 OB Toshiba US Private Data
""",
    "TOSHIBA_MEC_1.0": """
0009xx01 LT Unknown
0009xx02 US Unknown
0009xx03 US Unknown
0009xx04 US Unknown
0011xx01 LT Unknown
0011xx02 US Unknown
0019xx01 US Unknown
0019xx02 US Unknown
0021xx01 US Unknown
0021xx02 US Unknown
0021xx03 US Unknown
7FF1xx01 US Unknown
7FF1xx02 US Unknown
7FF1xx03 US Unknown
7FF1xx10 US Unknown
""",
    "TOSHIBA_MEC_CT3": """
7005xx00 OB CT Private Data 1
7005xx03 SH Cardiac R-R Mean Time
7005xx04 SH Cardiac Reconstruction Gating Phase in Percent
7005xx05 SH Cardiac Reconstruction Gating Phase in ms
7005xx06 SH Cardiac Reconstruction Mode
7005xx07 DS Reconstruction Center
7005xx08 DS Detector Slice Thickness in mm
7005xx09 LO Number of Detector rows to Reconstruct
7005xx0A DS Table Speed in mm/rot
7005xx0B SH Filter
7005xx0C SH Reconstruction Correction Type
7005xx0D CS Organ
7005xx0E SH File Type Remarks
7005xx0F SH Direction
7005xx10 OB CT Private Data 2
7005xx11 LT Series Comment
7005xx12 SH Position
7005xx13 US Expert Plan No.
7005xx14 US Reconstruction ROI No.
7005xx15 US Special Helical ACQ No.
7005xx16 UI Volume UID
7005xx17 US Total Frame Count in the Volume
7005xx18 US Frame No.
7005xx19 UL Frame Sort Key
7005xx1A US Frame Sort Order
7005xx1B SH Convolution Kernel
7005xx1C LO Contrast/Bolus Agent
7005xx1D UL Reconstruction Number
7005xx1E UL Raw Data Number
7005xx1F LO Volume Number
7005xx20 UL Local Series Number
7005xx21 LO Decrease in Artifact Filter
7005xx22 DS Reconstruction Interval
7005xx23 DS Pitch Factor
7005xx24 DA The Acquisition Date of NRA
7005xx25 UL Large Data File Attribute
7005xx26 CS Large Data File Name
7005xx28 SQ Enhanced CT Private Sequence
7005xx29 UI Frame UID
7005xx30 CS Main Modality in Study
7005xx35 DS Scan Range
7005xx36 OB CT Private Data 3
7005xx37 IS Total Frames
7005xx38 IS Start Frame
7005xx39 IS End Frame
7005xx40 FD DLP Dose Length Product
7005xx41 SH Raw Slice Information
7005xx42 US Local Frame No
7005xx43 DS Volume Vector
7005xx44 US Volume Type
7005xx45 DS Relative Table Position of 4D Volume
7005xx46 DS Absolute Table Position of 4D Volume
7005xx47 DS Slice Pitch of 4D Volume
7005xx48 LO Respiratory Gating Inf.
7005xx49 SH Respiration Phase
7005xxF1 CS Protect Mark for Image, Curve or Private Record
7005xxF2 CS Protect Mark for Series Record
7005xxF3 CS Protect Mark for Study Record
""",
    "TOSHIBA_MEC_CT_1.0": """
0019xx01 IS Unknown
0019xx02 IS Unknown
0019xx03 US Unknown
0019xx04 LT Unknown
0019xx05 LT Unknown
0019xx06 US Unknown
0019xx07 US Unknown
0019xx08 LT Orientation Head Feet
0019xx09 LT View Direction
0019xx0A LT Orientation Supine Prone
0019xx0B DS Location
0019xx0C CS Scan View Direction
0019xx0D TM Time
0019xx0E DS Unknown
7FF1xx01 US Unknown
7FF1xx02 US Unknown
7FF1xx03 IS Unknown
7FF1xx04 IS Unknown
7FF1xx05 US Unknown
7FF1xx07 US Unknown
7FF1xx08 US Unknown
7FF1xx09 US Unknown
7FF1xx0A LT Unknown
7FF1xx0B US Unknown
7FF1xx0C US Unknown
7FF1xx0D US Unknown
""",
    "TOSHIBA_MEC_MR3": """
00290089 LO Unknown
700Dxx00 DS Scale Factor
700Dxx01 OB Acquisition Order
700Dxx02 DS Orientation Vector
700Dxx03 SS Flip Flag
700Dxx04 OB Rotate Information
700Dxx05 DS FOV
700Dxx06 US Image Matrix
700Dxx07 OB Image Information
700Dxx08 OB Original Data
700Dxx09 SS Original Data Flag
700Dxx0C CS Receiver Gain Correction Check Flag
700Dxx20 SH Identification Flag of 3D GDC
700Dxx80 US Number of PAC channel
700Dxx81 US Reference mode
700Dxx82 SQ Gain value group for MRS
700Dxx83 FL Gain value of each channel for MRS
700Dxx84 FL Phase value of each channel for MRS
700Dxx85 FL Reference gain value of each channel for MRS
700Dxx86 FL Reference gain value of each channel for MRS
700Dxx87 FL Receiver gain of reference scan
700Dxx88 UL Flag of water Sat pulse
700Dxx89 FL Selected contrast TE
700Dxx8A SQ Raw Data Set Sequence
700Dxx8B DS Multi Slice number
700Dxx8C DS Multi Coverage number
700Dxx8D SQ Raw Data Sequence
700Dxx8E DS Coil Channel No.
700Dxx8F OB MRS Raw Data
700Dxx90 OF MRS Ref Raw Data
700Dxx91 FL Receiver gain of prescan
""",
    "TOSHIBA_MEC_MR3^10": """
00090002 SH Unknown
00110003 US Unknown
00110004 SQ Unknown
00110005 US Unknown
00110006 US Unknown
00110007 US Unknown
00110008 SH Unknown
0011000C SS Unknown
0011000E US Unknown
00190001 UL Unknown
00190002 SL Unknown
00190003 US Unknown
00190004 SL Unknown
00190005 FL Unknown
00190006 SL Unknown
00190007 FL Unknown
00190008 US Unknown
00190009 FL Unknown
0019000A FL Unknown
0019000B FL Unknown
0019000C US Unknown
0019000D SL Unknown
0019000E SL Unknown
0019000F SL Unknown
00190010 US Unknown
00190011 SL Unknown
00190012 US Unknown
00190013 SL Unknown
00190014 US Unknown
00190015 SL Unknown
00190016 FL Unknown
00190017 SL Unknown
00190018 US Unknown
00190019 SL Unknown
0019001A US Unknown
0019001B SL Unknown
0019001C SL Unknown
0019001D SL Unknown
0019001E US Unknown
0019001F SL Unknown
00190020 FL Unknown
00190021 US Unknown
00190022 SL Unknown
00190023 FL Unknown
00190024 FL Unknown
00190025 FL Unknown
00190026 SL Unknown
00190027 SL Unknown
00190028 SL Unknown
00190029 SH Unknown
0019002B SH Unknown
0019002C SL Unknown
0019002D SL Unknown
0019002E US Unknown
0019002F FL Unknown
00190030 UL Unknown
00190031 OF Unknown
00190032 FL Unknown
00190033 SL Unknown
00190034 SL Unknown
00190035 SL Unknown
00190036 SQ Unknown
00190038 SL Unknown
0019003A SL Unknown
0019003B SL Unknown
0019003C SL Unknown
0019003D SL Unknown
0019003E SL Unknown
0019003F SL Unknown
00190042 US Unknown
00190043 US Unknown
00190044 SL Unknown
00190045 SS Unknown
00190046 US Unknown
00190047 FL Unknown
00190048 US Unknown
00190049 US Unknown
0019004B US Unknown
0019004C US Unknown
0019004D SL Unknown
0019004E US Unknown
0019004F US Unknown
00190050 SL Unknown
00190051 SL Unknown
00190052 LO Unknown
00190054 US Unknown
00190055 US Unknown
00190057 FL Unknown
00190058 FL Unknown
00190059 SL Unknown
0019005A FL Unknown
0019005D FL Unknown
0019005E SL Unknown
0019005F FL Unknown
00190060 US Unknown
00190061 US Unknown
00190062 US Unknown
00190063 FL Unknown
00190064 FL Unknown
00190065 SL Unknown
00190069 FL Unknown
0019006A US Unknown
0019006B SL Unknown
0019006D SL Unknown
0019006E FL Unknown
0019006F SL Unknown
00190070 LO Unknown
00190071 LO Unknown
00190073 LO Unknown
00190075 LO Unknown
00190076 LO Unknown
00190078 LO Unknown
0019007B LO Unknown
0019007C FL Unknown
0019007D FL Unknown
0019007E SL Unknown
0019007F SL Unknown
00190085 FL Unknown
00190086 SL Unknown
00190087 FL Unknown
00190088 LO Unknown
0019008A SL Unknown
0019008C UL Unknown
0019008D TM Unknown
0019008E SL Unknown
00190092 SL Unknown
00190093 FL Unknown
00190096 US Unknown
0019009B FL Unknown
0019009C SL Unknown
001900A0 SL Unknown
001900A1 DS Unknown
001900A2 SL Unknown
001900A3 SL Unknown
001900A4 FL Unknown
001900A5 FL Unknown
001900A6 SL Unknown
001900A8 FL Unknown
001900A9 SL Unknown
001900AB FL Unknown
001900AC US Unknown
001900AD FL Unknown
001900AE FL Unknown
001900AF SL Unknown
001900B0 SL Unknown
001900B1 SL Unknown
001900B4 SL Unknown
001900B5 SL Unknown
001900B6 SL Unknown
001900B7 FL Unknown
001900BA FL Unknown
001900BB FL Unknown
001900BC FL Unknown
001900BD SL Unknown
001900BE SL Unknown
001900C1 SL Unknown
001900C3 SL Unknown
001900C6 FL Unknown
001900C9 SL Unknown
001900CA LO Unknown
001900CB UL Unknown
001900CC UL Unknown
001900CD SL Unknown
001900CE SL Unknown
001900CF SL Unknown
001900D0 US Unknown
001900D1 SL Unknown
001900D2 SL Unknown
001900D3 SL Unknown
001900D4 SL Unknown
001900D8 US Unknown
001900D9 SQ Unknown
001900DA US Unknown
001900DB SL Unknown
001900DC SL Unknown
001900E1 SL Unknown
001900E4 SL Unknown
001900E5 SQ Unknown
001900E6 SQ Unknown
001900E9 SL Unknown
001900EA UI Unknown
001900EB SL Unknown
001900EC US Unknown
001900EE FL Unknown
001900EF FL Unknown
001900F0 SL Unknown
001900F1 FL Unknown
001900F2 FL Unknown
001900F3 SL Unknown
001900F4 FD Unknown
001900F5 SL Unknown
001900F6 UI Unknown
001900F8 US Unknown
001900F9 SL Unknown
001900FA FL Unknown
001900FB UL Unknown
001900FC FL Unknown
001900FD FL Unknown
001900FE SL Unknown
001900FF SL Unknown
00210002 SL Unknown
00210003 SL Unknown
00210004 US Unknown
00210008 DS Unknown
00210009 DS Unknown
0021000A DS Unknown
0021000B US Unknown
0021000C US Unknown
0021000D FL Unknown
0021000F US Unknown
00210012 DS Unknown
00210014 SQ Unknown
00210015 FL Unknown
00210016 FL Unknown
00210018 US Unknown
0021001A US Unknown
0021001D IS Unknown
0021001F US Unknown
00210022 US Unknown
00210023 SS Unknown
00290001 SL Unknown
00290005 SQ Unknown
00290006 FL Unknown
00290007 FL Unknown
0029001C FL Unknown
00290021 SL Unknown
0029004E SL Unknown
00290050 LO Unknown
00290051 LO Unknown
00290052 LO Unknown
00290054 LO Unknown
00290067 FD Unknown
00290068 SS Unknown
0029006E OB Unknown
700D0010 DS 2nd Flip Angle [degree]
700D0011 US Acquisition Inner Matrix
700D0012 US MP2RAGE Flag
700D0013 FL Inversion efficiency of inversion recovery pulse
700D0014 SL Number of dummy shot
700D0015 FL FFE total repetition time[s]
700D0016 LO PAS Name
700D0017 LT Intended Processing
700D0018 SS Scanned Orientation IDs
700D0019 OB PAS Reproduct Information
700D0080 US Unknown
E2010002 US Unknown
E3010000 SH Unknown
E4010000 US Unknown
E4010001 US Unknown
E4010002 US Unknown
E4010003 US Unknown
E4010004 US Unknown
E4010005 OB Unknown
E4010007 FL Unknown
E4010008 FL Unknown
E4010012 FL Unknown
E4010013 OB Unknown
E4010020 SQ Unknown
E4010021 SQ Unknown
E4010022 LO Unknown
E4010023 SH Unknown
E4010024 OB Unknown
E4030000 SQ Unknown
EE010000 US Unknown
EE010001 OB Unknown
EE010002 US Unknown
""",
    "TOSHIBA_MEC_MR3^11": """
00190002 SL Unknown
00190003 SL Unknown
00190004 SL Unknown
00190008 SH Unknown
00190009 SL Unknown
0019000A SL Unknown
0019000B OB Unknown
0019000C SL Unknown
00190019 SQ Unknown
00190024 SL Unknown
00190025 SL Unknown
00190026 SL Unknown
00190028 SL Unknown
00190029 SL Unknown
0019002A FL Unknown
0019002B FL Unknown
0019002C SL Unknown
0019002D SL Unknown
0019002E SL Unknown
00190030 SL Unknown
00190031 SL Unknown
00190032 SL Unknown
00190034 FL Unknown
00190035 SL Unknown
00190036 FL Unknown
00190037 SL Unknown
00190038 SL Unknown
00190039 FL Unknown
0019003A FL Unknown
0019003C FL Unknown
0019003E FL Unknown
0019003F UI Unknown
00190040 US Unknown
00190041 US Unknown
00190042 SL Unknown
00190043 SL Unknown
00190044 SL Unknown
00190046 FL Unknown
00190048 LT Unknown
00190049 LT Unknown
0019004C SL Unknown
0019004D SL Unknown
0019004E SL Unknown
00190055 LO Unknown
00190057 FL Unknown
00190058 US Unknown
00190059 US Unknown
0019005C SL Unknown
0019005D SL Unknown
0019005F FL Unknown
00190060 SL Unknown
00190061 FL Unknown
00190062 FL Unknown
00190063 SL Unknown
00190067 FL Unknown
00190068 SL Unknown
0019006C FL Unknown
0019006D SH Unknown
0019006E SH Unknown
0019006F FL Unknown
00190070 FL Unknown
00190071 SL Unknown
00190072 FL Unknown
00190073 FL Unknown
00190077 FL Unknown
00190078 SL Unknown
0019007A SL Unknown
0019007C FL Unknown
0019007D SL Unknown
0019007E SL Unknown
0019007F SL Unknown
00190080 FL Unknown
00190083 FL Unknown
00190084 SL Unknown
00190087 SL Unknown
0019008A US Unknown
0019008B SL Unknown
0019008C SL Unknown
0019008F SL Unknown
00190091 SL Unknown
00190092 SL Unknown
00190094 FL Unknown
0019009A SL Unknown
0019009B US Unknown
0019009C FL Unknown
0019009D SL Unknown
0019009E SL Unknown
0019009F SL Unknown
001900A0 SL Unknown
001900A5 US Unknown
001900A6 US Unknown
001900A8 SL Unknown
001900AB US Unknown
001900AD SL Unknown
001900AE SL Unknown
001900B0 FL Unknown
001900B1 SL Unknown
001900B2 US Unknown
001900B3 US Unknown
001900B4 US Unknown
001900B5 FL Unknown
001900B6 SL Unknown
001900B7 US Unknown
001900B9 US Unknown
001900BB FL Unknown
001900BC SL Unknown
001900BD SL Unknown
001900BE FL Unknown
001900BF SL Unknown
001900C0 SL Unknown
001900C1 US Unknown
001900C3 FL Unknown
001900C4 SL Unknown
001900CD SL Unknown
001900E0 FL Unknown
001900E1 FL Unknown
001900E3 SL Unknown
001900E4 DS Unknown
001900E5 SQ Unknown
001900E6 SQ Unknown
001900F0 SL Unknown
001900F1 SL Unknown
001900F2 FL Unknown
001900F3 SL Unknown
001900F4 SL Unknown
001900F5 SQ Unknown
001900F6 SL Unknown
001900F7 SL Unknown
001900F8 SL Unknown
001900F9 SL Unknown
001900FA SL Unknown
001900FB FL Unknown
001900FC FL Unknown
001900FD SL Unknown
001900FE SL Unknown
001900FF SL Unknown
""",
    "TOSHIBA_MEC_MR3^12": """
00190000 SL Unknown
00190001 SL Unknown
00190002 SL Unknown
00190003 SL Unknown
00190004 SL Unknown
00190005 SH Unknown
00190006 FL Unknown
00190007 UL Unknown
00190008 UL Unknown
00190009 SL Unknown
0019000A SL Unknown
0019000B SL Unknown
0019000C UL Unknown
0019000D SQ Unknown
0019000E US Unknown
00190010 SL Unknown
00190011 SL Unknown
00190012 SL Unknown
00190013 FL Unknown
00190014 FL Unknown
00190018 UL Unknown
00190028 DS Unknown
0019002A DS Unknown
0019002B SQ Unknown
00190032 SH Unknown
00190034 SL Unknown
00190052 FL Unknown
00190076 OB Unknown
00190079 SQ Unknown
00190080 FD Unknown
00190085 US Unknown
00190086 LO Unknown
00190087 SQ Unknown
00190088 US Unknown
00190089 SL Unknown
0019008A US Unknown
0019008B US Unknown
0019008F OB Unknown
00190093 SL Unknown
00190094 UI Unknown
00190095 UI Unknown
00190098 FL Unknown
00190099 LO Unknown
0019009A DS Unknown
0019009B IS Unknown
0019009C DS Unknown
0019009D US Unknown
0019009E FL Unknown
0019009F FL Unknown
001900A0 FL Unknown
001900A1 FL Unknown
001900A2 FL Unknown
001900A3 FL Unknown
001900A4 FL Unknown
001900A5 FL Unknown
001900A6 FL Unknown
001900A7 FL Unknown
001900A8 FL Unknown
001900AA FL Unknown
001900AB FL Unknown
001900AC FL Unknown
001900AD FL Unknown
001900AE FL Unknown
001900AF FL Unknown
001900B3 FD Unknown
001900B4 LO Unknown
001900C2 US Unknown
001900C3 FL Unknown
001900C4 SL Unknown
001900C5 SL Unknown
001900C6 SL Unknown
001900C7 FL Unknown
001900CD LO Unknown
001900CE UL Unknown
001900CF FL Unknown
001900D1 FL Unknown
001900D2 US Unknown
001900D3 SS Unknown
001900D4 US Unknown
001900D5 FL Unknown
001900D6 FL Unknown
001900D7 US Unknown
001900D8 FL Unknown
001900DE US Unknown
001900DF US Unknown
001900E0 US Unknown
001900E1 FL Unknown
001900E2 FL Unknown
001900E3 TM Unknown
001900E4 US Unknown
001900EB US Unknown
001900EC US Unknown
001900EF DS Unknown
001900F0 LO Unknown
001900F1 LO Unknown
001900FA LT Unknown
001900FC FL Unknown
001900FD SL Unknown
001900FE SL Unknown
""",
    "TOSHIBA_MEC_MR3^13": """
00190002 US Unknown
00190003 SL Unknown
00190004 US Unknown
00190005 SL Unknown
00190008 SL Unknown
00190009 SQ Unknown
0019000A FD Unknown
0019000B FD Unknown
0019000C FD Unknown
0019000F SH Unknown
00190014 SH Unknown
00190019 US Unknown
0019001B US Unknown
0019001F US Unknown
00190022 SL Unknown
E4030000 SH Unknown
E4030001 OB Unknown
E4030002 OB Unknown
E4030003 OB Unknown
""",
    "TOSHIBA_MEC_OT3": """
0009xx00 LO HIS/RIS Study ID
7019xx71 CS Indicator of creator
7019xx72 LO ID of quality assurance reviewer
7019xx73 PN Name of quality assurance reviewer
7019xx74 DA Date of completion of quality assurance
7019xx75 TM Time of completion of quality assurance
7019xx76 LO Host name of quality assurance station
7019xx77 CS Station name and version of quality assurance station
7019xx78 CS Flag of completion of quality assurance
7019xx79 CS Status of quality assurance review
7019xx7A UI Original SOP Instance UID
7019xx7B UI Original Series Instance UID
7019xx7C UI Original Study Instance UID
7019xx7D US Rotation information for image display from original image
7019xx7E SQ Sequence of LR mark
7019xx7F US Rotation status at creation of LR mark
7019xx80 OB_or_OW Original image data on area of original LR mark
7019xx81 SS X start position of LR mark
7019xx82 SS Y start position of LR mark
7019xx83 US Size of LR mark in X direction
7019xx84 US Size of LR mark in Y direction
7019xx85 LO Previous Patient ID
7019xx86 CS Previous modality
""",
    "TOSHIBA_MEC_XA3": """
7079xx10 LO
7079xx21 SH
7079xx22 IS
7079xx23 IS
7079xx24 DS
7079xx25 SH
7079xx26 DS
7079xx27 US
7079xx28 US
7079xx29 US
7079xx2A US
7079xx2B UN
7079xx2C SH
7079xx2D SS
7079xx2E SH
7079xx2F SH
7079xx30 US
7079xx31 US
7079xx32 SH
7079xx33 US
7079xx34 SH
7079xx35 SH
7079xx36 SH
7079xx37 US
7079xx38 SS
7079xx39 SS
7079xx3A US
7079xx3B SH
7079xx3C DS
7079xx3D SS
7079xx3E SH
7079xx3F US
7079xx40 SH
7079xx41 SS
7079xx42 SH
7079xx43 SH
7079xx44 US
7079xx45 SH
7079xx46 SS
7079xx47 SS
7079xx48 US
7079xx49 US
7079xx4A US
7079xx4B LO
7079xx4C OB
7079xx4D LO
7079xx4E SL
7079xx4F SH
7079xx50 US
7079xx51 US
7079xx52 US
7079xx53 SH
7079xx54 US
7079xx55 UL
7079xx56 US
7079xx57 US
7079xx58 US
7079xx59 US
7079xx5A US
7079xx5B US
7079xx5C US
7079xx5D SH
7079xx5E US
7079xx5F SS
7079xx60 US
7079xx61 SS
7079xx62 US
7079xx63 US
7079xx64 US
7079xx65 US
7079xx66 US
7079xx67 US
7079xx68 US
7079xx69 US
7079xx6A US
7079xx6B US
7079xx6C US
7079xx6D DS
7079xx6E LO
7079xx6F DS
7079xx70 DS
7079xx71 DS
7079xx72 DS
7079xx73 SL
7079xx74 SL
7079xx75 SH
7079xx76 US
7079xx77 SL
7079xx78 US
7079xx79 US
7079xx7B SH Unknown
7079xx80 LO
7079xx81 SS
7079xx82 SS
""",
    "TOSHIBA_SR": """
7015xx10 OB Unknown
7015xx60 OB Unknown
""",
    "Thinking Systems Private Creator": """
7FDD0042 UN Unknown
7FDD0097 UN Unknown
""",
    "V1": """
0011xx01 OB User Data
0011xx02 DS Normalization Coefficient
0011xx03 DS Receiving Gain
0011xx04 DS Mean Image Noise
""",
    "VEPRO BROKER 1.0": """
0057xx10 SQ VEPRO Data replace sequence
""",
    "VEPRO BROKER 1.0 DATA REPLACE": """
0057xx20 SQ Original data sequence
0057xx30 SQ Replaced data sequence
0057xx40 DA Date of data replacement
0057xx41 TM Time of data replacement
0057xx42 LO Dicom receive node
0057xx43 LO Application name
0057xx44 LO Computer name
""",
    "VEPRO DICOM RECEIVE DATA 1.0": """
0059xx40 DA Receive date
0059xx41 TM Receive time
0059xx42 ST Receive node
0059xx43 ST Receive application
0059xx50 ST Receive local computer
0059xx51 ST Receive local ae title
0059xx60 ST Receive remote computer
0059xx61 ST Receive remote ae title
0059xx70 UI Receive original transfer syntax
""",
    "VEPRO DICOM TRANSFER 1.0": """
0059xx10 SQ Dicom Transfer Info
""",
    "VEPRO VIF 3.0 DATA": """
0055xx30 OB Icon data
0055xx65 OB Image hash value
""",
    "VEPRO VIM 5.0 DATA": """
0055xx10 OB VIFHEADER2
0055xx20 OB VIMDATA2
0055xx30 OB ICONDATA2
0055xx51 UI VEPRO UID ??
0055xx65 OB ??
""",
    "Varian Medical Systems VISION 3253": """
3253xx00 UN XML stream.
3253xx01 UN Data length of the XML stream
3253xx02 UN Extended Interface Format tag
""",
    "Viewing Protocol": """
0065xx93 CS Unknown
""",
    "Vital Images SW 3.4": """
5653xx10 OB Saved Workflow
5653xx11 LO Saved Workflow File Name
5653xx12 OB Saved Workflow File Data
5653xx13 SL Saved Workflow File Length
5653xx14 SQ Saved Workflow File Sequence
5653xx15 SQ Image Sequence
5653xx16 SL Volume Interpolated Slices
5653xx17 UI Volume SOP Instance UID
5653xx18 SH Saved Workflow Mark
5653xx19 UI Unknown
5653xx22 UI Unknown
5653xx23 LO Unknown
""",
    "Voxar 2.16.124.113543.6003.1999.12.20.12.5.0": """
1135xx00 UI Private Voxar Capture UID
1135xx01 OB Private Voxar Saved State
1135xx02 SQ Private Voxar Icon Image Sequence
1135xx03 ST Private Voxar Top Right Display Demographics
1135xx04 ST Private Voxar Bottom Left Display Demographics
1135xx05 IS Private Voxar Span State Schema
1135xx06 UL Private Voxar Live Image Restored Size
1135xx07 UI Private Voxar CaptureType
1135xx08 SQ Private Voxar Capture Source Series UID Sequence
1135xx09 UI Private Voxar Capture Source Series UID
1135xx10 IS Private Voxar Background Gray For Capture
1135xx11 IS Private Voxar Calcium Scoring Report Schema
1135xx12 IS Private Voxar Source Series Number
1135xx13 LO Private Voxar Bottom Left Display Demographics
""",
    "WG12 Supplement 43": """
0009xx01 SQ Event Timer Sequence
0009xx02 FD Event Time Interval
0009xx03 SQ Event Code Sequence
0019xx01 FD Focus Depth(s)
0019xx03 SQ Excluded Intervals Sequence
0019xx04 DT Exclusion Start Datetime
0019xx05 FD Exclusion Duration
0019xx06 SQ US Image Description Sequence
0019xx07 SQ Image Data Type Sequence
0019xx08 CS Data Type
0019xx09 SQ Transducer Scan Geometry Code Sequence
0019xx0B CS Aliased Data Type
0019xx0C CS Position Measuring Device Used
0019xx0D SQ Transducer Scanning Configuration Code Sequence
0019xx0E SQ Transducer Beam Steering Code Sequence
0019xx0F SQ Transducer Access Code Sequence
0021xx01 FD Image Position (Volume)
0021xx02 FD Image Orientation (Volume)
0021xx07 CS Ultrasound Acquisition Geometry
0021xx08 FD Apex Position
0021xx09 FD Volume to Transducer Mapping Matrix
0021xx0A FD Volume to Table Mapping Matrix
0021xx0C CS Patient Frame of Reference Source
0021xx0D FD Temporal Position Time Offset
0021xx0E SQ Plane Position (Volume) Sequence
0021xx0F SQ Plane Orientation (Volume) Sequence
0021xx10 SQ Temporal Position Sequence
0021xx11 CS Dimension Organization Type
0029xx01 SQ Data Frame Assignment Sequence
0029xx02 CS Data Path Assignment
0029xx03 US Bits Mapped to Color Lookup Table
0029xx04 SQ Opacity 1 LUT Sequence
0029xx05 CS Opacity 1 LUT Transfer Function
0029xx06 FD Opacity Constant
0029xx07 US Opacity Lookup Table Descriptor
0029xx08 OW Opacity Lookup Table Data
0029xx0B SQ Enhanced Palette Color Lookup Table Sequence
0029xx0C SQ Opacity 2 LUT Sequence
0029xx0D CS Opacity 2 LUT Transfer Function
0029xx0E CS Data Path ID
0029xx0F CS RGB LUT Transfer Function
0029xx10 CS Alpha LUT Transfer Function
0041xx01 CS Performed Protocol Type
""",
    "agfa/originalStudyUID": """
7FDD0013 UN Unknown
""",
    "agfa/seriesHeader": """
7FDB0012 UN Unknown
7FDB0053 UN Unknown
7FDB0054 UN Unknown
7FDB0055 UN Unknown
""",
    "http://www.gemedicalsystems.com/it_solutions/bamwallthickness/1.0": """
3119xx10 DT BAM WallThickness Session Date/Time
3119xx20 PN BAM WallThickness Session Creator
3119xx30 CS BAM WallThickness Session Completion Flag
3119xx40 SQ BAM WallThickness File Sequence
3119xx50 ST BAM WallThickness File Name
3119xx60 OB BAM WallThickness File Content
""",
    "http://www.gemedicalsystems.com/it_solutions/orthoview/2.1": """
3117xx10 DT OrthoView Session Date/Time
3117xx20 PN OrthoView Session Creator
3117xx30 CS OrthoView Session Completion Flag
3117xx40 SQ OrthoView File Sequence
3117xx50 ST OrthoView File Name
3117xx60 OB OrthoView File Content
""",
    "http://www.gemedicalsystems.com/it_solutions/rad_pacs/": """
3115xx01 UT Reference to pacs study
3115xx02 UT Reference to pacs image
3115xx03 CS Pacs examnotes flag
""",
    "syngoDynamics": """
0021xxAE OB Unknown
""",
}
