"""`APIHandler`: everything that a program does with the resource API, by one object."""

from isocenter.client.dataset_calls import DatasetCalls
from isocenter.client.upload_calls import UploadCalls


class APIHandler(UploadCalls, DatasetCalls):
    """Uploads, lists, downloads and organises resources on one server.

    Safe for any number of threads. `AsyncAPIHandler` has the same calls to be awaited.
    """
