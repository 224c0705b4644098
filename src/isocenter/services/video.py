"""Export video: multi-frame files, stacks of single frames and videos in DICOM as MP4 or AVI.

A multi-frame file becomes one video, single frames of a series become one in the order of their
stack, and what is video already is copied out without another encoding. Headers are read here;
Frames are rendered and encoded in child processes with limits, one at a time.
"""

import contextlib
import hashlib
import json
import os
import queue
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.frame_timing import parse_rate
from isocenter.dicom.frames import FrameSpan
from isocenter.dicom.image_facts import ImageFacts, has_pixels, read_image_facts
from isocenter.dicom.slices import placed_slice, series_of
from isocenter.dicom.stacks import GroupKey, Slice, find_stacks
from isocenter.dicom.streams import ByteRange
from isocenter.dicom.uids import VIDEO
from isocenter.dicom.values import first_string, integer
from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    TruncatedError,
    UnusualEncodingError,
)
from isocenter.jobs.sandbox import JSON, VIDEO_CHILD, Sandbox, pixel_limits, told_warnings
from isocenter.services.export import Wish, read_wish, stem_of
from isocenter.services.files import FileSource, find_files
from isocenter.services.output_names import checked_template, neutral_stem
from isocenter.services.outputs import Batch, folder_for, make_folder
from isocenter.services.renderers import Renderers
from isocenter.services.reports import FileOutcome, Output, Report, Work
from isocenter.services.scratch import scratch_folder
from isocenter.services.series_windows import Ends, Image, choose_windows
from isocenter.services.sources import OpenedFile, open_dicom, open_rewritten

KINDS = ("mp4", "avi")

_MAKE = "isocenter.jobs.video_child:make_video"
_COPY = "isocenter.jobs.video_child:copy_video"
_ROWS, _COLUMNS, _SOP_INSTANCE_UID = 0x00280010, 0x00280011, 0x00080018
_SERIES_NUMBER, _MODALITY = 0x00200011, 0x00080060
# Neutral: a file name need not tell whose video it is.
_STACK_TEMPLATE = "series{number}"
_ALONE = "a single frame is no video; name the file itself to get one"
_CANCEL_SECONDS = 0.2
_HASH_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Input:
    """One file with Frames; ``readable`` is the file, or a plain copy where it is odd."""

    path: Path
    readable: Path
    facts: ImageFacts | None  # None: a video
    slice: Slice | None  # None: it makes a video alone
    series_number: str
    modality: str
    notes: tuple[str, ...]


class _Video(NamedTuple):
    """One video to be made."""

    members: list[_Input]
    folder: Path
    stem: str

    @property
    def frames(self) -> int:
        """Steps of its progress."""
        return sum(one.facts.frames if one.facts else 1 for one in self.members)


class _Made(NamedTuple):
    """What a child wrote, and what it said about that."""

    scratch: Path
    facts: dict[str, JSON]


@dataclass(slots=True)
class _Job:
    """The state of one export."""

    work: Work
    wish: Wish
    kind: str
    fps: str
    template: str
    scratch: Path
    report: Report
    inputs: dict[int, _Input] = field(default_factory=dict)
    outcomes: dict[Path, FileOutcome] = field(default_factory=dict)
    windows: dict[Path, str] = field(default_factory=dict)


def export_video(work: Work) -> Report:
    """Make videos; report what became of every input.

    Those of one file are ``{stem}.mp4``; of the single frames of a series ``series{number}.mp4``
    beside the first one, or as ``name_template`` says.

    Options: ``container`` (``mp4`` or ``avi``), ``window``, ``overlays``, ``annotations``,
    ``fps``, ``name_template``.

    Raises
    ------
    InvalidInputError
        If an option says nothing sensible.
    TooLargeError
        If there are more files than ``limits`` allow.
    CancelledError
        If the caller stops it; videos that are complete stay.
    """
    kind = str(work.options.get("container") or "mp4").lower()
    if kind not in KINDS:
        raise InvalidInputError(f"the type of a video is one of {', '.join(KINDS)}")
    fps = str(work.options.get("fps") or "").strip()
    if fps:
        parse_rate(fps)
    template = checked_template(str(work.options.get("name_template") or ""))
    report = Report("video")
    problems: list[FileOutcome] = []
    files = find_files(
        work.paths, recursive=work.recursive, limits=work.limits, on_problem=problems.append
    )
    with scratch_folder() as scratch:
        wish = read_wish(work.options)
        job = _Job(work, wish, kind, fps, template or _STACK_TEMPLATE, scratch, report)
        _read_all(job, files)
        _choose_windows(job)
        _write_all(job, _plan(job))
    report.files.extend(job.outcomes[path] for path in files)
    report.files.extend(problems)
    return report


def _read_all(job: _Job, files: list[Path]) -> None:
    work = job.work
    work.progress.start(len(files), "Reading")
    with Sandbox(work.limits) as sandbox:
        for index, path in enumerate(files):
            work.progress.check_cancelled()
            try:
                found = _read(job, index, path, sandbox)
            except IsocenterError as error:
                job.outcomes[path] = work.refused(path, error)
            else:
                if found is None:
                    job.outcomes[path] = FileOutcome(path, "skipped", "no image")
                else:
                    job.inputs[index] = found
            work.progress.advance()
    work.progress.finish()


def _read(job: _Job, index: int, path: Path, sandbox: Sandbox) -> _Input | None:
    opened = open_dicom(path, sandbox, job.scratch, job.work.limits)
    try:
        return _input_of(index, opened)
    except (TruncatedError, UnusualEncodingError):
        # Opening looks at the root only; functional groups can be odd inside.
        opened.close()
        opened = open_rewritten(path, sandbox, job.scratch, job.work.limits)
        return _input_of(index, opened)
    finally:
        opened.close()


def _input_of(index: int, opened: OpenedFile) -> _Input | None:
    dataset = opened.header.dataset
    if not has_pixels(opened.header):
        return None
    facts, one = None, None
    if not opened.transfer_syntax_uid.startswith(VIDEO):
        facts = read_image_facts(opened.header)
        if facts.frames == 1:
            one = _slice_of(index, opened)
    return _Input(
        path=opened.path,
        readable=opened.source.path,
        facts=facts,
        slice=one,
        series_number=first_string(dataset, _SERIES_NUMBER),
        modality=first_string(dataset, _MODALITY),
        notes=opened.warnings,
    )


def _slice_of(index: int, opened: OpenedFile) -> Slice:
    """Return where a single frame lies; whatever has one size can be shown in one video."""
    dataset = opened.header.dataset
    patient_id, study_uid, series_uid = series_of(dataset)
    size = f"{integer(dataset, _ROWS)}x{integer(dataset, _COLUMNS)}".encode()
    # Frames without a series have nothing to do with one another.
    group = GroupKey(
        *(patient_id, study_uid, series_uid or str(opened.path).encode("utf-8", "replace")),
        *("", "", (size,)),
    )
    digest = hashlib.sha256(dataset.value(_SOP_INSTANCE_UID) + index.to_bytes(8, "big")).digest()
    return placed_slice(index, digest, opened.header, group, FrameSpan(0, 0), [])


def _choose_windows(job: _Job) -> None:
    """Choose one window for each series, as pictures have it; measure where no header says."""
    readable = {one.path: one.readable for one in job.inputs.values()}
    images = [Image(one.path, one.facts) for one in job.inputs.values() if one.facts is not None]

    def measure(unsaid: list[Image]) -> Iterator[tuple[Image, Ends | IsocenterError | None]]:
        job.work.progress.start(len(unsaid), "Measuring")
        with (
            Renderers(job.work.jobs, job.scratch, job.work.limits) as renderers,
            ThreadPoolExecutor(job.work.jobs) as threads,
        ):

            def one(image: Image) -> Ends | IsocenterError | None:
                try:
                    return renderers.measure(
                        readable[image.path],
                        is_native=image.facts.is_native,
                        first_frame=1,
                        frames=image.facts.frames,
                    )
                except IsocenterError as error:
                    return error

            for image, found in zip(unsaid, threads.map(one, unsaid), strict=True):
                job.work.progress.check_cancelled()
                job.work.progress.advance()
                yield image, found
        job.work.progress.finish()

    chosen = choose_windows(images, job.wish.window, measure)
    job.windows = chosen.windows
    job.report.warnings.extend(chosen.warnings)
    for path, error in chosen.failures.items():
        job.outcomes[path] = FileOutcome(path, "failed", str(error))


def _plan(job: _Job) -> list[_Video]:
    """Return the videos: of single files in the order of the inputs, then of stacks."""
    inputs = {at: one for at, one in job.inputs.items() if one.path not in job.outcomes}
    videos = [_of_file(job, one) for one in inputs.values() if one.slice is None]
    index = 0
    for stack in find_stacks(_without_copies(job, inputs)):
        members = [inputs[frame.slice.source_index] for frame in stack.frames]
        first = members[0]
        if len(members) > 1:
            index += 1
            stem = neutral_stem(
                job.template,
                series_number=first.series_number,
                modality=first.modality,
                index=index,
            )
            folder = folder_for(first.path, job.work.paths, job.work.out)
            videos.append(_Video(members, folder, stem))
            job.report.warnings.extend(f"{stem}: {note}" for note in stack.notes)
        elif first.path in job.work.paths:
            videos.append(_of_file(job, first))
        else:
            job.outcomes[first.path] = FileOutcome(first.path, "skipped", _ALONE)
    return videos


def _of_file(job: _Job, one: _Input) -> _Video:
    return _Video([one], folder_for(one.path, job.work.paths, job.work.out), stem_of(one.path))


def _without_copies(job: _Job, inputs: dict[int, _Input]) -> list[Slice]:
    """Return the single frames without byte-identical copies, which would be shown twice."""
    slices = [one.slice for one in inputs.values() if one.slice is not None]
    times = Counter(one.sop_instance_uid for one in slices)
    seen: dict[bytes, Path] = {}
    kept = []
    for one in slices:
        path = inputs[one.source_index].path
        if one.sop_instance_uid and times[one.sop_instance_uid] > 1:
            known = seen.setdefault(_digest(path), path)
            if known != path:
                reason = f"byte-identical copy of {known.name!r}"
                job.outcomes[path] = FileOutcome(path, "skipped", reason)
                continue
        kept.append(one)
    return kept


def _digest(path: Path) -> bytes:
    digest = hashlib.sha256()
    with FileSource(path) as source:
        for offset in range(0, source.size, _HASH_BYTES):
            digest.update(source.read_at(offset, _HASH_BYTES))
    return digest.digest()


def _write_all(job: _Job, videos: list[_Video]) -> None:
    """Encode several at once; publish in order, so that names do not depend on who is first."""
    progress = job.work.progress
    progress.start(sum(video.frames for video in videos), "Encoding")
    children = max(1, min(job.work.jobs, len(videos)))
    limits = pixel_limits(job.work.limits)
    idle: queue.SimpleQueue[Sandbox] = queue.SimpleQueue()
    with contextlib.ExitStack() as stack:
        sandboxes = [
            stack.enter_context(Sandbox(limits, child=VIDEO_CHILD)) for _ in range(children)
        ]
        for sandbox in sandboxes:
            idle.put(sandbox)
        threads = stack.enter_context(ThreadPoolExecutor(children))

        def one(video: _Video) -> _Made:
            sandbox = idle.get()
            try:
                return _make(job, video, sandbox)
            finally:
                idle.put(sandbox)

        pending = [threads.submit(one, video) for video in videos]
        try:
            for video, future in zip(videos, pending, strict=True):
                _take(job, video, future)
                progress.advance(video.frames)
        except BaseException:
            # Nobody waits for what is left: the threads end when their children do.
            for future in pending:
                future.cancel()
            for sandbox in sandboxes:
                sandbox.kill()
            raise
    progress.finish()


def _make(job: _Job, video: _Video, sandbox: Sandbox) -> _Made:
    made = job.scratch / os.urandom(8).hex()
    first = video.members[0]
    if first.facts is None:
        facts = sandbox.transform(_COPY, first.readable, made, kind=job.kind, fps=job.fps)
        return _Made(made, facts)
    members = job.scratch / os.urandom(8).hex()
    members.write_bytes(b"".join(_line(job, one) for one in video.members))
    facts = sandbox.transform(
        *(_MAKE, members, made),
        kind=job.kind,
        fps=job.fps,
        overlays=job.wish.overlays,
        annotations=job.wish.annotations,
    )
    return _Made(made, facts)


def _line(job: _Job, one: _Input) -> bytes:
    assert one.facts is not None
    told = {
        "path": os.fsencode(one.readable.absolute()).decode("latin-1"),
        "window": job.windows[one.path],
        "frames": one.facts.frames,
    }
    return json.dumps(told).encode("ascii") + b"\n"


def _take(job: _Job, video: _Video, future: "Future[_Made]") -> None:
    """Wait for a video and publish it, or write down why there is none."""
    while not wait([future], _CANCEL_SECONDS).done:
        job.work.progress.check_cancelled()
    try:
        made = future.result()
        try:
            failed = made.facts.get("failed")
            if isinstance(failed, int):
                _tell_failure(job, video, failed, str(made.facts.get("reason")))
                return
            output = _publish(job, video, made)
        finally:
            made.scratch.unlink(missing_ok=True)
    except IsocenterError as error:
        for one in video.members:
            job.outcomes[one.path] = FileOutcome(one.path, "failed", str(error))
        return
    job.report.outputs.append(output)
    name = output.path.name
    job.report.warnings.extend(f"{name}: {note}" for note in _notes(job, video, made))
    for one in video.members:
        job.outcomes[one.path] = FileOutcome(one.path, "done", outputs=(output.path,))


def _tell_failure(job: _Job, video: _Video, failed: int, reason: str) -> None:
    """Name the file that cannot be shown; the others of its stack are not shown without it."""
    culprit = video.members[min(max(failed, 0), len(video.members) - 1)].path
    for one in video.members:
        why = reason if one.path == culprit else f"no video: {culprit.name!r}: {reason}"
        job.outcomes[one.path] = FileOutcome(one.path, "failed", why)


def _publish(job: _Job, video: _Video, made: _Made) -> Output:
    make_folder(video.folder)

    def open_source(_: int) -> FileSource:
        return FileSource(made.scratch)

    with FileSource(made.scratch) as source:
        pieces = [ByteRange(0, 0, source.size)]
    with Batch(durable=job.work.durable) as batch:
        placed = batch.place(video.folder, video.stem, f".{job.kind}", pieces, open_source)
        batch.publish()
    frames = made.facts.get("frames")
    return Output(placed.path, placed.size_bytes, frames if isinstance(frames, int) else 0)


def _notes(job: _Job, video: _Video, made: _Made) -> Sequence[str]:
    notes = [*told_warnings(made.facts)]
    notes += dict.fromkeys(note for one in video.members for note in one.notes)
    if video.members[0].facts is None:
        if job.wish.annotations or job.wish.overlays:
            notes.append("it is video already, so nothing was written or drawn into its frames")
    elif made.facts.get("is_said") is False and len(video.members) == 1 and video.frames > 1:
        notes.append("the header has no frame rate: 30 frames a second")
    return notes
