"""The progress bar: on stderr, only on a terminal, and only for work that takes a while."""

import sys
import time
from contextlib import AbstractContextManager
from typing import Self

from isocenter.services.reports import NoProgress, Progress

# Importing rich takes longer than merging a hundred slices.
_DELAY_SECONDS = 0.7
_REDRAW_SECONDS = 0.05


def choose_progress(setting: str, *, is_quiet: bool) -> "AbstractContextManager[Progress]":
    """Return a bar on a terminal, silence in a pipe or where the user wants it."""
    if is_quiet or setting == "never" or not sys.stderr.isatty():
        return Silence()
    return Bar()


class Silence(NoProgress):
    """No progress at all, as a context manager."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Bar:
    """A progress bar that appears after a moment; Ctrl+C is what cancels on a terminal."""

    def __init__(self, delay_seconds: float = _DELAY_SECONDS) -> None:
        self._draw_at = time.monotonic() + delay_seconds
        self._total = 0
        self._completed = 0
        self._label = ""
        self._shown: _Shown | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown is not None:
            self._shown.stop()

    def start(self, total: int, label: str) -> None:
        """Begin a stretch of steps."""
        self._total, self._label, self._completed = total, label, 0
        self._show()

    def advance(self, steps: int = 1) -> None:
        """Count steps as done."""
        self._completed += steps
        self._show()

    def finish(self) -> None:
        """End the present stretch."""
        if self._shown is not None:
            self._shown.show(self._label, self._completed, self._total)

    def check_cancelled(self) -> None:
        """Never raise."""

    def _show(self) -> None:
        now = time.monotonic()
        if now < self._draw_at:
            return
        self._draw_at = now + _REDRAW_SECONDS
        if self._shown is None:
            self._shown = _Shown()
        self._shown.show(self._label, self._completed, self._total)


class _Shown:
    """The visible bar; rich is imported when it appears."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("")
        self._bar.start()

    def show(self, label: str, completed: int, total: int) -> None:
        """Draw one state."""
        self._bar.update(self._task, description=label, completed=completed, total=total)

    def stop(self) -> None:
        """Take the bar away."""
        self._bar.stop()
