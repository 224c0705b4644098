"""Names under which files are shown on a server, and what kind of file they are."""

import mimetypes
import os.path
from collections.abc import Sequence
from pathlib import PurePath

from isocenter.errors import InvalidInputError

DICOM = "application/dicom"
NIFTI = "application/nifti"
OCTETS = "application/octet-stream"

Mung = int | str | Sequence[int] | None

# Of the library alone: what a machine has installed must not decide.
_KNOWN = mimetypes.MimeTypes()
_ENDINGS = {
    ".dcm": DICOM,
    ".dicom": DICOM,
    ".nii": NIFTI,
    ".nii.gz": NIFTI,
    ".nifti": NIFTI,
    ".nifti.gz": NIFTI,
    ".npy": "application/x-npy",
    ".npz": "application/x-npz",
}
_PREFIX_OFFSET = 128
# The first bytes of what is no DICOM, whatever it is called.
_STARTS = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
    b"%PDF": "application/pdf",
    b"\x93NUMPY": "application/x-npy",
}
# As many of its first bytes tell what kind of file it is.
START_BYTES = 132


def display_name(path: str, mung: Mung = None) -> str:
    """Return the name of a file, with as many of its folders as asked for.

    Parameters
    ----------
    mung
        ``None``: the name alone; ``"all"``: all folders before it; a number: that many of the last
        folders; several numbers: these folders, the first being 1. All are joined by ``_``.

    Raises
    ------
    InvalidInputError
        If ``mung`` is none of these.
    """
    whole = PurePath(os.path.normpath(path))
    parts = ["_" if part == ".." else part for part in whole.parts if part != whole.anchor]
    folders, name = parts[:-1], parts[-1] if parts else "file"
    return "_".join([*_chosen(folders, mung), name])


def _chosen(folders: list[str], mung: Mung) -> list[str]:
    if mung is None:
        return []
    if isinstance(mung, str):
        if mung != "all":
            raise InvalidInputError("mung_filename is None, 'all', a number or numbers of folders")
        return folders
    if isinstance(mung, int):
        if mung < 0:
            raise InvalidInputError("mung_filename cannot be negative")
        return folders[len(folders) - min(mung, len(folders)) :]
    if any(number < 1 for number in mung):
        raise InvalidInputError("mung_filename counts folders from 1")
    return [folders[number - 1] for number in mung if number <= len(folders)]


def is_other_kind(start: bytes) -> bool:
    """Return whether the first bytes are those of a kind of file that is no DICOM."""
    if start[_PREFIX_OFFSET:START_BYTES] == b"DICM":
        return False
    return start.startswith(tuple(_STARTS)) or start[4:8] == b"ftyp"


def guess_mimetype(name: str, start: bytes) -> str:
    """Return what kind of file it is, by its first bytes and by its name.

    Parameters
    ----------
    start
        The first 132 bytes or more.
    """
    if start[_PREFIX_OFFSET:START_BYTES] == b"DICM":
        return DICOM
    for magic, mimetype in _STARTS.items():
        if start.startswith(magic):
            return mimetype
    if start[4:8] == b"ftyp":
        return "video/mp4"
    lower = name.lower()
    for ending, mimetype in _ENDINGS.items():
        if lower.endswith(ending):
            return mimetype
    return _KNOWN.guess_type(lower)[0] or OCTETS
