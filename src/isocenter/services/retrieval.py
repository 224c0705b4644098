"""The archive gives out what it has: Instances, Frames, metadata, pictures.

A Frame is one row and one ranged read: where it lies was written down when it came in. Metadata
was, too. Everything else is made on demand and kept for a while.

References
----------
PS3.18 10.4 (Retrieve Transaction), 8.7 (media types).
"""

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from isocenter.dicom.frame_table import find_frame, read_ranges
from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.single_frame import single_frame
from isocenter.dicom.uids import EXPLICIT, NATIVE, VIDEO
from isocenter.dicom.windows import FULL, OWN, parse_window
from isocenter.errors import (
    FrameNotFoundError,
    InvalidInputError,
    NotFoundError,
    NotSupportedError,
)
from isocenter.limits import Limits
from isocenter.services.conversions import Conversions, Rendering
from isocenter.services.plain_forms import PlainForms
from isocenter.store.blobs import BlobReader, BlobStore
from isocenter.store.database import Database
from isocenter.store.lookup import (
    AnyRow,
    CatalogPlace,
    find_instance,
    list_instances,
    read_metadata,
    state_of,
)

Place = CatalogPlace

STORED = "*"
PICTURES = frozenset({"jpeg", "png", "gif", "mp4"})
_URI = b'"BulkDataURI":"'
_GONE = "there is no such study, series or instance"


class OpenedBytes(Protocol):
    """Bytes of an Instance that are open for reading; a ``ByteSource``."""

    @property
    def size(self) -> int:
        """Length in bytes."""

    @property
    def path(self) -> Path | None:
        """A file with exactly these bytes; ``None`` without one."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""

    def close(self) -> None:
        """Release what reading needs."""


@dataclass(frozen=True, slots=True)
class ArchivedInstance:
    """An Instance in the archive; ``number`` is its Instance Number, ``blob_key`` its SHA-256."""

    study_uid: str
    series_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    size_bytes: int
    blob_key: str
    frames: int
    number: int | None
    is_plain: bool


class Image(NamedTuple):
    """An Instance whose Frames are wanted, and where they lie."""

    instance: ArchivedInstance
    offsets: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """A Frame in a Transfer Syntax; native ones are little endian and begin with a whole byte."""

    data: bytes
    transfer_syntax_uid: str


class Retrieval:
    """Reads the archive; safe for any number of threads."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        plain_forms: PlainForms,
        conversions: Conversions,
        limits: Limits,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._plain_forms = plain_forms
        self._conversions = conversions
        self._limits = limits

    def instances(self, place: Place) -> list[ArchivedInstance]:
        """Return the Instances of a Study, a Series, or the one that is named.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        with self._database.read() as connection:
            rows = list_instances(connection, place)
        if not rows:
            raise NotFoundError(_GONE)
        return [_archived(row) for row in rows]

    def open(self, instance: ArchivedInstance, transfer_syntax_uid: str = STORED) -> OpenedBytes:
        """Return the bytes of an Instance; the caller closes them.

        Parameters
        ----------
        transfer_syntax_uid
            ``*`` or that of the Instance: exactly what was stored. Any other: made from it.

        Raises
        ------
        NotSupportedError
            If it cannot be had in this Transfer Syntax.
        NotFoundError
            If it was removed meanwhile.
        IsocenterError
            If it cannot be decoded.
        """
        if transfer_syntax_uid in {STORED, instance.transfer_syntax_uid}:
            return self.stored(instance)
        with self._plain(instance) as (path, header):
            stored = header.transfer_syntax_uid or EXPLICIT
            return self._conversions.whole(instance.blob_key, path, stored, transfer_syntax_uid)

    def stored(self, instance: ArchivedInstance) -> BlobReader:
        """Return exactly what was stored; the caller closes it.

        Raises
        ------
        NotFoundError
            If it was removed meanwhile.
        """
        return self._blobs.open(instance.blob_key)

    def frame(self, place: Place, frame_number: int, transfer_syntax_uid: str = STORED) -> Frame:
        """Return one Frame; ``frame_number`` counts from 1.

        Raises
        ------
        NotFoundError
            If there is no such Instance; ``FrameNotFoundError`` if it has no such Frame.
        NotSupportedError
            If it cannot be had in this Transfer Syntax.
        IsocenterError
            If it cannot be decoded.
        """
        return next(self.frames(place, [frame_number], transfer_syntax_uid))

    def frames(
        self, place: Place, frame_numbers: Sequence[int], transfer_syntax_uid: str = STORED
    ) -> Iterator[Frame]:
        """Return Frames in the order of their numbers as given; all are checked first.

        Raises
        ------
        NotFoundError, NotSupportedError, IsocenterError
            As ``frame`` does.
        """
        return self.frames_of(self.image(place, frame_numbers), frame_numbers, transfer_syntax_uid)

    def image(self, place: Place, frame_numbers: Sequence[int]) -> Image:
        """Return the Instance of a place if it has all these Frames.

        Raises
        ------
        NotFoundError
            If there is no such Instance; ``FrameNotFoundError`` if one of the Frames is not there.
        """
        with self._database.read() as connection:
            row = find_instance(connection, place)
        if row is None:
            raise NotFoundError(_GONE)
        for frame_number in frame_numbers:
            if not 1 <= frame_number <= row.frames:
                raise FrameNotFoundError(frame_number, row.frames)
        return Image(_archived(row), bytes(row.frame_offsets))

    def frames_of(
        self, image: Image, frame_numbers: Sequence[int], transfer_syntax_uid: str = STORED
    ) -> Iterator[Frame]:
        """Return Frames of an Instance, as ``frames`` does; ``image`` has checked their numbers.

        Raises
        ------
        NotSupportedError, IsocenterError
            As ``frame`` does.
        """
        if image.instance.transfer_syntax_uid.startswith(VIDEO):
            raise NotSupportedError("frames of a video cannot be had one by one")
        return self._frames(image, frame_numbers, transfer_syntax_uid)

    def _frames(
        self, image: Image, frame_numbers: Sequence[int], wanted_uid: str
    ) -> Iterator[Frame]:
        instance, offsets = image
        own_uid = instance.transfer_syntax_uid
        own_uid = EXPLICIT if own_uid in NATIVE else own_uid
        with contextlib.ExitStack() as stack:
            source = stack.enter_context(contextlib.closing(self.open_plain(instance)))
            header: HeaderIndex | None = None
            for frame_number in frame_numbers:
                data = read_ranges(source, find_frame(offsets, frame_number))
                if wanted_uid in {STORED, own_uid}:
                    yield Frame(data, own_uid)
                    continue
                header = header or index_header(source, self._limits)
                alone = _Alone(header, data)
                key = instance.blob_key
                made = self._conversions.frame(key, frame_number, wanted_uid, alone)
                yield Frame(made, wanted_uid)

    def metadata(self, place: Place, base_url: str) -> Iterator[bytes]:
        """Return one JSON array of the metadata of all Instances of a place, in parts.

        Parameters
        ----------
        base_url
            What stands before ``/studies/...`` in the URLs of bulk data; ASCII.

        Raises
        ------
        NotFoundError
            If there is no such thing, at once and not in the middle.
        """
        if not self._state(place)[0]:
            raise NotFoundError(_GONE)
        return self._metadata(place, base_url)

    def _metadata(self, place: Place, base_url: str) -> Iterator[bytes]:
        begins = b"["
        with self._database.read() as connection:
            for found in read_metadata(connection, place):
                url = f"{base_url}/studies/{place.study_uid}/series/{found.series_uid}/"
                # A quote inside of a text is written with a backslash, so this is always a key.
                uri = _URI + url.encode("ascii")
                for text in found.texts:
                    yield begins + text.replace(_URI, uri)
                    begins = b","
        yield b"]" if begins == b"," else b"[]"

    def metadata_tag(self, place: Place) -> str:
        """Return a text that changes when the metadata of a place does, for conditions.

        Raises
        ------
        NotFoundError
            If there is no such thing.
        """
        state = self._state(place)
        if not state[0]:
            raise NotFoundError(_GONE)
        told = "/".join((*place, *map(str, state)))
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def _state(self, place: Place) -> tuple[int, int, int]:
        with self._database.read() as connection:
            return state_of(connection, place)

    def rendered(  # noqa: PLR0913 - the options of a request, by keyword only
        self,
        place: Place,
        frame_number: int = 1,
        *,
        kind: str = "jpeg",
        window: str = OWN,
        viewport: str = "",
        quality: int = 0,
        region: str = "",
        annotations: bool = False,
    ) -> bytes:
        """Return a Frame as a picture, or all Frames as an animation or a video.

        Of a Study or a Series it is the Instance in the middle that is shown.

        Parameters
        ----------
        kind
            ``jpeg`` or ``png``: one Frame; ``gif`` or ``mp4``: all of them.
        window
            ``own``, ``full`` or ``CENTER,WIDTH[,FUNCTION]``.
        viewport
            ``vw,vh[,sx,sy,sw,sh]``; ``""`` for the size of the Frame.
        quality
            1 to 100 for JPEG; 0 for the usual one.
        region
            ``left,top,right,bottom`` from 0 to 1, cut out first; ``""`` for all of it.
        annotations
            Whether name, ID and date are written into pictures; videos have none.

        Raises
        ------
        NotFoundError
            If there is no such thing, or no such Frame.
        InvalidInputError
            If an option says nothing sensible.
        NotSupportedError
            If it has no pixels.
        IsocenterError
            If it cannot be decoded or shown.
        """
        if kind not in PICTURES:
            raise InvalidInputError(
                f"the type of a picture is one of {', '.join(sorted(PICTURES))}"
            )
        if window not in {OWN, FULL}:
            window = str(parse_window(window))
        if not 0 <= quality <= 100:
            raise InvalidInputError("the quality is a number from 1 to 100")
        instance = self._shown(place)
        is_video = instance.transfer_syntax_uid.startswith(VIDEO)
        if is_video and kind != "mp4":
            raise NotSupportedError("of a video only the whole can be shown")
        if not is_video and not 1 <= frame_number <= instance.frames:
            raise FrameNotFoundError(frame_number, instance.frames)
        with self._plain(instance) as (path, header):
            key, syntax = instance.blob_key, header.transfer_syntax_uid
            if kind == "mp4":
                return self._conversions.video(key, path, syntax, window, instance.frames)
            options: Rendering = {
                "first_frame": 1 if kind == "gif" else frame_number,
                "frames": instance.frames if kind == "gif" else 1,
                "kind": kind,
                "window": window,
                "viewport": viewport,
                "quality": quality,
            }
            # Left out where they are not asked for: what was made without them stays good.
            options |= {"region": region} if region else {}
            options |= {"annotations": True} if annotations else {}
            return self._conversions.picture(key, path, options)

    def _one(self, place: Place) -> ArchivedInstance:
        with self._database.read() as connection:
            row = find_instance(connection, place)
        if row is None:
            raise NotFoundError(_GONE)
        return _archived(row)

    def _shown(self, place: Place) -> ArchivedInstance:
        """Return the Instance that stands for a place: an image if there is any, else a video."""
        found = [self._one(place)] if place.sop_instance_uid else self.instances(place)
        videos = [one for one in found if one.transfer_syntax_uid.startswith(VIDEO)]
        images = [one for one in found if one.frames and one not in videos] or videos
        if not images:
            raise NotSupportedError("it has no pixels to be shown")
        first = [one for one in images if one.series_uid == images[0].series_uid]
        return first[len(first) // 2]

    def open_plain(self, instance: ArchivedInstance) -> OpenedBytes:
        """Return the form that Frames and values were found in; the caller closes it."""
        stored = self._blobs.open(instance.blob_key)
        if instance.is_plain:
            return stored
        with stored:
            return self._plain_forms.open_copy(instance.blob_key, stored)

    @contextlib.contextmanager
    def _plain(self, instance: ArchivedInstance) -> Iterator[tuple[Path, HeaderIndex]]:
        """Give a file in plain form, for children, and its header."""
        with contextlib.closing(self.open_plain(instance)) as source:
            header = index_header(source, self._limits)
            if source.path is not None:
                yield source.path, header
                return
            with self._plain_forms.local_copy(source) as path:
                yield path, header


class _Alone:
    """Makes an Instance of one Frame when it is called for."""

    def __init__(self, header: HeaderIndex, data: bytes) -> None:
        self._header = header
        self._data = data

    def __call__(self) -> bytes:
        return single_frame(self._header, self._data)


def _archived(row: AnyRow) -> ArchivedInstance:
    return ArchivedInstance(
        study_uid=row.study_uid,
        series_uid=row.series_uid,
        sop_instance_uid=row.uid,
        sop_class_uid=row.sop_class_uid,
        transfer_syntax_uid=row.transfer_syntax_uid,
        size_bytes=row.size_bytes,
        blob_key=row.blob_key,
        frames=row.frames,
        number=row.instance_number,
        is_plain=row.is_plain,
    )
