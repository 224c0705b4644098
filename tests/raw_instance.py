r"""Single-frame Instances made byte by byte, for what pydicom would refuse or tidy up on writing.

    elements = ct_slice(3)
    elements[0x00091001] = Raw("UN", b"\x01\x02")
    source = part10(elements)

Nothing of `isocenter` is used here: the encoding is done by hand from PS3.5 section 7, so that
what the product reads was not written by itself.
"""

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydicom import DataElement, Dataset, dcmread
from pydicom.dataelem import RawDataElement

EXPLICIT = "1.2.840.10008.1.2.1"
IMPLICIT = "1.2.840.10008.1.2"
RLE = "1.2.840.10008.1.2.5"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
CT, MR, PET = (
    "1.2.840.10008.5.1.4.1.1.2",
    "1.2.840.10008.5.1.4.1.1.4",
    "1.2.840.10008.5.1.4.1.1.128",
)
US, SC, XA = (
    "1.2.840.10008.5.1.4.1.1.6.1",
    "1.2.840.10008.5.1.4.1.1.7",
    "1.2.840.10008.5.1.4.1.1.12.1",
)
MODALITY = {CT: b"CT", MR: b"MR", PET: b"PT", US: b"US", SC: b"OT", XA: b"XA"}
PIXEL_DATA = 0x7FE00010
SOP_UIDS = frozenset({0x00080016, 0x00080018})
_LONG = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}


@dataclass(frozen=True)
class Raw:
    """One element: value bytes or Items; how it is to be encoded.

    `is_undefined` gives a sequence and its Items undefined length, `has_implicit_items` encodes
    the Items of a sequence in an explicit Data Set implicitly, as VR UN demands.
    """

    vr: str
    value: "bytes | tuple[Mapping[int, Raw], ...]"
    is_undefined: bool = False
    has_implicit_items: bool = False


Elements = dict[int, Raw]


def text(vr: str, value: str | bytes) -> Raw:
    """Return an element of text, padded to even length."""
    data = value if isinstance(value, bytes) else value.encode("ascii")
    pad = b"\0" if vr == "UI" else b" "
    return Raw(vr, data + pad * (len(data) % 2))


def us(*values: int) -> Raw:
    """Return a US element."""
    return Raw("US", struct.pack(f"<{len(values)}H", *values))


def as_un(raw: Raw) -> Raw:
    """Return the element with VR UN; a sequence keeps its Items, implicit as PS3.5 6.2.2 wants."""
    if isinstance(raw.value, bytes):
        return replace(raw, vr="UN")
    return replace(raw, vr="UN", has_implicit_items=True)


def sequence(*items: Mapping[int, Raw], is_undefined: bool = False) -> Raw:
    """Return a sequence of Items."""
    return Raw("SQ", items, is_undefined=is_undefined)


def encode(elements: Mapping[int, Raw], *, is_implicit: bool = False) -> bytes:
    """Return the elements in ascending order of tag."""
    return b"".join(_element(tag, elements[tag], is_implicit) for tag in sorted(elements))


def _element(tag: int, raw: Raw, is_implicit: bool) -> bytes:
    if isinstance(raw.value, bytes):
        content = raw.value
    else:
        inside = is_implicit or raw.has_implicit_items
        content = b"".join(_item(item, inside, raw.is_undefined) for item in raw.value)
    length = 0xFFFFFFFF if raw.is_undefined else len(content)
    if raw.is_undefined and tag != PIXEL_DATA:
        content += struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    if is_implicit:
        return head + struct.pack("<I", length) + content
    head += raw.vr.encode()
    if raw.vr in _LONG:
        return head + struct.pack("<HI", 0, length) + content
    return head + struct.pack("<H", length) + content


def _item(elements: Mapping[int, Raw], is_implicit: bool, is_undefined: bool) -> bytes:
    content = encode(elements, is_implicit=is_implicit)
    if is_undefined:
        end = struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
        return struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF) + content + end
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content


def fragments(*values: bytes, table: bytes = b"") -> Raw:
    """Return encapsulated Pixel Data: the offset table, then a fragment for each value."""
    items = b"".join(
        struct.pack("<HHI", 0xFFFE, 0xE000, len(value)) + value for value in (table, *values)
    )
    return Raw("OB", items + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0), is_undefined=True)


def part10(
    elements: Mapping[int, Raw],
    transfer_syntax_uid: str = EXPLICIT,
    *,
    has_meta: bool = True,
    sop_class_uid: str = "",
) -> bytes:
    """Return a whole Part 10 stream, or without meta only the Data Set."""
    content = encode(elements, is_implicit=transfer_syntax_uid == IMPLICIT)
    if not has_meta:
        return content
    meta: Elements = {0x00020010: text("UI", transfer_syntax_uid)}
    if sop_class_uid:
        meta[0x00020002] = text("UI", sop_class_uid)
    return bytes(128) + b"DICM" + encode(meta) + content


def ct_slice(
    index: int = 0, *, position: tuple[float, float, float] | None = None, sop_class: str = CT
) -> Elements:
    """Return the elements of a small slice, 2 rows by 3 columns of 16 bits."""
    x, y, z = position or (-10.0, -20.0, 5.0 * index)
    return {
        0x00080008: text("CS", "ORIGINAL\\PRIMARY\\AXIAL"),
        0x00080016: text("UI", sop_class),
        0x00080018: text("UI", f"1.2.826.0.1.{index + 1}"),
        0x00080020: text("DA", "20240131"),
        0x00080060: text("CS", MODALITY[sop_class]),
        0x00100010: text("PN", "Doe^Jane"),
        0x00100020: text("LO", "P1"),
        0x0020000D: text("UI", "1.2.826.0.2"),
        0x0020000E: text("UI", "1.2.826.0.3"),
        0x00200011: text("IS", "7"),
        0x00200013: text("IS", str(index + 1)),
        0x00200032: text("DS", f"{x:g}\\{y:g}\\{z:g}"),
        0x00200037: text("DS", "1\\0\\0\\0\\1\\0"),
        0x00200052: text("UI", "1.2.826.0.4"),
        0x00280002: us(1),
        0x00280004: text("CS", "MONOCHROME2"),
        0x00280010: us(2),
        0x00280011: us(3),
        0x00280030: text("DS", "0.5\\0.5"),
        0x00280100: us(16),
        0x00280101: us(12),
        0x00280102: us(11),
        0x00280103: us(0),
        PIXEL_DATA: Raw("OW", bytes([index % 256, 1]) * 6),
    }


View = dict[int, object]


def raw_view(stream: bytes, *, without: frozenset[int] = SOP_UIDS) -> View:
    """Return `tag -> (VR, value bytes)` as pydicom finds them, Items of undefined length as views.

    Group lengths, Pixel Data and Data Set Trailing Padding aside (DESIGN 7).
    """
    return _view(dcmread(io.BytesIO(stream), force=True), without)


def _view(dataset: Dataset, without: frozenset[int]) -> View:
    shown: View = {}
    for tag in sorted(dataset.keys()):
        if not tag.element or tag in without or tag in (PIXEL_DATA, 0xFFFCFFFC):
            continue
        element: object = dataset.get_item(tag)
        if isinstance(element, RawDataElement):
            shown[int(tag)] = (element.VR, element.value or b"")
        elif isinstance(element, DataElement) and element.VR == "SQ":
            shown[int(tag)] = ("SQ", [_view(item, without) for item in element.value or ()])
        elif isinstance(element, DataElement):
            shown[int(tag)] = (element.VR, element.value)
    return shown
