"""The one place where blocking work leaves the event loop: pools of threads of bounded size."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from isocenter.errors import FullError
from isocenter.limits import DEFAULT, Limits

P = ParamSpec("P")
T = TypeVar("T")

CALL_THREADS = 16
BULK_THREADS = 32
_RETRY_SECONDS = 5


class Blocking:
    """Runs functions of services, stores and files in threads.

    Bulk bytes have threads of their own, so that slow disks never hold up short calls.

    Parameters
    ----------
    limits
        ``uploads_at_once`` holds for the uploads of all faces together.
    """

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._uploads = asyncio.Semaphore(limits.uploads_at_once)
        self._calls = ThreadPoolExecutor(CALL_THREADS, thread_name_prefix="http-call")
        self._bulk = ThreadPoolExecutor(BULK_THREADS, thread_name_prefix="http-bulk")

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a short function returns, called in a thread.

        A request that is cancelled lets it end by itself: a transaction is never torn.
        """
        return await _run(self._calls, functools.partial(function, *args, **kwargs))

    async def bulk(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function returns that reads or writes many bytes."""
        return await _run(self._bulk, functools.partial(function, *args, **kwargs))

    @contextlib.asynccontextmanager
    async def upload_turn(self) -> AsyncIterator[None]:
        """Wait until fewer uploads run than may.

        Raises
        ------
        FullError
            If that takes longer than ``limits.body_idle_seconds``.
        """
        try:
            async with asyncio.timeout(self._limits.body_idle_seconds):
                await self._uploads.acquire()
        except TimeoutError:
            raise FullError("uploads", self._limits.uploads_at_once, _RETRY_SECONDS) from None
        try:
            yield
        finally:
            self._uploads.release()

    def close(self) -> None:
        """End the threads; what they do now is finished."""
        self._calls.shutdown()
        self._bulk.shutdown()


async def _run(pool: ThreadPoolExecutor, function: Callable[[], T]) -> T:
    """Wait for a function, and for its end also where the waiting is cancelled.

    Otherwise the caller would close a file, or discard an upload, under a thread that still
    works on it.
    """
    running = asyncio.get_running_loop().run_in_executor(pool, function)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
