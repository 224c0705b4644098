import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rle

from isocenter.dicom.codecs import DECODERS, ENCODERS, decode_frame, encode_frame
from isocenter.dicom.frames import index_frames, read_frame
from isocenter.dicom.header_index import index_header
from isocenter.dicom.part10 import transfer_syntax_of
from isocenter.dicom.pixel_format import read_pixel_format
from isocenter.dicom.rewrite import rewrite
from isocenter.dicom.streams import StreamSource
from isocenter.errors import CorruptPixelDataError, NotSupportedError, UnusualEncodingError
from tests.coded import frame, pixel_format

# Bits Stored and Bits Allocated.
BITS = [(2, 8), (5, 8), (8, 8), (8, 16), (5, 16), (9, 16), (10, 16), (12, 16), (15, 16), (16, 16)]
NAMES = list(ENCODERS)


def facts(shared_data: Path) -> list[dict[str, Any]]:
    lines = (shared_data / "dicom" / "FACTS.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize(("stored", "allocated"), BITS)
def test_every_codec_gives_back_what_it_encoded(
    name: str, stored: int, allocated: int, is_signed: bool
) -> None:
    pixels = pixel_format(bits_stored=stored, bits_allocated=allocated, is_signed=is_signed)
    samples = frame(pixels)

    decoded = decode_frame(ENCODERS[name], encode_frame(ENCODERS[name], samples, pixels), pixels)

    assert decoded.dtype == pixels.dtype
    assert np.array_equal(decoded, samples)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("stored", "allocated"), [(8, 8), (12, 16), (16, 16)])
@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL"])
def test_every_codec_gives_back_colours(
    name: str, stored: int, allocated: int, photometric: str
) -> None:
    pixels = pixel_format(
        bits_stored=stored, bits_allocated=allocated, samples=3, photometric=photometric
    )
    samples = frame(pixels)

    decoded = decode_frame(ENCODERS[name], encode_frame(ENCODERS[name], samples, pixels), pixels)

    assert np.array_equal(decoded, samples)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("rle", "deflate")])
@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize(("stored", "allocated"), BITS)
def test_the_codestream_states_bits_stored(
    name: str, stored: int, allocated: int, is_signed: bool
) -> None:
    codec = ENCODERS[name]
    pixels = pixel_format(bits_stored=stored, bits_allocated=allocated, is_signed=is_signed)

    assert codec.parse is not None
    stream = codec.parse(encode_frame(codec, frame(pixels), pixels))

    assert (stream.bits, stream.rows, stream.columns) == (stored, 37, 50)
    if name in ("j2k", "htj2k"):
        assert stream.is_signed == is_signed


@pytest.mark.parametrize("name", ["j2k", "htj2k"])
@pytest.mark.parametrize("stored", [17, 20, 24])
def test_more_than_16_bits_are_exact_where_they_are_allowed(name: str, stored: int) -> None:
    pixels = pixel_format(bits_stored=stored, bits_allocated=32)
    samples = frame(pixels)

    decoded = decode_frame(ENCODERS[name], encode_frame(ENCODERS[name], samples, pixels), pixels)

    assert np.array_equal(decoded, samples)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("rle", "deflate")])
def test_what_cannot_be_exact_is_refused(name: str) -> None:
    codec = ENCODERS[name]
    assert codec.reason_to_refuse(pixel_format(bits_stored=32, bits_allocated=32))
    assert codec.reason_to_refuse(pixel_format(bits_stored=1, bits_allocated=1))
    assert codec.reason_to_refuse(pixel_format(bits_stored=8, bits_allocated=8, samples=4))
    assert codec.reason_to_refuse(pixel_format(rows=70000, columns=1))
    assert not codec.reason_to_refuse(pixel_format())


@pytest.mark.parametrize("name", ["rle", "deflate"])
@pytest.mark.parametrize(("rows", "columns"), [(16, 16), (5, 7)])
def test_bits_are_packed(name: str, rows: int, columns: int) -> None:
    codec = ENCODERS[name]
    pixels = pixel_format(bits_stored=1, bits_allocated=1, rows=rows, columns=columns)
    samples = frame(pixels)

    decoded = decode_frame(codec, encode_frame(codec, samples, pixels), pixels)

    assert not codec.reason_to_refuse(pixels)
    assert np.array_equal(decoded, samples)


def test_unpacked_runs_of_bits_are_decoded_too() -> None:
    pixels = pixel_format(bits_stored=1, bits_allocated=1, rows=8, columns=16)
    samples = frame(pixels)
    data = rle.encode_pixel_data(  # type: ignore[attr-defined]  # not in its __all__
        samples.tobytes(),
        byteorder="<",
        rows=8,
        columns=16,
        samples_per_pixel=1,
        bits_allocated=8,
        number_of_frames=1,
    )

    assert np.array_equal(decode_frame(ENCODERS["rle"], data, pixels), samples)


@pytest.mark.parametrize("name", NAMES)
def test_a_truncated_frame_is_an_error(name: str) -> None:
    pixels = pixel_format()
    data = encode_frame(ENCODERS[name], frame(pixels), pixels)

    for length in (0, 3, 40, len(data) // 2, len(data) - 3):
        with pytest.raises(CorruptPixelDataError):
            decode_frame(ENCODERS[name], data[:length], pixels)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("rle", "deflate")])
def test_a_frame_of_another_size_is_not_decoded(name: str) -> None:
    pixels = pixel_format()
    data = encode_frame(ENCODERS[name], frame(pixels), pixels)

    for other in (pixel_format(rows=38), pixel_format(columns=3)):
        with pytest.raises(CorruptPixelDataError, match="pixels, the header says"):
            decode_frame(ENCODERS[name], data, other)


@pytest.mark.parametrize("name", NAMES)
def test_noise_is_an_error(name: str) -> None:
    noise = np.random.Generator(np.random.PCG64(1)).bytes(4000)

    with pytest.raises((CorruptPixelDataError, NotSupportedError)):
        decode_frame(ENCODERS[name], noise, pixel_format())


def test_no_transfer_syntax_stands_twice() -> None:
    assert len(DECODERS) == sum(len(codec.transfer_syntax_uids) for codec in ENCODERS.values()) + 4
    assert all(DECODERS[codec.lossless_uid] is codec for codec in ENCODERS.values())
    assert all(DECODERS[codec.lossy_uid] is codec for codec in ENCODERS.values() if codec.lossy_uid)


def test_jpeg_ls_has_no_spiff_header() -> None:
    pixels = pixel_format(bits_stored=16)
    data = encode_frame(ENCODERS["jpegls"], frame(pixels), pixels)

    assert data[:4] == b"\xff\xd8\xff\xf7"


@pytest.mark.usefixtures("odd_values_allowed")
def test_every_real_frame_decodes_to_the_samples_of_other_decoders(shared_data: Path) -> None:
    checked = 0
    for fact in facts(shared_data):
        uid = fact.get("transfer_syntax")
        known = fact.get("pixel_sha256")
        if uid not in DECODERS or not known or fact["path"].startswith("series/"):
            continue
        data = (shared_data / "dicom" / fact["path"]).read_bytes()
        assert _digest(data) == known, fact["path"]
        checked += 1
    assert checked > 80


def _digest(data: bytes) -> str:
    stream = io.BytesIO(data)
    try:
        header = index_header(StreamSource(stream))
    except UnusualEncodingError:
        stream = io.BytesIO()
        rewrite(io.BytesIO(data), stream)
        header = index_header(StreamSource(stream))
    source = StreamSource(stream)
    pixels = read_pixel_format(header.dataset)
    frames = index_frames(header, source)
    digest = hashlib.sha256()
    for number in range(1, len(frames.spans) + 1):
        encoded = read_frame(source, frames, number)
        digest.update(decode_frame(DECODERS[transfer_syntax_of(header)], encoded, pixels).tobytes())
    return digest.hexdigest()
