"""The services of the archive work on the same things."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isocenter.errors import NotFoundError
from isocenter.services.retrieval import Place
from isocenter.store.backups import Layout, back_up
from isocenter.store.consistency import Consistency, check_consistency
from tests.archives import OWNER, open_desk, place_of
from tests.builders import instance, to_bytes

ENGINES = [("sqlite", "local"), ("postgres", "s3")]


@pytest.mark.parametrize("engines", ENGINES, ids=["embedded", "scale-out"])
def test_what_is_stored_is_found_given_out_and_gone_when_deleted(
    tmp_path: Path, engines: tuple[str, str]
) -> None:
    with open_desk(tmp_path, engines=engines) as desk:
        desk.store(instance())
        assert desk.read(place_of(instance())) == [to_bytes(instance())]
        assert desk.archive.retrieval.rendered(place_of(instance())).startswith(b"\xff\xd8")
        assert len(desk.studies().matches) == 1
        assert desk.archive.retrieval.frame(place_of(instance()), 1).data == instance().PixelData
        desk.archive.studies.delete(OWNER, str(instance().StudyInstanceUID))
        assert not desk.studies().matches
        with pytest.raises(NotFoundError):
            desk.archive.retrieval.instances(place_of(instance()))


def test_archive_is_there_again_after_it_was_closed(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        desk.store(instance())
    with open_desk(tmp_path) as desk:
        assert len(desk.studies().matches) == 1
        assert desk.store(instance()).stored[0].state == "present"


def test_backup_of_an_archive_in_use_is_an_archive(tmp_path: Path) -> None:
    layout = Layout("database.sqlite3", "blobs")
    with open_desk(tmp_path / "data") as desk, ThreadPoolExecutor(1) as thread:
        desk.store(instance(0))
        others = thread.submit(lambda: [desk.store(instance(n)) for n in range(1, 20)])
        made = back_up(desk.database, desk.blobs, layout, tmp_path / "copy")
        others.result(60)

    with open_desk(tmp_path / "copy") as desk:
        found = desk.read(Place(OWNER, str(instance().StudyInstanceUID)))
        checked = check_consistency(desk.database, desk.blobs, read_bytes=True)
    assert found == [to_bytes(instance(n)) for n in range(made.blobs)]
    assert checked == Consistency(made.blobs, (), (), 0)
