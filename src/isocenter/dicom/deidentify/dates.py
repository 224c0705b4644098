"""Dates moved by whole days, and great ages made less telling.

Times of day stay, so that intervals stay exact.

References
----------
PS3.5 6.2 (AS, DA, DT), PS3.15 E.3.6 (Retain Longitudinal Temporal Information, Modified Dates).
"""

import re
from datetime import date, timedelta

# ``1999.12.31`` is the form of ACR-NEMA and of version 1 of the standard (PS3.5 6.2 note to DA).
_DATE = re.compile(r"(\d{4})\.?(\d{2})\.?(\d{2})")
_DATE_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?(\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?)?(.*)")
_AGE_YEARS_MAX = 89
_OFFSET = re.compile(r"(?:[+-]\d{4})?")


def shifted_date(text: str, days: int) -> str:
    """Return a DA value moved by so many days, ``""`` where it is no date."""
    found = _DATE.fullmatch(text.strip())
    return _moved(*found.groups(), days=days) if found else ""


def shifted_date_time(text: str, days: int) -> str:
    """Return a DT value moved by so many days, ``""`` where it is none.

    One of lower precision is moved from its first day on and cut to the same precision.
    """
    found = _DATE_TIME.fullmatch(text.strip())
    if found is None:
        return ""
    year, month, day, time, offset = found.groups()
    if not _OFFSET.fullmatch(offset):
        return ""
    moved = _moved(year, month or "01", day or "01", days=days)
    if not moved:
        return ""
    return moved[: 8 if day else 6 if month else 4] + (time or "") + offset


def _moved(year: str, month: str, day: str, *, days: int) -> str:
    try:
        moved = date(int(year), int(month), int(day)) + timedelta(days=days)
    except (ValueError, OverflowError):
        return ""
    return f"{moved:%Y%m%d}".rjust(8, "0")


def capped_ages(value: bytes) -> bytes:
    """Return AS values in which nobody is older than 90 years: the very old are few."""
    ages = value.rstrip(b"\0 ").split(b"\\")
    if not any(_is_great(age) for age in ages):
        return value
    return b"\\".join(b"090Y" if _is_great(age) else age for age in ages)


def _is_great(age: bytes) -> bool:
    return age[-1:] == b"Y" and age[:3].isdigit() and int(age[:3]) > _AGE_YEARS_MAX
