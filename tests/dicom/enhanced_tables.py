"""What every table of an Enhanced IOD must fulfil, by the standard's own attribute lists."""

from collections.abc import Iterable

from isocenter.dicom.dictionary import tag_of, vr_of
from isocenter.dicom.enhanced_modules import COMMON_ROOT_TAGS, MACROS, OWN_ROOT_TAGS
from isocenter.dicom.enhanced_rules import EnhancedTable, Group, Row


def assert_table_is_the_standards(
    table: EnhancedTable, modality: str, left_out: Iterable[str]
) -> None:
    """Compare root and groups with PS3.3; `left_out` are groups without a classic counterpart."""
    for row in table.root:
        tag = tag_of(row.keyword)
        assert tag is not None, row.keyword
        assert tag in COMMON_ROOT_TAGS | OWN_ROOT_TAGS[modality], row.keyword
    macros = MACROS[modality]
    assert {group.sequence for group in table.groups} | set(left_out) == set(macros)
    assert {group.sequence for group in table.groups}.isdisjoint(left_out)
    for group in table.groups:
        assert_group_is_the_standards(group, macros[group.sequence])
    assert_rows_are_sound((*table.root, *(row for group in table.groups for row in group.rows)))


def assert_group_is_the_standards(group: Group, types: dict[str, str]) -> None:
    """Every row is an attribute of the macro; every attribute of type 1 has a row."""
    keywords = {row.keyword for row in group.rows}
    assert keywords <= set(types), f"{group.sequence}: {keywords - set(types)}"
    added = {"FrameType", "PixelPresentation", "VolumetricProperties"}
    added |= {"VolumeBasedCalculationTechnique"}  # set by the conversion, frame by frame
    required = {keyword for keyword, of_type in types.items() if of_type == "1"} - added
    assert required <= keywords, f"{group.sequence}: {required - keywords}"
    for row in group.rows:
        if types[row.keyword] == "1":
            assert row.need == "always", row.keyword
        if types[row.keyword] == "3":
            assert row.need == "optional", row.keyword


def assert_rows_are_sound(rows: Iterable[Row]) -> None:
    """Codes and Items are sequences and nothing else is; conditions look back only."""
    seen: set[str] = set()
    for row in rows:
        tag = tag_of(row.keyword)
        assert tag is not None, row.keyword
        assert (vr_of(tag) == "SQ") == (row.is_code or bool(row.items)), row.keyword
        for condition in row.when:
            assert condition.of_slice or condition.keyword in seen, (
                f"{row.keyword} looks at {condition.keyword}"
            )
        seen.add(row.keyword)
        if row.items:
            assert_rows_are_sound(row.items)
