"""Videos on the command line, of real images, compared with the pictures of the same frames."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from isocenter.cli.main import main
from isocenter.cli.switches import main as dicompressor
from tests.builders import series, write, write_series
from tests.judges import errors_of
from tests.rendering import image
from tests.videos import boxes_of, digests_of, frames_of, probe, psnr_db

pytestmark = pytest.mark.judge("ffmpeg", "ffprobe")

Captured = pytest.CaptureFixture[str]

# Multi-frame, in many encodings: file, Frames, rate, how near 4:2:0 can come to its pictures.
REAL = [
    ("barre/XA-MONO2-8-12x-catheter.dcm", 12, None, 45),
    ("barre/US-MONO2-8-8x-execho.dcm", 8, None, 43),
    ("barre/MR-MONO2-8-16x-heart.dcm", 16, None, 45),
    ("barre/NM-MONO2-16-13x-heart.dcm", 13, "30/1", 45),
    ("barre/US-PAL-8-10x-echo.dcm", 10, None, 29),
    ("dicomparser/IM00001.implicit_little_endian.dcm", 8, None, 25),
    ("pydicom/test_files/examples_ybr_color.dcm", 30, None, 25),
    ("pydicom/test_files/color3d_jpeg_baseline.dcm", 120, None, 25),
    ("siemens_xa30/*.dcm", None, None, 21),
]


def run(*arguments: object) -> int:
    return main([str(one) for one in arguments])


def pictures_in(folder: Path) -> list[np.ndarray]:
    return [np.asarray(Image.open(path).convert("RGB")) for path in sorted(folder.glob("*.png"))]


@pytest.mark.slow
@pytest.mark.parametrize(("pattern", "count", "rate", "least_db"), REAL)
def test_a_video_shows_what_the_pictures_show(
    pattern: str,
    count: int | None,
    rate: str | None,
    least_db: float,
    shared_data: Path,
    tmp_path: Path,
) -> None:
    for source in sorted((shared_data / "dicom").glob(pattern)):
        folder = tmp_path / source.stem
        assert run("export", source, "--out", folder / "png", "--quiet") == 0
        assert run("export", "--video", source, "--out", folder / "mp4", "--quiet") == 0

        (video,) = (folder / "mp4").glob("*.mp4")
        pictures = pictures_in(folder / "png")
        frames = frames_of(video)
        rows, columns = pictures[0].shape[:2]
        assert len(frames) == len(pictures) == (count or len(pictures))
        assert frames.shape[1:3] == (rows + rows % 2, columns + columns % 2)
        assert psnr_db(frames[:, :rows, :columns], np.stack(pictures)) > least_db
        # The mean colour is right, whatever the edges lose.
        bias = frames[:, :rows, :columns].mean((0, 1, 2)) - np.stack(pictures).mean((0, 1, 2))
        assert np.abs(bias).max() < 1.5
        said = probe(video)
        assert (said["codec_name"], said["pix_fmt"]) == ("h264", "yuv420p")
        assert rate in (None, said["avg_frame_rate"])
        boxes = boxes_of(video)
        assert boxes.index("moov") < boxes.index("mdat")


@pytest.mark.slow
def test_a_series_is_one_video_in_the_order_of_the_stack(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "dicom/series/ct_chest_60"
    assert run("export", folder, "--out", tmp_path / "png", "--quiet") == 0
    assert run("export", "--video", folder, "--out", tmp_path / "mp4", "--quiet") == 0

    (video,) = (tmp_path / "mp4").glob("*.mp4")
    # pydicom says where each slice lies.
    sources = sorted(
        (path for path in folder.iterdir()),
        key=lambda path: float(dcmread(path).ImagePositionPatient[2]),
    )
    pictures = [
        np.asarray(Image.open(tmp_path / "png" / f"{path.stem}.png").convert("RGB"))
        for path in sources
    ]
    assert psnr_db(frames_of(video), np.stack(pictures)) > 44


@pytest.mark.parametrize("name", ["us_h264_hp41", "us_hevc_main51", "us_mpeg2_mpml"])
def test_a_video_in_dicom_is_copied_out_and_in_again(
    name: str, shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / f"dicom/derived/{name}.dcm"
    assert run("export", "--video", source, "--out", tmp_path / "mp4", "--quiet") == 0
    video = tmp_path / f"mp4/{name}.mp4"
    assert run("convert", "--video", video, "--out", tmp_path / "dicom", "--quiet") == 0
    again = tmp_path / f"dicom/{name}.dcm"
    assert run("export", "--video", again, "--out", tmp_path / "again", "--quiet") == 0

    assert probe(video)["avg_frame_rate"] == "25/1"
    assert len(digests_of(video)) == 30
    assert digests_of(video) == digests_of(tmp_path / f"again/{name}.mp4")
    # A television of 240 lines is none: the standard takes it as High Level.
    uid = dcmread(source).file_meta.TransferSyntaxUID
    expected = "1.2.840.10008.1.2.4.101" if name == "us_mpeg2_mpml" else uid
    assert dcmread(again).file_meta.TransferSyntaxUID == expected


@pytest.mark.judge("dciodvfy")
def test_the_switches_print_the_documented_lines(tmp_path: Path, capsys: Captured) -> None:
    write_series(series(3), tmp_path / "ct")
    multi = image(np.zeros((4, 6)), NumberOfFrames=2)
    multi.PixelData = bytes(48)
    path = write(multi, tmp_path / "us.dcm")

    def lines(*arguments: object) -> list[str]:
        assert dicompressor([str(one) for one in arguments]) == 0
        return capsys.readouterr().out.splitlines()

    assert "Exported 1 video(s) with annotations" in lines("-e", "-f", tmp_path / "ct")
    assert "Exported 1 video(s)" in lines("-E", "avi", "-f", tmp_path / "ct")
    assert (tmp_path / "ct/series31.avi").exists()
    assert f"Exported: {tmp_path / 'us.mp4'}" in lines("-E", "-f", path)
    assert "Converted 1 video(s) to DICOM" in lines("-v", "-F", tmp_path)
    assert f"Converted: {tmp_path / 'us_1.dcm'}" in lines("-v", "-f", tmp_path / "us.mp4")
    assert errors_of(tmp_path / "us_1.dcm") == ()


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    large = image(np.zeros((2, 2)), NumberOfFrames=300)
    large.Rows = large.Columns = 512
    large.PixelData = np.random.default_rng(1).integers(0, 255, 300 * 512 * 512, "u1").tobytes()
    write(large, tmp_path / "in/a.dcm")
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    command = [sys.executable, "-m", "isocenter.cli.main", "export", "--video", "in"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=os.environ | {"TMPDIR": str(scratch)}, stderr=subprocess.PIPE
    ) as process:
        end = time.monotonic() + 60
        while not any(path.stat().st_size for path in scratch.rglob("*") if path.is_file()):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate(timeout=60)

    assert process.returncode == 130
    assert b"nothing half-written is left" in printed
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["a.dcm"]
    assert list(scratch.iterdir()) == []
