import io
from collections.abc import Callable

import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.encaps import encapsulate
from pydicom.uid import UID, generate_uid

from isocenter.dicom.header_index import index_header
from isocenter.dicom.split import frame_uids, reason_to_skip, split_frames
from isocenter.dicom.streams import BytesSource
from isocenter.errors import (
    CorruptPixelDataError,
    InvalidInputError,
    MissingElementError,
    NotSupportedError,
)
from tests.builders import OBLIQUE, add_private, series, to_bytes, vary_rescale
from tests.equality import differences, view
from tests.in_memory import merged_stack, split_streams, three
from tests.raw_instance import (
    CT,
    EXPLICIT,
    IMPLICIT,
    MR,
    PET,
    PIXEL_DATA,
    RLE,
    SOP_UIDS,
    Elements,
    Raw,
    ct_slice,
    fragments,
    part10,
    sequence,
    text,
    us,
)

LEGACY_CT = "1.2.840.10008.5.1.4.1.1.2.2"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
RT_DOSE = "1.2.840.10008.5.1.4.1.1.481.2"
SINGLE = "already a single-frame instance"
SHARED, PER_FRAME = 0x52009229, 0x52009230
THICKNESS, POSITION = 0x00180050, 0x00200032


def read(stream: bytes) -> Dataset:
    return dcmread(io.BytesIO(stream))


def edited(stream: bytes, edit: Callable[[Dataset], None]) -> bytes:
    """Return a stream as pydicom writes it after a change."""
    dataset = read(stream)
    edit(dataset)
    target = io.BytesIO()
    dcmwrite(target, dataset)
    return target.getvalue()


def foreign(
    per_frame: tuple[Elements, ...], *, shared: Elements | None = None, **more: Raw
) -> Elements:
    """Return a Legacy Converted Enhanced CT as another program may write it."""
    elements = {
        **ct_slice(),
        0x00080016: text("UI", LEGACY_CT),
        0x00080018: text("UI", "1.2.7"),
        0x00280008: text("IS", str(len(per_frame))),
        SHARED: sequence(shared or {}),
        PER_FRAME: sequence(*per_frame),
        PIXEL_DATA: Raw("OW", b"".join(bytes([index] * 12) for index in range(len(per_frame)))),
    }
    del elements[POSITION]
    return {**elements, **{int(tag, 16): raw for tag, raw in more.items()}}


def frame(index: int, **held: Raw) -> Elements:
    return {
        0x00209113: sequence({POSITION: text("DS", f"0\\0\\{index}")}),
        **{int(tag, 16): raw for tag, raw in held.items()},
    }


@pytest.mark.parametrize("modality", ["CT", "MR", "PT"])
def test_frames_become_instances_of_the_original_class(modality: str) -> None:
    datasets = series(5, modality=modality, orientation=OBLIQUE, vary=vary_rescale)
    for index, dataset in enumerate(datasets):
        add_private(dataset, index)
    merged = merged_stack([to_bytes(dataset) for dataset in datasets]).stream

    given_back = [read(stream) for stream in split_streams(merged)]

    for ours, source in zip(given_back, datasets, strict=True):
        assert ours.file_meta.MediaStorageSOPClassUID == source.SOPClassUID
        assert ours.file_meta.MediaStorageSOPInstanceUID == source.SOPInstanceUID
        assert ours.PixelData == source.PixelData
        assert not differences(view(ours), view(read(to_bytes(source))))


def test_without_the_original_uids_the_new_ones_are_derived_and_all_different() -> None:
    streams = three()
    merged = merged_stack(streams).stream

    first = split_streams(merged, keep_original_uids=False)
    again = split_streams(merged, keep_original_uids=False)

    assert first == again
    uids = [read(stream).SOPInstanceUID for stream in first]
    assert len(set(uids)) == 3
    assert not {*uids} & {read(stream).SOPInstanceUID for stream in streams}
    assert all(uid.is_valid and uid.startswith("2.25.") for uid in uids)
    for ours, source in zip(first, streams, strict=True):
        assert not differences(
            view(read(ours), without=SOP_UIDS), view(read(source), without=SOP_UIDS)
        )


@pytest.mark.parametrize("transfer_syntax_uid", [EXPLICIT, IMPLICIT])
def test_what_another_program_converted_is_split_too(transfer_syntax_uid: str) -> None:
    converted = foreign(
        (
            frame(0),
            frame(
                1,
                **{
                    "00289110": sequence({THICKNESS: text("DS", "3")}),
                    "00209171": sequence({0x00200013: text("IS", "9")}),
                    "00209172": sequence(
                        {0x00081150: text("UI", CT), 0x00081155: text("UI", "1.2.3")}
                    ),
                },
            ),
        ),
        shared={
            0x00289110: sequence({THICKNESS: text("DS", "2")}),
            0x00209170: sequence({0x00181210: text("SH", "B30f")}),
        },
    )

    one, two = split_streams(part10(converted, transfer_syntax_uid), keep_original_uids=False)

    first, second = read(one), read(two)
    assert (first.SliceThickness, second.SliceThickness) == (2, 3)
    assert (first.InstanceNumber, second.InstanceNumber) == (1, 9)
    assert first.ConvolutionKernel == second.ConvolutionKernel == "B30f"
    assert [float(value) for value in second.ImagePositionPatient] == [0, 0, 1]
    assert second.PixelData == bytes([1] * 12)
    assert first.SOPClassUID == CT
    assert not {SHARED, PER_FRAME, 0x00280008} & {*first.keys()}


def test_original_uids_that_are_not_recorded_cannot_be_given_back() -> None:
    with pytest.raises(NotSupportedError, match="not recorded"):
        split_streams(part10(foreign((frame(0),))))


def test_a_source_class_that_is_none_of_ours_does_not_mislead() -> None:
    odd = frame(0, **{"00209172": sequence({0x00081150: text("UI", "1.2.3")})})

    (stream,) = split_streams(part10(foreign((odd,))), keep_original_uids=False)

    assert read(stream).SOPClassUID == CT


@pytest.mark.parametrize("groups", [0, 1, 3])
def test_functional_groups_that_do_not_match_the_frames_are_refused(groups: int) -> None:
    """Also more of them than frames: nothing may be invented, nothing dropped."""
    elements = foreign((frame(0), frame(1)))
    elements[PER_FRAME] = sequence(*(frame(index) for index in range(groups)))

    with pytest.raises(InvalidInputError, match="as many"):
        split_streams(part10(elements), keep_original_uids=False)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({PIXEL_DATA: Raw("OW", bytes(20))}, CorruptPixelDataError),
        ({PIXEL_DATA: fragments(b"ab", b"cd")}, CorruptPixelDataError),
        ({0x00080018: Raw("UI", b"")}, MissingElementError),
        ({0x00280008: text("IS", "x")}, InvalidInputError),
        ({0x00080016: text("UI", RT_DOSE)}, NotSupportedError),
        ({0x00080016: text("UI", "")}, NotSupportedError),
    ],
)
def test_broken_and_other_objects_are_refused(change: Elements, error: type[Exception]) -> None:
    with pytest.raises(error):
        split_streams(part10({**foreign((frame(0), frame(1))), **change}), keep_original_uids=False)


def test_frames_of_bits_begin_at_the_first_byte() -> None:
    """Six bits each: 011100 and 110010, the first pixel in the lowest place."""
    elements = foreign((frame(0), frame(1)))
    elements |= {0x00280100: us(1), PIXEL_DATA: Raw("OB", b"\x0e\x0d")}

    one, two = split_streams(part10(elements), keep_original_uids=False)

    assert (read(one).PixelData, read(two).PixelData) == (b"\x0e\0", b"\x34\0")


def test_the_class_may_stand_in_the_meta_alone() -> None:
    elements = foreign((frame(0),))
    del elements[0x00080016]

    assert (
        len(split_streams(part10(elements, sop_class_uid=LEGACY_CT), keep_original_uids=False)) == 1
    )


def test_functional_groups_of_unknown_vr_are_read() -> None:
    """As a gateway writes that knows no functional groups: UN, its content implicit."""
    elements = foreign((frame(0),))
    plain = split_streams(part10(elements), keep_original_uids=False)
    elements[PER_FRAME] = Raw("UN", (frame(0),), has_implicit_items=True)

    assert split_streams(part10(elements), keep_original_uids=False) == plain


def test_odd_frames_of_eight_bits_get_a_pad_byte_each() -> None:
    elements = foreign((frame(0), frame(1)))
    elements |= {0x00280100: us(8), 0x00280010: us(1), PIXEL_DATA: Raw("OB", b"\1\2\3\4\5\6")}

    one, two = split_streams(part10(elements), keep_original_uids=False)

    assert (read(one).PixelData, read(two).PixelData) == (b"\1\2\3\0", b"\4\5\6\0")
    assert read(one)["PixelData"].VR == "OB"


def test_compressed_frames_keep_their_fragments() -> None:
    elements = foreign((frame(0), frame(1)))
    del elements[PIXEL_DATA]
    dataset = read(part10(elements, RLE))
    frames = [b"first frame.", b"second frame"]
    dataset.PixelData = encapsulate(frames, fragments_per_frame=2)
    dataset["PixelData"].VR = "OB"
    target = io.BytesIO()
    dcmwrite(target, dataset)

    given_back = split_streams(target.getvalue(), keep_original_uids=False)

    for stream, expected in zip(given_back, frames, strict=True):
        ours = read(stream)
        assert ours.file_meta.TransferSyntaxUID == RLE
        empty_table = b"\xfe\xff\x00\xe0\0\0\0\0"
        assert ours.PixelData[:8] == empty_table
        index = index_header(BytesSource(stream))
        parts = [stream[part.offset : part.offset + part.length] for part in index.fragments[1:]]
        assert len(parts) == 2
        assert b"".join(parts) == expected


@pytest.mark.parametrize(
    ("sop_class", "change", "reason"),
    [
        (CT, {}, SINGLE),
        (MR, {0x00280008: text("IS", "1")}, SINGLE),
        (PET, {0x00280008: text("IS", "2")}, ""),
        (CT, {PER_FRAME: sequence()}, SINGLE),
        (CT, {0x00080016: text("UI", LEGACY_CT), PER_FRAME: sequence()}, ""),
        (CT, {0x00080016: text("UI", SEGMENTATION), PER_FRAME: sequence()}, SINGLE),
    ],
)
def test_what_is_none_of_splits_business_is_told(
    sop_class: str, change: Elements, reason: str
) -> None:
    stream = part10({**ct_slice(sop_class=sop_class), **change})

    assert reason_to_skip(index_header(BytesSource(stream))) == reason


def test_a_classic_class_with_functional_groups_is_flattened() -> None:
    elements = foreign((frame(0), frame(1)))
    elements[0x00080016] = text("UI", CT)

    _, two = split_streams(part10(elements), keep_original_uids=False)

    assert [float(value) for value in read(two).ImagePositionPatient] == [0, 0, 1]
    assert PER_FRAME not in read(two)


def test_an_object_without_pixels_is_no_image() -> None:
    elements = ct_slice()
    del elements[PIXEL_DATA]

    assert reason_to_skip(index_header(BytesSource(part10(elements)))) == "no image"


def special(index: int, dataset: Dataset) -> None:
    add_private(dataset, index)
    dataset.PresentationLUTShape = "INVERSE"
    dataset.SpacingBetweenSlices = "-7"


def test_a_merged_object_written_anew_with_undefined_lengths_is_split_the_same() -> None:
    datasets = series(3, vary=special)
    merged = merged_stack([to_bytes(dataset) for dataset in datasets]).stream

    def undefined_lengths(dataset: Dataset) -> None:
        for keyword in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
            dataset[keyword].is_undefined_length = True
            for item in dataset[keyword].value:
                item.is_undefined_length_sequence_item = True

    for ours, source in zip(
        split_streams(edited(merged, undefined_lengths)), datasets, strict=True
    ):
        assert not differences(view(read(ours)), view(read(to_bytes(source))))


@pytest.mark.parametrize(("before", "after"), [(EXPLICIT, IMPLICIT), (IMPLICIT, EXPLICIT)])
def test_a_merged_object_that_an_archive_wrote_in_another_vr_encoding_is_split(
    before: str, after: str
) -> None:
    """Implicit made explicit: nobody knows our private block, it becomes UN."""
    streams = [written_as(to_bytes(dataset), before) for dataset in series(3, vary=special)]
    merged = written_as(merged_stack(streams).stream, after)

    for ours, source in zip(split_streams(merged), streams, strict=True):
        assert read(ours).file_meta.TransferSyntaxUID == after
        assert not differences(view(read(ours)), view(read(written_as(source, after))))


def written_as(stream: bytes, transfer_syntax_uid: str) -> bytes:
    """Return the stream as pydicom writes it in another Transfer Syntax."""
    dataset = read(stream)
    dataset.file_meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    target = io.BytesIO()
    dcmwrite(target, dataset, implicit_vr=transfer_syntax_uid == IMPLICIT, little_endian=True)
    return target.getvalue()


def test_new_uids_follow_the_instance() -> None:
    merged = merged_stack(three()).stream

    def renamed(dataset: Dataset) -> None:
        dataset.SOPInstanceUID = generate_uid(entropy_srcs=["other"])

    ours = split_streams(merged, keep_original_uids=False)
    others = split_streams(edited(merged, renamed), keep_original_uids=False)

    assert not {read(one).SOPInstanceUID for one in ours} & {
        read(one).SOPInstanceUID for one in others
    }


def test_frames_come_one_at_a_time() -> None:
    source = BytesSource(merged_stack(three()).stream)

    frames = split_frames(index_header(source), source, keep_original_uids=True)

    assert [next(frames).frame_number, next(frames).frame_number] == [1, 2]


def test_the_uids_of_frames_are_known_before_they_are_split() -> None:
    source = BytesSource(merged_stack(three()).stream)

    known = frame_uids(index_header(source), source)

    split = split_streams(merged_stack(three()).stream, keep_original_uids=False)
    assert known == [read(stream).SOPInstanceUID for stream in split]


@pytest.mark.parametrize(
    "change",
    [
        {0x00280008: text("IS", "9" * 15)},
        {0x00080018: Raw("UI", b"")},
        {0x00080016: text("UI", RT_DOSE)},
        {0x00280010: Raw("US", b"")},
    ],
)
def test_what_cannot_be_split_has_no_uids_of_frames(change: Elements) -> None:
    """A Number of Frames that the pixels do not bear out would fill the memory."""
    source = BytesSource(part10({**foreign((frame(0), frame(1))), **change}))

    assert frame_uids(index_header(source), source) == []
