import contextlib
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import highdicom
import numpy as np
import numpy.typing as npt
import pytest
from pydicom import Dataset, dcmread
from pydicom.sr.codedict import codes

from isocenter.dicom.frame_table import find_frame, pack_frames, read_ranges
from isocenter.dicom.header_index import index_header
from isocenter.dicom.segmentation_reading import (
    FoundLabels,
    Segmentation,
    read_labels,
    read_segmentation,
)
from isocenter.dicom.streams import BytesSource
from isocenter.dicom.volume import Volume, build_volume, read_places
from isocenter.errors import (
    CorruptPixelDataError,
    InvalidInputError,
    IsocenterError,
    NotSupportedError,
)
from tests.builders import CORONAL, OBLIQUE, series, to_bytes
from tests.dicom.test_segmentation import SEGMENTS, made_of
from tests.dicom.test_volume import places_of
from tests.multi_frame import CLASSES, classic, enhanced


def frames_of(data: bytes, segmentation: Segmentation) -> Iterator[bytes]:
    source = BytesSource(data)
    table = pack_frames(index_header(source), source)
    for number in range(1, len(segmentation.frames) + 1):
        yield read_ranges(source, find_frame(table, number))


def read(data: bytes, volume: Volume, segment_number: int = 0) -> FoundLabels:
    segmentation = read_segmentation(index_header(BytesSource(data)))
    pixels = frames_of(data, segmentation)
    return read_labels(segmentation, pixels, volume, segment_number=segment_number)


@pytest.mark.parametrize(
    "datasets",
    [
        series(3, rows=7, columns=5),
        series(4, modality="MR", orientation=OBLIQUE),
        series(1),
        [enhanced("MR", 3)],
        [classic(CLASSES["US"], 3)],
        series(3, series_name="a") + series(3, series_name="b"),
        series(5, missing=[2]),
    ],
    ids=["ct", "oblique", "single", "enhanced", "cine", "times", "gap"],
)
def test_labels_come_back_from_what_was_made_of_them(datasets: list[Dataset]) -> None:
    data, volume, labels = made_of(datasets)
    found = read(data, volume)
    np.testing.assert_array_equal(found.labels, labels)
    assert not found.has_overlaps
    segmentation = read_segmentation(index_header(BytesSource(data)))
    for one, told in zip(SEGMENTS, segmentation.segments, strict=True):
        assert (one.number, one.label, one.kind) == (told.number, told.label, told.kind)
        assert one.algorithm_name == told.algorithm_name
        assert one.colour is not None
        assert told.colour is not None
        np.testing.assert_allclose(one.colour, told.colour, atol=1)
    assert segmentation.series_uids == (datasets[0].SeriesInstanceUID,)


def by_highdicom(
    datasets: list[Dataset], pixels: npt.NDArray[Any], kind: str, count: int = 1
) -> bytes:
    description = [
        highdicom.seg.SegmentDescription(
            number,
            f"Segment {number}",
            codes.SCT.Tissue,
            codes.SCT.Tissue,
            highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
        )
        for number in range(1, count + 1)
    ]
    made = highdicom.seg.Segmentation(
        datasets,
        pixels,
        kind,
        description,
        series_instance_uid=highdicom.UID(),
        series_number=1,
        sop_instance_uid=highdicom.UID(),
        instance_number=1,
        manufacturer="m",
        manufacturer_model_name="m",
        software_versions="1",
        device_serial_number="1",
        max_fractional_value=200,
    )
    return to_bytes(made)


def in_any_order(datasets: list[Dataset]) -> list[Dataset]:
    for one in datasets:
        for keyword in ("StudyID", "AccessionNumber"):
            setattr(one, keyword, one.get(keyword, ""))
    return datasets[::-1]


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_what_highdicom_writes_is_read(kind: str) -> None:
    datasets = in_any_order(series(4, rows=7, columns=5, orientation=CORONAL))
    volume = build_volume(places_of(*datasets))
    pixels = np.random.Generator(np.random.PCG64(3)).integers(0, 2, (4, 7, 5)).astype(np.uint8)
    given = np.where(pixels, 0.75, 0.25) if kind == "FRACTIONAL" else pixels
    found = read(by_highdicom(datasets, given, kind), volume)
    by_uid = {one.SOPInstanceUID: pixels[at] for at, one in enumerate(datasets)}
    for at, frame in enumerate(volume.frames):
        np.testing.assert_array_equal(found.labels[at], by_uid[frame.sop_instance_uid])


def test_segments_that_overlap_are_told_and_can_be_taken_alone() -> None:
    datasets = in_any_order(series(2))[::-1]
    volume = build_volume(places_of(*datasets))
    pixels = np.zeros((2, 8, 6, 2), np.uint8)
    pixels[:, 1:4, 1:4, 0], pixels[:, 2:6, 2:5, 1] = 1, 1
    data = by_highdicom(datasets, pixels, "BINARY", 2)
    assert read(data, volume).has_overlaps
    for number in (1, 2):
        alone = read(data, volume, number)
        assert not alone.has_overlaps
        np.testing.assert_array_equal(alone.labels, number * pixels[..., number - 1])


def test_what_lies_elsewhere_or_is_cut_is_refused_in_a_sentence() -> None:
    datasets = series(3)
    data, volume, _ = made_of(datasets)
    elsewhere = build_volume(places_of(*series(3, origin=(0.0, 0.0, 0.0))))
    with pytest.raises(InvalidInputError, match="none of the images"):
        read(data, elsewhere)
    with pytest.raises(InvalidInputError, match="another size"):
        read(data, build_volume(places_of(*series(3, rows=9))))
    with pytest.raises(NotSupportedError, match="no segmentation"):
        read_segmentation(index_header(BytesSource(to_bytes(datasets[0]))))
    segmentation = read_segmentation(index_header(BytesSource(data)))
    with pytest.raises(CorruptPixelDataError):
        read_labels(segmentation, [b"\1"] * len(segmentation.frames), volume)


def test_whatever_bytes_are_changed_it_is_read_or_refused() -> None:
    data, volume, _ = made_of(series(3, rows=7, columns=5))
    generator = random.Random(1)
    for _ in range(500):
        changed = bytearray(data)
        for _ in range(generator.randint(1, 4)):
            changed[generator.randrange(132, len(data))] = generator.randrange(256)
        with contextlib.suppress(IsocenterError):
            read(bytes(changed), volume)


def test_pixels_of_a_segment_that_is_not_told_about_are_refused() -> None:
    datasets = in_any_order(series(2))
    volume = build_volume(places_of(*datasets))
    pixels = np.ones((2, 8, 6), np.uint8)
    made = dcmread(io.BytesIO(by_highdicom(datasets, pixels, "BINARY")))
    (shared,) = made.SharedFunctionalGroupsSequence
    shared.SegmentIdentificationSequence[0].ReferencedSegmentNumber = 300
    with pytest.raises(InvalidInputError, match="does not tell about"):
        read(to_bytes(made), volume)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("highdicom/seg_image_ct_binary.dcm", "pydicom/dicomdirtests/77654033/CT2/*"),
        ("highdicom/seg_image_ct_binary_overlap.dcm", "pydicom/dicomdirtests/77654033/CT2/*"),
        ("highdicom/seg_image_ct_true_fractional.dcm", "pydicom/dicomdirtests/77654033/CT2/*"),
        ("highdicom/seg_image_ct_binary_single_frame.dcm", "pydicom/test_files/CT_small.dcm"),
        ("highdicom/seg_image_cr_binary.dcm", "pydicom/dicomdirtests/77654033/CR1/6154"),
        ("dcmqi/seg/partial_overlaps.dcm", "dcmqi/ct-3slice/*.dcm"),
        ("pydicom-data/liver.dcm", "dcmqi/ct-3slice/*.dcm"),
        ("dcmjs/seg_tumor_pet.dcm", "series/pet_wb_299/*.dcm"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_real_segmentations_are_read_as_highdicom_reads_them(
    name: str, source: str, shared_data: Path
) -> None:
    path = shared_data / "dicom" / name
    theirs = highdicom.seg.segread(path)
    wanted = {
        one.ReferencedSOPInstanceUID
        for group in theirs.ReferencedSeriesSequence
        for one in group.ReferencedInstanceSequence
    }
    places = []
    for image in sorted((shared_data / "dicom").glob(source)):
        places += read_places(index_header(BytesSource(image.read_bytes())))
    volume = build_volume([one for one in places if one.sop_instance_uid in wanted])
    uids = [one.sop_instance_uid for one in volume.frames]
    assert set(uids) == wanted
    for number in theirs.segment_numbers:
        expected = theirs.get_pixels_by_source_instance(
            uids,
            segment_numbers=[number],
            assert_missing_frames_are_empty=True,
            ignore_spatial_locations=True,
        )[..., 0]
        ours = read(path.read_bytes(), volume, number).labels
        np.testing.assert_array_equal(ours == number, expected >= 0.5)
