"""Blocking work leaves the event loop, and is never abandoned half way."""

import asyncio
import threading
import time
from dataclasses import replace

import pytest

from isocenter.errors import FullError
from isocenter.http.blocking import Blocking
from isocenter.limits import DEFAULT


def test_functions_run_in_other_threads() -> None:
    blocking = Blocking()
    for call in (blocking.call, blocking.bulk):
        name = asyncio.run(call(lambda: threading.current_thread().name))
        assert name.startswith("http-")
    blocking.close()


def test_errors_come_back() -> None:
    blocking = Blocking()
    with pytest.raises(ZeroDivisionError):
        asyncio.run(blocking.call(lambda: 1 // 0))
    blocking.close()


def test_a_cancelled_caller_waits_for_the_end_of_its_function() -> None:
    blocking = Blocking()
    done: list[str] = []

    def work() -> None:
        time.sleep(0.1)
        done.append("work")

    async def cancel() -> None:
        task = asyncio.ensure_future(blocking.bulk(work))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        done.append("cancelled")

    asyncio.run(cancel())
    blocking.close()
    assert done == ["work", "cancelled"]


def test_uploads_wait_for_their_turn_and_are_refused_in_the_end() -> None:
    blocking = Blocking(replace(DEFAULT, uploads_at_once=1, body_idle_seconds=1))

    async def upload_two() -> None:
        async with blocking.upload_turn():
            with pytest.raises(FullError, match="uploads"):
                async with blocking.upload_turn():
                    pass
        async with blocking.upload_turn():  # the first one has ended
            pass

    asyncio.run(upload_two())
    blocking.close()
