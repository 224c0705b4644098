"""Where a user's own files lie: what programs remember, data, configuration.

References
----------
XDG Base Directory Specification; what Windows and macOS have instead.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

_OURS = "isocenter"
_MAC = "Library/Application Support"


def user_state_folder(environment: Mapping[str, str], system: str = sys.platform) -> Path | None:
    """Return our folder for what programs remember, None where the user has no home."""
    return _folder(environment, system, "XDG_STATE_HOME", ".local/state", _OURS)


def user_data_folder(environment: Mapping[str, str], system: str = sys.platform) -> Path | None:
    """Return our folder for the user's own data, None where the user has no home."""
    return _folder(environment, system, "XDG_DATA_HOME", ".local/share", _OURS)


def user_config_folder(
    environment: Mapping[str, str], name: str, system: str = sys.platform
) -> Path | None:
    """Return the folder of a program's configuration, None where the user has no home."""
    inside = f"{name}/{name}" if system == "win32" else name  # its author has the same name
    return _folder(environment, system, "XDG_CONFIG_HOME", ".config", inside)


def _folder(
    environment: Mapping[str, str], system: str, variable: str, usual: str, name: str
) -> Path | None:
    """Return the first place that is absolute, with a name in it."""
    home = environment.get("HOME", "")
    if system == "win32":
        places = [(environment.get("LOCALAPPDATA", ""), "")]
    elif system == "darwin":
        places = [(home, _MAC)]
    else:
        places = [(environment.get(variable, ""), ""), (home, usual)]
    # Relative ones are to be ignored, says the specification.
    found = (Path(place) / inside / name for place, inside in places if Path(place).is_absolute())
    return next(found, None)
