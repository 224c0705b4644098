"""Errors of the system in our own words."""

import errno

import pytest

from isocenter.system_errors import is_of_machine, safe_error


def test_safe_errors_hold_no_path() -> None:
    error = PermissionError(13, "Permission denied", "/home/CANARY")

    assert str(safe_error(error)) == "no permission"
    assert str(safe_error(OSError(19, "odd", "/home/CANARY"))) == "the system refused it (ENODEV)"
    assert "unknown" in str(safe_error(OSError("no number")))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, 9999])
def test_failures_of_the_machine_are_told_from_their_sentence(number: int) -> None:
    sentence = str(safe_error(OSError(number, "secret")))

    assert is_of_machine(sentence)
    assert is_of_machine(f"not copied: {sentence}")


@pytest.mark.parametrize("number", [errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP])
def test_failures_of_a_name_are_none_of_the_machine(number: int) -> None:
    assert not is_of_machine(str(safe_error(OSError(number, "secret"))))


def test_failures_of_a_file_are_none_of_the_machine() -> None:
    assert not is_of_machine("not a DICOM file: no DICOM prefix and no readable Data Set")
    assert not is_of_machine("")
