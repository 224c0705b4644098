"""What the worker does for analyses: arguments for the child, reports kept, failures noted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection

from isocenter.access.audit import SYSTEM, Audit
from isocenter.access.signed_tokens import STUDY_PURPOSE, SignedTokens
from isocenter.errors import ConflictError, InvalidInputError, NotFoundError
from isocenter.jobs.queue import Job
from isocenter.jobs.worker import Finish, JobKind
from isocenter.jobs.worker_child import JobLimits
from isocenter.limits import Limits
from isocenter.services.analysis_table import Plan
from isocenter.store.analysis_orders import Order, Report, add_reports, find_order, move_order
from isocenter.store.blob_rows import keep
from isocenter.store.blobs import BlobStore, StagedBlob
from isocenter.store.database import Database
from isocenter.store.local_copies import local_paths
from isocenter.store.lookup import CatalogPlace, list_instances

KIND = "analysis"
CHILD = "isocenter.services.analysis_child:run"
SUBJECT = "analysis_order"
NO_ORDER = "there is no such order"
_COPIES = "copies"
_FIRST_PAUSE_MS = 5_000
_COPY_SECONDS = 600


@dataclass(frozen=True, slots=True)
class AnalysisJobs:
    """``prepare`` and ``publish`` of the jobs of analyses (``jobs/worker.py``)."""

    database: Database
    blobs: BlobStore
    audit: Audit
    tokens: SignedTokens
    plan: Plan
    clock: Callable[[], int]
    new_id: Callable[[], str]
    limits: Limits

    def kinds(self) -> dict[str, JobKind]:
        """Return the kinds of jobs that a worker runs for them."""
        limits = self.limits
        bounds = JobLimits(
            wall_seconds=limits.analysis_seconds + _COPY_SECONDS,
            cpu_seconds=limits.analysis_seconds * 64,  # of all cores that a program may use
            memory_bytes=limits.analysis_memory_bytes,
            file_bytes=limits.analysis_scratch_bytes,
            output_bytes=limits.analysis_scratch_bytes,
        )
        return {KIND: JobKind(CHILD, self.prepare, self.publish, bounds)}

    def prepare(self, job: Job, scratch: Path) -> Mapping[str, object]:
        """Return the arguments for the child (``jobs/worker.py``).

        Raises
        ------
        NotFoundError
            If the order, its Study or its analysis is gone.
        """
        with self.database.read() as connection:
            order = find_order(connection, str(job.payload["order"]), None)
            if order is None:
                raise NotFoundError(NO_ORDER)
            rows = list_instances(connection, CatalogPlace(order.owner, order.study_uid))
        analysis = self.plan.find(order.analysis)
        seconds = float(
            min(analysis.seconds or self.limits.analysis_seconds, self.limits.analysis_seconds)
        )
        paths = local_paths(self.blobs, [row.blob_key for row in rows], scratch / _COPIES)
        access = self._access(order, seconds)
        return {
            "command": list(analysis.command),
            "webhook": analysis.webhook,
            "study_uid": order.study_uid,
            "inputs": [str(path) for path in paths],
            "variables": {f"ISOCENTER_{name.upper()}": value for name, value in access.items()},
            "told": {
                "order_id": order.id,
                "study_uid": order.study_uid,
                "analysis": order.analysis,
                **access,
            },
            "seconds": seconds,
            "limits": asdict(self.limits),
        }

    def publish(
        self, job: Job, answer: Mapping[str, object], scratch: Path, finish: Finish
    ) -> None:
        """Keep what the child made, or note why it made nothing (``jobs/worker.py``).

        Raises
        ------
        ConflictError, CancelledError
            If the job is no longer ours to finish.
        """
        made = self._stage(job, answer, scratch)
        try:
            with self.database.begin() as connection:
                order = find_order(connection, str(job.payload["order"]), None)
                finish(connection, {"is_ok": bool(answer["is_ok"])})
                if order is None:
                    return  # its Study is gone, and nobody wants reports of it
                error, log = str(answer["error"]), str(answer["log"])
                if not answer["is_ok"]:
                    self.fail(connection, order, error, log)
                    return
                self._deliver(connection, order, made, error, log)
        finally:
            self.blobs.discard(*(staged for _, staged in made))

    def _deliver(
        self,
        connection: Connection,
        order: Order,
        made: Sequence[tuple[Report, StagedBlob]],
        error: str,
        log: str,
    ) -> None:
        now_ms = self.clock()
        is_ours = move_order(
            connection,
            order,
            state="done",
            attempts=order.attempts + 1,
            error=error or None,
            log=log or None,
            finished_ms=now_ms,
        )
        if not is_ours:
            raise ConflictError("the order was ended meanwhile")
        keep(connection, self.blobs, [staged for _, staged in made], now_ms)
        add_reports(connection, [report for report, _ in made], now_ms)
        self.audit.record(connection, SYSTEM, "analysis.deliver", (SUBJECT, order.id))

    def fail(self, connection: Connection, order: Order, error: str, log: str = "") -> None:
        """Note that an attempt failed: it is tried again later, or that was the last one."""
        now_ms = self.clock()
        attempts = order.attempts + 1
        noted = {"attempts": attempts, "error": error, "log": log or None, "job_id": None}
        if attempts < self.limits.analysis_attempts:
            due_ms = now_ms + _FIRST_PAUSE_MS * 4 ** (attempts - 1)
            move_order(connection, order, state="waiting", due_ms=due_ms, **noted)
            return
        if move_order(connection, order, state="failed", finished_ms=now_ms, **noted):
            self.audit.record(connection, SYSTEM, "analysis.deliver", (SUBJECT, order.id), "failed")

    def _stage(
        self, job: Job, answer: Mapping[str, object], scratch: Path
    ) -> list[tuple[Report, StagedBlob]]:
        """Take over what the child made; only what lies in its folder is taken."""
        outputs = answer["outputs"]
        assert isinstance(outputs, list)
        order_id = str(job.payload["order"])
        made: list[tuple[Report, StagedBlob]] = []
        try:
            for one in outputs:
                staged = self.blobs.stage_file(_inside(Path(str(one["path"])), scratch))
                kind, size_bytes = str(one["report_type"]), staged.size_bytes
                report = Report(
                    self.new_id(), order_id, str(one["name"]), kind, staged.key, size_bytes
                )
                made.append((report, staged))
        except BaseException:
            self.blobs.discard(*(staged for _, staged in made))
            raise
        return made

    def _access(self, order: Order, seconds: float) -> dict[str, str]:
        """Return where the Study is by DICOMweb and what opens it, and it alone, for a while."""
        if not self.plan.public_url:
            return {}
        token = self.tokens.make(
            STUDY_PURPOSE, order.owner, int(seconds) + _COPY_SECONDS, bound_to=order.study_uid
        )
        url = f"{self.plan.public_url.rstrip('/')}/dicom-web/studies/{order.study_uid}"
        return {"dicomweb_url": url, "token": token}


def _inside(path: Path, scratch: Path) -> Path:
    """Return a path that lies in the job's folder: a foreign program worked there."""
    if path.is_symlink() or not path.resolve().is_relative_to(scratch.resolve()):
        raise InvalidInputError("a report lies outside of the folder of its job")
    return path
