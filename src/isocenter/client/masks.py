"""Segmentations as the wire takes them: one picture of 0 and 255 for each value of each frame."""

import io
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from PIL import Image

from isocenter.client.mask import Mask, Names
from isocenter.client.picture_objects import read_picture
from isocenter.errors import InvalidInputError

_VALUES_MAX = 256
_DEFAULT_NAME = "seg"


def masks_of_array(
    array: object,
    names: Names = None,
    frame_indices: Sequence[int] | None = None,
    *,
    frames_first: bool = False,
    transpose: bool = False,
    keep_empty: bool = False,
) -> Iterator[Mask]:
    """Yield the masks of an array of whole numbers, 0 being nothing.

    Parameters
    ----------
    array
        (rows, columns) or (rows, columns, frames), as documented.
    names
        One name for all values, or a name for each, ``"default"`` for the others.
    frame_indices
        To which frames they belong, 0-based; default: from 0 on.
    frames_first
        It is (frames, rows, columns).
    transpose
        Rows and columns are exchanged.
    keep_empty
        A frame without any value gives an empty mask too.

    Raises
    ------
    InvalidInputError
        If it has other axes, fractions or far too many values.
    """
    volume = _volume(array, frames_first=frames_first)
    if transpose:
        volume = volume.transpose(0, 2, 1)
    indices = list(range(len(volume))) if frame_indices is None else list(frame_indices)
    if len(indices) != len(volume):
        raise InvalidInputError(
            f"{len(indices)} frame indices are given for {len(volume)} frames of the segmentation"
        )
    values = [int(value) for value in np.unique(volume) if value]
    if len(values) > _VALUES_MAX:
        raise InvalidInputError(f"a segmentation has at most {_VALUES_MAX} different values")
    called = {value: _name(value, values, names) for value in values}
    for index, frame in zip(indices, volume, strict=True):
        marked = [int(value) for value in np.unique(frame) if value]
        for value in marked:
            yield Mask(called[value], index, _png(frame == value))
        if not marked and keep_empty:
            yield Mask(_name(1, [1], names), index, _png(frame != 0))


def masks_of_picture(
    data: bytes,
    names: Names = None,
    frame_indices: Sequence[int] | None = None,
    *,
    transpose: bool = False,
    keep_empty: bool = False,
) -> Iterator[Mask]:
    """Yield the masks of a picture: of its palette indices or grey values, or of its brightness.

    Raises
    ------
    InvalidInputError
        If it is no picture, or has far too many values.
    """
    picture = read_picture(data)
    plain = picture if picture.mode in ("1", "L", "P", "I;16", "I") else picture.convert("L")
    array = np.asarray(plain)
    return masks_of_array(
        array.astype(np.uint8) if plain.mode == "1" else array,
        names,
        frame_indices,
        transpose=transpose,
        keep_empty=keep_empty,
    )


def _volume(array: object, *, frames_first: bool) -> np.ndarray[tuple[int, int, int], np.dtype]:
    """Return whole numbers as (frames, rows, columns)."""
    volume = np.asarray(array)
    if volume.ndim == 2:
        volume = volume[None]
    elif volume.ndim != 3:
        raise InvalidInputError("a segmentation is (rows, columns) or (rows, columns, frames)")
    elif not frames_first:
        volume = volume.transpose(2, 0, 1)
    if volume.dtype.kind == "f":
        whole = volume.astype(np.int64)
        if not np.array_equal(whole, volume):
            raise InvalidInputError("a segmentation has whole numbers as values")
        volume = whole
    elif volume.dtype.kind not in "biu":
        raise InvalidInputError("a segmentation has whole numbers as values")
    return volume


def _name(value: int, values: Sequence[int], names: Names) -> str:
    if isinstance(names, Mapping):
        known = {str(key): name for key, name in names.items()}
        default = known.get("default", _DEFAULT_NAME)
        return known.get(str(value), f"{default}_{value}")
    name = names or _DEFAULT_NAME
    return name if len(values) == 1 else f"{name}_{value}"


def _png(mask: object) -> bytes:
    target = io.BytesIO()
    pixels = np.asarray(mask, dtype=np.uint8) * np.uint8(255)
    Image.fromarray(pixels).convert("RGB").save(target, format="PNG")
    return target.getvalue()
