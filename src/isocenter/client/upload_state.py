"""What an upload remembers of its files, so that the next run goes on where this one ended.

One line of JSON for each file that a server has taken, appended and flushed at once; a line that
was cut off counts as not written. A file that changed since then is another file.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from isocenter.system_errors import safe_error

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
_LINE_CHARACTERS_MAX = 1 << 16


class Stamp(NamedTuple):
    """What tells whether a file is still the one that was sent."""

    size_bytes: int
    modified_ns: int


class Sent(NamedTuple):
    """A file that a server has taken: its SHA-256 and the key that it has there."""

    sha256: str
    key: str


class UploadState:
    """The notes of one upload; used by one thread.

    Parameters
    ----------
    path
        The file; ``None`` to remember nothing longer than this run.

    Raises
    ------
    UnavailableError
        If it cannot be read.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._notes = {} if path is None else dict(_read(path))
        self._stream: TextIO | None = None

    def get(self, name: str, stamp: Stamp) -> Sent | None:
        """Return what is known of a file that is still the same."""
        return self._notes.get((name, stamp))

    def note(self, name: str, stamp: Stamp, sent: Sent) -> None:
        """Remember that a file was taken.

        Raises
        ------
        UnavailableError
            If it cannot be written.
        """
        self._notes[name, stamp] = sent
        if self._path is None:
            return
        try:
            if self._stream is None:
                self._path.parent.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
                descriptor = os.open(self._path, _FLAGS, _FILE_MODE)
                self._stream = os.fdopen(descriptor, "w", encoding="ascii")
                self._stream.write("\n")  # ends a line that was cut off
            self._stream.write(json.dumps([name, *stamp, *sent]) + "\n")
            self._stream.flush()
        except OSError as error:
            raise safe_error(error) from None

    def close(self) -> None:
        """Close the file; it stays."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def forget(self) -> None:
        """Remove the file: nothing is left to be done.

        Raises
        ------
        UnavailableError
            If it cannot be removed.
        """
        self.close()
        if self._path is not None:
            try:
                self._path.unlink(missing_ok=True)
            except OSError as error:
                raise safe_error(error) from None


def _read(path: Path) -> Iterator[tuple[tuple[str, Stamp], Sent]]:
    """Yield what the lines say, in their order, so that the last of a file counts."""
    try:
        with path.open(encoding="ascii", errors="replace") as stream:
            while line := stream.readline(_LINE_CHARACTERS_MAX):
                match _parsed(line):
                    case [str(name), int(size), int(modified), str(sha256), str(key)]:
                        yield (name, Stamp(size, modified)), Sent(sha256, key)
                    case _:
                        pass  # a line that was cut off
    except FileNotFoundError:
        return
    except OSError as error:
        raise safe_error(error) from None


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
