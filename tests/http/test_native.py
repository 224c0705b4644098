"""What the server tells about itself."""

import pytest

from tests.serving import Served

DOCUMENTED = [
    "merge",
    "split",
    "compress_lossless",
    "compress_lossy",
    "decompress",
    "anonymize",
    "export_png",
    "export_video",
    "dicomdir",
    "headers",
    "info",
    "summary",
]


def test_the_twelve_actions_are_listed_with_their_options(served: Served) -> None:
    actions = served.call("GET", "/v1/actions").json()["actions"]
    assert [action["name"] for action in actions] == DOCUMENTED
    options = {
        action["name"]: {option["name"] for option in action["options"]} for action in actions
    }
    assert {"profile", "regions", "accept_burned_in", "retain"} <= options["anonymize"]
    assert "in_place" not in options["compress_lossless"]


def test_the_limits_are_those_in_force(served: Served) -> None:
    limits = {
        one["name"]: one["value"] for one in served.call("GET", "/v1/limits").json()["limits"]
    }
    assert limits["upload_bytes"] == 524_288_000
    assert limits["session_files"] == 2000


def test_strangers_get_a_problem(served: Served) -> None:
    answer = served.call("GET", "/v1/actions", key="")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_the_documentation_is_also_where_the_developer_api_has_it(served: Served) -> None:
    document = served.call("GET", "/api/schema/", key="").json()
    assert document == served.call("GET", "/openapi.json", key="").json()


@pytest.mark.parametrize("path", ["/docs", "/api/schema/swagger-ui/", "/api/schema/redoc/"])
def test_the_page_of_the_documentation_loads_nothing_from_elsewhere(
    served: Served, path: str
) -> None:
    answer = served.call("GET", path, key="")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "/api/process/{session_id}" in answer.text
    assert "<script" not in answer.text
    assert "//" not in answer.text.replace("https://", "").partition("<h1>")[0]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
