"""What a file that somebody uploads is called, and what kind of file it is.

What clients say is data: a name is shown and never becomes a path, a type is kept if it is formed
as one. Whether a file is DICOM is decided by its bytes.
"""

import mimetypes
import re
import urllib.parse
from collections.abc import Sequence

from isocenter.errors import InvalidInputError

DICOM = "application/dicom"
NIFTI = "application/nifti"
UNKNOWN = "application/octet-stream"
HEAD_BYTES = 132
NAME_CHARACTERS_MAX = 1024
TEXT_CHARACTERS_MAX = 256
LABELS_MAX = 1000

_NAMELESS = "file"
_PREFIX_AT, _PREFIX = 128, b"DICM"
_DICOM_SUFFIXES = (".dcm", ".dicom", ".dic", ".ima")
_NIFTI_SUFFIXES = (".nii", ".nii.gz", ".nifti", ".nifti.gz")
_MIMETYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BOX_AT, _BOX = 4, b"ftyp"
# Files that are known by how they begin.
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
)


def display_name(name: str) -> str:
    r"""Return the name that a file is shown by: decoded, without control characters, not empty.

    Clients percent-encode names, also with folders in them, which stay.

    >>> display_name("path%2Fto%2Fdicom.dcm")
    'path/to/dicom.dcm'
    """
    decoded = urllib.parse.unquote(name[-4 * NAME_CHARACTERS_MAX :], errors="replace")
    plain = _CONTROLS.sub("", decoded).strip()
    return plain[-NAME_CHARACTERS_MAX:] or _NAMELESS


def plain_text(text: str) -> str | None:
    """Return a value of a header as a database takes it; ``None`` where nothing is left."""
    return _CONTROLS.sub("", text).strip()[:TEXT_CHARACTERS_MAX] or None


def checked_text(text: str, what: str) -> str:
    """Return a channel, label or modality without spaces around it.

    Raises
    ------
    InvalidInputError
        If it is empty, too long or has control characters.
    """
    plain = text.strip()
    if not 0 < len(plain) <= TEXT_CHARACTERS_MAX or _CONTROLS.search(plain):
        raise InvalidInputError(f"a {what} has 1 to {TEXT_CHARACTERS_MAX} printable characters")
    return plain


def checked_labels(labels: Sequence[str]) -> list[str]:
    """Return labels as they are kept, each once, in their order.

    Raises
    ------
    InvalidInputError
        If one of them cannot be a label, or there are too many.
    """
    kept = list(dict.fromkeys(checked_text(label, "label") for label in labels))
    if len(kept) > LABELS_MAX:
        raise InvalidInputError(f"a resource has at most {LABELS_MAX} labels")
    return kept


def is_dicom_by_prefix(head: bytes) -> bool:
    """Whether the first bytes of a file are those of DICOM (PS3.10 7.1)."""
    return head[_PREFIX_AT:HEAD_BYTES] == _PREFIX


def claims_dicom(name: str, *types: str) -> bool:
    """Whether the name of a file or what is said of its type make it DICOM."""
    return DICOM in types or name.lower().endswith(_DICOM_SUFFIXES)


def mimetype_of(head: bytes, name: str, *types: str) -> str:
    """Return the type of a file that is not DICOM.

    Parameters
    ----------
    head
        Its first bytes.
    types
        What is said of it; the first that is a type and says something wins.
    """
    for told in types:
        plain = told.strip().lower()
        if _MIMETYPE.fullmatch(plain) and plain not in {UNKNOWN, DICOM}:
            return plain
    if name.lower().endswith(_NIFTI_SUFFIXES):
        return NIFTI
    if head[_BOX_AT : _BOX_AT + len(_BOX)] == _BOX:
        return "video/mp4"
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    guessed, encoding = mimetypes.guess_type(name.rpartition("/")[2])
    return UNKNOWN if guessed in {None, DICOM} or encoding else str(guessed)
