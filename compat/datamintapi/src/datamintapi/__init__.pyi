from isocenter.client.api_handler import APIHandler as APIHandler

__version__: str
