"""The parameters file of ``-a``: what is set on top of the profile, and what is blanked.

    (gggg,eeee)=VALUE             the element gets this value, no value clears it; what is not
                                  there is added; keywords and paths to nested elements work too
    gggg eeee [VR VALUE]          the same in the old form
    r LEFT TOP RIGHT BOTTOM       a rectangle, in pixels; ri: of single-frame, rv: of multi-frame

Blank lines and lines that begin with ``#`` say nothing. Comments behind a value belong to it.
``dicom/edits.py`` explains paths; each error names its line.
"""

import re
from typing import NamedTuple

from isocenter.dicom.deidentify.regions import Region, is_rectangle_line, parse_rectangle_line
from isocenter.dicom.edits import Edit, make_edit, parse_edit, parse_path
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT, Limits

_LEGACY = re.compile(
    r"(?P<tag>[0-9A-Fa-f]{4}\s+[0-9A-Fa-f]{4})(?:\s+(?P<vr>[A-Z]{2})(?:\s+(?P<value>.*))?)?",
    re.DOTALL,
)


class Parameters(NamedTuple):
    """What a parameters file asks for, in order."""

    edits: tuple[Edit, ...]
    regions: tuple[Region, ...]


def parse_parameters(text: str, limits: Limits = DEFAULT) -> Parameters:
    """Return what the text asks for.

    Raises
    ------
    InvalidInputError
        If a line is none of the forms; the error names its number, never its value.
    TooLargeError
        If there are more lines than ``limits.header_elements``.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > limits.header_elements:
        raise TooLargeError("header_elements", limits.header_elements, len(lines), "elements")
    edits: list[Edit] = []
    regions: list[Region] = []
    for number, line in enumerate(lines, 1):
        where = f"line {number}"
        if is_rectangle_line(line):
            regions.append(_region(line, where))
            continue
        edit = _legacy(line.strip(), where) or parse_edit(line, where)
        if edit is not None:
            edits.append(edit)
    return Parameters(tuple(edits), tuple(regions))


def _region(line: str, where: str) -> Region:
    try:
        return parse_rectangle_line(line)
    except InvalidInputError as error:
        raise InvalidInputError(f"{where}: {error}") from None


def _legacy(line: str, where: str) -> Edit | None:
    found = _LEGACY.fullmatch(line)
    if found is None:
        return None
    path, _ = parse_path(found["tag"], where)
    return make_edit(path, (found["value"] or "").strip(), found["vr"] or "", where)
