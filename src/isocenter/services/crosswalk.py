"""The crosswalk: which pseudonym stands for whom, for those who must find people again.

It is the one output of a de-identification that identifies people, so only its owner can read it,
and it never lies among the outputs. Pseudonyms are made of the key alone: a lost crosswalk comes
back by doing the same again with the same key.
"""

import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.files import FileSource
from isocenter.services.outputs import write_bytes

_PROGRAM = "isocenter crosswalk 1"


class Entry(NamedTuple):
    """One value and what stands in its place; ``kind`` says what it is."""

    kind: str
    original: str
    replacement: str


class Crosswalk:
    """What was replaced by what, kept in a file together with what earlier runs wrote there.

    Parameters
    ----------
    path
        The file; it may exist.
    outputs
        The folder of the outputs, which are passed on; None: they stand beside the inputs.

    Raises
    ------
    InvalidInputError
        If the file lies among the outputs or is no crosswalk.
    NotFoundError, UnavailableError, TooLargeError
        If it cannot be read.
    """

    def __init__(self, path: Path, outputs: Path | None, limits: Limits = DEFAULT) -> None:
        if outputs is not None and _lies_in(path, outputs):
            raise InvalidInputError("the crosswalk must not lie in the folder of the outputs")
        if not path.parent.is_dir():
            raise InvalidInputError("the folder of the crosswalk does not exist")
        self._path = path
        self._values: dict[str, dict[str, str]] = {}
        self._files: dict[str, str] = {}
        if os.path.lexists(path):
            self._read(limits)

    def add_values(self, entries: Iterable[Entry]) -> None:
        """Remember what stands for what."""
        for entry in entries:
            self._values.setdefault(entry.kind, {})[entry.replacement] = entry.original

    def add_file(self, source: Path, output: Path) -> None:
        """Remember which output came of which input."""
        # Two paths of one file are one.
        self._files[str(output.resolve())] = str(source.resolve())

    def write(self) -> None:
        """Write the file, readable by its owner alone, as a whole or not at all.

        Raises
        ------
        UnavailableError, NotFoundError
            If it cannot be written.
        """
        content = {
            "program": _PROGRAM,
            "originals": {kind: self._values[kind] for kind in sorted(self._values)},
            "inputs": self._files,
        }
        data = json.dumps(content, indent=1, sort_keys=True).encode("ascii") + b"\n"
        write_bytes(self._path, data, mode=stat.S_IRUSR | stat.S_IWUSR)

    def _read(self, limits: Limits) -> None:
        with FileSource(self._path) as source:
            if source.size > limits.crosswalk_bytes:
                raise TooLargeError("crosswalk_bytes", limits.crosswalk_bytes, source.size, "bytes")
            data = source.read_at(0, source.size)
        try:
            content = json.loads(data)
        except ValueError:
            content = None
        if not isinstance(content, dict) or content.get("program") != _PROGRAM:
            raise InvalidInputError("the file for the crosswalk holds something else")
        self._files = _texts(content.get("inputs"))
        originals = content.get("originals")
        if isinstance(originals, dict):
            self._values = {str(kind): _texts(values) for kind, values in originals.items()}


def _texts(values: object) -> dict[str, str]:
    if not isinstance(values, dict):
        raise InvalidInputError("the file for the crosswalk is damaged")
    return {str(name): str(value) for name, value in values.items()}


def _lies_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
