import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import ImplicitVRLittleEndian

from isocenter.errors import NotSupportedError
from tests.multi_frame import STORAGE, enhanced, groups_of, item, split_datasets

SEGMENTATION, PARAMETRIC_MAP = f"{STORAGE}66.4", f"{STORAGE}30"


def segmentation(frames: int) -> Dataset:
    """Return a binary segmentation of 3 x 5 pixels: Frame n is the binary of n + 1."""
    dataset = enhanced("CT", frames, sop_class_uid=SEGMENTATION)
    dataset.Modality = "SEG"
    dataset.Rows, dataset.Columns = 3, 5
    dataset.BitsAllocated = dataset.BitsStored = 1
    dataset.HighBit = 0
    dataset.SegmentationType = "BINARY"
    dataset.SegmentSequence = [
        item(SegmentNumber=number, SegmentLabel=f"label {number}") for number in (1, 2)
    ]
    for index in range(frames):
        groups_of(dataset, index).SegmentIdentificationSequence = [
            item(ReferencedSegmentNumber=1 + index % 2)
        ]
    bits = [[(frame + 1) >> place & 1 for place in range(15)] for frame in range(frames)]
    data = np.packbits(np.array(bits, np.uint8), bitorder="little").tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OB"
    return dataset


@pytest.mark.parametrize("is_implicit", [False, True])
def test_segments_are_cut_bit_by_bit(is_implicit: bool) -> None:
    dataset = segmentation(5)
    if is_implicit:
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    expected = dataset.pixel_array

    for made, frame in zip(split_datasets(dataset), expected, strict=True):
        assert made.BitsAllocated == 1
        assert np.array_equal(made.pixel_array, frame)


def test_a_segmentation_stays_one_with_the_groups_of_its_frame() -> None:
    dataset = segmentation(3)

    made = split_datasets(dataset)

    for index, one in enumerate(made):
        assert one.SOPClassUID == SEGMENTATION
        assert one.NumberOfFrames == 1
        assert one.SharedFunctionalGroupsSequence == dataset.SharedFunctionalGroupsSequence
        (groups,) = one.PerFrameFunctionalGroupsSequence
        assert groups == groups_of(dataset, index)
        assert one.SegmentSequence == dataset.SegmentSequence
        assert one.DimensionIndexSequence == dataset.DimensionIndexSequence
        assert one.InstanceNumber == index + 1
    assert len({one.SeriesInstanceUID for one in made}) == 1


def test_a_segmentation_names_where_it_comes_from_without_source_images() -> None:
    """Viewers take those for what was segmented."""
    dataset = segmentation(2)

    extraction = split_datasets(dataset)[1].FrameExtractionSequence[0]

    assert extraction.MultiFrameSourceSOPInstanceUID == dataset.SOPInstanceUID
    assert extraction.SimpleFrameList == 2
    assert "SourceImageSequence" not in split_datasets(dataset)[1]


def test_frames_of_a_parametric_map_may_be_floats() -> None:
    dataset = enhanced("CT", 2, sop_class_uid=PARAMETRIC_MAP)
    del dataset.PixelData
    values = np.arange(12, dtype="<f4").reshape(2, 2, 3)
    dataset.BitsAllocated = 32
    dataset.FloatPixelData = values.tobytes()

    made = split_datasets(dataset)

    assert [one.SOPClassUID for one in made] == [PARAMETRIC_MAP] * 2
    for one, frame in zip(made, values, strict=True):
        assert one.FloatPixelData == frame.tobytes()
        assert np.array_equal(one.pixel_array, frame)


def test_frames_whose_place_follows_from_their_order_alone_are_refused() -> None:
    dataset = segmentation(2)
    del dataset.PerFrameFunctionalGroupsSequence

    with pytest.raises(NotSupportedError, match="order"):
        split_datasets(dataset)
