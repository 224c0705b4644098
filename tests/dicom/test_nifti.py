import gzip
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import nibabel
import nibabel.affines
import nibabel.eulerangles
import numpy as np
import numpy.typing as npt
import pytest

from isocenter.dicom.nifti import check_nifti, label_values, read_nifti, write_nifti
from isocenter.errors import (
    InvalidInputError,
    NotSupportedError,
    TooLargeError,
)
from isocenter.limits import DEFAULT

NIBABEL: Any = nibabel  # its functions have no types
KINDS = ("u1", "i2", "i4", "f4", "f8", "i1", "u2", "u4", "i8", "u8")


def volume(dtype: str = "u1", shape: tuple[int, ...] = (5, 4, 3)) -> npt.NDArray[np.generic]:
    return np.arange(np.prod(shape)).reshape(shape).astype(dtype)


def oblique(*, is_mirrored: bool = False) -> npt.NDArray[np.float64]:
    affine = np.eye(4)
    affine[:3, :3] = NIBABEL.eulerangles.euler2mat(0.3, -0.4, 2.5) * [
        0.7,
        0.8,
        -2.5 if is_mirrored else 2.5,
    ]
    affine[:3, 3] = (-12.5, 33.0, 101.25)
    return affine


def by_nibabel(data: bytes) -> Any:  # noqa: ANN401 - nibabel has no types
    return NIBABEL.Nifti1Image.from_bytes(gzip.decompress(data))


def nifti_1(data: npt.NDArray[np.generic], affine: npt.NDArray[np.float64] | None = None) -> Any:  # noqa: ANN401 - nibabel has no types
    return NIBABEL.Nifti1Image(data, np.eye(4) if affine is None else affine, dtype=data.dtype)


@pytest.mark.parametrize("dtype", KINDS)
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", [NIBABEL.Nifti1Header, NIBABEL.Nifti2Header])
def test_files_of_nibabel_are_read_as_nibabel_reads_them(
    dtype: str, order: str, kind: type
) -> None:
    image_class = NIBABEL.Nifti1Image if kind is NIBABEL.Nifti1Header else NIBABEL.Nifti2Image
    data = volume(dtype, (5, 4, 3, 2))
    made = image_class(data, oblique(), header=kind(endianness=order), dtype=dtype)
    found = read_nifti(io.BytesIO(made.to_bytes()))
    np.testing.assert_array_equal(found.data, data)
    assert found.data.dtype.newbyteorder("=") == np.dtype(dtype)
    assert found.affine is not None
    np.testing.assert_allclose(found.affine, made.affine, atol=1e-5)
    np.testing.assert_allclose(
        np.array(found.spacing_mm), NIBABEL.affines.voxel_sizes(made.affine), rtol=1e-6
    )


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_a_rotation_without_a_matrix_is_read_as_nibabel_reads_it(is_mirrored: bool) -> None:
    made = nifti_1(volume(), oblique(is_mirrored=is_mirrored))
    made.set_sform(None, code=0)
    made.set_qform(oblique(is_mirrored=is_mirrored), code=1)
    read = NIBABEL.Nifti1Image.from_bytes(made.to_bytes())
    found = read_nifti(io.BytesIO(made.to_bytes()))
    assert found.affine is not None
    np.testing.assert_allclose(found.affine, read.affine, atol=1e-5)


def test_a_file_that_says_nothing_of_where_it_lies_has_no_affine() -> None:
    made = nifti_1(volume())
    made.set_sform(None, code=0)
    made.set_qform(None, code=0)
    assert read_nifti(io.BytesIO(made.to_bytes())).affine is None


def test_scaled_values_are_scaled() -> None:
    made = nifti_1(volume("i2"))
    made.header.set_slope_inter(0.5, 3)
    raw = bytearray(made.to_bytes())
    raw[112:120] = np.array([0.5, 3], "<f4").tobytes()
    found = read_nifti(io.BytesIO(bytes(raw)))
    np.testing.assert_array_equal(
        found.data, NIBABEL.Nifti1Image.from_bytes(bytes(raw)).get_fdata()
    )
    assert found.data[1, 0, 0] == volume("i2")[1, 0, 0] * 0.5 + 3


@pytest.mark.parametrize("dtype", KINDS)
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_nibabel_reads_what_is_written(dtype: str, is_mirrored: bool) -> None:
    affine = oblique(is_mirrored=is_mirrored)
    read = by_nibabel(write_nifti(volume(dtype), affine))
    np.testing.assert_array_equal(np.asanyarray(read.dataobj), volume(dtype))
    assert read.get_data_dtype() == np.dtype(dtype)
    np.testing.assert_allclose(read.affine, affine, atol=1e-5)
    np.testing.assert_allclose(read.get_qform(), affine, atol=1e-4)
    assert read.header.get_xyzt_units() == ("mm", "sec")


def test_each_rotation_by_half_a_turn_is_written_right() -> None:
    for signs in ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1), (-1, -1, -1)):
        affine = np.diag([*signs, 1]).astype(float)
        read = by_nibabel(write_nifti(volume(), affine))
        np.testing.assert_allclose(read.get_qform(), affine, atol=1e-6)


def test_a_sheared_volume_has_a_matrix_and_no_rotation() -> None:
    affine = np.eye(4)
    affine[1, 2] = 0.5
    read = by_nibabel(write_nifti(volume(), affine))
    np.testing.assert_allclose(read.affine, affine)
    assert read.header["qform_code"] == 0


def test_what_is_written_is_read_again_and_is_the_same_each_time() -> None:
    data = write_nifti(volume("u2", (6, 5)), oblique())
    found = read_nifti(io.BytesIO(data))
    np.testing.assert_array_equal(found.data, volume("u2", (6, 5)))
    assert data == write_nifti(volume("u2", (6, 5)), oblique())


def test_metres_become_millimetres() -> None:
    made = nifti_1(volume(), np.diag([0.001, 0.002, 0.003, 1]))
    made.header.set_xyzt_units("meter")
    found = read_nifti(io.BytesIO(made.to_bytes()))
    assert found.affine is not None
    np.testing.assert_allclose(np.diag(found.affine), [1, 2, 3, 1], rtol=1e-6)
    np.testing.assert_allclose(np.array(found.spacing_mm), [1, 2, 3], rtol=1e-6)


def test_real_files_are_read_as_nibabel_reads_them(shared_data: Path) -> None:
    for name in ("ct_small.nii.gz", "seg.nii.gz"):
        path = shared_data / "dicom" / "other" / name
        read = NIBABEL.Nifti1Image.from_filename(path)
        found = read_nifti(io.BytesIO(path.read_bytes()))
        np.testing.assert_array_equal(found.data, np.asanyarray(read.dataobj))
        assert found.affine is not None
        np.testing.assert_allclose(found.affine, read.affine, atol=1e-4)


def test_facts_name_shape_and_labels() -> None:
    labels = np.zeros((6, 5, 4), np.uint8)
    labels[1:3, 2, 1], labels[4, 4, 3] = 2, 7
    facts = check_nifti(io.BytesIO(write_nifti(labels, oblique())), io.BytesIO())
    assert facts["shape"] == [6, 5, 4]
    assert facts["values"] == [2, 7]
    assert facts["dtype"] == "uint8"
    assert facts["is_placed"] is True


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (np.array([0.0, 1.0, 3.0]), [1, 3]),
        (np.array([0.0, 0.5]), None),
        (np.array([0.0, np.nan]), None),
        (np.array([-1, 0]), None),
        (np.array([0, 70_000]), None),
        (np.arange(300), None),
        (np.zeros(4, np.int16), []),
    ],
)
def test_labels_are_a_few_whole_numbers(
    data: npt.NDArray[np.generic], expected: list[int] | None
) -> None:
    assert label_values(data) == expected


def test_damaged_files_are_refused_in_a_sentence() -> None:
    plain = nifti_1(volume()).to_bytes()
    compressed = gzip.compress(plain)
    for data in (plain[:-1], plain[:200], plain[:349], compressed[:-40]):
        with pytest.raises(InvalidInputError, match="ends too early"):
            read_nifti(io.BytesIO(data))
    broken = bytearray(compressed)
    broken[30] ^= 0xFF
    for data in (
        b"",
        b"DICM" * 200,
        bytes(broken),
        compressed[:-40],
        bytes(plain[:344]) + b"n+3\0" + plain[348:],
    ):
        with pytest.raises(InvalidInputError):
            read_nifti(io.BytesIO(data))


def test_every_header_byte_may_be_anything() -> None:
    plain = nifti_1(volume()).to_bytes()
    for at in range(348):
        for value in (0, 0x7F, 0xFF):
            changed = bytearray(plain)
            changed[at] = value
            try:
                read_nifti(io.BytesIO(bytes(changed)))
            except (InvalidInputError, NotSupportedError, TooLargeError):
                continue


def test_a_file_of_a_pair_and_colours_are_not_supported() -> None:
    plain = bytearray(nifti_1(volume()).to_bytes())
    plain[344:348] = b"ni1\0"
    with pytest.raises(NotSupportedError, match="another file"):
        read_nifti(io.BytesIO(bytes(plain)))
    plain[344:348] = b"n+1\0"
    plain[70:72] = (128).to_bytes(2, "little")
    with pytest.raises(NotSupportedError, match="128"):
        read_nifti(io.BytesIO(bytes(plain)))


def test_a_small_file_that_claims_to_be_huge_is_refused_before_it_is_inflated() -> None:
    limits = replace(DEFAULT, instance_pixel_bytes=1000)
    data = write_nifti(np.zeros((50, 50, 50), np.uint8), np.eye(4))
    with pytest.raises(TooLargeError):
        read_nifti(io.BytesIO(data), limits)


def test_what_nifti_cannot_hold_is_refused() -> None:
    with pytest.raises(NotSupportedError):
        write_nifti(np.zeros((2, 2), np.complex64), np.eye(4))
    with pytest.raises(NotSupportedError):
        write_nifti(np.zeros((40_000, 1), np.uint8), np.eye(4))
