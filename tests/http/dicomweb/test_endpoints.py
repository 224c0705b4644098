"""The table of endpoints: every path of the standard, all of it documented."""

from tests.serving import Served


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
