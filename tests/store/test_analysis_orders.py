"""Rows of orders where services do not show them: who was faster, and what belongs to whom."""

from collections.abc import Iterator

import pytest
from sqlalchemy import insert

from isocenter.errors import ConflictError
from isocenter.store.analysis_orders import (
    Order,
    add_order,
    due_orders,
    find_order,
    move_order,
    next_run,
    studies_of_batch,
)
from isocenter.store.ingest_tables import tickets
from tests.analysed import House, analysed
from tests.archives import OWNER, STRANGER


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with analysed(tmp_path_factory.mktemp("house"), [], works=False) as house:
        yield house


def order_of(house: House, name: str, *, run: int = 0) -> Order:
    """Return an order of a new Study, not added yet."""
    study_uid = house.new_study(name)
    values = {"study_changed_ms": 1, "run": run, "attempts": 0, "created_ms": 1}
    texts = {"id": f"order-{name}-{run}", "analysis": "a", "state": "waiting"}
    nothing = {"job_id": None, "finished_ms": None, "acknowledged_ms": None}
    return Order(owner=OWNER, study_uid=study_uid, error="", log="", **texts, **values, **nothing)  # type: ignore[arg-type]  # spelled short


def test_an_order_moves_once(house: House) -> None:
    order = order_of(house, "moves")
    with house.desk.database.begin() as connection:
        add_order(connection, order, due_ms=5)
        assert due_orders(connection, 4) == []
        assert [one.id for one in due_orders(connection, 5)] == [order.id]
        assert move_order(connection, order, state="queued")
        assert not move_order(connection, order, state="done")
        found = find_order(connection, order.id, OWNER)
        assert found is not None
        assert found.state == "queued"
        assert find_order(connection, order.id, STRANGER) is None


def test_two_servers_order_one_run_once(house: House) -> None:
    order = order_of(house, "once")
    with house.desk.database.begin() as connection:
        add_order(connection, order, due_ms=5)
        assert next_run(connection, order) == 1

    with pytest.raises(ConflictError), house.desk.database.begin() as connection:
        add_order(connection, order._replace(id="other"), due_ms=5)


def test_a_batch_names_the_studies_that_came_with_it(house: House) -> None:
    row = {"batch": "b", "state": "stored", "policy": "", "created_ms": 1, "expires_ms": 1}
    with house.desk.database.begin() as connection:
        for number, study_uid in enumerate(["1.2", "1.1", "1.2", None]):
            row |= {"id": f"ticket-{number}", "owner": OWNER, "study_uid": study_uid}
            connection.execute(insert(tickets).values(row))

        assert studies_of_batch(connection, OWNER, "b") == ["1.1", "1.2"]
        assert studies_of_batch(connection, STRANGER, "b") == []
