"""Elements that hold markers: one for any attribute, in any VR, any character set."""

import json
import re
from functools import cache
from pathlib import Path

from pydicom.datadict import dictionary_VM, dictionary_VR

from tests.privacy.markers import Markers
from tests.raw_instance import Elements, Raw, sequence, text

TABLE = Path(__file__).parents[2] / "tools" / "confidentiality_profile_attributes.json"

TEXT_VRS = frozenset({"LO", "SH", "PN", "ST", "LT", "UT", "UC"})
# Defined term -> codec; what it takes to write Japanese between two escape sequences.
CHARACTER_SETS = {
    "ISO_IR 6": "ascii",
    "ISO_IR 100": "latin_1",
    "ISO_IR 144": "iso8859_5",
    "ISO_IR 166": "tis_620",
    "ISO_IR 192": "utf-8",
    "\\ISO 2022 IR 87": "iso2022_jp",
}
_COMMAND_AND_META, _PIXELS = 0x0002, 0x7FE0
_ONE_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_TIMES = frozenset({"DA", "TM", "DT"})
# Where a marker would make the object another one, or unreadable, or is planted elsewhere.
_ELSEWHERE = frozenset(
    {
        0x00041511,  # only in a DICOMDIR
        0x0040A730,  # the content tree of a structured report
        0x54000100,  # waveforms
        0x00420011,  # an encapsulated document, which is held back
        0xFFFCFFFC,  # trailing padding
        0xFFFAFFFA,
    }
)


@cache
def table_tags() -> tuple[int, ...]:
    """Return the tags of Table E.1-1 that name one attribute, ascending."""
    rows = json.loads(TABLE.read_text())
    tags = {int(row["id"], 16) for row in rows if _ONE_TAG.fullmatch(row["id"])}
    return tuple(
        sorted(
            tag
            for tag in tags - _ELSEWHERE
            if _COMMAND_AND_META < tag >> 16 < _PIXELS and vr_of(tag)
        )
    )


@cache
def vr_of(tag: int) -> str:
    """Return the first VR that PS3.6 gives an attribute, an empty text where it knows none."""
    try:
        return dictionary_VR(tag).split(" or ")[0]
    except KeyError:
        return ""


def text_tags() -> tuple[int, ...]:
    """Return the tags whose values depend on the character set."""
    return tuple(tag for tag in table_tags() if vr_of(tag) in TEXT_VRS)


def multi_valued_tags() -> tuple[int, ...]:
    """Return the tags that may have more than one value."""
    return tuple(tag for tag in table_tags() if vr_of(tag) != "SQ" and dictionary_VM(tag) != "1")


def planted(markers: Markers, tags: tuple[int, ...], path: tuple[int, ...] = ()) -> Elements:
    """Return one element with a marker, or several, for each of the tags."""
    elements: Elements = {}
    for tag in tags:
        markers.tags = (*path, tag)
        element = planted_element(markers, vr_of(tag))
        if element is not None:
            elements[tag] = element
    markers.tags = ()
    return elements


def planted_element(markers: Markers, vr: str, values: int = 1) -> Raw | None:
    """Return an element of the VR, None where a value has too few bytes to be known again."""
    if vr == "SQ":
        return sequence(_item(markers), _item(markers))
    if vr in _BYTES:
        return Raw(vr, b"".join(_bytes_of(markers, vr) for _ in range(values)))
    made = [_text_of(markers, vr) for _ in range(values)]
    return text(vr, "\\".join(made)) if all(made) else None


_BYTES = frozenset({"FD", "OV", "SV", "UV", "OD", "FL", "UL", "SL", "OF", "OL", "AT", "OB", "UN"})
_EIGHT_BYTES = frozenset({"FD", "OV", "SV", "UV", "OD"})


def _bytes_of(markers: Markers, vr: str) -> bytes:
    if vr in _EIGHT_BYTES:
        return markers.word()
    if vr in {"OB", "UN"}:
        return markers.text().encode() + b"\0"
    return markers.four_bytes()


def _text_of(markers: Markers, vr: str) -> str:
    if vr == "PN":
        return f"{markers.text()}^{markers.text()}"
    if vr in {"ST", "LT", "UT"}:
        return f"seen by {markers.text()} today"
    if vr == "UR":
        return f"https://{markers.text()}.example/"
    if vr == "DT":
        return f"{markers.date()}{markers.time()}"
    makers = {
        "UI": markers.uid,
        "DA": markers.date,
        "TM": markers.time,
        "IS": markers.integer,
        "DS": markers.decimal,
    }
    if vr in {"LO", "SH", "AE", "CS", "UC"}:
        return markers.text()
    return makers[vr]() if vr in makers else ""


def _item(markers: Markers) -> Elements:
    """Return an Item of what is found in Items: a code, a name, a UID, a private element."""
    path = markers.tags
    item: Elements = {0x00990010: text("LO", "JUDGES")}
    for tag, vr in (
        (0x00080100, "SH"),
        (0x00080104, "LO"),
        (0x00081155, "UI"),
        (0x0040A123, "PN"),
        (0x00991001, "LO"),
    ):
        markers.tags = (*path, tag)
        item[tag] = text(vr, _text_of(markers, vr))
    markers.tags = path
    return item


def foreign(markers: Markers, term: str, path: tuple[int, ...] = ()) -> Elements:
    """Return every text attribute in a character set, with letters of ASCII and of its own."""
    codec = CHARACTER_SETS[term]
    elements: Elements = {0x00080005: text("CS", term)}
    for tag in text_tags():
        markers.tags = (*path, tag)
        plain = markers.text()
        if codec == "ascii":
            value = plain.encode()
        else:
            value = plain.encode() + b" " + markers.foreign(codec).encode(codec)
        elements[tag] = text(vr_of(tag), value)
    markers.tags = ()
    return elements


def private(markers: Markers) -> Elements:
    """Return private and unknown elements of every VR, in blocks with and without a creator."""
    elements: Elements = {0x00090010: text("LO", f"MAKER {markers.text()}")}
    vrs = sorted({*TEXT_VRS, *_BYTES, *_TIMES, "AE", "CS", "UI", "IS", "DS", "UR", "SQ"})
    for group, first in ((0x0009, 0x1000), (0x0011, 0x1000), (0x0099, 0x0001), (0x6001, 0x1000)):
        for number, vr in enumerate(vrs):
            element = planted_element(markers, vr)
            if element is not None:
                elements[group << 16 | (first + number)] = element
    inner = {0x00990010: text("LO", "JUDGES"), **planted(markers, table_tags())}
    elements[0x00091080] = sequence(inner, is_undefined=True)
    # Even groups that no dictionary knows.
    elements[0x00080B01] = text("LO", markers.text())
    elements[0x72FE0010] = Raw("UN", markers.text().encode() + b"\0")
    elements[0x00070010] = text("LO", markers.text())
    return elements


def wrong_vrs(markers: Markers) -> Elements:
    """Return attributes that are usually harmless, in a VR that is not theirs, with text."""
    elements: Elements = {}
    numbers = (0x00180050, 0x00180060, 0x00181100, 0x00181150, 0x00181151, 0x00181152, 0x00189305)
    for tag in numbers:
        elements[tag] = text("LO", f"{markers.text()}")
    for tag in (0x00181160, 0x00181170, 0x00181190, 0x00201041, 0x00281052, 0x00281053):
        elements[tag] = text("DS" if tag & 1 else "UN", markers.text() + " ")
    for tag in (0x00280120, 0x00280106, 0x00280107):
        elements[tag] = text("SH", markers.text())
    for tag in (0x00189073, 0x00189074, 0x00189087):
        elements[tag] = Raw("OB", markers.word())
    # Attributes of the table in VRs that look harmless.
    for tag, vr in ((0x00100010, "UN"), (0x00100020, "UT"), (0x00100030, "LO"), (0x00080090, "OB")):
        markers.tags = (tag,)
        elements[tag] = text(vr, markers.text() + " ")
    for tag, vr in ((0x00080050, "OW"), (0x00080080, "UN"), (0x00101000, "SS"), (0x00081030, "US")):
        markers.tags = (tag,)
        elements[tag] = text(vr, markers.text() + " ")
    markers.tags = (0x00081140,)
    elements[0x00081140] = Raw("UN", (_item(markers),), has_implicit_items=True)
    markers.tags = ()
    return elements
