from typing import BinaryIO

import pytest

from isocenter.dicom.fragment_stream import open_fragments
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.errors import CorruptPixelDataError
from tests.builders import instance, set_fragments, to_bytes

PARTS = [b"abcd", b"efghij", b"kl"]


def stream_of(parts: list[bytes]) -> BinaryIO:
    dataset = set_fragments(instance(), parts, "1.2.840.10008.1.2.4.102", has_offset_table=False)
    source = BytesSource(to_bytes(dataset))
    return open_fragments(index_header(source), source)


def test_fragments_are_read_as_one() -> None:
    stream = stream_of(PARTS)

    assert stream.read() == b"abcdefghijkl"
    assert stream.read(1) == b""
    assert stream.seek(3) == 3
    assert stream.read(4) == b"defg"
    assert stream.tell() == 7
    assert stream.seek(-2, 2) == 10
    assert stream.read(5) == b"kl"
    assert stream.seek(100) == 100
    assert stream.read(5) == b""


def test_without_a_fragment_there_is_no_stream() -> None:
    dataset = set_fragments(instance(), PARTS, "1.2.840.10008.1.2.4.102", has_offset_table=False)
    source = BytesSource(to_bytes(dataset))
    header = index_header(source)
    with pytest.raises(CorruptPixelDataError, match="without a fragment"):
        open_fragments(header._replace(fragments=header.fragments[:1]), source)
