"""Registering, tokens and their cookie, passwords: status codes, bodies, headers, throttling."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import requests

from isocenter.http.app import AppOptions
from isocenter.settings import Settings
from tests.developers import PASSWORD, Developer, new_developer
from tests.serving import Served, limited, serving

WRONG = {"detail": "No active account found with the given credentials"}


@pytest.fixture(scope="module")
def jane(served: Served) -> Developer:
    return new_developer(served)


def sign_in(served: Served, email: str, password: str = PASSWORD) -> requests.Response:
    said = {"email": email, "password": password}
    return served.call("POST", "/api/token/", key="", json=said)


def refresh(served: Served, **arguments: object) -> requests.Response:
    return served.call("POST", "/api/token/refresh/", key="", **arguments)


def test_the_refresh_cookie_is_for_our_pages_and_this_path_alone(
    served: Served, jane: Developer
) -> None:
    answer = sign_in(served, jane.email)
    assert answer.headers["Cache-Control"] == "no-store"
    (cookie,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert cookie.key == "refresh_token"
    assert (cookie["path"], cookie["samesite"], cookie["max-age"]) == (
        "/api/token",
        "Strict",
        "2592000",
    )
    assert cookie["httponly"]
    assert not cookie["secure"]  # a server that only this machine reaches has no TLS
    assert cookie.value not in answer.text


def test_behind_tls_the_cookie_is_secure(tmp_path: Path) -> None:
    with serving(tmp_path, options=AppOptions(behind_proxy=True)) as served:
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/images"}
        out = served.call("POST", "/api/token/logout/", json={"refresh": "x"}, headers=headers)
        closed = served.call("POST", "/api/auth/register/", json={})
    (cookie,) = SimpleCookie(out.headers["Set-Cookie"]).values()
    assert (cookie["secure"], cookie["path"]) == (True, "/images/api/token")
    # Others than this machine reach it: accounts are made by the administrator.
    assert closed.status_code == 403
    assert "administrator" in closed.json()["detail"]


def test_a_setting_opens_registration(tmp_path: Path) -> None:
    with serving(tmp_path, settings=Settings(registration="open"), options=AppOptions()) as served:
        said = {"email": "a@example.com", "password": PASSWORD}
        assert served.call("POST", "/api/auth/register/", json=said).status_code == 201


def test_a_cookie_is_rotated_and_a_token_of_a_body_is_not(served: Served, jane: Developer) -> None:
    answer = sign_in(served, jane.email)
    in_cookie, in_body = answer.cookies["refresh_token"], answer.json()["refresh"]

    by_body = refresh(served, json={"refresh": in_body}, cookies={"refresh_token": "x.y.z"})
    assert (by_body.status_code, list(by_body.json())) == (200, ["access"])
    assert "Set-Cookie" not in by_body.headers
    by_cookie = refresh(served, cookies={"refresh_token": in_cookie})
    assert (by_cookie.status_code, list(by_cookie.json())) == (200, ["access"])
    assert by_cookie.cookies["refresh_token"] not in {in_cookie, in_body}


def test_another_site_cannot_use_the_cookie(served: Served, jane: Developer) -> None:
    cookie = {"refresh_token": sign_in(served, jane.email).cookies["refresh_token"]}
    answer = refresh(served, cookies=cookie, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_signing_out_ends_access_at_once_and_may_be_repeated(served: Served) -> None:
    developer = new_developer(served)
    for _ in range(2):
        out = served.call("POST", "/api/token/logout/", json={"refresh": developer.refresh})
        assert (out.status_code, out.content) == (204, b"")
        assert "refresh_token=;" in out.headers["Set-Cookie"]
    gone = developer.call("GET", "/api/developer/profiles/")
    assert (gone.status_code, gone.json()) == (401, {"detail": "Invalid or expired JWT token"})
    assert served.call("POST", "/api/token/logout/").status_code == 204


def test_another_password_signs_out_everywhere(served: Served) -> None:
    developer = new_developer(served)
    said = {"old_password": PASSWORD, "new_password": "another password"}
    wrong = developer.call("POST", "/api/auth/password/", json={**said, "old_password": "x"})
    assert (wrong.status_code, list(wrong.json())) == (400, ["old_password"])

    assert developer.call("POST", "/api/auth/password/", json=said).status_code == 204

    assert developer.call("GET", "/api/developer/profiles/").status_code == 401
    assert sign_in(served, developer.email).status_code == 401
    assert sign_in(served, developer.email, "another password").status_code == 200


def test_a_key_changes_no_password(served: Served) -> None:
    said = {"old_password": PASSWORD, "new_password": "another password"}
    assert served.call("POST", "/api/auth/password/", json=said).status_code == 403
    assert served.call("POST", "/api/auth/password/", key="", json=said).status_code == 401


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    limits = limited(account_sign_ins_per_minute=2, sign_ins_per_minute=7)
    with serving(tmp_path_factory.mktemp("strict"), limits=limits) as server:
        yield server


def test_wrong_passwords_are_throttled_by_account_and_tries_by_address(strict: Served) -> None:
    strict.platform.people.register("jane@example.com", PASSWORD)
    for email in ("jane@example.com", "nobody@example.com"):
        answers = [sign_in(strict, email, "a wrong password") for _ in range(3)]
        assert [one.status_code for one in answers] == [401, 401, 429]
        assert [one.json() for one in answers[:2]] == [WRONG, WRONG]
        assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert sign_in(strict, "jane@example.com").status_code == 429

    # That was the seventh try of this address.
    said = {"email": "new@example.com", "password": PASSWORD}
    assert strict.call("POST", "/api/auth/register/", json=said).status_code == 429
