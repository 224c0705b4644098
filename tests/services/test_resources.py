"""Resources: published, labelled, found, deleted, and what that means for their Instances."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.errors import NotFoundError
from isocenter.services.resources import NotInboxError
from isocenter.store.resource_query import ResourceQuery
from isocenter.store.resource_rows import FrameLabel, Resource
from isocenter.store.tables import audit_events, blobs
from tests.archives import OWNER, STRANGER, open_desk, place_of
from tests.builders import instance, to_bytes
from tests.resource_desk import ResourceDesk, resource_desk
from tests.stores import DATABASES, key_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ResourceDesk]:
    engine = getattr(request, "param", "sqlite")
    with open_desk(tmp_path, engines=(engine, "local")) as opened:
        yield resource_desk(opened)


everywhere = pytest.mark.parametrize("desk", sorted(DATABASES), indirect=True)


def kept_keys(desk: ResourceDesk) -> set[str]:
    with desk.desk.database.read() as connection:
        return set(connection.scalars(select(blobs.c.key)))


def acts_on(desk: ResourceDesk, resource: Resource) -> list[str]:
    query = (
        select(audit_events.c.action)
        .where(audit_events.c.object_id == resource.id, audit_events.c.object_kind == "resource")
        .order_by(audit_events.c.number)
    )
    with desk.desk.database.read() as connection:
        return list(connection.scalars(query))


def is_archived(desk: ResourceDesk) -> bool:
    """Whether the Instance of the tests is in the archive."""
    try:
        return bool(desk.desk.archive.retrieval.instances(place_of(instance(0))))
    except NotFoundError:
        return False


def test_publishing_works_once(desk: ResourceDesk) -> None:
    made = desk.upload(PNG, "a.png")
    desk.desk.clock.now_ms += 5

    desk.resources.publish(OWNER, [made.id])

    published = desk.resources.get(OWNER, made.id)
    assert (published.status, published.published_ms) == ("published", made.created_ms + 5)
    with pytest.raises(NotInboxError, match=r"^Resource must be in inbox status to be approved$"):
        desk.resources.publish(OWNER, [made.id])


def test_bulk_publishing_takes_what_is_in_the_inbox(desk: ResourceDesk) -> None:
    ids = [desk.upload(PNG, f"{number}.png").id for number in range(3)]
    desk.resources.archive(OWNER, ids[:1])

    with pytest.raises(NotInboxError):
        desk.resources.publish(OWNER, ids)
    published = desk.resources.publish(OWNER, ids, is_strict=False)

    assert [one.id for one in published] == ids[1:]
    statuses = [one.status for one in desk.resources.many(OWNER, ids)]
    assert statuses == ["archived", "published", "published"]


def test_labels_are_replaced_and_those_of_frames_apart(desk: ResourceDesk) -> None:
    ids = [desk.upload(PNG, "a.png", labels=["old"]).id, desk.upload(PNG, "b.png").id]

    desk.resources.set_labels(OWNER, ids, labels=["new", "b", "new"])
    desk.resources.set_labels(OWNER, ids[:1], frame_labels=[FrameLabel(3, "gap")])
    desk.resources.set_labels(OWNER, ids[1:], labels=[])

    first, second = desk.resources.many(OWNER, ids)
    assert (first.labels, first.frame_labels) == (("b", "new"), (FrameLabel(3, "gap"),))
    assert (second.labels, second.frame_labels) == ((), ())
    found = desk.resources.find(OWNER, ResourceQuery(labels=("new",)))
    assert [one.id for one in found.resources] == ids[:1]


def test_nothing_of_somebody_else_is_reached(desk: ResourceDesk) -> None:
    made = desk.upload(PNG, "a.png", channel="c")
    mine = desk.upload(PNG, "b.png", owner=STRANGER)

    for act in (
        lambda: desk.resources.get(STRANGER, made.id),
        lambda: desk.resources.open(STRANGER, made.id),
        lambda: desk.resources.publish(STRANGER, [mine.id, made.id]),
        lambda: desk.resources.archive(STRANGER, [made.id]),
        lambda: desk.resources.set_labels(STRANGER, [made.id], labels=["x"]),
        lambda: desk.resources.delete(STRANGER, [mine.id, made.id]),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert desk.resources.find(STRANGER, ResourceQuery()).resources == [mine]
    assert desk.resources.channels(STRANGER, 0, 10, 10).total == 0
    assert desk.resources.get(OWNER, made.id) == made


@everywhere
def test_every_act_is_in_the_audit(desk: ResourceDesk) -> None:
    made = desk.upload(PNG, "a.png")
    desk.resources.publish(OWNER, [made.id])
    desk.resources.set_labels(OWNER, [made.id], labels=["x"])
    desk.resources.archive(OWNER, [made.id])
    desk.resources.delete(OWNER, [made.id])

    assert acts_on(desk, made) == [
        f"resource.{act}" for act in ("create", "publish", "label", "archive", "delete")
    ]


@everywhere
def test_an_instance_goes_with_the_last_resource_that_is_it(desk: ResourceDesk) -> None:
    data = to_bytes(instance(0))
    first, second = desk.upload(data, "a.dcm"), desk.upload(data, "b.dcm")

    desk.resources.delete(OWNER, [first.id])
    assert is_archived(desk)
    assert desk.read(second) == data

    desk.resources.delete(OWNER, [second.id])
    assert not is_archived(desk)
    assert kept_keys(desk) == set()


def test_both_at_once_take_the_instance_along(desk: ResourceDesk) -> None:
    data = to_bytes(instance(0))
    ids = [desk.upload(data).id, desk.upload(data).id]

    assert desk.resources.delete(OWNER, ids) == 2

    assert not is_archived(desk)
    assert kept_keys(desk) == set()


def test_an_instance_that_came_by_dicomweb_stays(desk: ResourceDesk) -> None:
    data = to_bytes(instance(0))
    desk.desk.store(data)
    made = desk.upload(data)

    desk.resources.delete(OWNER, [made.id])

    assert is_archived(desk)


@everywhere
def test_bytes_beside_others_go_with_the_resource_that_brought_them(desk: ResourceDesk) -> None:
    dataset = instance(0)
    first = desk.upload(to_bytes(dataset))
    dataset.PatientComments = "changed"
    second = desk.upload(to_bytes(dataset))
    third = desk.upload(to_bytes(dataset))

    desk.resources.delete(OWNER, [second.id])
    assert desk.read(third) == to_bytes(dataset)
    assert len(desk.desk.archive.history.versions(OWNER, dataset.SOPInstanceUID)) == 2

    desk.resources.delete(OWNER, [first.id])
    assert is_archived(desk)

    desk.resources.delete(OWNER, [third.id])
    assert not is_archived(desk)
    assert kept_keys(desk) == set()


def test_bytes_that_ingest_put_in_their_place_stay(desk: ResourceDesk) -> None:
    dataset = instance(0)
    made = desk.upload(to_bytes(dataset))
    dataset.PatientComments = "better"
    desk.desk.store(dataset, policy="replace")
    assert desk.read(made) == to_bytes(instance(0))

    desk.resources.delete(OWNER, [made.id])

    assert desk.desk.read(place_of(dataset)) == [to_bytes(dataset)]
    assert kept_keys(desk) == {key_of(to_bytes(dataset))}


@everywhere
def test_a_study_that_is_deleted_takes_its_resources_along(desk: ResourceDesk) -> None:
    made = desk.upload(to_bytes(instance(0)))
    other = desk.upload(PNG, "a.png")
    foreign = desk.upload(to_bytes(instance(0)), owner=STRANGER)

    desk.desk.archive.studies.delete(OWNER, str(made.study_uid))

    assert desk.resources.find(OWNER, ResourceQuery()).resources == [other]
    assert desk.read(foreign) == to_bytes(instance(0))
