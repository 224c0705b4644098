"""The log of a process: lines that the documented examples can echo unquoted.

It names files only by what they are called in the session, and holds no ``*``, no ``?`` and no
backslash: the shell would put names of files for them (``specs/contracts.md`` 0).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from isocenter.services.session_names import NAME_CHARACTERS_MAX

Level = Literal["INFO", "WARN", "ERROR"]

LINES_MAX = 10_000
LINE_CHARACTERS_MAX = 4096
# What files are called where an action works on them.
GENERATED = "input_{number:05d}"

_GENERATED = re.compile(r"input_(\d{5})(\.[A-Za-z0-9]{1,16})?")
_PLAIN = str.maketrans({"*": "+", "?": "_", "\\": "/"})
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def plain(text: str) -> str:
    """Return one line of harmless characters and limited length."""
    return _CONTROLS.sub(" ", text).translate(_PLAIN)[:LINE_CHARACTERS_MAX].rstrip()


class SessionLog:
    """Collects lines and tells each one at once.

    Parameters
    ----------
    names
        What the generated numbers are called in the session.
    folders
        Paths of the machine that must not show.
    tell
        Is given every line.
    """

    def __init__(
        self,
        names: Mapping[int, str],
        folders: Sequence[str],
        tell: Callable[[str], None],
    ) -> None:
        self._names = names
        # The longest first: one may be the beginning of another.
        self._folders = sorted(folders, key=len, reverse=True)
        self._tell = tell
        self.lines: list[str] = []

    def add(self, level: Level, sentence: str) -> None:
        """Add one line."""
        self._add(f"[{level}] {self.plain(sentence)}")

    def add_text(self, text: str) -> None:
        """Add lines as they are, such as those that describe a file."""
        for line in text.rstrip("\n").split("\n"):
            self._add(self.plain(line))

    def plain(self, text: str) -> str:
        """Return one line with the session's names and harmless characters."""
        for folder in self._folders:
            text = text.replace(f"{folder}/", "").replace(folder, "session")
        return plain(_GENERATED.sub(self._name, text))

    def _name(self, found: re.Match[str]) -> str:
        return self._names.get(int(found[1]), found[0])[:NAME_CHARACTERS_MAX]

    def _add(self, line: str) -> None:
        if len(self.lines) == LINES_MAX:
            line = "[WARN] the log is longer than this; the rest is left out"
        elif len(self.lines) > LINES_MAX:
            return
        self.lines.append(line)
        self._tell(line)
