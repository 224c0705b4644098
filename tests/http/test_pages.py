"""The web tool: its page gives a cookie that owns sessions, and to nobody else."""

from pathlib import Path

import pytest
import requests

from isocenter.http.pages import WebTool
from tests.serving import Served


@pytest.fixture
def browser(served: Served) -> requests.Session:
    visitor = requests.Session()
    visitor.get(f"{served.url}/app", timeout=10)
    return visitor


def test_the_page_sets_a_cookie_that_scripts_and_other_sites_cannot_use(served: Served) -> None:
    answer = served.call("GET", "/app", key="")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_cookie_owns_the_sessions_made_with_it(
    served: Served, browser: requests.Session
) -> None:
    made = browser.post(f"{served.url}/api/session", timeout=10).json()["session_id"]
    path = f"/api/files/{made}"
    assert browser.get(served.url + path, timeout=10).status_code == 200
    assert served.call("GET", path).status_code == 404
    other = requests.Session()
    other.get(f"{served.url}/app", timeout=10)
    assert other.get(served.url + path, timeout=10).status_code == 404


def test_a_visitor_who_comes_back_is_the_same(served: Served, browser: requests.Session) -> None:
    made = browser.post(f"{served.url}/api/session", timeout=10).json()["session_id"]
    browser.get(f"{served.url}/app", timeout=10)
    assert browser.get(f"{served.url}/api/files/{made}", timeout=10).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
def test_another_sites_page_cannot_use_the_cookie(
    served: Served, browser: requests.Session, headers: dict[str, str]
) -> None:
    answer = browser.post(f"{served.url}/api/session", headers=headers, timeout=10)
    assert answer.status_code == 403


def test_the_own_page_can(served: Served, browser: requests.Session) -> None:
    headers = {"Origin": served.url, "Sec-Fetch-Site": "same-origin"}
    assert browser.post(f"{served.url}/api/session", headers=headers, timeout=10).status_code == 200


def test_the_root_leads_to_the_web_tool(served: Served) -> None:
    answer = served.call("GET", "/", key="", allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, "/app")


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fapp.py", "../http/app.py", "index.html"])
def test_files_that_are_not_there_are_404(served: Served, name: str) -> None:
    assert served.call("GET", f"/app/{name}", key="").status_code == 404


def test_built_files_are_found_once(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a.js").write_text("1")
    assert list(WebTool(None, tmp_path)._files) == ["assets/a.js"]  # type: ignore[arg-type]  # nobody asks it
