"""Answers of the archive: whole, in ranges, in parts, and not at all where they are known."""

import pytest

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
