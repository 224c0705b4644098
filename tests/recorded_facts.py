"""What others found out about the shared images: recorded hashes, and which files to take.

The hashes are of decoded samples: little endian, in C order, colours as stored. Several decoders
agreed on each, none of them ours (`FACTS.jsonl`).
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydicom
from pydicom import Dataset, dcmread

Samples = npt.NDArray[np.integer[Any]]

# Files whose recorded hash is of other samples than the stored ones.
_HASHED_OTHERWISE = ("mlut_18",)


@dataclass(frozen=True, slots=True)
class Fact:
    """One image.

    Attributes
    ----------
    digest
        SHA-256 of its samples, ``""`` where the decoders did not agree.
    """

    path: Path
    transfer_syntax_uid: str
    digest: str


def shared_images(shared_data: Path, *, of_a_series: int | None = None) -> list[Fact]:
    """Return the shared images in a fixed order; of each series all, or so many."""
    root = shared_data / "dicom"
    per_folder: Counter[str] = Counter()
    found = []
    for line in (root / "FACTS.jsonl").read_text().splitlines():
        fact = json.loads(line)
        folder = fact["path"].rpartition("/")[0]
        per_folder[folder] += folder.startswith("series/")
        if not fact.get("rows") or (of_a_series and per_folder[folder] > of_a_series):
            continue
        is_known = not any(name in fact["path"] for name in _HASHED_OTHERWISE)
        digest = (fact.get("pixel_sha256") or "") if is_known else ""
        found.append(Fact(root / fact["path"], fact.get("transfer_syntax") or "", digest))
    return found


def installed_images(shared_data: Path) -> list[Fact]:
    """Return pydicom's images that are not among the shared ones, decoded by pydicom."""
    known = {
        json.loads(line)["sha256"]
        for line in (shared_data / "dicom" / "FACTS.jsonl").read_text().splitlines()
    }
    found = []
    # Its own functions would look for further files in the network.
    for path in sorted((Path(pydicom.__file__).parent / "data" / "test_files").rglob("*.dcm")):
        if hashlib.sha256(path.read_bytes()).hexdigest() in known:
            continue
        dataset = dcmread(path, force=True)
        if "PixelData" in dataset:
            uid = str(dataset.file_meta.TransferSyntaxUID)
            found.append(Fact(path, uid, digest_of(dataset.pixel_array)))
    return found


def digest_of(samples: npt.NDArray[Any]) -> str:
    """Return the hash that `FACTS.jsonl` would record of samples."""
    return hashlib.sha256(samples.astype(samples.dtype.newbyteorder("<")).tobytes()).hexdigest()


def native_samples(dataset: Dataset) -> Samples:
    """Return native Pixel Data as numpy reads it: the stored bits, colours by pixel."""
    shape = [int(dataset.get("NumberOfFrames") or 1), dataset.Rows, dataset.Columns]
    count = dataset.SamplesPerPixel
    total = int(np.prod(shape)) * count
    if dataset.BitsAllocated == 1:
        bits = np.unpackbits(np.frombuffer(dataset.PixelData, "u1"), bitorder="little")
        unpacked: Samples = bits[:total].reshape(shape)
        return unpacked
    kind = f"<{'i' if dataset.PixelRepresentation else 'u'}{dataset.BitsAllocated // 8}"
    flat = np.frombuffer(dataset.PixelData, kind)[:total]
    free = dataset.BitsAllocated - dataset.BitsStored
    stored: Samples = (flat << free) >> free
    if count == 1:
        return stored.reshape(shape)
    if dataset.get("PlanarConfiguration") == 1:
        planes = stored.reshape(shape[0], count, *shape[1:])
        return np.moveaxis(planes, 1, -1)
    return stored.reshape(*shape, count)
