import threading
from collections.abc import Iterator

import httpx
import pytest

from isocenter.client.attempts import Attempts, asked_seconds, detail_of, new_http_client
from isocenter.errors import CancelledError, UnavailableError
from tests.faulty_store import CUT, Fault, FaultyStore


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with new_http_client({"apikey": "id.s3cr3t"}, 2) as client:
        yield client


def get(client: httpx.Client, store: FaultyStore, attempts: Attempts) -> httpx.Response:
    return attempts.send(lambda: client.get(store.url + "/upload/"))


def test_what_passes_is_tried_again(client: httpx.Client, store: FaultyStore) -> None:
    store.fail("GET", 503, 503, CUT, Fault(429, {"Retry-After": "0"}))

    answer = get(client, store, Attempts(threading.Event()))

    assert answer.status_code == 200
    assert store.count("GET") == 5
    assert {one.headers["apikey"] for one in store.asked} == {"id.s3cr3t"}


def test_as_many_attempts_are_made_as_wished(client: httpx.Client, store: FaultyStore) -> None:
    store.fail("GET", 503, 503, 503)

    assert get(client, store, Attempts(threading.Event(), most=2)).status_code == 503
    assert store.count("GET") == 2


def test_a_server_that_never_answers_is_not_waited_for(
    client: httpx.Client, store: FaultyStore
) -> None:
    store.fail("GET", CUT, CUT, CUT, CUT)

    with pytest.raises(UnavailableError, match="the connection was cut"):
        get(client, store, Attempts(threading.Event()))
    assert store.count("GET") == 3


def test_stopping_ends_the_wait(client: httpx.Client, store: FaultyStore) -> None:
    stop = threading.Event()
    store.fail("GET", Fault(503, {"Retry-After": "300"}))
    threading.Timer(0.1, stop.set).start()

    with pytest.raises(CancelledError):
        get(client, store, Attempts(stop))


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('{"detail": "because"}', "because"),
        ('{"error": "because"}', "because"),
        ('{"message": "because"}', "because"),
        ("<Error><Code>NoSuchKey</Code></Error>", "NoSuchKey"),
        ("[1]", "Bad Request"),
        ("<html>", "Bad Request"),
    ],
)
def test_the_sentence_of_an_answer_is_found(text: str, detail: str) -> None:
    assert detail_of(httpx.Response(400, text=text)) == detail


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("99999", 300.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-3", 0.0),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 40.0),
        ("Thu, 01 Jan 1970 00:00:40 GMT", 0.0),
    ],
)
def test_retry_after_is_read_in_every_form(said: str, seconds: float) -> None:
    assert asked_seconds(said, 60.0) == seconds
