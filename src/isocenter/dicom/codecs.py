"""The one codec table: Transfer Syntax -> decoder, encoder and what they can hold.

A Frame in, a Frame out: no Data Set, no stream.

References
----------
PS3.5 8.2 and A.4 (encapsulated encodings), Annex G (RLE), PS3.6 Annex A (UIDs).
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from isocenter.dicom.codec_functions import (
    JPEG_2000_BITS_MAX,
    decode_deflated,
    decode_htj2k,
    decode_jpeg,
    decode_jpeg_2000,
    decode_jpeg_ls,
    decode_jpeg_rgb,
    decode_jpeg_xl,
    decode_rle,
    encode_deflated,
    encode_htj2k,
    encode_jpeg_2000,
    encode_jpeg_lossless,
    encode_jpeg_ls,
    encode_jpeg_xl,
    encode_rle,
)
from isocenter.dicom.codestreams import Codestream, parse_jpeg, parse_jpeg_2000, parse_jpeg_xl
from isocenter.dicom.pixel_format import PixelFormat, Samples
from isocenter.dicom.uids import DEFLATED_FRAMES, RLE
from isocenter.errors import CorruptPixelDataError, InvalidInputError, NotSupportedError

_JPEG = "1.2.840.10008.1.2.4"

_RLE_BITS_MAX = 15 * 8  # a segment a byte of the pixel, at most 15 (PS3.5 G.5)
_SIDE_MAX = 0xFFFF

Decode = Callable[[bytes, PixelFormat], Samples]
Encode = Callable[[Samples, PixelFormat, float | None], bytes]
Parse = Callable[[bytes], Codestream]


@dataclass(frozen=True, slots=True)
class Codec:
    """One way to encode Frames.

    Attributes
    ----------
    name
        What ``--codec`` calls it; ``""`` for one that is only decoded.
    transfer_syntax_uids
        Everything that it decodes.
    parse
        Reads what a Frame says about itself; None where it says nothing.
    lossless_uid, lossy_uid
        Transfer Syntax of what it encodes, ``""`` where it does not.
    method
        Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1).
    encode
        The third argument is None for lossless; else the codec's own measure of loss, which
        grows with quality: PSNR in dB, minus the largest error, minus the distance, minus the
        binary logarithm of the quantization step.
    bits_stored_max, bits_stored_min
        What it encodes.
    keeps_all_bits
        Whether it encodes whatever is allocated, so that Bits Stored does not matter.
    transforms_rgb
        Photometric Interpretation of RGB once it is encoded: lossless, lossy.
    lossy_range
        Worst and best measure of loss.
    """

    name: str
    transfer_syntax_uids: tuple[str, ...]
    decode: Decode
    parse: Parse | None = None
    lossless_uid: str = ""
    lossy_uid: str = ""
    method: str = ""
    encode: Encode | None = None
    bits_stored_min: int = 1
    bits_stored_max: int = 16
    keeps_all_bits: bool = False
    transforms_rgb: tuple[str, str] = ("RGB", "RGB")
    lossy_range: tuple[float, float] = (0.0, 0.0)

    def reason_to_refuse(self, pixels: PixelFormat) -> str:
        """Return why it cannot encode such Frames, ``""`` if it can."""
        if pixels.bits_allocated not in (1, 8, 16, 32, 64):
            return f"{pixels.bits_allocated} bits allocated cannot be compressed"
        if self.keeps_all_bits:
            if self.name == "rle" and pixels.samples * pixels.bits_allocated > _RLE_BITS_MAX:
                return "rle takes at most 15 bytes a pixel"
            is_odd = pixels.is_packed and pixels.samples > 1
            return "1-bit pixels of several samples cannot be compressed" if is_odd else ""
        if pixels.is_packed or pixels.samples not in (1, 3):
            kind = "1-bit pixels" if pixels.is_packed else f"{pixels.samples} samples per pixel"
            return f"{kind} can be compressed by rle and deflate only"
        if not self.bits_stored_min <= pixels.bits_stored <= self.bits_stored_max:
            return f"{self.name} is not used for {pixels.bits_stored} bits stored"
        too_large = max(pixels.rows, pixels.columns) > _SIDE_MAX
        return f"Rows or Columns is more than {_SIDE_MAX}" if too_large else ""

    def photometric(self, pixels: PixelFormat, *, is_lossy: bool) -> str:
        """Return the Photometric Interpretation of what it makes of such Frames."""
        if pixels.photometric == "RGB":
            return self.transforms_rgb[is_lossy]
        return "YBR_FULL" if pixels.photometric == "YBR_FULL_422" else pixels.photometric


def decode_frame(codec: Codec, data: bytes, pixels: PixelFormat) -> Samples:
    """Return the samples of one encoded Frame, in the type that the header says.

    Raises
    ------
    CorruptPixelDataError
        If it cannot be decoded, is cut off, or has another size than the header says.
    NotSupportedError
        If it has more bits than can be decoded exactly.
    """
    if codec.parse is not None:
        stream = codec.parse(data)
        _check_stream(stream, pixels)
        samples = _decoded(codec, data, pixels)
        return _with_sign(samples, stream, pixels)
    return _decoded(codec, data, pixels)


def _check_stream(stream: Codestream, pixels: PixelFormat) -> None:
    if (stream.rows, stream.columns) != (pixels.rows, pixels.columns):
        raise CorruptPixelDataError(
            f"a frame has {stream.rows} x {stream.columns} pixels, the header says "
            f"{pixels.rows} x {pixels.columns}"
        )
    if stream.samples not in (0, pixels.samples):
        raise CorruptPixelDataError(
            f"a frame has {stream.samples} samples per pixel, the header says {pixels.samples}"
        )
    if stream.bits > pixels.bits_allocated:
        raise CorruptPixelDataError(
            f"a frame has {stream.bits} bits per sample, the header allocates "
            f"{pixels.bits_allocated}"
        )


def _decoded(codec: Codec, data: bytes, pixels: PixelFormat) -> Samples:
    try:
        return codec.decode(data, pixels)
    except (InvalidInputError, NotSupportedError, MemoryError):
        raise
    # Each codec has errors of its own, derived from RuntimeError; some raise ValueError.
    except (RuntimeError, ValueError, zlib.error, NotImplementedError):
        raise CorruptPixelDataError("a frame cannot be decoded") from None


def _with_sign(samples: Samples, stream: Codestream, pixels: PixelFormat) -> Samples:
    """Return samples in the header's type: the sign is that of the stream's highest bit."""
    if samples.shape != pixels.shape:
        raise CorruptPixelDataError("a frame has another shape than the header says")
    if samples.dtype == pixels.dtype and stream.is_signed == pixels.is_signed:
        return samples
    unsigned = samples.astype(f"u{samples.dtype.itemsize}", copy=False)
    if not pixels.is_signed:
        if stream.is_signed:
            unsigned = unsigned & np.asarray((1 << stream.bits) - 1, unsigned.dtype)
        return unsigned.astype(pixels.dtype)
    if stream.is_signed:
        return samples.astype(pixels.dtype)
    free = pixels.bits_allocated - stream.bits
    return (unsigned.astype(pixels.dtype) << free) >> free


def decode_jpeg_as_rgb(data: bytes, pixels: PixelFormat) -> Samples:
    """Return the samples of a YCbCr JPEG stream as RGB.

    Raises
    ------
    CorruptPixelDataError
        As ``decode_frame``.
    """
    _check_stream(parse_jpeg(data), pixels)
    return _decoded(Codec("", (), decode_jpeg_rgb), data, pixels)


def encode_frame(
    codec: Codec, samples: Samples, pixels: PixelFormat, loss: float | None = None
) -> bytes:
    """Return one Frame encoded, its stated precision checked.

    Parameters
    ----------
    samples
        As ``pixel_format.settled`` gives them.
    loss
        None: lossless. Else how much is lost, in the codec's own measure.

    Raises
    ------
    NotSupportedError
        If the codec cannot encode it.
    """
    assert codec.encode is not None
    try:
        data = codec.encode(samples, pixels, loss)
    except (RuntimeError, ValueError, NotImplementedError):
        raise NotSupportedError(f"{codec.name} cannot encode these pixels") from None
    if codec.parse is not None:
        stream = codec.parse(data)
        assert (stream.rows, stream.columns) == (pixels.rows, pixels.columns)
        if stream.bits != pixels.bits_stored:
            raise NotSupportedError(
                f"{codec.name} states {stream.bits} bits where {pixels.bits_stored} are stored"
            )
    return data


_ROWS = (
    Codec(
        name="j2k",
        transfer_syntax_uids=(f"{_JPEG}.90", f"{_JPEG}.91"),
        decode=decode_jpeg_2000,
        parse=parse_jpeg_2000,
        lossless_uid=f"{_JPEG}.90",
        lossy_uid=f"{_JPEG}.91",
        method="ISO_15444_1",
        encode=encode_jpeg_2000,
        bits_stored_max=JPEG_2000_BITS_MAX,
        transforms_rgb=("YBR_RCT", "YBR_ICT"),
        lossy_range=(10, 150),
    ),
    Codec(
        name="htj2k",
        transfer_syntax_uids=(f"{_JPEG}.201", f"{_JPEG}.202", f"{_JPEG}.203"),
        decode=decode_htj2k,
        parse=parse_jpeg_2000,
        lossless_uid=f"{_JPEG}.201",
        lossy_uid=f"{_JPEG}.203",
        method="ISO_15444_15",
        encode=encode_htj2k,
        bits_stored_min=2,
        bits_stored_max=JPEG_2000_BITS_MAX,
        transforms_rgb=("YBR_RCT", "YBR_ICT"),
        lossy_range=(2, 22),
    ),
    Codec(
        name="jpegls",
        transfer_syntax_uids=(f"{_JPEG}.80", f"{_JPEG}.81"),
        decode=decode_jpeg_ls,
        parse=parse_jpeg,
        lossless_uid=f"{_JPEG}.80",
        lossy_uid=f"{_JPEG}.81",
        method="ISO_14495_1",
        encode=encode_jpeg_ls,
        bits_stored_min=2,
        lossy_range=(-255, 0),
    ),
    Codec(
        name="jpeg-lossless",
        transfer_syntax_uids=(f"{_JPEG}.70", f"{_JPEG}.57"),
        decode=decode_jpeg,
        parse=parse_jpeg,
        lossless_uid=f"{_JPEG}.70",
        encode=encode_jpeg_lossless,
        bits_stored_min=2,
    ),
    Codec(
        name="rle",
        transfer_syntax_uids=(RLE,),
        decode=decode_rle,
        lossless_uid=RLE,
        encode=encode_rle,
        keeps_all_bits=True,
    ),
    Codec(
        name="jpegxl",
        transfer_syntax_uids=(f"{_JPEG}.110", f"{_JPEG}.111", f"{_JPEG}.112"),
        decode=decode_jpeg_xl,
        parse=parse_jpeg_xl,
        lossless_uid=f"{_JPEG}.110",
        lossy_uid=f"{_JPEG}.112",
        method="ISO_18181_1",
        encode=encode_jpeg_xl,
        bits_stored_min=2,
        lossy_range=(-25, -0.01),
    ),
    Codec(
        name="deflate",
        transfer_syntax_uids=(DEFLATED_FRAMES,),
        decode=decode_deflated,
        lossless_uid=DEFLATED_FRAMES,
        encode=encode_deflated,
        keeps_all_bits=True,
    ),
    Codec(
        name="",
        # Baseline, extended, and the progressive and spectral selection ones that are retired.
        transfer_syntax_uids=tuple(f"{_JPEG}.{end}" for end in (50, 51, 53, 55)),
        decode=decode_jpeg,
        parse=parse_jpeg,
    ),
)
ENCODERS = {codec.name: codec for codec in _ROWS if codec.name}
DECODERS = {uid: codec for codec in _ROWS for uid in codec.transfer_syntax_uids}
# Transfer Syntaxes whose Frames may have lost something, whatever they say.
LOSSY = frozenset({*(f"{_JPEG}.{end}" for end in (50, 51, 53, 55, 81, 91, 203, 111, 112))})
