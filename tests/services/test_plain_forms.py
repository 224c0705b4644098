"""Archived bytes in the form that the header index reads."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian

from isocenter.errors import InvalidInputError
from isocenter.jobs.sandbox import Sandbox
from isocenter.limits import DEFAULT
from isocenter.services.derived_files import DerivedFiles
from isocenter.services.files import FileSource
from isocenter.services.plain_forms import PlainForms, local_file
from tests.builders import instance, to_bytes


@pytest.fixture
def forms(tmp_path: Path) -> Iterator[PlainForms]:
    with Sandbox(DEFAULT) as sandbox:
        yield PlainForms(DerivedFiles(tmp_path / "derived", 1 << 30), sandbox, DEFAULT)


def opened(path: Path, data: bytes) -> tuple[str, FileSource]:
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest(), FileSource(path)


def test_plain_bytes_are_their_own_form(forms: PlainForms, tmp_path: Path) -> None:
    key, source = opened(tmp_path / "a", to_bytes(instance()))

    with source, forms.open(key, source) as plain:
        assert plain.is_same
        assert plain.source is source
        assert plain.transfer_syntax_uid == "1.2.840.10008.1.2.1"


def test_deflated_bytes_get_a_copy_and_keep_their_name(forms: PlainForms, tmp_path: Path) -> None:
    dataset = instance(transfer_syntax_uid=DeflatedExplicitVRLittleEndian)
    key, source = opened(tmp_path / "a", to_bytes(dataset))

    with source, forms.open(key, source) as plain:
        assert not plain.is_same
        assert plain.transfer_syntax_uid == DeflatedExplicitVRLittleEndian
        assert plain.source.path is not None
        assert pydicom.dcmread(plain.source.path).PixelData == dataset.PixelData


def test_cut_bytes_are_said_to_be_cut(forms: PlainForms, tmp_path: Path) -> None:
    key, source = opened(tmp_path / "a", to_bytes(instance())[:-10])

    with source, forms.open(key, source) as plain:
        assert plain.is_cut


def test_nonsense_is_refused(forms: PlainForms, tmp_path: Path) -> None:
    key, source = opened(tmp_path / "a", b"nonsense")

    with source, pytest.raises(InvalidInputError), forms.open(key, source):
        pass


def test_bytes_that_are_in_no_file_get_one_for_a_while(tmp_path: Path) -> None:
    class Remote:
        size = 3
        path = None

        def read_at(self, offset: int, length: int) -> bytes:
            return b"abc"[offset : offset + length]

    with local_file(Remote(), tmp_path / "copy") as path:
        assert path.read_bytes() == b"abc"
    assert not path.exists()
