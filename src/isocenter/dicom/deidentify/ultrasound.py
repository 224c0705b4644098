"""What surrounds the regions that an ultrasound device declares: names, dates, settings as text.

References
----------
PS3.3 C.8.5.5 (US Region Calibration Module).
"""

from isocenter.dicom.deidentify.regions import Region, outside_of
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.uids import (
    ENHANCED_US_VOLUME,
    US,
    US_MULTI_FRAME,
    US_MULTI_FRAME_RETIRED,
    US_RETIRED,
)
from isocenter.dicom.values import integer
from isocenter.errors import HeldBackError, InvalidInputError, MissingElementError

ULTRASOUND = frozenset({US, US_MULTI_FRAME, US_RETIRED, US_MULTI_FRAME_RETIRED, ENHANCED_US_VOLUME})
ULTRASOUND_REGIONS = 0x00186011
_LEFT, _TOP, _RIGHT, _BOTTOM = 0x00186018, 0x0018601A, 0x0018601C, 0x0018601E
_REGIONS_MAX = 256


def surroundings(dataset: DataSetIndex, rows: int, columns: int) -> list[Region]:
    """Return rectangles that cover everything outside of the declared regions.

    Parameters
    ----------
    rows, columns
        Of the image.

    Raises
    ------
    HeldBackError
        If the regions are none of this image, or leave nothing outside of them.
    """
    items = dataset.items(ULTRASOUND_REGIONS)
    if not 1 <= len(items) <= _REGIONS_MAX:
        raise HeldBackError("the ultrasound regions are none, or too many")
    outside = outside_of([_declared(item, rows, columns) for item in items], rows, columns)
    if not outside:
        raise HeldBackError("the ultrasound regions cover the whole image, also where text stands")
    return outside


def _declared(item: DataSetIndex, rows: int, columns: int) -> Region:
    """Return one declared region; its last row and column belong to it.

    Some devices declare what is behind the last pixel. What reaches farther was made for another
    image, such as the one before it was cropped, and tells nothing about this one.
    """
    try:
        left, top, right, bottom = (integer(item, tag) for tag in (_LEFT, _TOP, _RIGHT, _BOTTOM))
    except (InvalidInputError, MissingElementError):
        raise HeldBackError("an ultrasound region has no place") from None
    if not (0 <= left <= right <= columns and 0 <= top <= bottom <= rows):
        raise HeldBackError("the ultrasound regions do not fit the image")
    if left == columns or top == rows:
        raise HeldBackError("the ultrasound regions do not fit the image")
    width, height = min(right + 1, columns) - left, min(bottom + 1, rows) - top
    return Region(left, top, width, height)
