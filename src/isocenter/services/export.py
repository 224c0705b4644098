"""Export files: Frames as pictures, one window over a series, with a report of every input."""

from collections import deque
from collections.abc import Callable, Container, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from isocenter.dicom.image_facts import ImageFacts, has_pixels, read_image_facts
from isocenter.dicom.streams import ByteRange
from isocenter.dicom.windows import parse_window
from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    TruncatedError,
    UnusualEncodingError,
)
from isocenter.jobs.sandbox import Sandbox
from isocenter.services.files import FileSource, find_files
from isocenter.services.outputs import Batch, folder_for, make_folder
from isocenter.services.renderers import Option, Renderers
from isocenter.services.reports import FileOutcome, Output, Report, Work
from isocenter.services.scratch import scratch_folder
from isocenter.services.series_windows import HEADER, NAMED, Ends, Image, choose_windows
from isocenter.services.sources import OpenedFile, open_dicom, open_rewritten

# What callers may call a kind of picture -> its name here.
KINDS = {
    **{name: name for name in ("png", "jpeg", "tiff", "bmp", "jp2")},
    "jpg": "jpeg",
    "tif": "tiff",
}
SUFFIXES = {"png": ".png", "jpeg": ".jpg", "tiff": ".tiff", "bmp": ".bmp", "jp2": ".jp2"}

_DEEP = frozenset({"png", "tiff", "jp2"})
# These need codecs or Pillow, which take long to load.
_NOT_SIMPLE = frozenset({"jpeg", "jp2"})
# A child renders so many samples or Frames before another one may take over.
_TASK_SAMPLES = 1 << 24
_TASK_FRAMES = 500


class Wish(NamedTuple):
    """What the caller wants of every file."""

    kind: str
    window: str
    bits: int
    overlays: bool
    annotations: bool

    @property
    def is_simple(self) -> bool:
        """Whether neither codecs nor Pillow are needed for native Frames."""
        return self.kind not in _NOT_SIMPLE and not self.annotations


class _Task(NamedTuple):
    """Some Frames of one image."""

    image: Image
    first_frame: int
    frames: int

    @property
    def is_whole(self) -> bool:
        return self.frames == self.image.facts.frames

    @property
    def is_last(self) -> bool:
        return self.first_frame + self.frames > self.image.facts.frames


@dataclass(frozen=True, slots=True)
class _Pictures:
    """What a task made: pictures one after the other in a scratch file."""

    scratch: Path
    lengths: list[int]
    warnings: list[str]


def export(work: Work) -> Report:
    """Make a picture of every Frame; report what became of every input.

    The pictures are ``{stem}.png``, of several Frames ``{stem}_frame{i:04d}.png`` with i from 0,
    beside the input or under ``out``. All pictures of an input appear together, or none.

    Options: ``type``, ``window``, ``bits``, ``overlays``, ``annotations``.

    Raises
    ------
    InvalidInputError
        If an option says nothing sensible.
    TooLargeError
        If there are more files than ``limits`` allow.
    CancelledError
        If the caller stops it; inputs that are complete stay.
    """
    wish = read_wish(work.options)
    report = Report("export")
    problems: list[FileOutcome] = []
    files = find_files(
        work.paths, recursive=work.recursive, limits=work.limits, on_problem=problems.append
    )
    with (
        scratch_folder() as scratch,
        Renderers(work.jobs, scratch, work.limits) as renderers,
    ):
        # Twice as many as processes, so that these work while others wait for the disk.
        pool = ThreadPoolExecutor(2 * work.jobs)
        try:
            outcomes = _Export(work, wish, report, renderers, pool).run(files, scratch)
        finally:
            pool.shutdown(cancel_futures=True)
    report.files.extend(outcomes[path] for path in files)
    report.files.extend(problems)
    return report


def read_wish(options: Mapping[str, object]) -> Wish:
    """Return what the options of the action say.

    Raises
    ------
    InvalidInputError
        If they say nothing sensible.
    """
    kind = KINDS.get(str(options.get("type", "png")).lower())
    if kind is None:
        raise InvalidInputError(f"the type of a picture is one of {', '.join(KINDS)}")
    window = str(options.get("window", HEADER)).strip().lower()
    if window not in NAMED:
        window = str(parse_window(window))
    bits = str(options.get("bits", "8"))
    if bits not in ("8", "16"):
        raise InvalidInputError("pictures have 8 or 16 bits")
    if bits == "16" and kind not in _DEEP:
        raise InvalidInputError(f"{kind} has no 16 bits")
    overlays, annotations = (bool(options.get(name)) for name in ("overlays", "annotations"))
    return Wish(kind, window, int(bits), overlays, annotations)


class _Export:
    """One run of the action."""

    def __init__(
        self,
        work: Work,
        wish: Wish,
        report: Report,
        renderers: Renderers,
        pool: ThreadPoolExecutor,
    ) -> None:
        self._work = work
        self._wish = wish
        self._report = report
        self._renderers = renderers
        self._pool = pool
        self._outcomes: dict[Path, FileOutcome] = {}
        self._names = _Names()
        self._windows: dict[Path, str] = {}

    def run(self, files: list[Path], scratch: Path) -> dict[Path, FileOutcome]:
        """Export the files; return what became of each."""
        images = self._look(files, scratch)
        chosen = choose_windows(images, self._wish.window, self._measure_all)
        self._windows = chosen.windows
        self._report.warnings.extend(chosen.warnings)
        for path, error in chosen.failures.items():
            self._outcomes[path] = FileOutcome(path, "failed", str(error))
        shown = [image for image in images if image.path in self._windows]
        self._work.progress.start(sum(image.facts.frames for image in shown), "Exporting")
        made: list[_Pictures] = []
        for task, result in self._in_order(_tasks(shown, self._outcomes), self._begin):
            self._take(task, result, made)
            self._work.progress.advance(task.frames)
        self._work.progress.finish()
        return self._outcomes

    def _look(self, files: list[Path], scratch: Path) -> list[Image]:
        """Read the headers; return the files that hold images."""
        work = self._work
        images: list[Image] = []
        work.progress.start(len(files), "Reading")
        with Sandbox(work.limits) as sandbox:
            for path in files:
                work.progress.check_cancelled()
                try:
                    facts = _read_facts(path, sandbox, scratch, work)
                except IsocenterError as error:
                    self._outcomes[path] = work.refused(path, error)
                else:
                    if facts is None:
                        self._outcomes[path] = FileOutcome(path, "skipped", "no image")
                    else:
                        if not images:
                            self._start_children(facts)
                        images.append(Image(path, facts))
                work.progress.advance()
        work.progress.finish()
        return images

    def _start_children(self, facts: ImageFacts) -> None:
        """Let the processes load what they need while the other headers are read."""
        is_simple = self._wish.is_simple and facts.is_native
        for _ in range(self._work.jobs):
            self._pool.submit(self._renderers.start, is_simple=is_simple)

    def _measure_all(
        self, images: list[Image]
    ) -> Iterator[tuple[Image, Ends | IsocenterError | None]]:
        """Yield the smallest and largest value of some Frames of images, or what went wrong."""
        self._work.progress.start(sum(image.facts.frames for image in images), "Measuring")

        def begin(task: _Task) -> "Future[Any]":
            return self._pool.submit(self._measure, task)

        failed: set[Path] = set()
        for task, result in self._in_order(_tasks(images, failed), begin):
            self._work.progress.advance(task.frames)
            try:
                yield task.image, result.result()
            except IsocenterError as error:
                failed.add(task.image.path)
                yield task.image, error
        self._work.progress.finish()

    def _measure(self, task: _Task) -> Ends | None:
        return self._renderers.measure(
            task.image.path,
            is_native=task.image.facts.is_native,
            first_frame=task.first_frame,
            frames=task.frames,
        )

    def _in_order(
        self, tasks: Iterator[_Task], begin: Callable[[_Task], "Future[Any]"]
    ) -> Iterator[tuple[_Task, "Future[Any]"]]:
        """Yield tasks with their results in order, a few of them under way at a time."""
        pending: deque[tuple[_Task, Future[Any]]] = deque()
        for task in tasks:
            self._work.progress.check_cancelled()
            pending.append((task, begin(task)))
            if len(pending) > 4 * self._work.jobs:
                yield self._settled(pending)
        while pending:
            self._work.progress.check_cancelled()
            yield self._settled(pending)

    @staticmethod
    def _settled(pending: "deque[tuple[_Task, Future[Any]]]") -> tuple[_Task, "Future[Any]"]:
        task, future = pending.popleft()
        future.exception()  # waits
        return task, future

    def _begin(self, task: _Task) -> "Future[Any]":
        """Start to render; an image of one task is also published there, side by side."""
        if not task.is_whole:
            return self._pool.submit(self._render, task)
        # Names are given here, in the order of the inputs, whoever is done first.
        stem = self._name(task.image)
        return self._pool.submit(self._render_and_publish, task, stem)

    def _take(self, task: _Task, result: "Future[Any]", made: list[_Pictures]) -> None:
        """Write down what became of a task; publish an image of several with its last one."""
        path = task.image.path
        try:
            if path in self._outcomes:  # an earlier task of the image failed
                if not result.exception():
                    _remove(result.result().scratch)
                return
            if task.is_whole:
                outputs, warnings = result.result()
            else:
                made.append(result.result())
                if not task.is_last:
                    return
                outputs = self._publish(task.image, self._name(task.image), made)
                warnings = list(dict.fromkeys(text for part in made for text in part.warnings))
        except IsocenterError as error:
            self._outcomes[path] = FileOutcome(path, "failed", str(error))
        else:
            names = tuple(output.path for output in outputs)
            self._outcomes[path] = FileOutcome(path, "done", outputs=names)
            self._report.outputs.extend(outputs)
            self._report.warnings.extend(f"{path.name}: {warning}" for warning in warnings)
        for part in made:
            _remove(part.scratch)
        made.clear()

    def _render(self, task: _Task) -> _Pictures:
        wish, facts = self._wish, task.image.facts
        scratch = self._renderers.new_scratch()
        options: dict[str, Option] = {
            "first_frame": task.first_frame,
            "frames": task.frames,
            "kind": wish.kind,
            "window": self._windows[task.image.path],
            "bits": wish.bits,
            "overlays": wish.overlays,
            "annotations": wish.annotations,
        }
        is_simple = wish.is_simple and facts.is_native
        lengths, warnings = self._renderers.export(
            task.image.path, scratch, is_simple=is_simple, options=options
        )
        return _Pictures(scratch, lengths, warnings)

    def _render_and_publish(self, task: _Task, stem: str) -> tuple[list[Output], list[str]]:
        pictures = self._render(task)
        try:
            return self._publish(task.image, stem, [pictures]), pictures.warnings
        finally:
            _remove(pictures.scratch)

    def _name(self, image: Image) -> str:
        folder = folder_for(image.path, self._work.paths, self._work.out)
        return self._names.take(folder, stem_of(image.path), image.facts.frames)

    def _publish(self, image: Image, stem: str, parts: list[_Pictures]) -> list[Output]:
        folder = folder_for(image.path, self._work.paths, self._work.out)
        make_folder(folder)

        def open_source(index: int) -> FileSource:
            return FileSource(parts[index].scratch)

        outputs = []
        with Batch(durable=self._work.durable) as batch:
            names = frame_stems(stem, image.facts.frames)
            for index, part in enumerate(parts):
                offset = 0
                for length in part.lengths:
                    piece = ByteRange(index, offset, length)
                    suffix = SUFFIXES[self._wish.kind]
                    placed = batch.place(folder, next(names), suffix, [piece], open_source)
                    outputs.append(Output(placed.path, placed.size_bytes, 1))
                    offset += length
            batch.publish()
        return outputs


class _Names:
    """Gives each image names that no other of this run has."""

    def __init__(self) -> None:
        self._taken: set[tuple[Path, str]] = set()

    def take(self, folder: Path, stem: str, frames: int) -> str:
        """Return ``stem``, ``stem_1``, ...: the first whose names for all Frames are free."""
        number = 0
        while True:
            chosen = f"{stem}_{number}" if number else stem
            # Some file systems do not tell large letters from small ones.
            names = {(folder, name.casefold()) for name in frame_stems(chosen, frames)}
            if self._taken.isdisjoint(names):
                self._taken |= names
                return chosen
            number += 1


def stem_of(path: Path) -> str:
    """Return the name without its suffix; digits after a point are no suffix (``IMG1.2.3``)."""
    return path.name if path.suffix[1:].isdigit() else path.stem


def frame_stems(stem: str, frames: int) -> Iterator[str]:
    """Yield the stem of each picture of an image."""
    if frames == 1:
        yield stem
        return
    for frame_index in range(frames):
        yield f"{stem}_frame{frame_index:04d}"


def _tasks(images: list[Image], failed: Container[Path]) -> Iterator[_Task]:
    """Yield the tasks of images until they fail; a header may claim any number of Frames."""
    for image in images:
        facts = image.facts
        step = min(_TASK_FRAMES, max(1, _TASK_SAMPLES // facts.frame_samples))
        for first in range(1, facts.frames + 1, step):
            if image.path in failed:
                break
            yield _Task(image, first, min(step, facts.frames + 1 - first))


def _read_facts(path: Path, sandbox: Sandbox, scratch: Path, work: Work) -> ImageFacts | None:
    """Return the facts of an image, ``None`` of a file without one."""
    opened = open_dicom(path, sandbox, scratch, work.limits)
    try:
        return _facts_of(opened)
    except (TruncatedError, UnusualEncodingError):
        # Opening looks at the root only; functional groups can be odd inside.
        opened.close()
        opened = open_rewritten(path, sandbox, scratch, work.limits)
        return _facts_of(opened)
    finally:
        opened.close()
        if opened.source.path != path:
            _remove(opened.source.path)


def _facts_of(opened: OpenedFile) -> ImageFacts | None:
    return read_image_facts(opened.header) if has_pixels(opened.header) else None


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
