import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.dicom.streams import (
    ByteRange,
    ByteSource,
    BytesSource,
    Piece,
    PiecesSource,
    StreamSource,
    piece_length,
    read_pieces,
)

DATA = bytes(range(256)) * 3


@given(data=st.binary(max_size=50), offset=st.integers(0, 60), length=st.integers(0, 60))
def test_every_source_gives_the_same_bytes_and_fewer_only_at_the_end(
    data: bytes, offset: int, length: int
) -> None:
    sources: list[ByteSource] = [BytesSource(data), StreamSource(io.BytesIO(data))]

    for source in sources:
        assert source.size == len(data)
        assert source.read_at(offset, length) == data[offset : offset + length]


def test_a_stream_source_reads_a_file_that_is_not_at_its_start(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(DATA)
    with path.open("rb") as stream:
        stream.read(100)
        source = StreamSource(stream)

        assert source.size == len(DATA)
        assert source.read_at(5, 3) == DATA[5:8]


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 700), st.integers(0, 100))))
def test_pieces_are_bytes_and_ranges_of_their_sources(
    ranges: list[tuple[int, int, int]],
) -> None:
    sources: list[ByteSource] = [BytesSource(DATA), BytesSource(DATA[::-1])]
    pieces: list[Piece] = [b"<", *(ByteRange(*values) for values in ranges), b">"]

    joined = b"".join(read_pieces(pieces, sources))

    expected = [(DATA, DATA[::-1])[which][at : at + length] for which, at, length in ranges]
    assert joined == b"<" + b"".join(expected) + b">"


def test_a_range_is_a_value() -> None:
    assert ByteRange(0, 1, 2) == ByteRange(0, 1, 2)
    with pytest.raises(AttributeError):
        ByteRange(0, 1, 2).offset = 3  # type: ignore[misc] # that is what must not work


pieces_of_data = st.lists(
    st.one_of(
        st.binary(max_size=9),
        st.builds(ByteRange, st.just(0), st.integers(0, 700), st.integers(0, 60)),
    ),
    max_size=6,
)


@given(pieces=pieces_of_data, offset=st.integers(0, 200), length=st.integers(0, 100))
def test_pieces_can_be_read_as_the_file_that_they_make(
    pieces: list[Piece], offset: int, length: int
) -> None:
    whole = b"".join(read_pieces(pieces, [BytesSource(DATA)]))

    source = PiecesSource(pieces, [BytesSource(DATA)])

    assert source.size == len(whole) == sum(map(piece_length, pieces))
    assert source.read_at(offset, length) == whole[offset : offset + length]


def test_pieces_of_a_source_that_became_shorter_end_there() -> None:
    source = PiecesSource([b"ab", ByteRange(0, 0, 10), b"cd"], [BytesSource(b"12345")])

    assert source.read_at(0, 14) == b"ab12345"
