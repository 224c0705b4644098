"""ACR-NEMA 2.0 images to DICOM 3, and back as far as the old standard goes.

An ACR-NEMA file is a bare Data Set in Implicit VR, without preamble and file meta; each group
begins with its length, dates have points and times colons. It knows no sequences, one image, grey
values and ASCII. Readers of its time step over elements that they do not know: whatever is no
sequence is kept, so that the way back finds it, UIDs included. What is left out is named.

References
----------
ACR-NEMA 300-1988; PS3.5 6.2 (DA and TM of ACR-NEMA), PS3.6 (elements marked RET).
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from isocenter.dicom.dictionary import TEXT_VRS
from isocenter.dicom.edits import name_of
from isocenter.dicom.endianness import check_native
from isocenter.dicom.explicit import explicit_element
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED, DataSetIndex, HeaderIndex
from isocenter.dicom.instance_root import InstanceRoot
from isocenter.dicom.json_model import Scope, element_vr
from isocenter.dicom.modify import joined
from isocenter.dicom.part10 import (
    Elements,
    element_header,
    encode_data_set,
    encode_element,
    encode_text,
    encode_ul,
    encode_us,
    file_meta,
)
from isocenter.dicom.streams import ByteRange, ByteSource, Piece
from isocenter.dicom.uids import (
    CT,
    EXPLICIT,
    MR,
    SC,
    SC_MULTI_FRAME_BYTE,
    SC_MULTI_FRAME_WORD,
    derived_uid,
)
from isocenter.dicom.values import first_string, integer
from isocenter.errors import CorruptPixelDataError, NotSupportedError

_VERSION = b"nema2 1"  # changes when the derived UIDs change
_LENGTH_TO_END, _RECOGNITION_CODE = 0x00080001, 0x00080010
_DATA_SET_TYPE, _MODALITY, _CONVERSION_TYPE = 0x00080040, 0x00080060, 0x00080064
_SOP_CLASS, _SOP_INSTANCE = 0x00080016, 0x00080018
_STUDY, _SERIES, _FRAME_OF_REFERENCE = 0x0020000D, 0x0020000E, 0x00200052
_SERIES_NUMBER, _STUDY_ID = 0x00200011, 0x00200010
_SAMPLES, _PHOTOMETRIC, _DIMENSIONS = 0x00280002, 0x00280004, 0x00280005
_FRAMES, _ROWS, _COLUMNS, _PLANES = 0x00280008, 0x00280010, 0x00280011, 0x00280012
_FORMAT, _COMPRESSION, _LOCATION = 0x00280040, 0x00280060, 0x00280200
_BITS_ALLOCATED, _PIXEL_REPRESENTATION = 0x00280100, 0x00280103
_TRAILING_PADDING = 0xFFFCFFFC
_RECOGNISED = "ACR-NEMA 2.0"
# What only says that it is ACR-NEMA, and how it is encoded.
_STRUCTURE = frozenset(
    {_LENGTH_TO_END, _RECOGNITION_CODE, _DIMENSIONS, _PLANES, _FORMAT, _COMPRESSION, _LOCATION}
)
# Modality -> class, and the attributes of type 1 that ACR-NEMA may have (PS3.3 A.3, A.4).
_IMAGE_PLANE = (0x00080008, 0x00200032, 0x00200037, 0x00280030)
_CLASSES = {
    "CT": (CT, (*_IMAGE_PLANE, 0x00281052, 0x00281053)),
    "MR": (MR, (*_IMAGE_PLANE, 0x00180020, 0x00180021)),
}
# Type 2 of the modules that every image has (PS3.3 C.7.1.1, C.7.2.1, C.7.3.1, C.7.6.1), and of
# CT and MR.
_TYPE_2 = (
    *(0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00100010, 0x00100020, 0x00100030),
    *(0x00100040, _STUDY_ID, _SERIES_NUMBER, 0x00200013),
)
_TYPE_2_OF_CLASS = {
    CT: (0x00180050, 0x00180060, 0x00200012, 0x00201040, 0x00185100),
    MR: (0x00180022, 0x00180023, 0x00180050, 0x00180080, 0x00180081, 0x00180091, 0x00201040),
}
_DATE = re.compile(rb"([0-9]{4})\.([0-9]{2})\.([0-9]{2})")
_COMPACT_DATE = re.compile(rb"([0-9]{4})([0-9]{2})([0-9]{2})")
_COMPACT_TIME = re.compile(rb"([0-9]{2})([0-9]{2})([0-9]{2})?(\.[0-9]+)?")
_TIME = re.compile(rb"[0-9]{2}(:[0-9]{2}){0,2}(\.[0-9]+)?")
_DIGEST_CHUNK_BYTES = 1 << 20
_FIRST_GROUP = 0x0008
_PIXEL_GROUP = 0x7FE00000
_CELLS = (1, 8, 16, 32)
_NAMES_MAX = 5
_PATIENT = (0x00100020, 0x00100010, 0x00100030)
_STUDY_KEYS = (0x00080020, _STUDY_ID, 0x00080050)
_PATIENT_ORIENTATION = 0x00200020
_SC_BY_BITS = {8: SC_MULTI_FRAME_BYTE, 16: SC_MULTI_FRAME_WORD}


class Converted(NamedTuple):
    """The new file: its bytes, ranges counting in the source, and sentences for the user."""

    pieces: list[Piece]
    warnings: tuple[str, ...]


def is_nema2(header: HeaderIndex) -> bool:
    """Return whether it is a bare Data Set, or says itself that it is ACR-NEMA."""
    is_bare = not (header.has_preamble or header.meta.elements)
    return is_bare or _RECOGNITION_CODE in header.dataset


def is_whole_nema2(header: HeaderIndex) -> bool:
    """Return whether it is what ``to_nema2`` makes."""
    is_bare = not (header.has_preamble or header.meta.elements)
    return is_bare and header.dataset.is_implicit and _RECOGNITION_CODE in header.dataset


def to_dicom3(header: HeaderIndex, source: ByteSource) -> Converted:
    """Return an ACR-NEMA image as a DICOM file in Explicit VR Little Endian.

    The class is that of its modality if all is there that this requires, else Secondary Capture.
    UIDs that are missing are derived from what identifies study and series, or from the bytes of
    the file; the same file always gets the same.

    Raises
    ------
    NotSupportedError
        If it is no native image, or of cells that DICOM does not know.
    CorruptPixelDataError, MissingElementError
        If the pixels are not there, or fewer than the header says.
    UnusualEncodingError, TruncatedError, TooLargeError
        If a value cannot be read.
    """
    check_native(header)
    dataset = header.dataset
    offset, length = _pixels(dataset)
    scope = Scope().inside(dataset)
    elements: Elements = {}
    warnings: list[str] = []
    pixel_tag = _pixel_tag(dataset)
    for tag in dataset.elements:
        if tag in (pixel_tag, PIXEL_DATA, _TRAILING_PADDING) or tag in _STRUCTURE:
            continue
        if tag & 0xFFFF and tag >> 16 >= _FIRST_GROUP:
            elements[tag] = _in_dicom3(dataset, tag, scope)
        elif tag & 0xFFFF:
            warnings.append(f"{name_of(tag)} was left out: DICOM forbids its group")
    root = InstanceRoot(elements, is_implicit=False)
    _complete_pixels(root, dataset, warnings)
    if not root.text(_SOP_CLASS):
        _classify(root, warnings)
    _add_type_2(root)
    _identify(root, source)
    pieces: list[Piece] = [
        file_meta(root.text(_SOP_CLASS), root.text(_SOP_INSTANCE), EXPLICIT),
        encode_data_set({tag: raw for tag, raw in root.elements.items() if tag < PIXEL_DATA}),
        element_header(PIXEL_DATA, length, is_implicit=False, vr="OW"),
        ByteRange(0, offset, length),
        encode_data_set({tag: raw for tag, raw in root.elements.items() if tag > PIXEL_DATA}),
    ]
    return Converted(list(joined(pieces, source)), tuple(warnings))


def to_nema2(header: HeaderIndex, source: ByteSource) -> Converted:
    """Return a native image as an ACR-NEMA 2.0 file; what that cannot hold is named.

    Raises
    ------
    NotSupportedError
        If it is no native image.
    CorruptPixelDataError, MissingElementError
        As ``to_dicom3``.
    TooLargeError
        If a value is too long to be read.
    """
    check_native(header)
    dataset = header.dataset
    offset, length = _pixels(dataset)
    scope = Scope().inside(dataset)
    elements: Elements = {}
    dropped: list[int] = []
    is_ascii = True
    for tag, entry in dataset.elements.items():
        if not tag & 0xFFFF or tag in (_pixel_tag(dataset), _TRAILING_PADDING):
            continue
        vr = element_vr(dataset, tag, scope)
        if vr == "SQ" or entry[3] == UNDEFINED or tag >> 16 == PIXEL_DATA >> 16:
            dropped.append(tag)
            continue
        value = dataset.value(tag)
        is_ascii = is_ascii and (vr not in TEXT_VRS or value.isascii())
        if vr in _TO_POINTED:
            value = _each(value, _TO_POINTED[vr])
        elements[tag] = encode_element(tag, value, is_implicit=True, vr=vr)
    elements |= _structure(dataset)
    before = {tag: raw for tag, raw in elements.items() if tag < PIXEL_DATA}
    head = element_header(PIXEL_DATA, length, is_implicit=True, vr="OW")
    pixels = encode_ul(_PIXEL_GROUP, len(head) + length, is_implicit=True) + head
    after = _groups({tag: raw for tag, raw in elements.items() if tag > PIXEL_DATA})
    total = len(_groups(before)) + len(pixels) + length + len(after)
    # It counts what follows it; before it stands the length of its group.
    before[_LENGTH_TO_END] = encode_ul(_LENGTH_TO_END, total - 24, is_implicit=True)
    pieces: list[Piece] = [_groups(before) + pixels, ByteRange(0, offset, length), after]
    warnings = _limits_of_nema2(dataset, dropped, is_ascii=is_ascii)
    return Converted(list(joined(pieces, source)), tuple(warnings))


def _pixel_tag(dataset: DataSetIndex) -> int:
    """Return where the pixels are: ACR-NEMA names their group (Image Location)."""
    group = integer(dataset, _LOCATION, 0)
    tag = group << 16 | 0x0010
    return tag if group and tag in dataset else PIXEL_DATA


def _pixels(dataset: DataSetIndex) -> tuple[int, int]:
    """Return offset and length of the pixels after checking that they are there."""
    tag = _pixel_tag(dataset)
    if tag not in dataset:
        raise NotSupportedError("it has no Pixel Data: ACR-NEMA 2.0 knows images only")
    bits_allocated = integer(dataset, _BITS_ALLOCATED)
    if bits_allocated not in _CELLS:
        raise NotSupportedError(f"cells of {bits_allocated} bits are unknown to DICOM")
    samples = integer(dataset, _ROWS) * integer(dataset, _COLUMNS) * integer(dataset, _SAMPLES, 1)
    frames = max(integer(dataset, _FRAMES, 1), integer(dataset, _PLANES, 1), 1)
    _, _, offset, length, _ = dataset.elements[tag]
    if (samples * frames * bits_allocated + 7) // 8 > length:
        raise CorruptPixelDataError("Pixel Data is shorter than the header says")
    return offset, length


def _in_dicom3(dataset: DataSetIndex, tag: int, scope: Scope) -> bytes:
    vr = element_vr(dataset, tag, scope)
    if vr not in _TO_COMPACT:
        return explicit_element(dataset, tag, scope)
    value = _each(dataset.value(tag), _TO_COMPACT[vr])
    return encode_element(tag, value, is_implicit=False, vr=vr)


def _each(value: bytes, convert: Callable[[bytes], bytes]) -> bytes:
    return b"\\".join(convert(one.strip(b" \0")) for one in value.split(b"\\"))


def _compact_date(value: bytes) -> bytes:
    found = _DATE.fullmatch(value)
    return b"".join(found.groups()) if found else value


def _compact_time(value: bytes) -> bytes:
    return value.replace(b":", b"") if _TIME.fullmatch(value) else value


def _pointed_date(value: bytes) -> bytes:
    found = _COMPACT_DATE.fullmatch(value)
    return b".".join(found.groups()) if found else value


def _pointed_time(value: bytes) -> bytes:
    found = _COMPACT_TIME.fullmatch(value)
    if found is None:
        return value
    return b":".join(part for part in found.groups()[:3] if part) + (found[4] or b"")


def _complete_pixels(root: InstanceRoot, dataset: DataSetIndex, warnings: list[str]) -> None:
    """Say what ACR-NEMA takes for granted about its pixels."""
    planes = integer(dataset, _PLANES, 1)
    if planes > 1 and not root.has_value(_FRAMES):
        root.set_text(_FRAMES, str(planes))
    if not root.has_value(_SAMPLES):
        root.set_us(_SAMPLES, 1)
    if not root.has_value(_PHOTOMETRIC):
        root.set_text(_PHOTOMETRIC, "MONOCHROME2")
        warnings.append("higher values were taken to be brighter: the file does not say")
    if not root.has_value(_PIXEL_REPRESENTATION):
        root.set_us(_PIXEL_REPRESENTATION, 0)


def _classify(root: InstanceRoot, warnings: list[str]) -> None:
    """Give it the class of its modality if all is there for that, else Secondary Capture."""
    frames = int((root.numbers(_FRAMES) or [1.0])[0])
    bits_allocated = int((root.numbers(_BITS_ALLOCATED) or [0.0])[0])
    is_plain = frames == 1 and bits_allocated == 16
    is_grey = root.text(_PHOTOMETRIC) in ("MONOCHROME1", "MONOCHROME2")
    class_uid, required = _CLASSES.get(root.text(_MODALITY), ("", ()))
    if not (class_uid and is_plain and is_grey and all(map(root.has_value, required))):
        class_uid = SC if frames == 1 else _SC_BY_BITS.get(bits_allocated, SC)
        warnings.append("it became a Secondary Capture: its class requires more than is there")
        if not root.has_value(_CONVERSION_TYPE):
            root.set_text(_CONVERSION_TYPE, "DI")
    if not root.has_value(_MODALITY):
        root.set_text(_MODALITY, "OT")
    root.set_text(_SOP_CLASS, class_uid)


def _add_type_2(root: InstanceRoot) -> None:
    """Add, without a value, what must be there but may be unknown (PS3.5 7.4.3)."""
    own = _TYPE_2_OF_CLASS.get(root.text(_SOP_CLASS), (_PATIENT_ORIENTATION,))
    for tag in (*_TYPE_2, *own):
        if tag not in root.elements:
            root.set_empty(tag)


def _identify(root: InstanceRoot, source: ByteSource) -> None:
    """Derive the UIDs that are missing."""
    digest = hashlib.sha256()
    for start in range(0, source.size, _DIGEST_CHUNK_BYTES):
        digest.update(source.read_at(start, _DIGEST_CHUNK_BYTES))
    own = digest.digest()
    if not root.text(_SOP_INSTANCE):
        root.set_text(_SOP_INSTANCE, derived_uid(_VERSION, b"instance", own))
    patient, study = _key(root, _PATIENT), _key(root, _STUDY_KEYS)
    if not root.text(_STUDY):
        # Where nothing tells patients or studies apart, nothing may be put together.
        known = (patient, study) if patient and study else (own,)
        root.set_text(_STUDY, derived_uid(_VERSION, b"study", *known))
    study_uid = root.text(_STUDY).encode("latin-1")
    if not root.text(_SERIES):
        number = _key(root, (_SERIES_NUMBER,))
        parts = (study_uid, _key(root, (_MODALITY,)), number) if number else (study_uid, own)
        root.set_text(_SERIES, derived_uid(_VERSION, b"series", *parts))
    if root.text(_SOP_CLASS) in _TYPE_2_OF_CLASS and not root.text(_FRAME_OF_REFERENCE):
        series_uid = root.text(_SERIES).encode("latin-1")
        root.set_text(_FRAME_OF_REFERENCE, derived_uid(_VERSION, b"frame", series_uid))


def _key(root: InstanceRoot, tags: Iterable[int]) -> bytes:
    """Return what identifies something, ``b""`` where nothing is said."""
    texts = [root.text(tag) for tag in tags]
    return "\\".join(texts).encode("latin-1") if any(texts) else b""


def _structure(dataset: DataSetIndex) -> Elements:
    """Return what ACR-NEMA says about itself."""
    frames = integer(dataset, _FRAMES, 1)
    elements = {
        _LENGTH_TO_END: encode_ul(_LENGTH_TO_END, 0, is_implicit=True),
        _RECOGNITION_CODE: encode_text(_RECOGNITION_CODE, _RECOGNISED, is_implicit=True),
        _DIMENSIONS: encode_us(_DIMENSIONS, 3 if frames > 1 else 2, is_implicit=True),
        _FORMAT: encode_text(_FORMAT, "RECT", is_implicit=True),
        _COMPRESSION: encode_text(_COMPRESSION, "NONE", is_implicit=True),
        _LOCATION: encode_us(_LOCATION, PIXEL_DATA >> 16, is_implicit=True),
    }
    if frames > 1:
        elements[_PLANES] = encode_us(_PLANES, frames, is_implicit=True)
    if _DATA_SET_TYPE not in dataset:
        elements[_DATA_SET_TYPE] = encode_us(_DATA_SET_TYPE, 0, is_implicit=True)
    return elements


def _groups(elements: Elements) -> bytes:
    """Return the elements in order, each group with its length before it."""
    encoded = []
    tags = sorted(elements)
    for group, members in groupby(tags, key=lambda tag: tag >> 16):
        content = b"".join([elements[tag] for tag in members])
        encoded.append(encode_ul(group << 16, len(content), is_implicit=True) + content)
    return b"".join(encoded)


def _limits_of_nema2(dataset: DataSetIndex, dropped: list[int], *, is_ascii: bool) -> Iterator[str]:
    if dropped:
        names = ", ".join(name_of(tag) for tag in dropped[:_NAMES_MAX])
        more = f" and {len(dropped) - _NAMES_MAX} more" if len(dropped) > _NAMES_MAX else ""
        yield f"ACR-NEMA has no sequences, {len(dropped)} were left out: {names}{more}"
    if not first_string(dataset, _PHOTOMETRIC).startswith("MONOCHROME"):
        yield "ACR-NEMA 2.0 knows grey values only; what says the colours is kept as in DICOM"
    if integer(dataset, _FRAMES, 1) > 1:
        yield "ACR-NEMA 2.0 readers may show only the first frame"
    if not is_ascii:
        yield "ACR-NEMA knows ASCII only; other text stays in the character set of the file"


_TO_COMPACT = {"DA": _compact_date, "TM": _compact_time}
_TO_POINTED = {"DA": _pointed_date, "TM": _pointed_time}
