"""Changes and versions as the database has them, on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.store.history import last_change, read_changes, read_versions
from tests.archives import OWNER, STRANGER, Desk, open_desk
from tests.builders import series
from tests.stores import DATABASES


@pytest.fixture(params=sorted(DATABASES))
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path, engines=(request.param, "local")) as opened:
        yield opened


def test_changes_and_versions_are_those_of_their_owner(desk: Desk) -> None:
    first, second, *_ = series(3, rows=4, columns=4)
    desk.store(first, second)
    other = desk.store(second, owner=STRANGER)
    second.PatientComments = "other"
    desk.store(second, policy="keep-both")
    desk.archive.studies.delete(OWNER, first.StudyInstanceUID, "", first.SOPInstanceUID)
    with desk.database.read() as connection:
        found = read_changes(connection, OWNER, 0, 100)
        assert [(one.kind, one.sop_instance_uid) for one in found] == [
            ("stored", first.SOPInstanceUID),
            ("stored", second.SOPInstanceUID),
            ("kept", second.SOPInstanceUID),
            ("removed", first.SOPInstanceUID),
        ]
        assert [one.study_uid for one in found] == ["", *[first.StudyInstanceUID] * 2, ""]
        assert read_changes(connection, OWNER, found[1].number, 1) == [found[2]]
        assert last_change(connection, OWNER) == found[-1].number
        assert len(read_changes(connection, STRANGER, 0, 100)) == len(other.stored)
        assert len(read_versions(connection, OWNER, second.SOPInstanceUID)) == 2
        assert len(read_versions(connection, STRANGER, second.SOPInstanceUID)) == 1
        assert read_versions(connection, OWNER, first.SOPInstanceUID) == []
        assert last_change(connection, "account:nobody") == 0
