"""Convert files to another byte order, and between DICOM 3 and ACR-NEMA 2.0."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from isocenter.dicom.endianness import is_compressed, to_big_endian, to_little_endian
from isocenter.dicom.header_index import HeaderIndex
from isocenter.dicom.nema2 import is_nema2, is_whole_nema2, to_dicom3, to_nema2
from isocenter.dicom.streams import ByteSource, Piece
from isocenter.dicom.uids import BIG_ENDIAN, EXPLICIT
from isocenter.services.files import FileSource
from isocenter.services.modify import WAITING
from isocenter.services.one_each import Bench, Made, Maker, Plan, Skipped, make_one_each
from isocenter.services.reports import Report, Work
from isocenter.services.sources import OpenedFile


class _Converted(Protocol):
    """What the pure functions give back."""

    @property
    def pieces(self) -> Sequence[Piece]:
        """The new file; ranges count in the source."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Whole sentences for the user."""


class _Conversion(NamedTuple):
    """One way to convert.

    Attributes
    ----------
    already
        Why a file is so already, ``""`` where it is not.
    """

    plan: Plan
    already: Callable[[OpenedFile], str]
    convert: Callable[[HeaderIndex, ByteSource], _Converted]


def little_endian(work: Work) -> Report:
    """Write every file in Explicit VR Little Endian; report what became of it.

    Options: ``in_place``. Compressed files are little endian already.

    Raises
    ------
    InvalidInputError
        If the options contradict each other.
    TooLargeError
        If there are more files than ``limits`` allow.
    CancelledError
        If the caller stops it; outputs that are complete stay.
    """
    return _run(work, _LITTLE_ENDIAN)


def big_endian(work: Work) -> Report:
    """Write every native file in Explicit VR Big Endian; report what became of it.

    Options: ``in_place``.

    Raises
    ------
    InvalidInputError, TooLargeError, CancelledError
        As ``little_endian``.
    """
    return _run(work, _BIG_ENDIAN)


def nema2(work: Work) -> Report:
    """Write every native image as ACR-NEMA 2.0; report what became of it.

    Options: ``in_place``.

    Raises
    ------
    InvalidInputError, TooLargeError, CancelledError
        As ``little_endian``.
    """
    return _run(work, _NEMA2)


def dicom3(work: Work) -> Report:
    """Write every ACR-NEMA image as DICOM; report what became of it.

    Options: ``in_place``.

    Raises
    ------
    InvalidInputError, TooLargeError, CancelledError
        As ``little_endian``.
    """
    return _run(work, _DICOM3)


def _run(work: Work, conversion: _Conversion) -> Report:
    def new_maker(_: Bench) -> Maker:
        return _Converter(conversion)

    return make_one_each(work, conversion.plan, new_maker, workers=WAITING * work.jobs)


class _Converter:
    """Makes the converted file out of an opened one."""

    def __init__(self, conversion: _Conversion) -> None:
        self._conversion = conversion

    def make(self, opened: OpenedFile) -> Made | Skipped:
        """Return the file in the other form."""
        already = self._conversion.already(opened)
        if already:
            return Skipped(already, is_unchanged=True)
        result = self._conversion.convert(opened.header, opened.source)

        def open_source(_: int) -> FileSource:
            return FileSource(opened.source.path, opened.source.stamp)

        return Made(result.pieces, open_source, warnings=result.warnings)

    def kill(self) -> None:
        """Do nothing: a call ends with the header, pixels are copied by the caller."""


def _already_little(opened: OpenedFile) -> str:
    if opened.source.path != opened.path:
        return ""
    if is_compressed(opened.header):
        return "its compressed pixels are little endian already"
    is_explicit = opened.header.transfer_syntax_uid == EXPLICIT
    return "it is Explicit VR Little Endian already" if is_explicit else ""


def _already_big(opened: OpenedFile) -> str:
    is_big = opened.transfer_syntax_uid == BIG_ENDIAN and opened.header.has_preamble
    return "it is Explicit VR Big Endian already" if is_big else ""


def _already_nema2(opened: OpenedFile) -> str:
    return "it is ACR-NEMA 2.0 already" if is_whole_nema2(opened.header) else ""


def _already_dicom3(opened: OpenedFile) -> str:
    return "" if is_nema2(opened.header) else "it is DICOM 3 already"


_LITTLE_ENDIAN = _Conversion(
    Plan("convert_little_endian", "Converting", "_le"), _already_little, to_little_endian
)
_BIG_ENDIAN = _Conversion(
    Plan("convert_big_endian", "Converting", "_be"), _already_big, to_big_endian
)
_NEMA2 = _Conversion(Plan("convert_nema2", "Converting", "_nema2"), _already_nema2, to_nema2)
_DICOM3 = _Conversion(Plan("convert_dicom3", "Converting", "_dcm3"), _already_dicom3, to_dicom3)
