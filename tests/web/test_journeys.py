"""What people come for: a folder dropped, merged, looked at, downloaded."""

import re
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import Page, expect

from tests.desk import Desk

pytestmark = [pytest.mark.judge("chromium"), pytest.mark.slow]


def test_a_real_folder_is_dropped_merged_looked_at_and_downloaded(
    desk: Desk, shared_data: Path
) -> None:
    folder = shared_data / "dicom" / "series" / "ct_body_j2k_20"
    files = [path for path in folder.iterdir() if path.is_file()]
    desk.drop(folder)
    desk.wait_stored(len(files))
    desk.wait_image()

    desk.begin("merge")
    desk.wait_run()

    expect(desk.run).to_contain_text("Before")
    desk.run.get_by_role("button", name="Show").click()
    expect(desk.page.locator(".viewer-place")).to_have_text(re.compile(rf"\d+ / {len(files)}"))
    desk.wait_image()
    with desk.page.expect_download() as download:
        desk.run.get_by_role("link", name="Download").click()
    merged = pydicom.dcmread(download.value.path())
    assert merged.NumberOfFrames == len(files)
    assert download.value.suggested_filename.endswith("_multiframe.dcm")


def test_folders_in_folders_are_found_and_what_desktops_leave_is_not(desk: Desk) -> None:
    first, second = desk.slices(2)
    deep = desk.folder / "study" / "a" / "b"
    deep.mkdir(parents=True)
    first.rename(deep / "one.dcm")
    second.rename(desk.folder / "study" / "two.dcm")
    (desk.folder / "study" / ".DS_Store").write_bytes(b"x")

    desk.drop(desk.folder / "study")

    desk.wait_stored(2)


def test_hundreds_of_files_go_in_batches_of_forty(desk: Desk) -> None:
    paths = desk.slices(100)
    sent: list[str] = []
    desk.page.on("request", lambda one: sent.append(one.url) if "/api/upload/" in one.url else None)

    desk.add(paths)
    desk.wait_stored(100)

    assert len(sent) == 3
    expect(desk.page.locator(".series-card")).to_contain_text("100 images")


def test_slices_and_window_follow_mouse_and_presets(desk: Desk) -> None:
    desk.add(desk.slices(9))
    desk.wait_stored(9)
    desk.wait_image()
    place, shade = (desk.page.locator(f".viewer-{name}") for name in ("place", "shade"))
    expect(place).to_have_text("5 / 9")

    desk.page.get_by_role("slider", name="Slice").fill("2")
    expect(place).to_have_text("2 / 9")
    desk.page.get_by_role("button", name="Lung").click()
    expect(shade).to_have_text("C -600  W 1500")
    desk.page.mouse.move(700, 400)
    desk.page.mouse.down()
    desk.page.mouse.move(900, 400, steps=4)
    desk.page.mouse.up()

    expect(shade).to_have_text("C -600  W 3000")
    assert any("window=-600,3000" in address for address in desk.addresses)
    desk.page.mouse.dblclick(700, 400)
    expect(desk.page.get_by_role("button", name="As stored")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_headers_are_listed_and_searched(desk: Desk) -> None:
    desk.add(desk.slices(1))
    desk.wait_stored(1)
    desk.wait_image()

    desk.page.get_by_role("tab", name="Headers").click()
    desk.page.get_by_role("searchbox").fill("0028 rows")

    rows = desk.page.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("(0028,0010)")
    expect(rows).to_contain_text("64")


def test_several_results_are_listed_shown_and_come_as_one_archive(desk: Desk) -> None:
    desk.add(desk.slices(8))
    desk.wait_stored(8)

    desk.begin("export_png")
    desk.wait_run()

    expect(desk.page.locator(".output")).to_have_count(6)
    desk.page.get_by_role("button", name="Show all 8").click()
    expect(desk.page.locator(".output")).to_have_count(8)
    desk.page.locator(".output").first.get_by_role("button").click()
    expect(desk.page.locator(".preview img")).to_have_js_property("naturalWidth", 64)
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name=re.compile("zip")).click()
    assert download.value.suggested_filename.endswith(".zip")
    assert download.value.path().read_bytes().startswith(b"PK")


def test_a_video_plays(desk: Desk) -> None:
    desk.add(desk.slices(8))
    desk.wait_stored(8)

    desk.begin("export_video")
    desk.wait_run()
    desk.run.get_by_role("button", name="Show").click()

    desk.page.wait_for_function("() => document.querySelector('video')?.videoWidth === 64")


def test_facts_come_as_text(desk: Desk) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)

    desk.begin("summary")
    desk.wait_run()

    expect(desk.run.locator(".log")).to_contain_text("Total files: 2")


def test_results_can_be_worked_on_again(desk: Desk) -> None:
    desk.add(desk.slices(4))
    desk.wait_stored(4)
    desk.begin("merge")
    desk.wait_run()

    desk.page.get_by_text("Results", exact=True).last.click()
    desk.begin("split")
    desk.wait_run()

    expect(desk.run).to_contain_text("4 files")


def test_options_are_sent_and_the_sentence_says_what_will_happen(desk: Desk) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)
    card = desk.card("compress_lossless")
    card.get_by_role("button").first.click()

    card.get_by_label("Codec").select_option("jpegls")

    expect(card).to_contain_text("Encodes the pixels of 2 files as JPEG-LS")
    with desk.page.expect_request("**/api/process/**") as request:
        card.locator("button[type=submit]").click()
    assert request.value.post_data_json == {
        "action": "compress_lossless",
        "options": {"codec": "jpegls"},
    }
    desk.wait_run()


def test_identity_is_taken_out(desk: Desk) -> None:
    desk.add(desk.slices(1))
    desk.wait_stored(1)

    desk.begin("anonymize")
    desk.wait_run()

    with desk.page.expect_download() as download:
        desk.run.get_by_role("link", name="Download").click()
    assert pydicom.dcmread(download.value.path()).PatientIdentityRemoved == "YES"


def test_volview_is_opened_with_the_address_of_the_result(desk: Desk) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)
    desk.begin("merge")
    desk.wait_run()

    link = desk.run.get_by_role("link", name="Open in VolView")

    address = re.compile(r"/volview/\?urls=http.*%2Fapi%2Fview%2F")
    expect(link).to_have_attribute("href", address)


def test_a_reload_goes_on_where_it_was_and_sends_nothing_twice(desk: Desk) -> None:
    paths = desk.slices(3)
    desk.add(paths)
    desk.wait_stored(3)
    desk.begin("merge")
    desk.wait_run()

    desk.page.reload()

    desk.wait_image()
    desk.wait_run()
    uploads = [one for one in desk.addresses if "/api/upload/" in one]
    desk.add(paths)
    desk.wait_stored(3)
    assert [one for one in desk.addresses if "/api/upload/" in one] == uploads


def test_the_end_deletes_everything_after_a_question(desk: Desk) -> None:
    desk.add(desk.slices(1))
    desk.wait_stored(1)
    address = f"{desk.served.url}/api/session/{desk.session_id}"

    desk.page.get_by_role("button", name="End and delete").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="End and delete").click()

    expect(desk.page.get_by_role("heading", name=re.compile("Drop a folder"))).to_be_visible()
    assert desk.page.request.get(address).status == 404


def test_nothing_of_the_patient_is_in_titles_or_storage(desk: Desk, page: Page) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)
    desk.begin("merge")
    desk.wait_run()

    assert page.title() == "Isocenter"
    kept = page.evaluate("({...localStorage, ...sessionStorage})")
    assert kept == {"isocenter.session": desk.session_id}
