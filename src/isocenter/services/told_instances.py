"""Instances that come as metadata and bulk data in parts of their own, put together and stored.

Metadata is held, bulk data waits in one scratch file without a name. When all parts are there,
each Instance is written as Part 10 and goes the way of those that came so. A BulkDataURI names a
part of the same request and nothing else: no address is ever asked for it.

References
----------
PS3.18 10.5.1.4 (payload), 10.5.2 (behaviour); RFC 2557 (Content-Location), RFC 2392 (cid).
"""

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Literal, NamedTuple, Self

import orjson

from isocenter.dicom.bulk_pixels import BulkPart, ElementError
from isocenter.dicom.dictionary import tag_of
from isocenter.dicom.frame_table import count_frames, pack_frames
from isocenter.dicom.header_index import PIXEL_DATA, index_header
from isocenter.dicom.json_instance import FindBulk, instance_pieces
from isocenter.dicom.json_model import JSON, JSONObject, first_value
from isocenter.dicom.native_xml import from_xml
from isocenter.dicom.streams import ByteRange, PiecesSource, StreamSource
from isocenter.dicom.uids import VIDEO
from isocenter.errors import (
    DeadlineExceededError,
    InvalidInputError,
    MissingElementError,
    NotSupportedError,
    TooLargeError,
)
from isocenter.limits import Limits
from isocenter.services.derived_files import DerivedFiles
from isocenter.services.studies import CANNOT_UNDERSTAND, OUT_OF_RESOURCES, Intake
from isocenter.services.told_pictures import MEDIA_TYPES, Pictures
from isocenter.system_errors import safe_error

Language = Literal["json", "xml"]

_COPY_BYTES = 1 << 20
_PIXELS = "7FE00010"
_SOP_CLASS_UID, _SOP_INSTANCE_UID = 0x00080016, 0x00080018
_UID_CHARACTERS_MAX = 64
_NAMED_BY_NONE = "a part with bulk data is named by no metadata of this request"


class Location(NamedTuple):
    """How a part is named, and what it says of its bytes; texts are ``""`` where nothing is."""

    content_location: str
    content_id: str
    media_type: str
    transfer_syntax_uid: str


class ToldIntakes:
    """Begins requests with metadata and bulk data; safe for any number of threads.

    Parameters
    ----------
    files
        Where scratch files lie.
    """

    def __init__(self, files: DerivedFiles, pictures: Pictures, limits: Limits) -> None:
        self._files = files
        self._pictures = pictures
        self._limits = limits

    def begin(self, intake: Intake) -> "ToldInstances":
        """Return a request to be filled, whose Instances go into an intake."""
        return ToldInstances(self._files, self._pictures, intake, self._limits)


class ToldInstances:
    """The metadata and bulk data of one request; used by one thread at a time.

    Leaving the ``with`` block removes what waits; ``finish`` stores it.
    """

    def __init__(
        self, files: DerivedFiles, pictures: Pictures, intake: Intake, limits: Limits
    ) -> None:
        self._pictures = pictures
        self._intake = intake
        self._limits = limits
        self._documents: list[JSONObject] = []
        self._metadata_bytes = 0
        self._parts: dict[str, list[BulkPart]] = {}
        self._names: list[list[str]] = []
        self._spool = files.open_scratch()
        self._spooled = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._spool.close()

    def add_metadata(self, language: Language) -> "MetadataPart":
        """Begin a part with metadata: in JSON of any number of Instances, in XML of one."""
        return MetadataPart(self, language)

    def add_bulk_data(self, location: Location) -> "BulkDataPart":
        """Begin a part with bulk data."""
        return BulkDataPart(self, location)

    def finish(self) -> None:
        """Hand in every Instance; what is wrong with one becomes its failure.

        Raises
        ------
        UnavailableError
            If the disk or the database fail.
        """
        named = {uri for document in self._documents for uri in _uris(document)}
        for names in self._names:
            if named.isdisjoint(names + [name.rpartition("/frames/")[0] for name in names]):
                self._intake.fail(CANNOT_UNDERSTAND, _NAMED_BY_NONE)
        for document in self._documents:
            self._store(document)
        self._documents.clear()

    def hold(self, data: bytes | bytearray | memoryview) -> None:
        """Count bytes of metadata that somebody holds.

        Raises
        ------
        TooLargeError
            If they are more than may be.
        """
        self._metadata_bytes += len(data)
        bound = self._limits.stow_metadata_bytes
        if self._metadata_bytes > bound:
            raise TooLargeError("stow_metadata_bytes", bound, self._metadata_bytes, "bytes")

    def take_metadata(self, text: bytes, language: Language) -> None:
        """Take the metadata of a part that is whole."""
        found = [from_xml(text, self._limits)] if language == "xml" else _from_json(text)
        self._documents += found

    def spool(self, data: bytes | bytearray | memoryview) -> None:
        """Write bulk data behind what is there."""
        try:
            self._spool.write(data)
        except OSError as error:
            raise safe_error(error) from None
        self._spooled += len(data)

    @property
    def spooled(self) -> int:
        """How many bytes of bulk data there are."""
        return self._spooled

    def take_bulk_data(self, location: Location, start: int) -> None:
        """Take a part whose bytes are there from ``start`` on."""
        content = ByteRange(0, start, self._spooled - start)
        part = BulkPart(location.media_type, location.transfer_syntax_uid, content)
        given = location.content_location, location.content_id
        places = [name.strip().removeprefix("<").removesuffix(">") for name in given]
        names = [f"{kind}{name}" for kind, name in zip(("", "cid:"), places, strict=True) if name]
        if not names:
            self._intake.fail(CANNOT_UNDERSTAND, "a part with bulk data has no Content-Location")
            return
        self._names.append(names)
        for name in names:
            self._parts.setdefault(name, []).append(part)

    def _find(self, uri: str) -> Sequence[BulkPart]:
        """Return the parts of a BulkDataURI: those that have it, or its frames in order."""
        found = self._parts.get(uri.strip())
        if found:
            return found
        frames: list[BulkPart] = []
        while one := self._parts.get(f"{uri.strip()}/frames/{len(frames) + 1}"):
            frames += one[:1]
        return frames

    def _store(self, document: JSONObject) -> None:
        tag: int | None = None
        reason = CANNOT_UNDERSTAND
        try:
            document, find = self._with_pictures(document)
            spool = StreamSource(self._spool)
            pieces = instance_pieces(document, find, spool, self._limits)
            source = PiecesSource(pieces, [spool])
            _check_pixels(source, self._limits)
        except ElementError as error:
            tag, sentence = error.tag, str(error)
        except MissingElementError as error:
            tag, sentence = tag_of(error.keyword), str(error)
        except TooLargeError as error:
            reason, sentence = OUT_OF_RESOURCES, str(error)
        except (InvalidInputError, NotSupportedError) as error:
            sentence = str(error)
        except OSError as error:
            raise safe_error(error) from None
        else:
            self._write(source)
            return
        uids = (_uid(document, _SOP_CLASS_UID), _uid(document, _SOP_INSTANCE_UID))
        self._intake.fail(reason, sentence, uids=uids, tag=tag)

    def _with_pictures(self, document: JSONObject) -> tuple[JSONObject, FindBulk]:
        """Return a document and where its bulk data is, pictures made into Frames."""
        element = document.get(_PIXELS)
        uri = element.get("BulkDataURI") if isinstance(element, dict) else None
        parts = self._find(uri) if isinstance(uri, str) else ()
        if not any(part.media_type in MEDIA_TYPES for part in parts):
            return document, self._find
        if len(parts) > 1:
            raise ElementError(PIXEL_DATA, "came in several pictures; make one of them")
        spool = StreamSource(self._spool)
        try:
            made = self._pictures.make(parts[0].content, spool, self._append)
        except (InvalidInputError, NotSupportedError, DeadlineExceededError) as error:
            raise ElementError(PIXEL_DATA, f"cannot be made of the picture: {error}") from None
        known = {key.upper() for key in document}
        told = {tag: one for tag, one in made.told.items() if tag not in known}
        return {**document, **told}, lambda one: made.parts if one == uri else self._find(one)

    def _append(self, data: bytes) -> int:
        """Write bytes behind all others; return where they begin."""
        start = self._spool.seek(0, 2)
        self._spool.write(data)
        return start

    def _write(self, source: PiecesSource) -> None:
        part = self._intake.add_part()
        for offset in range(0, source.size, _COPY_BYTES):
            part.write(source.read_at(offset, _COPY_BYTES))
        part.close()


class MetadataPart:
    """A part with metadata, held until it is whole."""

    def __init__(self, told: ToldInstances, language: Language) -> None:
        self._told = told
        self._language: Language = language
        self._held = bytearray()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes; the buffer may be used again afterwards.

        Raises
        ------
        TooLargeError
            If the request has more metadata than one may.
        """
        self._told.hold(data)
        self._held += data

    def close(self) -> None:
        """End the part.

        Raises
        ------
        InvalidInputError
            If it is no metadata of this language.
        """
        self._told.take_metadata(bytes(self._held), self._language)


class BulkDataPart:
    """A part with bulk data, written to the scratch file."""

    def __init__(self, told: ToldInstances, location: Location) -> None:
        self._told = told
        self._location = location
        self._start = told.spooled

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes; the buffer may be used again afterwards.

        Raises
        ------
        UnavailableError
            If the disk is full.
        """
        self._told.spool(data)

    def close(self) -> None:
        """End the part."""
        self._told.take_bulk_data(self._location, self._start)


def _from_json(text: bytes) -> list[JSONObject]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidInputError("the metadata is no JSON") from None
    documents = found if isinstance(found, list) else [found]
    if not documents or not all(isinstance(one, dict) for one in documents):
        raise InvalidInputError("the metadata is no array of objects, one for each instance")
    return documents


def _uris(document: Mapping[str, JSON]) -> Iterator[str]:
    """Yield every BulkDataURI of a document, however deep."""
    waiting: list[JSON] = [dict(document)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            uri = one.get("BulkDataURI")
            if isinstance(uri, str):
                yield uri.strip()
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _uid(document: Mapping[str, JSON], tag: int) -> str:
    """Return a UID for the answer, ``""`` where there is none that could be one."""
    uid = first_value(document, tag)
    if not isinstance(uid, str) or len(uid) > _UID_CHARACTERS_MAX or not uid.isascii():
        return ""
    return uid if uid.replace(".", "").isdigit() else ""


def _check_pixels(source: PiecesSource, limits: Limits) -> None:
    """Return if all Frames are there that the metadata tells of.

    Raises
    ------
    ElementError, MissingElementError
        If they are not, or what tells their size is missing.
    """
    header = index_header(source, limits)
    uid = header.transfer_syntax_uid
    if PIXEL_DATA not in header.dataset.elements or uid.startswith(VIDEO):
        return
    try:
        table = pack_frames(header, source, limits)
    except MissingElementError:
        raise
    except (InvalidInputError, NotSupportedError) as error:
        raise ElementError(PIXEL_DATA, f"does not fit the metadata: {error}") from None
    if not count_frames(table):
        raise ElementError(PIXEL_DATA, "has no frames")
