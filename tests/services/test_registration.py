"""What came becomes Instances exactly once, or is rejected with a reason that helps."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydicom import Dataset
from sqlalchemy import delete, func, select, text

from isocenter.errors import ConflictError
from isocenter.jobs.queue import Job
from isocenter.services.registration import KIND
from isocenter.store.tables import blobs, instances, jobs
from tests.archives import STRANGER, place_of
from tests.builders import instance, series, to_bytes
from tests.ingests import IngestDesk, open_ingest_desk

# Whatever the mistake is: a row that the database refuses.
POISON = text(
    "CREATE TRIGGER poison BEFORE INSERT ON studies WHEN NEW.uid = '1.2.3'"
    " BEGIN SELECT RAISE(ABORT, 'no'); END"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[IngestDesk]:
    with open_ingest_desk(tmp_path) as made:
        yield made


def small(index: int = 0) -> Dataset:
    return instance(index, rows=4, columns=4)


def renamed() -> Dataset:
    """Return the same Instance with another value."""
    dataset = small()
    dataset.PatientComments = "another"
    return dataset


def count(desk: IngestDesk, table: object = instances) -> int:
    with desk.desk.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def test_many_contents_are_registered_by_one_job(desk: IngestDesk) -> None:
    slices = [small(index) for index in range(5)]
    sent = [desk.send(one) for one in slices]

    assert desk.work() == 1

    done = [desk.ticket(one) for one in sent]
    assert [(one.state, one.outcome, one.blob_key) for one in done] == [
        ("stored", "stored", None)
    ] * 5
    assert [one.sop_instance_uid for one in done] == [one.SOPInstanceUID for one in slices]
    assert desk.desk.read(place_of(slices[3])) == [to_bytes(slices[3])]
    assert (count(desk), count(desk, blobs), count(desk, jobs)) == (5, 5, 1)


def cut(data: bytes) -> bytes:
    return data[:-10]


def without_uid() -> bytes:
    dataset = small()
    del dataset.StudyInstanceUID
    return to_bytes(dataset)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"", "empty"),
        (lambda: b"just some text\n", "not_dicom"),
        (lambda: b"\0\0\0\1Bud1" + bytes(6140), "not_dicom"),
        (without_uid, "missing_identity"),
        (lambda: bytes(128) + b"DICM" + b"\xff" * 100, "unreadable"),
    ],
)
def test_junk_is_taken_and_rejected_with_a_reason(
    desk: IngestDesk, make: Callable[[], bytes], reason: str
) -> None:
    sent, good = desk.send(make()), desk.send(small())

    desk.work()

    ticket = desk.ticket(sent)
    assert (ticket.state, ticket.reason, ticket.outcome) == ("rejected", reason, None)
    assert ticket.detail
    assert (ticket.blob_key is None) == (reason == "empty")
    assert desk.ticket(good).state == "stored"
    assert desk.acts(sent)[-1] == ("upload.register", "rejected")
    assert count(desk, blobs) == (1 if reason == "empty" else 2)


def test_file_that_ends_too_early_is_stored_with_a_warning(desk: IngestDesk) -> None:
    ticket = desk.send(cut(to_bytes(small())))

    desk.work()

    assert desk.ticket(ticket).outcome == "stored"
    assert "too early" in str(desk.ticket(ticket).detail)


def test_same_bytes_for_two_tickets_are_one_instance(desk: IngestDesk) -> None:
    first, second = desk.send(small()), desk.send(small())

    desk.work()

    assert [desk.ticket(one).outcome for one in (first, second)] == ["stored", "present"]
    assert (count(desk), count(desk, blobs)) == (1, 1)


def test_other_bytes_under_a_uid_replace_what_was_there(desk: IngestDesk) -> None:
    first, second = desk.send(small()), desk.send(renamed())

    assert desk.work() == 2, "the second one waits for the first"

    assert [desk.ticket(one).outcome for one in (first, second)] == ["stored", "replaced"]
    assert desk.desk.read(place_of(small())) == [to_bytes(renamed())]
    assert desk.acts(second)[-1] == ("upload.register", "replaced")
    assert (count(desk), count(desk, blobs)) == (1, 1)


def test_policy_of_the_server_decides(tmp_path: Path) -> None:
    with open_ingest_desk(tmp_path, policy="reject") as desk:
        desk.send(small())
        second = desk.send(renamed())
        desk.work()

        ticket = desk.ticket(second)
        assert (ticket.state, ticket.reason) == ("rejected", "conflict")
        assert "PatientComments differs" in str(ticket.detail)
        assert ticket.sop_instance_uid == small().SOPInstanceUID
        assert desk.desk.read(place_of(small())) == [to_bytes(small())]


def test_owners_have_jobs_and_archives_of_their_own(desk: IngestDesk) -> None:
    desk.send(small())
    desk.send(small(), owner=STRANGER)

    assert desk.work() == 2

    assert desk.desk.read(place_of(small(), STRANGER)) == [to_bytes(small())]


def test_nothing_is_registered_where_the_end_of_the_job_fails(desk: IngestDesk) -> None:
    """As where the lease is lost, or the process is killed just before the commit."""
    ticket = desk.send(small())
    job = desk.queue.lease("one", [KIND], 60_000)
    assert isinstance(job, Job)

    def finish(*_: object) -> None:
        raise ConflictError("the lease is lost")

    with pytest.raises(ConflictError):
        desk.ingest.registration.work(job, finish)

    assert (desk.ticket(ticket).state, count(desk)) == ("received", 0)
    desk.desk.clock.now_ms += 60_001
    desk.work()
    assert (desk.ticket(ticket).state, count(desk)) == ("stored", 1)


def test_what_has_no_job_any_more_gets_one(desk: IngestDesk) -> None:
    ticket = desk.send(small())
    with desk.desk.database.begin() as connection:
        connection.execute(delete(jobs))

    assert desk.ingest.registration.want_missed() == 1
    assert desk.ingest.registration.want_missed() == 0
    desk.work()

    assert desk.ticket(ticket).state == "stored"


def test_content_that_breaks_the_server_hits_nobody_else(desk: IngestDesk) -> None:
    other = instance(0, rows=4, columns=4, series_name="other")
    other.StudyInstanceUID = "1.2.3"
    with desk.desk.database.begin() as connection:
        connection.execute(POISON)
    before, broken, after = desk.send(small()), desk.send(other), desk.send(small(1))

    desk.work()

    assert [desk.ticket(one).state for one in (before, after)] == ["stored", "stored"]
    assert (desk.ticket(broken).state, desk.ticket(broken).reason) == ("rejected", "unreadable")
    assert desk.ticket(broken).detail == "the server failed with ConflictError"


def test_a_whole_series_is_found_in_the_archive(desk: IngestDesk) -> None:
    slices = series(6, rows=4, columns=4)
    for one in slices:
        desk.send(one)

    desk.work()

    found = desk.desk.studies()
    assert [one.study_uid for one in found.matches] == [slices[0].StudyInstanceUID]
    assert (
        len(desk.desk.read(place_of(slices[0])._replace(sop_instance_uid="", series_uid=""))) == 6
    )
