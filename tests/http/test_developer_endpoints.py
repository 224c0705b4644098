"""Every documented endpoint is served with and without its slash, and described with examples."""

import pytest

from tests.serving import Served

DOCUMENTED = {
    "/api/auth/register/": ("post",),
    "/api/auth/password/": ("post",),
    "/api/auth/password-reset/": ("post",),
    "/api/auth/password-reset/confirm/": ("post",),
    "/api/token/": ("post",),
    "/api/token/refresh/": ("post",),
    "/api/developer/profiles/": ("get", "post"),
    "/api/developer/profiles/activity-summary/": ("get",),
    "/api-keys/": ("get", "post"),
    "/api/developer/auth/api-keys/": ("get", "post"),
    "/api-keys/delete/{key_id}/": ("delete",),
    "/api/developer/auth/api-keys/delete/{key_id}/": ("delete",),
    "/api/dicom-format/allowed-fields/": ("get",),
    "/api/dicom-format/required-field-type/": ("get",),
}


def test_each_is_described_with_examples(served: Served) -> None:
    paths = served.call("GET", "/openapi.json").json()["paths"]
    for path, methods in DOCUMENTED.items():
        for method in methods:
            said = paths[path][method]
            if method == "post":
                assert "example" in said["requestBody"]["content"]["application/json"], path
            good = [one for code, one in said["responses"].items() if code in {"200", "201", "202"}]
            assert not good or "example" in good[0]["content"]["application/json"], path
            assert said["responses"]["400"]["content"]["application/json"]["schema"] == {
                "$ref": "#/components/schemas/Refusal"
            }


@pytest.mark.parametrize("path", DOCUMENTED)
def test_no_form_of_a_path_leads_elsewhere(served: Served, path: str) -> None:
    for tried in (path, path.rstrip("/")):
        for method in DOCUMENTED[path]:
            answer = served.call(
                method.upper(), tried.format(key_id="1"), key="", allow_redirects=False
            )
            assert answer.status_code in {200, 400, 401, 403}, tried


@pytest.mark.parametrize("path", ["/api-keys/x/", "/api/token/x", "/api/dicom/x", "/api/auth/"])
def test_what_is_not_there_is_said_in_the_same_words(served: Served, path: str) -> None:
    answer = served.call("GET", path)
    assert (answer.status_code, list(answer.json())) == (404, ["detail"])
