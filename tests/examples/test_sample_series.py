"""The sample series is valid, plausible and the same in every run."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from examples import sample_series


def make(folder: Path, *options: str) -> list[Path]:
    assert (
        sample_series.main(["--rows", "64", "--slices", "10", "--out", str(folder), *options]) == 0
    )
    return sorted(folder.iterdir())


def test_series_is_the_same_in_every_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = make(tmp_path / "a"), make(tmp_path / "b")

    assert [path.name for path in first] == [f"{index:04d}.dcm" for index in range(10)]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    printed = capsys.readouterr()
    assert printed.out.startswith("Made 10 slices of 64 x 64 (0.1 MB) in ")
    assert printed.err == ""


def test_slices_have_their_own_uid_place_and_pixels(tmp_path: Path) -> None:
    slices = [dcmread(path) for path in make(tmp_path)]

    assert len({dataset.SOPInstanceUID for dataset in slices}) == 10
    assert len({dataset.SeriesInstanceUID for dataset in slices}) == 1
    assert [float(dataset.ImagePositionPatient[2]) for dataset in slices] == [
        40.0 * index for index in range(10)
    ]
    volume = np.stack([dataset.pixel_array for dataset in slices]).astype(int) - 1024
    assert volume.min() < -950
    assert volume.max() > 400
    assert 20 < np.median(volume[5][np.abs(volume[5] - 48) < 60]) < 80


@pytest.mark.judge("dciodvfy")
def test_slices_are_valid(tmp_path: Path) -> None:
    for path in make(tmp_path)[::3]:
        result = subprocess.run(
            ["dciodvfy", str(path)], capture_output=True, check=False, timeout=60
        )
        assert b"Error" not in result.stderr


@pytest.mark.parametrize("options", [["--slices", "0"], ["--rows", "many"]])
def test_wrong_option_is_refused(options: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        sample_series.main([*options, "--out", str(tmp_path / "new")])

    assert caught.value.code == 2
    assert not (tmp_path / "new").exists()
