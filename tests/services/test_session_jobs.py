"""What the worker does for sessions: inputs chosen, results published or refused as a whole."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from isocenter.errors import (
    CancelledError,
    ConflictError,
    InvalidInputError,
    IsocenterError,
    NotFoundError,
    TooLargeError,
)
from isocenter.jobs.queue import Job
from isocenter.limits import DEFAULT
from isocenter.services.session_jobs import Payload
from isocenter.services.sessions import JOB_KIND
from isocenter.store.blobs_local import LocalBlobs
from tests.sessions import OWNER, Bench, open_bench, slices
from tests.stores import HOUR_MS

WORKER = "worker"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as made:
        yield made


def leased(bench: Bench, session_id: str, action: str = "headers", **wanted: str) -> Job:
    bench.sessions.process(OWNER, session_id, action, **wanted)  # type: ignore[arg-type]  # texts
    job = bench.queue.lease(WORKER, {JOB_KIND}, 60_000)
    assert job is not None
    return job


def answer_of(scratch: Path, files: Mapping[str, bytes]) -> dict[str, object]:
    """Return what a child answers that made these files."""
    scratch.mkdir(exist_ok=True)
    outputs = []
    for number, (name, data) in enumerate(files.items()):
        path = scratch / f"made{number}"
        path.write_bytes(data)
        outputs.append({"path": str(path), "name": name})
    return {"outputs": outputs, "log": "log", "failed": [], "success": True, "error": ""}


def publish(bench: Bench, job: Job, answer: Mapping[str, object], scratch: Path) -> None:
    def finish(connection: Connection, result: Mapping[str, object]) -> None:
        bench.queue.finish(connection, job.id, WORKER, result)

    bench.jobs.publish(job, answer, scratch, finish)


def test_inputs_are_those_of_the_request_in_natural_order(bench: Bench) -> None:
    one = next(iter(slices(1).values()))
    session_id = bench.new_session({"s10.dcm": one, "s2.dcm": one, "s1.dcm": one})
    bench.sessions.process(OWNER, session_id, "headers")
    bench.upload(session_id, {"late.dcm": one})

    job = bench.queue.lease(WORKER, {JOB_KIND}, 60_000)
    assert job is not None
    arguments = bench.jobs.prepare(job, bench.folder)

    inputs = arguments["inputs"]
    assert isinstance(inputs, list)
    assert [each["name"] for each in inputs] == ["s1.dcm", "s2.dcm", "s10.dcm"]
    assert Path(inputs[0]["path"]).read_bytes() == one


def test_no_secret_lies_in_the_queue(bench: Bench) -> None:
    job = leased(bench, bench.new_session(slices(1)))

    key = str(bench.jobs.prepare(job, bench.folder)["key"])

    assert len(key) == 64
    assert key not in str(job.payload)
    assert Payload.read(job.payload).to_json() == dict(job.payload)


def test_names_that_are_taken_get_a_number(bench: Bench, tmp_path: Path) -> None:
    session_id = bench.new_session(slices(1))
    scratch = tmp_path / "s"
    first = leased(bench, session_id)
    publish(bench, first, answer_of(scratch, {"a.txt": b"1", "b.txt": b"2"}), scratch)

    other = leased(bench, session_id, "summary")
    publish(bench, other, answer_of(scratch, {"a.txt": b"other", "b.txt": b"2"}), scratch)

    assert bench.names(session_id)[1] == ["a.txt", "b.txt", "a_2.txt"]
    result = bench.sessions.result(bench.sessions.job(OWNER, session_id, other.id))
    assert [one.name for one in result.output_files] == ["a_2.txt", "b.txt"]
    assert bench.read(session_id, "a_2.txt") == b"other"


def test_names_that_the_child_tells_are_made_harmless(bench: Bench, tmp_path: Path) -> None:
    session_id = bench.new_session(slices(1))
    scratch = tmp_path / "s"
    job = leased(bench, session_id)

    publish(bench, job, answer_of(scratch, {"../../x y": b"1"}), scratch)

    assert bench.names(session_id)[1] == ["x_y"]


@pytest.mark.parametrize("kind", ["outside", "link"])
def test_files_outside_of_the_folder_are_refused(bench: Bench, tmp_path: Path, kind: str) -> None:
    session_id = bench.new_session(slices(1))
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    scratch = tmp_path / "s"
    scratch.mkdir()
    link = scratch / "link"
    link.symlink_to(secret)
    path = secret if kind == "outside" else link
    answer = {**answer_of(scratch, {}), "outputs": [{"path": str(path), "name": "a"}]}

    with pytest.raises(InvalidInputError, match="outside"):
        publish(bench, leased(bench, session_id), answer, scratch)

    assert bench.names(session_id)[1] == []


def test_a_cancelled_job_publishes_nothing(bench: Bench, tmp_path: Path) -> None:
    session_id = bench.new_session(slices(1))
    before = bench.blob_files()
    job = leased(bench, session_id)
    bench.sessions.cancel(OWNER, session_id, job.id)

    with pytest.raises(CancelledError):
        publish(bench, job, answer_of(tmp_path / "s", {"a": b"1"}), tmp_path / "s")

    assert bench.names(session_id)[1] == []
    assert bench.blob_files() == before


def test_a_job_that_lost_its_session_publishes_nothing(bench: Bench, tmp_path: Path) -> None:
    session_id = bench.new_session(slices(1))
    job = leased(bench, session_id)
    bench.sessions.delete(OWNER, session_id)

    with pytest.raises((NotFoundError, ConflictError)):
        publish(bench, job, answer_of(tmp_path / "s", {"a": b"1"}), tmp_path / "s")

    assert bench.blob_files() == []


def test_a_job_that_ends_after_the_session_expired_still_publishes(
    bench: Bench, tmp_path: Path
) -> None:
    session_id = bench.new_session(slices(1))
    bench.sessions.process(OWNER, session_id, "headers")
    job = bench.queue.lease(WORKER, {JOB_KIND}, 10 * HOUR_MS)
    assert job is not None
    bench.clock.now_ms += HOUR_MS

    publish(bench, job, answer_of(tmp_path / "s", {"a": b"1"}), tmp_path / "s")

    assert bench.queue.get(job.id, OWNER).state == "done"
    assert bench.sessions.expire().sessions == 1


@pytest.mark.parametrize("limits", [{"session_outputs": 2}, {"session_bytes": 2000}])
def test_more_outputs_than_a_session_may_have(tmp_path: Path, limits: dict[str, int]) -> None:
    with open_bench(tmp_path, limits=replace(DEFAULT, **limits)) as bench:
        session_id = bench.new_session({"a.dcm": next(iter(slices(1).values()))[:1000]})
        before = bench.blob_files()
        job = leased(bench, session_id)
        files = {f"{k}": bytes([k]) * 500 for k in range(3)}

        with pytest.raises(TooLargeError):
            publish(bench, job, answer_of(tmp_path / "s", files), tmp_path / "s")

        assert bench.names(session_id)[1] == []
        assert bench.blob_files() == before


def test_outputs_of_the_last_action_are_the_next_input(bench: Bench, tmp_path: Path) -> None:
    files = slices(2)
    session_id = bench.new_session(files)
    scratch = tmp_path / "s"
    for action, name in (("merge", "m.dcm"), ("compress_lossless", "c.dcm"), ("headers", "h.txt")):
        data = files["0000.dcm"] if name.endswith("dcm") else b"text"
        publish(bench, leased(bench, session_id, action), answer_of(scratch, {name: data}), scratch)

    job = leased(bench, session_id, "decompress", source="output")

    inputs = bench.jobs.prepare(job, scratch)["inputs"]
    assert isinstance(inputs, list)
    assert [one["name"] for one in inputs] == ["c.dcm"]


def test_what_could_not_be_published_is_discarded(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = bench.new_session(slices(1))
    before = bench.blob_files()
    job = leased(bench, session_id)

    def fail(*_: object) -> None:
        raise ConflictError("the disk says no")

    with monkeypatch.context() as patch, contextlib.suppress(IsocenterError):
        patch.setattr(LocalBlobs, "publish", fail)
        publish(bench, job, answer_of(tmp_path / "s", {"a": b"1"}), tmp_path / "s")

    assert bench.blob_files() == before
    assert bench.names(session_id)[1] == []
