"""Who calls, and what they may do: the one value that every credential becomes."""

from collections.abc import Iterable
from dataclasses import dataclass

from isocenter.errors import InvalidInputError, NotAllowedError

ADMIN = "admin"
SCOPES = {
    "read": "See and download sessions, their files and results, studies, resources and reports.",
    "upload": "Send files: into a session, into the archive, through presigned URLs.",
    "process": "Run actions, analyses and exports, and stop them.",
    "write": "Change and delete what the account owns: sessions, studies, labels, annotations.",
    ADMIN: "Manage accounts and keys of everybody, and read the audit.",
}
# What a key without any named scope may do, and the cookie of the web tool.
USUAL_SCOPES = frozenset(SCOPES) - {ADMIN}
_ACCOUNT = "account:"
_COOKIE = "cookie:"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who is known.

    ``id`` is the ``owner`` that rows are filtered by: ``account:<id>``, the same for all keys of
    an account, or ``cookie:<id>`` for a browser without an account. ``name`` is for people.
    ``is_browser``: a cookie said so, which browsers send along with what other sites ask for, too.
    Nothing in it is a secret.
    """

    id: str
    scopes: frozenset[str]
    account_id: str | None = None
    name: str = ""
    key_id: str | None = None
    is_browser: bool = False

    def __post_init__(self) -> None:
        assert self.id.startswith((_ACCOUNT, _COOKIE))
        assert (self.account_id is not None) == self.id.startswith(_ACCOUNT)
        assert self.scopes <= SCOPES.keys()

    def require(self, scope: str) -> None:
        """Return if the scope is among those of the principal.

        Raises
        ------
        NotAllowedError
            If it is not.
        """
        assert scope in SCOPES
        if scope not in self.scopes:
            raise NotAllowedError(scope)


def account_owner(account_id: str) -> str:
    """Return the owner of what an account has."""
    return f"{_ACCOUNT}{account_id}"


def cookie_owner(cookie_id: str) -> str:
    """Return the owner of what the browser with this cookie has."""
    return f"{_COOKIE}{cookie_id}"


def principal_of(owner: str, scopes: frozenset[str]) -> Principal:
    """Return the principal that owns what this owner owns, with these scopes."""
    account_id = owner.removeprefix(_ACCOUNT) if owner.startswith(_ACCOUNT) else None
    return Principal(owner, scopes, account_id)


def check_scopes(names: Iterable[str]) -> frozenset[str]:
    """Return the scopes that are named; the usual ones where none is.

    Raises
    ------
    InvalidInputError
        If one does not exist.
    """
    scopes = frozenset(names)
    if not scopes <= SCOPES.keys():
        raise InvalidInputError(f"the scopes are: {', '.join(SCOPES)}")
    return scopes or USUAL_SCOPES
