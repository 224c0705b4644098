import json
from pathlib import Path

import pytest

from benchmarks.json_model import main
from tests.builders import series, write_series


def test_the_benchmark_prints_a_table_and_writes_its_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_series(series(2), tmp_path)
    target = tmp_path / "result.json"

    assert main(["--folder", str(tmp_path), "--rounds", "1", "--json", str(target)]) == 0

    result = json.loads(target.read_text())
    assert set(result) == {"isocenter", "pydicom", "ratio"}
    assert all(result[name]["peak_kb"] > 0 for name in ("isocenter", "pydicom"))
    assert "ratio of medians: " in capsys.readouterr().out
