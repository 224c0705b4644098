"""What every Frame that is taken out of a multi-frame object becomes, whatever its class.

Which class its Instance has, what of the root goes with it and what not, its UIDs and number, and
the reference to where it comes from.

References
----------
PS3.3 A (the IODs), C.12.1.1.5 (contributing equipment), C.12.3 (Frame Extraction), C.12.4
(General Reference: source images).
"""

from dataclasses import dataclass
from typing import NamedTuple

from isocenter.dicom.classic import SINGLE_KIND
from isocenter.dicom.conversion import (
    CONTRIBUTING_EQUIPMENT,
    INSTANCE_NUMBER,
    NUMBER_OF_FRAMES,
    SERIES_INSTANCE_UID,
    SOP_CLASS_UID,
    SOP_INSTANCE_UID,
)
from isocenter.dicom.dictionary import is_private
from isocenter.dicom.frame_increment import FRAME_INCREMENT_POINTER
from isocenter.dicom.frames import number_of_frames
from isocenter.dicom.header_index import HeaderIndex
from isocenter.dicom.instance_root import InstanceRoot, retagged
from isocenter.dicom.legacy_enhanced import LEGACY_CLASSES
from isocenter.dicom.part10 import (
    Elements,
    element_value,
    encode_item,
    encode_sequence,
    encode_text,
    encode_uid,
    encode_ul,
    transfer_syntax_of,
)
from isocenter.dicom.uids import (
    CT,
    ENHANCED_CT,
    ENHANCED_MR,
    ENHANCED_PET,
    ENHANCED_US_VOLUME,
    ENHANCED_XA,
    ENHANCED_XRF,
    MR,
    NM,
    PET,
    RF,
    RT_DOSE,
    SC,
    SC_MULTI_FRAME_BIT,
    STANDARD_STORAGE,
    US,
    US_MULTI_FRAME_RETIRED,
    VIDEO,
    WHOLE_SLIDE,
    XA,
    derived_uid,
)
from isocenter.dicom.values import first_string, integer
from isocenter.errors import MissingElementError, NotSupportedError

# Goes into every derived UID: changes whenever the same input gives other output bytes.
CONVERSION_VERSION = b"isocenter-split-1"

SHARED_GROUPS, PER_FRAME_GROUPS = 0x52009229, 0x52009230
SOURCE_IMAGES, FRAME_EXTRACTION = 0x00082112, 0x00081164
_DIMENSION_ORGANIZATION_TYPE = 0x00209311
_CONCATENATION_UID, _PART_OFFSET, _CONCATENATION_SOURCE = 0x00209161, 0x00209228, 0x00200242
_CONCATENATION = frozenset({_CONCATENATION_UID, 0x00209162, 0x00209163, _PART_OFFSET})
_DIMENSIONS = frozenset({0x00209221, 0x00209222, _DIMENSION_ORGANIZATION_TYPE})
_PIXELS = frozenset({0x7FE00001, 0x7FE00002, 0x7FE00003, 0x7FE00008, 0x7FE00009, 0x7FE00010})
_SIGNATURES = frozenset({0xFFFAFFFA, 0x4FFE0001})
_ICON = 0x00880200
# Private data of more bytes is about the whole object (raw data of ultrasound, for one): in every
# Frame it would fill the disk.
_PRIVATE_BYTES_MAX = 1024 * 1024
# When and by whom the multi-frame object was created and coerced, which frame shows it best.
_OF_THE_SOURCE = frozenset({0x00080012, 0x00080013, 0x00080014, 0x00080015, 0x00286010})
_SMALLEST, _LARGEST = 0x00280106, 0x00280107
_IN_SERIES = {_SMALLEST: 0x00280108, _LARGEST: 0x00280109}
_BITS_ALLOCATED = 0x00280100

# Enhanced class -> class of a single image whose root takes what the functional groups say.
ENHANCED_KIND = {
    ENHANCED_CT: CT,
    ENHANCED_MR: MR,
    ENHANCED_PET: PET,
    ENHANCED_US_VOLUME: US,
    ENHANCED_XA: XA,
    ENHANCED_XRF: RF,
    **{legacy.sop_class_uid: uid for uid, legacy in LEGACY_CLASSES.items()},
}
_SINGLE_KIND = {
    **ENHANCED_KIND,
    **{multi: single for multi, single in SINGLE_KIND.items() if multi != single},
    SC_MULTI_FRAME_BIT: SC,
    US_MULTI_FRAME_RETIRED: US,
    # Video Endoscopic, Microscopic and Photographic Image: the VL class of the same name.
    **{f"{STANDARD_STORAGE}77.1.{n}.1": f"{STANDARD_STORAGE}77.1.{n}" for n in (1, 2, 4)},
}
# Classes whose Multi-frame Module is mandatory also for one Frame: NM, ophthalmic photography.
_ALWAYS_MULTI_FRAME = frozenset(
    {NM, f"{STANDARD_STORAGE}5", *(f"{STANDARD_STORAGE}77.1.5.{n}" for n in (1, 2, 5, 6))}
)


class Origin(NamedTuple):
    """What the Instance of one Frame is to be; the UID is ``""`` if none is recorded."""

    elements: Elements
    sop_class_uid: str
    sop_instance_uid: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What becomes of an object.

    Attributes
    ----------
    sop_class_uid
        Class of the single Instances.
    keeps_groups
        Whether they have functional groups of their own, of one Frame.
    keeps_module
        Whether they have Number of Frames and Frame Increment Pointer.
    """

    sop_class_uid: str
    keeps_groups: bool
    keeps_module: bool


def class_of(header: HeaderIndex) -> str:
    """Return the SOP Class UID, from the file meta where the Data Set has none."""
    return first_string(header.dataset, SOP_CLASS_UID) or first_string(header.meta, 0x00020002)


def uid_of(header: HeaderIndex) -> str:
    """Return the SOP Instance UID, from the file meta where the Data Set has none."""
    return first_string(header.dataset, SOP_INSTANCE_UID) or first_string(header.meta, 0x00020003)


def target_of(header: HeaderIndex) -> Target:
    """Return which Instances the Frames of an object become.

    Raises
    ------
    NotSupportedError
        If its Frames are no images of their own, or cannot be taken out without decoding.
    """
    uid = class_of(header)
    dataset = header.dataset
    if transfer_syntax_of(header).startswith(VIDEO):
        raise NotSupportedError("a video stream has no frames that can be taken out undecoded")
    if uid == RT_DOSE:
        raise NotSupportedError("the planes of a dose grid make sense only together")
    is_tiled = first_string(dataset, _DIMENSION_ORGANIZATION_TYPE) == "TILED_FULL"
    if uid in WHOLE_SLIDE or is_tiled:
        raise NotSupportedError("tiles of a whole slide are no images of their own")
    if not uid.startswith(STANDARD_STORAGE):
        raise NotSupportedError("objects of this class are not split")
    if uid == ENHANCED_US_VOLUME and integer(dataset, _BITS_ALLOCATED, 8) != 8:
        # US Image takes 8 bits only (PS3.3 C.8.5.6.1.14).
        return Target(uid, keeps_groups=True, keeps_module=True)
    if uid in _SINGLE_KIND:
        return Target(_SINGLE_KIND[uid], keeps_groups=False, keeps_module=False)
    has_groups = PER_FRAME_GROUPS in dataset or SHARED_GROUPS in dataset
    keeps_groups = has_groups and uid not in _SINGLE_KIND.values()
    keeps_module = keeps_groups or uid in _ALWAYS_MULTI_FRAME
    return Target(uid, keeps_groups=keeps_groups, keeps_module=keeps_module)


class Extraction:
    """What all Frames of one object have in common: where they come from, what goes with them."""

    def __init__(
        self, header: HeaderIndex, target: Target, *, keep_original_uids: bool = False
    ) -> None:
        dataset = header.dataset
        self.header = header
        self.keeps_uids = keep_original_uids
        self.target = target
        self.is_implicit = dataset.is_implicit
        self.notes: list[str] = []
        self.frames = number_of_frames(dataset)
        self._class = class_of(header)
        self._uid = uid_of(header)
        if not self._uid:
            raise MissingElementError("SOPInstanceUID")
        whole = self._uid
        self._frames_before = 0
        self._is_part = _CONCATENATION_UID in dataset
        if self._is_part:
            whole = first_string(dataset, _CONCATENATION_SOURCE) or first_string(
                dataset, _CONCATENATION_UID
            )
            self._frames_before = integer(dataset, _PART_OFFSET, 0)
        self._series_uid = derived_uid(CONVERSION_VERSION, b"series", whole.encode("latin-1"))
        self._equipment = equipment(is_implicit=self.is_implicit)

    def base(self) -> Elements:
        """Return the elements of the root that every Frame gets."""
        dataset = self.header.dataset
        left_out = _CONCATENATION | _PIXELS | _SIGNATURES | _OF_THE_SOURCE
        left_out |= {SHARED_GROUPS, PER_FRAME_GROUPS, _CONCATENATION_SOURCE, NUMBER_OF_FRAMES}
        if not self.target.keeps_groups:
            left_out |= _DIMENSIONS
        if not self.target.keeps_module:
            left_out |= {FRAME_INCREMENT_POINTER}
        if not _SIGNATURES.isdisjoint(dataset.elements):
            self.note("digital signatures are of the whole object: left out")
        if _ICON in dataset:
            left_out |= {_ICON}
            self.note("the icon shows one frame: left out")
        base: Elements = {}
        for tag, (_, start, _, _, end) in dataset.elements.items():
            if not tag & 0xFFFF or tag in left_out or tag == 0xFFFCFFFC or _is_bulk(tag):
                continue
            if is_private(tag) and end - start > _PRIVATE_BYTES_MAX:
                self.note(
                    f"private data ({tag >> 16:04X},{tag & 0xFFFF:04X}) is too large to go "
                    "with every frame: left out"
                )
                continue
            base[tag] = dataset.raw(tag)
        # Smallest and largest value of all Frames: true of the new Series, not of one Frame.
        for tag, in_series in _IN_SERIES.items() if self.frames > 1 else ():
            raw = base.pop(tag, None)
            if raw is not None and not self._is_part:
                base[in_series] = retagged(raw, in_series)
        return base

    def note(self, sentence: str) -> None:
        """Remember a sentence for the report, once; an empty one is none."""
        if sentence and sentence not in self.notes:
            self.notes.append(sentence)

    def identify(self, root: InstanceRoot, frame_number: int, *, is_original: bool = False) -> None:
        """Give a Frame its Series, its number and the reference to where it comes from.

        UID and class of the Instance follow when it is written. One that gets its original UID
        back comes from nowhere else.
        """
        is_implicit = self.is_implicit
        elements = root.elements
        number = str(self._frames_before + frame_number)
        elements[SERIES_INSTANCE_UID] = encode_uid(
            SERIES_INSTANCE_UID, self._series_uid, is_implicit=is_implicit
        )
        root.set_text(INSTANCE_NUMBER, number)
        if self.target.keeps_module:
            root.set_text(NUMBER_OF_FRAMES, "1")
        if is_original:
            return
        if self.target.keeps_groups:
            elements[FRAME_EXTRACTION] = self._frame_extraction(frame_number)
        else:
            elements[SOURCE_IMAGES] = with_item(
                elements.get(SOURCE_IMAGES),
                SOURCE_IMAGES,
                self._source_image(frame_number),
                is_implicit=is_implicit,
            )
        elements[CONTRIBUTING_EQUIPMENT] = with_item(
            elements.get(CONTRIBUTING_EQUIPMENT),
            CONTRIBUTING_EQUIPMENT,
            self._equipment,
            is_implicit=is_implicit,
        )

    def _source_image(self, frame_number: int) -> Elements:
        is_implicit = self.is_implicit
        return {
            0x00081150: encode_uid(0x00081150, self._class, is_implicit=is_implicit),
            0x00081155: encode_uid(0x00081155, self._uid, is_implicit=is_implicit),
            0x00081160: encode_text(0x00081160, str(frame_number), is_implicit=is_implicit),
            0x0028135A: encode_text(0x0028135A, "YES", is_implicit=is_implicit),
        }

    def _frame_extraction(self, frame_number: int) -> bytes:
        """Return the reference for objects in which source images mean something else.

        Viewers take Source Image Sequence in the root of a Segmentation for what was segmented.
        """
        is_implicit = self.is_implicit
        item = {
            0x00081161: encode_ul(0x00081161, frame_number, is_implicit=is_implicit),
            0x00081167: encode_uid(0x00081167, self._uid, is_implicit=is_implicit),
        }
        return encode_sequence(FRAME_EXTRACTION, [item], is_implicit=is_implicit)


def _is_bulk(tag: int) -> bool:
    """Return whether it is Overlay Data, which may be as large as the pixels (60xx,3000)."""
    return tag & 0xFFE1FFFF == 0x60003000


def with_item(raw: bytes | None, tag: int, item: Elements, *, is_implicit: bool) -> bytes:
    """Return a sequence with one more Item at its end.

    ``raw`` is the whole element as encoded, None where there is none yet.
    """
    before = b""
    if raw is not None:
        before = element_value(raw, is_implicit=is_implicit)
        length = raw[4:8] if is_implicit else raw[8:12]
        if length == b"\xff\xff\xff\xff":
            before = before[:-8]  # without the sequence delimiter
    empty = encode_sequence(tag, [], is_implicit=is_implicit)
    content = before + encode_item(item)
    return empty[:-4] + len(content).to_bytes(4, "little") + content


def equipment(*, is_implicit: bool) -> Elements:
    """Return the Item that says which equipment took the Frame out (PS3.3 C.12.1.1.5)."""
    purpose = {
        0x00080100: encode_text(0x00080100, "109105", is_implicit=is_implicit),
        0x00080102: encode_text(0x00080102, "DCM", is_implicit=is_implicit),
        0x00080104: encode_text(0x00080104, "Frame Extracting Equipment", is_implicit=is_implicit),
    }
    return {
        0x00080070: encode_text(0x00080070, "Isocenter", is_implicit=is_implicit),
        0x00081090: encode_text(0x00081090, "Isocenter split", is_implicit=is_implicit),
        0x0040A170: encode_sequence(0x0040A170, [purpose], is_implicit=is_implicit),
    }
