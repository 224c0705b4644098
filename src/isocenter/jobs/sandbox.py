"""Run one function on an untrusted file in a limited child process.

The child is one persistent ``python -m`` of a module that serves (``jobs/child_process.py``), by
default ``isocenter.jobs.sandbox_child``; it starts at the first call and again after a crash or a
time-out. Requests and answers are JSON lines over pipes: nothing is ever unpickled, what the child
says is data that is checked here. The child gets paths, opens them itself and writes one scratch
file; it has limits on memory and output (where the system has ``resource``), a deadline for each
call, no environment and no terminal.
"""

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import isocenter.errors
from isocenter.errors import (
    ConflictError,
    DeadlineExceededError,
    InvalidInputError,
    IsocenterError,
    UnavailableError,
)
from isocenter.jobs.processes import kill_group, reap, start_child
from isocenter.limits import DEFAULT, Limits

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]

CHILD = ("-m", "isocenter.jobs.sandbox_child")
PICTURE_CHILD = ("-m", "isocenter.jobs.picture_child")
DECODING_CHILD = ("-m", "isocenter.jobs.decoding_child")
TRANSCODE_CHILD = ("-m", "isocenter.jobs.transcode_child")
VIDEO_CHILD = ("-m", "isocenter.jobs.video_child")
READY = b"ready\n"

_START_SECONDS = 60.0
_STOP_SECONDS = 2.0
_SENTENCE_CHARACTERS = 300
_CRASHED = "the reader process died on this file"
_NONSENSE = "the reader process gave no usable answer"
_ERRORS: dict[str, type[IsocenterError]] = {
    name: error
    for name, error in vars(isocenter.errors).items()
    if isinstance(error, type) and issubclass(error, IsocenterError)
}


def pixel_limits(limits: Limits) -> Limits:
    """Return the bounds of a child that works on pixels rather than on a header."""
    return replace(
        limits,
        child_seconds=limits.transcode_seconds,
        child_memory_bytes=limits.transcode_memory_bytes,
        inflated_bytes=max(limits.inflated_bytes, limits.instance_pixel_bytes),
    )


def told_warnings(facts: Mapping[str, JSON]) -> tuple[str, ...]:
    """Return the warnings among what a child tells of its work."""
    found = facts.get("warnings")
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


class Sandbox:
    """A limited child process; a context manager. Calls from several threads take turns.

    Parameters
    ----------
    limits
        ``child_seconds`` and the other ``child_`` bounds hold for each call.
    child
        Arguments for Python that start the child: one of those below, or a script of a test.
    """

    def __init__(self, limits: Limits = DEFAULT, *, child: Sequence[str] = CHILD) -> None:
        self._limits = limits
        self._child = tuple(child)
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child; a later call starts a new one."""
        with self._turn:
            self._stop()

    def kill(self) -> None:
        """End the child at once, also in the middle of another thread's call, which then fails."""
        process = self._process
        if process is not None:
            kill_group(process)

    def start(self) -> None:
        """Start the child ahead of the first call, so that it loads while others work.

        Raises
        ------
        UnavailableError
            If it cannot be started.
        """
        with self._turn:
            self._started()

    def transform(
        self, function: str, source: Path, target: Path, **options: str | int | bool
    ) -> dict[str, JSON]:
        """Return the facts that ``function(source, target, limits, **options)`` gave.

        Parameters
        ----------
        function
            ``module:name`` from the table of the child.
        source, target
            File to read; scratch file to make. It is removed again if the call fails.

        Raises
        ------
        IsocenterError
            The class that the function raised, with its values.
        DeadlineExceededError
            After ``limits.child_seconds``; the child was killed.
        InvalidInputError
            If the child died on the file.
        ConflictError, UnavailableError
            If the target exists or cannot be made; if the child cannot be started.
        """
        request = {
            "function": function,
            # The bytes of the name, one character each: it may be in any encoding or none.
            "source": os.fsencode(source.absolute()).decode("latin-1"),
            "target": os.fsencode(target.absolute()).decode("latin-1"),
            "options": options,
        }
        line = json.dumps(request, ensure_ascii=True).encode("ascii") + b"\n"
        with self._turn:
            _create(target)
            try:
                return from_answer(self._ask(line))
            except BaseException as error:
                if not isinstance(error, IsocenterError):
                    self._kill()  # interrupted: what the child does now nobody waits for
                with contextlib.suppress(OSError):
                    target.unlink()
                raise

    def _ask(self, line: bytes) -> bytes:
        process = self._started()
        seconds = self._limits.child_seconds
        allowed = self._limits.child_answer_bytes
        answer = self._watched(process, lambda: _exchange(process, line, allowed), seconds)
        if answer is None:
            raise DeadlineExceededError(seconds)
        if not answer.endswith(b"\n"):
            self._kill()
            raise InvalidInputError(_NONSENSE if len(answer) == allowed else _CRASHED)
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._kill()
        process = start_child([*self._child, json.dumps(asdict(self._limits))])
        self._process = process
        greeting = self._watched(process, lambda: _read(process, len(READY)), _START_SECONDS)
        if greeting != READY:
            self._kill()
            raise UnavailableError("the reader process does not start")
        return process

    def _watched(
        self, process: subprocess.Popen[bytes], work: Callable[[], bytes], seconds: float
    ) -> bytes | None:
        """Return what ``work`` returns; after ``seconds`` kill the process, which ends it."""
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            kill_group(process)

        watchdog = threading.Timer(seconds, expire)
        watchdog.daemon = True
        watchdog.start()
        try:
            answer = work()
        finally:
            watchdog.cancel()
            watchdog.join()
            if expired.is_set():
                self._kill()
        return None if expired.is_set() else answer

    def _stop(self) -> None:
        """Let the child end at the end of its input; kill it if it does not."""
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
        self._kill()

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        kill_group(process)
        reap(process, _STOP_SECONDS)


def _read(process: subprocess.Popen[bytes], size: int) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline(size)


def _exchange(process: subprocess.Popen[bytes], line: bytes, answer_bytes: int) -> bytes:
    assert process.stdin is not None
    try:
        process.stdin.write(line)
        process.stdin.flush()
    except OSError:
        return b""
    return _read(process, answer_bytes)


def _create(target: Path) -> None:
    """Make the empty scratch file, readable by the owner only."""
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise ConflictError("the scratch file is there already") from None
    except OSError as error:
        raise UnavailableError(f"no scratch file: {error.strerror}") from None


def to_answer(result: Mapping[str, object] | IsocenterError) -> bytes:
    """Return the line by which the child tells facts or an error."""
    message: dict[str, object] = {"facts": result}
    if isinstance(result, IsocenterError):
        values = {name: value for name, value in vars(result).items() if _is_plain(value)}
        message = {"error": type(result).__name__, "values": values, "sentence": str(result)}
    return json.dumps(message, ensure_ascii=True).encode("ascii") + b"\n"


def from_answer(line: bytes) -> dict[str, JSON]:
    """Return the facts of an answer or raise the error it tells; it is not trusted.

    Raises
    ------
    IsocenterError
        What the answer tells; ``InvalidInputError`` where it tells nothing sensible.
    """
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        raise InvalidInputError(_NONSENSE) from None
    if not isinstance(message, dict):
        raise InvalidInputError(_NONSENSE)
    facts = message.get("facts")
    if isinstance(facts, dict):
        return facts
    raise _error(message)


def _error(message: Mapping[str, object]) -> IsocenterError:
    """Return the error that the child told, built as its class builds it."""
    kind = _ERRORS.get(str(message.get("error")), InvalidInputError)
    values = message.get("values")
    try:
        if isinstance(values, dict) and values:
            return kind(**{name: _plain(value) for name, value in values.items()})
        return kind(_one_line(message.get("sentence")))
    except (TypeError, ValueError):
        return InvalidInputError(_NONSENSE)


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float)


def _plain(value: object) -> object:
    """Return a number as it is, anything else as one printable line."""
    return value if isinstance(value, int | float) else _one_line(value)


def _one_line(sentence: object) -> str:
    text = sentence if isinstance(sentence, str) and sentence else _NONSENSE
    return "".join(c if c.isprintable() else "?" for c in text[:_SENTENCE_CHARACTERS])
