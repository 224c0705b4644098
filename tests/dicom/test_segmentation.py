from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import highdicom
import numpy as np
import numpy.typing as npt
import pytest
from pydicom import Dataset, dcmread

from isocenter.dicom.header_index import index_header
from isocenter.dicom.segmentation import Made, Segment, cielab, make_segmentation, rgb
from isocenter.dicom.streams import BytesSource
from isocenter.dicom.volume import Volume, build_volume
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT
from tests.builders import AXIAL, OBLIQUE, TILTED_GANTRY, Orientation, series, to_bytes
from tests.dicom.test_volume import places_of
from tests.judges import errors_of
from tests.multi_frame import CLASSES, classic, enhanced

MADE = Made("20240131", "101500")
SEGMENTS = (
    Segment(1, "Läsion", (255, 0, 0)),
    Segment(2, "Liver", (0, 128, 64), "AUTOMATIC", "network 3", kind="10200004^SCT^Liver"),
)


def labels_of(volume: Volume) -> npt.NDArray[Any]:
    """Return labels without symmetry; the second segment lies on the last Frame alone."""
    grid = volume.grid
    labels = np.zeros((len(volume.frames), grid.rows, grid.columns), np.uint8)
    labels[1:, 0, 1] = 1
    labels[0, 1, 0] = 1
    labels[-1, 1, 1:] = 2
    return labels


def made_of(
    datasets: Sequence[Dataset],
    labels: npt.NDArray[Any] | None = None,
    segments: Sequence[Segment] = SEGMENTS,
) -> tuple[bytes, Volume, npt.NDArray[Any]]:
    volume = build_volume(places_of(*datasets))
    chosen = labels_of(volume) if labels is None else labels
    header = index_header(BytesSource(to_bytes(datasets[0])))
    return b"".join(make_segmentation(header, volume, chosen, segments, MADE)), volume, chosen


def written(data: bytes, folder: Path) -> Path:
    path = folder / "segmentation.dcm"
    path.write_bytes(data)
    return path


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize(
    "datasets",
    [
        series(3),
        series(3, modality="MR", orientation=OBLIQUE),
        series(4, orientation=TILTED_GANTRY, rows=7, columns=5),
        series(1),
        [enhanced("MR", 3)],
        [classic(CLASSES["US"], 3)],
        series(3, series_name="a") + series(3, series_name="b"),
    ],
    ids=["ct", "oblique", "tilted", "single", "enhanced", "cine", "times"],
)
def test_dciodvfy_finds_no_error(datasets: list[Dataset], tmp_path: Path) -> None:
    data, _, _ = made_of(datasets)
    assert [one.line for one in errors_of(written(data, tmp_path))] == []


@pytest.mark.parametrize("orientation", [AXIAL, OBLIQUE], ids=["axial", "oblique"])
def test_highdicom_reads_each_segment_on_the_images_it_was_drawn_on(
    orientation: Orientation, tmp_path: Path
) -> None:
    datasets = series(4, orientation=orientation, rows=7, columns=5)
    data, volume, labels = made_of(datasets)
    read = highdicom.seg.segread(written(data, tmp_path))
    assert read.segmentation_type.value == "BINARY"
    uids = [one.sop_instance_uid for one in volume.frames]
    found = read.get_pixels_by_source_instance(
        uids, assert_missing_frames_are_empty=True, combine_segments=True
    )
    np.testing.assert_array_equal(found, labels)
    first, second = (read.get_segment_description(one) for one in (1, 2))
    assert (first.segment_label, first.algorithm_type.value) == ("Läsion", "MANUAL")
    assert second.segment_label == "Liver"
    assert second.segmented_property_type.meaning == "Liver"
    assert second.algorithm_type.value == "AUTOMATIC"
    geometry = read.get_volume_geometry()
    assert geometry is not None
    for column, row, location in ((0, 0, 0), (4, 6, 3), (2, 1, 1)):
        # Its axes are location, row, column, and it goes against the normal.
        theirs = geometry.affine @ [3 - location, row, column, 1]
        ours = volume.grid.matrix @ [column, row, location, 1]
        np.testing.assert_allclose(theirs, ours, atol=1e-4)


def test_highdicom_reads_frames_of_a_multi_frame_instance(tmp_path: Path) -> None:
    dataset = enhanced("MR", 3)
    data, _, labels = made_of([dataset])
    read = highdicom.seg.segread(written(data, tmp_path))
    found = read.get_pixels_by_source_frame(
        dataset.SOPInstanceUID,
        [1, 2, 3],
        assert_missing_frames_are_empty=True,
        combine_segments=True,
    )
    np.testing.assert_array_equal(found, labels)


def test_it_belongs_to_patient_and_study_of_its_source_in_a_series_of_its_own(
    tmp_path: Path,
) -> None:
    datasets = series(3)
    data, volume, _ = made_of(datasets)
    found = dcmread(written(data, tmp_path))
    for keyword in ("PatientName", "PatientID", "StudyInstanceUID", "FrameOfReferenceUID"):
        assert found[keyword].value == datasets[0][keyword].value
    assert found.SeriesInstanceUID != datasets[0].SeriesInstanceUID
    assert found.Modality == "SEG"
    (reference,) = found.ReferencedSeriesSequence
    assert reference.SeriesInstanceUID == datasets[0].SeriesInstanceUID
    named = {one.ReferencedSOPInstanceUID for one in reference.ReferencedInstanceSequence}
    assert named == {one.sop_instance_uid for one in volume.frames}
    assert data == made_of(datasets)[0]


def test_only_frames_with_something_in_them_are_stored(tmp_path: Path) -> None:
    data, _, _ = made_of(series(3))
    assert dcmread(written(data, tmp_path)).NumberOfFrames == 4
    nothing = np.zeros((3, 8, 6), np.uint8)
    empty = dcmread(written(made_of(series(3), nothing)[0], tmp_path))
    assert empty.NumberOfFrames == 1
    assert not empty.pixel_array.any()


def test_pydicom_unpacks_the_same_bits(tmp_path: Path) -> None:
    datasets = series(3, rows=7, columns=5)
    data, volume, labels = made_of(datasets)
    found = dcmread(written(data, tmp_path))
    for number, pixels in zip((1, 1, 1, 2), found.pixel_array, strict=True):
        assert pixels.any()
        assert any(np.array_equal(pixels, one == number) for one in labels)
    assert len(volume.frames) == 3


@pytest.mark.parametrize(
    "colour", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (12, 99, 200), (0, 0, 0)]
)
def test_colours_are_those_of_highdicom_and_come_back(colour: tuple[int, int, int]) -> None:
    theirs = highdicom.color.CIELabColor.from_rgb(*colour).value
    np.testing.assert_allclose(cielab(colour), theirs, atol=40)
    np.testing.assert_allclose(rgb(cielab(colour)), colour, atol=1)


@pytest.mark.parametrize("bound", ["header_fragments", "instance_pixel_bytes"])
def test_more_than_an_instance_holds_is_refused_before_anything_is_written(bound: str) -> None:
    datasets = series(3)
    volume = build_volume(places_of(*datasets))
    header = index_header(BytesSource(to_bytes(datasets[0])))
    limits = replace(DEFAULT, **{bound: 3})
    with pytest.raises(TooLargeError, match=bound):
        make_segmentation(header, volume, labels_of(volume), SEGMENTS, MADE, limits)


def test_what_makes_no_segmentation_is_refused_in_a_sentence() -> None:
    for segments, reason in (
        ((), "no segment"),
        ((SEGMENTS[0], SEGMENTS[0]), "same number"),
        ((SEGMENTS[0],), "number 2"),
    ):
        with pytest.raises(InvalidInputError, match=reason):
            made_of(series(3), segments=segments)
    with pytest.raises(InvalidInputError, match="not those"):
        made_of(series(3), np.zeros((2, 8, 6), np.uint8))
    for values in (
        {"number": 0},
        {"label": " "},
        {"label": "a\\b"},
        {"label": "a" * 65},
        {"colour": (0, 0, 256)},
        {"algorithm_type": "MAGIC"},
        {"algorithm_type": "AUTOMATIC"},
        {"kind": "liver"},
        {"kind": "1^SCT^肝臓"},
    ):
        given: dict[str, Any] = {"number": 1, "label": "a", **values}
        with pytest.raises(InvalidInputError):
            Segment(**given)
