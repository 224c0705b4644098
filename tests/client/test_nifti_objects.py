import gzip

import nibabel
import numpy as np
import pytest

from isocenter.client.nifti_objects import read_nifti
from isocenter.errors import InvalidInputError


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("is_compressed", [False, True])
def test_an_image_is_read(kind: type, *, is_compressed: bool) -> None:
    made = kind(np.arange(24, dtype=np.int16).reshape(2, 3, 4), np.diag([-1, -2, 3, 1]))
    data = made.to_bytes()

    read = read_nifti(gzip.compress(data) if is_compressed else data)

    assert isinstance(read, kind)
    assert np.array_equal(np.asarray(read.dataobj), np.asarray(made.dataobj))  # type: ignore[attr-defined]  # nibabel has no types
    assert np.array_equal(read.affine, made.affine)  # type: ignore[attr-defined]  # nibabel has no types


@pytest.mark.parametrize("data", [b"junk", b"\x1f\x8bjunk", b""])
def test_junk_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_nifti(data)
