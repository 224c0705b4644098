import hashlib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from isocenter.client import uploads as module
from isocenter.client.credentials import Server
from isocenter.client.ingest_client import IngestClient
from isocenter.client.upload_state import UploadState
from isocenter.client.uploads import Upload, Uploads
from isocenter.errors import NotAuthenticatedError, UnavailableError
from tests.faulty_store import CUT, FINE, Fault, FaultyStore


@dataclass
class Desk:
    """One place to upload from, run after run."""

    store: FaultyStore
    folder: Path
    told: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    parallel: int = 3
    patience_seconds: float = 10
    done: dict[int, Upload] = field(default_factory=dict)

    @property
    def paths(self) -> list[Path]:
        return sorted((self.folder / "images").iterdir())

    @property
    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.paths)

    def add(self, name: str, data: bytes) -> Path:
        """Add a file."""
        path = self.folder / "images" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path

    def run(self) -> list[str]:
        """Upload the folder; return the states in the order of the files."""
        state = UploadState(self.folder / "state")
        self.told.clear()
        self.stop.clear()
        try:
            with IngestClient(Server(self.store.url), self.parallel, self.stop) as client:
                uploads = Uploads(
                    client,
                    state,
                    self.stop,
                    parallel=self.parallel,
                    told=self.told.append,
                    patience_seconds=self.patience_seconds,
                )
                self.done = uploads.done
                uploads.run(self.paths)
        finally:
            state.close()
        return [self.done[at].state for at in range(len(self.paths))]


@pytest.fixture
def desk(store: FaultyStore, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(store, tmp_path)
    for number in range(5):
        desk.add(f"{number}.dcm", b"%d" % number * 1000)
    yield desk
    if store.hold is not None:
        store.hold.set()


def test_every_file_is_sent_once_and_told(desk: Desk, store: FaultyStore) -> None:
    assert desk.run() == ["stored"] * 5

    assert sorted(store.files.values()) == [path.read_bytes() for path in desk.paths]
    assert store.count("PUT") == 5
    assert sum(desk.told) == desk.size_bytes
    one = desk.done[0]
    assert one.sha256 == hashlib.sha256(desk.paths[0].read_bytes()).hexdigest()
    assert one.key in store.files


def test_an_empty_file_is_sent_too(desk: Desk, store: FaultyStore) -> None:
    desk.add("9.dcm", b"")

    assert desk.run()[-1] == "stored"
    assert b"" in store.files.values()


def test_what_the_server_has_is_not_sent(desk: Desk, store: FaultyStore) -> None:
    store.present.add(hashlib.sha256(desk.paths[1].read_bytes()).hexdigest())

    assert desk.run() == ["stored", "present", "stored", "stored", "stored"]
    assert store.count("PUT") == 4
    assert sum(desk.told) == desk.size_bytes


def test_a_rejected_file_says_why(desk: Desk) -> None:
    desk.add("9.txt", b"junk")

    assert desk.run()[-1] == "rejected"
    assert (desk.done[5].code, desk.done[5].reason) == ("not_dicom", "it is no DICOM file")


def test_a_second_run_asks_and_sends_nothing(desk: Desk, store: FaultyStore) -> None:
    desk.run()

    assert desk.run() == ["stored"] * 5
    assert store.count("PUT") == 5
    assert sum(desk.told) == desk.size_bytes
    assert all(one.is_earlier for one in desk.done.values())


def test_a_file_that_changed_is_sent_again(desk: Desk, store: FaultyStore) -> None:
    desk.run()
    desk.add("0.dcm", b"another")

    desk.run()

    assert store.count("PUT") == 6


def test_what_a_server_has_lost_is_sent_again(desk: Desk, store: FaultyStore) -> None:
    desk.run()
    store.files.clear()

    assert desk.run() == ["stored"] * 5
    assert store.count("PUT") == 10


def test_bytes_of_an_attempt_that_was_cut_are_taken_back(desk: Desk, store: FaultyStore) -> None:
    desk.add("8.dcm", bytes(3_000_000))
    store.fail("PUT", CUT, CUT)

    assert desk.run() == ["stored"] * 6
    assert sum(desk.told) == desk.size_bytes


def test_a_ticket_that_ran_out_is_replaced(desk: Desk, store: FaultyStore) -> None:
    store.fail("PUT", 403, 404)

    assert desk.run() == ["stored"] * 5
    assert store.count("PUT") == 7


def test_an_old_ticket_is_not_even_tried(
    desk: Desk, store: FaultyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TICKET_SECONDS", -1.0)

    assert desk.run() == ["stored"] * 5
    assert not {"key-1", "key-2", "key-3", "key-4", "key-5"} & store.files.keys()


def test_a_file_that_the_store_refuses_hinders_no_other(desk: Desk, store: FaultyStore) -> None:
    desk.parallel = 1
    store.fail("PUT", 400)

    assert desk.run() == ["failed"] + ["stored"] * 4
    assert "400" in desk.done[0].reason


def test_an_unreadable_file_hinders_no_other(desk: Desk) -> None:
    paths = desk.paths
    paths[1].unlink()
    (paths[1]).mkdir()

    assert desk.run() == ["stored", "failed", "stored", "stored", "stored"]
    assert desk.done[1].reason == "it is a folder"


def test_a_wrong_key_ends_everything(desk: Desk, store: FaultyStore) -> None:
    store.fail("POST", 401)

    with pytest.raises(NotAuthenticatedError):
        desk.run()

    assert desk.done == {}


def test_a_server_that_goes_away_ends_it_and_it_goes_on_later(
    desk: Desk, store: FaultyStore
) -> None:
    for number in range(10, 150):
        desk.add(f"{number}.dcm", b"%d" % number)
    store.fail("POST", FINE, Fault(200, text="<html>of a proxy</html>"))

    with pytest.raises(UnavailableError):
        desk.run()

    assert set(desk.run()) == {"stored"}
    # What was on its way in that moment goes once more.
    assert store.count("PUT") <= len(desk.paths) + desk.parallel


def test_stopped_in_the_middle_it_goes_on_later(desk: Desk, store: FaultyStore) -> None:
    desk.parallel = 1
    store.hold = threading.Event()
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(desk.run)
        while not store.files:
            time.sleep(0.01)
        desk.stop.set()
        store.hold.set()
        with pytest.raises(Exception, match="stopped"):
            first.result()
    sent = len(store.files)
    store.hold = None

    assert 1 <= sent < 5
    assert desk.run() == ["stored"] * 5
    assert store.count("PUT") <= 5 + desk.parallel


def test_it_waits_for_the_decision_of_the_server(desk: Desk, store: FaultyStore) -> None:
    store.pending = 2

    assert desk.run() == ["stored"] * 5


def test_it_does_not_wait_for_ever(desk: Desk, store: FaultyStore) -> None:
    store.pending = 1000
    desk.patience_seconds = 0

    assert desk.run() == ["taken"] * 5


def test_the_documented_api_is_enough(desk: Desk, store: FaultyStore) -> None:
    store.has_batches = False

    assert desk.run() == ["taken"] * 5
    assert desk.run() == ["taken"] * 5
    assert store.count("PUT") == 5
