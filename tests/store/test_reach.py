"""Once a server did not answer, nobody waits long for it until it does."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from isocenter.errors import UnavailableError
from isocenter.store.reach import PAUSE_SECONDS, UNREACHABLE, Reach


class Server:
    """What is asked, at a time that stands still until somebody moves it."""

    def __init__(self) -> None:
        self.asked = 0
        self.answers = True
        self.seconds = 100.0

    def ask(self) -> None:
        self.asked += 1
        if not self.answers:
            raise UnavailableError(UNREACHABLE)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def reach(server: Server) -> Reach:
    return Reach(server.ask, lambda: server.seconds)


def test_server_that_answers_is_not_asked(server: Server, reach: Reach) -> None:
    reach.check()

    assert server.asked == 0


def test_server_that_was_lost_is_asked_after_a_pause_until_it_answers(
    server: Server, reach: Reach
) -> None:
    reach.lose()
    server.answers = False
    asked = []
    for _ in range(3):
        with pytest.raises(UnavailableError, match="cannot be reached"):
            reach.check()
        asked.append(server.asked)
        server.seconds += PAUSE_SECONDS
    server.answers = True
    reach.check()
    reach.check()

    assert asked == [0, 1, 2]
    assert server.asked == 3


def test_one_asks_and_others_do_not_wait_for_it() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def ask() -> None:
        begun.set()
        assert go_on.wait(30)

    now = [0.0]
    reach = Reach(ask, lambda: now[0])
    reach.lose()
    now[0] += PAUSE_SECONDS
    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(reach.check)
        assert begun.wait(30)
        with pytest.raises(UnavailableError):
            reach.check()
        go_on.set()
        asking.result(30)
    reach.check()
