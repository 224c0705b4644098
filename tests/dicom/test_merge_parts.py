"""Concatenations: one stack in several instances, because native pixels end at 4 GiB."""

import hashlib
import io
from dataclasses import replace

import pytest
from pydicom import Dataset, dcmread

from isocenter.dicom.header_index import index_header
from isocenter.dicom.merge import Merged, merge_stack
from isocenter.dicom.slices import source_elements
from isocenter.dicom.stacks import find_stacks
from isocenter.dicom.streams import BytesSource, read_pieces
from isocenter.errors import NotSupportedError
from isocenter.limits import DEFAULT
from tests.equality import differences
from tests.in_memory import split_streams, summaries
from tests.raw_instance import CT, IMPLICIT, JPEG_2000, PIXEL_DATA, SC, ct_slice, part10, raw_view
from tests.raw_instance import fragments as encapsulated

FRAME_BYTES = 12


def parts_of(streams: list[bytes], *, frames: int) -> tuple[list[Merged], list[bytes]]:
    """Return what merge makes of one stack if a part may have so many Frames."""
    sources = [BytesSource(stream) for stream in streams]
    headers = [index_header(source) for source in sources]
    (stack,) = find_stacks([one for one, _ in summaries(streams)])
    limits = replace(DEFAULT, instance_pixel_bytes=max(1, frames * FRAME_BYTES))
    merged = merge_stack(
        stack,
        lambda index: source_elements(headers[index].dataset),
        series_instance_uid="1.2.3",
        instance_number=1,
        limits=limits,
    )
    return merged, [b"".join(read_pieces(one.pieces, list(sources))) for one in merged]


def read(stream: bytes) -> Dataset:
    return dcmread(io.BytesIO(stream))


@pytest.mark.parametrize("transfer_syntax_uid", ["1.2.840.10008.1.2.1", IMPLICIT])
def test_parts_follow_one_another_and_tell_what_they_are_part_of(transfer_syntax_uid: str) -> None:
    """PS3.3 C.7.6.16.2.2.4: five frames, two to a part."""
    streams = [part10(ct_slice(index), transfer_syntax_uid) for index in range(5)]

    merged, written = parts_of(streams, frames=2)

    datasets = [read(stream) for stream in written]
    assert [one.number_of_frames for one in merged] == [2, 2, 1]
    assert [dataset.NumberOfFrames for dataset in datasets] == [2, 2, 1]
    assert [dataset.InConcatenationNumber for dataset in datasets] == [1, 2, 3]
    assert [dataset.InConcatenationTotalNumber for dataset in datasets] == [3, 3, 3]
    assert [dataset.ConcatenationFrameOffsetNumber for dataset in datasets] == [0, 2, 4]
    assert len({dataset.ConcatenationUID for dataset in datasets}) == 1
    assert len({dataset.SOPInstanceUID for dataset in datasets}) == 3
    assert len({dataset.SOPInstanceUIDOfConcatenationSource for dataset in datasets}) == 1
    for one, dataset in zip(merged, datasets, strict=True):
        assert one.sop_instance_uid == dataset.SOPInstanceUID
        assert dataset.SOPInstanceUID == dataset.file_meta.MediaStorageSOPInstanceUID
        assert len(dataset.PerFrameFunctionalGroupsSequence) == dataset.NumberOfFrames
    assert b"".join(dataset.PixelData for dataset in datasets) == b"".join(
        bytes([index, 1]) * 6 for index in range(5)
    )
    positions = [
        item.FrameContentSequence[0].InStackPositionNumber
        for dataset in datasets
        for item in dataset.PerFrameFunctionalGroupsSequence
    ]
    assert positions == [1, 2, 3, 4, 5]
    assert [bool(one.notes) for one in merged] == [True, False, False]
    assert "Concatenation of 3 parts" in merged[0].notes[-1]


def test_each_part_is_split_into_its_own_slices() -> None:
    streams = [part10(ct_slice(index)) for index in range(5)]

    _, written = parts_of(streams, frames=3)

    given_back = [stream for part in written for stream in split_streams(part)]
    for ours, source in zip(given_back, streams, strict=True):
        assert not differences(raw_view(ours), raw_view(source))
    renewed = [
        read(stream).SOPInstanceUID
        for part in written
        for stream in split_streams(part, keep_original_uids=False)
    ]
    assert len(set(renewed)) == 5


def test_what_fits_is_not_parted_and_the_uid_of_the_whole_stays() -> None:
    streams = [part10(ct_slice(index)) for index in range(4)]

    (whole,), (written,) = parts_of(streams, frames=4)
    parts, _ = parts_of(streams, frames=3)

    assert "ConcatenationUID" not in read(written)
    first = read(parts_of(streams, frames=3)[1][0])
    assert first.SOPInstanceUIDOfConcatenationSource == whole.sop_instance_uid
    assert whole.sop_instance_uid not in {one.sop_instance_uid for one in parts}


def test_a_frame_larger_than_a_part_still_gets_one() -> None:
    streams = [part10(ct_slice(index)) for index in range(2)]

    merged, _ = parts_of(streams, frames=0)

    assert [one.number_of_frames for one in merged] == [1, 1]


def test_compressed_pixels_have_no_end_and_no_parts() -> None:
    streams = [
        part10({**ct_slice(index), PIXEL_DATA: encapsulated(b"0123456789abcdef")}, JPEG_2000)
        for index in range(3)
    ]

    merged, _ = parts_of(streams, frames=1)

    assert [one.number_of_frames for one in merged] == [3]


def test_classes_without_concatenations_refuse_what_does_not_fit() -> None:
    """DESIGN 7: Concatenations need functional groups."""
    for sop_class, parts in ((CT, 2), (SC, None)):
        streams = [part10(ct_slice(index, sop_class=sop_class)) for index in range(2)]
        if parts is None:
            with pytest.raises(NotSupportedError, match="parts"):
                parts_of(streams, frames=1)
        else:
            assert len(parts_of(streams, frames=1)[0]) == parts


def test_the_parts_are_the_same_in_every_run() -> None:
    streams = [part10(ct_slice(index)) for index in range(4)]

    digests = {
        hashlib.sha256(b"".join(parts_of(order, frames=2)[1])).digest()
        for order in (streams, streams[::-1])
    }

    assert len(digests) == 1


def test_no_setting_makes_a_part_longer_than_its_length_can_say() -> None:
    """The slices stand for huge ones here: only their lengths are looked at."""
    (stack,) = find_stacks([one for one, _ in summaries([part10(ct_slice(k)) for k in range(5)])])
    huge = tuple(
        frame._replace(
            slice=replace(frame.slice, pixels=replace(frame.slice.pixels, length=1 << 30))
        )
        for frame in stack.frames
    )

    merged = merge_stack(
        replace(stack, frames=huge),
        lambda _: {},
        series_instance_uid="1.2.3",
        instance_number=1,
        limits=replace(DEFAULT, instance_pixel_bytes=1 << 40),
    )

    assert [one.number_of_frames for one in merged] == [3, 2]
