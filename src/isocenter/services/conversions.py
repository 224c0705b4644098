"""Archived Instances in other forms: another Transfer Syntax, pictures, videos; kept for a while.

Everything is decoded and encoded in child processes with limits. A single Frame is made alone,
so that asking for one of a thousand does not encode all of them.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from isocenter.dicom.endianness import to_little_endian
from isocenter.dicom.frame_table import find_frame, pack_frames, read_ranges
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource, PiecesSource
from isocenter.dicom.uids import EXPLICIT, NATIVE, VIDEO
from isocenter.errors import InvalidInputError, NotSupportedError
from isocenter.jobs.sandbox import (
    DECODING_CHILD,
    JSON,
    TRANSCODE_CHILD,
    VIDEO_CHILD,
    pixel_limits,
)
from isocenter.limits import Limits
from isocenter.services.child_pool import ChildPool
from isocenter.services.derived_files import DerivedFiles
from isocenter.services.files import FileSource

_JPEG = "1.2.840.10008.1.2.4"
# Transfer Syntax -> codec and goal, in the words of the transcode child; the codecs themselves are
# loaded there alone. A lossy one is made as good as `isocenter compress --lossy` makes it.
_GOAL = "psnr_db 50"
TARGETS: dict[str, tuple[str, str]] = {
    EXPLICIT: ("", ""),
    f"{_JPEG}.90": ("j2k", ""),
    f"{_JPEG}.91": ("j2k", _GOAL),
    f"{_JPEG}.201": ("htj2k", ""),
    f"{_JPEG}.203": ("htj2k", _GOAL),
    f"{_JPEG}.80": ("jpegls", ""),
    f"{_JPEG}.81": ("jpegls", _GOAL),
    f"{_JPEG}.70": ("jpeg-lossless", ""),
    "1.2.840.10008.1.2.5": ("rle", ""),
    f"{_JPEG}.110": ("jpegxl", ""),
    f"{_JPEG}.112": ("jpegxl", _GOAL),
    "1.2.840.10008.1.2.8.1": ("deflate", ""),
}
_TRANSCODE = "isocenter.jobs.transcode_child:transcode_in_threads"
_PICTURES = "isocenter.dicom.web_pictures:export_web_pictures"
_READ_PICTURE = "isocenter.dicom.foreign_pictures:read_picture"
_MAKE_VIDEO = "isocenter.jobs.video_child:make_video"
_COPY_VIDEO = "isocenter.jobs.video_child:copy_video"
_COPY_BYTES = 1 << 20

Rendering = dict[str, str | int | bool]


class Conversions:
    """Makes other forms of Instances; a context manager, safe for any number of threads.

    Parameters
    ----------
    files
        Where what is made is kept.
    jobs
        How many children of each kind work at once.
    """

    def __init__(self, files: DerivedFiles, jobs: int, limits: Limits) -> None:
        self._files = files
        self._limits = limits
        self._threads = jobs
        self._transcoders = ChildPool(jobs, pixel_limits(limits), TRANSCODE_CHILD)
        self._decoders = ChildPool(jobs, limits, DECODING_CHILD)
        self._filmers = ChildPool(1, pixel_limits(limits), VIDEO_CHILD)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        for pool in (self._transcoders, self._decoders, self._filmers):
            pool.__exit__(kind, error, where)

    def whole(self, key: str, plain: Path, stored_uid: str, wanted_uid: str) -> FileSource:
        """Return an Instance in another Transfer Syntax; the caller closes it.

        Parameters
        ----------
        key
            Of the archived bytes.
        plain
            Their plain form.
        stored_uid
            The Transfer Syntax of the plain form.

        Raises
        ------
        NotSupportedError
            If it cannot be had in this Transfer Syntax.
        IsocenterError
            If it cannot be decoded.
        """
        _check_target(stored_uid, wanted_uid)

        def make(target: Path) -> None:
            if wanted_uid == EXPLICIT and stored_uid in NATIVE:
                self._make_explicit(plain, target)
            else:
                self._transcode(plain, target, wanted_uid, self._threads)

        return self._files.open("whole", key, wanted_uid, make=make)

    def frame(
        self, key: str, frame_number: int, wanted_uid: str, alone: Callable[[], bytes]
    ) -> bytes:
        """Return a Frame in another encoding.

        Parameters
        ----------
        alone
            Gives the Frame as an Instance of its own.

        Raises
        ------
        NotSupportedError, IsocenterError
            As ``whole`` does.
        """

        def make(target: Path) -> None:
            source, made = _beside(target, "source"), _beside(target, "made")
            try:
                source.write_bytes(alone())
                self._transcode(source, made, wanted_uid, 1)
                target.write_bytes(_only_frame(made.read_bytes(), self._limits))
            finally:
                source.unlink(missing_ok=True)
                made.unlink(missing_ok=True)

        if wanted_uid not in TARGETS:
            raise NotSupportedError("frames are not given in this transfer syntax")
        return self._files.read("frame", key, str(frame_number), wanted_uid, make=make)

    def picture(self, key: str, plain: Path, options: Rendering) -> bytes:
        """Return Frames as a picture or an animation, as ``export_web_pictures`` makes it.

        Raises
        ------
        IsocenterError
            If a Frame cannot be decoded or shown.
        """

        def make(target: Path) -> None:
            self._decoders.run(_PICTURES, plain, target, **options)

        told = json.dumps(options, sort_keys=True)
        return self._files.read("picture", key, told, make=make)

    def read_picture(self, picture: Path, target: Path) -> dict[str, JSON]:
        """Write the Frames of a picture of another format; return facts about them.

        Raises
        ------
        IsocenterError
            If it is none, or cannot be decoded.
        """
        return self._decoders.run(_READ_PICTURE, picture, target, multi_frame=False)

    def video(self, key: str, plain: Path, stored_uid: str, window: str, frames: int) -> bytes:
        """Return all Frames as an MP4; a video that is one already as it is, where possible.

        Raises
        ------
        InvalidInputError
            If a Frame cannot be decoded or shown.
        """

        def make(target: Path) -> None:
            if stored_uid.startswith(VIDEO):
                self._filmers.run(_COPY_VIDEO, plain, target, kind="mp4")
                return
            path = os.fsencode(plain.absolute()).decode("latin-1")
            members = _beside(target, "members")
            try:
                members.write_text(
                    json.dumps({"path": path, "window": window, "frames": frames}) + "\n"
                )
                facts = self._filmers.run(_MAKE_VIDEO, members, target, kind="mp4")
            finally:
                members.unlink(missing_ok=True)
            if "failed" in facts:
                target.unlink(missing_ok=True)
                raise InvalidInputError(str(facts.get("reason")))

        return self._files.read("video", key, window, make=make)

    def _transcode(self, source: Path, target: Path, wanted_uid: str, threads: int) -> None:
        codec, goal = TARGETS[wanted_uid]
        facts = self._transcoders.run(
            _TRANSCODE,
            source,
            target,
            codec=codec,
            goal=goal,
            threads=threads,
            recompress=True,
        )
        if facts.get("skipped"):
            target.unlink(missing_ok=True)
            raise NotSupportedError(f"it has no such form: {facts['skipped']}")

    def _make_explicit(self, plain: Path, target: Path) -> None:
        with FileSource(plain) as source:
            result = to_little_endian(index_header(source, self._limits), source)
            pieces = PiecesSource(result.pieces, [source])
            with target.open("xb") as stream:
                for offset in range(0, pieces.size, _COPY_BYTES):
                    stream.write(pieces.read_at(offset, _COPY_BYTES))


def _check_target(stored_uid: str, wanted_uid: str) -> None:
    if wanted_uid not in TARGETS:
        raise NotSupportedError("instances are not given in this transfer syntax")
    if stored_uid.startswith(VIDEO):
        raise NotSupportedError("video is given as it is stored")


def _only_frame(instance: bytes, limits: Limits) -> bytes:
    source = BytesSource(instance)
    return read_ranges(source, find_frame(pack_frames(index_header(source, limits), source), 1))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}.{suffix}")
