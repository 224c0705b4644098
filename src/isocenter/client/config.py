"""Where the server is and with which key: argument, environment, .netrc, configuration file.

They are read at each construction, in that order. The file is the documented `datamintapi.yaml`, a
few lines of ``name: value``; only its owner can read it.
"""

import os
import re
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from isocenter.client.credentials import NETRC_VARIABLE, find_netrc_entry, is_on_this_machine
from isocenter.errors import InvalidInputError, NotAuthenticatedError
from isocenter.system_errors import safe_error
from isocenter.user_folders import user_config_folder, user_state_folder

DEFAULT_URL = "http://127.0.0.1:8420"
URL_VARIABLES = ("DATAMINT_API_URL", "ISOCENTER_API_URL")
KEY_VARIABLES = ("DATAMINT_API_KEY", "ISOCENTER_API_KEY")
URL_NAME = "default_api_url"
KEY_NAME = "api_key"
# Of the project: the key with which pseudonyms are made, the same as on the command line.
PSEUDONYMS_VARIABLE = "ISOCENTER_KEY_FILE"

_PSEUDONYMS_NAME = "pseudonyms.key"
_KEY = re.compile(r"[!-~]{1,512}")  # what can be the value of a header, and has no blanks
_LINE = re.compile(r"""(?P<name>\w+)\s*:\s*(?P<value>"[^"]*"|'[^']*'|[^#'"]*?)\s*(?:\s#.*)?""")
_PLAIN = re.compile(r"[A-Za-z0-9._:/@%-]*")
_FILE_BYTES_MAX = 1 << 16
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


@dataclass(frozen=True, slots=True)
class Config:
    """A server and the key for it; ``url`` has no slash at its end."""

    url: str
    api_key: str = field(repr=False)


def find_config(
    url: str | None = None,
    api_key: str | None = None,
    *,
    environment: Mapping[str, str] | None = None,
) -> Config:
    """Return the first address and the first key that are found.

    Parameters
    ----------
    url, api_key
        What the caller says; it wins.
    environment
        Default: that of the process.

    Raises
    ------
    InvalidInputError
        If the address is none, or the key cannot be one.
    NotAuthenticatedError
        If there is no key.
    UnavailableError
        If a file cannot be read.
    """
    environment = os.environ if environment is None else environment
    stored = read_config(config_path(environment))
    found = url or _first(environment, URL_VARIABLES) or stored.get(URL_NAME) or DEFAULT_URL
    address = _checked_url(found)
    host = urlsplit(address).hostname or ""
    key = api_key or _first(environment, KEY_VARIABLES)
    key = (key or _from_netrc(host, environment) or stored.get(KEY_NAME, "")).strip()
    if not key:
        raise NotAuthenticatedError(
            f"no API key is known: pass api_key=, set {KEY_VARIABLES[0]}, or run datamint-config"
        )
    if _KEY.fullmatch(key) is None:
        raise InvalidInputError("the API key is one word of letters, digits, dots and dashes")
    return Config(address, key)


def read_config(path: Path | None) -> dict[str, str]:
    """Return names and values of a configuration file; nothing where there is no file.

    Raises
    ------
    InvalidInputError
        If a line is not ``name: value``; the error says its number.
    UnavailableError
        If it cannot be read.
    """
    if path is None:
        return {}
    try:
        with path.open("rb") as stream:
            text = stream.read(_FILE_BYTES_MAX).decode("utf-8", "replace")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise safe_error(error) from None
    values = {}
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.strip()
        if not plain or plain.startswith(("#", "---")) or plain == "{}":
            continue
        found = _LINE.fullmatch(plain)
        if found is None:
            raise InvalidInputError(f"the configuration file has no `name: value` in line {number}")
        values[found["name"]] = found["value"].strip("\"'")
    return values


def write_config(path: Path, values: Mapping[str, str]) -> None:
    """Write a configuration file that only its owner can read, as a whole or not at all.

    Raises
    ------
    InvalidInputError
        If a value cannot stand in it.
    UnavailableError
        If it cannot be written.
    """
    lines = [f"{name}: {_quoted(value)}\n" for name, value in values.items()]
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(temporary, flags, _FILE_MODE), "w", encoding="utf-8") as stream:
            stream.writelines(lines)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise safe_error(error) from None


def config_path(
    environment: Mapping[str, str] | None = None, system: str = sys.platform
) -> Path | None:
    """Return where the configuration file is; ``None`` where the user has no home.

    It is where the documented package places it.
    """
    environment = os.environ if environment is None else environment
    folder = user_config_folder(environment, "datamintapi", system)
    return None if folder is None else folder / "datamintapi.yaml"


def pseudonyms_path(
    environment: Mapping[str, str] | None = None, system: str = sys.platform
) -> Path | None:
    """Return the user's key file of pseudonyms, which the command line uses too."""
    environment = os.environ if environment is None else environment
    if environment.get(PSEUDONYMS_VARIABLE):
        return Path(environment[PSEUDONYMS_VARIABLE])
    folder = user_state_folder(environment, system)
    return None if folder is None else folder / _PSEUDONYMS_NAME


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        raise InvalidInputError("the server's address is one such as https://pacs.example.com")
    if parts.username or parts.password:
        raise InvalidInputError("the key does not stand in the server's address: pass api_key=")
    if parts.scheme == "http" and not is_on_this_machine(parts):
        warnings.warn(f"{host} gets keys and images without TLS: use https", stacklevel=4)
    return parts.geturl().rstrip("/")


def _from_netrc(host: str, environment: Mapping[str, str]) -> str:
    """Return the key of a .netrc: its password, or what login and password make together."""
    home = Path(environment["HOME"]) if environment.get("HOME") else None
    entry = find_netrc_entry(host, environment.get(NETRC_VARIABLE, ""), home)
    if entry is None:
        return ""
    login, password = entry
    if "." in password or not login:
        return password
    return f"{login}.{password}" if password else login


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    if '"' in value or not value.isprintable():
        raise InvalidInputError("the value has characters that the configuration file cannot hold")
    return f'"{value}"'
