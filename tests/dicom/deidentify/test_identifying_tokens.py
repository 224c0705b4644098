import pytest

from isocenter.dicom.deidentify.identifying_tokens import (
    Kind,
    Role,
    folded,
    is_text,
    phrase_of,
    tokens_of,
)

LATIN = ("latin-1",)
JAPANESE = ("latin-1", "iso2022_jp")


def words(role: Role, raw: bytes, encodings: tuple[str, ...] = LATIN) -> set[str]:
    return {token.words for token in tokens_of(role, raw, encodings)}


def test_a_name_is_searched_whole_by_component_by_word_and_in_both_orders() -> None:
    found = words(Role.NAME, b"VAN DYCK^ANNEMARIE^LI")

    assert found == {"van dyck annemarie li", "annemarie van dyck", "van dyck", "annemarie", "dyck"}


def test_short_names_are_searched_in_company_only() -> None:
    assert words(Role.NAME, b"LI^WEI ") == {"li wei", "wei li"}


def test_every_component_group_of_a_name_is_searched() -> None:
    raw = "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B".encode("ascii")
    found = words(Role.NAME, raw, JAPANESE)

    assert {"yamada", "tarou", "山田", "太郎"} <= found


def test_accents_case_and_width_do_not_matter() -> None:
    assert folded("MÜLLER") == folded("Mu\u0308ller") == "muller"
    assert folded("\uff33\uff4d\uff49\uff54\uff48") == "smith"
    assert phrase_of("O'Neil-Brown, J.") == "o neil brown j"


def test_a_date_is_searched_as_people_write_it() -> None:
    assert words(Role.DATE, b"20240131") == {
        "20240131",
        "2024 01 31",
        "31 01 2024",
        "01 31 2024",
    }
    assert "20240131" in words(Role.DATE, b"20240131101500.000000+0100")
    assert "20240131" in words(Role.DATE, b"2024.01.31")  # as ACR-NEMA wrote them


@pytest.mark.parametrize("raw", [b"1015", b"2024", b"", b"0000"])
def test_what_is_no_date_gives_no_date(raw: bytes) -> None:
    assert words(Role.DATE, raw) == set()


def test_registered_uids_are_nobodys() -> None:
    raw = b"1.2.840.10008.5.1.4.1.1.2\\1.2.276.0.7230010.3.1\0"

    assert words(Role.UID, raw) == {"1.2.276.0.7230010.3.1"}


def test_short_numbers_are_weak_and_long_ones_strong() -> None:
    (short,) = tokens_of(Role.IDENTIFIER, b"1000", LATIN)
    (long,) = tokens_of(Role.IDENTIFIER, b"7712345", LATIN)
    (text,) = tokens_of(Role.TEXT, b"FOLLOW-UP AT HOME ", LATIN)

    assert (short.is_strong, long.is_strong, text.is_strong) == (False, True, False)
    assert text.kind is Kind.TEXT


@pytest.mark.parametrize("raw", [b"", b"M", b"045Y "[:3], b"0000", b"XXXX", b"- -"])
def test_values_without_four_different_enough_letters_are_not_searched(raw: bytes) -> None:
    assert tokens_of(Role.IDENTIFIER, raw, LATIN) == ()


def test_numbers_in_texts_are_measurements() -> None:
    assert tokens_of(Role.TEXT, b"-102.8125\\17.25 ", LATIN) == ()


def test_parts_of_an_address_are_searched_alone() -> None:
    found = words(Role.IDENTIFIER, b"12 High Street, Aachen\r\nGermany")

    assert {"12 high street aachen germany", "12 high street", "aachen", "germany"} <= found


@pytest.mark.parametrize("value", [b"00000000", b"12345678", b"ABCDEFGHIJ", b"12121212"])
def test_pictures_are_not_searched_for_ramps_and_periods(value: bytes) -> None:
    assert all(token.forms == () for token in tokens_of(Role.IDENTIFIER, value, LATIN))


def test_pictures_are_searched_for_eight_bytes_and_more() -> None:
    (long,) = tokens_of(Role.IDENTIFIER, b"MRN-77123", LATIN)
    (short,) = tokens_of(Role.IDENTIFIER, b"MRN-771", LATIN)

    assert long.forms == (b"mrn-77123",)
    assert short.forms == ()


def test_foreign_names_are_searched_in_unicode() -> None:
    tokens = tokens_of(Role.NAME, "Δημήτριος".encode("iso8859_7"), ("iso8859_7",))
    foreign = {form for token in tokens for form in token.foreign}

    assert "Δημήτριος".encode("utf-16-le") in foreign
    assert "Δημήτριος".encode() in foreign


def test_bytes_are_text_only_from_end_to_end() -> None:
    assert is_text(b"J\0o\0h\0n\0")
    assert is_text("Grüße".encode())
    assert not is_text(b"John\x01\x02")
    assert not is_text(b"\0\0")
