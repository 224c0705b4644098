"""Compressed Frames with blanked regions, encoded again in the encoding that they have.

What a Frame says of itself decides: it is decoded and encoded with its own depth, sign and colour
transform, so that the samples outside of the regions come out as before.

References
----------
PS3.5 8.2 and A.4: which Transfer Syntaxes also take Frames that lose nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from isocenter.dicom.codecs import DECODERS, Codec, decode_frame, encode_frame
from isocenter.dicom.deidentify.blanking import Colour, black_of, blank_samples
from isocenter.dicom.deidentify.codestream_comments import without_comments
from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.pixel_format import PixelFormat, Samples
from isocenter.errors import NotSupportedError

_FAMILY = "1.2.840.10008.1.2.4."
_COSINE = frozenset(f"{_FAMILY}{end}" for end in (50, 51, 53, 55))
_ORDERED_HTJ2K = f"{_FAMILY}202"
_RECOMPRESSED_JPEG = f"{_FAMILY}111"
_JPEG_2000_NAMES = frozenset({"j2k", "htj2k"})


def codec_to_change_to(transfer_syntax_uid: str, layout: PixelFormat) -> str:
    """Return the codec for all Frames where theirs cannot encode without loss, else ``""``.

    JPEG with a cosine transform always loses; HTJ2K in RPCL order asks for more structure than
    our encoder gives; recompressed JPEG can hold nothing else; the colours XYB lose as well; and
    bits are encoded by few.
    """
    if transfer_syntax_uid in _COSINE:
        return "j2k"
    if transfer_syntax_uid == _ORDERED_HTJ2K:
        return "htj2k"
    if transfer_syntax_uid == _RECOMPRESSED_JPEG or layout.photometric == "XYB":
        return "jpegxl"
    codec = DECODERS.get(transfer_syntax_uid)
    if codec is not None and layout.is_packed and not codec.keeps_all_bits:
        return "rle"
    return ""


@dataclass(frozen=True, slots=True)
class Blanker:
    """Blanks regions of the Frames of one Instance.

    Attributes
    ----------
    layout
        As the header describes the Frames.
    dataset
        Holds the palette.
    regions
        Inside the image.
    """

    transfer_syntax_uid: str
    layout: PixelFormat
    dataset: DataSetIndex
    regions: Sequence[Region]

    def samples(self, samples: Samples, layout: PixelFormat) -> Samples:
        """Return decoded samples of that description with the regions black."""
        return blank_samples(samples, self.regions, black_of(layout, self.dataset))

    def encoded(self, data: bytes) -> bytes:
        """Return an encoded Frame with the regions black; the same object if they are so.

        Raises
        ------
        CorruptPixelDataError
            If it cannot be decoded, or contradicts the header.
        NotSupportedError
            If it cannot be encoded again without loss.
        """
        codec = DECODERS.get(self.transfer_syntax_uid)
        if codec is None or codec.encode is None:
            raise NotSupportedError("frames of this transfer syntax cannot be blanked")
        own = self._own_layout(codec, data)
        samples = decode_frame(codec, data, own)
        changed = blank_samples(samples, self.regions, self._own_black(codec, own))
        if changed is samples:
            return data
        reason = codec.reason_to_refuse(own)
        if reason:
            raise NotSupportedError(reason)
        encoded = encode_frame(codec, changed, own)
        if not np.array_equal(decode_frame(codec, encoded, own), changed):
            raise NotSupportedError(f"{codec.name} does not encode these pixels exactly")
        return without_comments(encoded, self.transfer_syntax_uid, own)

    def _own_layout(self, codec: Codec, data: bytes) -> PixelFormat:
        """Return the description that the Frame gives of itself."""
        if codec.parse is None:
            return self.layout
        stream = codec.parse(data)
        own = replace(
            self.layout,
            bits_stored=min(stream.bits, self.layout.bits_allocated),
            high_bit=min(stream.bits, self.layout.bits_allocated) - 1,
            is_signed=stream.is_signed,
        )
        if codec.name in _JPEG_2000_NAMES and own.samples == 3:
            return own.with_colours("RGB" if stream.has_colour_transform else "YBR_FULL")
        return own

    def _own_black(self, codec: Codec, own: PixelFormat) -> Colour:
        """Return black as the Frame stores it: with its own depth and sign."""
        layout = self.layout
        if layout.photometric in ("YBR_RCT", "YBR_ICT"):
            layout = layout.with_colours("RGB")
        black = black_of(layout, self.dataset)
        if codec.parse is None:
            # All bits of a cell are encoded, also those that are no part of a sample.
            return tuple(value << layout.high_bit + 1 - layout.bits_stored for value in black)
        mask = (1 << own.bits_stored) - 1
        half = 1 << (own.bits_stored - 1)
        return tuple(
            (value + half & mask) - half if own.is_signed else value & mask for value in black
        )
