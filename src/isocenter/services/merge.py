"""Merge files: from folders of slices to multi-frame files, with a report of every input."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar, cast

from isocenter.dicom.enhanced import check_keywords
from isocenter.dicom.header_index import index_header
from isocenter.dicom.merge import merge_stack, series_uid_of
from isocenter.dicom.part10 import Elements
from isocenter.dicom.slices import (
    SOP_CLASS_CHOICES,
    is_picture,
    is_worth_merging,
    reason_to_skip,
    series_of,
    source_elements,
    summarise,
)
from isocenter.dicom.split import frame_uids
from isocenter.dicom.stacks import Slice, Stack, find_stacks
from isocenter.dicom.streams import ByteRange, Piece
from isocenter.dicom.supplied import Supplied, parse_supplied
from isocenter.dicom.values import first_string
from isocenter.errors import (
    CancelledError,
    InvalidInputError,
    IsocenterError,
    NotSupportedError,
    TooLargeError,
)
from isocenter.jobs.sandbox import Sandbox
from isocenter.limits import Limits
from isocenter.services.elements import ElementStore
from isocenter.services.files import FileSource, FileStamp, find_files
from isocenter.services.output_names import checked_template, neutral_stem, patient_stem
from isocenter.services.outputs import Batch, make_folder
from isocenter.services.reports import FileOutcome, Output, Report, Work
from isocenter.services.scratch import scratch_folder
from isocenter.services.sources import OpenedFile, open_dicom

_HASH_BYTES = 1 << 20
_AT_ONCE = 256
_T = TypeVar("_T", bound=Hashable)
_ALONE = "alone of its kind in its series: nothing to merge with"


@dataclass(frozen=True, slots=True)
class _Input:
    """One slice that can be merged: where to read it, and what its output's name is made of.

    ``readable`` is the file itself, or its rewritten copy where the encoding is unusual.
    """

    path: Path
    readable: Path
    stamp: FileStamp
    slice: Slice
    patient_name: str
    series_number: str
    modality: str
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Job:
    """The state of one merge: inputs by index, outcomes by path, the input being opened.

    ``frames_at_hand`` are the UIDs that ``split`` gives the Frames of multi-frame inputs, and
    the names of those inputs: what was split beside its source is not merged again. ``refused``
    are pictures that no class takes, and their series.
    """

    work: Work
    scratch: Path
    sandbox: Sandbox
    report: Report
    elements: ElementStore = field(default_factory=ElementStore)
    inputs: dict[int, _Input] = field(default_factory=dict)
    outcomes: dict[Path, FileOutcome] = field(default_factory=dict)
    opening: Path | None = None
    sop_class: str = ""
    supplied: Supplied = field(default_factory=dict)
    refused: dict[Path, tuple[bytes, bytes, bytes]] = field(default_factory=dict)
    frames_at_hand: dict[str, str] = field(default_factory=dict)
    known: dict[Hashable, Hashable] = field(default_factory=dict)

    def same(self, value: _T) -> _T:
        """Return the equal value that was seen first: memory holds it only once."""
        return cast("_T", self.known.setdefault(value, value))


def merge(work: Work) -> Report:
    """Make one multi-frame file of each series and stack; report what became of every input.

    Options: ``name_template``, a file name made of ``{number}`` (Series Number), ``{modality}``
    and ``{index}`` (1, 2, ... within this call), so without the patient's name; ``sop_class``,
    one of ``SOP_CLASS_CHOICES`` of ``dicom/slices.py``; ``set``, a list of ``Keyword=value`` for
    what the enhanced classes require and no slice has.

    Raises
    ------
    InvalidInputError
        If the template is none, or ``set`` names an unknown keyword or an impossible value.
    TooLargeError
        If there are more files than ``limits`` allow.
    CancelledError
        If the caller stops it; outputs that are complete stay.
    """
    template = checked_template(str(work.options.get("name_template", "")))
    sop_class = str(work.options.get("sop_class", ""))
    if sop_class not in SOP_CLASS_CHOICES:
        raise InvalidInputError(f"sop_class is one of {', '.join(filter(None, SOP_CLASS_CHOICES))}")
    supplied = _checked_set(work.options.get("set", ()), sop_class)
    report = Report("merge")
    problems: list[FileOutcome] = []
    files = find_files(
        work.paths, recursive=work.recursive, limits=work.limits, on_problem=problems.append
    )
    with (
        scratch_folder() as scratch,
        Sandbox(work.limits) as sandbox,
    ):
        job = _Job(work, scratch, sandbox, report, sop_class=sop_class, supplied=supplied)
        _read_all(job, files)
        _leave_lone_pictures(job)
        slices = _without_copies(job)
        _check_number(len(slices), work.limits)
        stacks = [stack for stack in find_stacks(slices) if _is_worth_it(job, stack)]
        _write_all(job, stacks, template)
    report.files.extend(problems)
    report.files.extend(job.outcomes[path] for path in files if path in job.outcomes)
    return report


def _is_worth_it(job: _Job, stack: Stack) -> bool:
    if is_worth_merging(stack):
        return True
    path = job.inputs[stack.frames[0].slice.source_index].path
    job.outcomes[path] = FileOutcome(path, "skipped", _ALONE)
    return False


def _leave_lone_pictures(job: _Job) -> None:
    """Say so where a refused picture would have had nothing to be merged with anyway."""
    members = Counter(found.slice.group.series for found in job.inputs.values())
    members.update(job.refused.values())
    for path, series in job.refused.items():
        if members[series] == 1:
            job.outcomes[path] = FileOutcome(path, "skipped", _ALONE)


def _check_number(slices: int, limits: Limits) -> None:
    if slices > limits.series_slices:
        raise TooLargeError("series_slices", limits.series_slices, slices, "slices")


def _read_all(job: _Job, files: list[Path]) -> None:
    """Fill ``job.inputs`` in the order of ``files``; hashing runs on several threads."""
    progress = job.work.progress
    progress.start(len(files), "Reading")
    with ThreadPoolExecutor(job.work.jobs) as threads:
        for start in range(0, len(files), _AT_ONCE):
            part = files[start : start + _AT_ONCE]
            indices = range(start, start + len(part))
            for path, result in zip(
                part, threads.map(lambda at, path: _read(job, at, path), indices, part), strict=True
            ):
                progress.check_cancelled()
                if isinstance(result, _Input):
                    job.inputs[result.slice.source_index] = result
                else:
                    job.outcomes[path] = result
                progress.advance()
    progress.finish()


def _read(job: _Job, source_index: int, path: Path) -> _Input | FileOutcome:
    """Return the slice in a file, or why there is none; never raises for what the file holds."""
    try:
        opened = open_dicom(path, job.sandbox, job.scratch, job.work.limits)
    except IsocenterError as error:
        return job.work.refused(path, error)
    try:
        reason = reason_to_skip(opened.header)
        if reason:
            job.frames_at_hand.update(
                dict.fromkeys(frame_uids(opened.header, opened.source), path.name)
            )
            return FileOutcome(path, "skipped", reason)
        return _input_of(job, source_index, opened)
    except NotSupportedError as error:
        if is_picture(opened.header):
            job.refused[path] = series_of(opened.header.dataset)
        return FileOutcome(path, "failed", str(error))
    except IsocenterError as error:
        return FileOutcome(path, "failed", str(error))
    finally:
        opened.close()


def _input_of(job: _Job, source_index: int, opened: OpenedFile) -> _Input:
    if opened.source.path == opened.path:
        digest = _digest(opened.source)
    else:
        with FileSource(opened.path) as original:
            digest = _digest(original)
    one, notes = summarise(source_index, digest, opened.header, opened.source, job.sop_class)
    one = replace(
        one,
        group=job.same(one.group),
        orientation=job.same(one.orientation),
        frame_of_reference_uid=job.same(one.frame_of_reference_uid),
        distinctions=job.same(one.distinctions),
    )
    dataset = opened.header.dataset
    job.elements.put(source_index, one.group, source_elements(dataset))
    return _Input(
        path=opened.path,
        readable=opened.source.path,
        stamp=opened.source.stamp,
        slice=one,
        patient_name=dataset.value(0x00100010).decode("latin-1").partition("=")[0],
        series_number=first_string(dataset, 0x00200011),
        modality=first_string(dataset, 0x00080060),
        notes=(*opened.warnings, *notes),
    )


def _digest(source: FileSource) -> bytes:
    digest = hashlib.sha256()
    for offset in range(0, source.size, _HASH_BYTES):
        digest.update(source.read_at(offset, _HASH_BYTES))
    return digest.digest()


def _without_copies(job: _Job) -> list[Slice]:
    """Return the slices without byte-identical copies; note UIDs that stand twice."""
    by_digest: dict[bytes, Path] = {}
    by_uid: Counter[str] = Counter()
    slices: list[Slice] = []
    for source_index in sorted(job.inputs):
        found = job.inputs[source_index]
        known = by_digest.setdefault(found.slice.digest, found.path)
        if known != found.path:
            job.outcomes[found.path] = FileOutcome(
                found.path, "skipped", f"byte-identical copy of {known.name!r}"
            )
            continue
        split_from = job.frames_at_hand.get(found.slice.sop_instance_uid)
        if split_from is not None:
            job.outcomes[found.path] = FileOutcome(
                found.path, "skipped", f"a frame of {split_from!r}, which is here too"
            )
            continue
        by_uid[found.slice.sop_instance_uid] += 1
        slices.append(found.slice)
    twice = sum(1 for uid, count in by_uid.items() if uid and count > 1)
    if twice:
        job.report.warnings.append(
            f"{twice} SOP Instance UID(s) stand in several files with other content; all are kept"
        )
    return slices


def _write_all(job: _Job, stacks: list[Stack], template: str) -> None:
    slices_of: dict[tuple[bytes, ...], list[Slice]] = defaultdict(list)
    for stack in stacks:
        slices_of[stack.group.series].extend(frame.slice for frame in stack.frames)
    numbers: Counter[tuple[bytes, ...]] = Counter()
    uids = {key: series_uid_of(slices) for key, slices in slices_of.items()}
    job.work.progress.start(sum(len(stack.frames) for stack in stacks), "Merging")
    for index, stack in enumerate(stacks, 1):
        job.work.progress.check_cancelled()
        key = stack.group.series
        numbers[key] += 1
        first = job.inputs[stack.frames[0].slice.source_index]
        stem = (
            neutral_stem(
                template,
                series_number=first.series_number,
                modality=first.modality,
                index=index,
            )
            if template
            else patient_stem(first.patient_name, first.series_number)
        )
        paths = [job.inputs[frame.slice.source_index].path for frame in stack.frames]
        job.opening = None
        try:
            outputs, notes = _write(job, stack, uids[key], numbers[key], stem)
        except CancelledError:
            raise
        except IsocenterError as error:
            for path in paths:
                job.outcomes[path] = FileOutcome(path, "failed", _reason(job, path, error))
            continue
        job.report.outputs.extend(outputs)
        job.report.warnings.extend(f"{outputs[0].path.name}: {note}" for note in notes)
        written = tuple(output.path for output in outputs)
        for path in paths:
            job.outcomes[path] = FileOutcome(path, "done", outputs=written)
    job.work.progress.finish()
    _report_parts(job, stacks)
    _report_shared_uids(job, stacks)


def _write(
    job: _Job, stack: Stack, series_uid: str, number: int, stem: str
) -> tuple[list[Output], list[str]]:
    """Write one object, or all parts of a Concatenation together."""

    def elements_of(source_index: int) -> Elements:
        elements = job.elements.get(source_index)
        if elements is not None:
            return elements
        with open_source(source_index) as source:
            header = index_header(source, job.work.limits)
            return source_elements(header.dataset)

    def open_source(source_index: int) -> FileSource:
        found = job.inputs[source_index]
        job.opening = found.path
        source = FileSource(found.readable, expected=found.stamp)
        job.opening = None
        return source

    merged = merge_stack(
        stack,
        elements_of,
        series_instance_uid=series_uid,
        instance_number=number,
        limits=job.work.limits,
        supplied=job.supplied,
    )
    folder = job.work.out or _root_of(job, stack)
    make_folder(folder)
    outputs = []
    with Batch(durable=job.work.durable) as batch:
        for part, one in enumerate(merged, 1):
            name = stem if len(merged) == 1 else f"{stem}_part{part}"
            placed = batch.place(folder, name, ".dcm", _counted(job, one.pieces), open_source)
            outputs.append(Output(placed.path, placed.size_bytes, one.number_of_frames))
        batch.publish()
    notes = [note for one in merged for note in one.notes]
    return outputs, [*notes, *_input_notes(job, stack)]


def _reason(job: _Job, path: Path, error: IsocenterError) -> str:
    """Return why a slice is not merged; where another one could not be opened, which one."""
    if job.opening in (None, path):
        return str(error)
    return f"not merged: {job.opening.name!r}: {error}"


def _counted(job: _Job, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Yield the pieces; tell each Frame to the progress, which may stop the work there."""
    for piece in pieces:
        yield piece
        if isinstance(piece, ByteRange):
            job.work.progress.check_cancelled()
            job.work.progress.advance()


def _input_notes(job: _Job, stack: Stack) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for frame in stack.frames:
        counts.update(job.inputs[frame.slice.source_index].notes)
    for note, count in counts.items():
        yield f"{count} slice(s): {note}"


def _report_parts(job: _Job, stacks: list[Stack]) -> None:
    """Say when one series became several files, and why."""
    parts: dict[tuple[bytes, ...], list[Stack]] = defaultdict(list)
    for stack in stacks:
        parts[stack.group.series].append(stack)
    for several in parts.values():
        if len(several) > 1:
            formats = len({stack.group for stack in several})
            why = "of different size, pixel format or class" if formats > 1 else "in several stacks"
            sizes = ", ".join(str(len(stack.frames)) for stack in several)
            job.report.warnings.append(
                f"one series holds slices {why}: {len(several)} files of {sizes} frame(s)"
            )


def _report_shared_uids(job: _Job, stacks: list[Stack]) -> None:
    """Say when one Series Instance UID names several series, as after careless copying."""
    series: dict[bytes, set[tuple[bytes, ...]]] = defaultdict(set)
    for stack in stacks:
        series[stack.group.series_instance_uid].add(stack.group.series)
    for uid, several in series.items():
        if uid and len(several) > 1:
            job.report.warnings.append(
                f"one Series Instance UID stands for {len(several)} patients or studies; "
                "they are kept apart"
            )


def _root_of(job: _Job, stack: Stack) -> Path:
    """Return the folder that the caller named and that holds the first slice."""
    path = job.inputs[stack.frames[0].slice.source_index].path
    for root in job.work.paths:
        if path != root and path.is_relative_to(root):
            return root
    return path.parent


def _checked_set(given: object, sop_class: str) -> Supplied:
    texts = [str(text) for text in given] if isinstance(given, list | tuple) else []
    if texts and sop_class != "enhanced":
        raise InvalidInputError("values are set for the enhanced classes only")
    supplied = parse_supplied(texts)
    check_keywords(supplied)
    return supplied
