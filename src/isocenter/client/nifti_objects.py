"""nibabel images from bytes."""

import gzip
import zlib

import nibabel
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError
from nibabel.wrapstruct import WrapStructError

from isocenter.errors import InvalidInputError

_GZIP = b"\x1f\x8b"
_REFUSALS = (
    EOFError,
    HeaderDataError,
    ImageFileError,
    OSError,
    ValueError,
    WrapStructError,
    zlib.error,
)


def read_nifti(data: bytes) -> object:
    """Return a NIfTI-1 or NIfTI-2 image, also of compressed bytes.

    Raises
    ------
    InvalidInputError
        If it is none.
    """
    try:
        plain = gzip.decompress(data) if data.startswith(_GZIP) else data
        kind = nibabel.Nifti2Image if plain[:2] in (b"\x1c\x02", b"\x02\x1c") else None
        return (kind or nibabel.Nifti1Image).from_bytes(plain)
    except _REFUSALS:
        raise InvalidInputError("nibabel cannot read the image") from None
