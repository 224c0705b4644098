"""How often somebody may ask: so many requests in any 60 seconds, exactly.

The times of the last requests of each address are kept in memory; a restart forgets them. A
window that begins anew each minute would let twice as many through around its edge, and a bucket
of tokens that fills up again half as many more.
"""

import threading
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import NamedTuple

from isocenter.errors import LimitReachedError

WINDOW_MS = 60_000
# Some hundred bytes each: about 60 MB when all of them ask as often as they may (measured).
ADDRESSES_MAX = 100_000
_FORGOTTEN_AT_ONCE = 10


class Allowed(NamedTuple):
    """A request may go on: of ``limit``, so many are left until ``reset_seconds`` have passed."""

    limit: int
    remaining: int
    reset_seconds: int


class RateLimits:
    """Counts requests; safe for any number of threads.

    What it remembers is bounded: addresses that were silent for a minute are forgotten, and where
    there are too many, those that were silent longest.

    Parameters
    ----------
    limits
        Bucket to how many requests a minute, of each address.
    clock
        Milliseconds since 1970 UTC. A clock that is set back forgives what was counted.
    """

    def __init__(self, limits: Mapping[str, int], clock: Callable[[], int]) -> None:
        assert all(limit > 0 for limit in limits.values())
        self._limits = dict(limits)
        self._clock = clock
        self._lock = threading.Lock()
        # Who asked last comes last.
        self._times: OrderedDict[tuple[str, str], array[int]] = OrderedDict()

    def check(self, bucket: str, address: str) -> Allowed:
        """Count a request of an address.

        ``remaining`` and ``reset_seconds`` are what the ``RateLimit`` headers tell: after so many
        seconds the oldest request that counts does so no more.

        Raises
        ------
        LimitReachedError
            If it asked too often; such a request does not count. After ``retry_after_seconds``
            one more is allowed.
        """
        limit = self._limits[bucket]
        with self._lock:
            now_ms = self._clock()
            self._forget(now_ms)
            times = self._times.setdefault((bucket, address), array("q"))
            self._times.move_to_end((bucket, address))
            if times and times[-1] > now_ms:
                del times[:]
            del times[: bisect_right(times, now_ms - WINDOW_MS)]
            if len(times) >= limit:
                raise LimitReachedError(bucket, limit, _seconds(times[0] + WINDOW_MS - now_ms))
            times.append(now_ms)
            return Allowed(limit, limit - len(times), _seconds(times[0] + WINDOW_MS - now_ms))

    def forgive(self, bucket: str, address: str) -> None:
        """Count the last request of an address no more."""
        with self._lock:
            times = self._times.get((bucket, address))
            if times:
                times.pop()

    def _forget(self, now_ms: int) -> None:
        """Forget some addresses that do not matter any more, and make room for one."""
        for _ in range(min(_FORGOTTEN_AT_ONCE, len(self._times))):
            key, times = next(iter(self._times.items()))
            is_silent = not times or times[-1] <= now_ms - WINDOW_MS
            if not is_silent and len(self._times) < ADDRESSES_MAX:
                return
            del self._times[key]


def _seconds(milliseconds: int) -> int:
    return max(1, -(-milliseconds // 1000))
