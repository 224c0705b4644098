"""Analyses of Studies: ordered when a Study has come to rest, run as jobs, their reports kept.

Which analyses there are, the administrator says (``services/analysis_table.py``). An order that
fails is tried again after a while, at most so often as ``limits`` says; what it printed last is
kept with it. Everything that must not be forgotten is a row, so that a server may be killed at any
moment: ``tick``, called every few seconds, orders what came to rest, runs what is due, and takes up
what was lost.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from isocenter.access.audit import SYSTEM, Audit
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import ConflictError, NotFoundError
from isocenter.jobs.queue import Job, JobQueue
from isocenter.jobs.worker import Worker
from isocenter.limits import Limits
from isocenter.services.analysis_jobs import KIND, NO_ORDER, SUBJECT, AnalysisJobs
from isocenter.services.analysis_table import Analysis, Plan
from isocenter.services.sessions import StoredFile
from isocenter.store.analysis_orders import (
    Order,
    Report,
    acknowledge_orders,
    add_order,
    due_orders,
    find_order,
    find_resting,
    has_due,
    lost_orders,
    move_order,
    next_run,
    note_listed,
    orders_of_study,
    remove_orphans,
    reports_of,
    studies_of_batch,
    study_changed_ms,
    unacknowledged_orders,
)
from isocenter.store.blob_rows import drop_unused
from isocenter.store.blobs import BlobStore
from isocenter.store.database import Database

LISTED_MAX = 1000
_HOUR_MS = 3_600_000
_OVERLAP_MS = 600_000


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """An order, how far its job is, and what came of it."""

    order: Order
    reports: tuple[Report, ...] = ()
    job: Job | None = None

    @property
    def state(self) -> str:
        """As the documents say it: QUEUED, PROCESSING, DELIVERED or FAILED."""
        match self.order.state:
            case "done":
                return "DELIVERED"
            case "failed":
                return "FAILED"
        return "PROCESSING" if self.job is not None and self.job.state == "running" else "QUEUED"


class Analyses:
    """Orders, runs and reports; safe for any number of threads and servers.

    Parameters
    ----------
    worker
        Runs their jobs, apart from those of sessions, which are short and waited for; ``None``
        where there is no analysis.
    new_id
        Makes ids that nobody can guess.
    """

    def __init__(  # noqa: PLR0913 - what it stands on
        self,
        database: Database,
        blobs: BlobStore,
        queue: JobQueue,
        audit: Audit,
        jobs: AnalysisJobs,
        worker: Worker | None,
        plan: Plan,
        *,
        clock: Callable[[], int],
        new_id: Callable[[], str],
        limits: Limits,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._queue = queue
        self._audit = audit
        self._jobs = jobs
        self._worker = worker
        self._plan = plan
        self._clock = clock
        self._new_id = new_id
        self._limits = limits
        self._looked_ms: dict[str, int] = {}

    @property
    def names(self) -> list[str]:
        """What analyses there are."""
        return [one.name for one in self._plan.analyses]

    def start(self) -> None:
        """Begin to run jobs.

        Raises
        ------
        UnavailableError
            If the machine does not let us.
        """
        if self._worker is not None:
            self._worker.start()

    def stop(self, grace_seconds: float) -> None:
        """Run nothing more; what runs gets some time, then it is given back."""
        if self._worker is not None:
            self._worker.stop(grace_seconds)

    def tick(self) -> None:
        """Order what came to rest, queue what is due, take up what was lost."""
        if not self._plan.analyses:
            return
        with self._database.read() as connection:
            lost = lost_orders(connection)
        for order, error in lost:
            with self._database.begin() as connection:
                self._jobs.fail(connection, order, error)
        now_ms = self._clock()
        for analysis in self._plan.analyses:
            self._order_resting(analysis, now_ms)
        self._queue_due(now_ms)

    def sweep(self) -> None:
        """Remove orders and reports of Studies that are gone."""
        while True:
            with self._database.begin() as connection:
                removed, dropped = remove_orphans(connection)
            drop_unused(self._database, self._blobs, dropped)
            if not removed:
                return

    def order(self, owner: str, study_uid: str, name: str) -> OrderStatus:
        """Order an analysis of a Study now, also if it was made before.

        Raises
        ------
        NotFoundError
            If the owner has no such Study, or there is no such analysis.
        """
        self._plan.find(name)
        with self._database.begin() as connection:
            changed_ms = study_changed_ms(connection, owner, study_uid)
            if changed_ms is None:
                raise NotFoundError("there is no such study")
            order = self._new_order(owner, study_uid, name, changed_ms)
            order = order._replace(run=next_run(connection, order))
            add_order(connection, order, self._clock())
            self._audit.record(connection, owner, "analysis.order", (SUBJECT, order.id))
        self._queue_due(self._clock())
        return self.status(owner, order.id)

    def status(self, owner: str, order_id: str) -> OrderStatus:
        """Return an order of an owner.

        Raises
        ------
        NotFoundError
            If there is none, or its Study is gone.
        """
        with self._database.read() as connection:
            order = find_order(connection, order_id, owner)
            if order is None:
                raise NotFoundError(NO_ORDER)
            return self._told(connection, [order])[0]

    def orders(self, owner: str, study_uid: str) -> list[OrderStatus]:
        """Return the orders of a Study, the newest first.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        with self._database.read() as connection:
            found = self._told(connection, orders_of_study(connection, owner, study_uid))
        if not found:
            raise NotFoundError("there is no order for this study")
        return found

    def of_batch(self, owner: str, batch: str) -> list[OrderStatus]:
        """Return the newest order of each Study that came with a batch of uploads.

        Raises
        ------
        NotFoundError
            If there is no such batch, or nothing of it was analysed.
        """
        with self._database.read() as connection:
            newest = [
                found[0]
                for uid in studies_of_batch(connection, owner, batch)
                if (found := orders_of_study(connection, owner, uid))
            ]
            if not newest:
                raise NotFoundError("there is no such group of studies, or no order for it")
            return self._told(connection, newest)

    def unacknowledged(self, owner: str) -> list[OrderStatus]:
        """Return orders that ended and were not acknowledged, the oldest first, some."""
        with self._database.begin() as connection:
            found = unacknowledged_orders(connection, owner, LISTED_MAX)
            note_listed(connection, found, self._clock())
            self._audit.record(connection, owner, "analysis.list", ("owner", owner))
            return self._told(connection, found)

    def acknowledge(self, owner: str, order_ids: Sequence[str] | None) -> int:
        """Note that these orders are known, ``None``: all that were listed; return how many."""
        with self._database.begin() as connection:
            count = acknowledge_orders(connection, owner, order_ids, self._clock())
            self._audit.record(connection, owner, "analysis.acknowledge", ("owner", owner))
        return count

    def open_report(self, owner: str, report: Report) -> StoredFile:
        """Return a report of an owner's order, opened; the reading is noted in the audit.

        Raises
        ------
        NotFoundError
            If it is gone.
        """
        reader = self._blobs.open(report.blob_key)
        try:
            self.note_read(owner, report.order_id)
        except BaseException:
            reader.close()
            raise
        return StoredFile(report.name, report.size_bytes, report.blob_key, {}, reader)

    def note_denied(self, principal: str) -> None:
        """Note in the audit that somebody asked who may not."""
        with self._database.begin() as connection:
            self._audit.record(connection, principal, "analysis.read", (SUBJECT, ""), "denied")

    def note_read(self, owner: str, order_id: str) -> None:
        """Note in the audit that somebody read what came of an order."""
        with self._database.begin() as connection:
            self._audit.record(connection, owner, "analysis.read", (SUBJECT, order_id))

    def _order_resting(self, analysis: Analysis, now_ms: int) -> None:
        """Order an analysis of every Study that came to rest and was not analysed since."""
        since_ms = now_ms - self._limits.analysis_lookback_hours * _HOUR_MS
        until_ms = now_ms - self._plan.stable_ms
        # What was looked at is looked at again only as far as clocks and commits may differ.
        since_ms = max(since_ms, self._looked_ms.get(analysis.name, 0) - _OVERLAP_MS)
        with self._database.read() as connection:
            resting = find_resting(
                connection,
                analysis.name,
                analysis.modalities,
                since_ms=since_ms,
                until_ms=until_ms,
            )
        # Another server may be as fast: then the row is there, and the transaction is given up.
        for study in resting:
            with suppress(ConflictError), self._database.begin() as connection:
                order = self._new_order(
                    study.owner, study.study_uid, analysis.name, study.changed_ms
                )
                add_order(connection, order, now_ms)
                self._audit.record(connection, SYSTEM, "analysis.order", (SUBJECT, order.id))
        if not resting:
            self._looked_ms[analysis.name] = until_ms

    def _queue_due(self, now_ms: int) -> None:
        """Add a job for every order whose time has come."""
        with self._database.read() as connection:
            if not has_due(connection, now_ms):
                return
        with self._database.begin() as connection:
            for order in due_orders(connection, now_ms):
                job_id = self._queue.add(connection, KIND, order.owner, {"order": order.id})
                move_order(connection, order, state="queued", job_id=job_id, due_ms=None)

    def _new_order(self, owner: str, study_uid: str, name: str, changed_ms: int) -> Order:
        return Order(
            id=self._new_id(),
            owner=owner,
            study_uid=study_uid,
            analysis=name,
            study_changed_ms=changed_ms,
            run=0,
            state="waiting",
            attempts=0,
            job_id=None,
            error="",
            log="",
            created_ms=self._clock(),
            finished_ms=None,
            acknowledged_ms=None,
        )

    def _told(self, connection: Connection, orders: Sequence[Order]) -> list[OrderStatus]:
        reports: dict[str, list[Report]] = {}
        for report in reports_of(connection, [order.id for order in orders]):
            reports.setdefault(report.order_id, []).append(report)
        return [
            OrderStatus(order, tuple(reports.get(order.id, ())), self._job_of(order))
            for order in orders
        ]

    def _job_of(self, order: Order) -> Job | None:
        if order.job_id is None:
            return None
        try:
            return self._queue.get(order.job_id, None)
        except NotFoundError:
            return None


def make_analyses(  # noqa: PLR0913 - what they stand on
    database: Database,
    blobs: BlobStore,
    queue: JobQueue,
    audit: Audit,
    tokens: SignedTokens,
    plan: Plan,
    scratch: Path,
    *,
    clock: Callable[[], int],
    new_id: Callable[[], str],
    limits: Limits,
    threads: int,
) -> Analyses:
    """Return the analyses that the administrator planned; nothing runs before ``start``.

    Parameters
    ----------
    scratch
        Folder for the folders of jobs.
    threads
        How many run at once.
    """
    jobs = AnalysisJobs(database, blobs, audit, tokens, plan, clock, new_id, limits)
    worker = Worker(queue, jobs.kinds(), scratch, threads=threads) if plan.analyses else None
    return Analyses(
        database,
        blobs,
        queue,
        audit,
        jobs,
        worker,
        plan,
        clock=clock,
        new_id=new_id,
        limits=limits,
    )
