"""What clients put into an object store is noticed, taken over and registered like anything else.

The store acknowledges a PUT before we know of it. So what we rely on is what lies there, not what
somebody tells us: an event or a client's word only makes us look sooner than the next poll. While
the store fails, everything stays where it is.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from isocenter.access.audit import SYSTEM, Act, Audit
from isocenter.errors import IsocenterError, NotFoundError, TicketError
from isocenter.limits import Limits
from isocenter.logs import log_event, where_of
from isocenter.services.uploads import Uploads
from isocenter.store.blobs import BlobStore, is_token
from isocenter.store.database import Database
from isocenter.store.incoming_s3 import Incoming, IncomingObjects
from isocenter.store.tickets import Ticket, find_tickets, settle_tickets, unused_tickets

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
_THREADS = 8
_IDLE_POLLS = 120
_LATE_MS = 86_400_000
_SUBJECT = "upload"


class Arrivals:
    """Looks for what came, in a thread and when it is told to.

    Parameters
    ----------
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(
        self,
        database: Database,
        incoming: IncomingObjects,
        blobs: BlobStore,
        uploads: Uploads,
        audit: Audit,
        *,
        clock: Callable[[], int],
        limits: Limits,
    ) -> None:
        self._database = database
        self._incoming = incoming
        self._blobs = blobs
        self._uploads = uploads
        self._audit = audit
        self._clock = clock
        self._limits = limits
        self._stopping = threading.Event()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="arrivals")
        self._thread = threading.Thread(target=self._watch, name="arrivals")

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End, after what is taken over just now."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._threads.shutdown()

    def notice(self, ticket_ids: Sequence[str]) -> int:
        """Look for what came for some tickets; return how much was taken over.

        Raises
        ------
        UnavailableError
            If the store or the database fails.
        """
        wanted = [one for one in dict.fromkeys(ticket_ids) if is_token(one)]
        found = self._threads.map(self._incoming.find, wanted)
        return self._take_all([one for one in found if one is not None])

    def poll(self) -> int:
        """Look for everything that came; return how much was taken over.

        Raises
        ------
        UnavailableError
            As ``notice`` does.
        """
        return self._take_all(self._incoming.listed())

    def _watch(self) -> None:
        """Poll while somebody may send something, and now and then else."""
        polls = 0
        while not self._stopping.wait(POLL_SECONDS):
            polls += 1
            try:
                if polls % _IDLE_POLLS == 1 or self._is_expecting():
                    self.poll()
            except Exception as error:  # noqa: BLE001 - the loop goes on, whatever happens
                log_event(
                    logger,
                    "arrivals.failed",
                    level=logging.WARNING,
                    error=type(error).__name__,
                    where=where_of(error),
                )

    def _is_expecting(self) -> bool:
        with self._database.read() as connection:
            return unused_tickets(connection, self._clock() - _LATE_MS)

    def _take_all(self, came: Sequence[Incoming]) -> int:
        with self._database.read() as connection:
            found = find_tickets(connection, [one.ticket_id for one in came])
        taken = list(self._threads.map(lambda one: self._take(one, found), came))
        return sum(taken)

    def _take(self, came: Incoming, found: dict[str, Ticket]) -> bool:
        """Take over one object, or remove what nobody may keep; what fails stays for later."""
        ticket = found.get(came.ticket_id)
        if ticket is None:
            # Its ticket may be about to be committed elsewhere; a day later it is not.
            if came.put_ms < self._clock() - _LATE_MS:
                self._incoming.delete(came.ticket_id)
            return False
        try:
            self._keep(ticket, came)
        except NotFoundError:
            return False  # somebody else took it over
        except IsocenterError as error:
            log_event(logger, "arrivals.failed", level=logging.WARNING, error=type(error).__name__)
            return False
        self._incoming.delete(came.ticket_id)
        return True

    def _keep(self, ticket: Ticket, came: Incoming) -> None:
        announced = ticket.announced_bytes
        bytes_max = self._limits.ticket_bytes if announced is None else announced
        if came.size_bytes > bytes_max:
            self._reject(ticket, came, "too_large", f"it has more than {bytes_max} bytes")
            return
        if announced is not None and came.size_bytes != announced:
            self._reject(
                ticket, came, "size", f"{came.size_bytes} bytes came, {announced} were announced"
            )
            return
        staged = self._incoming.stage(came, self._blobs)
        if ticket.announced_sha256 not in {None, staged.key}:
            self._blobs.discard(staged)
            self._reject(ticket, came, "checksum", "its sha256 is not the one that was announced")
            return
        try:
            self._uploads.take(ticket.id, staged)
        except TicketError:
            # The store cannot refuse a second content; what came first stays.
            self._uploads.note(ticket.owner, "upload.receive", ticket.id, "denied")

    def _reject(self, ticket: Ticket, came: Incoming, reason: str, detail: str) -> None:
        """Reject what is not what was announced; nobody can look at it later."""
        now_ms = self._clock()
        row = {
            "ticket_id": ticket.id,
            "state": "rejected",
            "size_bytes": came.size_bytes,
            "received_ms": now_ms,
            "finished_ms": now_ms,
            "reason": reason,
            "detail": detail,
        }
        with self._database.begin() as connection:
            current = find_tickets(connection, [ticket.id], lock=True).get(ticket.id)
            is_first = current is not None and current.state == "issued"
            if is_first:
                settle_tickets(connection, [row])
            act = Act(SYSTEM, "upload.receive", (_SUBJECT, ticket.id), "denied")
            self._audit.record_all(connection, [act])
