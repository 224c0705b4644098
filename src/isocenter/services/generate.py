"""Pictures to DICOM files: one Instance of each, or of all that are alike in a folder.

Each picture is decoded in a child process with limits, into a scratch file of its own, so that
memory does not grow with their number. The pictures of one folder share Study and Series.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.generate import (
    CONVERSION_TYPE,
    DIGITIZED,
    FRAMES_MAX,
    PictureFormat,
    PictureFrame,
    make_instance,
    multi_frame_class,
)
from isocenter.dicom.given_identity import (
    INSTANCE_NUMBER,
    SERIES_INSTANCE_UID,
    SOP_INSTANCE_UID,
    GivenIdentity,
    NewInstance,
    group_digest,
)
from isocenter.dicom.picture_files import HEAD_BYTES, SUFFIXES, PictureFacts, picture_kind
from isocenter.errors import (
    CancelledError,
    InvalidInputError,
    IsocenterError,
    NotSupportedError,
)
from isocenter.services.files import FileSource, FileStamp, find_files
from isocenter.services.given_identity import read_given
from isocenter.services.outputs import Batch, folder_for, make_folder
from isocenter.services.picture_reading import Picture, ReadPicture, digest_of, read_pictures
from isocenter.services.reports import FileOutcome, Output, Report, Status, Work
from isocenter.services.scratch import scratch_folder

_NO_PICTURE = "not a picture of a known format"


class _Part(NamedTuple):
    """Frames of one format that go into one Instance, with the places they come from."""

    picture: PictureFormat
    frames: tuple[PictureFrame, ...]


def convert_images(work: Work) -> Report:
    """Make DICOM files of pictures; report what became of every input.

    Options: ``multiframe``, ``set``, ``template``.

    Raises
    ------
    InvalidInputError, NotFoundError, UnavailableError
        If what is given about the new Instances makes no sense or cannot be read.
    TooLargeError
        If there are more files than ``limits`` allow.
    CancelledError
        If the caller stops it; outputs that are complete stay.
    """
    report = Report("convert_images")
    problems: list[FileOutcome] = []
    files = find_files(
        work.paths, recursive=work.recursive, limits=work.limits, on_problem=problems.append
    )
    with scratch_folder() as scratch:
        given = read_given(work.options, scratch, work.limits)
        run = _Run(work, given, scratch, report, {})
        run.look_at(files)
        run.check_given()
        work.progress.start(len(run.pictures), "Converting")
        if work.options.get("multiframe"):
            run.convert_folders()
        else:
            run.convert_each()
        work.progress.finish()
    report.files.extend(run.outcomes[path] for path in files)
    report.files.extend(problems)
    return report


@dataclass(slots=True)
class _Run:
    """One run of the action."""

    work: Work
    given: GivenIdentity
    scratch: Path
    report: Report
    outcomes: dict[Path, FileOutcome]
    pictures: tuple[Picture, ...] = ()

    def look_at(self, files: Iterable[Path]) -> None:
        """Find the pictures, and give them their numbers and what their group is known by."""
        folders: dict[Path, list[tuple[Path, FileStamp, bytes]]] = {}
        for path in files:
            self.work.progress.check_cancelled()
            try:
                with FileSource(path) as source:
                    reason = _reason_to_pass(source)
                    if not reason:
                        found = (path, source.stamp, digest_of(source))
                        folders.setdefault(path.parent, []).append(found)
                        continue
            except IsocenterError as error:
                self._fail(path, str(error))
                continue
            is_meant = path in self.work.paths or path.suffix.lower() in SUFFIXES
            self._tell(path, "failed" if is_meant else "skipped", reason)
        pictures: list[Picture] = []
        for listed in folders.values():
            group = group_digest([digest for *_, digest in listed])
            # In a series that the caller names, numbers run on from folder to folder.
            before = len(pictures) if self.given.text(SERIES_INSTANCE_UID) else 0
            pictures.extend(
                Picture(path, stamp, digest, group, before + number)
                for number, (path, stamp, digest) in enumerate(listed, 1)
            )
        self.pictures = tuple(pictures)

    def check_given(self) -> None:
        """Refuse what can be said of a single Instance where there will be several."""
        folders = {picture.path.parent for picture in self.pictures}
        several = folders if self.work.options.get("multiframe") else self.pictures
        if len(several) < 2:
            return
        for tag, keyword in (
            (SOP_INSTANCE_UID, "SOPInstanceUID"),
            (INSTANCE_NUMBER, "InstanceNumber"),
        ):
            if tag in self.given.elements:
                raise InvalidInputError(f"{keyword} can be set for a single picture only")

    def convert_each(self) -> None:
        """Make one Instance of each picture, or of each kind of pages in it."""
        for read in self._read_all(self.pictures):
            path = read.picture.path
            parts = self._parts([read.facts])
            folder = folder_for(path, self.work.paths, self.work.out)
            try:
                placed = self._write(folder, path.stem, parts, [read], read.picture)
            except CancelledError:
                raise
            except IsocenterError as error:
                self._fail(path, str(error))
                continue
            finally:
                read.scratch.unlink(missing_ok=True)
            self._done(read, placed)
            self.report.outputs.extend(placed)

    def convert_folders(self) -> None:
        """Make one multi-frame Instance of the pictures of each folder that are alike."""
        folders: dict[Path, list[Picture]] = {}
        for picture in self.pictures:
            folders.setdefault(picture.path.parent, []).append(picture)
        for pictures in folders.values():
            self._convert_folder(pictures)

    def _convert_folder(self, pictures: Sequence[Picture]) -> None:
        reads = list(self._fit_for_frames(pictures))
        if not reads:
            return
        parts = self._parts(read.facts for read in reads)
        folder = folder_for(reads[0].picture.path, self.work.paths, self.work.out)
        first = replace(reads[0].picture, digest=reads[0].picture.group)
        try:
            placed = self._write(folder, "multiframe", parts, reads, first)
        except CancelledError:
            raise
        except IsocenterError as error:
            for read in reads:
                self._fail(read.picture.path, str(error))
            return
        finally:
            for read in reads:
                read.scratch.unlink(missing_ok=True)
        if len(parts) > 1:
            self.report.warnings.append(
                f"{len(parts)} files for one folder: its pictures differ in size or kind"
            )
        holding: dict[int, dict[Output, None]] = {}
        for part, output in zip(parts, placed, strict=True):
            for frame in part.frames:
                holding.setdefault(frame.content.source_index, {})[output] = None
        for index, read in enumerate(reads):
            self._done(read, tuple(holding[index]))
        self.report.outputs.extend(placed)

    def _fit_for_frames(self, pictures: Sequence[Picture]) -> Iterator[ReadPicture]:
        """Yield the pictures that a multi-frame class takes; the others are told."""
        for read in self._read_all(pictures):
            try:
                for one in read.facts.formats:
                    multi_frame_class(one)
            except NotSupportedError as error:
                self._fail(read.picture.path, f"{error}; convert it by itself")
                read.scratch.unlink(missing_ok=True)
                continue
            yield read

    def _read_all(self, pictures: Sequence[Picture]) -> Iterator[ReadPicture]:
        """Yield the pictures that could be read; the others are told."""
        is_multi = bool(self.work.options.get("multiframe"))
        for picture, read in read_pictures(self.work, pictures, self.scratch, multi_frame=is_multi):
            self.work.progress.advance()
            if isinstance(read, IsocenterError):
                self._fail(picture.path, str(read))
            else:
                yield read

    def _parts(self, found: Iterable[PictureFacts]) -> list[_Part]:
        """Return the Frames of each format, in order, ``source_index`` the number of the picture.

        Nothing that a file cannot hold stands together: too many Frames, too many native bytes.
        """
        is_digitized = self.given.text(CONVERSION_TYPE) in DIGITIZED
        open_parts: dict[PictureFormat, list[PictureFrame]] = {}
        parts: list[tuple[PictureFormat, list[PictureFrame]]] = []
        lengths: dict[PictureFormat, int] = {}
        for index, facts in enumerate(found):
            for number, frame in facts.frames:
                picture = facts.formats[number]
                across, down = picture.density
                if across == down and not is_digitized:
                    picture = replace(picture, density=(0.0, 0.0))
                moved = replace(frame, content=replace(frame.content, source_index=index))
                length = lengths.get(picture, 0) + frame.content.length
                frames = open_parts.get(picture)
                is_full = frames is not None and (
                    len(frames) == FRAMES_MAX or length > self.work.limits.instance_pixel_bytes
                )
                if frames is None or is_full:
                    frames, length = [], frame.content.length
                    open_parts[picture] = frames
                    parts.append((picture, frames))
                frames.append(moved)
                lengths[picture] = length
        return [_Part(picture, tuple(frames)) for picture, frames in parts]

    def _write(
        self,
        folder: Path,
        stem: str,
        parts: Sequence[_Part],
        reads: Sequence[ReadPicture],
        about: Picture,
    ) -> list[Output]:
        """Write an Instance for each part; all of them appear, or none."""

        def open_source(index: int) -> FileSource:
            return FileSource(reads[index].scratch)

        make_folder(folder)
        outputs = []
        is_asked = bool(self.work.options.get("multiframe"))
        with Batch(durable=self.work.durable) as batch:
            for number, part in enumerate(parts):
                new = NewInstance(
                    sop_class_uid="",
                    content=group_digest([about.digest, str(number).encode()]),
                    group=about.group,
                    instance_number=number + 1 if len(reads) > 1 else about.number,
                )
                is_multi = is_asked or len(part.frames) > 1
                pieces = make_instance(
                    part.picture, part.frames, self.given, new, is_multi_frame=is_multi
                )
                self.work.progress.check_cancelled()
                placed = batch.place(folder, stem, ".dcm", pieces, open_source)
                frames = len(part.frames) if is_multi else 0
                outputs.append(Output(placed.path, placed.size_bytes, frames))
            batch.publish()
        return outputs

    def _done(self, read: ReadPicture, outputs: Sequence[Output]) -> None:
        name = read.picture.path.name
        self.report.warnings.extend(f"{name}: {one}" for one in read.facts.warnings)
        places = tuple(output.path for output in outputs)
        self.outcomes[read.picture.path] = FileOutcome(read.picture.path, "done", outputs=places)

    def _fail(self, path: Path, reason: str) -> None:
        self._tell(path, "failed", reason)

    def _tell(self, path: Path, status: Status, reason: str) -> None:
        self.outcomes[path] = FileOutcome(path, status, reason)


def _reason_to_pass(source: FileSource) -> str:
    """Return why a file is not read as a picture, ``""`` if it is."""
    if not source.size:
        return "an empty file"
    return "" if picture_kind(source.read_at(0, HEAD_BYTES)) else _NO_PICTURE
