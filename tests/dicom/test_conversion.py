import pytest

from isocenter.dicom.conversion import depends_on_charset
from tests.in_memory import merged_stack, three
from tests.raw_instance import as_un, encode, text


@pytest.mark.usefixtures("odd_values_allowed")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({0x00080023: "20240131", 0x00080033: "10"}, ("20240131", "10")),
        ({0x00080023: "20240131", 0x00080022: "20230101", 0x00080032: "9"}, ("20230101", "9")),
        ({0x00080021: "20220101", 0x00080031: "8"}, ("20220101", "8")),
        ({0x00080030: "7"}, ("20240131", "7")),
        ({0x00080023: "20240131"}, ("20240131", None)),
        ({0x00080022: "1995.05.01", 0x00080032: "16:22:53.77"}, ("19950501", "162253.77")),
        ({0x00080022: "1.5.1995", 0x00080032: "about 4"}, ("1.5.1995", "about 4")),
    ],
)
def test_content_date_and_time_are_the_first_pair_that_the_source_has(
    change: dict[int, str], expected: tuple[str, str | None]
) -> None:
    """Type 1; from content, acquisition, series, study. Nothing is invented."""
    times = {
        tag: text("TM" if tag & 0x30 == 0x30 else "DA", value) for tag, value in change.items()
    }

    dataset = merged_stack(three(times, times, times)).dataset

    assert dataset.ContentDate == expected[0]
    assert dataset.get("ContentTime") == expected[1]


def test_where_slices_differ_the_root_shows_the_first() -> None:
    tags = (0x00080050, 0x00100010, 0x00200010, 0x00185100)
    streams = three(*({tag: text("SH", f"{index}") for tag in tags} for index in range(3)))

    dataset = merged_stack(streams).dataset

    assert [str(dataset[tag].value) for tag in tags] == ["0"] * 4


def test_the_equipment_that_converted_is_named() -> None:
    """PS3.3 C.12.1.1.5; CID 7005."""
    (equipment,) = merged_stack(three()).dataset.ContributingEquipmentSequence

    assert equipment.Manufacturer == "Isocenter"
    (purpose,) = equipment.PurposeOfReferenceCodeSequence
    assert (purpose.CodeValue, purpose.CodingSchemeDesignator) == ("109106", "DCM")


@pytest.mark.parametrize(
    ("value", "vr", "expected"),
    [
        (b"plain ", "LO", False),
        (b"M\xfcll", "LO", True),
        (b"\x1b$B;3", "LO", True),
        (b"\xfc\xfc", "OB", False),
        (b"\xfc\xfc", "UN", True),
        (bytes(0x90), "UN", False),
    ],
)
def test_text_depends_on_its_character_set_where_it_is_not_ascii(
    value: bytes, vr: str, expected: bool
) -> None:
    """Of UN nobody knows; a length of 0x90 bytes is no text."""
    raw = as_un(text(vr, value)) if vr == "UN" else text(vr, value)

    encoded = encode({0x00091001: raw})

    assert depends_on_charset(0x00091001, encoded, is_implicit=False) is expected


def test_in_implicit_vr_the_dictionary_says_what_is_text() -> None:
    for tag, expected in ((0x00081030, True), (0x00091001, True), (0x00282000, False)):
        encoded = encode({tag: text("LO", b"\xfc")}, is_implicit=True)
        assert depends_on_charset(tag, encoded, is_implicit=True) is expected
