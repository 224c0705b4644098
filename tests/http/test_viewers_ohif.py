"""OHIF's files on a real server: its pages, its configuration, and what is not there."""

from collections.abc import Iterator

import pytest
import requests

from isocenter.http.app import AppOptions
from isocenter.services.viewer_table import OHIF
from isocenter.services.viewers import install_viewer
from tests.serving import Served, serving
from tests.viewer_packages import OHIF_DIGEST, fetch

PREFIX = {"X-Forwarded-Prefix": "/images"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("site")
    install_viewer(OHIF, folder / "viewers", fetch)
    with serving(folder, options=AppOptions(behind_proxy=True)) as served:
        yield served


def get(site: Served, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{site.url}/ohif/{path}", headers=headers, timeout=60)


@pytest.mark.parametrize("path", ["", "viewer?StudyInstanceUIDs=1.2.3", "segmentation/dicomweb"])
def test_every_page_of_it_is_the_first_page(site: Served, path: str) -> None:
    answer = get(site, path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["content-security-policy"] == OHIF.content_security_policy
    assert '"/app' not in answer.text
    assert f'src="/ohif/app.bundle.{OHIF_DIGEST}.js"' in answer.text
    assert answer.text.count('window.PUBLIC_URL="/ohif/"') == 2
    assert "manifest" not in answer.text
    assert "service-worker" not in answer.text


def test_behind_a_proxy_it_finds_itself_where_the_proxy_shows_it(site: Served) -> None:
    answer = get(site, "viewer", **PREFIX)

    assert '"/ohif/' not in answer.text
    assert 'src="/images/ohif/app-config.js"' in answer.text
    assert answer.text.count('window.PUBLIC_URL="/images/ohif/"') == 2


def test_its_bundles_and_styles_find_others_beside_themselves(site: Served) -> None:
    bundle = get(site, f"app.bundle.{OHIF_DIGEST}.js")
    style = get(site, "app.bundle.css")

    assert '.p = "/"' not in bundle.text
    assert bundle.headers["content-type"] == "text/javascript; charset=utf-8"
    assert style.text.startswith("url(a34f9d1faa5f3315.woff2)")
    assert get(site, "37fa160cc3a47cfd.wasm").headers["content-type"] == "application/wasm"


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("100.bundle.cb02411ce321d4e4.js", True),
        ("37fa160cc3a47cfd.wasm", True),
        (f"app.bundle.{OHIF_DIGEST}.js", False),  # patched: the digest is of other bytes
        ("app.bundle.css", False),
        ("app-config.js", False),
    ],
)
def test_names_with_a_digest_of_their_bytes_are_kept_for_ever(
    site: Served, path: str, *, is_kept: bool
) -> None:
    answer = get(site, path)
    again = get(site, path, **{"If-None-Match": answer.headers["etag"]})

    assert ("immutable" in answer.headers["cache-control"]) == is_kept
    assert again.status_code == 304


def test_it_reads_our_archive_and_nothing_that_an_address_names(site: Served) -> None:
    config = get(site, "app-config.js").text
    sources = get(site, "89.bundle.b327bf3664812958.js").text

    assert "theirs" not in config
    assert config.count("namespace:") == 1
    assert "/dicom-web" in config
    assert "http" not in config.replace("httpErrorHandler", "")
    assert "'dicomweb'" in sources
    assert "dicomjson" not in sources
    assert "dicomwebproxy" not in sources


@pytest.mark.parametrize(
    "path",
    [
        "sw.js",
        "init-service-worker.js",
        "ort/ort-wasm.wasm",
        "dicom-microscopy-viewer/dicomMicroscopyViewer.min.js",
        "100.bundle.cb02411ce321d4e4.js.map",
        "manifest.json",
    ],
)
def test_what_it_does_not_need_is_not_there(site: Served, path: str) -> None:
    assert get(site, path).status_code == 404
