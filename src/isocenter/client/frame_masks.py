"""The segmentations of a resource as masks of its Frames, whatever kind of file they are.

Pictures are of one Frame. NIfTI files and DICOM Segmentations are laid over the images by where
both lie in the patient (``dicom/label_volumes.py``, ``dicom/segmentation_reading.py``), never by
guessing; what does not fit is an error.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from isocenter.client.prepared import PreparedMask
from isocenter.client.resource_frames import ResourceFrames
from isocenter.dicom.frame_table import find_frame, pack_frames, read_ranges
from isocenter.dicom.header_index import index_header
from isocenter.dicom.label_volumes import place_labels
from isocenter.dicom.nifti import read_nifti
from isocenter.dicom.segmentation_reading import read_labels, read_segmentation
from isocenter.dicom.streams import StreamSource
from isocenter.dicom.volume import Volume
from isocenter.errors import InvalidInputError

Array = npt.NDArray[Any]

_PREFIX = b"DICM"
_PNG = b"\x89PNG"


class FrameMask(NamedTuple):
    """One mask: 0-based index of its Frame, its name, ``(rows, columns)`` of 0 and 1."""

    frame_index: int
    name: str
    values: npt.NDArray[np.uint8]


def frame_masks(
    path: Path, mask: PreparedMask, image: ResourceFrames, shape: tuple[int, ...]
) -> list[FrameMask]:
    """Return the masks that a file has for the Frames of an image; none that are empty.

    Parameters
    ----------
    shape
        Of the image: ``(frames, rows, columns)``.

    Raises
    ------
    InvalidInputError, NotSupportedError, TooLargeError
        If it cannot be read, or does not lie on the image.
    """
    with path.open("rb") as stream:
        first = stream.read(132)
        stream.seek(0)
        if first[128:] == _PREFIX:
            return list(_of_segmentation(stream, image.volume(shape)))
        if first[:4] == _PNG or mask.frame_index is not None:
            return list(_of_picture(stream, mask, shape))
        volume = image.volume(shape)
        placed = place_labels(read_nifti(stream), volume.grid)
        return list(_named(placed.labels, volume, mask))


def _of_picture(
    stream: BinaryIO, mask: PreparedMask, shape: tuple[int, ...]
) -> Iterator[FrameMask]:
    start = mask.frame_index or 0
    for frame_index, values in enumerate(ResourceFrames(stream).frames(), start):
        if frame_index >= shape[0] or values.shape[:2] != shape[1:]:
            raise InvalidInputError("it has another size than the image")
        # Documented clients write pictures in colour, black and white.
        labels = values.max(axis=2) if values.ndim == 3 else values
        yield from _values(frame_index, labels, mask)


def _named(labels: Array, volume: Volume, mask: PreparedMask) -> Iterator[FrameMask]:
    for at, values in enumerate(labels):
        yield from _values(_frame_index(volume, at), values, mask)


def _values(frame_index: int, labels: Array, mask: PreparedMask) -> Iterator[FrameMask]:
    if not mask.names:
        yield from _chosen(frame_index, mask.name, labels != 0)
    for value, name in mask.names.items():
        yield from _chosen(frame_index, name, labels == value)


def _chosen(frame_index: int, name: str, chosen: Array) -> Iterator[FrameMask]:
    if chosen.any():
        yield FrameMask(frame_index, name, np.ascontiguousarray(chosen, np.uint8))


def _of_segmentation(stream: BinaryIO, volume: Volume) -> Iterator[FrameMask]:
    """Yield the masks of each segment, which may overlap."""
    source = StreamSource(stream)
    header = index_header(source)
    segmentation = read_segmentation(header)
    table = pack_frames(header, source)
    if header.fragments:
        raise InvalidInputError("the segmentation is compressed: decompress it first")
    numbers = range(1, len(segmentation.frames) + 1)
    pixels = [read_ranges(source, find_frame(table, number)) for number in numbers]
    for segment in segmentation.segments:
        found = read_labels(segmentation, pixels, volume, segment_number=segment.number)
        for at, labels in enumerate(found.labels):
            yield from _chosen(_frame_index(volume, at), segment.label, labels != 0)


def _frame_index(volume: Volume, at: int) -> int:
    return volume.frames[at].frame_index if volume.frames else at
