"""Whether a file is a whole NIfTI volume: its header, its size, nothing of its meaning.

Runs in a limited child process. What is packed is unpacked within bounds, and nothing of it is
held.

References
----------
NIfTI-1 and NIfTI-2 headers: nifti1.h and nifti2.h of the NIfTI Data Format Working Group.
"""

import gzip
import zlib
from math import prod
from struct import Struct
from typing import BinaryIO, NamedTuple

from isocenter.errors import InvalidInputError, NotSupportedError, TooLargeError
from isocenter.limits import Limits

_STEP_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"
_DIMENSIONS_MAX = 7
# Code of a type to the bits of a voxel; 1 (a bit) is in no file, 1536 and up are of extinct types.
_BITS = {
    **dict.fromkeys((2, 256), 8),
    **dict.fromkeys((4, 512), 16),
    **dict.fromkeys((8, 768, 16, 2304), 32),
    **dict.fromkeys((64, 1024, 1280, 32), 64),
    128: 24,
}


class _Form(NamedTuple):
    """Where a version of the header has what is looked at."""

    header_bytes: int
    dimensions_at: int
    dimensions: str
    type_at: int
    offset_at: int
    offset: str
    magic_at: int
    magic: bytes


_FORMS = {
    348: _Form(348, 40, "8h", 70, 108, "f", 344, b"n+1\0"),
    540: _Form(540, 16, "8q", 12, 168, "q", 4, b"n+2\0\r\n\x1a\n"),
}


class NiftiHeader(NamedTuple):
    """Voxels along each axis, the code of their type, and where they begin."""

    shape: tuple[int, ...]
    type_code: int
    offset: int

    @property
    def data_bytes(self) -> int:
        """How many bytes the voxels have."""
        return prod(self.shape) * _BITS[self.type_code] // 8


def check_nifti(source: BinaryIO, target: BinaryIO, limits: Limits) -> dict[str, object]:
    """Return the shape of a NIfTI file, packed or not, if it is whole.

    Nothing is written.

    Raises
    ------
    InvalidInputError
        If it is no NIfTI, is damaged or ends early.
    NotSupportedError
        If its header stands in a file of its own, or its voxels are of no type for us.
    TooLargeError
        If it has more bytes than ``limits.instance_pixel_bytes``.
    """
    del target
    is_packed = source.read(2) == _GZIP
    source.seek(0)
    try:
        with gzip.GzipFile(fileobj=source) if is_packed else source as plain:
            return _check(plain, limits)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise InvalidInputError("the packed volume is damaged or ends early") from None


def read_nifti_header(head: bytes) -> NiftiHeader:
    """Return what the first 544 bytes of a NIfTI file say.

    Raises
    ------
    InvalidInputError, NotSupportedError
        As ``check_nifti`` does.
    """
    sizes = {"<": int.from_bytes(head[:4], "little"), ">": int.from_bytes(head[:4], "big")}
    order = next((one for one, size in sizes.items() if size in _FORMS), None)
    if order is None:
        raise InvalidInputError("not a NIfTI file")
    form = _FORMS[sizes[order]]
    if len(head) < form.header_bytes:
        raise InvalidInputError("the NIfTI header ends early")
    magic = head[form.magic_at : form.magic_at + len(form.magic)]
    if magic != form.magic:
        if magic[:2] == b"ni":
            raise NotSupportedError("the volume stands in a file of its own: send a .nii file")
        raise InvalidInputError("not a NIfTI file")

    def value(at: int, kind: str) -> tuple[float, ...]:
        packed = Struct(order + kind)
        return packed.unpack(head[at : at + packed.size])

    rank, *sides = (int(one) for one in value(form.dimensions_at, form.dimensions))
    if not 1 <= rank <= _DIMENSIONS_MAX or min(sides[:rank]) < 1:
        raise InvalidInputError("the NIfTI header has no valid dimensions")
    type_code = int(value(form.type_at, "h")[0])
    if type_code not in _BITS:
        raise NotSupportedError("the voxels of the volume are of a type that is not supported")
    offset = value(form.offset_at, form.offset)[0]
    if not form.header_bytes + 4 <= offset < 1 << 40:  # neither infinite nor no number at all
        raise InvalidInputError("the NIfTI header does not say where the voxels are")
    return NiftiHeader(tuple(sides[:rank]), type_code, int(offset))


def _check(plain: BinaryIO | gzip.GzipFile, limits: Limits) -> dict[str, object]:
    head = plain.read(max(_FORMS) + 4)
    header = read_nifti_header(head)
    most = limits.instance_pixel_bytes
    if header.data_bytes > most:
        raise TooLargeError("instance_pixel_bytes", most, header.data_bytes, "bytes")
    missing = header.offset + header.data_bytes - len(head)
    while missing > 0:
        piece = plain.read(min(_STEP_BYTES, missing))
        if not piece:
            raise InvalidInputError(f"the volume ends early, by {missing} bytes")
        missing -= len(piece)
    return {"shape": list(header.shape), "datatype": header.type_code}
