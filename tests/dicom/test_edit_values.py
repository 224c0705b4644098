"""Typed values: which are of their VR (PS3.5 6.2), and their bytes, against pydicom's writer."""

from struct import pack

import pytest
from pydicom import DataElement
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element

from isocenter.dicom.edit_values import check_value, encode_binary, is_binary, split_values


@pytest.mark.parametrize(
    ("vr", "text"),
    [
        ("AE", "STATION 1"),
        ("AS", "045Y"),
        ("AT", "(0018,1063)\\00280009"),
        ("CS", "ORIGINAL\\PRIMARY\\\\M"),
        ("DA", "20240229"),
        ("DS", "1.5\\-2e3\\+.5"),
        ("DT", "20240131101500.123456+0100"),
        ("DT", "2024"),
        ("FD", "1e300"),
        ("IS", "-12"),
        ("LO", "Köln \\ Bonn"),
        ("LT", "two\r\nlines\twith a \\ backslash"),
        ("PN", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("SQ", "121320^DCM^Uncompressed predecessor"),
        ("SV", "-9223372036854775808"),
        ("TM", "235960.5"),
        ("UC", "x" * 5000),
        ("UI", "1.2.840.10008.1.2"),
        ("UL", "4294967295"),
        ("UR", "https://example.org/a?b=c"),
        ("US", "0x00fF\\7\\007"),
        ("OB", "00\\fF"),
        ("OW", "0001\\fFfF"),
    ],
)
def test_values_of_their_vr_are_accepted(vr: str, text: str) -> None:
    assert check_value(text, vr) == ""
    assert check_value("", vr) == ""


@pytest.mark.parametrize(
    ("vr", "text"),
    [
        ("AE", "A STATION OF 17 CH"),
        ("AS", "45Y"),
        ("AT", "Rows"),
        ("CS", "lower"),
        ("CS", "A VALUE OF 17 CHA"),
        ("DA", "20230229"),
        ("DA", "2024.01.31"),
        ("DS", "1,5"),
        ("DS", "1.2345678901234567"),
        ("DS", "nan"),
        ("DS", "1_0"),
        ("DT", "20241301"),
        ("DT", "20240131251500"),
        ("DT", "202401311"),
        ("FL", "1e39"),
        ("FD", "1e309"),
        ("IS", "1.5"),
        ("LO", "x" * 65),
        ("LO", "a\tb"),
        ("LO", "a\x1bb"),
        ("PN", "a=b=c=d"),
        ("PN", "a^b^c^d^e^f"),
        ("PN", "x" * 65),
        ("SH", "x" * 17),
        ("SQ", "Chest"),
        ("SS", "32768"),
        ("TM", "2400"),
        ("TM", "1260"),
        ("UI", "1..2"),
        ("UI", "1." + "2" * 63),
        ("UL", "-1"),
        ("UR", "a b"),
        ("US", "65536"),
        ("US", "1.0"),
        ("US", "1\\\\2"),
        ("US", "٣"),
        ("OB", "0"),
        ("OB", "0001"),
    ],
)
def test_other_values_are_refused(vr: str, text: str) -> None:
    assert check_value(text, vr) != ""


@pytest.mark.parametrize(
    ("vr", "text", "value"),
    [
        ("AT", "(0018,1063)\\00280009", [0x00181063, 0x00280009]),
        ("FL", "1.5", 1.5),
        ("FD", "-2.25\\1e300", [-2.25, 1e300]),
        ("SL", "-70000", -70000),
        ("SS", "-2\\3", [-2, 3]),
        ("SV", "-9", -9),
        ("UL", "0x12345678", 0x12345678),
        ("US", "1\\0010\\65535", [1, 10, 65535]),
        ("UV", "18446744073709551615", 18446744073709551615),
        ("OB", "01\\FE", b"\1\xfe"),
        ("OW", "0102\\fffe", pack("<HH", 0x0102, 0xFFFE)),
        ("OL", "01020304", pack("<L", 0x01020304)),
        ("OV", "0102030405060708", pack("<Q", 0x0102030405060708)),
        ("OF", "1.5", pack("<f", 1.5)),
        ("OD", "1.5", pack("<d", 1.5)),
    ],
)
def test_binary_values_are_those_that_pydicom_writes(vr: str, text: str, value: object) -> None:
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, True
    write_data_element(stream, DataElement(0x00091001, vr, value))

    assert is_binary(vr)
    assert check_value(text, vr) == ""
    assert encode_binary(text, vr) == stream.getvalue()[8:]
    assert encode_binary("", vr) == b""


def test_long_texts_have_one_value() -> None:
    assert split_values("a\\b", "LT") == ["a\\b"]
    assert split_values("a \\ b", "LO") == ["a", "b"]
