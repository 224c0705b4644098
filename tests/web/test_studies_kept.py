"""Results of a session are kept in the archive by one press."""

import pytest
from playwright.sync_api import expect

from tests.desk import Desk

pytestmark = [pytest.mark.judge("chromium"), pytest.mark.slow]


def test_results_are_kept_and_found_among_the_studies(desk: Desk) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)
    desk.begin("merge")
    desk.wait_run()
    keep = desk.run.get_by_role("button", name="Keep in the archive")

    keep.click()

    expect(desk.run.locator(".kept")).to_contain_text("1 file kept")
    keep.click()
    expect(desk.run.locator(".kept")).to_contain_text("1 file already there")
    desk.run.get_by_role("link", name="Show the studies").click()
    expect(desk.page.locator(".study")).to_have_count(1)
    expect(desk.page.locator(".study")).to_contain_text("1 instance")


def test_what_cannot_be_kept_is_named_with_the_reason(desk: Desk) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)
    desk.begin("merge")
    desk.wait_run()
    said = [
        {"name": "a.dcm", "status": "conflict", "reason": "Rows differs"},
        {"name": "b.dcm", "status": "present"},
    ]
    desk.page.route("**/keep", lambda route: route.fulfill(json={"kept": 1, "files": said}))

    desk.run.get_by_role("button", name="Keep in the archive").click()

    expect(desk.run.locator(".kept")).to_contain_text("1 file already there")
    expect(desk.run.locator(".kept .failure")).to_contain_text("Rows differs.")
