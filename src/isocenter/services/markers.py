"""Markers of folders that were done, and what has changed since.

A marker is written only after everything in the folder succeeded. It names the results and holds
a digest of the inputs' names, sizes and times, so that slices that came later are noticed. Our
own outputs never count as inputs.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from isocenter import __version__
from isocenter.errors import IsocenterError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.files import FileSource, find_files, safe_error
from isocenter.services.outputs import write_bytes

_PREFIX, _SUFFIX = ".dicompressor_", "_done"
_MERGE_MARKER = ".dicompressor_done"


class Inputs(NamedTuple):
    """How many files an action found, and a digest of their names, sizes and times."""

    file_count: int
    digest: str
    is_recursive: bool


class Marker(NamedTuple):
    """What a marker says; ``inputs`` is None where another program wrote it or it is damaged."""

    path: Path
    outputs: frozenset[str]
    inputs: Inputs | None


class Change(NamedTuple):
    """The inputs of a folder that was done are not what they were."""

    files_then: int
    files_now: int


class Entry(NamedTuple):
    """One file of a folder, by its name relative to it."""

    name: str
    size_bytes: int
    modified_ns: int


def marker_path(folder: Path, action: str) -> Path:
    """Return where the marker of an action lies; that of merge has the documented name."""
    return folder / (_MERGE_MARKER if action == "merge" else f"{_PREFIX}{action}{_SUFFIX}")


def find_marker(folder: Path, action: str, limits: Limits = DEFAULT) -> Marker | None:
    """Return the marker of an action, None where the folder was not done.

    Whatever it holds, its presence is what counts: that is how users and scripts know it.
    """
    path = marker_path(folder, action)
    return _read_marker(path, limits) if os.path.lexists(path) else None


def list_folder(folder: Path, *, is_recursive: bool, limits: Limits = DEFAULT) -> tuple[Entry, ...]:
    """Return the files of a folder as ``find_files`` finds them, to be compared later.

    Raises
    ------
    TooLargeError
        If there are more than ``limits.folder_files``.
    """
    entries = []
    for path in find_files([folder], recursive=is_recursive, limits=limits):
        try:
            status = path.stat()
        except OSError:
            continue  # it went away since it was found; the digest will say so
        name = path.relative_to(folder).as_posix()
        entries.append(Entry(name, status.st_size, status.st_mtime_ns))
    return tuple(entries)


def find_change(folder: Path, marker: Marker, limits: Limits = DEFAULT) -> Change | None:
    """Return how the inputs changed since the marker was written, None if they did not.

    None also where the marker does not say what the inputs were.
    """
    if marker.inputs is None:
        return None
    entries = list_folder(folder, is_recursive=marker.inputs.is_recursive, limits=limits)
    now = _inputs_of(entries, _own_outputs(folder, limits), marker.inputs)
    if now == marker.inputs:
        return None
    return Change(marker.inputs.file_count, now.file_count)


def write_marker(
    folder: Path,
    action: str,
    results: Sequence[Path],
    entries: Iterable[Entry],
    *,
    is_recursive: bool,
    copies: Sequence[Path] = (),
    limits: Limits = DEFAULT,
) -> Path:
    """Write the marker of an action that succeeded; return its path.

    Parameters
    ----------
    results
        What was written; the marker names them.
    entries
        The folder before the action began, so that what came during it counts as late.
    copies
        Copies of the results, which are no inputs either if they lie in the folder.

    Raises
    ------
    UnavailableError
        If the folder cannot be written.
    """
    inside = (_name_in(folder, path) for path in (*results, *copies))
    outputs = sorted({name for name in inside if name})
    own = _own_outputs(folder, limits) | frozenset(outputs)
    inputs = _inputs_of(entries, own, Inputs(0, "", is_recursive))
    content = {
        "processed_at": datetime.now(tz=UTC).astimezone().replace(tzinfo=None).isoformat(),
        "action": action,
        "results": [path.name for path in results],
        "dicompressor_version": __version__,
        "outputs": outputs,
        "inputs": {
            "count": inputs.file_count,
            "digest": inputs.digest,
            "recursive": inputs.is_recursive,
        },
    }
    path = marker_path(folder, action)
    write_bytes(path, json.dumps(content, indent=2).encode("ascii") + b"\n")
    return path


def _inputs_of(entries: Iterable[Entry], own: frozenset[str], like: Inputs) -> Inputs:
    """Return count and digest of the entries that are not our own outputs."""
    digest = hashlib.sha256()
    count = 0
    for entry in sorted(entries):
        if entry.name in own:
            continue
        count += 1
        numbers = f"\0{entry.size_bytes}\0{entry.modified_ns}\n"
        digest.update(os.fsencode(entry.name) + numbers.encode("ascii"))
    return Inputs(count, digest.hexdigest(), like.is_recursive)


def _own_outputs(folder: Path, limits: Limits) -> frozenset[str]:
    """Return the names, relative to the folder, of what all its markers call outputs."""
    names: set[str] = set()
    try:
        with os.scandir(folder) as listing:
            markers = [entry.name for entry in listing if _is_marker(entry.name)]
    except OSError as error:
        raise safe_error(error) from None
    for name in markers:
        names |= _read_marker(folder / name, limits).outputs
    return frozenset(names)


def _is_marker(name: str) -> bool:
    return name == _MERGE_MARKER or (name.startswith(_PREFIX) and name.endswith(_SUFFIX))


def _name_in(folder: Path, path: Path) -> str:
    """Return the name of a file relative to a folder, ``""`` where it lies elsewhere."""
    absolute, root = Path(os.path.abspath(path)), Path(os.path.abspath(folder))  # noqa: PTH100
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else ""


def _read_marker(path: Path, limits: Limits) -> Marker:
    try:
        with FileSource(path) as source:
            content = json.loads(source.read_at(0, limits.header_value_bytes))
    except (IsocenterError, ValueError, RecursionError):
        content = {}
    if not isinstance(content, dict):
        content = {}
    # Markers of other programs know base names only, of files in the folder itself.
    outputs = frozenset(_strings(content.get("outputs")) or _strings(content.get("results")))
    return Marker(path, outputs, _read_inputs(content.get("inputs")))


def _strings(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _read_inputs(value: object) -> Inputs | None:
    if not isinstance(value, dict):
        return None
    count, digest, is_recursive = map(value.get, ("count", "digest", "recursive"))
    if not (isinstance(count, int) and isinstance(digest, str) and isinstance(is_recursive, bool)):
        return None
    return Inputs(count, digest, is_recursive)
