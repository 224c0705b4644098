"""The page of an account in a browser: signing up, a key, usage as a chart, dark and light."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from isocenter.services.developers import GENERATE, READ
from tests.serving import Served

pytestmark = [pytest.mark.judge("chromium"), pytest.mark.slow]
PASSWORD = "correct horse battery"  # noqa: S105 -- of a test


def violations(page: Page, repository: Path) -> list[str]:
    axe = repository / "web" / "node_modules" / "axe-core" / "axe.min.js"
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def sign_up(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/app/account")
    page.locator("#new-email").fill("browser@example.com")
    page.get_by_label("First name").fill("Ann")
    page.locator("#new-password").fill(PASSWORD)
    page.locator("#new-password").press("Enter")
    expect(page.get_by_text("Signed in as Ann")).to_be_visible()


def test_a_person_signs_up_makes_a_key_and_sees_what_was_used(
    browser: Browser, served: Served, repository: Path
) -> None:
    page = browser.new_page(color_scheme="light")
    page.goto(f"{served.url}/app/account")
    assert violations(page, repository) == []
    sign_up(page, served)
    page.get_by_label("Purpose").select_option("research")
    page.get_by_role("button", name="Keep").click()

    page.get_by_label("Name", exact=True).fill("laptop")
    page.get_by_role("button", name="Make a key").click()
    key = page.locator("pre code").inner_text()
    developers = served.platform.developers
    principal = served.platform.people_tokens.verify(key)
    for kind in (READ, READ, GENERATE):
        developers.take(principal, kind)
    page.get_by_role("link", name="Back to the account").click()

    expect(page.get_by_role("img", name="3 files in")).to_be_visible()
    expect(page.get_by_label("Files read: 2 of 1000")).to_be_visible()
    page.get_by_text("End …").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, repository) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.get_by_role("button", name="End the key laptop").click()
    expect(page.get_by_text("There are no keys yet")).to_be_visible()
    assert served.call("GET", "/v1/usage", key=key).status_code == 401
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign up")).to_be_visible()
    page.close()
