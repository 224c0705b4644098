"""What the catalog promises, whichever database it is in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from isocenter.store.catalog import Outcome, Policy, remove_instances
from isocenter.store.catalog_facts import INSTANCE, SERIES, STUDY
from isocenter.store.database import Database
from isocenter.store.lookup import CatalogPlace, find_instance, list_instances, read_metadata
from isocenter.store.query import Between, Condition, Equal, Missing, Pattern, Scope, Test, count
from isocenter.store.query import find as find_rows
from isocenter.store.tables import (
    archive_owners,
    changes,
    instances,
    metadata_chunks,
    patients,
    search_values,
    series,
    studies,
)
from tests.catalogs import NOW_MS, OWNER, STRANGER, add, facts
from tests.stores import DATABASES

EVERYTHING = (studies, series, instances, patients, search_values, metadata_chunks)
TWO_STUDIES = [
    facts("1.1", "1.1.1", "1.1.1.1", date="20240131", name="doe^jane", patient_id="P1"),
    facts("1.1", "1.1.1", "1.1.1.2", date="20240131", name="doe^jane", patient_id="P1", number=2),
    facts("1.1", "1.1.2", "1.1.2.1", date="20240131", modality="SR", patient_id="P1", number=None),
    facts("1.2", "1.2.1", "1.2.1.1", date="20231224", name="roe^j_m", patient_id="P_2%"),
    facts("1.3", "1.3.1", "1.3.1.1", date="", name="", patient_id="[x]", modality="MR"),
]


@pytest.fixture(params=sorted(DATABASES))
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = DATABASES[request.param](tmp_path)
    made.migrate()
    yield made
    made.close()


def found(
    database: Database, *conditions: Condition, level: int = STUDY, scope: Scope | None = None
) -> list[str]:
    scope = scope or Scope(OWNER)
    with database.read() as connection:
        rows = find_rows(connection, level, scope, conditions, limit=100, offset=0)
        assert count(connection, level, scope, conditions) == len(rows)
    return [row.uid for row in rows]


def documents(database: Database, place: CatalogPlace) -> bytes:
    with database.read() as connection:
        return b",".join(text for one in read_metadata(connection, place) for text in one.texts)


def test_results_come_in_a_stable_order_the_latest_studies_first(database: Database) -> None:
    add(database, *TWO_STUDIES)

    assert found(database) == ["1.1", "1.2", "1.3"]
    assert found(database, level=SERIES, scope=Scope(OWNER, "1.1")) == ["1.1.1", "1.1.2"]
    within = Scope(OWNER, "1.1", "1.1.1")
    assert found(database, level=INSTANCE, scope=within) == ["1.1.1.1", "1.1.1.2"]
    assert found(database, scope=Scope(STRANGER)) == []


@pytest.mark.parametrize(
    ("attribute", "test", "expected"),
    [
        ("00100020", Equal(("P1",)), ["1.1"]),
        ("00100020", Equal(("P1", "[x]")), ["1.1", "1.3"]),
        ("00100020", Equal(("p1",)), []),
        ("00100020", Pattern("P*"), ["1.1", "1.2"]),
        ("00100020", Pattern("p*"), []),
        ("00100020", Pattern("P?"), ["1.1"]),
        ("00100020", Pattern("*_2%"), ["1.2"]),
        ("00100020", Pattern("[*"), ["1.3"]),
        ("00100020", Pattern("*]"), ["1.3"]),
        ("00080020", Between("20240101", ""), ["1.1"]),
        ("00080020", Between("", "20240131"), ["1.1", "1.2"]),
        ("00080020", Between("20230101", "20231231"), ["1.2"]),
        ("00080020", Missing(), ["1.3"]),
        ("00100010", Equal(("doe^jane",)), ["1.1"]),
        ("00100010", Pattern("*j*"), ["1.1", "1.2"]),
        ("00100010", Pattern("roe^j_?"), ["1.2"]),
        ("00100010", Pattern("roe^j??"), ["1.2"]),
        ("00100010", Pattern("%"), []),
        ("00100010", Missing(), ["1.3"]),
    ],
)
def test_conditions_mean_the_same_in_every_database(
    database: Database, attribute: str, test: Test, expected: list[str]
) -> None:
    add(database, *TWO_STUDIES)

    parts = ("a", "i", "p") if attribute == "00100010" else ("v",)
    assert found(database, Condition(STUDY, attribute, test, parts)) == expected


def test_conditions_on_other_levels_hold_for_what_is_above_and_below(database: Database) -> None:
    add(database, *TWO_STUDIES)
    is_sr = Condition(SERIES, "00080060", Equal(("SR",)))
    is_first = Condition(INSTANCE, "00080018", Equal(("1.2.1.1",)))
    is_patient = Condition(STUDY, "00100020", Equal(("P1",)))
    second = Condition(INSTANCE, "00200013", Equal(("2",)))

    assert found(database, is_sr) == ["1.1"]
    assert found(database, is_first) == ["1.2"]
    assert found(database, is_first, level=SERIES) == ["1.2.1"]
    assert found(database, is_patient, level=SERIES) == ["1.1.1", "1.1.2"]
    assert found(database, second, level=INSTANCE) == ["1.1.1.2"]
    assert found(database, is_sr, is_patient, level=INSTANCE) == ["1.1.2.1"]


def test_a_page_begins_where_the_one_before_ended(database: Database) -> None:
    add(database, *(facts(f"1.{n}", f"1.{n}.1", f"1.{n}.1.1") for n in range(1, 24)))

    with database.read() as connection:
        pages = [
            [row.uid for row in find_rows(connection, STUDY, Scope(OWNER), [], limit=5, offset=at)]
            for at in range(0, 25, 5)
        ]

    assert [uid for page in pages for uid in page] == [f"1.{n}" for n in range(23, 0, -1)]


@pytest.mark.parametrize(
    ("policy", "state"), [("reject", "conflict"), ("replace", "replaced"), ("keep-both", "kept")]
)
def test_other_bytes_name_what_differs(database: Database, policy: Policy, state: str) -> None:
    add(database, facts())

    outcome = add(database, facts(content="other"), policy=policy).outcomes[0]

    assert (outcome.state, outcome.tag) == (state, "00204000")
    expected = b"other" if policy == "replace" else b'""'
    assert expected in documents(database, CatalogPlace(OWNER, "1.1"))


def test_replacing_gives_back_the_key_that_may_be_unused(database: Database) -> None:
    add(database, facts())

    added = add(database, facts(content="other"), policy="replace")

    assert added.dropped == [facts().blob_key]


def test_everything_is_gone_when_the_last_instance_is(database: Database) -> None:
    add(database, *TWO_STUDIES)
    add(database, facts("1.1", "1.1.1", "1.1.1.1", content="beside"), policy="keep-both")
    for study in ("1.1", "1.2", "1.3"):
        with database.begin() as connection:
            removed = remove_instances(connection, OWNER, study_uid=study, now_ms=NOW_MS)
        assert removed.instances == (3 if study == "1.1" else 1)
        assert len(removed.dropped) == (4 if study == "1.1" else 1)

    with database.read() as connection:
        for table in EVERYTHING:
            assert connection.scalar(select(func.count()).select_from(table)) == 0, table.name
        kinds = connection.scalars(select(changes.c.kind).order_by(changes.c.number)).all()
    assert [kinds.count(kind) for kind in ("stored", "kept", "removed")] == [5, 1, 5]


def test_metadata_of_what_stays_is_found_after_others_were_removed(database: Database) -> None:
    names = [f"1.1.1.{n}" for n in range(1, 81)]
    for start in range(0, 80, 7):
        add(database, *(facts(instance=n, content=n) for n in names[start : start + 7]))
    for name in names[::3]:
        with database.begin() as connection:
            remove_instances(
                connection, OWNER, study_uid="1.1", sop_instance_uid=name, now_ms=NOW_MS
            )

    kept = [name for name in names if name not in names[::3]]
    for name in kept:
        text = documents(database, CatalogPlace(OWNER, "1.1", "1.1.1", name))
        assert f'"00204000":{{"Value":["{name}"]'.encode() in text
    whole = documents(database, CatalogPlace(OWNER, "1.1", "1.1.1"))
    assert whole.count(b"00080018") == len(kept)


def test_instances_are_found_by_all_their_uids_only(database: Database) -> None:
    add(database, *TWO_STUDIES)

    with database.read() as connection:
        right = CatalogPlace(OWNER, "1.1", "1.1.1", "1.1.1.2")
        assert find_instance(connection, right) is not None
        for wrong in (
            right._replace(owner=STRANGER),
            right._replace(study_uid="1.2"),
            right._replace(series_uid="1.1.2"),
            right._replace(sop_instance_uid="1.2.1.1"),
        ):
            assert find_instance(connection, wrong) is None
        assert len(list_instances(connection, CatalogPlace(OWNER, "1.1"))) == 3
        assert list_instances(connection, CatalogPlace(STRANGER, "1.1")) == []


def test_rivals_for_one_study_make_it_once(database: Database) -> None:
    def write(number: int) -> Outcome:
        return add(database, facts(instance=f"1.1.1.{number}")).outcomes[0]

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(write, range(1, 25)))

    assert outcomes == [Outcome("stored")] * 24
    with database.read() as connection:
        rows = connection.execute(select(studies.c.instances, studies.c.series)).all()
        assert [tuple(row) for row in rows] == [(24, 1)]
        assert connection.scalar(select(func.count()).select_from(archive_owners)) == 1
