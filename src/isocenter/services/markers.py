"""Markers of folders that were done, journals of runs that were not, and what has changed since.

A marker is written only after everything in the folder succeeded. It names the results and holds
a digest of the inputs' names, sizes and times, so that slices that came later are noticed. A
journal names results that no marker names: those of a run that is under way, was killed or failed
in part. Our own outputs never count as inputs.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from isocenter import __version__
from isocenter.errors import IsocenterError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.files import FileSource
from isocenter.services.looks import (
    JOURNAL_SUFFIX,
    MARKER_PREFIX,
    MARKER_SUFFIX,
    Entry,
    Stamp,
    is_copying,
    is_record,
    list_folder,
    stamp_of,
)
from isocenter.services.outputs import TEMPORARY_PREFIX, write_bytes
from isocenter.system_errors import safe_error

_MERGE_MARKER = ".dicompressor_done"

Stamps = Mapping[str, Stamp]


class Inputs(NamedTuple):
    """How many files an action found, and a digest of their names, sizes and times."""

    file_count: int
    digest: str
    is_recursive: bool


@dataclass(frozen=True, slots=True)
class Marker:
    """What a marker says; ``inputs`` is None where another program wrote it or it is damaged.

    Attributes
    ----------
    outputs
        Names of our outputs in the folder, relative to it.
    inputs
        What was there.
    files
        The same, file by file; empty where the marker does not say.
    skipped
        Names of those that were none of the action's business.
    stamps
        Outputs as they were written, by name; a newer result may take their place.
    copies
        Copies of the outputs elsewhere, by absolute path.
    """

    path: Path
    outputs: frozenset[str] = frozenset()
    inputs: Inputs | None = None
    files: Stamps = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    stamps: Stamps = field(default_factory=dict)
    copies: Stamps = field(default_factory=dict)

    @property
    def processed(self) -> frozenset[str]:
        """Names of the inputs that are in the results."""
        return frozenset(self.files) - self.skipped


@dataclass(frozen=True, slots=True)
class Journal:
    """What a run gave or was about to give when it wrote this.

    Attributes
    ----------
    digest
        Of its inputs.
    outputs, copies
        New files, by name relative to the folder and by absolute path.
    replaced, replaced_copies
        Old files that go once the marker names the new ones.
    """

    digest: str
    outputs: Stamps = field(default_factory=dict)
    copies: Stamps = field(default_factory=dict)
    replaced: Stamps = field(default_factory=dict)
    replaced_copies: Stamps = field(default_factory=dict)


class Records(NamedTuple):
    """The markers and journals of a folder, by their names."""

    markers: dict[str, Marker]
    journals: dict[str, Journal]

    def outputs(self, folder: Path) -> frozenset[str]:
        """Return the names, relative to the folder, of what they call outputs."""
        names: set[str] = set()
        for journal in self.journals.values():
            names.update(journal.outputs, journal.replaced)
            names.update(_inside(folder, (*journal.copies, *journal.replaced_copies)))
        for marker in self.markers.values():
            names.update(marker.outputs, _inside(folder, marker.copies))
        return frozenset(names)


class Done(NamedTuple):
    """A success, as a marker tells it.

    Attributes
    ----------
    results
        What was written.
    entries
        The folder before the action began, so that what came during it counts as late.
    is_recursive
        Whether they include files of folders inside.
    processed
        Names of the entries that are in the results.
    copies
        Copies of the results, which are no inputs either if they lie in the folder.
    kept
        Names of older outputs, which are no inputs but not this run's to replace.
    in_place
        Whether the results took the place of the inputs, and stay inputs.
    """

    results: Sequence[Path]
    entries: Sequence[Entry]
    is_recursive: bool
    processed: Collection[str] = ()
    copies: Sequence[Path] = ()
    kept: Sequence[str] = ()
    in_place: bool = False


class Change(NamedTuple):
    """The inputs of a folder that was done are not what they were."""

    files_then: int
    files_now: int


def marker_path(folder: Path, action: str) -> Path:
    """Return where the marker of an action lies; that of merge has the documented name."""
    if action == "merge":
        return folder / _MERGE_MARKER
    return folder / f"{MARKER_PREFIX}{action}{MARKER_SUFFIX}"


def journal_path(folder: Path, action: str) -> Path:
    """Return where the journal of an action lies."""
    return folder / f"{TEMPORARY_PREFIX}{action}{JOURNAL_SUFFIX}"


def find_marker(folder: Path, action: str, limits: Limits = DEFAULT) -> Marker | None:
    """Return the marker of an action, None where the folder was not done.

    Whatever it holds, its presence is what counts: that is how users and scripts know it.
    """
    path = marker_path(folder, action)
    return _read_marker(path, limits) if os.path.lexists(path) else None


def find_journal(folder: Path, action: str, limits: Limits = DEFAULT) -> Journal | None:
    """Return the journal of an action, None where there is none; a damaged one says nothing."""
    path = journal_path(folder, action)
    return _read_journal(path, limits) if os.path.lexists(path) else None


def find_change(folder: Path, marker: Marker, limits: Limits = DEFAULT) -> Change | None:
    """Return how the inputs changed since the marker was written, None if they did not.

    None also where the marker does not say what the inputs were.
    """
    if marker.inputs is None:
        return None
    entries = list_folder(folder, is_recursive=marker.inputs.is_recursive, limits=limits)
    own = own_outputs(folder, limits)
    now = summarise(entries, own, is_recursive=marker.inputs.is_recursive)
    if now == marker.inputs:
        return None
    return Change(marker.inputs.file_count, now.file_count)


def summarise(entries: Iterable[Entry], own: frozenset[str], *, is_recursive: bool) -> Inputs:
    """Return count and digest of the entries that can be inputs."""
    digest = hashlib.sha256()
    count = 0
    for entry in sorted(inputs_among(entries, own)):
        count += 1
        numbers = f"\0{entry.size_bytes}\0{entry.modified_ns}\n"
        digest.update(os.fsencode(entry.name) + numbers.encode("ascii"))
    return Inputs(count, digest.hexdigest(), is_recursive)


def inputs_among(entries: Iterable[Entry], own: frozenset[str]) -> list[Entry]:
    """Return the entries that are no outputs of ours and no copies under way."""
    return [
        entry
        for entry in entries
        if entry.name not in own and not is_copying(entry.name.rpartition("/")[2])
    ]


def own_outputs(folder: Path, limits: Limits = DEFAULT) -> frozenset[str]:
    """Return the names, relative to the folder, of what markers and journals call outputs.

    Raises
    ------
    NotFoundError, UnavailableError
        If the folder cannot be read.
    """
    try:
        with os.scandir(folder) as listing:
            names = [entry.name for entry in listing if is_record(entry.name)]
    except OSError as error:
        raise safe_error(error) from None
    return read_records(folder, names, limits).outputs(folder)


def read_records(folder: Path, names: Iterable[str], limits: Limits = DEFAULT) -> Records:
    """Return the markers and journals of these names."""
    records = Records({}, {})
    for name in names:
        if name.endswith(JOURNAL_SUFFIX):
            records.journals[name] = _read_journal(folder / name, limits)
        else:
            records.markers[name] = _read_marker(folder / name, limits)
    return records


def write_marker(folder: Path, action: str, done: Done, limits: Limits = DEFAULT) -> Path:
    """Write the marker of an action that succeeded; return its path.

    Raises
    ------
    UnavailableError
        If the folder cannot be written.
    """
    outputs = {} if done.in_place else stamps_by_name(folder, done.results)
    copied = {os.path.abspath(path): stamp_of(path) for path in done.copies}  # noqa: PTH100
    own = own_outputs(folder, limits).union(outputs, _inside(folder, copied), done.kept)
    inputs = summarise(done.entries, own, is_recursive=done.is_recursive)
    files = {entry.name: entry.stamp for entry in inputs_among(done.entries, own)}
    content = {
        "processed_at": datetime.now(tz=UTC).astimezone().replace(tzinfo=None).isoformat(),
        "action": action,
        "results": [path.name for path in done.results],
        "dicompressor_version": __version__,
        "outputs": {**dict.fromkeys(done.kept, ""), **_texts(outputs)},
        "copies": _texts(copied),
        "inputs": {
            "count": inputs.file_count,
            "digest": inputs.digest,
            "recursive": inputs.is_recursive,
            "files": _texts(files),
            "skipped": [name for name in files if name not in done.processed],
        },
    }
    path = marker_path(folder, action)
    write_bytes(path, json.dumps(content, indent=2).encode("ascii") + b"\n")
    return path


def write_journal(folder: Path, action: str, journal: Journal, *, durable: bool = True) -> None:
    """Write the journal of a run, in place of an older one.

    Raises
    ------
    UnavailableError
        If the folder cannot be written.
    """
    content = {
        "digest": journal.digest,
        "outputs": _texts(journal.outputs),
        "copies": _texts(journal.copies),
        "replaced": _texts(journal.replaced),
        "replaced_copies": _texts(journal.replaced_copies),
    }
    text = json.dumps(content, indent=2).encode("ascii") + b"\n"
    write_bytes(journal_path(folder, action), text, durable=durable)


def name_in(folder: Path, path: Path) -> str:
    """Return the name of a file relative to a folder, ``""`` where it lies elsewhere."""
    absolute, root = Path(os.path.abspath(path)), Path(os.path.abspath(folder))  # noqa: PTH100
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else ""


def stamps_by_name(folder: Path, paths: Iterable[Path]) -> dict[str, Stamp]:
    """Return the stamps of those files that lie in a folder, by name relative to it."""
    found = ((name_in(folder, path), stamp_of(path)) for path in paths)
    return {name: stamp for name, stamp in found if name and stamp is not None}


def _inside(folder: Path, paths: Iterable[str]) -> list[str]:
    return [name for name in (name_in(folder, Path(path)) for path in paths) if name]


def _read_marker(path: Path, limits: Limits) -> Marker:
    content = read_object(path, limits)
    outputs = content.get("outputs")
    # Markers of other programs know base names only, of files in the folder itself.
    names = list(outputs) if isinstance(outputs, dict) else _strings(content.get("results"))
    inputs = content.get("inputs")
    told = inputs if isinstance(inputs, dict) else {}
    return Marker(
        path,
        outputs=frozenset(names),
        inputs=_inputs(told),
        files=_stamps(told.get("files")),
        skipped=frozenset(_strings(told.get("skipped"))),
        stamps=_stamps(outputs),
        copies=_stamps(content.get("copies")),
    )


def _read_journal(path: Path, limits: Limits) -> Journal:
    content = read_object(path, limits)
    digest = content.get("digest")
    return Journal(
        digest if isinstance(digest, str) else "",
        outputs=_stamps(content.get("outputs")),
        copies=_stamps(content.get("copies")),
        replaced=_stamps(content.get("replaced")),
        replaced_copies=_stamps(content.get("replaced_copies")),
    )


def read_object(path: Path, limits: Limits = DEFAULT) -> dict[str, object]:
    """Return the JSON object in a file, ``{}`` where it cannot be read or holds something else."""
    try:
        with FileSource(path) as source:
            content = json.loads(source.read_at(0, limits.header_value_bytes))
    except (IsocenterError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _strings(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _inputs(told: Mapping[str, object]) -> Inputs | None:
    count, digest, is_recursive = map(told.get, ("count", "digest", "recursive"))
    if not (isinstance(count, int) and isinstance(digest, str) and isinstance(is_recursive, bool)):
        return None
    return Inputs(count, digest, is_recursive)


def _texts(stamps: Mapping[str, Stamp | None]) -> dict[str, str]:
    """Return stamps as text, one line each in a file that people may look into."""
    return {
        name: "" if stamp is None else f"{stamp.size_bytes} {stamp.modified_ns}"
        for name, stamp in stamps.items()
    }


def _stamps(texts: object) -> dict[str, Stamp]:
    """Return the stamps that were written as text; others are left out."""
    stamps: dict[str, Stamp] = {}
    for name, text in texts.items() if isinstance(texts, dict) else ():
        size, _, modified = text.partition(" ") if isinstance(text, str) else ("", "", "")
        if size.isdecimal() and modified.removeprefix("-").isdecimal():
            stamps[name] = Stamp(int(size), int(modified))
    return stamps
