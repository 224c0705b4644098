"""Following the archive page by page, and versions of one Instance."""

import contextlib
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.services.history import History
from tests.archives import OWNER, STRANGER, open_desk
from tests.builders import instance, series, to_bytes


def test_pages_of_changes_follow_one_another(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        datasets = series(5, rows=4, columns=4)
        desk.store(*datasets)
        history = History(desk.database, desk.blobs, 2)
        seen, since, more = [], 0, True
        while more:
            page = history.changes(OWNER, since)
            seen += [one.sop_instance_uid for one in page.changes]
            since, more = page.last, page.has_more
        assert seen == [one.SOPInstanceUID for one in datasets]
        assert history.changes(OWNER, since) == ((), since, False)
        assert len(history.changes(OWNER, 0, 1).changes) == 1
        assert history.changes(STRANGER, 0) == ((), 0, False)
        with pytest.raises(InvalidInputError):
            history.changes(OWNER, since + 1)
        with pytest.raises(InvalidInputError):
            history.changes(OWNER, -1)


def test_both_versions_are_kept_byte_for_byte(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        dataset = instance(rows=4, columns=4)
        files = [to_bytes(dataset)]
        dataset.PatientComments = "other"
        files.append(to_bytes(dataset))
        desk.store(*files[:1])
        desk.store(*files[1:], policy="keep-both")
        history, uid = desk.archive.history, dataset.SOPInstanceUID
        for number, data in enumerate(files, 1):
            version, opened = history.open(OWNER, uid, number)
            with contextlib.closing(opened):
                assert opened.read_at(0, opened.size + 9) == data
            assert version.size_bytes == len(data)
        for owner, number in ((OWNER, 0), (OWNER, 3), (STRANGER, 1)):
            with pytest.raises(NotFoundError):
                history.open(owner, uid, number)
