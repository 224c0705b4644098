import json
import stat
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, IsocenterError
from isocenter.services.crosswalk import Crosswalk, Entry


def test_it_names_the_original_of_each_pseudonym_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.json"
    crosswalk = Crosswalk(path, tmp_path / "out")

    crosswalk.add_values(
        [Entry("patient-id", "4711", "P1"), Entry("patient-name", "Müller^Jörg", "N1")]
    )
    crosswalk.add_file(tmp_path / "a.dcm", tmp_path / "out" / "anon_0001.dcm")
    crosswalk.write()

    content = json.loads(path.read_text())
    assert content["originals"] == {
        "patient-id": {"P1": "4711"},
        "patient-name": {"N1": "Müller^Jörg"},
    }
    assert list(content["inputs"].values()) == [str((tmp_path / "a.dcm").resolve())]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_later_run_adds_to_it(tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.json"
    for number in ("1", "2"):
        crosswalk = Crosswalk(path, None)
        crosswalk.add_values([Entry("uid", number, f"u{number}")])
        crosswalk.write()

    assert json.loads(path.read_text())["originals"] == {"uid": {"u1": "1", "u2": "2"}}


def test_it_never_lies_among_the_outputs(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="outputs"):
        Crosswalk(tmp_path / "out" / "x" / ".." / "crosswalk.json", tmp_path / "out")


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"program": "isocenter crosswalk 1"}'])
def test_a_file_of_something_else_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "crosswalk.json"
    path.write_bytes(content)

    with pytest.raises(InvalidInputError, match="crosswalk"):
        Crosswalk(path, None)

    assert path.read_bytes() == content


def test_a_missing_folder_is_noticed_at_once(tmp_path: Path) -> None:
    with pytest.raises(IsocenterError, match="does not exist"):
        Crosswalk(tmp_path / "none" / "crosswalk.json", None)
