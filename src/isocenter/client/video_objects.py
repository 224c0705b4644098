"""PyAV containers from bytes."""

import io

import av
from av.container import InputContainer

from isocenter.errors import InvalidInputError


def read_video(data: bytes) -> InputContainer:
    """Return a video, open; ``container.decode(video=0)`` yields its frames.

    Raises
    ------
    InvalidInputError
        If it is none that FFmpeg reads.
    """
    try:
        return av.open(io.BytesIO(data), mode="r")
    except (av.error.FFmpegError, ValueError):
        raise InvalidInputError("FFmpeg cannot read the video") from None
