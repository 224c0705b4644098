import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataelem import DataElement
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element

from isocenter.dicom.header_index import index_header
from isocenter.dicom.part10 import (
    decimal_string,
    element_header,
    element_value,
    element_values,
    encode_data_set,
    encode_element,
    encode_item,
    encode_sequence,
    encode_text,
    encode_uid,
    encode_ul,
    encode_us,
    file_meta,
    transfer_syntax_of,
)
from isocenter.dicom.streams import BytesSource
from isocenter.errors import InvalidInputError
from tests.builders import uid
from tests.raw_instance import EXPLICIT, IMPLICIT, ct_slice, part10


def by_pydicom(tag: int, vr: str, value: object, *, is_implicit: bool) -> bytes:
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, is_implicit
    write_data_element(stream, DataElement(tag, vr, value))
    return stream.getvalue()


@pytest.mark.parametrize("is_implicit", [False, True])
@pytest.mark.parametrize(
    ("tag", "vr", "value", "written"),
    [
        (0x00080060, "CS", b"CTX", "CTX"),
        (0x00080018, "UI", b"1.2", "1.2"),
        (0x00104000, "LT", b"", ""),
        (0x00091001, "OB", b"\1\2\3", b"\1\2\3"),
        (0x00091002, "UT", b"odd", "odd"),
        (0x00091003, "UN", b"\1\2", b"\1\2"),
    ],
)
def test_elements_are_written_as_pydicom_writes_them(
    tag: int, vr: str, value: bytes, written: object, is_implicit: bool
) -> None:
    ours = encode_element(tag, value, is_implicit=is_implicit, vr=vr)

    assert ours == by_pydicom(tag, vr, written, is_implicit=is_implicit)


def test_the_vr_comes_from_the_dictionary_unless_given() -> None:
    assert encode_element(0x00100010, b"A", is_implicit=False) == b"\x10\0\x10\0PN\2\0A "


def test_a_value_too_long_for_sixteen_bits_of_length_becomes_unknown() -> None:
    """PS3.5 6.2.2 note 2."""
    value = bytes(0x10000)

    assert encode_element(0x00089001, value, is_implicit=False, vr="AT") == (
        b"\x08\0\1\x90UN\0\0" + struct.pack("<I", 0x10000) + value
    )


def test_a_value_of_four_gibibytes_is_refused() -> None:
    class Huge(bytes):
        def __len__(self) -> int:
            return 0xFFFFFFFF + 1

    with pytest.raises(InvalidInputError):
        encode_element(0x00091001, Huge(), is_implicit=False, vr="OB")


@pytest.mark.parametrize("is_implicit", [False, True])
def test_binary_numbers_are_little_endian(is_implicit: bool) -> None:
    assert encode_us(0x00280010, 512, 3, is_implicit=is_implicit) == by_pydicom(
        0x00280010, "US", [512, 3], is_implicit=is_implicit
    )
    assert encode_ul(0x00209157, 1, 70000, is_implicit=is_implicit) == by_pydicom(
        0x00209157, "UL", [1, 70000], is_implicit=is_implicit
    )


def test_text_that_a_source_has_in_place_of_ascii_comes_out_as_it_was_read() -> None:
    assert encode_uid(0x00080018, "1.2\xe4", is_implicit=True)[8:] == b"1.2\xe4"
    assert encode_text(0x00080023, "2024\xff", is_implicit=True)[8:] == b"2024\xff "


@pytest.mark.parametrize(
    ("vr", "value"), [("CS", b"AB"), ("UN", b"AB"), ("OB", b""), ("UT", b"x ")]
)
@pytest.mark.parametrize("is_implicit", [False, True])
def test_the_value_of_an_element_is_found_behind_either_header(
    vr: str, value: bytes, is_implicit: bool
) -> None:
    raw = encode_element(0x00091001, value, is_implicit=is_implicit, vr=vr)

    assert element_value(raw, is_implicit=is_implicit) == value


def test_data_sets_are_in_ascending_order_of_tag() -> None:
    low = encode_us(0x00080001, 1, is_implicit=False)
    high = encode_us(0x7FE10010, 2, is_implicit=False)

    assert encode_data_set({0x7FE10010: high, 0x00080001: low}) == low + high
    assert encode_item({0x7FE10010: high}) == b"\xfe\xff\x00\xe0\x0a\0\0\0" + high


def test_sequences_have_known_length() -> None:
    item = {0x00081155: encode_uid(0x00081155, "1.2.3", is_implicit=False)}

    raw = encode_sequence(0x00081140, [item, {}], is_implicit=False)

    assert raw == (
        b"\x08\0\x40\x11SQ\0\0\x1e\0\0\0"
        b"\xfe\xff\x00\xe0\x0e\0\0\0\x08\0\x55\x11UI\x06\x001.2.3\0"
        b"\xfe\xff\x00\xe0\0\0\0\0"
    )
    assert element_header(0x00081140, 0xFFFFFFFF, is_implicit=True, vr="SQ") == (
        b"\x08\0\x40\x11\xff\xff\xff\xff"
    )


def test_the_file_meta_is_complete_and_its_length_right() -> None:
    stream = file_meta("1.2.840.10008.5.1.4.1.1.2", uid("x"), EXPLICIT)

    meta = dcmread(io.BytesIO(stream)).file_meta

    assert stream[:132] == bytes(128) + b"DICM"
    assert meta.FileMetaInformationVersion == b"\0\1"
    assert meta.MediaStorageSOPClassUID == "1.2.840.10008.5.1.4.1.1.2"
    assert meta.MediaStorageSOPInstanceUID == uid("x")
    assert meta.TransferSyntaxUID == EXPLICIT
    assert meta.ImplementationClassUID.is_valid
    assert meta.FileMetaInformationGroupLength == len(stream) - 144


@pytest.mark.parametrize("transfer_syntax_uid", [EXPLICIT, IMPLICIT])
@pytest.mark.parametrize("has_meta", [True, False])
def test_without_meta_the_transfer_syntax_is_that_of_the_encoding(
    transfer_syntax_uid: str, has_meta: bool
) -> None:
    stream = part10(ct_slice(), transfer_syntax_uid, has_meta=has_meta)

    assert transfer_syntax_of(index_header(BytesSource(stream))) == transfer_syntax_uid


@given(st.floats(1e-300, 1e300))
def test_decimal_strings_fit_and_are_as_exact_as_they_can_be(value: float) -> None:
    """PS3.5 6.2: at most 16 characters."""
    string = decimal_string(value)

    assert len(string) <= 16
    assert float(string) == pytest.approx(value, rel=1e-9)


def test_values_are_read_one_by_one() -> None:
    raw = encode_element(0x00080008, b"A\\ B \\", is_implicit=False)

    assert element_values(raw, is_implicit=False) == ["A", "B", ""]
    assert element_values(None, is_implicit=False) == []
    assert element_values(encode_element(0x00080008, b"", is_implicit=True), is_implicit=True) == []
