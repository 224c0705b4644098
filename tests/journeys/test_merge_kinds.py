"""Series of every kind, merged and split as files: judged by programs that we did not write."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread

from isocenter.errors import CancelledError
from isocenter.limits import DEFAULT
from isocenter.services.merge import merge
from isocenter.services.reports import NoProgress, Report, Work
from tests.builders import add_private, series, set_fragments, vary_rescale, write, write_series
from tests.equality import frame_of
from tests.judges import errors_of, frames_by_dcmtk, frames_by_gdcm, volumes_of
from tests.pictures import pictures
from tests.round_trip import assert_gives_back, merge_files, outputs_of, split_files

RLE = "1.2.840.10008.1.2.5"
IMPLICIT = "1.2.840.10008.1.2"
TIMEOUT_SECONDS = 60
ALONE = "alone of its kind in its series: nothing to merge with"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to make a series, and the class that its merged object must have."""

    name: str
    build: Callable[[], list[Dataset]]
    sop_class: str
    is_planar: bool = False

    def __str__(self) -> str:
        return self.name


def planar(_: int, dataset: Dataset) -> None:
    dataset.PlanarConfiguration = 1


def palette(_: int, dataset: Dataset) -> None:
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", bytes(range(256)) * 2)


def uneven(index: int, dataset: Dataset) -> None:
    dataset.AcquisitionTime = f"1015{index * index:02d}"


def windowed(index: int, dataset: Dataset) -> None:
    dataset.WindowCenter, dataset.WindowWidth = str(100 + index), "200"


def rescaled(_: int, dataset: Dataset) -> None:
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = "0.5", "-3", "US"


def in_rle(index: int, dataset: Dataset) -> None:
    """Encode the slice as RLE: one segment of literal runs (PS3.5 Annex G)."""
    samples = frame_of(dataset)
    runs = [samples[start : start + 128] for start in range(0, len(samples), 128)]
    segment = b"".join(bytes([len(run) - 1]) + run for run in runs)
    header = b"".join(number.to_bytes(4, "little") for number in (1, 64, *[0] * 14))
    set_fragments(dataset, [header + segment + bytes(len(segment) % 2)], RLE)
    dataset.ImageComments = f"slice {index}"


KINDS = (
    Kind("us-grey-odd", lambda: pictures("US", 5, rows=5), "Ultrasound Multi-frame"),
    Kind("us-rgb-odd", lambda: pictures("US", 5, rows=5, samples=3), "Ultrasound Multi-frame"),
    Kind(
        "us-planar",
        lambda: pictures("US", 3, samples=3, vary=planar),
        "Ultrasound Multi-frame",
        is_planar=True,
    ),
    Kind("us-palette", lambda: pictures("US", 3, vary=palette), "Ultrasound Multi-frame"),
    Kind("us-rle", lambda: pictures("US", 3, vary=in_rle), "Ultrasound Multi-frame"),
    Kind(
        "us-implicit",
        lambda: pictures("US", 4, transfer_syntax_uid=IMPLICIT),
        "Ultrasound Multi-frame",
    ),
    Kind("xa", lambda: pictures("XA", 5), "X-Ray Angiographic"),
    Kind("xa-uneven", lambda: pictures("XA", 5, bits_stored=10, vary=uneven), "X-Ray Angiographic"),
    Kind("rf", lambda: pictures("RF", 4, bits_stored=12), "X-Ray Radiofluoroscopic"),
    Kind("nm", lambda: pictures("NM", 5, bits_stored=16), "Nuclear Medicine"),
    Kind("sc-byte-odd", lambda: pictures("SC", 5, rows=5), "Multi-frame Grayscale Byte Secondary"),
    Kind(
        "sc-word",
        lambda: pictures("SC", 4, bits_stored=12, vary=rescaled),
        "Multi-frame Grayscale Word Secondary",
    ),
    Kind(
        "sc-rgb-odd",
        lambda: pictures("SC", 3, rows=5, samples=3),
        "Multi-frame True Color Secondary",
    ),
    Kind("cr", lambda: pictures("CR", 3, bits_stored=12, vary=windowed), "Multi-frame Grayscale"),
)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=str)
Made = Callable[[Kind], tuple[Path, list[Path]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a function that merges a kind once and gives the one file and its sources."""

    @cache
    def make(kind: Kind) -> tuple[Path, list[Path]]:
        folder = tmp_path_factory.mktemp(kind.name)
        sources = write_series(kind.build(), folder / "slices")
        (path,) = outputs_of(merge_files(folder / "merged", folder / "slices"))
        return path, sources

    return make


@each_kind
def test_a_series_becomes_one_object_of_its_class_and_comes_back(
    kind: Kind, made: Made, tmp_path: Path
) -> None:
    path, sources = made(kind)

    assert dcmread(path).SOPClassUID.name.startswith(kind.sop_class)
    assert dcmread(path).NumberOfFrames == len(sources)
    assert_gives_back([path], sources, tmp_path)


@each_kind
@pytest.mark.judge("dciodvfy")
def test_no_object_of_any_kind_has_an_error(kind: Kind, made: Made, tmp_path: Path) -> None:
    path, sources = made(kind)
    assert not errors_of(sources[0]), "the series itself is valid"

    assert not errors_of(path)
    for one in outputs_of(split_files(tmp_path, path)):
        assert not errors_of(one)


@each_kind
@pytest.mark.judge("dcmdump", "gdcmraw", "gdcmconv")
def test_other_programs_find_the_samples_of_every_slice(
    kind: Kind, made: Made, tmp_path: Path
) -> None:
    path, sources = made(kind)
    expected = [frame_of(one) for one in map(dcmread, sources)]
    if "rle" in kind.name:
        expected = [frame_of(one) for one in pictures("US", 3)]
        subprocess.run(["gdcmconv", "--raw", path, tmp_path / "raw.dcm"], check=True)
        path = tmp_path / "raw.dcm"

    assert frames_by_dcmtk(path, tmp_path / "dcmtk") == expected
    if not kind.is_planar:  # GDCM gives colours by pixel, whatever the file holds
        assert frames_by_gdcm(path, tmp_path / "gdcm") == expected


def test_several_kinds_in_one_folder_are_kept_apart_and_each_is_merged(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write_series(series(3), folder / "ct")
    write_series(pictures("US", 4), folder / "us")
    write_series(pictures("US", 2, columns=9, series_name="pictures"), folder / "us wide")
    write_series(pictures("SC", 1), folder / "report")
    write_series(pictures("SC", 2, samples=3, series_name="colours"), folder / "screens")
    write(pictures("XA", 1)[0], folder / "xa.dcm")

    report = merge_files(tmp_path / "out", folder)

    classes = {path: dcmread(path).SOPClassUID.name for path in outputs_of(report)}
    assert sorted((classes[one.path], one.frames) for one in report.outputs) == [
        ("Legacy Converted Enhanced CT Image Storage", 3),
        ("Multi-frame True Color Secondary Capture Image Storage", 2),
        ("Ultrasound Multi-frame Image Storage", 2),
        ("Ultrasound Multi-frame Image Storage", 4),
    ]
    skipped = [outcome for outcome in report.files if outcome.status == "skipped"]
    assert {outcome.path.name for outcome in skipped} == {"0000.dcm", "xa.dcm"}
    assert {outcome.reason for outcome in skipped} == {ALONE}
    assert (report.done, report.failed) == (11, 0)


def with_private(index: int, dataset: Dataset) -> None:
    add_private(dataset, index)
    dataset.ImageComments = f"slice {index}"


@pytest.mark.parametrize("modality", ["CT", "MR"])
@pytest.mark.judge("dciodvfy", "dcm2niix")
def test_a_volume_may_become_a_picture_and_comes_back_as_the_same_volume(
    modality: str, tmp_path: Path
) -> None:
    """`--sop-class multiframe`: SC Word with the rescale; positions are kept for split."""
    sources = write_series(series(6, modality=modality, vary=with_private), tmp_path / "in")

    report = merge_files(tmp_path / "out", tmp_path / "in", sop_class="multiframe")

    (path,) = outputs_of(report)
    dataset = dcmread(path)
    assert dataset.SOPClassUID.name.startswith("Multi-frame Grayscale Word Secondary Capture")
    if modality == "CT":
        assert (dataset.RescaleSlope, dataset.RescaleIntercept) == (1, -1024)
        assert dataset.RescaleType == "HU"
    assert not errors_of(path)
    restored = assert_gives_back([path], sources, tmp_path / "back")
    ours = volumes_of(restored[0].parent, tmp_path / "ours")
    theirs = volumes_of(tmp_path / "in", tmp_path / "theirs")
    assert [one.affine.tolist() for one in ours] == [one.affine.tolist() for one in theirs]
    assert all((one.data == other.data).all() for one, other in zip(ours, theirs, strict=True))


LIMITS = replace(DEFAULT, instance_pixel_bytes=2 * 8 * 6 * 2)


def merge_in_parts(folder: Path, out: Path, progress: NoProgress | None = None) -> Report:
    """Merge with room for the pixels of two slices in one instance."""
    work = Work(
        paths=(folder,), out=out, limits=LIMITS, durable=False, progress=progress or NoProgress()
    )
    return merge(work)


@pytest.mark.parametrize("modality", ["CT", "MR", "PT"])
@pytest.mark.judge("dciodvfy")
def test_parts_of_a_concatenation_are_valid_and_are_split_into_the_slices(
    modality: str, tmp_path: Path
) -> None:
    """PS3.3 C.7.6.16.2.2.4, Table C.7.6.16-1, and 10.3 of PS3.3 for the shared attributes."""
    sources = write_series(
        series(5, modality=modality, vary=vary_rescale if modality == "PT" else with_private),
        tmp_path / "in",
    )

    parts = outputs_of(merge_in_parts(tmp_path / "in", tmp_path / "out"))

    datasets = [dcmread(path) for path in parts]
    assert [path.stem[-6:] for path in parts] == ["_part1", "_part2", "_part3"]
    assert [errors_of(path) for path in parts] == [(), (), ()]
    assert [one.InConcatenationNumber for one in datasets] == [1, 2, 3]
    assert [one.ConcatenationFrameOffsetNumber for one in datasets] == [0, 2, 4]
    for keyword in (
        *("ConcatenationUID", "SOPInstanceUIDOfConcatenationSource", "SeriesInstanceUID"),
        *("InstanceNumber", "InConcatenationTotalNumber", "SharedFunctionalGroupsSequence"),
        *("DimensionOrganizationSequence", "DimensionIndexSequence", "FrameOfReferenceUID"),
    ):
        assert [one[keyword] for one in datasets] == [datasets[0][keyword]] * 3, keyword
    assert_gives_back(parts, sources, tmp_path / "back")


class StopAfter(NoProgress):
    """Stops the action after some frames are written."""

    def __init__(self, frames: int) -> None:
        self.left = frames

    def start(self, total: int, label: str) -> None:
        del total
        self.is_merging = label == "Merging"

    def advance(self, steps: int = 1) -> None:
        if self.is_merging:
            self.left -= steps

    def check_cancelled(self) -> None:
        if self.left <= 0:
            raise CancelledError


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
def test_all_parts_are_on_disk_or_none(frames: int, tmp_path: Path) -> None:
    write_series(series(5), tmp_path / "in")

    with pytest.raises(CancelledError):
        merge_in_parts(tmp_path / "in", tmp_path / "out", StopAfter(frames))

    assert list((tmp_path / "out").iterdir()) == []
    assert len(outputs_of(merge_in_parts(tmp_path / "in", tmp_path / "out"))) == 3


def test_merging_again_finds_the_parts_and_none_of_their_frames(tmp_path: Path) -> None:
    sources = write_series(series(5), tmp_path)
    parts = outputs_of(merge_in_parts(tmp_path, tmp_path))
    split_files(tmp_path, *parts)

    again = merge_in_parts(tmp_path, tmp_path)

    assert outputs_of(again) == parts
    assert again.done == len(sources)
    assert len(list(tmp_path.iterdir())) == 5 + 3 + 5


def isocenter(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return _run("isocenter.cli.main", arguments)


def dicompressor(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return _run("isocenter.cli.switches", arguments)


def _run(module: str, arguments: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_command_line_takes_the_class(tmp_path: Path) -> None:
    write_series(series(3), tmp_path / "in")

    done = isocenter("merge", tmp_path / "in", "--sop-class", "multiframe", "--out", tmp_path / "o")
    other = isocenter("merge", tmp_path / "in", "--sop-class", "mosaic", "--out", tmp_path / "p")

    assert (done.returncode, other.returncode) == (0, 2)
    (path,) = (tmp_path / "o").iterdir()
    assert dcmread(path).SOPClassUID.name.startswith("Multi-frame Grayscale Word")
    assert "mosaic" in other.stderr
    assert not (tmp_path / "p").exists()


def test_where_no_class_fits_slices_stay_single_and_the_exit_code_is_three(tmp_path: Path) -> None:
    def inverse(_: int, dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "MONOCHROME1"

    write_series(series(3), tmp_path / "ct")
    write_series(pictures("CR", 3, vary=inverse), tmp_path / "cr")
    before = names_in(tmp_path / "cr")

    done = isocenter("merge", tmp_path, "--out", tmp_path / "out", "--report", tmp_path / "r.json")
    alone = isocenter("merge", tmp_path / "cr", "--out", tmp_path / "none")

    assert (done.returncode, alone.returncode) == (3, 1)
    assert done.stderr.count("no multi-frame class takes MONOCHROME1 pixels") == 3
    assert "3 done, 0 skipped, 3 failed" in done.stderr
    assert len(names_in(tmp_path / "out")) == 1
    assert names_in(tmp_path / "cr") == before


def test_joining_splitting_and_joining_again_changes_nothing(tmp_path: Path) -> None:
    """`-j -s -j` in one folder, with the sources and then without them."""
    folder = tmp_path / "patient"
    sources = write_series(pictures("US", 4), folder)
    assert dicompressor("-j", "-f", folder).returncode == 0
    assert dicompressor("-s", "-f", folder).returncode == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(before) == 4 + 1 + 4

    again = dicompressor("-j", "-f", folder)

    assert again.returncode == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    for path in sources:
        path.unlink()
    left = names_in(folder)
    dicompressor("-j", "-f", folder)
    assert names_in(folder) == left, "the frames are in the object already"
    (whole,) = [path for path in folder.iterdir() if "_frame" not in path.name]
    shutil.move(whole, tmp_path / "elsewhere.dcm")
    assert dicompressor("-j", "-f", folder).returncode == 0
    assert len(names_in(folder)) == 5, "without the object the frames are slices like others"
