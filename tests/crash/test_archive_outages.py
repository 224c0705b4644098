"""Store, database or disk fail while Instances are stored and read: told at once, nothing lost."""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from pydicom.dataset import Dataset

from isocenter.store import blobs_s3
from isocenter.store.blob_rows import sweep
from tests.builders import to_bytes
from tests.conftest import Mounted
from tests.servers import own_postgres, scale_out_settings
from tests.serving import Served, serving
from tests.stores import key_of
from tests.stowed import STORED, STUDIES, Archived, archive_slices, new_slices, store
from tests.wires import Wire, wire_to

pytestmark = pytest.mark.slow
RETRY_SECONDS = 4
BOUNDED_SECONDS = 45  # on a machine that does much else besides
WAIT_SECONDS = 60


@dataclass
class Load:
    """Clients that store and read until they are stopped.

    Attributes
    ----------
    acknowledged
        What was answered with 200.
    refused
        What was not.
    sentences
        What 503 said.
    """

    served: Served
    there: Archived
    acknowledged: list[Dataset] = field(default_factory=list)
    refused: list[Dataset] = field(default_factory=list)
    sentences: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _is_over: threading.Event = field(default_factory=threading.Event)

    def wait_for(self, what: str, status: int, *, times: int = 2) -> None:
        """Wait until clients got such an answer so many times more, from now on."""
        wanted = self._counts.get((what, status), 0) + times
        until = time.monotonic() + WAIT_SECONDS
        while self._counts.get((what, status), 0) < wanted:
            assert time.monotonic() < until, f"no {status} of {what}: {self._counts}"
            assert not self.wrong, self.wrong
            time.sleep(0.01)

    @contextlib.contextmanager
    def running(self) -> Iterator["Load"]:
        clients = [("store", self._store)] * 3 + [("read", self._read), ("search", self._search)]
        threads = [threading.Thread(target=self._ask, args=client) for client in clients]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join()

    def _ask(self, what: str, ask: Callable[[], requests.Response]) -> None:
        while not self._is_over.is_set():
            begun = time.monotonic()
            try:
                answer = ask()
            except requests.RequestException as error:
                self.wrong.append(f"{what}: {type(error).__name__}")
                return
            took = time.monotonic() - begun
            if answer.status_code not in {200, 503} or took > BOUNDED_SECONDS:
                self.wrong.append(f"{what}: {answer.status_code} after {took} s: {answer.text}")
                return
            if answer.status_code == 503:
                if int(answer.headers["Retry-After"]) < 1:
                    self.wrong.append(f"{what}: {answer.headers}")
                self.sentences.add(answer.json()["detail"])
            at = (what, answer.status_code)
            self._counts[at] = self._counts.get(at, 0) + 1

    def _store(self) -> requests.Response:
        (dataset,) = new_slices()
        answer = store(self.served, to_bytes(dataset))
        (self.acknowledged if answer.status_code == 200 else self.refused).append(dataset)
        return answer

    def _read(self) -> requests.Response:
        answer = self.served.call("GET", self.there.instance(), headers={"Accept": STORED})
        if answer.status_code == 200 and answer.content != self.there.files[0]:
            self.wrong.append("other bytes")
        return answer

    def _search(self) -> requests.Response:
        return self.served.call("GET", f"{STUDIES}?limit=3")

    def check(self) -> None:
        """Check that all that was acknowledged is there, and all else can be sent again."""
        assert not self.wrong, self.wrong
        for dataset in self.refused:
            assert store(self.served, to_bytes(dataset)).status_code == 200
        for dataset in [*self.acknowledged, *self.refused]:
            place = Archived([dataset], []).instance()
            answer = self.served.call("GET", place, headers={"Accept": STORED})
            assert (answer.status_code, answer.content) == (200, to_bytes(dataset)), answer.text
            found = self.served.call("GET", STUDIES, params={"StudyInstanceUID": uid_of(dataset)})
            assert len(found.json()) == 1
        engines = self.served.platform.engines
        assert sweep(engines.database, engines.blobs, 1 << 62).missing_keys == ()


def uid_of(dataset: Dataset) -> str:
    return str(dataset.StudyInstanceUID)


def fill(ballast: Path) -> None:
    """Write until there is no room."""
    with ballast.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while True:
            stream.write(bytes(4096))


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Wire]]:
    """Serve with an object store behind a wire, which is given up after seconds, not minutes."""
    folder = tmp_path_factory.mktemp("wired")
    settings = scale_out_settings(folder)
    port = urlsplit(settings.s3_endpoint).port
    assert port is not None
    with pytest.MonkeyPatch.context() as patch, wire_to(port) as wire:
        patch.setattr(blobs_s3, "RETRY_SECONDS", RETRY_SECONDS)
        settings = replace(settings, s3_endpoint=f"http://127.0.0.1:{wire.port}")
        with serving(folder / "data", settings=settings) as served:
            yield served, wire


@pytest.mark.parametrize(
    "fail",
    [
        pytest.param(Wire.freeze, id="frozen"),
        pytest.param(Wire.cut, id="cut off", marks=pytest.mark.full),
    ],
)
def test_object_store_that_fails_is_told_and_found_again(
    wired: tuple[Served, Wire], fail: Callable[[Wire], None]
) -> None:
    served, wire = wired
    removed = archive_slices(served)
    with Load(served, archive_slices(served)).running() as load:
        load.wait_for("store", 200)
        fail(wire)
        load.wait_for("store", 503)
        load.wait_for("read", 503)
        # What needs no bytes goes on; those of what is removed are left to a sweep.
        load.wait_for("search", 200)
        assert served.call("DELETE", removed.study).status_code == 204
        assert served.call("GET", removed.study).status_code == 404
        wire.mend()
        load.wait_for("store", 200)
        load.wait_for("read", 200)

    assert load.sentences == {"the object store cannot be reached"}
    load.check()
    assert not set(map(key_of, removed.files)) & served.platform.engines.blobs.keys("")


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(signal.SIGINT, id="restarted"),
        pytest.param(signal.SIGQUIT, id="crashed", marks=pytest.mark.full),
    ],
)
def test_database_that_is_started_again_is_found_again(
    tmp_path: Path, sign: signal.Signals, caplog: pytest.LogCaptureFixture
) -> None:
    with own_postgres() as cluster:
        settings = scale_out_settings(tmp_path, cluster)
        with serving(tmp_path / "data", settings=settings) as served:
            with Load(served, archive_slices(served)).running() as load:
                load.wait_for("store", 200)
                cluster.stop(sign)
                for what in ("store", "read", "search"):
                    load.wait_for(what, 503)
                cluster.start()
                for what in ("store", "read", "search"):
                    load.wait_for(what, 200)
            load.check()

    assert load.sentences == {"the database cannot be reached"}
    assert not [record for record in caplog.records if record.exc_info]


def test_full_disk_is_told_and_works_again_when_there_is_room(
    tmp_path: Path, mounted: Mounted
) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    with mounted(folder, "size=12m"), serving(folder / "data") as served:
        with Load(served, archive_slices(served)).running() as load:
            load.wait_for("store", 200)
            ballast = folder / "ballast"
            fill(ballast)
            load.wait_for("store", 503)
            load.wait_for("read", 200)
            load.wait_for("search", 200)
            ballast.unlink()
            load.wait_for("store", 200)
        load.check()

    assert load.sentences <= {"the disk is full", "no space left on device"}
