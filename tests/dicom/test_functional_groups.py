import pytest
from pydicom.datadict import keyword_for_tag
from pydicom.multival import MultiValue

from isocenter.dicom.functional_groups import (
    GROUP_OF,
    MACROS,
    PRIVATE_ABSENT,
    PRIVATE_CREATOR_TAG,
    PRIVATE_ORIGINAL,
    UNASSIGNED_PER_FRAME,
    UNASSIGNED_SHARED,
    Groups,
    encode_groups,
    flattened,
    private_creator_of,
    read_groups,
    restored,
)
from isocenter.dicom.header_index import DataSetIndex, index_header
from isocenter.dicom.part10 import encode_sequence, encode_text
from isocenter.dicom.streams import BytesSource
from tests.in_memory import merged_stack
from tests.raw_instance import (
    EXPLICIT,
    IMPLICIT,
    Elements,
    Raw,
    ct_slice,
    encode,
    part10,
    sequence,
    text,
    us,
)

PIXEL_MEASURES, PLANE_POSITION, FRAME_CONTENT = 0x00289110, 0x00209113, 0x00209111
SPACING, THICKNESS, DESCRIPTION = 0x00280030, 0x00180050, 0x0008103E
SHARED = 0x52009229


def encoded(tag: int, value: str, *, is_implicit: bool = False) -> bytes:
    return encode_text(tag, value, is_implicit=is_implicit)


def item_of(groups_item: Elements, transfer_syntax_uid: str = EXPLICIT) -> DataSetIndex:
    """Return the index of one Item of the shared functional groups."""
    stream = part10({**ct_slice(), SHARED: sequence(groups_item)}, transfer_syntax_uid)
    (item,) = index_header(BytesSource(stream)).dataset.items(SHARED)
    return item


def test_the_table_holds_root_attributes_of_the_macros_of_the_standard() -> None:
    """PS3.3 C.7.6.16.2.1, .3, .4, .9, .10 and the irradiation event."""
    names = {
        keyword_for_tag(macro.sequence): {keyword_for_tag(tag) for tag in macro.attributes}
        for macro in MACROS
    }

    assert names == {
        "PixelMeasuresSequence": {"PixelSpacing", "SliceThickness", "SpacingBetweenSlices"},
        "PlanePositionSequence": {"ImagePositionPatient"},
        "PlaneOrientationSequence": {"ImageOrientationPatient"},
        "PixelValueTransformationSequence": {"RescaleIntercept", "RescaleSlope", "RescaleType"},
        "FrameVOILUTSequence": {
            "WindowCenter",
            "WindowWidth",
            "WindowCenterWidthExplanation",
            "VOILUTFunction",
        },
        "IrradiationEventIdentificationSequence": {"IrradiationEventUID"},
    }
    assert len(GROUP_OF) == sum(len(macro.attributes) for macro in MACROS)


@pytest.mark.parametrize("transfer_syntax_uid", [EXPLICIT, IMPLICIT])
@pytest.mark.parametrize("unassigned_tag", [UNASSIGNED_SHARED, UNASSIGNED_PER_FRAME])
def test_groups_are_read_as_they_were_written(
    transfer_syntax_uid: str, unassigned_tag: int
) -> None:
    is_implicit = transfer_syntax_uid == IMPLICIT
    groups = Groups(
        macros={PIXEL_MEASURES: {THICKNESS: encoded(THICKNESS, "5", is_implicit=is_implicit)}},
        unassigned={DESCRIPTION: encoded(DESCRIPTION, "text", is_implicit=is_implicit)},
        original={SPACING: encoded(SPACING, "1\\1", is_implicit=is_implicit)},
        absent=(0x00080050, 0x7FE11001),
    )
    item = encode_groups(groups, is_implicit=is_implicit, unassigned_tag=unassigned_tag)
    content = encode_sequence(SHARED, [item], is_implicit=is_implicit)
    header = 8 if is_implicit else 12
    raw = Raw("UN" if is_implicit else "SQ", content[header:])
    stream = part10({**ct_slice(), SHARED: raw}, transfer_syntax_uid)
    (found,) = index_header(BytesSource(stream)).dataset.items(SHARED)

    assert read_groups(found, is_implicit=is_implicit) == groups


def test_the_per_frame_sequence_is_there_even_if_empty() -> None:
    """Type 2 (PS3.3 C.7.6.16.2.26); the shared one is left out (C.7.6.16.2.25)."""
    empty = encode_groups(Groups(), is_implicit=False, unassigned_tag=UNASSIGNED_PER_FRAME)

    assert list(empty) == [UNASSIGNED_PER_FRAME]
    assert not encode_groups(Groups(), is_implicit=False, unassigned_tag=UNASSIGNED_SHARED)


def test_the_private_block_is_readable_by_others() -> None:
    """A source that has Frame Content or Number of Frames itself; nobody else would know where."""
    change: Elements = {0x00280008: text("IS", "1"), 0x00180088: text("DS", "-5")}

    dataset = merged_stack([part10({**ct_slice(index), **change}) for index in range(2)]).dataset

    shared = dataset.SharedFunctionalGroupsSequence[0]
    block = shared.private_block(0x0075, "ISOCENTER")
    original = block[0x04].value[0]
    assert original.NumberOfFrames == 1
    assert original.SpacingBetweenSlices == -5
    absent = block[0x02].value
    tags = absent if isinstance(absent, MultiValue) else [absent]
    assert "ContributingEquipmentSequence" in [keyword_for_tag(tag) for tag in tags]


def test_a_block_of_another_creator_is_not_ours() -> None:
    foreign: Elements = {
        PRIVATE_CREATOR_TAG: text("LO", "ACME"),
        PRIVATE_ORIGINAL: sequence({0x00080050: text("SH", "1")}),
        PRIVATE_ABSENT: Raw("AT", bytes(4)),
    }

    groups = read_groups(item_of(foreign), is_implicit=False)

    assert not groups.original
    assert not groups.absent
    without_creator = {tag: raw for tag, raw in foreign.items() if tag != PRIVATE_CREATOR_TAG}
    assert not read_groups(item_of(without_creator), is_implicit=False).original


def test_only_the_first_item_of_a_group_counts_and_empty_groups_give_nothing() -> None:
    """PS3.3 C.7.6.16: a single Item shall be included."""
    several: Elements = {
        PIXEL_MEASURES: sequence({THICKNESS: text("DS", "1")}, {THICKNESS: text("DS", "2")}),
        PLANE_POSITION: sequence(),
        FRAME_CONTENT: sequence({}),
        0x00080060: text("CS", "CT"),
    }

    groups = read_groups(item_of(several), is_implicit=False)

    assert groups.macros == {
        PIXEL_MEASURES: {THICKNESS: encoded(THICKNESS, "1")},
        PLANE_POSITION: {},
        FRAME_CONTENT: {},
    }


@pytest.mark.parametrize("vr", ["SQ", "UN"])
@pytest.mark.parametrize("tag", [PIXEL_MEASURES, UNASSIGNED_SHARED, PRIVATE_ORIGINAL])
def test_implicit_items_in_an_explicit_data_set_become_explicit(tag: int, vr: str) -> None:
    """PS3.5 6.2.2: what a gateway does not know it writes as UN, the content implicit."""
    elements: Elements = {
        THICKNESS: text("DS", "1"),
        0x00081140: sequence({0x00081155: text("UI", "1.2")}),
        0x00280106: us(7),
        0x00283006: Raw("OW", b"\1\2"),
        0x00091001: Raw("UN", b"\1\2\3\4"),
    }
    held: Elements = {
        PRIVATE_CREATOR_TAG: text("LO", "ISOCENTER"),
        tag: Raw(vr, (elements,), has_implicit_items=True),
    }

    groups = read_groups(item_of(held), is_implicit=False)

    found = {
        PIXEL_MEASURES: groups.macros.get(PIXEL_MEASURES),
        UNASSIGNED_SHARED: groups.unassigned,
        PRIVATE_ORIGINAL: groups.original,
    }[tag]
    assert found == {inner: encode({inner: raw}) for inner, raw in elements.items()}


def test_a_list_of_absent_tags_with_half_a_tag_is_read_as_far_as_it_goes() -> None:
    held: Elements = {
        PRIVATE_CREATOR_TAG: text("LO", "ISOCENTER"),
        PRIVATE_ABSENT: Raw("AT", b"\x08\0\x50\0\x10\0"),
    }

    assert read_groups(item_of(held), is_implicit=False).absent == (0x00080050,)


def test_what_a_frame_has_itself_wins_and_absent_tags_go() -> None:
    base = {DESCRIPTION: b"root", 0x00080050: b"root", 0x00081030: b"root", 0x00080060: b"root"}
    shared = Groups(
        macros={PIXEL_MEASURES: {THICKNESS: b"shared", 0x00189999: b"not of the root"}},
        unassigned={0x00181030: b"shared", 0x00080050: b"shared"},
        original={0x00081030: b"original"},
        absent=(0x00080060,),
    )
    frame = Groups(
        macros={PIXEL_MEASURES: {THICKNESS: b"frame"}, 0x00189329: {0x00089007: b"no root"}},
        unassigned={DESCRIPTION: b"frame"},
        absent=(0x00080050,),
    )

    assert flattened(shared) == {
        THICKNESS: b"shared",
        0x00181030: b"shared",
        0x00080050: b"shared",
    }
    assert restored(base, shared, frame) == {
        DESCRIPTION: b"frame",
        0x00081030: b"original",
        THICKNESS: b"frame",
        0x00181030: b"shared",
    }
    assert base[DESCRIPTION] == b"root", "the argument is not changed"


@pytest.mark.parametrize(
    ("tag", "creator"),
    [
        (0x00091001, 0x00090010),
        (0x0009FFFF, 0x000900FF),
        (0x00090010, None),
        (0x00090001, None),
        (0x00081001, None),
    ],
)
def test_a_private_element_belongs_to_a_creator(tag: int, creator: int | None) -> None:
    """PS3.5 7.8.1."""
    assert private_creator_of(tag) == creator
