"""Viewers on a real server: files, and what the documented addresses lead to."""

import io
import re
import urllib.parse
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from isocenter.http.viewer_links import file_link, own_path, read_addresses
from isocenter.services.viewer_table import VOLVIEW
from isocenter.services.viewers import install_viewer
from isocenter.settings import Settings
from tests.builders import instance, series, to_bytes
from tests.serving import Served, serving
from tests.viewer_packages import fetch

PAGE = "text/html; charset=utf-8"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("site")
    install_viewer(VOLVIEW, folder / "viewers", fetch)
    with serving(folder) as served:
        yield served


@pytest.fixture(scope="module")
def volume(site: Served) -> tuple[str, str]:
    """Return session and name of a merged series, beside one of its slices."""
    session_id = site.new_session()
    slices = series(4, rows=16, columns=16)
    site.upload(session_id, *[(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(slices)])
    made = site.process(session_id, "merge").json()
    return session_id, made["output_files"][0]["name"]


def open_page(site: Served, query: str) -> requests.Response:
    """Ask as a browser does that has no key; redirects are not followed."""
    return requests.get(f"{site.url}/volview/?{query}", allow_redirects=False, timeout=60)


def shown(answer: requests.Response) -> list[str]:
    """Return the addresses to which an answer leads the viewer."""
    assert answer.status_code == 303, answer.text
    query = urllib.parse.urlsplit(answer.headers["location"]).query
    return read_addresses(dict(urllib.parse.parse_qsl(query))["urls"])


def documented(site: Served, session_id: str, name: str) -> str:
    return f"{site.url}/api/view/{session_id}/{name}"


def test_files_have_types_that_browsers_take(site: Served) -> None:
    types = {
        "": "text/html; charset=utf-8",
        "assets/index-73874c9b.js": "text/javascript; charset=utf-8",
        "fonts/roboto/400.css": "text/css; charset=utf-8",
        "itk/pipelines/dicom.wasm": "application/wasm",
        "itk/pipelines/dicom.wasm.zst": "application/zstd",
        "licenses/mdi/LICENSE": "application/octet-stream",
    }
    for path, media_type in types.items():
        answer = requests.get(f"{site.url}/volview/{path}", timeout=60)

        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == media_type
        assert "content-encoding" not in answer.headers
        assert answer.headers["content-security-policy"] == VOLVIEW.content_security_policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_never_changes_is_kept_and_the_rest_is_asked_for_again(site: Served) -> None:
    script = requests.get(f"{site.url}/volview/assets/index-73874c9b.js", timeout=60)
    start = requests.get(f"{site.url}/volview/", timeout=60)
    again = requests.get(
        f"{site.url}/volview/", headers={"If-None-Match": start.headers["etag"]}, timeout=60
    )
    part = requests.get(
        f"{site.url}/volview/assets/index-73874c9b.js",
        headers={"Range": "bytes=2-4"},
        timeout=60,
    )

    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert start.headers["cache-control"] == "public, no-cache"
    assert again.status_code == 304
    assert (part.status_code, part.content) == (206, b"234")


@pytest.mark.parametrize(
    "path", ["nothing.js", "manifest.json", "..%2f..%2fdatabase.sqlite3", "%2e%2e/x", "assets/"]
)
def test_only_files_of_the_manifest_are_there(site: Served, path: str) -> None:
    assert requests.get(f"{site.url}/volview/{path}", timeout=60).status_code == 404


def test_the_address_without_a_slash_leads_to_the_viewer(site: Served) -> None:
    answer = requests.get(f"{site.url}/volview?a=1", allow_redirects=False, timeout=60)

    assert answer.status_code == 308
    assert answer.headers["location"] == f"{site.url}/volview/?a=1"


def test_a_volume_is_shown_as_its_slices(site: Served, volume: tuple[str, str]) -> None:
    address = documented(site, *volume)

    (better,) = shown(open_page(site, f"urls={address}?api_key={site.key}"))

    assert site.key not in better
    archive = requests.get(better, timeout=60)
    assert archive.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert len(opened.namelist()) == 4
    # Now the viewer can show it: the page itself comes.
    start = open_page(site, urllib.parse.urlencode({"urls": better}))
    assert start.status_code == 200


def test_a_single_slice_is_shown_as_it_is(site: Served, volume: tuple[str, str]) -> None:
    session_id, _ = volume

    (better,) = shown(
        open_page(site, f"urls={documented(site, session_id, '0.dcm')}?api_key={site.key}")
    )

    assert better.startswith(f"{site.url}/api/view/{session_id}/")
    answer = requests.get(better, timeout=60)
    assert answer.headers["content-type"] == "application/dicom"
    assert answer.content == to_bytes(series(4, rows=16, columns=16)[0])
    assert open_page(site, urllib.parse.urlencode({"urls": better})).status_code == 200


def test_the_view_url_of_an_output_needs_no_key(site: Served, volume: tuple[str, str]) -> None:
    session_id, name = volume
    listed = site.call("GET", f"/api/files/{session_id}").json()["output"][0]

    (better,) = shown(open_page(site, f"urls={listed['view_url']}"))

    assert better.endswith(f"/{name}.zip")
    assert requests.get(better, timeout=60).status_code == 200


@pytest.mark.parametrize("alias", ["localhost", "127.0.0.1:1", "[::1]:8420"])
def test_other_names_of_this_machine_become_the_name_of_the_page(
    site: Served, volume: tuple[str, str], alias: str
) -> None:
    session_id, _ = volume
    query = f"urls=http://{alias}/api/view/{session_id}/0.dcm?api_key={site.key}"

    (better,) = shown(open_page(site, query))

    assert better.startswith(f"{site.url}/api/view/{session_id}/")


def test_other_pages_under_another_name_of_this_machine_too(site: Served) -> None:
    (better,) = shown(open_page(site, "urls=http://localhost:1/some/scan.nrrd?x=1"))

    assert better == f"{site.url}/some/scan.nrrd?x=1"


def test_addresses_of_others_are_left_to_the_viewer_and_its_policy(site: Served) -> None:
    assert open_page(site, "urls=https://other.test/a.dcm").status_code == 200


def test_several_addresses_are_put_right_each(site: Served, volume: tuple[str, str]) -> None:
    session_id, name = volume
    addresses = [documented(site, session_id, one) for one in ("0.dcm", name, "1.dcm")]
    query = urllib.parse.urlencode(
        {"urls": f"[{','.join(addresses)}]", "names": "[a,b,c]", "api_key": site.key}
    )

    answer = open_page(site, query)

    found = [file_link(own) for own in (own_path(one, site.url) for one in shown(answer)) if own]
    assert [one.kind for one in found if one] == ["view", "slices", "view"]
    assert "names" not in answer.headers["location"]
    assert site.key not in answer.headers["location"]


def test_a_cookie_that_owns_the_session_needs_no_token(site: Served) -> None:
    browser = requests.Session()
    browser.get(f"{site.url}/app", timeout=60)
    session_id = browser.post(f"{site.url}/api/session", timeout=60).json()["session_id"]
    parts = [("files", ("0.dcm", to_bytes(instance(rows=16, columns=16))))]
    browser.post(f"{site.url}/api/upload/{session_id}", files=parts, timeout=60)
    address = documented(site, session_id, "0.dcm")

    answer = browser.get(f"{site.url}/volview/?urls={address}", timeout=60, allow_redirects=False)

    assert answer.status_code == 200


def test_a_cookie_also_sees_the_slices_of_its_volume(site: Served) -> None:
    browser = requests.Session()
    browser.get(f"{site.url}/app", timeout=60)
    session_id = browser.post(f"{site.url}/api/session", timeout=60).json()["session_id"]
    slices = series(3, rows=16, columns=16)
    parts = [("files", (f"{k}.dcm", to_bytes(one))) for k, one in enumerate(slices)]
    browser.post(f"{site.url}/api/upload/{session_id}", files=parts, timeout=60)
    made = browser.post(
        f"{site.url}/api/process/{session_id}", json={"action": "merge"}, timeout=60
    ).json()
    address = documented(site, session_id, made["output_files"][0]["name"])

    answer = browser.get(f"{site.url}/volview/?urls={address}", timeout=60, allow_redirects=False)

    (better,) = shown(answer)
    assert better == f"{site.url}/api/slices/{session_id}/{made['output_files'][0]['name']}.zip"
    assert browser.get(better, timeout=60).status_code == 200
    assert requests.get(better, timeout=60).status_code == 401


def test_whoever_has_no_key_is_asked_for_one_and_goes_on(
    site: Served, volume: tuple[str, str]
) -> None:
    visitor = requests.Session()
    visitor.get(f"{site.url}/app", timeout=60)
    address = documented(site, *volume)
    asked = visitor.get(f"{site.url}/volview/?urls={address}", timeout=60)
    assert asked.status_code == 401
    assert asked.headers["content-type"] == PAGE
    assert "Basic" not in asked.headers.get("www-authenticate", "")
    hidden = re.search(r'name="urls" type="hidden" value="([^"]*)"', asked.text)
    assert hidden is not None
    assert hidden[1] == address

    wrong = visitor.post(
        f"{site.url}/volview/", data={"urls": address, "key": "k.wrong"}, timeout=60
    )
    right = visitor.post(
        f"{site.url}/volview/",
        data={"urls": address, "key": f" {site.key} "},
        timeout=60,
        allow_redirects=False,
    )

    assert wrong.status_code == 401
    assert 'role="alert"' in wrong.text
    assert "k.wrong" not in wrong.text
    (better,) = shown(right)
    assert site.key not in better
    assert requests.get(better, timeout=60).status_code == 200


@pytest.mark.parametrize("credential", ["?api_key=k.wrong", "?token=t.1.x", "?api_key="])
def test_a_wrong_credential_is_asked_about_and_not_repeated(
    site: Served, volume: tuple[str, str], credential: str
) -> None:
    answer = open_page(site, f"urls={documented(site, *volume)}{credential}")

    assert answer.status_code == 401
    assert "k.wrong" not in answer.text
    assert "t.1.x" not in answer.text


def test_a_token_is_good_for_its_file_alone(site: Served, volume: tuple[str, str]) -> None:
    session_id, name = volume
    (better,) = shown(open_page(site, f"urls={documented(site, *volume)}?api_key={site.key}"))
    token = better.split("/")[-2]

    assert (
        requests.get(
            f"{site.url}/api/slices/{session_id}/{token}/0.dcm.zip", timeout=60
        ).status_code
        == 401
    )
    assert (
        open_page(site, f"urls={site.url}/api/view/{session_id}/{token}/0.dcm").status_code == 401
    )
    assert (
        requests.get(f"{site.url}/api/view/{session_id}/{token}/{name}", timeout=60).status_code
        == 200
    )


def test_a_key_of_somebody_else_finds_nothing(site: Served, volume: tuple[str, str]) -> None:
    other = site.new_key()

    page = open_page(site, f"urls={documented(site, *volume)}?api_key={other}")
    archive = site.call("GET", f"/api/slices/{volume[0]}/{volume[1]}.zip", key=other)

    assert page.status_code == 404
    assert page.headers["content-type"] == PAGE
    assert archive.status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("0.dcm.zip", 400), ("0.dcm", 404), ("nothing.dcm.zip", 404)]
)
def test_archives_exist_of_volumes_only(
    site: Served, volume: tuple[str, str], name: str, status: int
) -> None:
    assert site.call("GET", f"/api/slices/{volume[0]}/{name}").status_code == status


def test_a_deleted_session_leaves_no_archive(site: Served) -> None:
    session_id = site.new_session()
    slices = series(3, rows=16, columns=16)
    site.upload(session_id, *[(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(slices)])
    name = site.process(session_id, "merge").json()["output_files"][0]["name"]
    path = f"/api/slices/{session_id}/{name}.zip"
    assert site.call("GET", path).status_code == 200

    site.call("DELETE", f"/api/session/{session_id}")

    assert site.call("GET", path).status_code == 404


@pytest.mark.parametrize("body", ["", "key=1", "urls="])
def test_a_form_that_names_nothing_is_refused(site: Served, body: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = requests.post(f"{site.url}/volview/", data=body, headers=headers, timeout=60)

    assert answer.status_code == 400


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x>', "%00", "[,]", "]["])
def test_whatever_is_asked_for_is_only_text(
    site: Served, volume: tuple[str, str], text: str
) -> None:
    addresses = f"[{documented(site, *volume)},{text}]"
    answer = open_page(site, urllib.parse.urlencode({"urls": addresses}))
    alone = open_page(site, urllib.parse.urlencode({"urls": text}))

    assert answer.status_code == 401
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert alone.status_code == 200


def test_too_many_addresses_are_refused(site: Served) -> None:
    query = urllib.parse.urlencode({"urls": f"[{','.join(['/a'] * 2001)}]"})

    assert open_page(site, query).status_code == 400


def test_without_the_viewer_a_page_says_how_to_get_it(served: Served) -> None:
    answer = requests.get(f"{served.url}/volview/", timeout=60)

    assert answer.status_code == 503
    assert "isocenter viewers install" in answer.text


def test_where_the_id_is_enough_no_key_is_asked_for(tmp_path: Path) -> None:
    install_viewer(VOLVIEW, tmp_path / "viewers", fetch)
    with serving(tmp_path, settings=Settings(view_by_id=True)) as site:
        session_id = site.new_session()
        site.upload(session_id, ("0.dcm", to_bytes(instance(rows=16, columns=16))))

        (better,) = shown(open_page(site, f"urls={documented(site, session_id, '0.dcm')}"))

        assert requests.get(better, timeout=60).status_code == 200
