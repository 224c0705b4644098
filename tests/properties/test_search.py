"""Searches give what a model of a few lines of Python gives."""

import fnmatch
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from isocenter.limits import DEFAULT
from isocenter.services.search_terms import parse_query
from isocenter.store.catalog_facts import STUDY, InstanceFacts
from isocenter.store.query import Scope, find
from tests.catalogs import OWNER, STRANGER, add, facts
from tests.stores import sqlite_database

DATES = ["", "20231231", "20240101", "20240131", "20250615"]
PATIENTS = ["", "A", "a", "AB", "A*", "A[1]", "B%_", "ÄB"]
SURNAMES = ["", "doe^jane", "doe^j", "roe", "doe[x]", "d_e%"]
MODALITIES = ["CT", "MR", "SR"]


class Kept(NamedTuple):
    """One Study of one Series, as the model sees it."""

    uid: str
    owner: str
    date: str
    patient: str
    name: str
    modality: str


class Asked(NamedTuple):
    """A query; ``None`` where nothing is said."""

    date: str | None
    patient: str | None
    name: str | None
    modality: str | None


kept_studies = st.lists(
    st.tuples(
        st.sampled_from([OWNER, STRANGER]),
        st.sampled_from(DATES),
        st.sampled_from(PATIENTS),
        st.sampled_from(SURNAMES),
        st.sampled_from(MODALITIES),
    ),
    max_size=12,
)
patterns = st.text("AaBdoej^*?[]%_", min_size=1, max_size=5)
ranges = st.sampled_from(["20240101", "20240101-", "-20240131", "20240101-20241231", "2024"])
queries = st.builds(
    Asked,
    st.none() | ranges,
    st.none() | patterns,
    st.none() | patterns,
    st.none() | st.sampled_from([*MODALITIES, "XA"]),
)


@settings(max_examples=150)
@given(kept_studies, queries, st.integers(0, 4), st.integers(1, 5))
def test_searches_agree_with_a_model(
    rows: list[tuple[str, str, str, str, str]], asked: Asked, offset: int, limit: int
) -> None:
    kept = [Kept(f"1.{number}", *row) for number, row in enumerate(rows, 1)]
    pairs = [
        (name, value)
        for name, value in zip(
            ("StudyDate", "PatientID", "PatientName", "ModalitiesInStudy"), asked, strict=True
        )
        if value is not None
    ]
    query = parse_query(pairs, DEFAULT)
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite_database(Path(folder))
        database.migrate()
        for one in kept:
            add(database, made_of(one), owner=one.owner)
        with database.read() as connection:
            found = find(
                connection, STUDY, Scope(OWNER), query.conditions, limit=limit, offset=offset
            )
        database.close()

    expected = [one for one in kept if one.owner == OWNER and is_asked_for(one, asked)]
    expected.sort(key=lambda one: (one.date, kept.index(one)), reverse=True)
    assert [row.uid for row in found] == [one.uid for one in expected][offset : offset + limit]


def made_of(one: Kept) -> InstanceFacts:
    return facts(
        one.uid,
        f"{one.uid}.1",
        f"{one.uid}.1.1",
        date=one.date,
        patient_id=one.patient,
        name=one.name,
        modality=one.modality,
    )


def is_asked_for(one: Kept, asked: Asked) -> bool:
    return (
        (asked.date is None or is_within(one.date, asked.date))
        and (asked.patient is None or matches(one.patient, asked.patient))
        and (asked.name is None or matches(one.name, asked.name.lower().rstrip("^")))
        and (asked.modality is None or one.modality == asked.modality)
    )


def is_within(date: str, text: str) -> bool:
    if text == "2024":
        return date.startswith("2024")
    low, dash, high = text.partition("-")
    return bool(date) and date >= low and date <= (high or ("9" if dash else low))


def matches(value: str, pattern: str) -> bool:
    if not pattern.strip("*"):
        return True
    if not value:
        return False
    if "*" not in pattern and "?" not in pattern:
        return value == pattern
    return re.fullmatch(fnmatch.translate(pattern.replace("[", "[[]")), value) is not None
