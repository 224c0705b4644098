"""Tesseract, where it is installed, as a help to find text in pictures; never a guarantee.

It reads a picture that we have made, in a process of its own with a deadline, and tells words
with places over a pipe. It gets no environment and no terminal.
"""

import os
import shutil
import subprocess
from pathlib import Path

from isocenter.dicom.deidentify.text_regions import FoundText, parse_found_text
from isocenter.errors import DeadlineExceededError, InvalidInputError, UnavailableError
from isocenter.limits import DEFAULT, Limits

_PROGRAM = "tesseract"
# Sparse text: words anywhere, in no order, as they stand in images.
_SPARSE = ("--psm", "11")
_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def find_text_reader() -> str:
    """Return the path of the program.

    Raises
    ------
    UnavailableError
        If it is not installed.
    """
    program = shutil.which(_PROGRAM)
    if program is None:
        raise UnavailableError("text can be looked for only where Tesseract is installed")
    return program


def read_text(program: str, picture: Path, limits: Limits = DEFAULT) -> list[FoundText]:
    """Return the words that the program finds in a picture.

    Parameters
    ----------
    program
        As ``find_text_reader`` gives it.
    picture
        PNG.

    Raises
    ------
    InvalidInputError
        If the program fails on the picture, or tells nothing sensible.
    DeadlineExceededError
        After ``limits.child_seconds``; the program was killed.
    UnavailableError
        If it cannot be started.
    """
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment["OMP_THREAD_LIMIT"] = "1"  # several files are read side by side
    try:
        done = subprocess.run(  # noqa: S603 - a program that the user installed, our own arguments
            [program, str(picture), "stdout", *_SPARSE, "tsv"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=limits.child_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DeadlineExceededError(limits.child_seconds) from None
    except OSError as error:
        raise UnavailableError(f"no program for reading text: {error.strerror}") from None
    if done.returncode or len(done.stdout) > limits.child_answer_bytes:
        raise InvalidInputError("the program for reading text failed on the picture")
    return parse_found_text(done.stdout.decode("utf-8", "replace"))
