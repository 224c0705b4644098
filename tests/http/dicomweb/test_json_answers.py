"""JSON, compressed where it is taken."""

import gzip

import pytest
from starlette.requests import Request

from isocenter.http.dicomweb.json_answers import compressed, json_answer, takes_gzip


def _request(accepted: str) -> Request:
    headers = [(b"accept-encoding", accepted.encode())] if accepted else []
    return Request({"type": "http", "headers": headers, "query_string": b""})


@pytest.mark.parametrize("accepted", ["gzip", "deflate, GZIP;q=0.5", "*"])
def test_gzip_is_given_where_it_is_taken(accepted: str) -> None:
    assert takes_gzip(_request(accepted))


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "gzip; q=0.0", "br"])
def test_gzip_is_not_given_otherwise(accepted: str) -> None:
    assert not takes_gzip(_request(accepted))


def test_chunks_are_one_stream() -> None:
    assert gzip.decompress(b"".join(compressed([b"[1,", b"2]"]))) == b"[1,2]"


def test_short_answers_are_sent_as_they_are() -> None:
    request = _request("gzip")
    assert json_answer(request, b"[]", "application/json", {}).body == b"[]"
    long = json_answer(request, b"[" + b" " * 2000 + b"]", "application/json", {})
    assert long.headers["Content-Encoding"] == "gzip"
    assert len(long.body) < 200
