"""Pictures of Frames in any encoding, of any kind, also with annotations.

What is here loads codecs and Pillow, which takes as long as a hundred pictures of native Frames
(``dicom/frame_pictures.py``); hence it has a child process of its own.
"""

import io
from collections.abc import Mapping
from typing import Any, BinaryIO

import imagecodecs
import numpy as np
from PIL import Image

from isocenter.dicom.annotations import annotator
from isocenter.dicom.decoding import decode_compressed
from isocenter.dicom.frame_pictures import Tools, export_native_frames, measure_native_frames
from isocenter.dicom.pictures import encode_picture
from isocenter.dicom.render import Picture
from isocenter.errors import NotSupportedError, TooLargeError
from isocenter.limits import DEFAULT, Limits

# No difference that a reader would see; smaller files than 100, which spends bits on noise.
_JPEG_QUALITY = 95
_JPEG_SIDE_MAX = 65535


def export_frames(
    source: BinaryIO,
    target: BinaryIO,
    limits: Limits = DEFAULT,
    **options: Any,  # noqa: ANN401 - checked by the function that takes them
) -> Mapping[str, object]:
    """Write Frames as pictures, as ``export_native_frames`` does.

    Raises
    ------
    InvalidInputError, NotSupportedError, TooLargeError
        If a Frame cannot be decoded or shown.
    """
    return export_native_frames(source, target, limits, tools=ANY_TOOLS, **options)


def measure_frames(
    source: BinaryIO, target: BinaryIO, limits: Limits = DEFAULT, **options: int
) -> Mapping[str, object]:
    """Return the smallest and largest value, as ``measure_native_frames`` does.

    Raises
    ------
    InvalidInputError, NotSupportedError, TooLargeError
        If a Frame cannot be decoded.
    """
    return measure_native_frames(source, target, limits, tools=ANY_TOOLS, **options)


def encode_any_picture(picture: Picture, kind: str) -> bytes:
    """Return a rendered Frame as a picture file; also ``jpeg`` and ``jp2``, which is lossless.

    Raises
    ------
    NotSupportedError
        If the kind cannot hold 16 bits.
    TooLargeError
        If the kind cannot hold a picture of this size.
    """
    if kind == "jp2":
        return bytes(imagecodecs.jpeg2k_encode(picture, codecformat="jp2", level=0, numthreads=1))
    if kind != "jpeg":
        return encode_picture(picture, kind)
    if picture.dtype != np.uint8:
        raise NotSupportedError("jpeg has no 16 bits")
    side = max(picture.shape[:2])
    if side > _JPEG_SIDE_MAX:
        raise TooLargeError("jpeg_side", _JPEG_SIDE_MAX, side, "pixels")
    stream = io.BytesIO()
    # Colours of every pixel: text and lines of ultrasound would smear.
    Image.fromarray(picture).save(stream, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return stream.getvalue()


ANY_TOOLS = Tools(decode=decode_compressed, encode=encode_any_picture, annotator=annotator)
