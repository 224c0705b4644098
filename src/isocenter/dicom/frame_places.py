"""Where one Frame of a classic multi-frame object was taken: positions and angles given as steps.

References
----------
PS3.3 C.8.4.11 (NM Detector), C.8.4.15 (NM Reconstruction), C.8.7.5.1 (XA Positioner).
"""

from isocenter.dicom.conversion import IMAGE_TYPE
from isocenter.dicom.frame_increment import SLICE_VECTOR
from isocenter.dicom.functional_groups import item_elements
from isocenter.dicom.geometry import slice_normal
from isocenter.dicom.instance_root import InstanceRoot
from isocenter.dicom.part10 import encode_sequence

_POSITIONER_MOTION = 0x00181500
# Angle of the first Frame -> step or steps from there.
_ANGLES = {0x00181510: 0x00181520, 0x00181511: 0x00181521}
_DETECTORS, _POSITION, _ORIENTATION, _SPACING = 0x00540022, 0x00200032, 0x00200037, 0x00180088
_RECONSTRUCTIONS = frozenset({"RECON TOMO", "RECON GATED TOMO"})


def set_angles(root: InstanceRoot, frames: int, frame_number: int) -> None:
    """Set the positioner's angles to those of a Frame.

    The increments are one average step, or for each Frame its offset from the first angle. In a
    single image the positioner does not move.
    """
    for angle, increment in _ANGLES.items():
        first, steps = root.numbers(angle), root.numbers(increment)
        if len(first) != 1 or len(steps) not in (1, frames):
            continue
        moved = steps[frame_number - 1] if len(steps) > 1 else steps[0] * (frame_number - 1)
        root.set_decimal(angle, first[0] + moved)
        root.remove(increment)
    if root.has_value(_POSITIONER_MOTION) and root.elements.keys().isdisjoint(_ANGLES.values()):
        root.set_text(_POSITIONER_MOTION, "STATIC")


def place_reconstruction(root: InstanceRoot, frames: int, frame_number: int) -> str:
    """Give a slice of an NM volume its own position; return a note where that is not known.

    The detector's position is that of the first slice. The sign of the spacing tells to which
    side of it the others lie. Position and orientation also go into the root, where readers of
    slices look for them.
    """
    if _RECONSTRUCTIONS.isdisjoint(root.texts(IMAGE_TYPE)[2:3]):
        return ""
    numbers, spacing = root.numbers(SLICE_VECTOR), root.numbers(_SPACING)
    detectors = root.items(_DETECTORS)
    if not any(_POSITION in detector for detector in detectors):
        return ""
    if len(numbers) != frames or len(spacing) != 1:
        return "positions are those of the first slice: nothing tells where the others are"
    away_mm = (numbers[frame_number - 1] - 1) * spacing[0]
    items = []
    for detector in detectors:
        own = InstanceRoot(
            item_elements(detector, is_implicit=root.is_implicit), is_implicit=root.is_implicit
        )
        _move(own, away_mm)
        items.append(own.elements)
    root.elements[_DETECTORS] = encode_sequence(_DETECTORS, items, is_implicit=root.is_implicit)
    if len(items) == 1 and _POSITION in items[0] and _ORIENTATION in items[0]:
        root.elements.update({tag: items[0][tag] for tag in (_POSITION, _ORIENTATION)})
    return ""


def _move(detector: InstanceRoot, away_mm: float) -> None:
    """Move the position along the normal; one that is broken stays as it is."""
    position, cosines = detector.numbers(_POSITION), detector.numbers(_ORIENTATION)
    if len(position) != 3 or len(cosines) != 6:
        return
    a, b, c, d, e, f = cosines
    normal = slice_normal((a, b, c, d, e, f))
    if normal is not None and away_mm:
        moved = [at + away_mm * along for at, along in zip(position, normal, strict=True)]
        detector.set_decimal(_POSITION, *moved)
