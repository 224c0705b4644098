"""Archives of learning sets as a server prepares them, made by the tests themselves."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt
from PIL import Image

from isocenter.client.cache import FrameCache, open_cache
from isocenter.client.set_files import unpack


@dataclass(frozen=True, slots=True)
class Mask:
    """A segmentation of one Frame as a picture, or, without an index, a file of all."""

    name: str
    data: bytes
    frame_index: int | None = 0
    suffix: str = ".png"


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of a set."""

    id: str
    data: bytes
    suffix: str = ".dcm"
    labels: Sequence[str] = ()
    frame_labels: Mapping[int, Sequence[str]] = field(default_factory=dict)
    masks: Sequence[Mask] = ()
    split: str | None = None


def png(values: npt.NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, "PNG")
    return stream.getvalue()


def nifti(values: npt.NDArray[Any]) -> bytes:
    """Return a volume by its axes x, y, z, as nibabel writes it."""
    image = nibabel.Nifti1Image(values, np.eye(4))  # type: ignore[no-untyped-call]
    data: bytes = image.to_bytes()
    return data


def prepared_list(entries: Sequence[Entry], version: int = 1, name: str = "set") -> dict[str, Any]:
    """Return what `dataset.json` says of them."""
    return {
        "id": "5e7",
        "name": name,
        "version": version,
        "updated_at": f"2026-11-20T10:00:{version:02d}Z",
        "resources": [_resource(entry) for entry in entries],
    }


def write_archive(
    path: Path, entries: Sequence[Entry], version: int = 1, name: str = "set"
) -> Path:
    """Write the archive of a version of a set; return its path."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dataset.json", json.dumps(prepared_list(entries, version, name)))
        for entry in entries:
            archive.writestr(_file(entry), entry.data)
            for number, mask in enumerate(entry.masks):
                archive.writestr(_mask_file(entry, number), mask.data)
    return path


def new_cache(folder: Path, entries: Sequence[Entry], version: int = 1) -> FrameCache:
    """Return the cache of a set that is unpacked into a folder."""
    archive = write_archive(folder.with_name(f"{folder.name}-{version}.zip"), entries, version)
    return open_cache(folder, unpack(archive, folder))


def _file(entry: Entry) -> str:
    return f"resources/{entry.id}{entry.suffix}"


def _mask_file(entry: Entry, number: int) -> str:
    folder = "segmentations" if entry.masks[number].frame_index is None else "masks"
    return f"{folder}/{entry.id}-{number}{entry.masks[number].suffix}"


def _resource(entry: Entry) -> dict[str, Any]:
    masks = [
        {
            "id": f"{entry.id}-{number}",
            "type": "segmentation",
            "name": mask.name,
            "frame_index": mask.frame_index,
            "index": mask.frame_index,
            "file": _mask_file(entry, number),
        }
        for number, mask in enumerate(entry.masks)
    ]
    return {
        "id": entry.id,
        "file": _file(entry),
        "filename": f"{entry.id}{entry.suffix}",
        "size": len(entry.data),
        "sha256": hashlib.sha256(entry.data).hexdigest(),
        "labels": list(entry.labels),
        "frame_labels": [
            {"frame": frame, "label": list(labels)} for frame, labels in entry.frame_labels.items()
        ],
        "annotations": [mask for mask in masks if mask["frame_index"] is not None],
        "segmentation_files": [mask for mask in masks if mask["frame_index"] is None],
        "split": entry.split,
    }


def square(rows: int, columns: int) -> npt.NDArray[np.uint8]:
    """Return a mask as documented clients write it: black, and a white square."""
    mask = np.zeros((rows, columns, 3), np.uint8)
    mask[1:4, 2:5] = 255
    return mask
