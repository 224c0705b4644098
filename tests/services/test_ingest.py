"""The parts of ingest, wired: addresses, counts, and how long contents wait."""

import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archives import OWNER
from tests.builders import instance
from tests.ingests import DICOM, IngestDesk, open_ingest_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[IngestDesk]:
    with open_ingest_desk(tmp_path) as made:
        yield made


def test_address_names_the_key_and_carries_what_signs_it(desk: IngestDesk) -> None:
    ticket = desk.ingest.uploads.issue(OWNER)

    url = urllib.parse.urlsplit(desk.ingest.address(ticket, "https://host/prefix", DICOM))

    assert f"{url.scheme}://{url.netloc}{url.path}" == f"https://host/prefix/upload/{ticket.id}"
    token = urllib.parse.parse_qs(url.query)["token"][0]
    assert desk.ingest.uploads.begin(ticket.id, token, DICOM).ticket == ticket
    assert (desk.ingest.storage, desk.ingest.notice([ticket.id])) == ("server", 0)


def test_lag_is_the_time_from_receipt_to_registration(desk: IngestDesk) -> None:
    assert desk.ingest.lag() == (0.0, 0.0, 0.0)
    desk.send(instance(0, rows=4, columns=4))
    desk.desk.clock.now_ms += 1500
    assert desk.ingest.lag() == (1.5, 0.0, 0.0)

    desk.work()

    assert desk.ingest.lag() == (0.0, 1.5, 1.5)
    assert desk.ingest.counts() == {"uploads_stored": 1}
