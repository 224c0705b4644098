"""Videos to DICOM files: streams that the standard takes go in unchanged, others are decoded.

Without another word each is a Study of its own: nothing tells that two are of one patient. Each
is read in a child process with limits, which decodes all of it once: what is broken or
ends too early fails, and the number of frames is counted, not believed.
"""

import contextlib
import os
import queue
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.given_identity import (
    INSTANCE_NUMBER,
    SERIES_INSTANCE_UID,
    SOP_INSTANCE_UID,
    GivenIdentity,
    NewInstance,
    group_digest,
)
from isocenter.dicom.video_instance import (
    CLASSES,
    VideoFacts,
    make_capture_instance,
    make_video_instance,
    notes_about,
)
from isocenter.errors import InvalidInputError, IsocenterError
from isocenter.jobs.sandbox import JSON, VIDEO_CHILD, Sandbox, pixel_limits
from isocenter.services.files import FileSource, FileStamp, find_files
from isocenter.services.given_identity import read_given
from isocenter.services.outputs import Batch, folder_for, make_folder
from isocenter.services.picture_reading import digest_of
from isocenter.services.reports import FileOutcome, Output, Report, Work
from isocenter.services.scratch import scratch_folder

# In folders, only files of these names are looked at.
SUFFIXES = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".qt", ".avi", ".mpg", ".mpeg", ".mpe", ".m2v", ".m1v", ".vob"),
        *(".ts", ".mts", ".m2ts", ".mkv", ".webm", ".wmv", ".asf", ".flv", ".3gp", ".3g2", ".ogv"),
        *(".dv", ".mxf", ".h264", ".264", ".hevc", ".h265", ".265", ".ivf"),
    }
)

_TAKE = "isocenter.jobs.video_child:take_video"
_NO_NAME = "not a video by its name"
_NO_ANSWER = "the reader process gave no usable answer"
_CANCEL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class _Video:
    """One video; ``number`` counts from 1 in the order of its series."""

    path: Path
    stamp: FileStamp
    digest: bytes
    number: int


class _Taken(NamedTuple):
    """What a child made of a video."""

    scratch: Path
    facts: VideoFacts
    transfer_syntax_uid: str
    notes: list[str]


def convert_video(work: Work) -> Report:
    """Make DICOM files of videos; report what became of every input.

    Options: ``video_class``, one of ``CLASSES`` of ``dicom/video_instance.py``; ``set``,
    ``template``.

    Raises
    ------
    InvalidInputError, NotFoundError, UnavailableError
        If what is given about the new Instances makes no sense or cannot be read.
    TooLargeError
        If there are more files than ``limits`` allow.
    CancelledError
        If the caller stops it; outputs that are complete stay.
    """
    wanted = str(work.options.get("video_class") or "photographic").lower()
    if wanted not in CLASSES:
        raise InvalidInputError(f"the class of a video is one of {', '.join(CLASSES)}")
    report = Report("convert_video")
    problems: list[FileOutcome] = []
    files = find_files(
        work.paths, recursive=work.recursive, limits=work.limits, on_problem=problems.append
    )
    with scratch_folder() as scratch:
        given = read_given(work.options, scratch, work.limits)
        run = _Run(work, wanted, given, scratch, report, {})
        videos = run.look_at(files)
        run.check_given(videos)
        run.convert(videos)
    report.files.extend(run.outcomes[path] for path in files)
    report.files.extend(problems)
    return report


@dataclass(slots=True)
class _Run:
    """One run of the action."""

    work: Work
    wanted: str
    given: GivenIdentity
    scratch: Path
    report: Report
    outcomes: dict[Path, FileOutcome]

    def look_at(self, files: Iterable[Path]) -> list[_Video]:
        """Return the videos, with their digests and numbers."""
        videos: list[_Video] = []
        # Numbers run on only in a series that the caller names: else what becomes of a video
        # would depend on what lies beside it.
        is_one_series = bool(self.given.text(SERIES_INSTANCE_UID))
        for path in files:
            self.work.progress.check_cancelled()
            if path not in self.work.paths and path.suffix.lower() not in SUFFIXES:
                self.outcomes[path] = FileOutcome(path, "skipped", _NO_NAME)
                continue
            try:
                with FileSource(path) as source:
                    stamp, digest = source.stamp, digest_of(source)
            except IsocenterError as error:
                self.outcomes[path] = FileOutcome(path, "failed", str(error))
            else:
                number = len(videos) + 1 if is_one_series else 1
                videos.append(_Video(path, stamp, digest, number))
        return videos

    def check_given(self, videos: list[_Video]) -> None:
        """Refuse what can be said of a single Instance where there will be several."""
        if len(videos) < 2:
            return
        for tag, keyword in (
            (SOP_INSTANCE_UID, "SOPInstanceUID"),
            (INSTANCE_NUMBER, "InstanceNumber"),
        ):
            if tag in self.given.elements:
                raise InvalidInputError(f"{keyword} can be set for a single video only")

    def convert(self, videos: list[_Video]) -> None:
        """Take several at once; write in order, so that names do not depend on who is first."""
        self.work.progress.start(len(videos), "Converting")
        # Closed here and now if we are stopped, so that no child works on.
        with contextlib.closing(self._taken(videos)) as all_taken:
            for video, future in all_taken:
                while not wait([future], _CANCEL_SECONDS).done:
                    self.work.progress.check_cancelled()
                self._settle(video, future)
                self.work.progress.advance()
        self.work.progress.finish()

    def _settle(self, video: _Video, future: "Future[_Taken]") -> None:
        try:
            taken = future.result()
            try:
                output = self._write(video, taken)
            finally:
                taken.scratch.unlink(missing_ok=True)
        except IsocenterError as error:
            self.outcomes[video.path] = FileOutcome(video.path, "failed", str(error))
            return
        self.outcomes[video.path] = FileOutcome(video.path, "done", outputs=(output.path,))
        self.report.outputs.append(output)
        self.report.warnings.extend(f"{video.path.name}: {note}" for note in taken.notes)

    def _taken(
        self, videos: list[_Video]
    ) -> Generator[tuple[_Video, "Future[_Taken]"], None, None]:
        """Yield the videos in order, each with what a child is making of it."""
        children = max(1, min(self.work.jobs, len(videos)))
        limits = pixel_limits(self.work.limits)
        idle: queue.SimpleQueue[Sandbox] = queue.SimpleQueue()
        with contextlib.ExitStack() as stack:
            sandboxes = [
                stack.enter_context(Sandbox(limits, child=VIDEO_CHILD)) for _ in range(children)
            ]
            for sandbox in sandboxes:
                idle.put(sandbox)
            threads = stack.enter_context(ThreadPoolExecutor(children))

            def one(video: _Video) -> _Taken:
                sandbox = idle.get()
                try:
                    return _take(video, sandbox, self.scratch)
                finally:
                    idle.put(sandbox)

            pending: list[Future[_Taken]] = []
            try:
                for index, video in enumerate(videos):
                    # Decoded videos are large: no more of them wait than are being made.
                    while len(pending) < min(len(videos), index + 2 * children):
                        pending.append(threads.submit(one, videos[len(pending)]))
                    yield video, pending[index]
            except BaseException:
                # Nobody waits for what is left: the threads end when their children do.
                for future in pending:
                    future.cancel()
                for sandbox in sandboxes:
                    sandbox.kill()
                raise

    def _write(self, video: _Video, taken: _Taken) -> Output:
        with FileSource(video.path, video.stamp):
            pass  # what was read is still there
        folder = folder_for(video.path, self.work.paths, self.work.out)
        make_folder(folder)

        def open_source(_: int) -> FileSource:
            return FileSource(taken.scratch)

        kind = CLASSES[self.wanted]
        options = f"{self.wanted} {taken.transfer_syntax_uid}".encode()
        new = NewInstance(
            sop_class_uid=kind.uid,
            content=group_digest([video.digest, options]),
            group=video.digest,
            instance_number=video.number,
            modality=kind.modality,
        )
        if taken.transfer_syntax_uid:
            size_bytes = taken.scratch.stat().st_size
            pieces = make_video_instance(
                taken.facts, taken.transfer_syntax_uid, size_bytes, self.given, new
            )
        else:
            pieces = make_capture_instance(taken.facts, self.given, new)
        with Batch(durable=self.work.durable) as batch:
            placed = batch.place(folder, video.path.stem, ".dcm", pieces, open_source)
            batch.publish()
        return Output(placed.path, placed.size_bytes, taken.facts.frames)


def _take(video: _Video, sandbox: Sandbox, scratch: Path) -> _Taken:
    made = scratch / os.urandom(8).hex()
    told = sandbox.transform(_TAKE, video.path, made)
    try:
        facts = _facts_of(told)
    except (TypeError, ValueError, ZeroDivisionError, KeyError):
        made.unlink(missing_ok=True)
        raise InvalidInputError(_NO_ANSWER) from None
    uid = str(told.get("syntax") or "")
    notes = notes_about(facts)
    if not uid:
        notes.append(f"decoded to RGB, because {told.get('reason')}")
    if told.get("has_sound"):
        notes.append("its sound is left out")
    return _Taken(made, facts, uid, notes)


def _facts_of(told: Mapping[str, JSON]) -> VideoFacts:
    """Return the facts of an answer, which is not trusted."""
    numbers = {
        name: int(str(told[name]))
        for name in ("level", "rows", "columns", "frames", "quarters", "stream_bytes")
    }
    steps = told["steps_ms"]
    if min(numbers["rows"], numbers["columns"], numbers["frames"]) < 1:
        raise ValueError
    return VideoFacts(
        codec=str(told["codec"]),
        profile=str(told["profile"]),
        level=numbers["level"],
        sampling=str(told["sampling"]),
        rows=numbers["rows"],
        columns=numbers["columns"],
        frames=numbers["frames"],
        rate=_fraction(told["rate"]),
        steps_ms=tuple(float(str(step)) for step in steps) if isinstance(steps, list) else (),
        pixel_shape=_fraction(told["pixel_shape"]),
        quarters=numbers["quarters"],
        stream_bytes=numbers["stream_bytes"],
    )


def _fraction(value: JSON) -> Fraction:
    if not isinstance(value, list):
        raise TypeError
    numerator, denominator = (int(str(part)) for part in value)
    return Fraction(numerator, denominator)
