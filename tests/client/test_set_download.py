"""Sets come whole, go on where a download ended, and change when the server's do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.client.prepared import PreparedSet
from isocenter.client.set_download import Wanted, events, up_to_date
from isocenter.errors import ResourceNotFoundError, UnavailableError
from tests.prepared_server import KEY, NAME, PreparedServer, prepared_server
from tests.prepared_sets import Entry


@pytest.fixture
def learning(tmp_path: Path, home: Path) -> Iterator[PreparedServer]:
    """Return a server that has a set of two versions."""
    assert home.is_dir()
    with prepared_server(tmp_path) as server:
        server.add([Entry("a", b"first"), Entry("gone", b"gone")])
        yield server


def brought(
    server: PreparedServer, folder: Path, version: str = "latest", **names: str | None
) -> PreparedSet:
    wanted = Wanted(names.get("name", NAME), names.get("project"), version)
    return up_to_date(folder, wanted, server_url=server.url, api_key=KEY, is_asked=True)


def asked(server: PreparedServer, path: str) -> list[str]:
    return [span for one, span in server.requests if one.startswith(path)]


def test_a_set_is_downloaded_once(learning: PreparedServer, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    first = brought(learning, folder)
    assert (first.version, len(first.resources)) == ("1", 2)
    assert (folder / "resources" / "a.dcm").read_bytes() == b"first"
    assert brought(learning, folder) == first
    assert len(asked(learning, "/datasets/download/")) == 1
    assert [path.name for path in tmp_path.glob("set.zip*")] == []


def test_what_changed_on_the_server_is_brought_again(
    learning: PreparedServer, tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    brought(learning, folder)
    learning.add([Entry("a", b"second")])
    assert brought(learning, folder).version == "2"
    assert (folder / "resources" / "a.dcm").read_bytes() == b"second"
    assert not (folder / "resources" / "gone.dcm").exists()
    assert brought(learning, folder, "1").version == "1"


def test_a_version_by_number_that_is_here_asks_nobody(
    learning: PreparedServer, tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    brought(learning, folder, "1")
    before = len(learning.requests)
    assert brought(learning, folder, "1").version == "1"
    assert len(learning.requests) == before


def test_a_download_that_is_cut_goes_on_where_it_was(
    learning: PreparedServer, tmp_path: Path
) -> None:
    learning.cut_bytes = [100, 50]
    assert brought(learning, tmp_path / "set").version == "1"
    assert asked(learning, "/datasets/download/") == ["", "bytes=100-", "bytes=150-"]


def test_the_next_run_goes_on_where_the_last_one_ended(
    learning: PreparedServer, tmp_path: Path
) -> None:
    learning.cut_bytes = [100, *[0] * 40]
    with pytest.raises(UnavailableError, match="cut"):
        brought(learning, tmp_path / "set")
    learning.cut_bytes, learning.requests = [], []
    assert brought(learning, tmp_path / "set").version == "1"
    assert asked(learning, "/datasets/download/") == ["bytes=100-"]


def test_what_is_left_of_another_version_is_not_used(
    learning: PreparedServer, tmp_path: Path
) -> None:
    (tmp_path / "set.zip").write_bytes(b"something else")
    (tmp_path / "set.zip.etag").write_text('"other"')
    assert brought(learning, tmp_path / "set").version == "1"


def test_the_set_of_a_project_is_found(learning: PreparedServer, tmp_path: Path) -> None:
    found = brought(learning, tmp_path / "set", name=None, project="the project")
    assert found.name == NAME


def test_what_the_server_does_not_have_is_said(learning: PreparedServer, tmp_path: Path) -> None:
    with pytest.raises(ResourceNotFoundError, match="other"):
        brought(learning, tmp_path / "set", name="other")
    with pytest.raises(ResourceNotFoundError, match="version 9"):
        brought(learning, tmp_path / "set", "9")
    learning.error = "no space"
    with pytest.raises(UnavailableError, match="no space"):
        brought(learning, tmp_path / "set")


def test_events_are_read_as_the_standard_says() -> None:
    lines = ["data: {", 'data: "zip": "t"}', "", ":", "", "event:x", "data: nothing", "", "data: 1"]
    assert list(events(lines)) == [{"zip": "t"}]
