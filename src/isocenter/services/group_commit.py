"""One transaction for all who want one at the same time: a commit waits for the disk only once.

Whoever comes while a transaction runs waits for its end; the first of those who waited then takes
what all of them want into the next one. Nobody waits for others to come.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from isocenter.errors import UnavailableError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class _Entry(Generic[_Item, _Result]):
    """What one thread wants, and what became of it."""

    def __init__(self, item: _Item) -> None:
        self.item = item
        self.results: list[_Result] = []
        self.error: Exception | None = None
        self.is_done = False


class GroupCommit(Generic[_Item, _Result]):
    """Runs a function on what several threads hand in; safe for any number of them.

    Parameters
    ----------
    run
        Does what all of some items want in one transaction, or nothing, and returns a result for
        each in their order.
    """

    def __init__(self, run: Callable[[Sequence[_Item]], Sequence[_Result]]) -> None:
        self._run = run
        self._turn = threading.Lock()
        self._waiting: list[_Entry[_Item, _Result]] = []
        self._guard = threading.Lock()

    def submit(self, item: _Item) -> _Result:
        """Return the result for an item, when it is committed.

        Raises
        ------
        UnavailableError
            If disk, database or store failed; nothing of the transaction is there then.
        Exception
            What ``run`` raised for this item alone; others do not suffer from it.
        """
        entry: _Entry[_Item, _Result] = _Entry(item)
        with self._guard:
            self._waiting.append(entry)
        with self._turn:
            if not entry.is_done:
                with self._guard:
                    entries, self._waiting = self._waiting, []
                self._settle(entries)
        if entry.error is not None:
            raise entry.error
        return entry.results[0]

    def _settle(self, entries: Sequence[_Entry[_Item, _Result]]) -> None:
        """Do what all want; if one of them is the reason why it fails, each by itself."""
        try:
            results = self._run([entry.item for entry in entries])
        except UnavailableError as error:
            # Nobody's fault: asking a store that hangs once for each would take as many minutes.
            for entry in entries:
                entry.error = error
        except Exception as error:  # noqa: BLE001 - it is raised where it belongs
            if len(entries) > 1:
                for entry in entries:
                    self._settle([entry])
                return
            entries[0].error = error
        else:
            assert len(results) == len(entries)
            for entry, result in zip(entries, results, strict=True):
                entry.results.append(result)
        for entry in entries:
            entry.is_done = True
