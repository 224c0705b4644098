"""What every child process of ``jobs/sandbox.py`` does: one request at a time, within limits.

A child is a module with a table of the functions that it may run; it loads what these need and
no more, which is most of the time in which it starts. A request names a function of the table and
two paths; the answer is facts or an error. The process limits itself before the first request,
ignores Ctrl+C (the parent decides), and ends when its input ends, that is, with its parent. It
writes nothing to stderr.
"""

import contextlib
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    NotFoundError,
    NotSupportedError,
    TooLargeError,
    UnavailableError,
)
from isocenter.jobs.sandbox import READY, to_answer
from isocenter.limits import Limits

# Windows has no limits of this kind; the deadline still holds there.
if sys.platform != "win32":
    import resource

# f(source, target, limits, **options) -> facts, values that JSON can tell
Function = Callable[..., Mapping[str, object]]

_GRACE_SECONDS = 5


def serve(table: Mapping[str, Function]) -> None:
    """Serve the parent until it closes our input; ``sys.argv[1]`` holds the limits as JSON."""
    limits = Limits(**json.loads(sys.argv[-1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_process(limits)
    answers = take_stdout()
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    # Reading in a thread of its own notices the death of the parent in the middle of a call.
    reader = threading.Thread(target=_read_until_end, args=(sys.stdin.buffer, requests))
    reader.daemon = True
    reader.start()
    send(answers, READY)
    while True:
        send(answers, answer(requests.get(), table, limits))


def answer(line: bytes, table: Mapping[str, Function], limits: Limits) -> bytes:
    """Return the answer to one request: whatever happens becomes a line."""
    _set_alarm(limits.child_seconds + _GRACE_SECONDS)
    try:
        return to_answer(_call(json.loads(line), table, limits))
    except Exception as error:  # noqa: BLE001 - the outermost handler of the process
        return to_answer(told(error, limits))
    finally:
        _set_alarm(0)


def told(error: Exception, limits: Limits, who: str = "reader") -> IsocenterError:
    """Return what the parent may know: the text of a foreign exception may hold values."""
    match error:
        case IsocenterError():
            return error
        case MemoryError():
            allowed = limits.child_memory_bytes
            return TooLargeError("child_memory_bytes", allowed, allowed + 1, "bytes")
        case RecursionError():
            allowed = limits.header_depth
            return TooLargeError("header_depth", allowed, allowed + 1, "levels")
        case FileNotFoundError():
            return NotFoundError("the file is not there")
        case OSError():
            return UnavailableError(error.strerror or "a file cannot be read or written")
        case _:
            return InvalidInputError(f"the {who} failed with {type(error).__name__}")


def _call(
    request: Mapping[str, object], table: Mapping[str, Function], limits: Limits
) -> Mapping[str, object]:
    function = table.get(str(request["function"]))
    options = request["options"]
    assert isinstance(options, dict)
    if function is None:
        raise NotSupportedError("the reader process has no such function")
    with _path(request["source"]).open("rb") as source:
        _limit_output(os.fstat(source.fileno()).st_size, limits)
        # The parent has made the scratch file, so nothing but that can be overwritten.
        with _path(request["target"]).open("r+b") as target:
            return function(source, target, limits, **options)


def _path(name: object) -> Path:
    return Path(os.fsdecode(str(name).encode("latin-1")))


def _read_until_end(lines: Iterable[bytes], requests: "queue.SimpleQueue[bytes]") -> None:
    for line in lines:
        requests.put(line)
    os._exit(0)


def take_stdout() -> BinaryIO:
    """Return the pipe to the parent; what libraries print goes nowhere from now on."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def send(answers: BinaryIO, line: bytes) -> None:
    """Send one line to the parent, now."""
    answers.write(line)
    answers.flush()


def _limit_process(limits: Limits) -> None:
    """Bound address space and forbid core dumps, which would hold patient data; for good."""
    if sys.platform != "win32":
        limit_resource(resource.RLIMIT_CORE, 0, is_final=True)
        limit_resource(resource.RLIMIT_AS, limits.child_memory_bytes, is_final=True)


def _limit_output(source_bytes: int, limits: Limits) -> None:
    """Bound the scratch file: a rewritten file is about as long as it was, or as inflated.

    Beyond it a write fails with an ``OSError``; Python ignores the signal that goes with it.
    """
    if sys.platform != "win32":
        allowed = 2 * source_bytes + limits.inflated_bytes
        limit_resource(resource.RLIMIT_FSIZE, allowed, is_final=False)


def limit_resource(kind: int, allowed: int, *, is_final: bool) -> None:
    """Bound a resource of this process and of what it starts, as far as the system lets us."""
    if sys.platform != "win32":
        _, most = resource.getrlimit(kind)
        if most != resource.RLIM_INFINITY:
            allowed = min(allowed, most)
        # macOS knows some of these limits but refuses to set them.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (allowed, allowed if is_final else most))


def _set_alarm(seconds: int) -> None:
    """End the process some time after the parent should have done so, even inside C code."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
