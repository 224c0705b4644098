"""Blank regions in every Frame of an Instance, in whatever encoding it has.

Native Frames are changed in place, one at a time. Compressed ones are decoded, blanked and
encoded again without loss in the same Transfer Syntax; a Frame whose regions are black already
stays byte by byte. Where the Transfer Syntax cannot hold Frames without loss, all Frames go into
one that can, with the samples that they decode to.

References
----------
PS3.15 E.3.1 (Clean Pixel Data), PS3.5 8.2 and A.4.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np

from isocenter.dicom.deidentify.blank_frames import Blanker, codec_to_change_to
from isocenter.dicom.deidentify.blanking import (
    black_of,
    blank_bits,
    blank_native,
    is_made_of_bytes,
)
from isocenter.dicom.deidentify.regions import Region, regions_of_image
from isocenter.dicom.encapsulation import (
    EXTENDED_LENGTHS,
    EXTENDED_OFFSETS,
    FragmentWriter,
    check_written,
)
from isocenter.dicom.frames import FrameIndex, read_frame
from isocenter.dicom.header_index import PIXEL_DATA, HeaderIndex, index_header
from isocenter.dicom.icons import ICON_IMAGES
from isocenter.dicom.part10 import transfer_syntax_of
from isocenter.dicom.pixel_format import PHOTOMETRIC_INTERPRETATION
from isocenter.dicom.samples import FloatFormat, index_pixels, pixel_element, read_sample_format
from isocenter.dicom.streams import ByteSource, StreamSource
from isocenter.dicom.transcode import Executor, Inline, Wish, in_order, transcode
from isocenter.dicom.uids import NATIVE, VIDEO
from isocenter.errors import CorruptPixelDataError, NotSupportedError
from isocenter.limits import DEFAULT, Limits

_IRREVERSIBLE, _REVERSIBLE = "YBR_ICT", "YBR_RCT"
_COPY_BYTES = 1 << 20
# What a Frame costs while it is worked on: encoded, samples, changed, decoded again.
_COPIES_IN_FLIGHT = 5


def blank_regions(
    source: BinaryIO,
    target: BinaryIO,
    limits: Limits = DEFAULT,
    *,
    regions: Sequence[Region],
    executor: Executor | None = None,
    threads: int = 1,
) -> dict[str, object]:
    """Write the Instance with the regions black in every Frame; icons, which show them, are gone.

    Parameters
    ----------
    source
        Part 10 as ``index_header`` reads it; its header is copied as it is.
    target
        Empty, seekable and readable.
    regions
        May reach beyond the image; those of the other kind of file do not count.
    executor, threads
        Does the work on Frames, and how many threads it has; None: no threads.

    Returns
    -------
    dict
        ``frames``, ``changed_frames``, ``blanked_regions`` (inside the image),
        ``transfer_syntax_uid`` of the output, ``warnings``.

    Raises
    ------
    NotSupportedError
        If nothing decodes the Frames, or nothing encodes them exactly.
    CorruptPixelDataError, InvalidInputError
        If a Frame cannot be decoded or contradicts the header.
    TooLargeError
        If a bound of ``limits`` is passed.
    """
    job = _Job(StreamSource(source), limits, regions)
    if not job.regions:
        job.copy(target, 0, job.source.size)
        return job.facts(changed=0)
    if job.frames.is_encapsulated:
        codec = codec_to_change_to(job.uid, job.layout)
        runner = executor if executor is not None else Inline()
        if not codec:
            return job.facts(changed=job.blank_encoded(target, runner, threads))
        wish = Wish(codec, change=job.blanker().samples, left_out=frozenset({ICON_IMAGES}))
        made = transcode(source, target, limits, wish=wish, executor=runner, threads=threads)
        told = made["warnings"]
        assert isinstance(told, list)
        job.warnings += [*told, f"frames were converted to {wish.encoder.name} without loss"]
        job.uid = wish.transfer_syntax_uid
        return job.facts(changed=len(job.frames.spans))
    job.blank_native(target)
    return job.facts(changed=len(job.frames.spans))


class _Job:
    """One Instance, and what is to be blanked in it."""

    def __init__(self, source: ByteSource, limits: Limits, regions: Sequence[Region]) -> None:
        self.source = source
        self._limits = limits
        self.header: HeaderIndex = index_header(source, limits)
        self.uid = transfer_syntax_of(self.header)
        if self.uid.startswith(VIDEO):
            raise NotSupportedError("video cannot be blanked")
        self.layout = read_sample_format(self.header.dataset, limits)
        self.frames: FrameIndex = index_pixels(self.header, source, limits)
        if self.frames.is_encapsulated == (self.uid in NATIVE):
            raise CorruptPixelDataError("Pixel Data is not encoded as the Transfer Syntax says")
        self.regions, self.warnings = regions_of_image(
            regions, self.layout.rows, self.layout.columns, len(self.frames.spans)
        )

    def facts(self, *, changed: int) -> dict[str, object]:
        """Return what the caller is told."""
        return {
            "frames": len(self.frames.spans),
            "changed_frames": changed,
            "blanked_regions": len(self.regions),
            "transfer_syntax_uid": self.uid,
            "warnings": self.warnings,
        }

    def blanker(self) -> Blanker:
        """Return what blanks encoded Frames."""
        if isinstance(self.layout, FloatFormat):
            raise CorruptPixelDataError("floating point samples in fragments")
        return Blanker(self.uid, self.layout, self.header.dataset, self.regions)

    def copy(self, target: BinaryIO, start: int, end: int) -> None:
        """Copy bytes of the source."""
        target.writelines(
            self.source.read_at(offset, min(_COPY_BYTES, end - offset))
            for offset in range(start, end, _COPY_BYTES)
        )

    def _copy_header(self, target: BinaryIO, end: int) -> None:
        """Copy what stands before Pixel Data, without the icons."""
        icons = self.header.dataset.elements.get(ICON_IMAGES)
        start = 0
        if icons is not None and icons[4] <= end:
            self.copy(target, 0, icons[1])
            start = icons[4]
        self.copy(target, start, end)

    def blank_native(self, target: BinaryIO) -> None:
        """Write the Instance with native Frames."""
        element = self.header.dataset.elements[pixel_element(self.header.dataset)]
        self._copy_header(target, element[2])
        colour = black_of(self.layout, self.header.dataset)
        if is_made_of_bytes(self.layout):
            for frame_number in range(1, len(self.frames.spans) + 1):
                data = read_frame(self.source, self.frames, frame_number)
                target.write(blank_native(data, self.layout, self.regions, colour))
        else:
            target.writelines(self._packed(colour))
        last = self.frames.spans[-1]
        self.copy(target, last.offset + last.length, self.source.size)

    def _packed(self, colour: tuple[int, ...]) -> Iterator[bytes]:
        """Yield Frames whose cells are no whole bytes; the next one may begin inside a byte."""
        kept = np.empty(0, np.uint8)
        for frame_index in range(len(self.frames.spans)):
            data = read_frame(self.source, self.frames, frame_index + 1)
            first_bit = frame_index * self.layout.frame_bits % 8
            bits = blank_bits(data, self.layout, first_bit, self.regions, colour)
            joined = np.concatenate((kept, bits))
            whole = joined.size - joined.size % 8
            yield np.packbits(joined[:whole], bitorder="little").tobytes()
            kept = joined[whole:]
        yield np.packbits(kept, bitorder="little").tobytes()

    def blank_encoded(self, target: BinaryIO, executor: Executor, threads: int) -> int:
        """Write the Instance with its Frames in their encoding; return how many are changed."""
        elements = self.header.dataset.elements
        tags = {PIXEL_DATA, EXTENDED_OFFSETS, EXTENDED_LENGTHS} & elements.keys()
        start = min(elements[tag][1] for tag in tags)
        end = elements[PIXEL_DATA][4]
        blanker = self.blanker()
        self._copy_header(target, start)
        count = len(self.frames.spans)
        writer = FragmentWriter(target, count, self.layout.frame_bytes)
        stored = (read_frame(self.source, self.frames, number + 1) for number in range(count))

        def work(data: bytes) -> tuple[bool, bytes]:
            made = blanker.encoded(data)
            return made is not data, made

        allowed = self._limits.frames_in_flight_bytes // (
            _COPIES_IN_FLIGHT * self.layout.frame_bytes
        )
        changed = 0
        for is_changed, data in in_order(executor, work, stored, max(1, min(2 * threads, allowed))):
            changed += is_changed
            writer.add(data)
        writer.finish()
        self.copy(target, end, self.source.size)
        target.flush()
        written = StreamSource(target)
        header = index_header(written, self._limits)
        check_written(header, written, writer.checksums, self._limits)
        if changed == count and self.layout.photometric == _IRREVERSIBLE:
            # What is encoded without loss is transformed without loss, in all Frames now.
            _, _, offset, length, _ = header.dataset.elements[PHOTOMETRIC_INTERPRETATION]
            target.seek(offset)
            target.write(_REVERSIBLE.ljust(length).encode())
            target.seek(0, 2)
        return changed
