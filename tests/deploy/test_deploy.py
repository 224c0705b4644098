"""What installs the server elsewhere: judged by systemd and hadolint where they are, else read."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
UNIT = DEPLOY / "isocenter.service"
DOCKERFILE = DEPLOY / "Dockerfile"
COMPOSE = DEPLOY / "compose.yaml"
linux = pytest.mark.skipif(sys.platform != "linux", reason="systemd is a Linux program")


def instructions() -> list[str]:
    """Return the instructions of the last stage, each on one line, without comments."""
    lines = [
        line for line in DOCKERFILE.read_text().splitlines() if not line.lstrip().startswith("#")
    ]
    joined = "\n".join(lines).replace("\\\n", " ")
    stages = re.split(r"^(?=FROM )", joined, flags=re.MULTILINE)
    return stages[-1].splitlines()


@linux
@pytest.mark.judge("systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    program = shutil.which("true")
    unit = tmp_path / UNIT.name
    unit.write_text(
        re.sub(r"^ExecStart=\S+", f"ExecStart={program}", UNIT.read_text(), flags=re.MULTILINE)
    )

    result = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stdout + result.stderr) == (0, "")


@linux
@pytest.mark.judge("systemd-analyze")
def test_systemd_calls_the_unit_safe() -> None:
    result = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", UNIT],
        capture_output=True,
        text=True,
        check=False,
    )

    level = re.search(r"exposure level for isocenter.service: (\d+\.\d)", result.stdout)
    assert level is not None, result.stdout + result.stderr
    # It needs a network of its machine, which the watching service does not.
    assert float(level[1]) <= 1.5


def test_the_journal_never_holds_the_first_key() -> None:
    lines = UNIT.read_text().splitlines()

    assert "StandardOutput=null" in lines
    assert "User=isocenter" in lines


def test_the_image_runs_as_nobody_special_and_is_watched() -> None:
    lines = instructions()

    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert all(user.isdigit() and user != "0" for user in users)
    assert any(line.startswith("HEALTHCHECK ") and "/readyz" in line for line in lines)
    assert any("--behind-proxy" in line for line in lines if line.startswith("CMD "))
    # Whatever is copied belongs to root, and so the server cannot change its own program.
    copies = [line for line in lines if line.startswith("COPY ")]
    assert copies
    assert all("--chown" not in line for line in copies)


def test_no_registry_and_no_secret_is_named() -> None:
    for path in sorted(DEPLOY.iterdir()):
        text = path.read_text()
        assert "index-url" not in text, path.name
        assert "registry=" not in text, path.name
        assert not re.search(r"(PASSWORD|SECRET|TOKEN)\w*[:=]\s*\S", text), path.name


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    server, _, proxy = COMPOSE.read_text().partition("\n  proxy:\n")

    assert "ports:" not in server
    assert "ports:" in proxy
    assert "internal: true" in proxy


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed")
def test_hadolint_finds_nothing_wrong_with_the_image() -> None:
    result = subprocess.run(
        ["hadolint", DOCKERFILE], capture_output=True, text=True, check=False, timeout=60
    )

    assert (result.returncode, result.stdout) == (0, "")
