"""The download: unpacked, installed and run as its INSTALL.txt says, in a fresh environment."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from isocenter import __version__
from tests.builders import series, write_series
from tests.compat.conftest import SCRIPTS, SUFFIX

WHEEL = f"isocenter-{__version__}-py3-none-any.whl"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """Return the folder of the download, as somebody unpacks it."""
    folder = tmp_path_factory.mktemp("download")
    archive = folder / "isocenter-tools.zip"
    run(sys.executable, repository / "tools" / "make_bundle.py", archive, cwd=folder)
    run(sys.executable, "-m", "zipfile", "-e", archive, folder, cwd=folder)
    return folder / "isocenter-tools"


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command without what the developer's own environment would add."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_download_holds_the_wheel_the_scripts_and_how_to_install(unpacked: Path) -> None:
    names = {path.name for path in unpacked.iterdir()}

    assert names >= {
        WHEEL,
        "dicompressor.py",
        "dicompressor-watch.sh",
        "dicompressor-watch.ps1",
        "INSTALL.txt",
        "LICENSE",
    }
    told = (unpacked / "INSTALL.txt").read_text(encoding="utf-8")
    assert WHEEL in told
    # What is told to be there is there: of files of the download, with their suffixes.
    for name in re.findall(r"[\w-]+\.(?:py|sh|ps1|whl)\b", told.replace(WHEEL, "")):
        assert name in names


def test_the_wheel_is_whole_and_holds_no_download_of_its_own(unpacked: Path) -> None:
    with zipfile.ZipFile(unpacked / WHEEL) as wheel:
        names = wheel.namelist()
        assert wheel.testzip() is None

    assert "isocenter/cli/main.py" in names
    assert "isocenter/http/examples/page.html" in names
    assert not any(name.startswith(("isocenter/download", "tests")) for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_same_checkout_makes_the_same_archive(tmp_path: Path, repository: Path) -> None:
    made = []
    for name in ("a.zip", "b.zip"):
        script = repository / "tools" / "make_bundle.py"
        run(sys.executable, script, tmp_path / name, cwd=tmp_path)
        made.append((tmp_path / name).read_bytes())

    assert made[0] == made[1]
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.zip", "b.zip"]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_unpacked_and_installed_it_merges(unpacked: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", ".venv", cwd=unpacked)
    programs = unpacked / ".venv" / SCRIPTS
    python = programs / f"python{SUFFIX}"
    run(python, "-m", "pip", "install", "--quiet", WHEEL, cwd=unpacked)
    folder = tmp_path / "slices"
    write_series(series(3), folder)

    version = run(programs / f"isocenter{SUFFIX}", "--version", cwd=unpacked)
    # With another Python than that of the environment, as `python3` mostly is.
    base = Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else "bin/python3")
    merged = run(base, unpacked / "dicompressor.py", "-j", "-f", folder, cwd=tmp_path)

    assert version == f"isocenter {__version__}\n"
    assert "Created 1 multi-frame file(s)" in merged
    assert len(list(folder.glob("*_multiframe.dcm"))) == 1
