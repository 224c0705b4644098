import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.dicom.header_index import DataSetIndex, index_header
from isocenter.dicom.streams import BytesSource
from isocenter.dicom.values import first_string, floats, integer, numbers, strings
from isocenter.errors import InvalidInputError, MissingElementError
from tests.raw_instance import Raw, as_un, part10, text, us

TAG = 0x00280030  # Pixel Spacing; the VR is the one that each test writes
ABSENT = 0x00280034


def _dataset(vr: bytes, value: bytes) -> DataSetIndex:
    meta = struct.pack("<HH2sH", 2, 0x10, b"UI", 20) + b"1.2.840.10008.1.2.1\0"
    head = struct.pack("<HH", TAG >> 16, TAG & 0xFFFF)
    if vr in (b"SV", b"UV"):
        head += vr + struct.pack("<HI", 0, len(value))
    else:
        head += vr + struct.pack("<H", len(value))
    return index_header(BytesSource(bytes(128) + b"DICM" + meta + head + value)).dataset


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", []),
        (b"  \0", []),
        (b"AXIAL ", ["AXIAL"]),
        (b"1.2.3\0", ["1.2.3"]),
        (b" A \\\\ B", ["A", "", "B"]),
        (b"\xe4", ["ä"]),
    ],
)
def test_strings_come_without_padding_and_keep_empty_values(
    value: bytes, expected: list[str]
) -> None:
    dataset = _dataset(b"CS", value)

    assert strings(dataset, TAG) == expected
    assert first_string(dataset, TAG) == (expected or [""])[0]
    assert strings(dataset, ABSENT) == []


@pytest.mark.parametrize(
    ("vr", "value", "expected"),
    [
        (b"DS", b"0.5\\ -1e2 ", [0.5, -100.0]),
        (b"IS", b"7 ", [7.0]),
        (b"US", b"\1\0\2\0", [1.0, 2.0]),
        (b"FD", struct.pack("<d", 0.1), [0.1]),
        (b"DS", b"", []),
    ],
)
def test_floats_are_read_from_text_and_from_binary(
    vr: bytes, value: bytes, expected: list[float]
) -> None:
    assert floats(_dataset(vr, value), TAG) == expected


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        (b"DS", b"abc "),
        (b"DS", b"1\\\\2"),
        (b"DS", b"1_0 "),
        (b"DS", b"nan "),
        (b"DS", b"1e999 "),
        (b"FD", struct.pack("<d", float("inf"))),
        (b"FL", struct.pack("<f", float("nan"))),
        (b"US", b"odd"),
    ],
)
def test_what_is_no_finite_number_is_refused_by_name(vr: bytes, value: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"^PixelSpacing "):
        floats(_dataset(vr, value), TAG)


@pytest.mark.parametrize(
    ("vr", "code", "expected"),
    [
        (b"US", "H", [0, 65535]),
        (b"SS", "h", [-32768, 32767]),
        (b"UL", "I", [0, 2**32 - 1]),
        (b"SL", "i", [-(2**31), 2**31 - 1]),
        (b"UV", "Q", [0, 2**64 - 1]),
        (b"SV", "q", [-(2**63), 2**63 - 1]),
        (b"FL", "f", [0.5, -2.0]),
        (b"FD", "d", [0.1, -1e300]),
    ],
)
def test_numbers_keep_sign_and_size_of_their_vr(
    vr: bytes, code: str, expected: list[float]
) -> None:
    dataset = _dataset(vr, struct.pack(f"<2{code}", *expected))

    assert numbers(dataset, TAG) == expected
    assert numbers(dataset, ABSENT) == []


def test_numbers_of_a_text_vr_are_refused() -> None:
    with pytest.raises(InvalidInputError):
        numbers(_dataset(b"DS", b"12"), TAG)


@pytest.mark.parametrize(
    ("vr", "value", "expected"),
    [(b"IS", b"12", 12), (b"IS", b"3.0 ", 3), (b"US", b"\7\0\1\0", 7), (b"FL", b"\0\0\0\x40", 2)],
)
def test_an_integer_is_the_first_value(vr: bytes, value: bytes, expected: int) -> None:
    assert integer(_dataset(vr, value), TAG) == expected


def test_a_missing_integer_needs_a_default() -> None:
    dataset = _dataset(b"IS", b"")

    assert integer(dataset, TAG, default=1) == 1
    for tag, name in ((TAG, "PixelSpacing"), (0x00091010, r"\(0009,1010\)")):
        with pytest.raises(MissingElementError, match=f"^{name} is missing"):
            integer(dataset, tag)


@pytest.mark.parametrize(
    ("vr", "value"),
    [(b"IS", b"1.5 "), (b"FD", struct.pack("<d", float("inf"))), (b"FL", b"\0\0\xc0\x7f")],
)
def test_what_is_no_whole_number_is_refused(vr: bytes, value: bytes) -> None:
    with pytest.raises(InvalidInputError):
        integer(_dataset(vr, value), TAG)


vrs = st.sampled_from([b"CS", b"DS", b"IS", b"US", b"SL", b"FD", b"FL", b"UV", b"UI", b"LO"])


@given(vrs, st.binary(max_size=40))
def test_any_bytes_give_values_or_a_clean_error(vr: bytes, value: bytes) -> None:
    dataset = _dataset(vr, value)

    for read in (strings, first_string, floats, numbers, integer):
        try:
            read(dataset, TAG)
        except InvalidInputError:
            continue


def test_unknown_vr_is_read_as_the_standard_says() -> None:
    """PS3.5 6.2.2 note 2: a gateway that knows no better writes standard elements as UN."""
    elements = {
        0x00189087: as_un(Raw("FD", struct.pack("<d", 1000.5))),
        0x00200032: as_un(text("DS", "1\\2\\3")),
        0x00280010: as_un(us(512)),
        0x00091001: Raw("UN", b"\1\0"),
    }

    dataset = index_header(BytesSource(part10(elements))).dataset

    assert dataset.vr(0x00280010) == "UN"
    assert numbers(dataset, 0x00189087) == [1000.5]
    assert floats(dataset, 0x00200032) == [1.0, 2.0, 3.0]
    assert integer(dataset, 0x00280010) == 512
    with pytest.raises(InvalidInputError):
        numbers(dataset, 0x00091001)
