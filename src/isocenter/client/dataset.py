"""A PyTorch dataset of what a server has: downloaded once, cached as raw Frames, read in batches.

The images keep their values: Hounsfield units of CT as int16, other grey as uint8, int16 or
float32, colours as red, green and blue. Nothing here holds a key or a connection after it is
made, so that it can be pickled, forked and spawned.
"""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from operator import index as as_index
from typing import Any

import numpy as np

from isocenter.client.cache import FrameCache, open_cache
from isocenter.client.dicom_header import DicomHeader
from isocenter.client.frame_pack import Array
from isocenter.client.set_download import LATEST, Wanted, up_to_date
from isocenter.client.set_files import locked, set_folder
from isocenter.errors import InvalidInputError

try:
    import torch.utils.data
except ModuleNotFoundError:
    raise ImportError("Dataset needs PyTorch: pip install 'isocenter[torch]'") from None

Transform = Callable[[Any], Any]


class Dataset(torch.utils.data.Dataset[Any]):  # type: ignore[misc]  # torch is not at hand
    """Images of a learning set with what is known of them; each item ``(image, header, facts)``.

    ``image`` is a writable array ``(rows, columns)``, or ``(rows, columns, 3)`` in colour, of
    uint8, int16 or float32; after ``transform``, what that returns. ``header`` is a pydicom
    Data Set without pixels, empty for other files. ``facts`` is a dict with at least ``id``,
    ``filename`` and ``labels``, a list of texts; of a Frame also its ``frame_index``.

    Parameters
    ----------
    root
        The folder for all datasets; made where it is missing.
    dataset_name, project_name
        Its name, or that of the project whose dataset it is.
    version
        ``latest``, which is asked for at each start, or a number.
    api_key, server_url
        As ``APIHandler`` has them; used while it is made and not kept.
    transform
        Called with each image.
    mask_transform
        Called with each segmentation.
    return_dicom, return_metainfo
        Without one of them an item is a pair, without both the image alone.
    return_frame_by_frame
        Whether each Frame is an item; else each resource is, several Frames as
        ``(frames, rows, columns[, 3])``.
    return_segmentations
        Whether ``facts`` has ``segmentations``: by name, for all names of the dataset, arrays of
        0 and 1 as large as the image.
    split
        Only what is in this part: ``train``, ``val``, ``test``, or as they are named.
    auto_update
        Whether ``latest`` is asked for where some version is here.

    Raises
    ------
    NotAuthenticatedError
        If no key is known, or the server does not know it.
    ResourceNotFoundError
        If the server has no such dataset or version.
    UnavailableError
        If it cannot be reached and nothing is here, or the disk is full.
    """

    def __init__(  # noqa: PLR0913 - the documented constructor, by keyword
        self,
        root: str | os.PathLike[str],
        dataset_name: str | None = None,
        version: str | int = LATEST,
        api_key: str | None = None,
        transform: Transform | None = None,
        *,
        project_name: str | None = None,
        server_url: str | None = None,
        mask_transform: Transform | None = None,
        return_dicom: bool = True,
        return_metainfo: bool = True,
        return_frame_by_frame: bool = True,
        return_segmentations: bool = False,
        split: str | None = None,
        auto_update: bool = True,
    ) -> None:
        if (dataset_name is None) == (project_name is None):
            raise InvalidInputError("pass either dataset_name= or project_name=")
        self.name = str(project_name if dataset_name is None else dataset_name)
        self.root = os.fspath(root)
        self.transform = transform
        self.mask_transform = mask_transform
        self._has_header = return_dicom
        self._has_facts = return_metainfo
        self._is_by_frame = return_frame_by_frame
        self._has_segmentations = return_segmentations
        folder = set_folder(root, self.name)
        wanted = Wanted(dataset_name, project_name, str(version))
        with locked(folder):
            prepared = up_to_date(
                folder, wanted, server_url=server_url, api_key=api_key, is_asked=auto_update
            )
            self._cache: FrameCache = open_cache(folder, prepared)
        self.version = prepared.version
        self.updated_at = prepared.updated_at
        self.problems = dict(self._cache.problems)
        if self.problems:
            some = ", ".join(f"{name}: {why}" for name, why in list(self.problems.items())[:3])
            warnings.warn(
                f"{len(self.problems)} resources are not whole (see .problems): {some}",
                stacklevel=2,
            )
        self._splits = [self._cache.facts(at).get("split") for at in self._resources()]
        self.split = split
        self._items = self._list_items(split)

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        """Yield all items in order."""
        return (self[at] for at in range(len(self)))

    def __getitem__(self, index: int) -> Any:  # noqa: ANN401 - the transform decides
        """Return one item."""
        return Dataset.__getitems__(self, [index], is_batch=False)[0]

    def __getitems__(self, indices: Sequence[int], *, is_batch: bool = True) -> list[Any]:
        """Return several items, whose images are read into one buffer; PyTorch's loader asks so.

        Where a subclass has its own ``__getitem__``, that is what makes each item.
        """
        if is_batch and type(self).__getitem__ is not Dataset.__getitem__:
            return [self[at] for at in indices]
        named = [self._item(at) for at in indices]
        if self._is_by_frame:
            images = self._cache.read(named)
        else:
            images = [self._volume(number) for number, _ in named]
        return [
            self._assembled(image, number, frame_index)
            for image, (number, frame_index) in zip(images, named, strict=True)
        ]

    def __repr__(self) -> str:
        """Return name, version and size."""
        part = "" if self.split is None else f", split={self.split!r}"
        kind = type(self).__name__
        return f"{kind}({self.name!r}, version={self.version!r}{part}, {len(self)} items)"

    @property
    def labels(self) -> list[str]:
        """All labels that an image of the dataset has, sorted."""
        facts = [self._cache.facts(at) for at in self._resources()]
        found = {label for one in facts for label in _labels(one, None)}
        return sorted(found)

    @property
    def segmentation_names(self) -> list[str]:
        """All names of segmentations, sorted."""
        return list(self._cache.mask_names)

    @property
    def splits(self) -> dict[str, list[int]]:
        """The items of each part: for ``torch.utils.data.Subset``, for one."""
        found: dict[str, list[int]] = {}
        for at, (number, _) in enumerate(self._items.tolist()):
            part = self._splits[number]
            if part is not None:
                found.setdefault(str(part), []).append(at)
        return found

    def _resources(self) -> range:
        return range(len(self._cache.resources))

    def _list_items(self, split: str | None) -> Any:  # noqa: ANN401 - an array of two columns
        """Return resource and Frame of each item, in 16 bytes each."""
        chosen = [at for at in self._resources() if split is None or self._splits[at] == split]
        if split is not None and not chosen:
            raise InvalidInputError(f"no image of the dataset is in the split {split!r}")
        frames = self._cache.resources["frames"][chosen].astype(np.int64)
        counts = frames if self._is_by_frame else np.ones_like(frames)
        numbers = np.repeat(np.array(chosen, np.int64), counts)
        starts = np.repeat(np.cumsum(counts) - counts, counts)
        return np.stack([numbers, np.arange(len(numbers)) - starts], axis=1)

    def _item(self, at: int) -> tuple[int, int]:
        place = as_index(at)
        if not -len(self) <= place < len(self):
            raise IndexError(f"there are {len(self)} items, {place} is none of them")
        number, frame_index = self._items[place].tolist()
        return number, frame_index

    def _volume(self, number: int) -> Array:
        frames = self._cache.read_volume(number)
        return frames[0] if len(frames) == 1 else frames

    def _assembled(self, image: Array, number: int, frame_index: int) -> Any:  # noqa: ANN401
        """Return the parts of an item that are asked for."""
        made = image if self.transform is None else self.transform(image)
        parts = [made]
        if self._has_header:
            parts.append(DicomHeader(self._cache.header(number)))
        if self._has_facts:
            parts.append(self._facts(number, frame_index))
        return tuple(parts) if len(parts) > 1 else made

    def _facts(self, number: int, frame_index: int) -> dict[str, Any]:
        facts = self._cache.facts(number)
        frames = int(self._cache.resources[number]["frames"])
        if self._is_by_frame:
            facts["frame_index"] = frame_index
            facts["labels"] = _labels(facts, frame_index)
            facts["annotations"] = [
                one for one in facts.get("annotations") or () if _is_of(one, frame_index)
            ]
        if self._has_segmentations:
            by_frame = [frame_index] if self._is_by_frame else range(frames)
            found = [self._cache.read_masks(number, one) for one in by_frame]
            is_flat = len(found) == 1
            facts["segmentations"] = {
                name: self._mask(found[0][name] if is_flat else np.stack([m[name] for m in found]))
                for name in self._cache.mask_names
            }
        return facts

    def _mask(self, mask: Array) -> Any:  # noqa: ANN401 - the transform decides
        return mask if self.mask_transform is None else self.mask_transform(mask)


def _labels(facts: dict[str, Any], frame_index: int | None) -> list[str]:
    """Return the labels of a resource and those of one of its Frames, or of all of them."""
    found = dict.fromkeys(facts["labels"])
    for one in facts.get("frame_labels") or ():
        if frame_index is None or one.get("frame") == frame_index:
            named = one.get("label") or ()
            found.update(dict.fromkeys([named] if isinstance(named, str) else map(str, named)))
    return list(found)


def _is_of(annotation: dict[str, Any], frame_index: int) -> bool:
    index = annotation.get("frame_index", annotation.get("index"))
    return index is None or index == frame_index
