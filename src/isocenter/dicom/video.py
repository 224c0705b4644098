"""Rendered Frames as a video: H.264 in MP4, or Motion JPEG in AVI for programs of old.

One Frame is held at a time, besides those that the encoder compares with one another. What is
here loads FFmpeg's libraries and runs in a child process with limits (``jobs/video_child.py``).

References
----------
ITU-T H.264 Annex A (levels) and Annex E (what is said about colours), ISO/IEC 14496-12 (moov).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

import av
import numpy as np
from av import open as open_container
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from isocenter.dicom.frame_timing import Timing
from isocenter.dicom.render import Picture
from isocenter.dicom.yuv import Plane, Quantisation, even, to_planes, usual_quantisation
from isocenter.errors import CorruptPixelDataError, NotSupportedError, TooLargeError
from isocenter.limits import DEFAULT, Limits

KINDS = ("mp4", "avi")

# 46 dB against the pictures on a chest CT, in a tenth of the memory of its slices; tuned to what is
# there rather than to what pleases. Of sharp colours 4:2:0 alone leaves 27 to 32 dB.
_H264_OPTIONS = {"crf": "10", "preset": "medium", "tune": "psnr"}
_MJPEG_QUANTISER = 2
# A fixed number, as what is encoded depends on it: the same Frames give the same bytes anywhere.
_THREADS = 4
# Frames between two that can be decoded alone: what a reader scrubs through must not stutter.
_KEY_INTERVAL = 30
# How far the encoder looks ahead, in memory; its frames take several times as much. Measured with
# 40 Frames of 5 megapixels: 64 MiB of this are 430 MB in all, 256 MiB were 740 MB and no better.
_LOOKAHEAD_BYTES, _LOOKAHEAD_MAX = 1 << 26, 40
# Larger Frames are compared with the one before only, without looking ahead.
_LARGE_PIXELS = 9_437_184
_LARGE_OPTIONS = {"bf": "0", "refs": "1", "rc-lookahead": "0"}
# H.264 knows no larger side, whatever the level.
_SIDE_MAX = 16384
_UNEVEN_TICKS = 90000
# What is left free for the index of an MP4, which then stands before the Frames.
_INDEX_BYTES, _INDEX_BYTES_PER_FRAME = 8192, 40
# As ITU-T H.273 numbers them.
_MATRICES = {"bt601": 6, "bt709": 1}
_PRIMARIES = _TRANSFER = 1  # BT.709, to which screens and sRGB come close
_LIMITED, _FULL = 1, 2


@dataclass(frozen=True, slots=True)
class VideoPlan:
    """What a video shall be.

    Attributes
    ----------
    kind
        One of ``KINDS``.
    frames
        How many pictures will come.
    pixel_shape
        Width by height of a pixel; players stretch the picture, it is not resampled here.
    """

    kind: str
    timing: Timing
    frames: int
    pixel_shape: Fraction = Fraction(1)


def write_video(
    target: BinaryIO, pictures: Iterable[Picture], plan: VideoPlan, limits: Limits = DEFAULT
) -> int:
    """Write pictures as a video; return how many there were.

    Parameters
    ----------
    target
        Seekable and empty.
    pictures
        ``(rows, columns)`` or ``(rows, columns, 3)``, 8 bits, all of one size.

    Raises
    ------
    CorruptPixelDataError
        If sizes differ, or there is no picture.
    TooLargeError
        If a picture is larger than H.264 takes.
    NotSupportedError
        If the encoder refuses it.
    """
    found = iter(pictures)
    first = next(found, None)
    if first is None:
        raise CorruptPixelDataError("there is no frame")
    _check_size(first, limits)
    try:
        return _encode(target, _all_of_one_size(first, found), plan)
    except av.FFmpegError as error:
        if isinstance(error, OSError | MemoryError):
            raise
        raise NotSupportedError("the video encoder does not take these frames") from None


def index_bytes(frames: int) -> int:
    """Return how much room the index of an MP4 needs at most."""
    return _INDEX_BYTES + _INDEX_BYTES_PER_FRAME * frames


def _check_size(picture: Picture, limits: Limits) -> None:
    rows, columns = picture.shape[:2]
    if max(rows, columns) > _SIDE_MAX:
        raise TooLargeError("video_side", _SIDE_MAX, max(rows, columns), "pixels")
    if rows * columns > limits.video_frame_pixels:
        allowed = limits.video_frame_pixels
        raise TooLargeError("video_frame_pixels", allowed, rows * columns, "pixels")


def _all_of_one_size(first: Picture, others: Iterator[Picture]) -> Iterator[Plane]:
    yield even(first.astype(np.uint8, copy=False))
    for picture in others:
        if picture.shape[:2] != first.shape[:2]:
            raise CorruptPixelDataError("frames of one video differ in size")
        yield even(picture.astype(np.uint8, copy=False))


def _encode(target: BinaryIO, pictures: Iterator[Plane], plan: VideoPlan) -> int:
    first = next(pictures)
    is_mp4 = plan.kind == "mp4"
    rows, columns = first.shape[:2]
    how = usual_quantisation(rows, columns) if is_mp4 else Quantisation("bt601", is_full=True)
    options = {"moov_size": str(index_bytes(plan.frames))} if is_mp4 else {}
    with open_container(target, "w", format=plan.kind, options=options) as container:
        stream = _add_stream(container, plan, rows, columns, how)
        times = iter(_times(plan, stream.codec_context))
        count = 0
        for picture in _chained(first, pictures):
            frame = _to_frame(picture, how)
            frame.pts = next(times)
            frame.time_base = stream.codec_context.time_base
            container.mux(stream.encode(frame))
            count += 1
        container.mux(stream.encode(None))
    return count


def _chained(first: Plane, others: Iterator[Plane]) -> Iterator[Plane]:
    yield first
    yield from others


def _add_stream(
    container: OutputContainer, plan: VideoPlan, rows: int, columns: int, how: Quantisation
) -> VideoStream:
    rate = plan.timing.rate
    is_mp4 = plan.kind == "mp4"
    options: dict[str, str] = {}
    if is_mp4:
        ahead = min(_LOOKAHEAD_BYTES // (rows * columns * 3 // 2), _LOOKAHEAD_MAX)
        options = {**_H264_OPTIONS, "rc-lookahead": str(ahead)}
        if rows * columns > _LARGE_PIXELS:
            options |= _LARGE_OPTIONS
    stream = container.add_stream("libx264" if is_mp4 else "mjpeg", rate=rate, options=options)
    assert isinstance(stream, VideoStream)
    context = stream.codec_context
    context.width, context.height = columns, rows
    context.pix_fmt = "yuv420p"
    context.sample_aspect_ratio = plan.pixel_shape
    context.color_range = _FULL if how.is_full else _LIMITED
    context.colorspace = _MATRICES[how.matrix]
    context.color_primaries, context.color_trc = _PRIMARIES, _TRANSFER
    context.thread_count = _THREADS
    context.time_base = 1 / rate
    if is_mp4:
        context.gop_size = _KEY_INTERVAL
        if plan.timing.steps_ms:
            context.time_base = Fraction(1, _UNEVEN_TICKS)
    else:
        context.qmin = context.qmax = _MJPEG_QUANTISER
    return stream


def _times(plan: VideoPlan, context: VideoCodecContext) -> Iterable[int]:
    """Return when each Frame is shown, in units of the encoder's time base."""
    if context.time_base == Fraction(1, _UNEVEN_TICKS):
        return plan.timing.starts(plan.frames, _UNEVEN_TICKS)
    return range(plan.frames)


def _to_frame(picture: Plane, how: Quantisation) -> av.VideoFrame:
    rows, columns = picture.shape[:2]
    frame = av.VideoFrame(columns, rows, "yuv420p")
    for plane, samples in zip(frame.planes, to_planes(picture, how), strict=True):
        lines = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        lines[: samples.shape[0], : samples.shape[1]] = samples
    frame.color_range = _FULL if how.is_full else _LIMITED
    frame.colorspace = _MATRICES[how.matrix]
    return frame
