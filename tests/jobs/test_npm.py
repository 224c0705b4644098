"""npm: packages of the registry that npm is set up for, and of no other bytes than the pinned."""

import http.server
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.errors import UnavailableError
from isocenter.jobs.npm import fetch_package, integrity_of

pytestmark = pytest.mark.judge("npm")


def archive_of(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


PACKED = archive_of(
    {
        "package.json": b'{"name": "picture", "version": "1.0.0", '
        b'"scripts": {"prepack": "exit 1", "prepare": "exit 1"}}',
        "index.html": b"<p>",
    }
)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve one package as a registry does, and let npm be set up for it."""

    class Registry(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_archive = self.path.endswith(".tgz")
            data = PACKED if is_archive else metadata
            self.send_response(200 if self.path.startswith("/picture") else 404)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        (tmp_path / "pinned.tgz").write_bytes(PACKED)
        integrity = integrity_of(tmp_path / "pinned.tgz")
        dist = {"tarball": f"{address}/picture/-/picture-1.0.0.tgz", "integrity": integrity}
        version = {"name": "picture", "version": "1.0.0", "dist": dist}
        metadata = json.dumps(
            {"name": "picture", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
        ).encode()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("npm_config_registry", address)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
        monkeypatch.setenv("npm_config_fetch_retries", "0")
        yield integrity
        server.shutdown()


def test_a_package_comes_from_the_registry_of_the_machine_and_runs_nothing(
    registry: str, tmp_path: Path
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()

    archive = fetch_package("picture", "1.0.0", registry, folder)

    assert archive.read_bytes() == PACKED


def test_other_bytes_than_the_pinned_ones_are_refused(registry: str, tmp_path: Path) -> None:
    assert registry
    folder = tmp_path / "here"
    folder.mkdir()

    with pytest.raises(UnavailableError, match="not what it was"):
        fetch_package("picture", "1.0.0", "sha512-" + "A" * 86 + "==", folder)


def test_a_package_that_is_not_there_is_named(registry: str, tmp_path: Path) -> None:
    assert registry
    folder = tmp_path / "here"
    folder.mkdir()

    with pytest.raises(UnavailableError, match=r"npm view other@1\.0\.0"):
        fetch_package("other", "1.0.0", registry, folder)


def test_without_npm_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UnavailableError, match="npm, which is not installed"):
        fetch_package("picture", "1.0.0", "sha512-", tmp_path)
