"""`isocenter serve`: first start, unsafe starts, TLS, and an end in good order."""

import contextlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

COMMAND = [sys.executable, "-m", "isocenter.cli.main", "serve"]


@contextlib.contextmanager
def started(*options: str | Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server; give its process and its address."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *map(str, options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        found = re.search(r"https?://\S+", first)
        assert found is not None, process.communicate()
        url = found.group()
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(OSError), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # nobody checks the certificate here
                requests.get(f"{url}/healthz", timeout=5, verify=False)  # noqa: S501
                break
            time.sleep(0.05)
        yield process, url
    finally:
        process.kill()
        process.communicate(timeout=30)


def stop(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[int, str, str]:
    process.send_signal(number)
    printed, logged = process.communicate(timeout=40)
    return process.returncode, printed, logged


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_first_start_prints_a_key_once_and_a_signal_ends_it(
    tmp_path: Path, number: signal.Signals
) -> None:
    with started("--data", tmp_path) as (process, _):
        status, printed, logged = stop(process, number)
    assert status == 0
    found = re.search(r"API key:  (\S+)", printed)
    assert found is not None
    key = found.group(1)
    assert key not in logged
    code = re.search(r"/app#sign-in=(\S+)", printed)
    assert code is not None
    with started("--data", tmp_path) as (process, url):
        answer = requests.post(f"{url}/api/session", headers={"X-API-Key": key}, timeout=10)
        assert answer.status_code == 200
        signed_in = requests.post(f"{url}/v1/sign-in", json={"code": code.group(1)}, timeout=10)
        assert signed_in.json()["name"] == "first"
        status, printed, logged = stop(process)
    assert status == 0
    assert "API key" not in printed
    assert code.group(1) not in printed + logged
    assert key.partition(".")[2] not in printed + logged


@pytest.mark.slow
def test_it_speaks_tls(tmp_path: Path) -> None:
    subprocess.run(
        shlex.split(
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "
            "subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out cert.pem"
        ),
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    tls = ("--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "key.pem")
    with started("--data", tmp_path / "data", *tls) as (_, url):
        assert url.startswith("https://")
        answer = requests.get(f"{url}/app", verify=str(tmp_path / "cert.pem"), timeout=10)
        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Set-Cookie"].startswith("__Host-")
        assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "without TLS"),  # noqa: S104 -- that is the question
        (["--host", "::"], "without TLS"),
        (["--tls-cert", "x"], "go together"),
        (["--tls-cert", "x", "--tls-key", "y"], "cannot be used"),
        (["--port", "70000"], "--port"),
    ],
)
def test_unsafe_starts_are_refused(tmp_path: Path, options: list[str], words: str) -> None:
    done = subprocess.run(
        [*COMMAND, "--data", str(tmp_path / "d"), *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "d").exists()


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--data", str(tmp_path), "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert f"cannot listen at port {port}" in done.stderr
