"""What only pydicom reads, written plainly: values byte for byte, structure as pydicom sees it."""

import io
from struct import pack

import pytest
from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit

from isocenter.dicom.header_index import index_header
from isocenter.dicom.salvage import salvage
from isocenter.dicom.streams import BytesSource
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import Limits
from tests.builders import add_private, instance, set_fragments, to_bytes
from tests.header_view import Seen, seen_by_pydicom, seen_in_bytes


def salvaged(data: bytes, limits: Limits | None = None) -> tuple[str, bytes]:
    target = io.BytesIO()
    uid = salvage(io.BytesIO(data), target, limits or Limits())
    return uid, target.getvalue()


def body(seen: list[Seen]) -> list[tuple[tuple[int, ...], int, bytes | None]]:
    """Return path, tag and unpadded value of everything but file meta, in order of tags."""
    return sorted(
        (element.path, element.tag, element.value and element.value.rstrip(b"\0 "))
        for element in seen
        if element.tag >> 16 != 0x0002
    )


@pytest.mark.parametrize("implicit", [False, True])
def test_a_plain_file_keeps_every_value(implicit: bool) -> None:
    dataset = add_private(instance())
    if implicit:
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    data = to_bytes(dataset)

    uid, written = salvaged(data)

    assert uid == dataset.file_meta.TransferSyntaxUID
    assert body(seen_in_bytes(written)[1]) == body(seen_in_bytes(data)[1])
    assert index_header(BytesSource(written)).dataset.is_implicit == implicit


def test_implicit_items_become_explicit_with_the_vr_of_the_dictionary() -> None:
    dataset = set_fragments(instance(signed=True), [b"\xff\xd8ab"], JPEGBaseline8Bit)
    data_set = to_implicit_body(dataset)
    data = part10_meta(to_bytes(dataset)) + data_set

    _, written = salvaged(data)

    header = index_header(BytesSource(written))
    assert not header.dataset.is_implicit
    assert header.dataset.vr(0x00100010) == "PN"
    assert header.dataset.vr(0x00280106) == "SS"
    assert header.dataset.vr(0x7FE00010) == "OB"
    assert [fragment.length for fragment in header.fragments] == [4, 4]


def to_implicit_body(dataset: Dataset) -> bytes:
    """Return elements in Implicit VR, the Pixel Data encapsulated though that is not allowed."""
    smallest = pack("<HHIh", 0x0028, 0x0106, 2, -5)
    name = pack("<HHI", 0x0010, 0x0010, 4) + b"A^B "
    representation = pack("<HHIH", 0x0028, 0x0103, 2, 1)
    pixels = pack("<HHI", 0x7FE0, 0x0010, 0xFFFFFFFF) + bytes(dataset.PixelData)
    return name + representation + smallest + pixels + b"\xfe\xff\xdd\xe0\0\0\0\0"


def part10_meta(data: bytes) -> bytes:
    return data[: data.index(b"\x08\0\x05\0CS")]


def test_an_unknown_vr_becomes_un_with_its_bytes() -> None:
    data = to_bytes(instance()).replace(b"\x08\0\x60\0CS", b"\x08\0\x60\0ZZ")

    _, written = salvaged(data)

    header = index_header(BytesSource(written))
    assert header.dataset.vr(0x00080060) == "UN"
    assert header.dataset.value(0x00080060) == b"CT"
    assert body(seen_in_bytes(written)[1]) == body(seen_by_pydicom(data))


def test_command_elements_and_group_lengths_are_left_out() -> None:
    data = to_bytes(instance())
    meta = part10_meta(data)
    command = pack("<HHIH", 0x0000, 0x0100, 2, 1)
    group_length = pack("<HH2sHI", 0x0008, 0x0000, b"UL", 4, 99)

    _, written = salvaged(meta + command + group_length + data[len(meta) :])

    assert body(seen_in_bytes(written)[1]) == body(seen_in_bytes(data)[1])


def test_a_broken_file_meta_is_built_anew() -> None:
    dataset = instance()
    data = to_bytes(dataset)
    version = data.index(b"\x02\0\x01\0OB")
    broken = data[:version] + b"\x02\0\x01\0ZZ" + data[version + 6 :]

    try:
        uid, written = salvaged(broken)
    except InvalidInputError:
        return  # pydicom may also give up

    assert uid in ("", ExplicitVRLittleEndian)
    assert index_header(BytesSource(written)).has_preamble


def test_pixel_data_is_copied_without_being_held() -> None:
    dataset = instance(rows=1024, columns=1024)
    data = to_bytes(dataset).replace(b"\x08\0\x60\0CS", b"\x08\0\x60\0ZZ")

    _, written = salvaged(data)

    assert written.endswith(data[data.index(b"\xe0\x7f\x10\0OW") :])


def test_what_pydicom_cannot_read_is_invalid() -> None:
    data = to_bytes(instance())
    meta = part10_meta(data)
    nonsense = pack("<HH2sHI", 0x0008, 0x1140, b"SQ", 0, 6) + b"CANARY"
    endless = pack("<HH2sHI", 0x0008, 0x1140, b"OB", 0, 0xFFFFFFFF) + b"CANARY" * 3

    for data_set in (nonsense, endless):
        with pytest.raises(InvalidInputError) as caught:
            salvaged(meta + data_set)
        assert "CANARY" not in str(caught.value)


def test_nesting_is_bounded() -> None:
    meta = part10_meta(to_bytes(instance()))
    deep = b""
    for _ in range(80):
        item = b"\xfe\xff\x00\xe0" + pack("<I", len(deep)) + deep
        deep = pack("<HH2sHI", 0x0008, 0x1140, b"SQ", 0, len(item)) + item
    opening = b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"

    for data_set in (deep, opening * 5000):
        with pytest.raises((TooLargeError, InvalidInputError)):
            salvaged(meta + data_set)
    assert salvaged(meta + deep, Limits(header_depth=100))[1]
