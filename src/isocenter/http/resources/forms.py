"""The form of an upload: a file that streams on, and fields before and after it."""

import re
from collections.abc import Mapping

import orjson
from starlette.requests import Request

from isocenter.errors import InvalidInputError
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import check_length, read_chunks
from isocenter.http.multipart import FieldWriter, MultipartReader, PartWriter, feed_off_loop
from isocenter.http.part_headers import Part, declared_boundary
from isocenter.http.resources.queries import read_truth
from isocenter.limits import Limits
from isocenter.services.resource_uploads import ResourceUpload, Told

FILE = "resource"
_INDEXED = re.compile(r"(labels|tags)\[\d*\]")
_FORM_BYTES = 1 << 20  # delimiters and headers of parts


class UploadForm:
    """The parts of one body: the file goes to an upload as it comes, fields are kept."""

    def __init__(self, upload: ResourceUpload) -> None:
        self._upload = upload
        self._fields: list[tuple[str, bytearray]] = []
        self._file: Part | None = None

    def open_part(self, part: Part) -> PartWriter | None:
        """Return what takes the bytes of a part; other files count for nothing.

        Raises
        ------
        InvalidInputError
            If there are two files.
        """
        if part.file_name is None:
            self._fields.append((part.field, bytearray()))
            return FieldWriter(self._fields[-1][1])
        if part.field != FILE:
            return None
        if self._file is not None:
            raise InvalidInputError("one request uploads one file, in the field resource")
        self._file = part
        return _File(self._upload)

    @property
    def has_file(self) -> bool:
        """Whether there was a file; without one its ``sha256`` names bytes that are there."""
        return self._file is not None

    def told(self, idempotency_key: str | None) -> Told:
        """Return what the form says, when it is complete.

        Raises
        ------
        InvalidInputError
            If there is no file, or a field says nothing sensible.
        """
        said = {name: _text(value, name) for name, value in self._fields}
        file = self._file
        if file is None:
            if not said.get("sha256"):
                raise InvalidInputError("no file was sent: the field is called resource")
            file = Part(FILE, said.get("filename", ""), "", said.get("filename", ""))
        labels = [
            word
            for name in ("labels", "tags")
            for word in said.get(name, "").split(",")
            if word.strip()
        ]
        labels += [_text(value, name) for name, value in self._fields if _INDEXED.fullmatch(name)]
        return Told(
            name=file.full_name,
            types=(said.get("mimetype", ""), file.media_type),
            channel=said.get("channel") or None,
            modality=said.get("modality") or None,
            labels=[label for label in labels if label.strip()],
            source_path=said.get("source_filepath") or said.get("filepath") or None,
            metadata=_metadata(said.get("metadata", "")),
            publish=read_truth(said.get("bypass_inbox") or "false", "bypass_inbox"),
            upload_mechanism=said.get("source") or "api",
            idempotency_key=idempotency_key,
            sha256=said.get("sha256", "").lower(),
        )


async def read_upload_form(
    request: Request, upload: ResourceUpload, blocking: Blocking, limits: Limits
) -> UploadForm:
    """Return the form of a request whose file went to the upload.

    Raises
    ------
    InvalidInputError
        If the body is no complete form.
    TooLargeError, BodyTimeoutError
        If it is too large, or comes too slowly.
    """
    boundary = declared_boundary(request.headers.get("content-type", ""))
    bound = limits.stored_instance_bytes + limits.multipart_field_bytes + _FORM_BYTES
    check_length(request, bound)
    form = UploadForm(upload)
    reader = MultipartReader(boundary, form.open_part, limits)
    chunks = read_chunks(
        request,
        bound,
        idle_seconds=limits.body_idle_seconds,
        total_seconds=limits.upload_seconds,
    )
    await feed_off_loop(chunks, reader.feed, blocking)
    reader.finish()
    return form


class _File:
    """Hands the bytes of the file on."""

    def __init__(self, upload: ResourceUpload) -> None:
        self._upload = upload

    def write(self, data: memoryview) -> None:
        """Hand some bytes on."""
        self._upload.write(data)

    def close(self) -> None:
        """End the file: what it is depends on fields that may follow."""


def _text(value: bytearray, name: str) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInputError(f"the field {name} is not UTF-8") from None


def _metadata(text: str) -> Mapping[str, object] | None:
    if not text:
        return None
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidInputError("metadata is not JSON") from None
    if not isinstance(said, dict):
        raise InvalidInputError("metadata is not a JSON object")
    return said
