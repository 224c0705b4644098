from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.dicom.deidentify.forms import has_form


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("DS", b"1.5\\-2e-3 \\+.5"),
        ("DS", b" 0.0000000000000012345"),
        ("DS", b""),
        ("DS", b"1\\\\2"),
        ("IS", b"-12 "),
        ("UI", b"1.2.840.10008\0"),
        ("AS", b"071Y"),
        ("DA", b"20240131"),
        ("DA", b"2024.01.31"),
        ("TM", b"101530.5"),
        ("TM", b"10:15:30"),
        ("DT", b"20240131101530+0100"),
        ("US", pack("<2H", 1, 2)),
        ("FD", pack("<d", 0.5)),
        ("FD", pack("<d", 38.55)),  # fffffFC@
        ("FD", pack("<2d", 0.0, 38.55)),
        ("AT", pack("<2H", 0x28, 0x10)),
    ],
)
def test_values_of_their_vr_are_known(vr: str, value: bytes) -> None:
    assert has_form(vr, value)


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("DS", b"Smith"),
        ("DS", b"1.5\\Smith"),
        ("DS", b"0" * 60),
        ("DS", b"1_000"),
        ("IS", b"12A"),
        ("IS", b"1.5"),
        ("UI", b"1.2.Smith"),
        ("UI", b"Smith"),
        ("AS", b"71"),
        ("DA", b"Smith"),
        ("TM", b"noon"),
        ("US", b"abc"),
        ("US", b"SmithJohn "),
        ("UL", b"SMITH^JOHN__"),
        ("FD", b"SMITH^JO"),
        ("LO", b"anything"),
    ],
)
def test_a_name_is_no_value_of_such_a_vr(vr: str, value: bytes) -> None:
    assert not has_form(vr, value)


def test_binary_numbers_are_no_more_than_the_dictionary_allows() -> None:
    assert has_form("US", pack("<2H", 1, 2), 2)
    assert not has_form("US", pack("<3H", 1, 2, 3), 2)
    assert has_form("US", pack("<3H", 1, 2, 3), 0)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=5))
def test_every_decimal_string_has_its_form(numbers: list[float]) -> None:
    assert has_form("DS", "\\".join(f"{number:.9g}" for number in numbers).encode())


@given(st.binary(max_size=64))
def test_any_bytes_are_judged_without_an_error(value: bytes) -> None:
    for vr in ("DS", "IS", "UI", "US", "FD", "DT"):
        has_form(vr, value)
