"""A line that says how far many files are, where somebody looks at it."""

import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO

_EVERY_SECONDS = 0.2
_BAR_CHARACTERS = 24


class ProgressLine:
    """Counts; a context manager; may be told from any thread.

    Parameters
    ----------
    label
        What is counted.
    total
        How many there will be; ``None``: nobody knows yet.
    is_shown
        ``None``: where the stream is a terminal.
    """

    def __init__(
        self,
        label: str,
        total: int | None,
        *,
        is_shown: bool | None = None,
        stream: TextIO | None = None,
    ) -> None:
        self._label = label
        self._total = total
        self._stream = sys.stderr if stream is None else stream
        self._is_shown = self._stream.isatty() if is_shown is None else is_shown
        self._done = 0
        self._shown_seconds = -1.0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._is_shown and self._done:
            self._show()
            self._stream.write("\n")

    def tell(self) -> None:
        """One more is done."""
        with self._lock:
            self._done += 1
            now = time.monotonic()
            if self._is_shown and now - self._shown_seconds >= _EVERY_SECONDS:
                self._shown_seconds = now
                self._show()

    def _show(self) -> None:
        if self._total:
            filled = _BAR_CHARACTERS * self._done // self._total
            bar = "#" * filled + "." * (_BAR_CHARACTERS - filled)
            line = f"{self._label} [{bar}] {self._done}/{self._total}"
        else:
            line = f"{self._label} {self._done}"
        self._stream.write(f"\r{line}")
        self._stream.flush()
