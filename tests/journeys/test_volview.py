"""VolView in a real browser, on a real server: a merged file by its documented address.

The phantom is a bright box of 40 x 60 x 80 mm in slices 4 mm apart. Whoever takes the slices of a
multi-frame file for 1 mm apart shows it 20 mm high.
"""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from pydicom import Dataset

from isocenter.services.viewer_table import VOLVIEW
from tests.builders import series, to_bytes
from tests.serving import Served, serving
from tests.viewing import bright_ratio, chromium, put_viewer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.judge("chromium", "npm"),
    pytest.mark.timeout(300),
]

WIDTH_MM, DEPTH_MM, HEIGHT_MM = 40, 60, 80
# Height to width of the box in the axial, coronal and sagittal view.
PROPORTIONS = sorted((DEPTH_MM / WIDTH_MM, HEIGHT_MM / WIDTH_MM, HEIGHT_MM / DEPTH_MM))
WAIT_SECONDS = 120


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("site")
    put_viewer(VOLVIEW, repository, folder)
    with serving(folder) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1000, "height": 720})
    yield opened
    opened.close()


def phantom() -> list[Dataset]:
    """Return 40 slices of 80 x 100 pixels of 1 mm, 4 mm apart, with the box in the middle."""

    def draw(index: int, dataset: Dataset) -> None:
        samples = np.zeros((100, 80), np.uint16)
        if 10 <= index < 30:
            samples[20:80, 20:60] = 2000
        dataset.PixelData = samples.tobytes()
        dataset.WindowCenter, dataset.WindowWidth = 1000, 2000
        dataset.RescaleIntercept, dataset.RescaleSlope = 0, 1

    return series(40, rows=100, columns=80, spacing_mm=4, pixel_spacing_mm=(1, 1), vary=draw)


@pytest.fixture(scope="module")
def merged(site: Served) -> str:
    """Return the documented address of the merged phantom."""
    session_id = site.new_session()
    site.upload(session_id, *[(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(phantom())])
    (made,) = site.process(session_id, "merge").json()["output_files"]
    return f"{site.url}/api/view/{session_id}/{made['name']}"


def proportions(page: Page) -> list[float]:
    """Return height to width of what is bright in each view of planes, in ascending order."""
    screen = Image.open(io.BytesIO(page.screenshot())).convert("L")
    found = []
    for canvas in page.query_selector_all("canvas"):
        box = canvas.bounding_box()
        if box is None or box["width"] < 200:
            continue
        # Writing and sliders stand at the edges of a view.
        left, top = box["x"] + 0.1 * box["width"], box["y"] + 0.1 * box["height"]
        right, bottom = left + 0.8 * box["width"], top + 0.8 * box["height"]
        ratio = bright_ratio(
            np.asarray(screen.crop((int(left), int(top), int(right), int(bottom))))
        )
        if ratio is not None:
            found.append(ratio)
    return sorted(found)


def wait_for_planes(page: Page) -> list[float]:
    until = time.monotonic() + WAIT_SECONDS
    seen: list[float] = []
    while time.monotonic() < until:
        seen = proportions(page)
        if len(seen) == len(PROPORTIONS):
            return seen
        page.wait_for_timeout(1000)
    pytest.fail(f"the three planes did not appear, only {seen}")


def test_a_merged_file_is_shown_in_its_true_proportions(
    site: Served, merged: str, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{site.url}/volview/?urls={merged}?api_key={site.key}")
    seen = wait_for_planes(page)

    assert seen == pytest.approx(PROPORTIONS, rel=0.05)
    assert site.key not in page.url
    own = (site.url, f"blob:{site.url}", "data:")
    assert [url for url in asked if not url.startswith(own)] == []


def test_whoever_enters_a_key_gets_there_by_keyboard(site: Served, merged: str, page: Page) -> None:
    page.goto(f"{site.url}/volview/?urls={merged}")
    assert page.title() == "Sign in to see this"
    page.get_by_label("Key").focus()
    page.keyboard.type(site.key)
    page.keyboard.press("Enter")
    page.wait_for_url("**/volview/?urls=*slices*", wait_until="commit")

    assert site.key not in page.url
