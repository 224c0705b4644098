"""Real servers of the scale-out engines, started once for a run of tests, ended with it.

PostgreSQL is Debian's, in a temporary cluster of a user without rights. S3 is OpenStack Swift
(`tests/swift_server.py`). `make judges` installs both; without them the tests that need them are
skipped loudly, with CI=true they fail.
"""

import contextlib
import functools
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import obstore
import psycopg
import pytest

from isocenter.settings import Secret, Settings
from isocenter.store.blobs_s3 import S3Place, open_s3
from tests import swift_server
from tests.conftest import MISSING_JUDGE

_START_SECONDS = 60
_RUNNING = contextlib.ExitStack()
_NOBODY = 65534
_SYSTEM_PYTHON = "/usr/bin/python3"
_POSTGRES_FOLDERS = sorted(
    Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parts[-2])
)
# The tests may lose everything at any moment, so nothing waits for the disk.
_POSTGRES_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}


@dataclass
class Postgres:
    """A cluster that listens at a socket in a folder."""

    folder: Path
    _process: "subprocess.Popen[bytes] | None" = None

    def url(self, name: str) -> str:
        """Return the URL of a database, which is made where it is missing."""
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, [name]).fetchone() is None:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return f"postgresql+psycopg://tests@/{name}?host={self.folder}"

    def url_of(self, folder: Path) -> str:
        """Return the URL of the database that belongs to the folder of a test."""
        return self.url("t" + hashlib.sha256(str(folder).encode()).hexdigest()[:24])

    def make(self) -> None:
        """Make the cluster, which does not run yet."""
        make: list[str | Path] = [
            _POSTGRES_FOLDERS[-1] / "initdb",
            "-D",
            self.folder / "data",
            "-U",
            "tests",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        make += ["--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        if os.geteuid() == 0:
            os.chown(self.folder, _NOBODY, _NOBODY)
        command = [*_as_user(), *make]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Start it and return when it answers."""
        settings = [f"-c{name}={value}" for name, value in _POSTGRES_SETTINGS.items()]
        # The kernel ends it with us, also where we are killed.
        serve: list[str | Path] = [
            *_as_user(),
            *("setpriv", "--pdeathsig=INT"),
            _POSTGRES_FOLDERS[-1] / "postgres",
            "-D",
            self.folder / "data",
            "-k",
            self.folder,
            *settings,
        ]
        with (self.folder / "log").open("ab") as log:
            # A session of its own: whoever ends the group of a test does not end it.
            process = subprocess.Popen(
                serve, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        self._process = process
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.url("first")
            except psycopg.OperationalError:
                assert process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < until, "PostgreSQL does not start"
                time.sleep(0.02)
            else:
                return

    def stop(self, sign: signal.Signals = signal.SIGINT) -> None:
        """End it: INT closes all connections, QUIT ends as a crash does."""
        assert self._process is not None
        self._process.send_signal(sign)
        self._process.wait(30)

    def _conninfo(self, name: str) -> str:
        return f"host={self.folder} user=tests dbname={name}"


def end_servers() -> None:
    """End what was started; `tests/conftest.py` calls it at the end of the run."""
    _RUNNING.close()


@functools.cache
def postgres() -> Postgres:
    """Return the cluster of this run, which is started by the first who asks."""
    return _RUNNING.enter_context(own_postgres())


@contextlib.contextmanager
def own_postgres() -> Iterator[Postgres]:
    """Give a cluster that nobody else uses, so that it may be stopped and started."""
    if not _POSTGRES_FOLDERS or sys.platform != "linux":
        _missing("postgresql")
    cluster = Postgres(_temporary_folder("isocenter-postgres-"))
    try:
        cluster.make()
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(cluster.folder, ignore_errors=True)


def scale_out_settings(folder: Path, cluster: Postgres | None = None) -> Settings:
    """Return settings with the database of a folder and a new bucket."""
    place = object_store().bucket()
    return Settings(
        jobs=2,
        database_url=(cluster or postgres()).url_of(folder),
        blobs=f"s3://{place.bucket}",
        s3_endpoint=place.endpoint,
        s3_access_key=place.access_key,
        s3_secret_key=Secret(place.secret_key),
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the variables that make a process have these engines."""
    return {
        "ISOCENTER_DATABASE_URL": settings.database_url,
        "ISOCENTER_BLOBS": settings.blobs,
        "ISOCENTER_S3_ENDPOINT": settings.s3_endpoint,
        "ISOCENTER_S3_ACCESS_KEY": settings.s3_access_key,
        "ISOCENTER_S3_SECRET_KEY": settings.s3_secret_key.reveal(),
    }


@dataclass(frozen=True)
class ObjectStore:
    """An S3 server with an owner, who may do all, and a guest, who may do nothing."""

    endpoint: str
    owner: tuple[str, str]
    guest: tuple[str, str]
    log: Path | None = None
    process: "subprocess.Popen[bytes] | None" = None

    def bucket(self) -> S3Place:
        """Return a new bucket of our own."""
        place = self.place(f"isocenter-{uuid.uuid4().hex}", *self.owner)
        url = obstore.sign(open_s3(place), "PUT", "", timedelta(seconds=60))
        until = time.monotonic() + _START_SECONDS
        while (said := _asked(url)) and time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                break
            time.sleep(0.5)  # a busy machine
        assert not said, f"{said}\n{self._logged()}"
        return place

    def _logged(self) -> str:
        ended = self.process.poll() if self.process else None
        code = "" if ended is None else f"it ended with code {ended}\n"
        return code + (self.log.read_text() if self.log else "")

    def place(self, bucket: str, user: str = "", key: str = "") -> S3Place:
        """Return a bucket as somebody sees it, by default its owner."""
        return S3Place(bucket, self.endpoint, user or self.owner[0], key or self.owner[1])


@functools.cache
def object_store() -> ObjectStore:
    """Return the S3 server of this run, which is started by the first who asks.

    Or another one, where the variables that `../shared/tools/s3-server-ceph` prints name it.
    """
    if "S3_ENDPOINT" in os.environ:
        owner, guest = [
            (os.environ[f"{who}ACCESS_KEY_ID"], os.environ[f"{who}SECRET_ACCESS_KEY"])
            for who in ("AWS_", "S3_GUEST_")
        ]
        return ObjectStore(os.environ["S3_ENDPOINT"], owner, guest)
    check = [_SYSTEM_PYTHON, "-c", "import swift.common.middleware.s3api.s3api"]
    if (
        sys.platform != "linux"
        or subprocess.run(check, capture_output=True, check=False).returncode
    ):
        _missing("python3-swift")
    folder = _temporary_folder("isocenter-swift-")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [_SYSTEM_PYTHON, swift_server.__file__, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    _RUNNING.callback(_end, process, folder, signal.SIGKILL)
    line = process.stdout.readline()
    assert line, (folder / "log").read_text()
    return ObjectStore(
        f"http://{swift_server.HOST}:{json.loads(line)['port']}",
        (swift_server.OWNER, swift_server.OWNER_KEY),
        (swift_server.GUEST, swift_server.GUEST_KEY),
        folder / "log",
        process,
    )


def _asked(url: str) -> str:
    """Ask for a bucket; return why there is none, empty where there is."""
    try:
        answer = httpx.put(url, timeout=30)
    except httpx.TransportError as error:
        return repr(error)
    return "" if answer.is_success else answer.text or str(answer.status_code)


def _as_user() -> list[str]:
    """Return what makes a command run without rights: PostgreSQL refuses to work as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]


def _missing(package: str) -> None:
    message = MISSING_JUDGE + package
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def _temporary_folder(prefix: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=prefix))


def _end(process: "subprocess.Popen[bytes]", folder: Path, sign: signal.Signals) -> None:
    process.send_signal(sign)
    process.wait(30)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    shutil.rmtree(folder, ignore_errors=True)
