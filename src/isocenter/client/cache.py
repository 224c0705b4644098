"""The cache of a learning set on disk: raw Frames, headers and masks, shared by processes.

Made once for each version of a set: every Frame is decoded to what is trained on and written raw
(``client/frame_pack.py``), so that reading it never decodes again. The folder of a cache is named
after the list that it was made of; it appears as a whole and never changes.
"""

import hashlib
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from isocenter.client.frame_masks import frame_masks
from isocenter.client.frame_pack import KINDS, PackReader, PackWriter, Place, kind_needed
from isocenter.client.prepared import LIST_NAME, PreparedResource, PreparedSet
from isocenter.client.resource_frames import ResourceFrames
from isocenter.errors import (
    ConflictError,
    CorruptPixelDataError,
    InvalidInputError,
    NotSupportedError,
    TooLargeError,
)
from isocenter.system_errors import safe_error

Array = npt.NDArray[Any]

_FORMAT = "1"  # another one: caches of earlier versions of this program are made anew
_PREFIX = ".frames-"
_PACK, _INDEX, _FACTS, _PROBLEMS = "frames.bin", "index.npz", "facts.json", "problems.json"
_RESOURCE = np.dtype(
    [
        ("first", "<u8"),
        ("frames", "<u4"),
        ("rows", "<u4"),
        ("columns", "<u4"),
        ("samples", "u1"),
        ("kind", "u1"),
        ("header_offset", "<u8"),
        ("header_bytes", "<u4"),
    ]
)
_MASK = np.dtype([("resource", "<u4"), ("frame", "<u4"), ("name", "<u4"), ("offset", "<u8")])
_THREADS_MAX = 8
# What is wrong with one file; all else, such as a full disk, ends the work.
_OF_THE_FILE = (InvalidInputError, NotSupportedError, TooLargeError)


class _Packed(NamedTuple):
    """What was written of one resource."""

    shape: tuple[int, ...]
    kind: int
    offsets: list[int]
    header: tuple[int, int]
    masks: list[tuple[int, str, int]]
    problem: str


@dataclass(slots=True)
class FrameCache:
    """The opened cache of one version; pickled without open files.

    Attributes
    ----------
    offsets
        Of all Frames of all resources that have images, resource by resource.
    resources
        For each of them, its first Frame, their number, shape, kind, and where its header lies.
    masks
        Which Frame has which segmentation, in the order of resources and Frames.
    mask_names
        All names of segmentations, sorted.
    problems
        Ids of resources without images or without some of their segmentations, and why.
    """

    offsets: npt.NDArray[np.uint64]
    resources: npt.NDArray[np.void]
    masks: npt.NDArray[np.void]
    mask_names: list[str]
    problems: dict[str, str]
    _facts: bytes
    _fact_ends: npt.NDArray[np.int64]
    _pack: PackReader

    def facts(self, number: int) -> dict[str, Any]:
        """Return what is known of a resource, each time a new dict."""
        start = int(self._fact_ends[number - 1]) if number else 0
        found: dict[str, Any] = orjson.loads(self._facts[start : int(self._fact_ends[number])])
        return found

    def header(self, number: int) -> bytes:
        """Return a DICOM object up to its pixels; nothing of other files."""
        row = self.resources[number]
        length = int(row["header_bytes"])
        return self._pack.read_bytes(int(row["header_offset"]), length) if length else b""

    def read(self, frames: Sequence[tuple[int, int]]) -> list[Array]:
        """Return Frames, each named by the number of its resource and its index in it.

        Raises
        ------
        ConflictError
            If another process brought the set to another version.
        """
        return self._pack.read_frames([self._place(*frame) for frame in frames])

    def read_volume(self, number: int) -> Array:
        """Return all Frames of a resource as one array, the first axis theirs."""
        frames = range(int(self.resources[number]["frames"]))
        views = self.read([(number, frame_index) for frame_index in frames])
        whole: Array = views[0].base if views[0].base is not None else views[0][np.newaxis]
        return whole

    def read_masks(self, number: int, frame_index: int) -> dict[str, Array]:
        """Return the segmentations of a Frame: 0 and 1 for each name, zeros where it has none."""
        row = self.resources[number]
        shape = (int(row["rows"]), int(row["columns"]))
        found = {name: np.zeros(shape, np.uint8) for name in self.mask_names}
        for start in self._masks_of(number, frame_index):
            place = Place(int(start["offset"]), shape, 0)
            found[self.mask_names[int(start["name"])]] |= self._pack.read_frames([place])[0]
        return found

    def _masks_of(self, number: int, frame_index: int) -> npt.NDArray[np.void]:
        own = self.masks["resource"]
        first, last = np.searchsorted(own, number), np.searchsorted(own, number, "right")
        those = self.masks[first:last]
        found: npt.NDArray[np.void] = those[those["frame"] == frame_index]
        return found

    def _place(self, number: int, frame_index: int) -> Place:
        row = self.resources[number]
        shape = (int(row["rows"]), int(row["columns"]), int(row["samples"]))
        offset = int(self.offsets[int(row["first"]) + frame_index])
        return Place(offset, shape if shape[2] > 1 else shape[:2], int(row["kind"]))


def open_cache(folder: Path, prepared: PreparedSet) -> FrameCache:
    """Return the cache of the version that lies in a folder; it is made where there is none.

    To be called by one process at a time.

    Raises
    ------
    UnavailableError
        If it cannot be written.
    """
    try:
        digest = hashlib.sha256(_FORMAT.encode() + (folder / LIST_NAME).read_bytes()).hexdigest()
        own = folder / f"{_PREFIX}{digest[:24]}"
        if not own.is_dir():
            _build(folder, prepared, own)
        for other in folder.glob(f"{_PREFIX}*"):
            if other != own:
                shutil.rmtree(other, ignore_errors=True)
        return _opened(own)
    except OSError as error:
        raise safe_error(error) from None


def _opened(own: Path) -> FrameCache:
    facts = (own / _FACTS).read_bytes()
    with np.load(own / _INDEX, allow_pickle=False) as index:
        return FrameCache(
            offsets=index["offsets"],
            resources=index["resources"],
            masks=index["masks"],
            mask_names=[str(name) for name in index["mask_names"]],
            problems=orjson.loads((own / _PROBLEMS).read_bytes()),
            _facts=facts,
            _fact_ends=index["fact_ends"],
            _pack=PackReader(own / _PACK),
        )


def _build(folder: Path, prepared: PreparedSet, own: Path) -> None:
    making = own.with_name(f"{own.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    problems: dict[str, str] = {}
    packed: list[tuple[PreparedResource, _Packed]] = []
    threads = min(_THREADS_MAX, os.cpu_count() or 1)
    with PackWriter(making / _PACK) as pack, ThreadPoolExecutor(threads) as pool:
        results = pool.map(lambda one: _packed(folder, one, pack), prepared.resources)
        for resource, result in zip(prepared.resources, results, strict=True):
            problem = result if isinstance(result, str) else result.problem
            if problem:
                problems[resource.id] = problem
            if not isinstance(result, str):
                packed.append((resource, result))
    _write_index(making, packed)
    (making / _PROBLEMS).write_bytes(orjson.dumps(problems))
    making.rename(own)


def _write_index(making: Path, packed: list[tuple[PreparedResource, _Packed]]) -> None:
    resources = np.zeros(len(packed), _RESOURCE)
    first = 0
    names = sorted({name for _, one in packed for _, name, _ in one.masks})
    masks: list[tuple[int, int, int, int]] = []
    facts = [orjson.dumps(resource.facts) for resource, _ in packed]
    for number, (_, one) in enumerate(packed):
        rows, columns, *samples = one.shape
        frames = len(one.offsets)
        sizes = (first, frames, rows, columns, samples[0] if samples else 1, one.kind)
        resources[number] = (*sizes, *one.header)
        masks += [(number, frame, names.index(name), at) for frame, name, at in sorted(one.masks)]
        first += frames
    (making / _FACTS).write_bytes(b"".join(facts))
    np.savez(
        making / _INDEX,
        offsets=np.array([at for _, one in packed for at in one.offsets], np.uint64),
        resources=resources,
        masks=np.array(masks, _MASK),
        mask_names=np.array(names, np.str_),
        fact_ends=np.cumsum([len(fact) for fact in facts], dtype=np.int64),
    )


def _packed(folder: Path, resource: PreparedResource, pack: PackWriter) -> _Packed | str:
    """Write what one resource has; return why it has no images, as a sentence."""
    try:
        with (folder / resource.file.path).open("rb") as stream:
            opened = ResourceFrames(stream)
            shape, kind, offsets = _write_frames(opened, pack)
            masks, problem = _write_masks(
                folder, resource, opened, (len(offsets), *shape[:2]), pack
            )
    except _OF_THE_FILE as error:
        return str(error)
    except FileNotFoundError:
        raise ConflictError(
            "a file of the dataset is gone: delete its folder, and it is downloaded again"
        ) from None
    header = (pack.append(np.frombuffer(opened.header, np.uint8)), len(opened.header))
    return _Packed(shape, kind, offsets, header, masks, problem)


def _write_masks(
    folder: Path,
    resource: PreparedResource,
    image: ResourceFrames,
    shape: tuple[int, ...],
    pack: PackWriter,
) -> tuple[list[tuple[int, str, int]], str]:
    """Write the segmentations that can be read; return them, and what is wrong with others."""
    written: list[tuple[int, str, int]] = []
    problem = ""
    for mask in resource.masks:
        try:
            found = frame_masks(folder / mask.file.path, mask, image, shape)
        except _OF_THE_FILE as error:
            problem = f"segmentation {mask.name}: {error}"
        else:
            written += [(one.frame_index, one.name, pack.append(one.values)) for one in found]
    return written, problem


def _write_frames(
    opened: ResourceFrames, pack: PackWriter
) -> tuple[tuple[int, ...], int, list[int]]:
    """Write the Frames in the narrowest kind that holds all of them."""
    kind = 0
    while True:
        offsets: list[int] = []
        shape: tuple[int, ...] = ()
        for values in opened.frames():
            needed = max(kind, kind_needed(values))
            if needed > kind and offsets:
                break
            if offsets and values.shape != shape:
                raise CorruptPixelDataError("its frames have different sizes")
            kind, shape = needed, values.shape
            offsets.append(pack.append(np.ascontiguousarray(values, KINDS[kind])))
        else:
            if not offsets:
                raise InvalidInputError("it has no frames")
            return shape, kind, offsets
        kind = needed
