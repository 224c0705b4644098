"""Attacks on the header walker: what they cost is counted, in steps, bytes read and memory.

Each stream is made so that a careless walker takes quadratic time, recurses, or fills memory.
"""

import tracemalloc
from struct import pack

import pytest

from isocenter.dicom.header_index import index_header, walk
from isocenter.dicom.header_walker import UNDEFINED, HeaderWalker, looks_like_vr
from isocenter.dicom.streams import BytesSource
from isocenter.errors import InvalidInputError, TooLargeError, TruncatedError, UnusualEncodingError
from isocenter.limits import DEFAULT, Limits

ITEM = b"\xfe\xff\x00\xe0"
ITEM_END = b"\xfe\xff\x0d\xe0" + bytes(4)
SEQUENCE_END = b"\xfe\xff\xdd\xe0" + bytes(4)
EMPTY_ITEM = ITEM + bytes(4)
OPEN = pack("<I", UNDEFINED)
SEQUENCE = b"\x08\0\x40\x11SQ\0\0"
PIXEL_DATA = b"\xe0\x7f\x10\0OB\0\0"
MODALITY = b"\x08\0\x60\0CS\x02\0CT"


class CountingSource(BytesSource):
    """Counts what is read."""

    __slots__ = ("bytes_read", "reads")

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.bytes_read = self.reads = 0

    def read_at(self, offset: int, length: int) -> bytes:
        data = super().read_at(offset, length)
        self.bytes_read += len(data)
        self.reads += 1
        return data


def part10(data_set: bytes, transfer_syntax_uid: bytes = b"1.2.840.10008.1.2.1\0") -> bytes:
    meta = b"\x02\0\x10\0UI" + pack("<H", len(transfer_syntax_uid)) + transfer_syntax_uid
    return bytes(128) + b"DICM" + meta + data_set


def small_elements(count: int) -> bytes:
    """Return so many private elements of 8 bytes, tags ascending."""
    return b"".join(
        pack("<HH2sH", 0x0011 + 2 * (k >> 15), k & 0x7FFF, b"CS", 0) for k in range(count)
    )


def defined(content: bytes) -> bytes:
    return SEQUENCE + pack("<I", len(content) + 8) + ITEM + pack("<I", len(content)) + content


def undefined(content: bytes) -> bytes:
    return SEQUENCE + OPEN + ITEM + OPEN + content + ITEM_END + SEQUENCE_END


def walked(data: bytes, limits: Limits = DEFAULT) -> tuple[int, CountingSource]:
    source = CountingSource(data)
    count = sum(1 for _ in walk(index_header(source, limits).dataset))
    return count, source


@pytest.mark.parametrize("nest", [defined, undefined])
def test_each_byte_of_a_deep_nest_is_read_a_few_times_only(nest: object) -> None:
    assert callable(nest)
    data_set = b""
    for _ in range(DEFAULT.header_depth):
        data_set = nest(small_elements(1000) + data_set)

    count, source = walked(part10(data_set + MODALITY))

    assert count == DEFAULT.header_depth * 1001 + 1
    assert source.bytes_read < 4 * source.size


@pytest.mark.parametrize("nest", [defined, undefined])
def test_elements_are_counted_once_however_deep_they_lie(nest: object) -> None:
    assert callable(nest)
    data_set = small_elements(5000)
    for _ in range(20):
        data_set = nest(data_set)

    walked(part10(data_set), Limits(header_elements=6400))
    with pytest.raises(TooLargeError):
        walked(part10(data_set), Limits(header_elements=4900))


def test_opening_a_sequence_again_costs_nothing_of_the_bound() -> None:
    header = index_header(
        BytesSource(part10(undefined(small_elements(1000)))), Limits(header_elements=1100)
    )

    for _ in range(5):
        (item,) = header.dataset.items(0x00081140)
        assert len(item.elements) == 1000


def test_one_tag_repeated_is_not_free() -> None:
    with pytest.raises(TooLargeError):
        walked(part10(MODALITY * 100_000), Limits(header_elements=3000))
    with pytest.raises(TooLargeError):
        walked(part10(defined(MODALITY * 100_000)), Limits(header_elements=3000))


@pytest.mark.parametrize("transfer_syntax_uid", [b"1.2.840.10008.1.2\0", b"1.2.840.10008.1.2.1\0"])
def test_endless_nesting_ends_at_the_bound(transfer_syntax_uid: bytes) -> None:
    is_implicit = transfer_syntax_uid.endswith(b"1.2\0")
    opening = (b"\x09\0\x01\x10" if is_implicit else SEQUENCE) + OPEN + ITEM + OPEN

    with pytest.raises(TooLargeError) as caught:
        walked(part10(opening * 50_000, transfer_syntax_uid))

    assert (caught.value.limit, caught.value.used) == ("header_depth", 65)


@pytest.mark.parametrize(
    "data_set",
    [
        MODALITY + ITEM_END * 100_000,
        MODALITY + SEQUENCE_END * 100_000,
        SEQUENCE + OPEN + ITEM_END * 100_000,
        SEQUENCE + OPEN + ITEM + OPEN + SEQUENCE_END * 100_000,
        PIXEL_DATA + OPEN + ITEM_END * 100_000,
    ],
)
def test_a_megabyte_of_delimiters_is_refused_at_the_first(data_set: bytes) -> None:
    source = CountingSource(part10(data_set))

    with pytest.raises(UnusualEncodingError):
        index_header(source)

    assert source.reads < 5


@pytest.mark.parametrize("items", [EMPTY_ITEM * 20_000, (ITEM + OPEN + ITEM_END) * 10_000])
def test_empty_items_are_walked_without_holding_them(items: bytes) -> None:
    data = part10(SEQUENCE + pack("<I", len(items)) + items + MODALITY)
    header = index_header(BytesSource(data))
    tracemalloc.start()

    count = sum(1 for _ in walk(header.dataset))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 2
    assert peak_bytes < 2_500_000


def test_what_is_held_at_once_is_bounded() -> None:
    limits = Limits(header_held_elements=10_000)
    many_items = part10(SEQUENCE + pack("<I", 8 * 20_000) + EMPTY_ITEM * 20_000)
    full_items = part10(SEQUENCE + OPEN + undefined_items(30, 500) + SEQUENCE_END)

    for data in (many_items, full_items):
        dataset = index_header(BytesSource(data), limits).dataset
        with pytest.raises(TooLargeError) as caught:
            dataset.items(0x00081140)
        assert caught.value.limit == "header_held_elements"
        assert sum(1 for _ in dataset.each_item(0x00081140)) in (30, 20_000)
    with pytest.raises(TooLargeError):
        index_header(BytesSource(part10(small_elements(20_000))), limits)


def undefined_items(count: int, elements: int) -> bytes:
    return (ITEM + OPEN + small_elements(elements) + ITEM_END) * count


def test_fragments_are_found_without_reading_them() -> None:
    fragment = ITEM + pack("<I", 5000) + bytes(5000)
    source = CountingSource(part10(PIXEL_DATA + OPEN + EMPTY_ITEM + fragment * 400 + SEQUENCE_END))

    header = index_header(source)

    assert len(header.fragments) == 401
    assert source.bytes_read < source.size // 3
    with pytest.raises(TooLargeError):
        index_header(
            BytesSource(part10(PIXEL_DATA + OPEN + EMPTY_ITEM * 1001)),
            Limits(header_fragments=1000),
        )


def test_sequences_that_overrun_their_items_are_refused_at_the_first() -> None:
    item = ITEM + pack("<I", 12) + b"\x08\0\x99\x11SQ\0\0" + OPEN
    source = CountingSource(part10(SEQUENCE + pack("<I", 20 * 20_000) + item * 20_000))
    dataset = index_header(source).dataset

    with pytest.raises(UnusualEncodingError):
        list(walk(dataset))

    assert source.reads < 10


class HugeSource:
    """Bytes followed by a value of zeros that makes the whole longer than 4 GiB."""

    def __init__(self, head: bytes, zeros: int) -> None:
        self._head = head
        self.size = len(head) + zeros

    def read_at(self, offset: int, length: int) -> bytes:
        data = self._head[offset : offset + length]
        return data + bytes(min(length, self.size - offset) - len(data))


@pytest.mark.parametrize(
    ("opening", "transfer_syntax_uid"),
    [
        (SEQUENCE, b"1.2.840.10008.1.2.1\0"),
        (b"\x08\0\x40\x11", b"1.2.840.10008.1.2\0"),
    ],
)
def test_an_undefined_length_is_no_length_in_a_file_of_five_gigabytes(
    opening: bytes, transfer_syntax_uid: bytes
) -> None:
    data_set = opening + OPEN + EMPTY_ITEM + SEQUENCE_END
    name = b"\x10\0\x10\0" + (b"PN\x04\0" if opening == SEQUENCE else b"\x04\0\0\0") + b"A^B "
    head = part10(data_set + name, transfer_syntax_uid)
    zeros = 0xFFFFFFF0
    pixels = b"\xe0\x7f\x10\0" + (b"OW\0\0" if opening == SEQUENCE else b"")
    source = HugeSource(head + pixels + pack("<I", zeros), zeros)
    assert head.index(OPEN) + len(OPEN) + UNDEFINED < source.size

    header = index_header(source)

    assert header.dataset.elements[0x00081140][3] == UNDEFINED
    assert header.dataset.value(0x00100010) == b"A^B "
    assert len(header.dataset.items(0x00081140)) == 1


def test_lengths_at_their_extremes_are_refused() -> None:
    for length in (0x7FFFFFFF, 0x80000000, 0xFFFFFFFE):
        data = part10(b"\x09\0\x01\x10OB\0\0" + pack("<I", length) + bytes(100))
        with pytest.raises(TruncatedError) as caught:
            index_header(BytesSource(data))
        assert caught.value.needed_bytes == length
        item = part10(SEQUENCE + OPEN + ITEM + pack("<I", length) + bytes(100))
        with pytest.raises(InvalidInputError):
            index_header(BytesSource(item))


def test_the_window_moves_over_headers_at_every_offset() -> None:
    for shift in range(0, 40, 2):
        filler = b"\x09\0\x01\x10OB\0\0" + pack("<I", 16_384 - 200 + shift) + bytes(16_184 + shift)
        data = part10(filler + undefined(MODALITY) + MODALITY)

        count, _ = walked(data)

        assert count == 4


def test_a_walker_reads_nothing_beyond_the_end() -> None:
    walker = HeaderWalker(BytesSource(b"\x08\0"), DEFAULT)

    with pytest.raises(TruncatedError):
        walker.tag_at(0)


@pytest.mark.parametrize(
    ("two", "expected"),
    [(b"OB", True), (b"ZZ", True), (b"Ob", False), (b"\0\0", False), (b"O", False), (b"", False)],
)
def test_a_vr_is_two_capital_letters(two: bytes, expected: bool) -> None:
    assert looks_like_vr(two) == expected
