"""Pixel Data that came as parts of its own: its encoding, and what it tells of the image.

The media type of a part, or the codestream where that leaves it open, says which Transfer Syntax
the Instance has. Codestreams go in as they are, one fragment a Frame; what their headers say of
rows, columns and samples fills in what the metadata leaves out, and must not contradict it.

References
----------
PS3.18 10.5.2 and table 10.5.2-1, 8.7.3.3 (media types of bulk data); PS3.5 A.4 (encapsulation).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from isocenter.dicom.bare_codestreams import bare_jpeg_2000, first_scan
from isocenter.dicom.codecs import LOSSY
from isocenter.dicom.codestreams import (
    Codestream,
    parse_jpeg,
    parse_jpeg_2000,
    parse_jpeg_xl,
)
from isocenter.dicom.dictionary import keyword_of
from isocenter.dicom.encapsulation import encapsulated_pieces
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED
from isocenter.dicom.json_model import JSON, JSONObject, first_value
from isocenter.dicom.part10 import ITEM_START, SEQUENCE_END, element_header
from isocenter.dicom.streams import ByteRange, ByteSource, Piece, piece_length
from isocenter.dicom.uids import BIG_ENDIAN, DEFLATED, EXPLICIT, NATIVE, RLE, VIDEO
from isocenter.errors import CorruptPixelDataError, InvalidInputError, TooLargeError
from isocenter.limits import Limits

_JPEG = "1.2.840.10008.1.2.4"
_SYNTAX = re.compile(r"1\.2\.840\.10008\.1\.2(\.[0-9]{1,9}){0,3}")
_OCTETS = frozenset({"", "application/octet-stream"})
# Media types whose Transfer Syntax their own headers tell.
_JPEGS = frozenset({"image/jpeg", "image/jls", "image/x-jls"})
_JPEG_2000 = frozenset({"image/jp2", "image/jpx", "image/jphc", "image/j2c", "image/jph"})
# Others, with the one that is meant where none is named.
_USUAL: Mapping[str, str] = {
    "image/jxl": f"{_JPEG}.112",
    "image/dicom-rle": RLE,
    "image/x-dicom-rle": RLE,
    "video/mpeg2": f"{_JPEG}.100",
    "video/mpeg": f"{_JPEG}.100",
    "video/mp4": f"{_JPEG}.102",
    "video/h264": f"{_JPEG}.102",
    "video/h265": f"{_JPEG}.107",
}
_BY_PROCESS = {0xC0: f"{_JPEG}.50", 0xC1: f"{_JPEG}.51"}
_LOSSLESS_PROCESS, _LS_PROCESS = 0xC3, 0xF7
_LOSSY_METHODS = {
    **{f"{_JPEG}.{end}": "ISO_10918_1" for end in (50, 51, 53, 55)},
    f"{_JPEG}.81": "ISO_14495_1",
    f"{_JPEG}.91": "ISO_15444_1",
    f"{_JPEG}.203": "ISO_15444_15",
    **{f"{_JPEG}.{end}": "ISO_18181_1" for end in (111, 112)},
}
_JP2_SIGNATURE = b"\0\0\0\x0cjP  "
_HEAD_BYTES = 1 << 20  # profiles stand before the frame header
_FRAMES = 0x00280008


class ElementError(InvalidInputError):
    """An element of what was told cannot be stored; ``tag`` says which."""

    def __init__(self, tag: int, sentence: str) -> None:
        self.tag = tag
        name = keyword_of(tag) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
        super().__init__(f"{name} {sentence}")


class BulkPart(NamedTuple):
    """Bytes of a part: where they are, and what the part says of them.

    ``transfer_syntax_uid`` is ``""`` where it says nothing.
    """

    media_type: str
    transfer_syntax_uid: str
    content: ByteRange


@dataclass(frozen=True, slots=True)
class Pixels:
    """Pixel Data to be written.

    Attributes
    ----------
    pieces
        The whole element, and tables before it.
    told
        DICOM JSON of what the codestream says of the image.
    keeps_tables
        Whether Extended Offset Tables of the metadata still hold.
    """

    transfer_syntax_uid: str
    pieces: list[Piece]
    told: JSONObject
    keeps_tables: bool = False


def pixels_of(
    told: Mapping[str, JSON],
    parts: Sequence[BulkPart],
    source: ByteSource,
    stated_uid: str,
    limits: Limits,
) -> Pixels:
    """Return Pixel Data made of parts: one with all of it, or one for each Frame.

    Parameters
    ----------
    told
        DICOM JSON of the Instance.
    stated_uid
        The Transfer Syntax that metadata states, ``""`` for none.

    Raises
    ------
    ElementError
        If the parts are none that Pixel Data can be made of, or contradict the metadata.
    """
    try:
        uid = _syntax(parts[0], source, stated_uid)
        if any(_syntax(part, source, stated_uid) != uid for part in parts[1:]):
            raise ElementError(PIXEL_DATA, "has frames in several transfer syntaxes")
        if uid in {BIG_ENDIAN, DEFLATED} or _SYNTAX.fullmatch(uid) is None:
            raise ElementError(PIXEL_DATA, "cannot be stored from this transfer syntax")
        if uid in NATIVE:
            return _native(told, parts)
        if _is_encapsulated(parts, source):
            return _as_it_is(uid, parts[0].content, source)
        frames = [_codestream(part, source, limits) for part in parts]
        about = _about(uid, frames[0], source)
    except CorruptPixelDataError as error:
        raise ElementError(PIXEL_DATA, f"cannot be read: {error}") from None
    except TooLargeError as error:
        raise ElementError(PIXEL_DATA, f"is too large: {error}") from None
    _check_frames(told, uid, len(frames))
    described = _described(uid, about, told)
    if len(frames) > 1:
        described[f"{_FRAMES:08X}"] = {"vr": "IS", "Value": [len(frames)]}
    return Pixels(uid, list(encapsulated_pieces(frames)), described)


def _syntax(part: BulkPart, source: ByteSource, stated_uid: str) -> str:
    """Return the Transfer Syntax that a part is in."""
    if part.transfer_syntax_uid not in {"", "*"}:
        return part.transfer_syntax_uid
    if part.media_type in _OCTETS:
        return stated_uid or EXPLICIT
    head = source.read_at(part.content.offset, min(part.content.length, _HEAD_BYTES))
    if part.media_type in _JPEGS:
        return _jpeg_syntax(head)
    if part.media_type in _JPEG_2000:
        codestream = parse_jpeg_2000(head)
        family = ("201", "203") if _is_high_throughput(part, head) else ("90", "91")
        return f"{_JPEG}.{family[0] if codestream.is_reversible else family[1]}"
    if part.media_type in _USUAL:
        return _USUAL[part.media_type]
    raise ElementError(PIXEL_DATA, "came in a media type that it cannot be made of")


def _jpeg_syntax(head: bytes) -> str:
    process = parse_jpeg(head).process
    if process == _LS_PROCESS:
        return f"{_JPEG}.{81 if first_scan(head) else 80}"
    if process == _LOSSLESS_PROCESS:
        return f"{_JPEG}.{70 if first_scan(head) == 1 else 57}"
    if process not in _BY_PROCESS:
        raise CorruptPixelDataError("DICOM has no transfer syntax for this kind of JPEG")
    return _BY_PROCESS[process]


def _is_high_throughput(part: BulkPart, head: bytes) -> bool:
    if part.media_type in {"image/jphc", "image/jph"}:
        return True
    # The marker CAP comes right after the sizes in a codestream of ISO 15444-15.
    at = head.find(b"\xff\x4f\xff\x51")
    length = int.from_bytes(head[at + 4 : at + 6], "big")
    return at >= 0 and head[at + 4 + length : at + 6 + length] == b"\xff\x50"


def _native(told: Mapping[str, JSON], parts: Sequence[BulkPart]) -> Pixels:
    """Return native Frames one after another."""
    length = sum(part.content.length for part in parts)
    element = told.get(f"{PIXEL_DATA:08X}")
    vr = element.get("vr") if isinstance(element, dict) else ""
    if length >= UNDEFINED - 1:
        raise ElementError(PIXEL_DATA, "has 4 GiB or more, which native pixels cannot have")
    header = element_header(
        PIXEL_DATA, length + length % 2, is_implicit=False, vr="OB" if vr == "OB" else "OW"
    )
    frames: list[Piece] = [part.content for part in parts]
    return Pixels(EXPLICIT, [header, *frames, b"\0" * (length % 2)], {})


def _is_encapsulated(parts: Sequence[BulkPart], source: ByteSource) -> bool:
    """Whether a part is a whole value with its Items, as this archive gives it out."""
    part = parts[0]
    if len(parts) > 1 or part.media_type not in _OCTETS:
        return False
    return source.read_at(part.content.offset, len(ITEM_START)) == ITEM_START


def _as_it_is(uid: str, content: ByteRange, source: ByteSource) -> Pixels:
    header = element_header(PIXEL_DATA, UNDEFINED, is_implicit=False, vr="OB")
    tail = source.read_at(content.offset + max(0, content.length - 8), 8)
    end = b"" if tail == SEQUENCE_END else SEQUENCE_END
    return Pixels(uid, [header, content, end], {}, keeps_tables=True)


def _codestream(part: BulkPart, source: ByteSource, limits: Limits) -> Piece:
    """Return a Frame; JPEG 2000 out of its boxes, all else as it came."""
    content = part.content
    if source.read_at(content.offset, len(_JP2_SIGNATURE)) != _JP2_SIGNATURE:
        return content
    if content.length > limits.picture_bytes:
        raise TooLargeError("picture_bytes", limits.picture_bytes, content.length, "bytes")
    found = bare_jpeg_2000(source.read_at(content.offset, content.length))
    if not found.is_plain:
        raise CorruptPixelDataError("it has a palette or opacity")
    return found.codestream


def _about(uid: str, frame: Piece, source: ByteSource) -> Codestream | None:
    """Return what a Frame says about itself; ``None`` where it says nothing that is read."""
    if isinstance(frame, ByteRange):
        frame = source.read_at(frame.offset, min(piece_length(frame), _HEAD_BYTES))
    end = uid.removeprefix(f"{_JPEG}.") if uid.startswith(f"{_JPEG}.") else ""
    if end in {"90", "91", "201", "202", "203"}:
        return parse_jpeg_2000(frame)
    if end in {"110", "111", "112"}:
        return parse_jpeg_xl(frame)
    if end in {"50", "51", "53", "55", "57", "70", "80", "81"}:
        return parse_jpeg(frame)
    return None


def _check_frames(told: Mapping[str, JSON], uid: str, count: int) -> None:
    said = first_value(told, _FRAMES) or count
    if uid.startswith(VIDEO):
        if count > 1:
            raise ElementError(PIXEL_DATA, "is a video in several parts")
    elif str(said) != str(count):
        raise ElementError(_FRAMES, "is another number than that of the parts with frames")


def _described(uid: str, about: Codestream | None, told: Mapping[str, JSON]) -> JSONObject:
    """Return what the codestream says; it must not contradict what is told."""
    described: JSONObject = {}
    if uid in LOSSY:
        described["00282110"] = {"vr": "CS", "Value": ["01"]}
        described["00282114"] = {"vr": "CS", "Value": [_LOSSY_METHODS.get(uid, "")]}
    if about is None:
        return described
    numbers = {0x00280010: about.rows, 0x00280011: about.columns}
    if about.samples:
        numbers[0x00280002] = about.samples
    for tag, number in numbers.items():
        said = first_value(told, tag)
        if said is not None and said != number:
            raise ElementError(tag, "contradicts the codestream of Pixel Data")
    if about.samples:
        allocated = 8 if about.bits <= 8 else 16
        numbers |= {0x00280100: allocated, 0x00280101: about.bits, 0x00280102: about.bits - 1}
        numbers[0x00280103] = int(about.is_signed)
        if about.samples > 1:
            numbers[0x00280006] = 0
        described["00280004"] = {"vr": "CS", "Value": [_photometric(uid, about)]}
    for tag, number in numbers.items():
        described[f"{tag:08X}"] = {"vr": "US", "Value": [number]}
    return described


def _photometric(uid: str, about: Codestream) -> str:
    """Return the colours of a codestream (PS3.5 8.2, PS3.3 C.7.6.3.1.2)."""
    if about.samples == 1:
        return "MONOCHROME2"
    if uid in {f"{_JPEG}.50", f"{_JPEG}.51"}:
        # Three components that say nothing of themselves are YCbCr, as all decoders read them.
        return "RGB" if about.has_colour_transform is False else "YBR_FULL_422"
    if about.process == 0x51 and about.has_colour_transform:
        return "YBR_RCT" if about.is_reversible else "YBR_ICT"
    return "RGB"
