"""What decides how the images of a series are shown together, from their headers alone.

Without numpy, so that whoever only looks at files starts fast.

References
----------
PS3.3 C.7.6.3 (Image Pixel), C.11.2 (VOI LUT), C.7.6.16.2.10 (Frame VOI LUT).
"""

from dataclasses import dataclass

from isocenter.dicom.frames import number_of_frames
from isocenter.dicom.header_index import PIXEL_DATA, DataSetIndex, HeaderIndex
from isocenter.dicom.uids import NATIVE
from isocenter.dicom.values import first_string, integer
from isocenter.dicom.windows import Window, read_window

SHARED_GROUPS, PER_FRAME_GROUPS = 0x52009229, 0x52009230
FRAME_VOI_LUT, VOI_LUT = 0x00289132, 0x00283010
PIXEL_VALUE_TRANSFORMATION, MODALITY_LUT = 0x00289145, 0x00283000
INTERCEPT, SLOPE, PADDING = 0x00281052, 0x00281053, 0x00280120
FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA = 0x7FE00008, 0x7FE00009
MONOCHROME = frozenset({"MONOCHROME1", "MONOCHROME2"})

_SERIES_UID, _PHOTOMETRIC, _SAMPLES = 0x0020000E, 0x00280004, 0x00280002
_ROWS, _COLUMNS = 0x00280010, 0x00280011
_BITS_STORED, _SIGNED = 0x00280101, 0x00280103
_TRANSFORMS = (INTERCEPT, SLOPE, MODALITY_LUT, PIXEL_VALUE_TRANSFORMATION, PADDING)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a header says about how its image is shown.

    Attributes
    ----------
    frame_samples
        Rows times Columns times Samples per Pixel.
    windows
        Different ones of its Frames, in order.
    has_lut
        Whether a Frame is shown by a VOI LUT, as it has no window.
    is_plain
        Whether stored values are meant to be seen as they are: 8 bits without any transform.
    is_native
        Whether nothing has to be decoded.
    """

    series_uid: str
    frames: int
    frame_samples: int
    is_grey: bool
    windows: tuple[Window, ...]
    has_lut: bool
    is_plain: bool
    is_native: bool


def has_pixels(header: HeaderIndex) -> bool:
    """Return whether there is an image at all."""
    return any(tag in header.dataset for tag in (PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA))


def read_image_facts(header: HeaderIndex) -> ImageFacts:
    """Return what decides how an image is shown together with others of its series.

    Raises
    ------
    MissingElementError
        If there are no Rows or Columns.
    InvalidInputError
        If one of the numbers is none.
    """
    dataset = header.dataset
    rows, columns = integer(dataset, _ROWS), integer(dataset, _COLUMNS)
    samples = integer(dataset, _SAMPLES, 1)
    photometric = first_string(dataset, _PHOTOMETRIC)
    is_grey = photometric in MONOCHROME or (not photometric and samples == 1)
    windows, has_lut = _windows(dataset) if is_grey else ((), False)
    return ImageFacts(
        series_uid=first_string(dataset, _SERIES_UID),
        frames=number_of_frames(dataset),
        frame_samples=max(1, rows * columns * samples),
        is_grey=is_grey,
        windows=windows,
        has_lut=has_lut,
        is_plain=_is_plain(dataset),
        is_native=not header.fragments and header.transfer_syntax_uid in {*NATIVE, ""},
    )


def _windows(dataset: DataSetIndex) -> tuple[tuple[Window, ...], bool]:
    """Return the different windows of all Frames, and whether one has a VOI LUT instead."""
    windows: dict[Window, None] = {}
    has_lut = False
    for tag in (PER_FRAME_GROUPS, SHARED_GROUPS):
        for group in dataset.each_item(tag):
            for item in group.items(FRAME_VOI_LUT)[:1]:
                window = read_window(item)
                has_lut |= window is None and VOI_LUT in item
                if window is not None:
                    windows[window] = None
        if windows:
            return tuple(windows), has_lut
    window = read_window(dataset)
    if window is not None:
        return (window,), has_lut
    return (), has_lut or VOI_LUT in dataset


def _is_plain(dataset: DataSetIndex) -> bool:
    if any(tag in dataset for tag in _TRANSFORMS) or SHARED_GROUPS in dataset:
        return False
    return integer(dataset, _BITS_STORED, 16) <= 8 and integer(dataset, _SIGNED, 0) == 0
