"""How the header says that a Frame is shown: everything between stored values and brightness.

References
----------
PS3.3 C.11.1 (Modality LUT), C.11.2 (VOI LUT), C.11.6 (Presentation LUT Shape), C.7.5.1.1.2
(Pixel Padding Value), C.7.6.16.2.9 and .10 (their Functional Groups), C.7.6.23 (Supplemental
Palette).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isocenter.dicom.colours import PALETTE, is_colour
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.image_facts import (
    FRAME_VOI_LUT,
    INTERCEPT,
    MODALITY_LUT,
    MONOCHROME,
    PADDING,
    PER_FRAME_GROUPS,
    PIXEL_VALUE_TRANSFORMATION,
    SHARED_GROUPS,
    SLOPE,
    VOI_LUT,
)
from isocenter.dicom.luts import Lut, read_lut, read_palette
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.dicom.samples import Array, FloatFormat
from isocenter.dicom.values import first_string, floats, numbers
from isocenter.dicom.windows import Window, read_window
from isocenter.errors import CorruptPixelDataError, InvalidInputError, NotSupportedError

_SHAPE, _PADDING_LIMIT = 0x20500020, 0x00280121
_PIXEL_PRESENTATION, _RED_DESCRIPTOR = 0x00089205, 0x00281101


@dataclass(frozen=True, slots=True)
class Rescale:
    """A Modality LUT that is a straight line."""

    slope: float = 1.0
    intercept: float = 0.0

    def apply(self, values: Array) -> npt.NDArray[np.float64]:
        """Return values in the units of the modality."""
        return values.astype(np.float64) * self.slope + self.intercept


@dataclass(frozen=True, slots=True)
class Display:
    """How the samples of one Frame are shown.

    Attributes
    ----------
    modality
        From stored values to those that a window speaks of.
    voi
        What of them is shown; ``None`` for the whole range that the cells can hold.
    is_inverted
        Whether the smallest value is white.
    padding
        First and last stored value that stands for "no image here", shown as black.
    palette
        Colours of all values of PALETTE COLOR; of MONOCHROME2, those of the values that it maps.
    """

    layout: PixelFormat
    modality: Rescale | Lut = Rescale()
    voi: Window | Lut | None = None
    is_inverted: bool = False
    padding: tuple[float, float] | None = None
    palette: Lut | None = None

    @property
    def is_grey(self) -> bool:
        """Whether a window applies; colours and palettes are shown as they are."""
        return self.layout.photometric in MONOCHROME

    @property
    def is_plain(self) -> bool:
        """Whether stored values are meant to be seen as they are: 8 bits, no transform."""
        is_narrow = self.layout.bits_stored <= 8 and not self.layout.is_signed
        return is_narrow and self.modality == Rescale() and self.padding is None


def read_display(
    dataset: DataSetIndex, layout: PixelFormat, groups: tuple[DataSetIndex, ...] = ()
) -> Display:
    """Return how the header says that a Frame is shown.

    Parameters
    ----------
    groups
        Items of the functional groups that hold for the Frame, its own before the shared ones.

    Raises
    ------
    NotSupportedError
        If the Photometric Interpretation cannot be shown.
    CorruptPixelDataError
        If a lookup table contradicts itself.
    """
    if layout.photometric == PALETTE:
        if layout.samples != 1 or isinstance(layout, FloatFormat):
            raise CorruptPixelDataError("a palette needs one whole number per pixel")
        palette = read_palette(dataset, is_signed=layout.is_signed)
        return Display(layout, palette=palette)
    if layout.photometric not in MONOCHROME:
        if not is_colour(layout.photometric) or isinstance(layout, FloatFormat):
            raise NotSupportedError("the Photometric Interpretation cannot be shown")
        if layout.samples != 3:
            raise CorruptPixelDataError(f"colours need 3 samples per pixel, not {layout.samples}")
        return Display(layout)
    if layout.samples != 1:
        raise CorruptPixelDataError(f"grey needs 1 sample per pixel, not {layout.samples}")
    modality = _read_modality(dataset, layout, groups)
    return Display(
        layout,
        modality,
        _read_voi(dataset, layout, modality, groups),
        is_inverted=_is_inverted(dataset, layout),
        padding=_read_padding(dataset, layout),
        palette=_read_supplement(dataset, layout),
    )


def frame_groups(dataset: DataSetIndex, first_frame: int, frames: int) -> list[DataSetIndex | None]:
    """Return the per-frame Items of Frames; ``first_frame`` is 1-based.

    ``None`` for each Frame that has no Item.
    """
    found: list[DataSetIndex | None] = []
    for frame_number, item in enumerate(dataset.each_item(PER_FRAME_GROUPS), 1):
        if frame_number >= first_frame + frames:
            break
        if frame_number >= first_frame:
            found.append(item)
    return found + [None] * (frames - len(found))


def shared_groups(dataset: DataSetIndex) -> tuple[DataSetIndex, ...]:
    """Return the Item of functional groups that hold for all Frames, if there is one."""
    return tuple(dataset.items(SHARED_GROUPS)[:1])


def _read_modality(
    dataset: DataSetIndex, layout: PixelFormat, groups: tuple[DataSetIndex, ...]
) -> Rescale | Lut:
    for item in _places(dataset, groups, PIXEL_VALUE_TRANSFORMATION):
        luts = item.items(MODALITY_LUT)
        if luts and not isinstance(layout, FloatFormat):
            return read_lut(luts[0], is_signed=layout.is_signed)
        slope, intercept = _decimal(item, SLOPE), _decimal(item, INTERCEPT)
        if slope is not None or intercept is not None:
            # A slope of zero would show nothing; writers leave it where they know none.
            return Rescale(slope or 1.0, intercept or 0.0)
    return Rescale()


def _read_voi(
    dataset: DataSetIndex,
    layout: PixelFormat,
    modality: Rescale | Lut,
    groups: tuple[DataSetIndex, ...],
) -> Window | Lut | None:
    """Return the first window, or else the first VOI LUT."""
    is_signed = layout.is_signed or (isinstance(modality, Rescale) and modality.intercept < 0)
    for item in _places(dataset, groups, FRAME_VOI_LUT):
        window = read_window(item)
        if window is not None:
            return window
        luts = item.items(VOI_LUT)
        if luts:
            return read_lut(luts[0], is_signed=is_signed)
    return None


def _places(
    dataset: DataSetIndex, groups: tuple[DataSetIndex, ...], tag: int
) -> list[DataSetIndex]:
    """Return where attributes of a functional group may stand, the closest place first."""
    items = [item for group in groups for item in group.items(tag)[:1]]
    return [*items, dataset]


def _decimal(item: DataSetIndex, tag: int) -> float | None:
    try:
        values = floats(item, tag)
    except InvalidInputError:
        return None
    return values[0] if values else None


def _is_inverted(dataset: DataSetIndex, layout: PixelFormat) -> bool:
    """Return whether small values are white.

    INVERSE goes with MONOCHROME1 in the classes that have both, and means the same inversion.
    """
    return layout.photometric == "MONOCHROME1" or first_string(dataset, _SHAPE) == "INVERSE"


def _read_padding(dataset: DataSetIndex, layout: PixelFormat) -> tuple[float, float] | None:
    """Return the range of Pixel Padding Value and its Range Limit, in stored values."""
    if PADDING not in dataset or isinstance(layout, FloatFormat):
        return None
    try:
        ends = [
            _as_stored(int(numbers(dataset, tag)[0]), layout)
            for tag in (PADDING, _PADDING_LIMIT)
            if dataset.value(tag)
        ]
    except InvalidInputError:
        return None
    return (min(ends), max(ends)) if ends else None


def _read_supplement(dataset: DataSetIndex, layout: PixelFormat) -> Lut | None:
    """Return the Supplemental Palette of an image that says it has colours (PS3.3 C.7.6.23)."""
    is_coloured = first_string(dataset, _PIXEL_PRESENTATION) in ("COLOR", "MIXED")
    if not is_coloured or _RED_DESCRIPTOR not in dataset or isinstance(layout, FloatFormat):
        return None
    return read_palette(dataset, is_signed=layout.is_signed)


def _as_stored(value: int, layout: PixelFormat) -> int:
    """Return a value of 16 bits, whatever VR it was read by, as the samples have it."""
    value &= 0xFFFF
    return value - 0x10000 if layout.is_signed and value & 0x8000 else value
