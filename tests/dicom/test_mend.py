"""Files cut at every byte: what is mended is what was there, and the index reads it whole."""

import io

import pytest
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
)

from isocenter.dicom.header_index import index_header, index_meta
from isocenter.dicom.mend import mend
from isocenter.dicom.streams import BytesSource
from isocenter.errors import TooLargeError, UnusualEncodingError
from isocenter.limits import Limits
from tests.builders import add_private, instance, set_fragments, to_bytes
from tests.header_view import Seen, seen_in_bytes


def build(transfer_syntax_uid: str, *, is_undefined: bool) -> bytes:
    """Return a small instance with nested sequences."""
    dataset = add_private(instance(rows=2, columns=2))
    nested = dataset.RequestAttributesSequence[0]
    nested.ScheduledProtocolCodeSequence = [add_private(instance(rows=2, columns=2))]
    for element in (dataset["RequestAttributesSequence"], nested["ScheduledProtocolCodeSequence"]):
        element.is_undefined_length = is_undefined
        for item in element.value:
            item.is_undefined_length_sequence_item = is_undefined
    if transfer_syntax_uid == JPEGBaseline8Bit:
        set_fragments(dataset, [b"\xff\xd8abcd", b"\xff\xd8ef"], transfer_syntax_uid)
    dataset.file_meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    return to_bytes(dataset)


def mended(data: bytes, limits: Limits | None = None) -> bytes:
    stream = io.BytesIO(data)
    meta = index_meta(BytesSource(data))
    is_implicit = meta.transfer_syntax_uid == ImplicitVRLittleEndian
    mend(stream, meta.end, is_implicit=is_implicit, limits=limits or Limits())
    return stream.getvalue()


def values(seen: list[Seen]) -> dict[tuple[tuple[int, ...], int], bytes | None]:
    return {(element.path, element.tag): element.value for element in seen}


@pytest.mark.parametrize("is_undefined", [False, True])
@pytest.mark.parametrize(
    "transfer_syntax_uid", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit]
)
def test_a_file_cut_anywhere_keeps_what_was_there(
    transfer_syntax_uid: str, is_undefined: bool
) -> None:
    whole = build(transfer_syntax_uid, is_undefined=is_undefined)
    expected = values(seen_in_bytes(whole)[1])
    start = index_meta(BytesSource(whole)).end
    kept_before = 0

    for length in range(start, len(whole)):
        _, seen = seen_in_bytes(mended(whole[:length]))
        kept = values(seen)

        assert kept.keys() <= expected.keys()
        assert len(kept) >= kept_before
        for place, value in list(kept.items())[:-1]:
            assert value == expected[place] or (place[1] == 0x7FE00010 and place[0])
        (path, tag), last = list(kept.items())[-1]
        if last is not None and tag != 0x7FE00010:
            assert (expected[path, tag] or b"").startswith(last)
        kept_before = len(kept)


def test_a_whole_file_stays_as_it_is() -> None:
    whole = build(ExplicitVRLittleEndian, is_undefined=True)

    assert mended(whole) == whole


def test_numbers_are_kept_whole() -> None:
    whole = to_bytes(instance(rows=2, columns=2))
    rows = index_header(BytesSource(whole)).dataset.elements[0x00280010]

    header = index_header(BytesSource(mended(whole[: rows[2] + 1])))

    assert header.dataset.value(0x00280010) == b""
    assert 0x00280010 in header.dataset


def test_whole_fragments_are_kept_and_the_last_is_shortened() -> None:
    whole = build(JPEGBaseline8Bit, is_undefined=False)
    fragments = index_header(BytesSource(whole)).fragments

    cut = mended(whole[: fragments[-1].offset + 3])

    lengths = [fragment.length for fragment in index_header(BytesSource(cut)).fragments]
    assert lengths == [fragments[0].length, fragments[1].length, 2]


def test_what_is_broken_otherwise_is_not_mended() -> None:
    whole = build(ExplicitVRLittleEndian, is_undefined=True)
    broken = whole[:-20].replace(b"\xfe\xff\x00\xe0", b"\xfe\xff\x01\xe0")

    with pytest.raises(UnusualEncodingError):
        mended(broken)


def test_steps_and_depth_are_bounded() -> None:
    whole = build(ExplicitVRLittleEndian, is_undefined=True)
    opening = b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    deep = whole[: index_meta(BytesSource(whole)).end] + opening * 100

    with pytest.raises(TooLargeError, match="header_elements"):
        mended(whole[:-3], Limits(header_elements=20))
    with pytest.raises(TooLargeError, match="header_depth"):
        mended(deep)
