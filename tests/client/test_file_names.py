import pytest

from isocenter.client.file_names import Mung, display_name, guess_mimetype, is_other_kind
from isocenter.errors import InvalidInputError


@pytest.mark.parametrize(
    ("mung", "name"),
    [
        (None, "dicom.dcm"),
        ("all", "path_to_dicom.dcm"),
        (0, "dicom.dcm"),
        (1, "to_dicom.dcm"),
        (2, "path_to_dicom.dcm"),
        (9, "path_to_dicom.dcm"),
        ([1], "path_dicom.dcm"),
        ([2], "to_dicom.dcm"),
        ([1, 2], "path_to_dicom.dcm"),
        ([3], "dicom.dcm"),
        ([], "dicom.dcm"),
    ],
)
def test_folders_go_into_the_name_as_documented(mung: Mung, name: str) -> None:
    assert display_name("path/to/dicom.dcm", mung) == name
    assert display_name("/path/to/dicom.dcm", mung) == name


def test_a_way_up_leads_nowhere() -> None:
    assert display_name("../../a/../x.dcm", "all") == "____x.dcm"


@pytest.mark.parametrize("mung", ["some", -1, [0]])
def test_other_wishes_are_refused(mung: Mung) -> None:
    with pytest.raises(InvalidInputError, match="mung_filename"):
        display_name("a/b", mung)


@pytest.mark.parametrize(
    ("name", "start", "mimetype"),
    [
        ("a", b"\0" * 128 + b"DICM", "application/dicom"),
        ("a.png", b"\0" * 128 + b"DICM", "application/dicom"),
        ("a.dcm", b"", "application/dicom"),
        ("a.NII.GZ", b"\x1f\x8b", "application/nifti"),
        ("a.nifti", b"", "application/nifti"),
        ("a", b"\x89PNG", "image/png"),
        ("a.mp4", b"", "video/mp4"),
        ("a", b"\0\0\0\x20ftypisom", "video/mp4"),
        ("a.npy", b"", "application/x-npy"),
        ("a.json", b"{", "application/json"),
        ("a", b"", "application/octet-stream"),
    ],
)
def test_a_kind_is_found_by_content_and_by_name(name: str, start: bytes, mimetype: str) -> None:
    assert guess_mimetype(name, start) == mimetype


def test_other_kinds_are_known_by_their_first_bytes_alone() -> None:
    assert is_other_kind(b"\x89PNG")
    assert is_other_kind(b"\0\0\0\x20ftypisom")
    assert not is_other_kind(b"II*\0" + b"\0" * 124 + b"DICM")
    assert not is_other_kind(b"{}")
