import io

import numpy as np
import pytest

from isocenter.dicom import encapsulation
from isocenter.dicom.encapsulation import (
    FragmentWriter,
    check_written,
    native_bytes,
    native_header,
    write_native,
)
from isocenter.dicom.frames import index_frames, read_frame
from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.streams import BytesSource
from isocenter.errors import ConflictError
from tests.coded import pixel_format
from tests.encoded import element, part10

FRAMES = [b"abc", b"defg", b"", b"hi"]


def written() -> tuple[HeaderIndex, BytesSource, FragmentWriter]:
    """Return what a reader finds of `FRAMES`, and the writer."""
    rows = element(0x00280008, "IS", b"4 ") + element(0x00280010, "US", b"\1\0")
    target = io.BytesIO()
    target.write(part10(rows, "1.2.840.10008.1.2.4.90"))
    writer = FragmentWriter(target, len(FRAMES), 4)
    for frame in FRAMES:
        writer.add(frame)
    writer.finish()
    source = BytesSource(target.getvalue())
    return index_header(source), source, writer


@pytest.mark.parametrize("is_extended", [False, True])
def test_frames_are_found_by_their_table(
    is_extended: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_extended:
        monkeypatch.setattr(encapsulation, "_BASIC_MAX", 100)
    header, source, writer = written()

    frames = index_frames(header, source)

    padded = [frame + b"\0" * (len(frame) % 2) for frame in FRAMES]
    assert [read_frame(source, frames, number) for number in range(1, 5)] == padded
    assert writer.total_bytes == sum(map(len, FRAMES))
    table = source.read_at(*header.fragments[0])
    if is_extended:
        assert table == b""
        offsets = np.frombuffer(header.dataset.value(0x7FE00001), "<u8").tolist()
        lengths = np.frombuffer(header.dataset.value(0x7FE00002), "<u8").tolist()
        assert lengths == [4, 4, 0, 2]
    else:
        offsets = np.frombuffer(table, "<u4").tolist()
    assert offsets == [0, 12, 24, 32]


def test_a_frame_that_reads_back_otherwise_is_noticed() -> None:
    header, source, writer = written()
    check_written(header, source, writer.checksums)

    for wrong in ([*writer.checksums[:-1], 1], writer.checksums[:-1]):
        with pytest.raises(ConflictError):
            check_written(header, source, wrong)


def test_native_frames_of_bits_leave_no_gap() -> None:
    pixels = pixel_format(bits_stored=1, bits_allocated=1, rows=1, columns=3)
    target = io.BytesIO()

    write_native(target, [np.array([[1, 0, 1]], "u1")] * 3, pixels)

    assert target.getvalue() == bytes([0b01101101, 0b1])
    assert native_bytes(pixels, 3) == 2


def test_words_and_bytes_have_their_vr() -> None:
    assert native_header(pixel_format(), 1)[4:6] == b"OW"
    assert native_header(pixel_format(bits_stored=8, bits_allocated=8), 1)[4:6] == b"OB"
