"""Files that are made from archived ones and can be made again: kept while there is room.

They lie in a scratch folder that ends with the server. The ones that nobody asked for lately go
first; whoever has one open keeps it until it is closed.
"""

import contextlib
import hashlib
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO

from isocenter.errors import IsocenterError, NotFoundError, UnavailableError
from isocenter.services.files import FileSource
from isocenter.system_errors import safe_error

Make = Callable[[Path], None]
_TRIES = 3


class DerivedFiles:
    """Makes files when they are asked for and remembers them; safe for any number of threads.

    Parameters
    ----------
    folder
        Where they lie; nobody else writes there.
    bytes_max
        How many bytes of them are kept.
    """

    def __init__(self, folder: Path, bytes_max: int) -> None:
        self._folder = folder
        self._bytes_max = bytes_max
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._made_from: dict[str, str] = {}
        self._total = 0
        self._guard = threading.Lock()
        self._making: dict[str, threading.Lock] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def open(self, *key: str, make: Make) -> FileSource:
        """Return the file of a key, made first where it is not there; the caller closes it.

        Parameters
        ----------
        key
            The kind, what it is made from, and how: together they say what is in it.
        make
            Writes the file of a path that is not there yet. Only one thread makes one key.

        Raises
        ------
        IsocenterError
            What ``make`` raised; nothing is kept then.
        """
        name = hashlib.sha256("\0".join(key).encode()).hexdigest()
        for _ in range(_TRIES):
            with contextlib.suppress(NotFoundError):
                return self._open_kept(name)
            with self._lock_of(name):
                if name not in self._sizes:
                    self._make(name, "".join(key[1:2]), make)
                with contextlib.suppress(NotFoundError):
                    return self._open_kept(name)
        raise UnavailableError("there is no room for what is made on demand")

    def read(self, *key: str, make: Make) -> bytes:
        """Return the bytes of such a file."""
        with self.open(*key, make=make) as source:
            return source.read_at(0, source.size)

    def forget(self, sources: Collection[str]) -> None:
        """Remove what was made from these; whoever has it open keeps it until it is closed."""
        with self._guard:
            gone = [name for name, source in self._made_from.items() if source in sources]
            for name in gone:
                self._drop(name)
        for name in gone:
            (self._folder / name).unlink(missing_ok=True)

    def new_name(self) -> Path:
        """Return the name of a file that is not there, for whoever removes it again."""
        return self._folder / f"{os.urandom(16).hex()}.temporary"

    def open_scratch(self) -> IO[bytes]:
        """Return an empty file without a name, which is gone when it is closed.

        Raises
        ------
        UnavailableError
            If there is no room.
        """
        try:
            return tempfile.TemporaryFile(dir=self._folder)
        except OSError as error:
            raise safe_error(error) from None

    def _open_kept(self, name: str) -> FileSource:
        with self._guard:
            if name not in self._sizes:
                raise NotFoundError("it is not made yet")
            self._sizes.move_to_end(name)
        return FileSource(self._folder / name)

    def _lock_of(self, name: str) -> threading.Lock:
        with self._guard:
            # Locks of keys that nobody makes now are of no use to anybody.
            if len(self._making) > len(self._sizes) + 1000:
                self._making = {key: one for key, one in self._making.items() if one.locked()}
            return self._making.setdefault(name, threading.Lock())

    def _drop(self, name: str) -> None:
        """Forget a file, with the guard held; it is removed afterwards."""
        self._total -= self._sizes.pop(name)
        del self._made_from[name]

    def _make(self, name: str, source: str, make: Make) -> None:
        path = self._folder / f"{name}.part"
        path.unlink(missing_ok=True)  # what an error of the machine may have left
        try:
            make(path)
            size = path.stat().st_size
            path.rename(self._folder / name)
        except OSError as error:
            path.unlink(missing_ok=True)  # half of it may be what fills the disk
            raise safe_error(error) from None
        except IsocenterError:
            path.unlink(missing_ok=True)
            raise
        with self._guard:
            self._sizes[name] = size
            self._made_from[name] = source
            self._total += size
            gone = []
            # The newest one stays, however large it is: somebody is about to read it.
            while self._total > self._bytes_max and len(self._sizes) > 1:
                gone.append(next(iter(self._sizes)))
                self._drop(gone[-1])
        for oldest in gone:
            (self._folder / oldest).unlink(missing_ok=True)
