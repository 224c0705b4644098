"""The parent's end of ``jobs/worker_child.py``: a warm process that runs job functions.

What it tells is checked here: nothing is ever unpickled, and a line that is too long or makes no
sense ends the job.
"""

import contextlib
import json
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from isocenter.errors import (
    DeadlineExceededError,
    InvalidInputError,
    IsocenterError,
    UnavailableError,
)
from isocenter.jobs.processes import kill_group, kill_session, reap, start_child
from isocenter.jobs.queue import NewEvent, Progress
from isocenter.jobs.sandbox import JSON, READY, from_answer
from isocenter.jobs.worker_child import FORKS, IN_PLACE, KILL, JobLimits

_CHILD = ("-m", "isocenter.jobs.worker_child")
_START_SECONDS = 60.0
_STOP_SECONDS = 2.0
_GREETING_BYTES = 10_000
_NONSENSE = "the worker process gave no usable answer"
_WORD_CHARACTERS = 32
_COUNT_MOST = 2**53
_SIGXCPU = -24

Told = Callable[[Progress | NewEvent], None]


class DiedError(IsocenterError):
    """The process of a job ended without an answer: killed, out of memory, or crashed."""

    def __init__(self) -> None:
        super().__init__("its worker process died")


class JobProcess:
    """A warm process that runs one job at a time; a context manager.

    Parameters
    ----------
    functions
        ``module:function`` of all that it may be asked to run; loaded when it starts.
    in_place
        Run each job in a process that is started for it, as where forks are not safe.
    """

    def __init__(self, functions: Sequence[str], *, in_place: bool = False) -> None:
        self._arguments = [*_CHILD, *((IN_PLACE,) if in_place else ()), *functions]
        self._serves_many = FORKS and not in_place
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._leader: int | None = None
        self._is_running = False
        self._is_killed = False
        self._last_resort: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the process ahead of the first job, so that it loads while others work.

        Raises
        ------
        IsocenterError
            If it does not start, or cannot load its functions.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        process = start_child(self._arguments)
        with self._turn:
            self._process = process
        watchdog = threading.Timer(_START_SECONDS, kill_group, [process])
        watchdog.daemon = True
        watchdog.start()
        assert process.stdout is not None
        greeting = process.stdout.readline(_GREETING_BYTES)
        watchdog.cancel()
        if greeting != READY:
            self.close()
            if greeting:
                from_answer(greeting)
            raise UnavailableError("the worker process does not start")

    def close(self) -> None:
        """End the process and what it runs; a later call starts a new one."""
        with self._turn:
            process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        # At the end of its input it ends the job and itself.
        with contextlib.suppress(OSError):
            process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
        kill_group(process)
        reap(process, _STOP_SECONDS)

    def kill(self) -> None:
        """End the job that runs, from any thread; ``run`` raises ``DiedError`` then."""
        with self._turn:
            process = self._process
            if process is None or not self._is_running or self._is_killed:
                return
            self._is_killed = True
            assert process.stdin is not None
            with contextlib.suppress(OSError, ValueError):
                process.stdin.write(KILL)
                process.stdin.flush()
            # In case it cannot even do that.
            self._last_resort = threading.Timer(_STOP_SECONDS, self._kill_all, [process])
            self._last_resort.daemon = True
            self._last_resort.start()

    def run(
        self,
        function: str,
        arguments: Mapping[str, object],
        scratch: Path,
        limits: JobLimits,
        told: Told,
    ) -> dict[str, JSON]:
        """Return what ``function(arguments, tell)`` returned.

        Parameters
        ----------
        scratch
            Folder in which it works and to which all that is temporary goes.
        told
            Called with each progress and event, in this thread.

        Raises
        ------
        IsocenterError
            The class that the function raised, with its values.
        DeadlineExceededError
            After ``limits.wall_seconds``, or so much processor time; everything was killed.
        DiedError
            If the process died, was killed, or could not be started.
        InvalidInputError
            If it answered nonsense.
        """
        request = {
            "function": function,
            "arguments": dict(arguments),
            "scratch": str(scratch.absolute()),
            "limits": asdict(limits),
        }
        try:
            self.start()
        except UnavailableError:
            raise DiedError from None
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            self.kill()

        watchdog = threading.Timer(limits.wall_seconds, expire)
        watchdog.daemon = True
        with self._turn:
            self._is_running, self._is_killed, self._leader = True, False, None
        watchdog.start()
        try:
            return self._exchange(json.dumps(request), limits, told)
        except DiedError:
            if expired.is_set():
                raise DeadlineExceededError(limits.wall_seconds, "one action") from None
            raise
        finally:
            watchdog.cancel()
            with self._turn:
                self._is_running = False
                if self._last_resort is not None:
                    self._last_resort.cancel()

    def _exchange(self, request: str, limits: JobLimits, told: Told) -> dict[str, JSON]:
        process = self._process
        if process is None:
            raise DiedError
        assert process.stdin is not None
        with self._turn, contextlib.suppress(OSError, ValueError):
            process.stdin.write(request.encode("ascii") + b"\n")
            process.stdin.flush()
        answer, status = self._listen(process, limits.answer_bytes, told)
        if status is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = process.wait(_STOP_SECONDS)
            self._bury(process)
        elif not self._serves_many:
            self.close()
        if status == _SIGXCPU:
            raise DeadlineExceededError(limits.cpu_seconds, "one action")
        if status or answer is None:
            raise DiedError
        return from_answer(answer)

    def _listen(
        self, process: subprocess.Popen[bytes], answer_bytes: int, told: Told
    ) -> tuple[bytes | None, int | None]:
        """Return the line that answers and the status at the end; ``None`` where there is none."""
        assert process.stdout is not None
        answer = None
        while line := process.stdout.readline(answer_bytes):
            if not line.endswith(b"\n"):
                if len(line) == answer_bytes:
                    self._bury(process)
                    raise InvalidInputError(_NONSENSE)
                break
            match _parsed(line):
                case {"progress": [int(done), int(total), str(label)]}:
                    told(Progress(_count(done), _count(total), label))
                case {"event": [str(kind), dict(data)]}:
                    told(NewEvent(kind[:_WORD_CHARACTERS], data))
                case {"started": int(leader)}:
                    self._leader = leader
                case {"ended": int(status)}:
                    return answer, status
                case {"facts": _} | {"error": _}:
                    answer = line
                case _:
                    pass  # a line that was cut off when the job was killed
        return answer, None

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        """End the process and whatever is left of its job, which nobody looks after any more."""
        self._kill_all(process)
        self.close()

    def _kill_all(self, process: subprocess.Popen[bytes]) -> None:
        if self._leader is not None:
            kill_session(self._leader)
        kill_group(process)


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _count(number: int) -> int:
    return min(max(number, 0), _COUNT_MOST)
