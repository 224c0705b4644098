"""The dataset: item forms, batches, Frames and volumes, parts, and processes that share it."""

import io
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pydicom import dcmread
from torch.utils.data import DataLoader, Subset

from isocenter.client import Dataset
from isocenter.client.batches import collate
from isocenter.client.set_files import unpack
from isocenter.errors import ConflictError, InvalidInputError, UnavailableError
from tests.builders import instance, to_bytes
from tests.prepared_sets import Entry, Mask, png, square, write_archive

pytestmark = pytest.mark.torch


class Marked(Dataset):
    """A subclass with its own items, as the document shows it."""

    def __getitem__(self, index: int) -> Any:  # noqa: ANN401 - as the dataset
        image, header, facts = super().__getitem__(index)
        return image, header.PatientSex, "odd" in facts["labels"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a root for datasets of somebody for whom nothing is configured."""
    for name in ("DATAMINT_API_URL", "DATAMINT_API_KEY", "ISOCENTER_API_URL", "ISOCENTER_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "root"


def multi_frame() -> bytes:
    dataset = instance(modality="MR", rows=8, columns=6)
    dataset.NumberOfFrames = 3
    dataset.PixelData = np.arange(144, dtype="<u2").tobytes()
    return to_bytes(dataset)


def entries() -> list[Entry]:
    slices = [
        Entry(
            f"s{at}",
            to_bytes(instance(at)),
            labels=["odd"] if at % 2 else [],
            split="val" if at == 3 else "train",
        )
        for at in range(4)
    ]
    mask = Mask("lesion", png(square(8, 6)), 1)
    cine = Entry("cine", multi_frame(), frame_labels={2: ["end"]}, masks=[mask], split="test")
    colour = Entry("photo", png(square(8, 6)), ".png", split="test")
    return [*slices, cine, colour]


def placed(root: Path, version: int = 1) -> None:
    root.mkdir(exist_ok=True)
    unpack(write_archive(root.parent / f"{version}.zip", entries(), version), root / "set")


def dataset(root: Path, **options: Any) -> Dataset:  # noqa: ANN401 - the constructor's
    placed(root)
    return Dataset(root, "set", version=1, **options)


def test_an_item_is_image_header_and_facts(home: Path) -> None:
    image, header, facts = dataset(home)[1]
    truth = dcmread(io.BytesIO(to_bytes(instance(1))))
    assert (image.dtype, image.flags.writeable, image.flags.c_contiguous) == (np.int16, True, True)
    assert np.array_equal(image, truth.pixel_array.astype(int) - 1024)
    assert header.SOPInstanceUID == truth.SOPInstanceUID
    assert "PixelData" not in header
    assert (facts["id"], facts["filename"], facts["labels"]) == ("s1", "s1.dcm", ["odd"])


def test_the_parts_of_an_item_can_be_chosen(home: Path) -> None:
    placed(home)
    assert isinstance(Dataset(home, "set", 1, return_dicom=False)[0][1], dict)
    assert Dataset(home, "set", 1, return_metainfo=False)[0][1].Modality == "CT"
    bare = Dataset(home, "set", 1, return_dicom=False, return_metainfo=False)
    assert isinstance(bare[0], np.ndarray)


def test_each_frame_is_an_item_unless_volumes_are_asked_for(home: Path) -> None:
    frames = dataset(home, return_segmentations=True)
    assert (len(frames), frames.labels) == (8, ["end", "odd"])
    image, _, facts = frames[6]
    assert (image.shape, facts["frame_index"], facts["labels"]) == ((8, 6), 2, ["end"])
    assert [int(frames[at][2]["segmentations"]["lesion"].sum()) for at in (4, 5)] == [0, 9]
    assert frames[7][0].shape == (8, 6, 3)
    volumes = Dataset(home, "set", 1, return_frame_by_frame=False, return_segmentations=True)
    volume, _, about = volumes[4]
    assert (len(volumes), volume.shape) == (6, (3, 8, 6))
    assert about["segmentations"]["lesion"].shape == (3, 8, 6)
    assert volumes[0][0].shape == (8, 6)
    assert [one.shape for one, _, _ in volumes.__getitems__([4, 5])] == [(3, 8, 6), (8, 6, 3)]


def test_a_batch_is_views_into_one_buffer_and_the_transform_works_on_each(home: Path) -> None:
    plain = dataset(home)
    items = plain.__getitems__([2, 0, 1])
    assert len({id(image.base) for image, _, _ in items}) == 1
    assert all(np.array_equal(items[at][0], plain[i][0]) for at, i in enumerate([2, 0, 1]))
    turned = Dataset(home, "set", 1, transform=lambda image: image.T, mask_transform=torch.tensor)
    assert [one.shape for one, _, _ in turned.__getitems__([0, 1])] == [(6, 8), (6, 8)]
    assert "version='1'" in repr(turned)


def test_a_subclass_makes_its_own_items_in_batches_too(home: Path) -> None:
    placed(home)
    own = Marked(home, "set", 1)
    assert [mark for _, _, mark in own.__getitems__([0, 1, 2, 3])] == [False, True, False, True]


def test_parts_are_chosen_or_listed(home: Path) -> None:
    whole = dataset(home)
    assert whole.splits == {"train": [0, 1, 2], "val": [3], "test": [4, 5, 6, 7]}
    part = Dataset(home, "set", 1, split="val")
    assert [facts["id"] for _, _, facts in part] == ["s3"]
    assert len(Subset(whole, whole.splits["train"])) == 3
    with pytest.raises(InvalidInputError, match="'nothing'"):
        Dataset(home, "set", 1, split="nothing")


def test_indices_are_those_of_a_sequence(home: Path) -> None:
    whole = dataset(home)
    assert whole[-1][2]["id"] == "photo"
    assert whole[torch.tensor(2)][2]["id"] == "s2"
    with pytest.raises(IndexError, match="8 items"):
        whole[8]


@pytest.mark.parametrize(("workers", "method"), [(0, None), (2, "fork"), (1, "spawn")])
def test_loaders_give_each_image_once(home: Path, workers: int, method: str | None) -> None:
    whole = dataset(home)
    loader = DataLoader(
        Subset(whole, range(4)),
        batch_size=2,
        shuffle=True,
        num_workers=workers,
        multiprocessing_context=method,
        collate_fn=collate,
    )
    seen = {}
    for images, headers, facts in loader:
        assert (images.dtype, images.shape) == (torch.int16, (2, 8, 6))
        for image, header, about in zip(images, headers, facts, strict=True):
            seen[about["id"]] = (image, header.SOPInstanceUID)
    assert sorted(seen) == ["s0", "s1", "s2", "s3"]
    assert all(np.array_equal(seen[f"s{at}"][0].numpy(), whole[at][0]) for at in range(4))


def test_pickled_it_holds_no_key(home: Path) -> None:
    whole = dataset(home, api_key="id.s3cr3t", server_url="http://127.0.0.1:9")
    data = pickle.dumps(whole)
    assert b"s3cr3t" not in data
    assert len(pickle.loads(data)) == len(whole)  # noqa: S301 - our own


def test_a_pickled_one_of_an_earlier_version_says_so(home: Path) -> None:
    data = pickle.dumps(dataset(home))
    placed(home, version=2)
    Dataset(home, "set", 2)
    with pytest.raises(ConflictError, match="another version"):
        pickle.loads(data)[0]  # noqa: S301 - our own


def test_without_a_server_the_version_that_is_here_is_used_and_said(home: Path) -> None:
    placed(home)
    nowhere: dict[str, Any] = {"api_key": "id.s3cr3t", "server_url": "http://127.0.0.1:9"}
    with pytest.warns(UserWarning, match="cannot be reached"):
        assert Dataset(home, "set", **nowhere).version == "1"
    assert Dataset(home, "set", auto_update=False).version == "1"
    with pytest.raises(UnavailableError):
        Dataset(home, "other", **nowhere)


def test_exactly_one_name_is_needed(home: Path) -> None:
    with pytest.raises(InvalidInputError, match="dataset_name="):
        Dataset(home)
    with pytest.raises(InvalidInputError, match="either"):
        Dataset(home, "a", project_name="b")


def test_without_torch_the_way_out_is_said() -> None:
    code = "import sys; sys.modules['torch'] = None; from isocenter.client import Dataset"
    asked = [sys.executable, "-c", code]
    ran = subprocess.run(asked, check=False, capture_output=True, text=True, timeout=60)
    assert ran.stderr.rstrip().endswith("Dataset needs PyTorch: pip install 'isocenter[torch]'")
