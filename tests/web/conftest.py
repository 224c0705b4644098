"""A real server and a real browser: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from isocenter.http.pages import BUILT
from tests.desk import Desk
from tests.serving import Served, serving

# What is waited for comes late where other tests keep the machine busy, and never too late.
expect.set_options(timeout=20_000)

# Software rendering, and no services of the browser's own: a machine for tests has neither
# a graphics card nor a network.
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program is not None, "the marker of each test names chromium"
    assert (BUILT / "index.html").exists(), "`make setup` builds the web tool"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def desk(page: Page, served: Served, tmp_path: Path) -> Iterator[Desk]:
    """Give the web tool, opened; at the end nothing may have gone wrong that nobody asked for."""
    made = Desk(page, served, tmp_path)
    made.open()
    yield made
    assert made.complaints == []
    assert [url for url in made.addresses if not url.startswith(f"{served.url}/")] == []
