"""The page of an account by requests alone: forms that are done, wrong, foreign, or too many."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from isocenter.http.account_pages import PAGE
from isocenter.http.app import AppOptions
from isocenter.settings import Secret, Settings
from tests.developers import PASSWORD, Developer, new_developer
from tests.mail_server import mail_server
from tests.serving import Served, limited, serving

WRONG = {"password": "wrong password"}
NEW = {"password": "another password"}
CHANGE = {"old_password": PASSWORD, "new_password": "another password"}


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture(scope="module")
def jane(served: Served) -> Developer:
    return new_developer(served)


def post(browser: requests.Session, served: Served, form: str, **fields: str) -> requests.Response:
    return browser.post(f"{served.url}{PAGE}/{form}", data=fields, timeout=60)


def show(browser: requests.Session, served: Served) -> str:
    answer = browser.get(served.url + PAGE, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script" not in answer.headers["Content-Security-Policy"]
    return answer.text


def test_signing_up_a_key_and_signing_out(served: Served, browser: requests.Session) -> None:
    assert "Sign up" in show(browser, served)
    there = post(
        browser, served, "register", email="p@example.com", password=PASSWORD, first_name="P&P"
    )
    assert (there.status_code, there.history[0].status_code) == (200, 303)
    assert "P&amp;P" in there.text

    post(browser, served, "profile", purpose="research", organization="O")
    made = post(browser, served, "keys", name="laptop")
    (key,) = re.findall(r"<code>([\w-]+\.[\w-]+)</code>", made.text)
    assert served.call("GET", "/v1/usage", key=key).status_code == 200
    prefix, _, secret = key.partition(".")
    listed = show(browser, served)
    assert prefix in listed
    assert secret not in listed
    assert "<option selected>research" in listed

    post(browser, served, "keys/delete", key=prefix)
    assert served.call("GET", "/v1/usage", key=key).status_code == 401
    assert prefix not in show(browser, served)
    copy = browser.cookies.copy()
    assert "Sign up" in post(browser, served, "sign-out").text
    old = requests.get(f"{served.url}/v1/sign-in", cookies=copy, timeout=60)
    assert old.status_code == 401


def test_another_password_signs_this_browser_out_too(
    served: Served, browser: requests.Session
) -> None:
    developer = new_developer(served)
    post(browser, served, "sign-in", email=developer.email, password=PASSWORD)
    wrong = post(browser, served, "password", **{**CHANGE, "old_password": "x"})
    assert (wrong.status_code, "This is not your password" in wrong.text) == (400, True)
    done = post(browser, served, "password", **CHANGE)
    assert "Sign up" in done.text
    assert developer.call("GET", "/v1/usage").status_code == 401


@pytest.mark.parametrize(
    ("form", "fields", "status", "sentence"),
    [
        ("sign-in", {"email": "nobody@example.com", "password": "wrong one"}, 401, "is wrong"),
        ("sign-in", {"email": "nobody@example.com"}, 400, "required"),
        ("register", {"email": "x@example.com", "password": "short"}, 400, "at least 8"),
        ("keys", {"name": "k"}, 401, "key is required"),
        ("keys/delete", {}, 401, "key is required"),
        ("password", {}, 401, "key is required"),
    ],
)
def test_what_is_wrong_is_said_on_the_page(
    served: Served,
    browser: requests.Session,
    form: str,
    fields: dict[str, str],
    status: int,
    sentence: str,
) -> None:
    answer = post(browser, served, form, **fields)
    assert answer.status_code == status
    (said,) = re.findall(r"role='alert'>([^<]*)<", answer.text)
    assert sentence in said


def test_a_page_of_another_site_signs_nobody_in_and_changes_nothing(
    served: Served, browser: requests.Session, jane: Developer
) -> None:
    post(browser, served, "sign-in", email=jane.email, password=PASSWORD)
    browser.headers["Origin"] = "https://evil.example"
    for form in ("sign-in", "register", "sign-out", "profile", "keys", "keys/delete", "password"):
        assert post(browser, served, form).status_code == 403, form
    del browser.headers["Origin"]
    assert "Signed in as" in show(browser, served)


def test_a_key_shows_usage_and_makes_no_keys(served: Served, jane: Developer) -> None:
    key = jane.call("POST", "/api-keys/").json()["key"]
    shown = served.call("GET", PAGE, key=key)
    assert "signed in with a key" in shown.text
    assert "Make a key" not in shown.text
    refused = served.call("POST", f"{PAGE}/keys", key=key, data={"name": "k"})
    assert refused.status_code == 403


def test_who_forgot_the_password_gets_a_code_by_mail(
    tmp_path: Path, browser: requests.Session
) -> None:
    with mail_server() as mails:
        settings = Settings(jobs=1, mail_url=Secret(mails.url), mail_from="us@example.org")
        with serving(tmp_path, settings=settings) as served:
            jane = new_developer(served)
            assert "Forgot the password" in show(browser, served)
            for email in (jane.email, "nobody@example.com"):
                asked = post(browser, served, "forgotten", email=email)
                assert "If there is an account of this address" in asked.text
            _, message = mails.mails.get(timeout=60)
            (code,) = [word for word in message.get_content().split() if word.count(".") == 2]
            wrong = post(browser, served, "reset", email=jane.email, code="x", **NEW)
            assert (wrong.status_code, "not valid" in wrong.text) == (400, True)
            done = post(browser, served, "reset", email=jane.email, code=code, **NEW)
            assert "Signed in as" in done.text
            assert jane.call("GET", "/v1/usage").status_code == 401

            path = "/api/auth/password-reset/"
            again = served.call("POST", path, json={"email": "nobody@example.com"})
            assert (again.status_code, list(again.json())) == (202, ["message"])
            said = {"email": jane.email, "code": code, **NEW}
            refused = served.call("POST", f"{path}confirm/", json=said)
            assert (refused.status_code, list(refused.json())) == (400, ["code"])


def test_without_mail_the_administrator_gives_other_passwords(
    served: Served, browser: requests.Session
) -> None:
    assert "Forgot" not in show(browser, served)
    said = {"email": "a@example.com", "code": "x", **NEW}
    for path in ("/api/auth/password-reset/", "/api/auth/password-reset/confirm/"):
        refused = served.call("POST", path, json=said)
        assert (refused.status_code, "administrator" in refused.text) == (403, True)
    for form in ("forgotten", "reset"):
        assert post(browser, served, form, **said).status_code == 403


def test_tries_are_throttled_and_closed_servers_say_so(
    tmp_path: Path, browser: requests.Session
) -> None:
    limits = limited(account_sign_ins_per_minute=1)
    with serving(tmp_path, limits=limits, options=AppOptions()) as served:
        assert "made by its administrator" in show(browser, served)
        assert post(browser, served, "register", email="a@example.com").status_code == 403
        tried = [post(browser, served, "sign-in", email="a@example.com", **WRONG) for _ in range(2)]
    assert [one.status_code for one in tried] == [401, 429]
    assert int(tried[1].headers["Retry-After"]) > 0
