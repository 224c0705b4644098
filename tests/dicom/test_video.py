"""Videos that we write, as FFmpeg's own programs see them."""

import io
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from isocenter.dicom.frame_timing import Timing
from isocenter.dicom.video import VideoPlan, write_video
from isocenter.dicom.yuv import Plane
from isocenter.errors import CorruptPixelDataError, TooLargeError
from isocenter.limits import DEFAULT
from tests.videos import boxes_of, frames_of, probe, psnr_db, times_of

pytestmark = pytest.mark.judge("ffmpeg", "ffprobe")

RATE = Timing(Fraction(25))


def smooth(frames: int, rows: int, columns: int, *, colour: bool = False) -> Iterator[Plane]:
    """Yield pictures that move and whose colours change slowly, so that 4:2:0 keeps them."""
    down, right = np.mgrid[0:rows, 0:columns]
    for number in range(frames):
        grey = 128 + 100 * np.sin((right + 3 * number) / 17) * np.cos(down / 23)
        if colour:
            red = 128 + 100 * np.sin((right + down + 5 * number) / 31)
            grey = np.stack([red, grey, 255 - red], axis=-1)
        yield np.rint(grey).astype(np.uint8)


def written(path: Path, pictures: Iterator[Plane], plan: VideoPlan) -> Path:
    with path.open("w+b") as target:
        assert write_video(target, pictures, plan) == plan.frames
    return path


@pytest.mark.parametrize("colour", [False, True])
def test_mp4_is_h264_that_every_player_shows(colour: bool, tmp_path: Path) -> None:
    plan = VideoPlan("mp4", RATE, 12)
    path = written(tmp_path / "a.mp4", smooth(12, 120, 160, colour=colour), plan)

    said = probe(path)
    assert (said["codec_name"], said["codec_tag_string"]) == ("h264", "avc1")
    assert said["profile"] == "High"
    assert said["pix_fmt"] == "yuv420p"
    assert (said["nb_read_frames"], said["avg_frame_rate"]) == ("12", "25/1")
    assert (said["color_range"], said["color_space"]) == ("tv", "smpte170m")
    assert (said["color_primaries"], said["color_transfer"]) == ("bt709", "bt709")
    boxes = boxes_of(path)
    assert boxes.index("moov") < boxes.index("mdat")
    pictures = np.stack(list(smooth(12, 120, 160, colour=colour)))
    expected = pictures if colour else np.repeat(pictures[..., None], 3, axis=3)
    assert psnr_db(frames_of(path), expected) > (40 if colour else 45)


def test_high_definition_says_bt709_and_has_its_colours(tmp_path: Path) -> None:
    pictures = list(smooth(2, 720, 1280, colour=True))
    path = written(tmp_path / "a.mp4", iter(pictures), VideoPlan("mp4", RATE, 2))

    assert probe(path)["color_space"] == "bt709"
    assert psnr_db(frames_of(path), np.stack(pictures)) > 40


@pytest.mark.parametrize("colour", [False, True])
def test_avi_is_motion_jpeg(colour: bool, tmp_path: Path) -> None:
    plan = VideoPlan("avi", RATE, 5)
    path = written(tmp_path / "a.avi", smooth(5, 120, 160, colour=colour), plan)

    said = probe(path)
    assert (said["codec_name"], said["avg_frame_rate"]) == ("mjpeg", "25/1")
    assert said["nb_read_frames"] == "5"
    assert said["color_range"] == "pc"
    pictures = np.stack(list(smooth(5, 120, 160, colour=colour)))
    expected = pictures if colour else np.repeat(pictures[..., None], 3, axis=3)
    assert psnr_db(frames_of(path), expected) > 38


@pytest.mark.parametrize("kind", ["mp4", "avi"])
@pytest.mark.parametrize("size", [(1, 1), (1, 2), (3, 2), (5, 7), (64, 33)])
def test_odd_sizes_get_one_more_row_and_column(
    size: tuple[int, int], kind: str, tmp_path: Path
) -> None:
    rows, columns = size
    plan = VideoPlan(kind, RATE, 3)
    path = written(tmp_path / f"a.{kind}", smooth(3, rows, columns), plan)

    frames = frames_of(path)
    assert frames.shape == (3, rows + rows % 2, columns + columns % 2, 3)
    expected = np.stack(list(smooth(3, rows, columns)))[..., None]
    assert np.abs(frames[:, :rows, :columns].astype(int) - expected).max() <= 8


def test_uneven_frames_are_shown_when_they_should_be(tmp_path: Path) -> None:
    timing = Timing(Fraction(20), (10, 20, 60, 110))
    path = written(tmp_path / "a.mp4", smooth(5, 32, 32), VideoPlan("mp4", timing, 5))

    assert times_of(path) == pytest.approx([0, 0.01, 0.03, 0.09, 0.2], abs=1e-5)


@pytest.mark.parametrize("kind", ["mp4", "avi"])
def test_pixels_that_are_no_squares_are_declared(kind: str, tmp_path: Path) -> None:
    plan = VideoPlan(kind, RATE, 2, Fraction(2, 3))
    path = written(tmp_path / f"a.{kind}", smooth(2, 64, 64), plan)

    assert probe(path)["sample_aspect_ratio"] == "2:3"


def test_grey_and_colour_can_follow_one_another(tmp_path: Path) -> None:
    pictures = [next(smooth(1, 32, 32)), next(smooth(1, 32, 32, colour=True))]
    path = written(tmp_path / "a.mp4", iter(pictures), VideoPlan("mp4", RATE, 2))

    assert psnr_db(frames_of(path)[1:], pictures[1][None]) > 35


def test_the_same_pictures_give_the_same_bytes(tmp_path: Path) -> None:
    plan = VideoPlan("mp4", RATE, 40)
    one, other = (written(tmp_path / name, smooth(40, 64, 64), plan) for name in ("a", "b"))

    assert one.read_bytes() == other.read_bytes()


def test_a_long_video_keeps_its_index_in_front(tmp_path: Path) -> None:
    plan = VideoPlan("mp4", Timing(Fraction(30), tuple(1.0 + n % 7 for n in range(2999))), 3000)
    path = written(tmp_path / "a.mp4", smooth(3000, 16, 16), plan)

    assert probe(path)["nb_read_frames"] == "3000"
    assert boxes_of(path)[:2] == ["ftyp", "moov"]


@pytest.mark.slow
def test_very_large_frames_are_encoded_without_looking_ahead(tmp_path: Path) -> None:
    pictures = list(smooth(2, 3080, 3072))
    path = written(tmp_path / "a.mp4", iter(pictures), VideoPlan("mp4", RATE, 2))

    assert probe(path)["has_b_frames"] == "0"
    assert psnr_db(frames_of(path), np.stack(pictures)[..., None]) > 45


def test_sizes_that_differ_or_are_too_large_are_refused() -> None:
    pictures = [np.zeros((4, 4), np.uint8), np.zeros((4, 6), np.uint8)]
    with pytest.raises(CorruptPixelDataError, match="differ in size"):
        write_video(io.BytesIO(), pictures, VideoPlan("mp4", RATE, 2))
    with pytest.raises(CorruptPixelDataError, match="no frame"):
        write_video(io.BytesIO(), [], VideoPlan("mp4", RATE, 0))
    with pytest.raises(TooLargeError, match="video_side"):
        write_video(io.BytesIO(), [np.zeros((1, 16385), np.uint8)], VideoPlan("mp4", RATE, 1))
    small = replace(DEFAULT, video_frame_pixels=15)
    with pytest.raises(TooLargeError, match="video_frame_pixels"):
        write_video(io.BytesIO(), pictures[:1], VideoPlan("mp4", RATE, 1), small)
