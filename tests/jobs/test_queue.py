"""The values that queues give; their promises are held in tests/contracts/test_queue.py."""

import typing

from isocenter.jobs.queue import ENDED, State


def test_a_state_is_waiting_running_or_an_end() -> None:
    assert set(typing.get_args(State)) == {"queued", "running"} | ENDED
