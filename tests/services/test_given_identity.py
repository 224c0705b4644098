from pathlib import Path

import pytest

from isocenter.dicom.given_identity import STUDY_INSTANCE_UID, given_identity
from isocenter.errors import InvalidInputError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.given_identity import read_given
from tests.builders import instance, write


def test_values_and_template_are_read(tmp_path: Path) -> None:
    source = instance()
    write(source, tmp_path / "template.dcm")
    options = {"set": ["PatientID=7"], "template": tmp_path / "template.dcm"}

    given = read_given(options, tmp_path, DEFAULT)

    assert given.text(STUDY_INSTANCE_UID) == source.StudyInstanceUID
    assert given.elements[0x00100020] == given_identity(["PatientID=7"]).elements[0x00100020]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\n "])
def test_a_json_template_is_read_from_a_file_or_as_text(mark: bytes, tmp_path: Path) -> None:
    text = '{"PatientName": "Müller^Jörg"}'
    (tmp_path / "t.json").write_bytes(mark + text.encode())

    from_file = read_given({"template": tmp_path / "t.json"}, tmp_path, DEFAULT)
    from_text = read_given({"template": text}, tmp_path, DEFAULT)

    assert from_file == from_text == given_identity(["PatientName=Müller^Jörg"])


def test_nothing_given_is_nothing() -> None:
    assert read_given({"template": None}, Path(), DEFAULT).elements == {}


@pytest.mark.parametrize("content", [b"", b"hello", b"{", b"[1]"])
def test_templates_without_sense_are_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(content)

    with pytest.raises(InvalidInputError, match="template"):
        read_given({"template": tmp_path / "t"}, tmp_path, DEFAULT)


def test_templates_that_are_missing_or_too_large_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no such file"):
        read_given({"template": tmp_path / "t"}, tmp_path, DEFAULT)
    (tmp_path / "t").write_bytes(b"{" + b" " * 100 + b"}")
    with pytest.raises(InvalidInputError, match="template_bytes"):
        read_given({"template": tmp_path / "t"}, tmp_path, Limits(template_bytes=99))
