"""People and developers: names, profiles, numbers of keys, tokens, what was used."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)


def upgrade() -> None:
    """Make the tables, and number the keys that are there."""
    _make_people()
    _make_key_numbers()
    _make_token_families()
    _make_usage()


def _account(name: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("account_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f(f"fk_{name}_account_id"),
            ondelete="CASCADE",
        ),
    )


def _make_people() -> None:
    op.create_table(
        "people",
        *_account("people"),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_people")),
    )
    op.create_table(
        "developer_profiles",
        *_account("developer_profiles"),
        sa.Column("purpose", sa.Text()),
        sa.Column("organization", sa.Text()),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_developer_profiles")),
    )


def _make_key_numbers() -> None:
    op.create_table(
        "key_numbers",
        sa.Column("key_id", _ID, nullable=False),
        *_account("key_numbers"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f("fk_key_numbers_key_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_key_numbers")),
        sa.UniqueConstraint("account_id", "number", name=op.f("uq_key_numbers_account_id_number")),
    )
    op.execute(
        "INSERT INTO key_numbers (key_id, account_id, number)"
        " SELECT id, account_id,"
        " row_number() OVER (PARTITION BY account_id ORDER BY created_ms, id) FROM api_keys"
    )


def _make_token_families() -> None:
    op.create_table(
        "token_families",
        sa.Column("id", _ID, nullable=False),
        *_account("token_families"),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rotated_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token_families")),
    )
    for column in ("account_id", "expires_ms"):
        op.create_index(op.f(f"ix_token_families_{column}"), "token_families", [column])


def _make_usage() -> None:
    op.create_table(
        "usage_months",
        *_account("usage_months"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "kind", "month", name=op.f("pk_usage_months")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_usage_months_count")),
    )
    op.create_table(
        "usage_days",
        *_account("usage_days"),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key_id", _ID, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "day", "kind", "key_id", name=op.f("pk_usage_days")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_usage_days_count")),
    )
