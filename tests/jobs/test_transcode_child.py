import io
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from isocenter.errors import InvalidInputError, NotSupportedError
from isocenter.jobs.sandbox import TRANSCODE_CHILD, Sandbox
from isocenter.jobs.transcode_child import TABLE, transcode_in_threads
from isocenter.limits import DEFAULT
from tests.builders import instance, to_bytes, write

FUNCTION, BLANK = TABLE


def test_the_child_writes_the_instance_or_tells_why_not(tmp_path: Path) -> None:
    source = write(instance(rows=32, columns=32), tmp_path / "a.dcm")
    with Sandbox(child=TRANSCODE_CHILD) as sandbox:
        facts = sandbox.transform(FUNCTION, source, tmp_path / "b.dcm", codec="rle", threads=2)
        skipped = sandbox.transform(FUNCTION, source, tmp_path / "c.dcm", codec="")
        with pytest.raises(NotSupportedError, match="no such codec"):
            sandbox.transform(FUNCTION, source, tmp_path / "d.dcm", codec="zip")

    assert facts == {"frames": 1, "warnings": []}
    assert dcmread(tmp_path / "b.dcm").file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.5"
    assert skipped == {"skipped": "not compressed", "unchanged": True}


@pytest.mark.parametrize("goal", ["psnr_db 45", "ratio 2"])
def test_goals_are_words(goal: str) -> None:
    target = io.BytesIO()

    transcode_in_threads(
        io.BytesIO(to_bytes(instance(rows=32, columns=32))), target, DEFAULT, codec="j2k", goal=goal
    )

    written = dcmread(io.BytesIO(target.getvalue()))
    assert written.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.91"


@pytest.mark.parametrize("threads", [1, 2])
def test_the_child_blanks_regions(tmp_path: Path, threads: int) -> None:
    source = write(instance(rows=32, columns=32), tmp_path / "a.dcm")
    with Sandbox(child=TRANSCODE_CHILD) as sandbox:
        facts = sandbox.transform(
            BLANK, source, tmp_path / "b.dcm", regions=":4,5,6,7 multi:0,0,9,9", threads=threads
        )
        with pytest.raises(InvalidInputError, match="region"):
            sandbox.transform(BLANK, source, tmp_path / "c.dcm", regions="4,5,6")

    assert facts["blanked_regions"] == 1
    before, after = (dcmread(path).pixel_array for path in (source, tmp_path / "b.dcm"))
    before[5:12, 4:10] = 0
    assert np.array_equal(before, after)
