"""Bodies in parts: whatever the pieces they come in, and what is no such body."""

import contextlib
import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.errors import InvalidInputError, IsocenterError, TooLargeError
from isocenter.http.dicomweb.multipart_related import (
    PartHead,
    RelatedReader,
    last_delimiter,
    part_header,
    read_related,
)
from isocenter.limits import DEFAULT, Limits


class _Kept:
    def __init__(self, head: PartHead) -> None:
        self.head = head
        self.data = b""
        self.is_closed = False

    def write(self, data: memoryview) -> None:
        self.data += bytes(data)

    def close(self) -> None:
        self.is_closed = True


def _read(body: bytes, size: int = 1 << 20, limits: Limits = DEFAULT) -> list[_Kept]:
    kept: list[_Kept] = []

    def open_part(head: PartHead) -> _Kept:
        kept.append(_Kept(head))
        return kept[-1]

    reader = RelatedReader(b"b", open_part, limits)
    for at in range(0, len(body), size):
        reader.feed(body[at : at + size])
    reader.finish()
    assert all(part.is_closed for part in kept)
    return kept


_PART = st.binary(max_size=60).map(lambda data: data.replace(b"\r\n--b", b""))


@given(
    st.lists(_PART, max_size=4), st.integers(1, 40), st.sampled_from([b"", b"text\r\n", b"\r\n"])
)
def test_parts_come_out_as_they_went_in(parts: list[bytes], size: int, before: bytes) -> None:
    body = before + b"".join(
        part_header("b", "application/dicom; transfer-syntax=1.2", len(part), "/x") + part + b"\r\n"
        for part in parts
    )
    kept = _read(body + last_delimiter("b") + b"epilogue", size)
    assert [part.data for part in kept] == parts
    assert all(part.head.media_type == "application/dicom" for part in kept)
    assert all(part.head.parameters == {"transfer-syntax": "1.2"} for part in kept)


_LONG = st.lists(
    st.sampled_from([b"\r\n--", b"\r\n-", b"\r", b"\n--", b"--a", b"x" * 700, b"x" * 1500])
).map(b"".join)


@given(st.lists(_LONG, max_size=3), st.integers(1, 5000))
def test_long_parts_come_out_whole_whatever_looks_like_a_delimiter(
    parts: list[bytes], size: int
) -> None:
    body = b"".join(part_header("b", "a/b", len(part)) + part + b"\r\n" for part in parts)
    kept = _read(body + last_delimiter("b") + b"e" * 3000, size)
    assert [part.data for part in kept] == parts


def test_what_is_written_is_read_by_others() -> None:
    body = part_header("b", "image/jpeg", 3) + b"abc\r\n" + last_delimiter("b")
    head = b'Content-Type: multipart/related; boundary="b"\r\n\r\n'
    message = email.message_from_bytes(head + body, policy=email.policy.default)
    assert [part.get_content() for part in message.iter_parts()] == [b"abc"]


def test_parts_may_have_no_headers_and_no_bytes() -> None:
    assert [part.data for part in _read(b"--b  \r\n\r\n\r\n--b\r\n\r\n\r\n--b--")] == [b"", b""]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b",
        b"--b\r\n\r\nabc",
        b"--bx\r\n\r\nabc\r\n--b--",
        b"--b" + b" " * 100,
        b"--b\r\nno colon\r\n\r\n\r\n--b--",
    ],
)
def test_what_is_no_complete_body_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInputError):
        _read(body)


def test_parts_and_headers_are_bounded() -> None:
    with pytest.raises(TooLargeError):
        _read(b"--b\r\n\r\n\r\n" * 3 + b"--b--", limits=Limits(stow_parts=2))
    with pytest.raises(TooLargeError):
        _read(b"--b\r\nX: " + b"x" * 100, limits=Limits(multipart_header_bytes=64))


@given(st.binary(max_size=200), st.integers(1, 50))
def test_any_bytes_are_read_or_refused(body: bytes, size: int) -> None:
    with contextlib.suppress(IsocenterError):
        _read(b"--b\r\n" + body, size)


def test_the_content_type_says_type_and_boundary() -> None:
    found = read_related('multipart/related; TYPE="application/dicom"; boundary="a b"')
    assert found is not None
    assert (found.media_type, found.boundary) == ("application/dicom", b"a b")
    assert read_related("application/dicom") is None


@pytest.mark.parametrize("boundary", ["", "x" * 71, "a\u00e9", "a "])
def test_boundaries_that_are_none_are_refused(boundary: str) -> None:
    with pytest.raises(InvalidInputError):
        read_related(f'multipart/related; boundary="{boundary}"')
