"""Videos to Instances: which streams the standard takes as they are, and what goes around them.

References
----------
PS3.5 8.2.5, 8.2.6 (MPEG-2), 8.2.7, 8.2.8 (H.264), 8.2.10 (HEVC), A.4 (one fragment, an empty
offset table); PS3.3 A.32.5, A.32.6, A.32.7 (video IODs), C.7.6.5 (Cine), C.7.6.6 (Multi-frame),
C.8.12.1 (VL Image); ITU-T H.264 table A-1 (levels).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from struct import pack
from typing import NamedTuple

from isocenter.dicom.anatomic_regions import REGIONS
from isocenter.dicom.enhanced_rules import CODE_SEPARATOR
from isocenter.dicom.enhanced_values import encode_code
from isocenter.dicom.frame_increment import (
    FRAME_INCREMENT_POINTER,
    FRAME_TIME,
    FRAME_TIME_VECTOR,
)
from isocenter.dicom.generate import PictureFormat, PictureFrame, make_instance
from isocenter.dicom.given_identity import GivenIdentity, NewInstance, identity_elements
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED
from isocenter.dicom.instance_root import InstanceRoot
from isocenter.dicom.part10 import (
    ITEM_START,
    SEQUENCE_END,
    element_header,
    encode_data_set,
    encode_element,
    encode_sequence,
    encode_text,
    file_meta,
)
from isocenter.dicom.pixel_format import (
    BITS_ALLOCATED,
    BITS_STORED,
    COLUMNS,
    HIGH_BIT,
    PHOTOMETRIC_INTERPRETATION,
    PIXEL_REPRESENTATION,
    PLANAR_CONFIGURATION,
    ROWS,
    SAMPLES_PER_PIXEL,
)
from isocenter.dicom.streams import ByteRange, Piece
from isocenter.dicom.uids import EXPLICIT
from isocenter.dicom.values import first_string
from isocenter.errors import TooLargeError

FRAGMENT_BYTES_MAX = 0xFFFFFFFE

_FAMILY = "1.2.840.10008.1.2.4."
MPEG2_MAIN, MPEG2_HIGH = f"{_FAMILY}100", f"{_FAMILY}101"
H264_41, H264_42, HEVC_51 = f"{_FAMILY}102", f"{_FAMILY}104", f"{_FAMILY}107"

_IMAGE_TYPE, _CONVERSION_TYPE = 0x00080008, 0x00080064
_CINE_RATE, _DISPLAY_RATE = 0x00180040, 0x00082144
_PATIENT_ORIENTATION, _ACQUISITION_CONTEXT = 0x00200020, 0x00400555
_NUMBER_OF_FRAMES, _ASPECT_RATIO = 0x00280008, 0x00280034
_LOSSY, _LOSSY_RATIO, _LOSSY_METHOD = 0x00282110, 0x00282112, 0x00282114
_MANUFACTURER, _ANATOMIC_REGION = 0x00080070, 0x00082218
_BODY_PART, _LATERALITY, _CODE_VALUE = 0x00180015, 0x00200060, 0x00080100
_UNPAIRED = frozenset(code for code, _, _, is_paired in REGIONS.values() if not is_paired)
_VALUE_BYTES_MAX = 0xFFFE
_ASPECT_MAX = 9999

_MPEG2_LEVELS = {10: "low", 8: "main", 6: "high 1440", 4: "high"}
# PS3.5 table 8-1: rows of television and their frames a second.
_TELEVISION = {480: (Fraction(30), Fraction(30000, 1001)), 576: (Fraction(25),)}
_TELEVISION_COLUMNS = 720
# PS3.5 table 8-2, and the rows that a rate leaves room for.
_HIGH_ROWS = {25: 1080, 30: 1080, 50: 720, 60: 720}
_HIGH_COLUMNS = 1920
# Level times ten -> macroblocks a frame and a second (H.264 table A-1).
_H264_LEVELS = {41: (8192, 245_760), 42: (8704, 522_240)}
# Every decoder of High profile takes these too (H.264 A.3).
_H264_PROFILES = frozenset({"High", "Main", "Constrained Baseline"})
_HEVC_LEVEL_51 = 153  # thirty times the level
# What lost something, as Lossy Image Compression Method calls it; MPEG-4 part 2 and others have
# no Defined Term.
_METHODS = {
    "h264": "ISO_14496_10",
    "hevc": "ISO_23008_2",
    "mpeg2video": "ISO_13818_2",
    "mpeg1video": "ISO_11172_2",
    "mpeg4": "ISO_14496_2",
    "mjpeg": "ISO_10918_1",
    "jpeg2000": "ISO_15444_1",
}
_LOSSLESS = frozenset(
    {"rawvideo", "ffv1", "huffyuv", "ffvhuff", "utvideo", "png", "qtrle", "msvideo1"}
)


class VideoClass(NamedTuple):
    """A SOP Class for video, and the Modality that goes with it."""

    uid: str
    modality: str


CLASSES = {
    "photographic": VideoClass("1.2.840.10008.5.1.4.1.1.77.1.4.1", "XC"),
    "endoscopic": VideoClass("1.2.840.10008.5.1.4.1.1.77.1.1.1", "ES"),
    "microscopic": VideoClass("1.2.840.10008.5.1.4.1.1.77.1.2.1", "GM"),
}


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a video is.

    Attributes
    ----------
    codec, profile, level, sampling
        As FFmpeg names them.
    steps_ms
        From each Frame to the next where they are uneven, else empty.
    pixel_shape
        Width by height of a pixel.
    quarters
        How often a player turns the picture.
    stream_bytes
        Of all Frames as they are encoded.
    """

    codec: str
    profile: str
    level: int
    sampling: str
    rows: int
    columns: int
    frames: int
    rate: Fraction
    steps_ms: tuple[float, ...]
    pixel_shape: Fraction
    quarters: int
    stream_bytes: int


class Fitting(NamedTuple):
    """The Transfer Syntax that takes a stream as it is; else why there is none."""

    transfer_syntax_uid: str = ""
    reason: str = ""


def fitting_syntax(facts: VideoFacts) -> Fitting:
    """Return the Transfer Syntax that takes the stream as it is, or why there is none."""
    rule = {"mpeg2video": _fit_mpeg2, "h264": _fit_h264, "hevc": _fit_hevc}.get(facts.codec)
    if rule is None:
        return Fitting(reason=f"no Transfer Syntax takes {facts.codec}")
    if facts.sampling not in ("yuv420p", "yuvj420p"):
        return Fitting(reason=f"no Transfer Syntax takes samples of the kind {facts.sampling}")
    if facts.quarters:
        return Fitting(reason="the standard cannot say that a video is shown turned")
    return rule(facts)


def notes_about(facts: VideoFacts) -> list[str]:
    """Return sentences about what an Instance cannot say of a video."""
    if facts.steps_ms and not _steps(facts):
        return ["the times of so many frames do not fit in: they are shown evenly"]
    return []


def make_video_instance(
    facts: VideoFacts,
    transfer_syntax_uid: str,
    stream_bytes: int,
    given: GivenIdentity,
    new: NewInstance,
) -> Iterator[Piece]:
    """Yield the pieces of a Part 10 file with a stream in one fragment.

    Parameters
    ----------
    stream_bytes
        Length of source 0, which goes into the fragment: the stream or its container.
    new
        With the SOP Class of the video.

    Raises
    ------
    TooLargeError
        If a fragment cannot be so long.
    """
    if stream_bytes > FRAGMENT_BYTES_MAX:
        raise TooLargeError("fragment_bytes", FRAGMENT_BYTES_MAX, stream_bytes, "bytes")
    root = InstanceRoot({}, is_implicit=False)
    root.set_text(_IMAGE_TYPE, "ORIGINAL", "PRIMARY")
    root.set_empty(_PATIENT_ORIENTATION)
    root.elements[_ACQUISITION_CONTEXT] = encode_element(
        _ACQUISITION_CONTEXT, b"", is_implicit=False, vr="SQ"
    )
    _describe_pixels(root, facts)
    _describe_time(root, facts)
    _describe_loss(root, facts)
    root.set_empty(_MANUFACTURER)
    root.elements.update(identity_elements(_with_rates(given, facts), new))
    _describe_region(root)
    yield file_meta(new.sop_class_uid, root.text(0x00080018), transfer_syntax_uid)
    yield encode_data_set(root.elements)
    yield element_header(PIXEL_DATA, UNDEFINED, is_implicit=False, vr="OB")
    yield ITEM_START + pack("<I", 0)
    yield ITEM_START + pack("<I", stream_bytes + stream_bytes % 2)
    yield ByteRange(0, 0, stream_bytes)
    yield b"\0" * (stream_bytes % 2)
    yield SEQUENCE_END


def make_capture_instance(
    facts: VideoFacts, given: GivenIdentity, new: NewInstance
) -> Iterator[Piece]:
    """Yield the pieces of a Multi-frame True Color Secondary Capture of decoded Frames.

    They lie one after the other in source 0, red, green and blue of each pixel.

    Raises
    ------
    NotSupportedError
        If there are too many bytes.
    """
    method = "" if facts.codec in _LOSSLESS else _METHODS.get(facts.codec, facts.codec.upper())
    across = facts.pixel_shape.limit_denominator(_ASPECT_MAX)
    picture = PictureFormat(
        transfer_syntax_uid=EXPLICIT,
        rows=facts.rows,
        columns=facts.columns,
        samples=3,
        photometric="RGB",
        bits_allocated=8,
        bits_stored=8,
        lossy_method=method[:16].replace("-", "_"),
        # Pixels that are wide lie less densely across.
        density=(float(1 / across), 1.0) if across != 1 else (0.0, 0.0),
    )
    length = picture.native_bytes
    steps = _steps(facts) or [1000 / float(facts.rate)] * facts.frames
    frames = [
        PictureFrame(
            ByteRange(0, index * length, length),
            lossy_bytes=facts.stream_bytes if index == 0 else 0,
            milliseconds=steps[min(index, len(steps) - 1)],
        )
        for index in range(facts.frames)
    ]
    usual = {
        _CONVERSION_TYPE: encode_text(_CONVERSION_TYPE, "DV", is_implicit=False),
        **given.elements,
    }
    described = _with_rates(GivenIdentity(usual), facts)
    yield from make_instance(picture, frames, described, new, is_multi_frame=True)


def _fit_mpeg2(facts: VideoFacts) -> Fitting:
    rate, rows, columns = facts.rate, facts.rows, facts.columns
    if facts.profile != "Main" or facts.level not in _MPEG2_LEVELS:
        return Fitting(reason="MPEG-2 is taken in Main profile only")
    is_small = facts.level in (8, 10)
    if is_small and columns <= _TELEVISION_COLUMNS and rate in _TELEVISION.get(rows, ()):
        return Fitting(MPEG2_MAIN)
    nearest = round(rate)
    is_rate = rate in (nearest, Fraction(nearest * 1000, 1001))
    if not is_rate or rows > _HIGH_ROWS.get(nearest, 0) or columns > _HIGH_COLUMNS:
        return Fitting(
            reason="MPEG-2 is taken with 25 or 30 frames a second up to 1920x1080, "
            "or 50 or 60 up to 1280x720"
        )
    return Fitting(MPEG2_HIGH)


def _fit_h264(facts: VideoFacts) -> Fitting:
    if facts.profile not in _H264_PROFILES:
        return Fitting(reason=f"H.264 is taken in High profile, this is {facts.profile or 'none'}")
    blocks = -(-facts.rows // 16) * -(-facts.columns // 16)
    for level, uid in ((41, H264_41), (42, H264_42)):
        blocks_max, rate_max = _H264_LEVELS[level]
        # 9 stands for level 1b.
        if facts.level <= level and blocks <= blocks_max and blocks * facts.rate <= rate_max:
            return Fitting(uid)
    return Fitting(reason="H.264 is taken up to level 4.2, this needs more")


def _fit_hevc(facts: VideoFacts) -> Fitting:
    if facts.profile != "Main" or facts.level > _HEVC_LEVEL_51:
        return Fitting(reason="HEVC is taken in Main profile up to level 5.1")
    return Fitting(HEVC_51)


def _describe_pixels(root: InstanceRoot, facts: VideoFacts) -> None:
    numbers = {
        SAMPLES_PER_PIXEL: 3,
        PLANAR_CONFIGURATION: 0,
        ROWS: facts.rows,
        COLUMNS: facts.columns,
        BITS_ALLOCATED: 8,
        BITS_STORED: 8,
        HIGH_BIT: 7,
        PIXEL_REPRESENTATION: 0,
    }
    for tag, number in numbers.items():
        root.set_us(tag, number)
    root.set_text(PHOTOMETRIC_INTERPRETATION, "YBR_PARTIAL_420")
    shape = facts.pixel_shape.limit_denominator(_ASPECT_MAX)
    if shape != 1:
        # Height before width.
        root.set_text(_ASPECT_RATIO, str(shape.denominator), str(shape.numerator))


def _describe_time(root: InstanceRoot, facts: VideoFacts) -> None:
    steps = _steps(facts)
    if steps:
        tag = FRAME_TIME_VECTOR
        root.set_decimal(tag, 0, *steps)
    else:
        tag = FRAME_TIME
        root.set_decimal(tag, 1000 / float(facts.rate))
    root.set_text(_NUMBER_OF_FRAMES, str(facts.frames))
    root.elements[FRAME_INCREMENT_POINTER] = encode_element(
        FRAME_INCREMENT_POINTER, pack("<HH", tag >> 16, tag & 0xFFFF), is_implicit=False
    )


def _describe_region(root: InstanceRoot) -> None:
    """Say which region of the body is shown (type 1C), the whole of it where nobody says.

    Laterality is for paired structures and must be absent elsewhere (C.7.3.1).
    """
    if not root.has_value(_ANATOMIC_REGION):
        region = REGIONS.get(root.text(_BODY_PART), REGIONS["WHOLEBODY"])
        code = encode_code(CODE_SEPARATOR.join(region[:3]), is_implicit=False)
        root.elements[_ANATOMIC_REGION] = encode_sequence(
            _ANATOMIC_REGION, [code], is_implicit=False
        )
    (item, *_) = root.items(_ANATOMIC_REGION)
    if first_string(item, _CODE_VALUE) in _UNPAIRED and not root.has_value(_LATERALITY):
        root.remove(_LATERALITY)


def _steps(facts: VideoFacts) -> list[float]:
    """Return uneven steps, rounded to microseconds; none where they do not fit into one value."""
    steps = [round(step, 3) for step in facts.steps_ms]
    return steps if len("\\".join(map(str, steps))) < _VALUE_BYTES_MAX - 2 else []


def _describe_loss(root: InstanceRoot, facts: VideoFacts) -> None:
    native_bytes = facts.rows * facts.columns * 3 * facts.frames
    root.set_text(_LOSSY, "01")
    root.set_decimal(_LOSSY_RATIO, round(native_bytes / max(1, facts.stream_bytes), 2))
    root.set_text(_LOSSY_METHOD, _METHODS[facts.codec])


def _with_rates(given: GivenIdentity, facts: VideoFacts) -> GivenIdentity:
    """Return what is given, and whole Frames a second where it says nothing of that."""
    text = str(max(1, round(facts.rate)))
    usual = {tag: encode_text(tag, text, is_implicit=False) for tag in (_CINE_RATE, _DISPLAY_RATE)}
    return GivenIdentity({**usual, **given.elements})
