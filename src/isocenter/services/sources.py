"""DICOM files, opened and indexed; odd ones are rewritten in a limited child process first."""

import os
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.errors import InvalidInputError, NotFoundError, TooLargeError, UnusualEncodingError
from isocenter.jobs.sandbox import Sandbox, told_warnings
from isocenter.limits import DEFAULT, Limits
from isocenter.services.files import FileSource

REWRITE = "isocenter.dicom.rewrite:rewrite"


class OpenedFile(NamedTuple):
    """A DICOM file whose header is indexed.

    Attributes
    ----------
    path
        The file as it was found.
    source
        Where the offsets of ``header`` point; a rewritten copy in the scratch folder if the
        file is unusual (then ``source.path`` is another than ``path``).
    transfer_syntax_uid
        Of the file as it was found.
    warnings
        Sentences about what was odd.
    """

    path: Path
    source: FileSource
    header: HeaderIndex
    transfer_syntax_uid: str
    warnings: tuple[str, ...] = ()

    def close(self) -> None:
        """Close the source."""
        self.source.close()


def open_dicom(path: Path, sandbox: Sandbox, scratch: Path, limits: Limits = DEFAULT) -> OpenedFile:
    """Return the indexed file; what the index refuses is rewritten into ``scratch`` first.

    Raises
    ------
    InvalidInputError
        If it is no DICOM file, is truncated, or nothing can read it.
    NotFoundError, UnavailableError
        If it cannot be opened.
    TooLargeError, DeadlineExceededError
        If it passes a bound.
    """
    source = FileSource(path)
    try:
        header = index_header(source, limits)
    except UnusualEncodingError:
        source.close()
        return open_rewritten(path, sandbox, scratch, limits)
    except BaseException:
        source.close()
        raise
    return OpenedFile(path, source, header, header.transfer_syntax_uid)


def open_rewritten(
    path: Path, sandbox: Sandbox, scratch: Path, limits: Limits = DEFAULT
) -> OpenedFile:
    """Return the file as pydicom reads it, written anew into ``scratch`` and indexed.

    Describing actions also call it for a truncated file, to show what is there.

    Raises
    ------
    InvalidInputError
        If pydicom cannot read it either.
    DeadlineExceededError, UnavailableError
        If reading takes too long or the scratch folder is full.
    """
    target = scratch / f"{os.urandom(8).hex()}.dcm"
    facts = sandbox.transform(REWRITE, path, target)
    source = FileSource(target)
    try:
        header = index_header(source, limits)
    except BaseException:
        source.close()
        raise
    uid = str(facts.get("transfer_syntax_uid", ""))
    return OpenedFile(path, source, header, uid, told_warnings(facts))


def read_option_text(value: object, limits: Limits = DEFAULT) -> str:
    """Return the text of an option of kind ``file``: that of the file, or the text itself.

    Raises
    ------
    InvalidInputError
        If the file is no text in UTF-8.
    TooLargeError
        If it is larger than a file of parameters is.
    NotFoundError, UnavailableError
        If it cannot be read.
    """
    if not isinstance(value, Path):
        return str(value or "")
    try:
        opened = FileSource(value)
    except NotFoundError:
        raise NotFoundError("there is no such file of parameters") from None
    with opened as source:
        if source.size > limits.parameters_bytes:
            raise TooLargeError("parameters_bytes", limits.parameters_bytes, source.size, "bytes")
        data = source.read_at(0, source.size)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInputError("the file of parameters is no text in UTF-8") from None
