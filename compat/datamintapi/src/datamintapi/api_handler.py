"""`APIHandler` and its errors, under their documented names."""

from isocenter.client.api_handler import APIHandler
from isocenter.errors import IsocenterError as DatamintException
from isocenter.errors import ResourceNotFoundError

__all__ = ["APIHandler", "DatamintException", "ResourceNotFoundError"]
