"""DICOM files read for programmers: attributes by keyword, and every Frame as a picture.

Nothing is kept: what is made lies in a scratch folder and goes with its ``ReadFile``. Headers are
walked here within bounds; what the index leaves to pydicom, and every Frame, goes through child
processes with limits (DESIGN 5).
"""

import contextlib
import itertools
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self, TypeVar

from isocenter.dicom.describe import PIXEL_DATA_TAGS
from isocenter.dicom.dictionary import keyword_of, tag_of
from isocenter.dicom.header_index import UNDEFINED, DataSetIndex, HeaderIndex
from isocenter.dicom.image_facts import ImageFacts, has_pixels, read_image_facts
from isocenter.dicom.json_model import JSONObject
from isocenter.dicom.keyword_values import (
    dicom_values,
    native_values,
    preview,
    text_values,
)
from isocenter.dicom.windows import OWN
from isocenter.errors import (
    InvalidInputError,
    NotSupportedError,
    TooLargeError,
    UnusualEncodingError,
)
from isocenter.jobs.sandbox import DECODING_CHILD, PICTURE_CHILD, Sandbox
from isocenter.limits import Limits
from isocenter.services.child_pool import ChildPool
from isocenter.services.files import FileSource
from isocenter.services.intake import HEAD_BYTES, expand, is_archive
from isocenter.services.renderers import measured_ends
from isocenter.services.series_windows import HEADER, Ends, Image, choose_windows
from isocenter.services.sources import OpenedFile, open_dicom, open_rewritten
from isocenter.system_errors import safe_error

Values = Literal["text", "native", "dicom"]
PixelData = Literal["preview", "base64", "omit"]
Kind = Literal["png", "jpeg", "gif"]

T = TypeVar("T")

UNKNOWN = "Unknown"  # a wanted attribute that is not there, as text

_VALUES: dict[Values, Callable[[DataSetIndex, Collection[int] | None], JSONObject]] = {
    "text": lambda dataset, tags: {**text_values(dataset, tags)},
    "native": native_values,
    "dicom": dicom_values,
}
_NATIVE = "isocenter.dicom.frame_pictures:export_native_frames"
_ANY = "isocenter.dicom.any_pictures:export_frames"
_MEASURE_NATIVE = "isocenter.dicom.frame_pictures:measure_native_frames"
_MEASURE_ANY = "isocenter.dicom.any_pictures:measure_frames"
_ANIMATED = "isocenter.dicom.web_pictures:export_web_pictures"
_GROUP_SAMPLES = 1 << 25
_GROUP_FRAMES = 64
_DELIMITER_BYTES = 8
_META_GROUP = 0x0002


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a file.

    Attributes
    ----------
    tags
        Attributes that are wanted, in their order; ``None`` for all.
    kind
        Of the pictures; ``gif`` is one picture of all Frames.
    """

    tags: tuple[int, ...] | None = None
    values: Values = "text"
    pixel_data: PixelData = "preview"
    kind: Kind = "png"
    has_pictures: bool = True


class Range(NamedTuple):
    """Some bytes of a file."""

    path: Path
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Pixels:
    """Pixel Data that is given whole: which element, and where its value lies."""

    tag: int
    vr: str
    value: Range


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What was read of one file.

    Attributes
    ----------
    values
        As ``Wish.values`` says; of Pixel Data, a preview where that is wanted.
    pictures
        One of each Frame in order, or one of all; ``None``: the file has no image, or nobody
        wants it.
    """

    name: str
    values: JSONObject
    pixels: Pixels | None
    pictures: tuple[Range, ...] | None


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file of an archive that could not be read."""

    name: str
    reason: str


def parse_fields(text: str) -> tuple[int, ...] | None:
    """Return the tags of keywords with commas between them; ``None`` where there is none.

    Raises
    ------
    InvalidInputError
        If one is no keyword of PS3.6.
    """
    names = list(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
    unknown = sorted(name for name in names if tag_of(name) is None)
    if unknown:
        raise InvalidInputError(f"Invalid fields: {', '.join(unknown)}")
    return tuple(tag for name in names if (tag := tag_of(name)) is not None) or None


class NewFile:
    """A file that is written while it comes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._stream = path.open("xb")
        except OSError as error:
            raise safe_error(error) from None

    def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes.

        Raises
        ------
        UnavailableError
            If there is no room.
        """
        try:
            self._stream.write(data)
        except OSError as error:
            raise safe_error(error) from None

    def close(self) -> None:
        """End it; once more does nothing.

        Raises
        ------
        UnavailableError
            If there was no room for the last bytes.
        """
        try:
            self._stream.close()
        except OSError as error:
            raise safe_error(error) from None


class Reading:
    """Reads files; a context manager, safe for any number of threads.

    Parameters
    ----------
    scratch
        A folder of this process alone.
    jobs
        How many Frames are rendered at once; the others wait.
    """

    def __init__(self, scratch: Path, jobs: int, limits: Limits) -> None:
        self.limits = limits
        self.jobs = jobs
        self._scratch = scratch
        self._stack = contextlib.ExitStack()
        self.rewriter = self._stack.enter_context(Sandbox(limits))
        self.native = self._stack.enter_context(ChildPool(jobs, limits, PICTURE_CHILD))
        self.any = self._stack.enter_context(ChildPool(jobs, limits, DECODING_CHILD))
        self.threads = self._stack.enter_context(ThreadPoolExecutor(jobs, "reading"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, where)

    def begin(self) -> "Desk":
        """Return a place for the files of one caller, who closes it."""
        self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Desk(self, Path(tempfile.mkdtemp(dir=self._scratch)))


class Desk:
    """Where the files of one caller lie until they are given out; not for several threads."""

    def __init__(self, reading: Reading, folder: Path) -> None:
        self._reading = reading
        self.folder = folder
        self._picture_bytes = 0

    def close(self) -> None:
        """Remove all that lies here."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_path(self) -> Path:
        """Return the path of a file that is not there."""
        return self.folder / os.urandom(8).hex()

    def new_file(self) -> NewFile:
        """Begin a file; whoever writes it closes it before it is read.

        Raises
        ------
        UnavailableError
            If it cannot be made.
        """
        return NewFile(self.new_path())

    def read(self, path: Path, name: str, wish: Wish) -> list[ReadFile | FailedFile]:
        """Return what a file holds, or each file of an archive in its order.

        Parameters
        ----------
        name
            As the caller calls the file.

        Raises
        ------
        InvalidInputError, NotSupportedError
            If it cannot be read or shown; of an archive, if none of its files can.
        TooManyFilesError, TooLargeError
            If an archive, or what is made of it, passes a bound.
        DeadlineExceededError, UnavailableError
            If it takes too long, or there is no room.
        """
        with FileSource(path) as source:
            if not is_archive(name, source.read_at(0, HEAD_BYTES)):
                return [self._read_one(path, name, wish)]
            return self._read_archive(source, wish)

    def _read_archive(self, source: FileSource, wish: Wish) -> list[ReadFile | FailedFile]:
        limits = self._reading.limits
        bounds = replace(limits, session_files=min(limits.session_files, limits.read_files))
        found: list[ReadFile | FailedFile] = []
        for entry in expand(source, bounds):
            file = self.new_file()
            try:
                for chunk in entry.chunks:
                    file.write(chunk)
            finally:
                file.close()
            try:
                found.append(self._read_one(file.path, entry.name, wish))
            except (InvalidInputError, NotSupportedError) as error:
                file.path.unlink()
                found.append(FailedFile(entry.name, str(error)))
        failed = [one for one in found if isinstance(one, FailedFile)]
        if len(failed) == len(found):
            reason = f": {failed[0].reason}" if failed else ""
            raise InvalidInputError(f"the archive holds no file that can be read{reason}")
        return found

    def _read_one(self, path: Path, name: str, wish: Wish) -> ReadFile:
        reading = self._reading
        opened = open_dicom(path, reading.rewriter, self.folder, reading.limits)
        try:
            try:
                return self._read_opened(opened, name, wish)
            except UnusualEncodingError:
                # Opening looks at the root only; something inside can be odd.
                opened.close()
                opened = open_rewritten(path, reading.rewriter, self.folder, reading.limits)
                return self._read_opened(opened, name, wish)
        finally:
            opened.close()

    def _read_opened(self, opened: OpenedFile, name: str, wish: Wish) -> ReadFile:
        values = _values_of(opened.header, wish)
        pixels = _pixels_of(opened, wish, values)
        pictures = None
        if wish.has_pictures and has_pixels(opened.header):
            pictures = tuple(self._pictures(opened, wish.kind))
        return ReadFile(name, values, pixels, pictures)

    def _pictures(self, opened: OpenedFile, kind: Kind) -> Iterator[Range]:
        """Yield where the pictures of all Frames lie; several groups of them are made at once."""
        path = opened.source.path
        try:
            facts = read_image_facts(opened.header)
            window = self._window(path, facts)
            if kind == "gif":
                yield from self._animated(path, facts.frames, window)
                return
            is_simple = kind == "png" and facts.is_native

            def make(first_frame: int, frames: int) -> list[Range]:
                return self._group(path, first_frame, frames, kind, window, is_simple=is_simple)

            for group in self._in_order(make, facts):
                yield from self._counted(group)
        except UnusualEncodingError:
            raise
        except InvalidInputError as error:
            raise InvalidInputError(f"its images cannot be shown: {error}") from None

    def _window(self, path: Path, facts: ImageFacts) -> str:
        """Return one window for all Frames, so that brightness does not jump between them."""
        if facts.frames == 1:
            return OWN
        pool, function = (
            (self._reading.native, _MEASURE_NATIVE)
            if facts.is_native
            else (self._reading.any, _MEASURE_ANY)
        )

        def measure_group(first_frame: int, frames: int) -> Ends | None:
            facts = pool.run(
                function, path, self.new_path(), first_frame=first_frame, frames=frames
            )
            return measured_ends(facts)

        def measure(images: list[Image]) -> Iterator[tuple[Image, Ends | None]]:
            for ends in self._in_order(measure_group, facts):
                yield images[0], ends

        return choose_windows([Image(path, facts)], HEADER, measure).windows[path]

    def _in_order(self, make: Callable[[int, int], T], facts: ImageFacts) -> Iterator[T]:
        """Yield what becomes of groups of Frames, given the first one and how many."""
        step = max(1, min(_GROUP_FRAMES, _GROUP_SAMPLES // facts.frame_samples))
        running: deque[Future[T]] = deque()
        try:
            for first in range(1, facts.frames + 1, step):
                frames = min(step, facts.frames - first + 1)
                running.append(self._reading.threads.submit(make, first, frames))
                if len(running) > self._reading.jobs:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()
            # What runs must not write into a folder that is being removed.
            wait(running)

    def _group(
        self,
        path: Path,
        first_frame: int,
        frames: int,
        kind: str,
        window: str,
        *,
        is_simple: bool,
    ) -> list[Range]:
        target = self.new_path()
        pool, function = (self._reading.native, _NATIVE) if is_simple else (self._reading.any, _ANY)
        facts = pool.run(
            function, path, target, first_frame=first_frame, frames=frames, kind=kind, window=window
        )
        told = facts.get("lengths")
        lengths = [one for one in told if isinstance(one, int)] if isinstance(told, list) else []
        if len(lengths) != frames or sum(lengths) != target.stat().st_size or min(lengths) < 1:
            raise InvalidInputError("the reader process gave no usable answer")
        offsets = itertools.accumulate(lengths, initial=0)
        return [
            Range(target, offset, length) for offset, length in zip(offsets, lengths, strict=False)
        ]

    def _animated(self, path: Path, frames: int, window: str) -> list[Range]:
        target = self.new_path()
        self._reading.any.run(
            _ANIMATED, path, target, first_frame=1, frames=frames, kind="gif", window=window
        )
        return self._counted([Range(target, 0, target.stat().st_size)])

    def _counted(self, ranges: list[Range]) -> list[Range]:
        self._picture_bytes += sum(one.length for one in ranges)
        bound = self._reading.limits.read_picture_bytes
        if self._picture_bytes > bound:
            raise TooLargeError("read_picture_bytes", bound, self._picture_bytes, "bytes")
        return ranges


def _values_of(header: HeaderIndex, wish: Wish) -> JSONObject:
    read = _VALUES[wish.values]
    if wish.tags is None:
        return read(header.dataset, None)
    found = read(header.dataset, wish.tags)
    if any(tag >> 16 == _META_GROUP for tag in wish.tags):
        found |= read(header.meta, wish.tags)
    if wish.values == "dicom":
        return found
    absent = UNKNOWN if wish.values == "text" else None
    names = [
        keyword_of(tag)
        for tag in wish.tags
        if tag not in header.dataset or tag not in PIXEL_DATA_TAGS
    ]
    return {name: found.get(name, absent) for name in names}


def _pixels_of(opened: OpenedFile, wish: Wish, values: JSONObject) -> Pixels | None:
    """Return where Pixel Data lies that is wanted whole; add a preview where that is wanted."""
    dataset = opened.header.dataset
    tag = next((one for one in PIXEL_DATA_TAGS if one in dataset), None)
    if tag is None or wish.pixel_data == "omit" or (wish.tags is not None and tag not in wish.tags):
        return None
    if wish.pixel_data == "preview":
        if wish.values != "dicom":
            values[keyword_of(tag)] = preview(dataset, tag)
        return None
    vr, _, start, length, end = dataset.elements[tag]
    size = end - start - (_DELIMITER_BYTES if length == UNDEFINED else 0)
    return Pixels(tag, vr, Range(opened.source.path, start, size))
