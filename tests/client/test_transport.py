import base64
import hashlib
import io
import threading
from collections.abc import Iterator

import pytest

from isocenter.client.config import Config
from isocenter.client.transport import About, FilePart, Transport
from isocenter.errors import (
    ConflictError,
    InvalidInputError,
    IsocenterError,
    NotAllowedError,
    NotAuthenticatedError,
    ResourceNotFoundError,
    TooLargeError,
    UnavailableError,
)
from tests.faulty_store import CUT, Fault, FaultyStore

ABOUT = About("resource", {"id": "r1"})
FILE = ["resources", "r1", "file"]


@pytest.fixture
def transport(store: FaultyStore) -> Iterator[Transport]:
    config = Config(store.url + "/datamint", "id.s3cr3t")
    stop = threading.Event()
    with Transport(config, connections=2, attempts=10, stop=stop) as made:
        yield made


def test_calls_go_below_the_address_with_the_key(transport: Transport, store: FaultyStore) -> None:
    store.answers["GET /datamint/resources/a%2Fb"] = {"id": "a/b"}

    answer = transport.call("GET", ["resources", "a/b"], about=ABOUT, query={"limit": 3})

    assert answer.json == {"id": "a/b"}
    assert store.asked[0].path == "/datamint/resources/a%2Fb?limit=3"
    assert store.asked[0].headers["apikey"] == "id.s3cr3t"
    assert "Authorization" not in store.asked[0].headers


def test_what_makes_something_is_repeated_under_one_key(
    transport: Transport, store: FaultyStore
) -> None:
    store.answers["POST /datamint/projects"] = {"id": "p"}
    store.fail("POST", 503, 503, Fault(429, {"Retry-After": "0"}), CUT)

    for _ in range(2):
        transport.call("POST", ["projects"], about=ABOUT, body={"name": "a"})

    keys = [one.headers["Idempotency-Key"] for one in store.asked]
    assert len(keys) == 6
    assert len(set(keys)) == 2
    assert len(set(keys[:5])) == 1


def test_a_form_has_its_fields_before_its_file_and_is_sent_again_whole(
    transport: Transport, store: FaultyStore
) -> None:
    store.answers["POST /datamint/resources"] = {"id": "r"}
    store.fail("POST", CUT, 503)
    part = FilePart("resource", "ä.dcm", "application/dicom", lambda: io.BytesIO(b"D" * 100_000))

    transport.send_form(["resources"], [("channel", "CT")], part, about=ABOUT)

    body = store.asked[-1].body
    assert body.count(b"D" * 100_000) == 1
    assert body.index(b'name="channel"') < body.index(b'name="resource"')
    assert "ä.dcm".encode() in body
    assert store.count("POST") == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidInputError),
        (401, NotAuthenticatedError),
        (403, NotAllowedError),
        (404, ResourceNotFoundError),
        (409, ConflictError),
        (413, TooLargeError),
        (307, UnavailableError),
        (505, UnavailableError),
    ],
)
def test_a_refusal_is_an_error_of_our_tree(
    transport: Transport, store: FaultyStore, status: int, error: type[IsocenterError]
) -> None:
    store.fail("GET", Fault(status, text='{"message":"because"}'))

    with pytest.raises(error) as caught:
        transport.call("GET", ["resources", "r1"], about=ABOUT)

    assert "s3cr3t" not in str(caught.value)
    assert store.count("GET") == 1


def test_what_is_not_there_says_what_it_was(transport: Transport, store: FaultyStore) -> None:
    store.fail("GET", 404)

    with pytest.raises(ResourceNotFoundError, match="no resource with id r1") as caught:
        transport.call("GET", ["resources", "r1"], about=ABOUT)

    assert (caught.value.resource_type, caught.value.params) == ("resource", {"id": "r1"})


def test_an_answer_that_calls_itself_an_error_is_one(
    transport: Transport, store: FaultyStore
) -> None:
    store.answers["GET /datamint/resources"] = {"error": "because"}

    with pytest.raises(InvalidInputError, match="because"):
        transport.call("GET", ["resources"], about=ABOUT)


def test_nonsense_and_empty_ids_are_said_plainly(transport: Transport, store: FaultyStore) -> None:
    store.answers["GET /datamint/resources"] = b"<html>"

    with pytest.raises(UnavailableError, match="no usable answer"):
        transport.call("GET", ["resources"], about=ABOUT)
    with pytest.raises(InvalidInputError, match="empty"):
        transport.call("GET", ["resources", ""], about=ABOUT)


def digest_of(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


DATA = bytes(range(256)) * 40


def cut(at: int, start: int = 0) -> Fault:
    """Return an answer that promises all and ends early."""
    headers = {"ETag": '"one"', "Promise": str(len(DATA) - start)}
    if start:
        headers["Content-Range"] = f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"
    return Fault(206 if start else 200, headers, DATA[start:at].decode("latin-1"))


def test_a_download_that_was_cut_goes_on_where_it_was(
    transport: Transport, store: FaultyStore
) -> None:
    store.fail("GET", cut(4000), 503, cut(9000, 4000), cut(len(DATA), 9000))
    target = io.BytesIO()

    size_bytes = transport.fetch(FILE, target, about=ABOUT)

    assert target.getvalue() == DATA
    assert size_bytes == len(DATA)
    ranges = [one.headers.get("Range") for one in store.asked]
    assert ranges == [None, "bytes=4000-", "bytes=4000-", "bytes=9000-"]
    assert store.asked[1].headers["If-Range"] == '"one"'


def test_a_file_that_changed_meanwhile_is_had_anew(
    transport: Transport, store: FaultyStore
) -> None:
    etags: list[str] = []
    store.fail("GET", cut(4000), Fault(200, {"ETag": '"two"'}, "other"))
    target = io.BytesIO()

    transport.fetch(FILE, target, about=ABOUT, told_etag=etags.append)

    assert target.getvalue() == b"other"
    assert etags == ['"one"', '"two"']


def test_a_later_run_goes_on_with_what_an_earlier_one_has(
    transport: Transport, store: FaultyStore
) -> None:
    store.fail("GET", cut(len(DATA), 4000))
    target = io.BytesIO(DATA[:4000])
    told: list[int] = []

    transport.fetch(FILE, target, about=ABOUT, etag='"one"', told=told.append)

    assert target.getvalue() == DATA
    assert told[-1] == len(DATA)


def test_a_file_that_was_complete_is_left_alone(transport: Transport, store: FaultyStore) -> None:
    store.fail("GET", Fault(416, {"Content-Range": f"bytes */{len(DATA)}"}))
    target = io.BytesIO(DATA)

    assert transport.fetch(FILE, target, about=ABOUT, etag='"one"') == len(DATA)
    assert target.getvalue() == DATA


def test_a_damaged_file_is_noticed(transport: Transport, store: FaultyStore) -> None:
    store.fail("GET", Fault(200, {"Repr-Digest": digest_of(b"data")}, "date"))

    with pytest.raises(UnavailableError, match="damaged"):
        transport.fetch(FILE, io.BytesIO(), about=ABOUT)


def test_a_file_that_never_comes_is_given_up(transport: Transport, store: FaultyStore) -> None:
    store.fail("GET", *[cut(0)] * 11)

    with pytest.raises(UnavailableError, match="cut"):
        transport.fetch(FILE, io.BytesIO(), about=ABOUT)


def test_lines_come_one_by_one(transport: Transport, store: FaultyStore) -> None:
    store.fail("GET", Fault(200, text="data: 1\n\ndata: 2\n\n"))

    assert list(transport.lines(["a"], about=ABOUT)) == ["data: 1", "", "data: 2", ""]
    store.fail("GET", 404)
    with pytest.raises(ResourceNotFoundError):
        list(transport.lines(["a"], about=ABOUT))
