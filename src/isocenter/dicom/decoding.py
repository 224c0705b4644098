"""Compressed Frames as samples in the colours that come out of the decoder.

References
----------
PS3.5 8.2 (what a Photometric Interpretation means in each Transfer Syntax).
"""

from dataclasses import replace

from isocenter.dicom.codecs import DECODERS, decode_frame, decode_jpeg_as_rgb
from isocenter.dicom.codestreams import parse_jpeg
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.dicom.samples import Array, FloatFormat
from isocenter.dicom.uids import JPEG_DCT
from isocenter.errors import NotSupportedError

_DCT = JPEG_DCT | {"1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55"}
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
    codec = DECODERS.get(transfer_syntax_uid)
    if codec is None or isinstance(layout, FloatFormat):
        raise NotSupportedError("nothing decodes this transfer syntax")
    if layout.samples != 3:
        return decode_frame(codec, data, layout), layout
    said = layout.photometric
    if transfer_syntax_uid in _DCT:
        transform = parse_jpeg(data).has_colour_transform
        if transform is None:
            transform = said.startswith("YBR")
        decode = decode_jpeg_as_rgb if transform else None
        samples = decode(data, layout) if decode else decode_frame(codec, data, layout)
        return samples, replace(layout, photometric="RGB")
    samples = decode_frame(codec, data, layout)
    if said in ("YBR_RCT", "YBR_ICT", "XYB"):
        said = "RGB"
    if transfer_syntax_uid == _RECOMPRESSED_JPEG and said.startswith("YBR"):
        said = "RGB"
    return samples, replace(layout, photometric=said)
