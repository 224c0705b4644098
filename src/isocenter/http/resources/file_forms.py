"""Forms with one file beside fields: the file goes into the store as it comes."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from starlette.requests import Request

from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.http.blocking import Blocking
from isocenter.http.bodies import check_length, read_chunks
from isocenter.http.multipart import FieldWriter, MultipartReader, PartWriter, feed_off_loop
from isocenter.http.part_headers import Part, declared_boundary
from isocenter.limits import Limits
from isocenter.store.blobs import BlobWriter, StagedBlob

_FORM_BYTES = 1 << 20  # delimiters and headers of parts


@dataclass(frozen=True, slots=True)
class FileForm:
    """What a form said: its fields, and the bytes of its file, complete and not yet visible."""

    fields: dict[str, str]
    staged: StagedBlob
    file_name: str


async def read_file_form(
    request: Request,
    names: Collection[str],
    new_writer: Callable[[], BlobWriter],
    bytes_max: int,
    blocking: Blocking,
    limits: Limits,
) -> FileForm:
    """Return the form of a request; the caller takes the bytes over or discards them.

    Parameters
    ----------
    names
        What the field of the file may be called.
    bytes_max
        How many bytes the file may have.

    Raises
    ------
    InvalidInputError
        If the body is no complete form, or has no file or several.
    TooLargeError, BodyTimeoutError
        If it is too large, or comes too slowly.
    """
    bound = bytes_max + limits.multipart_field_bytes + _FORM_BYTES
    check_length(request, bound)
    boundary = declared_boundary(request.headers.get("content-type", ""))
    writer = await blocking.call(new_writer)
    parts = _Parts(names, writer, bytes_max)
    reader = MultipartReader(boundary, parts.open_part, limits)
    chunks = read_chunks(
        request,
        bound,
        idle_seconds=limits.body_idle_seconds,
        total_seconds=limits.upload_seconds,
    )
    try:
        await feed_off_loop(chunks, reader.feed, blocking)
        reader.finish()
        if parts.file is None:
            raise InvalidInputError(f"no file was sent: the field is called {' or '.join(names)}")
        fields = parts.texts()
        staged = await blocking.bulk(writer.finish)
    finally:
        await blocking.call(writer.discard)
    return FileForm(fields, staged, parts.file.full_name)


class _Parts:
    """Takes the parts of a form."""

    def __init__(self, names: Collection[str], writer: BlobWriter, bytes_max: int) -> None:
        self._names = names
        self._writer = writer
        self._bytes_max = bytes_max
        self._fields: dict[str, bytearray] = {}
        self.file: Part | None = None

    def open_part(self, part: Part) -> PartWriter | None:
        """Return what takes the bytes of a part; other files count for nothing.

        Raises
        ------
        InvalidInputError
            If there are two files.
        """
        if part.file_name is None:
            return FieldWriter(self._fields.setdefault(part.field, bytearray()))
        if part.field not in self._names:
            return None
        if self.file is not None:
            raise InvalidInputError("one request sends one file")
        self.file = part
        return _File(self._writer, self._bytes_max)

    def texts(self) -> dict[str, str]:
        """Return the fields.

        Raises
        ------
        InvalidInputError
            If one is not UTF-8.
        """
        try:
            return {name: value.decode("utf-8") for name, value in self._fields.items()}
        except UnicodeDecodeError:
            raise InvalidInputError("the fields of the form are not UTF-8") from None


class _File:
    """Writes the file, within its bound."""

    def __init__(self, writer: BlobWriter, bytes_max: int) -> None:
        self._writer = writer
        self._bytes_max = bytes_max

    def write(self, data: memoryview) -> None:
        """Write some bytes."""
        size = self._writer.size_bytes + len(data)
        if size > self._bytes_max:
            raise TooLargeError("annotation_file_bytes", self._bytes_max, size, "bytes")
        self._writer.write(data)

    def close(self) -> None:
        """End the file: it is complete when the form is."""
