"""Split classic multi-frame objects: what the root says of many Frames is cut to one of them.

Vectors with a value for each Frame, Overlays with a plane for each, angles and positions that are
given as steps, and what points at Frames by their number.

References
----------
PS3.3 C.7.6.5 (Cine), C.7.6.6 (Multi-frame), C.7.6.9 (Frame Pointers), C.7.6.10 (Mask), C.8.4.8
(NM vectors), C.8.6.3 (SC vectors), C.8.7.4 (X-Ray Table).
"""

from collections.abc import Iterator

from isocenter.dicom.conversion import NUMBER_OF_FRAMES
from isocenter.dicom.extraction import Extraction, Origin
from isocenter.dicom.frame_increment import (
    FRAME_INCREMENT_POINTER,
    FRAME_TIME,
    FRAME_TIME_VECTOR,
    NM_VECTORS,
    PAGE_NUMBER_VECTOR,
)
from isocenter.dicom.frame_places import place_reconstruction, set_angles
from isocenter.dicom.instance_root import InstanceRoot
from isocenter.dicom.split_overlays import OverlayCut
from isocenter.dicom.uids import NM

_SLICE_LOCATION_VECTOR, _SLICE_LOCATION = 0x00182005, 0x00201041
_FRAME_DELAY = 0x00181066
# Attributes of several values, one for each Frame where they are as many.
_VECTORS = (
    *(FRAME_TIME_VECTOR, PAGE_NUMBER_VECTOR, 0x00182002, 0x00182003, 0x00182004),
    *(_SLICE_LOCATION_VECTOR, 0x00182006, 0x00181135, 0x00181136, 0x00181137),
    *sorted(NM_VECTORS),
)
_FRAMES_OF_INTEREST, _INTEREST_TEXTS = 0x00286020, (0x00286022, 0x00286023)
_MASK_SUBTRACTION, _VIEWING_MODE = 0x00286100, 0x00281090
_START_TRIM, _STOP_TRIM = 0x00082142, 0x00082143


def classic_origins(extraction: Extraction) -> Iterator[Origin]:
    """Yield what the root says of each Frame."""
    cut = FrameCut(extraction)
    base = extraction.base()
    for frame_number in range(1, extraction.frames + 1):
        root = InstanceRoot(base, is_implicit=extraction.is_implicit)
        cut.apply(root, frame_number)
        extraction.identify(root, frame_number)
        notes = tuple(extraction.notes)
        yield Origin(root.elements, extraction.target.sop_class_uid, "", notes)


class FrameCut:
    """Cuts the root of one object to each of its Frames."""

    def __init__(self, extraction: Extraction) -> None:
        dataset = extraction.header.dataset
        self._extraction = extraction
        self._frames = extraction.frames
        self._overlays = OverlayCut(dataset, is_implicit=extraction.is_implicit)
        pointers = dataset.value(FRAME_INCREMENT_POINTER)
        self._is_timed = pointers == _pointer(FRAME_TIME)
        self._steps_ms: list[float] = []
        if pointers == _pointer(FRAME_TIME_VECTOR) and FRAME_TIME_VECTOR in dataset:
            vector = {FRAME_TIME_VECTOR: dataset.raw(FRAME_TIME_VECTOR)}
            whole = InstanceRoot(vector, is_implicit=extraction.is_implicit)
            self._steps_ms = whole.numbers(FRAME_TIME_VECTOR)

    def apply(self, root: InstanceRoot, frame_number: int) -> None:
        """Change a root that has the values of the whole object to those of one Frame."""
        root.remove(NUMBER_OF_FRAMES)
        self._overlays.apply(root, frame_number)
        if self._frames == 1:
            return
        self._set_delay(root, frame_number)
        set_angles(root, self._frames, frame_number)
        if self._extraction.target.sop_class_uid == NM:
            note = place_reconstruction(root, self._frames, frame_number)
            self._extraction.note(note)
        for tag in _VECTORS:
            self._reduce(root, tag, frame_number)
        if root.has_value(_SLICE_LOCATION_VECTOR) and not root.has_value(_SLICE_LOCATION):
            root.copy_as(_SLICE_LOCATION_VECTOR, _SLICE_LOCATION)
        self._point_at_frame(root, frame_number)

    def _reduce(self, root: InstanceRoot, tag: int, frame_number: int) -> None:
        """Leave of a vector the value of the Frame; one of another length is left as it is."""
        if tag not in root.elements:
            return
        if root.vr(tag) == "US":
            values = root.numbers(tag)
            if len(values) == self._frames:
                root.set_us(tag, int(values[frame_number - 1]))
            return
        texts = root.texts(tag)
        if len(texts) == self._frames:
            root.set_text(tag, texts[frame_number - 1])

    def _set_delay(self, root: InstanceRoot, frame_number: int) -> None:
        """Set Frame Delay to the time of the Frame from Content Time (C.7.6.5.1.1 and .2)."""
        step = root.numbers(FRAME_TIME)
        if self._is_timed and len(step) == 1:
            after = step[0] * (frame_number - 1)
        elif len(self._steps_ms) == self._frames:
            after = sum(self._steps_ms[:frame_number])
        else:
            return
        before = root.numbers(_FRAME_DELAY)
        root.set_decimal(_FRAME_DELAY, (before[0] if before else 0.0) + after)

    def _point_at_frame(self, root: InstanceRoot, frame_number: int) -> None:
        """Let what names Frames by number speak of this one, or leave it out."""
        wanted = root.numbers(_FRAMES_OF_INTEREST)
        texts = {tag: root.texts(tag) for tag in _INTEREST_TEXTS}
        root.remove(_START_TRIM, _STOP_TRIM, _FRAMES_OF_INTEREST, *_INTEREST_TEXTS)
        if frame_number in wanted:
            at = wanted.index(frame_number)
            root.set_us(_FRAMES_OF_INTEREST, 1)
            for tag, values in texts.items():
                if len(values) == len(wanted):
                    root.set_text(tag, values[at])
        if _MASK_SUBTRACTION in root.elements:
            root.remove(_MASK_SUBTRACTION)
            if root.text(_VIEWING_MODE) == "SUB":
                root.remove(_VIEWING_MODE)
            self._extraction.note("Mask Subtraction names other frames: left out")


def _pointer(tag: int) -> bytes:
    return (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little")
