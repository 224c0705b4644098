"""Fuzz of split: mutated multi-frame objects give Frames, or end in a clean error."""

import time
from collections import Counter

import pytest
from pydicom import Dataset
from pydicom.uid import ImplicitVRLittleEndian, JPEG2000Lossless

from isocenter.dicom.header_index import index_header
from isocenter.dicom.split import frame_uids, reason_to_skip, split_frames
from isocenter.dicom.streams import BytesSource, read_pieces
from isocenter.errors import IsocenterError
from isocenter.limits import Limits
from tests.builders import set_fragments, to_bytes
from tests.fuzz.mutations import mutations
from tests.multi_frame import STORAGE, classic, enhanced, groups_of, item

CPU_SECONDS_MAX = 2.0
OUTPUT_BYTES_MAX = 50_000_000
LIMITS = Limits(header_value_bytes=1_000_000)
MUTATIONS, MUTATIONS_FULL = 120, 6000


def seeds() -> list[bytes]:
    """Return small objects of every way of splitting."""
    run = classic(
        f"{STORAGE}12.1",
        3,
        FrameIncrementPointer=0x00181065,
        FrameTimeVector=[0, 33, 34],
        PositionerPrimaryAngle=1,
        PositionerPrimaryAngleIncrement=[0, 1, 2],
        FrameNumbersOfInterest=[2],
    )
    run.add_new(0x60000010, "US", 3)
    run.add_new(0x60000011, "US", 5)
    run.add_new(0x60000015, "IS", "3")
    run.add_new(0x60003000, "OW", bytes(6))
    detector = item(ImagePositionPatient=[0, 0, 0], ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    volume = classic(
        f"{STORAGE}20",
        3,
        ImageType=["ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION"],
        SliceVector=[1, 2, 3],
        SpacingBetweenSlices=2,
        DetectorInformationSequence=[detector],
    )
    magnetic = enhanced("MR", 3)
    groups_of(magnetic, 1).private_block(0x21, "MAKER", create=True).add_new(1, "SQ", [Dataset()])
    implicit = enhanced("CT", 2)
    implicit.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    labels = enhanced("CT", 3, sop_class_uid=f"{STORAGE}66.4")
    labels.BitsAllocated = labels.BitsStored = 1
    packed = set_fragments(enhanced("PT", 2), [b"first ", b"second"], JPEG2000Lossless)
    made = (run, volume, magnetic, implicit, labels, packed, enhanced("PT", 3))
    return [to_bytes(dataset) for dataset in made]


def outcome(data: bytes) -> str:
    source = BytesSource(data)
    started = time.process_time()
    written = 0
    try:
        header = index_header(source, LIMITS)
        if reason_to_skip(header):
            return "skipped"
        known = frame_uids(header, source)
        for frame in split_frames(header, source, keep_original_uids=False):
            assert frame.sop_instance_uid == known[frame.frame_number - 1]
            written += sum(len(piece) for piece in read_pieces(frame.pieces, [source]))
            if written > OUTPUT_BYTES_MAX:
                return "large"
    except IsocenterError as error:
        return type(error).__name__
    finally:
        assert time.process_time() - started < CPU_SECONDS_MAX
    return "split"


def fuzz(count: int) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    streams = seeds()
    for number, stream in enumerate(streams):
        other = streams[(number + 1) % len(streams)]
        for turn, data in enumerate(mutations(stream, other, count, number)):
            try:
                outcomes[outcome(data)] += 1
            except BaseException:
                print(f"seed {number}, mutation {turn} of {count}, {len(data)} bytes")
                raise
    return outcomes


@pytest.mark.slow
def test_mutated_objects_are_split_or_end_in_a_clean_error() -> None:
    outcomes = fuzz(MUTATIONS)

    assert outcomes["split"] > MUTATIONS
    assert sum(outcomes.values()) == MUTATIONS * len(seeds())


@pytest.mark.full
def test_many_mutated_objects_are_split_or_end_in_a_clean_error() -> None:
    assert fuzz(MUTATIONS_FULL)["split"] > MUTATIONS_FULL
