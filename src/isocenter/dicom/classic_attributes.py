"""What the Enhanced classes call otherwise: their attributes as those of the classic classes.

Nothing is invented: each value follows from one that the source has, by the definitions of
PS3.3; what does not follow stays empty where the class allows that (type 2) and is left out and
reported where it does not (type 1). The enhanced attributes stay beside the classic ones.

References
----------
PS3.3 A.3, A.4, A.6, A.14, A.16, A.21 (the classic IODs), C.7.6.16.2.2 (Frame Content), C.8.15.3
(CT macros), C.8.19 (XA macros).
"""

import re

from isocenter.dicom.classic_mr import add_mr
from isocenter.dicom.classic_pet import add_pet, orient
from isocenter.dicom.conversion import IMAGE_TYPE
from isocenter.dicom.dictionary import keyword_of
from isocenter.dicom.instance_root import InstanceRoot
from isocenter.dicom.uids import CT, MR, PET, RF, US, XA

_FRAME_TYPE = 0x00089007
_ACQUISITION_DATE, _ACQUISITION_TIME, _ACQUISITION_DATE_TIME = 0x00080022, 0x00080032, 0x0008002A
_FRAME_ACQUISITION_DATE_TIME = 0x00189074
_FRAME_COMMENTS, _IMAGE_COMMENTS = 0x00209158, 0x00204000
_FRAME_LATERALITY, _IMAGE_LATERALITY = 0x00209072, 0x00200062
# FD, US or UL of the Enhanced class -> IS of the classic one, with the same unit.
_WHOLE = {
    0x00209156: 0x00200012,  # Frame Acquisition Number -> Acquisition Number
    0x00209128: 0x00200100,  # Temporal Position Index -> Temporal Position Identifier
    0x00189328: 0x00181150,  # Exposure Time in ms
    0x00189330: 0x00181151,  # X-Ray Tube Current in mA
    0x00189332: 0x00181152,  # Exposure in mAs
    0x00209251: 0x00181062,  # R-R Interval Time Nominal -> Nominal Interval
}
# FD of the Enhanced class -> DS of the classic one, with the same unit.
_DECIMAL = {
    0x00209153: 0x00181060,  # Nominal Cardiac Trigger Delay Time -> Trigger Time
}
_EXPOSURE_TIME, _TUBE_CURRENT, _EXPOSURE = 0x00181150, 0x00181151, 0x00181152
_DECAY_CORRECTION, _DECAY_FACTOR = 0x00541102, 0x00541321
_PLANE = (0x00200032, 0x00200037, 0x00280030)
_RESCALE = (0x00281052, 0x00281053)
_PET_SERIES = (0x00080021, 0x00080031, 0x00540081, 0x00541000, 0x00541001, 0x00541002, 0x00541102)
# What each class must have a value of (type 1), as far as an Enhanced object may not tell it.
_TYPE_1 = {
    CT: (IMAGE_TYPE, *_PLANE, *_RESCALE),
    MR: (IMAGE_TYPE, 0x00180020, 0x00180021, *_PLANE),
    PET: (IMAGE_TYPE, *_PLANE, *_RESCALE, *_PET_SERIES, 0x00541300, 0x00541330),
    XA: (IMAGE_TYPE, 0x00181155, 0x00281040),
    RF: (IMAGE_TYPE, 0x00181155, 0x00281040),
}
# What each class must have, if need be without a value (type 2).
_TYPE_2 = {
    CT: (0x00180050, 0x00180060, 0x00200012),
    MR: (0x00180022, 0x00180023, 0x00180050, 0x00180080, 0x00180081, 0x00180091),
    PET: (
        *(0x00080022, 0x00080032, 0x00180050, 0x00181181, 0x00181242, 0x00280051),
        *(0x00540016, 0x00540410, 0x00540414),
    ),
    US: (IMAGE_TYPE,),
    XA: (0x00180060, 0x00181510, 0x00181511),
    RF: (0x00180060,),
}
_DATE_TIME = re.compile(
    r"([0-9]{8})([0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:\.[0-9]{1,6})?)?)?)?([+-][0-9]{4})?"
)


def add_classic(root: InstanceRoot, sop_class_uid: str) -> None:
    """Add what a class calls otherwise than the Enhanced classes."""
    if sop_class_uid == PET:
        add_pet(root)  # before the moment of the Frame takes the place of the object's
    _add_image_type(root, sop_class_uid)
    _add_moment(root)
    for source_tag, tag in _WHOLE.items():
        set_whole(root, tag, root.numbers(source_tag))
    for source_tag, tag in _DECIMAL.items():
        values = root.numbers(source_tag)
        if len(values) == 1:
            root.set_decimal(tag, values[0])
    if root.has_value(_FRAME_COMMENTS) and not root.has_value(_IMAGE_COMMENTS):
        root.copy_as(_FRAME_COMMENTS, _IMAGE_COMMENTS)
    if root.has_value(_FRAME_LATERALITY):
        root.copy_as(_FRAME_LATERALITY, _IMAGE_LATERALITY)
    if sop_class_uid == MR:
        add_mr(root)


def complete(root: InstanceRoot, sop_class_uid: str) -> tuple[str, ...]:
    """Give a root without values what its class must have (type 2); return notes for the report.

    What must have a value (type 1) and has none is left out and named.
    """
    if sop_class_uid == PET:
        orient(root)
    for tag in _TYPE_2.get(sop_class_uid, ()):
        if tag not in root.elements:
            root.set_empty(tag)
    exposure = {_EXPOSURE_TIME, _TUBE_CURRENT} & root.elements.keys()
    if sop_class_uid in (XA, RF) and len(exposure) < 2 and _EXPOSURE not in root.elements:
        root.set_empty(_EXPOSURE)  # type 2C where time or current is missing
    needed = [*_TYPE_1.get(sop_class_uid, ())]
    if sop_class_uid == PET and root.text(_DECAY_CORRECTION) not in ("", "NONE"):
        needed.append(_DECAY_FACTOR)
    missing = [tag for tag in needed if not root.has_value(tag)]
    root.remove(*missing)
    if not missing:
        return ()
    names = ", ".join(keyword_of(tag) for tag in missing)
    return (f"the source does not tell what the single images should have: {names}",)


def set_whole(root: InstanceRoot, tag: int, values: list[float]) -> None:
    """Set an IS to the nearest whole number of one value, unless a fraction would become 0."""
    if len(values) != 1 or abs(values[0]) > 0x7FFFFFFF:
        return
    if round(values[0]) or not values[0]:
        root.set_text(tag, str(round(values[0])))


def _add_image_type(root: InstanceRoot, sop_class_uid: str) -> None:
    """Set Image Type to the type of the Frame.

    In US the values after the second have another meaning (PS3.3 C.8.5.6.1.1).
    """
    values = root.texts(_FRAME_TYPE)
    if len(values) >= 2:
        root.set_text(IMAGE_TYPE, *(values[:2] if sop_class_uid == US else values))


def _add_moment(root: InstanceRoot) -> None:
    """Set Acquisition Date and Time, and Acquisition DateTime to that of the Frame."""
    own = root.text(_FRAME_ACQUISITION_DATE_TIME)
    found = _DATE_TIME.fullmatch(own)
    if found:
        root.set_text(_ACQUISITION_DATE_TIME, own)
    elif not root.has_value(_ACQUISITION_DATE):
        found = _DATE_TIME.fullmatch(root.text(_ACQUISITION_DATE_TIME))
    if found:
        root.set_text(_ACQUISITION_DATE, found[1])
        if found[2]:
            root.set_text(_ACQUISITION_TIME, found[2])
