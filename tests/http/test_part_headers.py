"""Headers of parts, as browsers, curl, requests and .NET write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.errors import InvalidInputError
from isocenter.http.part_headers import (
    declared_boundary,
    found_boundary,
    read_parameters,
    read_part,
)


def name_of(disposition: str | bytes) -> str | None:
    raw = disposition.encode() if isinstance(disposition, str) else disposition
    return read_part({b"content-disposition": raw}).file_name


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('form-data; name="files"; filename="0000.dcm"', "0000.dcm"),
        ("form-data; name=files; filename=x.dcm; filename*=utf-8''x.dcm", "x.dcm"),
        (
            "form-data; name=files; filename=\"=?utf-8?B?w6QuZGNt?=\"; filename*=utf-8''%C3%A4.dcm",
            "ä.dcm",
        ),
        ('form-data; name=files; filename="=?utf-8?B?w6QuZGNt?="', "ä.dcm"),
        ('form-data; name=files; filename="=?utf-8?Q?=C3=A4.dcm?="', "ä.dcm"),
        ('form-data; name=files; filename="=?utf-8?B?broken?="', "=?utf-8?B?broken?="),
        (r'form-data; name="files"; filename="C:\\scans\\0000.dcm"', "0000.dcm"),
        (r'form-data; name="files"; filename="C:\scans\0000.dcm"', "0000.dcm"),
        ('form-data; name="files"; filename="../../etc/passwd"', "passwd"),
        (r'form-data; name="files"; filename="a\"b;c.dcm"', 'a"b;c.dcm'),
        ('form-data; name="files"; filename="ä.dcm"', "ä.dcm"),
        ('form-data; name="files"; filename="ä.dcm"'.encode("latin-1"), "ä.dcm"),
        ('form-data; name="files"; filename=""', ""),
        ("form-data; name=files; filename=x; filename*=utf-8''%ff", "x"),
        ("form-data; name=files; filename*=koi8-r''x", None),
        ('FORM-DATA ; NAME="files" ; FILENAME="x"', "x"),
    ],
)
def test_file_names_of_every_client_are_understood(disposition: str | bytes, name: str) -> None:
    assert name_of(disposition) == name


def test_folders_are_kept_for_showing() -> None:
    headers = {b"content-disposition": b'form-data; name=resource; filename="path/to/a.dcm"'}
    part = read_part(headers)
    assert (part.file_name, part.full_name) == ("a.dcm", "path/to/a.dcm")
    field = read_part({b"content-disposition": b"form-data; name=note"})
    assert field.full_name == ""


def test_a_part_without_a_file_name_is_a_field() -> None:
    part = read_part({b"content-disposition": b'form-data; name="note"'})
    assert (part.field, part.file_name) == ("note", None)


def test_the_media_type_of_a_part_is_said_without_parameters() -> None:
    headers = {
        b"content-disposition": b"form-data; name=files; filename=x",
        b"content-type": b"Text/Plain; charset=utf-8",
    }
    assert read_part(headers).media_type == "text/plain"


@pytest.mark.parametrize("disposition", [b"", b"attachment; name=x", b"form-data; filename=x"])
def test_a_part_that_names_no_field_is_refused(disposition: bytes) -> None:
    with pytest.raises(InvalidInputError, match="names no form field"):
        read_part({b"content-disposition": disposition})


@given(st.text(max_size=200))
def test_any_header_is_read_or_refused(text: str) -> None:
    read_parameters(text)


@given(st.binary(max_size=200))
def test_any_disposition_is_read_or_refused(raw: bytes) -> None:
    try:
        part = read_part({b"content-disposition": b"form-data; name=f; filename=" + raw})
    except InvalidInputError:
        return
    assert "/" not in (part.file_name or "")


def test_the_first_of_two_names_counts() -> None:
    assert name_of("form-data; name=f; filename=a; filename=b") == "a"


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"abc"),
        ('multipart/form-data; boundary="a b:c"', b"a b:c"),
        ("Multipart/Form-Data; charset=x; Boundary=abc", b"abc"),
        ("multipart/form-data", None),
    ],
)
def test_the_boundary_is_declared_in_the_content_type(
    content_type: str, boundary: bytes | None
) -> None:
    assert declared_boundary(content_type) == boundary


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/json",
        "multipart/mixed; boundary=a",
        "multipart/form-data; boundary=" + "a" * 71,
    ],
)
def test_what_is_no_form_is_refused(content_type: str) -> None:
    with pytest.raises(InvalidInputError):
        declared_boundary(content_type)


def test_a_missing_boundary_is_the_first_line_of_the_body() -> None:
    assert found_boundary(b"--abc\r\nContent-Disposition") == b"abc"
    assert found_boundary(b"--abc\nContent-Disposition") == b"abc"
    assert found_boundary(b"--ab") is None
    assert found_boundary(b"") is None


@pytest.mark.parametrize("body", [b"abc\r\n", b"--\r\n", b"--" + b"a" * 200, b'--a"b\r\n'])
def test_a_first_line_that_is_no_delimiter_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInputError, match="no boundary"):
        found_boundary(body)
