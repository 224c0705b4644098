"""The child process of a worker: it runs one job function after another, each in a fork of its own.

``python -m isocenter.jobs.worker_child module:function ...`` loads the functions, calls the
``warm_up()`` of their modules where there is one, which may start no thread, and waits. For each
request it forks, which takes milliseconds where starting and loading take a second; the fork
leads a session of its own, limits itself, and runs ``f(arguments, tell)`` in the folder that is
its scratch. When the job has ended, whatever it started is ended, too; likewise when the parent
says so, or is gone. Where a process cannot be forked safely, it runs the job itself and ends.

Everything is one line of JSON. In: ``{"function", "arguments", "scratch", "limits"}``, or
``"kill"``. Out: ``{"started": process}``, ``{"progress": [done, total, label]}``,
``{"event": [kind, data]}``, then facts or an error as ``jobs/sandbox.py`` writes them, and at last
``{"ended": status}``: 0, another exit code, or minus the number of a signal.
"""

import ctypes
import gc
import json
import os
import select
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from isocenter.errors import NotSupportedError, TooLargeError
from isocenter.jobs.child_process import limit_resource, send, take_stdout, told
from isocenter.jobs.processes import kill_session
from isocenter.jobs.sandbox import READY, to_answer
from isocenter.limits import DEFAULT

if sys.platform != "win32":
    import resource

KILL = b'"kill"\n'
IN_PLACE = "--in-place"

_PROGRESS_SECONDS = 0.05
_GRACE_SECONDS = 10
_READ_BYTES = 1 << 16
# Elsewhere libraries of the system break in a fork.
FORKS = sys.platform == "linux"
_LIBC = ctypes.CDLL(None) if FORKS else None
_SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)


class Tell:
    """How a job function tells what it does; safe for any number of threads."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._turn = threading.Lock()
        self._last: tuple[int, int, str] | None = None
        self._told_at = 0.0

    def progress(self, done: int, total: int = 0, label: str = "") -> None:
        """Tell how far the job is: so many of so many (0: unknown), and what it does now.

        Progress that comes faster than anybody looks is left out, except for the last.
        """
        with self._turn:
            self._last = (done, total, label)
            if time.monotonic() - self._told_at >= _PROGRESS_SECONDS:
                self._tell_progress()

    def log(self, line: str) -> None:
        """Tell one line for the person whose job it is."""
        self.event("log", {"line": line})

    def event(self, kind: str, data: Mapping[str, object]) -> None:
        """Tell something else; values that JSON can tell."""
        with self._turn:
            self._write(_line({"event": [kind, data]}))

    def flush(self) -> None:
        """Tell the last progress, if it was left out."""
        with self._turn:
            self._tell_progress()

    def _tell_progress(self) -> None:
        if self._last is not None:
            self._write(_line({"progress": self._last}))
            self._told_at = time.monotonic()
            self._last = None


Function = Callable[[dict[str, object], Tell], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class JobLimits:
    """What one job may take.

    ``wall_seconds`` is the time that passes; ``cpu_seconds`` and ``memory_bytes`` (address space)
    hold for each of its processes, ``file_bytes`` for each file that they write, ``output_bytes``
    for all of its scratch folder, ``answer_bytes`` for each line that it tells.
    """

    wall_seconds: float = DEFAULT.process_seconds
    cpu_seconds: int = DEFAULT.process_seconds * (os.cpu_count() or 1)
    memory_bytes: int = DEFAULT.process_memory_bytes
    file_bytes: int = DEFAULT.process_output_bytes
    output_bytes: int = DEFAULT.process_output_bytes
    answer_bytes: int = DEFAULT.process_answer_bytes


def main() -> None:
    """Serve the parent until it closes our input."""
    names = [name for name in sys.argv[1:] if name != IN_PLACE]
    # The parent decides when we end: these may be sent to all processes of a service.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    answers = take_stdout()
    try:
        table = {name: _resolve(name) for name in names}
    except Exception as error:  # noqa: BLE001 - the parent says why it cannot start
        send(answers, to_answer(told(error, DEFAULT, "worker process")))
        return
    send(answers, READY)
    if FORKS and IN_PLACE not in sys.argv:
        _Forker(table, answers).serve()
    else:
        _serve_in_place(table, answers)


def _resolve(name: str) -> Function:
    """Import the function that the worker's own table names, and all that it will need."""
    module_name, _, function = name.partition(":")
    module = import_module(module_name)
    if hasattr(module, "warm_up"):
        module.warm_up()
    found: Function = getattr(module, function)
    return found


class _Forker:
    """Reads requests and forks; has one thread only, so that a fork is whole."""

    def __init__(self, table: Mapping[str, Function], answers: BinaryIO) -> None:
        self._table = table
        self._answers = answers
        self._input = b""
        self._is_closed = False

    def serve(self) -> None:
        """Run one job after another until the parent closes our input."""
        # What is loaded now is never looked at by the collector, so that forks share its memory.
        gc.collect()
        gc.freeze()
        wake, wakened = os.pipe()
        os.set_blocking(wakened, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakened, warn_on_full_buffer=False)
        while (request := self._next_line()) is not None:
            if request == KILL:
                continue  # it came too late: that job has ended by itself
            forker = os.getpid()
            job = os.fork()
            if job == 0:
                _die_with(forker)
                os.close(wake)
                signal.set_wakeup_fd(-1)
                os.close(wakened)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _be_the_job(request, self._table, self._answers)
            self._look_after(job, wake)
            if self._is_closed:
                return

    def _look_after(self, job: int, wake: int) -> None:
        """Wait until the job ends, or end it when the parent says so or is gone."""
        poll = select.poll()
        poll.register(0, select.POLLIN)
        poll.register(wake, select.POLLIN)
        while True:
            # Its number stays its own until it is reaped: nothing else can be hit by a signal.
            if os.waitid(os.P_PID, job, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
                break
            if self._is_closed or KILL in self._input:
                self._input = b""
                kill_session(job)
                # It may not have had a session of its own yet.
                os.kill(job, signal.SIGKILL)
                os.waitid(os.P_PID, job, os.WEXITED | os.WNOWAIT)
                break
            ready = {descriptor for descriptor, _ in poll.poll()}
            if wake in ready:
                os.read(wake, _READ_BYTES)
            if 0 in ready:
                self._read()
        kill_session(job)
        _, status = os.waitpid(job, 0)
        if not self._is_closed:
            # The job may have been killed in the middle of a line.
            send(self._answers, b"\n" + _line({"ended": os.waitstatus_to_exitcode(status)}))

    def _next_line(self) -> bytes | None:
        while b"\n" not in self._input:
            self._read()
            if self._is_closed:
                return None
        line, _, self._input = self._input.partition(b"\n")
        return line + b"\n"

    def _read(self) -> None:
        data = os.read(0, _READ_BYTES)
        self._is_closed = not data
        self._input += data


def _serve_in_place(table: Mapping[str, Function], answers: BinaryIO) -> None:
    """Run one job in this very process, which ends with it."""
    request = sys.stdin.buffer.readline()
    if not request:
        return

    def watch() -> None:
        # The parent says that we should end, or is gone.
        sys.stdin.buffer.readline()
        _end_all()

    threading.Thread(target=watch, daemon=True).start()
    _answer(request, table, answers)
    send(answers, _line({"ended": 0}))
    _end_all()


def _end_all() -> None:
    """End this process and what is left of its group."""
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _die_with(parent: int) -> None:
    """Have the system end this fork when its parent has died, which nobody else would notice."""
    assert _LIBC is not None
    _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _be_the_job(request: bytes, table: Mapping[str, Function], answers: BinaryIO) -> None:
    """Run the job in a fork, which never returns into the loop of its parent."""
    try:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.close(nowhere)
        _answer(request, table, answers)
        os._exit(0)
    finally:
        os._exit(1)


def _answer(request: bytes, table: Mapping[str, Function], answers: BinaryIO) -> None:
    def write(line: bytes) -> None:
        send(answers, line)

    write(_line({"started": os.getpid()}))
    tell = Tell(write)
    memory_bytes = DEFAULT.process_memory_bytes
    try:
        wanted = json.loads(request)
        asked = JobLimits(**wanted["limits"])
        memory_bytes = asked.memory_bytes
        function = table.get(wanted["function"], _refuse)
        _limit_job(asked)
        _live_in(wanted["scratch"])
        answer = to_answer(function(wanted["arguments"], tell))
    except MemoryError:
        error = TooLargeError("process_memory_bytes", memory_bytes, memory_bytes + 1, "bytes")
        answer = to_answer(error)
    except Exception as error:  # noqa: BLE001 - the outermost handler of the process
        answer = to_answer(told(error, DEFAULT, "action"))
    tell.flush()
    write(answer)


def _refuse(arguments: dict[str, object], tell: Tell) -> Mapping[str, object]:
    del arguments, tell
    raise NotSupportedError("the worker process has no such function")


def _limit_job(asked: JobLimits) -> None:
    """Limit this process; what it starts for untrusted files sets limits of its own."""
    if sys.platform != "win32":
        limit_resource(resource.RLIMIT_CORE, 0, is_final=True)
        limit_resource(resource.RLIMIT_AS, asked.memory_bytes, is_final=False)
        limit_resource(resource.RLIMIT_CPU, asked.cpu_seconds, is_final=False)
        limit_resource(resource.RLIMIT_FSIZE, asked.file_bytes, is_final=False)
        # Should parent and worker both be gone, the job ends all the same.
        signal.alarm(int(asked.wall_seconds) + _GRACE_SECONDS)


def _live_in(scratch: str) -> None:
    """Put whatever is temporary where it goes away together with the job."""
    os.chdir(scratch)
    os.environ["TMPDIR"] = scratch
    tempfile.tempdir = scratch


def _line(message: Mapping[str, object] | Sequence[object]) -> bytes:
    return json.dumps(message, ensure_ascii=True).encode("ascii") + b"\n"


if __name__ == "__main__":
    main()
