"""One input of a merge: what grouping and order need to know of it, and what it becomes.

References
----------
PS3.3 C.7.6.2 (Image Plane), C.7.6.3 (Image Pixel), A.70-A.72 (Legacy Converted Enhanced IODs).
"""

import hashlib

from isocenter.dicom.classic import OWN_KIND, SC_CLASSES, PixelFacts, own_kind, secondary_capture
from isocenter.dicom.conversion import IMAGE_TYPE, PIXEL_FORMAT_TAGS
from isocenter.dicom.dictionary import vr_of
from isocenter.dicom.enhanced import ENHANCED_CLASSES, check_bits
from isocenter.dicom.frames import FrameSpan, index_frames, number_of_frames
from isocenter.dicom.functional_groups import PRIVATE_FRAMES, is_own_block
from isocenter.dicom.geometry import Orientation, slice_normal
from isocenter.dicom.header_index import PIXEL_DATA, DataSetIndex, HeaderIndex
from isocenter.dicom.legacy_enhanced import LEGACY_CLASSES
from isocenter.dicom.part10 import Elements, transfer_syntax_of
from isocenter.dicom.stacks import DIMENSION_TAGS, GroupKey, Slice, Stack
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.uids import (
    CT,
    MR,
    NATIVE,
    PET,
    RF,
    SC_MULTI_FRAME_BIT,
    US_MULTI_FRAME,
    US_MULTI_FRAME_RETIRED,
    XA,
)
from isocenter.dicom.values import first_string, floats, integer, strings
from isocenter.errors import (
    CorruptPixelDataError,
    InvalidInputError,
    MissingElementError,
    NotSupportedError,
)

# What the caller may ask for; "" takes the class that fits best.
SOP_CLASS_CHOICES = ("", "enhanced", "legacy", "multiframe")

_MODALITY = 0x00080060
_PHOTOMETRIC, _SAMPLES, _BITS_ALLOCATED = 0x00280004, 0x00280002, 0x00280100
_BITS_STORED, _HIGH_BIT, _PIXEL_REPRESENTATION = 0x00280101, 0x00280102, 0x00280103
_PLANAR = 0x00280006
_FUNCTIONAL_GROUPS = (0x52009229, 0x52009230)
_TRIGGER_TIME, _INSTANCE_NUMBER = 0x00181060, 0x00200013
_COMPARED_BYTES_MAX = 64
_BITS_ALLOCATED_OF = {CT: (16,), MR: (8, 16), PET: (16,)}
_CLASS_OF_MODALITY = {legacy.modality: uid for uid, legacy in LEGACY_CLASSES.items()}
_ENHANCED_FAMILY = frozenset(
    {*(legacy.sop_class_uid for legacy in LEGACY_CLASSES.values()), *ENHANCED_CLASSES.values()}
)
_MULTI_FRAME_CLASSES = _ENHANCED_FAMILY | {
    *(*SC_CLASSES, SC_MULTI_FRAME_BIT, US_MULTI_FRAME, US_MULTI_FRAME_RETIRED)
}
# Pixel Data and how it is encapsulated, Data Set Trailing Padding.
_NOT_ATTRIBUTES = frozenset({PIXEL_DATA, 0x7FE00001, 0x7FE00002, 0x7FE00003, 0xFFFCFFFC})
# Objects that hold pixels and are no images to be joined (segmentation, dose, map, slide).
_NO_IMAGES = (
    *("1.2.840.10008.5.1.4.1.1.66", "1.2.840.10008.5.1.4.1.1.481", "1.2.840.10008.5.1.4.1.1.30"),
    "1.2.840.10008.5.1.4.1.1.77.1.6",
)


def summarise(
    source_index: int,
    digest: bytes,
    header: HeaderIndex,
    source: ByteSource,
    sop_class: str = "",
) -> tuple[Slice, tuple[str, ...]]:
    """Return what grouping and order need to know of one input, and notes about it.

    Parameters
    ----------
    sop_class
        One of ``SOP_CLASS_CHOICES``: which kind of multi-frame class the caller wants.

    Raises
    ------
    NotSupportedError
        If it is no single-frame image that a multi-frame class can hold as it is.
    InvalidInputError
        If elements that decide are broken, or Pixel Data is missing or too short.
    """
    dataset = header.dataset
    if PIXEL_DATA not in dataset.elements:
        raise MissingElementError("PixelData")
    notes: list[str] = []
    sop_class_uid = _sop_class(header, notes)
    transfer_syntax_uid = transfer_syntax_of(header)
    target_uid = _target(dataset, sop_class_uid, transfer_syntax_uid, sop_class)
    frames = index_frames(header, source)
    if len(frames.spans) > 1:
        raise NotSupportedError("only single-frame images are merged")
    if frames.is_encapsulated == (transfer_syntax_uid in NATIVE):
        raise CorruptPixelDataError("Pixel Data is not encoded as the Transfer Syntax says")
    if frames.extra_bytes:
        notes.append(f"{frames.extra_bytes} byte(s) after the pixels are no pixels, left out")
    patient_id, study_instance_uid, series_instance_uid = series_of(dataset)
    group = GroupKey(
        patient_id=patient_id,
        study_instance_uid=study_instance_uid,
        series_instance_uid=series_instance_uid,
        sop_class_uid=sop_class_uid,
        transfer_syntax_uid=transfer_syntax_uid,
        pixel_format=(
            *(_comparable(dataset, tag) for tag in PIXEL_FORMAT_TAGS),
            b"" if frames.is_encapsulated else b"%d" % frames.span(1).length,
            _x_ray_plane(dataset, target_uid),
        ),
        target_uid=target_uid,
    )
    one = placed_slice(source_index, digest, header, group, frames.span(1), notes)
    return one, tuple(notes)


def placed_slice(
    source_index: int,
    digest: bytes,
    header: HeaderIndex,
    group: GroupKey,
    pixels: FrameSpan,
    notes: list[str],
) -> Slice:
    """Return a slice of a group: where it lies, and what decides about its place in a stack.

    Raises
    ------
    InvalidInputError
        If a value cannot be read.
    """
    dataset = header.dataset
    position, orientation = _plane(dataset, notes)
    return Slice(
        source_index=source_index,
        digest=digest,
        group=group,
        sop_instance_uid=first_string(dataset, 0x00080018) or first_string(header.meta, 0x00020003),
        position_mm=position,
        orientation=orientation,
        location_hint=_number(dataset, 0x00201041),
        frame_of_reference_uid=first_string(dataset, 0x00200052),
        pixels=pixels,
        instance_number=int(_number(dataset, _INSTANCE_NUMBER) or 0),
        distinctions=tuple("\\".join(_texts(dataset, tag)) for tag in DIMENSION_TAGS),
        moment=_moment(dataset),
    )


def series_of(dataset: DataSetIndex) -> tuple[bytes, bytes, bytes]:
    """Return Patient, Study and Series, as ``GroupKey.series`` has them."""
    patient, study, series = (
        dataset.value(tag).rstrip(b" \0") for tag in (0x00100020, 0x0020000D, 0x0020000E)
    )
    return patient, study, series


def is_picture(header: HeaderIndex) -> bool:
    """Return whether it is of another kind than the slices of volumes: CT, MR and PET."""
    uid = first_string(header.dataset, 0x00080016) or first_string(header.meta, 0x00020002)
    return uid not in LEGACY_CLASSES


def reason_to_skip(header: HeaderIndex) -> str:
    """Return why a DICOM file is none of merge's business, ``""`` if it is.

    Objects without pixels, multi-frame ones (our own outputs among them) and those whose pixels
    are no picture of their own (segmentations, dose) stay as they are.
    """
    dataset = header.dataset
    frames = number_of_frames(dataset)
    if frames > 1:
        return f"already a multi-frame instance ({frames} frames)"
    uid = first_string(dataset, 0x00080016) or first_string(header.meta, 0x00020002)
    if uid in _MULTI_FRAME_CLASSES or any(tag in dataset.elements for tag in _FUNCTIONAL_GROUPS):
        return "already a multi-frame instance"
    if PRIVATE_FRAMES in dataset.elements and is_own_block(dataset):
        return "already merged"
    if PIXEL_DATA not in dataset.elements and uid not in LEGACY_CLASSES:
        return "no image"
    if uid.startswith(_NO_IMAGES):
        return "objects of this class are not merged"
    return ""


def is_worth_merging(stack: Stack) -> bool:
    """Return whether the stack becomes more than it was.

    One CT, MR or PET slice alone becomes an object of the enhanced family; one picture of another
    kind would only get another class.
    """
    return len(stack.frames) > 1 or stack.group.target_uid in _ENHANCED_FAMILY


def source_elements(dataset: DataSetIndex) -> Elements:
    """Return the attributes of a slice as encoded: no pixels, group lengths or padding.

    Nor elements of commands and of the file meta, which do not belong into a Data Set.
    """
    return {
        tag: dataset.raw(tag)
        for tag in dataset.elements
        if tag & 0xFFFF and tag not in _NOT_ATTRIBUTES and tag >> 16 not in (0x0000, 0x0002)
    }


def _sop_class(header: HeaderIndex, notes: list[str]) -> str:
    uid = first_string(header.dataset, 0x00080016)
    if uid:
        return uid
    uid = first_string(header.meta, 0x00020002)
    if uid:
        notes.append("SOP Class UID is missing, taken from the file meta")
        return uid
    uid = _CLASS_OF_MODALITY.get(first_string(header.dataset, _MODALITY), "")
    if not uid:
        raise NotSupportedError("no SOP Class UID, and the modality does not tell it")
    notes.append("SOP Class UID is missing, taken from the modality")
    return uid


def _target(
    dataset: DataSetIndex, sop_class_uid: str, transfer_syntax_uid: str, choice: str
) -> str:
    """Return the class of the output.

    Raises
    ------
    NotSupportedError
        If no class takes these pixels as they are, or not the one that is asked for.
    """
    if sop_class_uid in LEGACY_CLASSES and choice != "multiframe":
        legacy_uid = _legacy_target(dataset, sop_class_uid)
        if choice != "enhanced":
            return legacy_uid
        check_bits(sop_class_uid, integer(dataset, _BITS_STORED))
        return ENHANCED_CLASSES[sop_class_uid]
    if choice == "enhanced":
        raise NotSupportedError("the true Enhanced classes take CT, MR and PET only")
    if choice == "legacy":
        raise NotSupportedError("the legacy converted classes take CT, MR and PET only")
    bits = integer(dataset, _BITS_ALLOCATED)
    bits_stored = integer(dataset, _BITS_STORED, bits)
    pixels = PixelFacts(
        transfer_syntax_uid=transfer_syntax_uid,
        photometric=first_string(dataset, _PHOTOMETRIC),
        samples=integer(dataset, _SAMPLES, 1),
        bits_allocated=bits,
        bits_stored=bits_stored,
        high_bit=integer(dataset, _HIGH_BIT, bits_stored - 1),
        is_signed=bool(integer(dataset, _PIXEL_REPRESENTATION, 0)),
        is_planar=bool(integer(dataset, _PLANAR, 0)),
    )
    if sop_class_uid in OWN_KIND:
        return own_kind(sop_class_uid, pixels)
    return secondary_capture(pixels)


def _legacy_target(dataset: DataSetIndex, sop_class_uid: str) -> str:
    photometric = first_string(dataset, _PHOTOMETRIC)
    samples = integer(dataset, _SAMPLES, 1)
    bits = integer(dataset, _BITS_ALLOCATED)
    allowed = _BITS_ALLOCATED_OF[sop_class_uid]
    if photometric != "MONOCHROME2" or samples != 1 or bits not in allowed:
        raise NotSupportedError(
            "the multi-frame class takes MONOCHROME2 with "
            f"{' or '.join(map(str, allowed))} bits allocated only"
        )
    return LEGACY_CLASSES[sop_class_uid].sop_class_uid


def _plane(
    dataset: DataSetIndex, notes: list[str]
) -> tuple[tuple[float, float, float] | None, Orientation | None]:
    try:
        position = floats(dataset, 0x00200032)
        cosines = floats(dataset, 0x00200037)
    except InvalidInputError as error:
        notes.append(f"position in the patient not used: {error}")
        return None, None
    if len(position) != 3 or len(cosines) != 6:
        return None, None
    a, b, c, d, e, f = cosines
    orientation = (a, b, c, d, e, f)
    if slice_normal(orientation) is None:
        notes.append("Image Orientation (Patient) spans no plane, not used")
        return None, None
    return (position[0], position[1], position[2]), orientation


def _x_ray_plane(dataset: DataSetIndex, target_uid: str) -> bytes:
    """Return which plane of a biplane system it is: each has an object of its own (C.8.7.1.1.1)."""
    image_type = strings(dataset, IMAGE_TYPE) if target_uid in (XA, RF) else []
    return image_type[2].encode("latin-1") if len(image_type) > 2 else b""


def _number(dataset: DataSetIndex, tag: int) -> float | None:
    try:
        values = floats(dataset, tag)
    except InvalidInputError:
        return None
    return values[0] if values else None


def _texts(dataset: DataSetIndex, tag: int) -> list[str]:
    if vr_of(tag) != "FD":
        return strings(dataset, tag)
    try:
        return [repr(value) for value in floats(dataset, tag)]
    except InvalidInputError:
        return [dataset.value(tag).hex()]


def _comparable(dataset: DataSetIndex, tag: int) -> bytes:
    """Return the value without padding; of a palette a digest, as there is one in every slice."""
    value = dataset.value(tag)
    if vr_of(tag) == "CS":
        return value.rstrip(b" \0")
    return value if len(value) <= _COMPARED_BYTES_MAX else hashlib.sha256(value).digest()


def _moment(dataset: DataSetIndex) -> tuple[str, ...]:
    trigger = _number(dataset, _TRIGGER_TIME) or 0.0
    texts = [
        first_string(dataset, tag)
        for tag in (0x00080022, 0x00080032, 0x0008002A, 0x00080023, 0x00080033)
    ]
    return (*texts[:3], f"{trigger:020.6f}", *texts[3:])
