"""Volumes of segments on their images: masks of single frames, and what viewers show.

A volume that somebody sent is a file; where it lies on Frames of the archive it becomes a DICOM
Segmentation beside them, so that viewers show it over the image.
"""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from isocenter.dicom.pictures import encode_picture
from isocenter.errors import (
    ConflictError,
    FrameNotFoundError,
    InvalidInputError,
    NotFoundError,
    NotSupportedError,
    TooLargeError,
)
from isocenter.services.retrieval import Place
from isocenter.services.segmentations import LabelFrames, Segmentations, plain_segments
from isocenter.services.studies import StoredInstance, Studies
from isocenter.store.resource_rows import Resource

_WHITE = 255
_CANNOT = (InvalidInputError, NotSupportedError, TooLargeError, ConflictError, NotFoundError)


class Shown(NamedTuple):
    """Where viewers find a volume as a Segmentation; otherwise ``note`` says why they do not."""

    instance: StoredInstance | None
    note: str


class VolumeMasks:
    """Lays volumes on their images; safe for any number of threads.

    Parameters
    ----------
    frame_size
        Tells rows and columns of the frames of a picture or video.
    kept_bytes
        So many bytes of labels are remembered, because frames are asked for one after another.
    """

    def __init__(
        self,
        segmentations: Segmentations,
        studies: Studies,
        frame_size: Callable[[Resource], tuple[int, int] | None],
        kept_bytes: int,
    ) -> None:
        self._segmentations = segmentations
        self._studies = studies
        self._frame_size = frame_size
        self._kept_bytes = kept_bytes
        self._kept: OrderedDict[tuple[str, str], LabelFrames] = OrderedDict()
        self._lock = threading.Lock()

    def show(self, resource: Resource, path: Path, name: str, names: Mapping[str, str]) -> Shown:
        """Store a volume as a Segmentation beside its images, where it lies on some."""
        if not resource.is_dicom:
            return Shown(None, "only segmentations of DICOM are shown by viewers")
        try:
            place, labels = self._laid(resource, path)
            named = {int(value): one for value, one in names.items()}
            if not names and len(labels.values) == 1:
                named = {labels.values[0]: name}
            segments = plain_segments(labels.values, named)
            made = self._segmentations.seg_of_masks(place, labels.labels, segments, name)
        except _CANNOT as error:
            return Shown(None, f"viewers do not show it: {error}")
        return Shown(made, "")

    def hide(self, owner: str, study_uid: str, series_uid: str, sop_instance_uid: str) -> None:
        """Remove the Segmentation that ``show`` stored, if it is still there."""
        with contextlib.suppress(NotFoundError):
            self._studies.delete(owner, study_uid, series_uid, sop_instance_uid)

    def mask(
        self, resource: Resource, key: str, path: Path, frame_index: int, value: int = 0
    ) -> bytes:
        """Return the mask of one frame as PNG: 255 within, 0 elsewhere.

        Parameters
        ----------
        key
            The SHA-256 of the file at ``path``.
        frame_index
            From 0.
        value
            Of one segment; 0: of all.

        Raises
        ------
        FrameNotFoundError
            If the resource has no such frame.
        InvalidInputError, NotSupportedError, TooLargeError
            If the volume does not lie on the resource.
        """
        labels = self._labels(resource, key, path)
        index = _index_of(labels, resource, frame_index)
        found = labels.labels[index]
        within = found != 0 if value == 0 else found == value
        return encode_picture(np.where(within, np.uint8(_WHITE), np.uint8(0)), "png")

    def _labels(self, resource: Resource, key: str, path: Path) -> LabelFrames:
        known = (resource.id, key)
        with self._lock:
            if known in self._kept:
                self._kept.move_to_end(known)
                return self._kept[known]
        _, labels = self._laid(resource, path)
        with self._lock:
            self._kept[known] = labels
            while sum(one.labels.nbytes for one in self._kept.values()) > self._kept_bytes:
                self._kept.popitem(last=False)
        return labels

    def _laid(self, resource: Resource, path: Path) -> tuple[Place, LabelFrames]:
        """Return the labels on the frames of a resource, or on those of its whole Series."""
        if not resource.is_dicom:
            size = self._frame_size(resource)
            if size is None:
                raise NotSupportedError("nobody can tell how large the frames of the resource are")
            rows, columns = size
            return Place(resource.owner, ""), self._segmentations.masks_of_picture_nifti(
                path, rows=rows, columns=columns, frames=max(resource.frames, 1)
            )
        series = Place(resource.owner, resource.study_uid or "", resource.series_uid or "")
        instance = series._replace(sop_instance_uid=resource.sop_instance_uid or "")
        try:
            return instance, self._segmentations.masks_of_nifti(instance, path)
        except InvalidInputError as error:
            try:
                return series, self._segmentations.masks_of_nifti(series, path)
            except InvalidInputError:
                raise error from None


def _index_of(labels: LabelFrames, resource: Resource, frame_index: int) -> int:
    if not labels.frames:
        if 0 <= frame_index < len(labels.labels):
            return frame_index
        raise FrameNotFoundError(frame_index + 1, len(labels.labels))
    for number, place in enumerate(labels.frames):
        is_own = place.sop_instance_uid == resource.sop_instance_uid
        if is_own and place.frame_index == frame_index:
            return number
    raise FrameNotFoundError(frame_index + 1, resource.frames)
