"""What an administrator does: accounts, keys, and whether everything is as it should be.

Every act and its audit are one transaction. Nothing asks who the caller is: whoever may write to
the data folder may do all this, and a face that offers it asks for the scope ``admin``.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection, func, select

from isocenter.access.accounts import (
    Account,
    account_of,
    create_service,
    create_user,
    hash_password,
)
from isocenter.access.api_keys import ApiKeys, KeyFacts, NewKey, list_keys
from isocenter.access.audit import Audit, Chain
from isocenter.access.server_secret import ServerSecret
from isocenter.access.sign_ins import SignIns
from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.people import renew_password
from isocenter.store.backups import BackUp, Layout, back_up
from isocenter.store.blobs import BlobStore
from isocenter.store.database import Database
from isocenter.store.tables import api_keys

COMMAND_LINE = "command-line"
EXPIRY_DAYS_MAX = 36_500
_DAY_MS = 24 * 3600 * 1000


class Administration:
    """Accounts and keys of everybody.

    Parameters
    ----------
    database
        Where they are.
    secret
        Of this server.
    clock
        Milliseconds since 1970 UTC.
    principal
        Who does it, as the audit names it.
    """

    def __init__(
        self,
        database: Database,
        secret: ServerSecret,
        clock: Callable[[], int],
        principal: str = COMMAND_LINE,
        limits: Limits = DEFAULT,
    ) -> None:
        self._database = database
        self._keys = ApiKeys(database, secret, clock)
        self._sign_ins = SignIns(database, secret, clock, limits)
        self._audit = Audit(secret, clock)
        self._clock = clock
        self._principal = principal

    def create_key(
        self,
        name: str,
        scopes: Sequence[str] = (),
        *,
        email: str | None = None,
        expires_days: int | None = None,
    ) -> NewKey:
        """Make a key; without an address it belongs to a new service account of that name.

        Raises
        ------
        InvalidInputError
            If the name, a scope, the address or the number of days is none.
        NotFoundError
            If there is no account of this address.
        """
        now_ms = self._clock()
        expires_ms = None
        if expires_days is not None:
            if not 1 <= expires_days <= EXPIRY_DAYS_MAX:
                raise InvalidInputError(f"a key expires after 1 to {EXPIRY_DAYS_MAX} days")
            expires_ms = now_ms + expires_days * _DAY_MS
        with self._database.begin() as connection:
            if email is None:
                account = create_service(connection, name, now_ms)
                self._record(connection, "account.create", ("account", account.id))
            else:
                account = account_of(connection, email)
            key = self._keys.create(connection, account.id, name, scopes, expires_ms=expires_ms)
            self._record(connection, "key.create", ("key", key.id))
        return key

    def create_first_key(self, name: str) -> tuple[NewKey, str] | None:
        """Make a key if there has never been any: what a first start of the server prints.

        Beside it comes a code by which a browser signs in with the key, once and soon.
        """
        with self._database.begin() as connection:
            if connection.scalar(select(func.count()).select_from(api_keys)):
                return None
            account = create_service(connection, name, self._clock())
            self._record(connection, "account.create", ("account", account.id))
            key = self._keys.create(connection, account.id, name)
            self._record(connection, "key.create", ("key", key.id))
            code = self._sign_ins.make_code(connection, account.id, key.id)
        return key, code

    def create_sign_in_code(self, key_id: str) -> str:
        """Return a code by which a browser signs in with a key, once and soon.

        Raises
        ------
        NotFoundError
            If there is no such key, or it was revoked.
        """
        query = select(api_keys.c.account_id).where(
            api_keys.c.id == key_id, api_keys.c.revoked_ms.is_(None)
        )
        with self._database.begin() as connection:
            account_id = connection.scalar(query)
            if account_id is None:
                raise NotFoundError("there is no such key")
            code = self._sign_ins.make_code(connection, account_id, key_id)
            self._record(connection, "key.sign-in-code", ("key", key_id))
        return code

    def revoke_key(self, key_id: str) -> None:
        """End a key for ever, at once and for all processes.

        Raises
        ------
        NotFoundError
            If there is no such key.
        """
        with self._database.begin() as connection:
            self._keys.revoke(connection, key_id)
            self._record(connection, "key.revoke", ("key", key_id))

    def list_keys(self) -> list[KeyFacts]:
        """Return what may be shown of all keys, oldest first."""
        with self._database.read() as connection:
            return list_keys(connection)

    def create_account(self, email: str, password: str, name: str | None = None) -> Account:
        """Make the account of a person; without a name it is the address.

        Raises
        ------
        InvalidInputError
            If address, password or name is none.
        ConflictError
            If there is an account of this address.
        """
        hashed = hash_password(password)
        with self._database.begin() as connection:
            account = create_user(connection, email, hashed, name or email.strip(), self._clock())
            self._record(connection, "account.create", ("account", account.id))
        return account

    def set_password(self, email: str, password: str) -> Account:
        """Give a person another password, and end whatever was begun with the old one.

        Keys stay good: they are ended one by one.

        Raises
        ------
        InvalidInputError
            If address or password is none.
        NotFoundError
            If there is no account of this address.
        """
        hashed = hash_password(password)
        with self._database.begin() as connection:
            account = account_of(connection, email)
            renew_password(connection, account.id, hashed)
            self._record(connection, "account.password", ("account", account.id))
        return account

    def verify_audit(self) -> Chain:
        """Check the whole chain of the audit."""
        with self._database.read() as connection:
            return self._audit.verify_chain(connection)

    def back_up(self, store: BlobStore, layout: Layout, target: Path) -> BackUp:
        """Copy everything into a new folder, as ``store.backups.back_up`` says."""
        made = back_up(self._database, store, layout, target)
        result = "ok" if not made.missing_keys else "incomplete"
        with self._database.begin() as connection:
            self._record(connection, "backup.create", ("server", ""), result)
        return made

    def _record(
        self, connection: Connection, action: str, subject: tuple[str, str], result: str = "ok"
    ) -> None:
        self._audit.record(connection, self._principal, action, subject, result)
