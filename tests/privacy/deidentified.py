"""Files de-identified inside the test's own process, without names, reports and child processes.

What is odd is rewritten in a child process first, as everywhere.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.deidentify.apply import deidentify
from isocenter.dicom.deidentify.identifiers import actions_of, collect
from isocenter.dicom.deidentify.profile import Profile
from isocenter.dicom.deidentify.self_check import Hit, check
from isocenter.dicom.streams import BytesSource, read_pieces
from isocenter.errors import IsocenterError
from isocenter.jobs.sandbox import Sandbox
from isocenter.services.sources import OpenedFile, open_dicom

KEY = bytes(range(32))


class Result(NamedTuple):
    """What became of one file: its new bytes, or the reason why there are none."""

    path: Path
    data: bytes
    hits: tuple[Hit, ...]
    reason: str


def results(paths: list[Path], profile: Profile, scratch: Path) -> Iterator[Result]:
    """Yield what becomes of each file."""
    scratch.mkdir(exist_ok=True)
    with Sandbox() as sandbox:
        for path in paths:
            try:
                opened = open_dicom(path, sandbox, scratch)
            except IsocenterError as error:
                yield Result(path, b"", (), str(error))
                continue
            try:
                yield _result(opened, profile)
            finally:
                opened.close()


def _result(opened: OpenedFile, profile: Profile) -> Result:
    try:
        made = deidentify(opened.header, opened.source, profile)
    except IsocenterError as error:
        return Result(opened.path, b"", (), str(error))
    data = b"".join(read_pieces(made.pieces, [opened.source]))
    identifiers = collect(opened.header, actions_of(profile))
    hits = check(BytesSource(data), identifiers)
    return Result(opened.path, data, hits, "")
