"""Foreign pictures, read by child processes with limits: several at once, in their order."""

import contextlib
import hashlib
import queue
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

from isocenter.dicom.picture_files import PictureFacts, icc_range, read_facts
from isocenter.errors import InvalidInputError, IsocenterError
from isocenter.jobs.sandbox import DECODING_CHILD, JSON, Sandbox
from isocenter.limits import Limits
from isocenter.services.files import FileSource, FileStamp
from isocenter.services.reports import Work

_FUNCTION = "isocenter.dicom.foreign_pictures:read_picture"
_READ_BYTES = 1 << 20
_PROFILE_BYTES_MAX = 1 << 25
_AHEAD = 4  # pictures that wait for each child, so that none has to


class Transform(Protocol):
    """``Sandbox.transform``, of one child or of several."""

    def __call__(
        self, function: str, source: Path, target: Path, **options: str | int | bool
    ) -> dict[str, JSON]:
        """Return what the function tells."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a folder.

    Attributes
    ----------
    number
        From 1 in the order of the series.
    """

    path: Path
    stamp: FileStamp
    digest: bytes
    group: bytes
    number: int


class ReadPicture(NamedTuple):
    """What a child made of a picture: facts, and a scratch file with the Frames."""

    picture: Picture
    facts: PictureFacts
    scratch: Path


def read_pictures(
    work: Work, pictures: Sequence[Picture], scratch: Path, *, multi_frame: bool
) -> Iterator[tuple[Picture, ReadPicture | IsocenterError]]:
    """Yield what children make of the pictures, or why they cannot.

    Parameters
    ----------
    scratch
        Folder for the Frames; whoever takes a picture removes its file.

    Raises
    ------
    CancelledError
        If the caller stops it.
    """
    children = max(1, min(work.jobs, len(pictures)))
    idle: queue.SimpleQueue[Sandbox] = queue.SimpleQueue()
    with contextlib.ExitStack() as stack:
        limits = _child_limits(work.limits)
        sandboxes = [
            stack.enter_context(Sandbox(limits, child=DECODING_CHILD)) for _ in range(children)
        ]
        for sandbox in sandboxes:
            idle.put(sandbox)
        threads = stack.enter_context(ThreadPoolExecutor(children))

        def one(picture: Picture) -> ReadPicture | IsocenterError:
            sandbox = idle.get()
            try:
                return read_picture(picture, sandbox.transform, scratch, multi_frame=multi_frame)
            except IsocenterError as error:
                return error
            finally:
                idle.put(sandbox)

        pending: deque[tuple[Picture, Future[ReadPicture | IsocenterError]]] = deque()
        try:
            for picture in pictures:
                work.progress.check_cancelled()
                if len(pending) == _AHEAD * children:
                    first, future = pending.popleft()
                    yield first, future.result()
                pending.append((picture, threads.submit(one, picture)))
            while pending:
                work.progress.check_cancelled()
                first, future = pending.popleft()
                yield first, future.result()
        except BaseException:
            # Nobody waits for what is left: the threads end when their children do.
            for _, future in pending:
                future.cancel()
            for sandbox in sandboxes:
                sandbox.kill()
            raise


def read_picture(
    picture: Picture, transform: Transform, scratch: Path, *, multi_frame: bool
) -> ReadPicture:
    """Return what a child makes of one picture.

    Raises
    ------
    IsocenterError
        If it cannot be read or decoded.
    """
    made = scratch / f"{picture.group.hex()[:16]}-{picture.number}"
    facts = transform(_FUNCTION, picture.path, made, multi_frame=multi_frame)
    try:
        FileSource(picture.path, picture.stamp).close()
        with FileSource(made) as source:
            profiles = [_profile(one, source) for one in _rows(facts)]
        return ReadPicture(picture, read_facts(facts, profiles), made)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _rows(facts: dict[str, JSON]) -> list[JSON]:
    rows = facts.get("formats")
    return rows if isinstance(rows, list) else []


def _profile(facts: JSON, source: FileSource) -> bytes:
    place = icc_range(facts)
    if place.length > _PROFILE_BYTES_MAX:
        raise InvalidInputError("a colour profile of an unlikely size")
    return source.read_at(place.offset, place.length)


def digest_of(source: FileSource) -> bytes:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    for offset in range(0, source.size, _READ_BYTES):
        digest.update(source.read_at(offset, _READ_BYTES))
    return digest.digest()


def _child_limits(limits: Limits) -> Limits:
    """Return the bounds of a child that writes all pages of a picture."""
    return replace(limits, inflated_bytes=max(limits.inflated_bytes, limits.instance_pixel_bytes))
