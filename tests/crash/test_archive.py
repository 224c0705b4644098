"""Whenever the process that stores is killed, what it acknowledged is in the archive, whole."""

import contextlib
import random
import subprocess
import sys
from pathlib import Path

import pytest

from isocenter.platform import open_platform
from isocenter.services.retrieval import Place
from isocenter.settings import Settings
from isocenter.store.blob_rows import sweep
from tests.archives import OWNER
from tests.builders import instance, to_bytes

pytestmark = pytest.mark.slow
CHILD = Path(__file__).with_name("archive_writer.py")
REPOSITORY = CHILD.parents[2]
SLICES = 40


def killed_after(folder: Path, name: str, acknowledged: int) -> list[str]:
    """Store slices and kill the process right after so many answers; return what it answered."""
    with subprocess.Popen(
        [sys.executable, str(CHILD), str(folder), name, str(SLICES)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline().strip() for _ in range(acknowledged)]
        child.kill()
        lines += [line.strip() for line in child.stdout if line.endswith("\n")]
    return [line for line in lines if line]


def test_what_was_acknowledged_survives_kills(tmp_path: Path) -> None:
    chance = random.Random(7)
    acknowledged: dict[str, list[str]] = {}
    for round_number in range(4):
        name = f"round {round_number}"
        acknowledged[name] = killed_after(tmp_path, name, chance.randrange(1, SLICES // 2))

    with open_platform(Settings(), tmp_path) as platform:
        engines, retrieval = platform.engines, platform.archive.retrieval
        assert sweep(engines.database, engines.blobs, 1 << 50).missing_keys == ()
        study = str(instance().StudyInstanceUID)
        search = platform.archive.search
        (found,) = search.find_studies(OWNER, search.parse([])).matches
        rows = retrieval.instances(Place(OWNER, study))
        assert found.attributes["00201208"] == {"vr": "IS", "Value": [len(rows)]}
        by_uid = {row.sop_instance_uid: row for row in rows}
        for name, uids in acknowledged.items():
            originals = [instance(number, series_name=name) for number in range(SLICES)]
            data = {str(one.SOPInstanceUID): to_bytes(one) for one in originals}
            for uid in uids:
                with contextlib.closing(retrieval.open(by_uid[uid])) as source:
                    assert source.read_at(0, source.size) == data[uid]
        assert len(rows) <= sum(map(len, acknowledged.values())) + len(acknowledged)
