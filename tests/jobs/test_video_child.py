import io
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset

from isocenter.errors import InvalidInputError, NotSupportedError
from isocenter.jobs.sandbox import VIDEO_CHILD, Sandbox
from isocenter.jobs.video_child import TABLE, copy_video, make_video, take_video
from isocenter.limits import DEFAULT
from tests.builders import set_fragments, to_bytes, write
from tests.rendering import image
from tests.videos import digests_of, frames_of, probe
from tests.videos import make_video as ffmpeg_video

pytestmark = pytest.mark.judge("ffmpeg", "ffprobe")

MAKE, COPY = "isocenter.jobs.video_child:make_video", "isocenter.jobs.video_child:copy_video"
TAKE = "isocenter.jobs.video_child:take_video"


def lines(*members: tuple[Path, str, int]) -> bytes:
    told = [
        {"path": os.fsencode(path).decode("latin-1"), "window": window, "frames": frames}
        for path, window, frames in members
    ]
    return b"".join(json.dumps(one).encode() + b"\n" for one in told)


def multi_frame(frames: int, **elements: str) -> Dataset:
    dataset = image(np.zeros((4, 6)), NumberOfFrames=frames)
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    values = [np.full((4, 6), 20 * number, np.uint8) for number in range(frames)]
    dataset.PixelData = np.stack(values).tobytes()
    return dataset


def video_instance(path: Path, uid: str) -> Dataset:
    dataset = image(np.zeros((48, 64, 3)), NumberOfFrames=10, FrameTime="100")
    return set_fragments(dataset, [path.read_bytes()], uid, has_offset_table=False)


def test_the_table_names_all() -> None:
    assert set(TABLE) == {MAKE, COPY, TAKE}


def test_the_child_makes_one_video_of_several_files(tmp_path: Path) -> None:
    first = write(multi_frame(3, CineRate="12"), tmp_path / "a.dcm")
    second = write(image(np.full((4, 6), 200)), tmp_path / "é.dcm")
    members = tmp_path / "members"
    members.write_bytes(lines((first, "full", 3), (second, "full", 1)))

    with Sandbox(child=VIDEO_CHILD) as sandbox:
        facts = sandbox.transform(MAKE, members, tmp_path / "v.mp4", kind="mp4")

    assert facts == {"frames": 4, "rate": 12, "is_said": True, "warnings": []}
    assert probe(tmp_path / "v.mp4")["avg_frame_rate"] == "12/1"
    brightness = frames_of(tmp_path / "v.mp4").mean(axis=(1, 2, 3))
    assert brightness == pytest.approx([0, 20, 40, 200], abs=1)


def test_the_file_that_cannot_be_shown_is_named_by_its_line(tmp_path: Path) -> None:
    good = write(image(np.zeros((4, 6))), tmp_path / "a.dcm")
    short = image(np.zeros((4, 6)))
    short.PixelData = bytes(2)
    bad = write(short, tmp_path / "b.dcm")

    facts = make_video(
        io.BytesIO(lines((good, "full", 1), (bad, "full", 1))), io.BytesIO(), DEFAULT, kind="mp4"
    )

    assert facts["failed"] == 1
    assert "bytes" in str(facts["reason"])


def test_a_rate_that_is_given_goes_before_the_header(tmp_path: Path) -> None:
    path = write(multi_frame(3, CineRate="12"), tmp_path / "a.dcm")
    target = tmp_path / "v.avi"

    with target.open("w+b") as stream:
        facts = make_video(
            io.BytesIO(lines((path, "full", 3))), stream, DEFAULT, kind="avi", fps="5"
        )

    assert facts["rate"] == 5
    assert probe(target)["avg_frame_rate"] == "5/1"


def test_an_avi_has_one_rate(tmp_path: Path) -> None:
    path = write(multi_frame(3), tmp_path / "a.dcm")
    dataset = multi_frame(3)
    dataset.FrameTimeVector = ["0", "10", "90"]
    write(dataset, path)
    source = io.BytesIO(lines((path, "full", 3)))

    facts = make_video(source, io.BytesIO(), DEFAULT, kind="avi")

    assert facts["warnings"] == ["an AVI has one rate: frames are shown evenly"]


@pytest.mark.parametrize(
    ("name", "uid", "options"),
    [
        ("a.mp4", "1.2.840.10008.1.2.4.102", ("-c:v", "libx264", "-pix_fmt", "yuv420p")),
        ("a.ts", "1.2.840.10008.1.2.4.102", ("-c:v", "libx264", "-pix_fmt", "yuv420p")),
        ("a.m2v", "1.2.840.10008.1.2.4.100", ("-c:v", "mpeg2video", "-bf", "2")),
    ],
)
def test_what_is_video_already_is_copied(
    name: str, uid: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    video = ffmpeg_video(tmp_path / name, *options)
    source = write(video_instance(video, uid), tmp_path / "a.dcm")

    with Sandbox(child=VIDEO_CHILD) as sandbox:
        facts = sandbox.transform(COPY, source, tmp_path / "v.mp4", kind="mp4")

    assert facts["is_copied"]
    assert digests_of(tmp_path / "v.mp4") == digests_of(video)
    # Without a container the header decides.
    assert facts["rate"] == (10 if name == "a.m2v" else 25)


def test_for_avi_and_another_rate_it_is_encoded_anew(tmp_path: Path) -> None:
    video = ffmpeg_video(tmp_path / "a.mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p")
    data = to_bytes(video_instance(video, "1.2.840.10008.1.2.4.102"))
    for kind, fps, codec in (("avi", "", "mjpeg"), ("mp4", "5", "h264")):
        target = tmp_path / f"v.{kind}"
        with target.open("w+b") as stream:
            facts = copy_video(io.BytesIO(data), stream, DEFAULT, kind=kind, fps=fps)
        assert not facts["is_copied"]
        assert probe(target)["codec_name"] == codec
        assert probe(target)["avg_frame_rate"] == f"{fps or 25}/1"


def test_fragments_that_hold_no_video_are_refused() -> None:
    dataset = set_fragments(image(np.zeros((4, 6))), [b"nothing!" * 50], "1.2.840.10008.1.2.4.102")
    with pytest.raises(InvalidInputError, match="no video"):
        copy_video(io.BytesIO(to_bytes(dataset)), io.BytesIO(), DEFAULT, kind="mp4")


def test_a_stream_that_fits_is_taken_and_another_is_decoded(tmp_path: Path) -> None:
    fits = ffmpeg_video(tmp_path / "a.avi", "-c:v", "libx264", "-pix_fmt", "yuv420p")
    other = ffmpeg_video(tmp_path / "b.avi", "-c:v", "mpeg4")

    with Sandbox(child=VIDEO_CHILD) as sandbox:
        taken = sandbox.transform(TAKE, fits, tmp_path / "a")
        decoded = sandbox.transform(TAKE, other, tmp_path / "b")

    assert taken["syntax"] == "1.2.840.10008.1.2.4.102"
    assert digests_of(tmp_path / "a") == digests_of(fits)
    assert decoded["syntax"] == ""
    assert "mpeg4" in str(decoded["reason"])
    assert (tmp_path / "b").stat().st_size == 10 * 48 * 64 * 3
    for facts in (taken, decoded):
        assert (facts["frames"], facts["rows"], facts["columns"]) == (10, 48, 64)
        assert (facts["rate"], facts["pixel_shape"]) == ([25, 1], [1, 1])
        assert not facts["has_sound"]


def test_what_would_be_too_large_decoded_is_refused(tmp_path: Path) -> None:
    path = ffmpeg_video(tmp_path / "b.avi", "-c:v", "mpeg4")
    limits = replace(DEFAULT, instance_pixel_bytes=10 * 48 * 64 * 3 - 1)

    with path.open("rb") as source, pytest.raises(NotSupportedError, match="more than one"):
        take_video(source, io.BytesIO(), limits)


def test_a_rate_far_behind_the_start_of_the_file_is_found(tmp_path: Path) -> None:
    dataset = multi_frame(2)
    dataset.add_new(0x00090010, "LO", "TESTS")
    dataset.add_new(0x00091010, "OB", bytes(1 << 20))
    dataset.CineRate, dataset.PixelSpacing = "12", ["2", "1"]
    path = write(dataset, tmp_path / "a.dcm")
    target = tmp_path / "v.mp4"

    with target.open("w+b") as stream:
        facts = make_video(io.BytesIO(lines((path, "full", 2))), stream, DEFAULT, kind="mp4")

    assert facts["rate"] == 12
    assert probe(target)["sample_aspect_ratio"] == "1:2"
