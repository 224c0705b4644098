import pytest

from isocenter.dicom.deidentify import codes
from isocenter.dicom.deidentify.codes import code_that_stays, is_published, is_version


def is_harmless(text: bytes) -> bool:
    return b"Smith" not in text


def code(value: str, scheme: str, meaning: str, version: str = "") -> dict[int, bytes]:
    parts = {
        codes.CODE_VALUE: value.encode(),
        codes.CODING_SCHEME: scheme.encode(),
        codes.CODE_MEANING: meaning.encode(),
    }
    return parts | ({codes.SCHEME_VERSION: version.encode()} if version else {})


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        (b"SCT", b"818981001"),
        (b"SRT", b"T-D4000"),
        (b"99SDM", b"T-A0100"),
        (b"DCM", b"113100"),
        (b"DCM", b"CT"),
        (b"LN", b"8302-2"),
        (b"UCUM", b"mm2"),
        (b"FMA", b"7088"),
        (b"RADLEX", b"RID11326"),
        (b"NCIt", b"C94970"),
    ],
)
def test_codes_of_published_schemes_are_known_by_their_form(scheme: bytes, value: bytes) -> None:
    assert is_published(scheme, value)


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        (b"99LOCAL", b"WARD7"),
        (b"L", b"CTABD"),
        (b"", b"113100"),
        (b"SCT", b"Smith"),
        (b"DCM", b"Smith"),
        (b"SRT", b"SMITH-1"),
        (b"LN", b"Smith-1"),
    ],
)
def test_private_codes_and_names_are_not(scheme: bytes, value: bytes) -> None:
    assert not is_published(scheme, value)
    assert code_that_stays(code(value.decode(), scheme.decode(), "x"), frozenset(), bool) is None


def test_a_published_code_stays_with_its_meaning_and_version() -> None:
    parts = code("818981001", "SCT", "Abdomen", "20210131")

    assert code_that_stays(parts, frozenset(), is_harmless) == parts


def test_a_meaning_that_may_name_somebody_gives_way_to_the_code() -> None:
    found = code_that_stays(code("818981001", "SCT", "Dr. Smith"), frozenset(), is_harmless)

    assert found is not None
    assert found[codes.CODE_MEANING] == b"818981001"


def test_a_code_that_is_an_identifier_of_the_file_goes() -> None:
    parts = code("818981001", "SCT", "Abdomen")

    assert code_that_stays(parts, frozenset({"818981001"}), is_harmless) is None


def test_text_in_the_braces_of_a_unit_is_text() -> None:
    assert code_that_stays(code("{ratio}", "UCUM", "ratio"), frozenset(), is_harmless)
    assert code_that_stays(code("{Smith}", "UCUM", "x"), frozenset(), is_harmless) is None


def test_a_long_code_value_stays_long() -> None:
    parts = {
        codes.LONG_CODE_VALUE: b"123456789012345678",
        codes.CODING_SCHEME: b"SCT",
        codes.CODE_MEANING: b"Abdomen",
    }

    assert code_that_stays(parts, frozenset(), is_harmless) == parts


@pytest.mark.parametrize(
    ("text", "is_one"), [(b"01", True), (b"1.1", True), (b"20210131", True), (b"Smith", False)]
)
def test_versions_are_numbers(text: bytes, is_one: bool) -> None:
    assert is_version(text) is is_one
