"""Names and types of uploaded files."""

import pytest

from isocenter.errors import InvalidInputError
from isocenter.services.resource_kinds import (
    LABELS_MAX,
    NAME_CHARACTERS_MAX,
    checked_labels,
    checked_text,
    claims_dicom,
    display_name,
    is_dicom_by_prefix,
    mimetype_of,
    plain_text,
)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("dicom.dcm", "dicom.dcm"),
        ("path%2Fto%2Fdicom.dcm", "path/to/dicom.dcm"),
        ("C%3A%5Cscans%5Cx.png", "C:\\scans\\x.png"),
        ("R%C3%B6ntgen%20%231.png", "Röntgen #1.png"),
        ("50%.png", "50%.png"),
        ("a\x00b\r\nc\u2028d.png", "abcd.png"),
        ("%00%0a", "file"),
        ("   ", "file"),
        ("%FF.dcm", "\ufffd.dcm"),
        ("../../etc/passwd", "../../etc/passwd"),
    ],
)
def test_names_are_shown_decoded_and_printable(given: str, shown: str) -> None:
    assert display_name(given) == shown


def test_a_name_that_is_too_long_keeps_its_end() -> None:
    name = display_name("x" * 100_000 + ".dcm")
    assert len(name) == NAME_CHARACTERS_MAX
    assert name.endswith(".dcm")


@pytest.mark.parametrize(
    ("head", "name", "types", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "x", (), "image/png"),
        (b"\xff\xd8\xff\xe0", "x.png", ("application/octet-stream",), "image/jpeg"),
        (b"", "scan.nii.gz", (), "application/nifti"),
        (b"", "scan.nii.gz", ("application/gzip",), "application/gzip"),
        (b"\x1f\x8b", "a.tar.gz", (), "application/octet-stream"),
        (b"\x00\x00\x00\x18ftypmp42", "v", ("",), "video/mp4"),
        (b"GIF89a", "v.mp4", (" Video/MP4 ",), "video/mp4"),
        (b"hello", "a/b.txt", ("no type",), "text/plain"),
        (b"hello", "x.dcm", ("application/dicom",), "application/octet-stream"),
        (b"", "", ("text/html; charset=utf-8",), "application/octet-stream"),
        (b"BM", "x", ("a/b\r\nX: y",), "image/bmp"),
    ],
)
def test_the_type_is_what_is_said_then_what_is_seen(
    head: bytes, name: str, types: tuple[str, ...], kind: str
) -> None:
    assert mimetype_of(head, name, *types) == kind


def test_dicom_is_known_by_its_prefix_or_claimed() -> None:
    assert is_dicom_by_prefix(bytes(128) + b"DICM")
    assert not is_dicom_by_prefix(b"DICM")
    assert claims_dicom("A.DCM")
    assert claims_dicom("a", "", "application/dicom")
    assert not claims_dicom("a.png", "image/png")


def test_values_of_headers_are_made_plain() -> None:
    assert plain_text(" A\x00\ud800B ") == "AB"
    assert plain_text("\x00") is None
    assert plain_text("x" * 1000) == "x" * 256


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "x" * 257, "\x7f"])
def test_texts_that_cannot_be_shown_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="a channel has 1 to 256 printable characters"):
        checked_text(text, "channel")


def test_labels_are_kept_once_in_their_order() -> None:
    assert checked_labels([" b", "a", "b "]) == ["b", "a"]
    with pytest.raises(InvalidInputError, match="at most 1000 labels"):
        checked_labels([str(number) for number in range(LABELS_MAX + 1)])
