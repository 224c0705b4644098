"""The reference pages say what the code says."""

from pathlib import Path

import pytest

from tools import make_reference


def test_pages_are_up_to_date_after_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make_reference, "FOLDER", tmp_path)

    assert make_reference.main(["--check"]) == 1
    assert "docs/reference/limits.md is not what the code says" in capsys.readouterr().out
    assert make_reference.main([]) == 0
    assert make_reference.main(["--check"]) == 0


def test_changed_page_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_reference, "FOLDER", tmp_path)
    make_reference.main([])

    (tmp_path / "settings.md").write_text("# Settings\n")

    assert make_reference.main(["--check"]) == 1


def test_pages_name_variables_and_units() -> None:
    assert "| `jobs` | int | `0` | `ISOCENTER_JOBS` |" in make_reference.settings_page()
    assert "| `header_depth` | 64 levels | `ISOCENTER_LIMIT_HEADER_DEPTH` |" in (
        make_reference.limits_page()
    )
    assert "| `NotDicomError` | `InvalidInputError` |" in make_reference.errors_page()
