"""Sessions against a model: whatever happens in whatever order, rows, bytes and answers agree."""

import contextlib
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import Connection, select

from isocenter.errors import ConflictError, InvalidInputError, NotFoundError, TooManyFilesError
from isocenter.limits import DEFAULT
from isocenter.services.session_child import run
from isocenter.services.session_names import harmless_name, split_name
from isocenter.services.sessions import JOB_KIND
from isocenter.store.tables import session_files
from tests.builders import instance, to_bytes
from tests.sessions import OWNER, STRANGER, open_bench

LIMITS = replace(DEFAULT, sessions=3, session_files=6, lane_jobs=3)
LEASE_MS = 30_000
MINUTE_MS = 60_000
NAMES = ["a.dcm", "A.dcm", "../a.dcm", "b", "c d.dcm", "notes.txt"]
CONTENTS = [to_bytes(instance(0)), to_bytes(instance(1)), b"no image", b""]
files_strategy = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(CONTENTS)), min_size=1, max_size=4
)


class Silent:
    """Nobody is told."""

    def progress(self, done: int, total: int = 0, label: str = "") -> None:
        """Tell how far it is."""

    def log(self, line: str) -> None:
        """Tell one line."""


@dataclass
class Expected:
    """What a session must have."""

    owner: str
    expires_ms: int
    inputs: dict[str, bytes] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def named(self, name: str, data: bytes) -> str:
        """Return the name that a file must get, by the rules of the contract."""
        lower = {one.lower(): one for one in self.inputs}
        stem, suffix = split_name(harmless_name(name))
        number, tried = 1, f"{stem}{suffix}"
        while tried.lower() in lower and self.inputs[lower[tried.lower()]] != data:
            number += 1
            tried = f"{stem}__{number}{suffix}"
        return lower.get(tried.lower(), tried)

    def dicom(self) -> set[str]:
        return {name for name, data in self.inputs.items() if data in CONTENTS[:2]}


class SessionMachine(RuleBasedStateMachine):
    """Owners, uploads, jobs, crashes of workers, time that passes."""

    sessions = Bundle("sessions")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.stack = contextlib.ExitStack()
        self.bench = self.stack.enter_context(open_bench(self.folder, limits=LIMITS))
        self.model: dict[str, Expected] = {}
        self.workers = 0

    def teardown(self) -> None:
        with self.bench.database.read() as connection:
            assert self.bench.audit.verify_chain(connection).broken is None
        self.stack.close()
        shutil.rmtree(self.folder)

    def alive(self) -> dict[str, Expected]:
        now_ms = self.bench.clock()
        return {key: one for key, one in self.model.items() if one.expires_ms > now_ms}

    @precondition(lambda self: len(self.alive()) < LIMITS.sessions)
    @rule(target=sessions, owner=st.sampled_from([OWNER, STRANGER]))
    def create(self, owner: str) -> str:
        session = self.bench.sessions.create(owner)
        self.model[session.id] = Expected(owner, session.expires_ms)
        return session.id

    @rule(session_id=sessions, files=files_strategy)
    def upload(self, session_id: str, files: list[tuple[str, bytes]]) -> None:
        expected = self.alive().get(session_id)
        if expected is None:
            with pytest.raises(NotFoundError):
                self.bench.sessions.begin_upload(OWNER, session_id)
            return
        after = Expected(expected.owner, expected.expires_ms, dict(expected.inputs))
        names = []
        for name, data in files:
            names.append(after.named(name, data))
            after.inputs[names[-1]] = data
        with self.bench.sessions.begin_upload(expected.owner, session_id) as upload:
            for name, data in files:
                part = upload.add_part(name)
                part.write(data)
                part.close()
            if len(after.inputs) > LIMITS.session_files:
                with pytest.raises(TooManyFilesError):
                    upload.finish()
                return
            assert [one.name for one in upload.finish()] == names
        expected.inputs = after.inputs

    @rule(session_id=sessions, data=st.sampled_from(CONTENTS))
    def abandon_upload(self, session_id: str, data: bytes) -> None:
        expected = self.alive().get(session_id)
        if expected is not None:
            with self.bench.sessions.begin_upload(expected.owner, session_id) as upload:
                upload.add_part("a.dcm").write(data)

    @rule(session_id=sessions, action=st.sampled_from(["headers", "summary"]))
    def process(self, session_id: str, action: str) -> None:
        expected = self.alive().get(session_id)
        owner = expected.owner if expected else OWNER
        try:
            self.bench.sessions.process(owner, session_id, action)
        except NotFoundError:
            assert expected is None
        except InvalidInputError:
            assert expected is not None
            assert not expected.dicom()
        except ConflictError:
            waiting = self.bench.sessions.jobs(owner, session_id)
            assert sum(not one.is_ended for one in waiting) >= LIMITS.lane_jobs
        else:
            assert expected is not None
            assert expected.dicom()

    @rule()
    def work(self) -> None:
        """Lease a job and do it as a worker does."""
        bench = self.bench
        self.workers += 1
        worker = f"worker-{self.workers}"
        job = bench.queue.lease(worker, {JOB_KIND}, LEASE_MS)
        if job is None:
            return
        scratch = self.folder / "scratch" / job.id
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        session_id = str(job.payload["session"])
        try:
            arguments = bench.jobs.prepare(job, scratch)
        except NotFoundError as error:
            assert session_id not in self.alive()
            bench.queue.fail(job.id, worker, str(error), retry=False)
            return
        with contextlib.chdir(scratch):
            answer = run(arguments, Silent())

        def finish(connection: Connection, result: object) -> None:
            assert isinstance(result, dict)
            bench.queue.finish(connection, job.id, worker, result)

        bench.jobs.publish(job, answer, scratch, finish)
        shutil.rmtree(scratch)
        if job.payload["action"] == "headers":
            inputs = arguments["inputs"]
            assert isinstance(inputs, list)
            dicom = self.model[session_id].dicom()
            done = [one["name"] for one in inputs if one["name"] in dicom]
            self.model[session_id].texts = {f"{split_name(name)[0]}.txt" for name in done}

    @rule()
    def lose_a_worker(self) -> None:
        self.workers += 1
        self.bench.queue.lease(f"worker-{self.workers}", {JOB_KIND}, LEASE_MS)
        self.bench.clock.now_ms += LEASE_MS + 1

    @rule(minutes=st.sampled_from([1, 20, 45]))
    def wait(self, minutes: int) -> None:
        self.bench.clock.now_ms += minutes * MINUTE_MS

    @rule()
    def expire(self) -> None:
        self.bench.queue.recover()
        self.bench.sessions.expire()
        self.model = self.alive()

    @rule(session_id=consumes(sessions))
    def delete(self, session_id: str) -> None:
        expected = self.alive().get(session_id)
        if expected is not None:
            self.bench.sessions.delete(expected.owner, session_id)
            del self.model[session_id]

    @invariant()
    def files_are_those_of_the_model(self) -> None:
        for session_id, expected in self.alive().items():
            files = self.bench.sessions.files(expected.owner, session_id)
            assert [one.name for one in files.inputs] == list(expected.inputs)
            assert {one.name for one in files.outputs} == expected.texts
            stranger = STRANGER if expected.owner == OWNER else OWNER
            with pytest.raises(NotFoundError):
                self.bench.sessions.files(stranger, session_id)
            for name, data in expected.inputs.items():
                if name not in expected.texts:
                    assert self.bench.read(session_id, name, owner=expected.owner) == data

    @invariant()
    def bytes_are_those_of_the_rows(self) -> None:
        with self.bench.database.read() as connection:
            keys = set(connection.scalars(select(session_files.c.blob_key)))
        assert {path.name for path in self.bench.blob_files()} == keys


SessionMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25)
TestSessions = SessionMachine.TestCase
