import pytest

from isocenter.dicom.supplied import is_value, parse_supplied
from isocenter.errors import InvalidInputError


def test_values_come_by_keyword() -> None:
    supplied = parse_supplied(
        [
            "FocalSpots=0.6\\1.2",
            "AnatomicRegionSequence=816094009^SCT^Chest",
            "TablePosition={SliceLocation}",
            "ImageFilter=a=b",
        ]
    )

    assert supplied["FocalSpots"].texts == ("0.6", "1.2")
    assert supplied["AnatomicRegionSequence"].texts == ("816094009^SCT^Chest",)
    assert supplied["TablePosition"].reference == "SliceLocation"
    assert supplied["ImageFilter"].texts == ("a=b",)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["NoSuchThing=1"], "no attribute has the keyword 'NoSuchThing'"),
        (["TableHeight={NoSuchThing}"], "'NoSuchThing'"),
        (["TableHeight"], "TableHeight"),
        (["TableHeight="], "TableHeight"),
        (["TableHeight=high"], "TableHeight is none of its VR, DS"),
        (["TableHeight=1", "TableHeight=2"], "TableHeight is set twice"),
        (["AnatomicRegionSequence=Chest"], "AnatomicRegionSequence"),
        (["AnatomicRegionSequence={BodyPartExamined}"], "AnatomicRegionSequence"),
        (["TableHeight={AnatomicRegionSequence}"], "TableHeight"),
        (["IconImageSequence=1"], "IconImageSequence"),
        (["PixelData=1"], "PixelData"),
    ],
)
def test_what_cannot_be_set_is_named(texts: list[str], said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_supplied(texts)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("vr", "good", "bad"),
    [
        ("CS", "AXIAL_1", "axial"),
        ("SH", "B30f", "seventeen letters"),
        ("LO", "any text", "ä"),
        ("DS", "-1.5e3", "1_0"),
        ("DS", "1", "12345678901234567"),
        ("IS", "-12", "1.5"),
        ("US", "65535", "65536"),
        ("US", "0", "-1"),
        ("FD", "0.1", "nan"),
        ("UI", "2.25.1", "2.25.01"),
        ("DA", "20240131", "2024-01-31"),
        ("TM", "101500.5", "10:15"),
        ("DT", "20240131101500.5+0100", "today"),
        ("AS", "045Y", "45"),
        ("SQ", "1^2^3", "1^2"),
    ],
)
def test_a_value_is_checked_against_its_vr(vr: str, good: str, bad: str) -> None:
    """PS3.5 6.2."""
    assert is_value(good, vr)
    assert not is_value(bad, vr)
    assert not is_value("", vr)
