"""Who may see a Study that an address names, and with what the viewer asks for it again."""

import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from isocenter.http.viewer_links import read_addresses
from isocenter.services.viewer_table import VOLVIEW
from isocenter.services.viewers import install_viewer
from tests.builders import to_bytes
from tests.serving import Served, serving
from tests.stowed import Archived, archive_slices, new_slices
from tests.viewer_packages import fetch


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("site")
    install_viewer(VOLVIEW, folder / "viewers", fetch)
    with serving(folder) as served:
        yield served


@pytest.fixture(scope="module")
def archived(site: Served) -> Archived:
    return archive_slices(site)


def open_page(site: Served, address: str, **arguments: object) -> requests.Response:
    return requests.get(
        f"{site.url}/volview/",
        params={"urls": address},
        allow_redirects=False,
        timeout=60,
        **arguments,  # type: ignore[arg-type]  # passed on
    )


def shown(answer: requests.Response) -> str:
    """Return the address to which an answer leads the viewer."""
    assert answer.status_code == 303, answer.text
    query = urllib.parse.urlsplit(answer.headers["location"]).query
    (address,) = read_addresses(dict(urllib.parse.parse_qsl(query))["urls"])
    return address


def test_a_key_in_the_address_becomes_a_token_for_this_study_alone(
    site: Served, archived: Archived
) -> None:
    better = shown(open_page(site, f"{archived.study}?api_key={site.key}"))

    assert site.key not in better
    assert requests.get(better, timeout=60).status_code == 200
    assert open_page(site, better).status_code == 200
    other = archive_slices(site)
    elsewhere = better.replace(archived.study.rpartition("/")[2], other.study.rpartition("/")[2])
    assert requests.get(elsewhere, timeout=60).status_code == 401
    assert open_page(site, elsewhere).status_code == 401


def test_a_series_of_it_is_another_thing(site: Served, archived: Archived) -> None:
    better = shown(open_page(site, f"{site.url}{archived.series}?api_key={site.key}"))

    assert requests.get(better, timeout=60).status_code == 200
    assert "/series/" in better
    query = urllib.parse.urlsplit(better).query
    study = f"{site.url}/v1{archived.study.removeprefix('/dicom-web')}/slices.zip?{query}"
    assert requests.get(study, timeout=60).status_code == 401


def test_the_key_of_the_request_counts_too(site: Served, archived: Archived) -> None:
    better = shown(open_page(site, archived.study, headers={"X-API-Key": site.key}))

    assert requests.get(better, timeout=60).status_code == 200


def test_whoever_stored_it_in_the_web_tool_needs_no_token(site: Served) -> None:
    browser = requests.Session()
    browser.get(f"{site.url}/app", timeout=60)
    (dataset,) = new_slices(1)
    headers = {"Content-Type": "application/dicom"}
    stored = browser.post(
        f"{site.url}/dicom-web/studies", data=to_bytes(dataset), headers=headers, timeout=60
    )
    assert stored.status_code == 200
    address = f"/dicom-web/studies/{dataset.StudyInstanceUID}"

    answer = browser.get(
        f"{site.url}/volview/", params={"urls": address}, allow_redirects=False, timeout=60
    )

    better = shown(answer)
    assert better == f"{site.url}/v1/studies/{dataset.StudyInstanceUID}/slices.zip"
    assert browser.get(better, timeout=60).status_code == 200
    assert requests.get(better, timeout=60).status_code == 401


def test_whoever_says_nothing_is_asked_and_goes_on_with_a_token(
    site: Served, archived: Archived
) -> None:
    asked = open_page(site, f"{archived.study}?api_key=k.wrong")
    right = requests.post(
        f"{site.url}/volview/",
        data={"urls": archived.study, "key": site.key},
        allow_redirects=False,
        timeout=60,
    )

    assert asked.status_code == 401
    assert "k.wrong" not in asked.text
    assert "/slices.zip" in asked.text
    assert requests.get(shown(right), timeout=60).status_code == 200


def test_the_key_of_somebody_else_finds_nothing(site: Served, archived: Archived) -> None:
    answer = open_page(site, f"{archived.study}?api_key={site.new_key()}")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
