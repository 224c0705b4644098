"""People: they register, sign in with a password, and get another one.

Passwords cost time and memory to check, by design; whoever calls this bounds how many are checked
at once. Wrong ones are counted for each account, also for accounts that there are not, so that
nobody learns which there are.
"""

import hashlib
from collections.abc import Callable

from sqlalchemy import Connection

from isocenter.access.accounts import (
    Account,
    Person,
    check_email,
    check_password,
    create_user,
    email_of,
    has_account,
    hash_password,
    person_of,
    set_names,
    set_password,
)
from isocenter.access.audit import Audit
from isocenter.access.principal import account_owner
from isocenter.access.rate_limits import RateLimits
from isocenter.access.sign_ins import end_by_password
from isocenter.access.tokens import TokenPair, Tokens, end_all
from isocenter.errors import ConflictError, FieldsError, InvalidInputError, NotAuthenticatedError
from isocenter.limits import Limits
from isocenter.store.database import Database

_BUCKET = "wrong passwords"
_TAKEN = "user with this email already exists."


class People:
    """Accounts of people; safe for any number of threads.

    Parameters
    ----------
    tokens
        What signing in gives.
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(
        self,
        database: Database,
        audit: Audit,
        tokens: Tokens,
        clock: Callable[[], int],
        limits: Limits,
    ) -> None:
        self._database = database
        self._audit = audit
        self._tokens = tokens
        self._clock = clock
        self._wrong = RateLimits({_BUCKET: limits.account_sign_ins_per_minute}, clock)

    def register(
        self, email: str, password: str, first_name: str = "", last_name: str = ""
    ) -> Account:
        """Make the account of a person; who has no name is called by the address.

        Raises
        ------
        FieldsError
            If a field is wrong, or there is an account of the address.
        """
        normal = _checked("email", check_email, email)
        with self._database.read() as connection:
            if has_account(connection, normal):
                raise FieldsError({"email": [_TAKEN]})
        hashed = _checked("password", hash_password, password)
        try:
            with self._database.begin() as connection:
                name = f"{first_name} {last_name}".strip() or normal
                account = create_user(connection, normal, hashed, name, self._clock())
                set_names(connection, Person(account.id, first_name, last_name))
                self._record(connection, account.id, "account.create")
        except ConflictError:
            raise FieldsError({"email": [_TAKEN]}) from None
        return account

    def sign_in(self, email: str, password: str) -> TokenPair:
        """Return tokens for an address and its password.

        Raises
        ------
        NotAuthenticatedError
            If they do not belong together; it takes as long where there is no such account.
        LimitReachedError
            If too many wrong passwords were tried for this address.
        """
        account = self.check(email, password)
        with self._database.begin() as connection:
            pair = self._tokens.begin(connection, person_of(connection, account.id))
            self._record(connection, account.id, "account.sign-in")
        return pair

    def check(self, email: str, password: str) -> Account:
        """Return the account of an address and its password; errors as ``sign_in``."""
        counted = hashlib.sha256(email.strip().lower().encode(errors="replace")).hexdigest()
        self._wrong.check(_BUCKET, counted)
        with self._database.read() as connection:
            account = check_password(connection, email, password)
        self._wrong.forgive(_BUCKET, counted)
        return account

    def change_password(self, account_id: str, old: str, new: str) -> None:
        """Give an account another password, and end all that was begun with the old one.

        Keys stay good: they are ended one by one.

        Raises
        ------
        FieldsError
            If the old password is wrong, or the new one is none.
        LimitReachedError
            If too many wrong passwords were tried.
        NotFoundError
            If the account has no password.
        """
        with self._database.read() as connection:
            email = email_of(connection, account_id)
        try:
            self.check(email, old)
        except NotAuthenticatedError:
            raise FieldsError({"old_password": ["This is not your password."]}) from None
        hashed = _checked("new_password", hash_password, new)
        with self._database.begin() as connection:
            renew_password(connection, account_id, hashed)
            self._record(connection, account_id, "account.password")

    def _record(self, connection: Connection, account_id: str, action: str) -> None:
        self._audit.record(connection, account_owner(account_id), action, ("account", account_id))


def renew_password(connection: Connection, account_id: str, password_hash: str) -> None:
    """Replace the password of an account and end its sign-ins, in the caller's transaction.

    Raises
    ------
    NotFoundError
        If there is no such account of a person.
    """
    set_password(connection, account_id, password_hash)
    end_all(connection, account_id)
    end_by_password(connection, account_id)


def _checked(field: str, check: Callable[[str], str], text: str) -> str:
    """Return what a check returns, its complaint as that of the field."""
    try:
        return check(text)
    except InvalidInputError as error:
        raise FieldsError({field: [str(error)]}) from None
