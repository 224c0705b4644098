"""Browsers that act for an account, and codes that sign in once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of sign-ins."""
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String(length=36), nullable=False),
        *_of_an_account("sign_ins"),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    for column in ("account_id", "key_id", "expires_ms"):
        op.create_index(op.f(f"ix_sign_ins_{column}"), "sign_ins", [column], unique=False)
    op.create_table(
        "sign_in_codes",
        sa.Column("hash", sa.String(length=64), nullable=False),
        *_of_an_account("sign_in_codes"),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_sign_in_codes")),
    )
    op.create_index(
        op.f("ix_sign_in_codes_expires_ms"), "sign_in_codes", ["expires_ms"], unique=False
    )


def _of_an_account(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("key_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f(f"fk_{table}_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f(f"fk_{table}_key_id"), ondelete="CASCADE"
        ),
    )
