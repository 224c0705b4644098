"""OAuth2 client credentials, as libraries ask for tokens, and the documented way."""

import base64

import pytest
import requests

from tests.serving import Served

FORM = {"grant_type": "client_credentials"}


def parts(served: Served) -> tuple[str, str]:
    key_id, _, secret = served.key.partition(".")
    return key_id, secret


def ask(served: Served, path: str = "/oauth/token", **arguments: object) -> requests.Response:
    return requests.post(served.url + path, timeout=60, **arguments)  # type: ignore[arg-type]  # passed on


def test_standard_and_documented_way_give_a_bearer_token(served: Served) -> None:
    key_id, secret = parts(served)
    in_form = {**FORM, "client_id": key_id, "client_secret": secret}
    answers = [
        ask(served, data=in_form),
        ask(served, path="/auth/token", data=in_form),
        ask(served, data=FORM, auth=(key_id, secret)),
        ask(served, data={**FORM, "client_id": key_id}, auth=(key_id, secret)),
        requests.get(f"{served.url}/auth/token", auth=(key_id, secret), timeout=60),
        served.call("GET", "/auth/token"),
    ]

    for answer in answers:
        said = answer.json()
        assert (answer.status_code, said["token_type"], said["expires_in"]) == (200, "Bearer", 3600)
        assert answer.headers["Cache-Control"] == "no-store"
        bearer = {"Authorization": f"Bearer {said['access_token']}"}
        listed = requests.get(f"{served.url}/dicom-web/studies", headers=bearer, timeout=60)
        assert listed.status_code in {200, 204}


def test_token_of_one_scope_may_do_no_more(served: Served) -> None:
    key_id, secret = parts(served)
    form = {**FORM, "client_id": key_id, "client_secret": secret, "scope": "upload"}

    said = ask(served, data=form).json()

    bearer = {"Authorization": f"Bearer {said['access_token']}"}
    assert said["scope"] == "upload"
    assert requests.get(f"{served.url}/upload/", headers=bearer, timeout=60).status_code == 200
    listed = requests.get(f"{served.url}/dicom-web/studies", headers=bearer, timeout=60)
    assert listed.status_code == 403


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({**FORM}, 401, "invalid_client"),
        ({**FORM, "client_id": "nobody", "client_secret": "nothing"}, 401, "invalid_client"),
        (
            {**FORM, "client_id": "KEY", "client_secret": "SECRET", "scope": "admin"},
            400,
            "invalid_scope",
        ),
        (b"grant_type=client_credentials&grant_type=x", 400, "invalid_request"),
        (b"\xff=\xff", 400, "invalid_request"),
    ],
)
def test_errors_are_those_of_the_standard(
    served: Served, form: dict[str, str] | bytes, status: int, error: str
) -> None:
    key_id, secret = parts(served)
    if isinstance(form, dict):
        known = {"KEY": key_id, "SECRET": secret}
        form = {name: known.get(value, value) for name, value in form.items()}

    answer = ask(served, data=form)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


def test_two_different_clients_are_refused(served: Served) -> None:
    key_id, secret = parts(served)
    other_id, _, other = served.new_key().partition(".")
    form = {**FORM, "client_id": other_id, "client_secret": other}

    assert ask(served, data=form, auth=(key_id, secret)).status_code == 400
    broken = {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe").decode()}
    assert ask(served, data=FORM, headers=broken).status_code == 401
