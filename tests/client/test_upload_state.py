from pathlib import Path

import pytest

from isocenter.client.upload_state import Sent, Stamp, UploadState
from isocenter.errors import UnavailableError

STAMP = Stamp(10, 20)
SENT = Sent("ab" * 32, "key-1")


def noted(path: Path) -> UploadState:
    state = UploadState(path)
    state.note("/images/Ä\n.dcm", STAMP, SENT)
    return state


def test_the_next_run_knows_what_was_sent(tmp_path: Path) -> None:
    noted(tmp_path / "new" / "state").close()

    assert UploadState(tmp_path / "new" / "state").get("/images/Ä\n.dcm", STAMP) == SENT


def test_a_file_that_changed_is_another_one(tmp_path: Path) -> None:
    state = noted(tmp_path / "state")

    assert state.get("/images/Ä\n.dcm", Stamp(10, 21)) is None
    assert state.get("/images/other.dcm", STAMP) is None
    state.close()


def test_what_is_noted_is_in_the_file_at_once(tmp_path: Path) -> None:
    state = noted(tmp_path / "state")

    assert UploadState(tmp_path / "state").get("/images/Ä\n.dcm", STAMP) == SENT
    state.close()


@pytest.mark.parametrize("cut", range(1, 40, 7))
def test_a_line_that_was_cut_off_counts_for_nothing(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "state"
    noted(path).close()
    path.write_bytes(path.read_bytes()[:-cut])

    state = UploadState(path)
    assert state.get("/images/Ä\n.dcm", STAMP) == (SENT if cut == 1 else None)
    state.note("b", STAMP, SENT)
    state.close()

    assert UploadState(path).get("b", STAMP) == SENT


def test_foreign_bytes_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b'\xff\x00\n[1]\n["a", 1]\n' + b"[" * 100_000)

    assert UploadState(tmp_path / "state").get("a", STAMP) is None


def test_others_cannot_read_it(tmp_path: Path) -> None:
    noted(tmp_path / "new" / "state").close()

    assert (tmp_path / "new" / "state").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_it_can_be_forgotten(tmp_path: Path) -> None:
    state = noted(tmp_path / "state")

    state.forget()

    assert list(tmp_path.iterdir()) == []
    UploadState(tmp_path / "state").forget()


def test_without_a_file_it_remembers_for_this_run() -> None:
    state = UploadState(None)
    state.note("a", STAMP, SENT)

    assert state.get("a", STAMP) == SENT
    state.forget()


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        UploadState(tmp_path)
