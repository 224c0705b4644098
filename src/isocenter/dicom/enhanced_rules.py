"""How the tables of the true Enhanced IODs are written: rows, groups, conditions, sources.

A row says of one attribute when the class requires it and where a classic slice has its value. The
tables themselves are ``enhanced_ct``, ``enhanced_mr`` and ``enhanced_pet``; what all three share
stands here. ``enhanced_values`` does the work.

References
----------
PS3.3 C.7.6.16 (functional groups), C.8.15.2, C.8.13.1, C.8.22.6 (the image modules), C.7.5.2
(Enhanced General Equipment), PS3.16 Annex L (body parts).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from isocenter.dicom.anatomic_regions import REGIONS

# Keyword -> the values that a slice has, as text; none where it is absent or empty.
Texts = Callable[[str], tuple[str, ...]]
# What a slice tells by other attributes; none where it does not tell it.
Source = Callable[[Texts], tuple[str, ...]]

# In place of a keyword: the number of the Item that is filled in, from 1.
ITEM_NUMBER = "#"
YES_NO = ("YES", "NO")
# Parts of a code in one text, as ``--set`` and the body parts give it.
CODE_SEPARATOR = "^"

_DATE = re.compile(r"[0-9]{8}")
_TIME = re.compile(r"[0-9]{2}([0-9]{2}([0-9]{2}(\.[0-9]{1,6})?)?)?")
_DATE_TIME = re.compile(rf"[0-9]{{4,8}}|[0-9]{{8}}{_TIME.pattern}([+-][0-9]{{4}})?")


class When(NamedTuple):
    """Whether an attribute resolved before has one of the values; no values: any at all.

    ``of_slice`` looks at an attribute of the slice that the class itself has not.
    """

    keyword: str
    values: tuple[str, ...] = ()
    is_not: bool = False
    of_slice: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute of the root or of a functional group.

    Attributes
    ----------
    need
        ``always``: type 1. ``original``: type 1 in Frames (in the root: images) that are not
        DERIVED. ``empty``: type 2. ``optional``: type 3.
    when
        All must hold; otherwise the attribute is left out.
    sources
        Where a slice may have the value, after the attribute itself; first that tells it.
    values
        The values that the class takes; none: any.
    count
        How many values there must be; 0: any number.
    default
        What the attribute means where it is absent in a classic slice: nothing is invented by it.
    differing
        What the root shows where slices differ: nothing (then it counts as missing), the first
        one's, the earliest, or MIXED.
    is_code
        It is a sequence of one code; ``items`` are what its Item has besides.
    items
        It is a sequence; rows by which its Items are completed, or one is made. What it holds is
        told to others as the numbers of the Items.
    """

    keyword: str
    need: Literal["always", "original", "empty", "optional"] = "original"
    when: tuple[When, ...] = ()
    sources: tuple[Source, ...] = ()
    values: tuple[str, ...] = ()
    count: int = 1
    default: str = ""
    differing: Literal["missing", "first", "earliest", "mixed"] = "missing"
    is_code: bool = False
    items: tuple["Row", ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """One functional group; ``original`` ones are needed unless the image is DERIVED."""

    sequence: str
    rows: tuple[Row, ...]
    need: Literal["always", "original", "optional"] = "original"
    when: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class EnhancedTable:
    """What one class requires."""

    root: tuple[Row, ...]
    groups: tuple[Group, ...]
    bits_stored: tuple[int, ...]


def of(keyword: str) -> Source:
    """Return a source that takes over another attribute's values."""
    return lambda texts: texts(keyword)


def scaled(keyword: str, factor: float) -> Source:
    """Return a source for an attribute of another unit."""

    def convert(texts: Texts) -> tuple[str, ...]:
        try:
            return tuple(repr(float(text) * factor) for text in texts(keyword))
        except ValueError:
            return ()

    return convert


def renamed(keyword: str, names: dict[str, str]) -> Source:
    """Return a source for an attribute that has other words for the same."""
    return lambda texts: tuple(names[text] for text in texts(keyword) if text in names)


def contains(keyword: str, value: str, then: str, otherwise: str = "") -> Source:
    """Return a source that asks whether a list of what was done names something.

    ``otherwise`` is for lists that the standard calls complete.
    """

    def convert(texts: Texts) -> tuple[str, ...]:
        found = texts(keyword)
        answer = then if value in found else otherwise
        return (answer,) if found and answer else ()

    return convert


def acquisition_moment(texts: Texts) -> tuple[str, ...]:
    """Return Acquisition DateTime, or Date and Time put together."""
    moment = texts("AcquisitionDateTime")
    if moment and _DATE_TIME.fullmatch(moment[0]):
        return moment[:1]
    return _put_together(texts("AcquisitionDate"), texts("AcquisitionTime"))


def reference_moment(texts: Texts) -> tuple[str, ...]:
    """Return Series Date and Time plus Frame Reference Time in ms (PS3.3 C.8.9.4)."""
    start = _put_together(texts("SeriesDate"), texts("SeriesTime"))
    offset = texts("FrameReferenceTime")
    if not start or not offset:
        return ()
    text, _, fraction = start[0].partition(".")
    try:
        whole = datetime.strptime(text.ljust(14, "0"), "%Y%m%d%H%M%S")  # noqa: DTZ007  # a local time, as the series has it
        past = timedelta(
            microseconds=int(fraction.ljust(6, "0") or "0"), milliseconds=float(offset[0])
        )
        return ((whole + past).strftime("%Y%m%d%H%M%S.%f"),)
    except (ValueError, OverflowError):
        return ()


def _content(part: int) -> Source:
    """Return the date (0) or time (1) of the first of these moments that has both."""

    def find(texts: Texts) -> tuple[str, ...]:
        for level in ("Content", "Acquisition", "Series", "Study"):
            date, time = texts(f"{level}Date"), texts(f"{level}Time")
            if _put_together(date, time):
                return (date, time)[part][:1]
        return ()

    return find


def _put_together(date: tuple[str, ...], time: tuple[str, ...]) -> tuple[str, ...]:
    if date and time and _DATE.fullmatch(date[0]) and _TIME.fullmatch(time[0]):
        return (date[0] + time[0],)
    return ()


def region_of_body_part(texts: Texts) -> tuple[str, ...]:
    """Return the code of Body Part Examined (PS3.16 Annex L)."""
    for part in texts("BodyPartExamined"):
        if part in REGIONS:
            code, scheme, meaning, _ = REGIONS[part]
            return (CODE_SEPARATOR.join((code, scheme, meaning)),)
    return ()


def laterality_of_body_part(texts: Texts) -> tuple[str, ...]:
    """Return U where the body part is an unpaired one."""
    for part in texts("BodyPartExamined"):
        if part in REGIONS and not REGIONS[part][3]:
            return ("U",)
    return ()


_LATERALITIES = ("R", "L", "U", "B")
_TYPE_2 = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime"),
    *("ReferringPhysicianName", "StudyID", "AccessionNumber", "SeriesNumber"),
    "PositionReferenceIndicator",
)
_EQUIPMENT = ("Manufacturer", "ManufacturerModelName", "DeviceSerialNumber", "SoftwareVersions")
COMMON_ROOT = (
    *(Row(keyword, "empty", differing="first") for keyword in _TYPE_2),
    Row("StudyInstanceUID", "always", differing="first"),
    Row("ContentDate", "always", sources=(_content(0),), differing="first"),
    Row("ContentTime", "always", sources=(_content(1),), differing="first"),
    *(Row(keyword, "always", count=0, differing="first") for keyword in _EQUIPMENT),
    Row("AcquisitionDateTime", sources=(acquisition_moment,), differing="earliest"),
    Row("AcquisitionDuration"),
    Row("ContentQualification", "always", values=("PRODUCT", "RESEARCH", "SERVICE")),
    # The classes take no image with text in it; YES of a source is never overruled.
    Row("BurnedInAnnotation", "always", values=("NO",)),
    Row("LossyImageCompression", "always", values=("00", "01")),
    Row(
        "LossyImageCompressionRatio",
        "always",
        when=(When("LossyImageCompression", ("01",)),),
        count=0,
        differing="first",
    ),
    Row(
        "LossyImageCompressionMethod",
        "always",
        when=(When("LossyImageCompression", ("01",)),),
        count=0,
        differing="first",
    ),
    Row("PresentationLUTShape", "always", values=("IDENTITY",), default="IDENTITY"),
)
PIXEL_MEASURES_GROUP = Group(
    "PixelMeasuresSequence",
    (Row("PixelSpacing", "always", count=2), Row("SliceThickness", "always")),
    "always",
)
PLANE_GROUPS = (
    Group("PlanePositionSequence", (Row("ImagePositionPatient", count=3),), "always"),
    Group("PlaneOrientationSequence", (Row("ImageOrientationPatient", count=6),), "always"),
)
FRAME_ANATOMY_GROUP = Group(
    "FrameAnatomySequence",
    (
        Row(
            "FrameLaterality",
            "always",
            sources=(of("ImageLaterality"), of("Laterality"), laterality_of_body_part),
            values=_LATERALITIES,
        ),
        Row("AnatomicRegionSequence", "always", sources=(region_of_body_part,), is_code=True),
    ),
    "always",
)
WINDOW_GROUP = Group(
    "FrameVOILUTSequence",
    (
        Row("WindowCenter", "always", count=0),
        Row("WindowWidth", "always", count=0),
        Row("WindowCenterWidthExplanation", "optional", count=0),
        Row("VOILUTFunction", "optional"),
    ),
    "optional",
)

_HAS_CONTRAST = (
    When("ContrastBolusAgent", of_slice=True),
    When("ContrastBolusAgent", ("NONE", "NO", "N"), is_not=True, of_slice=True),
)
CONTRAST_ROW = Row(
    "ContrastBolusAgentSequence",
    "always",
    when=_HAS_CONTRAST,
    is_code=True,
    items=(
        Row("ContrastBolusAgentNumber", "always", sources=(of(ITEM_NUMBER),)),
        Row("ContrastBolusAdministrationRouteSequence", "always", is_code=True),
        Row("ContrastBolusIngredientCodeSequence", "always", is_code=True),
        Row("ContrastBolusVolume", "empty"),
        Row("ContrastBolusIngredientConcentration", "empty"),
    ),
    differing="first",
)
CONTRAST_GROUP = Group(
    "ContrastBolusUsageSequence",
    (
        Row("ContrastBolusAgentNumber", "always", sources=(of("ContrastBolusAgentSequence"),)),
        Row("ContrastBolusAgentAdministered", "always", values=YES_NO),
        Row("ContrastBolusAgentDetected", "empty", values=YES_NO),
    ),
    "always",
    when=_HAS_CONTRAST,
)


def frame_content_group(*more: Row, duration_sources: tuple[Source, ...] = ()) -> Group:
    """Return Frame Content; what tells Frames apart is added by ``dimensions``."""
    return Group(
        "FrameContentSequence",
        (
            Row("FrameAcquisitionDateTime", sources=(acquisition_moment,)),
            Row("FrameReferenceDateTime", sources=(reference_moment,)),
            Row("FrameAcquisitionDuration", sources=duration_sources),
            *more,
        ),
        "always",
    )


def transformation_group(units: str, *, is_identity: bool = False, only: str = "") -> Group:
    """Return Pixel Value Transformation; classic slices may leave the units to the standard.

    Parameters
    ----------
    is_identity
        Without rescale, stored values are the values (PS3.3 C.11.1: no Modality LUT).
    only
        The one unit that the class takes.
    """
    intercept, slope = ("0", "1") if is_identity else ("", "")
    return Group(
        "PixelValueTransformationSequence",
        (
            Row("RescaleIntercept", "always", default=intercept),
            Row("RescaleSlope", "always", default=slope),
            Row("RescaleType", "always", default=units, values=(only,) if only else ()),
        ),
        "always",
    )
