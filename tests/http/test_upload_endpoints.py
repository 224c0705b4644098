"""The documented paths are offered, each with its form under a path token."""

import pytest

from isocenter.http.upload_endpoints import ingest_buckets
from isocenter.limits import DEFAULT
from tests.serving import Served


def test_openapi_has_every_path(served: Served) -> None:
    paths = served.call("GET", "/openapi.json").json()["paths"]

    for prefix in ("", "/t/{path_token}"):
        assert {"get", "post"} <= paths[f"{prefix}/upload/"].keys()
        assert {"get", "post"} <= paths[f"{prefix}/upload/report"].keys()
    assert {"get", "put"} <= paths["/upload/{key}"].keys()
    assert paths["/t/{path_token}/upload/{key}"].keys() >= {"get"}
    assert "put" not in paths["/t/{path_token}/upload/{key}"]
    for path in ("/oauth/token", "/auth/token", "/v1/quarantine", "/app/quarantine"):
        assert path in paths


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_tickets_are_counted_in_a_bucket_of_their_own(served: Served, method: str) -> None:
    answer = served.call(method, "/upload/", json={"count": 1})

    assert answer.headers["RateLimit-Limit"] == str(served.platform.limits.tickets_per_minute)
    assert ingest_buckets(DEFAULT) == {"tickets": 60_000, "tokens": 60}
