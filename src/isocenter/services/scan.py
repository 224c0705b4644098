"""One pass over all folders: which ones hold something new, without opening what did not change.

A folder that rests is known by its time and its number of names, so that a pass over thousands of
them takes a moment; everything else is listed with sizes and times, and compared.
"""

import logging
import os
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from isocenter.errors import IsocenterError, NotFoundError, TooLargeError
from isocenter.services.leftovers import Leftovers
from isocenter.services.looks import Look, take_look
from isocenter.services.markers import Marker
from isocenter.services.scan_state import Remembered
from isocenter.services.units import Above, Outcome, Reason, Task, judge
from isocenter.system_errors import safe_error

logger = logging.getLogger(__name__)

# A folder that did not change for so long is known by its time and its number of names ...
_SETTLED_SECONDS = 1800.0
# ... and its files are looked at again this often all the same, for what the time does not tell.
_FULL_LOOK_SECONDS = 3600.0


_State = Literal["new", "held", "retry", "failed", "empty", "done"]


@dataclass(slots=True)
class _Known:
    """What is remembered of a folder; not its files, which would fill memory.

    Attributes
    ----------
    since
        When it last became another one.
    full_look_at
        When its files are to be looked at again, though its time is the same.
    is_plain
        Whether it holds nothing that will go away again.
    short_since
        When a series in it was first found short.
    markers
        Those in it that speak of files in folders inside.
    """

    since: float
    modified_ns: int = -1
    name_count: int = -1
    folders: tuple[str, ...] = ()
    fingerprint: int = 0
    is_plain: bool = False
    full_look_at: float = 0.0
    state: _State = "new"
    digest: str = ""
    held_for: Reason = ""
    short_since: float | None = None
    markers: tuple[Marker, ...] = ()

    def see(self, look: Look, now: float, full_look_at: float) -> bool:
        """Take note of a full look; return whether it differs from the one before."""
        fingerprint = hash(look.substance)
        is_other = self.name_count < 0 or fingerprint != self.fingerprint
        self.modified_ns, self.name_count = look.modified_ns, look.name_count
        self.folders, self.fingerprint = look.folders, fingerprint
        self.is_plain = not (look.leftovers or look.copying)
        self.full_look_at = full_look_at
        if is_other:
            self.since = now
        return is_other

    def is_as_it_was(self, path: str, modified_ns: int, now: float) -> bool:
        """Return whether a folder that rests shows no sign of a change.

        Its time tells of new, lost and renamed files on most file systems, the number of its
        names on all; nothing here tells of a file that grew.
        """
        return (
            self.state in ("failed", "empty", "done")
            and self.is_plain
            and self.since + _SETTLED_SECONDS <= now < self.full_look_at
            and self.modified_ns == modified_ns
            and self.name_count == len(os.listdir(path))  # noqa: PTH208 - the loop of a pass
        )


class Candidate(NamedTuple):
    """A folder that may be worked on, if it is the same at the next look."""

    path: str
    look: Look
    above: tuple[Above, ...]


class Scanner:
    """What is known of all folders.

    Parameters
    ----------
    recursive
        Whether folders inside the roots are looked at too.
    patience_seconds
        How long something that is expected to come is waited for.
    remembered
        What an earlier watch knew, by path.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        task: Task,
        leftovers: Leftovers,
        *,
        recursive: bool,
        patience_seconds: float,
        remembered: Mapping[str, Remembered],
    ) -> None:
        self._roots = tuple(roots)
        self._task = task
        self._leftovers = leftovers
        self._recursive = recursive
        self._patience_seconds = patience_seconds
        self._remembered = remembered
        self._known: dict[str, _Known] = {}
        self._output_id: tuple[int, int] | None = None
        self._now = 0.0
        self.has_news = False

    def scan(
        self, now: float, is_stopping: Callable[[], bool]
    ) -> tuple[list[Candidate], list[Outcome]]:
        """Look at every folder, depth first; return what may be worked on, and what is unreadable.

        The files of a folder never hide the folders in it.
        """
        self._now = now
        self._output_id = _identity(self._task.output_dir)
        candidates: list[Candidate] = []
        problems: list[Outcome] = []
        visited: set[str] = set()
        seen: set[tuple[int, int]] = set()
        for root in self._roots:
            pending: list[tuple[str, tuple[Above, ...]]] = [(str(root), ())]
            while pending:
                if is_stopping():
                    return [], []
                path, above = pending.pop()
                try:
                    known = self._visit(path, above, seen, candidates)
                except IsocenterError as error:
                    if not (isinstance(error, NotFoundError) and path != str(root)):
                        problems.append(Outcome(Path(path), "unavailable", reason=str(error)))
                    continue
                if known is None:
                    continue
                visited.add(path)
                if self._recursive:
                    inside = (*above, *(Above(Path(path), marker) for marker in known.markers))
                    pending += [
                        (os.path.join(path, name), inside)  # noqa: PTH118 - the loop of a pass
                        for name in reversed(known.folders)
                    ]
        self._forget(visited, [str(problem.folder) for problem in problems])
        return candidates, problems

    def count_rest(self) -> int:
        """Return how many folders are left alone because everything in them was tried."""
        return sum(known.state in ("done", "failed") for known in self._known.values())

    def _visit(
        self,
        path: str,
        above: tuple[Above, ...],
        seen: set[tuple[int, int]],
        candidates: list[Candidate],
    ) -> _Known | None:
        """Look at one folder; None if it was visited by another way or holds our own copies."""
        now = self._now
        try:
            status = os.stat(path)  # noqa: PTH116 - the loop of a pass
            identity = (status.st_dev, status.st_ino)
            if identity in seen or identity == self._output_id:
                return None
            seen.add(identity)
            known = self._known.get(path)
            if known is not None and known.is_as_it_was(path, status.st_mtime_ns, now):
                return known
        except OSError as error:
            raise safe_error(error) from None
        limits = self._task.limits
        if len(seen) > limits.folder_files:
            raise TooLargeError("folder_files", limits.folder_files, len(seen), "folders")
        look = take_look(path, limits)
        self._leftovers.see(Path(path), look.leftovers, now)
        if known is None:
            known = self._known[path] = _Known(now)
        if known.see(look, now, now + _full_look_after(path)):
            self._judge(path, look, above, known)
        if known.state in ("new", "retry") or (known.state == "held" and self._is_due(known)):
            candidates.append(Candidate(path, look, above))
        return known

    def _judge(self, path: str, look: Look, above: tuple[Above, ...], known: _Known) -> None:
        """Decide anew about a folder that holds something else than before."""
        was, digest = known.state, known.digest
        known.state = "new"
        self.has_news = True
        remembered = self._remembered.get(path)
        empty_digest = remembered.digest if remembered is not None and remembered.is_empty else ""
        finding = judge(
            Path(path),
            look,
            self._task,
            above,
            empty_digest=digest if was == "empty" else empty_digest,
        )
        known.markers, known.digest = finding.speaking, finding.digest
        if finding.verdict in ("empty", "done"):
            known.state = "empty" if finding.verdict == "empty" else "done"
        elif was == "failed" and digest == known.digest:
            known.state = "failed"  # only our own files changed
        if known.state == "done" and finding.gone:
            logger.info("%s: %d input(s) are gone; their results stay", path, finding.gone)

    def _is_due(self, known: _Known) -> bool:
        """Return whether what is expected was waited for long enough."""
        since = known.short_since if known.held_for == "short" else known.since
        return since is not None and self._now - since >= self._patience_seconds

    def over(self, path: str) -> frozenset[Reason]:
        """Return what is not waited for any more in a folder."""
        known, patience, now = self._known[path], self._patience_seconds, self._now
        over: set[Reason] = set()
        if now - known.since >= patience:
            over |= {"copying", "unfinished"}
        if known.short_since is not None and now - known.short_since >= patience:
            over.add("short")
        return frozenset(over)

    def changing(self, path: str) -> None:
        """Take note that a candidate was another one at the second look."""
        self._known[path].state = "new"

    def remember(self, outcome: Outcome) -> None:
        """Take note of what became of a folder, for the next pass."""
        known = self._known[str(outcome.folder)]
        self.has_news = True
        known.state = "new"
        if outcome.status == "held":
            known.state, known.held_for = "held", outcome.held_for
            if outcome.held_for == "short" and known.short_since is None:
                known.short_since = self._now
        elif outcome.status == "unavailable":
            known.state = "retry"
        elif outcome.status in ("failed", "empty"):
            known.state = "failed" if outcome.status == "failed" else "empty"
            known.digest = outcome.digest
        if outcome.status in ("processed", "failed", "empty"):
            known.short_since = None

    def _forget(self, visited: set[str], unreadable: Sequence[str]) -> None:
        """Forget folders that are gone, but not those that could not be reached just now."""
        for path in self._known.keys() - visited:
            if not any(path == top or path.startswith(top + os.sep) for top in unreadable):
                del self._known[path]
                self.has_news = True

    def rest(self) -> dict[str, Remembered]:
        """Return the folders that rest, as the scan state keeps them."""
        return {
            path: Remembered(
                known.modified_ns,
                known.state == "empty",
                known.state == "done",
                known.digest if known.state == "empty" else "",
            )
            for path, known in self._known.items()
            if known.state in ("empty", "done")
        }


def _full_look_after(path: str) -> float:
    """Return in how many seconds to look at all files again; spread, so that passes are alike."""
    share = zlib.crc32(os.fsencode(path)) / 2**32
    return _FULL_LOOK_SECONDS * (1 + share) / 2


def _identity(folder: Path | None) -> tuple[int, int] | None:
    if folder is None:
        return None
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
