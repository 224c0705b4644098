"""Exact numbers of requests in any minute, with a clock that tests move."""

import contextlib
import threading
import tracemalloc
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.access.rate_limits import ADDRESSES_MAX, WINDOW_MS, Allowed, RateLimits
from isocenter.errors import LimitReachedError


@dataclass
class Clock:
    now: int = 1_000_000_000_000

    def __call__(self) -> int:
        return self.now


def test_thirty_first_request_of_a_minute_is_refused_until_the_first_is_a_minute_old() -> None:
    clock = Clock()
    rates = RateLimits({"requests": 30}, clock)
    remaining = []
    for _ in range(30):
        remaining.append(rates.check("requests", "a").remaining)
        clock.now += 1000

    with pytest.raises(LimitReachedError) as caught:
        rates.check("requests", "a")
    assert (caught.value.limit_value, caught.value.retry_after_seconds) == (30, 30)
    assert remaining == list(range(29, -1, -1))

    clock.now += 30_000 - 1
    with pytest.raises(LimitReachedError) as caught:
        rates.check("requests", "a")
    assert caught.value.retry_after_seconds == 1
    clock.now += 1
    assert rates.check("requests", "a") == Allowed(30, 0, 1)
    with pytest.raises(LimitReachedError):
        rates.check("requests", "a")


def test_refused_requests_do_not_count() -> None:
    clock = Clock()
    rates = RateLimits({"requests": 1}, clock)
    rates.check("requests", "a")
    for _ in range(59):
        clock.now += 1000
        with pytest.raises(LimitReachedError):
            rates.check("requests", "a")
    clock.now += 1000

    assert rates.check("requests", "a") == Allowed(1, 0, 60)


def test_addresses_and_buckets_do_not_count_for_one_another() -> None:
    rates = RateLimits({"requests": 1, "sessions": 2}, Clock())

    assert rates.check("requests", "a").remaining == 0
    assert rates.check("requests", "b").remaining == 0
    assert rates.check("sessions", "a").remaining == 1
    with pytest.raises(LimitReachedError):
        rates.check("requests", "a")
    assert rates.check("sessions", "a").remaining == 0


def test_clock_that_is_set_back_locks_nobody_out() -> None:
    clock = Clock()
    rates = RateLimits({"requests": 1}, clock)
    rates.check("requests", "a")
    clock.now -= 10 * WINDOW_MS

    assert rates.check("requests", "a") == Allowed(1, 0, 60)


@given(
    st.integers(1, 5),
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, WINDOW_MS // 2)), max_size=60),
)
def test_any_minute_holds_as_many_requests_as_are_allowed_and_no_fewer(
    limit: int, asked: list[tuple[str, int]]
) -> None:
    clock = Clock()
    rates = RateLimits({"requests": limit}, clock)
    passed: dict[str, list[int]] = {"a": [], "b": []}
    for address, pause in asked:
        clock.now += pause
        counted = [when for when in passed[address] if clock.now - when < WINDOW_MS]
        if len(counted) == limit:
            with pytest.raises(LimitReachedError) as caught:
                rates.check("requests", address)
            seconds = caught.value.retry_after_seconds
            assert (seconds - 1) * 1000 < counted[0] + WINDOW_MS - clock.now <= seconds * 1000
        else:
            allowed = rates.check("requests", address)
            assert allowed.remaining == limit - len(counted) - 1
            passed[address].append(clock.now)


def test_threads_share_one_count() -> None:
    rates = RateLimits({"requests": 100}, Clock())
    allowed: list[int] = []

    def ask() -> None:
        for _ in range(50):
            with contextlib.suppress(LimitReachedError):
                allowed.append(rates.check("requests", "a").remaining)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(allowed) == list(range(100))


def test_silent_addresses_are_forgotten() -> None:
    clock = Clock()
    rates = RateLimits({"requests": 200}, clock)
    for k in range(1000):
        rates.check("requests", str(k))
    clock.now += WINDOW_MS
    for _ in range(110):
        rates.check("requests", "other")

    assert list(rates._times) == [("requests", "other")]


def test_what_is_forgiven_does_not_count() -> None:
    rates = RateLimits({"requests": 2, "others": 1}, Clock())
    rates.forgive("requests", "a")  # who never asked has nothing to be forgiven
    for _ in range(5):
        rates.check("requests", "a")
        rates.forgive("requests", "a")
    rates.check("requests", "a")
    rates.check("requests", "a")
    rates.forgive("others", "a")
    with pytest.raises(LimitReachedError):
        rates.check("requests", "a")


@pytest.mark.slow
def test_memory_is_bounded_whoever_asks() -> None:
    rates = RateLimits({"requests": 30}, Clock())
    tracemalloc.start()
    try:
        for k in range(ADDRESSES_MAX + 1000):
            rates.check("requests", f"2001:db8:{k:x}::/64")
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(rates._times) == ADDRESSES_MAX
    assert used < 64 * 1024 * 1024
    # Who was silent longest is forgotten, who asked last is not.
    assert rates.check("requests", "2001:db8:0::/64").remaining == 29
    assert rates.check("requests", f"2001:db8:{ADDRESSES_MAX:x}::/64").remaining == 28
