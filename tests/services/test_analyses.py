from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.errors import NotFoundError
from isocenter.limits import Limits
from isocenter.services.analysis_table import Analysis
from isocenter.store.tables import audit_events, blobs
from tests.analysed import STABLE_MS, House, analysed, python
from tests.archives import OWNER, STRANGER

HELLO = python("hello", "import pathlib, sys; pathlib.Path(sys.argv[2], 'a.txt').write_text('hi')")
FAILS = python("fails", "print('Doe^CANARY'); raise SystemExit(3)")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    limits = Limits(analysis_attempts=2)
    with analysed(tmp_path_factory.mktemp("house"), [HELLO, FAILS], limits=limits) as house:
        yield house


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a house in which nobody works."""
    with analysed(tmp_path_factory.mktemp("quiet"), [HELLO], works=False) as house:
        yield house


def test_what_an_analysis_makes_becomes_the_reports_of_the_study(house: House) -> None:
    study_uid = house.new_study("reports")

    status = house.run(study_uid, "hello")

    assert status.state == "DELIVERED"
    assert [(one.name, one.report_type) for one in status.reports] == [("a.txt", "TXT")]
    assert house.read(status, "a.txt") == b"hi"


def test_a_failure_is_tried_again_and_kept_with_its_log(house: House) -> None:
    status = house.run(house.new_study("fails"), "fails")

    assert (status.state, status.order.attempts) == ("FAILED", 2)
    assert status.order.error == "the command ended with code 3"
    assert status.order.log
    assert "CANARY" not in status.order.log
    assert status.reports == ()


def test_the_newest_order_of_a_study_comes_first(house: House) -> None:
    study_uid = house.new_study("twice")
    house.run(study_uid, "hello")
    second = house.run(study_uid, "hello")

    found = house.analyses.orders(OWNER, study_uid)

    assert [one.order.run for one in found] == [2, 1]
    assert found[0].order.id == second.order.id


def test_others_see_neither_orders_nor_reports(house: House) -> None:
    status = house.run(house.new_study("mine"), "hello")

    with pytest.raises(NotFoundError):
        house.analyses.status(STRANGER, status.order.id)
    with pytest.raises(NotFoundError):
        house.analyses.orders(STRANGER, status.order.study_uid)
    with pytest.raises(NotFoundError):
        house.analyses.order(STRANGER, status.order.study_uid, "hello")
    assert house.analyses.unacknowledged(STRANGER) == []
    assert house.analyses.acknowledge(STRANGER, [status.order.id]) == 0


def test_what_was_listed_is_acknowledged_and_nothing_else(house: House) -> None:
    house.analyses.unacknowledged(OWNER)
    house.analyses.acknowledge(OWNER, None)
    first = house.run(house.new_study("listed"), "hello").order.id
    listed = [one.order.id for one in house.analyses.unacknowledged(OWNER)]
    second = house.run(house.new_study("not listed"), "hello").order.id

    assert listed == [first]
    assert house.analyses.acknowledge(OWNER, None) == 1
    assert [one.order.id for one in house.analyses.unacknowledged(OWNER)] == [second]
    assert house.analyses.acknowledge(OWNER, [second]) == 1
    assert house.analyses.unacknowledged(OWNER) == []


def test_reading_and_delivering_are_in_the_audit(house: House) -> None:
    status = house.run(house.new_study("audit"), "hello")
    house.read(status, "a.txt")

    query = select(audit_events.c.action).where(audit_events.c.object_id == status.order.id)
    with house.desk.database.read() as connection:
        actions = list(connection.scalars(query))
    assert actions == ["analysis.order", "analysis.deliver", "analysis.read"]


def test_reports_go_with_their_study(house: House) -> None:
    status = house.run(house.new_study("gone"), "hello")
    others = house.run(house.new_study("stays"), "hello")
    house.desk.archive.studies.delete(OWNER, status.order.study_uid)

    with pytest.raises(NotFoundError):
        house.analyses.status(OWNER, status.order.id)
    house.analyses.sweep()

    # The other report has the same bytes, which must stay for it.
    assert house.read(others, "a.txt") == b"hi"


def test_a_study_that_rests_is_ordered_once(quiet: House) -> None:
    study_uid = quiet.new_study("rests")
    quiet.analyses.tick()
    with pytest.raises(NotFoundError):
        quiet.analyses.orders(OWNER, study_uid)

    quiet.desk.clock.now_ms += STABLE_MS
    for _ in range(3):
        quiet.analyses.tick()

    (found,) = quiet.analyses.orders(OWNER, study_uid)
    assert (found.state, found.order.run) == ("QUEUED", 0)


def test_a_study_that_changes_again_is_ordered_again(quiet: House) -> None:
    study_uid = quiet.new_study("again")
    quiet.desk.clock.now_ms += STABLE_MS
    quiet.analyses.tick()
    quiet.new_study("again", slices=3)
    quiet.analyses.tick()
    assert len(quiet.analyses.orders(OWNER, study_uid)) == 1

    quiet.desk.clock.now_ms += STABLE_MS
    quiet.analyses.tick()

    assert len(quiet.analyses.orders(OWNER, study_uid)) == 2


def test_studies_of_long_ago_are_left_alone(quiet: House) -> None:
    study_uid = quiet.new_study("old")
    quiet.desk.clock.now_ms += 25 * 3_600_000
    quiet.analyses.tick()

    with pytest.raises(NotFoundError):
        quiet.analyses.orders(OWNER, study_uid)


def test_an_analysis_for_other_modalities_is_not_ordered(tmp_path: Path) -> None:
    only_mr = Analysis("hello", HELLO.command, modalities=frozenset({"MR"}))
    with analysed(tmp_path, [only_mr], works=False) as house:
        ct, mr = house.new_study("ct"), house.new_study("mr", modality="MR")
        house.desk.clock.now_ms += STABLE_MS
        house.analyses.tick()

        assert len(house.analyses.orders(OWNER, mr)) == 1
        with pytest.raises(NotFoundError):
            house.analyses.orders(OWNER, ct)


def test_an_order_whose_job_was_lost_is_taken_up(quiet: House) -> None:
    order = quiet.analyses.order(OWNER, quiet.new_study("lost"), "hello").order
    assert order.job_id is not None
    quiet.queue.cancel(order.job_id, None)

    quiet.analyses.tick()

    found = quiet.analyses.status(OWNER, order.id).order
    assert (found.state, found.attempts, found.job_id) == ("waiting", 1, None)
    assert "cancelled" in found.error
    quiet.desk.clock.now_ms += 5000
    quiet.analyses.tick()
    assert quiet.analyses.status(OWNER, order.id).order.state == "queued"


def test_what_does_not_exist_cannot_be_ordered(quiet: House) -> None:
    with pytest.raises(NotFoundError, match="no analysis"):
        quiet.analyses.order(OWNER, quiet.new_study("x"), "other")
    with pytest.raises(NotFoundError, match="no such study"):
        quiet.analyses.order(OWNER, "1.2.3", "hello")


def test_without_any_analysis_nothing_happens(tmp_path: Path) -> None:
    with analysed(tmp_path, []) as house:
        house.new_study("none")
        house.desk.clock.now_ms += STABLE_MS
        house.analyses.tick()
        house.analyses.sweep()

        assert house.analyses.names == []
        assert house.analyses.unacknowledged(OWNER) == []


def test_no_bytes_are_left_of_a_study_that_is_gone(house: House) -> None:
    status = house.run(house.new_study("alone", slices=1), "hello")
    key = status.reports[0].blob_key
    for one in list(house.desk.studies().matches):
        house.desk.archive.studies.delete(OWNER, one.study_uid)

    house.analyses.sweep()

    with house.desk.database.read() as connection:
        assert connection.scalar(select(blobs.c.key).where(blobs.c.key == key)) is None


def test_postgresql_holds_orders_and_reports_too(tmp_path: Path) -> None:
    limits = Limits(analysis_attempts=2)
    with analysed(tmp_path, [HELLO, FAILS], limits=limits, engine="postgres") as house:
        study_uid = house.new_study("postgres")
        assert house.run(study_uid, "hello").state == "DELIVERED"
        assert house.run(study_uid, "fails").state == "FAILED"
        house.desk.clock.now_ms += STABLE_MS
        house.analyses.tick()
        orders = house.analyses.orders(OWNER, study_uid)
        assert sorted(one.order.run for one in orders) == [0, 0, 1, 1]
        assert len(house.analyses.unacknowledged(OWNER)) == 2
        assert house.analyses.acknowledge(OWNER, None) == 2
        house.desk.archive.studies.delete(OWNER, study_uid)
        house.analyses.sweep()
        assert house.analyses.unacknowledged(OWNER) == []
