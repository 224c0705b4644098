"""Exactly as much as is left, whoever asks at once; months and days end in UTC."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from isocenter.access.accounts import create_service
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
from isocenter.store.database import Database
from tests.stores import DATABASES

QUOTA = 40


def milliseconds(time: str) -> int:
    return int(datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.fixture(params=DATABASES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = DATABASES[request.param](tmp_path)
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def use(opened: Database) -> Use:
    with opened.begin() as connection:
        account = create_service(connection, "somebody", 1)
    return Use(account.id, "read", "", "2026-11-20")


def take_one(database: Database, use: Use) -> bool:
    with database.begin(is_alone=False) as connection:
        return take(connection, use, QUOTA)


def test_of_50_at_10_below_the_quota_exactly_10_get_through(opened: Database, use: Use) -> None:
    for _ in range(QUOTA - 10):
        assert take_one(opened, use)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: take_one(opened, use), range(50)))

    with opened.read() as connection:
        assert used_in_month(connection, use.account_id, use.month) == {"read": QUOTA}
        assert counted(connection, use.account_id, ("2026-11-01", "2026-11-31")) == [
            Counted(use.day, "read", "", QUOTA)
        ]
    assert answers.count(True) == 10


def test_what_is_given_back_can_be_taken_again(opened: Database, use: Use) -> None:
    other_key = use._replace(key_id="k", day="2026-11-21")
    with opened.begin() as connection:
        assert take(connection, use, 1)
        assert not take(connection, other_key, 1)
        give_back(connection, use)
        assert take(connection, other_key, 1)
        give_back(connection, use._replace(kind="generate"))
        days = counted(connection, use.account_id, ("2026-11-01", "2026-11-31"))

    assert days == [Counted("2026-11-21", "read", "k", 1)]


def test_months_kinds_and_accounts_have_quotas_of_their_own(opened: Database, use: Use) -> None:
    with opened.begin() as connection:
        stranger = create_service(connection, "stranger", 1)
        assert take(connection, use, 1)
        assert not take(connection, use, 1)
        assert take(connection, use._replace(day="2026-12-01"), 1)
        assert take(connection, use._replace(kind="generate"), 1)
        assert take(connection, use._replace(account_id=stranger.id), 1)


@pytest.mark.parametrize(
    ("time_ms", "seconds"),
    [
        (milliseconds("2026-12-31T23:59:59"), 1),
        (milliseconds("2026-12-31T23:59:59") + 1, 1),
        (milliseconds("2028-02-28"), 2 * 86_400),
    ],
)
def test_a_month_ends_at_midnight_utc(time_ms: int, seconds: int) -> None:
    assert seconds_to_next_month(time_ms) == seconds


def test_a_day_is_one_of_utc() -> None:
    assert day_of(milliseconds("2026-11-20T23:59:59")) == "2026-11-20"
    assert day_of(milliseconds("2026-11-21")) == "2026-11-21"
