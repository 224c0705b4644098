"""Whole Instances in another Transfer Syntax, Frame by Frame, never held as a whole.

Frames are read in order, decoded, encoded and verified by the threads of an executor, and written
in order; what is in flight is bounded by bytes. What else is in the Data Set is copied as it is,
into Explicit VR where the source is implicit. Lossless Frames are decoded again and compared
before they are written, and what was written is read back.

References
----------
PS3.5 8.2, A.4 (encapsulation, offset tables), PS3.3 C.7.6.3.1 (Image Pixel Module).
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, BinaryIO, NamedTuple, Protocol

import numpy as np

from isocenter.dicom.codecs import (
    DECODERS,
    ENCODERS,
    LOSSY,
    Codec,
    decode_frame,
    encode_frame,
)
from isocenter.dicom.codestreams import parse_jpeg_2000
from isocenter.dicom.decoding import DCT, decode_stored, decoded_colours
from isocenter.dicom.encapsulation import (
    FragmentWriter,
    check_written,
    native_bytes,
    native_header,
    write_native,
)
from isocenter.dicom.frames import index_frames, read_frame
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED, HeaderIndex, index_header, walk
from isocenter.dicom.icons import ICON_IMAGES, native_icons
from isocenter.dicom.lossy import Goal, encode_lossy
from isocenter.dicom.part10 import transfer_syntax_of
from isocenter.dicom.pixel_format import (
    SUBSAMPLED,
    PixelFormat,
    Samples,
    read_pixel_format,
    settled,
    to_native,
    to_samples,
)
from isocenter.dicom.streams import StreamSource
from isocenter.dicom.transcoded_header import (
    LOSSY_RATIO,
    RATIO_CHARACTERS,
    Loss,
    changed_elements,
    data_set_bytes,
    meta_bytes,
)
from isocenter.dicom.uids import EXPLICIT, NATIVE, VIDEO, derived_uid
from isocenter.errors import CorruptPixelDataError, NotSupportedError, TooLargeError
from isocenter.limits import DEFAULT, Limits

# Samples of a Frame and their description -> samples of the same kind.
Change = Callable[[Samples, PixelFormat], Samples]

# Goes into every derived UID: changes whenever the same input gives other output bytes.
CONVERSION_VERSION = b"isocenter-transcode-1"

_NESTED_PIXELS = "a nested image is compressed as well and would not fit the new encoding"
_JPEG_2000 = frozenset(ENCODERS["j2k"].transfer_syntax_uids)
_HTJ2K = frozenset(ENCODERS["htj2k"].transfer_syntax_uids)
# Lossy Image Compression Method of Transfer Syntaxes whose Frames have certainly lost something.
_METHODS = {
    **dict.fromkeys(DCT, "ISO_10918_1"),
    "1.2.840.10008.1.2.4.81": "ISO_14495_1",
    **dict.fromkeys(_JPEG_2000, "ISO_15444_1"),
    **dict.fromkeys(_HTJ2K, "ISO_15444_15"),
}
# What a Frame costs while it is worked on: encoded, samples, decoded again, copies in between.
_COPIES_IN_FLIGHT = 4
_COPY_BYTES = 1 << 20
_NATIVE_BYTES_MAX = 0xFFFFFFFE  # a length of 32 bits


class Pending(Protocol):
    """What ``concurrent.futures`` calls a Future."""

    def result(self) -> Any:  # noqa: ANN401 - as the function that was submitted
        """Return what the function returned, or raise what it raised."""


class Executor(Protocol):
    """What ``concurrent.futures`` calls an Executor."""

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Pending:  # noqa: ANN401
        """Start a function."""


class _Done:
    """The result of a function that ran at once."""

    def __init__(self, value: Any) -> None:  # noqa: ANN401
        self._value = value

    def result(self) -> Any:  # noqa: ANN401
        return self._value


class Inline:
    """An executor that has no threads."""

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Pending:  # noqa: ANN401
        """Run the function now."""
        return _Done(function(*args))


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall become of an Instance.

    Attributes
    ----------
    codec
        Name of the codec, ``""`` for native pixels.
    goal
        None: lossless.
    change
        What is done to the samples of each Frame before they are encoded.
    left_out
        Elements of the root that are not written.
    """

    codec: str = ""
    goal: Goal | None = None
    change: Change | None = None
    left_out: frozenset[int] = frozenset()

    @property
    def encoder(self) -> Codec:
        """The row of the codec table.

        Raises
        ------
        NotSupportedError
            If there is no such codec, or none that can lose anything where that is wished.
        """
        codec = ENCODERS.get(self.codec)
        if codec is None:
            raise NotSupportedError("there is no such codec")
        if self.goal is not None and not codec.lossy_uid:
            raise NotSupportedError(f"{codec.name} has no lossy encoding")
        return codec

    @property
    def transfer_syntax_uid(self) -> str:
        """The Transfer Syntax that the output gets."""
        if not self.codec:
            return EXPLICIT
        return self.encoder.lossless_uid if self.goal is None else self.encoder.lossy_uid


class Skip(NamedTuple):
    """Why a file is left as it is, and whether it is what would have been made of it."""

    reason: str
    is_as_wished: bool = False


def reason_to_skip(header: HeaderIndex, wish: Wish, *, recompress: bool = False) -> Skip | None:
    """Return why a DICOM file is left as it is, None if it is to be transcoded.

    Parameters
    ----------
    recompress
        Whether Frames that may have lost something already are encoded once more.

    Raises
    ------
    InvalidInputError
        If the file meta is odd.
    """
    if PIXEL_DATA not in header.dataset.elements:
        return Skip("no image")
    uid = transfer_syntax_of(header)
    if not wish.codec:
        return Skip("not compressed", is_as_wished=True) if uid in NATIVE else None
    is_lost_again = recompress and wish.goal is not None
    if uid == wish.transfer_syntax_uid and not is_lost_again:
        return Skip("already in this transfer syntax", is_as_wished=True)
    if uid in NATIVE or recompress or uid.startswith(VIDEO):
        return None
    if wish.goal is None and uid == wish.encoder.lossy_uid:
        reason = "already compressed by this codec, perhaps with loss"
        return Skip(reason, is_as_wished=True)
    return Skip("already compressed with loss") if uid in LOSSY else None


def transcode(
    source: BinaryIO,
    target: BinaryIO,
    limits: Limits = DEFAULT,
    *,
    wish: Wish,
    executor: Executor | None = None,
    threads: int = 1,
) -> dict[str, object]:
    """Write the Instance with its Frames in another encoding.

    Parameters
    ----------
    source
        Part 10 as ``index_header`` reads it.
    target
        Empty, seekable and readable.
    executor
        Does the work on Frames; None: no threads.
    threads
        How many threads the executor has.

    Returns
    -------
    dict
        ``frames``, ``warnings``.

    Raises
    ------
    NotSupportedError
        If the codec cannot encode such pixels exactly, or nothing decodes them.
    CorruptPixelDataError, InvalidInputError
        If a Frame cannot be decoded or contradicts the header.
    TooLargeError
        If a bound of ``limits`` is passed.
    """
    job = _Job(source, limits, wish)
    job.check()
    count = len(job.frames.spans)
    changes = job.changes()
    target.write(meta_bytes(job.header, wish.transfer_syntax_uid, job.new_uid()))
    target.writelines(data_set_bytes(job.header, job.source, changes, is_behind=False))
    runner = executor if executor is not None else Inline()
    allowed = limits.frames_in_flight_bytes // (_COPIES_IN_FLIGHT * job.pixels.frame_bytes)
    results = in_order(runner, job.convert, job.read_all(), max(1, min(2 * threads, allowed)))
    writer: FragmentWriter | None = None
    if job.codec is None:
        target.write(native_header(job.pixels, count))
        write_native(target, results, job.pixels)
        target.write(b"\0" * (native_bytes(job.pixels, count) % 2))
    else:
        writer = FragmentWriter(target, count, job.pixels.frame_bytes)
        for data in results:
            writer.add(data)
        writer.finish()
    target.writelines(data_set_bytes(job.header, job.source, changes, is_behind=True))
    if writer is not None:
        _settle(target, writer, job, limits)
    return {
        "frames": count,
        "warnings": job.warnings,
    }


def _settle(target: BinaryIO, writer: FragmentWriter, job: "_Job", limits: Limits) -> None:
    """Fill in the ratio of a lossy output, and read back what was written."""
    target.flush()
    written = StreamSource(target)
    header = index_header(written, limits)
    check_written(header, written, writer.checksums, limits)
    if job.wish.goal is not None:
        ratio = native_bytes(job.pixels, len(writer.checksums)) / max(1, writer.total_bytes)
        _, _, value, length, _ = header.dataset.elements[LOSSY_RATIO]
        target.seek(value + length - RATIO_CHARACTERS)
        target.write(f"{ratio:0{RATIO_CHARACTERS}.2f}".encode()[:RATIO_CHARACTERS])
        target.seek(0, 2)


class _Job:
    """One Instance: where its Frames are, how to decode them, what they become."""

    def __init__(self, source: BinaryIO, limits: Limits, wish: Wish) -> None:
        self.wish = wish
        self.limits = limits
        self._stream = source
        self.source = StreamSource(source)
        self.header = index_header(self.source, limits)
        for tag in wish.left_out & self.header.dataset.elements.keys():
            del self.header.dataset.elements[tag]
        self.uid = transfer_syntax_of(self.header)
        if self.uid.startswith(VIDEO):
            raise NotSupportedError("video is not transcoded")
        if self.uid not in NATIVE and self.uid not in DECODERS:
            raise NotSupportedError("nothing decodes this transfer syntax")
        self.frames = index_frames(self.header, self.source, limits)
        if self.frames.is_encapsulated == (self.uid in NATIVE):
            raise CorruptPixelDataError("Pixel Data is not encoded as the Transfer Syntax says")
        self.stored = read_pixel_format(self.header.dataset, limits)
        self.codec = wish.encoder if wish.codec else None
        self.pixels = self.stored.with_colours(self._colours_of(self.stored))
        self.warnings: list[str] = []
        if self.frames.extra_bytes:
            extra = self.frames.extra_bytes
            self.warnings.append(f"{extra} byte(s) after the last frame were left out")
        self._lossy_digest = b""

    def check(self) -> None:
        """Refuse what cannot be done, before anything is written."""
        if self.codec is not None:
            reason = self.codec.reason_to_refuse(self.pixels)
            if reason:
                raise NotSupportedError(reason)
        if self.wish.goal is not None and self.pixels.photometric == "PALETTE COLOR":
            raise NotSupportedError("indices of a palette cannot be compressed with loss")
        length, allowed = native_bytes(self.pixels, len(self.frames.spans)), _NATIVE_BYTES_MAX
        if self.codec is None and length > allowed:
            raise TooLargeError("instance_pixel_bytes", allowed, length, "bytes")
        for path, level, tag in walk(self.header.dataset):
            is_icon = len(path) == 2 and path[0] == ICON_IMAGES
            is_nested = bool(path) and not is_icon and tag == PIXEL_DATA
            if is_nested and level.elements[tag][3] == UNDEFINED:
                raise NotSupportedError(_NESTED_PIXELS)

    def _colours_of(self, stored: PixelFormat) -> str:
        """Return the Photometric Interpretation of the samples that the decoder gives."""
        said = decoded_colours(self.uid, stored)
        if stored.samples != 3:
            return said
        if said.startswith("YBR_PARTIAL"):
            raise NotSupportedError("colours of partial range are not transcoded")
        return "YBR_FULL" if said in SUBSAMPLED else said

    def changes(self) -> dict[int, bytes]:
        """Return the elements of the root that get other values."""
        colours = self.pixels.photometric
        if self.codec is not None:
            is_lossy = self.wish.goal is not None
            colours = self.codec.photometric(self.pixels, is_lossy=is_lossy)
        changes = changed_elements(self.header, self.pixels.with_colours(colours), self._loss())
        if ICON_IMAGES in self.header.dataset and self.frames.is_encapsulated:
            changes |= native_icons(self.header.dataset, self._decoded_icon, self.limits)
        return changes

    def _decoded_icon(self, data: bytes, stored: PixelFormat) -> tuple[Samples, str]:
        return decode_stored(self.uid, data, stored), self._colours_of(stored)

    def _loss(self) -> Loss:
        if self.wish.goal is not None:
            assert self.codec is not None
            return Loss(self.codec.method, new_uid=self.new_uid())
        if not (self.frames.is_encapsulated and self._is_decoded_lossy()):
            return Loss()
        encoded = sum(span.length for span in self.frames.spans)
        ratio = native_bytes(self.stored, len(self.frames.spans)) / max(1, encoded)
        return Loss(_METHODS[self.uid], ratio=ratio)

    def _is_decoded_lossy(self) -> bool:
        """Return whether the Frames certainly lost something when they were encoded."""
        if self.uid in _JPEG_2000 | _HTJ2K:
            return not parse_jpeg_2000(read_frame(self.source, self.frames, 1)).is_reversible
        return self.uid in _METHODS

    def new_uid(self) -> str:
        """Return the SOP Instance UID of a lossy output, ``""`` where it stays the same."""
        if self.wish.goal is None:
            return ""
        if not self._lossy_digest:
            digest = sha256()
            self._stream.seek(0)
            while chunk := self._stream.read(_COPY_BYTES):
                digest.update(chunk)
            self._lossy_digest = digest.digest()
        goal = self.wish.goal
        options = f"{self.wish.codec} {goal.psnr_db:g} {goal.ratio:g}".encode()
        return derived_uid(CONVERSION_VERSION, options, self._lossy_digest)

    def read_all(self) -> Iterator[tuple[bytes, int]]:
        """Yield each Frame as it is stored, and the bit with which it begins."""
        for frame_index in range(len(self.frames.spans)):
            first_bit = frame_index * self.stored.frame_bits % 8 if self.stored.is_packed else 0
            yield read_frame(self.source, self.frames, frame_index + 1), first_bit

    def convert(self, stored: tuple[bytes, int]) -> bytes | Samples:
        """Return a Frame in its new encoding; packed native pixels as an array."""
        samples = self._samples(*stored)
        if self.wish.change is not None:
            samples = self.wish.change(samples, self.pixels)
        if self.codec is None:
            return samples if self.pixels.is_packed else to_native(samples, self.pixels)
        wanted = samples if self.codec.keeps_all_bits else settled(samples, self.pixels)
        if self.wish.goal is not None:
            return encode_lossy(self.codec, wanted, self.pixels, self.wish.goal)
        data = encode_frame(self.codec, wanted, self.pixels)
        if not np.array_equal(decode_frame(self.codec, data, self.pixels), wanted):
            raise NotSupportedError(f"{self.codec.name} does not encode these pixels exactly")
        return data

    def _samples(self, data: bytes, first_bit: int) -> Samples:
        if not self.frames.is_encapsulated:
            return to_samples(data, self.stored, first_bit)
        return decode_stored(self.uid, data, self.stored)


def in_order(
    executor: Executor, work: Callable[[Any], Any], items: Iterator[Any], in_flight: int
) -> Iterator[Any]:
    """Yield the results in the order of the items, so many of them at once."""
    pending: deque[Pending] = deque()
    for item in items:
        if len(pending) == in_flight:
            yield pending.popleft().result()
        pending.append(executor.submit(work, item))
    while pending:
        yield pending.popleft().result()
