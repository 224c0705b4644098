"""The quarantine for programs and for people."""

import re
from collections.abc import Iterator

import pytest
import requests

from tests.http.test_uploads import put, settled, ticket
from tests.serving import Served, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("quarantine")) as server:
        yield server


def rejected(served: Served, content: bytes = b"<script>text</script>") -> str:
    given = served.call("POST", "/upload/", json={"files": [{"name": "<b>name</b>"}]}).json()[
        "uploads"
    ][0]
    put(given["url"], content)
    assert settled(served, given["key"])[0]["state"] == "rejected"
    return str(given["key"])


def signed_in(served: Served) -> requests.Session:
    """Return a browser that acts for the account of the key."""
    browser = requests.Session()
    browser.headers["Sec-Fetch-Site"] = "same-origin"
    browser.get(f"{served.url}/app", timeout=60)
    answer = browser.post(f"{served.url}/v1/sign-in", json={"key": served.key}, timeout=60)
    assert answer.ok, answer.text
    return browser


def test_rejected_upload_is_listed_and_given_out_as_a_file(served: Served) -> None:
    key = rejected(served)

    listed = served.call("GET", "/v1/quarantine?limit=1").json()["uploads"]
    file = served.call("GET", f"/v1/quarantine/{key}/file")

    assert [(one["key"], one["reason"]["code"]) for one in listed] == [(key, "not_dicom")]
    assert file.content == b"<script>text</script>"
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_nobody_else_reaches_it(served: Served) -> None:
    key, stranger = rejected(served), served.new_key()
    reader = served.platform.administration.create_key("reader", ["read"]).text
    place = f"/v1/quarantine/{key}"

    for method, path in (("GET", "/file"), ("POST", "/release"), ("DELETE", "")):
        assert served.call(method, place + path, key=stranger).status_code == 404
        assert served.call(method, place + path, key="").status_code == 401
    assert served.call("DELETE", place, key=reader).status_code == 403
    assert served.call("GET", "/v1/quarantine", key=stranger).json()["uploads"] == []


def test_release_tries_again_and_delete_ends_it(served: Served) -> None:
    key = rejected(served)
    place = f"/v1/quarantine/{key}"

    assert served.call("POST", f"{place}/release", json={"policy": "x"}).status_code == 400
    released = served.call("POST", f"{place}/release", json={"policy": "keep-both"})
    assert (released.status_code, released.json()["state"]) == (202, "received")
    assert settled(served, key)[0]["state"] == "rejected"
    assert served.call("DELETE", place).status_code == 204

    assert served.call("DELETE", place).status_code == 404
    assert served.call("GET", f"/upload/{key}").json()["reason"]["code"] == "deleted"


def test_page_shows_what_lies_there_and_acts_on_it(served: Served) -> None:
    key, other = rejected(served), rejected(served)
    browser = signed_in(served)

    page = browser.get(f"{served.url}/app/quarantine", timeout=60)

    assert page.status_code == 200
    assert "Not DICOM" in page.text
    assert "&lt;b&gt;name&lt;/b&gt;" in page.text
    assert "<b>name" not in page.text
    # Otherwise browsers say of our own forms that they come from nowhere.
    assert page.headers["Referrer-Policy"] == "same-origin"
    # Whoever hears the page knows which upload a button is for.
    assert len(set(re.findall(r'<button type="submit" aria-label="([^"]+)"', page.text))) >= 4
    place = f"{served.url}/app/quarantine/{key}"
    deleted = browser.post(place, data={"action": "delete"}, timeout=60)
    assert (deleted.status_code, "was deleted" in deleted.text) == (200, True)
    assert key not in deleted.text
    again = browser.post(f"{served.url}/app/quarantine/{other}", data={}, timeout=60)
    assert "waits for being registered" in again.text
    assert browser.post(place, data={"action": "delete"}, timeout=60).status_code == 409


def test_page_asks_who_is_not_signed_in_and_trusts_no_other_site(served: Served) -> None:
    key = rejected(served)
    nobody = requests.get(f"{served.url}/app/quarantine", timeout=60)
    browser = signed_in(served)
    browser.headers["Sec-Fetch-Site"] = "cross-site"

    forged = browser.post(
        f"{served.url}/app/quarantine/{key}", data={"action": "delete"}, timeout=60
    )

    assert (nobody.status_code, "Sign in" in nobody.text) == (401, True)
    assert forged.status_code == 403
    assert served.call("GET", f"/upload/{key}").json()["reason"]["code"] == "not_dicom"
    assert ticket(served)["key"]
