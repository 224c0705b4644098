"""What clients put into a real object store is taken over once, whatever they put there later."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from isocenter.services.arrivals import Arrivals
from isocenter.services.uploads import Announced
from isocenter.store.blobs_s3 import open_s3
from isocenter.store.incoming_s3 import IncomingObjects
from isocenter.store.tickets import Ticket
from tests.archives import OWNER
from tests.builders import instance, to_bytes
from tests.ingests import DICOM, IngestDesk, open_ingest_desk
from tests.servers import object_store
from tests.stores import key_of


class Dock:
    """Ingest whose clients put contents into a bucket."""

    def __init__(self, desk: IngestDesk) -> None:
        self.desk = desk
        place = object_store().bucket()
        self.objects = IncomingObjects(
            open_s3(place), place, "", lambda: time.time_ns() // 1_000_000
        )
        self.arrivals = Arrivals(
            desk.desk.database,
            self.objects,
            desk.desk.blobs,
            desk.ingest.uploads,
            desk.desk.audit,
            clock=desk.desk.clock,
            limits=desk.desk.archive.studies.limits,
        )

    def ticket(self, **announced: object) -> Ticket:
        return self.desk.ingest.uploads.issue_batch(OWNER, [Announced(**announced)])[0]  # type: ignore[arg-type]  # passed on

    def put(self, ticket_id: str, data: bytes) -> None:
        headers = {"Content-Type": DICOM}
        url = self.objects.put_address(ticket_id, headers, 60)
        assert httpx.put(url, content=data, headers=headers, timeout=60).status_code == 200


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Dock]:
    with open_ingest_desk(tmp_path) as desk:
        made = Dock(desk)
        yield made
        made.arrivals.stop()


def test_contents_are_taken_over_registered_and_removed_from_the_dock(dock: Dock) -> None:
    slices = [to_bytes(instance(index, rows=4, columns=4)) for index in range(3)]
    sent = [dock.ticket() for _ in slices]
    for ticket, data in zip(sent, slices, strict=True):
        dock.put(ticket.id, data)

    assert dock.arrivals.notice([sent[0].id, "../x", str(uuid.uuid4())]) == 1
    assert dock.arrivals.poll() == 2
    assert (dock.arrivals.poll(), dock.objects.listed()) == (0, [])
    dock.desk.work()

    tickets = [dock.desk.ticket(ticket) for ticket in sent]
    assert [one.outcome for one in tickets] == ["stored"] * 3
    assert [one.sha256 for one in tickets] == [key_of(data) for data in slices]


def test_what_was_registered_first_stays(dock: Dock) -> None:
    ticket = dock.ticket()
    dock.put(ticket.id, b"first")
    dock.arrivals.poll()
    dock.put(ticket.id, b"second")
    dock.arrivals.poll()

    assert dock.desk.ticket(ticket).sha256 == key_of(b"first")
    assert dock.desk.acts(ticket)[-1] == ("upload.receive", "denied")
    assert dock.objects.listed() == []


@pytest.mark.parametrize(
    ("announced", "reason"),
    [
        ({"size_bytes": 3}, "too_large"),
        ({"size_bytes": 5}, "size"),
        ({"sha256": key_of(b"x")}, "checksum"),
    ],
)
def test_what_is_not_what_was_announced_is_rejected(
    dock: Dock, announced: dict[str, object], reason: str
) -> None:
    ticket = dock.ticket(**announced)
    dock.put(ticket.id, b"data")

    dock.arrivals.poll()

    rejected = dock.desk.ticket(ticket)
    assert (rejected.state, rejected.reason, rejected.blob_key) == ("rejected", reason, None)
    assert dock.objects.listed() == []


def test_what_has_no_ticket_is_left_alone_for_a_day(dock: Dock) -> None:
    dock.put(str(uuid.uuid4()), b"data")
    dock.desk.desk.clock.now_ms = time.time_ns() // 1_000_000

    dock.arrivals.poll()
    assert len(dock.objects.listed()) == 1

    dock.desk.desk.clock.now_ms += 2 * 86_400_000
    dock.arrivals.poll()
    assert dock.objects.listed() == []


def test_thread_finds_what_nobody_tells_of(dock: Dock) -> None:
    ticket = dock.ticket()
    dock.arrivals.start()
    dock.put(ticket.id, b"data")

    until = time.monotonic() + 60
    while dock.desk.ticket(ticket).state == "issued":
        assert time.monotonic() < until
        time.sleep(0.05)
    assert dock.desk.ticket(ticket).sha256 == key_of(b"data")
