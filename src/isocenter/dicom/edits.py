"""Edits of a Data Set as text: which element, at which depth, gets which value or goes.

    PatientName=Doe^Jane                       an element by keyword ...
    (0010,0010)=Doe^Jane                       ... or by tag
    (0040,0275)[0].(0032,1060)=CT of the head  in the first Item of a sequence
    RequestAttributesSequence[*].ScheduledProcedureStepID=7        in every Item
    (0009,"ACME 1.1",01)=text                  in the block of a private creator
    i 0010 0010 PN Doe^Jane                    insert or modify, with its VR
    m 0010 0010 PN Doe^Jane
    r 0010 0010                                remove; also by keyword, path or Item

Blank lines and lines that begin with ``#`` say nothing. Several values are parted by a backslash.
An element that is not there is added. Errors name the line, never its value.
``dicom/edited.py`` carries the edits out; de-identification reads its parameters with this, too.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from isocenter.dicom.dictionary import (
    LONG_VRS,
    SHORT_VRS,
    is_private,
    is_private_creator,
    keyword_of,
    tag_of,
    vr_of,
)
from isocenter.dicom.edit_values import check_value
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT, Limits

EVERY_ITEM = -1

_VRS = SHORT_VRS | LONG_VRS
_STEP = re.compile(
    r"""\(\s*(?P<group>[0-9A-Fa-f]{4})\s*,\s*
          (?:(?P<element>[0-9A-Fa-f]{4})|"(?P<creator>[^"\\]{1,64})"\s*,\s*(?P<low>[0-9A-Fa-f]{2}))
        \s*\)
      | (?P<keyword>[A-Za-z][A-Za-z0-9]{0,127})""",
    re.VERBOSE,
)
_ITEM = re.compile(r"\[\s*(?P<number>[0-9]{1,9}|\*)\s*\]")
_BARE_TAG = re.compile(r"(?P<group>[0-9A-Fa-f]{4})\s*[ ,]\s*(?P<element>[0-9A-Fa-f]{4})(?=\s|$)")
_COMMAND = re.compile(r"(?P<command>[imrIMR])\s+(?P<rest>.*)", re.DOTALL)
_VR = re.compile(r"\s*(?P<vr>[A-Za-z]{2})(?:\s+(?P<value>.*))?\s*", re.DOTALL)
# Groups that are no part of a Data Set that an edit could mean: command, file meta, directory of
# media, and Items; PS3.5 7.1, PS3.10 7 and 8.
_FORBIDDEN_GROUPS = frozenset({0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0007, 0xFFFE})
_PIXEL_GROUP = 0x7FE0


class Step(NamedTuple):
    """One element of a path.

    Attributes
    ----------
    tag
        With a ``creator``: the group and the last two digits, the block being found by name.
    creator
        Private creator whose block is meant, ``""`` where ``tag`` says all.
    item
        0-based number of the Item in which the path goes on, ``EVERY_ITEM``, or None at its end.
    """

    tag: int
    creator: str = ""
    item: int | None = None


class Edit(NamedTuple):
    """One element gets a value, or goes.

    Attributes
    ----------
    path
        At least one step; the last one is the element, or, with an ``item``, the Item to remove.
    text
        The new value as text, ``""`` for no value, None to remove the element.
    vr
        As the caller says, ``""``: as the standard or the file says.
    where
        How errors call the edit, such as ``line 3``.
    """

    path: tuple[Step, ...]
    text: str | None
    vr: str = ""
    where: str = ""

    @property
    def name(self) -> str:
        """Keyword or tag of the element, for sentences."""
        return name_of(self.path[-1].tag)


def name_of(tag: int) -> str:
    """Return the keyword of a tag, ``(gggg,eeee)`` where it has none."""
    return keyword_of(tag) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def parse_edits(text: str, limits: Limits = DEFAULT) -> list[Edit]:
    """Return the edits of a whole text, one a line, in order.

    Raises
    ------
    InvalidInputError
        If a line is none; the error names its number.
    TooLargeError
        If there are more lines than ``limits.header_elements``.
    """
    # Only the ends of lines that editors make: splitlines() also parts at U+0085 and others,
    # which are text.
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > limits.header_elements:
        raise TooLargeError("header_elements", limits.header_elements, len(lines), "elements")
    edits = (parse_edit(line, f"line {number}") for number, line in enumerate(lines, 1))
    return [edit for edit in edits if edit is not None]


def parse_assignments(texts: Iterable[str], where: str = "--set") -> list[Edit]:
    """Return what each ``PATH=VALUE`` asks for.

    Raises
    ------
    InvalidInputError
        If one is none.
    """
    edits = []
    for text in texts:
        path, rest = parse_path(text, where)
        if not rest.lstrip().startswith("="):
            raise InvalidInputError(f"{where}: write PATH=VALUE")
        edits.append(make_edit(path, rest.lstrip()[1:].strip(), "", where))
    return edits


def parse_removals(texts: Iterable[str], where: str = "--remove") -> list[Edit]:
    """Return the edits that remove what each path names.

    Raises
    ------
    InvalidInputError
        If one is no path.
    """
    edits = []
    for text in texts:
        path, rest = parse_path(text, where)
        if rest.strip():
            raise InvalidInputError(f"{where}: only a keyword, tag or path can stand here")
        edits.append(make_edit(path, None, "", where))
    return edits


def parse_edit(line: str, where: str) -> Edit | None:
    """Return what one line asks for, None where it is blank or a comment.

    Raises
    ------
    InvalidInputError
        If it is no edit, or one that nobody may ask for; the error begins with ``where``.
    """
    line = line.strip()
    if not line or line.startswith("#"):
        return None
    command = _COMMAND.fullmatch(line)
    if command is not None:
        path, rest = parse_path(command["rest"], where)
        if command["command"] in "rR":
            if rest.strip():
                raise InvalidInputError(f"{where}: after r only a keyword, tag or path can stand")
            return make_edit(path, None, "", where)
        vr = _VR.fullmatch(rest)
        if vr is None:
            raise InvalidInputError(f"{where}: write {command['command']} gggg eeee VR VALUE")
        return make_edit(path, (vr["value"] or "").strip(), vr["vr"].upper(), where)
    path, rest = parse_path(line, where)
    if not rest.lstrip().startswith("="):
        raise InvalidInputError(f"{where}: write (gggg,eeee)=VALUE or KEYWORD=VALUE")
    return make_edit(path, rest.lstrip()[1:].strip(), "", where)


def parse_path(text: str, where: str) -> tuple[tuple[Step, ...], str]:
    """Return the path at the start of a text, and what follows it.

    Raises
    ------
    InvalidInputError
        If no path stands there.
    """
    text = text.lstrip()
    bare = _BARE_TAG.match(text)
    if bare is not None:
        tag = int(bare["group"], 16) << 16 | int(bare["element"], 16)
        return (Step(tag),), text[bare.end() :]
    steps: list[Step] = []
    while True:
        found = _STEP.match(text)
        if found is None:
            raise InvalidInputError(f"{where}: no keyword, (gggg,eeee) or path stands there")
        step = _step(found, where)
        text = text[found.end() :]
        item = _ITEM.match(text)
        if item is not None:
            number = EVERY_ITEM if item["number"] == "*" else int(item["number"])
            step = step._replace(item=number)
            text = text[item.end() :]
        steps.append(step)
        if item is None or not text.startswith("."):
            return tuple(steps), text
        text = text[1:]


def make_edit(path: tuple[Step, ...], text: str | None, vr: str, where: str) -> Edit:
    """Return the edit after checking what can be checked without a file.

    Raises
    ------
    InvalidInputError
        If the path leads through something else than sequences, the element may not be edited,
        the VR is another one than the standard's, or the value is none of its VR.
    """
    for step in path[:-1]:
        known = vr_of(step.tag)
        if not is_private(step.tag) and known not in ("SQ", "UN"):
            raise InvalidInputError(f"{where}: {name_of(step.tag)} is no sequence")
    last = path[-1]
    _check_allowed(last.tag, where)
    if last.item is not None and text is not None:
        raise InvalidInputError(f"{where}: after the Item an element must be named")
    edit = Edit(path, text, vr, where)
    if vr:
        _check_vr(edit)
    known = vr or _sure_vr(last)
    if text and known:
        problem = check_value(text, known)
        if problem:
            raise InvalidInputError(f"{where}: the value for {edit.name} {problem}")
    return edit


def _step(found: re.Match[str], where: str) -> Step:
    keyword = found["keyword"]
    if keyword:
        tag = tag_of(keyword)
        if tag is None:
            # One word that the caller typed; it cannot be an element's value.
            raise InvalidInputError(f"{where}: no attribute has the keyword {keyword[:64]!r}")
        return Step(tag)
    group = int(found["group"], 16) << 16
    if not found["creator"]:
        return Step(group | int(found["element"], 16))
    if not is_private(group):
        raise InvalidInputError(f"{where}: only odd groups have private creators")
    if not found["creator"].strip():
        raise InvalidInputError(f"{where}: the private creator has no name")
    return Step(group | int(found["low"], 16), found["creator"].strip())


def _check_allowed(tag: int, where: str) -> None:
    group = tag >> 16
    if group == 0x0002:
        raise InvalidInputError(f"{where}: the file meta (group 0002) follows from the data set")
    if group in _FORBIDDEN_GROUPS or group == 0xFFFF:
        raise InvalidInputError(f"{where}: elements of group {group:04X} cannot be edited")
    if not tag & 0xFFFF:
        raise InvalidInputError(f"{where}: group lengths follow from what they count")
    if group == _PIXEL_GROUP:
        raise InvalidInputError(f"{where}: pixel data cannot be edited")


def _check_vr(edit: Edit) -> None:
    tag, vr, where = edit.path[-1].tag, edit.vr, edit.where
    if vr not in _VRS:
        raise InvalidInputError(f"{where}: {vr} is no VR of PS3.5 6.2")
    known = vr_of(tag)
    is_known = not is_private(tag) and known != "UN"
    if is_known and vr not in (*known.split(" or "), "UN"):
        raise InvalidInputError(f"{where}: {edit.name} has the VR {known}, not {vr}")
    if is_private_creator(tag) and not edit.path[-1].creator and vr not in ("LO", "UN"):
        raise InvalidInputError(f"{where}: a private creator has the VR LO, not {vr}")


def _sure_vr(step: Step) -> str:
    """Return the VR that the element has in every file, ``""`` where that depends."""
    if step.creator:
        return ""
    vr = vr_of(step.tag)
    return "" if vr == "UN" or " or " in vr else vr
