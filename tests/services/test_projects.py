"""Projects have a learning set of their own, members, and nothing for strangers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isocenter.errors import ConflictError, InvalidInputError, NotFoundError
from isocenter.limits import DEFAULT
from isocenter.services.annotations import Draft
from isocenter.services.learning_sets import Choice
from tests.archives import OWNER, STRANGER
from tests.learning_desk import LearningDesk, open_learning_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LearningDesk]:
    with open_learning_desk(tmp_path) as made:
        yield made


def test_a_project_has_a_set_of_its_name(desk: LearningDesk) -> None:
    resource = desk.upload()
    projects = desk.learning.projects

    made = projects.create(OWNER, "Livers", "of dogs", Choice((resource.id,)))

    assert (made.name, made.description, made.resource_count) == ("Livers", "of dogs", 1)
    assert desk.learning.sets.get(OWNER, made.set_id).name == "Livers"
    changed = projects.change(OWNER, made.id, name="Lungs", description="", is_archived=True)
    assert (changed.name, changed.description, changed.is_archived) == ("Lungs", "", True)
    assert desk.learning.sets.get(OWNER, made.set_id).name == "Lungs"
    assert projects.find(OWNER, name="Lungs") == [changed]
    assert projects.find(OWNER, with_archived=False) == []


def test_names_are_taken_once(desk: LearningDesk) -> None:
    desk.learning.projects.create(OWNER, "A")
    desk.learning.sets.create(OWNER, "B")

    for name in ("A", "B"):
        with pytest.raises(ConflictError):
            desk.learning.projects.create(OWNER, name)


def test_deleting_a_project_keeps_resources_and_annotations(desk: LearningDesk) -> None:
    resource = desk.upload()
    project = desk.learning.projects.create(OWNER, "A", choice=Choice((resource.id,)))
    draft = Draft("a", "label", project_id=project.id)
    (made,) = desk.learning.annotations.create(OWNER, resource.id, [draft])

    desk.learning.projects.delete(OWNER, project.id)

    assert desk.learning.annotations.get(OWNER, made).project_id is None
    assert desk.beneath.resources.get(OWNER, resource.id) == resource
    for call in (desk.learning.projects.get, desk.learning.projects.delete):
        with pytest.raises(NotFoundError):
            call(OWNER, project.id)
    with pytest.raises(NotFoundError):
        desk.learning.sets.get(OWNER, project.set_id)


def test_members_have_roles_until_they_have_none(tmp_path: Path) -> None:
    with open_learning_desk(tmp_path, limits=replace(DEFAULT, project_members=1)) as desk:
        projects = desk.learning.projects
        made = projects.create(OWNER, "A")
        projects.set_roles(OWNER, made.id, "eve@example.org", ["reader"])
        projects.set_roles(OWNER, made.id, "eve@example.org", ["reader", "annotator"])
        assert projects.roles(OWNER, made.id) == {"eve@example.org": ["reader", "annotator"]}
        with pytest.raises(InvalidInputError):
            projects.set_roles(OWNER, made.id, "bob@example.org", ["reader"])
        projects.set_roles(OWNER, made.id, "eve@example.org", [])
        assert projects.roles(OWNER, made.id) == {}
        with pytest.raises(NotFoundError):
            projects.set_roles(OWNER, made.id, "eve@example.org", [])


def test_resources_of_projects_are_selected_by_name_or_id(desk: LearningDesk) -> None:
    first, second, third = (desk.upload(number) for number in range(3))
    projects = desk.learning.projects
    one = projects.create(OWNER, "One", choice=Choice((first.id, second.id)))
    projects.create(OWNER, "Two", choice=Choice((second.id, third.id)))

    def selected(*named: str, is_union: bool = True, owner: str = OWNER) -> set[int]:
        with desk.beneath.desk.database.read() as connection:
            query = projects.members(owner, named, is_union=is_union)
            return set(connection.scalars(query))

    assert selected("Two") == {second.number, third.number}
    assert selected(one.id, "Two") == {first.number, second.number, third.number}
    assert selected(one.id, "Two", is_union=False) == {second.number}
    assert selected("One", owner=STRANGER) == set()


def test_strangers_find_nothing(desk: LearningDesk) -> None:
    projects = desk.learning.projects
    made = projects.create(OWNER, "A")

    for call in (projects.get, projects.change, projects.roles, projects.delete):
        with pytest.raises(NotFoundError):
            call(STRANGER, made.id)
    with pytest.raises(NotFoundError):
        projects.set_roles(STRANGER, made.id, "eve", ["reader"])
    assert projects.find(STRANGER) == []
