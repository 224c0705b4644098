"""Which analyses there are: what an administrator wrote down, read and checked.

A TOML file with one table for each analysis::

    [[analysis]]
    name = "lungs"
    command = ["/opt/lungs/run", "--in", "{study}", "--out", "{output}"]
    modalities = ["CT"]
    seconds = 600

or the word ``sample`` for the built-in one alone. Nobody but the administrator can name a
command: requests name analyses by their names.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.system_errors import safe_error

SAMPLE = "sample"
STUDY, OUTPUT, STUDY_UID = "{study}", "{output}", "{study_uid}"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_MODALITY = re.compile(r"[A-Z0-9_]{1,16}")
_ANALYSES_MAX = 100
_ARGUMENTS_MAX = 100
_FILE_BYTES_MAX = 1 << 20
_KEYS = frozenset({"name", "command", "builtin", "webhook", "modalities", "seconds"})


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis.

    Attributes
    ----------
    command
        The program and its arguments, with ``{study}`` and ``{output}`` for folders; empty for a
        webhook or the built-in one.
    webhook
        The address that is told of a Study; ``""`` for all others.
    modalities
        Of Studies that it is for; empty for all.
    seconds
        How long it may take; 0 for as long as any.
    """

    name: str
    command: tuple[str, ...] = ()
    webhook: str = ""
    modalities: frozenset[str] = frozenset()
    seconds: int = 0

    @property
    def is_builtin(self) -> bool:
        """Whether it is our own sample."""
        return not self.command and not self.webhook


@dataclass(frozen=True, slots=True)
class Plan:
    """What the administrator decided.

    Attributes
    ----------
    stable_ms
        How long a Study must not have changed before it is analysed.
    public_url
        Where others reach this server, for DICOMweb; ``""`` where it is not known.
    """

    analyses: Sequence[Analysis]
    stable_ms: int
    public_url: str = ""

    def __post_init__(self) -> None:
        for one in self.analyses:
            if one.webhook and not self.public_url:
                raise InvalidInputError(
                    f"analysis {one.name}: a webhook needs ISOCENTER_PUBLIC_URL, where it finds "
                    "the study"
                )

    def find(self, name: str) -> Analysis:
        """Return an analysis by its name.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        for one in self.analyses:
            if one.name == name:
                return one
        raise NotFoundError("there is no analysis of this name")


def read_analyses(setting: str) -> tuple[Analysis, ...]:
    """Return the analyses of a setting: a file, the word ``sample``, or none where it is empty.

    Raises
    ------
    InvalidInputError
        If the file says something else than it should; the sentence names the analysis.
    NotFoundError, UnavailableError
        If the file cannot be read.
    """
    if not setting:
        return ()
    if setting == SAMPLE:
        return (Analysis(SAMPLE),)
    try:
        with Path(setting).open("rb") as stream:
            text = stream.read(_FILE_BYTES_MAX).decode()
        told = tomllib.loads(text)
    except OSError as error:
        raise type(safe_error(error))(f"ISOCENTER_ANALYSES: {safe_error(error)}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"ISOCENTER_ANALYSES is no TOML file: {error}") from None
    rows = told.get("analysis", [])
    if not isinstance(rows, list) or set(told) - {"analysis"} or len(rows) > _ANALYSES_MAX:
        raise InvalidInputError("ISOCENTER_ANALYSES must hold [[analysis]] tables and no others")
    analyses = tuple(_analysis(row, place) for place, row in enumerate(rows, 1))
    if len({one.name for one in analyses}) != len(analyses):
        raise InvalidInputError("two analyses have the same name")
    return analyses


def _analysis(row: object, place: int) -> Analysis:
    if not isinstance(row, Mapping):
        raise InvalidInputError(f"analysis {place} is no table")
    name = row.get("name")
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise InvalidInputError(f"analysis {place} needs a name of a-z, 0-9, _ and -")
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise InvalidInputError(f"analysis {name} has no setting {unknown[0]!r}")
    if sum(key in row for key in ("command", "builtin", "webhook")) != 1:
        raise InvalidInputError(f"analysis {name} needs one of command, webhook and builtin")
    if row.get("builtin", SAMPLE) != SAMPLE:
        raise InvalidInputError(f"analysis {name}: the only built-in one is {SAMPLE!r}")
    seconds = row.get("seconds", 0)
    if type(seconds) is not int or seconds < 0:
        raise InvalidInputError(f"analysis {name}: seconds must be a whole number")
    return Analysis(
        name,
        _command(row.get("command"), name),
        _webhook(row.get("webhook"), name),
        _modalities(row.get("modalities", []), name),
        seconds,
    )


def _command(value: object, name: str) -> tuple[str, ...]:
    if value is None:
        return ()
    words = _texts(value)
    if not words or len(words) > _ARGUMENTS_MAX:
        raise InvalidInputError(f"analysis {name}: command must be a list of texts")
    if not Path(words[0]).is_absolute():
        raise InvalidInputError(f"analysis {name}: the program must be named by its whole path")
    return words


def _webhook(value: object, name: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        raise InvalidInputError(f"analysis {name}: webhook must be an address")
    return value


def _modalities(value: object, name: str) -> frozenset[str]:
    words = _texts(value)
    if words is None or not all(map(_MODALITY.fullmatch, words)):
        raise InvalidInputError(f"analysis {name}: modalities must be a list such as ['CT']")
    return frozenset(words)


def _texts(value: object) -> tuple[str, ...] | None:
    """Return a list of texts, ``None`` where it is none."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    return tuple(value) if all(isinstance(word, str) for word in value) else None
