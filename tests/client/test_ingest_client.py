import threading
import time
from collections.abc import Iterator

import pytest

from isocenter.client.credentials import Server
from isocenter.client.ingest_client import (
    IngestClient,
    Ticket,
    TicketGoneError,
    Wanted,
)
from isocenter.errors import (
    CancelledError,
    InvalidInputError,
    IsocenterError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    NotSupportedError,
    TooLargeError,
    UnavailableError,
)
from tests.faulty_store import CUT, Fault, FaultyStore

WANTED = Wanted(4, "ab" * 32)
KEY = "Bearer id.s3cr3t"


@pytest.fixture
def client(store: FaultyStore) -> Iterator[IngestClient]:
    with IngestClient(Server(store.url, KEY), 2, threading.Event()) as client:
        yield client


def send(client: IngestClient, ticket: Ticket, data: bytes = b"data") -> None:
    client.send(ticket, len(data), lambda: iter([data[:1], data[1:]]))


def test_a_file_goes_where_its_ticket_says(client: IngestClient, store: FaultyStore) -> None:
    first, second = client.ask([WANTED, WANTED])
    send(client, second)

    assert (first.key, second.key) == ("key-1", "key-2")
    assert store.files == {"key-2": b"data"}
    assert client.report(["key-1", "key-2"]) == {
        "key-2": {"key": "key-2", "state": "stored", "outcome": "stored"}
    }


def test_credentials_go_to_the_server_alone(client: IngestClient, store: FaultyStore) -> None:
    (ticket,) = client.ask([WANTED])
    send(client, ticket)

    post, put = store.asked
    assert post.headers["Authorization"] == KEY
    assert "Authorization" not in put.headers
    assert put.headers["Content-Type"] == "application/dicom"
    assert put.headers["Content-Length"] == "4"
    assert "Transfer-Encoding" not in put.headers


def test_what_the_server_has_needs_no_address(client: IngestClient, store: FaultyStore) -> None:
    store.present.add(WANTED.sha256)

    (ticket,) = client.ask([WANTED])

    assert ticket.url == ""
    assert ticket.facts["outcome"] == "present"


def test_the_documented_api_is_enough(client: IngestClient, store: FaultyStore) -> None:
    store.has_batches = False

    tickets = client.ask([WANTED, WANTED])
    send(client, tickets[1])

    assert not client.has_reports
    assert store.files == {"key-2": b"data"}
    with pytest.raises(NotSupportedError):
        client.report(["key-2"])


@pytest.mark.parametrize("fault", [503, 500, CUT, Fault(429, {"Retry-After": "0"})])
def test_what_passes_is_tried_again(
    client: IngestClient, store: FaultyStore, fault: Fault | int
) -> None:
    store.fail("POST", fault)
    store.fail("PUT", fault, fault)

    (ticket,) = client.ask([WANTED])
    send(client, ticket)

    assert store.files == {ticket.key: b"data"}
    assert (store.count("POST"), store.count("PUT")) == (2, 3)


def test_a_server_is_left_alone_as_long_as_it_asks_for(
    client: IngestClient, store: FaultyStore
) -> None:
    store.fail("POST", Fault(503, {"Retry-After": "1"}))
    begun = time.monotonic()

    client.ask([WANTED])

    assert time.monotonic() - begun >= 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidInputError),
        (401, NotAuthenticatedError),
        (403, NotAllowedError),
        (413, TooLargeError),
        (307, UnavailableError),
    ],
)
def test_a_refusal_is_an_error_of_our_tree(
    client: IngestClient, store: FaultyStore, status: int, error: type[IsocenterError]
) -> None:
    store.fail("POST", Fault(status, text='{"detail":"because"}'))

    with pytest.raises(error):
        client.ask([WANTED])

    assert store.count("POST") == 1


def test_a_server_without_such_an_api_is_said(client: IngestClient, store: FaultyStore) -> None:
    store.has_batches = False
    store.fail("GET", 404)

    with pytest.raises(NotFoundError, match="no ingest API"):
        client.ask([WANTED])


@pytest.mark.parametrize("status", [403, 404])
def test_a_ticket_that_is_gone_is_told(
    client: IngestClient, store: FaultyStore, status: int
) -> None:
    (ticket,) = client.ask([WANTED])
    store.fail("PUT", status)

    with pytest.raises(TicketGoneError):
        send(client, ticket)


def test_the_code_of_a_store_is_told_and_nothing_else(
    client: IngestClient, store: FaultyStore
) -> None:
    text = "<Error><Code>EntityTooLarge</Code><Signature>s3cr3t</Signature></Error>"
    store.fail("PUT", Fault(400, text=text))
    (ticket,) = client.ask([WANTED])

    with pytest.raises(InvalidInputError) as caught:
        send(client, ticket)

    assert str(caught.value) == "the server refuses it (400): EntityTooLarge"


@pytest.mark.parametrize(
    "text",
    ["<html>", "[]", "{}", '{"uploads": [1]}', '{"uploads": []}', '{"uploads": [{"key": "a"}]}'],
)
def test_nonsense_is_said_plainly(client: IngestClient, store: FaultyStore, text: str) -> None:
    store.fail("POST", Fault(200, text=text))

    with pytest.raises(UnavailableError, match="no usable answer"):
        client.ask([WANTED])


def test_a_ticket_for_plain_http_is_refused(client: IngestClient, store: FaultyStore) -> None:
    store.fail("POST", Fault(200, text='{"uploads": [{"key": "a", "url": "http://store/b"}]}'))

    with pytest.raises(InvalidInputError, match="without TLS"):
        client.ask([WANTED])


def test_no_connection_is_said_without_the_address() -> None:
    server = Server("http://127.0.0.1:9/t/t0ken")
    with (
        IngestClient(server, 1, threading.Event()) as client,
        pytest.raises(UnavailableError) as caught,
    ):
        client.ask([WANTED])

    assert str(caught.value) == "no connection to the server"


def test_stopping_ends_it_at_once(store: FaultyStore) -> None:
    stop = threading.Event()
    store.fail("POST", Fault(503, {"Retry-After": "300"}))
    with IngestClient(Server(store.url), 1, stop) as client:
        threading.Timer(0.2, stop.set).start()
        with pytest.raises(CancelledError):
            client.ask([WANTED])
