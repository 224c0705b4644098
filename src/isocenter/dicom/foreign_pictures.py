"""Pictures of other formats as Frames: PNG, JPEG, BMP, TIFF, GIF, JPEG 2000, JPEG-LS, PNM.

Runs in a limited child process, one picture at a time: the libraries read what strangers made.
Bits and colours stay as they are. What DICOM can hold as it is, a JPEG or JPEG 2000 codestream,
stays compressed, so that nothing is lost a second time; it is decoded once to see that it is
whole. Turned pictures (Exif) are turned back, opacity is laid on black, palettes become RGB.

References
----------
PS3.5 8.2 (codestreams in Pixel Data), PS3.3 C.7.6.3.1.2 (Photometric Interpretation).
"""

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from struct import error as StructError  # noqa: N812  # it is an exception, named as one here
from typing import BinaryIO

import imagecodecs
import numpy as np
from PIL import Image
from PIL.Image import open as open_image

from isocenter.dicom.bare_codestreams import bare_jpeg_2000, first_scan
from isocenter.dicom.codestreams import Codestream, parse_jpeg, parse_jpeg_2000
from isocenter.dicom.decoding import decode_stored
from isocenter.dicom.deidentify.jpeg_comments import without_jpeg_comments
from isocenter.dicom.generate import PictureFormat
from isocenter.dicom.picture_files import format_facts, picture_kind
from isocenter.dicom.picture_samples import (
    as_icc_input_profile,
    check_size,
    on_black,
    pillow_samples,
    sample_bytes_of,
    turned,
)
from isocenter.dicom.pixel_format import PixelFormat, Samples
from isocenter.dicom.portable_anymaps import read_anymap
from isocenter.dicom.uids import EXPLICIT
from isocenter.errors import (
    CorruptPixelDataError,
    InvalidInputError,
    NotSupportedError,
    TooLargeError,
)
from isocenter.limits import Limits

_JPEG_FAMILY = "1.2.840.10008.1.2.4"
_BASELINE, _EXTENDED, _PROGRESSIVE, _LOSSLESS, _LS = 0xC0, 0xC1, 0xC2, 0xC3, 0xF7
_DCT_METHOD, _LS_METHOD = "ISO_10918_1", "ISO_14495_1"
_J2K_METHOD, _HTJ2K_METHOD = "ISO_15444_1", "ISO_15444_15"
_HIGH_THROUGHPUT = frozenset({f"{_JPEG_FAMILY}.201", f"{_JPEG_FAMILY}.203"})
_MM_PER_INCH = 25.4
_ORIENTATION = 274
_SIDEWAYS = frozenset({5, 6, 7, 8})
# TIFF tags.
_SUBFILE, _BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLE_FORMAT = 254, 258, 259, 262, 339
_STRIP_LENGTHS, _TILE_LENGTHS, _EXTRA_SAMPLES, _DNG = 279, 325, 338, 50706
_TIFF_JPEG = frozenset({6, 7, 34892})
_WHITE_IS_ZERO, _TIFF_RGB = 0, 2
_UNASSOCIATED = 2


# What Pillow and imagecodecs raise when a file is not as it should be.
_DAMAGE = (
    *(OSError, SyntaxError, ValueError, EOFError, RuntimeError, StructError),
    *(TypeError, LookupError, ArithmeticError, AttributeError, Image.DecompressionBombError),
)


@dataclass(frozen=True, slots=True)
class _Page:
    """One Frame: a codestream, or samples that become native."""

    content: bytes | Samples
    picture: PictureFormat
    lossy_bytes: int = 0
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _About:
    """What a file says of a picture beside its samples."""

    orientation: int = 1
    density: tuple[float, float] = (0.0, 0.0)
    icc: bytes = b""
    lossy_method: str = ""
    lossy_bytes: int = 0
    milliseconds: float = 0.0


@dataclass(slots=True)
class _Reading:
    """One picture file that is read."""

    data: bytes
    limits: Limits
    is_multi_frame: bool
    warnings: list[str] = field(default_factory=list)

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def read_picture(
    source: BinaryIO, target: BinaryIO, limits: Limits, *, multi_frame: bool
) -> dict[str, object]:
    """Write the Frames of a picture file one after another; return facts about them.

    Parameters
    ----------
    multi_frame
        Whether they go into a multi-frame class, which takes fewer kinds of codestreams.

    Returns
    -------
    dict
        What ``picture_files.read_facts`` reads.

    Raises
    ------
    InvalidInputError
        If it is no picture, is cut off or damaged.
    NotSupportedError
        If DICOM or this program has no answer for such a picture.
    TooLargeError
        If it has more bytes or Frames than ``limits`` allow.
    """
    data = source.read(limits.picture_bytes + 1)
    if len(data) > limits.picture_bytes:
        raise TooLargeError("picture_bytes", limits.picture_bytes, len(data), "bytes")
    reader = _READERS.get(picture_kind(data))
    if reader is None:
        raise InvalidInputError("not a picture of a known format")
    reading = _Reading(data, limits, multi_frame)
    formats: dict[PictureFormat, int] = {}
    frames: list[list[object]] = []
    total = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about metadata, which is not used
            for page in reader(reading):
                if len(frames) == limits.picture_frames:
                    allowed = limits.picture_frames
                    raise TooLargeError("picture_frames", allowed, allowed + 1, "frames")
                number = formats.setdefault(page.picture, len(formats))
                content = page.content if isinstance(page.content, bytes) else _bytes(page)
                total += len(content)
                if total > limits.instance_pixel_bytes:
                    allowed = limits.instance_pixel_bytes
                    raise TooLargeError("instance_pixel_bytes", allowed, total, "bytes")
                target.write(content)
                frames.append([number, len(content), page.lossy_bytes, page.milliseconds])
    except _DAMAGE:
        # Their words may hold values.
        raise CorruptPixelDataError("the picture is damaged or cut off") from None
    rows = []
    for picture in formats:
        rows.append(format_facts(picture, target.tell()))
        target.write(picture.icc)
    return {"formats": rows, "frames": frames, "warnings": reading.warnings}


def _bytes(page: _Page) -> bytes | memoryview:
    """Return samples as native Pixel Data (PS3.5 8.1), without a copy where that is possible."""
    assert not isinstance(page.content, bytes)
    if page.picture.bits_allocated == 1:
        return np.packbits(page.content.reshape(-1), bitorder="little").tobytes()
    little = page.content.astype(page.content.dtype.newbyteorder("<"), copy=False)
    return np.ascontiguousarray(little).data.cast("B")


def _native(reading: _Reading, samples: Samples, bits: int, about: _About) -> _Page:
    """Return a Frame of samples, (rows, columns[, channels]), opacity last."""
    samples, was_transparent = on_black(turned(samples, about.orientation))
    if was_transparent:
        reading.warn("transparent pixels are shown on black")
    rows, columns, *channels = samples.shape
    if bits == 1 and reading.is_multi_frame and rows * columns % 8:
        # Frames of bits follow one another inside a byte; black and white are the same in 8 bits.
        samples, bits = samples * 0xFF, 8
    is_sideways = about.orientation in _SIDEWAYS
    icc = as_icc_input_profile(about.icc) if channels else b""
    if about.icc and not icc:
        reading.warn("its colour profile has no place in DICOM and is left out")
    picture = PictureFormat(
        transfer_syntax_uid=EXPLICIT,
        rows=rows,
        columns=columns,
        samples=channels[0] if channels else 1,
        photometric="RGB" if channels else "MONOCHROME2",
        bits_allocated=1 if bits == 1 else 8 * samples.dtype.itemsize,
        bits_stored=bits,
        lossy_method=about.lossy_method,
        density=about.density[::-1] if is_sideways else about.density,
        icc=icc,
    )
    return _Page(samples, picture, about.lossy_bytes, about.milliseconds)


def _open(reading: _Reading, kind: str) -> Image.Image:
    """Return a picture whose header is read, if it may be decoded."""
    Image.MAX_IMAGE_PIXELS = None  # the bound of ours is in bytes
    image = open_image(io.BytesIO(reading.data), formats=(kind,))
    check_size(image.height, image.width, sample_bytes_of(image), reading.limits)
    return image


def _about(image: Image.Image, *, orientation: int | None = None) -> _About:
    """Return what an opened picture says of itself."""
    dpi = image.info.get("dpi", (0.0, 0.0))
    density = (float(dpi[0]) / _MM_PER_INCH, float(dpi[1]) / _MM_PER_INCH)
    if not all(0 < one < 1e6 for one in density):
        density = (0.0, 0.0)
    icc = image.info.get("icc_profile")
    if orientation is None:
        said = image.getexif().get(_ORIENTATION, 1)
        orientation = said if isinstance(said, int) else 1
    return _About(
        orientation=orientation,
        density=density,
        icc=icc if isinstance(icc, bytes) else b"",
        milliseconds=float(image.info.get("duration", 0) or 0),
    )


def _read_png(reading: _Reading) -> Iterator[_Page]:
    image = _open(reading, "PNG")
    if getattr(image, "n_frames", 1) > 1:
        yield from _animated(reading, image)
        return
    is_deep_colour = reading.data[24] == 16 and reading.data[25] in (2, 4, 6)
    about = _about(image)
    if is_deep_colour:
        # Pillow keeps 8 bits of these.
        check_size(image.height, image.width, 8, reading.limits)
        samples = imagecodecs.png_decode(reading.data)
        yield _native(reading, samples, 16, about)
        return
    image.load()
    yield _native(reading, *pillow_samples(image), about)


def _read_simple(reading: _Reading) -> Iterator[_Page]:
    image = _open(reading, "BMP")
    image.load()
    yield _native(reading, *pillow_samples(image), _about(image))


def _read_gif(reading: _Reading) -> Iterator[_Page]:
    yield from _animated(reading, _open(reading, "GIF"))


def _animated(reading: _Reading, image: Image.Image) -> Iterator[_Page]:
    """Yield each step of an animation as it is shown, always in colour, so that all are alike."""
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        about = _about(image, orientation=1)
        samples = np.asarray(image.convert("RGBA"))
        yield _native(reading, samples, 8, about)


def _read_tiff(reading: _Reading) -> Iterator[_Page]:
    image = _open(reading, "TIFF")
    tags = image.tag_v2  # type: ignore[attr-defined]  # of TIFF pictures only
    if _DNG in tags:
        raise NotSupportedError("a raw picture of a camera: develop it first")
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        tags = image.tag_v2  # type: ignore[attr-defined]  # another one for each page
        if number and tags.get(_SUBFILE, 0) & 1:
            reading.warn("smaller copies of its pictures are left out")
            continue
        bits = tuple(tags.get(_BITS, (1,)))
        deepest = max(bits)
        check_size(image.height, image.width, len(bits) * (deepest + 7) // 8, reading.limits)
        if any(one != 1 for one in tags.get(_SAMPLE_FORMAT, (1,))):
            raise NotSupportedError("a picture of floats or signed numbers")
        orientation = int(tags.get(_ORIENTATION, 1))
        about = _with_loss(_about(image, orientation=1), tags)
        if deepest > 8 and len(bits) > 1:
            about = replace(about, orientation=orientation)
            yield _native(reading, _deep_tiff(reading, number, tags, bits), 16, about)
            continue
        is_inverted = deepest > 8 and tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
        image.load()  # turns it as its orientation says, but not what it says of itself
        if orientation in _SIDEWAYS:
            about = replace(about, density=about.density[::-1])
        samples, stored = pillow_samples(image)
        if stored == 16 and deepest < 16:
            stored = deepest
        if is_inverted:
            samples = (1 << stored) - 1 - samples
        yield _native(reading, samples, stored, about)


def _with_loss(about: _About, tags: "dict[int, object]") -> _About:
    if tags.get(_COMPRESSION) not in _TIFF_JPEG:
        return about
    lengths = tags.get(_STRIP_LENGTHS) or tags.get(_TILE_LENGTHS) or ()
    total = sum(lengths) if isinstance(lengths, tuple) else 0
    return replace(about, lossy_method=_DCT_METHOD, lossy_bytes=total)


def _deep_tiff(
    reading: _Reading, number: int, tags: "dict[int, object]", bits: tuple[int, ...]
) -> Samples:
    """Return a page with several samples of 16 bits, of which Pillow keeps 8."""
    if tags.get(_PHOTOMETRIC) != _TIFF_RGB or set(bits) != {16} or len(bits) not in (3, 4):
        raise NotSupportedError("a TIFF picture of deep colours other than 16-bit RGB")
    samples = imagecodecs.tiff_decode(reading.data, index=number)
    if samples.shape[0] == len(bits) and samples.shape[-1] != len(bits):
        samples = np.moveaxis(samples, 0, -1)
    if samples.ndim != 3 or samples.shape[2] != len(bits) or samples.dtype != np.uint16:
        raise NotSupportedError("a TIFF picture of an unusual shape")
    extra = tags.get(_EXTRA_SAMPLES, ())
    if len(bits) == 4 and extra != (_UNASSOCIATED,):
        samples = samples[..., :3]  # opacity is laid on black already, or it is none
    return samples


def _read_pnm(reading: _Reading) -> Iterator[_Page]:
    found = read_anymap(reading.data, reading.limits)
    yield _native(reading, found.samples, found.bits, _About())


def _read_jpeg(reading: _Reading) -> Iterator[_Page]:
    stream = parse_jpeg(reading.data)
    check_size(stream.rows, stream.columns, 2 * stream.samples, reading.limits)
    if stream.samples == 4:
        raise NotSupportedError(
            "a CMYK picture: DICOM has no such colours, convert it to RGB first"
        )
    if stream.samples not in (1, 3):
        raise NotSupportedError(f"a JPEG picture of {stream.samples} components")
    if stream.process in (_LOSSLESS, _LS):
        yield _lossless_jpeg(reading, stream)
        return
    if stream.process not in (_BASELINE, _EXTENDED, _PROGRESSIVE):
        raise NotSupportedError("a JPEG picture of an arithmetic or hierarchical process")
    about = _About()
    if stream.bits == 8:
        about = _about(_open(reading, "JPEG"))
    is_rgb = stream.samples == 3 and stream.has_colour_transform is False
    bare = without_jpeg_comments(reading.data)
    about = replace(about, lossy_method=_DCT_METHOD, lossy_bytes=len(bare))
    must_decode = stream.process == _PROGRESSIVE or about.orientation not in (0, 1)
    if must_decode or (is_rgb and reading.is_multi_frame):
        if stream.bits != 8:
            raise NotSupportedError("a progressive or turned JPEG picture of 12 bits")
        image = _open(reading, "JPEG")
        image.load()
        yield _native(reading, *pillow_samples(image), about)
        return
    # Whatever the subsampling of the stream is, this is what the standard calls such colours.
    photometric = "RGB" if is_rgb else "YBR_FULL_422"
    end = "50" if stream.process == _BASELINE else "51"
    yield _codestream(reading, bare, stream, f"{_JPEG_FAMILY}.{end}", photometric, about)


def _lossless_jpeg(reading: _Reading, stream: Codestream) -> _Page:
    if b"mrfx" in reading.data[:1024]:
        raise NotSupportedError("a JPEG-LS picture with a colour transform of its maker")
    bare = without_jpeg_comments(reading.data)
    parameter = first_scan(bare)
    if stream.process == _LS:
        is_lossy = parameter > 0
        uid = f"{_JPEG_FAMILY}.{81 if is_lossy else 80}"
        about = _About(lossy_method=_LS_METHOD, lossy_bytes=len(bare)) if is_lossy else _About()
        return _codestream(reading, bare, stream, uid, "RGB", about)
    uid = f"{_JPEG_FAMILY}.{70 if parameter == 1 else 57}"
    return _codestream(reading, bare, stream, uid, "RGB", _About())


def _read_jp2(reading: _Reading) -> Iterator[_Page]:
    found = bare_jpeg_2000(reading.data)
    stream = parse_jpeg_2000(found.codestream)
    check_size(stream.rows, stream.columns, 2 * stream.samples, reading.limits)
    if stream.is_signed:
        raise NotSupportedError("a picture of signed samples")
    about = _About(icc=found.icc)
    if not stream.is_reversible:
        method = _HTJ2K_METHOD if found.is_high_throughput else _J2K_METHOD
        about = replace(about, lossy_method=method, lossy_bytes=len(found.codestream))
    is_usual = found.is_plain and stream.samples in (1, 3) and found.colour_space in (0, 16, 17)
    if not is_usual:
        if stream.bits > 8 or found.is_high_throughput:
            raise NotSupportedError("a JPEG 2000 picture of an unusual kind with deep colours")
        image = _open(reading, "JPEG2000")
        image.load()
        yield _native(reading, *pillow_samples(image), about)
        return
    wavelet = (90, 91) if not found.is_high_throughput else (201, 203)
    uid = f"{_JPEG_FAMILY}.{wavelet[not stream.is_reversible]}"
    if not stream.has_colour_transform:
        page = _codestream(reading, found.codestream, stream, uid, "RGB", about)
        # The multi-frame class for colours wants them transformed, or native (A.8.5.4).
        is_taken = stream.samples == 1 or not reading.is_multi_frame
        yield page if is_taken else _decoded(reading, page, about)
        return
    colours = "YBR_RCT" if stream.is_reversible else "YBR_ICT"
    yield _codestream(reading, found.codestream, stream, uid, colours, about)


def _decoded(reading: _Reading, page: _Page, about: _About) -> _Page:
    assert isinstance(page.content, bytes)
    layout = _layout(page.picture)
    samples = decode_stored(page.picture.transfer_syntax_uid, page.content, layout)
    return _native(reading, samples, page.picture.bits_stored, about)


def _codestream(
    reading: _Reading, bare: bytes, stream: Codestream, uid: str, colours: str, about: _About
) -> _Page:
    """Return a Frame that stays compressed, after it was decoded once."""
    if not 2 <= stream.bits <= 16:
        raise NotSupportedError(f"a picture of {stream.bits} bits")
    is_colour = stream.samples == 3
    icc = as_icc_input_profile(about.icc) if is_colour else b""
    if about.icc and not icc:
        reading.warn("its colour profile has no place in DICOM and is left out")
    picture = PictureFormat(
        transfer_syntax_uid=uid,
        rows=stream.rows,
        columns=stream.columns,
        samples=stream.samples,
        photometric=colours if is_colour else "MONOCHROME2",
        bits_allocated=8 if stream.bits <= 8 else 16,
        bits_stored=stream.bits,
        lossy_method=about.lossy_method,
        density=about.density,
        icc=icc,
    )
    decode_stored(uid, bare, _layout(picture))
    if uid in _HIGH_THROUGHPUT:
        # Its decoder passes over damage without a word; OpenJPEG does not.
        imagecodecs.jpeg2k_decode(bare)
    return _Page(bare, picture, about.lossy_bytes)


def _layout(picture: PictureFormat) -> PixelFormat:
    return PixelFormat(
        rows=picture.rows,
        columns=picture.columns,
        samples=picture.samples,
        photometric=picture.photometric,
        bits_allocated=picture.bits_allocated,
        bits_stored=picture.bits_stored,
        high_bit=picture.bits_stored - 1,
        is_signed=False,
    )


_READERS: dict[str, Callable[[_Reading], Iterator[_Page]]] = {
    "png": _read_png,
    "jpeg": _read_jpeg,
    "gif": _read_gif,
    "tiff": _read_tiff,
    "bmp": _read_simple,
    "jp2": _read_jp2,
    "pnm": _read_pnm,
}
