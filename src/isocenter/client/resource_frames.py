"""The Frames of any file that a learning set can have: DICOM, pictures, NIfTI, videos."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageSequence

from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.modality_frames import modality_frames
from isocenter.dicom.nifti import read_nifti
from isocenter.dicom.picture_samples import on_black, pillow_samples, turned
from isocenter.dicom.rewrite import rewrite
from isocenter.dicom.samples import pixel_element
from isocenter.dicom.streams import ByteSource, StreamSource
from isocenter.dicom.video_stream import decode_video
from isocenter.dicom.volume import Volume, build_volume, picture_grid, read_places
from isocenter.errors import InvalidInputError, UnusualEncodingError
from isocenter.limits import DEFAULT, Limits

Array = npt.NDArray[Any]

_ORIENTATION = 274  # the tag of Exif
_NIFTI = (b"n+1\0", b"n+2\0")
# 348 and 540, the lengths of the headers, in both byte orders.
_NIFTI_SIZES = (b"\x5c\x01\0\0", b"\0\0\x01\x5c", b"\x1c\x02\0\0", b"\0\0\x02\x1c")
_VIDEOS = (b"\x1aE\xdf\xa3", b"RIFF")
_FIRST_BYTES = 352


class ResourceFrames:
    """One file, opened; ``frames`` may be asked for more than once.

    Attributes
    ----------
    header
        Of a DICOM object, its bytes up to the pixels; empty of other files.
    """

    def __init__(self, stream: BinaryIO, limits: Limits = DEFAULT) -> None:
        self._stream = stream
        self._limits = limits
        self.header = b""
        self._index: HeaderIndex | None = None
        self._source: ByteSource = StreamSource(stream)
        if _is_dicom(self._source):
            self._open_dicom()

    def frames(self) -> Iterator[Array]:
        """Yield the Frames in order: ``(rows, columns)``, or ``(rows, columns, 3)`` of RGB.

        A volume of NIfTI gives one for each step of its third axis: rows along the second one,
        columns along the first, as its file orders them.

        Raises
        ------
        InvalidInputError, NotSupportedError, TooLargeError
            If it has no images, or they cannot be decoded.
        """
        if self._index is not None:
            return modality_frames(self._index, self._source, self._limits)
        first = self._source.read_at(0, _FIRST_BYTES)
        self._stream.seek(0)
        if _is_nifti(first):
            return iter(nifti_frames(self._stream, self._limits))
        if first[4:8] == b"ftyp" or first[:4] in _VIDEOS:
            return decode_video(self._stream)
        return _picture_frames(self._stream)

    def volume(self, shape: tuple[int, ...]) -> Volume:
        """Return where the Frames lie; without names of Frames where they are in order.

        Parameters
        ----------
        shape
            ``(frames, rows, columns)``.

        Raises
        ------
        InvalidInputError
            If the Frames of a DICOM object make no single volume.
        """
        if self._index is not None:
            return build_volume(read_places(self._index))
        plain = picture_grid(shape[1], shape[2], shape[0])
        if not _is_nifti(self._source.read_at(0, _FIRST_BYTES)):
            return Volume(plain, ())
        self._stream.seek(0)
        affine = read_nifti(self._stream, self._limits).affine
        if affine is None:
            return Volume(plain, ())
        first, second, third = (np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine)[:3].tolist()
        rows = (tuple(first), tuple(second), tuple(third))
        return Volume(replace(plain, affine=rows, is_placed=True), ())

    def _open_dicom(self) -> None:
        try:
            self._index = index_header(self._source, self._limits)
        except UnusualEncodingError:
            plain = io.BytesIO()
            rewrite(self._stream, plain, self._limits)
            self._source = StreamSource(plain)
            self._index = index_header(self._source, self._limits)
        dataset = self._index.dataset
        offset = dataset.elements[pixel_element(dataset)][2]
        self.header = self._source.read_at(0, offset)


def nifti_frames(stream: BinaryIO, limits: Limits = DEFAULT) -> Array:
    """Return a volume as ``(frames, rows, columns)``, in the order of its file.

    Raises
    ------
    InvalidInputError, NotSupportedError, TooLargeError
        If it is no volume that can be read.
    """
    data = read_nifti(stream, limits).data
    if data.ndim > 3:
        data = data.reshape(*data.shape[:3], -1)
        if data.shape[3] != 1:
            raise InvalidInputError("the volume has more than three axes")
        data = data[..., 0]
    data = data.reshape(data.shape + (1,) * (3 - data.ndim))
    return np.ascontiguousarray(data.T).astype(data.dtype.newbyteorder("="), copy=False)


def _is_dicom(source: ByteSource) -> bool:
    first = source.read_at(0, 132)
    return first[128:] == b"DICM" or first[:2] in (b"\x08\0", b"\x02\0")


def _is_nifti(first: bytes) -> bool:
    return first[:2] == b"\x1f\x8b" or first[344:348] in _NIFTI or first[:4] in _NIFTI_SIZES


def _picture_frames(stream: BinaryIO) -> Iterator[Array]:
    try:
        with Image.open(stream) as image:
            for page in ImageSequence.Iterator(image):
                page.load()
                samples, _ = pillow_samples(page)
                plain, _ = on_black(samples)
                orientation = int(page.getexif().get(_ORIENTATION, 1))
                whole = turned(plain, orientation)
                yield np.ascontiguousarray(whole).astype(whole.dtype.newbyteorder("="), copy=False)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise InvalidInputError("the picture cannot be read") from None
