"""Videos that FFmpeg made: what they are, copied without change, decoded."""

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from isocenter.dicom.video_stream import Examined, copy_stream, decode_video, examine
from isocenter.errors import InvalidInputError, NotSupportedError, TooLargeError
from isocenter.limits import Limits
from tests.videos import boxes_of, digests_of, frames_of, make_video, probe, psnr_db, times_of

pytestmark = pytest.mark.judge("ffmpeg", "ffprobe")

H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-bf", "3")
EXACT = "flags=accurate_rnd+full_chroma_int"
# Without edges, so that it does not matter how colours of half the size are enlarged.
SMOOTH = "gradients=size=64x48:rate=25:seed=1"
KINDS = {
    "h264.mp4": H264,
    "h264.mov": H264,
    "h264.avi": H264,
    "h264.ts": H264,
    "h264.mkv": H264,
    "raw.h264": H264,
    "hevc.mp4": ("-c:v", "libx265", "-pix_fmt", "yuv420p", "-x265-params", "log-level=none"),
    "raw.hevc": ("-c:v", "libx265", "-pix_fmt", "yuv420p", "-x265-params", "log-level=none"),
    "mpeg2.mpg": ("-c:v", "mpeg2video", "-bf", "2"),
    "raw.m2v": ("-c:v", "mpeg2video", "-bf", "2"),
    "mpeg4.avi": ("-c:v", "mpeg4", "-bf", "2"),
}


def examined(path: Path) -> Examined:
    with path.open("rb") as stream:
        return examine(stream)


@pytest.mark.parametrize("name", KINDS)
def test_a_video_is_copied_without_change(name: str, tmp_path: Path) -> None:
    path = make_video(tmp_path / name, *KINDS[name])
    target = tmp_path / "copied.mp4"

    with path.open("rb") as source, target.open("w+b") as stream:
        found = examine(source)
        copy_stream(source, stream, found, "mp4")

    assert found.frames == 10
    assert found.rate == 25
    assert digests_of(target) == digests_of(path)
    assert times_of(target) == pytest.approx([number / 25 for number in range(10)], abs=0.001)
    boxes = boxes_of(target)
    assert boxes.index("moov") < boxes.index("mdat")


@pytest.mark.parametrize("name", ["h264.mp4", "raw.m2v", "mpeg4.avi"])
def test_a_video_is_decoded_as_ffmpeg_does(name: str, tmp_path: Path) -> None:
    path = make_video(tmp_path / name, *KINDS[name], source=SMOOTH)

    with path.open("rb") as source:
        frames = np.stack(list(decode_video(source)))

    # Gradients differ from run to run; the wrong matrix of colours would give 30 dB or less.
    assert psnr_db(frames, frames_of(path)) > 36


@pytest.mark.parametrize("matrix", ["bt709", "smpte170m"])
@pytest.mark.parametrize("span", ["tv", "pc"])
def test_colours_are_those_that_the_stream_declares(matrix: str, span: str, tmp_path: Path) -> None:
    name = {"bt709": "bt709", "smpte170m": "bt601"}[matrix]
    path = make_video(
        tmp_path / "a.mp4",
        *("-vf", f"scale=out_color_matrix={name}:out_range={span}:{EXACT}", *H264, "-crf", "4"),
        *("-colorspace", matrix, "-color_range", span),
        source="color=c=0xE02040:size=64x48:rate=25",
    )

    with path.open("rb") as source:
        first = next(decode_video(source))

    assert np.abs(first.astype(int) - (0xE0, 0x20, 0x40)).max() <= 3


def test_what_is_not_said_is_guessed_from_the_size(tmp_path: Path) -> None:
    for size, matrix in (("64x48", "bt601"), ("1280x720", "bt709")):
        path = make_video(
            tmp_path / f"{size}.mp4",
            *(
                "-vf",
                f"scale=out_color_matrix={matrix}:{EXACT},setparams=colorspace=unknown",
                *H264,
            ),
            *("-crf", "4", "-frames:v", "1"),
            source=f"color=c=0xE02040:size={size}:rate=25",
        )
        with path.open("rb") as source:
            first = next(decode_video(source))
        assert np.abs(first.astype(int) - (0xE0, 0x20, 0x40)).max() <= 3


def test_what_a_phone_turned_is_turned(tmp_path: Path) -> None:
    plain = make_video(tmp_path / "a.mp4", *H264, source=SMOOTH)
    turned = rotated(plain, tmp_path / "rotated.mp4")

    found = examined(turned)
    with turned.open("rb") as source:
        frames = np.stack(list(decode_video(source)))

    assert found.quarters == 1
    assert frames.shape == (10, 64, 48, 3)
    assert psnr_db(frames, np.rot90(frames_of(plain), 1, axes=(1, 2))) > 36


def test_times_of_the_container_are_kept(tmp_path: Path) -> None:
    path = make_video(
        tmp_path / "a.mkv", *H264, "-vf", "setpts=N*N/25/TB", "-fps_mode", "vfr", "-t", "5"
    )
    target = tmp_path / "b.mp4"

    with path.open("rb") as source, target.open("w+b") as stream:
        found = examine(source)
        copy_stream(source, stream, found, "mp4")

    assert not found.is_even
    assert times_of(target) == pytest.approx(times_of(path), abs=0.002)


def test_a_stream_without_a_container_gets_the_rate_that_is_said(tmp_path: Path) -> None:
    path = make_video(tmp_path / "raw.m2v", *KINDS["raw.m2v"])
    target = tmp_path / "b.mp4"

    with path.open("rb") as source, target.open("w+b") as stream:
        copy_stream(source, stream, examine(source), "mp4", Fraction(10))

    assert probe(target)["avg_frame_rate"] == "10/1"


def test_mpeg_2_is_copied_out_of_its_container(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mpg", *KINDS["mpeg2.mpg"])
    target = tmp_path / "b.m2v"

    with path.open("rb") as source, target.open("w+b") as stream:
        copy_stream(source, stream, examine(source), "mpeg2video")

    assert target.read_bytes().startswith(b"\0\0\1\xb3")
    assert digests_of(target) == digests_of(path)


def test_facts_are_those_of_ffprobe(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", *H264, "-level", "4.1", "-aspect", "2")
    said = probe(path)

    found = examined(path)

    assert (found.codec, found.profile, found.level) == ("h264", said["profile"], 41)
    assert (found.rows, found.columns, found.sampling) == (48, 64, "yuv420p")
    assert found.pixel_shape == Fraction(3, 2)
    assert not found.has_sound


def test_sound_is_noticed(tmp_path: Path) -> None:
    path = make_video(
        tmp_path / "a.mp4",
        *H264,
        source="testsrc2=size=64x48:rate=25[out0];sine=duration=1[out1]",
    )

    assert examined(path).has_sound


@pytest.mark.parametrize("kept", [10, 500, -200, -5000])
def test_a_video_that_ends_too_early_is_refused(kept: int, tmp_path: Path) -> None:
    options = ("-movflags", "faststart")
    data = make_video(tmp_path / "a.mp4", *H264, *options, "-crf", "1").read_bytes()

    with pytest.raises(InvalidInputError, match=r"too early|no video"):
        examine(io.BytesIO(data[:kept]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n" * 1000,
        b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n" * 9,
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
        bytes(range(256)) * 64,
        b"RIFF\xff\xff\xff\x7fAVI LIST" + bytes(500),
        b"\0\0\0\x20ftypisom" + bytes(500),
    ],
)
def test_what_is_no_video_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError):
        examine(io.BytesIO(data))


def test_what_is_not_on_the_lists_is_refused(tmp_path: Path) -> None:
    with (
        make_video(tmp_path / "a.avi", "-c:v", "snow", "-strict", "-2").open("rb") as stream,
        pytest.raises(NotSupportedError, match="not supported"),
    ):
        examine(stream)


def test_a_frame_can_be_too_large(tmp_path: Path) -> None:
    with (
        make_video(tmp_path / "a.mp4", *H264).open("rb") as stream,
        pytest.raises(TooLargeError, match="video_frame_pixels"),
    ):
        examine(stream, Limits(video_frame_pixels=64 * 48 - 1))


def rotated(path: Path, target: Path) -> Path:
    """Return a copy whose track header turns the picture by 90 degrees counter-clockwise."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    one, minus = (1 << 16).to_bytes(4, "big"), (-1 << 16).to_bytes(4, "big", signed=True)
    nothing, whole = bytes(4), (1 << 30).to_bytes(4, "big")
    matrix = (nothing, minus, nothing, one, nothing, nothing, nothing, nothing, whole)
    data[at : at + 36] = b"".join(matrix)
    target.write_bytes(data)
    return target
