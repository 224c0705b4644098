"""Rows of the archive as they are added and removed, each with what follows from it.

Called by ``store/catalog.py``, which decides what is to be added or removed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, Row, Table, bindparam, delete, func, insert, select, update

from isocenter.store.catalog_facts import (
    INSTANCE,
    SERIES,
    STUDY,
    InstanceFacts,
    LevelFacts,
    SearchValue,
)
from isocenter.store.metadata_chunks import Place, remove_documents
from isocenter.store.prepared import Prepared, Value
from isocenter.store.tables import (
    archive_owners,
    changes,
    instance_versions,
    instances,
    patients,
    search_values,
    series,
    studies,
)

_AT_ONCE = 500  # values of one IN
_T = TypeVar("_T")


# Made once: a statement that is built anew for every Instance costs more than its answer.
_OWNER = Prepared(
    select(archive_owners.c.number).where(archive_owners.c.owner == bindparam("owner"))
)
_COUNTS = tuple(
    Prepared(
        update(table)
        .where(table.c.number == bindparam("key"))
        .values(instances=table.c.instances + bindparam("count"), changed_ms=bindparam("now_ms"))
    )
    for table in (series, studies)
)
_INSERT_VALUES = Prepared(
    insert(search_values).inline(), ("owner", "level", "item", "attribute", "part", "value")
)
_INSERT_CHANGES = Prepared(insert(changes).inline(), ("owner", "at_ms", "kind", "level", "uid"))


class PresentRow(NamedTuple):
    """What is known of an Instance that is there."""

    number: int
    series_number: int
    uid: str
    blob_key: str
    chunk_number: int
    chunk_position: int


def owner_number_of(connection: Connection, owner: str) -> int:
    """Return the number of an owner, who gets one where there is none."""
    found = _OWNER.run(connection, {"owner": owner})
    return int(found[0][0]) if found else insert_row(connection, archive_owners, owner=owner)


def instance_row(
    owner_number: int, series_number: int, facts: InstanceFacts, place: Place, now_ms: int
) -> dict[str, Value]:
    """Return the row of an Instance."""
    return {
        "owner": owner_number,
        "series_number": series_number,
        "uid": facts.instance.uid,
        "sop_class_uid": facts.sop_class_uid,
        "transfer_syntax_uid": facts.transfer_syntax_uid,
        "blob_key": facts.blob_key,
        "size_bytes": facts.size_bytes,
        "frames": facts.frames,
        "frame_offsets": facts.frame_offsets,
        "is_plain": facts.is_plain,
        "chunk_number": place.chunk_number,
        "chunk_position": place.position,
        "document": facts.instance.document,
        "stored_ms": now_ms,
        **facts.instance.columns,
    }


class Levels:
    """Finds or makes Patients, Studies and Series, each once in a transaction.

    Parameters
    ----------
    known_studies, known_series
        Numbers of those that are known to be there, by their UIDs.
    """

    def __init__(
        self,
        connection: Connection,
        owner_number: int,
        now_ms: int,
        known_studies: Mapping[str, int],
        known_series: Mapping[str, int],
    ) -> None:
        self._connection = connection
        self._owner_number = owner_number
        self.now_ms = now_ms
        self._studies = dict(known_studies)
        self._series = dict(known_series)

    def study(self, facts: InstanceFacts) -> int:
        """Return the number of the Study of an Instance."""
        uid = facts.study.uid
        if uid not in self._studies:
            self._studies[uid] = self._find(studies, uid) or self._make_study(facts)
        return self._studies[uid]

    def series(self, facts: InstanceFacts, study_number: int) -> int:
        """Return the number of the Series of an Instance."""
        uid = facts.series.uid
        if uid not in self._series:
            found = self._find(series, uid)
            self._series[uid] = found or self._make_series(facts, study_number)
        return self._series[uid]

    def count(self, by_series: Mapping[int, Sequence[InstanceFacts]]) -> None:
        """Add new Instances to the counts of their Series and Studies."""
        in_series = {number: len(own) for number, own in by_series.items()}
        in_studies: dict[int, int] = {}
        for own in by_series.values():
            number = self._studies[own[0].study.uid]
            in_studies[number] = in_studies.get(number, 0) + len(own)
        for statement, counts in zip(_COUNTS, (in_series, in_studies), strict=True):
            statement.run_many(
                self._connection,
                [
                    {"key": number, "count": count, "now_ms": self.now_ms}
                    for number, count in counts.items()
                ],
            )

    def _find(self, table: Table, uid: str) -> int:
        query = select(table.c.number).where(
            table.c.owner == self._owner_number, table.c.uid == uid
        )
        return self._connection.scalar(query) or 0

    def _patient(self, facts: InstanceFacts) -> int:
        query = select(patients.c.number).where(
            patients.c.owner == self._owner_number,
            patients.c.patient_id == facts.patient_id,
            patients.c.issuer == facts.issuer,
        )
        return self._connection.scalar(query) or insert_row(
            self._connection,
            patients,
            owner=self._owner_number,
            patient_id=facts.patient_id,
            issuer=facts.issuer,
        )

    def _make_study(self, facts: InstanceFacts) -> int:
        row = self._row(facts.study) | {"patient_number": self._patient(facts), "series": 0}
        number = insert_row(self._connection, studies, **row)
        add_values(self._connection, self._owner_number, STUDY, {number: facts.study.values})
        return number

    def _make_series(self, facts: InstanceFacts, study_number: int) -> int:
        row = self._row(facts.series) | {"study_number": study_number}
        number = insert_row(self._connection, series, **row)
        add_values(self._connection, self._owner_number, SERIES, {number: facts.series.values})
        self._connection.execute(
            update(studies)
            .where(studies.c.number == study_number)
            .values(series=studies.c.series + 1)
        )
        return number

    def _row(self, facts: LevelFacts) -> dict[str, object]:
        return {
            "owner": self._owner_number,
            "uid": facts.uid,
            "instances": 0,
            "document": facts.document,
            "changed_ms": self.now_ms,
            **facts.columns,
        }


def add_values(
    connection: Connection,
    owner_number: int,
    level: int,
    items: Mapping[int, Iterable[SearchValue]],
) -> None:
    """Add what Studies, Series or Instances are found by, within a write transaction.

    Parameters
    ----------
    items
        Values by the number of the Study, Series or Instance.
    """
    rows: list[dict[str, Value]] = [
        {"owner": owner_number, "level": level, "item": item, **value._asdict()}
        for item, values in items.items()
        for value in dict.fromkeys(values)
    ]
    if rows:
        _INSERT_VALUES.run_many(connection, rows)


def insert_row(connection: Connection, table: Table, **values: object) -> int:
    """Add a row and return its number."""
    made = connection.execute(insert(table).values(**values)).inserted_primary_key
    assert made is not None
    return int(made[0])


def version_keys(connection: Connection, numbers: Sequence[int]) -> list[str]:
    """Return the keys of what is kept beside Instances."""
    keys: list[str] = []
    for some in batches(numbers):
        query = select(instance_versions.c.blob_key).where(instance_versions.c.instance.in_(some))
        keys += connection.scalars(query)
    return keys


def remove_rows(
    connection: Connection, rows: Sequence[Row[tuple[object, ...]] | PresentRow], *, now_ms: int
) -> None:
    """Remove Instances with their metadata and values; their Series and Studies stay, counted."""
    for numbers in batches([row.number for row in rows]):
        connection.execute(
            delete(search_values).where(
                search_values.c.level == INSTANCE, search_values.c.item.in_(numbers)
            )
        )
        connection.execute(delete(instances).where(instances.c.number.in_(numbers)))
    remove_documents(connection, [Place(row.chunk_number, row.chunk_position) for row in rows])
    counts: dict[int, int] = {}
    for row in rows:
        counts[row.series_number] = counts.get(row.series_number, 0) + 1
    for number, count in counts.items():
        mine = series.c.number == number
        study = select(series.c.study_number).where(mine).scalar_subquery()
        for table, which in ((series, mine), (studies, studies.c.number == study)):
            connection.execute(
                update(table)
                .where(which)
                .values(instances=table.c.instances - count, changed_ms=now_ms)
            )


def remove_empty(connection: Connection, series_numbers: Iterable[int], study_number: int) -> None:
    """Remove those of the Series, the Study and the Patient that have no Instances any more."""
    empty: list[int] = []
    for some in batches(series_numbers):
        query = select(series.c.number).where(series.c.number.in_(some), series.c.instances == 0)
        empty += connection.scalars(query)
    for some in batches(empty):
        _remove_values(connection, SERIES, some)
        connection.execute(delete(series).where(series.c.number.in_(some)))
    count = select(func.count()).where(series.c.study_number == study_number).scalar_subquery()
    mine = studies.c.number == study_number
    connection.execute(update(studies).where(mine).values(series=count))
    row = connection.execute(select(studies).where(mine)).one()
    if row.series:
        return
    _remove_values(connection, STUDY, [study_number])
    connection.execute(delete(studies).where(mine))
    others = select(studies.c.number).where(studies.c.patient_number == row.patient_number)
    if connection.execute(others.limit(1)).first() is None:
        connection.execute(delete(patients).where(patients.c.number == row.patient_number))


def _remove_values(connection: Connection, level: int, items: Sequence[int]) -> None:
    connection.execute(
        delete(search_values).where(search_values.c.level == level, search_values.c.item.in_(items))
    )


def note(
    connection: Connection, owner_number: int, kind: str, uids: Sequence[str], now_ms: int
) -> None:
    """Write down what changed, for those who follow."""
    rows: list[dict[str, Value]] = [
        {"owner": owner_number, "at_ms": now_ms, "kind": kind, "level": INSTANCE, "uid": uid}
        for uid in uids
    ]
    if rows:
        _INSERT_CHANGES.run_many(connection, rows)


def batches(values: Iterable[_T]) -> Iterable[list[_T]]:
    """Yield the values in lists that one statement takes."""
    listed = list(values)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))
