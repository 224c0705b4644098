"""What a change of Resources means for what is learnt from them.

Whoever changes labels or annotations of Resources, or removes Resources, tells it here within the
same transaction. Lists that they are in have changed then: clients that hold a copy see it by the
time.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, Select, case, select, update

from isocenter.store.catalog_rows import batches
from isocenter.store.learning_tables import annotations, learning_set_resources, learning_sets


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

    Their annotations and places in lists go with their rows; snapshots stay as they are.

    Returns
    -------
    list[str]
        Keys of bytes of annotations, which may be unused then.
    """
    touch_sets(connection, numbers, now_ms)
    keys: list[str] = []
    for some in batches(numbers):
        query = select(annotations.c.file_key).where(
            annotations.c.resource_number.in_(some), annotations.c.file_key.is_not(None)
        )
        keys += connection.scalars(query)
    return keys


def _touch(connection: Connection, set_numbers: Select[tuple[int]], now_ms: int) -> None:
    """Move the time of sets on, also twice within a millisecond or when the clock went back."""
    changed = learning_sets.c.changed_ms
    later = case((changed >= now_ms, changed + 1), else_=now_ms)
    connection.execute(
        update(learning_sets)
        .where(learning_sets.c.number.in_(set_numbers))
        .values(changed_ms=later)
    )
