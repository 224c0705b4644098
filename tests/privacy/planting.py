"""Objects stuffed with markers: more than 20,000 in every place that a file has.

    markers = plant(folder)

What a file is called is a marker too.
"""

import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import imagecodecs
import numpy as np

from tests.privacy.markers import Markers
from tests.privacy.planted_values import (
    CHARACTER_SETS,
    foreign,
    multi_valued_tags,
    planted,
    planted_element,
    private,
    table_tags,
    vr_of,
    wrong_vrs,
)
from tests.raw_instance import (
    EXPLICIT,
    IMPLICIT,
    PIXEL_DATA,
    Elements,
    Raw,
    encode,
    fragments,
    sequence,
    text,
    us,
)

CT = "1.2.840.10008.5.1.4.1.1.2"
MR = "1.2.840.10008.5.1.4.1.1.4"
SC = "1.2.840.10008.5.1.4.1.1.7"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
JPEG, JPEG_2000 = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90"
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
SIDE = 16
_NOTHING: Elements = {}
ANATOMY, MODIFIER = 0x00082218, 0x00082220
SHARED_GROUPS, PER_FRAME_GROUPS = 0x52009229, 0x52009230


def image(
    sop_class: str = CT, modality: str = "CT", *, frames: int = 0, stored: int = 12
) -> Elements:
    """Return an image that de-identification need not hold back, without any marker."""
    cells = np.random.Generator(np.random.PCG64(7)).integers(
        0, 1 << stored, (max(1, frames), SIDE, SIDE), dtype=np.uint16
    )
    elements: Elements = {
        0x00080008: text("CS", "ORIGINAL\\PRIMARY\\AXIAL"),
        0x00080016: text("UI", sop_class),
        0x00080060: text("CS", modality),
        0x00280002: us(1),
        0x00280004: text("CS", "MONOCHROME2"),
        0x00280010: us(SIDE),
        0x00280011: us(SIDE),
        0x00280100: us(16),
        0x00280101: us(stored),
        0x00280102: us(stored - 1),
        0x00280103: us(0),
        0x00280301: text("CS", "NO"),
        PIXEL_DATA: Raw("OW", cells.astype("<u2").tobytes()),
    }
    if frames:
        elements[0x00280008] = text("IS", str(frames))
    return elements


def identity(markers: Markers, planted_before: Mapping[int, Raw] = _NOTHING) -> Elements:
    """Return the elements that every object has, each a marker, those that were planted as well."""
    elements: Elements = dict(planted_before)
    for tag, vr in (
        *((0x00080018, "UI"), (0x00080020, "DA"), (0x00080030, "TM"), (0x00080050, "SH")),
        *((0x00080090, "PN"), (0x00100010, "PN"), (0x00100020, "LO"), (0x00100030, "DA")),
        *((0x0020000D, "UI"), (0x0020000E, "UI"), (0x00200010, "SH"), (0x00200052, "UI")),
    ):
        if tag in elements:
            continue
        markers.tags = (tag,)
        element = planted_element(markers, vr)
        assert element is not None
        elements[tag] = element
    markers.tags = ()
    return elements


def stream(
    elements: Mapping[int, Raw],
    markers: Markers,
    transfer_syntax_uid: str = EXPLICIT,
    *,
    trailing: bytes = b"",
) -> bytes:
    """Return a Part 10 stream with markers in its preamble and its file meta."""
    meta: Elements = {
        0x00020001: Raw("OB", b"\0\1"),
        0x00020002: elements[0x00080016],
        0x00020003: elements.get(0x00080018, text("UI", "1.2.3")),
        0x00020010: text("UI", transfer_syntax_uid),
        0x00020012: text("UI", markers.uid()),
        0x00020013: text("SH", markers.text()),
        0x00020016: text("AE", markers.text()),
        0x00020017: text("AE", markers.text()),
        0x00020018: text("AE", markers.text()),
        0x00020100: text("UI", markers.uid()),
        0x00020102: Raw("OB", markers.text().encode() + b"\0"),
    }
    content = encode(meta)
    length = encode({0x00020000: Raw("UL", struct.pack("<I", len(content)))})
    preamble = f"{markers.text()} {markers.text()}".encode().ljust(128, b"\0")
    body = encode(elements, is_implicit=transfer_syntax_uid == IMPLICIT)
    return preamble + b"DICM" + length + content + body + trailing


def at_the_root(markers: Markers) -> bytes:
    """Return every attribute of the table at the root."""
    return stream({**identity(markers, planted(markers, table_tags())), **image()}, markers)


def implicitly(markers: Markers) -> bytes:
    """Return the same in Implicit VR, of another modality."""
    elements = {**identity(markers, planted(markers, table_tags())), **image(MR, "MR")}
    return stream(elements, markers, IMPLICIT)


def nested(markers: Markers) -> bytes:
    """Return every attribute in an Item of an Item of a sequence that is usually kept."""
    code = {0x00080100: text("SH", "69536005"), 0x00080102: text("SH", "SCT")}
    inner = {**code, **planted(markers, table_tags(), (ANATOMY, MODIFIER))}
    outer = {**code, MODIFIER: sequence(inner, is_undefined=True)}
    elements = {**identity(markers), **image(), ANATOMY: sequence(outer)}
    return stream(elements, markers)


def functional_groups(markers: Markers) -> bytes:
    """Return every attribute in shared and per-frame functional groups, and inside one of them."""

    def group(tag: int) -> Elements:
        position = {0x00200032: text("DS", "0\\0\\0"), **planted(markers, table_tags(), (tag,))}
        return {0x00209113: sequence(position), **planted(markers, table_tags(), (tag,))}

    elements = {
        **identity(markers),
        **image(ENHANCED_CT, frames=2),
        SHARED_GROUPS: sequence(group(SHARED_GROUPS)),
        PER_FRAME_GROUPS: sequence(group(PER_FRAME_GROUPS), group(PER_FRAME_GROUPS)),
    }
    return stream(elements, markers)


def private_elements(markers: Markers) -> bytes:
    """Return private and unknown elements."""
    return stream({**identity(markers), **image(), **private(markers)}, markers)


def several_values(markers: Markers) -> bytes:
    """Return three values in each attribute that may have them."""
    made: Elements = {}
    for tag in multi_valued_tags():
        markers.tags = (tag,)
        element = planted_element(markers, vr_of(tag), values=3)
        if element is not None:
            made[tag] = element
    markers.tags = ()
    return stream({**identity(markers, made), **image()}, markers)


def in_character_set(term: str) -> Callable[[Markers], bytes]:
    """Return what plants every text attribute in a character set, at the root and nested."""

    def make(markers: Markers) -> bytes:
        elements = {**identity(markers, foreign(markers, term)), **image()}
        elements[ANATOMY] = sequence(foreign(markers, term, (ANATOMY,)))
        return stream(elements, markers)

    return make


def in_wrong_vrs(markers: Markers) -> bytes:
    """Return text where numbers should be, and attributes of the table in other VRs."""
    return stream({**image(), **identity(markers, wrong_vrs(markers))}, markers)


def around_the_data_set(markers: Markers) -> bytes:
    """Return trailing padding, private group lengths, bytes behind the Frames."""
    elements = {**identity(markers), **image()}
    pixels = elements[PIXEL_DATA].value
    assert isinstance(pixels, bytes)
    elements[PIXEL_DATA] = Raw("OW", pixels + markers.text().encode() + b"\0")
    elements[0xFFFCFFFC] = Raw("OB", f"{markers.text()} {markers.text()} ".encode())
    elements[0x00100000] = Raw("UL", markers.four_bytes())
    elements[0x00090000] = Raw("UL", markers.four_bytes())
    return stream(elements, markers)


def commands(markers: Markers) -> bytes:
    """Return elements of group 0000, which belong into messages, and of the odd group 0001."""
    elements = {**identity(markers), **image()}
    for tag, vr in ((0x00000600, "AE"), (0x00001000, "UI"), (0x00010010, "LO"), (0x00000902, "LO")):
        markers.tags = (tag,)
        element = planted_element(markers, vr)
        assert element is not None
        elements[tag] = element
    markers.tags = ()
    return stream(elements, markers)


def behind_the_end(markers: Markers) -> bytes:
    """Return bytes behind the last element that are no element."""
    trailing = f"trailing {markers.text()} {markers.text()}".encode()
    return stream({**identity(markers), **image()}, markers, trailing=trailing)


def overlays_and_curves(markers: Markers) -> bytes:
    """Return overlay and curve data, their comments and labels, and the pixels of an icon."""
    elements = {**identity(markers), **image()}
    plane = f"{markers.text()} {markers.text()}".encode().ljust(SIDE * SIDE // 8, b" ")
    for group in (0x6000, 0x6002, 0x601E):
        base = group << 16
        elements[base | 0x0010], elements[base | 0x0011] = us(SIDE), us(SIDE)
        elements[base | 0x0022] = text("LO", markers.text())
        elements[base | 0x0040] = text("CS", "G")
        elements[base | 0x0050] = Raw("SS", struct.pack("<2h", 1, 1))
        elements[base | 0x0100], elements[base | 0x0102] = us(1), us(0)
        elements[base | 0x1500] = text("LO", markers.text())
        elements[base | 0x3000] = Raw("OW", plane)
        elements[base | 0x4000] = text("LT", markers.text())
    for group in (0x5000, 0x5002):
        base = group << 16
        elements[base | 0x0005], elements[base | 0x0010] = us(1), us(8)
        elements[base | 0x0022] = text("LO", markers.text())
        elements[base | 0x0030] = text("SH", markers.text())
        elements[base | 0x0040] = text("SH", markers.text())
        elements[base | 0x2500] = text("LO", markers.text())
        elements[base | 0x3000] = Raw("OW", f"{markers.text()} {markers.text()} ".encode())
    icon = image(stored=12)
    icon.pop(0x00080016)
    icon[PIXEL_DATA] = Raw("OW", markers.text().encode().ljust(SIDE * SIDE * 2, b" "))
    elements[0x00880200] = sequence(icon)
    return stream(elements, markers)


def unused_bits(markers: Markers) -> bytes:
    """Return a marker in the four bits above those that the pixels use."""
    elements = {**identity(markers), **image()}
    pixels = elements[PIXEL_DATA].value
    assert isinstance(pixels, bytes)
    cells = np.frombuffer(pixels, dtype="<u2").copy()
    secret = markers.text().encode()
    nibbles = [half for byte in secret for half in (byte >> 4, byte & 15)]
    cells[: len(nibbles)] |= np.array(nibbles, dtype=np.uint16) << 12
    elements[PIXEL_DATA] = Raw("OW", cells.tobytes())
    return stream(elements, markers)


def jpeg_comments(markers: Markers) -> bytes:
    """Return JPEG segments that are no picture: COM, APPn, EXIF; bytes behind its end."""
    plain = imagecodecs.jpeg8_encode(np.arange(SIDE * SIDE, dtype=np.uint8).reshape(SIDE, SIDE))
    # One entry, Image Description (010E), whose text follows the directory.
    directory = struct.pack("<4sIHHHIIII", b"II*\0", 8, 1, 0x010E, 2, 10, 26, 0, 0)[:26]
    exif = b"Exif\0\0" + directory + markers.text().encode() + b"\0"
    segments = b"".join(
        bytes((0xFF, code)) + struct.pack(">H", len(content) + 2) + content
        for code, content in (
            (0xE1, exif),
            (0xE2, b"ICC_PROFILE\0\1\1" + markers.text().encode()),
            (0xED, b"Photoshop 3.0\0" + markers.text().encode()),
            (0xEE, b"Adobe?" + markers.text().encode()),
            (0xFE, markers.text().encode()),
        )
    )
    frame = plain[:2] + segments + plain[2:] + markers.text().encode() + b"\0"
    elements = {**identity(markers), **_compressed(bytes(frame))}
    elements[0x00282110] = text("CS", "01")
    return stream(elements, markers, JPEG)


def jpeg_2000_comments(markers: Markers) -> bytes:
    """Return a JPEG 2000 COM segment in the main header, bytes behind the end of the codestream."""
    plain = imagecodecs.jpeg2k_encode(
        np.arange(SIDE * SIDE, dtype=np.uint8).reshape(SIDE, SIDE),
        reversible=True,
        codecformat="j2k",
    )
    content = struct.pack(">H", 1) + markers.text().encode()
    comment = b"\xff\x64" + struct.pack(">H", len(content) + 2) + content
    at = 4 + int.from_bytes(plain[4:6], "big")  # behind the segment of sizes
    frame = plain[:at] + comment + plain[at:] + markers.text().encode() + b"\0"
    elements = {**identity(markers), **_compressed(bytes(frame))}
    return stream(elements, markers, JPEG_2000)


def _compressed(frame: bytes) -> Elements:
    frame += bytes(len(frame) % 2)
    elements = image(SC, "OT", stored=8)
    elements[0x00280100] = us(8)
    elements[PIXEL_DATA] = fragments(frame)
    return elements


IMAGES: Mapping[str, Callable[[Markers], bytes]] = {
    "root": at_the_root,
    "implicit": implicitly,
    "nested": nested,
    "groups": functional_groups,
    "private": private_elements,
    "values": several_values,
    **{f"charset{number}": in_character_set(t) for number, t in enumerate(CHARACTER_SETS)},
    "vrs": in_wrong_vrs,
    "around": around_the_data_set,
    "commands": commands,
    "behind": behind_the_end,
    "overlays": overlays_and_curves,
    "bits": unused_bits,
    "jpeg": jpeg_comments,
    "j2k": jpeg_2000_comments,
}


def plant(folder: Path, makers: Mapping[str, Callable[[Markers], bytes]]) -> Markers:
    """Write one file for each maker, in folders and under names that are markers, return all."""
    markers = Markers()
    for name, make in makers.items():
        markers.where = "a name"
        place = folder / f"{markers.text()}_{name}"
        place.mkdir(parents=True)
        path = place / f"{name}-{markers.text()}.dcm"
        markers.where = name
        path.write_bytes(make(markers))
    return markers
