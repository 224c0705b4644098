"""Train a small classifier on slices of a server, and show in the archive where it looks.

python examples/train_classifier.py FOLDER --positive lung

FOLDER has a folder of DICOM slices for each label, such as FOLDER/lung and FOLDER/other. They are
uploaded with that label, become a dataset, and come back by `isocenter.client.Dataset` as batches
of Hounsfield units. The network is small enough for any processor; what it marks becomes a DICOM
Segmentation beside the slices, which viewers show over them. Needs a server
(`DATAMINT_API_URL`, `DATAMINT_API_KEY`) and PyTorch.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, random_split

from isocenter.client import APIHandler, Dataset, collate
from isocenter.dicom.header_index import index_header
from isocenter.dicom.segmentation import Made, Segment, make_segmentation
from isocenter.dicom.streams import BytesSource
from isocenter.dicom.volume import build_volume, read_places

BATCH = 8
HELD_OUT = 0.25
HU_SCALE = 1000.0


class SmallNetwork(nn.Module):  # type: ignore[misc]  # torch is not where types are checked
    """Says for each part of an image how much it speaks for the label; their mean decides."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 1, 1),
        )

    def forward(self, images: Any) -> Any:  # noqa: ANN401 - tensors
        """Return a map ``(images, rows / 4, columns / 4)`` of batches of int16."""
        found = self.parts(images[:, None].float() / HU_SCALE)
        return found[:, 0]


def upload(api: APIHandler, folder: Path, name: str) -> list[Path]:
    """Upload the folders, each with its label, as a dataset; return the files."""
    ids: list[str] = []
    paths: list[Path] = []
    for labelled in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted(labelled.glob("*.dcm"))
        made = api.upload_resources(files, labels=[labelled.name], channel=name)
        ids += map(str, made)
        paths += files
    api.create_dataset(name, resource_ids=ids)
    return paths


def train(dataset: Dataset, positive: str, epochs: int) -> tuple[SmallNetwork, float]:
    """Return a network, and which part of the images that it never saw it gets right.

    Neighbours of one patient look alike, so that this says little of other patients: of several,
    `api.split_dataset` makes parts that share none, and `Dataset(..., split="val")` gives one.
    """
    torch.manual_seed(0)
    seen, held_out = random_split(dataset, [1 - HELD_OUT, HELD_OUT])
    network = SmallNetwork()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    loader = DataLoader(seen, BATCH, shuffle=True, collate_fn=collate)
    for epoch in range(epochs):
        total = 0.0
        for images, _, facts in loader:
            wanted = targets(facts, positive)
            loss = nn.functional.binary_cross_entropy_with_logits(
                network(images).mean((1, 2)), wanted
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(images)
        print(f"epoch {epoch + 1}: loss {total / len(seen):.3f}")
    right = 0
    with torch.no_grad():
        for images, _, facts in DataLoader(held_out, BATCH, collate_fn=collate):
            found = network(images).mean((1, 2)) > 0
            right += int((found == targets(facts, positive).bool()).sum())
    return network, right / len(held_out)


def targets(facts: Sequence[dict[str, Any]], positive: str) -> Any:  # noqa: ANN401 - a tensor
    """Return 1 for each image with the label, 0 for others."""
    return torch.tensor([float(positive in one["labels"]) for one in facts])


def predicted(network: SmallNetwork, dataset: Dataset) -> dict[str, Any]:
    """Return by SOP Instance UID a mask of where the network finds the label."""
    masks = {}
    with torch.no_grad():
        for images, headers, _ in DataLoader(dataset, BATCH, collate_fn=collate):
            maps = network(images)
            wide = nn.functional.interpolate(maps[:, None], images.shape[1:])[:, 0]
            chosen = (wide > 0) & (maps.mean((1, 2)) > 0)[:, None, None]
            for header, mask in zip(headers, chosen.numpy(), strict=True):
                masks[str(header.SOPInstanceUID)] = mask.astype(np.uint8)
    return masks


def segmentation_of(paths: Sequence[Path], masks: dict[str, Any], label: str) -> bytes:
    """Return the masks as one DICOM Segmentation of the series."""
    headers = [index_header(BytesSource(path.read_bytes())) for path in paths]
    volume = build_volume([place for header in headers for place in read_places(header)])
    labels = np.stack([masks[place.sop_instance_uid] for place in volume.frames])
    segment = Segment(1, label, (230, 159, 0), "AUTOMATIC", "examples/train_classifier.py")
    made = Made(time.strftime("%Y%m%d"), time.strftime("%H%M%S"), f"{label}, predicted")
    return b"".join(make_segmentation(headers[0], volume, labels, [segment], made))


def main(arguments: list[str] | None = None) -> int:
    """Upload, train, predict, and store what was predicted."""
    parser = argparse.ArgumentParser(description="Train a small classifier on labelled slices.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--positive", required=True, help="the label that is learnt")
    parser.add_argument("--dataset", default="classifier example", help="its name on the server")
    parser.add_argument("--root", type=Path, default=Path("var/learning"), help="for the cache")
    parser.add_argument("--epochs", type=int, default=30)
    options = parser.parse_args(arguments)
    with APIHandler() as api:
        paths = upload(api, options.folder, options.dataset)
        dataset = Dataset(options.root, options.dataset)
        print(dataset)
        network, accuracy = train(dataset, options.positive, options.epochs)
        print(f"right in {accuracy:.0%} of the slices that were held out")
        masks = predicted(network, dataset)
        data = segmentation_of(paths, masks, options.positive)
        api.upload_resources([data], labels=["predicted"], channel=options.dataset)
        study = dataset[0][1].StudyInstanceUID
        print(f"see it: {api.root_url}/ohif/viewer?StudyInstanceUIDs={study}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
