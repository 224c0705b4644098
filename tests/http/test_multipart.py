"""Multipart bodies: parts arrive whole, however the body is cut; bounds hold."""

import asyncio
import contextlib
import dataclasses
import threading
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.filepost import encode_multipart_formdata

from isocenter.errors import InvalidInputError, IsocenterError, TooLargeError
from isocenter.http.blocking import Blocking
from isocenter.http.multipart import STEP_BYTES, MultipartReader, feed_off_loop, settle_off_loop
from isocenter.http.part_headers import Part
from isocenter.limits import DEFAULT, Limits


class Kept:
    """Keeps the bytes of a part."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.content = b""
        self.is_closed = False

    def write(self, data: memoryview) -> None:
        self.content += bytes(data)

    def close(self) -> None:
        self.is_closed = True


class Kept_All:  # noqa: N801 - reads better in tests
    """Keeps all parts that are files."""

    def __init__(self) -> None:
        self.parts: list[Kept] = []

    def open(self, part: Part) -> Kept | None:
        if part.file_name is None:
            return None
        self.parts.append(Kept(part))
        return self.parts[-1]


def read(body: bytes, boundary: bytes | None, *sizes: int, limits: Limits = DEFAULT) -> list[Kept]:
    kept = Kept_All()
    reader = MultipartReader(boundary, kept.open, limits)
    start = 0
    for size in sizes:
        reader.feed(body[start : start + size])
        start += size
    reader.feed(body[start:])
    reader.finish()
    assert all(part.is_closed for part in kept.parts)
    return kept.parts


def encoded(*files: tuple[str, bytes]) -> tuple[bytes, bytes]:
    """Return body and boundary as urllib3, and so requests, writes them."""
    boundary = "0123456789abcdef"
    body, _ = encode_multipart_formdata([("files", file) for file in files], boundary)
    return body, boundary.encode()


FILES = (("a.dcm", b"\r\n--0123456789abcde\r\n" * 3), ("b.dcm", b""), ("c.dcm", b"\r\n--\r"))


def test_parts_are_the_same_wherever_the_body_is_cut() -> None:
    body, boundary = encoded(*FILES)
    for cut in range(len(body)):
        parts = read(body, boundary, cut)
        assert [(part.part.file_name, part.content) for part in parts] == list(FILES)


@given(st.lists(st.binary(max_size=300), max_size=5), st.lists(st.integers(0, 100), max_size=8))
def test_what_requests_encodes_is_read_back(contents: list[bytes], sizes: list[int]) -> None:
    files = [(f"{number}.dcm", content) for number, content in enumerate(contents)]
    if not files:
        return
    body, boundary = encoded(*files)
    assert [part.content for part in read(body, boundary, *sizes)] == contents


def test_the_boundary_is_found_in_the_body_where_none_is_declared() -> None:
    body, _ = encoded(*FILES)
    assert len(read(body, None, 1, 1, 1)) == 3


@given(st.binary(max_size=400))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    for tried in (body, b"--b\r\n" + body, b"--b\r\nContent-Disposition: form-data" + body):
        with contextlib.suppress(IsocenterError):
            read(tried, b"b")


@pytest.mark.parametrize("cut", [1, 20, 60, 120, -1, -4])
def test_a_body_that_ends_early_is_refused(cut: int) -> None:
    body, boundary = encoded(*FILES)
    with pytest.raises(InvalidInputError, match=r"ends early|not a valid"):
        read(body[:cut] if cut != -1 else body[:-4], boundary)


def test_too_many_parts_are_refused() -> None:
    body, boundary = encoded(*[("x", b"")] * 5)
    with pytest.raises(TooLargeError):
        read(body, boundary, limits=dataclasses.replace(DEFAULT, multipart_parts=4))


def test_headers_of_a_part_are_bounded_together_and_each() -> None:
    limits = dataclasses.replace(DEFAULT, multipart_header_bytes=1000)
    many = b"--b\r\n" + b"".join(b"X-%d: %b\r\n" % (k, b"v" * 200) for k in range(7))
    for body in (many, b"--b\r\nX: " + b"v" * 2000, b"--b\r\n" + b"n" * 2000):
        with pytest.raises((TooLargeError, InvalidInputError)):
            read(body + b"\r\n\r\n--b--\r\n", b"b", limits=limits)


def test_fields_that_are_no_files_are_bounded_together() -> None:
    limits = dataclasses.replace(DEFAULT, multipart_field_bytes=100)
    part = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + b"v" * 60 + b"\r\n"
    read(part + b"--b--\r\n", b"b", limits=limits)
    with pytest.raises(TooLargeError):
        read(part * 2 + b"--b--\r\n", b"b", limits=limits)


def test_the_parsers_words_are_not_said() -> None:
    with pytest.raises(InvalidInputError, match=r"^the body is not a valid multipart form$"):
        read(b"--b\r\nJane Doe: x\r\n\r\n", b"b")


def test_steps_are_fed_in_order_one_at_a_time() -> None:
    fed: list[bytes] = []
    chunks = [bytes([number]) * (STEP_BYTES // 3) for number in range(10)]

    async def arrive() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    blocking = Blocking()
    asyncio.run(feed_off_loop(arrive(), fed.append, blocking))
    blocking.close()
    assert b"".join(fed) == b"".join(chunks)
    assert all(len(step) <= 2 * STEP_BYTES for step in fed)


def test_a_failing_step_ends_the_feeding() -> None:
    async def arrive() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * STEP_BYTES

    def fail(_: bytes) -> None:
        raise TooLargeError("x", 1, 2, "bytes")

    blocking = Blocking()
    with pytest.raises(TooLargeError):
        asyncio.run(feed_off_loop(arrive(), fail, blocking))
    blocking.close()


def test_the_last_step_and_what_follows_it_are_one_turn_in_a_thread() -> None:
    threads: list[int] = []

    async def arrive() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * (STEP_BYTES // 4)

    def feed(_: bytes) -> None:
        threads.append(threading.get_ident())

    def settle() -> tuple[str, int]:
        return "settled", threading.get_ident()

    blocking = Blocking()
    said, thread = asyncio.run(settle_off_loop(arrive(), feed, settle, blocking))
    blocking.close()
    assert said == "settled"
    assert threads == [thread]
    assert thread != threading.get_ident()
