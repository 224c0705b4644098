import io
import os
from pathlib import Path

import pytest
from pydicom import dcmread, dcmwrite
from pydicom.uid import ExplicitVRBigEndian

from isocenter.errors import (
    InvalidInputError,
    NotDicomError,
    TooLargeError,
    TruncatedError,
)
from isocenter.jobs.sandbox import Sandbox
from isocenter.limits import Limits
from isocenter.services.sources import (
    open_dicom,
    open_rewritten,
    read_option_text,
)
from tests.builders import instance, write


def test_an_ordinary_file_is_opened_without_a_child(tmp_path: Path) -> None:
    path = tmp_path / "a.dcm"
    dataset = instance()
    write(dataset, path)

    with Sandbox() as sandbox:
        opened = open_dicom(path, sandbox, tmp_path)

    assert opened.path == opened.source.path == path
    assert opened.transfer_syntax_uid == dataset.file_meta.TransferSyntaxUID
    assert opened.header.dataset.value(0x00080018).rstrip(b"\0").decode() == dataset.SOPInstanceUID
    assert opened.warnings == ()
    opened.close()
    assert opened.source.fd == -1


def test_a_big_endian_file_is_rewritten_into_the_scratch_folder(tmp_path: Path) -> None:
    path, scratch = tmp_path / "a.dcm", tmp_path / "scratch"
    scratch.mkdir()
    dataset = instance()
    plain = io.BytesIO()
    dcmwrite(plain, dataset, enforce_file_format=True)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dataset["PixelData"].VR = "OW"
    dataset.PixelData = swap(dataset.PixelData)
    dcmwrite(path, dataset, enforce_file_format=True, little_endian=False, implicit_vr=False)
    before = path.read_bytes()

    with Sandbox() as sandbox:
        opened = open_dicom(path, sandbox, scratch)

    assert opened.path == path
    assert opened.source.path.parent == scratch
    assert opened.transfer_syntax_uid == ExplicitVRBigEndian
    plain.seek(0)
    assert dcmread(opened.source.path).PixelData == dcmread(plain).PixelData
    assert path.read_bytes() == before
    opened.close()


def swap(data: bytes) -> bytes:
    swapped = bytearray(data)
    swapped[::2], swapped[1::2] = data[1::2], data[::2]
    return bytes(swapped)


def test_junk_is_no_dicom(tmp_path: Path) -> None:
    path = tmp_path / "readme.txt"
    path.write_text("hello")

    with Sandbox() as sandbox, pytest.raises(NotDicomError):
        open_dicom(path, sandbox, tmp_path)


def test_an_empty_file_is_no_dicom(tmp_path: Path) -> None:
    path = tmp_path / "empty.dcm"
    path.touch()

    with Sandbox() as sandbox, pytest.raises(NotDicomError):
        open_dicom(path, sandbox, tmp_path)


def test_a_truncated_file_is_told_and_still_readable_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.dcm"
    dataset = instance()
    write(dataset, path)
    os.truncate(path, path.stat().st_size - 20)

    with Sandbox() as sandbox:
        with pytest.raises(TruncatedError):
            open_dicom(path, sandbox, tmp_path)
        opened = open_rewritten(path, sandbox, tmp_path)

    assert opened.header.dataset.value(0x00100010).rstrip().decode() == str(dataset.PatientName)
    opened.close()


def test_text_of_an_option_comes_from_a_file_or_is_given(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes("\ufeff(0010,0010)=Müller".encode())

    assert read_option_text(path) == "(0010,0010)=Müller"
    assert read_option_text("(0010,0010)=X") == "(0010,0010)=X"
    assert read_option_text(None) == ""


def test_a_file_of_parameters_is_text_of_some_size(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(InvalidInputError, match="UTF-8"):
        read_option_text(path)
    with pytest.raises(TooLargeError):
        read_option_text(path, Limits(parameters_bytes=1))
