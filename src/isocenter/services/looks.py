"""What a folder holds at one moment: names, sizes and times, to be compared with another moment.

Nothing is opened. Links are left out, hidden files too, except those that tell that a copy is
under way and those that we write ourselves.
"""

import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

from isocenter.errors import IsocenterError, TooLargeError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.files import natural_key
from isocenter.services.outputs import TEMPORARY_PREFIX, TEMPORARY_SUFFIX
from isocenter.system_errors import safe_error

STAGING_SUFFIX = ".staging"
JOURNAL_SUFFIX = ".journal"
MARKER_PREFIX, MARKER_SUFFIX = ".dicompressor_", "_done"

# How programs name files that they have not copied or loaded to the end.
_COPYING_SUFFIXES = (
    *(".part", ".partial", ".filepart", ".tmp", ".temp"),
    *(".crdownload", ".download", ".incomplete"),
)
# rsync writes `.name.XXXXXX` beside the name.
_RSYNC = re.compile(r"\..+\.[A-Za-z0-9]{6}")
# What Windows calls a junction, which is no symbolic link but leads elsewhere too.
_MOUNT_POINT = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0)


class Stamp(NamedTuple):
    """What tells whether a file is still the one that was seen."""

    size_bytes: int
    modified_ns: int


class Entry(NamedTuple):
    """One file of a folder, by its name relative to it."""

    name: str
    size_bytes: int
    modified_ns: int

    @property
    def stamp(self) -> Stamp:
        """Size and time."""
        return Stamp(self.size_bytes, self.modified_ns)


class Look(NamedTuple):
    """What was seen; two looks at an unchanged folder are equal.

    Attributes
    ----------
    modified_ns
        Time of the folder itself, from before its names were read.
    name_count
        How many names it has, hidden ones too.
    entries
        Regular files that are not hidden, by name.
    folders
        Names of its folders, in natural order.
    copying
        Files, hidden or not, whose names say that a copy of them is under way.
    records
        Our markers and journals.
    leftovers
        Temporary files and folders of ours; their owners may be at work or dead.
    """

    modified_ns: int
    name_count: int
    entries: tuple[Entry, ...]
    folders: tuple[str, ...]
    copying: tuple[Entry, ...]
    records: tuple[Entry, ...]
    leftovers: tuple[Entry, ...]

    @property
    def inputs(self) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        """What must not change while the folder is worked on."""
        return self.entries, self.copying

    @property
    def substance(self) -> tuple[tuple[Entry, ...], ...]:
        """What decisions depend on."""
        return self.entries, self.copying, self.records


def take_look(folder: Path | str, limits: Limits = DEFAULT) -> Look:
    """Return what a folder holds now.

    Raises
    ------
    NotFoundError, UnavailableError
        If it cannot be read.
    TooLargeError
        If it holds more than ``limits.folder_files`` names.
    """
    entries: list[Entry] = []
    folders: list[str] = []
    hidden: list[Entry] = []
    count = 0
    try:
        modified_ns = os.stat(folder).st_mtime_ns  # noqa: PTH116 - one system call
        with os.scandir(folder) as listing:
            for found in listing:
                count += 1
                if count > limits.folder_files:
                    raise TooLargeError("folder_files", limits.folder_files, count, "files")
                if found.name.startswith("."):
                    hidden += _entry_of(found) if is_of_interest(found.name) else ()
                elif found.is_dir(follow_symlinks=False):
                    folders += () if _is_junction(found) else (found.name,)
                elif found.is_file(follow_symlinks=False):
                    entries += _entry_of(found)
    except OSError as error:
        raise safe_error(error) from None
    entries.sort()
    hidden.sort()
    return Look(
        modified_ns=modified_ns,
        name_count=count,
        entries=tuple(entries),
        folders=tuple(sorted(folders, key=natural_key)),
        copying=tuple(entry for entry in (*hidden, *entries) if is_copying(entry.name)),
        records=tuple(entry for entry in hidden if is_record(entry.name)),
        leftovers=tuple(entry for entry in hidden if is_leftover(entry.name)),
    )


def list_folder(folder: Path, *, is_recursive: bool, limits: Limits = DEFAULT) -> tuple[Entry, ...]:
    """Return the regular files of a folder that are not hidden; what cannot be read is left out.

    Raises
    ------
    TooLargeError
        If there are more than ``limits.folder_files``.
    """
    entries: list[Entry] = []
    pending = [""]
    while pending:
        inside = pending.pop()
        try:
            look = take_look(folder / inside, limits)
        except TooLargeError:
            raise
        except IsocenterError:
            continue
        entries += [entry._replace(name=inside + entry.name) for entry in look.entries]
        if len(entries) > limits.folder_files:
            raise TooLargeError("folder_files", limits.folder_files, len(entries), "files")
        if is_recursive:
            pending += [f"{inside}{name}/" for name in look.folders]
    return tuple(sorted(entries))


def stamp_of(path: Path | str) -> Stamp | None:
    """Return the stamp of a regular file, None where there is none."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Stamp(status.st_size, status.st_mtime_ns)


def is_copying(name: str) -> bool:
    """Return whether a name says that a copy of the file is under way."""
    if name.startswith(TEMPORARY_PREFIX) or is_record(name):
        return False
    return name.lower().endswith(_COPYING_SUFFIXES) or _RSYNC.fullmatch(name) is not None


def is_record(name: str) -> bool:
    """Return whether a name is that of a marker or a journal."""
    if name.startswith(MARKER_PREFIX):
        return name.endswith(MARKER_SUFFIX)
    # That of merge has one underscore less, as documented.
    return name.startswith(TEMPORARY_PREFIX) and name.endswith(JOURNAL_SUFFIX)


def is_leftover(name: str) -> bool:
    """Return whether a name is that of a temporary file or folder of ours."""
    return name.startswith(TEMPORARY_PREFIX) and name.endswith((TEMPORARY_SUFFIX, STAGING_SUFFIX))


def is_of_interest(name: str) -> bool:
    """Return whether a hidden name means something to us."""
    return is_record(name) or is_leftover(name) or is_copying(name)


def _entry_of(found: "os.DirEntry[str]") -> tuple[Entry, ...]:
    """Return the entry; none if the file went away meanwhile."""
    try:
        status = found.stat(follow_symlinks=False)
    except FileNotFoundError:
        return ()
    return (Entry(found.name, status.st_size, status.st_mtime_ns),)


def _is_junction(found: "os.DirEntry[str]") -> bool:
    if not _MOUNT_POINT:
        return False
    status = found.stat(follow_symlinks=False)
    return getattr(status, "st_reparse_tag", 0) == _MOUNT_POINT
