"""The table of endpoints: both prefixes, documentation, rates, and a thousand resources."""

from pathlib import Path

import pytest

from isocenter.http.resources.endpoints import PREFIXES, RESOURCES, resource_buckets
from isocenter.limits import DEFAULT
from tests.resource_wire import PNG, Wire
from tests.serving import limited, serving

COUNT = 1000


def test_everything_is_at_the_root_and_below_the_prefix(wire: Wire) -> None:
    paths = wire.call("GET", "/openapi.json").json()["paths"]
    mine = {path for path in paths if path.startswith(("/resources", "/users"))}

    assert PREFIXES == ("", "/datamint")
    assert {f"/datamint{path}" for path in mine} <= paths.keys()
    assert {"/resources", "/resources/{resource_id}/file", "/resources/channels"} <= mine
    for path in mine:
        for operation in paths[path].values():
            said = operation["responses"]
            assert {"400", "401", "403", "429"} <= said.keys()
            schema = said["401"]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Message"}


def test_lists_are_counted_and_files_are_not(tmp_path: Path) -> None:
    limits = limited(resource_requests_per_minute=3)
    assert resource_buckets(DEFAULT) == {RESOURCES: DEFAULT.resource_requests_per_minute}
    with serving(tmp_path, limits=limits) as served:
        wire = Wire(served)
        made = wire.upload()
        statuses = [wire.call("GET", "/resources").status_code for _ in range(4)]
        refused = wire.call("GET", "/datamint/resources")
        files = [wire.call("GET", f"/resources/{made['id']}/file").content for _ in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert refused.json()["message"].startswith("at most 3 ")
    assert int(refused.headers["Retry-After"]) > 0
    assert files == [PNG] * 4


@pytest.mark.parametrize(("size", "key"), [(50, "nested"), (10, "flat"), (5000, "nested")])
def test_a_thousand_are_paged_exactly(thousand: Wire, size: int, key: str) -> None:
    """As the clients page: until a page is shorter than they asked for."""
    read: list[str] = []
    while True:
        params = {"offset": len(read), "limit": size, "channel_name": "thousand", "ids": True}
        data = thousand.call("GET", "/resources", params=params).json()["data"]
        page = data if key == "flat" else data[0]["resources"]
        read += [one["id"] for one in page]
        if len(page) < size:
            break

    assert len(read) == len(set(read)) == COUNT
