"""The services of ingest, wired to one another: what faces get as one thing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from isocenter.access.audit import Audit
from isocenter.access.signed_tokens import SignedTokens
from isocenter.jobs.in_process import InProcessWorker
from isocenter.jobs.queue import JobQueue
from isocenter.limits import Limits
from isocenter.services.arrivals import Arrivals
from isocenter.services.quarantine import Quarantine
from isocenter.services.registration import KIND, Registration
from isocenter.services.studies import Studies
from isocenter.services.uploads import Uploads
from isocenter.store.blobs import BlobStore
from isocenter.store.catalog import POLICIES
from isocenter.store.database import Database
from isocenter.store.incoming_s3 import IncomingObjects
from isocenter.store.tickets import Ticket, count_states, oldest_waiting_ms, recent_lags_ms

_LAGS = 1000
_CONTENT_LENGTH = "Content-Length"


class Lag(NamedTuple):
    """How long contents wait for being registered, in seconds.

    ``oldest`` of those that wait now; ``median`` and ``late`` (99 %) of the last ones that did.
    """

    oldest: float
    median: float
    late: float


@dataclass(frozen=True, slots=True)
class Ingest:
    """Takes contents in and registers them; made by ``make_ingest``."""

    uploads: Uploads
    registration: Registration
    quarantine: Quarantine
    storage: str
    _database: Database
    _worker: InProcessWorker
    _clock: Callable[[], int]
    _incoming: IncomingObjects | None
    _arrivals: Arrivals | None

    def start(self) -> None:
        """Begin to take over and to register; what a killed process left comes first."""
        self.registration.want_missed()
        self._worker.start()
        if self._arrivals is not None:
            self._arrivals.start()

    def stop(self) -> None:
        """End what ``start`` began; does nothing where it was not called."""
        if self._arrivals is not None:
            self._arrivals.stop()
        self._worker.stop()

    def work(self) -> None:
        """Register only: for a process beside the server."""
        self._worker.start()

    def sweep(self) -> None:
        """Ask for what was forgotten, remove what is too old."""
        self.registration.want_missed()
        self.quarantine.expire()

    def notice(self, ticket_ids: Sequence[str]) -> int:
        """Look for what came for tickets; 0 where it comes to us anyway."""
        return 0 if self._arrivals is None else self._arrivals.notice(ticket_ids)

    def address(self, ticket: Ticket, base_url: str, media_type: str) -> str:
        """Return where to put the content of a ticket: nobody else's, nothing else, not for long.

        Parameters
        ----------
        base_url
            Where the client reaches us.
        """
        if self._incoming is None:
            token = self.uploads.token(ticket, media_type)
            return f"{base_url}/upload/{ticket.id}?token={token}"
        headers = {"Content-Type": media_type}
        if ticket.announced_bytes is not None:
            headers[_CONTENT_LENGTH] = str(ticket.announced_bytes)
        seconds = max(1, (ticket.expires_ms - self._clock()) // 1000)
        return self._incoming.put_address(ticket.id, headers, seconds)

    def counts(self) -> dict[str, int]:
        """Return how many tickets of each state there are."""
        with self._database.read() as connection:
            states = count_states(connection)
        return {f"uploads_{state}": count for state, count in sorted(states.items())}

    def lag(self) -> Lag:
        """Return how long contents wait."""
        with self._database.read() as connection:
            since_ms = oldest_waiting_ms(connection)
            lags = recent_lags_ms(connection, _LAGS)
        oldest = 0.0 if since_ms is None else max(0, self._clock() - since_ms) / 1000
        if not lags:
            return Lag(oldest, 0.0, 0.0)
        return Lag(oldest, lags[len(lags) // 2] / 1000, lags[len(lags) * 99 // 100] / 1000)


def make_ingest(  # noqa: PLR0913 - what it stands on
    database: Database,
    blobs: BlobStore,
    queue: JobQueue,
    audit: Audit,
    studies: Studies,
    tokens: SignedTokens,
    *,
    clock: Callable[[], int],
    new_id: Callable[[], str],
    limits: Limits,
    policy: str,
    incoming: IncomingObjects | None = None,
) -> Ingest:
    """Return the services of ingest; nothing works in the background before ``start``.

    Parameters
    ----------
    incoming
        Where clients put contents themselves; ``None``: they send them to us.
    """
    chosen = next((one for one in POLICIES if one == policy), None)
    assert chosen is not None, "the settings know the policies"
    registration = Registration(
        database,
        blobs,
        studies,
        queue,
        audit,
        clock=clock,
        limits=limits,
        policy=chosen,
    )
    want = registration.want
    uploads = Uploads(
        database, blobs, audit, tokens, want, clock=clock, new_id=new_id, limits=limits
    )
    arrivals = None
    if incoming is not None:
        arrivals = Arrivals(database, incoming, blobs, uploads, audit, clock=clock, limits=limits)
    return Ingest(
        uploads=uploads,
        registration=registration,
        quarantine=Quarantine(database, blobs, audit, want, clock=clock, limits=limits),
        storage="server" if incoming is None else "s3",
        _database=database,
        _worker=InProcessWorker(queue, {KIND: registration.work}),
        _clock=clock,
        _incoming=incoming,
        _arrivals=arrivals,
    )
