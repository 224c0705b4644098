"""Compress and decompress on the command line, judged by independent decoders; a kill in place."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydicom import dcmread

from tests.builders import instance, write
from tests.judges import frames_by_dcmtk, frames_by_gdcm, run

PROGRAMS = {
    "isocenter": (sys.executable, "-m", "isocenter.cli.main"),
    "dicompressor": (sys.executable, "-m", "isocenter.cli.switches"),
}
JUDGES = {
    "jpegls": ("dcmdjpls",),
    "jpeg-lossless": ("dcmdjpeg",),
    "rle": ("dcmdrle",),
    "j2k": ("gdcmconv", "--raw"),
}


def call(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAMS[program], *arguments], check=False, capture_output=True, text=True, timeout=120
    )


def folder_of(folder: Path, count: int = 3, size: int = 48) -> dict[str, bytes]:
    """Write instances; return the pixels by name."""
    pixels = {}
    for index in range(count):
        dataset = instance(index, rows=size, columns=size, signed=bool(index % 2))
        write(dataset, folder / f"{index:03d}.dcm")
        pixels[f"{index:03d}.dcm"] = dataset.PixelData
    return pixels


@pytest.mark.parametrize("codec", list(JUDGES))
@pytest.mark.judge("dcmdjpls", "gdcmconv", "dcmdump")
def test_others_decode_what_the_command_line_compressed(codec: str, tmp_path: Path) -> None:
    pixels = folder_of(tmp_path / "in")

    done = call("isocenter", "compress", tmp_path / "in", "--codec", codec, "--out", tmp_path / "x")

    assert (done.returncode, done.stderr) == (0, "")
    for name, native in pixels.items():
        back = tmp_path / name
        assert not [
            line
            for line in run("dcmdump", "--quiet", tmp_path / "x" / name).splitlines()
            if line.startswith(("E:", "W:"))
        ]
        run(*JUDGES[codec], tmp_path / "x" / name, back)
        by_dcmtk = frames_by_dcmtk(back, tmp_path / f"{name}-dcmtk")
        assert by_dcmtk == frames_by_gdcm(back, tmp_path / f"{name}-gdcm")
        stored = [sample & 0x0FFF for sample in memoryview(b"".join(by_dcmtk)).cast("H")]
        assert stored == [sample & 0x0FFF for sample in memoryview(native).cast("H")]


def test_a_goal_means_lossy(tmp_path: Path) -> None:
    folder_of(tmp_path, 1)

    for options in (["--lossy"], ["--quality", "60"], ["--psnr", "45"], ["--ratio", "5"]):
        out = tmp_path / options[0].strip("-")
        assert (
            call("isocenter", "compress", tmp_path / "000.dcm", *options, "--out", out).stderr == ""
        )
        assert dcmread(out / "000.dcm").LossyImageCompression == "01"
    wrong = call("isocenter", "compress", tmp_path / "000.dcm", "--quality", "200")
    assert (wrong.returncode, wrong.stderr.count("quality")) == (2, 1)


@pytest.mark.parametrize(
    ("switch", "suffix", "line"),
    [
        ("-x", "_jll", "Compressed 3 file(s) with JPEG 2000 lossless"),
        ("-z", "_jl", "Compressed 3 file(s) with JPEG 2000 lossy"),
    ],
)
def test_the_documented_switches_compress(
    switch: str, suffix: str, line: str, tmp_path: Path
) -> None:
    pixels = folder_of(tmp_path)

    done = call("dicompressor", switch, "-f", tmp_path)

    assert done.returncode == 0
    assert line in done.stdout.splitlines()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*pixels, *(f"{Path(name).stem}{suffix}.dcm" for name in pixels)]
    )
    one = tmp_path / f"000{suffix}.dcm"
    done = call("dicompressor", "-u", "-f", one)
    assert f"Decompressed: {tmp_path / f'000{suffix}_unc.dcm'}" in done.stdout.splitlines()


def test_the_upper_case_switches_replace(tmp_path: Path) -> None:
    pixels = folder_of(tmp_path)

    assert call("dicompressor", "-X", "-f", tmp_path).returncode == 0
    assert dcmread(tmp_path / "001.dcm").file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.90"
    done = call("dicompressor", "-U", "-f", tmp_path)

    assert "Decompressed 3 file(s)" in done.stdout.splitlines()
    assert {path.name: dcmread(path).PixelData for path in tmp_path.iterdir()} == pixels
    assert call("dicompressor", "-Z", "-f", tmp_path / "000.dcm").returncode == 0
    assert dcmread(tmp_path / "000.dcm").ImageType[0] == "DERIVED"


REPEATED = [
    ("-X", "Compressed 3 file(s) with JPEG 2000 lossless", "Compressed"),
    ("-Z", "Compressed 3 file(s) with JPEG 2000 lossy", "Compressed"),
    ("-U", "Decompressed 3 file(s)", "Decompressed"),
]


@pytest.mark.parametrize(("switch", "line", "verb"), REPEATED)
def test_a_finished_job_succeeds_again_and_changes_nothing(
    switch: str, line: str, verb: str, tmp_path: Path
) -> None:
    folder_of(tmp_path)
    call("dicompressor", switch, "-f", tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    again = call("dicompressor", switch, "-f", tmp_path)
    single = call("dicompressor", switch, "-f", tmp_path / "000.dcm")

    assert (again.returncode, single.returncode) == (0, 0)
    printed = again.stdout.splitlines()
    assert printed[printed.index(line) + 1] == "  3 of them were so before"
    assert f"{verb}: {tmp_path / '000.dcm'}\n  it was so before\n" in single.stdout
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_half_done_job_is_finished_by_its_second_run(tmp_path: Path) -> None:
    folder_of(tmp_path)
    call("isocenter", "compress", tmp_path / "001.dcm", "--in-place")
    (tmp_path / "note.txt").write_text("hello")

    done = call("isocenter", "compress", tmp_path, "--in-place", "--report", tmp_path / "r.json")

    assert done.returncode == 0
    report = json.loads((tmp_path / "r.json").read_text())
    counts = {key: report[key] for key in ("done", "unchanged", "skipped", "failed")}
    assert counts == {"done": 2, "unchanged": 1, "skipped": 1, "failed": 0}
    assert "unchanged: 1 file(s): already in this transfer syntax" in done.stderr.splitlines()


def test_what_has_no_image_or_lost_something_is_not_done(tmp_path: Path) -> None:
    folder_of(tmp_path, 1)
    call("isocenter", "compress", tmp_path, "--in-place", "--psnr", "45")

    other = call("isocenter", "compress", tmp_path, "--in-place", "--codec", "rle")

    assert other.returncode == 1
    assert other.stderr.splitlines() == ["skipped: 1 file(s): already compressed with loss"]
