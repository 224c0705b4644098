"""Accounts as others see them: an address, a name, and since when."""

from typing import NamedTuple

from sqlalchemy import select

from isocenter.store.database import Database
from isocenter.store.developer_tables import people
from isocenter.store.tables import accounts


class User(NamedTuple):
    """One account; ``email`` is its name where it has no address."""

    account_id: str
    kind: str
    email: str
    first_name: str
    last_name: str
    created_ms: int


class Users:
    """Lists accounts; safe for any number of threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known_to(self, account_id: str | None, *, is_admin: bool) -> list[User]:
        """Return whom an account may know of: itself; an administrator knows everybody."""
        query = (
            select(
                accounts.c.id,
                accounts.c.kind,
                accounts.c.email,
                accounts.c.name,
                accounts.c.created_ms,
                people.c.first_name,
                people.c.last_name,
            )
            .outerjoin(people, people.c.account_id == accounts.c.id)
            .order_by(accounts.c.created_ms, accounts.c.id)
        )
        if not is_admin:
            query = query.where(accounts.c.id == account_id)
        with self._database.read() as connection:
            return [
                User(
                    row.id,
                    row.kind,
                    row.email or row.name,
                    row.name if row.first_name is None else row.first_name,
                    row.last_name or "",
                    row.created_ms,
                )
                for row in connection.execute(query)
            ]
