"""Keys of accounts: made, shown once, checked, revoked.

A key is ``<id>.<secret>`` of ``[A-Za-z0-9._-]``; it goes through shells, URLs and paths unharmed.
Kept is the id and a keyed hash. Slow hashes are for passwords, which can be guessed; a secret of
256 random bits can not, whatever a guess costs, so that HMAC-SHA256 with the server's secret is
enough, and costs a request microseconds instead of a tenth of a second. The key of the hash makes
a row put into the database by somebody else worthless.
"""

import base64
import hmac
import re
import secrets
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from isocenter.access.principal import Principal, account_owner, check_scopes
from isocenter.access.server_secret import ServerSecret
from isocenter.errors import InvalidInputError, NotAuthenticatedError, NotFoundError
from isocenter.store.database import Database
from isocenter.store.developer_tables import key_numbers
from isocenter.store.tables import accounts, api_keys

KEY_FORM = re.compile(r"([A-Za-z0-9-]{1,36})\.([A-Za-z0-9_-]{1,128})")
NAME_CHARACTERS_MAX = 200
_SECRET_BYTES = 32
_USE_INTERVAL_MS = 60_000
_NOT_VALID = "the key is not valid"
# Made once: each request with a key asks it.
_FIND = (
    select(api_keys, accounts.c.name.label("account_name"))
    .join(accounts, accounts.c.id == api_keys.c.account_id)
    .where(api_keys.c.id == bindparam("key_id"))
)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made just now; ``text`` is shown once and kept nowhere.

    ``number`` is 1, 2, 3 ... among the keys of its account; none is given twice.
    """

    id: str
    number: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What may be shown of a key."""

    id: str
    account_id: str
    name: str
    scopes: tuple[str, ...]
    created_ms: int
    expires_ms: int | None
    revoked_ms: int | None
    used_ms: int | None
    number: int


class ApiKeys:
    """The keys of all accounts; safe for any number of threads.

    Parameters
    ----------
    database
        Where they are kept; every check reads it, so that revoking works at once and for all
        processes.
    secret
        Of this server; keys that were made with another one are not valid.
    clock
        Milliseconds since 1970 UTC.
    random
        Gives that many random bytes.
    """

    def __init__(
        self,
        database: Database,
        secret: ServerSecret,
        clock: Callable[[], int],
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._database = database
        self._secret = secret
        self._clock = clock
        self._random = random
        self._lock = threading.Lock()
        self._uses: dict[str, int] = {}

    def create(
        self,
        connection: Connection,
        account_id: str,
        name: str,
        scopes: Iterable[str] = (),
        *,
        expires_ms: int | None = None,
    ) -> NewKey:
        """Make a key in the caller's transaction; without scopes it has all but ``admin``.

        The transaction is alone (``Database.begin``), so that no number is given twice.

        Raises
        ------
        InvalidInputError
            If the name or a scope is none.
        """
        check_name(name)
        random = self._random(16 + _SECRET_BYTES)
        key_id = str(uuid.UUID(bytes=random[:16], version=4))
        secret = base64.urlsafe_b64encode(random[16:]).rstrip(b"=").decode()
        row = {
            "id": key_id,
            "account_id": account_id,
            "name": name,
            "secret_hash": self._hash(key_id, secret),
            "scopes": sorted(check_scopes(scopes)),
            "created_ms": self._clock(),
            "expires_ms": expires_ms,
        }
        connection.execute(insert(api_keys).values(row))
        return NewKey(key_id, _number(connection, key_id, account_id), f"{key_id}.{secret}")

    def verify(self, text: str) -> Principal:
        """Return whose key this is; nothing is written (see ``write_uses``).

        Raises
        ------
        NotAuthenticatedError
            If it is nobody's, expired or revoked; the sentence says no more than its owner needs.
        """
        matched = KEY_FORM.fullmatch(text)
        if matched is None:
            raise NotAuthenticatedError(_NOT_VALID)
        key_id, secret = matched.groups()
        hashed = self._hash(key_id, secret)
        row = self._find(key_id)
        if row is None or not hmac.compare_digest(row.secret_hash, hashed):
            raise NotAuthenticatedError(_NOT_VALID)
        return self._principal(row)

    def owner_of(self, key_id: str) -> Principal:
        """Return whose key this is, for what the key was shown for before.

        Raises
        ------
        NotAuthenticatedError
            If it is nobody's, expired or revoked.
        """
        row = self._find(key_id)
        if row is None:
            raise NotAuthenticatedError(_NOT_VALID)
        return self._principal(row)

    def _principal(self, row: Row[tuple[object, ...]]) -> Principal:
        now_ms = self._clock()
        if row.revoked_ms is not None:
            raise NotAuthenticatedError("the key was revoked")
        if row.expires_ms is not None and row.expires_ms <= now_ms:
            raise NotAuthenticatedError("the key has expired")
        self._note_use(row.id, row.used_ms, now_ms)
        owner = account_owner(row.account_id)
        scopes = check_scopes(row.scopes)
        return Principal(owner, scopes, row.account_id, row.account_name, row.id)

    def revoke(self, connection: Connection, key_id: str, account_id: str | None = None) -> None:
        """End a key for ever, of this account where one is given; a second time does nothing.

        Raises
        ------
        NotFoundError
            If there is no such key, or it is another account's.
        """
        is_meant = api_keys.c.id == key_id
        if account_id is not None:
            is_meant &= api_keys.c.account_id == account_id
        if connection.scalar(select(api_keys.c.id).where(is_meant)) is None:
            raise NotFoundError("there is no such key")
        connection.execute(
            update(api_keys)
            .where(is_meant, api_keys.c.revoked_ms.is_(None))
            .values(revoked_ms=self._clock())
        )

    def write_uses(self) -> None:
        """Write when keys were last used; called now and then, and at the end.

        A request costs no write by this: the times are remembered, one a minute and key, until
        they are written.
        """
        with self._lock:
            uses = dict(self._uses)
        if not uses:
            return
        with self._database.begin() as connection:
            for key_id, used_ms in sorted(uses.items()):
                connection.execute(
                    update(api_keys).where(api_keys.c.id == key_id).values(used_ms=used_ms)
                )
        with self._lock:
            for key_id, used_ms in uses.items():
                if self._uses.get(key_id) == used_ms:
                    del self._uses[key_id]

    def _find(self, key_id: str) -> Row[tuple[object, ...]] | None:
        with self._database.read() as connection:
            return connection.execute(_FIND, {"key_id": key_id}).one_or_none()

    def _note_use(self, key_id: str, written_ms: int | None, now_ms: int) -> None:
        with self._lock:
            known_ms = max(self._uses.get(key_id, 0), written_ms or 0)
            if now_ms - known_ms >= _USE_INTERVAL_MS:
                self._uses[key_id] = now_ms

    def _hash(self, key_id: str, secret: str) -> str:
        return self._secret.sign("api key", key_id.encode(), secret.encode()).hex()


def list_keys(connection: Connection, account_id: str | None = None) -> list[KeyFacts]:
    """Return what may be shown of all keys, or of those of one account, oldest first."""
    shown = [column for column in api_keys.columns if column is not api_keys.c.secret_hash]
    query = (
        select(*shown, key_numbers.c.number)
        .join(key_numbers, key_numbers.c.key_id == api_keys.c.id)
        .order_by(api_keys.c.created_ms, key_numbers.c.number, api_keys.c.id)
    )
    if account_id is not None:
        query = query.where(api_keys.c.account_id == account_id)
    return [
        KeyFacts(**{**row, "scopes": tuple(row["scopes"])})
        for row in connection.execute(query).mappings()
    ]


def _number(connection: Connection, key_id: str, account_id: str) -> int:
    """Give a key the next number of its account."""
    query = select(func.max(key_numbers.c.number)).where(key_numbers.c.account_id == account_id)
    number = (connection.scalar(query) or 0) + 1
    row = {"key_id": key_id, "account_id": account_id, "number": number}
    connection.execute(insert(key_numbers).values(row))
    return number


def check_name(name: str) -> str:
    """Return a name for a key or an account if it is one.

    Raises
    ------
    InvalidInputError
        If it is empty, too long, or has characters that cannot be printed.
    """
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX or not name.isprintable() or not name.strip():
        raise InvalidInputError(f"a name has 1 to {NAME_CHARACTERS_MAX} printable characters")
    return name
