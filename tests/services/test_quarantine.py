"""What was rejected can be looked at, tried again and deleted, by its owner alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.limits import DEFAULT
from isocenter.store.tickets import Ticket
from tests.archives import OWNER, STRANGER, place_of
from tests.builders import instance, to_bytes
from tests.ingests import IngestDesk, open_ingest_desk
from tests.stores import files_under

DAY_MS = 86_400_000
LIMITS = replace(DEFAULT, quarantine_days=1, ticket_days=2)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[IngestDesk]:
    with open_ingest_desk(tmp_path, limits=LIMITS, policy="reject") as made:
        yield made


def small(comments: str = "") -> bytes:
    dataset = instance(rows=4, columns=4)
    dataset.PatientComments = comments
    return to_bytes(dataset)


def rejected(desk: IngestDesk, content: bytes = b"text") -> Ticket:
    ticket = desk.send(content)
    desk.work()
    assert desk.ticket(ticket).state == "rejected"
    return ticket


def test_bytes_lie_there_as_they_came_for_their_owner(desk: IngestDesk) -> None:
    ticket = rejected(desk)
    quarantine = desk.ingest.quarantine

    opened = quarantine.open(OWNER, ticket.id)
    with opened.reader as reader:
        assert reader.read_at(0, reader.size) == b"text"

    assert [one.id for one in quarantine.listed(OWNER, limit=9).tickets] == [ticket.id]
    assert quarantine.listed(STRANGER, limit=9).tickets == []
    for act in (quarantine.open, quarantine.release, quarantine.delete):
        with pytest.raises(NotFoundError):
            act(STRANGER, ticket.id)
    assert desk.acts(ticket)[-1] == ("quarantine.read", "ok")


def test_conflict_is_released_with_another_policy(desk: IngestDesk) -> None:
    desk.send(small())
    ticket = rejected(desk, small("another"))

    released = desk.ingest.quarantine.release(OWNER, ticket.id, "replace")
    assert (released.state, released.reason) == ("received", None)
    desk.work()

    assert desk.ticket(ticket).outcome == "replaced"
    assert desk.desk.read(place_of(instance())) == [small("another")]
    with pytest.raises(NotFoundError):
        desk.ingest.quarantine.release(OWNER, ticket.id)


def test_release_without_a_change_ends_where_it_was(desk: IngestDesk) -> None:
    ticket = rejected(desk)
    with pytest.raises(InvalidInputError, match="the policy is one of"):
        desk.ingest.quarantine.release(OWNER, ticket.id, "anything")

    desk.ingest.quarantine.release(OWNER, ticket.id)
    desk.work()

    assert desk.ticket(ticket).reason == "not_dicom"


def test_deleted_bytes_are_gone_and_the_ticket_says_so(desk: IngestDesk, tmp_path: Path) -> None:
    ticket = rejected(desk)

    desk.ingest.quarantine.delete(OWNER, ticket.id)

    gone = desk.ticket(ticket)
    assert (gone.state, gone.reason, gone.blob_key) == ("rejected", "deleted", None)
    assert files_under(tmp_path / "blobs") == []
    assert desk.acts(ticket)[-1] == ("quarantine.delete", "ok")


def test_what_nobody_looks_at_expires(desk: IngestDesk, tmp_path: Path) -> None:
    ticket, unused = rejected(desk), desk.ingest.uploads.issue(OWNER)
    desk.ingest.sweep()
    assert desk.ticket(ticket).blob_key

    desk.desk.clock.now_ms += DAY_MS + LIMITS.ticket_seconds * 1000 + 1
    desk.ingest.sweep()

    assert desk.ticket(ticket).detail == "nobody looked at it in time"
    assert files_under(tmp_path / "blobs") == []
    with pytest.raises(KeyError):
        desk.ticket(unused)
    desk.desk.clock.now_ms += DAY_MS
    desk.ingest.sweep()
    with pytest.raises(KeyError):
        desk.ticket(ticket)
