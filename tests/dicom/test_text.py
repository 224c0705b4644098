import warnings
from collections.abc import Iterator
from itertools import filterfalse
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.charset import convert_encodings, decode_bytes, python_encoding
from pydicom.valuerep import TEXT_VR_DELIMS

from isocenter.dicom.dictionary import is_private
from isocenter.dicom.header_index import DataSetIndex, index_header
from isocenter.dicom.streams import BytesSource
from isocenter.dicom.text import (
    DEFAULT,
    decode,
    decode_names,
    decode_values,
    encodings,
    encodings_of,
)

CHARSET_FILES = sorted(
    path for path in (Path(pydicom.__file__).parent / "data" / "charset_files").glob("*.dcm")
)


def _texts(
    dataset: DataSetIndex, parent: tuple[str, ...] = DEFAULT
) -> Iterator[tuple[int, list[str]]]:
    here = encodings_of(dataset, parent)
    for tag in filterfalse(is_private, dataset.elements):
        vr = dataset.vr(tag)
        if vr == "SQ":
            for item in dataset.items(tag):
                yield from _texts(item, here)
        elif vr == "PN":
            names = decode_names(dataset.value(tag), here)
            yield tag, [name.rstrip("=") for name in names]
        elif vr in ("LO", "SH", "UC"):
            yield tag, decode_values(dataset.value(tag), here)
        elif vr in ("LT", "ST", "UT"):
            yield tag, [decode(dataset.value(tag), here).rstrip("\0 ")]


def _texts_of_pydicom(dataset: pydicom.Dataset) -> Iterator[tuple[int, list[str]]]:
    for tag in filterfalse(is_private, dataset.keys()):
        element = dataset[tag]
        if element.VR == "SQ":
            for item in element.value:
                yield from _texts_of_pydicom(item)
        elif element.VR in ("PN", "LO", "SH", "UC", "LT", "ST", "UT"):
            value = element.value
            values = value if element.VM > 1 else [value]
            yield int(tag), [str(text) for text in values]


@pytest.mark.usefixtures("odd_values_allowed")
@pytest.mark.parametrize("path", CHARSET_FILES, ids=lambda path: path.name)
def test_text_of_each_charset_file_equals_what_pydicom_reads(path: Path) -> None:
    dataset = index_header(BytesSource(path.read_bytes())).dataset

    assert list(_texts(dataset)) == list(_texts_of_pydicom(pydicom.dcmread(path)))


# Bytes and text as printed in the standard: PS3.5 H.3.1, H.3.2, I.2, J.3, K.2.
@pytest.mark.parametrize(
    ("charset", "value", "expected"),
    [
        (
            b"\\ISO 2022 IR 87",
            b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
            "Yamada^Tarou=山田^太郎=やまだ^たろう",
        ),
        (
            b"ISO 2022 IR 13\\ISO 2022 IR 87",
            b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J",
            "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ",
        ),
        (
            b"\\ISO 2022 IR 149",
            b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
            "Hong^Gildong=洪^吉洞=홍^길동",
        ),
        (
            b"ISO_IR 192",
            b"Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1=",
            "Wang^XiaoDong=王^小東=",
        ),
        (b"GB18030", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=", "Wang^XiaoDong=王^小东="),
        (
            b"\\ISO 2022 IR 58",
            b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=",
            "Zhang^XiaoDong=张^小东=",
        ),
    ],
)
def test_names_of_the_standard_read_as_printed(charset: bytes, value: bytes, expected: str) -> None:
    assert decode_names(value, encodings(charset)) == [expected]


def test_a_name_returns_to_the_first_character_set_after_each_delimiter() -> None:
    greek_then_latin = b"\x1b-F\xc4\xe9^\xe4=\xe4\\\xe4"

    names = decode_names(greek_then_latin, encodings(b"ISO 2022 IR 100\\ISO 2022 IR 126"))

    assert names == ["Δι^ä=ä", "ä"]


def test_a_text_returns_to_the_first_character_set_at_the_end_of_a_line() -> None:
    charset = encodings(b"ISO 2022 IR 100\\ISO 2022 IR 144")

    assert decode(b"\x1b-L\xbb\xee\xda\r\n\xfc", charset) == "Люк\r\nü"


def test_values_are_separated_after_decoding() -> None:
    # The second byte of this character is 5C.
    assert decode_values("倀\\b ".encode("gb18030"), encodings(b"GB18030")) == ["倀", "b"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", ("latin-1",)),
        (b"ISO_IR 100 ", ("latin-1",)),
        (b" ISO_IR 192\0", ("utf-8",)),
        (b"ISO_IR 203", ("iso8859_15",)),
        (b"ISO-IR 101", ("iso8859_2",)),
        (b"ISO_2022_IR_6\\ISO_2022-IR 87", ("latin-1", "iso2022_jp")),
        (b"ISO_IR 192\\ISO 2022 IR 87", ("utf-8",)),
        (b"ISO 2022 IR 6\\GB18030\\ISO 2022 IR 149", ("latin-1", "euc_kr")),
        (b"utf8", ("utf-8",)),
        (b"unicode_escape", ("latin-1",)),
        (b"idna", ("latin-1",)),
        (b"zip", ("latin-1",)),
        (b"a\0b", ("latin-1",)),
        (b"\xff\xfe", ("latin-1",)),
    ],
)
def test_terms_become_codecs_and_unknown_ones_the_default(
    value: bytes, expected: tuple[str, ...]
) -> None:
    assert encodings(value) == expected


def test_an_escape_sequence_that_was_not_declared_stays_visible() -> None:
    assert decode(b"a\x1b$B;3", encodings(b"ISO_IR 100")) == "a\x1b$B;3"


@pytest.mark.parametrize("charset", [b"ISO_IR 192", b"GB18030", b"\\ISO 2022 IR 87", b"ISO_IR 126"])
def test_bad_bytes_become_replacement_characters(charset: bytes) -> None:
    text = decode(b"ok \xff\xff \x1b$B\xff", encodings(charset))

    assert text.startswith("ok ")


terms = st.sampled_from([term.encode() for term in python_encoding] + [b"nonsense", b"ISO_IR 999"])
charsets = st.lists(terms, min_size=1, max_size=4).map(b"\\".join)
escapes = st.sampled_from(
    [b"\x1b-F", b"\x1b$)C", b"\x1b$B", b"\x1b(J", b"\x1b(B", b"\x1b$(D", b"\x1b"]
)
values = st.lists(st.binary(max_size=6) | escapes, max_size=8).map(b"".join)


@given(charsets | st.binary(max_size=20), values)
def test_no_bytes_raise_and_every_text_can_be_written_as_utf_8(
    charset: bytes, value: bytes
) -> None:
    codecs = encodings(charset)

    for text in (
        decode(value, codecs),
        *decode_values(value, codecs),
        *decode_names(value, codecs),
    ):
        text.encode("utf-8")


@given(charsets, values)
def test_text_of_any_bytes_equals_what_pydicom_decodes(charset: bytes, value: bytes) -> None:
    if b"58" in charset:
        return  # pydicom keeps the escape sequence of GB 2312
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        codecs = convert_encodings(charset.decode().split("\\"))
        expected = decode_bytes(value, codecs, TEXT_VR_DELIMS)

    assert decode(value, encodings(charset)) == expected
