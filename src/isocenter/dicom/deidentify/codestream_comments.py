"""Compressed Frames without comments, encoding by encoding; no sample is decoded.

A Frame that has none comes back as the same object, so that nothing is written anew for it.

References
----------
PS3.15 E.3.1 (what is hidden in Pixel Data), PS3.5 A.4.
"""

from isocenter.dicom.deidentify.boxes import bare_jpeg_2000, bare_jpeg_xl
from isocenter.dicom.deidentify.jpeg_2000_comments import without_jpeg_2000_comments
from isocenter.dicom.deidentify.jpeg_comments import without_jpeg_comments
from isocenter.dicom.deidentify.rle_padding import without_deflate_padding, without_rle_padding
from isocenter.dicom.pixel_format import PixelFormat
from isocenter.dicom.uids import DEFLATED_FRAMES, RLE
from isocenter.errors import NotSupportedError

_FAMILY = "1.2.840.10008.1.2.4."
_JPEG = frozenset(f"{_FAMILY}{end}" for end in range(50, 82))
_JPEG_2000 = frozenset(f"{_FAMILY}{end}" for end in (90, 91, 92, 93, 201, 202, 203))
_JPEG_XL = frozenset(f"{_FAMILY}{end}" for end in (110, 111, 112))


def without_comments(data: bytes, transfer_syntax_uid: str, pixels: PixelFormat) -> bytes:
    """Return one encoded Frame without anything that is not needed to decode it.

    Raises
    ------
    CorruptPixelDataError
        If it breaks the rules of its encoding, so that nobody knows what is a comment.
    NotSupportedError
        If the encoding is not known, as that of video.
    """
    if transfer_syntax_uid in _JPEG:
        return without_jpeg_comments(data)
    if transfer_syntax_uid in _JPEG_2000:
        return without_jpeg_2000_comments(bare_jpeg_2000(data))
    if transfer_syntax_uid in _JPEG_XL:
        return bare_jpeg_xl(data)
    if transfer_syntax_uid == RLE:
        return without_rle_padding(data, pixels)
    if transfer_syntax_uid == DEFLATED_FRAMES:
        return without_deflate_padding(data, pixels)
    raise NotSupportedError("comments in frames of this transfer syntax cannot be found")
