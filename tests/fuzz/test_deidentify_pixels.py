"""Fuzz of cleaning and blanking pixels: what is broken ends clean, or in a clean error."""

import io
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from isocenter.dicom.codecs import ENCODERS
from isocenter.dicom.deidentify.burned_in import plan_pixels
from isocenter.dicom.deidentify.pixel_pieces import clean_pixel_data
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource, read_pieces
from isocenter.dicom.transcode import Wish, transcode
from isocenter.errors import IsocenterError
from isocenter.jobs.sandbox import TRANSCODE_CHILD, Sandbox
from isocenter.limits import Limits
from tests.builders import instance, set_fragments, to_bytes
from tests.coded import frame, pixel_format
from tests.dicom.deidentify.test_ultrasound import declared
from tests.fuzz.mutations import mutations

CPU_SECONDS_MAX = 5.0
LIMITS = Limits(frame_bytes=4_000_000)
PIXELS = pixel_format(rows=24, columns=32, bits_stored=8, bits_allocated=8)
BLANK = "isocenter.jobs.transcode_child:blank_in_threads"
MUTATIONS, MUTATIONS_FULL = 400, 20_000
CHILD_MUTATIONS, CHILD_MUTATIONS_FULL = 60, 1500


def jpeg() -> bytes:
    target = io.BytesIO()
    picture = Image.fromarray(frame(PIXELS).astype("u1"))
    picture.save(target, "JPEG", comment=b"CANARY", progressive=True)
    return target.getvalue()


def seeds() -> dict[str, bytes]:
    """Return two Frames in every encoding, bits, an overlay in the cells, ultrasound regions."""
    native = instance(rows=24, columns=32, bits_stored=8)
    native.NumberOfFrames, native.PixelData = 2, native.PixelData * 2
    made = {}
    for name in ENCODERS:
        target = io.BytesIO()
        transcode(io.BytesIO(to_bytes(native)), target, wish=Wish(name))
        made[name] = target.getvalue()
    dataset = instance(rows=24, columns=32, bits_stored=8)
    made["jpeg"] = to_bytes(set_fragments(dataset, [jpeg()], "1.2.840.10008.1.2.4.50"))
    bits = instance(rows=3, columns=5, bits_stored=8)
    bits.BitsAllocated = bits.BitsStored = 1
    bits.HighBit, bits.PixelData = 0, b"\xff\xff"
    made["bits"] = to_bytes(bits)
    overlaid = instance(rows=4, columns=4)
    cells = np.frombuffer(overlaid.PixelData, "<u2") | np.uint16(0x4000)
    overlaid.PixelData = cells.tobytes() + b"CANARY"
    made["overlay"] = to_bytes(overlaid)
    made["ultrasound"] = to_bytes(declared((0, 10, 79, 49)))
    return made


SEEDS = seeds()


def broken(name: str, count: int, seed: int) -> list[bytes]:
    """Return mutations of a seed, half of them in its last half, where the pixels are."""
    data = SEEDS[name]
    made = list(islice(mutations(data, SEEDS["jpeg"], count // 2, seed), count // 2))
    random = Random(seed)
    for _ in range(count - len(made)):
        changed = bytearray(data)
        for _ in range(random.randint(1, 4)):
            changed[random.randrange(len(data) // 2, len(data))] = random.randrange(256)
        made.append(bytes(changed))
    return made


def clean_all(name: str, count: int) -> Counter[str]:
    ends: Counter[str] = Counter()
    for data in broken(name, count, 7):
        source = BytesSource(data)
        started = time.process_time()
        try:
            header = index_header(source, LIMITS)
            plan_pixels(header, limits=LIMITS)
            found = clean_pixel_data(header, source, LIMITS, is_implicit=False)
            written = b"".join(read_pieces(found.pieces, [source]))
        except IsocenterError as error:
            ends[type(error).__name__] += 1
        else:
            assert len(written) <= len(data) + 200
            ends["clean"] += 1
        assert time.process_time() - started < CPU_SECONDS_MAX
    return ends


def blank_all(name: str, count: int, folder: Path) -> None:
    ends: Counter[str] = Counter()
    with Sandbox(LIMITS, child=TRANSCODE_CHILD) as sandbox:
        for number, data in enumerate(broken(name, count, 8)):
            source = folder / f"{number}"
            source.write_bytes(data)
            try:
                sandbox.transform(BLANK, source, folder / f"{number}.out", regions=":1,1,2,2")
            except IsocenterError as error:
                ends[str(error)] += 1
            else:
                ends["blanked"] += 1
    # What the child does not expect it names by its type; that would be an error of ours.
    assert not [sentence for sentence in ends if "the reader failed with" in sentence], ends


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEDS)
def test_pixels_are_cleaned_or_refused(name: str) -> None:
    assert len(clean_all(name, MUTATIONS)) > 1


@pytest.mark.full
@pytest.mark.parametrize("name", SEEDS)
def test_pixels_are_cleaned_or_refused_at_length(name: str) -> None:
    assert len(clean_all(name, MUTATIONS_FULL)) > 1


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEDS)
def test_broken_frames_are_blanked_or_refused_in_a_child(name: str, tmp_path: Path) -> None:
    blank_all(name, CHILD_MUTATIONS, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("name", SEEDS)
def test_broken_frames_are_blanked_or_refused_at_length(name: str, tmp_path: Path) -> None:
    blank_all(name, CHILD_MUTATIONS_FULL, tmp_path)
