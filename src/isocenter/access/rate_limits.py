"""How often somebody may ask: so many requests in any 60 seconds, exactly.

The times of the last requests of each address are kept in memory; a restart forgets them. A
fixed window, as usual, would let twice as many through around its edge.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

from isocenter.errors import LimitReachedError

WINDOW_MS = 60_000
# Of each address some hundred bytes; the ones that were silent longest are forgotten first.
_ADDRESSES_MAX = 100_000


class Allowed(NamedTuple):
    """A request may go on: of ``limit``, so many are left until ``reset_seconds`` have passed."""

    limit: int
    remaining: int
    reset_seconds: int


class RateLimits:
    """Counts requests; safe for any number of threads.

    Parameters
    ----------
    limits
        Bucket to how many requests a minute, of each address.
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(self, limits: Mapping[str, int], clock: Callable[[], int]) -> None:
        self._limits = dict(limits)
        self._clock = clock
        self._lock = threading.Lock()
        self._times: OrderedDict[tuple[str, str], deque[int]] = OrderedDict()

    def check(self, bucket: str, address: str) -> Allowed:
        """Count a request of an address.

        Raises
        ------
        LimitReachedError
            If it asked too often; such a request does not count.
        """
        limit = self._limits[bucket]
        now_ms = self._clock()
        with self._lock:
            times = self._times.setdefault((bucket, address), deque(maxlen=limit))
            self._times.move_to_end((bucket, address))
            if len(self._times) > _ADDRESSES_MAX:
                self._times.popitem(last=False)
            while times and not 0 <= now_ms - times[0] < WINDOW_MS:
                times.popleft()
            # The oldest one goes first, which is when the next one may come.
            reset_seconds = _seconds(times[0] + WINDOW_MS - now_ms) if times else 60
            if len(times) >= limit:
                raise LimitReachedError(bucket, limit, reset_seconds)
            times.append(now_ms)
        return Allowed(limit, limit - len(times), reset_seconds)


def _seconds(milliseconds: int) -> int:
    return max(1, -(-milliseconds // 1000))
