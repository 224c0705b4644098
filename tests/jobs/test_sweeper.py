"""A thread that calls its functions again and again, whatever they do."""

import threading

from isocenter.jobs.sweeper import Sweeper


def test_both_are_called_at_once_and_the_often_one_again() -> None:
    often, rarely = threading.Semaphore(0), threading.Semaphore(0)
    sweeper = Sweeper(often.release, rarely.release, often_seconds=0.01, rarely_seconds=1000)
    sweeper.start()
    assert all(often.acquire(timeout=10) for _ in range(3))
    assert rarely.acquire(timeout=10)
    assert not rarely.acquire(timeout=0.05)
    sweeper.stop()


def test_a_failure_does_not_end_it() -> None:
    called = threading.Semaphore(0)

    def fail() -> None:
        called.release()
        raise ValueError("Jane Doe")

    sweeper = Sweeper(fail, fail, often_seconds=0.01, rarely_seconds=0.01)
    sweeper.start()
    assert all(called.acquire(timeout=10) for _ in range(4))
    sweeper.stop()


def test_one_that_never_started_stops_too() -> None:
    Sweeper(lambda: None, lambda: None).stop()
