from isocenter.dicom.deidentify.profile import Option
from isocenter.dicom.deidentify.rows import PRIVATE, parse_rows
from isocenter.dicom.deidentify.table import EDITION, ROWS
from tests.dicom.deidentify.deidentifying import rows


def test_a_line_names_actions_by_option() -> None:
    (row,) = parse_rows("00080022 X/Z f=K m=C\n").values()

    assert row.basic == "X/Z"
    assert row.options == {Option.RETAIN_FULL_DATES: "K", Option.RETAIN_MODIFIED_DATES: "C"}


def test_the_generated_table_has_every_row_of_the_standard() -> None:
    assert EDITION == "2024b"
    assert len(ROWS) == len(rows()) == 621
    assert ROWS[PRIVATE].basic == "X"


def test_the_generated_table_has_every_action_of_the_standard() -> None:
    theirs = {row["id"]: row for row in rows()}

    for tag, row in ROWS.items():
        their_row = theirs[tag.lower()] if tag != PRIVATE else theirs["ggggeeee-where-gggg-is-odd"]
        options = sorted(action for name, action in their_row.items() if name.endswith("Opt"))
        assert row.basic == their_row["basicProfile"]
        assert sorted(row.options.values()) == options
