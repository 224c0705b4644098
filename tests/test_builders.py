"""The builders make valid instances, the same in every run."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import RLELossless

from tests import builders


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize("modality", ["CT", "MR", "PT"])
def test_instances_are_valid(modality: str, tmp_path: Path) -> None:
    dataset = builders.add_private(builders.instance(3, modality=modality))
    path = builders.write(dataset, tmp_path / "one.dcm")

    result = subprocess.run(["dciodvfy", str(path)], capture_output=True, check=False, timeout=60)

    errors = [line for line in result.stderr.decode().splitlines() if line.startswith("Error")]
    assert errors == []


def test_same_arguments_give_the_same_bytes() -> None:
    first, second = (builders.to_bytes(builders.instance(5, signed=True)) for _ in range(2))

    assert first == second


def test_pixels_use_the_whole_range_and_survive_writing(tmp_path: Path) -> None:
    path = builders.write(builders.instance(bits_stored=16, signed=True), tmp_path / "one.dcm")

    samples = dcmread(path).pixel_array

    assert samples.dtype == np.int16
    assert samples.min() == -32768
    assert samples.max() == 32767


def test_series_leaves_out_missing_slices_and_varies_the_others() -> None:
    made = builders.series(5, missing=[2], vary=builders.vary_rescale)

    assert [dataset.InstanceNumber for dataset in made] == [1, 2, 4, 5]
    assert [float(dataset.RescaleSlope) for dataset in made] == [0.5, 0.51, 0.53, 0.54]


def test_fragments_are_written_as_encapsulated_frames(tmp_path: Path) -> None:
    dataset = builders.set_fragments(builders.instance(), [b"abcd"], RLELossless)

    again = dcmread(builders.write(dataset, tmp_path / "one.dcm"))

    assert again.file_meta.TransferSyntaxUID == RLELossless
    assert b"abcd" in again.PixelData
