import json
from datetime import date, timedelta

import pytest
from pydicom import Dataset
from pydicom.datadict import dictionary_VR as vr_in_dictionary
from pydicom.dataelem import DataElement
from pydicom.uid import ImplicitVRLittleEndian

from isocenter.dicom.deidentify.profile import NOT_AVAILABLE, Option
from isocenter.dicom.deidentify.pseudonyms import shift_days
from isocenter.dicom.deidentify.rules import Action, Rules, row_of
from tests.builders import instance
from tests.dicom.deidentify.deidentifying import (
    KEY,
    TABLE,
    deidentified,
    profile,
    rows,
)

COLUMNS = {
    Option.RETAIN_UIDS: "rtnUIDsOpt",
    Option.RETAIN_DEVICE_IDENTITY: "rtnDevIdOpt",
    Option.RETAIN_INSTITUTION_IDENTITY: "rtnInstIdOpt",
    Option.RETAIN_PATIENT_CHARACTERISTICS: "rtnPatCharsOpt",
    Option.RETAIN_FULL_DATES: "rtnLongFullDatesOpt",
    Option.RETAIN_MODIFIED_DATES: "rtnLongModifDatesOpt",
    Option.CLEAN_DESCRIPTORS: "cleanDescOpt",
    Option.CLEAN_STRUCTURED_CONTENT: "cleanStructContOpt",
    Option.CLEAN_GRAPHICS: "cleanGraphOpt",
}
# Values that say who it is, one of each VR, of the form of that VR.
VALUES = {
    **dict.fromkeys(("LO", "SH", "ST", "LT", "UT", "UC", "AE", "PN"), "Xanthippe"),
    "CS": "XANTHIPPE",
    "DA": "19760531",
    "TM": "063105",
    "DT": "19760531063105",
    "AS": "071Y",
    "IS": "7123",
    "DS": "71.25",
    "UI": "1.2.826.0.1.3680043.2.1125.7",
    "UR": "http://xanthippe.example",
    **dict.fromkeys(("OB", "OW", "UN", "OF", "OD", "OL", "OV"), b"XANTHIPPE_______"),
    **dict.fromkeys(("US", "SS", "UL", "SL"), 7123),
    **dict.fromkeys(("FL", "FD"), 71.25),
}
HARMLESS = "CT of the chest"
# Commands, file meta and directories are no part of an Instance.
NO_DATA_SET = ("0000", "0002", "0004")
# Encapsulated documents are held back as a whole (test_holding.py).
HELD_BACK = "00420011"


def tag_of_row(row: dict[str, str]) -> int:
    if "where" in row["id"]:
        return 0x00091001
    # An overlay has other elements, and pixels of its own, as its neighbour.
    return int(row["id"].replace("x", "0") if row["id"] != "50xxxxxx" else "50003000", 16)


def vr_of(tag: int) -> str:
    if tag == 0x00091001:
        return "LO"
    return {0x50003000: "OW", 0x60003000: "OW"}.get(tag) or vr_in_dictionary(tag).split(" or ")[0]


def item() -> Dataset:
    found = Dataset()
    found.PersonName = "Xanthippe"
    found.RelationshipType = "CONTAINS"
    found.ValueType = "NUM"
    return found


def planted(text: str = "Xanthippe") -> Dataset:
    """Return an Instance with an element of every row that can stand in a root."""
    dataset = instance()
    dataset.private_block(0x0009, "XANTHIPPE", create=True)
    for row in rows():
        tag = tag_of_row(row)
        if row["id"][:4] in NO_DATA_SET or row["id"] == HELD_BACK:
            continue
        vr = vr_of(tag)
        value = VALUES.get(vr)
        if "cleanDescOpt" in row and isinstance(value, str):
            value = text.upper() if vr == "CS" else text
        dataset.add(DataElement(tag, vr, [item()] if vr == "SQ" else value))
    return dataset


def encoded(dataset: Dataset, tag: int) -> object:
    """Return what can be compared of an element: None where it is absent."""
    if tag not in dataset:
        return None
    element = dataset[tag]
    return element.to_json() if element.VR == "SQ" else (element.VR, element.value)


@pytest.fixture(scope="module")
def basic() -> Dataset:
    return deidentified(planted())


def test_the_committed_table_is_that_of_the_standard(shared_data: object) -> None:
    theirs = shared_data / "standard" / "confidentiality_profile_attributes.json"  # type: ignore[operator]  # a Path

    assert json.loads(TABLE.read_text()) == json.loads(theirs.read_text())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_the_basic_profile_does_what_the_row_says(row: dict[str, str], basic: Dataset) -> None:
    tag = tag_of_row(row)
    actions = row["basicProfile"].replace("*", "").split("/")

    if tag not in basic:
        assert "X" in actions or row["id"][:4] in NO_DATA_SET or row["id"] == HELD_BACK
        return
    element = basic[tag]
    assert "Xanthippe" not in element.to_json()
    assert actions != ["X"]
    if element.is_empty:
        assert "Z" in actions
    elif element.VR != "SQ":
        assert str(element.value) != str(VALUES[element.VR])
        assert {"Z", "D", "U"} & set(actions)


@pytest.mark.parametrize("option", COLUMNS)
def test_an_option_changes_the_rows_of_its_column_and_no_others(
    option: Option, basic: Dataset
) -> None:
    made = deidentified(planted(), profile(option))

    for row in rows():
        tag = tag_of_row(row)
        change = row.get(COLUMNS[option], "")
        if change == "K" and vr_of(tag) != "SQ":
            assert encoded(made, tag) == encoded(planted(), tag), row["name"]
        elif not change and tag >> 24 != 0x60:
            assert encoded(made, tag) == encoded(basic, tag), row["name"]


def test_modified_dates_are_all_moved_by_the_same_number_of_days() -> None:
    dataset = planted()
    made = deidentified(dataset, profile(Option.RETAIN_MODIFIED_DATES))
    days = shift_days(KEY, dataset.PatientID, "Xanthippe")

    moved = [tag_of_row(row) for row in rows() if row.get("rtnLongModifDatesOpt")]
    dates = {str(made[tag].value)[:8] for tag in moved if vr_of(tag) in ("DA", "DT")}
    times = {str(made[tag].value) for tag in moved if vr_of(tag) == "TM"}

    assert dates == {f"{date(1976, 5, 31) + timedelta(days):%Y%m%d}"}
    assert times == {VALUES["TM"]}
    assert -3652 <= days <= -1


def test_clean_descriptors_keeps_text_of_harmless_words_only() -> None:
    cleaned = [tag_of_row(row) for row in rows() if row.get("cleanDescOpt")]
    texts = [tag for tag in cleaned if isinstance(VALUES.get(vr_of(tag)), str)]
    harmless = deidentified(planted(HARMLESS), profile(Option.CLEAN_DESCRIPTORS))
    named = deidentified(planted(), profile(Option.CLEAN_DESCRIPTORS))

    assert len(texts) > 100
    assert all(str(harmless[tag].value).lower() == HARMLESS.lower() for tag in texts)
    assert all("Xanthippe" not in str(named.get(tag)) for tag in texts)


def test_cleaned_application_entities_keep_who_is_who_and_not_the_name() -> None:
    made = deidentified(planted(), profile(Option.RETAIN_DEVICE_IDENTITY))
    cleaned = [tag_of_row(row) for row in rows() if row.get("rtnDevIdOpt") == "C"]

    names = {made[tag].value for tag in cleaned}

    assert len(names) == 1
    assert "Xanthippe" not in names
    assert all(len(name) <= 16 for name in names)


@pytest.mark.parametrize(("kind", "stays"), [("R", True), ("G", False)])
def test_clean_graphics_keeps_overlays_of_regions_and_removes_graphics_and_curves(
    kind: str, stays: bool
) -> None:
    dataset = planted()
    dataset.add_new(0x60000010, "US", 8)
    dataset.add_new(0x60000040, "CS", kind)

    made = deidentified(dataset, profile(Option.CLEAN_GRAPHICS))

    assert (0x60003000 in made, 0x60000010 in made) == (stays, stays)
    assert 0x60004000 not in made
    assert 0x50003000 not in made
    assert 0x60000010 not in deidentified(dataset)


def test_the_table_decides_the_same_in_implicit_vr(basic: Dataset) -> None:
    dataset = planted()
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian

    made = deidentified(dataset)

    # Private elements aside, whose VR an implicit source does not say.
    assert [element.tag for element in made] == [element.tag for element in basic]


def test_where_one_option_keeps_and_another_cleans_the_value_is_cleaned() -> None:
    both = Rules(profile(Option.RETAIN_DEVICE_IDENTITY, Option.RETAIN_MODIFIED_DATES))

    assert both.of(0x00181200).action is Action.SHIFT  # Date of Last Calibration


def test_letters_say_what_stays_for_those_who_search_the_result() -> None:
    rules = Rules(profile(Option.RETAIN_MODIFIED_DATES))

    assert rules.letter(0x00080020, "DA") == "C"
    assert rules.letter(0x00100010, "PN") == "X"
    assert rules.letter(0x00180050, "DS") == "K"
    assert rules.letter(0x00091001, "LO") == "X"


def test_each_tag_of_a_repeating_group_has_the_row_of_its_group() -> None:
    assert row_of(0x60FE3000) == row_of(0x60003000) is not None
    assert row_of(0x501E0010) == row_of(0x50003000) is not None
    assert row_of(0x60000010) is None


def test_every_option_of_the_table_is_known() -> None:
    columns = {name for row in rows() for name in row if name.endswith("Opt")}

    assert columns - set(COLUMNS.values()) == {"rtnSafePrivOpt"}
    assert Option.RETAIN_SAFE_PRIVATE in NOT_AVAILABLE
