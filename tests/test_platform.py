import os
import time
from pathlib import Path

from isocenter.engines import STAGING_FOLDER
from isocenter.platform import SLICES_FOLDER, open_platform
from isocenter.services.locks import LOCK_NAME
from isocenter.settings import Settings


def test_what_killed_servers_left_goes_while_the_next_one_works(tmp_path: Path) -> None:
    left = [tmp_path / name / "isocenter-scratch-left" for name in (SLICES_FOLDER, STAGING_FOLDER)]
    with open_platform(Settings(jobs=1), tmp_path) as platform:
        for folder in left:
            folder.mkdir(parents=True)
            (folder / LOCK_NAME).touch()
            os.utime(folder, (1_000_000_000, 1_000_000_000))
        platform.start()
        until = time.monotonic() + 60
        while any(folder.exists() for folder in left) and time.monotonic() < until:
            time.sleep(0.01)
        platform.stop()

    assert not any(folder.exists() for folder in left)
