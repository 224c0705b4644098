"""Whether a server far away answers; once it did not, nobody waits long for it until it does.

The first who meet a server that hangs wait for the whole time that a request may take. Who comes
afterwards is told at once, and now and then one of them asks the server something short.
"""

import threading
import time
from collections.abc import Callable

from isocenter.errors import UnavailableError

PAUSE_SECONDS = 1.0
UNREACHABLE = "the object store cannot be reached"


class Reach:
    """What is known of a server; safe for any number of threads.

    Parameters
    ----------
    ask
        Asks the server something short, and raises ``UnavailableError`` if no answer comes.
    clock
        Seconds that never go back.
    """

    def __init__(
        self, ask: Callable[[], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._asking = threading.Lock()
        self._is_lost = False
        self._lost_seconds = 0.0

    def check(self) -> None:
        """Return if the server answered when it was last asked, or answers now.

        Raises
        ------
        UnavailableError
            If it does not.
        """
        if not self._is_lost:
            return
        is_recent = self._clock() - self._lost_seconds < PAUSE_SECONDS
        # One asks; the others do not wait for the answer.
        if is_recent or not self._asking.acquire(blocking=False):
            raise UnavailableError(UNREACHABLE)
        try:
            self._ask()
            self._is_lost = False
        except UnavailableError:
            self.lose()
            raise
        finally:
            self._asking.release()

    def lose(self) -> None:
        """Note that no answer came."""
        self._lost_seconds = self._clock()
        self._is_lost = True
