"""One Frame of an Instance as an Instance of its own, so that it can be decoded or encoded alone.

It holds what describes the pixels and nothing else; it is made to be read by a codec, not kept.
"""

from struct import pack

from isocenter.dicom.header_index import PIXEL_DATA, HeaderIndex
from isocenter.dicom.part10 import (
    ITEM_START,
    SEQUENCE_END,
    UNDEFINED_LENGTH,
    Elements,
    element_header,
    encode_data_set,
    encode_uid,
    file_meta,
    transfer_syntax_of,
)
from isocenter.dicom.uids import NATIVE, SC, derived_uid
from isocenter.errors import NotSupportedError

_SOP_CLASS_UID, _SOP_INSTANCE_UID = 0x00080016, 0x00080018
# What describes samples and their colours: Image Pixel, palettes, lossy compression.
_DESCRIBING = frozenset(
    {
        *(0x00280002, 0x00280004, 0x00280006, 0x00280010, 0x00280011, 0x00280100, 0x00280101),
        *(0x00280102, 0x00280103, 0x00281101, 0x00281102, 0x00281103, 0x00281201, 0x00281202),
        *(0x00281203, 0x00282110, 0x00282112, 0x00282114),
    }
)


def single_frame(header: HeaderIndex, frame: bytes) -> bytes:
    """Return a Part 10 stream with one Frame, in the Transfer Syntax of its source.

    Parameters
    ----------
    header
        Of the Instance that has the Frame, plain.
    frame
        As it is stored: encoded, or native and beginning with its first bit.

    Raises
    ------
    NotSupportedError
        If its samples are floating point, which no other encoding takes.
    """
    dataset = header.dataset
    if PIXEL_DATA not in dataset.elements:
        raise NotSupportedError("floating point pixels have no other encoding")
    is_implicit = dataset.is_implicit
    syntax = transfer_syntax_of(header)
    uid = derived_uid(b"single frame", frame)
    elements: Elements = {tag: dataset.raw(tag) for tag in _DESCRIBING if tag in dataset.elements}
    elements[_SOP_CLASS_UID] = encode_uid(_SOP_CLASS_UID, SC, is_implicit=is_implicit)
    elements[_SOP_INSTANCE_UID] = encode_uid(_SOP_INSTANCE_UID, uid, is_implicit=is_implicit)
    padded = frame + b"\0" * (len(frame) % 2)
    if syntax in NATIVE:
        vr = dataset.vr(PIXEL_DATA)
        vr = vr if vr in {"OB", "OW"} else "OW"
        pixels = element_header(PIXEL_DATA, len(padded), is_implicit=is_implicit, vr=vr) + padded
    else:
        start = element_header(PIXEL_DATA, 0, is_implicit=False, vr="OB")[:-4] + UNDEFINED_LENGTH
        table = ITEM_START + bytes(4)
        pixels = start + table + ITEM_START + pack("<I", len(padded)) + padded + SEQUENCE_END
    elements[PIXEL_DATA] = pixels
    return file_meta(SC, uid, syntax) + encode_data_set(elements)
