"""The web tool as somebody uses it: what they see, press, drop and read."""

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, expect
from pydicom import Dataset

from tests.builders import series, write_series
from tests.serving import Served

# The browser's own words about answers that a test asked for.
_EXPECTED = re.compile(r"Failed to load resource: (the server responded|net::ERR_)")


class Desk:
    """One page of the web tool."""

    def __init__(self, page: Page, served: Served, folder: Path) -> None:
        self.page = page
        self.served = served
        self.folder = folder
        self.complaints: list[str] = []
        self.addresses: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        # From the beginning: the browser is told of it a moment after somebody begins to listen.
        page.on("filechooser", lambda _: None)
        page.on("request", lambda request: self.addresses.append(request.url))

    def open(self) -> None:
        self.page.goto(f"{self.served.url}/app")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Isocenter")

    def slices(self, count: int, **options: object) -> list[Path]:
        """Write a series into a folder and return its files."""
        return self.files(series(count, rows=64, columns=64, **options))  # type: ignore[arg-type]  # passed on

    def files(self, datasets: Sequence[Dataset]) -> list[Path]:
        return write_series(datasets, self.folder / "series")

    def drop(self, *paths: Path) -> None:
        """Drop files and folders, as the desktop would."""
        session = self.page.context.new_cdp_session(self.page)
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            event = {"type": kind, "x": 700, "y": 400, "data": data}
            session.send("Input.dispatchDragEvent", event)

    def add(self, paths: Sequence[Path]) -> None:
        """Choose files with the picker."""
        self.page.locator("input[type=file]").first.set_input_files([*paths])

    def wait_stored(self, count: int) -> None:
        said = "1 file uploaded" if count == 1 else f"{count} files uploaded"
        expect(self.page.get_by_role("heading", name=said)).to_be_visible()

    def wait_image(self) -> None:
        """Wait until the viewer shows a picture that is not black all over."""
        self.page.wait_for_function(
            """() => {
                const canvas = document.querySelector(".viewer-canvas");
                if (!canvas || canvas.width < 2) return false;
                const copy = new OffscreenCanvas(32, 32);
                const context = copy.getContext("2d", { willReadFrequently: true });
                context.drawImage(canvas, 0, 0, 32, 32);
                const { data } = context.getImageData(0, 0, 32, 32);
                return data.some((value, index) => index % 4 < 3 && value > 8);
            }"""
        )

    def begin(self, action: str) -> None:
        """Open the card of an action and begin it."""
        self.card(action).get_by_role("button").first.click()
        self.card(action).locator("button[type=submit]").click()

    def card(self, action: str) -> Locator:
        return self.page.locator(f"[data-action={action}]")

    @property
    def run(self) -> Locator:
        """The newest run."""
        return self.page.locator("article.run").first

    def wait_run(self, said: str = "Done") -> None:
        expect(self.run.locator(".run-state")).to_have_text(said, timeout=60_000)

    @property
    def notice(self) -> Locator:
        return self.page.locator(".notice")

    @property
    def session_id(self) -> str:
        return str(self.page.evaluate("sessionStorage.getItem('isocenter.session')"))

    def owner(self) -> str:
        """Return whose session it is, as the server knows it."""
        cookie = next(one for one in self.page.context.cookies() if one["name"] == "isocenter")
        return self.served.platform.cookies.check(cookie["value"]).id

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _EXPECTED.match(message.text):
            self.complaints.append(message.text)
