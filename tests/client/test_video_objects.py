from pathlib import Path

import pytest

from isocenter.client.video_objects import read_video
from isocenter.errors import InvalidInputError
from tests import videos


@pytest.mark.judge("ffmpeg")
def test_the_frames_of_a_video_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    videos.make_video(path, "-frames:v", "3", "-pix_fmt", "yuv420p")

    with read_video(path.read_bytes()) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]

    assert [frame.shape for frame in frames] == [(48, 64, 3)] * 3


def test_junk_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        read_video(b"junk")
