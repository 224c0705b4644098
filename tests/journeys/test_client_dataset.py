"""The documented `Dataset` programs as written, against a real server and with real PyTorch.

Only the places of files and of the server, the key and the name of the dataset are put in, and
`device`, which the first program forgets to define. torchvision is on no machine of ours: a small
stand-in does what its `ToTensor` does.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest

from isocenter.client import APIHandler, Dataset
from tests import builders
from tests.conftest import REPOSITORY
from tests.prepared_sets import nifti, png, square
from tests.serving import Served, serving

pytestmark = pytest.mark.torch

DOCUMENT = REPOSITORY.parent / "shared" / "specs" / "client-api.rst"
NAME = "TestCTdataset"

MADE = """\
from datamintapi import Dataset

dataset = Dataset(root='../data',
                 dataset_name='TestCTdataset',
                 version='latest',
                 api_key='my_api_key'
                 )
"""
INHERITED = """\
import datamintapi
import torch
from torchvision.transforms import ToTensor
from torch.utils.data import DataLoader


class XrayFractureDataset(datamintapi.Dataset):
    def __getitem__(self, idx):
        image, dicom_metainfo, metainfo = super().__getitem__(idx)

        # Get all relevant information from the dicom_metainfo object
        patient_sex = dicom_metainfo.PatientSex

        # Get all relevant information from the metainfo object
        has_fracture = 'fracture' in metainfo['labels']
        has_fracture = torch.tensor(has_fracture, dtype=torch.int32)

        return image, patient_sex, has_fracture


# Create an instance of your custom dataset
dataset = XrayFractureDataset(root='data',
                              dataset_name='YOUR_DATASET_NAME',
                              version='latest',
                              api_key='my_api_key',
                              transform=ToTensor())

# Create a DataLoader to handle batching and shuffling of the dataset
dataloader = DataLoader(dataset,
                        batch_size=4,
                        shuffle=True)

for images, patients_sex, labels in dataloader:
    images = images.to(device)
    # labels will already be a tensor of shape (batch_size,) containing 0s and 1s

    # (...) do something with the batch
"""
COLLECTED = """\
import datamintapi
import torch
from torchvision.transforms import ToTensor
from torch.utils.data import DataLoader


# Set the device
device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')


# Create an instance of the datamintapi.Dataset
dataset = datamintapi.Dataset(root='data',
                            dataset_name='TestCTdataset',
                            version='latest',
                            api_key='my_api_key',
                            transform=ToTensor()
                            )

# This function tells the dataloader how to group the items in a batch
def collate_fn(batch):
    images = [item[0] for item in batch]
    dicom_metainfo = [item[1] for item in batch]
    metainfo = [item[2] for item in batch]

    return torch.stack(images), dicom_metainfo, metainfo


# Create a DataLoader to handle batching and shuffling of the dataset
dataloader = DataLoader(dataset,
                        batch_size=4,
                        collate_fn=collate_fn,
                        shuffle=True)

for images, dicom_metainfo, metainfo in dataloader:
    images = images.to(device)
    metainfo = metainfo

    # (... do something with the batch)
"""
# What the last batch was, for the test to see.
SHOWN_ITEM = """
image, dicom_metainfo, metainfo = dataset[0]
print(image.shape, image.dtype, dicom_metainfo.Modality, metainfo['filename'])
"""
SHOWN_INHERITED = """
print(sorted(patients_sex), images.shape[1:], images.dtype, labels.dtype)
print(sum(int(labels.sum()) for _, _, labels in dataloader))
"""
SHOWN_COLLECTED = """
print(images.shape, dicom_metainfo[0].Modality, sorted(metainfo[0]['labels']))
"""
TO_TENSOR = """\
import numpy
import torch


class ToTensor:
    def __call__(self, picture):
        assert isinstance(picture, numpy.ndarray) and picture.ndim in (2, 3)
        channels = picture[:, :, None] if picture.ndim == 2 else picture
        image = torch.from_numpy(channels.transpose((2, 0, 1))).contiguous()
        if image.dtype == torch.uint8:
            return image.to(torch.get_default_dtype()).div(255)
        return image
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the programs run: it has the stand-in, and no data."""
    transforms = tmp_path / "stand-in" / "torchvision"
    transforms.mkdir(parents=True)
    (transforms / "__init__.py").touch()
    (transforms / "transforms.py").write_text(TO_TENSOR)
    (tmp_path / "work").mkdir()
    return tmp_path


def slices(count: int) -> list[pydicom.Dataset]:
    made = list(builders.series(count, rows=8, columns=6))
    del made[1].PatientSex
    return made


def put_in(server: Served, count: int = 6, name: str = NAME) -> str:
    """Upload some slices, each third with a label, as a dataset; return the key."""
    key = server.new_key()
    with APIHandler(server.url, key) as api:
        ids = [
            api.upload_resource(
                builders.to_bytes(one), labels=["fracture"] if at % 3 == 0 else None
            )
            for at, one in enumerate(slices(count))
        ]
        api.create_dataset(name, resource_ids=ids)
    return key


def run(program: str, folder: Path, server: Served, key: str) -> list[str]:
    """Run a program as a script of its own; return the lines that it printed."""
    script = program.replace("'my_api_key'", repr(key)).replace("YOUR_DATASET_NAME", NAME)
    paths = [folder / "stand-in", REPOSITORY / "compat" / "datamintapi" / "src"]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=folder / "work",
        env={
            **os.environ,
            "HOME": str(folder / "home"),
            "DATAMINT_API_URL": server.url,
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def words(text: str) -> str:
    return " ".join(" ".join(line.strip() for line in text.splitlines()).split())


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the documents are not beside the checkout")
@pytest.mark.parametrize("snippet", [MADE, INHERITED, COLLECTED])
def test_programs_are_those_of_the_document(snippet: str) -> None:
    assert words(snippet) in words(DOCUMENT.read_text(encoding="utf-8"))


def test_programs_run_as_written(server: Served, folder: Path) -> None:
    key = put_in(server)
    device = "import torch\ndevice = torch.device('cpu')\n"
    program = MADE + SHOWN_ITEM + device + INHERITED + SHOWN_INHERITED
    item, inherited, fractures, collected = run(
        program + COLLECTED + SHOWN_COLLECTED, folder, server, key
    )
    assert item == "(8, 6) int16 CT " + item.split()[-1]
    sexes = re.match(r"\[(.*?)\]", inherited)
    assert sexes is not None
    assert set(sexes[1].split(", ")) <= {"''", "'O'", "'F'", "'M'"}
    assert inherited.endswith("torch.Size([1, 8, 6]) torch.int16 torch.int32")
    assert fractures == "2"
    assert collected.startswith("torch.Size([2, 1, 8, 6]) CT [")
    assert (folder / "data" / NAME / "dataset.json").is_file()
    assert (folder / "work" / "data" / NAME / "dataset.json").is_file()


def test_programs_run_with_two_workers(server: Served, folder: Path) -> None:
    key = put_in(server)
    device = "import torch\ndevice = torch.device('cpu')\n"
    program = device + INHERITED + SHOWN_INHERITED + COLLECTED + SHOWN_COLLECTED
    with_workers = program.replace("shuffle=True)", "shuffle=True, num_workers=2)")
    assert with_workers.count("num_workers=2") == 2
    inherited, fractures, collected = run(with_workers, folder, server, key)
    assert inherited.endswith("torch.Size([1, 8, 6]) torch.int16 torch.int32")
    assert fractures == "2"
    assert collected.startswith("torch.Size([2, 1, 8, 6]) CT [")


def test_labels_splits_segmentations_and_versions_come_from_the_server(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    key = put_in(server)
    with APIHandler(server.url, key) as api:
        first = Dataset(tmp_path / "root", NAME, api_key=key, server_url=server.url)
        picture = tmp_path / "photo.png"
        picture.write_bytes(png(square(8, 6)))
        photo = api.upload_resource(picture)
        api.upload_segmentation(photo, picture, "lesion")
        volume = np.zeros((6, 8, 1), np.uint8)
        volume[2, 1, 0] = 1
        (tmp_path / "mask.nii").write_bytes(nifti(volume))
        slice_id = str(api.get_resources(labels="fracture")[0]["id"])
        api.upload_segmentation(slice_id, tmp_path / "mask.nii", "bone")
        api.add_to_dataset(NAME, photo)
        api.split_dataset(NAME, {"train": 0.5, "val": 0.5}, seed=3)
    second = Dataset(
        tmp_path / "root", NAME, api_key=key, server_url=server.url, return_segmentations=True
    )
    stamp = (tmp_path / "root" / NAME / "dataset.json").stat()
    Dataset(tmp_path / "root", NAME, api_key=key, server_url=server.url)
    assert (tmp_path / "root" / NAME / "dataset.json").stat() == stamp
    assert (len(first), len(second)) == (6, 7)
    assert second.labels == ["fracture"]
    assert sum(map(len, second.splits.values())) == 7
    (own,) = [one for one in second if one[2]["id"] == photo]
    assert own[0].shape == (8, 6, 3)
    assert int(own[2]["segmentations"]["lesion"].sum()) == 9
    (drawn,) = [one for one in second if one[2]["id"] == slice_id]
    bone = drawn[2]["segmentations"]["bone"]
    assert (int(bone.sum()), int(bone[1, 2])) == (1, 1)
    assert second.problems == {}
    again = Dataset(tmp_path / "old", NAME, first.version, key, server_url=server.url)
    assert len(again) == 6
