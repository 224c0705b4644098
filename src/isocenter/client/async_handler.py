"""`AsyncAPIHandler`: the calls of `APIHandler`, to be awaited.

Each runs in a thread of its own, for most of them read files, de-identify or decode, which would
hold up the event loop. There is one source of what they do, and their types are the same.
"""

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from isocenter.client.api_handler import APIHandler
from isocenter.client.sequences import LazySequence

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Item = TypeVar("Item")


def _awaited(
    call: Callable[Concatenate[APIHandler, Arguments], Result],
) -> Callable[Concatenate["AsyncAPIHandler", Arguments], Coroutine[Any, Any, Result]]:
    """Return a call that runs in a thread."""

    async def run(
        self: "AsyncAPIHandler", /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        return await asyncio.to_thread(call, self.handler, *args, **kwargs)

    run.__name__ = call.__name__
    run.__doc__ = call.__doc__
    return run


def _listed(
    call: Callable[Concatenate[APIHandler, Arguments], LazySequence[Item]],
) -> Callable[Concatenate["AsyncAPIHandler", Arguments], Coroutine[Any, Any, list[Item]]]:
    """Return a call that runs in a thread and gives a whole list, as a loop can wait for none."""

    async def run(
        self: "AsyncAPIHandler", /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> list[Item]:
        return await asyncio.to_thread(lambda: list(call(self.handler, *args, **kwargs)))

    run.__name__ = call.__name__
    run.__doc__ = call.__doc__
    return run


class AsyncAPIHandler:
    """The calls of `APIHandler`, to be awaited; an asynchronous context manager.

    It is made with the same arguments. Lists come whole.
    """

    def __init__(
        self,
        root_url: str | None = None,
        api_key: str | None = None,
        *,
        server_url: str | None = None,
        parallel: int = 10,
        max_attempts: int = 10,
    ) -> None:
        self.handler = APIHandler(
            root_url,
            api_key,
            server_url=server_url,
            parallel=parallel,
            max_attempts=max_attempts,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.handler.close)

    check_connection = _awaited(APIHandler.check_connection)
    upload_resources = _awaited(APIHandler.upload_resources)
    upload_resource = _awaited(APIHandler.upload_resource)
    get_resources = _listed(APIHandler.get_resources)
    get_resources_by_ids = _awaited(APIHandler.get_resources_by_ids)
    get_resource = _awaited(APIHandler.get_resource)
    download_resource_file = _awaited(APIHandler.download_resource_file)
    download_resources = download_resource_file
    publish_resources = _awaited(APIHandler.publish_resources)
    publish_resource = _awaited(APIHandler.publish_resource)
    archive_resources = _awaited(APIHandler.archive_resources)
    delete_resources = _awaited(APIHandler.delete_resources)
    delete_resource = delete_resources
    set_resource_labels = _awaited(APIHandler.set_resource_labels)
    set_resource_tags = _awaited(APIHandler.set_resource_tags)
    get_channels = _listed(APIHandler.get_channels)
    get_users = _awaited(APIHandler.get_users)
    upload_segmentation = _awaited(APIHandler.upload_segmentation)
    upload_segmentations = _awaited(APIHandler.upload_segmentations)
    add_annotations = _awaited(APIHandler.add_annotations)
    add_image_category_annotation = _awaited(APIHandler.add_image_category_annotation)
    add_frame_category_annotation = _awaited(APIHandler.add_frame_category_annotation)
    get_annotations = _listed(APIHandler.get_annotations)
    get_resource_annotations = get_annotations
    download_annotation_file = _awaited(APIHandler.download_annotation_file)
    delete_annotations = _awaited(APIHandler.delete_annotations)
    delete_annotation = delete_annotations
    get_datasets = _listed(APIHandler.get_datasets)
    get_dataset = _awaited(APIHandler.get_dataset)
    create_dataset = _awaited(APIHandler.create_dataset)
    add_to_dataset = _awaited(APIHandler.add_to_dataset)
    remove_from_dataset = _awaited(APIHandler.remove_from_dataset)
    get_dataset_versions = _awaited(APIHandler.get_dataset_versions)
    create_dataset_version = _awaited(APIHandler.create_dataset_version)
    split_dataset = _awaited(APIHandler.split_dataset)
    delete_dataset = _awaited(APIHandler.delete_dataset)
    get_projects = _listed(APIHandler.get_projects)
    get_project = _awaited(APIHandler.get_project)
    get_project_by_name = get_project
    create_project = _awaited(APIHandler.create_project)
    add_to_project = _awaited(APIHandler.add_to_project)
    get_project_resources = _awaited(APIHandler.get_project_resources)
    delete_project = _awaited(APIHandler.delete_project)
