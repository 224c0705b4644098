"""What all calls of a handler share: the server, the connections, and how answers are read."""

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from isocenter.client.attempts import NONSENSE
from isocenter.client.config import Config, find_config
from isocenter.client.sequences import LazySequence, Page
from isocenter.client.transport import About, Answer, Query, Transport
from isocenter.errors import InvalidInputError, UnavailableError

Json = dict[str, Any]

PARALLEL = 10
PARALLEL_MAX = 32


class Calls:
    """Talks to one server; safe for any number of threads; a context manager.

    Parameters
    ----------
    root_url, server_url
        Of the server, two names for one thing. Default: ``DATAMINT_API_URL``, the configuration
        file, ``http://127.0.0.1:8420``.
    api_key
        Default: ``DATAMINT_API_KEY``, a .netrc, the configuration file.
    check_connection
        Ask the server at once whether it is there and knows the key.
    parallel
        How many files are sent at once, at most 32.
    max_attempts
        How often a request is sent at most, with growing pauses.

    Raises
    ------
    NotAuthenticatedError
        If there is no key.
    InvalidInputError
        If address or key are none.
    """

    def __init__(
        self,
        root_url: str | None = None,
        api_key: str | None = None,
        *,
        server_url: str | None = None,
        check_connection: bool = False,
        parallel: int = PARALLEL,
        max_attempts: int = 10,
    ) -> None:
        if not 1 <= parallel <= PARALLEL_MAX or max_attempts < 1:
            raise InvalidInputError(f"parallel is 1 to {PARALLEL_MAX}, max_attempts 1 or more")
        self._config: Config = find_config(root_url or server_url, api_key)
        self._parallel = parallel
        self._stop = threading.Event()
        self._transport = Transport(
            self._config, connections=2 * parallel, attempts=max_attempts, stop=self._stop
        )
        # Until a server says that it does not know files by their SHA-256.
        self._knows_hashes = True
        if check_connection:
            try:
                self.check_connection()
            except BaseException:
                self.close()
                raise

    @property
    def root_url(self) -> str:
        """The address of the server."""
        return self._config.url

    @property
    def api_key(self) -> str:
        """The key, for those who make other requests with it."""
        return self._config.api_key

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        """Return the server, never the key."""
        return f"{type(self).__name__}({self.root_url!r})"

    def close(self) -> None:
        """Close all connections; what still waits ends with ``CancelledError``."""
        self._stop.set()
        self._transport.close()

    def check_connection(self) -> None:
        """Ask the server whether it is there and knows the key.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError, UnavailableError
            If not.
        """
        query: Query = {"offset": 0, "limit": 1}
        self._transport.call("GET", ["resources"], about=About("resource API", {}), query=query)

    def _sequence(
        self,
        path: Sequence[str],
        query: Mapping[str, str | int],
        *,
        about: About,
        limit: int | None = None,
    ) -> LazySequence[Json]:
        """Return the list at a path, by pages."""

        def ask(offset: int, most: int) -> Page[Json]:
            page = {**query, "offset": offset, "limit": most}
            return _page(self._transport.call("GET", path, about=about, query=page))

        return LazySequence(ask, limit)


def only_given(values: Mapping[str, object]) -> dict[str, str | int]:
    """Return a query of those values that are not ``None``, as the contract spells them."""
    return {
        name: value if isinstance(value, int) and not isinstance(value, bool) else str(value)
        for name, value in values.items()
        if value is not None
    }


def ids_of(given: object) -> list[str]:
    """Return ids: of one or many, each an id or a resource as the server describes it.

    Raises
    ------
    InvalidInputError
        If it is none.
    """
    if isinstance(given, str):
        return [given]
    if isinstance(given, Mapping):
        given = [given]
    if not isinstance(given, Iterable):
        raise InvalidInputError("an id, or a list of ids, is needed")
    ids = [one.get("id") if isinstance(one, Mapping) else one for one in given]
    if not all(isinstance(one, str) and one for one in ids):
        raise InvalidInputError("an id, or a list of ids, is needed")
    return [str(one) for one in ids]


def id_of(given: object) -> str:
    """Return the one id.

    Raises
    ------
    InvalidInputError
        If it is none or are several.
    """
    ids = ids_of(given)
    if len(ids) != 1:
        raise InvalidInputError("one id is needed")
    return ids[0]


def object_of(answer: Answer) -> Json:
    """Return the object of an answer.

    Raises
    ------
    UnavailableError
        If it has none.
    """
    if not isinstance(answer.json, dict):
        raise UnavailableError(NONSENSE)
    return answer.json


def texts_of(given: str | Iterable[str] | None) -> list[str]:
    """Return one or many texts as a list."""
    if given is None:
        return []
    return [given] if isinstance(given, str) else [str(one) for one in given]


def path_text(given: str | os.PathLike[str]) -> str:
    """Return a path as text, the user's home put in."""
    return os.path.expanduser(os.fspath(given))  # noqa: PTH111 - text in, text out


def _page(answer: Answer) -> Page[Json]:
    """Return the items of an answer in every documented shape, and how many there are in all."""
    said = answer.json
    total: object = answer.headers.get("X-Total-Count", "")
    if isinstance(said, dict):
        total = said.get("totalCount", total)
        said = said.get("data")
    if not isinstance(said, list):
        raise UnavailableError(NONSENSE)
    if len(said) == 1 and isinstance(said[0], dict) and isinstance(said[0].get("resources"), list):
        said = said[0]["resources"]
    text = str(total)
    items = [one if isinstance(one, dict) else {"id": one} for one in said]
    return Page(items, int(text) if text.isdecimal() else None)
