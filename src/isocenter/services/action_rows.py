"""What a row of the table of actions holds: an action and its options."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Option:
    """One option of an action; faces make their switches and fields from it.

    Attributes
    ----------
    kind
        ``file`` is text that the command line takes as a file: an action is given the ``Path``
        there, and the text itself by faces whose callers must not name files of the machine
        (``services/sources.py`` reads either).
    metavar
        What help calls the value.
    flag
        What the command line calls the option where that is not its name.
    """

    name: str
    kind: Literal["flag", "text", "texts", "file"]
    default: str | bool | tuple[str, ...]
    sentence: str
    choices: tuple[str, ...] = ()
    metavar: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the table.

    Attributes
    ----------
    function
        ``module:function``.
    writes
        Whether it can make files; the others only describe.
    is_watchable
        Whether watched folders can call for it: they are known by their DICOM files, and by
        those alone.
    sentence
        What it does, for help and documentation.
    command, variant
        Sub-command of the command line, and the flag that makes it this action rather than
        another of the same sub-command; empty: the name, and no flag.
    """

    name: str
    function: str
    writes: bool
    sentence: str
    options: tuple[Option, ...] = ()
    command: str = ""
    variant: str = ""
    is_watchable: bool = True
