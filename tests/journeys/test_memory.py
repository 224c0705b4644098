"""Memory does not grow with the number or size of slices: whole processes, measured."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest

from tests.builders import instance, to_bytes
from tests.multi_frame import classic, enhanced

# What `ru_maxrss` may differ between 400 slices and ten times as many.
GROWTH_MB_MAX = 20
PEAK_MB_MAX = 100
_PLACE_HOLDERS = ("2.25.3000000", "910000", "-30000.0")

pytestmark = pytest.mark.skipif(not hasattr(os, "wait4"), reason="no peak memory of a child here")


# Starts the command from a small process: on Linux a child's peak begins with that of the process
# that started it, and pytest's is larger than what is measured here.
_STARTER = """
import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w") as stream:
    stream.write(str(usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""


def peak_mb_of(scratch: Path, *arguments: str | Path) -> float:
    """Run the installed command as a process of its own and return the most memory it had."""
    command = Path(sys.executable).with_name("isocenter")
    starter = (sys.executable, "-S", "-c", _STARTER, str(scratch / "peak"), str(command))
    done = subprocess.run(
        [*starter, *map(str, arguments), "--no-fsync"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return int((scratch / "peak").read_text()) / unit


def write_slices(folder: Path, count: int, *, rows: int) -> Path:
    """Write square slices fast: one is encoded, its numbers are then replaced in the bytes."""
    uid, number, position = _PLACE_HOLDERS
    dataset = instance(rows=rows, columns=rows)
    dataset.SOPInstanceUID = uid
    dataset.InstanceNumber = number
    dataset.SliceLocation = position
    dataset.ImagePositionPatient = ["0", "0", position]
    dataset.PixelData = bytes(rows * rows * 2 - 16) + b"pixels of 910000"
    encoded = to_bytes(dataset)
    folder.mkdir(parents=True)
    for index in range(count):
        half_mm = f"-3{index // 2:04d}.{index % 2 * 5}"
        own = encoded.replace(uid.encode(), f"2.25.3{index:06d}".encode())
        own = own.replace(number.encode(), f"91{index:04d}".encode())
        own = own.replace(position.encode(), half_mm.encode())
        (folder / f"{index:04d}.dcm").write_bytes(own)
    return folder


def merge_and_split(place: Path, count: int, *, rows: int) -> tuple[float, float]:
    """Return the peaks in MB of merging and of splitting; every pixel must come back."""
    slices = write_slices(place / "slices", count, rows=rows)
    merged = peak_mb_of(place, "merge", slices, "--out", place / "merged")
    (path,) = (place / "merged").iterdir()
    assert pydicom.dcmread(path, stop_before_pixels=True).NumberOfFrames == count
    split = peak_mb_of(place, "split", path, "--out", place / "split", "--quiet")
    # Positions are negative: along the normal the last slice comes first.
    back = sorted((place / "split").iterdir(), reverse=True)
    assert digest_of(back, rows) == digest_of(sorted(slices.iterdir()), rows)
    return merged, split


def digest_of(paths: list[Path], rows: int) -> str:
    """Return the SHA-256 of the pixels at the end of the files."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            stream.seek(-2 * rows * rows, os.SEEK_END)
            digest.update(stream.read())
    return digest.hexdigest()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Return a folder that is emptied at once: what is written there may be large."""
    yield tmp_path
    for child in tmp_path.iterdir():
        shutil.rmtree(child)


@pytest.mark.slow
def test_memory_is_the_same_for_400_slices_and_for_4000(place: Path) -> None:
    few = merge_and_split(place / "few", 400, rows=32)
    many = merge_and_split(place / "many", 4000, rows=32)

    for small, large in zip(few, many, strict=True):
        assert large < small + GROWTH_MB_MAX
        assert large < PEAK_MB_MAX


def split_foreign(place: Path, dataset: pydicom.Dataset) -> float:
    """Return the peak in MB of splitting an object of another maker."""
    place.mkdir()
    (place / "one.dcm").write_bytes(to_bytes(dataset))
    peak = peak_mb_of(place, "split", place / "one.dcm", "--out", place / "split", "--quiet")
    assert len(list((place / "split").iterdir())) == dataset.NumberOfFrames
    return peak


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["enhanced", "classic"])
def test_memory_is_the_same_for_400_and_for_4000_frames_of_others(place: Path, kind: str) -> None:
    def made(frames: int) -> pydicom.Dataset:
        if kind == "enhanced":
            return enhanced("CT", frames)
        return classic("1.2.840.10008.5.1.4.1.1.3.1", frames, modality="US")

    few = split_foreign(place / "few", made(400))
    many = split_foreign(place / "many", made(4000))

    assert many < few + GROWTH_MB_MAX
    assert many < PEAK_MB_MAX


@pytest.mark.full
def test_memory_does_not_grow_with_two_gigabytes_of_pixels(place: Path) -> None:
    small = merge_and_split(place / "small", 400, rows=32)
    shutil.rmtree(place / "small")
    large = merge_and_split(place / "large", 4000, rows=512)

    for few, many in zip(small, large, strict=True):
        assert many < few + GROWTH_MB_MAX
        assert many < PEAK_MB_MAX
