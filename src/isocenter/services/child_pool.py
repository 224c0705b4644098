"""Several child processes of one kind: whoever needs one waits until one is free."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from isocenter.jobs.sandbox import JSON, Sandbox
from isocenter.limits import Limits


class ChildPool:
    """Runs functions of one child module; a context manager, safe for any number of threads.

    Parameters
    ----------
    size
        How many run at once; each process starts with its first call.
    child
        Arguments for Python that start a child (``jobs/sandbox.py``).
    """

    def __init__(self, size: int, limits: Limits, child: Sequence[str]) -> None:
        self._stack = contextlib.ExitStack()
        self._free: SimpleQueue[Sandbox] = SimpleQueue()
        for _ in range(size):
            self._free.put(self._stack.enter_context(Sandbox(limits, child=child)))

    def run(
        self, function: str, source: Path, target: Path, **options: str | int | bool
    ) -> dict[str, JSON]:
        """Return what the function answers, as ``Sandbox.transform`` does.

        Raises
        ------
        IsocenterError
            As ``Sandbox.transform`` does.
        """
        sandbox = self._free.get()
        try:
            return sandbox.transform(function, source, target, **options)
        finally:
            self._free.put(sandbox)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, where)
