"""Every real and odd file through every codec and back: exact, or refused with a reason."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from isocenter.dicom.frames import index_frames, read_frame
from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.pixel_format import read_pixel_format, settled, to_samples
from isocenter.dicom.rewrite import rewrite
from isocenter.dicom.streams import StreamSource
from isocenter.dicom.transcode import Wish, reason_to_skip, transcode
from isocenter.errors import InvalidInputError, NotSupportedError, UnusualEncodingError
from isocenter.services.reports import Work
from isocenter.services.transcode import compress_lossless, decompress
from tests.builders import instance, write
from tests.recorded_facts import installed_images, shared_images

# Reasons that this version gives, by how they begin.
REASONS = (
    "1-bit pixels can be compressed by rle and deflate only",
    "video is not transcoded",
    "the bits outside of Bits Stored are in use",
    "a frame has 1024 x 3722445056 pixels",  # made so: a delimiter inside the codestream
    "the file ends inside element",
    "NumberOfFrames is not a decimal number",
    *(f"{name} is not used for" for name in ("j2k", "htj2k", "jpegls", "jpeg-lossless", "jpegxl")),
)


def opened(path: Path) -> io.BytesIO:
    stream = io.BytesIO(path.read_bytes())
    try:
        index_header(StreamSource(stream))
    except UnusualEncodingError:
        plain = io.BytesIO()
        rewrite(stream, plain)
        return plain
    return stream


def native(stream: io.BytesIO, wish: Wish) -> io.BytesIO:
    """Return the stream encoded as wished and decoded again."""
    encoded, decoded = io.BytesIO(), io.BytesIO()
    transcode(stream, encoded, wish=wish)
    if not wish.codec:
        return encoded
    transcode(encoded, decoded, wish=Wish())
    return decoded


def digest(stream: io.BytesIO) -> str:
    source = StreamSource(stream)
    header = index_header(source)
    pixels = read_pixel_format(header.dataset)
    frames = index_frames(header, source)
    made = hashlib.sha256()
    for number in range(1, len(frames.spans) + 1):
        first_bit = (number - 1) * pixels.frame_bits % 8 if pixels.is_packed else 0
        samples = to_samples(read_frame(source, frames, number), pixels, first_bit)
        try:
            made.update(settled(samples, pixels).tobytes())
        except NotSupportedError:
            made.update((samples & ((1 << pixels.bits_stored) - 1)).tobytes())
    return made.hexdigest()


@pytest.mark.usefixtures("odd_values_allowed")
@pytest.mark.slow
@pytest.mark.parametrize("of_a_series", [8, pytest.param(None, marks=pytest.mark.full)])
@pytest.mark.parametrize(
    "codec", ["", "rle", "j2k", "htj2k", "jpegls", "jpeg-lossless", "jpegxl", "deflate"]
)
def test_every_file_is_exact_or_refused_with_a_reason(
    codec: str, of_a_series: int | None, shared_data: Path
) -> None:
    exact = 0
    unknown: list[str] = []
    wish = Wish(codec)
    for fact in shared_images(shared_data, of_a_series=of_a_series) + installed_images(shared_data):
        try:
            stream = opened(fact.path)
            header: HeaderIndex = index_header(StreamSource(stream))
            if reason_to_skip(header, wish):
                continue
            made = digest(native(stream, wish))
        except (InvalidInputError, NotSupportedError) as error:
            unknown += [] if str(error).startswith(REASONS) else [f"{fact.path.name}: {error}"]
            continue
        is_converted = not codec and fact.transfer_syntax_uid.endswith(".50")
        if fact.digest and not is_converted:
            assert made == fact.digest, fact.path
            exact += 1
    assert not unknown
    if of_a_series is None:
        assert exact >= (580 if codec else 90)
    else:
        assert exact >= (180 if codec else 80)


def test_damaged_files_cost_nobody_but_themselves(tmp_path: Path) -> None:
    for index in range(6):
        write(instance(index, rows=64, columns=64), tmp_path / "in" / f"{index}.dcm")
    generator = np.random.Generator(np.random.PCG64(7))
    packed = tmp_path / "packed"
    for codec in ("j2k", "htj2k", "jpegls", "jpeg-lossless", "rle", "jpegxl"):
        work = Work(
            paths=(tmp_path / "in",), out=packed / codec, options={"codec": codec}, durable=False
        )
        assert compress_lossless(work).done == 6
        for path in list((packed / codec).iterdir())[1:]:
            data = bytearray(path.read_bytes())
            for at in generator.integers(len(data) // 2, len(data) - 20, 3):
                data[at] ^= int(generator.integers(1, 256))
            path.write_bytes(data)

    report = decompress(Work(paths=(packed,), out=tmp_path / "out", jobs=2, durable=False))

    assert len(report.files) == 36
    assert report.done >= 6
    assert not report.skipped
    for outcome in report.files:
        if outcome.status == "done":
            assert dcmread(outcome.outputs[0]).PixelData
        else:
            assert outcome.reason
