"""Mutations of a Part 10 stream, the same in every run: what hostile and broken files look like."""

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from struct import pack

from isocenter.dicom.header_index import index_header, walk
from isocenter.dicom.streams import BytesSource
from isocenter.errors import IsocenterError

EXTREMES = (0, 1, 2, 7, 8, 0x7F, 0xFF, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE)
UNDEFINED = 0xFFFFFFFF
TOKENS = (
    b"\xfe\xff\x00\xe0\xff\xff\xff\xff",
    b"\xfe\xff\x00\xe0\0\0\0\0",
    b"\xfe\xff\x0d\xe0\0\0\0\0",
    b"\xfe\xff\xdd\xe0\0\0\0\0",
    b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff",
    b"\x08\0\x40\x11\xff\xff\xff\xff",
    b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff",
    b"\x09\0\x01\x10UN\0\0\xff\xff\xff\xff",
    b"\0\0\0\0\0\0\0\0",
    b"\x02\0\x10\0UI\x12\x001.2.840.10008.1.2\0",
)
VRS = (b"SQ", b"UN", b"OB", b"CS", b"US", b"ZZ", b"\0\0", b"sq")


def mutations(data: bytes, other: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield so many mutations of `data`; `other` lends pieces for splices."""
    random = Random(seed)
    headers = header_offsets(data)
    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: _flip(data, random),
        lambda: data[: random.randrange(len(data))],
        lambda: _set_length(data, headers, random),
        lambda: _set_length(_set_length(data, headers, random), headers, random),
        lambda: _splice(data, other, random),
        lambda: _insert(data, headers, random),
        lambda: _set_vr(data, headers, random),
        lambda: _move(data, headers, random),
        lambda: _flip(_set_length(data, headers, random), random),
    )
    for number in range(count):
        yield kinds[number % len(kinds)]()


def header_offsets(data: bytes) -> list[int]:
    """Return where elements begin, at every depth, and where the Items of sequences do."""
    offsets: list[int] = []
    try:
        header = index_header(BytesSource(data))
        offsets += [entry[1] for entry in header.meta.elements.values()]
        for _, level, tag in islice(walk(header.dataset), 3000):
            entry = level.elements[tag]
            offsets += [entry[1], entry[2]] if entry[0] == "SQ" else [entry[1]]
    except IsocenterError:
        offsets = list(range(0, len(data) - 16, 7))
    return offsets or [132]


def _flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    near = random.choice((64, 512, 4096, len(data)))
    for _ in range(random.choice((1, 1, 2, 8))):
        place = random.randrange(min(len(data), 132 + near))
        changed[place] ^= 1 << random.randrange(8)
    return bytes(changed)


def _set_length(data: bytes, headers: list[int], random: Random) -> bytes:
    """Set a 16- or 32-bit length field to an extreme or to a little more or less."""
    place = random.choice(headers)
    offset, size = place + random.choice((4, 6, 8)), random.choice((2, 4))
    old = int.from_bytes(data[offset : offset + size], "little")
    new = random.choice((*EXTREMES, UNDEFINED, UNDEFINED, old + 1, old - 1, old + 8, old - 8))
    field = (new % (1 << 8 * size)).to_bytes(size, "little")
    return data[:offset] + field + data[offset + size :]


def _splice(data: bytes, other: bytes, random: Random) -> bytes:
    """Replace, remove or double a stretch, or let the tail of another file follow."""
    start = random.randrange(len(data))
    length = random.choice((1, 2, 8, 12, 100, 1000))
    from_other = random.randrange(len(other))
    return random.choice(
        (
            data[:start] + other[from_other : from_other + length] + data[start + length :],
            data[:start] + data[start + length :],
            data[: start + length] + data[start:],
            data[:start] + other[from_other:],
        )
    )


def _insert(data: bytes, headers: list[int], random: Random) -> bytes:
    place = random.choice(headers)
    return data[:place] + random.choice(TOKENS) * random.choice((1, 1, 2, 70)) + data[place:]


def _set_vr(data: bytes, headers: list[int], random: Random) -> bytes:
    place = random.choice(headers) + 4
    return data[:place] + random.choice(VRS) + data[place + 2 :]


def _move(data: bytes, headers: list[int], random: Random) -> bytes:
    """Write another tag, or put the elements from one place at another."""
    first, second = random.choice(headers), random.choice(headers)
    if random.random() < 0.5:
        tag = random.choice((0xFFFEE000, 0xFFFEE00D, 0x7FE00010, 0x00020010, 0x00000002, 0))
        return data[:first] + pack("<HH", tag >> 16, tag & 0xFFFF) + data[first + 4 :]
    return data[:first] + data[second : second + 64] + data[first:]
