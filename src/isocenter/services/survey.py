"""What the files of a folder are, before an action takes them: whole, unfinished, foreign, short.

A watched folder may be looked at while slices are still on their way. Headers tell more than
names: a file may end too early, and a series may claim more Instances than are there.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from isocenter.dicom.frames import index_frames
from isocenter.dicom.header_index import PIXEL_DATA, DataSetIndex, index_header, index_meta
from isocenter.dicom.names_table import UID_NAMES
from isocenter.dicom.values import first_string, integer
from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    NotDicomError,
    NotFoundError,
    UnavailableError,
)
from isocenter.jobs.sandbox import Sandbox
from isocenter.limits import DEFAULT, Limits
from isocenter.services.files import FileSource, natural_key
from isocenter.services.looks import Entry, stamp_of
from isocenter.services.scratch import scratch_folder
from isocenter.services.sources import OpenedFile, open_dicom

_HEAD_BYTES = 132
# Pixel Data of every kind, and the address where it can be had (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25).
_PIXELS = (PIXEL_DATA, 0x7FE00008, 0x7FE00009, 0x00287FE0)
_SOP_CLASS_UID, _SOP_INSTANCE_UID, _SERIES_INSTANCE_UID = 0x00080016, 0x00080018, 0x0020000E
_MEDIA_STORAGE_SOP_CLASS_UID = 0x00020002
_ACQUISITION_NUMBER, _NUMBER_OF_FRAMES = 0x00200012, 0x00280008
_IMAGES_IN_ACQUISITION, _SERIES_RELATED_INSTANCES = 0x00201002, 0x00201209


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that cannot be taken now, and why; ``is_dicom`` if it has a readable beginning."""

    path: Path
    reason: str
    is_dicom: bool = True


@dataclass(slots=True)
class Survey:
    """What was found.

    Attributes
    ----------
    dicom
        DICOM files that seem whole, in natural order.
    unfinished
        Files that end too early, or that nothing is written in yet.
    unavailable
        Files that the machine did not let us read.
    shortages
        Sentences about series that claim more Instances than are there.
    has_changed
        Whether a file is not what the look said; then the rest means nothing.
    """

    dicom: list[Path] = field(default_factory=list)
    unfinished: list[Problem] = field(default_factory=list)
    unavailable: list[Problem] = field(default_factory=list)
    shortages: list[str] = field(default_factory=list)
    has_changed: bool = False


def survey(folder: Path, entries: Iterable[Entry], limits: Limits = DEFAULT) -> Survey:
    """Return what the given files of a folder are; their headers are read, never their pixels."""
    found = Survey()
    claims = _Claims(limits)
    with (
        scratch_folder() as scratch,
        Sandbox(limits) as sandbox,
    ):
        for entry in sorted(entries, key=lambda entry: natural_key(entry.name)):
            path = folder / entry.name
            if stamp_of(path) != entry.stamp:
                found.has_changed = True
                return found
            try:
                opened = open_dicom(path, sandbox, scratch, limits)
            except IsocenterError as error:
                _sort_problem(found, path, error)
                continue
            try:
                _sort(found, claims, opened)
            finally:
                opened.close()
                if opened.source.path != path:
                    opened.source.path.unlink(missing_ok=True)
    found.shortages = claims.shortages()
    return found


def is_foreign(path: Path, limits: Limits = DEFAULT) -> bool:
    """Return whether a file is surely no DICOM file, whole or not, such as a text that grows."""
    try:
        with FileSource(path) as source:
            index_header(source, limits)
    except NotDicomError:
        return not _is_blank(path)
    except IsocenterError:
        return False
    return False


def _sort_problem(found: Survey, path: Path, error: IsocenterError) -> None:
    """Put a file that could not be opened into the right list; foreign ones into none."""
    if isinstance(error, NotFoundError):
        found.has_changed = True
    elif isinstance(error, UnavailableError):
        found.unavailable.append(Problem(path, str(error)))
    elif isinstance(error, NotDicomError):
        if _is_blank(path):
            found.unfinished.append(Problem(path, "nothing is written in it yet", is_dicom=False))
    elif isinstance(error, InvalidInputError):
        # Cut off, or damaged in a way that a cut may also have.
        found.unfinished.append(Problem(path, str(error)))
    else:
        found.dicom.append(path)  # the action says what is wrong with it


def _is_blank(path: Path) -> bool:
    """Return whether nothing is written yet where a DICOM file begins.

    Some programs give a file its full size before its content: it then begins with zeros.
    """
    try:
        with FileSource(path) as source:
            return not any(source.read_at(0, _HEAD_BYTES))
    except IsocenterError:
        return False


def _sort(found: Survey, claims: "_Claims", opened: OpenedFile) -> None:
    reason = _why_unfinished(opened)
    if reason:
        found.unfinished.append(Problem(opened.path, reason))
        return
    found.dicom.append(opened.path)
    claims.add(opened.header.dataset)


def _why_unfinished(opened: OpenedFile) -> str:
    """Return why a file that could be opened is not whole all the same, ``""`` if it seems so.

    A file that ends between two elements reads well; what tells is that an image has no pixels.
    """
    dataset = opened.header.dataset
    if not dataset.elements:
        return "it ends after the file meta information"
    uid = first_string(dataset, _SOP_CLASS_UID) or _class_in_meta(opened)
    if not any(tag in dataset for tag in _PIXELS) and _is_image_class(uid):
        return "it is an image and has no pixels"
    # What pydicom had to read may have been cut off without an error.
    if opened.source.path != opened.path and PIXEL_DATA in dataset:
        try:
            index_frames(opened.header, opened.source)
        except InvalidInputError as error:
            return str(error)
    return ""


def _class_in_meta(opened: OpenedFile) -> str:
    """Return the SOP Class that the file meta tells; where it was rewritten, the original's."""
    if opened.source.path == opened.path:
        return first_string(opened.header.meta, _MEDIA_STORAGE_SOP_CLASS_UID)
    try:
        with FileSource(opened.path) as original:
            return first_string(index_meta(original).elements, _MEDIA_STORAGE_SOP_CLASS_UID)
    except IsocenterError:
        return ""


def _is_image_class(uid: str) -> bool:
    """Return whether Instances of a SOP Class have pixels, by its name in PS3.6."""
    if not uid:
        return False
    start = UID_NAMES.find(f"\n{uid} ")
    return start >= 0 and "Image Storage" in UID_NAMES[start : UID_NAMES.find("\n", start + 1)]


class _Claims:
    """Counts Instances of each series and acquisition, and what their headers claim."""

    def __init__(self, limits: Limits) -> None:
        self._claim_max = limits.series_slices
        self._there: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._claimed: dict[tuple[str, ...], int] = defaultdict(int)

    def add(self, dataset: DataSetIndex) -> None:
        """Count one Instance."""
        series = first_string(dataset, _SERIES_INSTANCE_UID)
        instance = first_string(dataset, _SOP_INSTANCE_UID)
        self._count((series,), instance, _number(dataset, _SERIES_RELATED_INSTANCES))
        if _number(dataset, _NUMBER_OF_FRAMES) <= 1:
            acquisition = (series, first_string(dataset, _ACQUISITION_NUMBER))
            self._count(acquisition, instance, _number(dataset, _IMAGES_IN_ACQUISITION))

    def _count(self, key: tuple[str, ...], instance: str, claimed: int) -> None:
        self._there[key].add(instance)
        if claimed <= self._claim_max:
            self._claimed[key] = max(self._claimed[key], claimed)

    def shortages(self) -> list[str]:
        """Return a sentence for each series and acquisition that lacks Instances."""
        nouns = {1: "a series", 2: "an acquisition"}
        return [
            f"{len(there)} of {self._claimed[key]} instances of {nouns[len(key)]} are there"
            for key, there in self._there.items()
            if len(there) < self._claimed[key]
        ]


def _number(dataset: DataSetIndex, tag: int) -> int:
    try:
        return integer(dataset, tag, 0)
    except InvalidInputError:
        return 0
