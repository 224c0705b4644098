"""OHIF in a real browser, on a real server: its study list, and images as somebody sees them.

The browser is signed in by the cookie of the web tool alone; so are the requests that store.
"""

import io
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from pydicom import Dataset, dcmread
from sqlalchemy import select

from isocenter.services.retrieval import Place
from isocenter.services.segmentations import plain_segments
from isocenter.services.viewer_table import OHIF
from isocenter.store.tables import archive_owners
from tests.builders import series, to_bytes, uid
from tests.serving import Served, serving
from tests.viewing import Grey, Listener, bright_ratio, chromium, picture_of, put_viewer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.judge("chromium", "npm"),
    pytest.mark.timeout(300),
]

SLICES = 12
ROW_MM, COLUMN_MM = 2.0, 1.0
BOX_ROWS, BOX_COLUMNS = slice(10, 40), slice(20, 80)
CENTER, WIDTH = 1200, 2400
WAIT_MS = 60_000
SKIPPED_TOUR = """localStorage.setItem(
    "investigationalUseDialog", JSON.stringify({ expiryDate: new Date(Date.now() + 1e9) })
)"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("site")
    put_viewer(OHIF, repository, folder)
    with serving(folder) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def page(browser: Browser, site: Served) -> Iterator[Page]:
    """Give a page with the cookie that the web tool gave; parsing OHIF again takes seconds."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(WAIT_MS)
    context.add_init_script(SKIPPED_TOUR)
    opened = context.new_page()
    opened.goto(f"{site.url}/app")
    yield opened
    context.close()


@pytest.fixture
def listener(page: Page, site: Served) -> Iterator[Listener]:
    """Listen; at the end nothing may have gone wrong or left this server."""
    made = Listener(page)
    yield made
    assert made.complaints == []
    assert made.foreign(site.url) == []


def store(page: Page, site: Served, files: Sequence[bytes]) -> None:
    """Store files as a page of this server would: the cookie says whose they are."""
    parts = [b"\r\n--x\r\nContent-Type: application/dicom\r\n\r\n" + data for data in files]
    answer = page.request.post(
        f"{site.url}/dicom-web/studies",
        data=b"".join(parts) + b"\r\n--x--\r\n",
        headers={
            "Content-Type": 'multipart/related; type="application/dicom"; boundary=x',
            "Origin": site.url,
        },
    )
    assert answer.status == 200, answer.text()


def phantom() -> list[Dataset]:
    """Return slices with a square box in the middle, the brighter the later the slice."""

    def draw(index: int, dataset: Dataset) -> None:
        samples = np.zeros((50, 100), np.uint16)
        samples[BOX_ROWS, BOX_COLUMNS] = stored_value(index)
        dataset.PixelData = samples.tobytes()
        dataset.WindowCenter, dataset.WindowWidth = CENTER, WIDTH
        dataset.RescaleIntercept, dataset.RescaleSlope = 0, 1
        dataset.PatientName = "Phantom^Box"

    return series(
        SLICES, rows=50, columns=100, spacing_mm=3, pixel_spacing_mm=(ROW_MM, COLUMN_MM), vary=draw
    )


def stored_value(index: int) -> int:
    return 1300 + 90 * index


def grey_of(value: float) -> float:
    """Return the grey value of a stored value (PS3.3 C.11.2.1.2.1)."""
    return float(np.clip(((value - (CENTER - 0.5)) / (WIDTH - 1) + 0.5) * 255, 0, 255))


def open_study(page: Page, site: Served, study_uid: str) -> Locator:
    """Open the viewer and return the first viewport."""
    page.goto(f"{site.url}/ohif/viewer?StudyInstanceUIDs={study_uid}")
    viewport = page.locator("[data-cy='viewport-pane']").first
    expect(viewport.locator("canvas").first).to_be_visible(timeout=WAIT_MS)
    return viewport


def wait_for_slice(viewport: Locator, number: int, count: int) -> None:
    expect(viewport).to_contain_text(re.compile(rf"\({number}/{count}\)"), timeout=WAIT_MS)


def centre_of(page: Page, viewport: Locator) -> float:
    return float(np.median(middle_of(page, viewport, 0.02)))


def middle_of(page: Page, viewport: Locator, part: float) -> Grey:
    """Return the middle of a viewport; at its edges are words and sliders."""
    box = viewport.locator("canvas").first.bounding_box()
    assert box is not None
    width, height = box["width"] * part, box["height"] * part
    left, top = box["x"] + (box["width"] - width) / 2, box["y"] + (box["height"] - height) / 2
    return picture_of(page, (left, top, width, height))


def wait_for_grey(page: Page, viewport: Locator, expected: float) -> None:
    """Wait until the middle has a grey value: what was asked for is drawn a moment later."""
    until = time.monotonic() + WAIT_MS / 1000
    while abs(centre_of(page, viewport) - expected) > 2:
        assert time.monotonic() < until, (centre_of(page, viewport), expected)
        page.wait_for_timeout(50)


def wait_for_picture(page: Page, viewport: Locator) -> Grey:
    """Wait until the middle of a viewport is not the same grey all over, and return it."""
    until = time.monotonic() + WAIT_MS / 1000
    while True:
        seen = middle_of(page, viewport, 0.6)
        if seen.std() > 8:
            return seen
        assert time.monotonic() < until, "nothing is drawn"
        page.wait_for_timeout(100)


def wait_for_other_picture(page: Page, viewport: Locator, before: Grey) -> None:
    until = time.monotonic() + WAIT_MS / 1000
    while np.array_equal(middle_of(page, viewport, 0.6), before):
        assert time.monotonic() < until, "it does not change"
        page.wait_for_timeout(100)


@pytest.mark.usefixtures("listener")
def test_the_list_leads_to_every_slice_in_its_window_and_proportions(
    site: Served, page: Page
) -> None:
    store(page, site, [to_bytes(one) for one in phantom()])

    page.goto(f"{site.url}/ohif/")
    row = page.get_by_role("row").filter(has_text="Phantom, Box")
    expect(row).to_contain_text("CT", timeout=WAIT_MS)
    row.dblclick()
    page.wait_for_url("**/ohif/viewer?*")

    viewport = page.locator("[data-cy='viewport-pane']").first
    wait_for_slice(viewport, 1, SLICES)
    viewport.locator("canvas").first.hover()
    shown = []
    for number in range(1, SLICES + 1):
        wait_for_slice(viewport, number, SLICES)
        # OHIF begins at the head.
        wait_for_grey(page, viewport, grey_of(stored_value(SLICES - number)))
        shown.append(centre_of(page, viewport))
        page.mouse.wheel(0, 100)
    assert shown == sorted(shown, reverse=True)
    assert len(set(shown)) == SLICES
    ratio = bright_ratio(middle_of(page, viewport, 0.75))
    height_mm, width_mm = 30 * ROW_MM, 60 * COLUMN_MM
    assert ratio == pytest.approx(height_mm / width_mm, rel=0.05)


@pytest.mark.usefixtures("odd_values_allowed", "listener")
@pytest.mark.parametrize(
    ("place", "kept", "count"),
    [
        pytest.param("series/ct_chest_60", slice(0, 60, 6), 10, id="CT"),
        pytest.param("series/pet_wb_299", slice(0, 299, 30), 10, id="PET"),
        pytest.param("siemens_xa30/11_DWI_dir80_PA.dcm", slice(0, 1), 39, id="enhanced MR"),
        pytest.param(
            "dicomparser/IM00001.implicit_little_endian.dcm", slice(0, 1), 8, id="US cine"
        ),
    ],
)
def test_real_images_are_shown_and_scroll(
    site: Served, page: Page, shared_data: Path, place: str, kept: slice, count: int
) -> None:
    path = shared_data / "dicom" / place
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    store(page, site, [file.read_bytes() for file in files[kept]])
    study_uid = str(dcmread(files[0], specific_tags=["StudyInstanceUID"]).StudyInstanceUID)

    viewport = open_study(page, site, study_uid)

    wait_for_slice(viewport, 1, count)
    first = wait_for_picture(page, viewport)
    viewport.locator("canvas").first.hover()
    page.mouse.wheel(0, 100)
    wait_for_slice(viewport, 2, count)
    wait_for_other_picture(page, viewport, first)


def tint_at(page: Page, viewport: Locator, right: int, down: int) -> tuple[int, int, int]:
    """Return red, green and blue so many pixels from the middle of a viewport."""
    box = viewport.locator("canvas").first.bounding_box()
    assert box is not None
    left, top = box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + down
    data = page.screenshot(clip={"x": left, "y": top, "width": 1, "height": 1})
    red, green, blue = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))[0, 0].tolist()
    return red, green, blue


@pytest.mark.usefixtures("listener")
def test_masks_lie_over_the_pixels_that_they_were_drawn_on(site: Served, page: Page) -> None:
    datasets = phantom()
    for index, one in enumerate(datasets):
        one.StudyInstanceUID, one.SeriesInstanceUID = uid("masks"), uid("masks", "series")
        one.SOPInstanceUID = uid("masks", index)
    store(page, site, [to_bytes(one) for one in datasets])
    with site.platform.engines.database.read() as connection:
        owner = connection.execute(select(archive_owners.c.owner)).scalar_one()
    labels = np.zeros((SLICES, 50, 100), np.uint8)
    labels[:, 15:25, 30:50], labels[:, 25:35, 50:70] = 1, 2
    place = Place(owner, uid("masks"), uid("masks", "series"))
    segments = plain_segments((1, 2), {1: "Upper", 2: "Lower"})
    site.platform.archive.segmentations.seg_of_masks(place, labels, segments, "Two masks")

    viewport = open_study(page, site, uid("masks"))
    wait_for_slice(viewport, 1, SLICES)
    page.get_by_text("Two masks").first.dblclick()

    until = time.monotonic() + WAIT_MS / 1000
    while True:
        upper, lower = tint_at(page, viewport, -40, -40), tint_at(page, viewport, 40, 40)
        # Orange and light blue, over grey.
        if upper[0] > upper[2] + 40 and lower[2] > lower[0] + 40:
            break
        assert time.monotonic() < until, (upper, lower)
        page.wait_for_timeout(100)
    for right, down in ((40, -40), (-40, 40)):
        red, green, blue = tint_at(page, viewport, right, down)
        assert max(red, green, blue) - min(red, green, blue) < 10
