"""An archive whose Studies are analysed: real rows, a real queue, real children."""

import contextlib
import sys
import textwrap
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from isocenter.access.server_secret import ServerSecret
from isocenter.access.signed_tokens import SignedTokens
from isocenter.jobs.queue import JobQueue
from isocenter.jobs.queue_postgres import PostgresQueue
from isocenter.jobs.queue_sqlite import SqliteQueue
from isocenter.limits import DEFAULT, Limits
from isocenter.services.analyses import Analyses, OrderStatus, make_analyses
from isocenter.services.analysis_table import Analysis, Plan
from tests.archives import OWNER, Desk, open_desk
from tests.builders import series, uid

STABLE_MS = 60_000
_WAIT_SECONDS = 60
_PAST_ANY_PAUSE_MS = 600_000


def python(name: str, code: str, *, seconds: int = 0) -> Analysis:
    """Return an analysis that runs some Python with the two folders as arguments."""
    command = (sys.executable, "-c", textwrap.dedent(code), "{study}", "{output}")
    return Analysis(name, command, seconds=seconds)


@dataclass
class House:
    """An archive and its analyses."""

    desk: Desk
    queue: JobQueue
    analyses: Analyses

    def new_study(self, name: str, slices: int = 2, modality: str = "CT") -> str:
        """Store a Study of its own and return its UID."""
        study_uid = uid("analysed", name)
        instances = series(slices, modality=modality, series_name=name)
        for number, one in enumerate(instances):
            one.StudyInstanceUID = study_uid
            one.SeriesInstanceUID = uid("analysed series", name)
            one.SOPInstanceUID = uid(name, number)
            one.file_meta.MediaStorageSOPInstanceUID = one.SOPInstanceUID
        assert not self.desk.store(*instances).failed
        return study_uid

    def run(self, study_uid: str, name: str) -> OrderStatus:
        """Order an analysis and wait for its end, through all its attempts."""
        status = self.analyses.order(OWNER, study_uid, name)
        return self.wait(status.order.id)

    def wait(self, order_id: str) -> OrderStatus:
        """Wait for the end of an order."""
        while True:
            self.analyses.tick()
            status = self.analyses.status(OWNER, order_id)
            if status.order.state in {"done", "failed"}:
                return status
            if status.order.job_id is not None:
                assert self.queue.wait(status.order.job_id, _WAIT_SECONDS).is_ended
            else:
                self.desk.clock.now_ms += _PAST_ANY_PAUSE_MS

    def read(self, status: OrderStatus, name: str) -> bytes:
        """Return the bytes of a report."""
        (report,) = [one for one in status.reports if one.name == name]
        with self.analyses.open_report(OWNER, report) as stored:
            return stored.reader.read_at(0, stored.size_bytes)


@contextlib.contextmanager
def analysed(
    folder: Path,
    analyses: Sequence[Analysis],
    *,
    limits: Limits = DEFAULT,
    works: bool = True,
    public_url: str = "",
    engine: str = "sqlite",
) -> Iterator[House]:
    """Give an archive with analyses; ``works``: jobs are run."""
    with (
        open_desk(folder, limits=limits, engines=(engine, "local")) as desk,
        contextlib.ExitStack() as stack,
    ):
        make_queue = SqliteQueue if desk.database.is_sqlite else PostgresQueue
        queue = make_queue(desk.database, desk.clock)
        stack.callback(queue.close)
        made = make_analyses(
            desk.database,
            desk.blobs,
            queue,
            desk.audit,
            SignedTokens(ServerSecret(bytes(32)), desk.clock),
            Plan(tuple(analyses), STABLE_MS, public_url),
            folder / "jobs",
            clock=desk.clock,
            new_id=lambda: str(uuid.uuid4()),
            limits=limits,
            threads=1,
        )
        if works:
            made.start()
            stack.callback(made.stop, 0)
        yield House(desk, queue, made)
