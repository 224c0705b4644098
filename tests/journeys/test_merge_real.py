"""Real series, merged and split, as independent programs see them."""

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pydicom
import pytest

from isocenter.services.actions import resolve
from isocenter.services.reports import Report, Work
from tests.conftest import MISSING_DATA, SHARED_DATA
from tests.judges import (
    assert_same_volumes,
    classified,
    decompressed,
    errors_of,
    errors_of_its_own,
    frames_by_dcmtk,
    frames_by_gdcm,
    volumes_of,
)
from tests.round_trip import assert_gives_back, merge_files, outputs_of, split_files, uid_of

SERIES = SHARED_DATA / "dicom" / "series"
pytestmark = [
    pytest.mark.skipif(not SERIES.is_dir(), reason=MISSING_DATA),
    pytest.mark.usefixtures("odd_values_allowed"),
]


@dataclass(frozen=True, slots=True)
class RealSeries:
    """One folder of the shared data, and which file dcm2niix can compare with its slices.

    It reads one volume from a merged file, but neither encapsulated multi-frame files nor time
    points or mosaics of Legacy Converted ones.
    """

    name: str
    slices: int
    modality: str
    volumes_from: Literal["merged", "decompressed", "split"]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where the slices lie."""
        return SERIES / self.name

    @property
    def sources(self) -> list[Path]:
        """The slices by name."""
        return sorted(self.folder.iterdir())


REAL = (
    RealSeries("ct_chest_60", 60, "CT", "merged"),
    RealSeries("pet_wb_299", 299, "PET", "merged"),
    RealSeries("mr_fmri_150", 150, "MR", "split"),
    RealSeries("mr_mosaic_3", 2, "MR", "split"),
    RealSeries("ct_body_j2k_20", 20, "CT", "decompressed"),
    RealSeries("ct_gantry_tilt_4", 4, "CT", "merged"),
)
STAY_SINGLE = {"pet_wb_299": "signed", "mr_fmri_150": "signed"}
Merged = Callable[[RealSeries], tuple[Path, Report]]
each_series = pytest.mark.parametrize("real", REAL, ids=str)


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Merged:
    """Return a function that merges a series once and gives the one file and the report."""

    @cache
    def merge_once(real: RealSeries) -> tuple[Path, Report]:
        report = merge_files(tmp_path_factory.mktemp(real.name), real.folder)
        (path,) = outputs_of(report)
        return path, report

    return merge_once


@each_series
def test_every_slice_of_a_real_series_is_in_one_object(real: RealSeries, merged: Merged) -> None:
    path, report = merged(real)

    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    assert dataset.SOPClassUID.name == f"Legacy Converted Enhanced {real.modality} Image Storage"
    assert report.done == dataset.NumberOfFrames == real.slices
    assert report.skipped == report.failed == 0


@each_series
@pytest.mark.judge("dciodvfy", "dcmodify")
def test_a_merged_real_series_has_no_error_of_its_own(
    real: RealSeries, merged: Merged, tmp_path: Path
) -> None:
    assert errors_of_its_own(merged(real)[0], real.sources, tmp_path) == []


@each_series
@pytest.mark.judge("dcm2niix", "gdcmconv")
def test_dcm2niix_sees_the_same_volumes_in_a_merged_real_series(
    real: RealSeries, merged: Merged, tmp_path: Path
) -> None:
    path, _ = merged(real)
    folder = tmp_path / "judged"
    if real.volumes_from == "split":
        split_files(folder, path)
    elif real.volumes_from == "decompressed":
        decompressed(path, folder)
    else:
        folder = path.parent

    ours, theirs = volumes_of(folder, tmp_path / "ours"), volumes_of(real.folder, tmp_path / "own")

    assert_same_volumes(ours, theirs)


@each_series
@pytest.mark.judge("dcmdump", "gdcmconv", "gdcmraw")
def test_other_decoders_find_the_source_pixels_in_every_frame(
    real: RealSeries, merged: Merged, tmp_path: Path
) -> None:
    path, _ = merged(real)
    known = pixel_hashes()
    expected = [
        known[str(source.relative_to(SHARED_DATA / "dicom"))] for source in ordered(path, real)
    ]

    native = decompressed(path, tmp_path) if real.volumes_from == "decompressed" else path

    for frames in (
        frames_by_dcmtk(native, tmp_path / "dcmtk"),
        frames_by_gdcm(native, tmp_path / "gdcm"),
    ):
        assert [hashlib.sha256(frame).hexdigest() for frame in frames] == expected


@cache
def pixel_hashes() -> dict[str, str]:
    """Return path -> SHA-256 of the decoded samples, on which all decoders but ours agreed."""
    lines = (SHARED_DATA / "dicom" / "FACTS.jsonl").read_text().splitlines()
    facts = [json.loads(line) for line in lines]
    return {fact["path"]: fact["pixel_sha256"] for fact in facts if fact.get("pixel_sha256")}


def ordered(path: Path, real: RealSeries) -> list[Path]:
    """Return the sources in the order of the Frames, by the references in the merged file."""
    by_uid = {uid_of(source): source for source in real.sources}
    return [by_uid[uid] for uid in references_of(path)]


def references_of(path: Path) -> list[str]:
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    items = [
        frame.ConversionSourceAttributesSequence[0]
        for frame in dataset.PerFrameFunctionalGroupsSequence
    ]
    return [str(item.ReferencedSOPInstanceUID) for item in items]


@each_series
def test_references_name_every_source_once_beside_its_own_plane(
    real: RealSeries, merged: Merged
) -> None:
    path, _ = merged(real)
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    assert sorted(references_of(path)) == sorted(map(uid_of, real.sources))

    for frame, source in zip(
        dataset.PerFrameFunctionalGroupsSequence, ordered(path, real), strict=True
    ):
        own = pydicom.dcmread(source, stop_before_pixels=True, force=True)
        reference = frame.ConversionSourceAttributesSequence[0]
        assert reference.ReferencedSOPClassUID == own.file_meta.MediaStorageSOPClassUID
        position, orientation = plane_of(frame, dataset.SharedFunctionalGroupsSequence[0])
        assert position == own.ImagePositionPatient
        assert orientation == own.ImageOrientationPatient


def plane_of(frame: pydicom.Dataset, shared: pydicom.Dataset) -> tuple[list[float], list[float]]:
    position = frame.get("PlanePositionSequence") or shared.PlanePositionSequence
    orientation = frame.get("PlaneOrientationSequence") or shared.PlaneOrientationSequence
    return list(position[0].ImagePositionPatient), list(orientation[0].ImageOrientationPatient)


@each_series
def test_frames_of_a_real_series_ascend_along_the_normal_in_every_dimension(
    real: RealSeries, merged: Merged
) -> None:
    path, _ = merged(real)
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    shared = dataset.SharedFunctionalGroupsSequence[0]

    keys = []
    for frame in dataset.PerFrameFunctionalGroupsSequence:
        position, orientation = plane_of(frame, shared)
        content = frame.FrameContentSequence[0]
        outer = content.DimensionIndexValues[:-1]
        keys.append((*map(int, outer), along_normal(position, orientation)))

    assert keys == sorted(keys)


def along_normal(position: list[float], orientation: list[float]) -> float:
    a, b, c, d, e, f = map(float, orientation)
    normal = (b * f - c * e, c * d - a * f, a * e - b * d)
    return sum(float(x) * n for x, n in zip(position, normal, strict=True))


@each_series
def test_split_gives_back_every_slice_of_a_real_series(
    real: RealSeries, merged: Merged, tmp_path: Path
) -> None:
    assert_gives_back([merged(real)[0]], real.sources, tmp_path)


@each_series
@pytest.mark.judge("dciodvfy", "dcmodify")
def test_split_instances_have_only_the_errors_of_their_sources(
    real: RealSeries, merged: Merged, tmp_path: Path
) -> None:
    instances = outputs_of(split_files(tmp_path, merged(real)[0], original_uids=True))
    some = {instances[0], instances[len(instances) // 2], instances[-1]}

    assert new_errors(sorted(some), real, tmp_path / "classified") == []


@each_series
@pytest.mark.full
@pytest.mark.judge("dciodvfy", "dcmodify")
def test_all_split_instances_have_only_the_errors_of_their_sources(
    real: RealSeries, merged: Merged, tmp_path: Path
) -> None:
    instances = outputs_of(split_files(tmp_path, merged(real)[0], original_uids=True))

    assert new_errors(instances, real, tmp_path / "classified") == []


def new_errors(instances: list[Path], real: RealSeries, scratch: Path) -> list[str]:
    """Return the errors of split Instances that the source of the same UID does not have."""
    originals = {uid_of(source): source for source in real.sources}
    found = []
    for path in instances:
        source = classified(originals[uid_of(path)], scratch)
        known = {complaint.line for complaint in errors_of(source)}
        found += [one.line for one in errors_of(path) if one.line not in known]
    return found


@each_series
def test_merging_again_in_another_order_gives_the_same_bytes(
    real: RealSeries, merged: Merged, tmp_path: Path
) -> None:
    sources = real.sources
    random.Random(4).shuffle(sources)

    (again,) = outputs_of(merge_files(tmp_path / "again", real.folder))
    (shuffled,) = outputs_of(merge_files(tmp_path / "shuffled", *sources))

    first = merged(real)[0].read_bytes()
    assert again.read_bytes() == first
    assert shuffled.read_bytes() == first


@each_series
def test_private_elements_of_every_slice_stay_in_the_merged_object(
    real: RealSeries, merged: Merged
) -> None:
    path, _ = merged(real)
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    shared = private_values(dataset) | private_values(dataset.SharedFunctionalGroupsSequence[0])

    for frame, source in zip(
        dataset.PerFrameFunctionalGroupsSequence, ordered(path, real), strict=True
    ):
        own = pydicom.dcmread(source, stop_before_pixels=True, force=True)
        assert private_values(own) <= shared | private_values(frame)
        assert own.get("SpecificCharacterSet") == dataset.get("SpecificCharacterSet")


def private_values(dataset: pydicom.Dataset) -> set[tuple[int, str]]:
    """Return tag and value of each private element, also of those in the unassigned sequences."""
    found = {
        (int(element.tag), repr(element.value))
        for element in dataset
        if element.tag.is_private and element.tag.element and element.VR != "SQ"
    }
    for keyword in (
        "UnassignedSharedConvertedAttributesSequence",
        "UnassignedPerFrameConvertedAttributesSequence",
    ):
        for item in dataset.get(keyword, []):
            found |= private_values(item)
    return found


@each_series
@pytest.mark.judge("dciodvfy", "dcmodify")
def test_a_real_series_becomes_valid_pictures_or_stays_with_a_reason(
    real: RealSeries, tmp_path: Path
) -> None:
    """PS3.3 A.8.4.4: unsigned words; one rescale for all, which PET slices do not have."""
    work = Work(
        paths=(real.folder,),
        out=tmp_path / "out",
        options={"sop_class": "multiframe"},
        jobs=2,
        durable=False,
    )

    report = resolve("merge")(work)

    if real.name in STAY_SINGLE:
        assert report.failed == real.slices
        assert all(STAY_SINGLE[real.name] in outcome.reason for outcome in report.files)
        return
    (path,) = outputs_of(report)
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    assert dataset.SOPClassUID.name.startswith("Multi-frame Grayscale Word Secondary Capture")
    assert errors_of_its_own(path, real.sources, tmp_path) == []
    assert_gives_back([path], real.sources, tmp_path / "back")
