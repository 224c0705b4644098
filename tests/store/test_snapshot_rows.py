"""Files of a snapshot are found by any byte of its archive; check sums are known afterwards."""

from pathlib import Path

from isocenter.services.learning_sets import Choice
from isocenter.store.snapshot_rows import (
    files_from,
    keys_of_snapshots,
    known_crcs,
    list_snapshots,
    snapshot_of_version,
)
from tests.archives import OWNER
from tests.learning_desk import open_learning_desk


def test_rows_of_a_snapshot_say_where_each_file_is(tmp_path: Path) -> None:
    with open_learning_desk(tmp_path) as desk:
        uploaded = [desk.upload(number) for number in range(3)]
        choice = Choice(tuple(one.id for one in uploaded))
        found = desk.learning.sets.create(OWNER, "CTs", choice=choice)
        snapshot = desk.snapshot(found.id)

        with desk.beneath.desk.database.read() as connection:
            files = files_from(connection, snapshot.number, 0, 100)
            assert [one.name for one in files] == [
                "dataset.json",
                *(f"resources/{one.id}.dcm" for one in uploaded),
            ]
            for file in files:
                within = file.place + 3
                assert files_from(connection, snapshot.number, within, 1) == [file]
            assert list_snapshots(connection, found.number) == [snapshot]
            assert snapshot_of_version(connection, found.number, 1) == snapshot
            assert snapshot_of_version(connection, found.number, 2) is None
            crcs = known_crcs(connection, [uploaded[0].blob_key, "0" * 64])
            assert crcs == {uploaded[0].blob_key: files[1].crc}
            keys = set(keys_of_snapshots(connection, found.number))
        assert keys == {one.blob_key for one in files} | {snapshot.directory_key}
