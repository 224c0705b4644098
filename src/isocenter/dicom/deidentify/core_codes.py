"""Code strings without which an object is not what it is: taken from lists, not from words.

References
----------
PS3.3 C.7.3.1.1.1 (Modality), C.7.6.3.1.2 (Photometric Interpretation), C.7.3.1.1.2 (Patient
Position), C.17.3.2 (Value Type, Relationship Type), C.7.6.1.1.5.1 (compression methods).
"""

import re

from isocenter.dicom.anatomic_regions import REGIONS


def _terms(text: str) -> frozenset[bytes]:
    return frozenset(term.encode() for term in text.split())


MODALITIES = _terms(
    "ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DG DMS DOC DX ECG EEG EMG EOG EPS ES FID GM "
    "HC HD IO IOL IVOCT IVUS KER KO LEN LS M3D MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS "
    "OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN "
    "RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA XA XAPROTOCOL XC "
    # retired
    "AS CD CF CP CS DD DF DM DS EC FA FS LP MA MS OPR ST TEXT VF"
)
PHOTOMETRIC_INTERPRETATIONS = _terms(
    "MONOCHROME1 MONOCHROME2 RGB YBR_FULL YBR_FULL_422 YBR_PARTIAL_422 YBR_PARTIAL_420 YBR_ICT "
    "YBR_RCT XYB HSV ARGB CMYK"
) | {b"PALETTE COLOR"}
PATIENT_POSITIONS = _terms(
    "HFP HFS HFDR HFDL HFV HFI FFDR FFDL FFP FFS FFV FFI LFP LFS LFDR LFDL RFP RFS RFDR RFDL AFP "
    "AFS AFDR AFDL PFP PFS PFDR PFDL"
)
BODY_PARTS = frozenset(term.encode() for term in REGIONS)
VALUE_TYPES = _terms(
    "CODE COMPOSITE CONTAINER DATE DATETIME IMAGE NUM PNAME SCOORD SCOORD3D TABLE TCOORD TEXT TIME "
    "UIDREF WAVEFORM NUMERIC"
)
RELATIONSHIP_TYPES = frozenset(
    {
        *(b"CONTAINS", b"HAS PROPERTIES", b"HAS OBS CONTEXT", b"HAS ACQ CONTEXT"),
        *(b"INFERRED FROM", b"SELECTED FROM", b"HAS CONCEPT MOD"),
    }
)
# Compression methods are called by the number of their standard.
_STANDARD = re.compile(rb"ISO_[0-9]{5}(?:_[0-9]{1,2})? *")


def is_standard_number(value: bytes) -> bool:
    """Return whether this is the number of an ISO standard: ``ISO_15444_1``."""
    return _STANDARD.fullmatch(value) is not None
