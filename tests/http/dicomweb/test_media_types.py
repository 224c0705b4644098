"""Media types and transfer syntaxes of Frames."""

import pytest

from isocenter.http.dicomweb.media_types import (
    frame_forms,
    frame_syntax,
    media_type_of,
    usual_syntax,
)
from isocenter.http.dicomweb.negotiation import Form, Wish

_EXPLICIT = "1.2.840.10008.1.2.1"
_LOSSLESS = "1.2.840.10008.1.2.4.70"
_LOSSY = "1.2.840.10008.1.2.4.50"
_JPEG_2000 = "1.2.840.10008.1.2.4.90"


@pytest.mark.parametrize(
    ("kind", "wanted", "stored", "expected"),
    [
        ("application/octet-stream", "", _JPEG_2000, _EXPLICIT),
        ("application/octet-stream", "*", _JPEG_2000, "*"),
        ("image/jp2", "", _JPEG_2000, "*"),
        ("image/jp2", "*", _JPEG_2000, "*"),
        ("image/jp2", "*", _EXPLICIT, None),
        ("image/jp2", "", _EXPLICIT, _JPEG_2000),
        ("image/jp2", _LOSSLESS, _EXPLICIT, None),
        ("image/jpeg", "", _LOSSY, "*"),
        ("image/jpeg", _LOSSLESS, _LOSSY, _LOSSLESS),
    ],
)
def test_a_wish_means_a_transfer_syntax(
    kind: str, wanted: str, stored: str, expected: str | None
) -> None:
    assert frame_syntax(Wish(Form(kind), wanted), stored) == expected
    assert frame_syntax(Wish(Form("multipart/related", kind), wanted), stored) == expected


def test_what_lost_something_is_sent_as_it_is() -> None:
    assert usual_syntax(_LOSSY) == "*"
    assert usual_syntax("1.2.840.10008.1.2.4.102") == "*"
    assert usual_syntax(_JPEG_2000) == _EXPLICIT


def test_single_parts_are_for_single_frames() -> None:
    assert all(form.related_type for form in frame_forms(_EXPLICIT, is_single=False))
    assert Form("image/jp2") in frame_forms(_EXPLICIT, is_single=True)
    assert frame_forms(_LOSSY, is_single=False)[0].related_type == "image/jpeg"


def test_rle_has_its_registered_name() -> None:
    assert media_type_of("1.2.840.10008.1.2.5") == "image/dicom-rle"
    assert media_type_of(_EXPLICIT) == "application/octet-stream"
