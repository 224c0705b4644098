"""A thread that cleans up now and then: often what is cheap, rarely what reads everything."""

import logging
import threading
import time
from collections.abc import Callable

from isocenter.logs import log_event, where_of

logger = logging.getLogger(__name__)

OFTEN_SECONDS = 5.0
RARELY_SECONDS = 3600.0


class Sweeper:
    """Calls two functions from one thread until it is stopped.

    Parameters
    ----------
    often
        Called at the start and each some seconds: what has expired goes.
    rarely
        Called at the start and each hour: what killed processes left goes.
    """

    def __init__(
        self,
        often: Callable[[], None],
        rarely: Callable[[], None],
        *,
        often_seconds: float = OFTEN_SECONDS,
        rarely_seconds: float = RARELY_SECONDS,
    ) -> None:
        self._often = often
        self._rarely = rarely
        self._often_seconds = often_seconds
        self._rarely_seconds = rarely_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after what is done just now; does nothing where it was not started."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        swept_at = -self._rarely_seconds
        while not self._stopping.is_set():
            self._try(self._often)
            if time.monotonic() - swept_at >= self._rarely_seconds:
                swept_at = time.monotonic()
                self._try(self._rarely)
            self._stopping.wait(self._often_seconds)

    def _try(self, function: Callable[[], None]) -> None:
        """Call a function; whatever goes wrong, the next time comes."""
        try:
            function()
        except Exception as error:  # noqa: BLE001 - the loop goes on, whatever happens
            log_event(
                logger,
                "sweep.failed",
                level=logging.ERROR,
                error=type(error).__name__,
                where=where_of(error),
            )
