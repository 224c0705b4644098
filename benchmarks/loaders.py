"""What trains on CT slices: images at random in batches, loader by loader.

    python benchmarks/loaders.py NAME FOLDER WORKERS IMAGES

Each gives batches of 16 tensors to one consumer that adds up a pixel of each, and prints the
seconds that it took, processes of workers included; imports, lists and caches that are made once
are not counted.
"""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, RandomSampler

BATCH = 16

# A dataset, and how its batches are put together if not as PyTorch does.
Loaded = tuple[Any, Callable[[Any], Any] | None]


class Files:
    """Files of a folder, each read by a function."""

    def __init__(self, folder: Path) -> None:
        self._paths = sorted(map(str, folder.glob("*.dcm")))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._paths)

    def __getitem__(self, index: int) -> Any:  # noqa: ANN401 - an array of any type
        """Return one image."""
        import SimpleITK

        image = SimpleITK.ReadImage(self._paths[index])
        return SimpleITK.GetArrayFromImage(image)[0]


def isocenter(folder: Path) -> Loaded:
    from isocenter.client import Dataset
    from isocenter.client.batches import collate

    return Dataset(folder.parent / "learning", "slices", 1), collate


def isocenter_first(folder: Path) -> Loaded:
    """Make the cache of raw Frames on the way."""
    for made in (folder.parent / "learning" / "slices").glob(".frames-*"):
        shutil.rmtree(made)
    return isocenter(folder)


def monai(folder: Path) -> Loaded:
    from monai.data import Dataset

    return Dataset(_paths(folder), _load()), None


def monai_persistent(folder: Path) -> Loaded:
    """Its own cache on disk, filled beforehand."""
    from monai.data import PersistentDataset

    dataset = PersistentDataset(_paths(folder), _load(), folder.parent / "monai")
    for at in range(len(dataset)):
        dataset[at]
    return dataset, None


def simpleitk(folder: Path) -> Loaded:
    return Files(folder), None


def _paths(folder: Path) -> list[str]:
    return sorted(map(str, folder.glob("*.dcm")))


def _load() -> Any:  # noqa: ANN401 - a transform of a library without types
    from monai.transforms import LoadImage

    return LoadImage(reader="PydicomReader", image_only=True, dtype=np.int16)


CONTESTANTS = {
    one.__name__: one for one in (isocenter, isocenter_first, monai, monai_persistent, simpleitk)
}


def main(name: str, folder: str, workers: str, images: str) -> int:
    """Run a contestant and print what it took."""
    torch.set_num_threads(1)
    is_first = name == isocenter_first.__name__
    started = time.perf_counter()
    dataset, collate = CONTESTANTS[name](Path(folder))
    if not is_first:
        started = time.perf_counter()
    sampler = RandomSampler(dataset, replacement=True, num_samples=int(images))
    loader = DataLoader(
        dataset, BATCH, sampler=sampler, num_workers=int(workers), collate_fn=collate
    )
    seen, total = 0, 0.0
    for batch in loader:
        pixels = batch[0] if collate is not None else batch
        seen += len(pixels)
        total += float(pixels[..., 0, 0].sum())
    seconds = time.perf_counter() - started
    print(f"{seen} images, {total:g}")
    print(f"seconds {seconds}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
