"""One Frame in, one Frame out, codec by codec: what the libraries want and get wrong.

- JPEG 2000 states 16 bits for 12 in 16 unless told (``bitspersample``); beyond 24 bits it loses
  the lowest ones without a word.
- HTJ2K knows the sizes of types only. Samples are centred before and the precision is stated
  afterwards, which changes no coded bit (``codestreams.with_precision``).
- Its decoder lets what lies beyond the range of an irreversible stream wrap around, white to
  black; OpenJPEG keeps it inside, as ISO 15444-1 G.1.2 asks, and decodes HTJ2K too.
- JPEG-LS of imagecodecs does the same; its parameters depend on the precision, so pyjpegls
  encodes where Bits Stored is less than Bits Allocated. It puts a SPIFF header around, which
  DICOM does not have.
- JPEG-LS, JPEG lossless and JPEG XL know no sign: they see the bits of a signed sample.
- Truncated JPEG and HTJ2K streams decode without an error: their end is looked for.
- pylibjpeg-rle and pyjpegls hold the interpreter lock, so they gain nothing from threads; RLE is
  therefore put together from PackBits, which also takes a sixth of the time.

Decoders take a Frame and the header's pixel description, encoders samples, the description and
how much may be lost: None for nothing. They raise what their library raises; ``codecs.py``, which
is the table of them, turns that into errors of ours.
"""

import zlib
from itertools import accumulate
from struct import pack
from typing import Any

import imagecodecs
import jpeg_ls
import numpy as np
from rle.utils import decode_pixel_data as rle_decode

from isocenter.dicom.codestreams import (
    jpeg_2000_codestream,
    jpeg_xl_codestream,
    parse_jpeg_2000,
    with_precision,
    without_spiff,
)
from isocenter.dicom.pixel_format import PixelFormat, Samples, to_native, to_samples
from isocenter.errors import CorruptPixelDataError, NotSupportedError

JPEG_2000_BITS_MAX = 24


def _ends(data: bytes) -> bool:
    """Return whether a stream ends with EOI or EOC, padding apart."""
    return data.endswith(b"\xff\xd9") or data.rstrip(b"\0\xff").endswith((b"\xff\xd9", b"\xd9"))


def _check_end(data: bytes) -> None:
    if not _ends(data):
        raise CorruptPixelDataError("a frame is cut off")


def decode_jpeg(data: bytes, pixels: PixelFormat) -> Samples:
    """Return the components as they are stored: what is YCbCr stays so, at full resolution."""
    _check_end(data)
    if pixels.samples == 1:
        return _array(imagecodecs.jpeg8_decode(data))
    return _array(imagecodecs.jpeg8_decode(data, colorspace="rgb", outcolorspace="rgb"))


def decode_jpeg_rgb(data: bytes, _: PixelFormat) -> Samples:
    """Return the samples of a YCbCr JPEG stream as RGB."""
    _check_end(data)
    return _array(imagecodecs.jpeg8_decode(data, colorspace="ycbcr", outcolorspace="rgb"))


def _array(decoded: Any) -> Samples:  # noqa: ANN401 - the library has no types
    assert isinstance(decoded, np.ndarray)
    return decoded


def encode_jpeg_lossless(samples: Samples, pixels: PixelFormat, _: float | None) -> bytes:
    """Return a JPEG lossless stream, process 14, selection value 1."""
    colours: dict[str, Any] = (
        {"colorspace": "rgb", "outcolorspace": "rgb"} if pixels.samples == 3 else {}
    )
    return bytes(
        imagecodecs.jpeg8_encode(
            _stored_bits(samples, pixels),
            lossless=True,
            predictor=1,
            bitspersample=pixels.bits_stored,
            **colours,
        )
    )


def _stored_bits(samples: Samples, pixels: PixelFormat) -> Samples:
    """Return signed samples as the unsigned numbers that their stored bits make."""
    unsigned: Samples = np.ascontiguousarray(samples).view(f"<u{pixels.bits_allocated // 8}")
    if pixels.is_signed and pixels.bits_stored < pixels.bits_allocated:
        unsigned = unsigned & np.asarray((1 << pixels.bits_stored) - 1, unsigned.dtype)
    return unsigned if pixels.bits_stored > 8 else unsigned.astype("u1", copy=False)


def decode_jpeg_ls(data: bytes, _: PixelFormat) -> Samples:
    """Return the samples of a JPEG-LS stream."""
    _check_end(data)  # of one that is cut off the library would look for more for seconds
    return _array(imagecodecs.jpegls_decode(data))


def encode_jpeg_ls(samples: Samples, pixels: PixelFormat, loss: float | None) -> bytes:
    """Return a JPEG-LS stream; the loss is minus the largest error."""
    near = 0 if loss is None else round(-loss)
    stored = _stored_bits(samples, pixels)
    if pixels.bits_stored == pixels.bits_allocated:
        return without_spiff(bytes(imagecodecs.jpegls_encode(stored, near)))
    mode = {"interleave_mode": 2} if pixels.samples > 1 else {}
    return bytes(
        jpeg_ls.encode_buffer(
            stored.tobytes(),
            pixels.rows,
            pixels.columns,
            pixels.samples,
            pixels.bits_stored,
            lossy_error=near,
            **mode,
        )
    )


def decode_jpeg_2000(data: bytes, pixels: PixelFormat) -> Samples:
    """Return the samples of a JPEG 2000 codestream, also out of a JP2 file."""
    if pixels.bits_allocated > 16 and parse_jpeg_2000(data).bits > JPEG_2000_BITS_MAX:
        raise NotSupportedError(f"JPEG 2000 of more than {JPEG_2000_BITS_MAX} bits is not decoded")
    codestream = jpeg_2000_codestream(data)
    return _array(imagecodecs.jpeg2k_decode(codestream, numthreads=1, planar=False))


def encode_jpeg_2000(samples: Samples, pixels: PixelFormat, loss: float | None) -> bytes:
    """Return a JPEG 2000 codestream; the loss is the PSNR in dB over the range of Bits Stored."""
    return bytes(
        imagecodecs.jpeg2k_encode(
            # Of 8 bits in 16 it would state 16.
            samples if pixels.bits_stored > 8 else samples.astype(f"{samples.dtype.kind}1"),
            level=0 if loss is None else loss,  # type: ignore[arg-type]  # the stub knows no PSNR
            codecformat="j2k",
            bitspersample=pixels.bits_stored,
            reversible=loss is None,
            mct=pixels.photometric == "RGB",
            planar=False,
            numthreads=1,
        )
    )


def decode_htj2k(data: bytes, pixels: PixelFormat) -> Samples:
    """Return the samples of an HTJ2K codestream."""
    stream = parse_jpeg_2000(data)
    if pixels.bits_allocated > 16 and stream.bits > JPEG_2000_BITS_MAX:
        raise NotSupportedError(f"HTJ2K of more than {JPEG_2000_BITS_MAX} bits is not decoded")
    _check_end(data)
    codestream = jpeg_2000_codestream(data)
    if stream.is_reversible:
        return _array(imagecodecs.htj2k_decode(codestream, planar=False))
    return _array(imagecodecs.jpeg2k_decode(codestream, numthreads=1, planar=False))


def encode_htj2k(samples: Samples, pixels: PixelFormat, loss: float | None) -> bytes:
    """Return an HTJ2K codestream; the loss is minus the binary logarithm of the base step."""
    if loss is not None:
        return _encode_irreversible(samples, pixels, 2.0**-loss)
    centred = samples
    if not pixels.is_signed and pixels.bits_stored < pixels.bits_allocated:
        half = 1 << (pixels.bits_stored - 1)
        centred = samples.view(f"<i{pixels.bits_allocated // 8}") - half
    data = bytes(
        imagecodecs.htj2k_encode(
            np.ascontiguousarray(centred),
            reversible=True,
            rgb=pixels.photometric == "RGB",
            planar=False if pixels.samples > 1 else None,
        )
    )
    if pixels.bits_stored == pixels.bits_allocated:
        return data
    return with_precision(data, pixels.bits_stored, is_signed=pixels.is_signed)


def _encode_irreversible(samples: Samples, pixels: PixelFormat, step: float) -> bytes:
    """Return a codestream whose quantization steps are so much of the range at least.

    The samples are moved up to where their type ends, and the precision is stated afterwards:
    what is coded is relative to the range.
    """
    if pixels.bits_stored > 16:
        raise NotSupportedError("HTJ2K with loss is not used for more than 16 bits stored")
    width = 1 if pixels.bits_stored <= 8 else 2
    kind = f"{'i' if pixels.is_signed else 'u'}{width}"
    raised = samples.astype(kind) << (8 * width - pixels.bits_stored)
    data = bytes(
        imagecodecs.htj2k_encode(
            np.ascontiguousarray(raised),
            level=step,
            reversible=False,
            rgb=pixels.photometric == "RGB",
            planar=False if pixels.samples > 1 else None,
        )
    )
    return with_precision(data, pixels.bits_stored, is_signed=pixels.is_signed)


def decode_jpeg_xl(data: bytes, _: PixelFormat) -> Samples:
    """Return the samples of a JPEG XL stream."""
    return _array(imagecodecs.jpegxl_decode(data, numthreads=1))


# Halves the time of the encoder's own choice and costs two per cent of size on CT.
_JPEG_XL_EFFORT = 3


def encode_jpeg_xl(samples: Samples, pixels: PixelFormat, loss: float | None) -> bytes:
    """Return a bare JPEG XL codestream; the loss is minus the distance."""
    how: dict[str, Any] = {"lossless": True} if loss is None else {"distance": -loss}
    data = imagecodecs.jpegxl_encode(
        _stored_bits(samples, pixels),
        effort=_JPEG_XL_EFFORT,
        bitspersample=pixels.bits_stored,
        photometric="rgb" if pixels.samples == 3 else "gray",
        usecontainer=False,
        numthreads=1,
        **how,
    )
    return jpeg_xl_codestream(bytes(data))


_RLE_HEADER_BYTES = 64


def decode_rle(data: bytes, pixels: PixelFormat) -> Samples:
    """Return the samples of RLE segments (PS3.5 Annex G)."""
    if pixels.is_packed:
        return to_samples(_decode_packed_rle(data, pixels), pixels)
    planes = rle_decode(
        data,
        version=2,
        rows=pixels.rows,
        columns=pixels.columns,
        samples_per_pixel=pixels.samples,
        bits_allocated=pixels.bits_allocated,
        rle_segment_order="<",
    )
    shape = (pixels.samples, pixels.rows, pixels.columns)
    whole = np.frombuffer(planes, pixels.dtype).reshape(shape)
    return np.ascontiguousarray(np.moveaxis(whole, 0, -1)).reshape(pixels.shape)


def _decode_packed_rle(data: bytes, pixels: PixelFormat) -> bytes:
    """Return the packed bits; some writers made runs of unpacked ones, a byte each."""
    try:
        # First, because it needs eight times the bytes, and too many are no error.
        bits = rle_decode(
            data, version=2, rows=pixels.rows, columns=pixels.columns, bits_allocated=1
        )
    except ValueError:
        packed = rle_decode(data, version=2, rows=1, columns=pixels.frame_bytes, bits_allocated=8)
        return bytes(packed)
    return np.packbits(np.frombuffer(bits, "u1"), bitorder="little").tobytes()


def encode_rle(samples: Samples, pixels: PixelFormat, _: float | None) -> bytes:
    """Return RLE segments, a byte of a sample each, the highest first (PS3.5 Annex G)."""
    native = np.frombuffer(to_native(samples, pixels), "u1")
    shape = (1, -1, 1, 1) if pixels.is_packed else (pixels.rows, pixels.columns, pixels.samples, -1)
    cells = native.reshape(shape)
    segments = []
    for sample in range(cells.shape[2]):
        for byte in reversed(range(cells.shape[3])):
            plane = np.ascontiguousarray(cells[:, :, sample, byte])
            segment = bytes(imagecodecs.packbits_encode(plane))  # row by row, as G.3.1 asks
            segments.append(segment + b"\0" * (len(segment) % 2))
    offsets = list(accumulate(map(len, segments), initial=_RLE_HEADER_BYTES))[:-1]
    header = pack(f"<{len(segments) + 1}L", len(segments), *offsets)
    return header.ljust(_RLE_HEADER_BYTES, b"\0") + b"".join(segments)


_DEFLATE_LEVEL = 6
_RAW_DEFLATE = -zlib.MAX_WBITS


def decode_deflated(data: bytes, pixels: PixelFormat) -> Samples:
    """Return the samples of a deflated Frame."""
    inflater = zlib.decompressobj(_RAW_DEFLATE)
    native = inflater.decompress(data, pixels.frame_bytes + 2)
    if not pixels.frame_bytes <= len(native) <= pixels.frame_bytes + 1:
        raise CorruptPixelDataError("a deflated frame has another length than it must have")
    return to_samples(native[: pixels.frame_bytes], pixels)


def encode_deflated(samples: Samples, pixels: PixelFormat, _: float | None) -> bytes:
    """Return a deflated Frame."""
    deflater = zlib.compressobj(_DEFLATE_LEVEL, zlib.DEFLATED, _RAW_DEFLATE)
    return deflater.compress(to_native(samples, pixels)) + deflater.flush()
