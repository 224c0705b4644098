"""Signatures of addresses: the published example, and what a real store says to changed ones."""

import time
import uuid

import httpx
import pytest

from isocenter.store.blobs_s3 import S3Place, open_s3
from isocenter.store.incoming_s3 import IncomingObjects
from isocenter.store.s3_signatures import Signer
from tests.servers import object_store

MAY_2013_MS = 1_369_353_600_000
TYPE = {"Content-Type": "application/dicom"}


def test_address_says_what_it_is_good_for() -> None:
    """Amazon S3 API Reference, the example of query parameters, but for the method."""
    place = S3Place(
        "examplebucket",
        access_key="AKIAIOSFODNN7EXAMPLE",
        secret_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",  # noqa: S106 - published
    )

    url = Signer(place).put_address("test.txt", {}, 86400, MAY_2013_MS)

    assert url.startswith(
        "https://examplebucket.s3.us-east-1.amazonaws.com/test.txt"
        "?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
    )


def test_public_endpoint_is_what_is_signed() -> None:
    place = S3Place("bucket", "http://inside:9000", "a", "b")

    url = Signer(place, "https://outside/").put_address("incoming/x", TYPE, 60, MAY_2013_MS)

    assert url.startswith("https://outside/bucket/incoming/x?")
    assert "X-Amz-SignedHeaders=content-type%3Bhost" in url


@pytest.fixture(scope="module")
def place() -> S3Place:
    return object_store().bucket()


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def put(url: str, data: bytes = b"data", headers: dict[str, str] | None = None) -> int:
    return httpx.put(url, content=data, headers=headers or TYPE, timeout=60).status_code


def test_store_takes_what_was_signed_and_nothing_else(place: S3Place) -> None:
    signer, name = Signer(place), f"incoming/{uuid.uuid4()}"
    url = signer.put_address(name, {**TYPE, "Content-Length": "4"}, 60, now_ms())
    old = signer.put_address(name, TYPE, 60, now_ms() - 120_000)
    end = url[-1]

    assert put(url, b"other", {"Content-Type": "text/plain"}) == 403
    assert put(url, b"longer than that") == 403
    assert put(old) == 403
    assert put(url[:-1] + ("0" if end != "0" else "1")) == 403
    assert put(url.replace("incoming/", "blobs/")) == 403
    assert httpx.get(url, timeout=60).status_code == 403
    assert put(url) == 200


def test_signature_without_a_key_of_ours_is_left_to_the_library(place: S3Place) -> None:
    objects = IncomingObjects(open_s3(place), S3Place(place.bucket, place.endpoint), "", now_ms)
    ticket_id = str(uuid.uuid4())

    assert put(objects.put_address(ticket_id, TYPE, 60)) == 200

    found = objects.find(ticket_id)
    assert found is not None
    assert found.size_bytes == 4
