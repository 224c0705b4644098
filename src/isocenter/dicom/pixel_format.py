"""What the samples of an image are: sizes, bits, sign, colours; and native bytes as arrays.

References
----------
PS3.3 C.7.6.3 (Image Pixel Module), PS3.5 8.1, 8.2 and Annex D (native encoding).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.values import first_string, integer
from isocenter.errors import CorruptPixelDataError, NotSupportedError, TooLargeError
from isocenter.limits import DEFAULT, Limits

SAMPLES_PER_PIXEL, PHOTOMETRIC_INTERPRETATION = 0x00280002, 0x00280004
PLANAR_CONFIGURATION = 0x00280006
ROWS, COLUMNS = 0x00280010, 0x00280011
BITS_ALLOCATED, BITS_STORED, HIGH_BIT = 0x00280100, 0x00280101, 0x00280102
PIXEL_REPRESENTATION = 0x00280103

# (rows, columns) of one sample per pixel, (rows, columns, samples) of more.
Samples = npt.NDArray[np.integer[Any]]

# Two pixels of a row share their colours: Y1 Y2 CB CR (PS3.3 C.7.6.3.1.2).
SUBSAMPLED = frozenset({"YBR_FULL_422", "YBR_PARTIAL_422"})


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """The pixel description of one Data Set.

    Attributes
    ----------
    planar_configuration
        0: colour by pixel, 1: colour by plane; 0 where it says nothing.
    """

    rows: int
    columns: int
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    planar_configuration: int = 0

    def __post_init__(self) -> None:
        if not (self.rows and self.columns and self.samples):
            raise CorruptPixelDataError("Rows, Columns or Samples per Pixel is zero")
        if not 0 < self.bits_stored <= self.bits_allocated:
            raise CorruptPixelDataError("Bits Stored is zero or more than Bits Allocated")
        if self.planar_configuration not in (0, 1):
            raise CorruptPixelDataError("Planar Configuration is neither 0 nor 1")
        if not self.bits_stored - 1 <= self.high_bit < self.bits_allocated:
            raise CorruptPixelDataError("High Bit does not fit the other bits")

    @property
    def is_packed(self) -> bool:
        """Whether eight pixels share a byte (PS3.5 8.1.1)."""
        return self.bits_allocated == 1

    @property
    def dtype(self) -> np.dtype[np.integer[Any]]:
        """Type of one sample, little endian; of packed pixels, a byte that is 0 or 1.

        Raises
        ------
        NotSupportedError
            If no array can have it.
        """
        if self.is_packed:
            return np.dtype("u1")
        if self.bits_allocated not in (8, 16, 32, 64):
            raise NotSupportedError(f"{self.bits_allocated} bits allocated")
        return np.dtype(f"<{'i' if self.is_signed else 'u'}{self.bits_allocated // 8}")

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one Frame: (rows, columns) or (rows, columns, samples)."""
        if self.samples == 1:
            return self.rows, self.columns
        return self.rows, self.columns, self.samples

    @property
    def frame_bits(self) -> int:
        """Bits of one native Frame; colours that pixels share are counted for each."""
        return self.rows * self.columns * self.samples * self.bits_allocated

    @property
    def frame_bytes(self) -> int:
        """Bytes of one native Frame on its own."""
        return (self.frame_bits + 7) // 8

    def with_colours(self, photometric: str, planar_configuration: int = 0) -> "PixelFormat":
        """Return the format with other colours."""
        return replace(self, photometric=photometric, planar_configuration=planar_configuration)


def read_pixel_format(dataset: DataSetIndex, limits: Limits = DEFAULT) -> PixelFormat:
    """Return the pixel description of a Data Set.

    Raises
    ------
    MissingElementError
        If Rows, Columns or Bits Allocated is missing.
    CorruptPixelDataError
        If the values contradict one another.
    TooLargeError
        If a Frame is larger than ``limits.frame_bytes``.
    """
    bits_allocated = integer(dataset, BITS_ALLOCATED)
    bits_stored = integer(dataset, BITS_STORED, bits_allocated)
    samples = integer(dataset, SAMPLES_PER_PIXEL, 1)
    found = PixelFormat(
        rows=integer(dataset, ROWS),
        columns=integer(dataset, COLUMNS),
        samples=samples,
        photometric=first_string(dataset, PHOTOMETRIC_INTERPRETATION)
        or ("MONOCHROME2" if samples == 1 else "RGB"),
        bits_allocated=bits_allocated,
        bits_stored=bits_stored,
        high_bit=integer(dataset, HIGH_BIT, bits_stored - 1),
        is_signed=integer(dataset, PIXEL_REPRESENTATION, 0) == 1,
        planar_configuration=integer(dataset, PLANAR_CONFIGURATION, 0) if samples > 1 else 0,
    )
    if found.frame_bytes > limits.frame_bytes:
        raise TooLargeError("frame_bytes", limits.frame_bytes, found.frame_bytes, "bytes")
    return found


def to_samples(native: bytes, pixels: PixelFormat, first_bit: int = 0) -> Samples:
    """Return one native Frame as an array, colours by pixel and for every pixel.

    Parameters
    ----------
    first_bit
        Of packed pixels, the bit of the first byte with which the Frame begins.

    Raises
    ------
    CorruptPixelDataError
        If the Frame has another length than it must have.
    """
    if pixels.is_packed:
        bits = np.unpackbits(np.frombuffer(native, "u1"), bitorder="little")[first_bit:]
        if bits.size < pixels.frame_bits:
            raise CorruptPixelDataError("a frame of bits is too short")
        return bits[: pixels.frame_bits].reshape(pixels.shape)
    if len(native) == pixels.frame_bytes:
        flat = np.frombuffer(native, pixels.dtype)
        if pixels.samples > 1 and pixels.planar_configuration == 1:
            planes = flat.reshape(pixels.samples, pixels.rows, pixels.columns)
            return np.ascontiguousarray(np.moveaxis(planes, 0, -1))
        return flat.reshape(pixels.shape)
    if pixels.photometric in SUBSAMPLED and 3 * len(native) == 2 * pixels.frame_bytes:
        return _each_its_colour(np.frombuffer(native, pixels.dtype), pixels)
    raise CorruptPixelDataError(
        f"a frame has {len(native)} bytes, Rows and Columns ask for {pixels.frame_bytes}"
    )


def _each_its_colour(flat: Samples, pixels: PixelFormat) -> Samples:
    """Return Y1 Y2 CB CR as Y1 CB CR, Y2 CB CR: nothing is interpolated, nothing lost."""
    if pixels.columns % 2:
        raise CorruptPixelDataError("colours are shared by two pixels, but Columns is odd")
    pairs = flat.reshape(pixels.rows, pixels.columns // 2, 4)
    full = np.empty((pixels.rows, pixels.columns // 2, 2, 3), pixels.dtype)
    full[..., 0] = pairs[..., :2]
    full[..., 1:] = pairs[..., np.newaxis, 2:]
    return full.reshape(pixels.shape)


def to_native(samples: Samples, pixels: PixelFormat) -> bytes:
    """Return an array as one native Frame, colours by pixel; packed pixels fill whole bytes."""
    assert samples.shape == pixels.shape
    if pixels.is_packed:
        return np.packbits(samples, bitorder="little").tobytes()
    return samples.astype(pixels.dtype, copy=False).tobytes()


def settled(samples: Samples, pixels: PixelFormat) -> Samples:
    """Return the samples with the sign in every bit above Bits Stored, zeros if unsigned.

    Encoders see Bits Stored only; what they leave out must be nothing.

    Raises
    ------
    NotSupportedError
        If the bits outside of Bits Stored hold something, such as an overlay of old.
    """
    if pixels.high_bit != pixels.bits_stored - 1:
        raise NotSupportedError("High Bit is not Bits Stored - 1, which this encoding cannot say")
    free = pixels.bits_allocated - pixels.bits_stored
    if not free:
        return samples
    wide = samples.view(samples.dtype.newbyteorder("="))
    unsigned = wide.view(f"u{wide.dtype.itemsize}")
    if int(unsigned.max()) >> pixels.bits_stored == 0:
        return (wide << free) >> free if pixels.is_signed else samples
    if pixels.is_signed:
        half = 1 << (pixels.bits_stored - 1)
        if -half <= int(wide.min()) and int(wide.max()) < half:
            return samples
    raise NotSupportedError("the bits outside of Bits Stored are in use, perhaps by an overlay")
