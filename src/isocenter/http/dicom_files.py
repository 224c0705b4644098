"""Files posted by developers: DICOM becomes JSON with pictures, a picture becomes DICOM.

Answers are written from files while they are sent, so that memory does not grow with them.
"""

import base64
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple, cast, get_args

import orjson
from starlette.requests import Request
from starlette.responses import Response

from isocenter.dicom.dictionary import keyword_of
from isocenter.errors import (
    FieldsError,
    InvalidInputError,
    NotDicomError,
    NotSupportedError,
)
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import check_length, read_chunks
from isocenter.http.developer import counted
from isocenter.http.endpoints import Endpoint
from isocenter.http.multipart import FieldWriter, MultipartReader, PartWriter, feed_off_loop
from isocenter.http.openapi import parameter
from isocenter.http.part_headers import Part, declared_boundary
from isocenter.http.ranges import Span
from isocenter.http.transfer import Transfers, attachment
from isocenter.limits import Limits
from isocenter.services.developers import GENERATE, READ, Developers
from isocenter.services.generation import Generation, MadeFile, parse_attributes
from isocenter.services.reading import (
    Desk,
    FailedFile,
    Kind,
    NewFile,
    PixelData,
    Range,
    ReadFile,
    Reading,
    Values,
    Wish,
    parse_fields,
)
from isocenter.services.session_names import harmless_name

READ_PATH = "/api/dicom/read/file/"
GENERATE_PATHS = ("/api/dicom/generate/", "/api/dicom/write/upload_content/")
FILE, IMAGE, FILE_NAME = "file", "image", "file_name"
NO_FILE = "This field may not be null."
WRONG_SUFFIX = "Invalid file type. Only .dcm, .DCM, .zip are allowed."
# Without a suffix, or with that of a UID or a number, a file is looked at too.
SUFFIXES = frozenset({"", ".dcm", ".dic", ".dicom", ".ima", ".zip"})

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "return_format": get_args(Kind),
    "values": get_args(Values),
    "pixel_data": get_args(PixelData),
    "images": ("include", "omit"),
}
_TEXT: Mapping[str, object] = {"type": "string"}
_FILE: Mapping[str, object] = {"type": "string", "format": "binary"}
_READ_EXAMPLE = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.12.1",
    "Modality": "XA",
    "PatientName": "Rubo DEMO",
    "NumberOfFrames": "96",
    "FrameIncrementPointer": "(0018,1063)",
    "RWavePointer": "[20, 53, 77]",
    "ImageFormat": "PNG",
    "Images": ["iVBORw0KGgoAAAANSUhEUgAAAgAAAAIACAAAAADRE4s..."],
}
_CHUNK_BYTES = 3 << 18  # a multiple of 3, so that pieces of base64 join


class _Posted(NamedTuple):
    """What a form holds."""

    path: Path
    name: str
    fields: Mapping[str, str]


class DicomFilesApi:
    """What the endpoints do."""

    def __init__(
        self,
        reading: Reading,
        developers: Developers,
        callers: Callers,
        blocking: Blocking,
        transfers: Transfers,
        limits: Limits,
    ) -> None:
        self._reading = reading
        self._generation = Generation(reading)
        self._developers = developers
        self._callers = callers
        self._blocking = blocking
        self._transfers = transfers
        self._limits = limits

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered, on the documented paths and that of the reference."""
        return [
            Endpoint(
                "POST",
                READ_PATH,
                self.read,
                "Read a DICOM file, or a zip archive of some: values, and Frames as pictures",
                {
                    200: "Values by keyword with Images in base64; of an archive with several "
                    "files `count` and `results`",
                    400: "The file or a field is wrong; the answer says which, and why",
                    413: "It is too large",
                    429: "The quota of this month is used up",
                },
                parameters=tuple(_parameters()),
                body=_multipart(
                    {FILE: _FILE, "fields": _TEXT, **_choice_schemas()}, required=(FILE,)
                ),
                answer_example=_READ_EXAMPLE,
                is_bulk=True,
            ),
            *(
                Endpoint(
                    "POST",
                    path,
                    self.generate,
                    "Make a DICOM file of a PNG or JPEG; further fields are attributes by keyword",
                    {
                        200: "The file: Secondary Capture",
                        400: "The picture or an attribute is wrong; the answer says which, and why",
                        413: "It is too large",
                        429: "The quota of this month is used up",
                    },
                    body=_multipart(
                        {FILE_NAME: _TEXT, IMAGE: _FILE, "PatientName": _TEXT, "Modality": _TEXT},
                        required=(FILE_NAME, IMAGE),
                        more=_TEXT,
                    ),
                    answer_type="application/dicom",
                    is_bulk=True,
                )
                for path in GENERATE_PATHS
            ),
        ]

    async def read(self, request: Request) -> Response:
        """Read a file, or each of an archive."""
        principal = await self._callers.principal(request, "process")
        async with counted(self._blocking, self._developers, principal, READ):
            desk = await self._blocking.call(self._reading.begin)
            try:
                async with self._blocking.upload_turn():
                    posted = await self._receive(request, desk)
                wish = _wish({**request.query_params, **posted.fields})
                found = await self._blocking.bulk(_read, desk, posted, wish)
                segments = [*_segments(found, wish)]
                return self._transfers.stream(
                    self._sent(segments),
                    {},
                    "application/json",
                    length=sum(map(_length, segments)),
                    close=desk.close,
                )
            except BaseException:
                await self._blocking.bulk(desk.close)
                raise

    async def generate(self, request: Request) -> Response:
        """Make a DICOM file of a picture and attributes."""
        principal = await self._callers.principal(request, "process")
        async with counted(self._blocking, self._developers, principal, GENERATE):
            desk = await self._blocking.call(self._reading.begin)
            try:
                async with self._blocking.upload_turn():
                    posted = await self._receive(request, desk, IMAGE)
                made = await self._blocking.bulk(_make, self._generation, desk, posted)

                def close() -> None:
                    made.close()
                    desk.close()

                return self._transfers.stream(
                    self._transfers.read(made.read_at, Span(0, made.size)),
                    {"Content-Disposition": attachment(_attached_name(posted.fields))},
                    "application/dicom",
                    length=made.size,
                    close=close,
                )
            except BaseException:
                await self._blocking.bulk(desk.close)
                raise

    async def _receive(self, request: Request, desk: Desk, field: str = FILE) -> _Posted:
        """Write the file of a form to the disk while it comes."""
        limits = self._limits
        check_length(request, limits.upload_bytes)
        try:
            boundary = declared_boundary(request.headers.get("content-type", ""))
        except InvalidInputError:
            raise FieldsError({field: [NO_FILE]}) from None
        form = _Form(desk, field)
        chunks = read_chunks(
            request,
            limits.upload_bytes,
            idle_seconds=limits.body_idle_seconds,
            total_seconds=limits.upload_seconds,
        )
        try:
            reader = MultipartReader(boundary, form.open_part, limits)
            await feed_off_loop(chunks, reader.feed, self._blocking)
            reader.finish()
        finally:
            form.close()
        if form.file is None:
            raise FieldsError({field: [NO_FILE]})
        return _Posted(form.file.path, form.name, form.fields())

    async def _sent(self, segments: Sequence[bytes | Range]) -> AsyncIterator[bytes]:
        chunks = _encoded(segments)
        while (chunk := await self._blocking.bulk(next, chunks, b"")) != b"":
            yield chunk


class _Form:
    """Keeps the first file of a form on the disk, and its other fields in memory."""

    def __init__(self, desk: Desk, field: str) -> None:
        self._desk = desk
        self._field = field
        self.file: NewFile | None = None
        self.name = ""
        self._fields: dict[str, bytearray] = {}

    def open_part(self, part: Part) -> PartWriter | None:
        if part.field != self._field:
            return FieldWriter(self._fields.setdefault(part.field, bytearray()))
        if self.file is not None or not part.file_name:
            return None
        self.name = part.file_name
        self.file = self._desk.new_file()
        return self.file

    def close(self) -> None:
        if self.file is not None:
            self.file.close()

    def fields(self) -> dict[str, str]:
        try:
            return {name: value.decode() for name, value in self._fields.items()}
        except UnicodeDecodeError:
            raise InvalidInputError("the fields of the form are not UTF-8") from None


def _parameters() -> Iterator[dict[str, object]]:
    yield parameter("fields", "Keywords that are wanted, with commas between them")
    words = {
        "return_format": "Kind of the pictures; gif is one picture of all Frames",
        "values": "text: as pydicom prints values; native: types of JSON; dicom: PS3.18 F",
        "pixel_data": "What is given of Pixel Data itself",
        "images": "Whether pictures are made",
    }
    for name, schema in _choice_schemas().items():
        yield parameter(name, words[name], schema)


def _choice_schemas() -> dict[str, Mapping[str, object]]:
    return {
        name: {"type": "string", "enum": list(choices), "default": choices[0]}
        for name, choices in _CHOICES.items()
    }


def _multipart(
    properties: Mapping[str, Mapping[str, object]],
    required: Sequence[str],
    more: Mapping[str, object] | None = None,
) -> dict[str, object]:
    schema: dict[str, object] = {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
    }
    if more is not None:
        schema["additionalProperties"] = more
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _wish(fields: Mapping[str, str]) -> Wish:
    """Return what is wanted.

    Raises
    ------
    FieldsError
        If a field says something that is not known.
    """
    reasons: dict[str, list[str]] = {}
    chosen: dict[str, str] = {}
    for name, choices in _CHOICES.items():
        said = fields.get(name, "").strip().lower()
        if said and said not in choices:
            reasons[name] = [f"This is not a valid choice; the choices are: {', '.join(choices)}."]
        chosen[name] = said or choices[0]
    tags = None
    try:
        tags = parse_fields(fields.get("fields", ""))
    except InvalidInputError as error:
        reasons["fields"] = [str(error)]
    if reasons:
        raise FieldsError(reasons)
    return Wish(
        tags,
        cast(Values, chosen["values"]),
        cast(PixelData, chosen["pixel_data"]),
        cast(Kind, chosen["return_format"]),
        has_pictures=chosen["images"] == "include",
    )


def _read(desk: Desk, posted: _Posted, wish: Wish) -> list[ReadFile | FailedFile]:
    """Return what a file holds.

    Raises
    ------
    FieldsError
        If it cannot be read.
    IsocenterError
        As ``Desk.read`` does.
    """
    suffix = PurePosixPath(posted.name).suffix.lower()
    if suffix not in SUFFIXES and not suffix[1:].isdigit():
        raise FieldsError({FILE: [WRONG_SUFFIX]})
    try:
        return desk.read(posted.path, posted.name, wish)
    except NotDicomError as error:
        raise FieldsError({FILE: [f"Invalid DICOM file: {error.reason}."]}) from None
    except NotSupportedError as error:
        way_out = " With images=omit its values come alone." if wish.has_pictures else ""
        raise FieldsError({FILE: [f"This file cannot be read: {error}.{way_out}"]}) from None
    except InvalidInputError as error:
        raise FieldsError({FILE: [f"This file cannot be read: {error}."]}) from None


def _make(generation: Generation, desk: Desk, posted: _Posted) -> MadeFile:
    """Return the DICOM file.

    Raises
    ------
    FieldsError
        If the picture or an attribute is refused.
    IsocenterError
        As ``Generation.make`` does.
    """
    told = {name: text for name, text in posted.fields.items() if name != FILE_NAME}
    given = parse_attributes(told)
    if not posted.fields.get(FILE_NAME, "").strip():
        raise FieldsError({FILE_NAME: ["This field is required."]})
    try:
        return generation.make(desk, posted.path, given)
    except (InvalidInputError, NotSupportedError) as error:
        raise FieldsError({IMAGE: [f"{error}."]}) from None


def _attached_name(fields: Mapping[str, str]) -> str:
    """Return the name that was asked for, reduced to what no header and no system takes amiss."""
    return f"{harmless_name(fields[FILE_NAME].strip().removesuffix('.dcm'))}.dcm"


def _segments(found: Sequence[ReadFile | FailedFile], wish: Wish) -> Iterator[bytes | Range]:
    """Yield the answer: what is written as it is, and ranges of files that become base64."""
    if len(found) == 1 and isinstance(found[0], ReadFile):
        yield from _file_segments(found[0], {}, wish)
        return
    yield b'{"count":%d,"results":[' % len(found)
    for number, one in enumerate(found):
        yield b"," * bool(number)
        if isinstance(one, ReadFile):
            yield from _file_segments(one, {"FileName": one.name}, wish)
        else:
            yield orjson.dumps({"FileName": one.name, "error": one.reason})
    yield b"]}"


def _file_segments(file: ReadFile, first: Mapping[str, str], wish: Wish) -> Iterator[bytes | Range]:
    values = {**first, **file.values}
    if file.pictures is not None:
        values["ImageFormat"] = wish.kind.upper()
    yield orjson.dumps(values)[:-1]
    comma = b"," if values else b""
    if file.pixels is not None:
        pixels = file.pixels
        if wish.values == "dicom":
            yield b'%s"%08X":{"vr":"%s","InlineBinary":"' % (comma, pixels.tag, pixels.vr.encode())
        else:
            yield b'%s"%s":"' % (comma, keyword_of(pixels.tag).encode())
        yield pixels.value
        yield b'"}' if wish.values == "dicom" else b'"'
        comma = b","
    if file.pictures is not None:
        yield comma + b'"Images":['
        for number, picture in enumerate(file.pictures):
            yield b',"' if number else b'"'
            yield picture
            yield b'"'
        yield b"]"
    yield b"}"


def _length(segment: bytes | Range) -> int:
    return len(segment) if isinstance(segment, bytes) else (segment.length + 2) // 3 * 4


def _encoded(segments: Sequence[bytes | Range]) -> Iterator[bytes]:
    """Yield the answer in chunks of about a mebibyte."""
    held: list[bytes] = []
    held_bytes = 0
    for segment in segments:
        pieces = [segment] if isinstance(segment, bytes) else _base64(segment)
        for piece in pieces:
            held.append(piece)
            held_bytes += len(piece)
            if held_bytes >= _CHUNK_BYTES:
                yield b"".join(held)
                held, held_bytes = [], 0
    yield b"".join(held)


def _base64(place: Range) -> Iterator[bytes]:
    with place.path.open("rb") as stream:
        stream.seek(place.offset)
        for start in range(0, place.length, _CHUNK_BYTES):
            yield base64.b64encode(stream.read(min(_CHUNK_BYTES, place.length - start)))
