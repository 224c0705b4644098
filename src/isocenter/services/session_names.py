"""Names of files in a session: what clients call them, made harmless.

A client's name is data and never becomes a path of the server. What is shown, listed and put into
addresses has ASCII letters, digits, ``.``, ``_`` and ``-`` only, so that it goes unharmed through
URLs, shells and every file system.
"""

import re
import unicodedata
from collections.abc import Callable, Collection

NAME_CHARACTERS_MAX = 128
MERGED_ALIAS = "merged_multiframe.dcm"

_SUFFIX_CHARACTERS_MAX = 16
_NAMELESS = "file"
_FOLDERS = re.compile(r"[/\\]")
_OTHERS = re.compile(r"[^A-Za-z0-9._-]+")
_DOTS = re.compile(r"\.{2,}")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]+")
# Windows takes these for devices, whatever suffix follows.
_DEVICES = re.compile(r"(con|prn|aux|nul|conin_|conout_|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def harmless_name(name: str) -> str:
    """Return a name like the client's: its last part, in harmless characters, never empty.

    Equal names give equal names. What is not ASCII loses its accents or becomes ``_``.

    Parameters
    ----------
    name
        Anything: a path of Windows or Unix, with zero bytes, of any length.
    """
    # A longer text than this cannot change the result, and normalizing costs time.
    last = _FOLDERS.split(name[-4096:])[-1]
    plain = unicodedata.normalize("NFKD", last)
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    # A compatibility form of a character may be or hold a slash: those fall to `_` here.
    plain = _DOTS.sub(".", _OTHERS.sub("_", plain))
    # No hidden file, no option of a program, no name that Windows cuts.
    plain = plain.lstrip(".-").rstrip(".")
    if not plain.strip("_."):
        return _NAMELESS
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    stem, suffix = split_name(plain)
    return f"{stem[: NAME_CHARACTERS_MAX - len(suffix)].rstrip('.')}{suffix}"


def split_name(name: str) -> tuple[str, str]:
    """Return stem and suffix of a harmless name; the suffix is empty or begins with a dot."""
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) >= _SUFFIX_CHARACTERS_MAX or not _SUFFIX.fullmatch(dot + suffix):
        return name, ""
    return stem, dot + suffix


def input_name(name: str, key: str, taken: Callable[[str], str | None]) -> tuple[str, bool]:
    """Return the name that an uploaded file gets, and whether it is there already.

    The same bytes under the same name are the same file. Other bytes get ``__2`` before the
    suffix, or the next number that is free.

    Parameters
    ----------
    name
        What ``harmless_name`` returned.
    key
        The key of its bytes.
    taken
        Gives the key of the bytes that have a name, ``None`` if it is free. Names that differ
        in case only are one name, as they are where somebody unpacks them.
    """
    return _free_name(name, key, taken, mark="__")


def output_name(name: str, key: str, taken: Callable[[str], str | None]) -> tuple[str, bool]:
    """Return the name that an output gets, with ``_2`` where it is taken by other bytes.

    Parameters are those of ``input_name``.
    """
    return _free_name(name, key, taken, mark="_")


def numbered_output_name(number: int) -> str:
    """Return the neutral name of the de-identified file of this number, from 1."""
    return f"anon_{number:04d}.dcm"


def resolve_alias(name: str, merge_outputs: Collection[str]) -> str | None:
    """Return the merge output that the documented name means: the only one, else ``None``."""
    if name != MERGED_ALIAS or len(merge_outputs) != 1:
        return None
    return next(iter(merge_outputs))


def _free_name(
    name: str, key: str, taken: Callable[[str], str | None], *, mark: str
) -> tuple[str, bool]:
    stem, suffix = split_name(name)
    tried = name
    number = 1
    while (there := taken(tried)) is not None:
        if there == key:
            return tried, True
        number += 1
        addition = f"{mark}{number}{suffix}"
        tried = f"{stem[: NAME_CHARACTERS_MAX - len(addition)]}{addition}"
    return tried, False
