"""Ingest with the real database, bytes and archive in one folder; jobs are done when told to."""

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset
from sqlalchemy import Connection, select

from isocenter.access.server_secret import ServerSecret
from isocenter.access.signed_tokens import SignedTokens
from isocenter.errors import ConflictError
from isocenter.jobs.queue_sqlite import SqliteQueue
from isocenter.limits import DEFAULT, Limits
from isocenter.services.ingest import Ingest, make_ingest
from isocenter.services.registration import KIND
from isocenter.services.uploads import Announced
from isocenter.store.tables import audit_events
from isocenter.store.tickets import Ticket, find_tickets
from tests.archives import OWNER, Desk, open_desk
from tests.builders import to_bytes

DICOM = "application/dicom"
_WORKER = "tests"
_LEASE_MS = 60_000


@dataclass
class IngestDesk:
    """Ingest and what it stands on."""

    desk: Desk
    ingest: Ingest
    queue: SqliteQueue

    def send(
        self,
        content: Dataset | bytes,
        owner: str = OWNER,
        announced: Announced | None = None,
    ) -> Ticket:
        """Send a content for a ticket of its own, and return the ticket."""
        uploads = self.ingest.uploads
        if announced is None:
            ticket = uploads.issue(owner)
        else:
            ticket = uploads.issue_batch(owner, [announced])[0]
        self.put(ticket, content)
        return self.ticket(ticket)

    def put(self, ticket: Ticket, content: Dataset | bytes) -> bool:
        """Send a content for a ticket, and return whether it was new."""
        uploads = self.ingest.uploads
        receiving = uploads.begin(ticket.id, uploads.token(ticket, DICOM), DICOM)
        data = content if isinstance(content, bytes) else to_bytes(content)
        try:
            if data:
                receiving.write(data)
            return receiving.finish().is_new
        finally:
            receiving.discard()

    def work(self) -> int:
        """Do all jobs that wait, and return how many there were."""
        done = 0
        while (job := self.queue.lease(_WORKER, [KIND], _LEASE_MS)) is not None:

            def finish(connection: Connection, result: object, job_id: str = job.id) -> None:
                self.queue.finish(connection, job_id, _WORKER, result)  # type: ignore[arg-type]  # passed on

            done += 1
            try:
                self.ingest.registration.work(job, finish)
            except ConflictError:
                self.queue.fail(job.id, _WORKER, "it failed", retry=True)
        return done

    def ticket(self, ticket: Ticket) -> Ticket:
        """Return a ticket as it is now."""
        with self.desk.database.read() as connection:
            return find_tickets(connection, [ticket.id])[ticket.id]

    def acts(self, ticket: Ticket) -> list[tuple[str, str]]:
        """Return what the audit says of a ticket: action and result."""
        query = (
            select(audit_events.c.action, audit_events.c.result)
            .where(audit_events.c.object_id == ticket.id)
            .order_by(audit_events.c.number)
        )
        with self.desk.database.read() as connection:
            return [(action, result) for action, result in connection.execute(query)]


@contextlib.contextmanager
def open_ingest_desk(
    folder: Path, *, limits: Limits = DEFAULT, policy: str = "replace"
) -> Iterator[IngestDesk]:
    """Give ingest on SQLite and local files, with a clock that stands still."""
    with open_desk(folder, limits=limits) as desk:
        queue = SqliteQueue(desk.database, desk.clock, limits=limits)
        ingest = make_ingest(
            desk.database,
            desk.blobs,
            queue,
            desk.audit,
            desk.archive.studies,
            SignedTokens(ServerSecret(bytes(32)), desk.clock),
            clock=desk.clock,
            new_id=lambda: str(uuid.uuid4()),
            limits=limits,
            policy=policy,
        )
        yield IngestDesk(desk, ingest, queue)
