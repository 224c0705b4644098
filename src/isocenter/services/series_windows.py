"""One window over a series: brightness does not jump from one picture to the next."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.image_facts import ImageFacts
from isocenter.dicom.windows import FULL, OWN, Window, middle, spanning
from isocenter.errors import IsocenterError

HEADER, AUTO = "header", "auto"
NAMED = frozenset({HEADER, AUTO, FULL, OWN})

Ends = tuple[float, float]


class Image(NamedTuple):
    """An input that can be shown, and what its header says about that."""

    path: Path
    facts: ImageFacts


# Yields the smallest and largest value of some Frames of images, or what went wrong.
Measure = Callable[[list[Image]], Iterable[tuple[Image, Ends | IsocenterError | None]]]


class Chosen(NamedTuple):
    """How images are shown.

    Attributes
    ----------
    windows
        ``own``, ``full`` or ``CENTER,WIDTH[,FUNCTION]`` for each.
    failures
        What went wrong with images that had to be measured.
    warnings
        Sentences about series whose headers ask for several windows.
    """

    windows: dict[Path, str]
    failures: dict[Path, IsocenterError]
    warnings: list[str]


def choose_windows(images: Sequence[Image], wanted: str, measure: Measure) -> Chosen:
    """Return one window for all images of a series.

    Parameters
    ----------
    wanted
        ``header``: the window of the header, the median of all where they differ, what is there
        where there is none; ``auto``: from the smallest to the largest value of the series;
        ``own``: as each header says; ``full`` or a window: the same for all.
    """
    chosen = Chosen({}, {}, [])
    if wanted not in (HEADER, AUTO):
        chosen.windows.update((image.path, wanted) for image in images)
        return chosen
    for group in _series(images):
        if not group[0].facts.is_grey:
            chosen.windows.update((image.path, OWN) for image in group)
        elif wanted == AUTO:
            _measured(group, measure, chosen)
        else:
            _of_header(group, measure, chosen)
    return chosen


def _series(images: Sequence[Image]) -> Iterable[list[Image]]:
    """Return images that are shown alike, in the order of their first ones."""
    groups: dict[object, list[Image]] = {}
    for image in images:
        series: object = image.facts.series_uid or image.path
        groups.setdefault((series, image.facts.is_grey), []).append(image)
    return groups.values()


def _of_header(group: list[Image], measure: Measure, chosen: Chosen) -> None:
    unsaid: list[Image] = []
    said: list[Image] = []
    for image in group:
        facts = image.facts
        if facts.windows:
            said.append(image)
        elif facts.has_lut:
            chosen.windows[image.path] = OWN
        elif facts.is_plain:
            chosen.windows[image.path] = FULL
        else:
            unsaid.append(image)
    if said:
        windows: list[Window] = [window for image in said for window in image.facts.windows]
        window = middle(windows)
        chosen.windows.update((image.path, str(window)) for image in said)
        if len(set(windows)) > 1:
            more = f" and {len(said) - 1} more" if len(said) > 1 else ""
            chosen.warnings.append(
                f"{said[0].path.name}{more}: their headers have several windows, all are shown "
                f"with {window}; the window 'own' keeps each"
            )
    if unsaid:
        _measured(unsaid, measure, chosen)


def _measured(group: list[Image], measure: Measure, chosen: Chosen) -> None:
    ends: list[float] = []
    for image, found in measure(group):
        if isinstance(found, IsocenterError):
            chosen.failures[image.path] = found
        elif found is not None:
            ends += found
    window = str(spanning(min(ends), max(ends))) if ends else FULL
    for image in group:
        if image.path not in chosen.failures:
            chosen.windows[image.path] = window
