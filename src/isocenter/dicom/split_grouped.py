"""Split objects whose class has no classic counterpart: each Frame keeps its functional groups.

Segmentations, parametric maps, Enhanced MR Color and the like become Instances of the same class
with one Frame. What describes the object as a whole (segments, palette, dimensions) stays.

References
----------
PS3.3 A.51 (Segmentation), A.75 (Parametric Map), C.7.6.16 (functional groups), C.7.6.17
(dimensions), C.8.20.2 (Segmentation Image), C.12.3 (Frame Extraction).
"""

from collections.abc import Iterator

from isocenter.dicom.extraction import PER_FRAME_GROUPS, SHARED_GROUPS, Extraction, Origin
from isocenter.dicom.functional_groups import item_elements
from isocenter.dicom.instance_root import InstanceRoot
from isocenter.dicom.part10 import encode_sequence
from isocenter.dicom.split_classic import FrameCut
from isocenter.errors import NotSupportedError


def grouped_origins(extraction: Extraction) -> Iterator[Origin]:
    """Return what the Instance of each Frame has, groups included.

    Raises
    ------
    NotSupportedError
        If there are no per-frame groups: the places of the Frames then follow from their order.
    """
    if PER_FRAME_GROUPS not in extraction.header.dataset:
        raise NotSupportedError("nothing but their order tells where these frames belong")
    return _each_origin(extraction)


def _each_origin(extraction: Extraction) -> Iterator[Origin]:
    dataset = extraction.header.dataset
    is_implicit = extraction.is_implicit
    cut = FrameCut(extraction)
    base = extraction.base()
    if SHARED_GROUPS in dataset:
        base[SHARED_GROUPS] = dataset.raw(SHARED_GROUPS)
    for frame_number, item in enumerate(dataset.each_item(PER_FRAME_GROUPS), 1):
        root = InstanceRoot(base, is_implicit=is_implicit)
        groups = item_elements(item, is_implicit=is_implicit)
        root.elements[PER_FRAME_GROUPS] = encode_sequence(
            PER_FRAME_GROUPS, [groups], is_implicit=is_implicit
        )
        cut.apply(root, frame_number)
        extraction.identify(root, frame_number)
        notes = tuple(extraction.notes)
        yield Origin(root.elements, extraction.target.sop_class_uid, "", notes)
