"""Learning sets: chosen by ids or by a query, divided by patients, changed by their owner alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isocenter.errors import (
    ConflictError,
    FullError,
    InvalidInputError,
    NotFoundError,
    TooLargeError,
)
from isocenter.limits import DEFAULT
from isocenter.services.learning_sets import Choice, checked_description
from isocenter.store.resource_query import ResourceQuery
from tests.archives import OWNER, STRANGER
from tests.builders import series, to_bytes, uid
from tests.learning_desk import LearningDesk, open_learning_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LearningDesk]:
    with open_learning_desk(tmp_path) as made:
        yield made


def test_a_query_chooses_what_fits_it_now(desk: LearningDesk) -> None:
    wanted = [desk.upload(number, channel="CT", labels=["a"]) for number in range(2)]
    desk.upload(2, channel="CT")
    desk.upload(3, channel="CT", labels=["a"], owner=STRANGER)
    query = ResourceQuery(channel="CT", labels=("a",), is_ascending=True)

    found = desk.learning.sets.create(OWNER, "CTs", "some", Choice(query=query))

    assert [one.id for one in desk.learning.sets.resources(OWNER, found.id)] == [
        one.id for one in wanted
    ]
    assert (found.resource_count, found.version, found.next_version) == (2, 0, 1)
    assert desk.learning.sets.ids_in(found, 1) == [wanted[0].id]
    assert desk.learning.sets.id_of(OWNER, "CTs") == found.id
    assert desk.learning.sets.find(OWNER, 0, 10) == ([found], 1)


def test_members_come_and_go(desk: LearningDesk) -> None:
    first, second = desk.upload(0), desk.upload(1)
    sets = desk.learning.sets
    found = sets.create(OWNER, "CTs", choice=Choice((first.id,)))
    sets.assign(OWNER, found.id, [first.id], "train")

    changed = sets.change_members(OWNER, found.id, Choice((second.id, second.id)), [first.id])

    assert changed.resource_count == 1
    assert changed.changed_ms > found.changed_ms
    assert sets.splits(OWNER, found.id) == []
    again = sets.change_members(OWNER, found.id, Choice((second.id,)))
    assert again.changed_ms == changed.changed_ms


def test_names_are_taken_once_and_may_change(desk: LearningDesk) -> None:
    sets = desk.learning.sets
    found = sets.create(OWNER, "A")
    sets.create(OWNER, "B")
    sets.create(STRANGER, "A")

    with pytest.raises(ConflictError):
        sets.create(OWNER, "A")
    with pytest.raises(ConflictError):
        sets.rename(OWNER, found.id, name="B")
    with pytest.raises(InvalidInputError):
        sets.rename(OWNER, found.id, name=" ")
    renamed = sets.rename(OWNER, found.id, name="C", description="new")
    assert (renamed.name, renamed.description) == ("C", "new")
    with pytest.raises(InvalidInputError):
        checked_description("m" * 10_001)


def test_a_patient_is_in_one_part_only_and_parts_stay(desk: LearningDesk) -> None:
    sets = desk.learning.sets
    ids = []
    for number in range(24):
        (instance,) = series(1)
        instance.PatientID = f"patient {number // 2}"
        instance.SOPInstanceUID = uid("sets", str(number))
        instance.file_meta.MediaStorageSOPInstanceUID = instance.SOPInstanceUID
        ids.append(desk.beneath.upload(to_bytes(instance)).id)
    found = sets.create(OWNER, "CTs", choice=Choice(tuple(ids[:20])))
    shares = {"train": 0.5, "test": 0.5}

    counts = sets.divide(OWNER, found.id, shares, 3)

    before = {one.resource_id: one.name for one in sets.splits(OWNER, found.id)}
    assert len(before) == sum(counts.values()) == 20
    assert set(before.values()) == {"train", "test"}
    assert [before[one] for one in ids[:20:2]] == [before[one] for one in ids[1:20:2]]
    sets.change_members(OWNER, found.id, Choice(tuple(ids)))
    sets.divide(OWNER, found.id, shares, 3)
    after = {one.resource_id: one.name for one in sets.splits(OWNER, found.id)}
    assert {one: after[one] for one in before} == before
    (one,) = sets.splits(OWNER, found.id, resource_id=ids[23])
    assert one.name == after[ids[23]]


@pytest.mark.parametrize("shares", [{}, {"a": 0.5}, {"a": 2.0, "b": -1.0}, {"": 1.0}])
def test_shares_that_are_none_are_refused(desk: LearningDesk, shares: dict[str, float]) -> None:
    found = desk.learning.sets.create(OWNER, "CTs")

    with pytest.raises(InvalidInputError):
        desk.learning.sets.divide(OWNER, found.id, shares)


def test_only_members_have_a_part(desk: LearningDesk) -> None:
    resource = desk.upload()
    sets = desk.learning.sets
    found = sets.create(OWNER, "CTs")

    with pytest.raises(InvalidInputError):
        sets.assign(OWNER, found.id, [resource.id], "train")
    sets.change_members(OWNER, found.id, Choice((resource.id,)))
    with pytest.raises(InvalidInputError):
        sets.assign(OWNER, found.id, [resource.id], "m" * 65)
    sets.assign(OWNER, found.id, [resource.id], "train")
    sets.assign(OWNER, found.id, [resource.id], None)
    assert sets.splits(OWNER, found.id) == []


def test_bounds_are_held(tmp_path: Path) -> None:
    limits = replace(DEFAULT, learning_sets=1, learning_set_resources=1)
    with open_learning_desk(tmp_path, limits=limits) as desk:
        ids = (desk.upload(0).id, desk.upload(1).id)
        with pytest.raises(TooLargeError):
            desk.learning.sets.create(OWNER, "A", choice=Choice(ids))
        desk.learning.sets.create(OWNER, "A")
        with pytest.raises(FullError):
            desk.learning.sets.create(OWNER, "B")


def test_strangers_find_nothing(desk: LearningDesk) -> None:
    sets = desk.learning.sets
    resource = desk.upload()
    found = sets.create(OWNER, "CTs", choice=Choice((resource.id,)))

    with pytest.raises(NotFoundError):
        sets.create(STRANGER, "mine", choice=Choice((resource.id,)))
    for call in (sets.get, sets.resources, sets.splits, sets.delete, sets.rename):
        with pytest.raises(NotFoundError):
            call(STRANGER, found.id)
    with pytest.raises(NotFoundError):
        sets.change_members(STRANGER, found.id, Choice())
    with pytest.raises(NotFoundError):
        sets.divide(STRANGER, found.id, {"train": 1.0})
    assert sets.find(STRANGER, 0, 10).sets == []
