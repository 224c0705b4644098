"""UIDs that the code decides by, and UIDs derived from content (PS3.5 9, PS3.6 Annex A)."""

import hashlib

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
# Deflated Transfer Syntax -> the same without deflation (PS3.5 A.5, A.6, A.4.11 and following).
INFLATED = {
    DEFLATED: EXPLICIT,
    "1.2.840.10008.1.2.4.95": "1.2.840.10008.1.2.4.94",  # JPIP Referenced
    "1.2.840.10008.1.2.4.205": "1.2.840.10008.1.2.4.204",  # JPIP HTJ2K Referenced
}
# Transfer Syntaxes whose Pixel Data is native (PS3.5 A.1, A.2, A.5).
NATIVE = frozenset({IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN})
RLE = "1.2.840.10008.1.2.5"
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
_JPEG_FAMILY = "1.2.840.10008.1.2.4"
JPEG_DCT = frozenset({f"{_JPEG_FAMILY}.50", f"{_JPEG_FAMILY}.51"})
# Compressed without loss and without any change of colours: RLE, JPEG lossless, JPEG-LS.
PLAIN_LOSSLESS = frozenset({RLE, *(f"{_JPEG_FAMILY}.{end}" for end in (57, 70, 80))})

CT = "1.2.840.10008.5.1.4.1.1.2"
MR = "1.2.840.10008.5.1.4.1.1.4"
PET = "1.2.840.10008.5.1.4.1.1.128"
US, US_MULTI_FRAME = "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.3.1"
US_RETIRED, US_MULTI_FRAME_RETIRED = "1.2.840.10008.5.1.4.1.1.6", "1.2.840.10008.5.1.4.1.1.3"
XA, RF = "1.2.840.10008.5.1.4.1.1.12.1", "1.2.840.10008.5.1.4.1.1.12.2"
NM = "1.2.840.10008.5.1.4.1.1.20"
SC = "1.2.840.10008.5.1.4.1.1.7"
SC_MULTI_FRAME_BIT = f"{SC}.1"
SC_MULTI_FRAME_BYTE = f"{SC}.2"
SC_MULTI_FRAME_WORD = f"{SC}.3"
SC_MULTI_FRAME_COLOUR = f"{SC}.4"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
ENHANCED_MR, ENHANCED_PET = "1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.130"
ENHANCED_US_VOLUME = "1.2.840.10008.5.1.4.1.1.6.2"
ENHANCED_XA = "1.2.840.10008.5.1.4.1.1.12.1.1"
ENHANCED_XRF = "1.2.840.10008.5.1.4.1.1.12.2.1"
RT_DOSE = "1.2.840.10008.5.1.4.1.1.481.2"
LEGACY_ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.2"
LEGACY_ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.4"
LEGACY_ENHANCED_PET = "1.2.840.10008.5.1.4.1.1.128.1"

# How the UIDs of the standard's image classes begin (PS3.4 B.5).
STANDARD_STORAGE = "1.2.840.10008.5.1.4.1.1."
# Whole slide, and confocal tiled pyramidal microscopy.
WHOLE_SLIDE = frozenset({f"{STANDARD_STORAGE}77.1.6", f"{STANDARD_STORAGE}77.1.9"})
# How the UIDs of MPEG-2, MPEG-4, HEVC and SMPTE ST 2110 begin (PS3.5 A.4.5 - A.4.10, A.6, A.7).
VIDEO = (
    *(f"{_JPEG_FAMILY}.10{n}" for n in range(9)),
    "1.2.840.10008.1.2.7.",
)

# Our own Implementation Class UID and version name (PS3.7 D.3.3.2), derived once from a UUID.
IMPLEMENTATION_CLASS = "2.25.198404128319126463918023761207243190514"
IMPLEMENTATION_VERSION = "ISOCENTER_1"


def derived_uid(*parts: bytes) -> str:
    """Return ``2.25.`` plus 128 bits of SHA-256 over the parts: same parts, same UID.

    Each part goes in with its length before it, so that no two lists of parts collide.
    At most 44 characters (PS3.5 B.2).
    """
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return "2.25." + str(int.from_bytes(digest.digest()[:16], "big"))
