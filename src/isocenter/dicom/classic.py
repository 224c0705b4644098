"""Multi-frame classes without functional groups: US, XA, RF, NM and Secondary Capture.

What all slices share stands in the root, as the standard has it; what differs goes per Frame into
our private block, because these classes have no other place for it. The pixels decide which
Secondary Capture class fits; where none does without changing them, the slices stay single.

References
----------
PS3.3 A.5, A.7, A.8, A.14, A.16 (the IODs), C.7.6.5 and C.7.6.6 (cine and multi-frame), C.8.6.2
(SC multi-frame image), C.8.6.3 (SC multi-frame vector), C.8.4.8 (NM vectors).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from isocenter.dicom.conversion import (
    CONTENT_DATE,
    CONTENT_TIME,
    CONTRIBUTING_EQUIPMENT,
    IDENTITY_TAGS,
    IMAGE_TYPE,
    INSTANCE_NUMBER,
    NUMBER_OF_FRAMES,
    SERIES_INSTANCE_UID,
    Identity,
    add_identity,
    conversion_source,
    equipment,
    keep_differences,
    represent,
)
from isocenter.dicom.frame_increment import INCREMENT_TAGS, frame_increment
from isocenter.dicom.functional_groups import (
    PRIVATE_CREATOR,
    PRIVATE_CREATOR_TAG,
    PRIVATE_FRAMES,
    PRIVATE_TAGS,
    Groups,
    encode_private,
)
from isocenter.dicom.part10 import (
    Elements,
    element_values,
    encode_element,
    encode_sequence,
    encode_text,
)
from isocenter.dicom.stacks import PlacedFrame, Stack
from isocenter.dicom.uids import (
    CT,
    JPEG_DCT,
    NATIVE,
    NM,
    PLAIN_LOSSLESS,
    RF,
    SC,
    SC_MULTI_FRAME_BYTE,
    SC_MULTI_FRAME_COLOUR,
    SC_MULTI_FRAME_WORD,
    US,
    US_MULTI_FRAME,
    US_RETIRED,
    XA,
)
from isocenter.errors import NotSupportedError

# Single-frame class -> multi-frame class of its own kind; others become Secondary Capture.
OWN_KIND = {US_RETIRED: US_MULTI_FRAME, US: US_MULTI_FRAME, XA: XA, RF: RF, NM: NM}
SC_CLASSES = (SC_MULTI_FRAME_BYTE, SC_MULTI_FRAME_WORD, SC_MULTI_FRAME_COLOUR)
# And back, where nothing records what the slices were.
SINGLE_KIND = {
    **{multi: single for single, multi in OWN_KIND.items()},
    **dict.fromkeys(SC_CLASSES, SC),
}
_COLOUR_MODELS = frozenset(
    {"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420", "YBR_RCT", "YBR_ICT"}
)
# Root attributes of the multi-frame structure: split takes them away again. Where a source has
# one of them itself, the private block brings it back.
STRUCTURE_TAGS = (
    frozenset({NUMBER_OF_FRAMES, 0x7FE00001, 0x7FE00002, 0x7FE00003, 0x7FE00010})
    | INCREMENT_TAGS
    | PRIVATE_TAGS
)
SOURCE_IMAGES = 0x00082112
# Root values that are the new object's own.
_OWN_TAGS = frozenset(
    {
        *(INSTANCE_NUMBER, CONTRIBUTING_EQUIPMENT, SERIES_INSTANCE_UID),
        SOURCE_IMAGES,  # of the slices, even where they have no UIDs
        *(0x00080012, 0x00080013, 0x00080014, 0x00080015),  # creation: of the source, not ours
        *(0x04000561, 0xFFFAFFFA, 0x4FFE0001),  # signatures and history are about the source
    }
)
_PRIMARY_ANGLE, _SECONDARY_ANGLE, _POSITIONER_MOTION = 0x00181510, 0x00181511, 0x00181500
_ANGLE_INCREMENTS = (0x00181520, 0x00181521)
_COUNTS, _CONVERSION_TYPE, _BURNED_IN = 0x00180070, 0x00080064, 0x00280301
# Type 1 and 2 of these classes: where slices differ, the root shows the first one's value.
_ALSO_REPRESENTED = (
    *(IMAGE_TYPE, CONTENT_DATE, CONTENT_TIME, 0x00080022, 0x00080032, 0x0008002A, 0x00200020),
)
_X_RAY = (
    *(0x00180060, 0x00181150, 0x00181151, 0x00181152, 0x00181155, 0x00281040),
    *(_POSITIONER_MOTION, _PRIMARY_ANGLE, _SECONDARY_ANGLE),
)
_REPRESENTED_IN = {
    **dict.fromkeys((XA, RF), _X_RAY),
    **dict.fromkeys(SC_CLASSES, (_CONVERSION_TYPE,)),
    NM: (
        *(0x00280030, 0x00180050, 0x00180088, 0x00540011, 0x00540012, 0x00540016, 0x00540021),
        *(0x00540022, 0x00540051, 0x00540052, 0x00540410, 0x00540414, 0x00540071),
    ),
}
_PATIENT_ORIENTATION, _PRESENTATION_LUT_SHAPE = 0x00200020, 0x20500020
_INTERCEPT, _SLOPE, _RESCALE_TYPE = 0x00281052, 0x00281053, 0x00281054
_MODALITY_LUT_SEQUENCE = 0x00283000
_MODALITY_LUT = frozenset({_INTERCEPT, _SLOPE, _RESCALE_TYPE, _MODALITY_LUT_SEQUENCE})
_VOI_LUT = frozenset({0x00281050, 0x00281051, 0x00281055, 0x00281056, 0x00283010})


@dataclass(frozen=True, slots=True)
class PixelFacts:
    """What decides which class can hold the pixels."""

    transfer_syntax_uid: str
    photometric: str
    samples: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    is_planar: bool


def own_kind(sop_class_uid: str, pixels: PixelFacts) -> str:
    """Return the multi-frame class of a US, XA, RF or NM image.

    Raises
    ------
    NotSupportedError
        If the class does not take these pixels.
    """
    limited = sop_class_uid in (XA, RF)
    if limited and (pixels.photometric != "MONOCHROME2" or pixels.bits_allocated not in (8, 16)):
        raise NotSupportedError("XA and RF take MONOCHROME2 with 8 or 16 bits only")
    if pixels.bits_allocated not in (8, 16):
        raise NotSupportedError(f"no multi-frame class takes {pixels.bits_allocated}-bit pixels")
    return OWN_KIND[sop_class_uid]


def secondary_capture(pixels: PixelFacts) -> str:
    """Return the multi-frame Secondary Capture class that takes the pixels as they are.

    Raises
    ------
    NotSupportedError
        If there is none: palettes, MONOCHROME1, signed, 1-bit, 32-bit and float pixels, colours
        by plane or in another model than the compression asks for.

    References
    ----------
    PS3.3 A.8.3.4, A.8.4.4, A.8.5.4 (content constraints).
    """
    has_bits = pixels.high_bit == pixels.bits_stored - 1 and not pixels.is_signed
    is_byte = has_bits and pixels.bits_allocated == pixels.bits_stored == 8
    if pixels.photometric == "MONOCHROME2" and pixels.samples == 1:
        if is_byte:
            return SC_MULTI_FRAME_BYTE
        if has_bits and pixels.bits_allocated == 16 and 9 <= pixels.bits_stored <= 16:
            return SC_MULTI_FRAME_WORD
    is_colour = pixels.photometric in _COLOUR_MODELS and pixels.samples == 3
    if is_colour and is_byte and not pixels.is_planar:
        _check_colour_model(pixels)
        return SC_MULTI_FRAME_COLOUR
    kind = "signed " if pixels.is_signed else ""
    kind += "colour-by-plane " if pixels.is_planar else ""
    raise NotSupportedError(
        f"no multi-frame class takes {kind}{pixels.photometric or 'unnamed'} pixels of "
        f"{pixels.bits_stored} in {pixels.bits_allocated} bits (high bit {pixels.high_bit}) "
        "without changing them"
    )


def _check_colour_model(pixels: PixelFacts) -> None:
    """Refuse a colour model that the class does not take with this compression (A.8.5.4)."""
    uid = pixels.transfer_syntax_uid
    wanted = ""
    if uid in NATIVE or uid in PLAIN_LOSSLESS:
        wanted = "RGB"
    elif uid in JPEG_DCT:
        wanted = "YBR_FULL_422"
    if wanted and pixels.photometric != wanted:
        raise NotSupportedError(
            f"the multi-frame class takes {wanted} only, in this Transfer Syntax, "
            f"not {pixels.photometric}"
        )


@dataclass(frozen=True, slots=True)
class ClassicLayout:
    """Root of one stack; gives the private Item of each Frame (a ``Layout``)."""

    root: Elements
    streamed_tag: int
    notes: tuple[str, ...]
    _base: Elements
    _shared: Groups
    _varying: frozenset[int]
    _is_implicit: bool

    def frame_item(self, frame: PlacedFrame, elements: Mapping[int, bytes]) -> Elements:
        """Return the Item of a Frame: what its slice has otherwise than the root says."""
        del frame  # its place is told by the order of the Items alone
        groups = Groups()
        keep_differences(groups, self._base, self._shared, elements, self._varying)
        return encode_private(groups, is_implicit=self._is_implicit)


def lay_out(
    stack: Stack,
    identity: Identity,
    first: Mapping[int, bytes],
    shared_elements: Mapping[int, bytes],
    varying: frozenset[int],
    *,
    is_implicit: bool,
) -> ClassicLayout:
    """Return the root for a stack; parameters as for the legacy classes.

    Raises
    ------
    NotSupportedError
        If the class wants to know what tells its Frames apart, and the slices do not say it; if
        it has no place for their rescale; if nothing would tell what class they had.
    """
    target = stack.group.target_uid
    _check_rescale(target, shared_elements, varying, is_implicit=is_implicit)
    root = {
        tag: raw
        for tag, raw in shared_elements.items()
        if tag not in _OWN_TAGS and tag not in STRUCTURE_TAGS and tag not in IDENTITY_TAGS
    }
    represent(root, first, (*_ALSO_REPRESENTED, *_REPRESENTED_IN.get(target, ())))
    _keep_modules_whole(root, first, varying, is_implicit=is_implicit)
    add_identity(root, identity, target, len(stack.frames), is_implicit=is_implicit)
    root[CONTRIBUTING_EQUIPMENT] = equipment(is_implicit=is_implicit)
    if all(frame.slice.sop_instance_uid for frame in stack.frames):
        sources = [
            conversion_source(stack, frame, is_implicit=is_implicit) for frame in stack.frames
        ]
        root[SOURCE_IMAGES] = encode_sequence(SOURCE_IMAGES, sources, is_implicit=is_implicit)
    elif SINGLE_KIND[target] != stack.group.sop_class_uid:
        raise NotSupportedError("slices without a SOP Instance UID would lose their SOP class")
    root.update(frame_increment(stack, shared_elements, is_implicit=is_implicit))
    notes: list[str] = []
    if target in SC_CLASSES:
        is_hounsfield = stack.group.sop_class_uid == CT
        notes = _make_secondary_capture(
            root, target, is_hounsfield=is_hounsfield, is_implicit=is_implicit
        )
    base = {
        tag: raw
        for tag, raw in root.items()
        if tag not in STRUCTURE_TAGS and tag not in IDENTITY_TAGS
    }
    shared = Groups()
    keep_differences(shared, base, Groups(), shared_elements, varying, only_shared=True)
    root.update(encode_private(shared, is_implicit=is_implicit))
    root[PRIVATE_CREATOR_TAG] = encode_element(
        PRIVATE_CREATOR_TAG, PRIVATE_CREATOR, is_implicit=is_implicit, vr="LO"
    )
    return ClassicLayout(
        root=root,
        streamed_tag=PRIVATE_FRAMES,
        notes=tuple(notes),
        _base=base,
        _shared=shared,
        _varying=varying,
        _is_implicit=is_implicit,
    )


def _check_rescale(
    target: str,
    shared_elements: Mapping[int, bytes],
    varying: frozenset[int],
    *,
    is_implicit: bool,
) -> None:
    """Refuse slices whose stored values would come to mean something else."""
    if not varying.isdisjoint(_MODALITY_LUT):
        raise NotSupportedError("this class has one rescale for all frames, the slices differ")
    if target not in (SC_MULTI_FRAME_BYTE, SC_MULTI_FRAME_WORD):
        return
    if _MODALITY_LUT_SEQUENCE in shared_elements:
        raise NotSupportedError("this class has no Modality LUT Sequence, the slices have one")
    for tag, identity in ((_SLOPE, 1.0), (_INTERCEPT, 0.0)):
        texts = element_values(shared_elements.get(tag), is_implicit=is_implicit)
        if target == SC_MULTI_FRAME_BYTE and texts and not _is_number(texts[0], identity):
            raise NotSupportedError("the class for 8-bit pixels has no rescale, the slices have")


def _is_number(text: str, value: float) -> bool:
    try:
        return float(text) == value
    except ValueError:
        return False


def _keep_modules_whole(
    root: Elements, first: Mapping[int, bytes], varying: frozenset[int], *, is_implicit: bool
) -> None:
    """Leave no attribute in the root whose companions vary: half a window, half an overlay."""
    if not varying.isdisjoint(_VOI_LUT):
        # How to show it, not what it means: that of the first slice serves.
        for tag in _VOI_LUT:
            root.pop(tag, None)
        root.update({tag: first[tag] for tag in _VOI_LUT if tag in first})
    broken = {tag >> 16 for tag in varying if _is_overlay(tag)}
    for tag in [tag for tag in root if tag >> 16 in broken]:
        del root[tag]
    if _COUNTS in varying:
        # Type 2 in NM: counts of all Frames together, which nobody told.
        root[_COUNTS] = encode_text(_COUNTS, "", is_implicit=is_implicit)
    if _POSITIONER_MOTION in root and not varying.isdisjoint({_PRIMARY_ANGLE, _SECONDARY_ANGLE}):
        root[_POSITIONER_MOTION] = encode_text(
            _POSITIONER_MOTION, "DYNAMIC", is_implicit=is_implicit
        )
        for tag in _ANGLE_INCREMENTS:
            root[tag] = encode_text(tag, "", is_implicit=is_implicit)


def _is_overlay(tag: int) -> bool:
    """Return whether an element is of one of the repeating groups of overlays and curves."""
    return tag >> 16 & 0xFFE1 in (0x5000, 0x6000)


def _make_secondary_capture(
    root: Elements, target: str, *, is_hounsfield: bool, is_implicit: bool
) -> list[str]:
    """Add what the SC modules require, drop what the IODs forbid; return notes about it.

    References
    ----------
    PS3.3 A.8.3 to A.8.5 (the IODs), C.8.6.1, C.8.6.3 (SC equipment, SC multi-frame image).
    """
    notes = []
    forbidden = [tag for tag in root if _is_overlay(tag)]
    if forbidden:
        notes.append("this class has no overlays: those of the slices are kept for split alone")
    if target == SC_MULTI_FRAME_COLOUR:
        forbidden += [tag for tag in _VOI_LUT if tag in root]
    for tag in forbidden:
        del root[tag]
    added = {_CONVERSION_TYPE: "WSD", _PATIENT_ORIENTATION: ""}
    if target != SC_MULTI_FRAME_COLOUR:
        added[_PRESENTATION_LUT_SHAPE] = "IDENTITY"
        has_rescale = _SLOPE in root and _INTERCEPT in root
        added.update({_INTERCEPT: "0", _SLOPE: "1"})
        added[_RESCALE_TYPE] = "HU" if is_hounsfield and has_rescale else "US"
    if target == SC_MULTI_FRAME_BYTE:
        root.pop(_RESCALE_TYPE, None)  # unspecified is the one that it may have
    if _BURNED_IN not in root:
        # Type 1 there. YES holds the object back from de-identification until somebody looks.
        added[_BURNED_IN] = "YES"
        notes.append("nothing says whether text is burnt in: Burned In Annotation is set to YES")
    for tag, text in added.items():
        root.setdefault(tag, encode_text(tag, text, is_implicit=is_implicit))
    return notes
