"""Who we are to a server: found in its address, a key file, the environment or a .netrc.

What proves it is held as a header's value, prints as ``***``, and is sent to the address that it
belongs to and to no other.
"""

import base64
import ipaddress
import netrc
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.system_errors import safe_error

KEY_VARIABLE = "ISOCENTER_API_KEY"
NETRC_VARIABLE = "NETRC"
_KEY = re.compile(r"[A-Za-z0-9._-]{1,512}")
_KEY_FILE_BYTES_MAX = 4096
# The token of an address such as https://host/t/TOKEN says who calls.
_TOKEN_PATH = re.compile(r"/t/[^/]+/?\Z")
_NETRC_NAMES = (".netrc", "_netrc")


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is and what is sent to it, and to it alone.

    ``address`` has no credentials, no query and no slash at its end, but may have a token in its
    path, so that it is not shown either.
    """

    address: str = field(repr=False)
    authorization: str = field(default="", repr=False)
    allows_plain: bool = False

    @property
    def name(self) -> str:
        """Host and port, to be shown."""
        return urlsplit(self.address).netloc

    def check_plain(self, url: str) -> None:
        """Refuse an address that would carry images in the clear over a network.

        Raises
        ------
        InvalidInputError
            If it has no TLS, is not on this machine, and the caller did not allow it.
        """
        parts = urlsplit(url)
        if parts.scheme != "https" and not self.allows_plain and not is_on_this_machine(parts):
            raise InvalidInputError(
                f"{parts.hostname} would get keys and images without TLS: use https, or allow it "
                "with --plain-http"
            )


def find_server(
    endpoint: str,
    environment: Mapping[str, str],
    *,
    key_file: Path | None = None,
    home: Path | None = None,
    allows_plain: bool = False,
) -> Server:
    """Return the server of an address, with the first credentials that are found.

    They are looked for in the key file, the address (``https://ID:SECRET@host``, or a token in its
    path), ``ISOCENTER_API_KEY``, and an entry for the host in ``NETRC`` or ``~/.netrc``.

    Parameters
    ----------
    home
        Where a ``.netrc`` may lie.

    Raises
    ------
    InvalidInputError
        If the address is none, a key is none, or images would go without TLS.
    NotFoundError, UnavailableError
        If the key file cannot be read.
    """
    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in {"http", "https"}:
        raise InvalidInputError("--api-endpoint must be an address such as https://api.example.com")
    address = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    authorization = _authorization(parts, environment, key_file, home)
    server = Server(address.rstrip("/"), authorization, allows_plain)
    server.check_plain(address)
    return server


def _authorization(
    parts: SplitResult, environment: Mapping[str, str], key_file: Path | None, home: Path | None
) -> str:
    if key_file is not None:
        return _bearer(_read_key(key_file), "the key file")
    if parts.username or parts.password:
        return _basic(unquote(parts.username or ""), unquote(parts.password or ""))
    if _TOKEN_PATH.search(parts.path):
        return ""
    if environment.get(KEY_VARIABLE):
        return _bearer(environment[KEY_VARIABLE].strip(), KEY_VARIABLE)
    entry = find_netrc_entry(parts.hostname or "", environment.get(NETRC_VARIABLE, ""), home)
    return "" if entry is None else _basic(*entry)


def _bearer(key: str, where: str) -> str:
    if _KEY.fullmatch(key) is None:
        raise InvalidInputError(f"{where} holds no key: letters, digits, dots, dashes on one line")
    return f"Bearer {key}"


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _read_key(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(_KEY_FILE_BYTES_MAX).decode("ascii", "replace").strip()
    except OSError as error:
        raise safe_error(error) from None


def find_netrc_entry(host: str, named: str, home: Path | None) -> tuple[str, str] | None:
    """Return login and password that a .netrc has for a host; ``None`` where there is none.

    Parameters
    ----------
    named
        The file, ``""``: the one in ``home``.

    Raises
    ------
    InvalidInputError
        If it has an error in it.
    NotFoundError, UnavailableError
        If it cannot be read.
    """
    paths = [Path(named)] if named else [home / name for name in _NETRC_NAMES if home is not None]
    for path in paths:
        try:
            # An entry named `default` is for any host, which is not what a key is for.
            entry = netrc.netrc(os.fspath(path)).hosts.get(host)
        except FileNotFoundError:
            continue
        except (netrc.NetrcParseError, UnicodeDecodeError):
            raise InvalidInputError("the .netrc cannot be read: it has an error in it") from None
        except OSError as error:
            raise safe_error(error) from None
        if entry is not None:
            return entry[0], entry[2] or ""
    if named and not paths[0].exists():
        raise NotFoundError(f"{NETRC_VARIABLE} names a file that is not there")
    return None


def is_on_this_machine(parts: SplitResult) -> bool:
    """Whether an address is on this machine, where nothing goes over a network."""
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
