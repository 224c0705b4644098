"""`isocenter serve` as a process of its own, started again and again on one data folder."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import requests

ISOCENTER = Path(sys.executable).with_name("isocenter")
_START_SECONDS = 60
_STOP_SECONDS = 60
_GONE_SECONDS = 20


class ServerProcess:
    """A server that can be killed; its data folder and its key stay.

    Parameters
    ----------
    engines
        Variables that name a database and a store; without them both are in the folder.

    Attributes
    ----------
    key
        What the first start printed.
    """

    def __init__(
        self, folder: Path, engines: Mapping[str, str] | None = None, **limits: int
    ) -> None:
        self.folder = folder / "data"
        self.log = folder / "server.log"
        self.url = ""
        self.key = ""
        bounds = {"requests_per_minute": 1_000_000, "sessions_per_minute": 1_000_000, **limits}
        self._environment = {
            **{name: value for name, value in os.environ.items() if "ISOCENTER" not in name},
            **{f"ISOCENTER_LIMIT_{name.upper()}": str(bound) for name, bound in bounds.items()},
            **(engines or {}),
        }
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """Number of the process that runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> float:
        """Start and return after how many seconds it was ready."""
        begun = time.monotonic()
        command = [str(ISOCENTER), "serve", "--port", "0"]
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*command, "--data", str(self.folder)],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[-1]
        while not self.key:
            _, _, self.key = self._process.stdout.readline().partition("API key:")
            self.key = self.key.strip()
        while True:
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return time.monotonic() - begun
            assert time.monotonic() - begun < _START_SECONDS, self.log.read_text("utf-8")[-2000:]
            time.sleep(0.005)

    def kill(self) -> None:
        """Kill the process at once, as `kill -9` does; its children are not touched."""
        assert self._process is not None
        self._process.kill()
        self._bury()

    def stop(self) -> int:
        """Ask the process to end and return its exit code; does nothing where none runs."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        return self._bury()

    def administer(self, *arguments: str) -> str:
        """Run a command of `isocenter admin` beside the server; return what it printed."""
        done = subprocess.run(
            [str(ISOCENTER), "admin", *arguments, "--data", str(self.folder)],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def call(self, method: str, path: str, **arguments: object) -> requests.Response:
        """Send a request with the key."""
        given = arguments.pop("headers", {})
        assert isinstance(given, dict)
        return requests.request(
            method,
            self.url + path,
            headers={"X-API-Key": self.key, **given},
            timeout=120,
            **arguments,  # type: ignore[arg-type]  # passed on
        )

    def new_session(self) -> str:
        """Return the id of a new session."""
        return str(self.call("POST", "/api/session").json()["session_id"])

    def upload(self, session_id: str, files: dict[str, bytes]) -> requests.Response:
        """Upload files by name and bytes in one request."""
        parts = [("files", file) for file in files.items()]
        return self.call("POST", f"/api/upload/{session_id}", files=parts)

    def names(self, session_id: str, kind: str = "input") -> list[str]:
        """Return the names of the inputs or outputs of a session."""
        listing = self.call("GET", f"/api/files/{session_id}").json()
        return [str(one["name"]) for one in listing[kind]]

    def read(self, session_id: str, name: str) -> bytes:
        """Return the bytes of a file."""
        answer = self.call("GET", f"/api/download/{session_id}/{name}")
        assert answer.status_code == 200, answer.text
        return answer.content

    def _bury(self) -> int:
        assert self._process is not None
        process, self._process = self._process, None
        assert process.stdout is not None
        code = process.wait(_STOP_SECONDS)
        process.stdout.close()
        return code


def processes_at(folder: Path, *, but: int = 0) -> set[int]:
    """Return the living processes that work in a folder or hold open a file in it."""
    prefix = f"{folder}/"
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            links = [process / "cwd", *(process / "fd").iterdir()]
            if any(_target(link).startswith(prefix) for link in links):
                found.add(int(process.name))
    return found - {but}


def wait_until_nobody_is_at(folder: Path) -> bool:
    """Return whether the last process has left a folder within some seconds."""
    until = time.monotonic() + _GONE_SECONDS
    while processes_at(folder):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _target(link: Path) -> str:
    try:
        return f"{os.readlink(link)}/"  # noqa: PTH115 -- a link of proc(5) may name no path
    except OSError:
        return ""
