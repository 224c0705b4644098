"""Sessions with the real database, real bytes and the real worker, from upload to expiry."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.errors import (
    ConflictError,
    FullError,
    InvalidInputError,
    NotFoundError,
    TooManyFilesError,
)
from isocenter.limits import DEFAULT
from isocenter.store.tables import job_events, jobs, session_files, sessions
from tests.builders import CANARY, series
from tests.sessions import OWNER, STRANGER, Bench, files_of, open_bench, slices
from tests.stores import HOUR_MS, files_under

SMALL = replace(DEFAULT, sessions=3, session_files=5, lane_jobs=2)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as made:
        yield made


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path, limits=SMALL) as made:
        yield made


def test_owners_see_only_their_own(bench: Bench) -> None:
    session_id = bench.new_session(slices(1))
    job_id = bench.sessions.process(OWNER, session_id, "merge")
    tries: list[Callable[[], object]] = [
        lambda: bench.sessions.get(STRANGER, session_id),
        lambda: bench.sessions.files(STRANGER, session_id),
        lambda: bench.sessions.begin_upload(STRANGER, session_id),
        lambda: bench.sessions.process(STRANGER, session_id, "merge"),
        lambda: bench.sessions.job(STRANGER, session_id, job_id),
        lambda: bench.sessions.jobs(STRANGER, session_id),
        lambda: bench.sessions.cancel(STRANGER, session_id, job_id),
        lambda: bench.sessions.open_file(STRANGER, session_id, "0000.dcm"),
        lambda: next(bench.sessions.open_outputs(STRANGER, session_id)),
        lambda: bench.sessions.delete(STRANGER, session_id),
    ]

    for attempt in tries:
        with pytest.raises(NotFoundError):
            attempt()

    assert bench.sessions.list(STRANGER) == []
    assert [one.id for one in bench.sessions.list(OWNER)] == [session_id]
    other = bench.new_session(owner=STRANGER)
    with pytest.raises(NotFoundError):
        bench.sessions.job(STRANGER, other, job_id)


@pytest.mark.parametrize("session_id", ["", "x", "../../etc", "a" * 36, "\0", "%", "' OR 1=1 --"])
def test_malformed_ids_are_not_found(bench: Bench, session_id: str) -> None:
    with pytest.raises(NotFoundError):
        bench.sessions.files(OWNER, session_id)


@pytest.mark.parametrize("name", ["", "..", "../0000.dcm", "0000.DCM", "a\0", "%", "0000.dcm/"])
def test_other_names_are_not_found(bench: Bench, name: str) -> None:
    session_id = bench.new_session(slices(1))

    with pytest.raises(NotFoundError):
        bench.sessions.open_file(OWNER, session_id, name)


def test_sessions_are_counted_and_expire_one_after_the_other(small: Bench) -> None:
    for _ in range(3):
        small.sessions.create(OWNER)
        small.clock.now_ms += 1000

    with pytest.raises(FullError) as refused:
        small.sessions.create(STRANGER)

    assert refused.value.retry_after_seconds == 3600 - 3
    small.clock.now_ms += 3_597_000
    assert small.sessions.create(STRANGER).owner == STRANGER


def test_too_many_waiting_processes_are_a_conflict(small: Bench) -> None:
    session_id = small.new_session(slices(1))
    for _ in range(SMALL.lane_jobs):
        small.sessions.process(OWNER, session_id, "merge")

    with pytest.raises(ConflictError):
        small.sessions.process(OWNER, session_id, "merge")


def test_a_process_without_files_is_refused(bench: Bench) -> None:
    session_id = bench.new_session()

    with pytest.raises(InvalidInputError, match="no files"):
        bench.sessions.process(OWNER, session_id, "merge")
    with pytest.raises(InvalidInputError, match="input is input or output"):
        bench.sessions.process(OWNER, session_id, "merge", source="both")


def test_an_idempotent_request_is_one_job(bench: Bench) -> None:
    session_id = bench.new_session(slices(1))

    ids = {
        bench.sessions.process(OWNER, session_id, "merge", idempotency_key="k") for _ in range(3)
    }

    assert len(ids) == 1
    assert len(bench.sessions.jobs(OWNER, session_id)) == 1


def test_a_cancelled_process_says_so(bench: Bench) -> None:
    session_id = bench.new_session(slices(1))
    job_id = bench.sessions.process(OWNER, session_id, "merge")

    bench.sessions.cancel(OWNER, session_id, job_id)

    result = bench.sessions.result(bench.sessions.job(OWNER, session_id, job_id))
    assert (result.ended, result.success) == ("cancelled", False)
    assert result.log == "[ERROR] the action was cancelled"


def test_a_running_process_is_cancelled(bench: Bench) -> None:
    session_id = bench.new_session(files_of(series(60, rows=256, columns=256)))
    with bench.working():
        job_id = bench.sessions.process(OWNER, session_id, "compress_lossless")
        while not any(one.kind == "log" for one in bench.queue.events(job_id, 0)):
            bench.queue.wait(job_id, 0.01)
        bench.sessions.cancel(OWNER, session_id, job_id)
        result = bench.sessions.result(bench.ended(job_id))

    assert result.ended == "cancelled"
    assert bench.names(session_id)[1] == []
    assert files_under(bench.folder / "scratch") == []


def test_a_process_that_takes_too_long_is_stopped_and_says_so(tmp_path: Path) -> None:
    limits = replace(DEFAULT, process_seconds=1)
    with open_bench(tmp_path, limits=limits, wall_seconds=0.3) as bench:
        session_id = bench.new_session(files_of(series(60, rows=256, columns=256)))
        with bench.working():
            result = bench.run(session_id, "compress_lossless")

        assert (result.ended, result.success) == ("timed_out", False)
        assert "longer than 1 seconds" in result.error
        assert bench.names(session_id)[1] == []


def test_while_it_runs_the_result_says_so(bench: Bench) -> None:
    session_id = bench.new_session(slices(1))
    job_id = bench.sessions.process(OWNER, session_id, "merge")

    result = bench.sessions.result(bench.sessions.job(OWNER, session_id, job_id))

    assert (result.ended, result.success, result.log) == ("running", False, "")


def test_expiry_leaves_no_row_and_no_byte(bench: Bench) -> None:
    session_id = bench.new_session(slices(4))
    with bench.working():
        bench.run(session_id, "compress_lossless")
        bench.run(session_id, "headers")
    other = bench.new_session({"kept.dcm": b"kept"}, owner=STRANGER)
    bench.clock.now_ms += HOUR_MS
    later = bench.new_session({"later.dcm": b"later"})

    expired = bench.sessions.expire()

    assert (expired.sessions, expired.files) == (2, 13)
    assert [one.id for one in bench.sessions.list(OWNER)] == [later]
    with pytest.raises(NotFoundError):
        bench.sessions.files(STRANGER, other)
    with bench.database.read() as connection:
        assert list(connection.scalars(select(sessions.c.id))) == [later]
        assert len(list(connection.scalars(select(session_files.c.id)))) == 1
        assert list(connection.scalars(select(jobs.c.id))) == []
        assert list(connection.scalars(select(job_events.c.job_id))) == []
    assert [one.read_bytes() for one in bench.blob_files()] == [b"later"]
    assert not holds(bench.folder, CANARY.encode())


def holds(folder: Path, wanted: bytes) -> list[Path]:
    return [path for path in files_under(folder) if wanted in path.read_bytes()]


def test_an_expired_session_is_gone_before_anybody_sweeps(bench: Bench) -> None:
    session_id = bench.new_session(slices(1))
    bench.clock.now_ms += HOUR_MS

    with pytest.raises(NotFoundError):
        bench.sessions.get(OWNER, session_id)
    assert bench.sessions.list(OWNER) == []
    assert not bench.sessions.expire(bench.clock.now_ms - 1).sessions


def test_a_running_job_ends_before_its_session_expires(bench: Bench) -> None:
    session_id = bench.new_session(slices(2))
    job_id = bench.sessions.process(OWNER, session_id, "merge")
    leased = bench.queue.lease("worker", {"session"}, 10 * HOUR_MS)
    assert leased is not None
    bench.clock.now_ms += HOUR_MS

    assert bench.sessions.expire().sessions == 0
    assert bench.sessions.job(OWNER, session_id, job_id).state == "running"
    with pytest.raises(NotFoundError):
        bench.sessions.process(OWNER, session_id, "merge")
    with pytest.raises(NotFoundError):
        bench.sessions.begin_upload(OWNER, session_id)

    bench.queue.fail(job_id, "worker", "stopped", retry=False)
    assert bench.sessions.expire().sessions == 1


def test_deletion_leaves_no_byte_but_what_others_have(bench: Bench) -> None:
    shared = slices(2)
    mine = bench.new_session({**shared, "own.dcm": b"own"})
    theirs = bench.new_session(shared, owner=STRANGER)

    bench.sessions.delete(OWNER, mine)

    keys = {hashlib.sha256(data).hexdigest() for data in shared.values()}
    assert {path.name for path in bench.blob_files()} == keys
    assert bench.read(theirs, "0000.dcm", owner=STRANGER) == shared["0000.dcm"]
    with pytest.raises(NotFoundError):
        bench.sessions.get(OWNER, mine)


def test_a_session_that_is_deleted_while_it_works_leaves_nothing(bench: Bench) -> None:
    session_id = bench.new_session(files_of(series(60, rows=256, columns=256)))
    with bench.working():
        job_id = bench.sessions.process(OWNER, session_id, "compress_lossless")
        while not any(one.kind == "log" for one in bench.queue.events(job_id, 0)):
            bench.queue.wait(job_id, 0.01)
        bench.sessions.delete(OWNER, session_id)

    assert bench.blob_files() == []
    assert files_under(bench.folder / "scratch") == []


def test_a_deleted_session_is_in_no_file_after_the_next_expiry(bench: Bench) -> None:
    session_id = bench.new_session(slices(2))
    bench.sessions.delete(OWNER, session_id)

    assert bench.sessions.expire() == (0, 0)

    assert not holds(bench.folder, CANARY.encode())


def test_an_open_file_can_be_read_after_its_session_went(bench: Bench) -> None:
    session_id = bench.new_session({"a.dcm": b"bytes"})

    with bench.sessions.open_file(OWNER, session_id, "a.dcm") as stored:
        bench.sessions.delete(OWNER, session_id)
        assert stored.reader.read_at(0, 10) == b"bytes"


def test_the_bound_of_files_counts_what_is_new(small: Bench) -> None:
    session_id = small.new_session(slices(5))

    assert small.upload(session_id, slices(5))
    with pytest.raises(TooManyFilesError):
        small.upload(session_id, {"one-more.dcm": b"x"})
