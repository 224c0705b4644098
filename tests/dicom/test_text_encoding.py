"""Text written by Specific Character Set: examples of the standard, and pydicom as the reader."""

import pytest
from pydicom.charset import convert_encodings, decode_bytes
from pydicom.valuerep import PersonName

from isocenter.dicom.text_encoding import decoded_text, encode_text

# PS3.5 Annexes H, I and J, K.
STANDARD = [
    (
        b"\\ISO 2022 IR 87",
        "Yamada^Tarou=山田^太郎=やまだ^たろう",
        b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
    ),
    (
        b"ISO 2022 IR 13\\ISO 2022 IR 87",
        "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
        (
            b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J="
            b"\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J"
        ),
    ),
    (
        b"\\ISO 2022 IR 149",
        "Hong^Gildong=洪^吉洞=홍^길동",
        (
            b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7="
            b"\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf"
        ),
    ),
    (
        b"ISO_IR 192",
        "Wang^XiaoDong=王^小东",
        b"Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe4\xb8\x9c",
    ),
    (b"GB18030", "Wang^XiaoDong=王^小东", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab"),
    (b"ISO_IR 144", "Люкceмбypг", b"\xbb\xee\xda\x63\x65\xdc\xd1\x79\x70\xd3"),  # noqa: RUF001
    (b"ISO_IR 100", "Buc^Jérôme", b"Buc^J\xe9r\xf4me"),
    (
        b"\\ISO 2022 IR 58",
        "Zhang^XiaoDong=张^小东",
        b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab",
    ),
]


@pytest.mark.parametrize(("terms", "text", "expected"), STANDARD)
def test_names_come_out_as_in_the_standard(terms: bytes, text: str, expected: bytes) -> None:
    assert encode_text(text, "PN", terms) == expected
    assert decoded_text(expected, "PN", terms) == text


# pydicom leaves the escape sequence of GB 2312 in the text (dicom/text.py says more).
@pytest.mark.parametrize(("terms", "text", "_"), STANDARD[:-1])
def test_pydicom_reads_what_was_written(terms: bytes, text: str, _: bytes) -> None:
    encodings = convert_encodings(terms.decode().split("\\"))
    raw = encode_text(text, "PN", terms)

    assert raw is not None
    assert str(PersonName(raw, encodings).decode(encodings)) == text


def test_parts_in_several_character_sets_are_joined() -> None:
    terms = b"ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 87"
    text = "Jörg Люк 山田\\ß"

    raw = encode_text(text, "LO", terms)

    assert raw is not None
    encodings = convert_encodings(terms.decode().split("\\"))
    assert decode_bytes(raw, encodings, {0x5C}) == text


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        (b"", "Jörg"),
        (b"ISO_IR 6", "Jörg"),
        (b"no such term", "Jörg"),
        (b"ISO_IR 100", "山田"),
        (b"ISO_IR 13", "山田"),
        (b"ISO_IR 13", "¥"),
        (b"\\ISO 2022 IR 87", "Jörg"),
        (b"ISO_IR 192", "\ud800"),
        (b"ISO_IR 192", "a\x1b(Bb"),
    ],
)
def test_what_has_no_bytes_is_not_written(terms: bytes, text: str) -> None:
    assert encode_text(text, "LO", terms) is None


def test_ascii_is_the_same_in_every_character_set() -> None:
    for terms in (b"", b"ISO_IR 13", b"GB18030", b"\\ISO 2022 IR 87"):
        assert encode_text("Doe^Jane~", "PN", terms) == b"Doe^Jane~"


def test_bytes_that_cannot_be_read_give_no_text() -> None:
    assert decoded_text(b"\xff", "LO", b"ISO_IR 192") is None
    assert decoded_text(b"a  ", "LT", b"") == "a"
