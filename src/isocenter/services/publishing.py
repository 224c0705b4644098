"""Giving results their names: over older results of ours, never over anything else.

Results are complete in a staging folder before the first of them gets its name; a journal tells
which names they will have. So a run that is killed at any moment leaves old results, new ones, or
a journal by which the next run knows what is its own.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from isocenter.errors import ConflictError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.durability import force_folder
from isocenter.services.folders import copy_results
from isocenter.services.looks import STAGING_SUFFIX, Entry, Stamp, stamp_of
from isocenter.services.markers import (
    Done,
    Journal,
    Marker,
    Stamps,
    journal_path,
    write_journal,
    write_marker,
)
from isocenter.services.outputs import (
    TEMPORARY_PREFIX,
    is_same,
    make_folder,
    name_new,
    possible_paths,
)
from isocenter.system_errors import safe_error

# Files that are still as we wrote them.
Ours = frozenset[tuple[Path, Stamp]]
_ATTEMPTS = 10


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Give a hidden folder inside a folder; it is removed in the end.

    Raises
    ------
    UnavailableError, NotFoundError
        If it cannot be made.
    """
    path = folder / f"{TEMPORARY_PREFIX}{os.urandom(8).hex()}{STAGING_SUFFIX}"
    try:
        path.mkdir()
    except OSError as error:
        raise safe_error(error) from None
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def remove_stagings(folder: Path, names: Iterable[str]) -> None:
    """Remove staging folders that a killed run left; the caller holds the folder's lock."""
    for name in names:
        if name.endswith(STAGING_SUFFIX):
            shutil.rmtree(folder / name, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Publication:
    """The results of one run on a folder, and what they may take the place of.

    Attributes
    ----------
    digest
        Of the inputs.
    marker, journal
        Of earlier runs.
    output_dir
        Folder for copies of the results.
    """

    folder: Path
    action: str
    digest: str
    marker: Marker | None = None
    journal: Journal | None = None
    output_dir: Path | None = None
    limits: Limits = DEFAULT
    durable: bool = True

    def publish(
        self,
        staged: Sequence[Path],
        entries: Sequence[Entry],
        processed: Collection[str],
        *,
        may_replace: bool,
    ) -> list[Path]:
        """Publish the results of a success, mark the folder, return the names of the results.

        Parameters
        ----------
        entries
            The folder before the action began.
        processed
            Names of those that are in the results.
        may_replace
            Whether results of earlier successes give way. Those of failures always do.

        Raises
        ------
        UnavailableError, NotFoundError, ConflictError
            If something cannot be written; the next run does it again.
        """
        ours, our_copies = self._ours(may_replace=may_replace)
        naming = _Naming(self, ours, our_copies)
        results = naming.name_results(staged)
        copies = naming.name_copies(results)
        leaving = {path for path, _ in ours}.difference(results)
        earlier = self.marker.outputs if self.marker is not None else frozenset()
        kept = [
            name
            for name in sorted(earlier)
            if self.folder / name not in leaving
            and self.folder / name not in results
            and os.path.lexists(self.folder / name)
        ]
        done = Done(results, entries, False, processed, copies, kept)  # noqa: FBT003 - named above
        write_marker(self.folder, self.action, done, self.limits)
        is_complete = _remove(ours, results)
        if _remove(our_copies, copies) and is_complete:
            _forget(journal_path(self.folder, self.action))
        return results

    def mark_in_place(
        self, results: Sequence[Path], entries: Sequence[Entry], processed: Collection[str]
    ) -> None:
        """Copy results that took the place of their inputs, and mark the folder.

        Parameters
        ----------
        entries
            The folder as it is now, without what came since the action began.

        Raises
        ------
        UnavailableError, NotFoundError, ConflictError
            If something cannot be written; the next run does it again.
        """
        ours, our_copies = self._ours(may_replace=False)
        copies = _Naming(self, ours, our_copies).name_copies(results)
        done = Done(results, entries, False, processed, copies, in_place=True)  # noqa: FBT003
        write_marker(self.folder, self.action, done, self.limits)
        _remove(our_copies, copies)
        _forget(journal_path(self.folder, self.action))

    def publish_part(self, staged: Sequence[Path]) -> list[Path]:
        """Publish what a run gave that failed in part; return the names of the results.

        They take the place of all earlier results, but the folder is not marked.

        Raises
        ------
        UnavailableError, NotFoundError, ConflictError
            If something cannot be written; the next run does it again.
        """
        ours, our_copies = self._ours(may_replace=True)
        naming = _Naming(self, ours, our_copies)
        results = naming.name_results(staged)
        copies = naming.name_copies(results)
        _remove(ours, results)
        _remove(our_copies, copies)
        return results

    def _ours(self, *, may_replace: bool) -> tuple[Ours, Ours]:
        """Return the results and the copies that new ones may take the place of."""
        marked = _pairs(self.folder, self.marker.stamps if self.marker else {})
        marked_copies = _pairs(Path(), self.marker.copies if self.marker else {})
        ours, copies = _journaled(self.folder, self.journal)
        ours, copies = ours - marked, copies - marked_copies
        if may_replace:
            ours, copies = ours | marked, copies | marked_copies
        out = _absolute(self.output_dir) if self.output_dir is not None else None
        # Copies elsewhere were made for another purpose; they stay.
        near = {(path, stamp) for path, stamp in copies if path.parent == out}
        return _still_there(ours), _still_there(near)


@dataclass(slots=True)
class _Naming:
    """Gives results, then copies, their names; the journal tells each of them before."""

    publication: Publication
    ours: Ours
    our_copies: Ours
    results: dict[Path, Stamp] = field(default_factory=dict)
    copies: dict[Path, Stamp] = field(default_factory=dict)

    def name_results(self, staged: Sequence[Path]) -> list[Path]:
        """Return the names of staged files beside the inputs."""
        folder, durable = self.publication.folder, self.publication.durable
        return place(folder, staged, self.ours, self._note(self.results), durable=durable)

    def name_copies(self, results: Sequence[Path]) -> list[Path]:
        """Return the names of copies in the folder for them, if there is one."""
        output_dir, durable = self.publication.output_dir, self.publication.durable
        if output_dir is None or not results:
            return []
        make_folder(output_dir)
        out = _absolute(output_dir)
        with staging(out) as folder:
            copied = copy_results(results, folder, durable=durable)
            return place(out, copied, self.our_copies, self._note(self.copies), durable=durable)

    def _note(self, stamps: dict[Path, Stamp]) -> Callable[[Mapping[Path, Stamp]], None]:
        def note(more: Mapping[Path, Stamp]) -> None:
            stamps.update(more)
            journal = Journal(
                self.publication.digest,
                outputs={path.name: stamp for path, stamp in self.results.items()},
                copies={str(path): stamp for path, stamp in self.copies.items()},
                replaced={path.name: stamp for path, stamp in self.ours},
                replaced_copies={str(path): stamp for path, stamp in self.our_copies},
            )
            folder, action = self.publication.folder, self.publication.action
            write_journal(folder, action, journal, durable=self.publication.durable)

        return note


def place(
    folder: Path,
    staged: Sequence[Path],
    ours: Ours,
    note: Callable[[Mapping[Path, Stamp]], None],
    *,
    durable: bool = True,
) -> list[Path]:
    """Give staged files names in a folder: their own, or the first that is free; return them.

    A name is free if nothing has it, a file of ours has it, or a file of the same bytes.

    Parameters
    ----------
    staged
        Complete files on the same file system.
    note
        Is told the names, with the stamps that they will have, before any is given.

    Raises
    ------
    UnavailableError, NotFoundError
        If the disk fails.
    ConflictError
        If others take names faster than we find free ones.
    """
    names: dict[Path, Path] = {}
    left = list(staged)
    for _ in range(_ATTEMPTS):
        moves = _choose_names(folder, left, ours, set(names.values()))
        if moves:
            note({move.target: move.stamp for move in moves})
        taken = _give_names(moves, durable=durable)
        names.update((move.staged, move.target) for move in moves if move not in taken)
        left = [move.staged for move in taken]
        if not left:
            return [names[path] for path in staged]
    raise ConflictError("every name that seemed free was taken meanwhile")


def tidy_up(folder: Path, action: str, marker: Marker | None, journal: Journal | None) -> None:
    """Finish what a killed run left after the folder was marked; the caller holds the lock."""
    if journal is None:
        return
    ours, copies = _journaled(folder, journal)
    stamps, marked_copies = (marker.stamps, marker.copies) if marker else ({}, {})
    is_complete = _remove(ours, {folder / name for name in stamps})
    if _remove(copies, {Path(path) for path in marked_copies}) and is_complete:
        _forget(journal_path(folder, action))


class _Move(NamedTuple):
    """A staged file and the name it gets; "same" where these bytes have that name already."""

    staged: Path
    target: Path
    stamp: Stamp
    how: Literal["new", "replace", "same"]


def _choose_names(
    folder: Path, staged: Sequence[Path], ours: Ours, chosen: set[Path]
) -> list[_Move]:
    moves: list[_Move] = []
    for path in staged:
        move = _choose_name(folder, path, ours, chosen)
        chosen.add(move.target)
        moves.append(move)
    return moves


def _choose_name(folder: Path, staged: Path, ours: Ours, chosen: set[Path]) -> _Move:
    stamp = stamp_of(staged)
    assert stamp is not None, "an action reported an output that is not there"
    for path in possible_paths(folder, staged.stem, staged.suffix):
        if path in chosen:
            continue
        if not os.path.lexists(path):
            return _Move(staged, path, stamp, "new")
        there = stamp_of(path)
        if there is None:
            continue
        if is_same(staged, path):
            return _Move(staged, path, there, "same")
        if (path, there) in ours:
            return _Move(staged, path, stamp, "replace")
    raise AssertionError("there is always another name")


def _give_names(moves: Sequence[_Move], *, durable: bool) -> list[_Move]:
    """Give the names; return the moves whose name was taken meanwhile."""
    taken: list[_Move] = []
    try:
        for move in moves:
            if move.how == "replace":
                os.replace(move.staged, move.target)  # noqa: PTH105
            elif move.how == "new":
                try:
                    name_new(move.staged, move.target)
                except FileExistsError:
                    taken.append(move)
        if durable:
            for folder in {move.target.parent for move in moves}:
                force_folder(folder)
    except OSError as error:
        raise safe_error(error) from None
    return taken


def _pairs(folder: Path, stamps: Stamps) -> Ours:
    return frozenset((folder / name, stamp) for name, stamp in stamps.items())


def _journaled(folder: Path, journal: Journal | None) -> tuple[Ours, Ours]:
    """Return the results and the copies that a journal tells, new and old ones."""
    if journal is None:
        return frozenset(), frozenset()
    results = _pairs(folder, journal.outputs) | _pairs(folder, journal.replaced)
    copies = _pairs(Path(), journal.copies) | _pairs(Path(), journal.replaced_copies)
    return results, copies


def _still_there(ours: Iterable[tuple[Path, Stamp]]) -> Ours:
    return frozenset((path, stamp) for path, stamp in ours if stamp_of(path) == stamp)


def _remove(ours: Ours, keep: Collection[Path]) -> bool:
    """Remove files that are as we wrote them, except those to keep; return whether all went."""
    is_complete = True
    for path, stamp in ours:
        if path in keep or stamp_of(path) != stamp:
            continue
        try:
            path.unlink(missing_ok=True)
        except OSError:
            is_complete = False  # open elsewhere, as Windows has it; the journal remembers it
    return is_complete


def _forget(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links in it stay as they are
