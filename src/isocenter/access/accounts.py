"""Accounts: people with an address and a password, and services that only have keys.

Passwords are hashed with argon2id, slowly and with much memory, because people choose them.
"""

import functools
import re
import unicodedata
import uuid
from dataclasses import asdict, dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, insert, select, update

from isocenter.access.api_keys import check_name
from isocenter.errors import ConflictError, InvalidInputError, NotAuthenticatedError, NotFoundError
from isocenter.store.developer_tables import people
from isocenter.store.tables import accounts

USER = "user"
SERVICE = "service"
PASSWORD_CHARACTERS_MIN = 8
PASSWORD_CHARACTERS_MAX = 1024
_EMAIL_CHARACTERS_MAX = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,253}")
# The first recommendation of RFC 9106 asks for 2 GiB a login; this is its second one: 64 MiB,
# three passes, four lanes.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
_WRONG = "the address or the password is wrong"
_NO_ACCOUNT = "there is no such account"


@dataclass(frozen=True, slots=True)
class Account:
    """What may be shown of an account."""

    id: str
    kind: str
    name: str
    email: str | None
    created_ms: int


@dataclass(frozen=True, slots=True)
class Person:
    """How a person with an account is called."""

    account_id: str
    first_name: str
    last_name: str

    @classmethod
    def of(cls, account_id: str, name: str, first: str | None, last: str | None) -> "Person":
        """Return a person; whoever did not register has one name, which counts as the first."""
        return cls(account_id, name if first is None else first, last or "")


def create_service(connection: Connection, name: str, now_ms: int) -> Account:
    """Make an account that only keys belong to, in the caller's transaction.

    Raises
    ------
    InvalidInputError
        If the name is none.
    """
    account = Account(str(uuid.uuid4()), SERVICE, check_name(name), None, now_ms)
    return _insert(connection, account, None)


def create_user(
    connection: Connection, email: str, password_hash: str, name: str, now_ms: int
) -> Account:
    """Make the account of a person, in the caller's transaction.

    Parameters
    ----------
    password_hash
        Of ``hash_password``, which takes a while and belongs before the transaction.

    Raises
    ------
    InvalidInputError
        If the address or the name is none.
    ConflictError
        If there is an account of this address.
    """
    normal = check_email(email)
    if _find(connection, normal) is not None:
        raise ConflictError("there is an account of this address already")
    account = Account(str(uuid.uuid4()), USER, check_name(name), normal, now_ms)
    return _insert(connection, account, password_hash)


def set_names(connection: Connection, person: Person) -> None:
    """Keep how a person is called, who has just got an account."""
    connection.execute(insert(people).values(asdict(person)))


def person_of(connection: Connection, account_id: str) -> Person:
    """Return how the person of an account is called.

    Raises
    ------
    NotFoundError
        If there is no such account.
    """
    query = (
        select(accounts.c.id, accounts.c.name, people.c.first_name, people.c.last_name)
        .outerjoin(people, people.c.account_id == accounts.c.id)
        .where(accounts.c.id == account_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(_NO_ACCOUNT)
    return Person.of(*row)


def account_of(connection: Connection, email: str) -> Account:
    """Return the account of an address.

    Raises
    ------
    InvalidInputError
        If it is no address.
    NotFoundError
        If there is no account of it.
    """
    row = _find(connection, check_email(email))
    if row is None:
        raise NotFoundError("there is no account of this address")
    return _account(row)


def has_account(connection: Connection, email: str) -> bool:
    """Whether there is an account of an address in the form of ``check_email``."""
    return _find(connection, email) is not None


def hash_of(connection: Connection, email: str) -> tuple[str, str] | None:
    """Return the id of the account of an address, and its hash, if it has a password.

    Raises
    ------
    InvalidInputError
        If it is no address.
    """
    row = _find(connection, check_email(email))
    return None if row is None or row.password_hash is None else (row.id, row.password_hash)


def email_of(connection: Connection, account_id: str) -> str:
    """Return the address of a person's account.

    Raises
    ------
    NotFoundError
        If there is no such account, or it is a service.
    """
    query = select(accounts.c.email).where(accounts.c.id == account_id)
    email: str | None = connection.scalar(query)
    if email is None:
        raise NotFoundError(_NO_ACCOUNT)
    return email


def check_password(connection: Connection, email: str, password: str) -> Account:
    """Return the account of an address if this is its password.

    It takes as long for an address that nobody has, so that nobody learns who has an account.

    Raises
    ------
    NotAuthenticatedError
        If it is not; the sentence is always the same.
    """
    try:
        row = _find(connection, check_email(email))
        kept = None if row is None else row.password_hash
        _HASHER.verify(kept or _nobodys_hash(), _normal(password))
    except (InvalidInputError, VerificationError, InvalidHashError):
        raise NotAuthenticatedError(_WRONG) from None
    if row is None or kept is None:
        raise NotAuthenticatedError(_WRONG)
    return _account(row)


def set_password(connection: Connection, account_id: str, password_hash: str) -> None:
    """Replace the password of an account.

    Raises
    ------
    NotFoundError
        If there is no such account of a person.
    """
    is_meant = (accounts.c.id == account_id) & (accounts.c.kind == USER)
    changed = connection.execute(
        update(accounts).where(is_meant).values(password_hash=password_hash)
    )
    if changed.rowcount != 1:
        raise NotFoundError(_NO_ACCOUNT)


def hash_password(password: str) -> str:
    """Return what may be kept of a password; takes about a tenth of a second and 64 MiB.

    Raises
    ------
    InvalidInputError
        If it is too short or too long.
    """
    if len(password) < PASSWORD_CHARACTERS_MIN:
        raise InvalidInputError(f"a password has at least {PASSWORD_CHARACTERS_MIN} characters")
    return _HASHER.hash(_normal(password))


def check_email(email: str) -> str:
    """Return an address in the form in which it is kept: upper and lower case are the same.

    Raises
    ------
    InvalidInputError
        If it is none.
    """
    normal = email.strip().lower()
    is_address = _EMAIL.fullmatch(normal) and normal.isprintable()
    if not is_address or len(normal) > _EMAIL_CHARACTERS_MAX:
        raise InvalidInputError("that is no e-mail address")
    return normal


def _normal(password: str) -> bytes:
    """Return a password as bytes, the same however a keyboard composes its letters."""
    try:
        if len(password) <= PASSWORD_CHARACTERS_MAX:
            return unicodedata.normalize("NFKC", password).encode()
    except UnicodeEncodeError:
        raise InvalidInputError("the password has characters that are none") from None
    raise InvalidInputError(f"a password has at most {PASSWORD_CHARACTERS_MAX} characters")


@functools.cache
def _nobodys_hash() -> str:
    """Return the hash of a password that nobody has."""
    return _HASHER.hash(uuid.uuid4().bytes)


def _find(connection: Connection, email: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(accounts).where(accounts.c.email == email)).one_or_none()


def _insert(connection: Connection, account: Account, password_hash: str | None) -> Account:
    row = {**asdict(account), "password_hash": password_hash}
    connection.execute(insert(accounts).values(row))
    return account


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(row.id, row.kind, row.name, row.email, row.created_ms)
