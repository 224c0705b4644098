"""The queue of the embedded engine.

All processes are on one machine and few; who waits for another process asks ten times a second.
"""

from isocenter.jobs.queue_tables import TableQueue


class SqliteQueue(TableQueue):
    """A ``JobQueue`` in the tables of the embedded database."""

    def wait_for_work(self, seen: int, seconds: float) -> int:
        """Return when something changed in this process, or after so long; see ``JobQueue``."""
        now = super().wait_for_work(seen, seconds)
        if now != seen and seconds > 0:
            # It was told within a transaction; who begins another one waits for its end.
            with self._database.begin():
                pass
        return now
