import contextlib
import hashlib
from pathlib import Path

import pytest

from isocenter.client import Deidentifier, Wishes
from isocenter.client.given_files import open_item
from isocenter.client.sent_files import SentFile, Wish, prepare
from isocenter.errors import HeldBackError, NotFoundError
from tests import builders


def sent(path: Path, wish: Wish) -> tuple[SentFile, bytes]:
    with contextlib.ExitStack() as stack:
        ready = prepare(open_item(path, stack), wish, 7, stack)
        with ready.open() as first:
            data = first.read()
        with ready.open() as second:
            assert second.read() == data
    assert ready.sha256 == hashlib.sha256(data).hexdigest()
    assert ready.size_bytes == len(data)
    return ready, data


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    (dataset,) = builders.series(1)
    dataset.PatientName = "Zauberberg^Hans"
    path = tmp_path / "Zauberberg" / "1.dcm"
    path.parent.mkdir()
    path.write_bytes(builders.to_bytes(dataset))
    return path


@pytest.fixture
def deidentifier(tmp_path: Path) -> Deidentifier:
    return Deidentifier(Wishes(key_file=tmp_path / "pseudonyms.key"))


def test_a_file_is_sent_as_it_is_unless_wished_otherwise(dicom: Path) -> None:
    ready, data = sent(dicom, Wish())

    assert data == dicom.read_bytes()
    assert (ready.name, ready.source, ready.mimetype) == ("1.dcm", str(dicom), "application/dicom")


def test_its_kind_and_name_are_as_wished(dicom: Path) -> None:
    ready, _ = sent(dicom, Wish("application/x-own", 1))

    assert (ready.name, ready.mimetype) == ("Zauberberg_1.dcm", "application/x-own")


def test_a_deidentified_file_says_nowhere_where_it_was(
    dicom: Path, deidentifier: Deidentifier
) -> None:
    ready, data = sent(dicom, Wish(None, None, deidentifier))
    munged, _ = sent(dicom, Wish(None, 1, deidentifier))

    assert b"Zauberberg" not in data
    assert (ready.name, ready.source) == ("1.dcm", "1.dcm")
    assert (munged.name, munged.source) == ("anon_0007.dcm", "anon_0007.dcm")


def test_what_could_be_dicom_and_cannot_be_read_is_held_back(
    tmp_path: Path, deidentifier: Deidentifier
) -> None:
    (tmp_path / "a").write_bytes(b"what is this")
    (tmp_path / "b.dcm").write_bytes(b"and what is that")
    (tmp_path / "c.csv").write_bytes(b"a,b")
    wish = Wish(None, None, deidentifier)

    for name in ("a", "b.dcm"):
        with pytest.raises(HeldBackError, match="no DICOM file"):
            sent(tmp_path / name, wish)
    assert sent(tmp_path / "c.csv", wish)[1] == b"a,b"


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        sent(tmp_path / "none", Wish())
