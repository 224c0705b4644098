"""One server for all tests of this folder, and a study of three slices in its archive."""

from collections.abc import Iterator

import pytest

from tests.serving import Served, serving
from tests.stowed import Archived, archive_slices


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("dicomweb")) as server:
        yield server


@pytest.fixture(scope="session")
def slices(served: Served) -> Archived:
    return archive_slices(served)
