import json
from pathlib import Path

import pytest

from isocenter.errors import UnavailableError
from isocenter.services.scan_state import Remembered, ScanState
from tests.conftest import Mounted

FOLDERS = {
    "/data/a": Remembered(123, is_empty=True, is_done=False, digest="abc"),
    "/data/b": Remembered(456, is_empty=False, is_done=True),
}


def state(path: Path | None, root: str = "/data", action: str = "merge") -> ScanState:
    return ScanState(path, [Path(root)], action)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.json"

    state(path).write(FOLDERS)

    assert state(path).read() == (FOLDERS, "")
    assert [entry.name for entry in path.parent.iterdir()] == ["state.json"]


def test_the_file_has_the_documented_form(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    state(path).write(FOLDERS)

    content = json.loads(path.read_text())

    assert content["version"] == 1
    assert content["root"] == "/data"
    assert content["folders"].keys() == FOLDERS.keys()
    entry = content["folders"]["/data/a"]
    assert (entry["mtime_ns"], entry["empty"], entry["done"]) == (123, True, False)


def test_without_a_file_nothing_is_remembered(tmp_path: Path) -> None:
    state(None).write(FOLDERS)

    assert state(None).read() == ({}, "")
    assert state(tmp_path / "new.json").read() == ({}, "")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"version": 2, "folders": {}}', b'{"version": 1}', b"[" * 99_999],
)
def test_a_damaged_file_is_ignored_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)

    folders, problem = state(path).read()

    assert folders == {}
    assert "ignored" in problem
    state(path).write(FOLDERS)
    assert state(path).read() == (FOLDERS, "")


def test_a_file_about_another_watch_is_ignored_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    state(path).write(FOLDERS)

    assert state(path, root="/other").read()[0] == {}
    assert "another watch" in state(path, action="split").read()[1]


def test_entries_that_do_not_say_enough_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    state(path).write(FOLDERS)
    content = json.loads(path.read_text())
    content["folders"]["/data/a"].pop("digest")  # as the documented program writes it
    content["folders"]["/data/c"] = {"mtime_ns": "1", "empty": 0, "done": 1, "digest": ""}
    content["folders"]["/data/d"] = None
    path.write_text(json.dumps(content))

    assert state(path).read() == ({"/data/b": FOLDERS["/data/b"]}, "")


def test_the_same_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    kept = state(path)
    kept.write(FOLDERS)
    before = path.stat()

    kept.write(FOLDERS)
    assert path.stat() == before
    kept.write({})
    assert state(path).read() == ({}, "")
    path.unlink()
    kept.write({})
    assert path.exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, mounted: Mounted) -> None:
    with mounted(tmp_path, "ro"), pytest.raises(UnavailableError):
        state(tmp_path / "new" / "state.json").write(FOLDERS)
