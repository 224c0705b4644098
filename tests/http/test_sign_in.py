"""Signing in over HTTP: a key or a code for a cookie, and what the cookie may do then."""

from pathlib import Path

import pytest
import requests

from tests.serving import Served, limited, serving

SIGN_IN = "/v1/sign-in"


class Visitor:
    """A browser that has opened the web tool."""

    def __init__(self, served: Served) -> None:
        self.url = served.url
        self.browser = requests.Session()
        self.get("/app")

    def get(self, path: str) -> requests.Response:
        return self.browser.get(self.url + path, timeout=10)

    def post(self, path: str, **arguments: object) -> requests.Response:
        return self.browser.post(self.url + path, timeout=10, **arguments)  # type: ignore[arg-type]  # passed on

    def sign_in(self, key: str) -> requests.Response:
        return self.post(SIGN_IN, json={"key": key})

    def new_session(self) -> str:
        return str(self.post("/api/session").json()["session_id"])

    def sees(self, session_id: str) -> bool:
        return self.get(f"/api/files/{session_id}").status_code == 200


@pytest.fixture
def visitor(served: Served) -> Visitor:
    return Visitor(served)


def test_the_cookie_acts_for_the_account_until_signing_out(
    served: Served, visitor: Visitor
) -> None:
    of_key, of_browser = served.new_session(), visitor.new_session()
    assert not visitor.sees(of_key)

    answer = visitor.sign_in(served.key)

    assert answer.status_code == 200
    assert answer.json()["signed_in"] is True
    assert answer.json()["name"] == "test"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in answer.headers["Set-Cookie"]
    assert served.key.partition(".")[2] not in answer.headers["Set-Cookie"]
    assert visitor.sees(of_key)
    assert not visitor.sees(of_browser)
    visitor.get("/app")
    assert visitor.get(SIGN_IN).json()["name"] == "test"

    assert visitor.post("/v1/sign-out").json()["signed_in"] is False

    assert not visitor.sees(of_key)
    assert visitor.sees(of_browser)


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(
    served: Served, visitor: Visitor
) -> None:
    visitor.sign_in(served.key)
    copy = dict(visitor.browser.cookies)
    visitor.post("/v1/sign-out")
    answer = requests.get(served.url + SIGN_IN, cookies=copy, timeout=10)
    assert answer.status_code == 401


def test_a_revoked_key_ends_it_and_the_page_makes_the_browser_itself_again(
    served: Served, visitor: Visitor
) -> None:
    own = visitor.new_session()
    key = served.platform.administration.create_key("short")
    visitor.sign_in(key.text)
    served.platform.administration.revoke_key(key.id)
    assert visitor.get(SIGN_IN).status_code == 401
    visitor.get("/app")
    assert visitor.get(SIGN_IN).json()["signed_in"] is False
    assert visitor.sees(own)


def test_the_scopes_are_those_of_the_key(served: Served, visitor: Visitor) -> None:
    key = served.platform.administration.create_key("reader", ["read"])
    assert visitor.sign_in(key.text).json()["scopes"] == ["read"]
    assert visitor.post("/api/session").status_code == 403


def test_another_key_takes_the_place_of_the_first(served: Served, visitor: Visitor) -> None:
    own = visitor.new_session()
    visitor.sign_in(served.key)
    copy = dict(visitor.browser.cookies)
    assert visitor.sign_in(served.new_key()).json()["name"] == "other"
    assert requests.get(served.url + SIGN_IN, cookies=copy, timeout=10).status_code == 401
    visitor.post("/v1/sign-out")
    assert visitor.sees(own)


def test_a_wrong_key_says_so_and_signs_nobody_out(served: Served, visitor: Visitor) -> None:
    visitor.sign_in(served.key)
    answer = visitor.sign_in(served.key[:-4] + "AAAA")
    assert answer.status_code == 401
    assert answer.json()["detail"] == "the key is not valid"
    assert visitor.get(SIGN_IN).json()["name"] == "test"


def test_a_code_signs_in_once(served: Served, visitor: Visitor) -> None:
    administration = served.platform.administration
    code = administration.create_sign_in_code(served.key.partition(".")[0])
    assert visitor.post(SIGN_IN, json={"code": code}).json()["name"] == "test"
    answer = Visitor(served).post(SIGN_IN, json={"code": code})
    assert answer.status_code == 401
    assert "used before" in answer.json()["detail"]


def test_without_a_cookie_one_can_sign_in_too(served: Served) -> None:
    answer = requests.post(served.url + SIGN_IN, json={"key": served.key}, timeout=10)
    cookies = dict(answer.cookies)
    found = requests.get(served.url + SIGN_IN, cookies=cookies, timeout=10)
    assert found.json()["name"] == "test"
    answer = requests.post(f"{served.url}/v1/sign-out", cookies={"isocenter": "x"}, timeout=10)
    assert answer.json()["signed_in"] is False


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
def test_another_sites_page_can_sign_nobody_in_or_out_nor_use_the_cookie(
    served: Served, visitor: Visitor, headers: dict[str, str]
) -> None:
    body = {"key": served.key}
    assert visitor.post(SIGN_IN, json=body, headers=headers).status_code == 403
    visitor.sign_in(served.key)
    for path in ("/v1/sign-out", "/api/session"):
        assert visitor.post(path, headers=headers).status_code == 403
    assert visitor.get(SIGN_IN).json()["signed_in"] is True


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"key": 1}', 400),
        (b'{"key": "a.b", "code": "c"}', 400),
        (b'{"key": "no key at all"}', 401),
        (b'{"code": "\\ud83d"}', 400),
        (b" " * 5000, 413),
    ],
)
def test_wrong_bodies_are_refused(visitor: Visitor, body: bytes, status: int) -> None:
    assert visitor.post(SIGN_IN, data=body).status_code == status


def test_nobody_tries_many_keys(tmp_path: Path) -> None:
    with serving(tmp_path, limits=limited(sign_ins_per_minute=3)) as served:
        visitor = Visitor(served)
        found = [visitor.sign_in("a.b") for _ in range(4)]
        assert [answer.status_code for answer in found] == [401, 401, 401, 429]
        assert int(found[-1].headers["Retry-After"]) > 0
        assert visitor.sign_in(served.key).status_code == 429
