"""The header of one file as rows, for tables on a screen."""

import itertools
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.describe import HeaderRow, header_rows
from isocenter.jobs.sandbox import Sandbox
from isocenter.limits import DEFAULT, Limits
from isocenter.services.scratch import scratch_folder
from isocenter.services.sources import open_dicom

ROWS_MAX = 20_000


class HeaderView(NamedTuple):
    """Rows of a header; ``is_cut`` where there are more of them."""

    rows: list[HeaderRow]
    is_cut: bool
    warnings: tuple[str, ...]


def read_header(path: Path, limits: Limits = DEFAULT, *, rows_max: int = ROWS_MAX) -> HeaderView:
    """Return the first rows of the header of a DICOM file.

    An odd file is read by pydicom in a child process with limits; all others are walked here.

    Raises
    ------
    InvalidInputError
        If it is no DICOM file, or damaged.
    TooLargeError, DeadlineExceededError
        If it passes a bound.
    """
    bounded = replace(limits, header_elements=min(limits.header_elements, limits.intake_elements))
    with scratch_folder() as scratch, Sandbox(limits) as sandbox:
        opened = open_dicom(path, sandbox, scratch, bounded)
        try:
            found = header_rows(opened.header, opened.transfer_syntax_uid)
            rows = list(itertools.islice(found, rows_max + 1))
        finally:
            opened.close()
    return HeaderView(rows[:rows_max], len(rows) > rows_max, opened.warnings)
