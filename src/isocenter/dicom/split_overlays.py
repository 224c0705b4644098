"""Overlays of a multi-frame object: each Frame gets its own plane.

References
----------
PS3.3 C.9.2 (Overlay Plane), C.9.3 (Multi-frame Overlay), PS3.5 8.1.2 (bits of Overlay Data).
"""

from dataclasses import dataclass

from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.instance_root import InstanceRoot
from isocenter.dicom.part10 import encode_element
from isocenter.dicom.split_pixels import cut_bits
from isocenter.dicom.values import integer
from isocenter.errors import InvalidInputError

_ROWS, _COLUMNS, _FRAMES, _ORIGIN, _DATA = 0x0010, 0x0011, 0x0015, 0x0051, 0x3000
_GROUPS = range(0x6000, 0x6020, 2)


@dataclass(frozen=True, slots=True)
class _Overlay:
    """One repeating group; without ``frames`` its one plane lies over every Frame."""

    group: int
    plane_bits: int
    first_frame: int
    frames: int


class OverlayCut:
    """Cuts the Overlays of one object; planes are read one at a time, as the Frames are."""

    def __init__(self, dataset: DataSetIndex, *, is_implicit: bool) -> None:
        self._dataset = dataset
        self._is_implicit = is_implicit
        self._overlays = [
            _overlay(dataset, group << 16) for group in _GROUPS if group << 16 | _DATA in dataset
        ]

        # Retired: their bits lie in Pixel Data and are cut with it.
        self._embedded = [
            group << 16
            for group in _GROUPS
            if group << 16 | _FRAMES in dataset and group << 16 | _DATA not in dataset
        ]

    def apply(self, root: InstanceRoot, frame_number: int) -> None:
        """Put the planes of a Frame into its root; Overlays that do not reach it are left out."""
        for group in self._embedded:
            root.remove(group | _FRAMES, group | _ORIGIN)
        for overlay in self._overlays:
            tag = overlay.group | _DATA
            if not overlay.frames:
                root.elements[tag] = self._dataset.raw(tag)
                continue
            plane = frame_number - overlay.first_frame
            if not 0 <= plane < overlay.frames:
                root.remove(*[one for one in root.elements if one & 0xFFFF0000 == overlay.group])
                continue
            root.remove(overlay.group | _FRAMES, overlay.group | _ORIGIN)
            data = self._plane(tag, plane, overlay.plane_bits)
            vr = self._dataset.vr(tag)
            root.elements[tag] = encode_element(
                tag, data, is_implicit=self._is_implicit, vr=vr if vr == "OB" else "OW"
            )

    def _plane(self, tag: int, plane: int, plane_bits: int) -> bytes:
        first_bit = plane * plane_bits
        start, end = first_bit // 8, (first_bit + plane_bits + 7) // 8
        held = self._dataset.value_part(tag, start, end - start)
        if len(held) < end - start:
            raise InvalidInputError("Overlay Data is shorter than its planes")
        return cut_bits(held, first_bit % 8, plane_bits)


def _overlay(dataset: DataSetIndex, group: int) -> _Overlay:
    frames = integer(dataset, group | _FRAMES, 0)
    bits = 0
    if frames:
        bits = integer(dataset, group | _ROWS) * integer(dataset, group | _COLUMNS)
    return _Overlay(group, bits, integer(dataset, group | _ORIGIN, 1), frames)
