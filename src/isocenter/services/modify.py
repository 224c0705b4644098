"""Change elements of files; pixels are copied as they are."""

from isocenter.dicom.edits import Edit, parse_assignments, parse_edits, parse_removals
from isocenter.dicom.modify import modify as modified
from isocenter.dicom.uids import BIG_ENDIAN, INFLATED
from isocenter.errors import InvalidInputError
from isocenter.services.files import FileSource
from isocenter.services.one_each import Bench, Made, Maker, Plan, Skipped, make_one_each
from isocenter.services.reports import Report, Work
from isocenter.services.sources import OpenedFile, read_option_text

_PLAN = Plan("modify", "Modifying", "_mod")
_SOP_INSTANCE_UID = 0x00080018
# Files at once for each job: they wait for the disk far longer than they compute
# (benchmarks/editing.py).
WAITING = 4


def modify(work: Work) -> Report:
    """Change elements of every file; report what became of it.

    Options: ``params`` (lines of edits), ``set`` (``PATH=VALUE``), ``remove`` (paths), made in
    this order; ``in_place``.

    Raises
    ------
    InvalidInputError
        If an edit is none, or there is none; the error names the line.
    NotFoundError, UnavailableError
        If the file of edits cannot be read.
    TooLargeError
        If there are more files than ``limits`` allow.
    CancelledError
        If the caller stops it; outputs that are complete stay.
    """
    edits = _edits(work)

    def new_maker(_: Bench) -> Maker:
        return _Modifier(edits, is_in_place=bool(work.options.get("in_place")))

    report = make_one_each(work, _PLAN, new_maker, workers=WAITING * work.jobs)
    sets_instance_uid = any(
        edit.path[-1].tag == _SOP_INSTANCE_UID and len(edit.path) == 1 for edit in edits
    )
    if sets_instance_uid and report.done > 1:
        report.warnings.append(
            f"{report.done} files now have the same SOP Instance UID; archives keep one of them"
        )
    return report


def _edits(work: Work) -> list[Edit]:
    edits = parse_edits(read_option_text(work.options.get("params"), work.limits), work.limits)
    edits += parse_assignments(_texts(work, "set"))
    edits += parse_removals(_texts(work, "remove"))
    if not edits:
        raise InvalidInputError("nothing is to be changed: no line, no assignment, no removal")
    return edits


def _texts(work: Work, name: str) -> list[str]:
    given = work.options.get(name) or ()
    assert isinstance(given, list | tuple), "an option of kind texts"
    return [str(text) for text in given]


class _Modifier:
    """Makes the modified file out of an opened one."""

    def __init__(self, edits: list[Edit], *, is_in_place: bool) -> None:
        self._edits = edits
        self._is_in_place = is_in_place

    def make(self, opened: OpenedFile) -> Made | Skipped:
        """Return the file after the edits."""
        result = modified(opened.header, opened.source, self._edits)
        if result.is_same and self._is_in_place:
            return Skipped("every element is as it shall be", is_unchanged=True)

        def open_source(_: int) -> FileSource:
            return FileSource(opened.source.path, opened.source.stamp)

        warnings = result.warnings
        if opened.transfer_syntax_uid in (BIG_ENDIAN, *INFLATED):
            warnings = (*warnings, "it was written in Explicit VR Little Endian, not deflated")
        return Made(result.pieces, open_source, warnings=warnings)

    def kill(self) -> None:
        """Do nothing: a header is done in milliseconds."""
