"""Developers: their profiles, their keys, what they may use in a month and what they used.

Every query is for one account; what belongs to another one is not found.
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select, update

from isocenter.access.accounts import person_of
from isocenter.access.api_keys import ApiKeys, KeyFacts, NewKey, list_keys
from isocenter.access.audit import Audit
from isocenter.access.principal import Principal
from isocenter.access.quota import (
    Counted,
    Use,
    counted,
    day_of,
    give_back,
    seconds_to_next_month,
    take,
    used_in_month,
)
from isocenter.errors import (
    FieldsError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    QuotaReachedError,
)
from isocenter.limits import Limits
from isocenter.store.database import Database
from isocenter.store.developer_tables import developer_profiles

READ = "read"
GENERATE = "generate"
# What is counted, and how sentences call it.
KINDS: Mapping[str, str] = {READ: "files read", GENERATE: "files made"}
PURPOSES = ("testing", "research", "education", "commercial", "other")
_MONTHS = range(1, 13)
_YEARS = range(1970, 10_000)
_NUMBER = re.compile(r"[0-9]{1,9}")
_NO_KEY = "there is no such key"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a developer said of the own work; both may be left out."""

    purpose: str | None
    organization: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """What an account did in a period, by day and key, and what counts for this month's quota."""

    counted: list[Counted]
    used: Mapping[str, int]
    quota: int


class Developers:
    """What the developer API does; safe for any number of threads.

    Parameters
    ----------
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(
        self,
        database: Database,
        audit: Audit,
        keys: ApiKeys,
        clock: Callable[[], int],
        limits: Limits,
    ) -> None:
        self._database = database
        self._audit = audit
        self._keys = keys
        self._clock = clock
        self._limits = limits

    def profile(self, principal: Principal) -> Profile:
        """Return the profile.

        Raises
        ------
        NotAuthenticatedError
            If the caller has no account: that of a browser does not count.
        NotFoundError
            If there is none.
        """
        with self._database.read() as connection:
            row = _find_profile(connection, _account_id(principal))
        if row is None:
            raise NotFoundError("Developer profile does not exist.")
        return Profile(row.purpose, row.organization)

    def set_profile(self, principal: Principal, profile: Profile) -> Profile:
        """Make the profile, or change it.

        Raises
        ------
        NotAuthenticatedError
            As ``profile`` does.
        NotAllowedError
            If the caller is a key.
        """
        account_id = _person_id(principal)
        now_ms = self._clock()
        said = {"purpose": profile.purpose, "organization": profile.organization}
        with self._database.begin() as connection:
            if _find_profile(connection, account_id) is None:
                row = {"account_id": account_id, "created_ms": now_ms, "changed_ms": now_ms}
                connection.execute(insert(developer_profiles).values({**row, **said}))
            else:
                is_meant = developer_profiles.c.account_id == account_id
                connection.execute(
                    update(developer_profiles).where(is_meant).values(changed_ms=now_ms, **said)
                )
            self._record(connection, principal, "profile.update", ("account", account_id))
        return profile

    def list_keys(self, principal: Principal) -> list[KeyFacts]:
        """Return what may be shown of the keys that are not revoked, oldest first.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError
            As ``set_profile`` does; also if there is no profile.
        """
        account_id = _person_id(principal)
        with self._database.read() as connection:
            _require_profile(connection, account_id)
            return [key for key in list_keys(connection, account_id) if key.revoked_ms is None]

    def create_key(self, principal: Principal, name: str = "") -> tuple[NewKey, str]:
        """Make a key and return it with its name; without a name it gets one.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError
            As ``list_keys`` does.
        InvalidInputError
            If the name is none.
        FieldsError
            If the account has as many keys as it may.
        """
        account_id = _person_id(principal)
        with self._database.begin() as connection:
            _require_profile(connection, account_id)
            present = [one for one in list_keys(connection, account_id) if one.revoked_ms is None]
            if len(present) >= self._limits.account_keys:
                sentence = f"An account has at most {self._limits.account_keys} keys; delete one."
                raise FieldsError({"name": [sentence]})
            chosen = name or f"{person_of(connection, account_id).first_name}-developer-key"
            key = self._keys.create(connection, account_id, chosen)
            self._record(connection, principal, "key.create", ("key", key.id))
        return key, chosen

    def delete_key(self, principal: Principal, named: str) -> None:
        """End a key at once; it is named by its number, or by what stands before its dot.

        Raises
        ------
        NotAuthenticatedError, NotAllowedError
            As ``list_keys`` does.
        NotFoundError
            If the account has no such key.
        """
        account_id = _person_id(principal)
        number = int(named) if _NUMBER.fullmatch(named) else 0
        with self._database.begin() as connection:
            _require_profile(connection, account_id)
            for key in list_keys(connection, account_id):
                if key.revoked_ms is None and (key.number == number or key.id == named):
                    self._keys.revoke(connection, key.id, account_id)
                    self._record(connection, principal, "key.revoke", ("key", key.id))
                    return
        raise NotFoundError(_NO_KEY)

    def activity(
        self, principal: Principal, year: int | None = None, month: int | None = None
    ) -> list[Counted]:
        """Return what was done in a month: by default this one, of this year; or in a whole year.

        Raises
        ------
        NotAuthenticatedError
            As ``profile`` does.
        NotAllowedError
            If there is no profile.
        FieldsError
            If there is no such year or month.
        """
        account_id = _account_id(principal)
        days = _period(day_of(self._clock()), year, month)
        with self._database.read() as connection:
            _require_profile(connection, account_id)
            return counted(connection, account_id, days)

    def usage(self, principal: Principal) -> Usage:
        """Return what was done this month, and what is left of the quota.

        Raises
        ------
        NotAuthenticatedError
            As ``profile`` does.
        """
        account_id = _account_id(principal)
        today = day_of(self._clock())
        with self._database.read() as connection:
            done = counted(connection, account_id, _period(today, None, None))
            used = used_in_month(connection, account_id, today[:7])
        used = {kind: used.get(kind, 0) for kind in KINDS}
        return Usage(done, used, self._limits.monthly_reads)

    def take(self, principal: Principal, kind: str) -> Use:
        """Count a piece of work before it begins.

        Raises
        ------
        NotAuthenticatedError
            As ``profile`` does.
        QuotaReachedError
            If the quota of this month is used up; then nothing is counted.
        """
        assert kind in KINDS
        now_ms = self._clock()
        use = Use(_account_id(principal), kind, principal.key_id or "", day_of(now_ms))
        quota = self._limits.monthly_reads
        # The statement locks the row that it decides on.
        with self._database.begin(is_alone=False) as connection:
            is_counted = take(connection, use, quota)
        if not is_counted:
            raise QuotaReachedError(kind, KINDS[kind], quota, seconds_to_next_month(now_ms))
        return use

    def give_back(self, use: Use) -> None:
        """Count it no more, because it failed."""
        with self._database.begin(is_alone=False) as connection:
            give_back(connection, use)

    @contextlib.contextmanager
    def counted(self, principal: Principal, kind: str) -> Iterator[None]:
        """Count the work of the block before it begins; a block that fails is not counted.

        Raises
        ------
        NotAuthenticatedError, QuotaReachedError
            As ``take`` does.
        """
        use = self.take(principal, kind)
        try:
            yield
        except BaseException:
            self.give_back(use)
            raise

    def _record(
        self, connection: Connection, principal: Principal, action: str, subject: tuple[str, str]
    ) -> None:
        self._audit.record(connection, principal.id, action, subject)


def _account_id(principal: Principal) -> str:
    """Return the account of a caller who has one."""
    if principal.account_id is None:
        raise NotAuthenticatedError
    return principal.account_id


def _person_id(principal: Principal) -> str:
    """Return the account of a caller who signed in; a key does not make keys."""
    account_id = _account_id(principal)
    if principal.key_id is not None:
        raise NotAllowedError("write")
    return account_id


def _find_profile(connection: Connection, account_id: str) -> Row[tuple[object, ...]] | None:
    is_meant = developer_profiles.c.account_id == account_id
    return connection.execute(select(developer_profiles).where(is_meant)).one_or_none()


def _require_profile(connection: Connection, account_id: str) -> None:
    if _find_profile(connection, account_id) is None:
        raise NotAllowedError("write")


def _period(today: str, year: int | None, month: int | None) -> tuple[str, str]:
    """Return the first and the last day of what is asked for."""
    if year is not None and year not in _YEARS:
        raise FieldsError({"timestamp__year": ["Enter a year."]})
    if month is not None and month not in _MONTHS:
        raise FieldsError({"timestamp__month": ["Enter a month, 1 to 12."]})
    if year is None and month is None:
        return f"{today[:7]}-01", f"{today[:7]}-31"
    chosen = f"{year or int(today[:4]):04d}"
    first, last = (1, 12) if month is None else (month, month)
    return f"{chosen}-{first:02d}-01", f"{chosen}-{last:02d}-31"
