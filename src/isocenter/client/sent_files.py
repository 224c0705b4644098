"""Files as they are sent: de-identified where that is wished, hashed, named."""

import contextlib
import hashlib
import logging
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

import isocenter.client as doors
from isocenter.client.file_names import (
    DICOM,
    OCTETS,
    START_BYTES,
    Mung,
    display_name,
    guess_mimetype,
    is_other_kind,
)
from isocenter.client.given_files import GivenFile, Reader
from isocenter.client.scratch import new_scratch
from isocenter.errors import HeldBackError, InvalidInputError, NotDicomError
from isocenter.system_errors import safe_error

logger = logging.getLogger(__name__)

_READ_BYTES = 1 << 20


class Wish(NamedTuple):
    """How files shall be sent.

    Attributes
    ----------
    mimetype
        ``None``: as it is found.
    mung
        How many folders go into the name.
    deidentifier
        ``None``: they are sent as they are.
    """

    mimetype: str | None = None
    mung: Mung = None
    deidentifier: "doors.Deidentifier | None" = None


class SentFile(NamedTuple):
    """A file as it is sent; ``source`` is where it was, as far as that may be said."""

    name: str
    source: str
    mimetype: str
    sha256: str
    size_bytes: int
    open: Callable[[], Reader]


def prepare(given: GivenFile, wish: Wish, number: int, stack: contextlib.ExitStack) -> SentFile:
    """Return a file as it is sent: de-identified if that is wished, hashed, named.

    Parameters
    ----------
    number
        From 1 on, for a neutral name.
    stack
        Keeps what is made of the file.

    Raises
    ------
    HeldBackError
        If de-identification may not pass it on.
    InvalidInputError, NotSupportedError, NotFoundError, UnavailableError
        If it is not what it should be, or cannot be read.
    """
    name, source, opens = display_name(given.name, wish.mung), given.name, given.open
    with opens() as stream:
        start = stream.read(START_BYTES)
    kind = guess_mimetype(name, start)
    mimetype = wish.mimetype or kind
    if wish.deidentifier is not None and not is_other_kind(start):
        target = new_scratch(stack)
        became = _deidentified(wish.deidentifier, opens, target, name, kind)
        if became is not None:
            name = name if became.has_harmless_name else f"anon_{number:04d}.dcm"
            mimetype, source = DICOM, name

            def again() -> Reader:
                target.seek(0)
                return contextlib.nullcontext(target)

            opens = again
    sha256, size_bytes = _hashed(opens)
    return SentFile(name, source, mimetype, sha256, size_bytes, opens)


def _deidentified(
    deidentifier: "doors.Deidentifier",
    opens: Callable[[], Reader],
    target: BinaryIO,
    name: str,
    kind: str,
) -> "doors.Deidentification | None":
    """Write what may pass of a file; ``None``: it is surely no DICOM, by name and by content.

    What the caller says of its kind does not count, so that no DICOM file gets round it.

    Raises
    ------
    HeldBackError
        If nothing may pass, or it could be DICOM and cannot be read.
    InvalidInputError, NotSupportedError, TooLargeError
        If it cannot be de-identified.
    """
    try:
        with opens() as stream:
            became = deidentifier.write(stream, target, name)
    except HeldBackError:
        raise
    except InvalidInputError as error:
        if kind not in (DICOM, OCTETS):
            return None
        if isinstance(error, NotDicomError):
            sentence = "it is no DICOM file to be de-identified: send it without anonymize"
            raise HeldBackError(sentence) from None
        raise
    for sentence in became.warnings:
        logger.info("de-identified: %s", sentence)
    return became


def _hashed(opens: Callable[[], Reader]) -> tuple[str, int]:
    """Return SHA-256 and size."""
    digest, size_bytes = hashlib.sha256(), 0
    try:
        with opens() as stream:
            while data := stream.read(_READ_BYTES):
                digest.update(data)
                size_bytes += len(data)
    except OSError as error:
        raise safe_error(error) from None
    return digest.hexdigest(), size_bytes
