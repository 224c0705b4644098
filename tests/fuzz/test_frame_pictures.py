"""Fuzz of the rendering: what is broken ends in a picture or in a clean error."""

import io
import time
from collections import Counter
from collections.abc import Iterator
from random import Random

import numpy as np
import pytest
from pydicom import Dataset

from isocenter.dicom.any_pictures import export_frames, measure_frames
from isocenter.dicom.header_index import index_header, walk
from isocenter.dicom.image_facts import has_pixels, read_image_facts
from isocenter.dicom.streams import BytesSource
from isocenter.errors import IsocenterError
from isocenter.limits import Limits
from tests.builders import instance, to_bytes
from tests.fuzz.mutations import mutations
from tests.rendering import image, lut_item

CPU_SECONDS_MAX = 5.0
LIMITS = Limits(frame_bytes=4_000_000)
MUTATIONS, MUTATIONS_FULL = 150, 6000


@pytest.fixture(autouse=True)
def _sums_of_hostile_numbers() -> Iterator[None]:
    """Let numpy overflow as it does in a child process, where nobody reads its warnings."""
    with np.errstate(all="ignore"):
        yield


def seeds() -> list[bytes]:
    """Return images that use everything that the rendering reads."""
    windowed = instance(rows=4, columns=4, signed=True)
    windowed.WindowCenter, windowed.WindowWidth = "40", "400"
    windowed.PixelPaddingValue = 7
    windowed["PixelPaddingValue"].VR = "SS"
    tables = image([[0, 1, 2]], VOILUTSequence=[lut_item([3, 1, 12], 0, 5, 4095)])
    tables.ModalityLUTSequence = [lut_item([3, 0, 16], 3, 1, 2)]
    palette = image([[0, 1, 2]], PhotometricInterpretation="PALETTE COLOR")
    for colour in ("Red", "Green", "Blue"):
        setattr(palette, f"{colour}PaletteColorLookupTableDescriptor", [4, 0, 16])
        segments = np.array((0, 1, 5, 1, 2, 9, 2, 1, 0, 0), "<u2").tobytes()
        setattr(palette, f"Segmented{colour}PaletteColorLookupTableData", segments)
    covered = image(np.zeros((4, 4)))
    for element, vr, value in (
        (0x10, "US", 2),
        (0x11, "US", 2),
        (0x15, "IS", "1"),
        (0x50, "SS", [1, 2]),
        (0x51, "US", 1),
        (0x100, "US", 1),
        (0x102, "US", 0),
        (0x3000, "OW", b"\5\0"),
    ):
        covered.add_new((0x6000, element), vr, value)
    grouped = image([[0, 1]], NumberOfFrames=2)
    grouped.PixelData = bytes(4)
    voi, transformation, group = Dataset(), Dataset(), Dataset()
    voi.WindowCenter, voi.WindowWidth, voi.VOILUTFunction = "1", "2", "SIGMOID"
    transformation.RescaleSlope, transformation.RescaleIntercept = "2", "-1"
    group.FrameVOILUTSequence, group.PixelValueTransformationSequence = [voi], [transformation]
    grouped.SharedFunctionalGroupsSequence = [group]
    grouped.PerFrameFunctionalGroupsSequence = [Dataset(), group]
    colours = image(np.zeros((2, 2, 3)), PhotometricInterpretation="YBR_FULL")
    return [to_bytes(one) for one in (windowed, tables, palette, covered, grouped, colours)]


def values_changed(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield files whose structure is whole, with other bytes in values of the image."""
    random = Random(seed)
    places = [
        (entry[2], entry[3])
        for _, level, tag in walk(index_header(BytesSource(data)).dataset)
        if tag >> 16 in (0x0028, 0x6000) and 0 < (entry := level.elements[tag])[3] < 1000
    ]
    for _ in range(count):
        changed = bytearray(data)
        for offset, length in random.sample(places, random.choice((1, 1, 2, 3))):
            at = offset + random.randrange(length)
            changed[at : at + 2] = random.choice((b"\0\0", b"\xff\xff", b"\x00\x80", b"9e", b"-1"))
        yield bytes(changed[: len(data)])


def outcome(data: bytes) -> str:
    started = time.process_time()
    try:
        header = index_header(BytesSource(data), LIMITS)
        if not has_pixels(header):
            return "no image"
        frames = min(read_image_facts(header).frames, 3)
        target = io.BytesIO()
        facts = export_frames(
            io.BytesIO(data),
            target,
            LIMITS,
            first_frame=1,
            frames=frames,
            kind="png",
            overlays=True,
            annotations=True,
        )
        measure_frames(io.BytesIO(data), io.BytesIO(), LIMITS, first_frame=1, frames=frames)
    except IsocenterError as error:
        return type(error).__name__
    finally:
        assert time.process_time() - started < CPU_SECONDS_MAX
    lengths = facts["lengths"]
    assert isinstance(lengths, list)
    assert len(lengths) == frames
    assert sum(lengths) == len(target.getvalue())
    return "shown"


def fuzz(count: int) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    files = seeds()
    for number, seed in enumerate(files):
        other = files[(number + 1) % len(files)]
        changed = (
            *mutations(seed, other, count // 3, 900 + number),
            *values_changed(seed, count, 900 + number),
        )
        for turn, data in enumerate(changed):
            try:
                outcomes[outcome(data)] += 1
            except BaseException:
                print(f"seed {number}, mutation {turn} of {count}, {len(data)} bytes")
                raise
    print(outcomes.most_common())
    return outcomes


@pytest.mark.slow
def test_mutated_images_are_shown_or_refused() -> None:
    outcomes = fuzz(MUTATIONS)

    assert outcomes["shown"] > outcomes.total() // 4


@pytest.mark.full
def test_many_mutated_images_are_shown_or_refused() -> None:
    fuzz(MUTATIONS_FULL)
