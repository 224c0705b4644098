"""The quick look at the header index runs on any folder and tells every contestant."""

import json
from pathlib import Path

import pytest

from benchmarks.header_index import contest, main
from tests.builders import series, write_series


def test_it_measures_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_series(series(3), tmp_path / "slices")
    result = tmp_path / "result.json"

    code = main(["--folder", str(tmp_path / "slices"), "--rounds", "1", "--json", str(result)])

    assert code == 0
    told = json.loads(result.read_text(encoding="utf-8"))
    assert {"tags_isocenter", "tags_pydicom"} <= set(told)
    assert all(row["seconds"] > 0 and row["files_per_second"] > 0 for row in told.values())
    assert "files/s" in capsys.readouterr().out


def test_ours_comes_first_and_the_aim_is_ten_times_pydicom(tmp_path: Path) -> None:
    held = contest(tmp_path)

    assert held.contestants[0].name == "tags_isocenter"
    assert (held.budgets[0].peer, held.budgets[0].at_most) == ("tags_pydicom", 0.1)
