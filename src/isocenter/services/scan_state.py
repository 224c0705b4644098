"""What a watch remembers from one start to the next: a cache, never the truth.

The truth lies in the folders: a marker says what was done. This file only saves opening files
again in folders where there was nothing to do. Such a folder is remembered by a digest of what it
held, not by its time alone: the time of a folder does not change when a file in it grows.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from isocenter import __version__
from isocenter.limits import DEFAULT, Limits
from isocenter.services.markers import read_object
from isocenter.services.outputs import make_folder, write_bytes

_VERSION = 1


class Remembered(NamedTuple):
    """One folder.

    Attributes
    ----------
    modified_ns
        Time of the folder itself.
    is_empty, is_done
        Whether there was nothing to do, or all was done.
    digest
        Of the files in it, where it is empty.
    """

    modified_ns: int
    is_empty: bool
    is_done: bool
    digest: str = ""


class ScanState:
    """The file, read once and written as a whole whenever something changed.

    Parameters
    ----------
    path
        None for remembering nothing.
    roots, action
        What is watched; a file about something else is ignored.
    """

    def __init__(
        self, path: Path | None, roots: Sequence[Path], action: str, limits: Limits = DEFAULT
    ) -> None:
        self.path = path
        self._limits = limits
        self._head = {
            "version": _VERSION,
            "root": str(roots[0]),
            "roots": [str(root) for root in roots],
            "action": action,
            "program": f"isocenter {__version__}",
        }
        self._written = b""

    def read(self) -> tuple[dict[str, Remembered], str]:
        """Return the folders by path, and a sentence on why there are none in spite of a file."""
        if self.path is None or not self.path.exists():
            return {}, ""
        content = read_object(self.path, self._limits)
        folders = content.get("folders")
        if content.get("version") != _VERSION or not isinstance(folders, dict):
            return {}, "the scan state file is damaged or of another version; it is ignored"
        if any(content.get(name) != value for name, value in self._head.items()):
            return {}, "the scan state file is about another watch; it is ignored"
        found = {path: _remembered(entry) for path, entry in folders.items()}
        return {path: entry for path, entry in found.items() if entry is not None}, ""

    def write(self, folders: Mapping[str, Remembered]) -> None:
        """Write the file anew, unless it would be the same.

        Raises
        ------
        UnavailableError, NotFoundError
            If it cannot be written.
        """
        if self.path is None:
            return
        entries = {
            path: {
                "mtime_ns": entry.modified_ns,
                "empty": entry.is_empty,
                "done": entry.is_done,
                "digest": entry.digest,
            }
            for path, entry in folders.items()
        }
        data = json.dumps({**self._head, "folders": entries}, indent=1).encode("ascii") + b"\n"
        if data == self._written and self.path.exists():
            return
        make_folder(self.path.parent)
        write_bytes(self.path, data)
        self._written = data


def _remembered(entry: object) -> Remembered | None:
    """Return an entry that says everything that is needed, None for others."""
    if not isinstance(entry, dict):
        return None
    modified_ns, is_empty, is_done, digest = map(entry.get, ("mtime_ns", "empty", "done", "digest"))
    if not (isinstance(modified_ns, int) and isinstance(digest, str)):
        return None
    if not (isinstance(is_empty, bool) and isinstance(is_done, bool)):
        return None
    return Remembered(modified_ns, is_empty, is_done, digest)
