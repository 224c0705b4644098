"""The page of datasets: made of what resources have in common, split, frozen, downloaded."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.builders import to_bytes
from tests.desk import Desk
from tests.serving import Served
from tests.stowed import new_slices
from tests.web.test_access import violations

pytestmark = [pytest.mark.judge("chromium"), pytest.mark.slow]


class Shelf:
    """The datasets of one account, and a page that shows them."""

    def __init__(self, page: Page, served: Served) -> None:
        self.page = page
        self.served = served
        self.key = served.new_key()
        self.rows = page.locator(".dataset")

    def open(self, path: str = "/app/datasets", title: str = "Datasets of other") -> None:
        self.page.goto(f"{self.served.url}{path}")
        self.page.locator(".account").click()
        self.page.get_by_label("Key", exact=True).fill(self.key)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_text(title)).to_be_visible()
        expect(self.page.locator("main:not([aria-busy])")).to_have_count(1)

    def add_resources(self, count: int, **said: str) -> list[str]:
        """Upload slices, each of another patient, and return the ids of the resources."""
        ids = []
        for number in range(count):
            one = new_slices()[0]
            one.PatientID = f"P{number}"
            files = {"resource": (f"{number}.dcm", to_bytes(one))}
            answer = self.served.call("POST", "/resources", key=self.key, data=said, files=files)
            assert answer.status_code == 201, answer.text
            ids.append(str(answer.json()["id"]))
        return ids

    def add_dataset(self, name: str, **said: object) -> str:
        body = {"name": name, **said}
        answer = self.served.call("POST", "/datasets", key=self.key, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def row(self, name: str) -> Locator:
        return self.rows.filter(has_text=name)


@pytest.fixture
def shelf(page: Page, served: Served, tmp_path: Path) -> Iterator[Shelf]:
    """Listen to the page, whatever it shows; at the end nothing may have gone wrong."""
    made = Desk(page, served, tmp_path)
    yield Shelf(page, served)
    assert made.complaints == []
    assert [url for url in made.addresses if not url.startswith(f"{served.url}/")] == []


def test_a_dataset_is_made_of_what_resources_have_in_common(shelf: Shelf) -> None:
    shelf.add_resources(2, channel="knees", labels="a,b", bypass_inbox="true")
    shelf.add_resources(1, channel="knees", labels="a", bypass_inbox="true")
    shelf.add_resources(1, channel="knees", labels="a,b")
    shelf.open()
    page = shelf.page

    page.get_by_role("button", name="New dataset").first.click()
    dialog = page.get_by_role("dialog", name="New dataset")
    expect(dialog).to_contain_text("3 resources fit")
    dialog.get_by_label("Name").fill("Knees")
    dialog.get_by_label("Description").fill("Left ones")
    dialog.get_by_label("Channel").select_option("knees")
    dialog.get_by_label("Labels").fill("a, b")
    expect(dialog).to_contain_text("2 resources fit")
    dialog.get_by_role("button", name="Create").click()

    expect(shelf.row("Knees")).to_contain_text("2 resources")
    shelf.row("Knees").get_by_role("button", name="Add resources to Knees").click()
    more = page.get_by_role("dialog", name="Add resources to Knees")
    more.get_by_label("Status").select_option("Any status")
    expect(more).to_contain_text("4 resources fit")
    more.get_by_role("button", name="Add").click()
    expect(shelf.row("Knees")).to_contain_text("4 resources")


def test_a_name_that_is_taken_is_refused_in_words(shelf: Shelf) -> None:
    shelf.add_dataset("Knees")
    shelf.open()
    expect(shelf.rows).to_have_count(1)
    shelf.page.keyboard.press("n")
    shelf.page.get_by_label("Name").fill("Knees")
    shelf.page.keyboard.press("Enter")
    expect(shelf.page.locator(".notice")).to_contain_text("There is a dataset of this name.")
    expect(shelf.rows).to_have_count(1)


def test_splits_and_versions_are_made_and_downloaded(shelf: Shelf, tmp_path: Path) -> None:
    ids = shelf.add_resources(6)
    dataset = shelf.add_dataset("Knees", resource_ids=ids)
    shelf.open()
    page, row = shelf.page, shelf.row("Knees")
    row.locator(".dataset-open").focus()
    page.keyboard.press("ArrowRight")
    expect(row).to_contain_text("6 in none")

    row.get_by_label("Percent of train").fill("60")
    row.get_by_role("button", name="Split").click()
    expect(row.get_by_role("alert")).to_have_text("The percents must be 100 together.")
    row.get_by_label("Percent of val").fill("0")
    row.get_by_label("Percent of test").fill("40")
    row.get_by_label("Seed").fill("7")
    row.get_by_role("button", name="Split").click()
    expect(row.locator(".split-now")).not_to_contain_text("in none")
    row.get_by_role("button", name="Make version 1").click()
    expect(row).to_contain_text("Nothing changed since version 1.")
    expect(row.get_by_role("button", name="Make version 2")).to_be_disabled()

    with page.expect_download() as begun:
        row.get_by_role("link", name="Download version 1 of Knees as zip").click()
    begun.value.save_as(tmp_path / "knees.zip")
    with zipfile.ZipFile(tmp_path / "knees.zip") as archive:
        said = json.loads(archive.read("dataset.json"))
        assert len(archive.namelist()) == 7
    assert row.locator("code").get_attribute("title") == said["sha256"]
    path = f"/datasets/{dataset}/splits"
    splits = shelf.served.call("GET", path, key=shelf.key).json()
    counts = {name: sum(one["split_name"] == name for one in splits) for name in ("train", "test")}
    assert sum(counts.values()) == 6
    assert said["splits"] == {name: count for name, count in counts.items() if count}
    expect(row.locator("tbody td").nth(2)).to_have_text(row.locator(".split-now").inner_text())


def test_a_version_stays_what_it_was_when_the_dataset_changes(shelf: Shelf) -> None:
    first, second = shelf.add_resources(2)
    dataset = shelf.add_dataset("Knees", resource_ids=[first])
    shelf.open()
    row = shelf.row("Knees")
    row.locator(".dataset-open").click()
    row.get_by_role("button", name="Make version 1").click()
    expect(row.locator("tbody tr")).to_have_count(1)
    added = {"resource_ids_to_add": [second]}
    path = f"/datasets/{dataset}/resources"
    assert shelf.served.call("POST", path, key=shelf.key, json=added).status_code == 200

    shelf.page.reload()
    row.locator(".dataset-open").click()
    row.get_by_role("button", name="Make version 2").click()

    versions = row.locator("tbody tr")
    expect(versions.locator("th")).to_have_text(["2", "1"])
    expect(versions.locator("td:nth-child(3)")).to_have_text(["2", "1"])
    expect(row.locator(".dataset-open")).to_be_focused()


def test_a_version_that_cannot_be_made_says_why(shelf: Shelf) -> None:
    shelf.add_dataset("Knees", resource_ids=shelf.add_resources(1))
    shelf.open()
    said = 'data: {"processedImages": 0, "totalImages": 1}\n\nevent: error\ndata: disk full\n\n'
    shelf.page.route(
        "**/download/dicom?*",
        lambda route: route.fulfill(content_type="text/event-stream", body=said),
    )
    row = shelf.row("Knees")
    row.locator(".dataset-open").click()
    row.get_by_role("button", name="Make version 1").click()
    expect(shelf.page.locator(".notice")).to_contain_text("Disk full.")
    expect(row.get_by_role("button", name="Make version 1")).to_be_enabled()


def test_resources_that_are_chosen_come_into_a_dataset(shelf: Shelf) -> None:
    shelf.add_resources(2)
    shelf.open("/app/resources", "Resources of other")
    page = shelf.page
    for name in ("0.dcm", "1.dcm"):
        page.get_by_label(f"Choose {name}").check()
        page.get_by_role("button", name="Add to a dataset").click()
        page.get_by_label("Dataset", exact=True).fill("Mine")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="added to Mine")).to_have_count(1)
        page.get_by_label(f"Choose {name}").uncheck()

    page.get_by_role("link", name="Datasets").click()

    expect(shelf.row("Mine")).to_contain_text("2 resources")


def test_deleting_asks_first_and_leaves_resources(shelf: Shelf) -> None:
    ids = shelf.add_resources(1)
    shelf.add_dataset("A", resource_ids=ids)
    shelf.add_dataset("B", resource_ids=ids)
    shelf.open()
    dialog = shelf.page.get_by_role("dialog", name="Delete this dataset?")
    shelf.row("A").locator(".dataset-open").focus()
    shelf.page.keyboard.press("ArrowDown")
    shelf.page.keyboard.press("Delete")
    dialog.get_by_role("button", name="Keep").click()
    expect(shelf.rows).to_have_count(2)
    shelf.page.get_by_role("button", name="Delete the dataset B").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(shelf.rows).to_have_count(1)
    assert shelf.served.call("GET", f"/resources/{ids[0]}", key=shelf.key).status_code == 200


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, served: Served, repository: Path, theme: str) -> None:
    page = browser.new_page(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
    shelf = Shelf(page, served)
    shelf.open()
    expect(page.get_by_text("Collect resources to learn from")).to_be_visible()
    assert violations(page, repository) == []
    ids = shelf.add_resources(1)
    dataset = shelf.add_dataset("Knees", resource_ids=ids, description="Left ones")
    assert shelf.served.call("POST", f"/datasets/{dataset}/versions", key=shelf.key).ok
    page.get_by_role("button", name="New dataset").first.click()
    assert violations(page, repository) == []
    page.get_by_role("button", name="Cancel").click()
    shelf.rows.locator(".dataset-open").click()
    expect(shelf.rows.locator("tbody tr")).to_have_count(1)
    assert violations(page, repository) == []
    page.set_viewport_size({"width": 400, "height": 800})
    assert violations(page, repository) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
