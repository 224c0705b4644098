import pytest

from isocenter.dicom.conversion import (
    Identity,
    add_identity,
    add_private_creators,
    depends_on_charset,
    keep_differences,
    represent,
)
from isocenter.dicom.functional_groups import Groups, restored
from isocenter.dicom.part10 import Elements
from tests.in_memory import merged_stack, three
from tests.raw_instance import as_un, encode, text

A, B, C, D = 0x00081030, 0x00081040, 0x00091001, 0x00181030
SOP_CLASS, SOP_INSTANCE = 0x00080016, 0x00080018


def encoded(**values: str) -> Elements:
    """Return elements A to D with these values, as merge has them."""
    tags = {"a": A, "b": B, "c": C, "d": D}
    return {tags[name]: encode({tags[name]: text("LO", value)}) for name, value in values.items()}


@pytest.mark.parametrize(
    ("base", "shared", "elements"),
    [
        ({}, {}, {}),
        ({"a": "1"}, {}, {"a": "1"}),
        ({"a": "1"}, {}, {"a": "2"}),
        ({"a": "1"}, {}, {}),
        ({"a": "1"}, {"a": "2"}, {"a": "1"}),
        ({"a": "1"}, {"a": "2"}, {}),
        ({"a": "1", "b": "1"}, {"d": "3"}, {"b": "2", "c": "4"}),
    ],
)
def test_the_private_block_leads_back_whatever_the_root_and_the_shared_groups_say(
    base: dict[str, str], shared: dict[str, str], elements: dict[str, str]
) -> None:
    root, wanted = encoded(**base), encoded(**elements)
    groups, common = Groups(), Groups(original=encoded(**shared))

    keep_differences(groups, root, common, wanted, frozenset({A, B, C, D}))

    assert restored(root, common, groups) == wanted
    if {**base, **shared} == elements:
        assert groups == Groups(), "what needs nothing gets nothing"


def test_what_is_shared_takes_the_shared_block_and_what_varies_does_not() -> None:
    shared, root = Groups(), encoded(a="of the root", b="of the root")

    keep_differences(shared, root, Groups(), encoded(a="mine"), frozenset({D}), only_shared=True)

    assert shared.original == encoded(a="mine")
    assert shared.absent == (B,)
    varying = Groups()
    keep_differences(varying, root, Groups(), {}, frozenset({A, B}), only_shared=True)
    assert varying == Groups()


def test_class_and_uid_of_a_slice_are_no_differences() -> None:
    """They have a place of their own: the references to the sources."""
    uids = {tag: encode({tag: text("UI", "1.2")}) for tag in (SOP_CLASS, SOP_INSTANCE)}
    groups = Groups()

    keep_differences(groups, uids, Groups(), {}, frozenset())

    assert groups == Groups()


def test_private_elements_bring_their_creator_and_nothing_else_does() -> None:
    """PS3.5 7.8.1: (gggg,xx00-xxFF) belongs to (gggg,00xx)."""
    creator = 0x00090010
    slice_elements = {
        creator: encode({creator: text("LO", "ACME")}),
        0x00090011: encode({0x00090011: text("LO", "OTHER")}),
        **encoded(a="1", c="2"),
    }
    private, plain, orphan = encoded(c="2"), encoded(a="1"), encoded(c="2")

    for item in (private, plain):
        add_private_creators(item, slice_elements)
    add_private_creators(orphan, encoded(c="2"))

    assert private == {**encoded(c="2"), creator: slice_elements[creator]}
    assert plain == encoded(a="1")
    assert orphan == encoded(c="2")


@pytest.mark.parametrize("is_implicit", [True, False])
def test_a_new_object_has_its_own_identity(is_implicit: bool) -> None:
    root: Elements = {}
    identity = Identity("1.2.1", "1.2.2", "1.2.3", "1.2.4", 5)

    add_identity(root, identity, "1.2.6", 7, is_implicit=is_implicit)

    texts = {
        SOP_CLASS: "1.2.6",
        SOP_INSTANCE: "1.2.1",
        0x0020000E: "1.2.2",
        0x00200052: "1.2.3",
        0x00200013: "5",
        0x00280008: "7",
    }
    vrs = {tag: "IS" if value.isdecimal() else "UI" for tag, value in texts.items()}
    assert root == {
        tag: encode({tag: text(vrs[tag], value)}, is_implicit=is_implicit)
        for tag, value in texts.items()
    }
    without: Elements = {}
    add_identity(without, Identity("1", "2", "", "4", 5), "6", 7, is_implicit=is_implicit)
    assert 0x00200052 not in without, "the slices' own Frame of Reference stays"


def test_the_root_represents_only_what_it_lacks_and_the_first_slice_has() -> None:
    patient, comment = 0x00100010, 0x00104000
    root = {patient: encode({patient: text("PN", "shared")})}
    first = {
        tag: encode({tag: text("LT", "of the first")}) for tag in (patient, 0x00080050, comment, D)
    }

    represent(root, first, also=(D,))

    assert root.keys() == {patient, 0x00080050, D}
    assert b"shared" in root[patient]


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
