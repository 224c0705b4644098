"""The documented client names, as `isocenter.client` has them; each is imported when asked for."""

from importlib import import_module

__version__ = "0.8.0"

_DOORS = {
    "APIHandler": "isocenter.client.api_handler",
    "Dataset": "datamintapi.dataset",
}


def __getattr__(name: str) -> object:
    """Return a public name, imported now: `Dataset` needs torch, all else does not."""
    if name not in _DOORS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_DOORS[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *_DOORS])
