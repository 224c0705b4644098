"""The cache of a set: Frames decoded once, masks, headers, and what could not be read."""

import io
import pickle
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.pixels.processing import apply_modality_lut

from isocenter.client.cache import FrameCache, _packed, open_cache
from isocenter.client.frame_pack import PackWriter
from isocenter.client.prepared import PreparedSet
from isocenter.client.set_files import unpack
from isocenter.errors import ConflictError, UnavailableError
from tests.builders import instance, to_bytes
from tests.prepared_sets import Entry, Mask, new_cache, nifti, png, square, write_archive


def three_frames(signed_min: int = 0) -> bytes:
    dataset = instance(modality="MR", rows=4, columns=5)
    dataset.NumberOfFrames = 3
    dataset.BitsStored, dataset.HighBit = 16, 15
    values = np.arange(60, dtype="<u2")
    values[-1] += signed_min
    dataset.PixelData = values.tobytes()
    return to_bytes(dataset)


def test_frames_are_what_pydicom_reads(tmp_path: Path) -> None:
    data = [to_bytes(instance(at)) for at in range(3)]
    cache = new_cache(tmp_path / "set", [Entry(f"r{at}", one) for at, one in enumerate(data)])
    found = cache.read([(2, 0), (0, 0), (1, 0)])
    for one, at in zip(found, (2, 0, 1), strict=True):
        truth = dcmread(io.BytesIO(data[at]))
        assert one.dtype == np.int16
        assert np.array_equal(one, apply_modality_lut(truth.pixel_array, truth))


def test_all_frames_of_a_resource_have_the_kind_that_holds_the_widest(tmp_path: Path) -> None:
    entries = [Entry("narrow", three_frames()), Entry("wide", three_frames(60_000))]
    cache = new_cache(tmp_path / "set", entries)
    narrow, wide = cache.read_volume(0), cache.read_volume(1)
    assert (narrow.dtype, wide.dtype) == (np.dtype(np.int16), np.dtype(np.float32))
    assert (narrow.shape, wide[2, 3, 4]) == ((3, 4, 5), 60_059)
    assert np.array_equal(cache.read([(1, 1)])[0], wide[1])


def test_masks_are_zeros_and_ones_for_every_name(tmp_path: Path) -> None:
    picture = png(np.zeros((8, 6), np.uint8))
    volume = np.zeros((5, 4, 3), np.uint8)
    volume[1, 2, 1], volume[0, 0, 2] = 1, 2
    data = nifti(np.zeros((5, 4, 3), np.int16))
    entries = [
        Entry("a", picture, ".png", masks=[Mask("bone", png(square(8, 6)))]),
        Entry("b", data, ".nii", masks=[Mask("lung", nifti(volume), None, ".nii")]),
    ]
    cache = new_cache(tmp_path / "set", entries)
    assert cache.mask_names == ["bone", "lung"]
    bone = cache.read_masks(0, 0)["bone"]
    assert np.array_equal(bone, square(8, 6)[..., 0] // 255)
    assert [int(cache.read_masks(1, at)["lung"].sum()) for at in range(3)] == [0, 1, 1]
    assert cache.read_masks(1, 1)["lung"][2, 1] == 1
    assert not cache.read_masks(1, 1)["bone"].any()


def test_what_cannot_be_read_is_named_with_its_reason(tmp_path: Path) -> None:
    small = Mask("bone", png(np.zeros((2, 2), np.uint8)))
    entries = [
        Entry("text", b"no image at all", ".txt"),
        Entry("good", to_bytes(instance()), masks=[small]),
    ]
    cache = new_cache(tmp_path / "set", entries)
    assert len(cache.resources) == 1
    assert cache.facts(0)["id"] == "good"
    assert set(cache.problems) == {"text", "good"}
    assert cache.problems["good"] == "segmentation bone: it has another size than the image"


def test_a_full_disk_is_no_problem_of_one_file(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "set.zip", [Entry("a", to_bytes(instance()))])
    prepared = unpack(archive, tmp_path / "set")
    with PackWriter(Path("/dev/full")) as pack, pytest.raises(UnavailableError, match="full"):
        _packed(tmp_path / "set", prepared.resources[0], pack)


def test_a_file_that_was_deleted_is_told_with_the_way_out(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "set.zip", [Entry("a", to_bytes(instance()))])
    prepared = unpack(archive, tmp_path / "set")
    (tmp_path / "set" / "resources" / "a.dcm").unlink()
    with pytest.raises(ConflictError, match="delete its folder"):
        open_cache(tmp_path / "set", prepared)


def test_it_is_made_once_and_can_be_pickled(tmp_path: Path) -> None:
    entries = [Entry("a", to_bytes(instance()), labels=["x"])]
    first = new_cache(tmp_path / "set", entries)
    stamp = next((tmp_path / "set").glob(".frames-*/frames.bin")).stat()
    again = new_cache(tmp_path / "set", entries)
    assert next((tmp_path / "set").glob(".frames-*/frames.bin")).stat() == stamp
    other: FrameCache = pickle.loads(pickle.dumps(first))  # noqa: S301 - our own
    assert np.array_equal(other.read([(0, 0)])[0], again.read([(0, 0)])[0])
    assert other.facts(0)["labels"] == ["x"]
    assert other.header(0).startswith(bytes(128) + b"DICM")


def test_another_version_takes_the_place_of_the_first(tmp_path: Path) -> None:
    new_cache(tmp_path / "set", [Entry("a", to_bytes(instance()))])
    second = new_cache(tmp_path / "set", [Entry("b", to_bytes(instance(1)))], version=2)
    assert len(list((tmp_path / "set").glob(".frames-*"))) == 1
    assert second.facts(0)["id"] == "b"


def test_a_set_of_nothing_has_no_frames(tmp_path: Path) -> None:
    cache = new_cache(tmp_path / "set", [])
    assert len(cache.resources) == 0
    assert isinstance(cache.mask_names, list)
    assert PreparedSet("", "", "", "", ()).resources == ()
