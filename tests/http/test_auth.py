"""Whom a request is from, where it says so in several ways."""

import base64

import pytest

from tests.serving import Served


def test_a_key_wins_over_basic_which_wins_over_a_cookie(served: Served) -> None:
    basic = {"Authorization": "Basic " + base64.b64encode(b"netrc:added").decode()}
    assert served.call("POST", "/api/session", headers=basic).status_code == 200
    assert served.call("POST", "/api/session", key="", headers=basic).status_code == 401
    cookie = served.call("GET", "/app", key="").headers["Set-Cookie"].partition(";")[0]
    headers = {**basic, "Cookie": cookie}
    assert served.call("POST", "/api/session", key="", headers=headers).status_code == 401
    headers = {"Cookie": cookie}
    assert served.call("POST", "/api/session", key="", headers=headers).status_code == 200


@pytest.mark.parametrize("cookie", ["isocenter=x", "isocenter=", "isocenter=a.1.b; isocenter=c"])
def test_a_cookie_that_we_did_not_make_is_worth_nothing(served: Served, cookie: str) -> None:
    answer = served.call("POST", "/api/session", key="", headers={"Cookie": cookie})
    assert answer.status_code == 401


def test_a_revoked_key_ends_at_once(served: Served) -> None:
    key = served.platform.administration.create_key("short")
    assert served.call("POST", "/api/session", key=key.text).status_code == 200
    served.platform.administration.revoke_key(key.id)
    assert served.call("POST", "/api/session", key=key.text).status_code == 401


def test_401_does_not_make_browsers_ask_for_a_password(served: Served) -> None:
    answer = served.call("POST", "/api/session", key="")
    assert not answer.headers["WWW-Authenticate"].lower().startswith("basic")
