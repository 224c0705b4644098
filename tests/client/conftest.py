"""A server with bad days, a whole one, and folders to be sent to them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.client import APIHandler
from tests.faulty_store import FaultyStore, faulty_store
from tests.serving import Served, serving


@pytest.fixture
def store() -> Iterator[FaultyStore]:
    with faulty_store() as server:
        yield server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home of nobody, in which nothing is configured."""
    for name in ("DATAMINT_API_URL", "DATAMINT_API_KEY", "ISOCENTER_API_URL", "ISOCENTER_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "ISOCENTER_KEY_FILE", "NETRC"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def api(server: Served, home: Path) -> Iterator[APIHandler]:
    """Return a handler of an account of its own, so that no test sees another's resources."""
    assert home.is_dir()
    with APIHandler(server.url, server.new_key()) as handler:
        yield handler


@pytest.fixture
def faulty(store: FaultyStore, home: Path) -> Iterator[APIHandler]:
    """Return a handler of the server with bad days."""
    assert home.is_dir()
    with APIHandler(store.url, "id.s3cr3t") as handler:
        yield handler
