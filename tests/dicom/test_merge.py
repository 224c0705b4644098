import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from pydicom import dcmread
from pydicom.encaps import generate_frames, parse_basic_offsets

from isocenter.dicom.header_index import index_header
from isocenter.dicom.merge import merge_stack, series_uid_of
from isocenter.dicom.part10 import Elements as Encoded
from isocenter.dicom.slices import reason_to_skip, source_elements
from isocenter.dicom.stacks import find_stacks
from isocenter.dicom.streams import ByteRange, BytesSource
from isocenter.errors import (
    CorruptPixelDataError,
    InvalidInputError,
    MissingElementError,
    NotSupportedError,
)
from tests.builders import instance, series, set_fragments, to_bytes
from tests.in_memory import (
    assert_given_back,
    merged_stack,
    merged_stacks,
    split_streams,
    summaries,
    three,
)
from tests.raw_instance import (
    CT,
    EXPLICIT,
    IMPLICIT,
    JPEG_2000,
    MR,
    PET,
    PIXEL_DATA,
    RLE,
    Elements,
    Raw,
    ct_slice,
    fragments,
    part10,
    text,
    us,
)

LEGACY = {
    CT: "1.2.840.10008.5.1.4.1.1.2.2",
    MR: "1.2.840.10008.5.1.4.1.1.4.4",
    PET: "1.2.840.10008.5.1.4.1.1.128.1",
}
MULTI_FRAME_SC = "1.2.840.10008.5.1.4.1.1.7.3"


def header_of(elements: Elements) -> str:
    return reason_to_skip(index_header(BytesSource(part10(elements))))


@pytest.mark.parametrize("sop_class", [CT, MR, PET])
@pytest.mark.parametrize("transfer_syntax_uid", [EXPLICIT, IMPLICIT])
def test_slices_become_one_legacy_converted_instance(
    sop_class: str, transfer_syntax_uid: str
) -> None:
    streams = [
        part10(ct_slice(index, sop_class=sop_class), transfer_syntax_uid) for index in (2, 0, 1)
    ]

    dataset = merged_stack(streams).dataset

    assert dataset.file_meta.TransferSyntaxUID == transfer_syntax_uid
    assert dataset.SOPClassUID == dataset.file_meta.MediaStorageSOPClassUID == LEGACY[sop_class]
    assert dataset.SOPInstanceUID == dataset.file_meta.MediaStorageSOPInstanceUID
    assert dataset.NumberOfFrames == 3
    assert dataset["PixelData"].VR == "OW"
    assert dataset.PixelData == b"".join(bytes([index, 1]) * 6 for index in range(3))
    sources = [
        item.ConversionSourceAttributesSequence[0]
        for item in dataset.PerFrameFunctionalGroupsSequence
    ]
    assert [source.ReferencedSOPClassUID for source in sources] == [sop_class] * 3
    assert [source.ReferencedSOPInstanceUID[-1] for source in sources] == ["1", "2", "3"]


def test_odd_eight_bit_frames_are_joined_without_pad_bytes() -> None:
    """PS3.5 8.1.1: only the whole value is padded."""
    change = {0x00280100: us(8), 0x00280010: us(1), 0x00280011: us(3)}
    streams = [
        part10(
            {
                **ct_slice(index, sop_class=MR),
                **change,
                PIXEL_DATA: Raw("OB", bytes([index] * 3) + b"\xee"),
            }
        )
        for index in range(3)
    ]

    merged = merged_stack(streams)

    assert merged.dataset.PixelData == b"\0\0\0\1\1\1\2\2\2\0"
    assert merged.dataset["PixelData"].VR == "OB"
    back = [dcmread(io.BytesIO(stream)).PixelData for stream in split_streams(merged.stream)]
    assert back == [b"\0\0\0\0", b"\1\1\1\0", b"\2\2\2\0"]


def test_bytes_after_the_pixels_are_left_out_and_reported() -> None:
    longer = Raw("OW", bytes(12) + b"\7\7\7\7")

    found = summaries(three({PIXEL_DATA: longer}))

    assert found[0][1] == ("4 byte(s) after the pixels are no pixels, left out",)
    assert len(merged_stack(three({PIXEL_DATA: longer})).dataset.PixelData) == 36


@pytest.mark.parametrize("per_frame", [1, 3])
@pytest.mark.parametrize("has_offset_table", [True, False])
def test_compressed_frames_are_copied_fragment_by_fragment(
    per_frame: int, has_offset_table: bool
) -> None:
    encoded = [b"\xff\x4f\xff\x51" + bytes([index]) * (8 + 2 * index) for index in range(3)]
    datasets = series(3)
    for dataset, frame in zip(datasets, encoded, strict=True):
        set_fragments(
            dataset,
            [frame],
            JPEG_2000,
            fragments_per_frame=per_frame,
            has_offset_table=has_offset_table,
        )
    streams = [to_bytes(dataset) for dataset in datasets]

    merged = merged_stack(streams)

    dataset = merged.dataset
    assert dataset.file_meta.TransferSyntaxUID == JPEG_2000
    assert len(parse_basic_offsets(dataset.PixelData)) == 3
    assert list(generate_frames(dataset.PixelData, number_of_frames=3)) == encoded
    assert_given_back(streams, merged.stream)


def test_frames_beyond_four_gibibytes_get_no_basic_offset_table() -> None:
    """Its offsets have 32 bits (PS3.5 A.4); an empty table is legal."""
    streams = [part10({**ct_slice(index), PIXEL_DATA: fragments(b"aa")}, RLE) for index in (0, 1)]
    (stack,) = find_stacks([one for one, _ in summaries(streams)])
    huge = 1 << 32
    long_ones = tuple(
        frame._replace(slice=replace(frame.slice, pixels=replace(frame.slice.pixels, length=huge)))
        for frame in stack.frames
    )

    (merged,) = merge_stack(
        replace(stack, frames=long_ones),
        elements_by_index(streams),
        series_instance_uid="1.2",
        instance_number=1,
    )

    pieces = list(merged.pieces)
    ranges = [piece for piece in pieces if isinstance(piece, ByteRange)]
    assert [piece.length for piece in ranges] == [huge, huge]
    assert b"\xfe\xff\x00\xe0\0\0\0\0" in pieces


def elements_by_index(streams: list[bytes]) -> Callable[[int], Encoded]:
    headers = [index_header(BytesSource(stream)) for stream in streams]
    return lambda index: source_elements(headers[index].dataset)


def test_a_data_set_without_file_meta_keeps_its_encoding() -> None:
    for transfer_syntax_uid in (EXPLICIT, IMPLICIT):
        streams = [
            part10(ct_slice(index), transfer_syntax_uid, has_meta=False) for index in range(2)
        ]
        assert merged_stack(streams).dataset.file_meta.TransferSyntaxUID == transfer_syntax_uid


@pytest.mark.parametrize(
    ("transfer_syntax_uid", "pixel_data"),
    [(RLE, Raw("OW", bytes(12))), (EXPLICIT, fragments(b"ab"))],
)
def test_pixels_that_are_not_encoded_as_the_meta_says_are_refused(
    transfer_syntax_uid: str, pixel_data: Raw
) -> None:
    with pytest.raises(CorruptPixelDataError):
        summaries([part10({**ct_slice(), PIXEL_DATA: pixel_data}, transfer_syntax_uid)])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({0x00280004: text("CS", "MONOCHROME1")}, NotSupportedError),
        ({0x00280004: text("CS", "PALETTE COLOR")}, NotSupportedError),
        ({0x00280002: us(3)}, NotSupportedError),
        ({0x00280100: us(8)}, NotSupportedError),
        ({0x00280100: us(32), PIXEL_DATA: Raw("OW", bytes(24))}, NotSupportedError),
        ({0x00280008: text("IS", "+2"), PIXEL_DATA: Raw("OW", bytes(24))}, NotSupportedError),
        ({PIXEL_DATA: Raw("OW", b"")}, CorruptPixelDataError),
        ({0x00280010: Raw("US", b"")}, MissingElementError),
        ({0x00280008: text("IS", "9" * 5000)}, InvalidInputError),
    ],
)
def test_what_no_multi_frame_class_takes_is_refused(
    change: Elements, error: type[Exception]
) -> None:
    with pytest.raises(error):
        summaries([part10({**ct_slice(), **change})])


def test_a_missing_sop_class_is_taken_from_the_meta_or_the_modality() -> None:
    without = {tag: raw for tag, raw in ct_slice().items() if tag != 0x00080016}
    unknown = {**without, 0x00080060: text("CS", "OT")}

    (from_meta,) = summaries([part10({**without, 0x00080060: text("CS", "OT")}, sop_class_uid=MR)])
    (from_modality,) = summaries([part10(without)])

    assert from_meta[0].group.sop_class_uid == MR
    assert from_meta[1] == ("SOP Class UID is missing, taken from the file meta",)
    assert from_modality[0].group.sop_class_uid == CT
    assert from_modality[1] == ("SOP Class UID is missing, taken from the modality",)
    with pytest.raises(NotSupportedError):
        summaries([part10(unknown)])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({0x00280008: text("IS", "1")}, ""),
        ({0x00280008: text("IS", "3")}, "already a multi-frame instance (3 frames)"),
        ({0x00280008: text("IS", " 2.0 ")}, "already a multi-frame instance (2 frames)"),
        ({0x00080016: text("UI", LEGACY[CT])}, "already a multi-frame instance"),
        ({0x00080016: text("UI", MULTI_FRAME_SC)}, "already a multi-frame instance"),
    ],
)
def test_what_is_none_of_merges_business_is_told(change: Elements, reason: str) -> None:
    assert header_of({**ct_slice(), **change}) == reason


def test_objects_without_pixels_are_no_images_unless_they_should_be() -> None:
    report = {0x00080016: text("UI", "1.2.840.10008.5.1.4.1.1.88.11"), 0x00080060: text("CS", "SR")}
    broken = {tag: raw for tag, raw in ct_slice().items() if tag != PIXEL_DATA}

    assert header_of(report) == "no image"
    assert header_of(broken) == "", "a CT image without pixels is an error, not another business"
    with pytest.raises(MissingElementError):
        summaries([part10(broken)])


def test_odd_positions_are_noted_and_not_used() -> None:
    changes: list[tuple[Elements, str]] = [
        ({0x00200032: text("DS", "1\\2\\x")}, "position in the patient not used"),
        ({0x00200037: text("DS", "1\\0\\0\\1\\0\\0")}, "spans no plane"),
        ({0x00200032: text("DS", "1\\2")}, ""),
    ]
    for change, note in changes:
        ((one, notes),) = summaries([part10({**ct_slice(), **change})])
        assert one.position_mm is None
        assert one.orientation is None
        assert note in "".join(notes)


def test_decimal_strings_with_blanks_and_exponents_are_numbers() -> None:
    change = {0x00200032: text("DS", " -1.5E+02\\ 2.e1 \\+3 ")}

    ((one, notes),) = summaries([part10({**ct_slice(), **change})])

    assert one.position_mm == (-150.0, 20.0, 3.0)
    assert notes == ()


def test_same_inputs_give_the_same_bytes_and_others_other_uids() -> None:
    streams = three()
    again, other = merged_stack(streams), merged_stack(three({0x00081030: text("LO", "new")}))

    assert (
        merged_stack(list(reversed(streams))).stream == again.stream == merged_stack(streams).stream
    )
    assert other.dataset.SOPInstanceUID != again.dataset.SOPInstanceUID
    assert other.dataset.SeriesInstanceUID != again.dataset.SeriesInstanceUID
    slices = [one for one, _ in summaries(streams)]
    assert series_uid_of(slices) == series_uid_of(slices[::-1]) == again.dataset.SeriesInstanceUID


def test_frames_of_reference_that_differ_are_replaced_by_one_and_kept_per_frame() -> None:
    streams = three(*({0x00200052: text("UI", f"1.3.{index}")} for index in range(3)))

    merged = merged_stack(streams)

    assert merged.dataset.FrameOfReferenceUID.startswith("2.25.")
    assert any("Frame of Reference" in note for note in merged.notes)
    assert_given_back(streams, merged.stream)


def test_one_slice_is_merged_and_split_again() -> None:
    streams = [to_bytes(instance())]

    merged = merged_stack(streams)

    assert merged.dataset.NumberOfFrames == 1
    assert "DimensionOrganizationType" not in merged.dataset
    assert_given_back(streams, merged.stream)


@pytest.mark.parametrize(
    ("tag", "raw"),
    [
        (0x00280010, us(1)),
        (0x00280101, us(11)),
        (0x00280103, us(1)),
        (0x00280120, us(0x2020)),
        (0x00282110, text("CS", "01")),
        (0x00281201, Raw("OW", bytes(998) + b"\1\0")),
        (0x00100020, text("LO", "P2")),
        (0x0020000D, text("UI", "1.9")),
        (0x0020000E, text("UI", "1.9")),
    ],
)
def test_what_cannot_share_a_header_is_not_merged(tag: int, raw: Raw) -> None:
    base: Elements = {0x00281201: Raw("OW", bytes(1000))}
    streams = three(base, {**base, tag: raw}, base)

    merged = merged_stacks(streams)

    assert sorted(len(one.stack.frames) for one in merged) == [1, 2]
