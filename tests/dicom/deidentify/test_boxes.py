import io
from pathlib import Path
from struct import pack

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from isocenter.dicom.deidentify.boxes import bare_jpeg_2000, bare_jpeg_xl, boxes
from isocenter.errors import CorruptPixelDataError
from tests.coded import frame, pixel_format
from tests.judges import run

SECRET = b"CANARY^Jane"
COLOUR = pixel_format(bits_stored=8, bits_allocated=8, samples=3)


def box(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content) + 8) + kind + content


def test_a_jp2_file_becomes_its_codestream() -> None:
    jp2 = bytes(imagecodecs.jpeg2k_encode(frame(COLOUR), codecformat="jp2", level=0))
    jp2 = jp2[:12] + box(b"uuid", SECRET) + jp2[12:] + box(b"xml ", SECRET)

    bare = bare_jpeg_2000(jp2)

    assert bare.startswith(b"\xff\x4f\xff\x51")
    assert SECRET not in bare
    assert np.array_equal(imagecodecs.jpeg2k_decode(bare), frame(COLOUR))
    assert bare_jpeg_2000(bare) is bare


def test_a_codestream_is_not_looked_for_inside_other_boxes() -> None:
    jp2 = bytes(imagecodecs.jpeg2k_encode(frame(COLOUR), codecformat="jp2", level=0))
    planted = jp2[:12] + box(b"xml ", box(b"jp2c", SECRET)) + jp2[12:]

    assert bare_jpeg_2000(planted) == bare_jpeg_2000(jp2)


def test_a_palette_that_the_codestream_needs_is_refused() -> None:
    target = io.BytesIO()
    jp2 = bytes(imagecodecs.jpeg2k_encode(frame(COLOUR), codecformat="jp2", level=0))
    target.write(jp2[:12] + box(b"jp2h", box(b"pclr", b"\0\1\1\7\0")) + jp2[12:])

    with pytest.raises(CorruptPixelDataError, match="palette"):
        bare_jpeg_2000(target.getvalue())


@pytest.mark.judge("cjxl", "djxl")
def test_a_jpeg_xl_file_becomes_its_codestream(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    Image.fromarray(frame(COLOUR).astype("u1")).save(tmp_path / "a.jpg", exif=exif, comment=SECRET)
    # Recompressed JPEG: the boxes also hold what is needed to make the file again.
    run("cjxl", "--quiet", "--lossless_jpeg=1", tmp_path / "a.jpg", tmp_path / "a.jxl")
    whole = (tmp_path / "a.jxl").read_bytes()
    assert whole[4:8] == b"JXL "

    bare = bare_jpeg_xl(whole)

    (tmp_path / "b.jxl").write_bytes(bare)
    for name in ("a", "b"):
        run("djxl", "--quiet", tmp_path / f"{name}.jxl", tmp_path / f"{name}.png")
    assert bare.startswith(b"\xff\x0a")
    assert Image.open(tmp_path / "a.png").tobytes() == Image.open(tmp_path / "b.png").tobytes()
    assert bare_jpeg_xl(bare) is bare


def test_boxes_without_a_codestream_are_refused() -> None:
    with pytest.raises(CorruptPixelDataError):
        bare_jpeg_2000(b"\0\0\0\x0cjP  \r\n\x87\n" + box(b"xml ", SECRET))
    with pytest.raises(CorruptPixelDataError):
        bare_jpeg_xl(b"\0\0\0\x0cJXL \r\n\x87\n" + box(b"Exif", SECRET))
    with pytest.raises(CorruptPixelDataError):
        bare_jpeg_xl(SECRET)


@given(st.binary(max_size=200))
def test_boxes_of_noise_end(noise: bytes) -> None:
    try:
        found = list(boxes(noise, 0, len(noise)))
    except CorruptPixelDataError:
        return
    assert all(8 <= start <= end <= len(noise) for _, start, end in found)


def test_lengths_of_64_bits_and_up_to_the_end_are_understood() -> None:
    data = pack(">I4sQ", 1, b"long", 19) + b"abc" + pack(">I4s", 0, b"last") + b"defg"

    assert list(boxes(data, 0, len(data))) == [(b"long", 16, 19), (b"last", 27, 31)]


def test_too_many_boxes_are_refused() -> None:
    data = box(b"free", b"") * 10_001

    with pytest.raises(CorruptPixelDataError, match="too many"):
        list(boxes(data, 0, len(data)))
