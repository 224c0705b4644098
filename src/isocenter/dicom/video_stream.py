"""Videos that others made: looked at, copied into another container, decoded.

Everything here reads what nobody has checked and runs in a child process with limits
(``jobs/video_child.py``). FFmpeg knows formats that name other files and addresses; only those on
a list are read, and of these only the stream that was handed in.

References
----------
ISO/IEC 14496-12 (MP4: times, edit lists, rotation), ITU-T H.273 (matrices).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import BinaryIO

import av
import numpy as np
import numpy.typing as npt
from av import open as open_container
from av.container import InputContainer
from av.packet import Packet
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream

from isocenter.dicom.frame_timing import DEFAULT_RATE
from isocenter.dicom.video import index_bytes
from isocenter.dicom.yuv import Quantisation, to_rgb, usual_quantisation
from isocenter.errors import InvalidInputError, NotSupportedError, TooLargeError
from isocenter.limits import DEFAULT, Limits

_FORMATS = (
    *("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "avi", "mpeg", "mpegts", "mpegvideo", "h264"),
    *("hevc", "m4v", "matroska", "webm", "asf", "flv", "ogg", "dv", "mxf", "ivf"),
)
_CODECS = frozenset(
    {
        *("h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4", "mjpeg", "msmpeg4v2", "msmpeg4v3"),
        *("vp8", "vp9", "libvpx", "libvpx-vp9", "av1", "libdav1d", "wmv1", "wmv2", "wmv3", "vc1"),
        *("h263", "flv", "theora", "dvvideo", "prores", "rawvideo", "ffv1", "huffyuv", "ffvhuff"),
        *("utvideo", "png", "gif", "jpeg2000", "cinepak", "msvideo1", "dnxhd", "qtrle", "mjpegb"),
    }
)
_OPTIONS = {"format_whitelist": ",".join(_FORMATS), "protocol_whitelist": "pipe"}
# Streams without a container: what FFmpeg says of their times is a guess.
_RAW_FORMATS = frozenset({"h264", "hevc", "mpegvideo", "m4v"})
_NO_VIDEO = "no video that can be read"
_EVEN_TICKS = 1  # containers round each time to a tick
_QUARTERS = 4
# As ITU-T H.273 numbers matrices; what is not said is guessed from the size, as players do.
_MATRICES = {1: "bt709", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
_FULL = 2

Rgb = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Examined:
    """What a video is; every Frame of it was decoded once.

    Attributes
    ----------
    codec, profile, level, sampling
        As FFmpeg names them; ``sampling`` is a pixel format such as ``yuv420p``.
    places
        For each packet in the order of the stream, which Frame of the shown order it holds, from
        0; empty where packets and Frames do not match.
    starts
        When each Frame is shown, in units of ``tick`` seconds, from 0.
    has_times
        Whether the container told these times; else they follow from ``rate``.
    is_even
        Whether all Frames are shown equally long.
    quarters
        How often a player turns the picture by 90 degrees counter-clockwise.
    stream_bytes
        Of all Frames as they are encoded.
    """

    codec: str
    profile: str
    level: int
    sampling: str
    rows: int
    columns: int
    frames: int
    places: tuple[int, ...]
    starts: tuple[int, ...]
    tick: Fraction
    has_times: bool
    is_even: bool
    rate: Fraction
    pixel_shape: Fraction
    quarters: int
    has_sound: bool
    stream_bytes: int


def examine(source: BinaryIO, limits: Limits = DEFAULT) -> Examined:
    """Return what a video is; decode all of it, so that nothing broken is passed on.

    Raises
    ------
    InvalidInputError
        If it is no video, ends too early or cannot be decoded.
    NotSupportedError
        If it is encoded in a way that is not on the list.
    TooLargeError
        If a Frame is larger than ``limits.video_frame_pixels``.
    """
    try:
        with _opened(source) as container:
            return _examine(container, limits)
    except av.FFmpegError:
        raise InvalidInputError("the video is broken or ends too early") from None


def copy_stream(
    source: BinaryIO, target: BinaryIO, examined: Examined, kind: str, rate: Fraction | None = None
) -> None:
    """Write the encoded Frames as they are into another container, without sound or texts.

    Parameters
    ----------
    kind
        ``mp4``; ``avi``; ``mpeg2video``, which is no container.
    rate
        Frames a second where the source's container tells no times.

    Raises
    ------
    NotSupportedError
        If the container does not take them.
    """
    assert examined.places
    starts, tick = examined.starts, examined.tick
    if not examined.has_times:
        starts, tick = tuple(range(examined.frames)), 1 / (rate or examined.rate)
    options = {"moov_size": str(index_bytes(examined.frames))} if kind == "mp4" else {}
    try:
        with (
            _opened(source) as container,
            open_container(target, "w", format=kind, options=options) as output,
        ):
            stream = _video_of(container)
            copied = output.add_stream_from_template(stream, opaque=True)
            copied.time_base = tick
            if examined.codec == "hevc" and kind == "mp4":
                copied.codec_context.codec_tag = "hvc1"  # the one that all players know
            for packet, (pts, dts, duration) in zip(
                _packets(container, stream), _times(examined.places, starts), strict=True
            ):
                packet.stream = copied
                packet.pts, packet.dts, packet.time_base = pts, dts, tick
                packet.duration = duration
                output.mux_one(packet)
    except av.FFmpegError as error:
        if isinstance(error, OSError | MemoryError):
            raise
        raise NotSupportedError(f"a file of type {kind} does not take this video") from None


def decode_video(source: BinaryIO) -> Iterator[Rgb]:
    """Yield the Frames in the order in which they are shown: ``(rows, columns, 3)``, RGB.

    Raises
    ------
    InvalidInputError
        If they cannot be decoded.
    """
    try:
        with _opened(source) as container:
            stream = _video_of(container)
            stream.thread_type = "AUTO"
            for packet in container.demux(stream):
                for frame in packet.decode():
                    assert isinstance(frame, av.VideoFrame)
                    yield _to_rgb(frame)
    except av.FFmpegError:
        raise InvalidInputError("the video is broken or ends too early") from None


def _opened(source: BinaryIO) -> InputContainer:
    source.seek(0)
    try:
        return open_container(source, "r", options=_OPTIONS, metadata_errors="replace")
    except (av.FFmpegError, UnicodeError):
        raise InvalidInputError(_NO_VIDEO) from None


def _video_of(container: InputContainer) -> VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            # Streams of codecs that FFmpeg does not know have no context, whatever its types say.
            if getattr(stream.codec_context, "name", "") not in _CODECS:
                raise NotSupportedError("the video is encoded in a way that is not supported")
            return stream
    raise InvalidInputError(_NO_VIDEO)


def _packets(container: InputContainer, stream: VideoStream) -> "Iterator[Packet[VideoStream]]":
    """Yield what is encoded, without the empty packet at the end that flushes a decoder."""
    for packet in container.demux(stream):
        if packet.size:
            yield packet


def _examine(container: InputContainer, limits: Limits) -> Examined:
    stream = _video_of(container)
    context = stream.codec_context
    pixels = context.width * context.height
    if pixels > limits.video_frame_pixels:
        raise TooLargeError("video_frame_pixels", limits.video_frame_pixels, pixels, "pixels")
    stream.thread_type = "AUTO"
    times: list[int | None] = []
    shown: list[int | None] = []
    stream_bytes = 0
    last: av.VideoFrame | None = None
    for packet in container.demux(stream):
        if packet.size:
            if packet.is_corrupt:
                raise InvalidInputError("the video ends too early")
            times.append(packet.pts)
            stream_bytes += packet.size
            # What a decoder gives back with each Frame tells which packet that came in.
            packet.pts, packet.dts = len(times) - 1, None
        for frame in packet.decode():
            assert isinstance(frame, av.VideoFrame)
            shown.append(frame.pts)
            last = frame
    if last is None:
        raise InvalidInputError(_NO_VIDEO)
    if len(times) < stream.frames:
        raise InvalidInputError("the video ends too early")
    return _examined(container, stream, last, times, shown, stream_bytes)


def _examined(
    container: InputContainer,
    stream: VideoStream,
    last: av.VideoFrame,
    times: Sequence[int | None],
    shown: Sequence[int | None],
    stream_bytes: int,
) -> Examined:
    context = stream.codec_context
    places = _places(shown, len(times))
    known = sorted({time for time in times if time is not None})
    is_told = container.format.name not in _RAW_FORMATS and stream.time_base is not None
    has_times = is_told and len(known) == len(times) == len(shown)
    rate = stream.average_rate or stream.guessed_rate or DEFAULT_RATE
    tick = Fraction(stream.time_base or 1) if has_times else 1 / Fraction(rate)
    starts = tuple(time - known[0] for time in known) if has_times else tuple(range(len(shown)))
    steps = [after - before for before, after in pairwise(starts)]
    is_even = not steps or max(steps) - min(steps) <= _EVEN_TICKS
    if is_even and has_times and steps:
        rate = _mean_rate(starts, tick, Fraction(rate))
    elif has_times and steps:
        rate = Fraction(len(steps)) / (starts[-1] * tick)
    shape = stream.sample_aspect_ratio or context.sample_aspect_ratio or Fraction(1)
    return Examined(
        codec=context.name,
        profile=str(context.profile or ""),
        level=context.level or 0,
        sampling=last.format.name,
        rows=last.height,
        columns=last.width,
        frames=len(shown),
        places=places,
        starts=starts,
        tick=tick,
        has_times=has_times,
        is_even=is_even,
        rate=Fraction(rate),
        pixel_shape=Fraction(shape) if shape > 0 else Fraction(1),
        quarters=round(last.rotation / 90) % _QUARTERS,
        has_sound=bool(container.streams.audio),
        stream_bytes=stream_bytes,
    )


def _mean_rate(starts: Sequence[int], tick: Fraction, said: Fraction) -> Fraction:
    """Return the rate that was meant: the one that is said, if the times agree with it."""
    measured = Fraction(len(starts) - 1) / (starts[-1] * tick)
    return said if abs(said - measured) <= measured / 500 else measured


def _places(shown: Sequence[int | None], packets: int) -> tuple[int, ...]:
    """Return for each packet which of the shown Frames it holds, ``()`` if they do not match."""
    known = [packet for packet in shown if packet is not None]
    if sorted(known) != list(range(packets)) or len(known) != len(shown):
        return ()
    places = [0] * packets
    for place, packet in enumerate(known):
        places[packet] = place
    return tuple(places)


def _times(places: Sequence[int], starts: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield when each packet is shown, when it is decoded, never later, and for how long."""
    late = max(starts[at] - starts[place] for at, place in enumerate(places))
    lengths = [after - before for before, after in pairwise(starts)]
    lengths.append(lengths[-1] if lengths else 1)
    for at, place in enumerate(places):
        yield starts[place], starts[at] - late, lengths[place]


def _to_rgb(frame: av.VideoFrame) -> Rgb:
    if frame.format.is_rgb or frame.format.name.startswith(("gray", "pal", "mono")):
        samples = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    else:
        # The scaler halves the resolution of colours once more where it also converts them.
        whole = frame.reformat(format="yuv444p", interpolation=Interpolation.BICUBIC)
        is_full = frame.color_range == _FULL or frame.format.name.startswith("yuvj")
        matrix = _MATRICES.get(int(frame.colorspace))
        if matrix is None:
            matrix = usual_quantisation(frame.height, frame.width).matrix
        planes = np.asarray(whole.to_ndarray(), np.uint8)
        samples = to_rgb(planes, Quantisation(matrix, is_full=is_full))
    quarters = round(frame.rotation / 90) % _QUARTERS
    return np.ascontiguousarray(np.rot90(samples, quarters)) if quarters else samples
