"""Objects that clients put: found, listed, copied, removed."""

import time
import uuid
from pathlib import Path

import httpx
import obstore
import pytest

from isocenter.errors import NotFoundError, UnavailableError
from isocenter.store import incoming_s3
from isocenter.store.blobs_s3 import S3Place, open_s3
from isocenter.store.incoming_s3 import IncomingObjects
from tests.servers import object_store
from tests.stores import Clock, key_of, local_blobs

TYPE = {"Content-Type": "application/dicom"}


@pytest.fixture(scope="module")
def place() -> S3Place:
    return object_store().bucket()


@pytest.fixture(scope="module")
def objects(place: S3Place) -> IncomingObjects:
    return IncomingObjects(open_s3(place), place, "", lambda: time.time_ns() // 1_000_000)


def test_object_is_there_from_put_to_delete(
    objects: IncomingObjects, place: S3Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming_s3, "_PIECE_BYTES", 1 << 18)
    ticket_id, data = str(uuid.uuid4()), bytes(range(256)) * 5000
    assert objects.find(ticket_id) is None
    obstore.put(open_s3(place), "incoming/strange", b"x")

    answer = httpx.put(objects.put_address(ticket_id, TYPE, 60), content=data, headers=TYPE)
    assert answer.status_code == 200, answer.text

    assert [(one.ticket_id, one.size_bytes) for one in objects.listed()] == [(ticket_id, len(data))]
    blobs = local_blobs(tmp_path, Clock())
    came = objects.listed()[0]
    assert objects.stage(came, blobs).key == key_of(data)
    obstore.put(open_s3(place), f"incoming/{ticket_id}", b"!" * len(data))
    with pytest.raises(UnavailableError):
        objects.stage(came, blobs)
    objects.delete(ticket_id)
    objects.delete(ticket_id)
    with pytest.raises(NotFoundError):
        objects.stage(came, blobs)
    assert objects.listed() == []
    blobs.close()
