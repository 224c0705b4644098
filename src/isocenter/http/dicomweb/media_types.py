"""Which media type stands for which transfer syntaxes, where Frames are sent by themselves.

References
----------
PS3.18 8.7.3.3 (bulk data media types), tables 8.7.3-4 and 8.7.3-5.
"""

import functools
from collections.abc import Mapping

from isocenter.dicom.codecs import LOSSY
from isocenter.dicom.uids import EXPLICIT, NATIVE, VIDEO
from isocenter.http.dicomweb.negotiation import RELATED, STORED, Form, Wish

OCTETS = "application/octet-stream"
_JPEG = "1.2.840.10008.1.2.4"
_RLE = "1.2.840.10008.1.2.5"
_KEPT = 64  # transfer syntaxes whose forms are remembered

# The first one is what is sent where no transfer syntax is asked for.
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": tuple(f"{_JPEG}.{end}" for end in (70, 57, 50, 51)),
    "image/jls": tuple(f"{_JPEG}.{end}" for end in (80, 81)),
    "image/jp2": tuple(f"{_JPEG}.{end}" for end in (90, 91)),
    "image/jpx": tuple(f"{_JPEG}.{end}" for end in (92, 93)),
    "image/jphc": tuple(f"{_JPEG}.{end}" for end in (201, 202, 203)),
    "image/jxl": tuple(f"{_JPEG}.{end}" for end in (110, 111, 112)),
    "image/dicom-rle": (_RLE,),
    "image/x-dicom-rle": (_RLE,),
    "video/mpeg2": tuple(f"{_JPEG}.{end}" for end in (100, 101)),
    "video/mp4": tuple(f"{_JPEG}.{end}" for end in (102, 103, 104, 105, 106)),
    "video/h265": tuple(f"{_JPEG}.{end}" for end in (107, 108)),
}
_MEDIA_TYPES: Mapping[str, str] = {
    uid: kind for kind, uids in reversed(list(_FAMILIES.items())) for uid in uids
}


def media_type_of(transfer_syntax_uid: str) -> str:
    """Return the media type of a Frame in a transfer syntax."""
    return _MEDIA_TYPES.get(transfer_syntax_uid, OCTETS)


def usual_syntax(stored_uid: str) -> str:
    """Return what is sent where no transfer syntax is asked for.

    Explicit VR Little Endian; what has lost something already would only become larger.
    """
    return STORED if stored_uid in LOSSY or stored_uid.startswith(VIDEO) else EXPLICIT


@functools.lru_cache(_KEPT)
def frame_forms(stored_uid: str, *, is_single: bool) -> tuple[Form, ...]:
    """Return the forms in which Frames are sent, the usual one and the stored one first."""
    stored_type = media_type_of(stored_uid)
    types = list(dict.fromkeys((OCTETS, stored_type, *_FAMILIES)))
    if usual_syntax(stored_uid) == STORED:
        types = list(dict.fromkeys((stored_type, *types)))
    related = tuple(Form(RELATED, kind) for kind in types)
    return (*related, *(Form(kind) for kind in types)) if is_single else related


def frame_syntax(wish: Wish, stored_uid: str) -> str | None:
    """Return the transfer syntax that a wish for Frames means; ``None``: it means none.

    ``*`` stands for the stored one.
    """
    kind = wish.form.related_type or wish.form.media_type
    wanted = wish.transfer_syntax_uid
    if kind == OCTETS:
        if wanted in NATIVE or not wanted:
            return EXPLICIT
        return wanted
    family = _FAMILIES[kind]
    if wanted in {"", STORED} and stored_uid in family:
        return STORED
    if not wanted:
        return family[0]
    return wanted if wanted in family else None
