"""Lists on a server as sequences: pages are asked for when they are needed, and kept.

A list that changes on the server meanwhile is seen as its pages were when they came.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar, overload

Item = TypeVar("Item")

PAGE_ITEMS = 100


class Page(NamedTuple, Generic[Item]):
    """Some items, and how many there are in all where the server says so."""

    items: list[Item]
    total: int | None = None


class LazySequence(Sequence[Item]):
    """A sequence over pages: iteration, length, index, slices.

    Parameters
    ----------
    ask
        Gives the page that begins at an offset with so many items.
    limit
        How many items there are at most; ``None``: all.
    """

    def __init__(self, ask: Callable[[int, int], Page[Item]], limit: int | None = None) -> None:
        self.ask_page = ask
        self._limit = limit
        self._pages: dict[int, list[Item]] = {}
        self._length: int | None = None

    def __len__(self) -> int:
        """Return how many there are; one page at most is asked for where the server tells."""
        number = 0
        while self._length is None:
            self._page(number)
            number += 1
        return self._length

    def __iter__(self) -> Iterator[Item]:
        """Yield the items; the next page is asked for when the one before is used up."""
        number = 0
        while True:
            items = self._page(number)
            yield from items
            number += 1
            if len(items) < PAGE_ITEMS or number * PAGE_ITEMS == self._length:
                return

    @overload
    def __getitem__(self, index: int) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...

    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        """Return one item, or those of a slice; only the pages that they are on are asked for."""
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(self._reach(index)))]
        place = index if index >= 0 else len(self) + index
        if place < 0:
            raise IndexError("there are fewer items")
        number, offset = divmod(place, PAGE_ITEMS)
        items = self._page(number)
        if offset >= len(items):
            raise IndexError("there are fewer items")
        return items[offset]

    def __repr__(self) -> str:
        """Return how many are known, without asking."""
        known = sum(map(len, self._pages.values()))
        return f"<{known} of {'many' if self._length is None else self._length} items>"

    def _reach(self, index: slice) -> int:
        """Return a length that is enough for a slice: its end, if nothing counts from the end."""
        ends = (index.start or 0, -1 if index.stop is None else index.stop, index.step or 1)
        if self._length is None and min(ends) >= 0:
            last = ends[1] - 1
            if last < 0 or len(self._page(last // PAGE_ITEMS)) > last % PAGE_ITEMS:
                return ends[1]
        return len(self)

    def _page(self, number: int) -> list[Item]:
        found = self._pages.get(number)
        if found is not None:
            return found
        offset = number * PAGE_ITEMS
        most = PAGE_ITEMS if self._limit is None else min(PAGE_ITEMS, self._limit - offset)
        page = self.ask_page(offset, most) if most > 0 else Page([], offset)
        items = page.items[: max(most, 0)]
        self._pages[number] = items
        if page.total is not None:
            self._length = page.total
        elif len(items) < PAGE_ITEMS and (items or not number):
            self._length = offset + len(items)
        elif not items and number - 1 in self._pages:
            self._length = offset
        if self._length is not None and self._limit is not None:
            self._length = min(self._length, self._limit)
        return items
