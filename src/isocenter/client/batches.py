"""Batches for PyTorch: what a loader collects, without copying what lies in one buffer already."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch


def collate(items: Sequence[Any]) -> Any:  # noqa: ANN401 - as the items are
    """Return the items of a batch by position: images as one tensor, the rest as lists.

    To be passed as ``DataLoader(dataset, collate_fn=collate)``. Images of one size and type become
    one tensor ``(images, ...)`` of their own type, colours last, as they came; others stay a list.
    Header and facts of each image stay as they are, which the default of PyTorch cannot do.

    Parameters
    ----------
    items
        What a ``Dataset`` gives: tuples that begin with the image, or images alone.
    """
    if not isinstance(items[0], tuple):
        return _together(list(items))
    images, *others = (list(column) for column in zip(*items, strict=True))
    return (_together(images), *others)


def _together(images: list[Any]) -> Any:  # noqa: ANN401 - a tensor or a list of what came
    first = images[0]
    if isinstance(first, torch.Tensor):
        is_alike = all(
            isinstance(one, torch.Tensor) and one.shape == first.shape and one.dtype == first.dtype
            for one in images
        )
        return torch.stack(images) if is_alike else images
    if not isinstance(first, np.ndarray):
        return images
    if any(one.shape != first.shape or one.dtype != first.dtype for one in images):
        return images
    return torch.from_numpy(_one_array(images))


def _one_array(images: list[Any]) -> Any:  # noqa: ANN401 - an array of any type
    """Return the buffer that the images are the parts of, in order, or else a copy."""
    base = images[0].base
    if isinstance(base, np.ndarray) and base.shape == (len(images), *images[0].shape):
        starts = [one.__array_interface__["data"][0] for one in images]
        start, step = base.__array_interface__["data"][0], base.strides[0]
        is_whole = starts == [start + step * at for at in range(len(images))]
        if is_whole and base.dtype == images[0].dtype and base.flags.c_contiguous:
            return base
    return np.stack(images)
