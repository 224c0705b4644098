"""What is learnt from is at the root and below the prefix, counted, and in the documentation."""

from isocenter.http.resources.endpoints import RESOURCES
from isocenter.http.resources.learning_endpoints import learning_endpoints
from isocenter.limits import DEFAULT
from tests.resource_wire import Wire

_FACE = ("/annotations", "/projects", "/datasets", "/segmentations")


def test_everything_is_documented_at_both_places(wire: Wire) -> None:
    paths = wire.call("GET", "/openapi.json").json()["paths"]
    mine = {path for path in paths if path.startswith(_FACE)}

    assert {f"/datamint{path}" for path in mine} <= paths.keys()
    assert {"/datasets/{dataset_id}/download/dicom", "/segmentations", "/projects"} <= mine


def test_short_requests_are_counted_and_bytes_are_not(wire: Wire) -> None:
    # None of the parts is used while the table is made.
    made = learning_endpoints(wire.served.platform.learning, None, None, None, DEFAULT)  # type: ignore[arg-type]  # not used

    assert {one.counts for one in made if not one.is_bulk} == {(RESOURCES,)}
    bulk = {one.path for one in made if one.is_bulk}
    assert "/datasets/download/{token}" in bulk
    assert all(one.needs_key for one in made)
