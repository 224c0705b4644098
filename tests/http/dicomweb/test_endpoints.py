"""The table of endpoints: every path of the standard, all of it documented."""

from tests.serving import Served
from tests.stowed import Archived


def test_every_path_is_documented(served: Served) -> None:
    paths = served.call("GET", "/openapi.json").json()["paths"]
    study = "/dicom-web/studies/{study}"
    instance = f"{study}/series/{{series}}/instances/{{instance}}"
    assert set(paths["/dicom-web/studies"]) >= {"get", "post", "put"}
    assert set(paths[study]) >= {"get", "post", "put", "delete"}
    for path in (
        "/dicom-web/series",
        "/dicom-web/instances",
        "/dicom-web/wado",
        f"{study}/metadata",
        f"{study}/series",
        f"{study}/instances",
        f"{study}/series/{{series}}/instances",
        f"{instance}/frames/{{frames}}",
        f"{instance}/frames/{{frames}}/rendered",
        f"{instance}/bulkdata/{{path}}",
        f"{instance}/thumbnail",
    ):
        assert "get" in paths[path], path


def test_nothing_is_given_without_a_key(served: Served) -> None:
    paths = served.call("GET", "/openapi.json").json()["paths"]
    for path, methods in paths.items():
        if path.startswith("/dicom-web"):
            url = path.replace("{", "").replace("}", "")
            for method in methods:
                answer = served.call(method.upper(), url, key="")
                assert answer.status_code == 401, (method, path)


def test_every_resource_says_what_it_offers(served: Served) -> None:
    paths = served.call("GET", "/openapi.json").json()["paths"]
    for path, methods in paths.items():
        if not path.startswith(("/dicom-web", "/v1/changes", "/v1/instances")):
            continue
        url = path.replace("{", "").replace("}", "")
        offered = {method.upper() for method in methods} | {"OPTIONS"}
        offered |= {"HEAD"} if "GET" in offered else set()
        allow = ", ".join(sorted(offered))
        asked = served.call("OPTIONS", url)
        assert (asked.status_code, asked.headers["Allow"]) == (204, allow), path
        for method in {"PATCH", "POST", "PUT", "DELETE"} - offered:
            refused = served.call(method, url)
            assert (refused.status_code, refused.headers["Allow"]) == (405, allow), path


def test_head_tells_what_get_would(served: Served, slices: Archived) -> None:
    instance = slices.instance()
    for path in (
        slices.study,
        f"{slices.study}/metadata",
        f"{slices.study}/series",
        instance,
        f"{instance}/metadata",
        f"{instance}/frames/1",
        f"{instance}/rendered",
        f"{instance}/thumbnail",
        f"{instance}/bulkdata/7FE00010",
    ):
        got, told = served.call("GET", path), served.call("HEAD", path)
        assert (told.status_code, told.content) == (got.status_code, b""), path
        for name in ("Content-Type", "ETag", "Content-Length", "Cache-Control", "Vary"):
            same = name != "Content-Type" or "boundary" not in got.headers[name]
            assert not same or told.headers.get(name) == got.headers.get(name), (path, name)
        tag = got.headers.get("ETag")
        if tag:
            again = served.call("GET", path, headers={"If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b""), path
