import base64
import zlib

import pytest
from pydicom import Dataset

from isocenter.dicom.deidentify.readable_texts import ANY_WINDOW, inflate, plain_texts, texts
from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.streams import BytesSource
from isocenter.limits import DEFAULT
from tests.builders import instance, to_bytes


def header_of(dataset: Dataset) -> HeaderIndex:
    return index_header(BytesSource(to_bytes(dataset)))


def plain_instance() -> Dataset:
    dataset = instance()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.PatientName = "DOE^JANE"
    dataset.InstitutionName = "A HOSPITAL"
    return dataset


def readings(dataset: Dataset) -> str:
    return "\n".join(text.text for text in texts(header_of(dataset), DEFAULT))


def test_plain_texts_are_joined_by_what_may_stand_in_them() -> None:
    dataset = plain_instance()
    dataset.StudyDescription = "SEEN Today"

    plain = plain_texts(header_of(dataset))

    assert plain is not None
    free, coded = plain
    assert "seen today" in free.text
    assert free.is_free
    assert "monochrome2" in coded.text
    assert not coded.is_free


@pytest.mark.parametrize("value", ["Jörg", "a\0b c", "x\x1by "])
def test_what_can_be_read_in_several_ways_is_not_plain(value: str) -> None:
    dataset = plain_instance()
    dataset.StudyDescription = value

    assert plain_texts(header_of(dataset)) is None


def test_base64_is_read_in_plain_texts_too() -> None:
    dataset = plain_instance()
    dataset.StudyDescription = base64.b64encode(b"hidden inside").decode()

    plain = plain_texts(header_of(dataset))

    assert plain is not None
    assert "hidden inside" in plain[0].text


def test_texts_are_read_by_their_character_set_at_every_depth() -> None:
    dataset, item = instance(), Dataset()
    item.SpecificCharacterSet = "ISO_IR 144"
    item.CodeMeaning = "Москва"
    dataset.ProcedureCodeSequence = [item]

    assert "москва" in readings(dataset)


@pytest.mark.parametrize(
    "value",
    [
        "as UTF-16".encode("utf-16-le"),
        b"a\0s\0 \0U\0T\0F\0-\x001\x006\0",
        zlib.compress(b"as UTF-16"),
        b"\1\2" + zlib.compress(b"as UTF-16"),
    ],
)
def test_binary_values_are_read_as_text_where_they_are_some(value: bytes) -> None:
    dataset = instance()
    dataset.add_new(0x00420011, "OB", value + bytes(len(value) % 2))

    assert "as utf-16" in readings(dataset)


def test_bombs_are_inflated_to_a_bound() -> None:
    bomb = zlib.compress(bytes(1 << 24))

    assert inflate(bomb, ANY_WINDOW, 1000) == bytes(1000)
    assert inflate(b"no deflation", ANY_WINDOW, 1000) is None
