"""The tables of people and developers: names, profiles, numbers of keys, tokens, what was used."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from isocenter.store.tables import metadata

_Id = String(36)


def _account(*, is_key: bool = False) -> Column[str]:
    """Return the column that says whose a row is; the row goes with the account."""
    return Column(
        "account_id",
        _Id,
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=is_key,
        nullable=False,
    )


# The parts of a person's name, as they were given when registering.
people = Table(
    "people",
    metadata,
    _account(is_key=True),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
)

developer_profiles = Table(
    "developer_profiles",
    metadata,
    _account(is_key=True),
    Column("purpose", Text),
    Column("organization", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
)

# What the developer API calls the id of a key: 1, 2, 3 ... of each account, none given twice.
key_numbers = Table(
    "key_numbers",
    metadata,
    Column("key_id", _Id, ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True),
    _account(),
    Column("number", Integer, nullable=False),
    UniqueConstraint("account_id", "number"),
)

# One row for each time that somebody got tokens with a password. All its tokens end with it;
# `generation` is that of the token in the cookie, which is replaced whenever it is used.
token_families = Table(
    "token_families",
    metadata,
    Column("id", _Id, primary_key=True),
    Column(
        "account_id", _Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False, index=True),
    Column("generation", Integer, nullable=False),
    Column("rotated_ms", BigInteger, nullable=False),
)

# How many files of a kind an account had read or made in a month such as 2026-11: what the quota
# is compared with, in the statement that counts.
usage_months = Table(
    "usage_months",
    metadata,
    _account(is_key=True),
    Column("kind", String(16), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("count", Integer, nullable=False),
    CheckConstraint("count >= 0", "count"),
)

# The same by day and key, for people to look at; `key_id` is "" where none was used. Keys have no
# foreign key here: what they were used for is told after they are gone.
usage_days = Table(
    "usage_days",
    metadata,
    _account(is_key=True),
    Column("day", String(10), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("key_id", _Id, primary_key=True),
    Column("count", Integer, nullable=False),
    CheckConstraint("count >= 0", "count"),
)
