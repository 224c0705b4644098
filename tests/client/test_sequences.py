from collections.abc import Sequence

import pytest

from isocenter.client.sequences import PAGE_ITEMS, LazySequence, Page


class Pages:
    """Numbers by pages, and what was asked for."""

    def __init__(self, number: int, *, tells_total: bool = True) -> None:
        self.items = list(range(number))
        self.tells_total = tells_total
        self.asked: list[tuple[int, int]] = []

    def ask(self, offset: int, most: int) -> Page[int]:
        self.asked.append((offset, most))
        total = len(self.items) if self.tells_total else None
        return Page(self.items[offset : offset + most], total)


@pytest.mark.parametrize("number", [0, 1, PAGE_ITEMS - 1, PAGE_ITEMS, PAGE_ITEMS + 1, 250])
@pytest.mark.parametrize("tells_total", [True, False])
def test_it_is_the_sequence_of_all_items(number: int, *, tells_total: bool) -> None:
    expected = list(range(number))

    found: Sequence[int] = LazySequence(Pages(number, tells_total=tells_total).ask)

    assert list(found) == expected
    assert len(found) == number
    assert found[:] == expected
    assert found[-3:] == expected[-3:]
    assert found[5:90:7] == expected[5:90:7]
    assert list(reversed(found)) == expected[::-1]
    assert bool(found) == bool(number)


def test_pages_are_asked_for_when_they_are_needed_and_once() -> None:
    pages = Pages(250)
    found = LazySequence(pages.ask)

    assert pages.asked == []
    assert found[120] == 120
    assert (len(found), found[101], found[100:103]) == (250, 101, [100, 101, 102])
    assert pages.asked == [(100, 100)]


def test_a_slice_from_the_beginning_needs_no_length() -> None:
    pages = Pages(250, tells_total=False)

    assert LazySequence(pages.ask)[:3] == [0, 1, 2]
    assert pages.asked == [(0, 100)]


@pytest.mark.parametrize("limit", [0, 1, 99, 100, 101, 1000])
def test_there_are_no_more_than_wished(limit: int) -> None:
    pages = Pages(250)
    found = LazySequence(pages.ask, limit)

    assert list(found) == list(range(min(limit, 250)))
    assert len(found) == min(limit, 250)


@pytest.mark.parametrize("index", [3, -4, 1000])
def test_an_index_outside_is_an_error(index: int) -> None:
    with pytest.raises(IndexError):
        LazySequence(Pages(3).ask)[index]


def test_showing_it_asks_for_nothing() -> None:
    pages = Pages(3)

    assert repr(LazySequence(pages.ask)) == "<0 of many items>"
    assert pages.asked == []
