"""Fuzz of the child that reads videos: broken ones end in facts or in a clean error.

FFmpeg is written in C; what it does to itself stays in the child, which starts again.
"""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from isocenter.errors import IsocenterError
from isocenter.jobs.sandbox import VIDEO_CHILD, Sandbox
from isocenter.limits import Limits
from tests.videos import make_video

pytestmark = [pytest.mark.judge("ffmpeg"), pytest.mark.slow]

TAKE = "isocenter.jobs.video_child:take_video"
MUTATIONS, MUTATIONS_FULL = 25, 1500
SEEDS = {
    "a.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    "a.mpg": ("-c:v", "mpeg2video", "-bf", "2"),
    "a.avi": ("-c:v", "mpeg4"),
    "a.mkv": ("-c:v", "libx265", "-x265-params", "log-level=none"),
}


def broken(data: bytes, random: Random) -> bytes:
    """Return a video with some bytes changed, taken out or doubled."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 3, 30))):
        changed[random.randrange(len(changed))] = random.choice((0, 0xFF, random.randrange(256)))
    at, length = random.randrange(len(changed)), random.randrange(1, 400)
    match random.randrange(4):
        case 0:
            del changed[at:]
        case 1:
            del changed[at : at + length]
        case 2:
            changed[at:at] = changed[at : at + length]
    return bytes(changed)


def fuzz(folder: Path, count: int) -> Counter[str]:
    random = Random(7)
    limits = Limits(child_seconds=20, video_frame_pixels=1 << 20)
    ends: Counter[str] = Counter()
    with Sandbox(limits, child=VIDEO_CHILD) as sandbox:
        for name, options in SEEDS.items():
            data = make_video(folder / name, *options).read_bytes()
            for number in range(count):
                path = folder / f"{number}-{name}"
                path.write_bytes(broken(data, random))
                try:
                    facts = sandbox.transform(TAKE, path, folder / "made")
                except IsocenterError as error:
                    ends[f"{type(error).__name__}: {error}"] += 1
                else:
                    assert int(str(facts["frames"])) > 0
                    ends["facts"] += 1
                    (folder / "made").unlink()
    return ends


def unclean(ends: Counter[str]) -> list[str]:
    """Return what tells of an error of ours, or of too much time."""
    return [end for end in ends if "reader failed" in end or "DeadlineExceeded" in end]


def test_broken_videos_end_in_facts_or_a_clean_error(tmp_path: Path) -> None:
    ends = fuzz(tmp_path, MUTATIONS)

    assert ends["facts"] > 0
    assert ends["InvalidInputError: the video ends too early"] > 0
    assert unclean(ends) == []


@pytest.mark.full
def test_many_broken_videos_end_in_facts_or_a_clean_error(tmp_path: Path) -> None:
    ends = fuzz(tmp_path, MUTATIONS_FULL)

    assert ends.total() == MUTATIONS_FULL * len(SEEDS)
    assert unclean(ends) == []
