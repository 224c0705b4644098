"""Batches for PyTorch: what a loader collects, without copying what lies in one buffer already."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.multiprocessing
import torch.utils.data

# Of PyTorch's own, by which memory that processes share is reached as a file.
_DOORS = ("_new_shared", "_share_fd_cpu_")


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
        return _handed_on(torch.stack(images)) if is_alike else images
    if not isinstance(first, np.ndarray):
        return images
    if any(one.shape != first.shape or one.dtype != first.dtype for one in images):
        return images
    return _handed_on(torch.from_numpy(_one_array(images)))


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


def _handed_on(batch: Any) -> Any:  # noqa: ANN401 - tensors
    """Return a tensor so that a worker's batch comes to the loader soonest.

    It has to lie in memory that both share. PyTorch would copy it there page by page, each one
    faulted in, which takes several times as long as writing it through the file of that memory.
    """
    is_by_file = torch.multiprocessing.get_sharing_strategy() == "file_descriptor"
    has_doors = all(hasattr(torch.UntypedStorage, name) for name in _DOORS)
    if torch.utils.data.get_worker_info() is None or not (is_by_file and has_doors):
        return batch
    if not batch.numel() or not batch.is_contiguous() or batch.device.type != "cpu":
        return batch
    storage = torch.UntypedStorage._new_shared(batch.nbytes)  # noqa: SLF001 - as PyTorch collates
    descriptor, _ = storage._share_fd_cpu_()  # which stays its own
    view = memoryview(batch.detach().view(torch.uint8).numpy()).cast("B")
    done = 0
    while done < len(view):
        done += os.pwrite(descriptor, view[done:], done)
    return torch.empty(0, dtype=batch.dtype).set_(storage, 0, batch.shape)
