"""Tickets are good for one content, so many bytes, one type, some minutes; all is audited."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from isocenter.errors import (
    FullError,
    InvalidInputError,
    NotFoundError,
    TicketError,
    TooLargeError,
)
from isocenter.limits import DEFAULT
from isocenter.services.uploads import Announced
from isocenter.store.tables import audit_events, blobs
from tests.archives import OWNER, STRANGER
from tests.builders import instance, to_bytes
from tests.ingests import DICOM, IngestDesk, open_ingest_desk
from tests.stores import files_under, key_of, read_all

BYTES_MAX = 2000
LIMITS = replace(DEFAULT, ticket_bytes=BYTES_MAX, open_tickets=4, ticket_batch=3)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[IngestDesk]:
    with open_ingest_desk(tmp_path, limits=LIMITS) as made:
        yield made


def test_content_is_kept_and_waits_before_it_is_acknowledged(desk: IngestDesk) -> None:
    ticket = desk.send(b"anything at all")

    assert (ticket.state, ticket.size_bytes) == ("received", 15)
    assert ticket.sha256 == ticket.blob_key == key_of(b"anything at all")
    assert read_all(desk.desk.blobs, str(ticket.blob_key)) == b"anything at all"


def test_same_bytes_again_are_fine_and_others_are_refused(desk: IngestDesk) -> None:
    ticket = desk.send(b"first")

    assert desk.put(ticket, b"first") is False
    with pytest.raises(TicketError, match="another content came"):
        desk.put(ticket, b"second")

    assert desk.ticket(ticket).sha256 == key_of(b"first")
    with desk.desk.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(blobs)) == 1


def test_two_contents_at_the_same_time_leave_one(desk: IngestDesk) -> None:
    ticket = desk.ingest.uploads.issue(OWNER)
    refused: list[bytes] = []

    def send(content: bytes) -> None:
        try:
            desk.put(ticket, content)
        except TicketError:
            refused.append(content)

    contents = [bytes([number]) * 100 for number in range(8)]
    threads = [threading.Thread(target=send, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = [content for content in contents if content not in refused]
    assert [key_of(content) for content in kept] == [desk.ticket(ticket).sha256]


@pytest.mark.parametrize("change", ["time", "key", "type", "signature"])
def test_address_is_good_for_what_it_says_alone(desk: IngestDesk, change: str) -> None:
    uploads = desk.ingest.uploads
    ticket, other = uploads.issue(OWNER), uploads.issue(OWNER)
    token = uploads.token(ticket, DICOM)
    ticket_id, media_type = ticket.id, DICOM
    match change:
        case "time":
            desk.desk.clock.now_ms += LIMITS.ticket_seconds * 1000
        case "key":
            ticket_id = other.id
        case "type":
            media_type = "text/plain"
        case _:
            token = token[:-1] + ("A" if token[-1] != "A" else "B")

    with pytest.raises(TicketError, match="not good for this request"):
        uploads.begin(ticket_id, token, media_type)


def test_larger_content_than_the_ticket_is_good_for_leaves_nothing(
    desk: IngestDesk, tmp_path: Path
) -> None:
    for announced in (None, Announced(size_bytes=10)):
        with pytest.raises(TooLargeError):
            desk.send(bytes(BYTES_MAX + 1), announced=announced)

    assert files_under(tmp_path / "blobs") == []


@pytest.mark.parametrize(
    "announced", [Announced(size_bytes=6), Announced(sha256=key_of(b"others"))]
)
def test_content_is_what_was_announced(
    desk: IngestDesk, announced: Announced, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError, match="announced"):
        desk.send(b"these", announced=announced)

    assert files_under(tmp_path / "blobs") == []


def test_batch_gives_no_address_for_what_the_archive_has(desk: IngestDesk) -> None:
    data = to_bytes(instance(rows=4, columns=4))
    desk.desk.store(data)
    uploads = desk.ingest.uploads

    known, new = uploads.issue_batch(
        OWNER, [Announced("a", len(data), key_of(data)), Announced("b", 3, key_of(b"new"))]
    )
    foreign = uploads.issue_batch(STRANGER, [Announced(sha256=key_of(data))])[0]

    assert (known.state, known.outcome) == ("stored", "present")
    assert known.sop_instance_uid == instance().SOPInstanceUID
    assert (new.state, new.batch) == ("issued", known.batch)
    assert foreign.state == "issued"


def test_tickets_are_bounded(desk: IngestDesk) -> None:
    uploads = desk.ingest.uploads
    with pytest.raises(InvalidInputError, match="1 to 3 files"):
        uploads.issue_batch(OWNER, [Announced()] * 4)
    with pytest.raises(TooLargeError):
        uploads.issue_batch(OWNER, [Announced(size_bytes=BYTES_MAX + 1)])
    for _ in range(4):
        uploads.issue(OWNER)

    with pytest.raises(FullError):
        uploads.issue(OWNER)

    assert uploads.issue(STRANGER).state == "issued"
    desk.desk.clock.now_ms += LIMITS.ticket_seconds * 1000
    assert uploads.issue(OWNER).state == "issued"


def test_reports_are_those_of_the_owner_alone(desk: IngestDesk) -> None:
    uploads = desk.ingest.uploads
    ticket = desk.send(b"content", announced=Announced("a name"))
    second = uploads.issue(OWNER)

    assert uploads.report(OWNER, ticket.id) == ticket
    assert uploads.reports(OWNER, [second.id, "x", ticket.id]) == [second, ticket]
    assert uploads.reports(STRANGER, [ticket.id]) == []
    assert uploads.batch(OWNER, str(ticket.batch)) == [ticket]
    for asks in (
        lambda: uploads.report(STRANGER, ticket.id),
        lambda: uploads.batch(STRANGER, str(ticket.batch)),
    ):
        with pytest.raises(NotFoundError):
            asks()


def test_tickets_are_listed_newest_first_in_pages(desk: IngestDesk) -> None:
    uploads = desk.ingest.uploads
    first, second = uploads.issue(OWNER), uploads.issue(OWNER)
    third = desk.send(b"content")

    page = uploads.listed(OWNER, limit=2)
    rest = uploads.listed(OWNER, limit=2, before=page.before)

    ids = [ticket.id for ticket in [*page.tickets, *rest.tickets]]
    assert ids[0] == third.id
    assert ids[-2:] == [second.id, first.id]
    assert [one.id for one in uploads.listed(OWNER, state="received").tickets] == [third.id]
    desk.desk.clock.now_ms += LIMITS.ticket_seconds * 1000
    assert len(uploads.listed(OWNER, state="expired").tickets) == 2
    assert uploads.state(first) == "expired"
    with pytest.raises(InvalidInputError, match="the states are"):
        uploads.listed(OWNER, state="lost")


def test_every_step_is_in_the_audit_with_who_and_what(desk: IngestDesk) -> None:
    ticket = desk.send(instance(rows=4, columns=4))
    desk.work()
    desk.ingest.uploads.report(OWNER, ticket.id)

    assert desk.acts(ticket) == [
        ("upload.issue", "ok"),
        ("upload.receive", "ok"),
        ("upload.register", "stored"),
        ("upload.report", "ok"),
    ]
    with desk.desk.database.read() as connection:
        principals = set(connection.scalars(select(audit_events.c.principal)))
        assert desk.desk.audit.verify_chain(connection).broken is None
    assert principals == {OWNER, "system"}
