"""People: they register, sign in with a password, and get another one.

Passwords cost time and memory to check, by design; whoever calls this bounds how many are checked
at once. Wrong ones are counted for each account, also for accounts that there are not, so that
nobody learns which there are.
"""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection

from isocenter.access.accounts import (
    Account,
    Person,
    check_email,
    check_password,
    create_user,
    email_of,
    has_account,
    hash_of,
    hash_password,
    person_of,
    set_names,
    set_password,
)
from isocenter.access.audit import NOBODY, Audit
from isocenter.access.principal import account_owner
from isocenter.access.rate_limits import RateLimits
from isocenter.access.sign_ins import end_by_password
from isocenter.access.signed_tokens import SignedTokens
from isocenter.access.tokens import TokenPair, Tokens, end_all
from isocenter.errors import (
    ConflictError,
    FieldsError,
    InvalidInputError,
    NotAuthenticatedError,
    NotSupportedError,
)
from isocenter.limits import Limits
from isocenter.services.mail import Mail
from isocenter.store.database import Database

RESET_SECONDS = 30 * 60
_BUCKET = "wrong passwords"
_MAILS = "mails"
_PURPOSE = "another password"
_TEXT = """Somebody, probably you, asked for another password of your account.
To choose one, enter this code on the page of the account within half an hour:

{code}

Whoever has this code can take the account over. If you did not ask, do nothing.
"""
_TAKEN = "user with this email already exists."


class Reset(NamedTuple):
    """How people get another password by themselves: codes, and what brings them."""

    mail: Mail
    tokens: SignedTokens


class People:
    """Accounts of people; safe for any number of threads.

    Parameters
    ----------
    tokens
        What signing in gives.
    clock
        Milliseconds since 1970 UTC.
    reset
        What lets people have another password by mail; without it the administrator gives one.
    """

    def __init__(
        self,
        database: Database,
        audit: Audit,
        tokens: Tokens,
        clock: Callable[[], int],
        limits: Limits,
        reset: Reset | None = None,
    ) -> None:
        self._database = database
        self._audit = audit
        self._tokens = tokens
        self._clock = clock
        self._wrong = RateLimits({_BUCKET: limits.account_sign_ins_per_minute}, clock)
        self._mails = RateLimits({_MAILS: 1}, clock)
        self._reset = reset

    @property
    def may_reset(self) -> bool:
        """Whether people can have another password by mail."""
        return self._reset is not None

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

    def send_code(self, email: str) -> None:
        """Mail a code for another password, if there is an account of this address.

        The mail has a code and no address of a page: what a request says of the server's address
        could be an attacker's.

        Raises
        ------
        NotSupportedError
            If there is no mail.
        LimitReachedError
            If one was sent within the last minute.
        UnavailableError
            If the mail server does not take it.
        """
        reset = self._require_reset()
        with self._database.read() as connection:
            try:
                found = hash_of(connection, email)
            except InvalidInputError:
                return
        if found is None:
            return
        account_id, password_hash = found
        self._mails.check(_MAILS, account_id)
        code = reset.tokens.make(_PURPOSE, account_id, RESET_SECONDS, bound_to=password_hash)
        with self._database.begin() as connection:
            subject = ("account", account_id)
            self._audit.record(connection, NOBODY, "account.reset-code", subject)
        reset.mail.send(check_email(email), "Another password", _TEXT.format(code=code))

    def reset_password(self, email: str, code: str, password: str) -> None:
        """Give a person another password for a code that was mailed; it is good once.

        Raises
        ------
        NotSupportedError
            If there is no mail.
        FieldsError
            If the code or the password is none.
        """
        reset = self._require_reset()
        hashed = _checked("password", hash_password, password)
        with self._database.begin() as connection:
            try:
                account_id, password_hash = hash_of(connection, email) or ("", "")
                said = reset.tokens.check(code, _PURPOSE, bound_to=password_hash)
            except (InvalidInputError, NotAuthenticatedError):
                said = account_id = ""
            if not account_id or said != account_id:
                raise FieldsError({"code": ["The code is not valid, or too old."]})
            renew_password(connection, account_id, hashed)
            self._record(connection, account_id, "account.password")

    def _require_reset(self) -> Reset:
        if self._reset is None:
            raise NotSupportedError("the administrator of this server gives other passwords")
        return self._reset

    def _record(self, connection: Connection, account_id: str, action: str) -> None:
        self._audit.record(connection, account_owner(account_id), action, ("account", account_id))


def make_reset(mail_url: str, sender: str, tokens: SignedTokens) -> Reset | None:
    """Return what lets people have another password by mail, ``None`` without a mail server.

    Raises
    ------
    InvalidInputError
        If the mail server or the sender is none.
    """
    return Reset(Mail(mail_url, sender), tokens) if mail_url else None


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
