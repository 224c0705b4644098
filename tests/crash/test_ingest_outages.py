"""An object store hangs or is gone while clients send to it: nothing that it took is forgotten."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import requests

from isocenter.store import blobs_s3
from tests.builders import to_bytes
from tests.journeys.test_ingest import SECONDS, check_stored, new_slices, settled
from tests.servers import scale_out_settings
from tests.serving import Served, serving
from tests.wires import Wire, wire_to

pytestmark = pytest.mark.slow
RETRY_SECONDS = 4


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Wire]]:
    """Serve with a store that clients reach, and the server by a wire."""
    folder = tmp_path_factory.mktemp("wired")
    settings = scale_out_settings(folder)
    port = urlsplit(settings.s3_endpoint).port
    assert port is not None
    with pytest.MonkeyPatch.context() as patch, wire_to(port) as wire:
        patch.setattr(blobs_s3, "RETRY_SECONDS", RETRY_SECONDS)
        settings = replace(
            settings,
            s3_endpoint=f"http://127.0.0.1:{wire.port}",
            s3_public_endpoint=settings.s3_endpoint,
        )
        with serving(folder / "data", settings=settings) as served:
            yield served, wire


@pytest.mark.parametrize(
    "fail",
    [
        pytest.param(Wire.freeze, id="frozen"),
        pytest.param(Wire.cut, id="cut off", marks=pytest.mark.full),
    ],
)
def test_what_the_store_took_is_registered_when_it_is_back(
    wired: tuple[Served, Wire], fail: Callable[[Wire], None], request: pytest.FixtureRequest
) -> None:
    served, wire = wired
    key = served.new_key()
    slices = new_slices(12, request.node.name)

    def send(number: int) -> str:
        if number == len(slices) // 2:
            fail(wire)
        given = served.call("GET", "/upload/", key=key).json()
        answer = requests.put(
            given["url"],
            data=to_bytes(slices[number]),
            headers=given["headers"],
            timeout=SECONDS,
        )
        assert answer.status_code == 200, answer.text
        return str(given["key"])

    with ThreadPoolExecutor(3) as threads:
        keys = list(threads.map(send, range(len(slices))))
    # Tickets and reports need no store; what came is told as soon as it is back.
    counts = served.call("POST", "/upload/report", json={"keys": keys}, key=key).json()["counts"]
    assert counts["stored"] < len(slices)
    wire.mend()

    assert {one["outcome"] for one in settled(served, key, keys)} == {"stored"}
    check_stored(served, key, slices)
