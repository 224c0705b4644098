"""The catalog: which Instances an owner has, where their bytes and Frames are, how they are found.

One transaction of the caller adds or removes any number of Instances with everything that follows:
their Series, Studies and Patients, metadata, search values and changes. What is in them was read
by the services; nothing here knows an encoding.

References
----------
PS3.3 A.1 (Patient, Study, Series, Instance), PS3.18 10.5 (what storing answers).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import orjson
from sqlalchemy import Connection, bindparam, insert, select, text

from isocenter.errors import InvalidInputError
from isocenter.store.catalog_facts import INSTANCE, InstanceFacts
from isocenter.store.catalog_rows import (
    Levels,
    PresentRow,
    add_values,
    insert_row,
    instance_row,
    note,
    owner_number_of,
    remove_empty,
    remove_rows,
    version_keys,
)
from isocenter.store.metadata_chunks import Place, add_documents, read_documents
from isocenter.store.prepared import Prepared, PreparedList
from isocenter.store.tables import archive_owners, instance_versions, instances, series, studies

Policy = Literal["reject", "replace", "keep-both"]
State = Literal["stored", "present", "replaced", "kept", "conflict"]

POLICIES: tuple[Policy, ...] = ("reject", "replace", "keep-both")

_LOCK = 7201418855  # any number, the same in all versions: one transaction adds at a time
_STUDY_INSTANCE_UID = "0020000D"
_SERIES_INSTANCE_UID = "0020000E"
_PIXEL_DATA = "7FE00010"


# Made once: a statement that is built anew for every Instance costs more than its answer.
_PRESENT = PreparedList(
    lambda uids: select(*(instances.c[name] for name in PresentRow._fields)).where(
        instances.c.owner == bindparam("owner"), instances.c.uid.in_(uids)
    )
)
_KNOWN_SERIES = PreparedList(
    lambda uids: (
        select(
            series.c.uid,
            series.c.number,
            studies.c.uid.label("study_uid"),
            studies.c.number.label("study_number"),
        )
        .join(studies, studies.c.number == series.c.study_number)
        .where(series.c.owner == bindparam("owner"), series.c.uid.in_(uids))
    )
)
_NUMBERS = PreparedList(
    lambda uids: select(instances.c.uid, instances.c.number).where(
        instances.c.owner == bindparam("owner"), instances.c.uid.in_(uids)
    )
)
_INSERT = Prepared(
    insert(instances).inline(),
    (column.name for column in instances.columns if column is not instances.c.number),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one Instance; ``tag`` names the element that contradicts what is there."""

    state: State
    tag: str = ""


@dataclass(slots=True)
class Added:
    """What a transaction added.

    ``outcomes`` are in the order of the facts; ``dropped`` are keys that may be unused now;
    ``study_numbers`` those of the Studies that changed.
    """

    outcomes: list[Outcome]
    dropped: list[str] = field(default_factory=list)
    study_numbers: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Removed:
    """What a transaction removed: Instances, and keys that may be unused now."""

    instances: int
    dropped: tuple[str, ...]
    study_number: int


def add_instances(
    connection: Connection,
    owner: str,
    facts: Sequence[InstanceFacts],
    *,
    policy: Policy,
    now_ms: int,
    keep: Callable[[Sequence[int]], None],
) -> Added:
    """Add Instances within the caller's write transaction.

    The same bytes again change nothing. Other bytes under a UID that is there are a conflict,
    replace what is there, or are kept beside it, as the policy says. An Instance whose Study or
    Series contradicts what is there is always a conflict.

    Parameters
    ----------
    keep
        Called once, before rows refer to bytes, with the indices of those facts whose bytes are
        to be published.
    """
    _lock(connection)
    owner_number = owner_number_of(connection, owner)
    plan = _Plan(connection, owner_number, policy)
    plan.look(facts)
    added = Added([plan.decide(one) for one in facts])
    new = [at for at, one in enumerate(added.outcomes) if one.state in {"stored", "replaced"}]
    beside = [at for at, one in enumerate(added.outcomes) if one.state == "kept"]
    keep([*new, *beside])
    if plan.replaced:
        remove_rows(connection, plan.replaced, now_ms=now_ms)
        added.dropped += [row.blob_key for row in plan.replaced]
        added.dropped += plan.dropped_versions
    if new:
        levels = Levels(connection, owner_number, now_ms, plan.study_numbers, plan.series_numbers)
        _insert_new(connection, owner_number, [facts[at] for at in new], levels, added)
    if beside:
        _insert_versions(connection, owner_number, [facts[at] for at in beside], now_ms)
    return added


def remove_instances(
    connection: Connection,
    owner: str,
    *,
    study_uid: str,
    series_uid: str = "",
    sop_instance_uid: str = "",
    now_ms: int,
) -> Removed:
    """Remove a Study, a Series or an Instance, whatever is empty then, and search values.

    Returns
    -------
    Removed
        With no Instances if there is no such thing.
    """
    _lock(connection)
    query = (
        select(instances, studies.c.number.label("study_number"))
        .join(series, series.c.number == instances.c.series_number)
        .join(studies, studies.c.number == series.c.study_number)
        .join(archive_owners, archive_owners.c.number == studies.c.owner)
        .where(archive_owners.c.owner == owner, studies.c.uid == study_uid)
    )
    if series_uid:
        query = query.where(series.c.uid == series_uid)
    if sop_instance_uid:
        query = query.where(instances.c.uid == sop_instance_uid)
    rows = list(connection.execute(query))
    if not rows:
        return Removed(0, (), 0)
    dropped = [row.blob_key for row in rows]
    dropped += version_keys(connection, [row.number for row in rows])
    remove_rows(connection, rows, now_ms=now_ms)
    remove_empty(connection, {row.series_number for row in rows}, rows[0].study_number)
    note(connection, rows[0].owner, "removed", [row.uid for row in rows], now_ms)
    return Removed(len(rows), tuple(dropped), rows[0].study_number)


class _Plan:
    """Decides what becomes of each Instance, before anything is written."""

    def __init__(self, connection: Connection, owner_number: int, policy: Policy) -> None:
        if policy not in POLICIES:
            raise InvalidInputError(f"the policy is one of {', '.join(POLICIES)}")
        self._connection = connection
        self._owner_number = owner_number
        self._policy = policy
        self.present: dict[str, PresentRow] = {}
        self.study_numbers: dict[str, int] = {}
        self.series_numbers: dict[str, int] = {}
        self._new: dict[str, InstanceFacts] = {}
        self._study_of_series: dict[str, str] = {}
        self._versions: dict[int, set[str]] = {}
        self.replaced: list[PresentRow] = []
        self.dropped_versions: list[str] = []

    def look(self, facts: Sequence[InstanceFacts]) -> None:
        """Read what is there under the same UIDs."""
        mine = {"owner": self._owner_number}
        rows = _PRESENT.run(self._connection, mine, {one.instance.uid for one in facts})
        self.present = {row.uid: row for row in map(PresentRow._make, rows)}
        known = _KNOWN_SERIES.run(self._connection, mine, {one.series.uid for one in facts})
        for uid, number, study_uid, study_number in known:
            self._study_of_series[uid] = study_uid
            self.series_numbers[uid] = number
            self.study_numbers[study_uid] = study_number

    def decide(self, facts: InstanceFacts) -> Outcome:
        """Return what becomes of the next Instance."""
        uid = facts.instance.uid
        known = self._study_of_series.setdefault(facts.series.uid, facts.study.uid)
        if known != facts.study.uid:
            return Outcome("conflict", _STUDY_INSTANCE_UID)
        twin = self._new.get(uid)
        if twin is not None:
            if twin.blob_key == facts.blob_key:
                return Outcome("present")
            return Outcome("conflict", _difference(twin.metadata, facts.metadata))
        row = self.present.get(uid)
        if row is None:
            self._new[uid] = facts
            return Outcome("stored")
        if facts.blob_key == row.blob_key or facts.blob_key in self._kept(row.number):
            return Outcome("present")
        return self._conflict(row, facts)

    def _kept(self, number: int) -> set[str]:
        if number not in self._versions:
            self._versions[number] = set(version_keys(self._connection, [number]))
        return self._versions[number]

    def _conflict(self, row: PresentRow, facts: InstanceFacts) -> Outcome:
        place = Place(row.chunk_number, row.chunk_position)
        present = read_documents(self._connection, [place])[0]
        tag = _difference(present, facts.metadata)
        if self._policy == "reject" or tag in {_STUDY_INSTANCE_UID, _SERIES_INSTANCE_UID}:
            return Outcome("conflict", tag)
        if self._policy == "keep-both":
            self._kept(row.number).add(facts.blob_key)
            return Outcome("kept", tag)
        self.replaced.append(row)
        self.dropped_versions += self._kept(row.number)
        self._new[facts.instance.uid] = facts
        return Outcome("replaced", tag)


def _difference(present: bytes, other: bytes) -> str:
    """Return the first element that differs, by its tag; where none does, Pixel Data's."""
    before, after = orjson.loads(present), orjson.loads(other)
    # Another place in the hierarchy says more than whatever stands before it in the file.
    first = (_STUDY_INSTANCE_UID, _SERIES_INSTANCE_UID)
    for tag in (*first, *sorted(before.keys() | after.keys())):
        if before.get(tag) != after.get(tag):
            return str(tag)
    return _PIXEL_DATA


def _lock(connection: Connection) -> None:
    """Let one transaction change the catalog at a time, as SQLite does by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _insert_new(
    connection: Connection,
    owner_number: int,
    facts: Sequence[InstanceFacts],
    levels: Levels,
    added: Added,
) -> None:
    now_ms = levels.now_ms
    by_series: dict[int, list[InstanceFacts]] = {}
    for one in facts:
        study_number = levels.study(one)
        by_series.setdefault(levels.series(one, study_number), []).append(one)
        added.study_numbers.add(study_number)
    places = add_documents(
        connection, {number: [one.metadata for one in own] for number, own in by_series.items()}
    )
    rows = [
        instance_row(owner_number, series_number, one, place, now_ms)
        for series_number, own in by_series.items()
        for one, place in zip(own, places[series_number], strict=True)
    ]
    _INSERT.run_many(connection, rows)
    levels.count(by_series)
    values = {one.instance.uid: one.instance.values for one in facts if one.instance.values}
    found = _NUMBERS.run(connection, {"owner": owner_number}, values)
    items = {number: values[uid] for uid, number in found}
    add_values(connection, owner_number, INSTANCE, items)
    note(connection, owner_number, "stored", [one.instance.uid for one in facts], now_ms)


def _insert_versions(
    connection: Connection, owner_number: int, facts: Sequence[InstanceFacts], now_ms: int
) -> None:
    for one in facts:
        query = select(instances.c.number).where(
            instances.c.owner == owner_number, instances.c.uid == one.instance.uid
        )
        number = connection.execute(query).scalar_one()
        insert_row(
            connection,
            instance_versions,
            instance=number,
            blob_key=one.blob_key,
            stored_ms=now_ms,
        )
    note(connection, owner_number, "kept", [one.instance.uid for one in facts], now_ms)
