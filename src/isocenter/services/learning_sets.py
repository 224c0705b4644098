"""Learning sets: named lists of resources that clients call datasets, and their parts.

A list is chosen once, by ids or by what resources have in common, and may change; what somebody
trains on is a snapshot of it (``snapshots.py``).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from isocenter.errors import ConflictError, FullError, InvalidInputError, TooLargeError
from isocenter.services.learning_engines import LearningEngines
from isocenter.services.resource_kinds import checked_text
from isocenter.services.resource_uploads import name_of
from isocenter.store.blob_rows import drop_unused
from isocenter.store.learning_changes import touch_set
from isocenter.store.learning_rows import (
    LearningSet,
    Split,
    add_members,
    add_set,
    add_splits,
    change_set,
    count_sets,
    end_splits,
    find_set,
    list_sets,
    member_ids,
    member_numbers,
    member_pages,
    remove_members,
    remove_set,
    set_id_of_name,
    set_of_number,
    split_names,
    splits_of,
)
from isocenter.store.resource_query import ResourceQuery, find_resources
from isocenter.store.resource_rows import Resource, rows_of
from isocenter.store.snapshot_rows import keys_of_snapshots

_PAGE = 500
_RETRY_SECONDS = 60
_DESCRIPTION_CHARACTERS_MAX = 10_000
_SPLIT_CHARACTERS_MAX = 64
_SHARES_AT_ONCE_MAX = 16


@dataclass(frozen=True, slots=True)
class Choice:
    """Which resources are meant: by their ids, and all that fit a query."""

    ids: tuple[str, ...] = ()
    query: ResourceQuery | None = None


class Sets(NamedTuple):
    """Some learning sets, and how many there are of all pages."""

    sets: list[LearningSet]
    total: int


class LearningSets:
    """All learning sets; safe for any number of threads."""

    def __init__(self, engines: LearningEngines) -> None:
        self._engines = engines

    def create(
        self, owner: str, name: str, description: str = "", choice: Choice | None = None
    ) -> LearningSet:
        """Make a learning set.

        Raises
        ------
        InvalidInputError, TooLargeError
            If the name is none, or more resources are meant than may be.
        ConflictError
            If there is one of this name.
        NotFoundError
            If the owner lacks a resource.
        """
        with self._engines.database.begin() as connection:
            number = self.add(connection, owner, name, description, choice or Choice())
            return set_of_number(connection, number)

    def add(
        self, connection: Connection, owner: str, name: str, description: str, choice: Choice
    ) -> int:
        """Make a learning set as ``create`` does, within a transaction; return its number."""
        engines = self._engines
        if count_sets(connection, owner) >= engines.limits.learning_sets:
            raise FullError("datasets", engines.limits.learning_sets, _RETRY_SECONDS)
        name = checked_text(name, "name of a dataset")
        if set_id_of_name(connection, owner, name) is not None:
            raise ConflictError("there is a dataset of this name")
        now_ms = engines.clock()
        set_id = engines.new_id()
        values = {
            "id": set_id,
            "owner": owner,
            "name": name,
            "description": checked_description(description),
            "created_ms": now_ms,
            "created_by": name_of(connection, owner),
            "changed_ms": now_ms,
        }
        number = add_set(connection, values)
        self._extend(connection, owner, number, choice)
        engines.audit.record(connection, owner, "dataset.create", ("dataset", set_id))
        return number

    def find(self, owner: str, offset: int, limit: int) -> Sets:
        """Return learning sets by their names, and how many there are of all pages."""
        with self._engines.database.read() as connection:
            return Sets(list_sets(connection, owner, offset, limit), count_sets(connection, owner))

    def get(self, owner: str, set_id: str) -> LearningSet:
        """Return one learning set.

        Raises
        ------
        NotFoundError
            If the owner has no such one.
        """
        with self._engines.database.read() as connection:
            return find_set(connection, owner, set_id)

    def id_of(self, owner: str, name: str) -> str | None:
        """Return the id of the learning set of a name; ``None`` without one."""
        with self._engines.database.read() as connection:
            return set_id_of_name(connection, owner, name)

    def ids_in(self, found: LearningSet, limit: int) -> list[str]:
        """Return ids of its resources, at most so many."""
        with self._engines.database.read() as connection:
            return member_ids(connection, found.number, limit)

    def resources(self, owner: str, set_id: str) -> list[Resource]:
        """Return the resources of a learning set, in its order.

        Raises
        ------
        NotFoundError
            If the owner has no such one.
        """
        with self._engines.database.read() as connection:
            number = find_set(connection, owner, set_id).number
            return [one for page in member_pages(connection, number, _PAGE) for one in page]

    def rename(
        self, owner: str, set_id: str, *, name: str | None = None, description: str | None = None
    ) -> LearningSet:
        """Give a learning set another name or description.

        Raises
        ------
        InvalidInputError, NotFoundError
            If the name is none, or the owner has no such set.
        ConflictError
            If there is one of this name.
        """
        with self._engines.database.begin() as connection:
            found = find_set(connection, owner, set_id)
            values: dict[str, object] = {}
            if name is not None and (name := checked_text(name, "name of a dataset")) != found.name:
                if set_id_of_name(connection, owner, name) is not None:
                    raise ConflictError("there is a dataset of this name")
                values["name"] = name
            if description is not None:
                values["description"] = checked_description(description)
            if values:
                change_set(connection, found.number, **values)
            self._changed(connection, owner, found, "dataset.change")
            return set_of_number(connection, found.number)

    def delete(self, owner: str, set_id: str) -> None:
        """Remove a learning set with its snapshots; its resources stay.

        Raises
        ------
        NotFoundError
            If the owner has no such one.
        """
        engines = self._engines
        with engines.database.begin() as connection:
            found = find_set(connection, owner, set_id)
            keys = keys_of_snapshots(connection, found.number)
            remove_set(connection, found.number)
            engines.audit.record(connection, owner, "dataset.delete", ("dataset", set_id))
        drop_unused(engines.database, engines.blobs, keys)

    def change_members(
        self, owner: str, set_id: str, add: Choice, remove: Sequence[str] = ()
    ) -> LearningSet:
        """Add resources to a learning set and take others out.

        Raises
        ------
        NotFoundError
            If the owner lacks the set or one of the resources; nothing changes then.
        TooLargeError
            If it would have more than it may.
        """
        with self._engines.database.begin() as connection:
            found = find_set(connection, owner, set_id)
            gone = [one.number for one in rows_of(connection, owner, remove)]
            who, now_ms = name_of(connection, owner), self._engines.clock()
            changed = remove_members(connection, found.number, gone, who, now_ms)
            changed += self._extend(connection, owner, found.number, add)
            if changed:
                self._changed(connection, owner, found, "dataset.members")
            return set_of_number(connection, found.number)

    def splits(
        self,
        owner: str,
        set_id: str,
        *,
        name: str = "",
        at_ms: int | None = None,
        resource_id: str = "",
    ) -> list[Split]:
        """Return which part resources belong to, now or at a time.

        Raises
        ------
        NotFoundError
            If the owner has no such set.
        """
        with self._engines.database.read() as connection:
            number = find_set(connection, owner, set_id).number
            return splits_of(connection, number, name=name, at_ms=at_ms, resource_id=resource_id)

    def assign(self, owner: str, set_id: str, ids: Sequence[str], name: str | None) -> None:
        """Put resources of a learning set into a part; ``None``: into none.

        Raises
        ------
        InvalidInputError
            If the name is none, or a resource is not in the set.
        NotFoundError
            If the owner lacks the set or a resource.
        """
        with self._engines.database.begin() as connection:
            found = find_set(connection, owner, set_id)
            numbers = [one.number for one in rows_of(connection, owner, ids)]
            if not set(numbers) <= set(member_numbers(connection, found.number)):
                raise InvalidInputError("only resources of the dataset have a part in it")
            self._assign(connection, owner, found, dict.fromkeys(numbers, name))

    def divide(
        self, owner: str, set_id: str, shares: Mapping[str, float], seed: int = 0
    ) -> dict[str, int]:
        """Put every resource into a part, at random, and return how many are in each.

        All resources of a patient come into the same part, so that nothing that is tested was
        seen while training; the same set and seed give the same parts, and what is added later
        changes no other's part.

        Raises
        ------
        InvalidInputError
            If the shares are not positive numbers whose sum is 1.
        NotFoundError
            If the owner has no such set.
        """
        choose = _chooser(shares, seed)
        with self._engines.database.begin() as connection:
            found = find_set(connection, owner, set_id)
            parts: dict[int, str | None] = {}
            counts = dict.fromkeys(shares, 0)
            for page in member_pages(connection, found.number, _PAGE):
                for one in page:
                    part = choose(one.patient_id or one.study_uid or one.id)
                    parts[one.number] = part
                    counts[part] += 1
            self._assign(connection, owner, found, parts)
        return counts

    def _assign(
        self,
        connection: Connection,
        owner: str,
        found: LearningSet,
        parts: Mapping[int, str | None],
    ) -> None:
        engines = self._engines
        now_ms, who = engines.clock(), name_of(connection, owner)
        before = split_names(connection, found.number)
        changed = {number: part for number, part in parts.items() if before.get(number) != part}
        end_splits(connection, found.number, list(changed), who, now_ms)
        rows = [
            {
                "id": engines.new_id(),
                "set_number": found.number,
                "resource_number": number,
                "name": _checked_split(part),
                "created_ms": now_ms,
                "created_by": who,
            }
            for number, part in changed.items()
            if part is not None
        ]
        add_splits(connection, rows)
        if changed:
            self._changed(connection, owner, found, "dataset.split")

    def _extend(self, connection: Connection, owner: str, number: int, choice: Choice) -> int:
        engines = self._engines
        numbers = [one.number for one in rows_of(connection, owner, choice.ids)]
        numbers += _fitting(connection, owner, choice.query)
        added = add_members(connection, number, numbers, engines.clock())
        most = engines.limits.learning_set_resources
        count = set_of_number(connection, number).resource_count
        if count > most:
            raise TooLargeError("learning_set_resources", most, count, "resources")
        return added

    def _changed(self, connection: Connection, owner: str, found: LearningSet, action: str) -> None:
        touch_set(connection, found.number, self._engines.clock())
        self._engines.audit.record(connection, owner, action, ("dataset", found.id))


def checked_description(text: str) -> str:
    """Return a description.

    Raises
    ------
    InvalidInputError
        If it is too long.
    """
    if len(text) > _DESCRIPTION_CHARACTERS_MAX:
        raise InvalidInputError(
            f"a description has at most {_DESCRIPTION_CHARACTERS_MAX} characters"
        )
    return text


def _fitting(connection: Connection, owner: str, query: ResourceQuery | None) -> list[int]:
    """Return the numbers of the resources that fit a query, the oldest first."""
    if query is None:
        return []
    return [one.number for one in find_resources(connection, owner, query).resources]


def _checked_split(name: str | None) -> str:
    plain = checked_text(name or "", "name of a part")
    if len(plain) > _SPLIT_CHARACTERS_MAX:
        raise InvalidInputError(
            f"the name of a part has at most {_SPLIT_CHARACTERS_MAX} characters"
        )
    return plain


def _chooser(shares: Mapping[str, float], seed: int) -> Callable[[str], str]:
    """Return what names the part of a patient."""
    names = [_checked_split(name) for name in shares]
    is_right = all(share > 0 for share in shares.values()) and abs(sum(shares.values()) - 1) < 1e-6
    if not 0 < len(names) <= _SHARES_AT_ONCE_MAX or not is_right:
        raise InvalidInputError("shares are positive numbers by name, and their sum is 1")

    def choose(patient: str) -> str:
        digest = hashlib.sha256(f"{seed}\0{patient}".encode("utf-8", "replace")).digest()
        place = int.from_bytes(digest[:8], "big") / 2**64
        for name, share in shares.items():
            place -= share
            if place < 0:
                return name
        return names[-1]

    return choose
