"""What a viewer is asked to show: addresses in its query, and which files of ours they name.

Addresses come from anybody, who may have written them into a link. They are taken apart and put
together again; nothing of one that is not ours reaches anything but the viewer's own page.
"""

import re
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from isocenter.access.authenticator import API_KEY_PARAMETER, TOKEN_PARAMETER, Grant
from isocenter.http.sessions import VIEW

Kind = Literal["view", "slices"]

_STUDY_GRANT = "study"
URLS, NAMES = "urls", "names"
SLICES_PATH = "/api/slices"
VIEW_PATH = "/api/view"
STUDY_SLICES_PATH = "/v1/studies"
STUDY_ARCHIVE = "slices.zip"
ARCHIVE_SUFFIX = ".zip"
# What people who run the server on their own machine write, wherever the page was opened from.
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_SCHEMES = frozenset({"http", "https"})
_FILE = re.compile(
    r"(?P<place>/api/view|/api/slices)/(?P<session>[A-Za-z0-9-]{1,64})"
    r"(/(?P<token>[A-Za-z0-9._-]{1,400}))?/(?P<name>(?!\.+$)[A-Za-z0-9._-]{1,255})"
)
_STUDY = re.compile(
    r"(/dicom-web|/v1)/studies/(?P<study>[0-9.]{1,64})(/series/(?P<series>[0-9.]{1,64}))?"
    r"(/slices\.zip)?"
)
_PRIVATE = frozenset({API_KEY_PARAMETER, TOKEN_PARAMETER})


@dataclass(frozen=True, slots=True, repr=False)
class FileLink:
    """An address of a file of ours; its credentials are never shown.

    Attributes
    ----------
    kind
        The file itself, or the archive of its slices.
    keys, tokens
        Credentials in the address.
    """

    kind: Kind
    session_id: str
    name: str
    keys: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "FileLink(***)"

    @property
    def grant(self) -> Grant:
        """What a token is good for with which this may be seen."""
        return Grant(VIEW, f"{self.session_id}/{self.name}")

    def path(self, kind: Kind, token: str = "") -> str:
        """Return the path of this file as one kind or the other, with a token or without."""
        place = VIEW_PATH if kind == "view" else SLICES_PATH
        name = self.name if kind == "view" else self.name + ARCHIVE_SUFFIX
        parts = [place, self.session_id, *([token] if token else []), name]
        return "/".join(parts)


@dataclass(frozen=True, slots=True, repr=False)
class StudyLink:
    """An address of a Study of ours, or of one Series of it; its credentials are never shown."""

    study_uid: str
    series_uid: str = ""
    keys: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "StudyLink(***)"

    @property
    def grant(self) -> Grant:
        """What a token is good for with which this may be seen."""
        return Grant(_STUDY_GRANT, f"{self.study_uid}/{self.series_uid}")

    def path(self, token: str = "") -> str:
        """Return the path of the archive of its slices, with a token or without."""
        series = f"/series/{self.series_uid}" if self.series_uid else ""
        query = f"?{TOKEN_PARAMETER}={token}" if token else ""
        return f"{STUDY_SLICES_PATH}/{self.study_uid}{series}/{STUDY_ARCHIVE}{query}"


def read_addresses(value: str) -> list[str]:
    """Return the addresses in the parameter: one, or a list as the viewer writes it.

    >>> read_addresses("[https://a/1.dcm, /2.dcm]")
    ['https://a/1.dcm', '/2.dcm']
    """
    if value.startswith("[") and value.endswith("]"):
        return [part.strip() for part in value[1:-1].split(",") if part.strip()]
    return [value]


def write_addresses(addresses: Sequence[str]) -> str:
    """Return the value of the parameter."""
    return addresses[0] if len(addresses) == 1 else f"[{','.join(addresses)}]"


def own_path(address: str, base_url: str) -> urllib.parse.SplitResult | None:
    """Return path and query of an address of this server, without prefix; None for another's.

    Parameters
    ----------
    base_url
        Scheme, host and prefix by which the page was asked for.
    """
    base = urllib.parse.urlsplit(base_url)
    try:
        parts = urllib.parse.urlsplit(address)
        is_own = parts.netloc == base.netloc or parts.hostname in _OWN_NAMES
    except ValueError:
        return None
    if parts.scheme in _SCHEMES:
        if not is_own:
            return None
    elif parts.scheme or parts.netloc or not address.startswith("/"):
        return None
    path = parts.path
    if base.path and (path == base.path or path.startswith(f"{base.path}/")):
        path = path.removeprefix(base.path)
    return urllib.parse.SplitResult("", "", path, parts.query, "")


def file_link(own: urllib.parse.SplitResult) -> FileLink | None:
    """Return the file that an address of ours names; None for another page of ours."""
    matched = _FILE.fullmatch(urllib.parse.unquote(own.path))
    if matched is None:
        return None
    place, session_id, token, name = matched.group("place", "session", "token", "name")
    kind: Kind = "view" if place == VIEW_PATH else "slices"
    if kind == "slices":
        if not name.endswith(ARCHIVE_SUFFIX):
            return None
        name = name.removesuffix(ARCHIVE_SUFFIX)
    keys, tokens = _credentials(own)
    return FileLink(kind, session_id, name, keys, (*([token] if token else []), *tokens))


def study_link(own: urllib.parse.SplitResult) -> StudyLink | None:
    """Return the Study or Series that an address of ours names; None for another page of ours."""
    matched = _STUDY.fullmatch(own.path)
    if matched is None:
        return None
    keys, tokens = _credentials(own)
    return StudyLink(matched["study"], matched["series"] or "", keys, tokens)


def _credentials(own: urllib.parse.SplitResult) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return keys and tokens of an address."""
    query = urllib.parse.parse_qsl(own.query)
    keys = tuple(value for name, value in query if name == API_KEY_PARAMETER)
    tokens = tuple(value for name, value in query if name == TOKEN_PARAMETER)
    return keys, tokens


def viewer_query(
    parameters: Iterable[tuple[str, str]], addresses: Sequence[str], *, keep_names: bool
) -> str:
    """Return the query of the viewer's page with these addresses and without credentials.

    Parameters
    ----------
    keep_names
        Whether the names that the link gives to the files are still true.
    """
    dropped = _PRIVATE | {URLS} | (frozenset() if keep_names else {NAMES})
    kept = [(name, value) for name, value in parameters if name not in dropped]
    return urllib.parse.urlencode([(URLS, write_addresses(addresses)), *kept])
