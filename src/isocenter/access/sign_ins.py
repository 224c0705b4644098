"""Sign-ins: a browser that acts for an account until its person signs out, and how it began.

A browser signs in with a key, or with a code that is good once and for some minutes, so that an
address can sign in (the code is in its fragment, which no browser sends). The cookie then names
the sign-in (``access/cookies.py``), never the key. Every request reads its row: a sign-in ends at
once, for all processes, when its person signs out or its key is revoked or expires.
"""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, select, update

from isocenter.access.audit import Audit
from isocenter.access.principal import USUAL_SCOPES, Principal, account_owner, check_scopes
from isocenter.access.server_secret import ServerSecret
from isocenter.errors import NotAuthenticatedError
from isocenter.limits import Limits
from isocenter.store.database import Database
from isocenter.store.tables import accounts, api_keys, sign_in_codes, sign_ins

_ID_BYTES = 16
_CODE_BYTES = 24
_CODE_CHARACTERS_MAX = 128
_MS = 1000
# A sign-in that is used is made longer, but not with every page that is opened.
_RENEWED_MS = 24 * 3600 * _MS


@dataclass(frozen=True, slots=True)
class SignIn:
    """What was begun: its id for the cookie, and who acts."""

    id: str
    principal: Principal
    expires_ms: int


class SignIns:
    """Begins, checks and ends sign-ins; safe for any number of threads.

    Parameters
    ----------
    secret
        Of this server; codes are kept as keyed hashes.
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
        limits: Limits,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._database = database
        self._secret = secret
        self._audit = Audit(secret, clock)
        self._clock = clock
        self._limits = limits
        self._random = random

    def begin(self, principal: Principal, browser_id: str) -> SignIn:
        """Sign a browser in.

        Parameters
        ----------
        principal
            Who showed a key, or later a password: an account, with the key if there is one.
        browser_id
            Who the browser was before, and is again afterwards.
        """
        with self._database.begin() as connection:
            return self._begin(connection, principal, browser_id)

    def begin_by_code(self, code: str, browser_id: str) -> SignIn:
        """Sign a browser in by a code, which is worth nothing afterwards.

        Raises
        ------
        NotAuthenticatedError
            If it is none, was used, or is too old; or its key ended meanwhile.
        """
        is_meant = sign_in_codes.c.hash == self._hash(code[:_CODE_CHARACTERS_MAX])
        with self._database.begin() as connection:
            row = _find(connection, sign_in_codes, is_meant)
            connection.execute(delete(sign_in_codes).where(is_meant))
            principal = self._principal(row)
            if principal is not None:
                return self._begin(connection, principal, browser_id)
        raise NotAuthenticatedError(
            "the address was used before, or is too old: sign in with a key"
        )

    def make_code(self, connection: Connection, account_id: str, key_id: str | None = None) -> str:
        """Return a code that signs in once, in the caller's transaction.

        It is good for ``limits.sign_in_code_seconds``.
        """
        code = _text(self._random(_CODE_BYTES))
        row = {
            "hash": self._hash(code),
            "account_id": account_id,
            "key_id": key_id,
            "expires_ms": self._clock() + self._limits.sign_in_code_seconds * _MS,
        }
        connection.execute(insert(sign_in_codes).values(row))
        return code

    def check(self, sign_in_id: str) -> Principal:
        """Return who acts in a sign-in.

        Raises
        ------
        NotAuthenticatedError
            If it has ended, or its key has.
        """
        with self._database.read() as connection:
            row = _find(connection, sign_ins, sign_ins.c.id == sign_in_id)
        principal = self._principal(row)
        if principal is None:
            raise NotAuthenticatedError(
                "the browser is signed out, or the key that signed in ended"
            )
        return principal

    def renew(self, sign_in_id: str) -> None:
        """Make a sign-in last longer; NotAuthenticatedError as ``check``."""
        self.check(sign_in_id)
        expires_ms = self._expires_ms()
        is_old = sign_ins.c.expires_ms < expires_ms - _RENEWED_MS
        with self._database.read() as connection:
            query = select(sign_ins.c.id).where(sign_ins.c.id == sign_in_id, is_old)
            if connection.scalar(query) is None:
                return
        with self._database.begin() as connection:
            connection.execute(
                update(sign_ins).where(sign_ins.c.id == sign_in_id).values(expires_ms=expires_ms)
            )

    def browser_of(self, sign_in_id: str) -> str | None:
        """Return who the browser was before, while the row of a sign-in is there."""
        with self._database.read() as connection:
            query = select(sign_ins.c.browser).where(sign_ins.c.id == sign_in_id)
            found: str | None = connection.scalar(query)
        return found

    def end(self, sign_in_id: str) -> None:
        """End a sign-in, for every copy of its cookie; a second time does nothing."""
        is_meant = sign_ins.c.id == sign_in_id
        with self._database.begin() as connection:
            account_id = connection.scalar(select(sign_ins.c.account_id).where(is_meant))
            if account_id is None:
                return
            connection.execute(delete(sign_ins).where(is_meant))
            owner = account_owner(account_id)
            self._audit.record(connection, owner, "account.sign-out", ("account", account_id))

    def sweep(self) -> None:
        """Remove what has expired; called now and then."""
        now_ms = self._clock()
        for table in (sign_ins, sign_in_codes):
            is_over = table.c.expires_ms <= now_ms
            with self._database.read() as connection:
                query = select(table.c.account_id).where(is_over).limit(1)
                if connection.scalar(query) is None:
                    continue
            with self._database.begin() as connection:
                connection.execute(delete(table).where(is_over))

    def _begin(self, connection: Connection, principal: Principal, browser_id: str) -> SignIn:
        assert principal.account_id is not None
        sign_in_id = _text(self._random(_ID_BYTES))
        expires_ms = self._expires_ms()
        row = {
            "id": sign_in_id,
            "account_id": principal.account_id,
            "key_id": principal.key_id,
            "browser": browser_id,
            "created_ms": self._clock(),
            "expires_ms": expires_ms,
        }
        connection.execute(insert(sign_ins).values(row))
        by_key = principal.key_id
        subject = ("key", by_key) if by_key else ("account", principal.account_id)
        self._audit.record(connection, principal.id, "account.sign-in", subject)
        return SignIn(sign_in_id, replace(principal, is_browser=True), expires_ms)

    def _principal(self, row: Row[tuple[object, ...]] | None) -> Principal | None:
        """Return who a row stands for; ``None`` where it or its key has ended."""
        now_ms = self._clock()
        if row is None or row.expires_ms <= now_ms:
            return None
        scopes = USUAL_SCOPES
        if row.key_id is not None:
            has_expired = row.key_expires_ms is not None and row.key_expires_ms <= now_ms
            if row.revoked_ms is not None or has_expired:
                return None
            scopes = check_scopes(row.scopes)
        owner = account_owner(row.account_id)
        return Principal(
            owner, scopes, row.account_id, row.account_name, row.key_id, is_browser=True
        )

    def _expires_ms(self) -> int:
        return self._clock() + self._limits.sign_in_seconds * _MS

    def _hash(self, code: str) -> str:
        return self._secret.sign("sign-in code", code.encode()).hex()


def end_by_password(connection: Connection, account_id: str) -> None:
    """End the sign-ins of an account that began without a key, in the caller's transaction."""
    began_without = (sign_ins.c.account_id == account_id) & sign_ins.c.key_id.is_(None)
    connection.execute(delete(sign_ins).where(began_without))


def _find(
    connection: Connection, table: Table, is_meant: ColumnElement[bool]
) -> Row[tuple[object, ...]] | None:
    """Return a row of a table with what is known of its account and its key."""
    query = (
        select(
            table,
            accounts.c.name.label("account_name"),
            api_keys.c.scopes,
            api_keys.c.revoked_ms,
            api_keys.c.expires_ms.label("key_expires_ms"),
        )
        .join(accounts, accounts.c.id == table.c.account_id)
        .outerjoin(api_keys, api_keys.c.id == table.c.key_id)
        .where(is_meant)
    )
    return connection.execute(query).one_or_none()


def _text(random: bytes) -> str:
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode()
