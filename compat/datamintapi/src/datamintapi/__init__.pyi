from datamintapi.dataset import Dataset as Dataset
from isocenter.client.api_handler import APIHandler as APIHandler

__version__: str
