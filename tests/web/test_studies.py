"""The page of the archive: signing in, searching, opening, storing, deleting."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from isocenter.services.retrieval import Place
from tests.builders import to_bytes, write_series
from tests.desk import Desk
from tests.serving import Served
from tests.stowed import new_slices, store
from tests.web.test_access import violations

pytestmark = [pytest.mark.judge("chromium"), pytest.mark.slow]

PEOPLE = (
    "Doe^Jane",
    "Yamada^Tarou=山田^太郎=やまだ^たろう",
    "Hong^Gildong=洪^吉洞=홍^길동",
)


class Shelf:
    """The archive of one account, and a page that shows it."""

    def __init__(self, page: Page, served: Served, key: str) -> None:
        self.page = page
        self.served = served
        self.key = key
        self.rows = page.locator(".study")

    def open(self) -> None:
        self.page.goto(f"{self.served.url}/app/studies")
        expect(self.page.get_by_role("heading", name="Studies", exact=True)).to_be_visible()

    def sign_in(self, key: str) -> None:
        self.page.locator(".account").click()
        self.page.get_by_label("Key", exact=True).fill(key)
        self.page.get_by_label("Key", exact=True).press("Enter")

    def open_signed_in(self) -> None:
        self.open()
        self.sign_in(self.key)
        expect(self.page.get_by_text("Archive of other")).to_be_visible()

    def add_study(self, name: str = PEOPLE[0], count: int = 1, **values: str) -> str:
        """Store a study in the archive and return its UID."""
        datasets = new_slices(count)
        for one in datasets:
            one.SpecificCharacterSet = "ISO_IR 192"
            one.PatientName = name
            for keyword, value in values.items():
                setattr(one, keyword, value)
        answer = store(self.served, *map(to_bytes, datasets), key=self.key)
        assert answer.status_code == 200, answer.text
        return str(datasets[0].StudyInstanceUID)

    def row(self, name: str) -> Locator:
        return self.rows.filter(has_text=name)

    def expect_names(self, *names: str) -> None:
        expect(self.rows.locator(".study-patient")).to_have_text([re.compile(n) for n in names])


@pytest.fixture
def shelf(desk: Desk) -> Shelf:
    return Shelf(desk.page, desk.served, desk.served.new_key())


@pytest.fixture
def desk(page: Page, served: Served, tmp_path: Path) -> Iterator[Desk]:
    """Listen to the page, whatever it shows; at the end nothing may have gone wrong."""
    made = Desk(page, served, tmp_path)
    yield made
    assert made.complaints == []
    assert [url for url in made.addresses if not url.startswith(f"{served.url}/")] == []


def test_a_key_opens_the_archive_of_its_account_until_signing_out(shelf: Shelf) -> None:
    shelf.add_study()
    shelf.open()
    expect(shelf.page.get_by_text("Drop DICOM files or folders here")).to_be_visible()

    shelf.sign_in("not.a-key")
    expect(shelf.page.get_by_role("alert").filter(has_text="not valid")).to_be_visible()
    expect(shelf.page.get_by_label("Key", exact=True)).to_be_focused()
    shelf.page.get_by_label("Key", exact=True).fill(shelf.key)
    shelf.page.keyboard.press("Enter")
    shelf.expect_names("Doe, Jane")

    shelf.page.reload()
    shelf.expect_names("Doe, Jane")
    shelf.page.get_by_role("button", name="Signed in as other").click()
    shelf.page.get_by_role("button", name="Sign out").click()
    expect(shelf.page.get_by_text("Archive of this browser alone")).to_be_visible()
    expect(shelf.rows).to_have_count(0)


def test_an_address_signs_in_once_and_leaves_no_trace(shelf: Shelf, browser: Browser) -> None:
    administration = shelf.served.platform.administration
    code = administration.create_sign_in_code(shelf.key.partition(".")[0])
    shelf.page.goto(f"{shelf.served.url}/app#sign-in={code}")
    expect(shelf.page.get_by_role("button", name="Signed in as other")).to_be_visible()
    assert shelf.page.url == f"{shelf.served.url}/app"

    other = browser.new_page()
    other.goto(f"{shelf.served.url}/app/studies#sign-in={code}")
    expect(other.locator(".notice")).to_contain_text("used before")
    other.locator(".notice").get_by_role("button", name="Sign in").click()
    expect(other.get_by_label("Key", exact=True)).to_be_visible()
    other.close()


def test_the_session_of_the_browser_is_there_again_after_signing_out(
    desk: Desk, shelf: Shelf
) -> None:
    desk.open()
    desk.add(desk.slices(1))
    desk.wait_stored(1)
    session_id = desk.session_id
    shelf.sign_in(shelf.key)
    expect(desk.page.get_by_role("button", name="Signed in as other")).to_be_visible()
    expect(desk.page.locator(".dropzone")).to_be_visible()

    desk.page.get_by_role("button", name="Signed in as other").click()
    desk.page.get_by_role("button", name="Sign out").click()

    desk.wait_image()
    assert desk.session_id == session_id


def test_studies_are_found_while_somebody_writes(shelf: Shelf) -> None:
    shelf.add_study(PEOPLE[0], StudyDate="20240103", StudyDescription="CHEST", PatientID="A12")
    shelf.add_study(PEOPLE[1], StudyDate="20240102", AccessionNumber="N77", PatientID="B34")
    shelf.add_study(PEOPLE[2], StudyDate="20200101", PatientID="B56")
    shelf.open_signed_in()
    shelf.expect_names("Doe, Jane", "Yamada, Tarou.*山田 太郎", "Hong, Gildong.*洪 吉洞")
    page = shelf.page

    for label, text, names in (
        ("Patient name", "tarou yam", ["Yamada"]),
        ("Patient name", "山田", ["Yamada"]),
        ("Patient name", "길동", ["Hong"]),
        ("Patient ID", "B", ["Yamada", "Hong"]),
        ("Description", "HES", ["Doe"]),
        ("Accession number", "N77", ["Yamada"]),
    ):
        page.get_by_label(label, exact=True).fill(text)
        shelf.expect_names(*names)
        page.get_by_label(label, exact=True).fill("")
        shelf.expect_names("Doe", "Yamada", "Hong")
    page.get_by_label("Study date").select_option("between")
    page.get_by_label("From").fill("2024-01-01")
    shelf.expect_names("Doe", "Yamada")
    page.get_by_label("Modality", exact=True).select_option("US")
    expect(page.get_by_text("No study matches")).to_be_visible()
    page.reload()
    expect(page.get_by_text("No study matches")).to_be_visible()
    assert "?" not in page.url
    page.get_by_role("button", name="Clear the search").click()
    shelf.expect_names("Doe", "Yamada", "Hong")
    expect(page.get_by_label("Patient name")).to_be_focused()


def test_rows_open_by_keyboard_to_series_with_pictures(shelf: Shelf) -> None:
    first = shelf.add_study(PEOPLE[0], StudyDate="20240102", count=2)
    shelf.add_study(PEOPLE[1], StudyDate="20240101")
    shelf.open_signed_in()
    page = shelf.page
    shelf.rows.first.locator(".study-open").focus()

    page.keyboard.press("ArrowDown")
    expect(shelf.rows.nth(1).locator(".study-open")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")

    tile = shelf.rows.first.locator(".series-tile")
    expect(tile).to_contain_text("2 instances")
    page.wait_for_function("() => document.querySelector('.tile-picture img')?.naturalWidth > 0")
    row = shelf.rows.first
    ohif = row.get_by_role("link", name="Open Doe, Jane in OHIF")
    assert ohif.get_attribute("href") == f"/ohif/viewer?StudyInstanceUIDs={first}"
    volview = row.get_by_role("link", name="Open Doe, Jane in VolView")
    assert volview.get_attribute("href") == f"/volview/?urls=/dicom-web/studies/{first}"
    page.keyboard.press("ArrowLeft")
    expect(tile).to_be_hidden()


def test_a_study_is_downloaded_as_it_is_stored(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add_study(count=2)
    shelf.open_signed_in()
    with shelf.page.expect_download() as begun:
        shelf.row("Doe, Jane").get_by_role("link", name="Download Doe, Jane as zip").click()
    begun.value.save_as(tmp_path / "study.zip")
    with zipfile.ZipFile(tmp_path / "study.zip") as archive:
        assert len(archive.namelist()) == 2


def test_files_are_stored_and_refusals_name_file_and_reason(desk: Desk, shelf: Shelf) -> None:
    shelf.open_signed_in()
    datasets = new_slices(3)
    paths = write_series(datasets, desk.folder / "sent")
    notes = desk.folder / "notes.txt"
    notes.write_text("no image")
    twin = datasets[0]
    twin.ImageComments = "other bytes"
    other = desk.folder / "twin.dcm"
    other.write_bytes(to_bytes(twin))

    desk.add(paths)
    expect(shelf.page.get_by_role("heading", name="3 files stored")).to_be_visible()
    expect(shelf.rows).to_have_count(1)
    expect(shelf.rows).to_contain_text("3 instances")
    desk.add([notes, other])

    expect(shelf.page.get_by_role("heading", name="3 files stored, 2 problems")).to_be_visible()
    shelf.page.locator(".upload summary").click()
    failed = shelf.page.locator(".file.is-failed")
    expect(failed.filter(has_text="twin.dcm")).to_contain_text("ImageComments differs")
    expect(failed.filter(has_text="notes.txt")).to_have_count(1)
    shelf.page.get_by_role("button", name="Dismiss").click()
    expect(shelf.page.locator(".upload")).to_be_hidden()


def test_deleting_asks_first_and_leaves_the_rest(shelf: Shelf) -> None:
    kept = shelf.add_study(PEOPLE[0], StudyDate="20240102")
    gone = shelf.add_study(PEOPLE[1], StudyDate="20240101")
    shelf.open_signed_in()
    row = shelf.row("Yamada")
    dialog = shelf.page.get_by_role("dialog", name="Delete this study?")

    row.get_by_role("button", name="Delete the study of Yamada, Tarou").click()
    dialog.get_by_role("button", name="Keep").click()
    shelf.expect_names("Doe", "Yamada")
    row.locator(".study-open").click()
    row.get_by_role("button", name=re.compile("^Delete the series")).click()
    named = shelf.page.get_by_role("dialog", name="Delete this series?")
    expect(named).to_contain_text("Yamada, Tarou")
    named.get_by_role("button", name="Delete").click()

    shelf.expect_names("Doe")
    owner = shelf.served.platform.keys.verify(shelf.key).id
    retrieval = shelf.served.platform.archive.retrieval
    assert len(retrieval.instances(Place(owner, kept))) == 1
    assert shelf.served.call("GET", f"/dicom-web/studies/{gone}", key=shelf.key).status_code == 404


def test_a_page_that_cannot_be_read_says_so_and_is_read_again(
    shelf: Shelf, context: BrowserContext
) -> None:
    shelf.add_study()
    context.route(
        "**/dicom-web/studies?*",
        lambda route: route.fulfill(status=503, json={"detail": "the database is busy"}),
        times=1,
    )
    shelf.open()
    expect(shelf.page.get_by_role("heading", name="The server is full")).to_be_visible()
    shelf.page.get_by_role("button", name="Try again").click()
    expect(shelf.page.get_by_text("Drop DICOM files or folders here")).to_be_visible()


def test_many_studies_come_in_pages(shelf: Shelf) -> None:
    datasets = [new_slices()[0] for _ in range(51)]
    for number, one in enumerate(datasets):
        one.PatientID, one.PatientName = f"P{number}", f"Name{number:02d}"
        one.StudyDate = f"2024{number // 28 + 1:02d}{number % 28 + 1:02d}"
    assert store(shelf.served, *map(to_bytes, datasets), key=shelf.key).status_code == 200
    shelf.open_signed_in()
    expect(shelf.rows).to_have_count(50)
    expect(shelf.page.get_by_text("1\u201350 of 51")).to_be_visible()

    shelf.page.get_by_role("button", name="Next page").click()

    shelf.expect_names("Name00")
    expect(shelf.rows.first.locator(".study-open")).to_be_focused()
    expect(shelf.page.get_by_role("button", name="Next page")).to_be_disabled()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, served: Served, repository: Path, theme: str) -> None:
    page = browser.new_page(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
    shelf = Shelf(page, served, served.new_key())
    shelf.add_study(PEOPLE[1])
    shelf.open()
    expect(page.get_by_text("Drop DICOM files or folders here")).to_be_visible()
    assert violations(page, repository) == []
    page.locator(".account").click()
    assert violations(page, repository) == []
    page.get_by_label("Key", exact=True).fill(shelf.key)
    page.keyboard.press("Enter")
    shelf.rows.locator(".study-open").click()
    expect(page.locator(".tile-text")).to_be_visible()
    assert violations(page, repository) == []
    page.set_viewport_size({"width": 400, "height": 800})
    assert violations(page, repository) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
