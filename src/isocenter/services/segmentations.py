"""Masks of archived images: from and to NIfTI files and DICOM Segmentations.

A NIfTI file is somebody's bytes, so it is read in a child process with limits; what the child
writes are plain labels, Frame by Frame. A Segmentation made here is stored beside its source, where
every viewer of the archive finds it.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from isocenter.dicom.frame_table import find_frame, pack_frames, read_ranges
from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.label_volumes import (
    Labels,
    check_label_bytes,
    labels_to_nifti,
    parse_placement,
    told_grid,
)
from isocenter.dicom.nifti import values_in
from isocenter.dicom.segmentation import Made, Segment, make_segmentation
from isocenter.dicom.segmentation_reading import (
    CLASSES,
    Segmentation,
    read_labels,
    read_segmentation,
)
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.uids import EXPLICIT, NATIVE
from isocenter.dicom.volume import (
    FramePlace,
    Grid,
    Volume,
    build_volume,
    picture_grid,
    read_places,
)
from isocenter.errors import ConflictError, InvalidInputError, NotSupportedError
from isocenter.jobs.sandbox import JSON, pixel_limits
from isocenter.limits import Limits
from isocenter.services.child_pool import ChildPool
from isocenter.services.retrieval import ArchivedInstance, OpenedBytes, Place, Retrieval
from isocenter.services.studies import DUPLICATE, StoredInstance, Studies

_CHILD = ("-m", "isocenter.jobs.volume_child")
_CHECK = "isocenter.dicom.nifti:check_nifti"
_PLACE_LABELS = "isocenter.dicom.label_volumes:write_placed_labels"
# Colours that are told apart in the dark and by those who see few.
_COLOURS = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
)


@dataclass(frozen=True, slots=True)
class NiftiFacts:
    """What a NIfTI file is; ``values`` are its labels except 0, None where it holds none."""

    shape: tuple[int, ...]
    spacing_mm: tuple[float, ...]
    dtype: str
    values: tuple[int, ...] | None
    is_placed: bool


@dataclass(frozen=True, slots=True)
class LabelFrames:
    """Labels on Frames.

    Attributes
    ----------
    frames
        Which Frame each of the labels lies on; empty for pictures, which are in their own order.
    labels
        ``(frames, rows, columns)``, uint8 or uint16.
    values
        The different values except 0, ascending.
    placement
        How the axes of the file ran, for making the same file again.
    matched_by
        ``space``; ``direction`` where a tilted gantry is told in another way; ``index``.
    """

    frames: tuple[FramePlace, ...]
    labels: Labels
    values: tuple[int, ...]
    placement: str
    matched_by: str


@dataclass(frozen=True, slots=True)
class SegmentationLabels:
    """What a Segmentation says; where segments overlap the labels show the later ones."""

    segments: tuple[Segment, ...]
    labels: LabelFrames
    has_overlaps: bool


def plain_segments(values: Sequence[int], names: Mapping[int, str] | None = None) -> list[Segment]:
    """Return a segment of each value: named as told, or by its number, in a colour of its own.

    Of a name, what fits into a header: 64 characters on one line.
    """
    told = {value: _one_line(name) for value, name in (names or {}).items()}
    return [
        Segment(value, told.get(value) or f"Segment {value}", _COLOURS[at % len(_COLOURS)])
        for at, value in enumerate(values)
    ]


class Segmentations:
    """Makes masks of archived images; a context manager, safe for any number of threads.

    Parameters
    ----------
    scratch
        A folder for files that are gone when a call has ended.
    clock
        Milliseconds since 1970 UTC.
    jobs
        How many NIfTI files are read at once.
    """

    def __init__(
        self,
        studies: Studies,
        retrieval: Retrieval,
        scratch: Path,
        *,
        clock: Callable[[], int],
        limits: Limits,
        jobs: int,
    ) -> None:
        self._studies = studies
        self._retrieval = retrieval
        self._scratch = scratch
        self._clock = clock
        self._limits = limits
        self._readers = ChildPool(jobs, pixel_limits(limits), _CHILD)
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._readers.__exit__(kind, error, where)

    def check_nifti(self, path: Path) -> NiftiFacts:
        """Return what a NIfTI file is.

        Raises
        ------
        IsocenterError
            If it is none, or too large.
        """
        with self._new_path() as target:
            told = self._readers.run(_CHECK, path, target)
        values = told.get("values")
        return NiftiFacts(
            shape=_integers(told.get("shape")),
            spacing_mm=tuple(
                float(one) for one in _list(told.get("spacing_mm")) if isinstance(one, int | float)
            ),
            dtype=str(told.get("dtype")),
            values=None if values is None else _integers(values),
            is_placed=told.get("is_placed") is True,
        )

    def masks_of_nifti(self, place: Place, path: Path) -> LabelFrames:
        """Return the labels of a NIfTI file on the Frames of an Instance or a Series.

        Raises
        ------
        NotFoundError
            If the owner has no such images.
        InvalidInputError
            If the file holds no labels, or lies on other images.
        IsocenterError
            If the file is no NIfTI file, or too large.
        """
        volume, _ = self._volume(place)
        return self._placed(volume.grid, volume.frames, path)

    def masks_of_picture_nifti(
        self, path: Path, *, rows: int, columns: int, frames: int = 1
    ) -> LabelFrames:
        """Return the labels of a NIfTI file on pictures or a video, by their indices.

        Raises
        ------
        IsocenterError
            As ``masks_of_nifti`` does.
        """
        return self._placed(picture_grid(rows, columns, frames), (), path)

    def nifti_of_masks(self, place: Place, labels: Labels, placement: str = "") -> bytes:
        """Return a compressed NIfTI file of labels on the Frames of an Instance or a Series.

        Parameters
        ----------
        labels
            ``(frames, rows, columns)`` in the order of ``LabelFrames.frames``.
        placement
            That of ``LabelFrames``, to have the axes of the file that they came from.

        Raises
        ------
        NotFoundError
            If the owner has no such images.
        InvalidInputError
            If the labels are not of these images.
        """
        volume, _ = self._volume(place)
        wanted = parse_placement(placement) if placement else None
        return labels_to_nifti(labels, volume.grid, wanted)

    def seg_of_masks(
        self, place: Place, labels: Labels, segments: Sequence[Segment], description: str = ""
    ) -> StoredInstance:
        """Store labels as a DICOM Segmentation beside their images; return the new Instance.

        Parameters
        ----------
        labels
            ``(frames, rows, columns)`` in the order of ``LabelFrames.frames``.
        segments
            One for each value of the labels.
        description
            Of the new Series.

        Raises
        ------
        NotFoundError
            If the owner has no such images.
        InvalidInputError
            If the labels are not of these images, or a value has no segment.
        UnavailableError
            If it cannot be stored.
        """
        volume, instance = self._volume(place)
        moment = datetime.fromtimestamp(self._clock() / 1000, UTC).astimezone()
        made = Made(
            f"{moment:%Y%m%d}", f"{moment:%H%M%S.%f}", _one_line(description) or "Segmentation"
        )
        with contextlib.closing(self._retrieval.open_plain(instance)) as source:
            header = index_header(source, self._limits)
            parts = make_segmentation(header, volume, labels, segments, made, self._limits)
        with self._studies.begin(place.owner) as intake:
            part = intake.add_part()
            for data in parts:
                part.write(data)
            part.close()
            result = intake.finish()
        for failed in result.failed:
            if failed.reason == DUPLICATE:
                raise ConflictError(failed.sentence)
            raise InvalidInputError(f"the segmentation was not stored: {failed.sentence}")
        return result.stored[0]

    def masks_of_seg(
        self, place: Place, source: Place | None = None, *, segment_number: int = 0
    ) -> SegmentationLabels:
        """Return the labels of an archived Segmentation on the images that it refers to.

        Parameters
        ----------
        place
            Of one Instance.
        source
            Its images; by default those that it refers to.
        segment_number
            Take this segment alone, of which overlaps hide nothing; 0 takes all.

        Raises
        ------
        NotFoundError
            If the owner has no such Instance, or not its images.
        NotSupportedError, InvalidInputError
            If it is no Segmentation, or lies on other images.
        """
        (instance, *_) = self._retrieval.instances(place)
        if instance.sop_class_uid not in CLASSES:
            raise NotSupportedError("it is no segmentation")
        with contextlib.closing(self._open_native(instance)) as opened:
            header = index_header(opened, self._limits)
            segmentation = read_segmentation(header)
            volume = self._source_of(place, segmentation, source)
            found = read_labels(
                segmentation,
                _native_frames(header, opened, len(segmentation.frames), self._limits),
                volume,
                segment_number=segment_number,
                limits=self._limits,
            )
        values = sorted({int(one) for labels in found.labels for one in values_in(labels)} - {0})
        placed = LabelFrames(
            volume.frames,
            found.labels,
            tuple(values),
            "",
            "space" if volume.grid.is_placed else "index",
        )
        return SegmentationLabels(segmentation.segments, placed, found.has_overlaps)

    def _placed(self, grid: Grid, frames: tuple[FramePlace, ...], path: Path) -> LabelFrames:
        check_label_bytes(grid, self._limits)
        with self._new_path() as target:
            told = self._readers.run(_PLACE_LABELS, path, target, grid=told_grid(grid))
            dtype = np.dtype("<u2" if told.get("bytes_per_label") == 2 else "u1")
            labels = np.fromfile(target, dtype)
        shape = grid.times * grid.locations, grid.rows, grid.columns
        matched_by = str(told.get("matched_by"))
        if labels.size != shape[0] * shape[1] * shape[2]:
            raise InvalidInputError("the reader process gave no usable answer")
        return LabelFrames(
            frames,
            labels.reshape(shape),
            _integers(told.get("values")),
            str(parse_placement(str(told.get("placement")))),
            matched_by if matched_by in ("space", "direction") else "index",
        )

    def _volume(self, place: Place) -> tuple[Volume, ArchivedInstance]:
        """Return the volume of all images of a place, and one of them."""
        return self._volume_of(self._retrieval.instances(place))

    def _volume_of(self, instances: Sequence[ArchivedInstance]) -> tuple[Volume, ArchivedInstance]:
        images = [one for one in instances if one.frames and one.sop_class_uid not in CLASSES]
        if not images:
            raise NotSupportedError("there are no images that masks could lie on")
        places: list[FramePlace] = []
        for one in images:
            with contextlib.closing(self._retrieval.open_plain(one)) as source:
                places += read_places(index_header(source, self._limits))
        return build_volume(places), images[0]

    def _source_of(self, place: Place, segmentation: Segmentation, source: Place | None) -> Volume:
        """Return the whole Series, or what is referred to where that is no single volume."""
        if source is not None:
            return self._volume(source)[0]
        if not segmentation.series_uids:
            raise InvalidInputError("the segmentation names no images: say which they are")
        series = Place(place.owner, place.study_uid, segmentation.series_uids[0])
        instances = self._retrieval.instances(series)
        try:
            return self._volume_of(instances)[0]
        except InvalidInputError:
            named = {uid for one in segmentation.frames for uid, _ in one.sources}
            meant = [one for one in instances if one.sop_instance_uid in named]
            if not meant:
                raise
            return self._volume_of(meant)[0]

    def _open_native(self, instance: ArchivedInstance) -> OpenedBytes:
        if instance.transfer_syntax_uid in NATIVE:
            return self._retrieval.open_plain(instance)
        return self._retrieval.open(instance, EXPLICIT)

    @contextlib.contextmanager
    def _new_path(self) -> Iterator[Path]:
        """Give the name of a file that is not there, and remove the file in the end."""
        with tempfile.TemporaryDirectory(dir=self._scratch, prefix="labels-") as folder:
            yield Path(folder) / "labels"


def _native_frames(
    header: HeaderIndex, source: ByteSource, count: int, limits: Limits
) -> Iterator[bytes]:
    table = pack_frames(header, source, limits)
    for frame_number in range(1, count + 1):
        yield read_ranges(source, find_frame(table, frame_number))


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def _integers(value: JSON) -> tuple[int, ...]:
    return tuple(one for one in _list(value) if isinstance(one, int))


def _one_line(text: str) -> str:
    return "".join(one if one.isprintable() and one != "\\" else " " for one in text)[:64].strip()
