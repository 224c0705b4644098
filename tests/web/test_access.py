"""For everybody: by keyboard alone, for screen readers, dark and light, calm, on small screens."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.desk import Desk

pytestmark = [pytest.mark.judge("chromium"), pytest.mark.slow]

AXE = "web/node_modules/axe-core/axe.min.js"


def violations(page: Page, repository: Path) -> list[str]:
    """Return what axe-core finds, of any weight."""
    # Contrast is that of what stays, not of what is fading in.
    page.evaluate(
        "Promise.allSettled(document.getAnimations()"
        ".filter((one) => one.effect.getComputedTiming().endTime !== Infinity)"
        ".map((one) => one.finished))"
    )
    page.evaluate((repository / AXE).read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['impact']} {one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found["violations"]
    ]


def _press_until_focused(desk: Desk, selector: str, key: str = "Tab") -> None:
    for _ in range(80):
        desk.page.keyboard.press(key)
        if desk.page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
    raise AssertionError(f"{selector} was not reached by {key}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(
    browser: Browser, served: object, tmp_path: Path, repository: Path, theme: str
) -> None:
    page = browser.new_page(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
    desk = Desk(page, served, tmp_path)  # type: ignore[arg-type]  # the fixture's type
    desk.open()
    assert violations(page, repository) == []
    desk.add(desk.slices(8))
    desk.wait_stored(8)
    page.locator(".upload summary").click()
    for action in ("anonymize", "compress_lossy"):
        desk.card(action).get_by_role("button").first.click()
        desk.card(action).locator("summary").click()
        assert violations(page, repository) == []
    desk.begin("export_png")
    desk.wait_run()
    desk.begin("split")
    expect(desk.notice).to_be_visible()
    assert violations(page, repository) == []
    page.get_by_role("tab", name="Headers").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert violations(page, repository) == []
    page.get_by_role("button", name="Keyboard shortcuts").click()
    assert violations(page, repository) == []
    page.close()


def test_everything_works_by_keyboard_alone(desk: Desk) -> None:
    paths = desk.slices(9)
    desk.page.keyboard.press("Tab")
    with desk.page.expect_file_chooser() as chooser:
        desk.page.keyboard.press("o")
    chooser.value.set_files([*paths])
    desk.wait_stored(9)
    desk.wait_image()
    place, shade = (desk.page.locator(f".viewer-{name}") for name in ("place", "shade"))

    _press_until_focused(desk, ".viewer-stage")
    for key, shown in (("ArrowDown", "6 / 9"), ("Home", "1 / 9"), ("End", "9 / 9")):
        desk.page.keyboard.press(key)
        expect(place).to_have_text(shown)
    before = shade.inner_text()
    desk.page.keyboard.press("Shift+ArrowUp")
    expect(shade).not_to_have_text(before)
    desk.page.keyboard.press("r")
    expect(shade).to_have_text(before)

    _press_until_focused(desk, "[data-action=merge] .action-head")
    desk.page.keyboard.press("Enter")
    _press_until_focused(desk, "[data-action=merge] button[type=submit]")
    desk.page.keyboard.press("Enter")
    desk.wait_run()
    assert desk.page.evaluate("document.activeElement?.closest('.run') !== null")
    with desk.page.expect_download():
        _press_until_focused(desk, ".run a[download]")
        desk.page.keyboard.press("Enter")


def test_focus_is_visible_wherever_it_goes(desk: Desk) -> None:
    desk.add(desk.slices(2))
    desk.wait_stored(2)
    desk.wait_image()
    desk.page.mouse.click(1, 300)

    for _ in range(30):
        desk.page.keyboard.press("Tab")
        width = desk.page.evaluate(
            """() => {
                const focused = document.activeElement;
                const around = [focused, focused.nextElementSibling].filter(Boolean);
                const widths = around.map((one) => getComputedStyle(one).outlineWidth);
                return Math.max(...widths.map(parseFloat));
            }"""
        )
        assert width >= 2


def test_what_happens_is_said_to_screen_readers(desk: Desk) -> None:
    said: list[str] = []

    def hear(text: str) -> None:
        # Not `said.append` itself: Playwright puts an attribute on what it is given.
        said.append(text)

    desk.page.expose_function("heard", hear)
    desk.page.evaluate(
        """() => new MutationObserver((changes) => {
            for (const change of changes) window.heard(change.target.textContent);
        }).observe(document.querySelector("body > .visually-hidden > [role=status]"),
                   { childList: true, characterData: true, subtree: true })"""
    )

    desk.add(desk.slices(2))
    desk.wait_stored(2)
    desk.begin("merge")
    desk.wait_run()
    desk.page.wait_for_timeout(100)

    assert "2 files added." in said
    assert "Upload ended: 2 files stored." in said
    assert "Merge has begun." in said
    assert any(text.startswith("Merge: Done.") for text in said)


@pytest.mark.parametrize(("theme", "other"), [("dark", "light"), ("light", "dark")])
def test_colours_follow_the_system_until_somebody_chooses(
    browser: Browser, served: object, tmp_path: Path, theme: str, other: str
) -> None:
    page = browser.new_page(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
    desk = Desk(page, served, tmp_path)  # type: ignore[arg-type]  # the fixture's type
    desk.open()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)

    page.get_by_role("button", name=f"Use {other} colours").click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", other)
    page.close()


def test_nothing_moves_for_whoever_wants_calm(desk: Desk) -> None:
    desk.page.emulate_media(reduced_motion="reduce")

    moving = desk.page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) => {
            const style = getComputedStyle(one);
            return style.animationName !== "none" || style.transitionDuration.split(", ")
                .some((time) => parseFloat(time) > 0);
        }).length"""
    )

    assert moving == 0


@pytest.mark.parametrize("width", [360, 768, 1024])
def test_nothing_is_cut_off_on_small_screens(desk: Desk, width: int) -> None:
    desk.page.set_viewport_size({"width": width, "height": 740})
    desk.add(desk.slices(8))
    desk.wait_stored(8)
    desk.begin("export_png")
    desk.wait_run()

    overflow = desk.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )

    assert overflow <= 0
