"""Where Frames lie, kept in a few bytes: the same bytes as the index of Frames gives."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset

from isocenter.dicom.frame_table import count_frames, find_frame, pack_frames, read_ranges
from isocenter.dicom.frames import read_frame
from isocenter.dicom.header_index import index_header
from isocenter.dicom.samples import index_pixels
from isocenter.dicom.streams import BytesSource
from isocenter.errors import (
    CorruptPixelDataError,
    FrameNotFoundError,
    IsocenterError,
    MissingElementError,
)
from tests.builders import instance, to_bytes


def test_every_frame_of_every_file_is_what_the_index_of_frames_gives(shared_data: Path) -> None:
    checked = 0
    for path in sorted((shared_data / "dicom").rglob("*.dcm")):
        source = BytesSource(path.read_bytes())
        try:
            header = index_header(source)
            index = index_pixels(header, source)
        except IsocenterError:
            continue
        table = pack_frames(header, source)
        assert count_frames(table) == len(index.spans)
        for frame_number in {1, len(index.spans) // 2 + 1, len(index.spans)}:
            found = find_frame(table, frame_number)
            if found.bits % 8 == 0:
                own = read_frame(source, index, frame_number)
                assert read_ranges(source, found) == own, path.name
                checked += 1
    assert checked > 500


def test_packed_bits_begin_with_the_first_bit_of_the_frame() -> None:
    bits = np.random.default_rng(7).integers(0, 2, (3, 5, 3), dtype=np.uint8)
    packed = np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    source = BytesSource(to_bytes(_bitmap(packed, frames=3, rows=5, columns=3)))
    table = pack_frames(index_header(source), source)

    for frame_index in range(3):
        data = read_ranges(source, find_frame(table, frame_index + 1))
        found = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[:15]
        assert (found == bits[frame_index].reshape(-1)).all()


@pytest.mark.parametrize("frame_number", [0, -1, 2, 1 << 40])
def test_frame_outside_is_not_found(frame_number: int) -> None:
    source = BytesSource(to_bytes(instance()))
    table = pack_frames(index_header(source), source)

    with pytest.raises(FrameNotFoundError):
        find_frame(table, frame_number)


def test_empty_table_has_no_frames() -> None:
    assert count_frames(b"") == 0
    with pytest.raises(FrameNotFoundError):
        find_frame(b"", 1)


def test_object_without_pixels_has_no_table() -> None:
    dataset = instance()
    del dataset.PixelData
    source = BytesSource(to_bytes(dataset))

    with pytest.raises(MissingElementError):
        pack_frames(index_header(source), source)


def test_pixels_that_are_too_short_are_refused() -> None:
    dataset = instance()
    dataset.NumberOfFrames = 2
    source = BytesSource(to_bytes(dataset))

    with pytest.raises(CorruptPixelDataError):
        pack_frames(index_header(source), source)


def test_source_that_ends_early_is_noticed() -> None:
    data = to_bytes(instance())
    source = BytesSource(data)
    table = pack_frames(index_header(source), source)

    with pytest.raises(CorruptPixelDataError):
        read_ranges(BytesSource(data[:-10]), find_frame(table, 1))


def _bitmap(packed: bytes, *, frames: int, rows: int, columns: int) -> Dataset:
    dataset = instance()
    dataset.Rows, dataset.Columns, dataset.NumberOfFrames = rows, columns, frames
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 1, 1, 0
    dataset.PixelRepresentation = 0
    dataset.PixelData = packed + b"\0" * (len(packed) % 2)
    return dataset
