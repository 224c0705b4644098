"""One transaction for all who want one at the same time."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from isocenter.errors import UnavailableError
from isocenter.services.group_commit import GroupCommit


def test_those_who_wait_are_done_together() -> None:
    sizes: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def run(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        begun.set()
        assert go_on.wait(30)
        return [item * 2 for item in items]

    commits = GroupCommit(run)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(commits.submit, 0)
        assert begun.wait(30)
        others = [pool.submit(commits.submit, number) for number in range(1, 9)]
        while len(commits._waiting) < 8:
            threading.Event().wait(0.001)
        go_on.set()
        assert [one.result(30) for one in (first, *others)] == [n * 2 for n in range(9)]

    assert sizes == [1, 8]


def test_one_that_fails_does_not_harm_others() -> None:
    def run(items: Sequence[int]) -> list[int]:
        return [100 // item for item in items]

    commits = GroupCommit(run)

    def submit(number: int) -> object:
        try:
            return commits.submit(number)
        except ZeroDivisionError:
            return "failed"

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(submit, [1, 2, 0, 4, 5, 0, 10]))

    assert found == [100, 50, "failed", 25, 20, "failed", 10]
    with pytest.raises(ZeroDivisionError):
        commits.submit(0)


def test_machine_that_fails_is_not_asked_again_for_each() -> None:
    sizes: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def run(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        begun.set()
        assert go_on.wait(30)
        raise UnavailableError("the object store cannot be reached")

    commits = GroupCommit(run)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(commits.submit, 0)
        assert begun.wait(30)
        others = [pool.submit(commits.submit, number) for number in range(1, 5)]
        while len(commits._waiting) < 4:
            threading.Event().wait(0.001)
        go_on.set()
        for one in (first, *others):
            with pytest.raises(UnavailableError):
                one.result(30)

    assert sizes == [1, 4]
