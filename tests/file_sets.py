"""What a DICOMDIR refers to, as pydicom finds it."""

from pathlib import Path

from pydicom import dcmread
from pydicom.fileset import FileSet


def referenced(directory: Path) -> list[str]:
    """Return the files of a File-set by their names under its folder; each must be the right one.

    Its File Meta Information must name the Instance that the DICOMDIR names.
    """
    files = FileSet(directory)
    found = []
    for one in files:
        path = Path(one.path)
        meta = dcmread(path, stop_before_pixels=True, force=True).file_meta
        assert meta.MediaStorageSOPInstanceUID == one.SOPInstanceUID
        assert meta.MediaStorageSOPClassUID == one.SOPClassUID
        found.append(path.relative_to(directory.parent).as_posix())
    files._stage["t"].cleanup()  # which would warn of the folder when it is collected
    return sorted(found)
