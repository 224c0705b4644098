"""Compressed Frames as samples in the colours that come out of the decoder.

References
----------
PS3.5 8.2 (what a Photometric Interpretation means in each Transfer Syntax).
"""

from dataclasses import replace

from isocenter.dicom.codecs import DECODERS, decode_frame, decode_jpeg_as_rgb
from isocenter.dicom.codestreams import parse_jpeg
from isocenter.dicom.pixel_format import PixelFormat, Samples
from isocenter.dicom.samples import Array, FloatFormat
from isocenter.dicom.uids import JPEG_DCT
from isocenter.errors import NotSupportedError

# All JPEG processes with a cosine transform, also the retired ones.
DCT = JPEG_DCT | {"1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55"}
_RECOMPRESSED_JPEG = "1.2.840.10008.1.2.4.111"


def decode_compressed(
    transfer_syntax_uid: str, data: bytes, layout: PixelFormat
) -> tuple[Array, PixelFormat]:
    """Return the samples of one encoded Frame, and their description.

    Raises
    ------
    NotSupportedError
        If there is no decoder, as for video.
    CorruptPixelDataError
        If the Frame cannot be decoded.
    """
    if isinstance(layout, FloatFormat):
        raise NotSupportedError("floats are not decoded")
    samples = decode_stored(transfer_syntax_uid, data, layout)
    colours = decoded_colours(transfer_syntax_uid, layout)
    return samples, replace(layout, photometric=colours)


def decode_stored(transfer_syntax_uid: str, data: bytes, pixels: PixelFormat) -> Samples:
    """Return the samples of one encoded Frame, in the colours of ``decoded_colours``.

    Raises
    ------
    NotSupportedError, CorruptPixelDataError
        As ``decode_compressed``.
    """
    codec = DECODERS.get(transfer_syntax_uid)
    if codec is None:
        raise NotSupportedError("nothing decodes this transfer syntax")
    if transfer_syntax_uid in DCT and pixels.samples == 3:
        # The stream knows better than the header, where it says something.
        transform = parse_jpeg(data).has_colour_transform
        if transform is None:
            transform = pixels.photometric.startswith("YBR")
        if transform:
            return decode_jpeg_as_rgb(data, pixels)
    return decode_frame(codec, data, pixels)


def decoded_colours(transfer_syntax_uid: str, pixels: PixelFormat) -> str:
    """Return the Photometric Interpretation of the samples that ``decode_stored`` gives."""
    said = pixels.photometric
    if pixels.samples != 3:
        return said
    if said in ("YBR_RCT", "YBR_ICT", "XYB") or transfer_syntax_uid in DCT:
        return "RGB"
    if transfer_syntax_uid == _RECOMPRESSED_JPEG and said.startswith("YBR"):
        return "RGB"
    return said
