"""Whatever a series holds: ``split(merge(x))`` is ``x``, and what lies between is well formed."""

import io
import itertools
import re
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_frames

from tests.equality import differences, frame_of
from tests.in_memory import MergedStack, merged_stacks, split_streams
from tests.raw_instance import (
    CT,
    EXPLICIT,
    IMPLICIT,
    JPEG_2000,
    MR,
    PET,
    PIXEL_DATA,
    RLE,
    SOP_UIDS,
    Elements,
    Raw,
    as_un,
    ct_slice,
    fragments,
    part10,
    raw_view,
    sequence,
    text,
    us,
)

pytestmark = pytest.mark.usefixtures("odd_values_allowed")
UID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")
# Standard elements that may stand in any slice: root modules, functional groups, the structure of
# multi-frame objects (which a source may carry too), what is neither, what lies behind the pixels.
TEXTS = {
    **dict.fromkeys((0x00080081, 0x00104000, 0x00204000), "LT"),
    **dict.fromkeys((0x00081030, 0x0008103E, 0x00181030, 0x00281054, 0x00281055, 0x00081040), "LO"),
    **dict.fromkeys((0x00080050, 0x00081010, 0x00181210), "SH"),
    **dict.fromkeys((0x00080090, 0x00101001, 0x00081050), "PN"),
    **dict.fromkeys((0x00180015, 0x00185100, 0x20500020, 0x00189004, 0x00209311), "CS"),
    **dict.fromkeys((0x00180050, 0x00180088, 0x00281050, 0x00281051, 0x00281052, 0x00281053), "DS"),
    **dict.fromkeys((0x00080022, 0x00080023, 0x00080012), "DA"),
    **dict.fromkeys((0x00080032, 0x00080033, 0x00080013), "TM"),
    **dict.fromkeys((0x0008002A, 0x00189074), "DT"),
    **dict.fromkeys((0x00200012, 0x00209128, 0x00201002), "IS"),
    **dict.fromkeys((0x00083010, 0x00209161, 0x00080014, 0x00200242), "UI"),
}
BINARIES = {
    **dict.fromkeys((0x00280106, 0x00280107, 0x00209056), "US"),
    **dict.fromkeys((0x60003000, 0x00282000, 0x04000305), "OW"),
    0x00189087: "FD",
}
SEQUENCES = (
    *(0x00081140, 0x00400275, 0x00540410, 0x0018A001, 0x00400555, 0x00209172, 0x00289110),
    *(0x00209221, 0x00082112, 0xFFFAFFFA, 0x00209111, 0x00209170, 0x00209171, 0x04000561),
    *(0x52009229, 0x52009230, 0x00209222),
)
CHARACTER_SETS = ("", "ISO_IR 100", "ISO_IR 192", "GB18030", "ISO 2022 IR 6\\ISO 2022 IR 87")
NEVER_IN_ITEMS = SOP_UIDS | {0x00080005}

words = st.binary(max_size=9).filter(lambda data: not data.startswith(b"\xff"))
sensible = st.sampled_from(
    ["", "1", " 2.50 ", "-1E+02", "20240131", "101500.25", "A\\B\\C", "Doe^Jane", "1.2.3", "HFS"]
).map(str.encode)
text_values = st.one_of(
    sensible,
    words,
    st.sampled_from(
        ["Jörg".encode("latin-1"), "山田".encode(), "山".encode("gb18030"), b"\x1b$B;3"]
    ),
)


def even(data: bytes, pad: bytes) -> bytes:
    return data + pad * (len(data) % 2)


@st.composite
def leaves(draw: st.DrawFn, tag: int) -> Raw:
    if tag in BINARIES:
        return Raw(BINARIES[tag], even(draw(st.binary(max_size=8)), b"\0"))
    return text(TEXTS[tag], draw(text_values))


@st.composite
def items(draw: st.DrawFn, depth: int) -> Elements:
    tags = draw(st.lists(st.sampled_from(sorted([*TEXTS, *BINARIES])), max_size=3, unique=True))
    held = {tag: draw(leaves(tag)) for tag in tags}
    if draw(st.booleans()):
        held[0x00080005] = text("CS", draw(st.sampled_from(CHARACTER_SETS)))
    if draw(st.booleans()):
        held |= draw(private_blocks(0x00110000))
    if depth and draw(st.booleans()):
        held[0x00400275] = draw(sequences(depth - 1))
    return held


@st.composite
def sequences(draw: st.DrawFn, depth: int) -> Raw:
    held = draw(st.lists(items(depth), max_size=2))
    return Raw("SQ", tuple(held), draw(st.booleans()), draw(st.booleans()))


@st.composite
def private_blocks(draw: st.DrawFn, group: int) -> Elements:
    block = draw(st.sampled_from([0x10, 0x11, 0xFF]))
    elements = {group | block: text("LO", draw(st.sampled_from(["ACME", "OTHER", "ISOCENTER"])))}
    for number in draw(st.sets(st.sampled_from([0x00, 0x01, 0x02, 0xFF]), max_size=3)):
        elements[group | block << 8 | number] = draw(
            st.one_of(
                st.builds(text, st.just("LO"), text_values),
                st.builds(Raw, st.sampled_from(["UN", "OB"]), st.just(b"\1\2\3\4")),
                st.builds(lambda item: sequence(item, is_undefined=True), items(0)),
            )
        )
    return elements


@st.composite
def elements_of_a_column(draw: st.DrawFn) -> Elements:
    """Return elements that belong together, as one slice has them."""
    kind = draw(st.sampled_from(["text", "binary", "sequence", "private", "creator"]))
    if kind == "private":
        return draw(private_blocks(draw(st.sampled_from([0x00090000, 0x00750000, 0x7FE10000]))))
    if kind == "creator":
        return {0x00090010: text("LO", draw(st.sampled_from(["ACME", "OTHER"])))}
    if kind == "sequence":
        raw = draw(sequences(2))
        return {draw(st.sampled_from(SEQUENCES)): as_un(raw) if draw(st.booleans()) else raw}
    tag = draw(st.sampled_from(sorted(TEXTS if kind == "text" else BINARIES)))
    raw = draw(leaves(tag))
    return {tag: as_un(raw) if draw(st.integers(0, 7)) == 0 else raw}


@st.composite
def columns(draw: st.DrawFn, count: int) -> list[Elements]:
    """Return what one column gives to each of the slices: the same, something else, or nothing."""
    column = draw(elements_of_a_column())
    shape = draw(st.sampled_from(["shared", "sometimes", "varying"]))
    if shape == "shared":
        return [column] * count
    other = draw(elements_of_a_column()) if shape == "varying" else {}
    return [column if draw(st.booleans()) else other for _ in range(count)]


@st.composite
def pixels(draw: st.DrawFn, index: int, size: int, transfer_syntax_uid: str) -> Raw:
    value = bytes([index + 1]) * size
    if transfer_syntax_uid in (RLE, JPEG_2000):
        count = draw(st.integers(1, 3))
        parts = [value[:4] + bytes([index, number]) for number in range(count)]
        return fragments(*parts, table=draw(st.sampled_from([b"", bytes(4)])))
    trailing = draw(st.sampled_from([b"", b"\0\0"]))
    return Raw(draw(st.sampled_from(["OW", "OB"])), even(value, b"\0") + trailing)


def at_time(time: int) -> Elements:
    """Return what may tell the slices at one location apart."""
    return {
        0x00180081: text("DS", str(10 * (time % 2 + 1))),
        0x00200100: text("IS", str(time + 1)),
        0x00200012: text("IS", str(70000 + time)),
        0x00080008: text("CS", ["ORIGINAL", "", "M\\P\\A\\B\\C\\D"][time]),
        0x00080033: text("TM", f"12000{time}"),
    }


@st.composite
def series(draw: st.DrawFn) -> tuple[str, list[Elements]]:
    """Return a Transfer Syntax and the slices of one Series."""
    sop_class = draw(st.sampled_from([CT, MR, PET]))
    transfer_syntax_uid = draw(st.sampled_from([EXPLICIT, EXPLICIT, IMPLICIT, RLE, JPEG_2000]))
    locations, times = draw(st.integers(1, 3)), draw(st.sampled_from([1, 1, 1, 2, 3]))
    places = [*itertools.product(range(times), range(locations))]
    places = draw(
        st.permutations(places[: len(places) - draw(st.sampled_from([0, 0, 1]))] or places)
    )
    bits = draw(st.sampled_from([8, 16])) if sop_class == MR else 16
    kinds = draw(st.sets(st.sampled_from(sorted(at_time(0))), max_size=2))
    slices = []
    for index, (time, location) in enumerate(places):
        one = ct_slice(index, position=(-10, -20, 2.5 * location), sop_class=sop_class)
        one[0x00280100] = us(bits)
        one[PIXEL_DATA] = draw(pixels(index, 6 * bits // 8, transfer_syntax_uid))
        if draw(st.integers(0, 3)) == 0:
            one[0x00200013] = text("IS", draw(st.sampled_from(["", "1", "junk", "9" * 12])))
        if draw(st.integers(0, 3)) == 0:
            one[0x00200052] = text("UI", draw(st.sampled_from(["", "1.2.826.0.4", "1.2.9"])))
        one |= {tag: raw for tag, raw in at_time(time).items() if tag in kinds}
        slices.append(one)
    for column in draw(st.lists(columns(len(slices)), max_size=6)):
        for one, added in zip(slices, column, strict=True):
            one.update(added)
    sets = draw(st.lists(st.sampled_from(CHARACTER_SETS), min_size=1, max_size=2))
    for one in slices:
        chosen = draw(st.sampled_from(sets))
        if chosen:
            one[0x00080005] = text("CS", chosen)
    return transfer_syntax_uid, slices


@settings(max_examples=150)
@given(series())
def test_split_gives_back_what_was_merged(given_series: tuple[str, list[Elements]]) -> None:
    transfer_syntax_uid, slices = given_series
    streams = [part10(one, transfer_syntax_uid) for one in slices]
    merged = merged_stacks(streams)
    event(f"{len(merged)} stacks")
    assert_given_back(merged, streams)


def assert_given_back(merged: list[MergedStack], streams: list[bytes]) -> None:
    by_uid = {str(read(stream).SOPInstanceUID): stream for stream in streams}
    given_back = [stream for one in merged for stream in split_streams(one.stream)]
    assert sorted(by_uid) == sorted(str(read(stream).SOPInstanceUID) for stream in given_back)
    for stream in given_back:
        ours = read(stream)
        source = by_uid[str(ours.SOPInstanceUID)]
        assert not differences(raw_view(stream), raw_view(source))
        assert ours.SOPClassUID == read(source).SOPClassUID
        assert ours.file_meta.TransferSyntaxUID == read(source).file_meta.TransferSyntaxUID
        assert frame_of(ours) == frame_of(read(source))


def read(stream: bytes) -> Dataset:
    return dcmread(io.BytesIO(stream))


@settings(max_examples=60)
@given(series(), st.randoms(use_true_random=False))
def test_merged_objects_are_well_formed(
    given_series: tuple[str, list[Elements]], random: Random
) -> None:
    transfer_syntax_uid, slices = given_series
    streams = [part10(one, transfer_syntax_uid) for one in slices]
    merged = merged_stacks(streams)
    for one in merged:
        check_structure(one, streams)
        assert not private_elements_without_creator(one.dataset)
    shuffled = list(streams)
    random.shuffle(shuffled)
    assert {one.stream for one in merged_stacks(shuffled)} == {one.stream for one in merged}


def check_structure(one: MergedStack, streams: list[bytes]) -> None:
    dataset = one.dataset
    frames = dataset.PerFrameFunctionalGroupsSequence
    assert int(dataset.NumberOfFrames) == len(frames) == len(one.stack.frames)
    for uid in (dataset.SOPInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID):
        assert len(uid) <= 64
        assert UID.fullmatch(uid)
    content = [item.FrameContentSequence[0] for item in frames]
    indices = [tuple(int(index) for index in item.DimensionIndexValues) for item in content]
    assert len(set(indices)) == len(indices), "no two Frames have the same place"
    assert indices == sorted(indices)
    pointers = dataset.DimensionIndexSequence
    assert {len(index) for index in indices} == {len(pointers)}
    named = [(item.DimensionIndexPointer, item.FunctionalGroupPointer) for item in pointers]
    assert len(set(named)) == len(named), "no two dimensions are the same attribute"
    shared = dataset.SharedFunctionalGroupsSequence[0]
    planes = [item if "PlanePositionSequence" in item else shared for item in frames]
    heights = [float(item.PlanePositionSequence[0].ImagePositionPatient[2]) for item in planes]
    ranks = {height: rank for rank, height in enumerate(sorted(set(heights)), 1)}
    assert [int(item.InStackPositionNumber) for item in content] == [ranks[z] for z in heights]
    by_uid = {str(read(stream).SOPInstanceUID): frame_of(read(stream)) for stream in streams}
    sources = [item.ConversionSourceAttributesSequence[0] for item in frames]
    expected = [by_uid[str(item.ReferencedSOPInstanceUID)] for item in sources]
    assert pixels_of(dataset) == expected


def pixels_of(dataset: Dataset) -> list[bytes]:
    count = int(dataset.NumberOfFrames)
    if dataset.file_meta.TransferSyntaxUID.is_compressed:
        return [
            bytes(frame) for frame in generate_frames(dataset.PixelData, number_of_frames=count)
        ]
    size = dataset.Rows * dataset.Columns * dataset.BitsAllocated // 8
    assert len(dataset.PixelData) == size * count + size * count % 2
    return [dataset.PixelData[start : start + size] for start in range(0, size * count, size)]


def private_elements_without_creator(dataset: Dataset) -> int:
    orphans = 0
    pending = [dataset]
    while pending:
        level = pending.pop()
        for tag in sorted(level.keys()):
            if level.get_item(tag).VR == "SQ":
                pending.extend(level[tag].value)
            if tag.is_private and tag.element > 0xFF:
                orphans += (tag.group << 16 | tag.element >> 8) not in level
    return orphans
