"""Generated series in every shape, merged and split: no error is allowed, nothing may be lost.

The same checks run on series of `tests/builders.py` and, where it is at hand, of the generator
that stands beside the shared data.
"""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pydicom
import pytest

from isocenter.services.elements import MEMORY_BYTES
from isocenter.services.reports import Report
from tests.builders import (
    AXIAL,
    CORONAL,
    OBLIQUE,
    SAGITTAL,
    TILTED_GANTRY,
    Orientation,
    Vary,
    add_private,
    pixels,
    series,
    uid,
    vary_rescale,
    write_series,
)
from tests.conftest import MISSING_DATA, SHARED_DATA
from tests.judges import (
    Volume,
    errors_of,
    errors_of_its_own,
    frames_by_dcmtk,
    volumes_of,
)
from tests.round_trip import assert_gives_back, merge_files, outputs_of, split_files, uid_of

GENERATOR = SHARED_DATA.parent / "tools" / "make_ct_series.py"
# dcm2niix reads the rescale and the time of each Frame from files of this maker, not from all.
MAKER = "Philips"
SLICES = 12

Build = Callable[[], list[pydicom.Dataset]]


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to make a series, and what merging it must report.

    Attributes
    ----------
    arguments
        Of the generator; empty where `build` makes the series.
    objects
        Number of multi-frame files.
    warnings
        What the report must say, each in one of its sentences; nothing else may be said.
    """

    name: str
    arguments: tuple[str, ...] = ()
    build: Build | None = None
    objects: int = 1
    warnings: tuple[str, ...] = ()
    marks: tuple[pytest.MarkDecorator, ...] = field(default=(), compare=False)

    def make(self, folder: Path) -> None:
        """Write the slices into a folder."""
        if self.build is not None:
            write_series(self.build(), folder)
            return
        sizes = ("--slices", str(SLICES), "--rows", "40", "--cols", "32")
        command = (sys.executable, str(GENERATOR), str(folder), *sizes, *self.arguments)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for path in folder.iterdir():
            dataset = pydicom.dcmread(path)
            dataset.Manufacturer = MAKER
            dataset.save_as(path)


def generated(name: str, *arguments: str, objects: int = 1, warnings: Sequence[str] = ()) -> Shape:
    """Return the shape that the shared generator makes."""
    needs = pytest.mark.skipif(not GENERATOR.is_file(), reason=MISSING_DATA)
    return Shape(
        f"generated-{name}", arguments or ("--seed", "1"), None, objects, tuple(warnings), (needs,)
    )


def built(name: str, build: Build, objects: int = 1, warnings: Sequence[str] = ()) -> Shape:
    """Return a shape that the builders make."""
    return Shape(f"built-{name}", (), build, objects, tuple(warnings))


def made(
    *,
    modality: str = "CT",
    orientation: Orientation = AXIAL,
    signed: bool = False,
    missing: Sequence[int] = (),
    vary: Vary | None = None,
) -> list[pydicom.Dataset]:
    """Return slices of the maker that dcm2niix knows, with private elements."""

    def vary_all(index: int, dataset: pydicom.Dataset) -> None:
        dataset.Manufacturer = MAKER
        add_private(dataset, index)
        if vary is not None:
            vary(index, dataset)

    return series(
        SLICES,
        modality=modality,
        rows=16,
        columns=12,
        orientation=orientation,
        signed=signed,
        missing=missing,
        vary=vary_all,
    )


def mixed_sizes() -> list[pydicom.Dataset]:
    datasets = made()
    small = datasets[4]
    small.Rows = 8
    small.PixelData = small.PixelData[: len(small.PixelData) // 2]
    return datasets


def shuffled() -> list[pydicom.Dataset]:
    datasets = made()
    random.Random(3).shuffle(datasets)
    for number, dataset in enumerate(datasets, 1):
        dataset.InstanceNumber = number
    return datasets


def repeated(keyword: str, values: Sequence[str]) -> Build:
    """Return a builder of MR slices that lie at each location once for each value."""

    def build() -> list[pydicom.Dataset]:
        datasets = []
        for turn, value in enumerate(values):
            for index, dataset in enumerate(made(modality="MR")):
                setattr(dataset, keyword, value)
                if keyword == "EchoTime":
                    dataset.EchoNumbers = turn + 1
                dataset.SOPInstanceUID = uid(keyword, turn, index)
                dataset.InstanceNumber = turn * SLICES + index + 1
                dataset.AcquisitionTime = f"10{15 + turn:02d}00"
                dataset.PixelData = pixels(100 * turn + index, rows=16, columns=12).tobytes()
                datasets.append(dataset)
        return datasets

    return build


GAP = "gap: about 1 slice(s) missing between locations 4 and 5"
SIZES = (
    "one series holds slices of different size, pixel format or class: 2 files of 11, 1 frame(s)"
)
SHAPES = (
    generated("plain"),
    generated("oblique", "--oblique", "30"),
    generated("sagittal", "--sagittal"),
    generated("shuffled", "--shuffle"),
    generated("missing", "--missing", "4", warnings=[GAP]),
    generated("rescaled", "--vary-rescale"),
    generated("odd-size", "--odd-size", "4", objects=2, warnings=[GAP, SIZES]),
    generated("signed", "--signed"),
    generated(
        "all-at-once",
        *("--oblique", "-20", "--vary-rescale", "--signed"),
    ),
    built("ct", made),
    built("oblique", lambda: made(orientation=OBLIQUE)),
    built("sagittal", lambda: made(orientation=SAGITTAL)),
    built("coronal", lambda: made(orientation=CORONAL)),
    built("tilted", lambda: made(orientation=TILTED_GANTRY)),
    built("shuffled", shuffled),
    built("missing", lambda: made(missing=[4]), warnings=[GAP]),
    built("rescaled", lambda: made(vary=vary_rescale)),
    built("odd-size", mixed_sizes, objects=2, warnings=[GAP, SIZES]),
    built("signed", lambda: made(signed=True)),
    built("mr", lambda: made(modality="MR")),
    built("mr-coronal", lambda: made(modality="MR", orientation=CORONAL)),
    built("mr-echoes", repeated("EchoTime", ["10", "30", "50"])),
    built("mr-times", repeated("TemporalPositionIdentifier", ["1", "2"])),
    built("pet", lambda: made(modality="PT")),
)
PLACES = {
    "PlanePositionSequence": ("ImagePositionPatient",),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
    "PixelMeasuresSequence": ("PixelSpacing", "SliceThickness"),
    "PixelValueTransformationSequence": ("RescaleSlope", "RescaleIntercept"),
    "FrameVOILUTSequence": ("WindowCenter", "WindowWidth"),
}
each_shape = pytest.mark.parametrize(
    "shape", [pytest.param(shape, id=shape.name, marks=shape.marks) for shape in SHAPES]
)


@dataclass(frozen=True, slots=True)
class Case:
    """A series on disk, and what became of it."""

    sources: tuple[Path, ...]
    merged: tuple[Path, ...]
    report: Report

    @property
    def folder(self) -> Path:
        """Where the slices lie."""
        return self.sources[0].parent


Make = Callable[[Shape], Case]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return a function that makes and merges a series, once each."""

    @cache
    def make_once(shape: Shape) -> Case:
        place = tmp_path_factory.mktemp(shape.name)
        shape.make(place / "slices")
        report = merge_files(place / "merged", place / "slices")
        sources = tuple(sorted((place / "slices").iterdir()))
        return Case(sources, tuple(outputs_of(report)), report)

    return make_once


@each_shape
def test_every_slice_is_in_one_object_and_oddities_are_reported(shape: Shape, make: Make) -> None:
    case = make(shape)

    frames = [pydicom.dcmread(path, stop_before_pixels=True).NumberOfFrames for path in case.merged]
    assert len(case.merged) == shape.objects
    assert sum(frames) == case.report.done == len(case.sources)
    said = [sentence.removeprefix(f"{case.merged[0].name}: ") for sentence in case.report.warnings]
    assert said == list(shape.warnings)


@each_shape
@pytest.mark.judge("dciodvfy")
def test_merged_and_split_instances_have_no_error(shape: Shape, make: Make, tmp_path: Path) -> None:
    case = make(shape)
    for path in case.merged:
        assert errors_of(path) == ()
    split = outputs_of(split_files(tmp_path, *case.merged))

    for path in (split[0], split[-1]):
        assert errors_of_its_own(path, case.sources, tmp_path) == []


@each_shape
def test_frames_lie_in_order_with_the_plane_and_rescale_of_their_source(
    shape: Shape, make: Make
) -> None:
    case = make(shape)
    by_uid = {uid_of(path): pydicom.dcmread(path) for path in case.sources}
    named = []
    for path in case.merged:
        dataset = pydicom.dcmread(path)
        shared = dataset.SharedFunctionalGroupsSequence[0]
        for frame in dataset.PerFrameFunctionalGroupsSequence:
            source = by_uid[frame.ConversionSourceAttributesSequence[0].ReferencedSOPInstanceUID]
            named.append(source.SOPInstanceUID)
            for macro, keywords in PLACES.items():
                item = (frame.get(macro) or shared.get(macro) or [pydicom.Dataset()])[0]
                for keyword in keywords:
                    assert item.get(keyword) == source.get(keyword), keyword

    assert sorted(named) == sorted(by_uid), "each source is named once"


@each_shape
def test_frames_ascend_along_the_normal_by_the_spacing_that_is_stated(
    shape: Shape, make: Make
) -> None:
    for path in make(shape).merged:
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        shared = dataset.SharedFunctionalGroupsSequence[0]
        measures = shared.PixelMeasuresSequence[0]
        for locations in locations_by_dimension(dataset):
            steps = [b - a for a, b in pairwise(locations)]
            assert all(step > 0 for step in steps)
            if steps:
                stated = float(measures.SpacingBetweenSlices)
                assert np.median(steps) == pytest.approx(stated, abs=1e-5)


def locations_by_dimension(dataset: pydicom.Dataset) -> Iterator[list[float]]:
    """Yield for each combination of outer dimensions the locations of its Frames, in mm."""
    shared = dataset.SharedFunctionalGroupsSequence[0]
    found: dict[tuple[int, ...], list[float]] = {}
    for frame in dataset.PerFrameFunctionalGroupsSequence:
        plane = frame.get("PlaneOrientationSequence") or shared.PlaneOrientationSequence
        cosines = np.array(plane[0].ImageOrientationPatient, dtype=float)
        place = frame.get("PlanePositionSequence") or shared.PlanePositionSequence
        position = np.array(place[0].ImagePositionPatient, dtype=float)
        location = float(position @ np.cross(cosines[:3], cosines[3:]))
        outer = tuple(frame.FrameContentSequence[0].DimensionIndexValues[:-1])
        found.setdefault(outer, []).append(location)
    yield from found.values()


@each_shape
@pytest.mark.judge("dcm2niix")
def test_dcm2niix_sees_the_same_volumes(shape: Shape, make: Make, tmp_path: Path) -> None:
    case = make(shape)
    split = tmp_path / "split"
    split_files(split, *case.merged)

    theirs = volumes_of(case.folder, tmp_path / "theirs")
    from_split = volumes_of(split, tmp_path / "from-split")
    from_merged = volumes_of(case.merged[0].parent, tmp_path / "from-merged")

    assert_close(from_split, theirs)
    # What it interpolates (gaps, tilt) it does from single slices and multi-frame in other ways.
    assert_close(as_stored(from_merged), as_stored(theirs))


def as_stored(volumes: Sequence[Volume]) -> list[Volume]:
    return [one for one in volumes if "_Eq" not in one.name and "_Tilt" not in one.name]


def assert_close(ours: Sequence[Volume], theirs: Sequence[Volume]) -> None:
    """Compare values exactly, affines as exactly as dcm2niix computes: in single precision."""
    assert ours
    assert [volume.name for volume in ours] == [volume.name for volume in theirs]
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one.affine, other.affine, rtol=0, atol=3e-5)
        assert np.array_equal(one.data, other.data), one.name


@each_shape
@pytest.mark.judge("dcmdump")
def test_dcmtk_finds_the_pixels_of_each_source_in_its_frame(
    shape: Shape, make: Make, tmp_path: Path
) -> None:
    case = make(shape)
    by_uid = {uid_of(path): pydicom.dcmread(path).PixelData for path in case.sources}

    for number, path in enumerate(case.merged):
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        frames = frames_by_dcmtk(path, tmp_path / str(number))
        for frame, pixel_data in zip(dataset.PerFrameFunctionalGroupsSequence, frames, strict=True):
            reference = frame.ConversionSourceAttributesSequence[0]
            assert pixel_data == by_uid[reference.ReferencedSOPInstanceUID]


@each_shape
def test_split_gives_back_every_slice(shape: Shape, make: Make, tmp_path: Path) -> None:
    case = make(shape)

    assert_gives_back(case.merged, case.sources, tmp_path)


@each_shape
def test_merging_again_in_another_order_gives_the_same_bytes(
    shape: Shape, make: Make, tmp_path: Path
) -> None:
    case = make(shape)
    sources = list(case.sources)
    random.Random(7).shuffle(sources)

    again = outputs_of(merge_files(tmp_path / "again", case.folder))
    other = outputs_of(merge_files(tmp_path / "other", *sources))

    first = sorted(path.read_bytes() for path in case.merged)
    assert sorted(path.read_bytes() for path in again) == first
    assert sorted(path.read_bytes() for path in other) == first


def test_headers_too_long_to_be_remembered_come_back_too(tmp_path: Path) -> None:
    datasets = made()[:5]
    for index, dataset in enumerate(datasets):
        dataset.private_block(0x0011, "LONG", create=True).add_new(
            0x01, "OB", bytes([index]) * MEMORY_BYTES
        )
    sources = write_series(datasets, tmp_path / "slices")

    merged = outputs_of(merge_files(tmp_path / "merged", tmp_path / "slices"))

    assert_gives_back(merged, sources, tmp_path)


@pytest.mark.judge("dciodvfy")
def test_the_judge_objects_to_an_error_that_is_the_merged_files_own(
    make: Make, tmp_path: Path
) -> None:
    case = make(next(shape for shape in SHAPES if shape.name == "built-ct"))
    dataset = pydicom.dcmread(case.merged[0])
    del dataset.DimensionOrganizationSequence
    dataset.save_as(tmp_path / "broken.dcm")

    (objection,) = errors_of_its_own(tmp_path / "broken.dcm", case.sources, tmp_path)

    assert "DimensionOrganizationSequence" in objection
