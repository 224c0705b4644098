"""The download as a server sends it."""

import asyncio
import zipfile
from pathlib import Path

import httpx
import requests
from starlette.applications import Starlette
from starlette.routing import Route

from isocenter.http.tool_bundle import BUNDLE_PATH, ToolBundle
from tests.serving import Served


def test_the_archive_is_sent_to_be_saved_to_whoever_asks(tmp_path: Path) -> None:
    path = tmp_path / "isocenter-tools.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("isocenter-tools/INSTALL.txt", "read me")
    bundle = ToolBundle(path)
    (endpoint,) = bundle.endpoints()

    async def ask() -> httpx.Response:
        app = Starlette(routes=[Route(endpoint.path, endpoint.handler)])
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(BUNDLE_PATH)

    answer = asyncio.run(ask())

    assert answer.content == path.read_bytes()
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="isocenter-tools.zip"'
    assert bundle.size_bytes == path.stat().st_size


def test_where_there_is_none_it_is_not_found(tmp_path: Path) -> None:
    bundle = ToolBundle(tmp_path / "none.zip")

    assert not bundle.is_there
    assert bundle.size_bytes == 0


def test_the_server_has_it_under_its_path(served: Served) -> None:
    answer = requests.get(f"{served.url}{BUNDLE_PATH}", timeout=60)

    assert answer.status_code == (200 if ToolBundle().is_there else 404)
