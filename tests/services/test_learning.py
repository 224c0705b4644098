"""One account's things from one door: what is annotated is what a snapshot has."""

import io
import json
import zipfile
from pathlib import Path

from isocenter.services.annotations import Draft
from isocenter.services.learning_sets import Choice
from tests.archives import OWNER
from tests.learning_desk import open_learning_desk


def test_services_work_on_the_same_things(tmp_path: Path) -> None:
    with open_learning_desk(tmp_path) as desk:
        resource = desk.upload()
        project = desk.learning.projects.create(OWNER, "A", choice=Choice((resource.id,)))
        desk.learning.annotations.create(OWNER, resource.id, [Draft("a", "label")])

        data = desk.archive(desk.snapshot(project.set_id))

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        document = json.loads(archive.read("dataset.json"))
    assert document["resources"][0]["labels"] == ["a"]
