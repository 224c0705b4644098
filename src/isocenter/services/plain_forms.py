"""Archived bytes in the form that the header index reads: themselves, or a copy made plain.

What the index refuses (big endian, deflated, broken rules) is read by pydicom in a child process
with limits and written anew; the copy is kept for a while, what is archived stays as it came.
"""

import contextlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from isocenter.dicom.header_index import HeaderIndex, index_header, index_meta
from isocenter.dicom.part10 import transfer_syntax_of
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.uids import EXPLICIT
from isocenter.errors import InvalidInputError, IsocenterError, TruncatedError, UnusualEncodingError
from isocenter.jobs.sandbox import Sandbox
from isocenter.limits import Limits
from isocenter.services.derived_files import DerivedFiles
from isocenter.services.files import FileSource
from isocenter.services.sources import REWRITE

_CHUNK_BYTES = 1 << 20
_UID = re.compile(r"(?=.{1,64}\Z)[0-9]+(\.[0-9]+)*\Z")


class ByteFile(ByteSource, Protocol):
    """A ``ByteSource`` that may be a file."""

    @property
    def path(self) -> Path | None:
        """The file, ``None`` where bytes come from elsewhere."""


@dataclass(frozen=True, slots=True)
class PlainForm:
    """A form that the header index reads.

    Attributes
    ----------
    is_same
        Whether it is the archived bytes themselves.
    transfer_syntax_uid
        Of the archived bytes; ``""`` where they do not say it.
    is_cut
        Whether the archived bytes end too early.
    """

    source: ByteFile
    header: HeaderIndex
    is_same: bool
    transfer_syntax_uid: str
    is_cut: bool = False


class PlainForms:
    """Opens bytes for reading their header; safe for any number of threads.

    Parameters
    ----------
    files
        Where copies are kept.
    sandbox
        The child that makes them.
    """

    def __init__(self, files: DerivedFiles, sandbox: Sandbox, limits: Limits) -> None:
        self._files = files
        self._sandbox = sandbox
        self._limits = replace(
            limits, header_elements=min(limits.header_elements, limits.intake_elements)
        )

    @contextlib.contextmanager
    def open(self, key: str, source: ByteFile) -> Iterator[PlainForm]:
        """Give the plain form of bytes.

        Parameters
        ----------
        key
            Their SHA-256.

        Raises
        ------
        InvalidInputError
            If nothing can read them.
        TooLargeError, DeadlineExceededError
            If that passes a bound.
        """
        is_cut = False
        try:
            header = index_header(source, self._limits)
        except (UnusualEncodingError, TruncatedError) as error:
            is_cut = isinstance(error, TruncatedError)
        else:
            yield PlainForm(
                source, header, is_same=True, transfer_syntax_uid=transfer_syntax(header)
            )
            return
        with self.open_copy(key, source) as copy:
            header = index_header(copy, self._limits)
            stored = _stored_syntax(source, self._limits) or transfer_syntax(header)
            yield PlainForm(copy, header, is_same=False, transfer_syntax_uid=stored, is_cut=is_cut)

    def open_copy(self, key: str, source: ByteFile) -> FileSource:
        """Return the plain copy of bytes; the caller closes it.

        Raises
        ------
        InvalidInputError, TooLargeError, DeadlineExceededError
            As ``open`` does.
        """

        def make(target: Path) -> None:
            with local_file(source, target.with_suffix(".source")) as path:
                self._sandbox.transform(REWRITE, path, target)

        return self._files.open("plain", key, make=make)

    def forget(self, keys: Collection[str]) -> None:
        """Remove whatever was made from these bytes: plain copies, pictures, other encodings."""
        self._files.forget(keys)

    @contextlib.contextmanager
    def local_copy(self, source: ByteFile) -> Iterator[Path]:
        """Give bytes that are in no file as one, for as long as a child needs it."""
        with local_file(source, self._files.new_name()) as path:
            yield path


def transfer_syntax(header: HeaderIndex) -> str:
    """Return the Transfer Syntax UID that a header says or has; what is none counts as native."""
    try:
        uid = transfer_syntax_of(header)
    except InvalidInputError:
        return EXPLICIT
    return uid if _UID.match(uid) else EXPLICIT


def _stored_syntax(source: ByteSource, limits: Limits) -> str:
    """Return what bytes that the index refuses say of their encoding, ``""`` for nothing."""
    try:
        uid = index_meta(source, limits).transfer_syntax_uid
    except IsocenterError:
        return ""
    return uid if _UID.match(uid) else ""


@contextlib.contextmanager
def local_file(source: ByteFile, copy: Path) -> Iterator[Path]:
    """Give a file with these bytes: their own, or a copy for a while."""
    if source.path is not None:
        yield source.path
        return
    try:
        with copy.open("xb") as stream:
            for offset in range(0, source.size, _CHUNK_BYTES):
                stream.write(source.read_at(offset, _CHUNK_BYTES))
        yield copy
    finally:
        copy.unlink(missing_ok=True)
