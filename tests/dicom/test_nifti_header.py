"""NIfTI files as nibabel writes them are whole; what is cut off, packed wrongly or odd is told."""

import gzip
import io
import struct
from dataclasses import replace

import nibabel
import numpy as np
import pytest

from isocenter.dicom.nifti_header import check_nifti, read_nifti_header
from isocenter.errors import InvalidInputError, NotSupportedError, TooLargeError
from isocenter.limits import DEFAULT


def volume(kind: type = nibabel.Nifti1Image, dtype: str = "u1", order: str = "<") -> bytes:
    """Return 5 x 4 x 3 voxels as nibabel writes them."""
    data = np.arange(60).reshape(5, 4, 3).astype(dtype)
    header = kind.header_class(endianness=order)  # type: ignore[attr-defined]  # it has no types
    header.set_data_dtype(dtype)
    made: bytes = kind(data, np.eye(4), header).to_bytes()
    return made


def check(data: bytes) -> dict[str, object]:
    target = io.BytesIO()
    found = check_nifti(io.BytesIO(data), target, DEFAULT)
    assert target.getvalue() == b""
    return found


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", ["u1", "i2", "f4", "f8", "u8", "i8"])
def test_what_nibabel_writes_is_whole(kind: type, order: str, dtype: str) -> None:
    data = volume(kind, dtype, order)

    assert check(data)["shape"] == [5, 4, 3]
    assert check(gzip.compress(data)) == check(data)
    with pytest.raises(InvalidInputError, match="by 1 bytes"):
        check(data[:-1])


def test_what_is_none_is_refused() -> None:
    data = volume()
    for wrong in (b"", b"\0" * 600, data[:300], gzip.compress(data)[:-9], b"\x1f\x8bxxxxx"):
        with pytest.raises(InvalidInputError):
            check(wrong)


@pytest.mark.parametrize(
    ("at", "value", "error"),
    [
        (40, struct.pack("<h", 8), InvalidInputError),
        (42, struct.pack("<h", -1), InvalidInputError),
        (70, struct.pack("<h", 1), NotSupportedError),
        (108, struct.pack("<f", float("nan")), InvalidInputError),
        (108, struct.pack("<f", float("inf")), InvalidInputError),
        (344, b"ni1\0", NotSupportedError),
        (344, b"????", InvalidInputError),
    ],
)
def test_headers_that_contradict_themselves_are_refused(
    at: int, value: bytes, error: type[Exception]
) -> None:
    data = bytearray(volume())
    data[at : at + len(value)] = value

    with pytest.raises(error):
        read_nifti_header(bytes(data))


def test_a_volume_has_at_most_so_many_bytes() -> None:
    with pytest.raises(TooLargeError):
        check_nifti(io.BytesIO(volume()), io.BytesIO(), replace(DEFAULT, instance_pixel_bytes=59))
