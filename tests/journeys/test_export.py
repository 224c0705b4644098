"""Pictures on the command line, judged by DCMTK."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from isocenter.cli.main import main
from isocenter.cli.switches import main as dicompressor
from isocenter.services.export import export as run_export
from isocenter.services.reports import Work
from tests.builders import series, write_series
from tests.recorded_facts import installed_images, shared_images

Captured = pytest.CaptureFixture[str]

# Shown by their window, in grey; DCMTK reads all of them.
GREY = (
    "series/ct_chest_60/*",
    "series/pet_wb_299/*",
    "series/mr_fmri_150/*",
    "barre/CT-MONO2-8-abdo.dcm",
    "barre/MR-MONO2-12-an2.dcm",
    "barre/MR-MONO2-12-shoulder.dcm",
    "highdicom/dx_image.dcm",
    "pydicom/test_files/MR_small*.dcm",
    "transfer_syntaxes_ct/*",
)
COLOUR = (
    "cornerstone/TestPattern_Palette_16.dcm",
    "cornerstone/TestPattern_JPEG-Lossless_RGB.dcm",
    "pydicom/test_files/examples_palette.dcm",
    "barre/US-PAL-8-10x-echo.dcm",
    "pydicom-data/SC_rgb*.dcm",
    "pydicom-data/SC_ybr_full_uncompressed.dcm",
    "pydicom/test_files/SC_ybr_full_422_uncompressed.dcm",
)
FILES_OF_A_SERIES = 3


def shown_by_dcmtk(path: Path, folder: Path, options: Sequence[str]) -> np.ndarray | None:
    """Return the first Frame as DCMTK shows it, decoded by GDCM where DCMTK cannot decode."""
    picture = folder / "dcmtk.png"
    picture.unlink(missing_ok=True)
    plain = folder / "plain.dcm"
    for source in (path, plain):
        command = ["dcmj2pnm", "-O", "+on", "-il", *options, str(source), str(picture)]
        if subprocess.run(command, check=False, capture_output=True).returncode == 0:
            return np.asarray(Image.open(picture)).astype(int)
        raw = ["gdcmconv", "--raw", str(path), str(plain)]
        if subprocess.run(raw, check=False, capture_output=True).returncode != 0:
            return None
    return None


def chosen(shared_data: Path, patterns: Sequence[str]) -> list[Path]:
    return [
        path
        for pattern in patterns
        for path in sorted((shared_data / "dicom").glob(pattern))[:FILES_OF_A_SERIES]
    ]


def export(files: Sequence[Path], out: Path, *options: str) -> dict[Path, np.ndarray]:
    """Export each file on its own; return its first picture."""
    found = {}
    for number, path in enumerate(files):
        folder = out / str(number)
        if main(["export", str(path), "--out", str(folder), "--quiet", "--no-fsync", *options]):
            continue
        found[path] = np.asarray(Image.open(min(folder.iterdir()))).astype(int)
    return found


@pytest.mark.slow
@pytest.mark.judge("dcmj2pnm", "gdcmconv")
def test_grey_is_within_one_level_of_dcmtk(shared_data: Path, tmp_path: Path) -> None:
    ours = export(chosen(shared_data, GREY), tmp_path / "out", "--window", "own")

    judged = 0
    for path, picture in ours.items():
        theirs = shown_by_dcmtk(path, tmp_path, ["+Wi", "1"])
        if theirs is None:
            continue
        judged += 1
        assert np.abs(picture - theirs).max() <= 1, path
    assert judged >= 15


@pytest.mark.slow
@pytest.mark.judge("dcmj2pnm", "gdcmconv")
def test_colours_are_those_of_dcmtk(shared_data: Path, tmp_path: Path) -> None:
    ours = export(chosen(shared_data, COLOUR), tmp_path / "out")

    judged = 0
    for path, picture in ours.items():
        theirs = shown_by_dcmtk(path, tmp_path, [])
        if theirs is None:
            continue
        judged += 1
        # DCMTK converts YBR by whole numbers.
        assert np.abs(picture - theirs).max() <= 2, path
    assert judged >= 8


# DCMTK reads 32 bits of big endian in halves; the little endian twins of these are judged.
MISREAD_BY_DCMTK = ("rtdose_expb",)


def options_for_dcmtk(path: Path) -> list[str] | None:
    """Return how DCMTK shows an image as the standard says, None where it cannot."""
    dataset = dcmread(path, stop_before_pixels=True, force=True)
    shared = dataset.get("SharedFunctionalGroupsSequence") or [{}]
    groups = dataset.get("PerFrameFunctionalGroupsSequence") or [{}]
    has_own = "FrameVOILUTSequence" in shared[0] or "FrameVOILUTSequence" in groups[0]
    is_coloured = dataset.get("PixelPresentation") in ("COLOR", "MIXED")
    if has_own or is_coloured or "PixelPaddingValue" in dataset:
        return None
    if path.name.startswith(MISREAD_BY_DCMTK):
        return None
    if "WindowCenter" in dataset:
        return ["+Wi", "1"]
    # Without a window: all of 8 bits, of others what the values span.
    is_grey = dataset.SamplesPerPixel == 1 and dataset.PhotometricInterpretation != "PALETTE COLOR"
    return ["+Wm"] if is_grey and dataset.BitsStored != 8 else []


@pytest.mark.slow
@pytest.mark.usefixtures("odd_values_allowed")
@pytest.mark.judge("dcmj2pnm", "gdcmconv")
def test_every_image_is_shown_as_dcmtk_shows_it(shared_data: Path, tmp_path: Path) -> None:
    images = shared_images(shared_data, of_a_series=2) + installed_images(shared_data)
    work = Work(
        paths=tuple(image.path for image in images),
        out=tmp_path / "out",
        options={"window": "own"},
        jobs=2,
        durable=False,
    )

    judged, wrong = 0, []
    for outcome in run_export(work).files:
        options = options_for_dcmtk(outcome.path) if outcome.status == "done" else None
        theirs = None if options is None else shown_by_dcmtk(outcome.path, tmp_path, options)
        if theirs is None:
            continue
        ours = np.asarray(Image.open(outcome.outputs[0])).astype(int)
        judged += 1
        # DCMTK converts YBR by whole numbers.
        if ours.shape != theirs.shape or np.abs(ours - theirs).max() > 1 + (ours.ndim == 3):
            wrong.append(outcome.path.name)
    assert not wrong
    assert judged >= 185


@pytest.mark.judge("dcmj2pnm")
@pytest.mark.parametrize(
    ("window", "options"),
    [("40,400", ["+Ww", "40", "400"]), ("auto", ["+Wm"]), ("full", ["-W"])],
)
def test_windows_mean_what_they_mean_to_dcmtk(
    window: str, options: list[str], shared_data: Path, tmp_path: Path
) -> None:
    path = min((shared_data / "dicom/series/ct_chest_60").iterdir())

    (ours,) = export([path], tmp_path / "out", "--window", window).values()

    theirs = shown_by_dcmtk(path, tmp_path, options)
    assert theirs is not None
    # What is padding is black here.
    differences = np.abs(ours - theirs)[ours > 0]
    assert differences.max() <= 1


def test_the_switches_make_clean_and_annotated_pictures(tmp_path: Path, capsys: Captured) -> None:
    write_series(series(2, rows=64, columns=64), tmp_path / "clean")
    shutil.copytree(tmp_path / "clean", tmp_path / "annotated")

    assert dicompressor(["-I", "png", "-f", str(tmp_path / "clean")]) == 0
    assert "Exported 2 image(s)\n" in capsys.readouterr().out
    assert dicompressor(["-i", "png", "-f", str(tmp_path / "annotated")]) == 0
    assert "Exported 2 image(s) with annotations\n" in capsys.readouterr().out

    clean, annotated = (
        np.asarray(Image.open(tmp_path / name / "0000.png")) for name in ("clean", "annotated")
    )
    assert (clean != annotated).any()


@pytest.mark.parametrize(("word", "suffix"), [("jpg", ".jpg"), ("TIFF", ".tiff"), ("bmp", ".bmp")])
def test_the_switch_takes_the_names_of_kinds(word: str, suffix: str, tmp_path: Path) -> None:
    (path,) = write_series(series(1), tmp_path)

    assert dicompressor(["-I", word, "-f", str(path)]) == 0
    assert path.with_suffix(suffix).exists()


def test_an_unknown_kind_is_a_usage_error(tmp_path: Path, capsys: Captured) -> None:
    (path,) = write_series(series(1), tmp_path)

    with pytest.raises(SystemExit) as ended:
        dicompressor(["-I", "gif", "-f", str(path)])
    assert ended.value.code == 2
    assert main(["export", str(path), "--bits", "16", "--type", "jpeg"]) == 2
    assert "jpeg has no 16 bits" in capsys.readouterr().err
    assert main(["export", str(path), "--window", "odd"]) == 2


def test_a_broken_file_is_named_and_the_others_are_exported(
    tmp_path: Path, capsys: Captured
) -> None:
    paths = write_series(series(3), tmp_path)
    paths[1].write_bytes(paths[1].read_bytes()[:-20])

    assert main(["export", str(tmp_path), "--no-fsync"]) == 3
    assert "0001.dcm" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["0000.png", "0002.png"]
