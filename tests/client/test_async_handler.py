import asyncio
import inspect

import pytest

from isocenter.client import APIHandler, AsyncAPIHandler
from isocenter.errors import ResourceNotFoundError
from tests.serving import Served


def test_calls_are_awaited_side_by_side(server: Served, home: object) -> None:
    assert home

    async def work() -> None:
        async with AsyncAPIHandler(server.url, server.new_key()) as api:
            made = await asyncio.gather(*(api.upload_resource(b"data") for _ in range(4)))
            assert len(set(made)) == 4
            found = await api.get_resources(status="inbox")
            assert {one["id"] for one in found} == set(made)
            await api.publish_resources(made)
            assert await api.get_resources(return_ids_only=True, status="inbox") == []
            assert await api.download_resource_file(made[0], auto_convert=False) == b"data"
            with pytest.raises(ResourceNotFoundError):
                await api.get_resource("none")

    asyncio.run(work())


def test_it_has_every_call_of_the_other() -> None:
    def calls(kind: type) -> set[str]:
        return {name for name, _ in inspect.getmembers(kind, callable) if not name.startswith("_")}

    assert calls(APIHandler) - {"close"} == calls(AsyncAPIHandler)
