"""The built page: small, of one piece, nothing remote; and the unit tests of its TypeScript."""

import re
import subprocess
import urllib.parse
from pathlib import Path

import pytest

from isocenter.http.pages import BUILT
from tests.serving import Served

pytestmark = [pytest.mark.judge("npm"), pytest.mark.slow]

# What one page loads, its script and its share of the common ones; and all pages together.
PAGE_BYTES_MAX = 120_000
BUILT_BYTES_MAX = 180_000
PAGES = ("/app", "/app/studies", "/app/resources", "/app/datasets")


def test_the_unit_tests_of_the_typescript_pass(repository: Path) -> None:
    tested = subprocess.run(
        ["npm", "--prefix", "web", "--silent", "test"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_the_built_pages_are_small_and_ask_nobody_else() -> None:
    files = [path for path in BUILT.rglob("*") if path.is_file()]

    assert sum(path.stat().st_size for path in files) < BUILT_BYTES_MAX
    for page in BUILT.glob("*.html"):
        assert sum(path.stat().st_size for path in _loaded(page)) < PAGE_BYTES_MAX, page.name
    for path in files:
        named = set(re.findall(r"https?://[^\s\"'`)]+", path.read_text(encoding="utf-8")))
        assert {address for address in named if "www.w3.org" not in address} == set(), path.name


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_script_or_style_of_its_own(served: Served, path: str) -> None:
    answer = served.call("GET", path, key="")

    assert re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", answer.text) is None
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "page"),
    [("/", "/app"), ("/app/", "/app"), *((f"{page}/", page) for page in PAGES[1:])],
)
def test_a_page_has_one_address(served: Served, path: str, page: str) -> None:
    answer = served.call("GET", path, key="")
    assert answer.url == f"{served.url}{page}"
    assert answer.status_code == 200
    assert served.call("GET", f"{page}.html", key="").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_every_file_that_a_page_names_is_served(served: Served, path: str) -> None:
    page = served.call("GET", path, key="").text

    names = re.findall(r'(?:src|href)="([^"]+)"', page)

    assert len(names) == 3
    for name in names:
        answer = served.call("GET", urllib.parse.urljoin(path, name), key="")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


def _loaded(page: Path) -> set[Path]:
    """Return what a browser loads for a page: what it names, and what that names."""
    loaded, found = set[Path](), {page}
    while found:
        loaded |= found
        texts = [path.read_text(encoding="utf-8") for path in found]
        names = {name for text in texts for name in re.findall(r"[\w-]+\.(?:js|css|svg)", text)}
        found = {path for path in (BUILT / "assets").iterdir() if path.name in names} - loaded
    return loaded
