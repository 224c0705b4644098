"""`--sop-class enhanced`: the refusal tells what to set; with that, everybody reads the object."""

import itertools
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest

from isocenter.limits import DEFAULT
from isocenter.services.actions import resolve
from isocenter.services.reports import Work
from tests.builders import (
    AXIAL,
    CORONAL,
    OBLIQUE,
    SAGITTAL,
    TILTED_GANTRY,
    Orientation,
    add_private,
    series,
    write_series,
)
from tests.conftest import MISSING_DATA, SHARED_DATA
from tests.judges import errors_of, frames_by_dcmtk, volumes_of
from tests.round_trip import assert_gives_back, merge_files, outputs_of
from tests.supplied_values import SETS, anything_for

SLICES = 8
# dcm2niix reads the rescale of each Frame from files of this maker, not from all.
MAKER = "Philips"


def write_slices(folder: Path, modality: str, orientation: Orientation = AXIAL) -> list[Path]:
    def vary(index: int, dataset: pydicom.Dataset) -> None:
        dataset.Manufacturer = MAKER
        add_private(dataset, index)

    return write_series(
        series(SLICES, modality=modality, orientation=orientation, vary=vary), folder
    )


def isocenter(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "isocenter.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def switches(texts: Sequence[str]) -> list[str]:
    return [part for text in texts for part in ("--set", text)]


@pytest.mark.parametrize("modality", sorted(SETS))
@pytest.mark.judge("dciodvfy")
def test_the_command_line_refuses_then_makes_what_a_validator_accepts(
    modality: str, tmp_path: Path
) -> None:
    write_slices(tmp_path / "in", modality)
    merge = ("merge", tmp_path / "in", "--out", tmp_path / "out", "--sop-class", "enhanced")

    refused = isocenter(*merge)
    done = isocenter(*merge, *switches(SETS[modality]))

    assert refused.returncode == 1, refused.stderr
    assert "ContentQualification" in refused.stderr
    assert "AcquisitionDuration" in refused.stderr
    assert f"{SLICES - 3} more file(s)" in refused.stderr
    assert done.returncode == 0, done.stderr
    (merged,) = (tmp_path / "out").iterdir()
    assert [one.line for one in errors_of(merged)] == []


@pytest.mark.parametrize(
    ("modality", "orientation"),
    [
        *itertools.product(sorted(SETS), (AXIAL, SAGITTAL, CORONAL, OBLIQUE)),
        ("CT", TILTED_GANTRY),
    ],
)
@pytest.mark.judge("dcm2niix", "dcmdump")
def test_volumes_and_pixels_are_those_of_the_slices(
    modality: str, orientation: Orientation, tmp_path: Path
) -> None:
    sources = write_slices(tmp_path / "in", modality, orientation)

    report = merge_files(
        tmp_path / "out", tmp_path / "in", sop_class="enhanced", set=SETS[modality]
    )

    (merged,) = outputs_of(report)
    # What it interpolates (tilt) it does from single slices and multi-frame in other ways.
    ours, *_ = volumes_of(tmp_path / "out", tmp_path / "nii")
    theirs, *_ = volumes_of(tmp_path / "in", tmp_path / "nii_in")
    assert ours.name == theirs.name == "volume.nii"
    np.testing.assert_array_equal(ours.data, theirs.data)
    # The program derives the step from one pair of rounded positions, we write the spacing.
    np.testing.assert_allclose(ours.affine, theirs.affine, atol=1e-5)
    frames = frames_by_dcmtk(merged, tmp_path / "raw")
    of_slices = [pydicom.dcmread(path).pixel_array for path in sources]
    assert sorted(frames) == sorted(array.tobytes() for array in of_slices)


@pytest.mark.parametrize("modality", sorted(SETS))
def test_split_gives_the_slices_back(modality: str, tmp_path: Path) -> None:
    sources = write_slices(tmp_path / "in", modality, OBLIQUE)
    report = merge_files(
        tmp_path / "out", tmp_path / "in", sop_class="enhanced", set=SETS[modality]
    )

    assert_gives_back(outputs_of(report), sources, tmp_path / "back")


def test_a_wrong_value_is_a_usage_error_that_names_it(tmp_path: Path) -> None:
    write_slices(tmp_path / "in", "CT")
    merge = ("merge", tmp_path / "in", "--out", tmp_path / "out", "--sop-class", "enhanced")

    for text, said in (
        ("NoSuchThing=1", "NoSuchThing"),
        ("TableHeight=high", "TableHeight"),
        ("PatientName=X", "PatientName"),
        ("TableHeight", "TableHeight"),
    ):
        done = isocenter(*merge, "--set", text)
        assert done.returncode == 2, (text, done.stderr)
        assert said in done.stderr
    without_class = isocenter("merge", tmp_path / "in", "--set", "TableHeight=1")
    assert without_class.returncode == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.judge("dciodvfy")
def test_parts_of_a_concatenation_are_whole_objects(tmp_path: Path) -> None:
    sources = write_slices(tmp_path / "in", "CT")
    frame_bytes = len(pydicom.dcmread(sources[0]).PixelData)
    work = Work(
        paths=(tmp_path / "in",),
        out=tmp_path / "out",
        options={"sop_class": "enhanced", "set": SETS["CT"]},
        limits=replace(DEFAULT, instance_pixel_bytes=3 * frame_bytes),
        durable=False,
    )

    merged = outputs_of(resolve("merge")(work))

    assert [pydicom.dcmread(path).NumberOfFrames for path in merged] == [3, 3, 2]
    for path in merged:
        assert [one.line for one in errors_of(path)] == []
    assert_gives_back(merged, sources, tmp_path / "back")


def test_an_enhanced_object_is_not_merged_again(tmp_path: Path) -> None:
    write_slices(tmp_path / "in", "MR")
    merge_files(tmp_path / "in", tmp_path / "in", sop_class="enhanced", set=SETS["MR"])

    report = merge_files(tmp_path / "out", tmp_path / "in", sop_class="enhanced", set=SETS["MR"])

    skipped = [outcome.reason for outcome in report.files if outcome.status == "skipped"]
    assert skipped == [f"already a multi-frame instance ({SLICES} frames)"]


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason=MISSING_DATA)
@pytest.mark.parametrize("name", ["ct_gantry_tilt_4", "ct_body_j2k_20", "mr_mosaic_3"])
def test_real_slices_come_back_whatever_was_set(name: str, tmp_path: Path) -> None:
    folder = SHARED_DATA / "dicom" / "series" / name
    texts: list[str] = []
    for _ in range(4):  # what is set may require more
        work = Work(
            paths=(folder,),
            out=tmp_path / "out",
            options={"sop_class": "enhanced", "set": texts},
            durable=False,
        )
        report = resolve("merge")(work)
        reasons = {outcome.reason for outcome in report.files if outcome.status == "failed"}
        if not reasons:
            break
        (reason,) = reasons
        listed = reason.partition("missing: ")[2].partition(";")[0]
        texts += anything_for(listed.split(", "))

    sources = [outcome.path for outcome in report.files if outcome.status == "done"]
    assert sources
    assert_gives_back(outputs_of(report), sources, tmp_path / "back")
