"""The child process that reads volumes of other formats."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from isocenter.dicom.label_volumes import told_grid
from isocenter.dicom.nifti import write_nifti
from isocenter.dicom.volume import picture_grid
from isocenter.jobs.sandbox import Sandbox
from isocenter.jobs.volume_child import TABLE

CHECK, PLACE = TABLE
CHILD = ("-m", "isocenter.jobs.volume_child")


def test_the_child_checks_and_places(tmp_path: Path) -> None:
    source = tmp_path / "labels.nii.gz"
    labels = np.arange(24).reshape(4, 3, 2).astype(np.uint8)
    source.write_bytes(write_nifti(labels, np.eye(4)))

    with Sandbox(child=CHILD) as sandbox:
        facts = sandbox.transform(CHECK, source, tmp_path / "nothing")
        assert facts["shape"] == [4, 3, 2]
        grid = told_grid(picture_grid(3, 4, 2))
        told = sandbox.transform(PLACE, source, tmp_path / "frames", grid=grid)

    assert told["bytes_per_label"] == 1
    assert (tmp_path / "frames").read_bytes() == labels.T.tobytes()


def test_the_child_loads_no_codec() -> None:
    code = (
        "import sys, isocenter.jobs.volume_child\n"
        "print(sorted({'imagecodecs', 'pydicom', 'PIL', 'nibabel'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"
