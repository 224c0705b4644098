"""The child process that cuts volumes into slices."""

import subprocess
import sys
import zipfile
from pathlib import Path

from isocenter.jobs.sandbox import Sandbox
from isocenter.jobs.split_child import TABLE
from tests.builders import series, to_bytes
from tests.in_memory import merged_stack

COUNT, SPLIT = TABLE
CHILD = ("-m", "isocenter.jobs.split_child")


def test_the_child_counts_and_cuts(tmp_path: Path) -> None:
    source = tmp_path / "volume.dcm"
    slices = [to_bytes(one) for one in series(3, rows=8, columns=8)]
    source.write_bytes(merged_stack(slices).stream)

    with Sandbox(child=CHILD) as sandbox:
        facts = sandbox.transform(COUNT, source, tmp_path / "nothing")
        assert facts == {"slices": 3, "is_readable": True}
        assert sandbox.transform(SPLIT, source, tmp_path / "slices.zip") == {"slices": 3}

    with zipfile.ZipFile(tmp_path / "slices.zip") as archive:
        assert len(archive.namelist()) == 3


def test_the_child_loads_no_codec() -> None:
    code = (
        "import sys, isocenter.jobs.split_child\n"
        "print(sorted({'numpy', 'imagecodecs', 'pydicom', 'PIL'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"
