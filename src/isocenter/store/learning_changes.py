"""What a change of Resources means for what is learnt from them.

Whoever changes labels or annotations of Resources, or removes Resources, tells it here within the
same transaction. Lists that they are in have changed then: clients that hold a copy see it by the
time.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Select, case, select, update

from isocenter.store.catalog import remove_instances
from isocenter.store.catalog_rows import batches
from isocenter.store.learning_tables import annotations, learning_set_resources, learning_sets

# Facts of an annotation that name the Segmentation by which viewers show its volume.
SHOWN_AS = ("seg_study_uid", "seg_series_uid", "seg_instance_uid")


def touch_sets(connection: Connection, numbers: Sequence[int], now_ms: int) -> None:
    """Note that Resources of these numbers changed, in every learning set that they are in."""
    for some in batches(numbers):
        members = select(learning_set_resources.c.set_number).where(
            learning_set_resources.c.resource_number.in_(some)
        )
        _touch(connection, members, now_ms)


def touch_set(connection: Connection, set_number: int, now_ms: int) -> None:
    """Note that one learning set changed."""
    only = select(learning_sets.c.number).where(learning_sets.c.number == set_number)
    _touch(connection, only, now_ms)


def leave_resources(connection: Connection, numbers: Sequence[int], now_ms: int) -> list[str]:
    """Note that Resources of these numbers are about to be removed.

    Their annotations and places in lists go with their rows, and what viewers show of these
    leaves the archive; snapshots stay as they are.

    Returns
    -------
    list[str]
        Keys of bytes that may be unused then.
    """
    touch_sets(connection, numbers, now_ms)
    keys: list[str] = []
    columns = annotations.c
    for some in batches(numbers):
        query = select(columns.owner, columns.file_key, columns.about).where(
            columns.resource_number.in_(some)
        )
        for row in connection.execute(query).all():
            if row.file_key is not None:
                keys.append(row.file_key)
            keys += _leave_archive(connection, row.owner, row.about, now_ms)
    return keys


def _leave_archive(
    connection: Connection, owner: str, about: Mapping[str, object], now_ms: int
) -> list[str]:
    """Remove the Instance by which viewers show an annotation, if it is still there."""
    uids = [about.get(name) for name in SHOWN_AS]
    if not all(uids):
        return []
    study_uid, series_uid, sop_instance_uid = map(str, uids)
    removed = remove_instances(
        connection,
        owner,
        study_uid=study_uid,
        series_uid=series_uid,
        sop_instance_uid=sop_instance_uid,
        now_ms=now_ms,
    )
    return list(removed.dropped)


def _touch(connection: Connection, set_numbers: Select[tuple[int]], now_ms: int) -> None:
    """Move the time of sets on, also twice within a millisecond or when the clock went back."""
    changed = learning_sets.c.changed_ms
    later = case((changed >= now_ms, changed + 1), else_=now_ms)
    connection.execute(
        update(learning_sets)
        .where(learning_sets.c.number.in_(set_numbers))
        .values(changed_ms=later)
    )
