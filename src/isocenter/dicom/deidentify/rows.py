"""One row of PS3.15 Table E.1-1, and the table read from its text."""

from typing import NamedTuple

from isocenter.dicom.deidentify.profile import Option

PRIVATE = "private"

# Letter in the generated table -> the option whose column it is.
_OPTIONS = {
    "u": Option.RETAIN_UIDS,
    "d": Option.RETAIN_DEVICE_IDENTITY,
    "i": Option.RETAIN_INSTITUTION_IDENTITY,
    "p": Option.RETAIN_PATIENT_CHARACTERISTICS,
    "f": Option.RETAIN_FULL_DATES,
    "m": Option.RETAIN_MODIFIED_DATES,
    "t": Option.CLEAN_DESCRIPTORS,
    "s": Option.CLEAN_STRUCTURED_CONTENT,
    "g": Option.CLEAN_GRAPHICS,
    "v": Option.RETAIN_SAFE_PRIVATE,
}


class Row(NamedTuple):
    """What happens to an attribute.

    Attributes
    ----------
    basic
        Action of the Basic Profile: X, Z, D, U, or several of them, as ``X/Z/D``.
    options
        What an option makes of it: ``K`` keep, ``C`` clean.
    """

    basic: str
    options: dict[Option, str]


def parse_rows(text: str) -> dict[str, Row]:
    """Return the rows by tag, eight hexadecimal digits, ``x`` for any digit."""
    rows = {}
    for line in text.splitlines():
        tag, basic, *changes = line.split()
        rows[tag] = Row(basic, {_OPTIONS[change[0]]: change[2] for change in changes})
    return rows
