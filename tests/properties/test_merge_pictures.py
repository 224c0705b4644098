"""Ultrasound, X-ray, nuclear medicine and pictures of all kinds: ``split(merge(x))`` is ``x``.

The strategies for what else a slice may hold are those of ``test_merge_split.py``.
"""

import io
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_frames

from tests.equality import differences
from tests.in_memory import MergedStack, merged_stacks, split_streams
from tests.properties.test_merge_split import (
    CHARACTER_SETS,
    columns,
    even,
    private_elements_without_creator,
)
from tests.raw_instance import (
    EXPLICIT,
    IMPLICIT,
    PIXEL_DATA,
    RLE,
    SC,
    US,
    XA,
    Elements,
    Raw,
    ct_slice,
    fragments,
    part10,
    raw_view,
    text,
    us,
)

pytestmark = pytest.mark.usefixtures("odd_values_allowed")
RF, NM = "1.2.840.10008.5.1.4.1.1.12.2", "1.2.840.10008.5.1.4.1.1.20"
CR, ENDOSCOPIC = "1.2.840.10008.5.1.4.1.1.1", "1.2.840.10008.5.1.4.1.1.77.1.1"
FRAME_TIME = 0x00181063
RESCALE = (0x00281052, 0x00281053, 0x00281054)
PALETTE = Raw("OW", bytes(range(256)) * 2)


@dataclass(frozen=True)
class Format:
    """One pixel format: how it is named, and bytes of a frame of 3 rows and 3 or 4 columns."""

    name: str
    photometric: str
    samples: int
    bits: int
    frame_bytes: int
    columns: int = 3
    planar: int | None = None

    def elements(self) -> Elements:
        """Return the elements that name it."""
        named: Elements = {
            0x00280002: us(self.samples),
            0x00280004: text("CS", self.photometric),
            0x00280010: us(3),
            0x00280011: us(self.columns),
            0x00280100: us(8 if self.bits <= 8 else 16),
            0x00280101: us(self.bits),
            0x00280102: us(self.bits - 1),
            0x00280103: us(0),
        }
        if self.planar is not None:
            named[0x00280006] = us(self.planar)
        if self.photometric.startswith("PALETTE"):
            for tag in (0x00281101, 0x00281102, 0x00281103):
                named[tag] = us(256, 0, 16)
                named[tag + 0x100] = PALETTE
        return named


BYTES = Format("bytes", "MONOCHROME2", 1, 8, 9)
WORDS = Format("words", "MONOCHROME2", 1, 12, 18)
COLOURS = Format("colours", "RGB", 3, 8, 27, planar=0)
PLANES = Format("planes", "RGB", 3, 8, 27, planar=1)
INDICES = Format("indices", "PALETTE COLOR", 1, 8, 9)
SUBSAMPLED = Format("subsampled", "YBR_FULL_422", 3, 8, 24, columns=4, planar=0)
FORMATS = {
    US: (BYTES, WORDS, COLOURS, PLANES, INDICES, SUBSAMPLED),
    XA: (BYTES, WORDS),
    RF: (BYTES, WORDS),
    NM: (BYTES, WORDS),
    SC: (BYTES, WORDS, COLOURS),
    CR: (BYTES, WORDS),
    ENDOSCOPIC: (COLOURS,),
}
OF_THE_CLASS: dict[str, Elements] = {
    **{x_ray: {FRAME_TIME: text("DS", "40")} for x_ray in (XA, RF)},
    NM: {0x00280009: Raw("AT", b"\x54\0\x80\0"), 0x00540080: us(1), 0x00280008: text("IS", "1")},
}


@dataclass(frozen=True)
class Made:
    """A Series as it was drawn: streams, and the samples of each by UID."""

    streams: list[bytes]
    frames: dict[str, bytes]
    transfer_syntax_uid: str


@st.composite
def made(draw: st.DrawFn) -> Made:
    sop_class = draw(st.sampled_from(sorted(FORMATS)))
    pixel_format = draw(st.sampled_from(FORMATS[sop_class]))
    syntaxes = [EXPLICIT, EXPLICIT, IMPLICIT]
    transfer_syntax_uid = draw(
        st.sampled_from([*syntaxes, RLE] if pixel_format is not SUBSAMPLED else syntaxes)
    )
    is_placed = draw(st.booleans())
    count = draw(st.integers(1, 5))
    event(f"{pixel_format.name} of {sop_class[-4:]}")
    slices, frames = [], {}
    for index in draw(st.permutations(range(count))):
        one = {**ct_slice(index), 0x00080016: text("UI", sop_class), **pixel_format.elements()}
        one |= OF_THE_CLASS.get(sop_class, {})
        if not is_placed:
            del one[0x00200032]
        if draw(st.booleans()):
            one[0x00080033] = text("TM", f"10150{draw(st.integers(0, 9))}")
        if draw(st.integers(0, 3)) == 0:
            one[0x00200013] = text("IS", draw(st.sampled_from(["", "1", "junk", "9" * 12])))
        frame = bytes((17 * index + at) % 256 for at in range(pixel_format.frame_bytes))
        if transfer_syntax_uid == RLE:
            frame = even(frame, b"\0")
            one[PIXEL_DATA] = fragments(frame[:6], frame[6:])
        else:
            one[PIXEL_DATA] = Raw("OW" if pixel_format.bits > 8 else "OB", even(frame, b"\0"))
        frames[f"1.2.826.0.1.{index + 1}"] = frame
        slices.append(one)
    for column in draw(st.lists(columns(len(slices)), max_size=5)):
        for one, added in zip(slices, column, strict=True):
            # These classes refuse rescales that differ: `tests/dicom/test_classic.py`.
            one.update({tag: raw for tag, raw in added.items() if tag not in RESCALE})
    for one in slices:
        one[0x00080005] = text("CS", draw(st.sampled_from(CHARACTER_SETS)))
    streams = [part10(one, transfer_syntax_uid) for one in slices]
    return Made(streams, frames, transfer_syntax_uid)


def read(stream: bytes) -> Dataset:
    return dcmread(io.BytesIO(stream))


@settings(max_examples=150)
@given(made())
def test_split_gives_back_what_was_merged(series: Made) -> None:
    by_uid = {str(read(stream).SOPInstanceUID): stream for stream in series.streams}

    given_back = [
        stream for one in merged_stacks(series.streams) for stream in split_streams(one.stream)
    ]

    assert sorted(str(read(stream).SOPInstanceUID) for stream in given_back) == sorted(by_uid)
    for stream in given_back:
        ours = read(stream)
        source = by_uid[str(ours.SOPInstanceUID)]
        assert not differences(raw_view(stream), raw_view(source))
        assert ours.SOPClassUID == read(source).SOPClassUID
        assert ours.file_meta.TransferSyntaxUID == series.transfer_syntax_uid
        assert frames_of(ours, series) == [series.frames[str(ours.SOPInstanceUID)]]


def frames_of(dataset: Dataset, series: Made) -> list[bytes]:
    """Return the Frames as they are stored, by the lengths that were put in."""
    count = int(dataset.get("NumberOfFrames", None) or 1)
    if series.transfer_syntax_uid == RLE:
        return [bytes(one) for one in generate_frames(dataset.PixelData, number_of_frames=count)]
    size = len(next(iter(series.frames.values())))
    assert len(dataset.PixelData) == size * count + size * count % 2
    return [dataset.PixelData[start : start + size] for start in range(0, size * count, size)]


@settings(max_examples=60)
@given(made(), st.randoms(use_true_random=False))
def test_merged_pictures_are_well_formed(series: Made, random: Random) -> None:
    merged = merged_stacks(series.streams)
    assert sum(int(one.dataset.NumberOfFrames) for one in merged) == len(series.streams)
    for one in merged:
        check_structure(one, series)
        assert not private_elements_without_creator(one.dataset)
    shuffled = list(series.streams)
    random.shuffle(shuffled)
    assert {one.stream for one in merged_stacks(shuffled)} == {one.stream for one in merged}


def check_structure(one: MergedStack, series: Made) -> None:
    dataset = one.dataset
    count = int(dataset.NumberOfFrames)
    tags = list(dataset.keys())
    assert tags == sorted(tags)
    assert len(dataset[0x00751003].value) == count
    sources = [str(item.ReferencedSOPInstanceUID) for item in dataset.SourceImageSequence]
    assert frames_of(dataset, series) == [series.frames[uid] for uid in sources]
    assert dataset.SOPInstanceUID not in series.frames
    pointer = int(dataset.FrameIncrementPointer)
    assert pointer in dataset, "it points at an attribute that is there"
    expected = 1 if pointer == FRAME_TIME else count
    assert expected == dataset[pointer].VM
