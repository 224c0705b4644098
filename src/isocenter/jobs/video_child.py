"""The child process for video: encodes Frames, copies and decodes videos; it loads FFmpeg."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from isocenter.dicom.any_pictures import ANY_TOOLS
from isocenter.dicom.fragment_stream import open_fragments
from isocenter.dicom.frame_pictures import Shown, rendered_frames
from isocenter.dicom.frame_timing import Timing, parse_rate, pixel_shape, read_timing
from isocenter.dicom.frames import number_of_frames
from isocenter.dicom.header_index import index_header
from isocenter.dicom.render import Picture
from isocenter.dicom.streams import StreamSource
from isocenter.dicom.video import VideoPlan, write_video
from isocenter.dicom.video_instance import Fitting, VideoFacts, fitting_syntax
from isocenter.dicom.video_stream import Examined, copy_stream, decode_video, examine
from isocenter.errors import InvalidInputError, IsocenterError, NotSupportedError
from isocenter.jobs.child_process import Function, serve
from isocenter.limits import Limits

# More steps do not fit into one value of an Instance, nor all of them into one answer.
_STEPS_MAX = 20_000


class _Member(NamedTuple):
    """One file of a video: its Frames, in which window."""

    path: Path
    window: str
    frames: int


def make_video(
    source: BinaryIO,
    target: BinaryIO,
    limits: Limits,
    *,
    kind: str,
    fps: str = "",
    overlays: bool = False,
    annotations: bool = False,
) -> Mapping[str, object]:
    """Write the Frames of files as one video.

    Parameters
    ----------
    source
        One JSON object a line: ``path`` (bytes as Latin-1), ``window`` and ``frames`` of a file.
    kind
        One of ``dicom/video.py``'s ``KINDS``.
    fps
        Frames a second, ``""`` as the first header says.

    Returns
    -------
    dict
        ``frames``, ``rate``, ``is_said``, ``warnings``; or ``failed``, the 0-based line of the
        file that cannot be shown, and ``reason``.
    """
    members = [_member(line) for line in source]
    frames = sum(member.frames for member in members)
    shown = Shown(overlays=overlays, annotations=annotations)
    warnings: dict[str, None] = {}
    at = _Place()
    try:
        timing, shape = _first_header(members[0], frames, fps, limits)
        plan = VideoPlan(kind, timing, frames, shape)
        pictures = _pictures(members, shown, limits, warnings, at)
        count = write_video(target, pictures, plan, limits)
    except IsocenterError as error:
        return {"failed": at.member, "reason": str(error)}
    if timing.steps_ms and kind == "avi":
        warnings["an AVI has one rate: frames are shown evenly"] = None
    return {
        "frames": count,
        "rate": float(timing.rate),
        "is_said": timing.is_said,
        "warnings": list(warnings),
    }


def copy_video(
    source: BinaryIO, target: BinaryIO, limits: Limits, *, kind: str, fps: str = ""
) -> Mapping[str, object]:
    """Write the video inside a DICOM file as a file of its own: MP4 as it is, AVI encoded anew.

    Returns
    -------
    dict
        ``frames``, ``rate``, ``is_copied``, ``warnings``.
    """
    byte_source = StreamSource(source)
    header = index_header(byte_source, limits)
    said = read_timing(header.dataset, number_of_frames(header.dataset))
    video = open_fragments(header, byte_source)
    examined = examine(video, limits)
    rate = examined.rate
    if not examined.has_times and said.is_said:
        rate = said.rate
    if fps:
        rate = parse_rate(fps)
    warnings = ["its sound is left out"] if examined.has_sound else []
    is_copied = kind == "mp4" and bool(examined.places) and not examined.quarters and not fps
    if is_copied:
        copy_stream(video, target, examined, kind, rate)
    else:
        timing = Timing(rate) if fps else _timing(examined, rate)
        plan = VideoPlan(kind, timing, examined.frames, examined.pixel_shape)
        write_video(target, decode_video(video), plan, limits)
    return {
        "frames": examined.frames,
        "rate": float(rate),
        "is_copied": is_copied,
        "warnings": warnings,
    }


def take_video(source: BinaryIO, target: BinaryIO, limits: Limits) -> Mapping[str, object]:
    """Write what goes into the Pixel Data of an Instance: the stream as it is, or RGB.

    Returns
    -------
    dict
        ``syntax``, the Transfer Syntax UID of the stream, ``""`` where it was decoded, with the
        ``reason``; ``has_sound``; and the fields of ``VideoFacts``, fractions as two numbers.
    """
    examined = examine(source, limits)
    facts = _facts(examined)
    fitting = fitting_syntax(facts)
    if fitting.transfer_syntax_uid and not examined.places:
        fitting = Fitting(reason="its packets are no whole frames")
    if fitting.transfer_syntax_uid:
        kind = "mpeg2video" if facts.codec == "mpeg2video" else "mp4"
        copy_stream(source, target, examined, kind)
    else:
        facts = _decode(source, target, facts, fitting.reason, limits)
    told = asdict(facts)
    for name in ("rate", "pixel_shape"):
        told[name] = [told[name].numerator, told[name].denominator]
    return {
        **told,
        "syntax": fitting.transfer_syntax_uid,
        "reason": fitting.reason,
        "has_sound": examined.has_sound,
    }


def _decode(
    source: BinaryIO, target: BinaryIO, facts: VideoFacts, reason: str, limits: Limits
) -> VideoFacts:
    """Write the Frames as they are shown; return the facts with their size."""
    needed = facts.rows * facts.columns * 3 * facts.frames
    if needed > limits.instance_pixel_bytes:
        raise NotSupportedError(
            f"{reason}; decoded it has {needed} bytes, more than one instance holds"
        )
    count = 0
    rows, columns = facts.rows, facts.columns
    for frame in decode_video(source):
        if count and frame.shape[:2] != (rows, columns):
            raise NotSupportedError("the frames of the video differ in size")
        rows, columns = frame.shape[:2]
        target.write(frame.tobytes())
        count += 1
    if count != facts.frames:
        raise InvalidInputError("the video cannot be decoded twice alike")
    shape = 1 / facts.pixel_shape if facts.quarters % 2 else facts.pixel_shape
    return replace(facts, rows=rows, columns=columns, pixel_shape=shape)


def _facts(examined: Examined) -> VideoFacts:
    return VideoFacts(
        codec=examined.codec,
        profile=examined.profile,
        level=examined.level,
        sampling=examined.sampling,
        rows=examined.rows,
        columns=examined.columns,
        frames=examined.frames,
        rate=examined.rate,
        steps_ms=_timing(examined, examined.rate).steps_ms[:_STEPS_MAX],
        pixel_shape=examined.pixel_shape,
        quarters=examined.quarters,
        stream_bytes=examined.stream_bytes,
    )


class _Place:
    """Which file is being read."""

    def __init__(self) -> None:
        self.member = 0


def _member(line: bytes) -> _Member:
    told: dict[str, Any] = json.loads(line)
    path = Path(os.fsdecode(str(told["path"]).encode("latin-1")))
    return _Member(path, str(told["window"]), int(told["frames"]))


def _first_header(
    member: _Member, frames: int, fps: str, limits: Limits
) -> tuple[Timing, Fraction]:
    with member.path.open("rb") as stream:
        # Values are read when they are asked for, so while the file is open.
        dataset = index_header(StreamSource(stream), limits).dataset
        timing = Timing(parse_rate(fps)) if fps else read_timing(dataset, frames)
        return timing, pixel_shape(dataset)


def _pictures(
    members: list[_Member],
    shown: Shown,
    limits: Limits,
    warnings: dict[str, None],
    at: _Place,
) -> Iterator[Picture]:
    for number, member in enumerate(members):
        at.member = number
        one = Shown(member.window, overlays=shown.overlays, annotations=shown.annotations)
        with member.path.open("rb") as stream:
            yield from rendered_frames(
                stream, limits, 1, member.frames, one, tools=ANY_TOOLS, warnings=warnings
            )


def _timing(examined: Examined, rate: Fraction) -> Timing:
    if examined.is_even:
        return Timing(rate)
    steps = zip(examined.starts, examined.starts[1:], strict=False)
    return Timing(rate, tuple(float((b - a) * examined.tick * 1000) for a, b in steps))


TABLE: dict[str, Function] = {
    "isocenter.jobs.video_child:make_video": make_video,
    "isocenter.jobs.video_child:copy_video": copy_video,
    "isocenter.jobs.video_child:take_video": take_video,
}

if __name__ == "__main__":
    serve(TABLE)
