"""Pillow pictures and NumPy arrays from bytes."""

import io

import numpy as np
from PIL import Image, UnidentifiedImageError

from isocenter.errors import InvalidInputError


def read_picture(data: bytes) -> Image.Image:
    """Return a picture, decoded.

    Raises
    ------
    InvalidInputError
        If it is none that Pillow reads.
    """
    try:
        picture = Image.open(io.BytesIO(data))
        picture.load()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise InvalidInputError("Pillow cannot read the picture") from None
    return picture


def read_array(data: bytes) -> object:
    """Return an array of an `.npy` file, or a dictionary of those of an `.npz` file.

    Raises
    ------
    InvalidInputError
        If it is none, or holds Python objects, which could be anything.
    """
    try:
        loaded = np.load(io.BytesIO(data), allow_pickle=False)
        return {name: loaded[name] for name in loaded} if hasattr(loaded, "files") else loaded
    except (ValueError, OSError, EOFError):
        raise InvalidInputError("NumPy cannot read the array") from None
