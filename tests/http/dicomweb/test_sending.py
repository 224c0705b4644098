"""Answers of the archive: whole, in ranges, in parts, and not at all where they are known."""

import asyncio
import re
from collections.abc import Sequence

import pytest
from starlette.requests import Request
from starlette.types import Message

from isocenter.errors import UnavailableError
from isocenter.http.blocking import Blocking
from isocenter.http.dicomweb.sending import Sender, SentPart
from isocenter.http.transfer import Transfers
from tests.serving import Served
from tests.stowed import STORED, Archived, parts_of

RELATED = 'multipart/related; type="application/dicom"; transfer-syntax=*'


def test_a_range_of_a_file_is_sent(served: Served, slices: Archived) -> None:
    headers = {"Accept": STORED, "Range": "bytes=128-131"}
    answer = served.call("GET", slices.instance(), headers=headers)
    assert (answer.status_code, answer.content) == (206, b"DICM")
    size = len(slices.files[0])
    assert answer.headers["Content-Range"] == f"bytes 128-131/{size}"
    beyond = {"Accept": STORED, "Range": f"bytes={size}-"}
    assert served.call("GET", slices.instance(), headers=beyond).status_code == 416


@pytest.mark.parametrize("accept", [STORED, RELATED])
def test_who_has_it_is_told_so(served: Served, slices: Archived, accept: str) -> None:
    first = served.call("GET", slices.instance(), headers={"Accept": accept})
    again = {"Accept": accept, "If-None-Match": first.headers["ETag"]}
    answer = served.call("GET", slices.instance(), headers=again)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == first.headers["ETag"]
    other = served.call("GET", slices.instance(1), headers=again)
    assert other.status_code == 200
    wrong = {"Accept": accept, "If-Match": '"other"'}
    assert served.call("GET", slices.instance(), headers=wrong).status_code == 412


def test_parts_are_the_stored_bytes_in_the_order_of_their_numbers(
    served: Served, slices: Archived
) -> None:
    answer = served.call("GET", slices.series, headers={"Accept": RELATED})
    assert [data for _, data in parts_of(answer)] == slices.files
    assert parts_of(answer)[0][0] == "application/dicom; transfer-syntax=1.2.840.10008.1.2.1"


def test_an_answer_of_stored_parts_says_how_long_it_is(served: Served, slices: Archived) -> None:
    known = served.call("GET", slices.series, headers={"Accept": RELATED})
    assert int(known.headers["Content-Length"]) == len(known.content)
    made = {"Accept": RELATED.replace("*", "1.2.840.10008.1.2.5")}
    answer = served.call("GET", slices.series, headers=made)
    assert "Content-Length" not in answer.headers
    assert len(parts_of(answer)) == len(slices.files)


@pytest.mark.parametrize("accept", [STORED, RELATED, "application/zip"])
def test_head_has_the_headers_and_no_body(served: Served, slices: Archived, accept: str) -> None:
    got = served.call("GET", slices.instance(), headers={"Accept": accept})
    head = served.call("HEAD", slices.instance(), headers={"Accept": accept})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag"):
        assert head.headers.get(name) == got.headers.get(name)


class _Source:
    """Bytes that know whether they were closed; some cannot be read."""

    def __init__(self, size: int, *, is_readable: bool = True) -> None:
        self.size = size
        self.is_closed = False
        self._is_readable = is_readable

    def read_at(self, offset: int, length: int) -> bytes:
        if not self._is_readable:
            raise UnavailableError("it cannot be read")
        return bytes(min(length, self.size - offset))

    def close(self) -> None:
        self.is_closed = True


def _send(sources: Sequence[_Source]) -> bytes:
    """Return the body of an answer with these parts."""
    sent = bytearray()

    async def send(message: Message) -> None:
        sent.extend(message.get("body", b""))

    async def receive() -> Message:
        await asyncio.Event().wait()  # the client stays
        raise AssertionError

    async def answer() -> None:
        request = Request({"type": "http", "method": "GET", "headers": []})
        parts = iter([SentPart("a/b", f"/{at}", one) for at, one in enumerate(sources)])
        response = await Sender(Transfers(blocking, 1), blocking).related(
            request, parts, "a/b", "k"
        )
        await response(request.scope, receive, send)

    blocking = Blocking()
    try:
        asyncio.run(answer())
    finally:
        blocking.close()
    return bytes(sent)


def test_short_and_long_parts_are_sent_whole_and_closed() -> None:
    sizes = [1, 700_000, 700_000, 0, 3_000_000, 5, 1_000_000, 1_000_000, 1_000_000, 2]
    sources = [_Source(size) for size in sizes]
    body = _send(sources)
    lengths = re.findall(rb"Content-Length: (\d+)\r\nContent-Location: /(\d+)", body)
    assert lengths == [(b"%d" % size, b"%d" % at) for at, size in enumerate(sizes)]
    assert body.count(b"\0") == sum(sizes)
    assert all(source.is_closed for source in sources)


def test_a_part_that_cannot_be_read_leaves_nothing_open() -> None:
    sources = [_Source(100_000, is_readable=at != 5) for at in range(8)]
    with pytest.raises(UnavailableError):
        _send(sources)
    assert all(source.is_closed for source in sources[:6])
