"""Icons that are compressed like the image that they stand for, made native.

Pixel Data inside an Item is encoded in the Transfer Syntax of the whole, or native (PS3.5 A.4),
so that an icon cannot stay as it is when that changes; native it fits everywhere, and it is small.

References
----------
PS3.3 F.7 (Icon Image Key), C.7.6.1.1.6; PS3.5 A.4.
"""

from collections.abc import Callable

from isocenter.dicom.explicit import explicit_items
from isocenter.dicom.header_index import ITEM, PIXEL_DATA, UNDEFINED, DataSetIndex
from isocenter.dicom.json_model import Scope
from isocenter.dicom.part10 import Elements, element_header, encode_sequence, encode_text
from isocenter.dicom.pixel_format import (
    PHOTOMETRIC_INTERPRETATION,
    PixelFormat,
    Samples,
    read_pixel_format,
    to_native,
)
from isocenter.errors import CorruptPixelDataError
from isocenter.limits import DEFAULT, Limits

ICON_IMAGES = 0x00880200

# A Frame and its description -> samples, and the Photometric Interpretation that they have.
Decode = Callable[[bytes, PixelFormat], tuple[Samples, str]]

_FRAGMENTS_MAX = 1000


def native_icons(dataset: DataSetIndex, decode: Decode, limits: Limits = DEFAULT) -> Elements:
    """Return the Icon Image Sequence with native Pixel Data, nothing where no icon is compressed.

    Raises
    ------
    CorruptPixelDataError, NotSupportedError, TooLargeError
        If an icon cannot be decoded.
    """
    found = dataset.items(ICON_IMAGES)
    if not any(_is_compressed(item) for item in found):
        return {}
    icons = explicit_items(dataset, ICON_IMAGES, Scope().inside(dataset))
    for item, icon in zip(found, icons, strict=True):
        if _is_compressed(item):
            stored = read_pixel_format(item, limits)
            samples, colours = decode(_joined_fragments(item.value(PIXEL_DATA)), stored)
            native = to_native(samples, stored)
            native += b"\0" * (len(native) % 2)
            vr = "OW" if stored.bits_allocated > 8 else "OB"
            icon[PIXEL_DATA] = (
                element_header(PIXEL_DATA, len(native), is_implicit=False, vr=vr) + native
            )
            icon[PHOTOMETRIC_INTERPRETATION] = encode_text(
                PHOTOMETRIC_INTERPRETATION, colours, is_implicit=False
            )
    return {ICON_IMAGES: encode_sequence(ICON_IMAGES, icons, is_implicit=False)}


def _is_compressed(item: DataSetIndex) -> bool:
    return PIXEL_DATA in item.elements and item.elements[PIXEL_DATA][3] == UNDEFINED


def _joined_fragments(value: bytes) -> bytes:
    """Return the one Frame that the fragments after the offset table hold."""
    fragments = []
    position = 0
    for _ in range(_FRAGMENTS_MAX):
        tag = int.from_bytes(value[position : position + 2], "little") << 16
        tag |= int.from_bytes(value[position + 2 : position + 4], "little")
        if tag != ITEM:
            break
        length = int.from_bytes(value[position + 4 : position + 8], "little")
        fragments.append(value[position + 8 : position + 8 + length])
        position += 8 + length
    if len(fragments) < 2:
        raise CorruptPixelDataError("an icon has no fragment")
    return b"".join(fragments[1:])
