"""The page about the client is true: its blocks run one after the other against a real server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import builders
from tests.conftest import REPOSITORY
from tests.serving import serving

PAGE = REPOSITORY / "docs" / "how-to" / "python-client.md"
BLOCK = re.compile(r"```(bash|python)\n(.*?)```", re.DOTALL)


def write_inputs(folder: Path) -> None:
    for number, dataset in enumerate(builders.series(3), 1):
        path = folder / "scans" / f"{number}.dcm"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(builders.to_bytes(dataset))
    (folder / "photos").mkdir()
    Image.fromarray(np.eye(8, dtype=np.uint8)).save(folder / "photos" / "scar.png")


def write_commands(folder: Path) -> None:
    """Make the two commands, as an installation would."""
    for name in ("config", "upload"):
        command = folder / f"datamint-{name}"
        python = f"{sys.executable} -m datamintapi.{name}_command"
        command.write_text(f'#!/bin/sh\nexec {python} "$@"\n')
        command.chmod(0o755)


@pytest.mark.slow
def test_its_blocks_run_in_order(tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    python = "\n".join(text for language, text in blocks if language == "python")
    config, upload = (text for language, text in blocks if language == "bash")
    write_inputs(tmp_path)
    (tmp_path / "bin").mkdir()
    write_commands(tmp_path / "bin")
    (tmp_path / "script.py").write_text(python, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATAMINT_")}
    environment = kept | {
        "HOME": str(tmp_path / "home"),
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(
            [str(REPOSITORY / "compat" / "datamintapi" / "src"), str(REPOSITORY / "src")]
        ),
    }

    with serving(tmp_path / "data") as server:
        said = config.replace("ID.SECRET", server.key)
        said = said.replace("https://pacs.example.com", server.url)
        for command in (said, f"{sys.executable} script.py", upload):
            done = subprocess.run(
                ["bash", "-euc", command],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    assert (tmp_path / "copies" / "1.dcm").read_bytes() == (
        tmp_path / "scans" / "1.dcm"
    ).read_bytes()
    assert "Successful uploads: 3" in done.stdout
