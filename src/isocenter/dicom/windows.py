"""Windows: which values are shown from black to white, and along which curve.

Without numpy, so that whoever only compares the windows of files starts fast.

References
----------
PS3.3 C.11.2.1.2 (Window Center and Window Width), C.11.2.1.3 (VOI LUT Function).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from statistics import median

from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.values import first_string, floats
from isocenter.errors import InvalidInputError

LINEAR, LINEAR_EXACT, SIGMOID = "LINEAR", "LINEAR_EXACT", "SIGMOID"
FUNCTIONS = (LINEAR, LINEAR_EXACT, SIGMOID)
# What a caller can ask for besides a window: each Frame's own, or all that the cells can hold.
OWN, FULL = "own", "full"

_CENTER, _WIDTH, _FUNCTION = 0x00281050, 0x00281051, 0x00281056


@dataclass(frozen=True, slots=True)
class Window:
    """A window over the output of the Modality LUT."""

    center: float
    width: float
    function: str = LINEAR

    def __post_init__(self) -> None:
        if not (isfinite(self.center) and isfinite(self.width)):
            raise InvalidInputError("a window is no finite number")
        least = 1.0 if self.function == LINEAR else 0.0
        if self.width < least or self.width == 0:
            raise InvalidInputError("a window is too narrow (PS3.3 C.11.2.1.2)")
        if self.function not in FUNCTIONS:
            raise InvalidInputError("a window has an unknown function")

    @property
    def edges(self) -> tuple[float, float]:
        """The value up to which all is black, the value from which all is white."""
        if self.function == LINEAR:
            low = self.center - 0.5 - (self.width - 1) / 2
            return low, low + self.width - 1
        return self.center - self.width / 2, self.center + self.width / 2

    @property
    def is_straight(self) -> bool:
        """Whether the curve is a straight line between two different edges."""
        low, high = self.edges
        return self.function != SIGMOID and high > low

    def __str__(self) -> str:
        plain = f"{self.center:.12g},{self.width:.12g}"
        return plain if self.function == LINEAR else f"{plain},{self.function}"


def parse_window(text: str) -> Window:
    """Return the window that ``C,W`` or ``C,W,FUNCTION`` tells.

    Raises
    ------
    InvalidInputError
        If it tells none.
    """
    parts = text.split(",")
    if not 2 <= len(parts) <= 3:
        raise InvalidInputError("a window is written CENTER,WIDTH")
    try:
        center, width = float(parts[0]), float(parts[1])
    except ValueError:
        raise InvalidInputError("a window is written CENTER,WIDTH") from None
    return Window(center, width, parts[2].strip().upper() if len(parts) == 3 else LINEAR)


def read_window(item: DataSetIndex) -> Window | None:
    """Return the first window of a Data Set or Frame VOI LUT Item, ``None`` without a valid one."""
    try:
        centers, widths = floats(item, _CENTER), floats(item, _WIDTH)
        if not centers or not widths:
            return None
        function = first_string(item, _FUNCTION)
        return Window(centers[0], widths[0], function if function in FUNCTIONS else LINEAR)
    except InvalidInputError:
        return None  # values outside the standard tell nothing about what should be seen


def spanning(low: float, high: float) -> Window:
    """Return the window that shows ``low`` as black and ``high`` as white; equal ones are black."""
    high = high if high > low else low + 1
    return Window((low + high) / 2, high - low, LINEAR_EXACT)


def middle(windows: Iterable[Window]) -> Window:
    """Return one window for images of which each has its own: the median of either edge.

    A single slice with an odd window then changes nothing. All must be straight, or all the same.
    """
    found = list(windows)
    if all(window == found[0] for window in found):
        return found[0]
    if all(window.function == found[0].function for window in found):
        return Window(
            median(window.center for window in found),
            median(window.width for window in found),
            found[0].function,
        )
    return spanning(
        median(window.edges[0] for window in found), median(window.edges[1] for window in found)
    )
