"""Tokens for people who sign in with a password: JSON Web Tokens, for a while.

A sign-in makes a family: an access token for some minutes, a refresh token for the body of
requests, which stays good until it expires, and one for the cookie, which is replaced whenever it
is used (RFC 9700 4.14.2). Of a cookie's tokens only the last one is good, and for some seconds the
one before it, because answers get lost. Whoever shows an older one has a copy, or the other side
has: the whole family ends. It ends as well when its person signs out or gets another password,
and access tokens with it, because each request asks for the row.

References
----------
RFC 7519 (JSON Web Token), RFC 7515 (its signature), RFC 8725 (how to check one).
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from jwt.types import Options
from sqlalchemy import Connection, Row, delete, insert, select, update

from isocenter.access.accounts import Person
from isocenter.access.audit import Audit
from isocenter.access.principal import USUAL_SCOPES, Principal, account_owner
from isocenter.access.server_secret import ServerSecret
from isocenter.errors import NotAuthenticatedError
from isocenter.store.database import Database
from isocenter.store.developer_tables import people, token_families
from isocenter.store.tables import accounts

ACCESS_SECONDS = 15 * 60
REFRESH_SECONDS = 30 * 24 * 3600
_LEEWAY_MS = 10_000
_TEXT_MAX = 4096
_ALGORITHM = "HS256"
_ACCESS = "access"
_REFRESH = "refresh"
_GENERATION = "generation"
_MS = 1000
# {"alg":"HS256","typ":"JWT"}: another header is not even parsed.
_HEADER = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
_BEGIN = "eyJ"  # as a JSON object begins in Base64; no key and no signed id does
INVALID = "Invalid or expired JWT token"
# Times are compared with our own clock, and a token without one of these is not ours.
_OPTIONS: Options = {
    "require": ["exp", "iat", "jti", "user_id", "family", "token_type"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a sign-in gives: two tokens for the answer, and one for the cookie."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A new access token, and the cookie's next one where its last one was shown."""

    access: str = field(repr=False)
    cookie: str | None = field(repr=False)


class Tokens:
    """Makes, checks and ends tokens; safe for any number of threads.

    Parameters
    ----------
    secret
        Of this server; tokens are signed with a key that is derived from it.
    clock
        Milliseconds since 1970 UTC.
    verify_other
        Checks what is none of our tokens.
    """

    def __init__(
        self,
        database: Database,
        secret: ServerSecret,
        clock: Callable[[], int],
        verify_other: Callable[[str], Principal],
    ) -> None:
        self._database = database
        self._verify_other = verify_other
        self._key = secret.sign("json web token")
        self._audit = Audit(secret, clock)
        self._clock = clock

    def begin(self, connection: Connection, person: Person) -> TokenPair:
        """Make the tokens of a new family, in the caller's transaction; expired ones go."""
        now_ms = self._clock()
        connection.execute(delete(token_families).where(token_families.c.expires_ms <= now_ms))
        row = {
            "id": str(uuid.uuid4()),
            "account_id": person.account_id,
            "created_ms": now_ms,
            "expires_ms": now_ms + REFRESH_SECONDS * _MS,
            "generation": 1,
            "rotated_ms": now_ms,
        }
        connection.execute(insert(token_families).values(row))
        found = _find(connection, str(row["id"]))
        assert found is not None
        return TokenPair(self._access(found), self._refresh(found), self._refresh(found, 1))

    def verify(self, text: str) -> Principal:
        """Return whose access token this is, or whose other credential.

        Raises
        ------
        NotAuthenticatedError
            If it is none of ours, has expired, or its family ended.
        """
        if not text.startswith(_BEGIN):
            return self._verify_other(text)
        claims = self._claims(text, _ACCESS)
        with self._database.read() as connection:
            row = self._family(connection, claims)
        owner = account_owner(row.account_id)
        return Principal(owner, USUAL_SCOPES, row.account_id, row.account_name)

    def refresh(self, text: str) -> Refreshed:
        """Return a new access token for a refresh token; that of a cookie is replaced.

        Raises
        ------
        NotAuthenticatedError
            If it is none of ours, has expired, or its family ended; also if it is a cookie's that
            was replaced before: then its family ends now.
        """
        claims = self._claims(text, _REFRESH)
        generation = claims.get(_GENERATION)
        if generation is None:
            with self._database.read() as connection:
                return Refreshed(self._access(self._family(connection, claims)), None)
        with self._database.begin() as connection:
            row = self._family(connection, claims)
            latest = self._rotate(connection, row, generation)
        if latest is None:
            raise NotAuthenticatedError(INVALID)
        return Refreshed(self._access(row), self._refresh(row, latest))

    def end(self, text: str) -> None:
        """End the family of a refresh token.

        Raises
        ------
        NotAuthenticatedError
            As ``refresh`` does.
        """
        claims = self._claims(text, _REFRESH)
        with self._database.begin() as connection:
            row = self._family(connection, claims)
            connection.execute(delete(token_families).where(token_families.c.id == row.id))
            self._record(connection, row.account_id, "account.sign-out")

    def _rotate(
        self, connection: Connection, row: Row[tuple[object, ...]], generation: object
    ) -> int | None:
        """Return the generation of the cookie's next token; ``None`` where the family ended."""
        now_ms = self._clock()
        if generation == row.generation:
            latest = int(row.generation) + 1
            connection.execute(
                update(token_families)
                .where(token_families.c.id == row.id)
                .values(generation=latest, rotated_ms=now_ms)
            )
            return latest
        if generation == row.generation - 1 and now_ms - row.rotated_ms <= _LEEWAY_MS:
            return int(row.generation)
        connection.execute(delete(token_families).where(token_families.c.id == row.id))
        self._record(connection, row.account_id, "token.reuse", "denied")
        return None

    def _claims(self, text: str, token_type: str) -> dict[str, Any]:
        """Return what a token says that we signed and that has not expired."""
        if len(text) > _TEXT_MAX or not text.isascii() or not text.startswith(_HEADER):
            raise NotAuthenticatedError(INVALID)
        try:
            claims = jwt.decode(text, self._key, algorithms=[_ALGORITHM], options=_OPTIONS)
        except jwt.InvalidTokenError:
            raise NotAuthenticatedError(INVALID) from None
        if claims["token_type"] != token_type or claims["exp"] * _MS <= self._clock():
            raise NotAuthenticatedError(INVALID)
        return claims

    def _family(self, connection: Connection, claims: Mapping[str, Any]) -> Row[tuple[object, ...]]:
        """Return the row of a token's family, with its account."""
        row = _find(connection, claims["family"])
        if row is None or row.expires_ms <= self._clock():
            raise NotAuthenticatedError(INVALID)
        return row

    def _access(self, row: Row[tuple[object, ...]]) -> str:
        person = Person.of(row.account_id, row.account_name, row.first_name, row.last_name)
        names = {"first_name": person.first_name, "last_name": person.last_name}
        return self._token(row, _ACCESS, self._clock() // _MS + ACCESS_SECONDS, names)

    def _refresh(self, row: Row[tuple[object, ...]], generation: int | None = None) -> str:
        said = {} if generation is None else {_GENERATION: generation}
        return self._token(row, _REFRESH, row.expires_ms // _MS, said)

    def _token(
        self,
        row: Row[tuple[object, ...]],
        token_type: str,
        expires: int,
        said: Mapping[str, object],
    ) -> str:
        claims = {
            "token_type": token_type,
            "exp": expires,
            "iat": self._clock() // _MS,
            "jti": uuid.uuid4().hex,
            "user_id": row.account_id,
            "family": row.id,
            **said,
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def _record(
        self, connection: Connection, account_id: str, action: str, result: str = "ok"
    ) -> None:
        owner = account_owner(account_id)
        self._audit.record(connection, owner, action, ("account", account_id), result)


def end_all(connection: Connection, account_id: str) -> None:
    """End all families of an account, in the caller's transaction."""
    connection.execute(delete(token_families).where(token_families.c.account_id == account_id))


def _find(connection: Connection, family_id: str) -> Row[tuple[object, ...]] | None:
    query = (
        select(
            token_families,
            accounts.c.name.label("account_name"),
            people.c.first_name,
            people.c.last_name,
        )
        .join(accounts, accounts.c.id == token_families.c.account_id)
        .outerjoin(people, people.c.account_id == accounts.c.id)
        .where(token_families.c.id == family_id)
    )
    return connection.execute(query).one_or_none()
