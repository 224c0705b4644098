"""What both queues of tables share; tests/contracts/test_queue.py has the rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.jobs.queue_tables import TableQueue
from isocenter.store.database import Database
from tests.stores import DATABASES

OWNER = "account:1"


@pytest.fixture(params=sorted(DATABASES))
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = DATABASES[request.param](tmp_path)
    made.migrate()
    yield made
    made.close()


def test_order_is_that_of_adding_also_where_clocks_disagree(database: Database) -> None:
    queues = [TableQueue(database, lambda now=now: now) for now in (2000, 1000)]  # type: ignore[misc]  # a default of a lambda
    added = []
    for queue in queues:
        with database.begin() as connection:
            added.append(queue.add(connection, "merge", OWNER, {}, lane="s1"))

    assert [job.id for job in queues[0].lane_jobs(OWNER, "s1")] == added
    job = queues[1].lease("w", ["merge"], 1000)
    assert job is not None
    assert job.id == added[0]


def test_a_job_that_somebody_holds_is_passed_over(database: Database) -> None:
    queue = TableQueue(database, lambda: 1000)
    with database.begin() as connection:
        first = queue.add(connection, "merge", OWNER, {})
        second = queue.add(connection, "merge", OWNER, {})

    leased = [queue.lease(f"w{k}", ["merge"], 1000) for k in range(3)]

    assert [job and job.id for job in leased] == [first, second, None]
