"""`isocenter viewers install`, with the real packages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from isocenter.cli.main import main
from isocenter.services.viewer_table import VIEWERS, VIEWERS_FOLDER, VOLVIEW
from isocenter.services.viewers import find_viewer


@pytest.mark.slow
@pytest.mark.judge("npm")
def test_the_viewers_are_installed_and_ask_no_other_host(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["viewers", "install", "--data", str(tmp_path)]) == 0

    printed = capsys.readouterr().out
    assert "VolView 4.4.1 installed" in printed
    assert "OHIF 3.13.2 installed" in printed
    for viewer in VIEWERS.values():
        installed = find_viewer(viewer, tmp_path / VIEWERS_FOLDER)
        assert installed is not None
        assert b"://" not in installed.files["index.html"].path.read_bytes()
        styles = [path for path in installed.files if path.endswith(".css")]
        for path in styles:
            style = installed.files[path].path.read_bytes()
            assert re.search(rb"(url\(|@import)\s*[\"']?(https?:)?//", style) is None, path

    assert main(["viewers", "install", "volview", "--data", str(tmp_path)]) == 0
    assert "is there already" in capsys.readouterr().out


def test_an_unknown_viewer_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["viewers", "install", "other"]) == 2
    assert "the viewers are: volview" in capsys.readouterr().err


def test_the_other_commands_load_no_database_for_it() -> None:
    code = (
        "import sys; from isocenter.cli.main import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'sqlalchemy', 'starlette'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.slow
@pytest.mark.judge("npm")
def test_a_setting_names_another_place_for_viewers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOCENTER_VIEWERS", str(tmp_path / "viewers elsewhere"))

    assert main(["viewers", "install", "volview", "--data", str(tmp_path / "data")]) == 0

    assert find_viewer(VOLVIEW, tmp_path / "viewers elsewhere") is not None
    assert not (tmp_path / "data").exists()
