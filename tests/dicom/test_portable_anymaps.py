import io

import numpy as np
import pytest
from PIL import Image

from isocenter.dicom.portable_anymaps import read_anymap
from isocenter.errors import CorruptPixelDataError, TooLargeError
from isocenter.limits import Limits
from tests.foreign import colours, encoded, grey


@pytest.mark.parametrize("samples", [grey(), colours(), grey() > 100])
def test_what_pil_writes_is_read_as_pil_reads_it(samples: np.ndarray) -> None:
    data = encoded(samples, "PPM")

    found = read_anymap(data)

    with Image.open(io.BytesIO(data)) as image:
        assert np.array_equal(found.samples, np.asarray(image))
    assert found.bits == (1 if samples.dtype == bool else 8)


def test_deep_values_keep_their_bits() -> None:
    samples = grey(bits=12)
    rows, columns = samples.shape
    data = f"P5 {columns} {rows} 4095\n".encode() + samples.astype(">u2").tobytes()

    found = read_anymap(data)

    assert np.array_equal(found.samples, samples)
    assert (found.bits, found.samples.dtype) == (12, np.dtype("<u2"))


def test_plain_pictures_with_comments_are_read() -> None:
    found = read_anymap(b"P3 # a\n#b\n2 1#c\n15\n0 1 2\n# d\n3 14 15 ")

    assert found.samples.tolist() == [[[0, 17, 34], [51, 238, 255]]]
    assert read_anymap(b"P1 3 2\n101\n0 1 0").samples.tolist() == [[0, 1, 0], [1, 0, 1]]


@pytest.mark.parametrize("highest", [2, 100, 254])
def test_few_values_are_spread_and_none_is_lost(highest: int) -> None:
    data = f"P5 {highest + 1} 1 {highest}\n".encode() + bytes(range(highest + 1))

    values = read_anymap(data).samples[0].tolist()

    assert (values[0], values[-1], len(set(values))) == (0, 255, highest + 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"P7\n",
        b"P5",
        b"P5 2 2",
        b"P5 0 2 255\n",
        b"P5 2 2 0\n1234",
        b"P5 2 2 70000\n12345678",
        b"P5 2 2 255\n123",
        b"P5 2 2 15\n\x0f\x0f\x0f\x10",
        b"P2 2 2 255 1 2 3",
        b"P2 2 1 255 1 x",
        b"P2 2 1 9 1 10",
    ],
)
def test_what_is_no_anymap_is_refused(data: bytes) -> None:
    with pytest.raises(CorruptPixelDataError):
        read_anymap(data)


def test_large_claims_are_refused_before_anything_is_read() -> None:
    with pytest.raises(TooLargeError):
        read_anymap(b"P6 40000 40000 65535\n")
    with pytest.raises(TooLargeError):
        read_anymap(b"P5 20 20 255\n" + bytes(400), Limits(picture_bytes=399))
