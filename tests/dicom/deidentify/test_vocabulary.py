import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.dicom.deidentify.vocabulary import harmless_words, vocabulary

# The most common family and given names of some countries, as their statistics list them.
COMMON_NAMES = """
smith johnson williams jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson
anderson thomas taylor moore jackson martin perez thompson harris sanchez clark ramirez lewis
robinson walker scott torres nguyen flores nelson rivera campbell mitchell carter roberts
mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann koch bauer richter klein
schroeder neumann schwarz zimmermann krueger hofmann hartmann lange krause lehmann dubois durand
leroy moreau laurent lefebvre michel bertrand roux fournier girard bonnet dupont rossi russo ferrari
esposito bianchi romano ricci marino wang zhang chen liu yang huang zhao tanaka suzuki yamamoto
watanabe singh kumar sharma khan ivanov smirnov james john robert michael william david richard
joseph charles mary patricia jennifer linda elizabeth barbara susan jessica sarah karen anna maria
laura julia sophie emma
""".split()  # noqa: SIM905 - a list of so many names is unreadable


@pytest.mark.parametrize(
    "text",
    [
        b"CT of the chest",
        b"ORIGINAL\\PRIMARY\\AXIAL",
        b"DERIVED\\SECONDARY\\MPR",
        b"SIEMENS",
        b"GE MEDICAL SYSTEMS",
        b"syngo CT VA48A",
        b"B30f",
        b"*tfl3d1_16",
        b"5.00.02",
        b"51.80.108.010",
        b"ImagePositionPatient",
        b"LightSpeed",
        b"T2 FLAIR axial",
        b"",
        b"7",
        b"\0",
    ],
)
def test_texts_of_machines_say_nothing(text: bytes) -> None:
    assert harmless_words(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        b"Xanthippe",
        b"CT of Mr. Miller",
        b"chest 31.05.1976",
        b"chest 31.05.76",
        b"chest 76/05/31",
        b"chest 5-31-1976",
        b"head 2011",
        b"MRN 7712345",
        b"J\xc3\xb6rg",
        b"tel 030-123456",
        b"chest " * 200,
    ],
)
def test_names_dates_and_long_numbers_are_not_harmless(text: bytes) -> None:
    assert harmless_words(text) is None


def test_words_and_numbers_come_back_for_comparison_with_those_of_the_file() -> None:
    assert harmless_words(b"CT chest 0712") == frozenset({"CT", "CHEST", "0712"})


@pytest.mark.parametrize("name", COMMON_NAMES)
def test_no_common_name_is_in_the_vocabulary(name: str) -> None:
    assert name not in vocabulary()


@given(st.binary(max_size=80))
def test_any_bytes_are_judged_without_an_error(text: bytes) -> None:
    words = harmless_words(text)

    assert words is None or text.isascii()
