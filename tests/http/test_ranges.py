"""Ranges and conditions, as RFC 9110 has them."""

import pytest
from starlette.datastructures import Headers

from isocenter.http.errors import StatusError
from isocenter.http.ranges import Span, is_unchanged, wanted_span

ETAG = '"abc"'


@pytest.mark.parametrize(
    ("given", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=0-99", Span(0, 10)),
        ("bytes=5-", Span(5, 10)),
        ("bytes=-3", Span(7, 10)),
        ("bytes=-99", Span(0, 10)),
        ("Bytes = 2-3", Span(2, 4)),
        ("bytes=3-2", None),
        ("bytes=0-1,3-4", None),
        ("bytes=-", None),
        ("lines=1-2", None),
        ("bytes=a-b", None),
    ],
)
def test_one_range_is_answered_and_everything_else_is_the_whole(
    given: str, span: Span | None
) -> None:
    assert wanted_span(Headers({"range": given}), 10, ETAG) == span


@pytest.mark.parametrize("given", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(given: str) -> None:
    with pytest.raises(StatusError) as raised:
        wanted_span(Headers({"range": given}), 10, ETAG)
    assert raised.value.status == 416
    assert raised.value.headers == {"Content-Range": "bytes */10"}


def test_a_range_of_older_bytes_is_the_whole() -> None:
    headers = Headers({"range": "bytes=0-1", "if-range": '"older"'})
    assert wanted_span(headers, 10, ETAG) is None
    headers = Headers({"range": "bytes=0-1", "if-range": ETAG})
    assert wanted_span(headers, 10, ETAG) == Span(0, 2)


def test_an_empty_file_has_no_ranges() -> None:
    with pytest.raises(StatusError):
        wanted_span(Headers({"range": "bytes=0-"}), 0, ETAG)


@pytest.mark.parametrize(
    ("given", "is_same"), [(ETAG, True), ('"x", W/"abc"', True), ("*", True), ('"x"', False)]
)
def test_the_caller_is_told_that_it_has_the_bytes(given: str, is_same: bool) -> None:
    assert is_unchanged(Headers({"if-none-match": given}), ETAG) is is_same


def test_other_bytes_than_wanted_are_refused() -> None:
    assert not is_unchanged(Headers({"if-match": ETAG}), ETAG)
    with pytest.raises(StatusError) as raised:
        is_unchanged(Headers({"if-match": '"x"'}), ETAG)
    assert raised.value.status == 412
