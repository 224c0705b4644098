"""The numbers that keys get when an older database is brought to this version."""

from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, insert, select, text

from isocenter.store.developer_tables import key_numbers
from isocenter.store.migrations import m0004_developers
from isocenter.store.tables import accounts, api_keys, metadata


def test_keys_that_are_there_are_numbered_by_account_and_age(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    metadata.create_all(engine, [accounts, api_keys])
    with engine.begin() as connection:
        for account in ("a", "b"):
            row = {"id": account, "kind": "service", "name": account, "created_ms": 1}
            connection.execute(insert(accounts).values(row))
        for key_id, account, created_ms in (("k3", "a", 30), ("k1", "a", 10), ("k2", "b", 20)):
            row = {"id": key_id, "account_id": account, "name": "k", "created_ms": created_ms}
            connection.execute(insert(api_keys).values(**row, secret_hash="", scopes=[]))
        with Operations.context(MigrationContext.configure(connection)):
            m0004_developers.upgrade()

        numbers = connection.execute(
            select(key_numbers.c.key_id, key_numbers.c.account_id, key_numbers.c.number)
        ).all()
        made = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type='table'")))

    engine.dispose()
    assert set(numbers) == {("k1", "a", 1), ("k3", "a", 2), ("k2", "b", 1)}
    assert {"people", "developer_profiles", "token_families", "usage_months"} <= made
