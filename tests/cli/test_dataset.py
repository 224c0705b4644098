"""`isocenter dataset` against a real server: made, listed, kept, and refused with a sentence."""

import json
from collections.abc import Iterator

import pytest

from isocenter.cli.main import NOTHING_DONE, USAGE, main
from tests.resource_wire import Wire
from tests.serving import serving


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with serving(tmp_path_factory.mktemp("server")) as served:
        yield Wire(served)


@pytest.fixture(autouse=True)
def key(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATAMINT_API_KEY", wire.served.key)
    monkeypatch.setenv("DATAMINT_API_URL", wire.served.url)


def test_a_channel_becomes_a_dataset(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    made = wire.upload(channel="CT", labels="a")
    wire.upload(channel="CT", labels="b")

    assert main(["dataset", "create", "CTs", "--channel", "CT", "--label", "a"]) == 0
    set_id = capsys.readouterr().out.strip()
    assert main(["dataset", "version", "CTs"]) == 0
    version = capsys.readouterr().out
    assert main(["dataset", "list", "--url", wire.served.url]) == 0
    listed = capsys.readouterr().out
    assert main(["dataset", "list", "--json"]) == 0

    assert wire.call("GET", f"/datasets/{set_id}").json()["resource_ids"] == [made["id"]]
    assert version.startswith("version 1: 1 resources, ")
    assert listed.split() == [set_id, "1", "resources", "version", "1", "CTs"]
    assert json.loads(capsys.readouterr().out)["id"] == set_id


def test_resources_are_added(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = wire.upload(channel="add"), wire.upload(labels="add")
    assert main(["dataset", "create", "adds", "--channel", "add"]) == 0
    capsys.readouterr()

    assert main(["dataset", "add", "adds", "--label", "add", "--status", "inbox", "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["resource_ids"] == [first["id"], second["id"]]


def test_what_cannot_be_made_is_told(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    assert wire.served.key
    assert main(["dataset", "create", "none"]) == USAGE
    assert "--channel" in capsys.readouterr().err
    assert main(["dataset", "create", "twice", "--channel", "x"]) == 0
    assert main(["dataset", "create", "twice", "--channel", "x"]) == NOTHING_DONE
    assert "of this name" in capsys.readouterr().err
