"""What the worker does for sessions: arguments for the child, and results published.

Inputs are chosen when a job begins, not when it was asked for: what an earlier job of the session
makes can be the input of the next. Uploads that came after the request are no part of it.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import orjson
from sqlalchemy import Connection

from isocenter.access.audit import Audit
from isocenter.access.server_secret import ServerSecret
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.jobs.queue import Job
from isocenter.limits import DEFAULT, Limits
from isocenter.services.files import FileSource, natural_key
from isocenter.services.intake import read_facts
from isocenter.services.reports import Json
from isocenter.services.session_actions import check_inputs
from isocenter.services.session_files import (
    Facts,
    Kind,
    Naming,
    NewFile,
    SessionFile,
    add_files,
    list_files,
    next_number,
    remove_files,
    size_of_session,
)
from isocenter.services.session_names import harmless_name
from isocenter.services.session_rows import find_session
from isocenter.store.blob_rows import drop_unused, keep
from isocenter.store.blobs import BlobStore, StagedBlob
from isocenter.store.database import Database
from isocenter.store.local_copies import local_paths

CHILD = "isocenter.services.session_child:run"

_NO_DICOM = (".png", ".mp4", ".avi", ".txt", ".json", ".zip")
_RUN_CHARACTERS = 32
_COPIES = "copies"

Finish = Callable[[Connection, Mapping[str, object]], None]


class Payload(NamedTuple):
    """What a job of a session is asked to do, as it lies in the queue.

    Attributes
    ----------
    up_to
        The largest number of an input that was there when it was asked for.
    names
        The files that are meant, where they were named.
    """

    session: str
    action: str
    options: dict[str, Json]
    source: Kind
    up_to: int
    names: list[str]
    notes: list[str]

    def to_json(self) -> dict[str, Json]:
        """Return it as JSON values."""
        return {**self._asdict(), "names": [*self.names], "notes": [*self.notes]}

    @staticmethod
    def read(payload: Mapping[str, object]) -> "Payload":
        """Return what ``to_json`` made."""
        return Payload(**payload)  # type: ignore[arg-type]  # our own service wrote it

    @property
    def run(self) -> str:
        """What tells a repetition: the same action with the same options on the same kind."""
        asked = orjson.dumps([self.action, self.options, self.source], option=orjson.OPT_SORT_KEYS)
        return sha256(asked).hexdigest()[:_RUN_CHARACTERS]


class _Plan(NamedTuple):
    """Outputs that go, rows and bytes that come, and all outputs that the job has then."""

    gone: list[SessionFile]
    new: list[SessionFile]
    staged: list[StagedBlob]
    kept: list[SessionFile]


def choose_files(asked: Payload, files: Sequence[SessionFile]) -> list[SessionFile]:
    """Return those files of the kind that is asked for on which the action works.

    They are the ones that were named; or all inputs that were there in time; or, of outputs, the
    DICOM files of the action that made some last, other than the same action before.
    """
    if asked.names:
        named = set(asked.names)
        return [one for one in files if one.name in named]
    if asked.source == "input":
        return [one for one in files if one.number <= asked.up_to]
    made = [one for one in files if one.facts.get("is_dicom") and one.facts.get("run") != asked.run]
    last = made[-1].facts["run"] if made else ""
    return [one for one in made if one.facts["run"] == last]


@dataclass(frozen=True, slots=True)
class SessionJobs:
    """``prepare`` and ``publish`` of the jobs of sessions (``jobs/worker.py``).

    Parameters
    ----------
    secret
        Pseudonyms of an account are made with a key that only this server can derive.
    jobs
        How many things one action may do at once.
    """

    database: Database
    blobs: BlobStore
    audit: Audit
    secret: ServerSecret
    clock: Callable[[], int]
    new_id: Callable[[], str]
    limits: Limits = DEFAULT
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)

    def prepare(self, job: Job, scratch: Path) -> Mapping[str, object]:
        """Return the arguments for the child; bytes of other machines are copied for it.

        Raises
        ------
        InvalidInputError
            If no file suits.
        NotFoundError
            If the session is gone or has expired.
        """
        asked = Payload.read(job.payload)
        with self.database.read() as connection:
            find_session(connection, job.owner, asked.session, self.clock())
            files = list_files(connection, asked.session, asked.source)
        files = choose_files(asked, files)
        check_inputs(asked.action, [one.facts for one in files])
        files.sort(key=lambda one: natural_key(one.name))
        paths = local_paths(self.blobs, [one.blob_key for one in files], scratch / _COPIES)
        inputs = [
            {"path": str(path), "name": one.name} for path, one in zip(paths, files, strict=True)
        ]
        return {
            "action": asked.action,
            "options": asked.options,
            "inputs": inputs,
            "notes": asked.notes,
            "key": self.secret.sign("pseudonyms", job.owner.encode()).hex(),
            "jobs": self.jobs,
        }

    def publish(
        self, job: Job, answer: Mapping[str, object], scratch: Path, finish: Finish
    ) -> None:
        """Make the outputs files of the session, in place of those of the same run before.

        Raises
        ------
        NotFoundError
            If the session is gone.
        TooLargeError
            If the session would have more outputs or bytes than it may.
        ConflictError, CancelledError
            If the job is no longer ours to finish.
        """
        asked = Payload.read(job.payload)
        made = self._stage(answer, scratch)
        try:
            with self.database.begin() as connection:
                find_session(connection, job.owner, asked.session, self.clock(), may_run=True)
                plan = self._plan(connection, job, asked, made)
                subject = ("session", asked.session)
                outcome = "ok" if answer["success"] else "failed"
                self.audit.record(
                    connection, job.owner, f"session.{asked.action}", subject, outcome
                )
                # It may refuse, and bytes that were published have no way back.
                finish(connection, _result(asked, answer, plan.kept))
                remove_files(connection, [one.id for one in plan.gone])
                keep(connection, self.blobs, plan.staged, self.clock())
                add_files(connection, asked.session, plan.new)
        finally:
            self.blobs.discard(*(one.staged for one in made))
        drop_unused(self.database, self.blobs, [one.blob_key for one in plan.gone])

    def _stage(self, answer: Mapping[str, object], scratch: Path) -> list[NewFile]:
        """Take over what the child made; only what lies in its folder is taken."""
        outputs = answer["outputs"]
        assert isinstance(outputs, list)
        if len(outputs) > self.limits.session_outputs:
            most = self.limits.session_outputs
            raise TooLargeError("session_outputs", most, len(outputs), "files")
        made: list[NewFile] = []
        try:
            for one in outputs:
                path, name = Path(str(one["path"])), harmless_name(str(one["name"]))
                _check_inside(path, scratch)
                facts = self._facts(path, name)
                made.append(NewFile(name, self.blobs.stage_file(path), facts))
        except BaseException:
            self.blobs.discard(*(one.staged for one in made))
            raise
        return made

    def _facts(self, path: Path, name: str) -> Facts:
        if name.endswith(_NO_DICOM):
            return {"is_dicom": False}
        with FileSource(path) as source:
            return read_facts(source, self.limits)

    def _plan(
        self, connection: Connection, job: Job, asked: Payload, made: Sequence[NewFile]
    ) -> _Plan:
        """Return what becomes of outputs from before and of those that were made.

        Raises
        ------
        TooLargeError
            If the session would have more outputs or bytes than it may.
        """
        present = list_files(connection, asked.session, "output")
        gone = [one for one in present if made and one.facts.get("run") == asked.run]
        others = [one for one in present if not made or one.facts.get("run") != asked.run]
        naming = Naming((one.name, one.blob_key) for one in others)
        by_name = {one.name: one for one in others}
        plan = _Plan(gone, [], [], [])
        number = next_number(connection, asked.session, "output")
        for one in made:
            name, is_there = naming.name_output(one.name, one.staged.key)
            if not is_there:
                by_name[name] = self._row(job, asked, one, name, number + len(plan.new))
                plan.new.append(by_name[name])
                plan.staged.append(one.staged)
            plan.kept.append(by_name[name])
        size_bytes = size_of_session(connection, asked.session)
        size_bytes += sum(one.size_bytes for one in plan.new)
        size_bytes -= sum(one.size_bytes for one in plan.gone)
        self._check_room(len(others) + len(plan.new), size_bytes)
        return plan

    def _row(self, job: Job, asked: Payload, one: NewFile, name: str, number: int) -> SessionFile:
        return SessionFile(
            id=self.new_id(),
            kind="output",
            number=number,
            name=name,
            blob_key=one.staged.key,
            size_bytes=one.staged.size_bytes,
            facts={**one.facts, "action": asked.action, "run": asked.run},
            job_id=job.id,
            created_ms=self.clock(),
        )

    def _check_room(self, outputs: int, size_bytes: int) -> None:
        limits = self.limits
        if outputs > limits.session_outputs:
            raise TooLargeError("session_outputs", limits.session_outputs, outputs, "files")
        if size_bytes > limits.session_bytes:
            raise TooLargeError("session_bytes", limits.session_bytes, size_bytes, "bytes")


def _check_inside(path: Path, scratch: Path) -> None:
    """Refuse a path outside of the job's folder: the child read files of strangers."""
    folder = scratch.resolve()
    if path.is_symlink() or not path.resolve().is_relative_to(folder):
        raise InvalidInputError("an output lies outside of the folder of its job")


def _result(
    asked: Payload, answer: Mapping[str, object], kept: Sequence[SessionFile]
) -> dict[str, object]:
    """Return what the job tells at its end; ``sessions.py`` reads it."""
    files = {one.name: one.size_bytes for one in kept}
    return {
        "action": asked.action,
        "success": answer["success"],
        "log": answer["log"],
        "output_files": [{"name": name, "size": size} for name, size in files.items()],
        "failed": answer["failed"],
        "error": answer["error"],
    }
