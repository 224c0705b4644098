"""Annotations, projects, datasets and snapshots are the same on every database."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from isocenter.services.annotations import SEGMENTATION, Draft, Volume
from isocenter.services.learning_sets import Choice
from isocenter.store.annotation_rows import AnnotationQuery
from tests.archives import OWNER
from tests.learning_desk import mask_png, nifti, open_learning_desk
from tests.stores import DATABASES


@pytest.mark.parametrize("database", DATABASES)
def test_what_is_learnt_from_lives_on_every_database(tmp_path: Path, database: str) -> None:
    with open_learning_desk(tmp_path, engines=(database, "local")) as desk:
        first, second = desk.upload(0, labels=["x"]), desk.upload(1)
        annotations, projects = desk.learning.annotations, desk.learning.projects
        drafts = [
            Draft("lung", SEGMENTATION, 0),
            Draft("grade", "category", value="II"),
            Draft("size", "distance", value=2.5, geometry={"points": [1]}),
        ]
        ids = annotations.create(OWNER, first.id, drafts)
        annotations.attach(OWNER, first.id, ids[0], desk.stage(mask_png()), "lung")
        annotations.add_volume(OWNER, first.id, desk.stage(nifti()), Volume("v", "", {"1": "a"}))
        found = annotations.find(OWNER, AnnotationQuery(resource_ids=(first.id,))).annotations
        assert [one.value for one in found] == [None, "II", 2.5, None]
        project = projects.create(OWNER, "P", choice=Choice((first.id, second.id)))
        projects.set_roles(OWNER, project.id, "eve", ["reader"])
        desk.learning.sets.divide(OWNER, project.set_id, {"train": 0.5, "test": 0.5})
        snapshot = desk.snapshot(project.set_id)
        archive = desk.archive(snapshot)

        annotations.approve(OWNER, ids[0])
        annotations.change(OWNER, ids[1], name="new", project_id=project.id)
        query = AnnotationQuery(project_id=project.id, set_id=project.set_id, scope="image")
        assert annotations.find(OWNER, query).total == 1
        assert desk.snapshot(project.set_id).version == 2
        desk.beneath.resources.delete(OWNER, [second.id])
        assert desk.learning.sets.get(OWNER, project.set_id).resource_count == 1
        assert desk.archive(snapshot) == archive
        with desk.beneath.desk.database.read() as connection:
            rows = connection.execute(projects.members(OWNER, ["P"])).all()
        assert [row.resource_number for row in rows] == [first.number]
        annotations.delete(OWNER, ids)
        projects.delete(OWNER, project.id)

    with zipfile.ZipFile(io.BytesIO(archive)) as read:
        document = json.loads(read.read("dataset.json"))
    assert [one["id"] for one in document["resources"]] == [first.id, second.id]
    assert sum(document["splits"].values()) == 2
