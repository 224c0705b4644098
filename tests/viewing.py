"""Viewers in a real browser: installed once for all tests, listened to, looked at."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from isocenter.errors import ConflictError
from isocenter.jobs.npm import fetch_package
from isocenter.services.viewer_table import VIEWERS_FOLDER, Viewer
from isocenter.services.viewers import install_viewer

# Software rendering, where there is no graphics card.
FLAGS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)
_INSTALL_SECONDS = 240
Grey = npt.NDArray[np.uint8]


def put_viewer(viewer: Viewer, repository: Path, folder: Path) -> None:
    """Give the data folder of a server the real viewer, which is fetched once, into `var/`.

    Another process of the same run may be installing the other viewer.
    """
    kept = repository / "var" / "viewers"
    until = time.monotonic() + _INSTALL_SECONDS
    while True:
        try:
            install_viewer(viewer, kept, fetch_package)
        except ConflictError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            break
    (folder / VIEWERS_FOLDER).symlink_to(kept)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser that draws without a graphics card."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield started
        started.close()


class Listener:
    """What a page asks for and complains about."""

    def __init__(self, page: Page) -> None:
        self.addresses: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def foreign(self, url: str) -> list[str]:
        """Return the addresses that are not of the server."""
        own = (f"{url}/", f"blob:{url}/", "data:")
        return [address for address in self.addresses if not address.startswith(own)]


def picture_of(page: Page, place: tuple[float, float, float, float]) -> Grey:
    """Return the grey values of a part of a page, as somebody sees it: left, top, width, height."""
    left, top, width, height = place
    data = page.screenshot(clip={"x": left, "y": top, "width": width, "height": height})
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"))


def bright_ratio(view: Grey) -> float | None:
    """Return height to width of the bright box, None where there is no box that fills its place."""
    bright = view > 127
    rows, columns = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    if len(rows) < 20 or len(columns) < 20:
        return None
    part = bright[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    # The view in three dimensions shades the box.
    return part.shape[0] / part.shape[1] if part.mean() > 0.97 else None
