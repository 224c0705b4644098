"""Job functions that behave and misbehave, run by the real worker child."""

import ctypes
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from isocenter.errors import MissingElementError
from isocenter.jobs.processes import start_child
from isocenter.jobs.worker_child import Tell

Arguments = Mapping[str, object]
Answer = dict[str, object]


loaded_by: list[int] = []


def warm_up() -> None:
    """Note which process loads what jobs need."""
    loaded_by.append(os.getpid())


def echo(arguments: Arguments, tell: Tell) -> Answer:
    """Tell what came and where this is."""
    tell.progress(1, 2, "half")
    tell.log("line one")
    tell.event("file", {"name": "ä.dcm"})
    tell.progress(2, 2, "whole")
    return {
        "arguments": dict(arguments),
        "process": os.getpid(),
        "session": os.getsid(0),
        "folder": str(Path.cwd()),
        "temporary": tempfile.gettempdir(),
        "environment": sorted(os.environ),
        "threads": threading.active_count(),
        "loaded_by": loaded_by,
    }


def hang(arguments: Arguments, tell: Tell) -> Answer:
    """Tell the process in a file and never end."""
    tell.log("hanging")
    _note(arguments, "job", os.getpid())
    while True:
        time.sleep(1)


def family(arguments: Arguments, tell: Tell) -> Answer:
    """Start a child as the sandbox does, which starts another; none ends or listens."""
    deaf = "import ctypes; ctypes.PyDLL(None).sleep(3600)"  # holds the lock of the interpreter
    script = (
        f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {deaf!r}]); "
        f"print(p.pid, flush=True); {deaf}"
    )
    child = start_child(["-c", script])
    assert child.stdout is not None
    _note(arguments, "grandchild", int(child.stdout.readline()))
    _note(arguments, "child", child.pid)
    return hang(arguments, tell) if arguments.get("hang", True) else {}


def die(arguments: Arguments, tell: Tell) -> Answer:
    """Be killed as the system does when memory is short."""
    del arguments, tell
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def segfault(arguments: Arguments, tell: Tell) -> Answer:
    """Read address 0."""
    del arguments, tell
    return {"never": ctypes.string_at(0)}


def leave(arguments: Arguments, tell: Tell) -> Answer:
    """End the process without a word."""
    del arguments, tell
    os._exit(0)


def cut(arguments: Arguments, tell: Tell) -> Answer:
    """Die in the middle of a line."""
    del arguments
    tell._write(b'{"progress": [1, 2')
    os._exit(9)


def miss(arguments: Arguments, tell: Tell) -> Answer:
    """Miss an element."""
    del arguments, tell
    raise MissingElementError("Rows")


def blurt(arguments: Arguments, tell: Tell) -> Answer:
    """Fail with a text that holds a value, and print it, too."""
    del tell
    print(arguments["text"])
    print(arguments["text"], file=sys.stderr)
    raise ValueError(arguments["text"])


def hog(arguments: Arguments, tell: Tell) -> Answer:
    """Take memory until there is none."""
    del arguments, tell
    taken = [bytearray(1 << 24) for _ in range(1 << 12)]
    return {"never": len(taken)}


def burn(arguments: Arguments, tell: Tell) -> Answer:
    """Compute without end."""
    del arguments, tell
    while True:
        pass


def flood(arguments: Arguments, tell: Tell) -> Answer:
    """Write one file until the disk is full."""
    del arguments, tell
    with Path("flood").open("wb") as file:
        while True:
            file.write(bytes(1 << 20))
            file.flush()


def scatter(arguments: Arguments, tell: Tell) -> Answer:
    """Write small files until the disk is full."""
    del arguments, tell
    for k in range(1 << 20):
        Path(f"file{k}").write_bytes(bytes(1 << 16))
        time.sleep(0.001)
    return {}


def babble(arguments: Arguments, tell: Tell) -> Answer:
    """Answer more than anybody wants to read."""
    del tell
    return {"text": "x" * int(str(arguments["characters"]))}


def lie(arguments: Arguments, tell: Tell) -> Answer:
    """Tell what makes no sense."""
    for line in (b"[]", b"{", b'"', b'{"progress": [-5, 1e999, 7]}', b'{"progress": [-5, 7, ""]}'):
        tell._write(line + b"\n")
    return dict(arguments)


def write(arguments: Arguments, tell: Tell) -> Answer:
    """Write a file into the scratch folder, slowly enough to be killed."""
    tell.progress(0, 1, "writing")
    time.sleep(float(str(arguments.get("seconds", 0))))
    Path("output").write_text(str(arguments["text"]), encoding="utf-8")
    return {"name": "output"}


def chatter(arguments: Arguments, tell: Tell) -> Answer:
    """Tell many lines."""
    for k in range(int(str(arguments["lines"]))):
        tell.log(f"line {k}")
    return {}


def die_at_first(arguments: Arguments, tell: Tell) -> Answer:
    """Die until the folder holds so many marks."""
    del tell
    marks = Path(str(arguments["marks"]))
    (marks / str(os.getpid())).touch()
    if len(list(marks.iterdir())) <= int(str(arguments["times"])):
        os.kill(os.getpid(), signal.SIGKILL)
    return {"name": ""}


def _note(arguments: Arguments, name: str, process: int) -> None:
    """Write the number of a process, whole or not at all."""
    folder = Path(str(arguments["notes"]))
    (folder / f"{name}.part").write_text(str(process), encoding="ascii")
    (folder / f"{name}.part").rename(folder / name)
