"""The servers that `benchmarks/serving.py` compares: ours, nginx, Orthanc, and FastAPI's usual way.

Each runs on loopback, with a folder of its own, until the end of its `with` block.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(sys.executable).parent
HERE = Path(__file__).parent
LIMITS = {
    "REQUESTS_PER_MINUTE": "1000000",
    "SESSIONS_PER_MINUTE": "1000000",
    "MONTHLY_READS": "1000000",
}
_START_SECONDS = 60
_STOP_SECONDS = 30
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Server:
    """One that runs; `folder` holds what it stores, `headers` what a request needs."""

    name: str
    port: int
    pid: int
    folder: Path
    headers: Mapping[str, str] = field(default_factory=dict)

    def forget_peak(self) -> None:
        """Have the system measure the peak anew (proc(5), `clear_refs`)."""
        for pid in self._processes():
            with contextlib.suppress(OSError):
                Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")

    def peak_mb(self) -> float:
        """Return the peak of what is resident: of the process that answers, the largest one."""
        return max(_status(pid, "VmHWM") for pid in (self.pid, *self._workers()))

    def resident_mb(self) -> float:
        """Return what is resident now, likewise."""
        return max(_status(pid, "VmRSS") for pid in (self.pid, *self._workers()))

    def whole_peak_mb(self) -> float:
        """Return the peaks of what is resident of all its processes together."""
        return sum(_status(pid, "VmHWM") for pid in self._processes())

    def cpu_seconds(self) -> float:
        """Return the processor time of the server and its children, also those that ended."""
        return sum(map(_cpu_seconds, self._processes()))

    def _processes(self) -> list[int]:
        return [self.pid, *_children(self.pid)]

    def _workers(self) -> list[int]:
        """Return the processes that answer instead of the first one."""
        return _children(self.pid) if self.name == "nginx" else []


@contextlib.contextmanager
def isocenter(folder: Path) -> Iterator[Server]:
    """Run ours as it is by default, but for the limits of rates."""
    environment = {**os.environ, **{f"ISOCENTER_LIMIT_{key}": LIMITS[key] for key in LIMITS}}
    command = [str(BIN / "isocenter"), "serve", "--port", "0", "--data", str(folder)]
    with _running(command, folder, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = key = ""
        while not key:
            line = process.stdout.readline()
            assert line, "isocenter did not start"
            port = port or line.rpartition(b":")[2].decode().strip()
            key = line.partition(b"API key:")[2].decode().strip()
        _wait_for(int(port))
        yield Server("isocenter", int(port), process.pid, folder, {"X-API-Key": key})


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[Server]:
    """Run nginx with its own way to take and give files (modules dav and static)."""
    port = _free_port()
    data = folder / "data"
    data.mkdir(parents=True)
    text = (HERE / "nginx.conf").read_text(encoding="utf-8")
    user = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    for name, value in {"FOLDER": str(folder), "PORT": str(port), "USER": user}.items():
        text = text.replace(f"@{name}@", value)
    path = folder / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    command = [str(shutil.which("nginx")), "-p", str(folder), "-c", str(path)]
    with _running(command, folder) as process:
        _wait_for(port)
        yield Server("nginx", port, process.pid, data)


@contextlib.contextmanager
def orthanc(folder: Path, more: Mapping[str, object] | None = None) -> Iterator[Server]:
    """Run Orthanc as it is by default, but without its DICOM port and with kept connections.

    `more` is added to its configuration.
    """
    port = _free_port()
    folder.mkdir(parents=True)
    configuration = {
        "AuthenticationEnabled": False,
        "DicomServerEnabled": False,
        "HttpPort": port,
        "IndexDirectory": str(folder / "index"),
        "KeepAlive": True,
        "RemoteAccessAllowed": False,
        "StorageDirectory": str(folder / "storage"),
        **(more or {}),
    }
    path = folder / "orthanc.json"
    path.write_text(json.dumps(configuration), encoding="utf-8")
    with _running([str(shutil.which("Orthanc")), str(path)], folder) as process:
        _wait_for(port)
        yield Server("orthanc", port, process.pid, folder)


@contextlib.contextmanager
def upload_file(folder: Path) -> Iterator[Server]:
    """Run an application that takes files as FastAPI's documentation does."""
    with _fastapi("UploadFile", "benchmarks.upload_file_app:app", folder) as server:
        yield server


@contextlib.contextmanager
def naive_reading(folder: Path) -> Iterator[Server]:
    """Run an application that reads DICOM with pydicom and Pillow."""
    with _fastapi("pydicom and Pillow", "benchmarks.naive_reading_app:app", folder) as server:
        yield server


@contextlib.contextmanager
def _fastapi(name: str, application: str, folder: Path) -> Iterator[Server]:
    port = _free_port()
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "uvicorn", application]
    command += ["--port", str(port), "--log-level", "warning", "--no-access-log"]
    environment = {**os.environ, "UPLOAD_FOLDER": str(folder)}
    with _running(command, folder, env=environment, cwd=HERE.parent) as process:
        _wait_for(port)
        yield Server(name, port, process.pid, folder)


@contextlib.contextmanager
def _running(
    command: Sequence[str],
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdout: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log if stdout is None else stdout,
            stderr=log,
            env=env,
            cwd=cwd,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(port: int) -> None:
    """Return when somebody answers at a port."""
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            assert time.monotonic() < until, f"no server came up at port {port}"
            time.sleep(0.05)
        else:
            return


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    tasks = {int(child) for child in text.split()}
    for task in Path(f"/proc/{pid}/task").iterdir():  # threads may have started some
        with contextlib.suppress(OSError):
            tasks.update(map(int, (task / "children").read_text(encoding="ascii").split()))
    return sorted(tasks)


def _status(pid: int, name: str) -> float:
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) / 1024


def _cpu_seconds(pid: int) -> float:
    """Return user and system time, with that of children that were waited for (proc(5), stat)."""
    try:
        values = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, values[11:15])) / _TICKS
