"""NIfTI files, read and written: an array by its axes and where it lies in the patient.

A header of 348 or 540 bytes and an array: reading it here takes NumPy alone, starts in no time and
bounds what a compressed file may become before anything of it is held.

References
----------
NIfTI-1.1 and NIfTI-2 (``nifti1.h``, ``nifti2.h``): methods 1 to 3 of where voxels lie.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from struct import Struct, pack_into, unpack_from
from typing import IO, Any, BinaryIO, Literal, cast

import numpy as np
import numpy.typing as npt
from isal import igzip, isal_zlib

from isocenter.errors import InvalidInputError, NotSupportedError, TooLargeError
from isocenter.limits import DEFAULT, Limits

Array = npt.NDArray[Any]
Affine = npt.NDArray[np.float64]
_Order = Literal["<", ">"]

# More different values than this are no labels that somebody gave names to.
LABELS_MAX = 256

_ORDERS: tuple[_Order, ...] = ("<", ">")
_DAMAGED = (OSError, cast(type[Exception], isal_zlib.error))  # its stub calls a class an instance
_GZIP = b"\x1f\x8b"
_HEADER_1, _HEADER_2 = 348, 540
_DIMENSIONS_MAX = 7
_DTYPES = {
    2: "u1",
    4: "i2",
    8: "i4",
    16: "f4",
    64: "f8",
    256: "i1",
    512: "u2",
    768: "u4",
    1024: "i8",
    1280: "u8",
}
_CODES = {name: code for code, name in _DTYPES.items()}
_UNITS_MM = {1: 1000.0, 3: 0.001}
_SIZE_MAX = 0x7FFF
# Of isal: masks become smaller than at any level of zlib, sixty times as fast.
_DEFLATE_LEVEL = 1
_AS_GZIP = 31
_STEP_BYTES = 1 << 24
_ORTHOGONAL = 1e-4
_CUT = "the NIfTI file ends too early"


@dataclass(frozen=True, slots=True)
class Nifti:
    """A volume.

    Attributes
    ----------
    data
        ``(x, y, z[, t])`` as the file orders them, any number of axes from 1 to 7; scaled where
        the file says how.
    affine
        From indices to millimetres, right, anterior, superior (RAS); None where the file says
        nothing about where it lies.
    spacing_mm
        Between voxels along the first three axes.
    """

    data: Array
    affine: Affine | None
    spacing_mm: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Header:
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    offset: int
    scale: tuple[float, float] | None
    affine: Affine | None
    spacing_mm: tuple[float, float, float]


def read_nifti(stream: IO[bytes], limits: Limits = DEFAULT) -> Nifti:
    """Return the volume in a file, ``.nii`` or compressed with gzip.

    Raises
    ------
    InvalidInputError
        If it is no NIfTI file, or ends too early.
    NotSupportedError
        If the voxels lie in another file, or are no plain numbers.
    TooLargeError
        If the array is larger than ``limits.instance_pixel_bytes``.
    """
    first = stream.read(2)
    stream.seek(0)
    if first != _GZIP:
        return _read(stream, limits)
    try:
        with igzip.IGzipFile(fileobj=stream, mode="rb") as inflated:  # type: ignore[no-untyped-call]  # isal types its functions only
            return _read(cast(IO[bytes], inflated), limits)
    except EOFError:
        raise InvalidInputError(_CUT) from None
    except _DAMAGED:
        raise InvalidInputError("the compressed NIfTI file is damaged") from None


def write_nifti(data: Array, affine: Affine) -> bytes:
    """Return a compressed NIfTI-1 file; the same bytes for the same array.

    Parameters
    ----------
    data
        ``(x, y, z[, t])``.
    affine
        From indices to millimetres, RAS.

    Raises
    ------
    NotSupportedError
        If an axis is longer than 32,767 or the numbers are of a kind that NIfTI has not.
    """
    plain = data.astype(data.dtype.newbyteorder("<"), copy=False)
    code = _CODES.get(f"{plain.dtype.kind}{plain.dtype.itemsize}")
    if code is None or not 1 <= data.ndim <= _DIMENSIONS_MAX or max(data.shape) > _SIZE_MAX:
        raise NotSupportedError("NIfTI-1 holds plain numbers, at most 32,767 along an axis")
    header = bytearray(_HEADER_1 + 4)
    spacing = [float(one) for one in np.linalg.norm(affine[:3, :3], axis=0)]
    quaternion, is_left = _quaternion(affine)
    sizes = [data.ndim, *data.shape, *[1] * (_DIMENSIONS_MAX - data.ndim)]
    steps = [-1.0 if is_left else 1.0, *spacing, *[1.0] * 4]
    pack_into("<i", header, 0, _HEADER_1)
    pack_into("<8h", header, 40, *sizes)
    pack_into("<2h", header, 70, code, 8 * plain.dtype.itemsize)
    pack_into("<8f", header, 76, *steps)
    pack_into("<3f", header, 108, _HEADER_1 + 4, 1.0, 0.0)
    header[123] = 2 | 8  # millimetres, seconds
    pack_into("<2h", header, 252, 1 if quaternion else 0, 1)
    pack_into("<3f", header, 256, *(quaternion or (0.0, 0.0, 0.0)))
    pack_into("<3f", header, 268, *affine[:3, 3])
    pack_into("<12f", header, 280, *affine[:3].reshape(-1))
    header[344:348] = b"n+1\0"
    packed = isal_zlib.compressobj(_DEFLATE_LEVEL, isal_zlib.DEFLATED, _AS_GZIP)
    # The first axis of NIfTI is the fastest, the last one of NumPy.
    voxels = np.ascontiguousarray(plain.T)
    return packed.compress(bytes(header)) + packed.compress(voxels) + packed.flush()


def check_nifti(
    source: BinaryIO, target: BinaryIO, limits: Limits = DEFAULT
) -> Mapping[str, object]:
    """Return facts about a NIfTI file; nothing is written.

    Returns
    -------
    dict
        ``shape``, ``spacing_mm``, ``dtype``; ``values``: the different values except 0, ascending,
        None where they are no labels; ``is_placed``: whether the file says where it lies.

    Raises
    ------
    IsocenterError
        As ``read_nifti`` does.
    """
    assert target.tell() == 0
    found = read_nifti(source, limits)
    return {
        "shape": list(found.data.shape),
        "spacing_mm": list(found.spacing_mm),
        "dtype": found.data.dtype.name,
        "values": label_values(found.data),
        "is_placed": found.affine is not None,
    }


def values_in(data: Array) -> Array:
    """Return the different values of an array, ascending; fast where most are their neighbour's."""
    flat = data.reshape(-1, order="A")
    changes = flat[1:][flat[1:] != flat[:-1]]
    return np.unique(np.concatenate((flat[:1], changes)))


def label_values(data: Array) -> list[int] | None:
    """Return the different values except 0, ascending; None where they are no labels.

    Labels are whole numbers from 0 to 65,535, at most ``LABELS_MAX`` different ones.
    """
    found: set[int] = set()
    flat = data.reshape(-1, order="A")
    step = max(1, _STEP_BYTES // data.dtype.itemsize)
    for start in range(0, flat.size, step):
        values = values_in(flat[start : start + step])
        if values.size > LABELS_MAX or not np.isfinite(values).all():
            return None
        if values[0] < 0 or values[-1] > 0xFFFF or (values != np.floor(values)).any():
            return None
        found.update(map(int, values))
    found.discard(0)
    return sorted(found) if len(found) <= LABELS_MAX else None


def _read(stream: IO[bytes], limits: Limits) -> Nifti:
    header = _read_header(stream)
    count = int(np.prod([float(size) for size in header.shape]))
    wanted = count * header.dtype.itemsize
    if wanted > limits.instance_pixel_bytes:
        raise TooLargeError("instance_pixel_bytes", limits.instance_pixel_bytes, wanted, "bytes")
    raw = stream.read(wanted)
    if len(raw) < wanted:
        raise InvalidInputError(_CUT)
    data: Array = np.frombuffer(raw, header.dtype).reshape(header.shape, order="F")
    if header.scale is not None:
        data = data * header.scale[0] + header.scale[1]
    return Nifti(data, header.affine, header.spacing_mm)


def _read_header(stream: IO[bytes]) -> _Header:
    """Return the header and leave the stream at the first voxel."""
    raw = stream.read(_HEADER_1)
    for order in _ORDERS:
        if raw[:4] == Struct(f"{order}i").pack(_HEADER_1):
            header = _header_1(raw, order)
            break
        if raw[:4] == Struct(f"{order}i").pack(_HEADER_2):
            raw += stream.read(_HEADER_2 - _HEADER_1)
            header = _header_2(raw, order)
            break
    else:
        raise InvalidInputError("it is no NIfTI file")
    behind = header.offset - len(raw)
    skipped = len(stream.read(max(0, behind)))
    if skipped < behind:
        raise InvalidInputError(_CUT)
    return header


def _header_1(raw: bytes, order: _Order) -> _Header:
    if len(raw) < _HEADER_1:
        raise InvalidInputError(_CUT)
    if raw[344:348] == b"ni1\0":
        raise NotSupportedError("the voxels lie in another file: make one .nii file of both")
    if raw[344:348] != b"n+1\0":
        raise InvalidInputError("it is no NIfTI file")
    sform = np.array(unpack_from(f"{order}12f", raw, 280), np.float64)
    codes = unpack_from(f"{order}2h", raw, 252)
    return _header(
        order,
        sizes=unpack_from(f"{order}8h", raw, 40),
        code=unpack_from(f"{order}h", raw, 70)[0],
        steps=unpack_from(f"{order}8f", raw, 76),
        place=unpack_from(f"{order}3f", raw, 108),
        units=raw[123],
        spaces=(codes, unpack_from(f"{order}6f", raw, 256), sform),
    )


def _header_2(raw: bytes, order: _Order) -> _Header:
    if len(raw) < _HEADER_2:
        raise InvalidInputError(_CUT)
    if raw[4:8] == b"ni2\0":
        raise NotSupportedError("the voxels lie in another file: make one .nii file of both")
    if raw[4:12] != b"n+2\0\r\n\x1a\n":
        raise InvalidInputError("it is no NIfTI file")
    sform = np.array(unpack_from(f"{order}12d", raw, 400), np.float64)
    codes = unpack_from(f"{order}2i", raw, 344)
    return _header(
        order,
        sizes=unpack_from(f"{order}8q", raw, 16),
        code=unpack_from(f"{order}h", raw, 12)[0],
        steps=unpack_from(f"{order}8d", raw, 104),
        place=unpack_from(f"{order}q2d", raw, 168),
        units=unpack_from(f"{order}i", raw, 500)[0] & 0xFF,
        spaces=(codes, unpack_from(f"{order}6d", raw, 352), sform),
    )


def _header(
    order: _Order,
    *,
    sizes: tuple[int, ...],
    code: int,
    steps: tuple[float, ...],
    place: tuple[float, ...],
    units: int,
    spaces: tuple[tuple[int, ...], tuple[float, ...], Affine],
) -> _Header:
    shape = sizes[1 : sizes[0] + 1]
    if not 1 <= sizes[0] <= _DIMENSIONS_MAX or min(shape) < 1:
        raise InvalidInputError("the NIfTI file has impossible dimensions")
    if code not in _DTYPES:
        raise NotSupportedError(f"voxels of NIfTI data type {code} are no plain numbers")
    offset, slope, intercept = place
    if not _HEADER_1 <= offset < 1 << 31:
        raise InvalidInputError("the NIfTI file says nothing sensible about where its voxels begin")
    is_scaled = slope not in (0.0, 1.0) or (slope == 1.0 and intercept != 0.0)
    scale = (slope, intercept) if is_scaled and np.isfinite([slope, intercept]).all() else None
    unit = _UNITS_MM.get(units & 7, 1.0)
    spacing = [abs(one) * unit or 1.0 for one in steps[1:4]]
    if not np.isfinite(spacing).all():
        raise InvalidInputError("the NIfTI file has impossible distances between voxels")
    affine = _affine(steps, spaces)
    if affine is not None:
        affine[:3] *= unit
        if not np.isfinite(affine).all() or abs(np.linalg.det(affine)) < 1e-12:
            raise InvalidInputError("the NIfTI file says nothing sensible about where it lies")
    dtype = np.dtype(_DTYPES[code]).newbyteorder(order)
    first, second, third = spacing
    return _Header(shape, dtype, int(offset), scale, affine, (first, second, third))


def _affine(
    steps: tuple[float, ...], spaces: tuple[tuple[int, ...], tuple[float, ...], Affine]
) -> Affine | None:
    """Return where voxels lie: by the matrix, else by the rotation, else nobody knows."""
    (by_rotation, by_matrix), rotation, matrix = spaces
    affine = np.eye(4)
    if by_matrix > 0:
        affine[:3] = matrix.reshape(3, 4)
        return affine
    if by_rotation <= 0:
        return None
    b, c, d = rotation[:3]
    a = sqrt(max(0.0, 1.0 - b * b - c * c - d * d))
    turned = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
    )
    scale = [abs(step) or 1.0 for step in steps[1:4]]
    scale[2] *= -1.0 if steps[0] < 0 else 1.0
    affine[:3, :3] = turned * scale
    affine[:3, 3] = rotation[3:]
    return affine


def _quaternion(affine: Affine) -> tuple[tuple[float, float, float] | None, bool]:
    """Return b, c, d of the rotation, None where the axes are sheared, and if it is mirrored."""
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    is_left = bool(np.linalg.det(axes) < 0)
    if np.abs(axes.T @ axes - np.eye(3)).max() > _ORTHOGONAL:
        return None, is_left
    if is_left:
        axes = axes * [1.0, 1.0, -1.0]
    # The largest of the four components divides the others, so that nothing small does.
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = axes.tolist()
    squares = (1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz)
    largest = max(range(4), key=squares.__getitem__)
    root = 2.0 * sqrt(squares[largest])
    rows = (
        (root / 4, (zy - yz) / root, (xz - zx) / root, (yx - xy) / root),
        ((zy - yz) / root, root / 4, (xy + yx) / root, (xz + zx) / root),
        ((xz - zx) / root, (xy + yx) / root, root / 4, (yz + zy) / root),
        ((yx - xy) / root, (xz + zx) / root, (yz + zy) / root, root / 4),
    )
    a, b, c, d = rows[largest]
    sign = -1.0 if a < 0 else 1.0
    return (sign * b, sign * c, sign * d), is_left
