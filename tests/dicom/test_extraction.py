import io
from typing import Any

import pytest
from pydicom import Dataset, dcmread

from isocenter.dicom.extraction import target_of, with_item
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.errors import NotSupportedError
from tests.builders import set_fragments, to_bytes
from tests.multi_frame import STORAGE, classic, enhanced, item, notes_of, split_datasets
from tests.raw_instance import encode, sequence, text

US_MULTI, SEGMENTATION = f"{STORAGE}3.1", f"{STORAGE}66.4"
H264 = "1.2.840.10008.1.2.4.102"


def target_class(dataset: Dataset) -> str:
    return target_of(index_header(BytesSource(to_bytes(dataset)))).sop_class_uid


@pytest.mark.parametrize(
    ("multi", "single"),
    [
        ("3.1", "6.1"),
        ("3", "6.1"),
        ("7.1", "7"),
        ("7.2", "7"),
        ("7.3", "7"),
        ("7.4", "7"),
        ("7", "7"),
        ("4", "4"),
        ("12.1", "12.1"),
        ("12.2", "12.2"),
        ("20", "20"),
        ("77.1.1.1", "77.1.1"),
        ("77.1.2.1", "77.1.2"),
        ("77.1.4.1", "77.1.4"),
        ("77.1.5.1", "77.1.5.1"),
        ("481.1", "481.1"),
    ],
)
def test_classic_frames_become_instances_of_the_class_beside(multi: str, single: str) -> None:
    assert target_class(classic(STORAGE + multi, 2)) == STORAGE + single


@pytest.mark.parametrize(
    ("multi", "single", "modality"),
    [
        ("2.1", "2", "CT"),
        ("4.1", "4", "MR"),
        ("130", "128", "PT"),
        ("6.2", "6.1", "US"),
        ("12.1.1", "12.1", "XA"),
        ("12.2.1", "12.2", "XA"),
        ("2.2", "2", "CT"),
        ("4.4", "4", "MR"),
        ("128.1", "128", "PT"),
        ("7.3", "7", "CT"),
        ("4.3", "4.3", "MR"),
        ("66.4", "66.4", "CT"),
        ("30", "30", "CT"),
        ("13.1.3", "13.1.3", "XA"),
    ],
)
def test_enhanced_frames_become_classic_ones_where_there_is_such_a_class(
    multi: str, single: str, modality: str
) -> None:
    assert target_class(enhanced(modality, 2, sop_class_uid=STORAGE + multi)) == STORAGE + single


def test_a_deep_ultrasound_volume_keeps_its_class() -> None:
    dataset = enhanced("US", 2)
    dataset.BitsAllocated = 16

    assert target_class(dataset) == f"{STORAGE}6.2"


@pytest.mark.parametrize(
    ("sop_class_uid", "values", "reason"),
    [
        (f"{STORAGE}481.2", {}, "dose grid"),
        (f"{STORAGE}77.1.6", {}, "whole slide"),
        (SEGMENTATION, {"DimensionOrganizationType": "TILED_FULL"}, "whole slide"),
        ("1.2.840.113619.4.27", {}, "not split"),
    ],
)
def test_frames_that_are_no_images_of_their_own_are_refused(
    sop_class_uid: str, values: dict[str, Any], reason: str
) -> None:
    with pytest.raises(NotSupportedError, match=reason):
        target_class(classic(sop_class_uid, 2, **values))


def test_video_is_refused() -> None:
    dataset = set_fragments(classic(f"{STORAGE}77.1.4.1", 2), [b"stream"], H264)

    with pytest.raises(NotSupportedError, match="video"):
        target_class(dataset)


def test_frames_are_numbered_in_a_series_of_their_own() -> None:
    dataset = classic(US_MULTI, 3)

    made = split_datasets(dataset)

    assert [one.InstanceNumber for one in made] == [1, 2, 3]
    (series,) = {one.SeriesInstanceUID for one in made}
    assert series != dataset.SeriesInstanceUID
    assert series.startswith("2.25.")
    assert split_datasets(dataset) == made
    dataset.SOPInstanceUID += ".1"
    assert split_datasets(dataset)[0].SeriesInstanceUID != series


def test_frames_name_where_they_come_from() -> None:
    dataset = classic(
        US_MULTI,
        2,
        SourceImageSequence=[item(ReferencedSOPClassUID="1.2", ReferencedSOPInstanceUID="1.3")],
        ContributingEquipmentSequence=[item(Manufacturer="before")],
    )

    second = split_datasets(dataset)[1]

    earlier, own = second.SourceImageSequence
    assert earlier.ReferencedSOPInstanceUID == "1.3"
    assert own.ReferencedSOPClassUID == dataset.SOPClassUID
    assert own.ReferencedSOPInstanceUID == dataset.SOPInstanceUID
    assert own.ReferencedFrameNumber == 2
    assert own.SpatialLocationsPreserved == "YES"
    assert [one.Manufacturer for one in second.ContributingEquipmentSequence] == [
        "before",
        "Isocenter",
    ]
    (purpose,) = second.ContributingEquipmentSequence[1].PurposeOfReferenceCodeSequence
    assert (purpose.CodeValue, purpose.CodingSchemeDesignator) == ("109105", "DCM")


def test_what_is_true_of_the_whole_object_only_does_not_go_with_a_frame() -> None:
    dataset = classic(
        US_MULTI,
        2,
        InstanceCreationDate="20240101",
        SmallestImagePixelValue=0,
        LargestImagePixelValue=200,
        DigitalSignaturesSequence=[item(MACIDNumber=1)],
        MACParametersSequence=[item(MACIDNumber=1)],
        PatientComments="kept",
    )

    one = split_datasets(dataset)[0]

    gone = {"InstanceCreationDate", "SmallestImagePixelValue", "LargestImagePixelValue"}
    gone |= {"DigitalSignaturesSequence", "MACParametersSequence", "NumberOfFrames"}
    assert not gone & set(one.dir())
    assert (one.SmallestPixelValueInSeries, one.LargestPixelValueInSeries) == (0, 200)
    assert one.PatientComments == "kept"
    assert notes_of(dataset) == {"digital signatures are of the whole object: left out"}


def test_an_icon_and_large_private_data_are_left_out_with_a_note() -> None:
    dataset = classic(US_MULTI, 2, IconImageSequence=[item(Rows=1)])
    block = dataset.private_block(0x7FE1, "RAW DATA", create=True)
    block.add_new(1, "OB", bytes(1024 * 1024))
    block.add_new(2, "OB", bytes(1000))

    one = split_datasets(dataset)[0]

    assert "IconImageSequence" not in one
    kept = one.private_block(0x7FE1, "RAW DATA")
    assert (1 in kept, 2 in kept) == (False, True)
    assert notes_of(dataset) == {
        "the icon shows one frame: left out",
        "private data (7FE1,1001) is too large to go with every frame: left out",
    }


def concatenation_part(number: int, frames_before: int) -> Dataset:
    dataset = enhanced("CT", 2)
    dataset.SOPInstanceUID += f".{number}"
    dataset.ConcatenationUID = "1.2.3"
    dataset.SOPInstanceUIDOfConcatenationSource = "1.2.4"
    dataset.InConcatenationNumber = number
    dataset.ConcatenationFrameOffsetNumber = frames_before
    dataset.LargestImagePixelValue = 9
    return dataset


def test_the_parts_of_a_concatenation_become_one_series() -> None:
    first, second = (split_datasets(concatenation_part(*place)) for place in ((1, 0), (2, 2)))

    assert [one.InstanceNumber for one in (*first, *second)] == [1, 2, 3, 4]
    assert len({one.SeriesInstanceUID for one in (*first, *second)}) == 1
    assert len({one.SOPInstanceUID for one in (*first, *second)}) == 4
    assert second[1].SourceImageSequence[0].ReferencedFrameNumber == 2
    left = {"ConcatenationUID", "SOPInstanceUIDOfConcatenationSource", "InConcatenationNumber"}
    left |= {"ConcatenationFrameOffsetNumber", "LargestPixelValueInSeries"}
    assert not left & set(second[0].dir())


def test_a_concatenation_that_names_no_source_is_known_by_its_own_uid() -> None:
    parts = [concatenation_part(1, 0), concatenation_part(2, 2)]
    for part in parts:
        del part.SOPInstanceUIDOfConcatenationSource

    assert len({split_datasets(part)[0].SeriesInstanceUID for part in parts}) == 1


@pytest.mark.parametrize("is_implicit", [False, True])
@pytest.mark.parametrize("is_undefined", [False, True])
def test_an_item_is_added_to_a_sequence_of_any_form(is_implicit: bool, is_undefined: bool) -> None:
    held = sequence({0x00080100: text("SH", "A")}, is_undefined=is_undefined)
    raw = encode({0x0040A170: held}, is_implicit=is_implicit)
    more = {0x00080100: encode({0x00080100: text("SH", "B")}, is_implicit=is_implicit)}

    for before, expected in ((raw, ["A", "B"]), (None, ["B"])):
        element = with_item(before, 0x0040A170, more, is_implicit=is_implicit)
        dataset = dcmread(io.BytesIO(element), force=True)
        assert [one.CodeValue for one in dataset.PurposeOfReferenceCodeSequence] == expected
