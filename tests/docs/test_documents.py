"""What the documents say is true: links lead somewhere, targets exist, code blocks run."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from isocenter.cli.switch_table import SWITCHES
from isocenter.services.actions import action_commands
from tests import builders
from tests.conftest import REPOSITORY

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def shell_blocks() -> list[tuple[str, str]]:
    """Return (document, block) of each `sh` block that shows our commands."""
    return [
        (document.name, text)
        for document in DOCUMENTS
        for language, text in BLOCK.findall(document.read_text(encoding="utf-8"))
        if language == "sh" and not text.lstrip().startswith("make ")
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files(document: Path) -> None:
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", text)

    missing = [
        target
        for target in targets
        if "://" not in target and not (document.parent / target).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_that_are_named_exist(document: Path) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = document.read_text(encoding="utf-8")

    named = set(re.findall(r"`make ([a-z-]+)`", text))
    named |= set(re.findall(r"^make ([a-z-]+)", text, re.MULTILINE))

    assert named <= known


def test_readme_names_every_command_and_switch() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    table = "".join(line for line in text.splitlines() if line.startswith("| `"))

    commands = set(action_commands()) | {"watch"}
    flags = {flag for switch in SWITCHES for flag in switch.flags}
    missing = {word for word in commands | flags if f"`{word}`" not in table}

    assert missing == set()


@pytest.mark.slow
@pytest.mark.parametrize(("document", "block"), shell_blocks())
def test_code_block_runs_as_written(document: str, block: str, tmp_path: Path) -> None:
    builders.write_series(builders.series(5), tmp_path / "FOLDER")
    (tmp_path / "compat").symlink_to(REPOSITORY / "compat")
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_DATA_HOME": str(tmp_path / "share"),
    }

    def run(script: str) -> None:
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert result.returncode == 0, f"{document}: {result.stdout}{result.stderr}"

    run("isocenter merge FOLDER --out made")
    merged = list((tmp_path / "made").glob("*.dcm"))
    assert len(merged) == 1
    shutil.move(merged[0], tmp_path / "FILE")

    if re.search(r"\bwatch\b", block):
        run_until_stopped(block, tmp_path, environment)
    else:
        run(block)


def run_until_stopped(block: str, folder: Path, environment: dict[str, str]) -> None:
    """Run a command that watches FOLDER until it has merged it, then press Ctrl+C."""
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=folder,
        env=environment | {"ISOCENTER_STATE_FOLDER": str(folder / "state")},
        start_new_session=True,
    ) as process:
        try:
            end = time.monotonic() + 120
            while not (folder / "FOLDER" / ".dicompressor_done").exists():
                assert process.poll() is None, "it ended"
                assert time.monotonic() < end, "it merged nothing"
                time.sleep(0.1)
            os.killpg(process.pid, signal.SIGINT)
            assert process.wait(timeout=120) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
