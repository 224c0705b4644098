"""The form of an upload, as a stream."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError
from isocenter.http.multipart import MultipartReader
from isocenter.http.resources.forms import UploadForm
from isocenter.services.resource_uploads import ResourceUpload
from tests.archives import OWNER, open_desk
from tests.resource_desk import ResourceDesk, resource_desk

MIB = 1 << 20
BOUNDARY = b"limit"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ResourceDesk]:
    with open_desk(tmp_path) as opened:
        yield resource_desk(opened)


@pytest.fixture
def upload(desk: ResourceDesk) -> Iterator[ResourceUpload]:
    with desk.resources.begin_upload(OWNER) as begun:
        yield begun


def part(header: str, value: bytes) -> bytes:
    return b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (
        BOUNDARY,
        header.encode(),
        value,
    )


def read(upload: ResourceUpload, *parts: bytes) -> UploadForm:
    form = UploadForm(upload)
    reader = MultipartReader(BOUNDARY, form.open_part)
    reader.feed(b"".join(parts) + b"--%s--\r\n" % BOUNDARY)
    reader.finish()
    return form


def test_fields_count_wherever_they_stand(upload: ResourceUpload) -> None:
    form = read(
        upload,
        part("name=source", b"lab"),
        part('name=resource; filename="path/to%2Fa.png"', b"bytes"),
        part("name=labels", b"a, b,,"),
        part('name="labels[0]"', b"c, d"),
        part('name="tags[]"', b"e"),
        part("name=tags", b"f"),
        part("name=filepath", b"/home/a.png"),
        part("name=metadata", b'{"a": 1}'),
        part("name=bypass_inbox", b"true"),
    )

    told = form.told("key")

    assert upload.size_bytes == 5
    assert told.name == "path/to%2Fa.png"
    assert list(told.labels) == ["a", " b", "f", "c, d", "e"]
    assert (told.source_path, told.upload_mechanism) == ("/home/a.png", "lab")
    assert (told.metadata, told.publish, told.idempotency_key) == ({"a": 1}, True, "key")
    assert (told.channel, told.modality) == (None, None)


def test_a_file_in_another_field_is_dropped(upload: ResourceUpload) -> None:
    form = read(upload, part("name=files; filename=a", b"x" * 100))

    assert upload.size_bytes == 0
    with pytest.raises(InvalidInputError, match="the field is called resource"):
        form.told(None)


def test_two_files_are_refused(upload: ResourceUpload) -> None:
    one = part("name=resource; filename=a", b"x")
    with pytest.raises(InvalidInputError, match="one request uploads one file"):
        read(upload, one, one)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("metadata", b"{", "metadata is not JSON"),
        ("metadata", b"[]", "metadata is not a JSON object"),
        ("channel", b"\xff", "the field channel is not UTF-8"),
        ("bypass_inbox", b"?", "bypass_inbox is true or false"),
    ],
)
def test_fields_that_say_nothing_are_named(
    upload: ResourceUpload, field: str, value: bytes, sentence: str
) -> None:
    form = read(upload, part("name=resource; filename=a", b"x"), part(f"name={field}", value))
    with pytest.raises(InvalidInputError, match=sentence):
        form.told(None)


def test_memory_stays_flat_however_large_the_file_is(upload: ResourceUpload) -> None:
    form = UploadForm(upload)
    reader = MultipartReader(BOUNDARY, form.open_part)
    step = bytes(MIB)
    reader.feed(part("name=resource; filename=a", b"")[:-2])
    reader.feed(step)

    tracemalloc.start()
    for _ in range(63):
        reader.feed(step)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert upload.size_bytes >= 63 * MIB
    assert peak_bytes < 4 * MIB
