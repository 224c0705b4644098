"""The page of resources: uploading, searching, looking, labelling, publishing, deleting."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.builders import to_bytes
from tests.desk import Desk
from tests.serving import Served
from tests.stowed import new_slices
from tests.web.test_access import violations

pytestmark = [pytest.mark.judge("chromium"), pytest.mark.slow]


class Bench:
    """The resources of one account, and a page that shows them."""

    def __init__(self, page: Page, served: Served) -> None:
        self.page = page
        self.served = served
        self.key = served.new_key()
        self.rows = page.locator(".resource")

    def open(self) -> None:
        self.page.goto(f"{self.served.url}/app/resources")
        self.page.locator(".account").click()
        self.page.get_by_label("Key", exact=True).fill(self.key)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_text("Resources of other")).to_be_visible()
        self.settle()

    def settle(self) -> None:
        """Wait until the page shows what it asked for."""
        expect(self.page.locator("main:not([aria-busy])")).to_have_count(1)

    def add(self, name: str, data: bytes, **said: str) -> str:
        """Upload a resource and return its id."""
        files = {"resource": (name, data)}
        answer = self.served.call("POST", "/resources", key=self.key, data=said, files=files)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def stored(self, **query: str) -> list[dict[str, object]]:
        """Return what the server has, by name."""
        answer = self.served.call("GET", "/resources?limit=100", key=self.key, params=query)
        found = answer.json()["data"][0]["resources"]
        return sorted(found, key=lambda one: str(one["filename"]))

    def row(self, name: str) -> Locator:
        return self.rows.filter(has_text=name)

    def tab(self, name: str) -> Locator:
        return self.page.get_by_role("tab", name=name)

    def expect_names(self, *names: str) -> None:
        expect(self.rows.locator(".resource-name .study-main")).to_have_text(list(names))

    def expect_counts(self, inbox: int, published: int, archived: int) -> None:
        counts = [str(inbox), str(published), str(archived)]
        expect(self.page.locator(".tab-count")).to_have_text(counts)


@pytest.fixture
def desk(page: Page, served: Served, tmp_path: Path) -> Iterator[Desk]:
    """Listen to the page, whatever it shows; at the end nothing may have gone wrong."""
    made = Desk(page, served, tmp_path)
    yield made
    assert made.complaints == []
    assert [url for url in made.addresses if not url.startswith(f"{served.url}/")] == []


@pytest.fixture
def bench(desk: Desk) -> Bench:
    return Bench(desk.page, desk.served)


def test_files_are_uploaded_into_a_channel_with_labels(bench: Bench, desk: Desk) -> None:
    bench.add("old.png", picture(), channel="knees")
    bench.open()
    paths = [desk.folder / "one.png", desk.folder / "two.txt"]
    paths[0].write_bytes(picture())
    paths[1].write_text("words")

    desk.drop(*paths)
    dialog = bench.page.get_by_role("dialog", name="Upload 2 files")
    dialog.get_by_label("Channel").fill("knees")
    dialog.get_by_label("Labels").fill("ACL tear, left")
    dialog.get_by_role("button", name="Upload").click()

    expect(bench.page.get_by_role("heading", name="2 files stored")).to_be_visible()
    bench.expect_counts(3, 0, 0)
    expect(bench.row("two.txt").locator(".badge")).to_have_text(["ACL tear", "left"])
    expect(bench.row("one.png")).to_contain_text("knees")
    assert [one["upload_mechanism"] for one in bench.stored()] == ["api", "web", "web"]


def test_a_refused_file_is_named_with_the_reason(bench: Bench, desk: Desk) -> None:
    bench.open()
    path = desk.folder / "one.png"
    path.write_bytes(picture())
    said = {"message": "the channel is full"}
    bench.page.route("**/resources", lambda route: route.fulfill(status=400, json=said), times=1)

    desk.add([path])
    bench.page.get_by_role("button", name="Upload").click()

    expect(bench.page.get_by_role("heading", name="0 files stored, 1 problem")).to_be_visible()
    bench.page.locator(".upload summary").click()
    expect(bench.page.locator(".file.is-failed")).to_contain_text("the channel is full")
    bench.page.get_by_role("button", name="Try again").click()
    bench.expect_names("one.png")


def test_resources_are_found_by_name_channel_labels_type_modality_and_day(bench: Bench) -> None:
    bench.add("knee left 1.png", picture(), channel="knees", labels="acl,left")
    bench.add("knee right.txt", b"words", channel="knees", labels="acl", bypass_inbox="true")
    bench.add("slice.dcm", to_bytes(new_slices()[0]), labels="left")
    bench.open()
    bench.expect_names("slice.dcm", "knee left 1.png")
    page = bench.page

    for label, text, names in (
        ("Name", "LEFT 1", ["knee left 1.png"]),
        ("Labels", "left, acl", ["knee left 1.png"]),
        ("Modality", "CT", ["slice.dcm"]),
    ):
        page.get_by_label(label, exact=True).fill(text)
        bench.expect_names(*names)
        page.get_by_label(label, exact=True).fill("")
        bench.expect_names("slice.dcm", "knee left 1.png")
    page.get_by_label("Upload date").select_option("0")
    page.get_by_label("Type").select_option("application/dicom")
    bench.expect_names("slice.dcm")
    page.get_by_label("Type").select_option("")
    page.get_by_label("Channel").select_option("knees")
    bench.expect_names("knee left 1.png")
    bench.expect_counts(1, 1, 0)
    bench.tab("Published").click()
    bench.expect_names("knee right.txt")
    page.reload()
    bench.expect_names("knee right.txt")
    assert "?" not in page.url
    page.get_by_label("Name", exact=True).fill("nothing")
    expect(page.get_by_text("No resource matches")).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    bench.expect_counts(2, 1, 0)


def test_many_are_published_archived_and_deleted_by_keyboard(bench: Bench) -> None:
    for number in range(4):
        bench.add(f"{number}.png", picture(number))
    bench.open()
    page = bench.page
    bench.rows.first.locator(".resource-open").focus()

    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.keyboard.press("p")
    page.get_by_role("dialog", name="Publish 2 resources?").get_by_text("Publish").last.click()
    bench.expect_names("1.png", "0.png")
    bench.expect_counts(2, 2, 0)
    bench.rows.first.locator(".resource-open").focus()
    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_role("button", name="Archive").click()
    bench.expect_counts(1, 2, 1)
    bench.tab("Archived").focus()
    page.keyboard.press("ArrowLeft")
    bench.expect_names("3.png", "2.png")
    page.keyboard.press("a")
    page.keyboard.press("Delete")
    dialog = page.get_by_role("dialog", name="Delete 2 resources?")
    dialog.get_by_role("button", name="Keep").click()
    bench.expect_counts(1, 2, 1)
    page.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nothing is published yet")).to_be_visible()
    bench.expect_counts(1, 0, 1)
    assert [one["status"] for one in bench.stored()] == ["inbox", "archived"]


def test_labels_are_put_on_by_keys_while_somebody_looks(bench: Bench) -> None:
    for number in range(3):
        bench.add(f"{number}.png", picture(number), labels="b" if number == 0 else "")
    bench.open()
    page = bench.page
    bench.row("2.png").locator(".resource-open").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="2.png")

    expect(dialog.get_by_role("button", name="b", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )
    page.keyboard.press("1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("l")
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")

    expect(bench.row("1.png").locator(".resource-open")).to_be_focused()
    expect(bench.row("1.png").locator(".badge")).to_have_text(["a"])
    bench.settle()
    assert [one["labels"] for one in bench.stored()] == [["b"], ["a"], ["b"]]
    page.keyboard.press("a")
    page.keyboard.press("l")
    toggle = page.get_by_role("button", name=re.compile("^b"))
    expect(toggle).to_have_attribute("aria-pressed", "mixed")
    page.keyboard.press("2")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Done").click()
    expect(bench.row("1.png").locator(".badge")).to_have_text(["a", "b"])
    bench.settle()
    assert [one["labels"] for one in bench.stored()] == [["b"], ["a", "b"], ["b"]]


def test_labels_that_are_not_saved_are_not_shown_for_long(bench: Bench) -> None:
    bench.add("0.png", picture(), labels="a")
    bench.open()
    bench.page.route(
        "**/resources/tags",
        lambda route: route.fulfill(status=400, json={"message": "no more labels"}),
    )
    bench.row("0.png").locator(".resource-open").click()

    bench.page.keyboard.press("1")
    bench.page.keyboard.press("Escape")

    expect(bench.page.locator(".notice")).to_contain_text("No more labels")
    expect(bench.row("0.png").locator(".badge")).to_have_text(["a"])


def test_pictures_frames_and_words_are_shown(bench: Bench) -> None:
    bench.add("3 words.txt", b"some words")
    bench.add("2 picture.png", picture())
    slices = new_slices()
    slices[0].NumberOfFrames = "2"
    slices[0].PixelData = slices[0].PixelData * 2
    bench.add("1 frames.dcm", to_bytes(slices[0]))
    bench.open()
    page = bench.page

    bench.row("1 frames.dcm").locator(".resource-open").click()
    shown = page.locator(".preview-picture img")
    _expect_picture(shown)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_alt_text("Frame 2 of 1 frames.dcm")).to_be_visible()
    _expect_picture(shown)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_alt_text("Picture 2 picture.png")).to_be_visible()
    _expect_picture(shown)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".preview-text")).to_have_text("some words")
    expect(page.get_by_role("button", name="Resource after")).to_be_disabled()


def test_dicom_opens_in_the_viewers(bench: Bench) -> None:
    one = new_slices()[0]
    bench.add("slice.dcm", to_bytes(one))
    bench.open()

    ohif = bench.row("slice.dcm").get_by_role("link", name="Open slice.dcm in OHIF")
    assert ohif.get_attribute("href") == f"/ohif/viewer?StudyInstanceUIDs={one.StudyInstanceUID}"
    volview = bench.row("slice.dcm").get_by_role("link", name="Open slice.dcm in VolView")
    series = f"/dicom-web/studies/{one.StudyInstanceUID}/series/{one.SeriesInstanceUID}"
    assert volview.get_attribute("href") == f"/volview/?urls={series}"


def test_all_of_many_pages_are_published_at_once(bench: Bench) -> None:
    data = picture()
    for number in range(52):
        bench.add(f"{number:02d}.png", data)
    bench.open()
    expect(bench.rows).to_have_count(50)
    page = bench.page
    page.get_by_role("button", name="Next page").click()
    bench.expect_names("01.png", "00.png")
    expect(bench.rows.first.locator(".resource-open")).to_be_focused()
    page.get_by_role("button", name="Previous page").click()
    expect(page.locator(".archive-head")).to_contain_text("1\u201350 of 52")

    page.get_by_label("Choose all of this page").check()
    page.get_by_role("button", name="Choose all 52").click()
    expect(page.get_by_text("52 chosen", exact=True)).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()

    bench.expect_counts(0, 52, 0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, served: Served, repository: Path, theme: str) -> None:
    page = browser.new_page(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
    bench = Bench(page, served)
    bench.open()
    assert violations(page, repository) == []
    bench.add("slice.dcm", to_bytes(new_slices()[0]), labels="a,b", channel="c")
    page.get_by_label("Name", exact=True).fill("slice")
    bench.rows.get_by_role("checkbox").check()
    assert violations(page, repository) == []
    page.get_by_role("button", name="Labels", exact=True).click()
    assert violations(page, repository) == []
    page.get_by_role("button", name="Done").click()
    page.set_viewport_size({"width": 400, "height": 800})
    assert violations(page, repository) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    bench.rows.locator(".resource-open").click()
    expect(page.locator(".preview-picture img")).to_be_visible()
    assert violations(page, repository) == []
    page.close()


def picture(shade: int = 0) -> bytes:
    """Return a small PNG picture."""
    made = io.BytesIO()
    Image.new("L", (16, 16), 40 * shade + 20).save(made, "PNG")
    return made.getvalue()


def _expect_picture(shown: Locator) -> None:
    expect(shown).to_have_js_property("complete", value=True)
    assert cast("int", shown.evaluate("image => image.naturalWidth")) > 0
