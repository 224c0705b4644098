"""What merge keeps: whatever a slice holds comes back, and is not misread in between."""

import itertools
from struct import pack

import pytest

from isocenter.errors import InvalidInputError, NotSupportedError
from tests.equality import differences
from tests.in_memory import assert_given_back, merged_stack, split_streams, three
from tests.raw_instance import (
    CT,
    PIXEL_DATA,
    SC,
    Elements,
    Raw,
    as_un,
    ct_slice,
    encode,
    part10,
    raw_view,
    sequence,
    text,
    us,
)


@pytest.mark.parametrize("value", [b"", b"\1\2\3\4", bytes(6) + b"\xf8\x7f", b"\0" * 7 + b"\x40"])
def test_a_broken_b_value_keeps_no_slice_out(value: bytes) -> None:
    streams = three({0x00189087: Raw("FD", value)}, {0x00189087: Raw("FD", bytes(8))})

    assert_given_back(streams, merged_stack(streams).stream)


def test_numbers_of_thousands_of_digits_stop_nothing() -> None:
    long_number = text("IS", "9" * 5000)
    streams = three({0x00200012: long_number}, {0x00200013: long_number, 0x00200011: long_number})

    merged = merged_stack(streams)

    assert_given_back(
        [streams[int(frame.slice.source_index)] for frame in merged.stack.frames], merged.stream
    )


def test_elements_written_as_unknown_are_used_and_kept() -> None:
    """A gateway that knew no dictionary: every element UN, values in little endian."""
    streams = []
    for index in range(3):
        known = {
            **ct_slice(index),
            0x00080022: text("DA", "20240131"),
            0x00080032: text("TM", f"10150{index}"),
            0x00080008: text("CS", "DERIVED\\SECONDARY"),
            0x00200012: text("IS", "5"),
            0x00081140: sequence({0x00081155: text("UI", f"1.{index}")}, is_undefined=True),
        }
        unknown = {tag: as_un(raw) for tag, raw in known.items() if tag != PIXEL_DATA}
        streams.append(part10({**unknown, PIXEL_DATA: known[PIXEL_DATA]}))

    merged = merged_stack(streams)

    assert merged.stack.spacing_mm == 5.0
    assert merged.dataset.ImageType[0] == "DERIVED"
    assert merged.dataset.ContentDate == "20240131"
    content = merged.dataset.PerFrameFunctionalGroupsSequence[1].FrameContentSequence[0]
    assert content.FrameAcquisitionDateTime == "20240131101501"
    assert content.FrameAcquisitionNumber == 5
    assert_given_back(streams, merged.stream)


def test_text_in_place_of_dates_and_uids_is_kept_as_it_is() -> None:
    odd = {0x00080023: text("DA", b"\xe9t\xe9"), 0x00080033: text("TM", "noon")}
    uids = [{0x00080018: text("UI", b"1.\xff.%d" % index)} for index in range(3)]
    streams = three(*({**odd, **uid} for uid in uids))

    assert_given_back(streams, merged_stack(streams).stream)


def test_slices_without_an_instance_uid_are_merged_and_get_one_when_split() -> None:
    streams = three(*({0x00080018: text("UI", "")} for _ in range(3)))

    merged = merged_stack(streams)

    for item in merged.dataset.PerFrameFunctionalGroupsSequence:
        assert "ConversionSourceAttributesSequence" not in item
    with pytest.raises(NotSupportedError):
        split_streams(merged.stream)
    assert len(split_streams(merged.stream, keep_original_uids=False)) == 3


def test_source_images_of_the_slices_are_not_taken_for_the_slices() -> None:
    """Secondary captures that name what they were made of, and have no UID themselves."""
    change: Elements = {
        0x00080018: text("UI", ""),
        0x00082112: sequence({0x00081150: text("UI", CT), 0x00081155: text("UI", "1.2.3")}),
    }
    streams = [part10({**ct_slice(index, sop_class=SC), **change}) for index in range(2)]

    merged = merged_stack(streams)

    assert "SourceImageSequence" not in merged.dataset
    with pytest.raises(NotSupportedError):
        split_streams(merged.stream)
    given_back = split_streams(merged.stream, keep_original_uids=False)
    for ours, source in zip(given_back, streams, strict=True):
        assert not differences(raw_view(ours), raw_view(source))


def test_the_block_of_another_creator_in_the_place_of_ours_is_kept() -> None:
    foreign: Elements = {
        0x00750010: text("LO", "ACME"),
        0x00751001: text("LO", "theirs"),
        0x007510FF: text("LO", "theirs too"),
    }
    for sop_class in (CT, SC):
        streams = [
            part10({**ct_slice(index, sop_class=sop_class), **foreign}) for index in range(2)
        ]
        merged = merged_stack(streams)
        if merged.dataset.get(0x00750010, None) is not None:
            ours = merged.dataset[0x00750010].value == "ISOCENTER"
            assert (0x007510FF in merged.dataset) is not ours
        assert_given_back(streams, merged.stream)


def test_values_padded_in_two_ways_stay_in_the_root() -> None:
    """A UID padded with a blank is against PS3.5 9.1, and found."""
    streams = three(
        {
            0x0020000D: Raw("UI", b"1.2.826.0.2 "),
            0x00200052: Raw("UI", b"1.2.826.0.4 "),
            0x00280004: Raw("CS", b"MONOCHROME2\0"),
            0x00280120: us(0x2020),
        },
        {0x00280120: us(0x2020)},
        {0x00280120: us(0x2020)},
    )

    merged = merged_stack(streams)

    assert merged.dataset.StudyInstanceUID == "1.2.826.0.2"
    assert merged.dataset.FrameOfReferenceUID == "1.2.826.0.4"
    assert merged.dataset.PhotometricInterpretation == "MONOCHROME2"
    assert merged.dataset.PixelPaddingValue == 0x2020
    assert_given_back(streams, merged.stream)


def test_the_same_bytes_under_other_character_sets_stay_with_their_slices() -> None:
    umlaut = b"M\xc3\xbcller"
    streams = three(
        {0x00080005: text("CS", "ISO_IR 192"), 0x00100010: text("PN", umlaut)},
        {0x00080005: text("CS", "ISO_IR 100"), 0x00100010: text("PN", umlaut)},
        {0x00080005: text("CS", "ISO_IR 192"), 0x00100010: text("PN", umlaut)},
    )

    merged = merged_stack(streams)

    frames = merged.dataset.PerFrameFunctionalGroupsSequence
    items = [frame.UnassignedPerFrameConvertedAttributesSequence[0] for frame in frames]
    assert [str(item.PatientName) for item in items] == ["Müller", "MÃ¼ller", "Müller"]
    assert str(merged.dataset.PatientName) == "Müller"
    assert merged.dataset.PatientID == "P1"
    assert_given_back(streams, merged.stream)


def test_text_in_functional_groups_comes_with_its_character_set() -> None:
    explanation = text("LO", b"M\xc3\xbcll")
    window = {0x00281050: text("DS", "40"), 0x00281051: text("DS", "400"), 0x00281055: explanation}
    sets = [{0x00080005: text("CS", name)} for name in ("ISO_IR 100", "ISO_IR 192", "ISO_IR 100")]
    streams = three(*({**window, **charset} for charset in sets))

    merged = merged_stack(streams)

    shown = [
        frame.FrameVOILUTSequence[0].WindowCenterWidthExplanation
        for frame in merged.dataset.PerFrameFunctionalGroupsSequence
    ]
    assert shown == ["MÃ¼ll", "Müll", "MÃ¼ll"]
    assert_given_back(streams, merged.stream)


def test_private_elements_go_with_a_creator_that_varies() -> None:
    """The same bytes in the same place, but of two vendors."""
    value = {0x00091001: Raw("LO", b"same"), 0x00091102: Raw("LO", b"kept")}
    others = {0x00090011: text("LO", "EVERYWHERE")}
    streams = three(
        *(
            {**value, **others, 0x00090010: text("LO", creator)}
            for creator in ("ACME", "OTHER", "ACME")
        )
    )

    merged = merged_stack(streams)

    assert 0x00091001 not in merged.dataset
    assert merged.dataset[0x00091102].value == "kept"
    items = [
        frame.UnassignedPerFrameConvertedAttributesSequence[0]
        for frame in merged.dataset.PerFrameFunctionalGroupsSequence
    ]
    creators = [
        item.private_block(0x0009, name)[1].value
        for item, name in zip(items, ("ACME", "OTHER", "ACME"), strict=True)
    ]
    assert creators == ["same"] * 3
    assert_given_back(streams, merged.stream)


def test_elements_behind_the_pixels_and_before_the_first_group_are_kept() -> None:
    far: Elements = {
        0x60000010: us(2),
        0x60003000: Raw("OW", b"\1\0"),
        0x7FDF0010: text("LO", "BEFORE"),
        0x7FDF1001: text("LO", "pixels"),
        0x7FE10010: text("LO", "AFTER"),
        0x7FE11001: Raw("OB", b"\1\2"),
        0xFFFAFFFA: sequence({0x04000005: us(1)}),
    }
    streams = three(*({**far, 0x7FE11002: us(index)} for index in range(3)))

    merged = merged_stack(streams)

    tags = list(merged.dataset.keys())
    assert tags == sorted(tags)
    assert merged.dataset[0x7FE11001].value == b"\1\2"
    assert_given_back(streams, merged.stream)


def test_group_lengths_and_trailing_padding_are_left_out() -> None:
    streams = three(
        *({0x00080000: Raw("UL", pack("<I", 99)), 0xFFFCFFFC: Raw("OB", bytes(64))},) * 3
    )

    merged = merged_stack(streams)

    tags = {int(tag) for tag in sorted(merged.dataset.keys())}
    assert not tags & {0x00080000, 0xFFFCFFFC}
    assert_given_back(streams, merged.stream)


def test_elements_of_the_file_meta_that_stand_in_the_data_set_are_left_out() -> None:
    """At its start they would be read as part of the meta; here they come late."""
    stray = encode({0x00020013: text("SH", "STRAY")})
    streams = [stream + stray for stream in three()]

    merged = merged_stack(streams)

    assert merged.dataset.file_meta.ImplementationVersionName != "STRAY"
    assert 0x00020013 not in merged.dataset
    assert len(split_streams(merged.stream)) == 3


def test_a_transfer_syntax_that_is_no_uid_is_refused() -> None:
    (stream, *_) = three()
    junk = stream.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.\xff.1\0")

    with pytest.raises(InvalidInputError):
        merged_stack([junk])


def test_every_combination_of_presence_of_two_elements_is_given_back() -> None:
    """One in the root, one in no module of it; each absent, empty, shared or varying."""
    shapes: list[list[bytes | None]] = [
        [None, None],
        [b"", None],
        [b"", b""],
        [b"A ", None],
        [b"A ", b""],
        [b"A ", b"A "],
        [b"A ", b"B "],
    ]
    for left, right in itertools.product(shapes, repeat=2):
        changes: list[Elements] = [{}, {}]
        for tag, values in ((0x00081030, left), (0x00181030, right)):
            for change, value in zip(changes, values, strict=True):
                if value is not None:
                    change[tag] = Raw("LO", value)
        streams = [part10({**ct_slice(index), **changes[index]}) for index in range(2)]
        assert_given_back(streams, merged_stack(streams).stream)
