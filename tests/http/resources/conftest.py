"""One server for all tests of this folder, and uploads as each generation of clients sends them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from isocenter.platform import Platform
from isocenter.services.resource_uploads import Told
from tests.resource_wire import PNG, Wire
from tests.serving import serving


@pytest.fixture(scope="session")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with serving(tmp_path_factory.mktemp("resources")) as served:
        yield Wire(served)


@pytest.fixture(scope="session")
def thousand(wire: Wire) -> Wire:
    """Add a thousand resources to one channel; by the service itself, which is faster."""
    platform = wire.served.platform
    owner = platform.keys.verify(wire.served.key).id
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: _upload(platform, owner, number), range(1000)))
    return wire


def _upload(platform: Platform, owner: str, number: int) -> None:
    with platform.resources.begin_upload(owner) as upload:
        upload.write(PNG)
        upload.finish(Told(f"{number}.png", channel="thousand"))
