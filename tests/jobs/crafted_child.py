"""Functions that misbehave, served by the real child: how the sandbox takes each of them."""

import ctypes
import os
import sys
import time
from pathlib import Path
from typing import BinaryIO

from isocenter.errors import MissingElementError, TruncatedError
from isocenter.jobs.child_process import serve
from isocenter.limits import Limits


def copy(source: BinaryIO, target: BinaryIO, limits: Limits, times: int = 1) -> dict[str, object]:
    """Copy the source so many times and tell what the process is."""
    data = source.read()
    target.write(data * times)
    return {
        "bytes": len(data),
        "process": os.getpid(),
        "depth": limits.header_depth,
        "environment": sorted(os.environ),
    }


def hang(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Write something, tell the process beside the target, and never end."""
    del source, limits
    target.write(b"half")
    target.flush()
    Path(f"{target.name}.process").write_text(str(os.getpid()), encoding="ascii")
    while True:
        time.sleep(1)


def leave(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """End the process without a word."""
    del source, target, limits
    os._exit(3)


def segfault(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Read address 0."""
    del source, target, limits
    return {"never": ctypes.string_at(0)}


def hog(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Take memory until there is none."""
    del source, target
    taken = [bytearray(1 << 24) for _ in range(limits.child_memory_bytes >> 23)]
    return {"never": len(taken)}


def flood(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Write until the disk is full."""
    del source, limits
    while True:
        target.write(bytes(1 << 20))
        target.flush()


def dive(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Recurse without end."""
    return dive(source, target, limits)


def cut(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Find the source cut short."""
    del source, target, limits
    raise TruncatedError(0x7FE00010, 100, 60)


def miss(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Miss an element."""
    del source, target, limits
    raise MissingElementError("Rows")


def blurt(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Fail with an exception whose text holds a value, and print it, too."""
    del target, limits
    text = source.read().decode("ascii")
    print(text)
    print(text, file=sys.stderr)
    raise ValueError(text)


def babble(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Answer more than anybody wants to read."""
    del source, target
    return {"text": "x" * limits.child_answer_bytes}


if __name__ == "__main__":
    functions = (copy, hang, leave, segfault, hog, flood, dive, cut, miss, blurt, babble)
    serve({f"crafted:{function.__name__}": function for function in functions})
